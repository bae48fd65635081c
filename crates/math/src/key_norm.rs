//! Key Norm: keys of length 1, so that only their angle to the query counts.

use crate::attention::check_matrix;
use crate::error::MathError;

/// A score in polar form, `‖q‖‖k‖cos`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolarScore {
    /// `‖q‖`.
    pub query: f64,
    /// `‖k‖`.
    pub key: f64,
    /// The cosine of the angle between them, `−1..=1`; 0 if either is the zero vector.
    pub cosine: f64,
}

impl PolarScore {
    /// Takes the score of a query and a key apart.
    ///
    /// Source: <https://kexue.fm/archives/9859>.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`], [`MathError::EntryNotFinite`].
    pub fn new(q: &[f64], k: &[f64]) -> Result<Self, MathError> {
        if q.len() != k.len() {
            return Err(MathError::LengthMismatch { left: q.len(), right: k.len() });
        }
        check_matrix("q", q, 1, q.len())?;
        check_matrix("k", k, 1, k.len())?;
        let (query, key) = (norm(q), norm(k));
        // Each divided first, so that no product overflows.
        let dot: f64 = if query > 0.0 && key > 0.0 { q.iter().zip(k).map(|(q, k)| (q / query) * (k / key)).sum() } else { 0.0 };
        Ok(Self { query, key, cosine: dot.clamp(-1.0, 1.0) })
    }
}

/// `‖x‖`, without overflow.
pub fn norm(x: &[f64]) -> f64 {
    let largest = x.iter().map(|value| value.abs()).fold(0.0, f64::max);
    if largest > 0.0 { largest * x.iter().map(|value| (value / largest) * (value / largest)).sum::<f64>().sqrt() } else { 0.0 }
}

/// The rows of a matrix, each divided by its length.
///
/// Shape: `x` row-major with rows of `d`. Rotations keep lengths, so it does not matter whether this comes before or after them.
/// Source: <https://kexue.fm/archives/9859>; there the logits are not divided by `√d`.
///
/// # Errors
/// [`MathError::ShapeMismatch`] (no whole rows), [`MathError::ScaleNotPositive`] (a row of zeros, or one that is not finite).
pub fn normalise_rows(x: &[f64], d: usize) -> Result<Vec<f64>, MathError> {
    if d == 0 || !x.len().is_multiple_of(d) {
        return Err(MathError::ShapeMismatch { field: "k", expected: x.len() / d.max(1) * d, found: x.len() });
    }
    let mut normalised = Vec::with_capacity(x.len());
    for row in x.chunks_exact(d) {
        let length = norm(row);
        if !(length > 0.0 && length.is_finite()) {
            return Err(MathError::ScaleNotPositive(length));
        }
        normalised.extend(row.iter().map(|value| value / length));
    }
    Ok(normalised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_two_lengths_and_an_angle() {
        let polar = PolarScore::new(&[3.0, 4.0], &[4.0, 3.0]).expect("legal");
        assert_eq!((polar.query, polar.key), (5.0, 5.0));
        assert!((polar.cosine - 0.96).abs() < 1e-15);
        assert_eq!(PolarScore::new(&[0.0], &[1.0]).map(|polar| polar.cosine), Ok(0.0));
        assert!(PolarScore::new(&[1e300, 1e300], &[1e300, 1e300]).is_ok_and(|polar| (polar.cosine - 1.0).abs() < 1e-15));
    }

    #[test]
    fn a_key_of_zeros_has_no_direction() {
        assert_eq!(normalise_rows(&[1.0, 0.0, 0.0, 0.0], 2), Err(MathError::ScaleNotPositive(0.0)));
        assert_eq!(normalise_rows(&[0.0, -2.0, 5.0, 0.0], 2), Ok(vec![0.0, -1.0, 1.0, 0.0]));
        assert!(normalise_rows(&[1.0], 2).is_err() && normalise_rows(&[1.0], 0).is_err());
    }
}
