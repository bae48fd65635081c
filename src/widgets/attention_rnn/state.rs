//! What the reader can change.

use std::sync::Arc;

use yansuan_math::attention_cost::Sizes;
use yansuan_math::attention_state::Form;
use yansuan_math::multi_state::Policy;
use yansuan_math::reading::{Order, TRACE_TOKENS};
use yansuan_math::recursion::{SCORES_LIMIT, check_steps};
use yansuan_math::rng::SplitMix64;
use yansuan_math::rounding::Format;
use yansuan_math::tape;

use super::text;
use crate::contract::control::{Control, Face, Kind, Scale, beside, face, slider};
use crate::contract::problem::Problem;
use crate::contract::value::{Value, place};

/// The most tokens of the animated tape.
pub const TOKENS: usize = TRACE_TOKENS as usize;

/// The widest vector.
pub const WIDEST: usize = 8;

/// Numbers of a token that a reader sets: the first two coordinates. The others are drawn from the seed.
pub const HANDS: usize = 2;

/// The most layers of the recursion.
pub const LAYERS: u64 = 8;

/// The longest text of the price board.
pub const LONGEST: f64 = 1e6;

/// The models of the price board, in the order of [`text::MODELS`].
pub const MODELS: [Sizes; 4] =
    [Sizes { layers: 2, d_model: 64, d_k: 64, d_v: 64 }, Sizes::GPT2, Sizes::LLAMA2_7B, Sizes::LLAMA2_70B];

/// The bounded states, in the order of [`text::POLICIES`]; linear attention comes after them.
pub const POLICIES: [Policy; 4] = [Policy::Window, Policy::WindowSinks { sinks: 1 }, Policy::Tova, Policy::H2o];

/// The bit of linear attention in [`State::policies`].
pub const LINEAR: u32 = 1 << POLICIES.len();

/// Everything that can be changed. `Default` is the opening scene.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub tokens: usize,
    /// Width of queries, keys and values.
    pub d: usize,
    /// The last read of the tape that has happened; 0 is before the first.
    pub step: u64,
    /// Index into [`text::ORDERS`].
    pub order: usize,
    pub form: Form,
    pub format: Format,
    /// Whether scores are divided by the root of the width.
    pub is_scaled: bool,
    pub gain: f64,
    /// λ, what a row keeps of the state at the end of the row before.
    pub carry: f64,
    /// The token whose key is turned towards the last query, from 1; 0 is none.
    pub needle: usize,
    pub seed: u64,
    /// The seed that the vectors were drawn from; differs from the seed only until the state is settled.
    pub drawn: u64,
    /// The first coordinates of the queries, [`HANDS`] a token.
    pub q: Arc<[f64]>,
    pub k: Arc<[f64]>,
    pub v: Arc<[f64]>,
    /// How many keys of the row the first tile reads.
    pub cut: usize,
    pub layers: u64,
    /// Scores that the recursion has evaluated.
    pub call: u64,
    /// Index into [`MODELS`].
    pub model: usize,
    /// Length of the text of the price board.
    pub context: u64,
    /// The layer whose outputs are kept; 0 is none.
    pub kept: u64,
    /// x of 2^x.
    pub power: u64,
    /// Whether the digits are written down step by step.
    pub is_chain: bool,
    pub cap: usize,
    /// Bits of [`POLICIES`], and [`LINEAR`].
    pub policies: u32,
}

impl Default for State {
    fn default() -> Self {
        let [q, k, v] = drawn(1, 6);
        Self {
            tokens: 6,
            d: 2,
            step: 12,
            order: 0,
            form: Form::Safe,
            format: Format::F64,
            is_scaled: false,
            gain: 1.0,
            carry: 0.0,
            needle: 0,
            seed: 1,
            drawn: 1,
            q,
            k,
            v,
            cut: 2,
            layers: 2,
            call: 20,
            model: 0,
            context: 1000,
            kept: 0,
            power: 1000,
            is_chain: false,
            cap: 3,
            policies: (1 << (POLICIES.len() + 1)) - 1,
        }
    }
}

