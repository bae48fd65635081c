//! The only drawing: marks of a figure onto a plotters backend. Page and exported file show the same.

use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use yansuan_math::order::order_descending;

use crate::contract::figure::{Along, Anchor, Bar, Dot, EndLabel, Figure, Grid, Mark, Point, Role, Shape, Ticks};
use crate::contract::number;
use crate::contract::text::Lang;

use super::frame::{Frame, length};
use super::heat;
use super::surface::{Brush, Refused};
use super::theme::{Rgb, Stroke, Theme};
use super::ticks::ticks;

/// Fonts of figures; the page's own text uses the same.
pub const FONTS: &str = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif";

/// How a figure is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Its colours.
    pub theme: &'a Theme,
    /// The language of its words.
    pub lang: Lang,
    /// Device pixels a CSS pixel.
    pub scale: f64,
    /// The term that is lit, if any.
    pub lit: Option<&'a str>,
}

type Result = std::result::Result<(), Refused>;

/// Draws a figure on the whole surface and returns where it lies.
///
/// # Errors
///
/// Those of the backend.
pub fn render(surface: &mut dyn Brush, figure: &Figure, look: Look<'_>) -> std::result::Result<Frame, Refused> {
    let (width, height) = surface.size();
    let frame = Frame::new(figure, (f64::from(width), f64::from(height)), look.scale, look.theme.type_size, look.lang);
    surface.rect((0, 0), (width as i32, height as i32), &fill(look.theme.paper))?;
    let is_crowded = !frame.gutter && figure.marks.iter().any(|mark| matches!(mark.shape, Shape::Ends(_)));
    // In half pixels, so that a move of a slider seldom needs another font.
    let row_size = (2.0 * look.theme.type_size * crowding(figure, &frame, look)).floor() / 2.0;
    let mut pen = Pen { surface, frame, look, width: f64::from(width), is_crowded, row_size };
    for mark in figure.marks.iter().filter(|mark| mark.shape.grid().is_some()) {
        pen.mark(mark)?;
    }
    pen.axes(figure)?;
    for mark in figure.marks.iter().filter(|mark| mark.shape.grid().is_none()) {
        pen.mark(mark)?;
    }
    surface.present()?;
    Ok(frame)
}

struct Pen<'a> {
    surface: &'a mut dyn Brush,
    frame: Frame,
    look: Look<'a>,
    /// Width of the surface, device pixels.
    width: f64,
    /// Whether labels of line ends stand inside the plot, so that labels above dots would meet them.
    is_crowded: bool,
    /// Type size of labels that stand in rows, such as the numbers in a matrix, CSS pixels.
    row_size: f64,
}

/// How much smaller labels in a row must be to keep apart: 1 where they have room.
fn crowding(figure: &Figure, frame: &Frame, look: Look<'_>) -> f64 {
    let mut row: Vec<(f64, f64, f64)> = Vec::new();
    for mark in &figure.marks {
        if let Shape::Label(at, caption, Anchor::Middle) = &mark.shape {
            let (x, y) = frame.pixel(*at);
            row.push((y.round(), x, length(caption.get(look.lang)) * look.theme.type_size * frame.scale));
        }
    }
    // Pairs instead of a sorted list: they are few, and sorting is 2 KB of program.
    let mut least = 1.0_f64;
    for (y, x, reach) in &row {
        for other in row.iter().filter(|other| other.0 == *y && other.1 > *x) {
            least = least.min((other.1 - x) / (0.55 * (reach + other.2)));
        }
    }
    least.max(0.5)
}

