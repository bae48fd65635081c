//! Why rotary positions break absorption: between query and key stands a rotation, so the merged matrix depends on the lag.

use crate::error::MathError;
use crate::frequency_plan::Pair;
use crate::matrix::Matrix;
use crate::multi_head_attention::{check_scores, rotary_pairs, rotate_from};
use crate::rope::{PairLayout, rotate};

/// The largest number of lags at once.
pub const LAGS_LIMIT: u32 = 1 << 16;

/// A query and a key that are rotated over their whole width, and what absorption would make of their score.
///
/// `q = xW_q R_t`, `k = cW_k R_i`, interleaved pairs, no scale. Their score is `xW_q R_{t−i} W_kᵀcᵀ`: for each lag another matrix.
/// Source: <https://kexue.fm/archives/10091>, part 2.
#[derive(Clone, Debug, PartialEq)]
pub struct RotatedScore {
    w_q: Matrix,
    w_k: Matrix,
    pairs: Vec<Pair>,
}

/// The score at one lag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LagScore {
    /// Position of the query less that of the key.
    pub lag: u32,
    /// The score with the rotation, `xW_q R_lag W_kᵀcᵀ`.
    pub exact: f64,
    /// The score by the one matrix without rotation, `x(W_qW_kᵀ)cᵀ`; the same for every lag.
    pub absorbed: f64,
}

impl LagScore {
    /// `absorbed − exact`; 0 but for rounding at lag 0.
    pub fn error(self) -> f64 {
        self.absorbed - self.exact
    }
}

impl RotatedScore {
    /// From the projections: `w_q` `d × d_k`, `w_k` `d_c × d_k`, `d_k` even.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`] (the widths), [`MathError::DimNotEven`], [`MathError::BadBase`], [`MathError::EntryNotFinite`].
    pub fn new(w_q: Matrix, w_k: Matrix, base: f64) -> Result<Self, MathError> {
        if w_q.columns() != w_k.columns() {
            return Err(MathError::LengthMismatch { left: w_q.columns(), right: w_k.columns() });
        }
        if w_q.columns() == 0 {
            return Err(MathError::DimNotEven(0));
        }
        w_q.check_finite("Wq")?;
        w_k.check_finite("Wk")?;
        let pairs = rotary_pairs(w_q.columns(), Some(base))?;
        Ok(Self { w_q, w_k, pairs })
    }

    /// The scores of a token `x` (`d` numbers) and a latent vector `c` (`d_c`) at the lags `0..lags`.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`] (naming `x`, `c`, or `q`, `k` where products overflow),
    /// [`MathError::NonFiniteScore`], [`MathError::TooMany`] (lags).
    pub fn curve(&self, x: &[f64], c: &[f64], lags: u32) -> Result<Vec<LagScore>, MathError> {
        check_lags(lags)?;
        let query = Matrix::new("x", 1, self.w_q.rows(), x.to_vec())?.times(&self.w_q)?;
        let key = Matrix::new("c", 1, self.w_k.rows(), c.to_vec())?.times(&self.w_k)?;
        query.check_finite("q")?;
        key.check_finite("k")?;
        let score = |query: &[f64]| query.iter().zip(key.entries()).map(|(q, k)| q * k).sum::<f64>();
        let absorbed = score(query.entries());
        let at = |lag: u32| {
            let exact = score(&rotate(query.entries(), &self.pairs, [f64::from(lag), 0.0, 0.0], PairLayout::Interleaved)?);
            match [exact, absorbed].into_iter().find(|value| !value.is_finite()) {
                Some(value) => Err(MathError::NonFiniteScore { query: lag as usize, key: 0, value }),
                None => Ok(LagScore { lag, exact, absorbed }),
            }
        };
        (0..lags).map(at).collect()
    }

    /// The merged matrix at a lag, `W_q R_lag W_kᵀ`; `d × d_c`.
    ///
    /// # Errors
    /// None: sizes were checked before.
    pub fn merged(&self, lag: u32) -> Result<Matrix, MathError> {
        // All rows are rotated by the same position.
        let point = [f64::from(lag), 0.0, 0.0];
        let rows = (0..self.w_q.rows()).map(|i| rotate(self.w_q.row(i), &self.pairs, point, PairLayout::Interleaved));
        let rotated = rows.collect::<Result<Vec<_>, _>>()?.concat();
        Matrix::new("Wq", self.w_q.rows(), self.w_q.columns(), rotated)?.times_transposed(&self.w_k)
    }

    /// How far the merged matrix of each of the lags `0..lags` is from that of lag 0: `‖M_lag − M_0‖/‖M_0‖` (Frobenius).
    ///
    /// Work: `d·d_k·d_c` a lag.
    ///
    /// # Errors
    /// [`MathError::ScaleNotPositive`] if `M_0` is 0 (or infinite); [`MathError::TooMany`] (lags).
    pub fn drift(&self, lags: u32) -> Result<Vec<f64>, MathError> {
        check_lags(lags)?;
        let first = self.merged(0)?;
        let norm = first.norm();
        if !(norm > 0.0 && norm.is_finite()) {
            return Err(MathError::ScaleNotPositive(norm));
        }
        (0..lags).map(|lag| Ok(self.merged(lag)?.distance(&first)? / norm)).collect()
    }

    /// The scores of all queries and all earlier keys with the rotation and by the one matrix without, `T × T` each; later keys 0.
    ///
    /// Shape: `x` `T × d`, `c` `T × d_c`.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`], [`MathError::LengthMismatch`] (of the tokens), [`MathError::TooManyTokens`].
    pub fn score_matrices(&self, x: &Matrix, c: &Matrix) -> Result<(Matrix, Matrix), MathError> {
        if x.rows() != c.rows() {
            return Err(MathError::LengthMismatch { left: x.rows(), right: c.rows() });
        }
        check_scores(x.rows(), 1)?;
        let (queries, keys) = (x.times(&self.w_q)?, c.times(&self.w_k)?);
        let absorbed = queries.times_transposed(&keys)?;
        let exact = rotate_from(queries, &self.pairs, 0)?.times_transposed(&rotate_from(keys, &self.pairs, 0)?)?;
        let causal = |scores: &Matrix| {
            Matrix::from_fn(x.rows(), x.rows(), |query, key| if key <= query { scores.row(query)[key] } else { 0.0 })
        };
        Ok((causal(&exact), causal(&absorbed)))
    }
}

fn check_lags(lags: u32) -> Result<(), MathError> {
    if lags > LAGS_LIMIT { Err(MathError::TooMany { limit: LAGS_LIMIT as usize }) } else { Ok(()) }
}
