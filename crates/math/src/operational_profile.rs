//! Use that changes: stages in which the same things have other probabilities, such as a private beta, a launch, ten times the traffic.

use crate::error::MathError;
use crate::occupancy::{Moments, Occupancy, moments, whole_requests};
use crate::rng::SplitMix64;
use std::sync::Arc;

/// So many requests under the same probabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The probabilities.
    pub occupancy: Arc<Occupancy>,
    /// How many requests; fractions are dropped. The last stage goes on without end.
    pub requests: f64,
}

/// Stages one after the other. Things keep their places from stage to stage, and what was met stays met.
///
/// Found, on an average, after `N_1, N_2, …` requests of each stage: `Σ 1 − Π(1−p_ik)^{N_k}`, our own derivation. The worst-case bound
/// holds within one stage only: a bug that was rare may become loud.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationalProfile {
    stages: Vec<Stage>,
}

impl OperationalProfile {
    /// Of at least one stage.
    ///
    /// # Errors
    /// [`MathError::Empty`]; [`MathError::LengthMismatch`] if the stages differ in their count of things; [`MathError::ParameterOutOfRange`] of a
    /// count of requests.
    pub fn new(stages: &[Stage]) -> Result<Self, MathError> {
        let first = stages.first().ok_or(MathError::Empty)?;
        for stage in stages {
            whole_requests(stage.requests)?;
            if stage.occupancy.len() != first.occupancy.len() {
                return Err(MathError::LengthMismatch { left: first.occupancy.len(), right: stage.occupancy.len() });
            }
        }
        Ok(Self { stages: stages.to_vec() })
    }

    /// One stage for ever.
    pub fn stationary(occupancy: Arc<Occupancy>) -> Self {
        Self { stages: vec![Stage { occupancy, requests: 0.0 }] }
    }

    /// The stages.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// `M`.
    pub fn len(&self) -> usize {
        self.last().occupancy.len()
    }

    /// `M = 0`.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn last(&self) -> &Stage {
        // There is at least one.
        &self.stages[self.stages.len() - 1]
    }

    /// Each stage with how many requests of it are among the first `n`.
    fn shares(&self, n: f64) -> impl Iterator<Item = (&Stage, f64)> {
        let last = self.stages.len() - 1;
        self.stages.iter().enumerate().scan(n, move |left, (at, stage)| {
            let share = if at == last { *left } else { left.min(stage.requests.floor()) };
            *left -= share;
            Some((stage, share))
        })
    }

    /// The stage that the request after the first `n` belongs to, 0-based.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn stage_at(&self, n: f64) -> Result<usize, MathError> {
        let mut left = whole_requests(n)?;
        for (at, stage) in self.stages.iter().enumerate() {
            if left < stage.requests.floor() {
                return Ok(at);
            }
            left -= stage.requests.floor();
        }
        Ok(self.stages.len() - 1)
    }

    /// What is expected after `n` requests in all; the rate is that of the next request, in its stage.
    ///
    /// # Errors
    /// Those of [`whole_requests`].
    pub fn at(&self, n: f64) -> Result<Moments, MathError> {
        let n = whole_requests(n)?;
        if self.stages.len() == 1 {
            return self.last().occupancy.at(n);
        }
        let next = self.stages[self.stage_at(n)?].occupancy.rates();
        let mut exponents = vec![0.0; self.len()];
        for (stage, share) in self.shares(n).filter(|&(_, share)| share > 0.0) {
            for (exponent, log) in exponents.iter_mut().zip(stage.occupancy.logs()) {
                *exponent += share * log;
            }
        }
        Ok(moments(1.0, &exponents, next))
    }

    /// The request, counted from 1, at which each thing is first met in one run: `+∞` for never. Shape: `M`.
    ///
    /// No request is simulated: with `E_i = −ln U_i`, one draw each, the thing is met where `Σ −ln(1−p)` over the requests reaches `E_i`.
    /// In a single stage that is `max(1, ⌈ln U/ln(1−p)⌉)`.
    pub fn first_hits(&self, seed: u64) -> Vec<f64> {
        let mut rng = SplitMix64::new(seed);
        (0..self.len()).map(|i| self.first_hit(i, rng.exponential())).collect()
    }

    fn first_hit(&self, i: usize, clock: f64) -> f64 {
        let (mut clock, mut before) = (clock, 0.0);
        for (at, stage) in self.stages.iter().enumerate() {
            let hazard = -stage.occupancy.logs()[i];
            let needed = if hazard > 0.0 { (clock / hazard).ceil().max(1.0) } else { f64::INFINITY };
            let here = stage.requests.floor();
            if at + 1 == self.stages.len() || needed <= here {
                // Beyond 2^64 is never, as in the golden convention of geometric numbers.
                return if before + needed < 18_446_744_073_709_551_616.0 { before + needed } else { f64::INFINITY };
            }
            clock = (clock - here * hazard).max(0.0);
            before += here;
        }
        f64::INFINITY
    }
}

/// The same probabilities dealt out anew to the things: what was loud may become quiet. For the label "stationary use", switched off.
///
/// Fisher–Yates; the bias of the remainder is below 2^-47.
pub fn shuffled(p: &[f64], seed: u64) -> Vec<f64> {
    let mut rng = SplitMix64::new(seed);
    let mut p = p.to_vec();
    for last in (1..p.len()).rev() {
        let other = rng.next_u64() % (last as u64 + 1);
        p.swap(last, other as usize);
    }
    p
}
