//! CSV, read strictly where a lenient reader would lose lines in silence.
//!
//! Common readers accept a quote that is never closed, or text after a closing
//! quote, and swallow the lines in between; here both are errors with their
//! line. What is well formed reads as in every other reader (tests compare).

use std::borrow::Cow;

use crate::imports::catalogue;
use crate::imports::error::FileError;
use crate::imports::limits::Limits;
use crate::imports::table::{Builder, Content, Form, Table};

/// In order of preference where a header has as many of each.
const SEPARATORS: [u8; 3] = [b';', b'\t', b','];

pub(super) fn read(text: &str, limits: &Limits) -> Result<Table, FileError> {
    let mut builder = Builder::new(limits, Form::Csv, |index| format!("n°\u{a0}{}", index.saturating_add(1)));
    let (separator, skipped) = separator(text);
    let mut scanner = Scanner { text, at: skipped, line: 1, separator };
    if skipped > 0 {
        scanner.end_of_line();
    }
    while scanner.at < text.len() {
        let line = scanner.line;
        let mut cells = Vec::new();
        loop {
            let cell = scanner.cell()?;
            // Spreadsheets pad rows with empty cells: those that nobody can fill are not kept.
            if !cell.is_empty() || cells.len() < limits.columns {
                cells.push(Content::Text(cell.into_owned()));
            }
            if !scanner.next_cell() {
                break;
            }
        }
        scanner.end_of_line();
        builder.push(line, cells)?;
    }
    builder.finish()
}

/// The separator, and the length of the line `sep=;` by which it may be announced.
fn separator(text: &str) -> (u8, usize) {
    if let Some(announced) = text.strip_prefix("sep=")
        && let Some(separator) = announced.bytes().next().filter(|byte| SEPARATORS.contains(byte))
        && announced.get(1..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['\r', '\n']))
    {
        return (separator, "sep=".len().saturating_add(1));
    }
    let mut counts = [0_usize; 3];
    let (mut quoted, mut seen) = (false, false);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if seen && !quoted => break,
            b'\n' | b'\r' if !quoted => counts = [0; 3],
            _ if quoted => {}
            byte => match SEPARATORS.iter().position(|separator| *separator == byte) {
                Some(index) => counts[index] = counts[index].saturating_add(1),
                None => seen = seen || byte != b' ',
            },
        }
        seen = seen || quoted;
    }
    let best = counts.iter().copied().max().unwrap_or_default();
    let chosen = SEPARATORS.into_iter().zip(counts).find(|(_, count)| *count == best);
    (chosen.map_or(b';', |(separator, _)| separator), 0)
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    separator: u8,
}

impl<'t> Scanner<'t> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether another cell follows on this row; moves past the separator.
    fn next_cell(&mut self) -> bool {
        let follows = self.byte() == Some(self.separator);
        self.at = self.at.saturating_add(usize::from(follows));
        follows
    }

    /// Moves past CR, LF or CRLF and counts one line.
    fn end_of_line(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let width = if rest.starts_with(b"\r\n") { 2 } else { usize::from(!rest.is_empty()) };
        self.at = self.at.saturating_add(width);
        self.line = self.line.saturating_add(u32::from(width > 0));
    }

    fn cell(&mut self) -> Result<Cow<'t, str>, FileError> {
        if self.byte() == Some(b'"') {
            return self.quoted_cell();
        }
        let start = self.at;
        while self.byte().is_some_and(|byte| byte != self.separator && !matches!(byte, b'\r' | b'\n')) {
            self.at = self.at.saturating_add(1);
        }
        Ok(Cow::Borrowed(self.text.get(start..self.at).unwrap_or_default()))
    }

    fn quoted_cell(&mut self) -> Result<Cow<'t, str>, FileError> {
        let opened_on = self.line;
        let mut value = String::new();
        loop {
            self.at = self.at.saturating_add(1);
            let start = self.at;
            loop {
                match self.byte() {
                    None => return Err(bad_quotes("un guillemet (\") ouvert n’est jamais fermé", opened_on)),
                    Some(b'"') => break,
                    Some(b'\r' | b'\n') => self.end_of_line(),
                    Some(_) => self.at = self.at.saturating_add(1),
                }
            }
            value.push_str(self.text.get(start..self.at).unwrap_or_default());
            self.at = self.at.saturating_add(1);
            match self.byte() {
                Some(b'"') => value.push('"'),
                Some(byte) if byte != self.separator && !matches!(byte, b'\r' | b'\n') => {
                    let message = "du texte suit un guillemet (\") fermant dans la même cellule";
                    return Err(bad_quotes(message, self.line));
                }
                _ => return Ok(Cow::Owned(value)),
            }
        }
    }
}

