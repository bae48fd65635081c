//! The figures: what was computed, as marks.

use std::f64::consts::TAU;

use yansuan_math::axis::{Axes, Axis};
use yansuan_math::frequency_plan::Pair;
use yansuan_math::position_metrics::{BlockMetrics, FrameShift, patch_difference};
use yansuan_math::rational::Rational;
use yansuan_math::rope::{PairLayout, Point as Position, angle};
use yansuan_math::rounding::Format;
use yansuan_math::segment::Segment;
use yansuan_math::token_layout::Span;

use super::model::{Laid, Solved, Work};
use super::state::{Layout, State};
use super::text;
use crate::contract::figure::{
    Along, Anchor, Axis as Scale, AxisScale, Bar, Dot, Figure, Grid, Mark, Point, Ramp, Role, Shape, Ticks, round_step,
};
use crate::contract::number::short;
use crate::contract::panel::View;
use crate::contract::text::{Text, Words, t};

/// Of more tokens than these every so many is drawn.
const DOTS: usize = 900;

/// The most points of a line.
const POINTS: usize = 800;

/// Pairs that are shown one by one, in the dials and in the matrices.
const SHOWN: usize = 8;

/// The role of an axis, the same in every figure.
pub const fn role(axis: Axis) -> Role {
    match axis {
        Axis::T => Role::C,
        Axis::H => Role::Estimate,
        Axis::W => Role::A,
    }
}

const TEXT_MARK: Text = t("文本", "text");
const PATCH_MARK: Text = t("图像块", "patches");

/// All views, in the order of the panels.
pub fn views(state: &State, work: &Work) -> Vec<View> {
    let Some(solved) = &work.solved else {
        let blank = Figure { x: Scale::linear(0.0, 1.0), y: Scale::linear(0.0, 1.0), ..Figure::default() };
        let mut views: Vec<View> = text::PANELS.iter().skip(3).map(|_| View::Figure(blank.clone())).collect();
        views.extend(super::ledger::tables(state, None).map(View::Table));
        return views;
    };
    let figures = [
        map(state, &solved.a, solved, Role::Estimate),
        map(state, &solved.b, solved, Role::A),
        strips(state, solved),
        space(state, solved),
        dials(state, solved),
        kernel(state, solved),
        field(state, solved),
        matrix(state, solved),
        frequencies(solved),
        crop(state),
        frame(state),
        precision(state, solved),
    ];
    let mut views: Vec<View> = figures.into_iter().map(View::Figure).collect();
    views.extend(super::ledger::tables(state, Some(solved)).map(View::Table));
    views
}

/// The name of a scheme.
pub const fn name(layout: Layout) -> Text {
    text::SCHEMES[layout as usize].name
}

/// A position in words: `(10.5, 11)`, as many numbers as the scheme has.
pub fn spell(laid: &Laid, token: usize) -> String {
    let parts: Vec<String> =
        laid.layout.axes().names().iter().filter_map(|axis| laid.layout.exact(token, *axis)).map(plain).collect();
    if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(", ")) }
}

/// A rational as readers see it.
pub fn plain(value: Rational) -> String {
    short(value.to_f64(), 6)
}

/// A range with some room on both sides, never empty.
fn around(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = (0.03 * (high - low)).max(0.8);
    // Whole steps, so that an axis does not creep while something is moved.
    let step = round_step((high - low + 2.0 * room) / 8.0);
    // Positions that begin at 1 have their axis begin at 0.
    let floor = ((low - room) / step).floor() * step;
    (if low >= 0.0 { floor.max(0.0) } else { floor }, ((high + room) / step).ceil() * step)
}

/// The first and the last patch of a picture, as `[t, h, w]`.
fn ends(laid: &Laid, span: &Span) -> (Position, Position) {
    (laid.point(span.tokens.start), laid.point(span.tokens.end.saturating_sub(1)))
}

