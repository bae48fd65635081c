//! Causal attention in single precision and SIMD lanes: for thousands of tokens in a frame, and for pixels.
//!
//! The lanes are explicit for the reason told in [`crate::exp`].

use crate::error::MathError;
use crate::exp::exp_below_overflow_f32;
use std::borrow::Cow;
use wide::{bytemuck, f32x4};

/// Keys in one tile; a multiple of 4. Keys and values of a tile of width 64 stay in a first-level cache
/// of 32 KiB; found by trying 32 to 256.
const TILE: usize = 64;

/// Keys whose scores and weights are taken at once for a single query; a multiple of 8. Values are read twice, half
/// of the columns at a time, and stay in the cache in between.
const STREAM_TILE: usize = 64;

/// Four neighbouring entries of a row.
type Quad = [f32; 4];

/// Sixteen neighbouring entries of a row; rows are filled up with zeros to a whole number of these.
type Strip = [Quad; 4];

/// Queries, keys and values in single precision, row by row; each query reads keys by [`causal_attention`] or
/// [`attend_one`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InputsF32<'a> {
    /// Queries, `n × d_k`; for [`attend_one`] a single one.
    pub q: &'a [f32],
    /// Keys, `n × d_k`.
    pub k: &'a [f32],
    /// Values, `n × d_v`.
    pub v: &'a [f32],
    /// Width of queries and keys, at least 1.
    pub d_k: usize,
    /// Width of values, at least 1.
    pub d_v: usize,
    /// The factor of every score.
    pub scale: f32,
}

impl InputsF32<'_> {
    fn check(&self, queries: usize, keys: usize) -> Result<(), MathError> {
        if self.d_k == 0 || self.d_v == 0 {
            return Err(MathError::Empty);
        }
        let shapes =
            [("q", self.q.len(), queries, self.d_k), ("k", self.k.len(), keys, self.d_k), ("v", self.v.len(), keys, self.d_v)];
        for (field, found, rows, columns) in shapes {
            let expected = rows.saturating_mul(columns);
            if found != expected {
                return Err(MathError::ShapeMismatch { field, expected, found });
            }
        }
        Ok(())
    }

    /// Why a score or an output was not finite: the first bad entry, else the first bad pair. Work `n²·d_k`,
    /// but only on the way to an error.
    fn blame(&self, causal: bool) -> Result<(), MathError> {
        for (field, numbers) in [("q", self.q), ("k", self.k), ("v", self.v), ("scale", &[self.scale])] {
            if let Some((index, &value)) = numbers.iter().enumerate().find(|(_, value)| !value.is_finite()) {
                return Err(MathError::EntryNotFinite { field, index, value: value.into() });
            }
        }
        for (query, q) in self.q.chunks_exact(self.d_k).enumerate() {
            let visible = if causal { query + 1 } else { usize::MAX };
            for (key, k) in self.k.chunks_exact(self.d_k).enumerate().take(visible) {
                let quads = |row| strips(row, self.d_k).into_owned();
                let score = (single_score(&quads(q), &quads(k)) * f32x4::splat(self.scale)).to_array()[0];
                if !score.is_finite() {
                    return Err(MathError::NonFiniteScore { query, key, value: score.into() });
                }
            }
        }
        Ok(())
    }
}

