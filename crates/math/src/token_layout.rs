//! Layouts: the position of every token of a multimodal sequence.

use crate::axis::{Axes, Axis};
use crate::error::MathError;
use crate::lattice::AffineForm;
use crate::rational::Rational;
use crate::scheme::{Block, Scheme};
use crate::segment::{Segment, TOKENS_LIMIT};
use std::ops::Range;

/// Where one segment of a sequence stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Span {
    /// The segment itself.
    pub segment: Segment,
    /// Its tokens, 0-based, in reading order.
    pub tokens: Range<usize>,
    /// `L`, the last scalar position used before it.
    pub last: Rational,
    /// `K`, the scalar position of the next text token.
    pub next: Rational,
    /// The coordinates of its tokens: one form for each axis of the scheme, in the order of
    /// [`Axes::names`]. Without meaning for a text of no tokens.
    pub forms: Vec<AffineForm>,
    /// The point of the text token before it, whether there is one or not; as many numbers as `forms`.
    pub before: Vec<Rational>,
    /// The point of the text token after it, whether there is one or not; as many numbers as `forms`.
    pub after: Vec<Rational>,
}

impl Span {
    /// The patch `[f, r, c]`, from 0, of a token of the whole sequence; `None` if it is not in this span.
    pub fn patch(&self, token: usize) -> Option<[u32; 3]> {
        let [_, h, w] = self.segment.shape().map(|size| size as usize);
        let place = token.checked_sub(self.tokens.start).filter(|_| token < self.tokens.end)?;
        Some([place / (h * w), place / w % h, place % w].map(|index| index as u32))
    }
}

/// The position of every token of a sequence under one scheme.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenLayout {
    scheme: Scheme,
    coordinates: Vec<Vec<f64>>,
    spans: Vec<Span>,
    tokens: usize,
}

impl TokenLayout {
    /// Lays out a sequence.
    ///
    /// `origin` is the position of a first text token: 1 in the posts, 0 in code; attention does not see
    /// it. Consecutive texts are one text. A sequence without tokens has an empty layout.
    ///
    /// # Errors
    /// [`MathError::EmptyGrid`], [`MathError::NoTimeAxis`] (a video under a scheme with two axes),
    /// [`MathError::TooManyTokens`] (above [`TOKENS_LIMIT`]), [`MathError::ParameterOutOfRange`] (a dial).
    pub fn new(segments: &[Segment], scheme: Scheme, origin: i32) -> Result<Self, MathError> {
        scheme.check()?;
        check_segments(segments, scheme)?;
        let mut cursor = Cursor::new(scheme, origin);
        let spans: Vec<Span> = segments.iter().map(|&segment| cursor.advance(segment)).collect();
        let tokens = cursor.tokens;
        let column = |slot: usize| {
            let mut column = Vec::with_capacity(tokens);
            for span in &spans {
                span.forms[slot].extend(span.segment.shape(), &mut column);
            }
            column
        };
        let coordinates = (0..scheme.axes().count()).map(column).collect();
        Ok(Self { scheme, coordinates, spans, tokens })
    }

    /// The scheme it follows.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// How many numbers a position has.
    pub const fn axes(&self) -> Axes {
        self.scheme.axes()
    }

    /// Number of tokens.
    pub const fn len(&self) -> usize {
        self.tokens
    }

    /// Whether there is no token.
    pub const fn is_empty(&self) -> bool {
        self.tokens == 0
    }

    /// One coordinate of all tokens in reading order, each the exact rational rounded once.
    ///
    /// Shape: [`TokenLayout::len`]. The same column for every axis of a scheme with one; `None` for the
    /// time of a scheme with two.
    pub fn coordinates(&self, axis: Axis) -> Option<&[f64]> {
        self.axes().slot(axis).map(|slot| &self.coordinates[slot][..])
    }

    /// The segments in order, one span each.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// 0-based index of the span of a token; `None` beyond the last token.
    pub fn span_of(&self, token: usize) -> Option<usize> {
        (token < self.tokens).then(|| self.spans.partition_point(|span| span.tokens.end <= token))
    }

    /// One coordinate of one token, exactly.
    ///
    /// `None` beyond the last token and for the time of a scheme with two axes.
    pub fn exact(&self, token: usize, axis: Axis) -> Option<Rational> {
        let slot = self.axes().slot(axis)?;
        let span = &self.spans[self.span_of(token)?];
        Some(span.forms[slot].at(span.patch(token)?))
    }
}

/// The first thing that forbids a layout, in the order of the segments.
fn check_segments(segments: &[Segment], scheme: Scheme) -> Result<(), MathError> {
    for (segment, one) in segments.iter().enumerate() {
        if one.is_empty_grid() {
            return Err(MathError::EmptyGrid { segment });
        }
        if matches!(one, Segment::Video { .. }) && !scheme.has_time() {
            return Err(MathError::NoTimeAxis { segment });
        }
    }
    let tokens = segments.iter().fold(0, |sum: u64, segment| sum.saturating_add(segment.tokens()));
    if tokens > TOKENS_LIMIT { Err(MathError::TooManyTokens { tokens, limit: TOKENS_LIMIT }) } else { Ok(()) }
}

