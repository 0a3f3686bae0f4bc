//! The CRS++ lines (ADR 18): one row a payment, or payments of one recipient, purpose, channel and type of aid together.
//!
//! | file | what it holds |
//! |---|---|
//! | [`items`] | the columns, as `reports/ocde-crs/items.csv` defines them |
//! | [`record`] | the values of a row, and the cell of an item |
//! | [`checks`] | the cross-checks of the OECD's form, run on each row |
//! | [`tally`] | the sums and counts that the control sheet shows |
//! | [`numbering`] | identifiers, natures of submission, and what goes on record |
//! | [`rows`] | rows as CSV or as sheets |
//! | [`lines`] | the report of one row a line |
//! | [`grouped`] | the report of one row a group |

pub mod checks;
pub mod grouped;
pub mod items;
pub mod lines;
pub mod numbering;
pub mod record;
pub mod rows;
mod sheets;
pub mod tally;

pub use grouped::CrsGroups;
pub use lines::CrsLines;

use std::collections::BTreeMap;

use crate::domain::crs::{CrsId, CrsLine, GroupKey};
use crate::reports::{Result, Written};

/// Title of every form of the lines.
pub const TITLE: &str = "Aide publique au développement des collectivités territoriales, notification CRS++";

/// The identifiers that a report is given: those on record, and the next ones if it may give some.
#[derive(Debug, Clone, Default)]
pub struct Identifiers {
    /// The next number of an activity; none where identifiers are not given.
    pub next_activity: Option<u32>,
    /// The next number of a group; none where identifiers are not given.
    pub next_group: Option<u32>,
    /// The groups of the year that have one.
    pub groups: BTreeMap<GroupKey, CrsId>,
}

/// What a written report of the CRS says of itself.
#[derive(Debug)]
pub struct CrsWritten {
    /// As of every report.
    pub written: Written,
    /// The first rows that fail a cross-check, in French; none may be released.
    pub faults: Vec<String>,
    /// How many rows fail one.
    pub fault_count: u64,
    /// What is to be put on record of the lines with the edition.
    pub ledger: Option<numbering::Ledger>,
    /// The groups that were given an identifier.
    pub new_groups: Vec<(GroupKey, CrsId)>,
}

impl CrsWritten {
    /// Of a report without cross-checks that gives no identifiers.
    #[must_use]
    pub const fn unchecked(written: Written) -> Self {
        Self { written, faults: Vec::new(), fault_count: 0, ledger: None, new_groups: Vec::new() }
    }
}

/// A report that takes the effective lines of a flow year with what is on record of them, then the withdrawn ones.
pub trait CrsReport: Send {
    /// Takes one line; those outside the scope are passed over.
    ///
    /// # Errors
    /// When it cannot be written, or contradicts the context.
    fn line(&mut self, line: &CrsLine) -> Result<()>;

    /// Writes what follows from all lines and ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(self: Box<Self>) -> Result<CrsWritten>;
}
