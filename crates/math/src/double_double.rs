//! Double-double numbers: an unevaluated sum of two floats, some 32 digits.

/// The number `high + low`, `|low|` at most half a unit in the last place of `high`.
///
/// Range: products must neither overflow nor fall below 1e-280.
/// Source: T. J. Dekker, "A floating-point technique for extending the available precision", 1971.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct DoubleDouble {
    /// The nearest float.
    pub high: f64,
    /// What is left.
    pub low: f64,
}

impl DoubleDouble {
    /// A float, exactly.
    pub const fn new(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }

    /// The product with a float; relative error at most 2^-104.
    pub fn times(self, factor: f64) -> Self {
        let high = self.high * factor;
        let low = self.high.mul_add(factor, -high) + self.low * factor;
        let sum = high + low;
        Self { high: sum, low: low - (sum - high) }
    }

    /// The difference to a float that is near by or 0, rounded once.
    pub fn minus(self, value: f64) -> f64 {
        (self.high - value) + self.low
    }

    /// Its cosine, within some units in the last place of `f64`, whatever the number of turns.
    pub fn cos(self) -> f64 {
        let (sin, cos) = self.high.sin_cos();
        cos - self.low * sin
    }
}

/// `base^(−i/n)` with some 31 digits, by one step of Newton's method on `x^n·base^i = 1`.
///
/// Range: `1 < base ≤ 1e100`, `i < n ≤ 2^20`.
pub fn inverse_root_power(base: f64, i: usize, n: usize) -> DoubleDouble {
    let guess = base.powf(-(i as f64) / n as f64);
    // The factors in an order that keeps the product between 1/base and base.
    let mut product = DoubleDouble::new(1.0);
    let mut due = 0;
    for _ in 0..n {
        product = product.times(guess);
        due += i;
        if due >= n {
            due -= n;
            product = product.times(base);
        }
    }
    let correction = -guess * product.minus(1.0) / n as f64;
    let high = guess + correction;
    DoubleDouble { high, low: correction - (high - guess) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_keeps_what_a_float_loses() {
        let third = DoubleDouble { high: 1.0 / 3.0, low: 1.850_371_707_708_594e-17 };
        let one = third.times(3.0);
        assert_eq!(one.high, 1.0);
        assert!(one.low.abs() < 1e-32, "{:e}", one.low);
    }

    #[test]
    fn a_root_solves_its_equation_to_thirty_digits() {
        for base in [2.0, 10.0, 1e4, 1e7] {
            // (h + l)²·b = 1: what times(h) leaves out is (h + l)·l.
            let root = inverse_root_power(base, 1, 2);
            let square = root.times(root.high).times(base);
            let residue = square.minus(1.0) + base * root.high * root.low;
            assert!(residue.abs() < 1e-30, "{base}: {residue:e}");
            assert!(root.low != 0.0 && root.high + root.low == root.high, "{base}: {:e}", root.low);
        }
        // The float nearest to a tenth is too large by 5.55e-18.
        let tenth = inverse_root_power(10.0, 1, 1);
        assert!((tenth.low + 5.551_115_123_125_783e-18).abs() < 1e-32, "{:e}", tenth.low);
    }
}
