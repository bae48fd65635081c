//! Properties of the maps, each on 10,000 random inputs.
#![expect(clippy::float_cmp, reason = "ties, exact zeros and exact ones are what is asked for")]

use proptest::prelude::*;
use yansuan_math::am_softmax::am_softmax;
use yansuan_math::cross_entropy::{Loss, cross_entropy, negative_probability};
use yansuan_math::entmax::{entmax, entmax_alpha_derivative, entmax_numeric};
use yansuan_math::entmax15::entmax15;
use yansuan_math::fenchel_young::fenchel_young;
use yansuan_math::gauss_legendre::gauss_legendre;
use yansuan_math::jacobian::{entmax_jacobian, half_l1_jacobian, softmax_jacobian};
use yansuan_math::log_sum_exp::{log_sum_exp, smooth_max};
use yansuan_math::noise::Noise;
use yansuan_math::normal;
use yansuan_math::parse::parse_numbers;
use yansuan_math::perturb_max::perturb_max;
use yansuan_math::rng::SplitMix64;
use yansuan_math::softmax::{softmax, softmax_threshold, temper};
use yansuan_math::sparse_softmax::{sparse_softmax, sparse_softmax_loss};
use yansuan_math::sparsemax::sparsemax;
use yansuan_math::taylor_softmax::taylor_softmax;
use yansuan_math::threshold::mass_at;
use yansuan_math::top_k_relaxed::{min1_exp, sigmoid_top_k};

const CASES: u32 = 10_000;

/// A loss as a function of the logits.
type LossOf = Box<dyn Fn(&[f64]) -> Loss>;

/// Ten thousand cases, the same every time, and no file written on failure.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        max_global_rejects: 40 * CASES,
        rng_seed: proptest::test_runner::RngSeed::Fixed(10_145),
        ..ProptestConfig::default()
    }
}

/// Logits: half of the time on a grid of quarters, so that ties and exact boundaries occur.
fn logits(longest: usize) -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        prop::collection::vec(-6.0..6.0_f64, 1..=longest),
        prop::collection::vec((-12..=12_i32).prop_map(|quarters| f64::from(quarters) * 0.25), 1..=longest),
        prop::collection::vec(-0.5..0.5_f64, 1..=longest),
    ]
}

/// The same, with one masked logit at times (never the only one).
fn maskable(longest: usize) -> impl Strategy<Value = Vec<f64>> {
    (logits(longest), any::<bool>(), any::<prop::sample::Index>()).prop_map(|(mut x, mask, index)| {
        if mask && x.len() > 1 {
            let i = index.index(x.len());
            x[i] = f64::NEG_INFINITY;
        }
        x
    })
}

/// Logits on a grid of 2^-10 and a shift on it: sums and differences are exact.
fn dyadic(longest: usize) -> impl Strategy<Value = (Vec<f64>, f64)> {
    let grid = |range: std::ops::Range<i32>| range.prop_map(|k| f64::from(k) / 1024.0);
    (prop::collection::vec(grid(-4096..4096), 1..=longest), grid(-1_000_000..1_000_000))
}

/// α of every branch.
fn alphas() -> impl Strategy<Value = f64> {
    prop_oneof![0.3..1.0_f64, 1.0..2.0_f64, 2.0..20.0_f64, Just(0.5), Just(1.0), Just(1.5), Just(2.0), Just(3.0), Just(1000.0),]
}

/// Every map of the crate that is shift-invariant and monotone and sums to 1.
fn well_behaved(x: &[f64], alpha: f64, k: usize) -> Vec<(&'static str, Vec<f64>)> {
    vec![
        ("softmax", softmax(x, 1.0).expect("legal")),
        ("softmax, hot", softmax(x, 10.0).expect("legal")),
        ("softmax, cold", softmax(x, 0.01).expect("legal")),
        ("softmax threshold", softmax_threshold(x).expect("legal").p),
        ("sparsemax", sparsemax(x).expect("legal").p),
        ("entmax15", entmax15(x).expect("legal").p),
        ("entmax", entmax(x, alpha).expect("legal").p),
        ("entmax numeric", entmax_numeric(x, alpha).expect("legal").p),
        ("sparse softmax", sparse_softmax(x, k).expect("legal").p),
        ("min(1, exp)", min1_exp(x, 1).expect("legal").p),
        ("sigmoid", sigmoid_top_k(x, 1).expect("legal").p),
    ]
}

