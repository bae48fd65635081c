//! The Fourier basis density: `p(x) = |Σ a_k e^{−iπkx}|² / 2c_0` on `−1..=1`.

use crate::error::MathError;
use crate::fft::fft;
use crate::half_turn::half_turn;
use crate::trig_series::{TrigSeries, grid_points, grid_sums};
use num_complex::Complex64;
use std::f64::consts::LN_2;

/// Up to this many coefficients the autocorrelation is summed directly: more exact, and there also faster.
const DIRECT: usize = 256;

/// Below this density a quantile is found as the middle of a level stretch: rounding of `Φ` would move it by more than 1e-10.
const LEVEL: f64 = 1e-6;

/// What rounding makes of equal values of `Φ`.
const LEVEL_ROUNDING: f64 = 4.0 * f64::EPSILON;

/// The density `p(x) = f(x)/2c_0`, `f(x) = Σ_{n=−N}^N c_n e^{iπnx} = |A(x)|²`, `A(x) = Σ_{k=0}^N a_k e^{−iπkx}`, where
/// `c_n = Σ_k a_k ā_{k+n}`.
///
/// Not negative, because it is the square of a length. `p(−1) = p(1)`, and `p ≤ (N + 1)/2`. Every non-negative trigonometric polynomial
/// of degree `N` and mean ½ has this form (Fejér and Riesz).
/// Source: <https://kexue.fm/archives/10007>, arXiv:2402.15345. The paper's program has `c̄_n` where the post has `c_n`, which is the mirror
/// image: [`FourierDensity::mirrored`].
#[derive(Clone, Debug, PartialEq)]
pub struct FourierDensity {
    /// Scaled so that `Σ|a|² = 1`.
    a: Vec<Complex64>,
    /// `c_n/c_0`.
    series: TrigSeries,
    /// `c_0 = Σ|a|²` of the coefficients as they were given.
    c0: f64,
}

impl FourierDensity {
    /// The density of the coefficients `a_0, …, a_N`. Their common scale and phase do not matter; from 1e-300 to 1e300 none is lost.
    ///
    /// Time `O(N²)` up to some hundred, beyond `O(N log N)`.
    ///
    /// # Errors
    /// [`MathError::Empty`]; [`MathError::EntryNotFinite`] (`a`); [`MathError::EveryCoefficientZero`].
    pub fn new(a: &[Complex64]) -> Result<Self, MathError> {
        let scale = check_coefficients(a)?;
        let mut a: Vec<Complex64> = a.iter().map(|a| a / scale).collect();
        let square: f64 = a.iter().map(Complex64::norm_sqr).sum();
        let norm = square.sqrt();
        a.iter_mut().for_each(|a| *a /= norm);
        let series = TrigSeries::new(autocorrelation(&a))?;
        Ok(Self { a, series, c0: square * scale * scale })
    }

    /// The Fejér kernel at `x0`, `a_k = e^{iπk x0}`: the one density of degree `N` that reaches the ceiling `(N + 1)/2`.
    ///
    /// # Errors
    /// [`MathError::EntryNotFinite`] if `x0` is not finite.
    pub fn fejer(x0: f64, degree: usize) -> Result<Self, MathError> {
        if !x0.is_finite() {
            return Err(MathError::EntryNotFinite { field: "x0", index: 0, value: x0 });
        }
        Self::new(&(0..=degree).map(|k| half_turn(k as f64 * x0)).collect::<Vec<_>>())
    }

    /// Degree `N`.
    pub fn degree(&self) -> usize {
        self.a.len() - 1
    }

    /// `a_0, …, a_N`, scaled so that `c_0 = Σ|a|² = 1`.
    pub fn amplitudes(&self) -> &[Complex64] {
        &self.a
    }

    /// `c_n/c_0` as a series, with its integrals, moments and Toeplitz matrices.
    pub const fn series(&self) -> &TrigSeries {
        &self.series
    }

    /// `c_0 = Σ|a|²` of the coefficients as they were given; infinite if that overflows. `∫f = 2c_0`, and `c_n` is this times
    /// [`TrigSeries::coefficients`].
    pub const fn c0(&self) -> f64 {
        self.c0
    }

