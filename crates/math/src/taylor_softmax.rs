//! Taylor softmax: the exponential replaced by its even-order expansion.

use crate::error::MathError;
use crate::exp::sum;
use crate::logits::scan_unmasked;

/// The largest order allowed; the factorials stay far from overflow.
pub const ORDER_LIMIT: u32 = 100;

/// Taylor softmax `p_i = f_k(x_i) / Σ f_k(x_j)`, `f_k(x) = Σ_{m≤k} x^m/m!`, `k` even.
///
/// Shape: as `x`. `f_k > 0` for even `k`, but it *decreases* left of the zero of `f_{k−1}` and depends on the
/// origin: neither monotone nor shift-invariant, and no logit can be masked by `−∞`. For example
/// `x = (−3, −1, 0)`, `k = 2` gives `(0.625, 0.125, 0.25)`.
/// Source: <https://kexue.fm/archives/10145>; the counterexample is ours.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::NotFinite`], [`MathError::MaskedNotAllowed`],
/// [`MathError::OrderNotEven`] (also for 0), [`MathError::OrderTooLarge`].
pub fn taylor_softmax(x: &[f64], order: u32) -> Result<Vec<f64>, MathError> {
    scan_unmasked(x)?;
    if order == 0 || !order.is_multiple_of(2) {
        return Err(MathError::OrderNotEven(order));
    }
    if order > ORDER_LIMIT {
        return Err(MathError::OrderTooLarge { order, limit: ORDER_LIMIT });
    }
    let weights: Vec<f64> = x.iter().map(|&value| exp_taylor(value, order)).collect();
    let total = sum(&weights);
    if total.is_finite() {
        return Ok(weights.iter().map(|weight| weight / total).collect());
    }
    // Some power overflows: compare logarithms instead.
    let logs: Vec<f64> = x.iter().map(|&value| ln_exp_taylor(value, order)).collect();
    crate::softmax::softmax(&logs, 1.0)
}

/// `f_k(x) = 1 + x + x²/2! + … + x^k/k!`.
pub fn exp_taylor(x: f64, order: u32) -> f64 {
    let mut value = 1.0;
    for m in (1..=order).rev() {
        value = 1.0 + value * x / f64::from(m);
    }
    value
}

/// `ln f_k(x)` for even `k`, without overflow: `k ln|x| − ln k! + ln(1 + k/x + k(k−1)/x² + …)`.
fn ln_exp_taylor(x: f64, order: u32) -> f64 {
    if x.abs() <= 1e3 {
        let direct = exp_taylor(x, order);
        if direct.is_finite() {
            return direct.ln();
        }
    }
    let ln_factorial: f64 = (1..=order).map(|m| f64::from(m).ln()).sum();
    let mut tail = 1.0;
    for m in 1..=order {
        tail = 1.0 + tail * f64::from(m) / x;
    }
    f64::from(order) * x.abs().ln() - ln_factorial + tail.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_logit_can_win() {
        assert_eq!(taylor_softmax(&[-3.0, -1.0, 0.0], 2), Ok(vec![0.625, 0.125, 0.25]));
    }

    #[test]
    fn odd_orders_and_masks_are_refused() {
        assert_eq!(taylor_softmax(&[0.0], 3), Err(MathError::OrderNotEven(3)));
        assert_eq!(taylor_softmax(&[0.0], 0), Err(MathError::OrderNotEven(0)));
        let masked = [0.0, f64::NEG_INFINITY];
        assert_eq!(taylor_softmax(&masked, 2), Err(MathError::MaskedNotAllowed { index: 1 }));
        assert_eq!(taylor_softmax(&masked[1..], 2), Err(MathError::MaskedNotAllowed { index: 0 }));
        assert!(taylor_softmax(&[0.0], 102).is_err());
    }

    #[test]
    fn huge_logits_do_not_overflow() {
        let p = taylor_softmax(&[1e300, -1e300, 0.0], 10).expect("legal");
        assert!((p[0] - 0.5).abs() < 1e-12 && (p[1] - 0.5).abs() < 1e-12 && p[2] < 1e-300);
    }

    #[test]
    fn the_logarithm_agrees_with_the_polynomial() {
        for x in [-2000.0, -1500.0, 1100.0, 3000.0_f64] {
            for order in [2, 4, 10, 20] {
                let direct = exp_taylor(x, order).ln();
                assert!((ln_exp_taylor(x, order) - direct).abs() < 1e-12 * direct, "{x} {order}");
            }
        }
    }
}