/// V1: the plane of rows and columns.
fn map(state: &State, laid: &Laid, solved: &Solved, own: Role) -> Figure {
    let reach = |axis: Axis| around(laid.layout.coordinates(axis).unwrap_or_default().iter().copied());
    let (x, y) = (reach(Axis::W), reach(Axis::H));
    let plane = |position: Position| (position[2], position[1]);
    let mut marks = Vec::new();
    let (mut words, mut patches): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for span in laid.layout.spans() {
        if span.segment.is_visual() {
            patches.extend(span.tokens.clone());
            // A video may be a tube along the diagonal; its rectangle would say otherwise.
            if matches!(span.segment, Segment::Image { .. }) {
                marks.push(ground(laid, span, plane));
            }
        } else {
            words.extend(span.tokens.clone());
        }
    }
    let size = if laid.layout.len() > 300 { Dot::Small } else { Dot::Full };
    for (role, tokens, name) in [(Role::Truth, words, TEXT_MARK), (own, patches, PATCH_MARK)] {
        let kept: Vec<usize> = thinned(tokens.len(), DOTS).into_iter().map(|at| tokens[at]).collect();
        if !kept.is_empty() {
            let values = kept.iter().map(|token| (token + 1) as f64).collect();
            let points = kept.iter().map(|token| plane(laid.point(*token))).collect();
            marks.push(Mark::new(role, Shape::Dots(points, size)).named(name).picks("query", values));
        }
    }
    // The gaps of many pictures would be a thicket.
    let pictures: Vec<&Span> = laid.pictures().collect();
    if pictures.len() <= 6 {
        let unit = 0.012 * (x.1 - x.0).max(y.1 - y.0);
        pictures.iter().for_each(|span| gaps(laid, span, unit, &mut marks));
    }
    // On either side where the two are near each other.
    let (k, q) = (plane(laid.point(state.key)), plane(laid.point(state.query)));
    let is_near = (q.0 - k.0).abs() < 0.2 * (x.1 - x.0) && (q.1 - k.1).abs() < 0.1 * (y.1 - y.0);
    let (left, right) = match (is_near, q.0 < k.0) {
        (false, _) => (Anchor::Start, Anchor::Start),
        (true, true) => (Anchor::Start, Anchor::End),
        (true, false) => (Anchor::End, Anchor::Start),
    };
    for (at, role, letter, anchor) in [(k, Role::Truth, "k", left), (q, Role::Estimate, "q", right)] {
        marks.push(Mark::new(role, Shape::Dots(vec![at], Dot::Hollow)));
        marks.push(Mark::new(role, Shape::Label(at, letter.into(), anchor)));
    }
    let spoken = Words::new(
        format!("{}：查询在 {}，键在 {}。", own_name(state, solved, laid).zh, spell(laid, state.query), spell(laid, state.key)),
        format!(
            "{}: the query is at {}, the key at {}.",
            own_name(state, solved, laid).en,
            spell(laid, state.query),
            spell(laid, state.key)
        ),
    );
    Figure { x: Scale::linear(x.0, x.1), y: Scale::linear(y.0, y.1).downwards(), equal: true, marks, spoken, ..Figure::default() }
}

fn own_name(state: &State, solved: &Solved, laid: &Laid) -> Text {
    name(if std::ptr::eq(laid, &raw const solved.a) { state.a } else { state.b })
}

/// The rectangle that a picture covers.
fn ground(laid: &Laid, span: &Span, plane: impl Fn(Position) -> Point) -> Mark {
    let (first, last) = ends(laid, span);
    let (a, b) = (plane(first), plane(last));
    let half = 0.5;
    let bar = Bar { x: (a.0.min(b.0) - half, a.0.max(b.0) + half), y: (a.1.min(b.1) - half, a.1.max(b.1) + half) };
    Mark::new(Role::Guide, Shape::Ground(vec![bar]))
}

/// Arrows across the gaps beside a picture, the cross of its centre, and the ring of the midpoint.
fn gaps(laid: &Laid, span: &Span, unit: f64, marks: &mut Vec<Mark>) {
    let Some(metrics) = BlockMetrics::new(span, laid.scheme) else { return };
    let axes = laid.layout.axes();
    // Axes::One serves both; Two is h, w; Three is t, h, w.
    let at = |values: &[Rational]| -> Point {
        let of = |axis: Axis| axes.slot(axis).and_then(|slot| values.get(slot)).map_or(0.0, |value| value.to_f64());
        (of(Axis::W), of(Axis::H))
    };
    let (first, last) = ends(laid, span);
    let (first, last) = ((first[2], first[1]), (last[2], last[1]));
    for (from, to) in [(at(&span.before), first), (last, at(&span.after))] {
        marks.push(Mark::new(Role::D, Shape::Arrow(from, to)).named(t("间隔", "gaps")));
    }
    let midpoint = at(&metrics.midpoint);
    marks.push(
        Mark::new(Role::Truth, Shape::Dots(vec![midpoint], Dot::Hollow))
            .named(t("空位的中点", "midpoint of the hole"))
            .term("hole"),
    );
    let centre = at(&metrics.centre);
    for (dx, dy) in [(unit, 0.0), (0.0, unit)] {
        let line = vec![(centre.0 - 1.6 * dx, centre.1 - 1.6 * dy), (centre.0 + 1.6 * dx, centre.1 + 1.6 * dy)];
        marks.push(Mark::new(Role::B, Shape::Line(line)).named(t("图像中心", "centre of the picture")).term("centre"));
    }
}

