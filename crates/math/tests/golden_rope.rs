//! Golden data of the RoPE widget: every case and every field of all six files.

use serde_json::Value;
use yansuan_math::axis::{Axes, Axis};
use yansuan_math::frequency_plan::{FrequencyPlan, Pair};
use yansuan_math::position_metrics::{BlockMetrics, offset_and_spacing};
use yansuan_math::rational::Rational;
use yansuan_math::rope::{PairLayout, Point, relative_score, rotate, score};
use yansuan_math::rope_kernel::{kernel, kernel_row};
use yansuan_math::rounding::{Format, phase};
use yansuan_math::scheme::{Hole, NextRule, Scheme};
use yansuan_math::segment::Segment;
use yansuan_math::token_layout::{Span, TokenLayout};

mod golden;
use golden::{Ledger, count, fields, golden, list, number, numbers, text};

/// To the last bit: the reference rounds its exact rationals once, and so do we.
fn to_the_bit(ledger: &mut Ledger, place: &str, got: Option<&[f64]>, expected: &[f64]) {
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    ledger.all_near(place, got.unwrap_or_default(), expected, 0.0);
    assert_eq!(bits(got.unwrap_or_default()), bits(expected), "{place}");
}

fn size(value: &Value) -> u32 {
    u32::try_from(value.as_u64().expect("a size")).expect("small")
}

/// `-3/2` or `4`.
fn rational(text: &str) -> Rational {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let part = |digits: &str| digits.parse::<i64>().expect("whole");
    Rational::new(part(numerator), part(denominator)).expect("not over 0")
}

fn axis(letter: char) -> Axis {
    Axis::ALL.into_iter().find(|axis| axis.letter() == letter).expect("t, h or w")
}

fn named_axis(name: &str) -> Axis {
    axis(name.chars().next().expect("a letter"))
}

fn segment(value: &Value) -> Segment {
    let of = |key: &str| size(&value[key]);
    match text(&value["type"]) {
        "text" => Segment::Text { n: of("n") },
        "image" => Segment::Image { h: of("h"), w: of("w") },
        "video" => Segment::Video { t: of("t"), h: of("h"), w: of("w") },
        other => panic!("segment {other:?} is not covered"),
    }
}

fn segments(value: &Value) -> Vec<Segment> {
    list(value).iter().map(segment).collect()
}

/// The scheme of an input; what its parameters leave out is the default of the reference.
fn scheme(input: &Value) -> Scheme {
    let params = &input["params"];
    let dial = |key: &str| params[key].as_str().map(rational);
    for key in params.as_object().into_iter().flat_map(serde_json::Map::keys) {
        assert!(["u", "rho", "delta", "mrope_next"].contains(&key.as_str()), "parameter {key:?} is not covered");
    }
    match text(&input["scheme"]) {
        "flat" => Scheme::Flat,
        "typeset" => Scheme::Typeset,
        "naive2d" => Scheme::Naive2d,
        "tie_v1" => Scheme::TieV1,
        "tie_v1_eq" => Scheme::TieV1Equivalent,
        "tv" => Scheme::Tv { rho: dial("rho").unwrap_or(Rational::ONE) },
        "tv_frames" => Scheme::TvFrames,
        "mrope" => Scheme::Mrope(match params["mrope_next"].as_str() {
            None | Some("max_all") => NextRule::MaxAll,
            Some("max_hw") => NextRule::MaxSides,
            Some(other) => panic!("rule {other:?} is not covered"),
        }),
        "videorope" => Scheme::VideoRope { delta: dial("delta").unwrap_or(Rational::ONE) },
        "v2pe" => Scheme::V2pe { delta: dial("delta").unwrap_or(rational("1/4")) },
        "family2d" => Scheme::Family { u: dial("u").expect("a dial"), hole: Hole::PerPatch(Rational::ONE) },
        other => panic!("scheme {other:?} is not covered"),
    }
}

fn plan(input: &Value) -> FrequencyPlan {
    let axes = match input["n_axes"].as_u64() {
        Some(2) => Axes::Two,
        Some(3) => Axes::Three,
        other => panic!("{other:?} axes are not covered"),
    };
    let sections = || <[u32; 3]>::try_from(list(&input["section"]).iter().map(size).collect::<Vec<_>>()).expect("three");
    match text(&input["mode"]) {
        "alt" => FrequencyPlan::Alternate(axes),
        "alt_sym" => FrequencyPlan::AlternateSymmetric(axes),
        "half" => FrequencyPlan::Halves(axes),
        "mrope" => FrequencyPlan::Mrope(sections()),
        "interleaved" => FrequencyPlan::Interleaved(sections()),
        "videorope" => FrequencyPlan::VideoRope(sections()),
        other => panic!("plan {other:?} is not covered"),
    }
}

fn pairs(input: &Value) -> Vec<Pair> {
    plan(input).pairs(count(&input["d"]), number(&input["base"])).expect("legal")
}

