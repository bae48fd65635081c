//! What the caches of a model cost: memory, growth, roofline, time.

use std::sync::Arc;

use yansuan_math::accelerator::ACCELERATORS;
use yansuan_math::decode_cost::{DecodeCost, Form, PositionCost};
use yansuan_math::kv_cache::{AttentionKind, KvCache, Waterfall, group_of_head};
use yansuan_math::memory_fit::Fit;
use yansuan_math::model_presets::MODELS;

use super::bench;
use super::model::Work;
use super::state::{Sharing, State, sharing_of};
use crate::contract::figure::{
    Along, Anchor, Axis, Bar, Dot, EndLabel, Figure, Mark, Move, Point, Role, Shape, Ticks, round_step,
};
use crate::contract::number::{short, whole};
use crate::contract::panel::View;
use crate::contract::table::{Cell, Table, head};
use crate::contract::text::{Text, Words, t};

/// Heads that are drawn one by one.
const HEADS: usize = 64;

/// Points of a curve of growth.
const POINTS: usize = 48;

/// The longest text of the curves, tokens.
const LONGEST: f64 = 1e6;

/// Gigabytes as makers of memory count.
const GB: f64 = 1e9;

/// The numbers of the views, in the order of the panels.
pub fn views(state: &State, work: &Work) -> Vec<View> {
    let figure = View::Figure;
    vec![
        figure(memory(state)),
        figure(sharing(state)),
        figure(growth(state)),
        figure(roofline(state)),
        figure(time(state)),
        figure(bench::algebra(state, work)),
        figure(bench::merged(state, work)),
        figure(bench::lag(state, work)),
        figure(bench::selector(state, work)),
        figure(bench::rounding(work)),
        figure(waterfall(state)),
        View::Table(models(state)),
    ]
}

/// A kind with its number of groups: the same in every language.
pub fn tag(kind: AttentionKind) -> String {
    match kind {
        AttentionKind::Mha => "MHA".into(),
        AttentionKind::Gqa { groups } => format!("GQA-{groups}"),
        AttentionKind::Mqa => "MQA".into(),
        AttentionKind::Mla { .. } => "MLA".into(),
    }
}

/// The kind that is looked at has the accent; the others have a colour each.
fn role(state: &State, sharing: Sharing) -> Role {
    match sharing {
        _ if sharing == sharing_of(state.cache().kind) => Role::Estimate,
        Sharing::Released | Sharing::Mha => Role::A,
        Sharing::Gqa => Role::B,
        Sharing::Mqa => Role::D,
        Sharing::Mla => Role::E,
    }
}

const fn name(sharing: Sharing) -> Text {
    match sharing {
        Sharing::Released | Sharing::Mha => Text::same("MHA"),
        Sharing::Gqa => Text::same("GQA"),
        Sharing::Mqa => Text::same("MQA"),
        Sharing::Mla => Text::same("MLA"),
    }
}

/// Bytes that the caches of a kind take in all, copies on several cards included.
pub fn bytes(state: &State, cache: &KvCache) -> f64 {
    let one = cache.bytes(state.tokens as u64, state.batch as u64, state.bits);
    if !state.is_split {
        return one;
    }
    let devices = state.cluster().devices;
    let whole = cache.kind.elements(cache.heads) as f64;
    one * cache.kind.elements_per_device(cache.heads, devices) as f64 * f64::from(devices) / whole
}

/// How long the texts can be.
pub fn fit(state: &State, cache: &KvCache) -> Fit {
    let weights = state.weight_bytes(state.parameters().0);
    state.cluster().longest(cache, weights, state.batch as u64, state.bits, state.placement())
}

/// Tokens that fit, for readers.
pub fn fitting(fit: Fit) -> String {
    match fit.tokens() {
        None => "∞".into(),
        Some(tokens) if tokens >= 10_000_000 => short(tokens as f64, 3),
        Some(tokens) => whole(tokens),
    }
}

