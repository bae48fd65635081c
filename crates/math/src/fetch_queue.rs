//! Downloads behind a cache, one at a fixed interval: the occupancy curve read as work for a queue.
//!
//! A click that asks for a paper nobody asked for before needs a download; all others are served from the cache (or wait for the download
//! that is under way). The arrivals at the queue are therefore `Λρ(N)` per second after `N` clicks: the same curve that tells how bugs dry up.

use crate::discovery_run::in_order;
use crate::error::MathError;
use crate::md1_queue::{Md1Queue, lindley_waits};
use crate::occupancy::Occupancy;
use crate::rng::SplitMix64;
use std::sync::Arc;

/// Papers, clicks per second, seconds per download.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchQueue {
    papers: Arc<Occupancy>,
    /// Interval and clicks, checked.
    queue: Md1Queue,
}

/// What a cache has done after `N` clicks; expected values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CacheReading {
    /// Papers asked for, `NΣp`; the clicks themselves if each asks for one.
    pub asked: f64,
    /// Downloads with a cache, `D(N)`.
    pub downloads: f64,
    /// Downloads that the cache saves, `NΣp − D(N)`.
    pub saved: f64,
    /// Share of what is asked for that the cache has, `0..=1`; 0 if nothing is asked for.
    pub hit_share: f64,
    /// Seconds that the downloads take one after the other, `interval·D(N)`.
    pub drain: f64,
    /// The same without a cache, `interval·NΣp`.
    pub drain_without: f64,
}

/// One download of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fetch {
    /// When the paper was first asked for, in seconds.
    pub arrival: f64,
    /// How long the request waits for its turn, in seconds.
    pub wait: f64,
    /// 0-based index of the paper.
    pub item: u32,
}

impl FetchQueue {
    /// With `clicks ≥ 0` per second and `interval > 0` seconds per download.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`].
    pub fn new(papers: Arc<Occupancy>, clicks: f64, interval: f64) -> Result<Self, MathError> {
        Ok(Self { papers, queue: Md1Queue::new(clicks, interval)? })
    }

    /// What the cache has done after `n` clicks.
    ///
    /// # Errors
    /// Those of [`Occupancy::at`].
    pub fn cache(&self, n: f64) -> Result<CacheReading, MathError> {
        let downloads = self.papers.at(n)?.found;
        let asked = n.floor() * self.papers.total_rate();
        // At one click both are equal up to rounding.
        let saved = (asked - downloads).max(0.0);
        let interval = self.queue.interval();
        Ok(CacheReading {
            asked,
            downloads,
            saved,
            hit_share: if asked > 0.0 { saved / asked } else { 0.0 },
            drain: interval * downloads,
            drain_without: interval * asked,
        })
    }

    /// The queue as it is loaded after `n` clicks, with arrivals `Λρ(n)`; for `n = 0`, and always without a cache, `ΛΣp`.
    ///
    /// The arrivals thin out as the cache fills: the steady state of this queue is that of a cache that stays as it is now.
    ///
    /// # Errors
    /// Those of [`Occupancy::at`]; [`MathError::ParameterOutOfRange`] if the load overflows.
    pub fn loaded(&self, n: f64) -> Result<Md1Queue, MathError> {
        Md1Queue::new(self.queue.arrivals() * self.papers.at(n)?.residual_rate, self.queue.interval())
    }

    /// After how many clicks the queue is stable, the least `N` with `ΛDρ(N) < 1`; by the worst-case bound at the latest after `MΛD/e`, whatever
    /// is popular. `None` if not within 2^53.
    ///
    /// # Errors
    /// Those of [`Occupancy::at`].
    pub fn stable_after(&self) -> Result<Option<f64>, MathError> {
        let capacity = 1.0 / (self.queue.arrivals() * self.queue.interval());
        // Below, not at: the next smaller number.
        if capacity.is_finite() { self.papers.requests_to_rate(capacity.next_down()) } else { Ok(Some(0.0)) }
    }

