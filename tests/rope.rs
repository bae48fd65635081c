//! The RoPE widget: what its words say is what its figures show.

use std::sync::Arc;

use yansuan::contract::figure::{Figure, Shape};
use yansuan::contract::panel::View;
use yansuan::contract::script;
use yansuan::contract::table::Cell;
use yansuan::contract::value::Value;
use yansuan::player::session::{Respell, Session};

mod common;
use common::{Subject, play, readout, scenes};

const ROPE: Subject = Subject("rope");

/// The dots that choose the query, in the order of the tokens.
fn tokens(figure: &Figure) -> Vec<(f64, f64)> {
    let mut all: Vec<(f64, (f64, f64))> = Vec::new();
    for mark in &figure.marks {
        if let (Shape::Dots(points, _), Some(picks)) = (&mark.shape, &mark.picks) {
            all.extend(picks.values.iter().copied().zip(points.iter().copied()));
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.into_iter().map(|(_, point)| point).collect()
}

#[test]
fn the_figure_of_the_post_stands_where_it_says() {
    let scene = ROPE.shown("preset=figure");
    assert_eq!(readout(&scene, "query-at"), "(10.5, 10.5, 10)");
    let places = tokens(ROPE.figure(&scene, "map"));
    assert_eq!(places.len(), 19);
    assert_eq!(
        (places[4], places[15], places[16]),
        ((9.0, 9.5), (12.0, 11.5), (17.0, 17.0)),
        "first patch, last patch, next text"
    );
    assert_eq!((readout(&scene, "hole"), readout(&scene, "patches")), ("12".to_owned(), "12".to_owned()));
}

#[test]
fn every_named_scene_needs_no_mending() {
    for (name, setting) in scenes(ROPE.widget()) {
        let (settled, moved) = ROPE.widget().settle(&setting);
        assert!(moved.is_empty() && settled == setting, "{name}: {moved:?}");
    }
}

#[test]
fn the_dial_begins_at_tv_and_ends_at_tie() {
    for (u, other) in [("0", "tv"), ("1", "tie-v1-eq")] {
        let scene = ROPE.shown(&format!("a=dial&u={u}&b={other}"));
        assert_eq!(tokens(ROPE.figure(&scene, "map")), tokens(ROPE.figure(&scene, "map-b")), "u = {u}");
    }
}

#[test]
fn cropping_changes_the_spacing_of_tie_from_nine_to_five_and_leaves_that_of_tv() {
    let scene = play(ROPE.widget(), &ROPE.widget().step(5, false));
    let heights: Vec<f64> = ROPE
        .figure(&scene, "crop")
        .marks
        .iter()
        .filter_map(|mark| if let Shape::Bars(bars) = &mark.shape { Some(bars) } else { None })
        .flatten()
        .map(|bar| bar.y.1)
        .collect();
    assert_eq!(heights, [9.0, 5.0, 1.0, 1.0]);
}

#[test]
fn flattening_tears_the_patch_below_away_and_tv_does_not() {
    let scene = play(ROPE.widget(), &ROPE.widget().step(1, false));
    let fields: Vec<_> = ROPE
        .figure(&scene, "field")
        .marks
        .iter()
        .filter_map(|mark| if let Shape::Heat(grid) = &mark.shape { Some(grid) } else { None })
        .collect();
    let near = |grid: usize, row: usize, column: usize, wanted: f32| {
        let value = fields[grid].values[row * fields[grid].columns + column];
        assert!((value - wanted).abs() < 5e-4, "{grid} {row} {column}: {value}, not {wanted}");
    };
    // The query is in row 7 and column 7, from 0; the figures are those of the specification.
    near(0, 7, 8, 0.970);
    near(0, 8, 7, 0.620);
    near(1, 7, 8, 0.987);
    near(1, 8, 7, 0.983);
}

#[test]
fn adding_a_frame_moves_tv_and_leaves_mrope() {
    let scene = play(ROPE.widget(), &ROPE.widget().step(7, false));
    let arrows: Vec<f64> = ROPE
        .figure(&scene, "frame")
        .marks
        .iter()
        .filter_map(|mark| if let Shape::Arrow(from, to) = mark.shape { Some(to.0 - from.0) } else { None })
        .collect();
    // (wh − 1)/2 in time, wh/2 in rows and columns, for frames of 4 × 4; nothing for M-RoPE.
    assert_eq!(arrows, [7.5, 8.0, 8.0]);
}

#[test]
fn the_lamps_are_those_that_the_last_step_counts() {
    let scene = play(ROPE.widget(), &ROPE.widget().step(8, false));
    let View::Table(table) = &scene.views[ROPE.widget().panels().iter().position(|panel| panel.id == "lamps").expect("lamps")]
    else {
        panic!("lamps are a table");
    };
    let lit = |name: &str| -> Vec<bool> {
        let row = table.rows.iter().find(|row| matches!(&row[0], Cell::Words(words) if words.en.starts_with(name))).expect(name);
        row.iter().filter_map(|cell| if let Cell::Verdict { holds, .. } = cell { Some(*holds) } else { None }).collect()
    };
    assert_eq!(lit("M-RoPE"), [true, false, false, true]);
    assert_eq!(lit("RoPE-Tie"), [true, true, false, false]);
    assert_eq!(lit("RoPE-TV"), [true, true, true, false]);
    assert_eq!(lit("VideoRoPE"), [true, false, false, true]);
}

#[test]
fn text_alone_is_the_same_under_every_scheme_but_typeset() {
    for scheme in ["flat", "naive2d", "tie-v1", "tie-v1-eq", "tv", "tv-frames", "mrope", "videorope", "dial"] {
        let scene = ROPE.shown(&format!("seq=text9&query=5&key=3&a={scheme}"));
        let diagonal: Vec<(f64, f64)> = (1..=9).map(|n| (f64::from(n), f64::from(n))).collect();
        assert_eq!(tokens(ROPE.figure(&scene, "map")), diagonal, "{scheme}");
    }
}

#[test]
fn both_pairings_are_one_matrix_up_to_a_permutation() {
    let values = |pairing: &str| -> Vec<f32> {
        let scene = ROPE.shown(&format!("pairing={pairing}"));
        let figure = ROPE.figure(&scene, "matrix");
        let grid =
            figure.marks.iter().find_map(|mark| if let Shape::Heat(grid) = &mark.shape { Some(grid.clone()) } else { None });
        grid.expect("a matrix").values
    };
    let (neighbours, halves) = (values("interleaved"), values("half"));
    assert_ne!(neighbours, halves);
    let place = |half: usize| if half < 8 { 2 * half } else { 2 * (half - 8) + 1 };
    for row in 0..16 {
        for column in 0..16 {
            assert_eq!(halves[16 * row + column], neighbours[16 * place(row) + place(column)], "{row} {column}");
        }
    }
}

#[test]
fn a_script_that_is_wrong_is_said_and_the_old_one_stays() {
    let mut session = Session::open(ROPE.widget(), "");
    let before = session.setting.clone();
    for (text, word) in [
        ("text4 sound3", "sound"),
        ("image3", "image3"),
        ("text4 image0x4", "rows"),
        ("video0x1x1", "frames"),
        ("image256x256 image256x256", "65"),
        (&"text1 ".repeat(40), "words"),
    ] {
        session.spell(0, text);
        let refused = session.refused.clone().unwrap_or_else(|| panic!("{text} is taken"));
        assert_eq!(refused.field, Some("seq"));
        assert!(refused.words.en.contains(word), "{text}: {}", refused.words.en);
        assert_eq!(session.setting, before, "{text}");
    }
    session.spell(0, "TEXT2，image2×5");
    assert!(session.refused.is_none());
    assert_eq!(session.written().query, "seq=text2,image2x5", "the link is readable");
}

#[test]
fn chips_add_move_resize_and_take_away_and_undo_takes_each_back() {
    let mut session = Session::open(ROPE.widget(), "seq=text4,image3x4");
    let spelt = |session: &Session| match &session.setting.0[0] {
        Value::Script(words) => {
            let vocabulary = ROPE.widget().faces()[0].kind;
            let yansuan::contract::control::Kind::Script { vocabulary, .. } = vocabulary else { panic!("a script") };
            script::write(words, vocabulary, " ")
        }
        other => panic!("{other:?}"),
    };
    let mut history = vec![spelt(&session)];
    for (change, wanted) in [
        (Respell::Add(2), "text4 image3x4 video3x3x4"),
        (Respell::Swap(1), "text4 video3x3x4 image3x4"),
        (Respell::Size { at: 1, slot: 0, size: 7 }, "text4 video7x3x4 image3x4"),
        (Respell::Remove(0), "video7x3x4 image3x4"),
    ] {
        session.respell(0, change);
        assert_eq!(spelt(&session), wanted);
        history.push(wanted.to_owned());
    }
    while let Some(_now) = history.pop() {
        if let Some(before) = history.last() {
            session.undo();
            assert_eq!(&spelt(&session), before);
        }
    }
}

#[test]
fn a_click_on_a_dot_makes_it_the_query() {
    let mut session = Session::open(ROPE.widget(), "");
    session.pick("query", 17.0);
    assert_eq!(session.written().query, "query=17");
    session.undo();
    assert_eq!(session.written().query, "");
}

#[test]
fn a_head_that_cannot_be_shared_out_is_said_at_its_field() {
    for (query, wanted) in [("d=9", "odd"), ("d=10&plan=half", "divisible")] {
        let setting = ROPE.at(query);
        let mut work = ROPE.widget().begin();
        let problem = ROPE
            .widget()
            .work(&setting, work.as_mut(), &yansuan::contract::widget::Budget::unlimited())
            .expect_err("there is no such head");
        assert_eq!(problem.field, Some("d"), "{query}");
        assert!(problem.words.en.contains(wanted), "{query}: {}", problem.words.en);
    }
}

#[test]
fn of_sixty_five_thousand_tokens_a_few_are_drawn() {
    let scene = ROPE.shown("seq=text4,image255x256,text60&query=40000");
    for (view, panel) in scene.views.iter().zip(ROPE.widget().panels()) {
        let View::Figure(figure) = view else { continue };
        let most = if panel.id == "field" { 300_000 } else { 10_000 };
        assert!(figure.numbers().len() < most, "{}: {} numbers", panel.id, figure.numbers().len());
    }
    let whole: Arc<[script::Word]> = match &ROPE.at("seq=text4,image255x256,text60").0[0] {
        Value::Script(words) => words.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(whole.iter().map(script::Word::pieces).sum::<u64>(), 65_344);
}
