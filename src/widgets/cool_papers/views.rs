//! The figures of the bugs: what was computed, as marks. Traffic, cache and queue are in [`super::service`].

use std::sync::Arc;

use yansuan_math::occupancy::{Moments, OccupancyCurve};
use yansuan_math::reliability_growth::GrowthModel;
use yansuan_math::worst_case_rate::{bishop_bloomfield, worst_case_rate};
use yansuan_math::zipf::zipf_asymptote;

use super::model::{Results, Work};
use super::service;
use super::state::{CHANGED, IMPERFECT, Law, REPEATED, State};
use super::text;
use crate::contract::figure::{Along, Anchor, Axis, Bar, Dot, Figure, Mark, Move, Point, Role, Shape};
use crate::contract::number::{short, whole};
use crate::contract::panel::{Panel, View};
use crate::contract::table::{Cell, Table, head};
use crate::contract::text::{Text, Words, t};

/// Bars of the barcode; of more bugs several share one.
const BARS: usize = 500;

/// Bugs in the table.
const LISTED: usize = 1000;

/// Discoveries that are drawn one by one.
const STEPS: usize = 400;

/// All views, in the order of the panels.
pub fn views(state: &State, work: &Work) -> Vec<View> {
    let Some(results) = work.results() else {
        let blank = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), ..Figure::default() };
        let view = |_: &Panel| View::Figure(blank.clone());
        return text::PANELS.iter().map(view).collect();
    };
    let figures = [
        curve(state, results),
        rate(state, results),
        barcode(state, results),
        service::traffic(state),
        service::lamps(state),
        service::cache(state, results),
        service::drain(results),
        service::wait(state, results),
        cousins(state, results),
        whatif(state, results),
    ];
    figures.into_iter().map(View::Figure).collect()
}

/// The axis of requests.
pub fn requests(state: &State) -> Axis {
    Axis::log(1.0, last(state))
}

/// The end of the axis of requests.
pub fn last(state: &State) -> f64 {
    10_f64.powi(state.decades())
}

/// Adds a line, if there is one.
pub fn line(marks: &mut Vec<Mark>, role: Role, points: Vec<Point>, name: Text) {
    if points.len() > 1 {
        marks.push(Mark::new(role, Shape::Line(points)).named(name));
    }
}

/// A curve of the requests.
pub fn along(curve: &OccupancyCurve, height: impl Fn(f64, &Moments) -> f64) -> Vec<Point> {
    curve.requests().iter().zip(curve.moments()).map(|(n, moments)| (*n, height(*n, moments))).collect()
}

/// Two standard deviations to each side.
pub fn band(curve: &OccupancyCurve, deviation: impl Fn(f64, &Moments) -> f64, floor: f64) -> Vec<(f64, f64, f64)> {
    let row = |(n, moments): (&f64, &Moments)| {
        let half = 2.0 * deviation(*n, moments);
        let most = moments.found + moments.unfound;
        (*n, (moments.found - half).max(floor), (moments.found + half).min(most).max(floor))
    };
    curve.requests().iter().zip(curve.moments()).map(row).collect()
}

/// What can be dragged to set the users by the requests so far.
pub fn users_handle(state: &State, height: f64) -> Mark {
    let n = state.n();
    if n < 1.0 {
        return Mark::new(Role::Estimate, Shape::Dots(vec![(1.0, height)], Dot::Hollow));
    }
    let gain = 1.0 / (state.each as f64 * state.days as f64);
    let moves = vec![Move { key: "users", index: None, along: Along::X, origin: 0.0, gain }];
    let name = Words::new(format!("用户 {}", whole(state.users as u64)), format!("users {}", whole(state.users as u64)));
    Mark::new(Role::Estimate, Shape::Handle((n, height), moves, name))
}

/// A word instead of what is not there.
pub fn nothing(at: Point, words: Text) -> Mark {
    Mark::new(Role::Guide, Shape::Label(at, words.into(), Anchor::Middle))
}

