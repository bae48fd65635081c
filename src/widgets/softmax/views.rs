//! The figures: what was computed, as marks.

use yansuan_math::am_softmax::am_softmax;
use yansuan_math::cross_entropy::{cross_entropy, negative_probability};
use yansuan_math::entmax::{entmax, entmax_alpha_derivative, one_hot_gap};
use yansuan_math::fenchel_young::fenchel_young;
use yansuan_math::perturb_max::perturb_max;
use yansuan_math::softmax::softmax;
use yansuan_math::sparse_softmax::{sparse_softmax, sparse_softmax_loss};
use yansuan_math::sparsemax::sparsemax;
use yansuan_math::taylor_softmax::taylor_softmax;
use yansuan_math::top_k_relaxed::{min1_exp, sigmoid_top_k};

use super::model::{CELLS, REACH, RUNNERS, Solved, Work};
use super::state::{FIELDS, Focus, Maps, NOISES, State, name};
use super::text;
use crate::contract::figure::{
    Along, Anchor, Axis, Bar, Caption, Dot, Figure, Grid, Mark, Move, Point, Ramp, Role, Shape, Ticks,
};
use crate::contract::number::{fixed, short, subscript};
use crate::contract::panel::View;
use crate::contract::text::{Text, Words};

/// The most scores that are drawn as bars.
const BARS: usize = 64;

/// The role of a map, the same in every figure.
pub const fn role(map: u32) -> Role {
    match map {
        Maps::SOFTMAX => Role::A,
        Maps::SPARSEMAX => Role::Estimate,
        Maps::ENTMAX => Role::B,
        Maps::TAYLOR => Role::C,
        Maps::SPARSE => Role::E,
        _ => Role::D,
    }
}

/// The name of a map, with its parameter.
pub fn title(map: u32, state: &State) -> Caption {
    match map {
        Maps::ENTMAX => Caption::Symbol(format!("entmax-{}", short(state.alpha, 3))),
        Maps::TAYLOR => Caption::Symbol(format!("Taylor-{}", state.order)),
        Maps::PERTURB => text::PERTURB.into(),
        Maps::SPARSE => text::SPARSE.into(),
        Maps::SPARSEMAX => text::SPARSEMAX.into(),
        _ => text::SOFTMAX.into(),
    }
}

/// The term of the formulas that names a map.
const fn term(map: u32) -> Option<&'static str> {
    match map {
        Maps::SOFTMAX => Some("softmax"),
        Maps::SPARSEMAX => Some("sparsemax"),
        Maps::ENTMAX => Some("entmax"),
        _ => None,
    }
}

/// A mark of a map, bound to its term.
fn of_map(map: u32, shape: Shape) -> Mark {
    Mark { term: term(map), ..Mark::new(role(map), shape) }
}

/// The bit of the map in focus.
pub const fn focus_map(focus: Focus) -> u32 {
    match focus {
        Focus::Softmax => Maps::SOFTMAX,
        Focus::Sparsemax => Maps::SPARSEMAX,
        Focus::Entmax => Maps::ENTMAX,
    }
}

/// All views, in the order of the panels.
pub fn views(state: &State, work: &Work) -> Vec<View> {
    let Some(solved) = &work.solved else {
        let blank = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), ..Figure::default() };
        let mut views: Vec<View> = text::PANELS.iter().skip(1).map(|_| View::Figure(blank.clone())).collect();
        views.push(View::Table(super::properties::table(state)));
        return views;
    };
    let figures = [
        level(state, solved),
        probabilities(state, solved, work),
        two_classes(state, solved),
        simplex(state, solved),
        plane(state, solved, work),
        jacobian(state, solved),
        losses(state, solved),
        race(state, solved, work),
        alphas(state, solved),
        sequel(state, solved),
    ];
    let mut views: Vec<View> = figures.into_iter().map(View::Figure).collect();
    views.push(View::Table(super::properties::table(state)));
    views
}

/// Ticks `x₁ … xₙ`, thinned to at most sixteen.
fn indices(symbol: &str, n: usize) -> Ticks {
    let stride = n.div_ceil(16).max(1);
    Ticks::At((0..n).step_by(stride).map(|i| (i as f64, format!("{symbol}{}", subscript(i + 1)))).collect())
}

fn across(n: usize, symbol: &str) -> Axis {
    Axis::linear(-0.5, n as f64 - 0.5).ticks(indices(symbol, n))
}

fn bar(i: usize, half: f64, y: (f64, f64)) -> Bar {
    Bar { x: (i as f64 - half, i as f64 + half), y }
}

/// A height that is a whole step, so that an axis does not creep while something is dragged.
fn step_up(value: f64, step: f64) -> f64 {
    (value / step).ceil() * step
}