/// Indices of at most so many tokens, the first and the last among them.
fn thinned(count: usize, most: usize) -> Vec<usize> {
    let stride = count.div_ceil(most).max(1);
    let mut all: Vec<usize> = (0..count).step_by(stride).collect();
    if count > 0 && all.last() != Some(&(count - 1)) {
        all.push(count - 1);
    }
    all
}

fn reading(count: usize) -> Scale {
    let last = count.max(2) as f64 + 0.5;
    let step = round_step(last / 20.0);
    Scale::linear(0.0, (last / step).ceil() * step)
}

/// V1, three dimensions: each coordinate against the reading index.
fn strips(state: &State, solved: &Solved) -> Figure {
    let laid = &solved.a;
    let n = laid.layout.len();
    let places = thinned(n, POINTS);
    let axes: Vec<Axis> = Axis::ALL.into_iter().filter(|axis| laid.layout.coordinates(*axis).is_some()).collect();
    let column = |axis: Axis| laid.layout.coordinates(axis).unwrap_or_default();
    let y = around(axes.iter().flat_map(|axis| column(*axis).iter().copied()));
    let shown: &[Axis] = if laid.layout.axes() == Axes::One { &[Axis::T] } else { &axes };
    let mut marks: Vec<Mark> = shown
        .iter()
        .map(|axis| {
            let points = places.iter().map(|at| ((at + 1) as f64, column(*axis)[*at])).collect();
            Mark::new(role(*axis), Shape::Line(points)).named(axis.letter().to_string())
        })
        .collect();
    marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, (state.query + 1) as f64)));
    let spoken = Words::new(
        format!("{n} 个 token 的坐标从 {} 到 {}。", short(y.0, 4), short(y.1, 4)),
        format!("The coordinates of {n} tokens run from {} to {}.", short(y.0, 4), short(y.1, 4)),
    );
    Figure { x: reading(n), y: Scale::linear(y.0, y.1), marks, spoken, ..Figure::default() }
}

/// V1, three dimensions: an axonometric picture, turned by yaw and pitch.
fn space(state: &State, solved: &Solved) -> Figure {
    let laid = &solved.a;
    let ranges = Axis::ALL.map(|axis| around(laid.layout.coordinates(axis).unwrap_or(&[0.0]).iter().copied()));
    let longest = ranges.iter().map(|range| range.1 - range.0).fold(1.0, f64::max);
    let (yaw, pitch) = (state.yaw.to_radians(), state.pitch.to_radians());
    let project = |position: Position| -> Point {
        let [x, down, into] = [0, 1, 2].map(|at| {
            let axis = [0, 1, 2][at];
            (position[axis] - f64::midpoint(ranges[axis].0, ranges[axis].1)) / longest
        });
        // Turned about the vertical, then tilted towards the eye.
        let (right, depth) = (x * yaw.cos() + into * yaw.sin(), into * yaw.cos() - x * yaw.sin());
        (right, depth * pitch.sin() - down * pitch.cos())
    };
    let mut marks = Vec::new();
    let corner = |bits: usize| [0, 1, 2].map(|axis| if bits >> axis & 1 == 1 { ranges[axis].1 } else { ranges[axis].0 });
    for bits in 0..8_usize {
        for axis in (0..3).filter(|axis| bits >> axis & 1 == 0) {
            marks.push(Mark::new(Role::Guide, Shape::Line(vec![project(corner(bits)), project(corner(bits | 1 << axis))])));
        }
    }
    for (axis, letter) in [(0, "t"), (1, "h"), (2, "w")] {
        marks.push(Mark::new(Role::Guide, Shape::Label(project(corner(1 << axis)), letter.into(), Anchor::Start)));
    }
    for (is_visual, role, name) in [(false, Role::Truth, TEXT_MARK), (true, Role::Estimate, PATCH_MARK)] {
        let spans = laid.layout.spans().iter().filter(|span| span.segment.is_visual() == is_visual);
        let tokens: Vec<usize> = spans.flat_map(|span| span.tokens.clone()).collect();
        let kept: Vec<usize> = thinned(tokens.len(), DOTS).into_iter().map(|at| tokens[at]).collect();
        if !kept.is_empty() {
            let values = kept.iter().map(|token| (token + 1) as f64).collect();
            let points = kept.iter().map(|token| project(laid.point(*token))).collect();
            marks.push(Mark::new(role, Shape::Dots(points, Dot::Small)).named(name).picks("query", values));
        }
    }
    marks.push(Mark::new(Role::Estimate, Shape::Dots(vec![project(laid.point(state.query))], Dot::Hollow)));
    let spoken = Words::new(
        format!(
            "{} 个 token 在三维空间里，水平转 {} 度，俯角 {} 度。",
            laid.layout.len(),
            short(state.yaw, 4),
            short(state.pitch, 4)
        ),
        format!(
            "{} tokens in space, turned by {} degrees and tilted by {}.",
            laid.layout.len(),
            short(state.yaw, 4),
            short(state.pitch, 4)
        ),
    );
    let bare = |reach: f64| Scale::linear(-reach, reach).ticks(Ticks::None);
    Figure { x: bare(0.92), y: bare(0.75), equal: true, marks, spoken, ..Figure::default() }
}

