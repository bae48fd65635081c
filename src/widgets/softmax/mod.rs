//! Softmax and its alternatives: <https://kexue.fm/archives/10145>.

mod model;
mod properties;
mod roads;
mod state;
mod steps;
mod talk;
mod text;
mod views;

use yansuan_math::entropy::entropy;
use yansuan_math::jacobian::half_l1_jacobian;
use yansuan_math::log_sum_exp::log_sum_exp;
use yansuan_math::threshold::mass_at;

use crate::contract::control::Control;
use crate::contract::formula::Formula;
use crate::contract::number::fixed;
use crate::contract::panel::{Panel, Source, View};
use crate::contract::problem::Problem;
use crate::contract::readout::{Place, Reading, Readout};
use crate::contract::step::{Preset, Step};
use crate::contract::text::{Text, Words, t};
use crate::contract::widget::Road;
use crate::contract::widget::{About, Budget, Progress, Widget};
use model::Work;
use state::State;

/// Values compared with the independent reference; `crates/math/tests` holds the count to it.
pub const CHECKED: u32 = 4515 + 528 + 72 + 320;

/// The widget.
pub struct Softmax;

impl Widget for Softmax {
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

    fn notes(_state: &State, work: &Work) -> Vec<Problem> {
        work.solved.as_ref().map(|solved| solved.notes.clone()).unwrap_or_default()
    }

    fn describe(state: &State, work: &Work) -> Words {
        let n = state.x.len();
        let Some(solved) = &work.solved else { return Words::new("还没有结果。", "No result yet.") };
        let focus = solved.focus(state.focus);
        let name = views::title(views::focus_map(state.focus), state).words();
        let best = solved.order.first().map_or(0, |at| *at as usize);
        let largest = fixed(focus.p.get(best).copied().unwrap_or(0.0), 3);
        Words::new(
            format!("{n} 个分数，最大的是第 {} 个；{} 给它 {largest}，共 {} 个非零。", best + 1, name.zh, focus.support),
            format!(
                "{n} scores, the largest is number {}; {} gives it {largest} and leaves {} nonzero.",
                best + 1,
                name.en,
                focus.support
            ),
        )
    }
}

fn readouts(state: &State, work: &Work) -> Vec<Readout> {
    let Some(solved) = &work.solved else { return Vec::new() };
    let focus = solved.focus(state.focus);
    let n = solved.z.len();
    let mass = mass_at(&solved.z, state.focus_alpha(), focus.level() + state.lift).ok().filter(|mass| mass.is_finite());
    let top = solved.max / state.tau;
    let level = focus.level() + if top.abs() < 1e5 { top } else { 0.0 };
    let beta = state.alpha - 1.0;
    let gap_words = views::lead(solved).map_or(Reading::Words(Words::same("–")), |gap| Reading::Fixed(gap, 2));
    let naive: f64 = state.x.iter().map(|x| (x / state.tau).exp()).sum();
    let naive = if naive.is_finite() && naive > 0.0 {
        Reading::Short(naive, 4)
    } else if naive > 0.0 {
        Reading::Words(Words::new("溢出", "overflows"))
    } else {
        Reading::Words(Words::new("下溢为 0", "underflows to 0"))
    };
    let lse = log_sum_exp(&solved.z).unwrap_or(0.0) + top;
    let read = |key, label, reading, place| Readout { key, label, reading, place };
    vec![
        read(
            "support",
            t("非零个数（细看）", "nonzero (in focus)"),
            Reading::Words(Words::same(format!("{} / {n}", focus.support))),
            Place::Rail,
        ),
        read(
            "entropy",
            t("熵（细看）", "entropy (in focus)"),
            Reading::Words(Words::same(format!("{} nat", fixed(entropy(&focus.p), 3)))),
            Place::Rail,
        ),
        read("gap", t("前两名分差（除以 τ）", "gap of the two best (over τ)"), gap_words, Place::Rail),
        read(
            "mass",
            t("线上合计", "mass above the line"),
            mass.map_or(Reading::Words(Words::new("太大", "too large")), |mass| Reading::Fixed(mass, 3)),
            Place::Panel("level"),
        ),
        read("level", t("正确的水位 λ", "the level λ that fits"), Reading::Short(level, 5), Place::Panel("level")),
        read("naive", t("Σexp(x/τ)，直接算", "Σexp(x/τ), as it stands"), naive, Place::Panel("probabilities")),
        read(
            "lse",
            t("ln Σexp(x/τ)，先减最大者", "ln Σexp(x/τ), largest subtracted"),
            Reading::Short(lse, 6),
            Place::Panel("probabilities"),
        ),
        read(
            "half-l1",
            t("½‖J‖₁ = 1 − Σp²（softmax）", "½‖J‖₁ = 1 − Σp² (softmax)"),
            Reading::Fixed(half_l1_jacobian(&solved.family[0].p), 3),
            Place::Panel("jacobian"),
        ),
        read("beta", t("β = α − 1", "β = α − 1"), Reading::Short(beta, 4), Place::Formula),
    ]
}
