//! What is drawn is what was computed: every mark of every named scene lies where its numbers say, measured by the labels of its own
//! axes; labels are readable, whole, and beside each other; and no words become markup.

use plotters::prelude::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use yansuan::contract::figure::{Along, Anchor, Axis, AxisScale, Caption, Figure, Mark, Shape, Ticks};
use yansuan::contract::number;
use yansuan::contract::panel::{Panel, View};
use yansuan::contract::text::{Lang, Words};
use yansuan::plot::frame::Frame;
use yansuan::plot::heat::Pixels;
use yansuan::plot::render::{Look, render};
use yansuan::plot::surface::Surface;
use yansuan::plot::svg;
use yansuan::plot::theme::{Stroke, Theme};
use yansuan::plot::ticks::ticks;
use yansuan::widgets::SHELF;

mod common;
use common::{play, scenes};

/// Device pixels a CSS pixel.
const SCALE: f64 = 2.0;

/// A piece of text: what it says, and the box that it covers.
#[derive(Clone, Debug)]
struct Written {
    words: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    /// Whether it hangs on its right end, as labels of the vertical axis do.
    is_left_of: bool,
}

/// A surface that remembers instead of drawing.
#[derive(Default)]
struct Memory {
    size: (u32, u32),
    paths: Vec<Vec<(i32, i32)>>,
    regions: Vec<Vec<(i32, i32)>>,
    rectangles: Vec<((i32, i32), (i32, i32))>,
    circles: Vec<(i32, i32)>,
    texts: Vec<Written>,
}

#[derive(Debug)]
struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a memory takes every mark")
    }
}

impl std::error::Error for Never {}

type Outcome = Result<(), DrawingErrorKind<Never>>;

/// Widths of letters as parts of the size of the type, on the safe side of a usual sans-serif face.
fn breadth(words: &str) -> f64 {
    let letter = |letter: char| match letter {
        '⁰'..='₟' | '¹' | '²' | '³' | '.' | ',' | 'i' | 'l' | ' ' => 0.35,
        _ if letter as u32 >= 0x2E80 => 1.0,
        _ => 0.6,
    };
    words.chars().map(letter).sum()
}

impl DrawingBackend for Memory {
    type ErrorType = Never;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, _point: BackendCoord, _colour: BackendColor) -> Outcome {
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, _style: &S, _fill: bool) -> Outcome {
        self.rectangles.push((from, to));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, _style: &S) -> Outcome {
        self.paths.push(path.into_iter().collect());
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, _radius: u32, _style: &S, _fill: bool) -> Outcome {
        self.circles.push(centre);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, _style: &S) -> Outcome {
        self.regions.push(path.into_iter().collect());
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, words: &str, style: &S, (x, y): BackendCoord) -> Outcome {
        // plotters counts a size by 1.24 of the letters' own.
        let size = style.size() / 1.24;
        let (width, height) = (breadth(words) * size, size * 1.1);
        let (x, y) = (f64::from(x), f64::from(y));
        let left = match style.anchor().h_pos {
            HPos::Left => x,
            HPos::Center => x - width / 2.0,
            HPos::Right => x - width,
        };
        let top = match style.anchor().v_pos {
            VPos::Top => y,
            VPos::Center => y - height / 2.0,
            VPos::Bottom => y - height,
        };
        let is_left_of = matches!(style.anchor().h_pos, HPos::Right);
        self.texts.push(Written { words: words.into(), left, top, right: left + width, bottom: top + height, is_left_of });
        Ok(())
    }
}

impl Surface for Memory {
    fn polyline(&mut self, points: &[(f64, f64)], _stroke: Stroke, _pattern: &[f64]) -> bool {
        self.paths.push(points.iter().map(|(x, y)| (x.round() as i32, y.round() as i32)).collect());
        true
    }

    fn picture(&mut self, _pixels: &Pixels, (left, top, right, bottom): (i32, i32, i32, i32)) -> Outcome {
        self.rectangles.push(((left, top), (right, bottom)));
        Ok(())
    }
}

fn drawn(figure: &Figure, panel: &Panel, theme: &Theme, lang: Lang, width: f64) -> (Memory, Frame) {
    // As high as the page makes it: see `.plot` in style/player.css.
    let height = (width / panel.aspect).clamp(180.0, 420.0);
    let mut memory = Memory { size: ((width * SCALE) as u32, (height * SCALE) as u32), ..Memory::default() };
    let frame = render(&mut memory, figure, Look { theme, lang, scale: SCALE, lit: None }).expect("a memory takes every mark");
    (memory, frame)
}

