//! The figures of the service: bugs that need traffic, the cache, the queue.

use yansuan_math::md1_queue::Md1Queue;
use yansuan_math::race_condition::{DAY, RaceCondition};

use super::model::Results;
use super::state::{RACES, State, USERS, WINDOWS};
use super::views::{along, band, last, line, nothing, requests};
use crate::contract::figure::{Along, Anchor, Axis, Bar, Dot, Figure, Mark, Move, Point, Role, Shape, Ticks, round_step};
use crate::contract::number::{short, whole};
use crate::contract::text::{Text, Words, t};

/// The fewest failures a day that are drawn: one in thirty years.
const SELDOM: f64 = 1e-4;

/// Seconds in the unit that a reader would choose.
pub fn duration(seconds: f64) -> Words {
    let units = [
        (1.0, t("秒", "s")),
        (60.0, t("分钟", "min")),
        (3600.0, t("小时", "h")),
        (DAY, t("天", "days")),
        (365.25 * DAY, t("年", "years")),
    ];
    let unit = units.iter().rev().find(|unit| seconds >= 2.0 * unit.0).unwrap_or(&units[0]);
    let number = short(seconds / unit.0, 3);
    Words::new(format!("{number} {}", unit.1.zh), format!("{number} {}", unit.1.en))
}

/// Failures a day of a race at some users a day.
fn daily(race: RaceCondition, state: &State, users: f64) -> f64 {
    race.per_day(users * state.each as f64 / DAY).unwrap_or(0.0)
}

/// The upper end of the axes of failures a day: a bug on every path, with all users there can be.
fn most(state: &State) -> f64 {
    10_f64.powf((state.path * USERS * state.each as f64).log10().ceil()).max(100.0)
}

/// V5: failures a day against users: one slope for all bugs, twice that for races.
pub fn traffic(state: &State) -> Figure {
    let races = state.races().unwrap_or_default();
    let users: Vec<f64> = (0..=120).map(|k| USERS.powf(f64::from(k) / 120.0)).collect();
    let top = most(state);
    let shown = |points: Vec<Point>| -> Vec<Point> { points.into_iter().filter(|point| point.1 > SELDOM * 1e-2).collect() };
    let mut marks = vec![
        Mark::new(Role::Guide, Shape::Rule(Along::Y, 1.0)),
        Mark::new(Role::Guide, Shape::Label((USERS, 1.0), t("每天一次", "once a day").into(), Anchor::End)),
    ];
    let always = users.iter().map(|users| (*users, state.path * users * state.each as f64)).collect();
    line(&mut marks, Role::Truth, shown(always), t("普通的 bug", "an ordinary bug"));
    if let (Some(short), Some(long)) = (races.first(), races.last()) {
        let curve = |race: RaceCondition| shown(users.iter().map(|users| (*users, daily(race, state, *users))).collect());
        line(&mut marks, Role::A, curve(*short), t("并发 bug，窗口最短", "a race, shortest window"));
        let mark = Mark::new(Role::Estimate, Shape::Line(curve(*long)));
        marks.push(mark.named(t("并发 bug，窗口最长", "a race, longest window")).term("race"));
        let height = daily(*long, state, state.users as f64).max(SELDOM);
        let moves = vec![Move { key: "users", index: None, along: Along::X, origin: 0.0, gain: 1.0 }];
        let name = Words::new(format!("用户 {}", whole(state.users as u64)), format!("users {}", whole(state.users as u64)));
        marks.push(Mark::new(Role::Estimate, Shape::Handle((state.users as f64, height), moves, name)));
    }
    let each = races.last().map_or(0.0, |race| daily(*race, state, state.users as f64));
    let spoken = Words::new(
        format!("每天 {} 个用户时，窗口最长的并发 bug 每天出现 {} 次。", whole(state.users as u64), short(each, 3)),
        format!(
            "With {} users a day, the race with the longest window strikes {} times a day.",
            whole(state.users as u64),
            short(each, 3)
        ),
    );
    Figure { x: Axis::log(1.0, USERS), y: Axis::log(SELDOM, top), marks, spoken, ..Figure::default() }
}

