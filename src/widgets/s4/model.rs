//! What is computed from a state, a slice at a time: the roads to the kernel, its use, and how powers grow. Memories are in [`super::film`].

use yansuan_math::Complex64;
use yansuan_math::MathError;
use yansuan_math::cauchy_kernel::CauchyKernel;
use yansuan_math::convolution::Convolution;
use yansuan_math::discretise::Discretisation;
use yansuan_math::hippo::legs_input;
use yansuan_math::legs_eigen::{EigenKernel, eigen_kernel, legs_log10_condition};
use yansuan_math::legs_exponential::zero_order_hold_kernel;
use yansuan_math::legs_recurrence::{recurrence_kernel, recurrence_kernel_f32};
use yansuan_math::legs_scheme::{LegsStepper, scheme_kernel};
use yansuan_math::matrix_product::dot;
use yansuan_math::rational_kernel::RationalKernel;
use yansuan_math::spectral_norm::{PowerGrowth, euler_norm_limit, spectral_norm};
use yansuan_math::state_space::{PowerKernel, Run, power_kernel_f32};

use super::film::{Film, Spring};
use super::state::{Reader, Source, State};
use crate::contract::kept::Kept;
use crate::contract::problem::Problem;
use crate::contract::widget::{Budget, Progress};

/// Powers of `Ā` whose norms are looked at.
pub const POWERS: usize = 256;

/// The dimensions at which a kernel by eigenvectors is held against the true one.
pub const TRIED: [usize; 8] = [4, 8, 12, 16, 20, 24, 28, 32];

/// The dimensions beyond [`TRIED`] at which the condition is drawn, for who goes there.
const BEYOND: [usize; 5] = [48, 64, 80, 104, 128];

/// Operations of a slice: about a millisecond.
const SLICE: usize = 1_000_000;

/// Above so many operations no road is walked in single precision by powers: it cannot be sliced.
const SINGLE: usize = 16_000_000;

/// The pieces of the work, in their order.
const PIECES: [fn(&mut Work, &State) -> Result<bool, MathError>; 6] = [
    Work::film,
    Work::kernels,
    Work::roads,
    Work::same,
    |work, state| Ok(work.conditions_up_to(state.d)),
    |work, state| Ok(work.growth(state.d)),
];

/// A signal, as it is and with the poke.
#[derive(Clone, Debug)]
pub struct Input {
    pub plain: Vec<f64>,
    pub edited: Vec<f64>,
}

/// `C`, and the kernel under each scheme, in the order of [`Discretisation::ALL`].
#[derive(Clone, Debug, Default)]
pub struct Kernels {
    pub c: Vec<f64>,
    of: Vec<Run>,
}

impl Kernels {
    /// That of a scheme, if it has been computed.
    pub fn of(&self, scheme: Discretisation) -> Option<&Run> {
        self.of.get(Discretisation::ALL.iter().position(|other| *other == scheme)?)
    }
}

/// The bilinear kernel by four roads.
#[derive(Clone, Debug)]
pub struct Roads {
    powers: PowerKernel,
    pub recurrence: Option<Vec<f64>>,
    pub cauchy: Option<Vec<f64>>,
    pub rational: Option<Vec<f64>>,
    /// `K̂_l` for `l = 0, …, ⌊L/2⌋`.
    pub spectrum: Vec<Complex64>,
    /// How far from unitary `U` is.
    pub defect: f64,
    /// Powers, recurrence and Cauchy in single precision, widened; an empty one was too long.
    pub single: Option<[Vec<f64>; 3]>,
}

impl Roads {
    /// The kernel by powers, as far as it has been walked.
    pub fn powers(&self) -> &[f64] {
        &self.powers.run().values
    }
}

/// A kernel in use.
#[derive(Clone, Debug)]
pub struct Same {
    /// `y` all at once, by FFT; `None` where the kernel overflows.
    pub convolved: Option<Vec<f64>>,
    /// The same without the poke.
    pub before: Option<Vec<f64>>,
    walker: LegsStepper,
    /// `y` one after another.
    pub walked: Vec<f64>,
}

/// What diagonalising does to a kernel.
#[derive(Clone, Debug)]
pub struct Eigen {
    pub kernel: EigenKernel,
    /// `(d, error relative to the largest value)` for the dimensions of [`TRIED`].
    pub errors: Vec<(usize, f64)>,
    /// The same at the dimension of the state.
    pub error: f64,
}

