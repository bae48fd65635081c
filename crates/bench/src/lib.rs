//! What `cargo xtask bench` times. The kernels are one source, compiled natively and for the web; the figures are drawn by the
//! program's own renderer, on a canvas that the page hands in.

pub mod kernels;
#[cfg(target_arch = "wasm32")]
pub mod web;
