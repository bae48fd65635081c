//! The button.

use crate::contract::text::Text;
use crate::player::el::{El, el};

/// A button; `looks` is `chip`, `button` or `plain`, perhaps `strong`.
pub fn button(looks: &str) -> El {
    el("button").set("type", "button").class(looks)
}

/// A button whose label is a sign: a voice says words instead.
pub fn sign(looks: &str, sign: &str, voice: Text) -> El {
    button(looks).label("aria-label", voice).label("title", voice).text(sign)
}
