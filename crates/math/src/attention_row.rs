//! One row of rotary attention: the last query against every key, at the distances and frequencies of any method.

use crate::attention::check_matrix;
use crate::dispersion::RowStatistics;
use crate::error::MathError;
use crate::key_norm::normalise_rows;
use crate::relative_distance::RelativeDistance;

/// After how many equal steps a rotation is computed anew from its angle.
const RESYNC: usize = 64;

/// A step may be off by this times the distance and still be the slope: a few roundings.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// The last query, all keys up to its own, and how they meet.
#[derive(Clone, Copy, Debug)]
pub struct RowInputs<'a> {
    /// The query, of `d` components, pairs interleaved.
    pub q: &'a [f64],
    /// The keys of positions `0..n`, `n × d` row-major; the query stands at `n − 1`.
    pub keys: &'a [f64],
    /// `θ'_i`, `d/2` of them.
    pub theta: &'a [f64],
    /// The effective distances.
    pub distance: RelativeDistance,
    /// `λ`.
    pub factor: f64,
    /// Key Norm: keys of length 1, and no division by `√d`.
    pub key_norm: bool,
}

/// A row of attention.
#[derive(Clone, Debug, PartialEq)]
pub struct AttentionRow {
    /// `λ/√d Σ_i Re[q_i k̄_i e^{iρθ'_i}]`; `−∞` where masked.
    pub logits: Vec<f64>,
    /// Weights, entropy, and how many keys are effectively read.
    pub statistics: RowStatistics,
    /// How many keys are visible.
    pub visible: usize,
}

impl AttentionRow {
    /// Computes the row. `O(nd)`; sines and cosines are taken only where the distance changes by another step than before.
    ///
    /// Absolute error of a logit at most 1e-12 for `‖q‖‖k‖` of some tens (plus what rounding `ρθ'` costs at huge distances).
    ///
    /// # Errors
    /// [`MathError::Empty`] (no frequencies or no keys), [`MathError::ShapeMismatch`], [`MathError::EntryNotFinite`], those of [`RelativeDistance::check`],
    /// [`MathError::ParameterOutOfRange`] (a factor that is not finite), [`MathError::ScaleNotPositive`] (Key Norm of a zero key),
    /// [`MathError::NonFiniteScore`].
    pub fn new(inputs: &RowInputs) -> Result<Self, MathError> {
        let &RowInputs { q, keys, theta, distance, factor, key_norm } = inputs;
        let d = 2 * theta.len();
        if d == 0 || keys.is_empty() {
            return Err(MathError::Empty);
        }
        check_matrix("q", q, 1, d)?;
        check_matrix("k", keys, keys.len() / d, d)?;
        check_matrix("theta", theta, 1, theta.len())?;
        distance.check()?;
        if !factor.is_finite() {
            return Err(MathError::ParameterOutOfRange(factor));
        }
        let unit = if key_norm { Some(normalise_rows(keys, d)?) } else { None };
        let keys = unit.as_deref().unwrap_or(keys);
        let scale = if key_norm { factor } else { factor / (d as f64).sqrt() };
        let query = keys.len() / d - 1;
        let mut turning = Turning::new(q, theta, distance.slope());
        let mut logits = Vec::with_capacity(query + 1);
        // From the query backwards, so that distances begin at 0 and mostly rise in equal steps.
        for (j, key) in keys.chunks_exact(d).enumerate().rev() {
            logits.push(match distance.at(query, j) {
                Some(rho) => finite(scale * dot(turning.to(rho), key), query, j)?,
                None => f64::NEG_INFINITY,
            });
        }
        logits.reverse();
        let statistics = RowStatistics::new(&logits)?;
        Ok(Self { logits, statistics, visible: distance.visible(query) })
    }
}

fn finite(value: f64, query: usize, key: usize) -> Result<f64, MathError> {
    if value.is_finite() { Ok(value) } else { Err(MathError::NonFiniteScore { query, key, value }) }
}

