//! Adam, the optimiser by running moments of the gradient.

/// Decay of the running mean.
const BETA_1: f64 = 0.9;

/// Decay of the running mean of squares.
const BETA_2: f64 = 0.999;

/// Keeps the step finite where the gradient vanishes.
const EPSILON: f64 = 1e-8;

/// The running moments of `n` parameters.
///
/// Source: D. P. Kingma, J. Ba, arXiv:1412.6980, with its default constants.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam {
    rate: f64,
    mean: Vec<f64>,
    square: Vec<f64>,
    /// `β₁ᵗ` and `β₂ᵗ`.
    powers: (f64, f64),
}

impl Adam {
    /// At the beginning, for `n` parameters and a learning rate.
    pub fn new(n: usize, rate: f64) -> Self {
        Self { rate, mean: vec![0.0; n], square: vec![0.0; n], powers: (1.0, 1.0) }
    }

    /// One step down the gradient, in place. Shape: `n` each.
    pub fn step(&mut self, x: &mut [f64], gradient: &[f64]) {
        debug_assert!(x.len() == self.mean.len() && gradient.len() == x.len(), "n numbers each");
        self.powers = (self.powers.0 * BETA_1, self.powers.1 * BETA_2);
        let (mean_scale, square_scale) = (1.0 / (1.0 - self.powers.0), 1.0 / (1.0 - self.powers.1));
        let moments = self.mean.iter_mut().zip(&mut self.square);
        for ((x, g), (mean, square)) in x.iter_mut().zip(gradient).zip(moments) {
            *mean = BETA_1 * *mean + (1.0 - BETA_1) * g;
            *square = BETA_2 * *square + (1.0 - BETA_2) * g * g;
            *x -= self.rate * *mean * mean_scale / ((*square * square_scale).sqrt() + EPSILON);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_steps_are_those_of_the_paper() {
        let mut adam = Adam::new(2, 0.1);
        let mut x = [1.0, 1.0];
        adam.step(&mut x, &[2.0, -1e-3]);
        // Whatever the size of the gradient, the first step is the rate (1e-8 matters little).
        assert!((x[0] - 0.9).abs() < 1e-9 && (x[1] - 1.1).abs() < 2e-6, "{x:?}");
        adam.step(&mut x, &[1.0, 0.0]);
        let mean = (0.9 * 0.2 + 0.1) / (1.0 - 0.81);
        let square = (0.999 * 0.004 + 0.001) / (1.0 - 0.998_001);
        assert!((x[0] - (0.9 - 0.1 * mean / f64::sqrt(square))).abs() < 1e-8, "{x:?}");
    }

    #[test]
    fn it_walks_down_a_bowl() {
        let mut adam = Adam::new(1, 0.05);
        let mut x = [3.0];
        for _ in 0..2000 {
            let gradient = [2.0 * (x[0] - 1.0)];
            adam.step(&mut x, &gradient);
        }
        assert!((x[0] - 1.0).abs() < 1e-3, "{x:?}");
    }
}
