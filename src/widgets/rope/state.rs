//! What the reader can change.

use std::sync::Arc;

use yansuan_math::axis::Axes;
use yansuan_math::frequency_plan::FrequencyPlan;
use yansuan_math::rational::Rational;
use yansuan_math::rope::PairLayout;
use yansuan_math::rounding::Format;
use yansuan_math::scheme::{Hole, NextRule, Scheme};
use yansuan_math::segment::{Segment, TOKENS_LIMIT};

use super::text;
use crate::contract::control::{Control, Face, Item, Kind, Scale, beside, face, slider};
use crate::contract::problem::Problem;
use crate::contract::script::Word;
use crate::contract::value::{Value, place};

/// Indices of the words in [`text::VOCABULARY`].
pub const TEXT: usize = 0;
/// See [`TEXT`].
pub const IMAGE: usize = 1;
/// See [`TEXT`].
pub const VIDEO: usize = 2;

/// The most segments of a sequence.
const SEGMENTS: usize = 24;

/// The schemes, in the order of [`text::SCHEMES`]; their dials stand beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Flat,
    Typeset,
    Naive2d,
    TieV1,
    TieV1Eq,
    Tv,
    TvFrames,
    Mrope,
    VideoRope,
    V2pe,
    Dial,
}

pub const LAYOUTS: [Layout; 11] = [
    Layout::Flat,
    Layout::Typeset,
    Layout::Naive2d,
    Layout::TieV1,
    Layout::TieV1Eq,
    Layout::Tv,
    Layout::TvFrames,
    Layout::Mrope,
    Layout::VideoRope,
    Layout::V2pe,
    Layout::Dial,
];

/// The frequency plans, in the order of [`text::PLANS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    Alternate,
    AlternateSymmetric,
    Halves,
    Mrope,
    Interleaved,
    VideoRope,
}

const PLANS: [Plan; 6] =
    [Plan::Alternate, Plan::AlternateSymmetric, Plan::Halves, Plan::Mrope, Plan::Interleaved, Plan::VideoRope];

/// Everything that can be changed. `Default` is the opening scene.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub sequence: Arc<[Word]>,
    pub a: Layout,
    pub b: Layout,
    pub u: f64,
    pub rho: f64,
    pub delta: f64,
    pub rule: NextRule,
    /// 0-based.
    pub query: usize,
    /// 0-based.
    pub key: usize,
    pub plan: Plan,
    pub d: u32,
    pub base: f64,
    /// The text position of the left matrix.
    pub n: f64,
    pub pairing: PairLayout,
    pub format: Format,
    pub yaw: f64,
    pub pitch: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            sequence: [word(TEXT, &[4]), word(IMAGE, &[3, 4]), word(TEXT, &[3])].into(),
            a: Layout::Tv,
            b: Layout::TieV1,
            u: 0.0,
            rho: 1.0,
            delta: 2.0,
            rule: NextRule::MaxAll,
            query: 9,
            key: 3,
            plan: Plan::Alternate,
            d: 64,
            base: 1e4,
            n: 10.0,
            pairing: PairLayout::Interleaved,
            format: Format::Bf16,
            yaw: -35.0,
            pitch: 25.0,
        }
    }
}

/// A word of a sequence.
pub fn word(vocable: usize, sizes: &[u32]) -> Word {
    Word { vocable, sizes: sizes.to_vec() }
}

impl State {
    /// The sequence as segments.
    pub fn segments(&self) -> Vec<Segment> {
        self.sequence
            .iter()
            .map(|word| match (word.vocable, word.sizes.as_slice()) {
                (IMAGE, &[h, w]) => Segment::Image { h, w },
                (VIDEO, &[t, h, w]) => Segment::Video { t, h, w },
                (_, sizes) => Segment::Text { n: sizes.first().copied().unwrap_or_default() },
            })
            .collect()
    }

    /// The number of tokens.
    pub fn tokens(&self) -> usize {
        self.sequence.iter().map(|word| word.pieces() as usize).sum()
    }

