//! More users, more bugs: <https://kexue.fm/archives/9920>. The post has no formula; the mathematics is ours.

mod model;
mod service;
mod state;
mod steps;
mod talk;
mod text;
mod views;

use yansuan_math::worst_case_rate::bishop_bloomfield;

use crate::contract::control::Control;
use crate::contract::formula::Formula;
use crate::contract::number::{short, whole};
use crate::contract::panel::{Panel, Source, View};
use crate::contract::problem::Problem;
use crate::contract::readout::{Place, Reading, Readout};
use crate::contract::step::{Preset, Step};
use crate::contract::text::{Text, Words, t};
use crate::contract::widget::{About, Budget, Progress, Widget};
use model::{Results, Work, late};
use service::{duration, overload};
use state::{CHANGED, IMPERFECT, Law, REPEATED, State};

/// Values compared with the independent reference; `crates/math/tests` holds the count to it.
pub const CHECKED: u32 = 305 + 780;

/// The widget.
pub struct CoolPapers;

impl Widget for CoolPapers {
    type State = State;
    type Work = Work;

    const ABOUT: About = text::ABOUT;
    const CONTROLS: &'static [Control<State>] = state::CONTROLS;
    const PANELS: &'static [Panel] = text::PANELS;
    const FORMULAS: &'static [Formula] = text::FORMULAS;
    const PRESETS: &'static [Preset<State>] = steps::PRESETS;
    const STEPS: &'static [Step<State>] = steps::STEPS;
    const SOURCES: &'static [Source] = text::SOURCES;
    const TALK: &'static [Text] = talk::TALK;

    fn work(state: &State, work: &mut Work, budget: &Budget<'_>) -> Result<Progress, Problem> {
        work.go(state, budget)
    }

    fn views(state: &State, work: &Work) -> Vec<View> {
        views::views(state, work)
    }

    fn readouts(state: &State, work: &Work) -> Vec<Readout> {
        let Some(results) = work.results() else { return Vec::new() };
        let mut all = of_bugs(state, results);
        all.extend(of_service(state, results));
        all
    }

    fn notes(state: &State, work: &Work) -> Vec<Problem> {
        work.results().map_or_else(Vec::new, |results| notes(state, results))
    }

    fn describe(state: &State, work: &Work) -> Words {
        let Some(Results { bugs, .. }) = work.results() else { return Words::new("还没有结果。", "No result yet.") };
        let (users, days, each) = (whole(state.users as u64), state.days, whole(state.each as u64));
        let m = whole(bugs.occupancy.len() as u64);
        Words::new(
            format!("每天 {users} 个用户，各请求 {each} 次，一共 {days} 天；程序里有 {m} 个 bug。"),
            format!("{users} users a day with {each} requests each, for {days} days; the program has {m} bugs."),
        )
    }
}

fn notes(state: &State, Results { bugs, now, .. }: Results<'_>) -> Vec<Problem> {
    let mut notes = Vec::new();
    let listed = state.law == Law::Own;
    if bugs.occupancy.is_empty() {
        notes.push(Problem::at(
            if listed { "own" } else { "m" },
            "一个 bug 也没有，没有什么可以发现。",
            "There are no bugs, so there is nothing to find.",
        ));
    }
    if state.n() < 1.0 {
        notes.push(Problem::at("days", "还没有人来过：一次请求也没有。", "Nobody has come yet: there was no request."));
    }
    if state.law == Law::Zipf && state.s <= 1.0 {
        notes.push(Problem::at(
            "s",
            "s 不大于 1，尾巴太重，bug 再多些时没有幂律可言。",
            "With s at most 1 the tail is too heavy: for ever more bugs there is no power law.",
        ));
    }
    let never = bugs.occupancy.len() - bugs.occupancy.reachable();
    if listed && never > 0 {
        notes.push(Problem::at(
            "own",
            format!("其中 {never} 个的概率是 0，永远不会被发现。"),
            format!("{never} of them have probability 0 and are never found."),
        ));
    }
    if now.spectrum.singletons > 0 && now.spectrum.doubletons == 0 {
        notes.push(Problem::at(
            "seed",
            "没有恰好出现两次的 bug，Chao 下界改用 f₁(f₁ − 1)/2。",
            "No bug was met exactly twice; Chao's bound is then f₁(f₁ − 1)/2.",
        ));
    }
    for (queue, whose) in [(now.bare, t("没有缓存", "No cache")), (now.loaded, t("有缓存，此刻", "With a cache, now"))]
    {
        notes.extend(overload(queue, whose).map(|words| Problem { field: Some("interval"), words }));
    }
    notes
}

