//! Bad and extreme inputs of the widget on bugs and users, one test for each line of the spec's list.

use std::sync::Arc;
use yansuan_math::MathError;
use yansuan_math::discovery_run::DiscoveryRun;
use yansuan_math::fetch_queue::FetchQueue;
use yansuan_math::good_turing::{chao1_unseen, good_turing_rate};
use yansuan_math::imperfect_debugging::{ImperfectDebugging, Imperfections};
use yansuan_math::md1_queue::{ARXIV_INTERVAL, Md1Queue, lindley_waits};
use yansuan_math::occupancy::{ITEMS_LIMIT, Moments, Occupancy, OccupancyCurve};
use yansuan_math::operational_profile::{OperationalProfile, Stage, shuffled};
use yansuan_math::race_condition::{RaceCondition, arrivals_per_second, race_ladder, rates_under_traffic};
use yansuan_math::rate_profile::RateProfile;
use yansuan_math::reliability_growth::GrowthModel;
use yansuan_math::worst_case_rate::{bishop_bloomfield, requests_that_suffice, worst_case_rate, worst_probability};
use yansuan_math::zipf::{zipf_asymptote, zipf_beyond, zipf_growth, zipf_rates};

fn occupancy_of(p: &[f64]) -> Arc<Occupancy> {
    Arc::new(Occupancy::new(p).expect("legal"))
}

#[expect(clippy::needless_pass_by_value, reason = "what is asked of it is made on the spot")]
fn out_of_range<T>(result: Result<T, MathError>) -> bool {
    matches!(result, Err(MathError::ParameterOutOfRange(_)))
}

/// What no parameter may be.
const BAD: [f64; 4] = [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

#[test]
fn what_cannot_happen_is_never_met_and_what_must_is_met_at_once() {
    let occupancy = occupancy_of(&[0.0, 1.0]);
    for n in [1.0, 2.0, 1e6, 1e15, 1e300] {
        let moments = occupancy.at(n).expect("legal");
        assert_eq!(moments, Moments { found: 1.0, variance: 0.0, residual_rate: 0.0, unfound: 1.0 }, "{n}");
    }
    // In the lanes as well as in what is left over from them.
    let many = occupancy_of(&[vec![0.0; 13], vec![1.0; 14]].concat());
    let moments = many.at(1.0).expect("legal");
    assert_eq!(moments, Moments { found: 14.0, variance: 0.0, residual_rate: 0.0, unfound: 13.0 });
    assert_eq!(many.at(0.0).expect("legal"), Moments { found: 0.0, variance: 0.0, residual_rate: 14.0, unfound: 27.0 });
    assert_eq!((occupancy.singletons(1.0), occupancy.singletons(2.0)), (Ok(1.0), Ok(0.0)));
    assert_eq!((occupancy.doubletons(2.0), occupancy.doubletons(3.0)), (Ok(1.0), Ok(0.0)));
    assert_eq!(occupancy.reachable(), 1);
    assert_eq!(occupancy.requests_to_find(1.0), Ok(Some(1.0)));
    assert_eq!(occupancy.requests_to_find(1.5), Ok(None));
    assert_eq!(occupancy.requests_to_find(0.0), Ok(Some(0.0)));
    assert_eq!(occupancy.requests_to_rate(0.0), Ok(Some(1.0)));
    let run = DiscoveryRun::new(&occupancy, 42);
    assert_eq!(run.first_hits(), [f64::INFINITY, 1.0]);
    assert_eq!((run.discoveries().len(), run.found(1e300)), (1, Ok(1)));
    assert!(!run.is_found(0, 1e300) && run.is_found(1, 1.0) && !run.is_found(1, 0.0) && !run.is_found(2, 1e9));
    // The last of those that can be met is met for certain at no time.
    assert_eq!(occupancy_of(&[0.5]).requests_to_find(1.0), Ok(None));
    let profile = OperationalProfile::new(&[
        Stage { occupancy: occupancy_of(&[0.0, 0.0]), requests: 7.0 },
        Stage { occupancy: occupancy_of(&[0.0, 1.0]), requests: 0.0 },
    ])
    .expect("legal");
    assert_eq!(profile.first_hits(1), [f64::INFINITY, 8.0]);
    assert_eq!(profile.at(7.0).expect("legal").residual_rate, 1.0);
    assert_eq!(profile.at(8.0).expect("legal").found, 1.0);
}

#[test]
fn no_probability_is_an_error_with_its_place() {
    for bad in [-1e-300, 1.0 + f64::EPSILON, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Occupancy::new(&[0.5, bad, 7.0]), Err(MathError::NotProbability { index: 1, value: bad }));
        assert_eq!(rates_under_traffic(&[0.5, bad], &[], 1.0), Err(MathError::NotProbability { index: 1, value: bad }));
        assert_eq!(GrowthModel::matched(&[bad]), Err(MathError::NotProbability { index: 0, value: bad }));
    }
    assert!(matches!(Occupancy::new(&[f64::NAN]), Err(MathError::NotProbability { index: 0, .. })));
    assert!(Occupancy::new(&[-0.0]).is_ok_and(|occupancy| occupancy.at(1e9).is_ok_and(|moments| moments.found == 0.0)));
    let too_many = vec![0.5; ITEMS_LIMIT + 1];
    assert_eq!(Occupancy::new(&too_many), Err(MathError::TooMany { limit: ITEMS_LIMIT }));
}

