//! Bad and extreme inputs of the S4 widget, one test for each line of the spec's list.

use serde_json::Value;
use yansuan_math::MathError;
use yansuan_math::cauchy_kernel::CauchyKernel;
use yansuan_math::convolution::{Convolution, SIGNAL_LIMIT, direct_convolution};
use yansuan_math::dft::Dft;
use yansuan_math::discretise::{DiscreteSystem, Discretisation};
use yansuan_math::generating_function::{Roots, hole, truncated_output};
use yansuan_math::hippo::{LENGTH_LIMIT, ORDER_LIMIT, STEP_RANGE, legs_input, legs_matrix, legt_input, legt_matrix};
use yansuan_math::legs_eigen::{EIGEN_LIMIT, eigen_kernel};
use yansuan_math::legs_exponential::{legs_decay_of_constant, legs_exponential, zero_order_hold_kernel};
use yansuan_math::legs_online::{LegsOnline, history_residual, legs_projection};
use yansuan_math::legs_recurrence::{LegsRecurrence, recurrence_kernel, recurrence_kernel_f32};
use yansuan_math::memory_measure::MemoryMeasure;
use yansuan_math::nplr::Nplr;
use yansuan_math::rational_kernel::RationalKernel;
use yansuan_math::rng::SplitMix64;
use yansuan_math::signal::{ANNOTATED_S4, BY_HAND, CLASSROOM, SPEECH, Signal};
use yansuan_math::spectral_norm::{PowerNorms, euler_norm_limit, spectral_norm};
use yansuan_math::state_space::{PowerKernel, Recurrence, Run, power_kernel, power_kernel_f32};

fn normals(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = SplitMix64::new(seed);
    (0..n).map(|_| rng.normal()).collect()
}

fn distance(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x.len(), y.len());
    x.iter().zip(y).fold(0.0, |worst, (x, y)| if (x - y).is_nan() { f64::NAN } else { worst.max((x - y).abs()) })
}

/// The bilinear kernel by every road there is, or its error.
fn roads(c: &[f64], eps: f64, len: usize) -> Vec<Result<Vec<f64>, MathError>> {
    let (d, b) = (c.len(), legs_input(c.len()));
    let system = Discretisation::Bilinear.legs(d, eps);
    let wide = |values: Vec<f32>| values.into_iter().map(f64::from).collect();
    vec![
        system.clone().and_then(|system| power_kernel(&system, c, len)).map(|run| run.values),
        recurrence_kernel(&b, c, eps, len),
        CauchyKernel::new(d, len).and_then(|table| table.kernel(&b, c, eps)),
        RationalKernel::new(d, len).and_then(|table| table.kernel(c, eps)),
        zero_order_hold_kernel(c, eps, len),
        eigen_kernel(c, eps, len).map(|kernel| kernel.values),
        system.and_then(|system| power_kernel_f32(&system, c, len)).map(wide),
        recurrence_kernel_f32(&b, c, eps, len).map(wide),
        CauchyKernel::new(d, len).and_then(|table| table.kernel_f32(&b, c, eps)).map(wide),
    ]
}

fn all_fail_with(c: &[f64], eps: f64, len: usize, expected: &MathError) {
    for (road, got) in roads(c, eps, len).into_iter().enumerate() {
        assert_eq!(got.as_ref().err(), Some(expected), "road {road}");
    }
}

/// The shared list has no entry for this widget; if one is added, this fails until it is covered.
#[test]
fn the_bad_inputs_of_the_golden_file_have_their_outcomes() {
    let path = format!("{}/../../tests/golden/common/bad_inputs.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let cases = file["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), 29);
    let others = ["w1.", "w2.", "w3."];
    let ours =
        cases.iter().filter(|case| !others.iter().any(|other| case["target"].as_str().is_some_and(|t| t.starts_with(other))));
    assert_eq!(ours.count(), 0);
}