impl Pen<'_> {
    fn axes(&mut self, figure: &Figure) -> Result {
        let Frame { left, right, bottom, scale, .. } = self.frame;
        let theme = self.look.theme;
        let has_field = figure.marks.iter().any(|mark| mark.shape.grid().is_some());
        for (at, label) in ticks(&figure.y, self.frame.rows) {
            let y = self.frame.pixel((figure.x.from, at)).1;
            if !has_field {
                self.hairline((left, y), (right, y))?;
            }
            self.text(&label, (left - 6.0 * scale, y), HPos::Right, VPos::Center, theme.muted)?;
        }
        let letters = match &figure.x.ticks {
            Ticks::At(given) => given.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(1),
            _ => 4,
        };
        let room_x = (((right - left) / (scale * theme.type_size * (0.6 * letters as f64 + 1.2))) as usize).clamp(2, 9);
        let places = ticks(&figure.x, room_x);
        let stride = if matches!(figure.x.ticks, Ticks::At(_)) { places.len().div_ceil(room_x.max(1) * 2).max(1) } else { 1 };
        for (at, label) in places.into_iter().step_by(stride) {
            let x = self.frame.pixel((at, figure.y.from)).0;
            self.text(&label, (x, bottom + 6.0 * scale), HPos::Center, VPos::Top, theme.muted)?;
        }
        if figure.x.ticks != Ticks::None {
            self.line(&[(left, bottom), (right, bottom)], Stroke { colour: theme.edge, width: theme.weight, dash: &[] })?;
        }
        Ok(())
    }

    fn mark(&mut self, mark: &Mark) -> Result {
        let theme = self.look.theme;
        let mut stroke = theme.stroke(mark.role);
        let is_lit = mark.term.is_some() && mark.term == self.look.lit;
        if is_lit {
            stroke.width *= 2.0;
        }
        match &mark.shape {
            Shape::Line(points) => self.curve(points, stroke),
            Shape::Dots(points, dot) => self.dots(points, *dot, stroke.colour),
            Shape::Area(points, base) => {
                let lower = points.iter().rev().map(|p| (p.0, *base));
                self.region(points.iter().copied().chain(lower), stroke.colour, 0.22)
            }
            Shape::Bars(bars) => {
                self.bars(bars, mark.role, stroke.colour)?;
                if is_lit { self.outline(bars.iter(), theme.stroke(Role::Truth)) } else { Ok(()) }
            }
            Shape::Cells(cells) => self.outline(cells.iter().map(|(bar, _)| bar), stroke),
            Shape::Ground(bars) => bars.iter().try_for_each(|bar| self.rect(*bar, fill(theme.ground))),
            Shape::Stems(points, base) => points.iter().try_for_each(|p| self.curve(&[(p.0, *base), *p], stroke)),
            Shape::Band(rows) => {
                let upper = rows.iter().map(|r| (r.0, r.2));
                let lower = rows.iter().rev().map(|r| (r.0, r.1));
                self.region(upper.chain(lower), stroke.colour, 0.18)
            }
            Shape::Heat(grid) => self.field(grid),
            Shape::Tiles(grid, never) => {
                self.field(grid)?;
                self.tiles(grid, never)
            }
            Shape::Arrow(from, to) => self.arrow(*from, *to, stroke),
            Shape::Rule(Along::X, at) => {
                let x = self.frame.pixel((*at, 0.0)).0;
                let (top, bottom) = (self.frame.top, self.frame.bottom);
                self.line(&[(x, top), (x, bottom)], stroke)
            }
            Shape::Rule(Along::Y, at) => {
                let y = self.frame.pixel((0.0, *at)).1;
                let (left, right) = (self.frame.left, self.frame.right);
                if y < self.frame.top || y > self.frame.bottom { Ok(()) } else { self.line(&[(left, y), (right, y)], stroke) }
            }
            Shape::Label(_, _, Anchor::Above) if self.is_crowded => Ok(()),
            Shape::Label(at, caption, anchor) => {
                let h = match anchor {
                    Anchor::Start => HPos::Left,
                    Anchor::Middle | Anchor::Above => HPos::Center,
                    Anchor::End => HPos::Right,
                };
                let pixel = self.frame.pixel(*at);
                let gap = 4.0 * self.frame.scale;
                let dx = match anchor {
                    Anchor::Start => gap,
                    Anchor::Middle | Anchor::Above => 0.0,
                    Anchor::End => -gap,
                };
                let lift = if *anchor == Anchor::Above { 2.4 * gap } else { gap };
                // A label at the upper edge is moved in rather than cut.
                let foot = (pixel.1 - lift).max(1.2 * theme.type_size * self.frame.scale);
                let size = if *anchor == Anchor::Middle { self.row_size } else { theme.type_size };
                self.text_of(size, caption.get(self.look.lang), (pixel.0 + dx, foot), h, VPos::Bottom, stroke.colour)
            }
            Shape::Ends(labels) => self.ends(labels),
            Shape::Handle(at, ..) => self.dots(&[*at], Dot::Hollow, stroke.colour),
        }
    }

    #[inline(never)]
    fn field(&mut self, grid: &Grid) -> Result {
        let (low, high) = (self.frame.pixel((grid.x.0, grid.y.0)), self.frame.pixel((grid.x.1, grid.y.1)));
        let (left, top, right, bottom) = sorted(low, high);
        let edges = (left.round() as i32, top.round() as i32, right.round() as i32, bottom.round() as i32);
        // On an axis that runs downwards the first row is the uppermost.
        self.surface.picture(&heat::pixels(grid, self.look.theme, low.1 < high.1), edges)
    }

    /// What makes a field a matrix: a joint between the tiles, the numbers where all of them have room, and what cannot be.
    #[inline(never)]
    fn tiles(&mut self, grid: &Grid, never: &[usize]) -> Result {
        let theme = self.look.theme;
        let scale = self.frame.scale;
        let step = |(from, to): (f64, f64), count: usize| (to - from) / count as f64;
        let (dx, dy) = (step(grid.x, grid.columns), step(grid.y, grid.rows));
        let tile = |at: usize| {
            let (x, y) = (grid.x.0 + dx * (at % grid.columns) as f64, grid.y.0 + dy * (at / grid.columns) as f64);
            Bar { x: (x, x + dx), y: (y, y + dy) }
        };
        let (left, top, right, bottom) = self.corners(tile(0));
        let (width, height) = (right - left, bottom - top);
        if width.min(height) >= 5.0 * scale {
            let joint = Stroke { colour: theme.paper, width: 1.0, dash: &[] };
            let (left, top, right, bottom) = self.corners(Bar { x: grid.x, y: grid.y });
            for column in 1..grid.columns {
                let x = left + width * column as f64;
                self.line(&[(x, top), (x, bottom)], joint)?;
            }
            for row in 1..grid.rows {
                let y = top + height * row as f64;
                self.line(&[(left, y), (right, y)], joint)?;
            }
        }
        never.iter().try_for_each(|at| self.hatch(tile(*at)))?;
        let size = 0.85 * theme.type_size;
        let is_whole = grid.values.iter().all(|value| value.fract() == 0.0);
        let written = |decimals: usize| -> Vec<String> {
            grid.values.iter().map(|value| number::fixed(f64::from(*value), decimals)).collect()
        };
        // One decimal does not do where it makes most of what is not zero look like it.
        let many = |is_told: bool| grid.values.iter().filter(|value| **value != 0.0 && (value.abs() >= 0.05) == is_told).count();
        let decimals: &[usize] = if is_whole {
            &[0]
        } else if many(true) >= many(false) {
            &[2, 1]
        } else {
            &[2]
        };
        let fits = |words: &String| length(words) * size * scale < 0.9 * width;
        let words = decimals.iter().map(|decimals| written(*decimals)).find(|words| words.iter().all(fits));
        let Some(words) = words.filter(|_| 1.25 * size * scale < height) else { return Ok(()) };
        for (at, words) in words.iter().enumerate().filter(|(at, _)| !never.contains(at)) {
            let (left, top, right, bottom) = self.corners(tile(at));
            let ink = heat::ink(grid, grid.values[at], theme);
            let middle = (f64::midpoint(left, right), f64::midpoint(top, bottom));
            self.text_of(size, words, middle, HPos::Center, VPos::Center, ink)?;
        }
        Ok(())
    }

    /// A line through data points, cut to the plot.
    fn curve(&mut self, points: &[Point], stroke: Stroke) -> Result {
        let pixels: Vec<(f64, f64)> = points.iter().map(|p| self.frame.pixel(*p)).collect();
        for run in clip(&pixels, self.frame.top - 2.0 * self.frame.scale, self.frame.bottom + 2.0 * self.frame.scale) {
            self.line(&run, stroke)?;
        }
        Ok(())
    }

    /// A line through pixels, dashed by the backend or here.
    fn line(&mut self, points: &[(f64, f64)], stroke: Stroke) -> Result {
        let width = (stroke.width * self.frame.scale).max(1.0);
        let pattern: Vec<f64> = stroke.dash.iter().map(|d| d * self.frame.scale * self.look.theme.weight.sqrt()).collect();
        if self.surface.polyline(points, Stroke { width, ..stroke }, &pattern) {
            return Ok(());
        }
        let style: ShapeStyle = colour(stroke.colour).stroke_width(width.round() as u32);
        if pattern.is_empty() {
            return self.surface.path(&wholes(points), &style);
        }
        dashes(points, &pattern).into_iter().try_for_each(|dash| self.surface.path(&wholes(&dash), &style))
    }

    fn hairline(&mut self, from: (f64, f64), to: (f64, f64)) -> Result {
        let Theme { hairline, weight, .. } = *self.look.theme;
        let style: ShapeStyle = colour(hairline).stroke_width((weight * self.frame.scale / 2.0).round().max(1.0) as u32);
        self.surface.path(&[whole(&from), whole(&to)], &style)
    }

    #[inline(never)]
    fn dots(&mut self, points: &[Point], dot: Dot, ink: Rgb) -> Result {
        let scale = self.frame.scale * self.look.theme.weight.sqrt();
        for point in points {
            let at = whole(&self.frame.pixel(*point));
            match dot {
                Dot::Small => self.surface.circle(at, (1.8 * scale).round() as u32, &fill(ink))?,
                Dot::Full => self.surface.circle(at, (4.0 * scale).round() as u32, &fill(ink))?,
                Dot::Hollow => {
                    self.surface.circle(at, (5.5 * scale).round() as u32, &fill(ink))?;
                    self.surface.circle(at, (3.6 * scale).round() as u32, &fill(self.look.theme.paper))?;
                }
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn bars(&mut self, bars: &[Bar], role: Role, ink: Rgb) -> Result {
        for bar in bars {
            if role == Role::Never {
                self.hatch(*bar)?;
            } else {
                self.rect(*bar, fill(ink))?;
            }
        }
        Ok(())
    }

    fn rect(&mut self, bar: Bar, style: ShapeStyle) -> Result {
        let (left, top, right, bottom) = self.corners(bar);
        let (mut low, mut high) = ((left.round() as i32, top.round() as i32), (right.round() as i32, bottom.round() as i32));
        if bar.y.0 < bar.y.1 && low.1 == high.1 {
            low.1 -= 1; // more than nothing is at least a pixel
        }
        high.0 = high.0.max(low.0 + 1);
        self.surface.rect(low, high, &style)
    }

    /// Left, top, right and bottom of a bar, within the plot.
    fn corners(&self, bar: Bar) -> (f64, f64, f64, f64) {
        sorted(self.inside(self.frame.pixel((bar.x.0, bar.y.0))), self.inside(self.frame.pixel((bar.x.1, bar.y.1))))
    }

    /// A line around bars.
    #[inline(never)]
    fn outline<'b>(&mut self, bars: impl Iterator<Item = &'b Bar>, stroke: Stroke) -> Result {
        bars.filter(|bar| bar.y.1 > bar.y.0).try_for_each(|bar| {
            let (left, top, right, bottom) = self.corners(*bar);
            let Theme { hairline, weight, .. } = *self.look.theme;
            // Where cells are tiny there would be more line than cell.
            let is_tiny = (right - left).min(bottom - top) < 14.0 * self.frame.scale * weight;
            let stroke = if is_tiny && stroke.width <= weight { Stroke { colour: hairline, ..stroke } } else { stroke };
            self.line(&[(left, bottom), (left, top), (right, top), (right, bottom), (left, bottom)], stroke)
        })
    }

    /// Slanted lines: what can never be, told without colour.
    #[inline(never)]
    fn hatch(&mut self, bar: Bar) -> Result {
        let (left, top, right, bottom) = self.corners(bar);
        let stroke = Stroke { dash: &[], ..self.look.theme.stroke(Role::Never) };
        self.line(&[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], stroke)?;
        let (width, height) = (right - left, bottom - top);
        let mut along = 5.0 * self.frame.scale;
        while along < width + height {
            let from = if along < height { (left, top + along) } else { (left + along - height, bottom) };
            let to = if along < width { (left + along, top) } else { (right, top + along - width) };
            self.line(&[from, to], stroke)?;
            along += 6.0 * self.frame.scale;
        }
        Ok(())
    }

    #[inline(never)]
    fn region(&mut self, outline: impl Iterator<Item = Point>, ink: Rgb, strength: f64) -> Result {
        let pixels: Vec<(i32, i32)> = outline.map(|p| whole(&self.inside(self.frame.pixel(p)))).collect();
        let style: ShapeStyle = colour(ink).mix(strength).filled();
        if pixels.len() < 3 { Ok(()) } else { self.surface.polygon(&pixels, &style) }
    }

    #[inline(never)]
    fn arrow(&mut self, from: Point, to: Point, stroke: Stroke) -> Result {
        let (a, b) = (self.frame.pixel(from), self.frame.pixel(to));
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = dx.hypot(dy);
        if length < 1.0 {
            return Ok(());
        }
        let head = (7.0 * self.frame.scale).min(length);
        let (ux, uy) = (dx / length * head, dy / length * head);
        self.line(&[a, (b.0 - ux * 0.8, b.1 - uy * 0.8)], stroke)?;
        let wing = |side: f64| whole(&(b.0 - ux - side * uy * 0.4, b.1 - uy + side * ux * 0.4));
        self.surface.polygon(&[whole(&b), wing(1.0), wing(-1.0)], &fill(stroke.colour))
    }

    /// Labels at the right edge in their order of height, pushed apart to a line's height.
    #[inline(never)]
    fn ends(&mut self, labels: &[EndLabel]) -> Result {
        let Frame { top, bottom, right, scale, gutter, .. } = self.frame;
        let line = self.look.theme.type_size * 1.35 * scale;
        let heights: Vec<f64> = labels.iter().map(|label| self.frame.pixel((0.0, label.0)).1).collect();
        // From the top; what ends at one height stays in its order.
        let risen: Vec<f64> = heights.iter().map(|y| -y).collect();
        let order: Vec<(f64, &EndLabel)> =
            order_descending(&risen).into_iter().map(|at| (heights[at as usize], &labels[at as usize])).collect();
        let natural = if gutter { 0.0 } else { -0.6 * line };
        let wanted: Vec<f64> = order.iter().map(|(y, _)| (y + natural).clamp(top + 0.2 * line, bottom - 0.4 * line)).collect();
        for (y, (_, (_, caption, role))) in spread(&wanted, line, top, bottom).into_iter().zip(&order) {
            let colour = self.look.theme.colour(*role);
            let (x, h) = if gutter { (right + 10.0 * scale, HPos::Left) } else { (right - 12.0 * scale, HPos::Right) };
            self.text(caption.get(self.look.lang), (x, y), h, VPos::Center, colour)?;
        }
        Ok(())
    }

    fn text(&mut self, words: &str, at: (f64, f64), h: HPos, v: VPos, ink: Rgb) -> Result {
        self.text_of(self.look.theme.type_size, words, at, h, v, ink)
    }

    fn text_of(&mut self, size: f64, words: &str, (x, y): (f64, f64), h: HPos, v: VPos, ink: Rgb) -> Result {
        let size = size * self.frame.scale;
        // Words at the edge are moved in rather than cut; some faces are wider than the usual one.
        let reach = 1.15 * length(words) * size;
        let x = match h {
            HPos::Left => x.min(self.width - reach).max(0.0),
            HPos::Center => x.min(self.width - reach / 2.0).max(reach / 2.0),
            HPos::Right => x.max(reach),
        };
        let ink = colour(ink);
        let style =
            TextStyle::from(FontDesc::new(FontFamily::Name(FONTS), size, FontStyle::Normal)).color(&ink).pos(Pos::new(h, v));
        self.surface.text(words, &style, (x.round() as i32, y.round() as i32))
    }

    fn inside(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x.clamp(self.frame.left, self.frame.right), y.clamp(self.frame.top, self.frame.bottom))
    }
}

