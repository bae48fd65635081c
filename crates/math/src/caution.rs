//! What a result has to be taken with: the mathematics has an answer, and the reader ought to know more.

/// Why a result is to be shown with a note.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Caution {
    /// A scale below 1, which was taken as 1: nothing is extended.
    ScaleBelowOne {
        /// The scale asked for.
        scale: f64,
    },
    /// No circle made the turns at which interpolation is to end, `L_train < 2πα`: the ramp is degenerate.
    TrainShorterThanOneTurn {
        /// `L_train`.
        length: usize,
        /// `2πα`.
        needed: f64,
    },
    /// Far tokens stand at a distance that never occurred in training, where the largest is `L_train − 1`.
    WindowNotTrained {
        /// The distance.
        distance: usize,
        /// `L_train`.
        length: usize,
    },
}