/// Outputs of causal attention in `f32`, `n × d_v`: query `i` reads the keys `0..=i`.
///
/// Tile by tile with the online softmax, two queries by four keys in registers. Relative to the largest
/// `|v|` within 1e-5 of [`crate::attention::Attention`] for scores up to 100. No tokens give nothing.
/// Source: `FlashAttention`'s order of work (arXiv:2205.14135).
///
/// # Errors
/// [`MathError::Empty`] for a width of 0; [`MathError::ShapeMismatch`] (the count of tokens is that of `q`);
/// [`MathError::EntryNotFinite`]; [`MathError::NonFiniteScore`]; [`MathError::NotFinite`] for an output whose
/// sum overflows, though all values are finite.
pub fn causal_attention(inputs: &InputsF32<'_>) -> Result<Vec<f32>, MathError> {
    let n = inputs.q.len().checked_div(inputs.d_k).unwrap_or(0);
    inputs.check(n, n)?;
    if n == 0 {
        return Ok(Vec::new());
    }
    let [q, k] = [inputs.q, inputs.k].map(|rows| strips(rows, inputs.d_k));
    let v = strips(inputs.v, inputs.d_v);
    let (key_strips, value_strips) = (inputs.d_k.div_ceil(16), inputs.d_v.div_ceil(16));
    let pairs = n.div_ceil(2);
    let mut sums = vec![Strip::default(); 2 * pairs * value_strips];
    let mut states = vec![[Online::default(); 2]; pairs];
    let mut good = f32x4::ONE.simd_eq(f32x4::ONE);
    let mut weights = [[0.0; TILE]; 2];
    for begin in (0..n).step_by(TILE) {
        let values = &v[begin * value_strips..];
        for (pair, state) in states.iter_mut().enumerate().skip(begin / 2) {
            let first = 2 * pair;
            // The partner of a last, odd query is itself; what it gives is not read.
            let queries = [first, (first + 1).min(n - 1)];
            let rows = queries.map(|query| &q[query * key_strips..(query + 1) * key_strips]);
            let end = (begin + TILE).min(queries[1] + 1);
            good &= scores_of_pair(rows, queries, &k, begin..end, inputs.scale, &mut weights);
            let count = end - begin;
            let factors = [0, 1].map(|of| state[of].exponentials(&mut weights[of][..count.next_multiple_of(4)]));
            let target = &mut sums[first * value_strips..(first + 2) * value_strips];
            let (upper, lower) = target.split_at_mut(value_strips);
            add_values([upper, lower], factors, [&weights[0][..count], &weights[1][..count]], values);
        }
    }
    let mut outputs = Vec::with_capacity(n * inputs.d_v);
    for (row, state) in sums.chunks_exact(value_strips).zip(states.as_flattened()).take(n) {
        state.finish(row, inputs.d_v, &mut outputs);
    }
    judge(inputs, good.all(), &outputs, true)?;
    Ok(outputs)
}

/// One step of attention as a stream: the output of a single query over all keys, `d_v` numbers, in `f32`.
///
/// Relative to the largest `|v|` within 1e-5 of the same in `f64` for scores up to 100. Widths that are
/// multiples of 16 are read in place, others are copied first.
/// Source: <https://kexue.fm/archives/10017>.
///
/// # Errors
/// Those of [`causal_attention`] (the count of keys is that of `k`); [`MathError::EmptyRow`] without keys.
pub fn attend_one(inputs: &InputsF32<'_>) -> Result<Vec<f32>, MathError> {
    let n = inputs.k.len().checked_div(inputs.d_k).unwrap_or(0);
    inputs.check(1, n)?;
    if n == 0 {
        return Err(MathError::EmptyRow { row: 0 });
    }
    let [q, k] = [inputs.q, inputs.k].map(|rows| strips(rows, inputs.d_k));
    let v = strips(inputs.v, inputs.d_v);
    let (key_strips, value_strips) = (inputs.d_k.div_ceil(16), inputs.d_v.div_ceil(16));
    let mut sums = vec![Strip::default(); value_strips];
    let mut state = Online::default();
    let mut good = f32x4::ONE.simd_eq(f32x4::ONE);
    for begin in (0..n).step_by(STREAM_TILE) {
        let count = (n - begin).min(STREAM_TILE);
        let keys = &k[begin * key_strips..(begin + count) * key_strips];
        let mut weights = [0.0; STREAM_TILE];
        good &= scores_of_one(&q, keys, inputs.scale, &mut weights);
        weights[count..].fill(f32::NEG_INFINITY);
        let factor = state.exponentials(&mut weights[..count.next_multiple_of(4)]);
        add_values_of_one(&mut sums, factor, &weights[..count], &v[begin * value_strips..]);
    }
    let mut output = Vec::with_capacity(inputs.d_v);
    state.finish(&sums, inputs.d_v, &mut output);
    judge(inputs, good.all(), &output, false)?;
    Ok(output)
}

