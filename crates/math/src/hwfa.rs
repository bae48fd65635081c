//! HWFA: layers of window attention and one last layer of full attention, as wide together as training was long.

use crate::error::MathError;

/// The largest share of the trained length that the windows' field should have. Source: <https://kexue.fm/archives/9603>.
pub const FIELD_SHARE: f64 = 0.75;

/// The receptive field of the window layers, `(w − 1)(layers − 1) + 1` tokens; the last of the `layers` is the full one.
///
/// Source: <https://kexue.fm/archives/9603>.
///
/// # Errors
/// [`MathError::BelowOne`] (`w`, `layers`), [`MathError::TooMany`] if it does not fit.
pub fn receptive_field(w: usize, layers: usize) -> Result<usize, MathError> {
    let [window, stack] = [("w", w), ("layers", layers)]
        .map(|(field, value)| value.checked_sub(1).ok_or(MathError::BelowOne { field, value: 0.0 }));
    window?.checked_mul(stack?).and_then(|field| field.checked_add(1)).ok_or(MathError::TooMany { limit: usize::MAX })
}

/// `α`, the field as a share of the trained length; should be at most [`FIELD_SHARE`].
///
/// # Errors
/// Those of [`receptive_field`]; [`MathError::TrainedLengthTooShort`] (0).
pub fn field_share(w: usize, layers: usize, train: usize) -> Result<f64, MathError> {
    if train == 0 {
        return Err(MathError::TrainedLengthTooShort { length: 0, least: 1 });
    }
    Ok(receptive_field(w, layers)? as f64 / train as f64)
}

/// The widest window with which the field is at most `α` of the trained length; `None` if even a window of 1 is too wide, or if there are
/// no window layers and so no limit.
pub fn widest_window(layers: usize, train: usize, alpha: f64) -> Option<usize> {
    let room = (alpha * train as f64).floor() - 1.0;
    (layers > 1 && room >= 0.0).then(|| ((room / (layers as f64 - 1.0)).floor() as usize).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_window_is_right_and_its_double_is_not() {
        assert_eq!(receptive_field(16, 24), Ok(346));
        assert!(field_share(16, 24, 512).is_ok_and(|share| share <= FIELD_SHARE));
        assert_eq!(receptive_field(32, 24), Ok(714));
        assert!(field_share(32, 24, 512).is_ok_and(|share| share > 1.0));
        assert_eq!(widest_window(24, 512, FIELD_SHARE), Some(17));
        assert_eq!((widest_window(1, 512, 0.75), widest_window(24, 1, 0.75)), (None, None));
    }

    #[test]
    fn nothing_is_no_window() {
        assert_eq!(receptive_field(0, 24), Err(MathError::BelowOne { field: "w", value: 0.0 }));
        assert_eq!(receptive_field(16, 0), Err(MathError::BelowOne { field: "layers", value: 0.0 }));
        assert!(receptive_field(usize::MAX, usize::MAX).is_err());
        assert!(field_share(16, 24, 0).is_err());
    }
}
