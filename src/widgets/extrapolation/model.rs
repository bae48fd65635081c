//! What is computed from a state.

use yansuan_math::MathError;
use yansuan_math::axis::Axis;
use yansuan_math::base_search::{BaseSearch, semantic_aggregation_curve};
use yansuan_math::caution::Caution;
use yansuan_math::dispersion::{RowStatistics, SinkRemoval};
use yansuan_math::dynamic_scale::{ScaleSchedule, StaleKey, fidelity_at, stale_fidelity_at};
use yansuan_math::frequency_method::FrequencyMethod;
use yansuan_math::frequency_plan::Pair;
use yansuan_math::joint_score::JointScores;
use yansuan_math::near_far::{NearFar, near_fidelity};
use yansuan_math::order::order_descending;
use yansuan_math::relative_distance::RelativeDistance;
use yansuan_math::rng::SplitMix64;
use yansuan_math::rope::{PairLayout, score};
use yansuan_math::trained_circles::TrainedCircles;
use yansuan_math::window_tiles::TileCounts;

use super::state::{Method, OWN, State};
use crate::contract::figure::{Point, Role};
use crate::contract::kept::Kept;
use crate::contract::problem::Problem;
use crate::contract::widget::{Budget, Progress};

/// Distances up to this are near.
pub const NEAR: usize = 64;

/// Distances at which the joint score is taken.
const JOINTS: usize = 17;

/// Terms of a slice of the joint score, and cosines of one of the search.
const SLICE: usize = 250_000;

/// The longest text for which a base is searched.
pub const SEARCHED: usize = 4096;

/// Between which bases, and how finely.
const BASES: ([f64; 2], f64) = ([300.0, 1e6], 0.005);

/// Parts of the axis of positions.
const PARTS: usize = 32;

/// A method at work.
#[derive(Clone, Debug)]
pub struct Way {
    pub method: Method,
    pub role: Role,
    /// `θ'`.
    pub scaled: Vec<f64>,
    pub near_far: NearFar,
    /// `N_safe` of the frequencies, tokens; infinite where every circle was completed.
    pub safe: f64,
}

/// Everything about the methods.
#[derive(Clone, Debug)]
pub struct Solved {
    pub circles: TrainedCircles,
    /// Those that are compared.
    pub shown: Vec<Way>,
    pub focus: Way,
    /// All others, for the quadrant.
    pub others: Vec<(Method, NearFar)>,
    pub tiles: TileCounts,
    pub cautions: Vec<(Method, Caution)>,
}

/// A row of attention.
#[derive(Clone, Debug)]
pub enum Row {
    /// Random scores: weights from the largest down, as they are, times `λ`, and for as many keys as were trained.
    Random { plain: RowStatistics, scaled: RowStatistics, trained: RowStatistics, sink: Option<SinkRemoval> },
    /// The reader's own, by each method that is compared.
    Own(Vec<(Method, Role, RowStatistics)>),
}

/// Fidelity against position, by the three schedules and with stale keys.
#[derive(Clone, Debug, Default)]
pub struct Tax {
    pub fixed: Vec<Point>,
    pub turn: Vec<Point>,
    pub position: Vec<Point>,
    pub stale: Vec<Point>,
    /// A key from the middle of the text, read at its end.
    pub key: Option<(u64, StaleKey)>,
}

/// The work of the widget.
#[derive(Default)]
pub struct Work {
    solved: Kept<State, Solved>,
    /// `f_b(m)` for `m < L`, which few controls change.
    f: Kept<State, Vec<f64>>,
    row: Kept<State, (f64, Row)>,
    tax: Kept<State, Tax>,
    joint: Kept<State, Vec<(Method, Role, JointScores)>>,
    search: Kept<State, BaseSearch>,
}

impl Work {
    /// The methods.
    pub fn solved(&self) -> Option<&Solved> {
        self.solved.value.as_ref()
    }

    /// `f_b(m)` for `m < L`.
    pub fn f(&self) -> &[f64] {
        self.f.value.as_deref().unwrap_or_default()
    }

    /// `λ` and the row.
    pub fn row(&self) -> Option<&(f64, Row)> {
        self.row.value.as_ref()
    }

