//! A picture as data: ranges and marks, no colour, no pixel.
//!
//! Data can be compared (an unchanged figure is not drawn again), tested, described, tabulated, and drawn
//! on a canvas or as SVG by the same code.

use std::sync::Arc;

use super::number;
use super::table::Table;
use super::text::{Text, Words};

/// A point in data coordinates: x to the right, y up.
pub type Point = (f64, f64);

/// How an axis maps numbers to length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisScale {
    /// Equal differences, equal lengths.
    #[default]
    Linear,
    /// Equal ratios, equal lengths; the range is positive.
    Log,
    /// As [`AxisScale::Log`], for counts that no float can hold: coordinates are decimal logarithms, and readers see powers of ten.
    Power,
}

impl AxisScale {
    /// A coordinate as readers see it, with some significant digits.
    pub fn show(self, coordinate: f64, digits: usize) -> String {
        match self {
            Self::Linear | Self::Log => number::short(coordinate, digits),
            Self::Power => number::of_log10(coordinate, digits),
        }
    }
}

/// The ticks of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Ticks {
    /// A few round numbers.
    #[default]
    Auto,
    /// These places with these labels.
    At(Vec<(f64, String)>),
    /// No axis at all.
    None,
}

/// One axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// The left or lower end.
    pub from: f64,
    /// The right or upper end; more than `from`.
    pub to: f64,
    /// How numbers become lengths.
    pub scale: AxisScale,
    /// Its ticks.
    pub ticks: Ticks,
    /// Whether it runs the other way: to the left, or downwards, as rows of a picture do.
    pub is_reversed: bool,
}

impl Axis {
    /// A linear axis with automatic ticks.
    pub fn linear(from: f64, to: f64) -> Self {
        Self { from, to, ..Self::default() }
    }

    /// A logarithmic axis with automatic ticks.
    pub fn log(from: f64, to: f64) -> Self {
        Self { from, to, scale: AxisScale::Log, ..Self::default() }
    }

    /// An axis of powers of ten, from one exponent to another.
    pub fn powers(from: f64, to: f64) -> Self {
        Self { from, to, scale: AxisScale::Power, ..Self::default() }
    }

    /// The same axis the other way round.
    #[must_use]
    pub fn downwards(mut self) -> Self {
        self.is_reversed = true;
        self
    }

    /// The same axis with these ticks.
    #[must_use]
    pub fn ticks(mut self, ticks: Ticks) -> Self {
        self.ticks = ticks;
        self
    }
}

/// The least of 1, 2, 5, 10, … that is no less: the end of an axis that grows in whole steps does not creep while something is moved.
///
/// Range: `rough > 0`.
pub fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|m| m * power).find(|step| *step >= rough).unwrap_or(10.0 * power)
}

/// What a mark means; the theme gives each role its colour, dash and marker, the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// What is given or true: ink.
    Truth,
    /// What the reader is looking at: the accent.
    Estimate,
    /// An alternative: blue, dashed.
    A,
    /// An alternative: violet, dotted.
    B,
    /// An alternative: ochre, long dashes.
    C,
    /// An alternative: green, dash and dot.
    D,
    /// An alternative: pink, short dashes.
    E,
    /// A help line: grey.
    Guide,
    /// What can never be: hatched.
    Never,
}

/// A name in a figure: language-neutral, or words.
#[derive(Clone, Debug, PartialEq)]
pub enum Caption {
    /// A symbol or a number.
    Symbol(String),
    /// Words.
    Words(Text),
}

impl From<Text> for Caption {
    fn from(text: Text) -> Self {
        Self::Words(text)
    }
}

impl From<String> for Caption {
    fn from(symbol: String) -> Self {
        Self::Symbol(symbol)
    }
}

impl From<&str> for Caption {
    fn from(symbol: &str) -> Self {
        Self::Symbol(symbol.into())
    }
}

impl Caption {
    /// The name in one language.
    pub fn get(&self, lang: super::text::Lang) -> &str {
        match self {
            Self::Symbol(symbol) => symbol,
            Self::Words(words) => words.get(lang),
        }
    }

    /// The name in both languages.
    pub fn words(&self) -> Words {
        match self {
            Self::Symbol(symbol) => Words::same(symbol.clone()),
            Self::Words(text) => (*text).into(),
        }
    }
}

/// A rectangle in data coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Left and right end.
    pub x: (f64, f64),
    /// Lower and upper end.
    pub y: (f64, f64),
}

