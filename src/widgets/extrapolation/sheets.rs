//! Attention, tax, tests, tiles and tables: the figures of the second half.

use yansuan_math::published_extrapolation::LLAMA2_LOSS;

use super::model::{Row, Solved, Tax, Way, Work, joint_places, own_distances};
use super::state::{Method, State};
use super::views::{accuracy, effective, name};
use crate::contract::figure::{Along, Axis, Bar, Dot, Figure, Mark, Point, Role, Shape, Ticks};
use crate::contract::number::{short, whole};
use crate::contract::table::{Cell, Table, head};
use crate::contract::text::{Text, Words, t};
use yansuan_math::honest_evaluation::last_tokens_protocol;
use yansuan_math::trained_circles::angle_from_zero;

/// Points of a line of weights.
const RANKS: usize = 120;

/// The least weight that is drawn.
const FLOOR: f64 = 1e-8;

/// Points of a curve over all trained distances.
const BLOCKS: usize = 240;

/// Tiles along a side that are drawn.
const SIDE: usize = 256;

/// Weights against their rank, on logarithmic axes.
fn ranks(weights: &[f64]) -> Vec<Point> {
    let last = weights.len() as f64;
    let mut places: Vec<usize> = (0..=RANKS).map(|at| last.powf(at as f64 / RANKS as f64).round() as usize - 1).collect();
    places.dedup();
    places.into_iter().filter_map(|at| weights.get(at).map(|weight| ((at + 1) as f64, weight.max(FLOOR)))).collect()
}

/// The place of the largest weight, the first of several.
pub fn heaviest(weights: &[f64]) -> usize {
    weights.iter().enumerate().fold(0, |best, (at, weight)| if *weight > weights[best] { at } else { best })
}

/// V5: a row of attention.
pub fn row(state: &State, (lambda, row): &(f64, Row)) -> Figure {
    match row {
        Row::Random { plain, scaled, trained, sink } => {
            let mut marks = Vec::new();
            let mut line = |role, row: &[f64], words: Text| marks.push(Mark::new(role, Shape::Line(ranks(row))).named(words));
            if state.n > state.train {
                line(Role::Guide, &trained.weights, t("训练长度时", "at the trained length"));
            }
            line(Role::Truth, &plain.weights, t("不缩放", "not scaled"));
            if (lambda - 1.0).abs() > 1e-12 {
                line(Role::Estimate, &scaled.weights, t("乘以 λ", "times λ"));
            }
            let mass = sink.as_ref().map_or(0.0, |sink| sink.mass);
            let spoken = Words::new(
                format!(
                    "熵 {}，乘以 λ 之后 {}；第一个键占 {}。",
                    short(plain.entropy, 3),
                    short(scaled.entropy, 3),
                    short(mass, 2)
                ),
                format!(
                    "Entropy {}, with λ {}; the first key takes {}.",
                    short(plain.entropy, 3),
                    short(scaled.entropy, 3),
                    short(mass, 2)
                ),
            );
            let n = (plain.weights.len() as f64).max(2.0);
            let all = plain.weights.iter().chain(&scaled.weights).chain(&trained.weights);
            let low = all.fold(1.0_f64, |low, weight| low.min(weight.max(FLOOR)));
            let low = 10_f64.powf(low.log10().floor()).min(0.1);
            Figure { x: Axis::log(1.0, n), y: Axis::log(low, 1.0), marks, spoken, ..Figure::default() }
        }
        Row::Own(rows) => {
            let places = own_distances(state);
            let mut marks = Vec::new();
            for (slot, (method, role, row)) in rows.iter().enumerate() {
                // Side by side, so that none hides another.
                let shift = (slot as f64 - 0.5 * (rows.len() as f64 - 1.0)) * 0.16;
                let bars = row.weights.iter().enumerate().map(|(at, weight)| {
                    let middle = at as f64 + 1.0 + shift;
                    Bar { x: (middle - 0.07, middle + 0.07), y: (0.0, *weight) }
                });
                marks.push(Mark::new(*role, Shape::Bars(bars.collect())).named(name(*method)));
            }
            let heaviest = rows.first().map_or(0, |(_, _, row)| heaviest(&row.weights));
            let distance = whole(places.get(heaviest).copied().unwrap_or_default() as u64);
            let spoken = Words::new(
                format!("第 {} 个键最重，它在 {distance} 个 token 之前。", heaviest + 1),
                format!("Key {} weighs most, {distance} tokens back.", heaviest + 1),
            );
            let count = places.len() as f64;
            Figure { x: Axis::linear(0.5, count + 0.5), y: Axis::linear(0.0, 1.0), marks, spoken, ..Figure::default() }
        }
    }
}

