//! Headers matched to the columns that a kind of file declares: in any order,
//! accents, case, spaces, hyphens and underscores forgiven, nothing guessed.

use std::collections::{HashMap, HashSet};

use crate::domain::text;
use crate::imports::catalogue;
use crate::imports::error::{CellError, FileError, Refused, counted, quoted};
use crate::imports::kind;
use crate::imports::table::{Row, Table};

/// A column that a kind of file declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The header as documented.
    pub header: &'static str,
    /// Whether the column must be there; its cells may still be empty.
    pub mandatory: bool,
}

impl Column {
    /// A column that must be there.
    #[must_use]
    pub const fn mandatory(header: &'static str) -> Self {
        Self { header, mandatory: true }
    }

    /// A column that may be absent.
    #[must_use]
    pub const fn optional(header: &'static str) -> Self {
        Self { header, mandatory: false }
    }
}

/// A table seen through declared columns.
#[derive(Debug)]
pub struct Selection<'t> {
    table: &'t Table,
    /// The cell of each declared column, where the file has it.
    positions: Vec<Option<usize>>,
    /// The cells that the file holds in an unusable form.
    unusable: HashSet<(u32, usize)>,
    problems: Vec<CellError>,
}

/// A row seen through declared columns.
#[derive(Debug, Clone, Copy)]
pub struct Record<'t> {
    row: &'t Row,
    selection: &'t Selection<'t>,
}

impl<'t> Record<'t> {
    /// The line, as the person sees it.
    #[must_use]
    pub fn row(self) -> u32 {
        self.row.number
    }

    /// The text under the declared column `index`, trimmed; empty where the
    /// file has no such column.
    #[must_use]
    pub fn get(self, index: usize) -> &'t str {
        self.position(index).map_or("", |position| self.row.cell(position))
    }

    /// Whether the cell is unusable, which is reported already.
    #[must_use]
    pub fn is_unusable(self, index: usize) -> bool {
        self.position(index).is_some_and(|at| self.selection.unusable.contains(&(self.row.number, at)))
    }

    fn position(self, index: usize) -> Option<usize> {
        self.selection.positions.get(index).copied().flatten()
    }
}

impl<'t> Selection<'t> {
    /// The rows, in the order of the file.
    pub fn records(&'t self) -> impl Iterator<Item = Record<'t>> {
        self.table.rows.iter().map(move |row| Record { row, selection: self })
    }

    /// Whether the file has the declared column `index`.
    #[must_use]
    pub fn has(&self, index: usize) -> bool {
        self.positions.get(index).is_some_and(Option::is_some)
    }

    /// The place of the declared column `index` in the rows, where the file has it.
    #[must_use]
    pub fn place(&self, index: usize) -> Option<usize> {
        self.positions.get(index).copied().flatten()
    }

    /// The line of the headers.
    #[must_use]
    pub fn header_row(&self) -> u32 {
        self.table.header_row
    }

    /// What is wrong with unusable cells, under the documented headers.
    #[must_use]
    pub fn problems(&self) -> &[CellError] {
        &self.problems
    }
}

/// Matches the headers of `table` to `columns`.
///
/// # Errors
/// Unknown, duplicate, unnamed and missing columns, all of them; the unusable
/// cells come along. A table without rows is an error too.
pub fn select<'t>(table: &'t Table, columns: &[Column]) -> Result<Selection<'t>, Refused> {
    let mut refused = Refused::default();
    let mut positions: Vec<Option<usize>> = vec![None; columns.len()];
    let known: HashMap<String, usize> =
        columns.iter().enumerate().map(|(index, column)| (key(column.header), index)).collect();
    for (at, header) in table.headers.iter().enumerate() {
        let error = if header.text.trim().is_empty() {
            unnamed(table, at)
        } else {
            match known.get(&key(&header.text)).and_then(|index| positions.get_mut(*index)) {
                None => Some(unknown(&header.text, columns)),
                Some(Some(first)) => Some(duplicate(table, *first, at)),
                Some(position) => {
                    *position = Some(at);
                    None
                }
            }
        };
        refused.file.extend(error.map(|error| error.at(table.header_row)));
    }
    let absent: Vec<&str> = columns
        .iter()
        .zip(&positions)
        .filter(|(column, position)| column.mandatory && position.is_none())
        .map(|(column, _)| column.header)
        .collect();
    if !absent.is_empty() {
        refused.file.push(missing(&absent).at(table.header_row));
    }
    if table.rows.is_empty() {
        refused.file.push(kind::empty());
    }
    let documented: HashMap<usize, &str> = positions
        .iter()
        .zip(columns)
        .filter_map(|(position, column)| Some(((*position)?, column.header)))
        .collect();
    let problems = table.problems.iter().map(|problem| {
        let mut error = problem.error.clone();
        if let Some(header) = documented.get(&problem.column) {
            (*header).clone_into(&mut error.column);
        }
        error
    });
    let problems: Vec<CellError> = problems.collect();
    let unusable =
        table.problems.iter().map(|problem| (problem.error.row, problem.column)).collect::<HashSet<_>>();
    if refused.is_empty() {
        return Ok(Selection { table, positions, unusable, problems });
    }
    refused.cells = problems;
    Err(refused)
}

/// The error of mandatory columns that the file lacks.
pub(super) fn missing(headers: &[&str]) -> FileError {
    let names: Vec<String> = headers.iter().map(|header| quoted(header)).collect();
    let message = format!(
        "il manque {}\u{a0}: {}",
        counted(names.len(), "colonne obligatoire", "colonnes obligatoires"),
        names.join(", ")
    );
    let hint = "ajoutez-les à la ligne d’en-têtes, dans l’ordre que vous voulez";
    FileError::new(catalogue::MISSING_COLUMN, message, hint)
}

