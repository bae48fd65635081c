//! What every fit tells after an iteration.

/// Why a fit has ended.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Stop {
    /// The certificate bounds what is left to gain by the tolerance.
    Certified,
    /// The last iteration gained nothing that floating point can tell.
    Stalled,
    /// The last iteration gained less than the tolerance.
    Settled,
    /// The largest count of iterations is reached.
    Iterations,
}

/// Where a fit stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Iterations done.
    pub iteration: u32,
    /// Mean negative log-likelihood in nats; `+∞` where the density is 0 at a datum.
    pub nll: f64,
    /// What is minimised: `nll`, and the penalty if there is one.
    pub objective: f64,
    /// A proven bound on `objective − min`, if one is known. Mixtures have none.
    pub gap: Option<f64>,
    /// Why it has ended; `None` while it may go on.
    pub stop: Option<Stop>,
}

/// A fit that goes on by one iteration at a time.
pub trait Fit {
    /// One iteration, if it has not ended.
    fn step(&mut self) -> Progress;

    /// Where it stands, without going on.
    fn progress(&self) -> Progress;

    /// `ln p(x)` of the density so far.
    fn ln_density(&self, x: f64) -> f64;
}