/// V1: weights and caches against the memory of the cards.
fn memory(state: &State) -> Figure {
    let weights = state.weight_bytes(state.parameters().0) / GB;
    let cluster = state.cluster();
    let (all, usable) = (cluster.card.memory * f64::from(cluster.devices) / GB, cluster.usable() / GB);
    let rivals = state.rivals();
    let caches = rivals.map(|(_, cache)| bytes(state, &cache) / GB);
    let most = weights + caches.iter().fold(0.0, |most, cache| f64::max(most, *cache));
    // On a phone the numbers stand inside of the plot, at the right of the lines.
    let to = (1.4 * all).max((1.3 * most).min(2.4 * all));
    // What is longer ends in an arrow.
    let edge = 0.78 * to;
    let row = |at: usize| (at as f64 - 0.3, at as f64 + 0.3);
    let cut = |x: f64| x.min(edge);
    let mut marks = Vec::new();
    let grounds = (0..rivals.len()).map(|at| Bar { x: (0.0, cut(weights)), y: row(at) }).collect();
    marks.push(Mark::new(Role::Guide, Shape::Ground(grounds)).named(t("权重", "weights")));
    let mut ends: Vec<EndLabel> = Vec::new();
    for (at, (sharing, cache)) in rivals.iter().enumerate() {
        let role = role(state, *sharing);
        let bar = Bar { x: (cut(weights), cut(weights + caches[at])), y: row(at) };
        let mark = Mark::new(role, Shape::Bars(vec![bar]));
        marks.push(if role == Role::Estimate { mark.named(t("缓存", "cache")) } else { mark });
        if weights + caches[at] > edge {
            let height = at as f64;
            marks.push(Mark::new(role, Shape::Arrow((edge, height), (0.84 * to, height))));
        }
        let said = format!("{} · {} + {} GB", tag(cache.kind), short(weights, 3), short(caches[at], 3));
        let whole = Bar { x: (0.0, cut(weights + caches[at]).max(0.01 * to)), y: row(at) };
        marks.push(Mark::new(Role::Guide, Shape::Cells(vec![(whole, said.into())])));
        ends.push((at as f64, fitting(fit(state, cache)).into(), role));
    }
    for (role, at, words) in [(Role::Truth, usable, t("能用的", "usable")), (Role::C, all, t("全部显存", "all memory"))] {
        marks.push(Mark::new(role, Shape::Rule(Along::X, at)).named(words));
    }
    marks.push(Mark::new(Role::Guide, Shape::Ends(ends)));
    let now = state.cache();
    let cache = short(bytes(state, &now) / GB, 3);
    let (weights, all, fits) = (short(weights, 3), short(all, 4), fitting(fit(state, &now)));
    let spoken = Words::new(
        format!("权重 {weights} GB，缓存 {cache} GB，显存 {all} GB；每条文本放得下 {fits} 个 token。"),
        format!("Weights {weights} GB, cache {cache} GB, memory {all} GB; texts of {fits} tokens each fit."),
    );
    let ticks = rivals.iter().enumerate().map(|(at, (_, cache))| (at as f64, tag(cache.kind))).collect();
    Figure {
        x: Axis::linear(0.0, to),
        y: Axis::linear(-0.5, 3.5).downwards().ticks(Ticks::At(ticks)),
        marks,
        spoken,
        data: Some(Arc::new(memory_table(state))),
        ..Figure::default()
    }
}

fn memory_table(state: &State) -> Table {
    let weights = state.weight_bytes(state.parameters().0);
    let rows = state.rivals().into_iter().map(|(_, cache)| {
        let fits = fit(state, &cache).tokens().map_or_else(|| Cell::from("∞".to_owned()), |tokens| Cell::Number(tokens as f64));
        vec![
            Cell::from(tag(cache.kind)),
            Cell::Number(cache.elements_per_token() as f64),
            Cell::Number(weights),
            Cell::Number(bytes(state, &cache)),
            fits,
        ]
    });
    Table {
        id: "memory".into(),
        title: Words::new("权重与缓存", "Weights and cache"),
        head: head(&[
            t("注意力", "attention"),
            t("每个 token 的数", "numbers per token"),
            t("权重（字节）", "weights (bytes)"),
            t("缓存（字节）", "cache (bytes)"),
            t("放得下的 token", "tokens that fit"),
        ]),
        rows: rows.collect(),
    }
}

