//! Exponential and natural logarithm as branch-free polynomials in SIMD lanes, and lane-wise sums.
//!
//! `std`'s functions are calls the compiler cannot vectorise, and wasm's are slow. The lanes are
//! explicit ([`wide::f64x2`], one 128-bit register on x86-64 and on wasm `simd128`): left to the
//! compiler, nothing was vectorised, because the application is linked with LTO at `opt-level = "z"`
//! and vectorisation happens at the link.

use wide::{bytemuck, f32x4, f64x2, u32x4, u64x2};

/// How many numbers the kernels treat in one step: four vectors, enough to hide the latency of
/// the polynomials.
pub const LANES: usize = 8;

/// Below this argument [`exp_f64`] returns 0: the result would be subnormal.
pub const EXP_UNDERFLOW: f64 = -708.396_418_532_264_1;

/// Above this argument [`exp_f64`] returns `+∞`, as `std` does.
pub const EXP_OVERFLOW: f64 = 709.782_712_893_384;

/// A product of positive numbers outside of these bounds may have lost digits to an underflow or overflow on the way, and its logarithm is not
/// the sum of theirs.
pub(crate) const SAFE_PRODUCT: (f64, f64) = (1e-280, 1e280);

/// `ln 2` with its low 21 bits cleared, so that `k · LN2_HI` is exact for every exponent `k`.
const LN2_HI: f64 = 0.693_147_180_369_123_8;
const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;

/// Adding it rounds a small number to the nearest integer, which then stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0; // 1.5 · 2^52

/// `(e^r − 1 − r) / r²` interpolated at the Chebyshev nodes of `|r| ≤ ln 2 / 2`, constant first;
/// with these rounded coefficients `e^r` has a relative error of at most
/// 1.7e-17 before rounding (computed with 60 digits).
const EXP_COEFFICIENTS: [f64; 10] = [
    0.500_000_000_000_000_1,
    0.166_666_666_666_666_69,
    0.041_666_666_666_624_13,
    0.008_333_333_333_330_062,
    0.001_388_888_891_721_371_7,
    0.000_198_412_698_630_536_18,
    2.480_152_129_595_437_6e-5,
    2.755_726_845_999_706_4e-6,
    2.762_008_844_540_974_6e-7,
    2.510_038_549_551_032e-8,
];

/// Below this argument [`exp_below_overflow_f32`] returns 0: the result would be subnormal.
pub(crate) const EXP_UNDERFLOW_F32: f32 = -87.336_54;

/// `ln 2` with so few bits that `k · LN2_HI_F32` is exact for every exponent `k`.
const LN2_HI_F32: f32 = 0.693_359_4;
const LN2_LO_F32: f32 = -2.121_944_4e-4;

/// The `f32` counterpart of [`ROUNDER`].
const ROUNDER_F32: f32 = 12_582_912.0; // 1.5 · 2^23

/// `(e^r − 1 − r) / r²` for `|r| ≤ ln 2 / 2`, constant first; Cephes' `expf.c`,
/// whose constant 0.50000001 is the `f32` 0.5.
const EXP_COEFFICIENTS_F32: [f32; 6] = [0.5, 1.666_666_5e-1, 4.166_579_6e-2, 8.333_452e-3, 1.398_199_9e-3, 1.987_569_1e-4];

/// fdlibm's coefficients of `ln((1+s)/(1−s))`, `Lg1` to `Lg7`.
const LN_COEFFICIENTS: [f64; 7] = [
    0.666_666_666_666_673_5,
    0.399_999_999_994_094_2,
    0.285_714_287_436_623_9,
    0.222_221_984_321_497_84,
    0.181_835_721_616_180_5,
    0.153_138_376_992_093_73,
    0.147_981_986_051_165_86,
];

/// `2^52`.
const TWO_52: f64 = 4_503_599_627_370_496.0;

/// Bits of `√½`, the lower end of the reduced mantissa of a logarithm.
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;

/// Bits of `2^52`: or-ing a small integer into them makes that integer plus `2^52`.
const TWO_52_BITS: u64 = 0x4330_0000_0000_0000;