#[test]
fn a_zipf_law_above_1_is_cut_and_says_so() {
    let rates = zipf_rates(3, 7.0, 1.0).expect("legal");
    assert!(rates.clamped);
    assert_eq!(rates.p[..2], [1.0, 0.5]);
    assert!(!zipf_rates(3, 1.0, 1.0).expect("legal").clamped);
    assert_eq!(zipf_asymptote(7.0, 2.0, 100.0), zipf_asymptote(1.0, 2.0, 100.0));
    assert!(RateProfile::Equal { p: 1.5 }.rates(2).is_ok_and(|rates| rates.clamped && rates.p == [1.0, 1.0]));
    let two = RateProfile::TwoScale { loud: 9, p_loud: 0.5, p_quiet: 2.0 }.rates(3).expect("legal");
    assert!(two.clamped && two.p == [0.5; 3]);
    for bad in BAD {
        assert!(out_of_range(zipf_rates(3, bad, 1.5)) && out_of_range(zipf_rates(3, 0.5, bad)));
        assert!(out_of_range(RateProfile::Equal { p: bad }.rates(3)));
        assert!(out_of_range(RateProfile::TwoScale { loud: 1, p_loud: bad, p_quiet: 0.5 }.rates(3)));
        assert!(out_of_range(RateProfile::TwoScale { loud: 1, p_loud: 0.5, p_quiet: bad }.rates(3)));
        assert!(out_of_range(RateProfile::WorstCase { requests: bad }.rates(3)));
        assert!(out_of_range(zipf_growth(1.5, bad)) && out_of_range(zipf_growth(bad, 10.0)));
    }
    for profile in RateProfile::PRESETS {
        let too_many = profile.rates(ITEMS_LIMIT + 1);
        assert_eq!(too_many, Err(MathError::TooMany { limit: ITEMS_LIMIT }));
        assert!(profile.rates(200).is_ok_and(|rates| rates.p.len() == 200 && !rates.clamped));
        assert!(profile.rates(0).is_ok_and(|rates| rates.p.is_empty()));
    }
    assert!(zipf_rates(3, 0.0, 1.0).expect("legal").normalised().p.iter().all(|&p| p == 0.0));
    assert_eq!(zipf_rates(1, 0.3, 1.0).expect("legal").normalised().p, [1.0]);
    // An exponent so steep that the second thing is not there.
    assert_eq!(zipf_rates(2, 0.5, 1e9).expect("legal").p, [0.5, 0.0]);
}