/// V6: what a method costs where nothing had to be changed.
pub fn tax(state: &State, tax: &Tax) -> Figure {
    let last = state.test().saturating_sub(1).max(1) as f64;
    let mut marks = Vec::new();
    if state.scale > 1.0 {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, state.train as f64)));
    }
    let lines = [
        (Role::A, &tax.turn, t("按轮次", "by turn")),
        (Role::B, &tax.stale, t("按位置，旧键", "by position, stale keys")),
        (Role::Truth, &tax.position, t("按位置", "by position")),
        (Role::Estimate, &tax.fixed, t("固定", "fixed")),
    ];
    let mut low: f64 = 0.6;
    for (role, points, words) in lines {
        if !points.is_empty() {
            low = points.iter().map(|point| point.1).fold(low, f64::min);
            marks.push(Mark::new(role, Shape::Line(points.clone())).named(words));
        }
    }
    let (inside, method) = (tax.fixed.first().map_or(1.0, |point| point.1), name(state.focus));
    let mut spoken = Words::new(
        format!("{}：固定的 s 在训练长度之内保真 {}。", method.zh, short(inside, 3)),
        format!("{}: with a fixed s the fidelity within the trained length is {}.", method.en, short(inside, 3)),
    );
    if let Some((at, key)) = &tax.key {
        let (at, beyond, all) = (whole(*at), key.beyond_right_angle, key.errors.len());
        spoken = spoken.then(&Words::new(
            format!("动态 NTK 若先旋转再缓存，位置 {at} 的键到文末有 {beyond} / {all} 对偏了直角以上，最多偏 {} 弧度。", short(key.largest, 4)),
            format!("Under dynamic NTK, cached after rotation, {beyond} of {all} pairs of the key at {at} are more than a right angle off at the end, at most {} radians.", short(key.largest, 4)),
        ));
    }
    let y = Axis::linear((low / 0.2).floor() * 0.2, 1.04);
    Figure { x: Axis::linear(0.0, last), y, marks, spoken, ..Figure::default() }
}

/// V7: what is fed, and what is scored.
pub fn eval(state: &State) -> Figure {
    let (train, test) = (state.train, state.test());
    let contexts: Vec<usize> = (0..4).map(|run| train + (test - train) * run / 3).collect();
    let runs = last_tokens_protocol(test, train, &contexts).unwrap_or_default();
    let (mut fed, mut scored, mut ticks) = (Vec::new(), Vec::new(), Vec::new());
    for (row, (run, context)) in runs.iter().zip(&contexts).enumerate() {
        let y = (row as f64 + 0.2, row as f64 + 0.8);
        fed.push(Bar { x: (run.fed.start as f64, run.fed.end as f64), y });
        scored.push(Bar { x: (run.scored.start as f64, run.scored.end as f64), y });
        ticks.push((row as f64 + 0.5, format!("×{}", short(*context as f64 / train as f64, 3))));
    }
    ticks.dedup_by(|a, b| a.1 == b.1);
    let marks = vec![
        Mark::new(Role::Guide, Shape::Ground(fed)).named(t("喂进去的", "fed")),
        Mark::new(Role::Estimate, Shape::Bars(scored)).named(t("打分的", "scored")),
    ];
    let (context, scored) = (whole(test as u64), whole(train as u64));
    let spoken = Words::new(
        format!("上下文从 {scored} 加到 {context}，打分的始终是最后 {scored} 个 token。"),
        format!("The context grows from {scored} to {context}; always the last {scored} tokens are scored."),
    );
    let rows = LLAMA2_LOSS.iter().map(|(method, losses)| {
        let losses = losses.iter().map(|loss| loss.map_or_else(|| Cell::from("–".to_owned()), Cell::Number));
        std::iter::once(Cell::from((*method).to_owned())).chain(losses).collect()
    });
    let table = Table {
        id: "eval".to_owned(),
        title: t("LLaMA2-13B 在最后 4K 上的损失（9708）", "Loss of LLaMA2-13B on the last 4K (9708)").into(),
        head: head(&[
            t("方法", "method"),
            t("上下文 4096", "context 4096"),
            t("上下文 8192", "context 8192"),
            t("上下文 16384", "context 16384"),
        ]),
        rows: rows.collect(),
    };
    Figure {
        x: Axis::linear(0.0, test as f64),
        y: Axis::linear(0.0, 4.0).downwards().ticks(Ticks::At(ticks)),
        marks,
        spoken,
        data: Some(std::sync::Arc::new(table)),
        ..Figure::default()
    }
}