/// Indices of the pairs that are shown one by one: spread over the head from fast to slow, axes in turn where the plan alternates.
fn shown_pairs(pairs: &[Pair]) -> Vec<usize> {
    let shown = pairs.len().min(SHOWN);
    let axes = Axis::ALL.iter().filter(|axis| pairs.iter().any(|pair| pair.axis == **axis)).count().max(1);
    let stride = pairs.len() / shown.max(1);
    (0..shown).map(|at| at * stride + (at + axes - at * stride % axes) % axes % stride.max(1)).collect()
}

/// The way in: a clock for each of some pairs, the query's hand and the key's.
fn dials(state: &State, solved: &Solved) -> Figure {
    let laid = &solved.a;
    let (q, k) = (laid.point(state.query), laid.point(state.key));
    let mut marks = Vec::new();
    for (at, i) in shown_pairs(&laid.pairs).into_iter().enumerate() {
        let pair = laid.pairs[i];
        let centre = ((at % 4) as f64 * 2.6, -((at / 4) as f64) * 3.1);
        let rim = (0..=48).map(|step| f64::from(step) / 48.0 * TAU);
        let rim = rim.map(|turn| (centre.0 + turn.cos(), centre.1 + turn.sin())).collect();
        marks.push(Mark::new(Role::Guide, Shape::Line(rim)));
        for (role, position) in [(Role::Truth, k), (Role::Estimate, q)] {
            let turn = angle(pair, position);
            let tip = (centre.0 + 0.94 * turn.cos(), centre.1 + 0.94 * turn.sin());
            marks.push(Mark::new(role, Shape::Arrow(centre, tip)));
        }
        let label = format!("{} · {i}", pair.axis.letter());
        marks.push(Mark::new(role(pair.axis), Shape::Label((centre.0, centre.1 - 1.62), label.into(), Anchor::Middle)));
    }
    let first = laid.pairs.first().copied().unwrap_or(Pair { axis: Axis::T, theta: 1.0 });
    let turned = short((angle(first, q) - angle(first, k)).to_degrees(), 4);
    let spoken = Words::new(
        format!("最快的一对上，查询的指针比键多转 {turned} 度。"),
        format!("On the fastest pair the query's hand is {turned} degrees ahead of the key's."),
    );
    let bare = |from: f64, to: f64| Scale::linear(from, to).ticks(Ticks::None);
    Figure { x: bare(-1.4, 9.2), y: bare(-4.9, 1.3), equal: true, marks, spoken, ..Figure::default() }
}

