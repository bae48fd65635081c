//! The figures: what was computed, as marks. Attention, tax, tests and tiles are in [`super::sheets`].

use std::f64::consts::TAU;

use yansuan_math::frequency_method::IndexRamp;
use yansuan_math::published_extrapolation::GAU_ACCURACY;

use super::fresh;
use super::model::{Solved, Way, Work};
use super::sheets;
use super::state::{Form, Method, State};
use super::text;
use crate::contract::figure::{
    Along, Anchor, Axis, Bar, Dot, EndLabel, Figure, Grid, Mark, Point, Ramp, Role, Shape, Ticks, round_step,
};
use crate::contract::number::{short, whole};
use crate::contract::panel::{Panel, View};
use crate::contract::text::{Text, Words, t};

/// Dials that are drawn, and how many stand in a row.
const DIALS: (usize, usize) = (24, 6);

/// Cells of the matrix along a side.
const CELLS: usize = 64;

/// Points of a curve of distances.
const POINTS: usize = 240;

/// What a method is called.
pub const fn name(method: Method) -> Text {
    text::METHODS[method as usize].name
}

/// All views, in the order of the panels.
pub fn views(state: &State, work: &Work) -> Vec<View> {
    let (Some(solved), Some(row), Some(tax)) = (work.solved(), work.row(), work.tax()) else {
        let blank = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), ..Figure::default() };
        let view = |panel: &Panel| {
            if panel.id == "pairs" { View::Table(sheets::pairs(state, None)) } else { View::Figure(blank.clone()) }
        };
        return text::PANELS.iter().map(view).collect();
    };
    let figures = [
        clocks(state, solved),
        ratio(state, solved),
        curve(state, solved),
        matrix(state),
        sheets::tiles(state, solved),
        quadrant(state, solved),
        sheets::row(state, row),
        sheets::tax(state, tax),
        sheets::base(state, work.f()),
        sheets::joint(state, work),
        fresh::hwfa(state),
        fresh::norms(fresh::Norms::of(state).as_ref()),
        sheets::eval(state),
    ];
    let mut views: Vec<View> = figures.into_iter().map(View::Figure).collect();
    views.push(View::Table(sheets::pairs(state, Some(solved))));
    views
}

/// Up to `most` of `count` places, evenly, both ends included.
fn some(count: usize, most: usize) -> Vec<usize> {
    if count <= most { (0..count).collect() } else { (0..most).map(|at| at * (count - 1) / (most - 1)).collect() }
}

/// The circles that are outside of their arcs at distance ρ; none where the key is not seen.
pub fn unseen(state: &State, solved: &Solved, way: &Way) -> Option<usize> {
    let rho = effective(state, way.method)?;
    Some(solved.circles.unseen(&way.scaled, rho).map_or(0, |circles| circles.len()))
}

/// The distance at which the last query of the text sees the key ρ before it.
pub fn effective(state: &State, method: Method) -> Option<f64> {
    let here = state.test().saturating_sub(1);
    state.distance(method).at(here, here.saturating_sub(state.rho))
}