const NO_BUGS: Text = t("没有 bug", "no bugs");

/// V1: bugs found against requests.
fn curve(state: &State, results: Results<'_>) -> Figure {
    let Results { bugs, run, curve, now, .. } = results;
    let m = bugs.occupancy.len();
    let top = 1.12 * m.max(1) as f64;
    let mut marks = Vec::new();
    if m == 0 {
        marks.push(nothing((last(state).sqrt(), 0.5 * top), NO_BUGS));
    } else {
        let label = format!("M = {}", whole(m as u64));
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::Y, m as f64)));
        marks.push(Mark::new(Role::Guide, Shape::Label((1.0, m as f64), label.into(), Anchor::Start)));
    }
    let rows = band(curve, |_, moments| moments.deviation(), 0.0);
    if rows.len() > 1 {
        marks.push(Mark::new(Role::Estimate, Shape::Band(rows)).named(t("均值 ± 2σ", "mean ± 2σ")));
    }
    let found = run.discoveries().iter().take_while(|discovery| discovery.request <= last(state)).count();
    let stride = found.div_ceil(STEPS).max(1);
    let mut steps: Vec<Point> = vec![(1.0, 0.0)];
    let mut before = 0;
    for at in (stride - 1..found).step_by(stride) {
        steps.push((run.discoveries()[at].request, before as f64));
        before = at + 1;
        steps.push((run.discoveries()[at].request, before as f64));
    }
    steps.push((last(state), found as f64));
    line(&mut marks, Role::Truth, steps, t("这一次", "one run"));
    let mean = along(curve, |_, moments| moments.found);
    if mean.len() > 1 {
        marks.push(Mark::new(Role::Estimate, Shape::Line(mean)).named(t("平均", "mean")).term("found"));
    }
    marks.push(users_handle(state, now.moments.found));
    let (n, mean) = (whole(state.n() as u64), short(now.moments.found, 3));
    let (one, all) = (whole(now.spectrum.found as u64), whole(m as u64));
    let spoken = Words::new(
        format!("{n} 次请求之后，{all} 个 bug 平均发现 {mean} 个，这一次发现 {one} 个。"),
        format!("After {n} requests, of {all} bugs {mean} are found on average, {one} in this run."),
    );
    Figure { x: requests(state), y: Axis::linear(0.0, top), marks, spoken, ..Figure::default() }
}

/// Heights of an axis for failure rates: from above the ceiling at the beginning to below it at the end.
fn rates(state: &State, m: usize) -> Axis {
    let ceiling = m.max(1) as f64 / std::f64::consts::E;
    let top = 10_f64.powf(ceiling.log10().ceil());
    let bottom = 10_f64.powf((ceiling / last(state)).log10().floor() - 1.0);
    Axis::log(bottom, top)
}

/// The part of a curve that a logarithmic axis shows, and a little beyond.
fn seen(points: Vec<Point>, axis: &Axis) -> Vec<Point> {
    let low = axis.from * 1e-2;
    points.into_iter().map(|(x, y)| (x, y.max(low))).collect()
}

/// The bound `M/(eN)`, and what lies above it.
fn ceiling(state: &State, results: Results<'_>, axis: &Axis) -> Vec<Mark> {
    let m = results.bugs.occupancy.len();
    let bound = |n: &f64| bishop_bloomfield(m, *n).ok().flatten().map(|rate| (*n, rate));
    let points: Vec<Point> = results.curve.requests().iter().filter_map(bound).collect();
    if m == 0 || points.len() < 2 {
        return vec![nothing((last(state).sqrt(), (axis.from * axis.to).sqrt()), NO_BUGS)];
    }
    let above = points.iter().map(|(n, rate)| (*n, *rate, axis.to)).collect();
    vec![
        Mark::new(Role::Never, Shape::Band(above)),
        Mark::new(Role::Never, Shape::Line(points)).named(t("上限 M/(eN)", "ceiling M/(eN)")).term("ceiling"),
    ]
}

