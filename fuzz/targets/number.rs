//! One typed number: what is read is shown without NaN, and every way of writing it reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yansuan::contract::number;

fuzz_target!(|text: &str| {
    let Some(value) = number::read(text) else { return };
    assert!(!value.is_nan(), "not a number is not read");
    assert_eq!(number::read(&number::exact(value)), Some(value), "the exact form reads back");
    for digits in 1..=17 {
        let shown = number::short(value, digits);
        assert!(!shown.contains("NaN"), "{shown}");
    }
    for decimals in 0..=6 {
        assert!(!number::fixed(value, decimals).contains("NaN"));
    }
});
