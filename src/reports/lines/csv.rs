//! The open data as CSV, in the form that `reports/lignes/schema.json` describes.

use std::io::Write;

use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::domain::spreadsheet::neutralise;
use crate::reports::lines::PublicLine;
use crate::reports::lines::columns::COLUMNS;
use crate::reports::resolved::Resolved;
use crate::reports::text::xml_text;
use crate::reports::xlsx::Cell;
use crate::reports::{Context, LineReport, ReportError, Result, Written};

/// The CSV being written.
pub struct LinesCsv<W: Write> {
    context: Context,
    csv: csv::Writer<W>,
    rows: u64,
    total_own: Euros,
    sdg: String,
}

/// A CSV writer of the house: UTF-8 with its mark, semicolons, lines ended as RFC 4180 says.
pub(crate) fn csv_writer<W: Write>(out: W) -> Result<csv::Writer<W>> {
    begin(out, &mut csv::WriterBuilder::new())
}

/// The same for rows of any length.
pub(crate) fn uneven_csv_writer<W: Write>(out: W) -> Result<csv::Writer<W>> {
    begin(out, csv::WriterBuilder::new().flexible(true))
}

fn begin<W: Write>(mut out: W, builder: &mut csv::WriterBuilder) -> Result<csv::Writer<W>> {
    out.write_all("\u{feff}".as_bytes())?;
    Ok(builder.delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(out))
}

/// A text as a cell: what XML forbids made visible, as in the other formats, and nothing a formula.
pub(crate) fn cell(text: &str) -> String {
    neutralise(&xml_text(text)).into_owned()
}

/// Writes what a cell of the workbook holds as a field.
pub(crate) fn write_field<W: Write>(csv: &mut csv::Writer<W>, cell: Cell<'_>) -> csv::Result<()> {
    match cell {
        Cell::Blank => csv.write_field(b""),
        Cell::Text(text) => csv.write_field(neutralise(&xml_text(text)).as_bytes()),
        Cell::Number(text) | Cell::Formula(_, text) => csv.write_field(text),
        Cell::Whole(value) => csv.write_field(value.to_string()),
        Cell::Euros(amount) => csv.write_field(amount.plain().as_str()),
        Cell::Day(day) => csv.write_field(day.iso().as_str()),
    }
}

impl<W: Write + Send> LinesCsv<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(context: Context, out: W) -> Result<Self> {
        let mut csv = csv_writer(out)?;
        csv.write_record(COLUMNS.iter().map(|column| column.key))?;
        Ok(Self { context, csv, rows: 0, total_own: Euros::ZERO, sdg: String::new() })
    }
}

impl<W: Write + Send> LineReport for LinesCsv<W> {
    fn line(&mut self, line: &FiledLine) -> Result<()> {
        let Some(row) = Resolved::new(line, &self.context)? else { return Ok(()) };
        self.rows = self.rows.saturating_add(1);
        self.total_own = self.total_own.checked_add(row.own).ok_or(ReportError::OutOfRange)?;
        let line = PublicLine::new(row, self.context.flow_year, &mut self.sdg);
        for column in COLUMNS {
            write_field(&mut self.csv, (column.cell)(&line))?;
        }
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }

    fn finish(mut self: Box<Self>) -> Result<Written> {
        self.context.check_sealed(self.rows, self.total_own)?;
        self.csv.flush()?;
        Ok(Written { content_sha256: None, rows: self.rows, total_own: self.total_own })
    }
}
