//! The distance at which a query sees a key, as the ways of keeping near and compressing far change it.

use crate::caution::Caution;
use crate::error::MathError;

/// Which effective distance a query `i` and a key `j ≤ i` get from `δ = i − j`.
///
/// Windows are in tokens and at least 1, so that a query always sees itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RelativeDistance {
    /// `δ`.
    Plain,
    /// `δ/k`. Source: arXiv:2306.15595.
    Interpolated {
        /// `k ≥ 1`.
        k: f64,
    },
    /// `δ` below `w`, else nothing.
    Window {
        /// `w`.
        w: usize,
    },
    /// A `Λ`: `δ` below `w`, else the first `g` keys at `min(δ, cap)`. Source: LM-Infinite, arXiv:2308.16137.
    ///
    /// With `cap < w − 1` the distance falls where the window ends: it is monotone only for larger caps.
    LmInfinite {
        /// `w`.
        w: usize,
        /// How many first keys stay visible.
        g: usize,
        /// The distance beyond which they do not go.
        cap: usize,
    },
    /// Sinks and a window, with positions counted inside the cache: plain while the cache is not full, then `δ` below `R` and the `S` first
    /// keys at `S + R − 1 − j`. Source: StreamingLLM, arXiv:2309.17453.
    Streaming {
        /// `S`.
        sinks: usize,
        /// `R`.
        recent: usize,
    },
    /// ReRoPE: `min(δ, w)`. Source: <https://kexue.fm/archives/9708>.
    Rerope {
        /// `w`.
        w: usize,
    },
    /// Leaky ReRoPE: `δ` below `w`, then `w + (δ − w)/k`. Source: <https://kexue.fm/archives/9708>.
    Leaky {
        /// `w`.
        w: usize,
        /// `k ≥ 1`.
        k: f64,
    },
    /// Self-Extend as coded: `δ` below `W`, then `⌊i/G⌋ − ⌊j/G⌋ + W − ⌊W/G⌋`. Not a function of `δ` alone.
    /// Source: arXiv:2401.01325 and its code `datamllab/LongLM`.
    SelfExtend {
        /// `W`.
        w: usize,
        /// `G`.
        group: usize,
    },
    /// Its idealisation, `W + ⌊(δ − W)/G⌋`. At most 2 below the coded one, at most 1 if `W mod G ≤ 1`; never above it.
    SelfExtendIdeal {
        /// `W`.
        w: usize,
        /// `G`.
        group: usize,
    },
}

