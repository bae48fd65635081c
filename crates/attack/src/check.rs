//! What must hold of every scene, whatever was done to get there.

use yansuan::contract::figure::{Caption, Figure, Shape};
use yansuan::contract::panel::View;
use yansuan::contract::shelf::{DynWidget, Scene};
use yansuan::contract::table::Cell;
use yansuan::contract::text::{Lang, Words};

/// The outcome of a check: a sentence that says what does not hold.
pub type Check = Result<(), String>;

/// Fails with a sentence unless something holds.
///
/// # Errors
///
/// What does not hold.
pub fn hold(holds: bool, sentence: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(sentence()) }
}

/// Everything of a scene: figures, tables, readouts, notes, description.
///
/// # Errors
///
/// What does not hold.
pub fn scene(widget: &dyn DynWidget, scene: &Scene) -> Check {
    let panels = widget.panels();
    hold(scene.views.len() == panels.len(), || format!("{} views for {} panels", scene.views.len(), panels.len()))?;
    for (view, panel) in scene.views.iter().zip(panels) {
        match view {
            View::Figure(drawn) => figure(drawn, panel.id)?,
            View::Table(table) => {
                for row in &table.rows {
                    hold(row.len() == table.head.len(), || format!("{}: a row of {} cells", panel.id, row.len()))?;
                    row.iter().try_for_each(|shown| cell(shown, panel.id))?;
                }
            }
        }
    }
    for readout in &scene.readouts {
        let shown = readout.words();
        hold(readout.number().is_none_or(f64::is_finite), || format!("readout {} is {:?}", readout.key, readout.reading))?;
        words(&shown, readout.key)?;
        for lang in Lang::ALL {
            hold(!shown.get(lang).contains("inf"), || format!("readout {} says {}", readout.key, shown.get(lang)))?;
            hold(scene.spoken.get(lang).contains(shown.get(lang)), || {
                format!("the description lacks readout {}: {}", readout.key, shown.get(lang))
            })?;
        }
    }
    scene.notes.iter().try_for_each(|note| words(&note.words, "a note"))?;
    words(&scene.spoken, "the description")
}

fn figure(figure: &Figure, panel: &str) -> Check {
    let wrong = figure.numbers().into_iter().find(|number| !number.is_finite());
    hold(wrong.is_none(), || format!("{panel}: the figure has the number {wrong:?}"))?;
    for (axis, name) in [(&figure.x, "horizontal"), (&figure.y, "vertical")] {
        hold(axis.from < axis.to, || format!("{panel}: the {name} axis goes from {} to {}", axis.from, axis.to))?;
    }
    for mark in &figure.marks {
        if let Some(grid) = mark.shape.grid() {
            hold(grid.values.len() == grid.columns * grid.rows, || format!("{panel}: a field of {} values", grid.values.len()))?;
        }
        if let Shape::Label(_, Caption::Symbol(symbol), _) = &mark.shape {
            words(&Words::same(symbol.clone()), panel)?;
        }
    }
    words(&figure.spoken, panel)
}

fn cell(cell: &Cell, panel: &str) -> Check {
    match cell {
        Cell::Number(number) => hold(number.is_finite(), || format!("{panel}: a cell holds {number}")),
        Cell::Words(shown) => words(shown, panel),
        Cell::Verdict { holds, why, show } => {
            words(why, panel)?;
            hold(*holds || show.is_some() || !why.en.is_empty(), || format!("{panel}: a property fails without a word"))
        }
    }
}

/// No words that only a program would say.
///
/// # Errors
///
/// What does not hold.
pub fn words(words: &Words, place: &str) -> Check {
    for text in [&words.zh, &words.en] {
        let strange = ["NaN", "None", "Some(", "  "].into_iter().find(|strange| text.contains(strange));
        // What a reader wrote is quoted as it was written.
        let is_quoted = text.contains('“');
        hold(strange.is_none() || is_quoted, || format!("{place} says {text:?}"))?;
    }
    Ok(())
}
