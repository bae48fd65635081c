//! Relaxed top-k: `p_i = f(x_i − λ)` with entries at most 1 and sum `k`.

use crate::error::MathError;
use crate::log_sum_exp::log_sum_exp;
use crate::logits::{scan, unmasked};
use crate::order::sort_descending;

/// The result of a relaxed top-k.
#[derive(Clone, Debug, PartialEq)]
pub struct TopK {
    /// The entries, in the order of the logits; each in `0..=1`, sum `k`.
    pub p: Vec<f64>,
    /// The absolute `λ`, or `None` where every finite one is too large (`k` = all, by sigmoid).
    pub lambda: Option<f64>,
    /// The sum: `k`, or the number of unmasked logits when there are fewer.
    pub k: usize,
    /// `k` was above the number of unmasked logits.
    pub clamped: bool,
}

/// Relaxed top-k with `f(t) = min(1, e^t)`; `k = 1` is softmax.
///
/// Closed form: with the logits sorted downwards and `m` of them at 1,
/// `λ = LSE(x_(m+1), …, x_(n)) − ln(k − m)`, `m` the smallest for which `x_(m+1) ≤ λ`.
/// Shape: as `x`; `−∞` is a mask (0). Time `O(n)`.
/// Source: the sequel, <https://kexue.fm/archives/10373>.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`],
/// [`MathError::KeepNone`].
pub fn min1_exp(x: &[f64], k: usize) -> Result<TopK, MathError> {
    let Request { k, clamped, .. } = Request::new(x, k)?;
    let mut sorted: Vec<f64> = x.iter().copied().filter(|&value| value > f64::NEG_INFINITY).collect();
    sort_descending(&mut sorted);
    // LSE(x_(m+1), …) above x_(m+1), which is its maximum, for every m < k, from the back. Above, because λ itself cannot hold
    // the logarithms where the logits are 1e30.
    let (top, rest) = sorted.split_at_mut(k);
    rest.iter_mut().for_each(|value| *value = (*value - top[k - 1]).max(f64::MIN));
    let rest = if rest.is_empty() { f64::NEG_INFINITY } else { log_sum_exp(rest)? };
    let mut above = rest.exp().ln_1p();
    let (mut pivot, mut shift) = (sorted[k - 1], above);
    for m in (0..k).rev() {
        if m + 1 < k {
            above = (sorted[m + 1] - sorted[m] + above).exp().ln_1p();
        }
        let candidate = above - ((k - m) as f64).ln();
        // x_(m+1) ≤ λ; of several such m the smallest counts, which comes last.
        if candidate >= 0.0 {
            (pivot, shift) = (sorted[m], candidate);
        }
    }
    let p = x.iter().map(|&value| (value - pivot - shift).exp().min(1.0)).collect();
    Ok(TopK { p: settle(p, k), lambda: Some(pivot + shift), k, clamped })
}

/// Relaxed top-k with the sigmoid `f(t) = 1/(1 + e^{−t})`, `λ` by bisection.
///
/// Shape: as `x`; `−∞` is a mask (0). When `k` is the number of unmasked logits the entries are 1 and
/// there is no finite `λ`.
/// Source: the sequel, <https://kexue.fm/archives/10373>.
///
/// # Errors
/// Those of [`min1_exp`].
pub fn sigmoid_top_k(x: &[f64], k: usize) -> Result<TopK, MathError> {
    let Request { k, available, clamped } = Request::new(x, k)?;
    if k == available {
        let p = x.iter().map(|&value| if value > f64::NEG_INFINITY { 1.0 } else { 0.0 }).collect();
        return Ok(TopK { p, lambda: None, k, clamped });
    }
    // λ is sought as a distance from the k-th largest logit, because λ itself cannot hold the digits where the logits are 1e30.
    let mut sorted: Vec<f64> = x.iter().copied().filter(|&value| value > f64::NEG_INFINITY).collect();
    sort_descending(&mut sorted);
    let (max, pivot, min) = (sorted[0], sorted[k - 1], sorted[available - 1]);
    // With all logits at the maximum λ would be max − ln(k/(n−k)); with all at the minimum as low as
    // min − ln(k/(n−k)). The truth lies between.
    let shift = (k as f64 / (available - k) as f64).ln();
    let (mut low, mut high) = (min - pivot - shift, max - pivot - shift);
    let gap = (pivot - sorted[k]).min(f64::MAX);
    if gap > GAP {
        // The k largest stand alone: any λ well within the gap parts them from the others.
        (low, high) = (-0.5 * gap, -0.5 * gap);
    }
    let mass = |lambda: f64| -> f64 { x.iter().map(|&value| sigmoid(value - pivot - lambda)).sum() };
    // Until the ends are neighbours: 64 halvings, plus what a wide bracket (1e300) needs.
    for _ in 0..2100 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if mass(middle) > k as f64 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let lambda = f64::midpoint(low, high);
    let p = x.iter().map(|&value| sigmoid(value - pivot - lambda)).collect();
    Ok(TopK { p: settle(p, k), lambda: Some(pivot + lambda), k, clamped })
}

