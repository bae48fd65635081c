//! The legend of a figure: what its marks are called, each with a sample. Page, file and paper show the same entries.

use crate::contract::figure::{Dot, Mark, Role, Shape};
use crate::contract::text::{Lang, Words};

use super::frame::length;
use super::svg::escape;
use super::theme::{Theme, css};

/// What the sample of an entry looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A piece of a line.
    Stroke,
    /// A filled square.
    Filled,
    /// A pale one.
    Pale,
    /// One in the faint tone that carries other marks.
    Ground,
    /// A dot.
    Dot,
    /// A ring.
    Ring,
}

impl Form {
    /// Its classes in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Stroke => "stroke",
            Self::Filled => "filled",
            Self::Pale => "filled pale",
            Self::Ground => "filled ground",
            Self::Dot => "dot",
            Self::Ring => "ring",
        }
    }
}

/// One name in a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The role whose colour and dashes the sample has.
    pub role: Role,
    /// What the sample looks like.
    pub form: Form,
    /// The name.
    pub name: Words,
}

/// The legend of some marks: each name once, fields of values left out, which have a scale of their own.
pub fn legend(marks: &[Mark]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for mark in marks {
        let Some(name) = &mark.name else { continue };
        let form = match mark.shape {
            Shape::Bars(_) => Form::Filled,
            Shape::Area(..) | Shape::Band(_) => Form::Pale,
            Shape::Ground(_) => Form::Ground,
            Shape::Dots(_, Dot::Hollow) => Form::Ring,
            Shape::Dots(..) => Form::Dot,
            _ => Form::Stroke,
        };
        let name = name.words();
        if mark.shape.grid().is_none() && entries.iter().all(|entry| entry.name != name) {
            entries.push(Entry { role: mark.role, form, name });
        }
    }
    entries
}

/// A legend as SVG elements, in lines as wide as the picture; the first line begins at `start`, and all after it at the left margin.
///
/// Returns the elements and the number of lines, counted from the one that was begun. Lengths in CSS pixels.
pub fn lines(entries: &[Entry], theme: &Theme, lang: Lang, (start, baseline): (f64, f64), width: f64) -> (String, usize) {
    const MARGIN: f64 = 12.0;
    let size = theme.type_size;
    let (mut out, mut x, mut row) = (String::new(), start, 0);
    for entry in entries {
        let words = entry.name.get(lang);
        let sample = size * if matches!(entry.form, Form::Stroke) { 1.5 } else { 0.75 };
        let reach = sample + size * (0.4 + length(words));
        if x > MARGIN && x + reach > width - MARGIN {
            (x, row) = (MARGIN, row + 1);
        }
        let y = baseline + row as f64 * size * 1.5;
        out.push_str(&entry.sample(theme, (x, y)));
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{}\">{}</text>\n",
            x + sample + 0.4 * size,
            css(theme.ink),
            escape(words)
        ));
        x += reach + 1.4 * size;
    }
    (out, row + 1)
}

impl Entry {
    /// A sample whose foot is at a point.
    fn sample(&self, theme: &Theme, (x, y): (f64, f64)) -> String {
        let (size, stroke) = (theme.type_size, theme.stroke(self.role));
        let ink = css(stroke.colour);
        match self.form {
            Form::Stroke => {
                let dash = stroke.dash.iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
                format!(
                    "<path d=\"M{x:.1} {:.1}h{:.1}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{}\" stroke-dasharray=\"{dash}\"/>\n",
                    y - 0.35 * size,
                    1.5 * size,
                    stroke.width
                )
            }
            Form::Dot | Form::Ring => {
                let fill = if self.form == Form::Dot { ink.clone() } else { css(theme.paper) };
                let (cx, cy) = (x + 0.375 * size, y - 0.35 * size);
                format!("<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"{:.1}\" fill=\"{fill}\" stroke=\"{ink}\"/>\n", 0.3 * size)
            }
            Form::Filled | Form::Pale | Form::Ground => {
                let (top, side) = (y - 0.75 * size, 0.75 * size);
                // What cannot be is hatched in figures: here an empty box with a stroke through it.
                let (fill, edge) = match self.form {
                    _ if self.role == Role::Never => ("none".to_owned(), format!(" stroke=\"{ink}\"")),
                    Form::Ground => (css(theme.ground), String::new()),
                    Form::Pale => (ink.clone(), " fill-opacity=\"0.35\"".to_owned()),
                    _ => (ink.clone(), String::new()),
                };
                let mut out = format!(
                    "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{side:.1}\" height=\"{side:.1}\" fill=\"{fill}\"{edge}/>\n"
                );
                if self.role == Role::Never {
                    out.push_str(&format!("<path d=\"M{x:.1} {y:.1}l{side:.1} -{side:.1}\" stroke=\"{ink}\"/>\n"));
                }
                out
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(names: &[&'static str]) -> Vec<Mark> {
        names.iter().map(|name| Mark::new(Role::A, Shape::Line(vec![(0.0, 0.0)])).named(*name)).collect()
    }

    #[test]
    fn each_name_stands_once_with_what_it_looks_like() {
        let mut all = marks(&["f", "f"]);
        all.push(Mark::new(Role::B, Shape::Dots(vec![(0.0, 0.0)], Dot::Hollow)).named("g"));
        all.push(Mark::new(Role::C, Shape::Dots(vec![(0.0, 0.0)], Dot::Full)));
        let found: Vec<_> = legend(&all).into_iter().map(|entry| (entry.role, entry.form, entry.name.en)).collect();
        assert_eq!(found, [(Role::A, Form::Stroke, "f".to_owned()), (Role::B, Form::Ring, "g".to_owned())]);
    }

    #[test]
    fn what_does_not_fit_begins_a_new_line() {
        let entries = legend(&marks(&["one long name", "another long name", "a third long name"]));
        let (wide, rows) = lines(&entries, &Theme::LIGHT, Lang::En, (12.0, 20.0), 720.0);
        assert_eq!((rows, wide.matches("<text").count()), (1, 3));
        let (narrow, rows) = lines(&entries, &Theme::LIGHT, Lang::En, (12.0, 20.0), 140.0);
        assert_eq!(rows, 3);
        assert!(narrow.contains("y=\"56.0\""), "{narrow}");
        // A line that is begun already may be too full for the first.
        assert_eq!(lines(&entries[..1], &Theme::LIGHT, Lang::En, (130.0, 20.0), 140.0).1, 2);
        assert_eq!(lines(&[], &Theme::LIGHT, Lang::En, (12.0, 20.0), 140.0), (String::new(), 1));
    }
}
