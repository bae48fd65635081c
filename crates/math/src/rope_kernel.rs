//! The kernel of a frequency plan: what rotary positions do to the score of a vector with itself.

use crate::axis::Axis;
use crate::error::MathError;
use crate::frequency_plan::Pair;
use crate::lattice::AffineForm;
use crate::rational::Rational;
use crate::rope::{Point, Rotations};
use crate::token_layout::{Span, TokenLayout};
use wide::f64x2;

/// Half of the distances that share one centre.
const HALF: usize = 64;

/// After how many centres the rotation is computed anew from its angle.
const RESYNC: usize = 16;

/// Fewer distances than these are computed one by one.
const FEW: usize = 192;

/// `S(Δ) = (2/d) Σ cos(Δ_a θ_i)`, the score of `q = k` with pairs of length 1, over `d/2`.
///
/// Range: `−1..=1`, `S(0) = 1`. Even in `Δ`. No pairs give 1: nothing is rotated.
/// Source: <https://kexue.fm/archives/8265>.
pub fn kernel(delta: Point, pairs: &[Pair]) -> f64 {
    if pairs.is_empty() {
        return 1.0;
    }
    let sum: f64 = pairs.iter().map(|pair| (delta[pair.axis.index()] * pair.theta).cos()).sum();
    sum / pairs.len() as f64
}

/// `S(Δ)` for the distances `Δ = 0, 1, …, n − 1` on the one axis of RoPE-1D.
///
/// Shape: `n`. In `f64`; within 2e-12 of the exact value up to 65,536 distances with frequencies in `0..=1`.
/// No frequencies give ones.
pub fn decay_curve(theta: &[f64], n: usize) -> Vec<f64> {
    let mut curve = vec![0.0; n];
    if theta.is_empty() {
        curve.fill(1.0);
        return curve;
    }
    cosine_sums(theta, 0.0, 1.0, 1.0 / theta.len() as f64, &mut curve);
    clamp(&mut curve);
    curve
}

/// `S` of one query against every token of a layout, itself included.
///
/// Shape: one number for each token. In `f64`, within 2e-12 of [`kernel`] at the exact differences. Cosines
/// are taken once for each row and column of an image and by recurrence along a text, not for every token.
///
/// # Errors
/// [`MathError::TargetOutOfRange`] (the query), [`MathError::AxisMissing`] if a pair reads time and the layout
/// has only rows and columns.
pub fn kernel_row(layout: &TokenLayout, pairs: &[Pair], query: usize) -> Result<Vec<f64>, MathError> {
    if query >= layout.len() {
        return Err(MathError::TargetOutOfRange { target: query, len: layout.len() });
    }
    if pairs.is_empty() {
        return Ok(vec![1.0; layout.len()]);
    }
    let mut row = vec![0.0; layout.len()];
    let mut scratch = Vec::new();
    for axis in Axis::ALL {
        let theta: Vec<f64> = pairs.iter().filter(|pair| pair.axis == axis).map(|pair| pair.theta).collect();
        if theta.is_empty() {
            continue;
        }
        let (Some(slot), Some(origin)) = (layout.axes().slot(axis), layout.exact(query, axis)) else {
            return Err(MathError::AxisMissing { axis: axis.letter() });
        };
        for span in layout.spans() {
            scratch.clear();
            scratch.resize(span.tokens.len(), 0.0);
            sums_of_span(span, &span.forms[slot], origin, &theta, 1.0 / pairs.len() as f64, &mut scratch);
            for (total, part) in row[span.tokens.clone()].iter_mut().zip(&scratch) {
                *total += part;
            }
        }
    }
    clamp(&mut row);
    row[query] = 1.0;
    Ok(row)
}

/// A cosine sum may exceed its count by some roundings.
fn clamp(values: &mut [f64]) {
    for value in values {
        *value = value.clamp(-1.0, 1.0);
    }
}

