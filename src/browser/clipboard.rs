//! The clipboard.

use wasm_bindgen_futures::JsFuture;

/// Copies text; says whether it worked. A sandbox may refuse, then the text stands in a field to be copied by hand.
pub async fn copy(text: String) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let clipboard = window.navigator().clipboard();
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(&text)).await.is_ok()
}
