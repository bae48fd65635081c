//! Scripts: what is read is legal and comes back from how it is written, and what is wrong is said in both languages, briefly.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yansuan::contract::control::Kind;
use yansuan::contract::script;
use yansuan::widgets::SHELF;

fuzz_target!(|text: &str| {
    for face in SHELF.iter().flat_map(|widget| widget.faces()) {
        let Kind::Script { vocabulary, .. } = face.kind else { continue };
        match script::read(text, vocabulary) {
            Ok(words) => {
                for word in &words {
                    let sizes = vocabulary[word.vocable].sizes;
                    assert_eq!(sizes.len(), word.sizes.len(), "every size is there");
                    assert!(sizes.iter().zip(&word.sizes).all(|(size, given)| (size.min..=size.max).contains(given)), "and legal");
                }
                for between in [" ", ","] {
                    assert_eq!(script::read(&script::write(&words, vocabulary, between), vocabulary).as_ref(), Ok(&words));
                }
            }
            Err(why) => {
                assert!(!why.zh.is_empty() && !why.en.is_empty() && why.en.chars().count() < 400, "{}", why.en);
            }
        }
    }
});
