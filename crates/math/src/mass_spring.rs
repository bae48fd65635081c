//! A mass on a spring as a state space: the first example of what `A`, `B` and `C` stand for.

use crate::error::MathError;

/// `m·y″ = u − k·y − b·y′` as `x′ = Ax + Bu`, `y = C·x`, with `x = (y, y′)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MassSpring {
    /// Stiffness `k`, at least 0.
    pub stiffness: f64,
    /// Friction `b`, at least 0.
    pub friction: f64,
    /// Mass `m`, positive.
    pub mass: f64,
}

impl Default for MassSpring {
    /// `k = 40`, `b = 5`, `m = 1`. Source: "The Annotated S4", `example_mass`, <https://srush.github.io/annotated-s4/>.
    fn default() -> Self {
        Self { stiffness: 40.0, friction: 5.0, mass: 1.0 }
    }
}

impl MassSpring {
    /// `A = [[0, 1], [−k/m, −b/m]]`, row by row.
    ///
    /// # Errors
    /// [`MathError::ScaleNotPositive`] (the mass); [`MathError::ParameterOutOfRange`] (stiffness, friction).
    pub fn matrix(self) -> Result<[f64; 4], MathError> {
        self.check()?;
        Ok([0.0, 1.0, -self.stiffness / self.mass, -self.friction / self.mass])
    }

    /// `B = (0, 1/m)`.
    ///
    /// # Errors
    /// Those of [`MassSpring::matrix`].
    pub fn input(self) -> Result<[f64; 2], MathError> {
        self.check()?;
        Ok([0.0, self.mass.recip()])
    }

    /// `C = (1, 0)`: what is seen is the place.
    pub fn output() -> [f64; 2] {
        [1.0, 0.0]
    }

    /// The force of the same source at time `t`: `sin 10t` where that is above ½, and nothing otherwise. Its picture has 100 samples of
    /// the time `0..1`.
    pub fn pushes(t: f64) -> f64 {
        let wave = (10.0 * t).sin();
        if wave > 0.5 { wave } else { 0.0 }
    }

    fn check(self) -> Result<(), MathError> {
        if !(self.mass > 0.0 && self.mass.is_finite() && self.mass.recip().is_finite()) {
            return Err(MathError::ScaleNotPositive(self.mass));
        }
        match [self.stiffness, self.friction].into_iter().find(|x| !(*x >= 0.0 && (x / self.mass).is_finite())) {
            Some(bad) => Err(MathError::ParameterOutOfRange(bad)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discretise::Discretisation;
    use crate::state_space::Recurrence;

    #[test]
    fn a_steady_force_stretches_the_spring_by_one_over_its_stiffness() {
        let spring = MassSpring::default();
        let (a, b) = (spring.matrix().expect("legal"), spring.input().expect("legal"));
        for scheme in [Discretisation::Bilinear, Discretisation::ZeroOrderHold] {
            let mut motion = Recurrence::new(scheme.discretise(&a, &b, 0.01).expect("legal")).expect("legal");
            let run = motion.run(&MassSpring::output(), &[2.0; 2000]).expect("legal");
            assert!((run.values[1999] - 2.0 / 40.0).abs() < 1e-12, "{scheme:?}");
            // It overshoots: 25 < 160, the friction is below the critical one.
            assert!(run.values.iter().any(|&y| y > 0.05 * 1.1), "{scheme:?}");
        }
    }

    #[test]
    fn what_has_no_mass_does_not_move() {
        let spring = MassSpring::default();
        assert_eq!(MassSpring { mass: 0.0, ..spring }.matrix(), Err(MathError::ScaleNotPositive(0.0)));
        assert_eq!(MassSpring { friction: -1.0, ..spring }.input(), Err(MathError::ParameterOutOfRange(-1.0)));
        assert!(MassSpring { stiffness: f64::NAN, ..spring }.matrix().is_err());
        assert!(MassSpring::pushes(0.0) <= 0.0 && (MassSpring::pushes(0.1) - 1.0_f64.sin()).abs() < 1e-15);
    }
}
