//! Released reports (rule 12): produced once, served as stored for ever.

use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::year::FlowYear;

/// One stored file of an edition, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Name of the report.
    pub name: String,
    /// Of which payments.
    pub flow_year: FlowYear,
    /// Format of the file.
    pub format: String,
    /// From 1; every format of a release bears the same.
    pub edition: u32,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// SHA-256 of what they say: a workbook's bytes may change with a library.
    pub content_sha256: String,
    /// Lines, or bodies for a list of them.
    pub line_count: u64,
    /// Own resources of the lines.
    pub total_own: Euros,
    /// Hash at the end of the journal, the release's own entry included.
    pub journal_head: String,
    /// Random id of the person who released it.
    pub released_by: String,
    /// When.
    pub released_at: Instant,
}
