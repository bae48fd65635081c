//! Multi-state recurrent networks: attention whose cache may keep a fixed number of states.

use crate::attention::Attention;
use crate::error::MathError;
use crate::softmax::softmax;

/// Which state goes when there is one too many.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Policy {
    /// The oldest.
    Window,
    /// The oldest but for the first `sinks` tokens, which stay (StreamingLLM, arXiv:2309.17453). With as
    /// many sinks as states, the newest.
    WindowSinks {
        /// How many tokens at the beginning stay.
        sinks: usize,
    },
    /// That with the lowest weight in the row of the newest query (TOVA, arXiv:2401.06104); it may be the
    /// newest itself. Of equals the oldest.
    Tova,
    /// That with the lowest weight, added up over the rows since it came; not the newest. Of equals the
    /// oldest. A simplification of H2O (arXiv:2306.14048), which protects a whole window.
    H2o,
}

/// What a bounded cache gives.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiState {
    /// Outputs, `n × d_v`.
    pub outputs: Vec<f64>,
    /// After each token the tokens kept (0-based, ascending), at most `cap`.
    pub kept: Vec<Vec<usize>>,
}

impl MultiState {
    /// The largest absolute difference from the outputs of full attention; 0 for no tokens.
    pub fn largest_error(&self, full: &[f64]) -> f64 {
        self.outputs.iter().zip(full).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

/// One head under a policy: each token joins the kept states, attends over these up to `cap + 1`, and then
/// the policy drops one if they are more than `cap`.
///
/// With `cap ≥ n` the outputs are those of [`Attention::outputs`] to the last bit.
/// Source: Oren et al. 2024, "Transformers are Multi-State RNNs" (arXiv:2401.06104).
///
/// # Errors
/// [`MathError::CapBelowOne`]; [`MathError::EmptyRow`] if every kept state is hidden from a query;
/// [`MathError::NotFinite`], see [`Attention::output`].
pub fn multi_state(attention: &Attention, policy: Policy, cap: usize) -> Result<MultiState, MathError> {
    if cap == 0 {
        return Err(MathError::CapBelowOne);
    }
    let mut outputs = Vec::with_capacity(attention.len() * attention.width());
    let mut kept = Vec::with_capacity(attention.len());
    let mut now: Vec<usize> = Vec::new();
    let mut collected: Vec<f64> = Vec::new();
    for i in 0..attention.len() {
        now.push(i);
        collected.push(0.0);
        let row = attention.scores(i);
        let scores: Vec<f64> = now.iter().map(|&j| row[j]).collect();
        let weights = softmax(&scores, 1.0).map_err(|_| MathError::EmptyRow { row: i })?;
        outputs.extend(attention.mix(now.iter().copied().zip(weights.iter().copied()))?);
        for (total, weight) in collected.iter_mut().zip(&weights) {
            *total += weight;
        }
        if now.len() > cap {
            let out = match policy {
                Policy::Window => 0,
                // All before are sinks, so the place equals the count of sinks.
                Policy::WindowSinks { sinks } => sinks.min(cap),
                Policy::Tova => lowest(&weights),
                Policy::H2o => lowest(&collected[..cap]),
            };
            now.remove(out);
            collected.remove(out);
        }
        kept.push(now.clone());
    }
    Ok(MultiState { outputs, kept })
}

/// The place of the first among the lowest: states stand in the order of their age, so it is the oldest.
fn lowest(values: &[f64]) -> usize {
    let mut best = 0;
    for (at, value) in values.iter().enumerate() {
        if *value < values[best] {
            best = at;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_sinks_than_states_keep_the_first_tokens() {
        let attention = Attention::from_scores(4, vec![0.0; 10], vec![0.0; 4], 1).expect("legal");
        let got = multi_state(&attention, Policy::WindowSinks { sinks: 9 }, 2).expect("legal");
        assert_eq!(got.kept, [vec![0], vec![0, 1], vec![0, 1], vec![0, 1]]);
        let window = multi_state(&attention, Policy::WindowSinks { sinks: 0 }, 2);
        assert_eq!(window, multi_state(&attention, Policy::Window, 2));
    }
}