/// V2: failures still to come, under the ceiling that holds whatever the bugs are.
fn rate(state: &State, results: Results<'_>) -> Figure {
    let Results { bugs, run, curve, now, .. } = results;
    let m = bugs.occupancy.len();
    let y = rates(state, m);
    let mut marks = ceiling(state, results, &y);
    if m > 0 {
        let one = curve.requests().iter().filter_map(|n| run.residual_rate(*n).ok().map(|rate| (*n, rate))).collect();
        line(&mut marks, Role::Truth, seen(one, &y), t("这一次真实的", "this run, in truth"));
        let mean = seen(along(curve, |_, moments| moments.residual_rate), &y);
        if mean.len() > 1 {
            marks.push(Mark::new(Role::Estimate, Shape::Line(mean)).named(t("平均 ρ(N)", "mean ρ(N)")).term("rate"));
        }
    }
    if !now.estimates.is_empty() {
        let dots = Mark::new(Role::B, Shape::Dots(now.estimates.clone(), Dot::Full));
        marks.push(dots.named(t("Good–Turing f₁/N", "Good–Turing f₁/N")).term("good-turing"));
    }
    let height = now.moments.residual_rate.max(y.from);
    if m > 0 {
        marks.push(users_handle(state, height));
    }
    let (n, rate) = (whole(state.n() as u64), short(now.moments.residual_rate, 3));
    let bound = worst_case_rate(m, state.n()).map_or_else(|_| "–".to_owned(), |bound| short(bound, 3));
    let spoken = Words::new(
        format!("{n} 次请求之后，若发现的都修好了，下一次请求失败的可能平均是 {rate}；无论 bug 怎样分布，都不超过 {bound}。"),
        format!(
            "After {n} requests, with all found bugs fixed, the next one fails with probability {rate} on average; whatever the bugs, that is never above {bound}."
        ),
    );
    Figure { x: requests(state), y, marks, spoken, ..Figure::default() }
}

/// V3: the bugs in the order of their loudness, found or not.
fn barcode(state: &State, results: Results<'_>) -> Figure {
    let Results { bugs, run, now, .. } = results;
    let m = bugs.order.len();
    let n = state.n();
    let mut marks = Vec::new();
    let each = m.div_ceil(BARS).max(1);
    // Neighbours of one height are one bar.
    let mut bars: Vec<Bar> = Vec::new();
    for (at, group) in bugs.order.chunks(each).enumerate() {
        let found = group.iter().filter(|bug| run.is_found(**bug as usize, n)).count();
        let height = found as f64 / group.len() as f64;
        let (left, right) = ((at * each) as f64 + 0.5, (at * each + group.len()) as f64 + 0.5);
        match bars.last_mut() {
            Some(bar) if bar.y.1 == height && bar.x.1 == left => bar.x.1 = right,
            _ if height > 0.0 => bars.push(Bar { x: (left, right), y: (0.0, height) }),
            _ => {}
        }
    }
    if !bars.is_empty() {
        marks.push(Mark::new(Role::Guide, Shape::Bars(bars)).named(t("这一次发现了", "found in this run")));
    }
    if m == 0 {
        marks.push(nothing((1.0, 0.5), NO_BUGS));
    } else if let Ok(chances) = bugs.occupancy.found_probabilities(n) {
        let stride = m.div_ceil(BARS);
        let mut points: Vec<Point> =
            (0..m).step_by(stride).map(|at| (at as f64 + 1.0, chances[bugs.order[at] as usize])).collect();
        if (m - 1) % stride != 0 {
            points.push((m as f64, chances[bugs.order[m - 1] as usize]));
        }
        let chance = t("被发现的机会", "chance to be found");
        let shape = if m == 1 { Shape::Dots(points, Dot::Full) } else { Shape::Line(points) };
        marks.push(Mark::new(Role::Estimate, shape).named(chance).term("chance"));
    }
    let (one, all) = (whole(now.spectrum.found as u64), whole(m as u64));
    let first = loudest(results, n);
    let rest = |none: &str, some: &dyn Fn(String, String) -> String| {
        first.map_or_else(|| none.to_owned(), |(rank, p)| some(whole(rank as u64), short(p, 2)))
    };
    let spoken = Words::new(
        format!(
            "{all} 个 bug 里发现了 {one} 个；{}",
            rest("一个也不剩。", &|rank, p| format!("没发现的里面最常见的排第 {rank}，每次请求以 {p} 的概率出现。"))
        ),
        format!(
            "Of {all} bugs {one} are found; {}",
            rest("none is left.", &|rank, p| format!("the loudest that is not has rank {rank} and probability {p} a request."))
        ),
    );
    Figure {
        x: Axis::linear(0.5, m.max(1) as f64 + 0.5),
        y: Axis::linear(0.0, 1.04),
        marks,
        spoken,
        data: Some(Arc::new(ledger(state, results))),
        ..Figure::default()
    }
}

