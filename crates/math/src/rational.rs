//! Rational numbers: positions are exact, whatever the spacing of the patches.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// Below it an integer is exact in `f64`: `2^53`.
const EXACT: u128 = 1 << 53;

/// A reduced fraction with a positive denominator.
///
/// Range: every position, gap and spacing that the layouts of this crate make has parts below `2^75`, so
/// that sums and products of two of them stay within `i128`. Beyond that, overflow is the caller's
/// error, as with the integers of the language.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[must_use]
pub struct Rational {
    numerator: i128,
    denominator: i128,
}

impl Rational {
    /// 0.
    pub const ZERO: Self = Self::integer(0);

    /// 1.
    pub const ONE: Self = Self::integer(1);

    /// ½.
    pub const HALF: Self = Self { numerator: 1, denominator: 2 };

    /// A whole number.
    pub const fn integer(value: i64) -> Self {
        Self { numerator: value as i128, denominator: 1 }
    }

    /// `numerator / denominator`, reduced; `None` if the denominator is 0.
    pub const fn new(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator == 0 { None } else { Some(reduced(numerator as i128, denominator as i128)) }
    }

    /// The convergent of the continued fraction of `x` with the largest denominator up to `limit`
    /// (at least 1): 0.35 becomes 7/20 as soon as `limit` allows it.
    ///
    /// Range: `|x| ≤ 2^53`; `None` beyond it and for what is not finite.
    /// Source: <https://mathworld.wolfram.com/ContinuedFraction.html>.
    pub fn nearest(x: f64, limit: u32) -> Option<Self> {
        if x.is_nan() || x.abs() > EXACT as f64 {
            return None;
        }
        let mut before = (1_i128, 0_i128);
        let mut last = (x.floor() as i128, 1_i128);
        let mut rest = x - x.floor();
        // A remainder this small is the rounding of x itself, amplified.
        while rest > 1e-9 {
            let inverse = rest.recip();
            let term = inverse.floor();
            let next = (term as i128 * last.0 + before.0, term as i128 * last.1 + before.1);
            if next.1 > i128::from(limit) {
                break;
            }
            (before, last) = (last, next);
            rest = inverse - term;
        }
        Some(reduced(last.0, last.1))
    }

    /// The upper part of the reduced fraction; it carries the sign.
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The lower part of the reduced fraction: at least 1.
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// The number in floating point.
    ///
    /// Rounded once, to the nearest, while both parts are below `2^53`; else within two units in the last
    /// place.
    pub fn to_f64(self) -> f64 {
        quotient(self.numerator, self.denominator)
    }

    /// Whether it is 0.
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is a whole number.
    pub const fn is_integer(self) -> bool {
        self.denominator == 1
    }

    /// The numerator over a multiple of the denominator.
    pub(crate) const fn numerator_over(self, multiple: i128) -> i128 {
        self.numerator * (multiple / self.denominator)
    }

    /// The smallest whole number not below it.
    pub const fn ceil(self) -> Self {
        Self { numerator: -(-self.numerator).div_euclid(self.denominator), denominator: 1 }
    }

    /// Divided by a whole number; a 0 counts as 1.
    pub const fn over(self, n: u32) -> Self {
        reduced(self.numerator, self.denominator * if n == 0 { 1 } else { n as i128 })
    }

    /// Divided by another; `None` if that is 0.
    pub const fn divided_by(self, other: Self) -> Option<Self> {
        if other.is_zero() { None } else { Some(reduced(self.numerator * other.denominator, self.denominator * other.numerator)) }
    }
}

/// `numerator / denominator` in floating point, as [`Rational::to_f64`] promises it; need not be reduced.
pub(crate) fn quotient(numerator: i128, denominator: i128) -> f64 {
    if numerator.unsigned_abs() < EXACT && denominator.unsigned_abs() < EXACT {
        return numerator as f64 / denominator as f64;
    }
    let whole = numerator.div_euclid(denominator);
    whole as f64 + numerator.rem_euclid(denominator) as f64 / denominator as f64
}

/// The least common multiple of two positive numbers.
pub(crate) const fn least_common_multiple(a: i128, b: i128) -> i128 {
    a / greatest_common_divisor(a, b) * b
}

/// Euclid's, of absolute values; 1 for two zeros.
const fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b > 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { 1 } else { a as i128 }
}

const fn reduced(numerator: i128, denominator: i128) -> Rational {
    let divisor = greatest_common_divisor(numerator, denominator);
    let divisor = if denominator < 0 { -divisor } else { divisor };
    Rational { numerator: numerator / divisor, denominator: denominator / divisor }
}

