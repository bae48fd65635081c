//! The figures of the kernel: four roads, their price, and the roots of unity.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use yansuan_math::kernel_cost::{KernelRoad, convolution_flops};

use super::model::{Roads, gap};
use super::state::State;
use super::views::{around, extremes, line, thinned};
use crate::contract::figure::{Along, Axis, Dot, Figure, Mark, Point, Role, Shape};
use crate::contract::number::{raised, short, whole};
use crate::contract::table::{Cell, Table, head};
use crate::contract::text::{Text, Words, t};

/// Roots that are drawn, and dots of a road.
const ROOTS: usize = 64;

/// Dots of a road.
const DOTS: usize = 24;

/// What a road is called, in the order of [`KernelRoad::ALL`].
const NAMES: [Text; 5] = [
    t("连乘 Ā", "powers of Ā"),
    t("递推", "recurrence"),
    t("逐根解方程", "a system at each root"),
    t("柯西和", "Cauchy sums"),
    t("有理函数", "rational"),
];

/// A difference by rounding, to the next power of ten from 10⁻¹² on: its digits are not the same on every machine.
pub fn at_most(gap: f64) -> String {
    if gap == 0.0 { "0".to_owned() } else { format!("≤ {}", raised(gap.log10().ceil().max(-12.0) as i64)) }
}

/// The relative differences of powers, Cauchy sums and the rational road from the recurrence, and that of the recurrence itself in single
/// precision.
pub fn gaps(roads: &Roads) -> [Option<f64>; 4] {
    let Some(truth) = roads.recurrence.as_deref() else { return [None; 4] };
    let of = |values: Option<&[f64]>| values.filter(|values| values.len() == truth.len()).map(|values| gap(values, truth));
    let (powers, recurrence, cauchy) = match &roads.single {
        Some([powers, recurrence, cauchy]) => (Some(&powers[..]), Some(&recurrence[..]), Some(&cauchy[..])),
        None => (Some(roads.powers()), None, roads.cauchy.as_deref()),
    };
    [of(powers), of(cauchy), of(roads.rational.as_deref()), of(recurrence)]
}

/// V2: the kernel by each road.
pub fn roads(state: &State, roads: &Roads) -> Figure {
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    let powers = roads.powers();
    if !powers.is_empty() {
        marks.push(line(Role::Truth, thinned(powers, |k| k as f64)).named(NAMES[0]).term("kernel"));
    }
    let single = roads.single.as_ref();
    let others = [
        (Role::A, single.map(|single| &single[1][..]).or(roads.recurrence.as_deref()), NAMES[1]),
        (Role::Estimate, single.map(|single| &single[2][..]).or(roads.cauchy.as_deref()), NAMES[3]),
        (Role::D, roads.rational.as_deref(), NAMES[4]),
    ];
    // Side by side along the line, so that none hides another.
    let stride = state.len().div_ceil(DOTS).max(3);
    for (slot, (role, values, name)) in others.into_iter().enumerate() {
        let values = values.unwrap_or_default();
        let dots: Vec<Point> =
            values.iter().enumerate().skip(slot * stride / 3).step_by(stride).map(|(k, value)| (k as f64, *value)).collect();
        if !dots.is_empty() {
            marks.push(Mark::new(role, Shape::Dots(dots, Dot::Full)).named(name));
        }
    }
    let worst = gaps(roads).into_iter().flatten().fold(0.0, f64::max);
    let spoken = Words::new(
        format!("四条路的最大相对差{}。", at_most(worst)),
        format!("The largest relative difference of the four roads is {}.", at_most(worst)),
    );
    let last = (state.len() as f64 - 1.0).max(1.0);
    Figure { x: Axis::linear(0.0, last), y: around(extremes(powers.iter())), marks, spoken, ..Figure::default() }
}

