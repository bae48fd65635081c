//! Bad and extreme inputs of the KV cache widget, one test for each line of the spec's list, and the published figures.
#![expect(clippy::float_cmp, reason = "exact values are what is asked for")]

use yansuan_math::MathError;
use yansuan_math::accelerator::{ACCELERATORS, Arithmetic, accelerator};
use yansuan_math::bf16_absorption::{Bf16Experiment, Bf16Sizes};
use yansuan_math::decode_cost::{
    DecodeCost, Form, PositionCost, QueryAbsorption, crossover, expansion_flops, flop_growth, prefill_flops,
};
use yansuan_math::kv_cache::{AttentionKind, GB, GIB, Heads, KvCache, Room, SIZE_LIMIT, Waterfall, Window, check_groups};
use yansuan_math::latent_attention::{LatentAttention, LatentHead, LatentSizes, QueryOrder};
use yansuan_math::matrix::Matrix;
use yansuan_math::memory_fit::{Cluster, Fit, Placement, UTILISATION};
use yansuan_math::model_config::{ModelConfig, read_config};
use yansuan_math::model_presets::{MODELS, ModelPreset, Source, model};
use yansuan_math::multi_head_attention::{GroupedAttention, HeadTrace};
use yansuan_math::parameter_count::{Bias, Decoder, Experts, FeedForward, Norms, Projections};
use yansuan_math::rng::SplitMix64;
use yansuan_math::rope_absorption::RotatedScore;

const HEADS: Heads = Heads { count: 32, d_k: 128, d_v: 128 };

fn preset(key: &str) -> &'static ModelPreset {
    model(key).unwrap_or_else(|| panic!("no model {key}"))
}

fn cluster(key: &str, devices: u32) -> Cluster<'static> {
    Cluster { card: accelerator(key).expect("there"), devices, utilisation: UTILISATION }
}

#[test]
fn groups_that_do_not_divide_the_heads_list_those_that_do() {
    let error = AttentionKind::Gqa { groups: 7 }.check(Heads { count: 40, ..HEADS });
    let divisors = vec![1, 2, 4, 5, 8, 10, 20, 40];
    assert_eq!(error, Err(MathError::GroupsDoNotDivide { heads: 40, groups: 7, divisors: divisors.clone() }));
    let text = error.expect_err("refused").to_string();
    assert!(text.contains("40 heads") && text.contains("[1, 2, 4, 5, 8, 10, 20, 40]"), "{text}");
    assert_eq!(check_groups(40, 0), Err(MathError::GroupsDoNotDivide { heads: 40, groups: 0, divisors }));
    // phi-4: 40 heads in 10 groups.
    assert_eq!(preset("phi-4").cache.kind, AttentionKind::Gqa { groups: 10 });
    assert_eq!(check_groups(40, 10), Ok(()));
    assert!(matches!(GroupedAttention::random(4, (4, 3), (2, 2), None, 1), Err(MathError::GroupsDoNotDivide { .. })));
}

#[test]
fn an_odd_rotated_key_is_refused_and_none_is_legal() {
    assert_eq!(AttentionKind::Mla { d_c: 512, d_r: 63 }.check(HEADS), Err(MathError::DimNotEven(63)));
    assert_eq!(AttentionKind::Mla { d_c: 512, d_r: 0 }.check(HEADS), Ok(()));
    let sizes = LatentSizes { d: 4, heads: 1, d_k: 2, d_v: 2, d_c: 3, d_r: 1, d_cq: None };
    assert_eq!(LatentAttention::random(sizes, 1e4, 1), Err(MathError::DimNotEven(1)));
    let rotated = RotatedScore::new(Matrix::zeros(2, 3), Matrix::zeros(2, 3), 1e4);
    assert_eq!(rotated, Err(MathError::DimNotEven(3)));
    assert_eq!(RotatedScore::new(Matrix::zeros(2, 0), Matrix::zeros(2, 0), 1e4), Err(MathError::DimNotEven(0)));
}

#[test]
fn no_tokens_need_no_bytes() {
    for model in &MODELS {
        assert_eq!(model.cache.bytes(0, 512, 32), 0.0);
        assert_eq!(model.cache.bytes(4096, 0, 32), 0.0);
        let cost = DecodeCost::of_model(&model.cache, Form::Absorbed, 0, 1, 16);
        assert_eq!((cost.flops, cost.bytes), (0.0, 0.0));
        assert_eq!(cost.time(&ACCELERATORS[0], Arithmetic::Bf16), 0.0);
    }
    let x = Matrix::zeros(0, 4);
    let sizes = LatentSizes { d: 4, heads: 2, d_k: 2, d_v: 3, d_c: 3, d_r: 2, d_cq: Some(2) };
    let model = LatentAttention::random(sizes, 1e4, 1).expect("legal");
    assert_eq!(model.train_outputs(&x), Ok(Matrix::zeros(0, 6)));
    assert_eq!(model.absorb(&x, QueryOrder::Merged).expect("legal").outputs, Matrix::zeros(0, 6));
    assert!(model.cache().is_empty());
}

#[test]
fn beyond_the_trained_context_is_allowed() {
    let llama = preset("llama-2-7b");
    assert_eq!(llama.context, 4096);
    assert_eq!(llama.cache.bytes(1_000_000, 1, 16), 524_288e6);
}

#[test]
fn a_window_longer_than_the_text_saves_nothing() {
    let mistral = preset("mistral-7b").cache;
    let open = KvCache { window: None, ..mistral };
    assert_eq!(mistral.bytes(4095, 1, 16), open.bytes(4095, 1, 16));
    assert_eq!(mistral.bytes(4097, 1, 16), mistral.bytes(4096, 1, 16));
    assert_eq!(mistral.bend(), Some(4096));
    assert_eq!(open.bend(), None);
    // Half local, from 4096 on half as steep.
    let gemma = preset("gemma-2-9b").cache;
    let step = |at: u64| gemma.bits(at + 1, 1, 16) - gemma.bits(at, 1, 16);
    assert_eq!((step(4095), step(4096) * 2), (step(0), step(0)));
    let too_many = KvCache { window: Some(Window { layers: 33, tokens: 1 }), ..mistral };
    assert_eq!(too_many.check(), Err(MathError::SizeTooLarge { field: "local layers", value: 33, limit: 32 }));
    let empty = KvCache { window: Some(Window { layers: 1, tokens: 0 }), ..mistral };
    assert_eq!(empty.check(), Err(MathError::SizeZero { field: "window" }));
}