/// Who shares what: heads above, what is kept below, as wide as it is large beside that of multi-head attention.
fn sharing(state: &State) -> Figure {
    let cache = state.cache();
    let (heads, count) = (cache.heads, cache.heads.count as usize);
    let shown = count.min(HEADS);
    let place = |head: usize| head as f64 + 0.5;
    let strip = (0.0, shown as f64);
    let low = (0.0, 0.18);
    let mut marks =
        vec![Mark::new(Role::Guide, Shape::Ground(vec![Bar { x: strip, y: low }])).named(t("MHA 要存的", "what MHA keeps"))];
    let pair = f64::from(heads.d_k) + f64::from(heads.d_v);
    let mut boxes = Vec::new();
    let mut links = Vec::new();
    if let Some(groups) = cache.kind.groups(heads) {
        let group = |head: usize| group_of_head(head, groups as usize, count);
        for one in 0..=group(shown - 1) {
            let mine: Vec<f64> = (0..shown).filter(|head| group(*head) == one).map(place).collect();
            let middle = f64::midpoint(mine[0], mine[mine.len() - 1]);
            let (left, right) = (middle - 0.5, middle + 0.5);
            // What touches is one.
            match boxes.last_mut() {
                Some(Bar { x, .. }) if x.1 == left => x.1 = right,
                _ => boxes.push(Bar { x: (left, right), y: low }),
            }
            links.extend(mine.into_iter().map(|x| (x, middle)));
        }
    } else {
        let wide = (cache.kind.elements(heads) as f64 / pair).min(shown as f64);
        let middle = 0.5 * shown as f64;
        boxes.push(Bar { x: (middle - 0.5 * wide, middle + 0.5 * wide), y: low });
        links.extend((0..shown).map(|head| (place(head), middle)));
    }
    for (from, to) in links {
        marks.push(Mark::new(Role::Guide, Shape::link((from, 1.0), (to, low.1))));
    }
    marks.push(Mark::new(Role::Estimate, Shape::Bars(boxes)).named(t("要缓存的", "what is cached")).term("cache"));
    let dots = (0..shown).map(|head| (place(head), 1.0)).collect();
    marks.push(
        Mark::new(Role::Truth, Shape::Dots(dots, if shown > 16 { Dot::Small } else { Dot::Full }))
            .named(t("查询头", "query heads")),
    );
    let (elements, equal) = (whole(cache.kind.elements(heads)), short(cache.kind.equivalent_groups(heads), 4));
    let part = if shown < count {
        (format!("（画出 {count} 个头里的 {shown} 个）"), format!(" ({shown} of {count} heads are drawn)"))
    } else {
        (String::new(), String::new())
    };
    if shown < count {
        marks.push(Mark::new(
            Role::Guide,
            Shape::Label((0.5 * shown as f64, 1.17), format!("{shown} / {count}").into(), Anchor::Middle),
        ));
    }
    let spoken = Words::new(
        format!("每层每个 token 存 {elements} 个数，相当于 {equal} 组{}。", part.0),
        format!("A token keeps {elements} numbers a layer, as many as {equal} groups would{}.", part.1),
    );
    let kept = if matches!(cache.kind, AttentionKind::Mla { .. }) { "c, kᵣ" } else { "k, v" };
    let ticks = Ticks::At(vec![(0.09, kept.into()), (1.0, "q".into())]);
    Figure {
        x: Axis::linear(0.0, shown as f64).ticks(Ticks::None),
        y: Axis::linear(-0.1, 1.25).ticks(ticks),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V2: what becomes of the cache as the text grows.
fn growth(state: &State) -> Figure {
    let batch = state.batch as u64;
    let mut marks = Vec::new();
    let memory = state.accelerator().memory * state.devices as f64 / GB;
    let rivals = state.rivals();
    let at = |cache: &KvCache, tokens: f64| cache.bytes(tokens as u64, batch, state.bits) / GB;
    let bounds = rivals.iter().map(|(_, cache)| (at(cache, 1.0), at(cache, LONGEST)));
    let (low, high) = bounds.fold((memory, memory), |range, (low, high)| (range.0.min(low), range.1.max(high)));
    let decade = |x: f64, up: bool| 10_f64.powf(if up { x.log10().ceil() } else { x.log10().floor() });
    let (low, high) = (decade(low, false), decade(high, true));
    marks.push(Mark::new(Role::Guide, Shape::Rule(Along::Y, memory)));
    marks.push(Mark::new(Role::Guide, Shape::Label((1.0, memory), t("显存", "memory").into(), Anchor::Start)));
    let context = state.context() as f64;
    if context < LONGEST {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, context)));
    }
    for (sharing, cache) in rivals {
        let role = role(state, sharing);
        let mut places: Vec<f64> = (0..=POINTS).map(|step| LONGEST.powf(step as f64 / POINTS as f64).round()).collect();
        places.extend(cache.bend().map(f64::from).filter(|bend| *bend < LONGEST));
        places.sort_unstable_by(f64::total_cmp);
        places.dedup();
        let points: Vec<Point> = places.into_iter().map(|tokens| (tokens, at(&cache, tokens))).collect();
        marks.push(Mark::new(role, Shape::Line(points)).named(name(sharing)));
    }
    let now = state.cache();
    let here = (state.tokens as f64, at(&now, state.tokens as f64));
    let grip = Move { key: "tokens", index: None, along: Along::X, origin: 0.0, gain: 1.0 };
    let words = Words::new("拖动改变文本长度", "drag to change the length of the text");
    marks.push(Mark::new(Role::Estimate, Shape::Handle(here, vec![grip], words)));
    let bend = now.bend().map_or_else(
        || Words::new("缓存与长度成正比。", "The cache is proportional to the length."),
        |bend| {
            let bend = whole(bend.into());
            Words::new(
                format!("过了窗口 {bend}，有窗口的层不再增长。"),
                format!("Beyond the window of {bend}, layers that have it grow no more."),
            )
        },
    );
    let (tokens, size) = (whole(state.tokens as u64), short(here.1, 3));
    let spoken = Words::new(
        format!("{tokens} 个 token 时缓存 {size} GB。{}", bend.zh),
        format!("At {tokens} tokens the cache is {size} GB. {}", bend.en),
    );
    Figure { x: Axis::log(1.0, LONGEST), y: Axis::log(low, high), marks, spoken, ..Figure::default() }
}

