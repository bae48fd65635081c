//! Multi-head latent attention: trained as multi-head attention, decoded as multi-query attention over the latent vectors.

use crate::attention::check_sizes;
use crate::error::MathError;
use crate::frequency_plan::Pair;
use crate::kv_cache::group_of_head;
use crate::matrix::Matrix;
use crate::multi_head_attention::{
    GroupedAttention, HeadTrace, check_heads, check_scores, check_weights, concatenate, read_cache, rotary_pairs, rotate_from,
};
use crate::rng::SplitMix64;
use crate::rope_absorption::RotatedScore;

/// The widths of the projections.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct LatentSizes {
    /// Of the input, `d`.
    pub d: usize,
    /// Number of heads, `h`.
    pub heads: usize,
    /// Of a key without its rotated part, `d_k`.
    pub d_k: usize,
    /// Of a value, `d_v`.
    pub d_v: usize,
    /// Of the latent vector of keys and values, `d_c`.
    pub d_c: usize,
    /// Of the rotated key that all heads share, `d_r`: even, 0 for none.
    pub d_r: usize,
    /// Of the latent vector of queries, `d_c′`; `None`: queries are made of the input.
    pub d_cq: Option<usize>,
}

impl LatentSizes {
    /// Width of what queries are made of: `d_c′` or `d`.
    pub fn query_source(self) -> usize {
        self.d_cq.unwrap_or(self.d)
    }

    /// The factor of the scores, `1/√(d_k + d_r)` in *both* forms: absorption does not change the scores, so it is not
    /// `1/√(d_c + d_r)` although the heads are that wide then.
    pub fn scale(self) -> f64 {
        1.0 / ((self.d_k + self.d_r) as f64).sqrt()
    }

    fn check(self) -> Result<(), MathError> {
        let Self { d, heads, d_k, d_v, d_c, d_r, d_cq } = self;
        check_heads(heads)?;
        let sizes = [("d", d), ("d_k", d_k), ("d_v", d_v), ("d_c", d_c), ("d_cq", d_cq.unwrap_or(1))];
        if let Some(&(field, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(MathError::SizeZero { field });
        }
        if !d_r.is_multiple_of(2) {
            return Err(MathError::DimNotEven(d_r));
        }
        check_sizes(0, &[d, d_k, d_v, d_c, d_r, self.query_source()])?;
        let source = self.query_source();
        let of_heads = [source.saturating_mul(d_k + d_r), d_c.saturating_mul(d_k + d_v)].map(|count| count.saturating_mul(heads));
        check_weights([d.saturating_mul(d_c + d_r + d_cq.unwrap_or(0)), of_heads[0], of_heads[1]])
    }
}

/// The projections of one head.
#[derive(Clone, Debug, PartialEq)]
pub struct LatentHead {
    /// Of the query, `d_c′ × d_k` (or `d × d_k`).
    pub w_qc: Matrix,
    /// Of the query's rotated part, `d_c′ × d_r` (or `d × d_r`).
    pub w_qr: Matrix,
    /// Of the latent vector to the key, `d_c × d_k`.
    pub w_kc: Matrix,
    /// Of the latent vector to the value, `d_c × d_v`.
    pub w_v: Matrix,
}

/// How a query gets into the latent space.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum QueryOrder {
    /// `(c′W_qc)W_kcᵀ`, as in practice.
    Serial,
    /// `c′(W_qcW_kcᵀ)`, with the one matrix of the post's argument. The same but for rounding.
    Merged,
}

/// The projections of multi-head latent attention.
///
/// Rows are tokens, the first at position 0. Training: `q = [c′W_qc, c′W_qr R_t]`, `k = [cW_kc, xW_kr R_i]`, `v = cW_v`, `c = xW_c`,
/// `c′ = xW_c′` or `x`. Decoding: `q̃ = [(c′W_qc)W_kcᵀ, c′W_qr R_t]`, `k̃ = [c, xW_kr R_i]`, values `c`, and `W_v` after the sum.
/// The norms that real models have on `c` and `c′` act before these projections and leave the identity as it is.
/// Source: <https://kexue.fm/archives/10091>; arXiv 2405.04434, 2.1.
#[derive(Clone, Debug, PartialEq)]
pub struct LatentAttention {
    sizes: LatentSizes,
    w_c: Matrix,
    w_kr: Matrix,
    w_cq: Option<Matrix>,
    heads: Vec<LatentHead>,
    base: f64,
    pairs: Vec<Pair>,
}

