//! What the reader can change.

use std::sync::Arc;

use yansuan_math::frequency_method::{FrequencyMethod, IndexRamp};
use yansuan_math::logit_factor::LogitFactor;
use yansuan_math::relative_distance::RelativeDistance;

use super::text;
use crate::contract::control::{Control, Kind, Scale, always, beside, count, face, flag, list, one, real, slider};
use crate::contract::problem::Problem;
use crate::contract::text::Text;
use crate::contract::value::Value;

/// The longest training, tokens.
pub const TRAIN: usize = 32_768;

/// The largest scale.
pub const SCALE: f64 = 64.0;

/// How many methods are shown at once: as many as have a colour.
pub const SHOWN: usize = 4;

/// The size of the head whose query and keys a reader writes.
pub const OWN: usize = 8;

/// The most keys that a reader writes.
pub const KEYS: usize = 16;

/// A way to go on beyond the trained length, in the order of [`text::METHODS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    None,
    Window,
    Lambda,
    Sinks,
    Pi,
    NtkOld,
    Ntk,
    NtkFixed,
    NtkMixed,
    Yarn,
    Llama3,
    Dynamic,
    Rerope,
    Leaky,
    SelfExtend,
    Listed,
}

impl Method {
    /// All, in the order of the bits of [`State::methods`].
    pub const ALL: [Self; 16] = [
        Self::None,
        Self::Window,
        Self::Lambda,
        Self::Sinks,
        Self::Pi,
        Self::NtkOld,
        Self::Ntk,
        Self::NtkFixed,
        Self::NtkMixed,
        Self::Yarn,
        Self::Llama3,
        Self::Dynamic,
        Self::Rerope,
        Self::Leaky,
        Self::SelfExtend,
        Self::Listed,
    ];

    /// Its bit.
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Whether it edits frequencies, and no distances.
    pub const fn is_frequency(self) -> bool {
        matches!(
            self,
            Self::None
                | Self::Pi
                | Self::NtkOld
                | Self::Ntk
                | Self::NtkFixed
                | Self::NtkMixed
                | Self::Yarn
                | Self::Llama3
                | Self::Dynamic
                | Self::Listed
        )
    }
}

/// The bits of some methods.
pub const fn bits(methods: &[Method]) -> u32 {
    let (mut bits, mut at) = (0, 0);
    while at < methods.len() {
        bits |= methods[at].bit();
        at += 1;
    }
    bits
}

/// Which YaRN, in the order of [`text::FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A ramp linear in the turns: the post and the paper.
    Paper,
    /// A ramp linear in the index, its ends rounded: the released code.
    Code,
    /// The same without rounding: `truncate: false`.
    Exact,
    /// The same clamped to the last pair: some ports.
    Port,
}

pub const FORMS: [Form; 4] = [Form::Paper, Form::Code, Form::Exact, Form::Port];

/// The factors, in the order of [`text::FACTORS`].
pub const FACTORS: [LogitFactor; 4] = [LogitFactor::One, LogitFactor::Yarn, LogitFactor::LogN, LogitFactor::Log512];

/// Sides of tiles, in the order of [`text::TILES`].
pub const TILES: [usize; 3] = [64, 128, 256];

/// Everything that can be changed. `Default` is the opening scene.
#[expect(clippy::struct_excessive_bools, reason = "each is a box that a reader ticks")]
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub train: usize,
    pub scale: f64,
    pub d: usize,
    pub base: f64,
    /// The distance at which the hands stand.
    pub rho: usize,
    /// Bits of the methods shown.
    pub methods: u32,
    /// The one that has views of its own.
    pub focus: Method,
    pub w: usize,
    pub k: f64,
    /// `W` and `G` of Self-Extend.
    pub near: usize,
    pub group: usize,
    pub sinks: usize,
    pub recent: usize,
    /// First keys that LM-Infinite keeps, and how far they may be.
    pub first: usize,
    pub cap: usize,
    pub form: Form,
    pub tau: f64,
    pub alpha: f64,
    /// The exponent of NTK-mixed.
    pub mixed: f64,
    /// `f` of dynamic NTK.
    pub factor: f64,
    /// Factors of a list, one a pair.
    pub factors: Arc<[f64]>,
    pub logits: LogitFactor,
    /// Whether the distance matrix shows how often a distance was trained instead of the distance.
    pub is_exposed: bool,
    pub is_own: bool,
    pub n: usize,
    pub sigma: f64,
    pub seed: u64,
    /// What the logit of key 0 has more than the others.
    pub sink: f64,
    pub is_cut: bool,
    pub q: Arc<[f64]>,
    pub keys: Arc<[f64]>,
    /// Prompt and answer of a turn together, tokens.
    pub turn: usize,
    pub is_stale: bool,
    pub tile: usize,
    /// Layers of HWFA, and the window of all but the last.
    pub layers: usize,
    pub local: usize,
    /// How long the third key is beside the others, and the length of the query.
    pub longer: f64,
    pub query: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            train: 4096,
            scale: 4.0,
            d: 128,
            base: 1e4,
            rho: 8000,
            methods: bits(&[Method::None, Method::Pi, Method::Yarn, Method::Rerope]),
            focus: Method::Rerope,
            w: 1024,
            k: 16.0,
            near: 1024,
            group: 8,
            sinks: 4,
            recent: 1020,
            first: 10,
            cap: 4096,
            form: Form::Paper,
            tau: 32.0,
            alpha: 1.0,
            mixed: 0.625,
            factor: 1.0,
            factors: [].into(),
            logits: LogitFactor::One,
            is_exposed: false,
            is_own: false,
            n: 4096,
            sigma: 2.0,
            seed: 1,
            sink: 0.0,
            is_cut: false,
            q: [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0].into(),
            keys: [1.0, 0.0].repeat(OWN / 2 * 8).into(),
            turn: 8192,
            is_stale: false,
            tile: 128,
            layers: 24,
            local: 128,
            longer: 1.8,
            query: 4.0,
        }
    }
}