/// Queries, keys and values of so many tokens, the first [`HANDS`] coordinates of each, two decimals.
fn drawn(seed: u64, tokens: usize) -> [Arc<[f64]>; 3] {
    let mut all = [Vec::new(), Vec::new(), Vec::new()];
    let mut random = SplitMix64::new(seed);
    for _ in 0..tokens {
        for matrix in &mut all {
            matrix.extend((0..HANDS).map(|_| (random.normal() * 100.0).round() / 100.0));
        }
    }
    all.map(Arc::from)
}

impl State {
    /// The order in which a row is read.
    pub fn order(&self) -> Order {
        match self.order {
            0 => Order::Newest,
            1 => Order::Oldest,
            _ => Order::Random { seed: self.seed },
        }
    }

    /// The factor of every score.
    pub fn scale(&self) -> f64 {
        let root = if self.is_scaled { (self.d as f64).sqrt() } else { 1.0 };
        self.gain / root
    }

    /// Whether both have the same head, read in the same way: only playheads, cuts and prices differ.
    pub fn has_head_of(&self, other: &Self) -> bool {
        let own = Self {
            step: other.step,
            cut: other.cut,
            layers: other.layers,
            call: other.call,
            model: other.model,
            context: other.context,
            kept: other.kept,
            power: other.power,
            is_chain: other.is_chain,
            policies: other.policies,
            ..self.clone()
        };
        own == *other
    }

    /// The last step of the tape.
    pub fn last(&self) -> u64 {
        u64::try_from(tape::length(self.tokens as u64)).unwrap_or(0)
    }

    /// The scores of the recursion; none where they are too many to be run.
    pub fn calls(&self) -> Option<u64> {
        let layers = self.layers;
        check_steps(layers, self.tokens as u64).ok()?;
        let count = yansuan_math::attention_cost::Strategy::FullRecursion.scores(layers, self.tokens as u64);
        u64::try_from(count).ok()
    }

    /// What two controls together make impossible is mended here.
    pub fn settle(&mut self) -> Vec<Problem> {
        let length = HANDS * self.tokens;
        if self.drawn != self.seed {
            [self.q, self.k, self.v] = drawn(self.seed, self.tokens);
            self.drawn = self.seed;
        }
        if [&self.q, &self.k, &self.v].iter().any(|matrix| matrix.len() != length) {
            // Tokens that come are drawn, tokens that go are forgotten; what was set by hand stays.
            let fresh = drawn(self.seed, self.tokens);
            for (matrix, fresh) in [&mut self.q, &mut self.k, &mut self.v].into_iter().zip(fresh) {
                if matrix.len() != length {
                    *matrix = (0..length).map(|at| matrix.get(at).copied().unwrap_or(fresh[at])).collect();
                }
            }
        }
        let mut problems = Vec::new();
        for (key, matrix) in [("queries", &mut self.q), ("keys", &mut self.k), ("values", &mut self.v)] {
            if let Some(at) = matrix.iter().position(|number| !number.is_finite()) {
                problems.push(Problem::at(
                    key,
                    format!("第 {} 个数不是有限的数，已改为 0。", at + 1),
                    format!("Number {} of the {key} is not finite; it became 0.", at + 1),
                ));
                *matrix = matrix.iter().map(|number| if number.is_finite() { *number } else { 0.0 }).collect();
            }
        }
        self.step = self.step.min(self.last());
        self.needle = self.needle.min(self.tokens);
        self.cut = self.cut.min(self.tokens);
        self.kept = self.kept.min(MODELS[self.model].layers);
        self.call = self.calls().map_or(self.call, |last| self.call.min(last));
        problems
    }
}

const fn always(_: &State) -> bool {
    true
}

const FORMS: [Form; 2] = [Form::Safe, Form::Raw];
/// The number types of the breaker.
pub const FORMATS: [Format; 3] = [Format::F64, Format::F32, Format::F16];

fn whole(value: &Value, before: u64) -> u64 {
    value.number().map_or(before, |number| number as u64)
}