#[test]
fn weights_that_do_not_fit_leave_no_tokens() {
    let v3 = preset("deepseek-v3");
    let one = cluster("h100", 1);
    for placement in [Placement::Pooled, Placement::TensorParallel] {
        let fit = one.longest(&v3.cache, v3.weight_bytes(8), 1, 16, placement);
        assert_eq!((fit, fit.tokens()), (Fit::WeightsTooLarge, Some(0)));
        assert_eq!(one.batch(&v3.cache, v3.weight_bytes(8), 1, 16, placement), None);
    }
    assert!(one.room(v3.weight_bytes(8)) < 0.0);
    assert_eq!(one.longest(&v3.cache, f64::NAN, 1, 16, Placement::Pooled), Fit::WeightsTooLarge);
    // Exactly full: the weights fit and no token does.
    assert_eq!(one.longest(&v3.cache, one.usable(), 1, 16, Placement::Pooled), Fit::Fits(Room::Tokens(0)));
    assert_eq!(cluster("h100", 0).longest(&v3.cache, 1.0, 1, 16, Placement::TensorParallel), Fit::WeightsTooLarge);
}

#[test]
fn a_model_of_windows_alone_fits_texts_of_any_length() {
    let mistral = preset("mistral-7b");
    let fit = cluster("h100", 1).longest(&mistral.cache, mistral.weight_bytes(16), 1, 16, Placement::Pooled);
    assert_eq!((fit, fit.tokens()), (Fit::Fits(Room::Unbounded), None));
    let one = cluster("h100", 1);
    assert_eq!(one.batch(&mistral.cache, 0.0, 0, 16, Placement::Pooled), Some(u64::MAX));
    // 0.9·80 GB less the weights, in windows of half a gigabyte.
    let texts = one.batch(&mistral.cache, mistral.weight_bytes(16), 1 << 40, 16, Placement::Pooled);
    assert_eq!(texts, Some(107));
}

#[test]
fn six_bits_make_fractions_of_bytes() {
    let cache = KvCache {
        layers: 1,
        heads: Heads { count: 1, d_k: 1, d_v: 1 },
        kind: AttentionKind::Mla { d_c: 1, d_r: 0 },
        window: None,
    };
    assert_eq!((cache.bits(1, 1, 6), cache.bytes(1, 1, 6)), (6, 0.75));
    assert_eq!(preset("deepseek-v2").cache.bytes(1, 1, 6), 25_920.0);
    assert_eq!(cache.bytes(3, 1, 4), 1.5);
}

#[test]
fn both_gigabytes_are_there() {
    let bytes = preset("llama-2-7b").cache.bytes(4096, 1, 16);
    assert_eq!(bytes / GIB, 2.0);
    assert_eq!(bytes / GB, 2.147_483_648);
}

#[test]
fn a_trillion_tokens_are_counted_exactly() {
    let llama = preset("llama-2-7b").cache;
    assert_eq!(llama.elements(1_000_000, 1_000_000), 262_144_000_000_000_000);
    let small = preset("falcon-7b").cache;
    assert_eq!(small.bytes(1_000_000_000, 1, 16), 8192e9);
    // Beyond every count: saturated, not wrapped.
    assert_eq!(llama.bits(u64::MAX, u64::MAX, 64), u128::MAX);
    let huge = KvCache { layers: SIZE_LIMIT, heads: Heads { count: SIZE_LIMIT, d_k: SIZE_LIMIT, d_v: SIZE_LIMIT }, ..llama };
    assert_eq!(huge.check(), Ok(()));
    assert_eq!(huge.elements_per_token(), u64::MAX);
    let cost = DecodeCost::of_model(&huge, Form::Absorbed, u64::MAX, u64::MAX, 64);
    assert!(cost.flops.is_finite() && cost.bytes.is_finite());
    assert_eq!(crossover(&huge, 0.0, 1, 16, (&ACCELERATORS[0], Arithmetic::Bf16)), Room::Tokens(0));
    assert!(matches!(cluster("h100", 8).longest(&huge, 0.0, u64::MAX, 64, Placement::Pooled), Fit::Fits(Room::Tokens(0))));
}

#[test]
fn sizes_of_nothing_and_enormous_ones_are_refused() {
    assert_eq!(AttentionKind::Mha.check(Heads { count: 0, ..HEADS }), Err(MathError::SizeZero { field: "heads" }));
    assert_eq!(AttentionKind::Mqa.check(Heads { d_v: 0, ..HEADS }), Err(MathError::SizeZero { field: "d_v" }));
    assert_eq!(AttentionKind::Mla { d_c: 0, d_r: 64 }.check(HEADS), Err(MathError::SizeZero { field: "d_c" }));
    let value = u64::from(SIZE_LIMIT) + 1;
    let too_large = MathError::SizeTooLarge { field: "d_k", value, limit: SIZE_LIMIT.into() };
    assert_eq!(AttentionKind::Mha.check(Heads { d_k: SIZE_LIMIT + 1, ..HEADS }), Err(too_large));
    let sizes = LatentSizes { d: 4, heads: 1, d_k: 2, d_v: 2, d_c: 3, d_r: 2, d_cq: Some(0) };
    assert_eq!(LatentAttention::random(sizes, 1e4, 1), Err(MathError::SizeZero { field: "d_cq" }));
    let sizes = LatentSizes { heads: 5000, d_cq: None, ..sizes };
    assert_eq!(LatentAttention::random(sizes, 1e4, 1), Err(MathError::SizeTooLarge { field: "heads", value: 5000, limit: 1024 }));
    let sizes = LatentSizes { heads: 1, d: 1 << 40, ..sizes };
    assert_eq!(LatentAttention::random(sizes, 1e4, 1), Err(MathError::TooMany { limit: 4096 }));
    assert_eq!(LatentAttention::random(LatentSizes { d: 4, ..sizes }, 0.5, 1), Err(MathError::BadBase(0.5)));
    assert_eq!(GroupedAttention::new(Vec::new(), Vec::new(), Vec::new(), None), Err(MathError::SizeZero { field: "heads" }));
    let bf16 = Bf16Experiment::new(Bf16Sizes { n: 0, ..Bf16Sizes::MODEL }, 1);
    assert_eq!(bf16.map(|run| run.sizes()), Err(MathError::SizeZero { field: "n" }));
    let bf16 = Bf16Experiment::new(Bf16Sizes { d: 1 << 20, ..Bf16Sizes::MODEL }, 1);
    assert!(matches!(bf16, Err(MathError::SizeTooLarge { field: "d", .. })));
}