/// How the powers of `Ā` grow.
#[derive(Clone, Debug)]
pub struct Growth {
    pub own: PowerGrowth,
    /// That of the bilinear scheme, where it is another.
    pub bilinear: Option<PowerGrowth>,
    pub eigenvalues: Vec<f64>,
    /// `‖Ā‖₂`.
    pub norm: f64,
    /// The largest `ε` at which forward Euler has `‖Ā‖₂ ≤ 1`.
    pub limit: f64,
}

impl Growth {
    /// The largest `|λ|` of `Ā`.
    pub fn radius(&self) -> f64 {
        self.eigenvalues.iter().fold(0.0, |most, x| most.max(x.abs()))
    }
}

/// The work of the widget.
#[derive(Default)]
pub struct Work {
    input: Kept<State, Input>,
    film: Kept<State, Film>,
    spring: Kept<State, Spring>,
    kernels: Kept<State, Kernels>,
    roads: Kept<State, Roads>,
    same: Kept<State, Same>,
    eigen: Kept<State, Eigen>,
    growth: Kept<State, Growth>,
    /// `(d, log₁₀ cond V)`.
    conditions: Vec<(usize, f64)>,
}

impl Work {
    /// The signal.
    pub fn input(&self) -> Option<&Input> {
        self.input.value.as_ref()
    }

    /// The memories.
    pub fn memories(&self) -> Option<&Film> {
        self.film.value.as_ref()
    }

    /// The mass on its spring.
    pub fn spring(&self) -> Option<&Spring> {
        self.spring.value.as_ref()
    }

    /// The kernels.
    pub fn of_schemes(&self) -> Option<&Kernels> {
        self.kernels.value.as_ref()
    }

    /// The roads.
    pub fn walked_roads(&self) -> Option<&Roads> {
        self.roads.value.as_ref()
    }

    /// The outputs.
    pub fn outputs(&self) -> Option<&Same> {
        self.same.value.as_ref()
    }

    /// The failure.
    pub fn diagonalised(&self) -> Option<&Eigen> {
        self.eigen.value.as_ref()
    }

    /// The growth.
    pub fn grown(&self) -> Option<&Growth> {
        self.growth.value.as_ref()
    }

    /// `(d, log₁₀ cond V)`.
    pub fn conditions(&self) -> &[(usize, f64)] {
        &self.conditions
    }

