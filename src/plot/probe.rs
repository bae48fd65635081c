//! What stands under a point of a figure: hover, focus and tap read the same.

use crate::contract::figure::{Along, Axis, Figure, Grid, Point, Shape, Ticks};
use crate::contract::number;
use crate::contract::text::Lang;

use super::frame::Frame;

/// A sentence fragment such as `x₂ · softmax 0.25 · sparsemax 0.1`, and the place it speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// What to show and say.
    pub words: String,
    /// Where a guide line stands, data coordinates.
    pub at: Point,
}

/// Reads the named marks of a figure near a point in data coordinates; `None` where there is nothing.
pub fn probe(figure: &Figure, frame: &Frame, (x, y): Point, lang: Lang) -> Option<Probe> {
    if !(inside(figure.x.from, figure.x.to, x) && inside(figure.y.from, figure.y.to, y)) {
        return None;
    }
    let mut found: Vec<String> = Vec::new();
    let mut at = (x, y);
    let is_lying = lies(figure);
    for mark in &figure.marks {
        let name = mark.name.as_ref().map(|name| name.get(lang));
        match (&mark.shape, name) {
            (Shape::Heat(grid) | Shape::Tiles(grid, _), _) => {
                found.extend(value(grid, (x, y)).map(|v| format!("{} {}", grid.name.get(lang), number::short(f64::from(v), 3))));
            }
            (Shape::Line(points), Some(name)) if !figure.equal => {
                found.extend(height(points, x).map(|y| format!("{name} {}", figure.y.scale.show(y, 3))));
            }
            (Shape::Band(rows), Some(name)) => {
                let near = rows.iter().min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()));
                found.extend(near.map(|r| format!("{name} {}–{}", number::short(r.1, 3), number::short(r.2, 3))));
            }
            (Shape::Bars(bars), Some(name)) if is_lying => {
                let centre = nearest_tick(&figure.y, y).map_or(y, |tick| tick.0);
                let bar = bars.iter().find(|b| (f64::midpoint(b.y.0, b.y.1) - centre).abs() < 0.5);
                found.extend(bar.map(|b| format!("{name} {}", number::short(b.x.1 - b.x.0, 3))));
            }
            (Shape::Bars(bars), Some(name)) => {
                // A group of bars is read together: those around the nearest tick.
                let centre = nearest_tick(&figure.x, x).map_or(x, |tick| tick.0);
                let bar = bars.iter().find(|b| (f64::midpoint(b.x.0, b.x.1) - centre).abs() < 0.5 || inside(b.x.0, b.x.1, x));
                found.extend(
                    bar.map(|b| format!("{name} {}", number::short(if b.y.0 < 0.0 && b.y.1 <= 0.0 { b.y.0 } else { b.y.1 }, 3))),
                );
            }
            (Shape::Cells(cells), _) => {
                let here = cells.iter().find(|(bar, _)| bar.holds((x, y)));
                found.extend(here.map(|(_, caption)| caption.get(lang).to_owned()));
            }
            (Shape::Dots(points, _), Some(name)) => {
                let here = frame.pixel((x, y));
                let distance = |p: &Point| {
                    let q = frame.pixel(*p);
                    (q.0 - here.0).hypot(q.1 - here.1)
                };
                let near = points.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
                if let Some((index, point)) = near.filter(|p| distance(p.1) < 24.0 * frame.scale) {
                    let name = mark.each.get(index).map_or(name, |own| own.get(lang));
                    found.push(format!("{name} ({}, {})", figure.x.scale.show(point.0, 3), figure.y.scale.show(point.1, 3)));
                    at = *point;
                }
            }
            _ => {}
        }
    }
    if found.is_empty() {
        return None;
    }
    let place = match &figure.x.ticks {
        _ if is_lying => nearest_tick(&figure.y, y).map_or_else(String::new, |tick| tick.1),
        Ticks::At(_) => nearest_tick(&figure.x, x).map_or_else(String::new, |tick| tick.1),
        _ if figure.equal => String::new(),
        _ => figure.x.scale.show(x, 3),
    };
    if !place.is_empty() {
        found.insert(0, place);
    }
    Some(Probe { words: found.join(" · "), at })
}