#[test]
fn what_no_memory_holds_is_refused_before_it_is_asked_for() {
    let sizes = LatentSizes { d: 4096, heads: 1024, d_k: 4096, d_v: 4096, d_c: 4096, d_r: 4096, d_cq: Some(4096) };
    assert_eq!(LatentAttention::random(sizes, 1e4, 1), Err(MathError::TooMany { limit: 1 << 22 }));
    let grouped = GroupedAttention::random(4096, (1024, 1024), (4096, 4096), None, 1);
    assert_eq!(grouped, Err(MathError::TooMany { limit: 1 << 22 }));
    // Fits itself, but not with selectors.
    let grouped = GroupedAttention::random(1, (1024, 1024), (64, 64), None, 1).expect("legal");
    assert_eq!(LatentAttention::selecting(&grouped), Err(MathError::TooMany { limit: 4096 }));
    let grouped = GroupedAttention::random(1, (64, 64), (32, 32), None, 1).expect("legal");
    assert_eq!(LatentAttention::selecting(&grouped), Err(MathError::TooMany { limit: 1 << 22 }));
    let error = grouped.attend(&Matrix::zeros(257, 1));
    assert_eq!(error, Err(MathError::TooManyTokens { tokens: 257, limit: 256 }));
    let run = Bf16Experiment::new(Bf16Sizes { d: 8192, d_k: 8192, d_c: 1, n: 1 }, 1);
    assert_eq!(run.map(|run| run.sizes()), Err(MathError::TooMany { limit: 1 << 22 }));
    let rotated = RotatedScore::new(Matrix::zeros(1, 2), Matrix::zeros(1, 2), 1e4).expect("legal");
    assert_eq!(rotated.curve(&[1.0], &[1.0], u32::MAX), Err(MathError::TooMany { limit: 1 << 16 }));
    assert_eq!(rotated.drift(u32::MAX), Err(MathError::TooMany { limit: 1 << 16 }));
    let long = Matrix::zeros(2049, 1);
    assert_eq!(rotated.score_matrices(&long, &long), Err(MathError::TooManyTokens { tokens: 2049, limit: 2048 }));
}

#[test]
fn large_logits_do_not_overflow_the_softmax() {
    let column = |entries: &[f64]| Matrix::new("x", entries.len(), 1, entries.to_vec()).expect("finite");
    let head = HeadTrace::new(column(&[1e4, 1e4]), column(&[1e4, -1e4]), column(&[2.5, 7.0]), 1.0).expect("finite");
    assert_eq!(head.scores.row(1), [1e8, -1e8]);
    assert_eq!(head.outputs.entries(), [2.5, 2.5]);
    let error = HeadTrace::new(column(&[1e200]), column(&[1e200]), column(&[1.0]), 1.0);
    assert_eq!(error, Err(MathError::NonFiniteScore { query: 0, key: 0, value: f64::INFINITY }));
    let error = HeadTrace::new(column(&[1.0, 1.0]), column(&[1.0]), column(&[1.0, 1.0]), 1.0);
    assert_eq!(error, Err(MathError::ShapeMismatch { field: "k", expected: 2, found: 1 }));
}

#[test]
fn overflowing_projections_are_told_and_the_cache_stays_as_it_was() {
    let sizes = LatentSizes { d: 2, heads: 1, d_k: 2, d_v: 2, d_c: 2, d_r: 2, d_cq: None };
    let model = LatentAttention::random(sizes, 1e4, 3).expect("legal");
    let enormous = Matrix::new("x", 1, 2, vec![1e308, 1e308]).expect("finite");
    assert!(matches!(model.train(&enormous), Err(MathError::EntryNotFinite { .. } | MathError::NonFiniteScore { .. })));
    let mut cache = model.cache();
    let first = cache.push(&[1.0, -1.0]).expect("legal");
    assert!(cache.push(&[1e308, 1e308]).is_err());
    assert!(cache.push(&[f64::NAN, 0.0]).is_err());
    assert!(cache.push(&[0.0]).is_err());
    assert_eq!(cache.len(), 1);
    let next = cache.push(&[0.5, 0.25]).expect("legal");
    let mut again = model.cache();
    assert_eq!(again.push(&[1.0, -1.0]), Ok(first));
    assert_eq!(again.push(&[0.5, 0.25]), Ok(next));
    assert_eq!(again, cache);

    let grouped = GroupedAttention::random(2, (2, 1), (2, 2), Some(1e4), 3).expect("legal");
    let mut cache = grouped.cache();
    assert!(cache.push(&[1e308, 1e308]).is_err());
    assert!(cache.is_empty() && cache.elements() == 0);
    assert!(cache.push(&[1.0, 1.0]).is_ok());
    assert_eq!((cache.len(), cache.elements()), (1, 4));
}

