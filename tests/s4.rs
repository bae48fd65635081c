//! The widget of `HiPPO` and S4: what its words say is what its figures show.

use yansuan::contract::control::Kind;
use yansuan::contract::figure::{Dot, Figure, Mark, Move, Point, Role, Shape};
use yansuan::contract::panel::View;
use yansuan::contract::shelf::Scene;
use yansuan::contract::table::Cell;
use yansuan::contract::text::Lang;
use yansuan::contract::widget::{Budget, Progress};
use yansuan::player::session::Session;

mod common;
use common::{Subject, notes, number, play, power_of, readout, scenes};

const S4: Subject = Subject("s4");

/// The named line of a role in a figure.
fn line(figure: &Figure, role: Role) -> Vec<Point> {
    let of = |mark: &Mark| match &mark.shape {
        Shape::Line(points) if mark.role == role && mark.name.is_some() => Some(points.clone()),
        _ => None,
    };
    figure.marks.iter().filter_map(of).next_back().unwrap_or_default()
}

/// The full dots of a role in a figure.
fn dots(figure: &Figure, role: Role) -> Vec<Point> {
    let of = |mark: &Mark| match &mark.shape {
        Shape::Dots(points, Dot::Full) if mark.role == role && mark.name.is_some() => Some(points.clone()),
        _ => None,
    };
    figure.marks.iter().find_map(of).unwrap_or_default()
}

/// The exponent of a difference such as `≤ 10⁻¹⁴`; of `0` less than any.
fn exponent(scene: &Scene, key: &str) -> i32 {
    let text = readout(scene, key);
    if text == "0" {
        return i32::MIN;
    }
    text.split_once("10").map_or_else(|| panic!("{key} is {text}"), |(_, power)| power_of(power))
}

fn control(key: &str) -> usize {
    S4.widget().control(key).expect("there is such a control")
}

#[test]
fn four_roads_lead_to_one_kernel_for_any_sizes() {
    for query in
        ["", "d=1&length=1", "d=1&length=7&eps=2", "d=5&length=31&eps=0.03", "d=64&length=1000&eps=0.001", "d=128&length=64"]
    {
        for reader in ["recall", "random", "mean"] {
            let scene = S4.shown(&format!("{query}&reader={reader}"));
            for key in ["gap-powers", "gap-cauchy", "gap-rational"] {
                assert!(exponent(&scene, key) <= -10, "{query} {reader} {key}: {}", readout(&scene, key));
            }
            assert_eq!(readout(&scene, "gap-single"), "–");
        }
    }
    let single = S4.shown("single=1");
    for key in ["gap-powers", "gap-cauchy", "gap-single"] {
        assert!((-8..=-4).contains(&exponent(&single, key)), "{key}: {}", readout(&single, key));
    }
}

#[test]
fn the_kernel_by_hand_is_c_and_then_nothing() {
    let scene = S4.shown("preset=by-hand");
    let kernel = line(S4.figure(&scene, "schemes"), Role::Estimate);
    assert_eq!(kernel.len(), 8);
    assert!((kernel[0].1 - 1.0).abs() < 1e-15 && kernel[1..].iter().all(|point| point.1.abs() < 1e-15), "{kernel:?}");
    assert_eq!(readout(&scene, "radius"), "0");
    // One mean over all that was: what the exact hold keeps of a step is 1 − e^{−2}.
    let exact = line(S4.figure(&S4.shown("preset=by-hand&scheme=zoh"), "schemes"), Role::Estimate);
    assert!((exact[0].1 - (1.0 - (-2.0_f64).exp())).abs() < 1e-15);
}

