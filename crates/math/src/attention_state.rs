//! The state of attention as a recurrence: numerator, denominator and the reference of their exponentials.

use crate::error::MathError;
use crate::exp::exp_f64;
use crate::rounding::Format;

/// Against what the exponentials are taken.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Form {
    /// Against the largest score so far (online softmax): never overflows.
    Safe,
    /// Against 0, as the formula stands: `e^σ` overflows at a score of 709.78 (`f64`), 88.72 (`f32`,
    /// bf16), 11.09 (`f16`).
    Raw,
}

/// Numerator `y`, denominator `z` and reference `m`: `y = Σ e^{σ−m} v`, `z = Σ e^{σ−m}`, output `y/z`.
///
/// The raw form is the safe one whose reference stays at 0. Every operation, the exponential
/// included, is rounded to the format. The exponential is [`exp_f64`], 0 below −708.4.
/// In the safe form `m` is the largest score exactly and `1 ≤ z ≤` the number of reads.
/// Source: <https://kexue.fm/archives/10017>; Rabe & Staats 2021 (arXiv:2112.05682).
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    form: Form,
    format: Format,
    m: f64,
    z: f64,
    y: Vec<f64>,
}

impl State {
    /// The state that has read nothing, the identity of [`State::merge`]: `(−∞, 0, 0)`, in the raw form
    /// `(0, 0, 0)`.
    pub fn new(form: Form, format: Format, width: usize) -> Self {
        Self { form, format, m: Self::origin(form), z: 0.0, y: vec![0.0; width] }
    }

    /// A state from its numbers, in the safe form and `f64`.
    pub const fn from_parts(m: f64, z: f64, y: Vec<f64>) -> Self {
        Self { form: Form::Safe, format: Format::F64, m, z, y }
    }

    const fn origin(form: Form) -> f64 {
        match form {
            Form::Safe => f64::NEG_INFINITY,
            Form::Raw => 0.0,
        }
    }

    /// The reference: the largest score (`−∞` before the first), or 0 in the raw form.
    pub const fn m(&self) -> f64 {
        self.m
    }

    /// The denominator.
    pub const fn z(&self) -> f64 {
        self.z
    }

    /// The numerator, `d_v` numbers.
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// The form.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The format that every operation is rounded to.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Back to having read nothing, without giving memory back.
    pub fn reset(&mut self) {
        self.m = Self::origin(self.form);
        self.z = 0.0;
        self.y.fill(0.0);
    }

