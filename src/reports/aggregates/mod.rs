//! Totals made of the CRS++ lines: by type of aid, as in table `DAC1`, and by recipient, as in table `DAC2a`.
//!
//! Not the tables themselves, whose form is not known: their breakdowns, which tie to the lines to the cent.

mod file;
mod table;
mod tally;

pub use file::Aggregates;
pub use table::{Kind, Row, Table};
pub use tally::{Sums, Tally};

/// Title of every form.
pub const TITLE: &str =
    "Aide publique au développement des collectivités territoriales, agrégats pour l’OCDE";

/// What is summed, in the order of the columns: key of the CSV and header of the workbook.
pub const MEASURES: [(&str, &str); 4] = [
    ("versements", "Versements"),
    ("engagements", "Engagements"),
    ("dont_cooperation_technique", "dont coopération technique (versements)"),
    ("dont_humanitaire", "dont aide humanitaire (versements)"),
];
