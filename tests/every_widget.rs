//! The contract, looped over the shelf: whatever stands there draws, round-trips its address, shrugs off nonsense, and has its words.

use yansuan::contract::address;
use yansuan::contract::control::{Kind, Scale};
use yansuan::contract::figure::{Figure, Shape};
use yansuan::contract::number;
use yansuan::contract::panel::View;
use yansuan::contract::parameter;
use yansuan::contract::readout::Place;
use yansuan::contract::script::Word;
use yansuan::contract::shelf::Scene;
use yansuan::contract::table::Cell;
use yansuan::contract::text::{Lang, Text};
use yansuan::contract::value::Value;
use yansuan::contract::widget::{Budget, Progress};
use yansuan::player::words as player_words;
use yansuan::plot::svg;
use yansuan::plot::theme::Theme;
use yansuan::widgets::SHELF;

mod common;
use common::{play, scenes};

/// Values of a control that stand at its bounds and between.
fn values(kind: &Kind) -> Vec<Value> {
    match *kind {
        Kind::Slider { min, max, scale, .. } => {
            let middle = if scale == Scale::Log { (min * max).sqrt() } else { f64::midpoint(min, max) };
            [min, middle, max].map(Value::Number).to_vec()
        }
        Kind::Toggle => vec![Value::Flag(false), Value::Flag(true)],
        Kind::Choice(items) => (0..items.len()).map(Value::Choice).collect(),
        // Of many items: none, all, each alone, neighbours together.
        Kind::Several(items) if items.len() > 6 => {
            let alone = (0..items.len()).map(|at| 1_u32 << at);
            [0, (1 << items.len()) - 1]
                .into_iter()
                .chain(alone)
                .chain((1..items.len()).map(|at| 3 << (at - 1)))
                .map(Value::Several)
                .collect()
        }
        Kind::Several(items) => (0..1_u32 << items.len()).map(Value::Several).collect(),
        Kind::Vector { .. } => [&[0.0][..], &[1.0, 1.0, 1.0], &[1e300, -1e300, 0.0], &[f64::NEG_INFINITY, 2.0, 1.0, 0.5]]
            .map(|numbers| Value::Vector(numbers.into()))
            .to_vec(),
        Kind::Script { vocabulary, .. } => {
            let each = (0..vocabulary.len()).map(|vocable| Word::new(vocable, vocabulary)).collect::<Vec<_>>();
            let [none, single] = [Vec::new(), each[..1].to_vec()];
            [none, single, each].map(|words| Value::Script(words.into())).to_vec()
        }
        Kind::Seed => vec![Value::Integer(0), Value::Integer(u64::MAX)],
        Kind::Playhead { last, .. } => vec![Value::Integer(0), Value::Integer(1), Value::Integer(last.min(2000))],
    }
}

fn assert_finite(scene: &Scene, name: &str) {
    for view in &scene.views {
        if let View::Figure(figure) = view {
            assert!(figure.numbers().iter().all(|number| number.is_finite()), "{name}: a figure has a number that is not finite");
            assert!(figure.x.from < figure.x.to && figure.y.from < figure.y.to, "{name}: an axis is empty or upside down");
        }
    }
    for readout in &scene.readouts {
        assert!(readout.number().is_none_or(f64::is_finite), "{name}: readout {} is {:?}", readout.key, readout.reading);
        let words = readout.words();
        for lang in Lang::ALL {
            assert!(
                !words.get(lang).contains("NaN") && !words.get(lang).contains("inf"),
                "{name}: readout {} says {words:?}",
                readout.key
            );
            assert!(scene.spoken.get(lang).contains(words.get(lang)), "{name}: the description lacks readout {}", readout.key);
        }
    }
}

#[test]
fn every_named_scene_draws_in_both_languages_and_three_themes() {
    for widget in SHELF {
        for (name, setting) in scenes(*widget) {
            let name = format!("{} {name}", widget.about().slug);
            let scene = play(*widget, &setting);
            assert_eq!(scene.views.len(), widget.panels().len(), "{name}");
            assert_finite(&scene, &name);
            for (view, panel) in scene.views.iter().zip(widget.panels()) {
                let View::Figure(figure) = view else { continue };
                assert!(!figure.marks.is_empty(), "{name} {}", panel.id);
                assert!(!figure.spoken.zh.is_empty() && !figure.spoken.en.is_empty(), "{name} {}: says nothing", panel.id);
                for (theme, lang) in Theme::ALL.into_iter().zip([Lang::Zh, Lang::En, Lang::Zh]) {
                    let drawn = svg::file(panel, figure, theme, lang, 720.0);
                    assert!(
                        drawn.starts_with("<svg") && drawn.trim_end().ends_with("</svg>") && !drawn.contains("NaN"),
                        "{name} {}",
                        panel.id
                    );
                }
            }
        }
    }
}

