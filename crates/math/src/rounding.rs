//! What number formats do to positions: rounding, exact half-integers, errors of phases.

use crate::double_double::inverse_root_power;
use crate::error::MathError;

/// A binary number format.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Format {
    /// IEEE binary64.
    F64,
    /// IEEE binary32.
    F32,
    /// bfloat16: the upper half of binary32.
    Bf16,
    /// IEEE binary16.
    F16,
}

impl Format {
    /// All, the widest first.
    pub const ALL: [Self; 4] = [Self::F64, Self::F32, Self::Bf16, Self::F16];

    /// Bits of the significand, the hidden one included.
    pub const fn digits(self) -> i32 {
        match self {
            Self::F64 => 53,
            Self::F32 => 24,
            Self::Bf16 => 8,
            Self::F16 => 11,
        }
    }

    /// Exponents of the smallest and the largest normal number, as powers of 2.
    const fn exponents(self) -> (i32, i32) {
        match self {
            Self::F64 => (-1022, 1023),
            Self::F32 | Self::Bf16 => (-126, 127),
            Self::F16 => (-14, 15),
        }
    }

    /// The nearest number of the format, ties to even.
    ///
    /// Range: all; what is beyond the largest number becomes infinite, what is too small 0 or subnormal.
    /// Rounded once, not by way of `f32`.
    pub fn round(self, x: f64) -> f64 {
        if self == Self::F64 || x == 0.0 || !x.is_finite() {
            return x;
        }
        let (lowest, highest) = self.exponents();
        let exponent = exponent(x).max(lowest);
        // The spacing of the format around x; both it and its inverse are exact.
        let spacing = power_of_two(exponent - self.digits() + 1);
        let rounded = (x / spacing).round_ties_even() * spacing;
        let beyond = power_of_two(highest) * 2.0;
        if rounded.abs() >= beyond { f64::INFINITY.copysign(x) } else { rounded }
    }

    /// The largest number: 65504 for f16.
    pub fn largest(self) -> f64 {
        let (_, highest) = self.exponents();
        power_of_two(highest) * (2.0 - power_of_two(1 - self.digits()))
    }

    /// Whether a number is one of the format.
    pub fn is_exact(self, x: f64) -> bool {
        self.round(x) == x
    }

    /// Up to this magnitude every whole number is exact: `2^digits`.
    pub fn integer_limit(self) -> f64 {
        power_of_two(self.digits())
    }

    /// Up to this magnitude every half-integer is exact: 128 for bf16, 1024 for f16, `2^23` for f32.
    pub fn half_integer_limit(self) -> f64 {
        power_of_two(self.digits() - 1)
    }
}

/// `⌊log2 |x|⌋` of a finite number that is not 0; −1023 for the subnormal.
fn exponent(x: f64) -> i32 {
    ((x.to_bits() >> 52) & 0x7ff) as i32 - 1023
}

/// `2^k` for `−1022 ≤ k ≤ 1023`.
fn power_of_two(k: i32) -> f64 {
    f64::from_bits(((k + 1023) as u64) << 52)
}

/// A phase `p·θ` and what single precision makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phase {
    /// `p·θ` in radians, exact to the last place.
    pub exact: f64,
    /// The product in `f32` of `p` and `θ`, both rounded to `f32`.
    pub single: f64,
    /// `|single − exact|`, from some 30 digits.
    pub error: f64,
    /// `cos p·θ` of the unrounded phase.
    pub cos_exact: f64,
    /// `cos` of [`Phase::single`].
    pub cos_single: f64,
}

