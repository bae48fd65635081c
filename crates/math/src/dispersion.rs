//! How the attention of one query disperses as keys become more, and what a sink takes.

use crate::entropy::entropy;
use crate::error::MathError;
use crate::logits::scan;
use crate::softmax::softmax;

/// One row of weights and what it amounts to.
#[derive(Clone, Debug, PartialEq)]
pub struct RowStatistics {
    /// The weights, of sum 1; masked ones exactly 0.
    pub weights: Vec<f64>,
    /// `H = −Σ p ln p`, nats.
    pub entropy: f64,
    /// `e^H`, how many keys are effectively read.
    pub effective: f64,
    /// The largest weight.
    pub largest: f64,
}

impl RowStatistics {
    /// The softmax of logits (`−∞` is a mask).
    ///
    /// # Errors
    /// Those of [`softmax`].
    pub fn new(logits: &[f64]) -> Result<Self, MathError> {
        let weights = softmax(logits, 1.0)?;
        let entropy = entropy(&weights);
        let largest = weights.iter().copied().fold(0.0, f64::max);
        Ok(Self { entropy, effective: entropy.exp(), largest, weights })
    }

    /// The same of the logits times a factor `λ > 0`.
    ///
    /// # Errors
    /// Those of [`softmax`], [`MathError::TemperatureNotPositive`] with `1/λ`.
    pub fn scaled(logits: &[f64], lambda: f64) -> Result<Self, MathError> {
        if !(lambda > 0.0 && lambda.is_finite()) {
            return Err(MathError::TemperatureNotPositive(1.0 / lambda));
        }
        Self::new(&logits.iter().map(|logit| lambda * logit).collect::<Vec<_>>())
    }
}

/// The entropy of the first `n` logits for every `n` from 1: how attention disperses while keys become more, in one pass.
///
/// Shape: as `logits`; nats, absolute error below 1e-12. A mask adds nothing; before the first key that is not masked the entropy is 0.
/// By `H = ln Σe^x − Σxe^x/Σe^x`, both sums carried along and rescaled when the maximum rises.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`].
pub fn prefix_entropies(logits: &[f64]) -> Result<Vec<f64>, MathError> {
    scan(logits)?;
    let (mut max, mut total, mut moment) = (f64::NEG_INFINITY, 0.0, 0.0);
    let step = |&logit: &f64| {
        if logit == f64::NEG_INFINITY {
            // Nothing is added.
        } else if logit > max {
            // The moment is of x − max, which drops by the rise of the maximum.
            let rise = logit - max;
            let shrink = (-rise).exp();
            moment = if total > 0.0 && shrink > 0.0 { (moment - rise * total) * shrink } else { 0.0 };
            total = total * shrink + 1.0;
            max = logit;
        } else {
            let depth = logit - max;
            let weight = depth.exp();
            total += weight;
            moment += if weight > 0.0 { depth * weight } else { 0.0 };
        }
        if total > 0.0 { (total.ln() - moment / total).max(0.0) } else { 0.0 }
    };
    Ok(logits.iter().map(step).collect())
}

/// What taking away the key that everything falls into does to the other weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SinkRemoval {
    /// Weight of the sink, key 0.
    pub mass: f64,
    /// What every other weight is multiplied by, `1/(1 − p_sink)`.
    pub inflation: f64,
    /// Entropy with the sink, nats.
    pub entropy_with: f64,
    /// Entropy without it, nats.
    pub entropy_without: f64,
}

impl SinkRemoval {
    /// Masks key 0 of a row of logits.
    ///
    /// The inflation comes from the sum of the other weights, since `1 − p` would lose its digits; `∞` if it overflows.
    ///
    /// # Errors
    /// Those of [`softmax`]; [`MathError::EverythingMasked`] or [`MathError::Empty`] also if the sink is all there is.
    pub fn new(logits: &[f64]) -> Result<Self, MathError> {
        let with = RowStatistics::new(logits)?;
        let without = RowStatistics::new(&logits[1..])?;
        let others: f64 = with.weights[1..].iter().sum();
        Ok(Self { mass: with.weights[0], inflation: 1.0 / others, entropy_with: with.entropy, entropy_without: without.entropy })
    }
}

/// `ln n − (λσ)²/2`: the entropy of a row of `n` normal logits of deviation `σ` times `λ`, for large `n`, nats.
///
/// `ln Σe^{λx} ≈ ln n + (λσ)²/2`, less the mean `(λσ)²` of the logits under the weights. At `λσ = 2` and a few thousand keys the true one is a
/// little higher. Not below 0. Our derivation, as in <https://kexue.fm/archives/8823>.
pub fn normal_entropy(n: usize, sigma: f64, lambda: f64) -> f64 {
    ((n.max(1) as f64).ln() - 0.5 * (lambda * sigma) * (lambda * sigma)).max(0.0)
}

/// `ln n − 0.24λd`, up to a constant: the entropy when queries and keys are random vectors of `d` components of unit variance,
/// scores unscaled but for `λ`. Not below 0.
///
/// Source: the derivation of <https://kexue.fm/archives/8823>, after which `λ ∝ ln n`.
pub fn entropy_estimate(n: usize, lambda: f64, d: usize) -> f64 {
    ((n.max(1) as f64).ln() - 0.24 * lambda * d as f64).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logit_factor::log_n_factor;
    use crate::rng::SplitMix64;

    /// Means over seeds, of which single rows stray by the deviations beside them.
    #[test]
    fn entropy_grows_like_the_logarithm_of_the_length() {
        let seeds = 200_u64;
        let mean = |n: usize, lambda: f64| {
            let each = |seed| {
                let mut rng = SplitMix64::new(seed);
                let logits: Vec<f64> = (0..n).map(|_| 2.0 * rng.normal()).collect();
                RowStatistics::scaled(&logits, lambda).expect("legal").entropy
            };
            (0..seeds).map(each).sum::<f64>() / seeds as f64
        };
        let lambda = log_n_factor(4096, 512).expect("legal");
        for (n, lambda, expected, deviation) in [(512, 1.0, 4.35, 0.46), (4096, 1.0, 6.33, 0.25), (4096, lambda, 5.03, 0.55)] {
            let got = mean(n, lambda);
            assert!((got - expected).abs() < 4.0 * deviation / (seeds as f64).sqrt(), "{n} {lambda}: {got}");
            assert!(got > normal_entropy(n, 2.0, lambda));
        }
    }

    #[test]
    fn a_sink_that_is_everything_leaves_nothing() {
        assert_eq!(SinkRemoval::new(&[1.0]), Err(MathError::Empty));
        assert_eq!(SinkRemoval::new(&[1.0, f64::NEG_INFINITY]), Err(MathError::EverythingMasked));
        assert_eq!(SinkRemoval::new(&[]), Err(MathError::Empty));
    }
}
