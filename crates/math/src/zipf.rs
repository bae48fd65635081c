//! Zipf's law: the `i`-th most frequent thing has the probability `p_max·i^{−s}`.

use crate::error::MathError;
use crate::occupancy::{ITEMS_LIMIT, whole_requests};
use libm::tgamma;

/// Probabilities made from parameters, and whether a parameter had to give way.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// The probabilities, the largest first.
    pub p: Vec<f64>,
    /// Was the largest probability above 1, and cut to 1? Worth a note to the reader.
    pub clamped: bool,
}

impl Rates {
    /// The same proportions with the sum 1: every click asks for exactly one paper. All zero stays all zero.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        let total: f64 = self.p.iter().sum();
        if total > 0.0 {
            self.p.iter_mut().for_each(|p| *p = (*p / total).min(1.0));
        }
        self
    }
}

/// Checks a largest probability; a finite one above 1 becomes 1, and says so.
pub(crate) fn clamp_probability(p: f64) -> Result<(f64, bool), MathError> {
    if p >= 0.0 && p.is_finite() { Ok((p.min(1.0), p > 1.0)) } else { Err(MathError::ParameterOutOfRange(p)) }
}

/// `p_max·i^{−s}` for `i` in `1..=m`.
///
/// Range: `p_max ≥ 0`, cut to 1 with [`Rates::clamped`]; `s ≥ 0`, where 0 makes all equal. Shape: `m`, falling. `m = 0` is legal.
///
/// # Errors
/// [`MathError::TooMany`] beyond [`ITEMS_LIMIT`]; [`MathError::ParameterOutOfRange`] of `p_max` or `s`.
pub fn zipf_rates(m: usize, p_max: f64, s: f64) -> Result<Rates, MathError> {
    if m > ITEMS_LIMIT {
        return Err(MathError::TooMany { limit: ITEMS_LIMIT });
    }
    check_exponent(s)?;
    let (p_max, clamped) = clamp_probability(p_max)?;
    Ok(Rates { p: (1..=m).map(|i| p_max * (i as f64).powf(-s)).collect(), clamped })
}

fn check_exponent(s: f64) -> Result<(), MathError> {
    if s >= 0.0 && s.is_finite() { Ok(()) } else { Err(MathError::ParameterOutOfRange(s)) }
}

/// What `D(N)` of infinitely many things tends to, and its corrections.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZipfAsymptote {
    /// `Γ(1 − 1/s)·(p_max N)^{1/s}`: ten times the users find `10^{1/s}` times the bugs.
    pub leading: f64,
    /// `leading − ½`, the next term of the Euler–Maclaurin sum: what `D(N)` of infinitely many things is, for `p_max N ≫ 1`.
    pub infinite: f64,
}

/// The power law of `D(N)` for a heavy tail, `M → ∞`; `None` for `s ≤ 1`, where the sum over all things diverges.
///
/// Source: `Σ_i 1 − e^{−p_max N i^{−s}}` by Euler–Maclaurin, our own derivation; J. Karlin, J. Math. Mech. 17 (1967) 373 for the leading term.
///
/// # Errors
/// [`MathError::ParameterOutOfRange`]; a `p_max` above 1 is cut to 1, as in [`zipf_rates`].
pub fn zipf_asymptote(p_max: f64, s: f64, n: f64) -> Result<Option<ZipfAsymptote>, MathError> {
    check_exponent(s)?;
    let (p_max, _) = clamp_probability(p_max)?;
    let n = whole_requests(n)?;
    Ok((s > 1.0).then(|| {
        let leading = tgamma(1.0 - 1.0 / s) * (p_max * n).powf(1.0 / s);
        ZipfAsymptote { leading, infinite: leading - 0.5 }
    }))
}

/// How much of the asymptote `M` things lack: about `p_max N (M+½)^{1−s}/(s−1)`, the expected count of meetings with the things beyond the `M`-th.
///
/// Good as long as the `M`-th is hardly ever met, `p_max N M^{−s} ≪ 1`. Our own derivation. `None` for `s ≤ 1`.
///
/// # Errors
/// Those of [`zipf_asymptote`].
pub fn zipf_beyond(m: usize, p_max: f64, s: f64, n: f64) -> Result<Option<f64>, MathError> {
    check_exponent(s)?;
    let (p_max, _) = clamp_probability(p_max)?;
    let n = whole_requests(n)?;
    Ok((s > 1.0).then(|| p_max * n * (m as f64 + 0.5).powf(1.0 - s) / (s - 1.0)))
}

/// `10^{1/s}`, or for any factor of users: by how much the bugs grow in the power law; `None` for `s ≤ 1`.
///
/// # Errors
/// [`MathError::ParameterOutOfRange`] unless `users` is finite and at least 0, and `s` too.
pub fn zipf_growth(s: f64, users: f64) -> Result<Option<f64>, MathError> {
    check_exponent(s)?;
    if !(users >= 0.0 && users.is_finite()) {
        return Err(MathError::ParameterOutOfRange(users));
    }
    Ok((s > 1.0).then(|| users.powf(1.0 / s)))
}
