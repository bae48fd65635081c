//! Small dense matrices of real numbers, row by row, and their product.
//!
//! Ours, not a linear algebra library's: shapes are only known as the page runs, vectors stand as rows (as the posts write
//! them), and nothing but products and transposes is asked for.

use crate::attention::{check_matrix, dot};
use crate::error::MathError;
use crate::rng::SplitMix64;
use wide::{bytemuck, f64x2};

/// A matrix of `f64`, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    entries: Vec<f64>,
}

impl Matrix {
    /// From its entries, row by row; `field` names it in errors.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`].
    pub fn new(field: &'static str, rows: usize, columns: usize, entries: Vec<f64>) -> Result<Self, MathError> {
        check_matrix(field, &entries, rows, columns)?;
        Ok(Self { rows, columns, entries })
    }

    /// From as many entries as there must be, which need not be finite.
    pub(crate) fn from_entries(rows: usize, columns: usize, entries: Vec<f64>) -> Self {
        debug_assert_eq!(entries.len(), rows * columns, "as many entries as the shape says");
        Self { rows, columns, entries }
    }

    /// Each entry from its row and column (0-based).
    pub fn from_fn(rows: usize, columns: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Self {
        let mut entries = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            entries.extend((0..columns).map(|column| entry(row, column)));
        }
        Self { rows, columns, entries }
    }

