//! What one generated token costs in attention: arithmetic, bytes read, and which of the two takes the time.

use crate::accelerator::{Accelerator, Arithmetic};
use crate::kv_cache::{AttentionKind, Heads, KvCache, Room};

/// How latent attention is computed; for the other kinds there is only the one way, and both mean that.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Form {
    /// As multi-head attention of heads `d_k + d_r`, as in training: every head's keys and values are made and read.
    Expanded,
    /// As multi-query attention of heads `d_c + d_r`: `W_kc` moves to the query, `W_v` behind the sum.
    Absorbed,
}

/// What a layer does for one cached position, for one new token: scores and weighted sum, projections left out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct PositionCost {
    /// FLOPs, two for a multiplication and an addition.
    pub flops: u64,
    /// Numbers read.
    pub elements: u64,
}

impl PositionCost {
    /// Of a kind of attention in a form.
    ///
    /// Grouped: `2h(d_k + d_v)` over `g(d_k + d_v)`. Latent: absorbed `2h(2d_c + d_r)` over `d_c + d_r`, expanded
    /// `2h(d_k + d_r + d_v)` over `h(d_k + d_r + d_v)`. Source: our own count.
    pub fn new(kind: AttentionKind, heads: Heads, form: Form) -> Self {
        let h = u64::from(heads.count);
        let (d_k, d_v) = (u64::from(heads.d_k), u64::from(heads.d_v));
        let (width, elements) = match (kind, form) {
            (AttentionKind::Mla { d_c, d_r }, Form::Absorbed) => (2 * u64::from(d_c) + u64::from(d_r), kind.elements(heads)),
            (AttentionKind::Mla { d_r, .. }, Form::Expanded) => {
                let width = d_k + u64::from(d_r) + d_v;
                (width, h.saturating_mul(width))
            }
            _ => (d_k + d_v, kind.elements(heads)),
        };
        Self { flops: (2 * h).saturating_mul(width), elements }
    }

    /// FLOP/byte with numbers of so many bits: 1 for multi-head attention and 241.8 for DeepSeek-V2 at 16 bits. It depends
    /// neither on the length nor on the batch.
    pub fn intensity(self, bits: u32) -> f64 {
        self.flops as f64 / self.bytes(bits)
    }

    /// Bytes read with numbers of so many bits.
    pub fn bytes(self, bits: u32) -> f64 {
        self.elements as f64 * f64::from(bits) / 8.0
    }

    /// Seconds on a card.
    pub fn time(self, bits: u32, card: &Accelerator, arithmetic: Arithmetic) -> f64 {
        card.time(self.flops as f64, self.bytes(bits), arithmetic)
    }
}

/// FLOPs and bytes of some attention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecodeCost {
    /// FLOPs; exact up to `2^53`.
    pub flops: f64,
    /// Bytes read; exact up to `2^53`.
    pub bytes: f64,
}

impl DecodeCost {
    /// Of one layer, for one new token that reads `tokens` cached ones.
    pub fn of_layer(kind: AttentionKind, heads: Heads, form: Form, tokens: u64, bits: u32) -> Self {
        Self::of_positions(PositionCost::new(kind, heads, form), tokens.into(), bits)
    }

    /// Of all layers of a model, windows regarded, for the next token of each text of a batch.
    pub fn of_model(cache: &KvCache, form: Form, tokens: u64, batch: u64, bits: u32) -> Self {
        let positions = cache.positions(tokens).saturating_mul(batch.into());
        Self::of_positions(PositionCost::new(cache.kind, cache.heads, form), positions, bits)
    }

    fn of_positions(cost: PositionCost, positions: u128, bits: u32) -> Self {
        let flops = positions.saturating_mul(cost.flops.into()) as f64;
        let bits_read = positions.saturating_mul(cost.elements.into()).saturating_mul(bits.into());
        Self { flops, bytes: bits_read as f64 / 8.0 }
    }

    /// Seconds on a card.
    pub fn time(self, card: &Accelerator, arithmetic: Arithmetic) -> f64 {
        card.time(self.flops, self.bytes, arithmetic)
    }
}

/// FLOPs of one layer's attention for all queries of a text at once (prefill): each token reads itself and those before,
/// `T(T+1)/2` positions; projections left out. Arithmetic is the limit there, so the expanded form is the better one.
///
/// Exact up to `2^53`. Source: our own count.
pub fn prefill_flops(kind: AttentionKind, heads: Heads, form: Form, tokens: u64) -> f64 {
    let positions = u128::from(tokens) * (u128::from(tokens) + 1) / 2;
    positions.saturating_mul(PositionCost::new(kind, heads, form).flops.into()) as f64
}

/// FLOPs to make one token's keys and values of all heads out of its latent vector, `2·d_c·h(d_k + d_v)`; 0 for the other kinds.
///
/// In a prefill this is done once for each token. To decode in the expanded form it is done for each token at each step, or the result
/// is kept, which is the cache of multi-head attention.
pub fn expansion_flops(kind: AttentionKind, heads: Heads) -> f64 {
    match kind {
        AttentionKind::Mla { d_c, .. } => 2.0 * f64::from(d_c) * AttentionKind::Mha.elements(heads) as f64,
        _ => 0.0,
    }
}

/// How many times more FLOPs latent attention does absorbed than expanded, `(2d_c + d_r)/(d_k + d_r + d_v)`: 3.4 for
/// DeepSeek-V2. 1 for the other kinds.
pub fn flop_growth(kind: AttentionKind, heads: Heads) -> f64 {
    let flops = |form| PositionCost::new(kind, heads, form).flops as f64;
    flops(Form::Absorbed) / flops(Form::Expanded)
}

/// Multiplications of one head to bring a query of one token into the latent space.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct QueryAbsorption {
    /// By `W_qc`, then by `W_kcᵀ`: `d_c′d_k + d_k d_c`.
    pub serial: u64,
    /// By the product of both: `d_c′d_c`.
    pub merged: u64,
}

impl QueryAbsorption {
    /// From the width of what the query is made of (`d_c′`, or `d` where queries have no latent vector), `d_k` and `d_c`. 262 144
    /// and 786 432 for DeepSeek-V2.
    pub fn new(width: u32, d_k: u32, d_c: u32) -> Self {
        let [width, d_k, d_c] = [width, d_k, d_c].map(u64::from);
        Self { serial: d_k.saturating_mul(width + d_c), merged: width.saturating_mul(d_c) }
    }
}

/// The length from which the attention of a step takes longer than reading the weights once.
///
/// `weight_bytes` are those that a step reads: of a mixture of experts with one text, the active ones. The smallest `T` with
/// `batch·attention(T) ≥ weight_bytes/bandwidth`; the number of devices cancels. [`Room::Unbounded`] if no length is enough: every
/// layer has a window. Our own derivation; the arithmetic of the weights, projections and communication are left out.
pub fn crossover(
    cache: &KvCache,
    weight_bytes: f64,
    batch: u64,
    bits: u32,
    (card, arithmetic): (&Accelerator, Arithmetic),
) -> Room {
    let position = PositionCost::new(cache.kind, cache.heads, Form::Absorbed).time(bits, card, arithmetic) * batch.max(1) as f64;
    let positions = (weight_bytes.max(0.0) / card.bandwidth / position).ceil();
    // Casts saturate, and take what is not a number for 0.
    let Some(before) = (positions as u128).checked_sub(1) else { return Room::Tokens(0) };
    match cache.longest(before) {
        Room::Tokens(tokens) => Room::Tokens(tokens.saturating_add(1)),
        Room::Unbounded => Room::Unbounded,
    }
}
