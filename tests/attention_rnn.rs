//! The widget of attention as an RNN: what its words say is what its figures and tables show.

use yansuan::contract::figure::Shape;
use yansuan::contract::setting::Setting;
use yansuan::contract::shelf::Scene;
use yansuan::contract::table::Cell;
use yansuan::contract::text::Lang;
use yansuan::contract::value::Value;
use yansuan::player::session::Session;
use yansuan::plot::table;

mod common;
use common::{Subject, readout, scenes};

const RNN: Subject = Subject("attention-rnn");

fn notes(scene: &Scene) -> Vec<(&str, String)> {
    scene.notes.iter().map(|note| (note.field.unwrap_or_default(), note.words.en.clone())).collect()
}

fn value(setting: &Setting, key: &str) -> Value {
    setting.0[RNN.widget().control(key).expect("there is such a control")].clone()
}

#[test]
fn the_last_read_of_every_row_gives_masked_softmax() {
    for row in 1..=6_u64 {
        let scene = RNN.shown(&format!("s={}", row * (row + 1) / 2));
        assert_eq!(readout(&scene, "output"), readout(&scene, "truth"), "row {row}");
    }
    let early = RNN.shown("s=17");
    assert_ne!(readout(&early, "output"), readout(&early, "truth"), "in the middle of a row it is not there yet");
}

#[test]
fn however_it_is_read_the_difference_is_rounding_and_uncut_arrows_are_another_function() {
    for query in ["", "order=oldest", "order=random", "tokens=32&d=8&root=1", "gain=40"] {
        let worst: f64 = readout(&RNN.shown(query), "worst").replace('−', "-").replace("×10⁻¹⁶", "e-16").parse().unwrap_or(0.0);
        assert!(worst < 1e-12, "{query}: {worst}");
    }
    let uncut = readout(&RNN.shown("carry=0.5"), "worst");
    assert!(uncut.parse::<f64>().is_ok_and(|worst| worst > 1e-3), "{uncut}");
}

#[test]
fn a_click_on_a_cell_goes_to_its_step_in_every_order() {
    for query in ["tokens=5", "tokens=5&order=oldest", "tokens=5&order=random"] {
        let scene = RNN.shown(query);
        let picks = RNN.figure(&scene, "triangle").marks.iter().find_map(|mark| {
            let Shape::Cells(cells) = &mark.shape else { return None };
            Some((cells.clone(), mark.picks.clone()?))
        });
        let (cells, picks) = picks.expect("cells to click");
        let mut steps = picks.values.clone();
        steps.sort_by(f64::total_cmp);
        assert_eq!(steps, (1..=15).map(f64::from).collect::<Vec<_>>(), "{query}: every step once");
        for ((bar, _), step) in cells.iter().zip(&picks.values) {
            let there = RNN.shown(&format!("{query}&s={step}"));
            let row = bar.y.0 as u64 + 1;
            let key = bar.x.0 as u64 + 1;
            assert!(there.spoken.en.contains(&format!("step {step} of 15")), "{}", there.spoken.en);
            let dot = readout(&there, "read");
            let name = |index: u64| yansuan::contract::number::subscript(index as usize);
            assert!(dot.starts_with(&format!("q{} · k{} =", name(row), name(key))), "{query} {step}: {dot}");
        }
    }
}

#[test]
fn the_table_of_the_tape_has_every_step_with_its_state() {
    let scene = RNN.shown("tokens=4&d=3");
    let table = table::of(&RNN.widget().panels()[RNN.panel("tape")], RNN.view(&scene, "tape"));
    assert_eq!(table.rows.len(), 10);
    let csv = table.csv(Lang::En);
    assert!(csv.starts_with("s,i,t,j,score,m,z,y₁,y₂,y₃,o₁,o₂,o₃\r\n"), "{csv}");
    let number = |row: usize, column: usize| match table.rows[row][column] {
        Cell::Number(number) => number,
        _ => panic!("no number"),
    };
    for row in 0..10 {
        assert!((number(row, 7) / number(row, 6) - number(row, 10)).abs() < 1e-12, "o is y over z");
        assert!((1.0..=4.0).contains(&number(row, 6)), "z of the safe form lies between 1 and i");
    }
}

#[test]
fn the_bare_formula_overflows_where_it_should_and_the_safe_form_nowhere() {
    let broken = |query: &str| notes(&RNN.shown(query)).iter().any(|(field, _)| *field == "form");
    assert!(broken("preset=overflow"));
    assert!(!broken("preset=overflow&form=safe"));
    assert!(!broken("preset=overflow&format=f64"));
    for (format, gain) in [("f16", 20), ("f32", 140), ("f64", 1000)] {
        assert!(broken(&format!("s=15&form=raw&format={format}&gain={gain}")), "{format}");
        assert!(!broken(&format!("s=15&form=safe&format={format}&gain={gain}")), "{format}");
    }
    assert_eq!(readout(&RNN.shown("preset=overflow"), "output"), "–", "what overflow has destroyed is no number");
}

#[test]
fn a_tile_and_another_make_the_row() {
    for cut in 0..=6 {
        let scene = RNN.shown(&format!("s=21&cut={cut}"));
        for row in &RNN.table(&scene, "tiles").rows {
            assert_eq!(row[3], row[4], "cut after {cut}");
        }
    }
}

