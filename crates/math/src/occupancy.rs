//! The occupancy curve: how many of many unequal things have been met after so many independent trials.
//!
//! Two readings of one formula. Things that are *bugs*, each of which a request meets with its own probability: the curve is the count of
//! bugs found, its slope the failures per request still to come. Things that are *papers*, each with its own popularity: the curve is the
//! count of downloads that a cache leaves, its slope the chance that a click needs one.
//!
//! The post has none of this: the mathematics of the widget is ours, from the literature named with each function.
//! Post: <https://kexue.fm/archives/9920>.

use crate::error::MathError;
use crate::exp::{LANES, exp_and_exp_m1, exp_below_overflow, exp_f64, load, reduce};
use crate::perturb_max::Progress;
use std::sync::Arc;
use wide::f64x2;

/// The largest count of things.
pub const ITEMS_LIMIT: usize = 100_000;

/// The largest count of trials up to which every whole number is an `f64`: bisection goes no further.
pub const REQUESTS_LIMIT: f64 = 9_007_199_254_740_992.0; // 2^53

/// `M` things, each met by a trial with its own probability, independently of all else.
#[derive(Clone, Debug, PartialEq)]
pub struct Occupancy {
    rates: Vec<f64>,
    /// `ln(1 − p)`; a finite stand-in for `−∞`, so that its product with 0 is 0.
    logs: Vec<f64>,
}

/// What is expected after `N` trials.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// `D(N) = Σ 1 − (1−p)^N`, the things met: bugs found, or downloads needed. `0..=M`.
    pub found: f64,
    /// The variance of the count of things met, `Σ (1−p)^N (1 − (1−p)^N)`.
    pub variance: f64,
    /// `ρ(N) = Σ p(1−p)^N = D(N+1) − D(N)`: failures per request still to come if every bug is fixed as it is found; new papers per click.
    pub residual_rate: f64,
    /// `Σ (1−p)^N = M − D(N)`, the things not met, those with `p = 0` among them. Keeps its digits where `D` is nearly `M`.
    pub unfound: f64,
}

impl Moments {
    /// Standard deviation of the count of things met.
    pub fn deviation(&self) -> f64 {
        self.variance.sqrt()
    }

    /// `D ± k` standard deviations, cut to `0..=M`.
    pub fn band(&self, k: f64) -> (f64, f64) {
        let half = k * self.deviation();
        ((self.found - half).max(0.0), (self.found + half).min(self.found + self.unfound))
    }

    /// The variance if each of these `n` trials meets exactly one thing; see [`Occupancy::variance_one_a_trial`].
    pub fn variance_one_a_trial(&self, n: f64) -> f64 {
        (self.variance - n.floor() * self.residual_rate * self.residual_rate).max(0.0)
    }
}

/// A count of trials as it is used: fractions are dropped.
///
/// # Errors
/// [`MathError::ParameterOutOfRange`] unless finite and at least 0.
pub fn whole_requests(n: f64) -> Result<f64, MathError> {
    if n >= 0.0 && n.is_finite() { Ok(n.floor()) } else { Err(MathError::ParameterOutOfRange(n)) }
}

/// Checks that all numbers are probabilities, and not more than [`ITEMS_LIMIT`].
///
/// # Errors
/// [`MathError::TooMany`], [`MathError::NotProbability`].
pub fn check_probabilities(p: &[f64]) -> Result<(), MathError> {
    if p.len() > ITEMS_LIMIT {
        return Err(MathError::TooMany { limit: ITEMS_LIMIT });
    }
    match p.iter().enumerate().find(|(_, p)| !(0.0..=1.0).contains(*p)) {
        Some((index, &value)) => Err(MathError::NotProbability { index, value }),
        None => Ok(()),
    }
}

