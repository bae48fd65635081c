//! The matrices of `HiPPO`: what the coefficients of a history in orthogonal polynomials do as time goes on.
//!
//! Rows and columns count from 0, and the polynomials are scaled to be orthonormal, so that `v_n = √(2n+1)` everywhere.
//! Source: <https://kexue.fm/archives/10114>; A. Gu et al., "`HiPPO`", arXiv:2008.07669.

use crate::error::MathError;

/// The largest dimension of a state that is computed with.
pub const ORDER_LIMIT: usize = 128;

/// The longest kernel that is computed.
pub const LENGTH_LIMIT: usize = 16_384;

/// The steps `ε` in units of the memory's own time that are computed with; the posts use `1e-4` to `10`.
pub const STEP_RANGE: std::ops::RangeInclusive<f64> = 1e-12..=1e12;

/// `v_n = √(2n+1)`, the input vector `B` of `LegS`.
///
/// Shape: `d`.
pub fn legs_input(d: usize) -> Vec<f64> {
    (0..d).map(root).collect()
}

/// `LegS`: `A_{nk} = −√((2n+1)(2k+1))` below the diagonal, `−(n+1)` on it, 0 above.
///
/// Shape: `d × d`, row by row.
pub fn legs_matrix(d: usize) -> Vec<f64> {
    matrix(d, |n, k| match k.cmp(&n) {
        std::cmp::Ordering::Less => -root_of_product(n, k),
        std::cmp::Ordering::Equal => -(n as f64 + 1.0),
        std::cmp::Ordering::Greater => 0.0,
    })
}

/// `S = A + ½vvᵀ + ½I` of `LegS`, which is skew: `−½√((2n+1)(2k+1))` below the diagonal, its negative above.
///
/// Shape: `d × d`, row by row. Source: <https://kexue.fm/archives/10162>, the "key stroke".
pub fn legs_skew(d: usize) -> Vec<f64> {
    matrix(d, |n, k| match k.cmp(&n) {
        std::cmp::Ordering::Less => -0.5 * root_of_product(n, k),
        std::cmp::Ordering::Equal => 0.0,
        std::cmp::Ordering::Greater => 0.5 * root_of_product(n, k),
    })
}

/// `LegT` with the window `w`: `A_{nk} = −√((2n+1)(2k+1))/w`, times `(−1)^{n−k}` on and above the diagonal.
///
/// Shape: `d × d`, row by row.
///
/// # Errors
/// [`MathError::ScaleNotPositive`] (the window).
pub fn legt_matrix(d: usize, window: f64) -> Result<Vec<f64>, MathError> {
    check_window(window)?;
    Ok(matrix(d, |n, k| {
        let sign = if k < n || (k - n).is_multiple_of(2) { -1.0 } else { 1.0 };
        sign * root_of_product(n, k) / window
    }))
}

/// `B_n = √(2n+1)/w` of `LegT`.
///
/// Shape: `d`.
///
/// # Errors
/// [`MathError::ScaleNotPositive`] (the window).
pub fn legt_input(d: usize, window: f64) -> Result<Vec<f64>, MathError> {
    check_window(window)?;
    Ok((0..d).map(|n| root(n) / window).collect())
}

/// `1 ≤ d ≤` [`ORDER_LIMIT`]?
pub(crate) fn check_order(d: usize) -> Result<(), MathError> {
    check_count(d, ORDER_LIMIT)
}

/// `1 ≤ L ≤` [`LENGTH_LIMIT`]?
pub(crate) fn check_length(len: usize) -> Result<(), MathError> {
    check_count(len, LENGTH_LIMIT)
}

/// A step within [`STEP_RANGE`]?
pub(crate) fn check_step(eps: f64) -> Result<(), MathError> {
    if eps.is_nan() || eps <= 0.0 {
        return Err(MathError::StepNotPositive(eps));
    }
    if STEP_RANGE.contains(&eps) { Ok(()) } else { Err(MathError::ParameterOutOfRange(eps)) }
}

/// Only finite numbers in the named list?
pub(crate) fn check_finite(field: &'static str, values: &[f64]) -> Result<(), MathError> {
    match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        Some((index, &value)) => Err(MathError::EntryNotFinite { field, index, value }),
        None => Ok(()),
    }
}

/// The same in single precision.
pub(crate) fn check_finite_f32(field: &'static str, values: &[f32]) -> Result<(), MathError> {
    match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        Some((index, &value)) => Err(MathError::EntryNotFinite { field, index, value: value.into() }),
        None => Ok(()),
    }
}

/// `B` and `C` of the same legal dimension, all finite?
pub(crate) fn check_vectors(b: &[f64], c: &[f64]) -> Result<(), MathError> {
    check_order(c.len())?;
    if b.len() != c.len() {
        return Err(MathError::LengthMismatch { left: b.len(), right: c.len() });
    }
    check_finite("B", b)?;
    check_finite("C", c)
}

/// A signal that is not empty and only of finite numbers?
pub(crate) fn check_signal(u: &[f64]) -> Result<(), MathError> {
    if u.is_empty() {
        return Err(MathError::Empty);
    }
    match u.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        Some((index, &value)) => Err(MathError::NotFinite { index, value }),
        None => Ok(()),
    }
}

fn check_count(count: usize, limit: usize) -> Result<(), MathError> {
    match count {
        0 => Err(MathError::Empty),
        _ if count > limit => Err(MathError::TooMany { limit }),
        _ => Ok(()),
    }
}

fn check_window(window: f64) -> Result<(), MathError> {
    if window > 0.0 && window.is_finite() { Ok(()) } else { Err(MathError::ScaleNotPositive(window)) }
}

fn matrix(d: usize, entry: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    (0..d * d).map(|at| entry(at / d, at % d)).collect()
}

fn root(n: usize) -> f64 {
    (2.0 * n as f64 + 1.0).sqrt()
}

/// One rounding for the product of two roots.
fn root_of_product(n: usize, k: usize) -> f64 {
    ((2.0 * n as f64 + 1.0) * (2.0 * k as f64 + 1.0)).sqrt()
}