impl State {
    /// `L_test`, tokens.
    pub fn test(&self) -> usize {
        (self.train as f64 * self.scale).round() as usize
    }

    /// Whether a method is shown.
    pub fn has(&self, method: Method) -> bool {
        self.methods & method.bit() != 0
    }

    /// Whether a method is shown, or has the views of its own.
    fn matters(&self, method: Method) -> bool {
        self.has(method) || self.focus == method
    }

    /// The methods shown, in their order.
    pub fn chosen(&self) -> impl Iterator<Item = Method> {
        let bits = self.methods;
        Method::ALL.into_iter().filter(move |method| bits & method.bit() != 0)
    }

    /// What a method does to the frequencies; a list of factors is none of these.
    pub fn frequencies(&self, method: Method) -> FrequencyMethod {
        match method {
            Method::Pi => FrequencyMethod::Pi,
            Method::NtkOld => FrequencyMethod::NtkOld,
            Method::Ntk => FrequencyMethod::NtkAware,
            Method::NtkFixed => FrequencyMethod::NtkFixed,
            Method::NtkMixed => FrequencyMethod::NtkMixed { b: self.mixed },
            Method::Yarn => self.yarn(self.form),
            Method::Llama3 => FrequencyMethod::LLAMA3,
            Method::Dynamic => FrequencyMethod::DynamicNtk { factor: self.factor, length: self.test() },
            _ => FrequencyMethod::None,
        }
    }

    /// A form of YaRN with the reader's numbers of turns.
    pub fn yarn(&self, form: Form) -> FrequencyMethod {
        let ramp = IndexRamp { fast: self.tau, slow: self.alpha, ..IndexRamp::YARN };
        match form {
            Form::Paper => FrequencyMethod::Yarn { alpha: self.alpha, tau: self.tau },
            Form::Code => FrequencyMethod::YarnCode(ramp),
            Form::Exact => FrequencyMethod::YarnCode(IndexRamp { truncate: false, ..ramp }),
            Form::Port => FrequencyMethod::YarnCode(IndexRamp { clamp_to_pairs: true, ..ramp }),
        }
    }

    /// What a method does to the distances.
    pub fn distance(&self, method: Method) -> RelativeDistance {
        match method {
            Method::Window => RelativeDistance::Window { w: self.w },
            Method::Lambda => RelativeDistance::LmInfinite { w: self.w, g: self.first, cap: self.cap },
            Method::Sinks => RelativeDistance::Streaming { sinks: self.sinks, recent: self.recent },
            Method::Rerope => RelativeDistance::Rerope { w: self.w },
            Method::Leaky => RelativeDistance::Leaky { w: self.w, k: self.k },
            Method::SelfExtend => RelativeDistance::SelfExtend { w: self.near, group: self.group },
            _ => RelativeDistance::Plain,
        }
    }

    /// The distances as one may also say it: interpolation is a division of distances.
    pub fn told_distance(&self, method: Method) -> RelativeDistance {
        if method == Method::Pi { RelativeDistance::Interpolated { k: self.scale } } else { self.distance(method) }
    }

