//! Properties of rotary positions: exhaustive for grids up to 64 × 64, else on 10,000 random inputs.
#![expect(clippy::float_cmp, reason = "exact positions and bit-for-bit equality are what is asked for")]

use proptest::prelude::*;
use std::collections::HashSet;
use yansuan_math::axis::{Axes, Axis};
use yansuan_math::frequency_plan::{FrequencyPlan, Pair};
use yansuan_math::position_metrics::{BlockMetrics, FrameShift, Lamps, offset_and_spacing, patch_difference};
use yansuan_math::rational::Rational;
use yansuan_math::rope::{PairLayout, Point, points, relative_score, rotate, rotate_rows, rotate_rows_f32, score};
use yansuan_math::rope_kernel::{decay_curve, kernel, kernel_row};
use yansuan_math::rounding::Format;
use yansuan_math::scheme::{Hole, NextRule, Scheme};
use yansuan_math::segment::{Segment, frames_as_images};
use yansuan_math::token_layout::TokenLayout;

const CASES: u32 = 10_000;

/// The sides of the exhaustive tests.
const SIDES: std::ops::RangeInclusive<u32> = 1..=64;

/// Ten thousand cases, the same every time, and no file written on failure.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(10_352),
        ..ProptestConfig::default()
    }
}

fn fraction(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator, denominator).expect("not over 0")
}

/// A dial in hundredths.
fn dial(range: std::ops::RangeInclusive<i64>) -> impl Strategy<Value = Rational> {
    range.prop_map(|hundredths| fraction(hundredths, 100))
}

fn holes() -> impl Strategy<Value = Hole> {
    prop_oneof![
        dial(10..=200).prop_map(Hole::PerPatch),
        Just(Hole::WholeSpacing),
        (0..200_i64, 1..8_i64).prop_map(|(size, over)| Hole::Fixed(fraction(size, over))),
    ]
}

fn schemes() -> impl Strategy<Value = Scheme> {
    prop_oneof![1 => Just(Scheme::Typeset), 2 => schemes_of_one_axis(), 6 => schemes_of_the_plane()]
}

/// Those that go on in reading order.
fn schemes_of_one_axis() -> impl Strategy<Value = Scheme> {
    prop_oneof![Just(Scheme::Flat), dial(25..=400).prop_map(|delta| Scheme::V2pe { delta })]
}

/// Those under which an image is a grid beside the text.
fn schemes_of_the_plane() -> impl Strategy<Value = Scheme> {
    prop_oneof![
        1 => Just(Scheme::Naive2d),
        1 => Just(Scheme::TieV1),
        1 => Just(Scheme::TieV1Equivalent),
        3 => (dial(0..=100), holes()).prop_map(|(u, hole)| Scheme::Family { u, hole }),
        6 => schemes_with_three_axes(),
    ]
}

fn schemes_with_time() -> impl Strategy<Value = Scheme> {
    prop_oneof![1 => schemes_of_one_axis(), 3 => schemes_with_three_axes()]
}

fn schemes_with_three_axes() -> impl Strategy<Value = Scheme> {
    prop_oneof![
        dial(10..=200).prop_map(|rho| Scheme::Tv { rho }),
        Just(Scheme::TV),
        Just(Scheme::TvFrames),
        Just(Scheme::Mrope(NextRule::MaxAll)),
        Just(Scheme::Mrope(NextRule::MaxSides)),
        dial(25..=400).prop_map(|delta| Scheme::VideoRope { delta }),
    ]
}

fn compatible_plans(d: usize) -> Vec<FrequencyPlan> {
    let all = [
        FrequencyPlan::Rope1d,
        FrequencyPlan::Alternate(Axes::One),
        FrequencyPlan::Alternate(Axes::Two),
        FrequencyPlan::Alternate(Axes::Three),
        FrequencyPlan::AlternateSymmetric(Axes::One),
        FrequencyPlan::Halves(Axes::One),
        FrequencyPlan::mrope(d),
        FrequencyPlan::interleaved(d),
        FrequencyPlan::videorope(d),
    ];
    all.into_iter().filter(|plan| plan.is_compatible()).collect()
}

/// Every plan, for a head that all of them can share: `d` a multiple of 12.
fn plans() -> impl Strategy<Value = (FrequencyPlan, usize)> {
    (1..4_usize, 0..9_usize).prop_map(|(twelfth, kind)| {
        let d = 12 * twelfth;
        let plan = match kind {
            0 => FrequencyPlan::Rope1d,
            1 => FrequencyPlan::Alternate(Axes::Two),
            2 => FrequencyPlan::Alternate(Axes::Three),
            3 => FrequencyPlan::AlternateSymmetric(Axes::Two),
            4 => FrequencyPlan::AlternateSymmetric(Axes::Three),
            5 => FrequencyPlan::Halves(Axes::Three),
            6 => FrequencyPlan::mrope(d),
            7 => FrequencyPlan::interleaved(d),
            _ => FrequencyPlan::videorope(d),
        };
        (plan, d)
    })
}

fn images() -> impl Strategy<Value = Segment> {
    (1..10_u32, 1..10_u32).prop_map(|(h, w)| Segment::Image { h, w })
}

