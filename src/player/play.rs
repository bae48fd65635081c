//! A [`Session`] on a page: signals for whoever shows it, one computation a frame, the address kept up to date.

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::{clock, page};
use crate::contract::address::Pairs;
use crate::contract::control::Kind;
use crate::contract::parameter::{MANNER, Showing};
use crate::contract::problem::Problem;
use crate::contract::readout::Place;
use crate::contract::shelf::{DynWidget, Scene};
use crate::contract::widget::Budget;
use crate::player::reader::reader;
use crate::player::session::{Desk, Session};

/// Milliseconds of a frame that a computation may take.
const BUDGET: f64 = 8.0;

/// Milliseconds after the last change until the address follows.
const ADDRESS_DELAY: i32 = 300;

/// What the last computation has brought.
pub struct Shown {
    /// What the last setting that has a picture shows.
    pub scene: Arc<Scene>,
    /// Why the present setting has no picture; the last good one stays.
    pub problem: Option<Problem>,
    /// How far a long computation has come.
    pub progress: Option<f64>,
    /// Milliseconds of the last computation.
    pub cost: f64,
}

/// A widget in play. A handle: copies speak of the same play.
#[derive(Clone, Copy)]
pub struct Play {
    /// What is played.
    pub widget: &'static dyn DynWidget,
    /// The one signal that every writer sets, by [`Play::act`], and every reader reads.
    pub session: RwSignal<Session>,
    /// What is shown of it.
    pub shown: RwSignal<Shown>,
    /// The guided step and the chosen answer, for readers that nothing else concerns.
    pub step: Memo<(Option<usize>, Option<usize>)>,
    /// What of the page is shown.
    pub showing: StoredValue<Showing>,
    /// The term that is lit in figures and formulas.
    pub lit: RwSignal<Option<&'static str>>,
    desk: StoredValue<Desk, LocalStorage>,
    pending: StoredValue<bool>,
    writing: StoredValue<bool>,
    is_asleep: StoredValue<bool>,
    /// Counts what was started: of two that play, the first ends.
    run: StoredValue<u32>,
    keeps_address: bool,
}

impl Play {
    /// Opens a widget at the state of the page's address. Only a page of its own keeps its address up to date; an embed
    /// leaves it alone.
    pub fn open(widget: &'static dyn DynWidget, keeps_address: bool) -> Self {
        let opened = Session::open(widget, &page::query());
        let mut desk = Desk::new(widget);
        // The opening scene is computed at once, so that the page never shows an empty stage: without the budget of a
        // frame, but a first slice only.
        let start = clock::now();
        let first = desk.compute(&opened.setting, &Budget::new(&|| clock::now() - start < 4.0 * BUDGET));
        let shown = match first {
            Ok((scene, progress)) => Shown { scene, problem: None, progress, cost: clock::now() - start },
            Err(problem) => Shown { scene: desk.shown(&opened.setting), problem: Some(problem), progress: None, cost: 0.0 },
        };
        let is_going = shown.progress.is_some();
        let session = RwSignal::new(opened);
        let play = Self {
            widget,
            session,
            shown: RwSignal::new(shown),
            step: Memo::new(move |_| session.with(|session| (session.step, session.answer))),
            showing: StoredValue::new(Showing::of(&Pairs::of(&page::query()))),
            lit: RwSignal::new(None),
            desk: StoredValue::new_local(desk),
            pending: StoredValue::new(false),
            writing: StoredValue::new(false),
            is_asleep: StoredValue::new(false),
            run: StoredValue::new(0),
            keeps_address,
        };
        if is_going {
            play.schedule();
        }
        let may_move = !reader().is_calm();
        if let Some(playhead) = play.playhead().filter(|_| may_move && Pairs::of(&page::query()).is_on("play")) {
            clock::next_frame(move || play.toggle_playing(playhead, 1.0));
        }
        play
    }

    /// Does something to the session; what follows from it happens before the next picture, once for all that is done until then.
    pub fn act(self, deed: impl FnOnce(&mut Session) + 'static) {
        // As one type: a copy of this function for each deed would be code without end.
        self.act_boxed(Box::new(deed));
    }

    fn act_boxed(self, deed: Box<dyn FnOnce(&mut Session)>) {
        let mut is_changed = false;
        self.session.update(|session| {
            let before = session.setting.clone();
            deed(session);
            is_changed = session.setting != before;
        });
        if is_changed {
            self.schedule();
        }
        // The step may be another though the setting is the same.
        if self.keeps_address && !self.writing.get_value() {
            self.writing.set_value(true);
            clock::after(ADDRESS_DELAY, move || self.keep_address());
        }
    }

