//! The figures of one head: the triangle, the tape, the state, and the proofs.

use yansuan_math::attention_state::{State as Sums, overflow_score};
use yansuan_math::log_sum_exp::log_sum_exp;
use yansuan_math::rounding::Format;
use yansuan_math::tape::Read;

use super::model::{Solved, Work};
use super::state::{FORMATS, HANDS, POLICIES, State};
use super::{cost, ledger, text};
use crate::contract::figure::{
    Along, Anchor, Axis, AxisScale, Bar, Caption, Dot, Figure, Grid, Mark, Move, Point, Ramp, Role, Shape, Ticks, round_step,
};
use crate::contract::number::{short, subscript};
use crate::contract::panel::View;
use crate::contract::text::{Text, Words, t};

/// More tokens than these are not joined by lines on the tape.
const JOINED: usize = 12;

/// More tokens than these have no names beside their dots, which would lie on each other.
const LABELLED: usize = 6;

/// All views, in the order of the panels.
pub fn views(state: &State, work: &Work) -> Vec<View> {
    let Some(solved) = &work.solved else {
        let blank = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), ..Figure::default() };
        let tables = ["tiles", "exact", "states"];
        return text::PANELS
            .iter()
            .map(|panel| {
                let is_table = tables.contains(&panel.id);
                if is_table { View::Table(ledger::empty(panel)) } else { View::Figure(blank.clone()) }
            })
            .collect();
    };
    vec![
        View::Figure(triangle(state, solved)),
        View::Figure(tape(state, solved)),
        View::Figure(card(state, solved)),
        View::Figure(running(state, solved)),
        View::Figure(values(state, solved)),
        View::Figure(vectors(state, solved)),
        View::Figure(proof(solved)),
        View::Table(ledger::tiles(state, solved)),
        View::Figure(overflow(state, solved)),
        View::Figure(cost::price(state)),
        View::Figure(cost::memory(state)),
        View::Figure(cost::plane(state)),
        View::Table(ledger::exact(state)),
        View::Figure(cost::stack(state, work.theatre.as_ref())),
        View::Figure(cost::counters(state, work.theatre.as_ref())),
        View::Figure(cost::disk(state)),
        View::Figure(compare(state, solved)),
        View::Figure(kept(state, solved)),
        View::Table(ledger::states(state, solved)),
    ]
}

/// A number that a figure can show, however large it is.
fn seen(value: f64) -> f64 {
    value.clamp(-1e9, 1e9)
}

/// A range around numbers that ends at whole steps.
fn around(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.map(seen).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    if low > high {
        return (-1.0, 1.0);
    }
    let step = round_step((high - low).max(0.5) / 5.0);
    (((low / step).floor() - 0.5) * step, ((high / step).ceil() + 0.5) * step)
}

/// Ticks such as `k₁ … kₙ`, thinned to at most eight; the first at `from`.
pub fn names(symbol: &str, n: usize, from: f64) -> Ticks {
    let stride = n.div_ceil(8).max(1);
    Ticks::At((0..n).step_by(stride).map(|at| (at as f64 + from, format!("{symbol}{}", subscript(at + 1)))).collect())
}

fn cell(column: usize, row: usize) -> Bar {
    Bar { x: (column as f64, column as f64 + 1.0), y: (row as f64, row as f64 + 1.0) }
}

/// What is being read, in words.
fn reading(state: &State, solved: &Solved) -> Words {
    match (solved.read, solved.now(state)) {
        (Some(read), Some(step)) => {
            let (i, t, key, score) = (read.i, read.t, step.key + 1, short(step.score, 4));
            Words::new(
                format!("第 {i} 行第 {t} 步，查询 {i} 读键 {key}，分数 {score}。"),
                format!("Row {i}, step {t}: query {i} reads key {key}, score {score}."),
            )
        }
        _ => Words::new("还没有读。", "Nothing has been read yet."),
    }
}

