//! What the reader can change.

use std::sync::Arc;

use yansuan_math::MathError;
use yansuan_math::race_condition::{DAY, RaceCondition, race_ladder};
use yansuan_math::rate_profile::{OPENING_ITEMS, OPENING_P_MAX, OPENING_S, OPENING_SEED, RateProfile};

use super::text;
use crate::contract::control::{Control, Kind, Scale, always, beside, count, face, real, slider};
use crate::contract::value::{Value, place};

/// The most bugs.
pub const BUGS: usize = 5000;

/// The most users a day.
pub const USERS: f64 = 5e5;

/// How many bugs need traffic.
pub const RACES: usize = 24;

/// How many times as long as the shortest the longest window of these is.
pub const WINDOWS: f64 = 1000.0;

/// How the probabilities of the bugs are distributed, in the order of [`text::LAWS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    Zipf,
    Equal,
    TwoScale,
    Worst,
    Own,
}

pub const LAWS: [Law; 5] = [Law::Zipf, Law::Equal, Law::TwoScale, Law::Worst, Law::Own];

/// Bits of [`State::broken`], in the order of [`text::BROKEN`].
pub const REPEATED: u32 = 1;
pub const IMPERFECT: u32 = 2;
pub const CHANGED: u32 = 4;

/// Everything that can be changed. `Default` is the opening scene.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Users a day.
    pub users: usize,
    pub days: usize,
    /// Requests of a user a day.
    pub each: usize,
    pub law: Law,
    pub m: usize,
    /// `p_max` and `s` of Zipf's law.
    pub top: f64,
    pub s: f64,
    /// The probability of all, if they are equal.
    pub p: f64,
    /// How many are loud, their probability, and that of the others.
    pub loud: usize,
    pub high: f64,
    pub low: f64,
    /// After how many requests the worst bugs are at their worst.
    pub worst: f64,
    pub own: Arc<[f64]>,
    pub seed: u64,
    /// Whether the bugs that need traffic are among the others.
    pub is_racing: bool,
    /// Their path and the longest window, seconds.
    pub path: f64,
    pub window: f64,
    /// Seconds a download.
    pub interval: f64,
    /// How many times as dense as on average clicks are at the opening.
    pub rush: f64,
    /// Bits of the assumptions that are given up.
    pub broken: u32,
    /// How often a user repeats each request.
    pub burst: usize,
    /// Days until a fix.
    pub delay: f64,
    /// Share of fixes that change nothing.
    pub failing: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            users: 500,
            days: 1,
            each: 20,
            law: Law::Zipf,
            m: OPENING_ITEMS,
            top: OPENING_P_MAX,
            s: OPENING_S,
            p: 1e-3,
            loud: 40,
            high: 0.01,
            low: 1e-6,
            worst: 1000.0,
            own: [0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5].into(),
            seed: OPENING_SEED,
            is_racing: false,
            path: 0.02,
            window: 1.0,
            interval: yansuan_math::md1_queue::ARXIV_INTERVAL,
            rush: 100.0,
            broken: REPEATED | IMPERFECT | CHANGED,
            burst: 10,
            delay: 0.5,
            failing: 0.3,
        }
    }
}

impl State {
    /// Requests a day.
    pub fn per_day(&self) -> f64 {
        self.users as f64 * self.each as f64
    }

    /// `N`, the requests so far: always a whole number.
    pub fn n(&self) -> f64 {
        self.per_day() * self.days as f64
    }

    /// `Λ`, requests a second.
    pub fn arrivals(&self) -> f64 {
        self.per_day() / DAY
    }

    /// Decades of the axis of requests: as far as the users go. Did it follow the users, it would run away from a ring that is dragged.
    pub fn decades(&self) -> i32 {
        let most = USERS * self.each as f64 * self.days.max(1) as f64;
        7.max((most.log10() - 1e-9).ceil() as i32)
    }

    /// The law of the probabilities; a list is none.
    pub fn profile(&self) -> Option<RateProfile> {
        Some(match self.law {
            Law::Zipf => RateProfile::Zipf { p_max: self.top, s: self.s },
            Law::Equal => RateProfile::Equal { p: self.p },
            Law::TwoScale => RateProfile::TwoScale { loud: self.loud, p_loud: self.high, p_quiet: self.low },
            Law::Worst => RateProfile::WorstCase { requests: self.worst },
            Law::Own => return None,
        })
    }

    /// The bugs that need traffic, the shortest window first.
    pub fn races(&self) -> Result<Vec<RaceCondition>, MathError> {
        race_ladder(RACES, self.path, self.window / WINDOWS, self.window)
    }

    /// Whether an assumption is given up.
    pub const fn breaks(&self, bit: u32) -> bool {
        self.broken & bit != 0
    }
}

