//! Formats of others in which part of a state comes and goes: pasted in, copied out.

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
