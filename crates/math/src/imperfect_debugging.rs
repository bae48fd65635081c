//! Imperfect debugging: fixes that take time, fixes that fail, and users who repeat themselves.
//!
//! What the labels "instant and perfect fixes" and "independent requests" are worth, by switching them off. All of it is our own derivation.

use crate::error::MathError;
use crate::occupancy::{Occupancy, whole_requests};
use crate::worst_case_rate::worst_case_rate;
use std::sync::Arc;

/// How real life falls short. The default is the ideal: at once, always, independently.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Imperfections {
    /// Requests between a report and its fix, at least 0.
    pub delay: f64,
    /// Probability that a fix changes nothing, `0..=1`, anew for each report.
    pub failing: f64,
    /// How often each request is repeated in a row by its user, at least 1: so many requests tell as much as one.
    pub burst: f64,
}

impl Default for Imperfections {
    fn default() -> Self {
        Self { delay: 0.0, failing: 0.0, burst: 1.0 }
    }
}

/// Bugs under imperfect debugging.
#[derive(Clone, Debug, PartialEq)]
pub struct ImperfectDebugging {
    occupancy: Arc<Occupancy>,
    /// The same with the probabilities of a report whose fix works.
    cured: Occupancy,
    how: Imperfections,
}

impl ImperfectDebugging {
    /// Prepares the sums.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] of an imperfection.
    pub fn new(occupancy: Arc<Occupancy>, how: Imperfections) -> Result<Self, MathError> {
        whole_requests(how.delay)?;
        if !(0.0..=1.0).contains(&how.failing) {
            return Err(MathError::ParameterOutOfRange(how.failing));
        }
        if !(how.burst >= 1.0 && how.burst.is_finite()) {
            return Err(MathError::ParameterOutOfRange(how.burst));
        }
        let thinned: Vec<f64> = occupancy.rates().iter().map(|p| p * (1.0 - how.failing)).collect();
        Ok(Self { cured: Occupancy::new(&thinned)?, occupancy, how })
    }

    /// Independent requests among `n`: `⌊n/burst⌋`.
    fn independent(&self, n: f64) -> f64 {
        (n / self.how.burst).floor()
    }

    /// Independent requests whose reports have been worked on after `n`.
    fn answered(&self, n: f64) -> Result<f64, MathError> {
        Ok(self.independent((whole_requests(n)? - self.how.delay.floor()).max(0.0)))
    }

    /// Bugs *reported* after `n` requests, `D(⌊n/burst⌋)`: fixes do not change when a bug is met first.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn found(&self, n: f64) -> Result<f64, MathError> {
        Ok(self.occupancy.at(self.independent(whole_requests(n)?))?.found)
    }

    /// Bugs still there after `n` requests: `Σ (1−cp)^K`, with `c = 1 − failing` and `K` the independent requests up to `delay` ago.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn remaining(&self, n: f64) -> Result<f64, MathError> {
        Ok(self.cured.at(self.answered(n)?)?.unfound)
    }

    /// Failures per request after `n`: `Σ p(1−cp)^K`, the notation as in [`ImperfectDebugging::remaining`].
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn residual_rate(&self, n: f64) -> Result<f64, MathError> {
        let works = 1.0 - self.how.failing;
        if works <= 0.0 {
            whole_requests(n)?;
            return Ok(self.occupancy.total_rate());
        }
        Ok(self.cured.at(self.answered(n)?)?.residual_rate / works)
    }

    /// The largest failure rate that any bugs can have after `n` requests: `1/c` times the [`worst_case_rate`] after `K` requests; as long as
    /// `c(K+1) < 1`, `M(1−c)^K`.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn ceiling(&self, n: f64) -> Result<f64, MathError> {
        let (m, works) = (self.occupancy.len(), 1.0 - self.how.failing);
        let answered = self.answered(n)?;
        // The maximum of p(1−cp)^K over 0..=1 is at p = 1/(c(K+1)), or at 1 if that is beyond.
        if works * (answered + 1.0) >= 1.0 {
            Ok(worst_case_rate(m, answered)? / works)
        } else {
            Ok(m as f64 * self.how.failing.powf(answered))
        }
    }
}
