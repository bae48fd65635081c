//! The words of a view. Its numbers are a [`Figure`] or a [`Table`].

use super::figure::Figure;
use super::table::Table;
use super::text::{Text, t};

/// How wide a view stands on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// The whole width; the first one stays in view on small screens while a control is moved.
    Full,
    /// Half the width where there is room.
    Half,
}

/// Where a claim comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The post itself says it.
    Post,
    /// Somebody's code or paper, named in the source line.
    Code,
    /// Our own derivation, checked numerically; the post does not claim it.
    Ours,
}

/// The source line of a view or a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// What kind of source.
    pub evidence: Evidence,
    /// Which formula, from where.
    pub words: Text,
}

/// Where something comes from, Chinese first.
pub const fn from(evidence: Evidence, zh: &'static str, en: &'static str) -> Source {
    Source { evidence, words: t(zh, en) }
}

/// The words of one view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// Stable name in kebab-case.
    pub id: &'static str,
    /// The title.
    pub title: Text,
    /// What the horizontal axis shows; empty where there is none.
    pub x: Text,
    /// What the vertical axis shows; empty where there is none.
    pub y: Text,
    /// What to do or to look for, in one sentence.
    pub hint: Text,
    /// Width divided by height of the figure.
    pub aspect: f64,
    /// Width on the stage.
    pub size: Size,
    /// Whether the named marks are listed above the figure.
    pub legend: bool,
    /// Where it comes from.
    pub source: Source,
}

/// What a view shows in a state.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// A picture.
    Figure(Figure),
    /// Rows and columns.
    Table(Table),
}