/// The bugs one by one: rank, probability, chance to be found so far, and the request that met it first in this run.
fn ledger(state: &State, Results { bugs, run, .. }: Results<'_>) -> Table {
    let chances = bugs.occupancy.found_probabilities(state.n()).unwrap_or_default();
    let row = |(rank, bug): (usize, &u32)| {
        let bug = *bug as usize;
        let first = run.first_hits().get(bug).copied().filter(|first| first.is_finite());
        vec![
            Cell::Number(rank as f64 + 1.0),
            Cell::Number(bugs.occupancy.rates()[bug]),
            Cell::Number(chances.get(bug).copied().unwrap_or(0.0)),
            first.map_or_else(|| Cell::from(t("从不", "never")), Cell::Number),
            Cell::from(if bug < bugs.ordinary { t("普通", "ordinary") } else { t("并发", "race") }),
        ]
    };
    Table {
        id: "bugs".to_owned(),
        title: t("最常见的一千个", "The thousand loudest").into(),
        head: head(&[
            t("名次", "rank"),
            t("每次请求的概率", "p a request"),
            t("被发现的机会", "chance to be found"),
            t("这一次第几个请求碰到", "met first by request"),
            t("种类", "kind"),
        ]),
        rows: bugs.order.iter().enumerate().take(LISTED).map(row).collect(),
    }
}

/// Rank and probability of the loudest bug that is not found; none if all that can be found are.
pub fn loudest(results: Results<'_>, n: f64) -> Option<(usize, f64)> {
    let Results { bugs, run, .. } = results;
    let at = bugs.order.iter().position(|bug| !run.is_found(*bug as usize, n))?;
    let p = bugs.occupancy.rates()[bugs.order[at] as usize];
    (p > 0.0).then_some((at + 1, p))
}

/// Names of the three models of the literature, with their colours.
const COUSINS: [(Role, Text); 3] =
    [(Role::A, Text::same("Goel–Okumoto")), (Role::B, Text::same("Littlewood")), (Role::D, Text::same("Musa–Okumoto"))];

/// The power law of a heavy tail, where there is one.
pub fn power_law(state: &State, n: f64) -> Option<f64> {
    let has_one = state.law == Law::Zipf && state.m > 0;
    let law = zipf_asymptote(state.top, state.s, n).ok().flatten().filter(|_| has_one)?;
    Some(law.infinite).filter(|found| *found > 0.0)
}