#[test]
fn the_price_of_keeping_nothing_is_told_exactly() {
    let scene = RNN.shown("preset=llama2-70b");
    assert!(readout(&scene, "price").ends_with("×10¹²³"), "{}", readout(&scene, "price"));
    let exact = RNN.table(&scene, "exact");
    let recursion = &exact.rows[2];
    let Cell::Words(digits) = &recursion[2] else { panic!("words") };
    // C(1081, 81) − 1001, from an independent computation of the binomial.
    let digits: String = digits.en.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits.len(), 124);
    let toy = RNN.shown("");
    let Cell::Words(two_layers) = &RNN.table(&toy, "exact").rows[2][2] else { panic!("words") };
    assert_eq!(two_layers.en.chars().filter(char::is_ascii_digit).collect::<String>(), "167667500");
    let Cell::Words(cached) = &RNN.table(&toy, "exact").rows[0][2] else { panic!("words") };
    assert_eq!(cached.en.chars().filter(char::is_ascii_digit).collect::<String>(), "1001000");
}

#[test]
fn counters_are_binomials_and_slots_never_grow() {
    let scene = RNN.shown("call=77");
    assert_eq!(readout(&scene, "calls"), "77");
    assert_eq!(readout(&scene, "peak"), "2");
    let counted = RNN.figure(&scene, "counters").marks.iter().find_map(|mark| match &mark.shape {
        Shape::Bars(bars) => Some(bars.iter().map(|bar| bar.y.1).collect::<Vec<_>>()),
        _ => None,
    });
    let rings = RNN.figure(&scene, "counters").marks.iter().find_map(|mark| match &mark.shape {
        Shape::Dots(points, _) => Some(points.iter().map(|point| point.1).collect::<Vec<_>>()),
        _ => None,
    });
    let counted = counted.expect("bars");
    assert_eq!(counted[..5], rings.expect("rings")[..5]);
    assert_eq!(counted[..5], [2.0, 5.0, 9.0, 14.0, 20.0]);
}

#[test]
fn too_many_scores_are_refused_before_they_begin_with_their_exact_count() {
    let scene = RNN.shown("layers=8&tokens=32");
    let notes = notes(&scene);
    let (_, words) = notes.iter().find(|(field, _)| *field == "layers").expect("a note");
    // C(41, 9) − 33
    assert!(words.chars().filter(char::is_ascii_digit).collect::<String>().contains("350343532"), "{words}");
    assert_eq!(readout(&scene, "calls"), "0");
    let shown = RNN.widget().shown(&RNN.at("layers=8&tokens=32"));
    assert!(!shown[RNN.widget().control("call").expect("a playhead")], "what cannot be played has no playhead");
}

#[test]
fn a_new_seed_draws_new_vectors_and_the_link_keeps_what_was_set_by_hand() {
    let mut session = Session::open(RNN.widget(), "");
    let before = value(&session.setting, "queries");
    let at = |key: &str| RNN.widget().control(key).expect("there is such a control");
    session.put(at("seed"), Value::Integer(7));
    assert_ne!(value(&session.setting, "queries"), before);
    session.write(at("queries"), Some(2), "1.25");
    let link = session.written().query;
    let again = Session::open(RNN.widget(), &link);
    assert_eq!(again.setting, session.setting, "{link}");
    // More tokens: what stands stays, and the new ones are drawn.
    session.put(at("tokens"), Value::Number(9.0));
    let queries = value(&session.setting, "queries").vector().unwrap_or_default();
    assert_eq!(queries.len(), 18);
    assert_eq!(queries[2], 1.25);
}

#[test]
fn the_needle_is_kept_by_added_weight_and_lost_by_age() {
    let scene = RNN.shown("preset=needle");
    let rows = &RNN.table(&scene, "states").rows;
    let error = |name: &str| {
        let row = rows.iter().find(|row| row[0].show(Lang::En) == name).unwrap_or_else(|| panic!("{name}"));
        match row[4] {
            Cell::Number(error) => error,
            _ => panic!("no number"),
        }
    };
    assert!(error("window") > 0.3, "the window has lost it: {}", error("window"));
    assert!(error("H2O (simplified)") < 0.5 * error("window"), "what was weighty stays: {}", error("H2O (simplified)"));
    let whole = RNN.shown("preset=needle&cap=12");
    let Cell::Number(none) = RNN.table(&whole, "states").rows[1][4] else { panic!("no number") };
    assert_eq!(none, 0.0, "a window as long as the text is full attention");
}

#[test]
fn a_token_alone_is_its_value_whatever_the_score() {
    for query in ["tokens=1&s=1", "tokens=1&s=1&gain=1000", "tokens=1&d=1&s=1&queries=0,0"] {
        let scene = RNN.shown(query);
        assert_eq!(readout(&scene, "output"), readout(&scene, "truth"), "{query}");
    }
    assert!(!scenes(RNN.widget()).is_empty());
}

#[test]
fn vectors_that_are_no_numbers_or_too_large_are_told_at_their_field() {
    let session = Session::open(RNN.widget(), "queries=-inf,0.5");
    assert_eq!(session.notices.iter().filter_map(|notice| notice.field).collect::<Vec<_>>(), ["queries"]);
    let mut desk = yansuan::player::session::Desk::new(RNN.widget());
    let setting = RNN.at(
        "queries=1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300&keys=1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300",
    );
    let problem = desk.compute(&setting, &yansuan::contract::widget::Budget::unlimited()).expect_err("the score overflows");
    assert_eq!(problem.field, Some("gain"));
    assert!(problem.words.en.contains("q1·k1"), "{}", problem.words.en);
}
