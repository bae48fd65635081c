//! Golden data of the extrapolation widget: every case and every field of all ten files, and the printed results.

use serde_json::Value;
use yansuan_math::attention_row::{AttentionRow, RowInputs};
use yansuan_math::base_search::{semantic_aggregation, semantic_aggregation_curve};
use yansuan_math::dispersion::{RowStatistics, SinkRemoval};
use yansuan_math::dynamic_scale::dynamic_scale;
use yansuan_math::frequency_method::{FrequencyMethod, IndexRamp};
use yansuan_math::joint_score::joint_score;
use yansuan_math::logit_factor::{LogitFactor, log_n_factor, log_n_ratio, mscale, yarn_factor, yarn_factor_linearised};
use yansuan_math::near_far::NearFar;
use yansuan_math::published_extrapolation::{GAU_ACCURACY, LLAMA2_LOSS, LOG_N_ACCURACY, SMALLEST_BASE};
use yansuan_math::relative_distance::RelativeDistance;
use yansuan_math::rope_kernel::decay_curve;
use yansuan_math::trained_circles::TrainedCircles;
use yansuan_math::window_tiles::TileCounts;

mod golden;
use golden::{Ledger, Tolerance, count, fields, golden, list, number, numbers, text};

/// A list, whose length counts as a value.
fn all_near(ledger: &mut Ledger, place: &str, got: &[f64], expected: &Value, tolerance: impl Tolerance) {
    ledger.same(place, &got.len(), &list(expected).len());
    ledger.all_near(place, got, &numbers(expected), tolerance);
}

fn circles(input: &Value) -> TrainedCircles {
    TrainedCircles::new(count(&input["d"]), number(&input["base"]), count(&input["L_train"])).expect("legal")
}

fn method(name: &str) -> FrequencyMethod {
    match name {
        "none" => FrequencyMethod::None,
        "pi" => FrequencyMethod::Pi,
        "ntk_old" => FrequencyMethod::NtkOld,
        "ntk_aware" => FrequencyMethod::NtkAware,
        "ntk_fixed" => FrequencyMethod::NtkFixed,
        "ntk_mixed" => FrequencyMethod::NTK_MIXED,
        "ntk_mixed_b0.75" => FrequencyMethod::NtkMixed { b: 0.75 },
        "yarn_post" => FrequencyMethod::YARN,
        "yarn_post_tau8" => FrequencyMethod::Yarn { alpha: 1.0, tau: 8.0 },
        "yarn_code" => FrequencyMethod::YARN_CODE,
        "yarn_code_notrunc" => FrequencyMethod::YarnCode(UNROUNDED),
        "llama3" => FrequencyMethod::LLAMA3,
        other => panic!("method {other:?} is not covered"),
    }
}

const UNROUNDED: IndexRamp = IndexRamp { truncate: false, ..IndexRamp::YARN };

fn distance(name: &str, params: &Value) -> RelativeDistance {
    let whole = |key: &str| count(&params[key]);
    match name {
        "none" | "keynorm" => RelativeDistance::Plain,
        "pi" => RelativeDistance::Interpolated { k: number(&params["k"]) },
        "window" => RelativeDistance::Window { w: whole("w") },
        "lm_infinite" => RelativeDistance::LmInfinite { w: whole("w"), g: whole("g"), cap: whole("cap") },
        "streaming" => RelativeDistance::Streaming { sinks: whole("sinks"), recent: whole("recent") },
        "rerope" => RelativeDistance::Rerope { w: whole("w") },
        "leaky" => RelativeDistance::Leaky { w: whole("w"), k: number(&params["k"]) },
        "self_extend" => RelativeDistance::SelfExtend { w: whole("W"), group: whole("G") },
        "self_extend_diff" => RelativeDistance::SelfExtendIdeal { w: whole("W"), group: whole("G") },
        other => panic!("distance {other:?} is not covered"),
    }
}