fn videos() -> impl Strategy<Value = Segment> {
    (1..6_u32, 1..6_u32, 1..6_u32).prop_map(|(t, h, w)| Segment::Video { t, h, w })
}

fn sequences() -> impl Strategy<Value = Vec<Segment>> {
    let texts = (0..9_u32).prop_map(|n| Segment::Text { n });
    prop::collection::vec(prop_oneof![texts, images(), videos()], 0..6)
}

/// A sequence that the scheme can lay out.
fn readable(scheme: Scheme, segments: &[Segment]) -> Vec<Segment> {
    if scheme.has_time() { segments.to_vec() } else { frames_as_images(segments) }
}

/// Coordinates on the grid of halves.
fn position(limit: i32) -> impl Strategy<Value = f64> {
    (-2 * limit..=2 * limit).prop_map(|halves| f64::from(halves) * 0.5)
}

fn point(limit: i32) -> impl Strategy<Value = Point> {
    [position(limit), position(limit), position(limit)]
}

/// A vector of length 1.
fn unit(raw: &[f64], d: usize) -> Vec<f64> {
    let x: Vec<f64> = (0..d).map(|i| raw[i % raw.len()] + 1e-3 * i as f64).collect();
    let length = x.iter().map(|value| value * value).sum::<f64>().sqrt();
    if length > 0.0 { x.iter().map(|value| value / length).collect() } else { x }
}

fn orders() -> impl Strategy<Value = PairLayout> {
    prop_oneof![Just(PairLayout::Interleaved), Just(PairLayout::HalfSplit)]
}

fn lay(segments: &[Segment], scheme: Scheme) -> TokenLayout {
    TokenLayout::new(segments, scheme, 1).expect("legal")
}

/// The metrics of an image or video between two texts.
fn between_texts(block: Segment, scheme: Scheme) -> BlockMetrics {
    let layout = lay(&[Segment::Text { n: 4 }, block, Segment::Text { n: 3 }], scheme);
    BlockMetrics::new(&layout.spans()[1], scheme).expect("has tokens")
}

/// All coordinates of a token, those of one number as one.
fn place(layout: &TokenLayout, token: usize) -> Vec<f64> {
    let column = |axis: &Axis| layout.coordinates(*axis).expect("an axis")[token];
    layout.axes().names().iter().map(column).collect()
}

fn near(a: &[f64], b: &[f64], tolerance: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        prop_assert!((a - b).abs() <= tolerance, "{a} {b}, off by {:e}", (a - b).abs());
    }
    Ok(())
}

