//! The axes of a position: frame, row, column.

/// One axis of a position.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Axis {
    /// Time: the frame of a video.
    T,
    /// Height: the row of a patch, the first coordinate of the posts.
    H,
    /// Width: the column of a patch, the second coordinate of the posts.
    W,
}

impl Axis {
    /// All three, in the order `t`, `h`, `w`.
    pub const ALL: [Self; 3] = [Self::T, Self::H, Self::W];

    /// Place of the axis in a point `[t, h, w]`: `0..3`.
    pub const fn index(self) -> usize {
        match self {
            Self::T => 0,
            Self::H => 1,
            Self::W => 2,
        }
    }

    /// `t`, `h` or `w`.
    pub const fn letter(self) -> char {
        match self {
            Self::T => 't',
            Self::H => 'h',
            Self::W => 'w',
        }
    }
}

/// How many numbers a position has.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Axes {
    /// One number that serves whichever axis is asked for.
    One,
    /// Row and column; there is no time.
    Two,
    /// Frame, row and column.
    Three,
}

impl Axes {
    /// 1, 2 or 3.
    pub const fn count(self) -> usize {
        self.names().len()
    }

    /// The axes in order; the single number of [`Axes::One`] goes by the name of `t`.
    pub const fn names(self) -> &'static [Axis] {
        match self {
            Self::One => &[Axis::T],
            Self::Two => &[Axis::H, Axis::W],
            Self::Three => &Axis::ALL,
        }
    }

    /// Which of the [`Axes::count`] numbers is read for an axis: `None` for the time of two axes.
    pub const fn slot(self, axis: Axis) -> Option<usize> {
        match (self, axis) {
            (Self::Two, Axis::T) => None,
            (Self::One, _) | (Self::Two, Axis::H) => Some(0),
            (Self::Two, Axis::W) => Some(1),
            (Self::Three, _) => Some(axis.index()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_axis_has_its_own_slot() {
        for axes in [Axes::One, Axes::Two, Axes::Three] {
            for (slot, &axis) in axes.names().iter().enumerate() {
                assert_eq!(axes.slot(axis), Some(slot), "{axes:?} {axis:?}");
            }
        }
    }

    #[test]
    fn one_number_serves_every_axis_and_two_have_no_time() {
        assert!(Axis::ALL.iter().all(|&axis| Axes::One.slot(axis) == Some(0)));
        assert_eq!(Axes::Two.slot(Axis::T), None);
    }
}
