//! The figures: what was computed, as marks.

use yansuan_math::Complex64;
use yansuan_math::density_domain::Domain;
use yansuan_math::fourier_density::FourierDensity;
use yansuan_math::mirrored_roots::{mirror_factor, mirrored_coefficients};

use super::model::{Data, History, SEEDS, Work};
use super::state::{Fold, KERNEL, KNOTS, MIXTURE, NAIVE, Origin, PHASORS, State, TRUTH};
use super::text;
use crate::contract::figure::{
    Along, Anchor, Axis, Caption, Dot, Figure, Grid, Mark, Move, Point, Ramp, Role, Shape, Ticks, round_step,
};
use crate::contract::number::{short, subscript};
use crate::contract::panel::{Panel, View};
use crate::contract::table::{Cell, Table, head};
use crate::contract::text::{Text, Words, t};

/// Points of a curve.
const POINTS: usize = 320;

/// The most data that are drawn.
const RUG: usize = 300;

/// All views, in the order of the panels.
pub fn views(state: &State, work: &Work) -> Vec<View> {
    let Some(density) = &work.density else {
        let blank = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), ..Figure::default() };
        let view = |panel: &Panel| {
            if panel.id == "numbers" { View::Table(table(Vec::new())) } else { View::Figure(blank.clone()) }
        };
        return text::PANELS.iter().map(view).collect();
    };
    vec![
        View::Figure(curve(state, work, density)),
        View::Figure(wave(state, work, density)),
        View::Figure(phasors(state, work, density)),
        View::Figure(roots(state, work)),
        View::Figure(spectrum(density)),
        View::Figure(cdf(state, work, density)),
        View::Figure(toeplitz(work, density)),
        View::Figure(race(work)),
        View::Table(numbers(work, density)),
    ]
}

/// The map from the reader's axis to the interval.
pub fn domain(state: &State, work: &Work) -> Domain {
    match (&work.data, state.fold) {
        (Some(data), _) => data.domain,
        (None, Fold::Wrap) => Domain::Wrap,
        (None, _) => Domain::Interval,
    }
}

/// The place of the cursor on the reader's axis: x₀ is a place of the interval.
pub fn cursor(state: &State, work: &Work) -> f64 {
    domain(state, work).lift(state.x0.clamp(-0.999, 0.999))
}

/// What the horizontal axis shows: the interval, or where the data lie.
fn reach(domain: Domain) -> (f64, f64) {
    match domain {
        Domain::Interval | Domain::Wrap => (-1.0, 1.0),
        Domain::Rescaled { centre, half } => (centre - half, centre + half),
        Domain::RealLine { mu, sigma } => (mu - 3.0 * sigma, mu + 3.0 * sigma),
    }
}

/// Evenly spaced places of a range, without its very ends where a map may be infinite.
fn places(range: (f64, f64)) -> impl Iterator<Item = f64> {
    spaced(range, POINTS)
}

/// Evenly spaced places, so many intervals.
fn spaced((from, to): (f64, f64), count: usize) -> impl Iterator<Item = f64> {
    (0..=count).map(move |at| from + (to - from) * at as f64 / count as f64)
}

/// A height that ends at a whole step, so that an axis does not creep.
fn ceiling(top: f64) -> f64 {
    let step = round_step(top.max(1e-3) / 4.0);
    (top.max(1e-3) / step).ceil() * step
}