/// Every figure of every named scene, with a name for messages.
fn figures() -> Vec<(String, &'static Panel, Figure)> {
    let mut all = Vec::new();
    for widget in SHELF {
        for (name, setting) in scenes(*widget) {
            for (view, panel) in play(*widget, &setting).views.into_iter().zip(widget.panels()) {
                if let View::Figure(figure) = view {
                    all.push((format!("{} {name} {}", widget.about().slug, panel.id), panel, figure));
                }
            }
        }
    }
    all
}

/// The map from numbers to pixels that the labels of an axis tell a reader: two labels with their places.
struct Ruler {
    from: (f64, f64),
    to: (f64, f64),
    scale: AxisScale,
}

impl Ruler {
    /// From the first label and the last but one (the last may have been moved in); `None` for an axis whose labels are names.
    fn of(axis: &Axis, labels: &[(f64, String)], place: impl Fn(&str) -> Option<f64>) -> Option<Self> {
        let read: Vec<(f64, f64)> = labels.iter().filter_map(|(_, label)| Some((numeral(axis, label)?, place(label)?))).collect();
        let (from, to) = (*read.first()?, *read.get(read.len().checked_sub(2)?)?);
        (from.0 != to.0).then_some(Self { from, to, scale: axis.scale })
    }

    fn part(&self, number: f64) -> f64 {
        match self.scale {
            AxisScale::Linear | AxisScale::Power => (number - self.from.0) / (self.to.0 - self.from.0),
            AxisScale::Log => (number / self.from.0).ln() / (self.to.0 / self.from.0).ln(),
        }
    }

    /// The pixel of a number, and how far it may be off: labels stand on whole pixels, and beyond the last one what that rounding adds
    /// grows with the distance.
    fn pixel(&self, number: f64) -> (f64, f64) {
        let part = self.part(number);
        let beyond = (part - 1.0).max(-part).max(0.0);
        (self.from.1 + part * (self.to.1 - self.from.1), beyond)
    }
}

/// A label read as the coordinate that it names: where coordinates are logarithms, `10⁻³` is −3.
fn numeral(axis: &Axis, label: &str) -> Option<f64> {
    match axis.scale {
        AxisScale::Power => number::read(&lowered(label.strip_prefix("10")?)),
        AxisScale::Linear | AxisScale::Log => plain(label),
    }
}

/// Raised digits as plain ones.
fn lowered(label: &str) -> String {
    label
        .chars()
        .map(|letter| match letter {
            '⁻' => '-',
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            '⁰' | '⁴'..='⁹' => char::from_digit(letter as u32 - '⁰' as u32, 10).unwrap_or(letter),
            '\u{2009}' | '\u{202f}' => ' ',
            other => other,
        })
        .filter(|letter| *letter != ' ')
        .collect()
}

