//! The smallest base of rotary frequencies that lets a head tell the same from the different over a length.

use crate::error::MathError;
use crate::frequency_plan::FrequencyPlan;
use crate::progress::Progress;
use crate::rope_kernel::{cosine_sum, decay_curve, wave_sums};
use crate::trained_circles::check_distance;

/// How many bases a search may try.
pub const GRID_LIMIT: usize = 1_000_000;

/// How many distances are summed before their signs are looked at.
const CHUNK: usize = 2048;

/// How many distances at which a base failed are tried first on the next one.
const SUSPECTS: usize = 4;

/// `f_b(m) = Σ_i cos(m b^{−2i/d})`: what a like key at distance `m` is ahead of an unlike one, on average, up to a factor.
///
/// Range: `−d/2..=d/2`. Source: <https://kexue.fm/archives/10122>.
///
/// # Errors
/// [`MathError::DimNotEven`], [`MathError::BadBase`], [`MathError::ParameterOutOfRange`] (the distance).
pub fn semantic_aggregation(m: f64, base: f64, d: usize) -> Result<f64, MathError> {
    check_distance(m)?;
    Ok(cosine_sum(&frequencies(d, base)?, m))
}

/// `f_b(m)` for `m = 0..n`.
///
/// Shape: `n`; within 2e-12·d of the exact values.
///
/// # Errors
/// [`MathError::DimNotEven`], [`MathError::BadBase`].
pub fn semantic_aggregation_curve(base: f64, d: usize, n: usize) -> Result<Vec<f64>, MathError> {
    let mut curve = decay_curve(&frequencies(d, base)?, n);
    curve.iter_mut().for_each(|value| *value *= (d / 2) as f64);
    Ok(curve)
}

fn frequencies(d: usize, base: f64) -> Result<Vec<f64>, MathError> {
    Ok(FrequencyPlan::Rope1d.pairs(d, base)?.iter().map(|pair| pair.theta).collect())
}

/// Tries the bases of a geometric grid, upwards and in slices, for `f_b(m) ≥ 0` at all `m < L`.
///
/// The good bases are *not* an interval, so that bisection would find some border and not the smallest: every point of the grid is tried, and
/// the runs of good ones are kept. The step is the resolution of the answer; [`BaseSearch::refined`] looks closer.
/// A base usually fails where its neighbour did, and is done with after a few cosine sums.
/// Source: the definition of `b*` in <https://kexue.fm/archives/10122>; the search is ours.
#[derive(Clone, Debug)]
pub struct BaseSearch {
    d: usize,
    length: usize,
    low: f64,
    step: f64,
    count: usize,
    next: usize,
    suspects: Vec<usize>,
    runs: Vec<[f64; 2]>,
    open: bool,
    scratch: Vec<f64>,
}

impl BaseSearch {
    /// Prepares the bases `low·(1 + step)^k` up to `high`.
    ///
    /// Range: `1 < low ≤ high`, `step > 0` (with 1e-3, `L` of some thousand takes a tenth of a second).
    ///
    /// # Errors
    /// [`MathError::DimNotEven`], [`MathError::BadBase`] (either end), [`MathError::ParameterOutOfRange`] (the step),
    /// [`MathError::TooMany`] (bases, [`GRID_LIMIT`]), [`MathError::BelowOne`] (`L`).
    pub fn new(d: usize, length: usize, [low, high]: [f64; 2], step: f64) -> Result<Self, MathError> {
        frequencies(d, low)?;
        if !(high >= low && high.is_finite()) {
            return Err(MathError::BadBase(high));
        }
        if !(step > 0.0 && step.is_finite()) {
            return Err(MathError::ParameterOutOfRange(step));
        }
        if length == 0 {
            return Err(MathError::BelowOne { field: "L", value: 0.0 });
        }
        let count = ((high / low).ln() / step.ln_1p() + 1e-9).floor() + 1.0;
        if count > GRID_LIMIT as f64 {
            return Err(MathError::TooMany { limit: GRID_LIMIT });
        }
        Ok(Self {
            d,
            length,
            low,
            step,
            count: count as usize,
            next: 0,
            suspects: Vec::new(),
            runs: Vec::new(),
            open: false,
            scratch: Vec::new(),
        })
    }

    /// Spends about `budget` cosines, but tries at least one base, and says how far the work is.
    pub fn step(&mut self, budget: usize) -> Progress {
        let mut left = budget;
        while self.next < self.count {
            let base = self.base(self.next);
            let (good, cost) = self.try_base(base);
            match (good, self.open, self.runs.last_mut()) {
                (true, true, Some(run)) => run[1] = base,
                (true, ..) => self.runs.push([base, base]),
                _ => {}
            }
            self.open = good;
            self.next += 1;
            if cost >= left {
                break;
            }
            left -= cost;
        }
        self.progress()
    }