/// V1: dials, the trained arcs, and a hand for each method.
fn clocks(state: &State, solved: &Solved) -> Figure {
    let pairs = solved.circles.theta().len();
    let shown = some(pairs, DIALS.0);
    let columns = DIALS.1.min(shown.len());
    let rows = shown.len().div_ceil(columns);
    let (arcs, turns): (Vec<f64>, Vec<f64>) = (solved.circles.arcs().collect(), solved.circles.turns().collect());
    let mut marks = Vec::new();
    let mut named = vec![false; solved.shown.len() + 1];
    for (at, &i) in shown.iter().enumerate() {
        let centre = ((at % columns) as f64 * 2.6, -((at / columns) as f64) * 3.3);
        let on = |turn: f64, radius: f64| (centre.0 + radius * turn.cos(), centre.1 + radius * turn.sin());
        let arc = |from: f64, to: f64| (0..=40).map(move |step| on(from + (to - from) * f64::from(step) / 40.0, 1.0));
        let sector: Vec<Point> = std::iter::once(centre).chain(arc(0.0, arcs[i])).chain([centre]).collect();
        let sector = Mark::new(Role::A, Shape::Area(sector, centre.1));
        marks.push(if named[0] { sector } else { sector.named(t("训练见过的", "seen in training")) });
        named[0] = true;
        marks.push(Mark::new(Role::Guide, Shape::Line(arc(0.0, TAU).collect())));
        for (slot, way) in solved.shown.iter().enumerate() {
            let Some(rho) = effective(state, way.method) else { continue };
            let turn = (rho * way.scaled[i]).rem_euclid(TAU);
            let hand = Mark::new(way.role, Shape::Line(vec![centre, on(turn, 0.96)]));
            marks.push(if named[slot + 1] { hand } else { hand.named(name(way.method)) });
            named[slot + 1] = true;
            if solved.circles.is_unseen(i, way.scaled[i], rho) {
                marks.push(Mark::new(way.role, Shape::Dots(vec![on(turn, 0.96)], Dot::Hollow)));
            }
        }
        let place = (centre.0, centre.1 - 1.9);
        marks.push(Mark::new(Role::Guide, Shape::Label(place, short(turns[i], 2).into(), Anchor::Middle)));
    }
    let count = |way: &Way| unseen(state, solved, way).map_or_else(|| "–".to_owned(), |count| count.to_string());
    let list = |get: fn(Text) -> &'static str| {
        solved.shown.iter().map(|way| format!("{} {}", get(name(way.method)), count(way))).collect::<Vec<_>>()
    };
    let spoken = Words::new(
        format!("距离 {}，在弧外的圆：{}。", whole(state.rho as u64), list(|text| text.zh).join("，")),
        format!("At distance {}, circles outside their arcs: {}.", whole(state.rho as u64), list(|text| text.en).join(", ")),
    );
    let bare = |from: f64, to: f64| Axis::linear(from, to).ticks(Ticks::None);
    Figure {
        x: bare(-1.4, (columns - 1) as f64 * 2.6 + 1.4),
        y: bare(-((rows - 1) as f64) * 3.3 - 2.1, 1.2),
        equal: true,
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V2: what became of the frequencies.
fn ratio(state: &State, solved: &Solved) -> Figure {
    let pairs = solved.circles.theta().len();
    let theta = solved.circles.theta();
    let least = solved.shown.iter().flat_map(|way| way.scaled.iter().zip(theta).map(|(scaled, theta)| scaled / theta));
    let low = 0.8 * least.fold(1.0 / state.scale, f64::min).min(0.7);
    // A fifth of the height above 1 has room for the labels of the vertical lines.
    let top = low.powf(-0.28);
    let height = |part: f64| low * (top / low).powf(part);
    let mut marks = Vec::new();
    let critical = solved.circles.critical_index() as f64 - 0.5;
    let many = solved.circles.turns().take_while(|turns| *turns > state.tau).count() as f64 - 0.5;
    for (at, turns, part) in [(critical, 1.0, 0.92), (many, state.tau, 0.83)] {
        if at > 0.0 && at < pairs as f64 - 1.0 {
            marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, at)));
            let anchor = if at < 0.7 * pairs as f64 { Anchor::Start } else { Anchor::End };
            let words = format!("r = {}", short(turns, 3));
            marks.push(Mark::new(Role::Guide, Shape::Label((at, height(part)), words.into(), anchor)));
        }
    }
    // The other form of YaRN, and where the ramp of the code begins and ends.
    if state.has(Method::Yarn) {
        let other = if state.form == Form::Paper { Form::Code } else { Form::Paper };
        if let Ok(ratios) = state.yarn(other).ratios(&solved.circles, state.scale) {
            let points = ratios.iter().enumerate().map(|(i, ratio)| (i as f64, *ratio)).collect();
            let words = if other == Form::Code {
                t("YaRN，代码", "YaRN, code")
            } else {
                t("YaRN，原文与论文", "YaRN, post and paper")
            };
            marks.push(Mark::new(Role::E, Shape::Line(points)).named(words));
        }
    }
    for way in solved.shown.iter().filter(|way| way.method.is_frequency()) {
        let points = way.scaled.iter().zip(theta).enumerate().map(|(i, (scaled, theta))| (i as f64, scaled / theta)).collect();
        marks.push(Mark::new(way.role, Shape::Line(points)).named(name(way.method)));
    }
    let [from, to] = ramp(state, solved);
    let spoken = Words::new(
        format!(
            "前 {} 个圆转满了一圈；代码的斜坡从第 {} 对到第 {} 对。",
            solved.circles.critical_index(),
            short(from, 3),
            short(to, 3)
        ),
        format!(
            "{} circles made a full turn; the ramp of the code runs from pair {} to pair {}.",
            solved.circles.critical_index(),
            short(from, 3),
            short(to, 3)
        ),
    );
    Figure {
        x: Axis::linear(0.0, pairs as f64 - 1.0),
        y: Axis::log(low, top).ticks(halves(low)),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// Ticks at 1, a half, a quarter and so on, at most seven.
fn halves(low: f64) -> Ticks {
    let step = if low > 1.0 / 128.0 { 0.5_f64 } else { 0.125 };
    Ticks::At((0..7).map(|at| step.powi(at)).filter(|tick| *tick > low).map(|tick| (tick, short(tick, 3))).collect())
}

/// First and last index of the ramp of YaRN's code.
pub fn ramp(state: &State, solved: &Solved) -> [f64; 2] {
    IndexRamp { fast: state.tau, slow: state.alpha, ..IndexRamp::YARN }.range(&solved.circles)
}

/// V3: distances as the methods see them.
fn curve(state: &State, solved: &Solved) -> Figure {
    let here = state.test().saturating_sub(1);
    let mut marks = vec![
        Mark::new(Role::Guide, Shape::Rule(Along::Y, state.train as f64)),
        Mark::new(Role::Guide, Shape::Label((0.0, state.train as f64), "L".into(), Anchor::Start)),
    ];
    let mut top = state.train as f64;
    for way in &solved.shown {
        let distance = state.told_distance(way.method);
        let corners = [state.w, state.w + 1, state.near, state.near + 1, state.recent, here.saturating_sub(state.sinks)];
        let mut places: Vec<usize> =
            some(here + 1, POINTS).into_iter().chain(corners.into_iter().filter(|at| *at <= here)).collect();
        places.sort_unstable();
        places.dedup();
        // A line is as long as the keys are seen.
        let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
        for delta in places {
            match distance.at(here, here - delta) {
                Some(rho) => {
                    top = top.max(rho);
                    runs.last_mut().into_iter().for_each(|run| run.push((delta as f64, rho)));
                }
                None if runs.last().is_some_and(|run| !run.is_empty()) => runs.push(Vec::new()),
                None => {}
            }
        }
        for (at, run) in runs.into_iter().filter(|run| !run.is_empty()).enumerate() {
            let mark = if run.len() == 1 { Shape::Dots(run, Dot::Small) } else { Shape::Line(run) };
            let mark = Mark::new(way.role, mark).term("distance");
            marks.push(if at == 0 { mark.named(name(way.method)) } else { mark });
        }
    }
    let step = round_step(top / 8.0);
    let seen = |way: &Way| effective(state, way.method).map_or_else(|| "–".to_owned(), |rho| short(rho, 5));
    let list = |get: fn(Text) -> &'static str| {
        solved.shown.iter().map(|way| format!("{} {}", get(name(way.method)), seen(way))).collect::<Vec<_>>()
    };
    let rho = whole(state.rho as u64);
    let spoken = Words::new(
        format!("实际距离 {rho} 变成：{}。", list(|text| text.zh).join("，")),
        format!("Distance {rho} becomes: {}.", list(|text| text.en).join(", ")),
    );
    marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, state.rho as f64)));
    let y = Axis::linear(0.0, ((top + 0.5 * step) / step).ceil() * step);
    Figure { x: Axis::linear(0.0, here.max(1) as f64), y, marks, spoken, ..Figure::default() }
}

