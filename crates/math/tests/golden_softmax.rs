//! Golden data of the softmax widget: every case and every field of both files.

use serde_json::Value;
use yansuan_math::am_softmax::am_softmax;
use yansuan_math::cross_entropy::cross_entropy;
use yansuan_math::entmax::{entmax, entmax_alpha_derivative, entmax_numeric};
use yansuan_math::entmax15::entmax15;
use yansuan_math::entropy::entropy;
use yansuan_math::fenchel_young::fenchel_young;
use yansuan_math::jacobian::{entmax_jacobian, half_l1_jacobian, softmax_jacobian};
use yansuan_math::log_sum_exp::{log_sum_exp, smooth_max};
use yansuan_math::noise::Noise;
use yansuan_math::perturb_max::perturb_max;
use yansuan_math::softmax::softmax;
use yansuan_math::sparse_softmax::{sparse_softmax, sparse_softmax_loss};
use yansuan_math::sparsemax::sparsemax;
use yansuan_math::taylor_softmax::taylor_softmax;
use yansuan_math::threshold::Threshold;
use yansuan_math::top_k_relaxed::{TopK, min1_exp, sigmoid_top_k};

mod golden;
use golden::{Ledger, count, fields, golden, list, number, numbers};

/// A matrix, row by row.
fn flat(value: &Value) -> Vec<f64> {
    list(value).iter().flat_map(numbers).collect()
}

/// Not among the counted values: the file has no field for it, only a tolerance.
fn check_sum(ledger: &mut Ledger, place: &str, p: &[f64], tolerance: f64) {
    let sum = compensated_sum(p);
    let bound = tolerance * (p.len() as f64).sqrt();
    if sum.is_nan() || (sum - 1.0).abs() > bound {
        ledger.failures.push(format!("{place}: sums to 1 {:+e}", sum - 1.0));
    }
}

/// Neumaier's sum, so that the test does not measure its own rounding.
fn compensated_sum(values: &[f64]) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for &value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

struct Tolerances {
    p: f64,
    sum: f64,
    lam: f64,
    loss: f64,
    jac: f64,
    dalpha: f64,
}

#[test]
fn the_maps_agree_with_fifty_digits() {
    let file = golden("softmax/softmax_maps.json");
    let stated = |key: &str| number(&file["tolerance"][key]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let name = case["name"].as_str().expect("a name");
        let x = numbers(&case["x"]);
        let largest = x.iter().fold(0.0_f64, |m, value| m.max(value.abs()));
        // The file's note: beyond 1e3 λ, LSE and losses are relative to the largest logit.
        let scaled = |absolute: f64| if largest > 1e3 { 1e-12 * largest } else { absolute };
        let tolerances = Tolerances {
            p: stated("p_abs"),
            sum: stated("sum_abs"),
            lam: scaled(stated("lam_abs")),
            loss: scaled(stated("loss_abs")),
            jac: stated("jac_abs"),
            dalpha: stated("dalpha_abs"),
        };
        for (field, expected) in fields(case) {
            check_map_field(&mut ledger, name, &x, field, expected, &tolerances);
        }
    }
    ledger.close(4515);
}

