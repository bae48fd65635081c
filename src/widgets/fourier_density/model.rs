//! What is computed from a state: the data on the interval, the fit as far as its playhead, the comparators, the race.

use std::sync::Arc;

use yansuan_math::Complex64;
use yansuan_math::MathError;
use yansuan_math::density_domain::Domain;
use yansuan_math::drawn_density::DrawnDensity;
use yansuan_math::fit::{Fit, Progress as Stand};
use yansuan_math::fourier_density::FourierDensity;
use yansuan_math::fourier_fit::{FourierFit, FourierFitOptions, Method};
use yansuan_math::gaussian_mixture::GaussianMixture;
use yansuan_math::kernel_density::{KernelDensity, silverman};
use yansuan_math::mirrored_roots::roots_around;
use yansuan_math::mixture_fit::{MixtureFit, MixtureFitOptions, MixtureMethod};
use yansuan_math::sample::{Sample, check_data};
use yansuan_math::trig_series::TrigSeries;

use super::state::{Fold, Origin, PHASORS, RATE, State};
use crate::contract::problem::Problem;
use crate::contract::widget::{Budget, Progress};

/// Seeds of the race, the same for every runner.
pub const SEEDS: u64 = 20;

/// The most data of the race.
pub const RACED: usize = 400;

/// Iterations of the race.
const LAPS: u32 = 100;

/// The runners, in the order of [`super::text::RUNNERS`].
pub const RUNNERS: usize = 4;

/// Where a fit stood after some iterations: `(iteration, mean NLL)`.
pub type History = Vec<(f64, f64)>;

/// On what the data depend.
type Grounds = (Origin, usize, u64, Arc<[f64]>, Arc<[f64]>, (Fold, f64));

/// The data, and where they lie.
#[derive(Clone, Debug)]
pub struct Data {
    /// As the reader knows them.
    pub y: Vec<f64>,
    /// On the interval.
    pub sample: Arc<Sample>,
    pub domain: Domain,
    /// How many lie outside of the interval.
    pub outside: usize,
    /// The density that was drawn.
    pub drawn: Option<DrawnDensity>,
    /// Differential entropy of what they were drawn from, where that is known and has one, nats: a sum of thousands of terms.
    pub entropy: Option<f64>,
}

/// The work of the widget.
#[derive(Default)]
pub struct Work {
    data_of: Option<Grounds>,
    pub data: Option<Data>,
    fit_of: Option<FourierFitOptions>,
    fit: Option<FourierFit>,
    /// Where the fit stands.
    pub stand: Option<Stand>,
    /// The density that is shown.
    pub density: Option<FourierDensity>,
    /// The roots of its wave, in the order of their angles.
    pub roots: Vec<Complex64>,
    /// The least eigenvalue of its matrix `c_{n−m}`; what rounding makes of 0 is 0.
    pub least: f64,
    hand_of: Option<Arc<[f64]>>,
    comparators_of: Option<(usize, bool)>,
    pub mixture: Option<GaussianMixture>,
    pub kernel: Option<KernelDensity>,
    /// Mean negative log-likelihood of both on the data that they were given; infinite where they leave a datum out.
    pub others: [f64; 2],
    pub naive: Option<TrigSeries>,
    naive_of: Option<usize>,
    race_of: Option<(usize, usize, bool)>,
    /// The runners' histories, one after the other: all seeds of the first, then of the second.
    pub race: Vec<History>,
    /// Who is running, and the place of the next note in its history.
    runner: Option<(Runner, f64)>,
    /// The certified floor of the race's Fourier fits, and how far above it the best one is.
    pub floor: Option<(f64, f64)>,
}

