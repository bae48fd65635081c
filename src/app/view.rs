//! The pages as Leptos components; the file of a page says which one it is.

use leptos::prelude::*;

use crate::app::posts::{self, POSTS, Post};
use crate::app::words;
use crate::browser::{failure, page};
use crate::contract::text::{Lang, Text};
use crate::player::menu::TopLine;
use crate::player::reader::{Reader, live, reader};
use crate::player::stage::{Setup, Stage};
use crate::player::words as player_words;
use crate::widgets::SHELF;

/// Starts the page.
pub fn start() {
    failure::guard();
    let Some(stage) = page::stage() else { return };
    mount_to(stage, || view! { <App /> }).forget();
}

#[component]
fn App() -> impl IntoView {
    let reader = Reader::begin();
    provide_context(reader);
    let kind = page::data("page").unwrap_or_default();
    let slug = page::data("slug").unwrap_or_default();
    let title = move |lang: Lang| title_of(&kind, &slug, lang);
    let (kind, slug) = (page::data("page").unwrap_or_default(), page::data("slug").unwrap_or_default());
    Effect::new(move |_| {
        let lang = reader.lang.get();
        page::dress(lang.tag(), reader.theme().key, &title(lang));
    });
    let widget = SHELF.iter().copied().find(|widget| widget.about().slug == slug);
    match (kind.as_str(), widget) {
        ("widget", Some(widget)) => view! { <Stage widget setup=Setup::Page byline=byline(&slug) /> }.into_any(),
        ("embed", Some(widget)) => view! { <Stage widget setup=Setup::Embed byline=byline(&slug) /> }.into_any(),
        ("shelf", _) => view! { <Shelf /> }.into_any(),
        ("about", _) => view! { <About /> }.into_any(),
        _ => view! { <Missing /> }.into_any(),
    }
}

/// The title of a page, for its tab.
pub fn title_of(kind: &str, slug: &str, lang: Lang) -> String {
    let site = player_words::BRAND.get(lang);
    let widget = SHELF.iter().find(|widget| widget.about().slug == slug).map(|widget| widget.about().title);
    let own = match (kind, widget) {
        ("widget" | "embed", Some(title)) => title.get(lang),
        ("about", _) => words::ABOUT.get(lang),
        _ => return format!("{site} · {}", words::PROMISE.get(lang)),
    };
    format!("{own} · {site}")
}

/// The post and its date.
fn byline(slug: &str) -> AnyView {
    let reader = reader();
    let Some(post) = posts::of_slug(slug) else { return ().into_any() };
    view! {
        <p class="byline">
            {reader.say(player_words::FOR_POST)}" "
            <a href=post.address() rel="noopener" hreflang="zh">{live(move || quoted(post.title, reader.lang.get()))}</a>
            {live(move || if reader.lang.get() == Lang::Zh { "，" } else { ", " })}
            <time datetime=post.date>{live(move || post.day().get(reader.lang.get()).to_owned())}</time>
        </p>
    }
    .into_any()
}

fn quoted(title: Text, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("《{}》", title.zh),
        Lang::En => format!("“{}”", title.en),
    }
}

#[component]
fn Shelf() -> impl IntoView {
    let reader = reader();
    let base = page::data("base").unwrap_or_else(|| "/".into());
    let about = format!("{base}about/");
    view! {
        <TopLine><a class="plain" href=about>{reader.say(words::ABOUT)}</a></TopLine>
        <main class="shelf">
            <h1>{reader.say(words::PROMISE)}</h1>
            <p class="intro">{reader.say(words::LEAD)}</p>
            <h2>{reader.say(words::YEAR)}</h2>
            <ol class="timeline">{POSTS.iter().map(|post| view! { <Card post base=base.clone() /> }).collect_view()}</ol>
        </main>
    }
}

#[component]
fn Card(post: &'static Post, base: String) -> impl IntoView {
    let reader = reader();
    let is_built = SHELF.iter().any(|widget| widget.about().slug == post.slug);
    let picture = move || {
        let theme = if reader.theme().key == "dark" { "dark" } else { "light" };
        format!("{base}emblem/{}-{theme}.svg", post.slug)
    };
    let base = page::data("base").unwrap_or_else(|| "/".into());
    let inside = view! {
        <img src=picture alt="" width="240" height="150" loading="lazy" />
        <span class="words">
            <time datetime=post.date>{live(move || post.day().get(reader.lang.get()).to_owned())}</time>
            <b>{reader.say(post.title)}</b>
            <span>{reader.say(post.promise)}</span>
        </span>
    };
    let body = if is_built {
        view! { <a class="card" href=format!("{base}w/{}/", post.slug)>{inside}<span class="go">{reader.say(words::OPEN)}</span></a> }.into_any()
    } else {
        view! { <div class="card unbuilt">{inside}<span class="go">{reader.say(words::NOT_YET)}</span></div> }.into_any()
    };
    view! {
        <li style=("--when", post.part_of_year().to_string())>
            {body}
            <a class="post" href=post.address() rel="noopener" hreflang="zh" aria-label=live(move || format!("{}: {}", reader.tell(words::READ_POST), reader.tell(post.title)))>
                {reader.say(words::READ_POST)}
            </a>
        </li>
    }
}

#[component]
fn About() -> impl IntoView {
    let reader = reader();
    view! {
        <TopLine title=words::ABOUT />
        <main class="about">
            <h1>{reader.say(words::ABOUT)}</h1>
            {words::ABOUT_BODY.iter().map(|text| view! { <p>{reader.say(*text)}</p> }).collect_view()}
        </main>
    }
}

#[component]
fn Missing() -> impl IntoView {
    let reader = reader();
    let base = page::data("base").unwrap_or_else(|| "/".into());
    view! {
        <TopLine />
        <main class="about">
            <h1>{reader.say(words::NOT_FOUND)}</h1>
            <p><a href=base>{reader.say(words::TO_SHELF)}</a></p>
        </main>
    }
}
