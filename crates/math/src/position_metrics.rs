//! Metrics of positions: gaps, symmetry, equivalence, and whether a layout can go on.

use crate::axis::Axes;
use crate::error::MathError;
use crate::lattice::AffineForm;
use crate::rational::Rational;
use crate::scheme::Scheme;
use crate::segment::{Segment, TOKENS_LIMIT};
use crate::token_layout::{Span, TokenLayout};

/// How one segment stands between the text before and after it.
///
/// Vectors have one number for each axis, in the order of [`Axes::names`]. The text tokens on both sides are
/// those that would stand there, whether they do or not: `L` and `K` on every axis, except for typeset.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BlockMetrics {
    /// First patch minus the text token before it.
    pub gap_left: Vec<Rational>,
    /// The text token after it minus the last patch.
    pub gap_right: Vec<Rational>,
    /// `gap_left − gap_right`: twice the way from the midpoint to the centre.
    pub symmetry_defect: Vec<Rational>,
    /// Centre of the block: the mean of its first and last patch.
    pub centre: Vec<Rational>,
    /// Midpoint of the hole: the mean of the text tokens on both sides.
    pub midpoint: Vec<Rational>,
    /// `E = K − L − 1`, the positions a text in its place would use. `None` for typeset, whose scalar positions
    /// count tokens.
    pub hole: Option<Rational>,
    /// `E − N` for the `N` tokens of the block; `None` as above.
    pub equivalence_defect: Option<Rational>,
    /// Tokens per position, `N/E`; `None` as above and for `E = 0`.
    pub density: Option<Rational>,
    /// `N`.
    pub tokens: u64,
}

impl BlockMetrics {
    /// Measures a segment of a layout. `None` for a text without tokens, which is nowhere.
    pub fn new(span: &Span, scheme: Scheme) -> Option<Self> {
        let tokens = span.segment.tokens();
        if tokens == 0 {
            return None;
        }
        let shape = span.segment.shape();
        let each = |measure: &dyn Fn(&AffineForm, Rational, Rational) -> Rational| -> Vec<Rational> {
            let sides = span.before.iter().zip(&span.after);
            span.forms.iter().zip(sides).map(|(form, (&before, &after))| measure(form, before, after)).collect()
        };
        let count = Rational::integer(tokens as i64);
        let hole = (scheme != Scheme::Typeset).then(|| span.next - span.last - Rational::ONE);
        Some(Self {
            gap_left: each(&|form, before, _| form.first - before),
            gap_right: each(&|form, _, after| after - form.last(shape)),
            symmetry_defect: each(&|form, before, after| form.first + form.last(shape) - before - after),
            centre: each(&|form, _, _| (form.first + form.last(shape)).over(2)),
            midpoint: each(&|_, before, after| (before + after).over(2)),
            hole,
            equivalence_defect: hole.map(|hole| hole - count),
            density: hole.and_then(|hole| count.divided_by(hole)),
            tokens,
        })
    }

    /// Whether the block looks the same to the text on both sides.
    pub fn is_symmetric(&self) -> bool {
        self.symmetry_defect.iter().all(|defect| defect.is_zero())
    }

    /// Whether a patch counts as a token.
    pub fn is_equivalent(&self) -> bool {
        self.equivalence_defect.is_some_and(Rational::is_zero)
    }

    /// Whether the text after the block begins no later than its last patch on some axis, so that it runs
    /// backwards or stands still there. Legal, but to be flagged.
    pub fn resumes_early(&self) -> bool {
        self.gap_right.iter().any(|&gap| gap <= Rational::ZERO)
    }
}

/// The properties of a layout that the posts ask for, each with the number behind it.
///
/// Whether a *frequency plan* is compatible is another question:
/// [`FrequencyPlan::is_compatible`](crate::frequency_plan::FrequencyPlan::is_compatible).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lamps {
    /// Compatibility: the largest distance of a coordinate from RoPE-1D's position over a pure text as long as the
    /// sequence (of at least 2 tokens). Lit at 0.
    pub text_defect: Rational,
    /// Symmetry: the largest symmetry defect of an image or a video on any axis. Lit at 0.
    pub symmetry_defect: Rational,
    /// Equivalence: the equivalence defect of largest magnitude, with its sign; `None` for typeset. Lit at 0.
    pub equivalence_defect: Option<Rational>,
    /// Open-endedness in time: how far the patches already there move, on the axis where it is most, when the
    /// first image or video gets one more frame (with none, a single patch). `None` for the schemes that have
    /// no time. Lit at 0.
    pub frame_shift: Option<Rational>,
}