/// A label read as a number: `−0.5`, `1×10⁻³`.
fn plain(label: &str) -> Option<f64> {
    let lowered = lowered(label);
    match lowered.split_once("×10") {
        Some((mantissa, power)) => number::read(&format!("{mantissa}e{power}")),
        None => lowered
            .strip_prefix("10")
            .and_then(|power| {
                label.ends_with(|letter| "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(letter)).then(|| number::read(&format!("1e{power}")))?
            })
            .or_else(|| number::read(&lowered)),
    }
}

#[test]
fn axis_labels_read_back_as_the_numbers_of_their_places() {
    for (name, _, figure) in figures() {
        for (axis, side) in [(&figure.x, "horizontal"), (&figure.y, "vertical")] {
            let places = ticks(axis, 6);
            for (at, label) in &places {
                let Some(read) = numeral(axis, label) else {
                    assert!(matches!(axis.ticks, Ticks::At(_)), "{name}: the {side} label {label:?} is no number");
                    continue;
                };
                if matches!(axis.ticks, Ticks::Auto) {
                    assert!((read - at).abs() <= 1e-9 * at.abs().max(axis.to - axis.from), "{name}: {label} stands at {at}");
                }
            }
            assert!(places.windows(2).all(|pair| pair[0].0 < pair[1].0 || matches!(axis.ticks, Ticks::At(_))), "{name}: {side}");
        }
    }
}

/// Whether something that was drawn lies within half a CSS pixel of a place, in the direction that both rulers know.
fn is_near(drawn: (i32, i32), x: Option<(f64, f64)>, y: Option<(f64, f64)>) -> bool {
    let near = |drawn: i32, wanted: Option<(f64, f64)>| {
        wanted.is_none_or(|(wanted, slack)| (f64::from(drawn) - wanted).abs() <= 0.5 * SCALE + 0.51 + slack)
    };
    near(drawn.0, x) && near(drawn.1, y)
}

#[test]
fn every_mark_lies_where_the_labels_of_its_axes_say() {
    let (mut marks, mut points, mut pictures) = (0, 0, 0);
    for (name, panel, figure) in figures() {
        for width in [320.0, 640.0, 1100.0] {
            let (memory, frame) = drawn(&figure, panel, &Theme::LIGHT, Lang::En, width);
            let middle = |words: &str, along: Along| {
                let is_axis = |text: &&Written| match along {
                    Along::X => text.top > frame.bottom,
                    Along::Y => text.is_left_of && text.right < frame.left,
                };
                memory.texts.iter().filter(is_axis).find(|text| text.words == words).map(|text| match along {
                    Along::X => f64::midpoint(text.left, text.right),
                    Along::Y => f64::midpoint(text.top, text.bottom),
                })
            };
            let horizontal = Ruler::of(&figure.x, &ticks(&figure.x, 9), |label| middle(label, Along::X));
            let vertical = Ruler::of(&figure.y, &ticks(&figure.y, frame.rows), |label| middle(label, Along::Y));
            if horizontal.is_none() && vertical.is_none() {
                continue;
            }
            pictures += 1;
            let place = |(x, y): (f64, f64)| {
                (horizontal.as_ref().map(|ruler| ruler.pixel(x)), vertical.as_ref().map(|ruler| ruler.pixel(y)))
            };
            // What leaves the plot is cut at its edges, and no longer at its own place.
            let is_inside =
                |(x, y): (f64, f64)| (figure.x.from..=figure.x.to).contains(&x) && (figure.y.from..=figure.y.to).contains(&y);
            let mut hold = |what: &str, all: &[(f64, f64)], drawn: &mut dyn Iterator<Item = (i32, i32)>| {
                let drawn: Vec<(i32, i32)> = drawn.collect();
                marks += 1;
                for point in all.iter().filter(|point| is_inside(**point)) {
                    points += 1;
                    let (x, y) = place(*point);
                    assert!(
                        drawn.iter().any(|pixel| is_near(*pixel, x, y)),
                        "{name}, {width} px: nothing of a {what} is drawn at {point:?}, pixel {x:?} {y:?} (the frame says {:?})",
                        frame.pixel(*point)
                    );
                }
            };
            for Mark { shape, .. } in &figure.marks {
                let paths = || memory.paths.iter().flatten().copied();
                let corners = || memory.rectangles.iter().flat_map(|(from, to)| [*from, *to, (from.0, to.1), (to.0, from.1)]);
                match shape {
                    Shape::Line(line) if line.len() > 1 => hold("line", line, &mut paths()),
                    Shape::Dots(dots, _) => hold("dot", dots, &mut memory.circles.iter().copied()),
                    Shape::Handle(at, ..) => hold("handle", &[*at], &mut memory.circles.iter().copied()),
                    Shape::Area(line, _) => hold("area", line, &mut memory.regions.iter().flatten().copied()),
                    Shape::Band(rows) => {
                        let edges: Vec<(f64, f64)> = rows.iter().flat_map(|row| [(row.0, row.1), (row.0, row.2)]).collect();
                        hold("band", &edges, &mut memory.regions.iter().flatten().copied());
                    }
                    // A bar of no height, or thinner than a pixel, is drawn a pixel high or wide.
                    Shape::Cells(cells) => {
                        let ends: Vec<(f64, f64)> = cells.iter().map(|(bar, _)| (bar.x.0, bar.y.1)).collect();
                        hold("cell", &ends, &mut paths());
                    }
                    Shape::Bars(bars) | Shape::Ground(bars) => {
                        let ends: Vec<(f64, f64)> =
                            bars.iter().flat_map(|bar| [(bar.x.0, bar.y.0), (bar.x.0, bar.y.1)]).collect();
                        hold("bar", &ends, &mut corners().chain(paths()));
                    }
                    _ => {}
                }
            }
        }
    }
    println!("gate · drawn · {points} points of {marks} marks in {pictures} pictures, each within half a pixel");
    assert!(points > 10_000, "only {points} points were looked at");
}

#[test]
fn every_number_of_a_matrix_stands_in_the_middle_of_its_tile() {
    let (mut matrices, mut numbers) = (0, 0);
    for (name, panel, figure) in figures() {
        let (memory, frame) = drawn(&figure, panel, &Theme::LIGHT, Lang::En, 1100.0);
        for shape in figure.marks.iter().map(|mark| &mark.shape) {
            let Shape::Tiles(grid, never) = shape else { continue };
            matrices += 1;
            let middle = |at: usize| {
                let part =
                    |(from, to): (f64, f64), place: usize, of: usize| from + (to - from) * (place as f64 + 0.5) / of as f64;
                frame.pixel((part(grid.x, at % grid.columns, grid.columns), part(grid.y, at / grid.columns, grid.rows)))
            };
            for (at, value) in grid.values.iter().enumerate() {
                let (x, y) = middle(at);
                let is_here = |text: &&Written| {
                    let (across, down) = (f64::midpoint(text.left, text.right), f64::midpoint(text.top, text.bottom));
                    (across - x).abs() < 2.0 * SCALE && (down - y).abs() < 2.0 * SCALE
                };
                let Some(text) = memory.texts.iter().find(is_here) else { continue };
                assert!(!never.contains(&at), "{name}: {} is written over what cannot be", text.words);
                let told = plain(&text.words).unwrap_or_else(|| panic!("{name}: {:?} is no number", text.words));
                assert!((told - f64::from(*value)).abs() <= 0.0501, "{name}: {told} stands for {value}");
                numbers += 1;
            }
        }
    }
    assert!(matrices > 0 && numbers > 100, "{numbers} numbers in {matrices} matrices");
}

#[test]
fn no_label_is_cut_and_no_two_lie_on_each_other() {
    let mut wrong = Vec::new();
    for (name, panel, figure) in figures() {
        for (width, theme) in [320.0, 640.0, 1100.0].into_iter().flat_map(|width| Theme::ALL.map(|theme| (width, theme))) {
            for lang in Lang::ALL {
                let (memory, _) = drawn(&figure, panel, theme, lang, width);
                let place = format!("{name}, {width} px, {}, {}", theme.key, lang.key());
                let (right, bottom) = (f64::from(memory.size.0), f64::from(memory.size.1));
                let texts: Vec<&Written> = memory.texts.iter().filter(|text| !text.words.is_empty()).collect();
                for (at, text) in texts.iter().enumerate() {
                    // A pixel of the estimated box may be the side bearing of a letter.
                    if text.left < -SCALE || text.top < -SCALE || text.right > right + SCALE || text.bottom > bottom + SCALE {
                        wrong.push(format!("{place}: {:?} is cut", text.words));
                    }
                    for other in &texts[at + 1..] {
                        let across = text.right.min(other.right) - text.left.max(other.left);
                        let down = text.bottom.min(other.bottom) - text.top.max(other.top);
                        // A third of a line may overlap: estimated boxes are larger than letters.
                        if across > 3.0 * SCALE && down > 0.35 * (text.bottom - text.top) {
                            wrong.push(format!("{place}: {:?} lies on {:?}", text.words, other.words));
                        }
                    }
                }
            }
        }
    }
    let count = wrong.len();
    wrong.truncate(40);
    assert!(wrong.is_empty(), "{count} labels:\n{}", wrong.join("\n"));
}

/// A figure in which every word that can be is hostile.
fn hostile(figure: &Figure, evil: &str) -> Figure {
    let mut figure = figure.clone();
    for axis in [&mut figure.x, &mut figure.y] {
        if let Ticks::At(ticks) = &mut axis.ticks {
            ticks.iter_mut().for_each(|tick| tick.1 = evil.into());
        }
    }
    for mark in &mut figure.marks {
        mark.name = mark.name.is_some().then(|| Caption::Symbol(evil.into()));
        match &mut mark.shape {
            Shape::Label(_, caption, _) => *caption = Caption::Symbol(evil.into()),
            Shape::Ends(labels) => labels.iter_mut().for_each(|label| label.1 = Caption::Symbol(evil.into())),
            Shape::Handle(_, _, name) => *name = Words::same(evil),
            _ => {}
        }
    }
    figure.marks.push(Mark::new(
        yansuan::contract::figure::Role::Truth,
        Shape::Label((figure.x.from, figure.y.from), evil.into(), Anchor::Start),
    ));
    figure.spoken = Words::same(evil);
    figure
}

#[test]
fn words_of_a_figure_never_become_markup() {
    let evil = "<img src=x onerror=alert(1)>&\"'</text><script>";
    for (name, panel, figure) in figures() {
        let file = svg::file(panel, &hostile(&figure, evil), &Theme::DARK, Lang::En, 640.0);
        let document = roxmltree::Document::parse(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let strange = document.descendants().find(|node| ["img", "script"].contains(&node.tag_name().name()));
        assert!(strange.is_none(), "{name}: words became an element");
        let is_said = document.descendants().any(|node| node.is_text() && node.text().is_some_and(|text| text.trim() == evil));
        assert!(is_said, "{name}: the label is not said as it is written");
        let spoken = document.root_element().attribute("aria-label");
        assert!(spoken.is_some_and(|spoken| spoken.contains(evil)), "{name}: {spoken:?}");
    }
}
