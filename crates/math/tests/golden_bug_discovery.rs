//! Golden data of the widget on bugs and users: every case and every field, and the simulations of the shared file.

use serde_json::Value;
use std::sync::Arc;
use yansuan_math::discovery_run::DiscoveryRun;
use yansuan_math::good_turing::good_turing_rate;
use yansuan_math::md1_queue::{Md1Queue, Md1Steady};
use yansuan_math::occupancy::{Occupancy, OccupancyCurve};
use yansuan_math::operational_profile::OperationalProfile;
use yansuan_math::race_condition::{RaceCondition, rates_under_traffic};
use yansuan_math::reliability_growth::GrowthModel;
use yansuan_math::worst_case_rate::{bishop_bloomfield, worst_case_rate};
use yansuan_math::zipf::{zipf_asymptote, zipf_rates};

mod golden;
use golden::{Ledger, count, golden, list, number, numbers};

/// A list that may hold `null`, against a function of the place in it.
fn each(ledger: &mut Ledger, place: &str, expected: &Value, tolerance: (f64, f64), got: impl Fn(usize) -> Option<f64>) {
    for (at, expected) in list(expected).iter().enumerate() {
        let place = format!("{place} {at}");
        match (got(at), expected) {
            (Some(got), expected) if expected.is_number() => ledger.near(&place, got, number(expected), tolerance),
            (got, expected) => {
                ledger.holds(&format!("{place}: got {got:?}, expected {expected}"), got.is_none() && expected.is_null());
            }
        }
    }
}

struct Tolerances {
    /// `abs` and `rel`.
    plain: (f64, f64),
    wait: (f64, f64),
    growth: (f64, f64),
}

fn occupancy_case(ledger: &mut Ledger, case: &Value, p: &[f64], tolerance: (f64, f64)) {
    let occupancy = Arc::new(Occupancy::new(p).expect("legal"));
    let n = numbers(&case["N"]);
    let mut curve = OccupancyCurve::new(Arc::clone(&occupancy), &n).expect("legal");
    while !curve.step(1).expect("legal").done {}
    let moments = curve.moments();
    for (field, value) in case.as_object().expect("an object") {
        let place = format!("{} {field}", case["name"]);
        match field.as_str() {
            "name" | "note" | "p" | "M" | "pmax" | "s" | "N" => {}
            "found" => each(ledger, &place, value, tolerance, |at| Some(moments[at].found)),
            "sd_found" => each(ledger, &place, value, tolerance, |at| Some(moments[at].deviation())),
            "residual_rate" => {
                each(ledger, &place, value, tolerance, |at| Some(moments[at].residual_rate));
                // What is this small is compared without the absolute tolerance too, which would let anything pass.
                each(ledger, &place, value, (0.0, tolerance.1), |at| Some(moments[at].residual_rate));
            }
            "worst_case_rate" => each(ledger, &place, value, (0.0, tolerance.1), |at| worst_case_rate(p.len(), n[at]).ok()),
            "bishop_bound" => {
                each(ledger, &place, value, (0.0, tolerance.1), |at| bishop_bloomfield(p.len(), n[at]).expect("legal"));
            }
            "singletons" => {
                each(ledger, &place, value, tolerance, |at| occupancy.singletons(n[at]).ok());
                // The Good–Turing identity on the golden numbers themselves.
                for (&n, f1) in n.iter().zip(numbers(value)).filter(|(n, _)| **n >= 1.0) {
                    let estimate = good_turing_rate(n, f1).expect("legal").expect("some requests");
                    ledger.near(&place, occupancy.at(n - 1.0).expect("legal").residual_rate, estimate, tolerance);
                }
            }
            "doubletons" => each(ledger, &place, value, tolerance, |at| occupancy.doubletons(n[at]).ok()),
            "total_rate_at_0" => {
                ledger.near(&place, occupancy.total_rate(), number(value), tolerance);
                ledger.near(&place, occupancy.at(0.0).expect("legal").residual_rate, number(value), tolerance);
            }
            // The golden asymptote is the leading term, without the −½ of the spec.
            "asymptote_infinite_M" => each(ledger, &place, value, tolerance, |at| {
                let [p_max, s] = ["pmax", "s"].map(|key| number(&case[key]));
                zipf_asymptote(p_max, s, n[at]).expect("legal").map(|asymptote| asymptote.leading)
            }),
            "N_for_half" => {
                let half = occupancy.requests_to_find(p.len() as f64 / 2.0).expect("legal");
                ledger.holds(&format!("{place}: {half:?}"), half == value.as_f64());
            }
            other => panic!("field {other:?} is not covered"),
        }
    }
}

