//! Frequencies edited for length extrapolation: position interpolation, the NTK family, YaRN and its kin.

use crate::caution::Caution;
use crate::error::MathError;
use crate::trained_circles::{TrainedCircles, angle_from_zero, check_distance};
use std::f64::consts::TAU;

/// A ramp between kept and interpolated pairs that is linear in the *index* of the pair: YaRN as coded.
///
/// Source: `find_correction_range` of <https://github.com/jquesnelle/yarn>, the same in `transformers` 5.23.0 (`_compute_yarn_parameters`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IndexRamp {
    /// Pairs with more turns than this are kept; 32 in the code.
    pub fast: f64,
    /// Pairs with fewer are interpolated; 1 in the code.
    pub slow: f64,
    /// Are both ends rounded outwards to whole indices? Yes in the code; no with `truncate: false`.
    pub truncate: bool,
    /// Is the upper end clamped to the last pair, `d/2 − 1`, as in some ports? In the original it is clamped to `d − 1`.
    pub clamp_to_pairs: bool,
}

impl IndexRamp {
    /// YaRN's and Hugging Face's: 32 and 1 turns, rounded.
    pub const YARN: Self = Self { fast: 32.0, slow: 1.0, truncate: true, clamp_to_pairs: false };

    /// First index of the ramp and the one at which it ends.
    ///
    /// As executed: the ends are clamped from below and above respectively, so that with short training the first may
    /// exceed the last.
    pub fn range(self, circles: &TrainedCircles) -> [f64; 2] {
        let (low, high) = (circles.index_of_turns(self.fast), circles.index_of_turns(self.slow));
        let (low, high) = if self.truncate { (low.floor(), high.ceil()) } else { (low, high) };
        let last = if self.clamp_to_pairs { circles.d() / 2 - 1 } else { circles.d() - 1 };
        [low.max(0.0), high.min(last as f64)]
    }

    /// The share of pair `i` that is kept, `1..=0`.
    fn kept(self, circles: &TrainedCircles) -> impl Fn(usize) -> f64 {
        let [low, high] = self.range(circles);
        // A hack of the code, "prevent singularity".
        let high = if low == high { high + 0.001 } else { high };
        move |i| 1.0 - ((i as f64 - low) / (high - low)).clamp(0.0, 1.0)
    }
}

/// How `θ'_i` comes from `θ_i` and the scale `s = L_test/L_train`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FrequencyMethod {
    /// `θ_i`: plain extrapolation.
    None,
    /// Position interpolation, `θ_i/s`. Source: arXiv:2306.15595.
    Pi,
    /// The base times `s`: `θ_i s^{−2i/d}`. Source: <https://kexue.fm/archives/9675>.
    NtkOld,
    /// The base times `κ = s^{d/(d−2)}`, so that the last pair is interpolated exactly: `θ_i s^{−2i/(d−2)}`.
    NtkAware,
    /// `θ_i s^{−2(i+1)/d}`. Source: <https://kexue.fm/archives/9706>.
    NtkFixed,
    /// `θ_i e^{−a(i+1)^b}` with `a = ln s/(d/2)^b`. Source: <https://kexue.fm/archives/9706> (`b = 0.625`), the code of
    /// <https://github.com/bojone/rerope> (`b = 0.75`).
    NtkMixed {
        /// `b ≥ 0`: at 0 it is [`FrequencyMethod::Pi`], at 1 [`FrequencyMethod::NtkFixed`].
        b: f64,
    },
    /// A ramp linear in the turns: `[γ_i + (1−γ_i)/s]θ_i`, `γ = clip((r−α)/(τ−α), 0, 1)`. With `τ = α` it is a step.
    /// Source: arXiv:2309.00071 and <https://kexue.fm/archives/9948> (YaRN); Llama 3.1's code.
    Yarn {
        /// Pairs with fewer turns are interpolated.
        alpha: f64,
        /// Pairs with more are kept.
        tau: f64,
    },
    /// The same with a ramp linear in the index: what runs under the name of YaRN.
    YarnCode(IndexRamp),
    /// Hugging Face's dynamic NTK: base times `(f·L/L_train − (f−1))^{d/(d−2)}`, `L = max(length, L_train)`. It does not read `s`.
    /// Source: `_compute_dynamic_ntk_parameters` of `transformers` 5.23.0.
    DynamicNtk {
        /// `f ≥ 1`; at 1 it is [`FrequencyMethod::NtkAware`] with `s = L/L_train`.
        factor: f64,
        /// The sequence now, in tokens.
        length: usize,
    },
}

impl FrequencyMethod {
    /// NTK-mixed as in the post.
    pub const NTK_MIXED: Self = Self::NtkMixed { b: 0.625 };