impl Lamps {
    /// Measures a layout.
    pub fn new(layout: &TokenLayout) -> Self {
        let scheme = layout.scheme();
        let visual = || layout.spans().iter().filter(|span| span.segment.is_visual());
        let metrics = || visual().filter_map(|span| BlockMetrics::new(span, scheme));
        let defects = metrics().flat_map(|metrics| metrics.symmetry_defect);
        let equivalence = metrics().map(|metrics| metrics.equivalence_defect).reduce(|most, next| Some(larger(most?, next?)));
        let shape = visual().next().map_or([1; 3], |span| span.segment.shape());
        Self {
            text_defect: text_defect(scheme, layout.len().max(2) as u32),
            symmetry_defect: magnitude(defects),
            equivalence_defect: equivalence.unwrap_or((scheme != Scheme::Typeset).then_some(Rational::ZERO)),
            frame_shift: FrameShift::new(scheme, shape).map(|shift| magnitude(shift.earlier.into_iter())),
        }
    }

    /// Whether a pure text is RoPE-1D's.
    pub const fn is_compatible(&self) -> bool {
        self.text_defect.is_zero()
    }

    /// Whether every image and video is symmetric.
    pub const fn is_symmetric(&self) -> bool {
        self.symmetry_defect.is_zero()
    }

    /// Whether every patch counts as a token.
    pub fn is_equivalent(&self) -> bool {
        self.equivalence_defect.is_some_and(Rational::is_zero)
    }

    /// Whether a video can go on without moving what is already there.
    pub fn is_open_ended(&self) -> bool {
        self.frame_shift.is_some_and(Rational::is_zero)
    }
}

fn larger(a: Rational, b: Rational) -> Rational {
    if b.max(-b) > a.max(-a) { b } else { a }
}

fn magnitude(values: impl Iterator<Item = Rational>) -> Rational {
    values.map(|value| value.max(-value)).fold(Rational::ZERO, Ord::max)
}

/// The largest `|coordinate − n|` on any axis over the text positions `n = 1..=length`.
fn text_defect(scheme: Scheme, length: u32) -> Rational {
    let Ok(layout) = TokenLayout::new(&[Segment::Text { n: length }], scheme, 1) else {
        return Rational::ZERO; // only for more tokens than any layout has
    };
    let forms = layout.spans().iter().flat_map(|span| &span.forms);
    // The deviation is affine in n: it is largest at an end.
    let ends = forms.flat_map(|form| [form.first - Rational::ONE, form.last([1, 1, length]) - Rational::from(length)]);
    magnitude(ends)
}

/// What moves when a video gets one more frame at its end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FrameShift {
    /// By how much every patch that was already there moves, one number for each axis.
    pub earlier: Vec<Rational>,
    /// By how much the text after it moves, on every axis.
    pub text_after: Rational,
}

impl FrameShift {
    /// Compares a video of `[t, h, w]` with one of `t + 1` frames in the same place.
    ///
    /// `None` for a scheme without a time axis, a dial out of its range, and a video of no or too many patches.
    pub fn new(scheme: Scheme, [t, h, w]: [u32; 3]) -> Option<Self> {
        let patches = Segment::Video { t, h, w }.tokens();
        if !scheme.has_time() || scheme.check().is_err() || patches == 0 || patches > TOKENS_LIMIT {
            return None;
        }
        let now = scheme.block(Rational::ZERO, [t, h, w]);
        let then = scheme.block(Rational::ZERO, [t + 1, h, w]);
        // The steps do not depend on the number of frames, so all patches move alike.
        let earlier = now.forms.iter().zip(&then.forms).map(|(now, then)| then.first - now.first).collect();
        Some(Self { earlier, text_after: then.hole - now.hole })
    }
}

/// The difference of the positions of two patches `[row, column]` of an image `h × w`, `b − a`.
///
/// Shape: one number for each axis, in the order of [`Axes::names`]. Rows and columns from 0. The crop test
/// compares it for an image and a part of it.
///
/// # Errors
/// Those of [`TokenLayout::new`]; [`MathError::TargetOutOfRange`] for a patch outside of the image.
pub fn patch_difference(scheme: Scheme, [h, w]: [u32; 2], a: [u32; 2], b: [u32; 2]) -> Result<Vec<Rational>, MathError> {
    let layout = TokenLayout::new(&[Segment::Image { h, w }], scheme, 1)?;
    for (index, size) in [(a[0], h), (b[0], h), (a[1], w), (b[1], w)] {
        if index >= size {
            return Err(MathError::TargetOutOfRange { target: index as usize, len: size as usize });
        }
    }
    let forms = layout.spans().iter().flat_map(|span| &span.forms);
    Ok(forms.map(|form| form.at([0, b[0], b[1]]) - form.at([0, a[0], a[1]])).collect())
}

