//! Schemes: where the patches of an image or a video stand, and where the text goes on.

use crate::axis::{Axes, Axis};
use crate::error::MathError;
use crate::lattice::AffineForm;
use crate::rational::Rational;

/// The largest denominator of a dial (`u`, `ρ`, `δ`, a hole), and the largest value of `ρ` and `δ`.
pub const DIAL_LIMIT: i64 = 1000;

/// The largest hole that can be given as a number.
pub const HOLE_LIMIT: i64 = 1_000_000;

/// The hole `E = K − L − 1` that an image of `h × w` patches leaves between the text before and after it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hole {
    /// `E = ρ·hw`: a patch counts as `ρ` tokens. Range: `0 < ρ ≤` [`DIAL_LIMIT`].
    PerPatch(Rational),
    /// `E = hw + h + w`, which makes the spacing of RoPE-Tie (`u = 1`) whole numbers.
    WholeSpacing,
    /// The same for every image. Range: `0 ≤ E ≤` [`HOLE_LIMIT`].
    Fixed(Rational),
}

/// Where the text goes on after a block of M-RoPE.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum NextRule {
    /// One after the largest of all three coordinates, `K − L − 1 = max(t, h, w)`: the post, and
    /// transformers 4.45.2.
    MaxAll,
    /// After the larger side of a frame, `K − L − 1 = max(h, w)`, however many frames there are: transformers
    /// 5.23.0.
    MaxSides,
}

/// How positions are given to the tokens of a sequence.
///
/// `L` is the last scalar position used before a block of `N = t·h·w` patches, `K` the next one for text;
/// frame `f`, row `r` and column `c` count from 1. In every scheme but [`Scheme::Typeset`] the text token
/// at the scalar position `n` has `n` on every axis.
/// Source: <https://kexue.fm/archives/10352>, <https://kexue.fm/archives/10040>; M-RoPE, VideoRoPE and V2PE
/// from their published code; the family is ours.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// RoPE-1D on the flattened sequence. One axis; `K − L − 1 = N`.
    Flat,
    /// `(number of the row, place in the row)`; a run of text is one row. Two axes; its scalar positions
    /// count tokens.
    Typeset,
    /// `(L + r, L + c)`, `K − L − 1 = max(h, w)`. Two axes.
    Naive2d,
    /// RoPE-Tie: `(L + r(w+1), L + c(h+1))`, `K − L − 1 = hw + h + w`. Two axes.
    TieV1,
    /// RoPE-Tie with equivalence: `(L + r(hw+1)/(h+1), L + c(hw+1)/(w+1))`, `K − L − 1 = hw`. Two axes.
    TieV1Equivalent,
    /// RoPE-TV: spacing 1 around the midpoint of the hole, `K − L − 1 = ρN` (the post: `ρ = 1`). Three axes.
    Tv {
        /// Tokens a patch counts as: `0 < ρ ≤` [`DIAL_LIMIT`].
        rho: Rational,
    },
    /// RoPE-TV with each frame an image, `L` advancing by `hw` a frame; `K − L − 1 = N`. Three axes.
    TvFrames,
    /// M-RoPE of Qwen2-VL: `(L + f, L + r, L + c)`. Three axes.
    Mrope(NextRule),
    /// VideoRoPE: `τ = L + 1 + δ(f−1)`, rows and columns around it, `K = τ_max + 1`. Three axes.
    VideoRope {
        /// Spacing of the frames: `0 < δ ≤` [`DIAL_LIMIT`].
        delta: Rational,
    },
    /// V2PE: `L + δk` for the `k`-th patch, `K − L − 1 = ⌈δN⌉`. One axis.
    V2pe {
        /// Spacing of the patches: `0 < δ ≤` [`DIAL_LIMIT`].
        delta: Rational,
    },
    /// Every symmetric scheme with two axes: centred in the hole, with the spacings
    /// `γ_a = 1 + u((E+1)/(n_a+1) − 1)`; RoPE-TV at `u = 0`, RoPE-Tie at `u = 1`.
    Family {
        /// The dial: `0..=1`.
        u: Rational,
        /// `E = K − L − 1`.
        hole: Hole,
    },
}