/// `scale·Σ cos(Δθ_i)` for the differences of one coordinate of a span from that of the query.
fn sums_of_span(span: &Span, form: &AffineForm, origin: Rational, theta: &[f64], scale: f64, out: &mut [f64]) {
    let shape = span.segment.shape();
    if out.is_empty() {
        return;
    }
    let column_step = form.step[2].to_f64();
    let start = |patch: [u32; 3]| (form.at(patch) - origin).to_f64();
    if form.is_in_reading_order(shape) {
        cosine_sums(theta, start([0; 3]), column_step, scale, out);
        return;
    }
    let [_, h, w] = shape.map(|size| size as usize);
    for frame in 0..shape[0] {
        let frame_begin = frame as usize * h * w;
        if frame > 0 && form.step[0].is_zero() {
            out.copy_within(..h * w, frame_begin);
            continue;
        }
        for row in 0..shape[1] {
            let begin = frame_begin + row as usize * w;
            if row > 0 && form.step[1].is_zero() {
                out.copy_within(frame_begin..frame_begin + w, begin);
            } else if form.step[2].is_zero() {
                let value = cosine_sum(theta, start([frame, row, 0])) * scale;
                out[begin..begin + w].fill(value);
            } else {
                cosine_sums(theta, start([frame, row, 0]), column_step, scale, &mut out[begin..begin + w]);
            }
        }
    }
}

/// `Σ_i cos(Δθ_i)`.
pub(crate) fn cosine_sum(theta: &[f64], delta: f64) -> f64 {
    wave_sum(theta, &[], delta)
}

/// `Σ_i cos(Δθ_i + φ_i)`; phases that are missing are 0.
pub(crate) fn wave_sum(theta: &[f64], phases: &[f64], delta: f64) -> f64 {
    let phases = phases.iter().copied().chain(std::iter::repeat(0.0));
    theta.iter().zip(phases).map(|(theta, phase)| (delta * theta + phase).cos()).sum()
}

/// Cosines, then sines, of four neighbouring offsets from a centre.
type Offsets = [f64x2; 4];

/// `scale·Σ_i cos((start + j·step)θ_i)` for `j = 0, 1, …`.
///
/// With a centre `c` and offsets `k + ½` on both sides, `cos((c ± o)θ) = cos cθ cos oθ ∓ sin cθ sin oθ`: a product
/// of two small matrices, whose even and odd halves serve two distances each. Both factors come by
/// rotation in `f64`, computed anew every 64 offsets and 16 centres (2048 distances).
fn cosine_sums(theta: &[f64], start: f64, step: f64, scale: f64, out: &mut [f64]) {
    wave_sums(theta, &[], [start, step], scale, out);
}

/// `scale·Σ_i cos((start + j·step)θ_i + φ_i)` for `j = 0, 1, …`: [`cosine_sums`] whose waves have phases; those that are
/// missing are 0.
///
/// A phase belongs to the centre: what was said of `cos((c ± o)θ)` holds of `cos((cθ + φ) ± oθ)`.
pub(crate) fn wave_sums(theta: &[f64], phases: &[f64], [start, step]: [f64; 2], scale: f64, out: &mut [f64]) {
    if out.len() < FEW {
        for (j, value) in out.iter_mut().enumerate() {
            *value = wave_sum(theta, phases, start + j as f64 * step) * scale;
        }
        return;
    }
    let offsets = offset_table(theta, step);
    let mut centres: Vec<[f64; 2]> = Vec::new();
    for (group, values) in out.chunks_mut(RESYNC * 2 * HALF).enumerate() {
        let first_centre = (group * RESYNC * 2 * HALF + HALF) as f64 - 0.5;
        let mut rotations = Rotations::with_phases(theta, phases, start + first_centre * step, (2 * HALF) as f64 * step);
        for pair_of_centres in values.chunks_mut(4 * HALF) {
            centres.clear();
            centres.extend(rotations.now());
            rotations.turn();
            centres.extend(rotations.now());
            rotations.turn();
            two_centres(&centres, &offsets, scale, pair_of_centres);
        }
    }
}

/// Shape: `HALF / 4` groups of four offsets, each with an entry for every frequency.
fn offset_table(theta: &[f64], step: f64) -> Vec<Offsets> {
    let mut rotations = Rotations::new(theta, 0.5 * step, step);
    let mut table = vec![[f64x2::ZERO; 4]; HALF / 4 * theta.len()];
    for group in table.chunks_exact_mut(theta.len()) {
        let mut four = vec![[0.0; 8]; theta.len()];
        for lane in 0..4 {
            for (entry, &[cos, sin]) in four.iter_mut().zip(rotations.now()) {
                entry[lane] = cos;
                entry[lane + 4] = sin;
            }
            rotations.turn();
        }
        for (entry, values) in group.iter_mut().zip(four) {
            *entry = wide::bytemuck::cast(values);
        }
    }
    table
}

