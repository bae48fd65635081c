//! What is computed from a state: the bench of matrices, and the rounding experiment.

use yansuan_math::MathError;
use yansuan_math::bf16_absorption::{Bf16Errors, Bf16Experiment, Bf16Sizes};
use yansuan_math::frequency_plan::FrequencyPlan;
use yansuan_math::latent_attention::{LatentAttention, LatentSizes, QueryOrder};
use yansuan_math::matrix::Matrix;
use yansuan_math::multi_head_attention::{GroupedAttention, HeadTrace};
use yansuan_math::rng::SplitMix64;
use yansuan_math::rope::{PairLayout, rotate_rows};
use yansuan_math::rope_absorption::RotatedScore;

use super::state::{Order, Rotation, State, Toy};
use crate::contract::kept::Kept;
use crate::contract::problem::Problem;
use crate::contract::text::Words;
use crate::contract::widget::{Budget, Progress};

/// Base of the rotations of the bench: with few pairs, a small one turns all of them within its few tokens.
pub const BASE: f64 = 100.0;

/// Lags that are looked at, and the most multiplications that this may take.
pub const LAGS: usize = 64;
const LAG_WORK: usize = 2_000_000;

/// Lags whose merged matrices are shown.
pub const SHOWN_LAGS: [u32; 4] = [0, 1, 2, 3];

/// The widest keys, and the most tokens, where groups are selected: `d_c` is `2g` times as wide there.
const SELECTED: usize = 8;

/// Multiplications of a slice of the rounding experiment.
const SLICE: u64 = 500_000;

/// Sizes of the small rounding experiment.
const SMALL: Bf16Sizes = Bf16Sizes { d: 256, d_k: 64, d_c: 128, n: 32 };

/// One head of the bench, as the reader wants it multiplied.
#[derive(Clone, Debug)]
pub struct Bench {
    pub sizes: LatentSizes,
    /// What queries are made of, and the latent vectors; a token a row.
    pub source: Matrix,
    pub latent: Matrix,
    /// `W_qc`, `W_kc`, `W_v` of the head.
    pub w_qc: Matrix,
    pub w_kc: Matrix,
    pub w_v: Matrix,
    /// The head as trained, rotations included.
    pub trained: HeadTrace,
    /// The head from the cache, its outputs in the latent space.
    pub absorbed: HeadTrace,
    /// The outputs of the head in that form.
    pub output: Matrix,
    /// `W_qc W_kcᵀ`.
    pub merged: Matrix,
    /// The largest difference of outputs, over all heads.
    pub difference: f64,
}

/// A score at a lag.
#[derive(Clone, Copy, Debug)]
pub struct Lagged {
    pub lag: usize,
    /// With the whole key rotated: the score, and what one merged matrix makes of it.
    pub exact: f64,
    pub absorbed: f64,
    /// With a rotated key of its own: as trained, and from the cache.
    pub trained: f64,
    pub restored: f64,
}

/// What rotation does to absorption.
#[derive(Clone, Debug)]
pub struct Rotated {
    pub scores: Vec<Lagged>,
    /// The merged matrices at [`SHOWN_LAGS`], and at the reader's lag.
    pub merged: Vec<Matrix>,
    /// How far each of [`SHOWN_LAGS`] is from that at lag 0, relative.
    pub drift: Vec<f64>,
}

/// Grouped-query attention inside latent attention.
#[derive(Clone, Debug)]
pub struct Selected {
    /// By head, `W_kc` and `W_v`.
    pub heads: Vec<(Matrix, Matrix)>,
    /// The largest difference of the outputs from grouped-query attention, relative to the largest of those.
    pub difference: f64,
}

/// The work of the widget.
#[derive(Default)]
pub struct Work {
    bench: Kept<(Toy, Order, Rotation), Bench>,
    rotated: Kept<Toy, Rotated>,
    selected: Kept<(Toy, u64), Selected>,
    rounding: Kept<(u64, u64, bool), Bf16Experiment>,
}

impl Work {
    /// The head of the bench.
    pub fn bench(&self) -> Option<&Bench> {
        self.bench.value.as_ref()
    }

    /// What rotation does.
    pub fn rotated(&self) -> Option<&Rotated> {
        self.rotated.value.as_ref()
    }

    /// Groups inside latent attention.
    pub fn selected(&self) -> Option<&Selected> {
        self.selected.value.as_ref()
    }

