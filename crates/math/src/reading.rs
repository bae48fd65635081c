//! Attention read off its tape: the recurrence that reads the whole past anew for each token.

use crate::attention::Attention;
use crate::attention_state::{Form, State, check_carry};
use crate::error::MathError;
use crate::rng::SplitMix64;
use crate::rounding::Format;
use crate::tape::Read;

/// Up to this many tokens every state is kept: 528 of them.
pub const TRACE_TOKENS: u64 = 32;

/// In what order a query reads its keys; the output is the same.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Order {
    /// The newest first, as in the post: what lets a single recomputation serve query, key and value.
    Newest,
    /// The oldest first.
    Oldest,
    /// Shuffled, each row in its own way. A row depends on the seed and its number only, not on how many follow.
    Random {
        /// The seed.
        seed: u64,
    },
}

impl Order {
    /// The keys that query `i` (0-based) reads, in order: a permutation of `0..=i`.
    pub fn keys(self, i: usize) -> Vec<usize> {
        let mut keys: Vec<usize> = (0..=i).collect();
        match self {
            Self::Oldest => {}
            Self::Newest => keys.reverse(),
            Self::Random { seed } => {
                // Row i draws i numbers, so the rows before it have drawn i(i−1)/2.
                let drawn = (i as u64).wrapping_mul((i as u64).wrapping_sub(1)) / 2;
                let mut rng = SplitMix64::at(seed, drawn);
                for last in (1..=i).rev() {
                    // Fisher–Yates; the bias of the remainder is below 2^-50 here.
                    let other = rng.next_u64() % (last as u64 + 1);
                    keys.swap(last, other as usize);
                }
            }
        }
        keys
    }
}

/// How the tape is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The order within a row.
    pub order: Order,
    /// Raw or safe.
    pub form: Form,
    /// The format that every operation is rounded to.
    pub format: Format,
    /// `λ`: a row begins from `λ` times the state at the end of the row before. 0 is attention.
    pub carry: f64,
}

impl Default for Reading {
    /// Attention as the post reads it, safe and in `f64`.
    fn default() -> Self {
        Self { order: Order::Newest, form: Form::Safe, format: Format::F64, carry: 0.0 }
    }
}

/// One step of the tape, with the state after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Query and inner step, from 1.
    pub read: Read,
    /// The key that was read, from 0.
    pub key: usize,
    /// Its score, rounded to the format; `−∞` is hidden.
    pub score: f64,
    /// The state after the read.
    pub state: State,
}

impl Reading {
    /// Walks the whole tape and shows each step to `visit`: read, key (from 0), score, state after it.
    ///
    /// In the order of the tape, `n(n+1)/2` steps. With `carry = 0` the same, bit for bit, as if each row
    /// had a new state.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] (the carry); [`MathError::NonFiniteScore`] for a score beyond the
    /// largest number of the format; [`MathError::EntryNotFinite`] for such a value.
    pub fn walk(&self, attention: &Attention, mut visit: impl FnMut(Read, usize, f64, &State)) -> Result<(), MathError> {
        check_carry(self.carry)?;
        let mut state = State::new(self.form, self.format, attention.width());
        for i in 0..attention.len() {
            self.row(attention, i, &mut state, &mut visit)?;
            state.carry(self.carry)?;
        }
        Ok(())
    }

    fn row(
        &self,
        attention: &Attention,
        i: usize,
        state: &mut State,
        visit: &mut impl FnMut(Read, usize, f64, &State),
    ) -> Result<(), MathError> {
        let scores = attention.scores(i);
        for (key, t) in self.order.keys(i).into_iter().zip(1..) {
            let score = self.format.round(scores[key]);
            if score.is_finite() {
                let value = attention.value(key);
                if let Some((at, &value)) = value.iter().enumerate().find(|&(_, &value)| !self.format.round(value).is_finite()) {
                    return Err(MathError::EntryNotFinite { field: "v", index: key * attention.width() + at, value });
                }
                state.push_checked(score, value);
            } else if scores[key].is_finite() {
                return Err(MathError::NonFiniteScore { query: i, key, value: score });
            }
            visit(Read { i: i as u64 + 1, t }, key, score, state);
        }
        Ok(())
    }

    /// Every step with its state, for a tape that is short enough to be shown.
    ///
    /// # Errors
    /// Those of [`Reading::walk`]; [`MathError::TooManyTokens`] beyond [`TRACE_TOKENS`].
    pub fn trace(&self, attention: &Attention) -> Result<Vec<Step>, MathError> {
        let tokens = attention.len() as u64;
        if tokens > TRACE_TOKENS {
            return Err(MathError::TooManyTokens { tokens, limit: TRACE_TOKENS });
        }
        let mut steps = Vec::new();
        self.walk(attention, |read, key, score, state| steps.push(Step { read, key, score, state: state.clone() }))?;
        Ok(steps)
    }

    /// The state at the end of every row; its [`State::output`] is the output of the query.
    ///
    /// # Errors
    /// Those of [`Reading::walk`].
    pub fn row_ends(&self, attention: &Attention) -> Result<Vec<State>, MathError> {
        let mut ends = Vec::with_capacity(attention.len());
        self.walk(attention, |read, _, _, state| {
            if read.ends_row() {
                ends.push(state.clone());
            }
        })?;
        Ok(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_a_permutation_and_rows_do_not_depend_on_those_to_come() {
        assert_eq!(Order::Newest.keys(3), [3, 2, 1, 0]);
        for order in [Order::Newest, Order::Oldest, Order::Random { seed: 5 }] {
            for i in 0..40 {
                let mut keys = order.keys(i);
                keys.sort_unstable();
                assert_eq!(keys, (0..=i).collect::<Vec<_>>());
            }
        }
        // Row after row from one stream: no random number serves two rows.
        let mut rng = SplitMix64::new(5);
        for i in 0..40_usize {
            let mut keys: Vec<usize> = (0..=i).collect();
            for last in (1..=i).rev() {
                let other = rng.next_u64() % (last as u64 + 1);
                keys.swap(last, other as usize);
            }
            assert_eq!(Order::Random { seed: 5 }.keys(i), keys, "row {i}");
        }
        assert_ne!(Order::Random { seed: 1 }.keys(20), Order::Random { seed: 2 }.keys(20));
    }
}
