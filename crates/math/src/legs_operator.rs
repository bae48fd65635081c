//! `LegS` in `O(d)`: products with its matrix and solutions of `(I − λA)z = x` from cumulative sums.
//!
//! `(Ax)_n = −v_n Σ_{k<n} v_k x_k − (n+1)x_n` with `v_n = √(2n+1)`: what a row needs of the rows before it is one number.
//! Source: <https://kexue.fm/archives/10137>; `v`, `A` as in [`crate::hippo`].

/// `out = A·x`.
///
/// Shape: `x` and `out` of the same length `d`.
pub fn legs_times(x: &[f64], out: &mut [f64]) {
    debug_assert_eq!(x.len(), out.len(), "shapes");
    let mut sum = 0.0;
    for (n, (x, out)) in x.iter().zip(out).enumerate() {
        let n = n as f64;
        let v = (2.0 * n + 1.0).sqrt();
        *out = -v * sum - (n + 1.0) * x;
        sum += v * x;
    }
}

/// `out = Aᵀ·x`.
///
/// Shape: `x` and `out` of the same length `d`.
pub fn legs_times_transposed(x: &[f64], out: &mut [f64]) {
    debug_assert_eq!(x.len(), out.len(), "shapes");
    let mut sum = 0.0;
    for (n, (x, out)) in x.iter().zip(out).enumerate().rev() {
        let n = n as f64;
        let v = (2.0 * n + 1.0).sqrt();
        *out = -v * sum - (n + 1.0) * x;
        sum += v * x;
    }
}

/// Replaces `x` by `(I − λA)⁻¹x`.
///
/// Range: `λ ≥ 0`, where all pivots `1 + λ(n+1)` are at least 1.
pub fn legs_solve(lambda: f64, x: &mut [f64]) {
    let mut sum = 0.0;
    for (n, x) in x.iter_mut().enumerate() {
        let n = n as f64;
        let v = (2.0 * n + 1.0).sqrt();
        *x = (*x - lambda * v * sum) / (1.0 + lambda * (n + 1.0));
        sum += v * *x;
    }
}

/// Replaces `x` by `(I − λAᵀ)⁻¹x`.
///
/// Range: `λ ≥ 0`.
pub fn legs_solve_transposed(lambda: f64, x: &mut [f64]) {
    let mut sum = 0.0;
    for (n, x) in x.iter_mut().enumerate().rev() {
        let n = n as f64;
        let v = (2.0 * n + 1.0).sqrt();
        *x = (*x - lambda * v * sum) / (1.0 + lambda * (n + 1.0));
        sum += v * *x;
    }
}