    /// The tax.
    pub fn tax(&self) -> Option<&Tax> {
        self.tax.value.as_ref()
    }

    /// The joint scores so far.
    pub fn joint(&self) -> &[(Method, Role, JointScores)] {
        self.joint.value.as_deref().unwrap_or_default()
    }

    /// The search so far.
    pub fn search(&self) -> Option<&BaseSearch> {
        self.search.value.as_ref()
    }

    /// Goes on for at most the budget.
    pub fn go(&mut self, state: &State, budget: &Budget<'_>) -> Result<Progress, Problem> {
        self.compute(state).map_err(|error| explain(&error))?;
        Ok(self.go_on(budget))
    }

    fn compute(&mut self, state: &State) -> Result<(), MathError> {
        let still = State::default();
        // What a result does not depend on is taken from the opening scene, so that it is not made anew.
        let methods = State {
            rho: 0,
            is_exposed: false,
            is_own: false,
            n: still.n,
            sigma: still.sigma,
            seed: 0,
            sink: 0.0,
            is_cut: false,
            q: still.q.clone(),
            keys: still.keys.clone(),
            turn: still.turn,
            is_stale: false,
            logits: still.logits,
            layers: still.layers,
            local: still.local,
            longer: still.longer,
            query: still.query,
            ..state.clone()
        };
        self.solved.renew(methods.clone(), solve)?;
        let f = State { base: state.base, d: state.d, train: state.train, ..still.clone() };
        self.f.renew(f, |state| semantic_aggregation_curve(state.base, state.d, state.train))?;
        let tax = State { turn: state.turn, is_stale: state.is_stale, methods: 0, tile: still.tile, ..methods.clone() };
        self.tax.renew(tax, tax_of)?;
        let row = State {
            logits: state.logits,
            is_own: state.is_own,
            n: state.n,
            sigma: state.sigma,
            seed: state.seed,
            sink: state.sink,
            is_cut: state.is_cut,
            q: state.q.clone(),
            keys: state.keys.clone(),
            rho: if state.is_own { state.rho } else { 0 },
            tile: still.tile,
            ..methods.clone()
        };
        self.row.renew(row, row_of)?;
        let joint = State { focus: still.focus, tile: still.tile, ..methods };
        if let Some(solved) = &self.solved.value {
            self.joint.renew(joint, |state| joints(state, solved))?;
        }
        let search = State { d: state.d, train: state.train.min(SEARCHED), ..still };
        self.search.renew(search, |state| BaseSearch::new(state.d, state.train, BASES.0, BASES.1))?;
        Ok(())
    }

    /// What takes more than a frame.
    fn go_on(&mut self, budget: &Budget<'_>) -> Progress {
        let mut parts = Vec::new();
        for (_, _, scores) in self.joint.value.iter_mut().flatten() {
            // At least a step, so that even a spent budget gets on.
            while !scores.step(SLICE).done && budget.left() {}
            parts.push(scores.progress());
        }
        if let Some(search) = &mut self.search.value {
            while !search.step(SLICE).done && budget.left() {}
            parts.push(search.progress());
        }
        if parts.iter().all(|part| part.done) {
            return Progress::Done;
        }
        let fraction = parts.iter().map(|part| part.fraction).sum::<f64>() / parts.len() as f64;
        Progress::Going(fraction.min(0.999))
    }
}

/// `θ'` of a method.
fn scaled(state: &State, circles: &TrainedCircles, method: Method) -> Result<Vec<f64>, MathError> {
    if method == Method::Listed {
        // What a list does not say stays.
        let factor = |i: usize| state.factors.get(i).copied().unwrap_or(1.0);
        return Ok(circles.theta().iter().enumerate().map(|(i, theta)| theta / factor(i)).collect());
    }
    state.frequencies(method).frequencies(circles, state.scale)
}

fn way(state: &State, circles: &TrainedCircles, method: Method, role: Role) -> Result<Way, MathError> {
    let scaled = scaled(state, circles, method)?;
    let near_far = NearFar::new(circles, &scaled, state.distance(method), state.test(), NEAR)?;
    let safe = circles.safe_length(&scaled)?;
    Ok(Way { method, role, scaled, near_far, safe })
}

