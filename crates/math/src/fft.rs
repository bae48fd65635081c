//! The fast Fourier transform of a power of two.
//!
//! Ours, not `rustfft`: grids are free to be powers of two, and the planners and butterflies for all other lengths would be most of
//! the program's weight. Other lengths are in [`crate::dft`].

use crate::half_turn::half_turn;
use num_complex::Complex64;
use wide::bytemuck::{cast_slice, cast_slice_mut};
use wide::f64x2;

/// Replaces `x` by `X_j = Σ_k x_k e^{∓2πi jk/n}`, the minus for `inverse = false`. Unscaled: forwards and back is `n` times the input.
///
/// Shape: `n` a power of two (or 0). Relative error of the whole some `ε·log₂ n`. Time `O(n log n)`; who transforms often keeps an
/// [`Fft`], whose table costs more than a transform.
/// Source: J. W. Cooley, J. W. Tukey, "An algorithm for the machine calculation of complex Fourier series", 1965.
pub fn fft(x: &mut [Complex64], inverse: bool) {
    if x.len() > 1 {
        Fft::new(x.len()).transform(x, inverse);
    }
}

/// The powers `w^j, w^{2j}, w^{3j}` of `w = e^{−2πi/n}` for two neighbouring `j`, real parts and imaginary parts.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Twiddle {
    re: [f64x2; 3],
    im: [f64x2; 3],
}

/// The table of one length, for many transforms.
///
/// Real and imaginary parts stand in slices of their own, so that two neighbours fill a pair of lanes. Radix 4, depth first, so that the
/// inner blocks stay in the nearest cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Fft {
    n: usize,
    /// A stage for each block size, the largest first; blocks of 4 and 8 have none.
    stages: Vec<Vec<Twiddle>>,
}

impl Fft {
    /// For `n` a power of two.
    pub fn new(n: usize) -> Self {
        debug_assert!(n.is_power_of_two(), "a length of {n}");
        // One table, each entry from its own angle: a recurrence would lose digits with n.
        let root: Vec<Complex64> = (0..=n / 8).map(|k| half_turn(-2.0 * k as f64 / n as f64)).collect();
        let mut stages = Vec::new();
        let mut block = n;
        while block >= 16 {
            let stride = n / block;
            let power = |j: usize, times: usize| root_of_unity(&root, n, j * times * stride);
            let pair = |j: usize| {
                let (re, im) = (
                    |times| f64x2::new([power(j, times).re, power(j + 1, times).re]),
                    |times| f64x2::new([power(j, times).im, power(j + 1, times).im]),
                );
                Twiddle { re: [re(1), re(2), re(3)], im: [im(1), im(2), im(3)] }
            };
            stages.push((0..block / 4).step_by(2).map(pair).collect());
            block /= 4;
        }
        Self { n, stages }
    }

    /// The length `n`.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Never: a length is at least 1.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// What [`fft`] does, with the table that is there.
    pub fn transform(&self, x: &mut [Complex64], inverse: bool) {
        debug_assert_eq!(x.len(), self.n, "the length of the table");
        // The inverse is the transform with the parts exchanged, before and after.
        let split = |z: &Complex64| if inverse { (z.im, z.re) } else { (z.re, z.im) };
        let (mut re, mut im): (Vec<f64>, Vec<f64>) = x.iter().map(split).unzip();
        self.scrambled(&mut re, &mut im);
        let shift = usize::BITS - self.n.trailing_zeros();
        for (at, z) in x.iter_mut().enumerate() {
            let mirrored = if self.n > 1 { at.reverse_bits() >> shift } else { 0 };
            let (a, b) = (re[mirrored], im[mirrored]);
            *z = if inverse { Complex64::new(b, a) } else { Complex64::new(a, b) };
        }
    }

    /// Forwards; `X_j` arrives at the place whose binary digits are those of `j` mirrored.
    pub fn scrambled(&self, re: &mut [f64], im: &mut [f64]) {
        debug_assert!(re.len() == self.n && im.len() == self.n, "the length of the table");
        scramble(re, im, &self.stages);
    }

    /// Back from the order of [`Fft::scrambled`], unscaled.
    pub fn unscrambled(&self, re: &mut [f64], im: &mut [f64]) {
        debug_assert!(re.len() == self.n && im.len() == self.n, "the length of the table");
        unscramble(re, im, &self.stages);
    }
}

