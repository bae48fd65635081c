//! The widget of Fourier densities: what its words say is what its figures show.

use yansuan::contract::figure::{Figure, Mark, Point, Role, Shape};
use yansuan::contract::problem::Problem;
use yansuan::contract::shelf::Scene;
use yansuan::contract::value::Value;
use yansuan::contract::widget::Budget;
use yansuan::player::session::{Desk, Session};

mod common;
use common::{Subject, number, play, readout, scenes};

const DENSITY: Subject = Subject("fourier-density");

fn refused(query: &str) -> Problem {
    let outcome = Desk::new(DENSITY.widget()).compute(&DENSITY.at(query), &Budget::unlimited());
    outcome.err().unwrap_or_else(|| panic!("{query} has an answer"))
}

/// The line of a role in a figure, the last one drawn.
fn line(figure: &Figure, role: Role) -> Vec<Point> {
    let of = |mark: &Mark| match &mark.shape {
        Shape::Line(points) if mark.role == role => Some(points.clone()),
        _ => None,
    };
    figure.marks.iter().rev().find_map(of).unwrap_or_default()
}

fn least(points: &[Point]) -> f64 {
    points.iter().map(|point| point.1).fold(f64::INFINITY, f64::min)
}

#[test]
fn a_series_cut_off_goes_negative_and_a_squared_length_never_does() {
    let scene = DENSITY.shown("step=1");
    assert!(least(&line(DENSITY.figure(&scene, "density"), Role::C)) < -0.01, "the first step shows a negative stretch");
    for (name, setting) in scenes(DENSITY.widget()) {
        let fit = line(DENSITY.figure(&play(DENSITY.widget(), &setting), "density"), Role::Estimate);
        assert!(least(&fit) >= 0.0, "{name}");
    }
}

#[test]
fn on_a_single_point_the_peak_is_the_ceiling() {
    let scene = DENSITY.shown("preset=point&iteration=200&x0=0.3");
    let fit = line(DENSITY.figure(&scene, "density"), Role::Estimate);
    let peak = fit.iter().map(|point| point.1).fold(0.0, f64::max);
    assert!((6.4..=6.5 + 1e-9).contains(&peak), "{peak}");
    assert!((number(&scene, "nll") + 6.5_f64.ln()).abs() < 1e-3, "the bound of the likelihood is reached");
}

#[test]
fn the_playhead_goes_downhill_and_the_certificate_closes() {
    let at = |iteration: u32| DENSITY.shown(&format!("from=trimodal&penalty=none&iteration={iteration}"));
    let (early, late) = (at(3), at(300));
    assert!(number(&late, "nll") < number(&early, "nll"));
    let text = readout(&late, "gap");
    let gap: f64 = yansuan::contract::number::read(&text).unwrap_or(0.0);
    assert!(gap < 1e-5, "{text}");
    // Backwards it is the same fit again.
    let mut desk = Desk::new(DENSITY.widget());
    let setting = |n: u32| DENSITY.at(&format!("from=trimodal&penalty=none&iteration={n}"));
    let unlimited = Budget::unlimited();
    let first = desk.compute(&setting(3), &unlimited).expect("an answer").0;
    desk.compute(&setting(200), &unlimited).expect("an answer");
    assert_eq!(desk.compute(&setting(3), &unlimited).expect("an answer").0, first);
}

#[test]
fn every_fourier_run_of_the_race_ends_at_one_height_above_its_certificate() {
    let scene = DENSITY.shown("step=7");
    let race = DENSITY.figure(&scene, "race");
    let ends: Vec<f64> = race
        .marks
        .iter()
        .filter(|mark| mark.role == Role::Estimate)
        .filter_map(|mark| if let Shape::Line(points) = &mark.shape { points.last().map(|point| point.1) } else { None })
        .collect();
    assert_eq!(ends.len(), 20);
    let spread = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max) - ends.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(spread < 1e-3, "{spread}");
    let band = race.marks.iter().find_map(|mark| if let Shape::Band(rows) = &mark.shape { Some(rows[0]) } else { None });
    let (_, _, floor) = band.expect("a band");
    assert!(ends.iter().all(|end| *end >= floor - 1e-12), "nothing of this degree is below the certificate");
}

#[test]
fn data_outside_are_counted_and_each_remedy_takes_them_in() {
    let query = "from=own&data=-0.5,0.2,1.7,-3,0.9";
    let scene = DENSITY.shown(query);
    let words = &scene.notes.iter().find(|note| note.field == Some("domain")).expect("a note").words.en;
    assert!(words.contains("Of 5 numbers 2 lie outside"), "{words}");
    for remedy in ["wrap", "rescale", "line"] {
        let scene = DENSITY.shown(&format!("{query}&domain={remedy}"));
        assert!(scene.notes.iter().all(|note| note.field != Some("domain")), "{remedy}");
    }
    assert_eq!(refused("from=own&data=4,5,6").field, Some("domain"));
    assert_eq!(refused("from=own&data=0.3,0.3&domain=rescale").field, Some("domain"));
    let alike = |spread: &str| DENSITY.shown(&format!("from=own&data=0.3,0.3&domain=line&degree=0&x0=0&spread={spread}"));
    assert!(alike("1").notes.iter().any(|note| note.field == Some("spread")), "data all alike ask for σ");
    // Degree 0 is the logistic density, 1/(2σ) at its highest.
    assert!((number(&alike("2"), "here") - 0.25).abs() < 1e-9, "the slider is σ then");
}

