//! What a reader can do. Every event means something in every state: numbers that choose are taken modulo what there is to choose
//! from, so that any list of events can be played, and a list stays playable when some are struck out.

use yansuan::contract::script::Vocable;
use yansuan_math::rng::SplitMix64;

/// One thing that a reader does.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Moves the thumb of a slider or a playhead, to a part of its track.
    Slide(usize, f64),
    /// Presses a key on a slider, a playhead or a number of a list.
    Key(usize, usize, usize),
    /// Lets go of a thumb, a key or a handle.
    LetGo,
    /// Types into the field of a number.
    Type(usize, usize, String),
    /// Presses a chip or a box.
    Choose(usize, usize),
    /// Writes a script, made up from a number.
    Spell(usize, usize),
    /// Presses a chip of a script: which deed, on which word, how much.
    Respell(usize, usize, usize, u32),
    /// Pastes into a list.
    Paste(usize, String),
    /// Takes in the text of an exchange: its own, with some letters replaced.
    Exchange(usize, usize, String),
    /// Adds a number to a list, or takes one away.
    Resize(usize, bool),
    /// Brings back the first value of a control.
    Restore(usize),
    /// Drags a handle of a figure to a point, in parts of the plot; fingers slip out of it.
    Drag(usize, usize, (f64, f64)),
    /// Presses a key on a handle.
    Push(usize, usize, usize),
    /// Points at a place of a figure.
    Point(usize, (f64, f64)),
    /// Asks for the counter-example of a property.
    Show(usize),
    /// Goes to a preset.
    Preset(usize),
    /// Goes to a step.
    Step(usize),
    /// Answers its question.
    Answer(usize),
    /// Takes the last gesture back.
    Undo,
    /// Does it again.
    Redo,
    /// Goes to the opening scene.
    Reset,
    /// Starts or stops the playhead, at a speed.
    Play(f64),
    /// Lets some milliseconds pass.
    Wait(f64),
    /// Makes the window as wide as this.
    Width(f64),
    /// Speaks the other language.
    Language,
    /// Wears the next theme.
    Theme,
    /// Opens the link to the present state.
    Link,
}

/// What people and cats type.
const RUBBISH: &[&str] = &[
    "",
    " ",
    "NaN",
    "inf",
    "-inf",
    "−∞",
    "∞",
    "1e999",
    "-1e999",
    "1e-999",
    "1,5",
    "١٢",
    "0x10",
    "--1",
    "1e",
    "+",
    "−0",
    "0.1.2",
    "½",
    "<img src=x onerror=alert(1)>",
    "\u{202e}12",
    "999999999999999999999999999999",
    "-0.000000000000000000001",
    "3 4",
    "１２",
];

impl Event {
    /// Draws an event; gestures are likelier than rare deeds.
    pub fn draw(random: &mut SplitMix64) -> Self {
        let which = below(random, 100);
        let control = below(random, 64);
        match which {
            0..24 => Self::Slide(control, edgy(random)),
            24..34 => Self::Key(control, below(random, 32), below(random, 24)),
            34..42 => Self::LetGo,
            42..48 => Self::Type(control, below(random, 32), typed(random)),
            48..54 => Self::Choose(control, below(random, 16)),
            54 => Self::Spell(control, below(random, 1 << 20)),
            55..58 => Self::Respell(control, below(random, 4), below(random, 12), below(random, 80) as u32),
            58..61 => Self::Paste(control, pasted(random)),
            61..64 => Self::Resize(control, random.uniform() < 0.5),
            64 => Self::Restore(control),
            65..75 => Self::Drag(below(random, 32), below(random, 16), (edgy(random), edgy(random))),
            75..79 => Self::Push(below(random, 32), below(random, 16), below(random, 24)),
            79..82 => Self::Point(below(random, 32), (edgy(random), edgy(random))),
            82 => Self::Show(below(random, 64)),
            83 => Self::Preset(below(random, 16)),
            84..86 => Self::Step(below(random, 16)),
            86 => Self::Answer(below(random, 8)),
            87..90 => Self::Undo,
            90 => Self::Redo,
            91 => Self::Reset,
            92 => Self::Play([0.1, 1.0, 10.0][below(random, 3)]),
            93..96 => Self::Wait(random.uniform() * 100.0),
            96 => Self::Width(280.0 + random.uniform() * 1320.0),
            97 => Self::Language,
            98 if random.uniform() < 0.5 => Self::Theme,
            98 => Self::Exchange(control, below(random, 400), typed(random)),
            _ => Self::Link,
        }
    }
}

/// A whole number below `count`.
pub fn below(random: &mut SplitMix64, count: usize) -> usize {
    (random.next_u64() % count as u64) as usize
}

/// A part of a length, often one of its ends, sometimes beyond.
fn edgy(random: &mut SplitMix64) -> f64 {
    match below(random, 10) {
        0 => 0.0,
        1 => 1.0,
        2 => -0.5 + 2.0 * random.uniform(),
        _ => random.uniform(),
    }
}

/// A number as one writes it: mostly ordinary, sometimes at the ends of what there is.
pub fn typed(random: &mut SplitMix64) -> String {
    match below(random, 12) {
        0 => RUBBISH[below(random, RUBBISH.len())].to_owned(),
        1 => format!("{:e}", random.normal() * 10_f64.powf(random.uniform() * 600.0 - 300.0)),
        2 => format!("{}", below(random, 40) as f64 - 20.0),
        3 => "-inf".to_owned(),
        4 => "0".to_owned(),
        _ => format!("{:.*}", below(random, 5), random.normal() * 4.0),
    }
}

/// A list as one pastes it: mostly short, with ties, sometimes long, sometimes not a list at all.
fn pasted(random: &mut SplitMix64) -> String {
    let count = match below(random, 20) {
        0 => 0,
        1 => 1,
        2..5 => 60 + below(random, 10),
        5 => 300 + below(random, 700),
        _ => 1 + below(random, 14),
    };
    let spread = [0.0, 0.1, 1.0, 5.0, 100.0, 1e155][below(random, 6)];
    let mut numbers: Vec<String> = (0..count).map(|_| format!("{}", random.normal() * spread)).collect();
    if random.uniform() < 0.2 && !numbers.is_empty() {
        let at = below(random, numbers.len());
        numbers[at] = typed(random);
    }
    numbers.join([",", " ", "\n", "，", ";\t"][below(random, 5)])
}

/// A script as one writes it: mostly right, sometimes with a word that is not.
pub fn spelt(vocabulary: &[Vocable], random: &mut SplitMix64) -> String {
    let word = |random: &mut SplitMix64| {
        let Vocable { key, sizes, .. } = vocabulary[below(random, vocabulary.len())];
        if below(random, 12) == 0 {
            return [format!("{key}{}", RUBBISH[below(random, RUBBISH.len())]), typed(random)].concat();
        }
        let sizes: Vec<String> = sizes
            .iter()
            .map(|size| match below(random, 8) {
                0 => size.min.to_string(),
                1 => size.max.to_string(),
                2 => below(random, 100_000).to_string(),
                _ => (size.min as usize + below(random, 12)).to_string(),
            })
            .collect();
        format!("{key}{}", sizes.join(["x", "×", "X"][below(random, 3)]))
    };
    let words: Vec<String> = (0..below(random, 7)).map(|_| word(random)).collect();
    words.join([" ", ",", "\n", "，"][below(random, 4)])
}
