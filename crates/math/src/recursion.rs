//! A model of several attention layers, computed with a cache, and by full recursion without any memory.

use crate::attention::{check_matrix, check_sizes, dot};
use crate::attention_cost::Strategy;
use crate::attention_state::{Form, State};
use crate::error::MathError;
use crate::rng::SplitMix64;
use crate::rounding::Format;
use num_bigint::BigUint;

/// A recursion that evaluates more scores than these is refused before its start.
pub const SCORES_LIMIT: u64 = 2_000_000;

/// One layer, `h ← h + W_o·attention(W_q h, W_k h, W_v h)`; matrices row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// `d_k × d_model`.
    pub wq: Vec<f64>,
    /// `d_k × d_model`.
    pub wk: Vec<f64>,
    /// `d_v × d_model`.
    pub wv: Vec<f64>,
    /// `d_model × d_v`.
    pub wo: Vec<f64>,
}

/// A model of attention layers only: no norm, no positions, one head.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Width of the hidden state.
    pub d_model: usize,
    /// Width of queries and keys.
    pub d_k: usize,
    /// Width of values.
    pub d_v: usize,
    /// The factor of every score.
    pub scale: f64,
    /// Embeddings, `vocabulary × d_model`.
    pub emb: Vec<f64>,
    /// The layers, the lowest first.
    pub layers: Vec<Layer>,
}

impl Model {
    /// Normal random numbers of variance `1/columns` for the matrices, 1 for the embeddings; scale `1/√d_k`.
    ///
    /// The embeddings do not depend on the count of layers, nor a layer on those above it.
    pub fn random(layers: usize, d_model: usize, d_k: usize, d_v: usize, vocabulary: usize, seed: u64) -> Self {
        let mut rng = SplitMix64::new(seed);
        let mut matrix = |rows: usize, columns: usize, deviation: f64| -> Vec<f64> {
            (0..rows * columns).map(|_| rng.normal() * deviation).collect()
        };
        let emb = matrix(vocabulary, d_model, 1.0);
        let [inner, outer] = [d_model, d_v].map(|columns| 1.0 / (columns.max(1) as f64).sqrt());
        let mut layer = || Layer {
            wq: matrix(d_k, d_model, inner),
            wk: matrix(d_k, d_model, inner),
            wv: matrix(d_v, d_model, inner),
            wo: matrix(d_model, d_v, outer),
        };
        let layers = (0..layers).map(|_| layer()).collect();
        Self { d_model, d_k, d_v, scale: 1.0 / (d_k.max(1) as f64).sqrt(), emb, layers }
    }

    /// Size of the vocabulary.
    pub fn vocabulary(&self) -> usize {
        self.emb.len().checked_div(self.d_model).unwrap_or(0)
    }

    /// Shapes, finiteness, and that every token is in the vocabulary.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`] and [`MathError::EntryNotFinite`] naming `emb`, `Wq`, `Wk`, `Wv`, `Wo` or
    /// `scale`; [`MathError::TooManyTokens`] and [`MathError::TooMany`] as for one head;
    /// [`MathError::TargetOutOfRange`] (the token).
    pub fn check(&self, ids: &[usize]) -> Result<(), MathError> {
        let Self { d_model, d_k, d_v, .. } = *self;
        check_matrix("emb", &self.emb, self.vocabulary(), d_model)?;
        check_matrix("scale", &[self.scale], 1, 1)?;
        for layer in &self.layers {
            check_matrix("Wq", &layer.wq, d_k, d_model)?;
            check_matrix("Wk", &layer.wk, d_k, d_model)?;
            check_matrix("Wv", &layer.wv, d_v, d_model)?;
            check_matrix("Wo", &layer.wo, d_model, d_v)?;
        }
        check_sizes(ids.len(), &[d_model, d_k, d_v])?;
        let len = self.vocabulary();
        match ids.iter().find(|&&id| id >= len) {
            Some(&target) => Err(MathError::TargetOutOfRange { target, len }),
            None => Ok(()),
        }
    }

    /// The embedding of a token that was checked.
    fn embedding(&self, id: usize) -> &[f64] {
        &self.emb[id * self.d_model..(id + 1) * self.d_model]
    }

