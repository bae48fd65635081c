//! The noise race: seeded draws of `argmax(x + ε)`, the experiment behind Perturb-Max.

use crate::error::MathError;
use crate::logits::scan;
use crate::noise::Noise;
use crate::rng::SplitMix64;

/// The largest number of logits that may race.
pub const RACE_LIMIT: usize = 64;

/// Runs the draws `from..to` of a race and adds each winner to `counts`.
///
/// Draw `r` depends on the seed, the noise, the number of logits and `r` only, so a race can be run
/// in slices, in any order. Shape: `counts` as `x`. `−∞` is a mask and never wins.
/// Source: <https://kexue.fm/archives/10145>.
///
/// # Errors
/// [`MathError::Empty`], [`MathError::EverythingMasked`], [`MathError::NotFinite`],
/// [`MathError::TooMany`] above [`RACE_LIMIT`], [`MathError::LengthMismatch`].
pub fn race(x: &[f64], noise: Noise, seed: u64, from: u64, to: u64, counts: &mut [u64]) -> Result<(), MathError> {
    check(x)?;
    if counts.len() != x.len() {
        return Err(MathError::LengthMismatch { left: x.len(), right: counts.len() });
    }
    for draw in from..to {
        let mut rng = start(x, noise, seed, draw);
        let (mut winner, mut best) = (0, f64::NEG_INFINITY);
        for (i, &value) in x.iter().enumerate() {
            let height = value + noise.sample(&mut rng);
            if height > best {
                (winner, best) = (i, height);
            }
        }
        counts[winner] += 1;
    }
    Ok(())
}

/// The noises `ε_i` of one draw, to be shown; the race's own, masked logits included.
///
/// Shape: as `x`.
///
/// # Errors
/// Those of [`race`].
pub fn race_noises(x: &[f64], noise: Noise, seed: u64, draw: u64) -> Result<Vec<f64>, MathError> {
    check(x)?;
    let mut rng = start(x, noise, seed, draw);
    Ok(x.iter().map(|_| noise.sample(&mut rng)).collect())
}

fn check(x: &[f64]) -> Result<(), MathError> {
    scan(x)?;
    if x.len() > RACE_LIMIT { Err(MathError::TooMany { limit: RACE_LIMIT }) } else { Ok(()) }
}

/// The generator at the beginning of a draw. Each draw owns a block of the stream; masked logits
/// use theirs too, so that masking one logit leaves the noises of the others alone.
fn start(x: &[f64], noise: Noise, seed: u64, draw: u64) -> SplitMix64 {
    SplitMix64::at(seed, draw.wrapping_mul(x.len() as u64 * noise.draws()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::perturb_max::perturb_max;

    #[test]
    fn the_winners_converge_to_perturb_max() {
        let x = [0.2, 1.0, -0.5, f64::NEG_INFINITY];
        let rounds = 40_000;
        for noise in Noise::ALL {
            let p = perturb_max(&x, noise).expect("legal");
            let mut counts = [0; 4];
            race(&x, noise, 42, 0, rounds, &mut counts).expect("legal");
            for i in 0..4 {
                let share = counts[i] as f64 / rounds as f64;
                // Four standard errors.
                let band = 4.0 * (p[i] * (1.0 - p[i]) / rounds as f64).sqrt();
                assert!((share - p[i]).abs() <= band, "{noise:?} {i}: {share} {}", p[i]);
            }
        }
    }

    #[test]
    fn slices_add_up_to_the_whole() {
        let x = [0.2, 1.0, -0.5];
        for noise in Noise::ALL {
            let (mut whole, mut slices) = ([0; 3], [0; 3]);
            race(&x, noise, 1, 0, 100, &mut whole).expect("legal");
            race(&x, noise, 1, 37, 100, &mut slices).expect("legal");
            race(&x, noise, 1, 0, 37, &mut slices).expect("legal");
            assert_eq!(whole, slices);
        }
    }

    #[test]
    fn the_shown_noises_are_those_that_decided() {
        let x = [0.2, 1.0, -0.5];
        for draw in 0..50 {
            let mut counts = [0; 3];
            race(&x, Noise::Normal, 7, draw, draw + 1, &mut counts).expect("legal");
            let heights: Vec<f64> = race_noises(&x, Noise::Normal, 7, draw)
                .expect("legal")
                .iter()
                .zip(x)
                .map(|(noise, value)| value + noise)
                .collect();
            let winner = counts.iter().position(|&count| count == 1).expect("one winner");
            assert!(heights.iter().all(|&height| height <= heights[winner]));
        }
    }

    #[test]
    fn too_many_racers_and_too_few_counters_are_errors() {
        assert_eq!(race(&[0.0; 65], Noise::Normal, 0, 0, 1, &mut [0; 65]), Err(MathError::TooMany { limit: 64 }));
        assert_eq!(race(&[0.0; 3], Noise::Normal, 0, 0, 1, &mut [0; 2]), Err(MathError::LengthMismatch { left: 3, right: 2 }));
    }
}