/// V4: S against reading order.
fn kernel(state: &State, solved: &Solved) -> Figure {
    let n = solved.a.layout.len();
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    let mut low: f64 = 0.0;
    for (laid, role, layout) in [(&solved.b, Role::A, state.b), (&solved.a, Role::Estimate, state.a)] {
        low = laid.kernel.iter().copied().fold(low, f64::min);
        // Of many neighbours the least and the largest.
        let size = n.div_ceil(POINTS);
        let points = laid.kernel.chunks(size).enumerate().flat_map(|(block, values)| {
            let (low, high) = values.iter().fold((1.0_f64, -1.0_f64), |(low, high), s| (low.min(*s), high.max(*s)));
            let x = (block * size + 1) as f64;
            if size == 1 { vec![(x, low)] } else { vec![(x, low), (x, high)] }
        });
        let shape = Shape::Line(points.collect());
        let mark = Mark::new(role, shape).named(name(layout));
        marks.push(if role == Role::Estimate { mark.term("kernel") } else { mark });
    }
    marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, (state.query + 1) as f64)));
    let s = short(solved.a.between, 3);
    let spoken = Words::new(
        format!("查询与键之间 S = {s}（{}）。", name(state.a).zh),
        format!("Between query and key S = {s} ({}).", name(state.a).en),
    );
    let floor = if low < 0.0 { (low * 5.0 - 0.2).floor() / 5.0 } else { 0.0 };
    Figure { x: reading(n), y: Scale::linear(floor, 1.04), marks, spoken, ..Figure::default() }
}

/// The picture that the query is in, else the last one: its place among the spans, and the frame.
fn picture_of(state: &State, laid: &Laid) -> Option<(Span, usize)> {
    let spans = laid.layout.spans();
    let own = laid.layout.span_of(state.query).and_then(|at| spans.get(at)).filter(|span| span.segment.is_visual());
    let span = own.or_else(|| laid.pictures().last())?.clone();
    let frame = span.patch(state.query).map_or(0, |patch| patch[0] as usize);
    Some((span, frame))
}