    /// The hidden states with the keys and values of every layer kept, the usual way.
    ///
    /// Shape: `layers + 1` matrices of `n × d_model`, the embeddings first. Work: `N·n(n+1)/2` scores.
    ///
    /// # Errors
    /// Those of [`Model::check`]; [`MathError::NonFiniteScore`].
    pub fn forward(&self, ids: &[usize]) -> Result<Vec<Vec<f64>>, MathError> {
        self.check(ids)?;
        let width = self.d_model.max(1); // without tokens it may be 0
        let mut hidden: Vec<Vec<f64>> = vec![ids.iter().flat_map(|&id| self.embedding(id).iter().copied()).collect()];
        for layer in &self.layers {
            let Some(below) = hidden.last() else { break };
            let mut keys: Vec<Vec<f64>> = Vec::with_capacity(ids.len());
            let mut values: Vec<Vec<f64>> = Vec::with_capacity(ids.len());
            let mut above = below.clone();
            for (i, (h, out)) in below.chunks_exact(width).zip(above.chunks_exact_mut(width)).enumerate() {
                let q = times(&layer.wq, h);
                keys.push(times(&layer.wk, h));
                values.push(times(&layer.wv, h));
                let mut state = State::new(Form::Safe, Format::F64, self.d_v);
                for (j, (key, value)) in keys.iter().zip(&values).enumerate() {
                    state.push_checked(self.score(&q, key, i, j)?, value);
                }
                add_output(&layer.wo, &state, out);
            }
            hidden.push(above);
        }
        Ok(hidden)
    }

    fn score(&self, q: &[f64], k: &[f64], query: usize, key: usize) -> Result<f64, MathError> {
        let value = dot(q, k) * self.scale;
        if value.is_finite() { Ok(value) } else { Err(MathError::NonFiniteScore { query, key, value }) }
    }

    /// How many scores full recursion would evaluate for so many tokens; exact.
    pub fn recursion_scores(&self, tokens: usize) -> BigUint {
        Strategy::FullRecursion.scores(self.layers.len() as u64, tokens as u64)
    }
}

/// `W·x`, `W` with rows as long as `x`.
fn times(w: &[f64], x: &[f64]) -> Vec<f64> {
    w.chunks_exact(x.len().max(1)).map(|row| dot(row, x)).collect()
}

/// `h ← h + W_o·y/z`.
fn add_output(wo: &[f64], state: &State, h: &mut [f64]) {
    let (y, z) = (state.y(), state.z());
    for (total, row) in h.iter_mut().zip(wo.chunks_exact(y.len().max(1))) {
        *total += row.iter().zip(y).map(|(w, y)| w * (y / z)).sum::<f64>();
    }
}

/// One slot of the call stack: a layer at work on one position.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Which token this layer is computing, from 1.
    pub i: u64,
    /// How many keys it has read; the one in the making is the next.
    pub t: u64,
    /// `h` of the layer below at `i`, once the first key has been read.
    pub h: Vec<f64>,
    /// The query, once the first key has been read.
    pub q: Vec<f64>,
    /// `(m, z, y)`.
    pub state: State,
}

/// The score that was just evaluated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluated {
    /// In which layer, from 1 (the lowest).
    pub layer: usize,
    /// Its query, from 1.
    pub i: u64,
    /// Its inner step, from 1.
    pub t: u64,
    /// The score.
    pub score: f64,
}

impl Evaluated {
    /// The key, `j = i − t + 1`, from 1.
    pub const fn j(self) -> u64 {
        self.i - self.t + 1
    }
}

/// What was counted so far.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Counters {
    /// Scores of each layer, the lowest first.
    pub scores: Vec<u64>,
    /// How often each layer was computed at some position, the lowest first (begun calls).
    pub calls: Vec<u64>,
    /// How often a token of the input was read.
    pub leaf_reads: u64,
    /// The largest count of slots in use at once.
    pub peak_depth: usize,
}

impl Counters {
    /// Scores of all layers together.
    pub fn total_scores(&self) -> u64 {
        self.scores.iter().sum()
    }
}

/// What one token of the output has cost.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TokenCost {
    /// Scores evaluated for it.
    pub scores: u64,
    /// Reads of the input for it.
    pub leaf_reads: u64,
}

