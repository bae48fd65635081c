//! Fields of values as pixels.

use std::cell::RefCell;

use crate::contract::figure::{Grid, Ramp};

use super::colour::{mix, oklab};
use super::theme::{Rgb, Theme};

/// A small picture, row 0 at the **top**, four bytes a pixel: red, green, blue, 255.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// `rows × columns × 4` bytes.
    pub rgba: Vec<u8>,
}

impl Pixels {
    /// The colour of a pixel, row 0 at the top.
    pub fn colour(&self, column: usize, row: usize) -> Rgb {
        let at = 4 * (row * self.columns + column);
        self.rgba.get(at..at + 3).map_or((0, 0, 0), |c| (c[0], c[1], c[2]))
    }
}

/// Colours a grid by its ramp; the paper of the theme is the low end of a sequential ramp and the middle of a diverging one.
/// Row 0 of the grid comes last, at the bottom, unless it stands on an axis that runs downwards.
pub fn pixels(grid: &Grid, theme: &Theme, is_downwards: bool) -> Pixels {
    let table = ramp(grid.ramp, theme);
    let (gain, offset) = gain(grid.ramp);
    let mut rgba = vec![0; 4 * grid.values.len()];
    let lines = rgba.as_chunks_mut::<4>().0.chunks_exact_mut(grid.columns.max(1));
    for (at, line) in lines.enumerate() {
        let row = if is_downwards { at } else { grid.rows - 1 - at };
        for (pixel, value) in line.iter_mut().zip(&grid.values[row * grid.columns..]) {
            // A cast to `u8` stays within 0 to 255 by itself.
            *pixel = table[usize::from((value * gain + offset) as u8)];
        }
    }
    Pixels { columns: grid.columns, rows: grid.rows, rgba }
}

/// In which colour a number is written on the colour of its value: ink or paper, whichever is farther from it.
pub fn ink(grid: &Grid, value: f32, theme: &Theme) -> Rgb {
    let (gain, offset) = gain(grid.ramp);
    let ground = shade(f64::from((value * gain + offset) as u8) / 255.0, grid.ramp, theme);
    let [ground, ink, paper] = [ground, theme.ink, theme.paper].map(|colour| oklab(colour)[0]);
    if (ink - ground).abs() >= (paper - ground).abs() { theme.ink } else { theme.paper }
}

/// Factor and summand that take a value to its place on the ramp, 0 to 255, to be rounded down.
fn gain(ramp: Ramp) -> (f32, f32) {
    let (lo, hi) = match ramp {
        Ramp::Sequential(lo, hi) => (lo, hi),
        Ramp::Diverging(limit) => (-limit, limit),
    };
    let gain = 255.0 / (hi - lo);
    (gain as f32, (0.5 - lo * gain) as f32)
}

/// The colours of a ramp, 256 of them, four bytes each. Those of the last ramp are kept: while something is dragged it is the same
/// one again and again, and 256 mixtures cost as much as the picture.
fn ramp(ramp: Ramp, theme: &Theme) -> [[u8; 4]; 256] {
    type Table = (bool, &'static str, [[u8; 4]; 256]);
    thread_local! {
        static LAST: RefCell<Option<Table>> = const { RefCell::new(None) };
    }
    let is_diverging = matches!(ramp, Ramp::Diverging(_));
    LAST.with_borrow_mut(|last| match last {
        Some((kind, key, table)) if *kind == is_diverging && *key == theme.key => *table,
        _ => {
            let table = std::array::from_fn(|at| {
                let (r, g, b) = shade(at as f64 / 255.0, ramp, theme);
                [r, g, b, 255]
            });
            *last = Some((is_diverging, theme.key, table));
            table
        }
    })
}

/// The colour at a part of the ramp. Mixed in Oklab, so that equal parts look equally far apart.
fn shade(part: f64, ramp: Ramp, theme: &Theme) -> Rgb {
    match ramp {
        Ramp::Sequential(..) => mix(theme.field.0, theme.field.1, part),
        Ramp::Diverging(_) if part < 0.5 => mix(theme.field.0, theme.a, 1.0 - 2.0 * part),
        Ramp::Diverging(_) => mix(theme.field.0, theme.accent, 2.0 * part - 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::figure::Caption;

    #[test]
    fn row_zero_of_a_grid_is_drawn_at_the_bottom() {
        let grid = Grid {
            columns: 1,
            rows: 2,
            values: vec![0.0, 1.0],
            x: (0.0, 1.0),
            y: (0.0, 1.0),
            ramp: Ramp::Sequential(0.0, 1.0),
            name: Caption::from("f"),
        };
        let drawn = pixels(&grid, &Theme::LIGHT, false);
        assert_ne!(drawn.colour(0, 0), drawn.colour(0, 1));
        let off = drawn.colour(0, 1).0.abs_diff(Theme::LIGHT.field.0.0);
        assert!(off <= 1, "the low value is the paper, below");
        assert_eq!(
            pixels(&grid, &Theme::LIGHT, true).colour(0, 0),
            drawn.colour(0, 1),
            "and above where the axis runs downwards"
        );
    }
}
