//! Products of small dense matrices and of vectors, in lanes.
//!
//! The lanes are explicit for the reason told in [`crate::exp`].

use wide::{bytemuck::cast_slice, bytemuck::cast_slice_mut, f64x2};

/// `A·B`.
///
/// Shape: both `n × n`, row by row. Time `2n³`, less where `A` has zeros.
pub fn product(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    debug_assert!(a.len() == n * n && b.len() == n * n, "squares of {n}");
    let mut out = vec![0.0; n * n];
    for (target, row) in out.chunks_exact_mut(n.max(1)).zip(a.chunks_exact(n.max(1))) {
        for (&factor, source) in row.iter().zip(b.chunks_exact(n.max(1))) {
            if factor != 0.0 {
                add_scaled(target, factor, source);
            }
        }
    }
    out
}

/// `A·x`.
///
/// Shape: `a` is `x.len()` wide, row by row; the result has as many numbers as there are rows.
pub fn times(a: &[f64], x: &[f64]) -> Vec<f64> {
    a.chunks_exact(x.len().max(1)).map(|row| dot(row, x)).collect()
}

/// `Aᵀ·x` of a square matrix.
pub fn transposed_times(a: &[f64], x: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    for (row, &factor) in a.chunks_exact(x.len().max(1)).zip(x) {
        add_scaled(&mut out, factor, row);
    }
    out
}

/// `target += factor·source`, as far as both reach.
pub fn add_scaled(target: &mut [f64], factor: f64, source: &[f64]) {
    let len = target.len().min(source.len());
    let (target, source) = (&mut target[..len], &source[..len]);
    if len % 2 == 1 {
        target[len - 1] += factor * source[len - 1];
    }
    let factor = f64x2::splat(factor);
    let pairs: &mut [[f64; 2]] = cast_slice_mut(&mut target[..len & !1]);
    for (target, &source) in pairs.iter_mut().zip(cast_slice::<f64, [f64; 2]>(&source[..len & !1])) {
        *target = (f64x2::new(*target) + factor * f64x2::new(source)).to_array();
    }
}

/// `Σ x_i y_i`, as far as both reach.
pub fn dot(x: &[f64], y: &[f64]) -> f64 {
    let len = x.len().min(y.len());
    let whole = len & !3;
    let mut sums = [f64x2::ZERO; 2];
    let (left, right): (&[[[f64; 2]; 2]], &[[[f64; 2]; 2]]) = (cast_slice(&x[..whole]), cast_slice(&y[..whole]));
    for (&[a, b], &[c, d]) in left.iter().zip(right) {
        sums[0] += f64x2::new(a) * f64x2::new(c);
        sums[1] += f64x2::new(b) * f64x2::new(d);
    }
    let rest: f64 = x[whole..len].iter().zip(&y[whole..len]).map(|(x, y)| x * y).sum();
    (sums[0] + sums[1]).reduce_add() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;

    #[test]
    fn products_are_the_sums_that_they_stand_for() {
        let mut rng = SplitMix64::new(2);
        for n in 0..18_usize {
            let a: Vec<f64> = (0..n * n).map(|_| rng.normal()).collect();
            let b: Vec<f64> = (0..n * n).map(|_| rng.normal()).collect();
            let x: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
            let got = product(&a, &b, n);
            for i in 0..n {
                let row: f64 = (0..n).map(|j| a[i * n + j] * x[j]).sum();
                let column: f64 = (0..n).map(|j| a[j * n + i] * x[j]).sum();
                assert!((times(&a, &x)[i] - row).abs() < 1e-13 && (transposed_times(&a, &x)[i] - column).abs() < 1e-13);
                for k in 0..n {
                    let exact: f64 = (0..n).map(|j| a[i * n + j] * b[j * n + k]).sum();
                    assert!((got[i * n + k] - exact).abs() < 1e-13, "{n}");
                }
            }
        }
    }
}