#[test]
fn every_value_of_every_control_draws_and_round_trips_its_address() {
    for widget in SHELF {
        let opening = widget.opening();
        for (at, face) in widget.faces().iter().enumerate() {
            for value in values(&face.kind) {
                let name = format!("{} {} = {}", widget.about().slug, face.key, face.write(&value));
                let mut setting = opening.clone();
                setting.0[at] = value;
                let (setting, _) = widget.settle(&setting);
                let written = address::write(*widget, &setting, None);
                assert!(written.left_out.is_empty(), "{name}");
                let read = address::read(*widget, &written.query);
                assert_eq!(read.setting, setting, "{name}: {}", written.query);
                assert!(read.notices.is_empty(), "{name}: {:?}", read.notices);
                assert_finite(&play(*widget, &setting), &name);
            }
        }
    }
}

#[test]
fn equal_states_have_equal_links_and_the_opening_scene_has_none() {
    for widget in SHELF {
        assert_eq!(address::write(*widget, &widget.opening(), None).query, "");
        for (name, setting) in scenes(*widget) {
            let written = address::write(*widget, &setting, None);
            let keys: Vec<&str> = written.query.split('&').filter_map(|part| part.split('=').next()).collect();
            assert!(keys.is_sorted(), "{name}: {keys:?}");
            if written.left_out.is_empty() {
                assert_eq!(address::read(*widget, &written.query).setting, setting, "{name}");
            }
        }
        for step in 0..widget.steps().len() {
            let written = address::write(*widget, &widget.step(step, false), Some(step));
            assert_eq!(written.query, format!("step={}", step + 1), "a step alone is its number");
            assert_eq!(address::read(*widget, &written.query).step, Some(step));
        }
    }
}

#[test]
fn nonsense_in_an_address_is_said_and_never_taken() {
    for widget in SHELF {
        for face in widget.faces() {
            for nonsense in ["NaN", "abc", "%FF", "1e999x", "<img onerror=alert(1)>", "99999999999999999999999"] {
                let read = address::read(*widget, &format!("{}={nonsense}", face.key));
                if read.setting == widget.opening() {
                    let told = read.notices.iter().any(|notice| notice.field == Some(face.key));
                    assert!(told, "{} = {nonsense} is passed over in silence", face.key);
                }
                assert_finite(&play(*widget, &read.setting), face.key);
            }
        }
        let unknown = address::read(*widget, "?no-such-thing=1&secret=abc");
        assert_eq!(unknown.setting, widget.opening());
        assert!(unknown.notices.is_empty(), "unknown names are passed over");
        for bad in ["step=0", "step=999", "step=x", "preset=nothing"] {
            let read = address::read(*widget, bad);
            assert_eq!((read.setting, read.notices.len()), (widget.opening(), 1), "{bad}");
        }
    }
}

#[test]
fn values_out_of_range_are_clamped_with_a_note_that_names_the_control() {
    for widget in SHELF {
        for (at, face) in widget.faces().iter().enumerate() {
            let Kind::Slider { min, max, .. } = face.kind else { continue };
            for (text, within) in [("1e9", max), ("-1e9", min)] {
                let read = address::read(*widget, &format!("{}={text}", face.key));
                let number = read.setting.0[at].number().unwrap();
                assert!((min..=max).contains(&number), "{} = {number}", face.key);
                assert!(
                    read.notices.iter().any(|notice| notice.field == Some(face.key)),
                    "{} = {text} moved towards {within} in silence",
                    face.key
                );
            }
        }
    }
}

#[test]
fn keys_are_stable_words_and_none_is_reserved() {
    let is_word = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    for widget in SHELF {
        let mut keys: Vec<&str> = widget.faces().iter().map(|face| face.key).collect();
        keys.extend(widget.exchanges().iter().map(|face| face.key));
        assert!(keys.iter().all(|key| is_word(key) && !parameter::is_taken(key)), "{keys:?}");
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{keys:?}");
        assert!(widget.presets().iter().all(|preset| is_word(preset.key)));
        assert!(widget.panels().iter().all(|panel| is_word(panel.id)));
        assert!(is_word(widget.about().slug));
    }
}

