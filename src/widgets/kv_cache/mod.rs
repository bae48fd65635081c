//! From MHA to MLA, what the cache costs: <https://kexue.fm/archives/10091>.

mod bench;
mod config;
mod model;
mod roads;
mod state;
mod steps;
mod talk;
mod text;
mod views;

use yansuan_math::decode_cost::{Form, QueryAbsorption, crossover, flop_growth};
use yansuan_math::kv_cache::{AttentionKind, GIB, Room};
use yansuan_math::memory_fit::Fit;

use crate::contract::control::Control;
use crate::contract::exchange::Exchange;
use crate::contract::formula::Formula;
use crate::contract::number::{short, whole};
use crate::contract::panel::{Panel, Source, View};
use crate::contract::problem::Problem;
use crate::contract::readout::{Place, Reading, Readout};
use crate::contract::step::{Preset, Step};
use crate::contract::text::{Text, Words, t};
use crate::contract::widget::Road;
use crate::contract::widget::{About, Budget, Progress, Widget};
use model::Work;
use state::{Sharing, State};

/// Values compared with the independent reference; `crates/math/tests` holds the count to it.
pub const CHECKED: u32 = 2400;

/// The widget.
pub struct KvCache;

impl Widget for KvCache {
    type State = State;
    type Work = Work;

    const ABOUT: About = text::ABOUT;
    const CONTROLS: &'static [Control<State>] = state::CONTROLS;
    const PANELS: &'static [Panel] = text::PANELS;
    const FORMULAS: &'static [Formula] = text::FORMULAS;
    const PRESETS: &'static [Preset<State>] = steps::PRESETS;
    const STEPS: &'static [Step<State>] = steps::STEPS;
    const SOURCES: &'static [Source] = text::SOURCES;
    const EXCHANGES: &'static [Exchange<State>] = config::EXCHANGES;
    const TALK: &'static [Text] = talk::TALK;
    const ROADS: &'static [Road] = roads::ROADS;

    fn settle(state: &mut State) -> Vec<Problem> {
        state.settle()
    }

    fn work(state: &State, work: &mut Work, budget: &Budget<'_>) -> Result<Progress, Problem> {
        work.go(state, budget)
    }

    fn views(state: &State, work: &Work) -> Vec<View> {
        views::views(state, work)
    }

    fn readouts(state: &State, work: &Work) -> Vec<Readout> {
        let mut all = costs(state);
        all.extend(bench_readouts(state, work));
        all
    }

    fn notes(state: &State, _work: &Work) -> Vec<Problem> {
        notes(state)
    }

    fn describe(state: &State, work: &Work) -> Words {
        describe(state, work)
    }
}

fn read(key: &'static str, label: Text, reading: Reading, place: Place) -> Readout {
    Readout { key, label, reading, place }
}

fn words(text: String) -> Reading {
    Reading::Words(Words::same(text))
}

/// A count in full, and with K of 1000 and of 1024.
fn both_thousands(count: u64) -> String {
    if count < 1000 {
        return whole(count);
    }
    format!("{} = {}K (1000) = {}K (1024)", whole(count), short(count as f64 / 1e3, 4), short(count as f64 / 1024.0, 4))
}

