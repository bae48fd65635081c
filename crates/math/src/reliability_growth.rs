//! The smooth models of reliability growth: Goel–Okumoto, Littlewood, Musa–Okumoto.
//!
//! Each is the occupancy curve in continuous time for a law of the rates: all equal, gamma distributed, and the limit of ever more and ever
//! rarer bugs. `t` is in requests if the rates are per request.

use crate::error::MathError;
use crate::occupancy::check_probabilities;

/// A model with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GrowthModel {
    /// `M(1 − e^{−λt})`, all rates equal. Source: A. L. Goel, K. Okumoto, IEEE Trans. Reliability 28 (1979) 206.
    GoelOkumoto {
        /// Count of bugs, `M ≥ 0`.
        bugs: f64,
        /// Rate of each, `λ ≥ 0`.
        rate: f64,
    },
    /// `M(1 − (b/(b+t))^a)`, rates of a gamma law with shape `a` and rate `b`. Source: B. Littlewood, IEEE Trans. Reliability 30 (1981) 313.
    Littlewood {
        /// Count of bugs, `M ≥ 0`.
        bugs: f64,
        /// `a > 0`, unitless.
        shape: f64,
        /// `b > 0`, a time.
        scale: f64,
    },
    /// `ln(1 + λ₀θt)/θ`, unbounded; `λ₀t` for `θ = 0`. Source: J. D. Musa, K. Okumoto, Proc. 7th ICSE (1984) 230.
    MusaOkumoto {
        /// Failures per time at the beginning, `λ₀ ≥ 0`.
        initial: f64,
        /// By how much the logarithm of the rate falls with each bug, `θ ≥ 0`.
        decay: f64,
    },
}

impl GrowthModel {
    /// Is every parameter in its range?
    fn check(self) -> Result<(), MathError> {
        let (nonnegative, positive): ([f64; 2], [f64; 2]) = match self {
            Self::GoelOkumoto { bugs, rate } => ([bugs, rate], [1.0, 1.0]),
            Self::Littlewood { bugs, shape, scale } => ([bugs, 0.0], [shape, scale]),
            Self::MusaOkumoto { initial, decay } => ([initial, decay], [1.0, 1.0]),
        };
        let bad = nonnegative.into_iter().find(|value| !(*value >= 0.0 && value.is_finite()));
        match bad.or_else(|| positive.into_iter().find(|value| !(*value > 0.0 && value.is_finite()))) {
            Some(value) => Err(MathError::ParameterOutOfRange(value)),
            None => Ok(()),
        }
    }

    fn check_with(self, t: f64) -> Result<(), MathError> {
        self.check()?;
        if t >= 0.0 && t.is_finite() { Ok(()) } else { Err(MathError::ParameterOutOfRange(t)) }
    }

    /// Expected bugs found by the time `t ≥ 0`.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] with the first parameter, or `t`, that is out of its range or makes the result overflow.
    pub fn found(self, t: f64) -> Result<f64, MathError> {
        self.check_with(t)?;
        let found = match self {
            Self::GoelOkumoto { bugs, rate } => bugs * (0.0 - (-rate * t).exp_m1()),
            Self::Littlewood { bugs, shape, scale } => bugs * (0.0 - (-shape * (t / scale).ln_1p()).exp_m1()),
            Self::MusaOkumoto { initial, decay } if decay > 0.0 => (initial * t * decay).ln_1p() / decay,
            Self::MusaOkumoto { initial, .. } => initial * t,
        };
        if found.is_finite() { Ok(found) } else { Err(MathError::ParameterOutOfRange(t)) }
    }

    /// Failures per time at `t ≥ 0`, the derivative of [`GrowthModel::found`].
    ///
    /// # Errors
    /// Those of [`GrowthModel::found`].
    pub fn intensity(self, t: f64) -> Result<f64, MathError> {
        self.check_with(t)?;
        let intensity = match self {
            Self::GoelOkumoto { bugs, rate } => bugs * rate * (-rate * t).exp(),
            Self::Littlewood { bugs, shape, scale } => bugs * (shape / scale) * (-(shape + 1.0) * (t / scale).ln_1p()).exp(),
            Self::MusaOkumoto { initial, decay } => initial / (1.0 + initial * decay * t),
        };
        if intensity.is_finite() { Ok(intensity) } else { Err(MathError::ParameterOutOfRange(t)) }
    }

    /// The three models that begin as the given probabilities do: with the failure rate `Σp` and its first decline `Σp²`; the first two also
    /// with their count. `None` in place of Littlewood if all are equal: then it is Goel–Okumoto. All `None` if nothing can fail.
    ///
    /// Goel–Okumoto has one parameter less and takes the rate alone. The choice is our own: `a/b` and `a/b²` are mean and variance of the
    /// rates, `θ = Σp²/(Σp)²`.
    ///
    /// # Errors
    /// Those of [`check_probabilities`].
    pub fn matched(p: &[f64]) -> Result<[Option<Self>; 3], MathError> {
        check_probabilities(p)?;
        let bugs = p.len() as f64;
        // In units of the largest, so that no square underflows.
        let largest = p.iter().copied().fold(0.0, f64::max);
        if largest <= 0.0 {
            return Ok([None; 3]);
        }
        let mean = p.iter().map(|p| p / largest).sum::<f64>() / bugs;
        let square = p.iter().map(|p| (p / largest) * (p / largest)).sum::<f64>() / bugs;
        let variance = p.iter().map(|p| (p / largest - mean) * (p / largest - mean)).sum::<f64>() / bugs;
        let goel_okumoto = Self::GoelOkumoto { bugs, rate: mean * largest };
        // Below this the spread is that of rounding.
        let spread = variance > 1e-24 * mean * mean;
        let littlewood = Self::Littlewood { bugs, shape: mean * mean / variance, scale: mean / variance / largest };
        let littlewood = (spread && littlewood.check().is_ok()).then_some(littlewood);
        let musa_okumoto = Self::MusaOkumoto { initial: mean * largest * bugs, decay: square / (mean * mean) / bugs };
        Ok([Some(goel_okumoto), littlewood, Some(musa_okumoto)])
    }
}
