//! The truncated generating function of a kernel at the roots of unity: `K̂_l = Σ_{k<L} K_k z_l^k`, `z_l = e^{−2πil/L}`.
//!
//! `Σ_{k<L} C·(zĀ)^kB̄ = C̃·(I − zĀ)⁻¹B̄` with `C̃ = (I − Ā^L)ᵀC`, because `z^L = 1`. Under the bilinear scheme that is
//! `2/(1+z)·C̃·(sI − A)⁻¹B` at `s = (2/ε)(1−z)/(1+z) = iτ`, `τ = (2/ε)tan(πl/L)`: on the imaginary axis, and infinite at `z = −1`, where
//! the limit `(ε/2)C̃·B` is put in. Source: <https://kexue.fm/archives/10162>, "generating functions" and the sections after it.

use crate::dft::RealDft;
use crate::discretise::Discretisation;
use crate::error::MathError;
use crate::half_turn::half_turn;
use crate::hippo::{check_finite, check_length, check_step, check_vectors};
use crate::matrix_product::{add_scaled, dot};
use num_complex::Complex64;
use wide::bytemuck::{cast_slice, cast_slice_mut};
use wide::f64x2;

/// `tan(πl/L)` at the roots `l = 0, …, ⌊L/2⌋`, and the transform back to a kernel: what stays while `ε`, `B` and `C` move.
#[derive(Clone, Debug, PartialEq)]
pub struct Roots {
    len: usize,
    /// Without the infinite one at `z = −1` of an even length.
    tangents: Vec<f64>,
    dft: RealDft,
}

/// One root, for the picture of the circle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Root {
    /// `z_l = e^{−2πil/L}`.
    pub z: Complex64,
    /// `τ = s/i`; `None` at `z = −1`, the hole.
    pub tau: Option<f64>,
}

impl Roots {
    /// For kernels of `len` numbers.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`].
    pub fn new(len: usize) -> Result<Self, MathError> {
        check_length(len)?;
        let tangent = |l: usize| {
            let z = half_turn(l as f64 / len as f64);
            z.im / z.re
        };
        Ok(Self { len, tangents: (0..len.div_ceil(2)).map(tangent).collect(), dft: RealDft::new(len) })
    }

    /// The length `L`.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: a length is at least 1.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// `tan(πl/L)` for `l < L/2`, rising from 0.
    pub fn tangents(&self) -> &[f64] {
        &self.tangents
    }

    /// All `L` roots with their places on the imaginary axis.
    ///
    /// # Errors
    /// [`MathError::StepNotPositive`], [`MathError::ParameterOutOfRange`] (`eps`).
    pub fn circle(&self, eps: f64) -> Result<Vec<Root>, MathError> {
        check_step(eps)?;
        let root = |l: usize| {
            let z = half_turn(-2.0 * l as f64 / self.len as f64);
            let tau = match (self.tangents.get(l), l.checked_sub(self.len / 2 + 1)) {
                (Some(tangent), _) => Some(2.0 / eps * tangent),
                (None, Some(_)) => Some(-2.0 / eps * self.tangents[self.len - l]),
                (None, None) => None,
            };
            Root { z, tau }
        };
        Ok((0..self.len).map(root).collect())
    }

    /// Half a spectrum from `C̃·(sI − A)⁻¹B` at the roots: with the factor `2/(1+z) = 1 + i·tan(πl/L)`, and the hole filled in.
    pub(crate) fn finish(&self, mut values: Vec<Complex64>, hole: f64) -> Result<Vec<Complex64>, MathError> {
        for (value, &tangent) in values.iter_mut().zip(&self.tangents) {
            *value *= Complex64::new(1.0, tangent);
        }
        if self.len.is_multiple_of(2) {
            values.push(hole.into());
        }
        match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
            Some((index, value)) => Err(MathError::EntryNotFinite { field: "K̂", index, value: value.norm() }),
            None => Ok(values),
        }
    }

    /// The kernel whose `K̂_l` these are, `l = 0, …, ⌊L/2⌋`; the others are their conjugates.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`].
    pub fn kernel(&self, half_spectrum: &[Complex64]) -> Result<Vec<f64>, MathError> {
        self.check(half_spectrum.len())?;
        Ok(self.dft.inverse(half_spectrum))
    }

    /// `K̂_l` of a kernel by its definition, `l = 0, …, ⌊L/2⌋`.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`].
    pub fn half_spectrum(&self, kernel: &[f64]) -> Result<Vec<Complex64>, MathError> {
        if kernel.len() != self.len {
            return Err(MathError::LengthMismatch { left: kernel.len(), right: self.len });
        }
        Ok(self.dft.forward(kernel))
    }

    /// All `L` values from half of them.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`].
    pub fn full_spectrum(&self, half_spectrum: &[Complex64]) -> Result<Vec<Complex64>, MathError> {
        self.check(half_spectrum.len())?;
        let at = |l: usize| half_spectrum.get(l).copied().unwrap_or_else(|| half_spectrum[self.len - l].conj());
        Ok((0..self.len).map(at).collect())
    }

    fn check(&self, found: usize) -> Result<(), MathError> {
        let expected = self.len / 2 + 1;
        if found == expected { Ok(()) } else { Err(MathError::LengthMismatch { left: found, right: expected }) }
    }
}