/// Where a block stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Block {
    /// One form for each axis of the scheme.
    pub forms: Vec<AffineForm>,
    /// `K − L − 1`.
    pub hole: Rational,
}

impl Scheme {
    /// RoPE-TV as in the post, `ρ = 1`.
    pub const TV: Self = Self::Tv { rho: Rational::ONE };

    /// How many numbers its positions have.
    pub const fn axes(self) -> Axes {
        match self {
            Self::Flat | Self::V2pe { .. } => Axes::One,
            Self::Typeset | Self::Naive2d | Self::TieV1 | Self::TieV1Equivalent | Self::Family { .. } => Axes::Two,
            Self::Tv { .. } | Self::TvFrames | Self::Mrope(_) | Self::VideoRope { .. } => Axes::Three,
        }
    }

    /// Whether videos can be laid out; if not, their frames can as images
    /// ([`frames_as_images`](crate::segment::frames_as_images)).
    pub const fn has_time(self) -> bool {
        self.axes().slot(Axis::T).is_some()
    }

    /// Whether a dial stands where it may.
    pub(crate) fn check(self) -> Result<(), MathError> {
        let (dial, low, high) = match self {
            Self::Tv { rho: dial } | Self::VideoRope { delta: dial } | Self::V2pe { delta: dial } => (dial, None, DIAL_LIMIT),
            Self::Family { u, hole } => {
                check_dial(u, Some(0), 1)?;
                match hole {
                    Hole::PerPatch(rho) => (rho, None, DIAL_LIMIT),
                    Hole::WholeSpacing => return Ok(()),
                    Hole::Fixed(size) => (size, Some(0), HOLE_LIMIT),
                }
            }
            _ => return Ok(()),
        };
        check_dial(dial, low, high)
    }

    /// The block of an image or video of `shape` (no size 0) after the scalar position `last`.
    ///
    /// Not for [`Scheme::Typeset`], whose rows the layout counts.
    pub(crate) fn block(self, last: Rational, shape: [u32; 3]) -> Block {
        let [t, h, w] = shape;
        let patches = product(shape);
        let begin = last + Rational::ONE;
        let unit = |axis: usize| AffineForm::constant(begin).along(axis, Rational::ONE);
        match self {
            Self::Flat | Self::Typeset => {
                Block { forms: vec![AffineForm::in_reading_order(begin, Rational::ONE, shape)], hole: patches }
            }
            Self::V2pe { delta } => {
                let forms = vec![AffineForm::in_reading_order(last + delta, delta, shape)];
                Block { forms, hole: (delta * patches).ceil() }
            }
            Self::Naive2d => Block { forms: vec![unit(1), unit(2)], hole: Rational::from(h.max(w)) },
            Self::TieV1 => symmetric(last, shape, Axes::Two, Rational::ONE, Hole::WholeSpacing),
            Self::TieV1Equivalent => symmetric(last, shape, Axes::Two, Rational::ONE, Hole::PerPatch(Rational::ONE)),
            Self::Family { u, hole } => symmetric(last, shape, Axes::Two, u, hole),
            Self::Tv { rho } => symmetric(last, shape, Axes::Three, Rational::ZERO, Hole::PerPatch(rho)),
            Self::TvFrames => {
                let frame = product([1, h, w]);
                let Block { forms, .. } = Self::TV.block(last, [1, h, w]);
                Block { forms: forms.into_iter().map(|form| form.along(0, frame)).collect(), hole: patches }
            }
            Self::Mrope(rule) => {
                let sides = h.max(w);
                let longest = if rule == NextRule::MaxAll { sides.max(t) } else { sides };
                Block { forms: vec![unit(0), unit(1), unit(2)], hole: Rational::from(longest) }
            }
            Self::VideoRope { delta } => {
                let around = |axis: usize, size: u32| {
                    let first = begin - Rational::from((size - 1) / 2);
                    AffineForm::constant(first).along(0, delta).along(axis, Rational::ONE)
                };
                let forms = vec![AffineForm::constant(begin).along(0, delta), around(1, h), around(2, w)];
                Block { forms, hole: Rational::ONE + delta * Rational::from(t - 1) }
            }
        }
    }
}