fn check_map_field(ledger: &mut Ledger, name: &str, x: &[f64], field: &str, expected: &Value, tolerances: &Tolerances) {
    let place = format!("{name} {field}");
    let soft = |tau: f64| softmax(x, tau).expect("legal");
    match field {
        "name" | "x" => {}
        "lse" => ledger.near(&place, log_sum_exp(x).expect("legal"), number(expected), tolerances.lam),
        "softmax" | "softmax_tau_half" | "softmax_tau_3" => {
            let tau = match field {
                "softmax" => 1.0,
                "softmax_tau_half" => 0.5,
                _ => 3.0,
            };
            ledger.all_near(&place, &soft(tau), &numbers(expected), tolerances.p);
            check_sum(ledger, &place, &soft(tau), tolerances.sum);
        }
        "tau_lse_tau_001" => {
            let value = smooth_max(x, 0.01).expect("legal").value;
            ledger.near(&place, value, number(expected), tolerances.lam);
        }
        "entropy_nats" => ledger.near(&place, entropy(&soft(1.0)), number(expected), tolerances.p),
        "half_L1_jacobian" => ledger.near(&place, half_l1_jacobian(&soft(1.0)), number(expected), tolerances.p),
        "ce_loss_t0" => {
            let loss = cross_entropy(x, 0).expect("legal").value;
            ledger.near(&place, loss, number(expected), tolerances.loss);
        }
        "softmax_jacobian" => ledger.all_near(&place, &softmax_jacobian(&soft(1.0)), &flat(expected), tolerances.jac),
        "sparsemax" => check_threshold(ledger, &place, x, 2.0, &sparsemax(x).expect("legal"), expected, tolerances),
        "entmax15" => check_threshold(ledger, &place, x, 1.5, &entmax15(x).expect("legal"), expected, tolerances),
        "entmax" => {
            for entry in list(expected) {
                let alpha = number(&entry["alpha"]);
                let place = format!("{place} α={alpha}");
                // The file's note: near 1 the power 1/β costs digits.
                let p = if alpha < 1.001 && alpha > 1.0 { 1e-9 } else { tolerances.p };
                let tolerances = Tolerances { p, ..*tolerances };
                let solved = entmax(x, alpha).expect("legal");
                check_threshold(ledger, &place, x, alpha, &solved, entry, &tolerances);
                // The same by root finding, where the above took a closed form; not counted twice.
                let mut again = Ledger::default();
                let numeric = entmax_numeric(x, alpha).expect("legal");
                check_threshold(&mut again, &format!("{place} numeric"), x, alpha, &numeric, entry, &tolerances);
                ledger.failures.append(&mut again.failures);
            }
        }
        other => ledger.failures.push(format!("{name}: field {other:?} is not covered")),
    }
}

fn check_threshold(
    ledger: &mut Ledger,
    place: &str,
    x: &[f64],
    alpha: f64,
    solved: &Threshold,
    expected: &Value,
    tolerances: &Tolerances,
) {
    let Tolerances { p, sum, lam, loss, jac, dalpha } = *tolerances;
    for (field, value) in fields(expected) {
        let place = format!("{place} {field}");
        match field.as_str() {
            "alpha" => {}
            "p" => {
                ledger.all_near(&place, &solved.p, &numbers(value), p);
                check_sum(ledger, &place, &solved.p, sum);
            }
            "lam" | "lam_in_x_over_2" => ledger.near(&place, solved.lambda_absolute(), number(value), lam),
            "support" => {
                // The file's note: on the boundary the size may differ, p may not.
                let slack = if place.contains("boundary") { 1.5 } else { 0.5 };
                ledger.near(&place, solved.support as f64, number(value), slack);
            }
            "loss_t0" => {
                let got = fenchel_young(x, alpha, 0).expect("legal").value;
                ledger.near(&place, got, number(value), loss);
            }
            "jacobian" => {
                let got = entmax_jacobian(&solved.p, alpha).expect("legal");
                ledger.all_near(&place, &got, &flat(value), jac);
            }
            "dp_dalpha" => {
                let got = entmax_alpha_derivative(&solved.p, alpha).expect("legal");
                ledger.all_near(&place, &got, &numbers(value), dalpha);
            }
            other => ledger.failures.push(format!("{place}: field {other:?} is not covered")),
        }
    }
}

#[test]
fn the_variants_agree_with_fifty_digits() {
    let file = golden("softmax/softmax_variants.json");
    let stated = |key: &str| number(&file["tolerance"][key]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let name = case["name"].as_str().expect("a name");
        let x = numbers(&case["x"]);
        for (field, expected) in fields(case) {
            let place = format!("{name} {field}");
            match field.as_str() {
                "name" | "x" => {}
                "taylor" => {
                    for (order, value) in fields(expected) {
                        let got = taylor_softmax(&x, order.parse().expect("an order")).expect("legal");
                        ledger.all_near(&format!("{place} {order}"), &got, &numbers(value), stated("abs"));
                    }
                }
                "sparse_softmax" => {
                    for (k, value) in fields(expected) {
                        check_sparse(&mut ledger, &format!("{place} k={k}"), &x, k, value, stated("abs"));
                    }
                }
                "perturb_max" => {
                    for (noise, value) in fields(expected) {
                        let got = perturb_max(&x, noise_named(noise)).expect("legal");
                        let place = format!("{place} {noise}");
                        ledger.all_near(&place, &got, &numbers(value), stated("perturb_max_abs"));
                        check_sum(&mut ledger, &place, &got, 1e-15);
                    }
                }
                "thretopk" => {
                    for (k, value) in fields(expected) {
                        check_top_k(&mut ledger, &format!("{place} k={k}"), &x, k, value, stated("abs"));
                    }
                }
                "am_softmax" => {
                    check_am(&mut ledger, &place, expected, stated("am_loss_abs"), stated("am_grad_abs"));
                }
                other => ledger.failures.push(format!("{name}: field {other:?} is not covered")),
            }
        }
    }
    ledger.close(528);
}

