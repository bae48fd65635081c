//! Test signals for filters and memories.

use crate::rng::SplitMix64;
use std::f64::consts::TAU;

/// A signal of amplitude about 1.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Signal {
    /// 1 at the beginning, then 0.
    Impulse,
    /// 0 for the first quarter, then 1.
    Step,
    /// 1 throughout.
    Constant,
    /// Four periods of a sine.
    Sine,
    /// A sine whose frequency rises evenly from 0 to an eighth of a turn a sample.
    Chirp,
    /// Independent normal numbers of a seed.
    Noise(u64),
}

impl Signal {
    /// The first `len` samples of a signal of that length.
    pub fn samples(self, len: usize) -> Vec<f64> {
        let share = |t: usize| t as f64 / len as f64;
        let mut rng = SplitMix64::new(if let Self::Noise(seed) = self { seed } else { 0 });
        let sample = |t: usize| match self {
            Self::Impulse => f64::from(u8::from(t == 0)),
            Self::Step => f64::from(u8::from(4 * t >= len)),
            Self::Constant => 1.0,
            Self::Sine => (4.0 * TAU * share(t)).sin(),
            // The angle is the integral of the frequency.
            Self::Chirp => (TAU * t as f64 * share(t) / 16.0).sin(),
            Self::Noise(_) => rng.normal(),
        };
        (0..len).map(sample).collect()
    }
}

/// Sizes that are found in the wild.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelSize {
    /// The dimension `d` of the state.
    pub d: usize,
    /// The length `L` of the kernel.
    pub len: usize,
    /// The step `ε`.
    pub eps: f64,
}

/// The sizes at which "The Annotated S4" checks its kernel against its recurrence, `test_conversion`.
/// Source: <https://srush.github.io/annotated-s4/>.
pub const ANNOTATED_S4: KernelSize = KernelSize { d: 8, len: 16, eps: 1.0 / 16.0 };

/// A second of speech at 16 kHz, the length of the Speech Commands task of arXiv:2111.00396, whose state has `d = 64`. The step is
/// ours, `1/L`: there it is learned.
pub const SPEECH: KernelSize = KernelSize { d: 64, len: 16_000, eps: 1.0 / 16_000.0 };

/// What the widget opens with; the choice is its specification's.
pub const CLASSROOM: KernelSize = KernelSize { d: 16, len: 256, eps: 1.0 / 256.0 };

/// By hand: at `d = 1`, `ε = 2` the bilinear `Ā` is 0, and the kernel is `C, 0, 0, …`.
pub const BY_HAND: KernelSize = KernelSize { d: 1, len: 8, eps: 2.0 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_what_they_are_called() {
        assert_eq!(Signal::Impulse.samples(4), [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(Signal::Step.samples(8), [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(Signal::Constant.samples(2), [1.0; 2]);
        assert!((Signal::Sine.samples(16)[1] - 1.0).abs() < 1e-15);
        assert!((Signal::Chirp.samples(64)[2] - (TAU / 256.0).sin()).abs() < 1e-15);
        assert_eq!(Signal::Noise(3).samples(9), Signal::Noise(3).samples(9));
        assert!(Signal::Chirp.samples(0).is_empty());
    }
}
