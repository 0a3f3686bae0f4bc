//! What is public of each body and year, in words and, where there is one, with an amount.

use std::collections::HashMap;
use std::io::Write;

use crate::domain::collectivity::Collectivity;
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::publication::PublicStatus;
use crate::domain::scope::region_name;
use crate::domain::siren::Siren;
use crate::reports::lines::csv::{cell, csv_writer};
use crate::reports::{Context, Result};

/// The columns, as `reports/donnees-ouvertes/collectivites.schema.json` describes them.
const COLUMNS: [&str; 13] = [
    "idAttribuant",
    "nomAttribuant",
    "natureAttribuant",
    "departementAttribuant",
    "regionAttribuant",
    "nomRegion",
    "exercice",
    "codeEtat",
    "etat",
    "montant",
    "montantRefugies",
    "nombreLignes",
    "dateRectification",
];

/// A body of which something is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicBody {
    /// Which.
    pub siren: Siren,
    /// As the register holds it in the flow year.
    pub body: Collectivity,
    /// What is said.
    pub status: PublicStatus,
    /// Own resources, where an amount or nothing at all was declared: silence is not zero.
    pub own: Option<Euros>,
    /// Lines of the version that counts.
    pub lines: u32,
    /// When the figure was rectified, if it was.
    pub rectified_at: Option<Instant>,
}

/// Writes the table; gives its number of rows.
pub(super) fn csv(
    bodies: &[PublicBody],
    refugees: &HashMap<Siren, Euros>,
    context: &Context,
    out: impl Write,
) -> Result<u64> {
    let mut csv = csv_writer(out)?;
    csv.write_record(COLUMNS)?;
    let exercice = context.flow_year.to_string();
    let mut rows = 0_u64;
    for PublicBody { siren, body, status, own, lines, rectified_at } in bodies {
        let of_refugees = own.map(|_| refugees.get(siren).copied().unwrap_or(Euros::ZERO));
        csv.write_record([
            siren.as_str(),
            &cell(&body.name),
            body.kind.code(),
            body.departement.as_deref().unwrap_or(""),
            &body.region,
            &cell(&region_name(&body.region, &context.codes)),
            &exercice,
            status.code(),
            status.label(),
            &own.map_or_else(String::new, Euros::to_plain),
            &of_refugees.map_or_else(String::new, Euros::to_plain),
            &own.map_or_else(String::new, |_| lines.to_string()),
            &rectified_at.map_or_else(String::new, |at| at.day_in_paris().to_iso()),
        ])?;
        rows = rows.saturating_add(1);
    }
    csv.flush()?;
    Ok(rows)
}
