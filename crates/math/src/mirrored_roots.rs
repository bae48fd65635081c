//! Waves of one density: roots of the amplitude, mirrored at the unit circle.

use num_complex::Complex64;

use crate::polynomial_roots::roots;

/// The factor that puts `1/r̄` in the place of the root `r`, at a point `z` of the unit circle: `z · conj(z − r)/(z − r)`.
///
/// Its modulus is 1 whatever `r` is; at the root itself it is taken for 1. Source: the Blaschke factor `(1 − r̄z)/(z − r)`, any
/// textbook of complex analysis; here with `z̄ = 1/z`.
pub fn mirror_factor(root: Complex64, z: Complex64) -> Complex64 {
    let way = z - root;
    if way == Complex64::ZERO { Complex64::ONE } else { z * way.conj() / way }
}

/// The roots of `Σ aₖ zᵏ` in the order of their angles, from −π to π.
pub fn roots_around(a: &[Complex64]) -> Vec<Complex64> {
    let mut all = roots(a);
    all.sort_unstable_by(|r, s| r.arg().total_cmp(&s.arg()));
    all
}

/// Coefficients `bₖ` with `|Σ bₖ zᵏ| = |Σ aₖ zᵏ|` on the unit circle, some of whose roots are the mirror images of those of `a`.
///
/// Shape: as many as `a`. `mirrored` are roots of `a`, each as often as it is mirrored. Source: the theorem of Fejér and Riesz leaves
/// just this choice; our own computation, by samples on the circle.
pub fn mirrored_coefficients(a: &[Complex64], mirrored: &[Complex64]) -> Vec<Complex64> {
    let count = a.len();
    let turn = |k: usize| Complex64::from_polar(1.0, std::f64::consts::TAU * (k % count) as f64 / count as f64);
    let sample = |m: usize| {
        let z = turn(m);
        let own: Complex64 = a.iter().rev().fold(Complex64::ZERO, |sum, a| sum * z + a);
        mirrored.iter().fold(own, |value, root| value * mirror_factor(*root, z))
    };
    let samples: Vec<Complex64> = (0..count).map(sample).collect();
    let coefficient = |k: usize| {
        let sum: Complex64 = samples.iter().enumerate().map(|(m, value)| value * turn(m * k).conj()).sum();
        sum / count as f64
    };
    (0..count).map(coefficient).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(a: &[Complex64], z: Complex64) -> Complex64 {
        a.iter().rev().fold(Complex64::ZERO, |sum, a| sum * z + a)
    }

    #[test]
    fn one_root_is_mirrored_by_hand() {
        // 1 − 2z has the root 1/2; mirrored, 2: z − 2 up to its sign, as long on the circle.
        let a = [Complex64::ONE, Complex64::from(-2.0)];
        let b = mirrored_coefficients(&a, &roots_around(&a));
        let sign = b[1] / b[1].norm();
        assert!((b[0] / sign + 2.0).norm() < 1e-14 && (b[1] / sign - 1.0).norm() < 1e-14, "{b:?}");
    }

    #[test]
    fn the_factor_has_modulus_one_and_is_finite() {
        let z = Complex64::from_polar(1.0, 0.3);
        for root in [Complex64::ZERO, z, z * (1.0 + 1e-16), Complex64::new(1e9, -3.0), Complex64::new(0.2, 0.7)] {
            assert!((mirror_factor(root, z).norm() - 1.0).abs() < 1e-15, "{root}");
        }
    }

    proptest! {
        #[test]
        fn every_choice_of_roots_has_the_same_density(
            parts in prop::collection::vec((-1.0_f64..1.0, -1.0_f64..1.0), 2..16),
            count in 0_usize..16,
        ) {
            let a: Vec<Complex64> = parts.into_iter().map(|(re, im)| Complex64::new(re, im)).collect();
            prop_assume!(a.iter().all(|a| a.norm() > 0.05));
            let all = roots_around(&a);
            let b = mirrored_coefficients(&a, &all[..count.min(all.len())]);
            let size: f64 = a.iter().map(|a| a.norm()).sum();
            // At places that are none of the samples: only a polynomial of this degree agrees there too.
            for step in 0..64 {
                let z = Complex64::from_polar(1.0, 0.05 + 0.1 * f64::from(step));
                prop_assert!((value(&a, z).norm() - value(&b, z).norm()).abs() < 1e-9 * size);
            }
        }
    }
}
