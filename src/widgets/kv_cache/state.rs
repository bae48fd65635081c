//! What the reader can change.

use yansuan_math::accelerator::{ACCELERATORS, Accelerator, Arithmetic};
use yansuan_math::kv_cache::{AttentionKind, Heads, KvCache, Window, divisors};
use yansuan_math::memory_fit::{Cluster, Placement, UTILISATION};
use yansuan_math::model_presets::{MODELS, ModelPreset};

use super::text;
use crate::contract::control::{Control, Item, Kind as Form, Scale, always, beside, count, face, flag, one, real, slider};
use crate::contract::number::whole;
use crate::contract::problem::Problem;
use crate::contract::text::Text;
use crate::contract::value::Value;

/// The models in the order of [`MODEL_ITEMS`]; after them the reader's own.
pub const OWN: usize = MODELS.len();

/// How the heads share keys and values, in the order of [`text::KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// As the model was released.
    Released,
    Mha,
    Gqa,
    Mqa,
    Mla,
}

pub const SHARINGS: [Sharing; 5] = [Sharing::Released, Sharing::Mha, Sharing::Gqa, Sharing::Mqa, Sharing::Mla];

/// Bits of a cached number, in the order of [`text::BITS`].
pub const BITS: [u32; 5] = [4, 6, 8, 16, 32];

/// Bits of a weight, in the order of [`text::WEIGHT_BITS`]; none: as released.
pub const WEIGHT_BITS: [Option<u32>; 4] = [None, Some(16), Some(8), Some(4)];

/// How the matrices of the bench are multiplied, in the order of [`text::ORDERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Keys and values are made, as in training.
    Train,
    /// `W_kc` has moved to the query: two products.
    Serial,
    /// One merged matrix.
    Merged,
}

pub const ORDERS: [Order; 3] = [Order::Train, Order::Serial, Order::Merged];

/// Where positions come in, in the order of [`text::ROTATIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    None,
    /// Query and key are rotated whole.
    Whole,
    /// A rotated key of its own, which all heads share.
    Decoupled,
}

pub const ROTATIONS: [Rotation; 3] = [Rotation::None, Rotation::Whole, Rotation::Decoupled];

/// A model that the reader describes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Own {
    pub layers: usize,
    pub heads: usize,
    pub d_k: usize,
    pub d_v: usize,
    pub d_model: usize,
    /// 0: queries are made of the hidden state.
    pub d_cq: usize,
    /// Layers with a window, and its tokens.
    pub local: usize,
    pub window: usize,
    pub context: usize,
    /// Parameters, and those that a token uses, billions.
    pub parameters: f64,
    pub active: f64,
}

/// The sizes of the bench.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Toy {
    pub tokens: usize,
    pub d: usize,
    pub heads: usize,
    pub groups: usize,
    pub d_k: usize,
    pub d_c: usize,
    pub d_r: usize,
    /// The head that is shown, from 1.
    pub head: usize,
    pub seed: u64,
}

/// Everything that can be changed. `Default` is the opening scene.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub model: usize,
    pub sharing: Sharing,
    pub groups: usize,
    pub d_c: usize,
    pub d_r: usize,
    pub own: Own,
    pub tokens: usize,
    pub batch: usize,
    pub bits: u32,
    pub weight_bits: Option<u32>,
    pub card: usize,
    pub devices: usize,
    /// Whether the cards share the heads, and so keep copies of what heads share.
    pub is_split: bool,
    pub is_fp8: bool,
    pub toy: Toy,
    pub order: Order,
    pub rotation: Rotation,
    pub lag: usize,
    pub dense: f64,
    /// What the rows of `W_q` have in common in the rounding experiment.
    pub common: f64,
    pub is_large: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            model: 0,
            sharing: Sharing::Released,
            groups: 8,
            d_c: 512,
            d_r: 64,
            own: Own {
                layers: 32,
                heads: 32,
                d_k: 128,
                d_v: 128,
                d_model: 4096,
                d_cq: 0,
                local: 0,
                window: 4096,
                context: 32_768,
                parameters: 8.0,
                active: 8.0,
            },
            tokens: 4096,
            batch: 16,
            bits: 16,
            weight_bits: None,
            card: 0,
            devices: 1,
            is_split: false,
            is_fp8: false,
            toy: Toy { tokens: 3, d: 8, heads: 4, groups: 2, d_k: 2, d_c: 4, d_r: 2, head: 1, seed: 1 },
            order: Order::Train,
            rotation: Rotation::None,
            lag: 8,
            dense: 0.0,
            common: 0.0,
            is_large: false,
        }
    }
}

