//! The segments of a multimodal sequence, and the little script that writes them down.

use crate::error::MathError;
use crate::parse::TOKEN_CAP;
use std::fmt;
use thiserror::Error;

/// The largest number of tokens a sequence may have.
pub const TOKENS_LIMIT: u64 = 65_536;

/// A run of tokens of one kind.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Segment {
    /// Words, one after the other; none at all is allowed.
    Text {
        /// Number of tokens.
        n: u32,
    },
    /// Patches in reading order: row by row.
    Image {
        /// Number of rows, at least 1.
        h: u32,
        /// Number of columns, at least 1.
        w: u32,
    },
    /// Patches in reading order: frame by frame, row by row.
    Video {
        /// Number of frames, at least 1.
        t: u32,
        /// Number of rows, at least 1.
        h: u32,
        /// Number of columns, at least 1.
        w: u32,
    },
}

impl Segment {
    /// Frames, rows, columns; a text is one row.
    pub const fn shape(self) -> [u32; 3] {
        match self {
            Self::Text { n } => [1, 1, n],
            Self::Image { h, w } => [1, h, w],
            Self::Video { t, h, w } => [t, h, w],
        }
    }

    /// Number of tokens; `u64::MAX` stands for whatever is more.
    pub const fn tokens(self) -> u64 {
        let [t, h, w] = self.shape();
        (t as u64 * h as u64).saturating_mul(w as u64)
    }

    /// Whether it has patches rather than words.
    pub const fn is_visual(self) -> bool {
        !matches!(self, Self::Text { .. })
    }

    /// Whether it is an image or video without a frame, a row or a column.
    pub const fn is_empty_grid(self) -> bool {
        self.is_visual() && self.tokens() == 0
    }
}

/// Every video as as many images as it has frames, for the schemes without a time axis.
///
/// Of a video with more than [`TOKENS_LIMIT`] frames, one more than that are left: still too many for
/// any layout.
pub fn frames_as_images(segments: &[Segment]) -> Vec<Segment> {
    let most = TOKENS_LIMIT as usize + 1;
    let frames = |&segment: &Segment| match segment {
        Segment::Video { t, h, w } => std::iter::repeat_n(Segment::Image { h, w }, most.min(t as usize)),
        other => std::iter::repeat_n(other, 1),
    };
    segments.iter().flat_map(frames).collect()
}

/// The word of the script: `text4`, `image3x4`, `video16x8x8`.
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { n } => write!(f, "text{n}"),
            Self::Image { h, w } => write!(f, "image{h}x{w}"),
            Self::Video { t, h, w } => write!(f, "video{t}x{h}x{w}"),
        }
    }
}

/// Segments to be displayed as the script that [`parse_segments`] reads: words with spaces between.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a>(pub &'a [Segment]);

impl fmt::Display for Script<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.iter().enumerate() {
            let space = if i > 0 { " " } else { "" };
            write!(f, "{space}{segment}")?;
        }
        Ok(())
    }
}

/// What is wrong with a word of the script.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum SegmentFault {
    /// It begins with none of `text`, `image`, `video`.
    #[error("is neither text, image nor video")]
    UnknownKind,

    /// What follows the kind is not the right count of whole numbers with an `x` between.
    #[error("needs 1 (text), 2 (image) or 3 (video) whole numbers")]
    BadNumber,

    /// An image or a video has no frame, no row or no column.
    #[error("has no patches")]
    EmptyGrid,

    /// With it the sequence has more than [`TOKENS_LIMIT`] tokens.
    #[error("makes more than {TOKENS_LIMIT} tokens")]
    TooManyTokens,
}

/// Reads a script such as `text4 image3x4 text3 video16x8x8`.
///
/// Words are separated by white space, commas or semicolons, Western or Chinese; the kinds in any
/// case; the sizes (rows × columns, frames × rows × columns) by `x`, `X`, `×` or `*`. Blank text gives
/// no segments.
///
/// # Errors
/// [`MathError::BadSegment`] with the first word that is wrong, its place and its fault.
pub fn parse_segments(text: &str) -> Result<Vec<Segment>, MathError> {
    let mut segments = Vec::new();
    let mut tokens = 0_u64;
    let words = text.split(|letter: char| letter.is_whitespace() || ",;，、；\u{feff}".contains(letter));
    for word in words.filter(|word| !word.is_empty()) {
        let segment = parse_word(word).and_then(|segment| {
            tokens = tokens.saturating_add(segment.tokens());
            if tokens > TOKENS_LIMIT { Err(SegmentFault::TooManyTokens) } else { Ok(segment) }
        });
        segments.push(segment.map_err(|fault| MathError::BadSegment {
            position: segments.len() + 1,
            word: word.chars().take(TOKEN_CAP).collect(),
            fault,
        })?);
    }
    Ok(segments)
}

