//! The query of an address, read by every widget: a legal state, notices with words, and the state comes back from its address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yansuan::contract::address::{Pairs, decode, encode};
use yansuan::widgets::SHELF;

fuzz_target!(|query: &str| {
    for widget in SHELF {
        if let Err(sentence) = yansuan_attack::query::one(*widget, query) {
            panic!("{}: {sentence}", widget.about().slug);
        }
    }
    let pairs = Pairs::of(query);
    assert_eq!(Pairs::of(&pairs.query()), pairs, "pairs come back from their own query");
    assert_eq!(decode(&encode(query)), query, "what is encoded is decoded");
});
