//! The widget of more users and more bugs: what its words say is what its figures show.

use yansuan::contract::figure::{Along, Dot, Figure, Mark, Point, Role, Shape};
use yansuan::contract::panel::Evidence;
use yansuan::contract::table::Cell;
use yansuan::contract::text::Lang;
use yansuan::contract::widget::{Budget, Progress};
use yansuan::player::session::Session;

mod common;
use common::{Subject, notes, number, play, readout, scenes};

const BUGS: Subject = Subject("cool-papers");

/// The longest line of a role in a figure.
fn line(figure: &Figure, role: Role) -> Vec<Point> {
    let of = |mark: &Mark| match &mark.shape {
        Shape::Line(points) if mark.role == role => Some(points.clone()),
        _ => None,
    };
    figure.marks.iter().filter_map(of).max_by_key(Vec::len).unwrap_or_default()
}

/// The height of a line at a place, from the nearest points of a logarithmic axis.
fn height(points: &[Point], x: f64) -> f64 {
    let distance = |point: &Point| (point.0 / x).ln().abs();
    points.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).expect("a point").1
}

/// What a setting computes, or what is wrong with it.
fn problem(query: &str) -> Option<yansuan::contract::problem::Problem> {
    let mut work = BUGS.widget().begin();
    loop {
        match BUGS.widget().work(&Session::open(BUGS.widget(), query).setting, work.as_mut(), &Budget::unlimited()) {
            Ok(Progress::Going(_)) => {}
            Ok(Progress::Done) => return None,
            Err(problem) => return Some(problem),
        }
    }
}

fn near(found: f64, wanted: f64, relative: f64) {
    assert!((found / wanted - 1.0).abs() < relative, "{found}, not {wanted}");
}

#[test]
fn the_page_says_at_once_that_the_mathematics_is_not_the_authors() {
    let about = BUGS.widget().about();
    assert!(about.question.en.contains("no formula") && about.question.en.contains("not the author's"));
    assert!(about.question.zh.contains("没有公式") && about.question.zh.contains("本站"));
    assert!(BUGS.widget().steps()[0].body.en.contains("not the author's"));
    // Nothing is claimed to be the post's but its story.
    assert!(BUGS.widget().formulas().iter().all(|formula| formula.source.evidence != Evidence::Post));
    assert!(BUGS.widget().panels().iter().all(|panel| panel.source.evidence != Evidence::Post));
    let post = BUGS.widget().sources().iter().find(|source| source.evidence == Evidence::Post).expect("the story");
    assert!(post.words.en.contains("No formula"));
}

#[test]
fn a_hundred_times_the_users_find_fifteen_times_the_bugs() {
    // D(100) and D(10⁴) of the golden file.
    let (friends, launch) = (BUGS.shown("users=5"), BUGS.shown("users=500"));
    assert_eq!((readout(&friends, "n").as_str(), readout(&friends, "mean").as_str()), ("100", "6.637"));
    assert_eq!((readout(&launch, "n"), readout(&launch, "mean")), ("10000".to_owned(), "99.15".to_owned()));
    near(number(&launch, "found") / number(&friends, "found"), 15.0, 0.02);
    let curve = line(BUGS.figure(&launch, "curve"), Role::Estimate);
    near(height(&curve, 1000.0), 28.816_069_678_215_587, 1e-12);
    assert!(curve.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1), "it rises");
    assert!(curve.iter().all(|point| point.1 <= 200.0));
}

#[test]
fn one_seeded_run_is_steps_about_the_mean_and_the_same_for_ever() {
    let scene = BUGS.shown("");
    let run = line(BUGS.figure(&scene, "curve"), Role::Truth);
    assert!(run.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1));
    let steps = run.iter().rev().find(|point| point.0 <= 1e4).expect("a step").1;
    assert_eq!(readout(&scene, "run"), format!("{steps} / 200"));
    // Four standard deviations of the golden file's 5.73.
    assert!((steps - 99.146).abs() < 4.0 * 5.73, "{steps}");
    assert_eq!(run, line(BUGS.figure(&BUGS.shown("seed=42"), "curve"), Role::Truth));
    assert_ne!(run, line(BUGS.figure(&BUGS.shown("seed=43"), "curve"), Role::Truth));
}

