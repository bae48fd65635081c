//! The figures of the memory: what was computed, as marks. Roads and roots are in [`super::sheets`], failures and use in [`super::proofs`].

use yansuan_math::discretise::Discretisation;
use yansuan_math::hippo::{legs_matrix, legs_skew};
use yansuan_math::legs_exponential::legs_decay_of_input;

use super::film::{Film, Memory};
use super::model::{Input, Kernels, Work};
use super::state::{KNOTS, LEGS, LEGT, Reader, S4, Shown, Source, State};
use super::{proofs, sheets, text};
use crate::contract::figure::{Along, Anchor, Axis, Dot, Figure, Grid, Mark, Move, Point, Ramp, Role, Shape, Ticks, round_step};
use crate::contract::number::{short, subscript, whole};
use crate::contract::panel::View;
use crate::contract::text::{Words, t};

/// Blocks of a long line; each gives its least and its largest value.
const BLOCKS: usize = 256;

/// Up to so many samples a signal is drawn as what it is, numbers that are held.
const HELD: usize = 64;

/// Points of a history that is rebuilt.
const POINTS: usize = 320;

/// A memory that is wrong by so many times the signal's height is not drawn: it would be a wall.
pub const BURST: f64 = 10.0;

/// The largest number that is drawn.
const SEEN: f64 = 1e9;

/// All views, in the order of the panels.
pub fn views(state: &State, work: &Work) -> Vec<View> {
    let (Some(input), Some(film), Some(kernels), Some(roads)) =
        (work.input(), work.memories(), work.of_schemes(), work.walked_roads())
    else {
        let blank = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), ..Figure::default() };
        return text::PANELS.iter().map(|_| View::Figure(blank.clone())).collect();
    };
    let figures = [
        memories(state, input, film),
        spring(work),
        matrix(state),
        decay(state),
        schemes(state, kernels),
        sheets::roads(state, roads),
        sheets::price(state, roads),
        sheets::circle(state),
        sheets::spectrum(state, roads),
        proofs::condition(state, work),
        proofs::eig(state, work, roads),
        proofs::stability(work),
        proofs::growth(state, work),
        proofs::same(state, work, input),
    ];
    figures.into_iter().map(View::Figure).collect()
}

/// A number that a figure can show.
pub fn seen(x: f64) -> f64 {
    if x.is_nan() { 0.0 } else { x.clamp(-SEEN, SEEN) }
}

/// A line through many values: of crowded neighbours the least and the largest, in their order.
pub fn thinned(values: &[f64], x: impl Fn(usize) -> f64) -> Vec<Point> {
    let size = values.len().div_ceil(BLOCKS).max(1);
    let mut points = Vec::with_capacity(2 * BLOCKS);
    for (block, part) in values.chunks(size).enumerate() {
        let (mut low, mut high) = (0, 0);
        for (at, value) in part.iter().enumerate() {
            low = if *value < part[low] { at } else { low };
            high = if *value > part[high] { at } else { high };
        }
        let mut push = |at: usize| points.push((x(block * size + at), seen(part[at])));
        push(low.min(high));
        if low != high {
            push(low.max(high));
        }
    }
    // The end of a line is its last value, whatever its block holds.
    if let (true, Some(last)) = (size > 1, values.last()) {
        let end = x(values.len() - 1);
        points.retain(|point| point.0 < end);
        points.push((end, seen(*last)));
    }
    points
}

/// The least and the largest of some values and 0.
pub fn extremes<'a>(values: impl Iterator<Item = &'a f64>) -> (f64, f64) {
    values.fold((0.0_f64, 0.0_f64), |(low, high), x| (low.min(seen(*x)), high.max(seen(*x))))
}

/// An axis around a range, with some room, that ends at whole steps and so does not creep.
pub fn around((low, high): (f64, f64)) -> Axis {
    let step = round_step((high - low).max(1e-9) / 6.0);
    Axis::linear((low / step - 0.3).floor() * step, (high / step + 0.3).ceil() * step)
}

/// A signal from a sample on: each number held for a step, or but a line through their middles.
fn held(u: &[f64], from: usize, is_held: bool) -> Vec<Point> {
    if !is_held {
        return thinned(u, |at| (from + at) as f64 + 0.5);
    }
    u.iter().enumerate().flat_map(|(at, u)| [((from + at) as f64, seen(*u)), ((from + at + 1) as f64, seen(*u))]).collect()
}