/// Rounding the phases of three rotations by `p·2^-53` each and some operations stays below these.
fn rotations_compose(
    pairs: &[Pair],
    x: &[f64],
    y: &[f64],
    [m, n]: [Point; 2],
    order: PairLayout,
    tolerance: f64,
) -> Result<(), TestCaseError> {
    let negative = |point: Point| point.map(|coordinate| -coordinate);
    let difference = [n[0] - m[0], n[1] - m[1], n[2] - m[2]];
    let turned = rotate(x, pairs, m, order).expect("legal");
    let squares = |x: &[f64]| x.iter().map(|value| value * value).sum::<f64>();
    prop_assert!((squares(&turned) - squares(x)).abs() <= 1e-14);
    // R_mᵀ = R_{−m}.
    near(&rotate(&turned, pairs, negative(m), order).expect("legal"), x, 1e-15)?;
    let there_and_back = rotate(&rotate(x, pairs, n, order).expect("legal"), pairs, negative(m), order).expect("legal");
    near(&there_and_back, &rotate(x, pairs, difference, order).expect("legal"), tolerance)?;
    let by_points = score((x, m), (y, n), pairs, order).expect("legal");
    let by_difference = relative_score((x, m), (y, n), pairs, order).expect("legal");
    prop_assert!((by_points - by_difference).abs() <= tolerance, "{by_points} {by_difference}");
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn rotations_are_orthogonal_and_compose_by_differences_up_to_a_thousand(
        (plan, d) in plans(), base in 10.0..1e7_f64, raw in prop::collection::vec(-1.0..1.0_f64, 8),
        m in point(1000), n in point(1000), order in orders(),
    ) {
        let pairs = plan.pairs(d, base).expect("legal");
        rotations_compose(&pairs, &unit(&raw, d), &unit(&raw[3..], d), [m, n], order, 1e-12)?;
    }

    #[test]
    fn rotations_are_orthogonal_and_compose_by_differences_up_to_a_million(
        (plan, d) in plans(), base in 10.0..1e7_f64, raw in prop::collection::vec(-1.0..1.0_f64, 8),
        m in point(1_000_000), n in point(1_000_000), order in orders(),
    ) {
        let pairs = plan.pairs(d, base).expect("legal");
        rotations_compose(&pairs, &unit(&raw, d), &unit(&raw[3..], d), [m, n], order, 1e-9)?;
    }

    #[test]
    fn a_common_shift_leaves_every_score(
        (plan, d) in plans(), raw in prop::collection::vec(-1.0..1.0_f64, 8), order in orders(),
        m in point(500), n in point(500), near_by in point(500), far in point(1_000_000),
    ) {
        let pairs = plan.pairs(d, 1e4).expect("legal");
        let (q, k) = (unit(&raw, d), unit(&raw[2..], d));
        let here = score((&q, m), (&k, n), &pairs, order).expect("legal");
        for (shift, tolerance) in [(near_by, 1e-12), (far, 1e-9)] {
            let moved = |point: Point| [point[0] + shift[0], point[1] + shift[1], point[2] + shift[2]];
            let there = score((&q, moved(m)), (&k, moved(n)), &pairs, order).expect("legal");
            prop_assert!((here - there).abs() <= tolerance, "{here} {there}");
        }
    }

    #[test]
    fn the_two_layouts_of_pairs_give_the_same_scores(
        (plan, d) in plans(), raw in prop::collection::vec(-1.0..1.0_f64, 8), m in point(1000), n in point(1000),
    ) {
        let pairs = plan.pairs(d, 1e4).expect("legal");
        let permutation = PairLayout::Interleaved.permutation_to(PairLayout::HalfSplit, d);
        let carried = |x: &[f64]| -> Vec<f64> { permutation.iter().map(|&j| x[j]).collect() };
        let (q, k) = (unit(&raw, d), unit(&raw[4..], d));
        let turned = rotate(&q, &pairs, m, PairLayout::Interleaved).expect("legal");
        prop_assert_eq!(carried(&turned), rotate(&carried(&q), &pairs, m, PairLayout::HalfSplit).expect("legal"));
        let interleaved = score((&q, m), (&k, n), &pairs, PairLayout::Interleaved).expect("legal");
        let split = score((&carried(&q), m), (&carried(&k), n), &pairs, PairLayout::HalfSplit).expect("legal");
        prop_assert!((interleaved - split).abs() <= 1e-15);
    }

    #[test]
    fn a_text_is_rope_1d_to_the_last_bit_under_every_compatible_plan_and_scheme(
        scheme in schemes(), half in 1..20_usize, base in 2.0..1e7_f64, origin in -3..4_i32,
        cuts in prop::collection::vec(0..6_u32, 1..4), raw in prop::collection::vec(-1.0..1.0_f64, 8), order in orders(),
    ) {
        let d = 2 * half;
        let texts: Vec<Segment> = cuts.iter().map(|&n| Segment::Text { n }).collect();
        let layout = TokenLayout::new(&texts, scheme, origin).expect("legal");
        let x = unit(&raw, d * layout.len());
        let plain = FrequencyPlan::Rope1d.pairs(d, base).expect("legal");
        let line: Vec<Point> = (0..layout.len()).map(|token| [f64::from(origin) + token as f64; 3]).collect();
        let expected = rotate_rows(&x, &plain, &line, order).expect("legal");
        for plan in compatible_plans(d) {
            let pairs = plan.pairs(d, base).expect("legal");
            let theta = |pairs: &[Pair]| -> Vec<u64> { pairs.iter().map(|pair| pair.theta.to_bits()).collect() };
            prop_assert_eq!(theta(&pairs), theta(&plain), "{:?}", plan);
            let Ok(points) = points(&layout, &pairs) else {
                // Only time can be missing, and only from two axes.
                prop_assert!(!scheme.has_time() && pairs.iter().any(|pair| pair.axis == Axis::T));
                continue;
            };
            let rotated = rotate_rows(&x, &pairs, &points, order).expect("legal");
            if scheme == Scheme::Typeset {
                continue;
            }
            let bits = |x: &[f64]| -> Vec<u64> { x.iter().map(|value| value.to_bits()).collect() };
            prop_assert_eq!(bits(&rotated), bits(&expected), "{:?}", plan);
        }
    }

    #[test]
    fn the_incompatible_plans_are_those_that_change_a_frequency(
        (plan, d) in plans(), base in 2.0..1e7_f64,
    ) {
        let theta = |plan: FrequencyPlan| -> Vec<f64> {
            plan.pairs(d, base).expect("legal").iter().map(|pair| pair.theta).collect()
        };
        prop_assert_eq!(plan.is_compatible(), theta(plan) == theta(FrequencyPlan::Rope1d));
        for (pair, theta) in theta(plan).iter().enumerate() {
            prop_assert!(*theta > 0.0 && *theta <= 1.0, "{pair}: {theta}");
        }
    }

    #[test]
    fn cutting_a_text_in_two_moves_nothing(
        scheme in schemes(), segments in sequences(), at in any::<prop::sample::Index>(), cut in 0..9_u32,
    ) {
        let segments = readable(scheme, &segments);
        let mut cut_up = segments.clone();
        if let Some(index) = (!segments.is_empty()).then(|| at.index(segments.len()))
            && let Segment::Text { n } = segments[index]
        {
            let cut = cut.min(n);
            cut_up.splice(index..=index, [Segment::Text { n: cut }, Segment::Text { n: n - cut }]);
        }
        let (whole, cut_up) = (lay(&segments, scheme), lay(&cut_up, scheme));
        for axis in Axis::ALL {
            prop_assert_eq!(whole.coordinates(axis), cut_up.coordinates(axis));
        }
    }

    #[test]
    fn the_origin_only_shifts(scheme in schemes(), segments in sequences(), origin in -1000..1000_i32) {
        let segments = readable(scheme, &segments);
        let (here, there) = (lay(&segments, scheme), TokenLayout::new(&segments, scheme, origin).expect("legal"));
        for token in 0..here.len() {
            for &axis in here.axes().names() {
                let shift = here.exact(token, axis).zip(there.exact(token, axis)).map(|(a, b)| b - a);
                prop_assert_eq!(shift, Some(Rational::from(origin) - Rational::ONE));
            }
        }
    }

    #[test]
    fn coordinates_are_the_exact_ones_rounded(scheme in schemes(), segments in sequences()) {
        let layout = lay(&readable(scheme, &segments), scheme);
        for &axis in layout.axes().names() {
            for (token, &coordinate) in layout.coordinates(axis).expect("an axis").iter().enumerate() {
                prop_assert_eq!(layout.exact(token, axis).map(Rational::to_f64), Some(coordinate));
            }
        }
        let counts: Vec<usize> = layout.spans().iter().map(|span| span.tokens.len()).collect();
        prop_assert_eq!(counts.iter().sum::<usize>(), layout.len());
    }

    #[test]
    fn a_video_has_the_offsets_of_the_post(t in 1..9_u32, h in 1..9_u32, w in 1..9_u32) {
        let layout = lay(&[Segment::Text { n: 4 }, Segment::Video { t, h, w }], Scheme::TV);
        let patches = i64::from(t * h * w);
        let spacing = offset_and_spacing(&layout.spans()[1], Axes::Three).expect("an own index for each axis");
        for ((beta, gamma), size) in spacing.into_iter().zip([t, h, w]) {
            prop_assert_eq!(beta, Rational::integer(4) + fraction(patches - i64::from(size), 2));
            prop_assert_eq!(gamma, Rational::ONE);
        }
        let metrics = between_texts(Segment::Video { t, h, w }, Scheme::TV);
        for (gap, size) in metrics.gap_left.iter().zip([t, h, w]) {
            prop_assert_eq!(*gap, Rational::ONE + fraction(patches - i64::from(size), 2));
        }
        prop_assert!(metrics.is_symmetric() && metrics.is_equivalent());
        // A half-integer exactly where N − n is odd.
        for (axis, size) in Axis::ALL.into_iter().zip([t, h, w]) {
            let whole = layout.exact(4, axis).is_some_and(Rational::is_integer);
            prop_assert_eq!(whole, (patches - i64::from(size)) % 2 == 0);
        }
    }

    #[test]
    fn a_symmetric_block_has_one_centre_on_the_diagonal_at_the_midpoint_of_its_hole(
        u in dial(0..=100), hole in holes(), rho in dial(10..=200), image in images(), video in videos(),
    ) {
        let family = Scheme::Family { u, hole };
        let tv = Scheme::Tv { rho };
        let cases =
            [(image, family), (image, tv), (video, tv), (image, Scheme::TieV1), (image, Scheme::TieV1Equivalent)];
        for (block, scheme) in cases {
            let metrics = between_texts(block, scheme);
            let size = metrics.hole.expect("a hole");
            let diagonal = Rational::integer(4) + (size + Rational::ONE).over(2);
            prop_assert!(metrics.centre.iter().all(|&centre| centre == diagonal), "{scheme:?}: {metrics:?}");
            prop_assert!(metrics.midpoint.iter().all(|&midpoint| midpoint == diagonal));
            prop_assert!(metrics.is_symmetric());
        }
        let metrics = between_texts(video, tv);
        prop_assert_eq!(metrics.hole, Some(rho * Rational::integer(video.tokens() as i64)));
    }

    #[test]
    fn symmetry_is_the_centre_at_the_midpoint_under_every_scheme(scheme in schemes(), image in images()) {
        let metrics = between_texts(image, scheme);
        prop_assert_eq!(metrics.is_symmetric(), metrics.centre == metrics.midpoint);
        for (slot, &defect) in metrics.symmetry_defect.iter().enumerate() {
            prop_assert_eq!(defect, metrics.gap_left[slot] - metrics.gap_right[slot]);
        }
    }

    #[test]
    fn the_dial_turns_tv_into_tie(segments in sequences()) {
        let segments = frames_as_images(&segments);
        let family = |u, hole| lay(&segments, Scheme::Family { u, hole });
        let per_patch = Hole::PerPatch(Rational::ONE);
        for (family, scheme) in [
            (family(Rational::ZERO, per_patch), Scheme::TV),
            (family(Rational::ONE, per_patch), Scheme::TieV1Equivalent),
            (family(Rational::ONE, Hole::WholeSpacing), Scheme::TieV1),
        ] {
            let layout = lay(&segments, scheme);
            for axis in [Axis::H, Axis::W] {
                prop_assert_eq!(family.coordinates(axis), layout.coordinates(axis), "{:?}", scheme);
            }
        }
    }

    #[test]
    fn an_image_is_a_video_of_one_frame(scheme in schemes_with_time(), h in 1..10_u32, w in 1..10_u32) {
        let sequence = |block| [Segment::Text { n: 2 }, block, Segment::Text { n: 2 }];
        let image = lay(&sequence(Segment::Image { h, w }), scheme);
        let video = lay(&sequence(Segment::Video { t: 1, h, w }), scheme);
        for axis in Axis::ALL {
            prop_assert_eq!(image.coordinates(axis), video.coordinates(axis));
        }
    }

    #[test]
    fn frames_as_images_are_the_images_of_the_frames(segments in sequences()) {
        let (frames, images) = (lay(&segments, Scheme::TvFrames), lay(&frames_as_images(&segments), Scheme::TV));
        for axis in Axis::ALL {
            prop_assert_eq!(frames.coordinates(axis), images.coordinates(axis));
        }
    }

    #[test]
    fn transposing_an_image_swaps_its_axes(scheme in schemes_of_the_plane(), h in 1..10_u32, w in 1..10_u32) {
        let sequence = |h, w| [Segment::Text { n: 2 }, Segment::Image { h, w }, Segment::Text { n: 2 }];
        let (image, transposed) = (lay(&sequence(h, w), scheme), lay(&sequence(w, h), scheme));
        let swapped = |axis| match axis {
            Axis::T => Axis::T,
            Axis::H => Axis::W,
            Axis::W => Axis::H,
        };
        for token in 0..image.len() {
            let patch = token.checked_sub(2).filter(|&patch| patch < (h * w) as usize);
            let other = patch.map_or(token, |patch| 2 + patch % w as usize * h as usize + patch / w as usize);
            for &axis in image.axes().names() {
                prop_assert_eq!(image.exact(token, axis), transposed.exact(other, swapped(axis)));
            }
        }
    }

    #[test]
    fn the_patches_of_a_block_stand_apart(scheme in schemes(), image in images(), video in videos()) {
        for block in [image, video] {
            let segments = readable(scheme, &[Segment::Text { n: 3 }, block]);
            let layout = lay(&segments, scheme);
            for span in layout.spans().iter().filter(|span| span.segment.is_visual()) {
                let places: Vec<Vec<f64>> = span.tokens.clone().map(|token| place(&layout, token)).collect();
                if scheme.axes() == Axes::One {
                    prop_assert!(places.windows(2).all(|two| two[0] < two[1]));
                }
                let bits = |place: &Vec<f64>| -> Vec<u64> { place.iter().map(|value| value.to_bits()).collect() };
                let distinct: HashSet<Vec<u64>> = places.iter().map(bits).collect();
                prop_assert_eq!(distinct.len(), places.len());
            }
        }
    }

    #[test]
    fn mrope_has_the_gaps_and_the_density_of_the_post(t in 1..20_u32, h in 1..9_u32, w in 1..9_u32) {
        let all = between_texts(Segment::Video { t, h, w }, Scheme::Mrope(NextRule::MaxAll));
        let longest = i64::from(t.max(h).max(w));
        prop_assert_eq!(&all.gap_left, &vec![Rational::ONE; 3]);
        let right = [t, h, w].map(|size| Rational::integer(longest - i64::from(size) + 1));
        prop_assert_eq!(&all.gap_right[..], &right[..]);
        prop_assert_eq!(all.density, Rational::new(i64::from(t * h * w), longest));
        prop_assert!(!all.resumes_early());
        let sides = between_texts(Segment::Video { t, h, w }, Scheme::Mrope(NextRule::MaxSides));
        let side = i64::from(h.max(w));
        prop_assert_eq!(sides.gap_right[0], Rational::integer(side - i64::from(t) + 1));
        prop_assert_eq!(sides.resumes_early(), i64::from(t) > side);
        // For images the two rules are one.
        let image = |rule| between_texts(Segment::Image { h, w }, Scheme::Mrope(rule));
        prop_assert_eq!(image(NextRule::MaxAll), image(NextRule::MaxSides));
    }

    #[test]
    fn one_more_frame_moves_what_it_says_and_nothing_else(
        scheme in schemes_with_time(), t in 1..6_u32, h in 1..6_u32, w in 1..6_u32,
    ) {
        let frame = i64::from(h * w);
        let shift = FrameShift::new(scheme, [t, h, w]).expect("has time");
        let layout = |t| lay(&[Segment::Text { n: 3 }, Segment::Video { t, h, w }, Segment::Text { n: 2 }], scheme);
        let (now, then) = (layout(t), layout(t + 1));
        for token in 0..3 + (t * h * w) as usize {
            for (slot, &axis) in now.axes().names().iter().enumerate() {
                let moved = now.exact(token, axis).zip(then.exact(token, axis)).map(|(now, then)| then - now);
                prop_assert_eq!(moved, Some(if token < 3 { Rational::ZERO } else { shift.earlier[slot] }));
            }
        }
        prop_assert_eq!(shift.text_after, then.spans()[1].next - now.spans()[1].next);
        match scheme {
            Scheme::Tv { rho } => {
                let half = (rho * Rational::integer(frame)).over(2);
                prop_assert_eq!(shift.earlier, vec![half - Rational::HALF, half, half]);
            }
            _ => prop_assert!(shift.earlier.iter().all(|moved| moved.is_zero())),
        }
        // All tokens of the video move alike, so that the video does not see it.
        let pairs = FrequencyPlan::mrope(16).pairs(16, 1e4).expect("legal");
        let tokens = 3..3 + (t * h * w) as usize;
        let rows = [&now, &then].map(|layout| kernel_row(layout, &pairs, 3).expect("legal"));
        near(&rows[0][tokens.clone()], &rows[1][tokens], 1e-12)?;
    }

    #[test]
    fn a_crop_keeps_distances_under_tv(
        h in 2..20_u32, w in 2..20_u32, cut in any::<[prop::sample::Index; 6]>(),
    ) {
        let [rows, columns] = [cut[0].index(h as usize) as u32 + 1, cut[1].index(w as usize) as u32 + 1];
        let inside = |index: &prop::sample::Index, size: u32| index.index(size as usize) as u32;
        let a = [inside(&cut[2], rows), inside(&cut[3], columns)];
        let b = [inside(&cut[4], rows), inside(&cut[5], columns)];
        let difference = |scheme, shape| patch_difference(scheme, shape, a, b).expect("inside");
        prop_assert_eq!(difference(Scheme::TV, [h, w]), difference(Scheme::TV, [rows, columns]));
        let steps = [i64::from(b[0]) - i64::from(a[0]), i64::from(b[1]) - i64::from(a[1])];
        for shape in [[h, w], [rows, columns]] {
            let tie = difference(Scheme::TieV1, shape);
            prop_assert_eq!(tie[0], Rational::integer(steps[0] * i64::from(shape[1] + 1)));
            prop_assert_eq!(tie[1], Rational::integer(steps[1] * i64::from(shape[0] + 1)));
        }
    }

    #[test]
    fn the_lamps_are_the_worst_of_the_blocks(scheme in schemes(), segments in sequences()) {
        let layout = lay(&readable(scheme, &segments), scheme);
        let lamps = Lamps::new(&layout);
        let visual = layout.spans().iter().filter(|span| span.segment.is_visual());
        let metrics: Vec<BlockMetrics> = visual.filter_map(|span| BlockMetrics::new(span, scheme)).collect();
        prop_assert_eq!(lamps.is_symmetric(), metrics.iter().all(BlockMetrics::is_symmetric));
        if scheme == Scheme::Typeset {
            prop_assert!(!lamps.is_equivalent());
        } else {
            prop_assert_eq!(lamps.is_equivalent(), metrics.iter().all(BlockMetrics::is_equivalent));
        }
        prop_assert_eq!(lamps.is_compatible(), scheme != Scheme::Typeset);
    }

    #[test]
    fn the_kernel_is_one_at_zero_even_and_at_most_one((plan, d) in plans(), base in 2.0..1e7_f64, delta in point(100_000)) {
        let pairs = plan.pairs(d, base).expect("legal");
        prop_assert_eq!(kernel([0.0; 3], &pairs), 1.0);
        let value = kernel(delta, &pairs);
        prop_assert!(value.abs() <= 1.0);
        prop_assert_eq!(value, kernel(delta.map(|coordinate| -coordinate), &pairs));
        // It is the score of equal vectors with pairs of length 1.
        let ones: Vec<f64> = (0..d).map(|j| if j % 2 == 0 { 1.0 } else { 0.0 }).collect();
        let by_rotation = relative_score((&ones, [0.0; 3]), (&ones, delta), &pairs, PairLayout::Interleaved).expect("legal");
        prop_assert!((by_rotation / pairs.len() as f64 - value).abs() <= 1e-15);
    }

    #[test]
    fn a_kernel_row_is_the_kernel_of_the_differences(
        scheme in schemes(), segments in sequences(), (plan, d) in plans(), query in any::<prop::sample::Index>(),
    ) {
        let mut segments = readable(scheme, &segments);
        segments.push(Segment::Text { n: 1 });
        let layout = lay(&segments, scheme);
        let pairs = plan.pairs(d, 1e4).expect("legal");
        let Ok(points) = points(&layout, &pairs) else {
            prop_assert!(kernel_row(&layout, &pairs, 0).is_err());
            return Ok(());
        };
        let query = query.index(layout.len());
        let row = kernel_row(&layout, &pairs, query).expect("legal");
        prop_assert_eq!(row[query], 1.0);
        let origin = points[query];
        let direct: Vec<f64> =
            points.iter().map(|point| kernel([0, 1, 2].map(|axis| point[axis] - origin[axis]), &pairs)).collect();
        near(&row, &direct, 1e-12)?;
    }

    #[test]
    fn the_fast_rotation_is_within_half_a_millionth_of_the_exact_one(
        half in 1..18_usize, n in 0..70_usize, first in -100_000..100_000_i32, order in orders(),
        raw in prop::collection::vec(-1.0..1.0_f32, 8),
    ) {
        let d = 2 * half;
        let x: Vec<f32> = (0..n * d).map(|i| raw[i % 8]).collect();
        fast_is_near(&x, d, f64::from(first), order)?;
    }

    #[test]
    fn rounding_gives_the_nearest_number_of_the_format(x in prop_oneof![-7e4..7e4_f64, -1e-6..1e-6_f64, -4e38..4e38_f64]) {
        for format in Format::ALL {
            let rounded = format.round(x);
            prop_assert!(format.is_exact(rounded));
            if rounded.is_finite() {
                // No number of the format lies nearer: not half a step on either side of x.
                let nearer = (rounded - x).abs();
                for candidate in [x - 0.99 * nearer, x + 0.99 * nearer] {
                    let off = (format.round(candidate) - x).abs();
                    prop_assert!(off >= nearer, "{format:?}: {x:e} to {rounded:e}, but {candidate:e} is nearer");
                }
            }
            let next = x + x.abs() * 1e-3;
            prop_assert!(format.round(next) >= rounded);
        }
    }
}

