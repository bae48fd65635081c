//! Bad and extreme inputs of the attention widget, one test for each line of the spec's list, and its published figures.
#![expect(clippy::float_cmp, reason = "exact values are what is asked for")]

use serde_json::Value;
use yansuan_math::MathError;
use yansuan_math::attention::{Attention, Inputs};
use yansuan_math::attention_cost::{
    BigUint, LOG10_ATOMS, LOG10_SHOWN, Memory, Sizes, Strategy, digits_of_power_of_two, leaf_reads, log10_leaf_reads,
    log10_recursion_scores_of_token, power_of_two_with_digits,
};
use yansuan_math::attention_kernel::{InputsF32, attend_one, causal_attention};
use yansuan_math::attention_state::{Form, State};
use yansuan_math::linear_attention::{LinearOptions, quadratic, recurrent};
use yansuan_math::multi_state::{Policy, multi_state};
use yansuan_math::reading::{Order, Reading};
use yansuan_math::recursion::{Model, Recursion, SCORES_LIMIT, check_steps};
use yansuan_math::rounding::Format;

/// One head of widths 1.
fn single<'a>(q: &'a [f64], k: &'a [f64], v: &'a [f64]) -> Inputs<'a> {
    Inputs { n: q.len(), q, k, v, d_k: 1, d_v: 1, scale: 1.0 }
}

fn single_f32<'a>(q: &'a [f32], k: &'a [f32], v: &'a [f32]) -> InputsF32<'a> {
    InputsF32 { q, k, v, d_k: 1, d_v: 1, scale: 1.0 }
}

const POLICIES: [Policy; 4] = [Policy::Window, Policy::WindowSinks { sinks: 1 }, Policy::Tova, Policy::H2o];

/// The kind by which the golden file calls an error.
fn kind(error: &MathError) -> &'static str {
    match error {
        MathError::ShapeMismatch { .. } => "shape_mismatch",
        MathError::NonFiniteScore { .. } => "nonfinite_score",
        MathError::EmptyRow { .. } => "empty_row",
        MathError::TooManySteps { .. } => "too_many_steps",
        MathError::CapBelowOne => "cap_below_1",
        other => panic!("{other:?} is not covered"),
    }
}

fn attention_outcome(input: &Value) -> Result<(), MathError> {
    if input["mask"] == "all keys hidden" {
        return Attention::masked(&single(&[0.5], &[1.0], &[2.0]), |_, _| true).map(|_| ());
    }
    let rows = |key: &str| input[key].as_array().expect("rows").clone();
    let matrix = |key: &str| -> Vec<f64> {
        rows(key).iter().flat_map(|row| row.as_array().expect("a row").iter().map(|x| x.as_f64().expect("a number"))).collect()
    };
    let width = |key: &str| rows(key).first().map_or(0, |row| row.as_array().expect("a row").len());
    let (q, k, v) = (matrix("q"), matrix("k"), matrix("v"));
    let inputs = Inputs { n: rows("q").len(), q: &q, k: &k, v: &v, d_k: width("q"), d_v: width("v"), scale: 1.0 };
    let attention = Attention::new(&inputs)?;
    let outputs = attention.outputs()?;
    if inputs.n <= 1 {
        // No token or one: the values themselves.
        assert_eq!(outputs, v);
    }
    Ok(())
}

