//! One widget in play: its setting, what it shows, and everything that can be done to it.

use std::any::Any;
use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::{clock, page};
use crate::contract::address::{self, Address};
use crate::contract::control::{Face, Kind};
use crate::contract::problem::Problem;
use crate::contract::setting::{Patch, Setting};
use crate::contract::shelf::{DynWidget, Scene};
use crate::contract::value::Value;
use crate::contract::widget::{Budget, Progress};
use crate::player::history::History;

/// Milliseconds of a frame that a computation may take.
const BUDGET: f64 = 8.0;

/// Milliseconds after the last change until the address follows.
const ADDRESS_DELAY: i32 = 300;

/// A widget in play. A handle: copies speak of the same play.
#[derive(Clone, Copy)]
pub struct Play {
    /// What is played.
    pub widget: &'static dyn DynWidget,
    /// The one signal that every writer sets and every reader reads.
    pub setting: RwSignal<Setting>,
    /// What the last computed setting shows.
    pub scene: RwSignal<Arc<Scene>>,
    /// Why the present setting has no picture; the last good one stays.
    pub problem: RwSignal<Option<Problem>>,
    /// What a reader wrote that could not be taken, at its field.
    pub refused: RwSignal<Option<Problem>>,
    /// What was read or moved, to be dismissed.
    pub notices: RwSignal<Vec<Problem>>,
    /// How far a long computation has come.
    pub progress: RwSignal<Option<f64>>,
    /// Milliseconds of the last computation.
    pub cost: RwSignal<f64>,
    /// The guided step, from 0.
    pub step: RwSignal<Option<usize>>,
    /// The answer that was chosen in this step.
    pub answer: RwSignal<Option<usize>>,
    /// The term that is lit in figures and formulas.
    pub lit: RwSignal<Option<&'static str>>,
    /// Keys whose value is too long for a link.
    pub left_out: RwSignal<Vec<&'static str>>,
    /// The key of the playhead that is playing, and its speed.
    pub playing: RwSignal<Option<(&'static str, f64)>>,
    history: RwSignal<History>,
    work: StoredValue<Box<dyn Any>, LocalStorage>,
    pending: StoredValue<bool>,
    writing: StoredValue<bool>,
    keeps_address: bool,
}

impl Play {
    /// Opens a widget at the state of the page's address. Only a page of its own keeps its address up to date; an embed
    /// leaves it alone.
    pub fn open(widget: &'static dyn DynWidget, keeps_address: bool) -> Self {
        let Address { setting, step, notices, .. } = address::read(widget, &page::query());
        let mut work = widget.begin();
        // The opening scene is computed at once, so that the page never shows an empty stage: without the budget of a
        // frame, but a first slice only.
        let start = clock::now();
        let first = widget.work(&setting, work.as_mut(), &Budget::new(&|| clock::now() - start < 4.0 * BUDGET));
        let scene = widget.scene(&setting, work.as_ref());
        let play = Self {
            widget,
            setting: RwSignal::new(setting),
            scene: RwSignal::new(Arc::new(scene)),
            problem: RwSignal::new(first.as_ref().err().cloned()),
            refused: RwSignal::new(None),
            notices: RwSignal::new(notices),
            progress: RwSignal::new(None),
            cost: RwSignal::new(clock::now() - start),
            step: RwSignal::new(step),
            answer: RwSignal::new(None),
            lit: RwSignal::new(None),
            left_out: RwSignal::new(Vec::new()),
            playing: RwSignal::new(None),
            history: RwSignal::new(History::default()),
            work: StoredValue::new_local(work),
            pending: StoredValue::new(false),
            writing: StoredValue::new(false),
            keeps_address,
        };
        if let Ok(Progress::Going(part)) = first {
            play.progress.set(Some(part));
            play.schedule();
        }
        play
    }

    /// The fixed part of a control.
    pub fn face(self, index: usize) -> Option<Face> {
        self.widget.faces().get(index).copied()
    }

    /// The value of a control.
    pub fn value(self, index: usize) -> Option<Value> {
        self.setting.with(|setting| setting.0.get(index).cloned())
    }

    /// Changes one control while a gesture goes on; [`Play::commit`] ends the gesture.
    pub fn set(self, index: usize, value: Value) {
        let mut next = self.setting.get_untracked();
        let Some(slot) = next.0.get_mut(index) else { return };
        *slot = value;
        self.refused.set(None);
        self.take(&next);
    }

    /// Changes one control, as a gesture of its own.
    pub fn put(self, index: usize, value: Value) {
        self.set(index, value);
        self.commit();
    }

    /// Ends a gesture: from now on it can be undone as one.
    pub fn commit(self) {
        let current = self.setting.get_untracked();
        self.history.update(|history| history.commit(&current));
    }

    /// Takes several values at once, as a gesture of its own.
    pub fn patch(self, patch: &Patch) {
        let next = self.setting.with_untracked(|setting| self.widget.patched(setting, patch));
        self.go(&next);
    }

    /// Goes to a whole setting, as a gesture of its own.
    pub fn go(self, setting: &Setting) {
        self.refused.set(None);
        self.take(setting);
        self.commit();
        // The step may be another though the setting is the same.
        self.note_address();
    }

    /// Goes to the opening scene.
    pub fn reset(self) {
        self.step.set(None);
        self.answer.set(None);
        self.notices.set(Vec::new());
        self.refused.set(None);
        self.playing.set(None);
        self.go(&self.widget.opening());
    }

