//! The 2-norm of a matrix, and how its powers grow.

use crate::error::MathError;
use crate::hippo::{check_finite, check_order, legs_input, legs_matrix};
use crate::matrix_product::{dot, product, times};
use crate::symmetric_eigenvalues::extreme_eigenvalues;

/// `‖A‖₂`, the largest singular value; `+∞` if an entry is not finite.
///
/// Shape: `n × n`, row by row. Relative error some `ε·n`. Time `n³ + 4n³/3`.
pub fn spectral_norm(a: &[f64], n: usize) -> f64 {
    debug_assert_eq!(a.len(), n * n, "a square");
    // `max` passes over NaN.
    if a.iter().any(|entry| !entry.is_finite()) {
        return f64::INFINITY;
    }
    let scale = a.iter().fold(0.0_f64, |scale, entry| scale.max(entry.abs()));
    if scale == 0.0 {
        return 0.0;
    }
    let scaled: Vec<f64> = a.iter().map(|entry| entry / scale).collect();
    let mut gram = vec![0.0; n * n];
    for (i, row) in scaled.chunks_exact(n).enumerate() {
        for (k, other) in scaled.chunks_exact(n).take(i + 1).enumerate() {
            gram[i * n + k] = dot(row, other);
        }
    }
    scale * extreme_eigenvalues(&gram, n).max.max(0.0).sqrt()
}

/// The spectral limit of forward Euler for `LegS`: up to `ε = 2/d` no eigenvalue of `I + εA` is beyond the unit circle.
pub fn euler_spectral_limit(d: usize) -> f64 {
    2.0 / d as f64
}

/// The norm limit of forward Euler for `LegS`: the largest `ε` with `‖I + εA‖₂ ≤ 1`.
///
/// `−(A + Aᵀ) = I + vvᵀ`, so that `‖x + εAx‖² ≤ ‖x‖²` for all `x` exactly if `ε ≤ xᵀ(I + vvᵀ)x/‖Ax‖²`, whose least value is one over the
/// largest eigenvalue of `A(I + vvᵀ)⁻¹Aᵀ`; `‖v‖² = d²`. Our own derivation. Time `n³ + 4n³/3`.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::TooMany`].
pub fn euler_norm_limit(d: usize) -> Result<f64, MathError> {
    check_order(d)?;
    let a = legs_matrix(d);
    let image = times(&a, &legs_input(d));
    let share = 1.0 / (1.0 + (d * d) as f64);
    let mut form = vec![0.0; d * d];
    for (at, entry) in form.iter_mut().enumerate() {
        let (i, k) = (at / d, at % d);
        if k <= i {
            *entry = dot(&a[i * d..(i + 1) * d], &a[k * d..(k + 1) * d]) - share * image[i] * image[k];
        }
    }
    Ok(1.0 / extreme_eigenvalues(&form, d).max)
}

/// `‖Ā^k‖₂` for `k = 0, 1, 2, …`, a power at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerNorms {
    a: Vec<f64>,
    d: usize,
    power: Vec<f64>,
    norms: Vec<f64>,
    diverged: Option<usize>,
}

impl PowerNorms {
    /// Of a matrix `d × d`, row by row; `‖Ā⁰‖ = 1` is there already.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`] (`d`); [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`] (`A`).
    pub fn new(a: &[f64], d: usize) -> Result<Self, MathError> {
        check_order(d)?;
        if a.len() != d * d {
            return Err(MathError::ShapeMismatch { field: "A", expected: d * d, found: a.len() });
        }
        check_finite("A", a)?;
        let power = (0..d * d).map(|at| f64::from(u8::from(at % (d + 1) == 0))).collect();
        Ok(Self { a: a.to_vec(), d, power, norms: vec![1.0], diverged: None })
    }

    /// Goes on by so many powers, or until one overflows. Time of each: at most `13n³/3`.
    pub fn advance(&mut self, powers: usize) {
        for _ in 0..powers {
            if self.diverged.is_some() {
                return;
            }
            self.power = product(&self.a, &self.power, self.d);
            let norm = spectral_norm(&self.power, self.d);
            if norm.is_finite() {
                self.norms.push(norm);
            } else {
                self.diverged = Some(self.norms.len());
            }
        }
    }

