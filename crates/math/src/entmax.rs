//! α-entmax for every `α > 0`, and its derivative in `α`.

use crate::argmax::argmax_shared;
use crate::entmax15::entmax15;
use crate::error::MathError;
use crate::exp::{LANES, exp_f64, exp_x2, ln_1p_x2, ln_f64, load, reduce, store};
use crate::jacobian::slope;
use crate::logits::{scan, unmasked};
use crate::order::sort_descending;
use crate::softmax::softmax_threshold;
use crate::sparsemax::{Candidates, scatter, sparsemax};
use crate::threshold::{Threshold, check_alpha, is_softmax};
use wide::f64x2;

/// From here on entmax is argmax with shared ties.
pub const ALPHA_ARGMAX: f64 = 1000.0;

/// Newton's method needs 3 to 12 passes; this many, the length of a bisection in double precision,
/// are never used up.
const PASSES: usize = 60;

/// α-entmax `p_i = relu(βx_i − λ)^{1/β}` with `β = α − 1` and `Σp = 1`.
///
/// Shape: as `x`; `−∞` is a mask. Range of `alpha`: `α > 0`, infinity included. Branches: softmax for
/// `|β| < 1e-6`, the closed forms of [`entmax15`] and [`sparsemax`] at 1.5 and 2, argmax with ties
/// shared from [`ALPHA_ARGMAX`] on, [`entmax_numeric`] otherwise. For `α < 1` every unmasked logit is in
/// the support. One-hot exactly when the gap of the two largest logits is at least [`one_hot_gap`].
/// Source: <https://kexue.fm/archives/10145>; deep-spin; `α < 1` is ours.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`],
/// [`MathError::AlphaNotPositive`].
#[expect(clippy::float_cmp, reason = "the closed forms hold at exactly these α")]
pub fn entmax(x: &[f64], alpha: f64) -> Result<Threshold, MathError> {
    if alpha == 1.5 {
        entmax15(x)
    } else if alpha == 2.0 {
        sparsemax(x)
    } else {
        entmax_numeric(x, alpha)
    }
}

/// As [`entmax`], by root finding also where there is a closed form (for comparison of the two).
///
/// For `β ≤ 1` Newton's method on `(S^β − 1)/β`, `S` the mass as a function of the level: a norm, hence
/// convex, so the iterates rise to the root and never pass it. For `β > 1` the profile has a vertical
/// tangent at 0, where a bisection in `λ` loses half of its digits; there the support is found by
/// bisection over the sorted logits and Newton's method runs on the smallest positive
/// probability, in which the mass is again convex.
///
/// # Errors
/// Those of [`entmax`].
pub fn entmax_numeric(x: &[f64], alpha: f64) -> Result<Threshold, MathError> {
    let max = scan(x)?.max;
    check_alpha(alpha)?;
    if is_softmax(alpha) {
        return softmax_threshold(x);
    }
    let beta = alpha - 1.0;
    if alpha >= ALPHA_ARGMAX {
        let p = argmax_shared(x)?;
        let support = p.iter().filter(|&&value| value > 0.0).count();
        let lambda = 0.0 - (support as f64).powf(-beta);
        return Ok(Threshold { p, lambda, max, alpha, support });
    }
    // Below max − 1/β nothing is in the support; for β < 0 everything unmasked is.
    let width = if beta > 0.0 { 1.0 / beta } else { f64::INFINITY };
    let Candidates { indices, mut depths } = Candidates::above(x, max, width);
    let (lambda, support) = if beta <= 1.0 { from_above(&mut depths, beta) } else { from_the_edge(&mut depths, beta) };
    let support = if beta > 0.0 { support } else { unmasked(x) };
    let p = scatter(x.len(), &indices, &mut depths);
    Ok(Threshold { p, lambda, max, alpha, support })
}

