//! A discrete state space by dense linear algebra: its kernel by powers, and its recurrence.

use crate::discretise::DiscreteSystem;
use crate::error::MathError;
use crate::hippo::{check_finite, check_finite_f32, check_length, check_order, check_signal, check_vectors};
use crate::matrix_product::dot;
use wide::f64x2;

/// Rows that are multiplied at once; eight sums hide each other's latency.
const ROWS: usize = 8;

/// Two neighbouring entries of [`ROWS`] rows.
type Tile = [f64x2; ROWS];

/// Numbers that come one after another, and where they ended if they grew beyond all bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The numbers before the divergence; all finite.
    pub values: Vec<f64>,
    /// The step whose number would not be finite: "diverged".
    pub diverged: Option<usize>,
}

/// The kernel `K_k = C·Ā^kB̄`, a step at a time: the naive way, `2d²` flops a step.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerKernel {
    /// Blocks of rows, each up to its last entry that is not 0.
    blocks: Vec<Vec<Tile>>,
    c: Vec<f64x2>,
    state: Vec<f64x2>,
    next: Vec<f64x2>,
    len: usize,
    run: Run,
}

impl PowerKernel {
    /// Of any discrete system, up to `len` steps; none is done yet.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`] (`d`, `len`); [`MathError::LengthMismatch`] (`B̄`, `C`);
    /// [`MathError::ShapeMismatch`] (`Ā`); [`MathError::EntryNotFinite`].
    pub fn new(system: &DiscreteSystem, c: &[f64], len: usize) -> Result<Self, MathError> {
        let d = c.len();
        check_system(system, c)?;
        check_length(len)?;
        let entry = |row: usize, column: usize| if row < d && column < d { system.a[row * d + column] } else { 0.0 };
        let block = |begin: usize| {
            let last = (0..d).rev().find(|&column| (begin..begin + ROWS).any(|row| entry(row, column) != 0.0));
            let tile = |pair: usize| {
                let mut tile = Tile::default();
                for (row, lanes) in tile.iter_mut().enumerate() {
                    *lanes = f64x2::new([entry(begin + row, 2 * pair), entry(begin + row, 2 * pair + 1)]);
                }
                tile
            };
            (0..last.map_or(0, |last| last / 2 + 1)).map(tile).collect()
        };
        let blocks: Vec<_> = (0..d).step_by(ROWS).map(block).collect();
        let lanes = ROWS / 2 * blocks.len();
        let padded = |x: &[f64]| {
            let at = |n: usize| x.get(n).copied().unwrap_or(0.0);
            (0..lanes).map(|pair| f64x2::new([at(2 * pair), at(2 * pair + 1)])).collect::<Vec<_>>()
        };
        let run = Run { values: Vec::with_capacity(len), diverged: None };
        Ok(Self { c: padded(c), state: padded(&system.b), next: padded(&[]), blocks, len, run })
    }

    /// Goes on by so many steps, or to the end, or until a number overflows.
    pub fn advance(&mut self, steps: usize) {
        for _ in 0..steps {
            if self.is_done() {
                return;
            }
            let value = pair_dot(&self.c, &self.state);
            if !value.is_finite() {
                self.run.diverged = Some(self.run.values.len());
                return;
            }
            self.run.values.push(value);
            for (tiles, out) in self.blocks.iter().zip(self.next.chunks_exact_mut(ROWS / 2)) {
                multiply_rows(tiles, &self.state, out);
            }
            std::mem::swap(&mut self.state, &mut self.next);
        }
    }

    /// The kernel so far.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Is there nothing left to do?
    pub fn is_done(&self) -> bool {
        self.run.values.len() == self.len || self.run.diverged.is_some()
    }
}

/// The whole kernel at once. Time `2d²L`, half of it for a triangular `Ā`.
///
/// # Errors
/// Those of [`PowerKernel::new`].
pub fn power_kernel(system: &DiscreteSystem, c: &[f64], len: usize) -> Result<Run, MathError> {
    let mut kernel = PowerKernel::new(system, c, len)?;
    kernel.advance(len);
    Ok(kernel.run)
}

