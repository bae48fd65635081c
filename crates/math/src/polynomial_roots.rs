//! All complex roots of a polynomial at once.

use num_complex::Complex64;

/// Rounds after which the roots are taken as they are.
const ROUNDS: usize = 200;

/// A step that is so small a part of its root ends its way.
const STILL: f64 = 4.0 * f64::EPSILON;

/// The roots of `Σ aₖ zᵏ`, each as often as it counts, without order.
///
/// Leading coefficients that are 0, exactly or beside the largest (below `1e-300` of it), lower the degree: their roots are at infinity
/// and are not among those returned. A constant has no roots, nor has 0.
///
/// Source: O. Aberth, *Iteration methods for finding all zeros of a polynomial simultaneously* (1973), from the beginnings of D. A. Bini,
/// *Numerical computation of polynomial zeros by means of Aberth's method* (1996): circles whose radii come from the convex hull of the
/// coefficients' logarithms. Simple roots are as exact as the coefficients allow; a root of multiplicity m is within about `ε^(1/m)`.
pub fn roots(coefficients: &[Complex64]) -> Vec<Complex64> {
    let largest = coefficients.iter().map(|a| a.norm()).fold(0.0, f64::max);
    let is_there = |a: &Complex64| a.norm() > 1e-300 * largest;
    let Some(last) = coefficients.iter().rposition(is_there) else { return Vec::new() };
    let first = coefficients.iter().position(is_there).unwrap_or(0);
    let a = &coefficients[first..=last];
    let mut all = beginnings(a);
    let mut moving: Vec<usize> = (0..all.len()).collect();
    for _ in 0..ROUNDS {
        moving.retain(|&at| {
            let z = all[at];
            let repelled: Complex64 =
                all.iter().enumerate().filter(|&(other, w)| other != at && *w != z).map(|(_, w)| (z - w).inv()).sum();
            // 1 / (p′/p − Σ 1/(z − w)); where p is 0 the root is found.
            let Some(slope) = logarithmic_derivative(a, z) else { return false };
            let step = (slope - repelled).inv();
            if !step.is_finite() {
                return true;
            }
            all[at] = z - step;
            step.norm() > STILL * z.norm()
        });
        if moving.is_empty() {
            break;
        }
    }
    all.extend(std::iter::repeat_n(Complex64::ZERO, first));
    all
}

/// `p′(z)/p(z)`; `None` where `p(z)` is 0. Outside the unit circle by the polynomial of `1/z`, so that no power overflows.
fn logarithmic_derivative(a: &[Complex64], z: Complex64) -> Option<Complex64> {
    let horner = |coefficients: &mut dyn Iterator<Item = &Complex64>, z: Complex64| {
        coefficients.fold((Complex64::ZERO, Complex64::ZERO), |(p, slope), a| (p * z + a, slope * z + p))
    };
    let is_inside = z.norm_sqr() <= 1.0;
    let w = if is_inside { z } else { z.inv() };
    let (p, slope) = if is_inside { horner(&mut a.iter().rev(), w) } else { horner(&mut a.iter(), w) };
    if p == Complex64::ZERO {
        return None;
    }
    let ratio = slope / p;
    Some(if is_inside { ratio } else { w * ((a.len() - 1) as f64 - w * ratio) })
}

