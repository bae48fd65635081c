//! Bad and extreme inputs, one test for each line of the spec's list.

use yansuan_math::MathError;
use yansuan_math::argmax::argmax_shared;
use yansuan_math::entmax::{entmax, entmax_numeric};
use yansuan_math::entmax15::entmax15;
use yansuan_math::log_sum_exp::log_sum_exp;
use yansuan_math::noise::Noise;
use yansuan_math::parse::parse_numbers;
use yansuan_math::perturb_max::perturb_max;
use yansuan_math::softmax::{softmax, softmax_threshold};
use yansuan_math::sparse_softmax::sparse_softmax;
use yansuan_math::sparsemax::sparsemax;
use yansuan_math::taylor_softmax::taylor_softmax;
use yansuan_math::top_k_relaxed::{min1_exp, sigmoid_top_k};

const MASKED: f64 = f64::NEG_INFINITY;

type Outcome = Result<Vec<f64>, MathError>;

/// Every map but Taylor softmax.
fn maps(x: &[f64]) -> Vec<(String, Outcome)> {
    let mut all: Vec<(String, Outcome)> = vec![
        ("softmax".into(), softmax(x, 1.0)),
        ("softmax threshold".into(), softmax_threshold(x).map(|solved| solved.p)),
        ("argmax".into(), argmax_shared(x)),
        ("sparsemax".into(), sparsemax(x).map(|solved| solved.p)),
        ("entmax15".into(), entmax15(x).map(|solved| solved.p)),
        ("sparse softmax".into(), sparse_softmax(x, 2).map(|sparse| sparse.p)),
        ("min(1, exp)".into(), min1_exp(x, 1).map(|top| top.p)),
        ("sigmoid".into(), sigmoid_top_k(x, 1).map(|top| top.p)),
    ];
    for alpha in [0.3, 0.5, 1.0, 1.0001, 1.1, 1.5, 2.0, 4.0, 20.0, 1e3] {
        all.push((format!("entmax {alpha}"), entmax(x, alpha).map(|solved| solved.p)));
        all.push((format!("entmax numeric {alpha}"), entmax_numeric(x, alpha).map(|solved| solved.p)));
    }
    for noise in Noise::ALL {
        all.push((format!("{noise:?}"), perturb_max(x, noise)));
    }
    all
}

fn with_taylor(x: &[f64]) -> Vec<(String, Outcome)> {
    let mut all = maps(x);
    all.push(("taylor".into(), taylor_softmax(x, 4)));
    all
}

#[test]
fn no_logits_are_an_error() {
    for (name, outcome) in with_taylor(&[]) {
        assert_eq!(outcome, Err(MathError::Empty), "{name}");
    }
    assert_eq!(log_sum_exp(&[]), Err(MathError::Empty));
}

#[test]
fn one_logit_has_probability_one() {
    for value in [0.7, -1e300, 1e300, 0.0] {
        for (name, outcome) in with_taylor(&[value]) {
            assert_eq!(outcome, Ok(vec![1.0]), "{name} {value}");
        }
    }
}

#[test]
fn a_masked_logit_gets_nothing_and_changes_nothing() {
    let x = [0.5, MASKED, -0.25, 0.75];
    for ((name, masked), (_, without)) in maps(&x).into_iter().zip(maps(&[0.5, -0.25, 0.75])) {
        let (masked, without) = (masked.expect("legal"), without.expect("legal"));
        assert!(masked[1].abs() <= 0.0, "{name}");
        for (i, j) in [(0, 0), (2, 1), (3, 2)] {
            assert!((masked[i] - without[j]).abs() < 1e-15, "{name}");
        }
    }
}

#[test]
fn taylor_softmax_refuses_a_mask() {
    assert_eq!(taylor_softmax(&[0.5, MASKED], 4), Err(MathError::MaskedNotAllowed { index: 1 }));
}

#[test]
fn everything_masked_is_an_error() {
    for (name, outcome) in maps(&[MASKED, MASKED]) {
        assert_eq!(outcome, Err(MathError::EverythingMasked), "{name}");
    }
}

