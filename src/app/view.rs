//! The program on a page: a widget, or just the line at the top of what stands in the file, which says which page it is.

use leptos::prelude::*;

use crate::app::posts::{self, Post};
use crate::app::words;
use crate::browser::{dom, failure, page};
use crate::contract::shelf::DynWidget;
use crate::contract::text::{Lang, Text};
use crate::player::el::{El, el, link, run};
use crate::player::menu::top_line;
use crate::player::reader::{Reader, reader};
use crate::player::stage::{Setup, stage};
use crate::player::words as player_words;
use crate::plot::theme::css;

/// Starts the page with the widgets of this program.
pub fn start(widgets: &'static [&'static dyn DynWidget]) {
    failure::guard();
    let Some(place) = page::stage() else { return };
    let inside = place.clone();
    let build = move || app(widgets).iter().for_each(|part| dom::add(&inside, &part.0));
    mount_to(place, build).forget();
}

fn app(widgets: &[&'static dyn DynWidget]) -> Vec<El> {
    let reader = Reader::begin();
    provide_context(reader);
    let kind = page::data("page").unwrap_or_default();
    let slug = page::data("slug").unwrap_or_default();
    let post = posts::of_slug(&slug);
    let widget = widgets.iter().copied().find(|widget| widget.about().slug == slug);
    let parts = match (kind.as_str(), widget) {
        ("widget" | "embed", Some(widget)) => {
            stage(widget, if reader.is_embedded { Setup::Embed } else { Setup::Page }, post.map(byline))
        }
        // All else is in the file, in both languages; the style sheet shows one of them.
        _ => vec![top_line(name_of(&kind))],
    };
    let title = widget.map(|widget| widget.about().title).or(name_of(&kind));
    run(Box::new(move || {
        let lang = reader.lang.get();
        page::dress(lang.tag(), reader.theme().key, &title_of(title, lang));
    }));
    run(Box::new(move || {
        let theme = reader.theme();
        // Empty leaves what the style sheet says.
        let is_own = reader.accent.get().is_none();
        let colours = [theme.accent, theme.wash].map(|colour| if is_own { String::new() } else { css(colour) });
        page::adorn([&colours[0], &colours[1]], reader.calm.get(), reader.has_links);
    }));
    parts
}

/// What the tab of a page says.
fn title_of(own: Option<Text>, lang: Lang) -> String {
    let site = player_words::BRAND.get(lang);
    match own {
        Some(title) => format!("{} · {site}", title.get(lang)),
        None => format!("{site} · {}", words::PROMISE.get(lang)),
    }
}

/// What a page is called that belongs to no widget.
fn name_of(kind: &str) -> Option<Text> {
    words::NAMES.iter().find(|(name, _)| *name == kind).map(|(_, text)| *text)
}

/// The post and its date.
fn byline(post: &'static Post) -> El {
    let reader = reader();
    let comma = move || if reader.lang.get() == Lang::Zh { "，" } else { ", " }.to_owned();
    let link = link(&post.address()).set("hreflang", "zh");
    el("p")
        .class("byline")
        .say(player_words::FOR_POST)
        .text(" ")
        .with(link.words(move || quoted(post.title, reader.lang.get())))
        .words(comma)
        .with(day(post))
}

/// The day of a post.
fn day(post: &'static Post) -> El {
    let reader = reader();
    el("time").set("datetime", post.date).words(move || post.day().get(reader.lang.get()).to_owned())
}

fn quoted(title: Text, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("《{}》", title.zh),
        Lang::En => format!("“{}”", title.en),
    }
}
