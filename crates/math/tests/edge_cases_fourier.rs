//! Bad and extreme inputs of the Fourier density widget, one test for each line of the spec's list.

use serde_json::Value;
use std::sync::Arc;
use yansuan_math::density_domain::Domain;
use yansuan_math::drawn_density::DrawnDensity;
use yansuan_math::fit::{Fit, Stop};
use yansuan_math::fourier_certificate::certificate;
use yansuan_math::fourier_density::{FourierDensity, ceiling};
use yansuan_math::fourier_fit::{DEGREE_LIMIT, FourierFit, FourierFitOptions, Method};
use yansuan_math::fourier_likelihood::Likelihood;
use yansuan_math::fourier_regulariser::Regulariser;
use yansuan_math::gaussian_mixture::GaussianMixture;
use yansuan_math::kernel_density::{KernelDensity, silverman};
use yansuan_math::mixture_fit::{COMPONENTS_LIMIT, DEVIATION_FLOOR, MixtureFit, MixtureFitOptions, MixtureMethod};
use yansuan_math::parse::parse_numbers;
use yansuan_math::sample::{Sample, check_data};
use yansuan_math::target_density::Target;
use yansuan_math::trig_series::{TrigSeries, grid_points};
use yansuan_math::{Complex64, MathError};

fn ones(n: usize) -> Vec<Complex64> {
    vec![Complex64::ONE; n]
}

fn sample(x: &[f64]) -> Arc<Sample> {
    Arc::new(Sample::new(x).expect("legal"))
}

fn options(degree: usize) -> FourierFitOptions {
    FourierFitOptions { degree, gamma: 0.0, ..FourierFitOptions::default() }
}

fn em(components: usize) -> MixtureFitOptions {
    MixtureFitOptions { components, equal_weights: false, method: MixtureMethod::Em, seed: 1, iterations: 200 }
}

/// The shared list has no entry for this widget; if one is added, this fails until it is covered.
#[test]
fn the_bad_inputs_of_the_golden_file_have_their_outcomes() {
    let path = format!("{}/../../tests/golden/common/bad_inputs.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let cases = file["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), 29);
    let others = ["w1.", "w2.", "w3."];
    let ours =
        cases.iter().filter(|case| !others.iter().any(|other| case["target"].as_str().is_some_and(|t| t.starts_with(other))));
    assert_eq!(ours.count(), 0);
}

#[test]
fn no_data_are_an_error_and_a_model_can_still_be_shown() {
    assert_eq!(Sample::new(&[]), Err(MathError::Empty));
    assert_eq!(Sample::weighted(&[], &[]), Err(MathError::Empty));
    assert_eq!(Domain::Interval.place_all(&[]), Err(MathError::Empty));
    assert_eq!(Domain::rescaled(&[]), Err(MathError::Empty));
    assert_eq!(Domain::real_line(&[]), Err(MathError::Empty));
    assert_eq!(parse_numbers(" \n"), Ok(Vec::new()));
    assert!(FourierDensity::new(&ones(13)).is_ok());
    assert!(Target::Uniform.sample(0, 1).is_empty());
}

#[test]
fn data_that_are_not_finite_are_named_by_their_index() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let data = [0.1, -0.2, value, f64::NAN];
        for error in [
            check_data(&data).err(),
            Sample::new(&data).err(),
            Sample::weighted(&data, &[1.0; 4]).err(),
            Domain::Interval.place_all(&data).err(),
            Domain::rescaled(&data).err(),
            Domain::real_line(&data).err(),
        ] {
            let Some(MathError::NotFinite { index: 2, value: found }) = error else { panic!("{error:?}") };
            assert_eq!(found.to_bits(), value.to_bits());
        }
    }
    // Pasted text: NaN and +∞ are bad tokens with their line; −∞ is read, for logits, and found by its index.
    for text in ["0.1\n0.2\nnan", "0.1\n0.2\ninf", "0.1\n0.2\n1e999"] {
        assert!(matches!(parse_numbers(text), Err(MathError::BadToken { position: 3, line: 3, column: 1, .. })), "{text}");
    }
    let read = parse_numbers("0.1\n0.2\n-inf").expect("legal logits");
    assert_eq!(check_data(&read), Err(MathError::NotFinite { index: 2, value: f64::NEG_INFINITY }));
}