#[test]
fn one_dimension_and_one_number() {
    // K_0 = C·ε/(1 + ε/2).
    for (eps, exact) in [(0.3, 1.5 * 0.3 / 1.15), (2.0, 1.5)] {
        for (road, got) in roads(&[1.5], eps, 1).into_iter().enumerate().filter(|(road, _)| *road != 4) {
            let tolerance = if road > 5 { 1e-6 } else { 1e-15 };
            assert!(distance(&got.expect("legal"), &[exact]) < tolerance, "road {road}");
        }
    }
    assert!(distance(&zero_order_hold_kernel(&[1.5], 0.3, 1).expect("legal"), &[1.5 * -(-0.3_f64).exp_m1()]) < 1e-15);
    let nplr = Nplr::new(1).expect("legal");
    assert!(nplr.omega() == [0.0] && (nplr.low_rank()[0] - 0.5_f64.sqrt()).abs() < 1e-15);
    assert_eq!(Roots::new(1).expect("legal").circle(1.0).expect("legal").len(), 1);
    assert!((euler_norm_limit(1).expect("legal") - 2.0).abs() < 1e-15);
    // By hand: Ā = 0, so that the kernel is C and then nothing.
    let c = vec![0.7; BY_HAND.d];
    for (road, got) in roads(&c, BY_HAND.eps, BY_HAND.len).into_iter().enumerate().filter(|(road, _)| *road != 4) {
        let got = got.expect("legal");
        assert!(distance(&got[..1], &c) < 1e-6 && got[1..].iter().all(|k| k.abs() < 1e-7), "road {road}: {got:?}");
        assert!(road > 5 || distance(&got[..1], &c) < 1e-15 && got[1..].iter().all(|k| k.abs() < 1e-15), "road {road}");
    }
}

#[test]
fn a_step_must_be_positive() {
    for eps in [0.0, -0.5, f64::NEG_INFINITY] {
        all_fail_with(&[1.0, 2.0], eps, 8, &MathError::StepNotPositive(eps));
        assert_eq!(truncated_output(&[1.0], eps, 4), Err(MathError::StepNotPositive(eps)));
        assert_eq!(Roots::new(4).expect("legal").circle(eps), Err(MathError::StepNotPositive(eps)));
        for scheme in Discretisation::ALL {
            assert_eq!(scheme.legs(2, eps), Err(MathError::StepNotPositive(eps)));
            assert_eq!(scheme.discretise(&[-1.0], &[1.0], eps), Err(MathError::StepNotPositive(eps)));
        }
    }
    for got in roads(&[1.0], f64::NAN, 8) {
        assert!(matches!(got, Err(MathError::StepNotPositive(eps)) if eps.is_nan()));
    }
    for eps in [f64::INFINITY, 1e300, 1e-300] {
        all_fail_with(&[1.0, 2.0], eps, 8, &MathError::ParameterOutOfRange(eps));
    }
    for eps in [*STEP_RANGE.start(), *STEP_RANGE.end()] {
        for got in roads(&[1.0, 2.0, 0.3], eps, 9) {
            assert!(got.expect("legal").iter().all(|k| k.is_finite()));
        }
    }
}

#[test]
fn a_huge_step_rings_under_the_bilinear_scheme_alone() {
    let (d, eps) = (6, 1e9);
    for (scheme, limit) in
        [(Discretisation::Bilinear, -1.0), (Discretisation::BackwardEuler, 0.0), (Discretisation::ZeroOrderHold, 0.0)]
    {
        for eigenvalue in scheme.legs_eigenvalues(d, eps) {
            assert!((eigenvalue - limit).abs() < 1e-8, "{scheme:?}");
        }
        let system = scheme.legs(d, eps).expect("legal");
        for (at, entry) in system.a.iter().enumerate() {
            let expected = if at % (d + 1) == 0 { limit } else { 0.0 };
            assert!((entry - expected).abs() < 1e-7, "{scheme:?} {at} {entry}");
        }
    }
    for (scheme, at) in [(Discretisation::Bilinear, 2.0), (Discretisation::ForwardEuler, 1.0)] {
        assert!(!scheme.legs_rings(d, 0.999 * at / 6.0) && scheme.legs_rings(d, 1.001 * at / 6.0), "{scheme:?}");
    }
    assert!(!Discretisation::BackwardEuler.legs_rings(d, eps) && !Discretisation::ZeroOrderHold.legs_rings(d, eps));
    // The kernel changes its sign at every step, by every road.
    let c = normals(d, 3);
    let all = roads(&c, eps, 10);
    for got in &all[..4] {
        let kernel = got.as_ref().expect("legal");
        assert!(kernel.windows(2).all(|pair| pair[0] * pair[1] < 0.0), "{kernel:?}");
        assert!(distance(kernel, all[0].as_ref().expect("legal")) < 1e-6);
    }
}