/// The sums over things of which `e^{times·log}` is the probability not to have been met, and `p` that of the next trial.
///
/// Shape: `logs` and `rates` alike. `logs` are at most 0; `−∞` is legal unless `times` is 0.
pub(crate) fn moments(times: f64, logs: &[f64], rates: &[f64]) -> Moments {
    let (logs, last_logs) = logs.as_chunks::<LANES>();
    let (rates, last_rates) = rates.as_chunks::<LANES>();
    let zero = [f64x2::ZERO; 4];
    let (mut minus_found, mut minus_variance, mut residual, mut unfound) = (zero, zero, zero, zero);
    for (logs, rates) in logs.iter().zip(rates) {
        let p = load(rates);
        let (left, minus_met) = exp_and_exp_m1(load(logs).map(|log| f64x2::splat(times) * log));
        for i in 0..4 {
            minus_found[i] += minus_met[i];
            minus_variance[i] += left[i] * minus_met[i];
            residual[i] += left[i] * p[i];
            unfound[i] += left[i];
        }
    }
    // Of 0 − x rather than −x, which of nothing is −0.
    let mut moments = Moments {
        found: 0.0 - reduce(minus_found),
        variance: 0.0 - reduce(minus_variance),
        residual_rate: reduce(residual),
        unfound: reduce(unfound),
    };
    for (&log, &p) in last_logs.iter().zip(last_rates) {
        let (left, met) = (exp_f64(times * log), 0.0 - (times * log).exp_m1());
        moments.found += met;
        moments.variance += left * met;
        moments.residual_rate += left * p;
        moments.unfound += left;
    }
    moments
}

impl Occupancy {
    /// Things with the given probabilities per trial, in any order. No things at all are legal, and all sums are 0.
    ///
    /// # Errors
    /// Those of [`check_probabilities`].
    pub fn new(p: &[f64]) -> Result<Self, MathError> {
        check_probabilities(p)?;
        let logs = p.iter().map(|&p| (-p).ln_1p().max(f64::MIN)).collect();
        Ok(Self { rates: p.to_vec(), logs })
    }

    /// `M`.
    pub const fn len(&self) -> usize {
        self.rates.len()
    }

    /// `M = 0`.
    pub const fn is_empty(&self) -> bool {
        self.rates.is_empty()
    }

    /// `p`, as given.
    pub fn rates(&self) -> &[f64] {
        &self.rates
    }

    /// `ln(1 − p)`, with the lowest number for `p = 1`.
    pub(crate) fn logs(&self) -> &[f64] {
        &self.logs
    }

    /// `Σ p = ρ(0)`: failures per request before anything is fixed; papers per click.
    pub fn total_rate(&self) -> f64 {
        crate::exp::sum(&self.rates)
    }

    /// How many things can be met at all: those with `p > 0`, the limit of `D`.
    pub fn reachable(&self) -> usize {
        self.rates.iter().filter(|&&p| p > 0.0).count()
    }

