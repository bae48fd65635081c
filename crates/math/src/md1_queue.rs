//! The queue M/D/1: Poisson arrivals, one server, every service takes the same time; a queue that is served at a fixed interval.

use crate::error::MathError;
use crate::rng::SplitMix64;

/// Seconds between two requests that arXiv asks of programs: no more than one request every three seconds.
/// Source: the terms of use of its API, <https://info.arxiv.org/help/api/tou.html>.
pub const ARXIV_INTERVAL: f64 = 3.0;

/// So many services ahead the distribution of the wait is summed exactly; beyond, its exponential tail is exact to the last bit (the next
/// term is smaller by `e^{−2.09}` per service near saturation; for light load both are below 1e-16).
const LEVELS: usize = 24;

/// Arrivals per second and seconds per service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Md1Queue {
    arrivals: f64,
    interval: f64,
}

impl Md1Queue {
    /// With `arrivals ≥ 0` per second and `interval > 0` seconds per service.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`].
    pub fn new(arrivals: f64, interval: f64) -> Result<Self, MathError> {
        if !(arrivals >= 0.0 && arrivals.is_finite()) {
            return Err(MathError::ParameterOutOfRange(arrivals));
        }
        if !(interval > 0.0 && interval.is_finite()) {
            return Err(MathError::ParameterOutOfRange(interval));
        }
        if (arrivals * interval).is_finite() {
            Ok(Self { arrivals, interval })
        } else {
            Err(MathError::ParameterOutOfRange(arrivals))
        }
    }

    /// `Λ` per second.
    pub const fn arrivals(self) -> f64 {
        self.arrivals
    }

    /// `D` in seconds.
    pub const fn interval(self) -> f64 {
        self.interval
    }

    /// Utilisation `ρ = ΛD`; stable below 1.
    pub fn utilisation(self) -> f64 {
        self.arrivals * self.interval
    }

    /// The waiting times it settles to; `None` for `ρ ≥ 1`, where the queue grows without bound.
    pub fn steady(self) -> Option<Md1Steady> {
        (self.utilisation() < 1.0).then(|| Md1Steady::new(self))
    }

    /// By how many waiting requests per second the queue grows: `(ρ−1)/D`; 0 for `ρ ≤ 1` (at `ρ = 1` it grows as `√t`).
    pub fn growth(self) -> f64 {
        (self.utilisation() - 1.0).max(0.0) / self.interval
    }

    /// One run from an empty queue, arrival by arrival. Ends only if nothing arrives.
    pub const fn run(self, seed: u64) -> Md1Run {
        Md1Run { queue: self, rng: SplitMix64::new(seed), arrival: 0.0, free: 0.0 }
    }
}

/// What one arrival meets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visit {
    /// Its time, in seconds.
    pub arrival: f64,
    /// How long it waits until its service begins, in seconds.
    pub wait: f64,
}

/// The arrivals of one run, by Lindley's recursion `W' = max(0, W + D − A)`. One draw each.
#[derive(Clone, Debug, PartialEq)]
pub struct Md1Run {
    queue: Md1Queue,
    rng: SplitMix64,
    arrival: f64,
    /// When the server will have done all that has come.
    free: f64,
}

impl Iterator for Md1Run {
    type Item = Visit;

    fn next(&mut self) -> Option<Visit> {
        let gap = self.rng.exponential() / self.queue.arrivals;
        if !gap.is_finite() {
            return None;
        }
        self.arrival += gap;
        let wait = (self.free - self.arrival).max(0.0);
        self.free = self.arrival + wait + self.queue.interval;
        Some(Visit { arrival: self.arrival, wait })
    }
}

/// Waits from the times of arrival, which must rise, at a server with a fixed interval that is idle before; in seconds. Shape: as `arrivals`.
///
/// Lindley's recursion. For arrivals that are no Poisson stream, such as those behind a cache.
pub fn lindley_waits(arrivals: &[f64], interval: f64) -> Vec<f64> {
    debug_assert!(arrivals.is_sorted(), "the times of arrival must rise");
    let mut free = f64::NEG_INFINITY;
    let wait = |&arrival: &f64| {
        let begin = arrival.max(free);
        free = begin + interval;
        begin - arrival
    };
    arrivals.iter().map(wait).collect()
}

