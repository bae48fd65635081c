//! What is wrong, where, and what would be right, in both languages.

use super::text::Words;

/// A sentence for the reader about one field, or about the whole when no field is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Key of the control at which the sentence is shown.
    pub field: Option<&'static str>,
    /// What is wrong and what would be right.
    pub words: Words,
}

impl Problem {
    /// A problem of one control.
    pub fn at(field: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: Some(field), words: Words::new(zh, en) }
    }
}
