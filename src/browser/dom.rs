//! Elements of the page: made, changed, listened to.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

pub use web_sys::{Element, Event, EventTarget, KeyboardEvent, Node, PointerEvent};

/// A new element.
///
/// # Panics
///
/// Where there is no document, or the name is none: names are ours.
pub fn create(tag: &str) -> Element {
    let document = web_sys::window().and_then(|window| window.document()).expect("a page has a document");
    document.create_element(tag).expect("a tag of ours is a name")
}

/// A text at the end of an element; it is changed by [`set_text`].
pub fn add_text(element: &Element, words: &str) -> Node {
    let node: Node = web_sys::Text::new_with_data(words).map_or_else(|_| element.clone().into(), Into::into);
    add(element, &node);
    node
}

/// Changes a text.
pub fn set_text(node: &Node, words: &str) {
    node.set_node_value(Some(words));
}

/// Words in the place of everything inside of an element.
pub fn set_words(element: &Element, words: &str) {
    element.set_text_content(Some(words));
}

/// A child at the end of an element.
pub fn add(element: &Element, child: &Node) {
    let _added = element.append_child(child);
}

/// Takes all children away.
pub fn clear(element: &Element) {
    element.set_text_content(None);
}

/// Sets an attribute, or takes it away.
pub fn set(element: &Element, name: &str, value: Option<&str>) {
    let _named = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Sets a property, which for fields says more than the attribute of the same name.
pub fn set_property(element: &Element, name: &str, value: &JsValue) {
    let _set = js_sys::Reflect::set(element, &name.into(), value);
}

/// Sets one property of the element's style; the policy allows this, and no `style` attribute.
pub fn set_style(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _set = element.style().set_property(name, value);
    }
}

/// Adds a class, or takes it away.
pub fn set_class(element: &Element, name: &str, on: bool) {
    let _set = element.class_list().toggle_with_force(name, on);
}

/// A listener; dropping it ends the listening.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ended = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}

/// Calls back on every event of a name.
pub fn listen(target: &EventTarget, event: &'static str, heard: Box<dyn FnMut(Event)>) -> Listener {
    let callback = Closure::wrap(heard);
    let _added = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
    Listener { target: target.clone(), event, callback }
}

/// Calls back with the height that an embed in a frame wants, CSS pixels, whenever it says one.
pub fn listen_to_frame(frame: &Element, mut heard: impl FnMut(u32) + 'static) -> Option<Listener> {
    let (window, frame) = (web_sys::window()?, frame.clone());
    let field = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).unwrap_or_default();
    let said = move |message: Event| {
        let inside = field(&frame, "contentWindow");
        let data = field(&message, "data");
        if inside.is_object()
            && inside == field(&message, "source")
            && field(&data, "type") == "resize"
            && let Some(height) = field(&data, "height").as_f64()
        {
            heard(height as u32);
        }
    };
    Some(listen(&window, "message", Box::new(said)))
}

/// What is in a field, whatever kind of field it is.
pub fn value(element: &Element) -> String {
    js_sys::Reflect::get(element, &"value".into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

/// Whether an element has the focus.
pub fn is_focused(element: &Element) -> bool {
    element.owner_document().and_then(|document| document.active_element()).as_ref() == Some(element)
}

/// Selects all that is in a field, so that typing replaces it.
pub fn select(element: &Element) {
    match element.dyn_ref::<HtmlInputElement>() {
        Some(field) => field.select(),
        None => element.dyn_ref::<HtmlTextAreaElement>().into_iter().for_each(HtmlTextAreaElement::select),
    }
}

/// Moves the focus to an element, without scrolling to it.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _focused = element.focus();
    }
}

/// Lets all later moves of a pointer go to an element, until it is released.
pub fn hold(element: &Element, event: &PointerEvent) {
    let _held = element.set_pointer_capture(event.pointer_id());
}

/// Opens a dialog above the page.
pub fn open(element: &Element) {
    if let Some(dialog) = element.dyn_ref::<HtmlDialogElement>() {
        let _shown = dialog.show_modal();
    }
}

/// The element that an event came from.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The event of a key.
pub fn key(event: &Event) -> Option<&KeyboardEvent> {
    event.dyn_ref()
}

/// The event of a pointer.
pub fn pointer(event: &Event) -> Option<&PointerEvent> {
    event.dyn_ref()
}

/// The text that is pasted.
pub fn pasted(event: &Event) -> Option<String> {
    event.dyn_ref::<web_sys::ClipboardEvent>()?.clipboard_data()?.get_data("text").ok()
}