    /// Goes on for at most the budget.
    pub fn go(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, Problem> {
        self.renew(state).map_err(|error| explain(&error))?;
        for (at, piece) in PIECES.iter().enumerate() {
            // At least a step, so that even a spent budget gets on.
            while !piece(self, state).map_err(|error| explain(&error))? {
                if !budget.left() {
                    return Ok(Progress::Going(at as f64 / PIECES.len() as f64));
                }
            }
        }
        Ok(Progress::Done)
    }

    /// Forgets what was made of another state. What a result does not depend on is taken from the opening scene.
    fn renew(&mut self, state: &State) -> Result<(), MathError> {
        let still = State::default();
        let signal = State {
            source: state.source,
            heights: if state.source == Source::Drawn { state.heights.clone() } else { still.heights.clone() },
            data: if state.source == Source::Own { state.data.clone() } else { still.data.clone() },
            seed: if state.source == Source::Noise { state.seed } else { 0 },
            length: state.len(),
            at: if state.poke == 0.0 { 0 } else { state.at },
            poke: state.poke,
            now: 0,
            ..still.clone()
        };
        let heard = self.input.renew(signal.clone(), |state| Ok(input(state)))?;
        let film = State { d: state.d, eps: state.eps, scheme: state.scheme, window: state.window, ..signal };
        let Some(input) = &self.input.value else { return Ok(()) };
        self.film.renew(film, |state| Film::new(state, &input.edited))?;
        let spring = State { stiffness: state.stiffness, friction: state.friction, ..still.clone() };
        self.spring.renew(spring, Spring::new)?;
        let kernel = State {
            d: state.d,
            eps: state.eps,
            length: state.len(),
            reader: state.reader,
            age: if state.reader == Reader::Recall { state.age } else { 0.0 },
            weights: if state.reader == Reader::Own { state.weights.clone() } else { still.weights.clone() },
            seed: if state.reader == Reader::Random { state.seed } else { 0 },
            ..still.clone()
        };
        let fresh = |state: &State| Ok(Kernels { c: state.output(state.d), of: Vec::new() });
        let is_other = self.kernels.renew(kernel.clone(), fresh)?;
        self.roads.renew(State { is_single: state.is_single, ..kernel.clone() }, roads)?;
        self.eigen.renew(kernel, eigen)?;
        let growth = State { d: state.d, eps: state.eps, scheme: state.scheme, ..still };
        let is_grown = self.growth.renew(growth.clone(), grown)?;
        // Outputs rest on signal, kernel and scheme.
        if heard || is_other || is_grown || self.same.value.is_none() {
            self.same = Kept::default();
            self.same.renew(growth, |state| same(state, input.edited.len()))?;
        }
        Ok(())
    }

    /// The memories at the playhead.
    fn film(&mut self, state: &State) -> Result<bool, MathError> {
        match (&mut self.film.value, &self.input.value) {
            (Some(film), Some(input)) => film.seek(&input.edited, state.now.min(input.edited.len())),
            _ => Ok(true),
        }
    }

    /// The kernel under one scheme more.
    fn kernels(&mut self, state: &State) -> Result<bool, MathError> {
        let Some(Kernels { c, of }) = &mut self.kernels.value else { return Ok(true) };
        let Some(scheme) = Discretisation::ALL.get(of.len()) else { return Ok(true) };
        let (eps, len) = (state.eps, state.len());
        let whole = |values| Run { values, diverged: None };
        of.push(match scheme {
            Discretisation::Bilinear => whole(recurrence_kernel(&legs_input(c.len()), c, eps, len)?),
            Discretisation::ZeroOrderHold => whole(zero_order_hold_kernel(c, eps, len)?),
            _ => scheme_kernel(*scheme, c, eps, len)?,
        });
        Ok(of.len() == Discretisation::ALL.len())
    }

    /// One road further.
    fn roads(&mut self, state: &State) -> Result<bool, MathError> {
        let (Some(roads), Some(Kernels { c, .. })) = (&mut self.roads.value, &self.kernels.value) else { return Ok(true) };
        let (d, eps, len) = (c.len(), state.eps, state.len());
        let b = legs_input(d);
        if !roads.powers.is_done() {
            roads.powers.advance((SLICE / (d * d)).max(64));
        } else if roads.recurrence.is_none() {
            roads.recurrence = Some(recurrence_kernel(&b, c, eps, len)?);
        } else if roads.cauchy.is_none() {
            let table = CauchyKernel::new(d, len)?;
            roads.defect = table.nplr().unitarity_defect();
            roads.cauchy = Some(table.kernel(&b, c, eps)?);
        } else if roads.rational.is_none() {
            let table = RationalKernel::new(d, len)?;
            roads.spectrum = table.half_spectrum(c, eps)?;
            roads.rational = Some(table.roots().kernel(&roads.spectrum)?);
        } else if state.is_single && roads.single.is_none() {
            let wide = |values: Vec<f32>| values.into_iter().map(f64::from).collect::<Vec<f64>>();
            let powers = if 2 * d * d * len > SINGLE {
                Vec::new()
            } else {
                wide(power_kernel_f32(&Discretisation::Bilinear.legs(d, eps)?, c, len)?)
            };
            let recurrence = wide(recurrence_kernel_f32(&b, c, eps, len)?);
            roads.single = Some([powers, recurrence, wide(CauchyKernel::new(d, len)?.kernel_f32(&b, c, eps)?)]);
        } else {
            return Ok(true);
        }
        Ok(false)
    }

    /// The outputs, some further.
    fn same(&mut self, state: &State) -> Result<bool, MathError> {
        let (Some(same), Some(kernels), Some(input)) = (&mut self.same.value, &self.kernels.value, &self.input.value) else {
            return Ok(true);
        };
        let len = input.edited.len();
        if same.walked.is_empty() {
            let run = kernels.of(state.scheme).filter(|run| run.diverged.is_none());
            let table = Convolution::new(len)?;
            // A kernel near the end of all numbers has no sum.
            let convolved = |u: &[f64]| run.and_then(|run| table.causal(&run.values, u).ok());
            same.convolved = convolved(&input.edited);
            same.before = if state.poke == 0.0 { None } else { convolved(&input.plain) };
        }
        let steps = SLICE / if state.scheme == Discretisation::ZeroOrderHold { 2 * state.d * state.d } else { 16 * state.d };
        for &u in input.edited.iter().skip(same.walked.len()).take(steps.max(16)) {
            same.walker.push(u);
            let y = dot(&kernels.c, same.walker.state());
            if !y.is_finite() {
                return Ok(true);
            }
            same.walked.push(y);
        }
        Ok(same.walked.len() == len)
    }

    /// The conditions, which nothing changes, one further.
    fn conditions_up_to(&mut self, d: usize) -> bool {
        let known = TRIED[TRIED.len() - 1];
        if self.conditions.is_empty() {
            self.conditions = (1..=known).map(|d| (d, legs_log10_condition(d))).collect();
        }
        match BEYOND.get(self.conditions.len() - known).filter(|_| d > known) {
            Some(d) => self.conditions.push((*d, legs_log10_condition(*d))),
            None => return true,
        }
        false
    }

    /// One power further.
    fn growth(&mut self, d: usize) -> bool {
        let Some(growth) = &mut self.growth.value else { return true };
        for _ in 0..(SLICE / (4 * d.pow(3))).max(1) {
            match &mut growth.bilinear {
                Some(other) if growth.own.is_done() => other.step(),
                _ => growth.own.step(),
            }
        }
        growth.own.is_done() && growth.bilinear.as_ref().is_none_or(PowerGrowth::is_done)
    }
}

fn input(state: &State) -> Input {
    let plain = state.signal();
    let mut edited = plain.clone();
    if let Some(u) = edited.get_mut(state.at) {
        *u += state.poke;
    }
    Input { plain, edited }
}

fn roads(state: &State) -> Result<Roads, MathError> {
    let system = Discretisation::Bilinear.legs(state.d, state.eps)?;
    Ok(Roads {
        powers: PowerKernel::new(&system, &state.output(state.d), state.len())?,
        recurrence: None,
        cauchy: None,
        rational: None,
        spectrum: Vec::new(),
        defect: 0.0,
        single: None,
    })
}

fn same(state: &State, len: usize) -> Result<Same, MathError> {
    let walker = LegsStepper::new(state.scheme, state.d, state.eps)?;
    Ok(Same { convolved: None, before: None, walker, walked: Vec::with_capacity(len) })
}

fn grown(state: &State) -> Result<Growth, MathError> {
    let (d, eps) = (state.d, state.eps);
    let system = state.scheme.legs(d, eps)?;
    let bilinear = if state.scheme == Discretisation::Bilinear {
        None
    } else {
        Some(PowerGrowth::new(&Discretisation::Bilinear.legs(d, eps)?.a, d, POWERS)?)
    };
    Ok(Growth {
        norm: spectral_norm(&system.a, d),
        own: PowerGrowth::new(&system.a, d, POWERS)?,
        bilinear,
        eigenvalues: state.scheme.legs_eigenvalues(d, eps),
        limit: euler_norm_limit(d)?,
    })
}

fn eigen(state: &State) -> Result<Eigen, MathError> {
    let len = state.len();
    let kernel = eigen_kernel(&state.output(state.d), state.eps, len)?;
    let few = len.min(128);
    let truth = |d: usize| recurrence_kernel(&legs_input(d), &state.output(d), state.eps, few);
    let mut errors = Vec::new();
    for d in TRIED {
        errors.push((d, gap(&eigen_kernel(&state.output(d), state.eps, few)?.values, &truth(d)?)));
    }
    Ok(Eigen { error: gap(&kernel.values[..few], &truth(state.d)?), kernel, errors })
}

/// The largest difference, as a share of the largest value of the second; 0 where both are nothing, and as large as can be where the
/// first is no number.
pub fn gap(values: &[f64], truth: &[f64]) -> f64 {
    let largest = truth.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let worst = values
        .iter()
        .zip(truth)
        .fold(0.0_f64, |worst, (x, y)| worst.max(if (x - y).is_nan() { f64::MAX } else { (x - y).abs() }));
    if worst == 0.0 { 0.0 } else { (worst / largest.max(f64::MIN_POSITIVE)).min(f64::MAX) }
}

/// A sentence for the reader.
fn explain(error: &MathError) -> Problem {
    Problem::at("eps", format!("算不出来：{error}。"), format!("This has no answer: {error}."))
}