/// V1: scores as bars, and the level of each map of the threshold family.
fn level(state: &State, solved: &Solved) -> Figure {
    let n = solved.z.len();
    // Heights are scores over τ; where those are huge, they are told from the largest one.
    let top = solved.max / state.tau;
    let offset = if top.abs() < 1e5 { top } else { 0.0 };
    let heights: Vec<f64> = solved.z.iter().map(|z| z + offset).collect();
    let chosen: Vec<usize> = (0..3).filter(|at| state.maps.has(1 << at) || state.focus as usize == *at).collect();
    let levels: Vec<f64> =
        chosen.iter().map(|at| solved.family[*at].level() + offset).filter(|level| level.is_finite()).collect();
    let finite = || heights.iter().copied().filter(|h| h.is_finite());
    let low = finite().fold(offset, f64::min).max(offset - 40.0);
    let focus = solved.focus(state.focus);
    let held = focus.level() + offset + state.lift;
    // The axis always holds the level in the reader's hand: a handle that left the picture could not be let go.
    let held = if held.is_finite() { held.clamp(offset - 40.0, offset + 40.0) } else { offset };
    let floor = (low.min(levels.iter().copied().fold(low, f64::min).max(low - 3.0)).min(held) - 0.4).floor();
    let high = levels.iter().copied().fold(offset, f64::max).min(offset + 40.0);
    let ceiling = step_up(high.max(offset + state.lift.max(0.0)).max(held) + 0.3, 1.0);
    let mut marks = Vec::new();
    let focus_role = role(focus_map(state.focus));
    let x = if n <= BARS {
        let half = 0.32;
        marks.push(Mark::new(
            Role::Guide,
            Shape::Ground(
                heights.iter().enumerate().filter(|(_, h)| h.is_finite()).map(|(i, h)| bar(i, half, (floor, *h))).collect(),
            ),
        ));
        let above: Vec<Bar> =
            heights.iter().enumerate().filter(|(_, h)| **h > held).map(|(i, h)| bar(i, half, (held.max(floor), *h))).collect();
        marks.push(Mark::new(focus_role, Shape::Bars(above)).term("level"));
        let masked: Vec<Bar> = heights
            .iter()
            .enumerate()
            .filter(|(_, h)| !h.is_finite())
            .map(|(i, _)| bar(i, half, (floor, floor + 0.18 * (ceiling - floor))))
            .collect();
        marks.push(Mark::new(Role::Never, Shape::Bars(masked)));
        for (i, h) in heights.iter().enumerate().filter(|(_, h)| h.is_finite()) {
            marks.push(Mark::new(Role::Truth, Shape::Line(vec![(i as f64 - half, *h), (i as f64 + half, *h)])));
            if n <= FIELDS {
                marks.push(Mark::new(Role::Truth, Shape::Label((i as f64, *h), Caption::Symbol(short(*h, 4)), Anchor::Above)));
            }
        }
        across(n, "x")
    } else {
        marks.push(Mark::new(Role::Truth, Shape::Line(by_rank(solved, |i| heights[i]))).named(text::X_WORDS.0));
        marks.push(Mark::new(Role::Guide, Shape::Label((n as f64, floor), text::RANK.into(), Anchor::End)));
        Axis::log(1.0, n as f64)
    };
    let (left, right) = (x.from, x.to);
    let mut ends = Vec::new();
    for at in chosen {
        let map = 1 << at;
        let is_focus = at == state.focus as usize;
        let height = solved.family[at].level() + offset + if is_focus { state.lift } else { 0.0 };
        if !height.is_finite() || height < floor || height > ceiling {
            continue;
        }
        let line = of_map(map, Shape::Line(vec![(left, height), (right, height)]));
        marks.push(if is_focus { line.term("level") } else { line });
        let Caption::Symbol(label) = prefixed("λ ", &title(map, state), height) else { continue };
        ends.push((height, Caption::Symbol(label), role(map)));
    }
    marks.push(Mark::new(Role::Guide, Shape::Ends(ends)));
    if n <= FIELDS && top.abs() < 1e5 {
        for (i, h) in heights.iter().enumerate().filter(|(_, h)| h.is_finite()) {
            let moves = vec![Move { key: "x", index: Some(i), along: Along::Y, origin: 0.0, gain: state.tau }];
            let label = format!("x{}", subscript(i + 1));
            marks.push(Mark::new(Role::Truth, Shape::Handle((i as f64, h.max(floor)), moves, Words::same(label))));
        }
    }
    let moves = vec![Move { key: "lift", index: None, along: Along::Y, origin: held - state.lift, gain: 1.0 }];
    marks.push(Mark::new(focus_role, Shape::Handle((right, held), moves, text::LIFT_WORDS.0.into())).term("level"));
    let level_words = short(focus.level() + offset, 4);
    let spoken = Words::new(
        format!(
            "{n} 个分数的柱状图。{} 的水位在 {level_words}，有 {} 个分数得到概率。",
            title(focus_map(state.focus), state).words().zh,
            focus.support
        ),
        format!(
            "{n} scores as bars. The level of {} is {level_words}; {} scores get probability.",
            title(focus_map(state.focus), state).words().en,
            focus.support
        ),
    );
    Figure { x, y: Axis::linear(floor, ceiling), marks, spoken, ..Figure::default() }
}

