//! A file of lines given back to who sent it: the same cells at the same places, what is wrong coloured, commented
//! and told in a column of its own. Mended and sent again, it is read as any other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::amount::parse_amount;
use crate::domain::codes::CodeLists;
use crate::domain::day::Day;
use crate::domain::field::Field;
use crate::domain::instant::Instant;
use crate::domain::spreadsheet::{neutralise, restore};
use crate::domain::year::FlowYear;
use crate::reports::line_export::{Look, look, style, width};
use crate::reports::line_template;
use crate::reports::lines::csv::uneven_csv_writer;
use crate::reports::xlsx::{Book, Cell, Mark, Sheet, Style};
use crate::reports::{ReportError, Result};

/// Cells with a comment: more of them make a spreadsheet slow; the column tells all.
const COMMENTED: usize = 2_000;
/// Remarks that the cell of one row tells.
const TOLD: usize = 40;

/// Width of the column that tells, in characters; the height of a line, and how many a row may have.
const TELLS_WIDTH: usize = 80;
const TELLS_COLUMN: u16 = 90;
const LINE_POINTS: u16 = 15;
const MOST_LINES: u16 = 27;

/// How much is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The cell cannot be read at all.
    Unusable,
    /// The line is not taken.
    Error,
    /// It deserves a look.
    Warning,
}

/// What is to be said of a cell, or of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The line of the file.
    pub row: u32,
    /// The place of its column; none for the row as a whole, or a column that the file has not.
    pub column: Option<usize>,
    /// How much is wrong.
    pub severity: Severity,
    /// The header of the column.
    pub label: Option<String>,
    /// What is wrong and how to mend it (French).
    pub text: String,
}

/// A file as it was sent, with what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated<'a> {
    /// The line of the headers.
    pub header_row: u32,
    /// The headers as typed.
    pub headers: Vec<&'a str>,
    /// What each column holds, where it is known.
    pub fields: Vec<Option<Field>>,
    /// The place of the column of an earlier annotation, which is written anew.
    pub column: Option<usize>,
    /// The header of that column.
    pub title: &'a str,
    /// The rows that hold something, with their lines in the file.
    pub rows: Vec<(u32, &'a [String])>,
    /// By row.
    pub remarks: Vec<Remark>,
}

impl Annotated<'_> {
    /// The place of the column that tells.
    fn place(&self) -> usize {
        self.column.unwrap_or(self.headers.len())
    }

    fn by_row(&self) -> BTreeMap<u32, Vec<&Remark>> {
        let mut rows: BTreeMap<u32, Vec<&Remark>> = BTreeMap::new();
        for remark in &self.remarks {
            rows.entry(remark.row).or_default().push(remark);
        }
        rows
    }

    /// The place of a cell in the row as it is given back: what a row has too much stands after the column that tells.
    fn moved(&self, place: usize) -> usize {
        let is_extra = self.column.is_none() && place >= self.headers.len();
        place.saturating_add(usize::from(is_extra))
    }
}

/// What is said of a row, in one cell.
fn told(remarks: &[&Remark]) -> String {
    let one = |remark: &&Remark| {
        let what = if remark.severity == Severity::Warning { "À vérifier" } else { "Erreur" };
        let place = remark.label.as_ref().map(|label| format!(", colonne {label}")).unwrap_or_default();
        format!("{what}{place}\u{a0}: {}", remark.text)
    };
    let mut told: Vec<String> = remarks.iter().take(TOLD).map(one).collect();
    if remarks.len() > TOLD {
        told.push(format!("et {} autres", remarks.len().saturating_sub(TOLD)));
    }
    told.join("\n")
}

/// Writes it as CSV, its lines at their numbers.
///
/// # Errors
/// When it cannot be written.
pub fn csv(annotated: &Annotated<'_>, out: impl Write) -> Result<()> {
    let mut csv = uneven_csv_writer(out)?;
    let by_row = annotated.by_row();
    let place = annotated.place();
    let mut next = 1_u32;
    let header: Vec<String> = annotated.headers.iter().map(|text| neutralise(text).into_owned()).collect();
    let rows = annotated.rows.iter().map(|(row, cells)| (*row, Some(*cells)));
    for (row, cells) in std::iter::once((annotated.header_row, None)).chain(rows) {
        // Blank lines keep their places; the reader skips them.
        while next < row {
            csv.write_record([""])?;
            next = next.saturating_add(1);
        }
        let (mut record, tells) = match cells {
            None => (header.clone(), annotated.title.to_owned()),
            Some(cells) => {
                let cell = |(at, text): (usize, &String)| written(annotated.field(at), text).into_owned();
                let remarks = by_row.get(&row).map(|remarks| told(remarks).replace('\n', " "));
                (cells.iter().enumerate().map(cell).collect(), remarks.unwrap_or_default())
            }
        };
        record.resize(record.len().max(annotated.headers.len()), String::new());
        let tells = neutralise(&tells).into_owned();
        match record.get_mut(place).filter(|_| annotated.column.is_some()) {
            Some(cell) => *cell = tells,
            None => record.insert(place, tells),
        }
        let lines = record.iter().map(|cell| breaks(cell)).fold(1_u32, u32::saturating_add);
        csv.write_record(&record)?;
        next = next.saturating_add(lines);
    }
    Ok(csv.flush()?)
}