/// `e^{−2πi k/n}` from the first eighth of a turn.
fn root_of_unity(eighth: &[Complex64], n: usize, k: usize) -> Complex64 {
    let k = k % n;
    let within = k % (n / 4);
    // The octant is mirrored: e^{−i(π/2 − φ)} = −i·conj(e^{−iφ}).
    let first = eighth.get(within).copied().unwrap_or_else(|| {
        let z = eighth[n / 4 - within];
        Complex64::new(-z.im, -z.re)
    });
    match k / (n / 4) {
        0 => first,
        1 => Complex64::new(first.im, -first.re),
        2 => -first,
        _ => Complex64::new(-first.im, first.re),
    }
}

/// Decimation in frequency.
fn scramble(re: &mut [f64], im: &mut [f64], stages: &[Vec<Twiddle>]) {
    match (stages.split_first(), re.len()) {
        (Some((twiddles, rest)), _) => {
            scramble_stage(re, im, twiddles);
            let quarter = re.len() / 4;
            for (re, im) in re.chunks_exact_mut(quarter).zip(im.chunks_exact_mut(quarter)) {
                scramble(re, im, rest);
            }
        }
        (None, 8) => scramble_eight(re, im),
        (None, 4) => scramble_four(re, im),
        (None, 2) => {
            (re[0], re[1]) = (re[0] + re[1], re[0] - re[1]);
            (im[0], im[1]) = (im[0] + im[1], im[0] - im[1]);
        }
        _ => {}
    }
}

/// Decimation in time: the mirror image of [`scramble`].
fn unscramble(re: &mut [f64], im: &mut [f64], stages: &[Vec<Twiddle>]) {
    match (stages.split_first(), re.len()) {
        (Some((twiddles, rest)), _) => {
            let quarter = re.len() / 4;
            for (re, im) in re.chunks_exact_mut(quarter).zip(im.chunks_exact_mut(quarter)) {
                unscramble(re, im, rest);
            }
            unscramble_stage(re, im, twiddles);
        }
        (None, 8) => unscramble_eight(re, im),
        (None, 4) => unscramble_four(re, im),
        (None, 2) => {
            (re[0], re[1]) = (re[0] + re[1], re[0] - re[1]);
            (im[0], im[1]) = (im[0] + im[1], im[0] - im[1]);
        }
        _ => {}
    }
}

/// The quarters of a slice, in pairs of lanes.
fn quarters(x: &mut [f64]) -> [&mut [[f64; 2]]; 4] {
    let quarter = x.len() / 8;
    let (low, high) = cast_slice_mut(x).split_at_mut(2 * quarter);
    let (a, b) = low.split_at_mut(quarter);
    let (c, d) = high.split_at_mut(quarter);
    [a, b, c, d]
}

/// `(a + ib)(c + id)`.
fn multiply(a: f64x2, b: f64x2, c: f64x2, d: f64x2) -> (f64x2, f64x2) {
    (a * c - b * d, a * d + b * c)
}

/// `(a + ib)(c − id)`.
fn multiply_conjugate(a: f64x2, b: f64x2, c: f64x2, d: f64x2) -> (f64x2, f64x2) {
    (a * c + b * d, b * c - a * d)
}

fn scramble_stage(re: &mut [f64], im: &mut [f64], twiddles: &[Twiddle]) {
    let len = twiddles.len();
    let [a_re, b_re, c_re, d_re] = quarters(re);
    let [a_im, b_im, c_im, d_im] = quarters(im);
    let (a_re, b_re, c_re, d_re) = (&mut a_re[..len], &mut b_re[..len], &mut c_re[..len], &mut d_re[..len]);
    let (a_im, b_im, c_im, d_im) = (&mut a_im[..len], &mut b_im[..len], &mut c_im[..len], &mut d_im[..len]);
    for (j, w) in twiddles.iter().enumerate() {
        let ([ar, br, cr, dr], [ai, bi, ci, di]) =
            ([a_re[j], b_re[j], c_re[j], d_re[j]].map(f64x2::new), [a_im[j], b_im[j], c_im[j], d_im[j]].map(f64x2::new));
        let (even_re, even_im, odd_re, odd_im) = (ar + cr, ai + ci, br + dr, bi + di);
        // (a − c) ∓ i(b − d).
        let (diff_re, diff_im, turn_re, turn_im) = (ar - cr, ai - ci, bi - di, dr - br);
        a_re[j] = (even_re + odd_re).to_array();
        a_im[j] = (even_im + odd_im).to_array();
        let (re, im) = multiply(even_re - odd_re, even_im - odd_im, w.re[1], w.im[1]);
        (b_re[j], b_im[j]) = (re.to_array(), im.to_array());
        let (re, im) = multiply(diff_re + turn_re, diff_im + turn_im, w.re[0], w.im[0]);
        (c_re[j], c_im[j]) = (re.to_array(), im.to_array());
        let (re, im) = multiply(diff_re - turn_re, diff_im - turn_im, w.re[2], w.im[2]);
        (d_re[j], d_im[j]) = (re.to_array(), im.to_array());
    }
}