fn prefixed(prefix: &str, name: &Caption, value: f64) -> Caption {
    let name = match name {
        Caption::Symbol(symbol) => symbol.clone(),
        Caption::Words(words) => words.en.to_owned(),
    };
    Caption::Symbol(format!("{prefix}{name} {}", fixed(value, 2)))
}

/// A curve over the rank (1 is the largest score), at most some hundred points, dense at both ends.
fn by_rank(solved: &Solved, height: impl Fn(usize) -> f64) -> Vec<Point> {
    let n = solved.order.len();
    let count = 300.min(n);
    let mut ranks: Vec<usize> = (0..count)
        .map(|k| ((n as f64).powf(k as f64 / (count - 1).max(1) as f64)).round() as usize)
        .map(|r| r.clamp(1, n))
        .collect();
    ranks.dedup();
    ranks.into_iter().map(|r| (r as f64, height(solved.order[r - 1] as usize))).filter(|p| p.1.is_finite()).collect()
}

/// The probabilities of every chosen map, side by side.
fn probabilities(state: &State, solved: &Solved, work: &Work) -> Figure {
    let n = solved.z.len();
    let mut series: Vec<(u32, &[f64])> = solved.maps.iter().map(|mapped| (mapped.map, &*mapped.p)).collect();
    if let Some(p) = work.perturb.as_deref().filter(|_| state.maps.has(Maps::PERTURB)) {
        series.push((Maps::PERTURB, p));
    }
    let largest = series.iter().flat_map(|(_, p)| p.iter().copied()).fold(0.0, f64::max);
    let mut marks = Vec::new();
    let (x, ceiling) = if n <= BARS {
        let width = 0.8 / series.len().max(1) as f64;
        for (at, (map, p)) in series.iter().enumerate() {
            let left = |i: usize| i as f64 - 0.4 + at as f64 * width;
            let bars = p
                .iter()
                .enumerate()
                .map(|(i, p)| Bar { x: (left(i) + 0.06 * width, left(i) + 0.94 * width), y: (0.0, *p) })
                .collect();
            marks.push(of_map(*map, Shape::Bars(bars)).named(title(*map, state)));
            if n <= FIELDS && series.len() <= 4 {
                for (i, _) in p.iter().enumerate().filter(|(_, p)| **p <= 0.0) {
                    marks.push(Mark::new(
                        role(*map),
                        Shape::Label((left(i) + width / 2.0, 0.0), Caption::from("0"), Anchor::Middle),
                    ));
                }
            }
        }
        (across(n, "p"), if largest > 0.5 { 1.0 } else { step_up(largest, 0.1).max(0.1) })
    } else {
        for (map, p) in &series {
            marks.push(Mark::new(role(*map), Shape::Line(by_rank(solved, |i| p[i]))).named(title(*map, state)));
        }
        marks.push(Mark::new(Role::Guide, Shape::Label((n as f64, 0.0), text::RANK.into(), Anchor::End)));
        (Axis::log(1.0, n as f64), if largest > 0.5 { 1.0 } else { step_up(largest, 0.02).max(0.02) })
    };
    let told = |words: fn(&Words) -> &str, comma: &str, semicolon: &str| {
        let parts: Vec<String> = series
            .iter()
            .map(|(map, p)| {
                let name = title(*map, state).words();
                let first: Vec<String> = p.iter().take(5).map(|p| fixed(*p, 3)).collect();
                format!("{} {}", words(&name), first.join(comma))
            })
            .collect();
        parts.join(semicolon)
    };
    let spoken = Words::new(
        format!("前几项概率：{}。", told(|w| &w.zh, "、", "；")),
        format!("First probabilities: {}.", told(|w| &w.en, ", ", "; ")),
    );
    Figure { x, y: Axis::linear(0.0, ceiling), marks, spoken, ..Figure::default() }
}

/// The first three scores over τ, from the largest of them; what is missing is masked.
fn three(state: &State) -> Option<[f64; 3]> {
    let at = |i: usize| state.x.get(i).copied().unwrap_or(f64::NEG_INFINITY);
    let x = [at(0), at(1), at(2)];
    let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    max.is_finite().then(|| x.map(|x| if x.is_finite() { (x - max).max(-1e12) } else { x }))
}

