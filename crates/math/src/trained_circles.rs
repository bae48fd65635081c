//! The circles a rotary head was trained on: how often each turned, which arc it saw, and when it leaves that arc.

use crate::error::MathError;
use crate::frequency_plan::FrequencyPlan;
use std::f64::consts::TAU;

/// How much farther than its arc a circle may be before it counts as outside of it, relatively: roundings are no news.
const SLACK: f64 = 1e-9;

/// The `d/2` circles `e^{iρθ_i}`, `θ_i = b^{−2i/d}`, of a head trained at one length.
///
/// In training a circle sees the angles `0..=L_trainθ_i`: all of them if it turned at least once (`r_i ≥ 1`), else an arc. Whether a
/// distance is new is thus a question to each circle, not to the distance.
/// Source: the 转圈视角 of <https://kexue.fm/archives/9948>.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedCircles {
    theta: Vec<f64>,
    base: f64,
    length: usize,
}

impl TrainedCircles {
    /// The circles of a head of size `d` with base `b`, trained on `length` tokens.
    ///
    /// Range: `d` even, `b > 1`, `length ≥ 1`.
    ///
    /// # Errors
    /// [`MathError::DimNotEven`], [`MathError::BadBase`], [`MathError::TrainedLengthTooShort`].
    pub fn new(d: usize, base: f64, length: usize) -> Result<Self, MathError> {
        let pairs = FrequencyPlan::Rope1d.pairs(d, base)?;
        if length == 0 {
            return Err(MathError::TrainedLengthTooShort { length, least: 1 });
        }
        Ok(Self { theta: pairs.iter().map(|pair| pair.theta).collect(), base, length })
    }

    /// `θ_i` in radians per token, falling from 1.
    pub fn theta(&self) -> &[f64] {
        &self.theta
    }

    /// `d`.
    pub const fn d(&self) -> usize {
        2 * self.theta.len()
    }

    /// `b`.
    pub const fn base(&self) -> f64 {
        self.base
    }

    /// `L_train`.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// `r_i = L_trainθ_i/2π`, the turns of each circle in training.
    pub fn turns(&self) -> impl Iterator<Item = f64> {
        self.theta.iter().map(|theta| self.length as f64 * theta / TAU)
    }

    /// `i* = min{i: r_i < 1}`, the first circle that was not completed; `d/2` if all were.
    pub fn critical_index(&self) -> usize {
        self.turns().take_while(|&turns| turns >= 1.0).count()
    }

    /// The index, not whole, of a circle with `ρ` turns: `c(ρ) = d ln(L_train/2πρ) / (2 ln b)`; `c(1)` is the critical one.
    ///
    /// Range: `ρ > 0`; any real number comes out, negative when no circle turns that often.
    /// Source: `find_correction_dim` of the code of YaRN.
    pub fn index_of_turns(&self, turns: f64) -> f64 {
        self.d() as f64 * (self.length as f64 / (turns * TAU)).ln() / (2.0 * self.base.ln())
    }

    /// The arc each circle saw, `min(2π, L_trainθ_i)` radians from 0.
    pub fn arcs(&self) -> impl Iterator<Item = f64> {
        self.theta.iter().map(|theta| TAU.min(self.length as f64 * theta))
    }

    /// Is a circle that now turns by `θ'` outside of its arc at distance `ρ`?
    ///
    /// `r_i < 1` and `ρθ' mod 2π > L_trainθ_i`, with a relative slack of 1e-9. Not monotone in `ρ`: a slow circle comes round again.
    /// Range: `i < d/2`; whatever is no circle is never outside.
    pub fn is_unseen(&self, i: usize, scaled: f64, rho: f64) -> bool {
        let Some(&theta) = self.theta.get(i) else { return false };
        let arc = self.length as f64 * theta;
        arc < TAU && angle_from_zero(rho * scaled) > arc * (1.0 + SLACK)
    }