/// V1: queries against keys.
fn triangle(state: &State, solved: &Solved) -> Figure {
    let attention = &solved.attention;
    let n = attention.len();
    let mut weights = vec![0.0_f32; n * n];
    let mut cells = Vec::new();
    let mut steps = Vec::new();
    for row in 0..n {
        let start = (row * (row + 1) / 2) as u64;
        let order = state.order().keys(row);
        let read = usize::try_from(state.step.saturating_sub(start)).unwrap_or(0).min(row + 1);
        let scores: Vec<f64> = order[..read].iter().map(|key| attention.scores(row)[*key]).collect();
        let total = log_sum_exp(&scores).unwrap_or(0.0);
        for (at, key) in order.into_iter().enumerate() {
            let score = attention.scores(row)[key];
            if at < read {
                weights[row * n + key] = (score - total).exp() as f32;
            }
            let told = format!("q{} · k{} = {}", subscript(row + 1), subscript(key + 1), short(score, 4));
            cells.push((cell(key, row), Caption::Symbol(told)));
            steps.push((start + at as u64 + 1) as f64);
        }
    }
    let grid = Grid {
        columns: n,
        rows: n,
        values: weights,
        x: (0.0, n as f64),
        y: (0.0, n as f64),
        ramp: Ramp::Sequential(0.0, 1.0),
        name: t("权重", "weight").into(),
    };
    let mut marks =
        vec![Mark::new(Role::Truth, Shape::Heat(grid)), Mark::new(Role::Guide, Shape::Cells(cells)).picks("s", steps)];
    if let (Some(read), Some(step)) = (solved.read, solved.now(state)) {
        let here = vec![(cell(step.key, read.i as usize - 1), Caption::Symbol(format!("s = {}", state.step)))];
        marks.push(Mark::new(Role::Estimate, Shape::Cells(here)));
    }
    let size = n.max(1) as f64;
    Figure {
        x: Axis::linear(0.0, size).ticks(names("k", n, 0.5)),
        y: Axis::linear(0.0, size).ticks(names("q", n, 0.5)).downwards(),
        marks,
        spoken: reading(state, solved),
        ..Figure::default()
    }
}

/// V1: the same, unrolled.
fn tape(state: &State, solved: &Solved) -> Figure {
    let n = solved.attention.len();
    let length = solved.trace.len();
    let mut marks = Vec::new();
    if let Some(read) = solved.read {
        let end = read.i * (read.i + 1) / 2;
        let bar = Bar { x: ((end - read.i) as f64 + 0.5, end as f64 + 0.5), y: (0.4, n as f64 + 0.6) };
        marks.push(Mark::new(Role::Guide, Shape::Ground(vec![bar])));
    }
    // Of many rows the first would stand line by line.
    for row in (1..n).filter(|_| n <= 16) {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, (row * (row + 1) / 2) as f64 + 0.5)));
    }
    let point = |at: usize| (at as f64 + 1.0, solved.trace[at].key as f64 + 1.0);
    if n <= JOINED {
        for row in 0..n {
            let start = row * (row + 1) / 2;
            let line = (start..=start + row).map(point).collect();
            marks.push(Mark::new(Role::Guide, Shape::Line(line)));
        }
    }
    let done = (state.step as usize).min(length);
    let size = if n <= JOINED { Dot::Full } else { Dot::Small };
    let parts =
        [(0..done, Role::Truth, t("读过", "read"), size), (done..length, Role::Guide, t("还没读", "still to come"), Dot::Small)];
    for (range, role, name, dot) in parts {
        if !range.is_empty() {
            let steps = range.clone().map(|at| at as f64 + 1.0).collect();
            marks.push(Mark::new(role, Shape::Dots(range.map(point).collect(), dot)).named(name).picks("s", steps));
        }
    }
    if let Some(at) = done.checked_sub(1) {
        marks.push(Mark::new(Role::Estimate, Shape::Dots(vec![point(at)], Dot::Hollow)).named(t("正在读", "being read")));
    }
    let spoken = Words::new(
        format!("磁带共 {length} 步，读到第 {done} 步。"),
        format!("The tape has {length} steps; {done} have been read."),
    );
    Figure {
        x: Axis::linear(0.0, length.max(1) as f64 + 1.0),
        y: Axis::linear(0.4, n.max(1) as f64 + 0.6).ticks(names("k", n, 1.0)).downwards(),
        marks,
        spoken: spoken.then(&reading(state, solved)),
        data: Some(solved.steps.clone()),
        ..Figure::default()
    }
}

