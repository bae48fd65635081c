//! What the reader can change.

use std::sync::Arc;

use yansuan_math::fourier_fit::{DEGREE_LIMIT, FourierFitOptions, Method};
use yansuan_math::fourier_regulariser::Regulariser;
use yansuan_math::target_density::Target;

use super::text;
use crate::contract::control::{Control, Kind, Scale, beside, face, slider};
use crate::contract::problem::Problem;
use crate::contract::value::{Value, place};

/// The most numbers that a reader brings.
pub const DATA: usize = 20_000;

/// The knots of a drawn density.
pub const KNOTS: usize = 11;

/// The phasors that are turned by hand.
pub const PHASORS: usize = 9;

/// The most iterations of the fit.
pub const ITERATIONS: u64 = 500;

/// The rate of Adam.
pub const RATE: f64 = 0.05;

/// Where the data come from, in the order of [`text::ORIGINS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin {
    Target(Target),
    Own,
    Drawn,
}

pub const ORIGINS: [Origin; 9] = [
    Origin::Target(Target::Notebook),
    Origin::Target(Target::Bimodal),
    Origin::Target(Target::Trimodal),
    Origin::Target(Target::Uniform),
    Origin::Target(Target::Claw),
    Origin::Target(Target::Repeated),
    Origin::Target(Target::Skewed),
    Origin::Own,
    Origin::Drawn,
];

/// How the axis meets the interval, in the order of [`text::PLACES`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fold {
    Interval,
    Wrap,
    Rescale,
    Line,
}

pub const FOLDS: [Fold; 4] = [Fold::Interval, Fold::Wrap, Fold::Rescale, Fold::Line];

/// Bits of [`State::curves`], in the order of [`text::CURVES`].
pub const TRUTH: u32 = 1;
/// See [`TRUTH`].
pub const NAIVE: u32 = 2;
/// See [`TRUTH`].
pub const MIXTURE: u32 = 4;
/// See [`TRUTH`].
pub const KERNEL: u32 = 8;

/// Everything that can be changed. `Default` is the opening scene.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub origin: Origin,
    pub n: usize,
    pub seed: u64,
    /// The reader's own numbers.
    pub data: Arc<[f64]>,
    /// Heights of a drawn density at [`KNOTS`] places from −1 to 1.
    pub heights: Arc<[f64]>,
    pub fold: Fold,
    /// `σ` of the real line, in multiples of what the data suggest; itself where they suggest nothing.
    pub spread: f64,
    pub degree: usize,
    /// Which penalty; none for the bare likelihood.
    pub penalty: Option<Regulariser>,
    pub gamma: f64,
    pub method: Method,
    pub iteration: u64,
    /// Whether the phasors are the reader's instead of the fit's.
    pub is_by_hand: bool,
    /// Real and imaginary parts of [`PHASORS`] phasors.
    pub hand: Arc<[f64]>,
    /// Which of them is held, 0-based.
    pub phasor: usize,
    /// How many roots of the wave are mirrored, in the order of their angles.
    pub mirrored: usize,
    pub x0: f64,
    pub u: f64,
    /// Whether the distribution function as the post prints it is shown too.
    pub is_as_printed: bool,
    pub curves: u32,
    pub components: usize,
    pub has_equal_weights: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            origin: Origin::Target(Target::Bimodal),
            n: 500,
            seed: 1,
            data: [].into(),
            heights: [0.1, 0.3, 1.0, 1.6, 1.0, 0.4, 0.3, 0.7, 1.2, 0.5, 0.1].into(),
            fold: Fold::Interval,
            spread: 1.0,
            degree: 12,
            penalty: Some(Regulariser::ScaleFree),
            gamma: 1e-3,
            method: Method::Lbfgs,
            iteration: 60,
            is_by_hand: false,
            hand: [1.0, 0.0, 0.5, 0.3, -0.2, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0].into(),
            phasor: 1,
            mirrored: 0,
            x0: 0.0,
            u: 0.5,
            is_as_printed: false,
            curves: TRUTH,
            components: 4,
            has_equal_weights: false,
        }
    }
}

impl State {
    /// What the fit is told.
    pub fn options(&self) -> FourierFitOptions {
        FourierFitOptions {
            degree: self.degree,
            gamma: if self.penalty.is_some() { self.gamma } else { 0.0 },
            regulariser: self.penalty.unwrap_or_default(),
            method: self.method,
            seed: self.seed,
            iterations: ITERATIONS as u32,
        }
    }

    /// The degree of the wave that is shown.
    pub fn wave_degree(&self) -> usize {
        if self.is_by_hand { PHASORS - 1 } else { self.degree }
    }

