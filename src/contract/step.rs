//! Named scenes, and the guided way through.

use super::text::Text;

/// A named scene: a state worth starting from.
pub struct Preset<S> {
    /// The word of the address: stable for ever.
    pub key: &'static str,
    /// The word of the interface.
    pub name: Text,
    /// One sentence about what it shows.
    pub note: Text,
    /// Changes the opening scene into this one.
    pub set: fn(&mut S),
}

/// A guess asked for before the answer is shown.
pub struct Ask<S> {
    /// The question.
    pub question: Text,
    /// The answers to choose from.
    pub answers: &'static [Text],
    /// Index of the right one.
    pub right: usize,
    /// What to say after any answer.
    pub after: Text,
    /// Changes the step's state so that the answer can be seen.
    pub reveal: fn(&mut S),
}

/// One step of the way through: a state, and two or three sentences.
pub struct Step<S> {
    /// The title.
    pub title: Text,
    /// Two or three sentences; paragraphs are parted by a newline.
    pub body: Text,
    /// The view that the step is about.
    pub panel: &'static str,
    /// Changes the opening scene into that of the step.
    pub set: fn(&mut S),
    /// A guess before the answer.
    pub ask: Option<Ask<S>>,
}

/// The part of a preset that does not depend on the state's type.
#[derive(Clone, Copy, Debug)]
pub struct PresetFace {
    /// See [`Preset::key`].
    pub key: &'static str,
    /// See [`Preset::name`].
    pub name: Text,
    /// See [`Preset::note`].
    pub note: Text,
}

/// The part of a question that does not depend on the state's type.
#[derive(Clone, Copy, Debug)]
pub struct AskFace {
    /// See [`Ask::question`].
    pub question: Text,
    /// See [`Ask::answers`].
    pub answers: &'static [Text],
    /// See [`Ask::right`].
    pub right: usize,
    /// See [`Ask::after`].
    pub after: Text,
}

/// The part of a step that does not depend on the state's type.
#[derive(Clone, Copy, Debug)]
pub struct StepFace {
    /// See [`Step::title`].
    pub title: Text,
    /// See [`Step::body`].
    pub body: Text,
    /// See [`Step::panel`].
    pub panel: &'static str,
    /// See [`Step::ask`].
    pub ask: Option<AskFace>,
}
