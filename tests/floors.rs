//! Names point down: each floor names only floors below it, and each folder of a widget is on the shelf.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first. `plot` and `widgets` stand side by side and do not know each other.
const FLOORS: [(&str, u32); 6] = [("contract", 2), ("plot", 3), ("widgets", 3), ("browser", 4), ("player", 5), ("app", 6)];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push(path);
        }
    }
    all
}

/// Rooms that a file names as `crate::room` (also in a group), comments left out.
fn named(text: &str) -> Vec<&'static str> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    FLOORS.iter().map(|(room, _)| *room).filter(|room| code.contains(&format!("crate::{room}"))).collect()
}

#[test]
fn every_name_points_down() {
    for (room, floor) in FLOORS {
        for file in files(&source().join(room)) {
            for other in named(&fs::read_to_string(&file).unwrap()) {
                let below = FLOORS.iter().find(|(name, _)| *name == other).unwrap().1;
                assert!(other == room || below < floor, "{} names {other}", file.display());
            }
        }
    }
}

#[test]
fn nothing_is_imported_through_the_front_door() {
    for file in files(&source()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("use crate::{") && !text.contains("use crate::*"), "{} imports through lib.rs", file.display());
    }
}

#[test]
fn only_the_browser_floor_names_web_sys_and_only_player_and_app_name_leptos() {
    for file in files(&source()) {
        let text = fs::read_to_string(&file).unwrap();
        let inside = |room: &str| file.starts_with(source().join(room));
        assert!(inside("browser") || !text.contains("web_sys"), "{} names web_sys", file.display());
        assert!(inside("player") || inside("app") || !text.contains("leptos::"), "{} names leptos", file.display());
    }
}

#[test]
fn no_widget_names_another_and_each_is_on_the_shelf() {
    let shelf = fs::read_to_string(source().join("widgets/mod.rs")).unwrap();
    let folders: Vec<String> = fs::read_dir(source().join("widgets"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(folders.len(), yansuan::widgets::SHELF.len());
    for widget in yansuan::widgets::SHELF {
        let program = source().join("bin").join(format!("{}.rs", widget.about().slug));
        assert!(program.is_file(), "{} is missing: the pages of a widget have a program of their own", program.display());
    }
    for folder in &folders {
        assert!(
            shelf.contains(&format!("pub mod {folder};")) && shelf.contains(&format!("{folder}::")),
            "{folder} is not on the shelf"
        );
        for file in files(&source().join("widgets").join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            for other in folders.iter().filter(|other| *other != folder) {
                assert!(!text.contains(&format!("widgets::{other}")), "{} names {other}", file.display());
            }
        }
    }
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    for file in files(&source()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{} has no first line", file.display());
    }
}