    /// `(N + 1)/2`, which no density of degree `N` exceeds.
    pub fn ceiling(&self) -> f64 {
        ceiling(self.degree())
    }

    /// `A(x)` for `c_0 = 1`, so `p = |A|²/2`.
    pub fn amplitude(&self, x: f64) -> Complex64 {
        let step = half_turn(x).conj();
        self.a.iter().rev().fold(Complex64::ZERO, |sum, a| sum * step + a)
    }

    /// `p(x) ≥ 0`; periodic.
    pub fn density(&self, x: f64) -> f64 {
        0.5 * self.amplitude(x).norm_sqr()
    }

    /// `ln p(x)`; `−∞` where `p` is 0.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.amplitude(x).norm_sqr().ln() - LN_2
    }

    /// `Φ(x) = ∫_{−1}^x p`, `0..=1`, for `−1 ≤ x ≤ 1`; 0 and 1 beyond.
    pub fn cdf(&self, x: f64) -> f64 {
        self.series.cdf(x.clamp(-1.0, 1.0)).clamp(0.0, 1.0)
    }

    /// `A` at the points of [`grid_points`]; by FFT, `O((N + M) log M)`.
    pub fn amplitude_grid(&self, m: usize) -> Vec<Complex64> {
        // grid_sums turns the other way.
        let conjugates: Vec<Complex64> = self.a.iter().map(Complex64::conj).collect();
        grid_sums(&conjugates, m).into_iter().map(|sum| sum.conj()).collect()
    }

    /// `p` at the points of [`grid_points`]; by FFT.
    pub fn density_grid(&self, m: usize) -> Vec<f64> {
        self.amplitude_grid(m).into_iter().map(|a| 0.5 * a.norm_sqr()).collect()
    }

    /// The mirror image `p(−x)`: `a_k → ā_k`, so also `c_n → c̄_n`. Turns the convention of the paper's program into the post's.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self { a: self.a.iter().map(Complex64::conj).collect(), series: self.series.mirrored(), c0: self.c0 }
    }

    /// The density moved to the right by `delta`, around the circle of length 2: `a_k → a_k e^{iπkδ}`.
    ///
    /// # Errors
    /// [`MathError::EntryNotFinite`] if `delta` is not finite.
    pub fn shifted(&self, delta: f64) -> Result<Self, MathError> {
        if !delta.is_finite() {
            return Err(MathError::EntryNotFinite { field: "delta", index: 0, value: delta });
        }
        let turned: Vec<Complex64> = self.a.iter().enumerate().map(|(k, a)| a * half_turn(k as f64 * delta)).collect();
        Self::new(&turned).map(|density| Self { c0: self.c0, ..density })
    }

    /// `Φ⁻¹(u)`: an `x` in `−1..=1` with `Φ(x) = u`, by Newton's method between bisections.
    ///
    /// Within 1e-14 where `p` is not small; where `p` vanishes, the middle of the stretch on which floating point cannot tell `Φ` from `u`.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`] unless `0 ≤ u ≤ 1`.
    pub fn quantile(&self, u: f64) -> Result<f64, MathError> {
        check_share(u)?;
        Ok(self.solve(u, -1.0, 1.0))
    }

    fn solve(&self, u: f64, mut low: f64, mut high: f64) -> f64 {
        if u <= 0.0 || u >= 1.0 {
            return if u <= 0.0 { -1.0 } else { 1.0 };
        }
        let mut x = 0.5 * (low + high);
        for _ in 0..200 {
            let (density, cdf) = self.series.density_and_cdf(x);
            let excess = cdf - u;
            if excess > 0.0 {
                high = x;
            } else if excess < 0.0 {
                low = x;
            } else {
                break;
            }
            let newton = x - excess / density;
            // Also if the step is not a number, or goes uphill because p was rounded below 0.
            let inside = newton > low && newton < high;
            let next = if inside { newton } else { 0.5 * (low + high) };
            let ended = (next - x).abs() <= 1e-16 || next <= low || next >= high;
            x = next;
            if ended {
                break;
            }
        }
        if self.density(x) < LEVEL { self.middle_of_level(u, x) } else { x }
    }

    /// The middle of the stretch around `x` on which `Φ` is `u` but for rounding.
    fn middle_of_level(&self, u: f64, x: f64) -> f64 {
        let end = |sign: f64| {
            let (mut inside, mut outside) = (x, sign);
            for _ in 0..60 {
                let middle = 0.5 * (inside + outside);
                if sign * (self.series.cdf(middle) - u) <= LEVEL_ROUNDING {
                    inside = middle;
                } else {
                    outside = middle;
                }
            }
            inside
        };
        0.5 * (end(-1.0) + end(1.0))
    }

    /// Prepares many quantiles: the distribution function on a grid, between whose points Newton's method begins.
    pub fn quantiles(&self) -> Quantiles<'_> {
        let m = (4 * self.a.len()).max(256);
        let mut cdf = self.series.cdf_grid(m);
        // Rounding must not make it fall.
        let mut highest = 0.0_f64;
        for value in &mut cdf {
            highest = highest.max(*value);
            *value = highest;
        }
        Quantiles { density: self, points: grid_points(m), cdf }
    }
}

