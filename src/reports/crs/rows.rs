//! Rows as CSV, or as the first sheets of a workbook.

use std::io::{Seek, Write};
use std::path::Path;

use crate::reports::crs::items::{Item, items};
use crate::reports::crs::record::Record;
use crate::reports::lines::csv::{csv_writer, write_field};
use crate::reports::xlsx::sheet::{LAST_ROW, Sheet};
use crate::reports::xlsx::{Book, Pages};
use crate::reports::{Context, Format, Result};

/// A file of rows being written.
pub struct Rows<W: Write> {
    /// The columns.
    pub items: &'static [Item],
    headers: Vec<String>,
    /// The title.
    pub title: &'static str,
    form: Form<W>,
}

enum Form<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Sheets(Box<Sheets<W>>),
}

struct Sheets<W> {
    book: Book,
    pages: Pages,
    out: W,
}

impl<W: Write + Seek + Send> Rows<W> {
    /// Begins a file; rows of a workbook wait in `temporary`, or in the folder of the system.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        title: &'static str,
        context: &Context,
        format: Format,
        temporary: Option<&Path>,
        out: W,
    ) -> Result<Self> {
        let items = items()?;
        let headers: Vec<String> = items.iter().map(Item::header).collect();
        let form = if format == Format::Csv {
            let mut csv = csv_writer(out)?;
            csv.write_record(&headers)?;
            Form::Csv(Box::new(csv))
        } else {
            let mut book = Book::of_report(title, context, temporary)?;
            let first = begin_sheet(&mut book, 1, (title, items, &headers), context)?;
            let pages = Pages::new(first, 0, LAST_ROW, items.len())?;
            Form::Sheets(Box::new(Sheets { book, pages, out }))
        };
        Ok(Self { items, headers, title, form })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, row: &Record<'_>, context: &Context) -> Result<()> {
        match &mut self.form {
            Form::Csv(csv) => {
                for item in self.items {
                    write_field(csv, item.cell(row, context.unit))?;
                }
                csv.write_record(None::<&[u8]>)?;
            }
            Form::Sheets(sheets) => {
                let Sheets { book, pages, .. } = &mut **sheets;
                if pages.is_full() {
                    let about = (self.title, self.items, &*self.headers);
                    let next = begin_sheet(book, pages.next_number(), about, context)?;
                    pages.turn(next)?;
                }
                let (sheet, place) = pages.next_row();
                for (index, item) in (0_u16..).zip(self.items) {
                    sheet.cell(place, index, item.cell(row, context.unit))?;
                }
            }
        }
        Ok(())
    }

    /// Ends the file; in a workbook the sheets that `more` makes follow. Gives the SHA-256 of what an edition says.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(self, more: impl FnOnce(&mut Book) -> Result<Vec<Sheet>>) -> Result<Option<String>> {
        match self.form {
            Form::Csv(mut csv) => {
                csv.flush()?;
                Ok(None)
            }
            Form::Sheets(sheets) => {
                let Sheets { mut book, pages, out } = *sheets;
                // Their cells are written before those of the other sheets, so that formats are told in one order.
                let lines = pages.end()?;
                let more = more(&mut book)?;
                for sheet in lines.into_iter().chain(more) {
                    book.push(sheet);
                }
                book.save(out)
            }
        }
    }
}

/// A sheet of rows, its headers in the first row so that it can be loaded as it is.
fn begin_sheet(
    book: &mut Book,
    number: usize,
    (title, items, headers): (&str, &[Item], &[String]),
    context: &Context,
) -> Result<Sheet> {
    let mut sheet = book.sheet(&Pages::name(number))?;
    sheet.columns(items.iter().map(|item| (item.width(), item.style(context.unit))))?;
    sheet.height(0, 62)?;
    sheet.header(0, headers.iter().map(String::as_str))?;
    sheet.freeze(1, 6)?;
    sheet.print((0, 0), title, context)?;
    sheet.print_wide()?;
    Ok(sheet)
}
