//! Properties of discovery curves, their bounds and estimates, and of the queue: on 10,000 random inputs each where that is cheap.

use proptest::prelude::*;
use std::sync::Arc;
use yansuan_math::discovery_run::DiscoveryRun;
use yansuan_math::fetch_queue::FetchQueue;
use yansuan_math::good_turing::{chao1_unseen, good_turing_rate};
use yansuan_math::imperfect_debugging::{ImperfectDebugging, Imperfections};
use yansuan_math::md1_queue::{Md1Queue, lindley_waits};
use yansuan_math::occupancy::{Occupancy, OccupancyCurve};
use yansuan_math::operational_profile::{OperationalProfile, Stage, shuffled};
use yansuan_math::race_condition::{DAY, RaceCondition, arrivals_per_second, race_ladder, rates_under_traffic};
use yansuan_math::rate_profile::RateProfile;
use yansuan_math::reliability_growth::GrowthModel;
use yansuan_math::rng::SplitMix64;
use yansuan_math::worst_case_rate::{bishop_bloomfield, requests_that_suffice, worst_case_rate, worst_probability};
use yansuan_math::zipf::{zipf_asymptote, zipf_beyond, zipf_growth, zipf_rates};

fn config_of(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(9_920),
        ..ProptestConfig::default()
    }
}

/// Ten thousand cases, the same every time, and no file written on failure.
fn config() -> ProptestConfig {
    config_of(10_000)
}

/// From never to certain, over twelve decades.
fn probability() -> impl Strategy<Value = f64> {
    prop_oneof![
        1 => Just(0.0),
        1 => Just(1.0),
        4 => 0.0..=1.0_f64,
        10 => (-12.0..0.0_f64).prop_map(|exponent| 10.0_f64.powf(exponent)),
    ]
}

fn probabilities() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(probability(), 0..40)
}

/// Counts of requests from none to ten million millions.
fn requests() -> impl Strategy<Value = f64> {
    prop_oneof![(0..20_u32).prop_map(f64::from), (0.0..13.0_f64).prop_map(|exponent| 10.0_f64.powf(exponent).floor())]
}

fn occupancy_of(p: &[f64]) -> Arc<Occupancy> {
    Arc::new(Occupancy::new(p).expect("legal"))
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs())
}

