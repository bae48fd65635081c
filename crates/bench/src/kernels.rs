//! The kernels, each with its task: the same numbers natively, in WebAssembly and in JavaScript.

use std::hint::black_box;

use yansuan_math::attention_kernel::{InputsF32, attend_one, causal_attention};
use yansuan_math::axis::Axes;
use yansuan_math::entmax::entmax;
use yansuan_math::entmax15::entmax15;
use yansuan_math::frequency_plan::FrequencyPlan;
use yansuan_math::parse::parse_numbers;
use yansuan_math::rng::SplitMix64;
use yansuan_math::rope::{PairLayout, rotate_rows_f32};
use yansuan_math::rope_kernel::{decay_curve, kernel_row};
use yansuan_math::scheme::Scheme;
use yansuan_math::segment::Segment;
use yansuan_math::softmax::softmax;
use yansuan_math::sparsemax::sparsemax;
use yansuan_math::token_layout::TokenLayout;

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
    Kernel { name: "rotation of 4096 × 128", begin: rotation },
    Kernel { name: "decay curve, 16384 × 64", begin: decay },
    Kernel { name: "kernel row, 4096 tokens × 64", begin: row },
    Kernel { name: "causal attention, 1024 × 64", begin: attention },
    Kernel { name: "attention stream, 4096 keys × 64", begin: stream },
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

/// The frequencies of RoPE-1D in a head of 128.
fn frequencies() -> Vec<f64> {
    (0..64).map(|i| 1e4_f64.powf(-f64::from(i) / 64.0)).collect()
}

/// RoPE on a matrix of 4096 tokens in place. Each run rotates what the one before has left, so the number to arrive at is that of a
/// first run on a copy.
fn rotation() -> Task {
    let theta = frequencies();
    let mut x: Vec<f32> = (0..4096 * 128_u32).map(|at| ((at * 7919) % 1000) as f32 / 1000.0).collect();
    let rotate = move |x: &mut [f32]| drop(rotate_rows_f32(black_box(x), &theta, 0.0, PairLayout::Interleaved));
    let mut first = x.clone();
    rotate(&mut first);
    let check = first.iter().rev().take(128).map(|value| f64::from(*value)).sum();
    Box::new(move || {
        rotate(&mut x);
        check
    })
}

/// How like a vector stays to itself over 16,384 distances.
fn decay() -> Task {
    let theta = frequencies();
    Box::new(move || decay_curve(black_box(&theta), 16_384).get(12_345).copied().unwrap_or_default())
}

/// One query against the tokens of a picture of 64 × 64 under RoPE-TV.
fn row() -> Task {
    let layout = TokenLayout::new(&[Segment::Image { h: 64, w: 64 }], Scheme::TV, 1);
    let pairs = FrequencyPlan::Alternate(Axes::Two).pairs(128, 1e4);
    Box::new(move || match (&layout, &pairs) {
        (Ok(layout), Ok(pairs)) => kernel_row(black_box(layout), pairs, 2000).map_or(0.0, |row| row[77]),
        _ => f64::NAN,
    })
}

/// A matrix of single-precision numbers that differ from row to row, `floor..floor + 1` in thousandths.
fn thousandths(rows: u32, factor: u32, floor: f32) -> Vec<f32> {
    (0..rows * 64).map(|at| ((at * factor) % 1000) as f32 / 1000.0 + floor).collect()
}

/// Causal attention in a head of 64 with scores of some ten; the outputs of the last token are looked at.
fn attention() -> Task {
    let [q, k] = [7919, 6271].map(|factor| thousandths(1024, factor, -0.5));
    let v = thousandths(1024, 5077, 0.0);
    Box::new(move || {
        let inputs = InputsF32 { q: black_box(&q), k: &k, v: &v, d_k: 64, d_v: 64, scale: 1.0 };
        last_row(&causal_attention(&inputs).unwrap_or_default())
    })
}

/// One more token: a query against 4096 keys.
fn stream() -> Task {
    let [q, k] = [(1, 7919), (4096, 6271)].map(|(rows, factor)| thousandths(rows, factor, -0.5));
    let v = thousandths(4096, 5077, 0.0);
    Box::new(move || {
        let inputs = InputsF32 { q: black_box(&q), k: &k, v: &v, d_k: 64, d_v: 64, scale: 1.0 };
        last_row(&attend_one(&inputs).unwrap_or_default())
    })
}

/// The sum of the last 64 entries.
fn last_row(outputs: &[f32]) -> f64 {
    outputs.iter().rev().take(64).map(|value| f64::from(*value)).sum()
}

/// Two entries of a result, so that the compiler cannot leave it out, and little time goes into looking at it.
fn norm(p: &[f64]) -> f64 {
    let p = black_box(p);
    p.first().copied().unwrap_or_default() + p.last().copied().unwrap_or_default()
}
