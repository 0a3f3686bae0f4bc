//! The report of DG Trésor (domain facts 2.5): recipients by type of aid, breakdown, lines, controls, dictionary.
//!
//! One pass over the lines writes them and gathers every sum; tables and controls
//! follow. Workbook and XML come from the same [`tally::Tally`] and [`table::Table`].

pub mod controls;
pub mod counted;
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
