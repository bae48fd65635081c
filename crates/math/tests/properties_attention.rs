//! Properties of attention as a recurrence, on 10,000 random inputs each, or exhaustively where that is possible.
#![expect(clippy::float_cmp, reason = "bit-for-bit equality is what is asked for")]

use proptest::prelude::*;
use yansuan_math::MathError;
use yansuan_math::attention::{Attention, Inputs};
use yansuan_math::attention_cost::{
    BigUint, Sizes, Strategy as Cost, checkpoint_memory, checkpoint_scores, digits_of_power_of_two, leaf_reads,
    log10_checkpoint_scores, log10_leaf_reads, log10_recursion_scores_of_token, power_of_two_with_digits,
};
use yansuan_math::attention_kernel::{InputsF32, attend_one, causal_attention};
use yansuan_math::attention_state::{Form, State, overflow_score};
use yansuan_math::flash_tiles::{even_tiles, merge_tree, tiles};
use yansuan_math::linear_attention::{LinearOptions, quadratic, recurrent};
use yansuan_math::multi_state::{Policy, multi_state};
use yansuan_math::reading::{Order, Reading};
use yansuan_math::recursion::{Model, Recursion};
use yansuan_math::rng::SplitMix64;
use yansuan_math::rounding::Format;
use yansuan_math::tape::{Read, length};

/// Ten thousand cases, the same every time, and no file written on failure.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(10_017),
        ..ProptestConfig::default()
    }
}

/// The matrices of a head, owned.
#[derive(Clone, Debug)]
struct Head {
    n: usize,
    q: Vec<f64>,
    k: Vec<f64>,
    v: Vec<f64>,
    d_k: usize,
    d_v: usize,
}

impl Head {
    fn inputs(&self) -> Inputs<'_> {
        Inputs { n: self.n, q: &self.q, k: &self.k, v: &self.v, d_k: self.d_k, d_v: self.d_v, scale: 1.0 }
    }

    fn attention(&self) -> Attention {
        Attention::new(&self.inputs()).expect("legal")
    }
}

/// Up to `longest` tokens of widths up to 4, normal numbers times a gain.
fn heads_up_to(longest: usize, gain: f64) -> impl Strategy<Value = Head> {
    (1..=longest, 1..5_usize, 1..5_usize, any::<u64>(), 0.0..1.0_f64).prop_map(move |(n, d_k, d_v, seed, share)| {
        let mut rng = SplitMix64::new(seed);
        let mut matrix = |len: usize, gain: f64| (0..len).map(|_| rng.normal() * gain).collect::<Vec<f64>>();
        let gain = gain * share;
        Head { n, q: matrix(n * d_k, gain), k: matrix(n * d_k, 1.0), v: matrix(n * d_v, 1.0), d_k, d_v }
    })
}

fn heads() -> impl Strategy<Value = Head> {
    heads_up_to(12, 30.0)
}

/// A row of any finite scores with values: the last row of a triangle whose other scores are 0.
fn rows(scores: impl Strategy<Value = f64>) -> impl Strategy<Value = Attention> {
    let pairs = prop::collection::vec((scores, -5.0..5.0_f64, -5.0..5.0_f64), 1..14);
    pairs.prop_map(|pairs| {
        let n = pairs.len();
        let mut scores = vec![0.0; n * (n - 1) / 2];
        scores.extend(pairs.iter().map(|pair| pair.0));
        let values = pairs.iter().flat_map(|pair| [pair.1, pair.2]).collect();
        Attention::from_scores(n, scores, values, 2).expect("legal")
    })
}

/// Scores of every size: ordinary, large, enormous.
fn any_scores() -> impl Strategy<Value = f64> {
    prop_oneof![-3.0..3.0_f64, -700.0..700.0_f64, -1e308..1e308_f64, Just(-1e308), Just(0.0), Just(f64::MAX)]
}

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Newest), Just(Order::Oldest), any::<u64>().prop_map(|seed| Order::Random { seed })]
}

fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().map(f64::abs).fold(0.0, f64::max)
}

fn outputs_of(states: &[State]) -> Vec<f64> {
    states.iter().flat_map(|state| state.output().expect("something was read")).collect()
}