#[test]
fn a_latent_vector_as_wide_as_keys_and_values_saves_nothing() {
    let heads = Heads { count: 4, d_k: 16, d_v: 16 };
    let wide = AttentionKind::Mla { d_c: 64, d_r: 8 };
    assert!(wide.holds_groups(heads, 2) && !wide.holds_groups(heads, 3));
    assert!(wide.saves(heads));
    assert!(!AttentionKind::Mla { d_c: 128, d_r: 0 }.saves(heads));
    assert!(!AttentionKind::Gqa { groups: 1 }.holds_groups(heads, 1));
    assert!(!AttentionKind::Mha.saves(heads));
}

/// A norm (`RMSNorm`) on the latent vector acts before `W_kc`: whatever the vector is, absorption only moves `W_kc`.
#[test]
fn a_norm_on_the_latent_vector_does_not_disturb_absorption() {
    let (d_c, d_k) = (6, 4);
    let sizes = LatentSizes { d: d_c, heads: 2, d_k, d_v: 3, d_c, d_r: 2, d_cq: None };
    let random = LatentAttention::random(sizes, 1e4, 8).expect("legal");
    let identity = Matrix::from_fn(d_c, d_c, |i, j| f64::from(i == j));
    let (_, w_kr, _) = random.shared();
    let model = LatentAttention::new(sizes, (identity, w_kr.clone(), None), random.heads().to_vec(), 1e4).expect("legal");
    let raw = Matrix::normal(5, d_c, 3.0, &mut SplitMix64::new(4));
    let normed = Matrix::from_fn(5, d_c, |t, j| {
        let row = raw.row(t);
        row[j] / (row.iter().map(|x| x * x).sum::<f64>() / d_c as f64 + 1e-6).sqrt()
    });
    let train = model.train_outputs(&normed).expect("legal");
    let absorbed = model.absorb(&normed, QueryOrder::Serial).expect("legal").outputs;
    assert!(train.max_abs_difference(&absorbed).expect("one shape") < 1e-14);
}

/// A common bug: scaled by the width of the absorbed heads, the outputs differ.
#[test]
fn the_scale_does_not_follow_the_width_of_the_absorbed_heads() {
    let sizes = LatentSizes { d: 8, heads: 2, d_k: 4, d_v: 4, d_c: 16, d_r: 2, d_cq: None };
    assert_eq!(sizes.scale(), 1.0 / 6.0_f64.sqrt());
    let model = LatentAttention::random(sizes, 1e4, 2).expect("legal");
    let x = Matrix::normal(4, 8, 1.0, &mut SplitMix64::new(1));
    let absorbed = model.absorb(&x, QueryOrder::Serial).expect("legal");
    let HeadTrace { queries, keys, values, outputs, .. } = absorbed.heads[0].clone();
    let wrong = HeadTrace::new(queries, keys, values, 1.0 / 18.0_f64.sqrt()).expect("legal");
    assert!(wrong.outputs.max_abs_difference(&outputs).expect("one shape") > 1e-3);
}

#[test]
fn misshapen_projections_are_named() {
    let sizes = LatentSizes { d: 3, heads: 1, d_k: 2, d_v: 2, d_c: 2, d_r: 2, d_cq: Some(4) };
    let legal = LatentAttention::random(sizes, 1e4, 1).expect("legal");
    let (w_c, w_kr, w_cq) = legal.shared();
    let shared = || (w_c.clone(), w_kr.clone(), w_cq.cloned());
    let built = |shared, heads| LatentAttention::new(sizes, shared, heads, 1e4);
    assert_eq!(built(shared(), legal.heads().to_vec()), Ok(legal.clone()));
    assert_eq!(built(shared(), Vec::new()), Err(MathError::LengthMismatch { left: 0, right: 1 }));
    let none = (w_c.clone(), w_kr.clone(), None);
    assert_eq!(built(none, legal.heads().to_vec()), Err(MathError::ShapeMismatch { field: "Wcq", expected: 12, found: 0 }));
    let turned = LatentHead { w_kc: Matrix::zeros(2, 3), ..legal.heads()[0].clone() };
    assert_eq!(built(shared(), vec![turned]), Err(MathError::ShapeMismatch { field: "Wkc", expected: 4, found: 6 }));
    let infinite = LatentHead { w_v: Matrix::from_fn(2, 2, |_, _| f64::INFINITY), ..legal.heads()[0].clone() };
    let error = MathError::EntryNotFinite { field: "Wv", index: 0, value: f64::INFINITY };
    assert_eq!(built(shared(), vec![infinite]), Err(error));
    let x = Matrix::zeros(2, 4);
    assert_eq!(legal.train(&x), Err(MathError::ShapeMismatch { field: "x", expected: 6, found: 8 }));
    assert_eq!(legal.reordered(&[1]), Err(MathError::TargetOutOfRange { target: 1, len: 1 }));
    assert_eq!(legal.merged(1), Err(MathError::TargetOutOfRange { target: 1, len: 1 }));
    assert!(legal.densified(f64::NAN, 1).is_err());
    let rotated = RotatedScore::new(Matrix::zeros(3, 2), Matrix::zeros(2, 4), 1e4);
    assert_eq!(rotated, Err(MathError::LengthMismatch { left: 2, right: 4 }));
    let nothing = RotatedScore::new(Matrix::zeros(3, 2), Matrix::zeros(2, 2), 1e4).expect("legal");
    assert_eq!(nothing.drift(3), Err(MathError::ScaleNotPositive(0.0)));
}

