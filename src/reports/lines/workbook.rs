//! The open data as a workbook: codes are texts, amounts numbers, days days.

use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::reports::lines::PublicLine;
use crate::reports::lines::columns::COLUMNS;
use crate::reports::resolved::Resolved;
use crate::reports::xlsx::sheet::{LAST_ROW, Sheet};
use crate::reports::xlsx::{Book, Pages};
use crate::reports::{Context, LineReport, ReportError, Result, Written};

/// Title of the workbook.
pub const TITLE: &str =
    "Aide publique au développement des collectivités territoriales\u{a0}: lignes de versement";

/// The workbook being written.
pub struct LinesWorkbook<W> {
    context: Context,
    book: Book,
    pages: Pages,
    rows: u64,
    total_own: Euros,
    sdg: String,
    out: W,
}

impl<W: Write + Seek + Send> LinesWorkbook<W> {
    /// Begins a workbook; rows wait in `temporary`, or in the folder of the system.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn begin(context: Context, temporary: Option<&Path>, out: W) -> Result<Self> {
        Self::with_last_row(context, temporary, out, LAST_ROW)
    }

    /// As [`Self::begin`], with another last row of a sheet.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn with_last_row(context: Context, temporary: Option<&Path>, out: W, last_row: u32) -> Result<Self> {
        let mut book = Book::of_report(TITLE, &context, temporary)?;
        let (first, header) = begin_page(&mut book, 1, &context)?;
        let pages = Pages::new(first, header, last_row, COLUMNS.len())?;
        Ok(Self { context, book, pages, rows: 0, total_own: Euros::ZERO, sdg: String::new(), out })
    }
}

/// A sheet with its title block and headers, and the row of the headers.
fn begin_page(book: &mut Book, number: usize, context: &Context) -> Result<(Sheet, u32)> {
    let mut sheet = book.sheet(&Pages::name(number))?;
    sheet.columns(COLUMNS.iter().map(|column| (column.width, column.style)))?;
    let header = sheet.title(TITLE, "euros", context)?;
    sheet.height(header, 48)?;
    sheet.header(header, COLUMNS.iter().map(|column| column.header))?;
    sheet.freeze(header.saturating_add(1), 2)?;
    sheet.print((header, header), TITLE, context)?;
    sheet.print_wide()?;
    Ok((sheet, header))
}

impl<W: Write + Seek + Send> LineReport for LinesWorkbook<W> {
    fn line(&mut self, line: &FiledLine) -> Result<()> {
        let Some(row) = Resolved::new(line, &self.context)? else { return Ok(()) };
        self.rows = self.rows.saturating_add(1);
        self.total_own = self.total_own.checked_add(row.own).ok_or(ReportError::OutOfRange)?;
        if self.pages.is_full() {
            let (next, _header) = begin_page(&mut self.book, self.pages.next_number(), &self.context)?;
            self.pages.turn(next)?;
        }
        let line = PublicLine::new(row, self.context.flow_year, &mut self.sdg);
        let (sheet, place) = self.pages.next_row();
        for (index, column) in (0_u16..).zip(COLUMNS) {
            sheet.cell(place, index, (column.cell)(&line))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Written> {
        let Self { context, mut book, pages, rows, total_own, out, .. } = *self;
        context.check_sealed(rows, total_own)?;
        for sheet in pages.end()? {
            book.push(sheet);
        }
        Ok(Written { content_sha256: book.save(out)?, rows, total_own })
    }
}
