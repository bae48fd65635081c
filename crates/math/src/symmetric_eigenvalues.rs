//! The smallest and the largest eigenvalue of a real symmetric matrix.
//!
//! Ours, not a linear algebra library's: only the two ends of the spectrum are asked for, no vectors, and a hundred lines weigh
//! less on the line than a general decomposition.

/// Rows shorter than this are taken for 0 off the diagonal: their squares have no digits left.
const SMALLEST: f64 = 1e-146;

/// The ends of a spectrum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spectrum {
    /// The smallest eigenvalue.
    pub min: f64,
    /// The largest eigenvalue.
    pub max: f64,
}

/// The smallest and the largest eigenvalue, absolute error some `ε·n·‖A‖`.
///
/// Shape: `n × n`, row by row; assumed to be symmetric, and only the lower triangle is read. An empty matrix gives zeros. Time
/// `4n³/3`. Householder's reduction to three diagonals, then bisection by Sturm's count of sign changes.
/// Source: G. H. Golub, C. F. Van Loan, "Matrix Computations", 8.3.1 and 8.4.
pub fn extreme_eigenvalues(matrix: &[f64], n: usize) -> Spectrum {
    debug_assert_eq!(matrix.len(), n * n, "a square");
    if n == 0 {
        return Spectrum { min: 0.0, max: 0.0 };
    }
    let (diagonal, off) = tridiagonal(matrix.to_vec(), n);
    // Gershgorin's circles hold the whole spectrum.
    let mut bounds = (f64::INFINITY, f64::NEG_INFINITY);
    for (at, &centre) in diagonal.iter().enumerate() {
        let left = if at > 0 { off[at - 1].abs() } else { 0.0 };
        let radius = left + off.get(at).map_or(0.0, |off| off.abs());
        bounds = (bounds.0.min(centre - radius), bounds.1.max(centre + radius));
    }
    let squares: Vec<f64> = off.iter().map(|off| off * off).collect();
    let find = |rank: usize| bisect(&diagonal, &squares, bounds, rank);
    Spectrum { min: find(0), max: find(n - 1) }
}

/// Diagonal (`n`) and subdiagonal (`n − 1`) of a similar matrix.
fn tridiagonal(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut off = vec![0.0; n - 1];
    let mut product = vec![0.0; n];
    // From the last row upwards, so that each step works on the leading square, whose rows are contiguous.
    for row in (1..n).rev() {
        let (square, rest) = a.split_at_mut(row * n);
        let v = &mut rest[..row];
        let norm = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        let last = v[row - 1];
        let beta = if last > 0.0 { -norm } else { norm };
        off[row - 1] = beta;
        if norm < SMALLEST {
            continue;
        }
        // Of length about 1, so that its square can be neither too small nor too large for a number.
        v[row - 1] -= beta;
        v.iter_mut().for_each(|v| *v /= norm);
        let half_square = 1.0 + last.abs() / norm;
        // p = Av / (vᵀv/2), from the lower triangle alone.
        let product = &mut product[..row];
        product.fill(0.0);
        for i in 0..row {
            let line = &square[i * n..=i * n + i];
            let mut sum = line[i] * v[i];
            for ((&entry, v_j), target) in line[..i].iter().zip(&*v).zip(&mut *product) {
                sum += entry * v_j;
                *target += entry * v[i];
            }
            product[i] += sum;
        }
        let share = product.iter().zip(&*v).map(|(p, v)| p * v).sum::<f64>() / (2.0 * half_square * half_square);
        for (p, v) in product.iter_mut().zip(&*v) {
            *p = *p / half_square - share * v;
        }
        for i in 0..row {
            let line = &mut square[i * n..=i * n + i];
            for ((entry, v_j), p_j) in line.iter_mut().zip(&*v).zip(&*product) {
                *entry -= v[i] * p_j + product[i] * v_j;
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), off)
}

/// The eigenvalue that has `rank` below it.
fn bisect(diagonal: &[f64], squares: &[f64], (mut low, mut high): (f64, f64), rank: usize) -> f64 {
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if count_below(diagonal, squares, middle) > rank {
            high = middle;
        } else {
            low = middle;
        }
    }
}

