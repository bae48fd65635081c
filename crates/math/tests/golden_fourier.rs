//! Golden data of the Fourier density widget: every case and every field of all six files.

use serde_json::Value;
use std::sync::Arc;
use yansuan_math::Complex64;
use yansuan_math::density_domain::Domain;
use yansuan_math::fit::{Fit, Progress, Stop};
use yansuan_math::fourier_certificate::certificate;
use yansuan_math::fourier_density::{FourierDensity, ceiling};
use yansuan_math::fourier_fit::{FourierFit, FourierFitOptions, Method};
use yansuan_math::fourier_likelihood::Likelihood;
use yansuan_math::fourier_regulariser::Regulariser;
use yansuan_math::gaussian_mixture::GaussianMixture;
use yansuan_math::kernel_density::KernelDensity;
use yansuan_math::mixture_fit::{MixtureFit, MixtureFitOptions, MixtureMethod};
use yansuan_math::sample::Sample;
use yansuan_math::target_density::Target;
use yansuan_math::trig_series::TrigSeries;

mod golden;
use golden::{Ledger, count, fields, golden, list, number, numbers};

fn all_complex(ledger: &mut Ledger, place: &str, got: &[Complex64], expected: &[Complex64], tolerance: (f64, f64)) {
    let flat = |z: &[Complex64]| z.iter().flat_map(|z| [z.re, z.im]).collect::<Vec<f64>>();
    ledger.all_near(place, &flat(got), &flat(expected), tolerance);
}

fn complex(value: &Value) -> Vec<Complex64> {
    list(value).iter().map(|pair| Complex64::new(number(&pair[0]), number(&pair[1]))).collect()
}

fn sample(value: &Value) -> Arc<Sample> {
    Arc::new(Sample::new(&numbers(value)).expect("data"))
}

/// `tolerance.abs` and `tolerance.rel`.
fn tolerances(file: &Value) -> (f64, f64) {
    let field = |key: &str| file["tolerance"][key].as_f64().unwrap_or(0.0);
    (field("abs"), field("rel"))
}