#[test]
fn what_bfloat16_cannot_hold_is_refused() {
    let matrix = |rows: usize, columns: usize, entry: f64| Matrix::from_fn(rows, columns, |_, _| entry);
    let run = Bf16Experiment::with_matrices(&matrix(2, 2, 1e39), &matrix(2, 2, 1.0), &matrix(1, 2, 1.0), &matrix(1, 2, 1.0));
    assert_eq!(run.map(|run| run.sizes()), Err(MathError::EntryNotFinite { field: "Wq", index: 0, value: f64::INFINITY }));
    let run = Bf16Experiment::with_matrices(&matrix(2, 2, 1e30), &matrix(2, 2, 1e30), &matrix(1, 2, 1.0), &matrix(1, 2, 1.0));
    assert!(matches!(run.and_then(Bf16Experiment::finish), Err(MathError::EntryNotFinite { .. })));
    let run = Bf16Experiment::with_matrices(&matrix(2, 2, 0.0), &matrix(2, 2, 1.0), &matrix(1, 2, 1.0), &matrix(1, 2, 1.0));
    let scores = run.and_then(Bf16Experiment::finish).expect("finite");
    assert_eq!(scores.errors(), Err(MathError::ScaleNotPositive(0.0)));
    let run = Bf16Experiment::with_matrices(&matrix(2, 2, 1.0), &matrix(2, 3, 1.0), &matrix(1, 2, 1.0), &matrix(1, 2, 1.0));
    assert_eq!(run.map(|run| run.sizes()), Err(MathError::ShapeMismatch { field: "Wk", expected: 4, found: 6 }));
}

#[test]
fn the_figures_of_the_report_are_met() {
    let v2 = preset("deepseek-v2").cache;
    assert_eq!(v2.kind.equivalent_groups(v2.heads), 2.25);
    let fall = Waterfall::deepseek_v2();
    assert_eq!((fall.before, fall.fewer, fall.after), (389_120.0, 69_120.0, 25_920.0));
    assert_eq!(format!("{:.1} {:.1}", 100.0 * fall.by_elements(), 100.0 * fall.total()), "82.2 93.3");
    assert_eq!(Waterfall::new((0, 16), (0, 16)).total(), 0.0);
    assert_eq!(format!("{:.1}", flop_growth(v2.kind, v2.heads)), "3.4");
    assert_eq!(QueryAbsorption::new(1536, 128, 512), QueryAbsorption { serial: 262_144, merged: 786_432 });
    // Three tokens read six positions, in the cheaper form at 2·128·(128 + 64 + 128) FLOPs each.
    assert_eq!(prefill_flops(v2.kind, v2.heads, Form::Expanded, 3), 6.0 * 81_920.0);
    assert_eq!(prefill_flops(v2.kind, v2.heads, Form::Absorbed, 3), 6.0 * 278_528.0);
    assert_eq!(prefill_flops(v2.kind, v2.heads, Form::Absorbed, 0), 0.0);
    assert!(prefill_flops(v2.kind, v2.heads, Form::Absorbed, u64::MAX).is_finite());
    assert_eq!(expansion_flops(v2.kind, v2.heads), 2.0 * 512.0 * 128.0 * 256.0);
    assert_eq!(expansion_flops(AttentionKind::Mqa, v2.heads), 0.0);
}

#[test]
fn intensities_and_ridges_are_those_of_the_spec() {
    let intensity = |key: &str, form: Form, bits: u32| {
        let cache = preset(key).cache;
        PositionCost::new(cache.kind, cache.heads, form).intensity(bits)
    };
    assert_eq!(format!("{:.1}", intensity("deepseek-v2", Form::Absorbed, 16)), "241.8");
    assert_eq!(intensity("deepseek-v2", Form::Expanded, 16), 1.0);
    assert_eq!(intensity("llama-2-7b", Form::Absorbed, 16), 1.0);
    assert_eq!(intensity("llama-2-70b", Form::Absorbed, 16), 8.0);
    assert_eq!(intensity("falcon-7b", Form::Absorbed, 16), 71.0);
    let (h100, a100) = (accelerator("h100").expect("there"), accelerator("a100").expect("there"));
    let ridge = |card: &yansuan_math::accelerator::Accelerator| format!("{:.0}", card.ridge(Arithmetic::Bf16));
    assert_eq!((ridge(h100).as_str(), ridge(a100).as_str()), ("295", "153"));
    // Nearly fills an H100, bound by arithmetic on an A100, and with a cache of 8 bits on both, unless arithmetic has 8 bits too.
    let at = |bits: u32| intensity("deepseek-v2", Form::Absorbed, bits);
    assert!(at(16) < h100.ridge(Arithmetic::Bf16) && at(16) > a100.ridge(Arithmetic::Bf16));
    assert!(at(8) > h100.ridge(Arithmetic::Bf16) && at(8) < h100.ridge(Arithmetic::Fp8));
    // There are no 8-bit floats on an A100.
    assert_eq!(a100.ridge(Arithmetic::Fp8), a100.ridge(Arithmetic::Bf16));
    assert_eq!(accelerator("abacus"), None);
    assert_eq!(model("abacus"), None);
}

#[test]
fn sharing_devices_copies_what_heads_share() {
    let share = |key: &str, devices: u32| {
        let cache = preset(key).cache;
        cache.elements_per_token_per_device(devices) as f64 / cache.elements_per_token() as f64
    };
    // Eight groups on eight cards, which is why they are eight; on sixteen, everything is there twice.
    assert_eq!((share("llama-2-70b", 8), share("llama-2-70b", 16)), (0.125, 0.125));
    assert_eq!((share("llama-2-7b", 32), share("llama-2-7b", 3)), (1.0 / 32.0, 11.0 / 32.0));
    assert_eq!((share("falcon-7b", 8), share("deepseek-v2", 8), share("deepseek-v2", 0)), (1.0, 1.0, 1.0));
}

#[test]
fn long_texts_cost_more_than_the_weights() {
    let of = |key: &str, batch: u64| {
        let model = preset(key);
        let weights = model.active_weight_bytes(16);
        crossover(&model.cache, weights, batch, 16, (&ACCELERATORS[0], Arithmetic::Bf16))
    };
    // Both read memory: the weights' bytes over those of a token, 13.48e9 / 524 288.
    assert_eq!(of("llama-2-7b", 1), Room::Tokens(25_706));
    assert_eq!(of("llama-2-7b", 512), Room::Tokens(51));
    assert_eq!(of("mistral-7b", 1), Room::Unbounded);
    assert!(matches!(of("mistral-7b", 64), Room::Tokens(1..=4096)));
}

