//! Rotary position embedding: rotations of vectors by their positions, exactly and fast.

use crate::axis::Axis;
use crate::error::MathError;
use crate::frequency_plan::Pair;
use crate::token_layout::TokenLayout;
use wide::{bytemuck, f32x4};

/// The coordinates of a token on the axes `t`, `h`, `w`; those that no pair reads are ignored.
pub type Point = [f64; 3];

/// Which two components of a vector make pair `i`.
///
/// The two are one permutation apart ([`PairLayout::permutation_to`]), so dot products agree.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PairLayout {
    /// `(2i, 2i + 1)`: the posts.
    Interleaved,
    /// `(i, i + d/2)`: the code of Hugging Face.
    HalfSplit,
}

impl PairLayout {
    /// The components of pair `i` in a vector of `d`, `i < d/2`.
    pub const fn components(self, i: usize, d: usize) -> (usize, usize) {
        match self {
            Self::Interleaved => (2 * i, 2 * i + 1),
            Self::HalfSplit => (i, i + d / 2),
        }
    }

    /// The permutation `π` of `0..d` that carries vectors over to the other layout: component `π[j]` here is
    /// component `j` there.
    ///
    /// Range: `d` even (of an odd `d` the last component is left out).
    pub fn permutation_to(self, other: Self, d: usize) -> Vec<usize> {
        let mut permutation = vec![0; d / 2 * 2];
        for i in 0..d / 2 {
            let (here, there) = (self.components(i, d), other.components(i, d));
            permutation[there.0] = here.0;
            permutation[there.1] = here.1;
        }
        permutation
    }
}

/// The angle `p_a·θ` of a pair at a point, reduced to `−π..=π` radians.
pub fn angle(pair: Pair, point: Point) -> f64 {
    let (sin, cos) = phase(pair, point).sin_cos();
    sin.atan2(cos)
}

fn phase(pair: Pair, point: Point) -> f64 {
    point[pair.axis.index()] * pair.theta
}

/// A vector rotated by a position: `(x, y) ↦ (x cos φ − y sin φ, x sin φ + y cos φ)` for each pair, `φ = p_a·θ`.
///
/// Shape: as `x`, twice the number of pairs. In `f64`, angles reduced by the library's sine and cosine; the
/// error is that of rounding `φ`, at most `2^-53·|φ|`, and of a few operations.
/// Source: <https://kexue.fm/archives/8265>.
///
/// # Errors
/// [`MathError::LengthMismatch`], [`MathError::NotFinite`] (a coordinate that is read; its index is that of the
/// axis).
pub fn rotate(x: &[f64], pairs: &[Pair], point: Point, layout: PairLayout) -> Result<Vec<f64>, MathError> {
    if x.len() != 2 * pairs.len() {
        return Err(MathError::LengthMismatch { left: x.len(), right: 2 * pairs.len() });
    }
    let mut rotated = vec![0.0; x.len()];
    rotate_into(x, pairs, point, layout, &mut rotated)?;
    Ok(rotated)
}

fn rotate_into(x: &[f64], pairs: &[Pair], point: Point, layout: PairLayout, out: &mut [f64]) -> Result<(), MathError> {
    for (i, &pair) in pairs.iter().enumerate() {
        let (first, second) = layout.components(i, x.len());
        let index = pair.axis.index();
        if !point[index].is_finite() {
            return Err(MathError::NotFinite { index, value: point[index] });
        }
        let (sin, cos) = phase(pair, point).sin_cos();
        out[first] = x[first] * cos - x[second] * sin;
        out[second] = x[first] * sin + x[second] * cos;
    }
    Ok(())
}

