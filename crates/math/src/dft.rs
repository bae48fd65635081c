//! The discrete Fourier transform of any length, complex and real.

use crate::fft::Fft;
use crate::half_turn::half_turn;
use num_complex::Complex64;

/// The table of one length, for many transforms `X_j = Σ_k x_k e^{∓2πi jk/n}`.
///
/// Powers of two go straight to the FFT; others are a convolution with a chirp, whose length is a power of two. Relative error some
/// `ε·log₂ n`. Source: L. I. Bluestein, "A linear filtering approach to the computation of discrete Fourier transform", 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct Dft {
    len: usize,
    fft: Fft,
    /// `e^{−πik²/n}`, and the scrambled spectrum of its conjugate, real and imaginary parts; nothing for powers of two.
    chirp: Vec<Complex64>,
    spectrum: [Vec<f64>; 2],
}

impl Dft {
    /// For any length, at least 1.
    pub fn new(len: usize) -> Self {
        debug_assert!(len > 0, "a length of 0");
        if len.is_power_of_two() {
            return Self { len, fft: Fft::new(len), chirp: Vec::new(), spectrum: [Vec::new(), Vec::new()] };
        }
        let n = (2 * len - 1).next_power_of_two();
        let fft = Fft::new(n);
        // k² modulo 2n before the angle is taken, which keeps all digits; a browser's `usize` would overflow.
        let angle = |k: u64| (k * k % (2 * len as u64)) as f64 / len as f64;
        let chirp: Vec<Complex64> = (0..len as u64).map(|k| half_turn(-angle(k))).collect();
        let (mut re, mut im) = (vec![0.0; n], vec![0.0; n]);
        for (k, z) in chirp.iter().enumerate() {
            for at in [k, (n - k) % n] {
                (re[at], im[at]) = (z.re, -z.im);
            }
        }
        fft.scrambled(&mut re, &mut im);
        re.iter_mut().chain(&mut im).for_each(|part| *part /= n as f64);
        Self { len, fft, chirp, spectrum: [re, im] }
    }

    /// The length.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: a length is at least 1.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Replaces `x` by its transform, the minus in the exponent for `inverse = false`. Unscaled.
    pub fn transform(&self, x: &mut [Complex64], inverse: bool) {
        debug_assert_eq!(x.len(), self.len, "the length of the table");
        if self.chirp.is_empty() {
            self.fft.transform(x, inverse);
            return;
        }
        let n = self.fft.len();
        // The inverse is the transform of the conjugate, conjugated.
        let facing = |z: Complex64| if inverse { z.conj() } else { z };
        let (mut re, mut im) = (vec![0.0; n], vec![0.0; n]);
        for (k, (x, chirp)) in x.iter().zip(&self.chirp).enumerate() {
            let z = facing(*x) * chirp;
            (re[k], im[k]) = (z.re, z.im);
        }
        self.fft.scrambled(&mut re, &mut im);
        let [spectrum_re, spectrum_im] = &self.spectrum;
        for (((a, b), c), d) in re.iter_mut().zip(&mut im).zip(spectrum_re).zip(spectrum_im) {
            (*a, *b) = (*a * c - *b * d, *a * d + *b * c);
        }
        self.fft.unscrambled(&mut re, &mut im);
        for (k, (x, chirp)) in x.iter_mut().zip(&self.chirp).enumerate() {
            *x = facing(Complex64::new(re[k], im[k]) * chirp);
        }
    }
}

/// The transform between `L` real numbers and the half `l = 0, …, ⌊L/2⌋` of their spectrum; the other half is its conjugate.
///
/// An even length is done as half as many complex numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct RealDft {
    len: usize,
    dft: Dft,
    /// `e^{2πil/L}`, `l = 0, …, L/2`, for an even length.
    roots: Vec<Complex64>,
}

impl RealDft {
    /// For any length, at least 1.
    pub fn new(len: usize) -> Self {
        if len.is_multiple_of(2) {
            let roots = (0..=len / 2).map(|l| half_turn(2.0 * l as f64 / len as f64)).collect();
            return Self { len, dft: Dft::new(len / 2), roots };
        }
        Self { len, dft: Dft::new(len), roots: Vec::new() }
    }

