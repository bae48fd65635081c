//! The tape of reads: attention's triangle of (query, step), unrolled into one sequence.

/// One read of the tape: query `i` at its inner step `t`, both counted from 1 as in the post.
///
/// Range: `1 ≤ t ≤ i`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Read {
    /// The query, from 1.
    pub i: u64,
    /// The step within its row, from 1.
    pub t: u64,
}

impl Read {
    /// The read at step `s` of the tape, `s = i(i−1)/2 + t`; none at 0, where the tape has not begun.
    ///
    /// Exact for every `s`: by an integer square root, because that of `f64` fails beyond `8s + 1 = 2^53`.
    /// Source: <https://kexue.fm/archives/10017>; the inverse is ours.
    pub fn at(s: u64) -> Option<Self> {
        let before = u128::from(s).checked_sub(1)?;
        let i = u128::midpoint(1, (8 * before + 1).isqrt());
        let t = before - i * (i - 1) / 2 + 1;
        Some(Self { i: u64::try_from(i).ok()?, t: u64::try_from(t).ok()? })
    }

    /// The step of the tape; none if this is no read (`t = 0`, `t > i`) or the step passes `u64`.
    pub fn step(self) -> Option<u64> {
        let Self { i, t } = self;
        if t == 0 || t > i {
            return None;
        }
        u64::try_from(u128::from(i) * u128::from(i - 1) / 2 + u128::from(t)).ok()
    }

    /// The key that is read when the newest comes first, `j = i − t + 1`, from 1.
    pub const fn newest_first(self) -> u64 {
        self.i.saturating_sub(self.t) + 1
    }

    /// Is this the first read of its row, before which the state is reset (the cut arrows)?
    pub const fn begins_row(self) -> bool {
        self.t == 1
    }

    /// Is this the last read of its row, after which the output stands?
    pub const fn ends_row(self) -> bool {
        self.t == self.i
    }
}

/// How long the tape of `l` tokens is, `l(l+1)/2`; exact.
pub const fn length(l: u64) -> u128 {
    let l = l as u128;
    // One of the two is even; halved first, so that nothing overflows.
    if l.is_multiple_of(2) { l / 2 * (l + 1) } else { l.div_ceil(2) * l }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_are_exact() {
        assert_eq!(Read::at(0), None);
        assert_eq!(Read::at(1), Some(Read { i: 1, t: 1 }));
        assert_eq!(Read::at(u64::MAX).and_then(Read::step), Some(u64::MAX));
        assert_eq!(Read { i: 3, t: 0 }.step(), None);
        assert_eq!(Read { i: 3, t: 4 }.step(), None);
        assert_eq!(Read { i: u64::MAX, t: 1 }.step(), None);
        assert_eq!(length(0), 0);
        assert_eq!(length(32), 528);
        assert_eq!(length(u64::MAX), u128::from(u64::MAX) << 63);
    }
}
