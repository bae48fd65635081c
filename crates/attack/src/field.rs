//! A widget under attack: the player's own session and desk, and what a page adds to them (width, language, theme).

use std::cell::Cell;
use std::sync::Arc;

use yansuan::contract::address;
use yansuan::contract::control::Kind;
use yansuan::contract::figure::{Figure, Move, Shape};
use yansuan::contract::panel::View;
use yansuan::contract::script::Vocable;
use yansuan::contract::shelf::{DynWidget, Scene};
use yansuan::contract::table;
use yansuan::contract::text::Lang;
use yansuan::contract::widget::Budget;
use yansuan::player::nudge::Nudge;
use yansuan::player::session::{Desk, Respell, Session, TRACK};
use yansuan::plot::frame::Frame;
use yansuan::plot::probe;
use yansuan::plot::svg;
use yansuan::plot::theme::Theme;
use yansuan_math::rng::SplitMix64;

use crate::check::{self, Check, hold};
use crate::event::{self, Event};

/// Events from one picture to the next: a page draws once a frame, whatever the number of events. The setting is looked at after each
/// event; what is shown costs far more, and is looked at less often.
const FRAME: usize = 100;

/// Pictures from one that is drawn to its last mark, and tabulated, to the next.
const DRAWN: u64 = 16;

/// Slices of a long computation that one frame has time for.
const SLICES: usize = 3;

const KEYS: [&str; 8] = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"];

/// A widget, its page, and how many pictures were drawn.
pub struct Field {
    session: Session,
    desk: Desk,
    scene: Arc<Scene>,
    width: f64,
    lang: Lang,
    theme: usize,
    rest: f64,
    pictures: u64,
}

impl Field {
    /// Plays a list of events from the opening scene, and tells how many pictures were drawn.
    ///
    /// # Errors
    ///
    /// What does not hold.
    pub fn play(widget: &'static dyn DynWidget, events: &[Event]) -> Result<u64, String> {
        let session = Session::open(widget, "");
        let desk = Desk::new(widget);
        let scene = desk.shown(&session.setting);
        let mut field = Self { session, desk, scene, width: 800.0, lang: Lang::Zh, theme: 0, rest: 0.0, pictures: 0 };
        field.picture()?;
        for (at, event) in events.iter().enumerate() {
            field.happen(event);
            field.settled().map_err(|sentence| format!("After the last event {sentence}."))?;
            if at % FRAME == FRAME - 1 || at + 1 == events.len() {
                field.picture().map_err(|sentence| format!("In the picture after the last event {sentence}."))?;
            }
        }
        Ok(field.pictures)
    }

    /// The index of a control, of as many as there are.
    fn control(&self, any: usize) -> usize {
        any % self.session.setting.0.len().max(1)
    }

    /// Which number of a list, if the control is one.
    fn slot(&self, control: usize, any: usize) -> Option<usize> {
        let numbers = self.session.value(control)?.vector()?;
        (!numbers.is_empty()).then(|| any % numbers.len())
    }

    /// A script of the widget, if it has one.
    fn script(&self, any: usize) -> Option<(usize, &'static [Vocable])> {
        let scripts = (0..self.session.setting.0.len()).filter_map(|at| match self.session.face(at)?.kind {
            Kind::Script { vocabulary, .. } => Some((at, vocabulary)),
            _ => None,
        });
        let all: Vec<_> = scripts.collect();
        all.get(any % all.len().max(1)).copied()
    }

    fn playhead(&self) -> Option<usize> {
        (0..self.session.setting.0.len())
            .find(|at| matches!(self.session.face(*at).map(|face| face.kind), Some(Kind::Playhead { .. })))
    }

    fn figure(&self, any: usize) -> Option<&Figure> {
        match self.scene.views.get(any % self.scene.views.len().max(1))? {
            View::Figure(figure) => Some(figure),
            View::Table(_) => None,
        }
    }

    fn handle(&self, panel: usize, any: usize) -> Option<(Frame, Vec<Move>)> {
        let figure = self.figure(panel)?;
        let handles: Vec<&Vec<Move>> = figure
            .marks
            .iter()
            .filter_map(|mark| if let Shape::Handle(_, moves, _) = &mark.shape { Some(moves) } else { None })
            .collect();
        let moves = handles.get(any % handles.len().max(1))?;
        Some((self.frame(figure), (*moves).clone()))
    }

    fn frame(&self, figure: &Figure) -> Frame {
        let theme = Theme::ALL[self.theme];
        Frame::new(figure, (self.width * 2.0, self.width * 1.2), 2.0, theme.type_size, self.lang)
    }

