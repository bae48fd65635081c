//! Yansuan: the mathematics of a blog under the reader's hand. The floors, lowest first; each names only those below.
#![warn(missing_docs)]

pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod contract;
pub mod player;
pub mod plot;
pub mod widgets;
