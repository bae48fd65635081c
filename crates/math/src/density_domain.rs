//! Where data live, and how they come to the interval `−1..=1` of a Fourier density.

use crate::error::MathError;
use crate::fourier_density::FourierDensity;
use crate::sample::{Sample, check_data};
use std::f64::consts::{LN_2, PI};

/// Rescaled data keep this share of the interval free on either side, so that the ends, which are one point, stay apart.
const MARGIN: f64 = 0.1;

/// A map from the reader's axis `y` to the interval, and the density that it makes of one there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// `x = y`: only `−1 ≤ y ≤ 1`.
    Interval,
    /// `x = y` modulo 2: a circle; the density on the axis has the period 2 and integral 1 over one.
    Wrap,
    /// `x = (y − centre)/half`.
    Rescaled {
        /// What becomes 0.
        centre: f64,
        /// What becomes 1, less the centre; positive.
        half: f64,
    },
    /// `x = tanh((y − μ)/σ)`: the whole line. Degree 0 is the logistic distribution of scale `σ/2`. Both tails are
    /// `(4p(1)/σ) e^{−2|y − μ|/σ}`, because `p(−1) = p(1)`: they cannot differ.
    RealLine {
        /// `μ`.
        mu: f64,
        /// `σ > 0`.
        sigma: f64,
    },
}

/// Data on the interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The images of those that have one, in order.
    pub x: Vec<f64>,
    /// The indices of the others, which are not in `x` and must be shown.
    pub outside: Vec<usize>,
}