    /// Zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, entries: vec![0.0; rows * columns] }
    }

    /// Independent normal numbers of mean 0 and standard deviation `sigma`, row by row, two by two from
    /// [`SplitMix64::normal_pair`]; of an odd count the last one's partner is dropped.
    pub fn normal(rows: usize, columns: usize, sigma: f64, rng: &mut SplitMix64) -> Self {
        let mut entries = vec![0.0; rows * columns];
        for two in entries.chunks_mut(2) {
            let (first, second) = rng.normal_pair();
            for (entry, normal) in two.iter_mut().zip([first, second]) {
                *entry = normal * sigma;
            }
        }
        Self { rows, columns, entries }
    }

    /// Number of rows.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// All entries, row by row.
    pub fn entries(&self) -> &[f64] {
        &self.entries
    }

    /// Row `i` (0-based); empty if there is no such row.
    pub fn row(&self, i: usize) -> &[f64] {
        if i < self.rows { &self.entries[i * self.columns..(i + 1) * self.columns] } else { &[] }
    }

    /// The entry of a row and a column (0-based); `None` outside.
    pub fn get(&self, row: usize, column: usize) -> Option<f64> {
        self.row(row).get(column).copied()
    }

    /// `self·other`. The terms of an entry are added in order, one rounding each, so the result is that of the plain triple
    /// loop to the last bit.
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`] if the columns here are not the rows there. Entries that overflow are infinite.
    pub fn times(&self, other: &Self) -> Result<Self, MathError> {
        self.check_inner(other.rows)?;
        if self.rows >= BAND {
            return Ok(self.product(&Packed::new(other)));
        }
        // Too few rows to repay the packing.
        let mut out = Self::zeros(self.rows, other.columns);
        for (i, out) in out.entries.chunks_exact_mut(other.columns.max(1)).enumerate() {
            for (x, row) in self.row(i).iter().zip(other.entries.chunks_exact(other.columns)) {
                for (sum, y) in out.iter_mut().zip(row) {
                    *sum += x * y;
                }
            }
        }
        Ok(out)
    }

    /// `self·otherᵀ`, as [`Matrix::times`].
    ///
    /// # Errors
    /// [`MathError::ShapeMismatch`] if the columns are not as many.
    pub fn times_transposed(&self, other: &Self) -> Result<Self, MathError> {
        self.check_inner(other.columns)?;
        if self.rows >= BAND {
            return Ok(self.product(&Packed::transposed(other)));
        }
        let mut out = Self::zeros(self.rows, other.rows);
        for (i, out) in out.entries.chunks_exact_mut(other.rows.max(1)).enumerate() {
            let x = self.row(i);
            for (four, sums) in out.chunks_mut(BAND).enumerate() {
                let rows: [&[f64]; BAND] = std::array::from_fn(|row| other.row(BAND * four + row));
                match sums.first_chunk_mut::<BAND>() {
                    // Four sums at a time, for each waits for itself.
                    Some(sums) => {
                        for (k, x) in x.iter().enumerate() {
                            for (sum, row) in sums.iter_mut().zip(rows) {
                                *sum += x * row[k];
                            }
                        }
                    }
                    None => {
                        for (sum, row) in sums.iter_mut().zip(rows) {
                            *sum = dot(x, row);
                        }
                    }
                }
            }
        }
        Ok(out)
    }

    fn check_inner(&self, found: usize) -> Result<(), MathError> {
        if self.columns == found {
            return Ok(());
        }
        Err(MathError::ShapeMismatch { field: "right factor", expected: self.columns, found })
    }

    fn product(&self, other: &Packed) -> Self {
        let mut out = Self::zeros(self.rows, other.columns);
        other.accumulate(&self.entries, &mut out.entries);
        out
    }

    /// `self·otherᵀ` as [`Matrix::times_transposed`] up to the diagonal; above it some entries, or 0.
    pub(crate) fn times_transposed_lower(&self, other: &Self) -> Result<Self, MathError> {
        self.check_inner(other.columns)?;
        let mut out = Self::zeros(self.rows, other.rows);
        Packed::transposed(other).bands(&self.entries, &mut out.entries, |rows| (rows, usize::MAX));
        Ok(out)
    }

    /// `self·other` as [`Matrix::times`], where the entries above the diagonal are 0 here.
    pub(crate) fn lower_times(&self, other: &Self) -> Result<Self, MathError> {
        self.check_inner(other.rows)?;
        let mut out = Self::zeros(self.rows, other.columns);
        Packed::new(other).bands(&self.entries, &mut out.entries, |rows| (usize::MAX, rows));
        Ok(out)
    }

    /// The transpose.
    #[must_use]
    pub fn transpose(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |row, column| self.entries[column * self.columns + row])
    }

    /// This matrix and, to its right, another of as many rows.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`] of the rows.
    pub fn beside(&self, right: &Self) -> Result<Self, MathError> {
        if self.rows != right.rows {
            return Err(MathError::LengthMismatch { left: self.rows, right: right.rows });
        }
        let mut entries = Vec::with_capacity(self.entries.len() + right.entries.len());
        for i in 0..self.rows {
            entries.extend_from_slice(self.row(i));
            entries.extend_from_slice(right.row(i));
        }
        Ok(Self { rows: self.rows, columns: self.columns + right.columns, entries })
    }

    /// Each entry mapped.
    #[must_use]
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { rows: self.rows, columns: self.columns, entries: self.entries.iter().map(|&entry| f(entry)).collect() }
    }

    /// The largest `|a − b|` of two matrices of one shape; `NaN` if an entry is.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`] of rows or columns.
    pub fn max_abs_difference(&self, other: &Self) -> Result<f64, MathError> {
        self.check_same_shape(other)?;
        let differences = self.entries.iter().zip(&other.entries).map(|(a, b)| (a - b).abs());
        Ok(differences.fold(0.0, |most, next| if next > most || next.is_nan() { next } else { most }))
    }

    /// `‖a − b‖_F`, the root of the sum of squared differences.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`] of rows or columns.
    pub fn distance(&self, other: &Self) -> Result<f64, MathError> {
        self.check_same_shape(other)?;
        Ok(self.entries.iter().zip(&other.entries).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt())
    }

    /// `‖a‖_F`, the root of the sum of squares.
    pub fn norm(&self) -> f64 {
        self.entries.iter().map(|entry| entry * entry).sum::<f64>().sqrt()
    }

    fn check_same_shape(&self, other: &Self) -> Result<(), MathError> {
        for (left, right) in [(self.rows, other.rows), (self.columns, other.columns)] {
            if left != right {
                return Err(MathError::LengthMismatch { left, right });
            }
        }
        Ok(())
    }

    /// Whether every entry is finite; `field` names the matrix in the error.
    pub(crate) fn check_finite(&self, field: &'static str) -> Result<(), MathError> {
        check_matrix(field, &self.entries, self.rows, self.columns)
    }

    /// Whether the shape is the one asked for.
    pub(crate) fn check_shape(&self, field: &'static str, rows: usize, columns: usize) -> Result<(), MathError> {
        if (self.rows, self.columns) == (rows, columns) {
            return Ok(());
        }
        Err(MathError::ShapeMismatch { field, expected: rows.saturating_mul(columns), found: self.entries.len() })
    }
}

