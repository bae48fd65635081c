//! The honest test of extrapolation: more context, the same last tokens scored.

use crate::error::MathError;
use std::ops::Range;

/// What one run of the test reads and scores, in positions of the whole text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evaluation {
    /// What is fed.
    pub fed: Range<usize>,
    /// What is scored: the same in every run, the end of what is fed.
    pub scored: Range<usize>,
}

/// The runs on a text of `length` tokens: each feeds the last `context` of them and scores the last `scored`.
///
/// A model that uses its context scores the longer runs better; one that only bears it, the same.
/// Source: <https://kexue.fm/archives/9948> (4096 scored, contexts of 4, 8, 12 and 16 thousand).
///
/// # Errors
/// [`MathError::BelowOne`] (`scored`), [`MathError::TargetOutOfRange`] (a context longer than the text or shorter than what is scored).
pub fn last_tokens_protocol(length: usize, scored: usize, contexts: &[usize]) -> Result<Vec<Evaluation>, MathError> {
    if scored == 0 {
        return Err(MathError::BelowOne { field: "scored", value: 0.0 });
    }
    let run = |&context: &usize| {
        if context > length || context < scored {
            return Err(MathError::TargetOutOfRange { target: context, len: length + 1 });
        }
        Ok(Evaluation { fed: length - context..length, scored: length - scored..length })
    };
    contexts.iter().map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_scores_the_same_tokens() {
        let runs = last_tokens_protocol(16384, 4096, &[4096, 8192, 12288, 16384]).expect("legal");
        assert!(runs.iter().all(|run| run.scored == (12288..16384)));
        assert_eq!(runs.iter().map(|run| run.fed.start).collect::<Vec<_>>(), [12288, 8192, 4096, 0]);
        assert!(last_tokens_protocol(10, 4, &[11]).is_err() && last_tokens_protocol(10, 4, &[3]).is_err());
        assert!(last_tokens_protocol(10, 0, &[3]).is_err());
    }
}