/// `z` relatively, `y` relatively to what it sums up.
fn near(a: &State, b: &State, relative: f64) -> bool {
    let bulk = 5.0 * a.z();
    a.m() == b.m()
        && (a.z() - b.z()).abs() <= relative * a.z()
        && a.y().iter().zip(b.y()).all(|(a, b)| (a - b).abs() <= relative * bulk)
}

proptest! {
    #![proptest_config(config())]

    /// 1: up to |scores| of some hundred.
    #[test]
    fn the_recurrence_is_the_masked_softmax(head in heads_up_to(12, 60.0), order in orders()) {
        let attention = head.attention();
        let softmax = attention.outputs().expect("finite");
        let read = outputs_of(&Reading { order, ..Reading::default() }.row_ends(&attention).expect("legal"));
        let bound = 1e-12 * largest(head.v.iter().copied()).max(1.0);
        for (a, b) in softmax.iter().zip(&read) {
            prop_assert!((a - b).abs() <= bound, "{a} {b}");
        }
    }

    /// 1 and 3e: any finite scores. 3: in the hull of the values. 5: m is the largest score, 1 ≤ z ≤ i.
    #[test]
    fn the_safe_form_holds_for_any_finite_scores(attention in rows(any_scores()), order in orders()) {
        let i = attention.len() - 1;
        let softmax = attention.outputs().expect("finite");
        let states = Reading { order, ..Reading::default() }.row_ends(&attention).expect("legal");
        let last = &states[i];
        let top = attention.scores(i).iter().copied().fold(f64::NEG_INFINITY, f64::max);
        prop_assert_eq!(last.m(), top);
        prop_assert!(last.z() >= 1.0 && last.z() <= attention.len() as f64, "{}", last.z());
        for (row, state) in softmax.chunks_exact(2).zip(&states) {
            let output = state.output().expect("read");
            for (column, (a, b)) in row.iter().zip(&output).enumerate() {
                prop_assert!((a - b).abs() <= 5e-12, "{a} {b}");
                let column: Vec<f64> = (0..=i).map(|j| attention.value(j)[column]).collect();
                let low = column.iter().copied().fold(f64::INFINITY, f64::min);
                let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                // Some roundings of a sum of at most 13.
                prop_assert!(*a >= low - 1e-14 && *a <= high + 1e-14);
                prop_assert!(*b >= low - 1e-14 && *b <= high + 1e-14);
            }
        }
    }

    /// 2: reading order, and any split with any bracketing of the merges.
    #[test]
    fn order_and_splits_do_not_matter(attention in rows(any_scores()), order in orders(), cuts in prop::collection::vec(0.0..=1.0_f64, 0..6)) {
        let i = attention.len() - 1;
        let whole = tiles(&attention, i, &[]).expect("legal").remove(0).state;
        let read = Reading { order, ..Reading::default() }.row_ends(&attention).expect("legal");
        prop_assert!(near(&whole, &read[i], 1e-12));
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| (cut * (i + 1) as f64) as usize).collect();
        cuts.sort_unstable();
        let parts = tiles(&attention, i, &cuts).expect("legal");
        prop_assert_eq!(parts.len(), cuts.len() + 1);
        let tree = merge_tree(parts.clone()).expect("same widths");
        let root = &tree[tree.len() - 1];
        prop_assert_eq!(root.len(), 1);
        prop_assert_eq!(&root[0].keys, &(0..i + 1));
        prop_assert!(near(&whole, &root[0].state, 1e-12));
        // One after the other, backwards: commutativity and associativity at once.
        let mut backwards = State::new(Form::Safe, Format::F64, 2);
        for part in parts.iter().rev() {
            backwards = part.state.merge(&backwards).expect("same widths");
        }
        prop_assert!(near(&whole, &backwards, 1e-12));
        for size in 1..=i + 2 {
            let tree = merge_tree(even_tiles(&attention, i, size).expect("legal")).expect("same widths");
            prop_assert!(near(&whole, &tree[tree.len() - 1][0].state, 1e-12));
        }
    }

    /// 2: the monoid itself.
    #[test]
    fn merging_is_a_commutative_monoid(parts in prop::collection::vec((any_scores(), 1.0..20.0_f64, -5.0..5.0_f64), 3)) {
        let state = |at: usize| {
            let (m, z, y): (f64, f64, f64) = parts[at];
            State::from_parts(m, z, vec![y * z])
        };
        let [a, b, c] = [0, 1, 2].map(state);
        let merge = |a: &State, b: &State| a.merge(b).expect("same widths");
        prop_assert_eq!(merge(&a, &b), merge(&b, &a));
        prop_assert!(near(&merge(&merge(&a, &b), &c), &merge(&a, &merge(&b, &c)), 1e-12));
        let identity = State::new(Form::Safe, Format::F64, 1);
        prop_assert_eq!(merge(&a, &identity), a.clone());
        prop_assert_eq!(merge(&identity, &a), a);
    }

    /// 4.
    #[test]
    fn the_first_token_gives_its_value_whatever_the_score(score in any_scores(), value in any::<f64>()) {
        prop_assume!(value.is_finite());
        let attention = Attention::from_scores(1, vec![score], vec![value], 1).expect("legal");
        prop_assert_eq!(attention.outputs(), Ok(vec![value]));
        let ends = Reading::default().row_ends(&attention).expect("legal");
        prop_assert_eq!(ends[0].output(), Some(vec![value]));
    }

    /// 5.
    #[test]
    fn a_constant_added_to_all_scores_moves_only_the_reference(attention in rows(-300.0..300.0_f64), c in -300..300_i32) {
        let c = f64::from(c);
        let n = attention.len();
        let scores: Vec<f64> = (0..n).flat_map(|i| attention.scores(i).iter().map(|score| score + c)).collect();
        let values: Vec<f64> = (0..n).flat_map(|j| attention.value(j).to_vec()).collect();
        let moved = Attention::from_scores(n, scores, values, 2).expect("legal");
        let [before, after] = [&attention, &moved].map(|attention| Reading::default().row_ends(attention).expect("legal"));
        for (a, b) in before.iter().zip(&after) {
            prop_assert_eq!(a.m() + c, b.m());
            prop_assert!((a.log_sum_exp() + c - b.log_sum_exp()).abs() <= 1e-12 * 700.0);
            // The rounding of σ + c moves each weight by 600·ε.
            for (a, b) in a.output().expect("read").iter().zip(b.output().expect("read")) {
                prop_assert!((a - b).abs() <= 1e-11);
            }
        }
    }

    /// 6.
    #[test]
    fn a_later_token_changes_nothing_before(head in heads(), at in 0.0..1.0_f64, noise in -9.0..9.0_f64) {
        let j = (at * head.n as f64) as usize;
        let mut changed = head.clone();
        for x in changed.q[j * head.d_k..].iter_mut().chain(&mut changed.k[j * head.d_k..]).chain(&mut changed.v[j * head.d_v..]) {
            *x += noise;
        }
        let [before, after] = [&head, &changed].map(Head::attention);
        let cut = j * head.d_v;
        prop_assert_eq!(&before.outputs().expect("finite")[..cut], &after.outputs().expect("finite")[..cut]);
        let read = |attention: &Attention| {
            let order = Order::Random { seed: 3 };
            Reading { order, ..Reading::default() }.row_ends(attention).expect("legal")
        };
        prop_assert_eq!(&read(&before)[..j], &read(&after)[..j]);
        let single = |head: &Head| {
            let [q, k, v] = [&head.q, &head.k, &head.v].map(|x| x.iter().map(|&x| x as f32).collect::<Vec<f32>>());
            causal_attention(&InputsF32 { q: &q, k: &k, v: &v, d_k: head.d_k, d_v: head.d_v, scale: 1.0 }).expect("legal")
        };
        prop_assert_eq!(&single(&head)[..cut], &single(&changed)[..cut]);
    }

    /// 7.
    #[test]
    fn steps_and_reads_are_one_to_one(s in 1..=1_000_000_000_000_000_000_u64, any in any::<u64>()) {
        for s in [s, any.max(1)] {
            let read = Read::at(s).expect("not 0");
            prop_assert!(read.t >= 1 && read.t <= read.i);
            prop_assert_eq!(read.step(), Some(s));
            prop_assert_eq!(read.newest_first(), read.i - read.t + 1);
            // The neighbours at both ends of the row.
            let i = read.i;
            let first = Read { i, t: 1 }.step().expect("in range");
            prop_assert_eq!(u128::from(first), length(i - 1) + 1);
            prop_assert_eq!(Read::at(first), Some(Read { i, t: 1 }));
            if i > 1 {
                prop_assert_eq!(Read::at(first - 1), Some(Read { i: i - 1, t: i - 1 }));
            }
        }
    }

    /// 8: exact sums, and logarithms of any size.
    #[test]
    fn counts_add_up_and_have_their_logarithms(layers in 0..40_u64, l in 0..200_u64) {
        for strategy in Cost::ALL {
            let sum: BigUint = (1..=l).map(|i| strategy.scores_of_token(layers, i)).sum();
            let total = strategy.scores(layers, l);
            prop_assert_eq!(&sum, &total);
            let log10 = strategy.log10_scores(layers, l);
            prop_assert!(is_log10(log10, &total), "{strategy:?} {layers} {l}: {log10}");
        }
        prop_assert!(is_log10(log10_leaf_reads(layers, l), &leaf_reads(layers, l)));
        prop_assert!(is_log10(log10_recursion_scores_of_token(layers, l), &Cost::FullRecursion.scores_of_token(layers, l)));
        prop_assert_eq!(Cost::FullRecursion.scores(1, l), BigUint::from(l * (l + 1) / 2));
        // A score of layer ℓ+1 is a call of layer ℓ: what the leaves are for N is what layer N scores.
        let by_layer: BigUint = (1..=layers).map(|below| leaf_reads(below, l)).sum();
        prop_assert_eq!(by_layer, if l == 0 { BigUint::ZERO } else { Cost::FullRecursion.scores_of_token(layers, l) });
    }

    /// Checkpoints: the ends gain nothing, the middle the most; the logarithm fits.
    #[test]
    fn a_kept_layer_splits_the_recursion(layers in 1..40_u64, l in 1..200_u64) {
        let all = Cost::FullRecursion.scores(layers, l);
        let kept = |c: u64| checkpoint_scores(layers, c, l).expect("a layer");
        prop_assert_eq!(kept(0), all.clone());
        prop_assert_eq!(kept(layers), all);
        for c in 0..=layers {
            prop_assert_eq!(kept(c), kept(layers - c));
            prop_assert!(kept(c) >= kept(layers / 2));
            let log10 = log10_checkpoint_scores(layers, c, l).expect("a layer");
            prop_assert!(is_log10(log10, &kept(c)), "{layers} {c} {l}");
        }
        prop_assert_eq!(checkpoint_scores(layers, layers + 1, l), Err(MathError::NoSuchLayer { layer: layers + 1, layers }));
        let sizes = Sizes { layers, d_model: 6, d_k: 2, d_v: 3 };
        let half = checkpoint_memory(sizes, layers / 2, l).expect("a layer");
        let frames = u128::from(layers.div_ceil(2)) * 13 + 12;
        prop_assert_eq!(half.numbers, frames + 6 * u128::from(l));
    }

    /// 9.
    #[test]
    fn linear_attention_is_its_quadratic_form(head in heads_up_to(12, 3.0), decay in 0.0..=1.0_f64, normalise in any::<bool>()) {
        for decay in [decay, 0.0, 1.0] {
            let options = LinearOptions { decay, normalise };
            let linear = recurrent(&head.inputs(), options).expect("legal");
            let form = quadratic(&head.inputs(), options).expect("legal");
            prop_assert_eq!(linear.outputs.len(), form.len());
            let bulk = largest(form.iter().copied()).max(largest(head.v.iter().copied())) * if normalise { 1.0 } else { 1e2 };
            for (a, b) in linear.outputs.iter().zip(&form) {
                prop_assert!((a - b).abs() <= 1e-12 * bulk.max(1.0), "{a} {b}");
            }
            prop_assert_eq!(linear.state.s.len(), head.d_k * head.d_v);
        }
    }

    /// 10.
    #[test]
    fn a_cache_with_room_for_all_is_attention_and_a_smaller_one_keeps_its_cap(head in heads(), cap in 1..14_usize, sinks in 0..5_usize) {
        let attention = head.attention();
        let full = attention.outputs().expect("finite");
        for policy in [Policy::Window, Policy::WindowSinks { sinks }, Policy::Tova, Policy::H2o] {
            let roomy = multi_state(&attention, policy, head.n).expect("legal");
            prop_assert_eq!(&roomy.outputs, &full);
            prop_assert_eq!(roomy.largest_error(&full), 0.0);
            let got = multi_state(&attention, policy, cap).expect("legal");
            prop_assert_eq!(got.kept.len(), head.n);
            for (i, kept) in got.kept.iter().enumerate() {
                prop_assert_eq!(kept.len(), cap.min(i + 1));
                prop_assert!(kept.windows(2).all(|pair| pair[0] < pair[1]) && kept.iter().all(|&j| j <= i));
                match policy {
                    Policy::Window => prop_assert_eq!(kept[0], (i + 1).saturating_sub(cap)),
                    Policy::WindowSinks { sinks } => {
                        let stay = sinks.min(cap).min(i + 1);
                        prop_assert!(kept[..stay].iter().copied().eq(0..stay));
                    }
                    Policy::Tova => {}
                    Policy::H2o => prop_assert_eq!(kept[kept.len() - 1], i),
                }
                // Nothing that was dropped comes back.
                if i > 0 {
                    prop_assert!(kept.iter().all(|j| *j == i || got.kept[i - 1].contains(j)));
                }
            }
        }
    }

    /// 11, and the dial is no ornament.
    #[test]
    fn without_carrying_the_rows_are_attention_bit_for_bit(head in heads(), order in orders(), carry in 0.01..=1.0_f64) {
        let attention = head.attention();
        for form in [Form::Safe, Form::Raw] {
            let reading = Reading { order, form, ..Reading::default() };
            let ends = reading.row_ends(&attention).expect("legal");
            for (i, end) in ends.iter().enumerate() {
                let mut alone = State::new(form, Format::F64, head.d_v);
                for key in order.keys(i) {
                    alone.push(attention.scores(i)[key], attention.value(key)).expect("legal");
                }
                prop_assert_eq!(&alone, end);
                prop_assert!(alone.y().iter().zip(end.y()).all(|(a, b)| a.to_bits() == b.to_bits()));
            }
            let carried = Reading { carry, ..reading }.row_ends(&attention).expect("legal");
            prop_assert_eq!(&carried[0], &ends[0]);
        }
        // Carried: the sums of the row and λ times those of the row before.
        let reading = Reading { order, ..Reading::default() };
        let ends = reading.row_ends(&attention).expect("legal");
        let carried = Reading { carry, ..reading }.row_ends(&attention).expect("legal");
        let mut below: Option<(f64, Vec<f64>)> = None;
        for (end, carried) in ends.iter().zip(&carried) {
            let (own, output) = (end.log_sum_exp(), end.output().expect("read"));
            let (expected, mean) = match below {
                None => (own, output),
                Some((sum, mean)) => {
                    // Two sums, one λ times: ln(e^own + λ e^sum), and the mean of both outputs with these weights.
                    let old = sum + carry.ln();
                    let top = own.max(old);
                    let (a, b) = ((own - top).exp(), (old - top).exp());
                    let mean = output.iter().zip(&mean).map(|(x, y)| (a * x + b * y) / (a + b)).collect();
                    (top + (a + b).ln(), mean)
                }
            };
            let relative = 1e-11 * expected.abs().max(1.0);
            prop_assert!((expected - carried.log_sum_exp()).abs() <= relative);
            for (a, b) in mean.iter().zip(carried.output().expect("read")) {
                prop_assert!((a - b).abs() <= 10.0 * relative, "{a} {b}");
            }
            prop_assert!(carried.z() >= 1.0);
            below = Some((expected, mean));
        }
    }

    /// In every format the safe form stays finite where the raw one breaks.
    #[test]
    fn formats_break_only_the_raw_form(score in -60_000.0..60_000.0_f64, value in -100.0..100.0_f64) {
        for format in Format::ALL {
            let mut states = [Form::Safe, Form::Raw].map(|form| State::new(form, format, 1));
            for state in &mut states {
                state.push(score, &[value]).expect("legal");
                state.push(score - 1.0, &[-value]).expect("legal");
            }
            let [safe, raw] = states;
            prop_assert!(safe.z() >= 1.0 && safe.z() <= 2.0 && safe.output().is_some());
            prop_assert_eq!(safe.m(), format.round(score));
            for number in [safe.z(), safe.y()[0]] {
                prop_assert!(format.is_exact(number));
            }
            let rounded = format.round(score);
            if rounded > overflow_score(format) + 0.01 {
                prop_assert!(raw.z().is_infinite() && raw.output().is_none());
            } else if rounded < overflow_score(format) - 1.0 {
                prop_assert!(raw.z().is_finite());
            }
        }
    }

    /// The digits of 2^x, where they can be counted in another way.
    #[test]
    fn powers_of_two_have_their_digits(x in 0..2000_u64, huge in any::<u64>()) {
        let digits = (BigUint::from(1_u32) << x).to_string().len() as u64;
        prop_assert_eq!(digits_of_power_of_two(x), digits);
        let least = power_of_two_with_digits(digits).expect("in range");
        prop_assert!(least <= x && (least == 0 || digits_of_power_of_two(least - 1) < digits));
        // One step adds a digit or none.
        let huge = huge.saturating_sub(1);
        let step = digits_of_power_of_two(huge + 1) - digits_of_power_of_two(huge);
        prop_assert!(step <= 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..config() })]

    /// The kernels in single precision, of every length around a tile and every width.
    #[test]
    fn the_fast_kernels_are_the_slow_one(n in 1..200_usize, d_k in 1..40_usize, d_v in 1..40_usize, gain in 0.0..10.0_f64, seed in any::<u64>()) {
        let mut rng = SplitMix64::new(seed);
        let mut matrix = |len: usize| (0..len).map(|_| rng.normal() as f32).collect::<Vec<f32>>();
        let (q, k, v) = (matrix(n * d_k), matrix(n * d_k), matrix(n * d_v));
        let scale = (gain / (d_k as f64).sqrt()) as f32;
        let single = InputsF32 { q: &q, k: &k, v: &v, d_k, d_v, scale };
        let [q64, k64, v64] = [&q, &k, &v].map(|x| x.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>());
        let exact = Inputs { n, q: &q64, k: &k64, v: &v64, d_k, d_v, scale: f64::from(scale) };
        let exact = Attention::new(&exact).and_then(|attention| attention.outputs()).expect("legal");
        let bound = 1e-5 * largest(v64.iter().copied());
        let got = causal_attention(&single).expect("legal");
        prop_assert_eq!(got.len(), exact.len());
        for (a, b) in got.iter().zip(&exact) {
            prop_assert!((f64::from(*a) - b).abs() <= bound, "{a} {b}");
        }
        let last = InputsF32 { q: &q[(n - 1) * d_k..], ..single };
        let got = attend_one(&last).expect("legal");
        prop_assert_eq!(got.len(), d_v);
        for (a, b) in got.iter().zip(&exact[(n - 1) * d_v..]) {
            prop_assert!((f64::from(*a) - b).abs() <= bound, "{a} {b}");
        }
    }

    /// 8: the output of the recursion is that with a cache.
    #[test]
    fn recursion_gives_what_the_cache_gives(layers in 0..=4_usize, n in 0..=6_usize, d_model in 1..5_usize, d_k in 0..4_usize, d_v in 0..4_usize, seed in any::<u64>()) {
        let model = Model::random(layers, d_model, d_k, d_v, 5, seed);
        let ids: Vec<usize> = (0..n).map(|at| (seed >> (8 * at)) as usize % 5).collect();
        let hidden = model.forward(&ids).expect("finite");
        let mut machine = Recursion::new(model, &ids).expect("short");
        machine.run(u64::MAX).expect("finite");
        prop_assert!(machine.is_done());
        prop_assert_eq!(machine.outputs().len(), hidden[layers].len());
        let bulk = largest(hidden[layers].iter().copied()).max(1.0);
        for (a, b) in machine.outputs().iter().zip(&hidden[layers]) {
            prop_assert!((a - b).abs() <= 1e-11 * bulk, "{a} {b}");
        }
    }
}

