//! Race conditions: bugs that need a second request within a moment, and therefore traffic.

use crate::error::MathError;
use crate::occupancy::{ITEMS_LIMIT, check_probabilities};

/// Seconds of a day.
pub const DAY: f64 = 86_400.0;

/// A bug that a request meets if it takes the right path *and* another one arrives within a window of time after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RaceCondition {
    /// Probability `q` that a request takes the path, `0..=1`.
    path: f64,
    /// Window `w ≥ 0` in seconds.
    window: f64,
}

impl RaceCondition {
    /// With the probability of the path and the window in seconds.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] unless `path` is in `0..=1` and `window` finite and at least 0.
    pub fn new(path: f64, window: f64) -> Result<Self, MathError> {
        if !(0.0..=1.0).contains(&path) {
            return Err(MathError::ParameterOutOfRange(path));
        }
        if !(window >= 0.0 && window.is_finite()) {
            return Err(MathError::ParameterOutOfRange(window));
        }
        Ok(Self { path, window })
    }

    /// `q`.
    pub const fn path(self) -> f64 {
        self.path
    }

    /// `w`, in seconds.
    pub const fn window(self) -> f64 {
        self.window
    }

    /// Probability per request, `q(1 − e^{−Λw})`, at a Poisson stream of `arrivals` per second: near 0 with few users.
    ///
    /// Source: the chance of an arrival within `w`; our own model of the post's remark that many errors appear only under heavy traffic.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] unless `arrivals` is finite and at least 0.
    pub fn per_request(self, arrivals: f64) -> Result<f64, MathError> {
        check_arrivals(arrivals)?;
        Ok(self.path * (0.0 - (-arrivals * self.window).exp_m1()))
    }

    /// Failures per day, `86400·Λ·q(1 − e^{−Λw})`: as `Λ²` while `Λw ≪ 1`, as `Λ` beyond.
    ///
    /// # Errors
    /// Those of [`RaceCondition::per_request`], also if the product overflows.
    pub fn per_day(self, arrivals: f64) -> Result<f64, MathError> {
        let failures = DAY * arrivals * self.per_request(arrivals)?;
        if failures.is_finite() { Ok(failures) } else { Err(MathError::ParameterOutOfRange(arrivals)) }
    }

    /// The arrivals per second at which the bug strikes `failures` times a day; about `√(failures/(86400 q w))` while `Λw ≪ 1`. `None` for a
    /// bug that never strikes.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] unless `failures` is finite and at least 0.
    pub fn arrivals_for(self, failures: f64) -> Result<Option<f64>, MathError> {
        check_arrivals(failures)?;
        if failures <= 0.0 {
            return Ok(Some(0.0));
        }
        // With x = Λw it is x(1 − e^{−x}) = c, between √c and √c + c: because 1 − e^{−x} is between x/(1+x) and x.
        let c = failures / DAY / self.path * self.window;
        if !(c > 0.0 && c.is_finite()) {
            return Ok(None);
        }
        let (mut low, mut high) = (c.sqrt(), c.sqrt() + c);
        while low < high {
            let middle = low + 0.5 * (high - low);
            if middle <= low || middle >= high {
                break;
            }
            if middle * -(-middle).exp_m1() < c {
                low = middle;
            } else {
                high = middle;
            }
        }
        let arrivals = high / self.window;
        Ok(arrivals.is_finite().then_some(arrivals))
    }
}

fn check_arrivals(value: f64) -> Result<(), MathError> {
    if value >= 0.0 && value.is_finite() { Ok(()) } else { Err(MathError::ParameterOutOfRange(value)) }
}

/// Arrivals per second of so many users a day, each of whom makes so many requests.
///
/// # Errors
/// [`MathError::ParameterOutOfRange`] unless both and the result are finite and at least 0.
pub fn arrivals_per_second(users_a_day: f64, requests_each: f64) -> Result<f64, MathError> {
    check_arrivals(users_a_day)?;
    check_arrivals(requests_each)?;
    let arrivals = users_a_day * requests_each / DAY;
    check_arrivals(arrivals)?;
    Ok(arrivals)
}

/// `count` race conditions of one path probability whose windows go evenly on a logarithmic scale from `shortest` to `longest` seconds.
///
/// One alone has the shortest window. For the picture in which they light up one after the other as traffic grows.
///
/// # Errors
/// [`MathError::TooMany`] beyond [`ITEMS_LIMIT`]; [`MathError::ParameterOutOfRange`] unless `0 < shortest ≤ longest` are finite and `path` is in `0..=1`.
pub fn race_ladder(count: usize, path: f64, shortest: f64, longest: f64) -> Result<Vec<RaceCondition>, MathError> {
    if count > ITEMS_LIMIT {
        return Err(MathError::TooMany { limit: ITEMS_LIMIT });
    }
    if !(shortest > 0.0 && shortest.is_finite()) {
        return Err(MathError::ParameterOutOfRange(shortest));
    }
    if !(longest >= shortest && longest.is_finite()) {
        return Err(MathError::ParameterOutOfRange(longest));
    }
    let (low, high) = (shortest.ln(), longest.ln());
    let last = count.saturating_sub(1);
    let window = |i: usize| match i {
        // The exponential of a logarithm is rounded; the ends are exact.
        0 => shortest,
        _ if i == last => longest,
        _ => (low + (high - low) * (i as f64 / last as f64)).exp().clamp(shortest, longest),
    };
    (0..count).map(|i| RaceCondition::new(path, window(i))).collect()
}

/// Probabilities per request of ordinary bugs, as given, followed by those of race conditions at a traffic of `arrivals` per second.
///
/// Shape: ordinary, then races. What [`Occupancy::new`](crate::occupancy::Occupancy::new) takes.
///
/// # Errors
/// Those of [`check_probabilities`] and [`RaceCondition::per_request`].
pub fn rates_under_traffic(ordinary: &[f64], races: &[RaceCondition], arrivals: f64) -> Result<Vec<f64>, MathError> {
    check_probabilities(ordinary)?;
    check_arrivals(arrivals)?;
    if ordinary.len() + races.len() > ITEMS_LIMIT {
        return Err(MathError::TooMany { limit: ITEMS_LIMIT });
    }
    let races = races.iter().map(|race| race.per_request(arrivals));
    ordinary.iter().map(|&p| Ok(p)).chain(races).collect()
}