impl RelativeDistance {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`MathError::BelowOne`] with the letter: `k`, `w` (also the recent keys of a stream), `G`; [`MathError::ParameterOutOfRange`] for a
    /// `k` that is `∞` (that is [`RelativeDistance::Rerope`]).
    pub fn check(self) -> Result<(), MathError> {
        let below = |field, value| Err(MathError::BelowOne { field, value });
        match self {
            Self::Interpolated { k } | Self::Leaky { k, .. } if k == f64::INFINITY => Err(MathError::ParameterOutOfRange(k)),
            Self::Interpolated { k } | Self::Leaky { k, .. } if k.is_nan() || k < 1.0 => below("k", k),
            Self::Window { w: 0 }
            | Self::LmInfinite { w: 0, .. }
            | Self::Streaming { recent: 0, .. }
            | Self::Rerope { w: 0 }
            | Self::Leaky { w: 0, .. }
            | Self::SelfExtend { w: 0, .. }
            | Self::SelfExtendIdeal { w: 0, .. } => below("w", 0.0),
            Self::SelfExtend { group: 0, .. } | Self::SelfExtendIdeal { group: 0, .. } => below("G", 0.0),
            _ => Ok(()),
        }
    }

    /// The effective distance of query `i` and key `j`, both counted from 0; `None` where it is masked, as all later keys are.
    ///
    /// The parameters are assumed to be legal ([`RelativeDistance::check`]); a group of 0 counts as 1.
    pub fn at(self, i: usize, j: usize) -> Option<f64> {
        let delta = i.checked_sub(j)?;
        let distance = match self {
            Self::Interpolated { k } => return Some(delta as f64 / k),
            Self::Window { w } if delta >= w => return None,
            Self::LmInfinite { w, g, .. } if delta >= w && j >= g => return None,
            Self::LmInfinite { w, cap, .. } if delta >= w => delta.min(cap),
            Self::Streaming { sinks, recent } => {
                let full = sinks.saturating_add(recent);
                if i < full || delta < recent {
                    delta
                } else if j < sinks {
                    full - 1 - j
                } else {
                    return None;
                }
            }
            Self::Rerope { w } => delta.min(w),
            Self::Leaky { w, k } if delta >= w => return Some(w as f64 + (delta - w) as f64 / k),
            Self::SelfExtend { w, group } if delta >= w => {
                let group = group.max(1);
                (i / group - j / group) + (w - w / group)
            }
            Self::SelfExtendIdeal { w, group } if delta >= w => w + (delta - w) / group.max(1),
            // Inside of the window nothing changes.
            Self::Plain
            | Self::Window { .. }
            | Self::LmInfinite { .. }
            | Self::Leaky { .. }
            | Self::SelfExtend { .. }
            | Self::SelfExtendIdeal { .. } => delta,
        };
        Some(distance as f64)
    }

    /// The distances of query `i` to the keys `δ = 0, 1, …, i` before it.
    pub fn curve(self, i: usize) -> Vec<Option<f64>> {
        (0..=i).map(|delta| self.at(i, i - delta)).collect()
    }

    /// Whether `ρ_eff` is a function of `δ` alone, so that shifting a text changes nothing.
    pub const fn is_shift_invariant(self) -> bool {
        !matches!(self, Self::LmInfinite { .. } | Self::Streaming { .. } | Self::SelfExtend { .. })
    }

    /// The step between neighbouring distances where they are equally spaced and neither plain nor the same: `1/k`, else 1.
    pub(crate) fn slope(self) -> f64 {
        match self {
            Self::Interpolated { k } | Self::Leaky { k, .. } => 1.0 / k,
            _ => 1.0,
        }
    }

    /// How many keys query `i` sees, itself included.
    pub fn visible(self, i: usize) -> usize {
        match self {
            Self::Window { w } => w.min(i + 1),
            Self::LmInfinite { w, g, .. } => w.saturating_add(g).min(i + 1),
            Self::Streaming { sinks, recent } => sinks.saturating_add(recent).min(i + 1),
            _ => i + 1,
        }
    }

    /// How many pairs of query and key are visible in `n` tokens.
    pub fn visible_pairs(self, n: usize) -> u64 {
        (0..n).map(|i| self.visible(i) as u64).sum()
    }

    /// The share of the `n(n + 1)/2` causal pairs that is visible, `0..=1`; 1 for no tokens.
    pub fn reach(self, n: usize) -> f64 {
        let pairs = n as f64 * (n as f64 + 1.0) / 2.0;
        if n == 0 { 1.0 } else { self.visible_pairs(n) as f64 / pairs }
    }

    /// The longest text in which no distance exceeds those of a training at `limit` tokens, i.e. `limit − 1`; `∞` without a bound.
    ///
    /// `limit` may be a safe length that is no whole number. Plain: `limit` itself. Interpolated: `(limit−1)k + 1`. Leaky:
    /// `⌊(limit−1−w)k⌋ + w + 1`. Self-Extend, idealised: `(limit−W)G + W`, the rule of its README; the released code reaches that distance
    /// `W mod G` tokens earlier. ReRoPE and a window: `∞` while distance `w` resp. `w − 1` was trained, else `limit`. `Λ` masks: `∞` while the
    /// window and the cap were, with a cap of `L_train` itself (the published one) let pass: it lies on the end of the arc.
    /// Source: the rules of the posts and READMEs, the rest our derivation.
    pub fn usable_length(self, limit: f64) -> f64 {
        let unless = |fits: bool| if fits { f64::INFINITY } else { limit };
        let last = limit - 1.0;
        match self {
            Self::Plain => limit,
            Self::Interpolated { k } => last * k + 1.0,
            Self::Window { w } => unless(w as f64 - 1.0 <= last),
            Self::LmInfinite { w, g, cap } => unless(w as f64 - 1.0 <= last && (g == 0 || cap as f64 <= limit)),
            Self::Streaming { sinks, recent } => unless(sinks as f64 + recent as f64 - 1.0 <= last),
            Self::Rerope { w } => unless(w as f64 <= last),
            Self::Leaky { w, .. } | Self::SelfExtend { w, .. } | Self::SelfExtendIdeal { w, .. } if w as f64 > last => limit,
            Self::Leaky { w, k } => ((last - w as f64) * k).floor() + w as f64 + 1.0,
            Self::SelfExtend { w, group } => (limit.floor() - w as f64) * group as f64 + (w - w % group.max(1)) as f64,
            Self::SelfExtendIdeal { w, group } => (limit.floor() - w as f64) * group as f64 + w as f64,
        }
    }

    /// What the reader ought to know when far tokens stand at a distance that no training at `train` tokens had.
    pub fn caution(self, train: usize) -> Option<Caution> {
        let distance = match self {
            Self::Rerope { w } | Self::Leaky { w, .. } | Self::SelfExtend { w, .. } | Self::SelfExtendIdeal { w, .. } => w,
            Self::Window { w } => w.saturating_sub(1),
            Self::LmInfinite { w, g, cap } => w.saturating_sub(1).max(if g > 0 { cap } else { 0 }),
            Self::Streaming { sinks, recent } => sinks.saturating_add(recent).saturating_sub(1),
            Self::Plain | Self::Interpolated { .. } => return None,
        };
        (distance >= train).then_some(Caution::WindowNotTrained { distance, length: train })
    }
}

