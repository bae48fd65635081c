//! What the browser may remember for us: in a sandbox every access throws, and nothing is lost by it.

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was kept under a name.
pub fn recall(name: &str) -> Option<String> {
    storage()?.get_item(&format!("yansuan-{name}")).ok()?
}

/// Keeps a word under a name, if it may.
pub fn keep(name: &str, word: &str) {
    if let Some(storage) = storage() {
        let _full = storage.set_item(&format!("yansuan-{name}"), word);
    }
}
