//! Properties of the KV cache, of attention in its forms and of the reader of configurations, on random inputs.

use proptest::prelude::*;
use serde_json::json;
use yansuan_math::MathError;
use yansuan_math::accelerator::{ACCELERATORS, Arithmetic};
use yansuan_math::attention::{Attention, Inputs};
use yansuan_math::bf16_absorption::{Bf16Experiment, Bf16Sizes};
use yansuan_math::decode_cost::{DecodeCost, Form, PositionCost, QueryAbsorption, crossover, flop_growth};
use yansuan_math::frequency_plan::FrequencyPlan;
use yansuan_math::json::{Json, parse};
use yansuan_math::kv_cache::{AttentionKind, Heads, KvCache, Room, Waterfall, Window, divisors, group_of_head};
use yansuan_math::latent_attention::{LatentAttention, LatentSizes, QueryOrder};
use yansuan_math::matrix::Matrix;
use yansuan_math::memory_fit::{Cluster, Fit, Placement};
use yansuan_math::model_config::read_config;
use yansuan_math::model_presets::MODELS;
use yansuan_math::multi_head_attention::GroupedAttention;
use yansuan_math::parameter_count::{Decoder, FeedForward};
use yansuan_math::rng::SplitMix64;
use yansuan_math::rope::{PairLayout, rotate};
use yansuan_math::rope_absorption::RotatedScore;
use yansuan_math::rounding::Format;

/// So many cases, the same every time, and no file written on failure.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(10_091),
        ..ProptestConfig::default()
    }
}

fn tokens(t: usize, d: usize, gain: f64, seed: u64) -> Matrix {
    Matrix::normal(t, d, gain, &mut SplitMix64::new(seed))
}

/// Row by row what a cache gives.
fn decoded(x: &Matrix, mut push: impl FnMut(&[f64]) -> Result<Vec<f64>, MathError>) -> Matrix {
    let rows: Vec<f64> = (0..x.rows()).flat_map(|t| push(x.row(t)).expect("legal")).collect();
    Matrix::new("o", x.rows(), rows.len() / x.rows(), rows).expect("finite")
}

fn difference(a: &Matrix, b: &Matrix) -> f64 {
    a.max_abs_difference(b).expect("one shape")
}

/// How far apart numbers of this size may be: sums of some hundred products.
fn allowed(a: &Matrix) -> f64 {
    1e-12 * a.entries().iter().fold(1.0_f64, |most, entry| most.max(entry.abs()))
}

fn latent_sizes() -> impl Strategy<Value = LatentSizes> {
    let widths = (1..9_usize, 1..5_usize, 1..6_usize, 1..6_usize);
    (widths, 1..9_usize, 0..4_usize, prop::option::of(1..7_usize))
        .prop_map(|((d, heads, d_k, d_v), d_c, pairs, d_cq)| LatentSizes { d, heads, d_k, d_v, d_c, d_r: 2 * pairs, d_cq })
}

/// Heads, one of the divisors of their number, widths (keys of even width).
fn grouped_sizes() -> impl Strategy<Value = (usize, (usize, usize), (usize, usize))> {
    (1..8_usize, 1..9_u32, any::<prop::sample::Index>(), 1..4_usize, 1..6_usize).prop_map(|(d, heads, index, pairs, d_v)| {
        let groups = *index.get(&divisors(heads)) as usize;
        (d, (heads as usize, groups), (2 * pairs, d_v))
    })
}