/// The ends of line within a cell, which the reader counts.
fn breaks(cell: &str) -> u32 {
    let count = cell.replace("\r\n", "\n").chars().filter(|c| matches!(c, '\n' | '\r')).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Annotated<'_> {
    fn field(&self, place: usize) -> Option<Field> {
        self.fields.get(place).copied().flatten()
    }
}

/// A text as a CSV cell: what the import reads of it stays, and it is no formula. An amount stays a number.
fn written(field: Option<Field>, text: &str) -> Cow<'_, str> {
    let is_amount = field.is_some_and(|field| look(field) == Look::Amount);
    if is_amount && parse_amount(text).is_ok() {
        return Cow::Borrowed(text);
    }
    neutralise(restore(text))
}

/// Writes it as a workbook, with the lists of codes of the flow year.
///
/// # Errors
/// When it cannot be written.
pub fn xlsx(
    annotated: &Annotated<'_>,
    (year, codes): (FlowYear, &CodeLists),
    at: Instant,
    temporary: Option<&Path>,
    out: impl Write + Seek + Send,
) -> Result<()> {
    let mut book = Book::new(&format!("Lignes annotées, exercice {year}"), at, temporary)?;
    let mut sheet = book.sheet("Lignes")?;
    let place = annotated.place();
    let columns = (0..annotated.headers.len().max(place.saturating_add(1))).map(|at| {
        if at == place {
            return (TELLS_COLUMN, Style::Remark);
        }
        annotated.field(at).map_or((18, Style::Code), |field| (width(field), style(field)))
    });
    sheet.columns(columns)?;
    sheet.print_on(3);
    let header_row = annotated.header_row.saturating_sub(1);
    let headers = annotated.headers.iter().copied().enumerate();
    let mut headers: Vec<&str> =
        headers.map(|(at, text)| if at == place { annotated.title } else { text }).collect();
    if annotated.column.is_none() {
        headers.push(annotated.title);
    }
    sheet.header(header_row, headers.iter().copied())?;
    sheet.freeze(header_row.saturating_add(1), 1)?;
    let by_row = annotated.by_row();
    let mut comments = 0_usize;
    let mut last = header_row;
    for (number, cells) in &annotated.rows {
        let remarks = by_row.get(number).map(Vec::as_slice).unwrap_or_default();
        last = number.saturating_sub(1);
        row(&mut sheet, annotated, last, cells, remarks, &mut comments)?;
    }
    let last_column = column(headers.len().saturating_sub(1))?;
    sheet.filter(header_row, last, last_column)?;
    let fields = annotated.fields.iter().copied();
    let places: Vec<(u16, Field)> =
        (0_u16..).zip(fields).filter_map(|(at, field)| Some((at, field?))).collect();
    line_template::choices(&mut sheet, &places, header_row.saturating_add(1), (codes, year))?;
    book.push(sheet);
    let lists = line_template::lists(&mut book, codes, year)?;
    book.push(lists);
    book.save(out)?;
    Ok(())
}

fn row(
    sheet: &mut Sheet,
    annotated: &Annotated<'_>,
    row: u32,
    cells: &[String],
    remarks: &[&Remark],
    comments: &mut usize,
) -> Result<()> {
    let place = annotated.place();
    let tells = told(remarks);
    let width = annotated.headers.len().max(cells.len()).max(place.saturating_add(1));
    if !tells.is_empty() {
        sheet.height(row, height(&tells))?;
    }
    // Remarks on cells beyond the headers, or on columns that the file has not, stand in the column that tells.
    for at in 0..width {
        let to = column(annotated.moved(at))?;
        if at == place {
            let worst = remarks.first().map(|remark| mark(remark.severity));
            sheet.marked(row, column(place)?, Cell::Text(&tells), Style::Remark, worst)?;
            if annotated.column.is_some() {
                continue;
            }
        }
        let text = cells.get(at).map_or("", String::as_str);
        let of_cell: Vec<&Remark> =
            remarks.iter().copied().filter(|remark| remark.column == Some(at)).collect();
        let field = annotated.field(at);
        let Some(worst) = of_cell.first() else {
            sheet.cell(row, to, cell(field, text))?;
            continue;
        };
        let look = field.map_or(Style::Code, style);
        if worst.severity == Severity::Unusable {
            // It stays unusable until it is mended, whatever its column holds.
            sheet.unusable(row, to, look)?;
        } else {
            sheet.marked(row, to, cell(field, text), look, Some(mark(worst.severity)))?;
        }
        if *comments < COMMENTED {
            *comments = comments.saturating_add(1);
            sheet.comment(row, to, &told(&of_cell))?;
        }
    }
    Ok(())
}

