//! The shelf: one folder a post.

use crate::contract::shelf::DynWidget;

pub mod rope;
pub mod softmax;

/// Every widget, in the order in which they were built.
pub static SHELF: &[&dyn DynWidget] = &[&softmax::Softmax, &rope::Rope];
