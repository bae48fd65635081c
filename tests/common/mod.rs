//! What several tests do with a widget: take it from the shelf, play a setting to its end, go through the named scenes, and read what is
//! shown.
#![allow(dead_code, reason = "each test takes what it needs")]

use yansuan::contract::figure::Figure;
use yansuan::contract::number;
use yansuan::contract::panel::View;
use yansuan::contract::setting::Setting;
use yansuan::contract::shelf::{DynWidget, Scene};
use yansuan::contract::table::Table;
use yansuan::contract::widget::{Budget, Progress};
use yansuan::player::session::Session;
use yansuan::widgets::SHELF;

/// A widget under test, by its name.
pub struct Subject(pub &'static str);

impl Subject {
    pub fn widget(&self) -> &'static dyn DynWidget {
        *SHELF.iter().find(|widget| widget.about().slug == self.0).expect("it stands on the shelf")
    }

    /// The state of an address that needs no mending.
    pub fn at(&self, query: &str) -> Setting {
        let session = Session::open(self.widget(), query);
        assert!(session.notices.is_empty(), "{query}: {:?}", session.notices);
        session.setting
    }

    /// Everything that an address shows.
    pub fn shown(&self, query: &str) -> Scene {
        play(self.widget(), &self.at(query))
    }

    /// Where a panel is among those of the widget.
    pub fn panel(&self, id: &str) -> usize {
        self.widget().panels().iter().position(|each| each.id == id).unwrap_or_else(|| panic!("there is no panel {id}"))
    }

    /// What a panel of a scene shows.
    pub fn view<'a>(&self, scene: &'a Scene, panel: &str) -> &'a View {
        &scene.views[self.panel(panel)]
    }

    pub fn figure<'a>(&self, scene: &'a Scene, panel: &str) -> &'a Figure {
        match self.view(scene, panel) {
            View::Figure(figure) => figure,
            View::Table(_) => panic!("{panel} is a table"),
        }
    }

    pub fn table<'a>(&self, scene: &'a Scene, panel: &str) -> &'a Table {
        match self.view(scene, panel) {
            View::Table(table) => table,
            View::Figure(_) => panic!("{panel} is a figure"),
        }
    }
}

/// The English words of a readout, without the narrow spaces of long numbers.
pub fn readout(scene: &Scene, key: &str) -> String {
    scene
        .readouts
        .iter()
        .find(|readout| readout.key == key)
        .unwrap_or_else(|| panic!("there is no {key}"))
        .words()
        .en
        .replace('\u{202f}', "")
}

/// The first number of a readout.
pub fn number(scene: &Scene, key: &str) -> f64 {
    let text = readout(scene, key);
    let first = text.split_whitespace().next().unwrap_or_default();
    decimal(first).unwrap_or_else(|| panic!("{key} is {text}"))
}

/// Reads `1.2×10⁻³` too, and `3×` for three times.
pub fn decimal(text: &str) -> Option<f64> {
    match text.split_once("×10") {
        Some((mantissa, power)) => Some(number::read(mantissa)? * 10_f64.powi(power_of(power))),
        None => number::read(text.trim_matches('×')),
    }
}

/// Reads `⁻³`.
pub fn power_of(raised: &str) -> i32 {
    let digit = |letter: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|other| other == letter);
    let size = raised.chars().filter_map(digit).fold(0, |size, digit| 10 * size + digit as i32);
    if raised.starts_with('⁻') { -size } else { size }
}

/// The controls that the notes of a scene speak of.
pub fn notes(scene: &Scene) -> Vec<&str> {
    scene.notes.iter().filter_map(|note| note.field).collect()
}

/// Everything that a setting shows, with long computations done.
pub fn play(widget: &dyn DynWidget, setting: &Setting) -> Scene {
    let mut work = widget.begin();
    let budget = Budget::unlimited();
    loop {
        match widget.work(setting, work.as_mut(), &budget) {
            Ok(Progress::Going(_)) => {}
            Ok(Progress::Done) => return widget.scene(setting, work.as_ref()),
            Err(problem) => panic!("{}: {}", widget.about().slug, problem.words.en),
        }
    }
}

/// Every named scene of a widget, with a name for messages.
pub fn scenes(widget: &dyn DynWidget) -> Vec<(String, Setting)> {
    let mut all = vec![("opening".to_owned(), widget.opening())];
    for (at, preset) in widget.presets().iter().enumerate() {
        all.push((format!("preset {}", preset.key), widget.preset(at)));
    }
    for at in 0..widget.steps().len() {
        all.push((format!("step {}", at + 1), widget.step(at, false)));
        all.push((format!("step {} answered", at + 1), widget.step(at, true)));
    }
    all
}
