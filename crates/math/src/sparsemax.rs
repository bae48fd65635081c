//! Sparsemax: the Euclidean projection of the logits onto the simplex.

use crate::error::MathError;
use crate::exp::{LANES, load, sum};
use crate::logits::scan;
use crate::threshold::{ALPHA_SPARSEMAX, Threshold};
use wide::f64x2;

/// Sparsemax `p_i = relu(x_i − λ)` with `Σp = 1`.
///
/// `λ = (Σ_S x − 1)/|S|` over the support `S`, which lies above `max − 1`. The support is found by
/// Michelot's iteration on what is above `max − 1`: take the `λ` of the candidates, drop those not
/// above it, repeat. It gives what sorting gives, without the sort. Expected time `O(n)`.
/// Shape: as `x`; `−∞` is a mask. Source: <https://kexue.fm/archives/10145>; C. Michelot, 1986.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`].
pub fn sparsemax(x: &[f64]) -> Result<Threshold, MathError> {
    let max = scan(x)?.max;
    let Candidates { indices, mut depths } = Candidates::above(x, max, 1.0);
    let mut active = depths.clone();
    let lambda = loop {
        let lambda = (sum(&active) - 1.0) / active.len() as f64;
        let before = active.len();
        active.retain(|&depth| depth > lambda);
        if active.len() == before {
            break lambda;
        }
    };
    let mut support = 0;
    for depth in &mut depths {
        *depth = (*depth - lambda).max(0.0);
        support += usize::from(*depth > 0.0);
    }
    let p = scatter(x.len(), &indices, &mut depths);
    Ok(Threshold { p, lambda, max, alpha: ALPHA_SPARSEMAX, support })
}

/// The logits that can be in the support at all.
pub(crate) struct Candidates {
    /// Where they stand.
    pub(crate) indices: Vec<u32>,
    /// `x_i − max`, all in `−width..=0`.
    pub(crate) depths: Vec<f64>,
}

impl Candidates {
    /// Those with `x_i − max > −width`: a few of many for spread logits, which is what makes the
    /// sparse maps fast. The maximum itself is always among them.
    pub(crate) fn above(x: &[f64], max: f64, width: f64) -> Self {
        let mut indices = Vec::new();
        let mut depths = Vec::new();
        let mut keep = |at: usize, values: &[f64]| {
            for (offset, &value) in values.iter().enumerate() {
                let depth = value - max;
                if depth > -width {
                    indices.push((at + offset) as u32);
                    depths.push(depth);
                }
            }
        };
        let (maxima, floor) = (f64x2::splat(max), f64x2::splat(-width));
        let (chunks, rest) = x.as_chunks::<LANES>();
        for (block, chunk) in chunks.iter().enumerate() {
            // All eight at once first: most have no candidate.
            let [a, b, c, d] = load(chunk).map(|value| (value - maxima).simd_gt(floor));
            if ((a | b) | (c | d)).any() {
                keep(block * LANES, chunk);
            }
        }
        keep(x.len() - rest.len(), rest);
        Self { indices, depths }
    }
}

/// A vector of length `n` with the weights, normalised to sum 1, at their indices and 0 elsewhere.
pub(crate) fn scatter(n: usize, indices: &[u32], weights: &mut [f64]) -> Vec<f64> {
    crate::exp::scale_in_place(weights, 1.0 / sum(weights));
    let mut p = vec![0.0; n];
    for (&index, &weight) in indices.iter().zip(weights.iter()) {
        p[index as usize] = weight;
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sort algorithm of the post: `k* = max{k: 1 + k x_(k) > Σ_{i≤k} x_(i)}`.
    fn by_sorting(x: &[f64]) -> f64 {
        let mut sorted = x.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let (mut total, mut lambda) = (0.0, 0.0);
        for (k, &value) in sorted.iter().enumerate() {
            total += value;
            let count = k as f64 + 1.0;
            if 1.0 + count * value > total {
                lambda = (total - 1.0) / count;
            }
        }
        lambda
    }

    #[test]
    fn a_gap_of_one_is_one_hot() {
        let solved = sparsemax(&[1.0, 0.0]).expect("legal");
        assert_eq!((solved.p, solved.support), (vec![1.0, 0.0], 1));
    }

    #[test]
    fn the_iteration_gives_what_sorting_gives() {
        let mut rng = crate::rng::SplitMix64::new(5);
        for n in [1, 2, 3, 10, 100, 1000] {
            for scale in [0.01, 0.3, 1.0, 5.0] {
                let x: Vec<f64> = (0..n).map(|_| scale * rng.normal()).collect();
                let solved = sparsemax(&x).expect("legal");
                assert!((solved.lambda_absolute() - by_sorting(&x)).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn huge_and_masked_logits_are_ordinary() {
        let solved = sparsemax(&[1e300, 1e300, f64::NEG_INFINITY, 0.0]).expect("legal");
        assert_eq!(solved.p, vec![0.5, 0.5, 0.0, 0.0]);
        assert!((solved.lambda + 0.5).abs() < 1e-15);
    }
}
