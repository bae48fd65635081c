//! The widget of length extrapolation: what its words say is what its figures show.

use yansuan::contract::figure::{Figure, Mark, Point, Role, Shape};
use yansuan::contract::panel::View;
use yansuan::contract::table::Cell;
use yansuan::player::session::Session;

mod common;
use common::{Subject, notes, number, play, readout, scenes};

const LONG: Subject = Subject("extrapolation");

/// The longest line of a role in a figure.
fn line(figure: &Figure, role: Role) -> Vec<Point> {
    let of = |mark: &Mark| match &mark.shape {
        Shape::Line(points) if mark.role == role => Some(points.clone()),
        _ => None,
    };
    figure.marks.iter().filter_map(of).max_by_key(Vec::len).unwrap_or_default()
}

/// The JSON of the method of the closer look.
fn exported(query: &str) -> String {
    LONG.widget().exported(&LONG.at(query), 0).expect("it has such a form")
}

#[test]
fn exactly_the_slow_circles_leave_their_arcs() {
    let inside = LONG.shown("methods=none&focus=none&rho=4000");
    assert_eq!(readout(&inside, "outside"), "0 / 64");
    assert_eq!(readout(&inside, "critical"), "46");
    let beyond = LONG.shown("step=1&rho=9000");
    assert_eq!(readout(&beyond, "critical"), "46");
    let outside = readout(&beyond, "outside");
    assert!(outside != "0 / 64" && outside.ends_with("/ 64"), "{outside}");
    // Each hollow dot is one of the dials that are drawn, and none is where a full turn was made.
    let hollow = LONG.figure(&beyond, "clocks").marks.iter().filter(|mark| matches!(mark.shape, Shape::Dots(..))).count();
    assert!((1..=8).contains(&hollow), "{hollow} of the dials");
    for method in ["pi", "yarn", "rerope"] {
        assert_eq!(readout(&LONG.shown(&format!("methods={method}&focus={method}&rho=9000")), "outside"), "0 / 64", "{method}");
    }
}

#[test]
fn ntk_is_safe_for_about_half_of_what_it_is_asked_for() {
    // From the specification: .83 .69 .57 .47 .39 of L_test at s = 2, 4, 8, 16, 32.
    for (s, share) in [(2.0, 0.83), (4.0, 0.69), (8.0, 0.57), (16.0, 0.47), (32.0, 0.39)] {
        let scene = LONG.shown(&format!("focus=ntk&scale={s}"));
        assert!((number(&scene, "safe") / number(&scene, "test") - share).abs() < 0.006, "s = {s}");
    }
    for method in ["pi", "yarn", "llama3"] {
        let scene = LONG.shown(&format!("focus={method}"));
        assert!((number(&scene, "safe") - number(&scene, "test")).abs() <= 1.0, "{method}");
    }
}

