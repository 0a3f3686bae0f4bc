//! The lines that are subsidies, in the columns of SCDL Subventions 2.1: those that use that schema find theirs.
//!
//! What a declaration does not ask for (date of the convention, notification to the European Union, share of the
//! subsidy) and what is not public (the reference) stays empty: nothing is made up.

use std::io::Write;

use crate::domain::day::Day;
use crate::domain::publication::is_named;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::reports::Result;
use crate::reports::lines::csv::{cell, csv_writer};
use crate::reports::resolved::Resolved;

/// The columns, in the order of the schema.
pub(super) const COLUMNS: [&str; 14] = [
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
];

/// The natures of expenditure that are subsidies by their name.
const SUBSIDIES: [&str; 2] = ["subvention_association", "soutien_association"];

/// The table being written.
pub(super) struct Scdl<W: Write> {
    csv: csv::Writer<W>,
    rows: u64,
}

impl<W: Write> Scdl<W> {
    pub(super) fn begin(out: W) -> Result<Self> {
        let mut csv = csv_writer(out)?;
        csv.write_record(COLUMNS)?;
        Ok(Self { csv, rows: 0 })
    }

    /// Takes a line; one that is no subsidy, or that others bore entirely, is passed over.
    pub(super) fn line(&mut self, row: &Resolved<'_>, year: FlowYear) -> Result<()> {
        let line = row.line();
        if !SUBSIDIES.contains(&line.nature.as_str()) || row.own.is_zero() {
            return Ok(());
        }
        let named = is_named(line);
        let organisation = line.organisation.as_deref().filter(|_| named).unwrap_or("");
        let siren = line.organisation_siren.as_ref().filter(|_| named).map_or("", Siren::as_str);
        // A day where it is known; else the year, in which the signature says that everything was paid (rule 1).
        let paid = line.paid_on.map_or_else(
            || format!("{}/{}", year.first_day().to_iso(), year.last_day().to_iso()),
            Day::to_iso,
        );
        self.csv.write_record([
            &cell(&row.body.name),
            row.filed.siren.as_str(),
            "",
            "",
            &cell(organisation),
            siren,
            &cell(&line.title),
            &row.own.to_plain(),
            "aide en numéraire",
            "",
            &paid,
            "",
            "",
            "",
        ])?;
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    /// Ends the table; gives its number of rows.
    pub(super) fn finish(mut self) -> Result<u64> {
        self.csv.flush()?;
        Ok(self.rows)
    }
}
