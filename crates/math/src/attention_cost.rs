//! What attention costs in time and memory, with a cache and without: exact counts and logarithms of any size.

use crate::error::MathError;
pub use num_bigint::BigUint;
use std::f64::consts::{LN_10, PI};

/// The age of the universe, 13.8·10⁹ years, in seconds.
pub const AGE_OF_THE_UNIVERSE: f64 = 4.35e17;

/// `log10` of the number of atoms in the observable universe, as it is usually told.
pub const LOG10_ATOMS: f64 = 80.0;

/// Up to this `log10` a count is meant to be shown digit by digit.
pub const LOG10_SHOWN: f64 = 30.0;

/// Up to this size of the smaller index a binomial coefficient is multiplied out.
const FEW: u64 = 32;

/// How the next token is computed from the history.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Strategy {
    /// Keys and values of all layers are kept: `i` scores a layer for token `i`.
    KvCache,
    /// Nothing is kept between tokens, but each token recomputes the prefix layer by layer: `i(i+1)/2`
    /// scores a layer.
    PrefixRedo,
    /// Nothing is kept at all: each key is recomputed from the raw input, recursively.
    FullRecursion,
    /// Linear attention, for comparison: one update of a matrix state a token and layer.
    Linear,
}

impl Strategy {
    /// All, in the order of the spec.
    pub const ALL: [Self; 4] = [Self::KvCache, Self::PrefixRedo, Self::FullRecursion, Self::Linear];

    /// Scores `q·k` (for [`Strategy::Linear`]: state updates) for token `i` (from 1); exact.
    ///
    /// Full recursion: `C(i+N, N) − 1`. Work: grows with `min(N, i)` and the count's digits, so meant
    /// for counts of up to some thousand digits. Source: our own derivation.
    pub fn scores_of_token(self, layers: u64, i: u64) -> BigUint {
        let (n, wide) = (BigUint::from(layers), BigUint::from(i));
        match self {
            Self::KvCache => n * wide,
            Self::PrefixRedo => n * crate::tape::length(i),
            Self::FullRecursion => binomial(u128::from(i) + u128::from(layers), layers.min(i)) - 1_u32,
            Self::Linear if i == 0 => BigUint::ZERO,
            Self::Linear => n,
        }
    }

    /// Scores (for [`Strategy::Linear`]: state updates) for a text of `l` tokens; exact.
    ///
    /// KV cache `N·L(L+1)/2`, prefix redo `N·L(L+1)(L+2)/6`, full recursion
    /// `C(L+N+1, N+1) − 1 − L ~ L^{N+1}/(N+1)!`, linear `N·L`. Work: see [`Strategy::scores_of_token`].
    /// Source: our own derivation; the post only says "far beyond quadratic".
    pub fn scores(self, layers: u64, l: u64) -> BigUint {
        let n = BigUint::from(layers);
        match self {
            Self::KvCache => n * crate::tape::length(l),
            Self::PrefixRedo => n * crate::tape::length(l) * (BigUint::from(l) + 2_u32) / 3_u32,
            Self::FullRecursion => recursion_scores(layers, l),
            Self::Linear => n * l,
        }
    }

    /// `log10` of [`Strategy::scores`]; `−∞` for none. Constant work and at least 12 digits, for all sizes.
    pub fn log10_scores(self, layers: u64, l: u64) -> f64 {
        let (n, length) = (layers as f64, l as f64);
        if layers == 0 || l == 0 {
            return f64::NEG_INFINITY;
        }
        match self {
            // (L+1)·(L/2): the product of 64-bit numbers is far from the ends of f64.
            Self::KvCache => (n * length * (length + 1.0) / 2.0).log10(),
            Self::PrefixRedo => (n * length * (length + 1.0) * (length + 2.0) / 6.0).log10(),
            Self::FullRecursion => log10_recursion_scores(layers, l),
            Self::Linear => (n * length).log10(),
        }
    }

    /// [`Strategy::scores`] where it has at most some thirty digits ([`LOG10_SHOWN`]), which is little work for any
    /// size; none beyond.
    pub fn short_scores(self, layers: u64, l: u64) -> Option<BigUint> {
        (self.log10_scores(layers, l) <= LOG10_SHOWN).then(|| self.scores(layers, l))
    }

