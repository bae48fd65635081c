//! The page around the program: its address, its language, what its file says about itself.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
pub use web_sys::File;
use web_sys::{Document, Element, HtmlElement, Window};

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// The query of the address, with its question mark; empty if there is none.
pub fn query() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// The address without query and fragment.
pub fn address() -> String {
    let location = window().map(|window| window.location());
    let origin = location.as_ref().and_then(|location| location.origin().ok()).unwrap_or_default();
    let path = location.and_then(|location| location.pathname().ok()).unwrap_or_default();
    origin + &path
}

/// Scheme, host and port of the page.
pub fn origin() -> String {
    window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Replaces the query without a new entry in the history.
pub fn replace_query(query: &str) {
    let path = window().and_then(|window| window.location().pathname().ok()).unwrap_or_default();
    let address = if query.is_empty() { path } else { format!("{path}?{query}") };
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        // Refused only when called too often, and then a later call brings the last state.
        let _refused = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}

/// What the file of this page says in its body's `data-…` attribute.
pub fn data(name: &str) -> Option<String> {
    document()?.body()?.get_attribute(&format!("data-{name}"))
}

/// The languages that the reader prefers, best first.
pub fn languages() -> Vec<String> {
    window().map(|window| window.navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()).unwrap_or_default()
}

/// Whether a media query holds.
pub fn matches(media: &str) -> bool {
    window().and_then(|window| window.match_media(media).ok().flatten()).is_some_and(|list| list.matches())
}

/// Calls back when a media query begins or ceases to hold, for as long as the page lives.
pub fn on_media(media: &str, mut changed: impl FnMut(bool) + 'static) {
    let Some(list) = window().and_then(|window| window.match_media(media).ok().flatten()) else { return };
    let callback = Closure::<dyn FnMut(web_sys::MediaQueryListEvent)>::new(move |event: web_sys::MediaQueryListEvent| {
        changed(event.matches());
    });
    list.set_onchange(Some(callback.as_ref().unchecked_ref()));
    callback.forget();
}

/// Sets language, theme and title of the page.
pub fn dress(lang: &str, theme: &str, title: &str) {
    let Some(document) = document() else { return };
    document.set_title(title);
    if let Some(root) = document.document_element() {
        let _set = root.set_attribute("lang", lang).and_then(|()| root.set_attribute("data-theme", theme));
    }
}

/// Sets what a host wants of the looks: an accent and the wash that goes with it, that nothing moves by itself, that no link is there.
pub fn adorn(colours: [&str; 2], is_calm: bool, has_links: bool) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    for (name, colour) in ["--accent", "--wash"].into_iter().zip(colours) {
        super::dom::set_style(&root, name, colour);
    }
    super::dom::set(&root, "data-motion", is_calm.then_some("reduce"));
    super::dom::set(&root, "data-links", (!has_links).then_some("0"));
}

/// The element that the program fills; what stood there (poster and words) is taken away.
pub fn stage() -> Option<HtmlElement> {
    let stage = document()?.get_element_by_id("yansuan")?.dyn_into::<HtmlElement>().ok()?;
    stage.set_inner_html("");
    Some(stage)
}

/// Calls back on a key anywhere on the page, for as long as the page lives.
pub fn on_key(pressed: impl FnMut(web_sys::KeyboardEvent) + 'static) {
    let callback = Closure::<dyn FnMut(web_sys::KeyboardEvent)>::new(pressed);
    if let Some(window) = window() {
        let _added = window.add_event_listener_with_callback("keydown", callback.as_ref().unchecked_ref());
    }
    callback.forget();
}

/// Calls back with whether the page is being printed, for as long as it lives.
pub fn on_print(changed: impl Fn(bool) + Clone + 'static) {
    let Some(window) = window() else { return };
    for (event, is_printing) in [("beforeprint", true), ("afterprint", false)] {
        let changed = changed.clone();
        let callback = Closure::<dyn FnMut()>::new(move || changed(is_printing));
        let _added = window.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
        callback.forget();
    }
}

/// Where the site begins: scheme, host and path, with a slash. A page that was saved as one file names the site that it came from.
pub fn site() -> String {
    let base = base();
    if base.starts_with('/') { origin() + &base } else { base }
}

/// Where the site begins, as links of a page write it.
pub fn base() -> String {
    data("base").unwrap_or_else(|| "/".to_owned())
}

/// Whether typing goes into the element that has the focus.
pub fn is_typing() -> bool {
    let Some(active) = document().and_then(|document| document.active_element()) else { return false };
    let tag = active.tag_name();
    tag == "TEXTAREA"
        || tag == "SELECT"
        || (tag == "INPUT" && active.get_attribute("type").is_none_or(|kind| kind == "text" || kind == "number"))
}

/// Whether the page has an element.
pub fn is_there(id: &str) -> bool {
    document().is_some_and(|document| document.get_element_by_id(id).is_some())
}

/// Whether an element is on the screen, at least in part.
pub fn is_on_screen(id: &str) -> bool {
    let Some(element) = document().and_then(|document| document.get_element_by_id(id)) else { return false };
    let height = window().and_then(|window| window.inner_height().ok()).and_then(|height| height.as_f64()).unwrap_or(0.0);
    let place = element.get_bounding_client_rect();
    place.bottom() > 0.0 && place.top() < height
}

/// Brings an element into view, if it is not.
pub fn show(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Puts the numbers of the moment into the places of a formula, and lights a term.
///
/// The MathML was made when the program was built; only these places change.
pub fn fill(root: &Element, numbers: &[(&'static str, String)], lit: Option<&str>) {
    let Ok(places) = root.query_selector_all("[data-value],[data-term]") else { return };
    for at in 0..places.length() {
        let Some(place) = places.get(at).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        if let Some(key) = place.get_attribute("data-value") {
            let number = numbers.iter().find(|(name, _)| *name == key).map_or("–", |(_, text)| text.as_str());
            if place.text_content().as_deref() != Some(number) {
                place.set_text_content(Some(number));
            }
        } else {
            let is_lit = lit.is_some() && place.get_attribute("data-term").as_deref() == lit;
            let _same = place.class_list().toggle_with_force("lit", is_lit);
        }
    }
}

/// The term of the formula part that an event came from.
pub fn term_of(event: &web_sys::Event) -> Option<String> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest("[data-term]").ok()??.get_attribute("data-term")
}

/// Whether no element has the focus, so that a key is meant for the page.
pub fn focus_is_nowhere() -> bool {
    document().and_then(|document| document.active_element()).is_none_or(|active| active.tag_name() == "BODY")
}

/// The first file that was chosen in a field.
pub fn first_file(event: &web_sys::Event) -> Option<File> {
    event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?.files()?.get(0)
}

/// The first file that is let fall; `None` if what falls is no file.
pub fn dropped_file(event: &web_sys::Event) -> Option<File> {
    event.dyn_ref::<web_sys::DragEvent>()?.data_transfer()?.files()?.get(0)
}

/// Whether what is dragged over an element is a file.
pub fn is_file_dragged(event: &web_sys::Event) -> bool {
    let carried = event.dyn_ref::<web_sys::DragEvent>().and_then(web_sys::DragEvent::data_transfer);
    carried.is_some_and(|carried| carried.types().includes(&"Files".into(), 0))
}

/// The text of a file; `None` if the browser cannot read it.
pub async fn read_file(file: File) -> Option<String> {
    wasm_bindgen_futures::JsFuture::from(file.text()).await.ok()?.as_string()
}

/// Whether the `<details>` that an event came from is open.
pub fn is_open(event: &web_sys::Event) -> bool {
    event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| element.has_attribute("open"))
}
