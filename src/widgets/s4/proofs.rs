//! The figures of what goes wrong, and of what comes out the same: eigenvectors, powers, convolution against recurrence.

use std::f64::consts::TAU;

use yansuan_math::discretise::Discretisation;
use yansuan_math::spectral_norm::PowerGrowth;

use super::model::{Input, POWERS, Roads, TRIED, Work};
use super::sheets::at_most;
use super::state::State;
use super::text;
use super::views::{around, extremes, line, seen, thinned, until_it_leaves};
use crate::contract::figure::{Along, Anchor, Axis, Bar, Dot, Figure, Mark, Move, Point, Role, Shape};
use crate::contract::number::{raised, short, whole};
use crate::contract::text::{Words, t};

/// Decimal digits of a number of 64 bits: `−log₁₀ 2⁻⁵²`.
const DIGITS: f64 = 15.65;

/// Dots of the recurrence.
const DOTS: usize = 48;

/// `log₁₀ cond V` of the state, interpolated where it was not computed.
pub fn condition_of(work: &Work, d: usize) -> Option<f64> {
    let all = work.conditions();
    let after = all.iter().position(|at| at.0 >= d)?;
    let (right, value) = all[after];
    if right == d {
        return Some(value);
    }
    let (left, before) = all[after.checked_sub(1)?];
    Some(before + (value - before) * (d - left) as f64 / (right - left) as f64)
}

/// V4: how many digits eigenvectors cost.
pub fn condition(state: &State, work: &Work) -> Figure {
    let known = TRIED[TRIED.len() - 1];
    let conditions = work.conditions();
    let is_far = state.d > known;
    let last = if is_far { 128 } else { known };
    let points: Vec<Point> = conditions.iter().filter(|at| at.0 <= last).map(|(d, size)| (*d as f64, *size)).collect();
    let top = if is_far { 100.0 } else { 28.0 };
    let mut marks = vec![
        Mark::new(Role::Never, Shape::Rule(Along::Y, DIGITS)).named(t("64 位浮点数的极限", "the limit of 64-bit numbers")),
        Mark::new(Role::A, Shape::Line(vec![(1.0, 0.0), (last as f64, 0.0)])).named("cond U"),
    ];
    if !points.is_empty() {
        marks.push(line(Role::Truth, points).named("cond V"));
    }
    if let Some(eigen) = work.diagonalised() {
        let height = |error: f64| error.max(1e-17).log10().min(top - 1.0);
        let dots = eigen.errors.iter().map(|(d, error)| (*d as f64, height(*error))).collect();
        marks.push(Mark::new(Role::E, Shape::Dots(dots, Dot::Full)).named(t("核的相对误差", "relative error of the kernel")));
    }
    let lost = condition_of(work, state.d);
    if let Some(lost) = lost {
        marks.push(
            Mark::new(Role::Estimate, Shape::Dots(vec![(state.d as f64, lost)], Dot::Hollow))
                .named(t("现在的 d", "the present d")),
        );
    }
    let told = lost.map_or_else(|| "–".to_owned(), |lost| short(lost.max(0.0), 3));
    let spoken = Words::new(
        format!("d = {} 时，经过特征向量要丢 {told} 位数字；64 位浮点数一共不到 16 位。", state.d),
        format!("At d = {}, eigenvectors cost {told} digits of the not quite 16 that a 64-bit number has.", state.d),
    );
    Figure { x: Axis::linear(0.0, last as f64 + 1.0), y: Axis::powers(-18.0, top), marks, spoken, ..Figure::default() }
}