/// A size as the mathematics takes it.
fn size(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl State {
    /// The model, if it is not the reader's own.
    pub fn preset(&self) -> Option<&'static ModelPreset> {
        MODELS.get(self.model)
    }

    /// What readers call it.
    pub fn model_name(&self) -> Text {
        self.preset().map_or(text::OWN, |model| Text::same(model.name))
    }

    /// The caches as released; of the reader's own model those of multi-head attention.
    pub fn released(&self) -> KvCache {
        self.preset().map_or_else(
            || {
                let Own { layers, heads, d_k, d_v, local, window, .. } = self.own;
                KvCache {
                    layers: size(layers),
                    heads: Heads { count: size(heads), d_k: size(d_k), d_v: size(d_v) },
                    kind: AttentionKind::Mha,
                    window: (local > 0).then_some(Window { layers: size(local), tokens: size(window) }),
                }
            },
            |model| model.cache,
        )
    }

    /// The kind of a name, with the reader's sizes.
    pub fn kind(&self, sharing: Sharing) -> AttentionKind {
        match sharing {
            Sharing::Released => self.released().kind,
            Sharing::Mha => AttentionKind::Mha,
            Sharing::Gqa => AttentionKind::Gqa { groups: size(self.groups) },
            Sharing::Mqa => AttentionKind::Mqa,
            Sharing::Mla => AttentionKind::Mla { d_c: size(self.d_c), d_r: size(self.d_r) },
        }
    }

    /// The caches that are looked at.
    pub fn cache(&self) -> KvCache {
        self.released().with_kind(self.kind(self.sharing))
    }

    /// The four kinds to compare. Each has the sizes of the released model where that is of this kind.
    pub fn rivals(&self) -> [(Sharing, KvCache); 4] {
        let (now, released) = (self.cache(), self.released());
        [Sharing::Mha, Sharing::Gqa, Sharing::Mqa, Sharing::Mla].map(|sharing| {
            let is_one = |cache: &&KvCache| sharing_of(cache.kind) == sharing;
            let kind = [&now, &released].into_iter().find(is_one).map_or_else(|| self.rival(sharing), |cache| cache.kind);
            (sharing, released.with_kind(kind))
        })
    }

    /// The kind of a name where the reader has set no sizes for it: groups must divide the heads.
    fn rival(&self, sharing: Sharing) -> AttentionKind {
        match sharing {
            Sharing::Gqa => {
                AttentionKind::Gqa { groups: size(nearest_groups(self.released().heads.count as usize, self.groups)) }
            }
            _ => self.kind(sharing),
        }
    }

    /// Tokens that the model was trained for.
    pub fn context(&self) -> u64 {
        self.preset().map_or(self.own.context as u64, |model| model.context)
    }

    /// Parameters, all and those that a token uses.
    pub fn parameters(&self) -> (f64, f64) {
        let own = |billions: f64| (1e9 * billions).round();
        self.preset().map_or((own(self.own.parameters), own(self.own.active.min(self.own.parameters))), |model| {
            (model.parameters as f64, model.active_parameters as f64)
        })
    }

    /// Bytes of a number of parameters.
    pub fn weight_bytes(&self, parameters: f64) -> f64 {
        let bits = self.weight_bits.unwrap_or_else(|| self.preset().map_or(16, |model| model.weight_bits));
        parameters * f64::from(bits) / 8.0
    }

    /// Width of what queries are made of.
    pub fn query_width(&self) -> u32 {
        let own = if self.own.d_cq > 0 { self.own.d_cq } else { self.own.d_model };
        self.preset().map_or(size(own), |model| model.d_cq.unwrap_or(model.d_model))
    }

    /// The card.
    pub fn accelerator(&self) -> &'static Accelerator {
        ACCELERATORS.get(self.card).unwrap_or(&ACCELERATORS[0])
    }

    /// The cards.
    pub fn cluster(&self) -> Cluster<'static> {
        Cluster { card: self.accelerator(), devices: size(self.devices), utilisation: UTILISATION }
    }

    /// How the cache lies on them.
    pub const fn placement(&self) -> Placement {
        if self.is_split { Placement::TensorParallel } else { Placement::Pooled }
    }

    /// The arithmetic of the products.
    pub const fn arithmetic(&self) -> Arithmetic {
        if self.is_fp8 { Arithmetic::Fp8 } else { Arithmetic::Bf16 }
    }

    /// What two controls together make impossible is mended here.
    pub fn settle(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.sharing == Sharing::Gqa {
            let heads = self.released().heads.count as usize;
            problems.extend(divide("groups", &mut self.groups, heads));
        }
        problems.extend(divide("toy-groups", &mut self.toy.groups, self.toy.heads));
        for (key, size) in [("dr", &mut self.d_r), ("toy-dk", &mut self.toy.d_k), ("toy-dr", &mut self.toy.d_r)] {
            if !size.is_multiple_of(2) {
                let even = *size - 1;
                problems.push(Problem::at(
                    key,
                    format!("旋转以两个分量为一对，所以要用偶数；{size} 已改为 {even}。"),
                    format!("Rotations turn pairs of components, so this is even; {size} became {even}."),
                ));
                *size = even;
            }
        }
        self.toy.head = self.toy.head.clamp(1, self.toy.heads);
        if self.model == OWN && self.own.local > self.own.layers {
            problems.push(Problem::at(
                "local",
                format!("有窗口的层不能多于全部 {} 层；已改为 {}。", self.own.layers, self.own.layers),
                format!("No more layers can have a window than there are, {}; that is what it became.", self.own.layers),
            ));
            self.own.local = self.own.layers;
        }
        problems
    }
}