/// The phase of pair `i` of RoPE-1D at a position, `p·b^{−2i/d}`, exactly and in single precision.
///
/// Range: `|p| ≤ 2^53`, `d` even up to `2^20`, `i < d/2`, `1 < b ≤ 1e100`.
///
/// # Errors
/// [`MathError::DimNotEven`], [`MathError::BadBase`], [`MathError::TargetOutOfRange`] (the pair),
/// [`MathError::NotFinite`] (the position).
pub fn phase(position: f64, i: usize, d: usize, base: f64) -> Result<Phase, MathError> {
    if d == 0 || !d.is_multiple_of(2) {
        return Err(MathError::DimNotEven(d));
    }
    if !(base > 1.0 && base <= 1e100) {
        return Err(MathError::BadBase(base));
    }
    if i >= d / 2 {
        return Err(MathError::TargetOutOfRange { target: i, len: d / 2 });
    }
    if !position.is_finite() {
        return Err(MathError::NotFinite { index: 0, value: position });
    }
    let theta = inverse_root_power(base, i, d / 2);
    let exact = theta.times(position);
    let single = f64::from(position as f32 * theta.high as f32);
    Ok(Phase { exact: exact.high, single, error: exact.minus(single).abs(), cos_exact: exact.cos(), cos_single: single.cos() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_is_that_of_the_processor() {
        let mut x = 1e-46_f64;
        while x < 1e39 {
            for value in [x, -x] {
                assert_eq!(Format::F32.round(value).to_bits(), f64::from(value as f32).to_bits(), "{value:e}");
            }
            x *= 1.000_37;
        }
    }

    #[test]
    fn ties_go_to_even_and_the_ends_are_those_of_the_formats() {
        // bf16 has 8 digits: above 256 only even numbers.
        assert_eq!(Format::Bf16.round(257.0), 256.0);
        assert_eq!(Format::Bf16.round(259.0), 260.0);
        assert_eq!(Format::Bf16.round(257.000_001), 258.0);
        assert_eq!(Format::F16.round(2049.0), 2048.0);
        assert_eq!(Format::F16.round(2051.0), 2052.0);
        assert_eq!(Format::F16.round(65_519.9), 65_504.0);
        assert_eq!(Format::F16.round(65_520.0), f64::INFINITY);
        assert_eq!(Format::F16.round(-1e9), f64::NEG_INFINITY);
        assert_eq!(Format::F16.largest(), 65_504.0);
        assert_eq!(Format::F32.largest(), f64::from(f32::MAX));
        assert_eq!(Format::F64.largest(), f64::MAX);
        // Subnormals: multiples of 2^-24.
        assert_eq!(Format::F16.round(1.4 * power_of_two(-24)), power_of_two(-24));
        assert_eq!(Format::F16.round(0.5 * power_of_two(-24)), 0.0);
        assert_eq!(Format::F32.round(f64::MIN_POSITIVE / 4.0), 0.0);
        assert!(Format::Bf16.round(f64::NAN).is_nan());
    }

    #[test]
    fn half_integers_are_exact_up_to_the_limit_and_not_beyond() {
        for (format, limit) in [(Format::Bf16, 128.0), (Format::F16, 1024.0), (Format::F32, 8_388_608.0)] {
            assert_eq!(format.half_integer_limit(), limit);
            assert_eq!(format.integer_limit(), 2.0 * limit);
            assert!(format.is_exact(limit - 0.5), "{format:?}");
            assert!(!format.is_exact(limit + 0.5), "{format:?}");
            assert!(format.is_exact(2.0 * limit - 1.0), "{format:?}");
            assert!(!format.is_exact(2.0 * limit + 1.0), "{format:?}");
        }
        for halves in 0..=256_i32 {
            assert!(Format::Bf16.is_exact(0.5 * f64::from(halves)), "{halves}/2");
        }
    }

    #[test]
    fn bad_input_is_named() {
        assert_eq!(phase(1.0, 0, 7, 1e4), Err(MathError::DimNotEven(7)));
        assert_eq!(phase(1.0, 0, 8, 1.0), Err(MathError::BadBase(1.0)));
        assert_eq!(phase(1.0, 4, 8, 1e4), Err(MathError::TargetOutOfRange { target: 4, len: 4 }));
        assert!(matches!(phase(f64::NAN, 0, 8, 1e4), Err(MathError::NotFinite { .. })));
    }
}
