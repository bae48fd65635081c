//! A density drawn by hand: heights over a grid, straight lines between.

use crate::error::MathError;
use crate::gauss_legendre::gauss_legendre;
use crate::rng::SplitMix64;
use crate::sample::{Sample, check_masses};

/// Points by which each cell is represented for a fit.
const CELL_POINTS: usize = 4;

/// The piecewise linear density through heights at `x_i = −1 + 2i/(m − 1)`, divided by their integral.
///
/// Source: ours.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnDensity {
    /// Heights of the density itself.
    heights: Vec<f64>,
    /// Its integral up to each grid point.
    cdf: Vec<f64>,
}

impl DrawnDensity {
    /// The density of at least two heights.
    ///
    /// # Errors
    /// [`MathError::Empty`] for fewer; [`MathError::EntryNotFinite`], [`MathError::EntryNegative`], [`MathError::NoMass`] (`heights`).
    pub fn new(heights: &[f64]) -> Result<Self, MathError> {
        if heights.len() < 2 {
            return Err(MathError::Empty);
        }
        let largest = check_masses("heights", heights)?;
        let mut heights: Vec<f64> = heights.iter().map(|height| height / largest).collect();
        let width = 2.0 / (heights.len() - 1) as f64;
        let mut sum = 0.0;
        let mut cdf = vec![0.0];
        for pair in heights.windows(2) {
            sum += 0.5 * (pair[0] + pair[1]) * width;
            cdf.push(sum);
        }
        heights.iter_mut().for_each(|height| *height /= sum);
        cdf.iter_mut().for_each(|value| *value /= sum);
        Ok(Self { heights, cdf })
    }

    fn width(&self) -> f64 {
        2.0 / (self.heights.len() - 1) as f64
    }

    /// `p(x)`; 0 outside of `−1..=1`.
    pub fn density(&self, x: f64) -> f64 {
        if !(-1.0..=1.0).contains(&x) {
            return 0.0;
        }
        let place = (x + 1.0) / self.width();
        let cell = (place as usize).min(self.heights.len() - 2);
        let share = place - cell as f64;
        self.heights[cell] + share * (self.heights[cell + 1] - self.heights[cell])
    }

    /// `n` independent numbers by inversion, one draw each.
    pub fn sample(&self, n: usize, seed: u64) -> Vec<f64> {
        let mut rng = SplitMix64::new(seed);
        (0..n).map(|_| self.quantile(rng.uniform())).collect()
    }

    /// Where the share `u` lies to the left, for `0 ≤ u ≤ 1`.
    fn quantile(&self, u: f64) -> f64 {
        let width = self.width();
        let cell = self.cdf.partition_point(|&value| value <= u).saturating_sub(1).min(self.heights.len() - 2);
        let (low, high) = (self.heights[cell], self.heights[cell + 1]);
        let rest = (u - self.cdf[cell]).max(0.0) / width;
        // rest = low·s + (high − low)s²/2, solved without cancellation.
        let root = (low * low + 2.0 * (high - low) * rest).max(0.0).sqrt();
        let share = if rest > 0.0 { 2.0 * rest / (low + root) } else { 0.0 };
        (-1.0 + (cell as f64 + share.clamp(0.0, 1.0)) * width).min(1.0)
    }

    /// The density as weighted data, four points a cell: sums over them are integrals, exact for `p` times a polynomial of degree 6 in
    /// each cell. A fit to them is a fit to the drawing itself, without chance.
    ///
    /// # Errors
    /// None for a density that exists.
    pub fn weighted(&self) -> Result<Sample, MathError> {
        let (nodes, weights) = gauss_legendre(CELL_POINTS);
        let width = self.width();
        let mut data = Vec::with_capacity(CELL_POINTS * self.heights.len());
        let mut masses = Vec::with_capacity(data.capacity());
        for cell in 0..self.heights.len() - 1 {
            for (node, weight) in nodes.iter().zip(&weights) {
                let x = -1.0 + (cell as f64 + 0.5 + 0.5 * node) * width;
                data.push(x);
                masses.push(weight * self.density(x));
            }
        }
        Sample::weighted(&data, &masses)
    }

    /// Differential entropy `−∫p ln p` in nats, in closed form.
    pub fn entropy(&self) -> f64 {
        // ∫ p ln p over a cell between heights a and b: width/(b − a)·[v²(2 ln v − 1)/4].
        let antiderivative = |v: f64| if v > 0.0 { 0.25 * v * v * (2.0 * v.ln() - 1.0) } else { 0.0 };
        let cell = |pair: &[f64]| {
            let (a, b) = (pair[0], pair[1]);
            let middle = 0.5 * (a + b);
            if (b - a).abs() > 1e-3 * middle {
                (antiderivative(b) - antiderivative(a)) / (b - a)
            } else if middle > 0.0 {
                // The difference would cancel; the next term is below 1e-14.
                middle * middle.ln() + (b - a) * (b - a) / (24.0 * middle)
            } else {
                0.0
            }
        };
        -self.width() * self.heights.windows(2).map(cell).sum::<f64>()
    }
}