/// V4: a kernel by eigenvectors, beside the true one.
pub fn eig(state: &State, work: &Work, roads: &Roads) -> Figure {
    let last = (state.len() as f64 - 1.0).max(1.0);
    let truth = roads.recurrence.as_deref().unwrap_or_default();
    let y = around(extremes(truth.iter()));
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    let mut told = Words::new("还没算到。", "Not there yet.");
    if let Some(eigen) = work.diagonalised() {
        let error = magnitude(eigen.error);
        if state.d > TRIED[TRIED.len() - 1] {
            let all = vec![Bar { x: (0.0, last), y: (y.from, y.to) }];
            marks.push(Mark::new(Role::Never, Shape::Bars(all)).named(t("对角化：不是数据", "diagonalised: no data")));
            told = Words::new(
                format!("d > 32，对角化已失败：误差{error}，不画。"),
                format!("Beyond d = 32 diagonalising has failed, with an error of {error}; nothing is drawn."),
            );
        } else {
            let values = thinned(&eigen.kernel.values, |k| k as f64);
            marks.push(line(Role::E, values).named(t("对角化算的", "by diagonalising")));
            told = Words::new(format!("对角化的相对误差{error}。"), format!("The relative error of diagonalising is {error}."));
        }
    }
    if !truth.is_empty() {
        marks.push(line(Role::Truth, thinned(truth, |k| k as f64)).named(t("对的", "right")));
    }
    Figure { x: Axis::linear(0.0, last), y, marks, spoken: told, ..Figure::default() }
}

/// A size by its power of ten: what is left when digits mean nothing.
pub fn magnitude(x: f64) -> String {
    match x {
        _ if x == 0.0 => "0".to_owned(),
        _ if x >= f64::MAX => "∞".to_owned(),
        _ if x < 3e-13 => at_most(x),
        _ => format!("≈ {}", raised(x.log10().round() as i64)),
    }
}

/// V5: the eigenvalues of a step.
pub fn stability(work: &Work) -> Figure {
    let rim = (0..=120).map(|part| TAU * f64::from(part) / 120.0).map(|turn| (turn.cos(), turn.sin())).collect();
    let mut marks = vec![
        Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0)),
        Mark::new(Role::Guide, Shape::Line(rim)).named(t("单位圆", "unit circle")),
    ];
    let (mut outside, mut radius, mut reach) = (0, 0.0, 1.2_f64);
    if let Some(growth) = work.grown() {
        radius = growth.radius();
        outside = growth.eigenvalues.iter().filter(|x| x.abs() > 1.0).count();
        reach = if radius > 1.1 { 3.0 } else { 1.2 };
        let (near, far): (Vec<f64>, Vec<f64>) = growth.eigenvalues.iter().partition(|x| x.abs() <= reach);
        if !near.is_empty() {
            let dots = near.into_iter().map(|x| (x, 0.0)).collect();
            marks.push(Mark::new(Role::Estimate, Shape::Dots(dots, Dot::Full)).named(t("Ā 的特征值", "eigenvalues of Ā")));
        }
        if !far.is_empty() {
            // They are all on the left.
            let end = Shape::Arrow((-0.7 * reach, 0.0), (-reach, 0.0));
            marks.push(Mark::new(Role::Estimate, end).named(t("还有更远的", "more, farther out")));
        }
    }
    let radius = short(radius, 4);
    let spoken = Words::new(
        format!("特征值最大的模是 {radius}，{outside} 个在圆外。"),
        format!("The largest modulus of an eigenvalue is {radius}; {outside} are outside."),
    );
    let axis = || Axis::linear(-reach, reach);
    Figure { x: axis(), y: axis(), equal: true, marks, spoken, ..Figure::default() }
}

/// V5: how the powers grow.
pub fn growth(state: &State, work: &Work) -> Figure {
    let scheme = Discretisation::ALL.iter().position(|other| *other == state.scheme).unwrap_or(0);
    let name = text::SCHEMES[scheme].name;
    let low = 1e-4;
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 1.0))];
    // What has decayed leaves the figure.
    let curve = |growth: &PowerGrowth| -> Vec<Point> {
        let norms = growth.norms().iter().skip(1).map(|(k, norm)| (*k as f64, norm.min(1e300)));
        norms.take_while(|point| point.1 >= low).collect()
    };
    let mut top = 10.0_f64;
    let mut told = Words::new("还没算到。", "Not there yet.");
    if let Some(growth) = work.grown() {
        if let Some(points) = growth.bilinear.as_ref().map(curve).filter(|points| !points.is_empty()) {
            marks.push(line(Role::A, points).named(text::SCHEMES[2].name));
        }
        let points = curve(&growth.own);
        let (k, peak) = growth.own.peak();
        top = points.iter().map(|point| point.1).fold(top, f64::max);
        if !points.is_empty() {
            marks.push(line(Role::Estimate, points).named(name));
        }
        let (k, peak) = (k.to_string(), short(peak, 3));
        told = match growth.own.diverged() {
            Some(at) => Words::new(
                format!("{}：第 {at} 步溢出，发散了。", name.zh),
                format!("{}: overflows by step {at}; it diverges.", name.en),
            ),
            None => Words::new(
                format!("{}：幂的范数最大到 {peak}，在第 {k} 步。", name.zh),
                format!("{}: the norm of the powers gets up to {peak}, at step {k}.", name.en),
            ),
        };
    }
    let y = Axis::log(low, 10_f64.powf((top.log10() + 0.3).ceil().min(305.0)));
    Figure { x: Axis::log(1.0, POWERS as f64), y, marks, spoken: told, ..Figure::default() }
}