/// The probabilities of a map on few scores that are already divided by τ.
fn few(map: u32, state: &State, z: &[f64], x: &[f64]) -> Option<Vec<f64>> {
    let p = match map {
        Maps::SOFTMAX => softmax(z, 1.0).ok()?,
        Maps::SPARSEMAX => sparsemax(z).ok()?.p,
        Maps::ENTMAX => entmax(z, state.alpha).ok()?.p,
        Maps::TAYLOR => taylor_softmax(x, state.order).ok()?,
        Maps::SPARSE => sparse_softmax(z, state.k.min(z.len())).ok()?.p,
        _ => perturb_max(z, state.noise).ok()?,
    };
    p.iter().all(|p| p.is_finite()).then_some(p)
}

fn chosen(state: &State) -> impl Iterator<Item = u32> {
    let maps = state.maps;
    text::MAPS.iter().enumerate().map(|(at, _)| 1_u32 << at).filter(move |bit| maps.has(*bit))
}

/// V2: the way of each map over the simplex as the temperature falls.
fn simplex(state: &State, solved: &Solved) -> Figure {
    const TAUS: u32 = 60;
    let corner = 3.0_f64.sqrt() / 2.0;
    let place = |p: &[f64]| (p[2] + p[0] / 2.0, p[0] * corner);
    let mut marks = Vec::new();
    for part in [0.25, 0.5, 0.75] {
        for [a, b] in [
            [[part, 1.0 - part, 0.0], [part, 0.0, 1.0 - part]],
            [[0.0, part, 1.0 - part], [1.0 - part, part, 0.0]],
            [[0.0, 1.0 - part, part], [1.0 - part, 0.0, part]],
        ] {
            marks.push(Mark::new(Role::Never, Shape::Line(vec![place(&a), place(&b)])));
        }
    }
    marks.push(Mark::new(Role::Guide, Shape::Line(vec![(0.0, 0.0), (0.5, corner), (1.0, 0.0), (0.0, 0.0)])));
    marks.push(Mark::new(Role::Guide, Shape::Label((0.5, corner), Caption::from("p₁ = 1"), Anchor::Middle)));
    marks.push(Mark::new(Role::Guide, Shape::Label((-0.02, -0.1), Caption::from("p₂"), Anchor::Middle)));
    marks.push(Mark::new(Role::Guide, Shape::Label((1.02, -0.1), Caption::from("p₃"), Anchor::Middle)));
    let mut told = Vec::new();
    if let Some(x) = three(state) {
        let raw = [0, 1, 2].map(|i| state.x.get(i).copied().unwrap_or(0.0));
        for map in chosen(state) {
            let steps = if map == Maps::PERTURB { 24 } else { TAUS };
            let at = |tau: f64| few(map, state, &x.map(|x| x / tau), &raw.map(|x| x / tau)).map(|p| place(&p));
            let path: Vec<Point> =
                (0..=steps).filter_map(|k| at(10.0 * 1e-3_f64.powf(f64::from(k) / f64::from(steps)))).collect();
            marks.push(Mark::new(role(map), Shape::Line(path)).named(title(map, state)));
            if let Some(now) = at(state.tau) {
                marks.push(Mark::new(role(map), Shape::Dots(vec![now], Dot::Full)));
                told.push((title(map, state).words(), now));
            }
        }
    }
    let count = told.len();
    let support = solved.focus(state.focus).support;
    let spoken = Words::new(
        format!("三角形里有 {count} 条温度路径；τ = {} 时细看的映射有 {support} 个非零概率。", short(state.tau, 3)),
        format!(
            "{count} paths of temperature in a triangle; at τ = {} the map in focus has {support} nonzero probabilities.",
            short(state.tau, 3)
        ),
    );
    let bare = |from, to| Axis::linear(from, to).ticks(Ticks::None);
    Figure { x: bare(-0.08, 1.08), y: bare(-0.12, 0.98), equal: true, marks, spoken, ..Figure::default() }
}

