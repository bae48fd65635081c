//! `LegS` online: the Legendre coefficients of everything so far, kept up to date in `O(d)` a step.
//!
//! Source: <https://kexue.fm/archives/10137>; the history is stretched to `−1..=1`, the oldest at −1, and each number held for a step.

use crate::error::MathError;
use crate::gauss_legendre::gauss_legendre;
use crate::hippo::{check_finite, check_order, check_signal, legs_input};
use crate::legendre::{legendre_integrals, legendre_series};
use wide::f64x4;

/// Steps that run at once, and the rows between one and the next: as in [`crate::legs_recurrence`].
const STEPS: usize = 4;
const LAG: usize = 2;

/// A residual is taken from the difference of two sums while it is above this share of the mean square; below, digits would be missing.
const SAFE_SHARE: f64 = 1e-4;

/// The state of `LegS` under the bilinear scheme, which depends on no step size.
///
/// `x_1 = u_0 e_0`, which is exact, and `x_{k+1} = (I − A/(2(k+1)))⁻¹[(I + A/(2k))x_k + Bu_k/k]`.
#[derive(Clone, Debug, PartialEq)]
pub struct LegsOnline {
    d: usize,
    read: u64,
    /// `x_n/√(2n+1)`, and zeros behind.
    xi: Vec<f64>,
}

impl LegsOnline {
    /// Before anything was read.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`].
    pub fn new(d: usize) -> Result<Self, MathError> {
        check_order(d)?;
        Ok(Self { d, read: 0, xi: vec![0.0; d + LAG * (STEPS - 1)] })
    }

    /// How many numbers were read.
    pub fn count(&self) -> u64 {
        self.read
    }

    /// The coefficients `x`, those of [`legendre_series`].
    pub fn state(&self) -> Vec<f64> {
        self.xi[..self.d].iter().zip(legs_input(self.d)).map(|(xi, v)| xi * v).collect()
    }

    /// Reads a number.
    ///
    /// # Errors
    /// [`MathError::NotFinite`], whose index is the count of numbers before it; it is not read. [`MathError::EntryNotFinite`] (`x`) once the
    /// state has overflown.
    pub fn push(&mut self, u: f64) -> Result<(), MathError> {
        if !u.is_finite() {
            return Err(MathError::NotFinite { index: self.read as usize, value: u });
        }
        self.step(u);
        check_finite("x", &self.xi)
    }

    /// Reads a signal.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::NotFinite`]; nothing is read then. [`MathError::EntryNotFinite`] (`x`) once the state has
    /// overflown.
    pub fn extend(&mut self, u: &[f64]) -> Result<(), MathError> {
        check_signal(u)?;
        let mut rest = u;
        if self.read == 0 {
            self.step(u[0]);
            rest = &u[1..];
        }
        let mut fours = rest.chunks_exact(STEPS);
        for four in &mut fours {
            self.four_steps([four[0], four[1], four[2], four[3]]);
        }
        for &u in fours.remainder() {
            self.step(u);
        }
        check_finite("x", &self.xi)
    }

    /// One step, `k` numbers before it: with `κ = 2(k+1)`, `r = (k+1)/k` and `λ = 1/κ`,
    /// `x_{k+1} = (I − λA)⁻¹[(1 + r)x_k + Bu_k/k] − rx_k`.
    fn step(&mut self, u: f64) {
        self.read += 1;
        if self.read == 1 {
            self.xi[0] = u;
            return;
        }
        let Weights { kappa, ratio, keep, input } = Weights::new((self.read - 1) as f64, u);
        let mut sum = 0.0;
        for (n, xi) in self.xi[..self.d].iter_mut().enumerate() {
            let n = n as f64;
            let right = keep * *xi + input;
            let pivot = 1.0 / (kappa + n + 1.0);
            *xi = (right - sum) * pivot - ratio * *xi;
            sum = ((kappa - n) * sum + (2.0 * n + 1.0) * right) * pivot;
        }
    }

