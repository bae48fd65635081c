//! The style sheet's tokens are those of `plot::theme`: figures and page never drift apart.

use std::fs;
use std::path::Path;

use yansuan::plot::theme::{Theme, css};

fn block(theme: &Theme) -> String {
    let (type_size, side) = if theme.key == "projector" { ("20px", "1.5rem") } else { ("16px", "clamp(0.75rem, 2.5vw, 2rem)") };
    let scheme = if theme.key == "dark" { "dark" } else { "light" };
    let mut out = format!("  color-scheme: {scheme};\n  --type: {type_size};\n  --side: {side};\n");
    let colours = [
        ("paper", theme.paper),
        ("ink", theme.ink),
        ("muted", theme.muted),
        ("hairline", theme.hairline),
        ("edge", theme.edge),
        ("ground", theme.ground),
        ("wash", theme.wash),
        ("accent", theme.accent),
        ("a", theme.a),
        ("b", theme.b),
        ("c", theme.c),
        ("d", theme.d),
        ("e", theme.e),
    ];
    for (name, colour) in colours {
        out.push_str(&format!("  --{name}: {};\n", css(colour)));
    }
    out
}

fn tokens() -> String {
    let [light, dark, projector] = Theme::ALL.map(block);
    // On paper every theme is the light one, on white.
    let paper = block(&Theme { paper: (255, 255, 255), ink: (0, 0, 0), ..Theme::LIGHT });
    let paper: String = paper.lines().filter(|line| !line.contains("--side")).flat_map(|line| ["  ", line, "\n"]).collect();
    let indented: String = dark.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    format!(
        "/* Made from plot::theme by `UPDATE_FIGURES=1 cargo test --test style`; do not edit. */\n\n:root {{\n{light}}}\n\n@media (prefers-color-scheme: dark) {{\n  :root:not([data-theme]) {{\n{indented}  }}\n}}\n\n\
         :root[data-theme=\"dark\"] {{\n{dark}}}\n\n:root[data-theme=\"projector\"] {{\n{projector}}}\n\n\
         @media print {{\n  :root, :root:not([data-theme]), :root[data-theme] {{\n{paper}  }}\n}}\n"
    )
}

#[test]
fn tokens_are_those_of_the_theme() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("style/tokens.css");
    if std::env::var_os("UPDATE_FIGURES").is_some() {
        fs::write(&file, tokens()).unwrap();
    }
    assert_eq!(fs::read_to_string(file).unwrap(), tokens(), "run UPDATE_FIGURES=1 cargo test --test style");
}