    /// What two controls together make impossible is mended here.
    pub fn settle(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        // Links and pastes may bring any count of knots and phasors, and heights below the ground.
        let fitted = |list: &Arc<[f64]>, count: usize, mend: fn(f64) -> f64| -> Arc<[f64]> {
            (0..count).map(|at| mend(list.get(at).copied().unwrap_or(0.0))).collect()
        };
        let height = |x: f64| if x.is_finite() { x.clamp(0.0, 1e6) } else { 0.0 };
        let part = |x: f64| if x.is_finite() { x.clamp(-1e6, 1e6) } else { 0.0 };
        let heights = fitted(&self.heights, KNOTS, height);
        if heights[..] != self.heights[..] {
            if self.heights.iter().any(|x| *x < 0.0 || !x.is_finite()) {
                problems.push(Problem::at(
                    "heights",
                    "密度不能是负的，也不能不是数；这些高度已改为 0。",
                    "A density is neither negative nor without a number; such heights became 0.",
                ));
            }
            self.heights = heights;
        }
        if self.heights.iter().all(|x| *x == 0.0) {
            problems.push(Problem::at(
                "heights",
                "密度不能处处为 0，已改为均匀。",
                "A density cannot be 0 everywhere; it became uniform.",
            ));
            self.heights = [1.0; KNOTS].into();
        }
        let hand = fitted(&self.hand, 2 * PHASORS, part);
        if hand[..] != self.hand[..] {
            self.hand = hand;
        }
        if self.hand.iter().all(|x| *x == 0.0) {
            problems.push(Problem::at("hand", "系数不能全为 0，a₀ 已改为 1。", "Not every coefficient may be 0; a₀ became 1."));
            self.hand = (0..2 * PHASORS).map(|at| f64::from(u8::from(at == 0))).collect();
        }
        let most = self.wave_degree();
        if self.mirrored > most {
            problems.push(Problem::at(
                "mirrored",
                format!("{most} 次的波最多有 {most} 个根，已改为 {most}。"),
                format!("A wave of degree {most} has at most {most} roots; it became {most}."),
            ));
            self.mirrored = most;
        }
        problems
    }
}

const fn always(_: &State) -> bool {
    true
}

const PENALTIES: [Option<Regulariser>; 3] = [None, Some(Regulariser::ScaleFree), Some(Regulariser::AsPrinted)];
const METHODS: [Method; 2] = [Method::Lbfgs, Method::Adam { rate: RATE }];

fn chosen<T: Copy>(list: &[T], value: &Value, before: T) -> T {
    value.choice().and_then(|at| list.get(at).copied()).unwrap_or(before)
}

/// A list of numbers with some fields.
const fn list(drag: (f64, f64), longest: usize, fields: usize, symbol: &'static str, is_sized: bool) -> Kind {
    Kind::Vector { drag, step: 0.05, longest, fields, symbol, is_sized }
}

