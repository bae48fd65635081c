//! What is computed from a state.

use std::sync::Arc;

use yansuan_math::MathError;
use yansuan_math::discovery_run::{DiscoveryRun, Spectrum};
use yansuan_math::fetch_queue::{CacheReading, FetchQueue};
use yansuan_math::good_turing::{chao1_unseen, good_turing_rate};
use yansuan_math::imperfect_debugging::{ImperfectDebugging, Imperfections};
use yansuan_math::md1_queue::{Md1Queue, Md1Steady};
use yansuan_math::occupancy::{Moments, Occupancy, OccupancyCurve};
use yansuan_math::operational_profile::{OperationalProfile, Stage, shuffled};
use yansuan_math::order::order_descending;
use yansuan_math::race_condition::rates_under_traffic;
use yansuan_math::reliability_growth::GrowthModel;
use yansuan_math::zipf::Rates;

use super::state::{CHANGED, IMPERFECT, Law, REPEATED, State};
use crate::contract::figure::{Point, round_step};
use crate::contract::kept::Kept;
use crate::contract::number::{short, whole};
use crate::contract::problem::Problem;
use crate::contract::widget::{Budget, Progress};

/// Points of a curve over all requests.
const POINTS: i32 = 168;

/// Points of a curve over time.
const TIMES: usize = 120;

/// Loads at which the wait is computed.
const LOADS: usize = 60;

/// Exponentials of a slice, about a millisecond.
const SLICE: usize = 250_000;

/// The bugs.
#[derive(Clone, Debug)]
pub struct Bugs {
    pub occupancy: Arc<Occupancy>,
    /// How many need no traffic; these come first.
    pub ordinary: usize,
    /// Places of the bugs, the loudest first.
    pub order: Vec<u32>,
    /// Goel–Okumoto, Littlewood, Musa–Okumoto, made to begin as these bugs do.
    pub cousins: [Option<GrowthModel>; 3],
    /// The least requests that find half of those that can be found.
    pub half: Option<f64>,
}

/// What is known after the requests so far.
#[derive(Clone, Debug)]
pub struct Now {
    pub moments: Moments,
    /// What ten times the requests find.
    pub tenfold: f64,
    pub spectrum: Spectrum,
    /// Estimates `f₁/N` on the way: `(N, f₁/N)`.
    pub estimates: Vec<Point>,
    pub good_turing: Option<f64>,
    pub chao: Option<f64>,
    pub cache: CacheReading,
    /// Standard deviation of the downloads.
    pub spread: f64,
    /// The queue with its cache as it is now, and without one.
    pub loaded: Md1Queue,
    pub bare: Md1Queue,
}

/// A launch with an empty cache.
#[derive(Clone, Debug)]
pub struct Launch {
    /// When the queue is longest, seconds, and how long; none if it only grows.
    pub peak: Option<(f64, f64)>,
    /// When it is worked off, seconds.
    pub emptied: f64,
    /// What the picture shows, seconds.
    pub span: f64,
    /// Waiting requests against seconds: expected, in one run, without a cache.
    pub fluid: Vec<Point>,
    pub run: Vec<Point>,
    pub bare: Vec<Point>,
}

/// An assumption that is given up, and what becomes of the failure rate.
pub struct Broken {
    pub bit: u32,
    pub points: Vec<Point>,
    /// What it is after the requests so far.
    pub now: f64,
    model: Model,
}

enum Model {
    Debugging(ImperfectDebugging),
    Change(OperationalProfile),
}

impl Model {
    fn rate(&self, n: f64) -> Result<f64, MathError> {
        match self {
            Self::Debugging(model) => model.residual_rate(n),
            Self::Change(model) => Ok(model.at(n)?.residual_rate),
        }
    }
}

/// The work of the widget.
#[derive(Default)]
pub struct Work {
    bugs: Kept<State, Bugs>,
    run: Kept<State, DiscoveryRun>,
    curve: Kept<State, OccupancyCurve>,
    papers: Kept<State, Arc<Occupancy>>,
    fetched: Kept<State, OccupancyCurve>,
    now: Kept<State, Now>,
    launch: Kept<State, Launch>,
    broken: Kept<State, Vec<Broken>>,
    /// Load, mean wait and what one of twenty waits longer than, in services.
    waits: Kept<State, Vec<(f64, f64, f64)>>,
}

