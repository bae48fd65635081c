//! Causal attention as a masked softmax: scores, weights and outputs.

use crate::error::MathError;
use crate::softmax::softmax;

/// The largest count of tokens whose scores are kept: eight million numbers.
pub const TOKENS_LIMIT: usize = 4096;

/// The largest width of a vector.
pub const WIDTH_LIMIT: usize = 4096;

/// Queries, keys and values of one head, row by row (a row a token).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs<'a> {
    /// Number of tokens.
    pub n: usize,
    /// Queries, `n × d_k`.
    pub q: &'a [f64],
    /// Keys, `n × d_k`.
    pub k: &'a [f64],
    /// Values, `n × d_v`.
    pub v: &'a [f64],
    /// Width of queries and keys; with 0 every score is 0.
    pub d_k: usize,
    /// Width of values.
    pub d_v: usize,
    /// The factor of every `q·k`: 1 in the post, `1/√d_k` in most models; a gain goes here too.
    pub scale: f64,
}

impl Inputs<'_> {
    /// Shapes, sizes and finiteness.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`], both naming `q`, `k`, `v` or `scale`;
    /// [`MathError::TooManyTokens`] above [`TOKENS_LIMIT`], [`MathError::TooMany`] above [`WIDTH_LIMIT`].
    pub fn check(&self) -> Result<(), MathError> {
        check_matrix("q", self.q, self.n, self.d_k)?;
        check_matrix("k", self.k, self.n, self.d_k)?;
        check_matrix("v", self.v, self.n, self.d_v)?;
        check_matrix("scale", &[self.scale], 1, 1)?;
        check_sizes(self.n, &[self.d_k, self.d_v])
    }

    /// Query of token `i`, of inputs that were checked.
    pub(crate) fn query(&self, i: usize) -> &[f64] {
        &self.q[i * self.d_k..(i + 1) * self.d_k]
    }

    /// Key of token `j`, of inputs that were checked.
    pub(crate) fn key(&self, j: usize) -> &[f64] {
        &self.k[j * self.d_k..(j + 1) * self.d_k]
    }

    /// Value of token `j`, of inputs that were checked.
    pub(crate) fn value(&self, j: usize) -> &[f64] {
        &self.v[j * self.d_v..(j + 1) * self.d_v]
    }
}

/// A matrix must have `rows·columns` numbers, all of them finite.
pub(crate) fn check_matrix(field: &'static str, matrix: &[f64], rows: usize, columns: usize) -> Result<(), MathError> {
    let expected = rows.saturating_mul(columns);
    if matrix.len() != expected {
        return Err(MathError::ShapeMismatch { field, expected, found: matrix.len() });
    }
    match matrix.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        Some((index, &value)) => Err(MathError::EntryNotFinite { field, index, value }),
        None => Ok(()),
    }
}

/// Matrices without rows or columns have no numbers that would bound the other side.
pub(crate) fn check_sizes(tokens: usize, widths: &[usize]) -> Result<(), MathError> {
    if tokens > TOKENS_LIMIT {
        return Err(MathError::TooManyTokens { tokens: tokens as u64, limit: TOKENS_LIMIT as u64 });
    }
    if widths.iter().any(|&width| width > WIDTH_LIMIT) {
        return Err(MathError::TooMany { limit: WIDTH_LIMIT });
    }
    Ok(())
}

/// `a·b`, in order.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The scores and values of one head, checked: every visible score is finite, every row reads a key.
///
/// The scores are kept (a triangle), because the views of one picture ask for them again and again.
/// In `f64`; for speed see [`crate::attention_kernel`].
/// Source: <https://kexue.fm/archives/10017>.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    n: usize,
    width: usize,
    /// Row `i` begins at `i(i+1)/2`.
    scores: Vec<f64>,
    values: Vec<f64>,
}

impl Attention {
    /// Causal attention: query `i` reads the keys `0..=i`. No tokens are legal and give nothing.
    ///
    /// Work: `n(n+1)/2·d_k`.
    ///
    /// # Errors
    /// Those of [`Inputs::check`]; [`MathError::NonFiniteScore`] naming the first pair whose score, or a
    /// partial sum of it, overflows.
    pub fn new(inputs: &Inputs<'_>) -> Result<Self, MathError> {
        Self::masked(inputs, |_, _| false)
    }

    /// As [`Attention::new`], and query `i` does not read key `j ≤ i` where `hidden(i, j)` (0-based). The
    /// score of a hidden pair is `−∞`, whatever its vectors.
    ///
    /// # Errors
    /// Those of [`Attention::new`]; [`MathError::EmptyRow`] with the first query that reads nothing.
    pub fn masked(inputs: &Inputs<'_>, hidden: impl Fn(usize, usize) -> bool) -> Result<Self, MathError> {
        inputs.check()?;
        let mut scores = Vec::with_capacity(inputs.n * (inputs.n + 1) / 2);
        for i in 0..inputs.n {
            let begin = scores.len();
            for j in 0..=i {
                if hidden(i, j) {
                    scores.push(f64::NEG_INFINITY);
                    continue;
                }
                let value = dot(inputs.query(i), inputs.key(j)) * inputs.scale;
                if !value.is_finite() {
                    return Err(MathError::NonFiniteScore { query: i, key: j, value });
                }
                scores.push(value);
            }
            if scores[begin..].iter().all(|&score| score == f64::NEG_INFINITY) {
                return Err(MathError::EmptyRow { row: i });
            }
        }
        Ok(Self { n: inputs.n, width: inputs.d_v, scores, values: inputs.v.to_vec() })
    }

