//! The browser's side of the bench: the kernels, and figures drawn by the program's own renderer.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yansuan::browser::canvas::CanvasSurface;
use yansuan::contract::figure::{Axis, Figure, Grid, Mark, Ramp, Role, Shape};
use yansuan::contract::text::Lang;
use yansuan::plot::render::{Look, render};
use yansuan::plot::theme::Theme;

use crate::kernels::{self, KERNELS, Task};

thread_local! {
    /// Each canvas with its surface, which the page keeps, too.
    static SURFACES: RefCell<Vec<(Element, CanvasSurface)>> = const { RefCell::new(Vec::new()) };
    static TASKS: RefCell<Vec<Option<Task>>> = RefCell::new(KERNELS.iter().map(|_| None).collect());
}

/// The names of the kernels, in their order.
#[wasm_bindgen]
pub fn names() -> Vec<String> {
    KERNELS.iter().map(|kernel| kernel.name.to_owned()).collect()
}

/// Runs a kernel so many times; the number that it arrived at.
#[wasm_bindgen]
pub fn run(index: usize, runs: u32) -> f64 {
    TASKS.with_borrow_mut(|tasks| {
        let (Some(kernel), Some(slot)) = (KERNELS.get(index), tasks.get_mut(index)) else { return f64::NAN };
        let task = slot.get_or_insert_with(kernel.begin);
        let mut result = 0.0;
        for _ in 0..runs {
            result = task();
        }
        result
    })
}

/// The logits that the kernels work on, for their counterparts in JavaScript.
#[wasm_bindgen]
pub fn logits() -> Vec<f64> {
    kernels::logits()
}

/// The pasted text.
#[wasm_bindgen]
pub fn paste() -> String {
    kernels::paste()
}

/// What the kernels of state spaces begin with.
#[wasm_bindgen]
pub fn state_space() -> Vec<f64> {
    kernels::state_space()
}

/// Lines of a figure: how each is drawn.
const ROLES: [Role; 5] = [Role::Truth, Role::Estimate, Role::A, Role::B, Role::C];

/// The height of line `line` at `x` from 0 to 1 in the picture of a moment; `drawings.mjs` has the same.
fn height(line: usize, x: f64, moment: f64) -> f64 {
    let k = line as f64 + 1.0;
    (std::f64::consts::TAU * k * x + moment).sin() * (0.4 + 0.1 * k) + 0.1 * (40.0 * x + k * moment).sin()
}

/// The moments that are drawn, in turns.
const MOMENTS: usize = 40;

thread_local! {
    static LINES: Vec<Figure> = (0..MOMENTS).map(|at| lines(at as f64 * 0.07, false)).collect();
    static FIELDS: Vec<Figure> = (0..MOMENTS).map(|at| field(at as f64 * 0.07)).collect();
    static DASHED: Vec<Figure> = (0..MOMENTS).map(|at| lines(at as f64 * 0.07, true)).collect();
}

/// Five lines of a thousand points each, on two axes; all in one full stroke, or each in the stroke of its role.
fn lines(moment: f64, is_dashed: bool) -> Figure {
    let line = |line: usize| {
        let points = (0..1000).map(|at| (f64::from(at) / 999.0, height(line, f64::from(at) / 999.0, moment))).collect();
        Mark::new(if is_dashed { ROLES[line] } else { Role::Truth }, Shape::Line(points))
    };
    Figure {
        x: Axis::linear(0.0, 1.0),
        y: Axis::linear(-1.2, 1.2),
        marks: (0..ROLES.len()).map(line).collect(),
        ..Figure::default()
    }
}

/// Draws the lines of a moment; their points were computed before.
#[wasm_bindgen]
pub fn draw_lines(canvas: &Element, width: u32, height: u32, moment: usize, is_dashed: bool) {
    let figures = if is_dashed { &DASHED } else { &LINES };
    figures.with(|figures| draw(canvas, (width, height), &figures[moment % MOMENTS]));
}

/// A field of 256 × 256 values, on two axes; `drawings.mjs` has the same field.
fn field(moment: f64) -> Figure {
    let side = |at: usize| 6.0 * (at as f64 / 255.0) - 3.0;
    let along: Vec<f64> = (0..256).map(|at| (side(at) + moment).sin()).collect();
    let up: Vec<f64> = (0..256).map(|at| side(at).cos()).collect();
    let values = (0..256 * 256).map(|at| (along[at % 256] * up[at / 256]) as f32).collect();
    let grid =
        Grid { columns: 256, rows: 256, values, x: (0.0, 1.0), y: (0.0, 1.0), ramp: Ramp::Diverging(1.0), name: "f".into() };
    Figure {
        x: Axis::linear(0.0, 1.0),
        y: Axis::linear(0.0, 1.0),
        marks: vec![Mark::new(Role::Truth, Shape::Heat(grid))],
        ..Figure::default()
    }
}

/// Draws the field of a moment; its values were computed before.
#[wasm_bindgen]
pub fn draw_heat(canvas: &Element, width: u32, height: u32, moment: usize) {
    FIELDS.with(|figures| draw(canvas, (width, height), &figures[moment % MOMENTS]));
}

fn draw(canvas: &Element, size: (u32, u32), figure: &Figure) {
    let look = Look { theme: &Theme::LIGHT, lang: Lang::En, scale: 2.0, lit: None };
    SURFACES.with_borrow_mut(|surfaces| {
        let at = surfaces.iter().position(|(own, _)| own == canvas).or_else(|| {
            surfaces.push((canvas.clone(), CanvasSurface::of(canvas)?));
            Some(surfaces.len() - 1)
        });
        if let Some((_, surface)) = at.and_then(|at| surfaces.get_mut(at)) {
            surface.resize(size);
            // A canvas that refuses shows nothing, which a look at the page of the bench tells.
            let _refused = render(surface, figure, look);
        }
    });
}