/// Against the exact rotation of the same `f32` numbers.
fn fast_is_near(x: &[f32], d: usize, first: f64, order: PairLayout) -> Result<(), TestCaseError> {
    let pairs = FrequencyPlan::Rope1d.pairs(d, 1e4).expect("legal");
    let theta: Vec<f64> = pairs.iter().map(|pair| pair.theta).collect();
    let mut fast = x.to_vec();
    rotate_rows_f32(&mut fast, &theta, first, order).expect("legal");
    for (row, (turned, given)) in fast.chunks_exact(d).zip(x.chunks_exact(d)).enumerate() {
        let exact =
            rotate(&given.iter().map(|&value| f64::from(value)).collect::<Vec<_>>(), &pairs, [first + row as f64; 3], order);
        let exact = exact.expect("legal");
        for i in 0..d / 2 {
            let (a, b) = order.components(i, d);
            let length = f64::from(given[a]).hypot(f64::from(given[b]));
            for j in [a, b] {
                let error = (f64::from(turned[j]) - exact[j]).abs();
                prop_assert!(error <= 5e-7 * length, "row {row}, component {j}: off by {error:e}");
            }
        }
    }
    Ok(())
}

#[test]
fn the_fast_rotation_keeps_its_error_over_many_rows() {
    for (n, d) in [(4096, 128), (65_536, 6)] {
        let x: Vec<f32> = (0..n * d).map(|i| (i % 17) as f32 * 0.1 - 0.8).collect();
        for order in [PairLayout::Interleaved, PairLayout::HalfSplit] {
            fast_is_near(&x, d, 0.0, order).expect("near");
        }
    }
}