    /// Reads a key: its score `σ` and its value. `−∞` changes nothing (a hidden key).
    ///
    /// Score and value are rounded to the format first.
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`] of the value, [`MathError::NotFinite`] (index 0) for a score that is
    /// `NaN` or, after rounding, infinite and no mask.
    pub fn push(&mut self, score: f64, value: &[f64]) -> Result<(), MathError> {
        if value.len() != self.y.len() {
            return Err(MathError::LengthMismatch { left: value.len(), right: self.y.len() });
        }
        if score == f64::NEG_INFINITY {
            return Ok(());
        }
        let rounded = self.format.round(score);
        if !rounded.is_finite() {
            return Err(MathError::NotFinite { index: 0, value: rounded });
        }
        self.push_checked(rounded, value);
        Ok(())
    }

    /// As [`State::push`], for a finite score of the format and a value of the right width.
    pub(crate) fn push_checked(&mut self, score: f64, value: &[f64]) {
        let format = self.format;
        let m = self.reference(score);
        let (kept, weight) = (self.factor(self.m, m), self.factor(score, m));
        let step = |total: f64, part: f64| format.round(format.round(total * kept) + part);
        self.z = step(self.z, weight);
        for (total, value) in self.y.iter_mut().zip(value) {
            *total = step(*total, format.round(weight * format.round(*value)));
        }
        self.m = m;
    }

    /// What both have read, as if by one: associative, commutative, with [`State::new`] as identity.
    ///
    /// In form and format of `self`.
    /// Source: the block form of Rabe & Staats 2021, and of `FlashAttention` (arXiv:2205.14135).
    ///
    /// # Errors
    /// [`MathError::LengthMismatch`].
    pub fn merge(&self, other: &Self) -> Result<Self, MathError> {
        if self.y.len() != other.y.len() {
            return Err(MathError::LengthMismatch { left: self.y.len(), right: other.y.len() });
        }
        let format = self.format;
        let m = self.reference(other.m);
        let (left, right) = (self.factor(self.m, m), self.factor(other.m, m));
        let sum = |a: f64, b: f64| format.round(format.round(a * left) + format.round(b * right));
        let y = self.y.iter().zip(&other.y).map(|(&a, &b)| sum(a, b)).collect();
        Ok(Self { form: self.form, format, m, z: sum(self.z, other.z), y })
    }

    /// `λ` times the sums, for a row that begins from the end of the row before (arrows that are not cut).
    ///
    /// The safe form carries the factor in its reference, `m + ln λ`, so that `z ≥ 1` goes on to hold.
    /// `λ = 0` is the state that has read nothing, to the last bit.
    /// Range: `0 ≤ λ ≤ 1`. Source: an illustration of ours.
    ///
    /// # Errors
    /// [`MathError::ParameterOutOfRange`].
    pub fn carry(&mut self, lambda: f64) -> Result<(), MathError> {
        check_carry(lambda)?;
        if lambda == 0.0 {
            self.reset();
        } else if lambda < 1.0 {
            match self.form {
                Form::Safe => self.m = self.format.round(self.m + self.format.round(lambda.ln())),
                Form::Raw => {
                    let factor = self.format.round(lambda);
                    self.z = self.format.round(self.z * factor);
                    for total in &mut self.y {
                        *total = self.format.round(*total * factor);
                    }
                }
            }
        }
        Ok(())
    }

    /// The output `y/z`; none if nothing was read, or if overflow or underflow has destroyed the state.
    pub fn output(&self) -> Option<Vec<f64>> {
        if !(self.z > 0.0 && self.z.is_finite()) {
            return None;
        }
        let output: Vec<f64> = self.y.iter().map(|y| self.format.round(y / self.z)).collect();
        output.iter().all(|value| value.is_finite()).then_some(output)
    }

    /// `ln Σ e^σ = m + ln z`; `−∞` if nothing was read. Not rounded to the format.
    pub fn log_sum_exp(&self) -> f64 {
        if self.z == 0.0 { f64::NEG_INFINITY } else { self.m + self.z.ln() }
    }

    /// The reference once `score` is read too.
    fn reference(&self, score: f64) -> f64 {
        match self.form {
            Form::Safe => self.m.max(score),
            Form::Raw => 0.0,
        }
    }

    /// `e^{from − to}`, and by definition 0 from `−∞`, also to `−∞`.
    fn factor(&self, from: f64, to: f64) -> f64 {
        if from == f64::NEG_INFINITY { 0.0 } else { self.format.round(exp_f64(self.format.round(from - to))) }
    }
}

/// The factor between rows must be in `0..=1`.
pub(crate) fn check_carry(lambda: f64) -> Result<(), MathError> {
    if (0.0..=1.0).contains(&lambda) { Ok(()) } else { Err(MathError::ParameterOutOfRange(lambda)) }
}

/// The score at which `e^σ` becomes infinite in a format, `ln` of its largest number: 709.78, 88.72, 11.09.
pub fn overflow_score(format: Format) -> f64 {
    format.largest().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_raw_form_breaks_at_the_published_scores_and_the_safe_one_does_not() {
        for (format, score) in [(Format::F64, 709.78), (Format::F32, 88.72), (Format::F16, 11.09)] {
            assert!((overflow_score(format) - score).abs() < 0.005, "{format:?}");
            let after = |form, score| {
                let mut state = State::new(form, format, 1);
                state.push(score, &[0.5]).expect("legal");
                state
            };
            assert!(after(Form::Raw, score - 0.01).z().is_finite());
            let broken = after(Form::Raw, score + 0.02);
            assert_eq!((broken.z(), broken.output()), (f64::INFINITY, None), "{format:?}");
            let whole = after(Form::Safe, score + 0.02);
            assert_eq!((whole.z(), whole.output()), (1.0, Some(vec![0.5])));
        }
    }

    #[test]
    fn nothing_merged_with_nothing_is_nothing() {
        for form in [Form::Safe, Form::Raw] {
            let empty = State::new(form, Format::F64, 2);
            assert_eq!(empty.merge(&empty), Ok(empty.clone()));
            assert_eq!((empty.output(), empty.log_sum_exp()), (None, f64::NEG_INFINITY));
        }
    }

    #[test]
    fn the_carried_state_has_sums_scaled_by_lambda() {
        for form in [Form::Safe, Form::Raw] {
            let mut state = State::new(form, Format::F64, 1);
            state.push(0.5, &[2.0]).expect("legal");
            let before = state.log_sum_exp();
            state.carry(0.25).expect("legal");
            assert!((state.log_sum_exp() - before - 0.25_f64.ln()).abs() < 1e-15);
            state.carry(0.0).expect("legal");
            assert_eq!(state, State::new(form, Format::F64, 1));
        }
        let carried = State::new(Form::Safe, Format::F64, 1).carry(1.5);
        assert_eq!(carried, Err(MathError::ParameterOutOfRange(1.5)));
    }
}