#[test]
fn the_hole_is_filled_with_the_limit_and_only_there_where_it_is() {
    for query in ["preset=annotated", "step=8", "length=2&eps=0.5"] {
        let scene = S4.shown(query);
        let roads = line(S4.figure(&scene, "roads"), Role::Truth);
        let alternating: f64 = roads.iter().enumerate().map(|(k, point)| if k % 2 == 0 { point.1 } else { -point.1 }).sum();
        assert!((number(&scene, "hole") - alternating).abs() < 6e-4 * alternating.abs(), "{query}: {alternating}");
        let holes = S4.figure(&scene, "circle").marks.iter().filter(|mark| matches!(mark.shape, Shape::Dots(_, Dot::Hollow)));
        assert_eq!(holes.count(), 1, "{query}");
    }
    let odd = S4.shown("length=33&eps=0.03");
    assert_eq!(readout(&odd, "hole"), "–");
    assert!(!S4.figure(&odd, "circle").marks.iter().any(|mark| matches!(mark.shape, Shape::Dots(_, Dot::Hollow))));
    let here = S4.shown("step=8&root=16");
    assert_eq!((readout(&here, "z").as_str(), readout(&here, "s").as_str()), ("−1 + 0i", "∞"));
    assert!(
        readout(&here, "khat").starts_with(&readout(&here, "hole")[..4]),
        "{} {}",
        readout(&here, "khat"),
        readout(&here, "hole")
    );
    // The other half of the circle is conjugate.
    let (low, high) = (readout(&S4.shown("step=7"), "khat"), readout(&S4.shown("step=7&root=27"), "khat"));
    assert_ne!(low, high);
    assert_eq!(low.replace(['+', '−'], ""), high.replace(['+', '−'], ""));
}

#[test]
fn a_root_is_clicked_on_the_circle() {
    let mut session = Session::open(S4.widget(), "step=7");
    let scene = play(S4.widget(), &session.setting);
    let picks = S4.figure(&scene, "circle").marks.iter().filter_map(|mark| mark.picks.as_ref()).collect::<Vec<_>>();
    assert_eq!(picks.iter().map(|picks| picks.values.len()).sum::<usize>(), 32, "every root can be clicked");
    session.pick("root", picks[0].values[9]);
    assert_eq!(session.number(control("root"), None), Some(9.0));
    let many = S4.shown("length=16000&eps=0.0001&now=100");
    let shown = S4.figure(&many, "circle").marks.iter().filter_map(|mark| mark.picks.as_ref()).map(|picks| picks.values.len());
    assert_eq!(shown.sum::<usize>(), 64);
}

#[test]
fn eigenvectors_lose_the_digits_of_the_specification() {
    for (d, lost) in [(4, 1.9), (8, 4.9), (16, 10.9), (24, 17.0)] {
        let scene = S4.shown(&format!("d={d}"));
        assert!((number(&scene, "digits") - lost).abs() < 0.06, "d = {d}: {}", readout(&scene, "digits"));
        assert!(exponent(&scene, "defect") <= -12);
    }
    let error = |d: usize| exponent(&S4.shown(&format!("d={d}&reader=random")), "eig-error");
    let errors = [8, 16, 24, 32].map(error);
    assert!(errors.windows(2).all(|pair| pair[1] >= pair[0] + 3), "{errors:?}");
    assert!(errors[0] <= -9 && (-9..=-3).contains(&errors[1]) && errors[3] >= 2, "{errors:?}");
}

#[test]
fn a_failure_is_never_drawn_as_data() {
    let fine = S4.shown("d=32");
    assert!(!line(S4.figure(&fine, "eig"), Role::E).is_empty() && !notes(&fine).contains(&"d"));
    for d in [33, 64, 128] {
        let scene = S4.shown(&format!("d={d}"));
        let eig = S4.figure(&scene, "eig");
        assert!(line(eig, Role::E).is_empty(), "d = {d}");
        assert!(eig.marks.iter().any(|mark| mark.role == Role::Never && matches!(mark.shape, Shape::Bars(_))), "it is hatched");
        assert!(notes(&scene).contains(&"d"));
        assert!(number(&scene, "digits") > 23.0, "{}", readout(&scene, "digits"));
    }
}

