//! Attention as an RNN of quadratic length: <https://kexue.fm/archives/10017>.

mod cost;
mod ledger;
mod model;
mod roads;
mod state;
mod steps;
mod talk;
mod text;
mod views;

use yansuan_math::attention_cost::{Strategy, digits_of_power_of_two};
use yansuan_math::attention_state::{Form, State as Sums};

use crate::contract::control::Control;
use crate::contract::formula::Formula;
use crate::contract::number::{of_log10, short, whole};
use crate::contract::panel::{Panel, Source, View};
use crate::contract::problem::Problem;
use crate::contract::readout::{Place, Reading, Readout};
use crate::contract::step::{Preset, Step};
use crate::contract::text::{Text, Words, t};
use crate::contract::widget::Road;
use crate::contract::widget::{About, Budget, Progress, Widget};
use model::Work;
use state::{MODELS, State};

/// Values compared with the independent reference; `crates/math/tests` holds the count to it.
pub const CHECKED: u32 = 933;

/// The widget.
pub struct AttentionRnn;

impl Widget for AttentionRnn {
    type State = State;
    type Work = Work;

    const ABOUT: About = text::ABOUT;
    const CONTROLS: &'static [Control<State>] = state::CONTROLS;
    const PANELS: &'static [Panel] = text::PANELS;
    const FORMULAS: &'static [Formula] = text::FORMULAS;
    const PRESETS: &'static [Preset<State>] = steps::PRESETS;
    const STEPS: &'static [Step<State>] = steps::STEPS;
    const SOURCES: &'static [Source] = text::SOURCES;
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
        readouts(state, work)
    }

    fn notes(state: &State, work: &Work) -> Vec<Problem> {
        notes(state, work)
    }

    fn describe(state: &State, work: &Work) -> Words {
        let Some(solved) = &work.solved else { return Words::new("还没有结果。", "No result yet.") };
        let n = solved.attention.len();
        Words::new(
            format!("{n} 个 token，{} 步中的第 {} 步。", state.last(), state.step),
            format!("{n} tokens, step {} of {}.", state.step, state.last()),
        )
    }
}

/// Scores a second of the recursion in a browser, to tell beforehand what would take too long.
const SCORES_A_SECOND: f64 = 1e7;

fn notes(state: &State, work: &Work) -> Vec<Problem> {
    let mut notes = Vec::new();
    if state.calls().is_none() {
        let count = Strategy::FullRecursion.scores(state.layers, state.tokens as u64).to_string();
        let count = whole(count.parse().unwrap_or(u64::MAX));
        let seconds = 10_f64.powf(Strategy::FullRecursion.log10_scores(state.layers, state.tokens as u64)) / SCORES_A_SECOND;
        let seconds = short(seconds.max(1.0), 2);
        notes.push(Problem::at(
            "layers",
            format!("{} 层、{} 个 token 的完全递归要算 {count} 个分数，约 {seconds} 秒，没有开始；最多演示 2 000 000 个。请减少层数或 token。", state.layers, state.tokens),
            format!(
                "Full recursion over {} layers and {} tokens takes {count} scores, about {seconds} s; it was not begun. At most 2 000 000 are played: take fewer layers or tokens.",
                state.layers, state.tokens
            ),
        ));
    }
    let is_broken = |sums: &Sums| !sums.z().is_finite() || sums.y().iter().any(|y| !y.is_finite());
    if let Some(step) = work.solved.as_ref().and_then(|solved| solved.now(state)) {
        if is_broken(&step.state) {
            notes.push(Problem::at(
                "form",
                "状态已经溢出，y/z 没有意义；改用稳妥的形式，或减小增益。",
                "The state has overflowed and y/z means nothing; take the safe form, or lower the gain.",
            ));
        } else if step.state.z() == 0.0 && state.form == Form::Raw {
            notes.push(Problem::at(
                "form",
                "所有指数都下溢为 0，z = 0；改用稳妥的形式。",
                "Every exponential underflowed to 0, and z = 0; take the safe form.",
            ));
        }
    }
    notes
}

fn readouts(state: &State, work: &Work) -> Vec<Readout> {
    let Some(solved) = &work.solved else { return Vec::new() };
    let read = |key, label, reading, place| Readout { key, label, reading, place };
    let words = |text: String| Reading::Words(Words::same(text));
    let none = || "–".to_owned();
    let now = solved.now(state);
    let number = |of: &dyn Fn(&Sums) -> f64| {
        let value = now.map(|step| of(&step.state)).filter(|value| !value.is_nan());
        words(value.map_or_else(none, |value| short(value, 5)))
    };
    let output = now.and_then(|step| step.state.output()).filter(|o| o.iter().all(|x| x.is_finite()));
    let output =
        output.map_or_else(none, |o| format!("({})", o.iter().take(2).map(|x| short(*x, 4)).collect::<Vec<_>>().join(", ")));
    let truth = solved.output(solved.row()).iter().take(2).map(|x| short(*x, 4)).collect::<Vec<_>>().join(", ");
    let sizes = MODELS[state.model];
    let worst = solved.proofs.iter().flatten().copied().fold(0.0, f64::max);
    let recursion = Strategy::FullRecursion.log10_scores(sizes.layers, state.context).max(0.0);
    let read_now = match (solved.read, now) {
        (Some(read), Some(step)) => format!("{} = {}", views::dot(read, step.key), short(step.score, 4)),
        _ => none(),
    };
    let done = work.theatre.as_ref().map(|theatre| theatre.machine.counters().clone()).unwrap_or_default();
    vec![
        read("read", t("正在读", "being read"), words(read_now), Place::Rail),
        read("m", t("m，最大的分数", "m, largest score"), number(&Sums::m), Place::Panel("card")),
        read("z", t("z，分母", "z, denominator"), number(&Sums::z), Place::Panel("card")),
        read("lse", t("m + ln z", "m + ln z"), number(&Sums::log_sum_exp), Place::Panel("card")),
        read("output", t("o = y/z", "o = y/z"), words(output), Place::Panel("running")),
        read("truth", t("直接算的", "computed at once"), words(format!("({truth})")), Place::Panel("running")),
        read("worst", t("最大的差", "largest difference"), words(short(worst, 3)), Place::Panel("proof")),
        read("price", t("完全递归的分数", "scores of full recursion"), words(of_log10(recursion, 4)), Place::Panel("price")),
        read(
            "cached",
            t("有 KV 缓存时", "with a KV cache"),
            words(of_log10(Strategy::KvCache.log10_scores(sizes.layers, state.context).max(0.0), 4)),
            Place::Panel("price"),
        ),
        read("depth", t("层数 N", "layers N"), words(whole(sizes.layers)), Place::Formula),
        read("length", t("长度 L", "length L"), words(whole(state.context)), Place::Formula),
        read("calls", t("已算的分数", "scores so far"), words(whole(done.total_scores())), Place::Panel("stack")),
        read("leaves", t("读原始输入的次数", "reads of the raw input"), words(whole(done.leaf_reads)), Place::Panel("stack")),
        read("peak", t("用过的格子", "slots ever used"), words(done.peak_depth.to_string()), Place::Panel("stack")),
        read("digits", t("2ˣ 的位数", "digits of 2ˣ"), words(whole(digits_of_power_of_two(state.power))), Place::Panel("disk")),
        read(
            "working",
            t("模型的工作记忆 hidden·layers·2", "working memory hidden·layers·2"),
            words(whole(u64::try_from(sizes.working_memory()).unwrap_or(u64::MAX))),
            Place::Panel("disk"),
        ),
    ]
}