impl Work {
    /// Goes on for at most the budget.
    pub fn go(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, Problem> {
        self.gather(state).map_err(|error| explain(&error))?;
        let fitted = self.fit(state, budget).map_err(|error| explain(&error))?;
        self.compare(state).map_err(|error| explain(&error))?;
        if fitted < 1.0 {
            return Ok(Progress::Going(0.5 * fitted));
        }
        let raced = self.race(state, budget).map_err(|error| explain(&error))?;
        Ok(if raced < 1.0 { Progress::Going(f64::midpoint(1.0, raced)) } else { Progress::Done })
    }

    /// The data of a state; whatever rests on others is forgotten.
    fn gather(&mut self, state: &State) -> Result<(), MathError> {
        let grounds = (state.origin, state.n, state.seed, state.data.clone(), state.heights.clone(), (state.fold, state.spread));
        if self.data_of.as_ref() == Some(&grounds) {
            return Ok(());
        }
        let data = gathered(state)?;
        *self = Self { data, data_of: Some(grounds), ..Self::default() };
        Ok(())
    }

    /// The fit up to the iteration of the state; backwards it starts anew.
    fn fit(&mut self, state: &State, budget: &Budget<'_>) -> Result<f64, MathError> {
        if state.is_by_hand {
            if self.hand_of.as_ref() != Some(&state.hand) {
                let parts = |at: usize| state.hand.get(at).copied().unwrap_or(0.0);
                let a: Vec<Complex64> = (0..PHASORS).map(|k| Complex64::new(parts(2 * k), parts(2 * k + 1))).collect();
                self.show(FourierDensity::new(&a)?);
                self.hand_of = Some(state.hand.clone());
                self.fit_of = None;
                self.stand = None;
            }
            return Ok(1.0);
        }
        self.hand_of = None;
        let Some(data) = &self.data else {
            self.show(FourierDensity::new(&[Complex64::new(1.0, 0.0)])?);
            self.stand = None;
            return Ok(1.0);
        };
        let options = state.options();
        let target = state.iteration as u32;
        if self.fit_of != Some(options) || self.stand.is_none_or(|stand| stand.iteration > target) {
            self.fit = Some(FourierFit::new(&data.sample, options)?);
            self.fit_of = Some(options);
            self.stand = None;
        }
        let Some(fit) = &mut self.fit else { return Ok(1.0) };
        while fit.progress().stop.is_none() && fit.progress().iteration < target {
            fit.step();
            if !budget.left() && fit.progress().iteration < target && fit.progress().stop.is_none() {
                let (density, stand) = (fit.density()?, fit.progress());
                self.show(density);
                self.stand = Some(stand);
                return Ok(f64::from(stand.iteration) / f64::from(target));
            }
        }
        if self.stand.is_none_or(|stand| stand.iteration != fit.progress().iteration || stand.gap.is_none()) {
            fit.certify();
            let (density, stand) = (fit.density()?, fit.progress());
            self.show(density);
            self.stand = Some(stand);
        }
        Ok(1.0)
    }

    /// Takes a density for the one that is shown.
    fn show(&mut self, density: FourierDensity) {
        let least = density.series().toeplitz_spectrum(density.degree() + 1).min;
        self.least = if least.abs() < 1e-13 { 0.0 } else { least };
        self.roots = roots_around(density.amplitudes());
        self.density = Some(density);
    }

    /// The roots that are mirrored.
    pub fn flipped(&self, state: &State) -> &[Complex64] {
        &self.roots[..state.mirrored.min(self.roots.len())]
    }

    /// The comparators: the mixture by EM to its end, the kernels, the series cut off.
    fn compare(&mut self, state: &State) -> Result<(), MathError> {
        let Some(data) = &self.data else { return Ok(()) };
        if self.naive_of != Some(state.degree) {
            self.naive = Some(TrigSeries::from_sample(&data.sample, state.degree));
            self.naive_of = Some(state.degree);
        }
        let of = (state.components, state.has_equal_weights);
        if self.comparators_of == Some(of) {
            return Ok(());
        }
        let few = shortened(&data.sample)?;
        let mut fit = MixtureFit::new(few.clone(), mixture(state, MixtureMethod::Em, state.seed))?;
        while fit.progress().stop.is_none() {
            fit.step();
        }
        self.mixture = Some(fit.mixture().clone());
        // Data that are all the same have no bandwidth.
        self.kernel = silverman(&few).and_then(|bandwidth| KernelDensity::new(&few, bandwidth)).ok();
        let kernels = self.kernel.as_ref().map_or(f64::INFINITY, |kernel| kernel.nll(&few));
        self.others = [fit.progress().nll, kernels];
        self.comparators_of = Some(of);
        Ok(())
    }

    /// The race, an iteration at a time.
    fn race(&mut self, state: &State, budget: &Budget<'_>) -> Result<f64, MathError> {
        let Some(data) = &self.data else {
            self.race.clear();
            return Ok(1.0);
        };
        let of = (state.degree, state.components, state.has_equal_weights);
        if self.race_of != Some(of) {
            self.race.clear();
            self.runner = None;
            self.floor = None;
            self.race_of = Some(of);
        }
        let all = RUNNERS * SEEDS as usize;
        if self.race.len() == all && self.runner.is_none() {
            return Ok(1.0);
        }
        let sample = shortened(&data.sample)?;
        loop {
            if let Some((runner, next)) = &mut self.runner {
                let stand = runner.fit().progress();
                let at = f64::from(stand.iteration) + 1.0;
                if let (true, Some(history)) =
                    (stand.nll.is_finite() && (at >= *next || stand.stop.is_some()), self.race.last_mut())
                {
                    // Noted at places that are even on a logarithmic axis.
                    history.push((at, stand.nll));
                    *next = (at * 1.18).max(at + 1.0);
                }
                if stand.stop.is_none() {
                    runner.fit().step();
                } else {
                    if let Some((floor, nll)) = runner.certified() {
                        self.floor = Some(self.floor.map_or((floor, nll), |(low, best)| (low.max(floor), best.min(nll))));
                    }
                    self.runner = None;
                }
            } else if self.race.len() < all {
                let (kind, seed) = (self.race.len() / SEEDS as usize, (self.race.len() % SEEDS as usize) as u64 + 1);
                self.runner = Some((Runner::new(kind, seed, state, &sample)?, 1.0));
                self.race.push(History::new());
            } else {
                return Ok(1.0);
            }
            if !budget.left() {
                return Ok((self.race.len() as f64 / all as f64).min(0.999));
            }
        }
    }
}

/// A fit that takes part in the race.
enum Runner {
    Lbfgs(FourierFit),
    Adam(FourierFit),
    Mixture(MixtureFit),
}

impl Runner {
    fn new(kind: usize, seed: u64, state: &State, sample: &Arc<Sample>) -> Result<Self, MathError> {
        let fourier = |method| {
            let options = FourierFitOptions {
                degree: state.degree,
                gamma: 0.0,
                method,
                seed,
                iterations: LAPS,
                ..FourierFitOptions::default()
            };
            FourierFit::new(sample, options)
        };
        let gaussian = |method| MixtureFit::new(sample.clone(), mixture(state, method, seed)).map(Self::Mixture);
        match kind {
            0 => fourier(Method::Lbfgs).map(Self::Lbfgs),
            1 => fourier(Method::Adam { rate: RATE }).map(Self::Adam),
            2 => gaussian(MixtureMethod::Em),
            _ => gaussian(MixtureMethod::Adam { rate: RATE }),
        }
    }

