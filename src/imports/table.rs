//! A file as rows of text, whatever its form was.

use crate::imports::error::{CellError, FileError, quoted};
use crate::imports::kind::Kind;
use crate::imports::limits::Limits;
use crate::imports::{catalogue, csv, encoding, kind, xlsx};

/// The header of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderCell {
    /// The text as typed; empty where the column has no header.
    pub text: String,
    /// How to name the column where it has no header: `C` in a workbook, `n° 3` in a CSV.
    pub position: String,
}

/// A row that holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line as the person sees it in the file or sheet; the header counts.
    pub number: u32,
    /// The texts, untrimmed; the empty cells at the end are left out. Those beyond the headers are among
    /// [`Table::problems`].
    pub cells: Vec<String>,
}

impl Row {
    /// The text of the cell at `index`, trimmed; empty where there is none.
    #[must_use]
    pub fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", |cell| cell.trim())
    }
}

/// A cell that the file itself holds in an unusable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Index of the column.
    pub column: usize,
    /// What is wrong; its row is in [`Table::rows`] all the same.
    pub error: CellError,
}

/// The form in which a file came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// CSV, in any of its encodings.
    Csv,
    /// XLSX.
    Workbook,
}

/// The rows of a file under its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The form that the file had.
    pub form: Form,
    /// The line of the headers.
    pub header_row: u32,
    /// The headers, up to the last one that has a text.
    pub headers: Vec<HeaderCell>,
    /// The rows that hold something.
    pub rows: Vec<Row>,
    /// The unusable cells, in the order of the rows.
    pub problems: Vec<Problem>,
}

/// Reads a file, whose kind is found by its content.
///
/// # Errors
/// The first thing that prevents the file from being read as a table. A cell
/// that alone is unusable is among [`Table::problems`] instead.
pub fn read_table(bytes: &[u8], limits: &Limits) -> Result<Table, FileError> {
    if bytes.len() > limits.bytes {
        return Err(FileError::new(
            catalogue::TOO_LARGE,
            format!("le fichier dépasse {}\u{a0}Mio", limits.bytes >> 20),
            "retirez les images et les feuilles inutiles, ou envoyez un CSV",
        ));
    }
    match kind::find(bytes, limits)? {
        Kind::Text => csv::read(&encoding::decode(bytes)?, limits),
        Kind::Workbook(package) => xlsx::read(package, limits),
    }
}

/// Cells beyond the headers that are kept, for whoever shows the row again; the first one is told in any case.
const EXTRA_KEPT: usize = 8;

/// What a reader found in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    Unusable(Unusable),
}

/// Why a cell is unusable, before its place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unusable {
    pub code: &'static str,
    pub value: String,
    pub message: String,
    pub hint: &'static str,
}

impl Content {
    fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// Builds a table row by row and holds the limits.
pub(super) struct Builder<'l> {
    limits: &'l Limits,
    form: Form,
    /// Names the column at an index where it has no header.
    position: fn(usize) -> String,
    text_bytes: usize,
    table: Option<Table>,
}

impl<'l> Builder<'l> {
    pub(super) fn new(limits: &'l Limits, form: Form, position: fn(usize) -> String) -> Self {
        Self { limits, form, position, text_bytes: 0, table: None }
    }

    /// Takes the next row; a blank one is skipped, the first other one gives the headers.
    pub(super) fn push(&mut self, number: u32, mut cells: Vec<Content>) -> Result<(), FileError> {
        while cells.last().is_some_and(Content::is_blank) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        self.measure(number, &cells)?;
        match self.table.take() {
            None => self.table = Some(self.headed(number, cells)?),
            Some(mut table) => {
                self.add(&mut table, number, cells)?;
                self.table = Some(table);
            }
        }
        Ok(())
    }

    /// The table, or an error where no row held anything.
    pub(super) fn finish(self) -> Result<Table, FileError> {
        self.table.ok_or_else(kind::empty)
    }

    fn measure(&mut self, number: u32, cells: &[Content]) -> Result<(), FileError> {
        for cell in cells {
            let (Content::Text(text) | Content::Unusable(Unusable { value: text, .. })) = cell;
            if text.len() > self.limits.cell_bytes {
                let message =
                    format!("une cellule dépasse {}\u{a0}Kio de texte", self.limits.cell_bytes >> 10);
                return Err(FileError::new(catalogue::CELL_TOO_LONG, message, "raccourcissez-la").at(number));
            }
            self.text_bytes = self.text_bytes.saturating_add(text.len());
        }
        if self.text_bytes > self.limits.text_bytes {
            let message = format!("le texte du tableau dépasse {}\u{a0}Mio", self.limits.text_bytes >> 20);
            let hint = "partagez le fichier en plusieurs ou raccourcissez les textes";
            return Err(FileError::new(catalogue::TABLE_TOO_LARGE, message, hint).at(number));
        }
        Ok(())
    }

