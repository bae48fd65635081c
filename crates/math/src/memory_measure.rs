//! What a `HiPPO` state remembers how well: the same matrix under three clocks.
//!
//! A state `x` stands for the history `Σ_n x_n √(2n+1) P_n(y)`, and it is the best such sum under a weight over the ages of the history.
//! What differs is how an age becomes a place `y` in `−1..=1`. Source: <https://kexue.fm/archives/10114>, <https://kexue.fm/archives/10162>.

use crate::error::MathError;
use crate::legendre::legendre_series;

/// How an age becomes a place; ages count from 0, now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MemoryMeasure {
    /// Evenly over the last `length`: all that has been for `LegS` (the length grows), the window for `LegT` (the length stays).
    Uniform {
        /// In the unit of the ages, positive.
        length: f64,
    },
    /// Weight `e^{−age}` over all the past: the matrix of `LegS` in an equation with constant coefficients, as S4 takes it. Ages in
    /// the unit of the memory's own time: `k` steps are `kε`.
    Exponential,
}

impl MemoryMeasure {
    /// The measure, if it is one.
    ///
    /// # Errors
    /// [`MathError::ScaleNotPositive`] (the length).
    pub fn uniform(length: f64) -> Result<Self, MathError> {
        if length > 0.0 && length.is_finite() { Ok(Self::Uniform { length }) } else { Err(MathError::ScaleNotPositive(length)) }
    }

    /// The place `y` of an age, 1 for now; `None` for what is not remembered at all (an age beyond the length, or negative).
    pub fn place(self, age: f64) -> Option<f64> {
        match self {
            _ if age.is_nan() || age < 0.0 => None,
            Self::Uniform { length } => (age <= length).then(|| 1.0 - 2.0 * age / length),
            Self::Exponential => Some(2.0 * (-age).exp() - 1.0),
        }
    }

    /// The age at a place `−1 ≤ y ≤ 1`; `+∞` at −1 for the exponential one.
    pub fn age(self, y: f64) -> f64 {
        match self {
            Self::Uniform { length } => 0.5 * length * (1.0 - y),
            Self::Exponential => -(0.5 * (1.0 + y)).ln(),
        }
    }

    /// The weight of an age, of total 1 over all ages.
    pub fn weight(self, age: f64) -> f64 {
        match self {
            _ if self.place(age).is_none() => 0.0,
            Self::Uniform { length } => length.recip(),
            Self::Exponential => (-age).exp(),
        }
    }

    /// What a state says about the input of an age; `None` for what is not remembered at all.
    pub fn recall(self, state: &[f64], age: f64) -> Option<f64> {
        self.place(age).map(|y| legendre_series(state, y))
    }
}