/// The points of all tokens of a layout, for the pairs of a plan.
///
/// Shape: one point for each token; coordinates that no pair reads are 0.
///
/// # Errors
/// [`MathError::AxisMissing`] if a pair reads time and the layout has only rows and columns.
pub fn points(layout: &TokenLayout, pairs: &[Pair]) -> Result<Vec<Point>, MathError> {
    let mut points = vec![[0.0; 3]; layout.len()];
    for axis in Axis::ALL {
        if pairs.iter().all(|pair| pair.axis != axis) {
            continue;
        }
        let column = layout.coordinates(axis).ok_or(MathError::AxisMissing { axis: axis.letter() })?;
        for (point, &coordinate) in points.iter_mut().zip(column) {
            point[axis.index()] = coordinate;
        }
    }
    Ok(points)
}

/// The rows of a matrix, each rotated by its point.
///
/// Shape: `x` and the result `n × d` row-major, a token a row; `n` points, `d` twice the number of pairs.
///
/// # Errors
/// Those of [`rotate`].
pub fn rotate_rows(x: &[f64], pairs: &[Pair], points: &[Point], layout: PairLayout) -> Result<Vec<f64>, MathError> {
    let d = 2 * pairs.len();
    if x.len() != d * points.len() {
        return Err(MathError::LengthMismatch { left: x.len(), right: d * points.len() });
    }
    let mut rotated = vec![0.0; x.len()];
    if d > 0 {
        for ((row, out), &point) in x.chunks_exact(d).zip(rotated.chunks_exact_mut(d)).zip(points) {
            rotate_into(row, pairs, point, layout, out)?;
        }
    }
    Ok(rotated)
}

/// The score `(R_m q)·(R_n k)` of a query at the point `m` and a key at `n`.
///
/// # Errors
/// Those of [`rotate`].
pub fn score((q, m): (&[f64], Point), (k, n): (&[f64], Point), pairs: &[Pair], layout: PairLayout) -> Result<f64, MathError> {
    let (q, k) = (rotate(q, pairs, m, layout)?, rotate(k, pairs, n, layout)?);
    Ok(q.iter().zip(&k).map(|(q, k)| q * k).sum())
}

/// The same score by the relative position alone: `q·(R_{n−m} k)`.
///
/// # Errors
/// Those of [`rotate`].
pub fn relative_score(
    (q, m): (&[f64], Point),
    (k, n): (&[f64], Point),
    pairs: &[Pair],
    layout: PairLayout,
) -> Result<f64, MathError> {
    if q.len() != k.len() {
        return Err(MathError::LengthMismatch { left: q.len(), right: k.len() });
    }
    let k = rotate(k, pairs, [n[0] - m[0], n[1] - m[1], n[2] - m[2]], layout)?;
    Ok(q.iter().zip(&k).map(|(q, k)| q * k).sum())
}

/// How many rows share one start: their rotations are the start's times those of a table.
const BLOCK: usize = 32;

/// After how many blocks the start is computed anew from its angle.
const RESYNC: usize = 64;

/// Cosines and sines of four pairs.
type Quad = [f32x4; 2];

/// Rotates the rows of an `n × d` matrix in place by the consecutive positions `first, first + 1, …`, all
/// pairs reading the same number.
///
/// Shape: `x` row-major, a token a row; `d` twice the number of frequencies. In `f32` lanes, for pixels and
/// throughput: each component is off by at most 5e-7 times the length of its pair, however many rows (plus what
/// rounding `p·θ` in `f64` costs at huge positions).
///
/// Rotations are multiplied, not angles evaluated: a start that turns in `f64` by 32 rows at a time and is
/// computed anew every 2048 rows, times a table of the 32 rotations within.
///
/// # Errors
/// [`MathError::Empty`] (no frequencies), [`MathError::LengthMismatch`] (no whole rows),
/// [`MathError::NotFinite`] (`first`, or a frequency with its index).
pub fn rotate_rows_f32(x: &mut [f32], theta: &[f64], first: f64, layout: PairLayout) -> Result<(), MathError> {
    let d = 2 * theta.len();
    if d == 0 {
        return Err(MathError::Empty);
    }
    if !x.len().is_multiple_of(d) {
        return Err(MathError::LengthMismatch { left: x.len(), right: d });
    }
    if !first.is_finite() {
        return Err(MathError::NotFinite { index: 0, value: first });
    }
    if let Some((index, &value)) = theta.iter().enumerate().find(|(_, theta)| !theta.is_finite()) {
        return Err(MathError::NotFinite { index, value });
    }
    let mut rotations = Rotations::new(theta, 0.0, 1.0);
    let mut table: Vec<Quad> = Vec::with_capacity(BLOCK * theta.len().div_ceil(4));
    for _ in 0..BLOCK {
        table.extend(rotations.quads());
        rotations.turn();
    }
    let quads = table.len() / BLOCK;
    let mut begin: Vec<Quad> = Vec::with_capacity(quads);
    for (group, rows) in x.chunks_mut(RESYNC * BLOCK * d).enumerate() {
        let mut start = Rotations::new(theta, first + (group * RESYNC * BLOCK) as f64, BLOCK as f64);
        for block in rows.chunks_mut(BLOCK * d) {
            begin.clear();
            begin.extend(start.quads());
            for (row, within) in block.chunks_exact_mut(d).zip(table.chunks_exact(quads)) {
                match layout {
                    PairLayout::Interleaved => rotate_interleaved(row, &begin, within),
                    PairLayout::HalfSplit => rotate_half_split(row, &begin, within),
                }
            }
            start.turn();
        }
    }
    Ok(())
}

