//! The figures of the price: scores and numbers to remember, the recursion at work, memory against disk.

use yansuan_math::attention_cost::{
    LOG10_ATOMS, Memory, Sizes, Strategy, checkpoint_memory, digits_of_power_of_two, log10_checkpoint_scores,
};

use super::model::Theatre;
use super::state::{LONGEST, MODELS, State};
use super::text;
use super::views::names;
use crate::contract::figure::{Along, Anchor, Axis, Bar, Caption, Dot, Figure, Mark, Point, Role, Shape, Ticks};
use crate::contract::number::{of_log10, short, whole};
use crate::contract::text::{Text, Words, t};

/// log₁₀ of the scores that 13.8 billion years suffice for, at 10⁹ a second.
const LOG10_AGE: f64 = 26.64;

/// Lengths at which a curve is computed.
const POINTS: u32 = 60;

/// A strategy as a curve: its name, its role, and its two logarithms at a length.
pub struct Line {
    pub name: Text,
    pub role: Role,
    pub strategy: Option<Strategy>,
    sizes: Sizes,
    kept: u64,
}

impl Line {
    /// log₁₀ of the scores for a text of `l` tokens.
    pub fn scores(&self, l: u64) -> f64 {
        match self.strategy {
            Some(strategy) => strategy.log10_scores(self.sizes.layers, l),
            None => log10_checkpoint_scores(self.sizes.layers, self.kept, l).unwrap_or(0.0),
        }
    }

    /// What must be remembered for it.
    pub fn memory(&self, l: u64) -> Memory {
        match self.strategy {
            Some(strategy) => strategy.memory(self.sizes, l),
            None => checkpoint_memory(self.sizes, self.kept, l).unwrap_or(Memory { numbers: 0, counter_bits: 0 }),
        }
    }
}

/// The strategies of a state: four, and the checkpoint if a layer is kept.
pub fn lines(state: &State) -> Vec<Line> {
    let sizes = MODELS[state.model];
    let line = |name, role, strategy| Line { name, role, strategy: Some(strategy), sizes, kept: 0 };
    let mut all = vec![
        line(text::KV, Role::A, Strategy::KvCache),
        line(text::REDO, Role::B, Strategy::PrefixRedo),
        line(text::RECURSION, Role::Estimate, Strategy::FullRecursion),
        line(text::LINEAR, Role::D, Strategy::Linear),
    ];
    if state.kept > 0 {
        all.push(Line { name: text::CHECKPOINT, role: Role::E, strategy: None, sizes, kept: state.kept });
    }
    all
}

fn log10(memory: Memory) -> f64 {
    (memory.numbers.max(1) as f64).log10()
}

/// The lengths of a curve, dense where the axis is logarithmic.
fn lengths() -> impl Iterator<Item = u64> {
    let mut all: Vec<u64> = (0..=POINTS).map(|at| LONGEST.powf(f64::from(at) / f64::from(POINTS)).round() as u64).collect();
    all.dedup();
    all.into_iter()
}

fn across_lengths() -> Axis {
    Axis::log(1.0, LONGEST)
}

/// Curves against length, with the present length and what each says there.
fn curves(state: &State, height: impl Fn(&Line, u64) -> f64, spoken: [&str; 2]) -> (Vec<Mark>, f64, Words) {
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::X, state.context as f64))];
    let mut top = 1.0_f64;
    let mut said: Vec<(Text, String)> = Vec::new();
    for line in lines(state) {
        let points: Vec<Point> = lengths().map(|l| (l as f64, height(&line, l).max(0.0))).collect();
        top = points.iter().map(|point| point.1).fold(top, f64::max);
        let here = height(&line, state.context).max(0.0);
        let mark = Mark::new(line.role, Shape::Line(points)).named(line.name);
        marks.push(if line.strategy == Some(Strategy::FullRecursion) { mark.term("price") } else { mark });
        marks.push(Mark::new(line.role, Shape::Dots(vec![(state.context as f64, here)], Dot::Full)));
        said.push((line.name, of_log10(here, 4)));
    }
    let l = whole(state.context);
    let tell =
        |lang: fn(Text) -> &'static str| said.iter().map(|(name, here)| format!("{} {here}", lang(*name))).collect::<Vec<_>>();
    let words = Words::new(
        format!("{l} 个 token，{}：{}。", spoken[0], tell(|text| text.zh).join("，")),
        format!("{l} tokens, {}: {}.", spoken[1], tell(|text| text.en).join(", ")),
    );
    (marks, top, words)
}

/// V5: scores against length.
pub fn price(state: &State) -> Figure {
    let (mut marks, top, spoken) = curves(state, Line::scores, ["分数的个数", "scores"]);
    let age = t("宇宙的年龄", "age of the universe");
    for (height, name) in [(LOG10_AGE, age), (LOG10_ATOMS, t("原子数 10⁸⁰", "10⁸⁰ atoms"))] {
        if height < 0.97 * top {
            marks.insert(0, Mark::new(Role::Guide, Shape::Rule(Along::Y, height)));
            marks.push(Mark::new(Role::Guide, Shape::Label((1.0, height), name.into(), Anchor::Start)));
        }
    }
    Figure { x: across_lengths(), y: Axis::powers(0.0, 1.02 * top), marks, spoken, ..Figure::default() }
}