#[test]
fn nothing_at_all_is_an_empty_state() {
    let nothing = occupancy_of(&[]);
    assert!(nothing.is_empty());
    for n in [0.0, 1.0, 1e12] {
        let moments = nothing.at(n).expect("legal");
        assert_eq!(moments, Moments::default());
        assert!(moments.found.is_sign_positive() && moments.variance.is_sign_positive());
        assert_eq!((nothing.singletons(n), nothing.doubletons(n)), (Ok(0.0), Ok(0.0)));
        assert_eq!(worst_case_rate(0, n), Ok(0.0));
    }
    assert_eq!((nothing.requests_to_find(0.0), nothing.requests_to_find(1.0)), (Ok(Some(0.0)), Ok(None)));
    let run = DiscoveryRun::new(&nothing, 1);
    assert_eq!((run.found(5.0), run.residual_rate(5.0)), (Ok(0), Ok(0.0)));
    assert_eq!(run.spectrum(5.0).expect("legal").singletons, 0);
    let mut curve = OccupancyCurve::new(Arc::clone(&nothing), &[1.0, 2.0]).expect("legal");
    assert!(curve.step(10).expect("legal").done);
    assert!(OccupancyCurve::new(Arc::clone(&nothing), &[]).expect("legal").progress().done);
    let fetches = FetchQueue::new(Arc::clone(&nothing), 1.0, 3.0).expect("legal");
    assert_eq!((fetches.peak(), fetches.drained_after()), (Ok(Some((0.0, 0.0))), Ok(0.0)));
    assert!(fetches.run(1).is_empty());
    assert_eq!(fetches.cache(10.0).expect("legal").hit_share, 0.0);
    assert_eq!(GrowthModel::matched(&[]), Ok([None; 3]));
    assert_eq!(GrowthModel::matched(&[0.0]), Ok([None; 3]));
    assert!(OperationalProfile::stationary(nothing).is_empty());
    assert!(shuffled(&[], 3).is_empty() && lindley_waits(&[], 3.0).is_empty());
    assert_eq!(race_ladder(0, 0.5, 1.0, 2.0), Ok(vec![]));
}

#[test]
fn before_the_first_request_nothing_is_known() {
    let occupancy = occupancy_of(&[0.25, 0.5]);
    let moments = occupancy.at(0.0).expect("legal");
    assert_eq!(moments, Moments { found: 0.0, variance: 0.0, residual_rate: 0.75, unfound: 2.0 });
    assert_eq!(moments.band(2.0), (0.0, 0.0));
    assert_eq!((worst_case_rate(2, 0.0), bishop_bloomfield(2, 0.0)), (Ok(2.0), Ok(None)));
    assert_eq!(worst_probability(0.0), Ok(1.0));
    assert_eq!((good_turing_rate(0.0, 0.0), chao1_unseen(0.0, 0.0, 0.0)), (Ok(None), Ok(None)));
    assert_eq!(chao1_unseen(1.0, 1.0, 0.0), Ok(Some(0.0)));
    assert_eq!(DiscoveryRun::new(&occupancy, 1).found(0.0), Ok(0));
}