fn cos_sin(angle: f64) -> [f64; 2] {
    let (sin, cos) = angle.sin_cos();
    [cos, sin]
}

/// One rotation for each frequency, and the one it turns by, in `f64`.
pub(crate) struct Rotations {
    now: Vec<[f64; 2]>,
    step: Vec<[f64; 2]>,
}

impl Rotations {
    /// The rotations by `position·θ`, to be turned by `step·θ`.
    pub(crate) fn new(theta: &[f64], position: f64, step: f64) -> Self {
        Self::with_phases(theta, &[], position, step)
    }

    /// The rotations by `position·θ_i + φ_i`, to be turned by `step·θ_i`; phases that are missing are 0.
    pub(crate) fn with_phases(theta: &[f64], phases: &[f64], position: f64, step: f64) -> Self {
        let phases = phases.iter().copied().chain(std::iter::repeat(0.0));
        let now = theta.iter().zip(phases).map(|(theta, phase)| cos_sin(position * theta + phase)).collect();
        Self { now, step: theta.iter().map(|theta| cos_sin(step * theta)).collect() }
    }

    /// One step on.
    pub(crate) fn turn(&mut self) {
        for ([cos, sin], [step_cos, step_sin]) in self.now.iter_mut().zip(&self.step) {
            (*cos, *sin) = (*cos * step_cos - *sin * step_sin, *sin * step_cos + *cos * step_sin);
        }
    }

    /// Cosine and sine for each frequency.
    pub(crate) fn now(&self) -> &[[f64; 2]] {
        &self.now
    }

    /// By four, rounded to `f32`; the last ones filled up with zeros.
    fn quads(&self) -> impl Iterator<Item = Quad> {
        self.now.chunks(4).map(|four| {
            let mut quad = [[0.0_f32; 4]; 2];
            for (lane, &[cos, sin]) in four.iter().enumerate() {
                quad[0][lane] = cos as f32;
                quad[1][lane] = sin as f32;
            }
            bytemuck::cast(quad)
        })
    }
}

/// Four pairs turned by the product of two rotations.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each four pairs would cost as much as the work")]
fn turn_quad(x: f32x4, y: f32x4, [cos, sin]: &Quad, [within_cos, within_sin]: &Quad) -> [f32x4; 2] {
    let c = *cos * *within_cos - *sin * *within_sin;
    let s = *sin * *within_cos + *cos * *within_sin;
    [x * c - y * s, x * s + y * c]
}

