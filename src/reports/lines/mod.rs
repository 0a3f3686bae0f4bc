//! The open data of the lines (rule 15): public fields only, as CSV and as a workbook,
//! both from one list of columns.

pub mod columns;
pub mod csv;
pub mod workbook;

pub use csv::LinesCsv;
pub use workbook::LinesWorkbook;

use crate::domain::publication::is_named;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::reports::resolved::Resolved;

/// A line as anyone may read it.
#[derive(Debug, Clone, Copy)]
pub struct PublicLine<'a> {
    row: Resolved<'a>,
    year: FlowYear,
    is_named: bool,
    markers: [Option<u8>; 8],
    sdg: &'a str,
}

impl<'a> PublicLine<'a> {
    /// The public side of a line; its goals and targets are joined in `sdg`.
    pub fn new(row: Resolved<'a>, year: FlowYear, sdg: &'a mut String) -> Self {
        let line = row.line();
        sdg.clear();
        for code in &line.sdg {
            if !sdg.is_empty() {
                sdg.push('|');
            }
            sdg.push_str(code);
        }
        let is_named = is_named(line);
        Self { row, year, is_named, markers: line.markers.values(), sdg }
    }

    /// Who received the money, where that is public.
    fn organisation(&self) -> Option<&'a str> {
        self.row.line().organisation.as_deref().filter(|_| self.is_named)
    }

    /// The SIREN of who received the money, where that is public.
    fn organisation_siren(&self) -> Option<&'a Siren> {
        self.row.line().organisation_siren.as_ref().filter(|_| self.is_named)
    }

    /// The value of a marker, in the order of [`crate::domain::line::Markers::FIELDS`].
    fn marker(&self, index: usize) -> Option<u8> {
        self.markers.get(index).copied().flatten()
    }
}
