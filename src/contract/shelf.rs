//! The object-safe face of a widget: one blanket implementation, written by nobody else.

use std::any::Any;

use super::control::{Control, Face};
use super::exchange::ExchangeFace;
use super::formula::Formula;
use super::panel::{Panel, Source, View};
use super::problem::Problem;
use super::readout::Readout;
use super::setting::{Patch, Setting};
use super::step::{AskFace, PresetFace, StepFace};
use super::text::Words;
use super::widget::{About, Budget, Progress, Widget};
#[cfg(not(target_arch = "wasm32"))]
use super::{text::Text, widget::Road};

/// Everything that a state shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// The views, one a panel.
    pub views: Vec<View>,
    /// The numbers of the moment.
    pub readouts: Vec<Readout>,
    /// What the reader should know.
    pub notes: Vec<Problem>,
    /// The description with all readouts and notes in it.
    pub spoken: Words,
}

/// A widget whose state's type is hidden: what the player, the pages and the tests hold.
pub trait DynWidget: Sync {
    /// See [`Widget::ABOUT`].
    fn about(&self) -> About;
    /// The fixed parts of the controls.
    fn faces(&self) -> Vec<Face>;
    /// See [`Widget::PANELS`].
    fn panels(&self) -> &'static [Panel];
    /// See [`Widget::FORMULAS`].
    fn formulas(&self) -> &'static [Formula];
    /// See [`Widget::SOURCES`].
    fn sources(&self) -> &'static [Source];
    /// The fixed parts of the exchanges.
    fn exchanges(&self) -> Vec<ExchangeFace>;
    /// A setting changed to what the text of an exchange says, and what was odd about it.
    ///
    /// # Errors
    ///
    /// Why the text cannot be taken, at the exchange.
    fn imported(&self, setting: &Setting, index: usize, text: &str) -> Result<(Setting, Vec<Problem>), Problem>;
    /// A setting as the text of an exchange.
    ///
    /// # Errors
    ///
    /// Why it has no such form.
    fn exported(&self, setting: &Setting, index: usize) -> Result<String, Words>;
    /// See [`Widget::TALK`]. What is called through the face is in every program, so programs have no such face.
    #[cfg(not(target_arch = "wasm32"))]
    fn talk(&self) -> &'static [Text];
    /// See [`Widget::ROADS`].
    #[cfg(not(target_arch = "wasm32"))]
    fn roads(&self) -> &'static [Road];
    /// The fixed parts of the presets.
    fn presets(&self) -> Vec<PresetFace>;
    /// The fixed parts of the steps.
    fn steps(&self) -> Vec<StepFace>;
    /// The opening scene.
    fn opening(&self) -> Setting;
    /// The scene of a preset.
    fn preset(&self, index: usize) -> Setting;
    /// The scene of a step, before its answer or after it.
    fn step(&self, index: usize, answered: bool) -> Setting;
    /// Clamps every value, then lets the widget mend combinations; what was moved is said.
    fn settle(&self, setting: &Setting) -> (Setting, Vec<Problem>);
    /// Which controls matter in a setting.
    fn shown(&self, setting: &Setting) -> Vec<bool>;
    /// What each slider shows of its legal range, where it shows less.
    fn ranges(&self, setting: &Setting) -> Vec<Option<(f64, f64)>>;
    /// Nothing computed yet.
    fn begin(&self) -> Box<dyn Any>;
    /// See [`Widget::work`].
    ///
    /// # Errors
    ///
    /// See [`Widget::work`].
    fn work(&self, setting: &Setting, work: &mut dyn Any, budget: &Budget<'_>) -> Result<Progress, Problem>;
    /// What a setting shows with what has been computed so far.
    fn scene(&self, setting: &Setting, work: &dyn Any) -> Scene;

    /// Index of a control by its key.
    fn control(&self, key: &str) -> Option<usize> {
        self.faces().iter().position(|face| face.key == key)
    }

    /// A setting with some values replaced; keys that no control has are passed over.
    fn patched(&self, setting: &Setting, patch: &Patch) -> Setting {
        let mut next = setting.clone();
        for (key, value) in patch {
            if let Some(at) = self.control(key) {
                next.0[at] = value.clone();
            }
        }
        self.settle(&next).0
    }
}

impl<W: Widget> DynWidget for W {
    fn about(&self) -> About {
        W::ABOUT
    }

    fn faces(&self) -> Vec<Face> {
        W::CONTROLS.iter().map(|control| control.face).collect()
    }

    fn panels(&self) -> &'static [Panel] {
        W::PANELS
    }