/// All distances around two neighbouring centres; `out` may end before the last of them.
fn two_centres(centres: &[[f64; 2]], offsets: &[Offsets], scale: f64, out: &mut [f64]) {
    let (left, right) = centres.split_at(centres.len() / 2);
    let mut values = [0.0; 4 * HALF];
    for (group, offsets) in offsets.chunks_exact(left.len()).enumerate() {
        let mut even = [f64x2::ZERO; 4];
        let mut odd = [f64x2::ZERO; 4];
        for ((&[cos0, cos1, sin0, sin1], left), right) in offsets.iter().zip(left).zip(right) {
            let [left_cos, left_sin] = left.map(f64x2::splat);
            let [right_cos, right_sin] = right.map(f64x2::splat);
            even[0] += left_cos * cos0;
            even[1] += left_cos * cos1;
            even[2] += right_cos * cos0;
            even[3] += right_cos * cos1;
            odd[0] += left_sin * sin0;
            odd[1] += left_sin * sin1;
            odd[2] += right_sin * sin0;
            odd[3] += right_sin * sin1;
        }
        for (part, (even, odd)) in even.into_iter().zip(odd).enumerate() {
            let centre = HALF + part / 2 * 2 * HALF;
            let above = ((even - odd) * f64x2::splat(scale)).to_array();
            let below = ((even + odd) * f64x2::splat(scale)).to_array();
            for lane in 0..2 {
                let offset = 4 * group + part % 2 * 2 + lane;
                values[centre + offset] = above[lane];
                values[centre - 1 - offset] = below[lane];
            }
        }
    }
    out.copy_from_slice(&values[..out.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frequency_plan::FrequencyPlan;

    fn theta(d: usize) -> Vec<f64> {
        FrequencyPlan::Rope1d.pairs(d, 1e4).expect("legal").iter().map(|pair| pair.theta).collect()
    }

    #[test]
    fn sums_of_every_length_are_the_direct_ones() {
        for d in [2, 10, 128] {
            let theta = theta(d);
            for n in [0, 1, 2, FEW - 1, FEW, 255, 256, 257, 300, 2047, 2048, 2049, 5000] {
                for (start, step) in [(0.0, 1.0), (-1234.5, 1.0), (7.0, 0.25), (3.0, -2.5)] {
                    let mut out = vec![f64::NAN; n];
                    cosine_sums(&theta, start, step, 0.5, &mut out);
                    for (j, &value) in out.iter().enumerate() {
                        let direct = 0.5 * cosine_sum(&theta, start + j as f64 * step);
                        let error = (value - direct).abs();
                        assert!(error <= 1e-12 * theta.len() as f64, "d {d}, {j} of {n} from {start} by {step}: {error:e}");
                    }
                }
            }
        }
    }

    #[test]
    fn waves_with_phases_are_the_direct_ones() {
        let theta = theta(64);
        let phases: Vec<f64> = theta.iter().map(|theta| -3000.0 * theta).collect();
        for n in [7, FEW, 4097] {
            let mut out = vec![f64::NAN; n];
            wave_sums(&theta, &phases, [0.0, 1.0], 1.0, &mut out);
            for (j, &value) in out.iter().enumerate() {
                let error = (value - wave_sum(&theta, &phases, j as f64)).abs();
                assert!(error <= 1e-12 * theta.len() as f64, "{j} of {n}: {error:e}");
            }
        }
    }

    #[test]
    fn the_decay_of_a_head_of_128_is_as_published() {
        // The numbers of the specification: one to the right, and 16 further in reading order.
        let curve = decay_curve(&theta(128), 20);
        assert_eq!(format!("{:.3} {:.3}", curve[1], curve[16]), "0.970 0.620");
        assert_eq!(curve[0], 1.0);
    }

    #[test]
    fn nothing_rotated_is_one_everywhere() {
        assert_eq!(kernel([1.0, 2.0, 3.0], &[]), 1.0);
        assert_eq!(decay_curve(&[], 3), [1.0; 3]);
    }
}