/// Columns of a panel: two registers of two.
const PANEL: usize = 4;

/// Rows of the left factor that share each number read from the right one.
const BAND: usize = 4;

/// A right factor, reordered so that a product reads it from beginning to end.
///
/// Rows of 512 numbers lie a page apart, so reading four columns of each would put them all into one set of the
/// processor's cache.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    inner: usize,
    columns: usize,
    /// Panel by panel, in each row by row; the last panel filled up with zeros.
    panels: Vec<[f64; PANEL]>,
}

impl Packed {
    /// The matrix itself.
    pub(crate) fn new(b: &Matrix) -> Self {
        Self::rows(&b.entries, b.rows, b.columns)
    }

    /// The matrix of these entries, row by row.
    pub(crate) fn rows(entries: &[f64], inner: usize, columns: usize) -> Self {
        let mut panels = vec![[0.0; PANEL]; inner * columns.div_ceil(PANEL)];
        if inner > 0 && columns > 0 {
            for (k, row) in entries.chunks_exact(columns).enumerate() {
                for (panel, part) in panels[k..].iter_mut().step_by(inner).zip(row.chunks(PANEL)) {
                    match part.first_chunk::<PANEL>() {
                        Some(part) => *panel = *part,
                        None => panel[..part.len()].copy_from_slice(part),
                    }
                }
            }
        }
        Self { inner, columns, panels }
    }

    /// Its transpose.
    pub(crate) fn transposed(b: &Matrix) -> Self {
        let (inner, columns) = (b.columns, b.rows);
        let mut panels = vec![[0.0; PANEL]; inner * columns.div_ceil(PANEL)];
        if inner > 0 {
            for (panels, rows) in panels.chunks_exact_mut(inner).zip(b.entries.chunks(PANEL * inner)) {
                for (lane, row) in rows.chunks_exact(inner).enumerate() {
                    for (panel, &entry) in panels.iter_mut().zip(row) {
                        panel[lane] = entry;
                    }
                }
            }
        }
        Self { inner, columns, panels }
    }

    /// Adds `a·b` to `out`; rows of `a` have `inner` numbers, those of `out` as many as `b` has columns.
    pub(crate) fn accumulate(&self, a: &[f64], out: &mut [f64]) {
        self.bands(a, out, |_| (usize::MAX, usize::MAX));
    }

    /// The same, only as far as asked for: from the number of rows so far, how many columns and how many terms are enough.
    fn bands(&self, a: &[f64], out: &mut [f64], enough: impl Fn(usize) -> (usize, usize)) {
        if self.inner == 0 || self.columns == 0 {
            return;
        }
        let mut rows = 0;
        for (a, out) in a.chunks(BAND * self.inner).zip(out.chunks_mut(BAND * self.columns)) {
            rows += BAND;
            if a.len() == BAND * self.inner {
                self.band::<BAND>(a, out, enough(rows));
            } else {
                for (a, out) in a.chunks_exact(self.inner).zip(out.chunks_exact_mut(self.columns)) {
                    self.band::<1>(a, out, enough(rows));
                }
            }
        }
    }