#[test]
fn forward_euler_stops_where_it_diverges() {
    let d = 64;
    let system = Discretisation::ForwardEuler.legs(d, 1.0).expect("legal");
    let c = normals(d, 5);
    let run = power_kernel(&system, &c, LENGTH_LIMIT).expect("legal");
    let step = run.diverged.expect("diverges");
    assert!(run.values.len() == step && run.values.iter().all(|k| k.is_finite()) && step > 10, "{step}");
    // In slices it stops at the same step, and stays there.
    let mut sliced = PowerKernel::new(&system, &c, LENGTH_LIMIT).expect("legal");
    while !sliced.is_done() {
        sliced.advance(7);
    }
    sliced.advance(100);
    assert_eq!(sliced.run(), &run);
    let mut norms = PowerNorms::new(&system.a, d).expect("legal");
    norms.advance(2 * step);
    let beyond = norms.diverged().expect("diverges");
    assert!(norms.norms().len() == beyond && beyond.abs_diff(step) < 20, "{beyond} {step}");
    let mut recurrence = Recurrence::new(system).expect("legal");
    let Run { values, diverged } = recurrence.run(&c, &[1.0; 2000]).expect("legal");
    assert!(diverged == Some(values.len()) && values.iter().all(|y| y.is_finite()));
    assert_eq!(spectral_norm(&[1.0, f64::NAN, 0.0, 1.0], 2).to_bits(), f64::INFINITY.to_bits());
}

#[test]
fn lengths_need_not_be_powers_of_two() {
    let c = normals(5, 8);
    let longest = recurrence_kernel(&legs_input(5), &c, 0.05, 257).expect("legal");
    for len in [1, 2, 3, 5, 6, 7, 9, 12, 15, 30, 31, 33, 97, 128, 129, 210, 255, 256, 257] {
        for (road, got) in roads(&c, 0.05, len).into_iter().enumerate().filter(|(road, _)| *road < 4) {
            assert!(distance(&got.expect("legal"), &longest[..len]) < 1e-12, "road {road}, length {len}");
        }
    }
    assert_eq!((Dft::new(1).len(), Dft::new(7).len()), (1, 7));
    for size in [ANNOTATED_S4, CLASSROOM, SPEECH] {
        let (c, v) = (normals(size.d, 1), legs_input(size.d));
        let exact = recurrence_kernel(&v, &c, size.eps, size.len).expect("legal");
        let got = CauchyKernel::new(size.d, size.len).expect("legal").kernel(&v, &c, size.eps).expect("legal");
        assert!(distance(&got, &exact) < 1e-11, "{size:?}");
    }
}

#[test]
fn a_signal_must_have_numbers_and_only_finite_ones() {
    let table = Convolution::new(4).expect("legal");
    let (b, c) = (legs_input(2), [1.0, 0.5]);
    let mut recurrence = LegsRecurrence::new(&b, &c, 0.1).expect("legal");
    let mut dense = Recurrence::new(Discretisation::Bilinear.legs(2, 0.1).expect("legal")).expect("legal");
    let mut online = LegsOnline::new(2).expect("legal");
    let mut all = |u: &[f64]| {
        [
            table.causal(&[1.0], u).err(),
            direct_convolution(&[1.0], u).err(),
            recurrence.run(u).err(),
            dense.run(&c, u).err(),
            online.extend(u).err(),
            legs_projection(u, 2).err(),
            history_residual(u, &[1.0], true).err(),
        ]
    };
    assert!(all(&[]).iter().all(|error| *error == Some(MathError::Empty)));
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for error in all(&[0.5, 1.0, value, f64::NAN]) {
            let Some(MathError::NotFinite { index: 2, value: found }) = error else { panic!("{error:?}") };
            assert_eq!(found.to_bits(), value.to_bits());
        }
    }
    assert_eq!((online.count(), online.state()), (0, vec![0.0; 2]));
    online.push(3.0).expect("finite");
    assert!(matches!(online.push(f64::NAN), Err(MathError::NotFinite { index: 1, .. })));
    assert_eq!((online.count(), online.state()), (1, vec![3.0, 0.0]));
    let kernel_error = table.causal(&[0.0, f64::INFINITY], &[1.0]);
    assert_eq!(kernel_error, Err(MathError::EntryNotFinite { field: "K", index: 1, value: f64::INFINITY }));
    assert_eq!(table.causal(&[1.0], &[1.0; 5]), Err(MathError::TooMany { limit: 4 }));
    assert_eq!(Convolution::new(0), Err(MathError::Empty));
    assert_eq!(Convolution::new(SIGNAL_LIMIT + 1), Err(MathError::TooMany { limit: SIGNAL_LIMIT }));
    assert!(Signal::Noise(1).samples(0).is_empty());
}

