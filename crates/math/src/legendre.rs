//! Legendre polynomials `P_n` on `−1..=1`, `P_n(1) = 1`.

/// `P_n(x)` and `P_n'(x)` for `|x| < 1`, by the three-term recurrence.
pub fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut previous, mut current) = (1.0, x);
    if n == 0 {
        return (1.0, 0.0);
    }
    for k in 2..=n {
        let k = k as f64;
        (previous, current) = (current, ((2.0 * k - 1.0) * x * current - (k - 1.0) * previous) / k);
    }
    (current, n as f64 * (x * current - previous) / (x * x - 1.0))
}

/// Fills `values` with `P_0(x), P_1(x), …`.
///
/// Range: `−1 ≤ x ≤ 1`; the values too are in `−1..=1`, absolute error some `ε·n`.
pub fn legendre_values(x: f64, values: &mut [f64]) {
    let (mut previous, mut current) = (0.0, 1.0);
    for (n, value) in values.iter_mut().enumerate() {
        *value = current;
        let n = n as f64;
        (previous, current) = (current, ((2.0 * n + 1.0) * x * current - n * previous) / (n + 1.0));
    }
}

/// Fills `integrals` with `∫_{−1}^x P_0, ∫_{−1}^x P_1, …`: `x + 1`, then `(P_{n+1}(x) − P_{n−1}(x))/(2n + 1)`.
///
/// Range: `−1 ≤ x ≤ 1`. Source: <https://dlmf.nist.gov/18.9#E7>.
pub fn legendre_integrals(x: f64, integrals: &mut [f64]) {
    // P_{n−1} and P_n; with P_{−1} = −1 the formula holds at n = 0 too.
    let (mut previous, mut current) = (-1.0, 1.0);
    for (n, integral) in integrals.iter_mut().enumerate() {
        let n = n as f64;
        let next = if n > 0.0 { ((2.0 * n + 1.0) * x * current - n * previous) / (n + 1.0) } else { x };
        *integral = (next - previous) / (2.0 * n + 1.0);
        (previous, current) = (current, next);
    }
}

/// `Σ_n c_n √(2n+1) P_n(x)`: the series in the polynomials that are orthonormal under the mean over `−1..=1`.
///
/// Range: `−1 ≤ x ≤ 1`. No coefficients give 0.
pub fn legendre_series(c: &[f64], x: f64) -> f64 {
    let (mut previous, mut current, mut sum) = (0.0, 1.0, 0.0);
    for (n, c) in c.iter().enumerate() {
        let n = n as f64;
        sum += c * (2.0 * n + 1.0).sqrt() * current;
        (previous, current) = (current, ((2.0 * n + 1.0) * x * current - n * previous) / (n + 1.0));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gauss_legendre::gauss_legendre;

    #[test]
    fn the_first_polynomials_are_those_of_the_tables() {
        for i in -10..=10 {
            let x = f64::from(i) / 10.0;
            let mut values = [0.0; 5];
            legendre_values(x, &mut values);
            let x2 = x * x;
            let exact = [1.0, x, 1.5 * x2 - 0.5, x * (2.5 * x2 - 1.5), ((35.0 * x2 - 30.0) * x2 + 3.0) / 8.0];
            for (got, exact) in values.iter().zip(exact) {
                assert!((got - exact).abs() < 1e-15, "{x} {got} {exact}");
            }
        }
    }

    #[test]
    fn integrals_are_those_of_quadrature_and_the_series_is_orthonormal() {
        let (nodes, weights) = gauss_legendre(20);
        let (mut values, mut integrals) = ([0.0; 30], [0.0; 30]);
        for x in [-1.0, -0.7, 0.0, 0.4, 1.0] {
            legendre_integrals(x, &mut integrals);
            let mut sums = [0.0; 30];
            for (node, weight) in nodes.iter().zip(&weights) {
                let half = 0.5 * (x + 1.0);
                legendre_values(half * (node + 1.0) - 1.0, &mut values);
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += half * weight * value);
            }
            for (got, exact) in integrals.iter().zip(sums) {
                assert!((got - exact).abs() < 1e-15, "{x} {got} {exact}");
            }
        }
        let unit = |n: usize| (0..10).map(|k| f64::from(u8::from(k == n))).collect::<Vec<_>>();
        for (a, b) in (0..100).map(|at| (at / 10, at % 10)) {
            let mean: f64 = nodes
                .iter()
                .zip(&weights)
                .map(|(x, w)| 0.5 * w * legendre_series(&unit(a), *x) * legendre_series(&unit(b), *x))
                .sum();
            assert!((mean - f64::from(u8::from(a == b))).abs() < 1e-14, "{a} {b} {mean}");
        }
    }
}
