//! Sparse softmax: softmax over the `k` largest logits.

use crate::cross_entropy::{Loss, minus_others};
use crate::error::MathError;
use crate::log_sum_exp::log_sum_exp;
use crate::logits::{check_target, scan, unmasked};
use crate::order::order_descending;
use crate::softmax::softmax;

/// The result of [`sparse_softmax`].
#[derive(Clone, Debug, PartialEq)]
pub struct SparseSoftmax {
    /// The probabilities, in the order of the logits.
    pub p: Vec<f64>,
    /// The indices that were kept, rising.
    pub kept: Vec<usize>,
    /// How many were kept: `k`, or all unmasked logits when there are fewer.
    pub k: usize,
    /// `k` was above the number of unmasked logits.
    pub clamped: bool,
    /// A logit was left out that equals one that was kept: the index decided.
    pub tie_broken: bool,
}

/// Softmax over the `k` largest logits; the others get 0.
///
/// Ties go to the lower index, and the result says so. Shape: as `x`; `−∞` is a mask and never kept.
/// Range: `k ≥ 1`. Expected time `O(n)`.
/// Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`],
/// [`MathError::KeepNone`].
pub fn sparse_softmax(x: &[f64], k: usize) -> Result<SparseSoftmax, MathError> {
    scan(x)?;
    if k == 0 {
        return Err(MathError::KeepNone);
    }
    let available = unmasked(x);
    let clamped = k > available;
    let k = k.min(available);
    // Masked logits come last.
    let order = order_descending(x);
    let tie_broken = k < available && x[order[k] as usize] >= x[order[k - 1] as usize];
    let mut is_kept = vec![false; x.len()];
    order[..k].iter().for_each(|&i| is_kept[i as usize] = true);
    let order: Vec<usize> = (0..x.len()).filter(|&i| is_kept[i]).collect();
    let logits: Vec<f64> = order.iter().map(|&i| x[i]).collect();
    let mut p = vec![0.0; x.len()];
    for (&i, value) in order.iter().zip(softmax(&logits, 1.0)?) {
        p[i] = value;
    }
    Ok(SparseSoftmax { p, kept: order, k, clamped, tie_broken })
}

/// The loss `LSE_Ω(x) − x_t ≥ 0` over the `k` largest logits `Ω`, with its gradient `p − e_t`.
///
/// `t` need not be in `Ω`; the loss is then at least the distance to the maximum.
/// Shape of the gradient: as `x`. Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// Those of [`sparse_softmax`], [`MathError::TargetOutOfRange`], [`MathError::TargetMasked`].
pub fn sparse_softmax_loss(x: &[f64], k: usize, target: usize) -> Result<Loss, MathError> {
    let SparseSoftmax { p: mut gradient, kept, .. } = sparse_softmax(x, k)?;
    check_target(x, target)?;
    // Shifted by x_t first, so that a small loss among large logits keeps its digits.
    let logits: Vec<f64> = kept.iter().map(|&i| x[i] - x[target]).collect();
    let value = log_sum_exp(&logits)?.max(0.0);
    if gradient[target] > 0.0 {
        gradient[target] = minus_others(&gradient, target);
    } else {
        gradient[target] = -1.0;
    }
    Ok(Loss { value, gradient })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_lower_index_and_are_reported() {
        let sparse = sparse_softmax(&[0.4; 4], 2).expect("legal");
        assert_eq!(sparse.p, vec![0.5, 0.5, 0.0, 0.0]);
        assert!(sparse.tie_broken);
        let signed = sparse_softmax(&[-0.0, 0.0], 1).expect("legal");
        assert_eq!((signed.kept, signed.tie_broken), (vec![0], true));
        assert!(!sparse_softmax(&[2.0, 1.0, 0.0], 2).expect("legal").tie_broken);
    }

    #[test]
    fn too_large_a_k_is_clamped_with_a_note() {
        let sparse = sparse_softmax(&[1.0, f64::NEG_INFINITY, 1.0], 9).expect("legal");
        assert_eq!((sparse.p, sparse.k, sparse.clamped), (vec![0.5, 0.0, 0.5], 2, true));
        assert_eq!(sparse_softmax(&[1.0], 0), Err(MathError::KeepNone));
    }

    #[test]
    fn a_target_that_is_not_kept_costs_its_distance() {
        let loss = sparse_softmax_loss(&[3.0, 1.0, 0.0], 1, 2).expect("legal");
        assert!((loss.value - 3.0).abs() < 1e-15);
        assert_eq!(loss.gradient, vec![1.0, 0.0, -1.0]);
    }
}
