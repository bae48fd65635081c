//! The one button: every press of the interface is one type, see [`live`].

use leptos::prelude::*;

use crate::contract::text::Text;
use crate::player::reader::{act, live, reader};

/// A button with words on it.
#[component]
pub fn Button(
    /// What it says.
    #[prop(into)]
    says: Signal<&'static str>,
    /// Its looks: `chip`, `button` or `plain`, perhaps `strong`.
    class: &'static str,
    /// Its name for style and tests.
    #[prop(optional)]
    name: &'static str,
    /// What a voice says, where the label is a sign.
    #[prop(optional)]
    voice: Option<Text>,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    off: Option<Signal<bool>>,
    /// What it does.
    press: Callback<()>,
) -> impl IntoView {
    let reader = reader();
    let voice = live(move || voice.map(|voice| reader.tell(voice)));
    let off = live(move || off.is_some_and(|off| off.get()));
    view! {
        <button type="button" class=class data-act=name aria-label=voice title=voice disabled=off on:click=act(move |_| press.run(()))>
            {says}
        </button>
    }
}
