//! One widget in play, without a browser: everything that can be done to it, and what it then shows. The page plays this state
//! machine; `fuzz` attacks the same one.

use std::any::Any;
use std::sync::Arc;

use super::history::History;
use super::nudge::{self, Nudge};
use crate::contract::address::{self, Address, Pairs};
use crate::contract::control::{Face, Kind, Scale};
use crate::contract::figure::{Along, Move, Point};
use crate::contract::number;
use crate::contract::parameter;
use crate::contract::problem::Problem;
use crate::contract::script::{self, Word};
use crate::contract::setting::{Patch, Setting};
use crate::contract::shelf::{DynWidget, Scene};
use crate::contract::value::Value;
use crate::contract::widget::{Budget, Progress};
use yansuan_math::MathError;
use yansuan_math::parse::parse_numbers;

/// Positions of a slider's thumb: 0 to this.
pub const TRACK: f64 = 1000.0;

/// What a chip does to a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Respell {
    /// Adds a word of this vocable at the end.
    Add(usize),
    /// Takes a word away.
    Remove(usize),
    /// Exchanges a word with the next one.
    Swap(usize),
    /// Sets a size of a word.
    Size {
        /// Which word.
        at: usize,
        /// Which of its sizes.
        slot: usize,
        /// The new one.
        size: u32,
    },
}

/// Values that a key may pass over.
const STRIDE: usize = 128;

/// What the reader has set and done so far.
#[derive(Clone)]
pub struct Session {
    /// What is played.
    pub widget: &'static dyn DynWidget,
    /// The values of all controls.
    pub setting: Setting,
    /// The guided step, from 0.
    pub step: Option<usize>,
    /// The answer that was chosen in this step.
    pub answer: Option<usize>,
    /// What was read or moved, to be dismissed.
    pub notices: Vec<Problem>,
    /// What the last move was changed to because of another control; told at its control until the next move.
    pub mended: Vec<Problem>,
    /// What a reader wrote that could not be taken, at its field.
    pub refused: Option<Problem>,
    /// The key of the playhead that is playing, and its speed.
    pub playing: Option<(&'static str, f64)>,
    history: History,
}

impl Session {
    /// Opens a widget at the state of an address.
    pub fn open(widget: &'static dyn DynWidget, query: &str) -> Self {
        let Address { setting, step, mut notices, .. } = address::read(widget, query);
        let mut names: Vec<&str> = widget.panels().iter().map(|panel| panel.id).collect();
        names.extend(widget.faces().iter().map(|face| face.key));
        names.extend(widget.exchanges().iter().map(|face| face.key));
        notices.extend(parameter::check(&Pairs::of(query), &names));
        let (mended, refused, playing) = (Vec::new(), None, None);
        Self { widget, setting, step, answer: None, notices, mended, refused, playing, history: History::default() }
    }

    /// The fixed part of a control.
    pub fn face(&self, index: usize) -> Option<Face> {
        self.widget.faces().get(index).copied()
    }

    /// The value of a control.
    pub fn value(&self, index: usize) -> Option<&Value> {
        self.setting.0.get(index)
    }

    /// What a control shows of its range in the present state. Numbers that were typed beyond the range of a drag widen it.
    pub fn range(&self, index: usize) -> (f64, f64) {
        match (self.face(index).map(|face| face.kind), self.value(index)) {
            (Some(Kind::Slider { min, max, .. }), _) => {
                self.widget.ranges(&self.setting).get(index).copied().flatten().unwrap_or((min, max))
            }
            (Some(Kind::Vector { drag, fields, .. }), Some(Value::Vector(numbers))) => {
                let listed = numbers.iter().take(fields).copied().filter(|number| number.is_finite());
                listed.fold(drag, |(low, high), number| (low.min(number), high.max(number)))
            }
            (Some(Kind::Playhead { last, .. }), _) => {
                self.widget.ranges(&self.setting).get(index).copied().flatten().unwrap_or((0.0, last as f64))
            }
            _ => (0.0, 1.0),
        }
    }

