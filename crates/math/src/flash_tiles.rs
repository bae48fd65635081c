//! A row of attention read in blocks, and the tree that merges their states (the tiles of `FlashAttention`).

use crate::attention::Attention;
use crate::attention_state::{Form, State};
use crate::error::MathError;
use crate::rounding::Format;
use std::ops::Range;

/// A block of keys and the state that has read them.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// The keys, from 0.
    pub keys: Range<usize>,
    /// What was read of them.
    pub state: State,
}

/// The keys of query `i` (0-based), split before each of `cuts`: one tile a block, oldest keys first.
///
/// `cuts` must not decrease; those at the ends or repeated make empty tiles, which are identities.
/// Source: `FlashAttention` (arXiv:2205.14135).
///
/// # Errors
/// [`MathError::TargetOutOfRange`] (the query, or a cut beyond `i + 1` or below the one before).
pub fn tiles(attention: &Attention, i: usize, cuts: &[usize]) -> Result<Vec<Tile>, MathError> {
    attention.check_query(i)?;
    let mut tiles = Vec::with_capacity(cuts.len() + 1);
    let mut begin = 0;
    for &cut in cuts.iter().chain([&(i + 1)]) {
        if !(begin..=i + 1).contains(&cut) {
            return Err(MathError::TargetOutOfRange { target: cut, len: i + 2 });
        }
        tiles.push(read(attention, i, begin..cut));
        begin = cut;
    }
    Ok(tiles)
}

/// The keys of query `i` (0-based) in tiles of `size`, the last one maybe shorter; at least one tile.
///
/// # Errors
/// [`MathError::TargetOutOfRange`] (the query), [`MathError::KeepNone`] for a size of 0.
pub fn even_tiles(attention: &Attention, i: usize, size: usize) -> Result<Vec<Tile>, MathError> {
    if size == 0 {
        return Err(MathError::KeepNone);
    }
    let cuts: Vec<usize> = (1..=i / size).map(|tile| tile * size).collect();
    tiles(attention, i, &cuts)
}

fn read(attention: &Attention, i: usize, keys: Range<usize>) -> Tile {
    let mut state = State::new(Form::Safe, Format::F64, attention.width());
    for key in keys.clone() {
        let score = attention.scores(i)[key];
        if score > f64::NEG_INFINITY {
            state.push_checked(score, attention.value(key));
        }
    }
    Tile { keys, state }
}

/// The merge tree of neighbours: level 0 the tiles themselves, each level half as long, the last one tile
/// that has read everything. No levels for no tiles.
///
/// # Errors
/// [`MathError::LengthMismatch`] if the widths differ.
pub fn merge_tree(tiles: Vec<Tile>) -> Result<Vec<Vec<Tile>>, MathError> {
    if tiles.is_empty() {
        return Ok(Vec::new());
    }
    let mut levels = Vec::new();
    let mut level = tiles;
    while level.len() > 1 {
        let mut next = Vec::with_capacity(level.len().div_ceil(2));
        for pair in level.chunks(2) {
            next.push(match pair {
                [left, right] => Tile { keys: left.keys.start..right.keys.end, state: left.state.merge(&right.state)? },
                rest => rest[0].clone(),
            });
        }
        levels.push(level);
        level = next;
    }
    levels.push(level);
    Ok(levels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_of_five_has_four_levels() {
        let attention = Attention::from_scores(1, vec![0.0], vec![1.0], 1).expect("legal");
        let leaves = tiles(&attention, 0, &[0, 0, 1, 1]).expect("legal");
        assert_eq!(leaves.len(), 5);
        let levels = merge_tree(leaves).expect("same widths");
        assert_eq!(levels.iter().map(Vec::len).collect::<Vec<_>>(), [5, 3, 2, 1]);
        assert_eq!(levels[3][0].keys, 0..1);
        assert_eq!(levels[3][0].state.output(), Some(vec![1.0]));
        assert_eq!(merge_tree(Vec::new()), Ok(Vec::new()));
    }

    #[test]
    fn tiles_of_even_size_cover_the_row() {
        let attention = Attention::from_scores(3, vec![0.0; 6], vec![0.0; 3], 1).expect("legal");
        let ranges = |size| -> Result<Vec<Range<usize>>, MathError> {
            Ok(even_tiles(&attention, 2, size)?.into_iter().map(|tile| tile.keys).collect())
        };
        let cases: [(usize, &[[usize; 2]]); 4] =
            [(1, &[[0, 1], [1, 2], [2, 3]]), (2, &[[0, 2], [2, 3]]), (3, &[[0, 3]]), (9, &[[0, 3]])];
        for (size, expected) in cases {
            assert_eq!(ranges(size), Ok(expected.iter().map(|&[first, end]| first..end).collect()));
        }
        assert_eq!(ranges(0), Err(MathError::KeepNone));
        assert_eq!(tiles(&attention, 2, &[2, 1]).err(), Some(MathError::TargetOutOfRange { target: 1, len: 4 }));
        assert_eq!(tiles(&attention, 3, &[]).err(), Some(MathError::TargetOutOfRange { target: 3, len: 3 }));
    }
}