/// Points of a row that shows what is told, which a spreadsheet does not work out by itself.
fn height(told: &str) -> u16 {
    let lines: usize = told.lines().map(|line| line.chars().count().div_ceil(TELLS_WIDTH)).sum();
    u16::try_from(lines).unwrap_or(u16::MAX).clamp(1, MOST_LINES).saturating_mul(LINE_POINTS)
}

const fn mark(severity: Severity) -> Mark {
    match severity {
        Severity::Unusable | Severity::Error => Mark::Error,
        Severity::Warning => Mark::Warning,
    }
}

fn column(place: usize) -> Result<u16> {
    u16::try_from(place).map_err(|_error| ReportError::OutOfRange)
}

/// A text as the cell that it came from: the reader writes numbers and days in one form, which no other text has.
fn cell(field: Option<Field>, text: &str) -> Cell<'_> {
    match field.map(look) {
        Some(Look::Amount) if is_number(text) => Cell::Number(text),
        Some(Look::Day) => match text.parse::<Day>() {
            Ok(day) if day.to_iso() == text => Cell::Day(day),
            _ => Cell::Text(text),
        },
        _ => Cell::Text(text),
    }
}

/// Whether the text is a number exactly as the reader of workbooks writes it: no exponent, no needless zero but
/// the one after three decimals. `1.234` is none: it was typed as a text, which has two readings.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) =
        digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_written = |decimals: &str| {
        let plain = decimals.strip_suffix('0').filter(|plain| plain.len() == 3).unwrap_or(decimals);
        is_digits(decimals) && !plain.ends_with('0') && (plain.len() != 3 || plain.len() < decimals.len())
    };
    let length = whole.len().saturating_add(decimals.map_or(0, str::len));
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && decimals.is_none_or(is_written)
        && length <= 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_number_reads_as_is_written_as_one() {
        for number in ["0", "12", "1234.5", "0.05", "-3", "12.3450", "1.23456"] {
            assert!(is_number(number), "{number}");
        }
        for text in
            ["", "-", "1.234", "1.50", "01", "1,5", "1e9", "1.", ".5", "1.2300", "1234567890123456", "1 000"]
        {
            assert!(!is_number(text), "{text}");
        }
    }

    fn annotated(rows: Vec<(u32, &[String])>, remarks: Vec<Remark>) -> Annotated<'_> {
        Annotated {
            header_row: 2,
            headers: vec!["titre", "montant_verse"],
            fields: vec![Some(Field::Title), Some(Field::AmountPaid)],
            column: None,
            title: "Anomalies",
            rows,
            remarks,
        }
    }

    #[test]
    fn lines_keep_their_numbers_and_formulas_are_texts() {
        let cells = |cells: &[&str]| -> Vec<String> { cells.iter().map(|cell| (*cell).to_owned()).collect() };
        let (first, second) = (cells(&["=1+1\nb", "-12,50"]), cells(&["'@x", "+x", "trop"]));
        let remark = |row, column, severity| Remark {
            row,
            column,
            severity,
            label: Some("montant_verse".to_owned()),
            text: "Pourquoi.".to_owned(),
        };
        let remarks = vec![remark(3, Some(1), Severity::Error), remark(6, None, Severity::Warning)];
        let mut out = Vec::new();
        csv(&annotated(vec![(3, &first), (6, &second)], remarks), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let expected = [
            "\u{feff}\"\"",
            "titre;montant_verse;Anomalies",
            "\"'=1+1",
            "b\";-12,50;Erreur, colonne montant_verse\u{a0}: Pourquoi.",
            "\"\"",
            "'@x;'+x;À vérifier, colonne montant_verse\u{a0}: Pourquoi.;trop",
        ];
        assert_eq!(text.split(['\r', '\n']).filter(|line| !line.is_empty()).collect::<Vec<_>>(), expected);
    }
}
