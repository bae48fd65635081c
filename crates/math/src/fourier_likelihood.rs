//! The mean negative log-likelihood of the Fourier basis density, and its gradient.
//!
//! The lanes are explicit for the reason told in [`crate::exp`].

use crate::error::MathError;
use crate::exp::{LANES, SAFE_PRODUCT as SAFE, ln_x2, load, reduce};
use crate::fourier_density::check_coefficients;
use crate::half_turn::half_turn;
use crate::sample::Sample;
use num_complex::Complex64;
use std::sync::Arc;
use wide::f64x2;

/// Eight lanes.
type Lanes = [f64x2; 4];

/// Eight data: `cos πx` and `sin πx`, where the recurrence begins, and weights.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    cos: [f64; LANES],
    sin: [f64; LANES],
    first_cos: [f64; LANES],
    first_sin: [f64; LANES],
    weights: [f64; LANES],
}

/// `L(a) = −Σ_j w_j ln p(x_j) = −Σ_j w_j ln |A(x_j)|² + ln 2c_0` of a sample, for densities of one degree.
///
/// The coefficients `k` and `N − k` are taken together, around the middle frequency: with `μ = N/2 − k`, both need only `cos πμx` and
/// `sin πμx`, which turn on by a recurrence for eight data at once (its error grows like `ε·N/2`) and are kept for the gradient.
/// That is 11 operations for each datum and coefficient, where a recurrence for `e^{iπkx}` takes 16.
/// Source: <https://kexue.fm/archives/10007>; gradient and arrangement are our own.
#[derive(Clone, Debug, PartialEq)]
pub struct Likelihood {
    sample: Arc<Sample>,
    degree: usize,
    blocks: Vec<Block>,
    /// `P` and `Q` of each pair, in all lanes: `P cos πμx + Q sin πμx` are its two terms of `A`.
    pairs: Vec<Lanes>,
    /// `cos πμx` and `sin πμx` of each pair for one block.
    waves: Vec<[Lanes; 2]>,
    /// `Σ s cos` and `Σ s sin` of each pair, real and imaginary parts.
    sums: Vec<Lanes>,
}

impl Likelihood {
    /// Prepares the cosines and sines of the data; those beyond `−1..=1` count modulo 2.
    pub fn new(sample: Arc<Sample>, degree: usize) -> Self {
        let odd = !degree.is_multiple_of(2);
        let blocks = sample.blocks().map(|(x, &weights)| {
            let steps = x.map(half_turn);
            // The frequencies are 0, 1, 2, … or ½, 3/2, ….
            let firsts = if odd { x.map(|x| half_turn(0.5 * x)) } else { [Complex64::ONE; LANES] };
            Block {
                cos: steps.map(|z| z.re),
                sin: steps.map(|z| z.im),
                first_cos: firsts.map(|z| z.re),
                first_sin: firsts.map(|z| z.im),
                weights,
            }
        });
        let blocks = blocks.collect();
        let count = degree / 2 + 1;
        let (zeros, none) = ([f64x2::ZERO; 4], [[f64x2::ZERO; 4]; 2]);
        Self { sample, degree, blocks, pairs: vec![zeros; count], waves: vec![none; count], sums: vec![zeros; count] }
    }

    /// The data.
    pub const fn sample(&self) -> &Arc<Sample> {
        &self.sample
    }

    /// The degree `N` of the densities.
    pub const fn degree(&self) -> usize {
        self.degree
    }