#[test]
fn the_decay_curve_is_the_kernel_at_every_distance() {
    for (d, base, n) in [(128, 1e4, 16_384), (64, 1e2, 65_536), (2, 1e7, 3000), (256, 5e6, 4096), (8, 1e4, 1)] {
        let pairs = FrequencyPlan::Rope1d.pairs(d, base).expect("legal");
        let theta: Vec<f64> = pairs.iter().map(|pair| pair.theta).collect();
        let curve = decay_curve(&theta, n);
        assert_eq!(curve.len(), n);
        let error = |(distance, value): (usize, &f64)| (value - kernel([distance as f64; 3], &pairs)).abs();
        let worst = curve.iter().enumerate().map(error).fold(0.0, f64::max);
        assert!(worst <= 2e-12, "d {d}, base {base}: off by {worst:e}");
        assert!(curve.iter().all(|value| value.abs() <= 1.0));
    }
}

#[test]
fn kernel_rows_of_large_layouts_are_the_kernel_of_the_differences() {
    let pairs = FrequencyPlan::mrope(32).pairs(32, 1e4).expect("legal");
    let sides = FrequencyPlan::Alternate(Axes::Two).pairs(32, 1e4).expect("legal");
    let square = Segment::Image { h: 64, w: 64 };
    let video = Segment::Video { t: 9, h: 16, w: 16 };
    for (n, visual, scheme) in [
        (3000, square, Scheme::TV),
        (3000, square, Scheme::TieV1Equivalent),
        (300, Segment::Image { h: 1, w: 4000 }, Scheme::Naive2d),
        (300, video, Scheme::VideoRope { delta: fraction(3, 2) }),
        (300, video, Scheme::TvFrames),
        (300, video, Scheme::V2pe { delta: fraction(1, 4) }),
        (3000, square, Scheme::Flat),
        (3000, square, Scheme::Typeset),
    ] {
        let layout = lay(&[Segment::Text { n }, visual, Segment::Text { n }], scheme);
        let pairs = if scheme.has_time() { &pairs } else { &sides };
        let points = points(&layout, pairs).expect("all axes");
        for query in [0, 1000, layout.len() - 1] {
            let row = kernel_row(&layout, pairs, query).expect("legal");
            for (token, &value) in row.iter().enumerate() {
                let delta = [0, 1, 2].map(|axis| points[token][axis] - points[query][axis]);
                let error = (value - kernel(delta, pairs)).abs();
                assert!(error <= 2e-12, "{visual:?} {scheme:?} {query} {token}: off by {error:e}");
            }
        }
    }
}