fn bad_quotes(message: &str, line: u32) -> FileError {
    let hint = "doublez les guillemets (\"\") à l’intérieur d’une cellule, ou retirez-les";
    FileError::new(catalogue::QUOTES, message, hint).at(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::csv::{ReaderBuilder, WriterBuilder};
    use proptest::prelude::*;

    fn read_text(text: &str) -> Table {
        read(text, &Limits::default()).unwrap()
    }

    fn rows(table: &Table) -> Vec<(u32, Vec<&str>)> {
        table.rows.iter().map(|row| (row.number, row.cells.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn finds_the_separator_in_the_header() {
        for separator in [";", ",", "\t"] {
            let text = ["siren", "\"motif; court, net\"\n1", "\"a,b;c\td\"\n"].join(separator);
            let table = read_text(&text);
            assert_eq!(table.headers.len(), 2, "{text}");
            assert_eq!(rows(&table), [(2, vec!["1", "a,b;c\td"])]);
        }
        assert_eq!(read_text("siren\n217500016\n").headers.len(), 1, "one column");
        assert_eq!(read_text(";;;;\n\nsiren,motif;\n1,a\n").header_row, 3, "a blank row");
        let announced = read_text("sep=,\r\nsiren,a;b;c\r\n1,2\r\n");
        assert_eq!((announced.header_row, rows(&announced)), (2, vec![(3, vec!["1", "2"])]));
    }

    #[test]
    fn counts_lines_as_people_see_them() {
        for (end, name) in [("\n", "LF"), ("\r\n", "CRLF"), ("\r", "CR")] {
            let text = ["a;b", "1;\"deux", "lignes\"", "", "3;4"].join(end);
            let table = read_text(&text);
            let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
            assert_eq!(numbers, [2, 5], "{name}");
            assert_eq!(table.rows[0].cells[1], format!("deux{end}lignes"));
        }
    }

    #[test]
    fn quotes_that_would_swallow_lines_are_errors() {
        let error = read("a;b\n1;2\n\"École;3\n4;5\n", &Limits::default()).unwrap_err();
        assert_eq!((error.code, error.row), (catalogue::QUOTES, Some(3)));
        let error = read("a;b\n\"École\n\" Les Manguiers\";3\n", &Limits::default()).unwrap_err();
        assert_eq!((error.code, error.row), (catalogue::QUOTES, Some(3)));
        assert_eq!(rows(&read_text("a;b\ntuyau 5\" inox;2\n")), [(2, vec!["tuyau 5\" inox", "2"])]);
        assert_eq!(rows(&read_text("a;b\n\"dit \"\"oui\"\"\";2")), [(2, vec!["dit \"oui\"", "2"])]);
    }

    #[test]
    fn empty_cells_in_excess_cost_nothing() {
        let table = read_text(&format!("a;b{0}\n1;2{0}\n", ";".repeat(16_000)));
        assert_eq!((table.headers.len(), table.problems.len()), (2, 0));
        let table = read_text(&format!("a;b\n1;2{}x\n", ";".repeat(16_000)));
        assert_eq!(table.problems.len(), 1);
    }

    proptest! {
        #[test]
        fn reads_what_the_csv_crate_writes(
            cells in prop::collection::vec(prop::collection::vec("[a-zé;,\"\t\r\n ]{0,6}x", 3), 1..6),
            separator in prop::sample::select(SEPARATORS.to_vec()),
        ) {
            let mut writer = WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
            writer.write_record(["un", "deux", "trois"]).unwrap();
            for row in &cells {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let table = read_text(std::str::from_utf8(&bytes).unwrap());
            let ours: Vec<Vec<String>> = table.rows.into_iter().map(|row| row.cells).collect();
            prop_assert_eq!(&ours, &cells);
            let mut reader = ReaderBuilder::new().delimiter(separator).from_reader(bytes.as_slice());
            let theirs: Vec<Vec<String>> =
                reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(&ours, &theirs);
        }

        #[test]
        fn total_on_any_text(text in "[a;,\"\t\r\n]{0,40}") {
            let _ = read(&text, &Limits::default());
        }
    }
}