/// What both ways of evaluating need: legal numbers and `C̃`.
pub(crate) fn prepare(b: &[f64], c: &[f64], eps: f64, roots: &Roots) -> Result<Vec<f64>, MathError> {
    check_vectors(b, c)?;
    truncated_output(c, eps, roots.len())
}

/// The value at `z = −1`, `(ε/2)C̃·B`.
pub fn hole(truncated: &[f64], b: &[f64], eps: f64) -> f64 {
    0.5 * eps * dot(truncated, b)
}

/// `C̃ = (I − Ā^L)ᵀC` for `LegS` under the bilinear scheme.
///
/// Shape: as `C`. What is squared is `Ā^{2^j} − I`, small where `ε` is, so that no digits drown in the identity. Time `d³/3·log₂L`.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::TooMany`], [`MathError::EntryNotFinite`] (`C`); [`MathError::StepNotPositive`],
/// [`MathError::ParameterOutOfRange`] (`eps`).
pub fn truncated_output(c: &[f64], eps: f64, len: usize) -> Result<Vec<f64>, MathError> {
    let d = c.len();
    check_length(len)?;
    check_finite("C", c)?;
    let mut power = bilinear_change(d, eps)?;
    // (Ā^k)ᵀC − C for the binary digits of L so far.
    let mut change = vec![0.0; d];
    let mut left = len;
    loop {
        if left % 2 == 1 {
            let mut step = vec![0.0; d];
            for ((row, c), moved) in power.chunks_exact(d).zip(c).zip(&change) {
                add_scaled(&mut step, c + moved, row);
            }
            add_scaled(&mut change, 1.0, &step);
        }
        left /= 2;
        if left == 0 {
            break;
        }
        square(&mut power, d);
    }
    change.iter_mut().for_each(|change| *change = -*change);
    check_finite("C", &change)?;
    Ok(change)
}

/// `Ā − I`, the diagonal from its own formula.
fn bilinear_change(d: usize, eps: f64) -> Result<Vec<f64>, MathError> {
    let mut change = Discretisation::Bilinear.legs(d, eps)?.a;
    for (n, entry) in change.iter_mut().step_by(d + 1).enumerate() {
        let z = eps * (n as f64 + 1.0);
        *entry = -z / (1.0 + 0.5 * z);
    }
    Ok(change)
}

/// `D ← 2D + D²`, so that `I + D` is squared. Lower triangles.
fn square(matrix: &mut [f64], d: usize) {
    let mut target = vec![0.0; d];
    // From the last row upwards: a row needs those above it as they were.
    for row in (0..d).rev() {
        let (above, rest) = matrix.split_at_mut(row * d);
        let line = &mut rest[..d];
        let target = &mut target[..=row];
        for (target, entry) in target.iter_mut().zip(&*line) {
            *target = 2.0 * entry;
        }
        add_scaled(target, line[row], &line[..=row]);
        // Four rows at a time; what a row has beyond its diagonal is 0.
        let mut fours = above.chunks_exact(4 * d);
        let mut k = 0;
        for rows in &mut fours {
            let [p, q, r, s] = [0, 1, 2, 3].map(|at| &rows[at * d..at * d + k + 4]);
            add_four(&mut target[..k + 4], [line[k], line[k + 1], line[k + 2], line[k + 3]], [p, q, r, s]);
            k += 4;
        }
        for source in fours.remainder().chunks_exact(d) {
            add_scaled(target, line[k], &source[..=k]);
            k += 1;
        }
        line[..=row].copy_from_slice(target);
    }
}

/// `target += Σ factor·source`.
fn add_four(target: &mut [f64], factors: [f64; 4], sources: [&[f64]; 4]) {
    let factors = factors.map(f64x2::splat);
    // A multiple of 4 in length.
    let target: &mut [[f64; 2]] = cast_slice_mut(target);
    let len = target.len();
    let [p, q, r, s]: [&[[f64; 2]]; 4] = sources.map(|source| &cast_slice(source)[..len]);
    for (at, target) in target.iter_mut().enumerate() {
        let [p, q, r, s] = [p[at], q[at], r[at], s[at]].map(f64x2::new);
        let sum = (factors[0] * p + factors[1] * q) + (factors[2] * r + factors[3] * s);
        *target = (f64x2::new(*target) + sum).to_array();
    }
}