#[test]
fn fractions_of_a_request_are_dropped_and_bad_counts_refused() {
    let occupancy = occupancy_of(&[0.25, 0.5, 1.0]);
    assert_eq!(occupancy.at(3.999), occupancy.at(3.0));
    assert_eq!(occupancy.at(0.5), occupancy.at(0.0));
    assert_eq!(occupancy.singletons(3.9), occupancy.singletons(3.0));
    assert_eq!(occupancy.doubletons(3.9), occupancy.doubletons(3.0));
    assert_eq!(worst_case_rate(5, 3.9), worst_case_rate(5, 3.0));
    assert_eq!(bishop_bloomfield(5, 0.9), Ok(None));
    let run = DiscoveryRun::new(&occupancy, 9);
    assert_eq!(run.spectrum(3.9), run.spectrum(3.0));
    for bad in BAD {
        assert!(out_of_range(occupancy.at(bad)) && out_of_range(occupancy.found_probabilities(bad)));
        assert!(out_of_range(occupancy.singletons(bad)) && out_of_range(occupancy.doubletons(bad)));
        assert!(out_of_range(occupancy.variance_one_a_trial(bad)));
        assert!(
            out_of_range(worst_case_rate(1, bad))
                && out_of_range(bishop_bloomfield(1, bad))
                && out_of_range(worst_probability(bad))
        );
        assert!(out_of_range(run.found(bad)) && out_of_range(run.spectrum(bad)) && out_of_range(run.residual_rate(bad)));
        assert!(out_of_range(zipf_asymptote(0.5, 1.5, bad)) && out_of_range(zipf_beyond(5, 0.5, 1.5, bad)));
        assert!(out_of_range(good_turing_rate(bad, 1.0)) && out_of_range(good_turing_rate(1.0, bad)));
        assert!(
            out_of_range(chao1_unseen(bad, 1.0, 1.0))
                && out_of_range(chao1_unseen(2.0, bad, 1.0))
                && out_of_range(chao1_unseen(2.0, 1.0, bad))
        );
        assert!(out_of_range(OccupancyCurve::new(Arc::clone(&occupancy), &[1.0, bad])));
        let stage = Stage { occupancy: Arc::clone(&occupancy), requests: bad };
        assert!(out_of_range(OperationalProfile::new(&[stage])));
        let profile = OperationalProfile::stationary(Arc::clone(&occupancy));
        assert!(out_of_range(profile.at(bad)) && out_of_range(profile.stage_at(bad)));
    }
    assert!(out_of_range(occupancy.requests_to_find(f64::NAN)) && out_of_range(occupancy.requests_to_rate(f64::NAN)));
    assert_eq!(occupancy.requests_to_find(f64::INFINITY), Ok(None));
    assert_eq!(occupancy.requests_to_find(-5.0), Ok(Some(0.0)));
    assert_eq!(occupancy.requests_to_rate(-1.0), Ok(None));
    for bad in [0.0, -1.0, f64::NAN] {
        assert!(out_of_range(requests_that_suffice(5, bad)));
    }
    assert!(OperationalProfile::new(&[]) == Err(MathError::Empty));
    let stage = |p: &[f64]| Stage { occupancy: occupancy_of(p), requests: 1.0 };
    assert_eq!(OperationalProfile::new(&[stage(&[0.5]), stage(&[])]), Err(MathError::LengthMismatch { left: 1, right: 0 }));
}

#[test]
fn a_tail_that_is_not_summable_has_no_asymptote() {
    for s in [0.0, 0.5, 1.0] {
        assert_eq!(
            (zipf_asymptote(0.05, s, 100.0), zipf_beyond(5, 0.05, s, 100.0), zipf_growth(s, 10.0)),
            (Ok(None), Ok(None), Ok(None))
        );
        assert!(zipf_rates(5, 0.05, s).is_ok());
    }
    let barely = zipf_asymptote(0.05, 1.0_f64.next_up(), 100.0).expect("legal").expect("a law");
    assert!(barely.leading.is_finite() && barely.leading > 1e15);
    let nothing = zipf_asymptote(0.0, 1.5, 100.0).expect("legal").expect("a law");
    assert_eq!((nothing.leading, nothing.infinite), (0.0, -0.5));
}

