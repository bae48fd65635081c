//! Data as the fits read them: finite, weighted, in blocks of lanes.

use crate::error::MathError;
use crate::exp::{LANES, sum};
use crate::order::order_descending;

/// Checks that there are data, and that all are finite; `−∞`, which pasted logits may hold, is no datum.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::NotFinite`] with the first offender.
pub fn check_data(data: &[f64]) -> Result<(), MathError> {
    if data.is_empty() {
        return Err(MathError::Empty);
    }
    match data.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        Some((index, &value)) => Err(MathError::NotFinite { index, value }),
        None => Ok(()),
    }
}

/// Data with weights that add up to 1.
///
/// Filled up with copies of the first datum, of weight 0, to a whole number of blocks of [`LANES`].
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    x: Vec<f64>,
    weights: Vec<f64>,
    len: usize,
    equal: bool,
}

impl Sample {
    /// Data of equal weight.
    ///
    /// # Errors
    /// Those of [`check_data`].
    pub fn new(x: &[f64]) -> Result<Self, MathError> {
        check_data(x)?;
        Ok(Self::filled(x.to_vec(), vec![1.0 / x.len() as f64; x.len()], true))
    }

    /// Data of any weights, which are divided by their sum.
    ///
    /// # Errors
    /// Those of [`check_data`]; [`MathError::LengthMismatch`]; [`MathError::EntryNotFinite`], [`MathError::EntryNegative`],
    /// [`MathError::NoMass`] of the weights.
    pub fn weighted(x: &[f64], weights: &[f64]) -> Result<Self, MathError> {
        check_data(x)?;
        if x.len() != weights.len() {
            return Err(MathError::LengthMismatch { left: x.len(), right: weights.len() });
        }
        let largest = check_masses("weights", weights)?;
        // Divided first by the largest, so that the sum cannot overflow.
        let mut weights: Vec<f64> = weights.iter().map(|weight| weight / largest).collect();
        let total = sum(&weights);
        weights.iter_mut().for_each(|weight| *weight /= total);
        Ok(Self::filled(x.to_vec(), weights, false))
    }

    fn filled(mut x: Vec<f64>, mut weights: Vec<f64>, equal: bool) -> Self {
        let len = x.len();
        let padded = len.next_multiple_of(LANES);
        let first = x.first().copied().unwrap_or_default();
        x.resize(padded, first);
        weights.resize(padded, 0.0);
        Self { x, weights, len, equal }
    }

    /// Count of the data.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Never: a sample has data.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The data.
    pub fn x(&self) -> &[f64] {
        &self.x[..self.len]
    }

    /// Their weights, of sum 1.
    pub fn weights(&self) -> &[f64] {
        &self.weights[..self.len]
    }

    /// Do all data weigh the same?
    pub const fn equal(&self) -> bool {
        self.equal
    }

    /// Blocks of data with their weights; what fills up the last one weighs 0.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&[f64; LANES], &[f64; LANES])> {
        self.x.as_chunks::<LANES>().0.iter().zip(self.weights.as_chunks::<LANES>().0)
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.average(|x| x)
    }

    /// Standard deviation `√(Σ w (x − mean)²)`, without the correction of one degree of freedom.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        self.average(|x| (x - mean) * (x - mean)).sqrt()
    }

    /// `Σ w h(x)`.
    pub fn average(&self, h: impl Fn(f64) -> f64) -> f64 {
        self.x().iter().zip(self.weights()).map(|(&x, &weight)| weight * h(x)).sum()
    }

    /// The data upwards, with their weights.
    pub fn sorted(&self) -> (Vec<f64>, Vec<f64>) {
        let order = order_descending(self.x());
        order.into_iter().rev().map(|index| (self.x[index as usize], self.weights[index as usize])).unzip()
    }
}

/// Checks numbers of which none may be negative and some must be positive, and tells the largest.
///
/// # Errors
/// [`MathError::EntryNotFinite`], [`MathError::EntryNegative`], [`MathError::NoMass`].
pub(crate) fn check_masses(field: &'static str, masses: &[f64]) -> Result<f64, MathError> {
    for (index, &value) in masses.iter().enumerate() {
        if !value.is_finite() {
            return Err(MathError::EntryNotFinite { field, index, value });
        }
        if value < 0.0 {
            return Err(MathError::EntryNegative { field, index, value });
        }
    }
    let largest = masses.iter().copied().fold(0.0, f64::max);
    if largest > 0.0 { Ok(largest) } else { Err(MathError::NoMass { field }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_up_a_block_weighs_nothing() {
        for n in 1..20_usize {
            let x: Vec<f64> = (0..n).map(|i| i as f64 - 3.0).collect();
            let sample = Sample::new(&x).expect("legal");
            assert_eq!((sample.x(), sample.len()), (x.as_slice(), n));
            assert!((sample.mean() - ((n as f64 - 1.0) / 2.0 - 3.0)).abs() < 1e-14);
            let variance = (n as f64 * n as f64 - 1.0) / 12.0;
            assert!((sample.deviation() - variance.sqrt()).abs() < 1e-14);
            assert!(sample.blocks().flat_map(|(x, _)| x).all(|x| x.is_finite()));
        }
    }

    #[test]
    fn weights_that_overflow_together_are_no_trouble() {
        let sample = Sample::weighted(&[2.0, 1.0], &[1e308, 1.5e308]).expect("legal");
        assert!((sample.weights()[0] - 0.4).abs() < 1e-15);
        assert_eq!(sample.sorted().0, [1.0, 2.0]);
    }
}