proptest! {
    #![proptest_config(config(5_000))]

    /// The defining identity: training, decoding all at once in either order, and decoding token by token.
    #[test]
    fn training_and_decoding_agree(sizes in latent_sizes(), t in 1..9_usize, gain in 0.1..3.0_f64, seed: u64) {
        let model = LatentAttention::random(sizes, 1e4, seed).expect("legal");
        let x = tokens(t, sizes.d, gain, !seed);
        let train = model.train_outputs(&x).expect("legal");
        let tolerance = allowed(&train);
        for order in [QueryOrder::Serial, QueryOrder::Merged] {
            let absorbed = model.absorb(&x, order).expect("legal");
            prop_assert!(difference(&train, &absorbed.outputs) <= tolerance);
        }
        let mut cache = model.cache();
        let steps = decoded(&x, |x| cache.push(x));
        prop_assert!(difference(&train, &steps) <= tolerance);
        let contents = cache.contents().expect("finite");
        prop_assert_eq!(contents.entries().len(), t * (sizes.d_c + sizes.d_r));
        prop_assert!(difference(&contents, &model.absorb(&x, QueryOrder::Serial).expect("legal").cache) <= tolerance);
    }

    /// Scores too, not only what the softmax makes of them; and a shorter text is the beginning of a longer one.
    #[test]
    fn scores_agree_and_later_tokens_change_nothing(sizes in latent_sizes(), t in 2..9_usize, seed: u64) {
        let model = LatentAttention::random(sizes, 1e4, seed).expect("legal");
        let x = tokens(t, sizes.d, 1.0, !seed);
        let (train, absorbed) = (model.train(&x).expect("legal"), model.absorb(&x, QueryOrder::Merged).expect("legal"));
        let shorter = Matrix::new("x", t - 1, sizes.d, x.entries()[..(t - 1) * sizes.d].to_vec()).expect("legal");
        let shorter = model.train(&shorter).expect("legal");
        for ((train, absorbed), shorter) in train.iter().zip(&absorbed.heads).zip(&shorter) {
            for query in 0..t {
                prop_assert_eq!(&train.scores.row(query)[query + 1..], &vec![f64::NEG_INFINITY; t - query - 1][..]);
                for key in 0..=query {
                    let (a, b) = (train.scores.row(query)[key], absorbed.scores.row(query)[key]);
                    prop_assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0), "{} {}", a, b);
                }
            }
            for query in 0..t - 1 {
                prop_assert_eq!(train.outputs.row(query), shorter.outputs.row(query));
            }
        }
    }

    /// By another way: score by score, with the code of another widget.
    #[test]
    fn each_head_is_plain_causal_attention((d, (h, g), (d_k, d_v)) in grouped_sizes(), t in 1..8_usize, rotated: bool, seed: u64) {
        let model = GroupedAttention::random(d, (h, g), (d_k, d_v), rotated.then_some(1e4), seed).expect("legal");
        let x = tokens(t, d, 1.0, !seed);
        let (w_q, w_k, w_v) = model.projections();
        let pairs = FrequencyPlan::Rope1d.pairs(d_k, 1e4).expect("legal");
        let project = |w: &Matrix| -> Vec<Vec<f64>> {
            let row = |t: usize| (0..w.columns()).map(|j| (0..d).map(|i| x.row(t)[i] * w.row(i)[j]).sum()).collect();
            (0..t).map(row).collect()
        };
        let turned = |rows: Vec<Vec<f64>>| -> Vec<f64> {
            let turn = |(t, row): (usize, Vec<f64>)| {
                if rotated { rotate(&row, &pairs, [t as f64, 0.0, 0.0], PairLayout::Interleaved).expect("legal") } else { row }
            };
            rows.into_iter().enumerate().flat_map(turn).collect()
        };
        for (s, head) in model.attend(&x).expect("legal").iter().enumerate() {
            // The post counts heads and groups from 1: ⌈sg/h⌉.
            let group = ((s + 1) * g).div_ceil(h) - 1;
            prop_assert_eq!(group, group_of_head(s, g, h));
            let (q, k) = (turned(project(&w_q[s])), turned(project(&w_k[group])));
            let v = project(&w_v[group]).concat();
            let inputs = Inputs { n: t, q: &q, k: &k, v: &v, d_k, d_v, scale: 1.0 / (d_k as f64).sqrt() };
            let plain = Attention::new(&inputs).and_then(|plain| plain.outputs()).expect("legal");
            let plain = Matrix::new("o", t, d_v, plain).expect("finite");
            prop_assert!(difference(&head.outputs, &plain) <= allowed(&plain));
        }
    }

    /// As many groups as heads are multi-head attention, one group is multi-query attention: the same with copies of the shared keys.
    #[test]
    fn groups_are_copies_of_shared_keys((d, (h, g), (d_k, d_v)) in grouped_sizes(), t in 1..8_usize, seed: u64) {
        let model = GroupedAttention::random(d, (h, g), (d_k, d_v), Some(1e4), seed).expect("legal");
        let (w_q, w_k, w_v) = model.projections();
        let copies = |w: &[Matrix]| (0..h).map(|s| w[group_of_head(s, g, h)].clone()).collect();
        let copied = GroupedAttention::new(w_q.to_vec(), copies(w_k), copies(w_v), Some(1e4)).expect("legal");
        prop_assert_eq!(copied.groups(), h);
        let x = tokens(t, d, 1.0, !seed);
        prop_assert_eq!(model.outputs(&x), copied.outputs(&x));
        let mut cache = model.cache();
        let steps = decoded(&x, |x| cache.push(x));
        let all = model.outputs(&x).expect("legal");
        prop_assert!(difference(&all, &steps) <= allowed(&all));
        prop_assert_eq!(cache.elements(), t * g * (d_k + d_v));
    }

    /// Latent attention with selectors is grouped-query attention; a little density moves it a little.
    #[test]
    fn selectors_reproduce_groups((d, (h, g), (d_k, d_v)) in grouped_sizes(), t in 1..8_usize, seed: u64) {
        let model = GroupedAttention::random(d, (h, g), (d_k, d_v), None, seed).expect("legal");
        let selecting = LatentAttention::selecting(&model).expect("legal");
        prop_assert_eq!(selecting.sizes().d_c, g * (d_k + d_v));
        let x = tokens(t, d, 1.0, !seed);
        let grouped = model.outputs(&x).expect("legal");
        prop_assert!(difference(&grouped, &selecting.train_outputs(&x).expect("legal")) <= allowed(&grouped));
        let absorbed = selecting.absorb(&x, QueryOrder::Serial).expect("legal");
        prop_assert!(difference(&grouped, &absorbed.outputs) <= allowed(&grouped));
        let none = selecting.densified(0.0, seed).expect("finite");
        prop_assert_eq!(&none, &selecting);
        let some = selecting.densified(0.5, seed).expect("finite");
        prop_assert!(difference(&grouped, &some.train_outputs(&x).expect("legal")) > 1e-9);
    }

    #[test]
    fn reordered_heads_reorder_the_output(sizes in latent_sizes(), t in 1..6_usize, by in 0..4_usize, seed: u64) {
        let model = LatentAttention::random(sizes, 1e4, seed).expect("legal");
        let h = sizes.heads;
        let order: Vec<usize> = (0..h).rev().map(|s| (s + by) % h).collect();
        let x = tokens(t, sizes.d, 1.0, !seed);
        let outputs = model.train_outputs(&x).expect("legal");
        let permuted = model.reordered(&order).expect("a permutation").train_outputs(&x).expect("legal");
        for query in 0..t {
            for (s, &from) in order.iter().enumerate() {
                let (d_v, row) = (sizes.d_v, outputs.row(query));
                prop_assert_eq!(&permuted.row(query)[s * d_v..(s + 1) * d_v], &row[from * d_v..(from + 1) * d_v]);
            }
        }
    }

    /// The first token reads itself: its output is its value, to the last bit.
    #[test]
    fn the_first_output_is_the_first_value(sizes in latent_sizes(), t in 1..6_usize, gain in 0.1..100.0_f64, seed: u64) {
        let model = LatentAttention::random(sizes, 1e4, seed).expect("legal");
        for head in model.train(&tokens(t, sizes.d, gain, !seed)).expect("legal") {
            prop_assert_eq!(head.outputs.row(0), head.values.row(0));
            for query in 0..t {
                let sum: f64 = head.weights.row(query).iter().sum();
                prop_assert!((sum - 1.0).abs() < 1e-14);
                prop_assert!(head.weights.row(query).iter().all(|&weight| (0.0..=1.0).contains(&weight)));
            }
        }
    }

    /// `R_m R_nᵀ = R_{m−n}`, norms are kept, and the merged matrix of a lag gives the score.
    #[test]
    fn scores_depend_on_the_lag_alone(pairs in 1..5_usize, d in 1..7_usize, d_c in 1..7_usize, t in 1..9_usize, seed: u64) {
        let mut rng = SplitMix64::new(seed);
        let mut normal = |rows: usize, columns: usize| Matrix::normal(rows, columns, 1.0, &mut rng);
        let (w_q, w_k, x, c) = (normal(d, 2 * pairs), normal(d_c, 2 * pairs), normal(t, d), normal(t, d_c));
        let model = RotatedScore::new(w_q.clone(), w_k.clone(), 1e4).expect("legal");
        let (exact, absorbed) = model.score_matrices(&x, &c).expect("legal");
        for query in 0..t {
            for key in 0..=query {
                let lag = (query - key) as u32;
                let curve = model.curve(x.row(query), c.row(key), lag + 1).expect("finite");
                let at = curve[lag as usize];
                let merged = model.merged(lag).expect("legal");
                let by_matrix: f64 = (0..d).map(|i| x.row(query)[i] * (0..d_c).map(|j| merged.row(i)[j] * c.row(key)[j]).sum::<f64>()).sum();
                let tolerance = 1e-12 * (1.0 + w_q.norm() * w_k.norm() * x.norm() * c.norm());
                prop_assert!((exact.row(query)[key] - at.exact).abs() <= tolerance);
                prop_assert!((by_matrix - at.exact).abs() <= tolerance);
                prop_assert!((absorbed.row(query)[key] - at.absorbed).abs() <= tolerance);
                prop_assert!(lag > 0 || at.error() == 0.0);
            }
        }
        let vector = x.row(0);
        let padded: Vec<f64> = (0..2 * pairs).map(|i| vector.get(i).copied().unwrap_or(1.0)).collect();
        let plan = FrequencyPlan::Rope1d.pairs(2 * pairs, 1e4).expect("legal");
        let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
        let turn = |x: &[f64], by: f64| rotate(x, &plan, [by, 0.0, 0.0], PairLayout::Interleaved).expect("legal");
        prop_assert!((norm(&turn(&padded, t as f64)) - norm(&padded)).abs() <= 1e-14 * norm(&padded));
        let there_and_back = turn(&turn(&padded, 40.0 + t as f64), -40.0);
        for (a, b) in there_and_back.iter().zip(turn(&padded, t as f64)) {
            prop_assert!((a - b).abs() <= 1e-13 * norm(&padded));
        }
    }

    /// The merged matrix moves with the lag when the whole key is rotated; with a decoupled key both forms agree at every lag.
    #[test]
    fn a_decoupled_key_restores_absorption(sizes in latent_sizes(), lag in 0..100_000_usize, seed: u64) {
        let model = LatentAttention::random(sizes, 1e4, seed).expect("legal");
        let x = tokens(2, sizes.d, 1.0, !seed);
        for head in 0..sizes.heads {
            let scores = model.scores_at_lag(head, x.row(0), x.row(1), lag).expect("legal");
            prop_assert!((scores.trained - scores.absorbed).abs() <= 1e-12 * scores.trained.abs().max(1.0));
            let merged = model.merged(head).expect("there");
            prop_assert_eq!((merged.rows(), merged.columns()), (sizes.query_source(), sizes.d_c));
        }
        let w = &model.heads()[0];
        if sizes.d_k.is_multiple_of(2) {
            let rotated = RotatedScore::new(w.w_qc.clone(), w.w_kc.clone(), 1e4).expect("legal");
            prop_assert_eq!(model.undecoupled(0), Ok(rotated.clone()));
            let drift = rotated.drift(4).expect("not zero");
            prop_assert_eq!(drift[0], 0.0);
            prop_assert!(drift[1..].iter().all(|&drift| drift > 1e-6 && drift <= 2.0 * (w.w_qc.norm() * w.w_kc.norm() / model.merged(0).expect("there").norm()) + 1e-9));
        }
    }

    /// In slices of any size the same to the last bit; errors are of the size of bfloat16's.
    #[test]
    fn the_experiment_does_not_depend_on_the_slices(d in 1..40_usize, d_k in 1..20_usize, d_c in 1..24_usize, n in 1..12_usize, budget in 1..20_000_u64, seed: u64) {
        let sizes = Bf16Sizes { d, d_k, d_c, n };
        let whole = Bf16Experiment::new(sizes, seed).and_then(Bf16Experiment::finish).expect("finite");
        let mut sliced = Bf16Experiment::new(sizes, seed).expect("legal");
        let mut last = 0.0;
        while !sliced.step(budget).done {
            let fraction = sliced.progress().fraction;
            prop_assert!((last..=1.0).contains(&fraction));
            prop_assert!(sliced.outcome().is_none());
            last = fraction;
        }
        prop_assert_eq!(sliced.progress().fraction, 1.0);
        prop_assert_eq!(sliced.outcome(), Some(&Ok(whole.clone())));
        // A score is a sum of d_k products: its error is at most some 2^-8 of the sum of their sizes. Cancellation may make the scores
        // themselves small, so this is only asked of many.
        if n * n * d_k > 400 {
            let errors = whole.errors().expect("not all zero");
            for error in [errors.train, errors.serial, errors.merged] {
                prop_assert!(error > 1e-5 && error < 0.02, "{:?}", errors);
            }
        }
    }
}