/// The steady state of a stable queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Md1Steady {
    queue: Md1Queue,
    /// `P(at most m are there)` (waiting or in service) for `m` in `0..=LEVELS + 1`.
    at_most: Vec<f64>,
    /// The tail `P(W > t) ≈ factor·e^{−decay·t}`, decay per second; `None` with no arrivals.
    tail: Option<(f64, f64)>,
}

impl Md1Steady {
    fn new(queue: Md1Queue) -> Self {
        Self { queue, at_most: at_most(queue.utilisation()), tail: tail(queue) }
    }

    /// The queue it belongs to.
    pub const fn queue(&self) -> Md1Queue {
        self.queue
    }

    /// `P(W = 0) = 1 − ρ`: the chance to be served at once.
    pub fn idle(&self) -> f64 {
        1.0 - self.queue.utilisation()
    }

    /// Mean wait until the service begins, `Wq = ρD/(2(1−ρ))` seconds: half that of M/M/1.
    ///
    /// Source: Pollaczek–Khinchine, <https://en.wikipedia.org/wiki/M/D/1_queue>.
    pub fn mean_wait(&self) -> f64 {
        self.queue.utilisation() * self.queue.interval / (2.0 * self.idle())
    }

    /// Mean time until the service is done, `Wq + D` seconds.
    pub fn mean_sojourn(&self) -> f64 {
        self.mean_wait() + self.queue.interval
    }

    /// Mean count of those waiting, `Lq = ΛWq` (Little).
    pub fn mean_waiting(&self) -> f64 {
        self.queue.arrivals * self.mean_wait()
    }

    /// `P(W ≤ t)`, `t` in seconds; 0 for negative `t`. Absolute error about 1e-15 over `1 − ρ`'s own rounding.
    ///
    /// The textbook's sum `(1−ρ)Σ_{j≤t/D} e^{−Λ(jD−t)}(Λ(jD−t))^j/j!` alternates and loses `e^{2Λt}` of its digits: at `ρ = 0.99` everything after
    /// 18 services. Here all terms are positive: with `k = ⌊t/D⌋ + 1`, `u = Λ(kD − t)`,
    /// `P(W ≤ t) = e^{−u} Σ_{j<k} P(L ≤ k − j) u^j/j!`, and beyond 24 services the exponential tail.
    /// Source: G. J. Franx, Oper. Res. Lett. 29 (2001) 221.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] for `NaN`.
    pub fn wait_cdf(&self, t: f64) -> Result<f64, MathError> {
        if t.is_nan() {
            return Err(MathError::ParameterOutOfRange(t));
        }
        let Some((factor, decay)) = self.tail else {
            return Ok(f64::from(u8::from(t >= 0.0)));
        };
        if t < 0.0 {
            return Ok(0.0);
        }
        let services = (t / self.queue.interval).floor();
        if services >= LEVELS as f64 {
            return Ok(1.0 - factor * (-decay * t).exp());
        }
        let k = services as usize + 1;
        let u = self.queue.arrivals * (k as f64 * self.queue.interval - t).max(0.0);
        let mut power = 1.0;
        let mut total = 0.0;
        for j in 0..k {
            total += self.at_most[k - j] * power;
            power *= u / (j as f64 + 1.0);
        }
        Ok(((-u).exp() * total).min(1.0))
    }

    /// `P(W > t)`; keeps its digits in the tail beyond 24 services.
    ///
    /// # Errors
    /// Those of [`Md1Steady::wait_cdf`].
    pub fn wait_tail(&self, t: f64) -> Result<f64, MathError> {
        match self.tail {
            Some((factor, decay)) if t >= LEVELS as f64 * self.queue.interval => Ok(factor * (-decay * t).exp()),
            _ => Ok(1.0 - self.wait_cdf(t)?),
        }
    }