/// Added to binary exponents so that they are never negative.
const BIAS: u64 = 1024;

/// `e^x`, within 2 units in the last place of `std`'s.
///
/// Range: all `x`; 0 below [`EXP_UNDERFLOW`] (and for `−∞`: no subnormal results), `+∞` above
/// [`EXP_OVERFLOW`]. A `NaN` is the caller's error and gives an unspecified number. The same
/// arithmetic as [`exp_x2`], so the result does not depend on where in a vector a number stands.
/// Source: ours (Cody–Waite reduction, polynomial fitted with mpmath).
pub fn exp_f64(x: f64) -> f64 {
    exp_x2(f64x2::splat(x)).to_array()[0]
}

/// [`exp_f64`] of two numbers.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each two numbers would cost as much as the work")]
pub fn exp_x2(x: f64x2) -> f64x2 {
    let [value] = exp_below_overflow([x.fast_min(f64x2::splat(EXP_OVERFLOW))]);
    x.simd_gt(f64x2::splat(EXP_OVERFLOW)).bitselect(f64x2::splat(f64::INFINITY), value)
}

/// [`exp_x2`] of `2N` numbers, none above [`EXP_OVERFLOW`]: six instructions less of some fifty, for
/// the maps whose arguments are `x − max`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each two numbers would cost as much as the work")]
pub(crate) fn exp_below_overflow<const N: usize>(x: [f64x2; N]) -> [f64x2; N] {
    let low = f64x2::splat(EXP_UNDERFLOW);
    let (shifted, mut r) = exp_parts(x);
    for i in 0..N {
        r[i] = scaled(shifted[i], r[i]) & x[i].simd_ge(low);
    }
    r
}

/// `e^x` and `e^x − 1` of `2N` numbers, none above 0, for the price of one: the second keeps its digits near 0, where the
/// difference of the first and 1 has none.
///
/// `e^x` is bit for bit that of [`exp_below_overflow`]; `e^x − 1` is within 3 units in the last place.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each two numbers would cost as much as the work")]
pub(crate) fn exp_and_exp_m1<const N: usize>(x: [f64x2; N]) -> ([f64x2; N], [f64x2; N]) {
    let low = f64x2::splat(EXP_UNDERFLOW);
    let (shifted, r) = exp_parts(x);
    let (mut exp, mut exp_m1) = (r, r);
    for i in 0..N {
        exp[i] = scaled(shifted[i], r[i]) & x[i].simd_ge(low);
        let power = from_bits(bits(f64x2::ONE) + (bits(shifted[i]) << 52_u32));
        // 2^k − 1 is exact for k ≥ −53, and 0 for k = 0, where the sum is e^r − 1 itself.
        exp_m1[i] = power * r[i] + (power - f64x2::ONE);
    }
    (exp, exp_m1)
}

/// `(1 + r)·2^k` with the integer `k` in the low bits of `shifted`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "two instructions")]
fn scaled(shifted: f64x2, r: f64x2) -> f64x2 {
    // The integer goes straight to the exponent field: also right for k = 1024, because the mantissa is then below 1.
    from_bits(bits(f64x2::ONE + r) + (bits(shifted) << 52_u32))
}