#[test]
fn the_first_step_of_legs_divides_by_nothing() {
    for d in [1, 2, 9, 128] {
        let mut online = LegsOnline::new(d).expect("legal");
        online.extend(&[-2.25]).expect("finite");
        let state = online.state();
        assert!(state[0].to_bits() == (-2.25_f64).to_bits() && state[1..].iter().all(|x| x.to_bits() == 0), "{state:?}");
        assert!(distance(&state, &legs_projection(&[-2.25], d).expect("legal")) < 1e-15);
        online.extend(&[1.0; 9]).expect("finite");
        assert!(online.state().iter().all(|x| x.is_finite()));
    }
}

#[test]
fn eigenvectors_beyond_their_limit_are_marked_as_a_failure() {
    for d in [1, 8, 16, 33, 64, ORDER_LIMIT] {
        let eigen = eigen_kernel(&normals(d, 2), 0.01, 50).expect("legal");
        assert_eq!(eigen.values.len(), 50);
        assert_eq!(eigen.meaningful, d <= 16, "{d}");
        assert!(eigen.log10_condition.is_finite() && (d <= EIGEN_LIMIT || eigen.log10_condition > 20.0));
    }
}

#[test]
fn a_forgotten_past_leaves_the_output_as_it_is() {
    let c = normals(12, 9);
    for (eps, len) in [(1.0, 2000), (0.1, LENGTH_LIMIT), (2.0, 4000)] {
        assert!(distance(&truncated_output(&c, eps, len).expect("legal"), &c) < 1e-14, "{eps} {len}");
    }
    // And at z = −1 the value is the limit, not a quotient of infinities.
    let (table, v) = (RationalKernel::new(12, 64).expect("legal"), legs_input(12));
    let half = table.half_spectrum(&c, 0.1).expect("legal");
    let truncated = truncated_output(&c, 0.1, 64).expect("legal");
    assert!((half[32].re - hole(&truncated, &v, 0.1)).abs() < 1e-15 && half[32].im == 0.0);
    let kernel = recurrence_kernel(&v, &c, 0.1, 64).expect("legal");
    let alternating: f64 = kernel.iter().enumerate().map(|(k, value)| if k % 2 == 0 { *value } else { -value }).sum();
    assert!((half[32].re - alternating).abs() < 1e-12);
    let circle = table.roots().circle(0.1).expect("legal");
    assert_eq!(circle.iter().filter(|root| root.tau.is_none()).count(), 1);
    assert!(circle[32].tau.is_none() && (circle[32].z.re + 1.0).abs() < 1e-15);
    for l in 1..32 {
        let (here, there) = (circle[l].tau.expect("finite"), circle[64 - l].tau.expect("finite"));
        assert!((here + there).abs() < 1e-12 * here && here > 0.0);
    }
    assert!(Roots::new(63).expect("legal").circle(0.1).expect("legal").iter().all(|root| root.tau.is_some()));
}

#[test]
fn single_precision_is_good_to_1e_4() {
    for (d, len) in [(16, 256), (64, 1024)] {
        let c = normals(d, 4);
        let all: Vec<Vec<f64>> = roads(&c, 1.0 / len as f64, len).into_iter().map(|got| got.expect("legal")).collect();
        let scale = all[0].iter().fold(0.0_f64, |scale, k| scale.max(k.abs()));
        for road in 6..9 {
            let error = distance(&all[road], &all[0]) / scale;
            println!("d = {d}, L = {len}, road {road}: {error:.1e}");
            assert!(error < 1e-4 && error > 1e-9, "road {road}: {error:e}");
        }
    }
}

#[test]
fn sizes_have_their_limits() {
    all_fail_with(&[], 0.1, 8, &MathError::Empty);
    all_fail_with(&[1.0], 0.1, 0, &MathError::Empty);
    all_fail_with(&[0.0; ORDER_LIMIT + 1], 0.1, 8, &MathError::TooMany { limit: ORDER_LIMIT });
    all_fail_with(&[1.0], 0.1, LENGTH_LIMIT + 1, &MathError::TooMany { limit: LENGTH_LIMIT });
    assert_eq!(Nplr::new(0), Err(MathError::Empty));
    assert_eq!(LegsOnline::new(ORDER_LIMIT + 1), Err(MathError::TooMany { limit: ORDER_LIMIT }));
    assert_eq!(legs_projection(&[1.0], 0), Err(MathError::Empty));
    assert_eq!(euler_norm_limit(0), Err(MathError::Empty));
}