#[test]
fn the_band_is_two_standard_deviations_to_each_side() {
    let scene = BUGS.shown("");
    let band = BUGS.figure(&scene, "curve").marks.iter().find_map(|mark| match &mark.shape {
        Shape::Band(rows) => Some(rows.clone()),
        _ => None,
    });
    let row = band.expect("a band").into_iter().find(|row| row.0 == 1e4).expect("a row at ten thousand");
    let p: Vec<f64> = (1..=200).map(|i| 0.05 * f64::from(i).powf(-1.5)).collect();
    let left = |p: f64| (1e4 * (-p).ln_1p()).exp();
    let deviation = p.iter().map(|p| left(*p) * (1.0 - left(*p))).sum::<f64>().sqrt();
    near(row.2 - row.1, 4.0 * deviation, 1e-9);
    assert!((deviation - 5.73).abs() < 0.01);
}

#[test]
fn whatever_the_bugs_the_rate_stays_below_the_ceiling() {
    for query in
        ["", "preset=equal", "preset=two", "preset=worst", "preset=tail", "preset=list", "s=0.5&top=1", "races=1&users=50000"]
    {
        let scene = BUGS.shown(query);
        let rate = BUGS.figure(&scene, "rate");
        let (mean, ceiling) = (line(rate, Role::Estimate), line(rate, Role::Never));
        assert!(mean.len() > 100 && mean.len() == ceiling.len(), "{query}");
        for (rate, bound) in mean.iter().zip(&ceiling) {
            // What is far below the axis is drawn a little below it.
            assert!(rate.1 < bound.1 * (1.0 + 1e-12) || rate.1 <= 1e-9, "{query}: {rate:?} {bound:?}");
        }
    }
    // The worst bugs touch it, up to the difference between the discrete bound and M/(eN).
    let worst = BUGS.shown("preset=worst");
    near(number(&worst, "rate"), number(&worst, "ceiling"), 2e-3);
    assert_eq!(readout(&worst, "ceiling"), "0.00736");
    assert_eq!(readout(&BUGS.shown("step=3"), "ceiling"), "0.00736", "0.74 %, as the step says");
}

#[test]
fn the_numbers_of_the_fix_are_those_of_the_step() {
    let scene = BUGS.shown("step=3");
    // 12 in a hundred before, 4.5 in a thousand after, more than twenty times fewer.
    let before = height(&line(BUGS.figure(&scene, "rate"), Role::Estimate), 1.0);
    assert!((before - 0.12).abs() < 0.005, "{before}");
    assert_eq!(readout(&scene, "rate"), "0.00448");
    assert!(0.1236 / number(&scene, "rate") > 20.0);
    near(number(&scene, "daily"), 44.84, 1e-2);
}

#[test]
fn good_turing_estimates_what_the_run_keeps_hidden() {
    let scene = BUGS.shown("");
    let (estimate, truth) = (number(&scene, "gt"), number(&scene, "truth"));
    assert!(estimate / truth > 0.6 && estimate / truth < 1.7, "{estimate} {truth}");
    let dots = BUGS.figure(&scene, "rate").marks.iter().find_map(|mark| match &mark.shape {
        Shape::Dots(points, Dot::Full) if mark.role == Role::B => Some(points.clone()),
        _ => None,
    });
    let dots = dots.expect("dots");
    assert!(dots.len() > 10 && dots.iter().all(|dot| dot.0 <= 1e4), "only what has been counted so far");
    near(dots.last().expect("a dot").1, estimate, 5e-3);
    // Chao's is a lower bound of what is left, and here it is one.
    assert!(number(&scene, "chao") <= number(&scene, "unseen") * 1.2);
    assert_eq!(
        number(&scene, "unseen") as usize + readout(&scene, "run").split(' ').next().unwrap().parse::<usize>().unwrap(),
        200
    );
}

#[test]
fn the_bar_code_fills_from_the_loud_end() {
    let scene = BUGS.shown("step=4");
    let Some(bars) = BUGS.figure(&scene, "barcode").marks.iter().find_map(|mark| match &mark.shape {
        Shape::Bars(bars) => Some(bars.clone()),
        _ => None,
    }) else {
        panic!("bars")
    };
    let within = |from: f64, to: f64| bars.iter().map(|bar| (bar.x.1.min(to) - bar.x.0.max(from)).max(0.0)).sum::<f64>();
    let all = within(0.0, 201.0);
    assert_eq!(readout(&scene, "run"), format!("{all} / 200"), "a stripe a bug");
    assert!(within(0.5, 20.5) >= 18.0, "nearly full at the left");
    assert!(within(0.5, 100.5) > 1.5 * within(100.5, 200.5), "thinner at the right");
    // Many bugs share bars, and their heights are shares.
    let many = BUGS.shown("preset=tail");
    assert!(
        BUGS.figure(&many, "barcode")
            .marks
            .iter()
            .any(|mark| matches!(&mark.shape, Shape::Bars(bars) if bars.iter().any(|bar| bar.y.1 < 1.0)))
    );
}

