//! Entries of the journal as CSV, for whoever verifies them elsewhere.

use std::io::Write;

use crate::domain::journal::{JournalEntry, actions};
use crate::reports::Result;
use crate::reports::lines::csv::{cell, csv_writer};

/// The columns, in their order.
const COLUMNS: [&str; 10] = [
    "numero",
    "instant",
    "acteur",
    "action",
    "libelle",
    "objet",
    "avant",
    "apres",
    "precedente",
    "empreinte",
];

/// Writes entries, one a row; persons stand by their random id (rule 14).
///
/// # Errors
/// When it cannot be written.
pub fn csv(entries: &[JournalEntry], out: impl Write) -> Result<()> {
    let mut csv = csv_writer(out)?;
    csv.write_record(COLUMNS)?;
    for entry in entries {
        csv.write_record([
            entry.seq.to_string(),
            entry.at.to_rfc3339(),
            cell(&entry.actor),
            cell(&entry.action),
            cell(&actions::label(&entry.action)),
            cell(&entry.subject),
            cell(entry.before.as_deref().unwrap_or_default()),
            cell(entry.after.as_deref().unwrap_or_default()),
            entry.previous.clone(),
            entry.hash.clone(),
        ])?;
    }
    Ok(csv.flush()?)
}