/// The parts of `e^x = 2^k·e^r`: `k` in the low bits of a number, and `e^r − 1`.
///
/// Step by step for all vectors, not vector by vector: the steps of one vector wait for each other,
/// and the processor does not look far enough ahead to begin the next.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each two numbers would cost as much as the work")]
fn exp_parts<const N: usize>(x: [f64x2; N]) -> ([f64x2; N], [f64x2; N]) {
    let rounder = f64x2::splat(ROUNDER);
    let low = f64x2::splat(EXP_UNDERFLOW);
    let clamped = x.map(|x| x.fast_max(low));
    let shifted = clamped.map(|x| x * f64x2::splat(std::f64::consts::LOG2_E) + rounder);
    let mut r = clamped;
    for i in 0..N {
        let k = shifted[i] - rounder;
        r[i] = (r[i] - k * f64x2::splat(LN2_HI)) - k * f64x2::splat(LN2_LO);
    }
    // Estrin's scheme: four levels of latency where Horner's has ten.
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9] = EXP_COEFFICIENTS.map(f64x2::splat);
    let r2 = r.map(|r| r * r);
    let r4 = r2.map(|r2| r2 * r2);
    let mut top = r.map(|r| c8 + c9 * r);
    for i in 0..N {
        let pair = (c4 + c5 * r[i]) + (c6 + c7 * r[i]) * r2[i];
        top[i] = pair + top[i] * r4[i];
    }
    for i in 0..N {
        let pair = (c0 + c1 * r[i]) + (c2 + c3 * r[i]) * r2[i];
        top[i] = pair + top[i] * r4[i];
    }
    for i in 0..N {
        r[i] += r2[i] * top[i];
    }
    (shifted, r)
}

/// `e^x` of `4N` numbers in single precision, none above 88; within 2 units in the last place, 0 below
/// [`EXP_UNDERFLOW_F32`]. All steps as in [`exp_below_overflow`].
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each four numbers would cost as much as the work")]
pub(crate) fn exp_below_overflow_f32<const N: usize>(x: [f32x4; N]) -> [f32x4; N] {
    let rounder = f32x4::splat(ROUNDER_F32);
    let low = f32x4::splat(EXP_UNDERFLOW_F32);
    let clamped = x.map(|x| x.fast_max(low));
    let shifted = clamped.map(|x| x * f32x4::splat(std::f32::consts::LOG2_E) + rounder);
    let mut r = clamped;
    for i in 0..N {
        let k = shifted[i] - rounder;
        r[i] = (r[i] - k * f32x4::splat(LN2_HI_F32)) - k * f32x4::splat(LN2_LO_F32);
    }
    let [c0, c1, c2, c3, c4, c5] = EXP_COEFFICIENTS_F32.map(f32x4::splat);
    let r2 = r.map(|r| r * r);
    for i in 0..N {
        let top = (c2 + c3 * r[i]) + (c4 + c5 * r[i]) * r2[i];
        let polynomial = (c0 + c1 * r[i]) + top * r2[i];
        let mantissa = f32x4::ONE + (r[i] + r2[i] * polynomial);
        let (mantissa, power): (u32x4, u32x4) = (bytemuck::cast(mantissa), bytemuck::cast(shifted[i]));
        let value: f32x4 = bytemuck::cast(mantissa + (power << 23_u32));
        r[i] = value & x[i].simd_ge(low);
    }
    r
}

/// Natural logarithm of a positive normal number, within 2 units in the last place of `std`'s.
///
/// Range: `2^-1022 ≤ x < ∞`. Anything else gives an unspecified number: the caller selects first.
/// Source: fdlibm's `e_log.c`, made branch-free.
pub fn ln_f64(x: f64) -> f64 {
    ln_x2(f64x2::splat(x)).to_array()[0]
}

/// [`ln_f64`] of two numbers.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each two numbers would cost as much as the work")]
pub fn ln_x2(x: f64x2) -> f64x2 {
    let offset = bits(x) - u64x2::splat(SQRT_HALF_BITS.wrapping_sub(BIAS << 52));
    let biased = offset >> 52_u32; // the exponent plus BIAS
    let k = from_bits(biased | u64x2::splat(TWO_52_BITS)) - f64x2::splat(TWO_52 + BIAS as f64);
    let mantissa = from_bits(bits(x) - ((biased - u64x2::splat(BIAS)) << 52_u32));
    let f = mantissa - f64x2::ONE;
    let s = f / (f64x2::splat(2.0) + f);
    let z = s * s;
    let w = z * z;
    let [c1, c2, c3, c4, c5, c6, c7] = LN_COEFFICIENTS.map(f64x2::splat);
    let odd = w * (c2 + w * (c4 + w * c6));
    let even = z * (c1 + w * (c3 + w * (c5 + w * c7)));
    let half_square = f64x2::HALF * f * f;
    let low = s * (half_square + odd + even) + k * f64x2::splat(LN2_LO);
    k * f64x2::splat(LN2_HI) - ((half_square - low) - f)
}

