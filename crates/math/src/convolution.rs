//! Causal convolution: `y_t = Σ_{k≤t} K_k u_{t−k}`.

use crate::error::MathError;
use crate::fft::Fft;
use crate::half_turn::half_turn;
use crate::hippo::{check_finite, check_signal};
use wide::bytemuck::{cast_slice, cast_slice_mut};
use wide::f64x2;

/// The longest signal that is convolved.
pub const SIGNAL_LIMIT: usize = 1 << 20;

/// `y_t` for `t = 0, …, u.len() − 1`, by the definition. A kernel counts as 0 beyond its end.
///
/// Shape: as many as `u`. Time `n²/2`.
///
/// # Errors
/// Those of [`Convolution::causal`].
pub fn direct_convolution(kernel: &[f64], u: &[f64]) -> Result<Vec<f64>, MathError> {
    check_signal(u)?;
    check_finite("K", kernel)?;
    let at = |t: usize| u[..=t].iter().rev().zip(kernel).map(|(u, k)| k * u).sum();
    let y: Vec<f64> = (0..u.len()).map(at).collect();
    check_finite("y", &y)?;
    Ok(y)
}

/// The table for signals of up to one length, for many convolutions.
///
/// `M` real numbers times as many, without wrapping around, by three complex transforms of length `M`: multiplied by `e^{iπn/(2M)}`
/// first, what would wrap arrives in the imaginary part instead, and needs no zeros to fall into.
/// Source: R. Crandall, B. Fagin, "Discrete weighted transforms and large-integer arithmetic", 1994, the "right-angle" transform.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    fft: Fft,
    /// `e^{iπn/(2M)}`, `n = 0, …, M − 1`, real and imaginary parts.
    weights: [Vec<f64>; 2],
}

impl Convolution {
    /// For signals of up to `len` numbers.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`] above [`SIGNAL_LIMIT`].
    pub fn new(len: usize) -> Result<Self, MathError> {
        if len == 0 {
            return Err(MathError::Empty);
        }
        if len > SIGNAL_LIMIT {
            return Err(MathError::TooMany { limit: SIGNAL_LIMIT });
        }
        let n = len.next_power_of_two().max(2);
        let (re, im) = (0..n).map(|k| half_turn(0.5 * k as f64 / n as f64)).map(|z| (z.re, z.im)).unzip();
        Ok(Self { fft: Fft::new(n), weights: [re, im] })
    }

    /// `y_t` for `t = 0, …, u.len() − 1`. A kernel counts as 0 beyond its end.
    ///
    /// Shape: as many as `u`. Error some `ε·log₂n` of `‖K‖₂‖u‖₂`: relative to the largest values, not to each.
    ///
    /// # Errors
    /// [`MathError::Empty`] (`u`); [`MathError::NotFinite`] (`u`); [`MathError::EntryNotFinite`] (`K`, or `y` on overflow);
    /// [`MathError::TooMany`] if `u` is longer than the table.
    pub fn causal(&self, kernel: &[f64], u: &[f64]) -> Result<Vec<f64>, MathError> {
        check_signal(u)?;
        check_finite("K", kernel)?;
        let n = self.fft.len();
        if u.len() > n {
            return Err(MathError::TooMany { limit: n });
        }
        let kernel = &kernel[..kernel.len().min(u.len())];
        let ([mut a, mut b], [mut c, mut d]) = (self.weighted(kernel), self.weighted(u));
        self.fft.scrambled(&mut a, &mut b);
        self.fft.scrambled(&mut c, &mut d);
        let (a_pairs, b_pairs): (&mut [[f64; 2]], &mut [[f64; 2]]) = (cast_slice_mut(&mut a), cast_slice_mut(&mut b));
        let (c_pairs, d_pairs): (&[[f64; 2]], &[[f64; 2]]) = (cast_slice(&c), cast_slice(&d));
        for (((a, b), c), d) in a_pairs.iter_mut().zip(b_pairs).zip(c_pairs).zip(d_pairs) {
            let [p, q, r, s] = [*a, *b, *c, *d].map(f64x2::new);
            (*a, *b) = ((p * r - q * s).to_array(), (p * s + q * r).to_array());
        }
        self.fft.unscrambled(&mut a, &mut b);
        let y = self.unweighted(a, &b, u.len());
        check_finite("y", &y)?;
        Ok(y)
    }

    fn weighted(&self, x: &[f64]) -> [Vec<f64>; 2] {
        [0, 1].map(|part| {
            let mut out = Vec::with_capacity(self.fft.len());
            out.extend(x.iter().zip(&self.weights[part]).map(|(x, w)| x * w));
            out.resize(self.fft.len(), 0.0);
            out
        })
    }

    /// The real part of `(a + ib)·e^{−iπn/(2M)}/M`.
    fn unweighted(&self, mut a: Vec<f64>, b: &[f64], len: usize) -> Vec<f64> {
        let scale = (self.fft.len() as f64).recip();
        a.truncate(len);
        for (((a, b), re), im) in a.iter_mut().zip(b).zip(&self.weights[0]).zip(&self.weights[1]) {
            *a = (*a * re + b * im) * scale;
        }
        a
    }
}