/// V8: tiles that need two passes.
pub fn tiles(state: &State, solved: &Solved) -> Figure {
    let n = state.test();
    // Of very many tiles a coarser picture; the counts are exact.
    let b = state.tile.max(n.div_ceil(SIDE));
    let w = window(state);
    let side = n.div_ceil(b);
    let (mut once, mut twice) = (Vec::new(), Vec::new());
    for row in 0..side {
        let kind = |column: usize| yansuan_math::window_tiles::tile_kind(row, column, n, w, b);
        let mut from = 0;
        for to in 1..=row + 1 {
            if to == row + 1 || kind(to) != kind(from) {
                let end = |tile: usize| ((tile * b) as f64).min(n as f64);
                let bar = Bar { x: (end(from), end(to)), y: (end(row), end(row + 1)) };
                let list = if kind(from) == yansuan_math::window_tiles::TileKind::Mixed { &mut twice } else { &mut once };
                list.push(bar);
                from = to;
            }
        }
    }
    let length = n as f64;
    let mut marks = vec![
        Mark::new(Role::Guide, Shape::Ground(once)).named(t("一遍", "once")),
        Mark::new(Role::Estimate, Shape::Bars(twice)).named(t("两遍", "twice")),
    ];
    if w < n {
        marks.push(
            Mark::new(Role::Truth, Shape::Line(vec![(0.0, w as f64), (length - w as f64, length)]))
                .named(t("窗口的边缘", "the window's edge")),
        );
    }
    let (mixed, all) = (whole(solved.tiles.mixed), whole(solved.tiles.total()));
    let spoken = Words::new(format!("{all} 块里有 {mixed} 块要算两遍。"), format!("Of {all} tiles {mixed} are computed twice."));
    let axis = || Axis::linear(0.0, length);
    Figure { x: axis(), y: axis().downwards(), equal: true, marks, spoken, ..Figure::default() }
}

/// The window whose edge makes two passes.
pub fn window(state: &State) -> usize {
    if state.focus == Method::SelfExtend { state.near } else { state.w }
}

/// The first distance within the trained length at which `f` is negative.
pub fn first_negative(f: &[f64]) -> Option<usize> {
    f.iter().position(|value| *value < 0.0)
}

/// V9: the sum of cosines.
pub fn base(state: &State, f: &[f64]) -> Figure {
    let size = f.len().div_ceil(BLOCKS).max(1);
    // Of many neighbours the least and the largest.
    let points = f.chunks(size).enumerate().flat_map(|(block, values)| {
        let (low, high) =
            values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
        let x = (block * size) as f64;
        if size == 1 { vec![(x, low)] } else { vec![(x, high), (x, low)] }
    });
    let mut marks =
        vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0)), Mark::new(Role::Estimate, Shape::Line(points.collect()))];
    let first = first_negative(f);
    if let Some(at) = first {
        marks.push(
            Mark::new(Role::Truth, Shape::Dots(vec![(at as f64, 0.0)], Dot::Full))
                .named(t("第一次为负", "negative for the first time")),
        );
    }
    let low = f.iter().copied().fold(0.0, f64::min);
    let top = state.d as f64 / 2.0;
    let spoken = match first {
        Some(at) => Words::new(
            format!("f 在距离 {} 处第一次为负。", whole(at as u64)),
            format!("f is negative for the first time at distance {}.", whole(at as u64)),
        ),
        None => Words::new("f 在训练长度之内都不为负。", "f is negative nowhere within the trained length."),
    };
    Figure {
        x: Axis::linear(0.0, (f.len() as f64 - 1.0).max(1.0)),
        y: Axis::linear(1.1 * low - 0.02 * top, 1.04 * top),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// The joint score.
pub fn joint(state: &State, work: &Work) -> Figure {
    let last = state.test().saturating_sub(1).max(1) as f64;
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 1.0))];
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for (method, role, scores) in work.joint() {
        let places = joint_places(state, *method);
        let points: Vec<Point> = places.iter().zip(scores.scores()).map(|(place, score)| (*place as f64, score.score)).collect();
        if let Some((_, score)) = points.last() {
            zh.push(format!("{} {}", name(*method).zh, short(*score, 2)));
            en.push(format!("{} {}", name(*method).en, short(*score, 2)));
        }
        let shape = if points.len() == 1 { Shape::Dots(points, Dot::Full) } else { Shape::Line(points) };
        marks.push(Mark::new(*role, shape).named(name(*method)));
    }
    let spoken = if zh.is_empty() {
        Words::new("没有选方法。", "No method is chosen.")
    } else {
        Words::new(format!("最远处的联合得分：{}。", zh.join("，")), format!("Joint score farthest out: {}.", en.join(", ")))
    };
    Figure { x: Axis::linear(0.0, last), y: Axis::linear(0.0, 1.04), marks, spoken, ..Figure::default() }
}