#[test]
fn races_need_traffic_and_grow_with_its_square() {
    let (friends, launch, storm) = (BUGS.shown("users=5"), BUGS.shown("users=500"), BUGS.shown("users=50000"));
    assert_eq!((readout(&friends, "lit").as_str(), readout(&storm, "lit").as_str()), ("0 / 24", "24 / 24"));
    let some = number(&launch, "lit");
    assert!((8.0..=16.0).contains(&some), "{some}");
    let race = line(BUGS.figure(&launch, "traffic"), Role::Estimate);
    let ordinary = line(BUGS.figure(&launch, "traffic"), Role::Truth);
    let at = |points: &[Point], users: f64| {
        let after = points.iter().position(|point| point.0 >= users).expect("a point");
        let (a, b) = (points[after - 1], points[after]);
        a.1 * (b.1 / a.1).powf((users / a.0).ln() / (b.0 / a.0).ln())
    };
    near(at(&race, 500.0) / at(&race, 5.0), 94.48 * 100.0, 0.01);
    near(at(&ordinary, 500.0) / at(&ordinary, 5.0), 100.0, 1e-6);
    // At the number of users that is told it strikes once a day.
    near(at(&race, number(&launch, "alarm")), 1.0, 0.02);
    // The shortest window of a millisecond strikes more than two hundred times a day.
    let bars = BUGS.figure(&storm, "lamps").marks.iter().find_map(|mark| match &mark.shape {
        Shape::Bars(bars) => Some(bars.clone()),
        _ => None,
    });
    near(bars.expect("lamps")[0].y.1, 230.1, 1e-3);
}

#[test]
fn races_join_the_other_bugs_when_asked_to() {
    let (without, with) = (BUGS.shown("users=50000"), BUGS.shown("users=50000&races=1"));
    assert!(readout(&without, "run").ends_with("/ 200") && readout(&with, "run").ends_with("/ 224"));
    let friends = BUGS.shown("users=5&days=365&races=1");
    let few = BUGS.shown("users=5&days=365");
    assert!(number(&friends, "found") - number(&few, "found") < 6.0, "a year of five friends meets few of them");
}

#[test]
fn a_cache_makes_a_million_clicks_two_hundred_downloads() {
    let scene = BUGS.shown("users=50000");
    assert_eq!(readout(&scene, "downloads"), "200 ± 0");
    assert_eq!((readout(&scene, "drain").as_str(), readout(&scene, "bare").as_str()), ("10 min", "34.7 days"));
    assert!(readout(&scene, "hits").starts_with("100 %") || number(&scene, "hits") > 99.9);
    let launch = BUGS.shown("users=500");
    // D(10⁴) of the same list, divided by its sum.
    near(number(&launch, "downloads"), 188.044, 3e-3);
    let (with, without) = (line(BUGS.figure(&launch, "cache"), Role::Estimate), line(BUGS.figure(&launch, "cache"), Role::Guide));
    assert!(without.iter().all(|point| point.0 == point.1));
    assert!(with.iter().all(|point| point.1 <= point.0.max(1.0) * (1.0 + 1e-12) && point.1 <= 200.0));
}

#[test]
fn the_queue_of_the_opening_drains_within_ten_minutes() {
    let scene = BUGS.shown("step=8");
    near(number(&scene, "peak"), 65.0, 0.01);
    assert!(readout(&scene, "emptied").ends_with("min") && number(&scene, "emptied") < 10.0, "{}", readout(&scene, "emptied"));
    let drain = BUGS.figure(&scene, "drain");
    let (fluid, bare) = (line(drain, Role::Estimate), line(drain, Role::Guide));
    let top = fluid.iter().map(|point| point.1).fold(0.0, f64::max);
    near(top, number(&scene, "peak"), 0.02);
    assert_eq!(fluid.last().expect("a point").1, 0.0);
    assert!(bare.windows(2).all(|pair| pair[0].1 <= pair[1].1), "without a cache it only grows");
    assert_eq!(line(drain, Role::Truth).last().expect("a point").1, 0.0, "the run is served to the end");
}