/// Points on circles, as many on each as roots are about as far from 0.
fn beginnings(a: &[Complex64]) -> Vec<Complex64> {
    let height = |at: usize| a[at].norm().ln();
    let slope = |from: usize, to: usize| (height(to) - height(from)) / (to as f64 - from as f64);
    // The corners of the upper hull of (k, ln |aₖ|), from left to right.
    let mut corners: Vec<usize> = Vec::new();
    for at in (0..a.len()).filter(|&at| a[at] != Complex64::ZERO) {
        while let [.., before, corner] = corners[..]
            && slope(before, corner) <= slope(corner, at)
        {
            corners.pop();
        }
        corners.push(at);
    }
    let mut all = Vec::with_capacity(a.len() - 1);
    for pair in corners.windows(2) {
        let (count, radius) = (pair[1] - pair[0], (-slope(pair[0], pair[1])).exp());
        // Turned a little, and each circle otherwise: symmetric beginnings would stay symmetric.
        let angle = |m: usize| std::f64::consts::TAU * m as f64 / count as f64 + 0.7 + pair[0] as f64;
        all.extend((0..count).map(|m| Complex64::from_polar(radius, angle(m))));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The coefficients of `Π (z − r)`.
    fn product(roots: &[Complex64]) -> Vec<Complex64> {
        let mut a = vec![Complex64::ONE];
        for root in roots {
            let mut next = vec![Complex64::ZERO; a.len() + 1];
            for (at, value) in a.iter().enumerate() {
                next[at + 1] += value;
                next[at] -= value * root;
            }
            a = next;
        }
        a
    }

    /// The largest distance of a root from the nearest of those expected, each taken once.
    fn distance(found: &[Complex64], expected: &[Complex64]) -> f64 {
        assert_eq!(found.len(), expected.len());
        let mut left = expected.to_vec();
        let mut worst = 0.0_f64;
        for root in found {
            let near = (0..left.len()).min_by(|&i, &j| (left[i] - root).norm().total_cmp(&(left[j] - root).norm()));
            worst = worst.max((left.swap_remove(near.expect("as many")) - root).norm());
        }
        worst
    }

    #[test]
    fn roots_of_unity_of_high_degree_are_found() {
        let mut a = vec![Complex64::ZERO; 129];
        (a[0], a[128]) = (-Complex64::ONE, Complex64::ONE);
        let expected: Vec<Complex64> =
            (0..128).map(|m| Complex64::from_polar(1.0, std::f64::consts::TAU * f64::from(m) / 128.0)).collect();
        assert!(distance(&roots(&a), &expected) < 1e-14);
    }

    #[test]
    fn roots_of_very_different_size_are_found() {
        let expected: Vec<Complex64> = [1e-8, 1e-3, 0.5, 2.0, 1e3, 1e7].map(Complex64::from).to_vec();
        let found = roots(&product(&expected));
        for root in &expected {
            let nearest = found.iter().map(|z| (z - root).norm()).fold(f64::INFINITY, f64::min);
            assert!(nearest < 1e-12 * root.norm(), "{root}: {nearest}");
        }
    }

    #[test]
    fn what_has_no_roots_has_none() {
        let [zero, one] = [Complex64::ZERO, Complex64::ONE];
        for a in [&[][..], &[zero], &[one], &[zero, zero], &[one, zero, zero]] {
            assert_eq!(roots(a), []);
        }
        assert_eq!(roots(&[zero, zero, one]), [zero, zero]);
        assert_eq!(roots(&[one, one, zero]), [-one]);
    }

    #[test]
    fn a_multiple_root_is_found_as_often_as_it_counts() {
        let found = roots(&product(&[Complex64::new(0.3, 0.4); 3]));
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|z| (z - Complex64::new(0.3, 0.4)).norm() < 1e-4), "{found:?}");
    }

    proptest! {
        #[test]
        fn the_polynomial_comes_back(parts in prop::collection::vec((-2.0_f64..2.0, -2.0_f64..2.0), 2..24)) {
            let a: Vec<Complex64> = parts.into_iter().map(|(re, im)| Complex64::new(re, im)).collect();
            let lead = a[a.len() - 1];
            prop_assume!(lead.norm() > 0.1);
            let back = product(&roots(&a));
            let size = a.iter().map(|a| a.norm()).fold(0.0, f64::max);
            for (own, back) in a.iter().zip(back) {
                prop_assert!((own - back * lead).norm() < 1e-9 * size, "{} {}", own, back * lead);
            }
        }
    }
}