    fn fit(&mut self) -> &mut dyn Fit {
        match self {
            Self::Lbfgs(fit) | Self::Adam(fit) => fit,
            Self::Mixture(fit) => fit,
        }
    }

    /// What nothing of this degree goes below, and where the fit stands; of those only that are meant to reach it.
    fn certified(&mut self) -> Option<(f64, f64)> {
        let Self::Lbfgs(fit) = self else { return None };
        let gap = fit.certify().filter(|gap| gap.is_finite())?;
        let nll = fit.progress().nll;
        Some((nll - gap, nll))
    }
}

fn mixture(state: &State, method: MixtureMethod, seed: u64) -> MixtureFitOptions {
    MixtureFitOptions { components: state.components, equal_weights: state.has_equal_weights, method, seed, iterations: LAPS }
}

/// As many data as race, evenly from first to last: a file may be sorted.
fn shortened(sample: &Arc<Sample>) -> Result<Arc<Sample>, MathError> {
    if sample.len() <= RACED {
        return Ok(sample.clone());
    }
    let some = |all: &[f64]| -> Vec<f64> { (0..RACED).map(|at| all[at * all.len() / RACED]).collect() };
    Ok(Arc::new(Sample::weighted(&some(sample.x()), &some(sample.weights()))?))
}

/// The same broken line with more knots, so that a fit of high degree cannot swing between them unseen: four nodes a part make
/// [`RACED`] data, all of which race.
fn refined(heights: &[f64]) -> Vec<f64> {
    const PARTS: usize = 10;
    let mut fine = Vec::with_capacity(PARTS * heights.len());
    for pair in heights.windows(2) {
        fine.extend((0..PARTS).map(|at| pair[0] + (pair[1] - pair[0]) * at as f64 / PARTS as f64));
    }
    fine.extend(heights.last());
    fine
}

/// The data of a state; none where the reader has brought none.
fn gathered(state: &State) -> Result<Option<Data>, MathError> {
    let y = match state.origin {
        Origin::Target(target) => target.sample(state.n, state.seed),
        Origin::Own if state.data.is_empty() => return Ok(None),
        Origin::Own => state.data.to_vec(),
        Origin::Drawn => {
            // The drawing itself is fitted, without chance.
            let drawn = DrawnDensity::new(&refined(&state.heights))?;
            let sample = Arc::new(drawn.weighted()?);
            let y = sample.x().to_vec();
            let entropy = Some(drawn.entropy());
            return Ok(Some(Data { y, sample, domain: Domain::Interval, outside: 0, drawn: Some(drawn), entropy }));
        }
    };
    check_data(&y)?;
    let domain = match state.fold {
        Fold::Interval => Domain::Interval,
        Fold::Wrap => Domain::Wrap,
        Fold::Rescale => Domain::rescaled(&y)?,
        Fold::Line => line(&y, state.spread)?,
    };
    let placed = domain.place_all(&y)?;
    let entropy = if let Origin::Target(target) = state.origin { target.entropy() } else { None };
    Ok(Some(Data { sample: Arc::new(Sample::new(&placed.x)?), outside: placed.outside.len(), y, domain, drawn: None, entropy }))
}

/// The real line with a `σ` that is so many times what the data suggest; data that are all the same suggest 1.
fn line(y: &[f64], spread: f64) -> Result<Domain, MathError> {
    let (mu, sigma) = match Domain::real_line(y) {
        Ok(Domain::RealLine { mu, sigma }) => (mu, sigma),
        Err(MathError::ScaleNotPositive(0.0)) => (y[0], 1.0),
        other => return other,
    };
    let domain = Domain::RealLine { mu, sigma: spread * sigma };
    domain.check()?;
    Ok(domain)
}

/// A sentence for the reader.
fn explain(error: &MathError) -> Problem {
    match error {
        MathError::NotFinite { index, .. } => Problem::at(
            "data",
            format!("第 {} 个数不是有限的数；请改掉或删去。", index + 1),
            format!("Number {} is not finite; change it or take it away.", index + 1),
        ),
        MathError::EverythingOutside { .. } => Problem::at(
            "domain",
            "没有一个数落在 −1 与 1 之间；请选择缩放、绕回或实轴。",
            "No number lies between −1 and 1; choose to rescale, to wrap, or the real line.",
        ),
        MathError::ScaleNotPositive(_) => Problem::at(
            "domain",
            "这些数的宽度是 0，或大得算不出来；请选择原样或绕回。",
            "The width of these numbers is 0, or too great to compute with; leave them as they are, or wrap.",
        ),
        other => Problem::at("data", format!("算不出来：{other}。"), format!("This has no answer: {other}.")),
    }
}