#[test]
fn weights_must_weigh() {
    let x = [0.1, 0.2];
    assert_eq!(Sample::weighted(&x, &[1.0]), Err(MathError::LengthMismatch { left: 2, right: 1 }));
    assert_eq!(Sample::weighted(&x, &[0.0, 0.0]), Err(MathError::NoMass { field: "weights" }));
    let negative = MathError::EntryNegative { field: "weights", index: 1, value: -1.0 };
    assert_eq!(Sample::weighted(&x, &[1.0, -1.0]), Err(negative));
    let infinite = MathError::EntryNotFinite { field: "weights", index: 0, value: f64::INFINITY };
    assert_eq!(Sample::weighted(&x, &[f64::INFINITY, 1.0]), Err(infinite));
    // A datum of weight 0 is not there, even where A is 0.
    let sample = Arc::new(Sample::weighted(&[0.0, 0.5], &[0.0, 2.0]).expect("legal"));
    let a = [Complex64::ONE, -Complex64::ONE];
    let nll = Likelihood::new(sample, 1).evaluate(&a, &mut [Complex64::ZERO; 2]).expect("legal");
    assert!((nll - 2.0_f64.ln()).abs() < 1e-15, "{nll}");
}

#[test]
fn data_outside_of_the_interval_are_counted_and_three_remedies_place_them() {
    let data = [-3.0, -1.0, 0.5, 1.0, 1.0 + 1e-12, 7.25];
    let placed = Domain::Interval.place_all(&data).expect("some are inside");
    assert_eq!(placed.outside, [0, 4, 5]);
    assert_eq!(placed.x, [-1.0, 0.5, 1.0]);
    let everything = Domain::Interval.place_all(&[2.0, -9.0]);
    assert_eq!(everything, Err(MathError::EverythingOutside { count: 2 }));
    for domain in [Domain::Wrap, Domain::rescaled(&data).expect("spread"), Domain::real_line(&data).expect("spread")] {
        let placed = domain.place_all(&data).expect("legal");
        assert!(placed.outside.is_empty() && placed.x.len() == data.len(), "{domain:?}");
        assert!(placed.x.iter().all(|x| (-1.0..=1.0).contains(x)), "{domain:?}");
    }
    // Exact: 7.25 − 8.
    assert_eq!(Domain::Wrap.place(7.25), Some(-0.75));
    assert_eq!(Domain::rescaled(&data).expect("spread").place(-3.0), Some(-0.8));
    // Also for the largest numbers there are.
    let far = [-f64::MAX, f64::MAX];
    assert_eq!(Domain::rescaled(&far), Err(MathError::ScaleNotPositive(f64::INFINITY)));
    assert!(Domain::Wrap.place_all(&far).is_ok_and(|placed| placed.x.iter().all(|x| x.abs() <= 1.0)));
    assert!(Domain::real_line(&far).is_err());
    let density = FourierDensity::new(&ones(3)).expect("legal");
    assert!(Domain::Interval.ln_density(&density, 1.5).is_infinite());
    assert_eq!((Domain::Interval.cdf(&density, -1.5), Domain::Interval.cdf(&density, 1.5)), (0.0, 1.0));
}