/// `β ≤ 1`: turns depths `x_i − max` into weights; returns `λ − β·max` and the size of the support.
///
/// The unknown is `c`, the unit level relative to the maximum, with
/// `p_i = (1 + β(x_i − max − c))^{1/β}`: at `c = 0` the maximum alone has mass 1, and the limit
/// `β → 0` is harmless.
fn from_above(depths: &mut [f64], beta: f64) -> (f64, usize) {
    let mut active = depths.to_vec();
    let mut c = 0.0;
    for _ in 0..PASSES {
        let (mass, slope) = mass_and_slope(&active, beta, c);
        if mass <= 1.0 {
            break;
        }
        let log_mass = mass.ln();
        // ((S^β − 1)/β) / (S^{β−1}·|S'|)
        let step = (beta * log_mass).exp_m1() / beta * ((1.0 - beta) * log_mass).exp() / slope;
        c += step;
        if step <= 2.0 * f64::EPSILON * (1.0 + c) {
            break;
        }
        if beta > 0.0 {
            // c never passes the root, so what is dry now stays dry.
            active.retain(|&depth| beta * (depth - c) > -1.0);
        }
    }
    let (betas, cs, inverses) = (f64x2::splat(beta), f64x2::splat(c), f64x2::splat(1.0 / beta));
    // Not "p > 0": near α = 1 a p may underflow inside of the support.
    let support = depths.iter().filter(|&&depth| beta * (depth - c) > -1.0).count();
    let weight = |value: f64x2| profile(betas * (value - cs), inverses).0;
    let (chunks, rest) = depths.as_chunks_mut::<LANES>();
    for chunk in chunks {
        let weights = load(chunk).map(weight);
        store(chunk, weights);
    }
    for depth in rest {
        *depth = weight(f64x2::splat(*depth)).to_array()[0];
    }
    (beta * c - 1.0, support)
}

/// `((1+v)^{1/β}, that over 1+v)`, or zeros where `1 + v ≤ 0`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call for each two numbers would cost as much as the work")]
fn profile(v: f64x2, inverse_beta: f64x2) -> (f64x2, f64x2) {
    let t = f64x2::ONE + v;
    let wet = t.simd_gt(f64x2::ZERO);
    // An infinite depth (β < 0) is beyond what the logarithm takes.
    let safe = (v & wet).fast_min(f64x2::splat(f64::MAX));
    let p = exp_x2(ln_1p_x2(safe) * inverse_beta) & wet;
    (p, p / (f64x2::ONE + safe))
}

fn mass_and_slope(depths: &[f64], beta: f64, c: f64) -> (f64, f64) {
    let (betas, cs, inverses) = (f64x2::splat(beta), f64x2::splat(c), f64x2::splat(1.0 / beta));
    let mut masses = [f64x2::ZERO; 4];
    let mut slopes = [f64x2::ZERO; 4];
    let mut add = |vectors: [f64x2; 4]| {
        for (lane, value) in vectors.into_iter().enumerate() {
            let (p, over) = profile(betas * (value - cs), inverses);
            masses[lane] += p;
            slopes[lane] += over;
        }
    };
    let (chunks, rest) = depths.as_chunks::<LANES>();
    for chunk in chunks {
        add(load(chunk));
    }
    if !rest.is_empty() {
        // Filled up with what is certainly dry (β > 0) or weightless (β < 0).
        let mut last = [if beta > 0.0 { -2.0 / beta + c } else { f64::NEG_INFINITY }; LANES];
        last[..rest.len()].copy_from_slice(rest);
        add(load(&last));
    }
    (reduce(masses), reduce(slopes))
}