/// What decoding computes, for all tokens at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Absorbed {
    /// By head: queries `q̃` and the keys `k̃` that all share (`T × (d_c + d_r)`), values `c`, and as outputs the weighted sums of `c`
    /// (`T × d_c`).
    pub heads: Vec<HeadTrace>,
    /// What is cached, `[c, xW_kr R]`; `T × (d_c + d_r)`.
    pub cache: Matrix,
    /// The outputs of all heads side by side, after `W_v`; `T × h·d_v`.
    pub outputs: Matrix,
}

impl LatentAttention {
    /// From the projections: `w_c` `d × d_c`, `w_kr` `d × d_r`, `w_cq` `d × d_c′`, and those of each head.
    ///
    /// # Errors
    /// [`MathError::SizeZero`], [`MathError::SizeTooLarge`] (heads), [`MathError::TooMany`] (a width, or all weights), [`MathError::DimNotEven`]
    /// (`d_r`), [`MathError::BadBase`], [`MathError::LengthMismatch`] (heads), [`MathError::ShapeMismatch`],
    /// [`MathError::EntryNotFinite`] (naming `Wc`, `Wkr`, `Wcq`, `Wqc`, `Wqr`, `Wkc`, `Wv`).
    pub fn new(
        sizes: LatentSizes,
        (w_c, w_kr, w_cq): (Matrix, Matrix, Option<Matrix>),
        heads: Vec<LatentHead>,
        base: f64,
    ) -> Result<Self, MathError> {
        sizes.check()?;
        let LatentSizes { d, d_k, d_v, d_c, d_r, d_cq, .. } = sizes;
        if heads.len() != sizes.heads {
            return Err(MathError::LengthMismatch { left: heads.len(), right: sizes.heads });
        }
        let source = sizes.query_source();
        let mut all = vec![("Wc", &w_c, d, d_c), ("Wkr", &w_kr, d, d_r)];
        match (&w_cq, d_cq) {
            (Some(w_cq), Some(d_cq)) => all.push(("Wcq", w_cq, d, d_cq)),
            (None, None) => {}
            (w_cq, d_cq) => {
                let found = w_cq.as_ref().map_or(0, |w_cq| w_cq.entries().len());
                return Err(MathError::ShapeMismatch { field: "Wcq", expected: d * d_cq.unwrap_or(0), found });
            }
        }
        for LatentHead { w_qc, w_qr, w_kc, w_v } in &heads {
            all.extend([("Wqc", w_qc, source, d_k), ("Wqr", w_qr, source, d_r), ("Wkc", w_kc, d_c, d_k), ("Wv", w_v, d_c, d_v)]);
        }
        for (field, matrix, rows, columns) in all {
            matrix.check_shape(field, rows, columns)?;
            matrix.check_finite(field)?;
        }
        let pairs = rotary_pairs(d_r, Some(base))?;
        Ok(Self { sizes, w_c, w_kr, w_cq, heads, base, pairs })
    }

    /// Independent normal numbers whose variance is one over the rows of their matrix.
    ///
    /// # Errors
    /// Those of [`LatentAttention::new`].
    pub fn random(sizes: LatentSizes, base: f64, seed: u64) -> Result<Self, MathError> {
        sizes.check()?;
        let LatentSizes { d, heads, d_k, d_v, d_c, d_r, d_cq } = sizes;
        let mut rng = SplitMix64::new(seed);
        let mut random = |rows: usize, columns: usize| Matrix::normal(rows, columns, 1.0 / (rows as f64).sqrt(), &mut rng);
        let source = sizes.query_source();
        let shared = (random(d, d_c), random(d, d_r), d_cq.map(|d_cq| random(d, d_cq)));
        let head = |_| LatentHead {
            w_qc: random(source, d_k),
            w_qr: random(source, d_r),
            w_kc: random(d_c, d_k),
            w_v: random(d_c, d_v),
        };
        let heads = (0..heads).map(head).collect();
        Self::new(sizes, shared, heads, base)
    }