#[test]
fn symmetry_and_equivalence_are_exact_on_every_grid_up_to_64() {
    for h in SIDES {
        for w in SIDES {
            for (scheme, symmetric, equivalence) in [
                (Scheme::TV, true, Some(0)),
                (Scheme::TieV1, true, Some(h + w)),
                (Scheme::TieV1Equivalent, true, Some(0)),
                (Scheme::Flat, true, Some(0)),
                (Scheme::TvFrames, true, Some(0)),
                (Scheme::Naive2d, h == w, None),
            ] {
                let metrics = between_texts(Segment::Image { h, w }, scheme);
                assert_eq!(metrics.is_symmetric(), symmetric, "{h}×{w} {scheme:?}");
                if let Some(defect) = equivalence {
                    assert_eq!(metrics.equivalence_defect, Some(Rational::from(defect)), "{h}×{w} {scheme:?}");
                }
            }
        }
    }
}

/// The same in floating point, from the coordinates themselves: integers and half-integers are exact.
#[test]
fn the_gaps_of_tv_and_tie_are_equal_in_floating_point_on_every_grid_up_to_64() {
    for h in SIDES {
        for w in SIDES {
            for scheme in [Scheme::TV, Scheme::TieV1] {
                let layout = lay(&[Segment::Text { n: 4 }, Segment::Image { h, w }, Segment::Text { n: 1 }], scheme);
                let last = layout.len() - 1;
                for &axis in layout.axes().names() {
                    let column = layout.coordinates(axis).expect("an axis");
                    assert_eq!(column[4] - column[3], column[last] - column[last - 1], "{h}×{w} {scheme:?} {axis:?}");
                }
            }
        }
    }
}