/// V3: the matrix of distances of one method.
fn matrix(state: &State) -> Figure {
    let n = state.test();
    let side = n.min(CELLS);
    let width = n as f64 / side as f64;
    let place = |cell: usize| ((cell as f64 + 0.5) * width) as usize;
    let distance = state.told_distance(state.focus);
    let mut values = Vec::with_capacity(side * side);
    let (mut masked, mut strange) = (Vec::new(), Vec::new());
    let mut top: f64 = 1.0;
    for row in 0..side {
        let mut kinds = Vec::with_capacity(side);
        for column in 0..side {
            let rho = distance.at(place(row), place(column));
            let value = match rho {
                Some(rho) if state.is_exposed => (state.train as f64 - rho).max(0.0),
                Some(rho) => rho,
                None => 0.0,
            };
            top = top.max(value);
            values.push(Grid::value(value));
            kinds.push(match rho {
                // What is to come is not seen by anybody, and needs no hatching.
                None if column > row => 0,
                None => 1,
                Some(rho) if rho >= state.train as f64 => 2,
                Some(_) => 0,
            });
        }
        // Neighbours of one kind are one bar.
        let mut from = 0;
        for to in 1..=side {
            if to == side || kinds[to] != kinds[from] {
                let bar = Bar { x: (from as f64 * width, to as f64 * width), y: (row as f64 * width, (row + 1) as f64 * width) };
                match kinds[from] {
                    1 => masked.push(bar),
                    2 => strange.push(bar),
                    _ => {}
                }
                from = to;
            }
        }
    }
    let whole_length = n as f64;
    let share = strange.iter().map(|bar| bar.x.1 - bar.x.0).sum::<f64>() * width / (0.5 * whole_length * whole_length);
    let title = if state.is_exposed { t("出现次数", "occurrences") } else { t("距离", "distance") };
    let grid = Grid {
        columns: side,
        rows: side,
        values,
        x: (0.0, whole_length),
        y: (0.0, whole_length),
        ramp: Ramp::Sequential(0.0, top),
        name: title.into(),
    };
    let mut marks = vec![Mark::new(Role::Truth, Shape::Heat(grid)), Mark::new(Role::Never, Shape::Bars(merged(masked)))];
    if !strange.is_empty() {
        marks.push(Mark::new(Role::Estimate, Shape::Line(outline(&strange))).named(t("训练时没有过", "never trained")));
    }
    let share = short((100.0 * share).min(100.0), 2);
    let method = name(state.focus);
    let spoken = Words::new(
        format!("{}：约 {share}% 的距离训练时没有过。", method.zh),
        format!("{}: about {share}% of the distances were never trained.", method.en),
    );
    let axis = || Axis::linear(0.0, whole_length);
    Figure { x: axis(), y: axis().downwards(), equal: true, marks, spoken, ..Figure::default() }
}