#[test]
fn the_wait_explodes_close_to_a_full_load() {
    let half = BUGS.shown("step=9");
    assert_eq!(readout(&half, "overload"), "0.5");
    assert_eq!(readout(&BUGS.shown("step=9&users=1296"), "overload"), "0.9");
    let wait = line(BUGS.figure(&half, "wait"), Role::Estimate);
    // Wq = ρD/(2(1−ρ)).
    for point in &wait {
        assert!((point.1 - 3.0 * point.0 / (2.0 * (1.0 - point.0))).abs() < 1e-9 * (1.0 + point.1), "{point:?}");
    }
    let full = BUGS.shown("users=1440&each=20");
    assert_eq!(notes(&full), ["interval"]);
    let over = BUGS.shown("users=50000&days=0");
    assert_eq!(notes(&over).iter().filter(|field| **field == "interval").count(), 2);
    // (ρ − 1)/D with ρ = 34.72.
    assert!(over.notes.iter().any(|note| note.words.en.contains("11.2 a second")), "{:?}", over.notes);
    assert_eq!((readout(&over, "wait").as_str(), readout(&over, "at-once").as_str()), ("no end", "0 %"));
}

#[test]
fn the_models_of_the_literature_begin_as_the_bugs_do() {
    let scene = BUGS.shown("");
    let cousins = BUGS.figure(&scene, "cousins");
    let truth = line(cousins, Role::Truth);
    for role in [Role::A, Role::B, Role::D] {
        near(height(&line(cousins, role), 1.0), height(&truth, 1.0), 0.05);
    }
    let end = |role: Role| line(cousins, role).last().expect("a point").1;
    assert!((end(Role::A) - 200.0).abs() < 1e-6, "one rate finds all");
    assert!(end(Role::D) > 20.0 && (end(Role::D) / end(Role::A) - 1.0).abs() > 0.1, "and the logarithm does not stop there");
    // Of equal bugs Goel and Okumoto's is the sum itself, and Littlewood's has no spread to mix.
    let equal = BUGS.shown("preset=equal");
    assert_eq!(readout(&equal, "littlewood"), "–");
    near(number(&equal, "goel"), number(&equal, "found"), 1e-3);
}

#[test]
fn a_heavy_tail_follows_its_power_law_and_a_heavier_one_has_none() {
    let scene = BUGS.shown("preset=tail");
    near(number(&scene, "power"), number(&scene, "found"), 0.1);
    near(number(&BUGS.shown("preset=tail&users=50"), "tenfold"), 10_f64.powf(1.0 / 1.5), 0.12);
    let flat = BUGS.shown("s=0.9");
    assert_eq!(readout(&flat, "power"), "–");
    assert_eq!(notes(&flat), ["s"]);
    assert!(line(BUGS.figure(&flat, "cousins"), Role::E).is_empty());
}

#[test]
fn each_assumption_given_up_lifts_the_rate() {
    let scene = BUGS.shown("step=10");
    let ideal = number(&scene, "rate");
    for key in ["repeated", "imperfect", "changed"] {
        assert!(number(&scene, key) > 1.2 * ideal, "{key}: {} {ideal}", number(&scene, key));
    }
    assert!(number(&scene, "changed") > number(&scene, "ceiling"), "it goes through the ceiling");
    // With ten repeats ten thousand requests tell as much as one thousand.
    near(number(&scene, "repeated"), 0.0172, 2e-3);
    let honest = BUGS.shown("step=10&broken=");
    assert_eq!(readout(&honest, "repeated"), "–");
    // Ideal values give up nothing.
    let vain = BUGS.shown("broken=independent,fixes&burst=1&delay=0&failing=0");
    for key in ["repeated", "imperfect"] {
        near(number(&vain, key), number(&vain, "rate"), 1e-9);
    }
}

