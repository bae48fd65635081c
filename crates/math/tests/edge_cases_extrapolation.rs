//! Bad and extreme inputs of the extrapolation widget, one test for each line of the spec's list, and the numbers it tells.
#![expect(clippy::float_cmp, reason = "degenerate cases are exact")]

use serde_json::Value;
use yansuan_math::MathError;
use yansuan_math::attention_row::{AttentionRow, RowInputs};
use yansuan_math::base_search::{BaseSearch, GRID_LIMIT, semantic_aggregation};
use yansuan_math::caution::Caution;
use yansuan_math::dispersion::{RowStatistics, prefix_entropies};
use yansuan_math::dynamic_scale::{ScaleSchedule, StaleKey, dynamic_scale, stale_kernel};
use yansuan_math::frequency_method::{FrequencyMethod, IndexRamp, pair_rows};
use yansuan_math::hwfa::widest_window;
use yansuan_math::joint_score::{JointScores, joint_score};
use yansuan_math::key_norm::{PolarScore, normalise_rows};
use yansuan_math::logit_factor::{LogitFactor, log_n_factor, mscale};
use yansuan_math::near_far::{NearFar, near_fidelity};
use yansuan_math::published_extrapolation::{GAU_ACCURACY, SETTINGS};
use yansuan_math::relative_distance::{RelativeDistance, self_extend_group};
use yansuan_math::trained_circles::{TrainedCircles, angle_from_zero};
use yansuan_math::two_pass::{TwoPass, decode_scores};
use yansuan_math::window_tiles::TileCounts;

fn circles(d: usize, base: f64, length: usize) -> TrainedCircles {
    TrainedCircles::new(d, base, length).expect("legal")
}

/// The kind by which the golden file calls an error.
fn kind(error: &MathError) -> &'static str {
    match error {
        MathError::DimNotEven(_) => "odd_dim",
        MathError::NtkUndefined => "ntk_undefined_d2",
        MathError::BelowOne { field: "k", .. } => "k_below_1",
        MathError::BelowOne { field: "w", .. } => "window_below_1",
        MathError::BelowOne { field: "G", .. } => "group_below_1",
        MathError::BelowOne { field: "n", .. } => "n_below_1",
        MathError::TrainedLengthTooShort { least: 2, .. } => "logn_needs_L_train_above_1",
        other => panic!("{other:?} is not covered"),
    }
}

/// Outcome and kind of a caution, by which a value is moved or a note shown.
fn note(caution: Option<&Caution>) -> (&'static str, &'static str) {
    match caution {
        None => ("ok", "step_ramp"),
        Some(Caution::ScaleBelowOne { .. }) => ("clamp", "s_below_1"),
        Some(Caution::TrainShorterThanOneTurn { .. }) => ("warn", "train_shorter_than_one_turn"),
        Some(Caution::WindowNotTrained { .. }) => ("warn", "window_not_trained"),
        Some(other) => panic!("{other:?} is not covered"),
    }
}

fn count(value: &Value, default: usize) -> usize {
    value.as_u64().map_or(default, |value| usize::try_from(value).expect("small"))
}

fn frequency_outcome(input: &Value) -> Result<Option<Caution>, MathError> {
    let circles = TrainedCircles::new(count(&input["d"], 0), 1e4, count(&input["L_train"], 4096))?;
    let method = match input["method"].as_str() {
        None => FrequencyMethod::None,
        Some("ntk_aware") => FrequencyMethod::NtkAware,
        Some("pi") => FrequencyMethod::Pi,
        Some("yarn_post") => {
            FrequencyMethod::Yarn { alpha: input["alpha"].as_f64().expect("α"), tau: input["tau"].as_f64().expect("τ") }
        }
        Some("yarn_code") => FrequencyMethod::YARN_CODE,
        Some(other) => panic!("method {other:?} is not covered"),
    };
    let scale = input["s"].as_f64().unwrap_or(4.0);
    method.frequencies(&circles, scale)?;
    Ok(method.cautions(&circles, scale).first().copied())
}