/// Is this the logarithm of the count, to nine places?
fn is_log10(log10: f64, count: &BigUint) -> bool {
    if *count == BigUint::ZERO {
        return log10 == f64::NEG_INFINITY;
    }
    let digits = count.to_string();
    let head: f64 = digits[..digits.len().min(17)].parse().expect("digits");
    (log10 - head.log10() - digits.len().saturating_sub(17) as f64).abs() <= 1e-9
}

/// 8: the counters of the machine against the binomials, layer by layer, at every moment.
#[test]
fn the_machine_counts_the_binomials() {
    for layers in 0..=4_u64 {
        for l in 0..=6_u64 {
            let model = Model::random(usize::try_from(layers).expect("small"), 3, 2, 2, 3, 9);
            let ids: Vec<usize> = (0..l).map(|at| usize::try_from(at % 3).expect("small")).collect();
            let total = model.recursion_scores(ids.len());
            let mut machine = Recursion::new(model, &ids).expect("short");
            let mut steps = 0_u64;
            while let Some(evaluated) = machine.advance().expect("finite") {
                steps += 1;
                assert_eq!(machine.counters().total_scores(), steps);
                let stack: Vec<_> = machine.stack().collect();
                assert_eq!(stack.len() as u64, layers + 1 - evaluated.layer as u64);
                let (layer, frame) = stack[stack.len() - 1];
                assert_eq!((layer, frame.i, frame.t), (evaluated.layer, evaluated.i, evaluated.t));
                assert!(evaluated.j() >= 1 && evaluated.j() <= evaluated.i);
                assert!(frame.state.z() >= 1.0 && frame.state.z() <= frame.t as f64);
                // Each frame computes the key that the one above has asked for.
                for pair in stack.windows(2) {
                    assert_eq!(pair[1].1.i, pair[0].1.i - pair[0].1.t);
                }
            }
            assert_eq!(BigUint::from(steps), total);
            assert_eq!(Cost::FullRecursion.scores(layers, l), total);
            let counters = machine.counters();
            assert_eq!(counters.peak_depth as u64, if l == 0 { 0 } else { layers });
            assert_eq!(machine.costs().len() as u64, l);
            for (cost, i) in machine.costs().iter().zip(1..) {
                assert_eq!(BigUint::from(cost.scores), Cost::FullRecursion.scores_of_token(layers, i));
                assert_eq!(BigUint::from(cost.leaf_reads), leaf_reads(layers, i));
            }
            // Layer by layer: the scores of a layer are the calls of the one below, the lowest reads the input.
            for below in 1..counters.scores.len() {
                assert_eq!(counters.scores[below], counters.calls[below - 1]);
            }
            if layers > 0 {
                assert_eq!(counters.scores[0], counters.leaf_reads);
                assert_eq!(counters.calls[counters.calls.len() - 1], l);
            }
        }
    }
}

