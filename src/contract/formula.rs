//! Formulas of the post, with the numbers of the moment in them.

use super::panel::Source;
use super::text::Text;

/// One formula: MathML made by `yansuan_tex::tex!`, and how it is read aloud.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Formula {
    /// Stable name in kebab-case.
    pub id: &'static str,
    /// MathML; `data-term` parts light up with marks, `data-value` places show readouts.
    pub mathml: &'static str,
    /// How it is read aloud.
    pub spoken: Text,
    /// What it says, in a few words.
    pub caption: Text,
    /// Where it comes from.
    pub source: Source,
}

impl Formula {
    /// The names after `data-term="` or `data-value="` in the MathML.
    pub fn names(&self, attribute: &str) -> Vec<&'static str> {
        let opening = format!("data-{attribute}=\"");
        self.mathml.split(opening.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }
}
