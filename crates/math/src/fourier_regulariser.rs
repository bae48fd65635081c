//! The penalty on high frequencies, as it should be and as the post prints it.

use crate::error::MathError;
use crate::fourier_density::{autocorrelation, check_coefficients};
use num_complex::Complex64;
use std::f64::consts::PI;

/// Which penalty.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Regulariser {
    /// `∫|p′|² = π² Σ_{n≥1} n²|c_n/c_0|²`: does not depend on the scale of the coefficients. Our own.
    #[default]
    ScaleFree,
    /// `∫|f′|² = Σ_{n=−N}^N 2π²n²|c_n|²`, of the density before it is normalised: falls with the fourth power of the coefficients' scale
    /// while `p` stays the same, so its infimum penalises nothing. Source: <https://kexue.fm/archives/10007>.
    AsPrinted,
}

impl Regulariser {
    /// The penalty `R(a)`, and adds `gamma` times its derivatives `∂/∂Re a_m + i ∂/∂Im a_m` to `gradient`.
    ///
    /// Shape: `gradient` as `a`. Time `O(N²)`. [`Regulariser::AsPrinted`] overflows for coefficients beyond 1e75.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`]; those of [`FourierDensity::new`](crate::fourier_density::FourierDensity::new).
    pub fn evaluate(self, a: &[Complex64], gamma: f64, gradient: &mut [Complex64]) -> Result<f64, MathError> {
        if a.len() != gradient.len() {
            return Err(MathError::LengthMismatch { left: a.len(), right: gradient.len() });
        }
        let scale = check_coefficients(a)?;
        let unit = match self {
            Self::ScaleFree => scale,
            Self::AsPrinted => 1.0,
        };
        let scaled: Vec<Complex64> = a.iter().map(|a| a / unit).collect();
        // π²n²c_n.
        let c = autocorrelation(&scaled);
        let bent: Vec<Complex64> = c.iter().enumerate().map(|(n, c)| c * (PI * n as f64).powi(2)).collect();
        let energy: f64 = c.iter().zip(&bent).map(|(c, bent)| c.re * bent.re + c.im * bent.im).sum();
        let c0 = c.first().map_or(1.0, |c| c.re);
        let (value, bend, shrink) = match self {
            Self::ScaleFree => (energy / (c0 * c0), 2.0 / (c0 * c0), 4.0 * energy / (c0 * c0 * c0)),
            Self::AsPrinted => (4.0 * energy, 8.0, 0.0),
        };
        for (m, target) in gradient.iter_mut().enumerate() {
            let mut sum = Complex64::ZERO;
            for (a, bent) in scaled[..m].iter().rev().zip(&bent[1..]) {
                sum += bent.conj() * a;
            }
            for (a, bent) in scaled[m..].iter().zip(&bent).skip(1) {
                sum += bent * a;
            }
            *target += (sum * bend - scaled[m] * shrink) * (gamma / unit);
        }
        Ok(value)
    }
}
