//! The memory of keys and values that decoding needs: how much of it, by how the heads share it.

use crate::error::MathError;

/// A decimal gigabyte, as makers of memory count.
pub const GB: f64 = 1e9;

/// A binary gigabyte, as programs count.
pub const GIB: f64 = 1_073_741_824.0;

/// The largest size of anything of a model.
pub const SIZE_LIMIT: u32 = 1 << 24;

/// The largest number of bits of a cached number.
pub const BITS_LIMIT: u32 = 64;

/// How the query heads share keys and values.
///
/// Source: <https://kexue.fm/archives/10091>.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AttentionKind {
    /// Multi-head attention: each head has keys and values of its own.
    Mha,
    /// Grouped-query attention: the heads of a group share theirs.
    Gqa {
        /// Number of groups, a divisor of the number of heads.
        groups: u32,
    },
    /// Multi-query attention: all heads share one key and one value.
    Mqa,
    /// Multi-head latent attention: all heads share a latent vector and a rotated key.
    Mla {
        /// Width of the latent vector, `d_c` (`kv_lora_rank`).
        d_c: u32,
        /// Width of the rotated key, `d_r` (`qk_rope_head_dim`); even, 0 for none.
        d_r: u32,
    },
}

/// The query heads of a layer. Of multi-head latent attention, `d_k` is the width without the rotated part.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Heads {
    /// How many, `h`.
    pub count: u32,
    /// Width of a key, `d_k`.
    pub d_k: u32,
    /// Width of a value, `d_v`.
    pub d_v: u32,
}

impl AttentionKind {
    /// Whether the sizes are possible.
    ///
    /// # Errors
    /// [`MathError::SizeZero`], [`MathError::SizeTooLarge`] (above [`SIZE_LIMIT`]), [`MathError::GroupsDoNotDivide`] listing the
    /// counts that do, [`MathError::DimNotEven`] (`d_r`).
    pub fn check(self, heads: Heads) -> Result<(), MathError> {
        for (field, size) in [("heads", heads.count), ("d_k", heads.d_k), ("d_v", heads.d_v)] {
            check_size(field, size)?;
        }
        match self {
            Self::Mha | Self::Mqa => Ok(()),
            Self::Gqa { groups } => {
                check_size("groups", groups)?;
                check_groups(heads.count, groups)
            }
            Self::Mla { d_c, d_r } => {
                check_size("d_c", d_c)?;
                if !d_r.is_multiple_of(2) {
                    return Err(MathError::DimNotEven(d_r as usize));
                }
                if d_r == 0 { Ok(()) } else { check_size("d_r", d_r) }
            }
        }
    }

    /// Groups of keys and values: `h`, `g` or 1; `None` for latent attention.
    pub const fn groups(self, heads: Heads) -> Option<u32> {
        match self {
            Self::Mha => Some(heads.count),
            Self::Gqa { groups } => Some(groups),
            Self::Mqa => Some(1),
            Self::Mla { .. } => None,
        }
    }

    /// Numbers a token adds to the cache of one layer: `g(d_k + d_v)`, `d_c + d_r` for latent attention.
    pub fn elements(self, heads: Heads) -> u64 {
        match self {
            Self::Mla { d_c, d_r } => u64::from(d_c) + u64::from(d_r),
            _ => u64::from(self.groups(heads).unwrap_or(1)).saturating_mul(pair(heads)),
        }
    }

    /// The same on the fullest of `devices` that share the heads (tensor parallelism).
    ///
    /// Groups are dealt out while there are any; beyond that, and for one group or a latent vector, each device keeps a copy. 0
    /// devices count as 1. Our own remark, not the post's.
    pub fn elements_per_device(self, heads: Heads, devices: u32) -> u64 {
        match self.groups(heads) {
            Some(groups) => u64::from(groups.div_ceil(devices.max(1))).saturating_mul(pair(heads)),
            None => self.elements(heads),
        }
    }

    /// With how many groups grouped-query attention would cache as much: 2.25 for DeepSeek-V2.
    pub fn equivalent_groups(self, heads: Heads) -> f64 {
        self.elements(heads) as f64 / pair(heads) as f64
    }

    /// Whether the cache is smaller than that of multi-head attention. Latent attention with `d_c + d_r ≥ h(d_k + d_v)` saves
    /// nothing.
    pub fn saves(self, heads: Heads) -> bool {
        self.elements(heads) < Self::Mha.elements(heads)
    }

