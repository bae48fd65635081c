//! Lattices of positions: affine maps from frame, row and column to coordinates.

use crate::rational::{Rational, least_common_multiple, quotient};

/// One coordinate of a patch: `first + f·step[0] + r·step[1] + c·step[2]`.
///
/// Frame `f`, row `r` and column `c` count from 0. Every layout of this crate is one such form for each
/// axis, for texts too (one frame, one row).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AffineForm {
    /// The coordinate of the first patch.
    pub first: Rational,
    /// What a frame, a row and a column add.
    pub step: [Rational; 3],
}

impl AffineForm {
    /// The same coordinate for every patch.
    pub const fn constant(first: Rational) -> Self {
        Self { first, step: [Rational::ZERO; 3] }
    }

    /// Adds `step` with one of the indices: 0 frame, 1 row, 2 column.
    pub(crate) const fn along(mut self, index: usize, step: Rational) -> Self {
        self.step[index] = step;
        self
    }

    /// Adds `step` with every patch of a grid of `h × w` patches a frame, in reading order.
    pub(crate) fn in_reading_order(first: Rational, step: Rational, [_, h, w]: [u32; 3]) -> Self {
        let row = Rational::from(w) * step;
        Self { first, step: [Rational::from(h) * row, row, step] }
    }

    /// The exact coordinate of the patch `[f, r, c]`.
    pub fn at(&self, patch: [u32; 3]) -> Rational {
        self.step.iter().zip(patch).fold(self.first, |sum, (&step, index)| sum + step * Rational::from(index))
    }

    /// The exact coordinate of the last patch of a grid.
    pub fn last(&self, shape: [u32; 3]) -> Rational {
        self.at(shape.map(|size| size.saturating_sub(1)))
    }

    /// Whether the coordinate goes on by the step of a column from the end of a row to the next row and
    /// from frame to frame.
    pub(crate) fn is_in_reading_order(&self, [t, h, w]: [u32; 3]) -> bool {
        let [frame, row, column] = self.step;
        let whole_row = Rational::from(w) * column;
        (h == 1 || row == whole_row) && (t == 1 || frame == Rational::from(h) * whole_row)
    }

    /// Appends the coordinates of a whole grid in reading order, each rounded once.
    pub(crate) fn extend(&self, [t, h, w]: [u32; 3], out: &mut Vec<f64>) {
        // On a common denominator nothing needs reducing.
        let denominator =
            self.step.iter().fold(self.first.denominator(), |all, step| least_common_multiple(all, step.denominator()));
        let [frame_step, row_step, column_step] = self.step.map(|step| step.numerator_over(denominator));
        let first = self.first.numerator_over(denominator);
        for frame in 0..i128::from(t) {
            for row in 0..i128::from(h) {
                let begin = first + frame * frame_step + row * row_step;
                out.extend((0..i128::from(w)).map(|column| quotient(begin + column * column_step, denominator)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_filled_with_the_exact_coordinates() {
        let third = Rational::ONE.over(3);
        let form = AffineForm::constant(-Rational::HALF).along(0, Rational::integer(10)).along(1, third).along(2, third.over(5));
        let shape = [2, 3, 4];
        let mut filled = Vec::new();
        form.extend(shape, &mut filled);
        let mut expected = Vec::new();
        for f in 0..2 {
            for r in 0..3 {
                expected.extend((0..4).map(|c| form.at([f, r, c]).to_f64()));
            }
        }
        assert_eq!(filled, expected);
        assert_eq!(form.last(shape), form.at([1, 2, 3]));
        assert_eq!(form.last(shape).to_string(), "311/30");
    }

    #[test]
    fn reading_order_is_recognised() {
        let shape = [2, 3, 4];
        let form = AffineForm::in_reading_order(Rational::ONE, Rational::HALF, shape);
        assert!(form.is_in_reading_order(shape));
        assert_eq!(form.last(shape).to_string(), "25/2");
        assert!(!form.is_in_reading_order([2, 4, 4]));
        // Steps that are never taken do not matter: a text is a row.
        assert!(AffineForm::constant(Rational::ONE).along(2, Rational::ONE).is_in_reading_order([1, 1, 9]));
        assert!(!AffineForm::constant(Rational::ONE).along(1, Rational::ONE).is_in_reading_order(shape));
    }
}
