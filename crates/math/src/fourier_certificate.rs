//! How far a Fourier basis density can be from the best of its degree.

use crate::error::MathError;
use crate::fourier_density::FourierDensity;
use crate::fourier_likelihood::Likelihood;
use crate::toeplitz::toeplitz_spectrum;
use num_complex::Complex64;
use std::f64::consts::PI;

/// A bound on `L(a) + γR(a) − min`, whatever the coefficients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Certificate {
    /// The largest eigenvalue of `M = R − γT`.
    pub lambda_max: f64,
    /// `aᴴMa` for `c_0 = 1`: what `lambda_max` falls to at the optimum; 1 without a penalty.
    pub at_fit: f64,
    /// The bound, at least 0, in nats: `ln λ_max` without a penalty, else `λ_max − aᴴMa`.
    pub gap: f64,
}

/// The certificate of coefficients under the penalty [`Regulariser::ScaleFree`](crate::fourier_regulariser::Regulariser::ScaleFree) with
/// the factor `gamma ≥ 0`.
///
/// `R = Σ_j w_j φφᴴ c_0/|A(x_j)|²` with `φ_k = e^{iπk x_j}`, and `T_{k,k+n} = π²n²c_n/c_0`, both Hermitian Toeplitz matrices. The problem is
/// convex in the matrix `ρ` of trace 1 in `p = φᴴρφ/2`, of which `aaᴴ` is one; the gap is that of Frank and Wolfe, and by Jensen's inequality
/// the logarithm serves without penalty. Infinite if `A(x_j) = 0` at a datum. Time `10nN + 4N³/3`.
/// Source: ours.
///
/// # Errors
/// Those of [`Likelihood::evaluate`]; [`MathError::ParameterOutOfRange`] (`gamma`).
pub fn certificate(likelihood: &mut Likelihood, a: &[Complex64], gamma: f64) -> Result<Certificate, MathError> {
    if !(gamma >= 0.0 && gamma.is_finite()) {
        return Err(MathError::ParameterOutOfRange(gamma));
    }
    let mut moments = likelihood.tilted_moments(a)?;
    if moments.iter().any(|moment| !moment.is_finite()) {
        return Ok(Certificate { lambda_max: f64::INFINITY, at_fit: 1.0, gap: f64::INFINITY });
    }
    let mut at_fit = 1.0;
    if gamma > 0.0 {
        let density = FourierDensity::new(a)?;
        let series = density.series();
        at_fit -= 2.0 * gamma * series.roughness();
        for (n, (moment, c)) in moments.iter_mut().zip(series.coefficients()).enumerate() {
            // Below the diagonal stands T_{k+n,k}, the conjugate.
            *moment -= c.conj() * (gamma * (PI * n as f64).powi(2));
        }
    }
    let lambda_max = toeplitz_spectrum(&moments, a.len()).max;
    let gap = if gamma > 0.0 { lambda_max - at_fit } else { lambda_max.ln() };
    Ok(Certificate { lambda_max, at_fit, gap: gap.max(0.0) })
}