#[test]
fn nothing_to_find_and_nobody_to_find_it_are_told() {
    let empty = BUGS.shown("m=0");
    assert_eq!(notes(&empty), ["m"]);
    assert_eq!((readout(&empty, "run").as_str(), readout(&empty, "rate").as_str()), ("0 / 0", "0"));
    let nobody = BUGS.shown("days=0");
    assert_eq!(notes(&nobody), ["days"]);
    assert_eq!((readout(&nobody, "n").as_str(), readout(&nobody, "mean").as_str()), ("0", "0"));
    for key in ["ceiling", "gt", "chao", "tenfold"] {
        assert_eq!(readout(&nobody, key), "–", "{key}");
    }
    assert_eq!(readout(&nobody, "rate"), "0.124", "nothing is fixed yet");
    let both = BUGS.shown("m=0&days=0&races=1");
    assert_eq!(readout(&both, "run"), "0 / 24");
}

#[test]
fn certain_and_impossible_bugs_are_what_they_are() {
    let scene = BUGS.shown("law=own&own=1,0,0.5&users=1&each=1");
    // After one request: the certain one, never the impossible one, half of the third.
    assert_eq!(readout(&scene, "mean"), "1.5");
    assert_eq!(readout(&scene, "half"), "1");
    let never = BUGS.shown("law=own&own=1,0,0.5&users=500000&days=365");
    assert_eq!(readout(&never, "run"), "2 / 3");
    assert_eq!(readout(&never, "loudest"), "none", "what cannot happen is not waited for");
    assert!(notes(&never).contains(&"own"), "{:?}", notes(&never));
}

#[test]
fn what_is_no_probability_is_said_at_its_field_with_what_would_be_right() {
    for (list, place) in
        [("0.1,2,0.3", "Number 2, 2"), ("-0.5", "Number 1, −0.5"), ("0.1,-inf", "Number 2, −∞"), ("1e300", "Number 1")]
    {
        let problem = problem(&format!("law=own&own={list}")).unwrap_or_else(|| panic!("{list} is no list of probabilities"));
        assert_eq!(problem.field, Some("own"));
        assert!(problem.words.en.contains(place) && problem.words.en.contains("from 0 to 1"), "{}", problem.words.en);
        assert!(problem.words.zh.contains("0 与 1 之间"));
    }
    assert_eq!(problem("own=2"), None, "a list that is not used is nobody's fault");
    let mut session = Session::open(BUGS.widget(), "law=own");
    let own = BUGS.widget().control("own").expect("a list");
    let before = session.setting.clone();
    for rubbish in ["NaN", "0.1, abc", "0,5;x"] {
        assert!(!session.paste(own, rubbish), "{rubbish}");
        assert_eq!(session.refused.as_ref().and_then(|refused| refused.field), Some("own"));
        assert_eq!(session.setting, before);
    }
    assert!(session.paste(own, "0.2\n0.1\n0.05"));
    assert_eq!(readout(&play(BUGS.widget(), &session.setting), "run").split(' ').next_back(), Some("3"));
    assert!(session.paste(own, &"0.001 ".repeat(6000)), "too many are cut, and it is said");
    assert!(session.mended.iter().any(|notice| notice.words.en.contains("5000")), "{:?}", session.notices);
}

#[test]
fn a_probability_above_one_and_part_of_a_user_are_mended() {
    let session = Session::open(BUGS.widget(), "top=3");
    assert_eq!(session.notices.iter().filter_map(|notice| notice.field).collect::<Vec<_>>(), ["top"]);
    assert!(session.written().query.contains("top=1"));
    // Requests are whole.
    let scene = play(BUGS.widget(), &Session::open(BUGS.widget(), "users=2.4&each=3.6").setting);
    assert_eq!(readout(&scene, "n"), "8");
}

#[test]
fn a_billion_requests_cost_no_more_than_a_hundred() {
    let scene = BUGS.shown("users=500000&each=1000&days=2");
    assert_eq!(readout(&scene, "n"), "1000000000");
    assert_eq!(BUGS.figure(&scene, "curve").x.to, 1e9);
    let most = BUGS.shown("users=500000&each=1000&days=365&m=5000&s=3&races=1");
    assert!(number(&most, "found") > 1000.0);
}

#[test]
fn few_seen_once_and_none_twice_have_the_corrected_bound() {
    // In some early run something was seen once and nothing twice.
    let seed =
        (0..60).find(|seed| notes(&BUGS.shown(&format!("users=1&each=5&seed={seed}"))).contains(&"seed")).expect("such a run");
    let scene = BUGS.shown(&format!("users=1&each=5&seed={seed}"));
    let once = number(&scene, "gt") * 5.0;
    near(1.0 + number(&scene, "chao"), 1.0 + 0.8 * once * (once - 1.0) / 2.0, 0.01);
}