    /// The number of a control, or one of its numbers.
    pub fn number(&self, index: usize, slot: Option<usize>) -> Option<f64> {
        match (self.value(index)?, slot) {
            (Value::Number(number), _) => Some(*number),
            (Value::Integer(number), _) => Some(*number as f64),
            (Value::Vector(numbers), Some(at)) => numbers.get(at).copied(),
            _ => None,
        }
    }

    /// Where the thumb of a slider or a playhead stands, 0 to [`TRACK`].
    pub fn position(&self, index: usize) -> f64 {
        let (Some(face), Some(value)) = (self.face(index), self.number(index, None)) else { return 0.0 };
        let (min, max) = self.range(index);
        let part = match face.kind {
            Kind::Slider { scale: Scale::Log, .. } => (value / min).ln() / (max / min).ln(),
            Kind::Playhead { is_curved: true, .. } => (value / max).sqrt(),
            _ => (value - min) / (max - min),
        };
        (part.clamp(0.0, 1.0) * TRACK).round()
    }

    /// Moves the thumb of a slider or a playhead, while a gesture goes on.
    pub fn slide(&mut self, index: usize, position: f64) {
        let Some(face) = self.face(index) else { return };
        let (min, max) = self.range(index);
        let part = position / TRACK;
        let moved = match face.kind {
            Kind::Slider { scale: Scale::Log, .. } => min * (max / min).powf(part),
            Kind::Playhead { is_curved: true, .. } => part * part * max,
            _ => min + part * (max - min),
        };
        self.place(index, None, nudge::settle(&face.kind, moved));
    }

    /// Moves a number by a key, while a gesture goes on. The value of a masked number starts at the lower end.
    pub fn nudge(&mut self, index: usize, slot: Option<usize>, nudge: Nudge) {
        let (Some(face), Some(now)) = (self.face(index), self.number(index, slot)) else { return };
        let range = self.range(index);
        let now = if now.is_finite() { now } else { range.0 };
        let mut next = now;
        // Where another control forbids what is next, such as groups that do not divide the heads, a key goes on to what can be.
        for _ in 0..STRIDE {
            let further = nudge.apply(&face.kind, next, range);
            if further == next {
                break;
            }
            next = further;
            self.place(index, slot, next);
            if self.mended.is_empty() || self.number(index, slot) != Some(now) {
                break;
            }
        }
    }

    /// Drags a handle to a point of its figure, while a gesture goes on.
    pub fn drag(&mut self, moves: &[Move], to: Point) {
        for each in moves {
            let Some((index, face)) = self.widget.control(each.key).and_then(|index| Some((index, self.face(index)?))) else {
                continue;
            };
            let coordinate = match each.along {
                Along::X => to.0,
                Along::Y => to.1,
            };
            self.place(index, each.index, nudge::settle(&face.kind, (coordinate - each.origin) * each.gain));
        }
    }

    /// Moves a handle by a key: a handle of two directions takes the sideways keys for one, the others for the other.
    pub fn push(&mut self, moves: &[Move], nudge: Nudge, is_sideways: bool) {
        for each in moves {
            if moves.len() > 1 && is_sideways != (each.along == Along::X) {
                continue;
            }
            let turned = if each.gain < 0.0 { nudge.turned() } else { nudge };
            if let Some(index) = self.widget.control(each.key) {
                self.nudge(index, each.index, turned);
            }
        }
    }

    /// Sets a control to the value of a dot that was clicked.
    pub fn pick(&mut self, key: &str, value: f64) {
        if let Some(index) = self.widget.control(key) {
            self.place(index, None, value);
            self.commit();
        }
    }

