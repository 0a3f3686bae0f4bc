//! Lists whose eligibility is asked for: one column `siren`, or [`dossiers`].
//!
//! The order and the duplicates of the list are kept, and an unreadable row is
//! answered in its place: one wrong number does not hold up thousands. A list comes
//! from a spreadsheet of its own: the columns that nobody asked for are left aside.

use crate::domain::siren::Siren;
use crate::domain::text;
use crate::imports::columns::{self, Column, Record};
use crate::imports::dossiers::{self, Dossier};
use crate::imports::error::{CellError, Refused};
use crate::imports::read::each_row_alone;
use crate::imports::table::{Problem, Row};
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

/// Other headers of the column `siren`, folded.
const SAME_AS_SIREN: [&str; 7] =
    ["siret", "n siren", "n siret", "no siren", "no siret", "numero siren", "numero siret"];

/// Reads a file, which is one of dossiers where it has a column `dossier`.
///
/// # Errors
/// Only what prevents the file or its columns from being read.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Batch, Refused> {
    examine(bytes, limits).map(|(_table, batch)| batch)
}

/// Reads a file, and gives it as it was with what it asks.
///
/// # Errors
/// Only what prevents the file or its columns from being read.
pub fn examine(bytes: &[u8], limits: &Limits) -> Result<(Table, Batch), Refused> {
    let table = read_table(bytes, limits)?;
    let has_dossiers = table.headers.iter().any(|header| text::fold(&header.text) == "dossier");
    let batch = if has_dossiers {
        dossiers::from_table(&only(&table, dossiers::COLUMNS)).map(Batch::Dossiers)
    } else {
        sirens(&only(&table, COLUMNS)).map(Batch::Sirens)
    };
    batch.map(|batch| (table, batch))
}

/// A list pasted into a form: cells of a spreadsheet under their headers, or numbers without any, one a line or
/// apart by `;`, `,` or a tabulation. As a file.
#[must_use]
pub fn pasted(text: &str) -> Vec<u8> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_header = |cell: &str| {
        let cell = text::fold(cell);
        cell == "siren" || cell == "dossier" || SAME_AS_SIREN.contains(&cell.as_str())
    };
    if first.split([';', ',', '\t']).any(is_header) {
        return text.as_bytes().to_vec();
    }
    let mut file = b"siren".to_vec();
    for number in text.split(['\n', ';', ',', '\t']).map(str::trim).filter(|number| !number.is_empty()) {
        file.extend_from_slice(b"\n\"");
        file.extend_from_slice(number.replace('"', "\"\"").as_bytes());
        file.push(b'"');
    }
    file
}

/// The table with these columns alone. Cells beyond the headers stay what they are: a row that does not hold together.
fn only(table: &Table, columns: &[Column]) -> Table {
    let known = |name: &str| columns.iter().any(|column| text::fold(column.header) == name);
    let folded: Vec<String> = table.headers.iter().map(|header| text::fold(&header.text)).collect();
    let has_siren = folded.iter().any(|name| name == "siren");
    let stands_in = |name: &str| !has_siren && SAME_AS_SIREN.contains(&name);
    let kept: Vec<usize> = (0..)
        .zip(&folded)
        .filter(|(_, name)| known(name) || stands_in(name))
        .map(|(place, _)| place)
        .collect();
    let header = |place: &usize| {
        let mut header = table.headers.get(*place)?.clone();
        if folded.get(*place).is_some_and(|name| stands_in(name)) {
            "siren".clone_into(&mut header.text);
        }
        Some(header)
    };
    let row = |row: &Row| Row {
        number: row.number,
        cells: kept.iter().map(|place| row.cells.get(*place).cloned().unwrap_or_default()).collect(),
    };
    let problem = |problem: &Problem| {
        let place = kept.iter().position(|kept| *kept == problem.column);
        let column = place.or_else(|| (problem.column >= table.headers.len()).then_some(kept.len()))?;
        Some(Problem { column, error: problem.error.clone() })
    };
    Table {
        form: table.form,
        header_row: table.header_row,
        headers: kept.iter().filter_map(header).collect(),
        rows: table.rows.iter().map(row).collect(),
        problems: table.problems.iter().filter_map(problem).collect(),
    }
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

    fn shown(bytes: &[u8]) -> Vec<String> {
        let Batch::Sirens(entries) = read(bytes, &Limits::default()).unwrap() else { panic!("list") };
        let shown = |entry: &Entry| entry.siren.as_ref().map_or_else(|_| "?".to_owned(), ToString::to_string);
        entries.iter().map(shown).collect()
    }

    #[test]
    fn columns_of_others_are_left_aside() {
        let text = "Projet;N° SIRET;Contact\nA;21310555400017;x\nB;;y\nC;217500016;=1+1;trop\n";
        assert_eq!(shown(text.as_bytes()), ["213105554", "?", "?"]);
        let (table, _batch) = examine(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(table.headers.len(), 3);
        assert_eq!(table.rows[0].cells, ["A", "21310555400017", "x"]);
        assert!(
            read(b"siren;SIREN\n217500016;217500016\n", &Limits::default()).is_err(),
            "which of the two?"
        );
    }

    #[test]
    fn what_is_pasted_needs_no_header() {
        assert_eq!(
            shown(&pasted("217 500 016\r\n\r\n213105554;217500016\tbonjour \"x\"")),
            ["217500016", "213105554", "217500016", "?"]
        );
        assert_eq!(shown(&pasted("Nom\tSIREN\nParis\t217500016\n")), ["217500016"]);
        let dossiers = pasted("dossier;role;siren\nD1;chef_de_file;217500016");
        assert!(
            matches!(read(&dossiers, &Limits::default()), Ok(Batch::Dossiers(found)) if found.len() == 1)
        );
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