fn distance_outcome(input: &Value) -> Result<Option<Caution>, MathError> {
    let whole = |key: &str| count(&input[key], 1);
    let distance = match input["method"].as_str().expect("a method") {
        "leaky" => RelativeDistance::Leaky { w: whole("w"), k: input["k"].as_f64().expect("k") },
        "window" => RelativeDistance::Window { w: whole("w") },
        "rerope" => RelativeDistance::Rerope { w: whole("w") },
        "self_extend" => RelativeDistance::SelfExtend { w: whole("W"), group: whole("G") },
        other => panic!("distance {other:?} is not covered"),
    };
    distance.check()?;
    Ok(distance.caution(count(&input["L_train"], 4096)))
}

#[test]
fn the_bad_inputs_of_the_golden_file_have_their_outcomes() {
    let path = format!("{}/../../tests/golden/common/bad_inputs.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let mut checked = 0;
    for case in file["cases"].as_array().expect("a list") {
        let input = &case["input"];
        let outcome = match case["target"].as_str().expect("a target") {
            "w2.freqs" => frequency_outcome(input),
            "w2.relpos" => distance_outcome(input),
            "w2.scales" => log_n_factor(count(&input["n"], 1), count(&input["L_train"], 512)).map(|_| None),
            _ => continue,
        };
        checked += 1;
        let got = match &outcome {
            Ok(caution) => note(caution.as_ref()),
            Err(error) => ("error", kind(error)),
        };
        let expected = &case["expected"];
        assert_eq!(Some(got.0), expected["outcome"].as_str(), "{case}");
        assert_eq!(Some(got.1), expected["kind"].as_str(), "{case}");
    }
    assert_eq!(checked, 11);
}

#[test]
fn a_head_must_have_pairs_and_a_base_and_have_been_trained() {
    for d in [0, 1, 9] {
        assert_eq!(TrainedCircles::new(d, 1e4, 512), Err(MathError::DimNotEven(d)));
    }
    for base in [1.0, 0.0, f64::INFINITY] {
        assert_eq!(TrainedCircles::new(8, base, 512), Err(MathError::BadBase(base)));
    }
    assert!(matches!(TrainedCircles::new(8, f64::NAN, 512), Err(MathError::BadBase(_))));
    assert_eq!(TrainedCircles::new(8, 1e4, 0), Err(MathError::TrainedLengthTooShort { length: 0, least: 1 }));
}

#[test]
fn a_head_of_one_pair_has_every_method_but_those_of_an_exponent() {
    let one = circles(2, 1e4, 512);
    for method in [FrequencyMethod::NtkAware, FrequencyMethod::DynamicNtk { factor: 1.0, length: 1024 }] {
        assert_eq!(method.frequencies(&one, 4.0), Err(MathError::NtkUndefined));
        assert_eq!(method.base_factor(&one, 4.0), Err(MathError::NtkUndefined));
    }
    for (method, expected) in [
        (FrequencyMethod::None, 1.0),
        (FrequencyMethod::Pi, 0.25),
        (FrequencyMethod::NtkOld, 1.0),
        (FrequencyMethod::NtkFixed, 0.25),
        (FrequencyMethod::NTK_MIXED, 0.25),
        (FrequencyMethod::YARN, 1.0),
        (FrequencyMethod::YARN_CODE, 1.0),
    ] {
        assert_eq!(method.frequencies(&one, 4.0), Ok(vec![expected]), "{method:?}");
    }
}

#[test]
fn a_scale_below_one_counts_as_one_and_says_so() {
    let circles = circles(64, 1e4, 512);
    for scale in [0.5, 0.0, -3.0] {
        assert_eq!(FrequencyMethod::Pi.frequencies(&circles, scale), FrequencyMethod::Pi.frequencies(&circles, 1.0));
        assert_eq!(FrequencyMethod::Pi.cautions(&circles, scale), [Caution::ScaleBelowOne { scale }]);
    }
    assert!(FrequencyMethod::Pi.cautions(&circles, 1.0).is_empty());
    assert_eq!(mscale(0.5, 1.0), 1.0);
    for scale in [f64::NAN, f64::INFINITY] {
        assert!(matches!(FrequencyMethod::Pi.frequencies(&circles, scale), Err(MathError::ParameterOutOfRange(_))));
    }
}

#[test]
fn training_shorter_than_a_turn_makes_the_coded_ramp_degenerate() {
    let ratios = |length| FrequencyMethod::YARN_CODE.ratios(&circles(64, 1e4, length), 4.0).expect("legal");
    // As executed: 1 or 3 tokens leave everything alone, 6 interpolate all but the first pair.
    assert!(ratios(1).iter().chain(&ratios(3)).all(|&ratio| ratio == 1.0));
    assert_eq!(ratios(6)[0], 1.0);
    assert!(ratios(6)[1..].iter().all(|&ratio| ratio == 0.25));
    for (length, cautioned) in [(1, true), (6, true), (7, false)] {
        for method in [FrequencyMethod::YARN, FrequencyMethod::YARN_CODE] {
            assert_eq!(!method.cautions(&circles(64, 1e4, length), 4.0).is_empty(), cautioned);
        }
        assert!(FrequencyMethod::NtkAware.cautions(&circles(64, 1e4, length), 4.0).is_empty());
    }
    // In turns nothing degenerates: all are interpolated.
    assert!(FrequencyMethod::YARN.ratios(&circles(64, 1e4, 6), 4.0).expect("legal").iter().all(|&ratio| ratio == 0.25));
}

#[test]
fn a_ramp_without_width_is_a_step() {
    let circles = circles(64, 1e4, 512);
    let step = FrequencyMethod::Yarn { alpha: 1.0, tau: 1.0 };
    let ratios = step.ratios(&circles, 8.0).expect("legal");
    let critical = circles.critical_index();
    assert!(ratios[..critical].iter().all(|&ratio| ratio == 1.0) && ratios[critical..].iter().all(|&ratio| ratio == 0.125));
    let narrow = IndexRamp { fast: 1.0, slow: 1.0, truncate: false, clamp_to_pairs: false };
    let ratios = FrequencyMethod::YarnCode(narrow).ratios(&circles, 8.0).expect("legal");
    assert!(ratios.iter().all(|&ratio| ratio == 1.0 || ratio == 0.125));
}

#[test]
fn parameters_out_of_their_range_are_refused() {
    let circles = circles(64, 1e4, 512);
    let nan = f64::NAN;
    let ramp = |fast, slow| FrequencyMethod::YarnCode(IndexRamp { fast, slow, ..IndexRamp::YARN });
    for method in [
        FrequencyMethod::NtkMixed { b: -0.1 },
        FrequencyMethod::NtkMixed { b: nan },
        FrequencyMethod::Yarn { alpha: 2.0, tau: 1.0 },
        FrequencyMethod::Yarn { alpha: -1.0, tau: 1.0 },
        FrequencyMethod::Yarn { alpha: 1.0, tau: nan },
        FrequencyMethod::Yarn { alpha: 1.0, tau: f64::INFINITY },
        ramp(1.0, 32.0),
        ramp(32.0, 0.0),
        ramp(nan, 1.0),
        ramp(32.0, nan),
        FrequencyMethod::DynamicNtk { factor: nan, length: 9 },
    ] {
        assert!(matches!(method.ratios(&circles, 4.0), Err(MathError::ParameterOutOfRange(_))), "{method:?}");
    }
    let slow = FrequencyMethod::DynamicNtk { factor: 0.5, length: 9 };
    assert_eq!(slow.ratios(&circles, 4.0), Err(MathError::BelowOne { field: "factor", value: 0.5 }));
}

#[test]
fn windows_slopes_and_groups_below_one_are_refused() {
    for distance in [
        RelativeDistance::Window { w: 0 },
        RelativeDistance::LmInfinite { w: 0, g: 4, cap: 9 },
        RelativeDistance::Streaming { sinks: 4, recent: 0 },
        RelativeDistance::Rerope { w: 0 },
        RelativeDistance::Leaky { w: 0, k: 2.0 },
        RelativeDistance::SelfExtend { w: 0, group: 2 },
        RelativeDistance::SelfExtendIdeal { w: 0, group: 2 },
    ] {
        assert_eq!(distance.check(), Err(MathError::BelowOne { field: "w", value: 0.0 }), "{distance:?}");
    }
    for k in [0.0, 0.999, -1.0, f64::NAN] {
        for distance in [RelativeDistance::Interpolated { k }, RelativeDistance::Leaky { w: 4, k }] {
            assert!(matches!(distance.check(), Err(MathError::BelowOne { field: "k", .. })), "{distance:?}");
        }
    }
    assert_eq!(RelativeDistance::Leaky { w: 4, k: f64::INFINITY }.check(), Err(MathError::ParameterOutOfRange(f64::INFINITY)));
    for distance in [RelativeDistance::SelfExtend { w: 4, group: 0 }, RelativeDistance::SelfExtendIdeal { w: 4, group: 0 }] {
        assert_eq!(distance.check(), Err(MathError::BelowOne { field: "G", value: 0.0 }));
        assert_eq!(distance.at(9, 0).map(f64::is_finite), Some(true));
    }
}

#[test]
fn windows_that_were_not_trained_are_warned_of() {
    let warned = |distance: RelativeDistance| distance.caution(512).is_some();
    assert!(!warned(RelativeDistance::Rerope { w: 511 }) && warned(RelativeDistance::Rerope { w: 512 }));
    assert!(!warned(RelativeDistance::Window { w: 512 }) && warned(RelativeDistance::Window { w: 513 }));
    assert!(warned(RelativeDistance::Leaky { w: 600, k: 8.0 }) && warned(RelativeDistance::SelfExtend { w: 512, group: 8 }));
    // LM-Infinite's own cap is a distance too far; without first keys nothing stands there.
    assert!(warned(RelativeDistance::LmInfinite { w: 128, g: 10, cap: 512 }));
    assert!(!warned(RelativeDistance::LmInfinite { w: 128, g: 0, cap: 512 }));
    assert!(!warned(RelativeDistance::Streaming { sinks: 4, recent: 508 }));
    assert!(warned(RelativeDistance::Streaming { sinks: 4, recent: 509 }));
    assert!(!warned(RelativeDistance::Plain) && !warned(RelativeDistance::Interpolated { k: 2.0 }));
    // The published collapse: distance 512 was never trained at 512.
    let circles = circles(128, 1e4, 512);
    let collapsed = NearFar::new(&circles, circles.theta(), RelativeDistance::Rerope { w: 512 }, 4096, 64).expect("legal");
    assert_eq!((collapsed.near, collapsed.far), (1.0, 0.125));
}

#[test]
fn logarithms_of_lengths_need_lengths() {
    assert_eq!(log_n_factor(0, 512), Err(MathError::BelowOne { field: "n", value: 0.0 }));
    for train in [0, 1] {
        assert_eq!(log_n_factor(10, train), Err(MathError::TrainedLengthTooShort { length: train, least: 2 }));
        assert_eq!(dynamic_scale(10, train).is_err(), train == 0);
    }
    assert_eq!(LogitFactor::LogN.at(1, 512, 4.0), Ok(1.0));
    assert_eq!(LogitFactor::Log512.at(1, 512, 4.0), Ok(0.0));
    assert!(dynamic_scale(u64::MAX, 4096).is_err());
}

#[test]
fn a_query_always_sees_itself() {
    for distance in [
        RelativeDistance::Window { w: 1 },
        RelativeDistance::LmInfinite { w: 1, g: 0, cap: 0 },
        RelativeDistance::Streaming { sinks: 0, recent: 1 },
    ] {
        for i in [0, 1, 1_000_000] {
            assert_eq!((distance.at(i, i), distance.visible(i)), (Some(0.0), 1), "{distance:?}");
        }
        let inputs = RowInputs { q: &[1.0, 2.0], keys: &[3.0; 20], theta: &[1.0], distance, factor: 1.0, key_norm: false };
        let row = AttentionRow::new(&inputs).expect("legal");
        assert_eq!((row.visible, row.statistics.weights[9], row.statistics.entropy), (1, 1.0, 0.0));
    }
    // Windows beyond all counting are no trouble.
    let wide = RelativeDistance::Streaming { sinks: usize::MAX, recent: usize::MAX };
    assert_eq!((wide.at(9, 0), wide.visible(9)), (Some(9.0), 10));
}

#[test]
fn a_cap_inside_of_the_window_is_not_monotone() {
    let distance = RelativeDistance::LmInfinite { w: 10, g: 2, cap: 3 };
    assert_eq!(distance.check(), Ok(()));
    assert_eq!((distance.at(9, 0), distance.at(10, 0)), (Some(9.0), Some(3.0)));
    assert_eq!((distance.at(10, 1), distance.at(10, 0)), (Some(9.0), Some(3.0)));
}

#[test]
fn distances_of_a_million_are_reduced_in_double_precision() {
    // The remainders are those of 50 digits.
    for (phi, expected) in [(1e6, 5.925_621_140_093_851), (999_999.5, 5.425_621_140_093_851), (1e5, 3.105_836_236_881_219_7)] {
        let error = (angle_from_zero(phi) - expected).abs();
        assert!(error < 1e-10, "{phi}: {error:e}");
    }
    let circles = circles(128, 1e4, 4096);
    assert!(circles.unseen(circles.theta(), 1e6).expect("as many").iter().all(|&i| i >= 46));
    assert!(joint_score(&circles, circles.theta(), 1e6).is_ok_and(|joint| joint.score.abs() <= 1.0));
}

#[test]
fn a_search_for_the_base_is_capped_and_goes_in_steps() {
    assert_eq!(BaseSearch::new(128, 4096, [1e2, 1e7], 1e-8).err(), Some(MathError::TooMany { limit: GRID_LIMIT }));
    for step in [0.0, -1.0, f64::NAN] {
        assert!(matches!(BaseSearch::new(128, 4096, [1e2, 1e7], step), Err(MathError::ParameterOutOfRange(_))));
    }
    assert!(matches!(BaseSearch::new(128, 4096, [1e2, f64::NAN], 0.1), Err(MathError::BadBase(_))));
    let mut search = BaseSearch::new(128, 4096, [1e2, 1e3], 0.1).expect("legal");
    let mut steps = 0;
    while !search.step(1).done {
        steps += 1;
        assert!(search.progress().fraction > 0.0 && search.progress().fraction < 1.0);
    }
    assert_eq!((steps, search.smallest(), search.runs().len()), (24, None, 0));
    assert!(search.refined(10).is_none());
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let circles = circles(8, 100.0, 64);
    let three = [1.0; 3];
    let mismatch = MathError::LengthMismatch { left: 3, right: 4 };
    assert_eq!(circles.safe_length(&three), Err(mismatch.clone()));
    assert_eq!(circles.unseen(&three, 1.0), Err(mismatch.clone()));
    assert_eq!(joint_score(&circles, &three, 1.0), Err(mismatch.clone()));
    assert_eq!(near_fidelity(&circles, &three, RelativeDistance::Plain, 4, 9), Err(mismatch.clone()));
    assert_eq!(StaleKey::new(&three, circles.theta(), 1), Err(mismatch));
    assert_eq!(stale_kernel(&[], &[], 1, 1), Err(MathError::Empty));
    let row =
        RowInputs { q: &three, keys: &three, theta: &[1.0], distance: RelativeDistance::Plain, factor: 1.0, key_norm: false };
    assert_eq!(AttentionRow::new(&row).err(), Some(MathError::ShapeMismatch { field: "q", expected: 2, found: 3 }));
    let row = RowInputs { q: &three[..2], ..row };
    assert_eq!(AttentionRow::new(&row).err(), Some(MathError::ShapeMismatch { field: "k", expected: 2, found: 3 }));
    assert_eq!(AttentionRow::new(&RowInputs { keys: &[], ..row }).err(), Some(MathError::Empty));
    assert_eq!(AttentionRow::new(&RowInputs { theta: &[], ..row }).err(), Some(MathError::Empty));
    let two = RowInputs { keys: &three[..2], ..row };
    assert!(AttentionRow::new(&RowInputs { factor: f64::NAN, ..two }).is_err());
    assert!(AttentionRow::new(&RowInputs { theta: &[f64::NAN], keys: &[1.0; 4], ..two }).is_err());
    let zero = RowInputs { keys: &[0.0; 2], key_norm: true, ..two };
    assert_eq!(AttentionRow::new(&zero).err(), Some(MathError::ScaleNotPositive(0.0)));
    let huge = RowInputs { q: &[1e200, 0.0], keys: &[1e200, 0.0], ..two };
    let overflow = Some(MathError::NonFiniteScore { query: 0, key: 0, value: f64::INFINITY });
    assert_eq!(AttentionRow::new(&huge).err(), overflow);
    assert!(TwoPass::new(&[], &[], &[], 1, 1.0).is_err() && TwoPass::new(&[1.0], &[], &[1.0], 1, 1.0).is_err());
    assert_eq!(RowStatistics::scaled(&[1.0], 0.0), Err(MathError::TemperatureNotPositive(f64::INFINITY)));
    assert_eq!(prefix_entropies(&[f64::NEG_INFINITY, -1e308, 1e308, 1e308]), Ok(vec![0.0, 0.0, 0.0, std::f64::consts::LN_2]));
    assert_eq!(prefix_entropies(&[]), Err(MathError::Empty));
    assert!(TileCounts::new(64, 0, 16).is_err() && TileCounts::new(64, 1, 0).is_err());
}

#[test]
fn what_is_not_finite_is_never_passed_on() {
    let circles = circles(4, 100.0, 64);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let frequencies = [1.0, bad];
        let first = |error: MathError| matches!(error, MathError::NotFinite { index: 1, .. });
        assert!(circles.unseen(&frequencies, 1.0).is_err_and(first) && circles.safe_length(&frequencies).is_err_and(first));
        assert!(joint_score(&circles, &frequencies, 1.0).is_err_and(first));
        assert!(near_fidelity(&circles, &frequencies, RelativeDistance::Plain, 4, 9).is_err_and(first));
        let range = |error: MathError| matches!(error, MathError::ParameterOutOfRange(_));
        assert!(circles.unseen(circles.theta(), bad).is_err_and(range));
        assert!(joint_score(&circles, circles.theta(), bad).is_err_and(range));
        assert!(JointScores::new(circles.clone(), circles.theta().to_vec(), vec![1.0, bad]).is_err_and(range));
        assert!(pair_rows(&circles, FrequencyMethod::None, 1.0, bad).is_err_and(range));
        assert!(semantic_aggregation(bad, 1e4, 8).is_err_and(range) && LogitFactor::Yarn.at(1, 512, bad).is_err_and(range));
        assert!(ScaleSchedule::Static(bad).at(0, 512).is_err_and(range));
        let entry = |error: MathError| matches!(error, MathError::EntryNotFinite { .. });
        let (good, wrong) = ([1.0, 2.0], [bad, 1.0]);
        assert!(StaleKey::new(&good, &wrong, 1).is_err_and(entry) && stale_kernel(&wrong, &good, 1, 1).is_err_and(entry));
        assert!(PolarScore::new(&good, &wrong).is_err_and(entry) && normalise_rows(&wrong, 2).is_err());
        assert!(TwoPass::new(&good, &wrong, &[1.0], 1, 2.0).is_err_and(entry));
        assert!(decode_scores(&good, &good, &[bad], 1, 2.0).is_err_and(entry));
        let row =
            RowInputs { q: &wrong, keys: &good, theta: &[1.0], distance: RelativeDistance::Plain, factor: 1.0, key_norm: false };
        assert!(AttentionRow::new(&row).is_err_and(entry));
        assert!(RowStatistics::scaled(&good, bad).is_err() && prefix_entropies(&[1.0, f64::NAN]).is_err());
    }
    assert_eq!(widest_window(24, 512, f64::NAN), None);
    assert_eq!(widest_window(24, 512, f64::INFINITY), Some(usize::MAX));
    assert_eq!(self_extend_group(100, 1, 4, 0.25 + 1e-17), None);
}

