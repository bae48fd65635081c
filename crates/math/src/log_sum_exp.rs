//! `logsumexp`, the smooth maximum.

use crate::error::MathError;
use crate::exp::{LANES, exp_f64, exp_x2, load, reduce};
use crate::logits::scan;
use wide::f64x2;

/// `ln Σ e^{x_i}`, computed as `m + ln Σ e^{x_i − m}` with `m = max x`.
///
/// `−∞` is a mask. Never overflows: 1e300 is an ordinary logit.
/// Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`].
pub fn log_sum_exp(x: &[f64]) -> Result<f64, MathError> {
    let max = scan(x)?.max;
    Ok(max + log_sum_exp_above(x, max, 1.0))
}

/// A value between two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothMax {
    /// `max x`, the lower bound and the limit `τ → 0`.
    pub max: f64,
    /// `τ·LSE(x/τ)`.
    pub value: f64,
    /// `max x + τ ln n`, the upper bound, reached when all `n` unmasked logits are equal.
    pub upper: f64,
}

/// The smooth maximum `τ·LSE(x/τ)` with its bounds `max ≤ τ·LSE(x/τ) ≤ max + τ ln n`.
///
/// Range: `0 < τ < ∞`. Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// Those of [`log_sum_exp`], [`MathError::TemperatureNotPositive`] (also for `τ = ∞`, where the value
/// is infinite).
pub fn smooth_max(x: &[f64], tau: f64) -> Result<SmoothMax, MathError> {
    let max = scan(x)?.max;
    if !(tau > 0.0 && tau < f64::INFINITY) {
        return Err(MathError::TemperatureNotPositive(tau));
    }
    let n = crate::logits::unmasked(x) as f64;
    let value = max + tau * log_sum_exp_above(x, max, tau);
    // Rounding must not push the value over a bound the reader is told about.
    let upper = max + tau * n.ln();
    Ok(SmoothMax { max, value: value.clamp(max, upper), upper })
}

/// `ln Σ e^{(x_i − m)/τ}` for `m` the maximum: between 0 and `ln n`.
///
/// The maximum itself contributes exactly 1 and goes through `ln(1 + rest)`, so that a loss near 0
/// keeps its relative accuracy.
pub(crate) fn log_sum_exp_above(x: &[f64], max: f64, tau: f64) -> f64 {
    let (maxima, taus) = (f64x2::splat(max), f64x2::splat(tau));
    let (chunks, last) = x.as_chunks::<LANES>();
    let mut totals = [f64x2::ZERO; 4];
    // Entries equal to the maximum are counted apart.
    let mut tops = [f64x2::ZERO; 4];
    for chunk in chunks {
        for (lane, value) in load(chunk).into_iter().enumerate() {
            let below = value.simd_lt(maxima);
            totals[lane] += exp_x2((value - maxima) / taus) & below;
            tops[lane] += below.bitselect(f64x2::ZERO, f64x2::ONE);
        }
    }
    let (mut rest, mut top) = (reduce(totals), reduce(tops));
    for &value in last {
        if value < max {
            rest += exp_f64((value - max) / tau);
        } else {
            top += 1.0;
        }
    }
    (rest + (top - 1.0)).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_does_not_overflow() {
        let lse = log_sum_exp(&[1000.0, 1000.0]);
        assert!(lse.is_ok_and(|lse| (lse - (1000.0 + 2.0_f64.ln())).abs() < 1e-12));
        assert_eq!(log_sum_exp(&[1e300, -1e300]), Ok(1e300));
    }

    #[test]
    fn a_masked_logit_adds_nothing() {
        assert_eq!(log_sum_exp(&[0.25, f64::NEG_INFINITY]), Ok(0.25));
    }

    #[test]
    fn the_smooth_maximum_stays_between_its_bounds_and_touches_them() {
        let bounds = smooth_max(&[2.0, 2.0, 2.0], 0.5).expect("legal");
        assert!((bounds.value - bounds.upper).abs() < 1e-15);
        let sharp = smooth_max(&[2.0, 1.0], 1e-3).expect("legal");
        assert!((sharp.value - sharp.max).abs() < 1e-15);
        assert_eq!(smooth_max(&[1.0], 0.0), Err(MathError::TemperatureNotPositive(0.0)));
        assert!(smooth_max(&[1.0], f64::INFINITY).is_err());
    }
}
