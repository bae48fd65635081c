//! The pages: the shelf, a page a widget, its embed, about.

use crate::contract::shelf::DynWidget;

pub mod emblem;
pub mod posts;
#[cfg(not(target_arch = "wasm32"))]
pub mod prerender;
#[cfg(target_arch = "wasm32")]
pub mod view;
pub mod words;

/// Starts the page in the browser, with the widgets that this program can play. Natively there is nothing to start.
pub fn start(widgets: &'static [&'static dyn DynWidget]) {
    #[cfg(target_arch = "wasm32")]
    view::start(widgets);
    #[cfg(not(target_arch = "wasm32"))]
    println!("{} widgets are played in a browser: `cargo xtask serve` starts it.", widgets.len());
}
