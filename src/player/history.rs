//! Undo and redo: settings, one entry a gesture.

use crate::contract::setting::Setting;

/// The most entries kept; a setting is small, or shared.
const MOST: usize = 200;

/// What can be undone and redone.
#[derive(Clone, Debug, Default)]
pub struct History {
    past: Vec<Setting>,
    future: Vec<Setting>,
    /// The setting before the gesture that is under way.
    before: Option<Setting>,
}

impl History {
    /// A gesture changes the setting: the first change of a gesture keeps what was before it.
    pub fn touch(&mut self, current: &Setting) {
        if self.before.is_none() {
            self.before = Some(current.clone());
        }
    }

    /// The gesture ends; if it changed anything it can be undone from now on.
    pub fn commit(&mut self, current: &Setting) {
        let Some(before) = self.before.take().filter(|before| before != current) else { return };
        self.past.push(before);
        self.future.clear();
        if self.past.len() > MOST {
            self.past.remove(0);
        }
    }

    /// The setting before the last change.
    pub fn undo(&mut self, current: &Setting) -> Option<Setting> {
        self.commit(current);
        let back = self.past.pop()?;
        self.future.push(current.clone());
        Some(back)
    }

    /// The setting before the last undo.
    pub fn redo(&mut self, current: &Setting) -> Option<Setting> {
        self.commit(current);
        let again = self.future.pop()?;
        self.past.push(current.clone());
        Some(again)
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty() || self.before.is_some()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::value::Value;

    fn at(number: f64) -> Setting {
        Setting(vec![Value::Number(number)])
    }

    #[test]
    fn a_drag_is_one_entry() {
        let mut history = History::default();
        history.touch(&at(0.0));
        history.touch(&at(1.0));
        history.touch(&at(2.0));
        history.commit(&at(3.0));
        assert_eq!(history.undo(&at(3.0)), Some(at(0.0)));
        assert_eq!(history.undo(&at(0.0)), None);
        assert_eq!(history.redo(&at(0.0)), Some(at(3.0)));
    }

    #[test]
    fn a_gesture_that_changes_nothing_leaves_no_entry_and_keeps_redo() {
        let mut history = History::default();
        history.touch(&at(0.0));
        history.commit(&at(1.0));
        history.undo(&at(1.0));
        history.touch(&at(0.0));
        history.commit(&at(0.0));
        assert!(history.can_redo());
        assert!(!history.can_undo());
    }

    #[test]
    fn a_new_change_ends_redo_and_old_entries_fall_off() {
        let mut history = History::default();
        for k in 0..300 {
            history.touch(&at(f64::from(k)));
            history.commit(&at(f64::from(k + 1)));
        }
        assert!(!history.can_redo());
        let mut current = at(300.0);
        let mut count = 0;
        while let Some(back) = history.undo(&current) {
            current = back;
            count += 1;
        }
        assert_eq!(count, MOST);
    }
}