    /// Takes in what an exchange of the widget writes, every other time with some letters replaced.
    fn exchange(&mut self, any: usize, at: usize, text: &str) {
        let count = self.session.widget.exchanges().len();
        if count == 0 {
            return;
        }
        let own = self.session.widget.exported(&self.session.setting, any % count).unwrap_or_default();
        let letters: Vec<char> = own.chars().collect();
        let at = at % (letters.len() + 1);
        let rest = letters.iter().skip(at + text.chars().count());
        let changed: String = letters[..at].iter().copied().chain(text.chars()).chain(rest.copied()).collect();
        self.session.exchange(any % count, if at.is_multiple_of(2) { &own } else { &changed });
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Slide(any, part) => self.session.slide(self.control(*any), (part * TRACK).round().clamp(0.0, TRACK)),
            Event::Key(any, slot, key) => {
                let control = self.control(*any);
                if let Some((nudge, _)) = key_of(*key) {
                    self.session.nudge(control, self.slot(control, *slot), nudge);
                }
            }
            Event::LetGo => self.session.commit(),
            Event::Type(any, slot, text) => {
                let control = self.control(*any);
                self.session.write(control, self.slot(control, *slot), text);
            }
            Event::Choose(any, item) => {
                let control = self.control(*any);
                if let Some(Kind::Choice(items) | Kind::Several(items)) = self.session.face(control).map(|face| face.kind) {
                    self.session.choose(control, item % items.len());
                } else {
                    self.session.choose(control, 0);
                }
            }
            Event::Spell(..) | Event::Respell(..) => self.write_script(event),
            Event::Paste(any, text) => {
                let lists: Vec<usize> = (0..self.session.setting.0.len()).filter(|at| self.slot(*at, 0).is_some()).collect();
                if let Some(control) = lists.get(any % lists.len().max(1)) {
                    self.session.paste(*control, text);
                }
            }
            Event::Exchange(any, at, text) => self.exchange(*any, *at, text),
            Event::Resize(any, more) => {
                let control = self.control(*any);
                // The page offers no more than a list of fields can show.
                let is_full = self
                    .session
                    .value(control)
                    .and_then(yansuan::contract::value::Value::vector)
                    .is_some_and(|numbers| numbers.len() >= 64);
                self.session.resize(control, *more && !is_full);
            }
            Event::Restore(any) => self.session.restore(self.control(*any)),
            Event::Drag(panel, any, (x, y)) => {
                if let Some((frame, moves)) = self.handle(*panel, *any) {
                    let at = (frame.left + x * (frame.right - frame.left), frame.top + y * (frame.bottom - frame.top));
                    self.session.drag(&moves, frame.data(at));
                }
            }
            Event::Push(panel, any, key) => {
                if let (Some((_, moves)), Some((nudge, is_sideways))) = (self.handle(*panel, *any), key_of(*key)) {
                    self.session.push(&moves, nudge, is_sideways);
                }
            }
            Event::Point(panel, (x, y)) => {
                if let Some(figure) = self.figure(*panel) {
                    let frame = self.frame(figure);
                    let at = frame.data((x * frame.right, y * frame.bottom));
                    // What is read there is looked at with every picture; here it must not panic.
                    let _read = (probe::probe(figure, &frame, at, self.lang), probe::term_at(figure, &frame, at));
                    if let Some((key, value)) = probe::picked(figure, &frame, at) {
                        self.session.pick(key, value);
                    }
                }
            }
            Event::Show(any) => {
                let patches: Vec<_> = self
                    .scene
                    .views
                    .iter()
                    .filter_map(|view| if let View::Table(table) = view { Some(table) } else { None })
                    .flat_map(|table| table.rows.iter().flatten())
                    .filter_map(|cell| if let table::Cell::Verdict { show: Some(patch), .. } = cell { Some(patch) } else { None })
                    .collect();
                if let Some(patch) = patches.get(any % patches.len().max(1)) {
                    let patch = (*patch).clone();
                    self.session.patch(&patch);
                }
            }
            Event::Preset(any) => self.session.preset(any % self.session.widget.presets().len().max(1)),
            Event::Step(any) => self.session.goto(any % self.session.widget.steps().len().max(1)),
            Event::Answer(answer) => self.session.answer(*answer),
            Event::Undo => self.session.undo(),
            Event::Redo => self.session.redo(),
            Event::Reset => self.session.reset(),
            Event::Play(speed) => {
                if let Some(control) = self.playhead() {
                    self.session.toggle_playing(control, *speed);
                    self.rest = 0.0;
                }
            }
            Event::Wait(milliseconds) => {
                if let Some(control) = self.playhead() {
                    self.rest = self.session.advance(control, milliseconds / 1000.0, self.rest).unwrap_or(0.0);
                }
            }
            Event::Width(width) => self.width = *width,
            Event::Language => self.lang = self.lang.other(),
            Event::Theme => self.theme = (self.theme + 1) % Theme::ALL.len(),
            Event::Link => {
                let query = self.session.written().query;
                self.session = Session::open(self.session.widget, &query);
            }
        }
    }

    /// Writes a script, or changes it by a chip.
    fn write_script(&mut self, event: &Event) {
        match event {
            Event::Spell(any, seed) => {
                if let Some((control, vocabulary)) = self.script(*any) {
                    let text = event::spelt(vocabulary, &mut SplitMix64::new(*seed as u64));
                    self.session.spell(control, &text);
                }
            }
            Event::Respell(any, deed, at, much) => {
                let Some((control, vocabulary)) = self.script(*any) else { return };
                let change = match deed {
                    0 => Respell::Add(at % vocabulary.len()),
                    1 => Respell::Remove(*at),
                    2 => Respell::Swap(*at),
                    _ => Respell::Size { at: *at, slot: *much as usize % 3, size: *much },
                };
                self.session.respell(control, change);
            }
            _ => {}
        }
    }

    /// The setting is within its bounds, needs no mending, and comes back from its address.
    fn settled(&self) -> Check {
        let widget = self.session.widget;
        let setting = &self.session.setting;
        let (again, moved) = widget.settle(setting);
        hold(moved.is_empty(), || format!("a value had to be moved once more: {}", moved[0].words.en))?;
        hold(again == *setting, || format!("settling changed {setting:?} to {again:?}"))?;
        for (face, value) in widget.faces().iter().zip(&setting.0) {
            let is_real = match value.number() {
                Some(number) => number.is_finite(),
                None => value.vector().is_none_or(|numbers| numbers.iter().all(|number| *number < f64::INFINITY)),
            };
            hold(is_real, || format!("{} is {value:?}", face.key))?;
        }
        let written = self.session.written();
        if written.left_out.is_empty() {
            let read = address::read(widget, &written.query);
            hold(read.notices.is_empty(), || format!("its own address is complained about: {}", read.notices[0].words.en))?;
            hold(read.setting == *setting && read.step == self.session.step, || {
                format!("the address {} reads as {:?}, not as {setting:?}", written.query, read.setting)
            })?;
        }
        for said in self.session.notices.iter().chain(&self.session.mended).chain(&self.session.refused) {
            hold(!said.words.zh.is_empty() && !said.words.en.is_empty(), || "something is wrong without a word".to_owned())?;
        }
        Ok(())
    }

    /// Computes what a frame has time for, and looks at everything that is then shown.
    fn picture(&mut self) -> Check {
        let left = Cell::new(SLICES);
        let budget = || {
            left.set(left.get().saturating_sub(1));
            left.get() > 0
        };
        self.pictures += 1;
        let before = self.scene.clone();
        match self.desk.compute(&self.session.setting, &Budget::new(&budget)) {
            Ok((scene, part)) => {
                hold(part.is_none_or(|part| (0.0..=1.0).contains(&part)), || format!("the progress is {part:?}"))?;
                self.scene = scene;
            }
            Err(problem) => {
                let is_known = problem.field.is_none_or(|key| self.session.widget.control(key).is_some());
                hold(is_known, || format!("a problem stands at {:?}, which no control is", problem.field))?;
                return check::words(&problem.words, "a problem");
            }
        }
        check::scene(self.session.widget, &self.scene)?;
        let read = |scene: &Scene| scene.readouts.iter().map(yansuan::contract::readout::Readout::words).collect::<Vec<_>>();
        let is_told = read(&before) == read(&self.scene) || before.spoken != self.scene.spoken;
        hold(is_told, || "a readout changed and the description did not".to_owned())?;
        if self.pictures.is_multiple_of(DRAWN) { self.drawn() } else { Ok(()) }
    }

    /// Draws every figure as a file, and reads every view as a table.
    fn drawn(&self) -> Check {
        for (view, panel) in self.scene.views.iter().zip(self.session.widget.panels()) {
            if let View::Figure(figure) = view {
                let file = svg::file(panel, figure, Theme::ALL[self.theme], self.lang, self.width);
                hold(!file.contains("NaN") && !file.contains("inf"), || {
                    format!("the file of {} has a number without value", panel.id)
                })?;
            }
            let csv = yansuan::plot::table::of(panel, view).csv(self.lang);
            hold(!csv.contains("NaN"), || format!("the CSV of {} has a number without value", panel.id))?;
        }
        Ok(())
    }
}

/// A key with its modifiers, and whether it is one of the sideways ones.
fn key_of(any: usize) -> Option<(Nudge, bool)> {
    let key = KEYS[any % KEYS.len()];
    let is_sideways = ["ArrowLeft", "ArrowRight", "Home", "End"].contains(&key);
    Nudge::of(key, any / KEYS.len() == 1, any / KEYS.len() == 2).map(|nudge| (nudge, is_sideways))
}