#[test]
fn an_overloaded_queue_grows_without_bound() {
    let queue = Md1Queue::new(0.5, ARXIV_INTERVAL).expect("legal");
    assert!(queue.steady().is_none());
    assert!((queue.growth() - 0.5 / 3.0).abs() < 1e-16, "(ρ−1)/D per second");
    let full = Md1Queue::new(0.25, 4.0).expect("legal");
    assert!(full.steady().is_none() && full.growth() == 0.0, "at ρ = 1 too");
    // A million arrivals of one run: as much as the growth says; the count of arrivals is good to 0.1 %, the third of it that waits to 0.3 %.
    let last = queue.run(1).nth(999_999).expect("arrivals do not end");
    let waiting = last.wait / ARXIV_INTERVAL;
    assert!((waiting / (queue.growth() * last.arrival) - 1.0).abs() < 0.01, "{last:?}");
    let barely = Md1Queue::new(1.0_f64.next_down(), 1.0).expect("legal").steady().expect("stable");
    assert!(barely.mean_wait() > 1e15 && barely.mean_wait().is_finite());
    for t in [0.0, 1.0, 23.9, 24.0, 1e6, 1e18, f64::INFINITY] {
        let cdf = barely.wait_cdf(t).expect("legal");
        assert!((0.0..=1.0).contains(&cdf), "{t} {cdf}");
    }
    // Near saturation the wait is exponential with its mean.
    let median = barely.wait_quantile(0.5).expect("legal");
    assert!((median / (barely.mean_wait() * std::f64::consts::LN_2) - 1.0).abs() < 1e-3, "{median}");
}

#[test]
fn an_idle_queue_makes_nobody_wait() {
    let queue = Md1Queue::new(0.0, 3.0).expect("legal");
    let steady = queue.steady().expect("stable");
    assert_eq!((steady.mean_wait(), steady.mean_sojourn(), steady.mean_waiting(), steady.idle()), (0.0, 3.0, 0.0, 1.0));
    assert_eq!(
        (steady.wait_cdf(0.0), steady.wait_cdf(-1.0), steady.wait_tail(100.0), steady.wait_quantile(0.9)),
        (Ok(1.0), Ok(0.0), Ok(0.0), Ok(0.0))
    );
    assert_eq!(
        (steady.count_probability(0), steady.count_probability(1), steady.count_probability(99)),
        (Some(1.0), Some(0.0), None)
    );
    assert_eq!(queue.run(1).count(), 0);
    for arrivals in [5e-324, 1e-300, 1e-12] {
        let steady = Md1Queue::new(arrivals, 3.0).expect("legal").steady().expect("stable");
        for t in [0.0, 2.0, 71.0, 73.0, 1e9] {
            let (cdf, tail) = (steady.wait_cdf(t).expect("legal"), steady.wait_tail(t).expect("legal"));
            assert!((cdf - 1.0).abs() < 1e-11 && (0.0..1e-11).contains(&tail), "{arrivals} {t}: {cdf} {tail}");
        }
    }
    for bad in BAD {
        assert!(out_of_range(Md1Queue::new(bad, 3.0)) && out_of_range(Md1Queue::new(0.1, bad)));
        assert!(bad == f64::INFINITY || out_of_range(steady.wait_quantile(bad)));
    }
    assert!(out_of_range(Md1Queue::new(0.1, 0.0)) && out_of_range(Md1Queue::new(1e300, 1e300)));
    assert!(
        out_of_range(steady.wait_cdf(f64::NAN))
            && out_of_range(steady.wait_tail(f64::NAN))
            && out_of_range(steady.wait_quantile(1.0))
    );
}

#[test]
fn without_doubletons_the_bound_is_the_corrected_one() {
    // (N−1)/N·f₁(f₁−1)/2.
    assert_eq!(chao1_unseen(10.0, 4.0, 0.0), Ok(Some(0.9 * 6.0)));
    assert_eq!(chao1_unseen(10.0, 0.0, 0.0), Ok(Some(0.0)));
    assert_eq!(chao1_unseen(10.0, 4.0, 2.0), Ok(Some(0.9 * 4.0)));
    // Half a singleton, an expected value, makes no negative bound.
    assert_eq!(chao1_unseen(10.0, 0.5, 0.0), Ok(Some(0.0)));
    assert!(out_of_range(chao1_unseen(10.0, 1e200, 1e-200)), "beyond all numbers");
    // Huge counts do not overflow on the way.
    assert!(chao1_unseen(1e12, 1e200, 1e200).is_ok_and(|unseen| unseen.is_some_and(f64::is_finite)));
}