    fn band<const ROWS: usize>(&self, a: &[f64], out: &mut [f64], (columns, terms): (usize, usize)) {
        let terms = terms.min(self.inner);
        let a: [&[f64]; ROWS] = std::array::from_fn(|row| &a[row * self.inner..][..terms]);
        for (index, panel) in self.panels.chunks_exact(self.inner).enumerate().take(columns.div_ceil(PANEL)) {
            let first = index * PANEL;
            let width = PANEL.min(self.columns - first);
            let mut sums = [[f64x2::ZERO; 2]; ROWS];
            for (row, sum) in sums.iter_mut().enumerate() {
                let mut begin = [0.0; PANEL];
                let at = row * self.columns + first;
                begin[..width].copy_from_slice(&out[at..at + width]);
                *sum = bytemuck::cast(begin);
            }
            for (k, b) in panel[..terms].iter().enumerate() {
                let [low, high]: [f64x2; 2] = bytemuck::cast(*b);
                for (sum, a) in sums.iter_mut().zip(a) {
                    let x = f64x2::splat(a[k]);
                    sum[0] += x * low;
                    sum[1] += x * high;
                }
            }
            for (row, sum) in sums.into_iter().enumerate() {
                let end: [f64; PANEL] = bytemuck::cast(sum);
                let at = row * self.columns + first;
                out[at..at + width].copy_from_slice(&end[..width]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_every_shape_are_the_triple_loop_to_the_last_bit() {
        let mut rng = SplitMix64::new(5);
        for rows in [0, 1, 3, 4, 5, 8, 9] {
            for inner in [0, 1, 2, 7] {
                for columns in [0, 1, 3, 4, 5, 8, 11] {
                    let a = Matrix::normal(rows, inner, 1.0, &mut rng);
                    let b = Matrix::normal(inner, columns, 1.0, &mut rng);
                    let plain = Matrix::from_fn(rows, columns, |i, j| {
                        a.row(i).iter().enumerate().fold(0.0, |sum, (k, x)| sum + x * b.row(k)[j])
                    });
                    assert_eq!(a.times(&b), Ok(plain.clone()), "{rows} {inner} {columns}");
                    assert_eq!(a.times_transposed(&b.transpose()), Ok(plain.clone()));
                    let lower = a.times_transposed_lower(&b.transpose()).expect("fits");
                    for row in 0..rows {
                        let upto = columns.min(row + 1);
                        assert_eq!(lower.row(row)[..upto], plain.row(row)[..upto]);
                    }
                    let low = Matrix::from_fn(rows, inner, |i, k| if k <= i { a.row(i)[k] } else { 0.0 });
                    assert_eq!(low.lower_times(&b), low.times(&b), "{rows} {inner} {columns}");
                }
            }
        }
    }

    #[test]
    fn shapes_that_do_not_fit_are_told() {
        let (a, b) = (Matrix::zeros(2, 3), Matrix::zeros(2, 3));
        assert_eq!(a.times(&b), Err(MathError::ShapeMismatch { field: "right factor", expected: 3, found: 2 }));
        assert_eq!(a.times_transposed(&Matrix::zeros(3, 2)), a.times(&b));
        assert_eq!(a.beside(&Matrix::zeros(3, 3)), Err(MathError::LengthMismatch { left: 2, right: 3 }));
        assert_eq!(a.distance(&a.transpose()), Err(MathError::LengthMismatch { left: 2, right: 3 }));
        let short = Matrix::new("Wc", 2, 2, vec![0.0; 3]);
        assert_eq!(short, Err(MathError::ShapeMismatch { field: "Wc", expected: 4, found: 3 }));
        let bad = Matrix::new("Wc", 1, 2, vec![0.0, f64::INFINITY]);
        assert_eq!(bad, Err(MathError::EntryNotFinite { field: "Wc", index: 1, value: f64::INFINITY }));
    }

    #[test]
    fn the_largest_difference_does_not_swallow_what_is_not_a_number() {
        let a = Matrix::from_fn(1, 3, |_, j| if j == 1 { f64::NAN } else { 0.0 });
        assert!(a.max_abs_difference(&Matrix::zeros(1, 3)).is_ok_and(f64::is_nan));
    }
}
