//! The front page: the year from top to bottom, each post with its picture, and the roads between them.

use crate::app::markup::{both, inline, link, one, place, quoted};
use crate::app::poster::{CARD, LOOKS, card_name};
use crate::app::posts::{POSTS, Post};
use crate::app::roads::{self, row};
use crate::app::words;
use crate::contract::shelf::DynWidget;
use crate::contract::text::Text;

const YEAR: Text = Text { zh: "2024 年", en: "The year 2024" };
const NOT_YET: Text = Text { zh: "尚未完成", en: "Not built yet" };
const READ_POST: Text = Text { zh: "原文", en: "The post" };
const ROADS: Text = Text { zh: "相通", en: "Goes on in" };
const FIND: Text =
    Text { zh: "在演示里找：概念、步骤、公式、图", en: "Search the widgets: notions, steps, formulas, figures" };

/// The first day of each month, as days of the leap year 2024 that had passed.
const MONTHS: [u32; 12] = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];

/// What the page says.
pub fn body(base: &str) -> String {
    let mut out = one("h1", words::PROMISE);
    out.push_str(&both("p", words::LEAD).replace("<p ", "<p class=\"intro\" "));
    out.push_str(&search());
    let months = MONTHS.iter().enumerate().map(|(at, day)| format!("<text x=\"{:.2}%\" y=\"12\">{}</text>", part(*day), at + 1));
    out.push_str(&format!(
        "{}<svg class=\"months\" aria-hidden=\"true\">{}</svg>\n<ol class=\"timeline\">\n",
        one("h2", YEAR),
        months.collect::<String>()
    ));
    out.extend(POSTS.iter().map(|post| item(post, base)));
    out + "</ol>\n"
}

fn part(day: u32) -> f64 {
    f64::from(day) / 366.0 * 100.0
}

/// The field; the list below it is filled by `public/search.js`, and without a program nothing of it is shown.
fn search() -> String {
    format!(
        "<div class=\"find\" role=\"search\">\n<label for=\"find\">{}</label>\n\
         <input id=\"find\" type=\"search\" data-focused=\"search\" autocomplete=\"off\" spellcheck=\"false\" enterkeyhint=\"search\">\n\
         <p class=\"quiet\" role=\"status\"></p>\n<ol class=\"found\"></ol>\n</div>\n",
        inline(FIND)
    )
}

fn item(post: &Post, base: &str) -> String {
    let widget = roads::built(post.slug).map(DynWidget::about);
    let pictures = LOOKS.map(|(look, _)| {
        let (name, (width, height)) = (card_name(post.slug, look), CARD);
        format!("<img class=\"{look}\" src=\"{base}{name}\" alt=\"\" width=\"{width}\" height=\"{height}\" loading=\"lazy\">\n")
    });
    let title = match widget {
        Some(about) => one("h3", about.title)
            .replace("<h3>", &format!("<h3><a href=\"{}\">", place(base, post.slug, "")))
            .replace("</h3>", "</a></h3>"),
        None => one("h3", post.title),
    };
    let date = post.day();
    let mut out = format!(
        "<li>\n<svg class=\"when\" aria-hidden=\"true\"><line x2=\"100%\" y1=\"4\" y2=\"4\"/><line class=\"ticks\" x2=\"100%\" y1=\"4\" y2=\"4\" pathLength=\"366\"/>\
         <circle cx=\"{:.2}%\" cy=\"4\" r=\"3.5\"/></svg>\n{}{}<div class=\"entry\">\n<p class=\"quiet\"><time datetime=\"{}\">{}</time></p>\n{title}{}",
        post.part_of_year() * 100.0,
        arcs(post.slug),
        if widget.is_some() { pictures.concat() } else { String::new() },
        post.date,
        inline(date),
        one("p", post.promise),
    );
    if widget.is_none() {
        out.push_str(&one("p class=\"quiet\"", NOT_YET));
    }
    let ahead: Vec<String> =
        roads::from(post.slug).iter().map(|road| link(&place(base, road.to.slug, ""), road.to.title)).collect();
    if widget.is_some() && !ahead.is_empty() {
        out.push_str(&format!("<p class=\"quiet on\">{} {}</p>\n", inline(ROADS), ahead.join(" · ")));
    }
    out.push_str(&format!(
        "<p class=\"quiet\">{} <a href=\"{}\" rel=\"noopener\" hreflang=\"zh\">{}</a></p>\n</div>\n</li>\n",
        inline(READ_POST),
        post.address(),
        inline(quoted(post.title)),
    ));
    out
}

/// The roads of a post as arcs in the margin, a row a hundred units high: all rows are as high as the highest.
fn arcs(slug: &str) -> String {
    if roads::built(slug).is_none() {
        return String::new();
    }
    let arc = |other: usize| {
        let rows = other as i32 - row(slug) as i32;
        let control = 100 - (30 + 15 * rows.abs());
        format!("M100 0C{control} 0 {control} {height} 100 {height}", height = 100 * rows)
    };
    let path: String = roads::from(slug).iter().map(|road| arc(row(road.to.slug))).collect();
    format!(
        "<svg class=\"arcs\" aria-hidden=\"true\" viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\"><path d=\"{path}\"/></svg>\n"
    )
}
