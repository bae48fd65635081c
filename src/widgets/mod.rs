//! The shelf: one folder a post. The program of a widget's pages is `src/bin/<slug>.rs`.

use crate::contract::shelf::DynWidget;

pub mod attention_rnn;
pub mod cool_papers;
pub mod extrapolation;
pub mod fourier_density;
pub mod kv_cache;
pub mod rope;
pub mod s4;
pub mod softmax;

/// Every widget, in the order in which they were built.
pub static SHELF: &[&dyn DynWidget] = &[
    &softmax::Softmax,
    &rope::Rope,
    &attention_rnn::AttentionRnn,
    &fourier_density::Fourier,
    &extrapolation::Extrapolation,
    &kv_cache::KvCache,
    &cool_papers::CoolPapers,
    &s4::S4,
];