/// The most groups that a reader may ask for; heads may be more.
const MOST_GROUPS: u32 = 128;

/// Into how many groups so many heads can be shared out, ascending.
fn possible_groups(heads: usize) -> impl Iterator<Item = u32> {
    divisors(size(heads)).into_iter().filter(|divisor| *divisor <= MOST_GROUPS)
}

/// The possible number of groups nearest to the wanted one, the smaller of two.
fn nearest_groups(heads: usize, wanted: usize) -> usize {
    possible_groups(heads).map(|groups| groups as usize).min_by_key(|at| at.abs_diff(wanted)).unwrap_or(1)
}

/// Groups that do not divide the heads become the nearest that do.
fn divide(key: &'static str, groups: &mut usize, heads: usize) -> Option<Problem> {
    if heads.is_multiple_of(*groups) {
        return None;
    }
    let near = nearest_groups(heads, *groups);
    let list: Vec<String> = possible_groups(heads).map(|groups| groups.to_string()).collect();
    let heads = whole(heads as u64);
    let problem = Problem::at(
        key,
        format!("{groups} 组分不匀 {heads} 个头；能用的是 {}。已改为 {near}。", list.join("、")),
        format!("{groups} groups do not divide {heads} heads; {} do. It became {near}.", list.join(", ")),
    );
    *groups = near;
    Some(problem)
}

