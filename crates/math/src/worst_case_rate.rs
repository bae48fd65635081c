//! The Bishop–Bloomfield bound: however the bugs are distributed, so much is the most that can still fail after `N` requests.

use crate::error::MathError;
use crate::occupancy::whole_requests;
use std::f64::consts::E;

/// The largest `Σ p(1−p)^N` that `m` probabilities can have: `M·N^N/(N+1)^{N+1}`, when all are `1/(N+1)`.
///
/// Failures per request; `M` for `N = 0`. Fractions of `n` are dropped.
/// Source: the discrete form of [`bishop_bloomfield`], our own derivation (the maximum of `p(1−p)^N`).
///
/// # Errors
/// [`MathError::ParameterOutOfRange`] unless `n` is finite and at least 0.
pub fn worst_case_rate(m: usize, n: f64) -> Result<f64, MathError> {
    let n = whole_requests(n)?;
    if n < 1.0 {
        return Ok(m as f64);
    }
    Ok(m as f64 / (n + 1.0) * (-n * (1.0 / n).ln_1p()).exp())
}

/// The probability `1/(N+1)` at which a bug contributes most to the failure rate after `N` requests.
///
/// # Errors
/// Those of [`worst_case_rate`].
pub fn worst_probability(n: f64) -> Result<f64, MathError> {
    Ok(1.0 / (whole_requests(n)? + 1.0))
}

/// The bound `M/(eN)` in its continuous form, a little above [`worst_case_rate`]; `None` for `N = 0`, where there is none.
///
/// Source: P. G. Bishop, R. E. Bloomfield, "A conservative theory for long-term reliability growth prediction", IEEE Trans. Reliability 45
/// (1996) 550: `M/(et)`.
///
/// # Errors
/// Those of [`worst_case_rate`].
pub fn bishop_bloomfield(m: usize, n: f64) -> Result<Option<f64>, MathError> {
    let n = whole_requests(n)?;
    Ok((n >= 1.0).then(|| m as f64 / (E * n)))
}

/// The requests after which *no* distribution of `m` bugs fails more often than `rate`: the least `N` with `M/(eN) ≤ rate`.
///
/// # Errors
/// [`MathError::ParameterOutOfRange`] unless `rate` is positive.
pub fn requests_that_suffice(m: usize, rate: f64) -> Result<f64, MathError> {
    if rate > 0.0 { Ok((m as f64 / (E * rate)).ceil()) } else { Err(MathError::ParameterOutOfRange(rate)) }
}
