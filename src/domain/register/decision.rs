//! Decisions about the register, one a row of a CSV file (`docs/register.md`).
//!
//! Reading a row ([`row`](super::row)) needs nothing but the row; what it means
//! for the register is for [`apply`](super::apply). Every fault of a file is collected.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::collectivity::CollectivityKind;
use crate::domain::day::Day;
use crate::domain::siren::Siren;
use crate::domain::text::excerpt;

/// The columns of a file, in the order of the documentation.
pub const COLUMNS: [&str; 12] = [
    "operation",
    "siren",
    "type",
    "code",
    "nom",
    "departement",
    "region",
    "population",
    "date",
    "fin",
    "vers",
    "motif",
];

/// A row as read, by column; cells that are not there are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line in the file, from 1.
    pub line: u32,
    /// Cells, by column.
    pub cells: BTreeMap<String, String>,
}

/// What is wrong with a row, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Line in the file.
    pub line: u32,
    /// Column.
    pub column: &'static str,
    /// The cell.
    pub value: String,
    /// French: what is wrong, how to mend it.
    pub message: String,
}

/// A decision with the line it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Line in the file.
    pub line: u32,
    /// The decision.
    pub decision: Decision,
}

/// What to do with the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// `creation`: a body that the package lacks.
    Create(Creation),
    /// `fusion`, `absorption`, `scission`.
    Succeed {
        /// Who hands on.
        siren: Siren,
        /// Who takes over.
        into: Siren,
        /// First day of the new state of things.
        on: Day,
        /// Which of the three.
        form: Form,
        /// Why.
        reason: String,
    },
    /// `rattachement`: the region of a body from a day on, or always.
    Attach {
        /// Which body.
        siren: Siren,
        /// Region code.
        region: String,
        /// From the flow year of this day on.
        from: Option<Day>,
        /// Why.
        reason: String,
    },
    /// `region_associee`.
    Associate {
        /// Which body.
        siren: Siren,
        /// Region code.
        region: String,
        /// From the flow year of this day on.
        from: Option<Day>,
        /// To the flow year of this day.
        until: Option<Day>,
        /// Why.
        reason: String,
    },
    /// `debut`: its first day.
    Begin {
        /// Which body.
        siren: Siren,
        /// First day.
        on: Day,
        /// Needed where another day is on record.
        reason: String,
    },
    /// `fin`: its last day, inclusive.
    End {
        /// Which body.
        siren: Siren,
        /// Last day.
        on: Day,
        /// Needed where another day is on record.
        reason: String,
    },
    /// `completer`: the SIREN of a body that had none.
    Complete {
        /// Its SIREN.
        siren: Siren,
        /// Its kind.
        kind: CollectivityKind,
        /// Its code.
        code: String,
    },
    /// `modification`: what is given changes from a day on.
    Amend {
        /// Which body.
        siren: Siren,
        /// Kind.
        kind: Option<CollectivityKind>,
        /// INSEE code.
        code: Option<String>,
        /// Name.
        name: Option<String>,
        /// Département.
        departement: Option<String>,
        /// Population.
        population: Option<u32>,
        /// From the flow year of this day on.
        from: Day,
        /// Why.
        reason: String,
    },
}

/// A body to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// SIREN; a body without one is to be completed.
    pub siren: Option<Siren>,
    /// What it is.
    pub kind: CollectivityKind,
    /// INSEE code, or SIREN for groupings.
    pub code: String,
    /// Name.
    pub name: String,
    /// Département.
    pub departement: Option<String>,
    /// Region of attachment.
    pub region: String,
    /// Population.
    pub population: Option<u32>,
    /// First day.
    pub exists_from: Option<Day>,
    /// Last day, inclusive.
    pub exists_until: Option<Day>,
    /// Why.
    pub reason: String,
}

/// How one body follows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Several bodies end and a new one begins.
    Merger,
    /// A body ends in one that was there already.
    Absorption,
    /// A new body leaves another, which may go on.
    Split,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ligne {}, colonne «\u{a0}{}\u{a0}»", self.line, self.column)?;
        if !self.value.is_empty() {
            write!(f, ", valeur «\u{a0}{}\u{a0}»", excerpt(&self.value, 40))?;
        }
        write!(f, "\u{a0}: {}", self.message)
    }
}