#[test]
fn half_of_what_was_asked_for_is_safe_under_ntk() {
    // The specification's table, but for NTK-mixed at 16 times, which is 0.61 and not 0.62.
    let fractions = |length: usize, method: FrequencyMethod, scales: &[f64]| -> Vec<String> {
        let circles = circles(128, 1e4, length);
        let fraction = |scale: f64| {
            let scaled = method.frequencies(&circles, scale).expect("legal");
            circles.safe_length(&scaled).expect("as many") / (scale * length as f64)
        };
        scales.iter().map(|&scale| format!("{:.2}", fraction(scale))).collect()
    };
    let all = [2.0, 4.0, 8.0, 16.0, 32.0];
    assert_eq!(fractions(4096, FrequencyMethod::NtkAware, &all), ["0.83", "0.69", "0.57", "0.47", "0.39"]);
    assert_eq!(fractions(2048, FrequencyMethod::NtkAware, &all), ["0.79", "0.62", "0.48", "0.38", "0.30"]);
    assert_eq!(fractions(4096, FrequencyMethod::NTK_MIXED, &all[1..4]), ["0.78", "0.69", "0.61"]);
    for method in [FrequencyMethod::YARN, FrequencyMethod::YARN_CODE, FrequencyMethod::LLAMA3, FrequencyMethod::Pi] {
        assert_eq!(fractions(4096, method, &all), ["1.00"; 5]);
    }
}

