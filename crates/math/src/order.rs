//! The order of numbers. One way of sorting for all, because each use of the standard library's is kilobytes of program more.

/// Up to so many numbers are put in order one by one.
const FEW: usize = 32;

/// The indices of numbers, the largest number first; equal numbers, 0 and −0 among them, in the order of their indices.
///
/// Time `O(n)`: counting by bytes of the bits, the lowest byte first. No number is NaN.
pub fn order_descending(values: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    let key = |index: u32| descending_key(values[index as usize]);
    if values.len() <= FEW {
        for end in 1..order.len() {
            let mut at = end;
            while at > 0 && key(order[at - 1]) > key(order[at]) {
                order.swap(at - 1, at);
                at -= 1;
            }
        }
        return order;
    }
    let mut counts = [[0_u32; 256]; 8];
    for &value in values {
        for (count, byte) in counts.iter_mut().zip(descending_key(value).to_le_bytes()) {
            count[usize::from(byte)] += 1;
        }
    }
    let mut other = vec![0; order.len()];
    for (digit, count) in counts.iter_mut().enumerate() {
        // Where all numbers share a byte it tells nothing.
        if count.iter().any(|&count| count as usize == values.len()) {
            continue;
        }
        let mut start = 0;
        for place in count.iter_mut() {
            (*place, start) = (start, start + *place);
        }
        for &index in &order {
            let place = &mut count[usize::from(key(index).to_le_bytes()[digit])];
            other[*place as usize] = index;
            *place += 1;
        }
        std::mem::swap(&mut order, &mut other);
    }
    order
}

/// Sorts numbers downwards.
pub fn sort_descending(values: &mut [f64]) {
    let sorted: Vec<f64> = order_descending(values).into_iter().map(|index| values[index as usize]).collect();
    values.copy_from_slice(&sorted);
}

/// Sorts numbers upwards.
pub fn sort_ascending(values: &mut [f64]) {
    sort_descending(values);
    values.reverse();
}

/// A whole number that is the smaller the larger the value.
fn descending_key(value: f64) -> u64 {
    // Adding 0 makes −0 a plain 0.
    let bits = (value + 0.0).to_bits();
    // As they stand, the bits of positive numbers rise with them, those of negative ones fall.
    if bits >> 63 == 0 { !(bits | 1 << 63) } else { bits }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;

    #[test]
    fn the_order_is_downwards_and_ties_keep_their_indices() {
        assert_eq!(order_descending(&[1.0, 3.0, f64::NEG_INFINITY, 3.0, 2.0]), [1, 3, 4, 0, 2]);
        assert_eq!(order_descending(&[-0.0, 0.0, -0.0]), [0, 1, 2]);
        assert!(order_descending(&[]).is_empty());
    }

    #[test]
    fn it_is_the_order_of_the_standard_library() {
        let mut rng = SplitMix64::new(3);
        for n in [2, 31, 32, 33, 100, 5000] {
            for spread in [1e-300, 1.0, 1e300] {
                let mut values: Vec<f64> = (0..n).map(|_| (rng.normal() * 4.0).round() * spread).collect();
                values[n / 2] = f64::NEG_INFINITY;
                values[0] = f64::INFINITY;
                let mut expected: Vec<u32> = (0..n as u32).collect();
                expected.sort_by(|a, b| values[*b as usize].partial_cmp(&values[*a as usize]).expect("no NaN"));
                assert_eq!(order_descending(&values), expected, "{n} {spread}");
                sort_ascending(&mut values);
                assert!(values.is_sorted());
            }
        }
    }
}
