//! Numbers as readers see them: a true minus sign, a sensible count of digits, never `NaN`.

use yansuan_math::decimal::read_decimal;

/// A number with a fixed count of decimals, so that it does not jump while it changes.
///
/// `-0.0` is `0`; infinities are `∞`; what is not a number is a dash.
pub fn fixed(value: f64, decimals: usize) -> String {
    if let Some(word) = special(value) {
        return word.into();
    }
    if value != 0.0 && value.abs() >= 1e7 {
        return scientific(value, decimals.min(3));
    }
    typeset(&format!("{value:.decimals$}"))
}

/// The number of a slider: [`fixed`], but what would be a row of zeros as a power of ten.
pub fn dialled(value: f64, decimals: usize) -> String {
    let is_lost = value != 0.0 && value.abs() < 0.5 * 10_f64.powi(-(decimals as i32));
    if is_lost { short(value, 2) } else { fixed(value, decimals) }
}

/// A number with at most `digits` significant digits, and no trailing zeros.
pub fn short(value: f64, digits: usize) -> String {
    if let Some(word) = special(value) {
        return word.into();
    }
    if value == 0.0 {
        return "0".into();
    }
    let exponent = value.abs().log10().floor();
    if !(-4.0..7.0).contains(&exponent) {
        return scientific(value, digits.saturating_sub(1));
    }
    let decimals = (digits as f64 - 1.0 - exponent).clamp(0.0, 12.0) as usize;
    typeset(trim(&format!("{value:.decimals$}")))
}

/// A whole number with narrow spaces between groups of three digits.
pub fn whole(value: u64) -> String {
    grouped(&value.to_string())
}

/// The digits of a whole number of any length, with narrow spaces between groups of three. Only a number too long for a line may
/// be broken at them.
pub fn grouped(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.to_owned();
    }
    let space = if digits.len() > 24 { '\u{2009}' } else { '\u{202f}' };
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(space);
        }
        out.push(digit);
    }
    out
}

/// A count known by its decimal logarithm: in full below a million, else with so many significant digits and a power of ten,
/// however large it is.
pub fn of_log10(exponent: f64, digits: usize) -> String {
    if exponent < 6.0 {
        return whole(10_f64.powf(exponent).round() as u64);
    }
    let decimals = digits.saturating_sub(1);
    let mantissa = format!("{:.decimals$}", 10_f64.powf(exponent.fract()));
    // 9.996 has become 10.00.
    let (mantissa, power) =
        if mantissa.starts_with("10") { ("1".to_owned(), exponent.floor() + 1.0) } else { (mantissa, exponent.floor()) };
    format!("{}×{}", trim(&mantissa), raised(power as i64))
}

/// `10⁻¹²`
pub fn raised(power: i64) -> String {
    power_of(10, power)
}

/// `2⁸`
pub fn power_of(base: u32, power: i64) -> String {
    format!("{base}{}", superscript(&power.to_string()))
}

/// A number for machines: the shortest decimal form that reads back as the same `f64`.
///
/// This is the form of addresses and CSV. `inf`, `-inf` are words that [`read`] knows.
pub fn exact(value: f64) -> String {
    let plain = format!("{value}");
    if plain.len() > 24 { format!("{value:e}") } else { plain }
}

/// Reads a number that a person or an address wrote: also with a true minus sign, and `-inf`.
///
/// Returns `None` for anything else, for `NaN` too.
pub fn read(text: &str) -> Option<f64> {
    let plain = text.trim().replace(['\u{2212}', '\u{ff0d}'], "-").replace('∞', "inf");
    read_decimal(&plain)
}

/// `x₁₂`: an index set below the line.
pub fn subscript(index: usize) -> String {
    index.to_string().chars().map(|digit| char::from_u32('₀' as u32 + digit as u32 - '0' as u32).unwrap_or(digit)).collect()
}

fn special(value: f64) -> Option<&'static str> {
    match value {
        _ if value.is_nan() => Some("–"),
        f64::INFINITY => Some("∞"),
        f64::NEG_INFINITY => Some("−∞"),
        _ => None,
    }
}

fn scientific(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{}×10{}", typeset(trim(mantissa)), superscript(exponent))
}

fn superscript(number: &str) -> String {
    let raised = |letter| match letter {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0' | '4'..='9' => char::from_u32('⁰' as u32 + letter as u32 - '0' as u32).unwrap_or(letter),
        other => other,
    };
    number.chars().map(raised).collect()
}

fn trim(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

fn typeset(text: &str) -> String {
    let is_zero = !text.chars().any(|letter| ('1'..='9').contains(&letter));
    match text.strip_prefix('-') {
        Some(rest) if is_zero => rest.into(),
        Some(rest) => format!("−{rest}"),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slider_never_shows_a_row_of_zeros_for_what_is_not_zero() {
        assert_eq!(dialled(1e-9, 6), "1×10⁻⁹");
        assert_eq!(dialled(4e-7, 6), "4×10⁻⁷");
        assert_eq!(dialled(6e-7, 6), "0.000001");
        assert_eq!(dialled(0.0, 2), "0.00");
        assert_eq!(dialled(1.5, 2), "1.50");
    }

    #[test]
    fn readers_never_meet_nan_minus_zero_or_a_hyphen() {
        assert_eq!(fixed(f64::NAN, 2), "–");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(fixed(-1.5, 1), "−1.5");
        assert_eq!(short(f64::NEG_INFINITY, 3), "−∞");
        assert_eq!(short(0.000_012_34, 3), "1.23×10⁻⁵");
        assert_eq!(short(1e300, 4), "1×10³⁰⁰");
        assert_eq!(short(0.5, 4), "0.5");
        assert_eq!(short(12345.678, 4), "12346");
    }

    #[test]
    fn machine_form_reads_back_exactly() {
        for value in [0.1, -1.1, 1e300, -2.5e-17, 123_456_789.0, f64::NEG_INFINITY, 1.0 / 3.0] {
            assert_eq!(read(&exact(value)).map(f64::to_bits), Some(value.to_bits()), "{value}");
        }
        assert_eq!(read("−3"), Some(-3.0));
        assert_eq!(read("-∞"), Some(f64::NEG_INFINITY));
        assert_eq!(read("NaN"), None);
        assert_eq!(read("1,5"), None);
    }

    #[test]
    fn groups_and_subscripts() {
        assert_eq!(whole(9999), "9999");
        assert_eq!(whole(1_000_000), "1\u{202f}000\u{202f}000");
        assert_eq!(subscript(12), "₁₂");
        assert_eq!(raised(-12), "10⁻¹²");
    }

    #[test]
    fn counts_beyond_every_float_are_told_by_their_logarithm() {
        assert_eq!(of_log10(3.0, 3), "1000");
        assert_eq!(of_log10(123.462, 3), "2.9×10¹²³");
        assert_eq!(of_log10(2_000.999_999, 3), "1×10²⁰⁰¹");
    }
}
