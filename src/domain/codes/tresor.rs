//! Columns of the DG Trésor table.

use super::Pattern;

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TresorColumn {
    /// Code: `A1` to `A11`, `REFUGIES`, `MULTILATERAL`.
    pub code: Box<str>,
    /// French name.
    pub name_fr: Box<str>,
    /// Place in the table.
    pub order: u16,
}

/// One row of the mapping; the first that matches wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TresorRule {
    /// Types of aid.
    pub aid_type: Pattern,
    /// Purposes.
    pub purpose: Pattern,
    /// Channels.
    pub channel: Pattern,
    /// Code of the column.
    pub column: Box<str>,
}

impl TresorRule {
    /// Whether the row takes a line; `family` is that of the channel.
    #[must_use]
    pub fn takes(&self, aid_type: &str, purpose: &str, channel: &str, family: &str) -> bool {
        self.aid_type.matches(aid_type, aid_type)
            && self.purpose.matches(purpose, purpose)
            && self.channel.matches(channel, family)
    }
}
