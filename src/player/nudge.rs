//! What a key does to a number, the same for sliders, handles and fields.

use crate::contract::control::{Kind, Scale};

/// A key that moves a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Nudge {
    /// By so many steps.
    Steps(f64),
    /// To the smallest value.
    First,
    /// To the largest value.
    Last,
}

impl Nudge {
    /// The meaning of a key: Up, Right and PageUp increase; Shift is tenfold, Alt a tenth.
    pub fn of(key: &str, shift: bool, alt: bool) -> Option<Self> {
        let factor = if shift {
            10.0
        } else if alt {
            0.1
        } else {
            1.0
        };
        Some(match key {
            "ArrowUp" | "ArrowRight" => Self::Steps(factor),
            "ArrowDown" | "ArrowLeft" => Self::Steps(-factor),
            "PageUp" => Self::Steps(10.0),
            "PageDown" => Self::Steps(-10.0),
            "Home" => Self::First,
            "End" => Self::Last,
            _ => return None,
        })
    }

    /// The same key the other way round, for handles whose value falls as they rise.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Steps(n) => Self::Steps(-n),
            Self::First => Self::Last,
            Self::Last => Self::First,
        }
    }

    /// Moves a number of a kind of control within `range`.
    pub fn apply(self, kind: &Kind, value: f64, range: (f64, f64)) -> f64 {
        let (step, scale) = match *kind {
            Kind::Slider { step, scale, .. } => (step, scale),
            Kind::Vector { step, .. } => (step, Scale::Linear),
            Kind::Playhead { .. } | Kind::Seed => (1.0, Scale::Integer),
            Kind::Toggle | Kind::Choice(_) | Kind::Several(_) | Kind::Script { .. } => return value,
        };
        let moved = match (self, scale) {
            (Self::First, _) => range.0,
            (Self::Last, _) => range.1,
            (Self::Steps(n), Scale::Linear) => tidy(value + n * step, step * n.abs().min(1.0)),
            (Self::Steps(n), Scale::Log) => value * (1.0 + step).powf(n),
            (Self::Steps(n), Scale::Integer) => (value + n.signum() * (n.abs() * step).max(1.0)).round(),
        };
        moved.clamp(range.0, range.1)
    }
}

/// The nearest multiple of a step, without the dust of binary fractions: 0.1 + 0.2 is 0.3.
pub fn tidy(value: f64, step: f64) -> f64 {
    let decimals = (2.0 - step.abs().log10().floor()).clamp(0.0, 12.0);
    let power = 10_f64.powf(decimals);
    (value * power).round() / power
}

/// A number as far as a reader can set it by hand: three digits beyond the step.
pub fn settle(kind: &Kind, value: f64) -> f64 {
    match *kind {
        Kind::Slider { step, scale: Scale::Integer, .. } => (value / step).round() * step,
        Kind::Slider { step, scale: Scale::Linear, .. } | Kind::Vector { step, .. } => {
            (tidy(value / step, 1.0).round() * step * 1e9).round() / 1e9 + 0.0 // no negative zero
        }
        Kind::Playhead { .. } => value.round(),
        Kind::Slider { scale: Scale::Log, .. } if value > 0.0 => {
            let power = 10_f64.powf(2.0 - value.log10().floor());
            (value * power).round() / power
        }
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINEAR: Kind = Kind::Slider { min: -3.0, max: 3.0, step: 0.1, scale: Scale::Linear, decimals: 1 };
    const LOG: Kind = Kind::Slider { min: 0.01, max: 10.0, step: 0.1, scale: Scale::Log, decimals: 2 };

    #[test]
    fn directions_are_right() {
        for key in ["ArrowUp", "ArrowRight", "PageUp"] {
            for kind in [LINEAR, LOG] {
                assert!(Nudge::of(key, false, false).unwrap().apply(&kind, 1.0, (0.5, 3.0)) > 1.0, "{key}");
            }
        }
        for key in ["ArrowDown", "ArrowLeft", "PageDown"] {
            for kind in [LINEAR, LOG] {
                assert!(Nudge::of(key, false, false).unwrap().apply(&kind, 1.0, (0.01, 3.0)) < 1.0, "{key}");
            }
        }
        assert_eq!(Nudge::First.apply(&LINEAR, 1.0, (-3.0, 3.0)), -3.0);
        assert_eq!(Nudge::Last.apply(&LINEAR, 1.0, (-3.0, 3.0)), 3.0);
        assert_eq!(Nudge::of("a", false, false), None);
    }

    #[test]
    fn shift_is_tenfold_and_alt_a_tenth_without_dust() {
        let up = |shift, alt| Nudge::of("ArrowUp", shift, alt).unwrap().apply(&LINEAR, 0.2, (-3.0, 3.0));
        assert_eq!(up(false, false), 0.3);
        assert_eq!(up(true, false), 1.2);
        assert_eq!(up(false, true), 0.21);
    }

    #[test]
    fn whole_numbers_stay_whole() {
        let kind = Kind::Slider { min: 1.0, max: 12.0, step: 1.0, scale: Scale::Integer, decimals: 0 };
        assert_eq!(Nudge::of("ArrowUp", false, true).unwrap().apply(&kind, 2.0, (1.0, 12.0)), 3.0);
        assert_eq!(Nudge::of("PageUp", false, false).unwrap().apply(&kind, 2.0, (1.0, 12.0)), 12.0);
    }
}
