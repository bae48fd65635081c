//! The scan that every map begins with: bad numbers, the mask, and the maximum.

use crate::error::MathError;
use crate::exp::{LANES, load};
use wide::f64x2;

/// What one scan over the logits found: they are legal, and this is their maximum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scan {
    /// The largest logit; always finite.
    pub max: f64,
}

/// Scans logits: `−∞` is a mask, everything else must be finite.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::NotFinite`] with the first `NaN` or `+∞`,
/// [`MathError::EverythingMasked`].
pub fn scan(x: &[f64]) -> Result<Scan, MathError> {
    if x.is_empty() {
        return Err(MathError::Empty);
    }
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut maxima = [f64x2::splat(f64::NEG_INFINITY); 4];
    // All bits set where every number was a logit: false for NaN and for +∞, one comparison finds both.
    let mut good = [f64x2::splat(0.0).simd_eq(f64x2::ZERO); 4];
    let infinity = f64x2::splat(f64::INFINITY);
    for chunk in chunks {
        for (lane, value) in load(chunk).into_iter().enumerate() {
            maxima[lane] = value.fast_max(maxima[lane]);
            good[lane] &= value.simd_lt(infinity);
        }
    }
    let mut max = f64::NEG_INFINITY;
    let mut any_bad = !good.iter().all(|lanes| lanes.all());
    for value in maxima.into_iter().flat_map(f64x2::to_array).chain(rest.iter().copied()) {
        max = if value > max { value } else { max };
        any_bad |= !is_logit(value);
    }
    if any_bad && let Some((index, &value)) = x.iter().enumerate().find(|&(_, &value)| !is_logit(value)) {
        return Err(MathError::NotFinite { index, value });
    }
    if max == f64::NEG_INFINITY {
        return Err(MathError::EverythingMasked);
    }
    Ok(Scan { max })
}

/// Is it a finite number or `−∞`?
#[inline]
fn is_logit(value: f64) -> bool {
    value < f64::INFINITY
}

/// As [`scan`], and no logit may be masked.
///
/// # Errors
/// Those of [`scan`], and [`MathError::MaskedNotAllowed`] with the first mask.
pub fn scan_unmasked(x: &[f64]) -> Result<Scan, MathError> {
    let masked = x.iter().position(|&value| value == f64::NEG_INFINITY);
    match (scan(x), masked) {
        (Err(error @ (MathError::Empty | MathError::NotFinite { .. })), _) => Err(error),
        (_, Some(index)) => Err(MathError::MaskedNotAllowed { index }),
        (result, None) => result,
    }
}

/// Checks that `target` is the index of an unmasked logit.
///
/// # Errors
/// [`MathError::TargetOutOfRange`], [`MathError::TargetMasked`].
pub fn check_target(x: &[f64], target: usize) -> Result<(), MathError> {
    match x.get(target) {
        None => Err(MathError::TargetOutOfRange { target, len: x.len() }),
        Some(&value) if value == f64::NEG_INFINITY => Err(MathError::TargetMasked { target }),
        Some(_) => Ok(()),
    }
}

/// How many logits are not masked.
pub fn unmasked(x: &[f64]) -> usize {
    x.iter().filter(|&&value| value > f64::NEG_INFINITY).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_number_is_named_wherever_it_stands() {
        for n in 1..30 {
            for index in 0..n {
                for value in [f64::NAN, f64::INFINITY] {
                    let mut x = vec![0.5; n];
                    x[index] = value;
                    match scan(&x) {
                        Err(MathError::NotFinite { index: at, value: found }) => {
                            assert_eq!(at, index);
                            assert_eq!(found.to_bits(), value.to_bits());
                        }
                        other => panic!("{other:?}"),
                    }
                }
            }
        }
    }

    #[test]
    fn empty_and_entirely_masked_are_different_errors() {
        assert_eq!(scan(&[]), Err(MathError::Empty));
        assert_eq!(scan(&[f64::NEG_INFINITY; 9]), Err(MathError::EverythingMasked));
    }

    #[test]
    fn the_maximum_is_found_in_every_lane() {
        for index in 0..20 {
            let mut x = vec![-3.0; 20];
            x[index] = 2.0;
            assert_eq!(scan(&x), Ok(Scan { max: 2.0 }));
        }
    }
}
