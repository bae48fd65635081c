//! The shelf: one folder a post. The program of a widget's pages is `src/bin/<slug>.rs`.

use crate::contract::shelf::DynWidget;
use crate::contract::widget::{About, Widget};

pub mod attention_rnn;
pub mod rope;
pub mod softmax;

macro_rules! shelf {
    ($($widget:path),* $(,)?) => {
        /// Every widget, in the order in which they were built.
        pub static SHELF: &[&dyn DynWidget] = &[$(&$widget),*];
        /// What each is about, for pages that name them and play none.
        pub static ABOUTS: &[About] = &[$(<$widget as Widget>::ABOUT),*];
    };
}

shelf![softmax::Softmax, rope::Rope, attention_rnn::AttentionRnn];