    /// `L(a)`, and into `gradient` its derivatives `∂/∂Re a_k + i ∂/∂Im a_k = 2a_k/c_0 − 2Σ_j w_j e^{iπk x_j} / conj A(x_j)`.
    ///
    /// Shape: `a` and `gradient` of length `N + 1`. `+∞` if `A(x_j) = 0` at a datum; the gradient then leaves that datum out. The gradient
    /// stands upright on `a` and on `ia`: `Σ ā_k g_k = 0`. Time `11n(N + 1)`.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`]; those of [`FourierDensity::new`](crate::fourier_density::FourierDensity::new).
    pub fn evaluate(&mut self, a: &[Complex64], gradient: &mut [Complex64]) -> Result<f64, MathError> {
        for length in [a.len(), gradient.len()] {
            if length != self.degree + 1 {
                return Err(MathError::LengthMismatch { left: length, right: self.degree + 1 });
            }
        }
        let scale = check_coefficients(a)?;
        self.pair_up(a, scale);
        self.sums.fill([f64x2::ZERO; 4]);
        let mut log = 0.0;
        for block in &self.blocks {
            let values = amplitudes(block, &self.pairs, &mut self.waves);
            let (weighted, part) = weigh(block, values, self.sample.equal());
            log += part;
            gather(&self.waves, weighted, &mut self.sums);
        }
        if self.sample.equal() {
            log /= self.sample.len() as f64;
        }
        let c0: f64 = a.iter().map(|a| (a / scale).norm_sqr()).sum();
        for (mu, sums) in self.sums.iter().enumerate() {
            let [c_re, c_im, s_re, s_im] = sums.map(f64x2::reduce_add);
            let (below, above) = self.partners(mu);
            for (k, sign) in [(below, -1.0), (above, 1.0)] {
                let sum = Complex64::new(c_re - sign * s_im, c_im + sign * s_re);
                gradient[k] = (a[k] / (scale * c0) - sum) * (2.0 / scale);
            }
        }
        Ok((2.0 * c0).ln() - log)
    }

    /// `r_n = Σ_j w_j e^{iπn x_j} c_0/|A(x_j)|²` for `n = 0, …, N`: the entries of the matrix `R` of
    /// [the certificate](crate::fourier_certificate). Infinite or `NaN` if `A(x_j) = 0` at a datum.
    ///
    /// # Errors
    /// Those of [`Likelihood::evaluate`].
    pub fn tilted_moments(&mut self, a: &[Complex64]) -> Result<Vec<Complex64>, MathError> {
        if a.len() != self.degree + 1 {
            return Err(MathError::LengthMismatch { left: a.len(), right: self.degree + 1 });
        }
        let scale = check_coefficients(a)?;
        self.pair_up(a, scale);
        let c0: f64 = a.iter().map(|a| (a / scale).norm_sqr()).sum();
        let mut sums = vec![[f64x2::ZERO; 2]; self.degree + 1];
        for block in &self.blocks {
            let [re, im] = amplitudes(block, &self.pairs, &mut self.waves);
            let (cos, sin, weights) = (load(&block.cos), load(&block.sin), load(&block.weights));
            for half in [0, 2] {
                let both = [half, half + 1];
                let (dc, ds) = (both.map(|v| cos[v]), both.map(|v| sin[v]));
                // The weight rides along on the recurrence.
                let mut c = both.map(|v| weights[v] * f64x2::splat(c0) / (re[v] * re[v] + im[v] * im[v]));
                let mut s = [f64x2::ZERO; 2];
                for sum in &mut sums {
                    sum[0] += c[0] + c[1];
                    sum[1] += s[0] + s[1];
                    (c, s) = turn(c, s, dc, ds);
                }
            }
        }
        Ok(sums.into_iter().map(|[re, im]| Complex64::new(re.reduce_add(), im.reduce_add())).collect())
    }

    /// The indices `k` of the coefficients with frequencies `−μ` and `μ` around the middle; the same one twice in the middle itself.
    fn partners(&self, mu: usize) -> (usize, usize) {
        let above = self.degree.div_ceil(2) + mu;
        (self.degree - above, above)
    }

    /// `a₊e^{−iπμx} + a₋e^{iπμx} = (a₊ + a₋) cos πμx + i(a₋ − a₊) sin πμx`.
    fn pair_up(&mut self, a: &[Complex64], scale: f64) {
        for mu in 0..self.pairs.len() {
            let (below, above) = self.partners(mu);
            let (low, high) = (a[below] / scale, a[above] / scale);
            let (p, q) = if below == above { (low, Complex64::ZERO) } else { (low + high, Complex64::I * (low - high)) };
            self.pairs[mu] = [p.re, p.im, q.re, q.im].map(f64x2::splat);
        }
    }
}

/// The rotation by one step.
#[inline(always)]
#[expect(clippy::inline_always, reason = "six instructions")]
fn turn(c: [f64x2; 2], s: [f64x2; 2], dc: [f64x2; 2], ds: [f64x2; 2]) -> ([f64x2; 2], [f64x2; 2]) {
    let next_c = [c[0] * dc[0] - s[0] * ds[0], c[1] * dc[1] - s[1] * ds[1]];
    let next_s = [c[0] * ds[0] + s[0] * dc[0], c[1] * ds[1] + s[1] * dc[1]];
    (next_c, next_s)
}