    /// How far the work is, in bases.
    pub fn progress(&self) -> Progress {
        Progress::of(self.next, self.count)
    }

    /// The smallest good base of the grid, as soon as it is found; `None` at the end if there is none.
    pub fn smallest(&self) -> Option<f64> {
        self.runs.first().map(|run| run[0])
    }

    /// The runs of good bases so far, first and last of each, upwards.
    pub fn runs(&self) -> &[[f64; 2]] {
        &self.runs
    }

    /// A search between the smallest good base and the bad one before it, `parts` times as fine; `None` before one is found, or
    /// if none is bad before it.
    pub fn refined(&self, parts: u32) -> Option<Self> {
        let good = self.smallest()?;
        let bad = good / (1.0 + self.step);
        if good <= self.low {
            return None;
        }
        Self::new(self.d, self.length, [bad, good], self.step / f64::from(parts.max(1))).ok()
    }

    fn base(&self, k: usize) -> f64 {
        self.low * (self.step.ln_1p() * k as f64).exp()
    }

    /// Is the base good, and how many cosines did it take?
    fn try_base(&mut self, base: f64) -> (bool, usize) {
        let d = self.d as f64;
        let theta: Vec<f64> = (0..self.d / 2).map(|i| base.powf(-((2 * i) as f64) / d)).collect();
        let mut cost = theta.len();
        for place in 0..self.suspects.len() {
            let suspect = self.suspects[place];
            for m in [suspect, suspect + 1, suspect.saturating_sub(1)] {
                cost += theta.len();
                if m < self.length && cosine_sum(&theta, m as f64) < 0.0 {
                    self.suspects[..=place].rotate_right(1);
                    self.suspects[0] = m;
                    return (false, cost);
                }
            }
        }
        for begin in (0..self.length).step_by(CHUNK) {
            self.scratch.resize(CHUNK.min(self.length - begin), 0.0);
            wave_sums(&theta, &[], [begin as f64, 1.0], 1.0, &mut self.scratch);
            cost += self.scratch.len() * theta.len();
            let deepest = self.scratch.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
            if let Some((offset, &value)) = deepest
                && value < 0.0
            {
                self.suspects.insert(0, begin + offset);
                self.suspects.truncate(SUSPECTS);
                return (false, cost);
            }
        }
        (true, cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(length: usize, ends: [f64; 2], step: f64) -> BaseSearch {
        let mut search = BaseSearch::new(128, length, ends, step).expect("legal");
        let mut last = 0.0;
        while !search.step(2_000_000).done {
            assert!(search.progress().fraction > last);
            last = search.progress().fraction;
        }
        search
    }

    #[test]
    fn the_smallest_bases_are_the_published_ones() {
        // b* = 4.3e3 and 1.2e4 in the table of the post.
        for (length, expected) in [(1024, "4.3e3"), (2048, "1.2e4")] {
            let search = searched(length, [1e3, 1.3e4], 2e-3);
            let smallest = search.refined(10).map(|mut finer| {
                while !finer.step(usize::MAX).done {}
                finer.smallest().expect("found before")
            });
            assert_eq!(format!("{:.1e}", smallest.expect("found")), expected);
        }
    }

    #[test]
    fn a_base_is_good_up_to_the_distance_at_which_it_fails() {
        for base in [3e3, 1e4, 5e4] {
            let curve = semantic_aggregation_curve(base, 128, 10_000).expect("legal");
            let first = curve.iter().position(|&value| value < 0.0).expect("it fails");
            let good = |length| searched(length, [base, base], 1.0).smallest().is_some();
            assert!(good(first) && !good(first + 1), "{base} {first}");
        }
    }

    #[test]
    fn the_good_bases_are_not_an_interval() {
        let search = searched(1024, [1e3, 2e4], 2e-3);
        assert!(search.runs().len() > 1, "{:?}", search.runs());
        for run in search.runs() {
            for base in run {
                let curve = semantic_aggregation_curve(*base, 128, 1024).expect("legal");
                assert!(curve.iter().all(|&value| value >= -1e-9));
            }
        }
    }

    #[test]
    fn a_search_has_its_limits() {
        assert_eq!(BaseSearch::new(128, 1024, [1e2, 1e7], 1e-9).err(), Some(MathError::TooMany { limit: GRID_LIMIT }));
        assert!(BaseSearch::new(128, 1024, [1.0, 1e7], 1e-3).is_err());
        assert!(BaseSearch::new(128, 1024, [1e3, 1e2], 1e-3).is_err());
        assert!(BaseSearch::new(128, 0, [1e2, 1e3], 1e-3).is_err());
        assert!(BaseSearch::new(128, 8, [1e2, 1e3], 0.0).is_err());
        assert!(searched(8, [100.0, 100.0], 1e-3).refined(10).is_none());
    }
}
