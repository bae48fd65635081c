//! `SplitMix64`, the one random generator: seeded, seekable, the same on every machine.

use std::f64::consts::TAU;

/// The increment of the state, `2^64 / φ` made odd.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// `2^-53`, the spacing of the uniform numbers.
const ULP: f64 = 1.0 / 9_007_199_254_740_992.0;

/// Sebastiano Vigna's `SplitMix64`.
///
/// Its state after `n` draws is `seed + n·γ`, so a stream can be entered anywhere at no cost
/// ([`SplitMix64::at`]).
/// Source: <https://prng.di.unimi.it/splitmix64.c>; golden data `common_rng`,
/// `prng_and_simulation`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// The stream of a seed, at its beginning.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The stream of a seed after `index` draws of [`SplitMix64::next_u64`]; constant time.
    pub const fn at(seed: u64, index: u64) -> Self {
        Self { state: seed.wrapping_add(GAMMA.wrapping_mul(index)) }
    }

    /// The next 64 random bits.
    pub const fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform on `0..1`, 0 included: `(u >> 11)·2^-53`. One draw.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * ULP
    }

    /// Uniform strictly between 0 and 1: `((u >> 11) + ½)·2^-53`. One draw.
    ///
    /// In `f64` the largest of these rounds to 1 (once in `2^53` draws), which would make
    /// `ln(−ln U)` infinite: that one is moved to `1 − 2^-53`.
    pub fn uniform_open(&mut self) -> f64 {
        (((self.next_u64() >> 11) as f64 + 0.5) * ULP).min(1.0 - ULP)
    }

    /// One standard normal by Box–Muller: `√(−2 ln u₁)·cos 2πu₂`, `u₁` open. Two draws, nothing cached,
    /// so that streams can be sought. Convention of the golden data `prng_and_simulation`.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform_open().ln()).sqrt();
        let angle = TAU * self.uniform();
        radius * angle.cos()
    }

    /// Two standard normals by Box–Muller, `(r cos θ, r sin θ)` with `u₁ = ((a >> 11) + 1)·2^-53`. Two
    /// draws. Convention of the golden data `common_rng`.
    pub fn normal_pair(&mut self) -> (f64, f64) {
        let u1 = ((self.next_u64() >> 11) + 1) as f64 * ULP;
        let radius = (-2.0 * u1.ln()).sqrt();
        let (sin, cos) = (TAU * self.uniform()).sin_cos();
        (radius * cos, radius * sin)
    }

    /// Standard Gumbel by inversion, `−ln(−ln U)`. One draw.
    pub fn gumbel(&mut self) -> f64 {
        -(-self.uniform_open().ln()).ln()
    }

    /// Standard logistic by inversion, `ln(U / (1 − U))`. One draw.
    pub fn logistic(&mut self) -> f64 {
        let u = self.uniform_open();
        u.ln() - (-u).ln_1p()
    }

    /// Standard Laplace (density `½e^{−|t|}`) by inversion. One draw.
    pub fn laplace(&mut self) -> f64 {
        let u = self.uniform_open();
        if u < 0.5 { (2.0 * u).ln() } else { -(2.0 * (1.0 - u)).ln() }
    }

    /// Standard exponential by inversion, `−ln U`. One draw.
    pub fn exponential(&mut self) -> f64 {
        -self.uniform_open().ln()
    }

    /// The number of independent trials up to and with the first success, `max(1, ⌈ln U / ln(1−p)⌉)`;
    /// a geometric random number. One draw.
    ///
    /// Range: `0 < p < 1`; other `p` give 1 (for `p ≥ 1`) or `u64::MAX` (for `p ≤ 0` or `NaN`).
    pub fn geometric(&mut self, p: f64) -> u64 {
        let u = self.uniform_open();
        if p >= 1.0 {
            return 1;
        }
        if p > 0.0 {
            // Saturates at u64::MAX for absurdly small p.
            (u.ln() / (-p).ln_1p()).ceil().max(1.0) as u64
        } else {
            u64::MAX
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeking_equals_drawing() {
        for index in [0_u64, 1, 7, 1000] {
            let mut walked = SplitMix64::new(99);
            for _ in 0..index {
                walked.next_u64();
            }
            assert_eq!(walked, SplitMix64::at(99, index));
        }
    }

    #[test]
    fn open_uniform_numbers_never_touch_zero_or_one() {
        // ((2^53 − 1) + ½)·2^-53 rounds to 1 in f64: Gumbel noise would be infinite there.
        let largest = ((9_007_199_254_740_991.0_f64 + 0.5) * ULP).min(1.0 - ULP);
        assert!(largest < 1.0);
        assert!((-(-largest.ln()).ln()).is_finite());
    }

    #[test]
    fn inverted_samples_have_their_means_and_variances() {
        let draws = 200_000;
        let check = |name: &str, mean: f64, variance: f64, sample: fn(&mut SplitMix64) -> f64| {
            let mut rng = SplitMix64::new(7);
            let values: Vec<f64> = (0..draws).map(|_| sample(&mut rng)).collect();
            let m = values.iter().sum::<f64>() / f64::from(draws);
            let v = values.iter().map(|value| (value - m).powi(2)).sum::<f64>() / f64::from(draws);
            // Four standard errors of the mean; five percent of the variance (kurtosis up to 9).
            assert!((m - mean).abs() < 4.0 * (variance / f64::from(draws)).sqrt(), "{name} mean {m}");
            assert!((v - variance).abs() < 0.05 * variance, "{name} variance {v}");
        };
        let pi2 = std::f64::consts::PI.powi(2);
        check("gumbel", 0.577_215_664_901_532_9, pi2 / 6.0, SplitMix64::gumbel);
        check("normal", 0.0, 1.0, SplitMix64::normal);
        check("logistic", 0.0, pi2 / 3.0, SplitMix64::logistic);
        check("laplace", 0.0, 2.0, SplitMix64::laplace);
        check("uniform", 0.5, 1.0 / 12.0, SplitMix64::uniform);
        check("exponential", 1.0, 1.0, SplitMix64::exponential);
    }

    #[test]
    fn a_geometric_number_has_the_mean_one_over_p() {
        let mut rng = SplitMix64::new(3);
        let total: u64 = (0..100_000).map(|_| rng.geometric(0.2)).sum();
        assert!((total as f64 / 100_000.0 - 5.0).abs() < 0.06);
        assert_eq!(rng.geometric(1.0), 1);
        assert_eq!(rng.geometric(0.0), u64::MAX);
    }
}