fn check_span(ledger: &mut Ledger, place: &str, span: &Span, layout: &TokenLayout, expected: &Value) {
    let spacing = || offset_and_spacing(span, layout.axes()).expect("an own index for each axis");
    for (field, value) in fields(expected) {
        let place = format!("{place} {field}");
        match field.as_str() {
            "seg" => {}
            "type" => {
                let kind = match span.segment {
                    Segment::Text { .. } => "text",
                    Segment::Image { .. } => "image",
                    Segment::Video { .. } => "video",
                };
                ledger.same(&place, &kind, &text(value));
            }
            "L" => ledger.same(&place, &span.last.to_string().as_str(), &text(value)),
            "K" => ledger.same(&place, &span.next.to_string().as_str(), &text(value)),
            "beta" | "gamma" => {
                for (name, value) in fields(value) {
                    let slot = layout.axes().slot(named_axis(name)).expect("an axis");
                    let (beta, gamma) = spacing()[slot];
                    let got = if field == "beta" { beta } else { gamma };
                    ledger.same(&format!("{place} {name}"), &got.to_string().as_str(), &text(value));
                }
            }
            "centre" => {
                let metrics = BlockMetrics::new(span, layout.scheme()).expect("has tokens");
                for centre in metrics.centre {
                    ledger.same(&place, &centre.to_string().as_str(), &text(value));
                }
            }
            other => panic!("field {other:?} is not covered"),
        }
    }
}