    /// Grouped-query attention without rotary positions as latent attention: `W_c = [W_k…, W_v…]` side by side, and `W_kc`, `W_v`
    /// of each head select its group's part, so that `d_c = g(d_k + d_v)`.
    ///
    /// A model with rotary positions is taken without them. Source: <https://kexue.fm/archives/10091>.
    ///
    /// # Errors
    /// Those of [`LatentAttention::new`].
    pub fn selecting(model: &GroupedAttention) -> Result<Self, MathError> {
        let ((d, d_k, d_v), (w_q, w_k, w_v)) = (model.widths(), model.projections());
        let groups = model.groups();
        let d_c = groups * (d_k + d_v);
        let sizes = LatentSizes { d, heads: model.heads(), d_k, d_v, d_c, d_r: 0, d_cq: None };
        sizes.check()?;
        let w_c = concatenate(d, w_k.iter().chain(w_v))?;
        let selector = |first: usize, width: usize| Matrix::from_fn(d_c, width, |row, column| f64::from(row == first + column));
        let head = |(s, w_q): (usize, &Matrix)| {
            let group = group_of_head(s, groups, model.heads());
            LatentHead {
                w_qc: w_q.clone(),
                w_qr: Matrix::zeros(d, 0),
                w_kc: selector(group * d_k, d_k),
                w_v: selector(groups * d_k + group * d_v, d_v),
            }
        };
        let heads = w_q.iter().enumerate().map(head).collect();
        Self::new(sizes, (w_c, Matrix::zeros(d, 0), None), heads, 1e4)
    }

    /// The same with `amount` times normal numbers of variance `1/d_c` added to every `W_kc` and `W_v`: selectors grow dense.
    ///
    /// # Errors
    /// [`MathError::EntryNotFinite`] if `amount` is not finite.
    pub fn densified(&self, amount: f64, seed: u64) -> Result<Self, MathError> {
        let mut rng = SplitMix64::new(seed);
        let sigma = amount / (self.sizes.d_c as f64).sqrt();
        let mut blur = |matrix: &Matrix| {
            let noise = Matrix::normal(matrix.rows(), matrix.columns(), sigma, &mut rng);
            let sum = matrix.entries().iter().zip(noise.entries()).map(|(a, b)| a + b).collect();
            Matrix::new("dense part", matrix.rows(), matrix.columns(), sum)
        };
        let mut dense = self.clone();
        for head in &mut dense.heads {
            head.w_kc = blur(&head.w_kc)?;
            head.w_v = blur(&head.w_v)?;
        }
        Ok(dense)
    }

    /// The widths.
    pub const fn sizes(&self) -> LatentSizes {
        self.sizes
    }

    /// The projections of the heads.
    pub fn heads(&self) -> &[LatentHead] {
        &self.heads
    }

    /// `W_c`, `W_kr`, and `W_c′` if there is one.
    pub const fn shared(&self) -> (&Matrix, &Matrix, Option<&Matrix>) {
        (&self.w_c, &self.w_kr, self.w_cq.as_ref())
    }

    /// The base of the rotary positions.
    pub const fn base(&self) -> f64 {
        self.base
    }

    /// The same heads in another order; `order` lists each index once.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`], [`MathError::TargetOutOfRange`].
    pub fn reordered(&self, order: &[usize]) -> Result<Self, MathError> {
        let len = self.heads.len();
        if order.len() != len {
            return Err(MathError::LengthMismatch { left: order.len(), right: len });
        }
        let head = |&target: &usize| self.heads.get(target).cloned().ok_or(MathError::TargetOutOfRange { target, len });
        let heads = order.iter().map(head).collect::<Result<_, _>>()?;
        Ok(Self { heads, ..self.clone() })
    }