/// 7, exhaustively at the beginning.
#[test]
fn the_tape_begins_as_in_the_post() {
    let mut s = 0;
    for i in 1..=500 {
        for t in 1..=i {
            s += 1;
            let read = Read::at(s).expect("not 0");
            assert_eq!(read, Read { i, t });
            assert_eq!((read.begins_row(), read.ends_row()), (t == 1, t == i));
        }
        assert_eq!(u128::from(s), length(i));
    }
}

/// Where `x·log10 2` comes nearest to a whole number, so that a wrong last bit would show; with 80 digits computed
/// elsewhere.
#[test]
fn digits_are_exact_where_rounding_would_err() {
    let facts = [
        (0, 1),
        (1000, 302),
        (4_354_114, 1_310_719),
        (4_354_115, 1_310_720),
        (112_404_439_328_411_815, 33_837_107_883_644_047), // …046.0000000000000000016
        (1_876_500_469_327_782_617, 564_882_928_145_201_079), // …078.99999999999999999978
        (4_415_969_241_540_963_378, 1_329_339_201_633_350_534), // …533.000000000000000000027
        (17_663_876_966_163_853_512, 5_317_356_806_533_402_133), // …132.00000000000000000011
        (u64::MAX, 5_553_023_288_523_357_132),
    ];
    for (x, digits) in facts {
        assert_eq!(digits_of_power_of_two(x), digits, "2^{x}");
    }
    assert_eq!(power_of_two_with_digits(1_310_720), Some(4_354_115));
    assert_eq!(power_of_two_with_digits(0), Some(0));
    assert_eq!(power_of_two_with_digits(u64::MAX), None);
}