const fn integer(low: f64, high: f64) -> Kind {
    slider(low, high, 1.0, Scale::Integer, 0)
}

/// A matrix of the first coordinates, beside the picture in which it is dragged.
const fn matrix(panel: &'static str, key: &'static str, symbol: &'static str, words: text::Words) -> Face {
    let kind = Kind::Vector { drag: (-3.0, 3.0), step: 0.05, longest: HANDS * TOKENS, fields: 12, symbol, is_sized: true };
    beside(panel, face(key, words, kind))
}

/// The controls, in the order of the rail.
pub const CONTROLS: &[Control<State>] = &[
    Control {
        face: face("s", text::STEP_WORDS, Kind::Playhead { last: 528, per_second: 5.0, is_curved: false }),
        get: |s| Value::Integer(s.step),
        set: |s, v| s.step = v.integer().unwrap_or(s.step),
        shown: always,
        range: Some(|s| (0.0, s.last() as f64)),
    },
    Control {
        face: face("tokens", text::TOKENS_WORDS, integer(1.0, TOKENS as f64)),
        get: |s| Value::Number(s.tokens as f64),
        set: |s, v| s.tokens = whole(v, s.tokens as u64) as usize,
        shown: always,
        range: None,
    },
    Control {
        face: face("d", text::D_WORDS, integer(1.0, WIDEST as f64)),
        get: |s| Value::Number(s.d as f64),
        set: |s, v| s.d = whole(v, s.d as u64) as usize,
        shown: always,
        range: None,
    },
    Control {
        face: face("order", text::ORDER_WORDS, Kind::Choice(text::ORDERS)),
        get: |s| Value::Choice(s.order),
        set: |s, v| s.order = v.choice().unwrap_or(s.order),
        shown: always,
        range: None,
    },
    Control {
        face: face("form", text::FORM_WORDS, Kind::Choice(text::FORMS)),
        get: |s| place(&FORMS, &s.form),
        set: |s, v| s.form = v.choice().and_then(|at| FORMS.get(at).copied()).unwrap_or(s.form),
        shown: always,
        range: None,
    },
    Control {
        face: face("format", text::FORMAT_WORDS, Kind::Choice(text::FORMATS)),
        get: |s| place(&FORMATS, &s.format),
        set: |s, v| s.format = v.choice().and_then(|at| FORMATS.get(at).copied()).unwrap_or(s.format),
        shown: always,
        range: None,
    },
    Control {
        face: face("gain", text::GAIN_WORDS, slider(1.0, 1000.0, 0.05, Scale::Log, 1)),
        get: |s| Value::Number(s.gain),
        set: |s, v| s.gain = v.number().unwrap_or(s.gain),
        shown: always,
        range: None,
    },
    Control {
        face: face("root", text::ROOT_WORDS, Kind::Toggle),
        get: |s| Value::Flag(s.is_scaled),
        set: |s, v| s.is_scaled = v.flag().unwrap_or(s.is_scaled),
        shown: always,
        range: None,
    },
    Control {
        face: face("carry", text::CARRY_WORDS, slider(0.0, 1.0, 0.05, Scale::Linear, 2)),
        get: |s| Value::Number(s.carry),
        set: |s, v| s.carry = v.number().unwrap_or(s.carry),
        shown: always,
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
        face: face("drawn", text::SEED_WORDS, Kind::Seed),
        get: |s| Value::Integer(s.drawn),
        set: |s, v| s.drawn = v.integer().unwrap_or(s.drawn),
        shown: |_| false,
        range: None,
    },
    Control {
        face: matrix("vectors", "queries", "q", text::Q_WORDS),
        get: |s| Value::Vector(s.q.clone()),
        set: |s, v| s.q = v.vector().unwrap_or_else(|| s.q.clone()),
        shown: always,
        range: None,
    },
    Control {
        face: matrix("vectors", "keys", "k", text::K_WORDS),
        get: |s| Value::Vector(s.k.clone()),
        set: |s, v| s.k = v.vector().unwrap_or_else(|| s.k.clone()),
        shown: always,
        range: None,
    },
    Control {
        face: matrix("values", "values", "v", text::V_WORDS),
        get: |s| Value::Vector(s.v.clone()),
        set: |s, v| s.v = v.vector().unwrap_or_else(|| s.v.clone()),
        shown: always,
        range: None,
    },
    Control {
        face: beside("tiles", face("cut", text::CUT_WORDS, integer(0.0, TOKENS as f64))),
        get: |s| Value::Number(s.cut as f64),
        set: |s, v| s.cut = whole(v, s.cut as u64) as usize,
        shown: always,
        range: Some(|s| (0.0, s.tokens as f64)),
    },
    Control {
        face: beside("price", face("model", text::MODEL_WORDS, Kind::Choice(text::MODELS))),
        get: |s| Value::Choice(s.model),
        set: |s, v| s.model = v.choice().filter(|at| *at < MODELS.len()).unwrap_or(s.model),
        shown: always,
        range: None,
    },
    Control {
        face: beside("price", face("context", text::CONTEXT_WORDS, slider(1.0, LONGEST, 0.1, Scale::Log, 0))),
        get: |s| Value::Number(s.context as f64),
        set: |s, v| s.context = v.number().map_or(s.context, |number| number.round() as u64),
        shown: always,
        range: None,
    },
    Control {
        face: beside("plane", face("kept", text::KEPT_WORDS, integer(0.0, 80.0))),
        get: |s| Value::Number(s.kept as f64),
        set: |s, v| s.kept = whole(v, s.kept),
        shown: always,
        range: Some(|s| (0.0, MODELS[s.model].layers as f64)),
    },
    Control {
        face: beside(
            "stack",
            face("call", text::CALL_WORDS, Kind::Playhead { last: SCORES_LIMIT, per_second: 4.0, is_curved: true }),
        ),
        get: |s| Value::Integer(s.call),
        set: |s, v| s.call = v.integer().unwrap_or(s.call),
        shown: |s| s.calls().is_some(),
        range: Some(|s| (0.0, s.calls().unwrap_or(1).max(1) as f64)),
    },
    Control {
        face: beside("stack", face("layers", text::LAYERS_WORDS, integer(1.0, LAYERS as f64))),
        get: |s| Value::Number(s.layers as f64),
        set: |s, v| s.layers = whole(v, s.layers),
        shown: always,
        range: None,
    },
    Control {
        face: beside("disk", face("power", text::POWER_WORDS, slider(1.0, 1e8, 0.1, Scale::Log, 0))),
        get: |s| Value::Number(s.power as f64),
        set: |s, v| s.power = v.number().map_or(s.power, |number| number.round() as u64),
        shown: always,
        range: None,
    },
    Control {
        face: beside("disk", face("chain", text::CHAIN_WORDS, Kind::Toggle)),
        get: |s| Value::Flag(s.is_chain),
        set: |s, v| s.is_chain = v.flag().unwrap_or(s.is_chain),
        shown: always,
        range: None,
    },
    Control {
        face: beside("compare", face("cap", text::CAP_WORDS, integer(1.0, TOKENS as f64))),
        get: |s| Value::Number(s.cap as f64),
        set: |s, v| s.cap = whole(v, s.cap as u64) as usize,
        shown: always,
        range: Some(|s| (1.0, s.tokens.max(2) as f64)),
    },
    Control {
        face: beside("compare", face("needle", text::NEEDLE_WORDS, integer(0.0, TOKENS as f64))),
        get: |s| Value::Number(s.needle as f64),
        set: |s, v| s.needle = whole(v, s.needle as u64) as usize,
        shown: always,
        range: Some(|s| (0.0, s.tokens as f64)),
    },
    Control {
        face: beside("compare", face("policies", text::POLICIES_WORDS, Kind::Several(text::POLICIES))),
        get: |s| Value::Several(s.policies),
        set: |s, v| s.policies = v.several().unwrap_or(s.policies),
        shown: always,
        range: None,
    },
];