    /// The circles outside of their arcs at distance `ρ`, upwards; `scaled` are the frequencies now in use, one for each circle.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`], [`MathError::NotFinite`] (a frequency), [`MathError::ParameterOutOfRange`] (the distance).
    pub fn unseen(&self, scaled: &[f64], rho: f64) -> Result<Vec<usize>, MathError> {
        self.check(scaled)?;
        check_distance(rho)?;
        Ok((self.critical_index()..scaled.len()).filter(|&i| self.is_unseen(i, scaled[i], rho)).collect())
    }

    /// The length up to which no circle leaves its arc: `N_safe = min_{r_i<1} L_train θ_i/θ'_i`, in tokens and not rounded.
    ///
    /// `∞` if every circle was completed. For NTK-aware scaling it is `L_train s^{2i*/(d−2)}`, about half of what was asked for.
    /// Source: our derivation; it agrees with what <https://kexue.fm/archives/9948> reports of NTK-RoPE.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`], [`MathError::NotFinite`].
    pub fn safe_length(&self, scaled: &[f64]) -> Result<f64, MathError> {
        self.check(scaled)?;
        let incomplete = self.theta.iter().zip(scaled).skip(self.critical_index());
        Ok(incomplete.map(|(theta, scaled)| self.length as f64 * (theta / scaled)).fold(f64::INFINITY, f64::min))
    }

    /// How often a distance occurs in one training sequence: `L_train − ρ`, 0 beyond.
    pub const fn exposure(&self, rho: usize) -> usize {
        self.length.saturating_sub(rho)
    }

    /// There must be one finite number for each circle.
    pub(crate) fn check(&self, scaled: &[f64]) -> Result<(), MathError> {
        if scaled.len() != self.theta.len() {
            return Err(MathError::LengthMismatch { left: scaled.len(), right: self.theta.len() });
        }
        match scaled.iter().enumerate().find(|(_, value)| !value.is_finite()) {
            Some((index, &value)) => Err(MathError::NotFinite { index, value }),
            None => Ok(()),
        }
    }
}

/// A distance must be finite.
pub(crate) fn check_distance(rho: f64) -> Result<(), MathError> {
    if rho.is_finite() { Ok(()) } else { Err(MathError::ParameterOutOfRange(rho)) }
}

/// An angle reduced to `0..2π` radians.
///
/// Range: `φ ≥ 0` (a negative one is reduced too). The library's sine and cosine reduce exactly, so the error is the rounding of `φ`:
/// below 1e-10 up to `φ = 10^6`, where `f32` would be off by 0.03.
pub fn angle_from_zero(phi: f64) -> f64 {
    if (0.0..TAU).contains(&phi) {
        return phi;
    }
    let (sin, cos) = phi.sin_cos();
    let angle = sin.atan2(cos);
    if angle < 0.0 { angle + TAU } else { angle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_critical_dimension_of_llama_2_is_the_published_92() {
        let circles = TrainedCircles::new(128, 1e4, 4096).expect("legal");
        assert_eq!(circles.critical_index(), 46);
        assert_eq!(circles.index_of_turns(1.0).ceil() as usize, 46);
        assert!(TrainedCircles::new(128, 1e4, 0).is_err());
    }

    #[test]
    fn a_far_distance_occurs_less_often_long_before_it_is_new() {
        let circles = TrainedCircles::new(4, 1e4, 10).expect("legal");
        assert_eq!((0..12).map(|rho| circles.exposure(rho)).sum::<usize>(), 55);
        assert_eq!(circles.exposure(9), 1);
    }

    #[test]
    fn a_slow_circle_comes_round_again() {
        let circles = TrainedCircles::new(16, 100.0, 64).expect("legal");
        let unseen = |rho: usize| !circles.unseen(circles.theta(), rho as f64).expect("legal").is_empty();
        let flips = (1..2000).filter(|&rho| unseen(rho) != unseen(rho - 1)).count();
        assert!(flips > 1, "{flips}");
        assert_eq!(circles.safe_length(circles.theta()), Ok(64.0));
    }
}
