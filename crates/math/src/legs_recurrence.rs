//! `LegS` under the bilinear scheme as a recurrence, `O(d)` a step: kernels and outputs without a matrix.
//!
//! `Āx = 2(I − λA)⁻¹x − x` with `λ = ε/2`, so that a step is one solution from a cumulative sum. In `ξ_n = x_n/√(2n+1)` it has no roots:
//! `η_n = 2ξ_n + εβ_n u`, `ζ_n = (η_n − λP_{n−1})/(1 + λ(n+1))`, `P_n = P_{n−1} + (2n+1)ζ_n`, `ξ_n ← ζ_n − ξ_n`.
//! A row needs only the rows before it: four steps run at once, each two rows behind the one before.
//! Source: <https://kexue.fm/archives/10137> for the sums; the order of work is ours.

use crate::error::MathError;
use crate::hippo::{check_finite, check_finite_f32, check_length, check_signal, check_step, check_vectors, legs_input};
use wide::f64x4;

/// Steps that run at once.
const STEPS: usize = 4;

/// Rows between one step and the next; at 1 each row would wait for the whole chain of the one before.
const LAG: usize = 2;

/// What a row is multiplied by, for each of the four steps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Row {
    /// `(1 − λn)/(1 + λ(n+1))`.
    keep: f64x4,
    /// `(2n+1)/(1 + λ(n+1))`.
    take: f64x4,
    /// `1/(1 + λ(n+1))`.
    pivot: f64x4,
    /// `εB_n/√(2n+1)`.
    input: f64x4,
    /// `C_n√(2n+1)`.
    output: f64x4,
}

/// `x ← Āx + B̄u`, `y = C·x` for `LegS` under the bilinear scheme; `B` may be any vector.
#[derive(Clone, Debug, PartialEq)]
pub struct LegsRecurrence {
    lambda: f64,
    rows: Vec<Row>,
    /// `x_n/√(2n+1)`, and zeros behind.
    xi: Vec<f64>,
    d: usize,
}

impl LegsRecurrence {
    /// At `x = 0`.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::TooMany`] (`d`); [`MathError::LengthMismatch`], [`MathError::EntryNotFinite`] (`B`, `C`);
    /// [`MathError::StepNotPositive`], [`MathError::ParameterOutOfRange`] (`eps`).
    pub fn new(b: &[f64], c: &[f64], eps: f64) -> Result<Self, MathError> {
        check_vectors(b, c)?;
        check_step(eps)?;
        let (d, lambda, v) = (c.len(), 0.5 * eps, legs_input(c.len()));
        // Outside of 0..d everything is 0, which leaves sums and outputs alone.
        let lanes = |m: usize, entry: &dyn Fn(usize) -> f64| {
            let at = |step: usize| m.checked_sub(LAG * step).filter(|&n| n < d).map_or(0.0, entry);
            f64x4::new([0, 1, 2, 3].map(at))
        };
        let pivot = |n: usize| 1.0 / (1.0 + lambda * (n as f64 + 1.0));
        let row = |m: usize| Row {
            keep: lanes(m, &|n| (1.0 - lambda * n as f64) * pivot(n)),
            take: lanes(m, &|n| (2.0 * n as f64 + 1.0) * pivot(n)),
            pivot: lanes(m, &pivot),
            input: lanes(m, &|n| eps * b[n] / v[n]),
            output: lanes(m, &|n| c[n] * v[n]),
        };
        let width = d + LAG * (STEPS - 1);
        Ok(Self { lambda, rows: (0..width).map(row).collect(), xi: vec![0.0; width], d })
    }

    /// The state `x`.
    pub fn state(&self) -> Vec<f64> {
        self.xi[..self.d].iter().zip(legs_input(self.d)).map(|(xi, v)| xi * v).collect()
    }

    /// Reads a number, which must be finite, and gives `y`. Time `10d`.
    pub fn push(&mut self, u: f64) -> f64 {
        let (mut sum, mut y) = (0.0, 0.0);
        for (xi, row) in self.xi[..self.d].iter_mut().zip(&self.rows) {
            let [keep, take, pivot, input, output] =
                [row.keep, row.take, row.pivot, row.input, row.output].map(|lanes| lanes.to_array()[0]);
            let eta = 2.0 * *xi + input * u;
            *xi = (eta - self.lambda * sum) * pivot - *xi;
            sum = keep * sum + take * eta;
            y += output * *xi;
        }
        y
    }