#[test]
fn infinity_and_nan_are_errors_with_their_index() {
    for bad in [f64::INFINITY, f64::NAN] {
        for (name, outcome) in with_taylor(&[0.5, MASKED, bad, 1.0]) {
            match outcome {
                Err(MathError::NotFinite { index, value }) => {
                    assert_eq!((index, value.to_bits()), (2, bad.to_bits()), "{name}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}

#[test]
fn ties_get_equal_probabilities() {
    for (name, outcome) in with_taylor(&[0.3, 0.1, 0.3, 0.3]) {
        let p = outcome.expect("legal");
        if name == "sparse softmax" {
            assert_eq!(p, vec![0.5, 0.0, 0.5, 0.0]);
        } else {
            assert!((p[0] - p[2]).abs() <= 0.0 && (p[0] - p[3]).abs() <= 0.0, "{name}: {p:?}");
        }
    }
    assert!(sparse_softmax(&[0.3, 0.1, 0.3, 0.3], 2).is_ok_and(|sparse| sparse.tie_broken));
}

#[test]
fn enormous_logits_are_ordinary_and_lambda_is_relative() {
    for (name, outcome) in maps(&[1e300, -1e300, 0.0]) {
        let p = outcome.expect("legal");
        assert!((p[0] - 1.0).abs() < 1e-15 && p[1] < 1e-15 && p[2] < 1e-15, "{name}: {p:?}");
    }
    let solved = sparsemax(&[1e300, 1e300, 0.0]).expect("legal");
    assert!((solved.lambda + 0.5).abs() < 1e-15);
    for (name, outcome) in maps(&[f64::MAX, f64::MIN]) {
        let p = outcome.expect("legal");
        assert!((p[0] - 1.0).abs() < 1e-15 && p[1] < 1e-15, "{name}: {p:?}");
    }
}

#[test]
fn a_temperature_that_is_not_positive_is_an_error() {
    for tau in [0.0, -0.0, -1.0] {
        assert_eq!(softmax(&[1.0, 2.0], tau), Err(MathError::TemperatureNotPositive(tau)));
    }
    assert!(matches!(softmax(&[1.0], f64::NAN), Err(MathError::TemperatureNotPositive(_))));
}

#[test]
fn a_vanishing_temperature_is_argmax_with_shared_ties() {
    let x = [1.0, 2.0, 2.0, MASKED];
    assert_eq!(argmax_shared(&x), Ok(vec![0.0, 0.5, 0.5, 0.0]));
    assert_eq!(softmax(&x, 1e-9), argmax_shared(&x));
}

#[test]
fn an_infinite_temperature_is_uniform() {
    assert_eq!(softmax(&[1.0, -7.0, 1e300, MASKED], f64::INFINITY).map(|p| p[3]), Ok(0.0));
    assert_eq!(softmax(&[1.0, -7.0], f64::INFINITY), Ok(vec![0.5, 0.5]));
}

#[test]
fn an_alpha_below_one_has_full_support() {
    let solved = entmax(&[5.0, 0.0, -50.0, MASKED], 0.5).expect("legal");
    assert_eq!(solved.support, 3);
    assert!(solved.p[2] > 0.0 && solved.p[3].abs() <= 0.0);
}

#[test]
fn an_alpha_that_is_not_positive_is_an_error() {
    for alpha in [0.0, -1.0] {
        assert_eq!(entmax(&[1.0], alpha), Err(MathError::AlphaNotPositive(alpha)));
    }
    assert!(matches!(entmax(&[1.0], f64::NAN), Err(MathError::AlphaNotPositive(_))));
}

#[test]
fn an_alpha_from_a_thousand_on_is_argmax() {
    for alpha in [1e3, 1e12, f64::INFINITY] {
        assert_eq!(entmax(&[1.0, 1.0, 0.999], alpha).map(|solved| solved.p), Ok(vec![0.5, 0.5, 0.0]));
    }
}

#[test]
fn a_k_above_n_is_clamped_with_a_note() {
    let sparse = sparse_softmax(&[1.0, 1.0], 7).expect("legal");
    assert_eq!((sparse.k, sparse.clamped, sparse.p), (2, true, vec![0.5, 0.5]));
    for top in [min1_exp(&[1.0, 2.0], 7), sigmoid_top_k(&[1.0, 2.0], 7)] {
        let top = top.expect("legal");
        assert_eq!((top.k, top.clamped, top.p), (2, true, vec![1.0, 1.0]));
    }
}

/// The post's listing raises here: the mask of its last step is empty.
#[test]
fn the_boundary_input_two_zero_is_one_hot_for_entmax15() {
    for x in [[2.0, 0.0], [0.0, 2.0]] {
        let one_hot: Vec<f64> = x.iter().map(|&value| f64::from(u8::from(value > 1.0))).collect();
        assert_eq!(entmax15(&x).map(|solved| solved.p), Ok(one_hot.clone()));
        assert_eq!(entmax_numeric(&x, 1.5).map(|solved| solved.p), Ok(one_hot));
    }
}

#[test]
fn the_boundary_input_one_zero_is_one_hot_for_sparsemax() {
    assert_eq!(sparsemax(&[1.0, 0.0]).map(|solved| solved.p), Ok(vec![1.0, 0.0]));
    assert_eq!(entmax_numeric(&[1.0, 0.0], 2.0).map(|solved| solved.p), Ok(vec![1.0, 0.0]));
}

#[test]
fn a_million_pasted_numbers_go_through_every_fast_map() {
    let mut rng = yansuan_math::rng::SplitMix64::new(1);
    let text: Vec<String> = (0..1_000_000).map(|_| format!("{:.4}", rng.normal())).collect();
    let x = parse_numbers(&text.join("\n")).expect("legal");
    assert_eq!(x.len(), 1_000_000);
    let outcomes: [Outcome; 5] = [
        softmax(&x, 1.0),
        sparsemax(&x).map(|solved| solved.p),
        entmax15(&x).map(|solved| solved.p),
        entmax(&x, 1.25).map(|solved| solved.p),
        sparse_softmax(&x, 10).map(|sparse| sparse.p),
    ];
    for p in outcomes {
        let p = p.expect("legal");
        // 1e-15·√n, as everywhere; the sum in pairs so as not to measure its own rounding.
        let total: f64 = p.chunks(1000).map(|chunk| chunk.iter().sum::<f64>()).sum();
        assert!((total - 1.0).abs() <= 1e-12, "{total}");
    }
}