/// Are the scores and the outputs finite? If not, who is to blame?
fn judge(inputs: &InputsF32<'_>, good: bool, outputs: &[f32], causal: bool) -> Result<(), MathError> {
    // 0·x is 0 if x is finite, else NaN; without a branch for each.
    let finite = outputs.iter().fold(0.0_f32, |total, value| total + 0.0 * value) == 0.0;
    if good && finite {
        return Ok(());
    }
    // Scores of pairs that a query may not read are looked at too, so there may be nobody to blame.
    inputs.blame(causal)?;
    match outputs.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        Some((index, &value)) => Err(MathError::NotFinite { index, value: value.into() }),
        None => Ok(()),
    }
}

/// Rows in strips of 16, in place if the width allows it.
fn strips(rows: &[f32], width: usize) -> Cow<'_, [Strip]> {
    if width.is_multiple_of(16) {
        return Cow::Borrowed(rows.as_chunks::<4>().0.as_chunks::<4>().0);
    }
    let per_row = width.div_ceil(16);
    let mut copy = vec![Strip::default(); rows.len() / width * per_row];
    for (row, strips) in rows.chunks_exact(width).zip(copy.chunks_exact_mut(per_row)) {
        strips.as_flattened_mut().as_flattened_mut()[..width].copy_from_slice(row);
    }
    Cow::Owned(copy)
}

/// The online softmax of one query: the largest score and the sum of the exponentials.
#[derive(Clone, Copy)]
struct Online {
    m: f32,
    z: f32,
}

impl Default for Online {
    fn default() -> Self {
        Self { m: f32::NEG_INFINITY, z: 0.0 }
    }
}

impl Online {
    /// Turns the scores of a tile into their exponentials against the new largest score, and tells the factor of
    /// what was added up against the old one. At least one score must be finite once the tile is read; the count is
    /// a multiple of 4.
    #[inline]
    fn exponentials(&mut self, scores: &mut [f32]) -> f32 {
        let (quads, _) = scores.as_chunks_mut::<4>();
        let mut largest = f32x4::splat(self.m);
        for quad in &*quads {
            largest = largest.fast_max(bytemuck::cast(*quad));
        }
        let m = largest.to_array().into_iter().fold(f32::NEG_INFINITY, f32::max);
        let reference = f32x4::splat(m);
        let mut total = f32x4::ZERO;
        let (fours, rest) = quads.as_chunks_mut::<4>();
        for four in fours {
            let scores = four.map(bytemuck::cast::<Quad, f32x4>);
            let values = exp_below_overflow_f32(scores.map(|score| score - reference));
            total += (values[0] + values[1]) + (values[2] + values[3]);
            *four = values.map(bytemuck::cast);
        }
        for quad in rest {
            let score: f32x4 = bytemuck::cast(*quad);
            let [value] = exp_below_overflow_f32([score - reference]);
            total += value;
            *quad = bytemuck::cast(value);
        }
        let factor = if m == self.m { 1.0 } else { exp_below_overflow_f32([f32x4::splat(self.m - m)])[0].to_array()[0] };
        self.m = m;
        self.z = self.z * factor + total.reduce_add();
        factor
    }

    /// Appends the output, the sums over `z`.
    fn finish(self, sums: &[Strip], width: usize, outputs: &mut Vec<f32>) {
        let inverse = 1.0 / self.z;
        outputs.extend(sums.as_flattened().as_flattened().iter().take(width).map(|sum| sum * inverse));
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "a change of type")]
fn lanes(quad: Quad) -> f32x4 {
    // Not by `f32x4::new`, which on wasm becomes two half loads.
    bytemuck::cast(quad)
}

