//! Two failures of extrapolation and a third: near tokens changed, far ones never seen, others not seen at all.

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
    let (mut total, mut count) = (0.0, 0_usize);
    for rho in 1..=w0.min(query) {
        let Some(effective) = distance.at(query, query - rho) else { continue };
        let pairs = scaled.iter().zip(circles.theta());
        total += pairs.map(|(scaled, theta)| (effective * scaled - rho as f64 * theta).cos()).sum::<f64>();
        count += scaled.len();
    }
    Ok(if count == 0 { 1.0 } else { total / count as f64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_without_near_keys_has_lost_nothing() {
        let circles = TrainedCircles::new(8, 100.0, 16).expect("legal");
        let scaled: Vec<f64> = circles.theta().iter().map(|theta| theta / 2.0).collect();
        assert_eq!(near_fidelity(&circles, &scaled, RelativeDistance::Plain, 8, 0), Ok(1.0));
        assert_eq!(near_fidelity(&circles, &scaled, RelativeDistance::Window { w: 1 }, 8, 9), Ok(1.0));
        assert!(NearFar::new(&circles, &scaled, RelativeDistance::Plain, 0, 8).is_err());
    }
}