    /// All four sums after `n` trials (fractions dropped). Time `O(M)`, no allocation.
    ///
    /// With `(1−p)^N = e^{N ln(1−p)}` and `1 − (1−p)^N = −expm1(N ln(1−p))`, so that neither tiny `p` with huge `N` nor the last bugs lose
    /// digits. Relative error of each sum about 1e-15 + `N·ln(1/(1−p))`·1e-16 of the terms that matter.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn at(&self, n: f64) -> Result<Moments, MathError> {
        Ok(moments(whole_requests(n)?, &self.logs, &self.rates))
    }

    /// Probability `1 − (1−p_i)^n` that a thing has been met, for each. Shape: `M`.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn found_probabilities(&self, n: f64) -> Result<Vec<f64>, MathError> {
        let n = whole_requests(n)?;
        Ok(self.logs.iter().map(|log| 0.0 - (n * log).exp_m1()).collect())
    }

    /// Expected count `E f₁ = Σ N p (1−p)^{N−1}` of things met exactly once, when nothing is fixed; `N·ρ(N−1)`, the Good–Turing identity.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn singletons(&self, n: f64) -> Result<f64, MathError> {
        let n = whole_requests(n)?;
        if n < 1.0 { Ok(0.0) } else { Ok(n * self.at(n - 1.0)?.residual_rate) }
    }

    /// Expected count `E f₂ = Σ N(N−1)/2 p² (1−p)^{N−2}` of things met exactly twice, when nothing is fixed.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn doubletons(&self, n: f64) -> Result<f64, MathError> {
        let n = whole_requests(n)?;
        if n < 2.0 {
            return Ok(0.0);
        }
        let (logs, last_logs) = self.logs.as_chunks::<LANES>();
        let (rates, last_rates) = self.rates.as_chunks::<LANES>();
        let (times, n_1, n_2) = (f64x2::splat(n), f64x2::splat(n - 1.0), f64x2::splat(n - 2.0));
        let mut totals = [f64x2::ZERO; 4];
        for (logs, rates) in logs.iter().zip(rates) {
            let left = exp_below_overflow(load(logs).map(|log| n_2 * log));
            for ((total, left), p) in totals.iter_mut().zip(left).zip(load(rates)) {
                // N p first, so that neither p² underflows nor N² overflows.
                *total += (times * p) * (n_1 * p) * left;
            }
        }
        let term = |(&p, &log): (&f64, &f64)| (n * p) * ((n - 1.0) * p) * exp_f64((n - 2.0) * log);
        let last: f64 = last_rates.iter().zip(last_logs).map(term).sum();
        Ok(0.5 * (reduce(totals) + last))
    }

    /// Variance of the count of things met when every trial meets *exactly one* thing (`Σ p = 1`: a click asks for one paper), to leading order:
    /// that of independent things less `N (Σ p (1−p)^N)²`, because who meets one thing meets no other.
    ///
    /// Relative error `O(1/N)`; never negative. Source: H.-K. Hwang, S. Janson, Ann. Probab. 36 (2008) 992, urns with
    /// independent boxes and their correction. The mean `D` is the same in both cases.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn variance_one_a_trial(&self, n: f64) -> Result<f64, MathError> {
        Ok(self.at(n)?.variance_one_a_trial(n))
    }

    /// The least `N` with `D(N) ≥ target`; `None` if no `N` up to [`REQUESTS_LIMIT`] has. `target = M/2` gives the requests that find half the bugs.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] for `NaN`.
    pub fn requests_to_find(&self, target: f64) -> Result<Option<f64>, MathError> {
        if target.is_nan() {
            return Err(MathError::ParameterOutOfRange(target));
        }
        // The sums are rounded, so the last bug would be found too early; it is never found for certain unless all are at once.
        let everything = self.reachable() as f64;
        let certain = self.rates.iter().filter(|&&p| p >= 1.0).count() as f64;
        if target > everything || (target >= everything && certain < everything) {
            return Ok(None);
        }
        self.first(|moments| moments.found >= target)
    }

    /// The least `N` with `ρ(N) ≤ rate`; `None` if no `N` up to [`REQUESTS_LIMIT`] has.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] for `NaN`.
    pub fn requests_to_rate(&self, rate: f64) -> Result<Option<f64>, MathError> {
        if rate.is_nan() {
            return Err(MathError::ParameterOutOfRange(rate));
        }
        self.first(|moments| moments.residual_rate <= rate)
    }

    /// The least whole `N` for which a condition holds that holds from some `N` on: doubling, then bisection, some 100 sums at most.
    fn first(&self, holds: impl Fn(Moments) -> bool) -> Result<Option<f64>, MathError> {
        if holds(self.at(0.0)?) {
            return Ok(Some(0.0));
        }
        let (mut low, mut high) = (0.0, 1.0);
        while !holds(self.at(high)?) {
            if high >= REQUESTS_LIMIT {
                return Ok(None);
            }
            (low, high) = (high, 2.0 * high);
        }
        while high - low > 1.0 {
            let middle = f64::midpoint(low, high).floor();
            if holds(self.at(middle)?) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(Some(high))
    }
}

