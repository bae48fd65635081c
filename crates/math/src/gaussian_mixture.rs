//! The mixture of Gaussians, and the statistics by which it is fitted.
//!
//! The lanes are explicit for the reason told in [`crate::exp`].

use crate::error::MathError;
use crate::exp::{exp_below_overflow, exp_f64, ln_x2, load, reduce};
use crate::normal;
use crate::rng::SplitMix64;
use crate::sample::{Sample, check_masses};
use std::f64::consts::TAU;
use wide::f64x2;

/// `p(x) = Σ_k w_k N(x; μ_k, σ_k²)`.
///
/// Source: <https://kexue.fm/archives/10007>, there with equal weights.
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianMixture {
    weights: Vec<f64>,
    means: Vec<f64>,
    deviations: Vec<f64>,
}

/// What one pass over the data finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Responsibilities {
    /// Mean negative log-likelihood of the mixture as it was.
    pub nll: f64,
    /// `Σ_j w_j r_jk`: the share of the data that each component explains.
    pub mass: Vec<f64>,
    /// `Σ_j w_j r_jk (x_j − μ_k)`.
    pub first: Vec<f64>,
    /// `Σ_j w_j r_jk (x_j − μ_k)²`.
    pub second: Vec<f64>,
}

impl GaussianMixture {
    /// A mixture of weights (divided by their sum), means and standard deviations.
    ///
    /// # Errors
    /// [`MathError::Empty`]; [`MathError::LengthMismatch`]; [`MathError::EntryNotFinite`], [`MathError::EntryNegative`],
    /// [`MathError::NoMass`]; [`MathError::ScaleNotPositive`] (a standard deviation).
    pub fn new(weights: &[f64], means: &[f64], deviations: &[f64]) -> Result<Self, MathError> {
        if weights.is_empty() {
            return Err(MathError::Empty);
        }
        for right in [means.len(), deviations.len()] {
            if right != weights.len() {
                return Err(MathError::LengthMismatch { left: weights.len(), right });
            }
        }
        let largest = check_masses("weights", weights)?;
        for (field, values) in [("means", means), ("deviations", deviations)] {
            if let Some((index, &value)) = values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
                return Err(MathError::EntryNotFinite { field, index, value });
            }
        }
        if let Some(&deviation) = deviations.iter().find(|&&deviation| deviation <= 0.0) {
            return Err(MathError::ScaleNotPositive(deviation));
        }
        let total: f64 = weights.iter().map(|weight| weight / largest).sum();
        let weights = weights.iter().map(|weight| weight / largest / total).collect();
        Ok(Self { weights, means: means.to_vec(), deviations: deviations.to_vec() })
    }

    /// Count of components.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Never: a mixture has components.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Weights, of sum 1.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Means.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// Standard deviations.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }

    /// Weight, mean and standard deviation of each component.
    pub fn components(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        self.weights.iter().zip(&self.means).zip(&self.deviations).map(|((&w, &mean), &deviation)| (w, mean, deviation))
    }

    /// `p(x)`.
    pub fn density(&self, x: f64) -> f64 {
        self.components().map(|(w, mean, deviation)| w / deviation * normal::density((x - mean) / deviation)).sum()
    }

    /// `ln p(x)`, also where `p` underflows.
    pub fn ln_density(&self, x: f64) -> f64 {
        let term = |(w, mean, deviation): (f64, f64, f64)| log_weight(w, deviation) - 0.5 * ((x - mean) / deviation).powi(2);
        let top = self.components().map(term).fold(f64::NEG_INFINITY, f64::max);
        if top == f64::NEG_INFINITY {
            return top;
        }
        top + self.components().map(|component| exp_f64(term(component) - top)).sum::<f64>().ln()
    }

    /// Distribution function.
    pub fn cdf(&self, x: f64) -> f64 {
        self.components().map(|(w, mean, deviation)| w * normal::cdf((x - mean) / deviation)).sum()
    }

    /// One random number. Three draws of the generator.
    pub fn sample(&self, rng: &mut SplitMix64) -> f64 {
        let mut left = rng.uniform();
        let normal = rng.normal();
        let mut last = 0.0;
        for (w, mean, deviation) in self.components() {
            if w > 0.0 {
                last = mean + deviation * normal;
                if left < w {
                    return last;
                }
            }
            left -= w;
        }
        // Where the weights, rounded, add up to a little less than 1.
        last
    }

    /// One pass over a sample: what each component answers for. `O(nK)`.
    pub fn responsibilities(&self, sample: &Sample) -> Responsibilities {
        let parts: Vec<[f64x2; 3]> = self
            .components()
            .map(|(w, mean, deviation)| {
                let scale = std::f64::consts::FRAC_1_SQRT_2 / deviation;
                [mean, scale, log_weight(w, deviation)].map(f64x2::splat)
            })
            .collect();
        let mut terms = vec![[f64x2::ZERO; 4]; parts.len()];
        let mut sums = vec![[f64x2::ZERO; 3]; parts.len()];
        let (mut log, mut scratch) = ([f64x2::ZERO; 4], f64x2::ZERO);
        for (x, weights) in sample.blocks() {
            let (x, weights) = (load(x), load(weights));
            let mut tops = [f64x2::splat(f64::NEG_INFINITY); 4];
            for (&[mean, scale, log_weight], term) in parts.iter().zip(&mut terms) {
                for v in 0..4 {
                    let z = (x[v] - mean) * scale;
                    // Finite even where the square overflows, so that −∞ − (−∞) cannot happen.
                    term[v] = (log_weight - z * z).fast_max(f64x2::splat(-f64::MAX));
                    tops[v] = tops[v].fast_max(term[v]);
                }
            }
            let mut totals = [f64x2::ZERO; 4];
            for term in &mut terms {
                *term = exp_below_overflow([0, 1, 2, 3].map(|v| term[v] - tops[v]));
                for v in 0..4 {
                    totals[v] += term[v];
                }
            }
            let shares = [0, 1, 2, 3].map(|v| weights[v] / totals[v]);
            // The totals lie between 1 and K, so the product of four does not overflow.
            if sample.equal() {
                let seen = weights.map(|weight| weight.simd_gt(f64x2::ZERO));
                let product = [0, 1, 2, 3].map(|v| seen[v].bitselect(totals[v], f64x2::ONE));
                scratch += ln_x2((product[0] * product[1]) * (product[2] * product[3]));
                for v in 0..4 {
                    log[v] += tops[v] * weights[v];
                }
            } else {
                for v in 0..4 {
                    log[v] += (tops[v] + ln_x2(totals[v])) * weights[v];
                }
            }
            for ((term, sum), part) in terms.iter().zip(&mut sums).zip(&parts) {
                let d = x.map(|x| x - part[0]);
                let share = [0, 1, 2, 3].map(|v| term[v] * shares[v]);
                let lever = [0, 1, 2, 3].map(|v| share[v] * d[v]);
                sum[0] += (share[0] + share[1]) + (share[2] + share[3]);
                sum[1] += (lever[0] + lever[1]) + (lever[2] + lever[3]);
                sum[2] += (lever[0] * d[0] + lever[1] * d[1]) + (lever[2] * d[2] + lever[3] * d[3]);
            }
        }
        let column = |at: usize| sums.iter().map(|sum| sum[at].reduce_add()).collect();
        let nll = -(reduce(log) + scratch.reduce_add() / sample.len() as f64);
        Responsibilities { nll, mass: column(0), first: column(1), second: column(2) }
    }
}

/// `ln(w/(σ√2π))`.
fn log_weight(w: f64, deviation: f64) -> f64 {
    w.ln() - deviation.ln() - 0.5 * TAU.ln()
}