#[test]
fn forward_euler_explodes_inside_of_the_circle_and_the_bilinear_scheme_never_does() {
    // From the specification: 1e3 at d = 8, 1e7 at 16, 2e15 at 32.
    for (d, peak) in [(8, 3.0), (16, 7.0), (32, 15.3)] {
        let eps = 1.9 / f64::from(d);
        let scene = S4.shown(&format!("scheme=forward&d={d}&eps={eps}"));
        let found = number(&scene, "peak").log10();
        assert!((found - peak).abs() < 0.6, "d = {d}: 10^{found}");
        assert!(number(&scene, "radius") < 1.0);
        assert_eq!(
            number(&scene, "by-spectrum"),
            yansuan::contract::number::read(&format!("{:.4}", 2.0 / f64::from(d))).expect("a number")
        );
        let other = S4.shown(&format!("d={d}&eps={eps}"));
        assert_eq!(readout(&other, "peak"), "1 (k = 0)");
        assert!(number(&other, "norm") < 1.0);
    }
    assert!((number(&S4.shown(""), "by-norm") - 1.5e-4).abs() < 0.06e-4);
    for eps in ["0.00001", "0.01", "1", "10"] {
        for scheme in ["bilinear", "zoh"] {
            assert!(number(&S4.shown(&format!("eps={eps}&scheme={scheme}")), "norm") <= 1.0, "{scheme} {eps}");
        }
    }
}

#[test]
fn what_diverges_stops_and_says_where() {
    let scene = S4.shown("scheme=forward&eps=10");
    assert_eq!(notes(&scene), ["eps", "scheme"]);
    let told = scene.notes.iter().find(|note| note.field == Some("scheme")).expect("a note");
    assert!(told.words.en.contains("at step ") && told.words.zh.contains("发散"), "{:?}", told.words);
    assert_eq!((readout(&scene, "peak").as_str(), readout(&scene, "gap-same").as_str()), ("diverges", "–"));
    // The memories that do not diverge are there all the same.
    assert!(!line(S4.figure(&scene, "film"), Role::A).is_empty() && line(S4.figure(&scene, "film"), Role::Estimate).is_empty());
    assert!(S4.shown("scheme=backward&eps=10").notes.is_empty(), "an implicit scheme neither rings nor diverges");
    // Before it overflows it is too large to draw, and its kernel leaves the picture.
    let burst = S4.shown("preset=euler");
    assert_eq!(notes(&burst), ["eps", "scheme"]);
    assert!(number(&burst, "err-s4") > 1e4 && line(S4.figure(&burst, "film"), Role::Estimate).is_empty());
    assert!(S4.figure(&burst, "schemes").y.to > 1e4, "the chosen kernel is seen whole");
    let (aside, whole) = (S4.shown("preset=euler&scheme=bilinear"), S4.shown("preset=euler"));
    let euler = line(S4.figure(&aside, "schemes"), Role::E);
    assert!(
        euler.len() < 10 && line(S4.figure(&whole, "schemes"), Role::Estimate).len() == 256,
        "elsewhere it stops where it leaves"
    );
}

#[test]
fn a_huge_step_rings() {
    assert_eq!(notes(&S4.shown("preset=ringing")), ["eps"]);
    let scene = S4.shown("preset=ringing&reader=mean");
    let kernel = line(S4.figure(&scene, "schemes"), Role::Estimate);
    assert!(kernel.windows(2).all(|pair| pair[0].1 * pair[1].1 < 0.0), "{kernel:?}");
    assert!(S4.shown("eps=0.124").notes.is_empty() && notes(&S4.shown("eps=0.126")) == ["eps"], "from 2/d on");
}

#[test]
fn a_constant_is_remembered_by_one_number() {
    // LegS starts right and is off by its first steps, each of which is a large share of the history; that is soon diluted.
    let (short, long) = (S4.shown("signal=constant&eps=0.1"), S4.shown("signal=constant&eps=0.1&length=4096&now=4096"));
    assert!(number(&short, "err-legs") < 0.05 && number(&long, "err-legs") < 0.3 * number(&short, "err-legs"));
    for scene in [short, S4.shown("signal=constant&eps=0.1&d=1")] {
        assert!(number(&scene, "err-s4") < 1e-5, "{}", readout(&scene, "err-s4"));
    }
}