/// `β > 1`: turns depths `x_i − max` into weights; returns `λ − β·max` and the size of the support.
fn from_the_edge(depths: &mut [f64], beta: f64) -> (f64, usize) {
    let mut sorted = depths.to_vec();
    sort_descending(&mut sorted);
    // The k-th is in the support when the mass at its own height is still below 1. That mass rises
    // with k, so bisection finds the last one; the first always is.
    let (mut inside, mut outside) = (1, sorted.len() + 1);
    while outside - inside > 1 {
        let middle = usize::midpoint(inside, outside);
        if edge_mass(&sorted[..middle], 0.0, beta).0 < 1.0 {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    let wet = &sorted[..inside];
    let edge = wet[inside - 1];
    // w is the smallest positive probability. From the right the convex mass is never undershot.
    let mut w = 1.0 / inside as f64;
    for _ in 0..PASSES {
        let (mass, slope) = edge_mass(wet, w, beta);
        let step = (mass - 1.0) / slope;
        if step <= 0.0 || step.is_nan() {
            break;
        }
        w = (w - step).max(0.0);
        if step <= f64::EPSILON * w {
            break;
        }
    }
    let base = w.powf(beta);
    let above_edge = wet.iter().filter(|&&value| value > edge).count();
    for depth in depths {
        let gap = beta * (*depth - edge);
        *depth = if gap < 0.0 { 0.0 } else { edge_profile(gap, w, base, 1.0 / beta) };
    }
    (-(base - beta * edge), if w > 0.0 { inside } else { above_edge })
}

/// `(w^β + gap)^{1/β}`, exactly `w` for no gap (where `w^β` may underflow).
#[inline(always)]
#[expect(clippy::inline_always, reason = "the loop vectorises only when this is inlined")]
fn edge_profile(gap: f64, w: f64, base: f64, inverse_beta: f64) -> f64 {
    let t = base + gap;
    let normal = t >= f64::MIN_POSITIVE;
    let p = exp_f64(ln_f64(if normal { t } else { 1.0 }) * inverse_beta);
    if gap > 0.0 && normal { p } else { w }
}

/// The mass over values sorted downwards when the last of them has probability `w`, and its
/// derivative in `w`.
fn edge_mass(sorted: &[f64], w: f64, beta: f64) -> (f64, f64) {
    let Some(&edge) = sorted.last() else { return (0.0, 1.0) };
    let base = w.powf(beta);
    let inverse = 1.0 / beta;
    let (mut mass, mut slope) = (0.0, 0.0);
    for &value in sorted {
        let p = edge_profile(beta * (value - edge), w, base, inverse);
        mass += p;
        // (w/p)^{β−1}; 1 at the edge itself.
        slope += if p > w { (w / p).powf(beta - 1.0) } else { 1.0 };
    }
    (mass, slope)
}

/// The gap of the two largest logits from which on entmax is one-hot: `1/(α − 1)`, or `None` for
/// `α ≤ 1`, where it never is.
///
/// 1 for sparsemax, 2 for 1.5-entmax. Source: ours.
pub fn one_hot_gap(alpha: f64) -> Option<f64> {
    (alpha > 1.0 && !is_softmax(alpha)).then(|| 1.0 / (alpha - 1.0))
}

/// `∂p/∂α` of entmax, from its output `p` at the same `alpha`; 0 off the support.
///
/// Shape: as `p`; sums to 0. With `s = p^{2−α}` and `q = s/Σs` it is
/// `(p − q)/β² − (p ln p − q Σ p ln p)/β`. Near `β = 0` both terms are huge and cancel; here they are
/// rearranged: with `L = ln p`, `h = e^{−βL} − 1`, `g = (h + βL)/β²`, and bars for `Σp·`,
/// `∂p/∂α = p·(ḡ − g − β(Lḡ − L̄g))/(1 + h̄)`, which is exact and at `β = 0` is the derivative at softmax.
/// Source: deep-spin's entmax; the rearrangement is ours.
///
/// # Errors
/// [`MathError::AlphaNotPositive`]; [`MathError::DerivativeOverflow`] where `p^{2−α}` is infinite.
pub fn entmax_alpha_derivative(p: &[f64], alpha: f64) -> Result<Vec<f64>, MathError> {
    check_alpha(alpha)?;
    let beta = alpha - 1.0;
    let terms: Vec<(f64, f64)> = p
        .iter()
        .map(|&value| {
            if value > 0.0 {
                let log = value.ln();
                (log, log * log * second_order(-beta * log))
            } else {
                (0.0, 0.0)
            }
        })
        .collect();
    let mean = |pick: fn(&(f64, f64)) -> f64| -> f64 { p.iter().zip(&terms).map(|(&value, term)| value * pick(term)).sum() };
    let mean_log = mean(|term| term.0);
    let mean_g = mean(|term| term.1);
    let total: f64 = p.iter().map(|&value| slope(value, alpha)).sum();
    if !(total.is_finite() && mean_g.is_finite() && beta.is_finite()) {
        return Err(MathError::DerivativeOverflow { alpha });
    }
    Ok(p.iter()
        .zip(&terms)
        .map(|(&value, &(log, g))| value * ((mean_g - g) - beta * (log * mean_g - mean_log * g)) / total)
        .collect())
}

/// `(e^u − 1 − u)/u²`, ½ at 0.
fn second_order(u: f64) -> f64 {
    if u.abs() < 0.5 {
        // 1/2 + u/6 + u²/24 + …: eighteen terms leave less than 1e-20.
        let mut term = 0.5;
        let mut total = 0.5;
        for k in 3..20 {
            term *= u / f64::from(k);
            total += term;
        }
        total
    } else {
        (u.exp_m1() - u) / (u * u)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_must_be_positive() {
        assert_eq!(entmax(&[1.0], 0.0), Err(MathError::AlphaNotPositive(0.0)));
        assert_eq!(entmax(&[1.0], -2.0), Err(MathError::AlphaNotPositive(-2.0)));
        assert!(matches!(entmax(&[1.0], f64::NAN), Err(MathError::AlphaNotPositive(_))));
    }

    #[test]
    fn a_huge_alpha_is_argmax_with_shared_ties() {
        for alpha in [1e3, 1e9, f64::INFINITY] {
            let solved = entmax(&[2.0, 2.0, 1.999], alpha).expect("legal");
            assert_eq!(solved.p, vec![0.5, 0.5, 0.0]);
            assert!((solved.level() - 2.0).abs() < 1e-3);
        }
        // Just below the limit the powers underflow; the result must not.
        let solved = entmax(&[2.0, 2.0, 2.0, 1.0], 999.0).expect("legal");
        for p in &solved.p[..3] {
            assert!((p - 1.0 / 3.0).abs() < 1e-15);
        }
    }

    #[test]
    fn a_third_logit_on_the_boundary_gets_nothing_and_does_no_harm() {
        // α = 3: two tied on top have t = 1/4, the third is lower by exactly 1/4 in βx.
        let solved = entmax(&[1.0, 1.0, 0.875], 3.0).expect("legal");
        assert!((solved.p[0] - 0.5).abs() < 1e-15 && solved.p[2] < 1e-15, "{:?}", solved.p);
    }

    #[test]
    fn both_root_finders_agree_at_sparsemax() {
        let mut rng = crate::rng::SplitMix64::new(8);
        for n in [1, 2, 5, 30, 200] {
            let depths: Vec<f64> = (0..n).map(|i| if i == 0 { 0.0 } else { -0.3 * rng.exponential() }).collect();
            let (mut a, mut b) = (depths.clone(), depths);
            let (left, _) = from_above(&mut a, 1.0);
            let (right, _) = from_the_edge(&mut b, 1.0);
            assert!((left - right).abs() < 1e-14, "{n}: {left} {right}");
        }
    }

    #[test]
    fn the_derivative_in_alpha_is_the_finite_difference_also_at_softmax() {
        let x = [0.4, -0.3, 1.1, 0.9, -2.0];
        for alpha in [0.5, 0.9, 1.0, 1.000_01, 1.2, 1.5, 2.5] {
            let h = 2e-5;
            let p = entmax(&x, alpha).expect("legal").p;
            let derivative = entmax_alpha_derivative(&p, alpha).expect("legal");
            let up = entmax_numeric(&x, alpha + h).expect("legal").p;
            let down = entmax_numeric(&x, alpha - h).expect("legal").p;
            for i in 0..x.len() {
                let difference = (up[i] - down[i]) / (2.0 * h);
                assert!((difference - derivative[i]).abs() < 2e-8, "α {alpha}, i {i}");
            }
        }
    }

    #[test]
    fn the_second_order_quotient_has_no_seam() {
        for u in [-0.5, 0.5] {
            let inside = second_order(u * (1.0 - 1e-15));
            assert!((inside - second_order(u)).abs() < 1e-14);
        }
    }

    #[test]
    fn the_gap_of_one_hot_is_one_over_beta() {
        assert_eq!(one_hot_gap(2.0), Some(1.0));
        assert_eq!(one_hot_gap(1.5), Some(2.0));
        assert_eq!(one_hot_gap(1.0), None);
        for alpha in [1.1, 1.25, 1.5, 2.0, 3.0, 5.0] {
            let gap = one_hot_gap(alpha).expect("above 1");
            let at = |gap: f64| entmax(&[gap, 0.0], alpha).expect("legal").support;
            assert_eq!(at(gap * (1.0 + 1e-12)), 1, "{alpha}");
            assert_eq!(at(gap * (1.0 - 1e-3)), 2, "{alpha}");
        }
    }
}