/// V5: numbers to remember against length.
pub fn memory(state: &State) -> Figure {
    let (marks, top, spoken) = curves(state, |line, l| log10(line.memory(l)), ["要记住的数", "numbers to remember"]);
    Figure { x: across_lengths(), y: Axis::powers(0.0, 1.04 * top), marks, spoken, ..Figure::default() }
}

/// V5: both at the present length.
pub fn plane(state: &State) -> Figure {
    let sizes = MODELS[state.model];
    let l = state.context;
    let mut marks = Vec::new();
    let between: Vec<Point> = (1..sizes.layers)
        .filter_map(|kept| {
            Some((log10(checkpoint_memory(sizes, kept, l).ok()?), log10_checkpoint_scores(sizes.layers, kept, l).ok()?.max(0.0)))
        })
        .collect();
    let (mut right, mut top) = (1.0_f64, 1.0_f64);
    let mut left = f64::INFINITY;
    let mut reach = |point: &Point| {
        (left, right, top) = (left.min(point.0), right.max(point.0), top.max(point.1));
    };
    between.iter().for_each(&mut reach);
    marks.push(Mark::new(Role::E, Shape::Dots(between, Dot::Small)).named(text::CHECKPOINT));
    for line in lines(state) {
        let point = (log10(line.memory(l)), line.scores(l).max(0.0));
        reach(&point);
        let dot = if line.strategy.is_some() { Dot::Full } else { Dot::Hollow };
        let mark = Mark::new(line.role, Shape::Dots(vec![point], dot));
        marks.push(if line.strategy.is_some() { mark.named(line.name) } else { mark });
    }
    let spoken = Words::new(
        format!(
            "{} 个 token：最省内存的策略要算 {} 个分数。",
            whole(l),
            of_log10(Strategy::FullRecursion.log10_scores(sizes.layers, l).max(0.0), 4)
        ),
        format!(
            "{} tokens: the strategy with least memory takes {} scores.",
            whole(l),
            of_log10(Strategy::FullRecursion.log10_scores(sizes.layers, l).max(0.0), 4)
        ),
    );
    let (from, to) = ((left - 0.5).floor().max(0.0), (right + 0.5).ceil());
    Figure {
        x: Axis::powers(from, to.max(from + 1.0)),
        y: Axis::powers(-0.04 * top, 1.06 * top),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V6: the call stack.
pub fn stack(state: &State, theatre: Option<&Theatre>) -> Figure {
    let layers = state.layers as usize;
    let Some(theatre) = theatre else { return refused(state) };
    let n = state.tokens;
    let mut marks = Vec::new();
    let row = |layer: usize| ((layer as f64) - 0.36, (layer as f64) + 0.36);
    // A slot that no layer works in stays empty, and stays there.
    let mut slots: Vec<(Bar, Caption)> =
        (1..=layers).map(|layer| (Bar { x: (0.0, n as f64), y: row(layer) }, Caption::Symbol("–".to_owned()))).collect();
    let (mut reach, mut read) = (Vec::new(), Vec::new());
    for (layer, frame) in theatre.machine.stack() {
        let (i, t) = (frame.i as f64, frame.t as f64);
        reach.push(Bar { x: (0.0, i), y: row(layer) });
        // Newest first: what has been read lies at the right end.
        read.push(Bar { x: (i - t, i), y: row(layer) });
        let (m, z) = (short(frame.state.m(), 3), short(frame.state.z(), 3));
        if let Some(slot) = slots.get_mut(layer - 1) {
            slot.1 = format!("i = {}, t = {}, m = {m}, z = {z}", frame.i, frame.t).into();
        }
    }
    let depth = reach.len();
    marks.push(Mark::new(Role::Guide, Shape::Ground(reach)));
    marks.push(Mark::new(Role::Estimate, Shape::Bars(read)));
    marks.push(Mark::new(Role::Guide, Shape::Cells(slots)));
    let total = theatre.machine.counters().total_scores();
    let spoken = Words::new(
        format!(
            "{layers} 个格子里有 {depth} 个在用；已算 {} 个分数，输出了 {} 个 token。",
            whole(total),
            theatre.machine.costs().len()
        ),
        format!(
            "{depth} of {layers} slots are in use; {} scores so far, {} tokens are out.",
            whole(total),
            theatre.machine.costs().len()
        ),
    );
    Figure {
        x: Axis::linear(0.0, n.max(1) as f64).ticks(names("x", n, 0.5)),
        y: Axis::linear(0.4, layers as f64 + 0.6).ticks(Ticks::At((1..=layers).map(|at| (at as f64, at.to_string())).collect())),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// What stands in the place of a recursion that would take too long.
fn refused(state: &State) -> Figure {
    let words = t("分数太多，不演示；请减少层数或 token", "too many scores to be played: take fewer layers or tokens");
    let count = Strategy::FullRecursion.scores(state.layers, state.tokens as u64);
    Figure {
        x: Axis::linear(0.0, 1.0).ticks(Ticks::None),
        y: Axis::linear(0.0, 1.0).ticks(Ticks::None),
        marks: vec![Mark::new(Role::Guide, Shape::Label((0.5, 0.5), words.into(), Anchor::Middle))],
        spoken: Words::new(
            format!("要算 {count} 个分数，太多了，没有演示。"),
            format!("It would take {count} scores, too many to be played."),
        ),
        ..Figure::default()
    }
}

/// V6: what each token has cost, beside the binomial.
pub fn counters(state: &State, theatre: Option<&Theatre>) -> Figure {
    let n = state.tokens;
    let Some(theatre) = theatre else { return refused(state) };
    let expected: Vec<f64> = (1..=n as u64)
        .map(|i| Strategy::FullRecursion.scores_of_token(state.layers, i).try_into().map_or(0.0, |count: u64| count as f64))
        .collect();
    let mut counted: Vec<u64> = theatre.machine.costs().iter().map(|cost| cost.scores).collect();
    // The cost of a token is written down when its output stands, one move after its last score.
    let pending = theatre.machine.counters().total_scores() - counted.iter().sum::<u64>();
    if expected.get(counted.len()) == Some(&(pending as f64)) {
        counted.push(pending);
    }
    let top = expected.iter().copied().fold(1.0, f64::max);
    let floor = 0.6;
    let bar = |at: usize, count: u64| Bar { x: (at as f64 + 0.68, at as f64 + 1.32), y: (floor, (count as f64).max(floor)) };
    let bars = counted.iter().enumerate().map(|(at, scores)| bar(at, *scores)).collect();
    let rings = expected.iter().enumerate().map(|(at, count)| (at as f64 + 1.0, *count)).collect();
    let marks = vec![
        Mark::new(Role::Estimate, Shape::Bars(bars)).named(t("数出来的", "counted")),
        Mark::new(Role::Truth, Shape::Dots(rings, Dot::Hollow)).named("C(i+N, N) − 1"),
    ];
    let agree = counted.iter().zip(&expected).all(|(scores, count)| *scores as f64 == *count);
    let spoken = Words::new(
        format!(
            "已输出 {} 个 token，{}。",
            counted.len(),
            if agree { "个数都与二项式系数相同" } else { "有的个数与二项式系数不同" }
        ),
        format!(
            "{} tokens are out; {}.",
            counted.len(),
            if agree { "all counts are the binomials" } else { "some counts are not the binomials" }
        ),
    );
    let stride = n.div_ceil(16).max(1);
    let ticks = (0..n).step_by(stride).map(|at| (at as f64 + 1.0, (at + 1).to_string())).collect();
    Figure {
        x: Axis::linear(0.4, n.max(1) as f64 + 0.6).ticks(Ticks::At(ticks)),
        y: Axis::log(floor, 2.5 * top),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V7: what must be held, against what a model can hold.
pub fn disk(state: &State) -> Figure {
    const TO: f64 = 1e8;
    let digits = digits_of_power_of_two(state.power) as f64;
    let mut marks = Vec::new();
    let roles = [Role::D, Role::B, Role::A];
    for (at, (sizes, role)) in MODELS[1..].iter().zip(roles).enumerate() {
        let held = sizes.working_memory() as f64;
        marks.push(Mark::new(role, Shape::Line(vec![(1.0, held), (TO, held)])).named(text::MODELS[at + 1].name));
    }
    marks.push(Mark::new(Role::Guide, Shape::Line(vec![(1.0, 1.0), (TO, TO)])).named(t("逐个记住", "each one remembered")));
    let at = digits.clamp(1.0, TO);
    let (height, role, name) = if state.is_chain {
        (1.0, Role::Truth, t("2ˣ 的数字，写在磁盘上", "digits of 2ˣ, on the disk"))
    } else {
        (at, Role::Estimate, t("2ˣ 的数字，放在内存里", "digits of 2ˣ, in memory"))
    };
    marks.push(Mark::new(role, Shape::Stems(vec![(at, height.max(1.0))], 1.0)));
    marks.push(Mark::new(role, Shape::Dots(vec![(at, height)], Dot::Full)).named(name));
    let l = (state.context as f64).clamp(1.0, TO);
    marks.push(
        Mark::new(Role::Truth, Shape::Dots(vec![(l, l)], Dot::Hollow))
            .named(t("L 个 token，逐个记住", "L tokens, each remembered")),
    );
    let fits: Vec<&str> =
        (1..MODELS.len()).filter(|at| MODELS[*at].working_memory() as f64 >= digits).map(|at| text::MODELS[at].name.en).collect();
    let who = if fits.is_empty() { "–".to_owned() } else { fits.join(", ") };
    let spoken = Words::new(
        format!("2 的 {} 次方有 {} 位；放得下的：{who}。", whole(state.power), whole(digits as u64)),
        format!("2 to the {} has {} digits; who can hold them: {who}.", whole(state.power), whole(digits as u64)),
    );
    Figure { x: Axis::log(1.0, TO), y: Axis::log(1.0, TO), marks, spoken, ..Figure::default() }
}