fn read(key: &'static str, label: Text, reading: Reading, place: Place) -> Readout {
    Readout { key, label, reading, place }
}

fn words(text: String) -> Reading {
    Reading::Words(Words::same(text))
}

/// A mean and its standard deviation; what rounding leaves of none is none.
fn spread(mean: f64, deviation: f64) -> Reading {
    let deviation = if deviation < 1e-9 { 0.0 } else { deviation };
    words(format!("{} ± {}", short(mean, 3), short(deviation, 2)))
}

/// A number, or a dash where there is none.
fn perhaps(number: Option<f64>, digits: usize) -> Reading {
    number.filter(|number| number.is_finite()).map_or_else(|| words("–".to_owned()), |number| words(short(number, digits)))
}

fn of_bugs(state: &State, results: Results<'_>) -> Vec<Readout> {
    let Results { bugs, now, broken, .. } = results;
    let (n, m) = (state.n(), bugs.occupancy.len());
    let moments = now.moments;
    let [goel, little, musa] = bugs.cousins.map(|model| perhaps(model.and_then(|model| model.found(n).ok()), 3));
    let changed = |bit: u32| perhaps(broken.iter().find(|each| each.bit == bit).map(|each| each.now), 3);
    let loudest = views::loudest(results, n).map_or_else(
        || Reading::Words(Words::new("没有了", "none")),
        |(rank, p)| {
            Reading::Words(Words::new(format!("第 {rank} 位，p = {}", short(p, 2)), format!("rank {rank}, p = {}", short(p, 2))))
        },
    );
    vec![
        read("n", t("到现在的请求 N", "requests so far, N"), words(whole(n as u64)), Place::Rail),
        read("found", t("发现的 bug（平均）", "bugs found (mean)"), spread(moments.found, moments.deviation()), Place::Rail),
        read(
            "run",
            t("这一次发现", "found in this run"),
            words(format!("{} / {}", whole(now.spectrum.found as u64), whole(m as u64))),
            Place::Rail,
        ),
        read(
            "daily",
            t("都修好后，每天还失败（次）", "with these fixed, failures a day"),
            words(short(moments.residual_rate * state.per_day(), 3)),
            Place::Rail,
        ),
        read("mean", t("D(N)", "D(N)"), words(short(moments.found, 4)), Place::Formula),
        read(
            "half",
            t("发现一半要多少请求", "requests that find half"),
            bugs.half.filter(|_| m > 0).map_or_else(|| words("–".to_owned()), |n| words(whole(n as u64))),
            Place::Panel("curve"),
        ),
        read(
            "tenfold",
            t("请求再多十倍，bug 多到", "ten times the requests: bugs grow"),
            if moments.found > 0.0 { words(format!("×{}", short(now.tenfold / moments.found, 3))) } else { perhaps(None, 3) },
            Place::Panel("curve"),
        ),
        read("rate", t("剩余失败率 ρ(N)", "remaining rate ρ(N)"), words(short(moments.residual_rate, 3)), Place::Panel("rate")),
        read(
            "ceiling",
            t("上限 M/(eN)", "ceiling M/(eN)"),
            perhaps(bishop_bloomfield(m, n).ok().flatten(), 3),
            Place::Panel("rate"),
        ),
        read("gt", t("Good–Turing 估计 f₁/N", "Good–Turing, f₁/N"), perhaps(now.good_turing, 3), Place::Panel("rate")),
        read(
            "truth",
            t("它要估计的（这一次真实的）", "what it estimates (this run)"),
            words(short(now.spectrum.residual_rate, 3)),
            Place::Panel("rate"),
        ),
        read("chao", t("Chao：至少还有", "Chao: at least so many left"), perhaps(now.chao, 3), Place::Panel("rate")),
        read("unseen", t("其实还有", "in truth left"), words(whole((m - now.spectrum.found) as u64)), Place::Panel("rate")),
        read("loudest", t("没发现的里最常见的", "loudest not found"), loudest, Place::Panel("barcode")),
        read("goel", t("Goel–Okumoto", "Goel–Okumoto"), goel, Place::Panel("cousins")),
        read("littlewood", t("Littlewood", "Littlewood"), little, Place::Panel("cousins")),
        read("musa", t("Musa–Okumoto", "Musa–Okumoto"), musa, Place::Panel("cousins")),
        read("power", t("幂律", "power law"), perhaps(views::power_law(state, n), 3), Place::Panel("cousins")),
        read("repeated", views::broken_name(REPEATED).1, changed(REPEATED), Place::Panel("whatif")),
        read("imperfect", views::broken_name(IMPERFECT).1, changed(IMPERFECT), Place::Panel("whatif")),
        read("changed", views::broken_name(CHANGED).1, changed(CHANGED), Place::Panel("whatif")),
    ]
}