#[test]
fn frequencies_turns_and_safe_lengths_are_the_golden_ones() {
    let file = golden("extrapolation/freqs.json");
    let relative = number(&file["tolerance"]["rel"]);
    let within = (0.0, relative);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let (input, place) = (&case["input"], case["input"].to_string());
        let circles = circles(input);
        let scale = number(&input["s"]);
        let frequencies = |name: &str| method(name).frequencies(&circles, scale).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            let place = format!("{place} {field}");
            match field.as_str() {
                "r" => all_near(&mut ledger, &place, &circles.turns().collect::<Vec<_>>(), value, within),
                "theta" => all_near(&mut ledger, &place, circles.theta(), value, within),
                "critical_index" => ledger.same(&place, &circles.critical_index(), &count(value)),
                "kappa" => {
                    let kappa = FrequencyMethod::NtkAware.base_factor(&circles, scale).expect("legal").expect("a change of base");
                    ledger.near(&place, kappa, number(value), within);
                }
                "yarn_range" => all_near(&mut ledger, &place, &IndexRamp::YARN.range(&circles), value, within),
                "yarn_range_real" => all_near(&mut ledger, &place, &UNROUNDED.range(&circles), value, within),
                "yarn_post_gamma" => {
                    all_near(&mut ledger, &place, &FrequencyMethod::YARN.kept(&circles).expect("a ramp"), value, within);
                }
                "freqs" => {
                    for (name, value) in fields(value) {
                        all_near(&mut ledger, &format!("{place} {name}"), &frequencies(name), value, within);
                    }
                }
                "safe_length" => {
                    for (name, value) in fields(value) {
                        let safe = circles.safe_length(&frequencies(name)).expect("as many");
                        ledger.near(&format!("{place} {name}"), safe, number(value), within);
                    }
                }
                "dynamic_ntk_hf" => {
                    for (name, value) in fields(value) {
                        let (length, factor) = name.split_once(',').expect("two");
                        let length = length.strip_prefix("seq=").expect("a length").parse().expect("whole");
                        let factor = factor.strip_prefix("factor=").expect("a factor").parse().expect("a number");
                        let dynamic = FrequencyMethod::DynamicNtk { factor, length };
                        let got = dynamic.frequencies(&circles, scale).expect("legal");
                        all_near(&mut ledger, &format!("{place} {name}"), &got, value, within);
                    }
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(4351);
}

#[test]
fn effective_distances_are_the_golden_ones() {
    let file = golden("extrapolation/relpos.json");
    let relative = number(&file["tolerance"]["rel"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let input = &case["input"];
        let distance = distance(text(&input["method"]), &input["params"]);
        distance.check().expect("legal");
        let rows = list(&case["expected"]["distance"]);
        assert_eq!(fields(&case["expected"]).len(), 1);
        ledger.same(&input.to_string(), &rows.len(), &count(&input["L"]));
        let mut pairs = 0;
        for (i, row) in rows.iter().enumerate() {
            let place = format!("{input} row {i}");
            ledger.same(&place, &list(row).len(), &(i + 1));
            let mut visible = 0;
            for (j, value) in list(row).iter().enumerate() {
                match (distance.at(i, j), value.as_f64()) {
                    (Some(got), Some(expected)) => ledger.near(&place, got, expected, relative * expected),
                    (got, expected) => ledger.same(&place, &got, &expected),
                }
                visible += usize::from(!value.is_null());
            }
            ledger.same(&place, &distance.visible(i), &visible);
            pairs += visible as u64;
        }
        ledger.same(&input.to_string(), &distance.visible_pairs(rows.len()), &pairs);
    }
    ledger.close(2520);
}

#[test]
fn usable_lengths_are_the_golden_ones() {
    let mut ledger = Ledger::default();
    for case in list(&golden("extrapolation/maxlen.json")["cases"]) {
        let input = &case["input"];
        // The file has the README's rule for Self-Extend, which is that of its idealisation; the released code is W mod G short of it.
        let name = text(&input["method"]);
        let rule = if name == "self_extend" { "self_extend_diff" } else { name };
        let train = count(&input["L_train"]);
        let got = distance(rule, &input["params"]).usable_length(train as f64);
        let expected = case["expected"].as_f64().unwrap_or(f64::INFINITY);
        ledger.same(&input.to_string(), &got, &expected);
        if name == "self_extend" {
            let coded = distance(name, &input["params"]);
            ledger.same("coded", &coded.usable_length(train as f64), &16380.0);
        }
    }
    ledger.close(9);
}

#[test]
fn circles_outside_of_their_arcs_and_joint_scores_are_the_golden_ones() {
    let file = golden("extrapolation/ood.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let input = &case["input"];
        let circles = circles(input);
        let scaled = method(text(&input["method"])).frequencies(&circles, number(&input["s"])).expect("legal");
        let rows = list(&case["expected"]["rows"]);
        let furthest = rows.iter().map(|row| count(&row["rho"])).max().expect("some");
        let kernel = decay_curve(&scaled, furthest + 1);
        for row in rows {
            let place = format!("{input} {}", row["rho"]);
            let rho = number(&row["rho"]);
            let joint = joint_score(&circles, &scaled, rho).expect("as many");
            for (field, value) in fields(row) {
                match field.as_str() {
                    "rho" => {}
                    "ood_pairs" => {
                        let expected: Vec<usize> = list(value).iter().map(count).collect();
                        ledger.same(&place, &circles.unseen(&scaled, rho).expect("as many"), &expected);
                    }
                    "joint_score" => ledger.near(&place, joint.score, number(value), tolerance),
                    "nearest_n" => ledger.same(&place, &joint.nearest, &count(value)),
                    "own_kernel" => ledger.near(&place, kernel[count(&row["rho"])], number(value), tolerance),
                    other => panic!("field {other:?} is not covered"),
                }
            }
        }
    }
    ledger.close(480);
}

#[test]
fn near_far_and_reach_are_the_golden_ones() {
    let file = golden("extrapolation/quadrant.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let (input, place) = (&case["input"], case["input"].to_string());
        let circles = circles(input);
        let test = count(&input["L_test"]);
        let scale = test as f64 / circles.length() as f64;
        let scaled = method(input["freq"].as_str().unwrap_or("none")).frequencies(&circles, scale).expect("legal");
        let distance = distance(input["dist"].as_str().unwrap_or("none"), input);
        let got = NearFar::new(&circles, &scaled, distance, test, count(&input["w0"])).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            let got = match field.as_str() {
                "near" => got.near,
                "far" => got.far,
                "reach" => got.reach,
                other => panic!("field {other:?} is not covered"),
            };
            ledger.near(&format!("{place} {field}"), got, number(value), tolerance);
        }
    }
    ledger.close(84);
}

#[test]
fn factors_of_logits_and_dynamic_scales_are_the_golden_ones() {
    let file = golden("extrapolation/scales.json");
    let relative = number(&file["tolerance"]["rel"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let (input, place) = (&case["input"], case["input"].to_string());
        let length = |key: &str| count(&input[key]);
        for (field, value) in fields(&case["expected"]) {
            let got = match (text(&input["kind"]), field.as_str()) {
                ("yarn", "mscale") => mscale(number(&input["s"]), 1.0),
                ("yarn", "logit_factor") => yarn_factor(number(&input["s"])),
                ("yarn", "linearised") => yarn_factor_linearised(number(&input["s"])),
                ("logn", "clipped") => log_n_factor(length("n"), length("L_train")).expect("legal"),
                ("logn", "ratio_form") => log_n_ratio(length("n"), length("L_train")).expect("legal"),
                ("logn", "log512") => LogitFactor::Log512.at(length("n"), length("L_train"), 1.0).expect("legal"),
                ("dynamic_s", "s") => dynamic_scale(length("pos") as u64, length("L_train")).expect("legal").to_f64(),
                ("dynamic_s", "exact") => {
                    let exact = dynamic_scale(length("pos") as u64, length("L_train")).expect("legal");
                    ledger.same(&place, &exact.to_string(), &text(value).to_owned());
                    continue;
                }
                other => panic!("{other:?} is not covered"),
            };
            ledger.near(&format!("{place} {field}"), got, number(value), relative * number(value).abs());
        }
    }
    ledger.close(44);
}

#[test]
fn attention_rows_are_the_golden_ones() {
    let file = golden("extrapolation/attention.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let input = &case["input"];
        let circles = circles(input);
        let (scale, query) = (number(&input["s"]), count(&input["query_pos"]));
        let theta = method(text(&input["freq_method"])).frequencies(&circles, scale).expect("legal");
        let (factor, key_norm) = match text(&input["scale"]) {
            "1" => (LogitFactor::One, false),
            "yarn" => (LogitFactor::Yarn, false),
            "logn" => (LogitFactor::LogN, false),
            "keynorm" => (LogitFactor::One, true),
            other => panic!("factor {other:?} is not covered"),
        };
        let factor = factor.at(query + 1, circles.length(), scale).expect("legal");
        let (q, keys) = (numbers(&input["q"]), list(&input["K"]).iter().flat_map(numbers).collect::<Vec<_>>());
        assert_eq!(keys.len(), q.len() * (query + 1));
        let name = text(&input["distance_method"]);
        let distance = distance(name, &input["params"]);
        let row = RowInputs { q: &q, keys: &keys, theta: &theta, distance, factor, key_norm };
        let row = AttentionRow::new(&row).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            let place = format!("{name} {field}");
            match field.as_str() {
                // The file counts leaving out 1/√d as a factor of √d.
                "lambda_" => {
                    let lambda = if key_norm { factor * (circles.d() as f64).sqrt() } else { factor };
                    ledger.near(&place, lambda, number(value), tolerance);
                }
                "logits" => {
                    ledger.same(&place, &row.logits.len(), &list(value).len());
                    for (&got, expected) in row.logits.iter().zip(list(value)) {
                        match expected.as_f64() {
                            Some(expected) => ledger.near(&place, got, expected, tolerance),
                            None => ledger.same(&place, &got, &f64::NEG_INFINITY),
                        }
                    }
                }
                "probs" => all_near(&mut ledger, &place, &row.statistics.weights, value, tolerance),
                "entropy" => ledger.near(&place, row.statistics.entropy, number(value), tolerance),
                "visible" => ledger.same(&place, &row.visible, &count(value)),
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(377);
}

#[test]
fn dispersion_and_sinks_are_the_golden_ones() {
    let file = golden("extrapolation/dispersion.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let (first, cases) = list(&file["cases"]).split_first().expect("some");
    let logits = numbers(&first["input"]["logits"]);
    let mut ledger = Ledger::default();
    for case in cases {
        let (input, place) = (&case["input"], case["input"].to_string());
        let n = count(&input["n"]);
        let mut logits = logits[..n].to_vec();
        if let Some(sink) = input["sink_logit"].as_f64() {
            logits[0] = sink;
        }
        let plain = RowStatistics::new(&logits).expect("legal");
        let sink = SinkRemoval::new(&logits).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            let got = match field.as_str() {
                "entropy" => plain.entropy,
                "entropy_logn" => {
                    let lambda = log_n_factor(n, count(&input["L_train"])).expect("legal");
                    RowStatistics::scaled(&logits, lambda).expect("legal").entropy
                }
                "p_max" => plain.largest,
                "perplexity" => plain.effective,
                "sink_mass" => sink.mass,
                "inflation" | "check" => sink.inflation,
                "entropy_with" => sink.entropy_with,
                "entropy_without" => sink.entropy_without,
                other => panic!("field {other:?} is not covered"),
            };
            ledger.near(&format!("{place} {field}"), got, number(value), tolerance);
        }
    }
    ledger.close(42);
}

#[test]
fn semantic_aggregation_is_the_golden_one() {
    let file = golden("extrapolation/fb.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let (input, expected) = (&case["input"], number(&case["expected"]));
        let (m, base, d) = (count(&input["m"]), number(&input["b"]), count(&input["d"]));
        ledger.near(&input.to_string(), semantic_aggregation(m as f64, base, d).expect("legal"), expected, tolerance);
        let curve = semantic_aggregation_curve(base, d, m + 1).expect("legal");
        ledger.near(&input.to_string(), curve[m], expected, 2e-12 * d as f64);
    }
    ledger.close(16);
}

#[test]
fn tiles_are_the_golden_ones() {
    let mut ledger = Ledger::default();
    for case in list(&golden("extrapolation/tiles.json")["cases"]) {
        let input = &case["input"];
        let counts = TileCounts::new(count(&input["L"]), count(&input["w"]), count(&input["B"])).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            let got = match field.as_str() {
                "local" => counts.local,
                "far" => counts.far,
                "mixed" => counts.mixed,
                other => panic!("field {other:?} is not covered"),
            };
            ledger.same(&format!("{input} {field}"), &Some(got), &value.as_u64());
        }
    }
    ledger.close(18);
}

#[test]
fn printed_results_are_the_transcribed_ones() {
    let mut ledger = Ledger::default();
    for case in list(&golden("common/published_results.json")["cases"]) {
        let rows = list(&case["rows"]);
        let source = text(&case["source"]);
        match source.rsplit('/').next().expect("some") {
            name if name.ends_with("9603") => {
                ledger.same(source, &GAU_ACCURACY.len(), &rows.len());
                for (got, row) in GAU_ACCURACY.iter().zip(rows) {
                    ledger.same(source, &Some(got.method), &row[0].as_str());
                    for (got, value) in [got.trained, got.repeated, got.not_repeated].into_iter().zip(&list(row)[1..]) {
                        ledger.same(got.to_string().as_str(), &got, &number(value));
                    }
                }
            }
            "9708" => {
                ledger.same(source, &LLAMA2_LOSS.len(), &rows.len());
                for ((name, losses), row) in LLAMA2_LOSS.iter().zip(rows) {
                    ledger.same(source, &Some(*name), &row[0].as_str());
                    for (got, value) in losses.iter().zip(&list(row)[1..]) {
                        ledger.same(name, got, &value.as_f64());
                    }
                }
            }
            "10122" => {
                ledger.same(source, &SMALLEST_BASE.len(), &rows.len());
                for ((length, base), row) in SMALLEST_BASE.iter().zip(rows) {
                    let name = if *length == 1 << 20 { "1M".to_owned() } else { format!("{}k", length >> 10) };
                    ledger.same(source, &Some(name.as_str()), &row[0].as_str());
                    ledger.same(&name, base, &number(&row[1]));
                }
            }
            "8823" => {
                ledger.same(source, &LOG_N_ACCURACY.len(), &rows.len());
                for ((name, accuracies), row) in LOG_N_ACCURACY.iter().zip(rows) {
                    ledger.same(source, &Some(*name), &row[0].as_str());
                    for (got, value) in accuracies.iter().zip(&list(row)[1..]) {
                        ledger.same(name, got, &number(value));
                    }
                }
            }
            other => panic!("source {other:?} is not covered"),
        }
    }
    ledger.close(130);
}