impl Bar {
    /// Whether a point lies in it.
    pub fn holds(&self, (x, y): Point) -> bool {
        let within = |(from, to): (f64, f64), at: f64| at >= from.min(to) && at <= from.max(to);
        within(self.x, x) && within(self.y, y)
    }
}

/// How the values of a grid become colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ramp {
    /// From the paper's tone to full, perceptually even, for `lo..=hi`.
    Sequential(f64, f64),
    /// Two hues with a neutral middle at zero, for `-limit..=limit`.
    Diverging(f64),
}

/// A field of values over a rectangle.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Number of columns; column 0 at the left.
    pub columns: usize,
    /// Number of rows; row 0 at the **bottom**.
    pub rows: usize,
    /// `rows × columns` values, row-major.
    pub values: Vec<f32>,
    /// Left and right edge.
    pub x: (f64, f64),
    /// Lower and upper edge.
    pub y: (f64, f64),
    /// How values become colours.
    pub ramp: Ramp,
    /// What the value is, for the readout under the pointer.
    pub name: Caption,
}

impl Grid {
    /// A number as a field holds it: beyond the range of `f32` the largest one, whose colour is the end of the ramp all the same.
    pub fn value(number: f64) -> f32 {
        number.clamp(-f64::from(f32::MAX), f64::from(f32::MAX)) as f32
    }
}

/// Where a label hangs on its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The point is left of the label.
    Start,
    /// The point is the middle of the label.
    Middle,
    /// The point is right of the label.
    End,
    /// The label stands above a dot or a handle at the point.
    Above,
}

/// Which coordinate of a drag a handle uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// The horizontal one.
    X,
    /// The vertical one.
    Y,
}

/// A coordinate of a handle that moves a control: `value = (coordinate - origin) * gain`.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Key of the control.
    pub key: &'static str,
    /// Which number of a vector.
    pub index: Option<usize>,
    /// Which coordinate.
    pub along: Along,
    /// The coordinate at which the value is zero.
    pub origin: f64,
    /// Value per unit of the coordinate.
    pub gain: f64,
}

/// The look of dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dot {
    /// Small and filled.
    Small,
    /// Larger and filled.
    Full,
    /// Larger, with the paper inside: an end that belongs to the other side.
    Hollow,
}

/// A label at the right end of a line: `(height, text, role)`.
pub type EndLabel = (f64, Caption, Role);

/// The form of a mark.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A connected line.
    Line(Vec<Point>),
    /// Single points.
    Dots(Vec<Point>, Dot),
    /// The region between a line and a height.
    Area(Vec<Point>, f64),
    /// Filled rectangles.
    Bars(Vec<Bar>),
    /// Rectangles in the faint tone that carries other marks.
    Ground(Vec<Bar>),
    /// Outlined rectangles, each with what is read under the pointer.
    Cells(Vec<(Bar, Caption)>),
    /// A thin vertical line for each point, up from a height.
    Stems(Vec<Point>, f64),
    /// A band between a lower and an upper line: `(x, low, high)`.
    Band(Vec<(f64, f64, f64)>),
    /// A field of values.
    Heat(Grid),
    /// A matrix: a field of few values, each a tile with its number where there is room. The places listed, row-major, are entries that
    /// cannot be: hatched, without a number.
    Tiles(Grid, Vec<usize>),
    /// From one point to another, with a head.
    Arrow(Point, Point),
    /// A straight line across the whole figure at a coordinate: `Along::X` is vertical.
    Rule(Along, f64),
    /// A short text at a point.
    Label(Point, Caption, Anchor),
    /// Labels at the right edge, moved apart where they would touch.
    Ends(Vec<EndLabel>),
    /// What can be dragged, and what it moves; the last field names it.
    Handle(Point, Vec<Move>, Words),
}

impl Shape {
    /// A link between two things that are equal: a line that leaves one upright and arrives at the other upright.
    pub fn link((x, y): Point, to: Point) -> Self {
        let at = |step: i32| {
            let part = f64::from(step) / 16.0;
            (x + (to.0 - x) * part * part * (3.0 - 2.0 * part), y + (to.1 - y) * part)
        };
        Self::Line((0..=16).map(at).collect())
    }

    /// The values of a field or a matrix.
    pub const fn grid(&self) -> Option<&Grid> {
        match self {
            Self::Heat(grid) | Self::Tiles(grid, _) => Some(grid),
            _ => None,
        }
    }
}

