//! The S4 kernel by Cauchy sums: `⟨a, b⟩_s = Σ_n ā_n b_n/(s − Λ_n)` in the basis in which `LegS` is normal plus low rank.
//!
//! By Woodbury, `C̃·(sI − A)⁻¹B = ⟨C̃, B⟩ − ⟨C̃, u⟩⟨u, B⟩/(1 + ⟨u, u⟩)`, all four at the same `s`.
//! Source: <https://kexue.fm/archives/10162>, "final sprint"; arXiv:2111.00396, algorithm 1. Here `u = Uᴴv/√2`, `Λ = −½ + iω`.

use crate::error::MathError;
use crate::generating_function::{Roots, hole, prepare};
use crate::hippo::{check_finite, check_finite_f32, legs_input};
use crate::nplr::Nplr;
use num_complex::{Complex, Complex64};
use wide::f64x2;

/// The poles `−½ ± iω` of real vectors belong together: `a/(s − Λ) + ā/(s − Λ̄) = (αq + β)/(q² + ω²)` with `q = s + ½`, `α = 2·Re a`,
/// `β = −2ω·Im a`. A sum has one such pair for each `ω > 0`, and half of one for `ω = 0`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PolePair<T, const N: usize> {
    omega: T,
    /// `α` of `⟨u, u⟩`, whose `β` is 0.
    uu: T,
    /// `α` and `γ = ½α + β` of the other sums: `⟨C̃, B⟩`, and `⟨C̃, u⟩` and `⟨u, B⟩` unless they are multiples of what is there.
    others: [[T; 2]; N],
}

impl<const N: usize> PolePair<f64, N> {
    fn splat(&self) -> PolePair<f64x2, N> {
        let others = self.others.map(|part| part.map(f64x2::splat));
        PolePair { omega: f64x2::splat(self.omega), uu: f64x2::splat(self.uu), others }
    }
}

/// The tables for one dimension and one length, for many `ε`, `B` and `C`.
#[derive(Clone, Debug, PartialEq)]
pub struct CauchyKernel {
    nplr: Nplr,
    /// `v`, the input vector of `LegS`.
    input: Vec<f64>,
    low_rank: Vec<f64>,
    roots: Roots,
}

impl CauchyKernel {
    /// For `d` dimensions and `len` numbers.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`].
    pub fn new(d: usize, len: usize) -> Result<Self, MathError> {
        let nplr = Nplr::new(d)?;
        Ok(Self { input: legs_input(d), low_rank: nplr.low_rank(), nplr, roots: Roots::new(len)? })
    }

    /// The basis.
    pub fn nplr(&self) -> &Nplr {
        &self.nplr
    }

    /// The roots of unity.
    pub fn roots(&self) -> &Roots {
        &self.roots
    }

    /// `K̂_l` of the bilinear kernel for `l = 0, …, ⌊L/2⌋`. Time `25dL` flops for all roots, half of which are done;
    /// where `B` is that of `LegS` itself, half of the sums are multiples of the others, and are not done.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`], [`MathError::EntryNotFinite`] (`B`, `C`, or `K̂` on overflow); [`MathError::StepNotPositive`],
    /// [`MathError::ParameterOutOfRange`] (`eps`).
    pub fn half_spectrum(&self, b: &[f64], c: &[f64], eps: f64) -> Result<Vec<Complex64>, MathError> {
        let truncated = self.prepare(b, c, eps)?;
        let values = if b == self.input {
            // Uᴴv = √2·u, so that ⟨C̃, u⟩ = ⟨C̃, B⟩/√2 and ⟨u, B⟩ = √2⟨u, u⟩.
            self.at_roots(&self.pole_pairs(|b, c, _| [c.conj() * b], b, &truncated), eps, |uu, [cb]| cb.over(uu.plus_one()))
        } else {
            self.at_roots(&self.pole_pairs(four_sums, b, &truncated), eps, |uu, [cb, cu, ub]| {
                cb.minus(cu.times(ub).over(uu.plus_one()))
            })
        };
        self.roots.finish(values, hole(&truncated, b, eps))
    }

    /// The bilinear kernel.
    ///
    /// Shape: `L`. Error some 1e-13 of the largest value.
    ///
    /// # Errors
    /// Those of [`CauchyKernel::half_spectrum`]; [`MathError::EntryNotFinite`] (`K`) on overflow.
    pub fn kernel(&self, b: &[f64], c: &[f64], eps: f64) -> Result<Vec<f64>, MathError> {
        let kernel = self.roots.kernel(&self.half_spectrum(b, c, eps)?)?;
        check_finite("K", &kernel)?;
        Ok(kernel)
    }

    /// The same with every sum and quotient in single precision; only `C̃` and the last transform are not. Within 1e-4 of the largest
    /// value.
    ///
    /// # Errors
    /// Those of [`CauchyKernel::kernel`].
    pub fn kernel_f32(&self, b: &[f64], c: &[f64], eps: f64) -> Result<Vec<f32>, MathError> {
        let truncated = self.prepare(b, c, eps)?;
        let pairs = self.pole_pairs(four_sums, b, &truncated);
        let value = |tangent: &f64| {
            let value = resolvent_f32(&pairs, (2.0 / eps * tangent) as f32);
            Complex64::new(value.re.into(), value.im.into())
        };
        let values = self.roots.tangents().iter().map(value).collect();
        let kernel = self.roots.kernel(&self.roots.finish(values, hole(&truncated, b, eps))?)?;
        let kernel: Vec<f32> = kernel.iter().map(|&k| k as f32).collect();
        check_finite_f32("K", &kernel)?;
        Ok(kernel)
    }