    /// Takes what was typed into the field of a number; what cannot be read is said there, and the old number stays.
    pub fn write(&mut self, index: usize, slot: Option<usize>, text: &str) {
        let Some(face) = self.face(index) else { return };
        // Only a number of a list may be masked.
        let lowest = if slot.is_some() { f64::NEG_INFINITY } else { f64::MIN };
        let typed = number::read(text).filter(|typed| (lowest..f64::INFINITY).contains(typed));
        match (typed, self.value(index), slot) {
            (Some(typed), Some(Value::Number(_)), _) => self.put(index, Value::Number(typed)),
            (Some(typed), Some(Value::Integer(_)), _) => self.put(index, Value::Integer(typed.max(0.0).round() as u64)),
            (Some(typed), Some(Value::Vector(numbers)), Some(at)) if at < numbers.len() => {
                let mut numbers = numbers.to_vec();
                numbers[at] = typed;
                self.put(index, Value::Vector(numbers.into()));
            }
            _ => self.refused = Some(face.unreadable(text)),
        }
    }

    /// Takes a pasted list of numbers; tells whether it could be read.
    pub fn paste(&mut self, index: usize, text: &str) -> bool {
        let Some(face) = self.face(index) else { return false };
        match parse_numbers(text) {
            Ok(numbers) => self.put(index, Value::Vector(numbers.into())),
            Err(error) => self.refused = Some(unread(face, &error)),
        }
        self.refused.is_none()
    }

    /// Adds a number to a list, or takes its last one away; one always stays.
    pub fn resize(&mut self, index: usize, more: bool) {
        let Some(Value::Vector(numbers)) = self.value(index) else { return };
        let mut next = numbers.to_vec();
        if more {
            next.push(0.0);
        } else if next.len() > 1 {
            next.pop();
        }
        self.put(index, Value::Vector(next.into()));
    }

    /// Takes what was written into the field of a script; what is wrong with it is said there, and the old one stays.
    pub fn spell(&mut self, index: usize, text: &str) {
        let Some(face) = self.face(index) else { return };
        match face.read(text) {
            Ok(value @ Value::Script(_)) => self.put(index, value),
            Ok(_) => {}
            Err(problem) => self.refused = Some(problem),
        }
    }

    /// Changes a script by a chip; what would be wrong is said there, and the old one stays.
    pub fn respell(&mut self, index: usize, change: Respell) {
        let (Some(face), Some(Value::Script(words))) = (self.face(index), self.value(index)) else { return };
        let Kind::Script { vocabulary, .. } = face.kind else { return };
        let mut words = words.to_vec();
        match change {
            Respell::Add(vocable) if vocable < vocabulary.len() => words.push(Word::new(vocable, vocabulary)),
            Respell::Remove(at) if at < words.len() => drop(words.remove(at)),
            Respell::Swap(at) if at + 1 < words.len() => words.swap(at, at + 1),
            Respell::Size { at, slot, size } => match words.get_mut(at).and_then(|word| word.sizes.get_mut(slot)) {
                Some(old) => *old = size,
                None => return,
            },
            _ => return,
        }
        self.spell(index, &script::write(&words, vocabulary, " "));
    }

    /// Takes what was typed into the field of a size.
    pub fn write_size(&mut self, index: usize, at: usize, slot: usize, text: &str) {
        let Some(face) = self.face(index) else { return };
        match text.trim().parse() {
            Ok(size) => self.respell(index, Respell::Size { at, slot, size }),
            Err(_) => self.refused = Some(face.unreadable(text)),
        }
    }

    /// Moves a size of a word by a key, while it is held; [`Session::commit`] ends that.
    pub fn nudge_size(&mut self, index: usize, at: usize, slot: usize, nudge: Nudge) {
        let (Some(face), Some(Value::Script(words))) = (self.face(index), self.value(index)) else { return };
        let Kind::Script { vocabulary, .. } = face.kind else { return };
        let Some(word) = words.get(at) else { return };
        let bounds = vocabulary.get(word.vocable).and_then(|vocable| vocable.sizes.get(slot));
        let (Some(bounds), Some(now)) = (bounds, word.sizes.get(slot)) else { return };
        let range = (f64::from(bounds.min), f64::from(bounds.max));
        let size = nudge.apply(&Kind::Seed, f64::from(*now), range) as u32;
        let mut words = words.to_vec();
        words[at].sizes[slot] = size;
        match face.read(&script::write(&words, vocabulary, " ")) {
            Ok(value) => self.set(index, value),
            Err(problem) => self.refused = Some(problem),
        }
    }