#[test]
fn terms_values_handles_and_steps_name_what_exists() {
    for widget in SHELF {
        let panels: Vec<&str> = widget.panels().iter().map(|panel| panel.id).collect();
        let scene = play(*widget, &widget.opening());
        let readouts: Vec<&str> = scene.readouts.iter().map(|readout| readout.key).collect();
        for formula in widget.formulas() {
            for value in formula.names("value") {
                assert!(readouts.contains(&value), "formula {} shows {value}, which no readout gives", formula.id);
            }
        }
        for readout in &scene.readouts {
            if let Place::Panel(panel) = readout.place {
                assert!(panels.contains(&panel), "readout {} stands at {panel}", readout.key);
            }
        }
        for face in widget.faces() {
            if let Place::Panel(panel) = face.place {
                assert!(panels.contains(&panel), "control {} stands at {panel}", face.key);
            }
        }
        assert!(widget.steps().iter().all(|step| panels.contains(&step.panel)));
        assert!((5..=10).contains(&widget.steps().len()));
        let terms: Vec<&str> = widget.formulas().iter().flat_map(|formula| formula.names("term")).collect();
        let mut bound = 0;
        for view in &scene.views {
            let View::Figure(Figure { marks, .. }) = view else { continue };
            for mark in marks {
                if let Some(term) = mark.term {
                    assert!(terms.contains(&term), "a mark is bound to {term}, which is in no formula");
                    bound += 1;
                }
                if let Shape::Handle(_, moves, name) = &mark.shape {
                    assert!(!moves.is_empty() && !name.zh.is_empty() && !name.en.is_empty());
                    assert!(moves.iter().all(|m| widget.control(m.key).is_some() && m.gain != 0.0));
                }
            }
        }
        assert!(bound > 0, "{}: no mark lights up with a term", widget.about().slug);
    }
}

#[test]
fn every_failed_property_has_a_scene_that_shows_it() {
    for widget in SHELF {
        for (name, setting) in scenes(*widget) {
            for view in play(*widget, &setting).views {
                let View::Table(table) = view else { continue };
                for cell in table.rows.iter().flatten() {
                    if let Cell::Verdict { holds: false, why, show } = cell {
                        assert!(!why.zh.is_empty() && !why.en.is_empty(), "{name}");
                        let patch = show.as_ref().expect("a failure can be shown");
                        let next = widget.patched(&setting, patch);
                        assert_finite(&play(*widget, &next), &name);
                    }
                }
            }
        }
    }
}

/// Chinese words set with half-width punctuation look typed, not written.
fn assert_written(text: Text, place: &str) {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    assert!(text.en.is_empty() == text.zh.is_empty(), "{place}: one language is missing: {text:?}");
    assert!(!text.en.chars().any(is_han) || place.contains("LANGUAGE"), "{place}: Chinese in the English words: {}", text.en);
    assert!(
        !text.en.contains('!') && !text.zh.contains('!') && !text.zh.contains('！') || place.contains("post"),
        "{place}: an exclamation mark"
    );
    let letters: Vec<char> = text.zh.chars().collect();
    for pair in letters.windows(2) {
        let half = |c: char| ",;:?()".contains(c);
        assert!(
            !(is_han(pair[0]) && half(pair[1]) || half(pair[0]) && is_han(pair[1])),
            "{place}: half-width {pair:?} in {}",
            text.zh
        );
    }
}