    /// A scheme with the dials of the state.
    pub fn scheme(&self, layout: Layout) -> Scheme {
        let dial = |value: f64| Rational::nearest(value, 1000).unwrap_or(Rational::ONE);
        match layout {
            Layout::Flat => Scheme::Flat,
            Layout::Typeset => Scheme::Typeset,
            Layout::Naive2d => Scheme::Naive2d,
            Layout::TieV1 => Scheme::TieV1,
            Layout::TieV1Eq => Scheme::TieV1Equivalent,
            Layout::Tv => Scheme::Tv { rho: dial(self.rho) },
            Layout::TvFrames => Scheme::TvFrames,
            Layout::Mrope => Scheme::Mrope(self.rule),
            Layout::VideoRope => Scheme::VideoRope { delta: dial(self.delta) },
            Layout::V2pe => Scheme::V2pe { delta: dial(self.delta) },
            Layout::Dial => Scheme::Family { u: dial(self.u), hole: Hole::PerPatch(dial(self.rho)) },
        }
    }

    /// The plan with as many axes as the sequence needs: three with a video in it, else two.
    pub fn frequencies(&self) -> FrequencyPlan {
        let axes = if self.has_video() { Axes::Three } else { Axes::Two };
        let d = self.d as usize;
        match self.plan {
            Plan::Alternate => FrequencyPlan::Alternate(axes),
            Plan::AlternateSymmetric => FrequencyPlan::AlternateSymmetric(axes),
            Plan::Halves => FrequencyPlan::Halves(axes),
            Plan::Mrope => FrequencyPlan::mrope(d),
            Plan::Interleaved => FrequencyPlan::interleaved(d),
            Plan::VideoRope => FrequencyPlan::videorope(d),
        }
    }

    pub fn has_video(&self) -> bool {
        self.sequence.iter().any(|word| word.vocable == VIDEO)
    }

    fn uses(&self, layouts: &[Layout]) -> bool {
        layouts.contains(&self.a) || layouts.contains(&self.b)
    }

    /// A sequence without a token becomes one word; a query or a key beyond the last token is the last one.
    pub fn settle(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.tokens() == 0 {
            self.sequence = [word(TEXT, &[1])].into();
            problems.push(Problem::at(
                "seq",
                "序列里至少要有一个 token，已改为 text1。",
                "A sequence needs at least one token; it became text1.",
            ));
        }
        let last = self.tokens() - 1;
        for (key, at) in [("query", &mut self.query), ("key", &mut self.key)] {
            if *at > last {
                problems.push(Problem::at(
                    key,
                    format!("没有第 {} 个 token，已改为第 {} 个。", *at + 1, last + 1),
                    format!("There is no token {}; it became token {}.", *at + 1, last + 1),
                ));
                *at = last;
            }
        }
        problems
    }
}

const fn always(_: &State) -> bool {
    true
}

/// The value of a list at the place of a choice.
fn chosen<T: Copy>(list: &[T], value: &Value, before: T) -> T {
    value.choice().and_then(|at| list.get(at).copied()).unwrap_or(before)
}

const RULES: [NextRule; 2] = [NextRule::MaxAll, NextRule::MaxSides];
const PAIRINGS: [PairLayout; 2] = [PairLayout::Interleaved, PairLayout::HalfSplit];

/// The tokens there are, counted from 1.
fn token_range(s: &State) -> (f64, f64) {
    // A slider needs two ends, even over a single token.
    (1.0, s.tokens().max(2) as f64)
}

const fn choice(key: &'static str, words: text::Words, items: &'static [Item]) -> Face {
    face(key, words, Kind::Choice(items))
}

