//! Prints what the kernels cost: `cargo run --release -p yansuan-math --example timings`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;
use yansuan_math::entmax::entmax;
use yansuan_math::entmax15::entmax15;
use yansuan_math::noise::Noise;
use yansuan_math::parse::parse_numbers;
use yansuan_math::perturb_max::PerturbMax;
use yansuan_math::rng::SplitMix64;
use yansuan_math::softmax::softmax;
use yansuan_math::sparse_softmax::sparse_softmax;
use yansuan_math::sparsemax::sparsemax;
use yansuan_math::top_k_relaxed::{min1_exp, sigmoid_top_k};

/// Median of some runs, in milliseconds.
fn time<T>(name: &str, runs: usize, mut run: impl FnMut() -> T) {
    let mut samples: Vec<f64> = (0..runs)
        .map(|_| {
            let begin = Instant::now();
            black_box(run());
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    samples.sort_by(f64::total_cmp);
    println!("{name:<44} {:>10.3} ms (least {:.3})", samples[runs / 2], samples[0]);
}

fn main() {
    let n = 1_000_000;
    let mut rng = SplitMix64::new(1);
    let normal: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
    let wide: Vec<f64> = normal.iter().map(|value| 5.0 * value).collect();
    let narrow: Vec<f64> = normal.iter().map(|value| 0.05 * value).collect();
    let equal = vec![0.25; n];
    for (kind, x) in [("N(0,1)", &normal), ("N(0,25)", &wide), ("N(0,0.0025)", &narrow), ("equal", &equal)] {
        println!("-- 1e6 logits, {kind}");
        time("softmax", 31, || softmax(black_box(x), 1.0));
        time("sparsemax", 31, || sparsemax(black_box(x)));
        time("entmax15", 31, || entmax15(black_box(x)));
        for alpha in [0.5, 1.001, 1.25, 1.75, 3.0, 10.0] {
            time(&format!("entmax {alpha}"), 5, || entmax(black_box(x), alpha));
        }
        time("sparse softmax, k = 100", 5, || sparse_softmax(black_box(x), 100));
        time("min(1, exp), k = 100", 5, || min1_exp(black_box(x), 100));
        time("sigmoid, k = 100", 3, || sigmoid_top_k(black_box(x), 100));
        let shared: Arc<[f64]> = Arc::from(x.as_slice());
        for noise in Noise::ALL {
            let (mut steps, mut longest) = (0, 0.0_f64);
            time(&format!("Perturb-Max, {noise:?}"), 1, || {
                let begin = Instant::now();
                let mut run = PerturbMax::new(shared.clone(), noise).expect("legal");
                longest = begin.elapsed().as_secs_f64() * 1e3;
                steps = 1;
                loop {
                    let begin = Instant::now();
                    let progress = run.step(100_000);
                    longest = longest.max(begin.elapsed().as_secs_f64() * 1e3);
                    steps += 1;
                    if progress.done {
                        break;
                    }
                }
                run
            });
            println!("    in {steps} steps of 100,000, the longest {longest:.2} ms");
        }
    }
    let text: Vec<String> = normal.iter().map(f64::to_string).collect();
    let text = text.join(", ");
    println!("-- {} MB of text", text.len() / 1_000_000);
    time("parse 1e6 numbers of 17 digits", 5, || parse_numbers(black_box(&text)));
    let text: Vec<String> = normal.iter().map(|value| format!("{value:.4}")).collect();
    let text = text.join("\n");
    time("parse 1e6 numbers of 4 decimals", 5, || parse_numbers(black_box(&text)));
}