/// The smallest group `G` with which Self-Extend reaches `n` tokens by its own rule of thumb: `W + (n − W)/G` below a share of `L_train`
/// (half to two thirds); `None` if no group does.
///
/// Source: the README of `datamllab/LongLM`.
pub fn self_extend_group(n: usize, w: usize, train: usize, share: f64) -> Option<usize> {
    let room = share * train as f64 - w as f64;
    if n <= w {
        return Some(1);
    }
    // Strictly below.
    (room > 0.0).then(|| (((n - w) as f64 / room).floor() as usize).saturating_add(1))
}

/// Up to `side` of `0..n`, evenly spread, both ends included: the rows and columns of a distance matrix that is too large to be drawn.
pub fn sampled_positions(n: usize, side: usize) -> Vec<usize> {
    if n <= side {
        return (0..n).collect();
    }
    let last = side.saturating_sub(1).max(1) as u64;
    (0..side as u64).map(|cell| (cell * (n as u64 - 1) / last) as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_self_extend_depends_on_where_a_text_stands() {
        let coded = RelativeDistance::SelfExtend { w: 6, group: 3 };
        assert_eq!((coded.at(12, 0), coded.at(13, 1), coded.at(14, 2)), (Some(8.0), Some(8.0), Some(8.0)));
        assert_eq!((coded.at(12, 2), coded.at(13, 3)), (Some(8.0), Some(7.0)));
        assert!(!coded.is_shift_invariant());
    }

    #[test]
    fn the_idealisation_may_differ_by_two_where_groups_do_not_divide_the_window() {
        let [coded, ideal] =
            [RelativeDistance::SelfExtend { w: 5, group: 3 }, RelativeDistance::SelfExtendIdeal { w: 5, group: 3 }];
        let off = |i: usize, j: usize| coded.at(i, j).zip(ideal.at(i, j)).map(|(coded, ideal)| coded - ideal);
        let worst = (0..40).flat_map(|i| (0..=i).filter_map(move |j| off(i, j))).fold(0.0, f64::max);
        assert_eq!(worst, 2.0);
    }

    #[test]
    fn a_group_is_found_by_the_rule_of_thumb() {
        assert_eq!(self_extend_group(16384, 1024, 4096, 0.5), Some(16));
        assert_eq!(self_extend_group(16384, 2048, 4096, 0.5), None);
        assert_eq!(self_extend_group(100, 1024, 4096, 0.5), Some(1));
    }

    #[test]
    fn a_sample_has_both_ends() {
        assert_eq!(sampled_positions(3, 64), [0, 1, 2]);
        let sample = sampled_positions(16384, 64);
        assert_eq!((sample.len(), sample[0], sample[63]), (64, 0, 16383));
        assert!(sampled_positions(9, 0).is_empty());
        assert_eq!(sampled_positions(9, 1), [0]);
    }
}
