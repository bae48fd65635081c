//! The shapes that the probabilities of many bugs or papers can have: equal, Zipf, two scales, the worst case.

use crate::error::MathError;
use crate::occupancy::ITEMS_LIMIT;
use crate::worst_case_rate::worst_probability;
use crate::zipf::{Rates, clamp_probability, zipf_rates};

/// How many things the widget opens with.
pub const OPENING_ITEMS: usize = 200;

/// The largest probability it opens with.
pub const OPENING_P_MAX: f64 = 0.05;

/// The exponent it opens with.
pub const OPENING_S: f64 = 1.5;

/// The seed it opens with.
pub const OPENING_SEED: u64 = 42;

/// A shape with its parameters. Probabilities are per request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RateProfile {
    /// All the same: the curve saturates.
    Equal {
        /// The probability.
        p: f64,
    },
    /// `p_max·i^{−s}`: a few loud ones and a long tail.
    Zipf {
        /// The largest probability.
        p_max: f64,
        /// The exponent.
        s: f64,
    },
    /// Some loud ones, all others quiet: the curve has two steps.
    TwoScale {
        /// How many are loud; all, if there are no more.
        loud: usize,
        /// The probability of a loud one.
        p_loud: f64,
        /// The probability of a quiet one.
        p_quiet: f64,
    },
    /// `1/(N+1)` each: the largest failure rate that is possible after `N` requests.
    WorstCase {
        /// `N`; fractions are dropped.
        requests: f64,
    },
}

impl Default for RateProfile {
    /// The opening scene of the spec.
    fn default() -> Self {
        Self::Zipf { p_max: OPENING_P_MAX, s: OPENING_S }
    }
}

impl RateProfile {
    /// The four presets, in the order of the spec, for [`OPENING_ITEMS`] things. The numbers of all but Zipf are our choice: each shows its
    /// effect within 10 million requests.
    pub const PRESETS: [Self; 4] = [
        Self::Equal { p: 1e-3 },
        Self::Zipf { p_max: OPENING_P_MAX, s: OPENING_S },
        Self::TwoScale { loud: 40, p_loud: 0.01, p_quiet: 1e-6 },
        Self::WorstCase { requests: 1000.0 },
    ];

    /// The probabilities of `m` things. A probability above 1 is cut to 1, and [`Rates::clamped`] says so.
    ///
    /// Shape: `m`; in two scales the loud come first.
    ///
    /// # Errors
    /// [`MathError::TooMany`] beyond [`ITEMS_LIMIT`]; [`MathError::ParameterOutOfRange`].
    pub fn rates(self, m: usize) -> Result<Rates, MathError> {
        if m > ITEMS_LIMIT {
            return Err(MathError::TooMany { limit: ITEMS_LIMIT });
        }
        match self {
            Self::Equal { p } => {
                let (p, clamped) = clamp_probability(p)?;
                Ok(Rates { p: vec![p; m], clamped })
            }
            Self::Zipf { p_max, s } => zipf_rates(m, p_max, s),
            Self::TwoScale { loud, p_loud, p_quiet } => {
                let (p_loud, loud_clamped) = clamp_probability(p_loud)?;
                let (p_quiet, quiet_clamped) = clamp_probability(p_quiet)?;
                let loud = loud.min(m);
                let mut p = vec![p_loud; loud];
                p.resize(m, p_quiet);
                Ok(Rates { p, clamped: loud_clamped || quiet_clamped })
            }
            Self::WorstCase { requests } => Ok(Rates { p: vec![worst_probability(requests)?; m], clamped: false }),
        }
    }
}