fn any_kind() -> impl Strategy<Value = (Heads, AttentionKind)> {
    let heads = (1..129_u32, 1..257_u32, 1..257_u32).prop_map(|(count, d_k, d_v)| Heads { count, d_k, d_v });
    (heads, 0..4_u8, any::<prop::sample::Index>(), 1..1025_u32, 0..65_u32).prop_map(|(heads, kind, index, d_c, pairs)| {
        let kind = match kind {
            0 => AttentionKind::Mha,
            1 => AttentionKind::Gqa { groups: *index.get(&divisors(heads.count)) },
            2 => AttentionKind::Mqa,
            _ => AttentionKind::Mla { d_c, d_r: 2 * pairs },
        };
        (heads, kind)
    })
}

fn any_cache() -> impl Strategy<Value = KvCache> {
    (any_kind(), 1..127_u32, prop::option::of((0..127_u32, 1..10_000_u32))).prop_map(|((heads, kind), layers, window)| {
        let window = window.map(|(local, tokens)| Window { layers: local.min(layers), tokens });
        KvCache { layers, heads, kind, window }
    })
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn bytes_are_linear_in_each_factor(cache in any_cache(), t in 0..1_000_000_u64, batch in 0..512_u64, bits in 1..33_u32, by in 1..9_u32) {
        prop_assert!(cache.check().is_ok());
        let all = cache.bits(t, batch, bits);
        let times = u128::from(by);
        prop_assert_eq!(cache.bits(t, batch * u64::from(by), bits), all * times);
        prop_assert_eq!(cache.bits(t, batch, bits * by), all * times);
        let open = KvCache { window: None, ..cache };
        prop_assert_eq!(open.bits(t * u64::from(by), batch, bits), open.bits(t, batch, bits) * times);
        let deeper = KvCache { layers: open.layers * by, ..open };
        prop_assert_eq!(deeper.bits(t, batch, bits), open.bits(t, batch, bits) * times);
        prop_assert_eq!(cache.bits(0, batch, bits), 0);
        // A window saves nothing before it is full, and never costs.
        prop_assert!(all <= open.bits(t, batch, bits));
        if cache.window.is_none_or(|window| t <= u64::from(window.tokens)) {
            prop_assert_eq!(all, u128::from(cache.elements_per_token()) * u128::from(t * batch) * u128::from(bits));
        }
        prop_assert_eq!(cache.bytes(t, batch, bits), all as f64 / 8.0);
    }

    #[test]
    fn sharing_saves_as_told((heads, kind) in any_kind(), devices in 1..20_u32) {
        prop_assert!(kind.check(heads).is_ok());
        let pair = u64::from(heads.d_k + heads.d_v);
        let elements = kind.elements(heads);
        match kind {
            AttentionKind::Mha => prop_assert_eq!(elements, u64::from(heads.count) * pair),
            AttentionKind::Gqa { groups } => {
                prop_assert_eq!(elements * u64::from(heads.count / groups), AttentionKind::Mha.elements(heads));
            }
            AttentionKind::Mqa => prop_assert_eq!(elements * u64::from(heads.count), AttentionKind::Mha.elements(heads)),
            AttentionKind::Mla { d_c, d_r } => prop_assert_eq!(elements, u64::from(d_c + d_r)),
        }
        prop_assert!((kind.equivalent_groups(heads) * pair as f64 - elements as f64).abs() < 1e-9 * elements as f64);
        prop_assert_eq!(kind.saves(heads), elements < AttentionKind::Mha.elements(heads));
        // All devices together hold the cache at least once, and none holds more than all of it.
        let share = kind.elements_per_device(heads, devices);
        prop_assert!(share <= elements && share * u64::from(devices) >= elements);
        match kind.groups(heads) {
            Some(groups) if groups.is_multiple_of(devices) => prop_assert_eq!(share * u64::from(devices), elements),
            Some(groups) if devices >= groups => prop_assert_eq!(share, pair),
            None => prop_assert_eq!(share, elements),
            Some(_) => {}
        }
    }

    /// The longest text is the longest: one token more does not fit.
    #[test]
    fn what_fits_is_the_most(cache in any_cache(), weights in 0.0..100e9_f64, devices in 1..9_u32, batch in 1..65_u64, bits in 4..33_u32, card in 0..4_usize) {
        let cluster = Cluster { card: &ACCELERATORS[card], devices, utilisation: 0.9 };
        let room = cluster.room(weights);
        let fit = cluster.longest(&cache, weights, batch, bits, Placement::Pooled);
        match fit {
            Fit::WeightsTooLarge => prop_assert!(room < 0.0 && fit.tokens() == Some(0)),
            Fit::Fits(Room::Tokens(tokens)) => {
                prop_assert!(cache.bits(tokens, batch, bits) as f64 / 8.0 <= room);
                prop_assert!(cache.bits(tokens + 1, batch, bits) > (room * 8.0) as u128);
                if cache.window.is_none_or(|window| window.layers == 0) {
                    let per_token = cache.bytes(1, batch, bits);
                    prop_assert!((tokens as f64 - (room / per_token).floor()).abs() <= 1.0);
                }
                if tokens > 0 {
                    let texts = cluster.batch(&cache, weights, tokens, bits, Placement::Pooled).expect("the weights fit");
                    prop_assert!(texts >= batch);
                    prop_assert!(cache.bits(tokens, texts + 1, bits) > (room * 8.0) as u128);
                }
            }
            Fit::Fits(Room::Unbounded) => {
                prop_assert!(cache.window.is_some_and(|window| window.layers == cache.layers));
                prop_assert!(cache.bytes(u64::MAX / 2, batch, bits) <= room);
            }
        }
        // Copies on every card cannot make room.
        let parallel = cluster.longest(&cache, weights, batch, bits, Placement::TensorParallel);
        let tokens = |fit: Fit| fit.tokens().unwrap_or(u64::MAX);
        prop_assert!(tokens(parallel) <= tokens(fit).saturating_add(1));
    }

    #[test]
    fn the_longest_text_inverts_the_positions(cache in any_cache(), positions in 0..1_000_000_000_u128) {
        match cache.longest(positions) {
            Room::Tokens(tokens) => {
                prop_assert!(cache.positions(tokens) <= positions);
                prop_assert!(cache.positions(tokens + 1) > positions);
            }
            Room::Unbounded => prop_assert!(cache.positions(u64::MAX) <= positions),
        }
    }

    /// Intensity depends on the sharing alone; time is the larger of the two.
    #[test]
    fn costs_are_their_formulas((heads, kind) in any_kind(), t in 1..100_000_u64, bits in 4..33_u32, card in 0..4_usize, layers in 1..100_u32, batch in 1..64_u64) {
        let card = &ACCELERATORS[card];
        let h = f64::from(heads.count);
        let b = f64::from(bits) / 8.0;
        let cost = DecodeCost::of_layer(kind, heads, Form::Absorbed, t, bits);
        let intensity = PositionCost::new(kind, heads, Form::Absorbed).intensity(bits);
        prop_assert!((cost.flops / cost.bytes / intensity - 1.0).abs() < 1e-14);
        let expected = match kind {
            AttentionKind::Mla { d_c, d_r } => 2.0 * h * f64::from(2 * d_c + d_r) / (f64::from(d_c + d_r) * b),
            _ => 2.0 * h / (f64::from(kind.groups(heads).expect("groups")) * b),
        };
        prop_assert!((intensity / expected - 1.0).abs() < 1e-14);
        for arithmetic in [Arithmetic::Bf16, Arithmetic::Fp8] {
            let time = cost.time(card, arithmetic);
            prop_assert!((cost.flops / time / card.attainable(intensity, arithmetic) - 1.0).abs() < 1e-14);
            let bound_by_memory = intensity < card.ridge(arithmetic);
            prop_assert_eq!(bound_by_memory, cost.bytes / card.bandwidth > cost.flops / card.peak_of(arithmetic));
        }
        let cache = KvCache { layers, heads, kind, window: None };
        let model = DecodeCost::of_model(&cache, Form::Absorbed, t, batch, bits);
        prop_assert!((model.flops / cost.flops / (f64::from(layers) * batch as f64) - 1.0).abs() < 1e-14);
        prop_assert!((model.bytes - cache.bytes(t, batch, bits)).abs() <= 1e-14 * model.bytes);
        if let AttentionKind::Mla { d_c, d_r } = kind {
            let expanded = f64::from(heads.d_k + d_r + heads.d_v);
            prop_assert!((flop_growth(kind, heads) - f64::from(2 * d_c + d_r) / expanded).abs() < 1e-12);
            let expanded = PositionCost::new(kind, heads, Form::Expanded);
            prop_assert!((expanded.intensity(16) - 1.0).abs() < 1e-15);
        } else {
            prop_assert_eq!(flop_growth(kind, heads), 1.0);
        }
    }

    /// The crossover is the first length whose attention takes as long as reading the weights.
    #[test]
    fn the_crossover_is_the_first(cache in any_cache(), weights in 1e6..1e12_f64, batch in 1..64_u64, bits in 4..33_u32, card in 0..4_usize) {
        let card = &ACCELERATORS[card];
        let reading = weights / card.bandwidth;
        let time = |t: u64| DecodeCost::of_model(&cache, Form::Absorbed, t, batch, bits).time(card, Arithmetic::Bf16);
        match crossover(&cache, weights, batch, bits, (card, Arithmetic::Bf16)) {
            Room::Tokens(tokens) => {
                prop_assert!(time(tokens) >= reading * (1.0 - 1e-12));
                prop_assert!(tokens == 0 || time(tokens - 1) < reading * (1.0 + 1e-12));
            }
            Room::Unbounded => prop_assert!(time(u64::MAX / 2) <= reading * (1.0 + 1e-12)),
        }
    }

    #[test]
    fn serial_absorption_costs_less_where_keys_are_narrow(width in 1..5000_u32, d_k in 1..300_u32, d_c in 1..3000_u32) {
        let QueryAbsorption { serial, merged } = QueryAbsorption::new(width, d_k, d_c);
        let harmonic = f64::from(width) * f64::from(d_c) / f64::from(width + d_c);
        prop_assert_eq!(serial < merged, f64::from(d_k) < harmonic, "{} {}", serial, merged);
    }

    #[test]
    fn a_waterfall_multiplies(before in 1..1_000_000_u64, after in 1..1_000_000_u64, from in 1..33_u32, to in 1..33_u32) {
        let fall = Waterfall::new((before, from), (after, to));
        let kept = (1.0 - fall.by_elements()) * f64::from(to) / f64::from(from);
        prop_assert!((1.0 - fall.total() - kept).abs() <= 1e-14 * (1.0 + kept));
    }

    /// Against the bits of `f32`, whose upper half bfloat16 is.
    #[test]
    fn bfloat16_rounds_to_the_nearest_even(bits: u32) {
        let x = f32::from_bits(bits);
        let rounded = Format::Bf16.round(f64::from(x));
        if x.is_nan() {
            prop_assert!(rounded.is_nan());
        } else {
            let upper = bits.wrapping_add(0x7fff + ((bits >> 16) & 1)) & 0xffff_0000;
            let expected = if x.is_infinite() { x } else { f32::from_bits(upper) };
            prop_assert_eq!(rounded.to_bits(), f64::from(expected).to_bits());
            prop_assert_eq!(Format::Bf16.round(rounded).to_bits(), rounded.to_bits());
        }
        // A tie: the lower half is exactly one half.
        let tie = f64::from(f32::from_bits(bits & 0x7f7f_0000 | 0x8000));
        let rounded = Format::Bf16.round(tie);
        prop_assert!(rounded.is_infinite() || (rounded as f32).to_bits() >> 16 & 1 == 0);
    }
}