    fn formulas(&self) -> &'static [Formula] {
        W::FORMULAS
    }

    fn sources(&self) -> &'static [Source] {
        W::SOURCES
    }

    fn exchanges(&self) -> Vec<ExchangeFace> {
        W::EXCHANGES.iter().map(|exchange| exchange.face).collect()
    }

    fn imported(&self, setting: &Setting, index: usize, text: &str) -> Result<(Setting, Vec<Problem>), Problem> {
        let Some(exchange) = W::EXCHANGES.get(index) else { return Ok((setting.clone(), Vec::new())) };
        let key = exchange.face.key;
        let mut state = write::<W>(setting);
        let told = (exchange.read)(&mut state, text).map_err(|words| Problem { field: Some(key), words })?;
        let mut problems: Vec<Problem> = told.into_iter().map(|words| Problem { field: Some(key), words }).collect();
        let (next, moved) = self.settle(&read::<W>(&state));
        problems.extend(moved);
        Ok((next, problems))
    }

    fn exported(&self, setting: &Setting, index: usize) -> Result<String, Words> {
        W::EXCHANGES.get(index).map_or_else(|| Ok(String::new()), |exchange| (exchange.write)(&write::<W>(setting)))
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn talk(&self) -> &'static [Text] {
        W::TALK
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn roads(&self) -> &'static [Road] {
        W::ROADS
    }

    fn presets(&self) -> Vec<PresetFace> {
        W::PRESETS.iter().map(|p| PresetFace { key: p.key, name: p.name, note: p.note }).collect()
    }

    fn steps(&self) -> Vec<StepFace> {
        let ask = |ask: &super::step::Ask<W::State>| AskFace {
            question: ask.question,
            answers: ask.answers,
            right: ask.right,
            after: ask.after,
        };
        W::STEPS.iter().map(|s| StepFace { title: s.title, body: s.body, panel: s.panel, ask: s.ask.as_ref().map(ask) }).collect()
    }

    fn opening(&self) -> Setting {
        read::<W>(&W::State::default())
    }

    fn preset(&self, index: usize) -> Setting {
        scene::<W>(|state| {
            if let Some(preset) = W::PRESETS.get(index) {
                (preset.set)(state);
            }
        })
    }

    fn step(&self, index: usize, answered: bool) -> Setting {
        scene::<W>(|state| {
            let Some(step) = W::STEPS.get(index) else { return };
            (step.set)(state);
            if let (true, Some(ask)) = (answered, &step.ask) {
                (ask.reveal)(state);
            }
        })
    }

    fn settle(&self, setting: &Setting) -> (Setting, Vec<Problem>) {
        let opening = self.opening();
        let mut problems = Vec::new();
        let mut state = W::State::default();
        for (control, (value, fallback)) in W::CONTROLS.iter().zip(setting.0.iter().zip(&opening.0)) {
            let (value, moved) = control.face.clamp(value.clone(), fallback);
            problems.extend(moved);
            (control.set)(&mut state, &value);
        }
        problems.extend(W::settle(&mut state));
        (read::<W>(&state), problems)
    }

    fn shown(&self, setting: &Setting) -> Vec<bool> {
        let state = write::<W>(setting);
        W::CONTROLS.iter().map(|control| (control.shown)(&state)).collect()
    }

    fn ranges(&self, setting: &Setting) -> Vec<Option<(f64, f64)>> {
        let state = write::<W>(setting);
        W::CONTROLS.iter().map(|control| control.range.map(|range| range(&state))).collect()
    }

    fn begin(&self) -> Box<dyn Any> {
        Box::new(W::Work::default())
    }

    fn work(&self, setting: &Setting, work: &mut dyn Any, budget: &Budget<'_>) -> Result<Progress, Problem> {
        let state = write::<W>(setting);
        match work.downcast_mut::<W::Work>() {
            Some(work) => W::work(&state, work, budget),
            None => Ok(Progress::Done), // another widget's work: nothing to do, `scene` shows the opening
        }
    }

    fn scene(&self, setting: &Setting, work: &dyn Any) -> Scene {
        let state = write::<W>(setting);
        let none = W::Work::default();
        let work = work.downcast_ref::<W::Work>().unwrap_or(&none);
        let readouts = W::readouts(&state, work);
        let notes = W::notes(&state, work);
        let spoken = W::describe(&state, work).then(&listed(&readouts));
        let spoken = notes.iter().fold(spoken, |spoken, note| spoken.then(&note.words));
        Scene { views: W::views(&state, work), notes, readouts, spoken }
    }
}

/// The opening scene, changed and settled.
fn scene<W: Widget>(change: impl FnOnce(&mut W::State)) -> Setting {
    let mut state = W::State::default();
    change(&mut state);
    W::settle(&mut state);
    read::<W>(&state)
}

fn read<W: Widget>(state: &W::State) -> Setting {
    Setting(W::CONTROLS.iter().map(|control: &Control<W::State>| (control.get)(state)).collect())
}

fn write<W: Widget>(setting: &Setting) -> W::State {
    let mut state = W::State::default();
    for (control, value) in W::CONTROLS.iter().zip(&setting.0) {
        (control.set)(&mut state, value);
    }
    state
}

/// Every readout as `label value`, so that a voice reads what the eye sees.
fn listed(readouts: &[Readout]) -> Words {
    let mut zh = Vec::new();
    let mut en = Vec::new();
    for readout in readouts {
        let words = readout.words();
        zh.push(format!("{} {}", readout.label.zh, words.zh));
        en.push(format!("{} {}", readout.label.en, words.en));
    }
    if zh.is_empty() { Words::default() } else { Words::new(format!("{}。", zh.join("，")), format!("{}.", en.join(", "))) }
}
