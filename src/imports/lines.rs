//! A collectivity's lines: `reference;titre;pays;…`, the headers of [`Field`].

use std::collections::HashSet;

use crate::domain::field::{Field, RawLine};
use crate::domain::spreadsheet;
use crate::imports::columns::{self, Column, Record};
use crate::imports::error::{CellError, Refused};
use crate::imports::{Limits, Table, kind, read_table};

/// The lines of a file, as typed; nothing in them is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedLines {
    /// Each line with its number in the file, in the order of the file.
    pub lines: Vec<(u32, RawLine)>,
    /// The columns that the file has: a field without column was not asked for.
    pub columns_present: Vec<Field>,
}

/// A file of lines as it was read, with what is wrong with its cells as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The lines; an unusable cell stands in them as its text.
    pub imported: ImportedLines,
    /// The unusable cells, in the order of the rows.
    pub problems: Vec<CellError>,
    /// The file as rows of text.
    pub table: Table,
    /// The place of each column of [`columns`], where the file has it.
    places: Vec<Option<usize>>,
}

impl Examined {
    /// The place, in the rows of the table, of the column of a documented header.
    #[must_use]
    pub fn place(&self, header: &str) -> Option<usize> {
        let at = columns().iter().position(|column| column.header == header)?;
        self.places.get(at).copied().flatten()
    }

    /// The field of the column at a place.
    #[must_use]
    pub fn field(&self, place: usize) -> Option<Field> {
        let at = self.places.iter().position(|known| *known == Some(place))?;
        Field::ALL.get(at).copied()
    }
}

/// The header under which an annotated file says what is wrong with each row. It is passed over when the file
/// comes back.
pub const ANOMALIES: &str = "Anomalies";

/// The columns of a file of lines, in the order of [`Field::ALL`], then [`ANOMALIES`].
#[must_use]
pub fn columns() -> Vec<Column> {
    let column =
        |field: &Field| Column { header: field.header(), mandatory: Field::MANDATORY.contains(field) };
    Field::ALL.iter().map(column).chain([Column::optional(ANOMALIES)]).collect()
}

/// Reads a file of lines of which every cell is usable.
///
/// # Errors
/// Everything that prevents the file from being read (`EAPD-Innn`); the rules
/// of the lines themselves are checked later, on what is returned.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<ImportedLines, Refused> {
    let Examined { imported, problems, .. } = examine(bytes, limits)?;
    Refused { file: Vec::new(), cells: problems }.or(imported)
}

/// Reads a file of lines whatever its cells hold.
///
/// # Errors
/// What is wrong with the file as a whole or with its headers; the unusable cells come along.
pub fn examine(bytes: &[u8], limits: &Limits) -> Result<Examined, Refused> {
    let table = read_table(bytes, limits)?;
    let columns = columns();
    let selection = columns::select(&table, &columns)?;
    let present = Field::ALL.iter().enumerate().filter(|(index, _)| selection.has(*index));
    let in_doubt: HashSet<u32> = selection.problems().iter().map(|error| error.row).collect();
    // A row that holds nothing but what was said of it before is no line.
    let lines: Vec<(u32, RawLine)> = selection
        .records()
        .map(|record| (record.row(), line(record, 0)))
        .filter(|(row, line)| !line.is_blank() || in_doubt.contains(row))
        .collect();
    if lines.is_empty() {
        return Err(kind::empty().into());
    }
    let imported = ImportedLines { lines, columns_present: present.map(|(_, field)| *field).collect() };
    let is_told = |error: &&CellError| error.column != ANOMALIES;
    let problems = selection.problems().iter().filter(is_told).cloned().collect();
    let places = (0..columns.len()).map(|index| selection.place(index)).collect();
    Ok(Examined { imported, problems, table, places })
}

