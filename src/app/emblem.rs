//! A small picture for each post on the shelf, computed like every other figure.

use std::f64::consts::TAU;

use crate::contract::figure::{Axis, Bar, Caption, Figure, Grid, Mark, Point, Ramp, Role, Shape, Ticks};

/// The picture of a post; an empty one for a slug that is none.
pub fn emblem(slug: &str) -> Figure {
    let marks = match slug {
        "softmax" => levels(),
        "rope" => rotation(),
        "attention-rnn" => triangle(),
        "fourier-density" => density(),
        "kv-cache" => caches(),
        "s4" => legendre(),
        "extrapolation" => wrap(),
        "cool-papers" => discovery(),
        _ => Vec::new(),
    };
    Figure { x: bare(), y: bare(), marks, ..Figure::default() }
}

fn bare() -> Axis {
    Axis::linear(0.0, 1.0).ticks(Ticks::None)
}

fn curve(role: Role, height: impl Fn(f64) -> f64) -> Mark {
    let points: Vec<Point> = (0..=120).map(|k| f64::from(k) / 120.0).map(|x| (x, height(x))).collect();
    Mark::new(role, Shape::Line(points))
}

fn column(at: usize, of: usize, (low, high): (f64, f64)) -> Bar {
    let width = 1.0 / of as f64;
    let left = at as f64 * width;
    Bar { x: (left + 0.18 * width, left + 0.82 * width), y: (low, high) }
}

/// Scores, and what stands above a level.
fn levels() -> Vec<Mark> {
    let heights = [0.92, 0.7, 0.5, 0.34, 0.2];
    let level = 0.58;
    let ground = heights.iter().enumerate().map(|(at, h)| column(at, 5, (0.04, *h))).collect();
    let above = heights.iter().enumerate().filter(|(_, h)| **h > level).map(|(at, h)| column(at, 5, (level, *h))).collect();
    vec![
        Mark::new(Role::Guide, Shape::Ground(ground)),
        Mark::new(Role::Estimate, Shape::Bars(above)),
        Mark::new(Role::Estimate, Shape::Line(vec![(0.0, level), (1.0, level)])),
    ]
}

/// Mean of cosines of a geometric ladder of frequencies: how similarity decays with distance.
fn rotation() -> Vec<Mark> {
    let decay = |x: f64| (0..16).map(|i| (x * 60.0 * 10_000_f64.powf(-f64::from(i) / 16.0)).cos()).sum::<f64>() / 16.0;
    vec![
        curve(Role::A, |x| 0.5 + 0.4 * (x * 3.0 * TAU).cos()),
        curve(Role::B, |x| 0.5 + 0.4 * (x * 1.2 * TAU).cos()),
        curve(Role::Estimate, move |x| 0.12 + 0.8 * decay(x)),
    ]
}

/// A causal triangle.
fn triangle() -> Vec<Mark> {
    let n = 8;
    let value = |row: usize, column: usize| {
        let (i, j) = (n - 1 - row, column);
        if j > i { 0.0 } else { 0.25 + 0.75 * (-((i - j) as f32) / 3.0).exp() }
    };
    let values = (0..n * n).map(|at| value(at / n, at % n)).collect();
    let ramp = Ramp::Sequential(0.0, 1.0);
    let grid = Grid { columns: n, rows: n, values, x: (0.25, 0.75), y: (0.03, 0.97), ramp, name: Caption::from("") };
    vec![Mark::new(Role::A, Shape::Heat(grid))]
}

/// A density and its harmonics.
fn density() -> Vec<Mark> {
    let bell = |x: f64, m: f64, s: f64| (-((x - m) / s).powi(2) / 2.0).exp();
    let p = move |x: f64| 0.08 + 0.75 * bell(x, 0.32, 0.09) + 0.45 * bell(x, 0.68, 0.12);
    let points: Vec<Point> = (0..=120).map(|k| f64::from(k) / 120.0).map(|x| (x, p(x))).collect();
    vec![
        curve(Role::B, |x| 0.3 + 0.14 * (2.0 * TAU * x).cos()),
        curve(Role::A, |x| 0.3 + 0.2 * (TAU * x).sin()),
        Mark::new(Role::Estimate, Shape::Area(points.clone(), 0.03)),
        Mark::new(Role::Estimate, Shape::Line(points)),
    ]
}

/// Four caches of falling size.
fn caches() -> Vec<Mark> {
    let heights = [0.94, 0.3, 0.52, 0.14];
    let bars = |range: std::ops::Range<usize>| range.map(|at| column(at, 4, (0.04, heights[at]))).collect();
    vec![Mark::new(Role::Guide, Shape::Ground(bars(0..3))), Mark::new(Role::Estimate, Shape::Bars(bars(3..4)))]
}

/// The first Legendre polynomials.
fn legendre() -> Vec<Mark> {
    let p = |n: usize, x: f64| {
        let (mut before, mut now) = (1.0, x);
        for k in 1..n {
            let k = k as f64;
            (before, now) = (now, ((2.0 * k + 1.0) * x * now - k * before) / (k + 1.0));
        }
        now
    };
    let draw = |role, n| curve(role, move |x| 0.5 + 0.42 * p(n, 2.0 * x - 1.0));
    vec![draw(Role::A, 1), draw(Role::B, 2), draw(Role::C, 3), draw(Role::Estimate, 5)]
}

/// Angles within the trained range, and beyond it.
fn wrap() -> Vec<Mark> {
    let wave = |x: f64| 0.5 + 0.38 * (x * 2.4 * TAU).sin();
    let part = |role, from: f64, to: f64| {
        let points: Vec<Point> = (0..=60).map(|k| from + (to - from) * f64::from(k) / 60.0).map(|x| (x, wave(x))).collect();
        Mark::new(role, Shape::Line(points))
    };
    vec![
        Mark::new(Role::Guide, Shape::Ground(vec![Bar { x: (0.0, 0.45), y: (0.03, 0.97) }])),
        part(Role::Truth, 0.0, 0.45),
        part(Role::E, 0.45, 1.0),
        curve(Role::Estimate, |x| 0.5 + 0.38 * (x * 0.45 * 2.4 * TAU).sin()),
    ]
}

/// Bugs found against requests: every bug its own clock.
fn discovery() -> Vec<Mark> {
    let found = |x: f64| (1..=24).map(|k| 1.0 - (-x * 90.0 / f64::from(k).powf(1.6)).exp()).sum::<f64>() / 24.0;
    let dots: Vec<Point> = (1..=9).map(|k| f64::from(k) / 10.0).map(|x| (x, 0.05 + 0.9 * found(x))).collect();
    vec![
        Mark::new(Role::Guide, Shape::Line(vec![(0.0, 0.95), (1.0, 0.95)])),
        curve(Role::Estimate, move |x| 0.05 + 0.9 * found(x)),
        Mark::new(Role::Truth, Shape::Dots(dots, crate::contract::figure::Dot::Small)),
    ]
}
