//! The pages: the shelf, a page a widget, its embed, and those around them. What stands in a file is written natively.

use crate::contract::shelf::DynWidget;

#[cfg(not(target_arch = "wasm32"))]
pub mod afternoon;
#[cfg(not(target_arch = "wasm32"))]
pub mod checks;
#[cfg(not(target_arch = "wasm32"))]
pub mod embedding;
#[cfg(not(target_arch = "wasm32"))]
pub mod feed;
#[cfg(not(target_arch = "wasm32"))]
pub mod index;
#[cfg(not(target_arch = "wasm32"))]
pub mod manifest;
#[cfg(not(target_arch = "wasm32"))]
pub mod markup;
#[cfg(not(target_arch = "wasm32"))]
pub mod offline;
#[cfg(not(target_arch = "wasm32"))]
pub mod poster;
pub mod posts;
#[cfg(not(target_arch = "wasm32"))]
pub mod prerender;
#[cfg(not(target_arch = "wasm32"))]
pub mod roads;
#[cfg(not(target_arch = "wasm32"))]
pub mod shelf;
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
