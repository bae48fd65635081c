//! Round numbers along an axis.

use crate::contract::figure::{Axis, AxisScale, Ticks};
use crate::contract::number;

/// The ticks of an axis: at most about `most` of them, each with its label, all within the range.
pub fn ticks(axis: &Axis, most: usize) -> Vec<(f64, String)> {
    match (&axis.ticks, axis.scale) {
        (Ticks::None, _) => Vec::new(),
        (Ticks::At(given), _) => given.iter().filter(|(at, _)| within(axis, *at)).cloned().collect(),
        (Ticks::Auto, AxisScale::Linear) => linear(axis.from, axis.to, most),
        (Ticks::Auto, AxisScale::Log) => decades(axis.from, axis.to, most),
        (Ticks::Auto, AxisScale::Power) => exponents(axis.from, axis.to, most),
    }
}

fn within(axis: &Axis, at: f64) -> bool {
    let slack = (axis.to - axis.from).abs() * 1e-9;
    at >= axis.from - slack && at <= axis.to + slack
}

/// Multiples of 1, 2 or 5 times a power of ten.
fn linear(from: f64, to: f64, most: usize) -> Vec<(f64, String)> {
    let span = to - from;
    if !(span.is_finite() && span > 0.0) || most == 0 {
        return Vec::new();
    }
    let rough = span / most as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough * (1.0 - 1e-9)).unwrap_or(10.0 * power);
    if step < from.abs().max(to.abs()) * 1e-14 {
        return Vec::new(); // the range is narrower than the spacing of f64 there
    }
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    let first = (from / step - 1e-9).ceil();
    (0..=2 * most + 2)
        .map(|k| (first + k as f64) * step)
        .take_while(|at| *at <= to + step * 1e-9)
        .map(|at| if at.abs() < step * 1e-9 { 0.0 } else { at })
        .map(|at| (at, if at.abs() >= 1e5 || step < 1e-4 { number::short(at, 4) } else { number::fixed(at, decimals) }))
        .collect()
}

/// Powers of ten, thinned to fit.
fn decades(from: f64, to: f64, most: usize) -> Vec<(f64, String)> {
    if !(from > 0.0 && to > from) || most == 0 {
        return Vec::new();
    }
    let first = (from.log10() - 1e-9).ceil() as i32;
    let last = (to.log10() + 1e-9).floor() as i32;
    let stride = ((last - first + 1).max(1) as usize).div_ceil(most);
    let label = |k: i32| if (-3..=4).contains(&k) { number::short(10_f64.powi(k), 3) } else { number::raised(k.into()) };
    (first..=last).step_by(stride.max(1)).map(|k| (10_f64.powi(k), label(k))).collect()
}

/// Whole exponents, written as powers of ten.
fn exponents(from: f64, to: f64, most: usize) -> Vec<(f64, String)> {
    let whole = linear(from, to, most).into_iter().filter(|(at, _)| at.fract() == 0.0);
    whole.map(|(at, _)| (at, number::raised(at as i64))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_parse_back_to_their_places() {
        for (from, to) in [(0.0, 1.0), (-3.0, 3.0), (0.0, 0.07), (-1250.0, 990.0), (2.0, 2.0005)] {
            let ticks = ticks(&Axis::linear(from, to), 6);
            assert!((2..=8).contains(&ticks.len()), "{from}..{to}: {ticks:?}");
            for (at, label) in ticks {
                let read = number::read(&label).unwrap();
                assert!((read - at).abs() <= (to - from) * 1e-6, "{label} stands at {at}");
                assert!(at >= from - 1e-12 && at <= to + 1e-12);
            }
        }
    }

    #[test]
    fn a_hopeless_range_has_no_ticks() {
        for (from, to) in [(1.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (1e300, 1e300 + 1e284)] {
            assert!(ticks(&Axis::linear(from, to), 5).len() <= 12, "{from}..{to}");
        }
        assert!(ticks(&Axis::log(0.0, 1.0), 5).is_empty());
    }

    #[test]
    fn decades_are_thinned() {
        let many = ticks(&Axis::log(1e-12, 1.0), 5);
        assert!(many.len() <= 6, "{many:?}");
        assert!(many.iter().any(|(at, _)| (*at - 1e-12).abs() < 1e-15));
    }
}