#[test]
fn rings_are_dragged_along_the_requests_and_the_users() {
    for (panel, to, users) in [("curve", 1e6, 50_000.0), ("rate", 2000.0, 100.0), ("traffic", 700.0, 700.0)] {
        let mut session = Session::open(BUGS.widget(), "");
        let scene = play(BUGS.widget(), &session.setting);
        let ring = BUGS.figure(&scene, panel).marks.iter().find_map(|mark| match &mark.shape {
            Shape::Handle(_, moves, _) => Some(moves.clone()),
            _ => None,
        });
        let moves = ring.unwrap_or_else(|| panic!("{panel} has a ring"));
        assert!(moves.iter().all(|each| each.along == Along::X));
        session.drag(&moves, (to, 1.0));
        session.commit();
        assert_eq!(session.number(BUGS.widget().control("users").expect("users"), None), Some(users), "{panel}");
        let now = play(BUGS.widget(), &session.setting);
        let ring = BUGS.figure(&now, panel).marks.iter().find_map(|mark| match &mark.shape {
            Shape::Handle(at, ..) => Some(*at),
            _ => None,
        });
        assert_eq!(ring.expect("a ring").0, to, "{panel}: it stays under the finger");
    }
}

#[test]
fn the_axis_does_not_run_away_from_the_ring() {
    for query in ["", "days=7", "each=1000&days=365"] {
        let ends = [1.0, 500.0, 4e5, 5e5].map(|users| {
            let mut session = Session::open(BUGS.widget(), query);
            let before = BUGS.figure(&play(BUGS.widget(), &session.setting), "curve").x.to;
            session.set(BUGS.widget().control("users").expect("users"), yansuan::contract::value::Value::Number(users));
            let scene = play(BUGS.widget(), &session.setting);
            assert!(number(&scene, "n") <= before, "{query}: it stays in the picture");
            (BUGS.figure(&scene, "curve").x.to, BUGS.figure(&scene, "traffic").x.to, BUGS.figure(&scene, "lamps").y.to)
        });
        assert!(ends.windows(2).all(|pair| pair[0] == pair[1]), "{query}: {ends:?}");
    }
}

#[test]
fn days_play_and_the_stripes_grow() {
    let days = BUGS.widget().control("days").expect("days");
    let mut session = Session::open(BUGS.widget(), "users=50&days=0");
    assert!(session.toggle_playing(days, 1.0));
    let mut found = 0;
    for _ in 0..8 {
        session.advance(days, 1.0, 0.0);
        let now = readout(&play(BUGS.widget(), &session.setting), "run")
            .split(' ')
            .next()
            .and_then(|count| count.parse().ok())
            .unwrap_or(0);
        assert!(now >= found, "what was found stays found");
        found = now;
    }
    assert_eq!(session.number(days, None), Some(24.0));
    assert!(found > 100);
}

#[test]
fn every_bug_is_in_the_table_of_the_bar_code() {
    let scene = BUGS.shown("races=1");
    let table = BUGS.figure(&scene, "barcode").data.clone().expect("a table");
    assert_eq!(table.rows.len(), 224);
    let found = table.rows.iter().filter(|row| matches!(row[3], Cell::Number(first) if first <= 1e4)).count();
    assert_eq!(readout(&scene, "run"), format!("{found} / 224"));
    let kinds = table.rows.iter().filter(|row| row[4].show(Lang::En) == "race").count();
    assert_eq!(kinds, 24);
    assert_eq!(table.rows[0][1], Cell::Number(0.05), "the loudest first");
}

#[test]
fn in_every_scene_the_ring_lies_on_its_curve() {
    for (_, setting) in scenes(BUGS.widget()) {
        let scene = play(BUGS.widget(), &setting);
        let ring = BUGS.figure(&scene, "curve").marks.iter().find_map(|mark| match &mark.shape {
            Shape::Handle(at, ..) => Some(*at),
            _ => None,
        });
        let (n, height) = ring.expect("a ring");
        near(n, number(&scene, "n"), 1e-9);
        near(height, number(&scene, "mean"), 1e-3);
    }
}
