//! What was seen once tells of what was not seen: the Good–Turing estimate and Chao's lower bound.
//!
//! Both need reports that are counted after the fix too: who removes a bug on sight never learns whether it would have come twice.

use crate::error::MathError;
use crate::occupancy::whole_requests;

/// The Good–Turing estimate `f₁/N` of the failure rate still to come: `E f₁(N)/N = ρ(N−1)`.
///
/// Per request; `None` for `N = 0`. `f1` is the count of things seen exactly once in `n` requests.
/// Source: I. J. Good, Biometrika 40 (1953) 237; as a residual risk of testing M. Böhme, STADS, TOSEM 27 (2018).
///
/// # Errors
/// [`MathError::ParameterOutOfRange`] unless both are finite and at least 0.
pub fn good_turing_rate(n: f64, f1: f64) -> Result<Option<f64>, MathError> {
    let n = whole_requests(n)?;
    let f1 = check_count(f1)?;
    Ok((n >= 1.0).then(|| f1 / n))
}

/// Chao's lower bound of the count of things not yet seen: `(N−1)/N·f₁²/(2f₂)`, or `(N−1)/N·f₁(f₁−1)/2` if none was seen twice.
///
/// `None` for `N = 0`. Counts may be expected values, such as those of [`Occupancy::singletons`](crate::occupancy::Occupancy::singletons).
/// Source: A. Chao, Scand. J. Statist. 11 (1984) 265; the case `f₂ = 0` with its factor as in the R package `iNEXT`.
///
/// # Errors
/// [`MathError::ParameterOutOfRange`] unless all are finite and at least 0.
pub fn chao1_unseen(n: f64, f1: f64, f2: f64) -> Result<Option<f64>, MathError> {
    let n = whole_requests(n)?;
    let (f1, f2) = (check_count(f1)?, check_count(f2)?);
    if n < 1.0 {
        return Ok(None);
    }
    // A fraction below 1 of an expected f₁ must not make the bound negative.
    let pairs = if f2 > 0.0 { f1 / (2.0 * f2) * f1 } else { f1 * (f1 - 1.0).max(0.0) / 2.0 };
    let unseen = (n - 1.0) / n * pairs;
    // f₂ of an expected value may be so small that the bound is beyond all numbers.
    if unseen.is_finite() { Ok(Some(unseen)) } else { Err(MathError::ParameterOutOfRange(f2)) }
}

fn check_count(f: f64) -> Result<f64, MathError> {
    if f >= 0.0 && f.is_finite() { Ok(f) } else { Err(MathError::ParameterOutOfRange(f)) }
}
