//! Lists whose eligibility is asked for: one column `siren`, or [`dossiers`].
//!
//! The order and the duplicates of the list are kept, and an unreadable row is
//! answered in its place: one wrong number does not hold up thousands.

use crate::domain::siren::Siren;
use crate::domain::text;
use crate::imports::columns::{self, Column, Record};
use crate::imports::dossiers::{self, Dossier};
use crate::imports::error::{CellError, Refused};
use crate::imports::read::each_row_alone;
use crate::imports::{Limits, Table, read_table};

/// The columns of a list.
pub const COLUMNS: &[Column] = &[Column::mandatory("siren")];

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line of the file.
    pub row: u32,
    /// The number as typed.
    pub text: String,
    /// The SIREN, also of a SIRET, or why it cannot be read.
    pub siren: Result<Siren, CellError>,
}

/// What a file asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// Bodies, each for itself.
    Sirens(Vec<Entry>),
    /// Groups that apply together.
    Dossiers(Vec<Dossier>),
}

/// Reads a file, which is one of dossiers where it has a column `dossier`.
///
/// # Errors
/// Only what prevents the file or its columns from being read.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Batch, Refused> {
    let table = read_table(bytes, limits)?;
    if table.headers.iter().any(|header| text::fold(&header.text) == "dossier") {
        return dossiers::from_table(&table).map(Batch::Dossiers);
    }
    sirens(&table).map(Batch::Sirens)
}

fn sirens(table: &Table) -> Result<Vec<Entry>, Refused> {
    let selection = columns::select(table, COLUMNS)?;
    let entry =
        |(record, siren): (Record<'_>, _)| Entry { row: record.row(), text: record.get(0).to_owned(), siren };
    Ok(each_row_alone(&selection, COLUMNS, |reader| reader.siren(0)).into_iter().map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::catalogue;

    #[test]
    fn keeps_order_duplicates_and_unreadable_rows() {
        let text = "SIREN\n213105554\n217500016\nbonjour\n213105554\n21750001600019\n";
        let Batch::Sirens(entries) = read(text.as_bytes(), &Limits::default()).unwrap() else {
            panic!("list")
        };
        let shown: Vec<_> = entries
            .iter()
            .map(|entry| match &entry.siren {
                Ok(siren) => siren.to_string(),
                Err(error) => format!("{} {}", error.row, error.code),
            })
            .collect();
        let unreadable = format!("4 {}", catalogue::SIREN);
        assert_eq!(shown, ["213105554", "217500016", &unreadable, "213105554", "217500016"]);
        assert_eq!(entries[2].text, "bonjour");
    }

    #[test]
    fn a_cell_in_excess_makes_its_row_unreadable() {
        let text = "siren\n217500016;Paris\n";
        let Batch::Sirens(entries) = read(text.as_bytes(), &Limits::default()).unwrap() else {
            panic!("list")
        };
        assert!(entries[0].siren.is_err(), "the whole row is one cell: no separator in the header");
        assert!(read(b"nom\nParis\n", &Limits::default()).is_err());
    }
}
