//! The softmax widget at its edges: each bad or extreme input has its message, and the picture stays whole.

use yansuan::contract::address;
use yansuan::contract::panel::View;
use yansuan::contract::problem::Problem;
use yansuan::contract::setting::Setting;
use yansuan::contract::shelf::{DynWidget, Scene};
use yansuan::contract::value::Value;
use yansuan::contract::widget::{Budget, Progress};
use yansuan::widgets::softmax::Softmax;

static WIDGET: &dyn DynWidget = &Softmax;

fn play(setting: &Setting) -> Result<Scene, Problem> {
    let mut work = WIDGET.begin();
    while let Progress::Going(_) = WIDGET.work(setting, work.as_mut(), &Budget::unlimited())? {}
    Ok(WIDGET.scene(setting, work.as_ref()))
}

fn at(query: &str) -> Result<Scene, Problem> {
    play(&address::read(WIDGET, query).setting)
}

fn readout(scene: &Scene, key: &str) -> String {
    scene.readouts.iter().find(|readout| readout.key == key).map(|readout| readout.words().en).unwrap()
}

fn assert_whole(scene: &Scene) {
    for view in &scene.views {
        if let View::Figure(figure) = view {
            assert!(figure.numbers().iter().all(|number| number.is_finite()));
        }
    }
}

#[test]
fn no_scores_and_only_masked_scores_are_said_at_the_field() {
    let empty = at("x=").unwrap_err();
    assert_eq!(empty.field, Some("x"));
    assert!(empty.words.en.contains("at least one number"), "{}", empty.words.en);
    let masked = at("x=-inf,-inf").unwrap_err();
    assert_eq!(masked.field, Some("x"));
    assert!(masked.words.en.contains("masked"), "{}", masked.words.en);
}

#[test]
fn a_number_that_is_not_finite_is_refused_with_what_would_be_right() {
    for text in ["x=1,inf", "x=1,NaN", "x=1,two"] {
        let read = address::read(WIDGET, text);
        assert_eq!(read.setting, WIDGET.opening(), "{text}: the old scores stay");
        assert!(read.notices[0].words.en.contains("numbers with commas"), "{text}");
    }
}

#[test]
fn one_score_is_certain() {
    let scene = at("x=3").unwrap();
    assert_whole(&scene);
    assert_eq!(readout(&scene, "support"), "1 / 1");
    assert_eq!(readout(&scene, "mass"), "1.000");
}

#[test]
fn a_masked_score_gets_nothing_and_taylor_says_that_it_cannot_mask() {
    let scene = at("x=1,-inf,0&maps=softmax,taylor&focus=softmax").unwrap();
    assert_whole(&scene);
    assert_eq!(readout(&scene, "support"), "2 / 3");
    let note = scene.notes.iter().find(|note| note.words.en.contains("Taylor")).expect("a note");
    assert!(note.words.en.contains("Score 2"), "{}", note.words.en);
}

#[test]
fn broken_ties_are_noted_and_equal_scores_are_equal() {
    let scene = at("x=1,1,1&k=2&maps=sparse,softmax").unwrap();
    assert!(scene.notes.iter().any(|note| note.field == Some("k") && note.words.en.contains("lower index")));
    let even = at("x=1,1,1&k=3&maps=sparse,softmax").unwrap();
    assert!(even.notes.is_empty(), "{:?}", even.notes);
}

#[test]
fn huge_scores_are_told_from_the_largest() {
    let scene = at("x=1e300,9.99e299,-1e300&maps=softmax,sparsemax,entmax,sparse,perturb").unwrap();
    assert_whole(&scene);
    assert_eq!(readout(&scene, "support"), "1 / 3");
    assert_eq!(readout(&scene, "naive"), "overflows");
}

#[test]
fn alpha_below_one_needs_the_wide_range_and_says_so() {
    let narrow = address::read(WIDGET, "alpha=0.5");
    assert_eq!(narrow.setting.0[WIDGET.control("alpha").unwrap()], Value::Number(1.0));
    assert!(narrow.notices.iter().any(|notice| notice.field == Some("alpha") && notice.words.en.contains("Wider")));
    let wide = address::read(WIDGET, "alpha=0.5&wide=1");
    assert_eq!(wide.setting.0[WIDGET.control("alpha").unwrap()], Value::Number(0.5));
    assert!(wide.notices.is_empty());
    let scene = at("alpha=0.5&wide=1&focus=entmax").unwrap();
    assert_whole(&scene);
    assert_eq!(readout(&scene, "support"), "5 / 5", "below 1 there are no zeros");
}

#[test]
fn more_than_there_are_is_clamped_with_a_note() {
    for (query, field) in [("k=9", "k"), ("target=9", "target")] {
        let read = address::read(WIDGET, query);
        assert_eq!(read.setting.0[WIDGET.control(field).unwrap()], Value::Number(5.0), "{query}");
        assert!(read.notices.iter().any(|notice| notice.field == Some(field)), "{query}");
    }
}

#[test]
fn the_boundary_input_of_the_listing_has_an_answer() {
    let scene = at("x=2,0&focus=entmax").unwrap();
    assert_whole(&scene);
    assert_eq!(readout(&scene, "support"), "1 / 2");
    assert_eq!(readout(&scene, "gap"), "2.00");
}