    /// What must be remembered besides input and output, for a text of `l` tokens.
    ///
    /// * KV cache: `N·L·(d_k + d_v)` numbers and one position.
    /// * Prefix redo: the layer in the making, in place from the newest token down, `L·d_model` numbers, the
    ///   working set of one layer, and two positions.
    /// * Full recursion: `N(d_model + d_k + d_v + 2) + 2·d_model` numbers (`h`, `q`, `m`, `z`, `y` a layer, one
    ///   vector down and one up) and `N` counters: `O(N log L)` bits.
    /// * Linear: `S` and `z` a layer, `N(d_k·d_v + d_k)` numbers, and nothing to count.
    ///
    /// Source: full recursion and KV cache from the spec, the rest our own derivation.
    pub fn memory(self, sizes: Sizes, l: u64) -> Memory {
        let Sizes { layers, d_model, d_k, d_v } = sizes.wide();
        let length = u128::from(l);
        let times = u128::saturating_mul;
        let frame = d_model + d_k + d_v + 2;
        let (numbers, counters) = match self {
            Self::KvCache => (times(times(layers, length), d_k + d_v), 1),
            Self::PrefixRedo => (times(length, d_model).saturating_add(frame), 2),
            Self::FullRecursion => (times(layers, frame).saturating_add(2 * d_model), layers),
            Self::Linear => (times(layers, times(d_k, d_v).saturating_add(d_k)), 0),
        };
        Memory { numbers, counter_bits: times(counters, u128::from(counter_bits(l))) }
    }
}

/// The sizes of a model, generic in the integer so that products can be taken in 128 bits.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Sizes<T = u64> {
    /// Layers, `N`.
    pub layers: T,
    /// Width of the hidden state.
    pub d_model: T,
    /// Width of a key, all key heads together.
    pub d_k: T,
    /// Width of a value, all value heads together.
    pub d_v: T,
}

impl Sizes {
    /// GPT-2 (124M): 12 layers of 768, 12 heads of 64.
    pub const GPT2: Self = Self { layers: 12, d_model: 768, d_k: 768, d_v: 768 };
    /// LLaMA2-7B: 32 layers of 4096, 32 heads of 128.
    pub const LLAMA2_7B: Self = Self { layers: 32, d_model: 4096, d_k: 4096, d_v: 4096 };
    /// LLaMA2-70B: 80 layers of 8192, 8 key-value heads of 128.
    pub const LLAMA2_70B: Self = Self { layers: 80, d_model: 8192, d_k: 1024, d_v: 1024 };

    fn wide(self) -> Sizes<u128> {
        let Self { layers, d_model, d_k, d_v } = self;
        Sizes { layers: layers.into(), d_model: d_model.into(), d_k: d_k.into(), d_v: d_v.into() }
    }

    /// The working memory by the post's count, `hidden·layers·2` numbers: 1 310 720 for LLaMA2-70B.
    ///
    /// Source: <https://kexue.fm/archives/10017>.
    pub fn working_memory(self) -> u128 {
        let Sizes { layers, d_model, .. } = self.wide();
        layers.saturating_mul(d_model).saturating_mul(2)
    }

    /// Numbers that a KV cache grows by with each token, `N(d_k + d_v)`: 163 840 for LLaMA2-70B.
    pub fn cache_per_token(self) -> u128 {
        let Sizes { layers, d_k, d_v, .. } = self.wide();
        layers.saturating_mul(d_k + d_v)
    }
}

/// A memory, in numbers and in the bits of its loop counters. Saturates at `u128::MAX`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Memory {
    /// Numbers, of whatever format.
    pub numbers: u128,
    /// Bits of the counters of positions, `⌈log₂L⌉` each.
    pub counter_bits: u128,
}

impl Memory {
    /// All bits, with numbers of so many bits.
    pub fn bits(self, bits_per_number: u64) -> u128 {
        self.numbers.saturating_mul(bits_per_number.into()).saturating_add(self.counter_bits)
    }
}

/// Bits of a counter of `l` positions, `⌈log₂L⌉`; 0 for one position or none.
pub const fn counter_bits(l: u64) -> u32 {
    if l <= 1 { 0 } else { u64::BITS - (l - 1).leading_zeros() }
}