/// The numbers of a state with their names: z, then y.
pub fn parts(sums: &Sums) -> Vec<(String, f64)> {
    let mut all = vec![("z".to_owned(), sums.z())];
    all.extend(sums.y().iter().enumerate().map(|(at, y)| (format!("y{}", subscript(at + 1)), *y)));
    all
}

/// V2: z and y as bars.
fn card(state: &State, solved: &Solved) -> Figure {
    let now = solved.now(state).map(|step| parts(&step.state)).unwrap_or_default();
    let d = solved.attention.width();
    let largest = now.iter().map(|part| part.1.abs()).filter(|size| size.is_finite()).fold(0.0, f64::max);
    let ticks = (0..=d).map(|at| (at as f64, if at == 0 { "z".to_owned() } else { format!("y{}", subscript(at)) })).collect();
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0))];
    for (role, range) in [(Role::Truth, 0..1), (Role::Estimate, 1..d + 1)] {
        let mut bars = Vec::new();
        for (at, (_, value)) in now.iter().enumerate().filter(|(at, _)| range.contains(at)) {
            let x = (at as f64 - 0.32, at as f64 + 0.32);
            if value.is_finite() {
                let part = if largest > 0.0 { value / largest } else { 0.0 };
                bars.push(Bar { x, y: (part.min(0.0), part.max(0.0)) });
            } else {
                let y = if *value < 0.0 { (-1.0, 0.0) } else { (0.0, 1.0) };
                marks.push(Mark::new(Role::Never, Shape::Bars(vec![Bar { x, y }])));
                let word = if value.is_nan() { "–" } else { "∞" };
                marks.push(Mark::new(Role::Estimate, Shape::Label((at as f64, 1.0), word.into(), Anchor::Above)));
            }
        }
        marks.push(Mark::new(role, Shape::Bars(bars)));
    }
    let listed = now.iter().map(|(name, value)| format!("{name} {}", short(*value, 4))).collect::<Vec<_>>().join(", ");
    let spoken = if now.is_empty() {
        Words::new("状态是空的。", "The state is empty.")
    } else {
        Words::new(format!("现在的状态：{listed}。"), format!("The state now: {listed}."))
    };
    Figure {
        x: Axis::linear(-0.6, d as f64 + 0.6).ticks(Ticks::At(ticks)),
        y: Axis::linear(-1.05, 1.3).ticks(Ticks::At([-1.0, 0.0, 1.0].map(|at| (at, short(at, 2))).to_vec())),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// The first two coordinates of a vector.
fn pair(vector: &[f64]) -> Point {
    let at = |slot: usize| seen(vector.get(slot).copied().unwrap_or(0.0));
    (at(0), at(1))
}

/// The outputs of the present row so far; where the state was destroyed there is none.
fn outputs(state: &State, solved: &Solved) -> Vec<Option<Vec<f64>>> {
    solved.steps_of_row(state).iter().map(|step| step.state.output().filter(|o| o.iter().all(|x| x.is_finite()))).collect()
}

/// V2: o = y/z, key by key.
fn running(state: &State, solved: &Solved) -> Figure {
    let row = solved.row();
    let truth = solved.output(row);
    let outputs = outputs(state, solved);
    let shown = truth.len().min(2);
    let mut marks = Vec::new();
    for (at, role) in [Role::Estimate, Role::A].into_iter().enumerate().take(shown) {
        let line: Vec<Point> =
            (outputs.iter().enumerate()).filter_map(|(step, o)| Some((step as f64 + 1.0, seen(*o.as_ref()?.get(at)?)))).collect();
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::Y, seen(truth[at]))));
        marks.push(Mark::new(role, Shape::Dots(line.clone(), Dot::Full)));
        marks.push(Mark::new(role, Shape::Line(line)).named(format!("o{}", subscript(at + 1))).term("output"));
    }
    // The whole row counts, so that the axis stays while the row is read.
    let start = row * (row + 1) / 2;
    let whole = solved.trace.get(start..=start + row).unwrap_or_default().iter().filter_map(|step| step.state.output());
    let whole: Vec<f64> = whole.flat_map(|o| o.into_iter().take(2)).filter(|x| x.is_finite()).collect();
    let y = around(whole.into_iter().chain(truth.iter().take(2).copied()));
    let gap =
        outputs.last().and_then(Option::as_ref).map(|o| o.iter().zip(truth).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max));
    let said = gap.map_or_else(|| "–".to_owned(), |gap| short(gap, 3));
    let spoken = Words::new(
        format!("第 {} 行读了 {} 个键，o 离真值还差 {said}。", row + 1, outputs.len()),
        format!("Row {}: {} keys read, o is {said} from the truth.", row + 1, outputs.len()),
    );
    Figure { x: Axis::linear(0.5, (row as f64 + 1.5).max(2.5)), y: Axis::linear(y.0, y.1), marks, spoken, ..Figure::default() }
}