#[test]
fn vectors_and_matrices_must_fit_and_be_finite() {
    for value in [f64::NAN, f64::INFINITY] {
        for got in roads(&[0.5, value, f64::NAN], 0.1, 8) {
            let Err(MathError::EntryNotFinite { field: "C", index: 1, value: found }) = got else { panic!("{got:?}") };
            assert_eq!(found.to_bits(), value.to_bits());
        }
    }
    let mismatch = MathError::LengthMismatch { left: 1, right: 2 };
    assert_eq!(recurrence_kernel(&[1.0], &[1.0, 2.0], 0.1, 4), Err(mismatch.clone()));
    assert_eq!(CauchyKernel::new(2, 4).expect("legal").kernel(&[1.0], &[1.0, 2.0], 0.1), Err(mismatch));
    let table = CauchyKernel::new(2, 4).expect("legal");
    assert_eq!(table.kernel(&[1.0; 3], &[1.0; 3], 0.1), Err(MathError::LengthMismatch { left: 3, right: 2 }));
    assert_eq!(
        RationalKernel::new(2, 4).expect("legal").kernel(&[1.0; 3], 0.1),
        Err(MathError::LengthMismatch { left: 3, right: 2 })
    );
    assert_eq!(table.roots().kernel(&[]), Err(MathError::LengthMismatch { left: 0, right: 3 }));
    assert_eq!(table.roots().half_spectrum(&[1.0]), Err(MathError::LengthMismatch { left: 1, right: 4 }));
    let shape = MathError::ShapeMismatch { field: "A", expected: 4, found: 1 };
    assert_eq!(Discretisation::Bilinear.discretise(&[1.0], &[1.0, 2.0], 0.1), Err(shape.clone()));
    assert_eq!(power_kernel(&DiscreteSystem { a: vec![1.0], b: vec![1.0; 2] }, &[1.0; 2], 3), Err(shape.clone()));
    assert_eq!(PowerNorms::new(&[1.0], 2), Err(shape));
    // A step at the pole of an implicit scheme has no solution.
    assert_eq!(Discretisation::BackwardEuler.discretise(&[2.0], &[1.0], 0.5), Err(MathError::Singular { pivot: 0 }));
    // The largest numbers overflow with a word.
    let huge = [f64::MAX; 3];
    for (road, got) in roads(&huge, 0.5, 9).into_iter().enumerate().filter(|(road, _)| ![0, 4, 5].contains(road)) {
        assert!(matches!(got, Err(MathError::EntryNotFinite { .. })), "road {road}: {got:?}");
    }
    let held = zero_order_hold_kernel(&[f64::MAX, -f64::MAX, -f64::MAX], 0.3, 3);
    assert!(matches!(held, Err(MathError::EntryNotFinite { field: "K", .. })), "{held:?}");
    assert!(table.half_spectrum(&[f64::MAX; 2], &[f64::MAX; 2], 0.1).is_err());
    let mut online = LegsOnline::new(4).expect("legal");
    assert!(matches!(online.extend(&[f64::MAX; 3]), Err(MathError::EntryNotFinite { field: "x", .. })));
    assert!(history_residual(&[f64::MAX; 3], &[0.0], true).is_err());
    let run = power_kernel(&Discretisation::Bilinear.legs(3, 0.5).expect("legal"), &huge, 9).expect("legal");
    assert!(run.diverged.is_some() && run.values.iter().all(|k| k.is_finite()));
}

#[test]
fn a_window_and_a_memory_must_have_a_length() {
    for window in [0.0, -1.0, f64::INFINITY] {
        assert_eq!(legt_matrix(3, window), Err(MathError::ScaleNotPositive(window)));
        assert_eq!(legt_input(3, window), Err(MathError::ScaleNotPositive(window)));
        assert_eq!(MemoryMeasure::uniform(window), Err(MathError::ScaleNotPositive(window)));
    }
    assert!(legt_matrix(3, f64::NAN).is_err() && MemoryMeasure::uniform(f64::NAN).is_err());
    assert_eq!(MemoryMeasure::Exponential.place(f64::NAN), None);
    assert!(MemoryMeasure::Exponential.age(-1.0).is_infinite());
}

#[test]
fn long_times_forget_without_a_trace_of_rounding() {
    for d in [1, 16, 128] {
        let mut out = vec![0.0; d];
        for t in [0.0, 1e-300, 40.0, 800.0, 1e300] {
            legs_decay_of_constant(t, &mut out);
            assert!(out.iter().all(|x| x.is_finite() && x.abs() <= 1.0), "{d} {t}");
            assert!(legs_exponential(t, d).iter().all(|x| x.is_finite() && x.abs() <= 1.0 + 1e-12), "{d} {t}");
        }
        assert!(spectral_norm(&legs_exponential(50.0, d), d) < 1e-12);
    }
    assert!(spectral_norm(&legs_matrix(4), 4) > 4.0);
}
