//! Small labelled numbers: beside the figures, and inside the formulas.

use super::number;
use super::text::{Text, Words};

/// Where a readout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With the controls.
    Rail,
    /// Under the title of a view.
    Panel(&'static str),
    /// Only inside formulas that name it.
    Formula,
}

/// A value as it is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// A number with a fixed count of decimals.
    Fixed(f64, usize),
    /// A number with some significant digits.
    Short(f64, usize),
    /// Words or a fraction such as `2 / 5`.
    Words(Words),
}

/// One labelled number of the moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// The name that formulas use.
    pub key: &'static str,
    /// The label.
    pub label: Text,
    /// The value.
    pub reading: Reading,
    /// Where it stands.
    pub place: Place,
}

impl Readout {
    /// The value in words that a screen shows and a voice reads.
    pub fn words(&self) -> Words {
        match &self.reading {
            Reading::Fixed(value, decimals) => Words::same(number::fixed(*value, *decimals)),
            Reading::Short(value, digits) => Words::same(number::short(*value, *digits)),
            Reading::Words(words) => words.clone(),
        }
    }

    /// The number behind it, if it is one; tests look here for NaN.
    pub fn number(&self) -> Option<f64> {
        match self.reading {
            Reading::Fixed(value, _) | Reading::Short(value, _) => Some(value),
            Reading::Words(_) => None,
        }
    }
}