fn rotate_interleaved(row: &mut [f32], begin: &[Quad], within: &[Quad]) {
    let (chunks, rest) = row.as_chunks_mut::<8>();
    for ((chunk, begin), within) in chunks.iter_mut().zip(begin).zip(within) {
        turn_interleaved(chunk, begin, within);
    }
    if let (Some(begin), Some(within), false) = (begin.last(), within.last(), rest.is_empty()) {
        let mut chunk = [0.0; 8];
        chunk[..rest.len()].copy_from_slice(rest);
        turn_interleaved(&mut chunk, begin, within);
        rest.copy_from_slice(&chunk[..rest.len()]);
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each four pairs would cost as much as the work")]
fn turn_interleaved(chunk: &mut [f32; 8], begin: &Quad, within: &Quad) {
    let [a, b]: [f32x4; 2] = bytemuck::cast(*chunk);
    // x0 y0 x1 y1 | x2 y2 x3 y3  →  x0 x2 y0 y2 | x1 x3 y1 y3  →  x0 x1 x2 x3 | y0 y1 y2 y3, and back.
    let (even, odd) = (a.unpack_lo(b), a.unpack_hi(b));
    let [x, y] = turn_quad(even.unpack_lo(odd), even.unpack_hi(odd), begin, within);
    *chunk = bytemuck::cast([x.unpack_lo(y), x.unpack_hi(y)]);
}

fn rotate_half_split(row: &mut [f32], begin: &[Quad], within: &[Quad]) {
    let (left, right) = row.split_at_mut(row.len() / 2);
    let (left, left_rest) = left.as_chunks_mut::<4>();
    let (right, right_rest) = right.as_chunks_mut::<4>();
    for (((x, y), begin), within) in left.iter_mut().zip(right).zip(begin).zip(within) {
        [*x, *y] = turn_half_split(*x, *y, begin, within);
    }
    if let (Some(begin), Some(within), false) = (begin.last(), within.last(), left_rest.is_empty()) {
        let (mut x, mut y) = ([0.0; 4], [0.0; 4]);
        x[..left_rest.len()].copy_from_slice(left_rest);
        y[..right_rest.len()].copy_from_slice(right_rest);
        [x, y] = turn_half_split(x, y, begin, within);
        left_rest.copy_from_slice(&x[..left_rest.len()]);
        right_rest.copy_from_slice(&y[..right_rest.len()]);
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each four pairs would cost as much as the work")]
fn turn_half_split(x: [f32; 4], y: [f32; 4], begin: &Quad, within: &Quad) -> [[f32; 4]; 2] {
    // Not by `f32x4::new`, which on wasm becomes two half loads.
    let [x, y] = [x, y].map(bytemuck::cast::<[f32; 4], f32x4>);
    turn_quad(x, y, begin, within).map(bytemuck::cast)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frequency_plan::FrequencyPlan;

    #[test]
    fn the_two_layouts_are_one_permutation_apart() {
        let permutation = PairLayout::Interleaved.permutation_to(PairLayout::HalfSplit, 8);
        assert_eq!(permutation, [0, 2, 4, 6, 1, 3, 5, 7]);
        let pairs = FrequencyPlan::Rope1d.pairs(8, 1e4).expect("legal");
        let x: Vec<f64> = (0..8_u32).map(|j| f64::from(j) - 2.5).collect();
        let carried = |x: &[f64]| -> Vec<f64> { permutation.iter().map(|&j| x[j]).collect() };
        let point = [17.5, 0.0, 0.0];
        let here = rotate(&x, &pairs, point, PairLayout::Interleaved).expect("legal");
        let there = rotate(&carried(&x), &pairs, point, PairLayout::HalfSplit).expect("legal");
        assert_eq!(carried(&here), there);
        let back = PairLayout::HalfSplit.permutation_to(PairLayout::Interleaved, 8);
        assert_eq!(back.iter().map(|&j| permutation[j]).collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
    }

    #[test]
    fn an_angle_is_reduced_to_half_a_turn() {
        let pair = Pair { axis: Axis::H, theta: 0.5 };
        assert_eq!(angle(pair, [9.0, 0.0, 9.0]), 0.0);
        assert!((angle(pair, [0.0, 7.0, 0.0]) - (3.5 - std::f64::consts::TAU)).abs() < 1e-15);
    }
}