/// How often full recursion reads a token of the input for token `i` (from 1), `C(i+N−1, N)`; exact. Without
/// layers once, without tokens never.
pub fn leaf_reads(layers: u64, i: u64) -> BigUint {
    match i.checked_sub(1) {
        Some(before) => binomial(u128::from(before) + u128::from(layers), layers.min(before)),
        None => BigUint::ZERO,
    }
}

/// `log10` of [`leaf_reads`]; `−∞` for none.
pub fn log10_leaf_reads(layers: u64, i: u64) -> f64 {
    if i == 0 { f64::NEG_INFINITY } else { ln_binomial(layers as f64, i as f64 - 1.0) / LN_10 }
}

/// `log10` of the scores of token `i` (from 1) under full recursion, `C(i+N, N) − 1`; `−∞` for none.
pub fn log10_recursion_scores_of_token(layers: u64, i: u64) -> f64 {
    log10_less(ln_binomial(layers as f64, i as f64), 1.0)
}

fn recursion_scores(layers: u64, l: u64) -> BigUint {
    let top = u128::from(l) + u128::from(layers) + 1;
    let all = if layers < l { binomial(top, layers + 1) } else { binomial(top, l) };
    all - 1_u32 - l
}

fn log10_recursion_scores(layers: u64, l: u64) -> f64 {
    if layers == 1 {
        // The difference cancels most here, and is known.
        return Strategy::KvCache.log10_scores(1, l);
    }
    log10_less(ln_binomial(layers as f64 + 1.0, l as f64), 1.0 + l as f64)
}

/// `log10(e^ln − less)`; `−∞` if nothing is left.
fn log10_less(ln: f64, less: f64) -> f64 {
    let rest = -less * (-ln).exp();
    if rest <= -1.0 + 1e-15 { f64::NEG_INFINITY } else { (ln + rest.ln_1p()) / LN_10 }
}

/// Scores of a text of `l` tokens if the outputs of layer `kept` are stored and all else is recomputed:
/// the layers below and above are two recursions of their own, `R(c) + R(N−c)`.
///
/// Memory [`checkpoint_memory`]. The least at `c = N/2`, which about takes the square root of the count. With
/// `c = 0` (the embeddings) or `c = N` nothing is gained. Source: our own derivation.
///
/// # Errors
/// [`MathError::NoSuchLayer`].
pub fn checkpoint_scores(layers: u64, kept: u64, l: u64) -> Result<BigUint, MathError> {
    let above = layers.checked_sub(kept).ok_or(MathError::NoSuchLayer { layer: kept, layers })?;
    Ok(recursion_scores(kept, l) + recursion_scores(above, l))
}

/// `log10` of [`checkpoint_scores`]; constant work.
///
/// # Errors
/// [`MathError::NoSuchLayer`].
pub fn log10_checkpoint_scores(layers: u64, kept: u64, l: u64) -> Result<f64, MathError> {
    let above = layers.checked_sub(kept).ok_or(MathError::NoSuchLayer { layer: kept, layers })?;
    let parts = [kept, above].map(|layers| Strategy::FullRecursion.log10_scores(layers, l));
    let (high, low) = (parts[0].max(parts[1]), parts[0].min(parts[1]));
    if high == f64::NEG_INFINITY {
        return Ok(high);
    }
    Ok(high + ((low - high) * LN_10).exp().ln_1p() / LN_10)
}

/// Memory with the outputs of layer `kept` stored: `L·d_model` numbers and the frames of the deeper of the two
/// recursions, `max(c, N−c)`.
///
/// # Errors
/// [`MathError::NoSuchLayer`].
pub fn checkpoint_memory(sizes: Sizes, kept: u64, l: u64) -> Result<Memory, MathError> {
    let layers = sizes.layers;
    let above = layers.checked_sub(kept).ok_or(MathError::NoSuchLayer { layer: kept, layers })?;
    let Memory { numbers, counter_bits } = Strategy::FullRecursion.memory(Sizes { layers: above.max(kept), ..sizes }, l);
    let stored = u128::from(l).saturating_mul(sizes.d_model.into());
    Ok(Memory { numbers: numbers.saturating_add(stored), counter_bits })
}