#[test]
fn offsets_and_spacings_are_those_of_the_posts_on_every_grid_up_to_64() {
    for h in SIDES {
        for w in SIDES {
            let (long, last) = (i64::from(h * w), Rational::integer(4));
            let [h_size, w_size] = [i64::from(h), i64::from(w)];
            let of = |scheme: Scheme| {
                let layout = lay(&[Segment::Text { n: 4 }, Segment::Image { h, w }], scheme);
                let rows = layout.exact(4, Axis::H).map(Rational::is_integer);
                let columns = layout.exact(4, Axis::W).map(Rational::is_integer);
                (offset_and_spacing(&layout.spans()[1], layout.axes()).expect("an own index"), rows.zip(columns))
            };
            let (tv, whole) = of(Scheme::TV);
            assert_eq!(tv[1], (last + fraction(long - h_size, 2), Rational::ONE), "{h}×{w}");
            assert_eq!(tv[2], (last + fraction(long - w_size, 2), Rational::ONE), "{h}×{w}");
            // Half-integers: rows exactly for h odd and w even, columns exactly for w odd and h even.
            let halves = (h % 2 == 1 && w % 2 == 0, w % 2 == 1 && h % 2 == 0);
            assert_eq!(whole, Some((!halves.0, !halves.1)), "{h}×{w}");
            let (tie, _) = of(Scheme::TieV1);
            assert_eq!(tie, [(last, Rational::integer(w_size + 1)), (last, Rational::integer(h_size + 1))], "{h}×{w}");
            let (tie, _) = of(Scheme::TieV1Equivalent);
            assert_eq!(tie, [(last, fraction(long + 1, h_size + 1)), (last, fraction(long + 1, w_size + 1))], "{h}×{w}");
        }
    }
}

