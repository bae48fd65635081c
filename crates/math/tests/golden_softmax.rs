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

/// Reads a golden file.
fn golden(name: &str) -> Value {
    let path = format!("{}/../../tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn fields(value: &Value) -> &serde_json::Map<String, Value> {
    value.as_object().expect("an object")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a count")).expect("small")
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

/// Compares, counts, and collects what failed.
#[derive(Default)]
struct Ledger {
    compared: usize,
    failures: Vec<String>,
    worst: std::collections::BTreeMap<String, f64>,
}

impl Ledger {
    fn scalar(&mut self, place: &str, got: f64, expected: f64, tolerance: f64) {
        self.compared += 1;
        let error = (got - expected).abs();
        let kind = place.rsplit(' ').next().unwrap_or(place).to_owned();
        let worst = self.worst.entry(kind).or_default();
        *worst = worst.max(error / tolerance);
        if error.is_nan() || error > tolerance {
            self.failures.push(format!("{place}: got {got}, expected {expected}, off by {error:e} > {tolerance:e}"));
        }
    }

    fn vector(&mut self, place: &str, got: &[f64], expected: &Value, tolerance: f64) {
        let expected = numbers(expected);
        if got.len() != expected.len() {
            self.failures.push(format!("{place}: {} entries, expected {}", got.len(), expected.len()));
        }
        for (&a, &b) in got.iter().zip(&expected) {
            self.scalar(place, a, b, tolerance);
        }
    }

    fn matrix(&mut self, place: &str, got: &[f64], expected: &Value, tolerance: f64) {
        let rows = list(expected);
        for (row, values) in rows.iter().zip(got.chunks_exact(rows.len())) {
            self.vector(place, values, row, tolerance);
        }
    }

    fn exact(&mut self, place: &str, got: usize, expected: &Value) {
        self.scalar(place, got as f64, number(expected), 0.5);
    }

    fn sum(&mut self, place: &str, p: &[f64], total: f64, tolerance: f64) {
        // Not among the counted values: the file has no field for it, only a tolerance.
        let sum = compensated_sum(p);
        let bound = tolerance * (p.len() as f64).sqrt() * total;
        if sum.is_nan() || (sum - total).abs() > bound {
            self.failures.push(format!("{place}: sums to {total} {:+e}", sum - total));
        }
    }

    fn close(self, total: usize) {
        println!("{} golden values compared; worst error as a share of its tolerance:", self.compared);
        for (kind, share) in &self.worst {
            println!("  {kind}: {share:.2e}");
        }
        assert!(self.failures.is_empty(), "{} failures:\n{}", self.failures.len(), self.failures.join("\n"));
        assert_eq!(self.compared, total, "a golden value was skipped or added");
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
        "lse" => ledger.scalar(&place, log_sum_exp(x).expect("legal"), number(expected), tolerances.lam),
        "softmax" | "softmax_tau_half" | "softmax_tau_3" => {
            let tau = match field {
                "softmax" => 1.0,
                "softmax_tau_half" => 0.5,
                _ => 3.0,
            };
            ledger.vector(&place, &soft(tau), expected, tolerances.p);
            ledger.sum(&place, &soft(tau), 1.0, tolerances.sum);
        }
        "tau_lse_tau_001" => {
            let value = smooth_max(x, 0.01).expect("legal").value;
            ledger.scalar(&place, value, number(expected), tolerances.lam);
        }
        "entropy_nats" => ledger.scalar(&place, entropy(&soft(1.0)), number(expected), tolerances.p),
        "half_L1_jacobian" => ledger.scalar(&place, half_l1_jacobian(&soft(1.0)), number(expected), tolerances.p),
        "ce_loss_t0" => {
            let loss = cross_entropy(x, 0).expect("legal").value;
            ledger.scalar(&place, loss, number(expected), tolerances.loss);
        }
        "softmax_jacobian" => ledger.matrix(&place, &softmax_jacobian(&soft(1.0)), expected, tolerances.jac),
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
                ledger.vector(&place, &solved.p, value, p);
                ledger.sum(&place, &solved.p, 1.0, sum);
            }
            "lam" | "lam_in_x_over_2" => ledger.scalar(&place, solved.lambda_absolute(), number(value), lam),
            "support" => {
                // The file's note: on the boundary the size may differ, p may not.
                let slack = if place.contains("boundary") { 1.5 } else { 0.5 };
                ledger.scalar(&place, solved.support as f64, number(value), slack);
            }
            "loss_t0" => {
                let got = fenchel_young(x, alpha, 0).expect("legal").value;
                ledger.scalar(&place, got, number(value), loss);
            }
            "jacobian" => {
                let got = entmax_jacobian(&solved.p, alpha).expect("legal");
                ledger.matrix(&place, &got, value, jac);
            }
            "dp_dalpha" => {
                let got = entmax_alpha_derivative(&solved.p, alpha).expect("legal");
                ledger.vector(&place, &got, value, dalpha);
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
                        ledger.vector(&format!("{place} {order}"), &got, value, stated("abs"));
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
                        ledger.vector(&place, &got, value, stated("perturb_max_abs"));
                        ledger.sum(&place, &got, 1.0, 1e-15);
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
            "p" => ledger.vector(&place, &got.p, value, tolerance),
            "kept" => {
                assert_eq!(got.kept.len(), list(value).len(), "{place}");
                for (&index, value) in got.kept.iter().zip(list(value)) {
                    ledger.exact(&place, index, value);
                }
            }
            "loss_t0" => {
                let loss = sparse_softmax_loss(x, k, 0).expect("legal").value;
                ledger.scalar(&place, loss, number(value), tolerance);
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
            "min1exp" => ledger.vector(&place, &exponential.p, value, tolerance),
            "min1exp_lambda" => ledger.scalar(&place, lambda(&exponential), number(value), tolerance),
            "sigmoid" => ledger.vector(&place, &sigmoid.p, value, tolerance),
            "sigmoid_lambda" => ledger.scalar(&place, lambda(&sigmoid), number(value), tolerance),
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
            "loss" => ledger.scalar(&place, got.value, number(value), loss),
            "grad_wrt_cos" => ledger.vector(&place, &got.gradient, value, gradient),
            "loss_margin0" => ledger.scalar(&place, plain.value, number(value), loss),
            other => ledger.failures.push(format!("{place}: field {other:?} is not covered")),
        }
    }
}
