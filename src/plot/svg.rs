//! A figure as a file: SVG with its title, its legend and the words of its axes.

use plotters::prelude::SVGBackend;

use crate::contract::figure::Figure;
use crate::contract::panel::Panel;
use crate::contract::text::{Lang, Words};

use super::frame::length;
use super::legend::{legend, lines};
use super::render::{FONTS, Look, render};
use super::surface::Surface;
use super::theme::{Theme, css};

/// plotters' coordinates are whole numbers: an SVG drawn at four times its size looks smooth.
const FINE: f64 = 4.0;

impl Surface for SVGBackend<'_> {}

/// The marks of a figure as bare SVG elements in a box of `width × height` times four.
///
/// A string takes every write, so an error of the backend leaves what was drawn before it.
fn elements(figure: &Figure, theme: &Theme, lang: Lang, (width, height): (f64, f64)) -> String {
    let mut markup = String::new();
    {
        let size = ((width * FINE) as u32, (height * FINE) as u32);
        let mut backend = SVGBackend::with_string(&mut markup, size);
        let look = Look { theme, lang, scale: FINE, lit: None };
        let drawn = render(&mut backend, figure, look);
        debug_assert!(drawn.is_ok(), "an SVG in memory takes every mark");
    }
    let inner = markup.split_once('>').map_or("", |(_, rest)| rest);
    inner.trim_end().trim_end_matches("</svg>").replace('\r', "")
}

/// Width of a file that is saved, CSS pixels.
pub const FILE_WIDTH: f64 = 720.0;

/// A whole SVG file `width` CSS pixels wide.
pub fn file(panel: &Panel, figure: &Figure, theme: &Theme, lang: Lang, width: f64) -> String {
    let height = (width / panel.aspect).round();
    let size = theme.type_size;
    let entries = if panel.legend { legend(&figure.marks) } else { Vec::new() };
    // Beside the words of the vertical axis, as on the page.
    let beside = 12.0 + if panel.y.get(lang).is_empty() { 0.0 } else { size * (length(panel.y.get(lang)) + 2.0) };
    let (names, rows) = lines(&entries, theme, lang, (beside, size * 3.1), width);
    let head = size * (3.6 + 1.5 * (rows - 1) as f64);
    let foot = if panel.x.get(lang).is_empty() { 8.0 } else { theme.type_size * 2.0 };
    let total = height + head + foot;
    let text = |x: f64, y: f64, anchor: &str, size: f64, weight: u32, ink: (u8, u8, u8), words: &str| {
        let words = escape(words);
        format!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{}\">{words}</text>\n",
            css(ink)
        )
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {total}\" width=\"{width}\" height=\"{total}\" role=\"img\" \
         aria-label=\"{}\" font-family=\"{FONTS}\" lang=\"{}\">\n<rect width=\"{width}\" height=\"{total}\" fill=\"{}\"/>\n",
        escape(&spoken(panel, figure, lang)),
        lang.tag(),
        css(theme.paper),
    );
    out.push_str(&text(12.0, size * 1.6, "start", size * 1.15, 600, theme.ink, panel.title.get(lang)));
    out.push_str(&text(12.0, size * 3.1, "start", size, 400, theme.muted, panel.y.get(lang)));
    out.push_str(&names);
    let (w, h) = (width * FINE, height * FINE);
    out.push_str(&format!("<svg x=\"0\" y=\"{head}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {w} {h}\">\n"));
    out.push_str(elements(figure, theme, lang, (width, height)).trim());
    out.push_str("\n</svg>\n");
    out.push_str(&text(width - 14.0, height + head + size * 1.1, "end", size, 400, theme.muted, panel.x.get(lang)));
    out.push_str("</svg>\n");
    out
}

/// Title and description, as a voice reads them.
pub fn spoken(panel: &Panel, figure: &Figure, lang: Lang) -> String {
    let title = Words::new(format!("{}。", panel.title.zh), format!("{}.", panel.title.en));
    title.then(&figure.spoken).get(lang).into()
}

/// Text in markup.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A figure in the middle of an empty picture of another shape, on no ground of its own.
pub fn bare(figure: &Figure, theme: &Theme, (width, height): (f64, f64), within: (f64, f64)) -> String {
    let inner = elements(figure, theme, Lang::Zh, (width, height));
    // The first element is the paper.
    let inner = inner.trim().split_once('\n').map_or("", |(_, rest)| rest);
    let (left, top) = ((width - within.0) / 2.0 * FINE, (height - within.1) / 2.0 * FINE);
    let (w, h) = (within.0 * FINE, within.1 * FINE);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left:.0} {top:.0} {w} {h}\" width=\"{}\" height=\"{}\">\n{inner}\n</svg>\n",
        within.0, within.1
    )
}
