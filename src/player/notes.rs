//! How this is computed: sources, checks, the time of the last calculation.

use leptos::prelude::*;

use crate::contract::number;
use crate::contract::text::Lang;
use crate::player::play::Play;
use crate::player::reader::{live, reader};
use crate::player::words;
use crate::plot::svg::escape;

/// The last part of a page.
#[component]
pub fn Notes(
    /// The widget in play.
    play: Play,
) -> impl IntoView {
    let reader = reader();
    view! {
        <details class="notes">
            <summary>{reader.say(words::COMPUTED)}</summary>
            <div class="columns" inner_html=live(move || markup(play, reader.lang.get()))></div>
            <p>{reader.say(words::COST)}" "<span>{live(move || number::fixed(play.cost.get(), 1))}</span>" ms"</p>
        </details>
    }
}

/// Sources, reading and checks.
fn markup(play: Play, lang: Lang) -> String {
    let about = play.widget.about();
    let list = |title: &str, items: Vec<String>| format!("<h3>{title}</h3><ul><li>{}</li></ul>", items.join("</li><li>"));
    let sources = play.widget.sources().iter();
    let sources =
        sources.map(|s| format!("<b>{}</b> · {}", words::evidence(s.evidence).get(lang), escape(s.words.get(lang)))).collect();
    let reading = about
        .reading
        .iter()
        .map(|(name, address)| format!("<a href=\"{address}\" rel=\"noopener\">{}</a>", escape(name.get(lang))))
        .collect();
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
