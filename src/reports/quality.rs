//! What deserves a look, as CSV.

use std::io::Write;

use crate::domain::quality::Finding;
use crate::domain::year::FlowYear;
use crate::reports::Result;
use crate::reports::lines::csv::{cell, csv_writer};

/// Writes findings, each with the name of its collectivity.
///
/// # Errors
/// When it cannot be written.
pub fn csv<'a>(
    year: FlowYear,
    found: impl IntoIterator<Item = (&'a str, &'a Finding)>,
    out: impl Write,
) -> Result<()> {
    let mut csv = csv_writer(out)?;
    csv.write_record(["controle", "siren", "nom", "exercice", "reference", "constat"])?;
    for (name, finding) in found {
        csv.write_record([
            finding.check.code(),
            finding.siren.as_str(),
            &cell(name),
            &year.to_string(),
            &cell(finding.reference.as_deref().unwrap_or("")),
            &cell(&finding.told),
        ])?;
    }
    Ok(csv.flush()?)
}