/// A range that ends at whole steps.
fn around(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.filter(|x| x.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    if low > high {
        return (0.0, 1.0);
    }
    let step = round_step((high - low).max(1e-3) / 5.0);
    ((low / step).floor() * step, ((high / step).floor() + 1.0) * step)
}

fn thinned(data: &[f64]) -> impl Iterator<Item = f64> {
    data.iter().copied().step_by(data.len().div_ceil(RUG).max(1))
}

/// What is known of the truth at a place of the reader's axis.
fn truth(state: &State, data: Option<&Data>, y: f64) -> Option<f64> {
    match (state.origin, data.and_then(|data| data.drawn.as_ref())) {
        (Origin::Target(target), _) => target.density(y),
        (_, Some(drawn)) => Some(drawn.density(y)),
        _ => None,
    }
}

/// V1: the fitted density, and what it is compared with.
fn curve(state: &State, work: &Work, density: &FourierDensity) -> Figure {
    let data = work.data.as_ref();
    let domain = domain(state, work);
    let range = reach(domain);
    // A wave of the highest degree needs a few places, or its peaks are cut.
    let fit: Vec<Point> =
        spaced(range, POINTS.max(8 * state.degree)).map(|y| (y, domain.ln_density(density, y).exp().min(1e6))).collect();
    let mut top = fit.iter().map(|point| point.1).fold(0.5, f64::max);
    let mut marks = Vec::new();
    let mut low = 0.0_f64;
    let has = |bit: u32| state.curves & bit != 0;
    if has(TRUTH) {
        let line: Vec<Point> = places(range).filter_map(|y| Some((y, truth(state, data, y)?.min(1e6)))).collect();
        if !line.is_empty() {
            top = line.iter().map(|point| point.1).fold(top, f64::max);
            marks.push(Mark::new(Role::Truth, Shape::Line(line)).named(text::TRUTH));
        }
    }
    let jacobian = |y: f64| domain.ln_jacobian(y).exp();
    let inside = |y: f64| domain.place(y);
    if let (true, Some(naive)) = (has(NAIVE), &work.naive) {
        let line: Vec<Point> = places(range).filter_map(|y| Some((y, naive.density(inside(y)?) * jacobian(y)))).collect();
        low = line.iter().map(|point| point.1).fold(low, f64::min);
        top = line.iter().map(|point| point.1).fold(top, f64::max);
        marks.push(Mark::new(Role::C, Shape::Line(line)).named(text::NAIVE));
    }
    if let (true, Some(mixture)) = (has(MIXTURE), &work.mixture) {
        let line = places(range).filter_map(|y| Some((y, (mixture.density(inside(y)?) * jacobian(y)).min(1e6)))).collect();
        marks.push(Mark::new(Role::A, Shape::Line(line)).named(text::MIXTURE));
    }
    if let (true, Some(kernel)) = (has(KERNEL), &work.kernel) {
        let line = places(range).filter_map(|y| Some((y, (kernel.density(inside(y)?) * jacobian(y)).min(1e6)))).collect();
        marks.push(Mark::new(Role::B, Shape::Line(line)).named(text::KERNEL));
    }
    marks.push(Mark::new(Role::Estimate, Shape::Line(fit)).named(t("傅里叶密度", "Fourier density")).term("wave"));
    let limit = density.ceiling();
    let is_bounded = matches!(domain, Domain::Interval | Domain::Wrap);
    let is_drawn = state.origin == Origin::Drawn;
    if is_drawn {
        top = state.heights.iter().copied().fold(top, f64::max);
    }
    if is_bounded && limit <= 1.6 * top {
        top = top.max(limit);
        marks.push(Mark::new(Role::D, Shape::Rule(Along::Y, limit)).named(t("上限 (N+1)/2", "ceiling (N+1)/2")).term("ceiling"));
    }
    let top = ceiling(1.06 * top);
    let floor = if low < 0.0 { -ceiling(-1.05 * low) } else { -0.05 * top };
    if let Some(data) = data.filter(|_| !is_drawn) {
        let rug = thinned(&data.y).filter(|y| (range.0..=range.1).contains(y)).map(|y| (y, 0.5 * floor)).collect();
        marks.insert(0, Mark::new(Role::Guide, Shape::Dots(rug, Dot::Small)).named(t("数据", "data")));
    }
    marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, cursor(state, work))));
    if is_drawn {
        knots(state, &mut marks);
    }
    let spoken = Words::new(
        format!("{} 次傅里叶密度，最高处 {}，上限 {}。", density.degree(), short(peak(density), 3), short(limit, 3)),
        format!(
            "A Fourier density of degree {}, {} at its highest; the ceiling is {}.",
            density.degree(),
            short(peak(density), 3),
            short(limit, 3)
        ),
    );
    Figure { x: Axis::linear(range.0, range.1), y: Axis::linear(floor, top), marks, spoken, ..Figure::default() }
}

/// The greatest value on a grid.
fn peak(density: &FourierDensity) -> f64 {
    density.density_grid(256).into_iter().fold(0.0, f64::max)
}