#[test]
fn naive_pasting_is_never_symmetric_unless_square_whatever_the_hole() {
    for h in SIDES {
        for w in SIDES {
            // The gaps on the right differ by h − w, whatever K is, while those on the left are equal.
            let metrics = between_texts(Segment::Image { h, w }, Scheme::Naive2d);
            let difference = metrics.gap_right[1] - metrics.gap_right[0];
            assert_eq!(difference, Rational::integer(i64::from(h) - i64::from(w)));
        }
    }
}

#[test]
fn the_text_after_a_long_video_begins_55_steps_before_its_last_frame_under_the_newer_rule() {
    let video = Segment::Video { t: 64, h: 8, w: 8 };
    let newer = between_texts(video, Scheme::Mrope(NextRule::MaxSides));
    assert_eq!(newer.gap_right[0], Rational::integer(-55));
    assert!(newer.resumes_early());
    let older = between_texts(video, Scheme::Mrope(NextRule::MaxAll));
    assert_eq!(older.gap_right[0], Rational::ONE);
    assert!(!older.resumes_early());
}

#[test]
fn a_cube_has_n_squared_tokens_a_position() {
    for n in 1..=16 {
        let cube = between_texts(Segment::Video { t: n, h: n, w: n }, Scheme::Mrope(NextRule::MaxAll));
        assert_eq!(cube.density, Some(Rational::from(n * n)));
    }
}

#[test]
fn flat_sees_the_patch_below_far_away_and_tv_sees_it_near() {
    let pairs = FrequencyPlan::Alternate(Axes::Two).pairs(128, 1e4).expect("legal");
    let neighbours = |scheme| {
        let row = kernel_row(&lay(&[Segment::Image { h: 16, w: 16 }], scheme), &pairs, 0).expect("legal");
        format!("{:.3} {:.3}", row[1], row[16])
    };
    assert_eq!(neighbours(Scheme::Flat), "0.970 0.620");
    assert_eq!(neighbours(Scheme::TV), "0.987 0.983");
}

#[test]
fn qwen3_shares_its_pairs_24_20_20() {
    let pairs = FrequencyPlan::interleaved(128).pairs(128, 5e6).expect("legal");
    let count = |axis| pairs.iter().filter(|pair| pair.axis == axis).count();
    assert_eq!(Axis::ALL.map(count), [24, 20, 20]);
}