    /// YaRN as in the post and the paper.
    pub const YARN: Self = Self::Yarn { alpha: 1.0, tau: 32.0 };

    /// YaRN as coded.
    pub const YARN_CODE: Self = Self::YarnCode(IndexRamp::YARN);

    /// Llama 3.1's: YaRN's shape over 1 to 4 turns.
    pub const LLAMA3: Self = Self::Yarn { alpha: 1.0, tau: 4.0 };

    /// `θ'_i/θ_i` for each pair.
    ///
    /// Shape: `d/2`. Range: `1/s..=1`, not increasing with the index. A scale below 1 counts as 1 ([`FrequencyMethod::cautions`]).
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] (a scale, an exponent or an end of a ramp that is not finite, is negative, or out of order),
    /// [`MathError::NtkUndefined`], [`MathError::BelowOne`] (the factor of dynamic NTK).
    pub fn ratios(self, circles: &TrainedCircles, scale: f64) -> Result<Vec<f64>, MathError> {
        self.check(circles, scale)?;
        let s = scale.max(1.0);
        let (m, d) = ((circles.d() / 2) as f64, circles.d() as f64);
        let each = |ratio: &dyn Fn(f64) -> f64| (0..circles.d() / 2).map(|i| ratio(i as f64)).collect();
        Ok(match self {
            Self::None => each(&|_| 1.0),
            Self::Pi => each(&|_| 1.0 / s),
            Self::NtkOld => each(&|i| s.powf(-2.0 * i / d)),
            Self::NtkAware => each(&|i| s.powf(-2.0 * i / (d - 2.0))),
            Self::NtkFixed => each(&|i| s.powf(-2.0 * (i + 1.0) / d)),
            Self::NtkMixed { b } => each(&|i| s.powf(-((i + 1.0) / m).powf(b))),
            Self::Yarn { .. } | Self::YarnCode(_) => {
                let kept = self.kept(circles).unwrap_or_default();
                kept.into_iter().map(|kept| kept + (1.0 - kept) / s).collect()
            }
            Self::DynamicNtk { factor, length } => {
                let stretch = dynamic_stretch(factor, length, circles.length());
                each(&|i| stretch.powf(-2.0 * i / (d - 2.0)))
            }
        })
    }

    /// `θ'_i` in radians per token.
    ///
    /// Shape: `d/2`; relative error at most 1e-14.
    ///
    /// # Errors
    /// Those of [`FrequencyMethod::ratios`].
    pub fn frequencies(self, circles: &TrainedCircles, scale: f64) -> Result<Vec<f64>, MathError> {
        let ratios = self.ratios(circles, scale)?;
        Ok(ratios.into_iter().zip(circles.theta()).map(|(ratio, theta)| ratio * theta).collect())
    }

    /// `γ_i`, the share of each pair that is kept as it was; `None` for the methods without a ramp.
    pub fn kept(self, circles: &TrainedCircles) -> Option<Vec<f64>> {
        match self {
            Self::Yarn { alpha, tau } => {
                let share = |turns: f64| ((turns - alpha) / (tau - alpha)).clamp(0.0, 1.0);
                let step = |turns: f64| f64::from(u8::from(turns >= tau));
                Some(circles.turns().map(|turns| if tau > alpha { share(turns) } else { step(turns) }).collect())
            }
            Self::YarnCode(ramp) => Some((0..circles.d() / 2).map(ramp.kept(circles)).collect()),
            _ => None,
        }
    }

    /// `κ`, what the base is multiplied by; `None` for the methods that are no change of base.
    ///
    /// # Errors
    /// Those of [`FrequencyMethod::ratios`].
    pub fn base_factor(self, circles: &TrainedCircles, scale: f64) -> Result<Option<f64>, MathError> {
        self.check(circles, scale)?;
        let s = scale.max(1.0);
        let d = circles.d() as f64;
        Ok(match self {
            Self::None => Some(1.0),
            Self::NtkOld => Some(s),
            Self::NtkAware => Some(s.powf(d / (d - 2.0))),
            Self::DynamicNtk { factor, length } => Some(dynamic_stretch(factor, length, circles.length()).powf(d / (d - 2.0))),
            _ => None,
        })
    }

    /// What the reader ought to know about the result.
    pub fn cautions(self, circles: &TrainedCircles, scale: f64) -> Vec<Caution> {
        let mut cautions = Vec::new();
        if scale < 1.0 {
            cautions.push(Caution::ScaleBelowOne { scale });
        }
        let alpha = match self {
            Self::Yarn { alpha, .. } => alpha,
            Self::YarnCode(ramp) => ramp.slow,
            _ => 0.0,
        };
        if (circles.length() as f64) < TAU * alpha {
            cautions.push(Caution::TrainShorterThanOneTurn { length: circles.length(), needed: TAU * alpha });
        }
        cautions
    }

    fn check(self, circles: &TrainedCircles, scale: f64) -> Result<(), MathError> {
        let refuse = |value| Err(MathError::ParameterOutOfRange(value));
        if !scale.is_finite() {
            return refuse(scale);
        }
        match self {
            Self::NtkMixed { b } if !(b >= 0.0 && b.is_finite()) => refuse(b),
            Self::Yarn { alpha, .. } if !(alpha >= 0.0 && alpha.is_finite()) => refuse(alpha),
            Self::Yarn { alpha, tau } if !(tau >= alpha && tau.is_finite()) => refuse(tau),
            Self::YarnCode(ramp) if !(ramp.fast > 0.0 && ramp.fast.is_finite()) => refuse(ramp.fast),
            Self::YarnCode(ramp) if !(ramp.slow > 0.0 && ramp.slow <= ramp.fast) => refuse(ramp.slow),
            Self::DynamicNtk { factor, .. } if !factor.is_finite() => refuse(factor),
            Self::DynamicNtk { factor, .. } if factor < 1.0 => Err(MathError::BelowOne { field: "factor", value: factor }),
            Self::NtkAware | Self::DynamicNtk { .. } if circles.d() == 2 => Err(MathError::NtkUndefined),
            _ => Ok(()),
        }
    }
}