    /// Expected requests in the queue after `seconds`, as of a fluid from an empty cache: `max(0, D(Λt) − t/interval)`.
    ///
    /// Exact for the fluid because `D` is concave: the queue never runs dry before it is empty for good. Our own derivation.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] unless `seconds` is finite and at least 0.
    pub fn backlog(&self, seconds: f64) -> Result<f64, MathError> {
        check_seconds(seconds)?;
        let clicks = self.queue.arrivals() * seconds;
        let moments = self.papers.at(clicks)?;
        // ρ(N) is the next difference of D: a straight line from whole click to whole click.
        let found = moments.found + clicks.fract() * moments.residual_rate;
        Ok((found - seconds / self.queue.interval()).max(0.0))
    }

    /// The same without a cache: `max(0, ΛΣp·t − t/interval)`.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] unless `seconds` is finite and at least 0.
    pub fn backlog_without_cache(&self, seconds: f64) -> Result<f64, MathError> {
        check_seconds(seconds)?;
        let rate = self.queue.arrivals() * self.papers.total_rate() - 1.0 / self.queue.interval();
        Ok((rate * seconds).max(0.0))
    }

    /// When the backlog is largest, in seconds, and how large; `None` if it only grows within 2^53 clicks.
    ///
    /// # Errors
    /// Those of [`Occupancy::at`].
    pub fn peak(&self) -> Result<Option<(f64, f64)>, MathError> {
        let Some(clicks) = self.stable_after()? else {
            return Ok(None);
        };
        if clicks < 1.0 {
            return Ok(Some((0.0, 0.0)));
        }
        let seconds = clicks / self.queue.arrivals();
        // Not by `backlog`: seconds times arrivals may be rounded to below the whole number.
        let backlog = (self.papers.at(clicks)?.found - seconds / self.queue.interval()).max(0.0);
        Ok(Some((seconds, backlog)))
    }

    /// When the backlog is worked off, in seconds: at most `interval·M`. 0 if there never is one.
    ///
    /// # Errors
    /// Those of [`Occupancy::at`].
    pub fn drained_after(&self) -> Result<f64, MathError> {
        let most = self.queue.interval() * self.papers.len() as f64;
        let Some((peak, backlog)) = self.peak()? else {
            return Ok(most);
        };
        if backlog <= 0.0 {
            return Ok(peak);
        }
        let (mut low, mut high) = (peak, most.max(peak));
        loop {
            let middle = low + 0.5 * (high - low);
            if middle <= low || middle >= high {
                return Ok(high);
            }
            if self.backlog(middle)? > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /// One run: when each paper is first asked for and how long its download waits, in the order of arrival. Papers never asked for are left out.
    ///
    /// No click is simulated: papers have independent exponential clocks of rate `Λp`, one draw each, the same draws as the first meetings of
    /// [`DiscoveryRun`](crate::discovery_run::DiscoveryRun).
    pub fn run(&self, seed: u64) -> Vec<Fetch> {
        let mut rng = SplitMix64::new(seed);
        let clicks = self.queue.arrivals();
        let first: Vec<f64> = self
            .papers
            .rates()
            .iter()
            .map(|&p| {
                let clock = rng.exponential();
                if p > 0.0 && clicks > 0.0 { clock / p / clicks } else { f64::INFINITY }
            })
            .collect();
        let (order, _) = in_order(self.papers.rates(), &first);
        let arrivals: Vec<f64> = order.iter().map(|discovery| discovery.request).collect();
        let waits = lindley_waits(&arrivals, self.queue.interval());
        order.iter().zip(waits).map(|(at, wait)| Fetch { arrival: at.request, wait, item: at.item }).collect()
    }
}

fn check_seconds(seconds: f64) -> Result<(), MathError> {
    if seconds >= 0.0 && seconds.is_finite() { Ok(()) } else { Err(MathError::ParameterOutOfRange(seconds)) }
}