    /// The length `L`.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: a length is at least 1.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// `X_l = Σ_k x_k e^{−2πi kl/L}` for `l = 0, …, ⌊L/2⌋`.
    pub fn forward(&self, x: &[f64]) -> Vec<Complex64> {
        debug_assert_eq!(x.len(), self.len, "the length of the table");
        if self.roots.is_empty() {
            let mut z: Vec<Complex64> = x.iter().map(|&x| x.into()).collect();
            self.dft.transform(&mut z, false);
            z.truncate(self.len / 2 + 1);
            return z;
        }
        let half = self.len / 2;
        let mut z: Vec<Complex64> = x.chunks_exact(2).map(|pair| Complex64::new(pair[0], pair[1])).collect();
        self.dft.transform(&mut z, false);
        let at = |l: usize| {
            let (here, there) = (z[l % half], z[(half - l) % half].conj());
            0.5 * ((here + there) - Complex64::I * self.roots[l].conj() * (here - there))
        };
        (0..=half).map(at).collect()
    }

    /// The `L` real numbers of half a spectrum, scaled: the inverse of [`RealDft::forward`].
    ///
    /// Shape: `⌊L/2⌋ + 1` in. The imaginary parts at `l = 0` and, for an even length, `l = L/2` are not read.
    pub fn inverse(&self, spectrum: &[Complex64]) -> Vec<f64> {
        debug_assert_eq!(spectrum.len(), self.len / 2 + 1, "half a spectrum");
        let scale = (self.len as f64).recip();
        if self.roots.is_empty() {
            let mirrored = spectrum[1..].iter().rev().map(Complex64::conj);
            let mut z: Vec<Complex64> = spectrum.iter().copied().chain(mirrored).collect();
            z[0].im = 0.0;
            self.dft.transform(&mut z, true);
            return z.iter().map(|z| z.re * scale).collect();
        }
        let half = self.len / 2;
        let pack = |l: usize| {
            let (here, there) = (spectrum[l], spectrum[half - l].conj());
            (here + there) + Complex64::I * self.roots[l] * (here - there)
        };
        let mut z: Vec<Complex64> = (0..half).map(pack).collect();
        let (first, last) = (spectrum[0].re, spectrum[half].re);
        z[0] = Complex64::new(first + last, first - last);
        self.dft.transform(&mut z, true);
        z.iter().flat_map(|z| [z.re * scale, z.im * scale]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;

    #[test]
    fn any_length_is_the_sum_that_it_stands_for() {
        let mut rng = SplitMix64::new(15);
        for n in (1..40).chain([100, 127, 255, 360_usize]) {
            let x: Vec<Complex64> = (0..n).map(|_| Complex64::new(rng.normal(), rng.normal())).collect();
            let dft = Dft::new(n);
            for inverse in [false, true] {
                let mut fast = x.clone();
                dft.transform(&mut fast, inverse);
                let sign = if inverse { 2.0 } else { -2.0 };
                for (j, got) in fast.iter().enumerate() {
                    let exact: Complex64 =
                        x.iter().enumerate().map(|(k, x)| x * half_turn(sign * (j * k % n) as f64 / n as f64)).sum();
                    assert!((got - exact).norm() < 2e-13, "{n} {j} {got} {exact}");
                }
            }
        }
    }

    #[test]
    fn real_numbers_need_half_of_the_spectrum() {
        let mut rng = SplitMix64::new(16);
        for n in (1..40).chain([255, 256, 360, 1000_usize]) {
            let x: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
            let (real, full) = (RealDft::new(n), Dft::new(n));
            let spectrum = real.forward(&x);
            let mut z: Vec<Complex64> = x.iter().map(|&x| x.into()).collect();
            full.transform(&mut z, false);
            assert_eq!(spectrum.len(), n / 2 + 1);
            for (got, exact) in spectrum.iter().zip(&z) {
                assert!((got - exact).norm() < 1e-12, "{n} {got} {exact}");
            }
            for (got, exact) in real.inverse(&spectrum).iter().zip(&x) {
                assert!((got - exact).abs() < 1e-14, "{n} {got} {exact}");
            }
        }
    }
}