    /// The norms so far, that of `Ā^k` at `k`.
    pub fn norms(&self) -> &[f64] {
        &self.norms
    }

    /// The largest so far and its `k`, the first if there are several.
    pub fn peak(&self) -> (usize, f64) {
        let start = (0, f64::NEG_INFINITY);
        self.norms.iter().enumerate().fold(start, |best, (k, &norm)| if norm > best.1 { (k, norm) } else { best })
    }

    /// The first `k` whose power overflows, if it has come to it.
    pub fn diverged(&self) -> Option<usize> {
        self.diverged
    }
}

/// `‖Ā^k‖₂` at some `k`: each up to 8, then four an octave. The powers are all taken one after another, as a recurrence would, so that
/// their rounding errors are its own; norms, which cost several products each, are not.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerGrowth {
    a: Vec<f64>,
    d: usize,
    power: Vec<f64>,
    k: usize,
    /// The next `k` with a norm.
    next: usize,
    last: usize,
    norms: Vec<(usize, f64)>,
    diverged: Option<usize>,
}

impl PowerGrowth {
    /// Of a matrix `d × d`, row by row, up to `Ā^last`; `‖Ā⁰‖ = 1` is there already.
    ///
    /// # Errors
    /// Those of [`PowerNorms::new`].
    pub fn new(a: &[f64], d: usize, last: usize) -> Result<Self, MathError> {
        let PowerNorms { a, power, .. } = PowerNorms::new(a, d)?;
        Ok(Self { a, d, power, k: 0, next: 1, last, norms: vec![(0, 1.0)], diverged: None })
    }

    /// One power further. Time `2n³`, half of it for a triangular `Ā`; where a norm is due `13n³/3` more.
    pub fn step(&mut self) {
        if self.is_done() {
            return;
        }
        self.power = product(&self.a, &self.power, self.d);
        self.k += 1;
        if self.k == self.next || self.k == self.last {
            let norm = spectral_norm(&self.power, self.d);
            if norm.is_finite() {
                self.norms.push((self.k, norm));
            } else {
                self.diverged = Some(self.k);
            }
            self.next += (1_usize << self.next.ilog2()).div_ceil(4).max(1);
        }
    }

    /// `(k, ‖Ā^k‖₂)` so far, rising in `k`.
    pub fn norms(&self) -> &[(usize, f64)] {
        &self.norms
    }

    /// The largest so far and its `k`, the first if there are several.
    pub fn peak(&self) -> (usize, f64) {
        self.norms.iter().fold((0, f64::NEG_INFINITY), |best, &(k, norm)| if norm > best.1 { (k, norm) } else { best })
    }

    /// The first `k` looked at whose power had overflown.
    pub fn diverged(&self) -> Option<usize> {
        self.diverged
    }

    /// Is there nothing left to do?
    pub fn is_done(&self) -> bool {
        self.k >= self.last || self.diverged.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discretise::Discretisation;

    #[test]
    fn growth_is_the_powers_norms_at_fewer_places() {
        let system = Discretisation::ForwardEuler.legs(8, 1.9 / 8.0).expect("legal");
        let (mut all, mut some) =
            (PowerNorms::new(&system.a, 8).expect("legal"), PowerGrowth::new(&system.a, 8, 100).expect("legal"));
        all.advance(100);
        while !some.is_done() {
            some.step();
        }
        assert!(some.norms().iter().all(|&(k, norm)| norm == all.norms()[k]), "the very same numbers");
        let places: Vec<usize> = some.norms().iter().map(|norm| norm.0).collect();
        assert_eq!(places, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 100]);
        assert!(some.peak().1 > 0.9 * all.peak().1 && some.diverged().is_none());
        let wild = Discretisation::ForwardEuler.legs(8, 1e6).expect("legal");
        let mut wild = PowerGrowth::new(&wild.a, 8, 1000).expect("legal");
        while !wild.is_done() {
            wild.step();
        }
        assert!(wild.diverged().is_some_and(|k| k < 100));
    }
}