#[test]
fn identical_data_have_the_fejer_kernel_as_their_optimum_and_no_sigma() {
    for x0 in [0.25, 0.1, -1.0, 1.0, 0.0] {
        let data = sample(&[x0; 10]);
        for degree in [0, 1, 5, 12] {
            let mut fit = FourierFit::new(&data, options(degree)).expect("legal");
            while fit.step().stop.is_none() {}
            let end = fit.progress();
            assert!((end.nll + ceiling(degree).ln()).abs() < 1e-6, "{x0} {degree} {end:?}");
            let fejer = FourierDensity::fejer(x0, degree).expect("finite");
            assert!((fejer.density(x0) - fejer.ceiling()).abs() < 1e-12 * fejer.ceiling());
            let certified = certificate(&mut Likelihood::new(Arc::clone(&data), degree), fejer.amplitudes(), 0.0).expect("legal");
            assert!(certified.gap < 1e-12, "{certified:?}");
        }
    }
    // 0.1 added up ten times is not 1: the deviation is not exactly 0.
    for x0 in [0.25, 0.1, 1e17] {
        assert_eq!(Domain::real_line(&[x0; 10]), Err(MathError::ScaleNotPositive(0.0)));
        assert_eq!(Domain::rescaled(&[x0; 10]), Err(MathError::ScaleNotPositive(0.0)));
    }
    assert_eq!(silverman(&sample(&[0.5])), Err(MathError::ScaleNotPositive(0.0)));
    assert_eq!(silverman(&sample(&[0.25; 4])), Err(MathError::ScaleNotPositive(0.0)));
}

/// The likelihood of a mixture has no bound; that of a Fourier density has.
#[test]
fn on_one_point_a_mixture_shrinks_to_its_floor() {
    let data = sample(&[0.25; 10]);
    for components in [1, 3] {
        let mut fit = MixtureFit::new(Arc::clone(&data), em(components)).expect("legal");
        while fit.step().stop.is_none() {}
        let least = 0.5 * std::f64::consts::TAU.ln() + DEVIATION_FLOOR.ln();
        assert!((fit.progress().nll - least).abs() < 1e-6, "{:?}", fit.progress());
        assert!(fit.mixture().deviations().iter().all(|&sd| sd == DEVIATION_FLOOR));
    }
}

#[test]
fn coefficients_must_be_finite_and_not_all_zero() {
    assert_eq!(FourierDensity::new(&[]), Err(MathError::Empty));
    assert_eq!(FourierDensity::new(&[Complex64::ZERO; 3]), Err(MathError::EveryCoefficientZero));
    for bad in [f64::INFINITY, f64::NEG_INFINITY] {
        let a = [Complex64::ONE, Complex64::new(0.0, bad)];
        let error = MathError::EntryNotFinite { field: "a", index: 1, value: bad };
        assert_eq!(FourierDensity::new(&a), Err(error.clone()));
        let mut likelihood = Likelihood::new(sample(&[0.1]), 1);
        assert_eq!(likelihood.evaluate(&a, &mut [Complex64::ZERO; 2]), Err(error.clone()));
        assert_eq!(likelihood.tilted_moments(&a), Err(error.clone()));
        assert_eq!(Regulariser::ScaleFree.evaluate(&a, 1.0, &mut [Complex64::ZERO; 2]), Err(error));
    }
    let mut likelihood = Likelihood::new(sample(&[0.1]), 1);
    let zeros = [Complex64::ZERO; 2];
    assert_eq!(likelihood.evaluate(&zeros, &mut [Complex64::ONE; 2]), Err(MathError::EveryCoefficientZero));
    assert_eq!(likelihood.evaluate(&ones(3), &mut ones(2)), Err(MathError::LengthMismatch { left: 3, right: 2 }));
    assert_eq!(likelihood.evaluate(&ones(2), &mut ones(1)), Err(MathError::LengthMismatch { left: 1, right: 2 }));
    assert_eq!(likelihood.tilted_moments(&ones(1)), Err(MathError::LengthMismatch { left: 1, right: 2 }));
    assert!(FourierFit::from_amplitudes(sample(&[0.1]), options(1), &zeros).is_err());
    assert_eq!(TrigSeries::new(Vec::new()), Err(MathError::Empty));
    assert_eq!(TrigSeries::new(vec![Complex64::ZERO]), Err(MathError::ParameterOutOfRange(0.0)));
    assert!(FourierDensity::fejer(f64::NAN, 3).is_err());
    assert!(FourierDensity::new(&ones(2)).expect("legal").shifted(f64::INFINITY).is_err());
    for u in [-0.1, 1.1, f64::NAN] {
        assert!(FourierDensity::new(&ones(2)).expect("legal").quantile(u).is_err());
    }
}

