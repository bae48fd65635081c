//! A real trigonometric series of period 2 with integral 1, not necessarily positive.

use crate::error::MathError;
use crate::fft::fft;
use crate::half_turn::half_turn;
use crate::sample::Sample;
use crate::symmetric_eigenvalues::Spectrum;
use crate::toeplitz::{toeplitz, toeplitz_spectrum};
use num_complex::Complex64;
use std::f64::consts::PI;

/// The smallest count of points of a grid on which modes are looked for.
const LEAST_GRID: usize = 256;

/// `p(x) = ½ + Re Σ_{n=1}^N c_n e^{iπnx}` on `−1..=1`, with `c_0 = 1`.
///
/// With `c_n = E[e^{−iπnX}]` it is the Fourier series of the density of `X`, cut off after degree `N`: its integral is 1, but it
/// may be negative.
/// Source: <https://kexue.fm/archives/10007>.
#[derive(Clone, Debug, PartialEq)]
pub struct TrigSeries {
    c: Vec<Complex64>,
}

impl TrigSeries {
    /// The series of the coefficients `c_0, …, c_N`, divided by `c_0`, of which only the real part is used.
    ///
    /// # Errors
    /// [`MathError::Empty`]; [`MathError::EntryNotFinite`] (`c`); [`MathError::ParameterOutOfRange`] if `c_0` is not positive.
    pub fn new(mut c: Vec<Complex64>) -> Result<Self, MathError> {
        if let Some((index, value)) = c.iter().enumerate().find(|(_, value)| !value.is_finite()) {
            return Err(MathError::EntryNotFinite { field: "c", index, value: value.re + value.im });
        }
        let Some(first) = c.first_mut() else { return Err(MathError::Empty) };
        let total = first.re;
        if total <= 0.0 {
            return Err(MathError::ParameterOutOfRange(total));
        }
        first.im = 0.0;
        c.iter_mut().for_each(|c| *c /= total);
        Ok(Self { c })
    }

    /// The series of the data themselves, `c_n = Σ_j w_j e^{−iπn x_j}`: what "compute the coefficients and cut off" gives.
    ///
    /// Time `O(Nn)`.
    pub fn from_sample(sample: &Sample, degree: usize) -> Self {
        let mut c = vec![Complex64::ZERO; degree + 1];
        for (&x, &weight) in sample.x().iter().zip(sample.weights()) {
            let step = half_turn(x).conj();
            let mut power = Complex64::from(weight);
            for c in &mut c {
                *c += power;
                power *= step;
            }
        }
        c[0] = Complex64::ONE;
        Self { c }
    }

    /// The series of the moments `c_n = E[e^{−iπnX}]`, the first of which is 1.
    pub(crate) const fn of_moments(c: Vec<Complex64>) -> Self {
        Self { c }
    }

