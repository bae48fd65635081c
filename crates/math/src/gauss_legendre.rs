//! Gauss–Legendre quadrature.

use crate::legendre::legendre;
use std::f64::consts::PI;

/// Nodes and weights of the `n`-point rule on `−1..=1`, nodes rising; exact for polynomials of degree
/// `2n − 1`.
///
/// Shape: two vectors of length `n`. Found by Newton's method on the Legendre polynomial.
/// Source: <https://dlmf.nist.gov/3.5#v>.
pub fn gauss_legendre(n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut nodes = vec![0.0; n];
    let mut weights = vec![0.0; n];
    for i in 0..n.div_ceil(2) {
        // Tricomi's first guess; converges quadratically from here.
        let mut x = (PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
        let mut derivative = 1.0;
        for _ in 0..20 {
            let (value, slope) = legendre(n, x);
            derivative = slope;
            let step = value / slope;
            x -= step;
            if step.abs() < 1e-16 {
                derivative = legendre(n, x).1;
                break;
            }
        }
        if 2 * i + 1 == n {
            x = 0.0;
        }
        let weight = 2.0 / ((1.0 - x * x) * derivative * derivative);
        nodes[i] = -x;
        nodes[n - 1 - i] = x;
        weights[i] = weight;
        weights[n - 1 - i] = weight;
    }
    (nodes, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_up_to_twice_the_order_are_integrated_exactly() {
        for n in 1..=64_u32 {
            let (nodes, weights) = gauss_legendre(n as usize);
            for degree in 0..2 * n {
                let got: f64 = nodes.iter().zip(&weights).map(|(x, w)| w * x.powf(f64::from(degree))).sum();
                let exact = if degree % 2 == 0 { 2.0 / f64::from(degree + 1) } else { 0.0 };
                assert!((got - exact).abs() < 4e-15, "n {n}, degree {degree}: {got} {exact}");
            }
        }
    }
}