/// `ln(1 + v)` for `1 + v` positive and normal; relative error a few units in the last place, also
/// for tiny `v`.
///
/// Source: the correction `(v − ((1+v) − 1)) / (1+v)` of fdlibm's `s_log1p.c`.
pub fn ln_1p_f64(v: f64) -> f64 {
    ln_1p_x2(f64x2::splat(v)).to_array()[0]
}

/// [`ln_1p_f64`] of two numbers.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each two numbers would cost as much as the work")]
pub fn ln_1p_x2(v: f64x2) -> f64x2 {
    let one = f64x2::ONE;
    let w = one + v;
    // Whichever of 1 and v is the larger loses nothing in w − larger.
    let lost = v.simd_lt(one).bitselect(v - (w - one), one - (w - v));
    ln_x2(w) + lost / w
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "a change of type")]
fn bits(x: f64x2) -> u64x2 {
    bytemuck::cast(x)
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "a change of type")]
fn from_bits(bits: u64x2) -> f64x2 {
    bytemuck::cast(bits)
}

/// Sum of a slice with eight accumulators: about `ε·√n` of error instead of `ε·n`.
pub fn sum(values: &[f64]) -> f64 {
    let mut totals = [f64x2::ZERO; 4];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (total, value) in totals.iter_mut().zip(load(chunk)) {
            *total += value;
        }
    }
    reduce(totals) + rest.iter().sum::<f64>()
}

/// Eight numbers as four vectors.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a change of type")]
pub(crate) fn load(chunk: &[f64; LANES]) -> [f64x2; 4] {
    // Not by `f64x2::new`, which on wasm becomes two half loads.
    bytemuck::cast(*chunk)
}

/// Four vectors as eight numbers.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a change of type")]
pub(crate) fn store(chunk: &mut [f64; LANES], vectors: [f64x2; 4]) {
    *chunk = bytemuck::cast(vectors);
}

/// The sum of eight lanes, pairwise.
pub(crate) fn reduce([a, b, c, d]: [f64x2; 4]) -> f64 {
    let [left, right] = ((a + c) + (b + d)).to_array();
    left + right
}

/// `e^(scale·(x_i − shift))` for every entry, and the sum of them.
///
/// Shape: as `x`. `−∞` gives 0. `shift` must be at least the largest `x_i`, and `scale` a positive finite number. The vector grows lane
/// by lane instead of being filled with zeros first, which for a million numbers would cost a tenth of the whole.
pub fn exp_lanes(x: &[f64], shift: f64, scale: f64) -> (Vec<f64>, f64) {
    let mut out = Vec::with_capacity(x.len());
    let (sources, last) = x.as_chunks::<LANES>();
    let (shifts, scales) = (f64x2::splat(shift), f64x2::splat(scale));
    let mut totals = [f64x2::ZERO; 4];
    for source in sources {
        let values = exp_below_overflow(load(source).map(|value| (value - shifts) * scales));
        for (total, value) in totals.iter_mut().zip(values) {
            *total += value;
        }
        let target: [f64; LANES] = bytemuck::cast(values);
        out.extend_from_slice(&target);
    }
    let mut total = reduce(totals);
    for &source in last {
        let value = exp_f64((source - shift) * scale);
        out.push(value);
        total += value;
    }
    (out, total)
}

