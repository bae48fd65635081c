//! Frequency plans: which axis and which frequency each rotated pair of a head uses.

use crate::axis::{Axes, Axis};
use crate::error::MathError;
use std::f64::consts::TAU;

/// What one rotated pair of components uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The axis whose coordinate turns it.
    pub axis: Axis,
    /// Radians per unit of position, `0 < θ ≤ 1`.
    pub theta: f64,
}

impl Pair {
    /// Whole turns (unitless) over a stretch of positions.
    pub fn turns(self, extent: f64) -> f64 {
        extent * self.theta / TAU
    }
}

/// How the `d/2` pairs of a head are shared among the axes.
///
/// Pair `i` of RoPE-1D has `θ_i = b^{−2i/d}`. Sections `[t, h, w]` say how many pairs an axis gets.
/// Source: <https://kexue.fm/archives/10352> ([`FrequencyPlan::Alternate`],
/// [`FrequencyPlan::AlternateSymmetric`] with two axes), <https://kexue.fm/archives/8397>
/// ([`FrequencyPlan::Halves`]); the released code of Qwen2-VL, Qwen3-VL and VideoRoPE (the sections);
/// symmetric alternation of three axes is ours.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum FrequencyPlan {
    /// RoPE-1D: every pair reads the one number of a position (called `t`).
    Rope1d,
    /// Pair `i` reads axis `i mod A` with the frequency of RoPE-1D.
    Alternate(Axes),
    /// Pair `i` reads axis `i mod A`; the `A` pairs of a round share `θ = b^{−2A⌊i/A⌋/d}`.
    AlternateSymmetric(Axes),
    /// `A` parts, each a RoPE-1D of its own with `θ_j = b^{−2Aj/d}`.
    Halves(Axes),
    /// M-RoPE: `t`, then `h`, then `w`, so that time gets the fastest pairs.
    Mrope([u32; 3]),
    /// Qwen3-VL: `h` at `i ≡ 1`, `w` at `i ≡ 2 (mod 3)` while `i` is below three times their section, else `t`.
    /// The counts are those of the sections as long as these places exist below `d/2`.
    Interleaved([u32; 3]),
    /// VideoRoPE: `h` and `w` in turn on the fast pairs, `t` on the slowest.
    VideoRope([u32; 3]),
}

impl FrequencyPlan {
    /// M-RoPE with a quarter of the pairs for time, as released: 16, 24, 24 for `d = 128`.
    pub const fn mrope(d: usize) -> Self {
        Self::Mrope(quarter_for_time(d))
    }

    /// Qwen3-VL's plan with five sixteenths of the pairs for each side, as released: 24, 20, 20 for
    /// `d = 128`.
    pub const fn interleaved(d: usize) -> Self {
        let pairs = (d / 2) as u32;
        let side = pairs / 16 * 5 + pairs % 16 * 5 / 16;
        Self::Interleaved([pairs - 2 * side, side, side])
    }

    /// VideoRoPE's plan with a quarter of the pairs for time, as released: 16, 24, 24 for `d = 128`.
    pub const fn videorope(d: usize) -> Self {
        Self::VideoRope(quarter_for_time(d))
    }

    /// The axes it may read.
    pub const fn axes(self) -> Axes {
        match self {
            Self::Rope1d => Axes::One,
            Self::Alternate(axes) | Self::AlternateSymmetric(axes) | Self::Halves(axes) => axes,
            Self::Mrope(_) | Self::Interleaved(_) | Self::VideoRope(_) => Axes::Three,
        }
    }

    /// Whether pair `i` keeps the `θ_i` of RoPE-1D, so that weights trained on text stay right.
    pub const fn is_compatible(self) -> bool {
        match self {
            Self::AlternateSymmetric(axes) | Self::Halves(axes) => matches!(axes, Axes::One),
            _ => true,
        }
    }

    /// Axis and frequency of each pair of a head of size `d` with base `b`.
    ///
    /// Shape: `d/2`, pair 0 first. Range: `b > 1`, so the frequencies are in `0..=1`; relative error at most
    /// 1e-14.
    ///
    /// # Errors
    /// [`MathError::DimNotEven`], [`MathError::BadBase`], [`MathError::DimNotDivisible`],
    /// [`MathError::SectionSum`].
    pub fn pairs(self, d: usize, base: f64) -> Result<Vec<Pair>, MathError> {
        if d == 0 || !d.is_multiple_of(2) {
            return Err(MathError::DimNotEven(d));
        }
        if !(base > 1.0 && base.is_finite()) {
            return Err(MathError::BadBase(base));
        }
        self.check_shares(d / 2)?;
        let power = |i: usize, d: usize| base.powf(-((2 * i) as f64) / d as f64);
        let pair = |i: usize| {
            let axes = self.axes().names();
            let round = i - i % axes.len();
            let part = d / 2 / axes.len();
            match self {
                Self::Rope1d | Self::Alternate(_) => Pair { axis: axes[i % axes.len()], theta: power(i, d) },
                Self::AlternateSymmetric(_) => Pair { axis: axes[i % axes.len()], theta: power(round, d) },
                Self::Halves(_) => Pair { axis: axes[i / part], theta: power(i % part, 2 * part) },
                Self::Mrope(sections) => Pair { axis: contiguous(i, sections), theta: power(i, d) },
                Self::Interleaved(sections) => Pair { axis: interleaved(i, sections), theta: power(i, d) },
                Self::VideoRope(sections) => Pair { axis: time_last(i, sections), theta: power(i, d) },
            }
        };
        Ok((0..d / 2).map(pair).collect())
    }