#[test]
fn densities_agree_with_fifty_digits() {
    let file = golden("fourier-density/fourier_density.json");
    let tolerance = tolerances(&file);
    let [sharp, blunt] = ["quantile_abs", "quantile_abs_where_pdf_below_1e_3"].map(|key| number(&file["tolerance"][key]));
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let a = complex(&case["a"]);
        let density = FourierDensity::new(&a).expect("legal");
        let series = density.series();
        let x = numbers(&case["x"]);
        for (field, value) in fields(case) {
            let place = format!("{} {field}", case["name"]);
            match field.as_str() {
                "name" | "a" | "x" | "u" => {}
                "c" => {
                    let got: Vec<Complex64> = series.coefficients().iter().map(|c| c * density.c0()).collect();
                    all_complex(&mut ledger, &place, &got, &complex(value), tolerance);
                }
                "norm_2c0" => ledger.near(&place, 2.0 * density.c0(), number(value), tolerance),
                "pdf" => {
                    let expected = numbers(value);
                    ledger.all_near(&place, &x.iter().map(|&x| density.density(x)).collect::<Vec<_>>(), &expected, tolerance);
                    ledger.all_near(&place, &x.iter().map(|&x| series.density(x)).collect::<Vec<_>>(), &expected, tolerance);
                }
                "cdf" => {
                    ledger.all_near(&place, &x.iter().map(|&x| density.cdf(x)).collect::<Vec<_>>(), &numbers(value), tolerance);
                }
                "mean" => ledger.near(&place, series.mean(), number(value), tolerance),
                "second_moment" => ledger.near(&place, series.second_moment(), number(value), tolerance),
                "reg_raw_gamma1" | "reg_normalised_gamma1" => {
                    let which = if field.contains("raw") { Regulariser::AsPrinted } else { Regulariser::ScaleFree };
                    let got = which.evaluate(&a, 1.0, &mut vec![Complex64::ZERO; a.len()]).expect("legal");
                    ledger.near(&place, got, number(value), tolerance);
                    if which == Regulariser::ScaleFree {
                        ledger.near(&place, series.roughness(), number(value), tolerance);
                    }
                }
                "quantile" => {
                    let many = density.quantiles();
                    for (&u, expected) in numbers(&case["u"]).iter().zip(numbers(value)) {
                        let allowed = if density.density(expected) < 1e-3 { blunt } else { sharp };
                        ledger.near(&place, density.quantile(u).expect("legal"), expected, allowed);
                        ledger.near(&place, many.at(u).expect("legal"), expected, allowed);
                    }
                }
                "sup_bound" => ledger.near(&place, density.ceiling(), number(value), tolerance),
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(734);
}

#[test]
fn gradients_and_certificates_agree_with_fifty_digits() {
    let file = golden("fourier-density/fourier_gradient.json");
    let tolerance = tolerances(&file);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let a = complex(&case["a"]);
        let mut likelihood = Likelihood::new(sample(&case["data"]), a.len() - 1);
        let mut gradient = vec![Complex64::ZERO; a.len()];
        let nll = likelihood.evaluate(&a, &mut gradient).expect("legal");
        let mut slope = vec![Complex64::ZERO; a.len()];
        let penalty = Regulariser::ScaleFree.evaluate(&a, 1.0, &mut slope).expect("legal");
        for (field, value) in fields(case) {
            let place = format!("{} {field}", case["name"]);
            match field.as_str() {
                "name" | "a" | "data" | "certificate_note" => {}
                "nll" => ledger.near(&place, nll, number(value), tolerance),
                "grad_nll" => all_complex(&mut ledger, &place, &gradient, &complex(value), tolerance),
                "reg_normalised_gamma1" => ledger.near(&place, penalty, number(value), tolerance),
                "grad_reg_normalised" => all_complex(&mut ledger, &place, &slope, &complex(value), tolerance),
                "certificate_lambda_max" => {
                    let got = certificate(&mut likelihood, &a, 0.0).expect("legal");
                    ledger.near(&place, got.lambda_max, number(value), (0.0, 1e-9));
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(139);
}

/// The best of some fits from different seeds, and its last word.
fn best_fit(data: &Arc<Sample>, degree: usize, gamma: f64) -> (FourierFit, Progress) {
    let fits = (1..=4).map(|seed| {
        let options = FourierFitOptions { degree, gamma, seed, ..FourierFitOptions::default() };
        let mut fit = FourierFit::new(data, options).expect("legal");
        while fit.step().stop.is_none() {}
        fit.certify();
        let progress = fit.progress();
        (fit, progress)
    });
    fits.min_by(|a, b| a.1.objective.total_cmp(&b.1.objective)).expect("some")
}

#[test]
fn fits_reach_the_certified_optima() {
    let file = golden("fourier-density/fourier_mle.json");
    let tolerance = number(&file["tolerance"]["nll_abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let data = sample(&case["data"]);
        let degree = count(&case["N"]);
        let (fit, progress) = best_fit(&data, degree, 0.0);
        let gap = progress.gap.expect("provable");
        let optimum = number(&case["nll_global"]);
        let name = &case["name"];
        for (field, value) in fields(case) {
            let place = format!("{name} {field}");
            match field.as_str() {
                "name" | "data" | "N" => {}
                "nll_global" => {
                    ledger.near(&place, progress.nll, optimum, tolerance);
                    // The tolerance's note: never better than the optimum, and bounded by its own certificate.
                    ledger.holds(&format!("{place}: {} beats it", progress.nll), progress.nll >= optimum - 1e-6);
                    ledger.holds(&format!("{place}: gap {gap}"), progress.nll - optimum <= gap + 1e-9);
                    ledger.holds(&format!("{place}: gap {gap} is large"), gap < 1e-5);
                }
                // The file's second method and what it says about itself; the same optimum for us.
                "nll_convex_iteration" => ledger.near(&place, progress.nll, number(value), tolerance),
                "optimality_gap_bound" | "convex_gap" => ledger.holds(&place, (0.0..1e-6).contains(&number(value))),
                "spread_over_restarts" => ledger.holds(&place, (0.0..=3e-9).contains(&number(value))),
                // Only as sharp as the square root of the NLL's tolerance; their NLL to its own.
                "c_over_c0" => {
                    let expected = complex(value);
                    let density = fit.density().expect("legal");
                    all_complex(&mut ledger, &place, density.series().coefficients(), &expected, (5e-3, 0.0));
                    let series = TrigSeries::new(expected).expect("legal");
                    ledger.near(&place, -data.average(|x| series.density(x).ln()), optimum, 1e-9);
                }
                "closed_form" => {
                    let density = FourierDensity::fejer(data.x()[0], degree).expect("legal");
                    ledger.near(&place, -density.ln_density(data.x()[0]), optimum, 1e-13);
                    ledger.near(&place, -ceiling(degree).ln(), optimum, 1e-13);
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(110);
}

#[test]
fn regularised_fits_reach_the_certified_optima() {
    let file = golden("fourier-density/fourier_regularised.json");
    let [objective_abs, gap_rel, trial_abs] =
        ["objective_abs", "trial_gap_rel", "trial_objective_abs"].map(|key| number(&file["tolerance"][key]));
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]).iter().filter(|case| case["name"] != "google_codex_notebook") {
        let data = sample(&case["data"]);
        let degree = count(&case["N"]);
        let gamma = number(&case["gamma_normalised"]);
        let (fit, progress) = best_fit(&data, degree, gamma);
        let gap = progress.gap.expect("provable");
        let penalty = fit.density().expect("legal").series().roughness();
        let optimum = number(&case["objective_global"]);
        let trial = complex(&case["trial_a"]);
        let mut likelihood = Likelihood::new(Arc::clone(&data), degree);
        let mut gradient = vec![Complex64::ZERO; degree + 1];
        for (field, value) in fields(case) {
            let place = format!("{} {field}", case["name"]);
            match field.as_str() {
                "name" | "data" | "N" | "gamma_normalised" | "trial_a" => {}
                "objective_global" => {
                    ledger.near(&place, progress.objective, optimum, objective_abs);
                    ledger.holds(&format!("{place}: {} beats it", progress.objective), progress.objective >= optimum - 1e-6);
                    ledger.holds(&format!("{place}: gap {gap}"), progress.objective - optimum <= gap + 1e-9);
                    ledger.holds(&format!("{place}: gap {gap} is large"), gap < 1e-5);
                    ledger.near(&place, progress.nll + gamma * penalty, progress.objective, 1e-12);
                }
                // Each part alone is only as sharp as the square root of the whole.
                "nll" => ledger.near(&place, progress.nll, number(value), 3e-4),
                "reg" => ledger.near(&place, gamma * penalty, gamma * number(value), 3e-4),
                "gap_bound" => ledger.holds(&place, (0.0..2e-6).contains(&number(value))),
                "spread_over_restarts" => ledger.holds(&place, (0.0..=3e-9).contains(&number(value))),
                "trial_objective" => {
                    let nll = likelihood.evaluate(&trial, &mut gradient).expect("legal");
                    let penalty = Regulariser::ScaleFree.evaluate(&trial, gamma, &mut gradient).expect("legal");
                    ledger.near(&place, nll + gamma * penalty, number(value), trial_abs);
                }
                "trial_gap_bound" => {
                    let got = certificate(&mut likelihood, &trial, gamma).expect("legal");
                    let expected = number(value);
                    ledger.near(&place, got.lambda_max - got.at_fit, expected, gap_rel * expected);
                    ledger.holds(&format!("{place}: {got:?}"), got.gap <= expected * (1.0 + gap_rel));
                    ledger.holds(&format!("{place}: {got:?}"), number(&case["trial_objective"]) - optimum <= got.gap);
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(65);
}

/// The paper's notebook: its target, and how well a density of its size can do.
#[test]
fn the_notebook_of_the_paper_is_consistent_with_the_certified_optimum() {
    let file = golden("fourier-density/fourier_regularised.json");
    let case = list(&file["cases"]).iter().find(|case| case["name"] == "google_codex_notebook").expect("there");
    let mixture = Target::Notebook.mixture().expect("a mixture");
    // The population: the target density itself as weighted data.
    let x: Vec<f64> = (0..4000).map(|i| -1.0 + 2.0 * (f64::from(i) + 0.5) / 4000.0).collect();
    let weights: Vec<f64> = x.iter().map(|&x| mixture.density(x)).collect();
    let population = Arc::new(Sample::weighted(&x, &weights).expect("legal"));
    let mut ledger = Ledger::default();
    let coefficients = count(&case["coefficients"]);
    let (_, progress) = best_fit(&population, coefficients - 1, 0.0);
    for (field, value) in fields(case) {
        let place = format!("notebook {field}");
        match field.as_str() {
            "name" | "note" => {}
            "mu" => ledger.all_near(&place, mixture.means(), &numbers(value), (0.0, 0.0)),
            "sd" => ledger.all_near(&place, mixture.deviations(), &numbers(value), (0.0, 0.0)),
            "weights" => {
                ledger.holds(&place, value == "equal 1/10");
                ledger.all_near(&place, mixture.weights(), &[0.1; 10], (1e-15, 0.0));
            }
            "coefficients" => ledger.holds(&place, coefficients == 14),
            "target_entropy" => ledger.near(&place, Target::Notebook.entropy().expect("known"), number(value), 5e-7),
            "best_degree13_population_cross_entropy" => {
                ledger.near(&place, progress.nll, number(value), 1e-6);
                ledger.holds(&format!("{place}: {progress:?}"), progress.gap.is_some_and(|gap| gap < 1e-5));
            }
            // A sample of 1024 scatters by 0.017.
            "published_trained_val_nll" => ledger.near(&place, progress.nll, number(value), 0.017),
            "published_initial_val_nll" => ledger.holds(&place, number(value) > 2.0_f64.ln()),
            other => panic!("field {other:?} is not covered"),
        }
    }
    ledger.close(37);
}

#[test]
fn the_real_line_agrees_with_fifty_digits() {
    let file = golden("fourier-density/fourier_realline.json");
    let [log_abs, cdf_abs] = ["logq_abs", "cdf_abs"].map(|key| number(&file["tolerance"][key]));
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let density = FourierDensity::new(&complex(&case["a"])).expect("legal");
        let domain = Domain::RealLine { mu: number(&case["mu"]), sigma: number(&case["sigma"]) };
        let y = numbers(&case["y"]);
        for (field, value) in fields(case) {
            let place = format!("{} {field}", case["name"]);
            match field.as_str() {
                "name" | "a" | "mu" | "sigma" | "y" => {}
                "logq" => {
                    let got: Vec<f64> = y.iter().map(|&y| domain.ln_density(&density, y)).collect();
                    ledger.all_near(&place, &got, &numbers(value), (log_abs, 0.0));
                }
                "cdf" => {
                    let got: Vec<f64> = y.iter().map(|&y| domain.cdf(&density, y)).collect();
                    ledger.all_near(&place, &got, &numbers(value), (cdf_abs, 0.0));
                }
                "tail_constant_4p1_over_sigma" => {
                    ledger.near(&place, domain.tail_constant(&density).expect("a line"), number(value), (0.0, 1e-12));
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(75);
}

fn check_mixture(ledger: &mut Ledger, case: &Value, tolerance: (f64, f64)) {
    let data = sample(&case["data"]);
    let equal_weights = case["equal_weights"] == true;
    let [w, mu, sd] = ["w", "mu", "sd"].map(|key| numbers(&case[key]));
    let mixture = GaussianMixture::new(&w, &mu, &sd).expect("legal");
    let options = MixtureFitOptions { components: w.len(), equal_weights, method: MixtureMethod::Em, seed: 1, iterations: 9 };
    let mut fit = MixtureFit::from_mixture(Arc::clone(&data), options, mixture.clone()).expect("legal");
    let before = fit.progress();
    let after = fit.step();
    for (field, value) in fields(case) {
        let place = format!("{} {field}", case["name"]);
        match field.as_str() {
            "name" | "data" | "equal_weights" => {}
            "w" => ledger.all_near(&place, mixture.weights(), &w, (1e-15, 0.0)),
            "mu" => ledger.all_near(&place, mixture.means(), &mu, (0.0, 0.0)),
            "sd" => ledger.all_near(&place, mixture.deviations(), &sd, (0.0, 0.0)),
            "nll" => {
                ledger.near(&place, before.nll, number(value), tolerance);
                ledger.near(&place, -data.average(|x| mixture.ln_density(x)), number(value), tolerance);
            }
            "em_nll" => ledger.near(&place, after.nll, number(value), tolerance),
            "em_w" => ledger.all_near(&place, fit.mixture().weights(), &numbers(value), tolerance),
            "em_mu" => ledger.all_near(&place, fit.mixture().means(), &numbers(value), tolerance),
            "em_sd" => ledger.all_near(&place, fit.mixture().deviations(), &numbers(value), tolerance),
            other => panic!("field {other:?} is not covered"),
        }
    }
}

#[test]
fn comparators_agree_with_fifty_digits() {
    let file = golden("fourier-density/fourier_comparators.json");
    let tolerance = tolerances(&file);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        if case["name"] == "kde" {
            let estimate = KernelDensity::new(&sample(&case["data"]), number(&case["h"])).expect("legal");
            let got: Vec<f64> = numbers(&case["x"]).iter().map(|&x| estimate.density(x)).collect();
            assert_eq!(fields(case).len(), 5, "a field is not covered");
            ledger.all_near("kde pdf", &got, &numbers(&case["pdf"]), tolerance);
        } else {
            check_mixture(&mut ledger, case, tolerance);
        }
    }
    ledger.close(41);
}

/// The certificate is what ends a fit.
#[test]
fn a_fit_ends_certified_and_its_method_matters_to_the_path_only() {
    let file = golden("fourier-density/fourier_mle.json");
    let case = &list(&file["cases"])[2];
    let data = sample(&case["data"]);
    let options = FourierFitOptions { degree: count(&case["N"]), gamma: 0.0, ..FourierFitOptions::default() };
    let mut quick = FourierFit::new(&data, options).expect("legal");
    while quick.step().stop.is_none() {}
    assert_eq!(quick.progress().stop, Some(Stop::Certified), "{:?}", quick.progress());
    let options = FourierFitOptions { method: Method::Adam { rate: 0.05 }, iterations: 2000, ..options };
    let mut slow = FourierFit::new(&data, options).expect("legal");
    while slow.step().stop.is_none() {}
    assert!((slow.progress().nll - quick.progress().nll).abs() < 1e-4, "{:?} {:?}", slow.progress(), quick.progress());
}
