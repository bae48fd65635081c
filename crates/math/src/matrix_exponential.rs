//! The exponential of a matrix, by scaling and squaring.

use crate::error::MathError;
use crate::linear_solve::solve;
use crate::matrix_product::{add_scaled, product};

/// The coefficients of the numerator of the Padé approximant `[13/13]` of `e^x`; the denominator has them with signs in turn.
const PADE: [f64; 14] = [
    64_764_752_532_480_000.0,
    32_382_376_266_240_000.0,
    7_771_770_303_897_600.0,
    1_187_353_796_428_800.0,
    129_060_195_264_000.0,
    10_559_470_521_600.0,
    670_442_572_800.0,
    33_522_128_640.0,
    1_323_241_920.0,
    40_840_800.0,
    960_960.0,
    16_380.0,
    182.0,
    1.0,
];

/// The largest 1-norm at which the approximant is exact to rounding.
const THETA: f64 = 5.371_920_351_148_152;

/// `e^A`.
///
/// Shape: `n × n`, row by row. Time about `16n³ + 2n³·log₂‖A‖`. Source: N. J. Higham, "The scaling and squaring method for the matrix
/// exponential revisited", 2005, algorithm 2.3 (always of order 13).
///
/// # Errors
/// [`MathError::Singular`] if an entry is not finite or overflows on the way.
pub fn matrix_exponential(a: &[f64], n: usize) -> Result<Vec<f64>, MathError> {
    debug_assert_eq!(a.len(), n * n, "a square");
    let norm = (0..n).map(|j| (0..n).map(|i| a[i * n + j].abs()).sum::<f64>()).fold(0.0, f64::max);
    let halvings = if norm > THETA { (norm / THETA).log2().ceil().min(1100.0) as i32 } else { 0 };
    let scaled: Vec<f64> = a.iter().map(|a| a * 0.5_f64.powi(halvings)).collect();
    let a2 = product(&scaled, &scaled, n);
    let a4 = product(&a2, &a2, n);
    let a6 = product(&a4, &a2, n);
    // c[0]·I + c[1]·A² + c[2]·A⁴ + c[3]·A⁶.
    let even = |c: [f64; 4]| {
        let mut sum = vec![0.0; n * n];
        for (power, factor) in [&a2, &a4, &a6].into_iter().zip(&c[1..]) {
            add_scaled(&mut sum, *factor, power);
        }
        sum.iter_mut().step_by(n + 1).for_each(|entry| *entry += c[0]);
        sum
    };
    let halves = |low: usize| {
        let mut sum = product(&a6, &even([0.0, PADE[low + 8], PADE[low + 10], PADE[low + 12]]), n);
        add_scaled(&mut sum, 1.0, &even([PADE[low], PADE[low + 2], PADE[low + 4], PADE[low + 6]]));
        sum
    };
    let (odd, even) = (product(&scaled, &halves(1), n), halves(0));
    let sum = |sign: f64| {
        let mut sum = even.clone();
        add_scaled(&mut sum, sign, &odd);
        sum
    };
    let mut power = solve(&sum(-1.0), &sum(1.0), n)?;
    for _ in 0..halvings {
        power = product(&power, &power, n);
    }
    if power.iter().all(|entry| entry.is_finite()) { Ok(power) } else { Err(MathError::Singular { pivot: n }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn the_exponential_of_a_rotation_is_a_rotation() {
        for turn in [0.0, 1e-3, 0.5 * PI, 3.0, 100.0] {
            let got = matrix_exponential(&[0.0, -turn, turn, 0.0], 2).expect("finite");
            let (sin, cos) = turn.sin_cos();
            for (got, exact) in got.iter().zip([cos, -sin, sin, cos]) {
                assert!((got - exact).abs() < 3e-14, "{turn} {got} {exact}");
            }
        }
    }

    #[test]
    fn a_nilpotent_matrix_gives_a_polynomial() {
        let got = matrix_exponential(&[0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 5.0, 3.0, 0.0], 3).expect("finite");
        for (got, exact) in got.iter().zip([1.0, 0.0, 0.0, 2.0, 1.0, 0.0, 8.0, 3.0, 1.0]) {
            assert!((got - exact).abs() < 1e-14, "{got} {exact}");
        }
        assert!(matrix_exponential(&[f64::NAN], 1).is_err() && matrix_exponential(&[1000.0], 1).is_err());
    }
}