/// A billion requests are three draws a bug: this test would not end otherwise.
#[test]
fn a_billion_requests_are_not_simulated_one_by_one() {
    let rates = zipf_rates(5000, 0.05, 1.5).expect("legal");
    let occupancy = occupancy_of(&rates.p);
    let moments = occupancy.at(1e9).expect("legal");
    for seed in 0..20 {
        let run = DiscoveryRun::new(&occupancy, seed);
        let found = run.found(1e9).expect("legal") as f64;
        assert!((found - moments.found).abs() <= 5.0 * moments.deviation() + 1.0, "{found} {moments:?}");
    }
    let fetches = FetchQueue::new(Arc::clone(&occupancy), 1e4, ARXIV_INTERVAL).expect("legal");
    assert_eq!(fetches.run(42).len(), 5000);
    assert!(fetches.drained_after().is_ok_and(|end| end <= 15_000.0));
}

#[test]
fn the_largest_case_is_a_matter_of_milliseconds() {
    let occupancy = occupancy_of(&zipf_rates(ITEMS_LIMIT, 1.0, 1.5).expect("legal").p);
    let mut curve = OccupancyCurve::new(Arc::clone(&occupancy), &[0.0, 1.0, 1e6, 1e12]).expect("legal");
    let mut slices = 0;
    while !curve.step(150_000).expect("legal").done {
        slices += 1;
    }
    assert_eq!(slices, 3, "a point a slice");
    let last = curve.moments()[3];
    // The rarest has p = 3e-8 and is met 30,000 times.
    assert_eq!((last.found, last.unfound, last.variance), (1e5, 0.0, 0.0));
    assert!(occupancy.requests_to_find(5e4).is_ok_and(|n| n.is_some()));
    let run = DiscoveryRun::new(&occupancy, 42);
    assert_eq!(run.found(1e12), Ok(ITEMS_LIMIT));
    let tiny = occupancy_of(&[1e-12]);
    let limit = 1.0 - (-1.0_f64).exp();
    assert!((tiny.at(1e12).expect("legal").found - limit).abs() < 1e-12, "1 − 1/e");
    // So rare that no whole number of requests below 2^53 finds half of it.
    assert_eq!(occupancy_of(&[1e-17]).requests_to_find(0.5), Ok(None));
    assert_eq!(DiscoveryRun::new(&occupancy_of(&[1e-300]), 1).first_hits(), [f64::INFINITY]);
}

#[test]
fn races_refuse_what_makes_no_sense_and_keep_their_ends() {
    for bad in BAD {
        assert!(out_of_range(RaceCondition::new(bad, 1.0)) && out_of_range(RaceCondition::new(0.5, bad)));
        let race = RaceCondition::new(0.5, 1.0).expect("legal");
        assert!(out_of_range(race.per_request(bad)) && out_of_range(race.per_day(bad)) && out_of_range(race.arrivals_for(bad)));
        assert!(out_of_range(arrivals_per_second(bad, 1.0)) && out_of_range(arrivals_per_second(1.0, bad)));
        assert!(out_of_range(race_ladder(3, 0.5, bad, 2.0)) && out_of_range(race_ladder(3, bad, 1.0, 2.0)));
        assert!(out_of_range(race_ladder(3, 0.5, 1.0, bad)) && out_of_range(rates_under_traffic(&[], &[race], bad)));
    }
    assert!(out_of_range(RaceCondition::new(1.1, 1.0)) && out_of_range(race_ladder(3, 0.5, 2.0, 1.0)));
    assert_eq!(race_ladder(ITEMS_LIMIT + 1, 0.5, 1.0, 2.0), Err(MathError::TooMany { limit: ITEMS_LIMIT }));
    assert_eq!(race_ladder(1, 0.5, 1.0, 2.0).expect("legal")[0].window(), 1.0);
    let race = RaceCondition::new(0.5, 0.05).expect("legal");
    assert_eq!(race.per_request(0.0), Ok(0.0));
    assert_eq!(race.per_request(1e300), Ok(0.5));
    assert_eq!(race.arrivals_for(0.0), Ok(Some(0.0)));
    assert!(out_of_range(RaceCondition::new(1.0, 1.0).expect("legal").per_day(1e308)));
    // No window, or a path that is never taken.
    for never in [RaceCondition::new(0.5, 0.0), RaceCondition::new(0.0, 1.0)] {
        let never = never.expect("legal");
        assert_eq!((never.per_day(1e6), never.arrivals_for(1.0)), (Ok(0.0), Ok(None)));
    }
}

