//! `e^{iπx}`: angles in half turns, so that the whole ones are exact.

use num_complex::Complex64;
use std::f64::consts::PI;

/// `e^{iπx} = cos πx + i sin πx`.
///
/// Range: all finite `x`; absolute error about 1e-16 at any `x`, and exact at multiples of ½: `e^{iπ} = −1` without the remainder
/// of 1e-16 that the sine of a rounded π leaves.
pub fn half_turn(x: f64) -> Complex64 {
    // The nearest multiple of ½, and what is left: both exact.
    let quarter = (2.0 * x).round();
    let (sin, cos) = (PI * (x - 0.5 * quarter)).sin_cos();
    // Of a multiple of 2^53 only the last bits matter, and they are 0.
    match quarter.rem_euclid(4.0) {
        0.0 => Complex64::new(cos, sin),
        1.0 => Complex64::new(-sin, cos),
        2.0 => Complex64::new(-cos, -sin),
        _ => Complex64::new(sin, -cos),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_of_a_quarter_turn_are_exact() {
        for turns in [0.0, 2.0, -2.0, 1e6, -1e15] {
            for (x, re, im) in [(0.0, 1.0, 0.0), (0.5, 0.0, 1.0), (1.0, -1.0, 0.0), (1.5, 0.0, -1.0)] {
                let z = half_turn(turns + x);
                assert!((z.re - re).abs() <= 0.0 && (z.im - im).abs() <= 0.0, "{turns} {x}: {z}");
            }
        }
    }

    #[test]
    fn it_is_cosine_and_sine() {
        for i in -4000..4000_i32 {
            let x = f64::from(i) * 1.234e-3;
            let (sin, cos) = (PI * x).sin_cos();
            let z = half_turn(x);
            assert!((z.re - cos).abs() < 3e-15 && (z.im - sin).abs() < 3e-15, "{x}");
        }
    }
}
