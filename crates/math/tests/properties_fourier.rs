//! Properties of the Fourier basis density and its comparators, on 10,000 random inputs each where that is cheap.

use proptest::prelude::*;
use std::sync::Arc;
use yansuan_math::Complex64;
use yansuan_math::density_domain::{Domain, mean_ln_jacobian};
use yansuan_math::drawn_density::DrawnDensity;
use yansuan_math::fit::Fit;
use yansuan_math::fourier_certificate::certificate;
use yansuan_math::fourier_density::FourierDensity;
use yansuan_math::fourier_fit::{FourierFit, FourierFitOptions};
use yansuan_math::fourier_likelihood::Likelihood;
use yansuan_math::fourier_regulariser::Regulariser;
use yansuan_math::gaussian_mixture::GaussianMixture;
use yansuan_math::half_turn::half_turn;
use yansuan_math::kernel_density::{KernelDensity, silverman};
use yansuan_math::mixture_fit::{MixtureFit, MixtureFitOptions, MixtureMethod};
use yansuan_math::rng::SplitMix64;
use yansuan_math::sample::Sample;
use yansuan_math::target_density::Target;
use yansuan_math::trig_series::{TrigSeries, grid_points};

fn config_of(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(10_007),
        ..ProptestConfig::default()
    }
}

/// Ten thousand cases, the same every time, and no file written on failure.
fn config() -> ProptestConfig {
    config_of(10_000)
}

/// Normal coefficients of degree up to `most`; some of them zero.
fn coefficients_up_to(most: usize) -> impl Strategy<Value = Vec<Complex64>> {
    (0..=most, any::<u64>(), 0.0..0.3_f64).prop_map(|(degree, seed, holes)| {
        let mut rng = SplitMix64::new(seed);
        let mut a: Vec<Complex64> = (0..=degree)
            .map(|_| {
                let (re, im) = rng.normal_pair();
                if rng.uniform() < holes { Complex64::ZERO } else { Complex64::new(re, im) }
            })
            .collect();
        a[degree / 2] += 1.0;
        a
    })
}

fn coefficients() -> impl Strategy<Value = Vec<Complex64>> {
    coefficients_up_to(24)
}

fn data_up_to(most: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-1.0..=1.0_f64, 1..=most)
}

fn weights_for(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = SplitMix64::new(seed);
    (0..n).map(|_| rng.exponential()).collect()
}

fn density_of(a: &[Complex64]) -> FourierDensity {
    FourierDensity::new(a).expect("legal")
}

fn same_density(a: &FourierDensity, b: &FourierDensity, tolerance: f64) -> bool {
    (0..40).all(|i| {
        let x = f64::from(i) * 0.0507 - 1.0;
        (a.density(x) - b.density(x)).abs() <= tolerance
    })
}

