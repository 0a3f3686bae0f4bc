//! A collectivity's lines: `reference;titre;pays;…`, the headers of [`Field`].

use crate::domain::field::{Field, RawLine};
use crate::domain::spreadsheet;
use crate::imports::columns::{self, Column, Record};
use crate::imports::error::Refused;
use crate::imports::{Limits, read_table};

/// The lines of a file, as typed; nothing in them is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedLines {
    /// Each line with its number in the file, in the order of the file.
    pub lines: Vec<(u32, RawLine)>,
    /// The columns that the file has: a field without column was not asked for.
    pub columns_present: Vec<Field>,
}

/// The columns of a file of lines, in the order of [`Field::ALL`].
#[must_use]
pub fn columns() -> Vec<Column> {
    let column =
        |field: &Field| Column { header: field.header(), mandatory: Field::MANDATORY.contains(field) };
    Field::ALL.iter().map(column).collect()
}

/// Reads a file of lines.
///
/// # Errors
/// Everything that prevents the file from being read (`EAPD-Innn`); the rules
/// of the lines themselves are checked later, on what is returned.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<ImportedLines, Refused> {
    let table = read_table(bytes, limits)?;
    let selection = columns::select(&table, &columns())?;
    let refused = Refused { file: Vec::new(), cells: selection.problems().to_vec() };
    let present = Field::ALL.iter().enumerate().filter(|(index, _)| selection.has(*index));
    refused.or(ImportedLines {
        lines: selection.records().map(|record| (record.row(), line(record, 0))).collect(),
        columns_present: present.map(|(_, field)| *field).collect(),
    })
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
