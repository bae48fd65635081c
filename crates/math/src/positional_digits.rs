//! Positions as numbers in base `β`: what rotary frequencies are a smooth version of.

use crate::error::MathError;

/// `β = b^{2/d}`, the ratio of neighbouring frequencies: the base in which a rotary head counts.
///
/// Source: <https://kexue.fm/archives/9675>.
///
/// # Errors
/// [`MathError::DimNotEven`], [`MathError::BadBase`].
pub fn radix(d: usize, base: f64) -> Result<f64, MathError> {
    if d == 0 || !d.is_multiple_of(2) {
        return Err(MathError::DimNotEven(d));
    }
    check(base)?;
    Ok(base.powf(2.0 / d as f64))
}

/// Digit `i` of `n` in base `β`: `⌊n/β^i⌋ mod β`, where pair `i` has `cos(n/β^i)` and `sin(n/β^i)`. Digit 0 is the fastest.
///
/// Range: `0..β`. A base need not be whole, and then the digits are not whole either. Source: <https://kexue.fm/archives/9675>.
///
/// # Errors
/// [`MathError::BadBase`].
pub fn digit(n: u32, beta: f64, i: u32) -> Result<f64, MathError> {
    check(beta)?;
    Ok((f64::from(n) / beta.powf(f64::from(i))).floor().rem_euclid(beta))
}

fn check(base: f64) -> Result<(), MathError> {
    if base > 1.0 && base.is_finite() { Ok(()) } else { Err(MathError::BadBase(base)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_counts_as_we_do() {
        let digits: Vec<f64> = (0..4).map(|i| digit(1234, 10.0, i).expect("legal")).collect();
        assert_eq!(digits, [4.0, 3.0, 2.0, 1.0]);
        assert!(radix(128, 1e4).is_ok_and(|beta| (beta - 1.154_781_984_689_458_2).abs() < 1e-15));
        assert!(digit(1, 1.0, 0).is_err() && radix(7, 1e4).is_err() && radix(8, 1.0).is_err());
    }
}