fn growth_case(ledger: &mut Ledger, case: &Value, tolerance: (f64, f64)) {
    let field = |key: &str| number(&case[key]);
    let t = numbers(&case["t"]);
    let bugs = field("M");
    for (name, value) in case.as_object().expect("an object") {
        let model = match name.as_str() {
            "name" | "M" | "lam" | "gamma_shape" | "gamma_rate" | "lam0" | "theta" | "t" => continue,
            "goel_okumoto" => GrowthModel::GoelOkumoto { bugs, rate: field("lam") },
            "littlewood" => GrowthModel::Littlewood { bugs, shape: field("gamma_shape"), scale: field("gamma_rate") },
            "musa_okumoto" => GrowthModel::MusaOkumoto { initial: field("lam0"), decay: field("theta") },
            other => panic!("field {other:?} is not covered"),
        };
        each(ledger, &format!("{} {name}", case["name"]), value, tolerance, |at| model.found(t[at]).ok());
    }
}

fn queue_case(ledger: &mut Ledger, case: &Value, plain: (f64, f64), wait: (f64, f64)) {
    let queue = Md1Queue::new(number(&case["lam"]), number(&case["D"])).expect("legal");
    let steady = queue.steady();
    for (field, value) in case.as_object().expect("an object") {
        let place = format!("{} {field}", case["name"]);
        let mut settled = |got: fn(&Md1Steady) -> f64| {
            ledger.near(&place, got(steady.as_ref().expect("stable")), number(value), plain);
        };
        match field.as_str() {
            "name" | "lam" | "D" | "t" => {}
            "stable" => ledger.holds(&place, value.as_bool() == Some(steady.is_some())),
            "rho" => ledger.near(&place, queue.utilisation(), number(value), plain),
            "Wq" => settled(Md1Steady::mean_wait),
            "W" => settled(Md1Steady::mean_sojourn),
            "Lq" => settled(Md1Steady::mean_waiting),
            "wait_cdf" => {
                let steady = steady.as_ref().expect("stable");
                let t = numbers(&case["t"]);
                each(ledger, &place, value, wait, |at| steady.wait_cdf(t[at]).ok());
                each(ledger, &place, value, wait, |at| Some(1.0 - steady.wait_tail(t[at]).ok()?));
            }
            other => panic!("field {other:?} is not covered"),
        }
    }
}

fn race_case(ledger: &mut Ledger, case: &Value, tolerance: (f64, f64)) {
    let race = RaceCondition::new(number(&case["q"]), number(&case["w"])).expect("legal");
    let arrivals = numbers(&case["lam"]);
    // The tolerance of 1e-12 is next to nothing beside 2.5e-6, but 0 must be 0.
    let sharp = (0.0, tolerance.1);
    each(ledger, "race p", &case["p"], sharp, |at| race.per_request(arrivals[at]).ok());
    each(ledger, "race p in a list", &case["p"], sharp, |at| {
        rates_under_traffic(&[0.25], &[race], arrivals[at]).ok()?.get(1).copied()
    });
}

#[test]
fn bug_discovery_agrees_with_fifty_digits() {
    let file = golden("cool-papers/bug_discovery.json");
    let tolerance = |key: &str| number(&file["tolerance"][key]);
    let tolerances = Tolerances {
        plain: (tolerance("abs"), tolerance("rel")),
        wait: (tolerance("wait_cdf_abs"), 0.0),
        growth: (0.0, tolerance("growth_rel")),
    };
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let name = case["name"].as_str().expect("a name");
        if name.starts_with("growth") {
            growth_case(&mut ledger, case, tolerances.growth);
        } else if name.starts_with("md1") {
            queue_case(&mut ledger, case, tolerances.plain, tolerances.wait);
        } else if name == "race" {
            race_case(&mut ledger, case, tolerances.plain);
        } else if case["p"].is_array() {
            occupancy_case(&mut ledger, case, &numbers(&case["p"]), tolerances.plain);
        } else {
            let rates = zipf_rates(count(&case["M"]), number(&case["pmax"]), number(&case["s"])).expect("legal");
            assert!(!rates.clamped);
            occupancy_case(&mut ledger, case, &rates.p, tolerances.plain);
        }
    }
    ledger.close(305);
}

/// The seeded run of the widget is that of the shared file: all first meetings, exactly.
#[test]
fn seeded_runs_agree_with_prng_and_simulation() {
    let file = golden("common/prng_and_simulation.json");
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]).iter().filter(|case| case["first_hit"].is_array()) {
        let seed = case["seed"].as_u64().expect("a seed");
        let rates = zipf_rates(count(&case["M"]), number(&case["pmax"]), number(&case["s"])).expect("legal");
        let occupancy = Arc::new(Occupancy::new(&rates.p).expect("legal"));
        let run = DiscoveryRun::new(&occupancy, seed);
        let profile = OperationalProfile::stationary(occupancy).first_hits(seed);
        let expected = numbers(&case["first_hit"]);
        assert_eq!(run.first_hits().len(), expected.len());
        for (at, &expected) in expected.iter().enumerate() {
            ledger.holds(&format!("{} {at}", case["name"]), run.first_hits()[at] == expected && profile[at] == expected);
        }
        for n in expected.iter().flat_map(|&hit| [hit - 1.0, hit]) {
            let found = expected.iter().filter(|&&hit| hit <= n).count();
            ledger.holds(&format!("{} found after {n}", case["name"]), run.found(n) == Ok(found));
        }
    }
    ledger.close(780);
}
