//! One fault of one line.

use super::{Rule, Severity};
use crate::domain::field::Field;

/// What is wrong, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Index of the line in the list that was checked, from 0.
    pub line: usize,
    /// Field at fault; none when it is the line as a whole.
    pub field: Option<Field>,
    /// Beginning of what the field holds, on one line.
    pub value: String,
    /// The rule that is broken.
    pub rule: Rule,
    /// French sentence: what is wrong.
    pub message: String,
    /// French sentence: what to write instead.
    pub hint: String,
}

impl Issue {
    /// Whether the line is refused.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        matches!(self.rule.severity(), Severity::Error)
    }
}
