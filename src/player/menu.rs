//! The slim line at the top, its menu, and the dialogs behind it.

use std::rc::Rc;

use leptos::prelude::*;

use crate::browser::{clipboard, dom, page};
use crate::contract::text::Text;
use crate::player::button::button;
use crate::player::el::{El, el, link};
use crate::player::embedding::embedding;
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::session::Session;
use crate::player::words;
use crate::plot::theme::Theme;

/// Home, title, language, theme: on every page.
pub fn top_line(title: Option<Text>) -> El {
    let reader = reader();
    let base = page::base();
    let home = link(&base).class("brand").with(brand()).with(el("span").class("voice").text(" ").say(words::HOME));
    let name = move || title.map_or("", |title| reader.tell(title)).to_owned();
    el("header").class("top").with(home).with(el("span").class("name").words(name)).all(choices())
}

/// The name of the site, in the writing of its language.
pub fn brand() -> El {
    el("span").set("lang", "zh-CN").text(words::BRAND.zh)
}

/// The switches of language and theme.
pub fn choices() -> [El; 2] {
    let reader = reader();
    let theme = move || reader.tell(theme_name(reader.theme()));
    [
        button("plain")
            .set("data-act", "language")
            .bind("lang", move || Some(reader.lang.get().other().tag().to_owned()))
            .label("aria-label", words::LANGUAGE_LABEL)
            .say(words::LANGUAGE)
            .press(move || reader.speak(reader.lang.get_untracked().other())),
        button("plain")
            .set("data-act", "theme")
            .bind("aria-label", move || Some(format!("{} · {}", reader.tell(words::THEME), theme())))
            .words(move || theme().to_owned())
            .press(move || reader.wear(after(untrack(|| reader.theme())))),
    ]
}

/// What a theme is called.
pub const fn theme_name(theme: &Theme) -> Text {
    match theme.key.as_bytes()[0] {
        b'l' => words::THEME_LIGHT,
        b'd' => words::THEME_DARK,
        _ => words::THEME_PROJECTOR,
    }
}

fn after(theme: &Theme) -> &'static Theme {
    let at = Theme::ALL.iter().position(|other| other.key == theme.key).unwrap_or(0);
    Theme::ALL[(at + 1) % Theme::ALL.len()]
}

/// Share, embed, keyboard help: the buttons, and the dialogs that they open.
pub fn menu(play: Play) -> Vec<El> {
    let reader = reader();
    let address = move || link_of(play, "w");
    let too_long = move || {
        let is_whole = play.session.with(Session::written).left_out.is_empty();
        if is_whole { String::new() } else { reader.tell(words::TOO_LONG).to_owned() }
    };
    let keys = [
        words::KEY_TAB,
        words::KEY_ARROWS,
        words::KEY_PAGES,
        words::KEY_TOUR,
        words::KEY_UNDO,
        words::KEY_PLAY,
        words::KEY_DOUBLE,
        words::KEY_HELP,
    ];
    let (share, open_share) = dialog(words::SHARE, move || {
        let [link, copying] = copied(words::SHARE, "3", address);
        vec![el("p").class("wrong note").words(too_long), link, copying, el("div").class("code")]
    });
    let is_embedding = RwSignal::new(false);
    let (embed, open_embed) = dialog(words::EMBED, move || embedding(play, is_embedding));
    let embed = embed.on("close", move |_| is_embedding.set(false));
    let (keys, open_keys) = dialog(words::KEYS, move || vec![el("ul").all(keys.map(|text| el("li").say(text)))]);
    let help = open_keys.clone();
    page::on_key(move |event| match event.key().as_str() {
        "?" if !page::is_typing() => help(),
        "z" | "Z" if (event.ctrl_key() || event.meta_key()) && !page::is_typing() => {
            event.prevent_default();
            let is_again = event.shift_key();
            play.act(move |session| if is_again { session.redo() } else { session.undo() });
        }
        "y" if event.ctrl_key() && !page::is_typing() => {
            event.prevent_default();
            play.act(Session::redo);
        }
        _ => {}
    });
    let opener = |name: &str, says: Text, open: Opener| button("plain").set("data-act", name).say(says).press(move || open());
    // A link to a state that plays would change under whoever copies it.
    let pause = move || play.act(Session::pause);
    // What few readers need are scripts of their own; `boot.js` loads one when its button is pressed.
    let scripted = |name: &str, says: Text| button("plain").set("data-script", name).say(says);
    let buttons = el("div")
        .class("menu")
        .with(opener("share", words::SHARE, open_share).set("data-script", "code").press(pause))
        .with(opener("embed", words::EMBED, open_embed).press(pause).press(move || is_embedding.set(true)))
        .with(scripted("present", words::PRESENT))
        .with(scripted("lesson", words::LESSON))
        .with(opener("keys", words::KEYS, open_keys));
    vec![buttons, share, embed, keys]
}

/// A text to be copied, the button for it, and whether that worked.
pub fn copied(name: Text, rows: &str, text: impl Fn() -> String + Copy + 'static) -> [El; 2] {
    [el("textarea").set("readonly", "").set("rows", rows).label("aria-label", name).value(text), copying(text)]
}

/// The button that copies a text, and whether that worked.
pub fn copying(text: impl Fn() -> String + Copy + 'static) -> El {
    let reader = reader();
    let status = RwSignal::new(None::<Text>);
    let copy = move || {
        status.set(None);
        leptos::task::spawn_local(async move {
            let is_copied = clipboard::copy(untrack(text)).await;
            status.set(Some(if is_copied { words::COPIED } else { words::COPY_BY_HAND }));
        });
    };
    let told = move || status.get().map_or("", |status| reader.tell(status)).to_owned();
    el("p")
        .with(button("button strong").say(words::COPY).press(copy))
        .text(" ")
        .with(el("span").set("aria-live", "polite").words(told))
}

/// What opens a dialog.
type Opener = Rc<dyn Fn()>;

/// A dialog of the browser's own: it keeps the focus inside and Escape closes it. What is in it is made when it is opened first: most
/// are never opened, and what is there follows every move of a slider.
fn dialog(title: Text, content: impl Fn() -> Vec<El> + 'static) -> (El, Opener) {
    let is_made = RwSignal::new(false);
    let content = move || if is_made.get() { untrack(&content) } else { Vec::new() };
    let close = el("button").set("type", "submit").class("plain").say(words::CLOSE);
    let bar = el("div").class("bar").with(el("h2").say(title)).with(close);
    let dialog = el("dialog").label("aria-label", title).with(el("form").set("method", "dialog").with(bar));
    let node = dialog.0.clone();
    let open = move || {
        if !is_made.get_untracked() {
            is_made.set(true);
        }
        dom::open(&node);
    };
    (dialog.with(el("div").swap(content)), Rc::new(open))
}

/// A link to this state: the page of the widget (`w`) or its embed (`embed/v1`).
pub fn link_of(play: Play, page: &str) -> String {
    let query = play.session.with(Session::written).query;
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{page}/{}/{mark}{query}", page::site(), play.widget.about().slug)
}