    fn prepare(&self, b: &[f64], c: &[f64], eps: f64) -> Result<Vec<f64>, MathError> {
        if c.len() != self.nplr.order() {
            return Err(MathError::LengthMismatch { left: c.len(), right: self.nplr.order() });
        }
        prepare(b, c, eps, &self.roots)
    }

    /// What is divided by `s − Λ`, given the entries of `Uᴴb`, `Uᴴc` and `u`.
    fn pole_pairs<const N: usize>(
        &self,
        numerators: impl Fn(Complex64, Complex64, f64) -> [Complex64; N],
        b: &[f64],
        c: &[f64],
    ) -> Vec<PolePair<f64, N>> {
        let (b, c) = (self.nplr.modal(b), self.nplr.modal(c));
        let poles = self.nplr.omega().iter().zip(&self.low_rank).zip(b.iter().zip(&c));
        let pair = |((&omega, &u), (&b, &c)): ((&f64, &f64), (&Complex64, &Complex64))| {
            let share = if omega > 0.0 { 2.0 } else { 1.0 };
            let parts = |z: Complex64| [share * z.re, share * (0.5 * z.re - omega * z.im)];
            PolePair { omega, uu: share * u * u, others: numerators(b, c, u).map(parts) }
        };
        poles.map(pair).filter(|pair| pair.omega >= 0.0).collect()
    }

    /// A function of the sums at each root but the hole.
    fn at_roots<const N: usize>(
        &self,
        pairs: &[PolePair<f64, N>],
        eps: f64,
        combine: impl Fn(Lanes, [Lanes; N]) -> Lanes,
    ) -> Vec<Complex64> {
        let pairs: Vec<_> = pairs.iter().map(PolePair::splat).collect();
        let tangents = self.roots.tangents();
        let mut values = Vec::with_capacity(tangents.len() + 1);
        let scale = f64x2::splat(2.0 / eps);
        for two in tangents.chunks(2) {
            let (uu, others) = cauchy_sums(&pairs, scale * f64x2::new([two[0], two[two.len() - 1]]));
            let Lanes { re, im } = combine(uu, others);
            let (re, im) = (re.to_array(), im.to_array());
            values.extend((0..two.len()).map(|lane| Complex64::new(re[lane], im[lane])));
        }
        values
    }
}

/// Numerators of `⟨C̃, B⟩`, `⟨C̃, u⟩` and `⟨u, B⟩`.
fn four_sums(b: Complex64, c: Complex64, u: f64) -> [Complex64; 3] {
    [c.conj() * b, c.conj() * u, u * b]
}

/// Two complex numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Lanes {
    re: f64x2,
    im: f64x2,
}

impl Lanes {
    fn plus_one(self) -> Self {
        Self { re: f64x2::ONE + self.re, im: self.im }
    }

    fn minus(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }

    fn times(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }

    fn over(self, other: Self) -> Self {
        let scale = f64x2::ONE / (other.re * other.re + other.im * other.im);
        let (re, im) = (self.re * other.re + self.im * other.im, self.im * other.re - self.re * other.im);
        Self { re: re * scale, im: im * scale }
    }
}

/// The sums at two `s = iτ`.
///
/// With `r + iτ = q² + ω²` a pair is `(γ + iατ)(r − iτ)/(r² + τ²)`: two running numbers a sum, so that all of them stay in registers,
/// and `τ` is multiplied into the imaginary parts at the end.
fn cauchy_sums<const N: usize>(pairs: &[PolePair<f64x2, N>], tau: f64x2) -> (Lanes, [Lanes; N]) {
    let half = f64x2::splat(0.5);
    let quarter = f64x2::splat(0.25);
    let tau_squared = tau * tau;
    let mut uu = [f64x2::ZERO; 2];
    let mut others = [uu; N];
    for pair in pairs {
        // A difference of squares would lose digits near a pole.
        let r = quarter + (pair.omega - tau) * (pair.omega + tau);
        let below = f64x2::ONE / (r * r + tau_squared);
        let (above, turned) = (r * below, tau_squared * below);
        for (sum, [alpha, gamma]) in others.iter_mut().zip(pair.others) {
            sum[0] += gamma * above + alpha * turned;
            sum[1] += alpha * above - gamma * below;
        }
        uu[0] += pair.uu * (half * above + turned);
        uu[1] += pair.uu * (above - half * below);
    }
    let finish = |[re, im]: [f64x2; 2]| Lanes { re, im: tau * im };
    (finish(uu), others.map(finish))
}

/// The same at one `s`, in single precision.
fn resolvent_f32(pairs: &[PolePair<f64, 3>], tau: f32) -> Complex<f32> {
    let mut sums = [Complex::<f32>::ZERO; 4];
    for pair in pairs {
        let omega = pair.omega as f32;
        let pole = Complex::new(0.25 + (omega - tau) * (omega + tau), tau).finv();
        let [cb, cu, ub] = pair.others;
        for (sum, [alpha, gamma]) in sums.iter_mut().zip([[pair.uu, 0.5 * pair.uu], cb, cu, ub]) {
            *sum += Complex::new(gamma as f32, alpha as f32 * tau) * pole;
        }
    }
    let [uu, cb, cu, ub] = sums;
    cb - cu * ub / (uu + 1.0)
}