/// Everything at once, for the views.
#[derive(Clone, Copy)]
pub struct Results<'a> {
    pub bugs: &'a Bugs,
    pub run: &'a DiscoveryRun,
    pub curve: &'a OccupancyCurve,
    pub fetched: &'a OccupancyCurve,
    pub papers: &'a Occupancy,
    pub now: &'a Now,
    pub launch: &'a Launch,
    pub broken: &'a [Broken],
    pub waits: &'a [(f64, f64, f64)],
}

impl Work {
    /// What was computed; nothing before the first computation.
    pub fn results(&self) -> Option<Results<'_>> {
        Some(Results {
            bugs: self.bugs.value.as_ref()?,
            run: self.run.value.as_ref()?,
            curve: self.curve.value.as_ref()?,
            fetched: self.fetched.value.as_ref()?,
            papers: self.papers.value.as_ref()?,
            now: self.now.value.as_ref()?,
            launch: self.launch.value.as_ref()?,
            broken: self.broken.value.as_ref()?,
            waits: self.waits.value.as_ref()?,
        })
    }

    /// Goes on for at most the budget.
    pub fn go(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, Problem> {
        if let Some(problem) = strange(state) {
            return Err(problem);
        }
        self.compute(state).map_err(|error| explain(&error))?;
        self.go_on(budget).map_err(|error| explain(&error))
    }

    fn compute(&mut self, state: &State) -> Result<(), MathError> {
        let still = State::default();
        // What a result does not depend on is taken from the opening scene, so that it is not made anew.
        let papers = State {
            law: state.law,
            m: state.m,
            top: state.top,
            s: state.s,
            p: state.p,
            loud: state.loud,
            high: state.high,
            low: state.low,
            worst: state.worst,
            own: state.own.clone(),
            ..still.clone()
        };
        let bugs = if state.is_racing {
            State {
                is_racing: true,
                path: state.path,
                window: state.window,
                users: state.users,
                each: state.each,
                ..papers.clone()
            }
        } else {
            papers.clone()
        };
        self.bugs.renew(bugs.clone(), gather)?;
        self.papers.renew(papers.clone(), |state| Ok(Arc::new(Occupancy::new(&popularity(state)?)?)))?;
        let (Some(found), Some(read)) = (&self.bugs.value, &self.papers.value) else { return Ok(()) };
        let occupancy = &found.occupancy;
        self.run.renew(State { seed: state.seed, ..bugs.clone() }, |state| Ok(DiscoveryRun::new(occupancy, state.seed)))?;
        // The axis stands for the requests: its end, and nothing else of them, decides the curve.
        let reach = |state: &State| State { users: 1, each: 1, days: state.decades() as usize, ..papers.clone() };
        let long = if state.is_racing { State { days: state.decades() as usize, ..bugs.clone() } } else { reach(state) };
        self.curve.renew(long, |of| OccupancyCurve::new(Arc::clone(occupancy), &places(of.days as i32)))?;
        self.fetched.renew(reach(state), |of| OccupancyCurve::new(Arc::clone(read), &places(of.days as i32)))?;
        let Some(run) = &self.run.value else { return Ok(()) };
        let times = State { users: state.users, each: state.each, days: state.days, ..bugs.clone() };
        let now = State { interval: state.interval, seed: state.seed, ..times.clone() };
        self.now.renew(now, |state| now_of(state, occupancy, read, run))?;
        let launch = State {
            users: state.users,
            each: state.each,
            interval: state.interval,
            rush: state.rush,
            seed: state.seed,
            ..papers.clone()
        };
        self.launch.renew(launch, |state| launch_of(state, read))?;
        let broken = State {
            broken: state.broken,
            burst: state.burst,
            delay: state.delay,
            failing: state.failing,
            seed: state.seed,
            ..times
        };
        self.broken.renew(broken, |state| broken_of(state, occupancy))?;
        self.waits.renew(still, |_| waits())?;
        Ok(())
    }

    /// What may take more than a frame.
    fn go_on(&mut self, budget: &Budget<'_>) -> Result<Progress, MathError> {
        let mut parts = Vec::new();
        for curve in [&mut self.curve.value, &mut self.fetched.value].into_iter().flatten() {
            // At least a step, so that even a spent budget gets on.
            while !curve.step(SLICE)?.done && budget.left() {}
            parts.push(curve.progress().fraction);
        }
        if let (Some(curve), Some(broken)) = (&self.curve.value, &mut self.broken.value) {
            let slice = (SLICE / self.bugs.value.as_ref().map_or(1, |bugs| bugs.occupancy.len().max(1))).max(1);
            for each in broken {
                let all = curve.requests();
                loop {
                    for &n in all.iter().skip(each.points.len()).take(slice) {
                        each.points.push((n, each.model.rate(n)?));
                    }
                    if each.points.len() >= all.len() || !budget.left() {
                        break;
                    }
                }
                parts.push(each.points.len() as f64 / all.len().max(1) as f64);
            }
        }
        if parts.iter().all(|part| *part >= 1.0) {
            return Ok(Progress::Done);
        }
        let fraction = parts.iter().sum::<f64>() / parts.len() as f64;
        Ok(Progress::Going(fraction.min(0.999)))
    }
}