impl Domain {
    /// The map that brings all data into the interval, with a tenth of it free at either end.
    ///
    /// # Errors
    /// Those of [`check_data`]; [`MathError::ScaleNotPositive`] if they are all the same, or too far apart for floating point.
    pub fn rescaled(data: &[f64]) -> Result<Self, MathError> {
        check_data(data)?;
        let (low, high) = data.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &y| (low.min(y), high.max(y)));
        let domain = Self::Rescaled { centre: 0.5 * low + 0.5 * high, half: (0.5 * high - 0.5 * low) / (1.0 - 2.0 * MARGIN) };
        domain.check()?;
        Ok(domain)
    }

    /// The real line with the mean of the data as `μ`, and the `σ` at which the logistic distribution has their standard deviation,
    /// `σ = 2√3/π` of it.
    ///
    /// # Errors
    /// Those of [`check_data`]; [`MathError::ScaleNotPositive`] if all data are the same: then `σ` must be given.
    pub fn real_line(data: &[f64]) -> Result<Self, MathError> {
        let sample = Sample::new(data)?;
        // Equal data need not have a deviation of exactly 0 from their rounded mean.
        if data.iter().all(|&y| y == data[0]) {
            return Err(MathError::ScaleNotPositive(0.0));
        }
        let domain = Self::RealLine { mu: sample.mean(), sigma: 2.0 * 3.0_f64.sqrt() / PI * sample.deviation() };
        domain.check()?;
        Ok(domain)
    }

    /// Are its numbers finite and its scale positive?
    ///
    /// # Errors
    /// [`MathError::EntryNotFinite`] (`centre`, `mu`); [`MathError::ScaleNotPositive`].
    pub fn check(self) -> Result<(), MathError> {
        let (field, centre, scale) = match self {
            Self::Interval | Self::Wrap => return Ok(()),
            Self::Rescaled { centre, half } => ("centre", centre, half),
            Self::RealLine { mu, sigma } => ("mu", mu, sigma),
        };
        if !centre.is_finite() {
            return Err(MathError::EntryNotFinite { field, index: 0, value: centre });
        }
        if scale > 0.0 && scale.is_finite() { Ok(()) } else { Err(MathError::ScaleNotPositive(scale)) }
    }

    /// The image of `y`, `−1..=1`; `None` outside of an interval.
    pub fn place(self, y: f64) -> Option<f64> {
        let x = match self {
            Self::Interval => y,
            // Exact: the remainder of a division by a power of two.
            Self::Wrap => y - 2.0 * (0.5 * y).round(),
            Self::Rescaled { centre, half } => (y - centre) / half,
            Self::RealLine { mu, sigma } => ((y - mu) / sigma).tanh(),
        };
        (-1.0..=1.0).contains(&x).then_some(x)
    }

    /// The `y` whose image is `x`; on the real line `±∞` for `±1`.
    pub fn lift(self, x: f64) -> f64 {
        match self {
            Self::Interval | Self::Wrap => x,
            Self::Rescaled { centre, half } => centre + half * x,
            Self::RealLine { mu, sigma } => mu + sigma * x.atanh(),
        }
    }

    /// `ln dx/dy`: what a log density gains on the way back to the axis. On the real line `2(ln 2 − |u| − ln(1 + e^{−2|u|})) − ln σ`, which
    /// neither overflows nor underflows.
    pub fn ln_jacobian(self, y: f64) -> f64 {
        match self {
            Self::Interval | Self::Wrap => 0.0,
            Self::Rescaled { half, .. } => -half.ln(),
            Self::RealLine { mu, sigma } => {
                let u = ((y - mu) / sigma).abs();
                2.0 * (LN_2 - u - (-2.0 * u).exp().ln_1p()) - sigma.ln()
            }
        }
    }

    /// The images of data, and which have none.
    ///
    /// # Errors
    /// Those of [`check_data`] and [`Domain::check`]; [`MathError::EverythingOutside`].
    pub fn place_all(self, data: &[f64]) -> Result<Placed, MathError> {
        check_data(data)?;
        self.check()?;
        let mut placed = Placed { x: Vec::with_capacity(data.len()), outside: Vec::new() };
        for (index, &y) in data.iter().enumerate() {
            match self.place(y) {
                Some(x) => placed.x.push(x),
                None => placed.outside.push(index),
            }
        }
        if placed.x.is_empty() { Err(MathError::EverythingOutside { count: data.len() }) } else { Ok(placed) }
    }

    /// `ln q(y)` of a Fourier density on the axis; `−∞` outside of an interval.
    pub fn ln_density(self, density: &FourierDensity, y: f64) -> f64 {
        self.place(y).map_or(f64::NEG_INFINITY, |x| density.ln_density(x) + self.ln_jacobian(y))
    }

    /// Distribution function of a Fourier density on the axis; on the circle from −1 on.
    pub fn cdf(self, density: &FourierDensity, y: f64) -> f64 {
        let x = match self {
            Self::Rescaled { centre, half } => (y - centre) / half,
            Self::Interval => y,
            Self::Wrap | Self::RealLine { .. } => self.place(y).unwrap_or(y),
        };
        density.cdf(x)
    }

    /// The `y` below which the share `u` lies; on the real line `±∞` for 0 and 1.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] unless `0 ≤ u ≤ 1`.
    pub fn quantile(self, density: &FourierDensity, u: f64) -> Result<f64, MathError> {
        Ok(self.lift(density.quantile(u)?))
    }

    /// The factor `4p(1)/σ` of both tails on the real line; `None` elsewhere.
    pub fn tail_constant(self, density: &FourierDensity) -> Option<f64> {
        match self {
            Self::RealLine { sigma, .. } => Some(4.0 * density.density(1.0) / sigma),
            _ => None,
        }
    }
}

/// What a log-likelihood gains, on average, on the way back to the axis: subtract it from the mean negative log-likelihood on the interval.
///
/// Only of the data that have an image. `NaN` if there is none.
pub fn mean_ln_jacobian(domain: Domain, data: &[f64]) -> f64 {
    let inside = data.iter().filter(|&&y| domain.place(y).is_some());
    let (sum, count) = inside.fold((0.0, 0.0), |(sum, count), &y| (sum + domain.ln_jacobian(y), count + 1.0));
    sum / count
}