    /// Whether a latent vector is wide enough to hold all keys and values of `groups` groups, `d_c ≥ g(d_k + d_v)`, so that it
    /// saves nothing beside grouped-query attention. `false` for all but latent attention.
    pub fn holds_groups(self, heads: Heads, groups: u32) -> bool {
        matches!(self, Self::Mla { d_c, .. } if u64::from(d_c) >= u64::from(groups).saturating_mul(pair(heads)))
    }
}

/// Numbers of one key and one value.
fn pair(heads: Heads) -> u64 {
    u64::from(heads.d_k) + u64::from(heads.d_v)
}

fn check_size(field: &'static str, size: u32) -> Result<(), MathError> {
    match size {
        0 => Err(MathError::SizeZero { field }),
        _ if size > SIZE_LIMIT => Err(MathError::SizeTooLarge { field, value: size.into(), limit: SIZE_LIMIT.into() }),
        _ => Ok(()),
    }
}

/// Whether heads can be shared evenly among groups.
///
/// # Errors
/// [`MathError::GroupsDoNotDivide`] listing the counts that do.
pub fn check_groups(heads: u32, groups: u32) -> Result<(), MathError> {
    if groups > 0 && heads.is_multiple_of(groups) {
        return Ok(());
    }
    Err(MathError::GroupsDoNotDivide { heads, groups, divisors: divisors(heads) })
}

/// All divisors, ascending; none of 0.
pub fn divisors(n: u32) -> Vec<u32> {
    let mut small: Vec<u32> = (1..=n.isqrt()).filter(|&d| n.is_multiple_of(d)).collect();
    let large: Vec<u32> = small.iter().rev().map(|&d| n / d).filter(|d| !small.contains(d)).collect();
    small.extend(large);
    small
}

/// The group of head `s`, `⌊s·g/h⌋`, both from 0; that is `⌈s·g/h⌉` from 1 as in the post.
pub const fn group_of_head(s: usize, groups: usize, heads: usize) -> usize {
    s * groups / heads
}

/// Layers that see only the last tokens.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Window {
    /// How many of the layers.
    pub layers: u32,
    /// How many tokens each of them keeps, `W`.
    pub tokens: u32,
}

/// The caches of all layers of a model.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct KvCache {
    /// Number of layers, those with a window included.
    pub layers: u32,
    /// The query heads of a layer.
    pub heads: Heads,
    /// How they share keys and values.
    pub kind: AttentionKind,
    /// Layers with a window, if any.
    pub window: Option<Window>,
}

/// How many tokens there are room for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Room {
    /// So many.
    Tokens(u64),
    /// As many as there may be: every layer has a window, and all windows fit.
    Unbounded,
}

impl KvCache {
    /// Whether the sizes are possible.
    ///
    /// # Errors
    /// Those of [`AttentionKind::check`]; [`MathError::SizeZero`] (layers, the window), [`MathError::SizeTooLarge`] (also more
    /// layers with a window than layers).
    pub fn check(&self) -> Result<(), MathError> {
        check_size("layers", self.layers)?;
        self.kind.check(self.heads)?;
        let Some(Window { layers, tokens }) = self.window else { return Ok(()) };
        if layers > self.layers {
            return Err(MathError::SizeTooLarge { field: "local layers", value: layers.into(), limit: self.layers.into() });
        }
        check_size("window", tokens)
    }

    /// The same model with heads that share otherwise.
    #[must_use]
    pub const fn with_kind(self, kind: AttentionKind) -> Self {
        Self { kind, ..self }
    }

    /// The same model on `devices` that share the heads: of each layer the part on the fullest device.
    ///
    /// See [`AttentionKind::elements_per_device`].
    pub fn elements_per_token_per_device(&self, devices: u32) -> u64 {
        self.kind.elements_per_device(self.heads, devices).saturating_mul(self.layers.into())
    }

    /// Numbers that a token adds to the caches of all layers, as long as no window is full: 262 144 for LLaMA2-7B.
    pub fn elements_per_token(&self) -> u64 {
        self.kind.elements(self.heads).saturating_mul(self.layers.into())
    }

    /// Cached positions of a text, summed over layers: `(L − L_w)·T + L_w·min(T, W)`.
    pub fn positions(&self, tokens: u64) -> u128 {
        let (full, local, window) = self.split();
        let tokens = u128::from(tokens);
        full * tokens + local * tokens.min(window)
    }

