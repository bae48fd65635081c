//! The program as the script `public/embed.js` sees it: `globalThis.yansuan` with `ask` and `now`, and `changed`, which the script sets.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

/// Offers what a script may ask: `ask(type, fields)`, and `now()`. The result calls `changed()`, if the script has set it.
///
/// Exports of the program would do the same, but be part of every program, of those too that play nothing.
pub fn offer(ask: impl FnMut(String, String) -> String + 'static, now: impl FnMut() -> String + 'static) -> impl Fn() {
    let program = Object::new();
    let put = |name: &str, value: &JsValue| {
        let _set = Reflect::set(&program, &name.into(), value);
    };
    put("ask", Closure::<dyn FnMut(String, String) -> String>::new(ask).into_js_value().as_ref());
    put("now", Closure::<dyn FnMut() -> String>::new(now).into_js_value().as_ref());
    let _set = Reflect::set(&js_sys::global(), &"yansuan".into(), &program);
    move || {
        if let Ok(changed) = Reflect::get(&program, &"changed".into())
            && let Some(changed) = changed.dyn_ref::<Function>()
        {
            let _thrown = changed.call0(&program);
        }
    }
}