/// How many values come before a line has left a range for good taste: one beyond it by its own height, and no more.
pub fn until_it_leaves(values: &[f64], (low, high): (f64, f64)) -> usize {
    let reach = high - low;
    values.iter().position(|x| *x > high + reach || *x < low - reach).map_or(values.len(), |at| at + 1)
}

/// A line, or a dot where there is but one point.
pub fn line(role: Role, points: Vec<Point>) -> Mark {
    Mark::new(role, if points.len() == 1 { Shape::Dots(points, Dot::Small) } else { Shape::Line(points) })
}

/// V1: the signal, what three memories make of it, and their weights.
fn memories(state: &State, input: &Input, film: &Film) -> Figure {
    let u = &input.edited;
    let (len, now) = (u.len() as f64, film.read().min(u.len()));
    let (low, high) = extremes(u.iter());
    let span = (high - low).max(1e-9);
    let (floor, top) = (low - 0.8 * span, high + 0.3 * span);
    let mut marks = Vec::new();
    weights(state, film, (floor, low - 0.4 * span), &mut marks);
    let is_held = u.len() <= HELD;
    if now < u.len() {
        // From the last number that was read, so that the line is one.
        let from = now.saturating_sub(1);
        marks.push(Mark::new(Role::Guide, Shape::Line(held(&u[from..], from, is_held))).named(t("还没读的", "yet to come")));
    }
    if now > 0 {
        marks.push(Mark::new(Role::Truth, Shape::Line(held(&u[..now], 0, is_held))).named("u"));
    }
    let shown = [
        (LEGS, Role::A, film.stretched(), text::MEMORIES[0].name),
        (LEGT, Role::B, film.window(), text::MEMORIES[1].name),
        (S4, Role::Estimate, film.fading(), text::MEMORIES[2].name),
    ];
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for (bit, role, memory, name) in shown {
        if !state.has(bit) || now == 0 {
            continue;
        }
        let reach = if bit == LEGT { (state.window.min(now)) as f64 } else { now as f64 };
        let points = (0..=POINTS).rev().filter_map(|part| {
            let ago = reach * part as f64 / POINTS as f64;
            memory.recall(ago).map(|u| (now as f64 - ago, seen(u)))
        });
        let points: Vec<Point> = points.collect();
        let error = memory.error(&u[..now]);
        if points.is_empty() || error.is_none_or(|error| error > BURST * span) {
            continue;
        }
        marks.push(line(role, points).named(name));
        if let Some(error) = error {
            zh.push(format!("{} {}", name.zh, short(error, 2)));
            en.push(format!("{} {}", name.en, short(error, 2)));
        }
    }
    marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, now as f64)));
    if state.source == Source::Drawn {
        knots(state, &mut marks);
    }
    let now = whole(now as u64);
    let spoken = Words::new(
        format!("读了 {now} 个数；均方根误差：{}。", if zh.is_empty() { "无".to_owned() } else { zh.join("，") }),
        format!("{now} numbers read; errors: {}.", if en.is_empty() { "none".to_owned() } else { en.join(", ") }),
    );
    let step = round_step(span / 3.0);
    let ticks = (0..9).map(|at| ((low / step).ceil() + f64::from(at)) * step).take_while(|at| *at <= high + 0.2 * span);
    // The strip below has no numbers.
    let ticks = Ticks::At(ticks.map(|at| (at, short(at, 3))).collect());
    // Room at both ends, where a handle would lie on the labels of the axis.
    let (margin, y) = (0.02 * len, Axis::linear(floor, top).ticks(ticks));
    Figure { x: Axis::linear(-margin, len + margin), y, marks, spoken, ..Figure::default() }
}