    /// The longest text whose cached positions, summed over layers, are at most so many.
    pub fn longest(&self, positions: u128) -> Room {
        let (full, local, window) = self.split();
        let Some(even) = positions.checked_div(full + local) else { return Room::Unbounded };
        let tokens = if even < window || local == 0 {
            even
        } else {
            // All windows are full; what is left is for the layers without one, if there are any.
            let Some(tokens) = (positions - local * window).checked_div(full) else { return Room::Unbounded };
            tokens
        };
        Room::Tokens(u64::try_from(tokens).unwrap_or(u64::MAX))
    }

    /// Layers without a window, layers with one, its tokens.
    fn split(&self) -> (u128, u128, u128) {
        let Window { layers, tokens } = self.window.unwrap_or(Window { layers: 0, tokens: 0 });
        let local = layers.min(self.layers);
        ((self.layers - local).into(), local.into(), tokens.into())
    }

    /// Numbers cached for a batch of equally long texts. Saturates at `u128::MAX`, as all that follows from it.
    pub fn elements(&self, tokens: u64, batch: u64) -> u128 {
        self.positions(tokens).saturating_mul(self.kind.elements(self.heads).into()).saturating_mul(batch.into())
    }

    /// Bits cached, exact; bytes of 6-bit numbers need not be whole.
    pub fn bits(&self, tokens: u64, batch: u64, bits: u32) -> u128 {
        self.elements(tokens, batch).saturating_mul(bits.into())
    }

    /// Bytes cached, `elements·bits/8`; exact up to `2^53` bits, else rounded once.
    pub fn bytes(&self, tokens: u64, batch: u64, bits: u32) -> f64 {
        self.bits(tokens, batch, bits) as f64 / 8.0
    }

    /// The length from which the curve of bytes against tokens bends, if it does.
    pub fn bend(&self) -> Option<u32> {
        self.window.filter(|window| window.layers > 0).map(|window| window.tokens)
    }
}

/// Where a reduction of the cache comes from: of two caches, first the numbers shrink, then the bits of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waterfall {
    /// Bytes a token before.
    pub before: f64,
    /// Bytes a token with the numbers of the new cache and the bits of the old.
    pub fewer: f64,
    /// Bytes a token with the new cache.
    pub after: f64,
}

impl Waterfall {
    /// From the elements a token and the bits an element, before and after.
    pub fn new(before: (u64, u32), after: (u64, u32)) -> Self {
        let bytes = |elements: u64, bits: u32| elements as f64 * f64::from(bits) / 8.0;
        Self { before: bytes(before.0, before.1), fewer: bytes(after.0, before.1), after: bytes(after.0, after.1) }
    }

    /// The paper's "93.3 %": DeepSeek-67B with 16 bits, DeepSeek-V2 with 6.
    ///
    /// The average of 6 bits is stated in the report (arXiv 2405.04434, 3.2.3), "93.3 %" in its abstract; that the one explains
    /// the other is our inference.
    pub fn deepseek_v2() -> Self {
        Self::new((194_560, 16), (34_560, 6))
    }

    /// Share saved by fewer numbers alone, 0.822 for DeepSeek-V2; 0 of nothing.
    pub fn by_elements(self) -> f64 {
        saved(self.before, self.fewer)
    }

    /// Share saved in all, 0.933 for DeepSeek-V2; 0 of nothing.
    pub fn total(self) -> f64 {
        saved(self.before, self.after)
    }
}

fn saved(before: f64, after: f64) -> f64 {
    if before == 0.0 { 0.0 } else { 1.0 - after / before }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisors_are_all_and_ascending() {
        assert_eq!(divisors(40), [1, 2, 4, 5, 8, 10, 20, 40]);
        assert_eq!(divisors(36), [1, 2, 3, 4, 6, 9, 12, 18, 36]);
        assert_eq!(divisors(71), [1, 71]);
        assert_eq!(divisors(1), [1]);
        assert_eq!(divisors(0), [0; 0]);
    }

    #[test]
    fn heads_fall_into_groups_of_equal_size_in_order() {
        let groups: Vec<usize> = (0..8).map(|s| group_of_head(s, 2, 8)).collect();
        assert_eq!(groups, [0, 0, 0, 0, 1, 1, 1, 1]);
        // The post counts both from 1: ⌈sg/h⌉.
        for s in 1..=8_usize {
            assert_eq!(group_of_head(s - 1, 2, 8) + 1, (s * 2).div_ceil(8));
        }
    }
}