/// The `β` and `γ` of the posts: a block stands at `β_a + γ_a·i` for the index `i = 1, 2, …` of its own axis.
///
/// `None` for a text, and for the schemes whose coordinates also depend on another index.
pub fn offset_and_spacing(span: &Span, axes: Axes) -> Option<Vec<(Rational, Rational)>> {
    if !span.segment.is_visual() {
        return None;
    }
    let of_axis = |(form, axis): (&AffineForm, &crate::axis::Axis)| {
        let others = (0..3).filter(|&index| index != axis.index());
        let alone = others.map(|index| form.step[index]).all(Rational::is_zero);
        let spacing = form.step[axis.index()];
        // An axis of one index has no spacing of its own.
        alone.then_some((form.first - spacing, spacing))
    };
    span.forms.iter().zip(axes.names()).map(of_axis).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::{Hole, NextRule};
    use crate::segment::script as segments;

    fn lamps(script: &str, scheme: Scheme) -> [bool; 4] {
        let layout = TokenLayout::new(&segments(script), scheme, 1).expect("legal");
        let lamps = Lamps::new(&layout);
        [lamps.is_compatible(), lamps.is_symmetric(), lamps.is_equivalent(), lamps.is_open_ended()]
    }

    #[test]
    fn mrope_lights_one_lamp_tie_two_and_tv_three_but_not_the_fourth() {
        let post = "text4 image3x4 text3";
        assert_eq!(lamps(post, Scheme::TV), [true, true, true, false]);
        assert_eq!(lamps(post, Scheme::TieV1), [true, true, false, false]);
        assert_eq!(lamps(post, Scheme::TieV1Equivalent), [true, true, true, false]);
        assert_eq!(lamps(post, Scheme::Mrope(NextRule::MaxAll)), [true, false, false, true]);
        assert_eq!(lamps(post, Scheme::Naive2d), [true, false, false, false]);
        // For a text as long as a row of the image, typeset happens to be symmetric.
        assert_eq!(lamps("text5 image3x4", Scheme::Typeset), [false, false, false, false]);
        assert_eq!(lamps(post, Scheme::Typeset), [false, true, false, false]);
        assert_eq!(lamps(post, Scheme::TvFrames), [true, true, true, true]);
        assert_eq!(lamps(post, Scheme::Flat), [true, true, true, true]);
    }

    #[test]
    fn a_layout_without_images_is_symmetric_and_equivalent() {
        assert_eq!(lamps("text7", Scheme::TV), [true, true, true, false]);
        assert_eq!(lamps("", Scheme::TvFrames), [true, true, true, true]);
    }

    #[test]
    fn the_numbers_behind_the_lamps_are_those_of_the_worst_block() {
        let segments = segments("text1 image2x2 text1 image1x8");
        let layout = TokenLayout::new(&segments, Scheme::Naive2d, 1).expect("legal");
        let lamps = Lamps::new(&layout);
        assert_eq!(lamps.symmetry_defect, Rational::integer(7));
        assert_eq!(lamps.equivalence_defect, Some(Rational::integer(-2)));
        let typeset = TokenLayout::new(&segments, Scheme::Typeset, 1).expect("legal");
        let lamps = Lamps::new(&typeset);
        assert_eq!(lamps.text_defect, Rational::integer(13));
        assert_eq!((lamps.equivalence_defect, lamps.frame_shift), (None, None));
    }

    #[test]
    fn a_crop_changes_the_spacing_of_tie_and_not_that_of_tv() {
        let neighbours = |scheme, shape| {
            let difference = patch_difference(scheme, shape, [1, 2], [1, 3]).expect("inside");
            difference.last().map(ToString::to_string)
        };
        assert_eq!(neighbours(Scheme::TieV1, [8, 8]).as_deref(), Some("9"));
        assert_eq!(neighbours(Scheme::TieV1, [4, 8]).as_deref(), Some("5"));
        assert_eq!(neighbours(Scheme::TV, [8, 8]).as_deref(), Some("1"));
        assert_eq!(neighbours(Scheme::TV, [4, 8]).as_deref(), Some("1"));
        let outside = patch_difference(Scheme::TV, [4, 8], [0, 0], [4, 0]);
        assert_eq!(outside, Err(MathError::TargetOutOfRange { target: 4, len: 4 }));
    }

    #[test]
    fn a_hole_of_nothing_has_no_density() {
        let scheme = Scheme::Family { u: Rational::ZERO, hole: Hole::Fixed(Rational::ZERO) };
        let layout = TokenLayout::new(&[Segment::Image { h: 2, w: 2 }], scheme, 1).expect("legal");
        let metrics = BlockMetrics::new(&layout.spans()[0], scheme).expect("has tokens");
        assert_eq!(metrics.density, None);
        assert!(metrics.is_symmetric() && metrics.resumes_early());
    }

    #[test]
    fn frames_cannot_be_added_where_there_is_no_time() {
        assert_eq!(FrameShift::new(Scheme::TieV1, [1, 2, 2]), None);
        assert_eq!(FrameShift::new(Scheme::TV, [0, 2, 2]), None);
        assert_eq!(FrameShift::new(Scheme::TV, [u32::MAX, 2, 2]), None);
    }
}
