//! Discretisations: from `x′ = Ax + Bu` to `x_{k+1} = Āx_k + B̄u_k` for an input that is held during each step `ε`.

use crate::error::MathError;
use crate::hippo::{check_finite, check_order, check_step, legs_input, legs_matrix};
use crate::legs_exponential::{legs_decay_of_constant, legs_exponential};
use crate::legs_operator::legs_solve;
use crate::linear_solve::solve;
use crate::matrix_exponential::matrix_exponential;
use num_complex::Complex64;

/// How `e^{εA}` is approximated.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Discretisation {
    /// `Ā = I + εA`, `B̄ = εB`. Order 1.
    ForwardEuler,
    /// `Ā = (I − εA)⁻¹`, `B̄ = ε(I − εA)⁻¹B`. Order 1.
    BackwardEuler,
    /// `Ā = (I − εA/2)⁻¹(I + εA/2)`, `B̄ = ε(I − εA/2)⁻¹B`; S4's choice. Order 2.
    Bilinear,
    /// `Ā = e^{εA}`, `B̄ = ∫_0^ε e^{sA} ds·B`: exact for a held input.
    ZeroOrderHold,
}

/// `x_{k+1} = Āx_k + B̄u_k`.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscreteSystem {
    /// `Ā`, `d × d`, row by row.
    pub a: Vec<f64>,
    /// `B̄`, of length `d`.
    pub b: Vec<f64>,
}

impl Discretisation {
    /// All four.
    pub const ALL: [Self; 4] = [Self::ForwardEuler, Self::BackwardEuler, Self::Bilinear, Self::ZeroOrderHold];

    /// The eigenvalue of `Ā` where that of `εA` is `z`: its stability function.
    ///
    /// Infinite at the pole of an implicit scheme. That of `LegS` are at `z = −ε, −2ε, …, −dε`.
    pub fn growth(self, z: Complex64) -> Complex64 {
        match self {
            Self::ForwardEuler => 1.0 + z,
            Self::BackwardEuler => (1.0 - z).inv(),
            Self::Bilinear => (1.0 + 0.5 * z) / (1.0 - 0.5 * z),
            Self::ZeroOrderHold => z.exp(),
        }
    }

    /// The eigenvalues of `Ā` of `LegS`, that of `−(n+1)` at `n`. All real.
    ///
    /// Shape: `d`.
    pub fn legs_eigenvalues(self, d: usize, eps: f64) -> Vec<f64> {
        (1..=d).map(|n| self.growth((-eps * n as f64).into()).re).collect()
    }

    /// Does the memory of `LegS` ring: is an eigenvalue of `Ā` negative, so that what it remembers changes its sign at every step?
    ///
    /// Bilinear from `ε > 2/d` on, for any larger step (it is not L-stable); forward Euler from `ε > 1/d` on; the others never.
    pub fn legs_rings(self, d: usize, eps: f64) -> bool {
        self.legs_eigenvalues(d, eps).iter().any(|&eigenvalue| eigenvalue < 0.0)
    }

    /// `Ā` and `B̄` of any `A` (`d × d`, row by row) and `B`, by dense linear algebra.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`] (`d`); [`MathError::ShapeMismatch`] and [`MathError::EntryNotFinite`] (`A`, `B`);
    /// [`MathError::StepNotPositive`], [`MathError::ParameterOutOfRange`] (`eps`); [`MathError::Singular`].
    pub fn discretise(self, a: &[f64], b: &[f64], eps: f64) -> Result<DiscreteSystem, MathError> {
        let d = b.len();
        check_order(d)?;
        if a.len() != d * d {
            return Err(MathError::ShapeMismatch { field: "A", expected: d * d, found: a.len() });
        }
        check_finite("A", a)?;
        check_finite("B", b)?;
        check_step(eps)?;
        // I + factor·A.
        let shifted = |factor: f64| {
            let entry = |(at, a): (usize, &f64)| factor * a + f64::from(u8::from(at.is_multiple_of(d + 1)));
            a.iter().enumerate().map(entry).collect::<Vec<_>>()
        };
        let scaled: Vec<f64> = b.iter().map(|b| eps * b).collect();
        let system = match self {
            Self::ForwardEuler => DiscreteSystem { a: shifted(eps), b: scaled },
            Self::BackwardEuler => {
                let inverse = shifted(-eps);
                DiscreteSystem { a: solve(&inverse, &shifted(0.0), d)?, b: solve(&inverse, &scaled, d)? }
            }
            Self::Bilinear => {
                let inverse = shifted(-0.5 * eps);
                DiscreteSystem { a: solve(&inverse, &shifted(0.5 * eps), d)?, b: solve(&inverse, &scaled, d)? }
            }
            Self::ZeroOrderHold => held(a, &scaled, eps)?,
        };
        check_finite("A", &system.a)?;
        check_finite("B", &system.b)?;
        Ok(system)
    }

