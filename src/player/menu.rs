//! The slim line at the top, its menu, and the dialogs behind it.

use leptos::prelude::*;

use crate::browser::{clipboard, dom, page};
use crate::contract::text::{Text, Words};
use crate::player::button::button;
use crate::player::el::{El, el};
use crate::player::play::Play;
use crate::player::reader::{Reader, reader};
use crate::player::session::Session;
use crate::player::words;
use crate::plot::svg::escape;
use crate::plot::theme::Theme;

/// The sandbox in which an embed runs: scripts, and nothing of the host's.
const SANDBOX: &str = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads";

/// Home, title, language, theme: on every page.
pub fn top_line(title: Option<Text>) -> El {
    let reader = reader();
    let base = page::data("base").unwrap_or_else(|| "/".into());
    let home = el("a").class("brand").set("href", &base).with(brand()).with(el("span").class("voice").text(" ").say(words::HOME));
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

const fn theme_name(theme: &Theme) -> Text {
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
    let link = move || link_of(play, "w");
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
    let share = dialog(words::SHARE).with(el("p").class("wrong note").words(too_long)).all(copied(words::SHARE, "3", link));
    let embed =
        dialog(words::EMBED).with(el("p").say(words::EMBED_HELP)).all(copied(words::EMBED, "9", move || snippet(play, reader)));
    let keys = dialog(words::KEYS).with(el("ul").all(keys.map(|text| el("li").say(text))));
    let help = keys.0.clone();
    page::on_key(move |event| match event.key().as_str() {
        "?" if !page::is_typing() => dom::open(&help),
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
    let opener = |name: &str, says: Text, dialog: &El| {
        let dialog = dialog.0.clone();
        button("plain").set("data-act", name).say(says).press(move || dom::open(&dialog))
    };
    let buttons = el("div")
        .class("menu")
        .with(opener("share", words::SHARE, &share))
        .with(opener("embed", words::EMBED, &embed))
        .with(opener("keys", words::KEYS, &keys));
    vec![buttons, share, embed, keys]
}

/// A text to be copied, the button for it, and whether that worked.
fn copied(name: Text, rows: &str, text: impl Fn() -> String + Copy + 'static) -> [El; 2] {
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
    [
        el("textarea").set("readonly", "").set("rows", rows).label("aria-label", name).value(text),
        el("p")
            .with(button("button strong").say(words::COPY).press(copy))
            .text(" ")
            .with(el("span").set("aria-live", "polite").words(told)),
    ]
}

/// A dialog of the browser's own: it keeps the focus inside and Escape closes it.
fn dialog(title: Text) -> El {
    let close = el("button").set("type", "submit").class("plain").say(words::CLOSE);
    let bar = el("div").class("bar").with(el("h2").say(title)).with(close);
    el("dialog").label("aria-label", title).with(el("form").set("method", "dialog").with(bar))
}

/// A link to this state: the page of the widget (`w`) or its embed (`embed/v1`).
pub fn link_of(play: Play, page: &str) -> String {
    let base = page::data("base").unwrap_or_else(|| "/".into());
    let query = play.session.with(Session::written).query;
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{base}{page}/{}/{mark}{query}", page::origin(), play.widget.about().slug)
}

/// The code that a blogger pastes: a plain iframe, which works with no script on the host's page.
fn snippet(play: Play, reader: Reader) -> String {
    let about = play.widget.about();
    let lang = reader.lang.get();
    let title = Words::new(format!("{}（可交互）", about.title.zh), format!("{} (interactive)", about.title.en));
    let page = link_of(play, "w");
    let mut source = link_of(play, "embed/v1");
    source.push(if source.contains('?') { '&' } else { '?' });
    source.push_str(&format!("lang={}&v={}", lang.key(), about.version));
    format!(
        "<figure>\n<iframe src=\"{}\"\n  title=\"{}\"\n  width=\"100%\" height=\"760\" style=\"border:0\" loading=\"lazy\"\n  sandbox=\"{SANDBOX}\"\n  \
         allow=\"fullscreen; clipboard-write\" referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>\n<figcaption><a href=\"{}\">{}</a></figcaption>\n</figure>",
        escape(&source),
        escape(title.get(lang)),
        escape(&page),
        escape(about.title.get(lang)),
    )
}
