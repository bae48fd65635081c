//! How long a text fits into the memory of some cards, beside the weights.

use crate::accelerator::Accelerator;
use crate::kv_cache::{KvCache, Room};

/// Share of the memory that serving may use, the default of vLLM (`gpu_memory_utilization`).
pub const UTILISATION: f64 = 0.9;

/// Some equal cards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster<'a> {
    /// One of them.
    pub card: &'a Accelerator,
    /// How many.
    pub devices: u32,
    /// Share of the memory to use, `0..=1`; [`UTILISATION`] in the widget.
    pub utilisation: f64,
}

/// How the cache lies on several cards.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Placement {
    /// As if their memory were one: the formula of the spec.
    Pooled,
    /// Every card has its share of the weights and of the heads; what heads share is there on every card
    /// ([`elements_per_device`](crate::kv_cache::AttentionKind::elements_per_device)).
    TensorParallel,
}

/// What fits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fit {
    /// Not even the weights.
    WeightsTooLarge,
    /// Texts of so many tokens each.
    Fits(Room),
}

impl Fit {
    /// Tokens a text: none if the weights do not fit, `None` if there is no bound.
    pub const fn tokens(self) -> Option<u64> {
        match self {
            Self::WeightsTooLarge => Some(0),
            Self::Fits(Room::Tokens(tokens)) => Some(tokens),
            Self::Fits(Room::Unbounded) => None,
        }
    }
}

impl Cluster<'_> {
    /// Bytes that may be used, of all cards together.
    pub fn usable(&self) -> f64 {
        self.utilisation.clamp(0.0, 1.0) * self.card.memory * f64::from(self.devices)
    }

    /// Bytes left beside the weights; negative if they do not fit.
    pub fn room(&self, weight_bytes: f64) -> f64 {
        self.usable() - weight_bytes
    }

    /// The room, if the weights fit and are a number.
    fn room_beside(&self, weight_bytes: f64) -> Option<f64> {
        Some(self.room(weight_bytes)).filter(|room| *room >= 0.0)
    }

    /// How long each of `batch` texts can be, `⌊(u·memory·devices − weights)/bytes per token⌋` where no layer has a window.
    ///
    /// A batch of 0 counts as 1.
    pub fn longest(&self, cache: &KvCache, weight_bytes: f64, batch: u64, bits: u32, placement: Placement) -> Fit {
        let Some(room) = self.room_beside(weight_bytes) else { return Fit::WeightsTooLarge };
        let (room, elements) = self.share(cache, room, placement);
        let position = u128::from(elements).saturating_mul(batch.max(1).into()).saturating_mul(bits.max(1).into());
        Fit::Fits(cache.longest((room * 8.0) as u128 / position.max(1)))
    }

    /// How many texts of so many tokens fit; `None` if the weights do not. Empty texts fit without end, `u64::MAX`.
    pub fn batch(&self, cache: &KvCache, weight_bytes: f64, tokens: u64, bits: u32, placement: Placement) -> Option<u64> {
        let room = self.room_beside(weight_bytes)?;
        let (room, elements) = self.share(cache, room, placement);
        let text = cache.positions(tokens).saturating_mul(elements.into()).saturating_mul(bits.max(1).into());
        let texts = ((room * 8.0) as u128).checked_div(text).unwrap_or(u128::MAX);
        Some(u64::try_from(texts).unwrap_or(u64::MAX))
    }

    /// Bytes of room and numbers a position, of what is filled first.
    fn share(&self, cache: &KvCache, room: f64, placement: Placement) -> (f64, u64) {
        match placement {
            Placement::Pooled => (room, cache.kind.elements(cache.heads)),
            Placement::TensorParallel => {
                (room / f64::from(self.devices.max(1)), cache.kind.elements_per_device(cache.heads, self.devices))
            }
        }
    }
}
