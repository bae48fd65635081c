//! Starts the program in the browser. Natively there is nothing to start: see `cargo xtask serve`.

#[cfg(target_arch = "wasm32")]
fn main() {
    yansuan::app::view::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Yansuan runs in a browser: `cargo xtask serve` starts it.");
}