/// The corners of the convex hull, anticlockwise and closed. By Andrew's monotone chain.
fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let turn = |a: Point, b: Point, c: Point| (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while chain.len() > 1 && turn(chain[chain.len() - 2], chain[chain.len() - 1], point) <= 0.0 {
                chain.pop();
            }
            chain.push(point);
        }
        chain
    };
    let mut lower = half(&mut sorted.iter().copied());
    let upper = half(&mut sorted.iter().rev().copied());
    lower.pop();
    lower.extend(upper);
    lower
}

/// A handle on the first coordinates of a token's vector.
fn handle(key: &'static str, token: usize, at: Point, d: usize, name: String) -> Shape {
    let along = |index: usize, along: Along| Move { key, index: Some(HANDS * token + index), along, origin: 0.0, gain: 1.0 };
    let moves = if d > 1 { vec![along(0, Along::X), along(1, Along::Y)] } else { vec![along(0, Along::X)] };
    Shape::Handle(at, moves, Words::same(name))
}

/// The key that is being read; before the first read the first.
fn reading_key(state: &State, solved: &Solved) -> usize {
    solved.now(state).map_or(0, |step| step.key)
}

/// Dots of the vectors of all tokens: those that the row can read, where a click goes to the step that reads it, and those still to come.
fn cloud(state: &State, solved: &Solved, points: &[Point], symbol: &str, names: [Text; 2]) -> Vec<Mark> {
    let (n, row) = (points.len(), solved.row());
    let order = state.order().keys(row);
    let step = |key: usize| (row * (row + 1) / 2 + order.iter().position(|other| *other == key).unwrap_or(0) + 1) as f64;
    let mut marks = Vec::new();
    for (role, range, name) in [(Role::Truth, 0..(row + 1).min(n), names[0]), (Role::Guide, (row + 1).min(n)..n, names[1])] {
        if range.is_empty() {
            continue;
        }
        let dots = Mark::new(role, Shape::Dots(points[range.clone()].to_vec(), Dot::Full)).named(name);
        marks.push(if role == Role::Truth { dots.picks("s", range.clone().map(step).collect()) } else { dots });
        for j in range.filter(|_| n <= LABELLED) {
            marks.push(Mark::new(role, Shape::Label(points[j], format!("{symbol}{}", subscript(j + 1)).into(), Anchor::Start)));
        }
    }
    marks
}

/// A square range around points.
fn square(points: impl Iterator<Item = Point> + Clone) -> (f64, f64) {
    around(points.clone().map(|p| p.0).chain(points.map(|p| p.1)))
}

/// V3: the values, and the way of the output among them.
fn values(state: &State, solved: &Solved) -> Figure {
    let (n, d, row) = (solved.attention.len(), solved.attention.width(), solved.row());
    let all: Vec<Point> = (0..n).map(|j| pair(solved.attention.value(j))).collect();
    let mut marks = vec![Mark::new(Role::Guide, Shape::Line(hull(&all[..(row + 1).min(n)]))).named(t("凸包", "hull"))];
    let way: Vec<Point> = outputs(state, solved).iter().flatten().map(|o| pair(o)).collect();
    if let Some(last) = way.last().copied() {
        marks.push(Mark::new(Role::Estimate, Shape::Line(way.clone())));
        marks.push(Mark::new(Role::Estimate, Shape::Dots(way, Dot::Small)));
        marks.push(Mark::new(Role::Estimate, Shape::Dots(vec![last], Dot::Full)).named("o = y/z").term("output"));
    }
    marks.push(Mark::new(Role::D, Shape::Dots(vec![pair(solved.output(row))], Dot::Hollow)).named(t("真值", "truth")));
    marks.extend(cloud(state, solved, &all, "v", [t("读得到的值", "values within reach"), t("还在后面", "later")]));
    let held = reading_key(state, solved);
    if let Some(at) = all.get(held) {
        marks.push(Mark::new(Role::Truth, handle("values", held, *at, d, format!("v{}", subscript(held + 1)))));
    }
    let (low, high) = square(all.iter().copied());
    let o = pair(solved.output(row));
    let spoken = Words::new(
        format!("第 {} 行的输出在 ({}, {})。", row + 1, short(o.0, 3), short(o.1, 3)),
        format!("The output of row {} is at ({}, {}).", row + 1, short(o.0, 3), short(o.1, 3)),
    );
    Figure { x: Axis::linear(low, high), y: Axis::linear(low, high), equal: true, marks, spoken, ..Figure::default() }
}