/// Multiplies every entry by `factor`.
pub fn scale_in_place(values: &mut [f64], factor: f64) {
    let factors = f64x2::splat(factor);
    let (chunks, rest) = values.as_chunks_mut::<LANES>();
    for chunk in chunks {
        let scaled = load(chunk).map(|value| value * factors);
        store(chunk, scaled);
    }
    for value in rest {
        *value *= factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ulps(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn exp_is_within_two_ulps_of_std_over_its_whole_range() {
        let mut worst = 0;
        for i in 0..2_000_000_u32 {
            let x = -708.39 + f64::from(i) * (1_418.17 / 2_000_000.0);
            worst = worst.max(ulps(exp_f64(x), x.exp()));
        }
        assert!(worst <= 2, "{worst} ulps");
    }

    #[test]
    fn single_precision_exp_is_within_two_ulps_of_double_and_keeps_its_ends() {
        let exp = |x: f32| exp_below_overflow_f32([f32x4::splat(x)])[0].to_array()[0];
        let mut worst = 0;
        for i in 0..1_000_000_u32 {
            let x = -87.3365 + i as f32 * (175.0 / 1e6);
            let exact = f64::from(x).exp() as f32;
            worst = worst.max(exp(x).to_bits().abs_diff(exact.to_bits()));
        }
        assert!(worst <= 2, "{worst} ulps");
        assert_eq!(exp(0.0).to_bits(), 1.0_f32.to_bits());
        assert_eq!(exp(f32::NEG_INFINITY).to_bits(), 0);
        assert_eq!(exp(f32::MIN).to_bits(), 0);
        assert!(exp(EXP_UNDERFLOW_F32) > 0.0);
    }

    #[test]
    fn exp_minus_one_keeps_its_digits_near_zero_and_exp_is_the_same_beside_it() {
        let both = |x: f64| {
            let ([exp], [exp_m1]) = exp_and_exp_m1([f64x2::splat(x)]);
            (exp.to_array()[0], exp_m1.to_array()[0])
        };
        let mut worst = 0;
        for i in 0..1_000_000_u32 {
            // From the smallest normal numbers to beyond the underflow.
            let x = -exp_f64(-700.0 + f64::from(i) * 7.066e-4);
            let (exp, exp_m1) = both(x);
            assert_eq!(exp.to_bits(), exp_f64(x).to_bits(), "{x}");
            worst = worst.max(ulps(exp_m1, x.exp_m1()));
        }
        assert!(worst <= 3, "{worst} ulps");
        assert_eq!(both(-0.0), (1.0, 0.0));
        assert_eq!(both(f64::NEG_INFINITY), (0.0, -1.0));
    }

    #[test]
    fn exp_keeps_its_ends() {
        assert_eq!(exp_f64(0.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(exp_f64(-0.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(exp_f64(f64::NEG_INFINITY).to_bits(), 0);
        assert_eq!(exp_f64(-1e300).to_bits(), 0);
        assert!(exp_f64(f64::INFINITY).is_infinite());
        assert!(exp_f64(EXP_OVERFLOW).is_finite());
        assert!(exp_f64(EXP_UNDERFLOW) > 0.0);
        assert!(ulps(exp_f64(709.7), 709.7_f64.exp()) <= 2);
    }

    #[test]
    fn ln_is_within_two_ulps_of_std() {
        let mut worst = 0;
        for i in 0..1_000_000_u32 {
            let x = exp_f64(-700.0 + f64::from(i) * 1.4e-3);
            worst = worst.max(ulps(ln_f64(x), x.ln()));
        }
        assert!(worst <= 2, "{worst} ulps");
        assert!(ln_f64(1.0).abs() <= 0.0);
    }

    #[test]
    fn ln_1p_keeps_tiny_arguments() {
        for exponent in -300..0_i32 {
            for sign in [-1.0, 1.0] {
                let v = sign * 0.9 * 10.0_f64.powi(exponent);
                let got = ln_1p_f64(v);
                assert!((got - v.ln_1p()).abs() <= 4e-16 * got.abs(), "{v}");
            }
        }
        for v in [1.0, 3.5, 1e10, 1e18] {
            assert!((ln_1p_f64(v) - f64::ln_1p(v)).abs() <= 4e-16 * f64::ln_1p(v), "{v}");
        }
    }

    #[test]
    fn a_sum_does_not_depend_on_how_the_length_divides() {
        for n in 0..40_u32 {
            let values: Vec<f64> = (0..n).map(f64::from).collect();
            assert!((sum(&values) - f64::from(n) * (f64::from(n) - 1.0) / 2.0).abs() < 1e-12 || n == 0);
        }
    }
}
