//! Softmax with a temperature.

use crate::argmax::argmax_shared;
use crate::error::MathError;
use crate::exp::{exp_lanes, scale_in_place};
use crate::log_sum_exp::log_sum_exp_above;
use crate::logits::scan;
use crate::threshold::{ALPHA_SOFTMAX, Threshold};

/// Softmax `p_i = e^{x_i/τ} / Σ e^{x_j/τ}`.
///
/// Shape: as `x`. Range: `0 < τ ≤ ∞`; at `τ = ∞` uniform over what is not masked. `−∞` is a mask
/// (`p_i = 0`). The maximum is subtracted first, so 1e300 is an ordinary logit. `|Σp − 1| ≤ 1e-15·√n`.
/// A probability below 2e-308 is 0.
/// Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`],
/// [`MathError::TemperatureNotPositive`] (for `τ → 0` see [`argmax_shared`]).
pub fn softmax(x: &[f64], tau: f64) -> Result<Vec<f64>, MathError> {
    let max = scan(x)?.max;
    check_temperature(tau)?;
    if tau.is_infinite() {
        return argmax_shared(&temper_around(x, max, tau));
    }
    let inverse = 1.0 / tau;
    let (mut p, total) = if inverse.is_finite() {
        exp_lanes(x, max, inverse)
    } else {
        // A subnormal τ, whose inverse overflows.
        exp_lanes(&temper_around(x, max, tau), 0.0, 1.0)
    };
    scale_in_place(&mut p, 1.0 / total);
    Ok(p)
}

/// Softmax at `τ = 1` as a member of the threshold family: `p_i = exp(x_i − λ)`, `λ = LSE(x)`.
///
/// The support counts what is not masked, even where `e^{x−λ}` underflows.
///
/// # Errors
/// Those of [`softmax`].
pub fn softmax_threshold(x: &[f64]) -> Result<Threshold, MathError> {
    let max = scan(x)?.max;
    let p = softmax(x, 1.0)?;
    let support = crate::logits::unmasked(x);
    Ok(Threshold { p, lambda: log_sum_exp_above(x, max, 1.0), max, alpha: ALPHA_SOFTMAX, support })
}

/// The logits `(x_i − max x)/τ`, to put a temperature before any shift-invariant map.
///
/// Shape: as `x`; the largest entry is 0, masks stay masks, `τ = ∞` gives zeros. Every map of this
/// crate but Taylor softmax gives the same for these as for `x/τ`, without overflow.
///
/// # Errors
/// Those of [`softmax`].
pub fn temper(x: &[f64], tau: f64) -> Result<Vec<f64>, MathError> {
    let max = scan(x)?.max;
    check_temperature(tau)?;
    Ok(temper_around(x, max, tau))
}

fn temper_around(x: &[f64], max: f64, tau: f64) -> Vec<f64> {
    x.iter().map(|&value| if value == f64::NEG_INFINITY { value } else { finite((value - max) / tau) }).collect()
}

/// A difference that overflows, say `−1e308 − 1e308`, is a very small logit and no mask.
fn finite(value: f64) -> f64 {
    value.max(f64::MIN)
}

fn check_temperature(tau: f64) -> Result<(), MathError> {
    if tau > 0.0 { Ok(()) } else { Err(MathError::TemperatureNotPositive(tau)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_logit_has_probability_one() {
        assert_eq!(softmax(&[0.7], 1.0), Ok(vec![1.0]));
    }

    #[test]
    fn an_infinite_temperature_is_uniform_over_what_is_not_masked() {
        let p = softmax(&[1.0, f64::NEG_INFINITY, -5.0], f64::INFINITY);
        assert_eq!(p, Ok(vec![0.5, 0.0, 0.5]));
    }

    #[test]
    fn a_temperature_that_is_not_positive_is_refused() {
        assert_eq!(softmax(&[1.0], 0.0), Err(MathError::TemperatureNotPositive(0.0)));
        assert_eq!(softmax(&[1.0], -1.0), Err(MathError::TemperatureNotPositive(-1.0)));
        assert!(matches!(softmax(&[1.0], f64::NAN), Err(MathError::TemperatureNotPositive(_))));
    }

    #[test]
    fn the_smallest_temperature_is_argmax() {
        let x = [0.5, 0.5, 0.4];
        assert_eq!(softmax(&x, 5e-324), argmax_shared(&x));
    }

    #[test]
    fn a_masked_logit_has_probability_zero() {
        let p = softmax(&[0.0, f64::NEG_INFINITY, 0.0], 2.0);
        assert_eq!(p, Ok(vec![0.5, 0.0, 0.5]));
    }

    #[test]
    fn logits_of_either_end_of_the_range_are_ordinary() {
        assert_eq!(softmax(&[1e300, -1e300, 0.0], 1.0), Ok(vec![1.0, 0.0, 0.0]));
        assert_eq!(softmax(&[f64::MAX, f64::MIN], 1.0), Ok(vec![1.0, 0.0]));
        assert_eq!(temper(&[f64::MAX, f64::MIN], 0.5), Ok(vec![0.0, f64::MIN]));
    }
}
