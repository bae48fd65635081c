//! Kernel density estimation with Gaussian kernels.

use crate::error::MathError;
use crate::exp::{LANES, exp_below_overflow, exp_f64, load, reduce};
use crate::sample::Sample;
use std::f64::consts::{PI, SQRT_2};
use wide::f64x2;

/// Kernels further away than so many bandwidths are left out: `e^{−40.5}` of their height, below rounding.
const REACH: f64 = 9.0;

/// `p(x) = Σ_j w_j N(x; x_j, h²)`: the empirical measure, smoothed. It remembers all data, and costs as much for each point.
///
/// Source: <https://kexue.fm/archives/10007>.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelDensity {
    /// Upwards.
    x: Vec<f64>,
    weights: Vec<f64>,
    bandwidth: f64,
}

impl KernelDensity {
    /// The estimate with a bandwidth `h > 0`.
    ///
    /// # Errors
    /// [`MathError::ScaleNotPositive`].
    pub fn new(sample: &Sample, bandwidth: f64) -> Result<Self, MathError> {
        if !(bandwidth > 0.0 && bandwidth.is_finite()) {
            return Err(MathError::ScaleNotPositive(bandwidth));
        }
        let (x, weights) = sample.sorted();
        Ok(Self { x, weights, bandwidth })
    }

    /// The bandwidth `h`.
    pub const fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// `p(x)`; what is beyond nine bandwidths from all data is 0.
    pub fn density(&self, x: f64) -> f64 {
        let from = self.x.partition_point(|&datum| datum < x - REACH * self.bandwidth);
        let to = self.x.partition_point(|&datum| datum <= x + REACH * self.bandwidth);
        let (data, weights) = (&self.x[from..to], &self.weights[from..to]);
        let scale = 1.0 / (SQRT_2 * self.bandwidth);
        let (chunks, rest) = data.as_chunks::<LANES>();
        let (heavy, light) = weights.as_chunks::<LANES>();
        let mut totals = [f64x2::ZERO; 4];
        for (chunk, weights) in chunks.iter().zip(heavy) {
            let exponents = load(chunk).map(|datum| {
                let z = (datum - f64x2::splat(x)) * f64x2::splat(scale);
                -(z * z)
            });
            for ((total, value), weight) in totals.iter_mut().zip(exp_below_overflow(exponents)).zip(load(weights)) {
                *total += value * weight;
            }
        }
        let tail: f64 = rest.iter().zip(light).map(|(datum, weight)| weight * exp_f64(-((datum - x) * scale).powi(2))).sum();
        (reduce(totals) + tail) * scale / PI.sqrt()
    }

    /// Mean negative log-likelihood of a sample; `+∞` if a datum is out of reach of all kernels.
    pub fn nll(&self, sample: &Sample) -> f64 {
        -sample.average(|x| self.density(x).ln())
    }
}

/// Silverman's rule, `h = 0.9 min(σ, IQR/1.34) n^{−1/5}`, with `n = 1/Σw²` for weighted data; the smaller of the two spreads that is not 0.
///
/// # Errors
/// [`MathError::ScaleNotPositive`] if all data are the same.
/// Source: B. W. Silverman, "Density Estimation for Statistics and Data Analysis", 1986, equation 3.31.
pub fn silverman(sample: &Sample) -> Result<f64, MathError> {
    let count = 1.0 / sample.weights().iter().map(|weight| weight * weight).sum::<f64>();
    // Without bias for equal weights.
    let deviation = sample.deviation() * (count / (count - 1.0)).sqrt();
    let (x, weights) = sample.sorted();
    let range = (quantile(&x, &weights, 0.75) - quantile(&x, &weights, 0.25)) / 1.34;
    let spread = if range > 0.0 { deviation.min(range) } else { deviation };
    let bandwidth = 0.9 * spread * count.powf(-0.2);
    // One datum has the deviation 0/0.
    if bandwidth > 0.0 { Ok(bandwidth) } else { Err(MathError::ScaleNotPositive(0.0)) }
}

/// The quantile of sorted data at the share `u`: straight lines between the middles of their weights. For equal weights that is Hazen's rule.
fn quantile(x: &[f64], weights: &[f64], u: f64) -> f64 {
    let mut before: Option<(f64, f64)> = None;
    let mut sum = 0.0;
    for (&x, weight) in x.iter().zip(weights) {
        let middle = sum + 0.5 * weight;
        sum += weight;
        if middle >= u {
            return before.map_or(x, |(low, at)| low + (x - low) * (u - at) / (middle - at));
        }
        before = Some((x, middle));
    }
    before.map_or(f64::NAN, |(last, _)| last)
}