/// All methods of the quadrant, with what the posts printed.
pub fn zoo(state: &State, solved: &Solved) -> Table {
    let shown = solved.shown.iter().map(|way| (way.method, way.near_far));
    let rows = shown.chain(solved.others.iter().copied()).map(|(method, near_far)| {
        let printed = accuracy(state, method).map_or_else(|| Cell::from("–".to_owned()), Cell::Number);
        vec![name(method).into(), Cell::Number(near_far.near), Cell::Number(near_far.far), Cell::Number(near_far.reach), printed]
    });
    Table {
        id: "quadrant".to_owned(),
        title: t("近、远与视野", "Near, far, and reach").into(),
        head: head(&[
            t("方法", "method"),
            t("近", "near"),
            t("远", "far"),
            t("看得见的比例", "share seen"),
            t("原文的准确率，%", "accuracy in the posts, %"),
        ]),
        rows: rows.collect(),
    }
}

/// The pairs of the method of the closer look.
pub fn pairs(state: &State, solved: Option<&Solved>) -> Table {
    let row = |solved: &Solved, way: &Way, rho: Option<f64>, i: usize, kept: Option<f64>| {
        let (theta, scaled) = (solved.circles.theta()[i], way.scaled[i]);
        let arc = solved.circles.arcs().nth(i).unwrap_or_default();
        let turns = solved.circles.turns().nth(i).unwrap_or_default();
        let none = || Cell::from("–".to_owned());
        vec![
            Cell::Number(i as f64),
            Cell::Number(theta),
            Cell::Number(scaled),
            Cell::Number(scaled / theta),
            Cell::Number(turns),
            kept.map_or_else(none, Cell::Number),
            Cell::Number(arc),
            rho.map_or_else(none, |rho| Cell::Number(angle_from_zero(rho * scaled))),
            match rho {
                None => t("看不见", "not seen").into(),
                Some(rho) if solved.circles.is_unseen(i, scaled, rho) => t("在弧外", "outside").into(),
                Some(_) => t("见过", "trained").into(),
            },
        ]
    };
    let rows = solved.map(|solved| {
        let way = &solved.focus;
        let kept = state.frequencies(way.method).kept(&solved.circles);
        let rho = effective(state, way.method);
        (0..way.scaled.len()).map(|i| row(solved, way, rho, i, kept.as_ref().map(|kept| kept[i]))).collect()
    });
    Table {
        id: "pairs".to_owned(),
        title: t("每一对", "Pair by pair").into(),
        head: head(&[
            Text::same("i"),
            Text::same("θ"),
            Text::same("θ′"),
            Text::same("θ′/θ"),
            t("圈数 r", "turns r"),
            Text::same("γ"),
            t("训练的弧（弧度）", "trained arc (rad)"),
            t("ρ 处的角（弧度）", "angle at ρ (rad)"),
            t("训练见过吗", "trained?"),
        ]),
        rows: rows.unwrap_or_default(),
    }
}