/// Models that begin alike.
fn cousins(state: &State, results: Results<'_>) -> Figure {
    let Results { bugs, curve, now, .. } = results;
    let m = bugs.occupancy.len();
    let top = 1.5 * m.max(1) as f64;
    let mut marks = Vec::new();
    if m == 0 {
        marks.push(nothing((last(state).sqrt(), 0.5 * top), NO_BUGS));
    }
    let kept = |points: Vec<Point>| points.into_iter().filter(|point| point.1.is_finite()).map(|(n, y)| (n, y.min(2.0 * top)));
    let power = curve.requests().iter().filter_map(|n| power_law(state, *n).map(|found| (*n, found))).collect();
    line(&mut marks, Role::E, kept(power).collect(), t("幂律（M → ∞）", "power law (M → ∞)"));
    for (model, (role, name)) in bugs.cousins.iter().zip(COUSINS) {
        let Some(model) = model else { continue };
        let points = curve.requests().iter().filter_map(|n| model.found(*n).ok().map(|found| (*n, found))).collect();
        line(&mut marks, role, kept(points).collect(), name);
    }
    if m > 0 {
        line(&mut marks, Role::Truth, along(curve, |_, moments| moments.found), t("逐个相加的 D(N)", "the sum itself, D(N)"));
    }
    if state.n() >= 1.0 {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, state.n())));
    }
    let at = |model: &Option<GrowthModel>| {
        model.and_then(|model| model.found(state.n()).ok()).map_or_else(|| "–".to_owned(), |found| short(found, 3))
    };
    let [goel, little, musa] = [0, 1, 2].map(|each| at(&bugs.cousins[each]));
    let (n, mean) = (whole(state.n() as u64), short(now.moments.found, 3));
    let spoken = Words::new(
        format!("{n} 次请求之后，和式给出 {mean}；Goel–Okumoto {goel}，Littlewood {little}，Musa–Okumoto {musa}。"),
        format!("After {n} requests the sum gives {mean}; Goel–Okumoto {goel}, Littlewood {little}, Musa–Okumoto {musa}."),
    );
    Figure { x: requests(state), y: Axis::linear(0.0, top), marks, spoken, ..Figure::default() }
}

/// What an assumption is called when it is given up.
pub const fn broken_name(bit: u32) -> (Role, Text) {
    match bit {
        REPEATED => (Role::A, t("用户重复自己", "users repeat themselves")),
        IMPERFECT => (Role::B, t("修得慢、修不好", "fixes late or failing")),
        _ => (Role::D, t("用法忽然变了", "use suddenly changes")),
    }
}

/// What the assumptions are worth.
fn whatif(state: &State, results: Results<'_>) -> Figure {
    let Results { bugs, curve, broken, now, .. } = results;
    let m = bugs.occupancy.len();
    let y = rates(state, m);
    let mut marks = ceiling(state, results, &y);
    for each in broken.iter().filter(|_| m > 0) {
        let (role, name) = broken_name(each.bit);
        let mut points = seen(each.points.clone(), &y);
        if each.bit == CHANGED {
            points.retain(|point| point.0 >= state.n());
            points.insert(0, (state.n().max(1.0), each.now.max(y.from * 1e-2)));
        }
        line(&mut marks, role, points, name);
    }
    if m > 0 {
        line(&mut marks, Role::Truth, seen(along(curve, |_, moments| moments.residual_rate), &y), t("理想", "ideal"));
    }
    if state.n() >= 1.0 {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, state.n())));
    }
    let list = |get: fn(Text) -> &'static str| {
        broken.iter().map(|each| format!("{} {}", get(broken_name(each.bit).1), short(each.now, 3))).collect::<Vec<_>>()
    };
    let ideal = short(now.moments.residual_rate, 3);
    let spoken = if broken.is_empty() {
        Words::new(format!("理想情形下的失败率是 {ideal}。"), format!("The failure rate of the ideal is {ideal}."))
    } else {
        Words::new(
            format!("理想情形下的失败率是 {ideal}；{}。", list(|text| text.zh).join("，")),
            format!("The failure rate of the ideal is {ideal}; {}.", list(|text| text.en).join(", ")),
        )
    };
    Figure { x: requests(state), y, marks, spoken, ..Figure::default() }
}