fn noise_named(name: &str) -> Noise {
    match name {
        "gumbel" => Noise::Gumbel,
        "normal" => Noise::Normal,
        "logistic" => Noise::Logistic,
        "laplace" => Noise::Laplace,
        "uniform" => Noise::Uniform,
        "exponential" => Noise::Exponential,
        other => panic!("noise {other:?}"),
    }
}

fn check_sparse(ledger: &mut Ledger, place: &str, x: &[f64], k: &str, expected: &Value, tolerance: f64) {
    let k = k.parse().expect("a count");
    let got = sparse_softmax(x, k).expect("legal");
    assert!(!got.clamped && got.k == k, "{place}");
    for (field, value) in fields(expected) {
        let place = format!("{place} {field}");
        match field.as_str() {
            "p" => ledger.all_near(&place, &got.p, &numbers(value), tolerance),
            "kept" => {
                assert_eq!(got.kept.len(), list(value).len(), "{place}");
                for (&index, value) in got.kept.iter().zip(list(value)) {
                    ledger.near(&place, index as f64, number(value), 0.5);
                }
            }
            "loss_t0" => {
                let loss = sparse_softmax_loss(x, k, 0).expect("legal").value;
                ledger.near(&place, loss, number(value), tolerance);
            }
            other => ledger.failures.push(format!("{place}: field {other:?} is not covered")),
        }
    }
}

fn check_top_k(ledger: &mut Ledger, place: &str, x: &[f64], k: &str, expected: &Value, tolerance: f64) {
    let k: usize = k.parse().expect("a count");
    let (exponential, sigmoid) = (min1_exp(x, k).expect("legal"), sigmoid_top_k(x, k).expect("legal"));
    let lambda = |top: &TopK| top.lambda.expect("k is below n");
    for (field, value) in fields(expected) {
        let place = format!("{place} {field}");
        match field.as_str() {
            "min1exp" => ledger.all_near(&place, &exponential.p, &numbers(value), tolerance),
            "min1exp_lambda" => ledger.near(&place, lambda(&exponential), number(value), tolerance),
            "sigmoid" => ledger.all_near(&place, &sigmoid.p, &numbers(value), tolerance),
            "sigmoid_lambda" => ledger.near(&place, lambda(&sigmoid), number(value), tolerance),
            other => ledger.failures.push(format!("{place}: field {other:?} is not covered")),
        }
    }
}

fn check_am(ledger: &mut Ledger, place: &str, expected: &Value, loss: f64, gradient: f64) {
    let cosines = numbers(&expected["cos"]);
    let target = count(&expected["target"]);
    let inverse_tau = number(&expected["inv_tau"]);
    let got = am_softmax(&cosines, target, number(&expected["margin"]), inverse_tau).expect("legal");
    let plain = am_softmax(&cosines, target, 0.0, inverse_tau).expect("legal");
    for (field, value) in fields(expected) {
        let place = format!("{place} {field}");
        match field.as_str() {
            "cos" | "target" | "margin" | "inv_tau" => {}
            "loss" => ledger.near(&place, got.value, number(value), loss),
            "grad_wrt_cos" => ledger.all_near(&place, &got.gradient, &numbers(value), gradient),
            "loss_margin0" => ledger.near(&place, plain.value, number(value), loss),
            other => ledger.failures.push(format!("{place}: field {other:?} is not covered")),
        }
    }
}
