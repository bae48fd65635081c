//! What a page around an embed may ask, and what it is told: contract 1 of the messages, without a browser.
//!
//! The script `public/embed.js` stands between: it takes messages from the host and no other window, brings their plain fields here as
//! [`Pairs`], and posts what comes back. Only embeds load it, which is why it is a script: as part of every program it would be a
//! twentieth of it.

use crate::contract::address::Pairs;
use crate::contract::json::{object, string};
use crate::contract::panel::View;
use crate::contract::parameter::colour;
use crate::contract::problem::Problem;
use crate::contract::shelf::{DynWidget, Scene};
use crate::contract::text::Lang;
use crate::player::session::Session;
use crate::plot::svg;
use crate::plot::table;
use crate::plot::theme::{Rgb, Theme};

/// What may be asked, by the names of the contract; `hello?` is answered by the script.
pub const COMMANDS: [&str; 16] = [
    "getState",
    "describe",
    "setState",
    "reset",
    "undo",
    "redo",
    "goTo",
    "answer",
    "preset",
    "play",
    "pause",
    "suspend",
    "resume",
    "setOptions",
    "export",
    "destroy",
];

/// A file that an embed makes of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A picture of lines.
    Svg,
    /// A picture of pixels, as a data address.
    Png,
    /// The numbers, RFC 4180.
    Csv,
    /// The numbers as JSON.
    Json,
}

/// Something that a host asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The state as a query.
    State,
    /// What is shown, in words.
    Describe,
    /// Takes a state over the present one.
    Set {
        /// What is named.
        pairs: Pairs,
        /// Whether the reader can undo it.
        is_undoable: bool,
    },
    /// Back to the opening scene.
    Reset,
    /// Takes back the last gesture.
    Undo,
    /// Does it again.
    Redo,
    /// To a step, from 0.
    Step(usize),
    /// Gives an answer of the present step, from 0; the right one where none is named.
    Answer(Option<usize>),
    /// To a preset.
    Preset(usize),
    /// Starts the first playhead.
    Play,
    /// Stops it.
    Pause,
    /// Computes no more until it is resumed.
    Suspend,
    /// Goes on.
    Resume,
    /// How it is worn; `None` leaves it. A theme of `None` follows the system, an accent of `None` is the theme's own.
    Options {
        /// The language.
        lang: Option<Lang>,
        /// The theme.
        theme: Option<Option<&'static Theme>>,
        /// The accent.
        accent: Option<Option<Rgb>>,
        /// Whether nothing moves by itself, whatever the system says.
        is_calm: Option<bool>,
    },
    /// A file of a figure.
    Export {
        /// Its kind.
        format: Format,
        /// Which figure.
        panel: usize,
    },
}

/// Reads a message of a type.
///
/// # Errors
///
/// A sentence for whoever writes the host: what is wrong, and what would be right.
pub fn read(widget: &dyn DynWidget, kind: &str, fields: &Pairs) -> Result<Command, String> {
    Ok(match kind {
        "getState" => Command::State,
        "describe" => Command::Describe,
        "setState" => {
            let state = fields.get("state").ok_or("setState needs `state`: a query such as \"base=500000\", or an object")?;
            Command::Set { pairs: Pairs::of(state), is_undoable: !matches!(fields.get("undoable"), Some("false" | "0")) }
        }
        "reset" => Command::Reset,
        "undo" => Command::Undo,
        "redo" => Command::Redo,
        "goTo" => {
            let steps = widget.steps().len();
            let step = fields.get("n").and_then(|n| n.parse::<usize>().ok()).filter(|n| (1..=steps).contains(n));
            Command::Step(step.ok_or_else(|| format!("goTo needs `n`, a step from 1 to {steps}"))? - 1)
        }
        "answer" => {
            let number = |n: &str| n.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).ok_or("answer takes `n`: 1, 2, 3 …");
            Command::Answer(fields.get("n").map(number).transpose()?)
        }
        "preset" => {
            let presets = widget.presets();
            let key = fields.get("key").unwrap_or_default();
            let keys = || presets.iter().map(|preset| preset.key).collect::<Vec<_>>().join(", ");
            let at = presets.iter().position(|preset| preset.key == key);
            Command::Preset(at.ok_or_else(|| format!("preset needs `key`, one of {}", keys()))?)
        }
        "play" => Command::Play,
        "pause" => Command::Pause,
        "suspend" | "destroy" => Command::Suspend,
        "resume" => Command::Resume,
        "setOptions" => {
            let theme = match fields.get("theme") {
                None => None,
                Some("auto") => Some(None),
                Some(key) => Some(Some(Theme::of_key(key).ok_or("setOptions takes `theme`: auto, light, dark or projector")?)),
            };
            let accent = match fields.get("accent") {
                None => None,
                Some("auto") => Some(None),
                Some(text) => Some(Some(colour(text).ok_or("setOptions takes `accent`: auto, or a colour as rrggbb")?)),
            };
            let is_calm = match fields.get("motion") {
                None => None,
                Some("auto") => Some(false),
                Some("reduce") => Some(true),
                Some(_) => return Err("setOptions takes `motion`: auto or reduce".to_owned()),
            };
            Command::Options { lang: fields.lang().map(Lang::of_tag), theme, accent, is_calm }
        }
        "export" => export(widget, fields)?,
        _ => return Err(format!("there is no message of this type; there are {}", COMMANDS.join(", "))),
    })
}