/// `q·k` of one pair, in every lane.
fn single_score(q: &[Strip], k: &[Strip]) -> f32x4 {
    let mut sum = f32x4::ZERO;
    for (q, k) in q.as_flattened().iter().zip(k.as_flattened()) {
        sum += lanes(*q) * lanes(*k);
    }
    // In the order of `columns`, so that the search for a bad score finds what the kernel found.
    let [a, b, c, d] = sum.to_array();
    f32x4::splat((a + b) + (c + d))
}

/// Scores of two queries with the keys of a tile, four at a time; `−∞` where a key comes after the query. Tells
/// whether all that was computed is finite.
#[inline]
fn scores_of_pair(
    rows: [&[Strip]; 2],
    queries: [usize; 2],
    k: &[Strip],
    keys: std::ops::Range<usize>,
    scale: f32,
    out: &mut [[f32; TILE]; 2],
) -> f32x4 {
    let width = rows[0].len();
    let scale = f32x4::splat(scale);
    let mut good = f32x4::ONE.simd_eq(f32x4::ONE);
    let last = k.len() / width - 1;
    for (group, at) in keys.clone().step_by(4).enumerate() {
        // Beyond the last key the last one again; the mask hides it.
        let key = |offset: usize| {
            let row = (at + offset).min(last) * width;
            &k[row..row + width]
        };
        let scores = four_by_two(rows, [key(0), key(1), key(2), key(3)]);
        for of in 0..2 {
            let scaled = scores[of] * scale;
            good &= scaled.abs().simd_lt(f32x4::splat(f32::INFINITY));
            let mut quad: Quad = bytemuck::cast(scaled);
            if at + 3 > queries[of] {
                for (lane, score) in quad.iter_mut().enumerate() {
                    if at + lane > queries[of] {
                        *score = f32::NEG_INFINITY;
                    }
                }
            }
            out[of][4 * group..4 * group + 4].copy_from_slice(&quad);
        }
    }
    good
}

/// `q·k` of two queries with four keys: eight accumulators, six loads for eight products.
#[inline]
fn four_by_two(q: [&[Strip]; 2], k: [&[Strip]; 4]) -> [f32x4; 2] {
    let mut sums = [[f32x4::ZERO; 4]; 2];
    // Quad by quad: with the sixteen of a strip in one turn the registers do not suffice.
    let queries = q[0].as_flattened().iter().zip(q[1].as_flattened());
    let [k0, k1, k2, k3] = k.map(|row| row.as_flattened().iter());
    for ((q0, q1), ((k0, k1), (k2, k3))) in queries.zip(k0.zip(k1).zip(k2.zip(k3))) {
        let (q0, q1) = (lanes(*q0), lanes(*q1));
        for (of, key) in [k0, k1, k2, k3].into_iter().enumerate() {
            let key = lanes(*key);
            sums[0][of] += q0 * key;
            sums[1][of] += q1 * key;
        }
    }
    sums.map(columns)
}

/// The four sums of lanes, one a lane.
#[inline(always)]
#[expect(clippy::inline_always, reason = "eight shuffles")]
fn columns(sums: [f32x4; 4]) -> f32x4 {
    let [a, b, c, d] = f32x4::transpose(sums);
    (a + b) + (c + d)
}

/// `y ← y·factor + Σ w v` for two queries, a strip of 16 columns at a time.
#[inline]
fn add_values(sums: [&mut [Strip]; 2], factors: [f32; 2], weights: [&[f32]; 2], values: &[Strip]) {
    let width = sums[0].len();
    let [upper, lower] = sums;
    let factors = factors.map(f32x4::splat);
    for (strip, (upper, lower)) in upper.iter_mut().zip(lower).enumerate() {
        let mut first = upper.map(|quad| lanes(quad) * factors[0]);
        let mut second = lower.map(|quad| lanes(quad) * factors[1]);
        // Not by `step_by`, which takes more instructions for a step than the work itself.
        for ((row, &a), &b) in values.chunks_exact(width).zip(weights[0]).zip(weights[1]) {
            let (a, b) = (f32x4::splat(a), f32x4::splat(b));
            let value = &row[strip];
            for part in 0..4 {
                let value = lanes(value[part]);
                first[part] += a * value;
                second[part] += b * value;
            }
        }
        *upper = first.map(bytemuck::cast);
        *lower = second.map(bytemuck::cast);
    }
}