/// Decimal digits of `2^x`, `⌊x·log₁₀2⌋ + 1`; exact for every `x`.
pub fn digits_of_power_of_two(x: u64) -> u64 {
    // log10 2 to 128 bits, rounded down. The least distance of x·log10 2 from a whole number below 2^64 is
    // 2.7e-20 at x = 4415969241540963378, where the rounding amounts to 1.3e-20 at most: the floor is right.
    const HIGH: u128 = 0x4d10_4d42_7de7_fbcc;
    const LOW: u128 = 0x47c4_acd6_05be_48bc;
    let x = u128::from(x);
    (((x * HIGH + ((x * LOW) >> 64)) >> 64) + 1) as u64
}

/// The least `x` for which `2^x` has so many decimal digits; none where that passes `u64`. 0 digits count as 1.
pub fn power_of_two_with_digits(digits: u64) -> Option<u64> {
    if digits > digits_of_power_of_two(u64::MAX) {
        return None;
    }
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let middle = u64::midpoint(low, high);
        if digits_of_power_of_two(middle) < digits {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Some(low)
}

/// `C(n, k)`; exact, `k` multiplications and divisions.
fn binomial(n: u128, k: u64) -> BigUint {
    let mut product = BigUint::from(1_u32);
    for step in 1..=u128::from(k) {
        // After each step a binomial coefficient, so the division leaves no rest.
        product = product * (n - u128::from(k) + step) / step;
    }
    product
}

/// `ln C(a+b, a)` for whole numbers that are not negative; relative error some 1e-15.
///
/// By Stirling's series with the large terms put together, `a ln(1+b/a) + b ln(1+a/b)`, which are both positive:
/// the difference of three `ln Γ` would lose as many digits as `a` has. Few factors are multiplied out.
fn ln_binomial(a: f64, b: f64) -> f64 {
    let (few, many) = (a.min(b), a.max(b));
    if few <= FEW as f64 {
        // The product is below (1e20)^32 / 32!, so only its logarithm is in range.
        return (1..=few as u64).map(|step| ((many + step as f64) / step as f64).ln()).sum();
    }
    let sum = few + many;
    few * (many / few).ln_1p() + many * (few / many).ln_1p() + 0.5 * (sum / (2.0 * PI * few * many)).ln() + stirling(sum)
        - stirling(few)
        - stirling(many)
}

/// `ln n! − (n ln n − n + ½ ln 2πn)`, within 1e-17 for `n ≥ 32`.
fn stirling(n: f64) -> f64 {
    let square = 1.0 / (n * n);
    // 1/12n − 1/360n³ + 1/1260n⁵ − 1/1680n⁷
    (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0))) / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binomials_are_those_of_pascals_triangle() {
        let mut row = vec![BigUint::from(1_u32)];
        for n in 1..80_u64 {
            let mut next = vec![BigUint::from(1_u32)];
            next.extend(row.windows(2).map(|pair| &pair[0] + &pair[1]));
            next.push(BigUint::from(1_u32));
            row = next;
            for (k, expected) in (0..).zip(&row) {
                assert_eq!(binomial(n.into(), k), *expected);
                let ln = expected.to_string().parse::<f64>().expect("digits").ln();
                assert!((ln_binomial(k as f64, (n - k) as f64) - ln).abs() <= 4e-15 * ln.max(1.0), "C({n}, {k})");
            }
        }
    }

    #[test]
    fn the_logarithm_is_smooth_where_the_method_changes() {
        for many in [40.0_f64, 1e3, 1e6, 1e12, 1.8e19] {
            let direct: f64 = (1..=33_u32).map(|step| ((many + f64::from(step)) / f64::from(step)).ln()).sum();
            assert!((ln_binomial(33.0, many) / direct - 1.0).abs() < 1e-14, "{many}");
        }
    }

    #[test]
    fn counters_have_the_bits_they_need() {
        let expected = [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (1024, 10), (1025, 11), (u64::MAX, 64)];
        for (l, bits) in expected {
            assert_eq!(counter_bits(l), bits, "{l}");
        }
    }
}
