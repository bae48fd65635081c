//! Elements that follow signals. One type for all elements and one for all that follows: views of Leptos are a type each, each type
//! is code for building, rebuilding, hydrating and serving, and on this page only building is needed (measured: ARCHITECTURE.md).

use leptos::prelude::*;
use leptos::reactive::graph::{Subscriber as _, ToAnySubscriber as _};

use crate::browser::dom::{self, Element, Event, KeyboardEvent, PointerEvent};
use crate::contract::text::Text;
use crate::player::reader::reader;

/// An element under construction; whatever it follows ends with the view in which it was made.
#[must_use]
pub struct El(pub Element);

/// A new element.
pub fn el(tag: &str) -> El {
    El(dom::create(tag))
}

/// A link; where the address of the page forbids links, its words alone. From inside a post it leads to a page of its own: in the frame
/// it would take the place of the widget.
pub fn link(address: &str) -> El {
    let reader = reader();
    if !reader.has_links {
        return el("span");
    }
    let link = el("a").set("href", address).set("rel", "noopener");
    if reader.is_embedded { link.set("target", "_blank") } else { link }
}

impl El {
    /// Sets an attribute.
    pub fn set(self, name: &str, value: &str) -> Self {
        dom::set(&self.0, name, Some(value));
        self
    }

    /// Sets the class.
    pub fn class(self, name: &str) -> Self {
        self.set("class", name)
    }

    /// An attribute that follows; `None` takes it away.
    pub fn bind(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.follow(Box::new(value), Goal::Attribute(name))
    }

    /// An attribute that is there or not; one for voices is then `true`.
    pub fn flag(self, name: &'static str, is_on: impl Fn() -> bool + 'static) -> Self {
        self.follow_flag(Box::new(is_on), Goal::Attribute(name))
    }

    /// A class that is there or not.
    pub fn mark(self, name: &'static str, is_on: impl Fn() -> bool + 'static) -> Self {
        self.follow_flag(Box::new(is_on), Goal::Class(name))
    }

    /// What stands in a field.
    pub fn value(self, value: impl Fn() -> String + 'static) -> Self {
        self.follow_words(Box::new(value), Goal::Value)
    }

    /// What stands in a field that somebody types in.
    pub fn typed(self, value: impl Fn() -> String + 'static) -> Self {
        self.follow_words(Box::new(value), Goal::Typed)
    }

    /// Whether a box is ticked.
    pub fn checked(self, is_on: impl Fn() -> bool + 'static) -> Self {
        self.follow_flag(Box::new(is_on), Goal::Checked)
    }

    /// A property of the style.
    pub fn style(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        self.follow_words(Box::new(value), Goal::Style(name))
    }

    /// Words at the end.
    pub fn text(self, words: &str) -> Self {
        dom::add_text(&self.0, words);
        self
    }

    /// Words of the interface at the end.
    pub fn say(self, words: Text) -> Self {
        let reader = reader();
        self.words(move || reader.tell(words).to_owned())
    }

    /// Words that follow, at the end.
    pub fn words(self, words: impl Fn() -> String + 'static) -> Self {
        let node = dom::add_text(&self.0, "");
        self.follow_words(Box::new(words), Goal::Words(node))
    }

    /// An attribute that says words of the interface.
    pub fn label(self, name: &'static str, words: Text) -> Self {
        let reader = reader();
        self.bind(name, move || Some(reader.tell(words).to_owned()))
    }

    /// Everything inside as markup that follows; whatever a reader or an address wrote is escaped by who makes the markup.
    pub fn html(self, markup: impl Fn() -> String + 'static) -> Self {
        self.follow_words(Box::new(markup), Goal::Markup)
    }

    /// A child at the end.
    #[expect(clippy::needless_pass_by_value, reason = "a child belongs to its parent from now on")]
    pub fn with(self, child: Self) -> Self {
        dom::add(&self.0, &child.0);
        self
    }

