//! Tiles of scores that a window's edge crosses, and which therefore need two passes.

use crate::error::MathError;

/// What a tile of `B × B` scores holds.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TileKind {
    /// Only pairs inside of the window, `i − j < w`: one pass.
    Local,
    /// Only pairs outside: one pass.
    Far,
    /// Both: two passes.
    Mixed,
}

/// How many tiles of the lower triangle are of each kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TileCounts {
    /// Inside of the window.
    pub local: u64,
    /// Outside.
    pub far: u64,
    /// Across its edge.
    pub mixed: u64,
}

impl TileCounts {
    /// Counts the tiles of `length` tokens by tiles of side `b`.
    ///
    /// `O(n ln n)` in the `n = length/b` rows of tiles. Source: the remark on flash attention of <https://kexue.fm/archives/9708>; the count is ours.
    ///
    /// # Errors
    /// [`MathError::BelowOne`] (`w`, `B`), [`MathError::TooMany`] (more than 2^15 tiles a side).
    pub fn new(length: usize, w: usize, b: usize) -> Result<Self, MathError> {
        const LIMIT: usize = 1 << 15;
        for (field, value) in [("w", w), ("B", b)] {
            if value == 0 {
                return Err(MathError::BelowOne { field, value: 0.0 });
            }
        }
        let side = length.div_ceil(b);
        if side > LIMIT {
            return Err(MathError::TooMany { limit: LIMIT });
        }
        let mut counts = Self::default();
        for row in 0..side {
            // Along a row tiles are far, then mixed, then local: two places say it all.
            let before = |is_before: &dyn Fn(TileKind) -> bool| {
                let (mut low, mut high) = (0, row + 1);
                while low < high {
                    let middle = usize::midpoint(low, high);
                    if is_before(tile_kind(row, middle, length, w, b)) {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                low as u64
            };
            let (far, crossed) = (before(&|kind| kind == TileKind::Far), before(&|kind| kind != TileKind::Local));
            counts.far += far;
            counts.mixed += crossed - far;
            counts.local += row as u64 + 1 - crossed;
        }
        Ok(counts)
    }

    /// All tiles.
    pub const fn total(&self) -> u64 {
        self.local + self.far + self.mixed
    }

    /// Passes over a tile, on average, `1..=2`: what (Leaky) ReRoPE costs; 1 for no tiles.
    pub fn passes(&self) -> f64 {
        if self.total() == 0 { 1.0 } else { 1.0 + self.mixed as f64 / self.total() as f64 }
    }
}

/// The kind of the tile in row `row` and column `column ≤ row`, of those of its pairs that are causal and exist.
///
/// The parameters are assumed to be legal; a side of 0 counts as 1.
pub fn tile_kind(row: usize, column: usize, length: usize, w: usize, b: usize) -> TileKind {
    let b = b.max(1);
    let last = |tile: usize| (tile + 1).saturating_mul(b).min(length).saturating_sub(1);
    let smallest = (row * b).saturating_sub(last(column));
    let largest = last(row).saturating_sub(column * b);
    if largest < w {
        TileKind::Local
    } else if smallest >= w {
        TileKind::Far
    } else {
        TileKind::Mixed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_tiles_are_mixed() {
        let counts = TileCounts::new(4096, 1024, 128).expect("legal");
        assert_eq!((counts.mixed, counts.total()), (24, 528));
        assert!((counts.passes() - 1.0 - 24.0 / 528.0).abs() < 1e-15);
        assert_eq!(TileCounts::new(0, 1, 1).map(|counts| counts.passes()), Ok(1.0));
        assert!(TileCounts::new(1 << 20, 1, 1).is_err());
        assert_eq!(TileCounts::new(usize::MAX, 1, usize::MAX / 2 + 1).map(|counts| counts.total()), Ok(3));
    }
}