/// V3: the present query and the keys.
fn vectors(state: &State, solved: &Solved) -> Figure {
    let (n, d, row) = (solved.attention.len(), solved.attention.width(), solved.row());
    let [q, k, _] = &solved.vectors;
    let at = |matrix: &[f64], token: usize| pair(matrix.get(token * d..(token + 1) * d).unwrap_or_default());
    let keys: Vec<Point> = (0..n).map(|j| at(k, j)).collect();
    let query = at(q, row);
    let mut marks = vec![
        Mark::new(Role::Guide, Shape::Rule(Along::X, 0.0)),
        Mark::new(Role::Guide, Shape::Rule(Along::Y, 0.0)),
        Mark::new(Role::Estimate, Shape::Arrow((0.0, 0.0), query)).named(format!("q{}", subscript(row + 1))),
    ];
    if let Some(key) = keys.get(reading_key(state, solved)) {
        marks.push(Mark::new(Role::A, Shape::Arrow((0.0, 0.0), *key)).named(t("正在读的键", "key being read")));
    }
    marks.extend(cloud(state, solved, &keys, "k", [t("读得到的键", "keys within reach"), t("还在后面", "later")]));
    let (low, high) = square(keys.iter().copied().chain([query, (0.0, 0.0)]));
    let held = reading_key(state, solved);
    // Two handles that touch are in each other's way; and the needle's key follows the last query, not a hand.
    let is_apart = |key: Point| (key.0 - query.0).hypot(key.1 - query.1) > 0.2 * (high - low);
    if let Some(key) = keys.get(held).copied().filter(|key| is_apart(*key) && held + 1 != state.needle) {
        marks.push(Mark::new(Role::Truth, handle("keys", held, key, d, format!("k{}", subscript(held + 1)))));
    }
    marks.push(Mark::new(Role::Estimate, handle("queries", row, query, d, format!("q{}", subscript(row + 1)))));
    let spoken = Words::new(
        format!("查询 {} 在 ({}, {})。", row + 1, short(query.0, 3), short(query.1, 3)),
        format!("Query {} is at ({}, {}).", row + 1, short(query.0, 3), short(query.1, 3)),
    );
    Figure { x: Axis::linear(low, high), y: Axis::linear(low, high), equal: true, marks, spoken, ..Figure::default() }
}