fn costs(state: &State) -> Vec<Readout> {
    let cache = state.cache();
    let bytes = views::bytes(state, &cache);
    let (parameters, active) = state.parameters();
    let weights = state.weight_bytes(parameters);
    let card = state.accelerator();
    let (reading, computing) = views::step_time(state, &cache, Form::Absorbed);
    let crossing = crossover(&cache, state.weight_bytes(active), state.batch as u64, state.bits, (card, state.arithmetic()));
    let crossing = match crossing {
        Room::Tokens(tokens) if tokens < 1_000_000_000 => whole(tokens),
        Room::Tokens(tokens) => short(tokens as f64, 3),
        Room::Unbounded => "∞".into(),
    };
    let absorption = QueryAbsorption::new(state.query_width(), cache.heads.d_k, absorbing_width(state));
    let fall = views::fall(state);
    let token = cache.elements_per_token();
    let token_bytes = token as f64 * f64::from(state.bits) / 8.0;
    let element = cache.kind.elements(cache.heads);
    let growth = flop_growth(cache.kind, cache.heads);
    let sizes = |bytes: f64| words(format!("{} GB = {} GiB", short(bytes / 1e9, 4), short(bytes / GIB, 4)));
    vec![
        read("cache", t("缓存", "cache"), sizes(bytes), Place::Rail),
        read("weight", t("权重", "weights"), sizes(weights), Place::Rail),
        read("fit", t("放得下的 token", "tokens that fit"), words(views::fitting(views::fit(state, &cache))), Place::Rail),
        read("token", t("每个 token 的元素", "numbers per token"), words(both_thousands(token)), Place::Panel("memory")),
        read(
            "token-bytes",
            t("每个 token 的字节", "bytes per token"),
            words(format!("{} KB = {} KiB", short(token_bytes / 1e3, 5), short(token_bytes / 1024.0, 5))),
            Place::Panel("memory"),
        ),
        read(
            "element",
            t("每层每个 token 的元素", "numbers per token per layer"),
            words(whole(element)),
            Place::Panel("sharing"),
        ),
        read("layer", t("层数", "layers"), words(cache.layers.to_string()), Place::Formula),
        read("gb", t("缓存，GB", "cache, GB"), Reading::Short(bytes / 1e9, 4), Place::Formula),
        read(
            "equal",
            t("相当于几组", "equivalent groups"),
            Reading::Short(cache.kind.equivalent_groups(cache.heads), 4),
            Place::Panel("sharing"),
        ),
        read(
            "bend",
            t("窗口", "window"),
            cache.bend().map_or_else(|| Reading::Words(Words::new("没有", "none")), |bend| words(whole(bend.into()))),
            Place::Panel("growth"),
        ),
        read("trained", t("训练过的长度", "trained length"), words(whole(state.context())), Place::Panel("growth")),
        read(
            "intensity",
            t("运算 / 字节", "operations / byte"),
            Reading::Short(views::intensity(state, &cache, Form::Absorbed), 4),
            Place::Panel("roofline"),
        ),
        read("ridge", t("屋脊", "ridge"), Reading::Short(card.ridge(state.arithmetic()), 3), Place::Panel("roofline")),
        read(
            "growth",
            t("运算是展开形式的", "operations beside k and v made"),
            words(format!("{}×", short(growth, 3))),
            Place::Panel("roofline"),
        ),
        read("reading", t("读缓存（毫秒）", "reading (ms)"), Reading::Short(reading, 3), Place::Panel("time")),
        read("computing", t("做乘法（毫秒）", "multiplying (ms)"), Reading::Short(computing, 3), Place::Panel("time")),
        read(
            "crossing",
            t("多少个 token 起，注意力比读权重慢", "tokens from which attention outlasts the weights"),
            words(crossing),
            Place::Panel("time"),
        ),
        read(
            "serial",
            t("每头吸收一个查询，依次乘（次）", "multiplications per head: two products"),
            words(whole(absorption.serial)),
            Place::Panel("time"),
        ),
        read(
            "merging",
            t("先合并再乘（次）", "multiplications per head: merged"),
            words(whole(absorption.merged)),
            Place::Panel("time"),
        ),
        read(
            "fewer",
            t("元素少了", "fewer numbers"),
            words(format!("{} %", short(100.0 * fall.by_elements(), 3))),
            Place::Panel("waterfall"),
        ),
        read(
            "less",
            t("字节少了", "fewer bytes"),
            words(format!("{} %", short(100.0 * fall.total(), 3))),
            Place::Panel("waterfall"),
        ),
    ]
}

/// The width that queries are brought to: that of the latent vector, or what grouped attention keeps of a layer.
fn absorbing_width(state: &State) -> u32 {
    let cache = state.cache();
    match cache.kind {
        AttentionKind::Mla { d_c, .. } => d_c,
        _ => u32::try_from(cache.kind.elements(cache.heads)).unwrap_or(u32::MAX),
    }
}

