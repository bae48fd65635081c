//! What is computed from a state: every chosen map, and what takes longer than a frame.

use std::sync::Arc;

use yansuan_math::MathError;
use yansuan_math::entmax::entmax;
use yansuan_math::noise::Noise;
use yansuan_math::order::order_descending;
use yansuan_math::perturb_max::PerturbMax;
use yansuan_math::race::race;
use yansuan_math::softmax::{softmax_threshold, temper};
use yansuan_math::sparse_softmax::sparse_softmax;
use yansuan_math::sparsemax::sparsemax;
use yansuan_math::taylor_softmax::taylor_softmax;
use yansuan_math::threshold::Threshold;

use super::state::{Focus, Maps, State};
use crate::contract::problem::Problem;
use crate::contract::widget::{Budget, Progress};

/// The most scores that race; beyond that nobody could tell the runners apart.
pub const RUNNERS: usize = 64;

/// Evaluations of the noise a slice while a long integral is computed: less than a millisecond.
const SLICE: usize = 20_000;

/// Cells a side of the plane of scores.
pub const CELLS: usize = 72;

/// Half the side of the plane of scores.
pub const REACH: f64 = 4.0;

/// Draws a slice while a race is run.
const HEAT: u64 = 500;

/// The probabilities of one map.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// The bit of the map, see [`Maps`].
    pub map: u32,
    /// Its probabilities, in the order of the scores.
    pub p: Arc<[f64]>,
}

/// Everything that was computed from the scores at once.
#[derive(Clone, Debug)]
pub struct Solved {
    /// `(x − max x)/τ`, with −∞ for what is masked.
    pub z: Arc<[f64]>,
    /// The largest score.
    pub max: f64,
    /// The three maps of the threshold family on `z`.
    pub family: [Threshold; 3],
    /// The chosen maps that are ready.
    pub maps: Vec<Mapped>,
    /// Indices of the scores, the largest first.
    pub order: Arc<[u32]>,
    /// What the reader should know.
    pub notes: Vec<Problem>,
}

impl Solved {
    /// The map in focus, solved.
    pub fn focus(&self, focus: Focus) -> &Threshold {
        &self.family[focus as usize]
    }
}

/// The work of the widget.
#[derive(Default)]
pub struct Work {
    state: Option<State>,
    /// What is ready.
    pub solved: Option<Solved>,
    /// The probabilities of Perturb-Max with the noise of the state, once they are ready.
    pub perturb: Option<Arc<[f64]>>,
    integral: Option<PerturbMax>,
    integral_of: Option<(Arc<[f64]>, f64, Noise)>,
    /// Wins of each score so far.
    pub wins: Vec<u64>,
    /// Draws that were run.
    pub run: u64,
    race_of: Option<(Arc<[f64]>, f64, Noise, u64)>,
    sorted: Option<(Arc<[f64]>, Arc<[u32]>)>,
    /// How many probabilities survive over the plane of scores, row 0 at the bottom; it depends on the map in focus alone.
    pub plane: Vec<f32>,
    plane_of: Option<f64>,
}