/// V3: how far each way of reading is from masked softmax.
fn proof(solved: &Solved) -> Figure {
    const FLOOR: f64 = 1e-18;
    const CEILING: f64 = 1e2;
    let n = solved.attention.len();
    let ways = [text::ORDERS[0].name, text::ORDERS[1].name, text::ORDERS[2].name, t("两个一段，再合并", "tiles of two, merged")];
    let looks = [(Role::Estimate, Dot::Full), (Role::A, Dot::Hollow), (Role::B, Dot::Full), (Role::D, Dot::Hollow)];
    let mut marks = vec![
        Mark::new(Role::Guide, Shape::Rule(Along::Y, 1e-12)),
        Mark::new(Role::Guide, Shape::Label((0.55, 1e-12), "10⁻¹²".into(), Anchor::Start)),
    ];
    let mut worst = 0.0_f64;
    for (at, (errors, (name, (role, dot)))) in solved.proofs.iter().zip(ways.into_iter().zip(looks)).enumerate() {
        let shift = 0.18 * (at as f64 - 1.5);
        let points =
            errors.iter().enumerate().map(|(row, error)| (row as f64 + 1.0 + shift, error.clamp(FLOOR, CEILING))).collect();
        marks.push(Mark::new(role, Shape::Dots(points, dot)).named(name));
        worst = errors.iter().copied().fold(worst, f64::max);
    }
    let said = short(worst, 3);
    let spoken = Words::new(
        format!("{n} 行、四种读法，与带掩码的 softmax 最多差 {said}。"),
        format!("{n} rows read in four ways differ from masked softmax by at most {said}."),
    );
    Figure {
        x: Axis::linear(0.5, n.max(1) as f64 + 0.5).ticks(names("q", n, 1.0)),
        y: Axis { from: FLOOR / 3.0, to: CEILING, scale: AxisScale::Log, ..Axis::default() },
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V4: where the bare exponential leaves each number type.
fn overflow(state: &State, solved: &Solved) -> Figure {
    const FLOOR: f64 = 0.3;
    const CEILING: f64 = 3000.0;
    const TO: f64 = 1000.0;
    let row = solved.row();
    let base: Vec<f64> = solved.attention.scores(row).iter().map(|score| score / state.gain).collect();
    let log_z = |gain: f64| {
        let scores: Vec<f64> = base.iter().map(|score| score * gain).collect();
        log_sum_exp(&scores).unwrap_or(0.0)
    };
    let mut curve = Vec::new();
    for at in 0..=90_u32 {
        let gain = TO.powf(f64::from(at) / 90.0);
        let height = log_z(gain);
        if (FLOOR..=CEILING).contains(&height) {
            curve.push((gain, height));
        }
    }
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::X, state.gain))];
    let mut breaks = Vec::new();
    for format in FORMATS {
        let limit = overflow_score(format);
        let name = match format {
            Format::F64 => "f64 709.78",
            Format::F32 => "f32 88.72",
            _ => "f16 11.09",
        };
        let role = if format == state.format { Role::Truth } else { Role::Guide };
        marks.push(Mark::new(role, Shape::Rule(Along::Y, limit)));
        marks.push(Mark::new(role, Shape::Label((1.0, limit), name.into(), Anchor::Start)));
        // ln z grows with the gain wherever the largest score is positive: halved until nothing is left to halve.
        if log_z(TO) > limit && log_z(1.0) < limit {
            let (mut low, mut high) = (1.0_f64, TO);
            for _ in 0..60 {
                let middle = (low * high).sqrt();
                if log_z(middle) > limit { high = middle } else { low = middle }
            }
            breaks.push((high, limit));
        }
    }
    marks.push(Mark::new(Role::Estimate, Shape::Line(curve)).named(t("ln z，照公式", "ln z as the formula stands")));
    if !breaks.is_empty() {
        marks.push(Mark::new(Role::Estimate, Shape::Dots(breaks, Dot::Hollow)).named(t("在这里变成 ∞", "∞ from here on")));
    }
    let here = log_z(state.gain);
    if (FLOOR..=CEILING).contains(&here) {
        marks.push(Mark::new(Role::Estimate, Shape::Dots(vec![(state.gain, here)], Dot::Full)));
    }
    let spoken = Words::new(
        format!("增益 {} 时 ln z 为 {}。", short(state.gain, 3), short(here, 4)),
        format!("At gain {} ln z is {}.", short(state.gain, 3), short(here, 4)),
    );
    Figure { x: Axis::log(1.0, TO), y: Axis::log(FLOOR, CEILING), marks, spoken, ..Figure::default() }
}

/// The role of a bounded state, the same in every figure.
const fn role_of(policy: usize) -> Role {
    match policy {
        0 => Role::A,
        1 => Role::B,
        2 => Role::Estimate,
        3 => Role::C,
        _ => Role::D,
    }
}

