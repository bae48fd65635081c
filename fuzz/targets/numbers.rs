//! Pasted numbers: none is NaN or +∞, they come back from how they are written, and an error names a place that exists.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yansuan::contract::number;
use yansuan_math::error::MathError;
use yansuan_math::parse::{TOKEN_CAP, parse_numbers};

fuzz_target!(|text: &str| {
    match parse_numbers(text) {
        Ok(numbers) => {
            assert!(numbers.iter().all(|x| *x < f64::INFINITY), "a number without a value");
            let written: Vec<String> = numbers.iter().map(|x| number::exact(*x)).collect();
            assert_eq!(parse_numbers(&written.join(", ")).as_deref(), Ok(&numbers[..]), "they come back");
        }
        Err(MathError::BadToken { position, line, column, token }) => {
            assert!(position >= 1 && line >= 1 && column >= 1, "places count from 1");
            assert!(line <= text.lines().count().max(1), "the line exists");
            assert!(token.chars().count() <= TOKEN_CAP + 1 && !token.is_empty(), "the token is quoted, and briefly");
        }
        Err(_) => {}
    }
});