/// V2: what each road costs against the length.
pub fn price(state: &State, roads: &Roads) -> Figure {
    let roles = [Role::Truth, Role::A, Role::E, Role::Estimate, Role::D];
    let (d, len) = (state.d, state.len());
    let lengths: Vec<usize> = (0..=28).map(|half| 2_f64.powf(f64::from(half) / 2.0).round() as usize).collect();
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::X, len as f64))];
    let (mut low, mut high) = (f64::INFINITY, 1.0_f64);
    for ((road, role), name) in KernelRoad::ALL.into_iter().zip(roles).zip(NAMES) {
        let points: Vec<Point> = lengths.iter().map(|len| (*len as f64, road.flops(d, *len))).collect();
        (low, high) = points.iter().fold((low, high), |(low, high), point| (low.min(point.1), high.max(point.1)));
        marks.push(Mark::new(role, Shape::Line(points)).named(name));
        marks.push(Mark::new(role, Shape::Dots(vec![(len as f64, road.flops(d, len))], Dot::Full)));
    }
    let cheapest = KernelRoad::ALL.into_iter().zip(NAMES).min_by(|a, b| a.0.flops(d, len).total_cmp(&b.0.flops(d, len)));
    let (name, count) = cheapest.map_or((NAMES[1], 0.0), |(road, name)| (name, road.flops(d, len)));
    let count = whole(count.round() as u64);
    let spoken = Words::new(
        format!("d = {d}、L = {len} 时最省的是{}，{count} 次。", name.zh),
        format!("At d = {d} and L = {len} the cheapest is {}, with {count} operations.", name.en),
    );
    Figure {
        x: Axis::log(1.0, 16_384.0),
        y: Axis::log(10_f64.powf(low.log10().floor()), 10_f64.powf(high.log10().ceil())),
        marks,
        spoken,
        data: Some(Arc::new(counters(state, roads))),
        ..Figure::default()
    }
}

/// Operations, memory and differences of the roads.
fn counters(state: &State, roads: &Roads) -> Table {
    let (d, len) = (state.d, state.len());
    let [powers, cauchy, rational, recurrence] = gaps(roads);
    let none = || Cell::from("–".to_owned());
    let differences = [powers, Some(recurrence.unwrap_or(0.0)), None, cauchy, rational];
    let rows = KernelRoad::ALL.into_iter().zip(NAMES).zip(differences).map(|((road, name), gap)| {
        vec![
            name.into(),
            Cell::Number(road.flops(d, len)),
            Cell::Number(road.numbers(d, len) as f64),
            gap.map_or_else(none, |gap| at_most(gap).into()),
        ]
    });
    let use_it =
        vec![t("再用 FFT 卷积一次", "and one convolution by FFT").into(), Cell::Number(convolution_flops(len)), none(), none()];
    Table {
        id: "price".to_owned(),
        title: t("每条路的运算、内存与误差", "Operations, memory and differences").into(),
        head: head(&[
            t("路", "road"),
            t("浮点运算", "operations"),
            t("要存的数", "numbers kept"),
            t("与递推的相对差", "relative difference"),
        ]),
        rows: rows.chain([use_it]).collect(),
    }
}

/// Whether the root that is looked at is the hole.
pub fn is_hole(state: &State) -> bool {
    2 * state.root == state.len()
}

/// `z` and `s/i` of the root that is looked at; no `s` at the hole.
pub fn root(state: &State) -> (Point, Option<f64>) {
    let turn = -TAU * state.root as f64 / state.len() as f64;
    let tau = (!is_hole(state)).then(|| 2.0 / state.eps * (PI * state.root as f64 / state.len() as f64).tan());
    (if is_hole(state) { (-1.0, 0.0) } else { (turn.cos(), turn.sin()) }, tau)
}

