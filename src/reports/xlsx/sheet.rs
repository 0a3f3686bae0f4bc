//! A sheet written row by row, with a digest of what it says.

use rust_xlsxwriter::{DataValidation, Formula, Note, Worksheet};
use sha2::Sha256;
use sha2::digest::Output;

use crate::reports::ods::Grid;
use crate::reports::text::xml_text;
use crate::reports::xlsx::ahead::Ahead;
use crate::reports::xlsx::cell::{Cell, Look, Ready};
use crate::reports::xlsx::pen::Pen;
use crate::reports::xlsx::said::Said;
use crate::reports::xlsx::{Mark, Style};
use crate::reports::{Context, Result, Status};

/// The last row of a workbook, from 0.
pub const LAST_ROW: u32 = 1_048_575;
/// Characters of a comment: a spreadsheet shows no more of it.
const LONGEST_COMMENT: usize = 1_000;
/// A4.
const PAPER: u8 = 9;
/// A3.
const WIDE_PAPER: u8 = 8;

/// A sheet in constant memory: cells come row by row, from left to right.
pub struct Sheet {
    pen: Pen,
    told: Told,
    /// Where the sheet is of an OpenDocument: what it holds then, in place of the pen.
    grid: Option<Grid>,
}

/// What a sheet knows of itself besides its cells.
pub(super) struct Told {
    said: Option<Said>,
    columns: Vec<Style>,
}

impl Told {
    /// Takes note of a cell where it must.
    fn note(&mut self, row: u32, column: u16, cell: Cell<'_>) {
        if let Some(said) = &mut self.said {
            said.note(row, column, cell);
        }
    }

    /// Takes note of a cell where it must, and gives it ready to be written, if there is anything to write.
    pub(super) fn ready<'a>(
        &mut self,
        row: u32,
        column: u16,
        cell: Cell<'a>,
        style: Option<Style>,
    ) -> Option<(Ready<'a>, Option<Look>)> {
        self.note(row, column, cell);
        cell.ready(style, self.columns.get(usize::from(column)).copied())
    }
}

impl Sheet {
    pub(super) fn new(mut cells: Worksheet, name: &str, is_noted: bool) -> Result<Self> {
        cells.set_name(name)?;
        let told = Told { said: is_noted.then(|| Said::new(name)), columns: Vec::new() };
        Ok(Self { pen: Pen::new(cells), told, grid: None })
    }

    /// The same sheet of an OpenDocument.
    pub(super) fn on(self, grid: Option<Grid>) -> Self {
        Self { grid, ..self }
    }

    /// The sheet as the library knows it, the SHA-256 of what it says if that is noted, and what it holds as a sheet
    /// of an OpenDocument.
    pub(super) fn end(self) -> (Worksheet, Option<Output<Sha256>>, Option<Grid>) {
        (self.pen.cells, self.told.said.map(Said::end), self.grid)
    }

