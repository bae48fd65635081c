//! Golden data of the attention widget: every case and every field of all seven files.

use serde_json::Value;
use yansuan_math::attention::{Attention, Inputs};
use yansuan_math::attention_cost::{Strategy, leaf_reads, log10_leaf_reads, log10_recursion_scores_of_token};
use yansuan_math::attention_kernel::{InputsF32, attend_one, causal_attention};
use yansuan_math::attention_state::{Form, State, overflow_score};
use yansuan_math::linear_attention::{LinearOptions, quadratic, recurrent};
use yansuan_math::multi_state::{Policy, multi_state};
use yansuan_math::reading::{Order, Reading};
use yansuan_math::recursion::{Layer, Model, Recursion};
use yansuan_math::rounding::Format;
use yansuan_math::tape::Read;

mod golden;
use golden::{Ledger, count, fields, golden, list, number, numbers, text};

/// A matrix, row by row, and the length of its rows.
fn matrix(value: &Value) -> (Vec<f64>, usize) {
    let rows = list(value);
    (rows.iter().flat_map(numbers).collect(), rows.first().map_or(0, |row| list(row).len()))
}

/// The matrices of an input, owned.
struct Head {
    n: usize,
    q: Vec<f64>,
    k: Vec<f64>,
    v: Vec<f64>,
    d_k: usize,
    d_v: usize,
    scale: f64,
}

impl Head {
    fn of(input: &Value) -> Self {
        let [(q, d_k), (k, _), (v, d_v)] = ["q", "k", "v"].map(|key| matrix(&input[key]));
        let scale = if input["scale"].is_null() { 1.0 } else { number(&input["scale"]) };
        Self { n: list(&input["q"]).len(), q, k, v, d_k, d_v, scale }
    }

    fn inputs(&self) -> Inputs<'_> {
        Inputs { n: self.n, q: &self.q, k: &self.k, v: &self.v, d_k: self.d_k, d_v: self.d_v, scale: self.scale }
    }

    fn attention(&self) -> Attention {
        Attention::new(&self.inputs()).expect("legal")
    }
}

/// The outputs of a reading in any order and form: the states at the ends of the rows.
fn read_outputs(attention: &Attention, reading: Reading) -> Vec<f64> {
    let ends = reading.row_ends(attention).expect("legal");
    ends.iter().flat_map(|state| state.output().expect("finite")).collect()
}

/// Do the kernels in single precision give the same, as well as `f32` can?
fn check_kernels(ledger: &mut Ledger, place: &str, head: &Head, outputs: &[f64]) {
    let [q, k, v] = [&head.q, &head.k, &head.v].map(|x| x.iter().map(|&x| x as f32).collect::<Vec<f32>>());
    let inputs = InputsF32 { q: &q, k: &k, v: &v, d_k: head.d_k, d_v: head.d_v, scale: 1.0 };
    let wide = |x: Vec<f32>| x.into_iter().map(f64::from).collect::<Vec<f64>>();
    let all = wide(causal_attention(&inputs).expect("legal"));
    ledger.all_near(&format!("{place} f32"), &all, outputs, 2e-5);
    let last = InputsF32 { q: &q[(head.n - 1) * head.d_k..], ..inputs };
    let one = wide(attend_one(&last).expect("legal"));
    ledger.all_near(&format!("{place} f32 stream"), &one, &outputs[(head.n - 1) * head.d_v..], 2e-5);
}

