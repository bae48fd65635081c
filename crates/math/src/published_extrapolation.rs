//! What the posts printed about length extrapolation, and the models they speak of.

/// A model and the length it is to reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Name.
    pub name: &'static str,
    /// Size of a head.
    pub d: usize,
    /// Base of the frequencies.
    pub base: f64,
    /// `L_train`.
    pub train: usize,
    /// `L_test`.
    pub test: usize,
}

impl Setting {
    /// `s = L_test/L_train`.
    pub fn scale(&self) -> f64 {
        self.test as f64 / self.train as f64
    }
}

/// The models of the posts, Llama 3.1, and a toy small enough to be drawn in full.
///
/// Source: the models' configurations; <https://kexue.fm/archives/9708> (GAU).
pub const SETTINGS: [Setting; 5] = [
    Setting { name: "LLaMA-2", d: 128, base: 1e4, train: 4096, test: 16384 },
    Setting { name: "LLaMA-1", d: 128, base: 1e4, train: 2048, test: 16384 },
    Setting { name: "GAU", d: 128, base: 1e4, train: 512, test: 4096 },
    Setting { name: "Llama-3.1", d: 128, base: 5e5, train: 8192, test: 131_072 },
    Setting { name: "toy", d: 16, base: 100.0, train: 64, test: 256 },
];

/// Accuracy of a method in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// The method as the post calls it.
    pub method: &'static str,
    /// At the trained length, 512.
    pub trained: f64,
    /// At 4096, text repeated.
    pub repeated: f64,
    /// At 4096, text not repeated.
    pub not_repeated: f64,
}

const fn accuracy(method: &'static str, [trained, repeated, not_repeated]: [f64; 3]) -> Accuracy {
    Accuracy { method, trained, repeated, not_repeated }
}

/// Token accuracy of a GAU language model of 0.1 billion parameters, trained at length 512.
///
/// Source: <https://kexue.fm/archives/9706>, <https://kexue.fm/archives/9708>, <https://kexue.fm/archives/9859>,
/// <https://kexue.fm/archives/9603>.
pub const GAU_ACCURACY: [Accuracy; 20] = [
    accuracy("Baseline", [49.41, 24.17, 23.16]),
    accuracy("Baseline-logn", [49.40, 24.60, 24.02]),
    accuracy("PI", [49.41, 15.04, 13.54]),
    accuracy("NTK-old", [49.41, 51.28, 39.27]),
    accuracy("NTK-fixed", [49.41, 51.86, 39.61]),
    accuracy("NTK-mixed", [49.41, 53.09, 40.12]),
    accuracy("NTK-logn-mixed", [49.40, 68.91, 45.41]),
    accuracy("YaRN", [49.41, 80.10, 47.45]),
    accuracy("ReRoPE-w64", [49.41, 69.39, 45.19]),
    accuracy("ReRoPE-w128", [49.41, 76.11, 47.82]),
    accuracy("ReRoPE-w256", [49.41, 77.90, 48.48]),
    accuracy("ReRoPE-w384", [49.41, 70.72, 48.15]),
    accuracy("ReRoPE-w512", [49.41, 7.09, 8.25]),
    accuracy("ReRoPE-w128-logn", [49.40, 85.47, 48.87]),
    accuracy("LeakyReRoPE-w128-k16-logn", [49.40, 85.15, 49.10]),
    accuracy("LeakyReRoPE-w128-k8-logn", [49.40, 80.00, 48.11]),
    accuracy("HWFA", [48.70, 80.84, 48.15]),
    accuracy("KeyNorm (KNA)", [49.60, 61.08, 47.69]),
    accuracy("QueryNorm (QNA)", [49.55, 22.45, 22.18]),
    accuracy("CosA", [49.73, 58.90, 46.98]),
];

/// Loss of LLaMA2-13B at 4096 (trained), 8192 and 16384 tokens; `None` where the post gives none.
///
/// Source: <https://kexue.fm/archives/9708>.
pub const LLAMA2_LOSS: [(&str, [Option<f64>; 3]); 3] = [
    ("RoPE", [Some(1.4967), Some(8.8615), None]),
    ("NTK-RoPE", [Some(1.6081), Some(1.5417), Some(1.5163)]),
    ("ReRoPE", [Some(1.4996), Some(1.4267), Some(1.4001)]),
];

/// The smallest base `b*` with `f_b(m) ≥ 0` for `m < L`, `d = 128`: the length in tokens, and the base to two digits.
///
/// Source: <https://kexue.fm/archives/10122>.
pub const SMALLEST_BASE: [(usize, f64); 11] = [
    (1 << 10, 4.3e3),
    (1 << 11, 1.2e4),
    (1 << 12, 2.7e4),
    (1 << 13, 8.4e4),
    (1 << 14, 2.3e5),
    (1 << 15, 6.3e5),
    (1 << 16, 2.1e6),
    (1 << 17, 4.9e6),
    (1 << 18, 2.4e7),
    (1 << 19, 5.8e7),
    (1 << 20, 6.5e7),
];

/// Lengths of [`LOG_N_ACCURACY`].
pub const LOG_N_LENGTHS: [usize; 5] = [64, 128, 256, 512, 1024];

/// Accuracy in percent of a masked language model trained at 64 tokens, with `1/√d` and with the logarithm of the length.
///
/// Source: <https://kexue.fm/archives/8823>.
pub const LOG_N_ACCURACY: [(&str, [f64; 5]); 2] =
    [("softmax(QK/sqrt d)", [43.27, 36.53, 23.02, 15.12, 11.54]), ("log n scaled", [43.11, 41.17, 34.04, 20.15, 13.58])];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_extends() {
        assert_eq!(SETTINGS.map(|setting| setting.scale()), [4.0, 8.0, 8.0, 16.0, 4.0]);
    }
}