/// How many of the races strike at least once a day.
pub fn lit(state: &State) -> usize {
    let races = state.races().unwrap_or_default();
    races.into_iter().filter(|race| daily(*race, state, state.users as f64) >= 1.0).count()
}

/// V5: the races, lit where they strike at least once a day.
pub fn lamps(state: &State) -> Figure {
    let races = state.races().unwrap_or_default();
    let top = most(state);
    let (mut bright, mut dark) = (Vec::new(), Vec::new());
    for (at, race) in races.iter().enumerate() {
        let failures = daily(*race, state, state.users as f64);
        let bar = Bar { x: (at as f64 + 0.6, at as f64 + 1.4), y: (SELDOM, failures.max(SELDOM * 1.3)) };
        if failures >= 1.0 { bright.push(bar) } else { dark.push(bar) }
    }
    let mut marks = vec![Mark::new(Role::Guide, Shape::Rule(Along::Y, 1.0))];
    for (role, bars, name) in
        [(Role::Guide, dark, t("还看不见", "not yet seen")), (Role::Estimate, bright, t("每天至少一次", "at least once a day"))]
    {
        if !bars.is_empty() {
            marks.push(Mark::new(role, Shape::Bars(bars)).named(name));
        }
    }
    let window = |part: f64| {
        let seconds = state.window * WINDOWS.powf(part - 1.0);
        if seconds < 1.0 { format!("{} ms", short(1000.0 * seconds, 2)) } else { format!("{} s", short(seconds, 2)) }
    };
    let ticks = [0.0, 0.5, 1.0].map(|part| (1.0 + part * (RACES as f64 - 1.0), window(part))).to_vec();
    let (lit, all) = (lit(state), races.len());
    let spoken = Words::new(
        format!("{all} 个并发 bug 里，每天至少出现一次的有 {lit} 个。"),
        format!("Of {all} races {lit} strike at least once a day."),
    );
    Figure {
        x: Axis::linear(0.4, RACES as f64 + 0.6).ticks(Ticks::At(ticks)),
        y: Axis::log(SELDOM, top),
        marks,
        spoken,
        ..Figure::default()
    }
}

/// V4: the same curve, read as clicks and downloads.
pub fn cache(state: &State, Results { fetched, papers, now, .. }: Results<'_>) -> Figure {
    let mut marks = Vec::new();
    let all = papers.len() as f64;
    // Three decades above what a cache ever downloads show how the lines part.
    let top = 10_f64.powf((all.max(1.0).log10() + 2.0).ceil()).min(last(state));
    let bare = fetched.requests().iter().filter(|n| **n <= top).map(|n| (*n, *n)).collect();
    line(&mut marks, Role::Guide, bare, t("没有缓存：点一次，下一次", "no cache: one a click"));
    if papers.is_empty() {
        marks.push(nothing((last(state).sqrt(), (0.5 * top).sqrt()), t("没有论文", "no papers")));
    } else {
        // The first click is a download, and no click is two: the formula of the variance only holds for many.
        let rows = band(fetched, |n, moments| moments.variance_one_a_trial(n).sqrt(), 1.0);
        let rows: Vec<(f64, f64, f64)> = rows.into_iter().map(|(n, low, high)| (n, low, high.min(n))).collect();
        if rows.len() > 1 {
            marks.push(Mark::new(Role::Estimate, Shape::Band(rows)));
        }
        let downloads = along(fetched, |_, moments| moments.found);
        if downloads.len() > 1 {
            let line = Mark::new(Role::Estimate, Shape::Line(downloads));
            marks.push(line.named(t("有缓存：D(N)", "with a cache: D(N)")).term("downloads"));
        }
    }
    if state.n() >= 1.0 {
        marks.push(Mark::new(Role::Guide, Shape::Rule(Along::X, state.n())));
        marks.push(Mark::new(Role::Estimate, Shape::Dots(vec![(state.n(), now.cache.downloads.max(0.5))], Dot::Full)));
    }
    let (n, downloads) = (whole(state.n() as u64), short(now.cache.downloads, 3));
    let spoken = Words::new(
        format!("{n} 次点击，有缓存只下载 {downloads} 篇。"),
        format!("{n} clicks need {downloads} downloads with a cache."),
    );
    Figure { x: requests(state), y: Axis::log(0.5, top.max(10.0)), marks, spoken, ..Figure::default() }
}

