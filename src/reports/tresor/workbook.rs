//! The Trésor workbook: lines while they come, then the tables made of their sums.

use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::declaration::FiledLine;
use crate::reports::tresor::controls::Controls;
use crate::reports::tresor::counted::Counted;
use crate::reports::tresor::line_columns::LINE_COLUMNS;
use crate::reports::tresor::table::Table;
use crate::reports::tresor::tally::Tally;
use crate::reports::tresor::{TITLE, sheets};
use crate::reports::xlsx::sheet::{LAST_ROW, Sheet};
use crate::reports::xlsx::{Book, Pages};
use crate::reports::{Context, LineReport, Result, Written};

/// The workbook being written.
pub struct TresorWorkbook<W> {
    context: Context,
    book: Book,
    pages: Pages,
    tally: Tally,
    out: W,
}

impl<W: Write + Seek + Send> TresorWorkbook<W> {
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
        let first = begin_lines(&mut book, 1, &context)?;
        let tally = Tally::new(&context);
        let pages = Pages::new(first, 0, last_row, LINE_COLUMNS.len())?;
        Ok(Self { context, book, pages, tally, out })
    }
}

/// A sheet of lines, its headers in the first row.
fn begin_lines(book: &mut Book, number: usize, context: &Context) -> Result<Sheet> {
    let mut sheet = book.sheet(&Pages::name(number))?;
    sheet.columns(LINE_COLUMNS.iter().map(|column| (column.width, column.style)))?;
    sheet.height(0, 32)?;
    sheet.header(0, LINE_COLUMNS.iter().map(|column| column.header))?;
    sheet.freeze(1, 2)?;
    sheet.print((0, 0), &format!("{TITLE}\u{a0}: lignes de versement"), context)?;
    sheet.print_wide()?;
    Ok(sheet)
}

impl<W: Write + Seek + Send> LineReport for TresorWorkbook<W> {
    fn line(&mut self, line: &FiledLine) -> Result<()> {
        let Some(resolved) = Counted::new(line, &self.context)? else { return Ok(()) };
        self.tally.add(&resolved, &self.context)?;
        if self.pages.is_full() {
            let next = begin_lines(&mut self.book, self.pages.next_number(), &self.context)?;
            self.pages.turn(next)?;
        }
        let (sheet, row) = self.pages.next_row();
        for (index, column) in (0_u16..).zip(LINE_COLUMNS) {
            sheet.cell(row, index, (column.cell)(&resolved))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Written> {
        let Self { context, mut book, pages, tally, out } = *self;
        context.check_sealed(tally.lines(), tally.kept.own)?;
        // Their cells are written before those of the other sheets, so that the formats are always told in one order.
        let lines = pages.end()?;
        let table = Table::new(&tally, &context)?;
        let controls = Controls::new(&table, &tally, &context)?;
        let sheet = sheets::table(&mut book, &table, &context)?;
        book.push(sheet);
        let sheet = sheets::breakdown(&mut book, &tally, &context)?;
        book.push(sheet);
        for sheet in lines {
            book.push(sheet);
        }
        let sheet = sheets::controls(&mut book, &controls, &tally, &context)?;
        book.push(sheet);
        let sheet = sheets::dictionary(&mut book, &tally, &context)?;
        book.push(sheet);
        let rows = tally.lines();
        let content_sha256 = book.save(out)?;
        Ok(Written { content_sha256, rows, total_own: tally.kept.own })
    }
}
