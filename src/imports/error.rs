//! What a file is refused for: errors of the whole file, and errors of its cells.

use std::fmt;

use crate::domain::text;

/// Why a whole file cannot be read, or cannot be read as what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// Stable code, `EAPD-Innn`, of the [`catalogue`](super::catalogue).
    pub code: &'static str,
    /// The line at which it was found, as the person sees it, where there is one.
    pub row: Option<u32>,
    /// What is wrong, a French sentence.
    pub message: String,
    /// How to mend it, a French sentence.
    pub hint: String,
}

impl FileError {
    /// An error of the whole file.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, row: None, message: sentence(&message.into()), hint: sentence(&hint.into()) }
    }

    /// The same error, found at a line.
    #[must_use]
    pub fn at(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "Ligne\u{a0}{row}. ")?;
        }
        write!(f, "{} {} ({})", self.message, self.hint, self.code)
    }
}

/// What is wrong with one cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CellError {
    /// The line of the file or sheet, as the person sees it: the header counts.
    pub row: u32,
    /// The header of the column.
    pub column: String,
    /// The beginning of what the cell holds.
    pub value: String,
    /// Stable code, `EAPD-Innn`, of the [`catalogue`](super::catalogue).
    pub code: &'static str,
    /// What is wrong, a French sentence.
    pub message: String,
    /// How to mend it, a French sentence.
    pub hint: String,
}

impl CellError {
    /// An error of the cell at (`row`, `column`), which holds `value`.
    #[must_use]
    pub fn new(
        code: &'static str,
        (row, column): (u32, &str),
        value: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            row,
            column: text::excerpt(column, 60),
            value: text::excerpt(value, 60),
            code,
            message: sentence(&message.into()),
            hint: sentence(&hint.into()),
        }
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, column, message, hint, code, .. } = self;
        write!(f, "Ligne\u{a0}{row}, colonne {}. {message} {hint} ({code})", quoted(column))
    }
}

/// Everything for which a file was refused; nothing of it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
pub struct Refused {
    /// Errors of the file and of its columns.
    pub file: Vec<FileError>,
    /// Errors of cells, in the order of the lines.
    pub cells: Vec<CellError>,
}

impl Refused {
    /// Number of errors.
    #[must_use]
    pub fn len(&self) -> usize {
        self.file.len().saturating_add(self.cells.len())
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.file.is_empty() && self.cells.is_empty()
    }

    /// The codes, in the order of the errors.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.file.iter().map(|e| e.code).chain(self.cells.iter().map(|e| e.code))
    }

    /// `value` when nothing is wrong; the errors of cells in order of lines otherwise.
    pub(super) fn or<T>(mut self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            return Ok(value);
        }
        self.cells.sort_by_key(|error| error.row);
        Err(self)
    }
}

impl From<FileError> for Refused {
    fn from(error: FileError) -> Self {
        Self { file: vec![error], cells: Vec::new() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.file.iter().map(ToString::to_string);
        let lines = lines.chain(self.cells.iter().map(ToString::to_string));
        for (index, line) in lines.enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&line)?;
        }
        Ok(())
    }
}

/// What people typed, between French quotes, on one line and not too long.
pub(super) fn quoted(value: &str) -> String {
    format!("«\u{a0}{}\u{a0}»", text::excerpt(value.trim(), 60))
}

/// `s` as a sentence: a capital first, a stop last.
fn sentence(s: &str) -> String {
    let s = s.trim();
    let mut letters = s.chars();
    let mut out: String = letters.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    out.push_str(letters.as_str());
    if !out.ends_with(['.', '!', '?', '…']) && !out.is_empty() {
        out.push('.');
    }
    out
}

/// `n` and a noun, in the plural from two on.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n}\u{a0}{}", if n < 2 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_what_and_how_to_mend() {
        let error = CellError::new("EAPD-I043", (12, "pays"), " x ", "pays inconnu", "écrivez son nom");
        assert_eq!(
            error.to_string(),
            "Ligne\u{a0}12, colonne «\u{a0}pays\u{a0}». Pays inconnu. Écrivez son nom. (EAPD-I043)"
        );
        let error = FileError::new("EAPD-I001", "fichier vide", "envoyez un fichier").at(3);
        assert_eq!(error.to_string(), "Ligne\u{a0}3. Fichier vide. Envoyez un fichier. (EAPD-I001)");
    }

    #[test]
    fn orders_the_errors_by_line() {
        let cell = |row| CellError::new("EAPD-I041", (row, "siren"), "", "m", "h");
        let refused = Refused { file: Vec::new(), cells: vec![cell(9), cell(2)] }.or(()).unwrap_err();
        assert_eq!(refused.cells.iter().map(|e| e.row).collect::<Vec<_>>(), [2, 9]);
        assert!(Refused::default().or(()).is_ok());
    }
}