#[test]
fn a_zero_at_a_datum_makes_the_likelihood_infinite_and_the_optimiser_begins_anew_beside_it() {
    // A(0) = 1 − 1.
    let zero = [Complex64::ONE, -Complex64::ONE];
    let data = sample(&[0.0, 0.5]);
    let mut likelihood = Likelihood::new(Arc::clone(&data), 1);
    let mut gradient = [Complex64::ZERO; 2];
    assert_eq!(likelihood.evaluate(&zero, &mut gradient), Ok(f64::INFINITY));
    assert!(gradient.iter().all(|g| g.is_finite()));
    assert_eq!(certificate(&mut likelihood, &zero, 0.0).map(|certificate| certificate.gap), Ok(f64::INFINITY));
    for method in [Method::Lbfgs, Method::Adam { rate: 0.05 }] {
        for gamma in [0.0, 1e-3] {
            // Adam remembers the first, enormous gradients for thousands of steps.
            let start = FourierFitOptions { method, gamma, iterations: 20_000, ..options(1) };
            let mut fit = FourierFit::from_amplitudes(Arc::clone(&data), start, &zero).expect("legal");
            assert_eq!(fit.progress().nll, f64::INFINITY);
            assert!(fit.step().objective.is_finite(), "{method:?} {gamma}");
            while fit.step().stop.is_none() {}
            fit.certify();
            let gap = fit.progress().gap.expect("provable");
            assert!(fit.progress().nll.is_finite() && gap < 1e-3, "{method:?} {gamma} {:?}", fit.progress());
        }
    }
}

#[test]
fn degree_0_is_uniform_and_on_the_line_logistic() {
    let density = FourierDensity::new(&[Complex64::new(-3.0, 4.0)]).expect("legal");
    for x in [-1.0, -0.3, 0.0, 1.0] {
        assert!((density.density(x) - 0.5).abs() < 1e-15);
        assert!((density.cdf(x) - 0.5 * (x + 1.0)).abs() < 1e-15);
    }
    let domain = Domain::RealLine { mu: 1.0, sigma: 3.0 };
    for y in [-40.0, -1.0, 1.0, 2.5, 60.0] {
        let z = (y - 1.0) / 1.5_f64;
        let logistic = -z.abs() - 2.0 * (-z.abs()).exp().ln_1p() - 1.5_f64.ln();
        assert!((domain.ln_density(&density, y) - logistic).abs() < 1e-13);
    }
    let mut fit = FourierFit::new(&sample(&[0.3, 0.4]), options(0)).expect("legal");
    while fit.step().stop.is_none() {}
    assert!((fit.progress().nll - 2.0_f64.ln()).abs() < 1e-15);
    assert!(fit.certify().is_some_and(|gap| gap < 1e-12));
}

#[test]
fn coefficients_of_any_scale_give_the_same_numbers() {
    let a: Vec<Complex64> = (0..9).map(|k| Complex64::new(f64::from(k).cos(), f64::from(k * k).sin())).collect();
    let data = sample(&[0.1, -0.5, 0.7]);
    let mut likelihood = Likelihood::new(data, 8);
    let mut gradient = vec![Complex64::ZERO; 9];
    let plain = FourierDensity::new(&a).expect("legal");
    let nll = likelihood.evaluate(&a, &mut gradient).expect("legal");
    for size in [1e-300, 1e-100, 1e100, 1e300] {
        let scaled: Vec<Complex64> = a.iter().map(|a| a * size).collect();
        let density = FourierDensity::new(&scaled).expect("legal");
        assert!((density.density(0.3) - plain.density(0.3)).abs() < 1e-14);
        let mut steep = vec![Complex64::ZERO; 9];
        assert!((likelihood.evaluate(&scaled, &mut steep).expect("legal") - nll).abs() < 1e-13);
        for (steep, g) in steep.iter().zip(&gradient) {
            assert!((steep * size - g).norm() < 1e-13, "{size}");
        }
        let mut slope = vec![Complex64::ZERO; 9];
        let penalty = Regulariser::ScaleFree.evaluate(&scaled, 1.0, &mut slope).expect("legal");
        assert!((penalty - plain.series().roughness()).abs() < 1e-12 * penalty);
        assert!(slope.iter().all(|g| !g.is_nan()));
    }
    // The printed penalty is what depends on it: a tenth of the scale, a ten-thousandth of the penalty.
    let penalty = |size: f64| {
        let scaled: Vec<Complex64> = a.iter().map(|a| a * size).collect();
        Regulariser::AsPrinted.evaluate(&scaled, 1.0, &mut [Complex64::ZERO; 9]).expect("legal")
    };
    assert!((penalty(0.1) / penalty(1.0) - 1e-4).abs() < 1e-15);
}

