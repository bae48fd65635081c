//! The shortest list that still fails.

/// The most trials: a long list whose failure is slow is told a little longer than it must be.
const TRIALS: usize = 2000;

/// Strikes out ever smaller parts of a list for as long as what is left still fails (Zeller's delta debugging).
pub fn shrink<T: Clone>(list: &[T], fails: impl Fn(&[T]) -> bool) -> Vec<T> {
    let mut left = list.to_vec();
    let mut trials = 0;
    let mut part = left.len().div_ceil(2);
    while part > 0 && trials < TRIALS {
        let mut at = 0;
        let mut is_shorter = false;
        while at < left.len() && trials < TRIALS {
            let end = (at + part).min(left.len());
            let rest = [&left[..at], &left[end..]].concat();
            trials += 1;
            if fails(&rest) {
                left = rest;
                is_shorter = true;
            } else {
                at = end;
            }
        }
        if !is_shorter || part > 1 {
            part /= 2;
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::shrink;

    #[test]
    fn what_is_needed_is_kept_and_nothing_else() {
        let list: Vec<u32> = (0..1000).collect();
        let needs = |list: &[u32]| list.contains(&17) && list.contains(&800);
        assert_eq!(shrink(&list, needs), [17, 800]);
        assert_eq!(shrink(&list, |list| list.iter().sum::<u32>() >= 999), [999]);
    }
}