    /// Which control is the first playhead, if there is one.
    pub fn playhead(self) -> Option<usize> {
        self.widget.faces().iter().position(|face| matches!(face.kind, Kind::Playhead { .. }))
    }

    /// Computes nothing more, or goes on with what is due.
    pub fn sleep(self, is_asleep: bool) {
        self.is_asleep.set_value(is_asleep);
        if !is_asleep {
            self.pending.set_value(false);
            self.schedule();
        }
    }

    /// Starts or stops a playhead.
    pub fn toggle_playing(self, index: usize, speed: f64) {
        self.act(move |session| {
            if session.toggle_playing(index, speed) {
                let run = self.run.get_value().wrapping_add(1);
                self.run.set_value(run);
                advance(self, (index, run), clock::now(), 0.0);
            }
        });
    }

    /// Lets the address follow a little later, once for many changes.
    fn keep_address(self) {
        self.writing.set_value(false);
        let written = self.session.with_untracked(Session::written);
        // What is not state (language, what is hidden) stays as the reader's link had it.
        let given = Pairs::of(&page::query());
        let mut pairs = Pairs::of(&written.query);
        for name in MANNER {
            if let Some(text) = given.get(name) {
                pairs.put(name.to_owned(), text.to_owned());
            }
        }
        page::replace_query(&pairs.query());
    }

    /// Asks for one computation before the next picture, whatever the number of changes until then.
    fn schedule(self) {
        if !self.pending.get_value() {
            self.pending.set_value(true);
            clock::next_frame(move || self.tick());
        }
    }

    /// Brings what is shown up to the setting without waiting for the next picture, of which an embed out of view gets none.
    pub fn settle(self) {
        if self.pending.get_value() {
            self.compute();
        }
    }

    fn tick(self) {
        // What is due while it sleeps stays so.
        if self.pending.get_value() && !self.is_asleep.get_value() {
            self.compute();
        }
    }

    fn compute(self) {
        self.pending.set_value(false);
        let setting = self.session.with_untracked(|session| session.setting.clone());
        let start = clock::now();
        let budget = || clock::now() - start < BUDGET;
        let mut outcome = None;
        self.desk.update_value(|desk| outcome = Some(desk.compute(&setting, &Budget::new(&budget))));
        self.shown.update(|shown| match outcome {
            Some(Ok((scene, progress))) => *shown = Shown { scene, problem: None, progress, cost: clock::now() - start },
            Some(Err(problem)) => {
                shown.problem = Some(problem);
                shown.progress = None;
            }
            None => {}
        });
        if self.shown.with_untracked(|shown| shown.progress.is_some()) {
            self.schedule();
        }
    }
}

/// Whether a playhead or the view that it moves is on the screen.
fn is_in_sight(play: Play, index: usize) -> bool {
    let Some(face) = play.widget.faces().get(index).copied() else { return false };
    let panel = match face.place {
        Place::Panel(panel) => Some(panel),
        _ => play.widget.panels().first().map(|panel| panel.id),
    };
    let own = std::iter::once(format!("control-{}", face.key)).chain(panel.map(|panel| format!("panel-{panel}")));
    let own: Vec<String> = own.filter(|id| page::is_there(id)).collect();
    if own.is_empty() {
        // Another figure is shown alone.
        return play.widget.panels().iter().any(|panel| page::is_on_screen(&format!("panel-{}", panel.id)));
    }
    own.iter().any(|id| page::is_on_screen(id))
}

/// Moves a playhead on by the time that has passed, frame by frame, until it is stopped, at its end, or out of sight.
fn advance(play: Play, (index, run): (usize, u32), before: f64, rest: f64) {
    clock::next_frame(move || {
        let is_playing = play.session.try_with_untracked(|session| session.playing.is_some()) == Some(true);
        if !is_playing || play.run.get_value() != run {
            return;
        }
        if !is_in_sight(play, index) {
            play.act(Session::pause);
            return;
        }
        let now = clock::now();
        // A page that was hidden does not catch up.
        let seconds = (now - before).min(100.0) / 1000.0;
        play.act(move |session| {
            if let Some(rest) = session.advance(index, seconds, rest) {
                advance(play, (index, run), now, rest);
            }
        });
    });
}
