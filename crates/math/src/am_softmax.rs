//! AM-softmax: a margin on the cosine of the target.

use crate::cross_entropy::{Loss, cross_entropy};
use crate::error::MathError;
use crate::logits::{check_target, scan_unmasked};

/// AM-softmax: cross entropy of `s_j = cos_j/τ`, `s_t = (cos_t − m)/τ`, with its gradient in the cosines.
///
/// The gradient is `(softmax(s) − e_t)/τ`. Shape: as `cosines` (their range is not checked: unnormalised
/// scores are allowed). Range: `margin` finite (usual 0.35; 0 is softmax), `inverse_tau > 0` finite
/// (usual 30).
/// Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::NotFinite`], [`MathError::MaskedNotAllowed`],
/// [`MathError::TargetOutOfRange`], [`MathError::ParameterOutOfRange`].
pub fn am_softmax(cosines: &[f64], target: usize, margin: f64, inverse_tau: f64) -> Result<Loss, MathError> {
    scan_unmasked(cosines)?;
    check_target(cosines, target)?;
    if !margin.is_finite() {
        return Err(MathError::ParameterOutOfRange(margin));
    }
    if !(inverse_tau > 0.0 && inverse_tau.is_finite()) {
        return Err(MathError::ParameterOutOfRange(inverse_tau));
    }
    let scores: Vec<f64> =
        cosines.iter().enumerate().map(|(j, &cosine)| inverse_tau * if j == target { cosine - margin } else { cosine }).collect();
    let mut loss = cross_entropy(&scores, target)?;
    for entry in &mut loss.gradient {
        *entry *= inverse_tau;
    }
    Ok(loss)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_margin_it_is_softmax() {
        let cosines = [0.1, 0.4, -0.2];
        let loss = am_softmax(&cosines, 1, 0.0, 1.0).expect("legal");
        assert_eq!(loss, cross_entropy(&cosines, 1).expect("legal"));
    }

    #[test]
    fn bad_parameters_are_named() {
        assert!(am_softmax(&[0.0], 0, f64::NAN, 30.0).is_err());
        assert_eq!(am_softmax(&[0.0], 0, 0.35, 0.0), Err(MathError::ParameterOutOfRange(0.0)));
        assert_eq!(am_softmax(&[0.0], 1, 0.35, 30.0), Err(MathError::TargetOutOfRange { target: 1, len: 1 }));
    }
}