/// What a click on one of several points or cells sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Picks {
    /// The key of the control.
    pub key: &'static str,
    /// Its value for each of them.
    pub values: Vec<f64>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Its form.
    pub shape: Shape,
    /// Its meaning.
    pub role: Role,
    /// Its name in the legend, the readout and the table; unnamed marks are decoration.
    pub name: Option<Caption>,
    /// What its points are called one by one, where they are dots with names of their own; under the pointer and in the table.
    pub each: Vec<Caption>,
    /// The term of the formulas that lights up with it.
    pub term: Option<&'static str>,
    /// What a click on one of its points sets; only dots and cells are clicked.
    pub picks: Option<Picks>,
}

impl Mark {
    /// A mark without a name or a term.
    #[inline(never)]
    pub fn new(role: Role, shape: Shape) -> Self {
        Self { shape, role, name: None, each: Vec::new(), term: None, picks: None }
    }

    /// The same mark with a name.
    #[must_use]
    pub fn named(self, name: impl Into<Caption>) -> Self {
        self.captioned(name.into())
    }

    #[inline(never)]
    fn captioned(mut self, name: Caption) -> Self {
        self.name = Some(name);
        self
    }

    /// The same dots, each with a name of its own.
    #[must_use]
    pub fn each(mut self, names: Vec<Caption>) -> Self {
        self.each = names;
        self
    }

    /// The same dots or cells, each of which sets a control when it is clicked.
    #[must_use]
    pub fn picks(mut self, key: &'static str, values: Vec<f64>) -> Self {
        self.picks = Some(Picks { key, values });
        self
    }

    /// The same mark bound to a term of the formulas.
    #[must_use]
    #[inline(never)]
    pub fn term(mut self, term: &'static str) -> Self {
        self.term = Some(term);
        self
    }
}

/// The numbers of one picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Whether one unit of x is as long as one of y.
    pub equal: bool,
    /// The marks, later ones above earlier ones.
    pub marks: Vec<Mark>,
    /// What the picture shows now, in a sentence or two; it is read aloud.
    pub spoken: Words,
    /// The rows of its table, where its marks do not say everything. Shared, because it may be long and seldom changes.
    pub data: Option<Arc<Table>>,
}

impl Figure {
    /// Every coordinate and value in the figure; tests look here for what is not finite.
    pub fn numbers(&self) -> Vec<f64> {
        let mut all = vec![self.x.from, self.x.to, self.y.from, self.y.to];
        for axis in [&self.x, &self.y] {
            if let Ticks::At(ticks) = &axis.ticks {
                all.extend(ticks.iter().map(|tick| tick.0));
            }
        }
        let corners = |bar: &Bar| [bar.x.0, bar.x.1, bar.y.0, bar.y.1];
        let push = |all: &mut Vec<f64>, points: &[Point]| all.extend(points.iter().flat_map(|p| [p.0, p.1]));
        for mark in &self.marks {
            all.extend(mark.picks.iter().flat_map(|picks| &picks.values));
            match &mark.shape {
                Shape::Line(points) | Shape::Dots(points, _) => push(&mut all, points),
                Shape::Area(points, base) | Shape::Stems(points, base) => {
                    push(&mut all, points);
                    all.push(*base);
                }
                Shape::Bars(bars) | Shape::Ground(bars) => all.extend(bars.iter().flat_map(corners)),
                Shape::Cells(cells) => all.extend(cells.iter().flat_map(|(bar, _)| corners(bar))),
                Shape::Band(rows) => all.extend(rows.iter().flat_map(|r| [r.0, r.1, r.2])),
                Shape::Heat(grid) | Shape::Tiles(grid, _) => {
                    all.extend([grid.x.0, grid.x.1, grid.y.0, grid.y.1]);
                    all.extend(grid.values.iter().map(|v| f64::from(*v)));
                }
                Shape::Arrow(from, to) => push(&mut all, &[*from, *to]),
                Shape::Rule(_, at) => all.push(*at),
                Shape::Label(at, ..) => push(&mut all, &[*at]),
                Shape::Ends(labels) => all.extend(labels.iter().map(|label| label.0)),
                Shape::Handle(at, moves, _) => {
                    push(&mut all, &[*at]);
                    all.extend(moves.iter().flat_map(|m| [m.origin, m.gain]));
                }
            }
        }
        all
    }
}
