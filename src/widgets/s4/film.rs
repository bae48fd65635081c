//! Three memories of one signal, at any moment of it; and a mass on a spring.

use yansuan_math::MathError;
use yansuan_math::discretise::Discretisation;
use yansuan_math::hippo::{legt_input, legt_matrix};
use yansuan_math::legs_online::LegsOnline;
use yansuan_math::legs_scheme::LegsStepper;
use yansuan_math::mass_spring::MassSpring;
use yansuan_math::memory_measure::MemoryMeasure;
use yansuan_math::state_space::Recurrence;

use super::state::State;
use crate::contract::figure::Point;

/// Moments that are remembered, so that going back is not beginning anew.
const MOMENTS: usize = 16;

/// Operations of a slice: about a millisecond.
const SLICE: usize = 1_000_000;

/// The most places at which a memory is held against the signal.
const COMPARED: usize = 512;

/// Step and length of the picture of the spring, seconds.
const SPRING: (f64, usize) = (0.01, 200);

/// When the pushes stop: where their source's picture ends.
const REST: f64 = 1.0;

/// The states of the three after so many numbers.
#[derive(Clone, Debug)]
struct Moment {
    read: usize,
    stretched: LegsOnline,
    window: Recurrence,
    fading: LegsStepper,
}

/// A memory at the playhead: its state, and what it does with ages in samples.
#[derive(Clone, Debug)]
pub struct Memory {
    pub state: Vec<f64>,
    pub measure: MemoryMeasure,
    /// Units of the measure a sample.
    pub unit: f64,
}

impl Memory {
    /// What it says about the input so many samples ago; `None` where it knows nothing, or has overflown.
    pub fn recall(&self, ago: f64) -> Option<f64> {
        self.measure.recall(&self.state, ago * self.unit).filter(|x| x.is_finite())
    }

    /// Its weight a sample, so many samples ago.
    pub fn weight(&self, ago: f64) -> f64 {
        self.measure.weight(ago * self.unit) * self.unit
    }

    /// The root of the mean square of what it gets wrong, under its own weight; `None` before anything was read.
    pub fn error(&self, past: &[f64]) -> Option<f64> {
        let stride = past.len().div_ceil(COMPARED).max(1);
        let (mut sum, mut total) = (0.0, 0.0);
        for (at, u) in past.iter().enumerate().step_by(stride) {
            let ago = (past.len() - at) as f64 - 0.5;
            let weight = self.weight(ago);
            if weight > 0.0 {
                sum += weight * (u - self.recall(ago)?).powi(2);
                total += weight;
            }
        }
        Some((sum / total).sqrt()).filter(|error| error.is_finite())
    }
}

/// The three memories along a signal.
#[derive(Clone, Debug)]
pub struct Film {
    /// Every so many numbers a moment is kept.
    stride: usize,
    kept: Vec<Moment>,
    here: Moment,
    window: f64,
    eps: f64,
}

impl Film {
    /// Before anything was read.
    pub fn new(state: &State, u: &[f64]) -> Result<Self, MathError> {
        let (d, window) = (state.d, state.window as f64);
        // A step of one sample; the window is in its matrix.
        let system = Discretisation::Bilinear.discretise(&legt_matrix(d, window)?, &legt_input(d, window)?, 1.0)?;
        let here = Moment {
            read: 0,
            stretched: LegsOnline::new(d)?,
            window: Recurrence::new(system)?,
            fading: LegsStepper::new(state.scheme, d, state.eps)?,
        };
        let stride = u.len().div_ceil(MOMENTS).max(64);
        Ok(Self { stride, kept: vec![here.clone()], here, window, eps: state.eps })
    }

    /// Goes to the moment after so many numbers, some way at least, and says whether it is there.
    pub fn seek(&mut self, u: &[f64], now: usize) -> Result<bool, MathError> {
        if self.here.read > now
            && let Some(moment) = self.kept.get(now / self.stride)
        {
            self.here = moment.clone();
        }
        let d = self.here.fading.state().len();
        let steps = (SLICE / (2 * d * d + 40 * d)).max(16);
        for &u in u[..now.min(u.len())].iter().skip(self.here.read).take(steps) {
            // One at a time, so that a moment does not depend on the way to it.
            self.here.stretched.push(u)?;
            self.here.window.push(u);
            self.here.fading.push(u);
            self.here.read += 1;
            if self.here.read == self.kept.len() * self.stride {
                self.kept.push(self.here.clone());
            }
        }
        Ok(self.here.read >= now)
    }

    /// How many numbers were read.
    pub fn read(&self) -> usize {
        self.here.read
    }

    /// After how many numbers the memory of S4 overflew.
    pub fn diverged(&self) -> Option<usize> {
        self.here.fading.diverged()
    }

    /// `LegS`, stretched over all that was.
    pub fn stretched(&self) -> Memory {
        let length = (self.here.read as f64).max(1.0);
        Memory { state: self.here.stretched.state(), measure: MemoryMeasure::Uniform { length }, unit: 1.0 }
    }

    /// `LegT`, which sees the window.
    pub fn window(&self) -> Memory {
        Memory { state: self.here.window.state().to_vec(), measure: MemoryMeasure::Uniform { length: self.window }, unit: 1.0 }
    }

    /// The equation of S4, which forgets by `e^{−age}`.
    pub fn fading(&self) -> Memory {
        Memory { state: self.here.fading.state().to_vec(), measure: MemoryMeasure::Exponential, unit: self.eps }
    }
}

/// A mass that is pushed.
#[derive(Clone, Debug)]
pub struct Spring {
    /// The force against time.
    pub force: Vec<Point>,
    /// The place against time, in units of what a force of 1 makes of the opening spring.
    pub place: Vec<Point>,
}

impl Spring {
    /// By the same two lines as everything else here: a bilinear step, and a recurrence.
    pub fn new(state: &State) -> Result<Self, MathError> {
        let spring = MassSpring { stiffness: state.stiffness, friction: state.friction, ..MassSpring::default() };
        let (eps, len) = SPRING;
        let system = Discretisation::Bilinear.discretise(&spring.matrix()?, &spring.input()?, eps)?;
        let mut walker = Recurrence::new(system)?;
        let unit = MassSpring::default().stiffness;
        let (mut force, mut place) = (Vec::with_capacity(len), vec![(0.0, 0.0)]);
        for k in 0..len {
            let t = k as f64 * eps;
            let push = if t < REST { MassSpring::pushes(t) } else { 0.0 };
            walker.push(push);
            force.push((t, push));
            place.push((t + eps, unit * walker.state()[0]));
        }
        Ok(Self { force, place })
    }
}
