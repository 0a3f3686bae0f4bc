//! What there is to write once a ledger was changed.

use crate::domain::day::Day;
use crate::domain::siren::Siren;

use super::body::{Association, Source, State, Succession};

/// What there is to write; nothing where nothing changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Bodies to insert, by key.
    pub created: Vec<Identity>,
    /// Bodies whose existence, source or current name changed.
    pub amended: Vec<Identity>,
    /// States to insert.
    pub states: Vec<(String, State)>,
    /// Associated regions to insert, or whose last year changed.
    pub associations: Vec<(String, Association)>,
    /// Successions to insert.
    pub successions: Vec<Succession>,
    /// Every body with each of its ancestors, where a succession was added.
    pub lineage: Option<Vec<(Siren, Siren)>>,
    /// Words to find bodies by, each with the key of a body.
    pub words: Vec<(String, String)>,
    /// Bodies without SIREN, with the SIREN that they have now.
    pub replaced: Vec<(String, Siren)>,
    /// The millésime that held every other body of the package that lasts.
    pub confirmed: Option<u16>,
    /// First and last days that changed, for the journal: they are in
    /// [`Changes::amended`] too.
    pub existences: Vec<Existence>,
}

/// Between which days a body exists, before and after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existence {
    /// Key.
    pub id: String,
    /// First and last days before.
    pub before: Days,
    /// First and last days after.
    pub after: Days,
}

/// First and last days, where known.
pub type Days = (Option<Day>, Option<Day>);

/// What a body is apart from its states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Key.
    pub id: String,
    /// SIREN.
    pub siren: Option<Siren>,
    /// First day.
    pub exists_from: Option<Day>,
    /// Last day, inclusive.
    pub exists_until: Option<Day>,
    /// Last millésime that held it.
    pub millesime: u16,
    /// Where it comes from.
    pub source: Source,
    /// Current name, folded; empty once another body took its place.
    pub sort_key: String,
}

impl Changes {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