/// The weights of the memories in a strip, the highest as high as it.
fn weights(state: &State, film: &Film, (floor, top): (f64, f64), marks: &mut Vec<Mark>) {
    let now = film.read() as f64;
    if now == 0.0 {
        return;
    }
    let shown: Vec<(Role, Memory, f64)> = [
        (LEGS, Role::A, film.stretched(), now),
        (LEGT, Role::B, film.window(), (state.window as f64).min(now)),
        (S4, Role::Estimate, film.fading(), now),
    ]
    .into_iter()
    .filter(|(bit, ..)| state.has(*bit))
    .map(|(_, role, memory, reach)| (role, memory, reach))
    .collect();
    let most = shown.iter().map(|(_, memory, _)| memory.weight(0.0)).fold(1e-300, f64::max);
    for (role, memory, reach) in shown {
        let height = |ago: f64| floor + (top - floor) * memory.weight(ago) / most;
        let points: Vec<Point> =
            (0..=64).rev().map(|part| reach * f64::from(part) / 64.0).map(|ago| (now - ago, height(ago))).collect();
        marks.push(Mark::new(role, Shape::Area(points.clone(), floor)));
        marks.push(Mark::new(role, Shape::Line(points)));
    }
    marks.push(Mark::new(Role::Guide, Shape::Label((0.0, top), t("权重", "weights").into(), Anchor::Start)));
}

/// The heights of a drawn signal, to be dragged.
fn knots(state: &State, marks: &mut Vec<Mark>) {
    let width = state.len() as f64 / (KNOTS - 1) as f64;
    if state.len() <= HELD {
        let line = state.heights.iter().enumerate().map(|(at, height)| (at as f64 * width, *height)).collect();
        marks.push(Mark::new(Role::Guide, Shape::Line(line)));
    }
    for (at, height) in state.heights.iter().enumerate() {
        let own = Move { key: "heights", index: Some(at), along: Along::Y, origin: 0.0, gain: 1.0 };
        let name = Words::same(format!("u{}", subscript(at + 1)));
        marks.push(Mark::new(Role::Truth, Shape::Handle((at as f64 * width, *height), vec![own], name)));
    }
}

/// The mass, and the force that pushes it.
fn spring(work: &Work) -> Figure {
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    let mut most = 0.0_f64;
    if let Some(spring) = work.spring() {
        let place: Vec<Point> = spring.place.iter().map(|(t, y)| (*t, seen(*y))).collect();
        most = place.iter().fold(0.0, |most, point| most.max(point.1.abs()));
        marks.push(Mark::new(Role::Truth, Shape::Area(spring.force.clone(), 0.0)).named(t("推力 u", "force u")));
        marks.push(Mark::new(Role::Estimate, Shape::Line(place)).named(t("位置 y", "place y")));
    }
    let spoken = Words::new(
        format!("位置最远到 {}（乘了 40）。", short(most, 3)),
        format!("The place gets as far as {} (times 40).", short(most, 3)),
    );
    let reach = most.max(1.0);
    Figure { x: Axis::linear(0.0, 2.0), y: around((-0.6 * reach, reach)), marks, spoken, ..Figure::default() }
}

/// The entries of the matrix that is shown.
fn entries(state: &State) -> Vec<f64> {
    let d = state.d;
    match state.matrix {
        Shown::Generator => legs_matrix(d),
        Shown::Skew => legs_skew(d),
        Shown::Discrete => state.scheme.legs(d, state.eps).map_or_else(|_| vec![0.0; d * d], |system| system.a),
        Shown::Sum => {
            let a = legs_matrix(d);
            (0..d * d).map(|at| a[at] + a[at % d * d + at / d]).collect()
        }
    }
}

/// A matrix as a field of colours.
fn matrix(state: &State) -> Figure {
    let d = state.d;
    let entries = entries(state);
    let limit = entries.iter().fold(0.0_f64, |most, x| most.max(x.abs())).clamp(1e-12, 1e30);
    let side = d as f64;
    let name = text::MATRICES[state.matrix as usize].name;
    let grid = Grid {
        columns: d,
        rows: d,
        values: entries.iter().map(|x| Grid::value(*x)).collect(),
        x: (0.0, side),
        y: (0.0, side),
        ramp: Ramp::Diverging(limit),
        name: name.into(),
    };
    let stride = d.div_ceil(6).max(1);
    let ticks = || Ticks::At((0..d).step_by(stride).map(|at| (at as f64 + 0.5, at.to_string())).collect());
    let spoken = Words::new(
        format!("{} 行 {} 列的 {}，最大的数是 {}。", d, d, name.zh, short(limit, 3)),
        format!("{}, {d} by {d}; the largest entry is {}.", name.en, short(limit, 3)),
    );
    let marks = vec![Mark::new(Role::Truth, Shape::Heat(grid))];
    let axis = || Axis::linear(0.0, side).ticks(ticks());
    Figure { x: axis(), y: axis().downwards(), equal: true, marks, spoken, ..Figure::default() }
}