/// V3: the circle, and how its points fall on the imaginary axis.
pub fn circle(state: &State) -> Figure {
    let len = state.len();
    let on = |turn: f64| (turn.cos(), turn.sin());
    let rim = (0..=120).map(|part| on(TAU * f64::from(part) / 120.0)).collect();
    let mut shown: Vec<usize> = if len <= ROOTS { (0..len).collect() } else { (0..ROOTS).map(|at| at * len / ROOTS).collect() };
    shown.retain(|l| 2 * l != len);
    let dots: Vec<Point> = shown.iter().map(|l| on(-TAU * *l as f64 / len as f64)).collect();
    let mut marks = vec![
        Mark::new(Role::Guide, Shape::Line(rim)),
        Mark::new(Role::A, Shape::Line(vec![(0.0, -1.4), (0.0, 1.4)])).named(t("s 的虚轴", "the axis of s")),
    ];
    if !dots.is_empty() {
        let picks = shown.iter().map(|l| *l as f64).collect();
        marks.push(Mark::new(Role::Truth, Shape::Dots(dots, Dot::Small)).named(t("单位根 z", "roots z")).picks("root", picks));
    }
    let (z, tau) = root(state);
    if let Some(tau) = tau {
        // A line from −1 through z meets the axis at tan(θ/2), which is −sε/2i.
        let fall = (0.0, -0.5 * state.eps * tau);
        let end = if fall.1.abs() <= 1.4 { fall } else { z };
        let far = if z.0 < 0.0 { end } else { z };
        marks.push(Mark::new(Role::Estimate, Shape::Line(vec![(-1.0, 0.0), far])));
        if fall.1.abs() <= 1.4 {
            marks.push(Mark::new(Role::A, Shape::Dots(vec![fall], Dot::Full)).named(t("s 落在", "where s falls")));
        }
    }
    marks.push(Mark::new(Role::Estimate, Shape::Dots(vec![z], Dot::Full)).named(t("看的根", "the root")));
    if len.is_multiple_of(2) {
        let hole = Mark::new(Role::E, Shape::Dots(vec![(-1.0, 0.0)], Dot::Hollow)).named(t("洞", "the hole"));
        marks.push(hole.picks("root", vec![(len / 2) as f64]));
    }
    let spoken = match tau {
        Some(tau) => {
            let (re, im, tau) = (short(z.0, 3), short(z.1, 3), short(tau, 4));
            Words::new(format!("z = {re} + ({im})i，s = {tau}i。"), format!("z = {re} + ({im})i, s = {tau}i."))
        }
        None => Words::new("z = −1，没有 s 与它对应：这是洞。", "z = −1, and no s is its place: the hole."),
    };
    let axis = || Axis::linear(-1.5, 1.5);
    Figure { x: axis(), y: axis(), equal: true, marks, spoken, ..Figure::default() }
}

/// V3: the generating function at half of the roots.
pub fn spectrum(state: &State, roads: &Roads) -> Figure {
    let len = state.len();
    let share = |l: usize| l as f64 / len as f64;
    let sizes: Vec<f64> = roads.spectrum.iter().map(|value| value.norm()).collect();
    let most = sizes.iter().copied().fold(1e-12, f64::max);
    let floor = 1e-9 * most;
    let sizes: Vec<f64> = sizes.into_iter().map(|size| size.max(floor)).collect();
    let low = sizes.iter().copied().fold(most, f64::min);
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::X, share(state.root.min(len - state.root))))];
    let mut told = Words::new("还没算到。", "Not there yet.");
    if let (Some(last), Some(here)) = (sizes.last(), sizes.get(state.root.min(len - state.root))) {
        let points = thinned(&sizes, share);
        marks.push(line(Role::Truth, points).named("|K̂|").term("spectrum"));
        marks.push(
            Mark::new(Role::Estimate, Shape::Dots(vec![(share(state.root.min(len - state.root)), *here)], Dot::Full))
                .named(t("看的根", "the root")),
        );
        if len.is_multiple_of(2) {
            marks.push(Mark::new(Role::E, Shape::Dots(vec![(0.5, *last)], Dot::Hollow)).named(t("洞", "the hole")));
        }
        let (count, here) = (sizes.len(), short(*here, 3));
        told = Words::new(
            format!("只算 {len} 个根里的 {count} 个；这里 |K̂| = {here}。"),
            format!("{count} of {len} roots are computed; here |K̂| = {here}."),
        );
    }
    let y = Axis::log(10_f64.powf((low.log10() - 0.2).floor()), 10_f64.powf((most.log10() + 0.1).ceil()));
    Figure { x: Axis::linear(0.0, 0.5), y, marks, spoken: told, ..Figure::default() }
}