#[test]
fn growth_models_refuse_what_makes_no_sense_and_keep_their_ends() {
    for bad in BAD {
        let models = [
            GrowthModel::GoelOkumoto { bugs: bad, rate: 1.0 },
            GrowthModel::GoelOkumoto { bugs: 1.0, rate: bad },
            GrowthModel::Littlewood { bugs: bad, shape: 1.0, scale: 1.0 },
            GrowthModel::Littlewood { bugs: 1.0, shape: bad, scale: 1.0 },
            GrowthModel::Littlewood { bugs: 1.0, shape: 1.0, scale: bad },
            GrowthModel::MusaOkumoto { initial: bad, decay: 1.0 },
            GrowthModel::MusaOkumoto { initial: 1.0, decay: bad },
        ];
        assert!(models.into_iter().all(|model| out_of_range(model.found(1.0)) && out_of_range(model.intensity(1.0))));
        assert!(out_of_range(GrowthModel::GoelOkumoto { bugs: 1.0, rate: 1.0 }.found(bad)));
    }
    assert!(out_of_range(GrowthModel::Littlewood { bugs: 1.0, shape: 0.0, scale: 1.0 }.found(1.0)));
    assert!(out_of_range(GrowthModel::Littlewood { bugs: 1.0, shape: 1.0, scale: 0.0 }.found(1.0)));
    let straight = GrowthModel::MusaOkumoto { initial: 2.0, decay: 0.0 };
    assert_eq!((straight.found(3.0), straight.intensity(3.0)), (Ok(6.0), Ok(2.0)));
    let nearly = GrowthModel::MusaOkumoto { initial: 2.0, decay: 1e-300 };
    assert!(nearly.found(3.0).is_ok_and(|found| (found - 6.0).abs() < 1e-14));
    assert!(out_of_range(GrowthModel::MusaOkumoto { initial: 1e300, decay: 0.0 }.found(1e300)));
    let [goel_okumoto, littlewood, _] = GrowthModel::matched(&[0.25; 8]).expect("legal");
    assert_eq!((goel_okumoto, littlewood), (Some(GrowthModel::GoelOkumoto { bugs: 8.0, rate: 0.25 }), None));
    // Probabilities whose squares underflow.
    let tiny = GrowthModel::matched(&[1e-200, 3e-200]).expect("legal");
    assert!(tiny.into_iter().all(|model| model.is_some_and(|model| model.intensity(1.0).is_ok_and(|rate| rate > 3.9e-200))));
}