fn perturbed(x: &[f64]) -> Vec<(Noise, Vec<f64>)> {
    Noise::ALL.iter().map(|&noise| (noise, perturb_max(x, noise).expect("legal"))).collect()
}

/// Sums with an error below that of one rounding.
fn sum(values: &[f64]) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for &value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    // `fold` with `max` would swallow a NaN.
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, |worst, next| if next <= worst { worst } else { next })
}

fn is_distribution(p: &[f64], total: f64) -> Result<(), TestCaseError> {
    prop_assert!(p.iter().all(|&value| value >= 0.0), "{p:?}");
    let off = sum(p) - total;
    prop_assert!(off.abs() <= 1e-15 * (p.len() as f64).sqrt() * total, "sum off by {off:e}: {p:?}");
    Ok(())
}

/// Central difference of a vector function, as columns.
fn difference(x: &[f64], h: f64, f: impl Fn(&[f64]) -> Vec<f64>) -> Vec<Vec<f64>> {
    (0..x.len())
        .map(|j| {
            let (mut up, mut down) = (x.to_vec(), x.to_vec());
            up[j] += h;
            down[j] -= h;
            let (up, down) = (f(&up), f(&down));
            up.iter().zip(&down).map(|(a, b)| (a - b) / (2.0 * h)).collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_map_gives_a_distribution_and_nothing_to_the_masked(
        x in maskable(12), alpha in alphas(), k in 1..13_usize,
    ) {
        for (name, p) in well_behaved(&x, alpha, k) {
            is_distribution(&p, 1.0).map_err(|error| TestCaseError::fail(format!("{name}: {error}")))?;
            for (&value, &p) in x.iter().zip(&p) {
                prop_assert!(value > f64::NEG_INFINITY || p == 0.0, "{name}");
            }
        }
    }

    #[test]
    fn taylor_softmax_gives_a_distribution(x in logits(12), half in 1..10_u32) {
        let p = taylor_softmax(&x, 2 * half).expect("legal");
        is_distribution(&p, 1.0)?;
        prop_assert!(p.iter().all(|&value| value > 0.0));
    }

    #[test]
    fn perturb_max_gives_a_distribution_and_nothing_to_the_masked(x in maskable(5)) {
        for (noise, p) in perturbed(&x) {
            is_distribution(&p, 1.0).map_err(|error| TestCaseError::fail(format!("{noise:?}: {error}")))?;
            for (&value, &p) in x.iter().zip(&p) {
                prop_assert!(value > f64::NEG_INFINITY || p == 0.0, "{noise:?}");
            }
        }
    }

    #[test]
    fn a_shift_of_all_logits_changes_nothing((x, shift) in dyadic(10), alpha in alphas(), k in 1..11_usize) {
        let shifted: Vec<f64> = x.iter().map(|value| value + shift).collect();
        let pairs = well_behaved(&x, alpha, k).into_iter().zip(well_behaved(&shifted, alpha, k));
        for ((name, a), (_, b)) in pairs {
            // λ of the sequel's maps is absolute: it has the rounding of the shift (up to 1e3).
            let tolerance = if name.starts_with("min") || name.starts_with("sigmoid") { 1e-12 } else { 0.0 };
            prop_assert!(distance(&a, &b) <= tolerance, "{name}: {a:?} {b:?}");
        }
    }

    #[test]
    fn a_shift_changes_nothing_for_perturb_max((x, shift) in dyadic(4)) {
        let shifted: Vec<f64> = x.iter().map(|value| value + shift).collect();
        for ((noise, a), (_, b)) in perturbed(&x).into_iter().zip(perturbed(&shifted)) {
            prop_assert!(distance(&a, &b) <= 0.0, "{noise:?}: {a:?} {b:?}");
        }
    }

    #[test]
    fn a_permutation_of_the_logits_permutes_the_probabilities(
        (x, order) in maskable(12).prop_flat_map(|x| {
            let order: Vec<usize> = (0..x.len()).collect();
            (Just(x), Just(order).prop_shuffle())
        }),
        alpha in alphas(), half in 1..6_u32,
    ) {
        let permuted: Vec<f64> = order.iter().map(|&i| x[i]).collect();
        // Sums are taken in another order, nothing else. k = n: a smaller k breaks ties by index.
        let mut pairs: Vec<_> =
            well_behaved(&x, alpha, x.len()).into_iter().zip(well_behaved(&permuted, alpha, x.len())).collect();
        if x.iter().all(|value| value.is_finite()) {
            let taylor = |x: &[f64]| ("taylor", taylor_softmax(x, 2 * half).expect("legal"));
            pairs.push((taylor(&x), taylor(&permuted)));
        }
        for ((name, a), (_, b)) in pairs {
            let a: Vec<f64> = order.iter().map(|&i| a[i]).collect();
            prop_assert!(distance(&a, &b) <= 1e-14, "{name}: {:e}", distance(&a, &b));
        }
    }

    #[test]
    fn a_permutation_permutes_perturb_max(
        (x, order) in maskable(4).prop_flat_map(|x| {
            let order: Vec<usize> = (0..x.len()).collect();
            (Just(x), Just(order).prop_shuffle())
        }),
    ) {
        let permuted: Vec<f64> = order.iter().map(|&i| x[i]).collect();
        for ((noise, a), (_, b)) in perturbed(&x).into_iter().zip(perturbed(&permuted)) {
            let a: Vec<f64> = order.iter().map(|&i| a[i]).collect();
            prop_assert!(distance(&a, &b) <= 1e-14, "{noise:?}");
        }
    }

    #[test]
    fn a_larger_logit_never_gets_less(x in maskable(8), alpha in alphas(), k in 1..9_usize) {
        for (name, p) in well_behaved(&x, alpha, k) {
            for i in 0..x.len() {
                for j in 0..x.len() {
                    // Equal logits of sparse softmax are told apart by the index.
                    if x[i] > x[j] {
                        prop_assert!(p[i] >= p[j] - 1e-15, "{name}: {p:?}");
                    } else if x[i] == x[j] && name != "sparse softmax" {
                        prop_assert!((p[i] - p[j]).abs() <= 0.0, "{name}: {p:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_larger_logit_never_gets_less_by_perturb_max(x in maskable(5)) {
        for (noise, p) in perturbed(&x) {
            for i in 0..x.len() {
                for j in 0..x.len() {
                    prop_assert!(x[i] < x[j] || p[i] >= p[j] - 1e-14, "{noise:?}: {p:?}");
                }
            }
        }
    }

    #[test]
    fn alpha_near_one_is_near_softmax(x in maskable(12)) {
        let p = softmax(&x, 1.0).expect("legal");
        for alpha in [1.0 - 1e-4, 1.0 + 1e-4] {
            // The spec's tolerance; the derivative in α is below 10 for these logits.
            prop_assert!(distance(&entmax(&x, alpha).expect("legal").p, &p) <= 1e-3);
        }
    }

    #[test]
    fn root_finding_agrees_with_the_closed_forms(x in maskable(20)) {
        let numeric = |alpha| entmax_numeric(&x, alpha).expect("legal");
        let exact = [(2.0, sparsemax(&x).expect("legal")), (1.5, entmax15(&x).expect("legal"))];
        for (alpha, exact) in exact {
            prop_assert!(distance(&numeric(alpha).p, &exact.p) <= 1e-12, "{alpha}");
            prop_assert!((numeric(alpha).lambda - exact.lambda).abs() <= 1e-12, "{alpha}");
        }
    }

    /// The bisection as the spec has it: 60 halvings of `[βx_max − 1, βx_max − n^{−β}]`.
    #[test]
    fn newton_agrees_with_plain_bisection(x in logits(12), alpha in prop_oneof![0.3..0.95_f64, 1.05..4.0_f64]) {
        let beta = alpha - 1.0;
        let max = x.iter().copied().fold(f64::MIN, f64::max);
        let weight = |value: f64, lambda: f64| {
            let t = beta * (value - max) - lambda;
            if t > 0.0 { (t.ln() / beta).exp() } else { 0.0 }
        };
        let edge = -(x.len() as f64).powf(-beta);
        let (mut low, mut high) = if beta > 0.0 { (-1.0, edge) } else { (edge, -1.0) };
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            let mass: f64 = x.iter().map(|&value| weight(value, middle)).sum();
            // Decreasing in λ for β > 0, increasing for β < 0.
            if (mass > 1.0) == (beta > 0.0) { low = middle } else { high = middle }
        }
        let mut p: Vec<f64> = x.iter().map(|&value| weight(value, low)).collect();
        let total: f64 = p.iter().sum();
        p = p.iter().map(|value| value / total).collect();
        let solved = entmax(&x, alpha).expect("legal");
        // Bisection resolves λ to 1e-16 or so, and p is its power 1/β: below β = 1 that costs little,
        // above it half of the digits and more at the edge of the support.
        let tolerance = if beta <= 1.0 { 1e-12 } else { 4e-16_f64.powf(1.0 / beta) * 4.0 };
        prop_assert!(distance(&solved.p, &p) <= tolerance, "{:e}", distance(&solved.p, &p));
    }

    #[test]
    fn the_mass_at_the_level_is_one(x in maskable(10), alpha in prop_oneof![0.3..1.9_f64, Just(2.0), Just(1.0)]) {
        let solved = entmax(&x, alpha).expect("legal");
        // Near α = 1 the level sinks like −1/β, and 1/β digits of x − level with it.
        prop_assume!(alpha == 1.0 || (alpha - 1.0).abs() > 1e-3);
        let mass = mass_at(&x, alpha, solved.level()).expect("legal");
        let reach = 1.0 + solved.level().abs();
        let condition = 1.0 / (alpha - 1.0).abs().clamp(1e-3, 1.0);
        prop_assert!((mass - 1.0).abs() <= 1e-14 * reach * condition, "{mass}");
    }

    #[test]
    fn softmax_jacobian_is_the_finite_difference(x in logits(6)) {
        let p = softmax(&x, 1.0).expect("legal");
        let jacobian = softmax_jacobian(&p);
        let columns = difference(&x, 1e-5, |x| softmax(x, 1.0).expect("legal"));
        for (j, column) in columns.iter().enumerate() {
            for (i, entry) in column.iter().enumerate() {
                prop_assert!((jacobian[i * x.len() + j] - entry).abs() <= 1e-9);
            }
        }
        let half: f64 = 0.5 * jacobian.iter().map(|entry| entry.abs()).sum::<f64>();
        prop_assert!((half - half_l1_jacobian(&p)).abs() <= 1e-15);
    }

    #[test]
    fn entmax_jacobian_is_the_finite_difference_off_boundaries(
        x in prop::collection::vec(-2.0..2.0_f64, 1..=6), alpha in 0.4..2.5_f64,
    ) {
        let h = 1e-6;
        let solved = entmax(&x, alpha).expect("legal");
        let level = solved.level();
        // Off boundaries: no logit within 0.02 of the level, where p has a kink (or worse).
        prop_assume!(alpha < 1.0 + 1e-3 || x.iter().all(|value| (value - level).abs() > 0.02));
        let jacobian = entmax_jacobian(&solved.p, alpha).expect("legal");
        let columns = difference(&x, h, |x| entmax(x, alpha).expect("legal").p);
        let scale = 1.0 + jacobian.iter().fold(0.0_f64, |m, entry| m.max(entry.abs()));
        for (j, column) in columns.iter().enumerate() {
            for (i, entry) in column.iter().enumerate() {
                // h² times a third derivative that grows like distance^−2, and rounding over h.
                prop_assert!((jacobian[i * x.len() + j] - entry).abs() <= 1e-7 * scale, "{i} {j}");
            }
        }
    }

    #[test]
    fn the_jacobian_is_symmetric_positive_semidefinite_and_has_zero_sums(
        x in maskable(8), alpha in 0.4..3.0_f64, seed in any::<u64>(),
    ) {
        let n = x.len();
        let p = entmax(&x, alpha).expect("legal").p;
        let jacobian = entmax_jacobian(&p, alpha).expect("legal");
        let scale = jacobian.iter().fold(0.0_f64, |m, entry| m.max(entry.abs()));
        let mut rng = SplitMix64::new(seed);
        let v: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
        let mut quadratic = 0.0;
        for i in 0..n {
            let row = &jacobian[i * n..(i + 1) * n];
            prop_assert!(sum(row).abs() <= 1e-15 * n as f64 * scale);
            for j in 0..n {
                prop_assert!((row[j] - jacobian[j * n + i]).abs() <= 0.0);
                quadratic += v[i] * row[j] * v[j];
            }
        }
        prop_assert!(quadratic >= -1e-13 * scale, "{quadratic}");
    }

    #[test]
    fn the_derivative_in_alpha_is_the_finite_difference(
        x in prop::collection::vec(-2.0..2.0_f64, 1..=6), alpha in 0.4..2.5_f64,
    ) {
        let h = 1e-6;
        let solved = entmax(&x, alpha).expect("legal");
        let level = solved.level();
        prop_assume!(alpha < 1.0 + 1e-3 || x.iter().all(|value| (value - level).abs() > 0.02));
        let derivative = entmax_alpha_derivative(&solved.p, alpha).expect("legal");
        prop_assert!(sum(&derivative).abs() <= 1e-13);
        let at = |alpha| entmax_numeric(&x, alpha).expect("legal").p;
        let (up, down) = (at(alpha + h), at(alpha - h));
        // Within 1e-6 of 1 the softmax branch is off by up to 1e-6 times the derivative itself.
        let tolerance = if (alpha - 1.0).abs() < 1e-5 { 2.0 } else { 1e-7 };
        for i in 0..x.len() {
            let difference = (up[i] - down[i]) / (2.0 * h);
            prop_assert!((difference - derivative[i]).abs() <= tolerance, "{difference} {}", derivative[i]);
        }
    }

    #[test]
    fn the_gradient_of_a_loss_is_its_finite_difference(
        x in prop::collection::vec(-2.0..2.0_f64, 1..=6), alpha in 1.05..2.5_f64, pick in any::<prop::sample::Index>(),
    ) {
        let t = pick.index(x.len());
        let losses: Vec<(&str, LossOf)> = vec![
            ("cross entropy", Box::new(move |x| cross_entropy(x, t).expect("legal"))),
            ("negative probability", Box::new(move |x| negative_probability(x, t).expect("legal"))),
            ("AM-softmax", Box::new(move |x| am_softmax(x, t, 0.35, 3.0).expect("legal"))),
            ("Fenchel–Young", Box::new(move |x| fenchel_young(x, alpha, t).expect("legal"))),
            ("Fenchel–Young 2", Box::new(move |x| fenchel_young(x, 2.0, t).expect("legal"))),
            ("Fenchel–Young 0.7", Box::new(move |x| fenchel_young(x, 0.7, t).expect("legal"))),
        ];
        for (name, loss) in losses {
            let columns = difference(&x, 1e-6, |x| vec![loss(x).value]);
            for (i, &entry) in loss(&x).gradient.iter().enumerate() {
                // The gradient is continuous also at the boundaries of supports; its slope there is
                // bounded by that of the map, so the difference is right to h times some.
                prop_assert!((entry - columns[i][0]).abs() <= 1e-5, "{name}: {entry} {}", columns[i][0]);
            }
        }
    }

    #[test]
    fn the_gradient_of_sparse_softmax_is_p_minus_onehot(x in logits(8), k in 1..9_usize, pick in any::<prop::sample::Index>()) {
        let t = pick.index(x.len());
        let loss = sparse_softmax_loss(&x, k, t).expect("legal");
        prop_assert!(loss.value >= 0.0);
        let mut expected = sparse_softmax(&x, k).expect("legal").p;
        expected[t] -= 1.0;
        prop_assert!(distance(&loss.gradient, &expected) <= 1e-15);
    }

    #[test]
    fn fenchel_young_losses_vanish_exactly_at_the_target(
        x in logits(6), alpha in alphas(), pick in any::<prop::sample::Index>(),
    ) {
        let t = pick.index(x.len());
        let loss = fenchel_young(&x, alpha, t).expect("legal");
        let mut residual = entmax(&x, alpha).expect("legal").p;
        residual[t] -= 1.0;
        prop_assert!(distance(&loss.gradient, &residual) <= 2e-15);
        let off = residual.iter().fold(0.0_f64, |m, entry| m.max(entry.abs()));
        prop_assert!(loss.value >= 0.0);
        if off == 0.0 {
            prop_assert!(loss.value == 0.0, "{}", loss.value);
        }
        // The loss is at least of second order in the residual, so smaller ones may round to 0.
        if off > 1e-6 {
            prop_assert!(loss.value > 0.0, "off by {off:e}");
        }
    }

    #[test]
    fn cross_entropy_is_positive_and_its_gradient_p_minus_onehot(x in logits(8), pick in any::<prop::sample::Index>()) {
        let t = pick.index(x.len());
        let loss = cross_entropy(&x, t).expect("legal");
        prop_assert_eq!(loss.value > 0.0, x.len() > 1);
        let mut expected = softmax(&x, 1.0).expect("legal");
        expected[t] -= 1.0;
        prop_assert!(distance(&loss.gradient, &expected) <= 1e-15);
    }

    /// By an integral of its own: `perturb_max` short-cuts Gumbel noise to softmax.
    #[test]
    fn gumbel_noise_is_softmax(x in logits(5)) {
        let p = softmax(&x, 1.0).expect("legal");
        let step = 0.1;
        let mut integral = vec![0.0; x.len()];
        for k in -150..500_i32 {
            let t = f64::from(k) * step;
            let log: f64 = x.iter().map(|value| Noise::Gumbel.ln_cdf(t - value)).sum();
            for (i, value) in x.iter().enumerate() {
                integral[i] += step * (log + Noise::Gumbel.reversed_hazard(t - value).ln()).exp();
            }
        }
        prop_assert!(distance(&integral, &p) <= 1e-12, "{integral:?} {p:?}");
        prop_assert!(distance(&perturb_max(&x, Noise::Gumbel).expect("legal"), &p) <= 0.0);
    }

    #[test]
    fn normal_noise_on_two_logits_has_its_closed_form(a in -6.0..6.0_f64, b in -6.0..6.0_f64) {
        let p = perturb_max(&[a, b], Noise::Normal).expect("legal");
        let exact = normal::cdf((a - b) / std::f64::consts::SQRT_2);
        prop_assert!((p[0] - exact).abs() <= 1e-14, "{} {exact}", p[0]);
    }

    #[test]
    fn the_other_noises_on_two_logits_have_their_closed_forms(a in -6.0..6.0_f64, b in -6.0..6.0_f64) {
        // P(ε_b − ε_a ≤ Δ) for the differences of two independent noises, Δ = a − b.
        let gap: f64 = a - b;
        let (d, e) = (gap.abs(), (-gap.abs()).exp());
        let larger = [
            (Noise::Laplace, 1.0 - 0.5 * e * (1.0 + 0.5 * d)),
            (Noise::Exponential, 1.0 - 0.5 * e),
            (Noise::Uniform, if d < 1.0 { 1.0 - 0.5 * (1.0 - d) * (1.0 - d) } else { 1.0 }),
            (Noise::Logistic, if d < 1e-3 { f64::NAN } else { (1.0 - e * (1.0 + d)) / ((1.0 - e) * (1.0 - e)) }),
        ];
        for (noise, exact) in larger {
            let p = perturb_max(&[a, b], noise).expect("legal");
            let got = if gap >= 0.0 { p[0] } else { p[1] };
            // The logistic form cancels for small gaps: e²⁄d² of it.
            let tolerance = if noise == Noise::Logistic { 1e-14 + 4e-16 / (d * d) } else { 1e-14 };
            prop_assert!(exact.is_nan() || (got - exact).abs() <= tolerance, "{noise:?} {d}: {got} {exact}");
        }
    }

    #[test]
    fn exponential_noise_is_its_polynomial_and_its_quadrature(x in logits(6)) {
        let p = perturb_max(&x, Noise::Exponential).expect("legal");
        let max = x.iter().copied().fold(f64::MIN, f64::max);
        let q: Vec<f64> = x.iter().map(|value| (value - max).exp()).collect();
        // ∏(1 − q_j s) expanded and integrated term by term: fine for few factors.
        for i in 0..x.len() {
            let mut polynomial = vec![1.0];
            for (j, q) in q.iter().enumerate() {
                if j != i {
                    polynomial.push(0.0);
                    for m in (1..polynomial.len()).rev() {
                        polynomial[m] -= q * polynomial[m - 1];
                    }
                }
            }
            let terms = polynomial.iter().enumerate().map(|(m, c)| c / (m as f64 + 1.0));
            let exact = q[i] * terms.sum::<f64>();
            prop_assert!((p[i] - exact).abs() <= 1e-14, "{} {exact}", p[i]);
        }
        // The defining integral over the noise, split where a factor starts: ε ≥ max(0, x_j − x_i).
        let (nodes, weights) = gauss_legendre(24);
        for i in 0..x.len() {
            let start = max - x[i];
            let integrate = |low: f64, high: f64| -> f64 {
                let half = 0.5 * (high - low);
                let terms = nodes.iter().zip(&weights).map(|(node, weight)| {
                    let noise = low + half * (1.0 + node);
                    let others = (0..x.len()).filter(|&j| j != i);
                    let product: f64 = others.map(|j| Noise::Exponential.cdf(x[i] - x[j] + noise)).product();
                    weight * half * Noise::Exponential.density(noise) * product
                });
                terms.sum()
            };
            let quadrature: f64 = (0..20).map(|k| integrate(start + f64::from(2 * k), start + f64::from(2 * k + 2))).sum();
            prop_assert!((p[i] - quadrature).abs() <= 1e-12, "{} {quadrature}", p[i]);
        }
    }

    #[test]
    fn taylor_softmax_tends_to_softmax(x in prop::collection::vec(-3.0..3.0_f64, 1..=8)) {
        let p = softmax(&x, 1.0).expect("legal");
        // The rest of the series at |x| = 3: 3^{k+1}/(k+1)!, against weights of at least e^{−3}.
        for (order, tolerance) in [(10, 0.2), (16, 1e-4), (24, 1e-10), (40, 1e-13)] {
            let far = distance(&taylor_softmax(&x, order).expect("legal"), &p);
            prop_assert!(far <= tolerance, "{order}: {far:e}");
        }
    }

    #[test]
    fn keeping_all_is_softmax(x in maskable(12)) {
        let sparse = sparse_softmax(&x, x.len()).expect("legal");
        prop_assert!(distance(&sparse.p, &softmax(&x, 1.0).expect("legal")) <= 1e-15);
        prop_assert!(!sparse.tie_broken);
    }

    #[test]
    fn keeping_k_keeps_the_k_largest(x in maskable(12), k in 1..13_usize) {
        let sparse = sparse_softmax(&x, k).expect("legal");
        let available = x.iter().filter(|value| value.is_finite()).count();
        prop_assert_eq!(sparse.kept.len(), k.min(available));
        prop_assert_eq!(sparse.clamped, k > available);
        let mut order: Vec<usize> = (0..x.len()).filter(|&i| x[i].is_finite()).collect();
        order.sort_by(|&a, &b| x[b].total_cmp(&x[a])); // stable: ties stay in order of index
        let (kept, dropped) = order.split_at(sparse.k);
        let mut expected = kept.to_vec();
        expected.sort_unstable();
        prop_assert_eq!(&sparse.kept, &expected);
        let tie = dropped.first().is_some_and(|&i| x[i] == x[kept[sparse.k - 1]]);
        prop_assert_eq!(sparse.tie_broken, tie);
    }

    #[test]
    fn relaxed_top_k_sums_to_k_with_entries_at_most_one(x in maskable(12), k in 1..13_usize) {
        let available = x.iter().filter(|value| value.is_finite()).count();
        for top in [min1_exp(&x, k).expect("legal"), sigmoid_top_k(&x, k).expect("legal")] {
            prop_assert_eq!(top.k, k.min(available));
            is_distribution(&top.p, top.k as f64)?;
            for (i, &p) in top.p.iter().enumerate() {
                prop_assert!(p <= 1.0);
                prop_assert!(x[i].is_finite() || p == 0.0);
                for (j, &other) in top.p.iter().enumerate() {
                    prop_assert!(x[i] < x[j] || p >= other - 1e-15);
                }
            }
        }
        if k == 1 {
            prop_assert!(distance(&min1_exp(&x, 1).expect("legal").p, &softmax(&x, 1.0).expect("legal")) <= 1e-15);
        }
    }

    #[test]
    fn the_lambda_of_a_relaxed_top_k_is_its_definition(x in maskable(12), k in 1..13_usize) {
        let exponential = min1_exp(&x, k).expect("legal");
        let lambda = exponential.lambda.expect("always finite");
        let p: Vec<f64> = x.iter().map(|value| (value - lambda).exp().min(1.0)).collect();
        prop_assert!((sum(&p) - exponential.k as f64).abs() <= 1e-13, "{}", sum(&p));
        let sigmoid = sigmoid_top_k(&x, k).expect("legal");
        if let Some(lambda) = sigmoid.lambda {
            let p: Vec<f64> = x.iter().map(|value| 1.0 / (1.0 + (lambda - value).exp())).collect();
            prop_assert!((sum(&p) - sigmoid.k as f64).abs() <= 1e-13, "{}", sum(&p));
        }
    }

    /// `p` is the point of the simplex nearest to `x` exactly if `(x − p)·(q − p) ≤ 0` for all `q` in it,
    /// that is for all corners.
    #[test]
    fn sparsemax_is_the_euclidean_projection(x in logits(12)) {
        let p = sparsemax(&x).expect("legal").p;
        let inner: f64 = x.iter().zip(&p).map(|(x, p)| (x - p) * p).sum();
        for (x, p) in x.iter().zip(&p) {
            prop_assert!((x - p) - inner <= 1e-14);
        }
    }

    /// The same for every α: entmax maximises `p·x + H_α(p)`, whose gradient on the simplex is
    /// `x_i − p_i^β/β`, equal on the support and not larger off it.
    #[test]
    fn entmax_is_the_regularised_argmax(x in logits(12), alpha in 1.05..8.0_f64) {
        let solved = entmax(&x, alpha).expect("legal");
        let beta = alpha - 1.0;
        let slopes: Vec<f64> = x.iter().zip(&solved.p).map(|(x, p)| x - p.powf(beta) / beta).collect();
        let level = solved.level();
        // p^β/β has the relative error of p times β, over β.
        for (slope, p) in slopes.iter().zip(&solved.p) {
            if *p > 0.0 {
                prop_assert!((slope - level).abs() <= 1e-13 / beta.min(1.0), "{slope} {level}");
            } else {
                prop_assert!(slope - level <= 1e-13, "{slope} {level}");
            }
        }
    }

    #[test]
    fn one_hot_begins_at_the_gap(gap in 0.0..5.0_f64, alpha in 1.2..4.0_f64) {
        let limit = 1.0 / (alpha - 1.0);
        prop_assume!((gap - limit).abs() > 1e-9);
        let solved = entmax(&[gap, 0.0, -9.0], alpha).expect("legal");
        prop_assert_eq!(solved.support == 1, gap > limit);
        prop_assert_eq!(solved.p[0] == 1.0, gap > limit);
    }

    #[test]
    fn the_smooth_maximum_lies_between_its_bounds(x in maskable(12), tau in 0.01..10.0_f64) {
        let bounds = smooth_max(&x, tau).expect("legal");
        prop_assert!(bounds.max <= bounds.value && bounds.value <= bounds.upper);
        let scaled: Vec<f64> = x.iter().map(|value| value / tau).collect();
        prop_assert!((tau * log_sum_exp(&scaled).expect("legal") - bounds.value).abs() <= 1e-13);
    }

    #[test]
    fn a_temperature_can_be_put_before_the_map(x in maskable(12), tau in 0.01..10.0_f64) {
        let tempered = softmax(&temper(&x, tau).expect("legal"), 1.0).expect("legal");
        // x/τ up to 1200 is rounded twice, differently.
        prop_assert!(distance(&tempered, &softmax(&x, tau).expect("legal")) <= 2e-13);
    }

    #[test]
    fn printed_numbers_are_read_back(x in maskable(12), separator in prop::sample::select(vec![",", " ", "；", "\n", "、", ";\t"])) {
        let text: Vec<String> = x.iter().map(f64::to_string).collect();
        prop_assert_eq!(parse_numbers(&text.join(separator)), Ok(x));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[-+0-9eE.,; ，、−∞infa\n\\PC]{0,40}") {
        if let Ok(numbers) = parse_numbers(&text) {
            prop_assert!(numbers.iter().all(|&number| number < f64::INFINITY));
        }
    }
}

/// Not monotone, not shift-invariant: the counterexample of the spec.
#[test]
fn taylor_softmax_lets_the_smallest_logit_win() {
    let p = taylor_softmax(&[-3.0, -1.0, 0.0], 2).expect("legal");
    assert!(p[0] > p[2] && p[2] > p[1], "{p:?}");
    let shifted = taylor_softmax(&[0.0, 2.0, 3.0], 2).expect("legal");
    assert!(distance(&p, &shifted) > 0.4, "{shifted:?}");
}

/// Reported, not assumed: does a larger α ever enlarge the support?
#[test]
fn the_support_against_alpha_is_reported() {
    let mut rng = SplitMix64::new(1);
    let (mut compared, mut grew) = (0, 0);
    for round in 0..CASES {
        let n = 2 + (round % 15) as usize;
        let x: Vec<f64> = (0..n).map(|_| 1.5 * rng.normal()).collect();
        let mut before = usize::MAX;
        for step in 0..20_u32 {
            let alpha = 1.05 + f64::from(step) * 0.15;
            let support = entmax(&x, alpha).expect("legal").support;
            compared += 1;
            grew += u32::from(support > before);
            before = support;
        }
    }
    println!("the support grew with α {grew} times in {compared} steps");
}
