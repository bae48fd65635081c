//! Hermitian Toeplitz matrices: `T_{nm} = t_{n−m}`, `t_{−n} = t̄_n`.

use crate::symmetric_eigenvalues::{Spectrum, extreme_eigenvalues};
use num_complex::Complex64;
use std::f64::consts::SQRT_2;

/// The matrix `T_{nm} = t_{n−m}`, row by row, `n` the row.
///
/// Shape: `size × size`; `t_n = 0` beyond the end of the slice. Only the real part of `t_0` is used.
pub fn toeplitz(t: &[Complex64], size: usize) -> Vec<Complex64> {
    (0..size * size).map(|at| entry(t, at / size, at % size)).collect()
}

/// Smallest and largest eigenvalue of [`toeplitz`], absolute error some `ε·size·‖T‖`.
///
/// Time `4·size³/3` in real numbers: `T` commutes with "conjugate, and turn upside down", so in the basis of what that leaves alone,
/// `(e_j + e_{j′})/√2` and `i(e_j − e_{j′})/√2` with `j′ = size − 1 − j`, it is real.
/// Source: A. Lee, "Centrohermitian and skew-centrohermitian matrices", 1980.
pub fn toeplitz_spectrum(t: &[Complex64], size: usize) -> Spectrum {
    let half = size / 2;
    let centre = size - half; // the first odd vector; an odd size has the middle unit vector before it
    let mut real = vec![0.0; size * size];
    let mut set = |row: usize, column: usize, value: f64| real[row * size + column] = value;
    for i in 0..half {
        for j in 0..half {
            let (near, far) = (entry(t, i, j), entry(t, i, size - 1 - j));
            set(i, j, near.re + far.re);
            set(centre + i, centre + j, near.re - far.re);
            // ⟨even i, T odd j⟩ belongs above the diagonal; below it stands its mirror image.
            set(centre + j, i, far.im - near.im);
        }
        if !size.is_multiple_of(2) {
            let coupling = entry(t, half, i);
            set(half, i, SQRT_2 * coupling.re);
            set(centre + i, half, -SQRT_2 * coupling.im);
        }
    }
    if !size.is_multiple_of(2) {
        set(half, half, entry(t, 0, 0).re);
    }
    extreme_eigenvalues(&real, size)
}

fn entry(t: &[Complex64], row: usize, column: usize) -> Complex64 {
    let value = t.get(row.abs_diff(column)).copied().unwrap_or_default();
    match row.cmp(&column) {
        std::cmp::Ordering::Less => value.conj(),
        std::cmp::Ordering::Equal => value.re.into(),
        std::cmp::Ordering::Greater => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;

    /// The same spectrum from the symmetric matrix `[[Re, −Im], [Im, Re]]`, where each eigenvalue stands twice.
    fn embedded(t: &[Complex64], size: usize) -> Spectrum {
        let matrix = toeplitz(t, size);
        let twice = 2 * size;
        let real: Vec<f64> = (0..twice * twice)
            .map(|at| {
                let (row, column) = (at / twice, at % twice);
                let z = matrix[row % size * size + column % size];
                match (row < size, column < size) {
                    (true, false) => -z.im,
                    (false, true) => z.im,
                    _ => z.re,
                }
            })
            .collect();
        extreme_eigenvalues(&real, twice)
    }

    #[test]
    fn the_real_form_has_the_spectrum_of_the_matrix() {
        let mut rng = SplitMix64::new(4);
        for size in 0..24 {
            let t: Vec<Complex64> = (0..size.min(9)).map(|_| Complex64::new(rng.normal(), rng.normal())).collect();
            let (got, expected) = (toeplitz_spectrum(&t, size), embedded(&t, size));
            assert!((got.min - expected.min).abs() < 1e-13, "{size} {got:?} {expected:?}");
            assert!((got.max - expected.max).abs() < 1e-13, "{size} {got:?} {expected:?}");
        }
    }
}
