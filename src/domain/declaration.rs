//! What was filed: versions, their lines and their receipts (rule 3).

use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::line::Line;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

/// An immutable version of a declaration, without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// Whose.
    pub siren: Siren,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// From 1; the last one counts.
    pub version: u32,
    /// What it states.
    pub kind: FilingKind,
    /// When the server had read the whole request.
    pub filed_at: Instant,
    /// Random id of the person who filed.
    pub filed_by: String,
    /// Random id of the person who signs.
    pub signatory: Option<String>,
    /// Why, for a manager's version.
    pub reason: Option<String>,
    /// Reference of the document, for a manager's version.
    pub document: Option<String>,
    /// Number of lines.
    pub line_count: u32,
    /// Sum of the amounts paid.
    pub total_paid: Euros,
    /// Sum of the own resources: what counts.
    pub total_own: Euros,
}

/// What a version seals: all that a report needs of it, small enough to hold one a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// Whose.
    pub siren: Siren,
    /// From 1; the last one counts.
    pub version: u32,
    /// What it states.
    pub kind: FilingKind,
    /// When the server had read the whole request.
    pub filed_at: Instant,
    /// Number of lines.
    pub line_count: u32,
    /// Sum of the amounts paid.
    pub total_paid: Euros,
    /// Sum of the own resources: what counts.
    pub total_own: Euros,
}

impl Filing {
    /// What the version seals.
    #[must_use]
    pub const fn seal(&self) -> Seal {
        let Self { siren, version, kind, filed_at, line_count, total_paid, total_own, .. } = *self;
        Seal { siren, version, kind, filed_at, line_count, total_paid, total_own }
    }
}

/// Proof of a filing, in the declarant's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// 130 random bits, Crockford base 32.
    pub number: String,
    /// Whose filing.
    pub siren: Siren,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// Which version.
    pub version: u32,
    /// SHA-256 of the canonical JSON of the filing, hexadecimal.
    pub sha256: String,
    /// Hash at the end of the journal, the filing's own entry included.
    pub journal_head: String,
    /// When.
    pub issued_at: Instant,
}

/// A line as filed, with the version it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledLine {
    /// Whose.
    pub siren: Siren,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// Which version.
    pub version: u32,
    /// What the version states.
    pub kind: FilingKind,
    /// Place in the version, from 1.
    pub position: u32,
    /// The line.
    pub line: Line,
}

/// A yearly amount from before the service (reprise antérieure, rule 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAmount {
    /// Whose.
    pub siren: Siren,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// The amount; `None` is a signed "nothing".
    pub amount: Option<Euros>,
    /// When it was declared, where known.
    pub filed_on: Option<crate::domain::day::Day>,
    /// Where the figure comes from.
    pub source: String,
}
