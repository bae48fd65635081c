//! JSON as RFC 8259 has it, read into a tree: just enough for the configuration of a model that a reader pastes.
//!
//! Ours, because a parser with serialisation behind it would weigh more in the program than all of this widget.

use crate::decimal::read_decimal;
use crate::error::MathError;

/// How deep lists and objects may be nested; a pasted text must not exhaust the stack.
pub const DEPTH_LIMIT: usize = 64;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A finite number, the nearest `f64`.
    Number(f64),
    /// A text, its escapes resolved.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// Keys and values in the order of the text, equal keys as often as they are there.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value of a key of an object, the last if there are several; `None` if it is absent or this is no object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The number, if it is one.
    pub const fn as_f64(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The number, if it is whole, not negative and at most `2^53`, so that it is the one written.
    pub fn as_u64(&self) -> Option<u64> {
        let number = self.as_f64()?;
        (number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&number)).then_some(number as u64)
    }

    /// The truth value, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The list, if it is one.
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }

    /// Whether it is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// Reads one value, with nothing but white space around it.
///
/// # Errors
/// [`MathError::BadJson`] with the place and what is wrong there: also for numbers beyond `f64` and for nesting deeper than
/// [`DEPTH_LIMIT`].
pub fn parse(text: &str) -> Result<Json, MathError> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.wrong("the text goes on after its value"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    /// In bytes; always at the beginning of a character.
    at: usize,
}

impl<'a> Reader<'a> {
    fn wrong(&self, problem: &'static str) -> MathError {
        let before = &self.text[..self.at];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        MathError::BadJson { line, column, problem }
    }

    fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn skip_space(&mut self) {
        self.at += self.rest().iter().take_while(|byte| b" \t\n\r".contains(byte)).count();
    }

