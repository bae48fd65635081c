//! Causal attention with several heads as products of matrices: multi-head, grouped-query and multi-query.
//!
//! [`crate::attention`] is one head, score by score, for any length; here all scores of a head are one product, which is what
//! a panel of matrices shows and what is fast for small ones.

use crate::attention::check_sizes;
use crate::error::MathError;
use crate::frequency_plan::{FrequencyPlan, Pair};
use crate::kv_cache::{check_groups, group_of_head};
use crate::matrix::Matrix;
use crate::rng::SplitMix64;
use crate::rope::{PairLayout, Point, rotate_rows};
use crate::softmax::softmax;

/// The largest number of heads.
pub const HEADS_LIMIT: usize = 1024;

/// The largest number of weights, all projections together: for panels, not for models.
pub const WEIGHTS_LIMIT: usize = 1 << 22;

/// The largest number of scores of all heads, `h·T²`.
pub const SCORES_LIMIT: usize = 1 << 22;

/// What one head computes for all tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadTrace {
    /// Queries as they meet the keys, rotations included; `T × d`.
    pub queries: Matrix,
    /// Keys as they meet the queries; `T × d`.
    pub keys: Matrix,
    /// Values; `T × d_v`.
    pub values: Matrix,
    /// Scaled scores, a query a row; `T × T`, `−∞` where the key is later.
    pub scores: Matrix,
    /// Their softmax row by row; `T × T`, 0 where the key is later.
    pub weights: Matrix,
    /// Weighted sums of the values; `T × d_v`. Row 0 is the first value, exactly.
    pub outputs: Matrix,
}

impl HeadTrace {
    /// Causal attention of one head.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`] (`q`, `k`, `v`, and `o` if a sum of enormous values overflows),
    /// [`MathError::NonFiniteScore`], [`MathError::TooManyTokens`].
    pub fn new(queries: Matrix, keys: Matrix, values: Matrix, scale: f64) -> Result<Self, MathError> {
        let n = queries.rows();
        check_sizes(n, &[])?;
        keys.check_shape("k", n, queries.columns())?;
        values.check_shape("v", n, values.columns())?;
        for (field, matrix) in [("q", &queries), ("k", &keys), ("v", &values)] {
            matrix.check_finite(field)?;
        }
        let products = queries.times_transposed_lower(&keys)?;
        let mut scores = Vec::with_capacity(n * n);
        let mut weights = Vec::with_capacity(n * n);
        for query in 0..n {
            let begin = scores.len();
            for (key, product) in products.row(query)[..=query].iter().enumerate() {
                let value = product * scale;
                if !value.is_finite() {
                    return Err(MathError::NonFiniteScore { query, key, value });
                }
                scores.push(value);
            }
            weights.extend(softmax(&scores[begin..], 1.0)?);
            scores.resize(begin + n, f64::NEG_INFINITY);
            weights.resize(begin + n, 0.0);
        }
        let weights = Matrix::new("weights", n, n, weights)?;
        let outputs = weights.lower_times(&values)?;
        outputs.check_finite("o")?;
        let scores = Matrix::from_entries(n, n, scores);
        Ok(Self { queries, keys, values, scores, weights, outputs })
    }
}

/// Side by side what each head gives; `T × h·d_v`, before the output projection.
///
/// # Errors
/// [`MathError::LengthMismatch`] of the tokens.
pub(crate) fn concatenate<'a>(tokens: usize, heads: impl IntoIterator<Item = &'a Matrix>) -> Result<Matrix, MathError> {
    heads.into_iter().try_fold(Matrix::zeros(tokens, 0), |left, right| left.beside(right))
}

/// Rotary positions for a width, interleaved pairs and `θ_j = base^{−2j/d}`; without a base, or of width 0, none.
///
/// # Errors
/// [`MathError::DimNotEven`], [`MathError::BadBase`].
pub(crate) fn rotary_pairs(width: usize, base: Option<f64>) -> Result<Vec<Pair>, MathError> {
    match base {
        Some(base) if width > 0 => FrequencyPlan::Rope1d.pairs(width, base),
        _ => Ok(Vec::new()),
    }
}