    fn four_steps(&mut self, u: [f64; STEPS]) {
        let weights = [0, 1, 2, 3].map(|step| Weights::new((self.read + step) as f64, u[step as usize]));
        let lanes = |part: fn(&Weights) -> f64| f64x4::new([0, 1, 2, 3].map(|step: usize| part(&weights[step])));
        let (kappa, ratio) = (lanes(|w| w.kappa), lanes(|w| w.ratio));
        let (keep, input) = (lanes(|w| w.keep), lanes(|w| w.input));
        // The row of each step, LAG behind the one before; rows before the first are masked, and those behind the last are not kept.
        let mut n = f64x4::new([0.0, -2.0, -4.0, -6.0]);
        let mut sum = f64x4::ZERO;
        let (mut newer, mut older) = ([0.0; STEPS], [0.0; STEPS]);
        for m in 0..self.xi.len() {
            let xi = f64x4::new([self.xi[m], older[0], older[1], older[2]]);
            let right = (keep * xi + input) & n.simd_ge(f64x4::ZERO);
            let pivot = f64x4::ONE / (kappa + n + f64x4::ONE);
            let next = (right - sum) * pivot - ratio * xi;
            sum = ((kappa - n) * sum + (n + n + f64x4::ONE) * right) * pivot;
            n += f64x4::ONE;
            older = newer;
            newer = next.to_array();
            if let Some(done) = m.checked_sub(LAG * (STEPS - 1)) {
                self.xi[done] = newer[STEPS - 1];
            }
        }
        self.xi[self.d..].fill(0.0);
        self.read += STEPS as u64;
    }
}

/// What a step is made of; the solution is multiplied through by `κ`.
struct Weights {
    kappa: f64,
    ratio: f64,
    /// `κ(1 + r)`.
    keep: f64,
    /// `κu/k`.
    input: f64,
}

impl Weights {
    fn new(k: f64, u: f64) -> Self {
        let kappa = 2.0 * (k + 1.0);
        let ratio = (k + 1.0) / k;
        Self { kappa, ratio, keep: kappa * (1.0 + ratio), input: kappa * u / k }
    }
}

/// The truth that [`LegsOnline`] approximates: `x_n = ½√(2n+1) ∫ u(s) P_n(s) ds` of the piecewise constant history.
///
/// Shape: `d`. Time `6d·u.len()`.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::TooMany`] (`d`); [`MathError::Empty`], [`MathError::NotFinite`] (`u`).
pub fn legs_projection(u: &[f64], d: usize) -> Result<Vec<f64>, MathError> {
    check_order(d)?;
    check_signal(u)?;
    let count = u.len();
    let mut x = vec![0.0; d];
    let (mut before, mut now) = (vec![0.0; d], vec![0.0; d]);
    for (j, u) in u.iter().enumerate() {
        legendre_integrals(edge(j + 1, count), &mut now);
        for ((x, now), before) in x.iter_mut().zip(&now).zip(&before) {
            *x += u * (now - before);
        }
        std::mem::swap(&mut before, &mut now);
    }
    x.iter_mut().zip(legs_input(d)).for_each(|(x, v)| *x *= 0.5 * v);
    check_finite("x", &x)?;
    Ok(x)
}

/// The root of the mean square of `u(s) − Σ x_n √(2n+1) P_n(s)` over the history: what is forgotten.
///
/// Time `2(x.len() + u.len())` for the projection unless hardly anything is forgotten; otherwise, and for any other `x` with
/// `projected = false`, a rule of Gauss on each step, `2·x.len()²·u.len()`.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::NotFinite`] (`u`); [`MathError::EntryNotFinite`] on overflow.
pub fn history_residual(u: &[f64], x: &[f64], projected: bool) -> Result<f64, MathError> {
    check_signal(u)?;
    let count = u.len();
    if projected {
        // The polynomials are orthonormal: Pythagoras.
        let square = u.iter().map(|u| u * u).sum::<f64>() / count as f64;
        let left = square - x.iter().map(|x| x * x).sum::<f64>();
        if left > SAFE_SHARE * square && left.is_finite() {
            return Ok(left.sqrt());
        }
    }
    let (nodes, weights) = gauss_legendre(x.len() + 1);
    let step = |(j, u): (usize, &f64)| {
        let (left, right) = (edge(j, count), edge(j + 1, count));
        let at = |node: f64| 0.5 * ((right - left) * node + (left + right));
        let square = |(node, weight): (&f64, &f64)| 0.5 * weight * (u - legendre_series(x, at(*node))).powi(2);
        nodes.iter().zip(&weights).map(square).sum::<f64>()
    };
    let residual = (u.iter().enumerate().map(step).sum::<f64>() / count as f64).sqrt();
    check_finite("residual", &[residual])?;
    Ok(residual)
}

/// Where the `j`-th of `count` steps begins: exactly −1 at 0, exactly 1 at the end.
fn edge(j: usize, count: usize) -> f64 {
    2.0 * j as f64 / count as f64 - 1.0
}