    /// Goes to a preset.
    pub fn preset(self, index: usize) {
        self.step.set(None);
        self.notices.set(Vec::new());
        self.playing.set(None);
        self.go(&self.widget.preset(index));
    }

    /// Goes to a step of the way through.
    pub fn goto(self, step: usize) {
        self.answer.set(None);
        self.playing.set(None);
        self.notices.set(Vec::new());
        self.step.set(Some(step));
        self.go(&self.widget.step(step, false));
    }

    /// Answers the question of the step, which then shows.
    pub fn answer(self, answer: usize) {
        self.playing.set(None);
        self.answer.set(Some(answer));
        if let Some(step) = self.step.get_untracked() {
            self.go(&self.widget.step(step, true));
        }
    }

    /// Takes back the last gesture.
    pub fn undo(self) {
        self.travel(History::undo);
    }

    /// Does again what was taken back.
    pub fn redo(self) {
        self.travel(History::redo);
    }

    /// Whether there is something to undo, and to redo.
    pub fn can(self) -> (bool, bool) {
        self.history.with(|history| (history.can_undo(), history.can_redo()))
    }

    /// The query of a link to this state, and what did not fit.
    pub fn written(self) -> address::Written {
        self.setting.with(|setting| address::write(self.widget, setting, self.step.get()))
    }

    /// Starts or stops a playhead.
    pub fn toggle_playing(self, index: usize, speed: f64) {
        let Some(Face { key, kind: Kind::Playhead { last, .. }, .. }) = self.face(index) else { return };
        if self.playing.get_untracked().is_some() {
            self.playing.set(None);
            self.commit();
            return;
        }
        if self.value(index).and_then(|value| value.integer()) == Some(last) {
            self.put(index, Value::Integer(0));
        }
        self.playing.set(Some((key, speed)));
        advance(self, index, clock::now(), 0.0);
    }

    fn travel(self, way: fn(&mut History, &Setting) -> Option<Setting>) {
        self.playing.set(None);
        self.refused.set(None);
        let current = self.setting.get_untracked();
        let mut found = None;
        self.history.update(|history| found = way(history, &current));
        if let Some(setting) = found {
            self.setting.set(setting);
            self.changed();
        }
    }

    fn take(self, next: &Setting) {
        let (next, moved) = self.widget.settle(next);
        let current = self.setting.get_untracked();
        if !moved.is_empty() {
            self.notices.set(moved);
        }
        if next == current {
            return;
        }
        self.history.update(|history| history.touch(&current));
        self.setting.set(next);
        self.changed();
    }

    fn changed(self) {
        self.schedule();
        self.note_address();
    }

    /// Lets the address follow a little later, once for many changes.
    fn note_address(self) {
        if self.keeps_address && !self.writing.get_value() {
            self.writing.set_value(true);
            clock::after(ADDRESS_DELAY, move || self.keep_address());
        }
    }

    fn keep_address(self) {
        self.writing.set_value(false);
        let written = self.setting.with_untracked(|setting| address::write(self.widget, setting, self.step.get_untracked()));
        self.left_out.set(written.left_out);
        // What is not state (language, theme) stays as the reader's link had it.
        let pairs = address::pairs(&page::query());
        let kept = pairs.into_iter().filter(|(name, _)| name == "lang" || name == "theme");
        let parts = address::pairs(&written.query).into_iter().chain(kept);
        page::replace_query(&address::joined(parts.collect()));
    }

    /// Asks for one computation before the next picture, whatever the number of changes until then.
    fn schedule(self) {
        if !self.pending.get_value() {
            self.pending.set_value(true);
            clock::next_frame(move || self.tick());
        }
    }

    fn tick(self) {
        self.pending.set_value(false);
        let setting = self.setting.get_untracked();
        let start = clock::now();
        let budget = || clock::now() - start < BUDGET;
        let mut outcome = Ok(Progress::Done);
        self.work.update_value(|work| outcome = self.widget.work(&setting, work.as_mut(), &Budget::new(&budget)));
        match outcome {
            Err(problem) => {
                self.progress.set(None);
                self.problem.set(Some(problem));
            }
            Ok(progress) => {
                let scene = self.work.with_value(|work| self.widget.scene(&setting, work.as_ref()));
                self.cost.set(clock::now() - start);
                self.problem.set(None);
                self.scene.set(Arc::new(scene));
                let part = if let Progress::Going(part) = progress { Some(part) } else { None };
                self.progress.set(part);
                if part.is_some() {
                    self.schedule();
                }
            }
        }
    }
}

/// Moves a playhead on by the time that has passed, frame by frame, until it is stopped or at its end.
fn advance(play: Play, index: usize, before: f64, rest: f64) {
    clock::next_frame(move || {
        let Some((key, speed)) = play.playing.try_get_untracked().flatten() else { return };
        let Some(Face { kind: Kind::Playhead { last, per_second }, .. }) = play.face(index).filter(|face| face.key == key) else {
            return;
        };
        let now = clock::now();
        // A page that was hidden does not catch up.
        let due = rest + (now - before).min(100.0) / 1000.0 * per_second * speed;
        let at = play.setting.with_untracked(|setting| setting.0.get(index).and_then(Value::integer)).unwrap_or(last);
        let next = (at + due.floor() as u64).min(last);
        if next != at {
            play.set(index, Value::Integer(next));
        }
        if next == last {
            play.playing.set(None);
            play.commit();
        } else {
            advance(play, index, now, due.fract());
        }
    });
}
