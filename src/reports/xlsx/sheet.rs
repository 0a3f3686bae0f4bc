//! A sheet written row by row, with a digest of what it says.

use std::collections::HashMap;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Worksheet};
use sha2::digest::Output;
use sha2::{Digest, Sha256};

use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::spreadsheet::is_risky;
use crate::reports::text::xml_text;
use crate::reports::xlsx::Style;
use crate::reports::xlsx::number::{cell_number, decimal, whole_number};
use crate::reports::{Context, Result, Status};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Blank,
    /// Text, as it is: a workbook types its cells, so that it is never a formula.
    Text(&'a str),
    /// A decimal number, in the text that the program wrote.
    Number(&'a str),
    /// A whole number.
    Whole(i64),
    /// An amount.
    Euros(Euros),
    /// A day.
    Day(Day),
    /// A formula, with the decimal text of its value.
    Formula(&'a str, &'a str),
}

/// The last row of a workbook, from 0.
pub const LAST_ROW: u32 = 1_048_575;
/// A4.
const PAPER: u8 = 9;
/// A3.
const WIDE_PAPER: u8 = 8;
/// Bytes that the digest takes at once.
const TOLD_AT_ONCE: usize = 1 << 14;
/// The longest text of a cell, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;

/// A sheet in constant memory: cells come row by row, from left to right.
pub struct Sheet {
    pub(super) cells: Worksheet,
    digest: Sha256,
    // What the digest takes next: many small pieces cost more than one large one.
    told: Vec<u8>,
    formats: HashMap<(Style, bool), Format>,
    columns: Vec<Style>,
}

impl Sheet {
    pub(super) fn new(mut cells: Worksheet, name: &str) -> Result<Self> {
        cells.set_name(name)?;
        let mut digest = Sha256::new();
        digest.update(name.as_bytes());
        let told = Vec::with_capacity(TOLD_AT_ONCE);
        Ok(Self { cells, digest, told, formats: HashMap::new(), columns: Vec::new() })
    }

    /// The sheet as the library knows it, and the SHA-256 of what it says.
    pub(super) fn end(mut self) -> (Worksheet, Output<Sha256>) {
        self.digest.update(&self.told);
        (self.cells, self.digest.finalize())
    }

    /// Declares the columns: width in characters, and how their cells look where nothing else is said.
    ///
    /// # Errors
    /// When a column is out of range.
    pub fn columns(&mut self, columns: impl IntoIterator<Item = (u16, Style)>) -> Result<()> {
        for (index, (width, style)) in (0_u16..).zip(columns) {
            self.cells.set_column_width(index, f64::from(width))?;
            if style != Style::Text {
                self.cells.set_column_format(index, &style.format())?;
            }
            self.columns.push(style);
        }
        Ok(())
    }

    /// Sets up printing: A4 landscape, one page wide, the header repeated, the title and the page on each.
    ///
    /// # Errors
    /// When a row is out of range.
    pub fn print(&mut self, header: (u32, u32), title: &str, context: &Context) -> Result<()> {
        let page = format!("&L{}&R{}", printed(title), printed(&context.period()));
        let foot = format!("&L{}&RPage &P / &N", printed(&context.status.sentence()));
        self.cells
            .set_landscape()
            .set_paper_size(PAPER)
            .set_print_fit_to_pages(1, 0)
            .set_margins(0.4, 0.4, 0.7, 0.7, 0.3, 0.3)
            .set_header(page)
            .set_footer(foot)
            .set_repeat_rows(header.0, header.1)?;
        Ok(())
    }

    /// Prints a wide sheet on A3, three pages wide, its first two columns repeated.
    ///
    /// # Errors
    /// When a column is out of range.
    pub fn print_wide(&mut self) -> Result<()> {
        self.cells.set_paper_size(WIDE_PAPER).set_print_fit_to_pages(3, 0).set_repeat_columns(0, 1)?;
        Ok(())
    }

    /// Keeps the rows above `row` and the columns left of `column` in sight.
    ///
    /// # Errors
    /// When the cell is out of range.
    pub fn freeze(&mut self, row: u32, column: u16) -> Result<()> {
        self.cells.set_freeze_panes(row, column)?;
        Ok(())
    }

    /// Puts filters on a header.
    ///
    /// # Errors
    /// When a cell is out of range.
    pub fn filter(&mut self, header: u32, last_row: u32, last_column: u16) -> Result<()> {
        self.cells.autofilter(header, 0, last_row.max(header), last_column)?;
        Ok(())
    }

    /// Sets the height of a row, in points; before its cells.
    ///
    /// # Errors
    /// When the row is out of range.
    pub fn height(&mut self, row: u32, points: u16) -> Result<()> {
        self.cells.set_row_height(row, f64::from(points))?;
        Ok(())
    }

    /// Writes the title block: what, of when, in which unit, how final, from where. Gives the next free row.
    ///
    /// # Errors
    /// When a cell cannot be written.
    pub fn title(&mut self, title: &str, unit: &str, context: &Context) -> Result<u32> {
        self.put(0, 0, Cell::Text(title), Style::Title)?;
        let about = format!(
            "{}\u{a0}· {} · montants en {unit}",
            context.period(),
            context.scope.name(&context.codes)
        );
        self.put(1, 0, Cell::Text(&about), Style::Note)?;
        let style = if context.status == Status::Provisional { Style::Alert } else { Style::Note };
        self.put(2, 0, Cell::Text(&context.status.sentence()), style)?;
        self.put(3, 0, Cell::Text(&context.source()), Style::Note)?;
        Ok(5)
    }

    /// Writes the headers of a table.
    ///
    /// # Errors
    /// When a cell cannot be written.
    pub fn header<'a>(&mut self, row: u32, headers: impl IntoIterator<Item = &'a str>) -> Result<()> {
        for (column, header) in (0_u16..).zip(headers) {
            self.put(row, column, Cell::Text(header), Style::Header)?;
        }
        Ok(())
    }

    /// Writes a cell in the look of its column.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn cell(&mut self, row: u32, column: u16, cell: Cell<'_>) -> Result<()> {
        self.write(row, column, cell, None)
    }

    /// Writes a cell in a look of its own.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&mut self, row: u32, column: u16, cell: Cell<'_>, style: Style) -> Result<()> {
        self.write(row, column, cell, Some(style))
    }

    fn write(&mut self, row: u32, column: u16, cell: Cell<'_>, style: Option<Style>) -> Result<()> {
        self.note(row, column, cell);
        match cell {
            Cell::Blank => {
                if let Some(style) = style {
                    let format = format(&mut self.formats, style, false);
                    self.cells.write_blank(row, column, format)?;
                }
            }
            Cell::Text(text) => self.text(row, column, text, style)?,
            Cell::Number(text) => self.number(row, column, decimal(text), style)?,
            Cell::Whole(value) => self.number(row, column, whole_number(value), style)?,
            Cell::Euros(amount) => self.number(row, column, cell_number(amount), style)?,
            Cell::Day(day) => self.day(row, column, day, style)?,
            Cell::Formula(text, value) => {
                let formula = Formula::new(text).set_result(value);
                match style {
                    Some(style) => {
                        let format = format(&mut self.formats, style, false);
                        self.cells.write_formula_with_format(row, column, formula, format)?;
                    }
                    None => {
                        self.cells.write_formula(row, column, formula)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Text stays as it is. One that looks like a formula gets the quote prefix, which
    /// is how a workbook says "text" to the person who edits the cell.
    fn text(&mut self, row: u32, column: u16, text: &str, style: Option<Style>) -> Result<()> {
        if text.is_empty() {
            return self.write(row, column, Cell::Blank, style);
        }
        let text = xml_text(text);
        let text = shortened(&text);
        let of_column = || self.columns.get(usize::from(column)).copied().unwrap_or(Style::Text);
        let style = if is_risky(text) { Some(style.unwrap_or_else(of_column)) } else { style };
        match style {
            Some(style) => {
                let format = format(&mut self.formats, style, is_risky(text));
                self.cells.write_string_with_format(row, column, text, format)?;
            }
            None => {
                self.cells.write_string(row, column, text)?;
            }
        }
        Ok(())
    }

    fn number(&mut self, row: u32, column: u16, value: f64, style: Option<Style>) -> Result<()> {
        match style {
            Some(style) => {
                let format = format(&mut self.formats, style, false);
                self.cells.write_number_with_format(row, column, value, format)?;
            }
            None => {
                self.cells.write_number(row, column, value)?;
            }
        }
        Ok(())
    }

    fn day(&mut self, row: u32, column: u16, day: Day, style: Option<Style>) -> Result<()> {
        let (month, number) = (u8::from(day.date().month()), day.date().day());
        let year = u16::try_from(day.year()).unwrap_or_default();
        let date = ExcelDateTime::from_ymd(year, month, number)?;
        // A column of days has their look already.
        if style.is_none() && self.columns.get(usize::from(column)) == Some(&Style::Day) {
            self.cells.write_datetime(row, column, date)?;
        } else {
            let format = format(&mut self.formats, style.unwrap_or(Style::Day), false);
            self.cells.write_datetime_with_format(row, column, date, format)?;
        }
        Ok(())
    }

    /// Adds what the cell says, and where, to the digest; looks do not count.
    fn note(&mut self, row: u32, column: u16, cell: Cell<'_>) {
        let mut feed = |kind: u8, what: &[u8]| {
            self.told.extend_from_slice(&row.to_be_bytes());
            self.told.extend_from_slice(&column.to_be_bytes());
            self.told.push(kind);
            self.told.extend_from_slice(&what.len().to_be_bytes());
            self.told.extend_from_slice(what);
        };
        match cell {
            Cell::Blank | Cell::Text("") => {}
            Cell::Text(text) => feed(b't', text.as_bytes()),
            Cell::Number(text) => feed(b'n', text.as_bytes()),
            Cell::Whole(value) => feed(b'n', value.to_string().as_bytes()),
            Cell::Euros(amount) => feed(b'n', amount.plain().as_str().as_bytes()),
            Cell::Day(day) => feed(b'd', day.iso().as_str().as_bytes()),
            Cell::Formula(text, value) => {
                feed(b'f', text.as_bytes());
                feed(b'v', value.as_bytes());
            }
        }
        if self.told.len() >= TOLD_AT_ONCE {
            self.digest.update(&self.told);
            self.told.clear();
        }
    }
}

/// The format of a style, made once a sheet.
fn format(formats: &mut HashMap<(Style, bool), Format>, style: Style, quoted: bool) -> &Format {
    formats.entry((style, quoted)).or_insert_with(|| {
        let format = style.format();
        if quoted { format.set_quote_prefix() } else { format }
    })
}

/// A text that a cell can hold: the longest lawful text of a line is far below.
fn shortened(text: &str) -> &str {
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    let mut units = 0_usize;
    let end = text.char_indices().find(|(_, c)| {
        units = units.saturating_add(c.len_utf16());
        units > LONGEST_TEXT
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// A text in a header or footer of a page, where `&` begins a command.
fn printed(text: &str) -> String {
    text.replace('&', "&&")
}