#[test]
fn the_quadrant_orders_the_methods_as_their_published_accuracies_do() {
    let of = |method: &str| {
        let scene = LONG.shown(&format!("preset=gau&methods={method}&focus={method}&w=128"));
        (number(&scene, "near"), number(&scene, "far"))
    };
    let (none, pi, yarn, rerope) = (of("none"), of("pi"), of("yarn"), of("rerope"));
    assert_eq!((none.0, none.1), (1.0, 0.125));
    assert!((pi.0 - 0.60).abs() < 0.01 && pi.1 == 1.0, "{pi:?}");
    assert!((yarn.0 - 0.71).abs() < 0.01 && yarn.1 > 0.99, "{yarn:?}");
    assert_eq!(rerope, (1.0, 1.0));
    let scene = LONG.shown("preset=gau&methods=none,pi,ntk-mixed,rerope");
    let ends = LONG.figure(&scene, "quadrant").marks.iter().find_map(|mark| match &mark.shape {
        Shape::Ends(labels) => Some(labels.iter().map(|label| label.1.words().en).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(ends.expect("the accuracies of the posts"), ["23.2 %", "13.5 %", "40.1 %", "47.8 %"]);
    let elsewhere = LONG.shown("methods=none,pi");
    assert!(
        !LONG.figure(&elsewhere, "quadrant").marks.iter().any(|mark| matches!(mark.shape, Shape::Ends(_))),
        "only in their setting"
    );
}

#[test]
fn a_window_that_was_not_trained_is_pointed_out() {
    let scene = LONG.shown("preset=w512");
    assert_eq!(notes(&scene), ["w"]);
    assert_eq!(number(&scene, "far"), 0.125);
    assert!(notes(&LONG.shown("preset=gau")).is_empty());
    assert_eq!(notes(&LONG.shown("methods=self-extend&near=5000")), ["near"]);
}

#[test]
fn the_two_ramps_of_yarn_are_as_far_apart_as_the_step_says() {
    let scene = LONG.shown("step=7");
    let ratio = LONG.figure(&scene, "ratio");
    assert_eq!(readout(&scene, "ramp"), "20 … 46");
    let (paper, code) = (line(ratio, Role::A), line(ratio, Role::E));
    assert_eq!((paper.len(), code.len()), (64, 64));
    let most = paper.iter().zip(&code).map(|(paper, code)| code.1 / paper.1).fold(0.0, f64::max);
    assert!((most - 2.30).abs() < 0.01, "{most}");
    let other = LONG.shown("step=7&form=code");
    for (role, before) in [(Role::A, &code), (Role::E, &paper)] {
        let now = line(LONG.figure(&other, "ratio"), role);
        assert!(
            now.iter().zip(before).all(|(now, before)| (now.1 / before.1 - 1.0).abs() < 1e-12),
            "the other one is drawn beside"
        );
    }
}

#[test]
fn distances_are_kept_near_and_compressed_far() {
    let scene = LONG.shown("methods=rerope,leaky,self-extend,window&focus=leaky&rho=9000&w=1024&k=16");
    let curve = LONG.figure(&scene, "curve");
    let of = |role: Role| line(curve, role);
    // In their order: window, ReRoPE, leaky, Self-Extend.
    let (window, rerope, leaky) = (of(Role::Estimate), of(Role::A), of(Role::B));
    assert!(window.iter().all(|point| point.0 < 1024.0 && point.1 == point.0));
    assert!(rerope.iter().all(|point| point.1 == point.0.min(1024.0)));
    assert!(leaky.iter().all(|point| point.0 < 1024.0 || (point.1 - 1024.0 - (point.0 - 1024.0) / 16.0).abs() < 1e-9));
    assert_eq!(readout(&scene, "seen"), "1522.5");
}

#[test]
fn few_tiles_are_computed_twice() {
    let scene = LONG.shown("step=5");
    assert_eq!(readout(&scene, "mixed"), "24 / 528");
    let twice = LONG.figure(&scene, "tiles").marks.iter().find_map(|mark| match &mark.shape {
        Shape::Bars(bars) => Some(bars.iter().map(|bar| (bar.x.1 - bar.x.0) / 128.0).sum::<f64>()),
        _ => None,
    });
    assert_eq!(twice, Some(24.0), "as many as are counted");
}

#[test]
fn entropy_grows_with_the_keys_and_the_logarithm_brings_it_back() {
    let few = LONG.shown("step=8&n=512");
    let many = LONG.shown("step=8");
    let tamed = LONG.shown("step=8&logits=logn");
    let grown = number(&many, "entropy") - number(&few, "entropy");
    assert!((grown - 8_f64.ln()).abs() < 0.6, "{grown}");
    assert!((number(&tamed, "lambda") - 4096_f64.ln() / 512_f64.ln()).abs() < 1e-3);
    // By (λ² − 1)σ²/2 = 1.6 in the mean; single rows stray by a half.
    assert!(number(&tamed, "tamed") < number(&many, "entropy") - 0.4, "{} {}", number(&tamed, "tamed"), number(&many, "entropy"));
    let weights = line(LONG.figure(&tamed, "row"), Role::Estimate);
    assert!(weights.windows(2).all(|pair| pair[0].1 >= pair[1].1), "from the largest down");
    let sunk = LONG.shown("step=8&sink=15");
    assert!(number(&sunk, "inflation") > 10.0, "a sink that is taken away lets all others grow");
}

#[test]
fn only_a_fixed_scale_is_taxed_inside_and_stale_keys_ruin_the_rest() {
    let scene = LONG.shown("step=9");
    let tax = LONG.figure(&scene, "tax");
    let by_position = line(tax, Role::Truth);
    let inside = by_position.iter().filter(|point| point.0 < 4096.0);
    assert!(inside.clone().count() > 5 && inside.clone().all(|point| (point.1 - 1.0).abs() < 1e-9), "no tax by position");
    assert!(number(&scene, "taxed") < 0.9);
    let last = |role: Role| line(tax, role).last().map_or(1.0, |point| point.1);
    assert!(last(Role::B) < last(Role::Truth) - 0.1, "stale keys are worse: {} {}", last(Role::B), last(Role::Truth));
    assert!(!LONG.shown("step=9&stale=0").readouts.iter().any(|readout| readout.key == "stale" && readout.words().en != "–"));
}

#[test]
fn yarn_scores_a_half_and_interpolation_one_everywhere() {
    let scene = LONG.shown("step=10");
    let joint = LONG.figure(&scene, "joint");
    let (pi, yarn, rerope) = (line(joint, Role::Estimate), line(joint, Role::A), line(joint, Role::B));
    assert!(pi.iter().all(|point| point.1 > 0.97), "{pi:?}");
    assert!(yarn.last().is_some_and(|point| (0.3..0.7).contains(&point.1)), "{yarn:?}");
    assert!(rerope.iter().all(|point| (point.1 - 1.0).abs() < 1e-12));
}

#[test]
fn the_smallest_base_is_that_of_the_post() {
    for (train, printed) in [(1024, 4.3e3), (2048, 1.2e4), (4096, 2.7e4)] {
        let found = number(&LONG.shown(&format!("train={train}")), "smallest");
        assert!((found / printed - 1.0).abs() < 0.05, "{train}: {found}");
        assert_eq!(readout(&LONG.shown(&format!("train={train}&base={}", 2.0 * printed)), "negative"), "nowhere");
    }
    assert_eq!(notes(&LONG.shown("train=8192")), ["base"]);
}

#[test]
fn a_configuration_is_read_and_reproduces_its_frequencies() {
    let mut session = Session::open(LONG.widget(), "methods=none,pi,yarn,rerope");
    let llama = "{\"max_position_embeddings\": 131072, \"head_dim\": 128, \"rope_theta\": 500000.0, \"rope_scaling\": {\"factor\": 8.0, \
                 \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 8192, \"rope_type\": \"llama3\"}}";
    assert!(session.exchange(0, llama));
    let query = session.written().query;
    for part in ["focus=llama3", "base=500000", "train=8192", "scale=8", "methods=none,pi,yarn,llama3"] {
        assert!(query.contains(part), "{query}");
    }
    // Their own numbers do not agree: 8 times 8192 is not 131072.
    assert_eq!(session.notices.len(), 1, "{:?}", session.notices);
    assert!(session.notices[0].words.en.contains("max_position_embeddings"));
    session.undo();
    assert_eq!(session.written().query, "", "as one gesture");
    let yarn = "{\"rope_type\": \"yarn\", \"factor\": 4.0, \"original_max_position_embeddings\": 32768, \"colour\": 1}";
    assert!(session.exchange(0, yarn));
    assert!(session.written().query.contains("form=code") && session.written().query.contains("logits=yarn"));
    assert!(session.notices[0].words.en.contains("“colour”"), "{:?}", session.notices);
}

#[test]
fn what_is_no_configuration_is_said_and_changes_nothing() {
    let mut session = Session::open(LONG.widget(), "");
    for (text, said) in [
        ("{\"rope_type\": \"yarn\"}", "factor"),
        ("{\"rope_type\": \"magic\"}", "magic"),
        ("{\"rope_type\": \"linear\", \"factor\": \"four\"}", "factor"),
        ("{\"rope_type\": ", "line 1"),
        ("", "line 1"),
    ] {
        assert!(!session.exchange(0, text));
        let refused = session.refused.clone().expect("a sentence");
        assert_eq!(refused.field, Some("rope-scaling"));
        assert!(refused.words.en.contains(said), "{text}: {}", refused.words.en);
        assert_eq!(session.written().query, "");
    }
}

#[test]
fn what_is_copied_out_names_the_kind_that_others_know() {
    for (query, kind) in [
        ("focus=none", "default"),
        ("focus=pi", "linear"),
        ("focus=dynamic", "dynamic"),
        ("focus=llama3", "llama3"),
        ("focus=yarn&form=code&logits=yarn", "yarn"),
        ("focus=ntk-mixed", "longrope"),
    ] {
        let text = exported(query);
        assert!(text.contains(&format!("\"rope_type\": \"{kind}\"")), "{query}: {text}");
    }
    let why = LONG.widget().exported(&LONG.at("focus=rerope"), 0).expect_err("it changes distances");
    assert!(why.en.contains("distances"));
}

#[test]
fn more_than_four_methods_and_an_odd_head_are_mended_with_a_word() {
    let session = Session::open(LONG.widget(), "methods=none,window,pi,yarn,rerope&d=97");
    let fields: Vec<_> = session.notices.iter().filter_map(|notice| notice.field).collect();
    assert_eq!(fields, ["d", "methods"]);
    assert!(session.written().query.contains("d=96"));
    assert!(session.written().query.contains("methods=none,window,pi,yarn"));
}

#[test]
fn a_list_of_factors_divides_frequencies_and_the_pairs_tell_so() {
    let scene = LONG.shown("methods=longrope&focus=longrope&d=8&factors=1,2,4,8&base=100");
    let Some(View::Table(pairs)) = scene.views.last() else { panic!("the last view is the table of pairs") };
    let ratios: Vec<f64> =
        pairs.rows.iter().filter_map(|row| if let Cell::Number(ratio) = row[3] { Some(ratio) } else { None }).collect();
    assert_eq!(ratios.len(), 4);
    for (ratio, expected) in ratios.iter().zip([1.0, 0.5, 0.25, 0.125]) {
        assert!((ratio - expected).abs() < 1e-15);
    }
}

#[test]
fn own_keys_are_weighed_by_each_method() {
    let scene = LONG.shown("own=1&methods=none,pi&rho=9000");
    let row = LONG.figure(&scene, "row");
    let bars: Vec<_> = row.marks.iter().filter(|mark| matches!(mark.shape, Shape::Bars(_))).collect();
    assert_eq!(bars.len(), 2);
    for mark in bars {
        let Shape::Bars(bars) = &mark.shape else { continue };
        assert!((bars.iter().map(|bar| bar.y.1).sum::<f64>() - 1.0).abs() < 1e-12, "weights add to one");
    }
    // Query and keys are alike, so the nearest key weighs most where nothing turns it away.
    assert!(row.spoken.en.contains("Key 8 weighs most, 0 tokens back"), "{}", row.spoken.en);
}

#[test]
fn in_every_scene_the_dots_of_the_quadrant_are_what_its_table_says() {
    for (name, setting) in scenes(LONG.widget()) {
        let scene = play(LONG.widget(), &setting);
        let quadrant = LONG.figure(&scene, "quadrant");
        let table = quadrant.data.as_ref().expect("a table");
        let full = quadrant.marks.iter().filter_map(|mark| match &mark.shape {
            Shape::Dots(points, yansuan::contract::figure::Dot::Full) => points.first().copied(),
            _ => None,
        });
        for (point, row) in full.zip(&table.rows) {
            assert_eq!([Cell::Number(point.0), Cell::Number(point.1)], row[1..3], "{name}");
        }
    }
}