/// A value of every kind, numbers that `f64` holds.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let text = prop::collection::vec(any::<char>(), 0..6).prop_map(|text| text.into_iter().collect::<String>());
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|flag| json!(flag)),
        any::<f64>().prop_filter_map("finite", |x| x.is_finite().then(|| json!(x))),
        any::<i32>().prop_map(|x| json!(x)),
        text.clone().prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::vec((text.clone(), inner), 0..4)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn same(ours: &Json, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Json::Null, serde_json::Value::Null) => true,
        (Json::Bool(a), serde_json::Value::Bool(b)) => a == b,
        (Json::Number(a), serde_json::Value::Number(b)) => Some(*a) == b.as_f64(),
        (Json::String(a), serde_json::Value::String(b)) => a == b,
        (Json::Array(a), serde_json::Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(_), serde_json::Value::Object(b)) => b.iter().all(|(key, b)| ours.get(key).is_some_and(|a| same(a, b))),
        _ => false,
    }
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn what_another_writes_is_read(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("writes");
        let ours = parse(&text);
        prop_assert!(ours.as_ref().is_ok_and(|ours| same(ours, &value)), "{} gives {:?}", text, ours);
    }

    /// Texts that are nearly JSON are taken or refused as by another reader.
    #[test]
    fn nearly_json_is_judged_as_by_another(value in any_json(), at: prop::sample::Index, with in "[\\[\\]{},:\"\\\\u0-9eE.+\\-tfn \n\u{1}é]", remove: bool) {
        let mut text: Vec<char> = value.to_string().chars().collect();
        let at = at.index(text.len());
        if remove { text.remove(at); }
        if let Some(c) = with.chars().next() { text.insert(at, c); }
        let text: String = text.into_iter().collect();
        match (parse(&text), serde_json::from_str::<serde_json::Value>(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs), "{}", text),
            (Err(MathError::BadJson { line, column, .. }), Err(_)) => prop_assert!(line > 0 && column > 0),
            (ours, theirs) => prop_assert!(false, "{}: {:?} {:?}", text, ours, theirs),
        }
    }

    /// Whatever is pasted, there is an answer or an error.
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        let _answer = (parse(&text), read_config(&text));
    }

    /// A configuration written from sizes is read back, whatever else it says.
    #[test]
    fn a_configuration_is_read_back(cache in any_cache(), d_model in 1..20_000_u32, context in prop::option::of(1..1_000_000_u32), d_cq in prop::option::of(1..3000_u32), vocabulary in 1..200_000_u32, d_ff in 1..60_000_u32, extra in any_json(), inner: bool) {
        // Widths of keys and values differ in latent attention alone.
        let latent = matches!(cache.kind, AttentionKind::Mla { .. });
        let heads = if latent { cache.heads } else { Heads { d_v: cache.heads.d_k, ..cache.heads } };
        let window = cache.window.filter(|window| window.layers > 0);
        let cache = KvCache { heads, window, ..cache };
        let mut config = json!({
            "unknown": extra, "num_hidden_layers": cache.layers, "hidden_size": d_model, "num_attention_heads": heads.count,
            "max_position_embeddings": context, "vocab_size": vocabulary, "intermediate_size": d_ff, "q_lora_rank": d_cq,
        });
        match cache.kind {
            AttentionKind::Mla { d_c, d_r } => {
                // Without a rotated part it is not latent attention as released.
                prop_assume!(d_r > 0);
                for (key, size) in [("kv_lora_rank", d_c), ("qk_rope_head_dim", d_r), ("qk_nope_head_dim", heads.d_k), ("v_head_dim", heads.d_v)] {
                    config[key] = json!(size);
                }
            }
            kind => {
                config["num_key_value_heads"] = json!(kind.groups(heads));
                config["head_dim"] = json!(heads.d_k);
            }
        }
        if let Some(window) = window {
            config["sliding_window"] = json!(window.tokens);
            let kind = |layer: u32| if layer < window.layers { "sliding_attention" } else { "full_attention" };
            config["layer_types"] = (0..cache.layers).map(kind).collect();
        }
        let config = if inner { json!({ "text_config": config, "hidden_size": 7 }) } else { config };
        let read = read_config(&config.to_string());
        let read = read.map_err(|error| TestCaseError::fail(format!("{config}: {error}")))?;
        prop_assert_eq!((read.cache.layers, read.cache.heads, read.cache.window), (cache.layers, cache.heads, cache.window));
        prop_assert_eq!(read.cache.kind.elements(heads), cache.kind.elements(heads));
        prop_assert_eq!((read.d_model, read.context), (d_model, context.map(u64::from)));
        prop_assert_eq!(read.d_cq, d_cq.filter(|_| latent));
        prop_assert_eq!(&read.assumed, &if context.is_none() { vec!["max_position_embeddings"] } else { Vec::new() });
        let decoder = read.decoder.expect("all sizes are there");
        prop_assert_eq!(decoder.feed_forward, FeedForward::Gated { d_ff });
        prop_assert!(decoder.parameters().total >= 2 * u64::from(vocabulary) * u64::from(d_model));
    }

    /// The closed formula of the spec.
    #[test]
    fn a_llama_has_the_parameters_of_the_formula(v in 1..300_000_u64, l in 1..200_u64, h in 1..200_u64, width in 1..300_u64, f in 1..60_000_u64, index: prop::sample::Index) {
        let g = u64::from(*index.get(&divisors(h as u32)));
        let d = h * width;
        let count = Decoder::llama((v as u32, d as u32, l as u32), (h as u32, g as u32, width as u32), f as u32).parameters();
        let formula = 2 * v * d + l * (2 * d * d + 2 * d * g * width + 3 * d * f + 2 * d) + d;
        prop_assert_eq!((count.total, count.active), (formula, formula));
    }
}

#[test]
fn every_model_of_the_table_is_possible() {
    for model in &MODELS {
        assert_eq!(model.cache.check(), Ok(()), "{}", model.key);
        assert!(model.active_parameters <= model.parameters && model.context > 0, "{}", model.key);
        assert!(model.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", model.key);
        assert_eq!(MODELS.iter().filter(|other| other.key == model.key).count(), 1, "{}", model.key);
    }
    assert_eq!(MODELS.len(), 27);
}
