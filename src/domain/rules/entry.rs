//! An entry of the catalogue of rules.

use super::Rule;
use crate::domain::field::{Field, RawLine};

/// What a broken rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The declaration is refused until the line is mended.
    Error,
    /// The person is asked to look again, and may go on.
    Warning,
}

impl Severity {
    /// French word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Error => "erreur",
            Self::Warning => "avertissement",
        }
    }
}

/// What differs in one line of a fixture from [`minimal_line`].
pub(super) type Changes = &'static [(Field, &'static str)];

/// One rule: what it asks, what it rests on, and lines that break it and no other.
#[derive(Debug, Clone, Copy)]
pub struct RuleEntry {
    /// The rule.
    pub rule: Rule,
    /// Stable code, never used again for another rule.
    pub code: &'static str,
    /// What it does when broken.
    pub severity: Severity,
    /// French title.
    pub title_fr: &'static str,
    /// French explanation: why, and what is accepted.
    pub explanation_fr: &'static str,
    /// Rule of the design, or text, that it rests on (French).
    pub rests_on: &'static str,
    /// Flow year for which the fixture breaks the rule.
    pub flow_year: u16,
    /// Lines that break this rule and no other, as differences from a valid line.
    pub(super) fixture: &'static [Changes],
}

impl RuleEntry {
    /// The lines that break this rule and no other.
    #[must_use]
    pub fn lines(&self) -> Vec<RawLine> {
        let line = |changes: &Changes| {
            changes.iter().fold(minimal_line(), |line, (field, text)| line.with(*field, *text))
        };
        self.fixture.iter().map(line).collect()
    }
}

/// A valid line with the mandatory fields only, for any flow year.
#[must_use]
pub(super) fn minimal_line() -> RawLine {
    RawLine::default()
        .with(Field::Title, "Forage de trois puits")
        .with(Field::Recipient, "255")
        .with(Field::Purpose, "14030")
        .with(Field::Channel, "22000")
        .with(Field::Nature, "projet")
        .with(Field::AmountPaid, "12500,00")
}
