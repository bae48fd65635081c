//! What a figure needs of a plotters backend beyond plotters' own trait; everything has a fall-back.

use plotters::prelude::{DrawingBackend, RGBColor};
use plotters::style::{Color as _, ShapeStyle, TextStyle};
use plotters_backend::{BackendCoord, DrawingErrorKind};

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

/// The backend could not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// A [`Surface`] whose type is hidden: a page draws on canvases and into files, and drawing is compiled once for both, which makes the
/// program a fiftieth smaller. Each of its functions is that of the backend.
#[expect(clippy::missing_errors_doc, reason = "each has those of the backend")]
pub trait Brush {
    /// Width and height, device pixels.
    fn size(&self) -> (u32, u32);
    /// See [`Surface::polyline`].
    fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke, pattern: &[f64]) -> bool;
    /// See [`Surface::picture`].
    fn picture(&mut self, pixels: &Pixels, edges: (i32, i32, i32, i32)) -> Result<(), Refused>;
    /// A full rectangle.
    fn rect(&mut self, low: BackendCoord, high: BackendCoord, style: &ShapeStyle) -> Result<(), Refused>;
    /// A line through points.
    fn path(&mut self, points: &[BackendCoord], style: &ShapeStyle) -> Result<(), Refused>;
    /// A full circle.
    fn circle(&mut self, centre: BackendCoord, radius: u32, style: &ShapeStyle) -> Result<(), Refused>;
    /// A full polygon.
    fn polygon(&mut self, corners: &[BackendCoord], style: &ShapeStyle) -> Result<(), Refused>;
    /// Words.
    fn text(&mut self, words: &str, style: &TextStyle<'_>, at: BackendCoord) -> Result<(), Refused>;
    /// The picture is complete.
    fn present(&mut self) -> Result<(), Refused>;
}

impl<S: Surface> Brush for S {
    fn size(&self) -> (u32, u32) {
        self.get_size()
    }

    fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke, pattern: &[f64]) -> bool {
        Surface::polyline(self, points, stroke, pattern)
    }

    fn picture(&mut self, pixels: &Pixels, edges: (i32, i32, i32, i32)) -> Result<(), Refused> {
        Surface::picture(self, pixels, edges).map_err(refused)
    }

    fn rect(&mut self, low: BackendCoord, high: BackendCoord, style: &ShapeStyle) -> Result<(), Refused> {
        self.draw_rect(low, high, style, true).map_err(refused)
    }

    fn path(&mut self, points: &[BackendCoord], style: &ShapeStyle) -> Result<(), Refused> {
        self.draw_path(points.iter().copied(), style).map_err(refused)
    }

    fn circle(&mut self, centre: BackendCoord, radius: u32, style: &ShapeStyle) -> Result<(), Refused> {
        self.draw_circle(centre, radius, style, true).map_err(refused)
    }

    fn polygon(&mut self, corners: &[BackendCoord], style: &ShapeStyle) -> Result<(), Refused> {
        self.fill_polygon(corners.iter().copied(), style).map_err(refused)
    }

    fn text(&mut self, words: &str, style: &TextStyle<'_>, at: BackendCoord) -> Result<(), Refused> {
        self.draw_text(words, style, at).map_err(refused)
    }

    fn present(&mut self) -> Result<(), Refused> {
        DrawingBackend::present(self).map_err(refused)
    }
}

fn refused<E: std::error::Error + Send + Sync>(_: DrawingErrorKind<E>) -> Refused {
    Refused
}
