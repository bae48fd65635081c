//! Golden data of the S4 widget: every case and every field of all five files.

use serde_json::Value;
use yansuan_math::Complex64;
use yansuan_math::cauchy_kernel::CauchyKernel;
use yansuan_math::convolution::{Convolution, direct_convolution};
use yansuan_math::discretise::Discretisation;
use yansuan_math::generating_function::Roots;
use yansuan_math::hippo::{legs_input, legs_matrix, legt_input, legt_matrix};
use yansuan_math::legendre::legendre_series;
use yansuan_math::legs_eigen::legs_log10_condition;
use yansuan_math::legs_exponential::{legs_decay_of_constant, legs_decay_of_input, legs_exponential, zero_order_hold_kernel};
use yansuan_math::legs_online::{LegsOnline, history_residual, legs_projection};
use yansuan_math::legs_recurrence::{LegsRecurrence, recurrence_kernel, recurrence_kernel_f32};
use yansuan_math::matrix_product::times;
use yansuan_math::nplr::Nplr;
use yansuan_math::rational_kernel::RationalKernel;
use yansuan_math::spectral_norm::{PowerNorms, euler_norm_limit, euler_spectral_limit};
use yansuan_math::state_space::{Recurrence, power_kernel, power_kernel_f32};

mod golden;
use golden::{Ledger, count, fields, golden, list, number, numbers, text};

/// A matrix, row by row.
fn matrix(value: &Value) -> Vec<f64> {
    list(value).iter().flat_map(numbers).collect()
}

fn complex(value: &Value) -> Vec<Complex64> {
    let pair = |pair: &Value| Complex64::new(number(&pair[0]), number(&pair[1]));
    list(value).iter().map(pair).collect()
}

#[test]
fn matrices() {
    let file = golden("s4/s4_matrices.json");
    let tolerance = |key: &str| number(&file["tolerance"][key]);
    let rel = tolerance("rel");
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let d = count(&case["d"]);
        for (field, value) in fields(case) {
            let place = format!("{} {field}", text(&case["name"]));
            let exact = (0.0, rel);
            let float64 = (0.0, tolerance("float64_fields_rel"));
            match field.as_str() {
                "name" | "d" | "legt_window" => {}
                "A" => ledger.all_near(&place, &legs_matrix(d), &matrix(value), exact),
                "B" => ledger.all_near(&place, &legs_input(d), &numbers(value), exact),
                "legt_A" => {
                    let got = legt_matrix(d, number(&case["legt_window"])).expect("legal");
                    ledger.all_near(&place, &got, &matrix(value), exact);
                }
                "legt_B" => {
                    let got = legt_input(d, number(&case["legt_window"])).expect("legal");
                    ledger.all_near(&place, &got, &numbers(value), exact);
                }
                "skew_omega_ascending" => {
                    let nplr = Nplr::new(d).expect("legal");
                    ledger.all_near(&place, nplr.omega(), &numbers(value), tolerance("omega_abs"));
                }
                "log10_cond_eigvecs_unit_columns" => {
                    ledger.near(&place, legs_log10_condition(d), number(value), tolerance("log10_cond_abs"));
                }
                "forward_euler_eps_spectral_limit" => {
                    ledger.near(&place, euler_spectral_limit(d), number(value), exact);
                }
                "forward_euler_eps_norm_limit_float64" => {
                    ledger.near(&place, euler_norm_limit(d).expect("legal"), number(value), float64);
                }
                "forward_euler_eps_1.9_over_d_max_norm_of_powers_float64" => {
                    let system = Discretisation::ForwardEuler.legs(d, 1.9 / d as f64).expect("legal");
                    let mut norms = PowerNorms::new(&system.a, d).expect("legal");
                    norms.advance(300);
                    let (at, peak) = norms.peak();
                    assert!(at < 250 && norms.diverged().is_none(), "{place}: the peak is at {at}");
                    ledger.near(&place, peak, number(value), float64);
                }
                other => panic!("{other:?} is not covered"),
            }
        }
    }
    ledger.close(309);
}