fn unscramble_stage(re: &mut [f64], im: &mut [f64], twiddles: &[Twiddle]) {
    let len = twiddles.len();
    let [a_re, b_re, c_re, d_re] = quarters(re);
    let [a_im, b_im, c_im, d_im] = quarters(im);
    let (a_re, b_re, c_re, d_re) = (&mut a_re[..len], &mut b_re[..len], &mut c_re[..len], &mut d_re[..len]);
    let (a_im, b_im, c_im, d_im) = (&mut a_im[..len], &mut b_im[..len], &mut c_im[..len], &mut d_im[..len]);
    for (j, w) in twiddles.iter().enumerate() {
        let (ar, ai) = (f64x2::new(a_re[j]), f64x2::new(a_im[j]));
        let (br, bi) = multiply_conjugate(f64x2::new(b_re[j]), f64x2::new(b_im[j]), w.re[1], w.im[1]);
        let (cr, ci) = multiply_conjugate(f64x2::new(c_re[j]), f64x2::new(c_im[j]), w.re[0], w.im[0]);
        let (dr, di) = multiply_conjugate(f64x2::new(d_re[j]), f64x2::new(d_im[j]), w.re[2], w.im[2]);
        let (sum_re, sum_im, diff_re, diff_im) = (ar + br, ai + bi, ar - br, ai - bi);
        // c + d, and i(c − d).
        let (plus_re, plus_im, turn_re, turn_im) = (cr + dr, ci + di, di - ci, cr - dr);
        (a_re[j], a_im[j]) = ((sum_re + plus_re).to_array(), (sum_im + plus_im).to_array());
        (b_re[j], b_im[j]) = ((diff_re + turn_re).to_array(), (diff_im + turn_im).to_array());
        (c_re[j], c_im[j]) = ((sum_re - plus_re).to_array(), (sum_im - plus_im).to_array());
        (d_re[j], d_im[j]) = ((diff_re - turn_re).to_array(), (diff_im - turn_im).to_array());
    }
}

/// The two pairs of a block of four.
fn pairs(x: &mut [f64]) -> [f64x2; 2] {
    let [a, b] = [0, 1].map(|pair| f64x2::new(cast_slice::<f64, [f64; 2]>(x)[pair]));
    [a, b]
}

fn scramble_four(re: &mut [f64], im: &mut [f64]) {
    let ([ar, br], [ai, bi]) = (pairs(re), pairs(im));
    let ([sr0, sr1], [si0, si1]) = ((ar + br).to_array(), (ai + bi).to_array());
    let ([dr0, dr1], [di0, di1]) = ((ar - br).to_array(), (ai - bi).to_array());
    re[..4].copy_from_slice(&[sr0 + sr1, sr0 - sr1, dr0 + di1, dr0 - di1]);
    im[..4].copy_from_slice(&[si0 + si1, si0 - si1, di0 - dr1, di0 + dr1]);
}

fn unscramble_four(re: &mut [f64], im: &mut [f64]) {
    let (&mut [ar, br, cr, dr], &mut [ai, bi, ci, di]) = (four(re), four(im));
    let (sum_re, sum_im, diff_re, diff_im) = (ar + br, ai + bi, ar - br, ai - bi);
    let (plus_re, plus_im, turn_re, turn_im) = (cr + dr, ci + di, di - ci, cr - dr);
    *four(re) = [sum_re + plus_re, diff_re + turn_re, sum_re - plus_re, diff_re - turn_re];
    *four(im) = [sum_im + plus_im, diff_im + turn_im, sum_im - plus_im, diff_im - turn_im];
}

fn four(x: &mut [f64]) -> &mut [f64; 4] {
    &mut cast_slice_mut::<f64, [f64; 4]>(x)[0]
}

/// `√½`: the real part of `e^{iπ/4}`.
const C: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// `e^{−2πij/8}`, `j = 0, 1, 2, 3`, in pairs of lanes.
fn eighths() -> ([f64x2; 2], [f64x2; 2]) {
    ([f64x2::new([1.0, C]), f64x2::new([0.0, -C])], [f64x2::new([0.0, -C]), f64x2::new([-1.0, -C])])
}