fn bench_readouts(state: &State, work: &Work) -> Vec<Readout> {
    let (Some(bench), Some(rotated), Some(selected)) = (work.bench(), work.rotated(), work.selected()) else { return Vec::new() };
    let (wrong, right) = bench::errors(state, work);
    let tiny = |value: f64| if value == 0.0 { words("0".into()) } else { Reading::Short(value, 2) };
    let mut all = vec![
        read(
            "difference",
            t("两种形式的最大差", "largest difference of the forms"),
            tiny(bench.difference),
            Place::Panel("algebra"),
        ),
        read(
            "kept",
            t("每个 token 存几个数", "numbers cached per token"),
            words(whole(bench::cached(state, bench) as u64)),
            Place::Panel("algebra"),
        ),
        read(
            "drift",
            t("距离 3 与距离 0 的矩阵，相对差", "matrix of lag 3 beside lag 0"),
            Reading::Short(rotated.drift.last().copied().unwrap_or_default(), 3),
            Place::Panel("merged"),
        ),
        read("wrong", t("一个矩阵的误差", "error of one matrix"), tiny(wrong), Place::Panel("lag")),
        read("right", t("解耦之后的误差", "error, decoupled"), tiny(right), Place::Panel("lag")),
        read("beside-gqa", t("与 GQA 的相对差", "off GQA, relative"), tiny(selected.difference), Place::Panel("selector")),
    ];
    let sizes = work.rounding_sizes();
    let sizes = format!("{}, {}, {} · {}", sizes.d, sizes.d_k, sizes.d_c, sizes.n);
    all.push(read("sizes", t("d, d_k, d_c · token", "d, d_k, d_c · tokens"), words(sizes), Place::Panel("rounding")));
    all
}

fn notes(state: &State) -> Vec<Problem> {
    let mut notes = Vec::new();
    let cache = state.cache();
    if state.tokens as u64 > state.context() {
        let (here, trained) = (whole(state.tokens as u64), whole(state.context()));
        notes.push(Problem::at(
            "tokens",
            format!("{here} 超过了模型训练过的 {trained}：缓存照样算得出，模型却没学过这么长。"),
            format!("{here} is beyond the {trained} that the model was trained for: the cache can be computed, the text was never learnt."),
        ));
    }
    if views::fit(state, &cache) == Fit::WeightsTooLarge {
        notes.push(Problem::at(
            "devices",
            "光是权重就放不下，一个 token 也存不了；加几张卡，或把权重改成更少的比特。",
            "The weights alone do not fit, and not one token does; take more cards, or fewer bits for the weights.",
        ));
    }
    if state.sharing == Sharing::Mla && !cache.kind.saves(cache.heads) {
        notes.push(Problem::at(
            "dc",
            "隐向量与旋转键加起来不比 MHA 的键和值少，这样的 MLA 省不了。",
            "Latent vector and rotated key are no fewer numbers than the keys and values of MHA; such an MLA saves nothing.",
        ));
    } else if let (AttentionKind::Mla { d_c, .. }, AttentionKind::Gqa { groups }) = (cache.kind, state.released().kind)
        && cache.kind.holds_groups(cache.heads, groups)
    {
        notes.push(Problem::at(
            "dc",
            format!("d_c = {d_c} 已经装得下原来 {groups} 组的键和值，比原来的 GQA 省不了。"),
            format!(
                "d_c = {d_c} holds the keys and values of the {groups} groups that there were; beside that GQA it saves nothing."
            ),
        ));
    }
    notes
}

fn describe(state: &State, work: &Work) -> Words {
    let cache = state.cache();
    let name = state.model_name();
    let (kind, tokens) = (views::tag(cache.kind), whole(state.tokens as u64));
    let (size, fits) = (short(views::bytes(state, &cache) / 1e9, 4), views::fitting(views::fit(state, &cache)));
    let (reading, computing) = views::step_time(state, &cache, Form::Absorbed);
    let (reading, computing) = (short(reading, 3), short(computing, 3));
    let (difference, wrong, off) = work
        .bench()
        .zip(work.selected())
        .map_or((0.0, 0.0, 0.0), |(bench, selected)| (bench.difference, bench::errors(state, work).0, selected.difference));
    let [difference, wrong, off] = [difference, wrong, off].map(|value| short(value, 2));
    let form =
        text::ORDERS.iter().zip(state::ORDERS).find(|(_, order)| *order == state.order).map_or(t("", ""), |(item, _)| item.name);
    let (model_zh, model_en) = (name.zh, name.en);
    Words::new(
        format!(
            "{model_zh}，{kind}，{tokens} 个 token，{} 条：缓存 {size} GB，放得下 {fits} 个；下一个 token 读缓存要 {reading} 毫秒，做乘法要 {computing} 毫秒。矩阵台（{}）两种形式差 {difference}，旋转时一个矩阵差 {wrong}，选择矩阵与 GQA 差 {off}。",
            state.batch, form.zh
        ),
        format!(
            "{model_en} as {kind}, {tokens} tokens, {} texts: the cache is {size} GB and {fits} tokens fit; for the next token reading takes {reading} ms and multiplying {computing} ms. On the bench ({}) the two forms differ by {difference}, one matrix under rotation is off by {wrong}, and the selectors are off GQA by {off}.",
            state.batch, form.en
        ),
    )
}
