//! Cross entropy of softmax, and the smooth accuracy loss `−p_t`.

use crate::error::MathError;
use crate::log_sum_exp::log_sum_exp_above;
use crate::logits::{check_target, scan};
use crate::softmax::softmax;

/// A loss and its gradient with respect to the inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The loss, in nats where it is a cross entropy.
    pub value: f64,
    /// `∂loss/∂x_i`, one entry a logit.
    pub gradient: Vec<f64>,
}

/// Cross entropy `LSE(x) − x_t` with its gradient `p − e_t`.
///
/// Shape of the gradient: as `x`. The loss is `≥ 0` and reaches 0 only in the limit (or by rounding).
/// Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// Those of [`softmax`], [`MathError::TargetOutOfRange`], [`MathError::TargetMasked`].
pub fn cross_entropy(x: &[f64], target: usize) -> Result<Loss, MathError> {
    let max = scan(x)?.max;
    check_target(x, target)?;
    // (max − x_t) first: exact where the target is the maximum, so a loss near 0 keeps its digits.
    let value = (max - x[target]) + log_sum_exp_above(x, max, 1.0);
    let mut gradient = softmax(x, 1.0)?;
    gradient[target] = minus_others(&gradient, target);
    Ok(Loss { value, gradient })
}

/// The smooth accuracy loss `−p_t` with its gradient `−p_t (e_t − p)`.
///
/// Shape of the gradient: as `x`. Range of the loss: `−1..=0`.
/// Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// Those of [`cross_entropy`].
pub fn negative_probability(x: &[f64], target: usize) -> Result<Loss, MathError> {
    scan(x)?;
    check_target(x, target)?;
    let mut gradient = softmax(x, 1.0)?;
    let p_target = gradient[target];
    gradient[target] = minus_others(&gradient, target);
    for entry in &mut gradient {
        *entry *= p_target;
    }
    Ok(Loss { value: -p_target, gradient })
}

/// `p_t − 1` as `−Σ_{i≠t} p_i`: accurate when `p_t` is near 1.
pub(crate) fn minus_others(p: &[f64], target: usize) -> f64 {
    let others: f64 = p.iter().enumerate().filter(|&(i, _)| i != target).map(|(_, &value)| value).sum();
    0.0 - others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cross_entropy_of_a_sure_right_answer_keeps_its_digits() {
        let loss = cross_entropy(&[50.0, 0.0], 0).expect("legal");
        assert!((loss.value - (-50.0_f64).exp()).abs() < 1e-37);
        assert!((loss.gradient[0] + (-50.0_f64).exp()).abs() < 1e-37);
    }

    #[test]
    fn a_target_that_is_masked_or_missing_is_an_error() {
        let x = [0.0, f64::NEG_INFINITY];
        assert_eq!(cross_entropy(&x, 1), Err(MathError::TargetMasked { target: 1 }));
        assert_eq!(cross_entropy(&x, 2), Err(MathError::TargetOutOfRange { target: 2, len: 2 }));
        assert_eq!(negative_probability(&x, 1), Err(MathError::TargetMasked { target: 1 }));
    }

    #[test]
    fn the_smooth_accuracy_has_a_vanishing_gradient_at_both_ends() {
        for x in [[40.0, 0.0], [0.0, 40.0]] {
            let loss = negative_probability(&x, 0).expect("legal");
            assert!(loss.gradient.iter().all(|entry| entry.abs() < 1e-16));
        }
    }
}