/// V4: S on the patches of one picture, scheme A beside scheme B.
fn field(state: &State, solved: &Solved) -> Figure {
    let mut marks = Vec::new();
    let (mut reach, mut width) = ((0.0, 1.0), 1.0);
    let mut extremes = (1.0_f64, -1.0_f64);
    for (at, (laid, layout)) in [(&solved.a, state.a), (&solved.b, state.b)].into_iter().enumerate() {
        let Some((span, frame)) = picture_of(state, laid) else { continue };
        let [_, h, w] = span.segment.shape().map(|size| size as usize);
        let start = span.tokens.start + frame * h * w;
        let Some(values) = laid.kernel.get(start..start + h * w) else { continue };
        let left = at as f64 * (w as f64 + 1.0 + 0.15 * w as f64);
        // Row 0 of a grid is at the bottom, row 1 of a picture at the top: the axis runs downwards, so both agree.
        let grid = Grid {
            columns: w,
            rows: h,
            values: values.iter().map(|s| *s as f32).collect(),
            x: (left, left + w as f64),
            y: (0.0, h as f64),
            ramp: Ramp::Sequential(0.0, 1.0),
            name: name(layout).into(),
        };
        extremes = values.iter().fold(extremes, |(low, high), s| (low.min(*s), high.max(*s)));
        marks.push(Mark::new(Role::Estimate, Shape::Heat(grid)));
        marks.push(Mark::new(Role::Truth, Shape::Label((left, 0.0), name(layout).into(), Anchor::Start)));
        if let Some([_, row, column]) = span.patch(state.query) {
            let at = (left + f64::from(column) + 0.5, f64::from(row) + 0.5);
            marks.push(Mark::new(Role::Estimate, Shape::Dots(vec![at], Dot::Hollow)));
        }
        reach = (0.0, h as f64);
        width = left + w as f64;
    }
    if marks.is_empty() {
        marks.push(Mark::new(
            Role::Guide,
            Shape::Label((0.5, 0.5), t("序列里没有图像", "no picture in the sequence").into(), Anchor::Middle),
        ));
    }
    let (low, high) = (short(extremes.0.min(extremes.1), 3), short(extremes.1.max(extremes.0), 3));
    let spoken = Words::new(format!("图像上的 S 从 {low} 到 {high}。"), format!("On the picture S runs from {low} to {high}."));
    let x = Scale::linear(0.0, width).ticks(Ticks::None);
    let room = 0.12 * (reach.1 - reach.0).max(1.0);
    Figure {
        x,
        y: Scale::linear(reach.0 - room, reach.1).ticks(Ticks::None).downwards(),
        equal: true,
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V3: the rotation matrices of some pairs: of the text position n, and of the query.
fn matrix(state: &State, solved: &Solved) -> Figure {
    let laid = &solved.a;
    let chosen: Vec<(usize, Pair)> = shown_pairs(&laid.pairs).into_iter().map(|i| (i, laid.pairs[i])).collect();
    let side = 2 * chosen.len();
    let position = laid.point(state.query);
    let grid = |left: f64, position: Position, name: Text| {
        let mut values = vec![0.0_f32; side * side];
        for (j, (_, pair)) in chosen.iter().enumerate() {
            let (sin, cos) = angle(*pair, position).sin_cos();
            let (a, b) = state.pairing.components(j, side);
            for (row, column, value) in [(a, a, cos), (a, b, -sin), (b, a, sin), (b, b, cos)] {
                values[row * side + column] = value as f32;
            }
        }
        let side = side as f64;
        Grid {
            columns: side as usize,
            rows: side as usize,
            values,
            x: (left, left + side),
            y: (0.0, side),
            ramp: Ramp::Diverging(1.0),
            name: name.into(),
        }
    };
    let wide = side as f64;
    let right = wide + 3.0;
    let mut marks = vec![
        Mark::new(Role::Truth, Shape::Heat(grid(0.0, [state.n; 3], Text::same("Rₙ")))),
        Mark::new(Role::Truth, Shape::Heat(grid(right, position, Text::same("R")))),
        Mark::new(Role::Truth, Shape::Label((wide / 2.0, -0.4), format!("Rₙ, n = {}", short(state.n, 4)).into(), Anchor::Middle)),
        Mark::new(
            Role::Truth,
            Shape::Label((right + wide / 2.0, -0.4), format!("R, {}", spell(laid, state.query)).into(), Anchor::Middle),
        ),
    ];
    for (j, (i, pair)) in chosen.iter().enumerate() {
        let (a, b) = state.pairing.components(j, side);
        // Under the pointer a pair tells its axis, its frequency and its angle.
        for (left, position) in [(0.0, [state.n; 3]), (right, position)] {
            let (letter, turned) = (pair.axis.letter(), angle(*pair, position));
            let told = format!("i = {i} · {letter} · θ = {} · {letter}θ = {}", short(pair.theta, 3), short(turned, 3));
            let cell = |column: usize, row: usize, size: usize| Bar {
                x: (left + column as f64, left + (column + size) as f64),
                y: (row as f64, (row + size) as f64),
            };
            let bars = match state.pairing {
                PairLayout::Interleaved => vec![cell(a, a, 2)],
                PairLayout::HalfSplit => [(a, a), (b, a), (a, b), (b, b)].map(|(column, row)| cell(column, row, 1)).into(),
            };
            let cells = bars.into_iter().map(|bar| (bar, told.clone().into())).collect();
            marks.push(Mark::new(role(pair.axis), Shape::Cells(cells)));
        }
        let at = if state.pairing == PairLayout::Interleaved { f64::midpoint(a as f64, b as f64) + 0.5 } else { a as f64 + 0.5 };
        for left in [0.0, right] {
            marks.push(Mark::new(
                role(pair.axis),
                Shape::Label((left + at, wide + 1.6), pair.axis.letter().to_string().into(), Anchor::Middle),
            ));
        }
    }
    let same = chosen.iter().filter(|(_, pair)| (angle(*pair, position) - state.n * pair.theta).abs() < 1e-12).count();
    let spoken = Words::new(
        format!("{} 对里有 {same} 对的角度相同。", chosen.len()),
        format!("Of {} pairs {same} have the same angle.", chosen.len()),
    );
    let bare = |from: f64, to: f64| Scale::linear(from, to).ticks(Ticks::None);
    Figure {
        x: bare(-0.5, right + wide + 0.5),
        y: bare(-1.8, wide + 2.0).downwards(),
        equal: true,
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V7: pairs from fast to slow, coloured by axis, with their turns over the present extent.
fn frequencies(solved: &Solved) -> Figure {
    let laid = &solved.a;
    let extent = |axis: Axis| {
        let (low, high) = laid
            .layout
            .coordinates(axis)
            .unwrap_or_default()
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
        (high - low).max(1.0)
    };
    let floor = 1e-4;
    let turns: Vec<f64> = laid.pairs.iter().map(|pair| pair.turns(extent(pair.axis)).max(floor)).collect();
    let top = turns.iter().copied().fold(2.0, f64::max);
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 1.0))];
    for axis in Axis::ALL {
        let own: Vec<Bar> = (laid.pairs.iter().zip(&turns).enumerate())
            .filter(|(_, (pair, _))| pair.axis == axis)
            .map(|(i, (_, turns))| Bar { x: (i as f64 - 0.4, i as f64 + 0.4), y: (floor, *turns) })
            .collect();
        if !own.is_empty() {
            marks.push(Mark::new(role(axis), Shape::Bars(own)).named(axis.letter().to_string()));
        }
    }
    let wraps = turns.iter().filter(|turns| **turns > 1.0).count();
    let spoken = Words::new(
        format!("{} 对里有 {wraps} 对在当前范围内转过一圈以上。", turns.len()),
        format!("Of {} pairs {wraps} turn more than once over the present extent.", turns.len()),
    );
    Figure {
        x: Scale::linear(-0.6, turns.len() as f64 - 0.4),
        y: Scale::log(floor, top * 1.5),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// The first image of the sequence with more than one row, else one of 8 × 8.
fn crop_of(state: &State) -> [u32; 2] {
    let images = state.segments().into_iter().filter_map(|segment| match segment {
        Segment::Image { h, w } if h > 1 && w > 1 => Some([h, w]),
        _ => None,
    });
    images.into_iter().next().unwrap_or([8, 8])
}

/// V5: the distance of two neighbours in a row, in a picture and in its upper half.
fn crop(state: &State) -> Figure {
    let [h, w] = crop_of(state);
    let half = h.div_ceil(2);
    let distance = |layout: Layout, h: u32| -> f64 {
        let scheme = state.scheme(layout);
        let both = patch_difference(scheme, [h, w], [0, 0], [0, 1]).unwrap_or_default();
        let slot = scheme.axes().slot(Axis::W).unwrap_or(0);
        both.get(slot).map_or(0.0, |value| value.to_f64())
    };
    let mut marks = Vec::new();
    let mut top: f64 = 1.0;
    let mut said = Vec::new();
    for (at, (layout, role)) in [(state.a, Role::Estimate), (state.b, Role::A)].into_iter().enumerate() {
        let heights = [distance(layout, h), distance(layout, half)];
        let bars = heights.iter().enumerate().map(|(part, height)| {
            let x = 3.0 * at as f64 + part as f64;
            Bar { x: (x - 0.35, x + 0.35), y: (0.0, *height) }
        });
        let bars: Vec<Bar> = bars.collect();
        for bar in &bars {
            let label = short(bar.y.1, 4);
            marks.push(Mark::new(role, Shape::Label((f64::midpoint(bar.x.0, bar.x.1), bar.y.1), label.into(), Anchor::Above)));
        }
        marks.push(Mark::new(role, Shape::Bars(bars)).named(name(layout)));
        top = heights.iter().copied().fold(top, f64::max);
        said.push((name(layout), heights));
    }
    let step = round_step(top / 6.0);
    let high = (1.12 * top / step).ceil() * step;
    let tick = |x: f64, h: u32| (x, format!("{h}×{w}"));
    let ticks = Ticks::At(vec![tick(0.0, h), tick(1.0, half), tick(3.0, h), tick(4.0, half)]);
    let tell = |lang: fn(Text) -> &'static str| {
        said.iter()
            .map(|(name, heights)| format!("{} {} → {}", lang(*name), short(heights[0], 4), short(heights[1], 4)))
            .collect::<Vec<_>>()
    };
    let spoken = Words::new(format!("{}。", tell(|text| text.zh).join("；")), format!("{}.", tell(|text| text.en).join("; ")));
    Figure { x: Scale::linear(-0.7, 4.7).ticks(ticks), y: Scale::linear(0.0, high), marks, spoken, ..Figure::default() }
}

/// The last video of the sequence, else one of 3 × 3 × 4.
fn video_of(state: &State) -> [u32; 3] {
    let videos = state.segments().into_iter().filter_map(|segment| match segment {
        Segment::Video { t, h, w } => Some([t, h, w]),
        _ => None,
    });
    videos.into_iter().next_back().unwrap_or([3, 3, 4])
}

/// V6: where the first patch of a video stands now, and with one frame more.
fn frame(state: &State) -> Figure {
    let shape = video_of(state);
    let mut marks = Vec::new();
    let mut rows: Vec<(f64, String)> = Vec::new();
    let mut far: f64 = 1.0;
    let mut said: Vec<(Text, Vec<String>)> = Vec::new();
    for (at, (layout, own)) in [(state.a, Role::Estimate), (state.b, Role::A)].into_iter().enumerate() {
        let scheme = state.scheme(layout);
        let shift = FrameShift::new(scheme, shape);
        let names = if shift.is_some() { scheme.axes().names() } else { &[][..] };
        let mut parts = Vec::new();
        for (slot, axis) in names.iter().enumerate() {
            let y = -(4.0 * at as f64 + slot as f64);
            rows.push((y, format!("{} {}", ["A", "B"][at], axis.letter())));
            let moved = shift.as_ref().and_then(|shift| shift.earlier.get(slot)).map_or(0.0, |value| value.to_f64());
            far = far.max(moved.abs());
            parts.push(short(moved, 4));
            marks.push(Mark::new(Role::Guide, Shape::Dots(vec![(0.0, y)], Dot::Hollow)));
            if moved == 0.0 {
                marks.push(Mark::new(own, Shape::Dots(vec![(0.0, y)], Dot::Full)));
            } else {
                marks.push(Mark::new(own, Shape::Arrow((0.0, y), (moved, y))));
                marks.push(Mark::new(own, Shape::Label((moved, y), format!("+{}", short(moved, 4)).into(), Anchor::Start)));
            }
        }
        if names.is_empty() {
            let y = -(4.0 * at as f64 + 1.0);
            rows.push((y, ["A", "B"][at].to_owned()));
            let words = t("没有时间轴", "no time axis");
            marks.push(Mark::new(own, Shape::Label((0.0, y), words.into(), Anchor::Start)));
        }
        said.push((name(layout), parts));
    }
    let tell = |lang: fn(Text) -> &'static str| {
        let none = lang(t("没有时间轴", "no time axis")).to_owned();
        let comma = lang(t("、", ", "));
        let one = |(name, parts): &(Text, Vec<String>)| {
            let parts = if parts.is_empty() { none.clone() } else { parts.join(comma) };
            format!("{} {parts}", lang(*name))
        };
        said.iter().map(one).collect::<Vec<_>>().join(lang(t("；", "; ")))
    };
    let [frames, h, w] = shape;
    let spoken = Words::new(
        format!("{frames}×{h}×{w} 的视频再加一帧，前面各块的位移：{}。", tell(|text| text.zh)),
        format!("With one frame more than {frames}×{h}×{w}, earlier patches move by: {}.", tell(|text| text.en)),
    );
    Figure {
        x: Scale::linear(-0.08 * far, far * 1.35),
        y: Scale::linear(-6.8, 0.8).ticks(Ticks::At(rows)),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V8: how far the phase of each pair is off.
fn precision(state: &State, solved: &Solved) -> Figure {
    let laid = &solved.a;
    let position = laid.point(state.query);
    let (floor, ceiling) = (1e-12, 1e5);
    let error = |pair: &Pair, position: f64, format: Format| {
        let exact = position * pair.theta;
        let product = if format == Format::F64 {
            exact
        } else {
            Format::F32.round(Format::F32.round(format.round(position)) * Format::F32.round(pair.theta))
        };
        // What overflows is off by more than the axis shows.
        (product - exact).abs().clamp(floor, ceiling)
    };
    let line = |at: &dyn Fn(&Pair) -> f64| -> Vec<Point> {
        laid.pairs.iter().enumerate().map(|(i, pair)| (i as f64, at(pair))).collect()
    };
    let here = line(&|pair| error(pair, position[pair.axis.index()], state.format));
    let far = line(&|pair| error(pair, 1e6, state.format));
    let worst = here.iter().map(|point| point.1).fold(floor, f64::max);
    let format = text::FORMATS[Format::ALL.iter().position(|other| *other == state.format).unwrap_or(0)].name;
    let marks = vec![
        Mark::new(Role::Guide, Shape::Line(far)).named(t("位置 10⁶", "position 10⁶")),
        Mark::new(Role::Estimate, Shape::Line(here)).named(t("查询的位置", "the query's position")),
    ];
    let said = if worst <= floor { "0".to_owned() } else { short(worst, 3) };
    let spoken = Words::new(
        format!("位置存成 {} 时，查询的相位最多差 {said} 弧度。", format.zh),
        format!("With positions in {}, the query's phases are off by at most {said} radians.", format.en),
    );
    Figure {
        x: Scale::linear(-0.5, (laid.pairs.len() as f64 - 0.5).max(0.5)),
        y: Scale { from: floor, to: ceiling, scale: AxisScale::Log, ..Scale::default() },
        marks,
        spoken,
        ..Figure::default()
    }
}