/// V6: all at once, and one after another.
pub fn same(state: &State, work: &Work, input: &Input) -> Figure {
    let u = &input.edited;
    let middle = |at: usize| at as f64 + 0.5;
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0)), line(Role::Guide, thinned(u, middle)).named("u")];
    let mut range = extremes(u.iter());
    let mut told = Words::new("还没算到。", "Not there yet.");
    if let Some(same) = work.outputs() {
        let widest = |(low, high): (f64, f64), y: &[f64]| {
            let (least, most) = extremes(y.iter());
            (low.min(least), high.max(most))
        };
        if let Some(before) = &same.before {
            range = widest(range, before);
            marks.push(line(Role::C, thinned(before, middle)).named(t("改之前的 y", "y before the change")));
        }
        if let Some(y) = &same.convolved {
            range = widest(range, y);
            marks.push(
                line(Role::Estimate, thinned(y, middle)).named(t("卷积，一次算完", "convolution, all at once")).term("kernel"),
            );
        }
        let walked = &same.walked[..state.now.min(same.walked.len())];
        // Without a convolution they are on their way to infinity: until they leave the picture.
        let (low, high) = range;
        let kept = if same.convolved.is_some() { walked.len() } else { until_it_leaves(walked, (low, high)) };
        let stride = if kept < walked.len() { 1 } else { u.len().div_ceil(DOTS).max(1) };
        let dots = walked[..kept].iter().enumerate().step_by(stride).map(|(at, y)| (middle(at), seen(*y)));
        let dots: Vec<Point> = dots.filter(|dot| same.convolved.is_some() || (low..=high).contains(&dot.1)).collect();
        if !dots.is_empty() {
            marks.push(Mark::new(Role::A, Shape::Dots(dots, Dot::Full)).named(t("递推，走到 t", "recurrence, up to t")));
        }
        told = match difference(work) {
            Some(gap) => Words::new(
                format!("卷积与递推的相对差{}；递推走到第 {} 个。", at_most(gap), whole(walked.len() as u64)),
                format!(
                    "Convolution and recurrence differ by {}; the recurrence has come to {}.",
                    at_most(gap),
                    whole(walked.len() as u64)
                ),
            ),
            None => Words::new("这个卷积核发散了，没有可比的 y。", "This kernel diverges; there is no y to compare."),
        };
    }
    if let Some(height) = u.get(state.at) {
        let moves = vec![
            Move { key: "at", index: None, along: Along::X, origin: 0.5, gain: 1.0 },
            Move { key: "poke", index: None, along: Along::Y, origin: height - state.poke, gain: 1.0 },
        ];
        let at = (middle(state.at), *height);
        marks.push(Mark::new(Role::Truth, Shape::Handle(at, moves, Words::new("改这个 u", "change this u"))));
        marks.push(Mark::new(Role::Truth, Shape::Label(at, t("改", "change").into(), Anchor::Above)));
    }
    Figure { x: Axis::linear(0.0, u.len() as f64), y: around(range), marks, spoken: told, ..Figure::default() }
}

/// How far convolution and recurrence are apart, as a share of the largest output; `None` where there is nothing to compare.
pub fn difference(work: &Work) -> Option<f64> {
    let same = work.outputs()?;
    let y = same.convolved.as_ref().filter(|y| y.len() == same.walked.len())?;
    Some(super::model::gap(&same.walked, y))
}
