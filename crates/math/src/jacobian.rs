//! Jacobian matrices of softmax and entmax, and the size of the former.

use crate::error::MathError;

/// Jacobian `∂p_i/∂x_j = p_i δ_ij − p_i p_j` of softmax at `τ = 1` (divide by `τ` for another).
///
/// Shape: `n × n`, row-major, symmetric. `p` is the *output* of softmax.
/// Source: <https://kexue.fm/archives/10145>.
pub fn softmax_jacobian(p: &[f64]) -> Vec<f64> {
    diagonal_minus_outer(p, 1.0)
}

/// Half of the sum of the absolute entries of the softmax Jacobian, `G = 1 − Σ p_i²`.
///
/// Range: `0..=1 − 1/n`; 0 for one-hot, where the gradient vanishes.
/// Computed as `Σ p_i (1 − p_i)`, which does not cancel near one-hot.
/// Source: <https://kexue.fm/archives/10145>.
pub fn half_l1_jacobian(p: &[f64]) -> f64 {
    p.iter().map(|&value| value * (1.0 - value)).sum()
}

/// Jacobian `diag(s) − s sᵀ/Σs` of entmax, `s_i = p_i^{2−α}` on the support and 0 off it.
///
/// Shape: `n × n`, row-major, symmetric, positive semidefinite, rows sum to 0. `p` is the *output*
/// of entmax at the same `alpha`; `alpha = 1` gives softmax's, 2 sparsemax's (constant on the
/// support). On the boundary of a support this is one of the one-sided derivatives.
/// Source: deep-spin's entmax; checked by finite differences.
///
/// # Errors
/// [`MathError::AlphaNotPositive`]; [`MathError::DerivativeOverflow`] where `p^{2−α}` is infinite.
pub fn entmax_jacobian(p: &[f64], alpha: f64) -> Result<Vec<f64>, MathError> {
    crate::threshold::check_alpha(alpha)?;
    let s: Vec<f64> = p.iter().map(|&value| slope(value, alpha)).collect();
    let total: f64 = s.iter().sum();
    if !total.is_finite() {
        return Err(MathError::DerivativeOverflow { alpha });
    }
    if total <= 0.0 {
        return Ok(vec![0.0; p.len() * p.len()]);
    }
    Ok(diagonal_minus_outer(&s, total))
}

/// `p^{2−α}` on the support, 0 off it.
pub(crate) fn slope(p: f64, alpha: f64) -> f64 {
    if p > 0.0 { p.powf(2.0 - alpha) } else { 0.0 }
}

/// `diag(s) − s sᵀ/total`; the diagonal as `s_i·(Σ_{j≠i} s_j)/total` so that nothing cancels and rows
/// sum to 0 when one entry dominates.
fn diagonal_minus_outer(s: &[f64], total: f64) -> Vec<f64> {
    let n = s.len();
    let mut jacobian = vec![0.0; n * n];
    for (i, row) in jacobian.chunks_exact_mut(n.max(1)).enumerate() {
        let mut off_diagonal = 0.0;
        for (j, entry) in row.iter_mut().enumerate() {
            if i != j {
                *entry = -(s[i] / total) * s[j];
                off_diagonal += *entry;
            }
        }
        row[i] = -off_diagonal;
    }
    // (s_i/t)·s_j and (s_j/t)·s_i may differ in the last bit.
    for i in 0..n {
        for j in 0..i {
            jacobian[i * n + j] = jacobian[j * n + i];
        }
    }
    jacobian
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparsemax_has_a_constant_jacobian_on_its_support() {
        let jacobian = entmax_jacobian(&[0.25, 0.75, 0.0], 2.0);
        assert_eq!(jacobian, Ok(vec![0.5, -0.5, 0.0, -0.5, 0.5, 0.0, 0.0, 0.0, 0.0]));
    }

    #[test]
    fn a_one_hot_output_has_no_gradient() {
        assert!(half_l1_jacobian(&[0.0, 1.0]).abs() <= 0.0);
        assert!(softmax_jacobian(&[0.0, 1.0]).iter().all(|entry| entry.abs() <= 0.0));
    }

    #[test]
    fn entmax_at_one_has_the_jacobian_of_softmax() {
        let p = [0.5, 0.3, 0.2];
        let entmax = entmax_jacobian(&p, 1.0).expect("legal");
        for (a, b) in entmax.iter().zip(softmax_jacobian(&p)) {
            assert!((a - b).abs() < 1e-15);
        }
    }

    #[test]
    fn an_overflowing_slope_is_an_error_and_not_a_nan() {
        assert_eq!(entmax_jacobian(&[0.5, 0.5], 5000.0), Err(MathError::DerivativeOverflow { alpha: 5000.0 }));
    }
}
