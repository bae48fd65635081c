//! Factors on the logits of longer contexts: YaRN's temperature and the logarithm of the length.

use crate::error::MathError;

/// Slope of YaRN's factor in `ln s` near `s = 1`; compare [`log_n_slope`].
pub const YARN_SLOPE: f64 = 0.2;

/// Hugging Face's `mscale` `0.1·m ln s + 1`, which multiplies the cosines *and* the sines; 1 for `s ≤ 1`.
///
/// `m` is 1 but for the models that set `mscale`.
/// Source: `get_mscale` in `_compute_yarn_parameters` of `transformers` 5.23.0.
pub fn mscale(scale: f64, m: f64) -> f64 {
    if scale <= 1.0 { 1.0 } else { 0.1 * m * scale.ln() + 1.0 }
}

/// YaRN's factor on the logits, `(1 + 0.1 ln s)²`: queries and keys are both multiplied by [`mscale`].
///
/// Found by trying. Source: arXiv:2309.00071.
pub fn yarn_factor(scale: f64) -> f64 {
    mscale(scale, 1.0) * mscale(scale, 1.0)
}

/// Its tangent at `s = 1`, `1 + 0.2 ln s`; 1 for `s ≤ 1`.
pub fn yarn_factor_linearised(scale: f64) -> f64 {
    if scale <= 1.0 { 1.0 } else { 1.0 + YARN_SLOPE * scale.ln() }
}

/// `λ_n = max(1, ln n/ln L_train)` for the query of position `n − 1`: with it, entropy stays about where training left it.
///
/// Source: <https://kexue.fm/archives/8823>, <https://kexue.fm/archives/9948>.
///
/// # Errors
/// Those of [`log_n_ratio`].
pub fn log_n_factor(n: usize, train: usize) -> Result<f64, MathError> {
    Ok(log_n_ratio(n, train)?.max(1.0))
}

/// `ln n/ln L`, as it is when trained with it; 0 at `n = 1`.
///
/// # Errors
/// [`MathError::BelowOne`] (`n`), [`MathError::TrainedLengthTooShort`] (below 2, where the logarithm is not positive).
pub fn log_n_ratio(n: usize, train: usize) -> Result<f64, MathError> {
    if n < 1 {
        return Err(MathError::BelowOne { field: "n", value: n as f64 });
    }
    log_n_slope(train).map(|slope| (n as f64).ln() * slope)
}

/// `1/ln L_train`, the slope of `λ_n` in `ln s`: 0.13 and 0.12 at 2048 and 4096, against YaRN's 0.2.
///
/// # Errors
/// [`MathError::TrainedLengthTooShort`] (below 2).
pub fn log_n_slope(train: usize) -> Result<f64, MathError> {
    if train < 2 {
        return Err(MathError::TrainedLengthTooShort { length: train, least: 2 });
    }
    Ok(1.0 / (train as f64).ln())
}

/// Which factor `λ` multiplies the logits `q·k/√d`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum LogitFactor {
    /// None: 1.
    One,
    /// [`yarn_factor`] of the scale.
    Yarn,
    /// [`log_n_factor`] of the query's own length.
    LogN,
    /// [`log_n_ratio`] to 512, whatever the trained length. Source: <https://kexue.fm/archives/8823>.
    Log512,
}

impl LogitFactor {
    /// `λ` for the query of position `n − 1`.
    ///
    /// # Errors
    /// Those of [`log_n_ratio`]; [`MathError::ParameterOutOfRange`] (a scale that is not finite). Each factor looks only at what it reads.
    pub fn at(self, n: usize, train: usize, scale: f64) -> Result<f64, MathError> {
        match self {
            Self::One => Ok(1.0),
            Self::Yarn if scale.is_finite() => Ok(yarn_factor(scale)),
            Self::Yarn => Err(MathError::ParameterOutOfRange(scale)),
            Self::LogN => log_n_factor(n, train),
            Self::Log512 => log_n_ratio(n, 512),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slopes_are_of_the_same_order() {
        let slope = |train| format!("{:.2}", log_n_slope(train).expect("legal"));
        assert_eq!([slope(2048), slope(4096)], ["0.13", "0.12"]);
        let near = 1e-6;
        assert!((yarn_factor(1.0 + near) - 1.0 - YARN_SLOPE * near).abs() < 1e-12);
    }

    #[test]
    fn a_choice_reads_only_what_it_needs() {
        assert_eq!(LogitFactor::Yarn.at(0, 0, 4.0), Ok(yarn_factor(4.0)));
        assert_eq!(LogitFactor::Log512.at(512, 0, 1.0).map(|value| (value * 1e12).round()), Ok(1e12));
        assert_eq!(LogitFactor::LogN.at(3, 512, 1.0), Ok(1.0));
    }
}