    /// What queries are made of, `T × d_c′` (or the tokens themselves).
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`].
    pub fn query_source(&self, x: &Matrix) -> Result<Matrix, MathError> {
        match &self.w_cq {
            Some(w_cq) => x.times(w_cq),
            None => Ok(x.clone()),
        }
    }

    /// The form of training, multi-head attention of heads `d_k + d_r`, on the tokens `x`, `T × d`.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`] (naming `x`), [`MathError::TooManyTokens`] (above
    /// [`SCORES_LIMIT`](crate::multi_head_attention::SCORES_LIMIT)), those of [`HeadTrace::new`].
    pub fn train(&self, x: &Matrix) -> Result<Vec<HeadTrace>, MathError> {
        self.check_tokens(x)?;
        let (source, latent) = (self.query_source(x)?, x.times(&self.w_c)?);
        let rotated = rotate_from(x.times(&self.w_kr)?, &self.pairs, 0)?;
        let head = |head: &LatentHead| {
            let queries = self.with_rotated(source.times(&head.w_qc)?, &source, head, 0)?;
            let keys = latent.times(&head.w_kc)?.beside(&rotated)?;
            HeadTrace::new(queries, keys, latent.times(&head.w_v)?, self.sizes.scale())
        };
        self.heads.iter().map(head).collect()
    }

    /// The outputs of training side by side, `T × h·d_v`.
    ///
    /// # Errors
    /// Those of [`LatentAttention::train`].
    pub fn train_outputs(&self, x: &Matrix) -> Result<Matrix, MathError> {
        concatenate(x.rows(), self.train(x)?.iter().map(|head| &head.outputs))
    }

    /// The form of decoding, multi-query attention of heads `d_c + d_r`, on the tokens `x`, `T × d`, all at once.
    ///
    /// # Errors
    /// Those of [`LatentAttention::train`].
    pub fn absorb(&self, x: &Matrix, order: QueryOrder) -> Result<Absorbed, MathError> {
        self.check_tokens(x)?;
        let (source, latent) = (self.query_source(x)?, x.times(&self.w_c)?);
        let cache = latent.beside(&rotate_from(x.times(&self.w_kr)?, &self.pairs, 0)?)?;
        let mut heads = Vec::with_capacity(self.heads.len());
        let mut outputs = Vec::with_capacity(self.heads.len());
        for head in &self.heads {
            let queries = self.absorbed_queries(&source, head, 0, order)?;
            let trace = HeadTrace::new(queries, cache.clone(), latent.clone(), self.sizes.scale())?;
            outputs.push(trace.outputs.times(&head.w_v)?);
            heads.push(trace);
        }
        let outputs = concatenate(x.rows(), &outputs)?;
        outputs.check_finite("o")?;
        Ok(Absorbed { heads, cache, outputs })
    }

    /// The one matrix `W_qcW_kcᵀ` of a head, `d_c′ × d_c` (or `d × d_c`).
    ///
    /// # Errors
    /// [`MathError::TargetOutOfRange`] (the head).
    pub fn merged(&self, head: usize) -> Result<Matrix, MathError> {
        let LatentHead { w_qc, w_kc, .. } = self.head(head)?;
        w_qc.times_transposed(w_kc)
    }

    /// A head whose whole key would be rotated, as in grouped-query attention: what absorption fails at. The inputs of its
    /// scores are rows of [`LatentAttention::query_source`] and latent vectors.
    ///
    /// # Errors
    /// [`MathError::TargetOutOfRange`] (the head), [`MathError::DimNotEven`] (`d_k`).
    pub fn undecoupled(&self, head: usize) -> Result<RotatedScore, MathError> {
        let LatentHead { w_qc, w_kc, .. } = self.head(head)?;
        RotatedScore::new(w_qc.clone(), w_kc.clone(), self.base)
    }

    /// The score of head `head` between a query token at `lag` and a key token at 0, as trained and from the cache.
    ///
    /// The part without rotation has one merged matrix for all lags; the decoupled part carries the lag. So both agree but for
    /// rounding, whatever the lag.
    ///
    /// Shape: `x_query` and `x_key` `d`.
    ///
    /// # Errors
    /// [`MathError::TargetOutOfRange`] (the head), [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`].
    pub fn scores_at_lag(&self, head: usize, x_query: &[f64], x_key: &[f64], lag: usize) -> Result<LagScores, MathError> {
        let head = self.head(head)?;
        let token = |x: &[f64]| Matrix::new("x", 1, self.sizes.d, x.to_vec());
        let (source, x_key) = (self.query_source(&token(x_query)?)?, token(x_key)?);
        let latent = x_key.times(&self.w_c)?;
        let rotated = x_key.times(&self.w_kr)?;
        let score = |query: &Matrix, key: Matrix| -> Result<f64, MathError> {
            let key = key.beside(&rotated)?;
            Ok(query.times_transposed(&key)?.entries().iter().sum::<f64>() * self.sizes.scale())
        };
        let queries = self.with_rotated(source.times(&head.w_qc)?, &source, head, lag)?;
        let trained = score(&queries, latent.times(&head.w_kc)?)?;
        let absorbed = score(&self.absorbed_queries(&source, head, lag, QueryOrder::Merged)?, latent)?;
        Ok(LagScores { trained, absorbed })
    }

    /// An empty cache.
    pub const fn cache(&self) -> LatentCache<'_> {
        LatentCache { model: self, latent: Vec::new(), keys: Vec::new(), tokens: 0 }
    }

    fn head(&self, target: usize) -> Result<&LatentHead, MathError> {
        self.heads.get(target).ok_or(MathError::TargetOutOfRange { target, len: self.heads.len() })
    }

    fn check_tokens(&self, x: &Matrix) -> Result<(), MathError> {
        x.check_shape("x", x.rows(), self.sizes.d)?;
        check_scores(x.rows(), self.sizes.heads)
    }

    /// `q̃` of tokens at the positions `first, first + 1, …`.
    fn absorbed_queries(&self, source: &Matrix, head: &LatentHead, first: usize, order: QueryOrder) -> Result<Matrix, MathError> {
        let queries = match order {
            QueryOrder::Serial => source.times(&head.w_qc)?.times_transposed(&head.w_kc)?,
            QueryOrder::Merged => source.times(&head.w_qc.times_transposed(&head.w_kc)?)?,
        };
        self.with_rotated(queries, source, head, first)
    }

    /// Queries and, to their right, their rotated part.
    fn with_rotated(&self, queries: Matrix, source: &Matrix, head: &LatentHead, first: usize) -> Result<Matrix, MathError> {
        if self.pairs.is_empty() {
            return Ok(queries);
        }
        queries.beside(&rotate_from(source.times(&head.w_qr)?, &self.pairs, first)?)
    }
}

