//! RoPE in one, two and three dimensions: <https://kexue.fm/archives/10352>.

mod ledger;
mod model;
mod roads;
mod state;
mod steps;
mod talk;
mod text;
mod views;

use crate::contract::control::Control;
use crate::contract::formula::Formula;
use crate::contract::number::whole;
use crate::contract::panel::{Panel, Source, View};
use crate::contract::problem::Problem;
use crate::contract::readout::{Place, Reading, Readout};
use crate::contract::step::{Preset, Step};
use crate::contract::text::{Text, Words, t};
use crate::contract::widget::Road;
use crate::contract::widget::{About, Budget, Progress, Widget};
use model::Work;
use state::State;
use views::{plain, spell};

/// Values compared with the independent reference; `crates/math/tests` holds the count to it.
pub const CHECKED: u32 = 10_323 + 2_226 + 966 + 604 + 530 + 352;

/// The widget.
pub struct Rope;

impl Widget for Rope {
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
        let Some(solved) = &work.solved else { return Words::new("还没有结果。", "No result yet.") };
        let (a, b) = (views::name(state.a), views::name(state.b));
        let n = whole(solved.a.layout.len() as u64);
        Words::new(
            format!("{n} 个 token；方案 A 是 {}，方案 B 是 {}。", a.zh, b.zh),
            format!("{n} tokens; scheme A is {}, scheme B is {}.", a.en, b.en),
        )
    }
}

fn readouts(state: &State, work: &Work) -> Vec<Readout> {
    let Some(solved) = &work.solved else { return Vec::new() };
    let read = |key, label, reading, place| Readout { key, label, reading, place };
    let words = |text: String| Reading::Words(Words::same(text));
    let last = solved.a.last_picture();
    let hole = last.as_ref().and_then(|last| last.hole).map_or_else(|| "–".to_owned(), plain);
    let patches = last.as_ref().map_or_else(|| "–".to_owned(), |last| whole(last.tokens));
    vec![
        read("tokens", t("token 数", "tokens"), words(whole(solved.a.layout.len() as u64)), Place::Rail),
        read("query-at", t("查询在（A）", "query at (A)"), words(spell(&solved.a, state.query)), Place::Rail),
        read("query-at-b", t("查询在（B）", "query at (B)"), words(spell(&solved.b, state.query)), Place::Panel("map-b")),
        read("key-at", t("键在（A）", "key at (A)"), words(spell(&solved.a, state.key)), Place::Rail),
        read("hole", t("空位 E = K − L − 1（A）", "hole E = K − L − 1 (A)"), words(hole), Place::Panel("map")),
        read("patches", t("块数 N", "patches N"), words(patches), Place::Panel("map")),
        read("kernel", t("S（查询，键；A）", "S (query, key; A)"), Reading::Fixed(solved.a.between, 3), Place::Panel("kernel")),
        read("kernel-b", t("S（查询，键；B）", "S (query, key; B)"), Reading::Fixed(solved.b.between, 3), Place::Panel("kernel")),
    ]
}