#[test]
fn attention_and_its_states_agree_with_fifty_digits() {
    let file = golden("attention-rnn/attention.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let relative = number(&file["tolerance"]["rel"]);
    let mut ledger = Ledger::default();
    for (case_at, case) in list(&file["cases"]).iter().enumerate() {
        let head = Head::of(&case["input"]);
        let attention = head.attention();
        let last = head.n - 1;
        let trace = Reading::default().trace(&attention).expect("short");
        let row = &trace[trace.len() - head.n..];
        // The weights of the last row, for those who overflow: raw z in f64 and in f32.
        let raw = |format| Reading { form: Form::Raw, format, ..Reading::default() }.trace(&attention).expect("finite scores");
        for (field, value) in fields(&case["expected"]) {
            let place = format!("case {case_at} {field}");
            match field.as_str() {
                "outputs" => {
                    let expected = matrix(value).0;
                    ledger.all_near(&place, &attention.outputs().expect("finite"), &expected, tolerance);
                    for order in [Order::Newest, Order::Oldest, Order::Random { seed: 7 }] {
                        let outputs = read_outputs(&attention, Reading { order, ..Reading::default() });
                        ledger.all_near(&format!("{place} {order:?}"), &outputs, &expected, tolerance);
                    }
                    check_kernels(&mut ledger, &place, &head, &expected);
                }
                "last_query_trace" => {
                    ledger.same(&place, &row.len(), &list(value).len());
                    for (step, expected) in row.iter().zip(list(value)) {
                        let m = number(&expected["m"]);
                        ledger.same(&place, &step.key, &count(&expected["j"]));
                        ledger.near(&format!("{place} m"), step.state.m(), m, tolerance.max(relative * m.abs()));
                        ledger.near(&format!("{place} z"), step.state.z(), number(&expected["z"]), tolerance);
                        ledger.all_near(&format!("{place} y"), step.state.y(), &numbers(&expected["y"]), tolerance);
                    }
                }
                "raw_trace_log_z" => {
                    let got: Vec<f64> = row.iter().map(|step| step.state.log_sum_exp()).collect();
                    for (at, (&got, expected)) in got.iter().zip(numbers(value)).enumerate() {
                        ledger.near(&format!("{place} {at}"), got, expected, tolerance.max(relative * expected.abs()));
                    }
                }
                "raw_overflows_f64" | "raw_overflows_f32" => {
                    let format = if field.ends_with("64") { Format::F64 } else { Format::F32 };
                    let steps = raw(format);
                    let broken = steps[steps.len() - head.n..].iter().any(|step| step.state.z().is_infinite());
                    ledger.same(&place, &broken, &(*value == true));
                    let largest = attention.scores(last).iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    ledger.same(&place, &(largest > overflow_score(format)), &(*value == true));
                }
                "max_score" => {
                    let got = trace[trace.len() - 1].state.m();
                    ledger.near(&place, got, number(value), tolerance.max(relative * got.abs()));
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(438);
}

#[test]
fn merged_states_agree_with_fifty_digits_in_every_order() {
    let file = golden("attention-rnn/merge.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let relative = number(&file["tolerance"]["rel"]);
    let mut ledger = Ledger::default();
    for (at, case) in list(&file["cases"]).iter().enumerate() {
        let part = |value: &Value| State::from_parts(number(&value["m"]), number(&value["z"]), numbers(&value["y"]));
        let parts: Vec<State> = list(&case["input"]["states"]).iter().map(part).collect();
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let [a, b, c] = order.map(|at| &parts[at]);
            let left = a.merge(b).and_then(|ab| ab.merge(c)).expect("same widths");
            let right = b.merge(c).and_then(|bc| a.merge(&bc)).expect("same widths");
            for got in [left, right] {
                for (field, value) in fields(&case["expected"]) {
                    let place = format!("case {at} {field}");
                    let near = |expected: f64| tolerance.max(relative * expected.abs());
                    match field.as_str() {
                        "m" => ledger.same(&place, &got.m().to_bits(), &number(value).to_bits()),
                        "z" => ledger.near(&place, got.z(), number(value), near(number(value))),
                        "y" => ledger.all_near(&place, got.y(), &numbers(value), tolerance),
                        other => panic!("field {other:?} is not covered"),
                    }
                }
            }
        }
    }
    ledger.close(288);
}

#[test]
fn steps_of_the_tape_agree_exactly() {
    let file = golden("attention-rnn/index.json");
    assert_eq!(file["tolerance"]["exact"], true);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let s: u64 = text(&case["input"]).parse().expect("whole");
        let read = Read::at(s).expect("not 0");
        for (field, value) in fields(&case["expected"]) {
            let expected: u64 = text(value).parse().expect("whole");
            let got = match field.as_str() {
                "i" => read.i,
                "t" => read.t,
                "j" => read.newest_first(),
                other => panic!("field {other:?} is not covered"),
            };
            ledger.same(&format!("step {s} {field}"), &got, &expected);
        }
        ledger.same(&format!("step {s}"), &read.step(), &Some(s));
    }
    ledger.close(52);
}

/// `log10` of a whole number, from its digits.
fn log10_of_digits(digits: &str) -> f64 {
    let head: f64 = digits[..digits.len().min(17)].parse().expect("digits");
    head.log10() + digits.len().saturating_sub(17) as f64
}

#[test]
fn costs_agree_exactly_and_their_logarithms_to_nine_places() {
    let file = golden("attention-rnn/cost.json");
    assert_eq!(file["tolerance"]["exact"], true);
    let tolerance = number(&file["tolerance"]["log10_abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let [layers, l] = ["layers", "L"].map(|key| case["input"][key].as_u64().expect("a count"));
        let full = Strategy::FullRecursion;
        for (field, value) in fields(&case["expected"]) {
            let place = format!("{} {field}", case["input"]);
            let (exact, log10) = match field.as_str() {
                "leaf_reads_last_token" => (leaf_reads(layers, l), log10_leaf_reads(layers, l)),
                "scores_last_token" => (full.scores_of_token(layers, l), log10_recursion_scores_of_token(layers, l)),
                "scores_total_recursive" => (full.scores(layers, l), full.log10_scores(layers, l)),
                "log10_total_recursive" => {
                    ledger.near(&place, full.log10_scores(layers, l), number(value), tolerance);
                    continue;
                }
                "scores_total_kv" => (Strategy::KvCache.scores(layers, l), Strategy::KvCache.log10_scores(layers, l)),
                "scores_total_prefix_redo" => {
                    (Strategy::PrefixRedo.scores(layers, l), Strategy::PrefixRedo.log10_scores(layers, l))
                }
                other => panic!("field {other:?} is not covered"),
            };
            ledger.same(&place, &exact.to_string().as_str(), &text(value));
            ledger.near(&format!("{place} log10"), log10, log10_of_digits(text(value)), tolerance);
        }
    }
    ledger.close(88);
}

#[test]
fn linear_attention_agrees_with_fifty_digits_in_both_forms() {
    let file = golden("attention-rnn/linear.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for (at, case) in list(&file["cases"]).iter().enumerate() {
        let input = &case["input"];
        assert_eq!(input["feature"], "elu(x)+1");
        let head = Head::of(input);
        let options = LinearOptions { decay: number(&input["decay"]), normalise: input["normalise"] == true };
        let linear = recurrent(&head.inputs(), options).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            let place = format!("case {at} {field}");
            match field.as_str() {
                "outputs" => {
                    ledger.all_near(&place, &linear.outputs, &matrix(value).0, tolerance);
                    let form = quadratic(&head.inputs(), options).expect("legal");
                    ledger.all_near(&format!("{place} quadratic"), &form, &matrix(value).0, tolerance);
                }
                "S" => ledger.all_near(&place, &linear.state.s, &matrix(value).0, tolerance),
                "z" => ledger.all_near(&place, &linear.state.z, &numbers(value), tolerance),
                "softmax_outputs" => {
                    let outputs = head.attention().outputs().expect("finite");
                    ledger.all_near(&place, &outputs, &matrix(value).0, tolerance);
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(189);
}

fn model(value: &Value) -> Model {
    let (emb, d_model) = matrix(&value["emb"]);
    let layers = list(&value["layers"]).iter().map(|layer| {
        for key in fields(layer).keys() {
            assert!(["Wq", "Wk", "Wv", "Wo"].contains(&key.as_str()), "matrix {key:?} is not covered");
        }
        let [wq, wk, wv, wo] = ["Wq", "Wk", "Wv", "Wo"].map(|key| matrix(&layer[key]).0);
        Layer { wq, wk, wv, wo }
    });
    let first = &value["layers"][0];
    let (d_k, d_v) = (list(&first["Wq"]).len(), list(&first["Wv"]).len());
    Model { d_model, d_k, d_v, scale: number(&value["scale"]), emb, layers: layers.collect() }
}

#[test]
fn many_layers_agree_with_fifty_digits_with_a_cache_and_without() {
    let file = golden("attention-rnn/multilayer.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for (at, case) in list(&file["cases"]).iter().enumerate() {
        let model = model(&case["input"]["model"]);
        let ids: Vec<usize> = list(&case["input"]["ids"]).iter().map(count).collect();
        let layers = model.layers.len();
        let hidden = model.forward(&ids).expect("legal");
        let mut machine = Recursion::new(model.clone(), &ids).expect("short");
        while machine.advance().expect("finite").is_some() {}
        let mut lowest = Recursion::new(Model { layers: model.layers[..1].to_vec(), ..model }, &ids).expect("short");
        while lowest.advance().expect("finite").is_some() {}
        ledger.same(&format!("case {at} depth"), &machine.counters().peak_depth, &layers);
        for (field, value) in fields(&case["expected"]) {
            let place = format!("case {at} {field}");
            match field.as_str() {
                "h_last_layer" => {
                    ledger.all_near(&place, &hidden[layers], &matrix(value).0, tolerance);
                    ledger.all_near(&format!("{place} recursion"), machine.outputs(), &matrix(value).0, tolerance);
                }
                "h_layer1" => {
                    ledger.all_near(&place, &hidden[1], &matrix(value).0, tolerance);
                    ledger.all_near(&format!("{place} recursion"), lowest.outputs(), &matrix(value).0, tolerance);
                }
                "counts" => {
                    ledger.same(&place, &machine.costs().len(), &list(value).len());
                    for (cost, expected) in machine.costs().iter().zip(list(value)) {
                        ledger.same(&format!("{place} scores"), &cost.scores, &expected[0].as_u64().expect("a count"));
                        ledger.same(&format!("{place} reads"), &cost.leaf_reads, &expected[1].as_u64().expect("a count"));
                    }
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(186);
}

#[test]
fn bounded_caches_keep_what_the_reference_keeps() {
    let file = golden("attention-rnn/multistate.json");
    let tolerance = number(&file["tolerance"]["abs"]);
    let mut ledger = Ledger::default();
    for case in list(&file["cases"]) {
        let input = &case["input"];
        let attention = Head::of(input).attention();
        let policy = match text(&input["policy"]) {
            "window" => Policy::Window,
            "window_sinks" => Policy::WindowSinks { sinks: count(&input["sinks"]) },
            "tova" => Policy::Tova,
            "h2o" => Policy::H2o,
            other => panic!("policy {other:?} is not covered"),
        };
        let got = multi_state(&attention, policy, count(&input["cap"])).expect("legal");
        for (field, value) in fields(&case["expected"]) {
            let place = format!("{policy:?} {} {field}", input["cap"]);
            match field.as_str() {
                "outputs" => ledger.all_near(&place, &got.outputs, &matrix(value).0, tolerance),
                "kept" => {
                    ledger.same(&place, &got.kept.len(), &list(value).len());
                    for (token, (kept, expected)) in got.kept.iter().zip(list(value)).enumerate() {
                        let expected: Vec<usize> = list(expected).iter().map(count).collect();
                        ledger.same(&format!("{place} {token}"), kept, &expected);
                    }
                }
                "max_abs_error_vs_full" => {
                    let error = got.largest_error(&attention.outputs().expect("finite"));
                    ledger.near(&place, error, number(value), tolerance);
                }
                other => panic!("field {other:?} is not covered"),
            }
        }
    }
    ledger.close(190);
}
