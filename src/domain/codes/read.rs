//! Reading one code list: semicolons, a fixed header, every fault collected.

use std::str::FromStr;

use csv::StringRecord;

use super::{Fault, FaultKind, Pattern, PatternSet, Years};

/// Written in the declarable columns of a heading that is never declared.
const NEVER: &str = "-";

/// The cells of one row, by column name; what cannot be read is noted as a fault.
pub(super) struct Cells<'a> {
    file: &'static str,
    line: u64,
    columns: &'static [&'static str],
    record: &'a StringRecord,
    faults: &'a mut Vec<Fault>,
}

/// A cell could not be read; the fault is already noted.
pub(super) struct Rejected;

/// Reads every row of a file; rows with a fault are left out and the fault is noted.
pub(super) fn read_rows<T>(
    file: &'static str,
    text: &str,
    columns: &'static [&'static str],
    faults: &mut Vec<Fault>,
    read: impl Fn(&mut Cells<'_>) -> Result<T, Rejected>,
) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').quoting(false).from_reader(text.as_bytes());
    match reader.headers() {
        Ok(headers) if headers.iter().eq(columns.iter().copied()) => {}
        Ok(_) => {
            let message = format!("l’en-tête attendu est «\u{a0}{}\u{a0}»", columns.join(";"));
            faults.push(Fault::new(file, "ligne 1", FaultKind::Header, message));
            return Vec::new();
        }
        Err(error) => {
            faults.push(Fault::new(file, "ligne 1", FaultKind::Unreadable, error.to_string()));
            return Vec::new();
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                rows.extend(read(&mut Cells { file, line, columns, record: &record, faults }).ok());
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let message = format!("la ligne n’est pas lisible\u{a0}: {error}");
                faults.push(Fault::new(file, format!("ligne {line}"), FaultKind::Unreadable, message));
            }
        }
    }
    rows
}

impl<'a> Cells<'a> {
    fn raw(&self, column: &str) -> &'a str {
        self.columns
            .iter()
            .position(|name| *name == column)
            .and_then(|position| self.record.get(position))
            .unwrap_or_default()
    }

    /// Notes that a cell holds something else than what is expected.
    pub(super) fn reject(&mut self, column: &str, expected: &str) -> Rejected {
        let value = self.raw(column);
        let message = format!("colonne {column}\u{a0}: «\u{a0}{value}\u{a0}» lu, {expected} attendu");
        self.faults.push(Fault::new(self.file, format!("ligne {}", self.line), FaultKind::Cell, message));
        Rejected
    }

    /// Text that must be there.
    pub(super) fn text(&mut self, column: &str) -> Result<Box<str>, Rejected> {
        self.optional(column).ok_or_else(|| self.reject(column, "un texte"))
    }

    /// Text that may be absent.
    pub(super) fn optional(&self, column: &str) -> Option<Box<str>> {
        Some(self.raw(column)).filter(|text| !text.is_empty()).map(Box::from)
    }

    /// A code or a number that must be there.
    pub(super) fn parsed<T: FromStr>(&mut self, column: &str, expected: &str) -> Result<T, Rejected> {
        self.raw(column).parse().map_err(|_| self.reject(column, expected))
    }

    /// A code or a number that may be absent.
    pub(super) fn parsed_optional<T: FromStr>(
        &mut self,
        column: &str,
        expected: &str,
    ) -> Result<Option<T>, Rejected> {
        if self.raw(column).is_empty() { Ok(None) } else { self.parsed(column, expected).map(Some) }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, column: &str, choices: &[(&str, T)]) -> Result<T, Rejected> {
        let value = self.raw(column);
        choices.iter().find(|(word, _)| *word == value).map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.reject(column, &words.join(" ou "))
        })
    }

    /// The span in which the row is valid.
    pub(super) fn years(&mut self) -> Result<Years, Rejected> {
        self.span("first_year", "last_year")
    }

    /// The span in which the code is declarable; `-` twice is never.
    pub(super) fn declarable(&mut self) -> Result<Option<Years>, Rejected> {
        let (first, last) = ("declarable_first_year", "declarable_last_year");
        if self.raw(first) == NEVER && self.raw(last) == NEVER {
            return Ok(None);
        }
        self.span(first, last).map(Some)
    }

    fn span(&mut self, first: &str, last: &str) -> Result<Years, Rejected> {
        let begin = self.parsed_optional(first, "une année");
        let end = self.parsed_optional(last, "une année");
        Ok(Years { first: begin?, last: end? })
    }

    /// A set of patterns that must be there.
    pub(super) fn patterns(&mut self, column: &str) -> Result<PatternSet, Rejected> {
        PatternSet::parse(self.raw(column)).ok_or_else(|| self.reject(column, "des motifs séparés par |"))
    }

    /// One pattern that must be there.
    pub(super) fn pattern(&mut self, column: &str) -> Result<Pattern, Rejected> {
        Pattern::parse(self.raw(column)).ok_or_else(|| self.reject(column, "un motif"))
    }

    /// Words separated by `|`; none for an empty cell.
    pub(super) fn words(&self, column: &str) -> Vec<Box<str>> {
        self.raw(column).split('|').filter(|word| !word.is_empty()).map(Box::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[&str] = &["code", "first_year", "last_year"];

    fn read(text: &str) -> (Vec<Years>, Vec<Fault>) {
        let mut faults = Vec::new();
        let rows = read_rows("essai.csv", text, COLUMNS, &mut faults, |cells| {
            cells.text("code")?;
            cells.years()
        });
        (rows, faults)
    }

    #[test]
    fn rows_are_read_and_faulty_ones_named() {
        let (rows, faults) = read("code;first_year;last_year\na;2011;\nb;x;y\n;;\nc;1\n");
        assert_eq!(rows, [Years { first: Some(2011), last: None }]);
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told.iter().any(|message| message.contains("ligne 3") && message.contains("first_year")));
        assert!(told.iter().any(|message| message.contains("ligne 4") && message.contains("code")));
        assert_eq!(faults.last().unwrap().kind, FaultKind::Unreadable);
    }

    #[test]
    fn another_header_is_refused() {
        let (rows, faults) = read("code,first_year,last_year\na,2011,\n");
        assert!(rows.is_empty());
        assert_eq!(faults.first().unwrap().kind, FaultKind::Header);
    }
}