/// Rows rotated by the positions `first, first + 1, …`; as they are without pairs.
///
/// # Errors
/// Those of [`rotate_rows`].
pub(crate) fn rotate_from(x: Matrix, pairs: &[Pair], first: usize) -> Result<Matrix, MathError> {
    if pairs.is_empty() {
        return Ok(x);
    }
    let points: Vec<Point> = (first..first + x.rows()).map(|position| [position as f64, 0.0, 0.0]).collect();
    let rotated = rotate_rows(x.entries(), pairs, &points, PairLayout::Interleaved)?;
    Matrix::new("rotated", x.rows(), x.columns(), rotated)
}

/// The projections of multi-head (`g = h`), grouped-query or multi-query attention (`g = 1`).
///
/// Rows are tokens: `q = xW_q`. Source: <https://kexue.fm/archives/10091>, with the scale that it omits.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedAttention {
    d: usize,
    d_k: usize,
    d_v: usize,
    w_q: Vec<Matrix>,
    w_k: Vec<Matrix>,
    w_v: Vec<Matrix>,
    pairs: Vec<Pair>,
}

impl GroupedAttention {
    /// From the projections: `h` of queries (`d × d_k`), `g` of keys (`d × d_k`) and of values (`d × d_v`); with rotary positions
    /// over the whole width if there is a base.
    ///
    /// # Errors
    /// [`MathError::SizeZero`] (heads), [`MathError::GroupsDoNotDivide`], [`MathError::SizeTooLarge`] (above [`HEADS_LIMIT`]),
    /// [`MathError::LengthMismatch`] (as many values as keys), [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`] (naming
    /// `Wq`, `Wk`, `Wv`), [`MathError::DimNotEven`], [`MathError::BadBase`].
    pub fn new(w_q: Vec<Matrix>, w_k: Vec<Matrix>, w_v: Vec<Matrix>, base: Option<f64>) -> Result<Self, MathError> {
        let Some((first, (keys, values))) = w_q.first().zip(w_k.first().zip(w_v.first())) else {
            return Err(MathError::SizeZero { field: "heads" });
        };
        let (d, d_k, d_v) = (first.rows(), keys.columns(), values.columns());
        check_heads(w_q.len())?;
        check_groups(w_q.len() as u32, w_k.len() as u32)?;
        if w_k.len() != w_v.len() {
            return Err(MathError::LengthMismatch { left: w_k.len(), right: w_v.len() });
        }
        check_sizes(0, &[d, d_k, d_v])?;
        for (field, matrices, width) in [("Wq", &w_q, d_k), ("Wk", &w_k, d_k), ("Wv", &w_v, d_v)] {
            for matrix in matrices {
                matrix.check_shape(field, d, width)?;
                matrix.check_finite(field)?;
            }
        }
        let pairs = rotary_pairs(d_k, base)?;
        Ok(Self { d, d_k, d_v, w_q, w_k, w_v, pairs })
    }

    /// Independent normal numbers of variance `1/d`.
    ///
    /// # Errors
    /// Those of [`GroupedAttention::new`]; [`MathError::TooMany`] (above [`WEIGHTS_LIMIT`]).
    pub fn random(
        d: usize,
        (heads, groups): (usize, usize),
        (d_k, d_v): (usize, usize),
        base: Option<f64>,
        seed: u64,
    ) -> Result<Self, MathError> {
        check_heads(heads)?;
        check_groups(heads as u32, u32::try_from(groups).unwrap_or(u32::MAX))?;
        check_sizes(0, &[d, d_k, d_v])?;
        check_weights([heads * d_k, groups * (d_k + d_v)].map(|columns| columns.saturating_mul(d)))?;
        let mut rng = SplitMix64::new(seed);
        let sigma = 1.0 / (d.max(1) as f64).sqrt();
        let mut projections = |count: usize, width: usize| -> Vec<Matrix> {
            (0..count).map(|_| Matrix::normal(d, width, sigma, &mut rng)).collect()
        };
        let (w_q, w_k, w_v) = (projections(heads, d_k), projections(groups, d_k), projections(groups, d_v));
        Self::new(w_q, w_k, w_v, base)
    }