fn scramble_eight(re: &mut [f64], im: &mut [f64]) {
    let (w_re, w_im) = eighths();
    let (low_re, high_re) = re.split_at_mut(4);
    let (low_im, high_im) = im.split_at_mut(4);
    let ((a_re, b_re), (a_im, b_im)) = ((pairs(low_re), pairs(high_re)), (pairs(low_im), pairs(high_im)));
    for pair in 0..2 {
        let at = 2 * pair..2 * pair + 2;
        low_re[at.clone()].copy_from_slice(&(a_re[pair] + b_re[pair]).to_array());
        low_im[at.clone()].copy_from_slice(&(a_im[pair] + b_im[pair]).to_array());
        let (re, im) = multiply(a_re[pair] - b_re[pair], a_im[pair] - b_im[pair], w_re[pair], w_im[pair]);
        high_re[at.clone()].copy_from_slice(&re.to_array());
        high_im[at].copy_from_slice(&im.to_array());
    }
    scramble_four(low_re, low_im);
    scramble_four(high_re, high_im);
}

fn unscramble_eight(re: &mut [f64], im: &mut [f64]) {
    let (w_re, w_im) = eighths();
    let (low_re, high_re) = re.split_at_mut(4);
    let (low_im, high_im) = im.split_at_mut(4);
    unscramble_four(low_re, low_im);
    unscramble_four(high_re, high_im);
    let ((a_re, b_re), (a_im, b_im)) = ((pairs(low_re), pairs(high_re)), (pairs(low_im), pairs(high_im)));
    for pair in 0..2 {
        let at = 2 * pair..2 * pair + 2;
        let (turned_re, turned_im) = multiply_conjugate(b_re[pair], b_im[pair], w_re[pair], w_im[pair]);
        low_re[at.clone()].copy_from_slice(&(a_re[pair] + turned_re).to_array());
        low_im[at.clone()].copy_from_slice(&(a_im[pair] + turned_im).to_array());
        high_re[at.clone()].copy_from_slice(&(a_re[pair] - turned_re).to_array());
        high_im[at].copy_from_slice(&(a_im[pair] - turned_im).to_array());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;

    #[test]
    fn it_is_the_sum_that_it_stands_for() {
        let mut rng = SplitMix64::new(5);
        for n in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512_usize] {
            let x: Vec<Complex64> = (0..n).map(|_| Complex64::new(rng.normal(), rng.normal())).collect();
            for inverse in [false, true] {
                let mut fast = x.clone();
                fft(&mut fast, inverse);
                let sign = if inverse { 2.0 } else { -2.0 };
                for (j, got) in fast.iter().enumerate() {
                    let exact: Complex64 =
                        x.iter().enumerate().map(|(k, x)| x * half_turn(sign * (j * k % n) as f64 / n as f64)).sum();
                    assert!((got - exact).norm() < 1e-13, "{n} {j}");
                }
            }
        }
    }

    #[test]
    fn there_and_back_is_n_times_the_input() {
        let n = 1 << 16;
        let mut rng = SplitMix64::new(6);
        let x: Vec<Complex64> = (0..n).map(|_| Complex64::new(rng.normal(), rng.normal())).collect();
        let mut y = x.clone();
        fft(&mut y, false);
        fft(&mut y, true);
        let worst = x.iter().zip(&y).map(|(x, y)| (x - y / f64::from(n)).norm()).fold(0.0, f64::max);
        assert!(worst < 1e-14, "{worst:e}");
    }

    #[test]
    fn the_scrambled_order_goes_back_without_being_sorted() {
        let mut rng = SplitMix64::new(7);
        for bits in 0..15 {
            let n = 1 << bits;
            let fft = Fft::new(n);
            let (re, im): (Vec<f64>, Vec<f64>) = (0..n).map(|_| rng.normal_pair()).unzip();
            let (mut a, mut b) = (re.clone(), im.clone());
            fft.scrambled(&mut a, &mut b);
            fft.unscrambled(&mut a, &mut b);
            for (got, exact) in a.iter().chain(&b).zip(re.iter().chain(&im)) {
                assert!((got / n as f64 - exact).abs() < 1e-14, "{n}");
            }
        }
    }

    #[test]
    fn roots_of_unity_come_from_an_eighth_of_the_turn() {
        for n in [8, 16, 64_usize] {
            let eighth: Vec<Complex64> = (0..=n / 8).map(|k| half_turn(-2.0 * k as f64 / n as f64)).collect();
            for k in 0..2 * n {
                let exact = half_turn(-2.0 * (k % n) as f64 / n as f64);
                assert!((root_of_unity(&eighth, n, k) - exact).norm() < 2e-16, "{n} {k}");
            }
        }
    }
}