/// With four accumulators, since strict sums of floats are one long chain.
fn dot(q: &[f64], k: &[f64]) -> f64 {
    let ((q, q_rest), (k, k_rest)) = (q.as_chunks::<4>(), k.as_chunks::<4>());
    let mut totals = [0.0; 4];
    for (q, k) in q.iter().zip(k) {
        for lane in 0..4 {
            totals[lane] += q[lane] * k[lane];
        }
    }
    let rest: f64 = q_rest.iter().zip(k_rest).map(|(q, k)| q * k).sum();
    (totals[0] + totals[2]) + (totals[1] + totals[3]) + rest
}

/// A query turned to one distance after another.
struct Turning<'a> {
    q: &'a [f64],
    theta: &'a [f64],
    now: Vec<f64>,
    step: Vec<[f64; 2]>,
    slope: f64,
    rho: f64,
    delta: f64,
    since: usize,
}

impl<'a> Turning<'a> {
    fn new(q: &'a [f64], theta: &'a [f64], slope: f64) -> Self {
        Self { q, theta, now: q.to_vec(), step: vec![[1.0, 0.0]; theta.len()], slope, rho: 0.0, delta: 0.0, since: 0 }
    }

    /// The query turned by `ρθ'`.
    fn to(&mut self, rho: f64) -> &[f64] {
        let difference = rho - self.rho;
        // Differences of thirds are no equal steps in floats, though the distances meant are equally spaced.
        let delta = if (difference - self.slope).abs() < ROUNDING * rho { self.slope } else { difference };
        if delta == 0.0 {
            return &self.now;
        }
        if delta == self.delta && self.since < RESYNC {
            self.since += 1;
            for (pair, &[cos, sin]) in self.now.as_chunks_mut::<2>().0.iter_mut().zip(&self.step) {
                *pair = turned(*pair, cos, sin);
            }
        } else {
            if delta != self.delta {
                self.delta = delta;
                for (step, theta) in self.step.iter_mut().zip(self.theta) {
                    let (sin, cos) = (delta * theta).sin_cos();
                    *step = [cos, sin];
                }
            }
            self.since = 0;
            let pairs = self.now.as_chunks_mut::<2>().0.iter_mut().zip(self.q.as_chunks::<2>().0);
            for ((now, &q), theta) in pairs.zip(self.theta) {
                let (sin, cos) = (rho * theta).sin_cos();
                *now = turned(q, cos, sin);
            }
        }
        self.rho = rho;
        &self.now
    }
}

fn turned([x, y]: [f64; 2], cos: f64, sin: f64) -> [f64; 2] {
    [x * cos - y * sin, x * sin + y * cos]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;

    #[test]
    fn turning_on_is_turning_anew() {
        let theta: Vec<f64> = (0..16_i32).map(|i| 0.5_f64.powi(i)).collect();
        let mut rng = SplitMix64::new(5);
        let mut normals = |count: usize| -> Vec<f64> { (0..count).map(|_| rng.normal()).collect() };
        let (q, keys) = (normals(32), normals(32 * 700));
        for distance in [
            RelativeDistance::Plain,
            RelativeDistance::Rerope { w: 100 },
            RelativeDistance::Leaky { w: 100, k: 3.0 },
            RelativeDistance::Interpolated { k: 7.0 },
            RelativeDistance::SelfExtend { w: 100, group: 7 },
            RelativeDistance::LmInfinite { w: 50, g: 5, cap: 200 },
        ] {
            let inputs = RowInputs { q: &q, keys: &keys, theta: &theta, distance, factor: 1.0, key_norm: false };
            let row = AttentionRow::new(&inputs).expect("legal");
            for (j, (&logit, key)) in row.logits.iter().zip(keys.chunks_exact(32)).enumerate() {
                let Some(rho) = distance.at(699, j) else {
                    assert_eq!(logit, f64::NEG_INFINITY);
                    continue;
                };
                let mut direct = 0.0;
                for (i, theta) in theta.iter().enumerate() {
                    let (sin, cos) = (rho * theta).sin_cos();
                    let [x, y] = turned([q[2 * i], q[2 * i + 1]], cos, sin);
                    direct += x * key[2 * i] + y * key[2 * i + 1];
                }
                assert!((logit - direct / 32.0_f64.sqrt()).abs() < 1e-12, "{distance:?} {j}");
            }
        }
    }
}
