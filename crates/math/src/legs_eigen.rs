//! Why `LegS` is not diagonalised: its eigenvectors, known in closed form, and what floating point makes of them.
//!
//! `A = VΛV⁻¹` with `Λ = −1, −2, …, −d`. Up to the scale of a column, `V_{nm} = √(2n+1)(−1)^{n−m} C(n+m, n−m)`; the rows of `V⁻¹` have
//! no signs. Source: <https://kexue.fm/archives/10162>, "eigenvectors"; the entries of `V⁻¹` are our own.

use crate::discretise::Discretisation;
use crate::error::MathError;
use crate::hippo::{check_finite, check_length, check_order, check_step, legs_input, legs_matrix};
use crate::matrix_product::{dot, transposed_times};
use crate::spectral_norm::spectral_norm;

/// Up to this dimension a kernel by eigenvectors has a digit or so at best; beyond, it is shown as a failure, never as data.
pub const EIGEN_LIMIT: usize = 32;

/// `V` with columns of length 1, column `m` for the eigenvalue `−(m+1)`.
///
/// Shape: `d × d`, row by row. Each entry is good to the last digits.
pub fn legs_eigenvectors(d: usize) -> Vec<f64> {
    let (mut v, lengths) = (raw_eigenvectors(d), lengths(d));
    for (at, entry) in v.iter_mut().enumerate() {
        *entry /= lengths[at % d];
    }
    v
}

/// The inverse of [`legs_eigenvectors`], from its closed form: each entry is good to the last digits, however bad its condition.
///
/// Shape: `d × d`, row by row.
pub fn legs_eigenvectors_inverse(d: usize) -> Vec<f64> {
    let lengths = lengths(d);
    let mut out = vec![0.0; d * d];
    for (m, row) in out.chunks_exact_mut(d.max(1)).enumerate() {
        let mut z = lengths[m] / (2.0 * m as f64 + 1.0);
        for k in (0..=m).rev() {
            row[k] = (2.0 * k as f64 + 1.0).sqrt() * z;
            // z_{k−1} = z_k·(m + k + 1)/(m − k + 1).
            z *= (m + k + 1) as f64 / (m - k + 1) as f64;
        }
    }
    out
}

/// `log₁₀ cond₂(V)` of the eigenvectors of length 1: the decimal digits that are lost on the way through them.
///
/// It is 1.9 at `d = 4`, 4.9 at 8, 10.9 at 16, 17.0 at 24. Both norms come from entries without rounding errors of size, so the value
/// itself is right to 1e-12.
pub fn legs_log10_condition(d: usize) -> f64 {
    (spectral_norm(&legs_eigenvectors(d), d) * spectral_norm(&legs_eigenvectors_inverse(d), d)).log10()
}

/// `S_m = Σ_{k≤m} √(2k+1) x_k` of the eigenvector `x` of `−(m+1)` that ends with `x_{d−1} = √(2d−1)`: its first entry that is not 0.
///
/// `(2m+1)/C(d−1+m, d−1−m)`, which for `m = d/3` falls as `1.93·d^{3/2}·2^{−4d/3}`: the exponentially small components of the post.
pub fn eigenvector_head(m: usize, d: usize) -> f64 {
    let ratios = (m + 1..d).map(|n| (n - m) as f64 / (n + m) as f64);
    (2.0 * m as f64 + 1.0) * ratios.product::<f64>()
}

/// A kernel by way of eigenvectors, and whether it means anything.
#[derive(Clone, Debug, PartialEq)]
pub struct EigenKernel {
    /// What floating point gives, garbage included; not finite where it overflows.
    pub values: Vec<f64>,
    /// `log₁₀ cond₂(V)`.
    pub log10_condition: f64,
    /// Are any digits left: `d ≤` [`EIGEN_LIMIT`] and the condition below `1/ε`?
    pub meaningful: bool,
}