/// The colours of the methods that are compared; what is unchanged is given, and so is ink.
fn roles(state: &State) -> Vec<(Method, Role)> {
    let mut colours = [Role::Estimate, Role::A, Role::B, Role::D].into_iter();
    let role = |method| if method == Method::None { Role::Truth } else { colours.next().unwrap_or(Role::E) };
    let methods: Vec<Method> = state.chosen().collect();
    let roles: Vec<Role> = methods.iter().copied().map(role).collect();
    methods.into_iter().zip(roles).collect()
}

fn solve(state: &State) -> Result<Solved, MathError> {
    let circles = TrainedCircles::new(state.d, state.base, state.train)?;
    let shown = roles(state)
        .into_iter()
        .map(|(method, role)| way(state, &circles, method, role))
        .collect::<Result<Vec<Way>, MathError>>()?;
    let focus = way(state, &circles, state.focus, Role::Estimate)?;
    let mut others = Vec::new();
    for method in Method::ALL {
        // A list that nobody gave is no method.
        if !state.has(method) && method != Method::Listed {
            others.push((method, way(state, &circles, method, Role::Guide)?.near_far));
        }
    }
    let mut cautions = Vec::new();
    for method in state.chosen() {
        cautions.extend(state.frequencies(method).cautions(&circles, state.scale).into_iter().map(|caution| (method, caution)));
        cautions.extend(state.distance(method).caution(state.train).map(|caution| (method, caution)));
    }
    let window = if state.focus == Method::SelfExtend { state.near } else { state.w };
    Ok(Solved { tiles: TileCounts::new(state.test(), window, state.tile)?, circles, shown, focus, others, cautions })
}

fn row_of(state: &State) -> Result<(f64, Row), MathError> {
    if state.is_own {
        return own_row(state);
    }
    let lambda = state.logits.at(state.n, state.train, state.scale)?;
    let mut random = SplitMix64::new(state.seed);
    let mut logits: Vec<f64> = (0..state.n).map(|_| state.sigma * random.normal()).collect();
    logits[0] += state.sink;
    let sink = if state.n > 1 { Some(SinkRemoval::new(&logits)?) } else { None };
    let kept = &logits[usize::from(state.is_cut)..];
    let row = Row::Random {
        plain: ranked(RowStatistics::new(kept)?),
        scaled: ranked(RowStatistics::scaled(kept, lambda)?),
        trained: ranked(RowStatistics::new(&kept[..kept.len().min(state.train)])?),
        sink,
    };
    Ok((lambda, row))
}

/// The weights from the largest down.
fn ranked(mut row: RowStatistics) -> RowStatistics {
    row.weights = order_descending(&row.weights).into_iter().map(|at| row.weights[at as usize]).collect();
    row
}

/// The distances of the reader's keys: evenly from ρ down to 0, where the query stands.
pub fn own_distances(state: &State) -> Vec<usize> {
    let count = state.keys.len() / OWN;
    (0..count).map(|at| if count < 2 { 0 } else { state.rho * (count - 1 - at) / (count - 1) }).collect()
}

fn own_row(state: &State) -> Result<(f64, Row), MathError> {
    let lambda = state.logits.at(state.rho + 1, state.train, state.scale)?;
    let circles = TrainedCircles::new(OWN, state.base, state.train)?;
    let here = state.test().saturating_sub(1);
    let mut rows = Vec::new();
    for (method, role) in roles(state) {
        let frequencies = if method == Method::Listed { FrequencyMethod::None } else { state.frequencies(method) };
        let scaled = frequencies.frequencies(&circles, state.scale)?;
        let pairs: Vec<Pair> = scaled.iter().map(|theta| Pair { axis: Axis::T, theta: *theta }).collect();
        let distance = state.distance(method);
        let mut logits = Vec::new();
        for (key, delta) in state.keys.chunks_exact(OWN).zip(own_distances(state)) {
            logits.push(match distance.at(here, here.saturating_sub(delta)) {
                Some(rho) => {
                    let product = score((&state.q, [rho, 0.0, 0.0]), (key, [0.0; 3]), &pairs, PairLayout::Interleaved)?;
                    lambda * product / (OWN as f64).sqrt()
                }
                None => f64::NEG_INFINITY,
            });
        }
        rows.push((method, role, RowStatistics::new(&logits)?));
    }
    Ok((lambda, Row::Own(rows)))
}

