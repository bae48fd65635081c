//! Accelerators as the roofline model sees them: peak arithmetic, bandwidth and memory of one card.

/// The arithmetic of a matrix product.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Arithmetic {
    /// bfloat16 operands.
    Bf16,
    /// Operands of 8 bits.
    Fp8,
}

/// How well a number of the table is known.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Evidence {
    /// Read on secondary pages.
    Secondary,
    /// From memory, not looked up.
    Unverified,
}

/// One card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accelerator {
    /// Short name, an address: never renamed.
    pub key: &'static str,
    /// Name for readers.
    pub name: &'static str,
    /// Peak of dense products of bfloat16, FLOP/s (two for a multiplication and an addition).
    pub peak: f64,
    /// Peak of dense products of 8-bit floats, FLOP/s, where the card has them.
    pub peak_fp8: Option<f64>,
    /// Bandwidth of the memory, bytes/s.
    pub bandwidth: f64,
    /// Memory, bytes; in decimal gigabytes as sold.
    pub memory: f64,
    /// How well these are known.
    pub evidence: Evidence,
}

/// The cards of the widget.
pub const ACCELERATORS: [Accelerator; 4] = [
    Accelerator {
        key: "h100",
        name: "H100 SXM",
        peak: 989.4e12,
        peak_fp8: Some(1978.9e12),
        bandwidth: 3.35e12,
        memory: 80e9,
        evidence: Evidence::Secondary,
    },
    Accelerator {
        key: "a100",
        name: "A100 SXM 80GB",
        peak: 312e12,
        peak_fp8: None,
        bandwidth: 2.039e12,
        memory: 80e9,
        evidence: Evidence::Secondary,
    },
    Accelerator {
        key: "h200",
        name: "H200 SXM",
        peak: 989.4e12,
        peak_fp8: Some(1978.9e12),
        bandwidth: 4.8e12,
        memory: 141e9,
        evidence: Evidence::Unverified,
    },
    Accelerator {
        key: "h800",
        name: "H800 SXM",
        peak: 989.4e12,
        peak_fp8: Some(1978.9e12),
        bandwidth: 3.35e12,
        memory: 80e9,
        evidence: Evidence::Unverified,
    },
];

/// The card of a key.
pub fn accelerator(key: &str) -> Option<&'static Accelerator> {
    ACCELERATORS.iter().find(|card| card.key == key)
}

impl Accelerator {
    /// Peak in some arithmetic, FLOP/s; that of bfloat16 where there is none for 8 bits.
    pub fn peak_of(&self, arithmetic: Arithmetic) -> f64 {
        match arithmetic {
            Arithmetic::Bf16 => self.peak,
            Arithmetic::Fp8 => self.peak_fp8.unwrap_or(self.peak),
        }
    }

    /// The intensity from which arithmetic is the limit, FLOP/byte: 295 for H100, 153 for A100.
    pub fn ridge(&self, arithmetic: Arithmetic) -> f64 {
        self.peak_of(arithmetic) / self.bandwidth
    }

    /// The roof: FLOP/s attainable at an intensity in FLOP/byte, `min(peak, intensity·bandwidth)`.
    ///
    /// Source: S. Williams, A. Waterman, D. Patterson, "Roofline", CACM 52 (2009).
    pub fn attainable(&self, intensity: f64, arithmetic: Arithmetic) -> f64 {
        self.peak_of(arithmetic).min(intensity * self.bandwidth)
    }

    /// Seconds for some FLOPs on some bytes, `max(FLOPs/peak, bytes/bandwidth)`.
    pub fn time(&self, flops: f64, bytes: f64, arithmetic: Arithmetic) -> f64 {
        (flops / self.peak_of(arithmetic)).max(bytes / self.bandwidth)
    }
}