/// The name of a kind.
pub const fn sharing_of(kind: AttentionKind) -> Sharing {
    match kind {
        AttentionKind::Mha => Sharing::Mha,
        AttentionKind::Gqa { .. } => Sharing::Gqa,
        AttentionKind::Mqa => Sharing::Mqa,
        AttentionKind::Mla { .. } => Sharing::Mla,
    }
}

/// The models, and the reader's own.
pub const MODEL_ITEMS: [Item; OWN + 1] = {
    let mut items = [Item { key: "own", name: text::OWN }; OWN + 1];
    let mut at = 0;
    while at < OWN {
        items[at] = Item { key: MODELS[at].key, name: Text::same(MODELS[at].name) };
        at += 1;
    }
    items
};

/// The cards.
const CARD_ITEMS: [Item; ACCELERATORS.len()] = {
    let mut items = [Item { key: "", name: Text::same("") }; ACCELERATORS.len()];
    let mut at = 0;
    while at < ACCELERATORS.len() {
        items[at] = Item { key: ACCELERATORS[at].key, name: Text::same(ACCELERATORS[at].name) };
        at += 1;
    }
    items
};

const fn is_own(state: &State) -> bool {
    state.model == OWN
}

/// A whole number on an even track.
const fn even(min: f64, max: f64, step: f64) -> Form {
    slider(min, max, step, Scale::Integer, 0)
}

/// A whole number on a track that gives every ratio the same length.
const fn ratio(min: f64, max: f64) -> Form {
    slider(min, max, 0.1, Scale::Log, 0)
}

/// Billions of weights.
const BILLIONS: Form = slider(0.001, 10_000.0, 0.05, Scale::Log, 3);

