//! What an import or a decision did, for the person and the journal.

use std::collections::BTreeMap;

use crate::domain::collectivity::CollectivityKind;

/// What changed, and what deserves a look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Bodies added.
    pub created: u64,
    /// Bodies of which something changed.
    pub changed: u64,
    /// Bodies that disappeared and were closed.
    pub closed: u64,
    /// Bodies or rows that said nothing new.
    pub unchanged: u64,
    /// Bodies by kind, in what was read.
    pub kinds: BTreeMap<CollectivityKind, u64>,
    /// Bodies without SIREN, in what was read: "à compléter".
    pub incomplete: u64,
    /// Sentences in French about what no rule forbids but a person should see.
    pub notices: Vec<String>,
}

impl Summary {
    /// Whether nothing is to be written.
    #[must_use]
    pub const fn is_unchanged(&self) -> bool {
        self.created == 0 && self.changed == 0 && self.closed == 0
    }

    /// Bodies in what was read.
    #[must_use]
    pub fn bodies(&self) -> u64 {
        self.kinds.values().sum()
    }
}