/// Full recursion as a machine that stops after every score.
///
/// To compute layer `ℓ` at token `i`, the layer below is computed at `i, i−1, …, 1`, each time from the raw
/// input; the newest comes first, so that a single recomputation of `h_i` serves query, key and value. There
/// is one slot a layer, made at the beginning; no slot is ever added.
/// Source: <https://kexue.fm/archives/10017>, section "constant space"; the machine is ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Recursion {
    model: Model,
    ids: Vec<usize>,
    /// Slot of each layer, the lowest first; those from `top` upwards are in use.
    slots: Vec<Frame>,
    /// The lowest layer at work (0-based); `slots.len()` if none is.
    top: usize,
    /// The hidden state handed up from the layer below, if there is one.
    incoming: Option<Vec<f64>>,
    /// Tokens of output that stand.
    done: usize,
    counters: Counters,
    before: TokenCost,
    costs: Vec<TokenCost>,
    outputs: Vec<f64>,
}

impl Recursion {
    /// A machine that has done nothing yet. Refuses what would take too long before it starts.
    ///
    /// # Errors
    /// Those of [`Model::check`]; [`MathError::TooManySteps`] above [`SCORES_LIMIT`], with the exact count.
    pub fn new(model: Model, ids: &[usize]) -> Result<Self, MathError> {
        model.check(ids)?;
        check_steps(model.layers.len() as u64, ids.len() as u64)?;
        // Not by `vec!`, whose clones have no capacity.
        let slot = |_| Frame {
            i: 0,
            t: 0,
            h: Vec::with_capacity(model.d_model),
            q: Vec::with_capacity(model.d_k),
            state: State::new(Form::Safe, Format::F64, model.d_v),
        };
        let layers = model.layers.len();
        Ok(Self {
            slots: (0..layers).map(slot).collect(),
            top: layers,
            incoming: None,
            done: 0,
            counters: Counters { scores: vec![0; layers], calls: vec![0; layers], ..Counters::default() },
            before: TokenCost::default(),
            costs: Vec::with_capacity(ids.len()),
            outputs: Vec::with_capacity(ids.len() * model.d_model),
            ids: ids.to_vec(),
            model,
        })
    }

    /// Goes on to the next score and evaluates it; none when everything is computed.
    ///
    /// # Errors
    /// [`MathError::NonFiniteScore`] (0-based pair); the machine then stays where it is.
    pub fn advance(&mut self) -> Result<Option<Evaluated>, MathError> {
        while self.done < self.ids.len() {
            if self.top == self.slots.len() {
                // Nobody is at work: either a whole token has come up, or the next one is to be begun.
                match self.incoming.take() {
                    Some(h) => self.finish_token(&h),
                    None => self.call(self.slots.len(), self.done as u64 + 1),
                }
                continue;
            }
            let layer = self.top;
            if let Some(h) = self.incoming.take() {
                return self.score(layer, h).map(Some);
            }
            let Frame { i, t, .. } = self.slots[layer];
            if t == i {
                self.hand_up(layer);
            } else {
                self.call(layer, i - t);
            }
        }
        Ok(None)
    }

    /// Goes on by at most so many scores, and tells how many were evaluated.
    ///
    /// # Errors
    /// Those of [`Recursion::advance`].
    pub fn run(&mut self, scores: u64) -> Result<u64, MathError> {
        for count in 0..scores {
            if self.advance()?.is_none() {
                return Ok(count);
            }
        }
        Ok(scores)
    }

    /// Has everything been computed?
    ///
    /// After the last score the output is still on its way up; one more [`Recursion::advance`] ends it.
    pub fn is_done(&self) -> bool {
        self.done == self.ids.len()
    }

    /// The slots in use, the highest layer first, each with its layer (from 1).
    pub fn stack(&self) -> impl Iterator<Item = (usize, &Frame)> {
        self.slots.iter().enumerate().skip(self.top).rev().map(|(layer, frame)| (layer + 1, frame))
    }

    /// The counters so far.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// What each finished token has cost, `C(i+N,N) − 1` scores and `C(i+N−1,N)` reads.
    pub fn costs(&self) -> &[TokenCost] {
        &self.costs
    }

    /// The hidden states of the last layer that stand, row by row.
    pub fn outputs(&self) -> &[f64] {
        &self.outputs
    }

    /// The model that is computed.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Asks the layer below `layer` for its hidden state at token `i`: a new frame, or a read of the input.
    fn call(&mut self, layer: usize, i: u64) {
        let Some(below) = layer.checked_sub(1) else {
            self.counters.leaf_reads += 1;
            self.incoming = Some(self.model.embedding(self.ids[i as usize - 1]).to_vec());
            return;
        };
        let frame = &mut self.slots[below];
        frame.i = i;
        frame.t = 0;
        frame.h.clear();
        frame.q.clear();
        frame.state.reset();
        self.top = below;
        self.counters.calls[below] += 1;
        self.counters.peak_depth = self.counters.peak_depth.max(self.slots.len() - below);
    }