impl Add for Rational {
    type Output = Self;

    #[inline(never)]
    fn add(self, other: Self) -> Self {
        let denominator = least_common_multiple(self.denominator, other.denominator);
        reduced(self.numerator_over(denominator) + other.numerator_over(denominator), denominator)
    }
}

impl Sub for Rational {
    type Output = Self;

    #[inline(never)]
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Rational {
    type Output = Self;

    #[inline(never)]
    fn mul(self, other: Self) -> Self {
        reduced(self.numerator * other.numerator, self.denominator * other.denominator)
    }
}

impl Neg for Rational {
    type Output = Self;

    fn neg(self) -> Self {
        Self { numerator: -self.numerator, ..self }
    }
}

impl Ord for Rational {
    #[inline(never)]
    fn cmp(&self, other: &Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<u32> for Rational {
    fn from(value: u32) -> Self {
        Self::integer(i64::from(value))
    }
}

impl From<i32> for Rational {
    fn from(value: i32) -> Self {
        Self::integer(i64::from(value))
    }
}

/// `3`, `-1/2`.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_integer() { write!(f, "{}", self.numerator) } else { write!(f, "{}/{}", self.numerator, self.denominator) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: i64) -> Rational {
        Rational::new(numerator, denominator).expect("no division by zero")
    }

    #[test]
    fn fractions_are_reduced_and_their_denominator_is_positive() {
        assert_eq!(fraction(6, -4), fraction(-3, 2));
        assert_eq!(fraction(0, -7), Rational::ZERO);
        assert_eq!(Rational::new(1, 0), None);
        assert_eq!(fraction(-3, 2).to_string(), "-3/2");
        assert_eq!(fraction(8, 4).to_string(), "2");
    }

    #[test]
    fn arithmetic_is_that_of_fractions() {
        assert_eq!(fraction(1, 6) + fraction(1, 10), fraction(4, 15));
        assert_eq!(fraction(1, 6) - fraction(2, 3), -Rational::HALF);
        assert_eq!(fraction(2, 3) * fraction(9, 4), fraction(3, 2));
        assert_eq!(fraction(2, 3).over(4), fraction(1, 6));
        assert_eq!(fraction(2, 3).divided_by(fraction(-4, 5)), Some(fraction(-5, 6)));
        assert_eq!(Rational::ONE.divided_by(Rational::ZERO), None);
        assert!(fraction(-1, 2) < fraction(-1, 3));
    }

    #[test]
    fn a_ceiling_is_the_next_whole_number_on_either_side_of_zero() {
        for (numerator, ceiling) in [(-5, -2), (-4, -2), (-1, 0), (0, 0), (1, 1), (2, 1), (3, 2)] {
            assert_eq!(fraction(numerator, 2).ceil(), Rational::integer(ceiling), "{numerator}/2");
        }
    }

    #[test]
    fn the_nearest_fraction_of_a_dial_is_the_one_on_its_label() {
        for hundredths in -300..=300_i32 {
            let label = fraction(i64::from(hundredths), 100);
            assert_eq!(Rational::nearest(f64::from(hundredths) / 100.0, 1000), Some(label), "{hundredths}");
        }
        assert_eq!(Rational::nearest(1.0 / 3.0, 1000), Some(fraction(1, 3)));
        assert_eq!(Rational::nearest(std::f64::consts::PI, 1000), Some(fraction(355, 113)));
        assert_eq!(Rational::nearest(0.6, 1), Some(Rational::ONE));
        assert_eq!(Rational::nearest(f64::NAN, 9), None);
        assert_eq!(Rational::nearest(f64::INFINITY, 9), None);
    }

    #[test]
    fn large_parts_lose_at_most_the_last_place() {
        let third = Rational { numerator: (1 << 70) + 1, denominator: 3 << 70 };
        assert!((third.to_f64() - 1.0 / 3.0).abs() <= 2.0 * f64::EPSILON / 3.0);
        let large = Rational { numerator: 12_345 * (1 << 60) + (1 << 58), denominator: 1 << 60 };
        assert_eq!(large.to_f64().to_bits(), 12_345.25_f64.to_bits());
        let negative = Rational { numerator: -((1 << 60) + (1 << 58)), denominator: 1 << 60 };
        assert_eq!(negative.to_f64().to_bits(), (-1.25_f64).to_bits());
    }
}