#[test]
fn far_out_on_the_line_the_logarithm_goes_on() {
    let density = FourierDensity::new(&[Complex64::ONE, Complex64::new(0.3, 0.2)]).expect("legal");
    let domain = Domain::RealLine { mu: 0.0, sigma: 1.0 };
    let constant = domain.tail_constant(&density).expect("a line").ln();
    for u in [20.0, 400.0, 1e6, 1e300] {
        for y in [-u, u] {
            let got = domain.ln_density(&density, y);
            assert!((got - (constant - 2.0 * u)).abs() <= 1e-13 * u, "{y} {got}");
        }
        assert_eq!((domain.cdf(&density, -u), domain.cdf(&density, u)), (0.0, 1.0));
    }
    assert_eq!(domain.quantile(&density, 0.0), Ok(f64::NEG_INFINITY));
    assert_eq!(domain.quantile(&density, 1.0), Ok(f64::INFINITY));
    for sigma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(Domain::RealLine { mu: 0.0, sigma }.check().is_err());
        assert!(Domain::Rescaled { centre: 0.0, half: sigma }.place_all(&[0.0]).is_err());
    }
    assert!(Domain::RealLine { mu: f64::NAN, sigma: 1.0 }.check().is_err());
}

#[test]
fn a_million_terms_go_through_the_fft() {
    for n in [100_000, 1_000_000] {
        let density = FourierDensity::new(&ones(n)).expect("legal");
        let grid = density.density_grid(1024);
        let at_zero = grid_points(1024).iter().position(|&x| x == 0.0).expect("there");
        assert!((grid[at_zero] / density.ceiling() - 1.0).abs() < 1e-12, "{}", grid[at_zero]);
        // c_n/c_0 = 1 − n/(N + 1).
        let c = density.series().coefficients()[n / 4];
        assert!((c - 0.75).norm() < 1e-12, "{c}");
        assert!((density.series().cdf_grid(16)[8] - 0.5).abs() < 1e-9);
    }
}

#[test]
fn what_is_too_large_or_out_of_range_is_refused() {
    let data = sample(&[0.1, 0.2]);
    let refused = |options| FourierFit::new(&data, options).err();
    assert_eq!(refused(options(DEGREE_LIMIT + 1)), Some(MathError::TooMany { limit: DEGREE_LIMIT }));
    for gamma in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(refused(FourierFitOptions { gamma, ..options(3) }), Some(MathError::ParameterOutOfRange(_))));
        let method = Method::Adam { rate: gamma };
        assert!(matches!(refused(FourierFitOptions { method, ..options(3) }), Some(MathError::ParameterOutOfRange(_))));
        let mixture = MixtureFitOptions { method: MixtureMethod::Adam { rate: gamma }, ..em(2) };
        assert!(matches!(MixtureFit::new(Arc::clone(&data), mixture), Err(MathError::ParameterOutOfRange(_))));
        assert!(certificate(&mut Likelihood::new(Arc::clone(&data), 1), &ones(2), gamma).is_err());
    }
    assert_eq!(MixtureFit::new(Arc::clone(&data), em(0)).err(), Some(MathError::KeepNone));
    assert_eq!(MixtureFit::new(Arc::clone(&data), em(257)).err(), Some(MathError::TooMany { limit: COMPONENTS_LIMIT }));
    for h in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(KernelDensity::new(&data, h), Err(MathError::ScaleNotPositive(_))));
    }
    assert_eq!(DrawnDensity::new(&[1.0]), Err(MathError::Empty));
    assert_eq!(DrawnDensity::new(&[0.0, 0.0]), Err(MathError::NoMass { field: "heights" }));
    assert!(matches!(DrawnDensity::new(&[1.0, -0.5]), Err(MathError::EntryNegative { index: 1, .. })));
    assert!(matches!(DrawnDensity::new(&[f64::NAN, 1.0]), Err(MathError::EntryNotFinite { index: 0, .. })));
    assert!(matches!(GaussianMixture::new(&[1.0], &[0.0], &[0.0]), Err(MathError::ScaleNotPositive(_))));
    assert!(matches!(GaussianMixture::new(&[1.0], &[0.0, 1.0], &[1.0]), Err(MathError::LengthMismatch { .. })));
    assert!(matches!(GaussianMixture::new(&[0.0], &[0.0], &[1.0]), Err(MathError::NoMass { .. })));
    assert!(matches!(GaussianMixture::new(&[], &[], &[]), Err(MathError::Empty)));
}

