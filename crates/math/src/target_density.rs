//! The densities from which the widget draws its data.

use crate::gaussian_mixture::GaussianMixture;
use crate::half_turn::half_turn;
use crate::rng::SplitMix64;
use crate::trig_series::TrigSeries;
use num_complex::Complex64;
use std::f64::consts::{LN_2, PI};

/// Where the one repeated datum lies.
const REPEATED: f64 = 0.25;

/// The scales of the skewed density left and right of its mode.
const SKEW: (f64, f64) = (0.1, 0.4);

/// Points in which an entropy is summed up.
const ENTROPY_POINTS: u32 = 40_000;

/// Means and standard deviations of the notebook's ten components. Source: golden data `fourier_regularised`, `google_codex_notebook`.
const NOTEBOOK: ([f64; 10], [f64; 10]) = (
    [
        0.015_150_173_567_235_47,
        -0.241_987_422_108_650_2,
        -0.345_205_008_983_612_06,
        0.209_194_675_087_928_77,
        0.173_668_205_738_067_63,
        -0.346_455_961_465_835_57,
        -0.223_895_266_652_107_24,
        -0.298_093_497_753_143_3,
        0.005_521_114_449_948_072,
        0.023_814_208_805_561_066,
    ],
    [
        0.052_398_961_037_397_385,
        0.047_041_930_258_274_08,
        0.044_891_562_312_841_415,
        0.056_441_556_662_321_09,
        0.055_701_419_711_112_976,
        0.044_865_500_181_913_376,
        0.047_418_851_405_382_156,
        0.045_873_053_371_906_28,
        0.052_198_357_880_115_51,
        0.052_579_462_528_228_76,
    ],
);

/// Weights, means and standard deviations of each component.
type Components = [(f64, f64, f64)];

/// Chosen to look like the golden data of the same name.
const BIMODAL: &Components = &[(0.5, -0.4, 0.08), (0.5, 0.3, 0.15)];

/// Three peaks of different width.
const TRIMODAL: &Components = &[(0.3, -0.6, 0.06), (0.4, 0.0, 0.12), (0.3, 0.5, 0.08)];

/// The claw of J. S. Marron and M. P. Wand (1992), a third as wide.
const CLAW: &Components = &[
    (0.5, 0.0, 1.0 / 3.0),
    (0.1, -1.0 / 3.0, 1.0 / 30.0),
    (0.1, -0.5 / 3.0, 1.0 / 30.0),
    (0.1, 0.0, 1.0 / 30.0),
    (0.1, 0.5 / 3.0, 1.0 / 30.0),
    (0.1, 1.0 / 3.0, 1.0 / 30.0),
];

/// A density to draw data from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Target {
    /// Ten Gaussians of equal weight, those of the paper's notebook.
    Notebook,
    /// Two Gaussians.
    Bimodal,
    /// Three Gaussians.
    Trimodal,
    /// Uniform on `−1..=1`: the optimum is flat.
    Uniform,
    /// A broad Gaussian with five claws, of which some lie beyond the interval.
    Claw,
    /// One point, again and again: no density.
    Repeated,
    /// Two exponentials of different scale, back to back: its tails on the real line are unequal, which the model cannot have.
    Skewed,
}

impl Target {
    /// All, in the order of the spec.
    pub const ALL: [Self; 7] =
        [Self::Notebook, Self::Bimodal, Self::Trimodal, Self::Uniform, Self::Claw, Self::Repeated, Self::Skewed];

    /// The mixture, of those that are one.
    pub fn mixture(self) -> Option<GaussianMixture> {
        let components = match self {
            Self::Notebook => return GaussianMixture::new(&[0.1; 10], &NOTEBOOK.0, &NOTEBOOK.1).ok(),
            Self::Bimodal => BIMODAL,
            Self::Trimodal => TRIMODAL,
            Self::Claw => CLAW,
            Self::Uniform | Self::Repeated | Self::Skewed => return None,
        };
        let column = |pick: fn(&(f64, f64, f64)) -> f64| components.iter().map(pick).collect::<Vec<f64>>();
        GaussianMixture::new(&column(|c| c.0), &column(|c| c.1), &column(|c| c.2)).ok()
    }

