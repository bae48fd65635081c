//! What the reader can change.

use std::sync::Arc;

use yansuan_math::discretise::Discretisation;
use yansuan_math::hippo::{LENGTH_LIMIT, ORDER_LIMIT};
use yansuan_math::legendre::legendre_values;
use yansuan_math::rng::SplitMix64;
use yansuan_math::signal::{CLASSROOM, Signal};

use super::text;
use crate::contract::control::{Control, Face, Kind, Scale, always, beside, count, face, list, one, real, slider};
use crate::contract::number::short;
use crate::contract::problem::Problem;
use crate::contract::value::Value;

/// The knots of a drawn signal.
pub const KNOTS: usize = 11;

/// The largest number of a signal or of weights that is computed with.
const LARGEST: f64 = 1e6;

/// Where the signal comes from, in the order of [`text::SOURCES_OF_U`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Drawn,
    Impulse,
    Step,
    Constant,
    Sine,
    Chirp,
    Noise,
    Own,
}

const SOURCES: [Source; 8] =
    [Source::Drawn, Source::Impulse, Source::Step, Source::Constant, Source::Sine, Source::Chirp, Source::Noise, Source::Own];

/// What is read from the state: how `C` comes about, in the order of [`text::READERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// What the input was at an age.
    Recall,
    /// The weighted mean of all that was.
    Mean,
    /// Normal numbers.
    Random,
    /// The reader's own.
    Own,
}

const READERS: [Reader; 4] = [Reader::Recall, Reader::Mean, Reader::Random, Reader::Own];

/// Which matrix is shown, in the order of [`text::MATRICES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// `A`.
    Generator,
    /// `A + Aᵀ`.
    Sum,
    /// `S`.
    Skew,
    /// `Ā` of the scheme.
    Discrete,
}

const SHOWN: [Shown; 4] = [Shown::Generator, Shown::Sum, Shown::Skew, Shown::Discrete];

/// Bits of [`State::memories`], in the order of [`text::MEMORIES`].
pub const LEGS: u32 = 1;
/// See [`LEGS`].
pub const LEGT: u32 = 2;
/// See [`LEGS`].
pub const S4: u32 = 4;

/// Everything that can be changed. `Default` is the opening scene.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// How many numbers were read.
    pub now: usize,
    pub d: usize,
    /// `L`, of signals that are not the reader's own.
    pub length: usize,
    pub eps: f64,
    pub scheme: Discretisation,
    pub source: Source,
    /// Heights of a drawn signal at [`KNOTS`] places.
    pub heights: Arc<[f64]>,
    /// The reader's own signal.
    pub data: Arc<[f64]>,
    pub seed: u64,
    pub reader: Reader,
    /// What age is recalled, in the memory's own time.
    pub age: f64,
    /// The reader's own `C`; what is missing is 0.
    pub weights: Arc<[f64]>,
    /// The window of `LegT`, samples.
    pub window: usize,
    /// Bits of the memories that are shown.
    pub memories: u32,
    pub stiffness: f64,
    pub friction: f64,
    pub matrix: Shown,
    /// Whether three of the roads are walked in single precision.
    pub is_single: bool,
    /// Which root of unity is looked at.
    pub root: usize,
    /// Where the signal is changed by [`State::poke`].
    pub at: usize,
    pub poke: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            now: 200,
            d: CLASSROOM.d,
            length: CLASSROOM.len,
            eps: CLASSROOM.eps,
            scheme: Discretisation::Bilinear,
            source: Source::Drawn,
            heights: [0.1, 1.2, -0.7, 0.9, -1.0, 0.3, 1.1, -0.6, 0.8, -0.9, 0.4].into(),
            data: [0.0, 0.4, 1.0, 0.7, -0.2, -0.9, -0.6, 0.1, 0.8, 1.1, 0.5, -0.3].into(),
            seed: 1,
            reader: Reader::Recall,
            age: 0.25,
            weights: [1.0].into(),
            window: 64,
            memories: LEGS | LEGT | S4,
            stiffness: 40.0,
            friction: 5.0,
            matrix: Shown::Generator,
            is_single: false,
            root: 40,
            at: 96,
            poke: 0.0,
        }
    }
}

