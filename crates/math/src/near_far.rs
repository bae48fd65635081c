//! Two failures of extrapolation and a third: near tokens changed, far ones never seen, others not seen at all.

use std::f64::consts::TAU;

use crate::error::MathError;
use crate::relative_distance::RelativeDistance;
use crate::trained_circles::TrainedCircles;

/// What a method does to the near, the far, and the field of view.
///
/// A proxy of our own construction: it orders the methods of the posts as their published accuracies do, and predicts none of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearFar {
    /// [`near_fidelity`] of the last query, `−1..=1`.
    pub near: f64,
    /// The share of the tested length in which nothing new is met, `0..=1`.
    pub far: f64,
    /// The share of the causal pairs that is visible, `0..=1`.
    pub reach: f64,
}

impl NearFar {
    /// Measures frequencies and distances together on a text of `test` tokens, near meaning `1..=w0`.
    ///
    /// # Errors
    /// Those of [`near_fidelity`]; [`MathError::BelowOne`] (`n`) for a text without tokens.
    pub fn new(
        circles: &TrainedCircles,
        scaled: &[f64],
        distance: RelativeDistance,
        test: usize,
        w0: usize,
    ) -> Result<Self, MathError> {
        if test == 0 {
            return Err(MathError::BelowOne { field: "n", value: 0.0 });
        }
        Ok(Self {
            near: near_fidelity(circles, scaled, distance, w0, test - 1)?,
            far: (distance.usable_length(circles.safe_length(scaled)?) / test as f64).min(1.0),
            reach: distance.reach(test),
        })
    }
}

/// The mean over `ρ = 1..=w0` of `(2/d) Σ cos(ρ_eff θ'_i − ρθ_i)`: how much the near distances of one query still look as trained.
///
/// Range: `−1..=1`; 1 if none changed. The mean is over the visible ones among the keys there are (masking is the reach's matter, and a query
/// sees only those before it); 1 if there is none.
///
/// # Errors
/// [`MathError::LengthMismatch`], [`MathError::NotFinite`]; those of [`RelativeDistance::check`].
pub fn near_fidelity(
    circles: &TrainedCircles,
    scaled: &[f64],
    distance: RelativeDistance,
    w0: usize,
    query: usize,
) -> Result<f64, MathError> {
    circles.check(scaled)?;
    distance.check()?;
    let last = w0.min(query);
    let pairs = || scaled.iter().zip(circles.theta());
    // The nearest distances are as they were in all methods: there the angles are multiples of one.
    let kept = (1..=last).take_while(|&rho| distance.at(query, query - rho) == Some(rho as f64)).count();
    let mut total: f64 = pairs().map(|(scaled, theta)| cosines(scaled - theta, kept)).sum();
    let mut count = kept * scaled.len();
    for rho in kept + 1..=last {
        let Some(effective) = distance.at(query, query - rho) else { continue };
        total += pairs().map(|(scaled, theta)| (effective * scaled - rho as f64 * theta).cos()).sum::<f64>();
        count += scaled.len();
    }
    Ok(if count == 0 { 1.0 } else { total / count as f64 })
}

/// `Σ cos(ρφ)` over `ρ = 1..=n`, by Dirichlet's `sin(nφ/2) cos((n + 1)φ/2) / sin(φ/2)`: three sines instead of `n` cosines.
fn cosines(phi: f64, n: usize) -> f64 {
    // Whole turns change nothing; without them the sine below is small only where φ is.
    let half = 0.5 * (phi - TAU * (phi / TAU).round());
    let n = n as f64;
    let below = half.sin();
    if below == 0.0 { n } else { (n * half).sin() * ((n + 1.0) * half).cos() / below }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    #[test]
    fn the_closed_sum_of_cosines_is_the_sum_of_cosines() {
        for n in [0, 1, 2, 7, 64, 1000] {
            for phi in [0.0, 1e-300, 1e-17, -1e-9, 1e-4, -0.03, 0.7, 1.0, -PI, TAU - 1e-10, 3.0 * TAU + 1e-8, -40.0] {
                let sum: f64 = (1..=n).map(|rho| (f64::from(rho) * phi).cos()).sum();
                let off = (cosines(phi, n as usize) - sum).abs();
                // An angle is known to its last digit, and distance n multiplies that.
                let known = f64::EPSILON * phi.abs().max(1.0) * f64::from(n).powi(2);
                assert!(off <= 4.0 * known + 1e-15, "{n} cosines of {phi}: {off:e}");
            }
        }
    }

    #[test]
    fn a_query_without_near_keys_has_lost_nothing() {
        let circles = TrainedCircles::new(8, 100.0, 16).expect("legal");
        let scaled: Vec<f64> = circles.theta().iter().map(|theta| theta / 2.0).collect();
        assert_eq!(near_fidelity(&circles, &scaled, RelativeDistance::Plain, 8, 0), Ok(1.0));
        assert_eq!(near_fidelity(&circles, &scaled, RelativeDistance::Window { w: 1 }, 8, 9), Ok(1.0));
        assert!(NearFar::new(&circles, &scaled, RelativeDistance::Plain, 0, 8).is_err());
    }
}