/// Whole requests from 1 to a power of ten, evenly on a logarithmic axis.
fn places(decades: i32) -> Vec<f64> {
    let place = |k: i32| 10_f64.powf(f64::from(decades) * f64::from(k) / f64::from(POINTS)).round();
    let mut all: Vec<f64> = (0..=POINTS).map(place).collect();
    all.dedup();
    all
}

/// The probabilities of the bugs that need no traffic.
fn ordinary(state: &State) -> Result<Vec<f64>, MathError> {
    state.profile().map_or_else(|| Ok(state.own.to_vec()), |profile| Ok(profile.rates(state.m)?.p))
}

/// The same list read as papers: each click asks for exactly one.
fn popularity(state: &State) -> Result<Vec<f64>, MathError> {
    Ok(Rates { p: ordinary(state)?, clamped: false }.normalised().p)
}

fn gather(state: &State) -> Result<Bugs, MathError> {
    let mut p = ordinary(state)?;
    let count = p.len();
    if state.is_racing {
        p = rates_under_traffic(&p, &state.races()?, state.arrivals())?;
    }
    let occupancy = Occupancy::new(&p)?;
    Ok(Bugs {
        ordinary: count,
        order: order_descending(&p),
        cousins: GrowthModel::matched(&p)?,
        half: occupancy.requests_to_find(0.5 * occupancy.reachable() as f64)?,
        occupancy: Arc::new(occupancy),
    })
}

fn now_of(state: &State, bugs: &Occupancy, papers: &Arc<Occupancy>, run: &DiscoveryRun) -> Result<Now, MathError> {
    let n = state.n();
    let spectrum = run.spectrum(n)?;
    let mut estimates = Vec::new();
    for quarter in 0..=4 * state.decades() {
        let at = 10_f64.powf(f64::from(quarter) / 4.0).round();
        if at > n {
            break;
        }
        // Nothing that was seen once is no point on a logarithmic axis.
        let once = run.spectrum(at)?.singletons as f64;
        if let Some(rate) = good_turing_rate(at, once)?.filter(|rate| *rate > 0.0) {
            estimates.push((at, rate));
        }
    }
    let queue = FetchQueue::new(Arc::clone(papers), state.arrivals(), state.interval)?;
    Ok(Now {
        moments: bugs.at(n)?,
        tenfold: bugs.at(10.0 * n)?.found,
        estimates,
        good_turing: good_turing_rate(n, spectrum.singletons as f64)?,
        chao: chao1_unseen(n, spectrum.singletons as f64, spectrum.doubletons as f64)?,
        spectrum,
        cache: queue.cache(n)?,
        spread: papers.variance_one_a_trial(n)?.sqrt(),
        loaded: queue.loaded(n)?,
        bare: Md1Queue::new(state.arrivals() * papers.total_rate(), state.interval)?,
    })
}

