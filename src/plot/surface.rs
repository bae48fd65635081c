//! What a figure needs of a plotters backend beyond plotters' own trait; everything has a fall-back.

use plotters::prelude::{DrawingBackend, RGBColor};
use plotters::style::{Color as _, ShapeStyle};
use plotters_backend::DrawingErrorKind;

use super::heat::Pixels;
use super::theme::Stroke;

/// A plotters backend that may know points between pixels, dashes and pictures.
pub trait Surface: DrawingBackend {
    /// Strokes a line through points; all lengths are device pixels, an empty pattern is a full line.
    ///
    /// Points between pixels look better than whole ones, and cost less: rounding gives a smooth line a thousand little corners, each
    /// with its round join (a third of a redraw, by `cargo xtask bench`).
    ///
    /// Returns whether the backend could. If not, the caller rounds the points and cuts the dashes.
    fn polyline(&mut self, _points: &[(f64, f64)], _stroke: Stroke, _pattern: &[f64]) -> bool {
        false
    }

    /// Puts a picture into a rectangle (left, top, right, bottom), each of its pixels a sharp block.
    ///
    /// The fall-back draws rectangles, neighbours of one colour as one.
    ///
    /// # Errors
    ///
    /// Those of the backend.
    fn picture(
        &mut self,
        pixels: &Pixels,
        (left, top, right, bottom): (i32, i32, i32, i32),
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        let x = |column: usize| left + (f64::from(right - left) * column as f64 / pixels.columns as f64).round() as i32;
        let y = |row: usize| top + (f64::from(bottom - top) * row as f64 / pixels.rows as f64).round() as i32;
        for row in 0..pixels.rows {
            let mut start = 0;
            while start < pixels.columns {
                let colour = pixels.colour(start, row);
                let mut end = start + 1;
                while end < pixels.columns && pixels.colour(end, row) == colour {
                    end += 1;
                }
                let style: ShapeStyle = RGBColor(colour.0, colour.1, colour.2).filled();
                // A hair beyond each edge, for else the paper shines through between neighbours.
                self.draw_rect((x(start), y(row)), ((x(end) + 1).min(right), (y(row + 1) + 1).min(bottom)), &style, true)?;
                start = end;
            }
        }
        Ok(())
    }
}