/// `Φ⁻¹` for many numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantiles<'a> {
    density: &'a FourierDensity,
    points: Vec<f64>,
    cdf: Vec<f64>,
}

impl Quantiles<'_> {
    /// As [`FourierDensity::quantile`].
    ///
    /// # Errors
    /// Those of [`FourierDensity::quantile`].
    pub fn at(&self, u: f64) -> Result<f64, MathError> {
        check_share(u)?;
        // A point to either side more than needed, against the rounding of the FFT.
        let next = self.cdf.partition_point(|&value| value <= u);
        let low = self.points.get(next.saturating_sub(2)).copied().unwrap_or(-1.0);
        let high = self.points.get(next + 1).copied().unwrap_or(1.0);
        Ok(self.density.solve(u, low, high))
    }
}

/// `(N + 1)/2`, the ceiling of the densities of degree `N` (Cauchy and Schwarz). So a mean negative log-likelihood is at least `−ln` of it.
pub fn ceiling(degree: usize) -> f64 {
    0.5 * (degree as f64 + 1.0)
}

/// Checks coefficients, and tells a scale to divide them by: a power of two at their largest part, so that no square overflows.
pub(crate) fn check_coefficients(a: &[Complex64]) -> Result<f64, MathError> {
    if a.is_empty() {
        return Err(MathError::Empty);
    }
    if let Some((index, value)) = a.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        let value = if value.re.is_finite() { value.im } else { value.re };
        return Err(MathError::EntryNotFinite { field: "a", index, value });
    }
    let largest = a.iter().fold(0.0_f64, |most, a| most.max(a.re.abs()).max(a.im.abs()));
    if largest == 0.0 {
        return Err(MathError::EveryCoefficientZero);
    }
    // Only the exponent; a subnormal scale would lose digits.
    Ok(f64::from_bits(largest.to_bits() & !((1 << 52) - 1)).max(f64::MIN_POSITIVE))
}

/// `0 ≤ u ≤ 1`?
fn check_share(u: f64) -> Result<(), MathError> {
    if (0.0..=1.0).contains(&u) { Ok(()) } else { Err(MathError::ParameterOutOfRange(u)) }
}

/// `c_n = Σ_k a_k ā_{k+n}` for `n = 0, …, N`.
pub(crate) fn autocorrelation(a: &[Complex64]) -> Vec<Complex64> {
    if a.len() <= DIRECT {
        let at = |n: usize| a.iter().zip(&a[n..]).map(|(a, b)| a * b.conj()).sum();
        return (0..a.len()).map(at).collect();
    }
    let m = (2 * a.len()).next_power_of_two();
    let mut spectrum = a.to_vec();
    spectrum.resize(m, Complex64::ZERO);
    fft(&mut spectrum, false);
    for value in &mut spectrum {
        *value = (value.norm_sqr() / m as f64).into();
    }
    // Of real numbers the two directions are conjugate: forwards gives the convention of the post.
    fft(&mut spectrum, false);
    spectrum.truncate(a.len());
    spectrum
}
