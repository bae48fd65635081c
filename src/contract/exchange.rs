//! Formats of others in which part of a state comes and goes: pasted in, copied out.

use yansuan_math::{Expected, MathError};

use super::control::excerpt;
use super::text::{Text, Words};

/// What of an exchange does not depend on the type of the state.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeFace {
    /// Its name, kebab-case; no control has it.
    pub key: &'static str,
    /// What the format is called.
    pub name: Text,
    /// What comes and goes in it, in a sentence.
    pub help: Text,
}

/// A text that other programs write and read: a configuration file, a list with names.
///
/// The state is not in it whole, and addresses do not carry it: what was read has become values of controls.
pub struct Exchange<S> {
    /// Its fixed part.
    pub face: ExchangeFace,
    /// Changes the state to what a text says, and tells what was odd about it. On an error the state is forgotten.
    pub read: fn(&mut S, &str) -> Result<Vec<Words>, Words>,
    /// The state as such a text, or why it has no such form.
    pub write: fn(&S) -> Result<String, Words>,
}

/// What is wrong with a configuration that could not be read: which key, and what would be right. `None` for errors that only one format
/// has.
pub fn misread(error: &MathError) -> Option<Words> {
    Some(match error {
        MathError::BadJson { line, column, .. } => {
            Words::new(format!("这不是合法的 JSON：第 {line} 行第 {column} 列有误。"), format!("This is no JSON: {error}."))
        }
        MathError::BadKey { key, expected } => {
            let (key, right) = (excerpt(key), wanted(*expected));
            Words::new(
                format!("键“{key}”的值不能用；应该是{right}。"),
                format!("The key “{key}” has a value that cannot be used; it takes {expected}."),
            )
        }
        MathError::MissingKeys { keys } => {
            Words::new(format!("缺少键 {}。", keys.join("、")), format!("These keys are missing: {}.", keys.join(", ")))
        }
        _ => return None,
    })
}

/// In Chinese, what a value should be.
fn wanted(expected: Expected) -> String {
    match expected {
        Expected::Size => "从 1 到 16777216 的整数".to_owned(),
        Expected::Whole => "从 1 起的整数".to_owned(),
        Expected::Even => "从 2 起的偶数".to_owned(),
        Expected::Number => "数".to_owned(),
        Expected::Above(bound) => format!("大于 {bound} 的数"),
        Expected::From(bound) => format!("不小于 {bound} 的数"),
        Expected::FromKey(key) => format!("不小于 {key} 的数"),
        Expected::AboveKey(key) => format!("大于 {key} 的数"),
        Expected::Part => "大于 0、不超过 1 的数".to_owned(),
        Expected::Flag => " true 或 false".to_owned(),
        Expected::Word => "带引号的词".to_owned(),
        Expected::Object => "带花括号的一组键，或 null".to_owned(),
        Expected::Divisor => " hidden_size 的因数（没有写 head_dim）".to_owned(),
        Expected::LayerKinds => "每层一个 full_attention 或 sliding_attention 的列表".to_owned(),
        Expected::Factors => "每对一个正数的列表".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_value_is_told_with_what_would_be_right() {
        let said = |expected| {
            let words = misread(&MathError::BadKey { key: "factor".to_owned(), expected }).expect("words");
            [words.zh, words.en]
        };
        assert_eq!(
            said(Expected::From(1.0)),
            [
                "键“factor”的值不能用；应该是不小于 1 的数。",
                "The key “factor” has a value that cannot be used; it takes a number from 1."
            ]
        );
        assert_eq!(
            said(Expected::Flag),
            [
                "键“factor”的值不能用；应该是 true 或 false。",
                "The key “factor” has a value that cannot be used; it takes true or false."
            ]
        );
        assert_eq!(misread(&MathError::Empty), None);
    }
}