/// The same in single precision, for who wants to see what that costs: within 1e-4 of the largest value while `d ≤ 64`, the scheme
/// is stable, and `C` and `B̄` do not all but cancel.
///
/// # Errors
/// Those of [`PowerKernel::new`]; [`MathError::EntryNotFinite`] (`K`) on overflow.
pub fn power_kernel_f32(system: &DiscreteSystem, c: &[f64], len: usize) -> Result<Vec<f32>, MathError> {
    check_system(system, c)?;
    check_length(len)?;
    let single = |x: &[f64]| x.iter().map(|&x| x as f32).collect::<Vec<_>>();
    let (a, mut x, c) = (single(&system.a), single(&system.b), single(c));
    let dot = |row: &[f32], x: &[f32]| row.iter().zip(x).map(|(a, x)| a * x).sum::<f32>();
    let mut values = Vec::with_capacity(len);
    for _ in 0..len {
        values.push(dot(&c, &x));
        x = a.chunks_exact(x.len()).map(|row| dot(row, &x)).collect();
    }
    check_finite_f32("K", &values)?;
    Ok(values)
}

/// A state that reads one number after another: `x ← Āx + B̄u`.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    system: DiscreteSystem,
    x: Vec<f64>,
    next: Vec<f64>,
}

impl Recurrence {
    /// At `x = 0`.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`] (`d`); [`MathError::ShapeMismatch`] (`Ā`); [`MathError::EntryNotFinite`].
    pub fn new(system: DiscreteSystem) -> Result<Self, MathError> {
        check_system(&system, &system.b)?;
        let zeros = vec![0.0; system.b.len()];
        Ok(Self { x: zeros.clone(), next: zeros, system })
    }

    /// Reads a number, which must be finite. Time `2d²`.
    pub fn push(&mut self, u: f64) {
        let Self { system: DiscreteSystem { a, b }, x, next } = self;
        for ((next, row), b) in next.iter_mut().zip(a.chunks_exact(x.len())).zip(b) {
            *next = dot(row, x) + *b * u;
        }
        std::mem::swap(x, next);
    }

    /// The state after what was read.
    pub fn state(&self) -> &[f64] {
        &self.x
    }

    /// `y_t = C·x` after each number of a signal, as far as it stays finite.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::NotFinite`] (`u`); [`MathError::LengthMismatch`], [`MathError::EntryNotFinite`] (`C`).
    pub fn run(&mut self, c: &[f64], u: &[f64]) -> Result<Run, MathError> {
        check_signal(u)?;
        check_vectors(&self.system.b, c)?;
        let mut run = Run { values: Vec::with_capacity(u.len()), diverged: None };
        for &u in u {
            self.push(u);
            let y = dot(c, &self.x);
            if !y.is_finite() {
                run.diverged = Some(run.values.len());
                break;
            }
            run.values.push(y);
        }
        Ok(run)
    }
}

fn check_system(system: &DiscreteSystem, c: &[f64]) -> Result<(), MathError> {
    let d = c.len();
    check_order(d)?;
    check_vectors(&system.b, c)?;
    if system.a.len() != d * d {
        return Err(MathError::ShapeMismatch { field: "A", expected: d * d, found: system.a.len() });
    }
    check_finite("A", &system.a)
}

fn pair_dot(x: &[f64x2], y: &[f64x2]) -> f64 {
    let sum = x.iter().zip(y).fold(f64x2::ZERO, |sum, (&x, &y)| sum + x * y);
    sum.reduce_add()
}

/// One block of rows times `x`.
fn multiply_rows(tiles: &[Tile], x: &[f64x2], out: &mut [f64x2]) {
    let mut sums = Tile::default();
    for (tile, &x) in tiles.iter().zip(x) {
        for (sum, &lanes) in sums.iter_mut().zip(tile) {
            *sum += lanes * x;
        }
    }
    for (out, pair) in out.iter_mut().zip(sums.chunks_exact(2)) {
        let ([a, b], [c, d]) = (pair[0].to_array(), pair[1].to_array());
        *out = f64x2::new([a, c]) + f64x2::new([b, d]);
    }
}
