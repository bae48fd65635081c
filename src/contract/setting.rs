//! One value a control: what address, history, presets, steps and hosts carry.

use super::value::Value;

/// The values of all controls of a widget, in the order of its declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting(pub Vec<Value>);

/// A few values that replace those of a setting: `(key of the control, value)`.
pub type Patch = Vec<(&'static str, Value)>;
