//! Reads golden files, and holds what is computed against them: every value is compared and counted, so that none is skipped.
#![allow(dead_code, reason = "each file of golden data takes what it needs")]

use std::fmt::Debug;
use std::fs;

use serde_json::{Map, Value};

/// A golden file, by its folder and name, for example `rope/scores.json`.
pub fn golden(name: &str) -> Value {
    let path = format!("{}/../../tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

pub fn fields(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

/// A number, or `-inf` as text.
pub fn number(value: &Value) -> f64 {
    if value == "-inf" { f64::NEG_INFINITY } else { value.as_f64().expect("a number") }
}

pub fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

pub fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

pub fn whole(value: &Value) -> u64 {
    value.as_u64().expect("a whole number")
}

pub fn count(value: &Value) -> usize {
    usize::try_from(whole(value)).expect("small")
}

/// How far a number may be from what is expected.
pub trait Tolerance: Copy {
    fn at(self, expected: f64) -> f64;
}

/// Absolutely.
impl Tolerance for f64 {
    fn at(self, _: f64) -> f64 {
        self
    }
}

/// Absolutely or relatively, whichever is more.
impl Tolerance for (f64, f64) {
    fn at(self, expected: f64) -> f64 {
        self.0.max(self.1 * expected.abs())
    }
}

/// Compares, counts, and collects what failed.
#[derive(Default)]
pub struct Ledger {
    pub compared: usize,
    pub failures: Vec<String>,
    worst: f64,
}

impl Ledger {
    pub fn near(&mut self, place: &str, got: f64, expected: f64, tolerance: impl Tolerance) {
        self.compared += 1;
        let tolerance = tolerance.at(expected);
        let error = if got == expected { 0.0 } else { (got - expected).abs() };
        self.worst = self.worst.max(if error > 0.0 { error / tolerance } else { 0.0 });
        if error.is_nan() || error > tolerance {
            self.failures.push(format!("{place}: got {got}, expected {expected}, off by {error:e} > {tolerance:e}"));
        }
    }

    pub fn all_near(&mut self, place: &str, got: &[f64], expected: &[f64], tolerance: impl Tolerance) {
        if got.len() != expected.len() {
            self.failures.push(format!("{place}: {} numbers, expected {}", got.len(), expected.len()));
        }
        for (at, (&got, &expected)) in got.iter().zip(expected).enumerate() {
            self.near(&format!("{place} {at}"), got, expected, tolerance);
        }
    }

    pub fn same<T: PartialEq + Debug>(&mut self, place: &str, got: &T, expected: &T) {
        self.compared += 1;
        if got != expected {
            self.failures.push(format!("{place}: got {got:?}, expected {expected:?}"));
        }
    }

    pub fn holds(&mut self, place: &str, holds: bool) {
        self.same(place, &holds, &true);
    }

    /// Nothing failed, and as many values were compared as the file is known to have.
    pub fn close(self, total: usize) {
        println!("{} golden values compared; worst error as a share of its tolerance: {:.2e}", self.compared, self.worst);
        assert!(self.failures.is_empty(), "{} failures:\n{}", self.failures.len(), self.failures.join("\n"));
        assert_eq!(self.compared, total, "a golden value was skipped or added");
    }
}