#[test]
fn every_word_is_there_in_both_languages_and_written_with_care() {
    for (name, text) in player_words::ALL {
        assert_written(*text, name);
    }
    for widget in SHELF {
        let about = widget.about();
        for (text, place) in [(about.title, "title"), (about.question, "question"), (about.summary, "summary")] {
            assert_written(text, place);
            assert!(!text.zh.is_empty(), "{place}");
        }
        for face in widget.faces() {
            assert_written(face.label, face.key);
            assert_written(face.help, face.key);
            assert!(!face.help.en.is_empty() && !face.label.en.is_empty(), "{}", face.key);
            if let Kind::Choice(items) | Kind::Several(items) = face.kind {
                items.iter().for_each(|item| assert_written(item.name, item.key));
            }
        }
        for panel in widget.panels() {
            [panel.title, panel.hint, panel.x, panel.y, panel.source.words]
                .into_iter()
                .for_each(|text| assert_written(text, panel.id));
            assert!(!panel.title.en.is_empty() && !panel.source.words.en.is_empty(), "{}", panel.id);
        }
        for formula in widget.formulas() {
            assert_written(formula.spoken, formula.id);
            assert!(!formula.spoken.en.is_empty() && !formula.caption.en.is_empty(), "{}", formula.id);
        }
        for step in widget.steps() {
            [step.title, step.body].into_iter().for_each(|text| assert_written(text, step.title.en));
            if let Some(ask) = step.ask {
                [ask.question, ask.after].into_iter().for_each(|text| assert_written(text, step.title.en));
                assert!(ask.right < ask.answers.len());
            }
        }
        for preset in widget.presets() {
            [preset.name, preset.note].into_iter().for_each(|text| assert_written(text, preset.key));
        }
        widget.sources().iter().for_each(|source| assert_written(source.words, "sources"));
    }
}

#[cfg(not(target_arch = "wasm32"))] // programs do not carry them
#[test]
fn a_teacher_has_a_note_for_each_step() {
    for widget in SHELF {
        assert_eq!(widget.talk().len(), widget.steps().len(), "{}", widget.about().slug);
        widget.talk().iter().for_each(|note| {
            assert_written(*note, "talk");
            assert!(!note.zh.is_empty(), "talk");
        });
    }
}

#[test]
fn what_an_exchange_writes_it_reads_as_the_same_scene() {
    for widget in SHELF {
        for (at, face) in widget.exchanges().iter().enumerate() {
            assert_written(face.name, face.key);
            assert_written(face.help, face.key);
            for (name, setting) in scenes(*widget) {
                let Ok(text) = widget.exported(&setting, at) else { continue };
                let (again, odd) = widget.imported(&setting, at, &text).unwrap_or_else(|why| panic!("{name}: {why:?}\n{text}"));
                assert_eq!(widget.exported(&again, at).as_deref(), Ok(text.as_str()), "{name}");
                assert!(odd.is_empty(), "{name}: {odd:?}");
            }
            let wrong = widget.imported(&widget.opening(), at, "{\"x\": }").expect_err("this is no such text");
            assert_eq!(wrong.field, Some(face.key));
            assert!(!wrong.words.zh.is_empty() && !wrong.words.en.is_empty());
        }
    }
}

#[test]
fn the_description_changes_whenever_a_readout_changes() {
    for widget in SHELF {
        let before = play(*widget, &widget.opening());
        for (name, setting) in scenes(*widget) {
            let after = play(*widget, &setting);
            if before.readouts != after.readouts {
                assert_ne!(before.spoken, after.spoken, "{name}");
            }
        }
    }
}

#[test]
fn a_short_budget_reaches_the_same_scene_in_more_slices() {
    for widget in SHELF {
        let (name, setting) = scenes(*widget).into_iter().next_back().unwrap();
        let whole = play(*widget, &setting);
        let mut work = widget.begin();
        let spent = Budget::new(&|| false);
        let mut slices = 0;
        while let Ok(Progress::Going(part)) = widget.work(&setting, work.as_mut(), &spent) {
            assert!((0.0..=1.0).contains(&part), "{name}: {part}");
            slices += 1;
            assert!(slices < 100_000, "{name}: never done");
        }
        assert_eq!(widget.scene(&setting, work.as_ref()), whole, "{name}");
    }
}

#[test]
fn exact_numbers_are_what_links_carry() {
    for widget in SHELF {
        let opening = widget.opening();
        for (at, face) in widget.faces().iter().enumerate() {
            let Kind::Vector { is_sized, .. } = face.kind else { continue };
            let exact = [1.0 / 3.0, 1e-17, 123_456.789_012];
            let mut setting = opening.clone();
            setting.0[at] = Value::Vector(exact.into());
            let query = address::write(*widget, &setting, None).query;
            let read = address::read(*widget, &query).setting.0[at].vector().unwrap_or_default();
            assert_eq!(read[..3], exact, "{query}");
            // Where the length follows from other controls, the rest is what the widget drew.
            assert_eq!(read.len() > 3, is_sized, "{query}");
            assert!(query.contains(&number::exact(1.0 / 3.0)));
        }
    }
}