/// Half of it is a logit whose logistic function is 1 to the last bit.
const GAP: f64 = 80.0;

/// The logistic function, without overflow on either side.
pub fn sigmoid(t: f64) -> f64 {
    if t >= 0.0 {
        1.0 / (1.0 + (-t).exp())
    } else {
        let e = t.exp();
        e / (1.0 + e)
    }
}

/// Scales what is below 1 so that the sum is `k` to the last bits.
fn settle(mut p: Vec<f64>, k: usize) -> Vec<f64> {
    let full = p.iter().filter(|&&value| value >= 1.0).count();
    let partial: f64 = p.iter().filter(|&&value| value < 1.0).sum();
    if partial > 0.0 && k > full {
        let factor = (k - full) as f64 / partial;
        // λ is right to rounding; anything else is a bug that scaling must not hide.
        debug_assert!((factor - 1.0).abs() < 1e-9, "λ was off by {factor}");
        for value in p.iter_mut().filter(|value| **value < 1.0) {
            *value = (*value * factor).min(1.0);
        }
    }
    p
}

struct Request {
    k: usize,
    available: usize,
    clamped: bool,
}

impl Request {
    fn new(x: &[f64], k: usize) -> Result<Self, MathError> {
        scan(x)?;
        if k == 0 {
            return Err(MathError::KeepNone);
        }
        let available = unmasked(x);
        Ok(Self { k: k.min(available), available, clamped: k > available })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_many_is_softmax() {
        let x = [0.4, -1.0, 2.0];
        let top = min1_exp(&x, 1).expect("legal");
        for (a, b) in top.p.iter().zip(crate::softmax::softmax(&x, 1.0).expect("legal")) {
            assert!((a - b).abs() < 1e-15);
        }
    }

    #[test]
    fn all_of_them_are_ones_and_more_than_all_are_clamped() {
        let x = [0.4, f64::NEG_INFINITY, 2.0];
        for k in [2, 3] {
            for top in [min1_exp(&x, k), sigmoid_top_k(&x, k)] {
                let top = top.expect("legal");
                assert_eq!((top.p, top.k, top.clamped), (vec![1.0, 0.0, 1.0], 2, k == 3));
            }
        }
        assert_eq!(sigmoid_top_k(&x, 2).expect("legal").lambda, None);
        assert_eq!(min1_exp(&x, 0), Err(MathError::KeepNone));
    }

    #[test]
    fn ties_below_a_huge_logit_share_what_it_leaves() {
        let x = [1e30, 0.3, -2.0, 1.5, 0.3];
        for top in [min1_exp(&x, 3), sigmoid_top_k(&x, 3)] {
            let p = top.expect("legal").p;
            assert!((p.iter().sum::<f64>() - 3.0).abs() < 1e-9, "{p:?}");
        }
        let far = [0.0, -1e30, -1e30, -1e30];
        for top in [min1_exp(&far, 2), sigmoid_top_k(&far, 2)] {
            let p = top.expect("legal").p;
            assert!(p[0] == 1.0 && p[1..].iter().all(|p| (p - 1.0 / 3.0).abs() < 1e-12), "{p:?}");
        }
    }

    #[test]
    fn huge_logits_end_the_bisection() {
        let top = sigmoid_top_k(&[1e300, -1e300, 0.0], 1).expect("legal");
        assert!((top.p.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{top:?}");
    }
}