/// V4: how the queue of a launch drains.
pub fn drain(Results { launch, .. }: Results<'_>) -> Figure {
    let minutes = |points: &[Point]| points.iter().map(|point| (point.0 / 60.0, point.1)).collect::<Vec<Point>>();
    let most = launch.fluid.iter().chain(&launch.run).map(|point| point.1).fold(3.0, f64::max);
    let step = round_step(most / 4.0);
    let top = ((most + 0.3 * step) / step).ceil() * step;
    let mut marks = Vec::new();
    let bare = minutes(&launch.bare).into_iter().map(|(t, waiting)| (t, waiting.min(3.0 * top))).collect();
    line(&mut marks, Role::Guide, bare, t("没有缓存", "no cache"));
    line(&mut marks, Role::Truth, minutes(&launch.run), t("这一次", "one run"));
    line(&mut marks, Role::Estimate, minutes(&launch.fluid), t("有缓存，平均", "with a cache, mean"));
    let backlog = launch.peak.map_or(0.0, |peak| peak.1);
    let emptied = duration(launch.emptied);
    let spoken = Words::new(
        format!("从空缓存开始，平均最多排 {} 个，{}之后排空。", short(backlog, 3), emptied.zh),
        format!("From an empty cache at most {} wait on average, and after {} nobody does.", short(backlog, 3), emptied.en),
    );
    Figure { x: Axis::linear(0.0, launch.span / 60.0), y: Axis::linear(0.0, top), marks, spoken, ..Figure::default() }
}

/// Where a load stands in the picture: what is beyond stands in the hatching.
fn stand(queue: Md1Queue) -> f64 {
    queue.utilisation().min(1.12)
}

/// The small queue: fixed intervals, and what happens near the limit.
pub fn wait(state: &State, Results { now, waits, .. }: Results<'_>) -> Figure {
    let d = state.interval;
    let top = 20.0 * d;
    let never = Bar { x: (1.0, 1.25), y: (0.0, top) };
    let scaled = |pick: fn(&(f64, f64, f64)) -> f64| waits.iter().map(|row| (row.0, pick(row) * d)).collect::<Vec<Point>>();
    let mut marks = vec![Mark::new(Role::Never, Shape::Bars(vec![never])).named(t("排队越来越长", "grows without bound"))];
    line(&mut marks, Role::A, scaled(|row| row.2), t("二十人里有一人等得更久", "one in twenty waits longer"));
    marks.push(Mark::new(Role::Estimate, Shape::Line(scaled(|row| row.1))).named(t("平均等待", "mean wait")).term("wait"));
    let height = |queue: Md1Queue| queue.steady().map_or(0.5 * top, |steady| steady.mean_wait().min(top));
    for (queue, dot, role, name) in [
        (now.bare, Dot::Hollow, Role::Truth, t("没有缓存", "no cache")),
        (now.loaded, Dot::Full, Role::Estimate, t("有缓存，此刻", "with a cache, now")),
    ] {
        marks.push(Mark::new(role, Shape::Dots(vec![(stand(queue), height(queue))], dot)).named(name));
    }
    let (with, without) = (short(now.loaded.utilisation(), 3), short(now.bare.utilisation(), 3));
    let spoken = Words::new(
        format!("负荷：有缓存 {with}，没有缓存 {without}；到 1 就排不完了。"),
        format!("Load: {with} with a cache, {without} without; from 1 on the queue never ends."),
    );
    Figure { x: Axis::linear(0.0, 1.25), y: Axis::linear(0.0, top), marks, spoken, ..Figure::default() }
}

/// A queue that is overloaded, in a sentence.
pub fn overload(queue: Md1Queue, whose: Text) -> Option<Words> {
    let growth = queue.growth();
    (queue.utilisation() >= 1.0).then(|| {
        let (growth, load) = (short(growth, 3), short(queue.utilisation(), 3));
        Words::new(
            format!("{}：负荷 {load} 不低于 1，队越排越长，每秒多 {growth} 个。", whose.zh),
            format!("{}: load {load} is not below 1; the queue grows without bound, by {growth} a second.", whose.en),
        )
    })
}