    /// The same for `LegS`, by its own `O(d)` solutions and closed forms: exactly 0 above the diagonal, and good to the last digits
    /// for any step.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`] (`d`); [`MathError::StepNotPositive`], [`MathError::ParameterOutOfRange`] (`eps`).
    pub fn legs(self, d: usize, eps: f64) -> Result<DiscreteSystem, MathError> {
        check_order(d)?;
        check_step(eps)?;
        let mut b: Vec<f64> = legs_input(d).iter().map(|b| eps * b).collect();
        let a = match self {
            Self::ForwardEuler => {
                let entry = |(at, a): (usize, &f64)| eps * a + f64::from(u8::from(at.is_multiple_of(d + 1)));
                legs_matrix(d).iter().enumerate().map(entry).collect()
            }
            Self::BackwardEuler => {
                legs_solve(eps, &mut b);
                inverse(d, eps)
            }
            Self::Bilinear => {
                legs_solve(0.5 * eps, &mut b);
                // (I − λA)⁻¹(I + λA) = 2(I − λA)⁻¹ − I, whose diagonal would lose digits where it is near 0.
                let mut a: Vec<f64> = inverse(d, 0.5 * eps).iter().map(|entry| 2.0 * entry).collect();
                for (entry, eigenvalue) in a.iter_mut().step_by(d + 1).zip(self.legs_eigenvalues(d, eps)) {
                    *entry = eigenvalue;
                }
                a
            }
            Self::ZeroOrderHold => {
                // B̄ = A⁻¹(e^{εA} − I)B = (I − e^{εA})e_0, because Ae_0 = −B.
                legs_decay_of_constant(eps, &mut b);
                b.iter_mut().for_each(|b| *b = -*b);
                b[0] = -(-eps).exp_m1();
                legs_exponential(eps, d)
            }
        };
        Ok(DiscreteSystem { a, b })
    }
}

/// `(I − λA)⁻¹` of `LegS`, a column at a time.
fn inverse(d: usize, lambda: f64) -> Vec<f64> {
    let mut out = vec![0.0; d * d];
    let mut column = vec![0.0; d];
    for k in 0..d {
        column.fill(0.0);
        column[k] = 1.0;
        legs_solve(lambda, &mut column);
        for (row, entry) in out.chunks_exact_mut(d).zip(&column) {
            row[k] = *entry;
        }
    }
    out
}

/// `e^{εA}` and `∫e^{sA}ds·B` at once, from the exponential of `[[εA, εB], [0, 0]]`: `A` may be singular.
///
/// Source: C. F. Van Loan, "Computing integrals involving the matrix exponential", 1978.
fn held(a: &[f64], scaled: &[f64], eps: f64) -> Result<DiscreteSystem, MathError> {
    let d = scaled.len();
    let mut wide = vec![0.0; (d + 1) * (d + 1)];
    for (n, row) in wide.chunks_exact_mut(d + 1).take(d).enumerate() {
        row.iter_mut().zip(&a[n * d..(n + 1) * d]).for_each(|(entry, a)| *entry = eps * a);
        row[d] = scaled[n];
    }
    let power = matrix_exponential(&wide, d + 1)?;
    let rows = power.chunks_exact(d + 1).take(d);
    Ok(DiscreteSystem { a: rows.clone().flat_map(|row| &row[..d]).copied().collect(), b: rows.map(|row| row[d]).collect() })
}