/// `A(x)e^{iπNx/2}` of a block; leaves its cosines and sines behind.
///
/// Two vectors at a time: with four the registers do not suffice.
#[inline]
fn amplitudes(block: &Block, pairs: &[Lanes], waves: &mut [[Lanes; 2]]) -> [Lanes; 2] {
    let (cos, sin) = (load(&block.cos), load(&block.sin));
    let (first_cos, first_sin) = (load(&block.first_cos), load(&block.first_sin));
    let mut values = [[f64x2::ZERO; 4]; 2];
    for half in [0, 2] {
        let (dc, ds) = ([cos[half], cos[half + 1]], [sin[half], sin[half + 1]]);
        let mut c = [first_cos[half], first_cos[half + 1]];
        let mut s = [first_sin[half], first_sin[half + 1]];
        let (mut re, mut im) = ([f64x2::ZERO; 2], [f64x2::ZERO; 2]);
        for (&[p_re, p_im, q_re, q_im], wave) in pairs.iter().zip(&mut *waves) {
            wave[0][half..half + 2].copy_from_slice(&c);
            wave[1][half..half + 2].copy_from_slice(&s);
            for v in 0..2 {
                re[v] += p_re * c[v] + q_re * s[v];
                im[v] += p_im * c[v] + q_im * s[v];
            }
            (c, s) = turn(c, s, dc, ds);
        }
        values[0][half..half + 2].copy_from_slice(&re);
        values[1][half..half + 2].copy_from_slice(&im);
    }
    values
}

/// `w/conj A` of a block, and its share of `Σ w ln |A|²`, or of `Σ ln |A|²` if all weights are equal.
#[inline]
fn weigh(block: &Block, [re, im]: [Lanes; 2], equal: bool) -> ([Lanes; 2], f64) {
    let weights = load(&block.weights);
    let mut weighted = [[f64x2::ZERO; 4]; 2];
    let mut squares = [f64x2::ONE; 4];
    for v in 0..4 {
        let square = re[v] * re[v] + im[v] * im[v];
        let seen = weights[v].simd_gt(f64x2::ZERO);
        squares[v] = seen.bitselect(square, f64x2::ONE);
        let factor = square.simd_ge(f64x2::splat(f64::MIN_POSITIVE)) & (weights[v] / square);
        weighted[0][v] = re[v] * factor;
        weighted[1][v] = im[v] * factor;
    }
    // One logarithm for eight data instead of four, unless their product is too small or too large.
    let [low, high] = ((squares[0] * squares[1]) * (squares[2] * squares[3])).to_array();
    let safe = |product: f64| product > SAFE.0 && product < SAFE.1;
    if equal && safe(low) && safe(high) {
        return (weighted, ln_x2(f64x2::new([low, high])).reduce_add());
    }
    let logs = squares.map(|square| {
        let logs = ln_x2(square.fast_max(f64x2::splat(f64::MIN_POSITIVE)));
        square.simd_ge(f64x2::splat(f64::MIN_POSITIVE)).bitselect(logs, f64x2::splat(f64::NEG_INFINITY))
    });
    if equal {
        return (weighted, reduce(logs));
    }
    // What weighs nothing was given the logarithm 0.
    let shares = [0, 1, 2, 3].map(|v| weights[v] * logs[v]);
    (weighted, reduce(shares))
}

/// Adds `s cos πμx` and `s sin πμx` of a block to the sums of every pair.
#[inline]
fn gather(waves: &[[Lanes; 2]], [re, im]: [Lanes; 2], sums: &mut [Lanes]) {
    for ([c, s], sum) in waves.iter().zip(sums) {
        let dot = |a: &Lanes, b: &Lanes| (a[0] * b[0] + a[1] * b[1]) + (a[2] * b[2] + a[3] * b[3]);
        sum[0] += dot(c, &re);
        sum[1] += dot(c, &im);
        sum[2] += dot(s, &re);
        sum[3] += dot(s, &im);
    }
}