/// A probability on a track that gives every ratio the same length.
const PROBABILITY: Kind = slider(1e-9, 1.0, 0.1, Scale::Log, 6);

/// The controls, in the order of the rail.
pub const CONTROLS: &[Control<State>] = &[
    // A half more a key: a tenth of few users is nobody.
    count!(face("users", text::USERS_WORDS, slider(1.0, USERS, 0.5, Scale::Log, 0)), users, always),
    Control {
        face: face("days", text::DAYS_WORDS, Kind::Playhead { last: 365, per_second: 3.0, is_curved: true }),
        get: |s| Value::Integer(s.days as u64),
        set: |s, v| s.days = v.integer().map_or(s.days, |days| days as usize),
        shown: always,
        range: None,
    },
    count!(face("each", text::EACH_WORDS, slider(1.0, 1000.0, 0.5, Scale::Log, 0)), each, always),
    Control {
        face: face("law", text::LAW_WORDS, Kind::Choice(text::LAWS)),
        get: |s| place(&LAWS, &s.law),
        set: |s, v| s.law = v.choice().and_then(|at| LAWS.get(at).copied()).unwrap_or(s.law),
        shown: always,
        range: None,
    },
    count!(face("m", text::M_WORDS, slider(0.0, BUGS as f64, 10.0, Scale::Integer, 0)), m, |s| s.law != Law::Own),
    real!(face("top", text::TOP_WORDS, PROBABILITY), top, |s| s.law == Law::Zipf),
    real!(face("s", text::S_WORDS, slider(0.5, 3.0, 0.05, Scale::Linear, 2)), s, |s| s.law == Law::Zipf),
    real!(face("p", text::P_WORDS, PROBABILITY), p, |s| s.law == Law::Equal),
    count!(face("loud", text::LOUD_WORDS, slider(0.0, BUGS as f64, 1.0, Scale::Integer, 0)), loud, |s| s.law == Law::TwoScale),
    real!(face("high", text::HIGH_WORDS, PROBABILITY), high, |s| s.law == Law::TwoScale),
    real!(face("low", text::LOW_WORDS, PROBABILITY), low, |s| s.law == Law::TwoScale),
    Control {
        face: face("worst", text::WORST_WORDS, slider(1.0, 1e8, 0.5, Scale::Log, 0)),
        get: |s| Value::Number(s.worst),
        set: |s, v| s.worst = v.number().map_or(s.worst, f64::round),
        shown: |s| s.law == Law::Worst,
        range: None,
    },
    Control {
        face: face(
            "own",
            text::OWN_WORDS,
            Kind::Vector { drag: (0.0, 1.0), step: 0.01, longest: BUGS, fields: 12, symbol: "p", is_sized: false },
        ),
        get: |s| Value::Vector(s.own.clone()),
        set: |s, v| s.own = v.vector().unwrap_or_else(|| s.own.clone()),
        shown: |s| s.law == Law::Own,
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
        face: face("races", text::RACES_WORDS, Kind::Toggle),
        get: |s| Value::Flag(s.is_racing),
        set: |s, v| s.is_racing = v.flag().unwrap_or(s.is_racing),
        shown: always,
        range: None,
    },
    real!(beside("traffic", face("path", text::PATH_WORDS, slider(1e-6, 1.0, 0.1, Scale::Log, 6))), path, always),
    real!(beside("traffic", face("window", text::WINDOW_WORDS, slider(1e-3, 60.0, 0.1, Scale::Log, 3))), window, always),
    real!(beside("drain", face("interval", text::INTERVAL_WORDS, slider(0.01, 60.0, 0.1, Scale::Log, 2))), interval, always),
    real!(beside("drain", face("rush", text::RUSH_WORDS, slider(1.0, 1000.0, 0.1, Scale::Log, 1))), rush, always),
    Control {
        face: beside("whatif", face("broken", text::BROKEN_WORDS, Kind::Several(text::BROKEN))),
        get: |s| Value::Several(s.broken),
        set: |s, v| s.broken = v.several().unwrap_or(s.broken),
        shown: always,
        range: None,
    },
    count!(beside("whatif", face("burst", text::BURST_WORDS, slider(1.0, 100.0, 1.0, Scale::Integer, 0))), burst, |s| s
        .breaks(REPEATED)),
    real!(beside("whatif", face("delay", text::DELAY_WORDS, slider(0.0, 30.0, 0.1, Scale::Linear, 1))), delay, |s| s
        .breaks(IMPERFECT)),
    real!(beside("whatif", face("failing", text::FAILING_WORDS, slider(0.0, 1.0, 0.05, Scale::Linear, 2))), failing, |s| s
        .breaks(IMPERFECT)),
];