/// The controls, in the order of the rail.
pub const CONTROLS: &[Control<State>] = &[
    Control {
        face: face(
            "seq",
            text::SEQUENCE_WORDS,
            Kind::Script { vocabulary: text::VOCABULARY, longest: SEGMENTS, most: TOKENS_LIMIT, piece: text::TOKEN },
        ),
        get: |s| Value::Script(s.sequence.clone()),
        set: |s, v| s.sequence = v.script().unwrap_or_else(|| s.sequence.clone()),
        shown: always,
        range: None,
    },
    Control {
        face: choice("a", text::A_WORDS, text::SCHEMES),
        get: |s| place(&LAYOUTS, &s.a),
        set: |s, v| s.a = chosen(&LAYOUTS, v, s.a),
        shown: always,
        range: None,
    },
    Control {
        face: choice("b", text::B_WORDS, text::SCHEMES),
        get: |s| place(&LAYOUTS, &s.b),
        set: |s, v| s.b = chosen(&LAYOUTS, v, s.b),
        shown: always,
        range: None,
    },
    Control {
        face: face("u", text::U_WORDS, slider(0.0, 1.0, 0.01, Scale::Linear, 2)),
        get: |s| Value::Number(s.u),
        set: |s, v| s.u = v.number().unwrap_or(s.u),
        shown: |s| s.uses(&[Layout::Dial]),
        range: None,
    },
    Control {
        face: face("rho", text::RHO_WORDS, slider(0.1, 2.0, 0.05, Scale::Linear, 2)),
        get: |s| Value::Number(s.rho),
        set: |s, v| s.rho = v.number().unwrap_or(s.rho),
        shown: |s| s.uses(&[Layout::Dial, Layout::Tv]),
        range: None,
    },
    Control {
        face: face("delta", text::DELTA_WORDS, slider(0.25, 4.0, 0.25, Scale::Linear, 2)),
        get: |s| Value::Number(s.delta),
        set: |s, v| s.delta = v.number().unwrap_or(s.delta),
        shown: |s| s.uses(&[Layout::VideoRope, Layout::V2pe]),
        range: None,
    },
    Control {
        face: choice("rule", text::RULE_WORDS, text::RULES),
        get: |s| place(&RULES, &s.rule),
        set: |s, v| s.rule = chosen(&RULES, v, s.rule),
        shown: |s| s.uses(&[Layout::Mrope]),
        range: None,
    },
    Control {
        face: face("query", text::QUERY_WORDS, slider(1.0, TOKENS_LIMIT as f64, 1.0, Scale::Integer, 0)),
        get: |s| Value::Number((s.query + 1) as f64),
        set: |s, v| s.query = v.number().map_or(s.query, |n| n as usize - 1),
        shown: always,
        range: Some(token_range),
    },
    Control {
        face: face("key", text::KEY_WORDS, slider(1.0, TOKENS_LIMIT as f64, 1.0, Scale::Integer, 0)),
        get: |s| Value::Number((s.key + 1) as f64),
        set: |s, v| s.key = v.number().map_or(s.key, |n| n as usize - 1),
        shown: always,
        range: Some(token_range),
    },
    Control {
        face: choice("plan", text::PLAN_WORDS, text::PLANS),
        get: |s| place(&PLANS, &s.plan),
        set: |s, v| s.plan = chosen(&PLANS, v, s.plan),
        shown: always,
        range: None,
    },
    Control {
        face: face("d", text::D_WORDS, slider(8.0, 256.0, 2.0, Scale::Integer, 0)),
        get: |s| Value::Number(f64::from(s.d)),
        set: |s, v| s.d = v.number().map_or(s.d, |d| d as u32),
        shown: always,
        range: None,
    },
    Control {
        face: face("base", text::BASE_WORDS, slider(1e2, 1e7, 0.1, Scale::Log, 0)),
        get: |s| Value::Number(s.base),
        set: |s, v| s.base = v.number().unwrap_or(s.base),
        shown: always,
        range: None,
    },
    Control {
        face: beside("matrix", face("n", text::N_WORDS, slider(0.0, 64.0, 0.5, Scale::Linear, 1))),
        get: |s| Value::Number(s.n),
        set: |s, v| s.n = v.number().unwrap_or(s.n),
        shown: always,
        range: None,
    },
    Control {
        face: beside("matrix", choice("pairing", text::PAIRING_WORDS, text::PAIRINGS)),
        get: |s| place(&PAIRINGS, &s.pairing),
        set: |s, v| s.pairing = chosen(&PAIRINGS, v, s.pairing),
        shown: always,
        range: None,
    },
    Control {
        face: beside("precision", choice("format", text::FORMAT_WORDS, text::FORMATS)),
        get: |s| place(&Format::ALL, &s.format),
        set: |s, v| s.format = chosen(&Format::ALL, v, s.format),
        shown: always,
        range: None,
    },
    Control {
        face: beside("space", face("yaw", text::YAW_WORDS, slider(-180.0, 180.0, 5.0, Scale::Linear, 0))),
        get: |s| Value::Number(s.yaw),
        set: |s, v| s.yaw = v.number().unwrap_or(s.yaw),
        shown: always,
        range: None,
    },
    Control {
        face: beside("space", face("pitch", text::PITCH_WORDS, slider(-90.0, 90.0, 5.0, Scale::Linear, 0))),
        get: |s| Value::Number(s.pitch),
        set: |s, v| s.pitch = v.number().unwrap_or(s.pitch),
        shown: always,
        range: None,
    },
];
