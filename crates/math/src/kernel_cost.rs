//! What the roads to the S4 kernel cost, in floating point operations on real numbers: a complex product counts 6, a sum 2.
//!
//! Leading terms, as a textbook counts; what symmetry and lanes save is not told. Source: the spec of this widget, own count.

/// A road to the kernel of `d` dimensions and `L` numbers, or to its use on a signal.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum KernelRoad {
    /// `x ← Āx` with a dense `Ā`: `2d²L`, after `d³` for `Ā`.
    Powers,
    /// The same with the cumulative sums of `LegS`: `10dL`.
    Recurrence,
    /// A dense system at each root of unity: `(8/3)d³L`.
    DirectSolve,
    /// Diagonal plus low rank, four Cauchy sums at each root: `25dL`, after `10d³` for eigenvalues and `d³·log₂L` for `Ā^L`.
    Cauchy,
    /// The closed resolvent at each root: `20dL`, after `d³·log₂L` for `Ā^L`.
    Rational,
}

impl KernelRoad {
    /// All five.
    pub const ALL: [Self; 5] = [Self::Powers, Self::Recurrence, Self::DirectSolve, Self::Cauchy, Self::Rational];

    /// Operations for the kernel; the transform back from the roots is counted where there is one.
    pub fn flops(self, d: usize, len: usize) -> f64 {
        let (d, length) = (d as f64, len as f64);
        let cube = d.powi(3);
        let bits = if len > 1 { length.log2() } else { 0.0 };
        match self {
            Self::Powers => 2.0 * d * d * length + cube,
            Self::Recurrence => 10.0 * d * length,
            Self::DirectSolve => 8.0 / 3.0 * cube * length + back(len),
            Self::Cauchy => 25.0 * d * length + 10.0 * cube + cube * bits + back(len),
            Self::Rational => 20.0 * d * length + cube * bits + back(len),
        }
    }

    /// Numbers that are kept, if every root or step is done before the next.
    pub fn numbers(self, d: usize, len: usize) -> usize {
        match self {
            Self::Recurrence | Self::Rational => d + len,
            Self::Powers | Self::DirectSolve | Self::Cauchy => d * d + d + len,
        }
    }
}

/// Operations of a convolution of `L` numbers by FFT: `30L·log₂(2L)`.
pub fn convolution_flops(len: usize) -> f64 {
    if len == 0 { 0.0 } else { 30.0 * len as f64 * (2.0 * len as f64).log2() }
}

/// Operations of the recurrence over a signal of `L` numbers: `10dL`; nothing of it can be done at the same time.
pub fn recurrence_flops(d: usize, len: usize) -> f64 {
    10.0 * d as f64 * len as f64
}

/// One transform of `L` complex numbers, `5L·log₂L`.
fn back(len: usize) -> f64 {
    if len > 1 { 5.0 * len as f64 * (len as f64).log2() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_spec() {
        let at = |road: KernelRoad| road.flops(64, 16_384);
        assert!((at(KernelRoad::Powers) - (134_217_728.0 + 262_144.0)).abs() < 1.0);
        assert!((at(KernelRoad::Recurrence) - 10_485_760.0).abs() < 1.0);
        // The honest table: on one core the recurrence costs less than Cauchy's sums.
        assert!(at(KernelRoad::Recurrence) < at(KernelRoad::Rational) && at(KernelRoad::Rational) < at(KernelRoad::Cauchy));
        assert!(at(KernelRoad::Cauchy) < at(KernelRoad::Powers) && at(KernelRoad::Powers) < at(KernelRoad::DirectSolve));
        assert!((convolution_flops(16_384) - 30.0 * 16_384.0 * 15.0).abs() < 1e-6);
        for road in KernelRoad::ALL {
            assert!(road.flops(1, 1).is_finite() && road.numbers(1, 1) >= 2, "{road:?}");
        }
    }
}