    /// One score of a layer, with the hidden state that has come up from below.
    fn score(&mut self, layer: usize, incoming: Vec<f64>) -> Result<Evaluated, MathError> {
        let weights = &self.model.layers[layer];
        let frame = &mut self.slots[layer];
        if frame.t == 0 {
            frame.q.extend(times(&weights.wq, &incoming));
            frame.h.extend_from_slice(&incoming);
        }
        let (query, key) = (frame.i as usize - 1, (frame.i - frame.t) as usize - 1);
        let score = match self.model.score(&frame.q, &times(&weights.wk, &incoming), query, key) {
            Ok(score) => score,
            Err(error) => {
                if frame.t == 0 {
                    frame.q.clear();
                    frame.h.clear();
                }
                self.incoming = Some(incoming);
                return Err(error);
            }
        };
        frame.state.push_checked(score, &times(&weights.wv, &incoming));
        frame.t += 1;
        self.counters.scores[layer] += 1;
        Ok(Evaluated { layer: layer + 1, i: frame.i, t: frame.t, score })
    }

    /// A layer has read all its keys: its slot is free, its hidden state goes up.
    fn hand_up(&mut self, layer: usize) {
        let frame = &mut self.slots[layer];
        let mut h = frame.h.clone();
        add_output(&self.model.layers[layer].wo, &frame.state, &mut h);
        self.incoming = Some(h);
        self.top = layer + 1;
    }

    fn finish_token(&mut self, h: &[f64]) {
        self.outputs.extend_from_slice(h);
        let now = TokenCost { scores: self.counters.total_scores(), leaf_reads: self.counters.leaf_reads };
        let TokenCost { scores, leaf_reads } = self.before;
        self.costs.push(TokenCost { scores: now.scores - scores, leaf_reads: now.leaf_reads - leaf_reads });
        self.before = now;
        self.done += 1;
    }
}

/// Whether full recursion over so many layers and tokens is short enough to be run.
///
/// # Errors
/// [`MathError::TooManySteps`] above [`SCORES_LIMIT`], with the exact count.
pub fn check_steps(layers: u64, tokens: u64) -> Result<(), MathError> {
    let scores = Strategy::FullRecursion.scores(layers, tokens);
    if scores > BigUint::from(SCORES_LIMIT) {
        return Err(MathError::TooManySteps { scores: scores.to_string(), limit: SCORES_LIMIT });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stack_holds_a_frame_a_layer_and_the_slots_do_not_move() {
        let mut machine = Recursion::new(Model::random(3, 4, 2, 3, 5, 1), &[0, 1, 2, 3]).expect("legal");
        let places: Vec<_> =
            machine.slots.iter().map(|slot| (slot.h.as_ptr(), slot.q.as_ptr(), slot.state.y().as_ptr())).collect();
        assert_eq!(machine.stack().count(), 0);
        let first = machine.advance().expect("finite").expect("a score");
        assert_eq!((first.layer, first.i, first.t, first.j()), (1, 1, 1, 1));
        assert_eq!(
            machine.stack().map(|(layer, frame)| (layer, frame.i, frame.t)).collect::<Vec<_>>(),
            [(3, 1, 0), (2, 1, 0), (1, 1, 1)]
        );
        while machine.advance().expect("finite").is_some() {}
        assert!(machine.is_done());
        assert_eq!(machine.counters().peak_depth, 3);
        let after: Vec<_> =
            machine.slots.iter().map(|slot| (slot.h.as_ptr(), slot.q.as_ptr(), slot.state.y().as_ptr())).collect();
        assert_eq!(places, after);
    }

    #[test]
    fn a_model_without_layers_gives_its_embeddings() {
        let mut machine = Recursion::new(Model::random(0, 3, 2, 2, 4, 1), &[2, 2, 1]).expect("legal");
        assert_eq!(machine.advance(), Ok(None));
        assert_eq!(machine.outputs(), machine.model().forward(&[2, 2, 1]).expect("legal")[0]);
        assert_eq!(machine.costs(), [TokenCost { scores: 0, leaf_reads: 1 }; 3]);
    }
}
