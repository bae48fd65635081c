//! What the reader can change.

use std::sync::Arc;

use yansuan_math::noise::Noise;

use super::text;
use crate::contract::control::{Control, Item, Kind, Scale, beside, face, slider};
use crate::contract::number;
use crate::contract::problem::Problem;
use crate::contract::text::Text;
use crate::contract::value::{Value, place};

/// The most scores that are taken.
pub const LONGEST: usize = 1_000_000;

/// The most scores that are shown and dragged one by one.
pub const FIELDS: usize = 12;

/// The last draw of the race.
pub const LAST_DRAW: u64 = 100_000;

/// Chosen maps, a bit each in the order of [`text::MAPS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maps(pub u32);

impl Maps {
    pub const SOFTMAX: u32 = 1;
    pub const SPARSEMAX: u32 = 2;
    pub const ENTMAX: u32 = 4;
    pub const TAYLOR: u32 = 8;
    pub const SPARSE: u32 = 16;
    pub const PERTURB: u32 = 32;

    pub const fn has(self, map: u32) -> bool {
        self.0 & map != 0
    }
}

/// The map of the threshold family that is looked at closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Softmax,
    Sparsemax,
    Entmax,
}

const FOCI: [Focus; 3] = [Focus::Softmax, Focus::Sparsemax, Focus::Entmax];

/// The noises, in the order of [`text::NOISES`].
pub const NOISES: [Noise; 6] =
    [Noise::Gumbel, Noise::Normal, Noise::Logistic, Noise::Laplace, Noise::Uniform, Noise::Exponential];

/// The orders of Taylor softmax, in the order of [`text::ORDERS`].
pub const ORDERS: [u32; 4] = [2, 4, 6, 10];

/// Everything that can be changed. `Default` is the opening scene.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub x: Arc<[f64]>,
    pub maps: Maps,
    pub tau: f64,
    pub focus: Focus,
    pub alpha: f64,
    pub wide: bool,
    pub order: u32,
    pub k: usize,
    pub noise: Noise,
    pub lift: f64,
    /// Index of the target class, from 0.
    pub target: usize,
    pub margin: f64,
    pub draws: u64,
    pub seed: u64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            x: [2.0, 1.2, 0.4, -0.3, -1.1].into(),
            maps: Maps(Maps::SOFTMAX | Maps::SPARSEMAX | Maps::ENTMAX),
            tau: 1.0,
            focus: Focus::Sparsemax,
            alpha: 1.5,
            wide: false,
            order: 2,
            k: 2,
            noise: Noise::Normal,
            lift: 0.0,
            target: 0,
            margin: 0.35,
            draws: 200,
            seed: 1,
        }
    }
}

impl State {
    /// The α of the map in focus.
    pub fn focus_alpha(&self) -> f64 {
        match self.focus {
            Focus::Softmax => 1.0,
            Focus::Sparsemax => 2.0,
            Focus::Entmax => self.alpha,
        }
    }

    /// What two controls together make impossible is mended here, with a sentence.
    pub fn settle(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let n = self.x.len();
        let (low, high) = alpha_range(self);
        if self.alpha < low || self.alpha > high {
            let near = self.alpha.clamp(low, high);
            problems.push(Problem::at(
                "alpha",
                format!(
                    "α = {} 超出 {low} 到 {high}，已改为 {near}；勾选“更宽的 α”可以用 0.3 到 20。",
                    number::short(self.alpha, 4)
                ),
                format!(
                    "α = {} is outside {low} to {high} and became {near}; tick “Wider α” for 0.3 to 20.",
                    number::short(self.alpha, 4)
                ),
            ));
            self.alpha = near;
        }
        if n > 0 && self.k > n {
            problems.push(Problem::at(
                "k",
                format!("k = {} 多于分数的个数，已改为 {n}。", self.k),
                format!("k = {} is more than there are scores, and became {n}.", self.k),
            ));
            self.k = n;
        }
        if n > 0 && self.target >= n {
            problems.push(Problem::at(
                "target",
                format!("没有第 {} 个分数，目标已改为第 {n} 个。", self.target + 1),
                format!("There is no score {}; the target became score {n}.", self.target + 1),
            ));
            self.target = n - 1;
        }
        problems
    }
}

fn alpha_range(s: &State) -> (f64, f64) {
    if s.wide { (0.3, 20.0) } else { (1.0, 4.0) }
}

const fn always(_: &State) -> bool {
    true
}

