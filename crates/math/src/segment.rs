//! The segments of a multimodal sequence.

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

/// Segments from words such as `text4 image3x4 video16x8x8`, the shorthand of the tests. What a reader writes is read by the
/// interface, which knows the language of its messages.
#[cfg(test)]
pub(crate) fn script(words: &str) -> Vec<Segment> {
    let segment = |word: &str| {
        let (kind, sizes) = word.split_at(word.find(|letter: char| letter.is_ascii_digit()).expect("sizes"));
        let sizes: Vec<u32> = sizes.split('x').map(|size| size.parse().expect("a size")).collect();
        match (kind, &sizes[..]) {
            ("text", &[n]) => Segment::Text { n },
            ("image", &[h, w]) => Segment::Image { h, w },
            ("video", &[t, h, w]) => Segment::Video { t, h, w },
            _ => panic!("no segment: {word}"),
        }
    };
    words.split_whitespace().map(segment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_become_images() {
        let images = frames_as_images(&script("text2 video2x3x1"));
        assert_eq!(images, script("text2 image3x1 image3x1"));
    }
}