    /// `n` independent numbers. The i-th is the same whatever `n`.
    pub fn sample(self, n: usize, seed: u64) -> Vec<f64> {
        let mut rng = SplitMix64::new(seed);
        let mixture = self.mixture();
        let mut one = || match (&mixture, self) {
            (Some(mixture), _) => mixture.sample(&mut rng),
            (None, Self::Uniform) => 2.0 * rng.uniform() - 1.0,
            (None, Self::Skewed) => {
                let (left, right) = SKEW;
                let u = rng.uniform();
                let length = rng.exponential();
                if u * (left + right) < left { -left * length } else { right * length }
            }
            (None, _) => REPEATED,
        };
        (0..n).map(|_| one()).collect()
    }

    /// `p(x)` on the real line; `None` for the repeated point.
    pub fn density(self, x: f64) -> Option<f64> {
        match self {
            Self::Repeated => None,
            Self::Uniform => Some(if x.abs() <= 1.0 { 0.5 } else { 0.0 }),
            Self::Skewed => {
                let (left, right) = SKEW;
                Some((if x < 0.0 { x / left } else { -x / right }).exp() / (left + right))
            }
            _ => self.mixture().map(|mixture| mixture.density(x)),
        }
    }

    /// Differential entropy `−∫p ln p` in nats, the least mean negative log-likelihood that any model can expect; `None` for the
    /// repeated point, where it is `−∞`. Mixtures are summed by the trapezoid rule, error below 1e-12.
    pub fn entropy(self) -> Option<f64> {
        match self {
            Self::Repeated => None,
            Self::Uniform => Some(LN_2),
            Self::Skewed => Some(1.0 + (SKEW.0 + SKEW.1).ln()),
            _ => self.mixture().map(|mixture| entropy(&mixture)),
        }
    }

    /// Its Fourier series on the circle of length 2, cut off after degree `N`: `c_n = E[e^{−iπnX}]`, exactly. What lies beyond the interval is
    /// wrapped around.
    ///
    /// Source: ours.
    pub fn series(self, degree: usize) -> TrigSeries {
        let mixture = self.mixture();
        let coefficient = |n: usize| -> Complex64 {
            let frequency = PI * n as f64;
            match (&mixture, self) {
                (Some(mixture), _) => mixture
                    .components()
                    .map(|(w, mean, deviation)| {
                        half_turn(-(n as f64) * mean) * (w * (-0.5 * (frequency * deviation).powi(2)).exp())
                    })
                    .sum(),
                (None, Self::Repeated) => half_turn(-(n as f64) * REPEATED),
                (None, Self::Skewed) => {
                    let factor = |scale: f64| Complex64::new(1.0, frequency * scale);
                    1.0 / (factor(SKEW.1) * factor(-SKEW.0))
                }
                (None, _) => f64::from(u8::from(n == 0)).into(),
            }
        };
        TrigSeries::of_moments((0..=degree).map(coefficient).collect())
    }
}

/// The trapezoid rule converges exponentially for analytic integrands that vanish at both ends.
fn entropy(mixture: &GaussianMixture) -> f64 {
    let ends = mixture.components().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, mean, deviation)| {
        (low.min(mean - 12.0 * deviation), high.max(mean + 12.0 * deviation))
    });
    let step = (ends.1 - ends.0) / f64::from(ENTROPY_POINTS);
    let term = |i: u32| {
        let x = ends.0 + f64::from(i) * step;
        let log = mixture.ln_density(x);
        log.exp() * log
    };
    -step * (0..=ENTROPY_POINTS).map(term).sum::<f64>()
}