/// The heights of a drawn density, to be dragged.
fn knots(state: &State, marks: &mut Vec<Mark>) {
    let place = |at: usize| -1.0 + 2.0 * at as f64 / (KNOTS - 1) as f64;
    let line = state.heights.iter().enumerate().map(|(at, height)| (place(at), *height)).collect();
    marks.push(Mark::new(Role::Guide, Shape::Line(line)).named(t("画的（未归一化）", "as drawn, before normalising")));
    for (at, height) in state.heights.iter().enumerate() {
        let x = place(at);
        let own = Move { key: "heights", index: Some(at), along: Along::Y, origin: 0.0, gain: 1.0 };
        let name = Words::same(format!("h{}", subscript(at + 1)));
        marks.push(Mark::new(Role::Truth, Shape::Handle((x, *height), vec![own], name)));
    }
}

/// A square range around points and the origin.
fn square(points: &[Point], least: f64) -> f64 {
    let reach = points.iter().map(|p| p.0.abs().max(p.1.abs())).fold(least, f64::max);
    ceiling(1.05 * reach)
}

/// V2: A(x) in the plane.
fn wave(state: &State, work: &Work, density: &FourierDensity) -> Figure {
    // Up to N turns, each of which must look round.
    let points = 512.max(24 * density.degree()).next_power_of_two();
    let line: Vec<Point> = density.amplitude_grid(points).into_iter().map(|z| (z.re, z.im)).collect();
    let x = domain(state, work).place(cursor(state, work)).unwrap_or(0.0);
    let here = density.amplitude(x);
    let at = (here.re, here.im);
    let reach = square(&line, 0.5);
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::X, 0.0)), Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    let flipped = work.flipped(state);
    if !flipped.is_empty() {
        // The same grid, so that each point is as far from 0 as its partner.
        let other = |(at, z): (usize, &Point)| {
            let z = flip(flipped, -1.0 + 2.0 * at as f64 / points as f64, Complex64::new(z.0, z.1));
            (z.re, z.im)
        };
        let other: Vec<Point> = line.iter().enumerate().map(other).collect();
        marks.push(Mark::new(Role::B, Shape::Line(closed(other))).named(text::FLIPPED));
    }
    marks.push(Mark::new(Role::Estimate, Shape::Line(closed(line))).named("A(x)").term("wave"));
    if !flipped.is_empty() {
        let z = flip(flipped, x, here);
        marks.push(Mark::new(Role::B, Shape::Arrow((0.0, 0.0), (z.re, z.im))));
    }
    marks.push(Mark::new(Role::Truth, Shape::Arrow((0.0, 0.0), at)).named("A(x₀)"));
    marks.push(Mark::new(Role::Truth, Shape::Dots(vec![at], Dot::Hollow)));
    let size = here.norm();
    let spoken = Words::new(
        format!("在 x₀ 处长度为 {}，平方的一半是 {}。", short(size, 3), short(size * size / 2.0, 3)),
        format!("At x₀ its length is {}; half the square is {}.", short(size, 3), short(size * size / 2.0, 3)),
    );
    Figure { x: Axis::linear(-reach, reach), y: Axis::linear(-reach, reach), equal: true, marks, spoken, ..Figure::default() }
}

/// A line that ends where it begins.
fn closed(mut line: Vec<Point>) -> Vec<Point> {
    line.extend(line.first().copied());
    line
}

/// The wave at a place of the interval, once these of its roots are mirrored.
fn flip(mirrored: &[Complex64], x: f64, wave: Complex64) -> Complex64 {
    let z = Complex64::from_polar(1.0, -std::f64::consts::PI * x);
    mirrored.iter().fold(wave, |wave, root| wave * mirror_factor(*root, z))
}

