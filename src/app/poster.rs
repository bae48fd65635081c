//! Posters: what a widget shows before anybody has touched it. Large on its own page and for other sites, small and without words on the
//! shelf.

use crate::contract::figure::{Figure, Shape, Ticks};
use crate::contract::panel::{Panel, View};
use crate::contract::setting::Setting;
use crate::contract::shelf::DynWidget;
use crate::contract::text::Lang;
use crate::contract::widget::{Budget, Progress};
use crate::plot::svg;
use crate::plot::theme::Theme;
use crate::widgets::SHELF;

/// Width and height of a picture on the shelf, as it is drawn; the page shows it a little smaller.
pub const CARD: (f64, f64) = (440.0, 250.0);

/// How far a line on the shelf may be from its points, quarters of a CSS pixel.
const SLACK: f64 = 1.5;

/// The two looks of a picture; the projector takes the light one.
pub const LOOKS: [(&str, &Theme); 2] = [("light", &Theme::LIGHT), ("dark", &Theme::DARK)];

/// The first figure of a scene, and how it is read aloud in both languages.
pub fn lead(widget: &dyn DynWidget, setting: &Setting) -> Option<(&'static Panel, Figure, String)> {
    let mut work = widget.begin();
    let budget = Budget::unlimited();
    while let Ok(Progress::Going(_)) = widget.work(setting, work.as_mut(), &budget) {}
    let scene = widget.scene(setting, work.as_ref());
    let panel = widget.panels().first()?;
    match scene.views.into_iter().next()? {
        View::Figure(figure) => {
            let spoken = Lang::ALL.map(|lang| svg::spoken(panel, &figure, lang)).join(" ");
            Some((panel, figure, spoken))
        }
        View::Table(_) => None,
    }
}

/// The file of a picture on the shelf.
pub fn card_name(slug: &str, look: &str) -> String {
    format!("card/{slug}-{look}.svg")
}

/// All posters, as `(path, SVG)`.
pub fn pictures() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for widget in SHELF {
        let slug = widget.about().slug;
        let presets = widget.presets().into_iter().enumerate();
        let scenes = presets.map(|(at, preset)| (format!("{slug}-{}", preset.key), widget.preset(at)));
        for (name, setting) in std::iter::once((slug.to_owned(), widget.opening())).chain(scenes) {
            let Some((panel, figure, _)) = lead(*widget, &setting) else { continue };
            for (suffix, (_, theme)) in ["", "-dark"].into_iter().zip(LOOKS) {
                out.push((format!("poster/{name}{suffix}.svg"), svg::file(panel, &figure, theme, Lang::Zh, 720.0)));
            }
            if name == slug {
                out.extend(LOOKS.map(|(look, theme)| (card_name(slug, look), card(panel, figure.clone(), theme))));
            }
        }
    }
    out
}

/// A figure without its words, for the shelf.
fn card(panel: &Panel, figure: Figure, theme: &Theme) -> String {
    let Figure { x, y, mut marks, equal, .. } = figure;
    marks.retain(|mark| !matches!(mark.shape, Shape::Label(..) | Shape::Ends(_)));
    let figure = Figure { x: x.ticks(Ticks::None), y: y.ticks(Ticks::None), marks, equal, ..Figure::default() };
    // Circles stay circles: the figure keeps its own shape, in the middle of the picture.
    let (width, height) = (CARD.0.min(CARD.1 * panel.aspect), CARD.1.min(CARD.0 / panel.aspect));
    lighter(&svg::bare(&figure, theme, (width, height), CARD))
}

/// The same drawing in fewer letters: lines without the points that nobody sees, and lines of one look in one element.
fn lighter(svg: &str) -> String {
    let mut out = String::new();
    let mut open = (String::new(), String::new());
    let close = |out: &mut String, (look, path): &mut (String, String)| {
        if !path.is_empty() {
            out.push_str(&format!("<path {look} d=\"{path}\"/>\n"));
        }
        look.clear();
        path.clear();
    };
    for line in svg.lines() {
        let line = line.trim().replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "");
        let drawn = |name: &str| {
            let (look, points) = line.strip_prefix(name)?.split_once(" points=\"")?;
            Some((look.trim().to_owned(), path(points.split('"').next().unwrap_or_default())))
        };
        if let Some((look, path)) = drawn("<polyline") {
            if open.0 != look {
                close(&mut out, &mut open);
            }
            open = (look, std::mem::take(&mut open.1) + &path);
            continue;
        }
        close(&mut out, &mut open);
        match drawn("<polygon") {
            Some((look, path)) => out.push_str(&format!("<path {look} d=\"{path}z\"/>\n")),
            None => out.extend([line.as_str(), "\n"]),
        }
    }
    close(&mut out, &mut open);
    out
}