#[test]
fn imperfections_refuse_what_makes_no_sense_and_keep_their_ends() {
    let occupancy = occupancy_of(&[0.5, 0.1, 1.0]);
    let make = |delay, failing, burst| ImperfectDebugging::new(Arc::clone(&occupancy), Imperfections { delay, failing, burst });
    for bad in BAD {
        assert!(out_of_range(make(bad, 0.0, 1.0)) && out_of_range(make(0.0, bad, 1.0)) && out_of_range(make(0.0, 0.0, bad)));
        let ideal = make(0.0, 0.0, 1.0).expect("legal");
        assert!(out_of_range(ideal.found(bad)) && out_of_range(ideal.remaining(bad)));
        assert!(out_of_range(ideal.residual_rate(bad)) && out_of_range(ideal.ceiling(bad)));
    }
    assert!(out_of_range(make(0.0, 1.5, 1.0)) && out_of_range(make(0.0, 0.0, 0.5)));
    // No fix ever works: all stays as it was, and nothing is below M.
    let hopeless = make(0.0, 1.0, 1.0).expect("legal");
    assert!(out_of_range(hopeless.residual_rate(f64::NAN)));
    assert_eq!((hopeless.residual_rate(1e9), hopeless.ceiling(1e9), hopeless.remaining(1e9)), (Ok(1.6), Ok(3.0), Ok(3.0)));
    assert!(hopeless.found(1e9).is_ok_and(|found| found == 3.0), "but reported they are");
    // Before the first fix.
    let slow = make(100.0, 0.0, 1.0).expect("legal");
    assert_eq!((slow.residual_rate(100.0), slow.residual_rate(0.0)), (Ok(1.6), Ok(1.6)));
    assert!(slow.residual_rate(101.0).is_ok_and(|rate| rate < 0.5));
}

#[test]
fn downloads_refuse_what_makes_no_sense_and_keep_their_ends() {
    let papers = occupancy_of(&[0.5, 0.25, 0.125, 0.0]);
    for bad in BAD {
        assert!(
            out_of_range(FetchQueue::new(Arc::clone(&papers), bad, 3.0))
                && out_of_range(FetchQueue::new(Arc::clone(&papers), 1.0, bad))
        );
        let fetches = FetchQueue::new(Arc::clone(&papers), 1.0, 3.0).expect("legal");
        assert!(out_of_range(fetches.cache(bad)) && out_of_range(fetches.loaded(bad)));
        assert!(out_of_range(fetches.backlog(bad)) && out_of_range(fetches.backlog_without_cache(bad)));
    }
    // Nobody clicks.
    let asleep = FetchQueue::new(Arc::clone(&papers), 0.0, 3.0).expect("legal");
    assert_eq!((asleep.stable_after(), asleep.peak(), asleep.drained_after()), (Ok(Some(0.0)), Ok(Some((0.0, 0.0))), Ok(0.0)));
    assert!(asleep.run(1).is_empty());
    assert_eq!(asleep.backlog(1e6), Ok(0.0));
    // A crowd: everything is asked for at once, and taken one after the other; nobody asks for the last paper.
    let crowd = FetchQueue::new(Arc::clone(&papers), 1e9, 3.0).expect("legal");
    let run = crowd.run(1);
    assert_eq!(run.len(), 3);
    assert!(run.iter().zip([0.0, 3.0, 6.0]).all(|(fetch, wait)| (fetch.wait - wait).abs() < 1e-6));
    assert!(crowd.drained_after().is_ok_and(|end| (end - 9.0).abs() < 1e-6));
    // Exactly full is not yet stable: half a paper a click, two seconds each.
    let full = FetchQueue::new(occupancy_of(&[0.5]), 1.0, 2.0).expect("legal");
    assert_eq!(full.stable_after(), Ok(Some(1.0)));
    assert!(full.loaded(0.0).expect("legal").steady().is_none() && full.loaded(1.0).expect("legal").steady().is_some());
    // Papers so rare that the queue is never stable within 2^53 clicks, though they never fill it for good either.
    let rare = FetchQueue::new(occupancy_of(&[1e-17; 4]), 1e20, 3.0).expect("legal");
    assert_eq!((rare.stable_after(), rare.peak(), rare.drained_after()), (Ok(None), Ok(None), Ok(12.0)));
}