/// The roots of the wave, and their mirror images.
fn roots(state: &State, work: &Work) -> Figure {
    // Mirror images, r and 1/r, are drawn as far from the circle on both sides of it.
    let place = |z: &Complex64| {
        let r = z.norm();
        let shown = Complex64::from_polar(if r > 1.0 { 2.0 - 1.0 / r } else { r }, z.arg());
        (shown.re, shown.im)
    };
    let image = |z: &Complex64| if *z == Complex64::ZERO { None } else { Some(z.conj().inv()) };
    let circle = |radius: f64| {
        (0..=128).map(|at| std::f64::consts::TAU * f64::from(at) / 128.0).map(|a| (radius * a.cos(), radius * a.sin())).collect()
    };
    let mut marks = vec![
        Mark::new(Role::Guide, Shape::Line(circle(1.0))).named("|z| = 1"),
        Mark::new(Role::Never, Shape::Line(circle(2.0))).named("|z| = ∞"),
    ];
    let (flipped, kept) = work.roots.split_at(work.flipped(state).len());
    for root in flipped {
        marks.push(Mark::new(Role::Guide, Shape::Line(vec![place(root), image(root).map_or((0.0, 0.0), |z| place(&z))])));
    }
    let picks = |from: usize, count: usize| (from..from + count).map(|at| (at + 1) as f64).collect();
    if !flipped.is_empty() {
        let before = flipped.iter().map(place).collect();
        marks.push(
            Mark::new(Role::A, Shape::Dots(before, Dot::Hollow))
                .named(t("原来的根", "where it was"))
                .picks("mirrored", picks(0, flipped.len())),
        );
        let after = flipped.iter().filter_map(image).map(|z| place(&z)).collect();
        marks.push(Mark::new(Role::B, Shape::Dots(after, Dot::Full)).named(t("翻转之后", "mirrored")));
    }
    if !kept.is_empty() {
        let dots = Shape::Dots(kept.iter().map(place).collect(), Dot::Full);
        marks.push(Mark::new(Role::A, dots).named(t("A 的根", "roots of A")).picks("mirrored", picks(flipped.len(), kept.len())));
    }
    let (count, inside) = (work.roots.len(), work.roots.iter().filter(|z| z.norm() < 1.0).count());
    let spoken = Words::new(
        format!("{count} 个根，{inside} 个在单位圆内，{} 个翻转了。", flipped.len()),
        format!("{count} roots, {inside} inside the unit circle; {} mirrored.", flipped.len()),
    );
    Figure { x: Axis::linear(-2.1, 2.1), y: Axis::linear(-2.1, 2.1), equal: true, marks, spoken, ..Figure::default() }
}

/// V3: the coefficients as hands.
fn phasors(state: &State, work: &Work, density: &FourierDensity) -> Figure {
    let all: Vec<Point> = if state.is_by_hand {
        (0..PHASORS).map(|k| (state.hand[2 * k], state.hand[2 * k + 1])).collect()
    } else {
        density.amplitudes().iter().map(|z| (z.re, z.im)).collect()
    };
    let flipped = work.flipped(state);
    let others: Vec<Point> = if flipped.is_empty() {
        Vec::new()
    } else {
        let a: Vec<Complex64> = all.iter().map(|a| Complex64::new(a.0, a.1)).collect();
        mirrored_coefficients(&a, flipped).into_iter().map(|b| (b.re, b.im)).collect()
    };
    let reach = square(&all, square(&others, 0.5) / 1.05);
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::X, 0.0)), Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    if !others.is_empty() {
        marks.push(Mark::new(Role::B, Shape::Dots(others, Dot::Hollow)).named(text::FLIPPED_COEFFICIENTS));
    }
    for at in &all {
        marks.push(Mark::new(Role::A, Shape::Line(vec![(0.0, 0.0), *at])));
    }
    let dots = Mark::new(Role::A, Shape::Dots(all.clone(), Dot::Full)).named("aₖ");
    let picks = (0..all.len()).map(|k| k as f64).collect();
    marks.push(if state.is_by_hand { dots.picks("phasor", picks) } else { dots });
    if state.is_by_hand {
        let k = state.phasor;
        let along = |index: usize, along: Along| Move { key: "hand", index: Some(2 * k + index), along, origin: 0.0, gain: 1.0 };
        let name = Words::same(format!("a{}", subscript(k)));
        marks.push(Mark::new(Role::Estimate, Shape::Handle(all[k], vec![along(0, Along::X), along(1, Along::Y)], name)));
        marks.push(Mark::new(Role::Estimate, Shape::Label(all[k], format!("a{}", subscript(k)).into(), Anchor::Start)));
    }
    let strongest =
        all.iter().enumerate().max_by(|a, b| a.1.0.hypot(a.1.1).total_cmp(&b.1.0.hypot(b.1.1))).map_or(0, |best| best.0);
    let spoken = Words::new(
        format!("{} 个系数，最长的是 a{}。", all.len(), subscript(strongest)),
        format!("{} coefficients; the longest is a{}.", all.len(), subscript(strongest)),
    );
    Figure { x: Axis::linear(-reach, reach), y: Axis::linear(-reach, reach), equal: true, marks, spoken, ..Figure::default() }
}