/// The term of the mark under a point, the uppermost one: what lights up in the formulas.
pub fn term_at(figure: &Figure, frame: &Frame, at: Point) -> Option<&'static str> {
    let reach = 7.0 * frame.scale;
    let here = frame.pixel(at);
    let hits = |shape: &Shape| match shape {
        Shape::Line(points) => height(points, at.0).is_some_and(|y| (frame.pixel((at.0, y)).1 - here.1).abs() < reach),
        Shape::Rule(Along::X, x) => (frame.pixel((*x, at.1)).0 - here.0).abs() < reach,
        Shape::Rule(Along::Y, y) => (frame.pixel((at.0, *y)).1 - here.1).abs() < reach,
        Shape::Bars(bars) => bars.iter().any(|bar| bar.holds(at)),
        Shape::Cells(cells) => cells.iter().any(|(bar, _)| bar.holds(at)),
        _ => false,
    };
    figure.marks.iter().rev().find(|mark| mark.term.is_some() && hits(&mark.shape)).and_then(|mark| mark.term)
}

/// What a click at a point sets: the control and the value of the cell around it, else of the nearest dot that can be picked, if
/// it is within reach.
pub fn picked(figure: &Figure, frame: &Frame, at: Point) -> Option<(&'static str, f64)> {
    let here = frame.pixel(at);
    let mut best: Option<(f64, &'static str, f64)> = None;
    for mark in &figure.marks {
        let Some(picks) = &mark.picks else { continue };
        let points = match &mark.shape {
            Shape::Dots(points, _) => points,
            Shape::Cells(cells) => match cells.iter().zip(&picks.values).find(|((bar, _), _)| bar.holds(at)) {
                Some((_, value)) => return Some((picks.key, *value)),
                None => continue,
            },
            _ => continue,
        };
        for (point, value) in points.iter().zip(&picks.values) {
            let there = frame.pixel(*point);
            let distance = (there.0 - here.0).hypot(there.1 - here.1);
            if best.is_none_or(|best| distance < best.0) {
                best = Some((distance, picks.key, *value));
            }
        }
    }
    best.filter(|best| best.0 < 24.0 * frame.scale).map(|(_, key, value)| (key, value))
}

/// The value of the cell that holds a point.
fn value(grid: &Grid, (x, y): Point) -> Option<f32> {
    let column = ((x - grid.x.0) / (grid.x.1 - grid.x.0) * grid.columns as f64).floor();
    let row = ((y - grid.y.0) / (grid.y.1 - grid.y.0) * grid.rows as f64).floor();
    let ok = column >= 0.0 && row >= 0.0 && (column as usize) < grid.columns && (row as usize) < grid.rows;
    ok.then(|| grid.values.get(row as usize * grid.columns + column as usize).copied()).flatten()
}

/// The height of a line that runs from left to right, between its points straight.
fn height(points: &[Point], x: f64) -> Option<f64> {
    let after = points.iter().position(|p| p.0 >= x)?;
    let b = points[after];
    let Some(a) = after.checked_sub(1).map(|before| points[before]) else { return (b.0 == x).then_some(b.1) };
    let part = if b.0 > a.0 { (x - a.0) / (b.0 - a.0) } else { 1.0 };
    Some(a.1 + part * (b.1 - a.1))
}

fn nearest_tick(axis: &Axis, at: f64) -> Option<(f64, String)> {
    let Ticks::At(ticks) = &axis.ticks else { return None };
    ticks.iter().min_by(|a, b| (a.0 - at).abs().total_cmp(&(b.0 - at).abs())).cloned()
}

/// Whether its bars lie: their names stand at the vertical axis.
fn lies(figure: &Figure) -> bool {
    let has_names =
        |axis: &Axis| matches!(&axis.ticks, Ticks::At(ticks) if ticks.iter().all(|tick| number::read(&tick.1).is_none()));
    let has_bars = || figure.marks.iter().any(|mark| mark.name.is_some() && matches!(mark.shape, Shape::Bars(_)));
    has_names(&figure.y) && !matches!(figure.x.ticks, Ticks::At(_)) && has_bars()
}

fn inside(from: f64, to: f64, at: f64) -> bool {
    at >= from.min(to) && at <= from.max(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::figure::{Bar, Mark, Role};

    fn frame(figure: &Figure) -> Frame {
        Frame::new(figure, (400.0, 300.0), 1.0, 12.0, Lang::En)
    }

    #[test]
    fn lines_are_read_between_their_points() {
        let line = Mark::new(Role::A, Shape::Line(vec![(0.0, 0.0), (2.0, 4.0)])).named("f");
        let figure = Figure { x: Axis::linear(0.0, 2.0), y: Axis::linear(0.0, 4.0), marks: vec![line], ..Figure::default() };
        let probe = probe(&figure, &frame(&figure), (0.5, 3.0), Lang::En).unwrap();
        assert_eq!(probe.words, "0.5 · f 1");
    }

    #[test]
    fn groups_of_bars_are_read_together_and_by_their_tick() {
        let ticks = Ticks::At(vec![(0.0, "p₁".into()), (1.0, "p₂".into())]);
        let bar = |x: f64, y: f64| Bar { x: (x - 0.1, x + 0.1), y: (0.0, y) };
        let marks = vec![
            Mark::new(Role::A, Shape::Bars(vec![bar(-0.2, 0.6), bar(0.8, 0.4)])).named("a"),
            Mark::new(Role::B, Shape::Bars(vec![bar(0.2, 1.0), bar(1.2, 0.0)])).named("b"),
        ];
        let figure = Figure { x: Axis::linear(-0.5, 1.5).ticks(ticks), y: Axis::linear(0.0, 1.0), marks, ..Figure::default() };
        let probe = probe(&figure, &frame(&figure), (1.1, 0.5), Lang::En).unwrap();
        assert_eq!(probe.words, "p₂ · a 0.4 · b 0");
    }

    #[test]
    fn bars_that_lie_are_read_by_their_length_and_the_name_of_their_row() {
        let ticks = Ticks::At(vec![(0.0, "p".into()), (1.0, "q".into())]);
        let bar = |row: f64, from: f64, to: f64| Bar { x: (from, to), y: (row - 0.3, row + 0.3) };
        let marks = vec![
            Mark::new(Role::A, Shape::Bars(vec![bar(0.0, 0.0, 2.0), bar(1.0, 0.0, 5.0)])).named("a"),
            Mark::new(Role::B, Shape::Bars(vec![bar(0.0, 2.0, 3.0), bar(1.0, 5.0, 9.0)])).named("b"),
        ];
        let y = Axis::linear(-0.5, 1.5).downwards().ticks(ticks);
        let figure = Figure { x: Axis::linear(0.0, 10.0), y, marks, ..Figure::default() };
        let probe = probe(&figure, &frame(&figure), (1.0, 0.9), Lang::En).unwrap();
        assert_eq!(probe.words, "q · a 5 · b 4");
    }

    #[test]
    fn dots_with_names_of_their_own_are_read_by_them() {
        let dots = Shape::Dots(vec![(0.5, 0.5), (1.5, 1.5)], crate::contract::figure::Dot::Small);
        let marks = vec![Mark::new(Role::Guide, dots).named("others").each(vec!["p".into(), "q".into()])];
        let figure = Figure { x: Axis::linear(0.0, 2.0), y: Axis::linear(0.0, 2.0), marks, ..Figure::default() };
        let words = |at| probe(&figure, &frame(&figure), at, Lang::En).map(|probe| probe.words);
        assert_eq!(words((1.5, 1.45)).as_deref(), Some("1.5 · q (1.5, 1.5)"));
        assert_eq!(words((0.5, 1.5)), None);
    }

    #[test]
    fn the_term_of_a_line_is_found_near_it_and_not_far_from_it() {
        let line = Mark::new(Role::A, Shape::Line(vec![(0.0, 1.0), (2.0, 1.0)])).term("level");
        let figure = Figure { x: Axis::linear(0.0, 2.0), y: Axis::linear(0.0, 4.0), marks: vec![line], ..Figure::default() };
        assert_eq!(term_at(&figure, &frame(&figure), (1.0, 1.02)), Some("level"));
        assert_eq!(term_at(&figure, &frame(&figure), (1.0, 3.0)), None);
    }

    #[test]
    fn outside_the_plot_there_is_nothing() {
        let figure = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), ..Figure::default() };
        assert_eq!(probe(&figure, &frame(&figure), (2.0, 0.5), Lang::En), None);
    }
}
