//! Formats of others: the state as their text, to be copied, or changed and taken back in.

use leptos::prelude::*;

use crate::browser::{dom, page};
use crate::contract::exchange::ExchangeFace;
use crate::player::button::button;
use crate::player::controls::opened_file;
use crate::player::el::{El, el};
use crate::player::menu::copying;
use crate::player::play::Play;
use crate::player::reader::reader;
use crate::player::words;

/// The formats of a widget, each behind a line that opens it.
pub fn exchanges(play: Play) -> Vec<El> {
    let showing = play.showing.get_value();
    let faces = play.widget.exchanges().into_iter().enumerate();
    faces
        .filter(|(_, face)| showing.has_controls() && showing.has_control(face.key))
        .map(|(at, face)| exchange(play, at, face))
        .collect()
}

fn exchange(play: Play, index: usize, face: ExchangeFace) -> El {
    let reader = reader();
    let is_open = RwSignal::new(false);
    // What a reader writes stays until it is taken in or given up.
    let own = RwSignal::new(None::<String>);
    let written = move || {
        if let Some(own) = own.get() {
            return own;
        }
        // While it is closed it follows nothing.
        if !is_open.get() {
            return String::new();
        }
        let text = play.session.with(|session| play.widget.exported(&session.setting, index));
        text.unwrap_or_else(|why| why.get(reader.lang.get()).to_owned())
    };
    let take = move |text: String| {
        own.set(Some(text.clone()));
        play.act(move |session| {
            if session.exchange(index, &text) {
                own.set(None);
            }
        });
    };
    let wrong = move || {
        let refused = play.session.with(|session| session.refused.clone().filter(|problem| problem.field == Some(face.key)));
        refused.map_or_else(String::new, |problem| problem.words.get(reader.lang.get()).to_owned())
    };
    let id = format!("exchange-{}", face.key);
    let area = el("textarea")
        .set("id", &id)
        .set("rows", "8")
        .set("spellcheck", "false")
        .set("aria-describedby", &format!("wrong-{}", face.key))
        .value(written)
        .on("input", move |event| own.set(dom::target(&event).map(|field| dom::value(&field))));
    let apply = button("chip strong")
        .flag("disabled", move || own.with(Option::is_none))
        .say(words::APPLY)
        .press(move || own.get_untracked().into_iter().for_each(take));
    let cancel =
        button("chip").flag("disabled", move || own.with(Option::is_none)).say(words::CANCEL).press(move || own.set(None));
    el("details")
        .class("control")
        .set("data-control", face.key)
        .on("toggle", move |event| is_open.set(page::is_open(&event)))
        .with(el("summary").class("label").say(face.name))
        .with(
            el("div")
                .class("paste")
                .with(el("label").set("for", &id).say(face.help))
                .with(area)
                .with(el("p").class("wrong").set("id", &format!("wrong-{}", face.key)).set("aria-live", "polite").words(wrong))
                .with(el("div").class("chips").with(apply).with(opened_file(".json,.txt,text/*", take)).with(cancel))
                .with(copying(written)),
        )
}