/// The controls, in the order of the rail.
pub const CONTROLS: &[Control<State>] = &[
    Control {
        face: face("maps", text::MAPS_WORDS, Kind::Several(text::MAPS)),
        get: |s| Value::Several(s.maps.0),
        set: |s, v| s.maps = Maps(v.several().unwrap_or(s.maps.0)),
        shown: always,
        range: None,
    },
    Control {
        face: face("tau", text::TAU_WORDS, slider(0.01, 10.0, 0.05, Scale::Log, 2)),
        get: |s| Value::Number(s.tau),
        set: |s, v| s.tau = v.number().unwrap_or(s.tau),
        shown: always,
        range: None,
    },
    Control {
        face: face("alpha", text::ALPHA_WORDS, slider(0.3, 20.0, 0.05, Scale::Linear, 2)),
        get: |s| Value::Number(s.alpha),
        set: |s, v| s.alpha = v.number().unwrap_or(s.alpha),
        shown: always,
        range: Some(alpha_range),
    },
    Control {
        face: face(
            "x",
            text::X_WORDS,
            Kind::Vector { drag: (-6.0, 6.0), step: 0.1, longest: LONGEST, fields: FIELDS, symbol: "x", is_sized: false },
        ),
        get: |s| Value::Vector(s.x.clone()),
        set: |s, v| s.x = v.vector().unwrap_or_else(|| s.x.clone()),
        shown: always,
        range: None,
    },
    Control {
        face: face("focus", text::FOCUS_WORDS, Kind::Choice(text::FAMILY)),
        get: |s| place(&FOCI, &s.focus),
        set: |s, v| s.focus = v.choice().and_then(|at| FOCI.get(at).copied()).unwrap_or(s.focus),
        shown: always,
        range: None,
    },
    Control {
        face: face("lift", text::LIFT_WORDS, slider(-4.0, 4.0, 0.05, Scale::Linear, 2)),
        get: |s| Value::Number(s.lift),
        set: |s, v| s.lift = v.number().unwrap_or(s.lift),
        shown: always,
        range: None,
    },
    Control {
        face: face("order", text::ORDER_WORDS, Kind::Choice(text::ORDERS)),
        get: |s| place(&ORDERS, &s.order),
        set: |s, v| s.order = v.choice().and_then(|at| ORDERS.get(at).copied()).unwrap_or(s.order),
        shown: |s| s.maps.has(Maps::TAYLOR),
        range: None,
    },
    Control {
        face: beside("sequel", face("k", text::K_WORDS, slider(1.0, 1_000_000.0, 1.0, Scale::Integer, 0))),
        get: |s| Value::Number(s.k as f64),
        set: |s, v| s.k = v.number().map_or(s.k, |k| k.max(1.0) as usize),
        shown: always,
        range: Some(|s| (1.0, s.x.len().clamp(2, 64) as f64)),
    },
    Control {
        face: beside("loss", face("target", text::TARGET_WORDS, slider(1.0, 1_000_000.0, 1.0, Scale::Integer, 0))),
        get: |s| Value::Number(s.target as f64 + 1.0),
        set: |s, v| s.target = v.number().map_or(s.target, |t| t.max(1.0) as usize - 1),
        shown: always,
        range: Some(|s| (1.0, s.x.len().clamp(2, 64) as f64)),
    },
    Control {
        face: beside("loss", face("margin", text::MARGIN_WORDS, slider(0.0, 1.0, 0.05, Scale::Linear, 2))),
        get: |s| Value::Number(s.margin),
        set: |s, v| s.margin = v.number().unwrap_or(s.margin),
        shown: always,
        range: None,
    },
    Control {
        face: beside("race", face("noise", text::NOISE_WORDS, Kind::Choice(text::NOISES))),
        get: |s| place(&NOISES, &s.noise),
        set: |s, v| s.noise = v.choice().and_then(|at| NOISES.get(at).copied()).unwrap_or(s.noise),
        shown: always,
        range: None,
    },
    Control {
        face: beside(
            "race",
            face("draws", text::DRAWS_WORDS, Kind::Playhead { last: LAST_DRAW, per_second: 200.0, is_curved: true }),
        ),
        get: |s| Value::Integer(s.draws),
        set: |s, v| s.draws = v.integer().unwrap_or(s.draws),
        shown: always,
        range: None,
    },
    Control {
        face: beside("race", face("seed", text::SEED_WORDS, Kind::Seed)),
        get: |s| Value::Integer(s.seed),
        set: |s, v| s.seed = v.integer().unwrap_or(s.seed),
        shown: always,
        range: None,
    },
    Control {
        face: face("wide", text::WIDE_WORDS, Kind::Toggle),
        get: |s| Value::Flag(s.wide),
        set: |s, v| s.wide = v.flag().unwrap_or(s.wide),
        shown: always,
        range: None,
    },
];

/// The name of one of a list of items.
pub fn name(items: &[Item], at: usize) -> Text {
    items.get(at).map_or(Text::same(""), |item| item.name)
}