    fn check_shares(self, pairs: usize) -> Result<(), MathError> {
        match self {
            Self::Rope1d | Self::Alternate(_) => Ok(()),
            Self::AlternateSymmetric(axes) | Self::Halves(axes) if pairs.is_multiple_of(axes.count()) => Ok(()),
            Self::AlternateSymmetric(axes) | Self::Halves(axes) => Err(MathError::DimNotDivisible { pairs, parts: axes.count() }),
            Self::Mrope(sections) | Self::Interleaved(sections) | Self::VideoRope(sections) => {
                let sum = sections.into_iter().map(u64::from).sum();
                if sum == pairs as u64 { Ok(()) } else { Err(MathError::SectionSum { sum, pairs }) }
            }
        }
    }
}

const fn quarter_for_time(d: usize) -> [u32; 3] {
    let pairs = (d / 2) as u32;
    let [time, width] = [pairs / 4, (pairs - pairs / 4) / 2];
    [time, pairs - time - width, width]
}

/// The sections one after the other.
fn contiguous(i: usize, [t, h, _]: [u32; 3]) -> Axis {
    let [t, h] = [t as usize, h as usize];
    if i < t {
        Axis::T
    } else if i < t + h {
        Axis::H
    } else {
        Axis::W
    }
}

fn interleaved(i: usize, [_, h, w]: [u32; 3]) -> Axis {
    match i % 3 {
        1 if i < 3 * h as usize => Axis::H,
        2 if i < 3 * w as usize => Axis::W,
        _ => Axis::T,
    }
}

/// `h` and `w` in turn until one is used up, then the other, then `t`.
fn time_last(i: usize, [_, h, w]: [u32; 3]) -> Axis {
    let [h, w] = [h as usize, w as usize];
    let turns = 2 * h.min(w);
    if i >= h + w {
        Axis::T
    } else if i < turns {
        [Axis::H, Axis::W][i % 2]
    } else if h > w {
        Axis::H
    } else {
        Axis::W
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(plan: FrequencyPlan, d: usize) -> String {
        plan.pairs(d, 1e4).expect("legal").iter().map(|pair| pair.axis.letter()).collect()
    }

    fn counts(plan: FrequencyPlan, d: usize) -> [usize; 3] {
        let letters = letters(plan, d);
        ['t', 'h', 'w'].map(|letter| letters.matches(letter).count())
    }

    #[test]
    fn the_released_sections_are_the_counts_of_the_axes() {
        assert_eq!(FrequencyPlan::mrope(128), FrequencyPlan::Mrope([16, 24, 24]));
        assert_eq!(counts(FrequencyPlan::mrope(128), 128), [16, 24, 24]);
        assert_eq!(counts(FrequencyPlan::videorope(128), 128), [16, 24, 24]);
        assert_eq!(counts(FrequencyPlan::interleaved(128), 128), [24, 20, 20]);
    }

    #[test]
    fn default_sections_exist_for_every_even_head() {
        for d in (2..=256).step_by(2) {
            for plan in [FrequencyPlan::mrope(d), FrequencyPlan::interleaved(d), FrequencyPlan::videorope(d)] {
                let (FrequencyPlan::Mrope(s) | FrequencyPlan::Interleaved(s) | FrequencyPlan::VideoRope(s)) = plan else {
                    panic!("a plan with sections");
                };
                assert_eq!(counts(plan, d), s.map(|section| section as usize), "{plan:?}");
            }
        }
    }

    #[test]
    fn uneven_sides_take_turns_until_one_is_used_up() {
        assert_eq!(letters(FrequencyPlan::VideoRope([1, 3, 1]), 10), "hwhht");
        assert_eq!(letters(FrequencyPlan::VideoRope([1, 1, 3]), 10), "hwwwt");
    }

    #[test]
    fn a_turn_is_two_pi_over_theta() {
        let pair = Pair { axis: Axis::H, theta: 0.25 };
        assert!((pair.turns(8.0 * TAU) - 2.0).abs() < 1e-15);
    }
}