/// The controls, in the order of the rail.
pub const CONTROLS: &[Control<State>] = &[
    Control {
        face: face("from", text::ORIGIN_WORDS, Kind::Choice(text::ORIGINS)),
        get: |s| place(&ORIGINS, &s.origin),
        set: |s, v| s.origin = chosen(&ORIGINS, v, s.origin),
        shown: always,
        range: None,
    },
    Control {
        face: face("data", text::DATA_WORDS, list((-1.0, 1.0), DATA, 12, "x", false)),
        get: |s| Value::Vector(s.data.clone()),
        set: |s, v| s.data = v.vector().unwrap_or_else(|| s.data.clone()),
        shown: |s| s.origin == Origin::Own,
        range: None,
    },
    Control {
        face: face("heights", text::HEIGHTS_WORDS, list((0.0, 3.0), KNOTS, KNOTS, "h", true)),
        get: |s| Value::Vector(s.heights.clone()),
        set: |s, v| s.heights = v.vector().unwrap_or_else(|| s.heights.clone()),
        shown: |s| s.origin == Origin::Drawn,
        range: None,
    },
    Control {
        face: face("iteration", text::ITERATION_WORDS, Kind::Playhead { last: ITERATIONS, per_second: 12.0, is_curved: true }),
        get: |s| Value::Integer(s.iteration),
        set: |s, v| s.iteration = v.integer().unwrap_or(s.iteration),
        shown: |s| !s.is_by_hand,
        range: None,
    },
    Control {
        face: face("degree", text::DEGREE_WORDS, slider(0.0, DEGREE_LIMIT as f64, 1.0, Scale::Integer, 0)),
        get: |s| Value::Number(s.degree as f64),
        set: |s, v| s.degree = v.number().map_or(s.degree, |degree| degree as usize),
        shown: |s| !s.is_by_hand,
        range: None,
    },
    Control {
        face: face("n", text::N_WORDS, slider(1.0, DATA as f64, 0.1, Scale::Log, 0)),
        get: |s| Value::Number(s.n as f64),
        set: |s, v| s.n = v.number().map_or(s.n, |n| n.round().max(1.0) as usize),
        shown: |s| matches!(s.origin, Origin::Target(_)),
        range: None,
    },
    Control {
        face: face("seed", text::SEED_WORDS, Kind::Seed),
        get: |s| Value::Integer(s.seed),
        set: |s, v| s.seed = v.integer().unwrap_or(s.seed),
        shown: always,
        range: None,
    },
    Control {
        face: face("penalty", text::PENALTY_WORDS, Kind::Choice(text::PENALTIES)),
        get: |s| place(&PENALTIES, &s.penalty),
        set: |s, v| s.penalty = chosen(&PENALTIES, v, s.penalty),
        shown: |s| !s.is_by_hand,
        range: None,
    },
    Control {
        face: face("gamma", text::GAMMA_WORDS, slider(1e-6, 0.1, 0.1, Scale::Log, 6)),
        get: |s| Value::Number(s.gamma),
        set: |s, v| s.gamma = v.number().unwrap_or(s.gamma),
        shown: |s| s.penalty.is_some() && !s.is_by_hand,
        range: None,
    },
    Control {
        face: face("optimiser", text::METHOD_WORDS, Kind::Choice(text::METHODS)),
        get: |s| place(&METHODS, &s.method),
        set: |s, v| s.method = chosen(&METHODS, v, s.method),
        shown: |s| !s.is_by_hand,
        range: None,
    },
    Control {
        face: face("domain", text::FOLD_WORDS, Kind::Choice(text::PLACES)),
        get: |s| place(&FOLDS, &s.fold),
        set: |s, v| s.fold = chosen(&FOLDS, v, s.fold),
        shown: always,
        range: None,
    },
    Control {
        face: face("spread", text::SPREAD_WORDS, slider(0.1, 10.0, 0.1, Scale::Log, 2)),
        get: |s| Value::Number(s.spread),
        set: |s, v| s.spread = v.number().unwrap_or(s.spread),
        shown: |s| s.fold == Fold::Line,
        range: None,
    },
    Control {
        face: beside("density", face("curves", text::CURVES_WORDS, Kind::Several(text::CURVES))),
        get: |s| Value::Several(s.curves),
        set: |s, v| s.curves = v.several().unwrap_or(s.curves),
        shown: always,
        range: None,
    },
    Control {
        face: beside("density", face("x0", text::X0_WORDS, slider(-1.0, 1.0, 0.01, Scale::Linear, 2))),
        get: |s| Value::Number(s.x0),
        set: |s, v| s.x0 = v.number().unwrap_or(s.x0),
        shown: always,
        range: None,
    },
    Control {
        face: beside("phasors", face("by-hand", text::BY_HAND_WORDS, Kind::Toggle)),
        get: |s| Value::Flag(s.is_by_hand),
        set: |s, v| s.is_by_hand = v.flag().unwrap_or(s.is_by_hand),
        shown: always,
        range: None,
    },
    Control {
        face: beside("phasors", face("phasor", text::PHASOR_WORDS, slider(0.0, (PHASORS - 1) as f64, 1.0, Scale::Integer, 0))),
        get: |s| Value::Number(s.phasor as f64),
        set: |s, v| s.phasor = v.number().map_or(s.phasor, |at| (at as usize).min(PHASORS - 1)),
        shown: |s| s.is_by_hand,
        range: None,
    },
    Control {
        face: beside("phasors", face("hand", text::HAND_WORDS, list((-1.5, 1.5), 2 * PHASORS, 2 * PHASORS, "a", true))),
        get: |s| Value::Vector(s.hand.clone()),
        set: |s, v| s.hand = v.vector().unwrap_or_else(|| s.hand.clone()),
        shown: |s| s.is_by_hand,
        range: None,
    },
    Control {
        face: beside("roots", face("mirrored", text::MIRRORED_WORDS, slider(0.0, DEGREE_LIMIT as f64, 1.0, Scale::Integer, 0))),
        get: |s| Value::Number(s.mirrored as f64),
        set: |s, v| s.mirrored = v.number().map_or(s.mirrored, |count| count as usize),
        shown: |s| s.wave_degree() > 0,
        range: Some(|s| (0.0, s.wave_degree().max(1) as f64)),
    },
    Control {
        face: beside("cdf", face("u", text::U_WORDS, slider(0.0, 1.0, 0.01, Scale::Linear, 2))),
        get: |s| Value::Number(s.u),
        set: |s, v| s.u = v.number().unwrap_or(s.u),
        shown: always,
        range: None,
    },
    Control {
        face: beside("cdf", face("printed", text::PRINTED_WORDS, Kind::Toggle)),
        get: |s| Value::Flag(s.is_as_printed),
        set: |s, v| s.is_as_printed = v.flag().unwrap_or(s.is_as_printed),
        shown: |s| s.fold == Fold::Interval || s.fold == Fold::Wrap,
        range: None,
    },
    Control {
        face: beside("race", face("components", text::COMPONENTS_WORDS, slider(1.0, 16.0, 1.0, Scale::Integer, 0))),
        get: |s| Value::Number(s.components as f64),
        set: |s, v| s.components = v.number().map_or(s.components, |count| count as usize),
        shown: always,
        range: None,
    },
    Control {
        face: beside("race", face("equal", text::EQUAL_WORDS, Kind::Toggle)),
        get: |s| Value::Flag(s.has_equal_weights),
        set: |s, v| s.has_equal_weights = v.flag().unwrap_or(s.has_equal_weights),
        shown: always,
        range: None,
    },
];