    /// Chooses an item, or, where there may be several, adds it or takes it away.
    pub fn choose(&mut self, index: usize, item: usize) {
        match self.value(index) {
            Some(Value::Several(bits)) => self.put(index, Value::Several(bits ^ 1 << item)),
            Some(Value::Choice(_)) => self.put(index, Value::Choice(item)),
            Some(Value::Flag(on)) => self.put(index, Value::Flag(!on)),
            _ => {}
        }
    }

    /// Brings back the first value of a control.
    pub fn restore(&mut self, index: usize) {
        if let Some(value) = self.widget.opening().0.get(index) {
            self.put(index, value.clone());
        }
    }

    /// Sets a number within the range that is shown.
    fn place(&mut self, index: usize, slot: Option<usize>, number: f64) {
        let (low, high) = self.range(index);
        let number = number.clamp(low, high);
        let value = match (self.value(index), slot) {
            (Some(Value::Vector(numbers)), Some(at)) if at < numbers.len() => {
                let mut numbers = numbers.to_vec();
                numbers[at] = number;
                Value::Vector(numbers.into())
            }
            (Some(Value::Number(_)), _) => Value::Number(number),
            (Some(Value::Integer(_)), _) => Value::Integer(number.round() as u64),
            _ => return,
        };
        self.set(index, value);
    }

    /// Changes one control while a gesture goes on; [`Session::commit`] ends the gesture.
    pub fn set(&mut self, index: usize, value: Value) {
        let mut next = self.setting.clone();
        let Some(slot) = next.0.get_mut(index) else { return };
        *slot = value;
        self.refused = None;
        self.take(&next);
    }

    /// Changes one control, as a gesture of its own.
    pub fn put(&mut self, index: usize, value: Value) {
        self.set(index, value);
        self.commit();
    }

    /// Takes what pairs name over the present state, from a step or a preset where they name one: as a gesture of its own, or, not
    /// undoable, as if it had been so before.
    pub fn follow(&mut self, pairs: &Pairs, is_undoable: bool) {
        let Address { setting, step, notices, .. } = address::over(self.widget, &self.setting, pairs);
        self.playing = None;
        self.refused = None;
        if step.is_some() || pairs.get("preset").is_some() {
            self.leave_step();
            self.step = step;
        }
        if is_undoable {
            self.go(&setting);
        } else {
            self.setting = setting;
        }
        self.notices = notices;
    }

    /// Ends a gesture: from now on it can be undone as one.
    pub fn commit(&mut self) {
        self.history.commit(&self.setting);
    }

    /// Takes the text of an exchange, as a gesture of its own; what cannot be read is said there, and the old state stays.
    pub fn exchange(&mut self, index: usize, text: &str) -> bool {
        match self.widget.imported(&self.setting, index, text) {
            Ok((setting, odd)) => {
                self.go(&setting);
                self.notices = odd;
                true
            }
            Err(problem) => {
                self.refused = Some(problem);
                false
            }
        }
    }

    /// Takes several values at once, as a gesture of its own.
    pub fn patch(&mut self, patch: &Patch) {
        let next = self.widget.patched(&self.setting, patch);
        self.go(&next);
    }

    /// Goes to a whole setting, as a gesture of its own.
    pub fn go(&mut self, setting: &Setting) {
        self.refused = None;
        self.take(setting);
        self.commit();
    }

    /// Goes to the opening scene.
    pub fn reset(&mut self) {
        self.leave_step();
        self.go(&self.widget.opening());
    }

    /// Goes to a preset.
    pub fn preset(&mut self, index: usize) {
        self.leave_step();
        self.go(&self.widget.preset(index));
    }

    /// Goes to a step of the way through.
    pub fn goto(&mut self, step: usize) {
        self.leave_step();
        self.step = Some(step);
        self.go(&self.widget.step(step, false));
    }

