//! What bfloat16 does to absorption: the scores of keys made, of queries carried over in two steps, and of one merged matrix.

use crate::error::MathError;
use crate::matrix::{Matrix, Packed};
use crate::perturb_max::Progress;
use crate::rng::SplitMix64;
use crate::rounding::Format;

/// The largest size of the experiment.
pub const SIZE_LIMIT: usize = 8192;

/// The largest number of numbers that it keeps.
pub const NUMBERS_LIMIT: usize = 1 << 22;

/// Rows of a matrix in one piece of the work.
const PIECE: usize = 8;

/// Sizes of the experiment.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Bf16Sizes {
    /// Width of what queries are made of.
    pub d: usize,
    /// Width of a key.
    pub d_k: usize,
    /// Width of the latent vector.
    pub d_c: usize,
    /// Number of queries, and of keys.
    pub n: usize,
}

impl Bf16Sizes {
    /// About those of DeepSeek-V2: 1024, 128, 512, and 64 tokens.
    pub const MODEL: Self = Self { d: 1024, d_k: 128, d_c: 512, n: 64 };

    fn check(self) -> Result<(), MathError> {
        for (field, size) in [("d", self.d), ("d_k", self.d_k), ("d_c", self.d_c), ("n", self.n)] {
            if size == 0 {
                return Err(MathError::SizeZero { field });
            }
            if size > SIZE_LIMIT {
                return Err(MathError::SizeTooLarge { field, value: size as u64, limit: SIZE_LIMIT as u64 });
            }
        }
        let Self { d, d_k, d_c, n } = self;
        let numbers = (d + d_c) * d_k + n * (d + d_c + d_k + n);
        if numbers > NUMBERS_LIMIT { Err(MathError::TooMany { limit: NUMBERS_LIMIT }) } else { Ok(()) }
    }
}

/// Scores of all queries and keys, `n × n` each.
#[derive(Clone, Debug, PartialEq)]
pub struct Bf16Scores {
    /// `(xW_q)(cW_k)ᵀ` without rounding, of the rounded inputs.
    pub exact: Matrix,
    /// Queries and keys rounded.
    pub train: Matrix,
    /// Queries rounded, and rounded again in the latent space: `⌊⌊xW_q⌉W_kᵀ⌉cᵀ`.
    pub serial: Matrix,
    /// The merged matrix rounded, and the query: `⌊x⌊W_qW_kᵀ⌉⌉cᵀ`.
    pub merged: Matrix,
}

/// Errors of scores, `√(Σ(score − exact)²/Σ exact²)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bf16Errors {
    /// Of the form of training.
    pub train: f64,
    /// Of absorption in two steps.
    pub serial: f64,
    /// Of the merged matrix.
    pub merged: f64,
}

impl Bf16Scores {
    /// The three errors.
    ///
    /// # Errors
    /// [`MathError::ScaleNotPositive`] if every exact score is 0.
    pub fn errors(&self) -> Result<Bf16Errors, MathError> {
        let norm = self.exact.norm();
        if !(norm > 0.0 && norm.is_finite()) {
            return Err(MathError::ScaleNotPositive(norm));
        }
        let error = |scores: &Matrix| Ok::<_, MathError>(scores.distance(&self.exact)? / norm);
        Ok(Bf16Errors { train: error(&self.train)?, serial: error(&self.serial)?, merged: error(&self.merged)? })
    }
}

/// The experiment, a piece at a time: at the size of a model it is 120 million multiplications.
///
/// Products accumulate in `f64`; operands and intermediate results are rounded to bfloat16 as named, scores are not.
///
/// With normal weights the three errors are the same in the mean, 2.35 per mille at every size: each form rounds twice, and two
/// independent errors of 1.66 per mille make `√2` times that. At the sizes of [`Bf16Sizes::MODEL`] one draw is off that by 0.04 per
/// mille, so which form is worst is a matter of the seed (40 seeds: 2.342, 2.349, 2.347, each ± 0.006). The post's warning that
/// merging loses precision is not seen in one layer of such weights; it is where products cancel, for rounding the merged matrix does
/// not know that its rows will. Source: our own experiment and derivation.
#[derive(Clone, Debug)]
pub struct Bf16Experiment {
    sizes: Bf16Sizes,
    stage: Stage,
    /// Rows of the stage that are done.
    row: usize,
    spent: u64,
    rng: SplitMix64,
    /// The inputs, as far as they are drawn.
    w_q: Vec<f64>,
    w_k: Vec<f64>,
    x: Vec<f64>,
    c: Vec<f64>,
    factors: Option<Factors>,
    queries: Vec<f64>,
    keys: Vec<f64>,
    /// Queries in the latent space, `n × d_c`, by the merged matrix; rounded when all rows of it are added.
    latent: Vec<f64>,
    outcome: Option<Result<Bf16Scores, MathError>>,
}

