//! The kernels, each with its task: the same numbers natively, in WebAssembly and in JavaScript.

use std::hint::black_box;

use yansuan_math::entmax::entmax;
use yansuan_math::entmax15::entmax15;
use yansuan_math::parse::parse_numbers;
use yansuan_math::rng::SplitMix64;
use yansuan_math::softmax::softmax;
use yansuan_math::sparsemax::sparsemax;

/// A kernel that has been given its task.
pub type Task = Box<dyn FnMut() -> f64>;

/// One kernel.
#[derive(Clone, Copy)]
pub struct Kernel {
    /// Its name in the table, and that of its counterpart in `kernels.mjs`.
    pub name: &'static str,
    /// Gives it its task. What it returns each time is a number that depends on everything that was computed: JavaScript must
    /// arrive at the same one.
    pub begin: fn() -> Task,
}

/// Every kernel, in the order of the table.
pub const KERNELS: &[Kernel] = &[
    Kernel { name: "softmax, 1e6 logits", begin: || on_logits(|x| norm(&softmax(x, 1.0).unwrap_or_default())) },
    Kernel { name: "sparsemax, 1e6 logits", begin: || on_logits(|x| sparsemax(x).map_or(0.0, |solved| norm(&solved.p))) },
    Kernel { name: "entmax-1.5, 1e6 logits", begin: || on_logits(|x| entmax15(x).map_or(0.0, |solved| norm(&solved.p))) },
    Kernel { name: "entmax-1.3, 1e6 logits", begin: || on_logits(|x| entmax(x, 1.3).map_or(0.0, |solved| norm(&solved.p))) },
    Kernel { name: "reading 1e5 pasted numbers", begin: pasted },
];

/// Standard normal logits from seed 1, as a page gets them.
pub fn logits() -> Vec<f64> {
    let mut random = SplitMix64::new(1);
    (0..1_000_000).map(|_| random.normal()).collect()
}

/// The text that a reader pastes: as many numbers of four decimals.
pub fn paste() -> String {
    let mut random = SplitMix64::new(1);
    let numbers: Vec<String> = (0..100_000).map(|_| format!("{:.4}", random.normal())).collect();
    numbers.join("\n")
}

fn on_logits(kernel: fn(&[f64]) -> f64) -> Task {
    let x = logits();
    Box::new(move || kernel(black_box(&x)))
}

fn pasted() -> Task {
    let text = paste();
    Box::new(move || parse_numbers(black_box(&text)).map_or(0.0, |numbers| numbers.iter().sum()))
}

/// Two entries of a result, so that the compiler cannot leave it out, and little time goes into looking at it.
fn norm(p: &[f64]) -> f64 {
    let p = black_box(p);
    p.first().copied().unwrap_or_default() + p.last().copied().unwrap_or_default()
}
