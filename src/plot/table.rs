//! The numbers behind a figure as a table: every named mark, point by point.

use crate::contract::figure::{Axis, AxisScale, Caption, Figure, Shape};
use crate::contract::panel::{Panel, View};
use crate::contract::table::{Cell, Table};
use crate::contract::text::{Text, Words};

const SERIES: Text = Text { zh: "系列", en: "series" };
const X: Text = Text { zh: "横坐标", en: "horizontal" };
const Y: Text = Text { zh: "纵坐标", en: "vertical" };
const UPPER: Text = Text { zh: "上界或数值", en: "upper end or value" };

/// The table of a view: the view itself where it is a table, else the named marks of the figure.
pub fn of(panel: &Panel, view: &View) -> Table {
    match view {
        View::Table(table) => table.clone(),
        View::Figure(figure) => figure.data.as_ref().map_or_else(|| numbers(panel, figure), |table| Table::clone(table)),
    }
}

fn numbers(panel: &Panel, figure: &Figure) -> Table {
    let mut rows = Vec::new();
    let mut has_third = false;
    for mark in &figure.marks {
        let Some(name) = mark.shape.grid().map(|grid| &grid.name).or(mark.name.as_ref()) else { continue };
        let mut row = |name: &Caption, x: f64, y: f64, z: Option<f64>| {
            has_third |= z.is_some();
            let third = z.map_or(Cell::Words(Words::default()), Cell::Number);
            rows.push(vec![Cell::Words(name.words()), Cell::Number(x), Cell::Number(y), third]);
        };
        match &mark.shape {
            Shape::Line(points) | Shape::Dots(points, _) | Shape::Stems(points, _) | Shape::Area(points, _) => {
                points.iter().enumerate().for_each(|(at, p)| row(mark.each.get(at).unwrap_or(name), p.0, p.1, None));
            }
            Shape::Bars(bars) => bars.iter().for_each(|b| row(name, f64::midpoint(b.x.0, b.x.1), b.y.1, None)),
            Shape::Band(band) => band.iter().for_each(|r| row(name, r.0, r.1, Some(r.2))),
            Shape::Heat(grid) | Shape::Tiles(grid, _) => {
                let (dx, dy) = ((grid.x.1 - grid.x.0) / grid.columns as f64, (grid.y.1 - grid.y.0) / grid.rows as f64);
                for (at, value) in grid.values.iter().enumerate() {
                    let (column, line) = ((at % grid.columns) as f64, (at / grid.columns) as f64);
                    row(name, grid.x.0 + (column + 0.5) * dx, grid.y.0 + (line + 0.5) * dy, Some(f64::from(*value)));
                }
            }
            _ => {}
        }
    }
    let label = |axis: &Axis, words: Text, fallback: Text| {
        let Text { zh, en } = if words.en.is_empty() { fallback } else { words };
        // What the axis shows as a power of ten is its exponent here.
        let log = if axis.scale == AxisScale::Power { "log₁₀ " } else { "" };
        Words::new(format!("{log}{zh}"), format!("{log}{en}"))
    };
    let mut head: Vec<Words> = vec![SERIES.into(), label(&figure.x, panel.x, X), label(&figure.y, panel.y, Y), UPPER.into()];
    if !has_third {
        head.truncate(3);
        rows.iter_mut().for_each(|row| row.truncate(3));
    }
    Table { id: panel.id.into(), title: panel.title.into(), head, rows }
}
