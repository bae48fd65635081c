//! Whether the angles of all circles *together* were ever trained.

use crate::error::MathError;
use crate::progress::Progress;
use crate::rope_kernel::{wave_sum, wave_sums};
use crate::trained_circles::{TrainedCircles, check_distance};

/// Scores within this of the largest are computed anew one by one: the fast sums are good to 2e-12.
const CLOSE: f64 = 1e-11;

/// The trained distance whose angles are nearest to those of a distance now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JointScore {
    /// `max_{n<L_train} (2/d) Σ cos(ρθ'_i − nθ_i)`, `−1..=1`; 1 if the very vector of angles was trained.
    pub score: f64,
    /// The smallest `n` that has it.
    pub nearest: usize,
}

/// The joint score of distance `ρ` with frequencies `θ'`.
///
/// `O(L_train·d/2)`, by recurrence and not by cosines; absolute error below 1e-12. Each circle may be inside of its arc and the vector still be
/// new. Our construction, not in the post; near fidelity judges methods better.
///
/// # Errors
/// [`MathError::LengthMismatch`], [`MathError::NotFinite`] (a frequency), [`MathError::ParameterOutOfRange`] (the distance).
pub fn joint_score(circles: &TrainedCircles, scaled: &[f64], rho: f64) -> Result<JointScore, MathError> {
    circles.check(scaled)?;
    check_distance(rho)?;
    let mut scratch = vec![0.0; circles.length()];
    Ok(best(circles, scaled, rho, &mut scratch))
}

fn best(circles: &TrainedCircles, scaled: &[f64], rho: f64, scratch: &mut [f64]) -> JointScore {
    let theta = circles.theta();
    let phases: Vec<f64> = scaled.iter().map(|scaled| -rho * scaled).collect();
    let scale = 1.0 / theta.len() as f64;
    wave_sums(theta, &phases, [0.0, 1.0], scale, scratch);
    let largest = scratch.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut found = JointScore { score: f64::NEG_INFINITY, nearest: 0 };
    for (n, &score) in scratch.iter().enumerate() {
        if score < largest - CLOSE {
            continue;
        }
        let exact = (wave_sum(theta, &phases, n as f64) * scale).min(1.0);
        if exact > found.score {
            found = JointScore { score: exact, nearest: n };
        }
    }
    found
}

/// Joint scores of many distances, in slices.
#[derive(Clone, Debug)]
pub struct JointScores {
    circles: TrainedCircles,
    scaled: Vec<f64>,
    rhos: Vec<f64>,
    scores: Vec<JointScore>,
    scratch: Vec<f64>,
}

impl JointScores {
    /// Prepares the scores of the given distances.
    ///
    /// # Errors
    /// Those of [`joint_score`].
    pub fn new(circles: TrainedCircles, scaled: Vec<f64>, rhos: Vec<f64>) -> Result<Self, MathError> {
        circles.check(&scaled)?;
        rhos.iter().try_for_each(|&rho| check_distance(rho))?;
        let scratch = vec![0.0; circles.length()];
        Ok(Self { circles, scaled, scores: Vec::with_capacity(rhos.len()), rhos, scratch })
    }

    /// Does up to `budget` terms `cos(ρθ'_i − nθ_i)`, about a nanosecond each, but at least one distance, and says how far the work is.
    pub fn step(&mut self, budget: usize) -> Progress {
        let cost = self.scratch.len() * self.scaled.len();
        let count = (budget / cost.max(1)).max(1);
        for &rho in self.rhos.iter().skip(self.scores.len()).take(count) {
            self.scores.push(best(&self.circles, &self.scaled, rho, &mut self.scratch));
        }
        self.progress()
    }

    /// How far the work is.
    pub fn progress(&self) -> Progress {
        Progress::of(self.scores.len(), self.rhos.len())
    }

    /// The scores so far, in the order of the distances.
    pub fn scores(&self) -> &[JointScore] {
        &self.scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_give_the_same_as_one_go() {
        let circles = TrainedCircles::new(16, 100.0, 300).expect("legal");
        let rhos: Vec<f64> = (0..20).map(|k| 37.5 * f64::from(k)).collect();
        let scaled: Vec<f64> = circles.theta().iter().map(|theta| theta * 0.7).collect();
        let whole: Vec<JointScore> = rhos.iter().map(|&rho| joint_score(&circles, &scaled, rho).expect("legal")).collect();
        let mut run = JointScores::new(circles, scaled, rhos).expect("legal");
        let mut steps = 0;
        while !run.step(5000).done {
            steps += 1;
        }
        assert_eq!((run.scores(), steps), (whole.as_slice(), 9));
    }
}
