//! Linear attention: a matrix as state that is never re-read, and the same as a quadratic form.

use crate::attention::{Inputs, dot};
use crate::error::MathError;
use crate::exp::exp_f64;

/// The feature map `elu(x) + 1`: `x + 1` above 0, `e^x` below; positive until `e^x` underflows.
///
/// Source: Katharopoulos et al. 2020 (arXiv:2006.16236).
pub fn feature(x: f64) -> f64 {
    if x > 0.0 { x + 1.0 } else { exp_f64(x) }
}

/// `S = Σ λ^{t−s} φ(k_s) v_sᵀ` and `z = Σ λ^{t−s} φ(k_s)`.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearState {
    /// `S`, `d_k × d_v`, row by row.
    pub s: Vec<f64>,
    /// `z`, `d_k` numbers.
    pub z: Vec<f64>,
}

impl LinearState {
    /// The state that has read nothing.
    pub fn new(d_k: usize, d_v: usize) -> Self {
        Self { s: vec![0.0; d_k * d_v], z: vec![0.0; d_k] }
    }

    /// Reads a key and its value: `S ← λS + φ(k)vᵀ`, `z ← λz + φ(k)`. What is too long is not read.
    pub fn push(&mut self, key: &[f64], value: &[f64], decay: f64) {
        for (at, (&key, total)) in key.iter().zip(&mut self.z).enumerate() {
            let feature = feature(key);
            *total = decay * *total + feature;
            for (total, value) in self.s.iter_mut().skip(at * value.len()).zip(value) {
                *total = decay * *total + feature * value;
            }
        }
    }

    /// `Sᵀφ(q)` and `zᵀφ(q)`, numerator and denominator of the output.
    pub fn read(&self, query: &[f64]) -> (Vec<f64>, f64) {
        let width = self.s.len().checked_div(self.z.len()).unwrap_or(0);
        let mut numerator = vec![0.0; width];
        let mut denominator = 0.0;
        for ((&query, row), z) in query.iter().zip(self.s.chunks_exact(width.max(1))).zip(&self.z) {
            let feature = feature(query);
            denominator += feature * z;
            for (total, s) in numerator.iter_mut().zip(row) {
                *total += feature * s;
            }
        }
        (numerator, denominator)
    }
}

/// What linear attention is to give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearOptions {
    /// `λ`, in `0..=1`; 1 forgets nothing.
    pub decay: f64,
    /// Whether the output is divided by `zᵀφ(q)`.
    pub normalise: bool,
}

/// Outputs and last state.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Outputs, `n × d_v`.
    pub outputs: Vec<f64>,
    /// The state after the last token.
    pub state: LinearState,
}

/// Linear attention as a recurrence: `n` steps of `d_k·d_v`, state `d_k·d_v + d_k`. The scale is not used.
///
/// Source: Katharopoulos et al. 2020 (arXiv:2006.16236); with `λ < 1` retention without rotation.
///
/// # Errors
/// Those of [`Inputs::check`]; [`MathError::ParameterOutOfRange`] (the decay); [`MathError::EmptyRow`] if the
/// denominator is 0, [`MathError::NotFinite`] (the row) if an output overflows.
pub fn recurrent(inputs: &Inputs<'_>, options: LinearOptions) -> Result<Linear, MathError> {
    check(inputs, options)?;
    let mut state = LinearState::new(inputs.d_k, inputs.d_v);
    let mut outputs = Vec::with_capacity(inputs.v.len());
    for i in 0..inputs.n {
        state.push(inputs.key(i), inputs.value(i), options.decay);
        let (numerator, denominator) = if inputs.d_k == 0 { (vec![0.0; inputs.d_v], 0.0) } else { state.read(inputs.query(i)) };
        outputs.extend(finish(i, numerator, denominator, options)?);
    }
    Ok(Linear { outputs, state })
}

/// The same as a masked product: `o_i = Σ_{j≤i} λ^{i−j} (φ(q_i)·φ(k_j)) v_j`, over the sum of the weights if
/// normalised. `n(n+1)/2` scores, no state.
///
/// # Errors
/// Those of [`recurrent`]; [`MathError::NonFiniteScore`] for a score that overflows.
pub fn quadratic(inputs: &Inputs<'_>, options: LinearOptions) -> Result<Vec<f64>, MathError> {
    check(inputs, options)?;
    let [q, k] = [inputs.q, inputs.k].map(|x| x.iter().map(|&x| feature(x)).collect::<Vec<f64>>());
    let features = Inputs { q: &q, k: &k, ..*inputs };
    let mut outputs = Vec::with_capacity(inputs.v.len());
    for i in 0..inputs.n {
        let mut numerator = vec![0.0; inputs.d_v];
        let mut denominator = 0.0;
        let mut faded = 1.0;
        for j in (0..=i).rev() {
            let value = dot(features.query(i), features.key(j));
            if !value.is_finite() {
                return Err(MathError::NonFiniteScore { query: i, key: j, value });
            }
            let weight = faded * value;
            denominator += weight;
            for (total, value) in numerator.iter_mut().zip(inputs.value(j)) {
                *total += weight * value;
            }
            faded *= options.decay;
        }
        outputs.extend(finish(i, numerator, denominator, options)?);
    }
    Ok(outputs)
}

fn check(inputs: &Inputs<'_>, options: LinearOptions) -> Result<(), MathError> {
    inputs.check()?;
    if (0.0..=1.0).contains(&options.decay) { Ok(()) } else { Err(MathError::ParameterOutOfRange(options.decay)) }
}

/// The output of row `i` from its two sums.
fn finish(i: usize, mut numerator: Vec<f64>, denominator: f64, options: LinearOptions) -> Result<Vec<f64>, MathError> {
    if options.normalise {
        if denominator == 0.0 {
            return Err(MathError::EmptyRow { row: i });
        }
        for value in &mut numerator {
            *value /= denominator;
        }
    }
    if let Some(&value) = numerator.iter().chain([&denominator]).find(|value| !value.is_finite()) {
        return Err(MathError::NotFinite { index: i, value });
    }
    Ok(numerator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feature_map_is_continuous_and_positive() {
        assert_eq!(feature(0.0), 1.0);
        assert!((feature(1e-12) - feature(-1e-12)).abs() < 1e-11);
        assert!(feature(-700.0) > 0.0);
        assert_eq!(feature(2.5), 3.5);
    }

    #[test]
    fn a_denominator_that_underflows_is_an_empty_row() {
        let inputs = Inputs { n: 1, q: &[-800.0], k: &[-800.0], v: &[1.0], d_k: 1, d_v: 1, scale: 1.0 };
        let options = LinearOptions { decay: 1.0, normalise: true };
        assert_eq!(recurrent(&inputs, options).err(), Some(MathError::EmptyRow { row: 0 }));
        assert_eq!(quadratic(&inputs, options).err(), Some(MathError::EmptyRow { row: 0 }));
    }
}