#[test]
fn the_bad_inputs_of_the_golden_file_have_their_outcomes() {
    let path = format!("{}/../../tests/golden/common/bad_inputs.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let mut checked = 0;
    for case in file["cases"].as_array().expect("a list") {
        let input = &case["input"];
        let [layers, l] = ["layers", "L"].map(|key| input[key].as_u64().unwrap_or_default());
        let outcome = match case["target"].as_str().expect("a target") {
            "w3.attention" => attention_outcome(input),
            "w3.cost" => {
                assert_eq!(Strategy::FullRecursion.scores(layers, l), BigUint::ZERO);
                assert_eq!(leaf_reads(layers, l), BigUint::from(1_u32));
                Ok(())
            }
            "w3.recurse" => {
                let tokens = vec![0; usize::try_from(l).expect("small")];
                let model = Model::random(usize::try_from(layers).expect("small"), 4, 2, 2, 1, 1);
                Recursion::new(model, &tokens).map(|_| ())
            }
            "w3.multistate" => {
                let attention = Attention::new(&single(&[1.0], &[1.0], &[1.0])).expect("legal");
                let cap = usize::try_from(input["cap"].as_u64().expect("a count")).expect("small");
                multi_state(&attention, Policy::Tova, cap).map(|_| ())
            }
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
    assert_eq!(checked, 8);
}

#[test]
fn no_tokens_give_nothing_everywhere() {
    let inputs = single(&[], &[], &[]);
    let attention = Attention::new(&inputs).expect("legal");
    assert!(attention.is_empty());
    assert_eq!(attention.outputs(), Ok(Vec::new()));
    assert_eq!(attention.weights(0), Err(MathError::TargetOutOfRange { target: 0, len: 0 }));
    assert!(attention.scores(0).is_empty() && attention.value(0).is_empty());
    assert_eq!(Reading::default().trace(&attention), Ok(Vec::new()));
    assert_eq!(Reading::default().row_ends(&attention), Ok(Vec::new()));
    for policy in POLICIES {
        let got = multi_state(&attention, policy, 1).expect("legal");
        assert!(got.outputs.is_empty() && got.kept.is_empty());
    }
    let options = LinearOptions { decay: 1.0, normalise: true };
    assert_eq!(recurrent(&inputs, options).map(|linear| linear.outputs), Ok(Vec::new()));
    assert_eq!(quadratic(&inputs, options), Ok(Vec::new()));
    assert_eq!(causal_attention(&single_f32(&[], &[], &[])), Ok(Vec::new()));
    assert_eq!(attend_one(&single_f32(&[1.0], &[], &[])), Err(MathError::EmptyRow { row: 0 }));
    let mut machine = Recursion::new(Model::random(3, 2, 2, 2, 0, 1), &[]).expect("legal");
    assert_eq!((machine.is_done(), machine.advance()), (true, Ok(None)));
    assert_eq!(Model::random(2, 0, 0, 0, 0, 1).forward(&[]), Ok(vec![Vec::new(); 3]));
    for strategy in Strategy::ALL {
        assert_eq!(strategy.scores(7, 0), BigUint::ZERO);
        assert_eq!(strategy.scores_of_token(7, 0), BigUint::ZERO);
        assert_eq!(strategy.log10_scores(7, 0), f64::NEG_INFINITY);
        assert_eq!(strategy.scores(0, 7), BigUint::ZERO);
        assert_eq!(strategy.log10_scores(0, 7), f64::NEG_INFINITY);
    }
    assert_eq!((leaf_reads(3, 0), log10_leaf_reads(3, 0)), (BigUint::ZERO, f64::NEG_INFINITY));
}

#[test]
fn a_matrix_of_the_wrong_size_is_named() {
    let mismatch = |field, expected, found| MathError::ShapeMismatch { field, expected, found };
    let whole = [1.0, 2.0];
    let part = [1.0];
    let check = |q, k, v| Attention::new(&Inputs { n: 2, q, k, v, d_k: 1, d_v: 1, scale: 1.0 }).err();
    assert_eq!(check(&part, &whole, &whole), Some(mismatch("q", 2, 1)));
    assert_eq!(check(&whole, &part, &whole), Some(mismatch("k", 2, 1)));
    assert_eq!(check(&whole, &whole, &part), Some(mismatch("v", 2, 1)));
    let huge = Inputs { n: usize::MAX, q: &part, k: &part, v: &part, d_k: 2, d_v: 2, scale: 1.0 };
    assert_eq!(Attention::new(&huge).err(), Some(mismatch("q", usize::MAX, 1)));
    assert_eq!(Attention::from_scores(2, vec![0.0; 4], vec![0.0; 2], 1).err(), Some(mismatch("scores", 3, 4)));
    let options = LinearOptions { decay: 1.0, normalise: false };
    let inputs = Inputs { n: 2, q: &whole, k: &part, v: &whole, d_k: 1, d_v: 1, scale: 1.0 };
    assert_eq!(recurrent(&inputs, options).err(), Some(mismatch("k", 2, 1)));
    assert_eq!(quadratic(&inputs, options).err(), Some(mismatch("k", 2, 1)));
    assert_eq!(causal_attention(&single_f32(&[1.0, 2.0], &[1.0], &[1.0, 2.0])), Err(mismatch("k", 2, 1)));
    assert_eq!(attend_one(&single_f32(&[1.0], &[1.0, 2.0], &[1.0])), Err(mismatch("v", 2, 1)));
    assert_eq!(attend_one(&single_f32(&[1.0, 3.0], &[1.0], &[1.0])), Err(mismatch("q", 1, 2)));
    let none = InputsF32 { d_k: 0, ..single_f32(&[], &[], &[]) };
    assert_eq!(causal_attention(&none), Err(MathError::Empty));
    let mut model = Model::random(2, 3, 2, 2, 4, 1);
    model.layers[1].wv.pop();
    assert_eq!(model.forward(&[0]).err(), Some(mismatch("Wv", 6, 5)));
    assert_eq!(Recursion::new(model, &[0]).err(), Some(mismatch("Wv", 6, 5)));
    let mut state = State::new(Form::Safe, Format::F64, 2);
    let lengths = MathError::LengthMismatch { left: 1, right: 2 };
    assert_eq!(state.push(0.0, &[1.0]), Err(lengths));
    assert!(state.merge(&State::new(Form::Safe, Format::F64, 3)).is_err());
}

#[test]
fn a_number_that_is_none_is_named() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let (good, spoilt) = ([1.0, 2.0], [1.0, bad]);
        for (field, inputs) in
            [("q", single(&spoilt, &good, &good)), ("k", single(&good, &spoilt, &good)), ("v", single(&good, &good, &spoilt))]
        {
            let named = |error: Option<MathError>| matches!(error, Some(MathError::EntryNotFinite { field: f, index: 1, .. }) if f == field);
            assert!(named(Attention::new(&inputs).err()), "{field} {bad}");
            assert!(named(recurrent(&inputs, LinearOptions { decay: 1.0, normalise: true }).err()));
            let [q, k, v] = [inputs.q, inputs.k, inputs.v].map(|x| x.iter().map(|&x| x as f32).collect::<Vec<f32>>());
            assert!(named(causal_attention(&single_f32(&q, &k, &v)).err()), "{field} {bad}");
        }
        let scaled = Inputs { scale: bad, ..single(&good, &good, &good) };
        assert!(matches!(Attention::new(&scaled), Err(MathError::EntryNotFinite { field: "scale", index: 0, .. })));
        let scaled = InputsF32 { scale: bad as f32, ..single_f32(&[1.0], &[1.0], &[1.0]) };
        assert!(matches!(causal_attention(&scaled), Err(MathError::EntryNotFinite { field: "scale", .. })));
        assert!(matches!(attend_one(&scaled), Err(MathError::EntryNotFinite { field: "scale", .. })));
        let mut model = Model::random(1, 2, 2, 2, 2, 1);
        model.layers[0].wo[3] = bad;
        assert!(matches!(model.forward(&[0]), Err(MathError::EntryNotFinite { field: "Wo", index: 3, .. })));
        let mut state = State::new(Form::Safe, Format::F64, 1);
        let pushed = state.push(bad, &[1.0]);
        assert_eq!(pushed.is_ok(), bad == f64::NEG_INFINITY);
        assert_eq!(state, State::new(Form::Safe, Format::F64, 1), "a bad score leaves the state as it was");
    }
    for decay in [-0.1, 1.1, f64::NAN] {
        let options = LinearOptions { decay, normalise: true };
        assert!(matches!(recurrent(&single(&[], &[], &[]), options), Err(MathError::ParameterOutOfRange(_))));
        let attention = Attention::new(&single(&[], &[], &[])).expect("legal");
        let reading = Reading { carry: decay, ..Reading::default() };
        assert!(matches!(reading.row_ends(&attention), Err(MathError::ParameterOutOfRange(_))));
    }
    assert_eq!(Model::random(1, 2, 2, 2, 2, 1).forward(&[0, 2]), Err(MathError::TargetOutOfRange { target: 2, len: 2 }));
}

#[test]
fn a_score_that_overflows_names_its_pair() {
    let named = |query, key, value| MathError::NonFiniteScore { query, key, value };
    let overflow = Attention::new(&single(&[0.0, 1e200], &[1e200, 1.0], &[1.0, 1.0]));
    assert_eq!(overflow, Err(named(1, 0, f64::INFINITY)));
    // +∞ and −∞ in one sum.
    let inputs = Inputs { n: 1, q: &[1e200, 1e200], k: &[1e200, -1e200], v: &[1.0], d_k: 2, d_v: 1, scale: 1.0 };
    assert!(matches!(Attention::new(&inputs), Err(MathError::NonFiniteScore { query: 0, key: 0, value }) if value.is_nan()));
    let scores = vec![0.0, f64::INFINITY, 0.0];
    assert_eq!(Attention::from_scores(2, scores, vec![0.0; 2], 1), Err(named(1, 0, f64::INFINITY)));
    let single_precision = causal_attention(&single_f32(&[0.0, 1e30], &[-1e30, 1.0], &[1.0, 1.0]));
    assert_eq!(single_precision, Err(named(1, 0, f64::NEG_INFINITY)));
    assert_eq!(attend_one(&single_f32(&[1e30], &[1.0, 1e30], &[1.0; 2])), Err(named(0, 1, f64::INFINITY)));
    // A pair that is never read may overflow: key 1 comes after query 0.
    let hidden = single_f32(&[1e30, 0.0], &[1.0, 1e30], &[2.0, 4.0]);
    assert_eq!(causal_attention(&hidden), Ok(vec![2.0, 3.0]));
    let mut model = Model::random(2, 1, 1, 1, 2, 1);
    model.emb = vec![1.0, 1e200];
    model.layers[0].wq = vec![1.0];
    model.layers[0].wk = vec![1.0];
    assert_eq!(model.forward(&[0, 1]), Err(named(1, 1, f64::INFINITY)));
    let mut machine = Recursion::new(model, &[0, 1]).expect("short");
    assert_eq!(machine.run(u64::MAX), Err(named(1, 1, f64::INFINITY)));
    let stuck = machine.clone();
    assert_eq!(machine.advance(), Err(named(1, 1, f64::INFINITY)));
    assert_eq!(machine, stuck, "it stays where it is");
    // f16 has no score of 70,000.
    let attention = Attention::from_scores(1, vec![7e4], vec![1.0], 1).expect("legal");
    let reading = Reading { format: Format::F16, ..Reading::default() };
    assert_eq!(reading.row_ends(&attention), Err(named(0, 0, f64::INFINITY)));
    let attention = Attention::from_scores(1, vec![1.0], vec![7e4], 1).expect("legal");
    assert_eq!(reading.row_ends(&attention), Err(MathError::EntryNotFinite { field: "v", index: 0, value: 7e4 }));
}

#[test]
fn a_row_that_reads_nothing_is_an_error_and_never_nothing_over_nothing() {
    let inputs = single(&[1.0; 3], &[1.0; 3], &[1.0, 2.0, 3.0]);
    assert_eq!(Attention::masked(&inputs, |i, _| i == 1), Err(MathError::EmptyRow { row: 1 }));
    assert_eq!(Attention::masked(&inputs, |_, _| true), Err(MathError::EmptyRow { row: 0 }));
    let scores = vec![0.0, f64::NEG_INFINITY, f64::NEG_INFINITY];
    assert_eq!(Attention::from_scores(2, scores, vec![0.0; 2], 1), Err(MathError::EmptyRow { row: 1 }));
    let empty = State::new(Form::Safe, Format::F64, 1);
    assert_eq!((empty.output(), empty.log_sum_exp(), empty.m()), (None, f64::NEG_INFINITY, f64::NEG_INFINITY));
    // A policy may have dropped the only key that a query can see.
    let attention = Attention::masked(&inputs, |i, j| i == 2 && j != 0).expect("each reads one");
    assert_eq!(multi_state(&attention, Policy::Window, 1), Err(MathError::EmptyRow { row: 2 }));
    // Hidden keys change nothing in the recurrence.
    let states = Reading::default().row_ends(&attention).expect("legal");
    assert_eq!((states[2].m(), states[2].z(), states[2].y()), (1.0, 1.0, &[1.0][..]));
}

#[test]
fn enormous_and_tiny_scores_keep_z_at_one_or_more() {
    let scores = vec![-1e308, -1e308, 1e308, 0.0, -1e308, f64::MAX];
    let attention = Attention::from_scores(3, scores, vec![3.0, 5.0, 7.0], 1).expect("legal");
    for order in [Order::Newest, Order::Oldest, Order::Random { seed: 1 }] {
        for state in (Reading { order, ..Reading::default() }).row_ends(&attention).expect("legal") {
            assert!(state.z() >= 1.0);
        }
    }
    assert_eq!(attention.outputs(), Ok(vec![3.0, 5.0, 7.0]));
    let tiny = Attention::from_scores(2, vec![-1e308; 3], vec![1.0, 2.0], 1).expect("legal");
    let ends = Reading::default().row_ends(&tiny).expect("legal");
    assert_eq!((ends[1].z(), ends[1].output()), (2.0, Some(vec![1.5])));
}

#[test]
fn equal_scores_give_the_plain_mean() {
    let values: Vec<f64> = (0..32).map(f64::from).collect();
    for score in [0.0, -1e308, 1e308, 710.0] {
        let attention = Attention::from_scores(32, vec![score; 528], values.clone(), 1).expect("legal");
        let outputs = attention.outputs().expect("finite");
        let ends = Reading::default().row_ends(&attention).expect("legal");
        for (i, (output, end)) in outputs.iter().zip(&ends).enumerate() {
            assert!((output - 0.5 * i as f64).abs() < 1e-13);
            assert_eq!((end.m(), end.z(), end.output()), (score, i as f64 + 1.0, Some(vec![0.5 * i as f64])));
        }
    }
}

#[test]
fn too_long_a_recursion_is_refused_with_its_count_before_it_starts() {
    let count = BigUint::from(1_329_890_705_u64); // C(71, 7)
    let refused = Err(MathError::TooManySteps { scores: (count - 65_u32).to_string(), limit: SCORES_LIMIT });
    assert_eq!(check_steps(6, 64), refused);
    // The bounds of the spec: the last lengths that are allowed.
    for (layers, l) in [(2, 226), (3, 80), (4, 44)] {
        assert!(Strategy::FullRecursion.scores(layers, l) <= BigUint::from(SCORES_LIMIT), "{layers} {l}");
        assert_eq!(check_steps(layers, l), Ok(()));
        assert!(check_steps(layers, l + 1).is_err(), "{layers} {l}");
    }
    let huge = Recursion::new(Model::random(64, 1, 1, 1, 1, 1), &vec![0; 4000]);
    assert!(matches!(huge, Err(MathError::TooManySteps { scores, .. }) if scores.len() > 100));
}

#[test]
fn counts_beyond_128_bits_are_exact_and_their_logarithms_need_no_digits() {
    assert!(Strategy::FullRecursion.scores(32, 1000) > BigUint::from(u128::MAX));
    let log10 = |layers, l| Strategy::FullRecursion.log10_scores(layers, l);
    assert!((log10(32, 1000) - 62.302_277_544_606).abs() < 1e-9);
    // Sizes that nobody could multiply out; C(2n, n) ~ 4^n / √(πn).
    let n = 1_000_000_000_000_u64;
    let expected = 2.0 * n as f64 * 2.0_f64.log10() - 0.5 * (std::f64::consts::PI * n as f64).log10();
    assert!((log10(n - 1, n) / expected - 1.0).abs() < 1e-13);
    for (layers, l) in [(u64::MAX, u64::MAX), (u64::MAX, 1), (1, u64::MAX), (80, u64::MAX), (u64::MAX, 80)] {
        for strategy in Strategy::ALL {
            assert!(strategy.log10_scores(layers, l).is_finite(), "{strategy:?} {layers} {l}");
            let memory = strategy.memory(Sizes { layers, d_model: u64::MAX, d_k: u64::MAX, d_v: u64::MAX }, l);
            assert!(memory.numbers > 0 && memory.bits(64) >= memory.numbers);
        }
        assert!(log10_leaf_reads(layers, l).is_finite());
        assert!(log10_recursion_scores_of_token(layers, l).is_finite());
    }
    assert!(log10(1, 1).abs() < 1e-15, "one score");
    // Digit by digit only where somebody can read them; no size makes it long.
    let short = |layers, l| Strategy::FullRecursion.short_scores(layers, l);
    assert_eq!(short(2, 10), Some(BigUint::from(275_u32)));
    assert!(short(12, 1000).is_some_and(|count| count.to_string().len() == 30));
    assert_eq!((short(80, 1000), short(u64::MAX, u64::MAX)), (None, None));
    assert!(short(u64::MAX, 1).is_some_and(|count| count == BigUint::from(u64::MAX)));
    assert_eq!(short(0, 5), Some(BigUint::ZERO));
}

#[test]
fn a_cache_of_nothing_is_refused() {
    let attention = Attention::new(&single(&[1.0], &[1.0], &[1.0])).expect("legal");
    for policy in POLICIES {
        assert_eq!(multi_state(&attention, policy, 0), Err(MathError::CapBelowOne));
        assert_eq!(multi_state(&attention, policy, 1).map(|got| got.outputs), Ok(vec![1.0]));
    }
}

#[test]
fn ties_drop_the_oldest() {
    let attention = Attention::from_scores(5, vec![0.0; 15], vec![0.0; 5], 1).expect("legal");
    let tova = multi_state(&attention, Policy::Tova, 3).expect("legal");
    assert_eq!(tova.kept, [vec![0], vec![0, 1], vec![0, 1, 2], vec![1, 2, 3], vec![2, 3, 4]]);
    // Two collect the same, and less than the oldest: the older of the two goes.
    let scores = vec![0.0, 5.0, 0.0, 5.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0];
    let attention = Attention::from_scores(4, scores, vec![0.0; 4], 1).expect("legal");
    let tova = multi_state(&attention, Policy::Tova, 2).expect("legal");
    assert_eq!(tova.kept, [vec![0], vec![0, 1], vec![0, 2], vec![0, 3]]);
}

#[test]
fn a_tape_too_long_to_be_shown_is_refused_but_can_be_walked() {
    let long = Attention::from_scores(33, vec![0.0; 561], vec![0.0; 33], 1).expect("legal");
    assert_eq!(Reading::default().trace(&long), Err(MathError::TooManyTokens { tokens: 33, limit: 32 }));
    let mut steps = 0;
    Reading::default().walk(&long, |_, _, _, _| steps += 1).expect("legal");
    assert_eq!(steps, 561);
}

#[test]
fn sizes_that_no_number_bounds_are_refused_and_neither_hang_nor_exhaust_memory() {
    let hollow = |n, d_k, d_v| Inputs { n, q: &[], k: &[], v: &[], d_k, d_v, scale: 1.0 };
    let options = LinearOptions { decay: 1.0, normalise: false };
    for inputs in [hollow(usize::MAX, 0, 0), hollow(0, usize::MAX, 0), hollow(0, 0, usize::MAX)] {
        let refused = Attention::new(&inputs).err();
        assert!(matches!(refused, Some(MathError::TooManyTokens { .. } | MathError::TooMany { .. })));
        assert_eq!(recurrent(&inputs, options).err(), refused);
        assert_eq!(quadratic(&inputs, options).err(), refused);
    }
    assert!(Attention::from_scores(0, Vec::new(), Vec::new(), usize::MAX).is_err());
    let mut model = Model::random(1, 0, 0, 0, 0, 1);
    (model.d_k, model.d_v) = (usize::MAX, usize::MAX);
    assert_eq!(Recursion::new(model, &[]).err(), Some(MathError::TooMany { limit: 4096 }));
    // Many tokens without widths are legal as long as their triangle is.
    assert_eq!(Attention::new(&hollow(100, 0, 0)).and_then(|attention| attention.outputs()), Ok(Vec::new()));
}

#[test]
fn values_whose_sum_overflows_are_an_error() {
    let attention = Attention::from_scores(2, vec![0.0; 3], vec![f64::MAX; 2], 1).expect("legal");
    assert!(attention.outputs().is_ok(), "the weights are divided first");
    let state = Reading::default().row_ends(&attention).expect("legal").remove(1);
    assert_eq!((state.y()[0], state.output()), (f64::INFINITY, None));
    let single_precision = causal_attention(&single_f32(&[0.0; 2], &[0.0; 2], &[f32::MAX; 2]));
    assert_eq!(single_precision, Err(MathError::NotFinite { index: 1, value: f64::INFINITY }));
}

/// The figures of the specification and of the post.
#[test]
fn the_published_prices_are_right() {
    let log10 = |layers, l| Strategy::FullRecursion.log10_scores(layers, l);
    assert_eq!(format!("{:.2}", log10(2, 1000)), "8.22");
    assert_eq!(format!("{:.1}", log10(12, 1000)), "29.2");
    assert_eq!(format!("{:.1}", log10(80, 1000)), "123.6");
    assert!(log10(12, 1000) < LOG10_SHOWN && log10(80, 1000) > LOG10_ATOMS);
    assert_eq!(Strategy::KvCache.scores(2, 1000), BigUint::from(1_001_000_u32));
    assert_eq!(Strategy::KvCache.scores(80, 1000), BigUint::from(40_040_000_u32));
    let llama = Sizes::LLAMA2_70B;
    assert_eq!(llama.working_memory(), 1_310_720);
    assert_eq!(llama.cache_per_token(), 163_840);
    assert_eq!(llama.cache_per_token() * 16, 320 * 1024 * 8, "320 KiB in fp16");
    let cache = Strategy::KvCache.memory(llama, 4096);
    assert_eq!(cache, Memory { numbers: 163_840 * 4096, counter_bits: 12 });
    let recursion = Strategy::FullRecursion.memory(llama, 1_000_000);
    assert_eq!(recursion, Memory { numbers: 80 * (8192 + 1024 + 1024 + 2) + 2 * 8192, counter_bits: 80 * 20 });
    assert_eq!(recursion.bits(16), recursion.numbers * 16 + 1600);
    let redo = Strategy::PrefixRedo.memory(llama, 1000);
    assert_eq!(redo, Memory { numbers: 1000 * 8192 + 8192 + 2 * 1024 + 2, counter_bits: 20 });
    let linear = Strategy::Linear.memory(llama, 1_000_000);
    assert_eq!(linear, Memory { numbers: 80 * (1024 * 1024 + 1024), counter_bits: 0 });
    assert_eq!(digits_of_power_of_two(1000), 302);
    let x = power_of_two_with_digits(1_310_720).expect("in range");
    assert_eq!(format!("{:.2e}", x as f64), "4.35e6");
    assert_eq!((Sizes::GPT2.working_memory(), Sizes::LLAMA2_7B.working_memory()), (18_432, 262_144));
}
