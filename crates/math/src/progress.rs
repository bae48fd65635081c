//! How far a computation is that is done in slices.

/// What a long computation tells after each slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Is the result ready?
    pub done: bool,
    /// Share of the work that is done, `0..=1`; 1 only when done.
    pub fraction: f64,
}

impl Progress {
    /// `spent` of `total` units of work.
    pub fn of(spent: usize, total: usize) -> Self {
        let done = spent >= total;
        Self { done, fraction: if done { 1.0 } else { spent as f64 / total as f64 } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_do_is_done() {
        assert_eq!(Progress::of(0, 0), Progress { done: true, fraction: 1.0 });
        assert_eq!(Progress::of(1, 4), Progress { done: false, fraction: 0.25 });
    }
}
