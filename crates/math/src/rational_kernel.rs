//! The S4 kernel as a rational function: no eigenvalues, only the resolvent of `LegS` in closed form.
//!
//! `[(sI − A)⁻¹v]_n = √(2n+1)·∏_{j<n}(s − j)/∏_{j≤n}(s + 1 + j)` for `B = v`, the input vector of `LegS`. Our own derivation.

use crate::error::MathError;
use crate::generating_function::{Roots, hole, prepare};
use crate::hippo::{check_finite, check_order, legs_input};
use num_complex::Complex64;
use wide::f64x4;

/// `(sI − A)⁻¹v`.
///
/// Shape: `d`. Infinite at the poles `s = −1, −2, …, −d`.
pub fn legs_resolvent(s: Complex64, d: usize) -> Vec<Complex64> {
    let mut product = Complex64::ONE;
    let entry = |n: usize| {
        let n = n as f64;
        product /= s + 1.0 + n;
        let entry = (2.0 * n + 1.0).sqrt() * product;
        product *= s - n;
        entry
    };
    (0..d).map(entry).collect()
}

/// The tables for one dimension and one length, for many `ε` and `C`.
#[derive(Clone, Debug, PartialEq)]
pub struct RationalKernel {
    input: Vec<f64>,
    roots: Roots,
}

impl RationalKernel {
    /// For `d` dimensions and `len` numbers.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`].
    pub fn new(d: usize, len: usize) -> Result<Self, MathError> {
        check_order(d)?;
        Ok(Self { input: legs_input(d), roots: Roots::new(len)? })
    }

    /// The roots of unity.
    pub fn roots(&self) -> &Roots {
        &self.roots
    }

    /// `K̂_l` of the bilinear kernel with `B = v`, for `l = 0, …, ⌊L/2⌋`. Time `20dL` flops for all roots, half of which are done.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`], [`MathError::EntryNotFinite`] (`C`, or `K̂` on overflow); [`MathError::StepNotPositive`],
    /// [`MathError::ParameterOutOfRange`] (`eps`).
    pub fn half_spectrum(&self, c: &[f64], eps: f64) -> Result<Vec<Complex64>, MathError> {
        if c.len() != self.input.len() {
            return Err(MathError::LengthMismatch { left: c.len(), right: self.input.len() });
        }
        let truncated = prepare(&self.input, c, eps, &self.roots)?;
        let weights: Vec<f64> = truncated.iter().zip(&self.input).map(|(c, v)| c * v).collect();
        let tangents = self.roots.tangents();
        let mut values = Vec::with_capacity(tangents.len() + 1);
        for four in tangents.chunks(4) {
            let tau = [0, 1, 2, 3].map(|lane: usize| 2.0 / eps * four[lane.min(four.len() - 1)]);
            let (re, im) = nested(&weights, f64x4::new(tau));
            let (re, im) = (re.to_array(), im.to_array());
            values.extend((0..four.len()).map(|lane| Complex64::new(re[lane], im[lane])));
        }
        self.roots.finish(values, hole(&truncated, &self.input, eps))
    }

    /// The bilinear kernel.
    ///
    /// Shape: `L`. Error some 1e-13 of the largest value.
    ///
    /// # Errors
    /// Those of [`RationalKernel::half_spectrum`]; [`MathError::EntryNotFinite`] (`K`) on overflow.
    pub fn kernel(&self, c: &[f64], eps: f64) -> Result<Vec<f64>, MathError> {
        let kernel = self.roots.kernel(&self.half_spectrum(c, eps)?)?;
        check_finite("K", &kernel)?;
        Ok(kernel)
    }
}

/// `Σ_n w_n ∏_{j<n}(s − j)/∏_{j≤n}(s + 1 + j)` at four `s = iτ`, from the inside: `(w_0 + (s − 0)(w_1 + (s − 1)(…)/(s + 3))/(s + 2))/(s + 1)`.
fn nested(weights: &[f64], tau: f64x4) -> (f64x4, f64x4) {
    let tau_squared = tau * tau;
    let (mut re, mut im) = (f64x4::ZERO, f64x4::ZERO);
    for (n, &weight) in weights.iter().enumerate().rev() {
        // (w + (iτ − n)·inner)/(n + 1 + iτ); the inside of the last row is 0.
        let here = f64x4::splat(n as f64);
        let below = f64x4::splat(n as f64 + 1.0);
        let above_re = f64x4::splat(weight) - here * re - tau * im;
        let above_im = tau * re - here * im;
        let scale = f64x4::ONE / (below * below + tau_squared);
        re = (above_re * below + above_im * tau) * scale;
        im = (above_im * below - above_re * tau) * scale;
    }
    (re, im)
}