/// The curve at many `N`, in slices: a hundred thousand things at two hundred points are some 20 million exponentials.
#[derive(Clone, Debug)]
pub struct OccupancyCurve {
    occupancy: Arc<Occupancy>,
    requests: Vec<f64>,
    moments: Vec<Moments>,
}

impl OccupancyCurve {
    /// At the given counts of trials, in any order. Nothing is summed yet.
    ///
    /// # Errors
    /// Those of [`whole_requests`], for any of them.
    pub fn new(occupancy: Arc<Occupancy>, requests: &[f64]) -> Result<Self, MathError> {
        let requests = requests.iter().map(|&n| whole_requests(n)).collect::<Result<Vec<f64>, MathError>>()?;
        let moments = Vec::with_capacity(requests.len());
        Ok(Self { occupancy, requests, moments })
    }

    /// Does up to `budget` exponentials (2 to 4 ns each), at least one point's worth, and says how far the work is.
    ///
    /// # Errors
    /// None: the counts were checked.
    pub fn step(&mut self, budget: usize) -> Result<Progress, MathError> {
        let points = (budget / self.occupancy.len().max(1)).max(1);
        for &n in self.requests.iter().skip(self.moments.len()).take(points) {
            self.moments.push(self.occupancy.at(n)?);
        }
        Ok(self.progress())
    }

    /// How far the work is.
    pub fn progress(&self) -> Progress {
        let (done, all) = (self.moments.len(), self.requests.len());
        Progress { done: done == all, fraction: if all == 0 { 1.0 } else { done as f64 / all as f64 } }
    }

    /// The counts of trials, fractions dropped, in the order given.
    pub fn requests(&self) -> &[f64] {
        &self.requests
    }

    /// The sums so far, in the order of [`OccupancyCurve::requests`].
    pub fn moments(&self) -> &[Moments] {
        &self.moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tiny_probability_keeps_its_digits_over_a_huge_count() {
        let one = Occupancy::new(&[1e-12]).expect("legal").at(1e12).expect("legal");
        // 1 − (1 − 1/n)^n = 1 − e^{−1}(1 − 1/2n + …).
        let limit = 1.0 - (-1.0_f64).exp();
        assert!((one.found - limit).abs() < 1e-12, "{}", one.found);
    }

    #[test]
    fn one_thing_a_trial_spreads_less_than_independent_things() {
        let urns = Occupancy::new(&[0.5, 0.3, 0.2]).expect("legal");
        let moments = urns.at(7.9).expect("legal");
        let spread = moments.variance_one_a_trial(7.9);
        assert!(spread < moments.variance && (spread - (moments.variance - 7.0 * moments.residual_rate.powi(2))).abs() < 1e-15);
        assert_eq!(urns.variance_one_a_trial(7.9), Ok(spread));
    }

    #[test]
    fn lanes_and_the_rest_agree() {
        for m in 0..40_usize {
            let p: Vec<f64> = (0..m).map(|i| 0.9 / (1.0 + i as f64)).collect();
            let got = Occupancy::new(&p).expect("legal").at(7.0).expect("legal");
            let sum = |term: &dyn Fn(f64) -> f64| p.iter().map(|&p| term(p)).sum::<f64>();
            let left = |p: f64| (1.0 - p).powi(7);
            assert!((got.found - sum(&|p| 1.0 - left(p))).abs() < 1e-13);
            assert!((got.variance - sum(&|p| left(p) * (1.0 - left(p)))).abs() < 1e-13);
            assert!((got.residual_rate - sum(&|p| p * left(p))).abs() < 1e-13);
            assert!((got.unfound - sum(&left)).abs() < 1e-13);
        }
    }
}
