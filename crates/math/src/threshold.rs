//! The threshold family `p_i = φ(x_i − λ)`: softmax, sparsemax and entmax as one picture.

use crate::error::MathError;
use crate::logits::scan;

/// The `α` of softmax in the threshold family.
pub const ALPHA_SOFTMAX: f64 = 1.0;

/// The `α` of sparsemax in the threshold family.
pub const ALPHA_SPARSEMAX: f64 = 2.0;

/// A map of the threshold family, solved.
///
/// Conventions, with `β = α − 1` and `m = max x`:
///
/// | map | `p_i` | `lambda` (relative) | [`Threshold::lambda_absolute`] |
/// | --- | --- | --- | --- |
/// | softmax (`alpha == 1`) | `exp(x_i − λ)` | `LSE(x) − m`, `0..=ln n` | `LSE(x)` |
/// | sparsemax (`alpha == 2`) | `relu(x_i − λ)` | `λ − m`, `−1..0` | `λ` |
/// | entmax | `relu(βx_i − λ)^{1/β}` | `λ − βm` | `λ` |
///
/// `lambda` is kept relative to the maximum because with a logit of 1e300 the absolute one cannot be
/// told from the maximum. `p` is renormalised after `λ` was found: `|Σp − 1| ≤ 1e-15·√n`.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The probabilities, in the order of the logits.
    pub p: Vec<f64>,
    /// `λ`, relative to the maximum (see the table).
    pub lambda: f64,
    /// The largest logit.
    pub max: f64,
    /// The `α` of the map; exactly 1 for softmax.
    pub alpha: f64,
    /// How many `p_i` are positive (for softmax and `α < 1`: how many logits are not masked).
    pub support: usize,
}

impl Threshold {
    /// `λ` on the scale of the post: for entmax that of `βx`, otherwise that of `x`.
    pub fn lambda_absolute(&self) -> f64 {
        if is_softmax(self.alpha) { self.max + self.lambda } else { (self.alpha - 1.0) * self.max + self.lambda }
    }

    /// The water level on the scale of `x`: `p_i = φ(x_i − level)` with [`phi`] of the same `alpha`.
    ///
    /// For `α > 1` the height below which a bar gets nothing, `λ/β`; for softmax `LSE(x)`; for `α < 1`
    /// a ceiling above all bars. It does not tend to softmax's for `α → 1` (it sinks like `−1/β`):
    /// see [`Threshold::unit_level`] for that.
    pub fn level(&self) -> f64 {
        if is_softmax(self.alpha) { self.max + self.lambda } else { self.max + self.lambda / (self.alpha - 1.0) }
    }

    /// The height at which a bar would get exactly probability 1: `φ(unit_level − level) = 1`.
    ///
    /// `level + 1/β`, for softmax the level itself. Continuous in `α` through 1, and for sparsemax it is
    /// the `λ` of the post's `relu(1 + x − λ)`. Never below the maximum.
    pub fn unit_level(&self) -> f64 {
        if is_softmax(self.alpha) {
            self.max + self.lambda
        } else {
            self.max + ((1.0 + self.lambda) / (self.alpha - 1.0)).max(0.0)
        }
    }
}

/// Is it near enough to 1 for the softmax branch? `|α − 1| < 1e-6`: from there on rounding of
/// `(1 + βx)^{1/β}` costs more than the difference of the maps.
pub(crate) fn is_softmax(alpha: f64) -> bool {
    (alpha - 1.0).abs() < 1e-6
}

/// The profile `φ_α(t)` of the threshold family: `e^t` for `α = 1`, otherwise `relu(βt)^{1/β}`.
///
/// `relu(t)` for `α = 2`, `relu(t/2)²` for `α = 1.5`. For `α < 1` it lives on `t < 0` and is `+∞` for
/// `t ≥ 0`. A masked logit, `t = −∞`, gives 0.
/// Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// [`MathError::AlphaNotPositive`].
pub fn phi(alpha: f64, t: f64) -> Result<f64, MathError> {
    check_alpha(alpha)?;
    Ok(phi_unchecked(alpha, t))
}

/// The mass `Σ φ_α(x_i − level)` of a level held by hand; 1 at [`Threshold::level`] only.
///
/// `level` is on the scale of `x` ([`Threshold::level`]'s convention). May be `+∞`: softmax far below
/// the bars, `α < 1` at or below the highest bar. Decreasing in `level`.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`],
/// [`MathError::AlphaNotPositive`].
pub fn mass_at(x: &[f64], alpha: f64, level: f64) -> Result<f64, MathError> {
    scan(x)?;
    check_alpha(alpha)?;
    Ok(x.iter().map(|&value| phi_unchecked(alpha, value - level)).sum())
}

pub(crate) fn check_alpha(alpha: f64) -> Result<(), MathError> {
    if alpha > 0.0 { Ok(()) } else { Err(MathError::AlphaNotPositive(alpha)) }
}

fn phi_unchecked(alpha: f64, t: f64) -> f64 {
    if is_softmax(alpha) {
        return t.exp();
    }
    if t == f64::NEG_INFINITY {
        return 0.0;
    }
    let beta = alpha - 1.0;
    let base = beta * t;
    if base > 0.0 {
        (base.ln() / beta).exp()
    } else if beta > 0.0 {
        0.0
    } else {
        f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_has_its_textbook_forms() {
        let at = |alpha, t| phi(alpha, t).expect("legal");
        assert!((at(1.0, 0.5) - 0.5_f64.exp()).abs() < 1e-15);
        assert!((at(2.0, 0.5) - 0.5).abs() < 1e-15);
        assert!((at(1.5, 0.5) - 0.0625).abs() < 1e-15);
        assert!(at(2.0, -0.5).abs() <= 0.0);
        assert!((at(0.5, -2.0) - 1.0).abs() < 1e-15);
        assert!(at(0.5, 0.0).is_infinite());
        assert!(at(0.5, f64::NEG_INFINITY).abs() <= 0.0);
        assert!(phi(0.0, 1.0).is_err());
    }

    #[test]
    fn the_mass_is_one_at_the_level_and_nowhere_else() {
        let x = [0.3, 1.2, -0.4, f64::NEG_INFINITY, 0.9];
        for alpha in [0.5, 0.9, 1.0, 1.25, 1.5, 2.0, 3.0] {
            let solved = crate::entmax::entmax(&x, alpha).expect("legal");
            let level = solved.level();
            let mass = |level| mass_at(&x, alpha, level).expect("legal");
            assert!((mass(level) - 1.0).abs() < 1e-12, "{alpha}");
            assert!(mass(level - 0.01) > 1.001, "{alpha}");
            assert!(mass(level + 0.01) < 0.999, "{alpha}");
            for (&value, &p) in x.iter().zip(&solved.p) {
                assert!((phi(alpha, value - level).expect("legal") - p).abs() < 1e-12, "{alpha}");
            }
        }
    }

    #[test]
    fn the_unit_level_passes_through_softmax_without_a_jump() {
        let x = [0.3, 1.2, -0.4];
        let at = |alpha| crate::entmax::entmax(&x, alpha).expect("legal").unit_level();
        assert!((at(1.0 - 1e-5) - at(1.0)).abs() < 1e-4);
        assert!((at(1.0 + 1e-5) - at(1.0)).abs() < 1e-4);
    }
}
