//! Everything a reader can change: kinds of control, their bounds, their form in the address.

use super::number;
use super::problem::Problem;
use super::readout::Place;
use super::script::{self, Vocable};
use super::text::{Text, Words};
use super::value::Value;

/// How a slider divides its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps.
    Linear,
    /// Equal ratios; bounds are positive.
    Log,
    /// Whole numbers.
    Integer,
}

/// One item of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The word of the address: stable for ever.
    pub key: &'static str,
    /// The word of the interface.
    pub name: Text,
}

/// What a control is. Every kind knows its bounds and its form in the address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A number between two bounds.
    Slider {
        /// Smallest legal value.
        min: f64,
        /// Largest legal value.
        max: f64,
        /// What one arrow key moves: a difference, or on a log scale a factor minus one.
        step: f64,
        /// How the length is divided.
        scale: Scale,
        /// Decimals shown.
        decimals: usize,
    },
    /// On or off.
    Toggle,
    /// One of a few.
    Choice(&'static [Item]),
    /// Some of a few.
    Several(&'static [Item]),
    /// Numbers in order: typed, dragged, pasted.
    Vector {
        /// Bounds of a number that is dragged; a typed number may pass them.
        drag: (f64, f64),
        /// What one arrow key moves.
        step: f64,
        /// The most numbers it takes.
        longest: usize,
        /// The most numbers that are shown as fields.
        fields: usize,
        /// The name of one number, before its index.
        symbol: &'static str,
        /// Whether its length follows from other controls, so that no number is added or taken away here.
        is_sized: bool,
    },
    /// An integer that makes chance repeatable.
    Seed,
    /// A position that plays, steps and scrubs.
    Playhead {
        /// The last position; the first is 0. [`Control::range`] may end it earlier in a state.
        last: u64,
        /// Positions a second at speed 1.
        per_second: f64,
        /// Whether the first positions get more room on the track than the last thousands.
        is_curved: bool,
    },
    /// A small checked text, built from chips or written.
    Script {
        /// The words that it knows.
        vocabulary: &'static [Vocable],
        /// The most words that it takes.
        longest: usize,
        /// The most pieces that all words may be together; a word is as many as the product of its sizes.
        most: u64,
        /// What a piece is called.
        piece: Text,
    },
}

/// What of a control does not depend on the state of its widget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// The name in the address: stable for ever, kebab-case.
    pub key: &'static str,
    /// The label.
    pub label: Text,
    /// One sentence that says what it does.
    pub help: Text,
    /// What it is.
    pub kind: Kind,
    /// Where it stands: in the rail, or with the view that it changes.
    pub place: Place,
}

/// A control of a widget whose state is `S`.
pub struct Control<S> {
    /// Its fixed part.
    pub face: Face,
    /// Reads it from the state.
    pub get: fn(&S) -> Value,
    /// Writes it into the state; the value is within bounds and of the right kind.
    pub set: fn(&mut S, &Value),
    /// Whether it matters in this state, and so is shown.
    pub shown: fn(&S) -> bool,
    /// For a slider or a playhead that shows less than its legal range: what it shows in this state.
    pub range: Option<fn(&S) -> (f64, f64)>,
}

/// A control of the rail: its name in the address, its label with its help, and what it is.
pub const fn face(key: &'static str, (label, help): (Text, Text), kind: Kind) -> Face {
    Face { key, label, help, kind, place: Place::Rail }
}

/// The same control with the view that it changes.
pub const fn beside(panel: &'static str, face: Face) -> Face {
    Face { place: Place::Panel(panel), ..face }
}

/// A slider; see [`Kind::Slider`].
pub const fn slider(min: f64, max: f64, step: f64, scale: Scale, decimals: usize) -> Kind {
    Kind::Slider { min, max, step, scale, decimals }
}

/// Shown in every state.
pub const fn always<S>(_: &S) -> bool {
    true
}

/// A control of a whole number.
macro_rules! count {
    ($face:expr, $($field:ident).+, $shown:expr) => {
        $crate::contract::control::count!($face, $($field).+, $shown, None)
    };
    ($face:expr, $($field:ident).+, $shown:expr, $range:expr) => {
        $crate::contract::control::Control {
            face: $face,
            get: |s| $crate::contract::value::Value::Number(s.$($field).+ as f64),
            set: |s, v| s.$($field).+ = v.number().map_or(s.$($field).+, |x| x.round().max(0.0) as usize),
            shown: $shown,
            range: $range,
        }
    };
}

/// A control of a number.
macro_rules! real {
    ($face:expr, $($field:ident).+, $shown:expr) => {
        $crate::contract::control::Control {
            face: $face,
            get: |s| $crate::contract::value::Value::Number(s.$($field).+),
            set: |s, v| s.$($field).+ = v.number().unwrap_or(s.$($field).+),
            shown: $shown,
            range: None,
        }
    };
}

