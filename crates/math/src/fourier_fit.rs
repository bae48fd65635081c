//! Maximum likelihood of the Fourier basis density, an iteration at a time.

use crate::adam::Adam;
use crate::error::MathError;
use crate::fit::{Fit, Progress, Stop};
use crate::fourier_certificate::certificate;
use crate::fourier_density::FourierDensity;
use crate::fourier_likelihood::Likelihood;
use crate::fourier_regulariser::Regulariser;
use crate::lbfgs::Lbfgs;
use crate::rng::SplitMix64;
use crate::sample::Sample;
use num_complex::Complex64;
use std::sync::Arc;
use wide::bytemuck::{cast_slice, cast_slice_mut};

/// The largest degree that is fitted.
pub const DEGREE_LIMIT: usize = 128;

/// A fit ends when its certificate falls below this, in nats.
pub const GAP_TOLERANCE: f64 = 1e-6;

/// Steps that L-BFGS remembers: found by trying. The spec's 10 leaves a gap of 0.03 nats after 500 iterations of degree 23 under a strong
/// penalty (golden case `gamma_0.01_N23`), 20 needs 1,200 iterations, 60 needs 370; it costs little beside the data.
const MEMORY: usize = 60;

/// L-BFGS looks at the certificate after every so many iterations; it costs as much as an iteration.
const CERTIFY_EVERY: u32 = 5;

/// Relative size of the jolt where the density is 0 at a datum.
const JITTER: f64 = 1e-3;

/// Seeds tried for a beginning at which the likelihood is not 0.
const BEGINNINGS: usize = 100;

/// How the coefficients move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// L-BFGS.
    Lbfgs,
    /// Adam with a learning rate; 0.05 in the widget.
    Adam {
        /// The learning rate, positive.
        rate: f64,
    },
}

/// What to fit and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FourierFitOptions {
    /// Degree `N`, `0..=`[`DEGREE_LIMIT`].
    pub degree: usize,
    /// Factor `γ ≥ 0` of the penalty.
    pub gamma: f64,
    /// Which penalty.
    pub regulariser: Regulariser,
    /// How the coefficients move.
    pub method: Method,
    /// Seed of the first coefficients, independent normal numbers.
    pub seed: u64,
    /// The largest count of iterations.
    pub iterations: u32,
}

impl Default for FourierFitOptions {
    /// The opening scene of the spec.
    fn default() -> Self {
        let (degree, gamma, regulariser, seed) = (12, 1e-3, Regulariser::ScaleFree, 1);
        Self { degree, gamma, regulariser, method: Method::Lbfgs, seed, iterations: 500 }
    }
}

/// The optimiser's own state.
#[derive(Clone, Debug, PartialEq)]
enum Mover {
    Lbfgs(Lbfgs),
    Adam(Adam),
}

/// `min_a L(a) + γR(a)`, resumable.
#[derive(Clone, Debug, PartialEq)]
pub struct FourierFit {
    options: FourierFitOptions,
    likelihood: Likelihood,
    a: Vec<Complex64>,
    gradient: Vec<Complex64>,
    mover: Mover,
    rng: SplitMix64,
    progress: Progress,
}

impl FourierFit {
    /// At the first coefficients.
    ///
    /// # Errors
    /// [`MathError::TooMany`] (the degree); [`MathError::ParameterOutOfRange`] (`gamma`, the rate).
    pub fn new(sample: &Arc<Sample>, options: FourierFitOptions) -> Result<Self, MathError> {
        let mut rng = SplitMix64::new(options.seed);
        let mut last = Err(MathError::EveryCoefficientZero);
        for _ in 0..BEGINNINGS {
            let a: Vec<Complex64> = (0..=options.degree.min(DEGREE_LIMIT)).map(|_| normal(&mut rng)).collect();
            last = Self::from_amplitudes(Arc::clone(sample), options, &a).map(|fit| Self { rng, ..fit });
            if !last.as_ref().is_ok_and(|fit| fit.progress.objective == f64::INFINITY) {
                break;
            }
        }
        last
    }

    /// At given coefficients, for example those of an earlier fit.
    ///
    /// # Errors
    /// Those of [`FourierFit::new`]; [`MathError::LengthMismatch`] unless there are `N + 1`; those of [`FourierDensity::new`].
    pub fn from_amplitudes(sample: Arc<Sample>, options: FourierFitOptions, a: &[Complex64]) -> Result<Self, MathError> {
        if options.degree > DEGREE_LIMIT {
            return Err(MathError::TooMany { limit: DEGREE_LIMIT });
        }
        if !(options.gamma >= 0.0 && options.gamma.is_finite()) {
            return Err(MathError::ParameterOutOfRange(options.gamma));
        }
        if let Method::Adam { rate } = options.method
            && !(rate > 0.0 && rate.is_finite())
        {
            return Err(MathError::ParameterOutOfRange(rate));
        }
        let mut a = a.to_vec();
        if options.regulariser == Regulariser::ScaleFree {
            // Neither part of the objective depends on the scale, and optimisers like one near 1 for each.
            let density = FourierDensity::new(&a)?;
            let scale = (a.len() as f64).sqrt();
            a = density.amplitudes().iter().map(|a| a * scale).collect();
        }
        let mut likelihood = Likelihood::new(sample, options.degree);
        let mut gradient = vec![Complex64::ZERO; options.degree + 1];
        let (nll, objective) = evaluate(&mut likelihood, &options, &a, &mut gradient)?;
        let mut fit = Self {
            options,
            likelihood,
            mover: Mover::Adam(Adam::new(0, 0.0)),
            rng: SplitMix64::new(options.seed),
            progress: Progress { iteration: 0, nll, objective, gap: None, stop: None },
            a,
            gradient,
        };
        fit.begin();
        Ok(fit)
    }