/// V3: how strong each frequency is.
fn spectrum(density: &FourierDensity) -> Figure {
    let sizes: Vec<f64> = density.series().coefficients().iter().map(|c| c.norm()).collect();
    let points: Vec<Point> = sizes.iter().enumerate().map(|(n, size)| (n as f64, *size)).collect();
    let marks = vec![
        Mark::new(Role::Estimate, Shape::Stems(points.clone(), 0.0)),
        Mark::new(Role::Estimate, Shape::Dots(points, if sizes.len() > 40 { Dot::Small } else { Dot::Full })).named("|cₙ/c₀|"),
    ];
    let half = sizes.iter().rposition(|size| *size > 0.1).unwrap_or(0);
    let spoken = Words::new(
        format!("{} 个频率，超过十分之一的最高到 n = {half}。", sizes.len()),
        format!("{} frequencies; above a tenth up to n = {half}.", sizes.len()),
    );
    let last = (sizes.len() - 1).max(1) as f64;
    Figure { x: Axis::linear(-0.5, last + 0.5), y: Axis::linear(0.0, 1.05), marks, spoken, ..Figure::default() }
}

/// V4: the distribution function, and a dart.
fn cdf(state: &State, work: &Work, density: &FourierDensity) -> Figure {
    let domain = domain(state, work);
    let range = reach(domain);
    let mut marks = Vec::new();
    if let Some(data) = work.data.as_ref().filter(|data| data.drawn.is_none()) {
        let mut sorted: Vec<f64> = thinned(&data.y).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let steps = sorted.iter().enumerate().flat_map(|(at, y)| [(*y, at as f64 / n), (*y, (at + 1) as f64 / n)]).collect();
        marks.push(Mark::new(Role::Truth, Shape::Line(steps)).named(t("数据的阶梯", "steps of the data")));
    }
    // Wrapped, both ends of the axis are one place, where Φ is 0 and 1.
    let flat = if domain == Domain::Wrap { Domain::Interval } else { domain };
    let line: Vec<Point> = places(range).map(|y| (y, flat.cdf(density, y))).collect();
    marks.push(Mark::new(Role::Estimate, Shape::Line(line)).named("Φ"));
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    if state.is_as_printed && matches!(domain, Domain::Interval | Domain::Wrap) {
        let printed = |part: fn(num: yansuan_math::Complex64) -> f64| -> Vec<Point> {
            places(range).map(|y| (y, part(density.series().cdf_as_printed(y)))).collect()
        };
        for (role, name, line) in [
            (Role::B, t("所印的，实部", "as printed, real part"), printed(|z| z.re)),
            (Role::C, t("所印的，虚部", "as printed, imaginary part"), printed(|z| z.im)),
        ] {
            let extremes = line.iter().fold((low, high), |(l, h), point| (l.min(point.1), h.max(point.1)));
            (low, high) = extremes;
            marks.push(Mark::new(role, Shape::Line(line)).named(name));
        }
    }
    let landed = domain.quantile(density, state.u).map_or(range.0, |y| y.clamp(range.0, range.1));
    marks.push(Mark::new(Role::D, Shape::Arrow((range.0, state.u), (landed, state.u))).named(t("飞镖", "the dart")));
    marks.push(Mark::new(Role::D, Shape::Arrow((landed, state.u), (landed, 0.0))));
    marks.push(Mark::new(Role::D, Shape::Dots(vec![(landed, 0.0)], Dot::Full)));
    let spoken = Words::new(
        format!("u = {} 落在 x = {}。", short(state.u, 3), short(landed, 4)),
        format!("u = {} lands at x = {}.", short(state.u, 3), short(landed, 4)),
    );
    let low = if low < 0.0 { -ceiling(-1.05 * low) } else { 0.0 };
    let high = if high > 1.0 { ceiling(1.05 * high) } else { 1.0 };
    Figure { x: Axis::linear(range.0, range.1), y: Axis::linear(low, high), marks, spoken, ..Figure::default() }
}