    /// Goes past a byte, if it is next.
    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Goes past a word, if it is next.
    fn word(&mut self, word: &str, value: Json) -> Result<Json, MathError> {
        if self.rest().starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.wrong("not a value"))
    }

    fn value(&mut self, depth: usize) -> Result<Json, MathError> {
        self.skip_space();
        match self.peek() {
            None => Err(self.wrong("the text ends where a value should be")),
            Some(b'{' | b'[') if depth >= DEPTH_LIMIT => Err(self.wrong("nested too deep")),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(_) => Err(self.wrong("not a value")),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Json, MathError> {
        self.at += 1;
        let mut values = Vec::new();
        self.skip_space();
        if self.eat(b']') {
            return Ok(Json::Array(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            self.skip_space();
            if self.eat(b']') {
                return Ok(Json::Array(values));
            }
            if !self.eat(b',') {
                return Err(self.wrong("a comma or ] is missing"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, MathError> {
        self.at += 1;
        let mut entries = Vec::new();
        self.skip_space();
        if self.eat(b'}') {
            return Ok(Json::Object(entries));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a key in quotes is missing"));
            }
            let key = self.string()?;
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.wrong("a colon is missing"));
            }
            entries.push((key, self.value(depth + 1)?));
            self.skip_space();
            if self.eat(b'}') {
                return Ok(Json::Object(entries));
            }
            if !self.eat(b',') {
                return Err(self.wrong("a comma or } is missing"));
            }
        }
    }

    fn digits(&mut self) -> Result<(), MathError> {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(self.wrong("a digit is missing")) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Json, MathError> {
        let begin = self.at;
        self.eat(b'-');
        // No further digit may follow a leading zero.
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _signed = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        match read_decimal(&self.text[begin..self.at]) {
            Some(number) if number.is_finite() => Ok(Json::Number(number)),
            _ => Err(self.wrong("a number beyond f64")),
        }
    }

    fn string(&mut self) -> Result<String, MathError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let plain = self.rest().iter().take_while(|&&byte| byte != b'"' && byte != b'\\' && byte >= 0x20).count();
            // Ends before an ASCII byte, so at a character's beginning.
            out.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return Err(self.wrong("a control character in a text")),
                None => return Err(self.wrong("a text without its closing quote")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, MathError> {
        const PLAIN: [(u8, char); 8] =
            [(b'"', '"'), (b'\\', '\\'), (b'/', '/'), (b'b', '\u{8}'), (b'f', '\u{c}'), (b'n', '\n'), (b'r', '\r'), (b't', '\t')];
        self.at += 1;
        if let Some((_, c)) = PLAIN.into_iter().find(|&(byte, _)| Some(byte) == self.peek()) {
            self.at += 1;
            return Ok(c);
        }
        if !self.eat(b'u') {
            return Err(self.wrong("an unknown escape"));
        }
        let first = self.four_digits()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            // The upper half of a character beyond 16 bits: the lower one must follow.
            if !(self.eat(b'\\') && self.eat(b'u')) {
                return Err(self.wrong("half of a surrogate pair"));
            }
            match self.four_digits()? {
                second @ 0xdc00..0xe000 => 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00),
                _ => return Err(self.wrong("half of a surrogate pair")),
            }
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.wrong("half of a surrogate pair"))
    }

    fn four_digits(&mut self) -> Result<u32, MathError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.wrong("four hexadecimal digits are missing"))?;
            self.at += 1;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#" {"a": [1, -2.5e1, true, false, null], "b": {"c": "\u00e9\ud83d\ude00\n\/"}, "a\"": 0} "#;
        let json = parse(text).expect("legal");
        let values = json.get("a").and_then(Json::as_array).expect("a list");
        assert_eq!(values, [Json::Number(1.0), Json::Number(-25.0), Json::Bool(true), Json::Bool(false), Json::Null]);
        assert_eq!(json.get("b").and_then(|b| b.get("c")).and_then(Json::as_str), Some("é😀\n/"));
        assert_eq!(json.get("a\"").and_then(Json::as_u64), Some(0));
        assert_eq!(parse("{}"), Ok(Json::Object(Vec::new())));
        assert_eq!(parse("[ ]"), Ok(Json::Array(Vec::new())));
        assert_eq!(parse("\r\n[\t0\r\n,1 ]\r\n"), Ok(Json::Array(vec![Json::Number(0.0), Json::Number(1.0)])));
        assert!(parse("\u{a0}0").is_err() && parse("\u{feff}0").is_err());
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        assert_eq!(parse(r#"{"a": 1, "a": 2}"#).expect("legal").get("a").and_then(Json::as_u64), Some(2));
    }

    #[test]
    fn errors_have_a_place() {
        let place = |text: &str| match parse(text) {
            Err(MathError::BadJson { line, column, .. }) => (line, column),
            other => panic!("{text:?} gives {other:?}"),
        };
        assert_eq!(place(""), (1, 1));
        assert_eq!(place("{\n  \"é\": x}"), (2, 8));
        assert_eq!(place("[1 2]"), (1, 4));
        assert_eq!(place("[1,]"), (1, 4));
        assert_eq!(place("01"), (1, 2));
        assert_eq!(place("1e999"), (1, 6));
        assert_eq!(place("\"\u{1}\""), (1, 2));
        assert_eq!(place(r#""\ud800""#), (1, 8));
        assert_eq!(place("{} {}"), (1, 4));
        assert_eq!(place("NaN"), (1, 1));
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(DEPTH_LIMIT)).is_ok());
        assert!(matches!(parse(&nested(DEPTH_LIMIT + 1)), Err(MathError::BadJson { problem: "nested too deep", .. })));
        assert!(parse(&nested(1_000_000)).is_err());
    }

    #[test]
    fn whole_numbers_are_told_from_others() {
        let whole = |text: &str| parse(text).expect("legal").as_u64();
        assert_eq!(whole("4096"), Some(4096));
        assert_eq!(whole("4096.0"), Some(4096));
        assert_eq!(whole("-1"), None);
        assert_eq!(whole("0.5"), None);
        assert_eq!(whole("1e300"), None);
        assert_eq!(whole("true"), None);
    }
}