/// How far the output of a policy is from full attention, in the present row; linear attention comes after the policies.
pub fn loss(solved: &Solved, policy: usize) -> Option<(Vec<f64>, f64)> {
    let (d, row) = (solved.attention.width(), solved.row());
    let outputs = solved.bounded.get(policy).map_or(&solved.linear, |bounded| &bounded.outputs);
    let own = outputs.get(row * d..(row + 1) * d)?;
    let error = own.iter().zip(solved.output(row)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    Some((own.to_vec(), error))
}

/// V8: the error of each bounded state.
fn compare(state: &State, solved: &Solved) -> Figure {
    let mut marks = Vec::new();
    let mut top = 0.0_f64;
    let mut said: Vec<(Text, f64)> = Vec::new();
    for (policy, item) in text::POLICIES.iter().enumerate().filter(|(at, _)| state.policies >> at & 1 == 1) {
        let Some((_, error)) = loss(solved, policy) else { continue };
        let bar = Bar { x: (policy as f64 - 0.35, policy as f64 + 0.35), y: (0.0, seen(error)) };
        marks.push(Mark::new(role_of(policy), Shape::Bars(vec![bar])).named(item.name));
        top = top.max(seen(error));
        said.push((item.name, error));
    }
    let step = round_step(top.max(0.05) / 4.0);
    let tell = |lang: fn(Text) -> &'static str, sign: &str| {
        said.iter().map(|(name, error)| format!("{}{sign}{}", lang(*name), short(*error, 3))).collect::<Vec<_>>()
    };
    let spoken = Words::new(
        format!("第 {} 行与完整注意力的差：{}。", solved.row() + 1, tell(|text| text.zh, " ").join("，")),
        format!("Difference from full attention in row {}: {}.", solved.row() + 1, tell(|text| text.en, " ").join(", ")),
    );
    Figure {
        x: Axis::linear(-0.6, text::POLICIES.len() as f64 - 0.4).ticks(Ticks::At(Vec::new())),
        y: Axis::linear(0.0, (top.max(0.05) / step).ceil() * step),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V8: which keys each policy has kept after the present token.
fn kept(state: &State, solved: &Solved) -> Figure {
    let (n, row) = (solved.attention.len(), solved.row());
    let mut weights = solved.attention.weights(row).unwrap_or_default();
    weights.resize(n, 0.0);
    let rows = POLICIES.len() as f64 + 1.2;
    let grid = Grid {
        columns: n,
        rows: 1,
        values: weights.iter().map(|w| *w as f32).collect(),
        x: (0.0, n as f64),
        y: (0.0, 1.0),
        ramp: Ramp::Sequential(0.0, 1.0),
        name: t("完整注意力的权重", "weight in full attention").into(),
    };
    let mut marks = vec![Mark::new(Role::Truth, Shape::Heat(grid))];
    let frame = (0..n).map(|j| (cell(j, 0), Caption::Symbol(format!("k{}", subscript(j + 1))))).collect();
    marks.push(Mark::new(Role::Guide, Shape::Cells(frame)));
    let mut counts = Vec::new();
    for (policy, item) in text::POLICIES.iter().enumerate().take(POLICIES.len()).filter(|(at, _)| state.policies >> at & 1 == 1) {
        let top = policy as f64 + 1.2;
        let bar = |j: usize| Bar { x: (j as f64 + 0.1, j as f64 + 0.9), y: (top + 0.14, top + 0.86) };
        let all: Vec<(Bar, Caption)> =
            (0..=row.min(n - 1)).map(|j| (bar(j), Caption::Symbol(format!("k{}", subscript(j + 1))))).collect();
        marks.push(Mark::new(Role::Guide, Shape::Cells(all)));
        let own = solved.bounded.get(policy).and_then(|bounded| bounded.kept.get(row)).map(Vec::as_slice).unwrap_or_default();
        marks.push(Mark::new(role_of(policy), Shape::Bars(own.iter().map(|j| bar(*j)).collect())).named(item.name));
        counts.push(own.len().to_string());
    }
    let spoken = Words::new(
        format!("第 {} 个 token 之后各留下 {} 个键。", row + 1, counts.join("、")),
        format!("After token {} they keep {} keys.", row + 1, counts.join(", ")),
    );
    Figure {
        x: Axis::linear(0.0, n.max(1) as f64).ticks(names("k", n, 0.5)),
        y: Axis::linear(0.0, rows).ticks(Ticks::None).downwards(),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// The read of a step as `q₃ · k₂`.
pub fn dot(read: Read, key: usize) -> String {
    format!("q{} · k{}", subscript(read.i as usize), subscript(key + 1))
}