/// Right factors of the products.
#[derive(Clone, Debug)]
struct Factors {
    /// `W_q`.
    query: Packed,
    /// `W_k`.
    key: Packed,
    /// `W_kᵀ`.
    absorbed: Packed,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Draw,
    Queries,
    Keys,
    Merge,
    Done,
}

fn round(x: f64) -> f64 {
    Format::Bf16.round(x)
}

impl Bf16Experiment {
    /// With independent normal numbers, rounded: `x` and `c` of variance 1, the weights of variance one over their rows.
    ///
    /// # Errors
    /// [`MathError::SizeZero`], [`MathError::SizeTooLarge`], [`MathError::TooMany`] (numbers in all).
    pub fn new(sizes: Bf16Sizes, seed: u64) -> Result<Self, MathError> {
        sizes.check()?;
        Ok(Self {
            sizes,
            stage: Stage::Draw,
            row: 0,
            spent: 0,
            rng: SplitMix64::new(seed),
            w_q: Vec::with_capacity(sizes.d * sizes.d_k),
            w_k: Vec::with_capacity(sizes.d_c * sizes.d_k),
            x: Vec::with_capacity(sizes.n * sizes.d),
            c: Vec::with_capacity(sizes.n * sizes.d_c),
            factors: None,
            queries: vec![0.0; sizes.n * sizes.d_k],
            keys: vec![0.0; sizes.n * sizes.d_k],
            latent: vec![0.0; sizes.n * sizes.d_c],
            outcome: None,
        })
    }

    /// With given matrices, which are rounded first: `w_q` `d × d_k`, `w_k` `d_c × d_k`, `x` `n × d`, `c` `n × d_c`.
    ///
    /// # Errors
    /// Those of [`Bf16Experiment::new`]; [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`] (also what is finite but beyond
    /// the largest bfloat16).
    pub fn with_matrices(w_q: &Matrix, w_k: &Matrix, x: &Matrix, c: &Matrix) -> Result<Self, MathError> {
        let sizes = Bf16Sizes { d: w_q.rows(), d_k: w_q.columns(), d_c: w_k.rows(), n: x.rows() };
        let mut run = Self::new(sizes, 0)?;
        let Bf16Sizes { d, d_k, d_c, n } = sizes;
        for (field, matrix, rows, columns) in [("Wq", w_q, d, d_k), ("Wk", w_k, d_c, d_k), ("x", x, n, d), ("c", c, n, d_c)] {
            matrix.check_shape(field, rows, columns)?;
            matrix.map(round).check_finite(field)?;
        }
        for (into, from) in [(&mut run.w_q, w_q), (&mut run.w_k, w_k), (&mut run.x, x), (&mut run.c, c)] {
            into.extend(from.entries().iter().map(|&entry| round(entry)));
        }
        Ok(run)
    }

    /// The sizes.
    pub const fn sizes(&self) -> Bf16Sizes {
        self.sizes
    }

    /// Where it stands.
    pub fn progress(&self) -> Progress {
        let done = self.stage == Stage::Done;
        let fraction = if done { 1.0 } else { (self.spent as f64 / self.total() as f64).min(1.0) };
        Progress { done, fraction }
    }

    /// Goes on for about `budget` multiplications (drawing a number counts as 30), at least by one piece. Two million are some
    /// milliseconds.
    pub fn step(&mut self, budget: u64) -> Progress {
        let end = self.spent.saturating_add(budget.max(1));
        while self.stage != Stage::Done && self.spent < end {
            self.piece();
        }
        self.progress()
    }

    /// The scores, when all is done; an error if a product is beyond the largest bfloat16, which drawn numbers are far from.
    pub const fn outcome(&self) -> Option<&Result<Bf16Scores, MathError>> {
        self.outcome.as_ref()
    }

    /// Goes to the end.
    ///
    /// # Errors
    /// [`MathError::EntryNotFinite`] if a product is beyond the largest bfloat16.
    pub fn finish(mut self) -> Result<Bf16Scores, MathError> {
        while !self.step(u64::MAX).done {}
        self.outcome.unwrap_or(Err(MathError::Empty))
    }

    fn total(&self) -> u64 {
        let Bf16Sizes { d, d_k, d_c, n } = self.sizes;
        let [d, d_k, d_c, n] = [d, d_k, d_c, n].map(|size| size as u64);
        DRAW * (d * d_k + d_c * d_k + n * d + n * d_c) + n * d * d_k + n * d_c * d_k + d * d_c * (d_k + n)
    }