    /// The mirror image `p(−x)`: `c_n → c̄_n`.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self { c: self.c.iter().map(Complex64::conj).collect() }
    }

    /// Degree `N`.
    pub fn degree(&self) -> usize {
        self.c.len() - 1
    }

    /// `c_0 = 1, c_1, …, c_N`.
    pub fn coefficients(&self) -> &[Complex64] {
        &self.c
    }

    /// `p(x)`; periodic.
    pub fn density(&self, x: f64) -> f64 {
        self.density_and_cdf(x).0
    }

    /// `Φ(x) = ∫_{−1}^x p = (x + 1)/2 + Σ (Re c_n sin πnx + Im c_n (cos πnx − (−1)ⁿ)) / πn` for `−1 ≤ x ≤ 1`.
    ///
    /// Source: our own derivation; the formula of the post is [`TrigSeries::cdf_as_printed`].
    pub fn cdf(&self, x: f64) -> f64 {
        self.density_and_cdf(x).1
    }

    /// `p(x)` and `Φ(x)` in one pass.
    pub fn density_and_cdf(&self, x: f64) -> (f64, f64) {
        let step = half_turn(x);
        let mut power = Complex64::ONE;
        let (mut density, mut mass, mut sign) = (0.5, 0.0, 1.0);
        for (n, c) in self.c.iter().enumerate().skip(1) {
            power *= step;
            sign = -sign;
            density += c.re * power.re - c.im * power.im;
            mass += (c.re * power.im + c.im * (power.re - sign)) / n as f64;
        }
        (density, 0.5 * (x + 1.0) + mass / PI)
    }

    /// The distribution function as the post prints it, `(x² − 1)/2 + ½ Σ c_n (e^{iπnx} − (−1)ⁿ) / iπn`: complex, negative and not 1
    /// at the right end, so it cannot be right. For the lesson only.
    ///
    /// Source: <https://kexue.fm/archives/10007>.
    pub fn cdf_as_printed(&self, x: f64) -> Complex64 {
        let step = half_turn(x);
        let mut power = Complex64::ONE;
        let (mut sum, mut sign) = (Complex64::ZERO, 1.0);
        for (n, c) in self.c.iter().enumerate().skip(1) {
            power *= step;
            sign = -sign;
            sum += c * (power - sign) / Complex64::new(0.0, PI * n as f64);
        }
        0.5 * (x * x - 1.0) + 0.5 * sum
    }

    /// `p′(x)`.
    pub fn slope(&self, x: f64) -> f64 {
        let step = half_turn(x);
        let mut power = Complex64::ONE;
        let mut slope = 0.0;
        for (n, c) in self.c.iter().enumerate().skip(1) {
            power *= step;
            slope -= n as f64 * (c.re * power.im + c.im * power.re);
        }
        PI * slope
    }

    /// `E[x] = Σ 2(−1)ⁿ Im c_n / πn`.
    pub fn mean(&self) -> f64 {
        let terms = self.c.iter().enumerate().skip(1);
        terms.map(|(n, c)| alternating(n) * 2.0 * c.im / (PI * n as f64)).sum()
    }

    /// `E[x²] = 1/3 + Σ 4(−1)ⁿ Re c_n / π²n²`.
    pub fn second_moment(&self) -> f64 {
        let terms = self.c.iter().enumerate().skip(1);
        1.0 / 3.0 + terms.map(|(n, c)| alternating(n) * 4.0 * c.re / (PI * n as f64).powi(2)).sum::<f64>()
    }

    /// `E[e^{iπmx}] = c̄_m`; 0 beyond the degree.
    pub fn moment(&self, m: usize) -> Complex64 {
        self.c.get(m).map_or(Complex64::ZERO, Complex64::conj)
    }

    /// Roughness `∫|p′|² = π² Σ n²|c_n|²`.
    pub fn roughness(&self) -> f64 {
        PI * PI * self.c.iter().enumerate().map(|(n, c)| (n * n) as f64 * c.norm_sqr()).sum::<f64>()
    }

    /// `p` at the points of [`grid_points`]; by FFT, `O((N + M) log M)`.
    pub fn density_grid(&self, m: usize) -> Vec<f64> {
        grid_sums(&self.c, m).into_iter().map(|sum| sum.re - 0.5).collect()
    }

    /// `Φ` at the points of [`grid_points`]; by FFT.
    pub fn cdf_grid(&self, m: usize) -> Vec<f64> {
        let integral =
            |(n, c): (usize, &Complex64)| if n == 0 { Complex64::ZERO } else { c / Complex64::new(0.0, PI * n as f64) };
        let terms: Vec<Complex64> = self.c.iter().enumerate().map(integral).collect();
        let sums = grid_sums(&terms, m);
        // The point −1 comes first, where Φ is 0.
        let start = sums.first().map_or(0.0, |sum| sum.re);
        let points = grid_points(sums.len());
        points.into_iter().zip(sums).map(|(x, sum)| 0.5 * (x + 1.0) + (sum.re - start)).collect()
    }

    /// Where `p` has its local maxima, rising, `−1 ≤ x < 1`; at most `N` of them. A constant has none.
    ///
    /// Found on a grid of at least eight points a wave, so two maxima closer than that with a dip between them count as one;
    /// maxima whose height over the neighbouring minima is rounding are left out.
    pub fn modes(&self) -> Vec<f64> {
        let slopes: Vec<Complex64> = self.c.iter().enumerate().map(|(n, c)| c * Complex64::new(0.0, PI * n as f64)).collect();
        let m = (8 * self.c.len()).next_power_of_two().max(LEAST_GRID);
        let points = grid_points(m);
        let slopes: Vec<f64> = grid_sums(&slopes, m).into_iter().map(|sum| sum.re).collect();
        let rounding = 1e-13 * slopes.iter().fold(1.0, |most, slope| slope.abs().max(most));
        let mut modes = Vec::new();
        for (at, &x) in points.iter().enumerate() {
            if slopes[at] > rounding {
                // Down again at the next point that is not level.
                let next = (1..m).find(|ahead| slopes[(at + ahead) % m].abs() > rounding);
                if let Some(ahead) = next
                    && slopes[(at + ahead) % m] < 0.0
                {
                    modes.push(self.peak(x, x + 2.0 * ahead as f64 / m as f64));
                }
            }
        }
        for mode in &mut modes {
            if *mode >= 1.0 {
                *mode -= 2.0;
            }
        }
        crate::order::sort_ascending(&mut modes);
        modes
    }

    /// Where `p′` falls through 0 between two points.
    fn peak(&self, mut low: f64, mut high: f64) -> f64 {
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.slope(middle) > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    /// The matrix `c_{n−m}`, `size × size`, row by row; zeros beyond the degree.
    ///
    /// If `p ≥ 0` it is positive semidefinite for every size; cut-off coefficients of a density may fail from size `N + 2` on.
    /// Source: <https://kexue.fm/archives/10007> (Herglotz' theorem).
    pub fn toeplitz(&self, size: usize) -> Vec<Complex64> {
        toeplitz(&self.c, size)
    }

    /// Smallest and largest eigenvalue of [`TrigSeries::toeplitz`]: they lie between the least and the greatest value of `2p`, and
    /// tend to these as the size grows.
    pub fn toeplitz_spectrum(&self, size: usize) -> Spectrum {
        toeplitz_spectrum(&self.c, size)
    }
}

/// The points `x_j = −1 + 2j/M` of a grid, `M` at least `m` and a power of two.
pub fn grid_points(m: usize) -> Vec<f64> {
    let m = m.max(1).next_power_of_two();
    (0..m).map(|j| -1.0 + 2.0 * j as f64 / m as f64).collect()
}

/// `Σ_k z_k e^{iπk x_j}` at the points of [`grid_points`].
///
/// `e^{iπk(−1 + 2j/M)} = (−1)^k e^{2πikj/M}`, where `k` counts modulo `M`: longer series are folded, which is exact.
pub(crate) fn grid_sums(z: &[Complex64], m: usize) -> Vec<Complex64> {
    let m = m.max(1).next_power_of_two();
    let mut sums = vec![Complex64::ZERO; m];
    for (k, z) in z.iter().enumerate() {
        sums[k % m] += alternating(k) * z;
    }
    fft(&mut sums, true);
    sums
}

/// `(−1)ⁿ`.
fn alternating(n: usize) -> f64 {
    if n.is_multiple_of(2) { 1.0 } else { -1.0 }
}
