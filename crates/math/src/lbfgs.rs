//! L-BFGS, the quasi-Newton method of limited memory.
//!
//! Ours, not `argmin`: one method with one line search for dense vectors is a hundred lines, and weighs little on the line.

use std::collections::VecDeque;

/// Sufficient decrease: the share of what the slope promises.
const DECREASE: f64 = 1e-4;

/// The slope must have become flatter by this factor.
const CURVATURE: f64 = 0.9;

/// Evaluations in one line search.
const TRIALS: usize = 40;

/// A decrease below this share of the value is rounding.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// A function with its gradient: reads the point, fills the gradient, returns the value. A value that is not finite, or `NaN`, means
/// "not here".
pub type Objective<'a> = dyn FnMut(&[f64], &mut [f64]) -> f64 + 'a;

/// A pair of the memory: the step, the change of the gradient, and the inverse of their product.
#[derive(Clone, Debug, PartialEq)]
struct Pair {
    s: Vec<f64>,
    y: Vec<f64>,
    rho: f64,
}

/// The state between iterations.
///
/// Source: J. Nocedal, S. J. Wright, "Numerical Optimization", algorithm 7.4; the line search is that of A. S. Lewis, M. L. Overton,
/// "Nonsmooth optimization via quasi-Newton methods", 2013, with cubic interpolation in the place of halving.
#[derive(Clone, Debug, PartialEq)]
pub struct Lbfgs {
    memory: usize,
    x: Vec<f64>,
    gradient: Vec<f64>,
    value: f64,
    pairs: VecDeque<Pair>,
}

impl Lbfgs {
    /// At the beginning, remembering so many steps.
    pub fn new(x: Vec<f64>, memory: usize, objective: &mut Objective<'_>) -> Self {
        let mut gradient = vec![0.0; x.len()];
        let value = objective(&x, &mut gradient);
        Self { memory, x, gradient, value, pairs: VecDeque::new() }
    }

    /// Where it stands.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The value there.
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// The gradient there.
    pub fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    /// One iteration: a direction and a line search, 1 to 3 evaluations as a rule. Tells whether it could go down; if not, it stands where
    /// it stood, with an empty memory.
    pub fn step(&mut self, objective: &mut Objective<'_>) -> bool {
        loop {
            let direction = self.direction();
            let slope = dot(&direction, &self.gradient);
            if slope < 0.0 && self.search(&direction, slope, objective) {
                return true;
            }
            if self.pairs.is_empty() {
                return false;
            }
            // Once more, down the gradient itself.
            self.pairs.clear();
        }
    }

    /// The gradient by the inverse Hessian of the memory, downwards.
    fn direction(&self) -> Vec<f64> {
        let mut q: Vec<f64> = self.gradient.iter().map(|g| -g).collect();
        let mut shares = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let share = pair.rho * dot(&pair.s, &q);
            add(&mut q, -share, &pair.y);
            shares.push(share);
        }
        if let Some(last) = self.pairs.back() {
            let scale = 1.0 / (last.rho * dot(&last.y, &last.y));
            q.iter_mut().for_each(|q| *q *= scale);
        }
        for (pair, share) in self.pairs.iter().zip(shares.into_iter().rev()) {
            let correction = share - pair.rho * dot(&pair.y, &q);
            add(&mut q, correction, &pair.s);
        }
        q
    }

    fn search(&mut self, direction: &[f64], slope: f64, objective: &mut Objective<'_>) -> bool {
        let first = if self.pairs.is_empty() { (1.0 / dot(direction, direction).sqrt()).min(1.0) } else { 1.0 };
        let mut low = (0.0, self.value, slope);
        let mut high: Option<(f64, f64, f64)> = None;
        let mut t = first;
        let mut x = self.x.clone();
        let mut gradient = vec![0.0; x.len()];
        for _ in 0..TRIALS {
            x.copy_from_slice(&self.x);
            add(&mut x, t, direction);
            let value = objective(&x, &mut gradient);
            let new_slope = dot(direction, &gradient);
            let bound = self.value + DECREASE * t * slope + ROUNDING * self.value.abs().max(1.0);
            let down = value <= bound && new_slope.is_finite();
            if down && new_slope >= CURVATURE * slope {
                self.accept(x, gradient, value);
                return true;
            }
            if down {
                low = (t, value, new_slope);
            } else {
                high = Some((t, value, new_slope));
            }
            t = match high {
                None => 2.0 * t,
                Some(high) => between(low, high),
            };
            if high.is_some_and(|high| high.0 - low.0 <= 1e-15 * high.0) {
                return false;
            }
        }
        false
    }

    fn accept(&mut self, x: Vec<f64>, gradient: Vec<f64>, value: f64) {
        let s: Vec<f64> = x.iter().zip(&self.x).map(|(new, old)| new - old).collect();
        let y: Vec<f64> = gradient.iter().zip(&self.gradient).map(|(new, old)| new - old).collect();
        let product = dot(&s, &y);
        // Positive by the condition on the slope, but for rounding.
        if product > f64::EPSILON * dot(&s, &s).sqrt() * dot(&y, &y).sqrt() {
            if self.pairs.len() == self.memory {
                self.pairs.pop_front();
            }
            self.pairs.push_back(Pair { s, y, rho: 1.0 / product });
        }
        (self.x, self.gradient, self.value) = (x, gradient, value);
    }
}

/// The minimum of the cubic through two points with slopes, kept off the ends; the middle if there is none.
fn between((a, f_a, d_a): (f64, f64, f64), (b, f_b, d_b): (f64, f64, f64)) -> f64 {
    let width = b - a;
    let theta = d_a + d_b - 3.0 * (f_b - f_a) / width;
    let root = (theta * theta - d_a * d_b).sqrt();
    let share = 1.0 - (d_b + root - theta) / (d_b - d_a + 2.0 * root);
    if share.is_finite() { a + width * share.clamp(0.1, 0.9) } else { a + 0.5 * width }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `x ← x + factor·y`.
fn add(x: &mut [f64], factor: f64, y: &[f64]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += factor * y;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rosenbrocks_valley_is_walked_to_its_end() {
        let mut evaluations = 0;
        let mut objective = |x: &[f64], g: &mut [f64]| {
            evaluations += 1;
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            g[0] = -2.0 * a - 400.0 * x[0] * b;
            g[1] = 200.0 * b;
            a * a + 100.0 * b * b
        };
        let mut search = Lbfgs::new(vec![-1.2, 1.0], 10, &mut objective);
        for _ in 0..60 {
            if !search.step(&mut objective) {
                break;
            }
        }
        assert!(search.value() < 1e-20, "{search:?}");
        assert!(evaluations < 90, "{evaluations}");
    }

    #[test]
    fn what_is_not_finite_is_a_wall() {
        // −ln x − ln(1 − x), from near one wall.
        let mut objective = |x: &[f64], g: &mut [f64]| {
            g[0] = -1.0 / x[0] + 1.0 / (1.0 - x[0]);
            -x[0].ln() - (1.0 - x[0]).ln()
        };
        let mut search = Lbfgs::new(vec![1e-6], 10, &mut objective);
        for _ in 0..60 {
            search.step(&mut objective);
        }
        assert!((search.x()[0] - 0.5).abs() < 1e-8, "{search:?}");
    }
}
