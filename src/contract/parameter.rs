//! The parameters of addresses that mean the same in every widget: one table from which they are checked, documented and described
//! to programs. What a control is called must not be one of their names.

use super::address::Pairs;
use super::control::excerpt;
use super::problem::Problem;
use super::text::Words;

/// What may stand behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `0` or `1`.
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number from 1.
    Whole,
    /// Words with commas between them.
    List,
    /// A colour, `rrggbb`, or `auto`.
    Colour,
    /// Any text.
    Words,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name in the address.
    pub name: &'static str,
    /// What may stand behind it.
    pub form: Form,
    /// What it is where it is absent, as the address would write it; empty for nothing.
    pub absent: &'static str,
}

const fn parameter(name: &'static str, form: Form, absent: &'static str) -> Parameter {
    Parameter { name, form, absent }
}

/// Parts of a page that can be hidden beside panels and controls.
pub const PARTS: [&str; 6] = ["tour", "presets", "formulas", "notes", "question", "top"];

/// What stands before a name, with a hyphen, where only one of those that are called so is meant.
pub const KINDS: [&str; 3] = ["panel", "control", "part"];

/// Every parameter, in the order of the documentation; what each does is said in `app/words.rs`.
pub const PARAMETERS: [Parameter; 17] = [
    parameter("v", Form::Whole, "1"),
    parameter("lang", Form::Words, ""),
    parameter("theme", Form::OneOf(&["auto", "light", "dark", "projector"]), "auto"),
    parameter("accent", Form::Colour, ""),
    parameter("motion", Form::OneOf(&["auto", "reduce"]), "auto"),
    parameter("step", Form::Whole, ""),
    parameter("preset", Form::Words, ""),
    parameter("controls", Form::OneOf(&["all", "min", "none"]), "all"),
    parameter("show", Form::List, ""),
    parameter("hide", Form::List, ""),
    parameter("links", Form::Flag, "1"),
    parameter("predict", Form::Flag, "0"),
    parameter("play", Form::Flag, "0"),
    parameter("present", Form::Flag, "0"),
    parameter("embed", Form::Flag, "0"),
    parameter("lti", Form::Flag, "0"),
    parameter("origin", Form::Words, ""),
];

/// Names that are kept for later, and other names of the above.
pub const KEPT: [&str; 8] = ["locale", "language", "tour", "t", "load", "build", "c", "replay"];

/// The parameters that are no state: what a reader's link has of them stays while the state moves on.
pub const MANNER: [&str; 11] =
    ["lang", "theme", "accent", "motion", "controls", "show", "hide", "links", "predict", "present", "embed"];

/// Red, green and blue of `rrggbb`.
pub fn colour(text: &str) -> Option<(u8, u8, u8)> {
    let is_hexadecimal = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = u32::from_str_radix(text, 16).ok().filter(|_| is_hexadecimal)?;
    Some(((code >> 16) as u8, (code >> 8) as u8, code as u8))
}

/// Whether a name is taken, so that no control may have it.
pub fn is_taken(name: &str) -> bool {
    KEPT.contains(&name) || PARAMETERS.iter().any(|parameter| parameter.name == name)
}

/// What of a page is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Showing {
    hidden: Vec<String>,
    /// Names of the figures that are shown; all where none is named.
    figures: Vec<String>,
    has_no_controls: bool,
}

impl Showing {
    /// What an address asks for.
    pub fn of(pairs: &Pairs) -> Self {
        let list = |name: &str| -> Vec<String> {
            pairs
                .get(name)
                .unwrap_or_default()
                .split(',')
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect()
        };
        let mut hidden = list("hide");
        let amount = pairs.get("controls").unwrap_or("all");
        if amount == "min" || amount == "none" {
            hidden.extend(["tour", "presets", "formulas", "notes"].map(str::to_owned));
        }
        Self { hidden, figures: list("show"), has_no_controls: amount == "none" }
    }

    /// Whether a part of the page is shown.
    pub fn has(&self, part: &str) -> bool {
        !self.hides("part", part)
    }

    /// Whether a control is shown, if controls are.
    pub fn has_control(&self, key: &str) -> bool {
        !self.hides("control", key)
    }

    /// Whether a figure is shown.
    pub fn has_figure(&self, id: &str) -> bool {
        !self.hides("panel", id) && (self.figures.is_empty() || self.figures.iter().any(|figure| figure == id))
    }

