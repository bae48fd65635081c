//! 1.5-entmax in closed form.

use crate::error::MathError;
use crate::logits::scan;
use crate::order::sort_descending;
use crate::sparsemax::{Candidates, scatter};
use crate::threshold::Threshold;

/// Above this many candidates they are thinned by Newton's method before the sort (or instead of
/// it). Chosen empirically: sorting this many costs about as much as one scan of 1e5 logits.
const SORT_LIMIT: usize = 2048;

/// 1.5-entmax `p_i = relu(x_i/2 − λ)²` with `Σp = 1`, exact.
///
/// With `z = x/2` sorted downwards, mean `μ_k` and variance `σ_k²` of the first `k`:
/// `λ_k = μ_k − √(1/k − σ_k²)`, and `k*` is the largest `k` with `σ_k² ≤ 1/k` and `z_(k) ≥ λ_k`. Restricted
/// to a non-negative discriminant the rule is safe, boundary inputs such as `[2, 0]` included:
/// `λ_k ≤ λ* < z_(k)` for `k ≤ k*` and `λ_k ≥ z_(k)` beyond (ours; deep-spin's entmax does the same).
/// Only what is above `max − 2` is looked at.
/// Shape: as `x`; `−∞` is a mask. `lambda` is that of `relu(x/2 − λ)²`.
/// Source: <https://kexue.fm/archives/10145>; deep-spin.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`].
pub fn entmax15(x: &[f64]) -> Result<Threshold, MathError> {
    let max = scan(x)?.max;
    let Candidates { indices, depths: mut z } = Candidates::above(x, max, 2.0);
    for depth in &mut z {
        *depth *= 0.5;
    }
    let lambda = if z.len() <= SORT_LIMIT { by_sorting(z.clone()) } else { by_newton(&z) };
    let mut support = 0;
    for value in &mut z {
        let height = (*value - lambda).max(0.0);
        support += usize::from(height > 0.0);
        *value = height * height;
    }
    let p = scatter(x.len(), &indices, &mut z);
    Ok(Threshold { p, lambda, max, alpha: 1.5, support })
}

/// `λ` of values in `−1..=0` of which the largest is 0, by the closed form.
fn by_sorting(mut z: Vec<f64>) -> f64 {
    sort_descending(&mut z);
    let (mut mean, mut squares) = (0.0, 0.0);
    let mut lambda = -1.0;
    for (k, &value) in z.iter().enumerate() {
        let count = k as f64 + 1.0;
        // Welford's update: the textbook difference of squares cancels.
        let from_old = value - mean;
        mean += from_old / count;
        squares += from_old * (value - mean);
        if let Some(candidate) = closed_form(count, mean, squares)
            && value >= candidate
        {
            lambda = candidate;
        }
    }
    lambda
}

/// `μ − √(1/k − σ²)` from the count, the mean and the sum of squared deviations.
fn closed_form(count: f64, mean: f64, squares: f64) -> Option<f64> {
    let discriminant = 1.0 - squares;
    (discriminant >= 0.0).then(|| mean - (discriminant / count).sqrt())
}

/// `λ` of many values, without sorting them all.
///
/// Newton's method on `√Σ(z − λ)₊² = 1` from `λ = −1`. The left side is convex and decreasing in `λ`
/// (a norm), so the iterates rise to the root and never pass it: what they leave below is
/// certainly not in the support. The closed form on what remains ends it.
fn by_newton(z: &[f64]) -> f64 {
    let mut active = z.to_vec();
    let mut lambda = -1.0;
    loop {
        let (mut first, mut second) = ([0.0; 4], [0.0; 4]);
        let (chunks, rest) = active.as_chunks::<4>();
        for chunk in chunks {
            for lane in 0..4 {
                let height = chunk[lane] - lambda;
                let height = if height > 0.0 { height } else { 0.0 };
                first[lane] += height;
                second[lane] += height * height;
            }
        }
        for &value in rest {
            let height = (value - lambda).max(0.0);
            first[0] += height;
            second[0] += height * height;
        }
        let first = (first[0] + first[1]) + (first[2] + first[3]);
        let second = (second[0] + second[1]) + (second[2] + second[3]);
        let step = (second - second.sqrt()) / first;
        let before = active.len();
        if step > 0.0 {
            lambda += step;
        }
        active.retain(|&value| value > lambda);
        if active.len() <= SORT_LIMIT {
            return by_sorting(active);
        }
        if step <= 1e-9 && active.len() == before {
            break;
        }
    }
    let count = active.len() as f64;
    let mean = crate::exp::sum(&active) / count;
    let squares: f64 = active.iter().map(|value| (value - mean).powi(2)).sum();
    closed_form(count, mean, squares).unwrap_or(lambda)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The listing of the post takes an element of an empty mask here and raises.
    #[test]
    fn the_boundary_input_two_zero_is_one_hot() {
        let solved = entmax15(&[2.0, 0.0]).expect("legal");
        assert!(solved.lambda_absolute().abs() < 1e-15);
        assert_eq!((solved.p, solved.support), (vec![1.0, 0.0], 1));
    }

    #[test]
    fn newton_and_sorting_agree() {
        let mut rng = crate::rng::SplitMix64::new(11);
        for scale in [1e-9, 1e-4, 0.01, 0.1, 0.5] {
            let mut z: Vec<f64> = (0..20_000).map(|_| (-scale * rng.exponential()).max(-0.999)).collect();
            z[0] = 0.0;
            let (a, b) = (by_newton(&z), by_sorting(z));
            assert!((a - b).abs() < 1e-13, "{scale}: {a} {b}");
        }
    }

    /// The discriminant 1 − kσ² is about 1/k here: small, but the rule must not give up.
    #[test]
    fn a_leader_over_a_crowd_at_the_edge_shares_with_it() {
        for crowd in [5, 20, 50, 500] {
            let mut x = vec![-1.99; crowd];
            x.push(0.0);
            let solved = entmax15(&x).expect("legal");
            let numeric = crate::entmax::entmax_numeric(&x, 1.5).expect("legal");
            assert_eq!(solved.support, crowd + 1);
            assert!((solved.lambda - numeric.lambda).abs() < 1e-14, "{crowd}");
        }
    }

    #[test]
    fn rounded_random_vectors_never_fail() {
        // 1426 of 60 000 such vectors made the post's listing raise.
        let mut rng = crate::rng::SplitMix64::new(1);
        for round in 0..60_000 {
            let n = 2 + round % 6;
            let x: Vec<f64> = (0..n).map(|_| (2.0 * rng.normal()).round() / 2.0).collect();
            let p = entmax15(&x).expect("legal").p;
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        }
    }
}
