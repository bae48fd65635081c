//! Decimal numbers out of text, to the nearest `f64`.

/// The largest power of ten that is an `f64` exactly, as all below it are.
const EXACT_POWER: i32 = 22;

/// The largest integer up to which every integer is an `f64` exactly.
const EXACT_INTEGER: u64 = 1 << 53;

/// Reads a whole text as one number: `-1`, `+4`, `.5`, `5.`, `1e-3`, and `inf` or `infinity` in any case.
///
/// The result is the `f64` nearest to what is written, ±∞ beyond the range, −0 for `-0`. Returns `None` for anything else: nothing
/// written, blanks, a lone sign or point, `NaN`.
///
/// Source: W. Clinger, *How to read floating point numbers accurately* (1990), for the numbers that one rounding gives. The others
/// are left to the standard library, and in a browser to the browser, whose script reads numbers as exactly: the library's table of
/// powers of five would be 10 KB of every program.
pub fn read_decimal(text: &str) -> Option<f64> {
    let (sign, plain) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    if plain.eq_ignore_ascii_case("inf") || plain.eq_ignore_ascii_case("infinity") {
        return Some(sign * f64::INFINITY);
    }
    let decimal = Decimal::of(plain)?;
    Some(sign * decimal.by_one_rounding().unwrap_or_else(|| nearest(plain)))
}

/// What a text writes without its sign: digits times a power of ten.
struct Decimal {
    /// The digits as an integer; `None` where they are too many.
    digits: Option<u64>,
    power: i32,
}

impl Decimal {
    /// `None` where the text does not have the form of a number.
    fn of(plain: &str) -> Option<Self> {
        let (mantissa, exponent) = match plain.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (plain, None),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let are_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        if !are_digits || whole.len() + fraction.len() == 0 {
            return None;
        }
        let digits = whole
            .bytes()
            .chain(fraction.bytes())
            .try_fold(0_u64, |sum, byte| sum.checked_mul(10)?.checked_add(u64::from(byte - b'0')));
        let mut power = 0;
        if let Some(exponent) = exponent {
            let size = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if !is_number(size) {
                return None;
            }
            let size = size.bytes().fold(0_i32, |sum, byte| sum.saturating_mul(10).saturating_add(i32::from(byte - b'0')));
            power = if exponent.starts_with('-') { -size } else { size };
        }
        Some(Self { digits, power: power.saturating_sub(i32::try_from(fraction.len()).unwrap_or(i32::MAX)) })
    }

    /// The number, where digits and power of ten are both exact: their product or quotient is rounded once.
    fn by_one_rounding(&self) -> Option<f64> {
        let digits = self.digits.filter(|&digits| digits <= EXACT_INTEGER)? as f64;
        let power = (0..self.power.unsigned_abs().min(64)).fold(1.0, |power, _| power * 10.0);
        match self.power {
            0..=EXACT_POWER => Some(digits * power),
            negative if (-EXACT_POWER..0).contains(&negative) => Some(digits / power),
            _ => None,
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn nearest(plain: &str) -> f64 {
    plain.parse().unwrap_or(f64::NAN)
}

/// Scripts read a prefix; here the whole is known to be a number.
#[cfg(target_arch = "wasm32")]
fn nearest(plain: &str) -> f64 {
    js_sys::parse_float(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_whole_numbers_are_read() {
        for text in [
            "", " ", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-+2", "+-1", "--1", "1 ", " 1", "1_000", "0x10", "1,5",
            "nan", "NaN", "infin", "1e5.0", "٣", "1f64",
        ] {
            assert_eq!(read_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn every_form_is_read_as_the_standard_library_does() {
        for text in [
            "0",
            "-0",
            "+4",
            ".5",
            "5.",
            "-1.25e-3",
            "1E5",
            "1e+5",
            "inf",
            "-Infinity",
            "9007199254740992",
            "9007199254740993",
            "18446744073709551616",
            "0.1",
            "1e22",
            "1e23",
            "8.5e-22",
            "3e-23",
            "2.2250738585072011e-308",
            "4.9e-324",
            "2e-324",
            "1e309",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "0e999999999999",
            "1e-999999999999",
            "000000000000000000000000000001",
            "0.000000000000000000000000000000000000000001e42",
        ] {
            let expected: f64 = text.parse().expect("a number");
            assert_eq!(read_decimal(text).map(f64::to_bits), Some(expected.to_bits()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_in_full_comes_back(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(!value.is_nan());
            for text in [format!("{value}"), format!("{value:e}"), format!("{value:.25e}")] {
                prop_assert_eq!(read_decimal(&text).map(f64::to_bits), Some(value.to_bits()), "{}", text);
            }
        }

        #[test]
        fn short_decimals_are_nearest(digits in 0_u64..1 << 54, power in -40_i32..40) {
            let text = format!("{digits}e{power}");
            prop_assert_eq!(read_decimal(&text), text.parse().ok());
        }

        #[test]
        fn any_text_is_read_as_the_standard_library_reads_it(text in "[-+]?[0-9.eE+-]{0,12}") {
            prop_assert_eq!(read_decimal(&text), text.parse().ok());
        }
    }
}