    fn piece(&mut self) {
        let Bf16Sizes { d, d_k, d_c, n } = self.sizes;
        match self.stage {
            Stage::Draw => self.draw(),
            Stage::Queries => {
                let rows = self.rows(n);
                if let Some(factors) = &self.factors {
                    factors
                        .query
                        .accumulate(&self.x[rows.start * d..rows.end * d], &mut self.queries[rows.start * d_k..rows.end * d_k]);
                }
                self.advance(rows.end, n, rows.len() * d * d_k, Stage::Keys);
            }
            Stage::Keys => {
                let rows = self.rows(n);
                if let Some(factors) = &self.factors {
                    factors
                        .key
                        .accumulate(&self.c[rows.start * d_c..rows.end * d_c], &mut self.keys[rows.start * d_k..rows.end * d_k]);
                }
                self.advance(rows.end, n, rows.len() * d_c * d_k, Stage::Merge);
            }
            Stage::Merge => {
                let rows = self.rows(d);
                self.merge(rows.clone());
                self.advance(rows.end, d, rows.len() * d_c * (d_k + n), Stage::Done);
                if self.stage == Stage::Done {
                    self.outcome = Some(self.compare());
                }
            }
            Stage::Done => {}
        }
    }

    /// The rows of the next piece, of so many.
    fn rows(&self, count: usize) -> std::ops::Range<usize> {
        self.row..(self.row + PIECE).min(count)
    }

    fn advance(&mut self, row: usize, count: usize, work: usize, next: Stage) {
        self.spent += work as u64;
        self.row = row;
        if row >= count {
            self.row = 0;
            self.stage = next;
        }
    }

    /// Draws some numbers, in the order `W_q`, `W_k`, `x`, `c`; then prepares the factors.
    fn draw(&mut self) {
        let Bf16Sizes { d, d_k, d_c, n } = self.sizes;
        let inverse_root = |rows: usize| 1.0 / (rows as f64).sqrt();
        let mut left = 1024;
        for (into, count, sigma) in [
            (&mut self.w_q, d * d_k, inverse_root(d)),
            (&mut self.w_k, d_c * d_k, inverse_root(d_c)),
            (&mut self.x, n * d, 1.0),
            (&mut self.c, n * d_c, 1.0),
        ] {
            let some = left.min(count - into.len());
            into.extend((0..some).map(|_| round(self.rng.normal() * sigma)));
            left -= some;
        }
        self.spent += DRAW * (1024 - left) as u64;
        if left == 0 {
            return;
        }
        let w_k = Matrix::from_entries(d_c, d_k, self.w_k.clone());
        self.factors =
            Some(Factors { query: Packed::rows(&self.w_q, d, d_k), key: Packed::new(&w_k), absorbed: Packed::transposed(&w_k) });
        self.stage = Stage::Queries;
    }

    /// Adds what some rows of the merged matrix do to the queries, without ever keeping all of it.
    fn merge(&mut self, rows: std::ops::Range<usize>) {
        let Bf16Sizes { d, d_k, d_c, n } = self.sizes;
        let Some(factors) = &self.factors else { return };
        let mut merged = vec![0.0; rows.len() * d_c];
        factors.absorbed.accumulate(&self.w_q[rows.start * d_k..rows.end * d_k], &mut merged);
        for entry in &mut merged {
            *entry = round(*entry);
        }
        let merged = Packed::rows(&merged, rows.len(), d_c);
        let x = Matrix::from_fn(n, rows.len(), |i, k| self.x[i * d + rows.start + k]);
        merged.accumulate(x.entries(), &mut self.latent);
    }

    fn compare(&self) -> Result<Bf16Scores, MathError> {
        let Bf16Sizes { d_k, d_c, n, .. } = self.sizes;
        let queries = Matrix::new("q", n, d_k, self.queries.clone())?;
        let keys = Matrix::new("k", n, d_k, self.keys.clone())?;
        let c = Matrix::new("c", n, d_c, self.c.clone())?;
        let rounded = queries.map(round);
        let w_k = Matrix::new("Wk", d_c, d_k, self.w_k.clone())?;
        let serial = rounded.times_transposed(&w_k)?.map(round);
        let merged = Matrix::new("q", n, d_c, self.latent.clone())?.map(round);
        let scores = Bf16Scores {
            exact: queries.times_transposed(&keys)?,
            train: rounded.times_transposed(&keys.map(round))?,
            serial: serial.times_transposed(&c)?,
            merged: merged.times_transposed(&c)?,
        };
        let Bf16Scores { exact, train, serial, merged } = &scores;
        for (field, scores) in [("exact", exact), ("train", train), ("serial", serial), ("merged", merged)] {
            scores.check_finite(field)?;
        }
        Ok(scores)
    }
}

/// What drawing a normal number and rounding it costs, in multiplications.
const DRAW: u64 = 30;
