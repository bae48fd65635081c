//! Results that are kept while what they were made of stays the same: a move of one control leaves most of the work as it is.

/// A result, and what it was made of.
#[derive(Clone, Debug)]
pub struct Kept<K, T> {
    of: Option<K>,
    /// The result, once there is one; what goes on in slices goes on here.
    pub value: Option<T>,
}

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self { of: None, value: None }
    }
}

impl<K: PartialEq, T> Kept<K, T> {
    /// Makes it anew if it was made of something else, and says whether it was.
    ///
    /// # Errors
    ///
    /// That of making it; then all stays as it was.
    pub fn renew<E>(&mut self, of: K, make: impl FnOnce(&K) -> Result<T, E>) -> Result<bool, E> {
        let is_stale = self.of.as_ref() != Some(&of);
        if is_stale {
            self.value = Some(make(&of)?);
            self.of = Some(of);
        }
        Ok(is_stale)
    }
}