/// Left, top, right and bottom of the rectangle between two corners, whichever way the axes run.
fn sorted(a: (f64, f64), b: (f64, f64)) -> (f64, f64, f64, f64) {
    (a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1))
}

fn colour((r, g, b): Rgb) -> RGBColor {
    RGBColor(r, g, b)
}

fn fill(ink: Rgb) -> ShapeStyle {
    colour(ink).filled()
}

fn whole(point: &(f64, f64)) -> (i32, i32) {
    (point.0.round() as i32, point.1.round() as i32)
}

fn wholes(points: &[(f64, f64)]) -> Vec<(i32, i32)> {
    points.iter().map(whole).collect()
}

/// Moves sorted heights apart so that neighbours are at least `gap` from each other, as near to where they were as fits.
fn spread(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut out = wanted.to_vec();
    for at in 1..out.len() {
        out[at] = out[at].max(out[at - 1] + gap);
    }
    if let Some(last) = out.last_mut() {
        *last = last.min(bottom);
    }
    for at in (1..out.len()).rev() {
        out[at - 1] = out[at - 1].min(out[at] - gap);
    }
    if let Some(first) = out.first().copied().filter(|first| *first < top - gap) {
        out.iter_mut().for_each(|y| *y += top - gap - first);
    }
    out
}