/// V2: how many probabilities survive, over the plane of score differences.
fn plane(state: &State, solved: &Solved, work: &Work) -> Figure {
    let n = state.x.len();
    let alpha = state.focus_alpha();
    let grid = Grid {
        columns: CELLS,
        rows: CELLS,
        values: work.plane.clone(),
        x: (-REACH, REACH),
        y: (-REACH, REACH),
        ramp: Ramp::Sequential(1.0, 4.0),
        name: Text { zh: "非零概率的个数", en: "nonzero probabilities" }.into(),
    };
    let mut marks = vec![Mark::new(Role::Guide, Shape::Heat(grid))];
    for (x, y, label) in [(2.9, -1.2, "1"), (-1.2, 2.9, "1"), (-2.9, -2.9, "1"), (0.0, 0.0, "3")] {
        let is_seen = label == "3" || state.focus != Focus::Softmax && alpha > 1.2;
        if is_seen {
            marks.push(Mark::new(Role::Truth, Shape::Label((x, y), Caption::from(label), Anchor::Middle)));
        }
    }
    let mut here = (0.0, 0.0);
    if let Some(&[x1, x2, x3]) = state.x.first_chunk::<3>()
        && [x1, x2, x3].iter().all(|x| x.abs() < 1e6)
    {
        here = ((x1 - x3) / state.tau, (x2 - x3) / state.tau);
        // A drag makes a list a frame: only short ones are dragged.
        if n <= FIELDS {
            let m = |index, along| Move { key: "x", index: Some(index), along, origin: -x3 / state.tau, gain: state.tau };
            let at = (here.0.clamp(-REACH, REACH), here.1.clamp(-REACH, REACH));
            let name = Words::new("x₁（左右）与 x₂（上下）", "x₁ (left, right) and x₂ (up, down)");
            marks.push(Mark::new(Role::Estimate, Shape::Handle(at, vec![m(0, Along::X), m(1, Along::Y)], name)));
        }
    }
    let support = solved.focus(state.focus).support;
    let spoken = Words::new(
        format!(
            "分数平面按非零概率的个数着色；现在的点在 ({}, {})，细看的映射在全部分数上有 {support} 个非零概率。",
            short(here.0, 3),
            short(here.1, 3)
        ),
        format!(
            "The plane of scores, coloured by how many probabilities are not zero; the present point is ({}, {}), the map in focus has {support} nonzero over all scores.",
            short(here.0, 3),
            short(here.1, 3)
        ),
    );
    Figure { x: Axis::linear(-REACH, REACH), y: Axis::linear(-REACH, REACH), equal: true, marks, spoken, ..Figure::default() }
}

/// V3: two classes, and where one of them reaches exactly 1.
fn two_classes(state: &State, solved: &Solved) -> Figure {
    const REACH: f64 = 4.0;
    let steps = |map| if map == Maps::PERTURB { 40 } else { 120 };
    let mut marks = Vec::new();
    for map in chosen(state) {
        let n = steps(map);
        let curve: Vec<Point> = (0..=n)
            .map(|k| -REACH + 2.0 * REACH * f64::from(k) / f64::from(n))
            .filter_map(|gap| few(map, state, &[gap, 0.0], &[gap, 0.0]).map(|p| (gap, p[0])))
            .collect();
        marks.push(of_map(map, Shape::Line(curve)).named(title(map, state)));
        let gap = match map {
            Maps::SPARSEMAX => one_hot_gap(2.0),
            Maps::ENTMAX => one_hot_gap(state.alpha),
            Maps::PERTURB if NOISES[4] == state.noise => Some(1.0),
            _ => None,
        };
        if let Some(gap) = gap.filter(|gap| *gap <= REACH) {
            marks.push(Mark::new(role(map), Shape::Dots(vec![(gap, 1.0), (-gap, 0.0)], Dot::Hollow)));
        }
    }
    let gap = lead(solved);
    if let Some(gap) = gap.filter(|gap| *gap <= REACH) {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, gap)).term("gap"));
        let label = format!("x₍₁₎ − x₍₂₎ = {}", short(gap, 3));
        marks.push(Mark::new(
            Role::Guide,
            Shape::Label((gap, 0.02), Caption::Symbol(label), if gap > 1.5 { Anchor::End } else { Anchor::Start }),
        ));
    }
    let told = gap.map_or_else(|| "–".into(), |gap| short(gap, 3));
    let spoken = Words::new(
        format!("两类时 p₁ 随分差变化的曲线；现在前两名的分差是 {told}。"),
        format!("p₁ against the gap for two classes; the gap of the two best is {told} now."),
    );
    Figure { x: Axis::linear(-REACH, REACH), y: Axis::linear(0.0, 1.0), marks, spoken, ..Figure::default() }
}

/// The gap between the two largest scores, over τ.
pub fn lead(solved: &Solved) -> Option<f64> {
    let second = *solved.order.get(1)? as usize;
    let gap = -solved.z[second];
    gap.is_finite().then_some(gap)
}

/// The scores of which a matrix is shown: the first ones, or of many the largest.
fn leading(solved: &Solved) -> Vec<usize> {
    let n = solved.z.len();
    if n <= 24 { (0..n).collect() } else { solved.order.iter().take(24).map(|i| *i as usize).collect() }
}

