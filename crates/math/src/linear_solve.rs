//! Gauss's elimination with partial pivoting.
//!
//! Ours, not a linear algebra library's: fifty lines for the one decomposition that is needed.

use crate::error::MathError;
use crate::matrix_product::add_scaled;

/// `X` with `AX = B`.
///
/// Shape: `a` is `n × n`, `b` is `n × columns`, both row by row. Time `2n³/3 + 2n²·columns`.
/// Source: G. H. Golub, C. F. Van Loan, "Matrix Computations", 3.4.
///
/// # Errors
/// [`MathError::Singular`] if a pivot is 0 or not finite; [`MathError::LengthMismatch`].
pub fn solve(a: &[f64], b: &[f64], n: usize) -> Result<Vec<f64>, MathError> {
    if a.len() != n * n || n == 0 || !b.len().is_multiple_of(n) {
        return Err(MathError::LengthMismatch { left: a.len(), right: b.len() });
    }
    let columns = b.len() / n;
    let (mut a, mut x) = (a.to_vec(), b.to_vec());
    for pivot in 0..n {
        let size = |row: usize| a[row * n + pivot].abs();
        let best = (pivot..n).fold(pivot, |best, row| if size(row) > size(best) { row } else { best });
        if !(size(best) > 0.0 && size(best).is_finite()) {
            return Err(MathError::Singular { pivot });
        }
        swap_rows(&mut a, n, pivot, best);
        swap_rows(&mut x, columns, pivot, best);
        let (above, below) = a.split_at_mut((pivot + 1) * n);
        let line = &above[pivot * n + pivot..];
        let (known, unknown) = x.split_at_mut((pivot + 1) * columns);
        let right = &known[pivot * columns..];
        for (row, target) in below.chunks_exact_mut(n).zip(unknown.chunks_exact_mut(columns.max(1))) {
            let factor = -row[pivot] / line[0];
            add_scaled(&mut row[pivot + 1..], factor, &line[1..]);
            add_scaled(target, factor, right);
        }
    }
    for row in (0..n).rev() {
        let (upper, lower) = x.split_at_mut((row + 1) * columns);
        let target = &mut upper[row * columns..];
        for (column, known) in lower.chunks_exact(columns.max(1)).enumerate() {
            add_scaled(target, -a[row * n + row + 1 + column], known);
        }
        for value in target {
            *value /= a[row * n + row];
        }
    }
    Ok(x)
}

fn swap_rows(matrix: &mut [f64], width: usize, upper: usize, lower: usize) {
    if upper < lower {
        let (above, below) = matrix.split_at_mut(lower * width);
        above[upper * width..(upper + 1) * width].swap_with_slice(&mut below[..width]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix_product::product;
    use crate::rng::SplitMix64;

    #[test]
    fn the_solution_solves() {
        let mut rng = SplitMix64::new(3);
        for n in [1, 2, 3, 8, 33_usize] {
            let a: Vec<f64> = (0..n * n).map(|_| rng.normal()).collect();
            let b: Vec<f64> = (0..n * n).map(|_| rng.normal()).collect();
            let x = solve(&a, &b, n).expect("regular");
            for (got, expected) in product(&a, &x, n).iter().zip(&b) {
                assert!((got - expected).abs() < 1e-11, "{n}: {got} {expected}");
            }
        }
    }

    #[test]
    fn a_singular_matrix_is_named_by_its_pivot() {
        assert_eq!(solve(&[1.0, 2.0, 2.0, 4.0], &[1.0, 1.0], 2), Err(MathError::Singular { pivot: 1 }));
        assert_eq!(solve(&[0.0, 1.0, 1.0, 0.0], &[3.0, 5.0], 2), Ok(vec![5.0, 3.0]));
        assert_eq!(solve(&[1.0], &[], 2), Err(MathError::LengthMismatch { left: 1, right: 0 }));
    }
}