fn of_service(state: &State, Results { now, launch, .. }: Results<'_>) -> Vec<Readout> {
    let percent = |part: f64| words(format!("{} %", short(100.0 * part, 4)));
    // What is next to nothing is nothing: nobody wants 10⁻⁶⁵ seconds.
    let tidy = |number: f64| if number < 1e-9 { 0.0 } else { number };
    let race = state.races().ok().and_then(|races| races.last().copied());
    let needed = race.and_then(|race| race.arrivals_for(1.0).ok().flatten());
    let needed = needed.map(|arrivals| arrivals * yansuan_math::race_condition::DAY / state.each as f64);
    let crowd = |users: f64| if users < 1e12 { words(whole(users.ceil() as u64)) } else { words(short(users, 3)) };
    let needed = needed.map_or_else(|| words("–".to_owned()), crowd);
    let steady = now.loaded.steady();
    let late = steady.as_ref().and_then(|steady| late(steady).ok());
    let seconds = |time: Option<f64>| {
        time.map_or_else(|| Reading::Words(Words::new("没有尽头", "no end")), |time| Reading::Words(duration(tidy(time))))
    };
    let downloads = spread(now.cache.downloads, now.spread);
    let peak = launch.peak.map(|peak| peak.1);
    vec![
        read("arrivals", t("Λ：每秒请求", "Λ: requests a second"), words(short(state.arrivals(), 3)), Place::Panel("traffic")),
        read("alarm", t("每天出现一次要多少用户", "users at which it strikes daily"), needed, Place::Panel("traffic")),
        read("lit", t("亮着的", "lit"), words(format!("{} / {}", service::lit(state), state::RACES)), Place::Panel("lamps")),
        read("downloads", t("下载 D(N)", "downloads D(N)"), downloads, Place::Panel("cache")),
        read("hits", t("缓存命中", "served from the cache"), percent(now.cache.hit_share), Place::Panel("cache")),
        read("drain", t("下载共需", "downloads take"), Reading::Words(duration(now.cache.drain)), Place::Panel("cache")),
        read(
            "bare",
            t("没有缓存要", "without a cache"),
            Reading::Words(duration(now.cache.drain_without)),
            Place::Panel("cache"),
        ),
        read("peak", t("平均最多排", "most in line, mean"), perhaps(peak, 3), Place::Panel("drain")),
        read("emptied", t("排空要", "empty after"), Reading::Words(duration(launch.emptied)), Place::Panel("drain")),
        read(
            "load",
            t("负荷 ρ，有缓存", "load ρ, with a cache"),
            words(short(tidy(now.loaded.utilisation()), 3)),
            Place::Panel("wait"),
        ),
        read("overload", t("没有缓存", "without"), words(short(now.bare.utilisation(), 3)), Place::Panel("wait")),
        read(
            "wait",
            t("平均等待，有缓存", "mean wait, with a cache"),
            seconds(steady.as_ref().map(yansuan_math::md1_queue::Md1Steady::mean_wait)),
            Place::Panel("wait"),
        ),
        read(
            "wait-bare",
            t("平均等待，没有缓存", "mean wait, without"),
            seconds(now.bare.steady().as_ref().map(yansuan_math::md1_queue::Md1Steady::mean_wait)),
            Place::Panel("wait"),
        ),
        read(
            "at-once",
            t("不用等的机会", "chance of no wait"),
            percent(steady.as_ref().map_or(0.0, yansuan_math::md1_queue::Md1Steady::idle)),
            Place::Panel("wait"),
        ),
        read("late", t("二十人里有一人等得超过", "one in twenty waits longer than"), seconds(late), Place::Panel("wait")),
    ]
}