fn check_dial(dial: Rational, low: Option<i64>, high: i64) -> Result<(), MathError> {
    let above = low.map_or(dial > Rational::ZERO, |low| dial >= Rational::integer(low));
    if above && dial <= Rational::integer(high) && dial.denominator() <= i128::from(DIAL_LIMIT) {
        Ok(())
    } else {
        Err(MathError::ParameterOutOfRange(dial.to_f64()))
    }
}

fn product(shape: [u32; 3]) -> Rational {
    shape.into_iter().fold(Rational::ONE, |product, size| product * Rational::from(size))
}

/// The one sentence behind RoPE-Tie and RoPE-TV: a block is symmetric exactly if its centre lies on the
/// diagonal of the text at the midpoint of the hole, `L + (E+1)/2` on every axis.
fn symmetric(last: Rational, shape: [u32; 3], axes: Axes, u: Rational, hole: Hole) -> Block {
    let [_, h, w] = shape;
    let hole = match hole {
        Hole::PerPatch(rho) => rho * product(shape),
        Hole::WholeSpacing => Rational::from(h + 1) * Rational::from(w + 1) - Rational::ONE,
        Hole::Fixed(size) => size,
    };
    let centre = last + (hole + Rational::ONE).over(2);
    let form = |&axis: &Axis| {
        let size = shape[axis.index()];
        let spacing = Rational::ONE + u * ((hole + Rational::ONE).over(size + 1) - Rational::ONE);
        let first = centre - (Rational::from(size - 1) * spacing).over(2);
        AffineForm::constant(first).along(axis.index(), spacing)
    };
    Block { forms: axes.names().iter().map(form).collect(), hole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: i64) -> Rational {
        Rational::new(numerator, denominator).expect("no division by zero")
    }

    #[test]
    fn the_centre_of_a_symmetric_block_is_the_midpoint_of_its_hole() {
        for hole in [Hole::PerPatch(fraction(1, 2)), Hole::WholeSpacing, Hole::Fixed(fraction(7, 3))] {
            for u in [Rational::ZERO, fraction(37, 100), Rational::ONE] {
                let last = Rational::integer(4);
                let scheme = Scheme::Family { u, hole };
                let Block { forms, hole } = scheme.block(last, [1, 3, 4]);
                let midpoint = last + (hole + Rational::ONE).over(2);
                for form in forms {
                    assert_eq!((form.first + form.last([1, 3, 4])).over(2), midpoint, "{scheme:?}");
                }
            }
        }
    }

    #[test]
    fn a_dial_beyond_its_range_is_refused() {
        let illegal = [
            Scheme::Tv { rho: Rational::ZERO },
            Scheme::Tv { rho: fraction(1001, 1) },
            Scheme::Tv { rho: fraction(1, 1001) },
            Scheme::VideoRope { delta: fraction(-1, 2) },
            Scheme::V2pe { delta: Rational::ZERO },
            Scheme::Family { u: fraction(-1, 10), hole: Hole::WholeSpacing },
            Scheme::Family { u: fraction(11, 10), hole: Hole::WholeSpacing },
            Scheme::Family { u: Rational::ONE, hole: Hole::Fixed(fraction(-1, 1)) },
            Scheme::Family { u: Rational::ONE, hole: Hole::PerPatch(Rational::ZERO) },
        ];
        for scheme in illegal {
            assert!(matches!(scheme.check(), Err(MathError::ParameterOutOfRange(_))), "{scheme:?}");
        }
        for scheme in [Scheme::Flat, Scheme::TV, Scheme::Family { u: Rational::ZERO, hole: Hole::Fixed(Rational::ZERO) }] {
            assert_eq!(scheme.check(), Ok(()), "{scheme:?}");
        }
    }
}
