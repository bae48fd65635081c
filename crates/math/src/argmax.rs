//! Argmax as a probability vector: the limit `τ → 0` of softmax, ties shared.

use crate::error::MathError;
use crate::logits::scan;

/// `1/m` for each of the `m` logits that equal the maximum, 0 elsewhere.
///
/// This is the limit of softmax for `τ → 0` and of entmax for `α → ∞`. Shape: as `x`.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`].
pub fn argmax_shared(x: &[f64]) -> Result<Vec<f64>, MathError> {
    let max = scan(x)?.max;
    let winners = x.iter().filter(|&&value| value >= max).count();
    let share = 1.0 / winners as f64;
    Ok(x.iter().map(|&value| if value >= max { share } else { 0.0 }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share() {
        assert_eq!(argmax_shared(&[1.0, 3.0, 3.0, f64::NEG_INFINITY]), Ok(vec![0.0, 0.5, 0.5, 0.0]));
    }
}