    /// Answers the question of the step, which then shows.
    pub fn answer(&mut self, answer: usize) {
        self.playing = None;
        let Some(step) = self.step else { return };
        self.answer = Some(answer);
        self.go(&self.widget.step(step, true));
    }

    fn leave_step(&mut self) {
        self.step = None;
        self.answer = None;
        self.playing = None;
        self.notices.clear();
        self.mended.clear();
    }

    /// Takes back the last gesture.
    pub fn undo(&mut self) {
        self.travel(History::undo);
    }

    /// Does again what was taken back.
    pub fn redo(&mut self) {
        self.travel(History::redo);
    }

    /// Whether there is something to undo, and to redo.
    pub fn can(&self) -> (bool, bool) {
        (self.history.can_undo(), self.history.can_redo())
    }

    /// The query of a link to this state, and what did not fit.
    pub fn written(&self) -> address::Written {
        address::write(self.widget, &self.setting, self.step)
    }

    /// Starts or stops a playhead; one that stands at its end starts anew. Tells whether it plays now.
    pub fn toggle_playing(&mut self, index: usize, speed: f64) -> bool {
        let Some(Face { key, kind: Kind::Playhead { .. }, .. }) = self.face(index) else { return false };
        let last = self.range(index).1 as u64;
        if self.playing.is_some() {
            self.pause();
            return false;
        }
        if self.value(index).and_then(Value::integer) == Some(last) {
            self.put(index, Value::Integer(0));
        }
        self.playing = Some((key, speed));
        true
    }

    /// Stops the playhead that plays.
    pub fn pause(&mut self) {
        if self.playing.take().is_some() {
            self.commit();
        }
    }

    /// Moves the playing playhead on by so many seconds; `rest` is the part of a position that was left over before, and the
    /// part that is left over now is returned, or nothing if it has stopped.
    pub fn advance(&mut self, index: usize, seconds: f64, rest: f64) -> Option<f64> {
        let (key, speed) = self.playing?;
        let Some(Face { kind: Kind::Playhead { per_second, .. }, .. }) = self.face(index).filter(|face| face.key == key) else {
            return None;
        };
        let last = self.range(index).1 as u64;
        let due = rest + seconds * per_second * speed;
        let at = self.value(index).and_then(Value::integer).unwrap_or(last);
        let next = at.saturating_add(due.floor() as u64).min(last);
        if next != at {
            self.set(index, Value::Integer(next));
        }
        if next == last {
            self.playing = None;
            self.commit();
            return None;
        }
        Some(due.fract())
    }

    fn travel(&mut self, way: fn(&mut History, &Setting) -> Option<Setting>) {
        self.playing = None;
        self.refused = None;
        self.mended.clear();
        if let Some(setting) = way(&mut self.history, &self.setting) {
            self.setting = setting;
        }
    }

    fn take(&mut self, next: &Setting) {
        let (next, moved) = self.widget.settle(next);
        if !moved.is_empty() {
            // Where the control is not to be seen, it is told above.
            let shown = self.widget.shown(&next);
            let is_shown = |problem: &Problem| {
                let at = self.widget.faces().iter().position(|face| problem.field == Some(face.key));
                at.is_some_and(|at| shown.get(at) == Some(&true))
            };
            let (here, above) = moved.into_iter().partition(is_shown);
            self.mended = here;
            self.notices = above;
        } else if next != self.setting {
            self.mended.clear();
        }
        if next != self.setting {
            self.history.touch(&self.setting);
            self.setting = next;
        }
    }
}

/// What has been computed of the settings so far, and what of it is shown.
pub struct Desk {
    widget: &'static dyn DynWidget,
    work: Box<dyn Any>,
}

impl Desk {
    /// Nothing computed yet.
    pub fn new(widget: &'static dyn DynWidget) -> Self {
        Self { widget, work: widget.begin() }
    }

    /// Goes on with the computation of a setting within the budget; what is ready is shown at once.
    ///
    /// # Errors
    ///
    /// Why the setting has no picture; the last good one stays.
    pub fn compute(&mut self, setting: &Setting, budget: &Budget<'_>) -> Result<(Arc<Scene>, Option<f64>), Problem> {
        let progress = self.widget.work(setting, self.work.as_mut(), budget)?;
        let part = if let Progress::Going(part) = progress { Some(part) } else { None };
        Ok((self.shown(setting), part))
    }

