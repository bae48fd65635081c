//! Scales that grow with the text, and what a cache of rotated keys makes of them.

use crate::attention::check_matrix;
use crate::error::MathError;
use crate::frequency_method::FrequencyMethod;
use crate::near_far::near_fidelity;
use crate::rational::Rational;
use crate::relative_distance::RelativeDistance;
use crate::trained_circles::TrainedCircles;
use std::f64::consts::FRAC_PI_2;

/// `s(pos) = max(L_train, pos + 1)/L_train`, exactly; positions count from 0.
///
/// Source: <https://kexue.fm/archives/9948>, 拒绝交税.
///
/// # Errors
/// [`MathError::TrainedLengthTooShort`] (0), [`MathError::TooMany`] (a position beyond `2^62`).
pub fn dynamic_scale(position: u64, train: usize) -> Result<Rational, MathError> {
    const LIMIT: u64 = 1 << 62;
    if position >= LIMIT {
        return Err(MathError::TooMany { limit: usize::MAX });
    }
    let length = (train as u64).max(position + 1);
    Rational::new(length as i64, train as i64).ok_or(MathError::TrainedLengthTooShort { length: train, least: 1 })
}

/// How a scale is chosen for the query at a position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScaleSchedule {
    /// The same always.
    Static(f64),
    /// For one turn of a dialogue: [`dynamic_scale`] of its last possible token, so that all its keys agree.
    PerTurn {
        /// Tokens of the prompt.
        prompt: u64,
        /// The most that may be generated.
        new: u64,
    },
    /// [`dynamic_scale`] of the position itself: no tax, but keys have to be cached before rotation.
    PerPosition,
}

impl ScaleSchedule {
    /// The scale in use at a position.
    ///
    /// # Errors
    /// Those of [`dynamic_scale`]; [`MathError::ParameterOutOfRange`] (a scale that is not finite).
    pub fn at(self, position: u64, train: usize) -> Result<f64, MathError> {
        match self {
            Self::Static(scale) if scale.is_finite() => Ok(scale),
            Self::Static(scale) => Err(MathError::ParameterOutOfRange(scale)),
            Self::PerTurn { prompt, new } => Ok(dynamic_scale(prompt.saturating_add(new).saturating_sub(1), train)?.to_f64()),
            Self::PerPosition => Ok(dynamic_scale(position, train)?.to_f64()),
        }
    }
}

/// The extrapolation tax: how faithful the nearest `w0` distances stay for a query at a position, `−1..=1`; 1 is no tax.
///
/// Inside of `L_train` nothing needs to be changed, and whatever falls below 1 is a loss.
///
/// # Errors
/// Those of [`FrequencyMethod::frequencies`] and [`dynamic_scale`].
pub fn fidelity_at(
    circles: &TrainedCircles,
    method: FrequencyMethod,
    schedule: ScaleSchedule,
    position: u64,
    w0: usize,
) -> Result<f64, MathError> {
    let scaled = method.frequencies(circles, schedule.at(position, circles.length())?)?;
    near_fidelity(circles, &scaled, RelativeDistance::Plain, w0, w0)
}

/// [`fidelity_at`] with a scale for each position and the bug of a cache filled after rotation: every key keeps the frequencies of its own
/// time, while the query turns by those of now.
///
/// The mean over `ρ = 1..=w0` of `(2/d) Σ cos(pθ_i^{(p)} − jθ_i^{(j)} − ρθ_i)`, `j = p − ρ ≥ 0`; 1 if there are none. Our derivation.
///
/// # Errors
/// Those of [`FrequencyMethod::frequencies`] and [`dynamic_scale`].
pub fn stale_fidelity_at(circles: &TrainedCircles, method: FrequencyMethod, position: u64, w0: u32) -> Result<f64, MathError> {
    let at = |position: u64| method.frequencies(circles, dynamic_scale(position, circles.length())?.to_f64());
    let now = at(position)?;
    let (mut total, mut count) = (0.0, 0_usize);
    for rho in (1..=u64::from(w0)).take_while(|&rho| rho <= position) {
        let j = position - rho;
        let then = at(j)?;
        let pairs = now.iter().zip(&then).zip(circles.theta());
        let error = |((now, then), theta): ((&f64, &f64), &f64)| position as f64 * now - j as f64 * then - rho as f64 * theta;
        total += pairs.map(|pair| error(pair).cos()).sum::<f64>();
        count += now.len();
    }
    Ok(if count == 0 { 1.0 } else { total / count as f64 })
}