/// V4: the Jacobian of the map in focus.
fn jacobian(state: &State, solved: &Solved) -> Figure {
    let rows = leading(solved);
    let n = rows.len();
    // Of many scores a part is shown, but all weigh: s = p^(2 − α) on the support, J = diag(s) − s sᵀ / Σs.
    let alpha = state.focus_alpha();
    let slope = |p: f64| if p > 0.0 { p.powf(2.0 - alpha) } else { 0.0 };
    let total: f64 = solved.focus(state.focus).p.iter().map(|p| slope(*p)).sum();
    let s: Vec<f64> = rows.iter().map(|i| slope(solved.focus(state.focus).p[*i])).collect();
    let entry = |i: usize, j: usize| if i == j { s[i] - s[i] * s[j] / total } else { -s[i] * s[j] / total };
    let matrix: Vec<f64> = (0..n * n).map(|at| entry(at / n, at % n)).map(|v| if v.is_finite() { v } else { 0.0 }).collect();
    let limit = matrix.iter().fold(0.0_f64, |m, v| m.max(v.abs())).max(1e-3);
    let limit = [0.01, 0.03, 0.1, 0.25, 0.5, 1.0].into_iter().find(|step| limit <= *step).unwrap_or(limit);
    let size = n as f64;
    let grid = Grid {
        columns: n,
        rows: n,
        values: matrix.iter().map(|entry| Grid::value(*entry)).collect(),
        x: (0.0, size),
        y: (0.0, size),
        ramp: Ramp::Diverging(limit),
        name: Caption::from("∂pᵢ/∂xⱼ"),
    };
    let stride = n.div_ceil(8).max(1);
    let label = |symbol: &str, i: usize| format!("{symbol}{}", subscript(rows[i] + 1));
    let x = (0..n).step_by(stride).map(|j| (j as f64 + 0.5, label("x", j))).collect();
    let y = (0..n).step_by(stride).map(|i| (i as f64 + 0.5, label("p", i))).collect();
    let half = matrix.iter().map(|v| v.abs()).sum::<f64>() / 2.0;
    let spoken = Words::new(
        format!("雅可比矩阵，{n} 行 {n} 列；所示各项绝对值之和的一半为 {}。", fixed(half, 3)),
        format!("Jacobian of {n} by {n} entries; half the sum of the absolute values shown is {}.", fixed(half, 3)),
    );
    Figure {
        x: Axis::linear(0.0, size).ticks(Ticks::At(x)),
        y: Axis::linear(0.0, size).downwards().ticks(Ticks::At(y)),
        equal: true,
        marks: vec![Mark::new(Role::Guide, Shape::Tiles(grid, Vec::new()))],
        spoken,
        ..Figure::default()
    }
}

/// V5: losses while the target moves ahead of the others.
fn losses(state: &State, solved: &Solved) -> Figure {
    const FROM: f64 = -4.0;
    const TO: f64 = 6.0;
    const COUNT: u32 = 100;
    // The others keep their distances to their best; of many only the leading ones weigh.
    // A margin moves the whole loss to the right by m/τ; the figure is wide enough to show where it falls.
    let to = TO.max((state.margin / state.tau + 3.0).min(60.0)).ceil();
    let target = state.target.min(solved.z.len() - 1);
    let mut others: Vec<f64> = solved
        .order
        .iter()
        .map(|i| *i as usize)
        .filter(|i| *i != target)
        .map(|i| solved.z[i])
        .filter(|z| z.is_finite())
        .take(64)
        .collect();
    let best = others.first().copied().unwrap_or(0.0);
    others.iter_mut().for_each(|z| *z -= best);
    let with = |lead: f64| {
        let mut z = Vec::with_capacity(others.len() + 1);
        z.push(lead);
        z.extend(&others);
        z
    };
    let curve = |loss: &dyn Fn(&[f64]) -> Option<f64>| -> Vec<Point> {
        (0..=COUNT)
            .map(|k| FROM + (to - FROM) * f64::from(k) / f64::from(COUNT))
            .filter_map(|lead| loss(&with(lead)).filter(|v| v.is_finite()).map(|v| (lead, v)))
            .collect()
    };
    let mut marks = Vec::new();
    let mut push = |role, name: Caption, points: Vec<Point>| marks.push(Mark::new(role, Shape::Line(points)).named(name));
    push(
        Role::Guide,
        Text { zh: "−p_t（平滑准确率）", en: "−p_t (smooth accuracy)" }.into(),
        curve(&|z| negative_probability(z, 0).ok().map(|l| l.value)),
    );
    push(Role::A, Text { zh: "交叉熵", en: "cross entropy" }.into(), curve(&|z| cross_entropy(z, 0).ok().map(|l| l.value)));
    let margin = state.margin;
    let am = Text { zh: "AM-softmax", en: "AM-softmax" };
    push(
        Role::Truth,
        am.into(),
        curve(&|z| {
            let cosines: Vec<f64> = z.iter().map(|z| z * state.tau).collect();
            am_softmax(&cosines, 0, margin, 1.0 / state.tau).ok().map(|l| l.value)
        }),
    );
    let entmax_loss = Caption::Symbol(format!("entmax-{}", short(state.alpha, 3)));
    push(Role::B, entmax_loss, curve(&|z| fenchel_young(z, state.alpha, 0).ok().map(|l| l.value)));
    push(Role::Estimate, text::SPARSEMAX.into(), curve(&|z| fenchel_young(z, 2.0, 0).ok().map(|l| l.value)));
    push(Role::E, text::SPARSE.into(), curve(&|z| sparse_softmax_loss(z, state.k.min(z.len()), 0).ok().map(|l| l.value)));
    let lead = solved.z[target] - solved.order.iter().map(|i| *i as usize).find(|i| *i != target).map_or(0.0, |i| solved.z[i]);
    let told = if lead.is_finite() { short(lead, 3) } else { "–".into() };
    if lead.is_finite() && (FROM..=to).contains(&lead) {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, lead)));
    }
    let spoken = Words::new(
        format!("六种损失随目标领先幅度变化；第 {} 个分数现在领先 {told}。", target + 1),
        format!("Six losses against the lead of the target; score {} leads by {told} now.", target + 1),
    );
    Figure { x: Axis::linear(FROM, to), y: Axis::linear(-1.0, 5.0), marks, spoken, ..Figure::default() }
}