impl Work {
    /// Goes on for at most the budget.
    pub fn go(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, Problem> {
        if self.state.as_ref() != Some(state) {
            let order = self.order_of(&state.x);
            self.solved = Some(solve(state, order).map_err(|error| explain(&error))?);
            self.survey(state.focus_alpha());
            self.state = Some(state.clone());
        }
        let integral = self.integrate(state, budget).map_err(|error| explain(&error))?;
        let race = self.race(state, budget).map_err(|error| explain(&error))?;
        Ok(if integral < 1.0 || race < 1.0 { Progress::Going(0.5 * (integral + race)) } else { Progress::Done })
    }

    /// The order of the scores; sorted once for each list, however the temperature moves.
    fn order_of(&mut self, x: &Arc<[f64]>) -> Arc<[u32]> {
        if let Some((of, order)) = &self.sorted
            && (Arc::ptr_eq(of, x) || of == x)
        {
            return order.clone();
        }
        let order: Arc<[u32]> = order_descending(x).into();
        self.sorted = Some((x.clone(), order.clone()));
        order
    }

    /// Counts the survivors over the plane, once for each map in focus.
    fn survey(&mut self, alpha: f64) {
        if self.plane_of == Some(alpha) {
            return;
        }
        let at = |k: usize| -REACH + 2.0 * REACH * (k as f64 + 0.5) / CELLS as f64;
        let support = |row: usize, column: usize| entmax(&[at(column), at(row), 0.0], alpha).map_or(3, |solved| solved.support);
        self.plane = (0..CELLS * CELLS).map(|cell| support(cell / CELLS, cell % CELLS) as f32).collect();
        self.plane_of = Some(alpha);
    }

    /// The integral of Perturb-Max, as far as the budget goes; returns the part that is done.
    fn integrate(&mut self, state: &State, budget: &Budget<'_>) -> Result<f64, MathError> {
        let is_wanted = state.maps.has(Maps::PERTURB) || state.x.len() <= RUNNERS;
        let Some(solved) = self.solved.as_ref().filter(|_| is_wanted) else { return Ok(1.0) };
        let of = (state.x.clone(), state.tau, state.noise);
        if self.integral_of.as_ref() != Some(&of) {
            self.integral = Some(PerturbMax::new(solved.z.clone(), state.noise)?);
            self.perturb = None;
            self.integral_of = Some(of);
        }
        let Some(integral) = &mut self.integral else { return Ok(1.0) };
        loop {
            let progress = integral.step(SLICE);
            if progress.done {
                self.perturb = integral.probabilities().map(Arc::from);
                self.integral = None;
                return Ok(1.0);
            }
            if !budget.left() {
                return Ok(progress.fraction);
            }
        }
    }

    /// The race up to the draw of the state; backwards it starts anew, with the same chance.
    fn race(&mut self, state: &State, budget: &Budget<'_>) -> Result<f64, MathError> {
        let Some(solved) = &self.solved else { return Ok(1.0) };
        if solved.z.len() > RUNNERS {
            self.wins.clear();
            self.run = 0;
            self.race_of = None;
            return Ok(1.0);
        }
        let of = (state.x.clone(), state.tau, state.noise, state.seed);
        if self.race_of.as_ref() != Some(&of) || self.run > state.draws {
            self.wins = vec![0; solved.z.len()];
            self.run = 0;
            self.race_of = Some(of);
        }
        while self.run < state.draws {
            let to = (self.run + HEAT).min(state.draws);
            race(&solved.z, state.noise, state.seed, self.run, to, &mut self.wins)?;
            self.run = to;
            if !budget.left() && to < state.draws {
                return Ok(to as f64 / state.draws as f64);
            }
        }
        Ok(1.0)
    }
}

fn solve(state: &State, order: Arc<[u32]>) -> Result<Solved, MathError> {
    let z: Arc<[f64]> = temper(&state.x, state.tau)?.into();
    let max = order.first().map_or(0.0, |first| state.x[*first as usize]);
    let family = [softmax_threshold(&z)?, sparsemax(&z)?, entmax(&z, state.alpha)?];
    let mut maps = Vec::new();
    let mut notes = Vec::new();
    for (at, bit) in [Maps::SOFTMAX, Maps::SPARSEMAX, Maps::ENTMAX].into_iter().enumerate() {
        if state.maps.has(bit) {
            maps.push(Mapped { map: bit, p: family[at].p.as_slice().into() });
        }
    }
    if state.maps.has(Maps::TAYLOR) {
        // Taylor softmax is not shift-invariant: it must see the scores themselves.
        let scores: Vec<f64> = state.x.iter().map(|x| x / state.tau).collect();
        match taylor_softmax(&scores, state.order) {
            Ok(p) if p.iter().all(|p| p.is_finite()) => maps.push(Mapped { map: Maps::TAYLOR, p: p.into() }),
            Ok(_) => notes.push(Problem::at(
                "order",
                "这些分数的幂超出了双精度的范围，Taylor softmax 没有画出。",
                "Powers of these scores leave the range of double precision; Taylor softmax is not drawn.",
            )),
            Err(error) => notes.push(Problem { field: Some("order"), ..explain(&error) }),
        }
    }
    if state.maps.has(Maps::SPARSE) {
        let sparse = sparse_softmax(&z, state.k)?;
        if sparse.tie_broken {
            notes.push(Problem::at(
                "k",
                "第 k 名有并列，稀疏 softmax 保留了下标较小的。",
                "There is a tie for place k; sparse softmax kept the lower index.",
            ));
        }
        maps.push(Mapped { map: Maps::SPARSE, p: sparse.p.into() });
    }
    Ok(Solved { z, max, family, maps, order, notes })
}

/// A sentence for the reader.
pub fn explain(error: &MathError) -> Problem {
    match error {
        MathError::Empty => Problem::at("x", "还没有分数；至少写一个数。", "There are no scores; write at least one number."),
        MathError::EverythingMasked => Problem::at(
            "x",
            "所有分数都被遮蔽（-inf）；至少留下一个有限的数。",
            "Every score is masked (-inf); leave at least one finite number.",
        ),
        MathError::NotFinite { index, value } => Problem::at(
            "x",
            format!("第 {} 个分数是 {value}；请写一个有限的数，或用 -inf 遮蔽。", index + 1),
            format!("Score {} is {value}; write a finite number, or -inf to mask it.", index + 1),
        ),
        MathError::MaskedNotAllowed { index } => Problem::at(
            "x",
            format!("第 {} 个分数是 -inf；Taylor softmax 无法遮蔽，因此没有画出。", index + 1),
            format!("Score {} is -inf; Taylor softmax cannot mask, so it is not drawn.", index + 1),
        ),
        other => Problem::at("x", format!("算不出来：{other}。"), format!("This has no answer: {other}.")),
    }
}