#[test]
fn discretisations() {
    let file = golden("s4/s4_discretise.json");
    let (abs, rel) = (number(&file["tolerance"]["abs"]), number(&file["tolerance"]["rel"]));
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let (d, eps) = (count(&case["d"]), number(&case["eps"]));
        for (field, value) in fields(case) {
            let scheme = match field.as_str() {
                "name" | "d" | "eps" => continue,
                "forward" => Discretisation::ForwardEuler,
                "backward" => Discretisation::BackwardEuler,
                "bilinear" => Discretisation::Bilinear,
                "zoh" => Discretisation::ZeroOrderHold,
                other => panic!("{other:?} is not covered"),
            };
            let dense = scheme.discretise(&legs_matrix(d), &legs_input(d), eps).expect("legal");
            let own = scheme.legs(d, eps).expect("legal");
            for (way, system) in [("dense", dense), ("own", own)] {
                for (field, value) in fields(value) {
                    let place = format!("{} {scheme:?} {way} {field}", text(&case["name"]));
                    let tolerance = (abs, rel);
                    match field.as_str() {
                        "Abar" => ledger.all_near(&place, &system.a, &matrix(value), tolerance),
                        "Bbar" => ledger.all_near(&place, &system.b, &numbers(value), tolerance),
                        other => panic!("{other:?} is not covered"),
                    }
                }
            }
        }
    }
    ledger.close(384);
}

#[test]
fn continuous_time() {
    let file = golden("s4/s4_continuous.json");
    let abs = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let d = count(&case["d"]);
        let mut got = vec![0.0; d];
        for (at, t) in numbers(&case["t"]).into_iter().enumerate() {
            let place = format!("{} t {t}", text(&case["name"]));
            let (of_input, of_constant) = (numbers(&case["etA_B"][at]), numbers(&case["etA_e0"][at]));
            legs_decay_of_input(t, &mut got);
            ledger.all_near(&format!("{place} etA_B"), &got, &of_input, abs);
            legs_decay_of_constant(t, &mut got);
            ledger.all_near(&format!("{place} etA_e0"), &got, &of_constant, abs);
            // The whole exponential says the same.
            let power = legs_exponential(t, d);
            ledger.all_near(&format!("{place} dense etA_B"), &times(&power, &legs_input(d)), &of_input, abs);
            let first: Vec<f64> = power.iter().step_by(d).copied().collect();
            ledger.all_near(&format!("{place} dense etA_e0"), &first, &of_constant, abs);
        }
        let known = ["name", "d", "t", "etA_B", "etA_e0"];
        assert!(fields(case).keys().all(|field| known.contains(&field.as_str())), "a field is not covered");
    }
    ledger.close(504);
}

#[test]
fn online() {
    let file = golden("s4/hippo_online.json");
    let (abs, rel) = (number(&file["tolerance"]["abs"]), number(&file["tolerance"]["rel"]));
    let tolerance = (abs, rel);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let (u, d) = (numbers(&case["u"]), count(&case["d"]));
        let read = |count: usize| {
            let mut online = LegsOnline::new(d).expect("legal");
            online.extend(&u[..count]).expect("legal");
            online.state()
        };
        let halfway = u.len().div_ceil(2);
        let (bilinear, optimal) = (read(u.len()), legs_projection(&u, d).expect("legal"));
        let curve = |x: &[f64]| numbers(&case["s"]).iter().map(|&s| legendre_series(x, s)).collect::<Vec<_>>();
        for (field, value) in fields(case) {
            let place = format!("{} {field}", text(&case["name"]));
            match field.as_str() {
                "name" | "d" | "u" | "s" => {}
                "x_bilinear" => {
                    ledger.all_near(&place, &bilinear, &numbers(value), tolerance);
                    let mut one_by_one = LegsOnline::new(d).expect("legal");
                    u.iter().for_each(|&u| one_by_one.push(u).expect("legal"));
                    ledger.all_near(&format!("{place}, one by one"), &one_by_one.state(), &numbers(value), tolerance);
                }
                "x_bilinear_halfway" => ledger.all_near(&place, &read(halfway), &numbers(value), tolerance),
                "x_optimal" => ledger.all_near(&place, &optimal, &numbers(value), tolerance),
                "rms_residual_optimal" => {
                    for projected in [true, false] {
                        let got = history_residual(&u, &optimal, projected).expect("legal");
                        ledger.near(&format!("{place} {projected}"), got, number(value), tolerance);
                    }
                }
                "recon_optimal" => ledger.all_near(&place, &curve(&optimal), &numbers(value), tolerance),
                "recon_bilinear" => ledger.all_near(&place, &curve(&bilinear), &numbers(value), tolerance),
                other => panic!("{other:?} is not covered"),
            }
        }
    }
    ledger.close(252);
}

/// The bilinear kernel by every road there is.
fn roads(c: &[f64], eps: f64, len: usize) -> Vec<(&'static str, Vec<f64>)> {
    let (d, b) = (c.len(), legs_input(c.len()));
    let system = Discretisation::Bilinear.legs(d, eps).expect("legal");
    let powers = power_kernel(&system, c, len).expect("legal");
    assert_eq!(powers.diverged, None);
    vec![
        ("powers", powers.values),
        ("recurrence", recurrence_kernel(&b, c, eps, len).expect("legal")),
        ("Cauchy", CauchyKernel::new(d, len).expect("legal").kernel(&b, c, eps).expect("legal")),
        ("rational", RationalKernel::new(d, len).expect("legal").kernel(c, eps).expect("legal")),
    ]
}

