//! What is computed from a state: the triangle of scores, every state of the tape, the proofs, the recursion, the bounded states.

use std::sync::Arc;

use yansuan_math::MathError;
use yansuan_math::attention::{Attention, Inputs};
use yansuan_math::attention_state::Form;
use yansuan_math::flash_tiles::{even_tiles, merge_tree};
use yansuan_math::linear_attention::{LinearOptions, recurrent};
use yansuan_math::multi_state::{MultiState, multi_state};
use yansuan_math::reading::{Order, Reading, Step};
use yansuan_math::recursion::{Model, Recursion};
use yansuan_math::rng::SplitMix64;
use yansuan_math::rounding::Format;
use yansuan_math::tape::Read;

use super::ledger;
use super::state::{HANDS, POLICIES, State, TOKENS};
use crate::contract::problem::Problem;
use crate::contract::table::Table;
use crate::contract::widget::{Budget, Progress};

/// The score that the last query gives the needle, before the gain.
const MATCH: f64 = 6.0;

/// Scores of the recursion a slice: less than a millisecond.
const SLICE: u64 = 4000;

/// Everything that was computed at once.
#[derive(Clone, Debug)]
pub struct Solved {
    /// Queries, keys and values, `n × d` each.
    pub vectors: [Vec<f64>; 3],
    pub attention: Attention,
    /// Outputs of masked softmax, `n × d`.
    pub full: Vec<f64>,
    /// Every step of the tape as it is read.
    pub trace: Vec<Step>,
    /// The read of the present step; none before the first.
    pub read: Option<Read>,
    /// For newest first, oldest first, shuffled, and merged from tiles of two: the largest difference from masked softmax, a row each.
    pub proofs: [Vec<f64>; 4],
    /// The bounded states.
    pub bounded: Vec<MultiState>,
    /// Outputs of linear attention.
    pub linear: Vec<f64>,
    /// Every step as a row.
    pub steps: Arc<Table>,
}

impl Solved {
    /// The present step with its state; none before the first.
    pub fn now(&self, state: &State) -> Option<&Step> {
        usize::try_from(state.step).ok()?.checked_sub(1).and_then(|at| self.trace.get(at))
    }

    /// The row that is being read, 0-based; the first before the tape begins.
    pub fn row(&self) -> usize {
        self.read.map_or(0, |read| read.i as usize - 1)
    }

    /// The steps of the present row, up to the present one.
    pub fn steps_of_row(&self, state: &State) -> &[Step] {
        let Some(read) = self.read else { return &[] };
        let end = (state.step as usize).min(self.trace.len());
        &self.trace[end - (read.t as usize).min(end)..end]
    }

    /// The output of masked softmax at a row.
    pub fn output(&self, row: usize) -> &[f64] {
        let d = self.attention.width();
        self.full.get(row * d..(row + 1) * d).unwrap_or_default()
    }
}

/// The recursion as far as it has been run.
pub struct Theatre {
    of: (u64, u64, usize, usize),
    /// The machine after `done` scores.
    pub machine: Recursion,
    done: u64,
}

/// The work of the widget.
#[derive(Default)]
pub struct Work {
    state: Option<State>,
    pub solved: Option<Solved>,
    pub theatre: Option<Theatre>,
}