/// The end of what is already laid out.
struct Cursor {
    scheme: Scheme,
    /// `L`.
    last: Rational,
    tokens: usize,
    /// Row and place of the next text token; only typeset reads it.
    row: Rational,
    place: Rational,
    origin: Rational,
}

impl Cursor {
    fn new(scheme: Scheme, origin: i32) -> Self {
        let origin = Rational::from(origin);
        Self { scheme, last: origin - Rational::ONE, tokens: 0, row: origin, place: origin, origin }
    }

    fn advance(&mut self, segment: Segment) -> Span {
        let last = self.last;
        let before = self.previous_text();
        let forms = match segment {
            Segment::Text { n } => self.advance_text(n),
            _ if self.scheme == Scheme::Typeset => self.advance_rows(segment.shape()),
            _ => {
                let Block { forms, hole } = self.scheme.block(last, segment.shape());
                self.last = last + hole;
                forms
            }
        };
        let begin = self.tokens;
        self.tokens += segment.tokens() as usize;
        Span {
            segment,
            tokens: begin..self.tokens,
            last,
            next: self.last + Rational::ONE,
            forms,
            before,
            after: self.next_text(),
        }
    }

    fn advance_text(&mut self, n: u32) -> Vec<AffineForm> {
        let begin = self.next_text();
        self.last = self.last + Rational::from(n);
        if self.scheme == Scheme::Typeset {
            self.place = self.place + Rational::from(n);
            return vec![AffineForm::constant(begin[0]), AffineForm::constant(begin[1]).along(2, Rational::ONE)];
        }
        begin.into_iter().map(|first| AffineForm::constant(first).along(2, Rational::ONE)).collect()
    }

    /// An image under typeset: `h` rows of their own, below the line of a text that has begun.
    fn advance_rows(&mut self, [_, h, w]: [u32; 3]) -> Vec<AffineForm> {
        if self.place != self.origin {
            self.row = self.row + Rational::ONE;
            self.place = self.origin;
        }
        let first_row = AffineForm::constant(self.row).along(1, Rational::ONE);
        self.row = self.row + Rational::from(h);
        self.last = self.last + Rational::from(h) * Rational::from(w);
        vec![first_row, AffineForm::constant(self.origin).along(2, Rational::ONE)]
    }

    fn next_text(&self) -> Vec<Rational> {
        if self.scheme == Scheme::Typeset {
            return vec![self.row, self.place];
        }
        vec![self.last + Rational::ONE; self.scheme.axes().count()]
    }

    fn previous_text(&self) -> Vec<Rational> {
        if self.scheme == Scheme::Typeset {
            return vec![self.row, self.place - Rational::ONE];
        }
        vec![self.last; self.scheme.axes().count()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::script as segments;

    fn layout(script: &str, scheme: Scheme) -> TokenLayout {
        TokenLayout::new(&segments(script), scheme, 1).expect("legal")
    }

    #[test]
    fn the_rows_of_the_figure_of_the_post_are_at_nine_and_a_half_to_eleven_and_a_half() {
        let tv = layout("text4 image3x4 text3", Scheme::TV);
        let rows = tv.coordinates(Axis::H).expect("an axis");
        assert_eq!([rows[4], rows[8], rows[12]], [9.5, 10.5, 11.5]);
        assert_eq!(rows[16], 17.0);
        assert_eq!(tv.exact(4, Axis::W), Some(Rational::integer(9)));
        assert_eq!(tv.exact(4, Axis::T), Rational::new(21, 2));
    }

    #[test]
    fn a_token_knows_its_span_and_its_patch() {
        let video = layout("text0 text2 text0 video2x3x4 text1", Scheme::TvFrames);
        assert_eq!(video.len(), 27);
        assert_eq!(video.span_of(0), Some(1));
        assert_eq!(video.span_of(25), Some(3));
        assert_eq!(video.span_of(26), Some(4));
        assert_eq!(video.span_of(27), None);
        let span = &video.spans()[3];
        assert_eq!(span.patch(1), None);
        assert_eq!(span.patch(2), Some([0, 0, 0]));
        assert_eq!(span.patch(19), Some([1, 1, 1]));
        assert_eq!(span.patch(26), None);
        assert_eq!(video.exact(27, Axis::T), None);
    }

    #[test]
    fn typeset_begins_a_line_for_an_image_only_below_words() {
        let typeset = layout("image1x2 text0 image1x2 text1 text1 image1x1", Scheme::Typeset);
        assert_eq!(typeset.coordinates(Axis::H), Some(&[1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0][..]));
        assert_eq!(typeset.coordinates(Axis::W), Some(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0][..]));
        assert_eq!(typeset.coordinates(Axis::T), None);
    }
}
