//! The noises of Perturb-Max: their distributions and their sampling.

use crate::normal;
use crate::rng::SplitMix64;
use std::f64::consts::LN_2;

/// A noise, in its standard form.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Noise {
    /// Gumbel(0, 1), `F(t) = exp(−e^{−t})`: Perturb-Max is softmax.
    Gumbel,
    /// N(0, 1).
    Normal,
    /// Logistic(0, 1), `F(t) = 1/(1 + e^{−t})`.
    Logistic,
    /// Laplace(0, 1), density `½e^{−|t|}`.
    Laplace,
    /// Uniform on `0..1`: Perturb-Max has exact zeros.
    Uniform,
    /// Exponential of rate 1, density `e^{−t}` for `t > 0`.
    Exponential,
}

impl Noise {
    /// All of them, in the order of the spec.
    pub const ALL: [Self; 6] = [Self::Gumbel, Self::Normal, Self::Logistic, Self::Laplace, Self::Uniform, Self::Exponential];

    /// One random number of this law; [`Noise::draws`] draws of the generator.
    pub fn sample(self, rng: &mut SplitMix64) -> f64 {
        match self {
            Self::Gumbel => rng.gumbel(),
            Self::Normal => rng.normal(),
            Self::Logistic => rng.logistic(),
            Self::Laplace => rng.laplace(),
            Self::Uniform => rng.uniform(),
            Self::Exponential => rng.exponential(),
        }
    }

    /// How many draws of [`SplitMix64::next_u64`] one sample takes, so that streams can be sought.
    pub const fn draws(self) -> u64 {
        match self {
            Self::Normal => 2,
            _ => 1,
        }
    }

    /// Distribution function `F(t)`, `0..=1`.
    pub fn cdf(self, t: f64) -> f64 {
        match self {
            Self::Gumbel => (-(-t).exp()).exp(),
            Self::Normal => normal::cdf(t),
            Self::Logistic => crate::top_k_relaxed::sigmoid(t),
            Self::Laplace => {
                if t < 0.0 {
                    0.5 * t.exp()
                } else {
                    1.0 - 0.5 * (-t).exp()
                }
            }
            Self::Uniform => t.clamp(0.0, 1.0),
            Self::Exponential => {
                if t > 0.0 {
                    -(-t).exp_m1()
                } else {
                    0.0
                }
            }
        }
    }

    /// Density `f(t) ≥ 0`; at a jump the value inside of the support.
    pub fn density(self, t: f64) -> f64 {
        match self {
            Self::Gumbel => (-t - (-t).exp()).exp(),
            Self::Normal => normal::density(t),
            Self::Logistic => {
                let e = (-t.abs()).exp();
                e / ((1.0 + e) * (1.0 + e))
            }
            Self::Laplace => 0.5 * (-t.abs()).exp(),
            Self::Uniform => f64::from(u8::from((0.0..=1.0).contains(&t))),
            Self::Exponential => {
                if t >= 0.0 {
                    (-t).exp()
                } else {
                    0.0
                }
            }
        }
    }

    /// `ln F(t)`, accurate at both ends; `−∞` where `F` is 0.
    pub fn ln_cdf(self, t: f64) -> f64 {
        match self {
            Self::Gumbel => -(-t).exp(),
            Self::Normal => normal::ln_cdf(t),
            Self::Logistic => t.min(0.0) - (-t.abs()).exp().ln_1p(),
            Self::Laplace => {
                if t < 0.0 {
                    t - LN_2
                } else {
                    (-0.5 * (-t).exp()).ln_1p()
                }
            }
            Self::Uniform => {
                if t > 0.0 {
                    t.min(1.0).ln()
                } else {
                    f64::NEG_INFINITY
                }
            }
            Self::Exponential => {
                if t <= 0.0 {
                    f64::NEG_INFINITY
                } else if t < LN_2 {
                    (-(-t).exp_m1()).ln()
                } else {
                    (-(-t).exp()).ln_1p()
                }
            }
        }
    }

    /// The reversed hazard rate `f(t)/F(t)`, the derivative of `ln F`; 0 where `F` is 0.
    pub fn reversed_hazard(self, t: f64) -> f64 {
        match self {
            Self::Gumbel => (-t).exp(),
            Self::Normal => normal::reversed_hazard(t),
            Self::Logistic => crate::top_k_relaxed::sigmoid(-t),
            Self::Laplace => {
                if t < 0.0 {
                    1.0
                } else {
                    let half = 0.5 * (-t).exp();
                    half / (1.0 - half)
                }
            }
            Self::Uniform => {
                if t > 0.0 && t <= 1.0 {
                    1.0 / t
                } else {
                    0.0
                }
            }
            Self::Exponential => {
                if t > 0.0 {
                    1.0 / t.exp_m1()
                } else {
                    0.0
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_density_is_the_derivative_of_the_distribution_function() {
        for noise in Noise::ALL {
            for i in -60..60 {
                // Off the jumps and kinks at 0 and 1.
                let t = f64::from(i) * 0.1 + 0.033;
                let h = 1e-5;
                let slope = (noise.cdf(t + h) - noise.cdf(t - h)) / (2.0 * h);
                assert!((slope - noise.density(t)).abs() < 1e-9, "{noise:?} {t}");
            }
        }
    }

    #[test]
    fn logarithm_and_hazard_belong_to_the_distribution_function() {
        for noise in Noise::ALL {
            for i in -60..60 {
                let t = f64::from(i) * 0.1 + 0.033;
                let distribution = noise.cdf(t);
                if distribution > 1e-300 {
                    assert!((noise.ln_cdf(t) - distribution.ln()).abs() < 1e-14, "{noise:?} {t}");
                    let hazard = noise.density(t) / distribution;
                    assert!((noise.reversed_hazard(t) - hazard).abs() <= 1e-13 * hazard, "{noise:?} {t}");
                }
            }
        }
    }

    #[test]
    fn samples_follow_the_distribution_function() {
        // Kolmogorov–Smirnov: beyond 1.95/√n once in a thousand, and the seed is fixed.
        for noise in Noise::ALL {
            let mut rng = SplitMix64::new(2024);
            let n = 20_000;
            let mut values: Vec<f64> = (0..n).map(|_| noise.sample(&mut rng)).collect();
            values.sort_by(f64::total_cmp);
            let worst = values
                .iter()
                .enumerate()
                .map(|(i, &t)| (noise.cdf(t) - (i as f64 + 0.5) / f64::from(n)).abs())
                .fold(0.0, f64::max);
            assert!(worst < 1.95 / f64::from(n).sqrt(), "{noise:?}: {worst}");
        }
    }

    #[test]
    fn a_sample_takes_the_draws_it_says() {
        for noise in Noise::ALL {
            let mut rng = SplitMix64::new(9);
            noise.sample(&mut rng);
            assert_eq!(rng, SplitMix64::at(9, noise.draws()), "{noise:?}");
        }
    }
}