/// The specification has the merged matrix as worst, from one draw; over many they are the same, `√2` times one rounding's 1.66 per mille.
#[test]
fn with_normal_weights_no_form_is_worse_than_another() {
    const DRAWS: u32 = 64;
    let mut means = [0.0; 3];
    for seed in 0..DRAWS {
        let run = Bf16Experiment::new(Bf16Sizes { d: 128, d_k: 16, d_c: 64, n: 24 }, seed.into()).expect("legal");
        let errors = run.finish().and_then(|scores| scores.errors()).expect("finite");
        for (mean, error) in means.iter_mut().zip([errors.train, errors.serial, errors.merged]) {
            assert!((1.5e-3..3.5e-3).contains(&error), "{errors:?}");
            *mean += error / f64::from(DRAWS);
        }
    }
    // Four standard errors of the mean, 0.15 per mille over the root of the draws.
    assert!(means.iter().all(|mean| (mean - 2.345e-3).abs() < 0.075e-3), "{means:?}");
}

/// Where the post's warning holds: tokens share a large part that the projection of the queries removes, and rounding the merged matrix
/// puts some of it back.
#[test]
fn the_merged_matrix_is_worst_where_products_cancel() {
    let mut rng = SplitMix64::new(9);
    let (d, d_k, d_c, n) = (64, 8, 32, 16);
    // Two components of every token are near 100, and their weights nearly opposite.
    let w_q = Matrix::normal(d, d_k, 0.125, &mut rng);
    let w_q = Matrix::from_fn(d, d_k, |i, j| if i == 1 { w_q.row(2)[j] / 128.0 - w_q.row(0)[j] } else { w_q.row(i)[j] });
    let w_k = Matrix::normal(d_c, d_k, 0.2, &mut rng);
    let x = Matrix::normal(n, d, 1.0, &mut rng);
    let x = Matrix::from_fn(n, d, |t, i| if i < 2 { 100.0 } else { x.row(t)[i] });
    let c = Matrix::normal(n, d_c, 1.0, &mut rng);
    let run = Bf16Experiment::with_matrices(&w_q, &w_k, &x, &c).expect("legal");
    let errors = run.finish().and_then(|scores| scores.errors()).expect("finite");
    assert!(errors.merged > 3.0 * errors.train.max(errors.serial), "{errors:?}");
}

/// Written after the models' own files, abridged to what the reader looks at.
const CONFIGS: [(&str, &str); 12] = [
    (
        "llama-2-7b",
        r#"{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008,
        "max_position_embeddings": 4096, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32,
        "rope_scaling": null, "tie_word_embeddings": false, "vocab_size": 32000}"#,
    ),
    (
        "mistral-7b",
        r#"{"model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768,
        "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "sliding_window": 4096, "vocab_size": 32000}"#,
    ),
    (
        "mixtral-8x7b",
        r#"{"model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768,
        "num_attention_heads": 32, "num_experts_per_tok": 2, "num_hidden_layers": 32, "num_key_value_heads": 8,
        "num_local_experts": 8, "sliding_window": null, "tie_word_embeddings": false, "vocab_size": 32000}"#,
    ),
    (
        "falcon-7b",
        r#"{"model_type": "falcon", "alibi": false, "bias": false, "hidden_size": 4544, "multi_query": true,
        "new_decoder_architecture": false, "num_attention_heads": 71, "num_kv_heads": 71, "num_hidden_layers": 32, "parallel_attn": true,
        "max_position_embeddings": 2048, "vocab_size": 65024}"#,
    ),
    (
        "falcon-40b",
        r#"{"model_type": "falcon", "bias": false, "hidden_size": 8192, "multi_query": true, "new_decoder_architecture": true,
        "num_attention_heads": 128, "num_kv_heads": 8, "num_hidden_layers": 60, "max_position_embeddings": 2048, "vocab_size": 65024}"#,
    ),
    (
        "gemma-2-9b",
        r#"{"model_type": "gemma2", "head_dim": 256, "hidden_size": 3584, "intermediate_size": 14336, "sliding_window": 4096,
        "max_position_embeddings": 8192, "num_attention_heads": 16, "num_hidden_layers": 42, "num_key_value_heads": 8, "vocab_size": 256000}"#,
    ),
    (
        "gemma-3-27b",
        r#"{"model_type": "gemma3", "vision_config": {"hidden_size": 1152}, "text_config": {"model_type": "gemma3_text", "head_dim": 128,
        "hidden_size": 5376, "intermediate_size": 21504, "num_attention_heads": 32, "num_hidden_layers": 62, "num_key_value_heads": 16,
        "max_position_embeddings": 131072, "sliding_window": 1024, "vocab_size": 262144}}"#,
    ),
    (
        "qwen2-5-7b",
        r#"{"model_type": "qwen2", "hidden_size": 3584, "intermediate_size": 18944, "max_position_embeddings": 131072, "max_window_layers": 28,
        "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "sliding_window": 131072,
        "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 152064}"#,
    ),
    (
        "qwen3-8b",
        r#"{"model_type": "qwen3", "attention_bias": false, "head_dim": 128, "hidden_size": 4096, "intermediate_size": 12288,
        "max_position_embeddings": 40960, "max_window_layers": 36, "num_attention_heads": 32, "num_hidden_layers": 36,
        "num_key_value_heads": 8, "sliding_window": null, "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 151936}"#,
    ),
    (
        "pythia-12b",
        r#"{"model_type": "gpt_neox", "hidden_size": 5120, "intermediate_size": 20480, "max_position_embeddings": 2048,
        "num_attention_heads": 40, "num_hidden_layers": 36, "tie_word_embeddings": false, "vocab_size": 50688}"#,
    ),
    (
        "chatglm2-6b",
        r#"{"model_type": "chatglm", "add_bias_linear": false, "add_qkv_bias": true, "ffn_hidden_size": 13696, "hidden_size": 4096,
        "kv_channels": 128, "multi_query_attention": true, "multi_query_group_num": 2, "num_attention_heads": 32, "num_layers": 28,
        "padded_vocab_size": 65024, "seq_length": 32768}"#,
    ),
    (
        "deepseek-v3",
        r#"{"model_type": "deepseek_v3", "first_k_dense_replace": 3, "hidden_size": 7168, "intermediate_size": 18432, "kv_lora_rank": 512,
        "max_position_embeddings": 163840, "moe_intermediate_size": 2048, "n_routed_experts": 256, "n_shared_experts": 1,
        "num_attention_heads": 128, "num_experts_per_tok": 8, "num_hidden_layers": 61, "num_key_value_heads": 128,
        "num_nextn_predict_layers": 1, "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64,
        "tie_word_embeddings": false, "v_head_dim": 128, "vocab_size": 129280}"#,
    ),
];