/// FLOP per byte of the next token.
pub fn intensity(state: &State, cache: &KvCache, form: Form) -> f64 {
    PositionCost::new(cache.kind, cache.heads, form).intensity(state.bits)
}

/// V3: under which roof decoding stands.
fn roofline(state: &State) -> Figure {
    let arithmetic = state.arithmetic();
    let (from, to) = (0.25, 4096.0);
    let mut marks = Vec::new();
    let mut roof = |role: Role, card: &yansuan_math::accelerator::Accelerator, words: Text| {
        let points = [from, card.ridge(arithmetic), to].map(|x| (x, card.attainable(x, arithmetic) / 1e12)).to_vec();
        marks.push(Mark::new(role, Shape::Line(points)).named(words).term("roof"));
    };
    for card in ACCELERATORS.iter().filter(|card| *card != state.accelerator()) {
        roof(Role::Guide, card, t("别的卡", "other cards"));
    }
    roof(Role::Truth, state.accelerator(), Text::same(state.accelerator().name));
    let card = state.accelerator();
    marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, card.ridge(arithmetic))));
    let at = |cache: &KvCache, form: Form| {
        let x = intensity(state, cache, form).clamp(from, to);
        (x, card.attainable(x, arithmetic) / 1e12)
    };
    let rivals = state.rivals();
    // It lies where MHA does, and under it.
    let expanded = rivals.iter().filter(|rival| rival.0 == Sharing::Mla).map(|rival| at(&rival.1, Form::Expanded)).collect();
    let mark = Mark::new(role(state, Sharing::Mla), Shape::Dots(expanded, Dot::Hollow));
    marks.push(mark.named(t("MLA，展开成 k、v", "MLA, k and v made")));
    for (sharing, cache) in rivals {
        let role = role(state, sharing);
        marks.push(Mark::new(role, Shape::Dots(vec![at(&cache, Form::Absorbed)], Dot::Full)).named(name(sharing)));
    }
    let now = state.cache();
    let (here, ridge) = (intensity(state, &now, Form::Absorbed), card.ridge(arithmetic));
    let (here_said, ridge_said) = (short(here, 4), short(ridge, 3));
    let limit = if here < ridge {
        t("受带宽限制", "bandwidth is the limit")
    } else {
        t("受算力限制", "arithmetic is the limit")
    };
    let spoken = Words::new(
        format!("每读一个字节做 {here_said} 次运算，屋脊在 {ridge_said}：{}。", limit.zh),
        format!("{here_said} operations a byte, the ridge is at {ridge_said}: {}.", limit.en),
    );
    Figure { x: Axis::log(from, to), y: Axis::log(0.3, 4000.0), marks, spoken, ..Figure::default() }
}

