//! What is wrong in a code list.

use std::fmt;

/// What kind of fault, for tests and for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The file is absent or is not CSV.
    Unreadable,
    /// The header is not the one expected.
    Header,
    /// A cell is empty, malformed or not one of the values allowed.
    Cell,
    /// Two rows of one code share a flow year.
    Overlap,
    /// A span ends before it begins, or a code is declarable outside its years.
    Dates,
    /// A parent, category, area, goal or successor does not exist.
    Parent,
    /// A row speaks of a code that no list has, or a code lacks its row.
    Orphan,
    /// A country on the list lacks an income group in a year, or has one off the list.
    Income,
    /// A name leads to two codes.
    Label,
    /// A nature has no row in a year, or its codes contradict each other.
    Nature,
    /// A heading is declarable while it has sub-codes.
    Heading,
    /// A type of aid reaches no column of the Trésor table.
    TresorColumn,
    /// A kind of collectivity reaches no published category, or two.
    Category,
    /// A SIREN fails its check digit.
    Siren,
}

/// One fault of a code list: where, and what to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// File name in `config/codelists/`.
    pub file: &'static str,
    /// Code of the row, or its line when the row could not be read.
    pub key: String,
    /// Kind of fault.
    pub kind: FaultKind,
    /// French message.
    pub message: String,
}

impl Fault {
    pub(super) fn new(
        file: &'static str,
        key: impl Into<String>,
        kind: FaultKind,
        message: impl Into<String>,
    ) -> Self {
        Self { file, key: key.into(), kind, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, {}\u{a0}: {}", self.file, self.key, self.message)
    }
}

/// The faults that prevent code lists from being read, one a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct CodeListFaults(pub Vec<Fault>);