/// The controls, in the order of the rail.
pub const CONTROLS: &[Control<State>] = &[
    count!(face("tokens", text::TOKENS_WORDS, ratio(1.0, 1e6)), tokens, always),
    Control {
        face: face("model", text::MODEL_WORDS, Form::Choice(&MODEL_ITEMS)),
        get: |s| Value::Choice(s.model),
        set: |s, v| s.model = v.choice().unwrap_or(s.model),
        shown: always,
        range: None,
    },
    one!(face("kind", text::KIND_WORDS, Form::Choice(text::KINDS)), sharing, SHARINGS, always),
    count!(
        face("groups", text::GROUPS_WORDS, even(1.0, MOST_GROUPS as f64, 1.0)),
        groups,
        |s| s.sharing == Sharing::Gqa,
        Some(|s| (1.0, f64::from(s.released().heads.count.clamp(2, MOST_GROUPS))))
    ),
    count!(face("dc", text::DC_WORDS, even(16.0, 4096.0, 16.0)), d_c, |s| s.sharing == Sharing::Mla),
    count!(face("dr", text::DR_WORDS, even(0.0, 256.0, 2.0)), d_r, |s| s.sharing == Sharing::Mla),
    count!(face("batch", text::BATCH_WORDS, ratio(1.0, 512.0)), batch, always),
    one!(face("bits", text::BITS_WORDS, Form::Choice(text::BITS)), bits, BITS, always),
    Control {
        face: face("card", text::CARD_WORDS, Form::Choice(&CARD_ITEMS)),
        get: |s| Value::Choice(s.card),
        set: |s, v| s.card = v.choice().unwrap_or(s.card),
        shown: always,
        range: None,
    },
    count!(face("devices", text::DEVICES_WORDS, even(1.0, 64.0, 1.0)), devices, always),
    flag!(face("split", text::SPLIT_WORDS, Form::Toggle), is_split, |s| s.devices > 1),
    one!(face("weights", text::WEIGHTS_WORDS, Form::Choice(text::WEIGHT_BITS)), weight_bits, WEIGHT_BITS, always),
    count!(face("layers", text::LAYERS_WORDS, even(1.0, 256.0, 1.0)), own.layers, is_own),
    count!(face("heads", text::HEADS_WORDS, even(1.0, 256.0, 1.0)), own.heads, is_own),
    count!(face("dk", text::DK_WORDS, even(1.0, 512.0, 8.0)), own.d_k, is_own),
    count!(face("dv", text::DV_WORDS, even(1.0, 512.0, 8.0)), own.d_v, is_own),
    count!(face("d-model", text::DMODEL_WORDS, ratio(1.0, 65_536.0)), own.d_model, is_own),
    count!(face("d-cq", text::DCQ_WORDS, even(0.0, 16_384.0, 64.0)), own.d_cq, is_own),
    count!(face("local", text::LOCAL_WORDS, even(0.0, 256.0, 1.0)), own.local, is_own),
    count!(face("window", text::WINDOW_WORDS, ratio(1.0, 1e6)), own.window, |s| is_own(s) && s.own.local > 0),
    count!(face("context", text::CONTEXT_WORDS, ratio(1.0, 16_777_216.0)), own.context, is_own),
    real!(face("parameters", text::PARAMETERS_WORDS, BILLIONS), own.parameters, is_own),
    real!(face("active", text::ACTIVE_WORDS, BILLIONS), own.active, is_own),
    flag!(beside("roofline", face("fp8", text::FP8_WORDS, Form::Toggle)), is_fp8, |s| s.accelerator().peak_fp8.is_some()),
    one!(beside("algebra", face("order", text::ORDER_WORDS, Form::Choice(text::ORDERS))), order, ORDERS, always),
    one!(beside("algebra", face("rotation", text::ROTATION_WORDS, Form::Choice(text::ROTATIONS))), rotation, ROTATIONS, always),
    count!(beside("algebra", face("toy-tokens", text::TOY_TOKENS_WORDS, even(1.0, 64.0, 1.0))), toy.tokens, always),
    count!(beside("algebra", face("toy-dk", text::TOY_DK_WORDS, even(2.0, 64.0, 2.0))), toy.d_k, always),
    count!(beside("algebra", face("toy-dc", text::TOY_DC_WORDS, even(1.0, 64.0, 1.0))), toy.d_c, always),
    count!(beside("algebra", face("toy-dr", text::TOY_DR_WORDS, even(2.0, 64.0, 2.0))), toy.d_r, |s| s.rotation
        == Rotation::Decoupled),
    count!(
        beside("algebra", face("head", text::HEAD_WORDS, even(1.0, 8.0, 1.0))),
        toy.head,
        |s| s.toy.heads > 1,
        Some(|s| (1.0, s.toy.heads.max(2) as f64))
    ),
    Control {
        face: beside("algebra", face("seed", text::SEED_WORDS, Form::Seed)),
        get: |s| Value::Integer(s.toy.seed),
        set: |s, v| s.toy.seed = v.integer().unwrap_or(s.toy.seed),
        shown: always,
        range: None,
    },
    count!(beside("lag", face("lag", text::LAG_WORDS, even(0.0, 64.0, 1.0))), lag, always),
    count!(beside("selector", face("toy-d", text::TOY_D_WORDS, even(2.0, 64.0, 1.0))), toy.d, always),
    count!(beside("selector", face("toy-heads", text::TOY_HEADS_WORDS, even(1.0, 8.0, 1.0))), toy.heads, always),
    count!(
        beside("selector", face("toy-groups", text::TOY_GROUPS_WORDS, even(1.0, 8.0, 1.0))),
        toy.groups,
        |s| s.toy.heads > 1,
        Some(|s| (1.0, s.toy.heads.max(2) as f64))
    ),
    real!(beside("selector", face("dense", text::DENSE_WORDS, slider(0.0, 1.0, 0.01, Scale::Linear, 2))), dense, always),
    real!(beside("rounding", face("common", text::COMMON_WORDS, slider(0.0, 64.0, 0.5, Scale::Linear, 1))), common, always),
    flag!(beside("rounding", face("large", text::LARGE_WORDS, Form::Toggle)), is_large, always),
];