    /// What a setting shows with what has been computed so far.
    pub fn shown(&self, setting: &Setting) -> Arc<Scene> {
        Arc::new(self.widget.scene(setting, self.work.as_ref()))
    }
}

/// A sentence about text that is not a list of numbers.
fn unread(face: Face, problem: &MathError) -> Problem {
    match problem {
        MathError::BadToken { position, line, column, token } => Problem::at(
            face.key,
            format!("第 {position} 个数（第 {line} 行第 {column} 列）“{token}”读不出来；请写成 1.5、-2、1e-3 或 -inf。"),
            format!(
                "Number {position} (line {line}, column {column}) “{token}” cannot be read; write it as 1.5, -2, 1e-3 or -inf."
            ),
        ),
        MathError::TooMany { limit } => Problem::at(
            face.key,
            format!("最多 {} 个数，这里更多。", number::whole(*limit as u64)),
            format!("It takes at most {} numbers; here are more.", number::whole(*limit as u64)),
        ),
        other => Problem::at(face.key, format!("读不出来：{other}。"), format!("This cannot be read: {other}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widgets::SHELF;

    fn opened() -> Vec<Session> {
        SHELF.iter().map(|widget| Session::open(*widget, "")).collect()
    }

    #[test]
    fn a_thumb_comes_back_to_where_it_was_put() {
        for mut session in opened() {
            for index in 0..session.setting.0.len() {
                let Some(Face { kind: Kind::Slider { scale, step, decimals, .. }, key, .. }) = session.face(index) else {
                    continue;
                };
                for position in [0.0, 1.0, 250.0, 500.0, 999.0, TRACK] {
                    session.notices.clear();
                    session.slide(index, position);
                    // What another control forbids is mended, and said.
                    if session.mended.iter().chain(&session.notices).any(|notice| notice.field == Some(key)) {
                        continue;
                    }
                    let (low, high) = session.range(index);
                    // The steps that a hand can set are coarser than the thumb.
                    let whole = if decimals == 0 { 0.5 / session.number(index, None).unwrap_or(1.0) } else { 0.0 };
                    let grain = match scale {
                        Scale::Log => 1.0 + (1.0 / (1.0 - whole)).ln() / (high / low).ln() * TRACK,
                        _ => (0.5 * step / (high - low) * TRACK).max(1.0),
                    };
                    assert!(
                        (session.position(index) - position).abs() <= grain + 0.5,
                        "{key}: {position} became {}",
                        session.position(index)
                    );
                }
            }
        }
    }

    #[test]
    fn a_drag_is_one_gesture_and_answers_need_a_step() {
        for mut session in opened() {
            let opening = session.setting.clone();
            let faces = session.widget.faces();
            let slider = faces.iter().position(|face| matches!(face.kind, Kind::Slider { .. })).expect("a slider");
            for position in [100.0, 200.0, 300.0] {
                session.slide(slider, position);
            }
            session.commit();
            assert_ne!(session.setting, opening);
            session.undo();
            assert_eq!(session.setting, opening);
            session.answer(0);
            assert_eq!((session.answer, &session.setting), (None, &opening));
        }
    }

    #[test]
    fn a_playhead_stops_at_its_end_and_starts_anew_from_there() {
        for mut session in opened() {
            let Some(index) =
                (0..session.setting.0.len()).find(|at| matches!(session.face(*at).map(|f| f.kind), Some(Kind::Playhead { .. })))
            else {
                continue;
            };
            assert!(session.toggle_playing(index, 1.0));
            assert_eq!(session.advance(index, 1e12, 0.0), None);
            assert_eq!(session.playing, None);
            assert_eq!(session.position(index), TRACK);
            assert!(session.toggle_playing(index, 1.0));
            assert_eq!(session.position(index), 0.0);
        }
    }
}