/// A fit of the largest size, and one whose method cannot be certified.
#[test]
fn the_largest_degree_and_the_printed_penalty_go_on_without_trouble() {
    let data = Arc::new(
        Sample::new(&Target::Claw.sample(400, 2).into_iter().map(|x| x.clamp(-1.0, 1.0)).collect::<Vec<_>>()).expect("legal"),
    );
    let start = FourierFitOptions { iterations: 20, ..options(DEGREE_LIMIT) };
    let mut fit = FourierFit::new(&data, start).expect("legal");
    while fit.step().stop.is_none() {}
    assert_eq!(fit.progress().stop, Some(Stop::Iterations));
    assert!(fit.progress().gap.is_some_and(|gap| gap.is_finite() && gap > 0.0));
    let printed = FourierFitOptions { regulariser: Regulariser::AsPrinted, gamma: 1e-3, iterations: 50, ..options(12) };
    let mut fit = FourierFit::new(&data, printed).expect("legal");
    while fit.step().stop.is_none() {}
    assert_eq!(fit.certify(), None);
    assert!(fit.progress().objective.is_finite());
}

#[test]
fn far_data_do_not_break_a_mixture() {
    let data = sample(&[-1e150, 0.0, 1e-3, 1e150]);
    let mut fit = MixtureFit::new(data, em(3)).expect("legal");
    while fit.step().stop.is_none() {}
    assert!(!fit.progress().nll.is_nan());
    assert!(fit.mixture().means().iter().all(|mean| mean.is_finite()));
    // Beyond the square root of the largest number there is no deviation.
    assert!(MixtureFit::new(sample(&[-1e200, 1e200]), em(2)).is_err());
    // A component far from everything answers for nothing, and stays.
    let data = sample(&[0.0, 0.1, -0.1]);
    let mixture = GaussianMixture::new(&[0.5, 0.5], &[0.0, 1e9], &[0.1, 1e-3]).expect("legal");
    let mut fit = MixtureFit::from_mixture(data, em(2), mixture).expect("legal");
    fit.step();
    assert_eq!((fit.mixture().means()[1], fit.mixture().weights()[1]), (1e9, 0.0));
    assert!(fit.step().nll.is_finite());
}

/// The formula as printed, against the numbers that the spec gives for it.
#[test]
fn the_printed_distribution_function_cannot_be_one() {
    let density = FourierDensity::new(&[Complex64::ONE, Complex64::new(0.5, 0.0)]).expect("legal");
    let series = density.series();
    // (x² − 1)/2 + ½·0.4·(e^{iπx} + 1)/iπ at x = −0.1, by hand.
    let got = series.cdf_as_printed(-0.1);
    assert!((got.re - (-0.495 - 0.2 * 0.309_016_994_374_947_4 / std::f64::consts::PI)).abs() < 1e-15, "{got}");
    assert!((got.im + 0.2 * 1.951_056_516_295_153_5 / std::f64::consts::PI).abs() < 1e-15, "{got}");
    assert!((series.cdf(-0.1) - 0.410_654_734_276_661_4).abs() < 1e-15);
    assert!(series.cdf_as_printed(1.0).norm() < 1e-15, "at the right end it is 0, not 1");
}