/// What a step of decoding takes, milliseconds: reading, and computing.
pub fn step_time(state: &State, cache: &KvCache, form: Form) -> (f64, f64) {
    let cost = DecodeCost::of_model(cache, form, state.tokens as u64, state.batch as u64, state.bits);
    let card = state.accelerator();
    let share = 1e3 / state.devices as f64;
    (cost.bytes / card.bandwidth * share, cost.flops / card.peak_of(state.arithmetic()) * share)
}

/// Reading and computing side by side.
fn time(state: &State) -> Figure {
    let mut rows: Vec<(String, (f64, f64))> = Vec::new();
    for (sharing, cache) in state.rivals() {
        if sharing == Sharing::Mla {
            rows.push(("MLA k,v".into(), step_time(state, &cache, Form::Expanded)));
            rows.push(("MLA c".into(), step_time(state, &cache, Form::Absorbed)));
        } else {
            rows.push((tag(cache.kind), step_time(state, &cache, Form::Absorbed)));
        }
    }
    let most = rows.iter().map(|row| row.1.0.max(row.1.1)).fold(1e-9, f64::max);
    let bar = |at: usize, x: f64, side: f64| {
        let middle = at as f64 + side;
        Bar { x: (0.0, x), y: (middle - 0.17, middle + 0.17) }
    };
    let reading = rows.iter().enumerate().map(|(at, row)| bar(at, row.1.0, -0.19)).collect();
    let computing = rows.iter().enumerate().map(|(at, row)| bar(at, row.1.1, 0.19)).collect();
    let marks = vec![
        Mark::new(Role::A, Shape::Bars(reading)).named(t("读缓存", "reading the cache")),
        Mark::new(Role::Estimate, Shape::Bars(computing)).named(t("做乘法", "multiplying")),
    ];
    let list = rows.iter().map(|(name, (read, compute))| format!("{name} {}", short(read.max(*compute), 3)));
    let list = list.collect::<Vec<_>>();
    let spoken = Words::new(
        format!("生成下一个 token 的注意力要多少毫秒：{}。", list.join("，")),
        format!("Milliseconds of attention for the next token: {}.", list.join(", ")),
    );
    let ticks = rows.iter().enumerate().map(|(at, row)| (at as f64, row.0.clone())).collect();
    let table = Table {
        id: "time".into(),
        title: Words::new("一步解码的注意力", "Attention of a step of decoding"),
        head: head(&[t("注意力", "attention"), t("读缓存（毫秒）", "reading (ms)"), t("做乘法（毫秒）", "multiplying (ms)")]),
        rows: rows
            .iter()
            .map(|(name, (read, compute))| vec![Cell::from(name.clone()), Cell::Number(*read), Cell::Number(*compute)])
            .collect(),
    };
    Figure {
        x: Axis::linear(0.0, round_step(most)),
        y: Axis::linear(-0.5, rows.len() as f64 - 0.5).downwards().ticks(Ticks::At(ticks)),
        marks,
        spoken,
        data: Some(Arc::new(table)),
        ..Figure::default()
    }
}