/// `f·L/L_train − (f − 1)` with `L` at least `L_train`.
fn dynamic_stretch(factor: f64, length: usize, train: usize) -> f64 {
    factor * length.max(train) as f64 / train as f64 - (factor - 1.0)
}

/// One pair of a head under a method, for a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairRow {
    /// `θ_i`.
    pub theta: f64,
    /// `θ'_i`.
    pub scaled: f64,
    /// `r_i`, turns in training.
    pub turns: f64,
    /// `γ_i`, for the methods with a ramp.
    pub kept: Option<f64>,
    /// The trained arc, radians from 0.
    pub arc: f64,
    /// `ρθ'_i mod 2π`.
    pub angle: f64,
    /// Is the angle outside of the arc of a circle that was not completed?
    pub unseen: bool,
}

/// Every pair of a head under a method at distance `ρ`.
///
/// Shape: `d/2` rows.
///
/// # Errors
/// Those of [`FrequencyMethod::ratios`]; [`MathError::ParameterOutOfRange`] also for the distance.
pub fn pair_rows(circles: &TrainedCircles, method: FrequencyMethod, scale: f64, rho: f64) -> Result<Vec<PairRow>, MathError> {
    check_distance(rho)?;
    let scaled = method.frequencies(circles, scale)?;
    let kept = method.kept(circles);
    let places = circles.theta().iter().zip(&scaled).zip(circles.turns().zip(circles.arcs())).enumerate();
    let row = |(i, ((&theta, &scaled), (turns, arc)))| PairRow {
        theta,
        scaled,
        turns,
        kept: kept.as_ref().map(|kept| kept[i]),
        arc,
        angle: angle_from_zero(rho * scaled),
        unseen: circles.is_unseen(i, scaled, rho),
    };
    Ok(places.map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ramps_of_the_released_models_are_those_executed() {
        for (length, base, range) in [(4096, 1e4, [20.0, 46.0]), (2048, 1e4, [16.0, 41.0]), (8192, 5e5, [18.0, 35.0])] {
            let circles = TrainedCircles::new(128, base, length).expect("legal");
            assert_eq!(IndexRamp::YARN.range(&circles), range);
        }
    }

    #[test]
    fn a_ramp_in_turns_is_not_one_in_indices() {
        // The specification's ×1.73 and ×2.30 in the middle of the frequencies.
        let circles = TrainedCircles::new(128, 1e4, 4096).expect("legal");
        for (scale, expected) in [(4.0, "1.73"), (8.0, "2.30")] {
            let [post, code] =
                [FrequencyMethod::YARN, FrequencyMethod::YARN_CODE].map(|method| method.ratios(&circles, scale).expect("legal"));
            let worst = post.iter().zip(&code).map(|(post, code)| code / post).fold(0.0, f64::max);
            assert_eq!(format!("{worst:.2}"), expected);
        }
    }

    #[test]
    fn a_table_says_which_circles_are_outside() {
        let circles = TrainedCircles::new(64, 1e4, 512).expect("legal");
        let rows = pair_rows(&circles, FrequencyMethod::None, 8.0, 2048.0).expect("legal");
        let unseen: Vec<usize> = (0..32).filter(|&i| rows[i].unseen).collect();
        assert_eq!(unseen, circles.unseen(circles.theta(), 2048.0).expect("legal"));
        assert_eq!((rows[0].kept, rows.len()), (None, 32));
    }
}