/// Points as a path of whole steps.
fn path(points: &str) -> String {
    let pair = |pair: &str| pair.split_once(',').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
    let kept = thinned(&points.split_whitespace().filter_map(pair).collect::<Vec<(f64, f64)>>());
    let mut out = String::new();
    let mut last = (0_i64, 0_i64);
    for (at, (x, y)) in kept.into_iter().map(|(x, y)| (x.round() as i64, y.round() as i64)).enumerate() {
        let (dx, dy) = if at == 0 { (x, y) } else { (x - last.0, y - last.1) };
        let part = if dy < 0 { format!("{dx}{dy}") } else { format!("{dx} {dy}") };
        let joint = match at {
            0 => "M",
            1 => "l",
            _ if dx < 0 => "",
            _ => " ",
        };
        out.extend([joint, &part]);
        last = (x, y);
    }
    out
}

/// The ends, and every point from which a straight line between kept ones would be more than [`SLACK`] away (Douglas and Peucker).
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let [first, middle @ .., last] = points else { return points.to_vec() };
    let (dx, dy) = (last.0 - first.0, last.1 - first.1);
    let length = dx.hypot(dy);
    let off = |p: &(f64, f64)| {
        let (px, py) = (p.0 - first.0, p.1 - first.1);
        if length > 0.0 { (dx * py - dy * px).abs() / length } else { px.hypot(py) }
    };
    let far = middle.iter().map(off).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    match far {
        Some((at, distance)) if distance > SLACK => {
            let mut kept = thinned(&points[..=at + 1]);
            kept.pop();
            kept.extend(thinned(&points[at + 1..]));
            kept
        }
        _ => vec![*first, *last],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_needs_two_points_and_a_corner_stays() {
        assert_eq!(path("0,0 10,0 20,1 30,0"), "M0 0l30 0");
        assert_eq!(path("0,0 10,40 20,0"), "M0 0l10 40 10-40");
    }

    #[test]
    fn lines_of_one_look_are_one_element_and_the_rest_stays() {
        let line = |points: &str| format!("<polyline fill=\"none\" opacity=\"1\" stroke=\"#111111\" points=\"{points}\"/>\n");
        let svg = format!("{}{}<circle r=\"1\"/>\n{}", line("0,0 9,9 "), line("1,1 5,9 "), line("2,2 3,9 "));
        let one = "<path fill=\"none\" stroke=\"#111111\" d=\"M0 0l9 9M1 1l4 8\"/>\n<circle r=\"1\"/>\n";
        assert_eq!(lighter(&svg), format!("{one}<path fill=\"none\" stroke=\"#111111\" d=\"M2 2l1 7\"/>\n"));
    }

    #[test]
    fn the_pictures_of_the_shelf_are_well_formed_without_words_and_small() {
        let mut total = 0;
        for widget in SHELF {
            let (panel, figure, _) = lead(*widget, &widget.opening()).expect("the first view is a figure");
            for (look, theme) in LOOKS {
                let svg = card(panel, figure.clone(), theme);
                let document = roxmltree::Document::parse(&svg).expect("well-formed");
                let slug = widget.about().slug;
                assert!(document.descendants().all(|node| !node.has_tag_name("text")), "{slug}");
                assert!(document.descendants().any(|node| node.has_tag_name("path")), "{slug}");
                assert!(svg.len() < 24_000, "{slug}, {look}: {} bytes", svg.len());
                total += if look == "light" { svg.len() } else { 0 };
            }
        }
        assert!(total < 15_000 * SHELF.len(), "{total} bytes for the whole shelf");
    }
}