/// A control of yes or no.
macro_rules! flag {
    ($face:expr, $field:ident, $shown:expr) => {
        $crate::contract::control::Control {
            face: $face,
            get: |s| $crate::contract::value::Value::Flag(s.$field),
            set: |s, v| s.$field = v.flag().unwrap_or(s.$field),
            shown: $shown,
            range: None,
        }
    };
}

/// A control of one of a list, whose values stand in the order of its items.
macro_rules! one {
    ($face:expr, $field:ident, $list:expr, $shown:expr) => {
        $crate::contract::control::Control {
            face: $face,
            get: |s| $crate::contract::value::place(&$list, &s.$field),
            set: |s, v| s.$field = v.choice().and_then(|at| $list.get(at).copied()).unwrap_or(s.$field),
            shown: $shown,
            range: None,
        }
    };
}

/// A control of a list of numbers.
macro_rules! list {
    ($face:expr, $field:ident, $shown:expr) => {
        $crate::contract::control::Control {
            face: $face,
            get: |s| $crate::contract::value::Value::Vector(s.$field.clone()),
            set: |s, v| s.$field = v.vector().unwrap_or_else(|| s.$field.clone()),
            shown: $shown,
            range: None,
        }
    };
}

pub(crate) use {count, flag, list, one, real};

impl Face {
    /// Moves a value to the nearest legal one; the sentence says so if it had to move.
    ///
    /// A value of another kind is replaced by `fallback`.
    pub fn clamp(&self, value: Value, fallback: &Value) -> (Value, Option<Problem>) {
        match (self.kind, value) {
            (Kind::Slider { min, max, scale, .. }, Value::Number(given)) if !given.is_nan() => {
                let rounded = if scale == Scale::Integer { given.round() } else { given };
                let near = rounded.clamp(min, max);
                let moved = (near.to_bits() != given.to_bits() && (near - given).abs() > 0.0)
                    .then(|| self.moved(&number::short(given, 6), &number::short(near, 6)));
                (Value::Number(near), moved)
            }
            (Kind::Toggle, value @ Value::Flag(_)) | (Kind::Seed, value @ Value::Integer(_)) => (value, None),
            (Kind::Choice(items), Value::Choice(index)) if index < items.len() => (Value::Choice(index), None),
            (Kind::Several(items), Value::Several(bits)) => (Value::Several(bits & mask(items.len())), None),
            (Kind::Vector { longest, .. }, Value::Vector(numbers)) if numbers.len() <= longest => (Value::Vector(numbers), None),
            (Kind::Vector { longest, .. }, Value::Vector(numbers)) => {
                let (given, kept) = (number::whole(numbers.len() as u64), number::whole(longest as u64));
                let zh = format!("“{}”有 {given} 个数，只保留前 {kept} 个。", self.label.zh);
                let en = format!("{}: of {given} numbers the first {kept} were kept.", self.label.en);
                (Value::Vector(numbers[..longest].into()), Some(Problem::at(self.key, zh, en)))
            }
            (Kind::Script { .. }, Value::Script(words)) => match self.check_script(&words) {
                Ok(()) => (Value::Script(words), None),
                Err(why) => (fallback.clone(), Some(self.wrong(&why))),
            },
            (Kind::Playhead { last, .. }, Value::Integer(at)) => {
                let near = at.min(last);
                let moved = (near != at).then(|| self.moved(&at.to_string(), &near.to_string()));
                (Value::Integer(near), moved)
            }
            _ => (fallback.clone(), Some(self.unreadable(""))),
        }
    }