fn tax_of(state: &State) -> Result<Tax, MathError> {
    let circles = TrainedCircles::new(state.d, state.base, state.train)?;
    let method = state.focus;
    let last = state.test().saturating_sub(1);
    let places: Vec<u64> = (0..=PARTS).map(|part| (part * last / PARTS) as u64).collect();
    let flat = |value: f64, to: f64| vec![(0.0, value), (to, value)];
    if !method.is_frequency() || method == Method::Listed {
        let scaled = scaled(state, &circles, method)?;
        let fidelity = near_fidelity(&circles, &scaled, state.distance(method), NEAR, NEAR)?;
        return Ok(Tax { fixed: flat(fidelity, last as f64), ..Tax::default() });
    }
    let at = |schedule: ScaleSchedule, position: u64| match method {
        // It reads the length, not the scale.
        Method::Dynamic => {
            let length = (schedule.at(position, state.train)? * state.train as f64).round() as usize;
            let frequencies = FrequencyMethod::DynamicNtk { factor: state.factor, length }.frequencies(&circles, 1.0)?;
            near_fidelity(&circles, &frequencies, RelativeDistance::Plain, NEAR, NEAR)
        }
        _ => fidelity_at(&circles, state.frequencies(method), schedule, position, NEAR),
    };
    let turn = state.turn.min(last.max(1));
    let mut tax = Tax {
        fixed: flat(at(ScaleSchedule::Static(state.scale), 0)?, last as f64),
        turn: flat(at(ScaleSchedule::PerTurn { prompt: turn as u64, new: 0 }, 0)?, turn as f64),
        ..Tax::default()
    };
    for position in places {
        tax.position.push((position as f64, at(ScaleSchedule::PerPosition, position)?));
        if state.is_stale && method != Method::Dynamic {
            tax.stale.push((position as f64, stale_fidelity_at(&circles, state.frequencies(method), position, NEAR as u32)?));
        }
    }
    if state.is_stale {
        let middle = last as u64 / 2;
        let at = |length: u64| {
            FrequencyMethod::DynamicNtk { factor: state.factor, length: length as usize }.frequencies(&circles, 1.0)
        };
        tax.key = Some((middle, StaleKey::new(&at(middle + 1)?, &at(last as u64 + 1)?, middle)?));
    }
    Ok(tax)
}

fn joints(state: &State, solved: &Solved) -> Result<Vec<(Method, Role, JointScores)>, MathError> {
    let last = state.test().saturating_sub(1);
    let mut out = Vec::new();
    for way in &solved.shown {
        let rhos = (0..JOINTS).filter_map(|part| {
            let delta = part * last / (JOINTS - 1);
            state.distance(way.method).at(last, last - delta)
        });
        out.push((way.method, way.role, JointScores::new(solved.circles.clone(), way.scaled.clone(), rhos.collect())?));
    }
    Ok(out)
}

/// The distances at which the joint score of a method was taken, those that it sees.
pub fn joint_places(state: &State, method: Method) -> Vec<usize> {
    let last = state.test().saturating_sub(1);
    let places = (0..JOINTS).map(|part| part * last / (JOINTS - 1));
    places.filter(|delta| state.distance(method).at(last, last - delta).is_some()).collect()
}

/// A sentence for the reader.
fn explain(error: &MathError) -> Problem {
    match error {
        MathError::ParameterOutOfRange(_) => Problem::at(
            "tau",
            "τ 不能小于 α：斜坡要从 α 圈升到 τ 圈。",
            "τ must not be below α: the ramp rises from α turns to τ.",
        ),
        MathError::TooMany { .. } => Problem::at(
            "tile",
            "文本太长，块太小，数不过来；请取大一些的块。",
            "The text is too long for such small tiles; choose larger ones.",
        ),
        other => Problem::at("methods", format!("算不出来：{other}。"), format!("This has no answer: {other}.")),
    }
}