    /// What two controls together make impossible is mended here.
    pub fn settle(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !self.d.is_multiple_of(2) {
            let even = self.d - 1;
            problems.push(Problem::at(
                "d",
                format!("每对两个分量，头的大小必须是偶数；{} 已改为 {even}。", self.d),
                format!("Components come in pairs, so the size of a head is even; {} became {even}.", self.d),
            ));
            self.d = even;
        }
        if self.methods.count_ones() as usize > SHOWN {
            let kept: Vec<Method> = self.chosen().take(SHOWN).collect();
            let gone: Vec<Text> = self.chosen().skip(SHOWN).map(|method| text::METHODS[method as usize].name).collect();
            let list = |pick: fn(&Text) -> &'static str, joint: &str| gone.iter().map(pick).collect::<Vec<_>>().join(joint);
            let (zh, en) = (list(|name| name.zh, "、"), list(|name| name.en, ", "));
            problems.push(Problem::at(
                "methods",
                format!("最多同时比较 {SHOWN} 种方法；这次去掉了 {zh}。想换别的，请先去掉一种。"),
                format!("At most {SHOWN} methods are compared at once; left out: {en}. Take one away first."),
            ));
            self.methods = bits(&kept);
        }
        self.rho = self.rho.min(self.test().saturating_sub(1));
        problems.extend(self.settle_lists());
        problems
    }

    /// Lists of numbers: as long as they must be, and every number one that can be computed with.
    fn settle_lists(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let is_factor = |x: &f64| (1e-30..=1e30).contains(x);
        if !self.factors.iter().all(is_factor) {
            problems.push(Problem::at(
                "factors",
                "因子要在 10⁻³⁰ 与 10³⁰ 之间；不合的已改为 1。",
                "Factors are from 10⁻³⁰ to 10³⁰; what was not became 1.",
            ));
            self.factors = self.factors.iter().map(|x| if is_factor(x) { *x } else { 1.0 }).collect();
        }
        let number = |x: f64| if x.is_finite() { x.clamp(-1e6, 1e6) } else { 0.0 };
        let sized = |list: &[f64], length: usize| -> Arc<[f64]> {
            (0..length).map(|at| list.get(at).map_or(0.0, |x| number(*x))).collect()
        };
        let count = self.keys.len().div_ceil(OWN).clamp(1, KEYS);
        let (q, keys) = (sized(&self.q, OWN), sized(&self.keys, count * OWN));
        for (key, old, new) in [("q", &mut self.q, q), ("keys", &mut self.keys, keys)] {
            if old[..] != new[..] {
                let length = new.len();
                problems.push(Problem::at(
                    key,
                    format!("这里要 {length} 个有限的数，每个向量 {OWN} 个；缺的和不合的补了 0，多余的去掉了。"),
                    format!(
                        "This takes {length} finite numbers, {OWN} a vector; 0 stands for what was missing or wrong, and what was too much went."
                    ),
                ));
                *old = new;
            }
        }
        problems
    }
}

/// Tokens on a track that gives every ratio the same length.
const TOKENS: Kind = slider(1.0, TRAIN as f64, 0.1, Scale::Log, 0);

const fn numbers(drag: (f64, f64), longest: usize, fields: usize, symbol: &'static str, is_sized: bool) -> Kind {
    Kind::Vector { drag, step: 0.1, longest, fields, symbol, is_sized }
}

const fn windowed(state: &State) -> bool {
    state.methods & bits(&[Method::Window, Method::Lambda, Method::Rerope, Method::Leaky]) != 0
        || matches!(state.focus, Method::Window | Method::Lambda | Method::Rerope | Method::Leaky)
}