/// The bilinear kernel as who diagonalises would compute it: eigenvectors and coordinates by substitution, then powers of numbers.
///
/// It is meant to go wrong. Shape: `len`. Time `d³/3 + 2dL`.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::TooMany`] (`C`, `len`); [`MathError::EntryNotFinite`] (`C`); [`MathError::StepNotPositive`],
/// [`MathError::ParameterOutOfRange`] (`eps`).
pub fn eigen_kernel(c: &[f64], eps: f64, len: usize) -> Result<EigenKernel, MathError> {
    let d = c.len();
    check_order(d)?;
    check_finite("C", c)?;
    check_step(eps)?;
    check_length(len)?;
    let v = substituted_eigenvectors(d);
    let inner = forward_substituted(&v, &legs_input(d));
    let outer = transposed_times(&v, c);
    let eigenvalues = Discretisation::Bilinear.legs_eigenvalues(d, eps);
    let mut modes: Vec<f64> =
        inner.iter().zip(&outer).enumerate().map(|(m, (b, c))| eps * b * c / (1.0 + 0.5 * eps * (m as f64 + 1.0))).collect();
    let ones = vec![1.0; d];
    let mut values = Vec::with_capacity(len);
    for _ in 0..len {
        values.push(dot(&ones, &modes));
        modes.iter_mut().zip(&eigenvalues).for_each(|(mode, eigenvalue)| *mode *= eigenvalue);
    }
    let log10_condition = legs_log10_condition(d);
    let meaningful = d <= EIGEN_LIMIT && log10_condition < -f64::EPSILON.log10();
    Ok(EigenKernel { values, log10_condition, meaningful })
}

/// `V` with `V_{mm} = √(2m+1)`.
fn raw_eigenvectors(d: usize) -> Vec<f64> {
    let mut v = vec![0.0; d * d];
    for m in 0..d {
        let mut y = 1.0;
        for n in m..d {
            v[n * d + m] = (2.0 * n as f64 + 1.0).sqrt() * y;
            y *= -((n + m + 1) as f64) / (n + 1 - m) as f64;
        }
    }
    v
}

/// The lengths of the columns of [`raw_eigenvectors`].
fn lengths(d: usize) -> Vec<f64> {
    let v = raw_eigenvectors(d);
    (0..d).map(|m| v.iter().skip(m).step_by(d).map(|v| v * v).sum::<f64>().sqrt()).collect()
}

/// The eigenvectors of a triangular matrix as LAPACK's `dtrevc` finds them: from `A` alone, a column at a time.
fn substituted_eigenvectors(d: usize) -> Vec<f64> {
    let a = legs_matrix(d);
    let mut v = vec![0.0; d * d];
    let mut column = vec![0.0; d];
    for m in 0..d {
        column.fill(0.0);
        column[m] = 1.0;
        for n in m + 1..d {
            let sum = dot(&a[n * d..(n + 1) * d], &column);
            column[n] = sum / (n as f64 - m as f64);
        }
        let length = dot(&column, &column).sqrt();
        for (row, entry) in v.chunks_exact_mut(d).zip(&column) {
            row[m] = entry / length;
        }
    }
    v
}

/// `x` with `Vx = b`, `V` lower triangular.
fn forward_substituted(v: &[f64], b: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; b.len()];
    for (n, (row, b)) in v.chunks_exact(b.len()).zip(b).enumerate() {
        x[n] = (b - dot(&row[..n], &x[..n])) / row[n];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix_product::product;

    #[test]
    fn the_closed_forms_diagonalise() {
        for d in [1, 2, 3, 5, 8, 12_usize] {
            let (v, w, a) = (legs_eigenvectors(d), legs_eigenvectors_inverse(d), legs_matrix(d));
            let scale = 10.0_f64.powf(legs_log10_condition(d));
            for (at, entry) in product(&w, &v, d).iter().enumerate() {
                let exact = f64::from(u8::from(at % (d + 1) == 0));
                assert!((entry - exact).abs() < 1e-15 * scale, "{d} {at} {entry}");
            }
            for (at, (left, right)) in product(&a, &v, d).iter().zip(&v).enumerate() {
                let error = left + ((at % d) as f64 + 1.0) * right;
                assert!(error.abs() < 1e-13 * d as f64, "{d} {at} {error}");
            }
            for (got, expected) in substituted_eigenvectors(d).iter().zip(&v) {
                assert!((got - expected).abs() < 1e-13 * d as f64, "{d}: {got} {expected}");
            }
        }
    }

    #[test]
    fn the_head_of_an_eigenvector_is_exponentially_small() {
        for d in [3, 30, 96_usize] {
            let m = d / 3;
            // From the vector itself: √(2m+1)·x_m, x scaled so that x_{d−1} = √(2d−1).
            let v = raw_eigenvectors(d);
            let last = v[(d - 1) * d + m] / (2.0 * d as f64 - 1.0).sqrt();
            let exact = (2.0 * m as f64 + 1.0) / last.abs();
            assert!((eigenvector_head(m, d) / exact - 1.0).abs() < 1e-12, "{d}");
        }
        let law = 1.93 * 600.0_f64.powf(1.5) * (-800.0_f64).exp2();
        assert!((eigenvector_head(200, 600) / law - 1.0).abs() < 0.01);
    }
}