/// What the first coefficients remember of an input at an age.
fn decay(state: &State) -> Figure {
    let roles = [Role::Truth, Role::Estimate, Role::A, Role::B, Role::D];
    let count = roles.len().min(state.d);
    let mut values = vec![0.0; count];
    let mut lines: Vec<Vec<Point>> = vec![Vec::new(); count];
    for part in 0..=160 {
        let age = f64::from(part) / 40.0;
        legs_decay_of_input(age, &mut values);
        lines.iter_mut().zip(&values).for_each(|(line, value)| line.push((age, *value)));
    }
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    if state.reader == Reader::Recall {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, state.age)));
    }
    for (n, (role, points)) in roles.into_iter().zip(lines).enumerate() {
        marks.push(Mark::new(role, Shape::Line(points)).named(format!("n = {n}")).term("memory"));
    }
    let top = (2.0 * count as f64 - 1.0).sqrt();
    let spoken = Words::new(
        format!("前 {count} 个系数的权重，到年龄 4 时都不超过 {}。", short(top * (-4.0_f64).exp(), 2)),
        format!("The weights of the first {count} coefficients; at age 4 none is above {}.", short(top * (-4.0_f64).exp(), 2)),
    );
    let low = if count == 1 { 0.0 } else { -0.5 * top };
    Figure { x: Axis::linear(0.0, 4.0), y: around((low, top)), marks, spoken, ..Figure::default() }
}

/// The colours of the schemes: the chosen one is looked at.
fn scheme_role(state: &State, scheme: Discretisation) -> Role {
    match scheme {
        _ if scheme == state.scheme => Role::Estimate,
        Discretisation::ForwardEuler => Role::E,
        Discretisation::BackwardEuler => Role::B,
        Discretisation::Bilinear => Role::A,
        Discretisation::ZeroOrderHold => Role::Truth,
    }
}

/// The kernel under each scheme.
fn schemes(state: &State, kernels: &Kernels) -> Figure {
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    // Those that never fly off decide the range; others are cut at it.
    let tame = [Discretisation::ZeroOrderHold, Discretisation::BackwardEuler, Discretisation::Bilinear];
    let tame = tame.into_iter().filter_map(|scheme| kernels.of(scheme));
    let (mut low, mut high) = extremes(tame.flat_map(|run| &run.values));
    if let Some(run) = kernels.of(Discretisation::ForwardEuler) {
        let wild = extremes(run.values.iter());
        let is_looked_at = state.scheme == Discretisation::ForwardEuler && run.diverged.is_none() && wild.1 < SEEN;
        if is_looked_at || wild.1 - wild.0 < 2.0 * (high - low) {
            (low, high) = (low.min(wild.0), high.max(wild.1));
        }
    }
    let len = state.len();
    let order = Discretisation::ALL.into_iter().filter(|scheme| *scheme != state.scheme).chain([state.scheme]);
    for scheme in order {
        let Some(run) = kernels.of(scheme).filter(|run| !run.values.is_empty()) else { continue };
        let role = scheme_role(state, scheme);
        let points = thinned(&run.values[..until_it_leaves(&run.values, (low, high))], |k| k as f64);
        let at = Discretisation::ALL.iter().position(|other| *other == scheme).unwrap_or(0);
        if len <= 32 && scheme == state.scheme {
            marks.push(Mark::new(role, Shape::Dots(points.clone(), Dot::Full)));
        }
        marks.push(line(role, points).named(text::SCHEMES[at].name));
    }
    let (zh, en) = match kernels.of(Discretisation::ForwardEuler).and_then(|run| run.diverged) {
        Some(k) => (format!("前向欧拉在第 {k} 步溢出。"), format!("Forward Euler overflows at step {k}.")),
        None => ("四条都是有限的。".to_owned(), "All four are finite.".to_owned()),
    };
    let spoken = Words::new(zh, en);
    let last = (len as f64 - 1.0).max(1.0);
    Figure { x: Axis::linear(0.0, last), y: around((low, high)), marks, spoken, ..Figure::default() }
}