/// The parts of a polyline between two heights.
fn clip(points: &[(f64, f64)], top: f64, bottom: f64) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut run: Vec<(f64, f64)> = Vec::new();
    if let [only] = points {
        return if (top..=bottom).contains(&only.1) { vec![vec![*only, *only]] } else { runs };
    }
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        let dy = b.1 - a.1;
        if dy.abs() < 1e-12 {
            if a.1 < top || a.1 > bottom {
                to = -1.0;
            }
        } else {
            let (enter, leave) = ((top - a.1) / dy, (bottom - a.1) / dy);
            from = from.max(enter.min(leave));
            to = to.min(enter.max(leave));
        }
        if from > to {
            runs.extend((!run.is_empty()).then(|| std::mem::take(&mut run)));
            continue;
        }
        let at = |t: f64| (a.0 + t * (b.0 - a.0), a.1 + t * dy);
        if run.is_empty() {
            run.push(at(from));
        }
        run.push(at(to));
        if to < 1.0 {
            runs.push(std::mem::take(&mut run));
        }
    }
    runs.extend((!run.is_empty()).then_some(run));
    runs
}

/// The dashes of a polyline, for backends that know none.
fn dashes(points: &[(f64, f64)], pattern: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut out = Vec::new();
    let (mut slot, mut left, mut on) = (0, pattern[0], true);
    let mut dash: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (mut a, b) = (pair[0], pair[1]);
        let mut length = (b.0 - a.0).hypot(b.1 - a.1);
        while length > left {
            let part = left / length;
            a = (a.0 + part * (b.0 - a.0), a.1 + part * (b.1 - a.1));
            length -= left;
            if on {
                dash.push(a);
                out.push(std::mem::take(&mut dash));
            } else {
                dash = vec![a];
            }
            on = !on;
            slot = (slot + 1) % pattern.len();
            left = pattern[slot];
        }
        left -= length;
        if on {
            dash.push(b);
        }
    }
    if on && dash.len() > 1 {
        out.push(dash);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_at_one_height_are_pushed_apart_and_stay_in_order() {
        let out = spread(&[50.0, 50.0, 51.0, 90.0], 12.0, 0.0, 100.0);
        assert!(out.windows(2).all(|pair| pair[1] - pair[0] >= 12.0 - 1e-9), "{out:?}");
        assert!(out.iter().all(|y| (0.0..=100.0).contains(y)), "{out:?}");
    }

    #[test]
    fn dashes_cover_the_right_share_of_a_line() {
        let cut = dashes(&[(0.0, 0.0), (60.0, 0.0), (100.0, 0.0)], &[6.0, 4.0]);
        let drawn: f64 = cut.iter().flat_map(|d| d.windows(2).map(|p| p[1].0 - p[0].0).collect::<Vec<_>>()).sum();
        assert!((drawn - 60.0).abs() < 1e-9, "{drawn}");
        assert_eq!(cut.len(), 10);
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two_runs() {
        let runs = clip(&[(0.0, 5.0), (1.0, 25.0), (2.0, 5.0)], 0.0, 10.0);
        assert_eq!(runs.len(), 2);
        assert!(runs.iter().flatten().all(|p| (0.0..=10.0).contains(&p.1)));
    }
}