/// The controls, in the order of the rail.
pub const CONTROLS: &[Control<State>] = &[
    Control {
        face: face("methods", text::METHODS_WORDS, Kind::Several(text::METHODS)),
        get: |s| Value::Several(s.methods),
        set: |s, v| s.methods = v.several().unwrap_or(s.methods),
        shown: always,
        range: None,
    },
    count!(
        face("rho", text::RHO_WORDS, slider(0.0, TRAIN as f64 * SCALE, 1.0, Scale::Integer, 0)),
        rho,
        always,
        Some(|s| (0.0, (s.test() as f64 - 1.0).max(1.0)))
    ),
    count!(face("train", text::TRAIN_WORDS, slider(64.0, TRAIN as f64, 0.1, Scale::Log, 0)), train, always),
    real!(face("scale", text::SCALE_WORDS, slider(1.0, SCALE, 0.05, Scale::Log, 2)), scale, always),
    count!(face("d", text::D_WORDS, slider(8.0, 256.0, 2.0, Scale::Integer, 0)), d, always),
    real!(face("base", text::BASE_WORDS, slider(100.0, 1e7, 0.1, Scale::Log, 0)), base, always),
    count!(face("w", text::W_WORDS, TOKENS), w, windowed),
    real!(face("k", text::K_WORDS, slider(1.0, 64.0, 0.1, Scale::Log, 1)), k, |s| s.matters(Method::Leaky)),
    count!(face("near", text::NEAR_WORDS, TOKENS), near, |s| s.matters(Method::SelfExtend)),
    count!(face("group", text::GROUP_WORDS, slider(1.0, 64.0, 1.0, Scale::Integer, 0)), group, |s| s.matters(Method::SelfExtend)),
    count!(face("sinks", text::SINKS_WORDS, slider(0.0, 64.0, 1.0, Scale::Integer, 0)), sinks, |s| s.matters(Method::Sinks)),
    count!(face("recent", text::RECENT_WORDS, TOKENS), recent, |s| s.matters(Method::Sinks)),
    count!(face("first", text::FIRST_WORDS, slider(0.0, 64.0, 1.0, Scale::Integer, 0)), first, |s| s.matters(Method::Lambda)),
    count!(face("cap", text::CAP_WORDS, TOKENS), cap, |s| s.matters(Method::Lambda)),
    one!(face("form", text::FORM_WORDS, Kind::Choice(text::FORMS)), form, FORMS, |s| s.matters(Method::Yarn)),
    real!(face("tau", text::TAU_WORDS, slider(1.0, 128.0, 0.1, Scale::Log, 1)), tau, |s| s.matters(Method::Yarn)),
    real!(face("alpha", text::ALPHA_WORDS, slider(0.1, 16.0, 0.1, Scale::Linear, 1)), alpha, |s| s.matters(Method::Yarn)),
    real!(face("mixed", text::MIXED_WORDS, slider(0.0, 2.0, 0.025, Scale::Linear, 3)), mixed, |s| s.matters(Method::NtkMixed)),
    real!(face("factor", text::FACTOR_WORDS, slider(1.0, 8.0, 0.1, Scale::Linear, 1)), factor, |s| s.matters(Method::Dynamic)),
    list!(face("factors", text::LIST_WORDS, numbers((1.0, 64.0), 128, 16, "f", false)), factors, |s| s.matters(Method::Listed)),
    one!(face("focus", text::FOCUS_WORDS, Kind::Choice(text::METHODS)), focus, Method::ALL, always),
    flag!(beside("matrix", face("exposure", text::EXPOSURE_WORDS, Kind::Toggle)), is_exposed, always),
    one!(beside("row", face("logits", text::LOGITS_WORDS, Kind::Choice(text::FACTORS))), logits, FACTORS, always),
    flag!(beside("row", face("own", text::OWN_WORDS, Kind::Toggle)), is_own, always),
    count!(beside("row", face("n", text::N_WORDS, slider(2.0, 16_384.0, 0.1, Scale::Log, 0))), n, |s| !s.is_own),
    real!(beside("row", face("sigma", text::SIGMA_WORDS, slider(0.0, 6.0, 0.05, Scale::Linear, 2))), sigma, |s| !s.is_own),
    real!(beside("row", face("sink", text::SINK_WORDS, slider(0.0, 20.0, 0.25, Scale::Linear, 2))), sink, |s| !s.is_own),
    flag!(beside("row", face("cut", text::CUT_WORDS, Kind::Toggle)), is_cut, |s| !s.is_own),
    Control {
        face: beside("row", face("seed", text::SEED_WORDS, Kind::Seed)),
        get: |s| Value::Integer(s.seed),
        set: |s, v| s.seed = v.integer().unwrap_or(s.seed),
        shown: |s| !s.is_own,
        range: None,
    },
    list!(beside("row", face("q", text::Q_WORDS, numbers((-3.0, 3.0), OWN, OWN, "q", true))), q, |s| s.is_own),
    list!(beside("row", face("keys", text::KEYS_WORDS, numbers((-3.0, 3.0), OWN * KEYS, 64, "k", true))), keys, |s| s.is_own),
    count!(beside("tax", face("turn", text::TURN_WORDS, slider(64.0, TRAIN as f64 * SCALE, 0.1, Scale::Log, 0))), turn, always),
    flag!(beside("tax", face("stale", text::STALE_WORDS, Kind::Toggle)), is_stale, always),
    count!(beside("hwfa", face("local", text::LOCAL_WORDS, slider(1.0, 4096.0, 0.1, Scale::Log, 0))), local, always),
    count!(beside("hwfa", face("layers", text::LAYERS_WORDS, slider(2.0, 128.0, 1.0, Scale::Integer, 0))), layers, always),
    real!(beside("norms", face("longer", text::LONGER_WORDS, slider(1.0, 4.0, 0.05, Scale::Linear, 2))), longer, always),
    real!(beside("norms", face("query", text::QUERY_WORDS, slider(0.5, 16.0, 0.25, Scale::Linear, 2))), query, always),
    one!(beside("tiles", face("tile", text::TILE_WORDS, Kind::Choice(text::TILES))), tile, TILES, always),
];
