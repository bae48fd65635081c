//! `LegS` under any scheme as a recurrence: a state that reads one number after another, and what it comes to if it diverges.
//!
//! Both Euler schemes and the bilinear one take `O(d)` a step by the cumulative sums of [`crate::legs_operator`]; the zero-order hold takes
//! `d²`, because `e^{εA}` has no such sums.
//! Source: <https://kexue.fm/archives/10137>; the schemes as in [`crate::discretise`].

use crate::discretise::{DiscreteSystem, Discretisation};
use crate::error::MathError;
use crate::hippo::{check_finite, check_length, check_order, check_step, legs_input};
use crate::legs_operator::{legs_solve, legs_times};
use crate::matrix_product::dot;
use crate::state_space::Run;

/// `x ← Āx + B̄u` of `LegS`.
#[derive(Clone, Debug, PartialEq)]
pub struct LegsStepper {
    scheme: Discretisation,
    eps: f64,
    input: Vec<f64>,
    x: Vec<f64>,
    next: Vec<f64>,
    /// `e^{εA}` and its input vector, for the hold.
    held: Option<DiscreteSystem>,
    read: usize,
    diverged: Option<usize>,
}

impl LegsStepper {
    /// At `x = 0`.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`] (`d`); [`MathError::StepNotPositive`], [`MathError::ParameterOutOfRange`] (`eps`).
    pub fn new(scheme: Discretisation, d: usize, eps: f64) -> Result<Self, MathError> {
        check_order(d)?;
        check_step(eps)?;
        let held = if scheme == Discretisation::ZeroOrderHold { Some(scheme.legs(d, eps)?) } else { None };
        let zeros = vec![0.0; d];
        Ok(Self { scheme, eps, input: legs_input(d), x: zeros.clone(), next: zeros, held, read: 0, diverged: None })
    }

    /// Reads a number, which must be finite; nothing is read any more once the state has overflown.
    pub fn push(&mut self, u: f64) {
        if self.diverged.is_some() {
            return;
        }
        let Self { scheme, eps, input, x, next, held, .. } = self;
        let eps = *eps;
        match scheme {
            Discretisation::ForwardEuler => {
                legs_times(x, next);
                for ((x, slope), b) in x.iter_mut().zip(&*next).zip(&*input) {
                    *x += eps * (slope + b * u);
                }
            }
            Discretisation::BackwardEuler => {
                x.iter_mut().zip(&*input).for_each(|(x, b)| *x += eps * b * u);
                legs_solve(eps, x);
            }
            Discretisation::Bilinear => {
                // Āx = 2(I − λA)⁻¹x − x.
                for ((next, x), b) in next.iter_mut().zip(&*x).zip(&*input) {
                    *next = 2.0 * x + eps * b * u;
                }
                legs_solve(0.5 * eps, next);
                x.iter_mut().zip(&*next).for_each(|(x, next)| *x = next - *x);
            }
            Discretisation::ZeroOrderHold => {
                let Some(DiscreteSystem { a, b }) = held else { return };
                for (n, (next, row)) in next.iter_mut().zip(a.chunks_exact(x.len())).enumerate() {
                    *next = dot(&row[..=n], x) + b[n] * u;
                }
                std::mem::swap(x, next);
            }
        }
        self.read += 1;
        if self.x.iter().any(|x| !x.is_finite()) {
            self.diverged = Some(self.read);
        }
    }

    /// The state after what was read; not finite once it has diverged.
    pub fn state(&self) -> &[f64] {
        &self.x
    }

    /// How many numbers were read.
    pub fn count(&self) -> usize {
        self.read
    }

    /// After how many numbers the state overflew, if it did.
    pub fn diverged(&self) -> Option<usize> {
        self.diverged
    }
}

/// The kernel `K_k = C·Ā^kB̄` of any scheme, as far as it stays finite. Time `10dL`, for the hold `d²L`.
///
/// # Errors
/// Those of [`LegsStepper::new`]; [`MathError::TooMany`] (`len`); [`MathError::EntryNotFinite`] (`C`).
pub fn scheme_kernel(scheme: Discretisation, c: &[f64], eps: f64, len: usize) -> Result<Run, MathError> {
    check_finite("C", c)?;
    check_length(len)?;
    let mut stepper = LegsStepper::new(scheme, c.len(), eps)?;
    let mut run = Run { values: Vec::with_capacity(len), diverged: None };
    for k in 0..len {
        stepper.push(if k == 0 { 1.0 } else { 0.0 });
        let value = dot(c, stepper.state());
        if !value.is_finite() {
            run.diverged = Some(k);
            break;
        }
        run.values.push(value);
    }
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::legs_exponential::zero_order_hold_kernel;
    use crate::state_space::{Recurrence, power_kernel};

    #[test]
    fn every_scheme_does_what_its_matrices_do() {
        for scheme in Discretisation::ALL {
            for (d, eps) in [(1, 2.0), (5, 0.03), (16, 1.0 / 256.0)] {
                let mut dense = Recurrence::new(scheme.legs(d, eps).expect("legal")).expect("legal");
                let mut own = LegsStepper::new(scheme, d, eps).expect("legal");
                for k in 0..50 {
                    let u = (f64::from(k) * 0.37).sin();
                    dense.push(u);
                    own.push(u);
                }
                assert_eq!((own.count(), own.diverged()), (50, None));
                for (own, dense) in own.state().iter().zip(dense.state()) {
                    assert!((own - dense).abs() < 1e-11, "{scheme:?} d = {d}: {own} {dense}");
                }
            }
        }
    }

    #[test]
    fn kernels_are_those_of_the_other_roads() {
        let c = [0.7, -1.1, 0.4, 0.2];
        for scheme in Discretisation::ALL {
            let own = scheme_kernel(scheme, &c, 0.1, 40).expect("legal").values;
            let dense = power_kernel(&scheme.legs(4, 0.1).expect("legal"), &c, 40).expect("legal").values;
            assert!(own.iter().zip(&dense).all(|(own, dense)| (own - dense).abs() < 1e-13), "{scheme:?}");
        }
        let own = scheme_kernel(Discretisation::ZeroOrderHold, &c, 0.1, 40).expect("legal").values;
        let closed = zero_order_hold_kernel(&c, 0.1, 40).expect("legal");
        assert!(own.iter().zip(&closed).all(|(own, closed)| (own - closed).abs() < 1e-13));
    }

    #[test]
    fn forward_euler_says_where_it_diverged() {
        let mut stepper = LegsStepper::new(Discretisation::ForwardEuler, 64, 1.0).expect("legal");
        for _ in 0..1000 {
            stepper.push(1.0);
        }
        let at = stepper.diverged().expect("it grows by 63 a step");
        assert!((100..300).contains(&at) && stepper.count() == at, "{at}");
        let run = scheme_kernel(Discretisation::ForwardEuler, &[1.0; 64], 1.0, 1000).expect("legal");
        assert!(run.diverged.is_some_and(|k| k == run.values.len()) && run.values.iter().all(|k| k.is_finite()));
    }
}