#[test]
fn configurations_of_real_models_give_the_presets() {
    for (key, text) in CONFIGS {
        let preset = preset(key);
        let ModelConfig { cache, d_model, d_cq, context, decoder, .. } =
            read_config(text).unwrap_or_else(|error| panic!("{key}: {error}"));
        assert_eq!((cache, d_model, d_cq), (preset.cache, preset.d_model, preset.d_cq), "{key}");
        // DeepSeek's file has room for more positions than the model card names.
        assert_eq!(context, Some(if key == "deepseek-v3" { 163_840 } else { preset.context }), "{key}");
        let count = decoder.unwrap_or_else(|| panic!("{key}: sizes are missing")).parameters();
        assert_eq!((count.total, count.active), (preset.parameters, preset.active_parameters), "{key}");
    }
}

/// DeepSeek's own file for its inference code, with other names.
#[test]
fn the_other_names_of_deepseek_are_read() {
    let text = r#"{"vocab_size": 102400, "dim": 2048, "inter_dim": 10944, "moe_inter_dim": 1408, "n_layers": 27, "n_dense_layers": 1,
        "n_heads": 16, "n_routed_experts": 64, "n_shared_experts": 2, "n_activated_experts": 6, "route_scale": 1.0, "q_lora_rank": 0,
        "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "mscale": 0.707}"#;
    let (read, lite) = (read_config(text).expect("legal"), preset("deepseek-v2-lite"));
    assert_eq!((read.cache, read.d_model, read.d_cq, read.context), (lite.cache, 2048, None, None));
    assert_eq!(read.assumed, ["max_position_embeddings"]);
    let count = read.decoder.expect("all sizes are there").parameters();
    assert_eq!((count.total, count.active), (lite.parameters, lite.active_parameters));
    assert_eq!(lite.source, Source::DeepSeek);
    assert!(MODELS.iter().all(|model| model.source.url().starts_with("https://")));
}

