//! How this is computed: sources, checks, the time of the last calculation.

use leptos::prelude::*;

use crate::contract::number;
use crate::contract::text::{Lang, Text};
use crate::player::el::{El, el};
use crate::player::play::Play;
use crate::player::reader::{Reader, reader};
use crate::player::words;
use crate::plot::svg::escape;

/// The last part of a page.
pub fn notes(play: Play) -> El {
    let reader = reader();
    let cost = move || play.shown.with(|shown| number::fixed(shown.cost, 1));
    el("details")
        .class("notes")
        .with(el("summary").say(words::COMPUTED))
        .with(el("div").class("columns").html(move || markup(play, reader.lang.get(), reader)))
        .with(el("p").say(words::COST).text(" ").with(el("span").words(cost)).text(" ms"))
}

/// Sources, reading and checks.
fn markup(play: Play, lang: Lang, reader: Reader) -> String {
    let about = play.widget.about();
    let list = |title: &str, items: Vec<String>| format!("<h3>{title}</h3><ul><li>{}</li></ul>", items.join("</li><li>"));
    let sources = play.widget.sources().iter();
    let sources =
        sources.map(|s| format!("<b>{}</b> · {}", words::evidence(s.evidence).get(lang), escape(s.words.get(lang)))).collect();
    let read = |(name, address): &(Text, &str)| {
        let name = escape(name.get(lang));
        let target = if reader.is_embedded { " target=\"_blank\"" } else { "" };
        if reader.has_links { format!("<a href=\"{address}\" rel=\"noopener\"{target}>{name}</a>") } else { name }
    };
    let reading = about.reading.iter().map(read).collect();
    let checks = about
        .checks
        .iter()
        .map(|check| format!("{} · {}", escape(check.what.get(lang)), number::whole(u64::from(check.cases))))
        .collect();
    format!(
        "<section>{}{}</section><section>{}</section>",
        list(words::SOURCES.get(lang), sources),
        list(words::READING.get(lang), reading),
        list(words::CHECKS.get(lang), checks)
    )
}
