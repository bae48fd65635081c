//! Random and mutated addresses: never a panic, always a legal state, and the state comes back from the address written for it.

use yansuan::contract::address;
use yansuan::contract::control::Kind;
use yansuan::contract::shelf::DynWidget;
use yansuan::player::session::Session;
use yansuan_math::rng::SplitMix64;

use crate::check::hold;
use crate::event::{Event, below, spelt, typed};

/// What stands in addresses that somebody shortened, translated, pasted twice, or made up.
const PIECES: &[&str] = &[
    "&",
    "=",
    "?",
    "#",
    "%",
    "%2",
    "%00",
    "%FF",
    "%E2%88%92",
    "+",
    ",",
    ",,",
    "-",
    "\u{2212}",
    "inf",
    "-inf",
    "NaN",
    "1e999",
    "step=",
    "step=2",
    "preset=",
    "lang=en",
    "theme=",
    "secret=abc",
    "v=9",
    "<script>",
    "\"'>",
    "javascript:",
    "\u{202e}",
    "\u{0}",
    "\u{feff}",
    "99999999999999999999",
    "0.1",
    "𝟙",
    "&&==&",
];

/// Reads so many addresses.
///
/// # Errors
///
/// A sentence with the first address for which something does not hold.
pub fn attack(widget: &'static dyn DynWidget, seed: u64, count: u64) -> Result<(), String> {
    let mut random = SplitMix64::new(seed);
    for _ in 0..count {
        let query = if random.uniform() < 0.3 { made_up(widget, &mut random) } else { mutated(widget, &mut random) };
        one(widget, &query).map_err(|sentence| format!("The address {query:?}: {sentence}."))?;
    }
    Ok(())
}

/// Reads one address: the state is legal, every notice has words, and the state comes back from the address written for it.
///
/// # Errors
///
/// What does not hold.
pub fn one(widget: &'static dyn DynWidget, query: &str) -> Result<(), String> {
    let read = address::read(widget, query);
    let (settled, moved) = widget.settle(&read.setting);
    hold(moved.is_empty() && settled == read.setting, || "the state is outside its bounds".to_owned())?;
    hold(read.step.is_none_or(|step| step < widget.steps().len()), || format!("it asks for step {:?}", read.step))?;
    for notice in &read.notices {
        hold(!notice.words.zh.is_empty() && !notice.words.en.is_empty(), || "a notice without words".to_owned())?;
        hold(notice.words.en.chars().count() < 400, || format!("a notice without end: {}", notice.words.en))?;
    }
    let written = address::write(widget, &read.setting, read.step);
    if written.left_out.is_empty() {
        let again = address::read(widget, &written.query);
        hold(again.setting == read.setting && again.step == read.step && again.notices.is_empty(), || {
            format!("written anew as {} it is another state", written.query)
        })?;
    }
    Ok(())
}

/// An address that knows the names of the controls, and little else.
fn made_up(widget: &dyn DynWidget, random: &mut SplitMix64) -> String {
    let faces = widget.faces();
    let parts: Vec<String> = (0..below(random, 8))
        .map(|_| {
            let face = faces[below(random, faces.len())];
            let value = match face.kind {
                Kind::Choice(items) | Kind::Several(items) if random.uniform() < 0.8 => {
                    items[below(random, items.len())].key.to_owned()
                }
                Kind::Script { vocabulary, .. } => spelt(vocabulary, random),
                Kind::Vector { .. } => (0..below(random, 12)).map(|_| typed(random)).collect::<Vec<_>>().join(","),
                _ => typed(random),
            };
            format!("{}={value}", face.key)
        })
        .collect();
    parts.join("&")
}

/// The address of a state that a few events have led to, with pieces put in, cut out, doubled.
fn mutated(widget: &'static dyn DynWidget, random: &mut SplitMix64) -> String {
    let mut session = Session::open(widget, "");
    for _ in 0..below(random, 4) {
        match Event::draw(random) {
            Event::Preset(any) => session.preset(any % widget.presets().len().max(1)),
            Event::Step(any) => session.goto(any % widget.steps().len().max(1)),
            Event::Slide(any, part) => session.slide(any % session.setting.0.len(), part.clamp(0.0, 1.0) * 1000.0),
            Event::Choose(any, _) => session.choose(any % session.setting.0.len(), 0),
            _ => {}
        }
    }
    let mut letters: Vec<char> = session.written().query.chars().collect();
    for _ in 0..below(random, 5) {
        let at = below(random, letters.len() + 1);
        let to = (at + below(random, 6)).min(letters.len());
        match below(random, 3) {
            0 => drop(letters.drain(at..to)),
            1 => {
                let part: Vec<char> = letters[at..to].to_vec();
                letters.splice(at..at, part);
            }
            _ => drop(letters.splice(at..to, PIECES[below(random, PIECES.len())].chars())),
        }
    }
    letters.into_iter().collect()
}
