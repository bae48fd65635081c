//! Maximum likelihood of a mixture of Gaussians: by EM, or by Adam for comparison.

use crate::adam::Adam;
use crate::error::MathError;
use crate::fit::{Fit, Progress, Stop};
use crate::gaussian_mixture::{GaussianMixture, Responsibilities};
use crate::rng::SplitMix64;
use crate::sample::Sample;
use crate::softmax::softmax;
use std::sync::Arc;

/// The least standard deviation. The likelihood of a mixture has no bound: a component on a single datum may become ever narrower, and
/// only this stops it.
pub const DEVIATION_FLOOR: f64 = 1e-6;

/// The largest count of components.
pub const COMPONENTS_LIMIT: usize = 256;

/// EM ends when an iteration gains less than this, in nats.
const GAIN_TOLERANCE: f64 = 1e-10;

/// How a mixture moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MixtureMethod {
    /// Expectation and maximisation.
    Em,
    /// Adam on the logits of the weights, the means and the logarithms of the standard deviations.
    Adam {
        /// The learning rate, positive.
        rate: f64,
    },
}

/// What to fit and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixtureFitOptions {
    /// Count of components, `1..=`[`COMPONENTS_LIMIT`].
    pub components: usize,
    /// Do all keep the weight `1/K`, as the post has it?
    pub equal_weights: bool,
    /// How it moves.
    pub method: MixtureMethod,
    /// Seed of the beginning.
    pub seed: u64,
    /// The largest count of iterations.
    pub iterations: u32,
}

/// `min L`, resumable.
#[derive(Clone, Debug, PartialEq)]
pub struct MixtureFit {
    options: MixtureFitOptions,
    sample: Arc<Sample>,
    mixture: GaussianMixture,
    found: Responsibilities,
    adam: Option<Adam>,
    progress: Progress,
}

impl MixtureFit {
    /// At the beginning: means at data drawn at random, all standard deviations that of the data, equal weights.
    ///
    /// # Errors
    /// [`MathError::KeepNone`] without components; [`MathError::TooMany`]; [`MathError::ParameterOutOfRange`] (the rate).
    pub fn new(sample: Arc<Sample>, options: MixtureFitOptions) -> Result<Self, MathError> {
        if options.components == 0 {
            return Err(MathError::KeepNone);
        }
        if options.components > COMPONENTS_LIMIT {
            return Err(MathError::TooMany { limit: COMPONENTS_LIMIT });
        }
        let mut rng = SplitMix64::new(options.seed);
        let means: Vec<f64> = (0..options.components).map(|_| draw(&sample, rng.uniform())).collect();
        let deviations = vec![sample.deviation().max(DEVIATION_FLOOR); options.components];
        let mixture = GaussianMixture::new(&vec![1.0; options.components], &means, &deviations)?;
        Self::from_mixture(sample, options, mixture)
    }

    /// At a given mixture; its count of components is taken, whatever the options say.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] (the rate).
    pub fn from_mixture(sample: Arc<Sample>, options: MixtureFitOptions, mixture: GaussianMixture) -> Result<Self, MathError> {
        let adam = match options.method {
            MixtureMethod::Em => None,
            MixtureMethod::Adam { rate } if rate > 0.0 && rate.is_finite() => Some(Adam::new(3 * mixture.len(), rate)),
            MixtureMethod::Adam { rate } => return Err(MathError::ParameterOutOfRange(rate)),
        };
        let found = mixture.responsibilities(&sample);
        let progress = Progress { iteration: 0, nll: found.nll, objective: found.nll, gap: None, stop: None };
        Ok(Self { options, sample, mixture, found, adam, progress })
    }

    /// The mixture as it stands.
    pub const fn mixture(&self) -> &GaussianMixture {
        &self.mixture
    }

    /// The round of EM that follows the responsibilities.
    fn maximise(&self) -> Option<GaussianMixture> {
        let Self { mixture, found, options, .. } = self;
        let count = mixture.len();
        let (mut means, mut deviations) = (mixture.means().to_vec(), mixture.deviations().to_vec());
        for k in 0..count {
            let mass = found.mass[k];
            // A component that answers for nothing stays as it is.
            if mass > f64::MIN_POSITIVE {
                let shift = found.first[k] / mass;
                means[k] += shift;
                deviations[k] = (found.second[k] / mass - shift * shift).max(0.0).sqrt().max(DEVIATION_FLOOR);
            }
        }
        let weights = if options.equal_weights { mixture.weights() } else { &found.mass };
        GaussianMixture::new(weights, &means, &deviations).ok()
    }

    /// A step of Adam.
    fn descend(&mut self) -> Option<GaussianMixture> {
        let Self { mixture, found, options, adam, .. } = self;
        let count = mixture.len();
        let mut x = Vec::with_capacity(3 * count);
        let mut gradient = Vec::with_capacity(3 * count);
        for (at, (w, mean, deviation)) in mixture.components().enumerate() {
            let variance = deviation * deviation;
            x.extend([w.max(f64::MIN_POSITIVE).ln(), mean, deviation.ln()]);
            let pull = if options.equal_weights { 0.0 } else { w - found.mass[at] };
            gradient.extend([pull, -found.first[at] / variance, found.mass[at] - found.second[at] / variance]);
        }
        adam.as_mut()?.step(&mut x, &gradient);
        let column = |at: usize| x.iter().skip(at).step_by(3).copied();
        let weights = softmax(&column(0).collect::<Vec<_>>(), 1.0).ok()?;
        let means: Vec<f64> = column(1).collect();
        let deviations: Vec<f64> = column(2).map(|log| log.exp().max(DEVIATION_FLOOR)).collect();
        let weights = if options.equal_weights { mixture.weights() } else { &weights };
        GaussianMixture::new(weights, &means, &deviations).ok()
    }
}

impl Fit for MixtureFit {
    fn step(&mut self) -> Progress {
        if self.progress.stop.is_some() {
            return self.progress;
        }
        let next = if self.adam.is_some() { self.descend() } else { self.maximise() };
        let Some(next) = next else {
            // Parameters that are no longer numbers.
            self.progress.stop = Some(Stop::Stalled);
            return self.progress;
        };
        self.found = next.responsibilities(&self.sample);
        self.mixture = next;
        let gain = self.progress.nll - self.found.nll;
        let iteration = self.progress.iteration + 1;
        let stop = if self.adam.is_none() && gain < GAIN_TOLERANCE {
            Some(Stop::Settled)
        } else {
            (iteration >= self.options.iterations).then_some(Stop::Iterations)
        };
        self.progress = Progress { iteration, nll: self.found.nll, objective: self.found.nll, gap: None, stop };
        self.progress
    }

    fn progress(&self) -> Progress {
        self.progress
    }

    fn ln_density(&self, x: f64) -> f64 {
        self.mixture.ln_density(x)
    }
}

/// The datum at the share `u` of the weights.
fn draw(sample: &Sample, u: f64) -> f64 {
    let mut left = u;
    for (&x, &weight) in sample.x().iter().zip(sample.weights()) {
        if left < weight {
            return x;
        }
        left -= weight;
    }
    sample.x().last().copied().unwrap_or_default()
}