/// V5: where every run stood after so many iterations.
fn race(work: &Work) -> Figure {
    let roles = [Role::Estimate, Role::E, Role::A, Role::B];
    let finals = |runner: usize| {
        let own = work.race.iter().skip(runner * SEEDS as usize).take(SEEDS as usize);
        own.filter_map(|history: &History| history.last().map(|point| point.1)).collect::<Vec<f64>>()
    };
    let mut marks = Vec::new();
    let ends: Vec<f64> = (0..roles.len()).flat_map(&finals).collect();
    let (best, worst) = ends.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
    // The ends fill the figure: where runs come from matters less than where they stop.
    let room = (0.5 * (worst - best)).max(0.05);
    let (low, high) = around([best - 0.2 * room, worst + room, work.floor.map_or(best, |floor| floor.0)].into_iter());
    if let Some((floor, _)) = work.floor {
        let band = vec![(1.0, low, floor), (101.0, low, floor)];
        marks.push(Mark::new(Role::D, Shape::Band(band)).named(t("证书：这个次数到不了", "certificate: beyond this degree")));
    }
    let mut spreads = Vec::new();
    for (runner, role) in roles.into_iter().enumerate() {
        let own = work.race.iter().skip(runner * SEEDS as usize).take(SEEDS as usize);
        for (at, history) in own.enumerate() {
            let mark = Mark::new(role, Shape::Line(history.clone()));
            marks.push(if at == 0 { mark.named(text::RUNNERS[runner]) } else { mark });
        }
        let ends = finals(runner);
        if !ends.is_empty() {
            let (least, most) = ends.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
            spreads.push((text::RUNNERS[runner], short(most - least, 2)));
        }
    }
    let tell = |lang: fn(Text) -> &'static str| {
        spreads.iter().map(|(name, spread)| format!("{} {spread}", lang(*name))).collect::<Vec<_>>()
    };
    let spoken = Words::new(
        format!("终点的散布：{}。", tell(|text| text.zh).join("，")),
        format!("Spread of the ends: {}.", tell(|text| text.en).join(", ")),
    );
    Figure { x: Axis::log(1.0, 101.0), y: Axis::linear(low, high), marks, spoken, ..Figure::default() }
}

/// V6: the Toeplitz matrix.
fn toeplitz(work: &Work, density: &FourierDensity) -> Figure {
    let size = density.degree() + 1;
    let values = density.series().toeplitz(size).into_iter().map(|c| c.re as f32).collect();
    let side = size as f64;
    let grid = Grid {
        columns: size,
        rows: size,
        values,
        x: (0.0, side),
        y: (0.0, side),
        ramp: Ramp::Diverging(1.0),
        name: Caption::from("Re c"),
    };
    let stride = size.div_ceil(8).max(1);
    let ticks = || Ticks::At((0..size).step_by(stride).map(|at| (at as f64 + 0.5, format!("c{}", subscript(at)))).collect());
    let least = work.least;
    let spoken = Words::new(
        format!("{size} × {size} 的矩阵，最小特征值 {}。", short(least, 3)),
        format!("A matrix of {size} by {size}; its least eigenvalue is {}.", short(least, 3)),
    );
    let x = Axis::linear(0.0, side).ticks(ticks());
    let y = Axis::linear(0.0, side).ticks(ticks()).downwards();
    Figure { x, y, equal: true, marks: vec![Mark::new(Role::Truth, Shape::Heat(grid))], spoken, ..Figure::default() }
}

/// The table of these rows.
fn table(rows: Vec<Vec<Cell>>) -> Table {
    let head = head(&[t("量", "quantity"), t("值", "value")]);
    Table { id: "numbers".to_owned(), title: t("这一刻的数", "The numbers of the moment").into(), head, rows }
}

/// V6: moments, roughness, likelihoods.
fn numbers(work: &Work, density: &FourierDensity) -> Table {
    let series = density.series();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut row = |name: Text, value: f64| {
        if value.is_finite() {
            rows.push(vec![Cell::from(name), Cell::Number(value)]);
        }
    };
    row(t("均值（区间上）", "mean (on the interval)"), series.mean());
    row(t("二阶矩（区间上）", "second moment (on the interval)"), series.second_moment());
    row(t("粗糙度 ∫|p′|²", "roughness ∫|p′|²"), series.roughness());
    row(t("峰的个数", "number of peaks"), series.modes().len() as f64);
    row(t("最小特征值", "least eigenvalue"), work.least);
    if let Some(data) = &work.data {
        row(t("平均负对数似然（区间上）", "mean negative log-likelihood (on the interval)"), nll(work, data, density));
        let [mixture, kernels] = work.others;
        row(t("高斯混合的", "that of the mixture"), mixture);
        row(t("核密度估计的", "that of the kernels"), kernels);
    }
    table(rows)
}

/// The mean negative log-likelihood of the data on the interval; infinite where the density is 0 at a datum.
pub fn nll(work: &Work, data: &Data, density: &FourierDensity) -> f64 {
    work.stand.map_or_else(|| data.sample.average(|x| -density.ln_density(x)), |stand| stand.nll)
}
