//! One seeded run of discovery: at which request each thing is met for the first, the second, the third time.
//!
//! Requests are never simulated one by one: the gaps between two meetings of a thing are geometric numbers, so a run of a billion requests
//! costs three draws a thing.

use crate::error::MathError;
use crate::occupancy::{Occupancy, whole_requests};
use crate::operational_profile::OperationalProfile;
use crate::order::order_descending;
use crate::rng::SplitMix64;
use std::sync::Arc;

/// A thing and the request that met it first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Discovery {
    /// The request, counted from 1: a whole number.
    pub request: f64,
    /// 0-based index of the thing.
    pub item: u32,
}

/// What has been seen after `N` requests of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spectrum {
    /// Things met.
    pub found: usize,
    /// Things met exactly once, `f₁`.
    pub singletons: usize,
    /// Things met exactly twice, `f₂`.
    pub doubletons: usize,
    /// `Σ p` over the things not met: what the Good–Turing estimate `f₁/N` estimates.
    pub residual_rate: f64,
}

/// A run, each thing met again and again, whether fixed or not: reports are counted on.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscoveryRun {
    rates: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    third: Vec<f64>,
    discoveries: Vec<Discovery>,
    /// `Σ p` of the things not met after `k` discoveries.
    remaining: Vec<f64>,
}

impl DiscoveryRun {
    /// The run of a seed.
    ///
    /// First meetings by the draws `0..M` of the seed, `max(1, ⌈ln U/ln(1−p)⌉)`, the gaps to the second by `M..2M`, to the third by `2M..3M`.
    pub fn new(occupancy: &Arc<Occupancy>, seed: u64) -> Self {
        let first = OperationalProfile::stationary(Arc::clone(occupancy)).first_hits(seed);
        let m = occupancy.len() as u64;
        let again = |earlier: &[f64], drawn: u64| -> Vec<f64> {
            let mut rng = SplitMix64::at(seed, drawn);
            let gap = |(&p, earlier): (&f64, &f64)| match rng.geometric(p) {
                u64::MAX => f64::INFINITY,
                gap => earlier + gap as f64,
            };
            occupancy.rates().iter().zip(earlier).map(gap).collect()
        };
        let second = again(&first, m);
        let third = again(&second, 2 * m);
        let (discoveries, remaining) = in_order(occupancy.rates(), &first);
        Self { rates: occupancy.rates().to_vec(), first, second, third, discoveries, remaining }
    }

    /// The request of the first meeting of each thing, counted from 1; `+∞` for never. Shape: `M`.
    pub fn first_hits(&self) -> &[f64] {
        &self.first
    }

    /// The discoveries in their order, those of one request by index: the steps of the curve.
    pub fn discoveries(&self) -> &[Discovery] {
        &self.discoveries
    }

    /// Has a thing been met after `n` requests? Not so if there is no such thing.
    pub fn is_found(&self, item: usize, n: f64) -> bool {
        self.first.get(item).is_some_and(|&hit| hit <= n)
    }

    /// How many have been met after `n` requests. Time `O(log M)`.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn found(&self, n: f64) -> Result<usize, MathError> {
        let n = whole_requests(n)?;
        Ok(self.discoveries.partition_point(|discovery| discovery.request <= n))
    }

    /// `Σ p` over the things not met after `n` requests: how often the next one fails in this run, if all found bugs are fixed. Time `O(log M)`.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn residual_rate(&self, n: f64) -> Result<f64, MathError> {
        Ok(self.remaining[self.found(n)?])
    }

    /// All counts after `n` requests. Time `O(M)`.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn spectrum(&self, n: f64) -> Result<Spectrum, MathError> {
        let n = whole_requests(n)?;
        let mut spectrum = Spectrum { residual_rate: self.residual_rate(n)?, ..Spectrum::default() };
        for ((&first, &second), &third) in self.first.iter().zip(&self.second).zip(&self.third) {
            spectrum.found += usize::from(first <= n);
            spectrum.singletons += usize::from(first <= n && n < second);
            spectrum.doubletons += usize::from(second <= n && n < third);
        }
        Ok(spectrum)
    }

    /// `p`, as given.
    pub fn rates(&self) -> &[f64] {
        &self.rates
    }
}

/// Finite first meetings in their order, and the rates that remain after each number of them, summed from the end so that the last digits of
/// the rare ones are not lost behind the loud ones.
pub(crate) fn in_order(rates: &[f64], first: &[f64]) -> (Vec<Discovery>, Vec<f64>) {
    let negated: Vec<f64> = first.iter().map(|hit| -hit).collect();
    let order = order_descending(&negated);
    let discoveries: Vec<Discovery> = order
        .iter()
        .map(|&item| Discovery { request: first[item as usize], item })
        .take_while(|discovery| discovery.request.is_finite())
        .collect();
    let mut left: f64 = order.iter().skip(discoveries.len()).map(|&item| rates[item as usize]).sum();
    let mut remaining = vec![left; discoveries.len() + 1];
    for (at, discovery) in discoveries.iter().enumerate().rev() {
        left += rates[discovery.item as usize];
        remaining[at] = left;
    }
    (discoveries, remaining)
}
