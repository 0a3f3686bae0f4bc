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

/// Reads every row of a file; rows with a fault are left out and the fault is noted.
pub(super) fn read_rows<T>(
    file: &'static str,
    text: &str,
    columns: &'static [&'static str],
    faults: &mut Vec<Fault>,
    read: impl Fn(&mut Cells<'_>) -> Option<T>,
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
                rows.extend(read(&mut Cells { file, line, columns, record: &record, faults }));
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
    pub(super) fn fault(&mut self, column: &str, expected: &str) {
        let value = self.raw(column);
        let message = format!("colonne {column}\u{a0}: «\u{a0}{value}\u{a0}» lu, {expected} attendu");
        self.faults.push(Fault::new(self.file, format!("ligne {}", self.line), FaultKind::Cell, message));
    }

    /// Text that must be there.
    pub(super) fn text(&mut self, column: &str) -> Option<Box<str>> {
        let found = self.optional(column);
        if found.is_none() {
            self.fault(column, "un texte");
        }
        found
    }

    /// Text that may be absent.
    pub(super) fn optional(&self, column: &str) -> Option<Box<str>> {
        Some(self.raw(column)).filter(|text| !text.is_empty()).map(Box::from)
    }

    /// A code or a number that must be there.
    pub(super) fn parsed<T: FromStr>(&mut self, column: &str, expected: &str) -> Option<T> {
        let found = self.raw(column).parse().ok();
        if found.is_none() {
            self.fault(column, expected);
        }
        found
    }

    /// A code or a number that may be absent; the outer option is none on a fault.
    pub(super) fn parsed_optional<T: FromStr>(&mut self, column: &str, expected: &str) -> Option<Option<T>> {
        if self.raw(column).is_empty() { Some(None) } else { self.parsed(column, expected).map(Some) }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, column: &str, choices: &[(&str, T)]) -> Option<T> {
        let value = self.raw(column);
        let found = choices.iter().find(|(word, _)| *word == value).map(|(_, choice)| *choice);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.fault(column, &words.join(" ou "));
        }
        found
    }

    /// The span in which the row is valid.
    pub(super) fn years(&mut self) -> Option<Years> {
        self.span("first_year", "last_year")
    }

    /// The span in which the code is declarable; `-` twice is never.
    pub(super) fn declarable(&mut self) -> Option<Option<Years>> {
        let (first, last) = ("declarable_first_year", "declarable_last_year");
        if self.raw(first) == NEVER && self.raw(last) == NEVER {
            return Some(None);
        }
        self.span(first, last).map(Some)
    }

    fn span(&mut self, first: &str, last: &str) -> Option<Years> {
        let begin = self.parsed_optional(first, "une année");
        let end = self.parsed_optional(last, "une année");
        Some(Years { first: begin?, last: end? })
    }

    /// A set of patterns that must be there.
    pub(super) fn patterns(&mut self, column: &str) -> Option<PatternSet> {
        let found = PatternSet::parse(self.raw(column));
        if found.is_none() {
            self.fault(column, "des motifs séparés par |");
        }
        found
    }

    /// One pattern that must be there.
    pub(super) fn pattern(&mut self, column: &str) -> Option<Pattern> {
        let found = Pattern::parse(self.raw(column));
        if found.is_none() {
            self.fault(column, "un motif");
        }
        found
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
