//! Golden data of the random generator: raw bits, uniform and normal numbers, and a simulation.

use serde_json::Value;
use yansuan_math::rng::SplitMix64;

mod golden;
use golden::{golden, list};

fn seed(value: &Value) -> u64 {
    value["seed"].as_u64().expect("a seed")
}

fn check_bits(rng: SplitMix64, expected: &Value, place: &str) -> usize {
    let mut rng = rng;
    for (i, value) in list(expected).iter().enumerate() {
        assert_eq!(rng.next_u64().to_string(), value.as_str().expect("a string"), "{place} {i}");
    }
    list(expected).len()
}

fn check_uniform(rng: SplitMix64, expected: &Value, place: &str) -> usize {
    let mut rng = rng;
    for (i, value) in list(expected).iter().enumerate() {
        // "exact": to the last bit.
        let expected = value.as_f64().expect("a number");
        assert_eq!(rng.uniform().to_bits(), expected.to_bits(), "{place} {i}");
    }
    list(expected).len()
}

#[test]
fn the_generator_agrees_with_common_rng() {
    let file = golden("common/common_rng.json");
    let tolerance = file["tolerance"]["abs"].as_f64().expect("a tolerance");
    let mut compared = 0;
    for case in list(&file["cases"]) {
        let seed = seed(&case["input"]);
        for (field, expected) in case["expected"].as_object().expect("an object") {
            let place = format!("seed {seed} {field}");
            let mut rng = SplitMix64::new(seed);
            compared += match field.as_str() {
                "u64" => check_bits(rng, expected, &place),
                "unit" => check_uniform(rng, expected, &place),
                "normal" => {
                    for (i, pair) in list(expected).chunks(2).enumerate() {
                        let got = <[f64; 2]>::from(rng.normal_pair());
                        for (a, b) in got.iter().zip(pair) {
                            let error = (a - b.as_f64().expect("a number")).abs();
                            assert!(error <= tolerance, "{place} pair {i}: off by {error:e}");
                        }
                    }
                    list(expected).len()
                }
                other => panic!("field {other:?} is not covered"),
            };
        }
    }
    println!("{compared} golden values compared");
    assert_eq!(compared, 72);
}

#[test]
fn the_generator_agrees_with_prng_and_simulation() {
    let file = golden("common/prng_and_simulation.json");
    let tolerance = file["tolerance"]["normal_abs"].as_f64().expect("a tolerance");
    let mut compared = 0;
    for case in list(&file["cases"]) {
        let seed = seed(case);
        for (field, expected) in case.as_object().expect("an object") {
            let place = format!("{} {field}", case["name"]);
            let mut rng = SplitMix64::new(seed);
            compared += match field.as_str() {
                "name" | "seed" | "M" | "pmax" | "s" => 0,
                "next_u64" => check_bits(rng, expected, &place),
                "uniform" => check_uniform(rng, expected, &place),
                "normal_box_muller" => {
                    for (i, value) in list(expected).iter().enumerate() {
                        let error = (rng.normal() - value.as_f64().expect("a number")).abs();
                        assert!(error <= tolerance, "{place} {i}: off by {error:e}");
                    }
                    list(expected).len()
                }
                // The i-th of M tokens has the success rate pmax·i^−s.
                "first_hit" => {
                    let number = |key: &str| case[key].as_f64().expect("a number");
                    assert_eq!(list(expected).len() as f64, number("M"), "{place}");
                    for (i, value) in list(expected).iter().enumerate() {
                        let rate = number("pmax") * (i as f64 + 1.0).powf(-number("s"));
                        assert_eq!(Some(rng.geometric(rate)), value.as_u64(), "{place} {i}");
                    }
                    list(expected).len()
                }
                other => panic!("field {other:?} is not covered"),
            };
        }
    }
    println!("{compared} golden values compared");
    assert_eq!(compared, 320);
}