    fn headed(&self, number: u32, cells: Vec<Content>) -> Result<Table, FileError> {
        if cells.len() > self.limits.columns {
            let message = format!("la ligne d’en-têtes dépasse {}\u{a0}colonnes", self.limits.columns);
            let hint = "gardez seulement les colonnes du modèle";
            return Err(FileError::new(catalogue::TOO_MANY_COLUMNS, message, hint).at(number));
        }
        let mut headers = Vec::with_capacity(cells.len());
        for (index, cell) in cells.into_iter().enumerate() {
            let position = (self.position)(index);
            match cell {
                Content::Text(text) => headers.push(HeaderCell { text, position }),
                Content::Unusable(why) => {
                    let message = format!("dans l’en-tête de la colonne {position}, {}", why.message);
                    return Err(FileError::new(why.code, message, why.hint).at(number));
                }
            }
        }
        Ok(Table { form: self.form, header_row: number, headers, rows: Vec::new(), problems: Vec::new() })
    }

    fn add(&self, table: &mut Table, number: u32, cells: Vec<Content>) -> Result<(), FileError> {
        if table.rows.len() >= self.limits.rows {
            let message = format!("le fichier dépasse {}\u{a0}lignes", self.limits.rows);
            let hint = "partagez-le en plusieurs fichiers";
            return Err(FileError::new(catalogue::TOO_MANY_ROWS, message, hint).at(number));
        }
        let kept = table.headers.len().saturating_add(EXTRA_KEPT);
        let mut texts = Vec::with_capacity(cells.len().min(kept));
        let mut has_extra = false;
        for (column, cell) in cells.into_iter().enumerate() {
            let Some(header) = table.headers.get(column) else {
                if !cell.is_blank() && !has_extra {
                    table.problems.push(self.extra(number, column, &cell));
                    has_extra = true;
                }
                if column >= kept {
                    if has_extra {
                        break;
                    }
                    continue;
                }
                let (Content::Text(text) | Content::Unusable(Unusable { value: text, .. })) = cell;
                texts.push(text);
                continue;
            };
            texts.push(match cell {
                Content::Text(text) => text,
                Content::Unusable(Unusable { code, value, message, hint }) => {
                    let name =
                        if header.text.trim().is_empty() { &header.position } else { header.text.trim() };
                    let error = CellError::new(code, (number, name), &value, message, hint);
                    table.problems.push(Problem { column, error });
                    value
                }
            });
        }
        if table.problems.len() > self.limits.errors {
            let message = format!("plus de {}\u{a0}cellules sont en erreur", self.limits.errors);
            let hint = "la lecture s’est arrêtée\u{a0}: vérifiez que la bonne feuille est envoyée";
            return Err(FileError::new(catalogue::TOO_MANY_ERRORS, message, hint).at(number));
        }
        while texts.last().is_some_and(String::is_empty) {
            texts.pop();
        }
        table.rows.push(Row { number, cells: texts });
        Ok(())
    }

    fn extra(&self, number: u32, column: usize, cell: &Content) -> Problem {
        let (Content::Text(value) | Content::Unusable(Unusable { value, .. })) = cell;
        let message =
            format!("la ligne a plus de cellules que d’en-têtes\u{a0}: {} est en trop", quoted(value));
        let hint = "supprimez cette cellule, ou mettez entre guillemets le texte qui contient un séparateur";
        let place = (number, (self.position)(column));
        let error = CellError::new(catalogue::EXTRA_CELL, (place.0, &place.1), value, message, hint);
        Problem { column, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        read_table(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn skips_blank_rows_and_keeps_the_numbers_people_see() {
        let table = table("\n;;\nsiren;motif\n\n1;a\n ; \n2\n;;\n");
        assert_eq!(table.header_row, 3);
        let rows: Vec<_> = table.rows.iter().map(|row| (row.number, row.cell(0), row.cell(1))).collect();
        assert_eq!(rows, [(5, "1", "a"), (7, "2", "")]);
        assert_eq!(table.rows[0].cell(9), "");
    }

    #[test]
    fn a_cell_under_no_header_is_an_error_of_its_row() {
        let table = table("a;b;;\n1;2;;;\n1;2;;Mali\n");
        assert_eq!(table.headers.len(), 2);
        assert_eq!(table.problems.len(), 1);
        let error = &table.problems[0].error;
        assert_eq!((error.row, error.column.as_str(), error.code), (3, "n°\u{a0}4", catalogue::EXTRA_CELL));
        assert!(error.message.contains("Mali"));
    }

    #[test]
    fn holds_every_limit() {
        let limits =
            Limits { bytes: 60, rows: 2, columns: 3, cell_bytes: 10, text_bytes: 20, ..Limits::default() };
        let code = |text: &str| read_table(text.as_bytes(), &limits).unwrap_err().code;
        assert_eq!(code(&"a".repeat(61)), catalogue::TOO_LARGE);
        assert_eq!(code("a\n1\n2\n3\n"), catalogue::TOO_MANY_ROWS);
        assert_eq!(code("a;b;c;d\n"), catalogue::TOO_MANY_COLUMNS);
        assert_eq!(code("a;b\n12345678901;\n"), catalogue::CELL_TOO_LONG);
        assert_eq!(code("a;b\n1234567890;1234567890\n"), catalogue::TABLE_TOO_LARGE);
        assert!(read_table(b"a;b;c;;;;\n1;;;;;;\n2\n", &limits).is_ok(), "empty cells do not count");
    }
}