    /// Goes on with the cells on a thread of their own.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub(super) fn ahead(self) -> Result<Ahead> {
        Ahead::begin(self.pen, self.told)
    }

    /// Back from that thread.
    pub(super) fn back(pen: Pen, told: Told) -> Self {
        Self { pen, told, grid: None }
    }

    /// Declares the columns: width in characters, and how their cells look where nothing else is said.
    ///
    /// # Errors
    /// When a column is out of range.
    pub fn columns(&mut self, columns: impl IntoIterator<Item = (u16, Style)>) -> Result<()> {
        for (index, (width, style)) in (0_u16..).zip(columns) {
            self.pen.cells.set_column_width(index, f64::from(width))?;
            if style != Style::Text {
                self.pen.cells.set_column_format(index, &style.format())?;
            }
            self.told.columns.push(style);
            if let Some(grid) = &mut self.grid {
                grid.column(width, style);
            }
        }
        Ok(())
    }

    /// Sets up printing: A4 landscape, one page wide, the header repeated, the title and the page on each.
    ///
    /// # Errors
    /// When a row is out of range.
    pub fn print(&mut self, header: (u32, u32), title: &str, context: &Context) -> Result<()> {
        if let Some(grid) = &mut self.grid {
            grid.print(header, [title.to_owned(), context.period(), context.status.sentence()]);
        }
        let page = format!("&L{}&R{}", printed(title), printed(&context.period()));
        let foot = format!("&L{}&RPage &P / &N", printed(&context.status.sentence()));
        self.pen
            .cells
            .set_landscape()
            .set_paper_size(PAPER)
            .set_print_fit_to_pages(1, 0)
            .set_margins(0.4, 0.4, 0.7, 0.7, 0.3, 0.3)
            .set_header(page)
            .set_footer(foot)
            .set_repeat_rows(header.0, header.1)?;
        Ok(())
    }

    /// Prints on A4 landscape, so many pages wide.
    pub fn print_on(&mut self, pages: u16) {
        self.pen.cells.set_landscape().set_paper_size(PAPER).set_print_fit_to_pages(pages, 0);
    }

    /// Prints a wide sheet on A3, three pages wide, its first two columns repeated.
    ///
    /// # Errors
    /// When a column is out of range.
    pub fn print_wide(&mut self) -> Result<()> {
        self.pen.cells.set_paper_size(WIDE_PAPER).set_print_fit_to_pages(3, 0).set_repeat_columns(0, 1)?;
        Ok(())
    }

    /// Keeps the rows above `row` and the columns left of `column` in sight.
    ///
    /// # Errors
    /// When the cell is out of range.
    pub fn freeze(&mut self, row: u32, column: u16) -> Result<()> {
        if let Some(grid) = &mut self.grid {
            grid.freeze(row, column);
        }
        self.pen.cells.set_freeze_panes(row, column)?;
        Ok(())
    }

    /// Puts filters on a header.
    ///
    /// # Errors
    /// When a cell is out of range.
    pub fn filter(&mut self, header: u32, last_row: u32, last_column: u16) -> Result<()> {
        if let Some(grid) = &mut self.grid {
            grid.filter(header, last_row.max(header), last_column);
        }
        self.pen.cells.autofilter(header, 0, last_row.max(header), last_column)?;
        Ok(())
    }

    /// Sets the height of a row, in points; before its cells.
    ///
    /// # Errors
    /// When the row is out of range.
    pub fn height(&mut self, row: u32, points: u16) -> Result<()> {
        if let Some(grid) = &mut self.grid {
            grid.height(row, points);
        }
        self.pen.cells.set_row_height(row, f64::from(points))?;
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

    /// Writes a cell in a look of its own, and in the colour of a mark, also where it is empty.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn marked(
        &mut self,
        row: u32,
        column: u16,
        cell: Cell<'_>,
        style: Style,
        mark: Option<Mark>,
    ) -> Result<()> {
        match self.told.ready(row, column, cell, Some(style)) {
            Some((cell, look)) => {
                let look = look.map(|look| Look { mark, ..look });
                self.pen.put(row, column, &cell, look)
            }
            None => Ok(()),
        }
    }

    /// Writes the error value «not available»: it is nothing that a reader could take for a text.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn unusable(&mut self, row: u32, column: u16, style: Style) -> Result<()> {
        self.marked(row, column, Cell::Formula("=NA()", "#N/A"), style, Some(Mark::Error))
    }

    /// Puts a comment on a cell.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn comment(&mut self, row: u32, column: u16, text: &str) -> Result<()> {
        let text: String = xml_text(text).chars().take(LONGEST_COMMENT).collect();
        let note = Note::new(text).set_author("e-APD").add_author_prefix(false);
        self.pen.cells.insert_note(row, column, &note.set_width(340).set_height(120))?;
        Ok(())
    }

    /// Offers a list, which is a range of cells, in the cells of a column. Other texts are let through.
    ///
    /// # Errors
    /// When a cell is out of range.
    pub fn choice(&mut self, column: u16, (first, last): (u32, u32), entries: &str) -> Result<()> {
        let list = DataValidation::new().allow_list_formula(Formula::new(entries)).show_error_message(false);
        self.pen.cells.add_data_validation(first, column, last, column, &list)?;
        Ok(())
    }

    fn write(&mut self, row: u32, column: u16, cell: Cell<'_>, style: Option<Style>) -> Result<()> {
        if let Some(grid) = &mut self.grid {
            self.told.note(row, column, cell);
            grid.put(row, column, cell, style);
            return Ok(());
        }
        match self.told.ready(row, column, cell, style) {
            Some((cell, look)) => self.pen.put(row, column, &cell, look),
            None => Ok(()),
        }
    }
}

/// A text in a header or footer of a page, where `&` begins a command.
fn printed(text: &str) -> String {
    text.replace('&', "&&")
}
