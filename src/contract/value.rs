//! The value of one control, as address, history, presets and hosts carry it.

use std::sync::Arc;

use super::script::Word;

/// A value of one of the kinds of control.
#[derive(Clone, Debug)]
pub enum Value {
    /// A slider.
    Number(f64),
    /// A toggle.
    Flag(bool),
    /// The index of the chosen item.
    Choice(usize),
    /// The chosen items, a bit each, item 0 in the lowest bit.
    Several(u32),
    /// Numbers in order; shared, because a million of them must not be copied at every change.
    Vector(Arc<[f64]>),
    /// A seed, or the position of a playhead.
    Integer(u64),
    /// The words of a script.
    Script(Arc<[Word]>),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Flag(a), Self::Flag(b)) => a == b,
            (Self::Choice(a), Self::Choice(b)) => a == b,
            (Self::Several(a), Self::Several(b)) => a == b,
            // A list that is shared is the same: a million numbers are not looked at for every change of a slider.
            (Self::Vector(a), Self::Vector(b)) => Arc::ptr_eq(a, b) || a == b,
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Script(a), Self::Script(b)) => a == b,
            _ => false,
        }
    }
}

/// The choice of the item of a list that equals a value; the first if there is none.
pub fn place<T: PartialEq>(list: &[T], value: &T) -> Value {
    Value::Choice(list.iter().position(|other| other == value).unwrap_or(0))
}

/// Reads the payload of a value in a control's setter; a value of another kind is left unused.
macro_rules! payload {
    ($name:ident, $variant:ident, $type:ty, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&self) -> Option<$type> {
            match self {
                Self::$variant(inner) => Some(inner.clone()),
                _ => None,
            }
        }
    };
}

impl Value {
    payload!(number, Number, f64, "The number of a slider.");
    payload!(flag, Flag, bool, "The state of a toggle.");
    payload!(choice, Choice, usize, "The index of a choice.");
    payload!(several, Several, u32, "The bits of a choice of several.");
    payload!(vector, Vector, Arc<[f64]>, "The numbers of a vector.");
    payload!(integer, Integer, u64, "A seed or a position.");
    payload!(script, Script, Arc<[Word]>, "The words of a script.");
}