/// How many eigenvalues are below `x`: the negative pivots of `T − x`.
fn count_below(diagonal: &[f64], squares: &[f64], x: f64) -> usize {
    let mut pivot = 1.0;
    let mut count = 0;
    for (at, centre) in diagonal.iter().enumerate() {
        let coupling = if at > 0 { squares[at - 1] / pivot } else { 0.0 };
        pivot = centre - x - coupling;
        if pivot.abs() < f64::MIN_POSITIVE {
            // A zero may count either way, but must not be divided by.
            pivot = -f64::MIN_POSITIVE;
        }
        count += usize::from(pivot < 0.0);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;
    use std::f64::consts::PI;

    #[test]
    fn the_second_difference_has_its_known_spectrum() {
        // 2 − 2 cos(kπ/(n + 1)).
        for n in [1, 2, 3, 10, 129_usize] {
            let matrix: Vec<f64> = (0..n * n)
                .map(|at| match (at / n).abs_diff(at % n) {
                    0 => 2.0,
                    1 => -1.0,
                    _ => 0.0,
                })
                .collect();
            let got = extreme_eigenvalues(&matrix, n);
            let exact = |k: usize| 2.0 - 2.0 * (k as f64 * PI / (n as f64 + 1.0)).cos();
            assert!((got.min - exact(1)).abs() < 1e-14 && (got.max - exact(n)).abs() < 1e-14, "{n} {got:?}");
        }
    }

    #[test]
    fn a_sum_of_projections_has_the_eigenvalues_it_was_made_of() {
        let mut rng = SplitMix64::new(8);
        for n in [2, 3, 7, 40_usize] {
            // An orthonormal basis by Gram and Schmidt, twice for the digits.
            let mut basis: Vec<Vec<f64>> = Vec::new();
            while basis.len() < n {
                let mut v: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
                for _ in 0..2 {
                    for b in &basis {
                        let dot: f64 = v.iter().zip(b).map(|(v, b)| v * b).sum();
                        v.iter_mut().zip(b).for_each(|(v, b)| *v -= dot * b);
                    }
                }
                let norm = v.iter().map(|v| v * v).sum::<f64>().sqrt();
                basis.push(v.into_iter().map(|v| v / norm).collect());
            }
            let values: Vec<f64> = (0..n).map(|_| rng.normal() * 3.0).collect();
            let entry = |i: usize, j: usize| basis.iter().zip(&values).map(|(b, value)| value * b[i] * b[j]).sum::<f64>();
            let matrix: Vec<f64> = (0..n * n).map(|at| entry(at / n, at % n)).collect();
            let got = extreme_eigenvalues(&matrix, n);
            let min = values.iter().copied().fold(f64::INFINITY, f64::min);
            let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            assert!((got.min - min).abs() < 1e-13 && (got.max - max).abs() < 1e-13, "{n} {got:?} {min} {max}");
        }
    }

    /// Gram matrices of decaying powers have such rows; the reflection of one once divided by a square that was 0.
    #[test]
    fn entries_of_every_size_stand_side_by_side() {
        for small in [1e-100, 1e-140, 1e-155, 1e-170, 5e-324] {
            let matrix = [1.0, 0.0, 0.0, 0.5, 1.0, 0.0, small, -small, small];
            let got = extreme_eigenvalues(&matrix, 3);
            assert!((got.max - 1.5).abs() < 1e-15 && got.min.abs() < 1e-15, "{small:e} {got:?}");
        }
    }

    #[test]
    fn zeros_and_nothing_are_no_trouble() {
        assert_eq!(extreme_eigenvalues(&[], 0), Spectrum { min: 0.0, max: 0.0 });
        let got = extreme_eigenvalues(&[0.0; 25], 5);
        assert!(got.min.abs() < 1e-300 && got.max.abs() < 1e-300, "{got:?}");
    }
}