/// Arrivals, utilisation and interval of a stable queue.
fn stable_queue() -> impl Strategy<Value = Md1Queue> {
    let load = prop_oneof![
        0.001..0.999_f64,
        (-5.0..-1.0_f64).prop_map(|x| 1.0 - 10.0_f64.powf(x)),
        (-8.0..-1.0_f64).prop_map(|x| 10.0_f64.powf(x))
    ];
    (load, -2.0..3.0_f64).prop_filter_map("stable", |(load, exponent)| {
        let interval = 10.0_f64.powf(exponent);
        Md1Queue::new(load / interval, interval).ok().filter(|queue| queue.steady().is_some())
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_curve_rises_from_0_to_at_most_m_and_ever_more_slowly(p in probabilities(), n in requests(), more in 1.0..1e4_f64) {
        let occupancy = occupancy_of(&p);
        let m = p.len() as f64;
        prop_assert_eq!(occupancy.at(0.0).expect("legal").found, 0.0);
        let [here, later] = [n, n + more].map(|n| occupancy.at(n).expect("legal"));
        prop_assert!(here.found >= 0.0 && here.found <= m * (1.0 + 1e-15) && later.found >= here.found * (1.0 - 1e-14));
        prop_assert!(later.residual_rate <= here.residual_rate * (1.0 + 1e-14));
        prop_assert!(here.variance >= 0.0 && here.variance <= m / 4.0 + 1e-12);
        prop_assert!((here.found + here.unfound - m).abs() <= 1e-13 * m);
        prop_assert!(here.variance <= here.found.min(here.unfound) * (1.0 + 1e-14));
        let (low, high) = here.band(2.0);
        prop_assert!(0.0 <= low && low <= here.found && here.found <= high && high <= m * (1.0 + 1e-14));
    }

    #[test]
    fn the_rate_is_the_next_step_of_the_curve(p in probabilities(), n in requests()) {
        let occupancy = occupancy_of(&p);
        let [here, next] = [n, n + 1.0].map(|n| occupancy.at(n).expect("legal"));
        // Of what is left, which keeps its digits where the curve is flat: e^{−700} is 700 times as wrong as its exponent.
        prop_assert!((here.unfound - next.unfound - here.residual_rate).abs() <= 2e-13 * here.unfound, "{here:?} {next:?}");
        prop_assert!((next.found - here.found - here.residual_rate).abs() <= 1e-14 * next.found, "{here:?} {next:?}");
    }

    #[test]
    fn no_bugs_whatever_fail_more_often_than_the_bound(p in probabilities(), n in requests()) {
        let rate = occupancy_of(&p).at(n).expect("legal").residual_rate;
        let bound = worst_case_rate(p.len(), n).expect("legal");
        prop_assert!(rate <= bound * (1.0 + 1e-13), "{rate} {bound}");
        if let Some(smooth) = bishop_bloomfield(p.len(), n).expect("legal") {
            // Above by a factor of about 1 + 1/2N.
            prop_assert!(bound <= smooth * (1.0 + 1e-14) && smooth <= bound * (1.0 + 0.5 / n) * (1.0 + 1e-14) , "{bound} {smooth}");
        }
    }

    #[test]
    fn the_bound_is_attained_by_its_own_probability(m in 1..60_usize, n in requests()) {
        let p = vec![worst_probability(n).expect("legal"); m];
        let rate = occupancy_of(&p).at(n).expect("legal").residual_rate;
        // 1/(N+1) is rounded, and (1−p)^N turns its relative error into at most as much.
        prop_assert!(close(rate, worst_case_rate(m, n).expect("legal"), 1e-14), "{rate}");
        let profile = RateProfile::WorstCase { requests: n }.rates(m).expect("legal");
        prop_assert_eq!(profile.p, p);
    }

    #[test]
    fn the_requests_that_suffice_do(p in probabilities(), exponent in -9.0..0.0_f64) {
        let rate = 10.0_f64.powf(exponent);
        let n = requests_that_suffice(p.len(), rate).expect("legal");
        prop_assert!(occupancy_of(&p).at(n).expect("legal").residual_rate <= rate);
    }

    #[test]
    fn what_is_seen_once_tells_the_rate(p in probabilities(), n in requests()) {
        let occupancy = occupancy_of(&p);
        let f1 = occupancy.singletons(n).expect("legal");
        // By definition, thing by thing.
        let direct: f64 = p.iter().map(|p| if n < 1.0 { 0.0 } else { n * p * (1.0 - p).powf(n - 1.0) }).sum();
        // powf of the rounded 1 − p is off by N·1e-16.
        prop_assert!((f1 - direct).abs() <= 1e-13 * direct + n * n * 1e-16 * direct + 1e-13 * n.min(1e3), "{f1} {direct}");
        prop_assert!(f1 >= 0.0 && f1 <= p.len() as f64);
        match good_turing_rate(n, f1).expect("legal") {
            None => prop_assert!(n < 1.0),
            Some(rate) => prop_assert!(close(rate, occupancy.at(n - 1.0).expect("legal").residual_rate, 1e-15)),
        }
    }

    /// Cauchy–Schwarz makes it one for every law of the probabilities.
    #[test]
    fn chaos_bound_is_a_lower_bound(p in probabilities(), n in requests()) {
        // What can never be met is not counted by anybody.
        let p: Vec<f64> = p.into_iter().filter(|&p| p > 0.0).collect();
        let occupancy = occupancy_of(&p);
        let (f1, f2) = (occupancy.singletons(n).expect("legal"), occupancy.doubletons(n).expect("legal"));
        prop_assert!(f2 >= 0.0 && f1 + f2 <= occupancy.at(n).expect("legal").found * (1.0 + 1e-12));
        // Above, the sums are so small that the case f₂ = 0 of counts would be taken for one of expected values.
        if f2 > 1e-290 && let Ok(unseen) = chao1_unseen(n, f1, f2) {
            let unfound = occupancy.at(n).expect("legal").unfound;
            prop_assert!(unseen.expect("some requests") <= unfound * (1.0 + 1e-12), "{unseen:?} {unfound}");
        }
    }

    #[test]
    fn probabilities_of_each_add_up_to_the_curve(p in probabilities(), n in requests()) {
        let occupancy = occupancy_of(&p);
        let each = occupancy.found_probabilities(n).expect("legal");
        prop_assert_eq!(each.len(), p.len());
        prop_assert!(each.iter().all(|met| (0.0..=1.0).contains(met)));
        let moments = occupancy.at(n).expect("legal");
        prop_assert!(close(each.iter().sum(), moments.found, 1e-14));
        for (&p, &met) in p.iter().zip(&each) {
            let expected = if p >= 1.0 { f64::from(u8::from(n >= 1.0)) } else { -(n * (-p).ln_1p()).exp_m1() };
            prop_assert!(close(met, expected, 1e-15));
        }
    }

    #[test]
    fn a_run_counts_what_it_lists(p in probabilities(), seed in any::<u64>(), n in requests()) {
        let run = DiscoveryRun::new(&occupancy_of(&p), seed);
        let steps = run.discoveries();
        prop_assert!(steps.windows(2).all(|pair| (pair[0].request, pair[0].item) < (pair[1].request, pair[1].item)));
        prop_assert!(steps.iter().all(|step| step.request >= 1.0 && step.request.fract() == 0.0));
        prop_assert!(steps.iter().all(|step| run.first_hits()[step.item as usize] == step.request));
        let spectrum = run.spectrum(n).expect("legal");
        let found = (0..p.len()).filter(|&item| run.is_found(item, n)).count();
        prop_assert_eq!((spectrum.found, run.found(n)), (found, Ok(found)));
        prop_assert!(spectrum.singletons + spectrum.doubletons <= found);
        let left: f64 = (0..p.len()).filter(|&item| !run.is_found(item, n)).map(|item| p[item]).sum();
        prop_assert!(close(spectrum.residual_rate, left, 1e-14));
        for (item, &p) in p.iter().enumerate() {
            prop_assert_eq!(run.first_hits()[item].is_infinite(), p == 0.0);
            prop_assert!(p < 1.0 || run.first_hits()[item] == 1.0);
        }
    }

    /// The same stage twice is one stage, and its runs are the same.
    #[test]
    fn a_cut_in_a_stage_changes_nothing(p in probabilities(), n in requests(), cut in requests(), seed in any::<u64>()) {
        let occupancy = occupancy_of(&p);
        let stage = Stage { occupancy: Arc::clone(&occupancy), requests: cut };
        let cut_up = OperationalProfile::new(&[stage.clone(), stage]).expect("legal");
        let whole = OperationalProfile::stationary(Arc::clone(&occupancy));
        let (got, expected) = (cut_up.at(n).expect("legal"), whole.at(n).expect("legal"));
        prop_assert_eq!(expected, occupancy.at(n).expect("legal"));
        // N·ln(1−p) is the sum of two products, and e^{−700} is 700 times as wrong as its exponent.
        prop_assert!(close(got.found, expected.found, 1e-13) && close(got.unfound, expected.unfound, 1e-12));
        prop_assert!(close(got.residual_rate, expected.residual_rate, 1e-12) && close(got.variance, expected.variance, 1e-12));
        prop_assert_eq!(cut_up.stage_at(n).expect("legal"), usize::from(n >= cut));
        for (got, expected) in cut_up.first_hits(seed).into_iter().zip(whole.first_hits(seed)) {
            // One request to and fro, where the clock runs out on the very edge of one, and what rounding brings at 1e13.
            prop_assert!(got == expected || (got - expected).abs() <= 1.0 + 1e-15 * expected, "{got} {expected}");
        }
    }

    /// Stages multiply: what is left of each thing is the product, whatever their order.
    #[test]
    fn stages_multiply(p in probabilities(), seed in any::<u64>(), n in 0.0..1e6_f64, m in 0.0..1e6_f64) {
        let q = shuffled(&p, seed);
        let stage = |p: &[f64], requests| Stage { occupancy: occupancy_of(p), requests };
        let one = OperationalProfile::new(&[stage(&p, n), stage(&q, m)]).expect("legal");
        let other = OperationalProfile::new(&[stage(&q, m), stage(&p, n)]).expect("legal");
        let end = n.floor() + m.floor();
        let [one, other] = [one, other].map(|profile| profile.at(end).expect("legal"));
        prop_assert!(close(one.found, other.found, 1e-14) && close(one.unfound, other.unfound, 1e-12));
        let mut sorted = [p, q];
        sorted.iter_mut().for_each(|p| p.sort_by(f64::total_cmp));
        prop_assert_eq!(&sorted[0], &sorted[1]);
    }

    #[test]
    fn imperfect_fixes_leave_more_and_never_more_than_their_ceiling(
        p in probabilities(), n in requests(), delay in 0.0..1e4_f64, failing in 0.0..=1.0_f64, burst in 1.0..20.0_f64,
    ) {
        let occupancy = occupancy_of(&p);
        let ideal = occupancy.at(n).expect("legal");
        let perfect = ImperfectDebugging::new(Arc::clone(&occupancy), Imperfections::default()).expect("legal");
        prop_assert!(close(perfect.residual_rate(n).expect("legal"), ideal.residual_rate, 1e-15));
        prop_assert!(close(perfect.remaining(n).expect("legal"), ideal.unfound, 1e-15));
        prop_assert!(close(perfect.ceiling(n).expect("legal"), worst_case_rate(p.len(), n).expect("legal"), 1e-15));
        let how = Imperfections { delay, failing, burst };
        let real = ImperfectDebugging::new(occupancy, how).expect("legal");
        let rate = real.residual_rate(n).expect("legal");
        prop_assert!(rate >= ideal.residual_rate * (1.0 - 1e-12), "{rate} {ideal:?}");
        prop_assert!(rate <= real.ceiling(n).expect("legal") * (1.0 + 1e-12), "{rate} {:?}", real.ceiling(n));
        prop_assert!(real.found(n).expect("legal") <= ideal.found * (1.0 + 1e-14));
        prop_assert!(real.remaining(n).expect("legal") >= ideal.unfound * (1.0 - 1e-12));
    }

    #[test]
    fn littlewoods_model_tends_to_goel_and_okumotos(bugs in 0.0..1e4_f64, rate in 1e-6..1.0_f64, t in 0.0..1e4_f64) {
        let expected = GrowthModel::GoelOkumoto { bugs, rate }.found(t).expect("legal");
        let mut last = f64::INFINITY;
        for shape in [1e2, 1e4, 1e6, 1e8] {
            let got = GrowthModel::Littlewood { bugs, shape, scale: shape / rate }.found(t).expect("legal");
            // The exponent is λt(1 − λt/2a + …), and x²e^{−x} is below 1.
            prop_assert!((got - expected).abs() <= bugs * 0.6 / shape + 1e-12 * bugs, "{shape} {got} {expected}");
            prop_assert!((got - expected).abs() <= last + 1e-12 * bugs);
            last = (got - expected).abs();
        }
    }

    #[test]
    fn growth_models_rise_from_0_at_their_intensity(t in 0.0..1e4_f64, a in 0.01..10.0_f64, b in 0.1..1e3_f64, rate in 1e-6..0.1_f64) {
        let models = [
            GrowthModel::GoelOkumoto { bugs: 100.0, rate },
            GrowthModel::Littlewood { bugs: 100.0, shape: a, scale: b },
            GrowthModel::MusaOkumoto { initial: a, decay: rate },
            GrowthModel::MusaOkumoto { initial: a, decay: 0.0 },
        ];
        for model in models {
            prop_assert_eq!(model.found(0.0).expect("legal"), 0.0);
            let h = 1e-5 * (t + b.min(1.0));
            let (low, high) = (model.found(t).expect("legal"), model.found(t + 2.0 * h).expect("legal"));
            let slope = (high - low) / (2.0 * h);
            let intensity = model.intensity(t + h).expect("legal");
            prop_assert!((slope - intensity).abs() <= 1e-6 * intensity + 1e-15 * high / h, "{model:?} {slope} {intensity}");
        }
    }

    #[test]
    fn matched_models_begin_as_the_bugs_do(p in prop::collection::vec(1e-9..1e-3_f64, 1..40)) {
        let models = GrowthModel::matched(&p).expect("legal");
        let (rate, square): (f64, f64) = (p.iter().sum(), p.iter().map(|p| p * p).sum());
        for (at, model) in models.into_iter().enumerate() {
            let Some(model) = model else {
                prop_assert!(at == 1 && p.iter().all(|q| close(*q, p[0], 1e-6)));
                continue;
            };
            prop_assert!(close(model.intensity(0.0).expect("legal"), rate, 1e-12));
            // At the first decline, −Σp², by a difference over a moment in which little changes.
            let h = 1e-4 * rate / square;
            let decline = (rate - model.intensity(h).expect("legal")) / h;
            let expected = if at == 0 { rate * rate / p.len() as f64 } else { square };
            prop_assert!(close(decline, expected, 1e-3), "{model:?} {decline} {expected}");
        }
    }

    #[test]
    fn races_need_traffic(path in 1e-6..=1.0_f64, exponent in -4.0..1.0_f64, arrivals in -8.0..4.0_f64) {
        let (window, arrivals) = (10.0_f64.powf(exponent), 10.0_f64.powf(arrivals));
        let race = RaceCondition::new(path, window).expect("legal");
        let p = race.per_request(arrivals).expect("legal");
        prop_assert!(p >= 0.0 && p <= path && p <= path * arrivals * window * (1.0 + 1e-15));
        prop_assert!(race.per_request(2.0 * arrivals).expect("legal") >= p);
        let failures = race.per_day(arrivals).expect("legal");
        prop_assert!(close(failures, DAY * arrivals * p, 1e-15));
        // Ten times the traffic: a hundred times the failures while rare, ten times when certain.
        let growth = race.per_day(10.0 * arrivals).expect("legal") / failures;
        prop_assert!((10.0 - 1e-9..=100.0 + 1e-9).contains(&growth), "{growth}");
        if arrivals * window < 1e-4 {
            prop_assert!((growth - 100.0).abs() < 0.06);
        }
        let back = race.arrivals_for(failures).expect("legal").expect("it strikes");
        prop_assert!(close(back, arrivals, 1e-12), "{back} {arrivals}");
    }

    #[test]
    fn waits_have_a_distribution(queue in stable_queue(), t in 0.0..60.0_f64, step in 0.0..5.0_f64, share in 0.0..1.0_f64) {
        let steady = queue.steady().expect("stable");
        let (d, rho) = (queue.interval(), queue.utilisation());
        prop_assert!((steady.wait_cdf(0.0).expect("legal") - (1.0 - rho)).abs() <= 1e-15, "{}", 1.0 - rho);
        prop_assert_eq!(steady.idle(), 1.0 - rho);
        let [here, later] = [t, t + step].map(|t| steady.wait_cdf(t * d).expect("legal"));
        prop_assert!((0.0..=1.0).contains(&here) && here <= later + 2e-15, "{here} {later}");
        let tail = steady.wait_tail(t * d).expect("legal");
        prop_assert!((here + tail - 1.0).abs() <= 1e-15 && tail >= -1e-15);
        let quantile = steady.wait_quantile(share).expect("legal");
        prop_assert!(quantile >= 0.0);
        if share <= steady.idle() {
            prop_assert_eq!(quantile, 0.0);
        } else {
            let cdf = steady.wait_cdf(quantile).expect("legal");
            prop_assert!((cdf - share).abs() < 1e-13, "{share} {cdf} {quantile}");
        }
    }

    /// The textbook's alternating sum, where it still has digits.
    #[test]
    fn waits_agree_with_the_alternating_sum(queue in stable_queue(), t in 0.0..8.0_f64) {
        let steady = queue.steady().expect("stable");
        let rho = queue.utilisation();
        let mut total = 0.0;
        for j in 0..=t as u32 {
            let u = rho * (f64::from(j) - t);
            let factorial: f64 = (1..=j).map(f64::from).product();
            total += (-u).exp() * u.powf(f64::from(j)) / factorial;
        }
        let got = steady.wait_cdf(t * queue.interval()).expect("legal");
        // Its terms grow as e^{2ρt}; 8 services are e^16 = 1e7.
        prop_assert!((got - (1.0 - rho) * total).abs() < 1e-8, "{got} {}", (1.0 - rho) * total);
    }

    #[test]
    fn the_first_counts_are_those_of_the_closed_form(queue in stable_queue()) {
        let steady = queue.steady().expect("stable");
        let rho = queue.utilisation();
        let p = |n| steady.count_probability(n).expect("kept");
        let e = rho.exp_m1();
        prop_assert!((p(0) - (1.0 - rho)).abs() < 1e-15);
        prop_assert!((p(1) - (1.0 - rho) * e).abs() < 1e-15);
        prop_assert!((p(2) - (1.0 - rho) * rho.exp() * (e - rho)).abs() < 1e-15);
    }

    #[test]
    fn a_longer_interval_makes_nobody_wait_less(gaps in prop::collection::vec(0.0..5.0_f64, 0..40), interval in 0.0..4.0_f64) {
        let arrivals: Vec<f64> = gaps.iter().scan(0.0, |time, gap| { *time += gap; Some(*time) }).collect();
        let (short, long) = (lindley_waits(&arrivals, interval), lindley_waits(&arrivals, interval * 1.1));
        prop_assert!(short.iter().zip(&long).all(|(short, long)| *short >= 0.0 && long + 1e-12 >= *short));
        // Services follow one another at the interval at least.
        let begins: Vec<f64> = arrivals.iter().zip(&short).map(|(arrival, wait)| arrival + wait).collect();
        prop_assert!(begins.windows(2).all(|pair| pair[1] - pair[0] >= interval - 1e-12));
    }

    #[test]
    fn a_cache_only_saves(p in probabilities(), n in requests(), clicks in 0.001..100.0_f64) {
        let papers = occupancy_of(&p);
        let fetches = FetchQueue::new(Arc::clone(&papers), clicks, 3.0).expect("legal");
        let cache = fetches.cache(n).expect("legal");
        prop_assert!(cache.downloads <= cache.asked * (1.0 + 1e-13) + 1e-13);
        prop_assert!((0.0..=1.0).contains(&cache.hit_share));
        prop_assert!(close(cache.drain, 3.0 * papers.at(n).expect("legal").found, 1e-15));
        prop_assert!(cache.drain <= cache.drain_without * (1.0 + 1e-13) + 1e-12);
        let loaded = fetches.loaded(n).expect("legal");
        prop_assert!(loaded.utilisation() <= fetches.loaded(0.0).expect("legal").utilisation() * (1.0 + 1e-14));
    }
}

proptest! {
    #![proptest_config(config_of(2000))]

    #[test]
    fn a_target_is_reached_at_its_request_and_not_before(p in probabilities(), share in 0.0..1.0_f64) {
        let occupancy = occupancy_of(&p);
        let target = share * occupancy.reachable() as f64;
        let n = occupancy.requests_to_find(target).expect("legal").expect("within reach");
        prop_assert!(occupancy.at(n).expect("legal").found >= target);
        prop_assert!(n < 1.0 || occupancy.at(n - 1.0).expect("legal").found < target);
        let rate = share * occupancy.total_rate();
        if let Some(n) = occupancy.requests_to_rate(rate).expect("legal") {
            prop_assert!(occupancy.at(n).expect("legal").residual_rate <= rate);
            prop_assert!(n < 1.0 || occupancy.at(n - 1.0).expect("legal").residual_rate > rate);
        }
    }

    #[test]
    fn all_rates_add_up_to_what_is_found(p in probabilities(), n in 0..200_u32) {
        let occupancy = occupancy_of(&p);
        let rates: f64 = (0..n).map(|n| occupancy.at(f64::from(n)).expect("legal").residual_rate).sum();
        prop_assert!(close(rates, occupancy.at(f64::from(n)).expect("legal").found, 1e-13));
    }

    /// The pictures of a queue behind a cache: it swells, is largest, and is worked off for good.
    #[test]
    fn a_cache_drains_the_queue(p in probabilities(), clicks in -3.0..3.0_f64, at in 0.0..1.0_f64) {
        let papers = occupancy_of(&p);
        let clicks = 10.0_f64.powf(clicks);
        let fetches = FetchQueue::new(Arc::clone(&papers), clicks, 3.0).expect("legal");
        let end = fetches.drained_after().expect("legal");
        prop_assert!(end >= 0.0 && end <= 3.0 * p.len() as f64 + 1e-9);
        prop_assert!(fetches.backlog(end * 1.0001 + 1e-6).expect("legal") <= 1e-9);
        if let Some((when, most)) = fetches.peak().expect("legal") {
            prop_assert!(when <= end + 1e-9 && most >= 0.0);
            let somewhere = fetches.backlog(at * 2.0 * end).expect("legal");
            prop_assert!(somewhere <= most + 1e-9, "{somewhere} {most}");
            prop_assert!((fetches.backlog(when).expect("legal") - most).abs() < 1e-6);
        }
        let without = fetches.backlog_without_cache(at * 2.0 * end).expect("legal");
        prop_assert!(fetches.backlog(at * 2.0 * end).expect("legal") <= without + 1e-9 * (1.0 + without));
        // However the clicks are spread, M·Λ·D/e of them make the queue stable.
        let latest = (p.len() as f64 * clicks * 3.0 / std::f64::consts::E).ceil();
        let stable = fetches.stable_after().expect("legal").expect("the bound");
        prop_assert!(stable <= latest, "{stable} {latest}");
        prop_assert!(fetches.loaded(stable).expect("legal").steady().is_some());
        prop_assert!(stable < 1.0 || fetches.loaded(stable - 1.0).expect("legal").utilisation() >= 1.0 - 1e-14);
    }

    #[test]
    fn slices_give_the_same_curve(p in probabilities(), n in prop::collection::vec(requests(), 0..20), budget in 0..200_usize) {
        let occupancy = occupancy_of(&p);
        let mut curve = OccupancyCurve::new(Arc::clone(&occupancy), &n).expect("legal");
        let mut last = curve.progress().fraction;
        while !curve.progress().done {
            let progress = curve.step(budget).expect("legal");
            prop_assert!(progress.fraction > last);
            last = progress.fraction;
        }
        let whole: Vec<_> = n.iter().map(|&n| occupancy.at(n).expect("legal")).collect();
        prop_assert_eq!(curve.moments(), whole.as_slice());
    }
}

/// The exponent of ten times the users, and the law itself within 2 % of a hundred thousand things.
#[test]
fn the_power_law_is_what_many_bugs_do() {
    let mut compared = 0;
    for s in [1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0] {
        for p_max in [0.05, 0.3, 1.0] {
            let m = 100_000;
            let occupancy = Occupancy::new(&zipf_rates(m, p_max, s).expect("legal").p).expect("legal");
            for n in [1e3, 1e4, 1e5, 1e6] {
                let asymptote = zipf_asymptote(p_max, s, n).expect("legal").expect("a law");
                let beyond = zipf_beyond(m, p_max, s, n).expect("legal").expect("a tail");
                // The next terms: those beyond the last thing met more than rarely, and the top ones, for which (1−p)^N is not e^{−pN}.
                if p_max * n * (m as f64).powf(-s) > 0.03 || p_max * n < 30.0 {
                    continue;
                }
                let found = occupancy.at(n).expect("legal").found;
                let expected = asymptote.infinite - beyond;
                assert!((found - expected).abs() <= 0.02 * expected, "s {s}, p {p_max}, N {n}: {found} {expected}");
                // The −½ of the spec is worth its place: without it, it is off by about that.
                if p_max * n > 1e3 && beyond < 1e-3 * asymptote.leading {
                    assert!((found + beyond - asymptote.infinite).abs() < 0.1, "s {s}, p {p_max}, N {n}");
                }
                compared += 1;
            }
            let ten = zipf_growth(s, 10.0).expect("legal").expect("a law");
            let [one, more] = [1e4, 1e5].map(|n| zipf_asymptote(p_max, s, n).expect("legal").expect("a law").leading);
            assert!(close(more / one, ten, 1e-13));
        }
    }
    assert!(compared > 40, "{compared}");
}

/// A thousand brute-force histories, request by request, against all expected values, and against runs by geometric numbers.
#[test]
fn simulations_have_the_means_and_deviations_of_the_formulas() {
    let (runs, n) = (1000_u32, 40_u32);
    let p = RateProfile::Zipf { p_max: 0.4, s: 1.2 }.rates(30).expect("legal").p;
    let occupancy = occupancy_of(&p);
    let moments = occupancy.at(f64::from(n)).expect("legal");
    let (f1, f2) = (occupancy.singletons(f64::from(n)).expect("legal"), occupancy.doubletons(f64::from(n)).expect("legal"));
    let mut rng = SplitMix64::new(42);
    let brute = |_| {
        let hits: Vec<usize> = p.iter().map(|&p| (0..n).filter(|_| rng.uniform() < p).count()).collect();
        let count = |times: usize| hits.iter().filter(|&&hits| hits == times).count() as f64;
        let rate: f64 = p.iter().zip(&hits).filter(|(_, hits)| **hits == 0).map(|(p, _)| p).sum();
        [p.len() as f64 - count(0), count(1), count(2), rate]
    };
    let by_hand: Vec<[f64; 4]> = (0..runs).map(brute).collect();
    let seeded = |seed: u32| {
        let spectrum = DiscoveryRun::new(&occupancy, u64::from(seed)).spectrum(f64::from(n)).expect("legal");
        [spectrum.found as f64, spectrum.singletons as f64, spectrum.doubletons as f64, spectrum.residual_rate]
    };
    let by_clock: Vec<[f64; 4]> = (0..runs).map(seeded).collect();
    for (name, values) in [("request by request", by_hand), ("by geometric numbers", by_clock)] {
        let mean = |at: usize| values.iter().map(|value| value[at]).sum::<f64>() / f64::from(runs);
        let variance = |at: usize| values.iter().map(|value| (value[at] - mean(at)).powi(2)).sum::<f64>() / f64::from(runs - 1);
        for (at, expected) in [moments.found, f1, f2, moments.residual_rate].into_iter().enumerate() {
            let error = (variance(at) / f64::from(runs)).sqrt();
            assert!((mean(at) - expected).abs() < 4.0 * error, "{name} {at}: {} not {expected}", mean(at));
        }
        // The relative error of a variance is about √(2/runs) = 4.5 %.
        assert!((variance(0) / moments.variance - 1.0).abs() < 0.18, "{name}: {} not {}", variance(0), moments.variance);
    }
}

/// Ten thousand runs of the opening scene by their clocks: the mean at every decade within four standard errors.
#[test]
fn the_opening_scene_has_its_mean_and_its_band() {
    let p = RateProfile::default().rates(200).expect("legal").p;
    let profile = OperationalProfile::stationary(occupancy_of(&p));
    let runs = 10_000_u32;
    let decades = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];
    let mut sums = [[0.0; 2]; 7];
    for seed in 0..u64::from(runs) {
        let hits = profile.first_hits(seed);
        for (sum, n) in sums.iter_mut().zip(decades) {
            let found = hits.iter().filter(|&&hit| hit <= n).count() as f64;
            sum[0] += found;
            sum[1] += found * found;
        }
    }
    for ([sum, squares], n) in sums.into_iter().zip(decades) {
        let moments = profile.at(n).expect("legal");
        let mean = sum / f64::from(runs);
        assert!((mean - moments.found).abs() < 4.0 * moments.deviation() / f64::from(runs).sqrt(), "{n}: {mean} {moments:?}");
        let variance = squares / f64::from(runs) - mean * mean;
        // Where few are found or missing the count is nearly Poisson: kurtosis adds 1/variance.
        let error = ((2.0 + 1.0 / moments.variance) / f64::from(runs)).sqrt();
        assert!((variance / moments.variance - 1.0).abs() < 4.0 * error, "{n}: {variance} {moments:?}");
    }
}

/// Clicks that ask for exactly one paper each: the mean is that of independent papers, the variance the corrected one.
#[test]
fn one_paper_a_click_has_the_smaller_variance() {
    let rates = zipf_rates(60, 0.5, 1.0).expect("legal").normalised();
    let occupancy = occupancy_of(&rates.p);
    assert!((occupancy.total_rate() - 1.0).abs() < 1e-15);
    let (runs, n) = (4000_u32, 100_u32);
    let cumulated: Vec<f64> = rates
        .p
        .iter()
        .scan(0.0, |sum, p| {
            *sum += p;
            Some(*sum)
        })
        .collect();
    let mut rng = SplitMix64::new(5);
    let counts: Vec<f64> = (0..runs)
        .map(|_| {
            let mut seen = [false; 60];
            for _ in 0..n {
                let u = rng.uniform();
                seen[cumulated.partition_point(|&sum| sum <= u).min(59)] = true;
            }
            seen.iter().filter(|seen| **seen).count() as f64
        })
        .collect();
    let mean = counts.iter().sum::<f64>() / f64::from(runs);
    let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / f64::from(runs);
    let moments = occupancy.at(f64::from(n)).expect("legal");
    let corrected = occupancy.variance_one_a_trial(f64::from(n)).expect("legal");
    assert!((mean - moments.found).abs() < 4.0 * (variance / f64::from(runs)).sqrt(), "{mean} {}", moments.found);
    assert!((variance / corrected - 1.0).abs() < 0.1, "{variance} {corrected}");
    // And the independent one would be wrong.
    assert!(moments.variance > 1.3 * variance, "{variance} {}", moments.variance);
}

/// Fixes that take time and fail, and users who repeat themselves, request by request.
#[test]
fn imperfect_debugging_is_what_a_simulation_does() {
    let p = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
    let how = Imperfections { delay: 12.0, failing: 0.3, burst: 3.0 };
    let debugging = ImperfectDebugging::new(occupancy_of(&p), how).expect("legal");
    let (runs, end) = (20_000_u32, 60_u32);
    let mut rng = SplitMix64::new(11);
    let (mut rate, mut remaining, mut found) = (vec![], 0.0, 0.0);
    for _ in 0..runs {
        let (mut left, mut bugs_left, mut bugs_found) = (0.0, 0.0, 0.0);
        for p in p {
            // Every third request is a new one. Its report is answered when 12 more requests have come, and the answer fails in 3 of 10.
            let mut hits = (3..=end).step_by(3).filter(|_| rng.uniform() < p).collect::<Vec<u32>>();
            bugs_found += f64::from(u8::from(!hits.is_empty()));
            hits.retain(|&at| at + 12 <= end);
            if !hits.iter().any(|_| rng.uniform() >= 0.3) {
                left += p;
                bugs_left += 1.0;
            }
        }
        rate.push(left);
        remaining += bugs_left / f64::from(runs);
        found += bugs_found / f64::from(runs);
    }
    let mean = rate.iter().sum::<f64>() / f64::from(runs);
    let deviation = (rate.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / f64::from(runs)).sqrt();
    let n = f64::from(end);
    let expected = debugging.residual_rate(n).expect("legal");
    assert!((mean - expected).abs() < 4.0 * deviation / f64::from(runs).sqrt(), "{mean} {expected}");
    // Six coins each, of variance at most a quarter.
    let error = 4.0 * (6.0 * 0.25 / f64::from(runs)).sqrt();
    assert!((remaining - debugging.remaining(n).expect("legal")).abs() < error);
    assert!((found - debugging.found(n).expect("legal")).abs() < error);
}

/// A private beta, a launch, a change of habits: by clocks and by formula.
#[test]
fn stages_have_the_means_of_their_runs() {
    let quiet = zipf_rates(100, 0.02, 1.5).expect("legal").p;
    let loud: Vec<f64> = quiet.iter().map(|p| p * 20.0).collect();
    let stage = |p: &[f64], requests| Stage { occupancy: occupancy_of(p), requests };
    let profile =
        OperationalProfile::new(&[stage(&quiet, 30.9), stage(&loud, 200.0), stage(&shuffled(&loud, 3), 1.0)]).expect("legal");
    let runs = 4000_u32;
    for n in [10.0, 30.0, 31.0, 100.0, 230.0, 231.0, 600.0] {
        let moments = profile.at(n).expect("legal");
        let total: f64 =
            (0..u64::from(runs)).map(|seed| profile.first_hits(seed).into_iter().filter(|&hit| hit <= n).count() as f64).sum();
        let error = 4.0 * moments.deviation() / f64::from(runs).sqrt();
        assert!((total / f64::from(runs) - moments.found).abs() < error, "{n}: {} {moments:?}", total / f64::from(runs));
    }
    // Other habits bring the failures back: more than before the change.
    let [before, after] = [229.0, 230.0].map(|n| profile.at(n).expect("legal").residual_rate);
    assert!(after > 1.5 * before, "{before} {after}");
}

/// Requests at the times of a Poisson process: how many are followed by another within the window.
#[test]
fn a_race_is_lost_as_often_as_arrivals_say() {
    let mut rng = SplitMix64::new(8);
    for arrivals in [0.01, 0.5, 4.0, 40.0] {
        let race = RaceCondition::new(0.3, 0.1).expect("legal");
        let count = 200_000_u32;
        let lost = (0..count).filter(|_| rng.uniform() < 0.3 && rng.exponential() / arrivals < 0.1).count() as f64;
        let p = race.per_request(arrivals).expect("legal");
        let error = (p * (1.0 - p) / f64::from(count)).sqrt();
        assert!((lost / f64::from(count) - p).abs() < 4.0 * error, "{arrivals}: {} {p}", lost / f64::from(count));
    }
}

/// Five friends never see what a launch does on its first day.
#[test]
fn races_light_up_with_traffic_in_the_order_of_their_windows() {
    let races = race_ladder(20, 0.5, 1e-4, 10.0).expect("legal");
    assert!(races.is_sorted_by(|a, b| a.window() < b.window()));
    assert_eq!((races[0].window(), races[19].window()), (1e-4, 10.0));
    let found_in_a_day = |users: f64| {
        let arrivals = arrivals_per_second(users, 20.0).expect("legal");
        let rates = rates_under_traffic(&[], &races, arrivals).expect("legal");
        let occupancy = Occupancy::new(&rates).expect("legal");
        let each = occupancy.found_probabilities(arrivals * DAY).expect("legal");
        assert!(each.is_sorted(), "the longer the window the sooner");
        each.iter().filter(|met| **met > 0.5).count()
    };
    let [friends, launch, later] = [5.0, 500.0, 50_000.0].map(found_in_a_day);
    assert_eq!(friends, 0);
    assert!(launch > 5 && launch < 20 && later == 20, "{launch} {later}");
}

/// A million arrivals: mean wait, chance of none, and the whole distribution.
#[test]
fn the_queue_waits_as_long_as_its_simulation() {
    for (arrivals, share) in [(0.1, 0.01), (0.2, 0.015), (0.3, 0.05)] {
        let queue = Md1Queue::new(arrivals, 3.0).expect("legal");
        let steady = queue.steady().expect("stable");
        let count = 1_000_000_u32;
        let waits: Vec<f64> = queue.run(42).take(count as usize).map(|visit| visit.wait).collect();
        let mean = waits.iter().sum::<f64>() / f64::from(count);
        assert!((mean / steady.mean_wait() - 1.0).abs() < share, "{arrivals}: {mean} {}", steady.mean_wait());
        for t in [0.0, 1.0, 2.9, 3.0, 5.5, 12.0, 40.0] {
            let got = waits.iter().filter(|&&wait| wait <= t).count() as f64 / f64::from(count);
            // Waits follow each other closely: the effective count is less by some (1−ρ)².
            assert!((got - steady.wait_cdf(t).expect("legal")).abs() < 0.01, "{arrivals} {t}: {got}");
        }
        let idle = waits.iter().filter(|&&wait| wait <= 0.0).count() as f64 / f64::from(count);
        assert!((idle - steady.idle()).abs() < 0.003, "{idle}");
    }
}

/// The mean is the integral of the tail, beyond the seam too, and there the two formulas agree.
#[test]
fn the_mean_wait_is_the_integral_of_the_tail() {
    for rho in [0.01, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999] {
        let steady = Md1Queue::new(rho, 1.0).expect("legal").steady().expect("stable");
        // By Gauss's three points in each fifth of a service: the distribution is smooth but for its corners at whole services.
        let nodes = [(-0.774_596_669_241_483_4, 5.0 / 9.0), (0.0, 8.0 / 9.0), (0.774_596_669_241_483_4, 5.0 / 9.0)];
        let end = (40.0 / (1.0 - rho)).ceil() as u32;
        let integral: f64 = (0..5 * end)
            .flat_map(|cell| nodes.map(|(x, weight)| (f64::from(cell) * 0.2 + 0.1 + 0.1 * x, 0.1 * weight)))
            .map(|(t, weight)| weight * steady.wait_tail(t).expect("legal"))
            .sum();
        assert!(close(integral, steady.mean_wait(), 1e-8), "{rho}: {integral} {}", steady.mean_wait());
        let seam = 24.0_f64;
        let [before, after] = [seam.next_down(), seam].map(|t| steady.wait_cdf(t).expect("legal"));
        assert!((before - after).abs() < 1e-14, "{rho}: {before} {after}");
    }
}

/// Downloads of a run: as many as the curve says, and the queue is the fluid's.
#[test]
fn a_run_of_downloads_follows_the_fluid() {
    let papers = occupancy_of(&zipf_rates(3000, 0.05, 0.8).expect("legal").p);
    let fetches = FetchQueue::new(Arc::clone(&papers), 1.0, 3.0).expect("legal");
    let end = fetches.drained_after().expect("legal");
    let (when, most) = fetches.peak().expect("legal").expect("a peak");
    assert!(most > 300.0, "{most}");
    let runs = 40_u32;
    for (seconds, tolerance) in [(0.3 * when, 0.05), (when, 0.05), (2.0 * when, 0.05), (0.7 * end, 0.1)] {
        let mut waiting = 0.0;
        for seed in 0..u64::from(runs) {
            let run = fetches.run(seed);
            assert!(run.windows(2).all(|pair| pair[0].arrival <= pair[1].arrival && pair[0].wait >= 0.0));
            let there = run.iter().filter(|fetch| fetch.arrival <= seconds && fetch.arrival + fetch.wait + 3.0 > seconds).count();
            waiting += there as f64 / f64::from(runs);
        }
        let backlog = fetches.backlog(seconds).expect("legal");
        assert!((waiting / backlog - 1.0).abs() < tolerance, "{seconds}: {waiting} {backlog}");
    }
}

/// The clocks of downloads and the clicks of discoveries are the same draws: `G = ⌈Λt⌉` but for `ln(1−p)` in place of `−p`.
#[test]
fn downloads_and_discoveries_share_their_seed() {
    let papers = occupancy_of(&zipf_rates(500, 0.01, 1.0).expect("legal").p);
    let run = DiscoveryRun::new(&papers, 42);
    for fetch in FetchQueue::new(Arc::clone(&papers), 2.0, 3.0).expect("legal").run(42) {
        let (p, click) = (papers.rates()[fetch.item as usize], run.first_hits()[fetch.item as usize]);
        let exact = fetch.arrival * 2.0 * p / -(-p).ln_1p();
        assert!((click - exact.ceil().max(1.0)).abs() <= 1.0, "{click} {exact}");
    }
}
