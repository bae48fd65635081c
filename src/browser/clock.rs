//! Time and frames.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// Milliseconds since the page began.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Runs something before the next picture. Off-screen frames get none: what must happen there does not wait for it.
pub fn next_frame(run: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(run);
    if let Some(window) = web_sys::window() {
        // A refusal means that the page is going away.
        let _gone = window.request_animation_frame(callback.unchecked_ref());
    }
}

/// Runs something after some milliseconds.
pub fn after(milliseconds: i32, run: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(run);
    if let Some(window) = web_sys::window() {
        let _gone = window.set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), milliseconds);
    }
}
