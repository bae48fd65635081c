//! Watching elements: their width, and whether they are in view.

use js_sys::Array;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{
    Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, ResizeObserver, ResizeObserverEntry,
};

/// Keeps an observer and its callback; dropping it ends the watch.
pub enum Watch {
    /// Of a size.
    Size(ResizeObserver, Closure<dyn FnMut(Array)>),
    /// Of being in view.
    View(IntersectionObserver, Closure<dyn FnMut(Array)>),
}

impl Drop for Watch {
    fn drop(&mut self) {
        match self {
            Self::Size(observer, _) => observer.disconnect(),
            Self::View(observer, _) => observer.disconnect(),
        }
    }
}

/// Calls back with the width and height in CSS pixels, now and whenever they change.
pub fn size(element: &Element, mut changed: impl FnMut(f64, f64) + 'static) -> Option<Watch> {
    let callback = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        if let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() {
            let rect = entry.content_rect();
            changed(rect.width(), rect.height());
        }
    });
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some(Watch::Size(observer, callback))
}

/// Calls back with whether the element is in view, or nearly.
pub fn view(element: &Element, mut changed: impl FnMut(bool) + 'static) -> Option<Watch> {
    let callback = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
        if let Ok(entry) = entries.get(entries.length().saturating_sub(1)).dyn_into::<IntersectionObserverEntry>() {
            changed(entry.is_intersecting());
        }
    });
    let options = IntersectionObserverInit::new();
    // Hardly before it is seen: every figure that is near would otherwise be drawn with every move of a slider.
    options.set_root_margin("40px");
    let observer = IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options).ok()?;
    observer.observe(element);
    Some(Watch::View(observer, callback))
}