    /// The shortest `t ≥ 0` with `P(W ≤ t) ≥ share`, in seconds: 0.5 the median, 0.95 what one of twenty waits longer than.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] unless `0 ≤ share < 1`.
    pub fn wait_quantile(&self, share: f64) -> Result<f64, MathError> {
        if !(0.0..1.0).contains(&share) {
            return Err(MathError::ParameterOutOfRange(share));
        }
        let Some((factor, decay)) = self.tail else {
            return Ok(0.0);
        };
        let seam = LEVELS as f64 * self.queue.interval;
        if self.wait_cdf(seam)? < share {
            return Ok(((factor / (1.0 - share)).ln() / decay).max(seam));
        }
        if self.wait_cdf(0.0)? >= share {
            return Ok(0.0);
        }
        let (mut low, mut high) = (0.0, seam);
        loop {
            let middle = low + 0.5 * (high - low);
            if middle <= low || middle >= high {
                return Ok(high);
            }
            if self.wait_cdf(middle)? < share {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /// `P(exactly n are there)`, waiting or in service, seen by an arrival or at any time; `None` beyond the 25 levels that are kept.
    pub fn count_probability(&self, n: usize) -> Option<f64> {
        let above = self.at_most.get(n)?;
        Some(if n == 0 { *above } else { above - self.at_most[n - 1] })
    }
}

/// `P(L ≤ m)` by cuts between neighbouring counts: who leaves downwards must have come upwards. All terms are positive.
///
/// `π_j P(A = 0) = π_0 P(A ≥ j) + Σ_{0<i<j} π_i P(A ≥ j+1−i)`, with `A` the arrivals during a service.
/// Source: V. Ramaswami, Stochastic Models 4 (1988) 183.
fn at_most(rho: f64) -> Vec<f64> {
    let many = at_least(rho);
    let none = (-rho).exp();
    let mut p = Vec::with_capacity(LEVELS + 2);
    p.push(1.0 - rho);
    for j in 1..LEVELS + 2 {
        let inner: f64 = (1..j).map(|i| p[i] * many[j + 1 - i]).sum();
        p.push((p[0] * many[j] + inner) / none);
    }
    let mut total = 0.0;
    for p in &mut p {
        total += *p;
        *p = total;
    }
    p
}

/// `P(A ≥ k)` for `k` in `0..=LEVELS + 2`, `A` Poisson with mean `rho < 1`; summed from the far end, so that nothing cancels.
fn at_least(rho: f64) -> Vec<f64> {
    // 20 more terms of a Poisson law with a mean below 1 are below 1e-40.
    let mut p = Vec::with_capacity(LEVELS + 23);
    let mut term = (-rho).exp();
    for k in 0..LEVELS + 23 {
        p.push(term);
        term *= rho / (k as f64 + 1.0);
    }
    let mut total = 0.0;
    for p in p.iter_mut().rev() {
        total += *p;
        *p = total;
    }
    p
}

/// Factor and decay per second of the tail of the wait: `x = ηD` is the positive root of `x = ρ(e^x − 1)`, the factor `(1−ρ)/(x − (1−ρ))`.
///
/// Source: Cramér–Lundberg, for example S. Asmussen, "Applied Probability and Queues", chapter XIII.
fn tail(queue: Md1Queue) -> Option<(f64, f64)> {
    let rho = queue.utilisation();
    if rho <= 0.0 {
        return None;
    }
    let target = -rho.ln();
    // ln((e^x − 1)/x) is convex and at least x/2, so that Newton's method comes down to the root from here.
    let mut x = 2.0 * target;
    for _ in 0..60 {
        let (value, slope) = ln_mean_exp(x);
        let next = x - (value - target) / slope;
        if next >= x || next <= 0.0 {
            break;
        }
        x = next;
    }
    let idle = 1.0 - rho;
    Some((idle / (x - idle), x / queue.interval))
}

/// `ln((e^x − 1)/x)` and its derivative, for `x ≥ 0`.
fn ln_mean_exp(x: f64) -> (f64, f64) {
    if x < 0.05 {
        // x/2 + x²/24 − x⁴/2880 + x⁶/181440 − …
        let square = x * x;
        let value = x * 0.5 + square * (1.0 / 24.0 - square * (1.0 / 2880.0 - square / 181_440.0));
        return (value, 0.5 + x * (1.0 / 12.0 - square * (1.0 / 720.0 - square / 30_240.0)));
    }
    let rest = -(-x).exp_m1();
    (x + rest.ln() - x.ln(), 1.0 / rest - 1.0 / x)
}
