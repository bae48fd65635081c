//! Shannon entropy of a probability vector.

/// `−Σ p_i ln p_i` in nats, with `0 ln 0 = 0`.
///
/// Range of the result: `0..=ln n`. Entries outside of `0..=1` are the caller's error.
pub fn entropy(p: &[f64]) -> f64 {
    let negative: f64 = p.iter().filter(|&&value| value > 0.0).map(|&value| value * value.ln()).sum();
    // −0 would be shown with its sign.
    (-negative).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_is_zero_for_certainty_and_ln_n_for_ignorance() {
        assert_eq!(entropy(&[0.0, 1.0]).to_bits(), 0);
        assert!((entropy(&[0.25; 4]) - 4.0_f64.ln()).abs() < 1e-15);
    }
}
