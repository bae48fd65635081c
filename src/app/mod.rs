//! The pages: the shelf, a page a widget, its embed, about.

pub mod emblem;
pub mod posts;
#[cfg(not(target_arch = "wasm32"))]
pub mod prerender;
#[cfg(target_arch = "wasm32")]
pub mod view;
pub mod words;