    /// Relative errors of the three forms, when they are known.
    pub fn rounding(&self) -> Option<Bf16Errors> {
        self.rounding.value.as_ref()?.outcome()?.as_ref().ok()?.errors().ok()
    }

    /// The sizes of the rounding experiment.
    pub fn rounding_sizes(&self) -> Bf16Sizes {
        self.rounding.value.as_ref().map_or(SMALL, Bf16Experiment::sizes)
    }

    /// Goes on for at most the budget.
    pub fn go(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, Problem> {
        self.compute(state).map_err(|error| {
            let words = Words::new(format!("这些矩阵算不出来：{error}。"), format!("These matrices fail: {error}."));
            Problem { field: None, words }
        })?;
        let Some(experiment) = &mut self.rounding.value else { return Ok(Progress::Done) };
        loop {
            let progress = experiment.step(SLICE);
            if progress.done {
                return Ok(Progress::Done);
            }
            if !budget.left() {
                return Ok(Progress::Going(progress.fraction));
            }
        }
    }

    fn compute(&mut self, state: &State) -> Result<(), MathError> {
        let State { toy, order, rotation, .. } = *state;
        // What a result does not depend on is left out of its key.
        self.bench.renew((Toy { groups: 1, ..toy }, order, rotation), |(toy, order, rotation)| bench(toy, *order, *rotation))?;
        self.rotated.renew(Toy { groups: 1, tokens: 1, heads: 1, head: 1, ..toy }, rotated)?;
        let narrow = Toy { tokens: toy.tokens.min(SELECTED), d_k: toy.d_k.min(SELECTED), d_c: 1, d_r: 2, head: 1, ..toy };
        self.selected.renew((narrow, state.dense.to_bits()), |(toy, dense)| selected(toy, f64::from_bits(*dense)))?;
        let experiment = (toy.seed, state.common.to_bits(), state.is_large);
        self.rounding.renew(experiment, |&(seed, common, is_large)| rounding(seed, f64::from_bits(common), is_large))?;
        Ok(())
    }
}

/// The attention of the bench, with a rotated key of its own or none.
fn attention(toy: &Toy, d_r: usize) -> Result<LatentAttention, MathError> {
    let Toy { d, heads, d_k, d_c, seed, .. } = *toy;
    LatentAttention::random(LatentSizes { d, heads, d_k, d_v: d_k, d_c, d_r, d_cq: None }, BASE, seed)
}

/// Tokens, a row each.
fn tokens(toy: &Toy, count: usize) -> Matrix {
    Matrix::normal(count, toy.d, 1.0, &mut SplitMix64::new(toy.seed ^ 0x5EED))
}

/// Rows rotated by their positions.
fn turned(x: &Matrix) -> Result<Matrix, MathError> {
    let pairs = FrequencyPlan::Rope1d.pairs(x.columns(), BASE)?;
    let places: Vec<_> = (0..x.rows()).map(|row| [row as f64, 0.0, 0.0]).collect();
    let rows = rotate_rows(x.entries(), &pairs, &places, PairLayout::Interleaved)?;
    Ok(Matrix::from_fn(x.rows(), x.columns(), |row, column| rows[row * x.columns() + column]))
}

fn bench(toy: &Toy, order: Order, rotation: Rotation) -> Result<Bench, MathError> {
    let d_r = if rotation == Rotation::Decoupled { toy.d_r } else { 0 };
    let model = attention(toy, d_r)?;
    let x = tokens(toy, toy.tokens);
    let latent = x.times(model.shared().0)?;
    let source = model.query_source(&x)?;
    let mut trained = if rotation == Rotation::Whole {
        let head = |head: &yansuan_math::latent_attention::LatentHead| {
            let (q, k) = (turned(&source.times(&head.w_qc)?)?, turned(&latent.times(&head.w_kc)?)?);
            HeadTrace::new(q, k, latent.times(&head.w_v)?, model.sizes().scale())
        };
        model.heads().iter().map(head).collect::<Result<Vec<_>, _>>()?
    } else {
        model.train(&x)?
    };
    let queries = if order == Order::Merged { QueryOrder::Merged } else { QueryOrder::Serial };
    let mut absorbed = model.absorb(&x, queries)?;
    let width = toy.d_k;
    let mut difference: f64 = 0.0;
    for (head, trained) in trained.iter().enumerate() {
        let other = Matrix::from_fn(toy.tokens, width, |row, column| absorbed.outputs.row(row)[head * width + column]);
        difference = difference.max(trained.outputs.max_abs_difference(&other)?);
    }
    let shown = toy.head - 1;
    let output = Matrix::from_fn(toy.tokens, width, |row, column| absorbed.outputs.row(row)[shown * width + column]);
    let head = &model.heads()[shown];
    Ok(Bench {
        sizes: model.sizes(),
        w_qc: head.w_qc.clone(),
        w_kc: head.w_kc.clone(),
        w_v: head.w_v.clone(),
        merged: model.merged(shown)?,
        source,
        latent,
        trained: trained.swap_remove(shown),
        absorbed: absorbed.heads.swap_remove(shown),
        output,
        difference,
    })
}

fn rotated(toy: &Toy) -> Result<Rotated, MathError> {
    let (plain, model) = (attention(toy, 0)?, attention(toy, toy.d_r)?);
    let x = tokens(toy, 2);
    let (query, key) = (x.row(1), x.row(0));
    let whole: RotatedScore = plain.undecoupled(0)?;
    let latent = Matrix::new("x", 1, toy.d, key.to_vec())?.times(plain.shared().0)?;
    let curve = whole.curve(query, latent.row(0), LAGS as u32 + 1)?;
    let scale = plain.sizes().scale();
    // Wide matrices are looked at for fewer lags, so that they follow the finger too.
    let stride = (LAGS * toy.d * toy.d_k * toy.d_c).div_ceil(LAG_WORK).next_power_of_two().min(16);
    let scores = curve.iter().step_by(stride).map(|score| {
        let lag = score.lag as usize;
        let both = model.scores_at_lag(0, query, key, lag)?;
        Ok(Lagged {
            lag,
            exact: score.exact * scale,
            absorbed: score.absorbed * scale,
            trained: both.trained,
            restored: both.absorbed,
        })
    });
    let merged = SHOWN_LAGS.iter().map(|lag| whole.merged(*lag)).collect::<Result<Vec<_>, _>>()?;
    let drift = whole.drift(SHOWN_LAGS.len() as u32)?;
    Ok(Rotated { scores: scores.collect::<Result<_, MathError>>()?, merged, drift })
}

fn selected(toy: &Toy, dense: f64) -> Result<Selected, MathError> {
    let grouped = GroupedAttention::random(toy.d, (toy.heads, toy.groups), (toy.d_k, toy.d_k), None, toy.seed)?;
    let latent = LatentAttention::selecting(&grouped)?.densified(dense, toy.seed)?;
    let x = tokens(toy, toy.tokens);
    let (one, other) = (grouped.outputs(&x)?, latent.train_outputs(&x)?);
    let largest = one.entries().iter().fold(0.0_f64, |most, entry| most.max(entry.abs()));
    Ok(Selected {
        heads: latent.heads().iter().map(|head| (head.w_kc.clone(), head.w_v.clone())).collect(),
        difference: one.max_abs_difference(&other)? / largest.max(f64::MIN_POSITIVE),
    })
}

/// The experiment; where rows of `W_q` have something in common, tokens are such that it cancels.
fn rounding(seed: u64, common: f64, is_large: bool) -> Result<Bf16Experiment, MathError> {
    let sizes = if is_large { Bf16Sizes::MODEL } else { SMALL };
    if common == 0.0 {
        return Bf16Experiment::new(sizes, seed);
    }
    let Bf16Sizes { d, d_k, d_c, n } = sizes;
    let mut rng = SplitMix64::new(seed);
    let inverse_root = |rows: usize| 1.0 / (rows as f64).sqrt();
    let own = Matrix::normal(d, d_k, inverse_root(d), &mut rng);
    let shared = Matrix::normal(1, d_k, common * inverse_root(d), &mut rng);
    let w_q = Matrix::from_fn(d, d_k, |row, column| own.row(row)[column] + shared.row(0)[column]);
    let w_k = Matrix::normal(d_c, d_k, inverse_root(d_c), &mut rng);
    let half = Matrix::normal(n, d.div_ceil(2), 1.0, &mut rng);
    // Each number of a token comes with its opposite: what all rows share adds up to nothing.
    let x =
        Matrix::from_fn(n, d, |row, column| if column % 2 == 0 { half.row(row)[column / 2] } else { -half.row(row)[column / 2] });
    let c = Matrix::normal(n, d_c, 1.0, &mut rng);
    Bf16Experiment::with_matrices(&w_q, &w_k, &x, &c)
}