#[test]
fn more_numbers_remember_better_and_each_memory_sees_its_own_past() {
    let errors = |d: usize, key: &str| number(&S4.shown(&format!("d={d}")), key);
    for key in ["err-legs", "err-legt", "err-s4"] {
        assert!(errors(4, key) > 2.0 * errors(32, key), "{key}: {} {}", errors(4, key), errors(32, key));
    }
    let scene = S4.shown("window=50&now=200");
    let film = S4.figure(&scene, "film");
    let few = S4.shown("length=16&now=10&window=4");
    assert_eq!(
        line(S4.figure(&few, "film"), Role::Truth)[..2].iter().map(|point| point.0).collect::<Vec<_>>(),
        [0.0, 1.0],
        "held"
    );
    let reach = |role: Role| line(film, role).first().map(|point| point.0);
    assert_eq!((reach(Role::A), reach(Role::B), reach(Role::Estimate)), (Some(0.0), Some(150.0), Some(0.0)));
    let one = S4.shown("memories=legt");
    assert!(line(S4.figure(&one, "film"), Role::A).is_empty() && !line(S4.figure(&one, "film"), Role::B).is_empty());
    assert_eq!(readout(&S4.shown("now=0"), "err-legs"), "–");
}

#[test]
fn weights_have_equal_areas() {
    let scene = S4.shown("window=64&now=256&eps=0.1");
    let area = |role: Role| -> f64 {
        let points = S4.figure(&scene, "film").marks.iter().find_map(|mark| match &mark.shape {
            Shape::Area(points, floor) if mark.role == role => Some((points.clone(), *floor)),
            _ => None,
        });
        let (points, floor) = points.expect("a weight");
        points.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (f64::midpoint(pair[0].1, pair[1].1) - floor)).sum()
    };
    let (legs, legt, fading) = (area(Role::A), area(Role::B), area(Role::Estimate));
    assert!((legs / legt - 1.0).abs() < 1e-9, "{legs} {legt}");
    assert!((fading / legs - 1.0).abs() < 0.02, "{fading} {legs}");
}

#[test]
fn a_moment_of_the_film_does_not_depend_on_the_way_to_it() {
    let mut work = S4.widget().begin();
    let mut shown = |query: &str| {
        let setting = S4.at(query);
        while let Ok(Progress::Going(_)) = S4.widget().work(&setting, work.as_mut(), &Budget::unlimited()) {}
        S4.widget().scene(&setting, work.as_ref())
    };
    let first = shown("now=70");
    for query in ["now=256", "now=3", "now=0", "now=129", "d=20&now=70", "poke=1&now=70", "now=199"] {
        shown(query);
    }
    assert_eq!(shown("now=70"), first);
}

#[test]
fn convolution_and_recurrence_say_the_same_under_every_scheme() {
    for scheme in ["forward", "backward", "bilinear", "zoh"] {
        for query in ["eps=0.0001", "signal=chirp&eps=0.02&d=6", "length=33&signal=noise&eps=0.05&d=3"] {
            let scene = S4.shown(&format!("{query}&scheme={scheme}"));
            assert!(exponent(&scene, "gap-same") <= -9, "{scheme} {query}: {}", readout(&scene, "gap-same"));
        }
    }
    let impulse = S4.shown("preset=impulse");
    let (y, kernel) = (line(S4.figure(&impulse, "same"), Role::Estimate), line(S4.figure(&impulse, "schemes"), Role::Estimate));
    assert!(y.len() == 256 && y.iter().zip(&kernel).all(|(y, k)| (y.1 - k.1).abs() < 1e-14), "an impulse shows the kernel");
    let walked = dots(S4.figure(&impulse, "same"), Role::A);
    assert!(walked.iter().all(|point| point.0 <= 128.0) && walked.len() > 10, "as far as the playhead");
}

#[test]
fn a_poke_is_answered_by_the_kernel_and_never_before_it() {
    let scene = S4.shown("poke=2&at=100");
    let same = S4.figure(&scene, "same");
    let (after, before) = (line(same, Role::Estimate), line(same, Role::C));
    let kernel = line(S4.figure(&scene, "schemes"), Role::Estimate);
    for t in 0..256 {
        let change = after[t].1 - before[t].1;
        let echo = t.checked_sub(100).map_or(0.0, |k| 2.0 * kernel[k].1);
        assert!((change - echo).abs() < 1e-13, "t = {t}: {change} {echo}");
    }
    assert!(line(S4.figure(&S4.shown(""), "same"), Role::C).is_empty(), "nothing was changed");
}