/// `L(a)` from the definition.
fn nll(a: &[Complex64], data: &Sample) -> f64 {
    let density = density_of(a);
    -data.average(|x| density.ln_density(x))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_integral_is_one_and_nothing_is_negative_or_above_the_ceiling(a in coefficients()) {
        let density = density_of(&a);
        // More points than the degree: the trapezoid rule is then exact for the polynomial itself.
        let grid = density.density_grid(32);
        prop_assert!((grid.iter().sum::<f64>() / 16.0 - 1.0).abs() < 1e-14);
        let c0: f64 = a.iter().map(Complex64::norm_sqr).sum();
        prop_assert!((density.c0() - c0).abs() <= 1e-14 * c0);
        for p in density.density_grid(256) {
            prop_assert!(p >= 0.0 && p <= density.ceiling() * (1.0 + 1e-14), "{p}");
        }
    }

    #[test]
    fn the_series_is_the_square_of_a_length(a in coefficients(), x in -1.0..=1.0_f64) {
        let density = density_of(&a);
        prop_assert!((density.density(x) - density.series().density(x)).abs() < 1e-12);
        prop_assert!((density.ln_density(x) - density.density(x).ln()).abs() < 1e-12);
    }

    #[test]
    fn the_distribution_function_rises_from_0_to_1(a in coefficients(), x in -1.0..=1.0_f64, step in 0.0..0.1_f64) {
        let density = density_of(&a);
        let series = density.series();
        prop_assert!(series.cdf(-1.0).abs() < 1e-14 && (series.cdf(1.0) - 1.0).abs() < 1e-14);
        let next = (x + step).min(1.0);
        prop_assert!(series.cdf(next) >= series.cdf(x) - 1e-14);
        // It is the integral: the trapezoid rule on a fine grid, to second order.
        let points = 2000;
        let h = (next - x) / f64::from(points);
        let inner: f64 = (1..points).map(|i| density.density(x + h * f64::from(i))).sum();
        let integral = h * (inner + 0.5 * (density.density(x) + density.density(next)));
        prop_assert!((integral - (series.cdf(next) - series.cdf(x))).abs() < 1e-5);
        prop_assert!((density.density(-1.0) - density.density(1.0)).abs() < 1e-13);
    }

    #[test]
    fn quantiles_invert_the_distribution_function(a in coefficients(), u in 0.0..=1.0_f64) {
        let density = density_of(&a);
        for x in [density.quantile(u).expect("legal"), density.quantiles().at(u).expect("legal")] {
            prop_assert!((-1.0..=1.0).contains(&x));
            prop_assert!((density.cdf(x) - u).abs() < 1e-13, "{u} {x} {}", density.cdf(x));
        }
    }

    #[test]
    fn scale_phase_and_reversal_leave_the_density(a in coefficients(), size in -100..=100_i32, turn in -1.0..=1.0_f64) {
        let density = density_of(&a);
        let factor = 10.0_f64.powi(size);
        let scaled: Vec<Complex64> = a.iter().map(|a| a * factor).collect();
        prop_assert!(same_density(&density, &density_of(&scaled), 1e-13));
        let turned: Vec<Complex64> = a.iter().map(|a| a * half_turn(turn)).collect();
        prop_assert!(same_density(&density, &density_of(&turned), 1e-12));
        let reversed: Vec<Complex64> = a.iter().rev().map(Complex64::conj).collect();
        prop_assert!(same_density(&density, &density_of(&reversed), 1e-12));
        let padded: Vec<Complex64> = a.iter().copied().chain([Complex64::ZERO; 5]).collect();
        prop_assert!(same_density(&density, &density_of(&padded), 1e-13));
        prop_assert!(density_of(&padded).series().coefficients()[a.len()..].iter().all(|c| c.norm() < 1e-16));
    }

    #[test]
    fn a_phase_that_rises_moves_the_density(a in coefficients(), delta in -3.0..3.0_f64, x in -1.0..=1.0_f64) {
        let density = density_of(&a);
        let moved = density.shifted(delta).expect("finite");
        prop_assert!((moved.density(x) - density.density(x - delta)).abs() < 1e-12);
        prop_assert!((moved.c0() - density.c0()).abs() <= 0.0);
    }

    /// The paper's program sums `a_{k+n} ā_k`, the conjugate.
    #[test]
    fn the_conjugate_convention_is_the_mirror_image(a in coefficients(), x in -1.0..=1.0_f64) {
        let density = density_of(&a);
        let norm: f64 = a.iter().map(Complex64::norm_sqr).sum();
        let theirs: Vec<Complex64> =
            (0..a.len()).map(|n| (n..a.len()).map(|k| a[k] * a[k - n].conj()).sum::<Complex64>() / norm).collect();
        let series = TrigSeries::new(theirs).expect("legal");
        prop_assert!((series.density(x) - density.density(-x)).abs() < 1e-12);
        prop_assert!((density.mirrored().density(x) - density.density(-x)).abs() < 1e-12);
        prop_assert!((density.mirrored().series().cdf(x) - series.cdf(x)).abs() < 1e-12);
    }

    #[test]
    fn moments_are_integrals(a in coefficients(), m in 0..30_usize) {
        let density = density_of(&a);
        let series = density.series();
        // Simpson's rule on 4096 cells.
        let simpson = |h: &dyn Fn(f64) -> Complex64| -> Complex64 {
            let n = 4096;
            let weight = |i: i32| if i == 0 || i == n { 1.0 } else if i % 2 == 1 { 4.0 } else { 2.0 };
            (0..=n).step_by(1).map(|i| {
                let x = -1.0 + 2.0 * f64::from(i) / f64::from(n);
                h(x) * weight(i) * series.density(x)
            }).sum::<Complex64>() * (2.0 / f64::from(n) / 3.0)
        };
        // One in a hundred, for the price of the rule.
        if a[0].re.to_bits() % 97 == 0 {
            prop_assert!((simpson(&|x| x.into()).re - series.mean()).abs() < 1e-6);
            prop_assert!((simpson(&|x| (x * x).into()).re - series.second_moment()).abs() < 1e-6);
            prop_assert!((simpson(&|x| half_turn(m as f64 * x)) - series.moment(m)).norm() < 1e-6);
            prop_assert!((simpson(&|x| (series.slope(x).powi(2) / series.density(x).max(1e-300)).into()).re
                - series.roughness()).abs() < 1e-4 * series.roughness().max(1.0));
        }
    }

    #[test]
    fn grids_by_fft_are_the_direct_values(a in coefficients_up_to(80), m in 1..200_usize) {
        let density = density_of(&a);
        let points = grid_points(m);
        let [amplitudes, grid, series, cdf] = [
            density.amplitude_grid(m).into_iter().zip(&points).map(|(z, &x)| (z - density.amplitude(x)).norm()).collect::<Vec<_>>(),
            density.density_grid(m).into_iter().zip(&points).map(|(p, &x)| (p - density.density(x)).abs()).collect(),
            density.series().density_grid(m).into_iter().zip(&points).map(|(p, &x)| (p - density.density(x)).abs()).collect(),
            density.series().cdf_grid(m).into_iter().zip(&points).map(|(p, &x)| (p - density.series().cdf(x)).abs()).collect(),
        ];
        for errors in [amplitudes, grid, series, cdf] {
            prop_assert!(errors.iter().all(|&error| error < 1e-12), "{errors:?}");
        }
    }

    #[test]
    fn the_gradient_stands_upright_and_is_that_of_finite_differences(
        a in coefficients(), data in data_up_to(40), seed in any::<u64>(), at in any::<prop::sample::Index>()
    ) {
        // Far enough from zeros of A, where differences are no measure.
        let density = density_of(&a);
        let data: Vec<f64> = data.into_iter().chain([-0.9, -0.2, 0.5]).filter(|&x| density.density(x) > 1e-2).collect();
        prop_assume!(!data.is_empty());
        let sample = Arc::new(if seed.is_multiple_of(2) {
            Sample::new(&data).expect("legal")
        } else {
            Sample::weighted(&data, &weights_for(data.len(), seed)).expect("legal")
        });
        let mut likelihood = Likelihood::new(Arc::clone(&sample), a.len() - 1);
        let mut gradient = vec![Complex64::ZERO; a.len()];
        let value = likelihood.evaluate(&a, &mut gradient).expect("legal");
        prop_assert!((value - nll(&a, &sample)).abs() < 1e-12);
        let along: Complex64 = a.iter().zip(&gradient).map(|(a, g)| a.conj() * g).sum();
        prop_assert!(along.norm() < 1e-11, "{along}");
        let k = at.index(a.len());
        let h = 1e-5;
        for (unit, slope) in [(Complex64::ONE, gradient[k].re), (Complex64::I, gradient[k].im)] {
            let moved = |size: f64| {
                let mut b = a.clone();
                b[k] += unit * size;
                nll(&b, &sample)
            };
            let difference = (moved(h) - moved(-h)) / (2.0 * h);
            prop_assert!((difference - slope).abs() < 1e-5 * (1.0 + slope.abs()), "{difference} {slope}");
        }
    }

    #[test]
    fn both_penalties_have_the_gradient_of_finite_differences(
        a in coefficients(), gamma in 0.01..1.0_f64, at in any::<prop::sample::Index>()
    ) {
        let k = at.index(a.len());
        for which in [Regulariser::ScaleFree, Regulariser::AsPrinted] {
            let value = |a: &[Complex64]| which.evaluate(a, 0.0, &mut vec![Complex64::ZERO; a.len()]).expect("legal");
            let mut gradient = vec![Complex64::ONE; a.len()];
            let energy = which.evaluate(&a, gamma, &mut gradient).expect("legal");
            let c0: f64 = a.iter().map(Complex64::norm_sqr).sum();
            let roughness = density_of(&a).series().roughness();
            let expected = match which {
                Regulariser::ScaleFree => roughness,
                Regulariser::AsPrinted => 4.0 * c0 * c0 * roughness,
            };
            prop_assert!((energy - expected).abs() <= 1e-12 * expected.max(1e-300) + 1e-300);
            let h = 1e-4;
            for (unit, slope) in [(Complex64::ONE, gradient[k].re - 1.0), (Complex64::I, gradient[k].im)] {
                let moved = |size: f64| {
                    let mut b = a.clone();
                    b[k] += unit * size;
                    value(&b)
                };
                let difference = gamma * (moved(h) - moved(-h)) / (2.0 * h);
                prop_assert!((difference - slope).abs() < 1e-5 * gamma * (1.0 + energy), "{difference} {slope} {energy}");
            }
        }
    }

    #[test]
    fn toeplitz_matrices_of_a_density_are_positive_and_bounded_by_it(a in coefficients_up_to(10), size in 1..24_usize) {
        let density = density_of(&a);
        let ends = density.series().toeplitz_spectrum(size);
        let grid = density.density_grid(4096);
        let most = grid.iter().copied().fold(0.0, f64::max);
        let least = grid.iter().copied().fold(f64::INFINITY, f64::min);
        prop_assert!(ends.min >= 2.0 * least * (1.0 - 1e-2) - 1e-13, "{ends:?} {least}");
        prop_assert!(ends.min >= -1e-13 && ends.max <= 2.0 * most * (1.0 + 1e-3) + 1e-13, "{ends:?} {most}");
        let matrix = density.series().toeplitz(size);
        prop_assert!((0..size).all(|row| (0..size).all(|column| matrix[row * size + column] == matrix[column * size + row].conj())));
    }

    /// Of any measure the moments give positive matrices up to their own size; cut off they need not stay so.
    #[test]
    fn moments_of_data_are_positive_until_they_are_cut_off(data in data_up_to(30), degree in 0..12_usize) {
        let sample = Sample::new(&data).expect("legal");
        let series = TrigSeries::from_sample(&sample, degree);
        prop_assert!(series.toeplitz_spectrum(degree + 1).min >= -1e-13);
        let least = series.density_grid(512).into_iter().fold(f64::INFINITY, f64::min);
        let larger = series.toeplitz_spectrum(2 * degree + 20).min;
        if larger < -1e-12 {
            prop_assert!(least < 0.0, "{larger} {least}");
        }
    }

    #[test]
    fn gaps_are_not_negative_and_bound_what_is_known_to_be_better(
        a in coefficients_up_to(12), b_seed in any::<u64>(), data in data_up_to(30), gamma in prop_oneof![Just(0.0), 1e-4..0.1_f64]
    ) {
        let sample = Arc::new(Sample::new(&data).expect("legal"));
        let degree = a.len() - 1;
        let mut likelihood = Likelihood::new(sample, degree);
        let mut waste = vec![Complex64::ZERO; a.len()];
        let mut objective = |likelihood: &mut Likelihood, a: &[Complex64]| {
            likelihood.evaluate(a, &mut waste).expect("legal")
                + gamma * Regulariser::ScaleFree.evaluate(a, 0.0, &mut waste).expect("legal")
        };
        let mut rng = SplitMix64::new(b_seed);
        let other: Vec<Complex64> = (0..a.len()).map(|_| { let (re, im) = rng.normal_pair(); Complex64::new(re, im) }).collect();
        let (here, there) = (objective(&mut likelihood, &a), objective(&mut likelihood, &other));
        let got = certificate(&mut likelihood, &a, gamma).expect("legal");
        prop_assert!(got.gap >= 0.0 && got.lambda_max >= got.at_fit - 1e-9 * got.lambda_max.abs(), "{got:?}");
        prop_assert!(here - there <= got.gap + 1e-9 * got.gap.max(1.0), "{here} {there} {got:?}");
    }

    #[test]
    fn the_real_line_has_the_density_of_its_distribution_function(
        a in coefficients(), mu in -5.0..5.0_f64, sigma in 0.1..5.0_f64, u in -5.0..5.0_f64
    ) {
        let density = density_of(&a);
        let domain = Domain::RealLine { mu, sigma };
        let y = mu + sigma * u;
        let h = 1e-5 * sigma;
        let slope = (domain.cdf(&density, y + h) - domain.cdf(&density, y - h)) / (2.0 * h);
        let q = domain.ln_density(&density, y).exp();
        prop_assert!((slope - q).abs() < 1e-5 * (1.0 + 1.0 / sigma), "{slope} {q}");
    }

    #[test]
    fn every_domain_lifts_what_it_placed(
        y in -50.0..50.0_f64, centre in -5.0..5.0_f64, half in 0.1..60.0_f64
    ) {
        for domain in [Domain::Interval, Domain::Wrap, Domain::Rescaled { centre, half }, Domain::RealLine { mu: centre, sigma: half }] {
            if let Some(x) = domain.place(y) {
                prop_assert!((-1.0..=1.0).contains(&x));
                // tanh squeezes: what it lost cannot be lifted again.
                if matches!(domain, Domain::RealLine { .. }) && x.abs() > 0.999_999 {
                    continue;
                }
                let lifted = domain.lift(x);
                let off = if domain == Domain::Wrap { (lifted - y) % 2.0 } else { lifted - y };
                prop_assert!(off.abs() < 1e-8 * (1.0 + y.abs()), "{domain:?} {y} {x} {lifted}");
            } else {
                let everywhere = matches!(domain, Domain::Wrap | Domain::RealLine { .. });
                prop_assert!(!everywhere, "{domain:?}");
            }
        }
    }

    #[test]
    fn a_round_of_expectation_and_maximisation_never_loses(
        data in data_up_to(60), seed in any::<u64>(), components in 1..6_usize, equal_weights in any::<bool>()
    ) {
        let sample = Arc::new(if seed.is_multiple_of(2) {
            Sample::new(&data).expect("legal")
        } else {
            Sample::weighted(&data, &weights_for(data.len(), seed)).expect("legal")
        });
        let options = MixtureFitOptions { components, equal_weights, method: MixtureMethod::Em, seed, iterations: 8 };
        let mut fit = MixtureFit::new(Arc::clone(&sample), options).expect("legal");
        let mut before = fit.progress().nll;
        while fit.progress().stop.is_none() {
            let after = fit.step().nll;
            prop_assert!(after <= before + 1e-9 * (1.0 + before.abs()), "{before} {after}");
            let direct = -sample.average(|x| fit.mixture().ln_density(x));
            prop_assert!((after - direct).abs() < 1e-9 * (1.0 + direct.abs()), "{after} {direct}");
            before = after;
        }
        prop_assert!((fit.mixture().weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        if equal_weights {
            prop_assert!(fit.mixture().weights().iter().all(|w| (w * components as f64 - 1.0).abs() < 1e-12));
        }
    }

    #[test]
    fn a_mixture_has_the_gradient_that_adam_walks(data in data_up_to(30), seed in any::<u64>(), at in 0..3_usize) {
        let mut rng = SplitMix64::new(seed);
        let mut draw = |low: f64, high: f64| (0..3).map(|_| low + (high - low) * rng.uniform()).collect::<Vec<f64>>();
        let (w, mu, sd) = (draw(0.1, 1.0), draw(-1.0, 1.0), draw(0.1, 1.0));
        let sample = Sample::new(&data).expect("legal");
        let value = |w: &[f64], mu: &[f64], sd: &[f64]| GaussianMixture::new(w, mu, sd).expect("legal").responsibilities(&sample).nll;
        let mixture = GaussianMixture::new(&w, &mu, &sd).expect("legal");
        let found = mixture.responsibilities(&sample);
        let variance = sd[at] * sd[at];
        let h = 1e-6;
        let moved = |list: &[f64], size: f64, factor: bool| {
            let mut list = list.to_vec();
            list[at] = if factor { list[at] * size.exp() } else { list[at] + size };
            list
        };
        let slopes = [
            (value(&moved(&w, h, true), &mu, &sd) - value(&moved(&w, -h, true), &mu, &sd)) / (2.0 * h),
            (value(&w, &moved(&mu, h, false), &sd) - value(&w, &moved(&mu, -h, false), &sd)) / (2.0 * h),
            (value(&w, &mu, &moved(&sd, h, true)) - value(&w, &mu, &moved(&sd, -h, true))) / (2.0 * h),
        ];
        let gradient =
            [mixture.weights()[at] - found.mass[at], -found.first[at] / variance, found.mass[at] - found.second[at] / variance];
        for (slope, exact) in slopes.iter().zip(gradient) {
            prop_assert!((slope - exact).abs() < 1e-6 * (1.0 + exact.abs()), "{slopes:?} {gradient:?}");
        }
    }

    #[test]
    fn kernels_within_reach_are_all_that_count(data in data_up_to(40), h in 0.01..0.5_f64, x in -1.5..1.5_f64, seed in any::<u64>()) {
        let weights = weights_for(data.len(), seed);
        let sample = Sample::weighted(&data, &weights).expect("legal");
        let got = KernelDensity::new(&sample, h).expect("legal").density(x);
        let exact = GaussianMixture::new(&weights, &data, &vec![h; data.len()]).expect("legal").density(x);
        prop_assert!((got - exact).abs() < 1e-12 * (1.0 + exact), "{got} {exact}");
    }

    #[test]
    fn a_drawing_is_a_density_and_its_weighted_data_are_its_integrals(
        heights in prop::collection::vec(prop_oneof![Just(0.0), 0.0..5.0_f64], 2..20), m in 0..3_usize
    ) {
        prop_assume!(heights.iter().sum::<f64>() > 0.0);
        let drawn = DrawnDensity::new(&heights).expect("legal");
        let weighted = drawn.weighted().expect("legal");
        let cells = 40 * (heights.len() - 1);
        let h = 2.0 / cells as f64;
        // Simpson's rule is exact for a line times a square.
        let integral: f64 = (0..cells).map(|i| {
            let x = -1.0 + h * i as f64;
            let value = |x: f64| drawn.density(x.min(1.0)) * x.powi(i32::try_from(m).expect("small"));
            h / 6.0 * (value(x) + 4.0 * value(x + 0.5 * h) + value(x + h))
        }).sum();
        prop_assert!((weighted.average(|x| x.powi(i32::try_from(m).expect("small"))) - integral).abs() < 1e-12);
        // Midpoints on a fine grid, near the closed form.
        let fine = 4000 * (heights.len() - 1) / 8 * 8 / (heights.len() - 1) * (heights.len() - 1);
        if heights[0].to_bits() % 31 == 0 {
            let step = 2.0 / fine as f64;
            let sum: f64 = (0..fine).map(|i| {
                let p = drawn.density(-1.0 + step * (i as f64 + 0.5));
                if p > 0.0 { p * p.ln() } else { 0.0 }
            }).sum();
            prop_assert!((-step * sum - drawn.entropy()).abs() < 1e-4, "{} {}", -step * sum, drawn.entropy());
        }
    }
}

proptest! {
    #![proptest_config(config_of(300))]

    /// The optimum from one seed is not better than the gap from another allows, and both are the same.
    #[test]
    fn fits_are_certified_and_below_the_ceiling(data in data_up_to(60), degree in 0..10_usize, gamma in prop_oneof![Just(0.0), 1e-4..1e-2_f64]) {
        let sample = Arc::new(Sample::new(&data).expect("legal"));
        let ends: Vec<_> = [1, 2].map(|seed| {
            let options = FourierFitOptions { degree, gamma, seed, ..FourierFitOptions::default() };
            let mut fit = FourierFit::new(&sample, options).expect("legal");
            let mut last = fit.progress().objective;
            while fit.step().stop.is_none() {
                prop_assert!(fit.progress().objective <= last + 1e-13 * (1.0 + last.abs()));
                last = fit.progress().objective;
            }
            Ok(fit.certify().map(|gap| (fit.progress(), gap)))
        }).into_iter().collect::<Result<_, TestCaseError>>()?;
        let [(first, first_gap), (second, second_gap)] = [ends[0].expect("provable"), ends[1].expect("provable")];
        prop_assert!(first.nll >= -(0.5 * (degree as f64 + 1.0)).ln() - 1e-12);
        prop_assert!(first.objective - second.objective <= first_gap + 1e-9, "{first:?} {second:?}");
        prop_assert!(second.objective - first.objective <= second_gap + 1e-9, "{first:?} {second:?}");
        prop_assert!((first.objective - second.objective).abs() < 1e-3, "{first:?} {second:?}");
    }
}

/// Kolmogorov and Smirnov: beyond 1.95/√n once in a thousand, and the seeds are fixed.
fn largest_gap(mut values: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    values.iter().enumerate().map(|(i, &x)| (cdf(x) - (i as f64 + 0.5) / n).abs()).fold(0.0, f64::max) * n.sqrt()
}

#[test]
fn samples_follow_their_densities() {
    for target in Target::ALL {
        let values = target.sample(20_000, 11);
        assert_eq!(values[..50], target.sample(50, 11), "the i-th does not depend on the count");
        match target {
            Target::Repeated => assert!(values.iter().all(|&x| x == values[0])),
            Target::Uniform => assert!(largest_gap(values, |x| 0.5 * (x + 1.0)) < 1.95),
            Target::Skewed => {
                // The distribution function of the two exponentials by its density.
                let cdf = |x: f64| {
                    let p = target.density(x).expect("one");
                    if x < 0.0 { 0.1 * p } else { 1.0 - 0.4 * p }
                };
                assert!(largest_gap(values, cdf) < 1.95);
            }
            _ => {
                let mixture = target.mixture().expect("one");
                assert!(largest_gap(values, |x| mixture.cdf(x)) < 1.95, "{target:?}");
            }
        }
    }
    let drawn = DrawnDensity::new(&[0.0, 3.0, 1.0, 0.0, 0.0, 2.0, 2.0]).expect("legal");
    let cdf = |x: f64| {
        let cells = 2000;
        let h = (x + 1.0) / f64::from(cells);
        (0..cells).map(|i| h * drawn.density(-1.0 + h * (f64::from(i) + 0.5))).sum()
    };
    assert!(largest_gap(drawn.sample(2000, 5), cdf) < 1.95);
    let density = FourierDensity::new(&[Complex64::ONE, Complex64::new(0.3, 0.5), Complex64::new(-0.4, 0.1)]).expect("legal");
    let quantiles = density.quantiles();
    let mut rng = SplitMix64::new(3);
    let drawn = (0..5000).map(|_| quantiles.at(rng.uniform()).expect("legal")).collect();
    assert!(largest_gap(drawn, |x| density.cdf(x)) < 1.95);
}

#[test]
fn entropies_and_series_of_the_targets_are_integrals() {
    for target in Target::ALL {
        let Some(entropy) = target.entropy() else {
            assert_eq!(target, Target::Repeated);
            continue;
        };
        // Kinks and jumps are at −1, 0 and 1, where cells begin: the midpoint rule does not see them.
        let (cells, low, high) = (480_000, -8.0, 16.0);
        let h = (high - low) / f64::from(cells);
        let points = || (0..cells).map(|i| low + h * (f64::from(i) + 0.5));
        let p = |x: f64| target.density(x).expect("one");
        let total: f64 = h * points().map(p).sum::<f64>();
        assert!((total - 1.0).abs() < 1e-6, "{target:?} {total}");
        let sum: f64 = -h * points().map(p).filter(|&p| p > 0.0).map(|p| p * p.ln()).sum::<f64>();
        assert!((sum - entropy).abs() < 1e-6, "{target:?} {sum} {entropy}");
        for n in [1, 2, 7] {
            let got = target.series(8).coefficients()[n];
            let moment: Complex64 = points().map(|x| half_turn(-(n as f64) * x) * p(x)).sum::<Complex64>() * h;
            assert!((got - moment).norm() < 1e-6, "{target:?} {n} {got} {moment}");
        }
    }
}

/// Step 1 of the tour: coefficients that are simply cut off.
#[test]
fn a_cut_off_series_of_a_sharp_density_goes_negative() {
    for target in [Target::Notebook, Target::Bimodal, Target::Trimodal, Target::Repeated] {
        let series = target.series(6);
        let least = series.density_grid(1024).into_iter().fold(f64::INFINITY, f64::min);
        assert!(least < -0.01, "{target:?} {least}");
        assert!(series.toeplitz_spectrum(7).min > -1e-13, "{target:?}");
        assert!(series.toeplitz_spectrum(64).min < -0.01, "{target:?}");
    }
}

#[test]
fn modes_are_where_the_density_peaks() {
    let density = FourierDensity::fejer(0.3, 8).expect("legal");
    let modes = density.series().modes();
    // The kernel itself and its ripples, of which no two share a zero.
    assert!(modes.iter().any(|mode| (mode - 0.3).abs() < 1e-12), "{modes:?}");
    assert!(modes.len() <= 8 && modes.is_sorted(), "{modes:?}");
    assert!(FourierDensity::new(&[Complex64::I]).expect("legal").series().modes().is_empty());
    let trimodal = Target::Trimodal.series(40);
    let high = trimodal.modes().into_iter().filter(|&mode| trimodal.density(mode) > 0.5).count();
    assert_eq!(high, 3);
}

#[test]
fn a_drawing_is_fitted_as_weighted_data_up_to_its_entropy() {
    let heights: Vec<f64> = (0..64).map(|i| 1.0 + 0.8 * (f64::from(i) * 0.2).sin()).collect();
    let drawn = DrawnDensity::new(&heights).expect("legal");
    let sample = Arc::new(drawn.weighted().expect("legal"));
    let options = FourierFitOptions { degree: 24, gamma: 0.0, ..FourierFitOptions::default() };
    let mut fit = FourierFit::new(&sample, options).expect("legal");
    while fit.step().stop.is_none() {}
    let excess = fit.progress().nll - drawn.entropy();
    assert!((0.0..2e-3).contains(&excess), "{excess}");
}

#[test]
fn silvermans_rule_is_the_formula() {
    let data: Vec<f64> = (0..100).map(|i| (f64::from(i) - 49.5) / 50.0).collect();
    let sample = Sample::new(&data).expect("legal");
    // Evenly spaced: the deviation by its formula, the quartiles 50 steps apart.
    let deviation = ((100.0_f64 * 101.0 / 12.0).sqrt()) / 50.0;
    let expected = 0.9 * deviation.min(1.0 / 1.34) * 100.0_f64.powf(-0.2);
    let got = silverman(&sample).expect("spread");
    assert!((got - expected).abs() < 1e-12, "{got} {expected}");
}

#[test]
fn the_jacobian_carries_the_likelihood_back_to_the_axis() {
    let data = Target::Skewed.sample(500, 3);
    let domain = Domain::real_line(&data).expect("spread");
    let placed = domain.place_all(&data).expect("legal");
    assert!(placed.outside.is_empty());
    let density = FourierDensity::new(&[Complex64::ONE, Complex64::new(0.2, 0.4)]).expect("legal");
    let inner = Sample::new(&placed.x).expect("legal").average(|x| -density.ln_density(x));
    let outer = Sample::new(&data).expect("legal").average(|y| -domain.ln_density(&density, y));
    assert!((inner - mean_ln_jacobian(domain, &data) - outer).abs() < 1e-12);
}