/// One score, computed in two ways.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LagScores {
    /// From a key of the head's own.
    pub trained: f64,
    /// From what is cached.
    pub absorbed: f64,
}

/// Decoding token by token: only the latent vector and the rotated key are kept, `d_c + d_r` numbers a token.
#[derive(Clone, Debug, PartialEq)]
pub struct LatentCache<'a> {
    model: &'a LatentAttention,
    /// `c`, token by token.
    latent: Vec<f64>,
    /// `[c, xW_kr R]`, token by token: here `c` twice, so that either is a matrix; a real cache has it once.
    keys: Vec<f64>,
    tokens: usize,
}

impl LatentCache<'_> {
    /// Takes the next token in and gives its output, `h·d_v`. The cache is as it was if there is an error.
    ///
    /// # Errors
    /// Those of [`LatentAttention::train`].
    pub fn push(&mut self, x: &[f64]) -> Result<Vec<f64>, MathError> {
        let model = self.model;
        let x = Matrix::new("x", 1, model.sizes.d, x.to_vec())?;
        check_sizes(self.tokens + 1, &[])?;
        let latent = x.times(&model.w_c)?;
        let key = latent.beside(&rotate_from(x.times(&model.w_kr)?, &model.pairs, self.tokens)?)?;
        self.latent.extend_from_slice(latent.entries());
        self.keys.extend_from_slice(key.entries());
        let output = self.read(&x);
        if output.is_ok() {
            self.tokens += 1;
        } else {
            self.latent.truncate(self.tokens * latent.columns());
            self.keys.truncate(self.tokens * key.columns());
        }
        output
    }

    fn read(&self, x: &Matrix) -> Result<Vec<f64>, MathError> {
        let LatentSizes { heads, d_v, d_c, d_r, .. } = self.model.sizes;
        let source = self.model.query_source(x)?;
        let mut queries = Vec::with_capacity(heads * (d_c + d_r));
        for head in &self.model.heads {
            let query = self.model.absorbed_queries(&source, head, self.tokens, QueryOrder::Serial)?;
            queries.extend_from_slice(query.entries());
        }
        let queries = Matrix::new("q", heads, d_c + d_r, queries)?;
        let sums = read_cache(&queries, (&self.keys, &self.latent), d_c, self.model.sizes.scale())?;
        let mut output = Vec::with_capacity(heads * d_v);
        for (s, head) in self.model.heads.iter().enumerate() {
            let sum = Matrix::new("o", 1, d_c, sums.row(s).to_vec())?;
            output.extend_from_slice(sum.times(&head.w_v)?.entries());
        }
        match output.iter().enumerate().find(|(_, value)| !value.is_finite()) {
            Some((index, &value)) => Err(MathError::EntryNotFinite { field: "o", index, value }),
            None => Ok(output),
        }
    }

    /// Tokens taken in.
    pub const fn len(&self) -> usize {
        self.tokens
    }

    /// Whether none was taken in.
    pub const fn is_empty(&self) -> bool {
        self.tokens == 0
    }

    /// What a real cache keeps, `[c, xW_kr R]`; `T × (d_c + d_r)`.
    ///
    /// # Errors
    /// None: the numbers were checked as they came in.
    pub fn contents(&self) -> Result<Matrix, MathError> {
        Matrix::new("cache", self.tokens, self.model.sizes.d_c + self.model.sizes.d_r, self.keys.clone())
    }
}