/// The handles of a figure.
fn handles(figure: &Figure) -> Vec<(Point, Vec<Move>)> {
    let of = |mark: &Mark| match &mark.shape {
        Shape::Handle(at, moves, _) => Some((*at, moves.clone())),
        _ => None,
    };
    figure.marks.iter().filter_map(of).collect()
}

#[test]
fn a_signal_is_drawn_by_its_heights_and_one_number_is_poked() {
    let mut session = Session::open(S4.widget(), "");
    let before = play(S4.widget(), &session.setting);
    let knots = handles(S4.figure(&before, "film"));
    assert_eq!(knots.len(), 11);
    let (from, moves) = &knots[3];
    session.drag(moves, (from.0, 1.5));
    assert_eq!(session.number(control("heights"), Some(3)), Some(1.5));
    let after = play(S4.widget(), &session.setting);
    assert_ne!(readout(&before, "err-legs"), readout(&after, "err-legs"));
    let poke = handles(S4.figure(&after, "same"));
    let (from, moves) = &poke[0];
    session.drag(moves, (from.0, from.1 + 1.0));
    assert_eq!(session.number(control("at"), None), Some(96.0), "straight up is the same moment");
    assert!(session.number(control("poke"), None).is_some_and(|poke| (poke - 1.0).abs() < 0.03));
    assert!(handles(S4.figure(&S4.shown("signal=chirp"), "film")).is_empty(), "only what is drawn is dragged");
}

#[test]
fn a_pasted_signal_is_taken_whole_and_bad_numbers_are_named() {
    let mut session = Session::open(S4.widget(), "signal=own");
    assert!(session.paste(control("data"), "0 1 0.5 -0.25\n0.125"));
    let scene = play(S4.widget(), &session.setting);
    assert_eq!(S4.figure(&scene, "same").x.to, 5.0, "its length is that of the list");
    assert_eq!(session.number(control("now"), None), Some(5.0));
    assert!(!session.paste(control("data"), "1, 2, x"));
    let refused = session.refused.clone().expect("a sentence");
    assert!(refused.field == Some("data") && refused.words.en.contains('3'), "{refused:?}");
    let mut session = Session::open(S4.widget(), "signal=own&data=");
    assert_eq!(session.notices.iter().filter_map(|notice| notice.field).collect::<Vec<_>>(), ["data"], "no signal at all");
    session.paste(control("data"), "1 2 -inf 4");
    let told = session.mended.iter().find(|notice| notice.words.en.contains("Number 3")).expect("which one");
    assert!(told.words.zh.contains("第 3 个数"), "{told:?}");
    let long: Vec<String> = (0..20_000).map(|at| (at % 7).to_string()).collect();
    session.paste(control("data"), &long.join(" "));
    assert!(session.mended.iter().any(|notice| notice.field == Some("data")));
    assert_eq!(
        session.value(control("data")).and_then(yansuan::contract::value::Value::vector).map(|data| data.len()),
        Some(16_384)
    );
}

#[test]
fn the_sum_of_the_kernel_tends_to_the_first_number_of_c() {
    for scheme in ["bilinear", "zoh", "backward"] {
        for reader in ["recall", "random"] {
            let scene = S4.shown(&format!("eps=0.05&length=4000&scheme={scheme}&reader={reader}&d=8"));
            assert!((number(&scene, "sum") - number(&scene, "c0")).abs() < 2e-4, "{scheme} {reader}");
        }
    }
}

#[test]
fn costs_are_those_that_the_step_says() {
    let scene = S4.shown("step=6");
    let table = S4.figure(&scene, "price").data.clone().expect("a table");
    let flops = |row: usize| match table.rows[row][1] {
        Cell::Number(number) => number,
        _ => panic!("a number"),
    };
    assert_eq!(flops(1), 40_960.0, "the recurrence");
    assert!((flops(3) - 186_000.0).abs() < 1000.0, "Cauchy sums: {}", flops(3));
    assert!((0..5).all(|row| flops(row) >= flops(1)), "the recurrence is the cheapest here");
    assert_eq!(table.rows[0][0].show(Lang::En), "powers of Ā");
}

