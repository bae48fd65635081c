//! How a page is worn: the language and theme that the reader has chosen, and what the address asks besides.

use std::cell::RefCell;

use leptos::prelude::*;

use crate::browser::{page, storage};
use crate::contract::address::Pairs;
use crate::contract::parameter::colour;
use crate::contract::text::{Lang, Text};
use crate::plot::theme::{Rgb, Theme};

thread_local! {
    /// Themes with the accents that hosts asked for, each made once.
    static TINTED: RefCell<Vec<(Rgb, &'static Theme)>> = const { RefCell::new(Vec::new()) };
}

/// Language and theme, shared by everything on the page.
#[derive(Clone, Copy)]
pub struct Reader {
    /// The language.
    pub lang: RwSignal<Lang>,
    /// The choice of theme: `None` follows the system.
    pub chosen: RwSignal<Option<&'static Theme>>,
    /// The accent that a host wants; `None` is the theme's own.
    pub accent: RwSignal<Option<Rgb>>,
    /// Whether a host wants nothing to move by itself, whatever the system says.
    pub calm: RwSignal<bool>,
    /// Whether links can be followed.
    pub has_links: bool,
    /// Whether the page stands inside somebody's post.
    pub is_embedded: bool,
    dark: RwSignal<bool>,
}

impl Reader {
    /// Takes the choice from the address, else from the last visit, else from the system.
    pub fn begin() -> Self {
        let pairs = Pairs::of(&page::query());
        let asked = pairs.lang().map(str::to_owned);
        let tag = asked.or_else(|| storage::recall("lang")).or_else(|| page::languages().into_iter().next());
        let theme = pairs.get("theme").map(str::to_owned).or_else(|| storage::recall("theme"));
        let dark = RwSignal::new(page::matches("(prefers-color-scheme: dark)"));
        page::on_media("(prefers-color-scheme: dark)", move |is_dark| dark.set(is_dark));
        Self {
            lang: RwSignal::new(tag.map_or(Lang::Zh, |tag| Lang::of_tag(&tag))),
            chosen: RwSignal::new(theme.and_then(|key| Theme::of_key(&key))),
            accent: RwSignal::new(pairs.get("accent").and_then(colour)),
            calm: RwSignal::new(pairs.get("motion") == Some("reduce")),
            has_links: pairs.get("links") != Some("0"),
            is_embedded: pairs.is_on("embed") || page::data("page").is_some_and(|kind| kind == "embed"),
            dark,
        }
    }

    /// Whether nothing may move by itself, for as long as that is so.
    pub fn stays_calm(self) -> bool {
        self.calm.get() || page::matches("(prefers-reduced-motion: reduce)")
    }

    /// Whether nothing may move by itself now.
    pub fn is_calm(self) -> bool {
        untrack(|| self.stays_calm())
    }

    /// The theme in use.
    pub fn theme(self) -> &'static Theme {
        let theme = match self.chosen.get() {
            Some(theme) => theme,
            None if self.dark.get() => &Theme::DARK,
            None => &Theme::LIGHT,
        };
        self.accent.get().map_or(theme, |accent| Self::tint(theme, accent))
    }

    /// A theme with another accent; made once, for as long as the page lives.
    fn tint(theme: &'static Theme, accent: Rgb) -> &'static Theme {
        TINTED.with_borrow_mut(|tinted| {
            let known = tinted.iter().find(|(wish, known)| *wish == accent && known.key == theme.key).map(|(_, known)| *known);
            known.unwrap_or_else(|| {
                let made: &'static Theme = Box::leak(Box::new(theme.with_accent(accent)));
                tinted.push((accent, made));
                made
            })
        })
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

/// The reader of this page.
///
/// Every page provides one at its root, see `app::App`.
pub fn reader() -> Reader {
    expect_context::<Reader>()
}