#[test]
fn missing_keys_are_all_named() {
    let missing = |text: &str| read_config(text).expect_err("refused");
    let needed = ["num_hidden_layers", "hidden_size", "num_attention_heads"];
    assert_eq!(missing("{}"), MathError::MissingKeys { keys: needed.to_vec() });
    let some = missing(r#"{"num_hidden_layers": 2, "kv_lora_rank": 8, "v_head_dim": 4}"#);
    let keys = vec!["hidden_size", "num_attention_heads", "qk_rope_head_dim", "qk_nope_head_dim"];
    assert_eq!(some.to_string(), format!("the configuration lacks {}", keys.join(", ")));
    assert_eq!(some, MathError::MissingKeys { keys });
    // What has a default is only noted.
    let small = read_config(r#"{"n_layer": 2, "n_embd": 6, "n_head": 3, "vocab_size": 10}"#).expect("enough");
    assert_eq!(small.cache.kind, AttentionKind::Mha);
    assert_eq!(small.cache.heads, Heads { count: 3, d_k: 2, d_v: 2 });
    assert_eq!(small.assumed, ["head_dim", "num_key_value_heads", "max_position_embeddings", "intermediate_size"]);
    assert_eq!(small.decoder, None);
}

#[test]
fn bad_values_are_told_by_their_key() {
    let with =
        |extra: &str| read_config(&format!(r#"{{"num_hidden_layers": 4, "hidden_size": 8, "num_attention_heads": 4, {extra}}}"#));
    let bad = |extra: &str| match with(extra) {
        Err(MathError::BadKey { key, .. }) => key,
        other => panic!("{extra} gives {other:?}"),
    };
    assert_eq!(bad(r#""num_key_value_heads": "many""#), "num_key_value_heads");
    assert_eq!(bad(r#""num_key_value_heads": -1"#), "num_key_value_heads");
    assert_eq!(bad(r#""head_dim": 2.5"#), "head_dim");
    assert_eq!(bad(r#""vocab_size": 1e9"#), "vocab_size");
    assert_eq!(bad(r#""multi_query": 1"#), "multi_query");
    assert_eq!(bad(r#""sliding_window": 2, "layer_types": ["full_attention"]"#), "layer_types");
    let mixed =
        r#""sliding_window": 2, "layer_types": ["full_attention", "linear_attention", "full_attention", "full_attention"]"#;
    assert_eq!(bad(mixed), "layer_types");
    assert!(matches!(with(r#""num_key_value_heads": 3"#), Err(MathError::GroupsDoNotDivide { heads: 4, groups: 3, .. })));
    let uneven = read_config(r#"{"num_hidden_layers": 4, "hidden_size": 7, "num_attention_heads": 4}"#);
    assert!(matches!(uneven, Err(MathError::BadKey { key, .. }) if key == "num_attention_heads"));
    assert!(matches!(read_config("[]"), Err(MathError::BadJson { line: 1, column: 1, .. })));
    assert!(matches!(read_config("{\n  \"num_layers\": }"), Err(MathError::BadJson { line: 2, column: 17, .. })));
    let odd = read_config(
        r#"{"num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 4, "kv_lora_rank": 8, "qk_rope_head_dim": 3,
        "qk_nope_head_dim": 2, "v_head_dim": 2}"#,
    );
    assert_eq!(odd, Err(MathError::DimNotEven(3)));
    // Nothing wrong, and windows that are not used.
    assert_eq!(with(r#""sliding_window": 2, "use_sliding_window": false"#).expect("legal").cache.window, None);
    let window = with(r#""sliding_window": 2, "use_sliding_window": true, "max_window_layers": 3"#).expect("legal").cache.window;
    assert_eq!(window, Some(Window { layers: 1, tokens: 2 }));
    let window = with(r#""sliding_window": 2, "sliding_window_pattern": 2"#).expect("legal").cache.window;
    assert_eq!(window, Some(Window { layers: 2, tokens: 2 }));
    assert_eq!(with(r#""multi_query": true"#).expect("legal").cache.kind, AttentionKind::Mqa);
    assert_eq!(
        with(r#""multi_query_attention": false, "multi_query_group_num": 2"#).expect("legal").cache.kind,
        AttentionKind::Mha
    );
}

/// Vocabulary, inner width and the rest of what the presets' parameters are counted from, in their order.
fn decoder(model: &ModelPreset) -> Decoder {
    let Heads { count: heads, d_k, d_v } = model.cache.heads;
    let key = model.key;
    let is = |families: &[&str]| families.iter().any(|family| key.starts_with(family));
    let (vocabulary, d_ff) = match key {
        "llama-2-7b" => (32_000, 11_008),
        "llama-2-70b" => (32_000, 28_672),
        "llama-3-8b" => (128_256, 14_336),
        "llama-3-1-70b" => (128_256, 28_672),
        "llama-3-1-405b" => (128_256, 53_248),
        "mistral-7b" | "mixtral-8x7b" => (32_000, 14_336),
        "falcon-7b" | "falcon-40b" => (65_024, 4 * model.d_model),
        "gemma-2b" => (256_000, 16_384),
        "gemma-7b" => (256_000, 24_576),
        "gemma-2-9b" => (256_000, 14_336),
        "gemma-2-27b" => (256_000, 36_864),
        "gemma-3-27b" => (262_144, 21_504),
        "gemma-3-12b" => (262_144, 15_360),
        "gemma-3-4b" => (262_144, 10_240),
        "qwen2-5-7b" => (152_064, 18_944),
        "qwen2-5-72b" => (152_064, 29_568),
        "qwen3-8b" => (151_936, 12_288),
        "qwen3-32b" => (151_936, 25_600),
        "phi-4" => (100_352, 17_920),
        "pythia-12b" => (50_688, 20_480),
        "deepseek-67b" => (102_400, 22_016),
        "chatglm2-6b" => (65_024, 13_696),
        "deepseek-v2-lite" => (102_400, 10_944),
        "deepseek-v2" => (102_400, 12_288),
        "deepseek-v3" => (129_280, 18_432),
        other => panic!("model {other:?} is not covered"),
    };
    let experts = |dense_layers, routed, active, shared, d_expert| {
        let router_bias = key == "deepseek-v3";
        FeedForward::Experts(Experts { dense_layers, d_ff, routed, active, shared, d_expert, router_bias })
    };
    let bias = if is(&["pythia"]) {
        Bias::All
    } else if is(&["qwen2", "chatglm2"]) {
        Bias::Inputs
    } else {
        Bias::None
    };
    let attention = match model.cache.kind {
        AttentionKind::Mla { d_c, d_r } => Projections::Latent { heads, d_k, d_v, d_c, d_r, d_cq: model.d_cq },
        kind => {
            let groups = kind.groups(model.cache.heads).expect("groups");
            Projections::Grouped { heads, groups, d_head: d_k, bias, normed: is(&["gemma-3", "qwen3"]) }
        }
    };
    Decoder {
        vocabulary,
        d_model: model.d_model,
        layers: model.cache.layers,
        tied: is(&["gemma", "falcon"]),
        norms: Norms {
            per_layer: match key {
                "falcon-7b" => 1,
                _ if is(&["gemma-2-", "gemma-3-"]) => 4,
                _ => 2,
            },
            bias: is(&["falcon", "pythia"]),
        },
        attention,
        feed_forward: match key {
            "mixtral-8x7b" => experts(0, 8, 2, 0, d_ff),
            "deepseek-v2-lite" => experts(1, 64, 6, 2, 1408),
            "deepseek-v2" => experts(1, 160, 6, 2, 1536),
            "deepseek-v3" => experts(3, 256, 8, 1, 2048),
            _ if is(&["falcon", "pythia"]) => FeedForward::Plain { d_ff, bias: key == "pythia-12b" },
            _ => FeedForward::Gated { d_ff },
        },
    }
}

#[test]
fn parameters_of_the_presets_are_counted_from_their_sizes() {
    for model in &MODELS {
        let count = decoder(model).parameters();
        assert_eq!((count.total, count.active), (model.parameters, model.active_parameters), "{}", model.key);
    }
    // LLaMA2-7B: 6.738e9, as the spec has it.
    assert_eq!(format!("{:.3}", preset("llama-2-7b").parameters as f64 / 1e9), "6.738");
    assert_eq!(preset("llama-2-7b").weight_bytes(16), 13_476_831_232.0);
}

#[test]
fn enormous_sizes_saturate_the_count() {
    let max = u32::MAX;
    let huge = Decoder::llama((max, max, max), (max, max, max), max);
    assert_eq!(huge.parameters().total, u64::MAX);
    let experts =
        Experts { dense_layers: max, d_ff: max, routed: max, active: max, shared: max, d_expert: max, router_bias: true };
    let huge = Decoder { feed_forward: FeedForward::Experts(Experts { dense_layers: 0, ..experts }), ..huge };
    assert_eq!(huge.parameters().active, u64::MAX);
}