impl State {
    /// `L`.
    pub fn len(&self) -> usize {
        if self.source == Source::Own { self.data.len().clamp(1, LENGTH_LIMIT) } else { self.length }
    }

    /// The signal, without the poke.
    pub fn signal(&self) -> Vec<f64> {
        let len = self.len();
        let of = |signal: Signal| signal.samples(len);
        match self.source {
            Source::Drawn => {
                let last = (KNOTS - 1) as f64;
                let height = |knot: usize| self.heights.get(knot).copied().unwrap_or(0.0);
                let between = |at: usize| {
                    let place = (at as f64 + 0.5) / len as f64 * last;
                    let (knot, part) = (place.floor() as usize, place.fract());
                    height(knot) + part * (height((knot + 1).min(KNOTS - 1)) - height(knot))
                };
                (0..len).map(between).collect()
            }
            Source::Impulse => of(Signal::Impulse),
            Source::Step => of(Signal::Step),
            Source::Constant => of(Signal::Constant),
            Source::Sine => of(Signal::Sine),
            Source::Chirp => of(Signal::Chirp),
            Source::Noise => of(Signal::Noise(self.seed)),
            Source::Own => self.data.to_vec(),
        }
    }

    /// `C` for a state of any dimension.
    pub fn output(&self, d: usize) -> Vec<f64> {
        let mut c = vec![0.0; d];
        match self.reader {
            Reader::Recall => {
                legendre_values(2.0 * (-self.age).exp() - 1.0, &mut c);
                c.iter_mut().enumerate().for_each(|(n, c)| *c *= (2.0 * n as f64 + 1.0).sqrt());
            }
            Reader::Mean => c[0] = 1.0,
            Reader::Random => {
                let mut random = SplitMix64::new(!self.seed); // not the noise of the same seed
                c.fill_with(|| random.normal());
            }
            Reader::Own => c.iter_mut().zip(self.weights.iter()).for_each(|(c, weight)| *c = *weight),
        }
        c
    }

    /// Whether a memory is shown.
    pub fn has(&self, memory: u32) -> bool {
        self.memories & memory != 0
    }

    /// What two controls together make impossible is mended here.
    pub fn settle(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.data.is_empty() {
            problems.push(Problem::at(
                "data",
                "信号里至少要有一个数；已补上一个 0。",
                "A signal has at least one number; a 0 stands in for it.",
            ));
            self.data = [0.0].into();
        }
        problems.extend(mended("data", &mut self.data));
        problems.extend(mended("weights", &mut self.weights));
        problems.extend(mended("heights", &mut self.heights));
        if self.heights.len() != KNOTS {
            self.heights = (0..KNOTS).map(|at| self.heights.get(at).copied().unwrap_or(0.0)).collect();
        }
        let len = self.len();
        self.now = self.now.min(len);
        self.root = self.root.min(len - 1);
        self.at = self.at.min(len - 1);
        problems
    }
}

/// Makes every number of a list one that can be computed with, and says which one was not.
fn mended(key: &'static str, list: &mut Arc<[f64]>) -> Option<Problem> {
    let is_right = |x: &f64| x.abs() <= LARGEST;
    let wrong = list.iter().position(|x| !is_right(x))?;
    let (place, found) = (wrong + 1, short(list[wrong], 4));
    *list = list
        .iter()
        .map(|x| {
            if is_right(x) {
                *x
            } else if x.is_finite() {
                LARGEST.copysign(*x)
            } else {
                0.0
            }
        })
        .collect();
    let now = short(list[wrong], 4);
    Some(Problem::at(
        key,
        format!("第 {place} 个数是 {found}，已改为 {now}；每个数的大小都不能超过 10⁶。"),
        format!("Number {place} was {found} and became {now}; no number may be larger than 10⁶ in size."),
    ))
}

const fn numbers(drag: (f64, f64), longest: usize, fields: usize, symbol: &'static str, is_sized: bool) -> Kind {
    Kind::Vector { drag, step: 0.05, longest, fields, symbol, is_sized }
}

const SAMPLES: Kind = slider(1.0, LENGTH_LIMIT as f64, 0.1, Scale::Log, 0);

const PLACES: Kind = slider(0.0, LENGTH_LIMIT as f64 - 1.0, 1.0, Scale::Integer, 0);