#[test]
fn no_data_show_the_model_and_say_so_and_bad_ones_are_named() {
    let scene = DENSITY.shown("from=own");
    assert_eq!(readout(&scene, "nll"), "no data");
    assert!(scene.notes.iter().any(|note| note.field == Some("data")));
    let fit = line(DENSITY.figure(&scene, "density"), Role::Estimate);
    assert!(fit.iter().all(|point| (point.1 - 0.5).abs() < 1e-12), "the uniform density stands there");
    let problem = refused("from=own&data=0.1,-inf,0.3");
    assert_eq!(problem.field, Some("data"));
    assert!(problem.words.en.contains("Number 2"), "{}", problem.words.en);
}

#[test]
fn a_drawn_density_is_dragged_by_its_heights_and_fitted_at_once() {
    let scene = DENSITY.shown("preset=draw");
    let handles = DENSITY.figure(&scene, "density").marks.iter().filter(|mark| matches!(mark.shape, Shape::Handle(..))).count();
    assert_eq!(handles, 11);
    let moved = DENSITY.shown("preset=draw&heights=2,0,0,0,0,0,0,0,0,0,0");
    let fit = line(DENSITY.figure(&moved, "density"), Role::Estimate);
    let mass = |low: f64, high: f64| fit.iter().filter(|point| (low..high).contains(&point.0)).map(|point| point.1).sum::<f64>();
    assert!(mass(-1.0, -0.7) > 3.0 * mass(-0.4, 1.0), "the mass lies where it was drawn");
    let session = Session::open(DENSITY.widget(), "from=drawn&heights=-1,0,0,0,0,0,0,0,0,0,0");
    assert_eq!(session.notices.iter().filter_map(|notice| notice.field).collect::<Vec<_>>(), ["heights", "heights"]);
}

#[test]
fn the_dart_lands_where_the_distribution_function_says() {
    for u in [0.1, 0.5, 0.83] {
        let scene = DENSITY.shown(&format!("u={u}"));
        let cdf = DENSITY.figure(&scene, "cdf");
        let landed = cdf.marks.iter().find_map(|mark| match &mark.shape {
            Shape::Dots(points, _) if mark.role == Role::D => points.first().map(|point| point.0),
            _ => None,
        });
        let landed = landed.expect("a sample");
        let phi = line(cdf, Role::Estimate);
        let after = phi.iter().position(|point| point.0 >= landed).expect("within the axis");
        let (a, b) = (phi[after - 1], phi[after]);
        assert!(a.1 <= u + 1e-3 && b.1 >= u - 1e-3, "u = {u} lands at {landed}, where Φ is {} to {}", a.1, b.1);
    }
}

#[test]
fn hands_make_the_density_that_they_show() {
    let scene = DENSITY.shown("by-hand=1&x0=0.25");
    let wave = line(DENSITY.figure(&scene, "wave"), Role::Estimate);
    assert!(wave.len() > 500);
    assert!(number(&scene, "here") > 0.0);
    let mut session = Session::open(DENSITY.widget(), "by-hand=1");
    let hand = DENSITY.widget().control("hand").expect("a control");
    session.put(hand, Value::Vector([0.0; 18].into()));
    assert_eq!(session.mended.iter().filter_map(|notice| notice.field).collect::<Vec<_>>(), ["hand"], "all zero is no density");
}

#[test]
fn a_sorted_file_and_a_drawing_race_whole() {
    // The first four hundred of these would all be negative, and a mixture of one Gaussian would sit over them.
    let sorted: Vec<String> = (0..1_000).map(|at| (-0.9 + 1.8 * f64::from(at) / 999.0).to_string()).collect();
    let setting = DENSITY.at(&format!("from=own&components=1&curves=mixture&data={}", sorted.join(",")));
    let of = |scene: &Scene| line(DENSITY.figure(scene, "density"), Role::A);
    let peak = |points: &[Point]| points.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)).expect("a line").0;
    assert!(peak(&of(&play(DENSITY.widget(), &setting))).abs() < 0.02);
    let drawn = DENSITY.shown("preset=draw&components=1&curves=mixture&heights=1,1,1,1,1,1,1,1,1,1,1");
    assert!(peak(&of(&drawn)).abs() < 0.02);
}