/// The line of a record whose columns follow [`Field::ALL`] from `first` on.
pub(super) fn line(record: Record<'_>, first: usize) -> RawLine {
    let mut line = RawLine::default();
    for (index, field) in Field::ALL.iter().enumerate() {
        let text = record.get(first.saturating_add(index));
        if !text.is_empty() {
            line.set(*field, spreadsheet::restore(text));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::catalogue;
    use ::csv::WriterBuilder;
    use proptest::prelude::*;

    #[test]
    fn reads_lines_with_their_numbers() {
        let text = "pays;Titre;secteur;canal;nature;montant_verse;odd\n\
                    Mali;Eau;14030;22000;projet;1 234,50;6|17\n;;\nTogo;École;11220;22000;projet;20;\n";
        let imported = read(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(imported.lines.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 4]);
        let (_, line) = &imported.lines[0];
        assert_eq!((line.get(Field::Title), line.get(Field::AmountPaid)), ("Eau", "1 234,50"));
        assert_eq!(imported.columns_present.first(), Some(&Field::Title), "in the order of the fields");
        assert!(imported.columns_present.contains(&Field::Sdg));
        assert!(!imported.columns_present.contains(&Field::Reference));
    }

    #[test]
    fn asks_for_what_a_line_cannot_do_without() {
        let refused = read(b"titre;pays\nEau;Mali\n", &Limits::default()).unwrap_err();
        assert_eq!(refused.codes().collect::<Vec<_>>(), [catalogue::MISSING_COLUMN]);
        for header in ["secteur", "canal", "nature", "montant_verse"] {
            assert!(refused.to_string().contains(header), "{refused}");
        }
    }

    #[test]
    fn what_was_said_of_a_row_is_passed_over() {
        let text = "Titre;pays;secteur;canal;nature;montant_verse;ANOMALIES\n\
                    Eau;Mali;14030;22000;projet;1;Erreur, ici\n;;;;;;le reste d’une ligne effacée\n";
        let examined = examine(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(examined.imported.lines.len(), 1);
        assert_eq!((examined.place("montant_verse"), examined.place(ANOMALIES)), (Some(5), Some(6)));
        assert_eq!((examined.field(1), examined.field(6)), (Some(Field::Recipient), None));
        let only = "titre;pays;secteur;canal;nature;montant_verse;anomalies\n;;;;;;x\n";
        let refused = read(only.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(refused.codes().collect::<Vec<_>>(), [catalogue::EMPTY_FILE]);
    }

    #[test]
    fn what_a_row_has_too_much_is_told_and_kept() {
        let text = "titre;pays;secteur;canal;nature;montant_verse\nEau;Mali;14030;22000;projet;1;x;;y\n";
        let examined = examine(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(examined.table.rows[0].cells[6..], ["x", "", "y"]);
        let codes: Vec<_> = examined.problems.iter().map(|error| error.code).collect();
        assert_eq!(codes, [catalogue::EXTRA_CELL]);
        assert_eq!(examined.imported.lines[0].1.get(Field::AmountPaid), "1");
    }

    proptest! {
        #[test]
        fn round_trip_through_csv(
            values in prop::collection::vec(prop::collection::vec("[^\\s\u{0}\u{fffd}]([^\u{0}\u{fffd}]{0,8}[^\\s\u{0}\u{fffd}])?", Field::ALL.len()), 1..4),
            separator in prop::sample::select(b";,\t".to_vec()),
        ) {
            let mut lines = Vec::new();
            let mut writer = WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
            writer.write_record(Field::ALL.iter().map(|field| field.header())).unwrap();
            for row in &values {
                // As our own exports write it: what looks like a formula has its apostrophe.
                writer.write_record(row.iter().map(|text| spreadsheet::neutralise(text).into_owned())).unwrap();
                let mut line = RawLine::default();
                for (field, text) in Field::ALL.iter().zip(row) {
                    line.set(*field, text.as_str());
                }
                lines.push(line);
            }
            let imported = read(&writer.into_inner().unwrap(), &Limits::default()).unwrap();
            let read: Vec<RawLine> = imported.lines.into_iter().map(|(_, line)| line).collect();
            prop_assert_eq!(read, lines);
        }
    }
}
