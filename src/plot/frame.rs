//! Where a figure's numbers lie on a surface: margins, and the map from data to pixels and back.
//!
//! Data: x to the right, y up. Pixels: x to the right, y **down**, device pixels, origin at the upper left.

use crate::contract::figure::{Along, Axis, AxisScale, Figure, Point, Shape, Ticks};
use crate::contract::text::Lang;

use super::ticks::ticks;

/// Width below which labels at line ends move inside the plot, CSS pixels.
const NARROW: f64 = 440.0;

/// The place of the plot on its surface, device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Left edge of the plot.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Width and height of the whole surface.
    pub size: (f64, f64),
    /// Device pixels a CSS pixel.
    pub scale: f64,
    /// The number of labels that the vertical axis has room for.
    pub rows: usize,
    /// Whether labels of line ends stand to the right of the plot, or inside it.
    pub gutter: bool,
    x: (f64, f64, AxisScale),
    y: (f64, f64, AxisScale),
}

impl Frame {
    /// Lays a figure out on a surface of `width × height` device pixels at `scale` device pixels a CSS pixel.
    pub fn new(figure: &Figure, (width, height): (f64, f64), scale: f64, type_size: f64, lang: Lang) -> Self {
        let letter = LETTER * type_size * scale;
        let x_axis = figure.x.ticks != Ticks::None;
        let mut top = 12.0 * scale;
        let mut bottom = height - if x_axis { type_size * scale * 1.9 } else { 8.0 * scale };
        let rows = (((bottom - top) / (scale * type_size * 3.0)) as usize).clamp(2, 6);
        let y_labels = ticks(&figure.y, rows).iter().map(|(_, label)| label.chars().count()).max();
        let ends = figure.marks.iter().filter_map(|mark| match &mark.shape {
            Shape::Ends(labels) => labels.iter().map(|label| label.1.get(lang).chars().map(wide).sum::<f64>()).reduce(f64::max),
            _ => None,
        });
        let ends = ends.reduce(f64::max);
        let gutter = ends.is_some() && width / scale >= NARROW;
        let mut left = y_labels.map_or(4.0 * scale, |n| letter * n as f64 + 10.0 * scale).max(12.0 * scale);
        // As wide as the renderer takes them to be at most, or it would push them into the plot.
        let mut right = width - if gutter { 1.15 * letter * ends.unwrap_or(0.0) + 14.0 * scale } else { 14.0 * scale };
        if figure.equal {
            let unit = ((right - left) / (figure.x.to - figure.x.from)).min((bottom - top) / (figure.y.to - figure.y.from));
            let spare_x = (right - left) - unit * (figure.x.to - figure.x.from);
            let spare_y = (bottom - top) - unit * (figure.y.to - figure.y.from);
            (left, right) = (left + spare_x / 2.0, right - spare_x / 2.0);
            (top, bottom) = (top + spare_y / 2.0, bottom - spare_y / 2.0);
        }
        right = right.max(left + 1.0);
        bottom = bottom.max(top + 1.0);
        let ends =
            |axis: &Axis| if axis.is_reversed { (axis.to, axis.from, axis.scale) } else { (axis.from, axis.to, axis.scale) };
        Self { left, top, right, bottom, size: (width, height), scale, rows, gutter, x: ends(&figure.x), y: ends(&figure.y) }
    }

    /// Pixels of a point, far points pulled to just outside so that coordinates stay small.
    pub fn pixel(&self, (x, y): Point) -> (f64, f64) {
        let far = 4.0 * (self.right - self.left).max(self.bottom - self.top);
        let px = self.left + part(self.x, x) * (self.right - self.left);
        let py = self.bottom - part(self.y, y) * (self.bottom - self.top);
        (px.clamp(self.left - far, self.right + far), py.clamp(self.top - far, self.bottom + far))
    }

    /// Where a point lies as parts of the surface: what stands there stays there while the surface grows or shrinks.
    pub fn part(&self, point: Point) -> (f64, f64) {
        let pixel = self.pixel(point);
        (pixel.0 / self.size.0, pixel.1 / self.size.1)
    }

    /// The data coordinates of a pixel.
    pub fn data(&self, (px, py): (f64, f64)) -> Point {
        let x = whole(self.x, (px - self.left) / (self.right - self.left));
        let y = whole(self.y, (self.bottom - py) / (self.bottom - self.top));
        (x, y)
    }

    /// One coordinate of a point.
    pub fn along(along: Along, (x, y): Point) -> f64 {
        match along {
            Along::X => x,
            Along::Y => y,
        }
    }
}

/// Width of a digit, parts of the size of the type.
const LETTER: f64 = 0.56;

/// About how long words are, parts of the size of their type.
pub fn length(words: &str) -> f64 {
    LETTER * words.chars().map(wide).sum::<f64>()
}

/// Widths of letters in units of a digit: Chinese counts two.
fn wide(letter: char) -> f64 {
    if (letter as u32) >= 0x2E80 { 1.8 } else { 1.0 }
}

fn part((from, to, scale): (f64, f64, AxisScale), at: f64) -> f64 {
    match scale {
        AxisScale::Linear | AxisScale::Power => (at - from) / (to - from),
        AxisScale::Log => (at.max(f64::MIN_POSITIVE) / from).ln() / (to / from).ln(),
    }
}

fn whole((from, to, scale): (f64, f64, AxisScale), part: f64) -> f64 {
    match scale {
        AxisScale::Linear | AxisScale::Power => from + part * (to - from),
        AxisScale::Log => from * (to / from).powf(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_data_are_inverse_on_both_scales() {
        let figure = Figure { x: Axis::log(0.01, 10.0), y: Axis::linear(-2.0, 3.0), ..Figure::default() };
        let frame = Frame::new(&figure, (800.0, 500.0), 2.0, 12.0, Lang::En);
        for point in [(0.01, -2.0), (1.0, 0.0), (10.0, 3.0), (0.3, 2.5)] {
            let back = frame.data(frame.pixel(point));
            assert!((back.0 / point.0 - 1.0).abs() < 1e-9 && (back.1 - point.1).abs() < 1e-9, "{point:?} {back:?}");
        }
    }

    #[test]
    fn an_axis_that_runs_downwards_has_its_low_end_above() {
        let figure = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(2.0, 5.0).downwards(), ..Figure::default() };
        let frame = Frame::new(&figure, (800.0, 500.0), 2.0, 12.0, Lang::En);
        assert!(frame.pixel((0.0, 2.0)).1 < frame.pixel((0.0, 5.0)).1);
        assert!((frame.data(frame.pixel((0.5, 3.0))).1 - 3.0).abs() < 1e-9);
    }

    #[test]
    fn equal_axes_have_equal_units() {
        let figure = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), equal: true, ..Figure::default() };
        let frame = Frame::new(&figure, (900.0, 400.0), 1.0, 12.0, Lang::En);
        let (a, b, c) = (frame.pixel((0.0, 0.0)), frame.pixel((1.0, 0.0)), frame.pixel((0.0, 1.0)));
        assert!(((b.0 - a.0) - (a.1 - c.1)).abs() < 1e-9);
    }

    #[test]
    fn a_far_point_stays_drawable() {
        let figure = Figure { x: Axis::linear(0.0, 1.0), y: Axis::linear(0.0, 1.0), ..Figure::default() };
        let frame = Frame::new(&figure, (900.0, 400.0), 1.0, 12.0, Lang::En);
        assert!(frame.pixel((1e300, -1e300)).1.abs() < 1e5);
    }
}