/// From DeepSeek-67B at 16 bits to the caches that are looked at.
pub fn fall(state: &State) -> Waterfall {
    Waterfall::new((194_560, 16), (state.cache().elements_per_token(), state.bits))
}

/// V7: where a reduction comes from.
fn waterfall(state: &State) -> Figure {
    let fall = fall(state);
    let steps = [
        (Role::A, fall.before, t("DeepSeek-67B，16 比特", "DeepSeek-67B, 16 bits"), 0.0),
        (Role::B, fall.fewer, t("换成这里的缓存，仍是 16 比特", "this cache, still 16 bits"), fall.by_elements()),
        (Role::Estimate, fall.after, t("比特数也换", "and its own bits"), fall.total()),
    ];
    let most = steps.iter().fold(0.0, |most, step| f64::max(most, step.1)) / 1e3;
    let mut marks = Vec::new();
    for (at, (role, bytes, words, saved)) in steps.into_iter().enumerate() {
        let (x, y) = (at as f64, bytes / 1e3);
        let bar = Bar { x: (x - 0.32, x + 0.32), y: (0.0, y) };
        marks.push(Mark::new(role, Shape::Bars(vec![bar])).named(words));
        let sign = if saved > 0.0 { "−" } else { "+" };
        let said = if at == 0 { format!("{} KB", short(y, 4)) } else { format!("{sign}{} %", short(100.0 * saved.abs(), 3)) };
        marks.push(Mark::new(role, Shape::Label((x, y), said.into(), Anchor::Middle)));
    }
    let percent = |part: f64| short(100.0 * part, 3);
    let spoken = Words::new(
        format!("只算元素个数少了 {}%，连比特数一起少了 {}%。", percent(fall.by_elements()), percent(fall.total())),
        format!("{} % fewer numbers; with the bits, {} % fewer bytes.", percent(fall.by_elements()), percent(fall.total())),
    );
    Figure {
        x: Axis::linear(-0.5, 2.5).ticks(Ticks::None),
        y: Axis::linear(0.0, 1.15 * most),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// All models side by side.
fn models(state: &State) -> Table {
    let cluster = state.cluster();
    let rows = MODELS.iter().map(|model| {
        let bits = state.weight_bits.unwrap_or(model.weight_bits);
        let fits = cluster.longest(&model.cache, model.weight_bytes(bits), state.batch as u64, state.bits, state.placement());
        let window = model
            .cache
            .window
            .map_or_else(String::new, |window| format!(" · {}/{} × {}", window.layers, model.cache.layers, window.tokens));
        let token = model.cache.elements_per_token() as f64 * f64::from(state.bits) / 8.0;
        vec![
            Cell::from(model.name.to_owned()),
            Cell::from(format!("{}{window}", tag(model.cache.kind))),
            Cell::from(whole(model.cache.kind.elements(model.cache.heads))),
            Cell::from(whole(model.cache.elements_per_token())),
            Cell::Number(token / 1e3),
            Cell::Number(token / 1024.0),
            Cell::from(fitting(fits)),
        ]
    });
    Table {
        id: "models".into(),
        title: Words::new("二十七个模型", "Twenty-seven models"),
        head: head(&[
            t("模型", "model"),
            t("注意力，窗口", "attention, window"),
            t("每层每个 token", "per token per layer"),
            t("每个 token", "per token"),
            Text::same("KB"),
            Text::same("KiB"),
            t("放得下的 token", "tokens that fit"),
        ]),
        rows: rows.collect(),
    }
}