fn export(widget: &dyn DynWidget, fields: &Pairs) -> Result<Command, String> {
    let format = match fields.get("format").unwrap_or("svg") {
        "svg" => Format::Svg,
        "png" => Format::Png,
        "csv" => Format::Csv,
        "json" => Format::Json,
        _ => return Err("export takes `format`: svg, png, csv or json".to_owned()),
    };
    let panels = widget.panels();
    let panel = match fields.get("panel") {
        None => Some(0),
        Some(id) => panels.iter().position(|panel| panel.id == id),
    };
    let ids = || panels.iter().map(|panel| panel.id).collect::<Vec<_>>().join(", ");
    let panel = panel.ok_or_else(|| format!("export takes `panel`, one of {}", ids()))?;
    Ok(Command::Export { format, panel })
}

/// A file of a view as text; `None` where there is none, or where it takes a canvas.
pub fn file(
    widget: &dyn DynWidget,
    scene: &Scene,
    (format, panel): (Format, usize),
    lang: Lang,
    theme: &Theme,
) -> Option<String> {
    let (own, view) = (widget.panels().get(panel)?, scene.views.get(panel)?);
    match (format, view) {
        (Format::Csv, view) => Some(table::of(own, view).csv(lang)),
        (Format::Json, view) => Some(table::of(own, view).json(lang)),
        (Format::Svg, View::Figure(figure)) => Some(svg::file(own, figure, theme, lang, svg::FILE_WIDTH)),
        _ => None,
    }
}

/// Names, and values that are JSON already.
pub type Fields = Vec<(&'static str, String)>;

/// The answer to a command, as JSON.
pub fn answer(answer: Result<String, String>) -> String {
    match answer {
        Ok(result) => object(&[("ok", "true".to_owned()), ("result", result)]),
        Err(error) => object(&[("ok", "false".to_owned()), ("error", string(&error))]),
    }
}

/// Everything that a host is told of the moment, as JSON; the script beside the program tells what of it is new.
pub fn now(session: &Session, scene: &Scene, lang: Lang) -> String {
    let mut fields = state(session);
    fields.push(("description", string(scene.spoken.get(lang))));
    fields.push(("step", step(session, lang).map_or_else(null, |fields| object(&fields))));
    fields.push(("predict", guess(session, lang).map_or_else(null, |fields| object(&fields))));
    let warnings: Vec<String> =
        session.notices.iter().chain(&session.mended).map(|problem| object(&warning(problem, lang))).collect();
    fields.push(("warnings", format!("[{}]", warnings.join(","))));
    object(&fields)
}

fn null() -> String {
    "null".to_owned()
}

/// The state, and whether it is playing: a host does not put to sleep what plays.
pub fn whole(session: &Session) -> Fields {
    let mut fields = state(session);
    fields.push(("playing", session.playing.is_some().to_string()));
    fields
}

/// Which answer of the present step a host means.
///
/// # Errors
///
/// No step with a question is shown, or it has fewer answers.
pub fn answer_of(session: &Session, answer: Option<usize>) -> Result<usize, String> {
    let ask = session.step.and_then(|at| session.widget.steps().get(at)?.ask);
    let ask = ask.ok_or("answer needs a step with a question: goTo leads to one")?;
    let count = ask.answers.len();
    let at = answer.unwrap_or(ask.right);
    if at < count { Ok(at) } else { Err(format!("answer takes `n`, from 1 to {count}")) }
}

/// The state: as a query, and its pairs as an object.
fn state(session: &Session) -> Fields {
    let query = session.written().query;
    let pairs = Pairs::of(&query);
    let pairs: Vec<(&str, String)> = pairs.iter().map(|(name, text)| (name, string(text))).collect();
    vec![("state", object(&pairs)), ("query", string(&query))]
}

/// The step that is shown; nothing where none is.
fn step(session: &Session, lang: Lang) -> Option<Fields> {
    let (at, steps) = (session.step?, session.widget.steps());
    let step = steps.get(at)?;
    let mut fields = vec![("n", (at + 1).to_string()), ("of", steps.len().to_string()), ("title", string(step.title.get(lang)))];
    fields.extend(step.ask.map(|ask| ("question", string(ask.question.get(lang)))));
    Some(fields)
}

/// The guess that was made in it.
fn guess(session: &Session, lang: Lang) -> Option<Fields> {
    let ask = session.widget.steps().get(session.step?)?.ask?;
    let answer = session.answer?;
    let words = string(ask.answers.get(answer)?.get(lang));
    Some(vec![("question", string(ask.question.get(lang))), ("answer", words), ("correct", (answer == ask.right).to_string())])
}

/// What could not be had as it was asked for.
fn warning(problem: &Problem, lang: Lang) -> Fields {
    let mut fields = vec![("code", string("value")), ("message", string(problem.words.get(lang)))];
    fields.extend(problem.field.map(|field| ("param", string(field))));
    fields
}