#[test]
fn the_matrices_have_the_shapes_that_are_said() {
    let field = |query: &str| {
        let scene = S4.shown(query);
        let grid = S4.figure(&scene, "matrix").marks.iter().find_map(|mark| match &mark.shape {
            Shape::Heat(grid) => Some(grid.clone()),
            _ => None,
        });
        grid.expect("a field").values.iter().map(|x| f64::from(*x)).collect::<Vec<_>>()
    };
    let (a, sum, skew) = (field("matrix=a&d=6"), field("matrix=sum&d=6"), field("matrix=skew&d=6"));
    for (n, k) in (0..36).map(|at| (at / 6, at % 6)) {
        let v = |n: usize| (2.0 * n as f64 + 1.0).sqrt();
        assert!(k <= n || a[n * 6 + k] == 0.0, "triangular");
        let identity = f64::from(u8::from(n == k));
        assert!((sum[n * 6 + k] + identity + v(n) * v(k)).abs() < 1e-5, "A + Aᵀ = −I − vvᵀ");
        assert_eq!(skew[n * 6 + k], -skew[k * 6 + n], "skew");
        assert!((a[n * 6 + k] + 0.5 * v(n) * v(k) + 0.5 * identity - skew[n * 6 + k]).abs() < 1e-5);
    }
    assert!((0..6).all(|n| (a[n * 6] + (2.0 * n as f64 + 1.0).sqrt()).abs() < 1e-6), "Ae₀ = −B");
    assert_eq!(field("matrix=discrete&preset=by-hand"), [0.0]);
}

#[test]
fn a_spring_is_a_state_space_of_two_numbers() {
    let place = |query: &str| line(S4.figure(&S4.shown(query), "spring"), Role::Estimate);
    let (still, loose) = (place(""), place("friction=0"));
    let late = |line: &[Point]| line.iter().skip(150).map(|point| point.1.abs()).fold(0.0, f64::max);
    assert!(late(&loose) > 1.5 * late(&still));
    assert!(still[0] == (0.0, 0.0) && still.len() == 201);
}

#[test]
fn steps_show_what_their_answers_say() {
    let reveal = |step: usize| play(S4.widget(), &S4.widget().step(step - 1, true));
    assert!((7.0..7.5).contains(&number(&reveal(5), "peak").log10()), "{}", readout(&reveal(5), "peak"));
    assert_eq!(readout(&reveal(8), "s"), "∞");
    assert!((number(&reveal(9), "digits") - 17.0).abs() < 0.06);
    assert!(exponent(&reveal(9), "eig-error") >= 0 && exponent(&S4.shown("step=9"), "eig-error") <= -5);
    assert!(S4.figure(&S4.shown("step=7"), "spectrum").spoken.en.starts_with("17 of 32"));
    let (before, after) = (S4.shown("step=2"), reveal(2));
    let moved = |role: Role| {
        let pair = (line(S4.figure(&before, "film"), role), line(S4.figure(&after, "film"), role));
        pair.0.iter().zip(&pair.1).map(|(a, b)| (a.1 - b.1).abs()).fold(0.0, f64::max)
    };
    assert!(moved(Role::A) > 5.0 * moved(Role::B) && moved(Role::Estimate) > 5.0 * moved(Role::B), "the window hardly changes");
    assert!(moved(Role::B) < 0.1);
}

#[test]
fn every_scene_is_done_and_its_axes_are_whole() {
    for (name, setting) in scenes(S4.widget()) {
        let scene = play(S4.widget(), &setting);
        for (view, panel) in scene.views.iter().zip(S4.widget().panels()) {
            let View::Figure(figure) = view else { continue };
            assert!(!figure.marks.is_empty() && !figure.spoken.en.contains("Not there"), "{name} {}", panel.id);
        }
        assert!(scene.readouts.len() >= 24, "{name}");
    }
    let last = S4.widget().faces().into_iter().find_map(|face| match face.kind {
        Kind::Playhead { last, .. } => Some(last),
        _ => None,
    });
    assert_eq!(last, Some(16_384));
}