impl Work {
    /// Goes on for at most the budget.
    pub fn go(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, Problem> {
        if self.state.as_ref() != Some(state) {
            let is_same_head = self.state.as_ref().is_some_and(|before| before.has_head_of(state));
            match &mut self.solved {
                Some(solved) if is_same_head => solved.read = Read::at(state.step),
                solved => *solved = Some(solve(state).map_err(|error| explain(&error))?),
            }
            self.state = Some(state.clone());
        }
        self.play(state, budget).map_err(|error| explain(&error))
    }

    /// The recursion up to the score of the state; backwards it starts anew.
    fn play(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, MathError> {
        let of = (state.seed, state.layers, state.tokens, state.d);
        if state.calls().is_none() {
            self.theatre = None;
            return Ok(Progress::Done);
        }
        if self.theatre.as_ref().is_none_or(|theatre| theatre.of != of || theatre.done > state.call) {
            let model = Model::random(state.layers as usize, state.d.max(2), state.d, state.d, TOKENS, state.seed);
            let ids: Vec<usize> = (0..state.tokens).collect();
            self.theatre = Some(Theatre { of, machine: Recursion::new(model, &ids)?, done: 0 });
        }
        let Some(theatre) = &mut self.theatre else { return Ok(Progress::Done) };
        while theatre.done < state.call {
            let run = theatre.machine.run(SLICE.min(state.call - theatre.done))?;
            theatre.done += run;
            if run == 0 {
                break;
            }
            if !budget.left() && theatre.done < state.call {
                return Ok(Progress::Going(theatre.done as f64 / state.call as f64));
            }
        }
        Ok(Progress::Done)
    }
}

/// The head of a state: its scores, its tape, its proofs.
fn solve(state: &State) -> Result<Solved, MathError> {
    let read = Read::at(state.step);
    let vectors = vectors(state);
    let inputs = Inputs {
        n: state.tokens,
        q: &vectors[0],
        k: &vectors[1],
        v: &vectors[2],
        d_k: state.d,
        d_v: state.d,
        scale: state.scale(),
    };
    let attention = Attention::new(&inputs)?;
    let full = attention.outputs()?;
    let reading = Reading { order: state.order(), form: state.form, format: state.format, carry: state.carry };
    let trace = reading.trace(&attention)?;
    let proof = |order: Order| -> Result<Vec<f64>, MathError> {
        let ends = Reading { order, form: Form::Safe, format: Format::F64, carry: state.carry }.row_ends(&attention)?;
        Ok(ends.iter().enumerate().map(|(row, end)| distance(end.output().as_deref(), &full, row, state.d)).collect())
    };
    let merged = |row: usize| -> Result<f64, MathError> {
        let tree = merge_tree(even_tiles(&attention, row, 2)?)?;
        let whole = tree.last().and_then(|level| level.first()).and_then(|tile| tile.state.output());
        Ok(distance(whole.as_deref(), &full, row, state.d))
    };
    let proofs = [
        proof(Order::Newest)?,
        proof(Order::Oldest)?,
        proof(Order::Random { seed: state.seed })?,
        (0..state.tokens).map(merged).collect::<Result<_, _>>()?,
    ];
    let bounded = POLICIES.iter().map(|policy| multi_state(&attention, *policy, state.cap)).collect::<Result<_, _>>()?;
    // Where every feature underflows there is no linear attention, and all else goes on.
    let linear = recurrent(&inputs, LinearOptions { decay: 1.0, normalise: true }).map(|all| all.outputs).unwrap_or_default();
    let steps = Arc::new(ledger::steps(&trace, state.d));
    Ok(Solved { vectors, attention, full, trace, read, proofs, bounded, linear, steps })
}

/// The largest difference of a coordinate from the output of masked softmax; all of it where there is no output.
fn distance(output: Option<&[f64]>, full: &[f64], row: usize, d: usize) -> f64 {
    let full = &full[row * d..(row + 1) * d];
    match output {
        Some(output) => output.iter().zip(full).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max),
        None => full.iter().map(|b| b.abs()).fold(0.0, f64::max),
    }
}

/// Queries, keys and values: the reader's first coordinates, then drawn ones; the needle's key turned to the last query.
fn vectors(state: &State) -> [Vec<f64>; 3] {
    let (n, d) = (state.tokens, state.d);
    let mut random = SplitMix64::new(state.seed ^ 0x5eed);
    let mut full = |hands: &Arc<[f64]>| -> Vec<f64> {
        let mut all = Vec::with_capacity(n * d);
        for token in 0..n {
            for at in 0..d {
                let own = hands.get(HANDS * token + at).filter(|_| at < HANDS).copied();
                all.push(own.unwrap_or_else(|| (random.normal() * 100.0).round() / 100.0));
            }
        }
        all
    };
    let [q, mut k, v] = [full(&state.q), full(&state.k), full(&state.v)];
    if let Some(needle) = state.needle.checked_sub(1) {
        let last = &q[(n - 1) * d..];
        let square = last.iter().map(|x| x * x).sum::<f64>() * state.scale() / state.gain;
        if square > 0.0 && square.is_finite() {
            for (at, query) in last.iter().enumerate() {
                k[needle * d + at] = MATCH * query / square;
            }
        }
    }
    [q, k, v]
}

/// A sentence for the reader.
fn explain(error: &MathError) -> Problem {
    match error {
        MathError::NonFiniteScore { query, key, .. } => Problem::at(
            "gain",
            format!("q{0}·k{1} 超出了数型的范围；请减小增益，或改用更宽的数型。", query + 1, key + 1),
            format!("q{0}·k{1} is beyond the number type; lower the gain, or choose a wider type.", query + 1, key + 1),
        ),
        MathError::EntryNotFinite { field, index, .. } => Problem::at(
            match *field {
                "q" => "queries",
                "k" => "keys",
                "v" => "values",
                _ => "gain",
            },
            format!("{field} 的第 {} 个数不是有限的数，或超出了数型的范围；请改成有限的数。", index + 1),
            format!("Number {} of {field} is not finite, or beyond the number type; write a finite number.", index + 1),
        ),
        other => Problem::at("queries", format!("算不出来：{other}。"), format!("This has no answer: {other}.")),
    }
}
