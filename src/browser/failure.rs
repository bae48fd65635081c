//! What the page shows when the program has panicked: a card that needs no program to work.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

use crate::plot::svg::escape;

/// Shows a card instead of a dead page. The program never runs again: reset is a plain link, the report plain text.
pub fn show_card(report: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let Some(stage) = document.get_element_by_id("yansuan") else { return };
    let path = web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default();
    let query = super::page::query();
    let card = format!(
        "<main class=\"failure\"><div role=\"alert\"><h1>演算出了错</h1>\
         <p>这是程序的错误，不是您的操作有误。页面上其他内容不受影响。</p>\
         <p lang=\"en\">The calculation has failed. This is a fault of the program, not yours; everything else on the page still works.</p></div>\
         <p><a class=\"button\" href=\"{path}\">重新开始 <span lang=\"en\">Start again</span></a> \
         <a href=\"{path}{query}\">回到刚才的状态 <span lang=\"en\">Try the same state</span></a></p>\
         <label for=\"report\">错误报告，可复制 <span lang=\"en\">Report, to be copied</span></label>\
         <textarea id=\"report\" readonly rows=\"5\">{report}</textarea></main>",
        path = escape(&path),
        query = escape(&query),
        report = escape(&format!("{report}\n{path}{query}")),
    );
    stage.set_inner_html(&card);
}

/// Shows the card for every panic. The event `yansuan:drill` panics on purpose: tests hold the card to it, and no link can send it.
///
/// # Panics
///
/// Later, in the drill.
pub fn guard() {
    std::panic::set_hook(Box::new(|info| show_card(&info.to_string())));
    let callback = Closure::<dyn FnMut()>::new(|| panic!("drill"));
    if let Some(window) = web_sys::window() {
        let _added = window.add_event_listener_with_callback("yansuan:drill", callback.as_ref().unchecked_ref());
    }
    callback.forget();
}