/// A place of the signal, as many as there are.
const fn placed(panel: &'static str, key: &'static str, words: text::Words) -> Face {
    beside(panel, face(key, words, PLACES))
}

fn places(s: &State) -> (f64, f64) {
    (0.0, (s.len() as f64 - 1.0).max(1.0))
}

/// The controls, in the order of the rail.
pub const CONTROLS: &[Control<State>] = &[
    Control {
        face: face("now", text::NOW_WORDS, Kind::Playhead { last: LENGTH_LIMIT as u64, per_second: 32.0, is_curved: false }),
        get: |s| Value::Integer(s.now as u64),
        set: |s, v| s.now = v.integer().map_or(s.now, |now| now as usize),
        shown: always,
        range: Some(|s| (0.0, s.len() as f64)),
    },
    count!(face("d", text::D_WORDS, slider(1.0, ORDER_LIMIT as f64, 1.0, Scale::Integer, 0)), d, always),
    real!(face("eps", text::EPS_WORDS, slider(1e-5, 10.0, 0.1, Scale::Log, 6)), eps, always),
    one!(face("signal", text::SIGNAL_WORDS, Kind::Choice(text::SOURCES_OF_U)), source, SOURCES, always),
    list!(face("heights", text::HEIGHTS_WORDS, numbers((-2.0, 2.0), KNOTS, KNOTS, "u", true)), heights, |s| s.source
        == Source::Drawn),
    list!(face("data", text::DATA_WORDS, numbers((-2.0, 2.0), LENGTH_LIMIT, 12, "u", false)), data, |s| s.source == Source::Own),
    count!(face("length", text::LENGTH_WORDS, SAMPLES), length, |s| s.source != Source::Own),
    one!(face("scheme", text::SCHEME_WORDS, Kind::Choice(text::SCHEMES)), scheme, Discretisation::ALL, always),
    count!(face("window", text::WINDOW_WORDS, SAMPLES), window, |s| s.has(LEGT)),
    one!(face("reader", text::READER_WORDS, Kind::Choice(text::READERS)), reader, READERS, always),
    real!(face("age", text::AGE_WORDS, slider(0.0, 4.0, 0.05, Scale::Linear, 2)), age, |s| s.reader == Reader::Recall),
    list!(face("weights", text::WEIGHTS_WORDS, numbers((-3.0, 3.0), ORDER_LIMIT, 16, "C", false)), weights, |s| s.reader
        == Reader::Own),
    Control {
        face: face("seed", text::SEED_WORDS, Kind::Seed),
        get: |s| Value::Integer(s.seed),
        set: |s, v| s.seed = v.integer().unwrap_or(s.seed),
        shown: |s| s.source == Source::Noise || s.reader == Reader::Random,
        range: None,
    },
    Control {
        face: beside("film", face("memories", text::MEMORIES_WORDS, Kind::Several(text::MEMORIES))),
        get: |s| Value::Several(s.memories),
        set: |s, v| s.memories = v.several().unwrap_or(s.memories),
        shown: always,
        range: None,
    },
    real!(
        beside("spring", face("stiffness", text::STIFFNESS_WORDS, slider(0.0, 100.0, 1.0, Scale::Linear, 0))),
        stiffness,
        always
    ),
    real!(beside("spring", face("friction", text::FRICTION_WORDS, slider(0.0, 20.0, 0.5, Scale::Linear, 1))), friction, always),
    one!(beside("matrix", face("matrix", text::MATRIX_WORDS, Kind::Choice(text::MATRICES))), matrix, SHOWN, always),
    Control {
        face: beside("roads", face("single", text::SINGLE_WORDS, Kind::Toggle)),
        get: |s| Value::Flag(s.is_single),
        set: |s, v| s.is_single = v.flag().unwrap_or(s.is_single),
        shown: always,
        range: None,
    },
    count!(placed("circle", "root", text::ROOT_WORDS), root, always, Some(places)),
    count!(placed("same", "at", text::AT_WORDS), at, always, Some(places)),
    real!(beside("same", face("poke", text::POKE_WORDS, slider(-3.0, 3.0, 0.05, Scale::Linear, 2))), poke, always),
];
