//! The kernels, each with its task: the same numbers natively, in WebAssembly and in JavaScript.

use std::hint::black_box;
use std::sync::Arc;

use yansuan_math::Complex64;
use yansuan_math::attention_kernel::{InputsF32, attend_one, causal_attention};
use yansuan_math::axis::Axes;
use yansuan_math::cauchy_kernel::CauchyKernel;
use yansuan_math::convolution::Convolution;
use yansuan_math::discretise::Discretisation;
use yansuan_math::entmax::entmax;
use yansuan_math::entmax15::entmax15;
use yansuan_math::fit::Fit;
use yansuan_math::fourier_fit::{FourierFit, FourierFitOptions, Method};
use yansuan_math::frequency_plan::FrequencyPlan;
use yansuan_math::gaussian_mixture::GaussianMixture;
use yansuan_math::hippo::legs_input;
use yansuan_math::legs_online::LegsOnline;
use yansuan_math::mixture_fit::{MixtureFit, MixtureFitOptions, MixtureMethod};
use yansuan_math::nplr::Nplr;
use yansuan_math::parse::parse_numbers;
use yansuan_math::rng::SplitMix64;
use yansuan_math::rope::{PairLayout, rotate_rows_f32};
use yansuan_math::rope_kernel::{decay_curve, kernel_row};
use yansuan_math::sample::Sample;
use yansuan_math::scheme::Scheme;
use yansuan_math::segment::Segment;
use yansuan_math::softmax::softmax;
use yansuan_math::sparsemax::sparsemax;
use yansuan_math::state_space::power_kernel;
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
    Kernel { name: "Adam, 100 steps, 1e4 data × 32", begin: adam },
    Kernel { name: "EM, 50 rounds, 1e4 data × 8", begin: expectation },
    Kernel { name: "Cauchy kernel, 16384 × 64", begin: cauchy },
    Kernel { name: "power kernel, 16384 × 64", begin: powers },
    Kernel { name: "convolution of 65536", begin: convolution },
    Kernel { name: "online LegS, 10000 steps × 64", begin: memory },
];

/// Dimensions and length of the S4 kernels.
const D: usize = 64;
const LEN: usize = 16_384;

/// What the output reads of the state.
fn output() -> Vec<f64> {
    (0..D).map(|n| (1.0 + n as f64).recip()).collect()
}

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

/// Ten thousand data in `−0.9..0.9`, most of them near the middle.
fn data() -> Option<Arc<Sample>> {
    let x: Vec<f64> = (0..10_000_u32)
        .map(|at| {
            let u = f64::from((at * 7919) % 10_000) / 5000.0 - 1.0;
            0.6 * u + 0.3 * u * u * u
        })
        .collect();
    Sample::new(&x).ok().map(Arc::new)
}

/// A Fourier density of 32 coefficients, from the same beginning each time.
fn adam() -> Task {
    let sample = data();
    let a: Vec<Complex64> = (0..32_u32).map(|k| Complex64::new(1.0 / f64::from(k + 1), f64::from(k % 3) / 10.0)).collect();
    let method = Method::Adam { rate: 0.05 };
    let options = FourierFitOptions { degree: 31, gamma: 0.0, method, iterations: 100, ..FourierFitOptions::default() };
    Box::new(move || {
        let fit = sample.as_ref().map(|sample| FourierFit::from_amplitudes(Arc::clone(black_box(sample)), options, &a));
        let Some(Ok(mut fit)) = fit else { return f64::NAN };
        while fit.step().stop.is_none() {}
        fit.progress().nll
    })
}

/// A mixture of eight, its means spread evenly at first. A round of EM gains too much here to end early.
fn expectation() -> Task {
    let sample = data();
    let means: Vec<f64> = (0..8_u32).map(|k| f64::from(k) / 4.0 - 0.9).collect();
    let mixture = GaussianMixture::new(&[1.0; 8], &means, &[0.1; 8]);
    let options = MixtureFitOptions { components: 8, equal_weights: false, method: MixtureMethod::Em, seed: 1, iterations: 50 };
    Box::new(move || {
        let (Some(sample), Ok(mixture)) = (black_box(&sample), &mixture) else { return f64::NAN };
        let Ok(mut fit) = MixtureFit::from_mixture(Arc::clone(sample), options, mixture.clone()) else { return f64::NAN };
        while fit.step().stop.is_none() {}
        if fit.progress().iteration == 50 { fit.progress().nll } else { f64::NAN }
    })
}

/// What a script must be given to compute the same kernel: `Ā`, `C`, `B`, `ω`, `u`, and the basis as pairs, one after the other.
pub fn state_space() -> Vec<f64> {
    let (Ok(system), Ok(nplr)) = (Discretisation::Bilinear.legs(D, 1.0 / LEN as f64), Nplr::new(D)) else { return Vec::new() };
    let basis = nplr.basis().iter().flat_map(|z| [z.re, z.im]);
    let parts = [system.a, output(), legs_input(D), nplr.omega().to_vec(), nplr.low_rank()];
    parts.into_iter().flatten().chain(basis).collect()
}

/// Some numbers of a kernel, near and far.
fn sampled(kernel: &[f64]) -> f64 {
    let kernel = black_box(kernel);
    kernel.iter().step_by(1024).sum()
}

/// The bilinear kernel of `LegS` by Cauchy sums at the roots of unity, `C̃` included.
fn cauchy() -> Task {
    let (tables, b, c) = (CauchyKernel::new(D, LEN), legs_input(D), output());
    Box::new(move || match &tables {
        Ok(tables) => tables.kernel(black_box(&b), &c, 1.0 / LEN as f64).map_or(f64::NAN, |kernel| sampled(&kernel)),
        Err(_) => f64::NAN,
    })
}

/// The same by powers of `Ā`.
fn powers() -> Task {
    let (system, c) = (Discretisation::Bilinear.legs(D, 1.0 / LEN as f64), output());
    Box::new(move || match &system {
        Ok(system) => power_kernel(black_box(system), &c, LEN).map_or(f64::NAN, |run| sampled(&run.values)),
        Err(_) => f64::NAN,
    })
}

/// Causal convolution of 65,536 numbers with as many.
fn convolution() -> Task {
    let table = Convolution::new(65_536);
    let [kernel, u] = [7919, 6271]
        .map(|factor: u32| -> Vec<f64> { (0..65_536_u32).map(|at| f64::from((at * factor) % 1000) / 1000.0).collect() });
    Box::new(move || match &table {
        Ok(table) => table.causal(black_box(&kernel), &u).map_or(f64::NAN, |y| sampled(&y)),
        Err(_) => f64::NAN,
    })
}

/// A signal of 10,000 numbers remembered by 64.
fn memory() -> Task {
    let u: Vec<f64> = (0..10_000_u32).map(|at| f64::from((at * 7919) % 1000) / 1000.0).collect();
    Box::new(move || {
        let Ok(mut memory) = LegsOnline::new(D) else { return f64::NAN };
        if memory.extend(black_box(&u)).is_err() {
            return f64::NAN;
        }
        memory.state().iter().sum()
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
