//! The contract: what every widget declares, and nothing about how it is played.

use super::control::Control;
use super::exchange::Exchange;
use super::formula::Formula;
use super::panel::{Panel, Source, View};
use super::problem::Problem;
use super::readout::Readout;
use super::step::{Preset, Step};
use super::text::{Text, Words};

/// What a widget is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct About {
    /// The name in addresses: stable for ever.
    pub slug: &'static str,
    /// The title of the widget.
    pub title: Text,
    /// The question of the post, in words that a second-year student understands.
    pub question: Text,
    /// What the reader can do and see here, in one sentence; search engines and hosts show it.
    pub summary: Text,
    /// Version of the state in addresses.
    pub version: u32,
    /// What else was read: papers and code, `(name, address)`.
    pub reading: &'static [(Text, &'static str)],
    /// What the tests of this build compare; `tests/` holds the figures to it.
    pub checks: &'static [Check],
}

/// One kind of check that every build passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Check {
    /// What is compared with what.
    pub what: Text,
    /// How many cases.
    pub cases: u32,
}

/// Mathematics that two posts share. It is told once, by either of the two widgets, and the pages of both lead along it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Road {
    /// The slug of the other post; nothing leads there before its widget is built.
    pub to: &'static str,
    /// Which mathematics is shared, in words that are true from both ends.
    pub words: Text,
}

/// How far a long computation has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// Everything is there.
    Done,
    /// A part between 0 and 1 is there; ask again.
    Going(f64),
}

/// How long a computation may go on before the page must breathe.
pub struct Budget<'a> {
    left: &'a dyn Fn() -> bool,
}

impl<'a> Budget<'a> {
    /// A budget that lasts as long as `left` says so. Pure floors have no clock: the player brings it.
    pub fn new(left: &'a dyn Fn() -> bool) -> Self {
        Self { left }
    }

    /// Whether there is time for another slice, to be asked every millisecond or so.
    pub fn left(&self) -> bool {
        (self.left)()
    }
}

impl Budget<'static> {
    /// A budget that never ends: tests, posters, exports.
    pub fn unlimited() -> Self {
        Self { left: &|| true }
    }
}

/// A widget: a pure description that one player plays.
pub trait Widget: Sync + 'static {
    /// What the reader can change. `Default` is the opening scene.
    type State: Clone + PartialEq + Default;
    /// What has been computed from a state; kept between frames, never shown as such, never in a link.
    type Work: Default + 'static;

    /// What it is about.
    const ABOUT: About;
    /// Everything a reader can change, in the order of the rail.
    const CONTROLS: &'static [Control<Self::State>];
    /// The words of its views; [`Widget::views`] gives their numbers in the same order.
    const PANELS: &'static [Panel];
    /// Its formulas.
    const FORMULAS: &'static [Formula];
    /// Its named scenes.
    const PRESETS: &'static [Preset<Self::State>];
    /// Its way through.
    const STEPS: &'static [Step<Self::State>];
    /// Sources that belong to no single view.
    const SOURCES: &'static [Source];
    /// Formats of others in which part of its state comes and goes.
    const EXCHANGES: &'static [Exchange<Self::State>] = &[];
    /// What a teacher may say and ask, a note a step. They are written into files: no program carries them.
    const TALK: &'static [Text];
    /// Where its mathematics goes on: see [`Road`]. They are written into files, as the notes are.
    const ROADS: &'static [Road] = &[];

    /// Mends what two controls together make impossible, and says so.
    fn settle(_state: &mut Self::State) -> Vec<Problem> {
        Vec::new()
    }

    /// Computes from the state what the views need, at most for the budget. Called again with the same state until
    /// it is done; with another state it starts anew.
    ///
    /// # Errors
    ///
    /// A sentence at the field whose value has no picture; the last good picture stays.
    fn work(state: &Self::State, work: &mut Self::Work, budget: &Budget<'_>) -> Result<Progress, Problem>;

    /// The numbers of the views, one a panel.
    fn views(state: &Self::State, work: &Self::Work) -> Vec<View>;

    /// The numbers of the moment.
    fn readouts(state: &Self::State, work: &Self::Work) -> Vec<Readout>;

    /// What the reader should know about this state: ties that were broken, maps that could not be drawn.
    fn notes(_state: &Self::State, _work: &Self::Work) -> Vec<Problem> {
        Vec::new()
    }

    /// The state in two or three sentences, to be read aloud.
    fn describe(state: &Self::State, work: &Self::Work) -> Words;
}