    /// From scores and values of one's own: row `i` of the triangle has `i + 1` scores, `−∞` is hidden.
    ///
    /// Shape: `scores` `n(n+1)/2`, `values` `n × width`.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`] (of `v`), [`MathError::TooManyTokens`],
    /// [`MathError::TooMany`], [`MathError::NonFiniteScore`], [`MathError::EmptyRow`].
    pub fn from_scores(n: usize, scores: Vec<f64>, values: Vec<f64>, width: usize) -> Result<Self, MathError> {
        check_matrix("v", &values, n, width)?;
        check_sizes(n, &[width])?;
        let expected = n * (n + 1) / 2;
        if scores.len() != expected {
            return Err(MathError::ShapeMismatch { field: "scores", expected, found: scores.len() });
        }
        let attention = Self { n, width, scores, values };
        for i in 0..n {
            let row = attention.scores(i);
            if let Some((key, &value)) = row.iter().enumerate().find(|&(_, &score)| score.is_nan() || score == f64::INFINITY) {
                return Err(MathError::NonFiniteScore { query: i, key, value });
            }
            if row.iter().all(|&score| score == f64::NEG_INFINITY) {
                return Err(MathError::EmptyRow { row: i });
            }
        }
        Ok(attention)
    }

    /// Number of tokens.
    pub const fn len(&self) -> usize {
        self.n
    }

    /// Are there no tokens?
    pub const fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Width of a value, `d_v`.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// The scores of query `i` (0-based) with the keys `0..=i`; `−∞` is hidden. Empty if there is no such query.
    pub fn scores(&self, i: usize) -> &[f64] {
        if i < self.n { &self.scores[i * (i + 1) / 2..(i + 1) * (i + 2) / 2] } else { &[] }
    }

    /// The value of token `j` (0-based). Empty if there is no such token.
    pub fn value(&self, j: usize) -> &[f64] {
        if j < self.n { &self.values[j * self.width..(j + 1) * self.width] } else { &[] }
    }

    /// The weights of query `i` (0-based), a softmax of its scores: not negative, sum 1, length `i + 1`.
    ///
    /// # Errors
    /// [`MathError::TargetOutOfRange`] (the query).
    pub fn weights(&self, i: usize) -> Result<Vec<f64>, MathError> {
        self.check_query(i)?;
        softmax(self.scores(i), 1.0)
    }

    /// The output of query `i` (0-based), `Σ w_j v_j`; length `d_v`. At `i = 0` exactly the value.
    ///
    /// # Errors
    /// [`MathError::TargetOutOfRange`] (the query), [`MathError::NotFinite`] if the sum of enormous values
    /// overflows.
    pub fn output(&self, i: usize) -> Result<Vec<f64>, MathError> {
        let weights = self.weights(i)?;
        self.mix(weights.into_iter().enumerate())
    }

    /// The outputs of all queries, `n × d_v`.
    ///
    /// # Errors
    /// [`MathError::NotFinite`], see [`Attention::output`].
    pub fn outputs(&self) -> Result<Vec<f64>, MathError> {
        let mut outputs = Vec::with_capacity(self.values.len());
        for i in 0..self.n {
            outputs.extend(self.output(i)?);
        }
        Ok(outputs)
    }

    pub(crate) fn check_query(&self, i: usize) -> Result<(), MathError> {
        if i < self.n { Ok(()) } else { Err(MathError::TargetOutOfRange { target: i, len: self.n }) }
    }

    /// `Σ w_j v_j` over pairs of key and weight, in their order.
    pub(crate) fn mix(&self, weighted: impl Iterator<Item = (usize, f64)>) -> Result<Vec<f64>, MathError> {
        let mut output = vec![0.0; self.width];
        for (j, weight) in weighted {
            for (total, value) in output.iter_mut().zip(self.value(j)) {
                *total += weight * value;
            }
        }
        match output.iter().enumerate().find(|(_, value)| !value.is_finite()) {
            Some((index, &value)) => Err(MathError::NotFinite { index, value }),
            None => Ok(output),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_width_of_keys_the_outputs_are_running_means() {
        let inputs = Inputs { n: 3, q: &[], k: &[], v: &[3.0, 6.0, 0.0], d_k: 0, d_v: 1, scale: 1.0 };
        let outputs = Attention::new(&inputs).and_then(|attention| attention.outputs()).expect("legal");
        for (got, expected) in outputs.iter().zip([3.0, 4.5, 3.0]) {
            assert!((got - expected).abs() < 1e-15);
        }
    }

    #[test]
    fn a_hidden_key_weighs_nothing_and_its_score_is_not_looked_at() {
        let inputs = Inputs { n: 2, q: &[0.0, 1e200], k: &[1e200, 1.0], v: &[5.0, 7.0], d_k: 1, d_v: 1, scale: 1.0 };
        assert_eq!(Attention::new(&inputs), Err(MathError::NonFiniteScore { query: 1, key: 0, value: f64::INFINITY }));
        let attention = Attention::masked(&inputs, |i, j| i != j).expect("legal");
        assert_eq!(attention.weights(1), Ok(vec![0.0, 1.0]));
        assert_eq!(attention.outputs(), Ok(vec![5.0, 7.0]));
    }
}