    /// Number of query heads, `h`.
    pub const fn heads(&self) -> usize {
        self.w_q.len()
    }

    /// Number of groups of keys and values, `g`.
    pub const fn groups(&self) -> usize {
        self.w_k.len()
    }

    /// Width of the input, of a key and of a value: `d`, `d_k`, `d_v`.
    pub const fn widths(&self) -> (usize, usize, usize) {
        (self.d, self.d_k, self.d_v)
    }

    /// Projections of queries, keys and values.
    pub fn projections(&self) -> (&[Matrix], &[Matrix], &[Matrix]) {
        (&self.w_q, &self.w_k, &self.w_v)
    }

    /// The factor of the scores, `1/√d_k`.
    pub fn scale(&self) -> f64 {
        1.0 / (self.d_k as f64).sqrt()
    }

    /// All heads on the tokens `x`, `T × d`, at the positions 0, 1, ….
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`] (naming `x`), [`MathError::TooManyTokens`] (above [`SCORES_LIMIT`]), those of [`HeadTrace::new`].
    pub fn attend(&self, x: &Matrix) -> Result<Vec<HeadTrace>, MathError> {
        x.check_shape("x", x.rows(), self.d)?;
        check_scores(x.rows(), self.heads())?;
        let keys = self.w_k.iter().map(|w| rotate_from(x.times(w)?, &self.pairs, 0)).collect::<Result<Vec<_>, _>>()?;
        let values = self.w_v.iter().map(|w| x.times(w)).collect::<Result<Vec<_>, _>>()?;
        let head = |(s, w_q): (usize, &Matrix)| {
            let group = group_of_head(s, self.groups(), self.heads());
            let queries = rotate_from(x.times(w_q)?, &self.pairs, 0)?;
            HeadTrace::new(queries, keys[group].clone(), values[group].clone(), self.scale())
        };
        self.w_q.iter().enumerate().map(head).collect()
    }

    /// The outputs of all heads side by side, `T × h·d_v`.
    ///
    /// # Errors
    /// Those of [`GroupedAttention::attend`].
    pub fn outputs(&self, x: &Matrix) -> Result<Matrix, MathError> {
        concatenate(x.rows(), self.attend(x)?.iter().map(|head| &head.outputs))
    }

    /// An empty cache.
    pub fn cache(&self) -> GroupedCache<'_> {
        GroupedCache { model: self, keys: vec![Vec::new(); self.groups()], values: vec![Vec::new(); self.groups()], tokens: 0 }
    }
}

/// Whether there are heads, and not too many.
pub(crate) fn check_heads(heads: usize) -> Result<(), MathError> {
    match heads {
        0 => Err(MathError::SizeZero { field: "heads" }),
        _ if heads > HEADS_LIMIT => {
            Err(MathError::SizeTooLarge { field: "heads", value: heads as u64, limit: HEADS_LIMIT as u64 })
        }
        _ => Ok(()),
    }
}

/// Whether the counts of weights together are few enough.
pub(crate) fn check_weights(counts: impl IntoIterator<Item = usize>) -> Result<(), MathError> {
    let all = counts.into_iter().fold(0_usize, usize::saturating_add);
    if all > WEIGHTS_LIMIT { Err(MathError::TooMany { limit: WEIGHTS_LIMIT }) } else { Ok(()) }
}

/// Whether the scores of so many tokens are few enough.
pub(crate) fn check_scores(tokens: usize, heads: usize) -> Result<(), MathError> {
    let limit = (SCORES_LIMIT / heads.max(1)).isqrt();
    if tokens > limit { Err(MathError::TooManyTokens { tokens: tokens as u64, limit: limit as u64 }) } else { Ok(()) }
}

/// Decoding token by token: keys and values of the groups are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedCache<'a> {
    model: &'a GroupedAttention,
    /// By group, token by token.
    keys: Vec<Vec<f64>>,
    values: Vec<Vec<f64>>,
    tokens: usize,
}

impl GroupedCache<'_> {
    /// Takes the next token in and gives its output, `h·d_v`. The cache is as it was if there is an error.
    ///
    /// # Errors
    /// Those of [`GroupedAttention::attend`].
    pub fn push(&mut self, x: &[f64]) -> Result<Vec<f64>, MathError> {
        let model = self.model;
        let x = Matrix::new("x", 1, model.d, x.to_vec())?;
        check_sizes(self.tokens + 1, &[])?;
        for group in 0..model.groups() {
            let key = rotate_from(x.times(&model.w_k[group])?, &model.pairs, self.tokens)?;
            let value = x.times(&model.w_v[group])?;
            self.keys[group].extend_from_slice(key.entries());
            self.values[group].extend_from_slice(value.entries());
        }
        self.tokens += 1;
        let output = self.read(&x);
        if output.is_err() {
            self.tokens -= 1;
            for group in 0..model.groups() {
                self.keys[group].truncate(self.tokens * model.d_k);
                self.values[group].truncate(self.tokens * model.d_v);
            }
        }
        output
    }

    fn read(&self, x: &Matrix) -> Result<Vec<f64>, MathError> {
        let model = self.model;
        let mut output = Vec::with_capacity(model.heads() * model.d_v);
        // The heads of a group are neighbours.
        for (group, w_q) in model.w_q.chunks(model.heads() / model.groups()).enumerate() {
            let mut queries = Vec::with_capacity(w_q.len() * model.d_k);
            for w_q in w_q {
                queries.extend_from_slice(rotate_from(x.times(w_q)?, &model.pairs, self.tokens - 1)?.entries());
            }
            let queries = Matrix::new("q", w_q.len(), model.d_k, queries)?;
            let cached = (&self.keys[group][..], &self.values[group][..]);
            output.extend_from_slice(read_cache(&queries, cached, model.d_v, model.scale())?.entries());
        }
        Ok(output)
    }

    /// Tokens taken in.
    pub const fn len(&self) -> usize {
        self.tokens
    }

    /// Whether none was taken in.
    pub const fn is_empty(&self) -> bool {
        self.tokens == 0
    }

    /// Numbers kept, `T·g(d_k + d_v)`.
    pub fn elements(&self) -> usize {
        self.keys.iter().chain(&self.values).map(Vec::len).sum()
    }
}

/// The outputs of some queries over cached keys and values, a token a row; values `d_v` wide.
pub(crate) fn read_cache(
    queries: &Matrix,
    (keys, values): (&[f64], &[f64]),
    d_v: usize,
    scale: f64,
) -> Result<Matrix, MathError> {
    let tokens = values.len().checked_div(d_v).unwrap_or(0);
    queries.check_finite("q")?;
    let keys = Matrix::new("k", tokens, queries.columns(), keys.to_vec())?;
    let values = Matrix::new("v", tokens, d_v, values.to_vec())?;
    let products = keys.times_transposed(queries)?;
    let mut weights = Vec::with_capacity(queries.rows() * tokens);
    for query in 0..queries.rows() {
        let scores: Vec<f64> = (0..tokens).map(|key| products.row(key)[query] * scale).collect();
        if let Some((key, &value)) = scores.iter().enumerate().find(|(_, score)| !score.is_finite()) {
            return Err(MathError::NonFiniteScore { query: tokens - 1, key, value });
        }
        weights.extend(softmax(&scores, 1.0)?);
    }
    let outputs = Matrix::new("weights", queries.rows(), tokens, weights)?.times(&values)?;
    outputs.check_finite("o")?;
    Ok(outputs)
}