    /// Children at the end.
    pub fn all(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, Self::with)
    }

    /// Children that are made anew whenever what they are made from changes; nothing else may be inside.
    pub fn swap(self, children: impl Fn() -> Vec<Self> + 'static) -> Self {
        self.swap_boxed(Box::new(children))
    }

    fn swap_boxed(self, children: Box<dyn Fn() -> Vec<Self>>) -> Self {
        let element = self.0.clone();
        run(Box::new(move || {
            let children = children();
            dom::clear(&element);
            children.iter().for_each(|child| dom::add(&element, &child.0));
        }));
        self
    }

    /// Calls back on every event of a name.
    pub fn on(self, event: &'static str, heard: impl FnMut(Event) + 'static) -> Self {
        self.on_boxed(event, Box::new(heard))
    }

    fn on_boxed(self, event: &'static str, heard: Box<dyn FnMut(Event)>) -> Self {
        StoredValue::new_local(dom::listen(&self.0, event, heard));
        self
    }

    /// Calls back when it is pressed.
    pub fn press(self, mut pressed: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| pressed())
    }

    /// Calls back on an event of a pointer.
    pub fn on_pointer(self, event: &'static str, mut heard: impl FnMut(&PointerEvent) + 'static) -> Self {
        self.on(event, move |event| {
            if let Some(event) = dom::pointer(&event) {
                heard(event);
            }
        })
    }

    /// Calls back on a key.
    pub fn on_key(self, mut heard: impl FnMut(&KeyboardEvent) + 'static) -> Self {
        self.on("keydown", move |event| {
            if let Some(event) = dom::key(&event) {
                heard(event);
            }
        })
    }

    fn follow_words(self, read: Box<dyn Fn() -> String>, goal: Goal) -> Self {
        self.follow(Box::new(move || Some(read())), goal)
    }

    fn follow_flag(self, read: Box<dyn Fn() -> bool>, goal: Goal) -> Self {
        let is_told = matches!(goal, Goal::Attribute(name) if name.starts_with("aria-"));
        self.follow(Box::new(move || read().then(|| if is_told { "true".to_owned() } else { String::new() })), goal)
    }

    /// Writes what is read, now and whenever it changes.
    fn follow(self, read: Box<dyn Fn() -> Option<String>>, goal: Goal) -> Self {
        let element = self.0.clone();
        let before = std::cell::RefCell::new(None::<Option<String>>);
        run(Box::new(move || {
            let now = read();
            if before.borrow().as_ref() != Some(&now) || goal.is_lost(&element, now.as_deref()) {
                goal.write(&element, now.as_deref());
                before.replace(Some(now));
            }
        }));
        self
    }
}

/// Where something that follows is written. Data, not a closure each: a closure is a type, and each type is code.
enum Goal {
    Attribute(&'static str),
    Class(&'static str),
    Style(&'static str),
    Value,
    /// As a value, and written again where what was typed stands in its stead.
    Typed,
    Checked,
    Words(dom::Node),
    Markup,
}

impl Goal {
    /// Whether a field shows something else though nobody types in it: one that is hidden while it is being emptied is told of no
    /// blur, and comes back empty.
    fn is_lost(&self, element: &Element, value: Option<&str>) -> bool {
        matches!(self, Self::Typed) && !dom::is_focused(element) && Some(dom::value(element).as_str()) != value
    }

    fn write(&self, element: &Element, value: Option<&str>) {
        let text = value.unwrap_or_default();
        match self {
            Self::Attribute(name) => dom::set(element, name, value),
            Self::Class(name) => dom::set_class(element, name, value.is_some()),
            Self::Style(name) => dom::set_style(element, name, text),
            Self::Value | Self::Typed => dom::set_property(element, "value", &text.into()),
            Self::Checked => dom::set_property(element, "checked", &value.is_some().into()),
            Self::Words(node) => dom::set_text(node, text),
            Self::Markup => element.set_inner_html(text),
        }
    }
}

/// Does something now, and again whenever what it has read changes, until the view ends in which this was called.
pub fn run(deed: Box<dyn Fn()>) {
    StoredValue::new_local(Running(RenderEffect::new(move |_| deed())));
}

/// An effect that ends its subscriptions when it ends. Otherwise signals that live longer would keep a place for each effect that
/// ever read them, and the page would grow with every change of a view that is made anew.
struct Running(RenderEffect<()>);

impl Drop for Running {
    fn drop(&mut self) {
        let subscriber = self.0.to_any_subscriber();
        subscriber.clear_sources(&subscriber);
    }
}