fn launch_of(state: &State, papers: &Arc<Occupancy>) -> Result<Launch, MathError> {
    let queue = FetchQueue::new(Arc::clone(papers), state.rush * state.arrivals(), state.interval)?;
    let (peak, emptied) = (queue.peak()?, queue.drained_after()?);
    let is_queue = peak.is_none_or(|(_, backlog)| backlog >= 0.5);
    let rough = if is_queue { 1.15 * emptied } else { 40.0 * state.interval };
    // Whole steps of minutes, so that the axis does not creep.
    let step = 60.0 * round_step(rough / 300.0);
    let span = (rough / step).ceil() * step;
    let times = |k: usize| span * k as f64 / TIMES as f64;
    let mut launch = Launch { peak, emptied, span, fluid: Vec::new(), run: Vec::new(), bare: Vec::new() };
    let fetches = queue.run(state.seed);
    for t in (0..=TIMES).map(times) {
        launch.fluid.push((t, queue.backlog(t)?));
        launch.bare.push((t, queue.backlog_without_cache(t)?));
        // They are served in the order in which they come.
        let come = fetches.partition_point(|fetch| fetch.arrival <= t);
        let served = fetches.partition_point(|fetch| fetch.arrival + fetch.wait <= t);
        launch.run.push((t, come.saturating_sub(served) as f64));
    }
    Ok(launch)
}

fn broken_of(state: &State, bugs: &Arc<Occupancy>) -> Result<Vec<Broken>, MathError> {
    let n = state.n();
    let mut all = Vec::new();
    for bit in [REPEATED, IMPERFECT, CHANGED] {
        if !state.breaks(bit) {
            continue;
        }
        let ideal = Imperfections::default();
        let how = match bit {
            REPEATED => Imperfections { burst: state.burst as f64, ..ideal },
            _ => Imperfections { delay: (state.delay * state.per_day()).floor(), failing: state.failing, ..ideal },
        };
        let model = if bit == CHANGED {
            let later = Occupancy::new(&shuffled(bugs.rates(), state.seed))?;
            let stage = |occupancy: Arc<Occupancy>, requests: f64| Stage { occupancy, requests };
            Model::Change(OperationalProfile::new(&[stage(Arc::clone(bugs), n), stage(Arc::new(later), 0.0)])?)
        } else {
            Model::Debugging(ImperfectDebugging::new(Arc::clone(bugs), how)?)
        };
        all.push(Broken { bit, points: Vec::new(), now: model.rate(n)?, model });
    }
    Ok(all)
}

/// The waits of a server that takes one unit of time for each, at loads below 1.
fn waits() -> Result<Vec<(f64, f64, f64)>, MathError> {
    let mut all = Vec::new();
    for k in 0..=LOADS {
        // Closer together towards 1, where the wait shoots up.
        let load = 0.985 * (1.0 - (1.0 - k as f64 / LOADS as f64).powi(2));
        if let Some(steady) = Md1Queue::new(load, 1.0)?.steady() {
            all.push((load, steady.mean_wait(), late(&steady)?));
        }
    }
    Ok(all)
}

/// What one of twenty waits longer than.
pub fn late(steady: &Md1Steady) -> Result<f64, MathError> {
    steady.wait_quantile(0.95)
}

/// The number of a list that is no probability, in a sentence at its field.
fn strange(state: &State) -> Option<Problem> {
    if state.law != Law::Own {
        return None;
    }
    let (index, value) = state.own.iter().enumerate().find(|(_, p)| !(0.0..=1.0).contains(*p))?;
    let (place, value) = (whole(index as u64 + 1), short(*value, 6));
    Some(Problem::at(
        "own",
        format!("第 {place} 个数 {value} 不是概率；每个数应在 0 与 1 之间，如 0.05。"),
        format!("Number {place}, {value}, is no probability; each takes a number from 0 to 1, such as 0.05."),
    ))
}

/// A sentence for the reader.
fn explain(error: &MathError) -> Problem {
    Problem::at("law", format!("算不出来：{error}。"), format!("This has no answer: {error}."))
}