fn unnamed(table: &Table, at: usize) -> Option<FileError> {
    let row = table.rows.iter().find(|row| !row.cell(at).is_empty())?;
    let position = table.headers.get(at).map_or("", |header| header.position.as_str());
    let message = format!(
        "la colonne {position} n’a pas d’en-tête et contient des valeurs, par exemple {} en ligne\u{a0}{}",
        quoted(row.cell(at)),
        row.number
    );
    Some(FileError::new(catalogue::UNNAMED_COLUMN, message, "nommez cette colonne ou videz-la"))
}

fn duplicate(table: &Table, first: usize, second: usize) -> FileError {
    let name = |at: usize| table.headers.get(at).map_or_else(String::new, |header| quoted(&header.text));
    let message = format!("deux colonnes ont le même en-tête\u{a0}: {} et {}", name(first), name(second));
    FileError::new(catalogue::DUPLICATE_COLUMN, message, "n’en gardez qu’une")
}

fn unknown(header: &str, columns: &[Column]) -> FileError {
    let message = format!("la colonne {} est inconnue", quoted(header));
    let hint = if let Some(near) = closest(header, columns) {
        format!("écrivez {} si c’est elle, sinon supprimez la colonne", quoted(near))
    } else {
        let names: Vec<&str> = columns.iter().map(|column| column.header).collect();
        format!("supprimez-la\u{a0}; les colonnes possibles sont {}", names.join(", "))
    };
    FileError::new(catalogue::UNKNOWN_COLUMN, message, hint)
}

/// The declared header that differs least, when it differs little.
fn closest<'c>(header: &str, columns: &'c [Column]) -> Option<&'c str> {
    let typed: Vec<char> = key(header).chars().take(60).collect();
    let near = columns.iter().map(|column| {
        let known: Vec<char> = key(column.header).chars().collect();
        // A name shortened or completed is as near as a third of it mistyped.
        let part =
            typed.len() >= 4 && known.len() >= 4 && (known.starts_with(&typed) || typed.starts_with(&known));
        let distance = distance(&typed, &known);
        let close = part || distance <= known.len().div_ceil(3).min(4);
        (close, distance, column.header)
    });
    near.filter(|(close, ..)| *close).min_by_key(|(_, distance, _)| *distance).map(|(.., header)| header)
}

/// Number of letters to insert, remove or replace (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        for (slot, y) in row.iter_mut().skip(1).zip(b) {
            let replaced = diagonal.saturating_add(usize::from(x != y));
            diagonal = *slot;
            left = replaced.min(left.saturating_add(1)).min(slot.saturating_add(1));
            *slot = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// What two spellings of a header have in common.
fn key(header: &str) -> String {
    text::fold(header).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::Field;
    use crate::imports::{Limits, read_table};

    const COLUMNS: &[Column] =
        &[Column::mandatory("siren"), Column::mandatory("montant_verse"), Column::optional("date_depot")];

    fn refused(text: &str) -> Refused {
        let table = read_table(text.as_bytes(), &Limits::default()).unwrap();
        select(&table, COLUMNS).unwrap_err()
    }

    #[test]
    fn forgives_order_case_accents_and_separators() {
        let text = "Montant Versé;DATE-DÉPÔT;;Siren\n12,50;;;217500016\n";
        let table = read_table(text.as_bytes(), &Limits::default()).unwrap();
        let selection = select(&table, COLUMNS).unwrap();
        let record = selection.records().next().unwrap();
        assert_eq!(
            (record.get(0), record.get(1), record.get(2), record.get(9)),
            ("217500016", "12,50", "", "")
        );
        assert!(selection.has(2) && !selection.has(9));
    }

    #[test]
    fn names_every_wrong_column_at_once() {
        let refused = refused("montant_verser;note;Siren;SIREN;;\n1;2;3;4;x;\n");
        let codes: Vec<&str> = refused.codes().collect();
        assert_eq!(
            codes,
            [
                catalogue::UNKNOWN_COLUMN,
                catalogue::UNKNOWN_COLUMN,
                catalogue::DUPLICATE_COLUMN,
                catalogue::MISSING_COLUMN,
                catalogue::EXTRA_CELL
            ]
        );
        let shown = refused.to_string();
        assert!(refused.file[0].hint.contains("montant_verse"), "{shown}");
        assert!(refused.file[1].hint.contains("siren, montant_verse, date_depot"), "{shown}");
        assert!(refused.file[3].message.contains("1\u{a0}colonne obligatoire"), "{shown}");
    }

    #[test]
    fn a_column_without_header_must_be_empty() {
        let refused = refused("siren;;montant_verse\n1;;2\n1;oubli;2\n");
        assert_eq!(refused.file[0].code, catalogue::UNNAMED_COLUMN);
        assert!(refused.file[0].message.contains("oubli") && refused.file[0].message.contains("n°\u{a0}2"));
    }

    #[test]
    fn lists_every_missing_column() {
        let message = refused("date_depot\n1\n").file[0].message.clone();
        assert!(message.contains("siren") && message.contains("montant_verse"), "{message}");
        assert_eq!(refused("siren;montant_verse\n").file[0].code, catalogue::EMPTY_FILE);
    }

    #[test]
    fn no_two_fields_have_one_key() {
        let keys: HashSet<String> = Field::ALL.iter().map(|field| key(field.header())).collect();
        assert_eq!(keys.len(), Field::ALL.len());
    }

    #[test]
    fn measures_distances() {
        let distance = |a: &str, b: &str| {
            super::distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
        };
        assert_eq!((distance("pays", "pays"), distance("pay", "pays"), distance("", "abc")), (0, 1, 3));
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
