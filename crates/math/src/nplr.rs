//! Normal plus low rank: `LegS` as a unitarily diagonal matrix less a product of two vectors.
//!
//! `A = S − ½vvᵀ − ½I` with `S` skew, and `S = U·diag(iω)·Uᴴ` with `U` unitary: `A = U(Λ − uuᴴ)Uᴴ`, `Λ = −½ + iω`, `u = Uᴴv/√2`.
//! Source: <https://kexue.fm/archives/10162>, the "key stroke"; A. Gu et al., "S4", arXiv:2111.00396.
//!
//! The closed forms are our own. From the resolvent of `A`, `det(sI − S) = ½(∏(s + ½ + j) + ∏(s − ½ − j))`, `j < d`. On the imaginary
//! axis the two products are conjugate up to `(−1)^d`, so that `s = iω` is an eigenvalue exactly if `Σ_j arctan((j + ½)/ω)` is an odd
//! multiple of `π/2`; the vector that goes with it is `(σI − A)⁻¹v`, `σ = iω − ½`, whose entries are products of phases. No iteration
//! over matrices is needed, and every entry is good to the last digits.

use crate::error::MathError;
use crate::hippo::check_order;
use num_complex::Complex64;
use std::f64::consts::PI;

/// The parts of `LegS` in the basis in which its skew part is diagonal.
#[derive(Clone, Debug, PartialEq)]
pub struct Nplr {
    omega: Vec<f64>,
    basis: Vec<Complex64>,
}

impl Nplr {
    /// For `LegS` of dimension `d`. Time `O(d²)`.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`].
    pub fn new(d: usize) -> Result<Self, MathError> {
        check_order(d)?;
        let omega = skew_frequencies(d);
        let mut basis = vec![Complex64::ZERO; d * d];
        for (m, &omega) in omega.iter().enumerate() {
            // |(σI − A)⁻¹v|² = 2 Σ (n + ½)/(ω² + (n + ½)²).
            let squared: f64 = (0..d).map(|n| middle(n) / (omega * omega + middle(n) * middle(n))).sum();
            let norm = (2.0 * squared).sqrt();
            let mut phase = Complex64::ONE;
            for n in 0..d {
                let below = Complex64::new(middle(n), omega);
                basis[n * d + m] = (2.0 * n as f64 + 1.0).sqrt() / norm * phase / below;
                phase *= -below.conj() / below;
            }
        }
        Ok(Self { omega, basis })
    }

    /// The dimension `d`.
    pub fn order(&self) -> usize {
        self.omega.len()
    }

    /// `ω`, rising, symmetric about 0: the eigenvalues of `−iS`.
    pub fn omega(&self) -> &[f64] {
        &self.omega
    }

    /// `Λ = −½ + iω`.
    pub fn lambda(&self) -> Vec<Complex64> {
        self.omega.iter().map(|&omega| Complex64::new(-0.5, omega)).collect()
    }

    /// `U`, `d × d`, row by row; column `m` goes with `ω_m`, and the columns of `ω` and `−ω` are conjugate.
    pub fn basis(&self) -> &[Complex64] {
        &self.basis
    }

    /// `Uᴴx`.
    pub fn modal(&self, x: &[f64]) -> Vec<Complex64> {
        let d = self.order();
        let mut out = vec![Complex64::ZERO; d];
        for (row, x) in self.basis.chunks_exact(d).zip(x) {
            out.iter_mut().zip(row).for_each(|(out, u)| *out += u.conj() * x);
        }
        out
    }

    /// `u = Uᴴv/√2`, all its entries real and positive: `√(1/Σ_n (n + ½)/(ω² + (n + ½)²))`.
    pub fn low_rank(&self) -> Vec<f64> {
        let d = self.order();
        let share = |omega: f64| (0..d).map(|n| middle(n) / (omega * omega + middle(n) * middle(n))).sum::<f64>();
        self.omega.iter().map(|&omega| share(omega).sqrt().recip()).collect()
    }

    /// The largest entry of `|UᴴU − I|`: how far from unitary rounding leaves the basis. The condition of `U` is 1 up to this.
    pub fn unitarity_defect(&self) -> f64 {
        let d = self.order();
        let mut worst = 0.0_f64;
        for (a, b) in (0..d * d).map(|at| (at / d, at % d)).filter(|(a, b)| a <= b) {
            let dot: Complex64 = self.basis.chunks_exact(d).map(|row| row[a].conj() * row[b]).sum();
            worst = worst.max((dot - f64::from(u8::from(a == b))).norm());
        }
        worst
    }
}

/// The eigenvalues `ω` of `−iS`, rising.
///
/// Shape: `d`. They are symmetric about 0, and an odd `d` has a 0. Relative error some `ε·d`.
pub fn skew_frequencies(d: usize) -> Vec<f64> {
    let mut omega = vec![0.0; d];
    let mut x = 0.0_f64;
    for q in 0..d / 2 {
        // Newton's method for Σ arctan((j + ½)x) = (q + ½)π, x = 1/ω. The sum is concave, so that it rises to the root and never
        // beyond; it starts at the root before.
        for _ in 0..60 {
            let target = PI * (q as f64 + 0.5);
            let (mut angle, mut slope) = (0.0, 0.0);
            for j in 0..d {
                let scaled = middle(j) * x;
                angle += scaled.atan();
                slope += middle(j) / (1.0 + scaled * scaled);
            }
            let step = (target - angle) / slope;
            x += step;
            if step <= 4.0 * f64::EPSILON * x {
                break;
            }
        }
        omega[d - 1 - q] = x.recip();
        omega[q] = -x.recip();
    }
    omega
}

/// `j + ½`.
fn middle(j: usize) -> f64 {
    j as f64 + 0.5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hippo::{legs_input, legs_skew};

    #[test]
    fn the_vectors_are_eigenvectors_of_the_skew_part_and_the_basis_is_unitary() {
        for d in [1, 2, 3, 4, 7, 16, 33, 64, 128] {
            let nplr = Nplr::new(d).expect("legal");
            let (skew, omega, basis) = (legs_skew(d), nplr.omega(), nplr.basis());
            assert!(nplr.unitarity_defect() < 1e-13, "{d}: {:e}", nplr.unitarity_defect());
            for m in 0..d {
                for n in 0..d {
                    let image: Complex64 = (0..d).map(|k| skew[n * d + k] * basis[k * d + m]).sum();
                    let error = (image - Complex64::I * omega[m] * basis[n * d + m]).norm();
                    assert!(error < 1e-14 * (d * d) as f64, "{d} {m} {n}: {error:e}");
                }
            }
            for (u, projected) in nplr.low_rank().iter().zip(nplr.modal(&legs_input(d))) {
                assert!((projected - u * 2.0_f64.sqrt()).norm() < 1e-13 * d as f64, "{d} {projected} {u}");
            }
        }
    }
}