#[test]
fn the_quadrant_orders_the_methods_as_their_accuracies_do() {
    let gau = SETTINGS[2];
    let circles = circles(gau.d, gau.base, gau.train);
    let measure = |method: FrequencyMethod, distance: RelativeDistance| {
        let scaled = method.frequencies(&circles, gau.scale()).expect("legal");
        NearFar::new(&circles, &scaled, distance, gau.test, 64).expect("legal")
    };
    let accuracy = |name: &str| GAU_ACCURACY.iter().find(|row| row.method == name).expect("printed").not_repeated;
    let plain = RelativeDistance::Plain;
    // Of what is repaired far, the more faithful near is the more accurate; what is not repaired far fails.
    let pi = measure(FrequencyMethod::Pi, plain);
    let yarn = measure(FrequencyMethod::YARN, plain);
    let rerope = measure(FrequencyMethod::None, RelativeDistance::Rerope { w: 256 });
    assert!(pi.near < yarn.near && yarn.near < rerope.near);
    assert!([pi, yarn, rerope].iter().all(|place| place.far == 1.0 && place.reach == 1.0));
    assert!(accuracy("PI") < accuracy("YaRN") && accuracy("YaRN") < accuracy("ReRoPE-w256"));
    let far =
        [FrequencyMethod::NtkOld, FrequencyMethod::NtkFixed, FrequencyMethod::NTK_MIXED].map(|method| measure(method, plain).far);
    assert!(far[0] < far[1] && far[1] < far[2]);
    let accuracies = ["NTK-old", "NTK-fixed", "NTK-mixed"].map(accuracy);
    assert!(accuracies[0] < accuracies[1] && accuracies[1] < accuracies[2]);
    let window = measure(FrequencyMethod::None, RelativeDistance::Window { w: 512 });
    assert_eq!(format!("{} {} {:.2}", window.near, window.far, window.reach), "1 1 0.23");
}

#[test]
fn the_largest_classroom_case_is_computed() {
    let largest = circles(256, 5e5, 8192);
    let scaled = FrequencyMethod::LLAMA3.frequencies(&largest, 16.0).expect("legal");
    assert_eq!(pair_rows(&largest, FrequencyMethod::LLAMA3, 16.0, 131_071.0).expect("legal").len(), 128);
    let place = NearFar::new(&largest, &scaled, RelativeDistance::Leaky { w: 2048, k: 16.0 }, 131_072, 64).expect("legal");
    assert_eq!((place.far, place.reach), (1.0, 1.0));
    assert!(joint_score(&largest, &scaled, 131_071.0).is_ok_and(|joint| joint.score < 1.0));
    assert!(RelativeDistance::Window { w: 4096 }.reach(131_072) < 0.07);
    assert_eq!(TileCounts::new(131_072, 2048, 128).map(|counts| counts.total()), Ok(1024 * 1025 / 2));
}