#[test]
fn the_level_is_the_only_one_whose_mass_is_one() {
    assert_eq!(readout(&at("lift=0").unwrap(), "mass"), "1.000");
    assert_eq!(readout(&at("lift=-0.5").unwrap(), "mass"), "2.000");
    assert_eq!(readout(&at("lift=0.4").unwrap(), "mass"), "0.500");
}

#[test]
fn zero_and_infinite_temperatures_are_clamped_to_the_slider() {
    for query in ["tau=0", "tau=-1"] {
        let read = address::read(WIDGET, query);
        assert_eq!(read.setting.0[WIDGET.control("tau").unwrap()], Value::Number(0.01));
        assert_eq!(read.notices[0].field, Some("tau"));
    }
    let cold = at("x=1,1,0&tau=0.01&focus=softmax").unwrap();
    assert_eq!(readout(&cold, "entropy"), "0.693 nat", "ties share");
}

#[test]
fn a_million_scores_are_played_in_slices_and_leave_the_link() {
    let mut setting = WIDGET.opening();
    let scores: Vec<f64> = (0..1_000_000_u64).map(|i| (i * 7919 % 100_003) as f64 / 10_000.0).collect();
    setting.0[WIDGET.control("x").unwrap()] = Value::Vector(scores.into());
    let scene = play(&setting).unwrap();
    assert_whole(&scene);
    let written = address::write(WIDGET, &setting, None);
    assert_eq!((written.query.as_str(), written.left_out), ("", vec!["x"]));
}

/// A link of the hundred thousand words once left the words out, and a target among them then pointed nowhere.
#[test]
fn a_list_too_long_for_a_link_is_carried_by_its_preset() {
    let query = "preset=vocabulary&target=9&tau=0.5";
    let read = address::read(&Softmax, query);
    let written = address::write(&Softmax, &read.setting, None);
    assert_eq!((written.query.as_str(), written.left_out.len()), (query, 0));
    assert_eq!(address::read(&Softmax, &written.query).setting, read.setting);
}

#[test]
fn taylor_s_counter_example_makes_the_smallest_score_win() {
    let scene = at("maps=softmax,taylor").unwrap();
    let View::Table(table) = scene.views.last().unwrap() else { panic!("the last view is the table") };
    let taylor = &table.rows[3];
    let yansuan::contract::table::Cell::Verdict { holds: false, show: Some(patch), .. } = &taylor[1] else {
        panic!("not monotone")
    };
    let next = WIDGET.patched(&WIDGET.opening(), patch);
    let x = next.0[WIDGET.control("x").unwrap()].vector().unwrap();
    let p = yansuan_math::taylor_softmax::taylor_softmax(&x, 2).unwrap();
    let (largest, smallest) = (x.iter().copied().fold(f64::MIN, f64::max), x.iter().copied().fold(f64::MAX, f64::min));
    let of = |score: f64| p[x.iter().position(|x| *x == score).unwrap()];
    assert!(of(smallest) > of(largest), "{x:?} {p:?}");
}

/// After a list too long to race, the counts were empty but counted as run: the race stayed empty, and the next draw was an error.
#[test]
fn the_race_is_run_again_after_a_list_that_was_too_long() {
    let mut work = WIDGET.begin();
    let mut go = |setting: &Setting| {
        while let Progress::Going(_) = WIDGET.work(setting, work.as_mut(), &Budget::unlimited()).unwrap() {}
        WIDGET.scene(setting, work.as_ref())
    };
    let first = go(&WIDGET.opening());
    let long = address::read(WIDGET, "preset=vocabulary").setting;
    go(&long);
    assert_eq!(go(&WIDGET.opening()), first);
    go(&address::read(WIDGET, "draws=300").setting);
}

/// A handle that leaves its figure steals clicks from others, and one that vanishes in the reader's hand never ends its gesture.
#[test]
fn every_handle_lies_inside_its_figure_wherever_the_sliders_stand() {
    use yansuan::contract::figure::Shape;
    for focus in ["softmax", "sparsemax", "entmax"] {
        for rest in ["lift=-4", "lift=4", "lift=0.55", "tau=0.01", "tau=10", "alpha=4", "x=1000,999,0"] {
            let scene = at(&format!("focus={focus}&{rest}")).unwrap();
            let mut handles = 0;
            for view in &scene.views {
                let View::Figure(figure) = view else { continue };
                for mark in &figure.marks {
                    let Shape::Handle((x, y), ..) = &mark.shape else { continue };
                    handles += 1;
                    let inside = (figure.x.from..=figure.x.to).contains(x) && (figure.y.from..=figure.y.to).contains(y);
                    assert!(inside, "focus={focus}&{rest}: a handle at {x}, {y}");
                }
            }
            assert!(handles >= 4, "focus={focus}&{rest}: {handles} handles");
        }
    }
}

#[test]
fn the_table_of_properties_is_there_even_without_scores() {
    let setting = address::read(WIDGET, "x=").setting;
    let mut work = WIDGET.begin();
    assert!(WIDGET.work(&setting, work.as_mut(), &Budget::unlimited()).is_err());
    let views = WIDGET.scene(&setting, work.as_ref()).views;
    assert_eq!(views.len(), WIDGET.panels().len());
    assert!(matches!(views.last(), Some(View::Table(_))));
}
