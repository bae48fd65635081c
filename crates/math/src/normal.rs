//! The standard normal distribution: density, distribution function and its logarithm.

use libm::erfc;
use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// `1/√(2π)`.
const INVERSE_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// `√2` minus its nearest `f64`.
const SQRT_2_LOW: f64 = -9.667_293_313_452_913e-17;

/// Left of this the tail is computed by its asymptotic series.
const TAIL: f64 = -20.0;

/// Density `e^{−t²/2}/√(2π)`.
pub fn density(t: f64) -> f64 {
    INVERSE_SQRT_TAU * exp_minus_half_square(t)
}

/// Distribution function `Φ(t)`, relative error about 1e-15 as long as it does not underflow.
pub fn cdf(t: f64) -> f64 {
    if t > 0.0 { 1.0 - lower_tail(-t) } else { lower_tail(t) }
}

/// `ln Φ(t)`, relative error about 1e-15 for every `t`: near 0 for large `t`, `−t²/2` far to the left.
pub fn ln_cdf(t: f64) -> f64 {
    if t > 0.0 {
        (-lower_tail(-t)).ln_1p()
    } else if t > TAIL {
        lower_tail(t).ln()
    } else {
        -0.5 * t * t - (-t / INVERSE_SQRT_TAU).ln() + (tail_series(t)).ln()
    }
}

/// Reversed hazard rate `φ(t)/Φ(t)`, the derivative of `ln Φ`.
pub fn reversed_hazard(t: f64) -> f64 {
    if t > TAIL { density(t) / cdf(t) } else { -t / tail_series(t) }
}

/// `Φ(t)` for `t ≤ 0`.
fn lower_tail(t: f64) -> f64 {
    if t <= TAIL {
        return density(t) / -t * tail_series(t);
    }
    // The argument −t/√2 is rounded; its error δ would be multiplied by t² in the result, so it is
    // put back by the derivative of erfc, −2/√π·e^{−a²}.
    let a = -t * FRAC_1_SQRT_2;
    let (product, error) = two_product(a, SQRT_2);
    let delta = ((-t - product) - error - a * SQRT_2_LOW) * FRAC_1_SQRT_2;
    0.5 * erfc(a) - delta / PI.sqrt() * (-a * a).exp()
}

/// `1 − 1/t² + 3/t⁴ − 15/t⁶ + …`; at `t = −20` ten terms leave 1e-17.
fn tail_series(t: f64) -> f64 {
    let square = 1.0 / (t * t);
    let mut value = 1.0;
    for k in (1..=10_u32).rev() {
        value = 1.0 - f64::from(2 * k - 1) * square * value;
    }
    value
}

/// `e^{−t²/2}` without the error of squaring: `t` is split into a short head and a rest.
fn exp_minus_half_square(t: f64) -> f64 {
    let head = (t * 16.0).trunc() / 16.0;
    let rest = (t - head) * (t + head);
    if t.abs() > 40.0 { 0.0 } else { (-0.5 * head * head).exp() * (-0.5 * rest).exp() }
}

/// `a·b` as a rounded product and its exact error (Dekker; no fused multiply-add on wasm).
fn two_product(a: f64, b: f64) -> (f64, f64) {
    const SPLITTER: f64 = 134_217_729.0; // 2^27 + 1
    let split = |value: f64| {
        let scaled = SPLITTER * value;
        let high = scaled - (scaled - value);
        (high, value - high)
    };
    let product = a * b;
    let ((a_high, a_low), (b_high, b_low)) = (split(a), split(b));
    (product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(t, Φ(t), ln Φ(t), φ(t)/Φ(t))`, computed with 60 digits by mpmath.
    #[expect(clippy::approx_constant, clippy::unreadable_literal, reason = "a table, transcribed by a script")]
    const TABLE: [(f64, f64, f64, f64); 17] = [
        (-60.5, 0.0, -1835.1468549172716, 60.51651990634946),
        (-37.3, 8.205494844930773e-305, -700.1836493302922, 37.326771249973376),
        (-30.7, 2.8458302208738193e-207, -475.5892594072293, 30.73250453197661),
        (-20.1, 3.6896808637213897e-90, -205.92711840194823, 20.149507950077545),
        (-19.9, 2.03464320878273e-88, -201.9171677073326, 19.95000061430202),
        (-12.3, 4.5287069561587846e-35, -79.08004179618399, 12.38025992977776),
        (-8.1, 2.7479593923982286e-16, -35.83050289080147, 8.219951901046748),
        (-5.0, 2.866515718791939e-07, -15.064998393988725, 5.186503967125842),
        (-3.3, 0.0004834241423837775, -7.634616148071127, 3.563266266677637),
        (-1.7, 0.04456546275854304, -3.1107960975524813, 2.1103579219281876),
        (-0.9, 0.18406012534675947, -1.6924928065613383, 1.4456430984031134),
        (-0.3, 0.3820885778110474, -0.9621028181688507, 0.9981659688584833),
        (0.0, 0.5, -0.6931471805599453, 0.7978845608028654),
        (0.4, 0.6554217416103242, -0.42247637022777607, 0.5618827037969628),
        (1.1, 0.8643339390536173, -0.14579608131705274, 0.2520463066289897),
        (2.9, 0.998134186699616, -0.0018675560981809218, 0.005963659494980552),
        (6.3, 0.9999999998511772, -1.4882282218730538e-10, 9.601433371741247e-10),
    ];

    #[test]
    fn the_distribution_agrees_with_sixty_digits() {
        for (t, distribution, logarithm, hazard) in TABLE {
            let close = |a: f64, b: f64| (a - b).abs() <= 2e-15 * b.abs();
            assert!(close(cdf(t), distribution), "Φ({t}) = {} not {distribution}", cdf(t));
            assert!(close(ln_cdf(t), logarithm), "ln Φ({t}) = {} not {logarithm}", ln_cdf(t));
            let got = reversed_hazard(t);
            assert!(close(got, hazard), "φ/Φ({t}) = {got} not {hazard}");
        }
    }
}