/// V6: shares of wins beside the probabilities of the integral.
fn race(state: &State, solved: &Solved, work: &Work) -> Figure {
    let n = solved.z.len();
    let empty = |zh: &str, en: &str| Figure {
        x: Axis::linear(0.0, 1.0).ticks(Ticks::None),
        y: Axis::linear(0.0, 1.0).ticks(Ticks::None),
        spoken: Words::new(zh, en),
        marks: vec![Mark::new(
            Role::Guide,
            Shape::Label(
                (0.5, 0.5),
                Text { zh: "赛跑最多画 64 个分数", en: "the race shows at most 64 scores" }.into(),
                Anchor::Middle,
            ),
        )],
        ..Figure::default()
    };
    if n > RUNNERS {
        return empty("赛跑最多画 64 个分数。", "The race shows at most 64 scores.");
    }
    let runs = work.run.max(1) as f64;
    let shares: Vec<f64> = work.wins.iter().map(|wins| *wins as f64 / runs).collect();
    let noise = name(text::NOISES, NOISES.iter().position(|noise| *noise == state.noise).unwrap_or(0));
    let mut marks = Vec::new();
    marks.push(Mark::new(Role::Guide, Shape::Ground(shares.iter().enumerate().map(|(i, s)| bar(i, 0.36, (0.0, *s))).collect())));
    marks.push(
        Mark::new(Role::Guide, Shape::Bars(shares.iter().enumerate().map(|(i, s)| bar(i, 0.36, (*s - 0.004, *s))).collect()))
            .named(Text { zh: "获胜频率", en: "share of wins" }),
    );
    let mut largest = shares.iter().copied().fold(0.0, f64::max);
    let mut worst = 0.0_f64;
    if let Some(p) = work.perturb.as_deref().filter(|p| p.len() == n) {
        for (i, p) in p.iter().enumerate() {
            let spread = 2.0 * (p * (1.0 - p) / runs).sqrt();
            marks.push(Mark::new(
                Role::D,
                Shape::Line(vec![(i as f64, (p - spread).max(0.0)), (i as f64, (p + spread).min(1.0))]),
            ));
            worst = worst.max((shares.get(i).copied().unwrap_or(0.0) - p).abs());
        }
        let dots = p.iter().enumerate().map(|(i, p)| (i as f64, *p)).collect();
        marks.push(Mark::new(Role::D, Shape::Dots(dots, Dot::Full)).named(text::PERTURB));
        largest = largest.max(p.iter().copied().fold(0.0, f64::max));
    }
    let spoken = Words::new(
        format!("{} 噪声，抽样 {} 次；频率与概率最多相差 {}。", noise.zh, work.run, fixed(worst, 3)),
        format!("{} noise, {} draws; shares and probabilities differ by at most {}.", noise.en, work.run, fixed(worst, 3)),
    );
    let ceiling = if largest > 0.5 { 1.0 } else { step_up(largest + 0.05, 0.1) };
    Figure { x: across(n, "x"), y: Axis::linear(0.0, ceiling), marks, spoken, ..Figure::default() }
}