    /// Reads four numbers, and gives the four `y`.
    fn push_four(&mut self, u: [f64; STEPS]) -> [f64; STEPS] {
        let (lambda, u) = (f64x4::splat(self.lambda), f64x4::new(u));
        let (mut sum, mut y) = (f64x4::ZERO, f64x4::ZERO);
        // What the last two rounds gave, for the steps behind.
        let (mut newer, mut older) = ([0.0; STEPS], [0.0; STEPS]);
        for (m, row) in self.rows.iter().enumerate() {
            let xi = f64x4::new([self.xi[m], older[0], older[1], older[2]]);
            let eta = xi + xi + row.input * u;
            let next = (eta - lambda * sum) * row.pivot - xi;
            sum = row.keep * sum + row.take * eta;
            y += row.output * next;
            older = newer;
            newer = next.to_array();
            if let Some(done) = m.checked_sub(LAG * (STEPS - 1)) {
                self.xi[done] = newer[STEPS - 1];
            }
        }
        // The rows behind the last were read as zeros, and are so again.
        self.xi[self.d..].fill(0.0);
        y.to_array()
    }

    /// `y` after each number of a signal. Time `10dL`.
    ///
    /// Shape: as many as `u`.
    ///
    /// # Errors
    /// [`MathError::Empty`], [`MathError::NotFinite`] (`u`); [`MathError::EntryNotFinite`] (`y` on overflow).
    pub fn run(&mut self, u: &[f64]) -> Result<Vec<f64>, MathError> {
        check_signal(u)?;
        let mut y = Vec::with_capacity(u.len());
        let mut fours = u.chunks_exact(STEPS);
        for four in &mut fours {
            y.extend(self.push_four([four[0], four[1], four[2], four[3]]));
        }
        y.extend(fours.remainder().iter().map(|&u| self.push(u)));
        check_finite("y", &y)?;
        Ok(y)
    }
}

/// The bilinear kernel `K_k = C·Ā^kB̄`, `k = 0, …, L−1`: the output for an impulse.
///
/// Shape: `len`. Time `10dL`.
///
/// # Errors
/// Those of [`LegsRecurrence::new`]; [`MathError::Empty`], [`MathError::TooMany`] (`len`); [`MathError::EntryNotFinite`] (`y` on overflow).
pub fn recurrence_kernel(b: &[f64], c: &[f64], eps: f64, len: usize) -> Result<Vec<f64>, MathError> {
    check_length(len)?;
    let mut recurrence = LegsRecurrence::new(b, c, eps)?;
    let mut impulse = vec![0.0; len];
    impulse[0] = 1.0;
    recurrence.run(&impulse)
}

/// The same in single precision: within 1e-4 of the largest value, unless `C` and `B̄` all but cancel.
///
/// # Errors
/// Those of [`recurrence_kernel`].
pub fn recurrence_kernel_f32(b: &[f64], c: &[f64], eps: f64, len: usize) -> Result<Vec<f32>, MathError> {
    check_vectors(b, c)?;
    check_step(eps)?;
    check_length(len)?;
    let lambda = (0.5 * eps) as f32;
    let v = legs_input(c.len());
    let input: Vec<f32> = b.iter().zip(&v).map(|(b, v)| (eps * b / v) as f32).collect();
    let output: Vec<f32> = c.iter().zip(&v).map(|(c, v)| (c * v) as f32).collect();
    let mut xi = vec![0.0_f32; c.len()];
    let step = |k: usize| {
        let u = if k == 0 { 1.0 } else { 0.0 };
        let (mut sum, mut y) = (0.0, 0.0);
        for (n, ((xi, b), c)) in xi.iter_mut().zip(&input).zip(&output).enumerate() {
            let n = n as f32;
            let eta = 2.0 * *xi + b * u;
            let zeta = (eta - lambda * sum) / (1.0 + lambda * (n + 1.0));
            sum += (2.0 * n + 1.0) * zeta;
            *xi = zeta - *xi;
            y += c * *xi;
        }
        y
    };
    let kernel: Vec<f32> = (0..len).map(step).collect();
    check_finite_f32("K", &kernel)?;
    Ok(kernel)
}
