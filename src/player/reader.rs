//! What the reader has chosen for every page: language and theme.

use leptos::prelude::*;

use crate::browser::{page, storage};
use crate::contract::address::Pairs;
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
        let pairs = Pairs::of(&page::query());
        let asked = pairs.lang().map(str::to_owned);
        let tag = asked.or_else(|| storage::recall("lang")).or_else(|| page::languages().into_iter().next());
        let theme = pairs.get("theme").map(str::to_owned).or_else(|| storage::recall("theme"));
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