/// Probabilities against α, with the derivative at the present α as a short tangent.
fn alphas(state: &State, solved: &Solved) -> Figure {
    let n = solved.z.len();
    let (from, to) = if state.wide { (0.3, 6.0) } else { (1.0, 4.0) };
    let few: Vec<f64> = solved.order.iter().take(64).map(|i| solved.z[*i as usize]).filter(|z| z.is_finite()).collect();
    let shown = few.len().min(5);
    let count = if few.len() > 16 { 24 } else { 60 };
    let mut curves: Vec<Vec<Point>> = vec![Vec::new(); shown];
    for k in 0..=count {
        let alpha = from + (to - from) * f64::from(k) / f64::from(count);
        if let Ok(solved) = entmax(&few, alpha) {
            curves.iter_mut().zip(&solved.p).for_each(|(curve, p)| curve.push((alpha, *p)));
        }
    }
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::X, state.alpha))];
    let mut ends = Vec::new();
    // The scores are in order, so those that end at zero are the last ones: they share a label.
    let mut zeros: Vec<String> = Vec::new();
    for (at, curve) in curves.into_iter().enumerate() {
        let label = format!("p{}", subscript(solved.order[at] as usize + 1));
        match curve.last() {
            Some(last) if last.1 > 1e-9 => ends.push((last.1, Caption::Symbol(label.clone()), Role::B)),
            Some(_) => zeros.push(label.clone()),
            None => {}
        }
        marks.push(Mark::new(Role::B, Shape::Line(curve)).named(Caption::Symbol(label)));
    }
    let mut steepest = 0.0_f64;
    if let Ok(solved) = entmax(&few, state.alpha)
        && let Ok(slopes) = entmax_alpha_derivative(&solved.p, state.alpha)
    {
        for (p, slope) in solved.p.iter().zip(&slopes).take(shown).filter(|(_, slope)| slope.is_finite()) {
            let reach = 0.3;
            let line = vec![(state.alpha - reach, p - reach * slope), (state.alpha + reach, p + reach * slope)];
            marks.push(Mark::new(Role::Estimate, Shape::Line(line)));
            steepest = steepest.max(slope.abs());
        }
    }
    match zeros.as_slice() {
        [] => {}
        [one] => ends.push((0.0, Caption::Symbol(one.clone()), Role::B)),
        [first, .., last] => ends.push((0.0, Caption::Symbol(format!("{first} … {last}")), Role::B)),
    }
    marks.push(Mark::new(Role::Guide, Shape::Ends(ends)));
    let spoken = Words::new(
        format!(
            "最大的 {shown} 个概率随 α 变化；α = {} 处导数最大为 {}，分数共 {n} 个，只计最大的 64 个。",
            short(state.alpha, 3),
            fixed(steepest, 3)
        ),
        format!(
            "The {shown} largest probabilities against α; at α = {} the steepest derivative is {}; of {n} scores the 64 largest count.",
            short(state.alpha, 3),
            fixed(steepest, 3)
        ),
    );
    Figure { x: Axis::linear(from, to), y: Axis::linear(0.0, 1.0), marks, spoken, ..Figure::default() }
}

/// The sequel: entries between 0 and 1 that sum to k.
fn sequel(state: &State, solved: &Solved) -> Figure {
    let rows = if solved.z.len() <= BARS { (0..solved.z.len()).collect() } else { leading(solved) };
    let n = rows.len();
    let z: Vec<f64> = rows.iter().map(|i| solved.z[*i]).collect();
    let k = state.k.min(n);
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 1.0))];
    let mut sums = Vec::new();
    let kinds: [(Role, Caption, Option<Vec<f64>>); 2] = [
        (Role::E, Caption::from("min(1, eˣ)"), min1_exp(&z, k).ok().map(|t| t.p)),
        (Role::C, Caption::from("sigmoid"), sigmoid_top_k(&z, k).ok().map(|t| t.p)),
    ];
    for (at, (role, name, p)) in kinds.into_iter().enumerate() {
        let Some(p) = p else { continue };
        let left = |i: usize| i as f64 - 0.4 + 0.4 * at as f64;
        let bars = p.iter().enumerate().map(|(i, p)| Bar { x: (left(i) + 0.03, left(i) + 0.37), y: (0.0, *p) }).collect();
        marks.push(Mark::new(role, Shape::Bars(bars)).named(name));
        sums.push(fixed(p.iter().sum(), 3));
    }
    let sums = sums.join(", ");
    let spoken = Words::new(
        format!("续篇的 top-k，k = {k}；两种做法的总和：{sums}。"),
        format!("The sequel's top-k with k = {k}; sums of the two: {sums}."),
    );
    Figure {
        x: across(n, "x"),
        y: Axis::linear(0.0, 1.2).ticks(Ticks::At([0.0, 0.5, 1.0].map(|v| (v, short(v, 2))).to_vec())),
        marks,
        spoken,
        ..Figure::default()
    }
}