fn parse_word(word: &str) -> Result<Segment, SegmentFault> {
    let sizes_begin = word.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(word.len());
    let (kind, sizes) = word.split_at(sizes_begin);
    let sizes = || sizes.split(['x', 'X', '×', '*']).map(parse_size).collect::<Result<Vec<u32>, _>>();
    let segment = match (kind.to_ascii_lowercase().as_str(), sizes) {
        ("text", sizes) => match sizes()?[..] {
            [n] => Segment::Text { n },
            _ => return Err(SegmentFault::BadNumber),
        },
        ("image", sizes) => match sizes()?[..] {
            [h, w] => Segment::Image { h, w },
            _ => return Err(SegmentFault::BadNumber),
        },
        ("video", sizes) => match sizes()?[..] {
            [t, h, w] => Segment::Video { t, h, w },
            _ => return Err(SegmentFault::BadNumber),
        },
        _ => return Err(SegmentFault::UnknownKind),
    };
    if segment.is_empty_grid() { Err(SegmentFault::EmptyGrid) } else { Ok(segment) }
}

/// Digits only; a number that does not fit is as good as the largest that does.
fn parse_size(digits: &str) -> Result<u32, SegmentFault> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SegmentFault::BadNumber);
    }
    Ok(digits.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: [Segment; 4] =
        [Segment::Text { n: 4 }, Segment::Image { h: 3, w: 4 }, Segment::Text { n: 0 }, Segment::Video { t: 16, h: 8, w: 8 }];

    #[test]
    fn a_script_is_read_whatever_its_punctuation() {
        for text in [
            "text4 image3x4 text0 video16x8x8",
            "\u{feff}TEXT4，Image3×4；text0、video16*8X8\n",
            "text04, image3x04;text0 video16x8x8",
        ] {
            assert_eq!(parse_segments(text), Ok(POST.to_vec()), "{text}");
        }
        assert_eq!(Script(&POST).to_string(), "text4 image3x4 text0 video16x8x8");
        assert_eq!(parse_segments(" ，\n"), Ok(vec![]));
        assert_eq!(Script(&[]).to_string(), "");
    }

    #[test]
    fn a_bad_word_is_named_placed_and_told_what_is_wrong() {
        use SegmentFault::{BadNumber, EmptyGrid, TooManyTokens, UnknownKind};
        for (text, position, word, fault) in [
            ("text4 audio3", 2, "audio3", UnknownKind),
            ("4", 1, "4", UnknownKind),
            ("图3x4", 1, "图3x4", UnknownKind),
            ("texts4", 1, "texts4", UnknownKind),
            ("text", 1, "text", BadNumber),
            ("text-1", 1, "text-1", BadNumber),
            ("text1.5", 1, "text1.5", BadNumber),
            ("text1x2", 1, "text1x2", BadNumber),
            ("text1 image3", 2, "image3", BadNumber),
            ("image3x", 1, "image3x", BadNumber),
            ("video3x4", 1, "video3x4", BadNumber),
            ("video1x2x3x4", 1, "video1x2x3x4", BadNumber),
            ("text1 text0 image0x4", 3, "image0x4", EmptyGrid),
            ("video2x0x9", 1, "video2x0x9", EmptyGrid),
            ("text1 image256x256", 2, "image256x256", TooManyTokens),
            ("text99999999999999999999", 1, "text99999999999999999999", TooManyTokens),
            ("video4294967295x4294967295x4294967295", 1, "video4294967295x42949672", TooManyTokens),
        ] {
            let word = word.to_owned();
            assert_eq!(parse_segments(text), Err(MathError::BadSegment { position, word, fault }), "{text}");
        }
    }

    #[test]
    fn the_largest_sequence_is_read_whole() {
        assert_eq!(parse_segments("text0 image256x256 text0").map(|segments| segments.len()), Ok(3));
    }

    #[test]
    fn frames_become_images() {
        let images = frames_as_images(&[Segment::Text { n: 2 }, Segment::Video { t: 2, h: 3, w: 1 }]);
        assert_eq!(Script(&images).to_string(), "text2 image3x1 image3x1");
    }
}
