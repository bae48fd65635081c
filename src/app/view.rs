//! The pages, built from elements that follow signals; the file of a page says which one it is.

use leptos::prelude::*;

use crate::app::posts::{self, POSTS, Post};
use crate::app::words;
use crate::browser::{dom, failure, page};
use crate::contract::shelf::DynWidget;
use crate::contract::text::{Lang, Text};
use crate::player::el::{El, el, run};
use crate::player::menu::top_line;
use crate::player::reader::{Reader, reader};
use crate::player::stage::{Setup, stage};
use crate::player::words as player_words;
use crate::widgets::ABOUTS;

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
        ("widget", Some(widget)) => stage(widget, Setup::Page, post.map(byline)),
        ("embed", Some(widget)) => stage(widget, Setup::Embed, post.map(byline)),
        ("shelf", _) => shelf(),
        ("about", _) => about(),
        _ => missing(),
    };
    run(Box::new(move || {
        let lang = reader.lang.get();
        page::dress(lang.tag(), reader.theme().key, &title_of(&kind, &slug, lang));
    }));
    parts
}

/// The title of a page, for its tab.
pub fn title_of(kind: &str, slug: &str, lang: Lang) -> String {
    let site = player_words::BRAND.get(lang);
    let widget = ABOUTS.iter().find(|about| about.slug == slug).map(|about| about.title);
    let own = match (kind, widget) {
        ("widget" | "embed", Some(title)) => title.get(lang),
        ("about", _) => words::ABOUT.get(lang),
        _ => return format!("{site} · {}", words::PROMISE.get(lang)),
    };
    format!("{own} · {site}")
}

/// Where the site begins.
fn base() -> String {
    page::data("base").unwrap_or_else(|| "/".into())
}

/// The post and its date.
fn byline(post: &'static Post) -> El {
    let reader = reader();
    let comma = move || if reader.lang.get() == Lang::Zh { "，" } else { ", " }.to_owned();
    let link = el("a").set("href", &post.address()).set("rel", "noopener").set("hreflang", "zh");
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

fn shelf() -> Vec<El> {
    let about = el("a").class("plain").set("href", &format!("{}about/", base())).say(words::ABOUT);
    let main = el("main")
        .class("shelf")
        .with(el("h1").say(words::PROMISE))
        .with(el("p").class("intro").say(words::LEAD))
        .with(el("h2").say(words::YEAR))
        .with(el("ol").class("timeline").all(POSTS.iter().map(card)));
    vec![top_line(None).with(about), main]
}

fn card(post: &'static Post) -> El {
    let reader = reader();
    let is_built = ABOUTS.iter().any(|about| about.slug == post.slug);
    let picture = move || {
        let theme = if reader.theme().key == "dark" { "dark" } else { "light" };
        Some(format!("{}emblem/{}-{theme}.svg", base(), post.slug))
    };
    let body = if is_built {
        el("a").class("card").set("href", &format!("{}w/{}/", base(), post.slug))
    } else {
        el("div").class("card unbuilt")
    };
    let emblem = el("img").set("loading", "lazy").set("alt", "").set("width", "240").set("height", "150").bind("src", picture);
    let told = el("span").class("words").with(day(post)).with(el("b").say(post.title)).with(el("span").say(post.promise));
    let go = el("span").class("go").say(if is_built { words::OPEN } else { words::NOT_YET });
    let name = move || Some(format!("{}: {}", reader.tell(words::READ_POST), reader.tell(post.title)));
    el("li").style("--when", move || post.part_of_year().to_string()).with(body.with(emblem).with(told).with(go)).with(
        el("a")
            .class("post")
            .set("href", &post.address())
            .set("rel", "noopener")
            .set("hreflang", "zh")
            .bind("aria-label", name)
            .say(words::READ_POST),
    )
}

fn about() -> Vec<El> {
    let body = words::ABOUT_BODY.iter().map(|text| el("p").say(*text));
    vec![top_line(Some(words::ABOUT)), el("main").class("about").with(el("h1").say(words::ABOUT)).all(body)]
}

fn missing() -> Vec<El> {
    let home = el("a").set("href", &base()).say(words::TO_SHELF);
    vec![top_line(None), el("main").class("about").with(el("h1").say(words::NOT_FOUND)).with(el("p").with(home))]
}
