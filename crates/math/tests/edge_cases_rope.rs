//! Bad and extreme inputs of the RoPE widget, one test for each line of the spec's list.
#![expect(clippy::float_cmp, reason = "positions are exact")]

use serde_json::Value;
use yansuan_math::MathError;
use yansuan_math::axis::{Axes, Axis};
use yansuan_math::frequency_plan::FrequencyPlan;
use yansuan_math::position_metrics::{BlockMetrics, Lamps};
use yansuan_math::rational::Rational;
use yansuan_math::rope::{PairLayout, points, relative_score, rotate, rotate_rows, rotate_rows_f32};
use yansuan_math::rope_kernel::kernel_row;
use yansuan_math::rounding::Format;
use yansuan_math::scheme::{NextRule, Scheme};
use yansuan_math::segment::{Segment, TOKENS_LIMIT, frames_as_images};
use yansuan_math::token_layout::TokenLayout;

const SCHEMES: [Scheme; 11] = [
    Scheme::Flat,
    Scheme::Typeset,
    Scheme::Naive2d,
    Scheme::TieV1,
    Scheme::TieV1Equivalent,
    Scheme::TV,
    Scheme::TvFrames,
    Scheme::Mrope(NextRule::MaxAll),
    Scheme::Mrope(NextRule::MaxSides),
    Scheme::VideoRope { delta: Rational::ONE },
    Scheme::V2pe { delta: Rational::HALF },
];

fn size(value: &Value) -> u32 {
    u32::try_from(value.as_u64().expect("a size")).expect("small")
}

fn segment(value: &Value) -> Segment {
    match value["type"].as_str().expect("a kind") {
        "text" => Segment::Text { n: size(&value["n"]) },
        "image" => Segment::Image { h: size(&value["h"]), w: size(&value["w"]) },
        "video" => Segment::Video { t: size(&value["t"]), h: size(&value["h"]), w: size(&value["w"]) },
        other => panic!("segment {other:?} is not covered"),
    }
}

/// The kind by which the golden file calls an error.
fn kind(error: &MathError) -> &'static str {
    match error {
        MathError::DimNotEven(_) => "odd_dim",
        MathError::DimNotDivisible { .. } => "dim_not_divisible",
        MathError::SectionSum { .. } => "section_sum",
        MathError::BadBase(_) => "bad_base",
        MathError::EmptyGrid { .. } => "empty_grid",
        MathError::NoTimeAxis { .. } => "video_in_2d_scheme",
        MathError::TooManyTokens { .. } => "too_many_tokens",
        other => panic!("{other:?} is not covered"),
    }
}

fn plan_outcome(input: &Value) -> Result<(), MathError> {
    let axes = if input["n_axes"] == 3 { Axes::Three } else { Axes::Two };
    let plan = match input["mode"].as_str().expect("a plan") {
        "alt" => FrequencyPlan::Alternate(axes),
        "half" => FrequencyPlan::Halves(axes),
        "mrope" => {
            let sections: Vec<u32> = input["section"].as_array().expect("a list").iter().map(size).collect();
            FrequencyPlan::Mrope(sections.try_into().expect("three"))
        }
        other => panic!("plan {other:?} is not covered"),
    };
    plan.pairs(size(&input["d"]) as usize, input["base"].as_f64().unwrap_or(1e4)).map(|_| ())
}

fn layout_outcome(input: &Value) -> Result<(), MathError> {
    let segments: Vec<Segment> = input["segments"].as_array().expect("a list").iter().map(segment).collect();
    let scheme = match input["scheme"].as_str().expect("a scheme") {
        "tv" => Scheme::TV,
        "tie_v1" => Scheme::TieV1,
        other => panic!("scheme {other:?} is not covered"),
    };
    TokenLayout::new(&segments, scheme, 1).map(|_| ())
}

