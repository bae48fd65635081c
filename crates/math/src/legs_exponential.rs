//! `e^{tA}` of `LegS` in closed form: the memory of S4 is exactly "Legendre polynomials in `e^{−age}` under the weight `e^{−age}`".
//!
//! With `y = 2e^{−t} − 1`. Our own derivation from <https://kexue.fm/archives/10162>: `x′ = Ax` squeezes a history on `0..=1` into
//! `0..=e^{−t}` and leaves nothing behind it, so that every entry is an integral of Legendre polynomials.

use crate::error::MathError;
use crate::gauss_legendre::gauss_legendre;
use crate::hippo::{check_finite, check_length, check_order, check_step};
use crate::legendre::{legendre_integrals, legendre_values};
use crate::matrix_product::{add_scaled, dot};

/// Fills `out` with `(e^{tA}B)_n = √(2n+1) e^{−t} P_n(y)`.
///
/// Range: `t ≥ 0`. Absolute error some `ε·n^{3/2}`.
pub fn legs_decay_of_input(t: f64, out: &mut [f64]) {
    let weight = (-t).exp();
    legendre_values(position(t), out);
    for (n, value) in out.iter_mut().enumerate() {
        *value *= (2.0 * n as f64 + 1.0).sqrt() * weight;
    }
}

/// Fills `out` with `(e^{tA}e_0)_n = (P_{n+1}(y) − P_{n−1}(y))/(2√(2n+1))`, and `e^{−t}` at `n = 0`.
///
/// It is what is left after `t` of a constant past of 1. Range: `t ≥ 0`.
pub fn legs_decay_of_constant(t: f64, out: &mut [f64]) {
    legendre_integrals(position(t), out);
    for (n, value) in out.iter_mut().enumerate() {
        *value *= 0.5 * (2.0 * n as f64 + 1.0).sqrt();
    }
    // Below 1e-16 the difference of 1 and 1 has no digits left.
    if let Some(first) = out.first_mut() {
        *first = (-t).exp();
    }
}

/// `e^{tA}`: `√((2n+1)(2k+1)) ∫_0^{e^{−t}} P_n(2s − 1) P_k(2s e^t − 1) ds`, by a rule of Gauss that is exact for it.
///
/// Shape: `d × d`, row by row; exactly 0 above the diagonal. Range: `t ≥ 0`. Absolute error some `ε·d²`, for any `t`; time `2d³/3`.
pub fn legs_exponential(t: f64, d: usize) -> Vec<f64> {
    let (nodes, weights) = gauss_legendre(d);
    let shrink = (-t).exp();
    let (mut fast, mut slow) = (vec![0.0; d], vec![0.0; d]);
    let mut out = vec![0.0; d * d];
    for (node, weight) in nodes.iter().zip(weights) {
        legendre_values(*node, &mut fast);
        // 2s − 1 with s = e^{−t}(node + 1)/2.
        legendre_values((shrink * (node + 1.0) - 1.0).clamp(-1.0, 1.0), &mut slow);
        for (n, row) in out.chunks_exact_mut(d).enumerate() {
            add_scaled(&mut row[..=n], 0.5 * weight * shrink * slow[n], &fast);
        }
    }
    for (at, entry) in out.iter_mut().enumerate() {
        *entry *= ((2.0 * (at / d) as f64 + 1.0) * (2.0 * (at % d) as f64 + 1.0)).sqrt();
    }
    out
}

/// The kernel of the zero-order hold, `K_k = C·(e^{kεA}e_0 − e^{(k+1)εA}e_0)` for `k = 0, …, L−1`: no matrix exponential.
///
/// Shape: `len`. Absolute error some `ε_machine·d·‖C‖`. Time `9dL`. Source: the spec of this widget, own.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::TooMany`] (`C`, `len`); [`MathError::EntryNotFinite`] (`C`, or `K` on overflow);
/// [`MathError::StepNotPositive`], [`MathError::ParameterOutOfRange`] (`eps`).
pub fn zero_order_hold_kernel(c: &[f64], eps: f64, len: usize) -> Result<Vec<f64>, MathError> {
    check_order(c.len())?;
    check_finite("C", c)?;
    check_step(eps)?;
    check_length(len)?;
    let mut state = vec![0.0; c.len()];
    let mut at = |k: usize| {
        legs_decay_of_constant(k as f64 * eps, &mut state);
        dot(c, &state)
    };
    let mut before = at(0);
    let kernel = (1..=len).map(|k| {
        let now = at(k);
        std::mem::replace(&mut before, now) - now
    });
    let kernel: Vec<f64> = kernel.collect();
    check_finite("K", &kernel)?;
    Ok(kernel)
}

/// `y = 2e^{−t} − 1`.
fn position(t: f64) -> f64 {
    2.0 * (-t).exp() - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hippo::legs_matrix;
    use crate::matrix_exponential::matrix_exponential;

    #[test]
    fn the_closed_form_is_the_exponential() {
        for d in [1, 2, 3, 8, 24_usize] {
            let a = legs_matrix(d);
            for t in [0.0, 1e-9, 1e-3, 0.1, 0.7, 2.0] {
                let scaled: Vec<f64> = a.iter().map(|a| a * t).collect();
                let exact = matrix_exponential(&scaled, d).expect("finite");
                for (at, (got, exact)) in legs_exponential(t, d).iter().zip(exact).enumerate() {
                    assert!((got - exact).abs() < 1e-11, "{d} {t} {at}: {got} {exact}");
                }
            }
        }
    }
}