/// Scores of one query with all given keys, eight at a time. Tells whether they are finite.
#[inline]
fn scores_of_one(q: &[Strip], k: &[Strip], scale: f32, out: &mut [f32; STREAM_TILE]) -> f32x4 {
    let width = q.len();
    let scale = f32x4::splat(scale);
    let mut good = f32x4::ONE.simd_eq(f32x4::ONE);
    let mut groups = k.chunks_exact(8 * width);
    let mut at = 0;
    for group in &mut groups {
        let (left, right) = group.split_at(4 * width);
        for scores in eight_by_one(q, left, right) {
            let scaled = scores * scale;
            good &= scaled.abs().simd_lt(f32x4::splat(f32::INFINITY));
            out[at..at + 4].copy_from_slice(&scaled.to_array());
            at += 4;
        }
    }
    for key in groups.remainder().chunks_exact(width) {
        let scaled = single_score(q, key) * scale;
        good &= scaled.abs().simd_lt(f32x4::splat(f32::INFINITY));
        out[at] = scaled.to_array()[0];
        at += 1;
    }
    good
}

/// `q·k` of one query with eight keys: eight accumulators, so that additions need not wait for each other.
#[inline]
fn eight_by_one(q: &[Strip], left: &[Strip], right: &[Strip]) -> [f32x4; 2] {
    let width = 4 * q.len();
    let mut sums = [[f32x4::ZERO; 4]; 2];
    let rows = |rows| {
        let (a, b) = <[Strip]>::as_flattened(rows).split_at(2 * width);
        let ((a, b), (c, d)) = (a.split_at(width), b.split_at(width));
        a.iter().zip(b).zip(c.iter().zip(d))
    };
    for (q, (left, right)) in q.as_flattened().iter().zip(rows(left).zip(rows(right))) {
        let q = lanes(*q);
        for (half, ((a, b), (c, d))) in [left, right].into_iter().enumerate() {
            for (of, key) in [a, b, c, d].into_iter().enumerate() {
                sums[half][of] += q * lanes(*key);
            }
        }
    }
    sums.map(columns)
}

/// `y ← y·factor + Σ w v` for one query: two strips at a time, eight accumulators.
#[inline]
fn add_values_of_one(sums: &mut [Strip], factor: f32, weights: &[f32], values: &[Strip]) {
    let width = sums.len();
    let factor = f32x4::splat(factor);
    let (pairs, last) = sums.as_chunks_mut::<2>();
    for (pair, [upper, lower]) in pairs.iter_mut().enumerate() {
        let mut first = upper.map(|quad| lanes(quad) * factor);
        let mut second = lower.map(|quad| lanes(quad) * factor);
        for (row, &weight) in values.chunks_exact(width).zip(weights) {
            let weight = f32x4::splat(weight);
            let [left, right] = [row[2 * pair], row[2 * pair + 1]];
            for part in 0..4 {
                first[part] += weight * lanes(left[part]);
                second[part] += weight * lanes(right[part]);
            }
        }
        *upper = first.map(bytemuck::cast);
        *lower = second.map(bytemuck::cast);
    }
    for strip in last {
        let mut only = strip.map(|quad| lanes(quad) * factor);
        for (row, &weight) in values.chunks_exact(width).zip(weights) {
            let weight = f32x4::splat(weight);
            for part in 0..4 {
                only[part] += weight * lanes(row[width - 1][part]);
            }
        }
        *strip = only.map(bytemuck::cast);
    }
}