#[test]
fn the_bad_inputs_of_the_golden_file_have_their_outcomes() {
    let path = format!("{}/../../tests/golden/common/bad_inputs.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let mut checked = 0;
    for case in file["cases"].as_array().expect("a list") {
        let outcome = match case["target"].as_str().expect("a target") {
            "w1.freqplan" => plan_outcome(&case["input"]),
            "w1.layout" => layout_outcome(&case["input"]),
            _ => continue,
        };
        checked += 1;
        let expected = &case["expected"];
        let got = match &outcome {
            Ok(()) => ("ok", expected["kind"].as_str().expect("a kind")),
            Err(error) => ("error", kind(error)),
        };
        assert_eq!(Some(got.0), expected["outcome"].as_str(), "{case}");
        assert_eq!(Some(got.1), expected["kind"].as_str(), "{case}");
    }
    assert_eq!(checked, 10);
}

#[test]
fn a_head_must_have_pairs() {
    for d in [0, 1, 7, 255] {
        assert_eq!(FrequencyPlan::Rope1d.pairs(d, 1e4), Err(MathError::DimNotEven(d)));
    }
}

#[test]
fn shares_must_come_out_even() {
    for plan in [FrequencyPlan::Halves, FrequencyPlan::AlternateSymmetric] {
        let refused = Err(MathError::DimNotDivisible { pairs: 5, parts: 2 });
        assert_eq!(plan(Axes::Two).pairs(10, 1e4), refused);
        assert!(plan(Axes::Three).pairs(16, 1e4).is_err());
        assert!(plan(Axes::One).pairs(10, 1e4).is_ok());
        assert!(plan(Axes::Three).pairs(12, 1e4).is_ok());
    }
    assert!(FrequencyPlan::Alternate(Axes::Three).pairs(10, 1e4).is_ok());
}

#[test]
fn sections_must_add_up_to_the_pairs() {
    for plan in [FrequencyPlan::Mrope, FrequencyPlan::Interleaved, FrequencyPlan::VideoRope] {
        assert_eq!(plan([16, 24, 20]).pairs(128, 1e4), Err(MathError::SectionSum { sum: 60, pairs: 64 }));
        let huge = Err(MathError::SectionSum { sum: 3 * u64::from(u32::MAX), pairs: 64 });
        assert_eq!(plan([u32::MAX; 3]).pairs(128, 1e4), huge);
        assert!(plan([64, 0, 0]).pairs(128, 1e4).is_ok());
    }
}

#[test]
fn a_base_must_be_a_number_above_one() {
    for base in [1.0, 0.5, 0.0, -1e4, f64::INFINITY] {
        assert_eq!(FrequencyPlan::Rope1d.pairs(8, base), Err(MathError::BadBase(base)));
    }
    assert!(matches!(FrequencyPlan::Rope1d.pairs(8, f64::NAN), Err(MathError::BadBase(_))));
    assert!(FrequencyPlan::Rope1d.pairs(8, 1.0 + f64::EPSILON).is_ok());
}

#[test]
fn a_grid_without_patches_is_refused_and_named() {
    for scheme in SCHEMES {
        for empty in [
            Segment::Image { h: 0, w: 3 },
            Segment::Image { h: 3, w: 0 },
            Segment::Video { t: 0, h: 2, w: 2 },
            Segment::Video { t: 2, h: 0, w: u32::MAX },
        ] {
            let layout = TokenLayout::new(&[Segment::Text { n: 1 }, empty], scheme, 1);
            assert_eq!(layout, Err(MathError::EmptyGrid { segment: 1 }), "{scheme:?}");
        }
    }
}

#[test]
fn empty_texts_and_empty_sequences_are_allowed() {
    for scheme in SCHEMES {
        let image = Segment::Image { h: 2, w: 3 };
        let with = TokenLayout::new(&[Segment::Text { n: 0 }, image, Segment::Text { n: 0 }], scheme, 1).expect("legal");
        let without = TokenLayout::new(&[image], scheme, 1).expect("legal");
        for axis in Axis::ALL {
            assert_eq!(with.coordinates(axis), without.coordinates(axis), "{scheme:?}");
        }
        assert_eq!(BlockMetrics::new(&with.spans()[0], scheme), None);
        let empty = TokenLayout::new(&[], scheme, 1).expect("legal");
        assert!(empty.is_empty() && empty.span_of(0).is_none());
        assert!(Lamps::new(&empty).is_symmetric());
        assert_eq!(kernel_row(&empty, &[], 0), Err(MathError::TargetOutOfRange { target: 0, len: 0 }));
    }
}

#[test]
fn an_image_may_come_first() {
    for scheme in SCHEMES {
        for origin in [0, 1] {
            let layout = TokenLayout::new(&[Segment::Image { h: 2, w: 5 }], scheme, origin).expect("legal");
            assert_eq!(layout.spans()[0].last, Rational::from(origin - 1), "{scheme:?}");
        }
    }
}

#[test]
fn a_single_patch_is_a_token_under_tv() {
    let sequence = |middle| [Segment::Text { n: 2 }, middle, Segment::Text { n: 2 }];
    for patch in [Segment::Image { h: 1, w: 1 }, Segment::Video { t: 1, h: 1, w: 1 }] {
        let layout = TokenLayout::new(&sequence(patch), Scheme::TV, 1).expect("legal");
        let words = TokenLayout::new(&sequence(Segment::Text { n: 1 }), Scheme::TV, 1).expect("legal");
        for axis in Axis::ALL {
            assert_eq!(layout.coordinates(axis), words.coordinates(axis));
        }
        let metrics = BlockMetrics::new(&layout.spans()[1], Scheme::TV).expect("has tokens");
        assert_eq!(metrics.hole, Some(Rational::ONE));
        assert_eq!((metrics.gap_left, metrics.gap_right), (vec![Rational::ONE; 3], vec![Rational::ONE; 3]));
    }
}

#[test]
fn a_video_without_a_time_axis_is_refused_and_its_frames_are_not() {
    let sequence = [Segment::Text { n: 1 }, Segment::Video { t: 3, h: 2, w: 2 }];
    for scheme in SCHEMES {
        let layout = TokenLayout::new(&sequence, scheme, 1);
        if scheme.has_time() {
            assert!(layout.is_ok(), "{scheme:?}");
        } else {
            assert_eq!(layout, Err(MathError::NoTimeAxis { segment: 1 }), "{scheme:?}");
            let frames = TokenLayout::new(&frames_as_images(&sequence), scheme, 1).expect("legal");
            assert_eq!((frames.len(), frames.spans().len()), (13, 4), "{scheme:?}");
        }
    }
}

#[test]
fn too_many_tokens_are_refused_whatever_overflows() {
    let largest = [Segment::Image { h: 256, w: 255 }, Segment::Text { n: 256 }];
    for scheme in SCHEMES {
        assert_eq!(TokenLayout::new(&largest, scheme, 1).map(|layout| layout.len() as u64), Ok(TOKENS_LIMIT));
        let one_more = TokenLayout::new(&[largest[0], largest[1], Segment::Text { n: 1 }], scheme, 1);
        assert_eq!(one_more, Err(MathError::TooManyTokens { tokens: TOKENS_LIMIT + 1, limit: TOKENS_LIMIT }));
        let text = TokenLayout::new(&[Segment::Text { n: u32::MAX }; 3], scheme, 1);
        assert!(matches!(text, Err(MathError::TooManyTokens { .. })));
    }
    let huge = Segment::Video { t: u32::MAX, h: u32::MAX, w: u32::MAX };
    let refused = Err(MathError::TooManyTokens { tokens: u64::MAX, limit: TOKENS_LIMIT });
    assert_eq!(TokenLayout::new(&[huge], Scheme::TV, 1), refused);
    // Its frames are still too many, and not four thousand million.
    let frames = frames_as_images(&[Segment::Video { t: u32::MAX, h: 1, w: 1 }]);
    assert!(matches!(TokenLayout::new(&frames, Scheme::Flat, 1), Err(MathError::TooManyTokens { .. })));
}

#[test]
fn the_longest_sequences_keep_their_exact_positions() {
    let largest_rho = Scheme::Tv { rho: Rational::new(1000, 999).expect("not over 0") };
    for scheme in SCHEMES.into_iter().chain([largest_rho]) {
        for image in [Segment::Image { h: 1, w: 65_535 }, Segment::Image { h: 65_535, w: 1 }, Segment::Image { h: 255, w: 257 }] {
            let layout = TokenLayout::new(&[image, Segment::Text { n: 1 }], scheme, i32::MAX).expect("legal");
            for &axis in layout.axes().names() {
                let exact = layout.exact(layout.len() - 1, axis).map(Rational::to_f64);
                assert_eq!(exact, layout.coordinates(axis).and_then(|column| column.last().copied()));
                assert!(exact.is_some_and(f64::is_finite));
            }
        }
    }
}

#[test]
fn positions_beyond_the_half_integers_of_single_precision_are_rounded_in_sight() {
    let limit = Format::F32.half_integer_limit();
    let layout = TokenLayout::new(&[Segment::Image { h: 1, w: 2 }], Scheme::TV, 8_388_608).expect("legal");
    let rows = layout.coordinates(Axis::H).expect("an axis");
    assert_eq!(rows[0], limit + 0.5);
    assert!(!Format::F32.is_exact(rows[0]) && Format::F64.is_exact(rows[0]));
    assert_eq!(Format::F32.round(rows[0]), limit);
}

#[test]
fn videorope_may_go_below_zero() {
    let scheme = Scheme::VideoRope { delta: Rational::ONE };
    let layout = TokenLayout::new(&[Segment::Image { h: 1, w: 8 }], scheme, 1).expect("legal");
    assert_eq!(layout.coordinates(Axis::W).map(|columns| columns[0]), Some(-2.0));
    let metrics = BlockMetrics::new(&layout.spans()[0], scheme).expect("has tokens");
    assert_eq!(metrics.gap_left[2], Rational::integer(-2));
    assert!(metrics.resumes_early());
}

#[test]
fn a_plan_that_reads_time_needs_a_layout_that_has_it() {
    let layout = TokenLayout::new(&[Segment::Text { n: 2 }], Scheme::TieV1, 1).expect("legal");
    let pairs = FrequencyPlan::mrope(8).pairs(8, 1e4).expect("legal");
    assert_eq!(points(&layout, &pairs), Err(MathError::AxisMissing { axis: 't' }));
    assert_eq!(kernel_row(&layout, &pairs, 0), Err(MathError::AxisMissing { axis: 't' }));
    let flat = TokenLayout::new(&[Segment::Text { n: 2 }], Scheme::Flat, 1).expect("legal");
    assert_eq!(points(&flat, &pairs), Ok(vec![[1.0; 3], [2.0; 3]]));
    assert_eq!(kernel_row(&flat, &pairs, 2), Err(MathError::TargetOutOfRange { target: 2, len: 2 }));
}

#[test]
fn vectors_and_matrices_must_have_their_shapes() {
    let pairs = FrequencyPlan::Rope1d.pairs(4, 1e4).expect("legal");
    let order = PairLayout::Interleaved;
    let mismatch = |left, right| MathError::LengthMismatch { left, right };
    assert_eq!(rotate(&[1.0; 5], &pairs, [0.0; 3], order), Err(mismatch(5, 4)));
    assert_eq!(rotate_rows(&[1.0; 9], &pairs, &[[0.0; 3]; 2], order), Err(mismatch(9, 8)));
    let scored = relative_score((&[1.0; 4], [0.0; 3]), (&[1.0; 2], [0.0; 3]), &pairs, order);
    assert_eq!(scored, Err(mismatch(4, 2)));
    assert_eq!(rotate_rows_f32(&mut [1.0; 6], &[1.0, 0.1], 0.0, order), Err(mismatch(6, 4)));
    assert_eq!(rotate_rows_f32(&mut [], &[], 0.0, order), Err(MathError::Empty));
    assert_eq!(rotate_rows_f32(&mut [], &[1.0], 0.0, order), Ok(()));
}

#[test]
fn positions_that_are_no_numbers_are_refused_where_they_are_read() {
    let pairs = FrequencyPlan::Alternate(Axes::Two).pairs(4, 1e4).expect("legal");
    let order = PairLayout::HalfSplit;
    assert!(rotate(&[1.0; 4], &pairs, [f64::NAN, 1.0, 2.0], order).is_ok());
    let refused = rotate(&[1.0; 4], &pairs, [0.0, 1.0, f64::INFINITY], order);
    assert_eq!(refused, Err(MathError::NotFinite { index: 2, value: f64::INFINITY }));
    assert!(matches!(rotate_rows_f32(&mut [1.0; 2], &[1.0], f64::NAN, order), Err(MathError::NotFinite { .. })));
    assert!(matches!(rotate_rows_f32(&mut [1.0; 2], &[f64::NAN], 0.0, order), Err(MathError::NotFinite { .. })));
}