/// A key that was rotated with old frequencies and is read with new ones.
#[derive(Clone, Debug, PartialEq)]
pub struct StaleKey {
    /// `j|θ_i^old − θ_i^new|` in radians, not reduced, for each pair.
    pub errors: Vec<f64>,
    /// How many pairs are off by more than a right angle.
    pub beyond_right_angle: usize,
    /// The largest error.
    pub largest: f64,
}

impl StaleKey {
    /// The errors of the key at position `j`.
    ///
    /// Source: our derivation; the bug is that of dynamic NTK with a cache filled after rotation.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`], [`MathError::EntryNotFinite`].
    pub fn new(old: &[f64], new: &[f64], j: u64) -> Result<Self, MathError> {
        check_same(old, new)?;
        let errors: Vec<f64> = old.iter().zip(new).map(|(old, new)| j as f64 * (old - new).abs()).collect();
        let beyond_right_angle = errors.iter().filter(|&&error| error > FRAC_PI_2).count();
        let largest = errors.iter().copied().fold(0.0, f64::max);
        Ok(Self { errors, beyond_right_angle, largest })
    }
}

/// The score of `q = k` with pairs of length 1, over `d/2`, when the query turns by the new frequencies and the key still by the old:
/// `(2/d) Σ cos(iθ_i^new − jθ_i^old)`. With fresh keys it is the kernel at `i − j`.
///
/// # Errors
/// [`MathError::LengthMismatch`], [`MathError::EntryNotFinite`], [`MathError::Empty`].
pub fn stale_kernel(old: &[f64], new: &[f64], i: u64, j: u64) -> Result<f64, MathError> {
    check_same(old, new)?;
    if old.is_empty() {
        return Err(MathError::Empty);
    }
    let sum: f64 = old.iter().zip(new).map(|(old, new)| (i as f64 * new - j as f64 * old).cos()).sum();
    Ok(sum / old.len() as f64)
}

fn check_same(old: &[f64], new: &[f64]) -> Result<(), MathError> {
    if old.len() != new.len() {
        return Err(MathError::LengthMismatch { left: old.len(), right: new.len() });
    }
    check_matrix("theta", old, 1, old.len())?;
    check_matrix("theta", new, 1, new.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_cached_after_rotation_go_stale() {
        // The specification's example: 46 of 64 pairs off by more than a right angle, at most 119.6 rad.
        let circles = TrainedCircles::new(128, 1e4, 4096).expect("legal");
        let at = |length| FrequencyMethod::DynamicNtk { factor: 1.0, length }.frequencies(&circles, 1.0).expect("legal");
        let stale = StaleKey::new(&at(8192), &at(12288), 8000).expect("legal");
        assert_eq!((stale.beyond_right_angle, stale.errors.len()), (46, 64));
        assert_eq!(format!("{:.1}", stale.largest), "119.6");
        let fresh = stale_kernel(&at(8192), &at(8192), 9000, 8000).expect("legal");
        let direct: f64 = at(8192).iter().map(|theta| (1000.0 * theta).cos()).sum::<f64>() / 64.0;
        assert!((fresh - direct).abs() < 1e-11);
    }

    #[test]
    fn stale_keys_are_a_tax_that_a_fresh_cache_does_not_pay() {
        let circles = TrainedCircles::new(128, 1e4, 4096).expect("legal");
        let method = FrequencyMethod::NtkAware;
        let stale = |position| stale_fidelity_at(&circles, method, position, 64).expect("legal");
        assert!((stale(4095) - 1.0).abs() < 1e-12 && stale(0) == 1.0);
        let fresh = fidelity_at(&circles, method, ScaleSchedule::PerPosition, 12_000, 64).expect("legal");
        assert!(stale(12_000) < fresh - 0.1, "{} {fresh}", stale(12_000));
    }

    #[test]
    fn only_a_static_scale_is_taxed_inside() {
        let circles = TrainedCircles::new(128, 1e4, 4096).expect("legal");
        let turn = ScaleSchedule::PerTurn { prompt: 1000, new: 1000 };
        let fidelity = |schedule| fidelity_at(&circles, FrequencyMethod::Pi, schedule, 100, 64).expect("legal");
        assert!(fidelity(ScaleSchedule::Static(4.0)) < 0.9);
        assert!((fidelity(turn) - 1.0).abs() < 1e-15);
        assert!((fidelity(ScaleSchedule::PerPosition) - 1.0).abs() < 1e-15);
        assert_eq!(ScaleSchedule::PerTurn { prompt: 10000, new: 6384 }.at(3, 4096), Ok(4.0));
    }
}