    /// A bare name hides whatever is called so; a figure and a control may share one.
    fn hides(&self, kind: &str, name: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == name || hidden.split_once('-') == Some((kind, name)))
    }

    /// Whether controls are shown at all.
    pub fn has_controls(&self) -> bool {
        !self.has_no_controls
    }
}

/// What is wrong with the parameters of an address; `names` are those of the figures and controls, which `hide` may hold.
pub fn check(pairs: &Pairs, names: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for Parameter { name, form, .. } in PARAMETERS {
        // Steps are read by `address`, which knows how many there are.
        let Some(text) = pairs.get(name).filter(|_| name != "step") else { continue };
        let right = match form {
            Form::Flag if text != "0" && text != "1" => "0 / 1".to_owned(),
            Form::OneOf(words) if !words.contains(&text) => words.join(" / "),
            Form::Colour if !["", "auto"].contains(&text) && colour(text).is_none() => "auto / rrggbb".to_owned(),
            Form::Whole if text.parse::<u32>().map_or(true, |number| number == 0) => "1, 2, 3 …".to_owned(),
            Form::List if !text.is_empty() => {
                let is_known = |part: &str| PARTS.contains(&part) || names.contains(&part);
                let bare = |part| KINDS.iter().find_map(|kind| str::strip_prefix(part, kind)?.strip_prefix('-')).unwrap_or(part);
                let strange = text.split(',').map(str::trim).find(|part| !is_known(part) && !is_known(bare(part)));
                let Some(strange) = strange else { continue };
                let all: Vec<&str> = names.iter().copied().chain(PARTS).collect();
                problems.push(wrong(name, strange, &all.join(", ")));
                continue;
            }
            _ => continue,
        };
        problems.push(wrong(name, text, &right));
    }
    problems
}

fn wrong(name: &str, text: &str, right: &str) -> Problem {
    let text = excerpt(text);
    let words = Words::new(
        format!("地址里的 {name} 不能是“{text}”；可以是 {right}。"),
        format!("{name} in the address cannot be “{text}”; it takes {right}."),
    );
    Problem { field: None, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_right_and_no_name_stands_twice() {
        let mut names: Vec<&str> = PARAMETERS.iter().map(|parameter| parameter.name).chain(KEPT).collect();
        for Parameter { name, absent, .. } in PARAMETERS {
            let mut pairs = Pairs::default();
            pairs.put(name.to_owned(), absent.to_owned());
            if !absent.is_empty() {
                assert_eq!(check(&pairs, &[]), [], "{name}");
            }
        }
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before);
    }

    #[test]
    fn wrong_values_are_named_with_what_would_be_right() {
        let said =
            |query: &str| check(&Pairs::of(query), &["curve"]).iter().map(|each| each.words.en.clone()).collect::<Vec<_>>();
        assert_eq!(said("theme=dark&controls=min&hide=curve,tour&play=1&lang=zh&nonsense=3"), [""; 0]);
        assert_eq!(said("theme=blue"), ["theme in the address cannot be “blue”; it takes auto / light / dark / projector."]);
        assert_eq!(said("play=yes").len(), 1);
        assert_eq!(said("accent=0b6e4f&motion=reduce&links=0&predict=1"), [""; 0]);
        assert_eq!(said("accent=red"), ["accent in the address cannot be “red”; it takes auto / rrggbb."]);
        assert_eq!(said("accent=%2B12345").len(), 1);
        assert_eq!(
            said("hide=tour,nothing")[0],
            "hide in the address cannot be “nothing”; it takes curve, tour, presets, formulas, notes, question, top."
        );
    }

    #[test]
    fn what_is_hidden_is_not_shown() {
        let showing = Showing::of(&Pairs::of("hide=curve,presets"));
        assert!(!showing.has_figure("curve") && !showing.has("presets") && showing.has("tour") && showing.has_controls());
        let one = Showing::of(&Pairs::of("hide=panel-base,control-top"));
        assert!(!one.has_figure("base") && one.has_control("base"));
        assert!(!one.has_control("top") && one.has("top"));
        assert_eq!(check(&Pairs::of("hide=panel-base,control-top,part-top,base"), &["base", "top"]), []);
        assert_eq!(check(&Pairs::of("hide=panel-none"), &["base"]).len(), 1);
        let none = Showing::of(&Pairs::of("controls=none"));
        assert!(!none.has("tour") && !none.has_controls() && none.has_figure("curve"));
        let alone = Showing::of(&Pairs::of("show=curve, line"));
        assert!(alone.has_figure("curve") && alone.has_figure("line") && !alone.has_figure("matrix") && alone.has("tour"));
    }
}
