//! Golden figures: every view of every widget in its opening scene, as SVG. `UPDATE_FIGURES=1` blesses; a person looks at the difference.

use std::fs;
use std::path::{Path, PathBuf};

use yansuan::contract::panel::View;
use yansuan::contract::text::Lang;
use yansuan::contract::widget::{Budget, Progress};
use yansuan::plot::svg;
use yansuan::plot::theme::Theme;
use yansuan::widgets::SHELF;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures")
}

/// Two drawings agree if they have the same words and elements, and no coordinate differs by more than a quarter of a CSS
/// pixel: libm's last digit differs between machines, and may push a rounded coordinate over.
fn agree(old: &str, new: &str) -> bool {
    let numbers = |text: &str| -> (String, Vec<f64>) {
        let mut bare = String::new();
        let mut found = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
            bare.push_str(&rest[..at]);
            let tail = &rest[at..];
            let end = tail.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(tail.len());
            found.push(tail[..end].trim_end_matches('.').parse().unwrap_or(0.0));
            bare.push('#');
            rest = &tail[end..];
        }
        bare.push_str(rest);
        (bare, found)
    };
    let (a, b) = (numbers(old), numbers(new));
    a.0 == b.0 && a.1.len() == b.1.len() && a.1.iter().zip(&b.1).all(|(x, y)| (x - y).abs() <= 1.0)
}

#[test]
fn every_view_looks_as_it_was_blessed() {
    let update = std::env::var_os("UPDATE_FIGURES").is_some();
    let mut wrong = Vec::new();
    let mut expected = Vec::new();
    for widget in SHELF {
        let setting = widget.opening();
        let mut work = widget.begin();
        while let Ok(Progress::Going(_)) = widget.work(&setting, work.as_mut(), &Budget::unlimited()) {}
        let scene = widget.scene(&setting, work.as_ref());
        for (view, panel) in scene.views.iter().zip(widget.panels()) {
            let View::Figure(figure) = view else { continue };
            let name = format!("{}-{}.svg", widget.about().slug, panel.id);
            let drawn = svg::file(panel, figure, &Theme::LIGHT, Lang::En, 480.0);
            let file = folder().join(&name);
            expected.push(name.clone());
            if update {
                fs::create_dir_all(folder()).unwrap();
                fs::write(&file, &drawn).unwrap();
            } else if !fs::read_to_string(&file).is_ok_and(|old| agree(&old, &drawn)) {
                wrong.push(name);
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "these differ from what was blessed: {wrong:?}; look at them, then UPDATE_FIGURES=1 cargo test --test figures"
    );
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(expected.contains(&name), "{name} belongs to no view");
    }
}

#[test]
fn a_moved_line_or_another_word_does_not_pass() {
    assert!(agree("<path d=\"10,20 30,40\"/>", "<path d=\"10,20 31,40\"/>"));
    assert!(!agree("<path d=\"10,20 30,40\"/>", "<path d=\"10,20 32,40\"/>"));
    assert!(!agree("<text>a</text>", "<text>b</text>"));
}
