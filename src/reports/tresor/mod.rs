//! The report of DG Trésor (domain facts 2.5): recipients by type of aid, breakdown, lines, controls, dictionary.
//!
//! One pass over the lines writes them and gathers every sum; tables and controls
//! follow. Workbook and XML come from the same [`tally::Tally`] and [`table::Table`].

pub mod controls;
pub mod line_columns;
pub mod sheets;
pub mod table;
pub mod tally;
pub mod workbook;
pub mod xml;

pub use workbook::TresorWorkbook;
pub use xml::TresorXml;

/// Title of every form of the report.
pub const TITLE: &str = "Aide publique au développement des collectivités territoriales";

use crate::reports::tresor::tally::Tally;
use crate::reports::{Context, ReportError, Result};

/// Refuses to end a report whose lines are not those that the filings seal.
pub(crate) fn check_sealed(tally: &Tally, context: &Context) -> Result<()> {
    let lines = tally.kept.lines.saturating_add(tally.left_out);
    if lines == context.filings.lines && tally.kept.own == context.filings.total_own {
        return Ok(());
    }
    Err(ReportError::Unsealed {
        lines,
        sum: tally.kept.own.to_string(),
        filed_lines: context.filings.lines,
        filed_sum: context.filings.total_own.to_string(),
    })
}
