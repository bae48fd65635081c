//! Numbers out of pasted text: plain or CSV, English or Chinese punctuation.

use crate::decimal::read_decimal;
use crate::error::MathError;

/// The largest count of numbers a paste may have.
pub const NUMBERS_LIMIT: usize = 1_000_000;

/// The largest number of characters of a bad token that an error carries.
pub const TOKEN_CAP: usize = 24;

/// Reads up to [`NUMBERS_LIMIT`] numbers.
///
/// Separators: any white space (the ideographic too), comma, semicolon, `，`, `、`, `；`; several in a row
/// count as one, so an empty cell is skipped. Numbers as [`read_decimal`] knows them (`-1`, `.5`, `1e-3`), also
/// with the minus sign `−` (U+2212), and `-inf`, `-infinity` (any case) or `-∞` for a masked logit. `NaN`,
/// `+inf` and numbers beyond the range of `f64` are bad tokens. Blank text gives no numbers.
///
/// # Errors
/// [`MathError::BadToken`] with the place of the first, [`MathError::TooMany`].
pub fn parse_numbers(text: &str) -> Result<Vec<f64>, MathError> {
    let bytes = text.as_bytes();
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let separator = separator_length(bytes, at);
        if separator > 0 {
            at += separator;
            continue;
        }
        let begin = at;
        while at < bytes.len() && separator_length(bytes, at) == 0 {
            at += 1;
        }
        let token = &text[begin..at];
        let Some(number) = parse_token(token) else {
            return Err(bad_token(text, begin, token, numbers.len() + 1));
        };
        if numbers.len() == NUMBERS_LIMIT {
            return Err(MathError::TooMany { limit: NUMBERS_LIMIT });
        }
        numbers.push(number);
    }
    Ok(numbers)
}

/// The length in bytes of the separator at a place, 0 if there is none.
///
/// Works on bytes because almost every paste is ASCII. A token can end only where a whole separator
/// begins, so slicing there is always at a character's boundary.
fn separator_length(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'\t'..=b'\r' | b' ' | b',' | b';' => 1,
        // Next line, no-break space.
        0xC2 => usize::from(matches!(bytes.get(at + 1), Some(0x85 | 0xA0))) * 2,
        0xE1..=0xEF => match bytes.get(at..at + 3) {
            // Ogham space; en quad to hair space; line and paragraph separators; narrow no-break and
            // medium mathematical space; ideographic space; 、 ， ； and the byte order mark.
            Some(
                [0xE1, 0x9A, 0x80]
                | [0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF]
                | [0xE2, 0x81, 0x9F]
                | [0xE3, 0x80, 0x80 | 0x81]
                | [0xEF, 0xBC, 0x8C | 0x9B]
                | [0xEF, 0xBB, 0xBF],
            ) => 3,
            _ => 0,
        },
        _ => 0,
    }
}

fn parse_token(token: &str) -> Option<f64> {
    if token.is_ascii() {
        return accept(token);
    }
    let plain = token.replace('\u{2212}', "-");
    if plain == "-∞" { Some(f64::NEG_INFINITY) } else { accept(&plain) }
}

/// "inf" and overflow to ±∞ are numbers too: only a spelled-out −∞ is a mask.
fn accept(token: &str) -> Option<f64> {
    let spelled_out = || token.bytes().any(|byte| byte.eq_ignore_ascii_case(&b'i'));
    read_decimal(token).filter(|&number| number.is_finite() || (number == f64::NEG_INFINITY && spelled_out()))
}

fn bad_token(text: &str, begin: usize, token: &str, position: usize) -> MathError {
    let before = &text[..begin];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    MathError::BadToken {
        position,
        line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        token: token.chars().take(TOKEN_CAP).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_separator_separates() {
        let text = "1,2;3\t4\n5\r\n6 7，8、9；10\u{3000}11\u{a0}12,,13\u{feff}";
        let numbers: Vec<f64> = (1..=13).map(f64::from).collect();
        assert_eq!(parse_numbers(text), Ok(numbers));
    }

    #[test]
    fn blank_text_has_no_numbers() {
        assert_eq!(parse_numbers(""), Ok(vec![]));
        assert_eq!(parse_numbers(" \n,，\t"), Ok(vec![]));
    }

    #[test]
    fn both_minus_signs_and_masks_are_read() {
        let numbers = parse_numbers("-1 −2 1e-3 1e−3 -inf −inf -Infinity −∞ -∞ .5 +4");
        let masked = f64::NEG_INFINITY;
        let expected = vec![-1.0, -2.0, 1e-3, 1e-3, masked, masked, masked, masked, masked, 0.5, 4.0];
        assert_eq!(numbers, Ok(expected));
    }

    #[test]
    fn a_bad_token_is_placed() {
        for (text, position, line, column, token) in [
            ("1, 2\n，abc 3", 3, 2, 2, "abc"),
            ("nan", 1, 1, 1, "nan"),
            ("1 inf", 2, 1, 3, "inf"),
            ("−x", 1, 1, 1, "−x"),
            ("1e999", 1, 1, 1, "1e999"),
            ("-1e999", 1, 1, 1, "-1e999"),
            ("∞", 1, 1, 1, "∞"),
            ("中文", 1, 1, 1, "中文"),
        ] {
            let token = token.to_owned();
            assert_eq!(parse_numbers(text), Err(MathError::BadToken { position, line, column, token }));
        }
    }

    #[test]
    fn a_long_bad_token_is_cut_at_a_character() {
        let Err(MathError::BadToken { token, .. }) = parse_numbers(&"字".repeat(10_000)) else {
            panic!("a bad token");
        };
        assert_eq!(token, "字".repeat(TOKEN_CAP));
    }

    #[test]
    fn a_million_numbers_are_read_and_one_more_is_too_many() {
        let text = "0.25 ".repeat(NUMBERS_LIMIT);
        assert_eq!(parse_numbers(&text).map(|numbers| numbers.len()), Ok(NUMBERS_LIMIT));
        assert_eq!(parse_numbers(&(text + "1")), Err(MathError::TooMany { limit: NUMBERS_LIMIT }));
    }
}
