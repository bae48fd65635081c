//! What the reader has chosen for every page: language and theme.

use leptos::prelude::*;

use crate::browser::{page, storage};
use crate::contract::address;
use crate::contract::text::{Lang, Text};
use crate::plot::theme::Theme;

/// Language and theme, shared by everything on the page.
#[derive(Clone, Copy)]
pub struct Reader {
    /// The language.
    pub lang: RwSignal<Lang>,
    /// The choice of theme: `None` follows the system.
    pub chosen: RwSignal<Option<&'static Theme>>,
    dark: RwSignal<bool>,
}

impl Reader {
    /// Takes the choice from the address, else from the last visit, else from the system.
    pub fn begin() -> Self {
        let pairs = address::pairs(&page::query());
        let asked = ["lang", "locale", "language"].iter().find_map(|name| pairs.get(*name).cloned());
        let tag = asked.or_else(|| storage::recall("lang")).or_else(|| page::languages().into_iter().next());
        let theme = pairs.get("theme").cloned().or_else(|| storage::recall("theme"));
        let dark = RwSignal::new(page::matches("(prefers-color-scheme: dark)"));
        page::on_media("(prefers-color-scheme: dark)", move |is_dark| dark.set(is_dark));
        Self {
            lang: RwSignal::new(tag.map_or(Lang::Zh, |tag| Lang::of_tag(&tag))),
            chosen: RwSignal::new(theme.and_then(|key| Theme::of_key(&key))),
            dark,
        }
    }

    /// The theme in use.
    pub fn theme(self) -> &'static Theme {
        match self.chosen.get() {
            Some(theme) => theme,
            None if self.dark.get() => &Theme::DARK,
            None => &Theme::LIGHT,
        }
    }

    /// Words that follow the reader's language.
    pub fn say(self, text: Text) -> Signal<&'static str> {
        live(move || self.tell(text))
    }

    /// Words in the language of the moment.
    pub fn tell(self, text: Text) -> &'static str {
        text.get(self.lang.get())
    }

    /// Changes the language, and keeps the choice.
    pub fn speak(self, lang: Lang) {
        storage::keep("lang", lang.key());
        self.lang.set(lang);
    }

    /// Changes the theme, and keeps the choice.
    pub fn wear(self, theme: &'static Theme) {
        storage::keep("theme", theme.key);
        self.chosen.set(Some(theme));
    }
}

/// A value that follows what it reads, as one type: closures of a type each would make the program a third larger.
pub fn live<T: Clone + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    Signal::derive(value)
}

/// What a click does, as one type; see [`live`].
pub fn act(deed: impl FnMut(leptos::ev::MouseEvent) + 'static) -> Box<dyn FnMut(leptos::ev::MouseEvent)> {
    Box::new(deed)
}

/// The reader of this page.
///
/// Every page provides one at its root, see `app::App`.
pub fn reader() -> Reader {
    expect_context::<Reader>()
}