#[test]
fn layouts_agree_exactly() {
    let file = golden("rope/layout.json");
    assert_eq!(file["tolerance"]["exact"], true);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let name = text(&case["name"]);
        let input = &case["input"];
        let origin = i32::try_from(input["origin"].as_i64().expect("whole")).expect("small");
        let layout = TokenLayout::new(&segments(&input["segments"]), scheme(input), origin).expect("legal");
        let axes: Vec<Axis> = list(&case["expected"]["axes"]).iter().map(|name| named_axis(text(name))).collect();
        for (field, value) in fields(&case["expected"]) {
            let place = format!("{name} {field}");
            match field.as_str() {
                // One number serves all three axes of the reference.
                "axes" => {
                    for axis in Axis::ALL {
                        ledger.same(&place, &layout.coordinates(axis).is_some(), &axes.contains(&axis));
                    }
                }
                "n_tokens" => ledger.same(&place, &layout.len(), &count(value)),
                "pos" => {
                    for (axis, column) in fields(value) {
                        let got = layout.coordinates(named_axis(axis));
                        to_the_bit(&mut ledger, &format!("{place} {axis}"), got, &numbers(column));
                    }
                }
                "pos_exact" => {
                    for (axis, column) in value.as_object().into_iter().flatten() {
                        for (token, exact) in list(column).iter().enumerate() {
                            let got = layout.exact(token, named_axis(axis)).expect("a token").to_string();
                            ledger.same(&format!("{place} {axis} {token}"), &got.as_str(), &text(exact));
                        }
                    }
                }
                "seg" => {
                    for (token, index) in list(value).iter().enumerate() {
                        ledger.same(&place, &layout.span_of(token), &Some(count(index)));
                    }
                }
                "segments" => {
                    ledger.same(&place, &layout.spans().len(), &list(value).len());
                    for (span, expected) in layout.spans().iter().zip(list(value)) {
                        check_span(&mut ledger, &place, span, &layout, expected);
                    }
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(10_323);
}

#[test]
fn metrics_agree_exactly() {
    let file = golden("rope/metrics.json");
    assert_eq!(file["tolerance"]["exact"], true);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let input = &case["input"];
        let scheme = scheme(input);
        let of = |key: &str| size(&input[key]);
        let block = if input["t"].is_null() {
            Segment::Image { h: of("h"), w: of("w") }
        } else {
            Segment::Video { t: of("t"), h: of("h"), w: of("w") }
        };
        let sequence = [Segment::Text { n: of("left_text") }, block, Segment::Text { n: of("right_text") }];
        let layout = TokenLayout::new(&sequence, scheme, 1).expect("legal");
        let metrics = BlockMetrics::new(&layout.spans()[1], scheme).expect("has tokens");
        for (field, value) in fields(&case["expected"]) {
            let place = format!("{input} {field}");
            if field == "n_tokens" {
                ledger.same(&place, &metrics.tokens, &value.as_u64().expect("a count"));
                continue;
            }
            for (axis, expected) in fields(value) {
                let slot = layout.axes().slot(named_axis(axis)).expect("an axis");
                let got = match field.as_str() {
                    "gap_left" => metrics.gap_left[slot],
                    "gap_right" => metrics.gap_right[slot],
                    "symmetry_defect" => metrics.symmetry_defect[slot],
                    "text_span" => metrics.hole.expect("a hole"),
                    "equivalence_defect" => metrics.equivalence_defect.expect("a defect"),
                    "density" => metrics.density.expect("a density"),
                    other => panic!("field {other:?} is not covered"),
                };
                ledger.same(&place, &got.to_f64().to_bits(), &number(&expected[0]).to_bits());
                ledger.same(&place, &got.to_string().as_str(), &text(&expected[1]));
            }
        }
    }
    ledger.close(2_226);
}

#[test]
fn frequency_plans_agree_with_fifty_digits() {
    let file = golden("rope/freqplan.json");
    let relative = number(&file["tolerance"]["rel"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let place = case["input"].to_string();
        let pairs = pairs(&case["input"]);
        for (field, value) in fields(&case["expected"]) {
            match field.as_str() {
                "axis" => {
                    ledger.same(&place, &pairs.len(), &text(value).len());
                    for (pair, letter) in pairs.iter().zip(text(value).chars()) {
                        ledger.same(&place, &pair.axis, &axis(letter));
                    }
                }
                "theta" => {
                    ledger.same(&place, &pairs.len(), &list(value).len());
                    for (pair, expected) in pairs.iter().zip(numbers(value)) {
                        ledger.near(&place, pair.theta, expected, relative * expected);
                    }
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(530);
}

/// Coordinates by name; an axis that is not named is not read.
fn point(value: &Value) -> Point {
    let mut point = [f64::NAN; 3];
    for (name, coordinate) in fields(value) {
        point[named_axis(name).index()] = number(coordinate);
    }
    point
}

#[test]
fn rotations_agree_with_fifty_digits_in_both_layouts() {
    let file = golden("rope/rotate.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let (input, expected) = (&case["input"], &case["expected"]);
        let place = format!("{} {}", input["mode"], input["pos_q"]);
        let pairs = pairs(input);
        let [q, k] = ["q", "k"].map(|key| numbers(&input[key]));
        let [m, n] = ["pos_q", "pos_k"].map(|key| point(&input[key]));
        for layout in [PairLayout::Interleaved, PairLayout::HalfSplit] {
            // The file pairs (2i, 2i+1).
            let permutation = PairLayout::Interleaved.permutation_to(layout, q.len());
            let carried = |x: &[f64]| -> Vec<f64> { permutation.iter().map(|&j| x[j]).collect() };
            let (q, k) = (carried(&q), carried(&k));
            for (field, value) in fields(expected) {
                let place = format!("{place} {field} {layout:?}");
                match field.as_str() {
                    "Rq" | "Rk" => {
                        let (x, point) = if field == "Rq" { (&q, m) } else { (&k, n) };
                        let rotated = rotate(x, &pairs, point, layout).expect("legal");
                        let expected = carried(&numbers(value));
                        ledger.same(&place, &rotated.len(), &expected.len());
                        for (&got, &expected) in rotated.iter().zip(&expected) {
                            ledger.near(&place, got, expected, tolerance);
                        }
                    }
                    "dot" => {
                        let by_points = score((&q, m), (&k, n), &pairs, layout).expect("legal");
                        let by_difference = relative_score((&q, m), (&k, n), &pairs, layout).expect("legal");
                        ledger.near(&place, by_points, number(value), tolerance);
                        ledger.near(&place, by_difference, number(value), tolerance);
                    }
                    "kernel" => {
                        let delta = [0, 1, 2].map(|axis| n[axis] - m[axis]);
                        ledger.near(&place, kernel(delta, &pairs), number(value), tolerance);
                    }
                    other => panic!("field {other:?} is not covered"),
                }
            }
        }
    }
    ledger.close(966);
}

#[test]
fn kernel_rows_agree_with_fifty_digits() {
    let file = golden("rope/kernel.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let input = &case["input"];
        let layout = TokenLayout::new(&segments(&input["segments"]), scheme(input), 1).expect("legal");
        let got = kernel_row(&layout, &pairs(input), count(&input["query_index"])).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            assert_eq!(field, "kernel");
            let place = input.to_string();
            ledger.same(&place, &got.len(), &list(value).len());
            for (&got, expected) in got.iter().zip(numbers(value)) {
                ledger.near(&place, got, expected, tolerance);
            }
        }
    }
    ledger.close(604);
}

#[test]
fn precision_agrees_with_fifty_digits() {
    let file = golden("rope/precision.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let relative = number(&file["tolerance"]["abs_error_rel"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let input = &case["input"];
        let position = number(&input["position"]);
        let got = phase(position, count(&input["pair"]), count(&input["d"]), number(&input["base"])).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            let place = format!("{input} {field}");
            let exactly = |format: Format| format.is_exact(position);
            match field.as_str() {
                "phase_exact" => ledger.near(&place, got.exact, number(value), tolerance),
                "phase_f32" => ledger.near(&place, got.single, number(value), tolerance),
                // A phase of 1e4 with 30 digits is off by 1e-26 where the error is 0.
                "abs_error" => ledger.near(&place, got.error, number(value), relative * number(value) + 1e-25),
                "cos_exact" => ledger.near(&place, got.cos_exact, number(value), tolerance),
                "cos_of_f32_phase" => ledger.near(&place, got.cos_single, number(value), tolerance),
                "position_exact_in_f32" => ledger.same(&place, &exactly(Format::F32), &(*value == true)),
                "position_exact_in_f16" => ledger.same(&place, &exactly(Format::F16), &(*value == true)),
                "position_exact_in_bf16" => ledger.same(&place, &exactly(Format::Bf16), &(*value == true)),
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(352);
}
