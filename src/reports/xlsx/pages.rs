//! Lines over as many sheets as they need: Excel ends at 1,048,576 rows, and they go on in the next one.

use crate::reports::Result;
use crate::reports::xlsx::ahead::Ahead;
use crate::reports::xlsx::sheet::Sheet;

/// The sheets of the lines, each with the same headers in the same row.
pub struct Pages {
    full: Vec<Sheet>,
    current: Ahead,
    header: u32,
    row: u32,
    last_row: u32,
    last_column: u16,
}

impl Pages {
    /// Begins with a sheet whose headers are in row `header`; its last row is `last_row`.
    ///
    /// # Errors
    /// When the system has no thread left for its cells.
    pub fn new(first: Sheet, header: u32, last_row: u32, columns: usize) -> Result<Self> {
        let last_column = u16::try_from(columns).unwrap_or(u16::MAX).saturating_sub(1);
        Ok(Self { full: Vec::new(), current: first.ahead()?, header, row: header, last_row, last_column })
    }

    /// The name of a sheet, from 1.
    #[must_use]
    pub fn name(number: usize) -> String {
        if number == 1 { "Lignes".to_owned() } else { format!("Lignes {number}") }
    }

    /// The number of the next sheet.
    #[must_use]
    pub fn next_number(&self) -> usize {
        self.full.len().saturating_add(2)
    }

    /// Whether the next line needs another sheet.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.row >= self.last_row
    }

    /// Ends the present sheet and goes on in the next one, which has no formats that the others have not: the order
    /// in which the library is told of formats, and so the file, must not depend on the speed of a thread.
    ///
    /// # Errors
    /// When a cell cannot be written.
    pub fn turn(&mut self, next: Sheet) -> Result<()> {
        let ended = std::mem::replace(&mut self.current, next.ahead()?);
        self.full.push(filtered(ended, self.header, self.row, self.last_column)?);
        self.row = self.header;
        Ok(())
    }

    /// The sheet and row of the next line.
    pub const fn next_row(&mut self) -> (&mut Ahead, u32) {
        self.row = self.row.saturating_add(1);
        (&mut self.current, self.row)
    }

    /// Ends the last sheet and gives all of them, in order.
    ///
    /// # Errors
    /// When a cell cannot be written.
    pub fn end(self) -> Result<Vec<Sheet>> {
        let Self { mut full, current, header, row, last_column, .. } = self;
        full.push(filtered(current, header, row, last_column)?);
        Ok(full)
    }
}

/// An ended sheet, with filters on its headers.
fn filtered(ended: Ahead, header: u32, last_row: u32, last_column: u16) -> Result<Sheet> {
    let mut sheet = ended.end()?;
    sheet.filter(header, last_row, last_column)?;
    Ok(sheet)
}