/// A line around bars that lie in rows, downwards along their right ends and back along their left ones.
fn outline(bars: &[Bar]) -> Vec<Point> {
    let down = bars.iter().flat_map(|bar| [(bar.x.1, bar.y.0), (bar.x.1, bar.y.1)]);
    let back = bars.iter().rev().flat_map(|bar| [(bar.x.0, bar.y.1), (bar.x.0, bar.y.0)]);
    down.chain(back).chain(bars.first().map(|bar| (bar.x.1, bar.y.0))).collect()
}

/// Bars of equal width in rows that follow each other as one: fewer strokes of the hatching, which run on.
fn merged(bars: Vec<Bar>) -> Vec<Bar> {
    let mut out: Vec<Bar> = Vec::new();
    for bar in bars {
        match out.iter_mut().find(|other| other.x == bar.x && other.y.1 == bar.y.0) {
            Some(other) => other.y.1 = bar.y.1,
            None => out.push(bar),
        }
    }
    out
}

/// The accuracy that the posts printed for a method in their setting, percent; none elsewhere.
pub fn accuracy(state: &State, method: Method) -> Option<f64> {
    let is_theirs = state.d == 128 && state.base == 1e4 && state.train == 512 && state.scale == 8.0;
    let name = match method {
        Method::None => "Baseline".to_owned(),
        Method::Pi => "PI".to_owned(),
        Method::NtkOld => "NTK-old".to_owned(),
        Method::NtkFixed => "NTK-fixed".to_owned(),
        Method::NtkMixed => "NTK-mixed".to_owned(),
        Method::Yarn => "YaRN".to_owned(),
        Method::Rerope => format!("ReRoPE-w{}", state.w),
        _ => return None,
    };
    GAU_ACCURACY.iter().find(|row| is_theirs && row.method == name).map(|row| row.not_repeated)
}

/// V4: near against far.
fn quadrant(state: &State, solved: &Solved) -> Figure {
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::X, 1.0)), Mark::new(Role::Guide, Shape::Rule(Along::Y, 1.0))];
    let grey: Vec<Point> = solved.others.iter().map(|(_, near_far)| (near_far.near, near_far.far)).collect();
    let names = solved.others.iter().map(|(method, _)| name(*method).into()).collect();
    marks.push(Mark::new(Role::Guide, Shape::Dots(grey, Dot::Small)).named(t("其余的方法", "other methods")).each(names));
    let mut ends: Vec<EndLabel> = Vec::new();
    for way in &solved.shown {
        let at = (way.near_far.near, way.near_far.far);
        marks.push(Mark::new(way.role, Shape::Stems(vec![at], 0.0)));
        marks.push(Mark::new(way.role, Shape::Dots(vec![at], Dot::Full)).named(name(way.method)));
        if let Some(accuracy) = accuracy(state, way.method) {
            ends.push((at.1, format!("{} %", short(accuracy, 3)).into(), way.role));
        }
    }
    if !ends.is_empty() {
        marks.push(Mark::new(Role::Guide, Shape::Ends(ends)));
    }
    let all = solved.shown.iter().map(|way| way.near_far).chain(solved.others.iter().map(|(_, near_far)| *near_far));
    let low = all.map(|near_far| near_far.near).fold(0.4, f64::min);
    let list = |get: fn(Text) -> &'static str| {
        let tell =
            |way: &Way| format!("{} {} / {}", get(name(way.method)), short(way.near_far.near, 2), short(way.near_far.far, 2));
        solved.shown.iter().map(tell).collect::<Vec<_>>()
    };
    let spoken = Words::new(
        format!("近 / 远：{}。", list(|text| text.zh).join("，")),
        format!("Near / far: {}.", list(|text| text.en).join(", ")),
    );
    Figure {
        x: Axis::linear((low / 0.2).floor() * 0.2, 1.04),
        y: Axis::linear(0.0, 1.06),
        marks,
        spoken,
        data: Some(std::sync::Arc::new(sheets::zoo(state, solved))),
        ..Figure::default()
    }
}