    /// The value in the form of the address.
    pub fn write(&self, value: &Value) -> String {
        match (self.kind, value) {
            (_, Value::Number(number)) => number::exact(*number),
            (_, Value::Flag(on)) => u8::from(*on).to_string(),
            (Kind::Choice(items), Value::Choice(index)) => items.get(*index).map_or("", |item| item.key).into(),
            (Kind::Several(items), Value::Several(bits)) => {
                let chosen: Vec<&str> =
                    items.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, item)| item.key).collect();
                chosen.join(",")
            }
            (_, Value::Vector(numbers)) => numbers.iter().map(|x| number::exact(*x)).collect::<Vec<_>>().join(","),
            (_, Value::Integer(number)) => number.to_string(),
            (Kind::Script { vocabulary, .. }, Value::Script(words)) => script::write(words, vocabulary, ","),
            (_, Value::Choice(_) | Value::Several(_) | Value::Script(_)) => String::new(),
        }
    }

    /// Reads the form of the address; bounds are not looked at here, see [`Face::clamp`].
    ///
    /// # Errors
    ///
    /// A sentence that names the field and what would be right.
    pub fn read(&self, text: &str) -> Result<Value, Problem> {
        if let Kind::Script { vocabulary, .. } = self.kind {
            let words = script::read(text, vocabulary).and_then(|words| self.check_script(&words).map(|()| words));
            return words.map(|words| Value::Script(words.into())).map_err(|why| self.wrong(&why));
        }
        let value = match self.kind {
            Kind::Slider { .. } => number::read(text).map(Value::Number),
            Kind::Toggle => match text {
                "0" | "false" => Some(Value::Flag(false)),
                "1" | "true" | "" => Some(Value::Flag(true)),
                _ => None,
            },
            Kind::Choice(items) => items.iter().position(|item| item.key == text).map(Value::Choice),
            Kind::Several(items) => text
                .split(',')
                .filter(|word| !word.is_empty())
                .map(|word| items.iter().position(|item| item.key == word))
                .try_fold(0_u32, |bits, at| at.map(|at| bits | 1 << at))
                .map(Value::Several),
            Kind::Vector { .. } => text
                .split(',')
                .filter(|word| !word.trim().is_empty())
                .map(|word| number::read(word).filter(|x| *x < f64::INFINITY))
                .collect::<Option<Vec<f64>>>()
                .map(|numbers| Value::Vector(numbers.into())),
            Kind::Seed | Kind::Playhead { .. } => text.trim().parse().ok().map(Value::Integer),
            Kind::Script { .. } => None, // read above
        };
        value.ok_or_else(|| self.unreadable(text))
    }

    /// What would be legal, in words: a range, the items of a choice.
    fn wanted(&self) -> Words {
        match self.kind {
            Kind::Slider { min, max, .. } => {
                let (min, max) = (number::short(min, 6), number::short(max, 6));
                Words::new(format!("{min} 到 {max} 之间的数"), format!("a number from {min} to {max}"))
            }
            Kind::Toggle => Words::new("0 或 1", "0 or 1"),
            Kind::Choice(items) | Kind::Several(items) => {
                let mut keys: Vec<&str> = items.iter().map(|item| item.key).collect();
                if let [.., last] = keys[..]
                    && keys.len() > LISTED
                {
                    keys.truncate(LISTED - 2);
                    keys.extend(["…", last]);
                }
                Words::new(format!("{} 之一", keys.join("、")), format!("one of {}", keys.join(", ")))
            }
            Kind::Vector { .. } => {
                Words::new("用逗号分开的数，如 2,1.2,-0.3", "numbers with commas between them, such as 2,1.2,-0.3")
            }
            Kind::Script { vocabulary, .. } => {
                let forms = script::forms(vocabulary);
                Words::new(format!("由 {forms} 组成的词"), format!("words such as {forms}"))
            }
            Kind::Seed => Words::new("不小于 0 的整数", "a whole number, 0 or more"),
            Kind::Playhead { last, .. } => Words::new(format!("0 到 {last} 的整数"), format!("a whole number from 0 to {last}")),
        }
    }

    /// A sentence about text that is no value of this control.
    pub fn unreadable(&self, text: &str) -> Problem {
        let wanted = self.wanted();
        let quoted = excerpt(text);
        Problem::at(
            self.key,
            format!("无法识别“{}”的值“{quoted}”；应填{}。", self.label.zh, wanted.zh),
            format!("{}: cannot read “{quoted}”; it takes {}.", self.label.en, wanted.en),
        )
    }

    /// A sentence about words of a script that are wrong.
    pub fn wrong(&self, why: &Words) -> Problem {
        Problem::at(self.key, format!("“{}”{}。", self.label.zh, why.zh), format!("{}: {}.", self.label.en, why.en))
    }

    /// What is wrong with words that are each right.
    fn check_script(&self, words: &[script::Word]) -> Result<(), Words> {
        let Kind::Script { longest, most, piece, .. } = self.kind else { return Ok(()) };
        let pieces: u64 = words.iter().map(script::Word::pieces).fold(0, u64::saturating_add);
        if words.len() > longest {
            Err(Words::new(format!("最多 {longest} 个词"), format!("at most {longest} words")))
        } else if pieces > most {
            let (given, most) = (number::whole(pieces), number::whole(most));
            Err(Words::new(
                format!("共 {given} 个{}，最多 {most} 个", piece.zh),
                format!("{given} {} in all, at most {most}", piece.en),
            ))
        } else {
            Ok(())
        }
    }

    fn moved(&self, from: &str, to: &str) -> Problem {
        let wanted = self.wanted();
        Problem::at(
            self.key,
            format!("“{}”的 {from} 已改为 {to}（应为{}）。", self.label.zh, wanted.zh),
            format!("{}: {from} became {to} (it takes {}).", self.label.en, wanted.en),
        )
    }
}

/// Items of a choice that a sentence lists: of more, the first ones and the last.
const LISTED: usize = 16;

/// The first letters of what somebody wrote, so that a sentence stays a sentence.
pub fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(24).collect();
    if text.chars().count() > 24 {
        short.push('…');
    }
    short
}

const fn mask(items: usize) -> u32 {
    if items >= 32 { u32::MAX } else { (1 << items) - 1 }
}