    /// The coefficients as they stand.
    pub fn amplitudes(&self) -> &[Complex64] {
        &self.a
    }

    /// The gradient of the objective there, `∂/∂Re a_k + i ∂/∂Im a_k`.
    pub fn gradient(&self) -> &[Complex64] {
        &self.gradient
    }

    /// What is fitted.
    pub const fn options(&self) -> &FourierFitOptions {
        &self.options
    }

    /// The density so far.
    ///
    /// # Errors
    /// None while the coefficients are finite and not all zero, which the fit sees to.
    pub fn density(&self) -> Result<FourierDensity, MathError> {
        FourierDensity::new(&self.a)
    }

    /// Computes the certificate of the coefficients as they stand, unless it is known, and keeps it in [`Fit::progress`]. `None` for
    /// the penalty as printed, which has no convex form.
    ///
    /// Time: about one iteration, and `4N³/3`.
    pub fn certify(&mut self) -> Option<f64> {
        let provable = self.options.regulariser == Regulariser::ScaleFree || self.options.gamma == 0.0;
        if self.progress.gap.is_none() && provable {
            let certified = certificate(&mut self.likelihood, &self.a, self.options.gamma);
            self.progress.gap = certified.ok().map(|certificate| certificate.gap);
        }
        self.progress.gap
    }

    /// Gives the optimiser an empty memory at the coefficients as they stand.
    fn begin(&mut self) {
        let Self { options, likelihood, a, .. } = self;
        self.mover = match options.method {
            Method::Adam { rate } => Mover::Adam(Adam::new(2 * a.len(), rate)),
            Method::Lbfgs => {
                let start: Vec<f64> = cast_slice(a).to_vec();
                Mover::Lbfgs(Lbfgs::new(start, MEMORY, &mut |x, g| flat(likelihood, options, x, g).1))
            }
        };
    }

    /// Moves every coefficient a little, where the likelihood is 0.
    fn jolt(&mut self) {
        let size = JITTER * (self.a.iter().map(Complex64::norm_sqr).sum::<f64>() / self.a.len() as f64).sqrt();
        for a in &mut self.a {
            *a += normal(&mut self.rng) * size;
        }
        self.look();
        self.begin();
    }

    /// Evaluates where it stands.
    fn look(&mut self) {
        let Self { options, likelihood, a, gradient, .. } = self;
        // Coefficients that cannot be evaluated have no likelihood.
        let (nll, objective) = evaluate(likelihood, options, a, gradient).unwrap_or((f64::INFINITY, f64::INFINITY));
        self.progress = Progress { nll, objective, gap: None, ..self.progress };
    }

    fn move_on(&mut self) -> Option<Stop> {
        let Self { options, likelihood, a, gradient, mover, .. } = self;
        match mover {
            Mover::Adam(adam) => adam.step(cast_slice_mut(a), cast_slice(gradient)),
            Mover::Lbfgs(search) => {
                let mut last = (f64::NAN, f64::NAN);
                let moved = search.step(&mut |x, g| {
                    last = flat(likelihood, options, x, g);
                    last.1
                });
                a.copy_from_slice(cast_slice(search.x()));
                gradient.copy_from_slice(cast_slice(search.gradient()));
                if !moved {
                    return Some(Stop::Stalled);
                }
                // An accepted point is the last that was evaluated.
                self.progress = Progress { nll: last.0, objective: last.1, gap: None, ..self.progress };
                return None;
            }
        }
        self.look();
        None
    }
}

impl Fit for FourierFit {
    fn step(&mut self) -> Progress {
        if self.progress.stop.is_some() {
            return self.progress;
        }
        if self.progress.objective == f64::INFINITY {
            self.jolt();
        }
        let stalled = self.move_on();
        self.progress.iteration += 1;
        let iteration = self.progress.iteration;
        let due = self.options.method == Method::Lbfgs && (iteration.is_multiple_of(CERTIFY_EVERY) || stalled.is_some());
        let last = iteration >= self.options.iterations;
        if due && self.certify().is_some_and(|gap| gap < GAP_TOLERANCE) {
            self.progress.stop = Some(Stop::Certified);
        } else if stalled.is_some() {
            self.progress.stop = stalled;
        } else if last {
            self.progress.stop = Some(Stop::Iterations);
        }
        self.progress
    }

    fn progress(&self) -> Progress {
        self.progress
    }

    fn ln_density(&self, x: f64) -> f64 {
        self.density().map_or(f64::NEG_INFINITY, |density| density.ln_density(x))
    }
}

/// A complex number of independent standard normal parts.
fn normal(rng: &mut SplitMix64) -> Complex64 {
    let (re, im) = rng.normal_pair();
    Complex64::new(re, im)
}

/// Likelihood and objective; the gradient of the objective.
fn evaluate(
    likelihood: &mut Likelihood,
    options: &FourierFitOptions,
    a: &[Complex64],
    gradient: &mut [Complex64],
) -> Result<(f64, f64), MathError> {
    let nll = likelihood.evaluate(a, gradient)?;
    if options.gamma == 0.0 {
        return Ok((nll, nll));
    }
    let penalty = options.regulariser.evaluate(a, options.gamma, gradient)?;
    Ok((nll, nll + options.gamma * penalty))
}

/// The same for real and imaginary parts in turn.
fn flat(likelihood: &mut Likelihood, options: &FourierFitOptions, x: &[f64], gradient: &mut [f64]) -> (f64, f64) {
    evaluate(likelihood, options, cast_slice(x), cast_slice_mut(gradient)).unwrap_or((f64::INFINITY, f64::INFINITY))
}