/// The same in single precision.
fn single_roads(c: &[f64], eps: f64, len: usize) -> Vec<(&'static str, Vec<f32>)> {
    let (d, b) = (c.len(), legs_input(c.len()));
    let system = Discretisation::Bilinear.legs(d, eps).expect("legal");
    vec![
        ("single powers", power_kernel_f32(&system, c, len).expect("legal")),
        ("single recurrence", recurrence_kernel_f32(&b, c, eps, len).expect("legal")),
        ("single Cauchy", CauchyKernel::new(d, len).expect("legal").kernel_f32(&b, c, eps).expect("legal")),
    ]
}

/// The output of the bilinear system for a signal, by every road there is.
fn outputs(c: &[f64], eps: f64, u: &[f64], kernel: &[f64]) -> Vec<(&'static str, Vec<f64>)> {
    let b = legs_input(c.len());
    let system = Discretisation::Bilinear.legs(c.len(), eps).expect("legal");
    let dense = Recurrence::new(system).expect("legal").run(c, u).expect("legal");
    assert_eq!(dense.diverged, None);
    vec![
        ("FFT", Convolution::new(u.len()).expect("legal").causal(kernel, u).expect("legal")),
        ("direct", direct_convolution(kernel, u).expect("legal")),
        ("recurrence", LegsRecurrence::new(&b, c, eps).expect("legal").run(u).expect("legal")),
        ("dense recurrence", dense.values),
    ]
}

#[test]
fn kernels() {
    let file = golden("s4/s4_kernel.json");
    let tolerance = |key: &str| number(&file["tolerance"][key]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let (c, eps, len) = (numbers(&case["C"]), number(&case["eps"]), count(&case["L"]));
        assert_eq!(c.len(), count(&case["d"]));
        let kernel = numbers(&case["K_bilinear"]);
        let largest = kernel.iter().fold(0.0_f64, |largest, k| largest.max(k.abs()));
        let near = tolerance("K_abs").min(tolerance("K_rel_to_max") * largest);
        for (field, value) in fields(case) {
            let place = format!("{} {field}", text(&case["name"]));
            match field.as_str() {
                "name" | "d" | "eps" | "C" | "L" | "u" => {}
                "K_bilinear" => {
                    for (road, got) in roads(&c, eps, len) {
                        ledger.all_near(&format!("{place} {road}"), &got, &kernel, near);
                    }
                    for (road, got) in single_roads(&c, eps, len) {
                        let got: Vec<f64> = got.into_iter().map(f64::from).collect();
                        ledger.all_near(&format!("{place} {road}"), &got, &kernel, 1e-4 * largest);
                    }
                }
                "K_zoh" => {
                    let got = zero_order_hold_kernel(&c, eps, len).expect("legal");
                    ledger.all_near(&place, &got, &numbers(value), near);
                    let system = Discretisation::ZeroOrderHold.legs(c.len(), eps).expect("legal");
                    let got = power_kernel(&system, &c, len).expect("legal").values;
                    ledger.all_near(&format!("{place} powers"), &got, &numbers(value), near);
                }
                "y_bilinear" => {
                    for (road, got) in outputs(&c, eps, &numbers(&case["u"]), &kernel) {
                        ledger.all_near(&format!("{place} {road}"), &got, &numbers(value), tolerance("y_abs"));
                    }
                }
                "G_at_roots_exp_minus_2pi_i_l_over_L" => {
                    let expected = complex(value);
                    let roots = Roots::new(len).expect("legal");
                    let cauchy = CauchyKernel::new(c.len(), len).expect("legal");
                    let halves = [
                        roots.half_spectrum(&kernel).expect("legal"),
                        cauchy.half_spectrum(&legs_input(c.len()), &c, eps).expect("legal"),
                        RationalKernel::new(c.len(), len).expect("legal").half_spectrum(&c, eps).expect("legal"),
                    ];
                    for half in halves {
                        let got = roots.full_spectrum(&half).expect("legal");
                        assert_eq!(got.len(), expected.len());
                        for (got, expected) in got.iter().zip(&expected) {
                            ledger.near(&place, got.re, expected.re, tolerance("G_abs"));
                            ledger.near(&place, got.im, expected.im, tolerance("G_abs"));
                        }
                    }
                }
                other => panic!("{other:?} is not covered"),
            }
        }
    }
    ledger.close(7253);
}
