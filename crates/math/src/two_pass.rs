//! (Leaky) ReRoPE as it is computed: two passes of ordinary rotary scores, of which each pair takes one.

use crate::attention::check_matrix;
use crate::axis::Axis;
use crate::error::MathError;
use crate::frequency_plan::Pair;
use crate::rope::{PairLayout, rotate};

/// Pairs of one axis with the given frequencies.
fn pairs(theta: &[f64]) -> Vec<Pair> {
    theta.iter().map(|&theta| Pair { axis: Axis::T, theta }).collect()
}

fn turned(x: &[f64], pairs: &[Pair], position: f64) -> Result<Vec<f64>, MathError> {
    rotate(x, pairs, [position, 0.0, 0.0], PairLayout::Interleaved)
}

fn dot(q: &[f64], k: &[f64]) -> f64 {
    q.iter().zip(k).map(|(q, k)| q * k).sum()
}

/// Checks a window and a slope; the slope may be infinite, which is ReRoPE.
fn check(w: usize, k: f64) -> Result<(), MathError> {
    if w == 0 {
        return Err(MathError::BelowOne { field: "w", value: 0.0 });
    }
    if k.is_nan() || k < 1.0 {
        return Err(MathError::BelowOne { field: "k", value: k });
    }
    Ok(())
}

/// The two rotations of every query and key that the two passes multiply.
///
/// Near, `δ < w`: `R^i q · R^j k`. Far: `R^{(i−w)/k+w} q · R^{j/k} k`, for ReRoPE (`k = ∞`) `R^w q · k`.
/// Source: <https://kexue.fm/archives/9708> and its code.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoPass {
    near: [Vec<Vec<f64>>; 2],
    far: [Vec<Vec<f64>>; 2],
    w: usize,
}

impl TwoPass {
    /// Rotates queries and keys twice.
    ///
    /// Shape: `q` and `keys` both `n × d`, row-major, `d` twice the number of frequencies, pairs interleaved. Range: `w ≥ 1`; `1 ≤ k ≤ ∞`.
    ///
    /// # Errors
    /// [`MathError::Empty`] (no frequencies), [`MathError::LengthMismatch`], [`MathError::ShapeMismatch`] (no whole rows),
    /// [`MathError::EntryNotFinite`], [`MathError::BelowOne`] (`w`, `k`).
    pub fn new(q: &[f64], keys: &[f64], theta: &[f64], w: usize, k: f64) -> Result<Self, MathError> {
        check(w, k)?;
        if theta.is_empty() {
            return Err(MathError::Empty);
        }
        if q.len() != keys.len() {
            return Err(MathError::LengthMismatch { left: q.len(), right: keys.len() });
        }
        let d = 2 * theta.len();
        check_matrix("q", q, q.len() / d, d)?;
        check_matrix("k", keys, keys.len() / d, d)?;
        check_matrix("theta", theta, 1, theta.len())?;
        let pairs = pairs(theta);
        let rows = |x: &[f64], position: &dyn Fn(f64) -> f64| -> Result<Vec<Vec<f64>>, MathError> {
            x.chunks_exact(d).enumerate().map(|(row, x)| turned(x, &pairs, position(row as f64))).collect()
        };
        let window = w as f64;
        Ok(Self {
            near: [rows(q, &|i| i)?, rows(keys, &|j| j)?],
            far: [rows(q, &|i| (i - window) / k + window)?, rows(keys, &|j| j / k)?],
            w,
        })
    }

    /// The score of query `i` and key `j ≤ i`, not scaled; `None` for later keys and those that are not there.
    pub fn score(&self, i: usize, j: usize) -> Option<f64> {
        let [queries, keys] = if i.checked_sub(j)? < self.w { &self.near } else { &self.far };
        Some(dot(queries.get(i)?, keys.get(j)?))
    }
}

/// The scores of the last query as a decoder computes them in one pass: the query unturned, key `j` turned by
/// `max(j − i, (j − i + w)/k − w)`.
///
/// Shape: `q` of `d`, `keys` `n × d`; one score a key, not scaled. Source: as [`TwoPass`].
///
/// # Errors
/// As [`TwoPass::new`].
pub fn decode_scores(q: &[f64], keys: &[f64], theta: &[f64], w: usize, k: f64) -> Result<Vec<f64>, MathError> {
    check(w, k)?;
    if theta.is_empty() {
        return Err(MathError::Empty);
    }
    let d = 2 * theta.len();
    check_matrix("q", q, 1, d)?;
    check_matrix("k", keys, keys.len() / d, d)?;
    check_matrix("theta", theta, 1, theta.len())?;
    let (pairs, window, n) = (pairs(theta), w as f64, keys.len() / d);
    let score = |(j, key): (usize, &[f64])| {
        let relative = j as f64 - (n as f64 - 1.0);
        Ok(dot(q, &turned(key, &pairs, relative.max((relative + window) / k - window))?))
    };
    keys.chunks_exact(d).enumerate().map(score).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_looked_at() {
        assert_eq!(
            TwoPass::new(&[1.0; 3], &[1.0; 3], &[1.0], 1, 2.0).err(),
            Some(MathError::ShapeMismatch { field: "q", expected: 2, found: 3 })
        );
        assert_eq!(TwoPass::new(&[], &[], &[1.0], 0, 2.0).err(), Some(MathError::BelowOne { field: "w", value: 0.0 }));
        assert_eq!(decode_scores(&[1.0; 2], &[], &[1.0], 1, f64::INFINITY), Ok(Vec::new()));
        let none = TwoPass::new(&[], &[], &[1.0], 1, 2.0).expect("legal");
        assert_eq!(none.score(0, 0), None);
    }
}
