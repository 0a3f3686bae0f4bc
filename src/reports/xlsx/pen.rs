//! The one place where cells are given to the library.

use std::collections::HashMap;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Worksheet};

use crate::domain::day::Day;
use crate::reports::Result;
use crate::reports::xlsx::cell::{Look, Ready};

/// A sheet of the library, and the formats of its cells.
pub(super) struct Pen {
    pub(super) cells: Worksheet,
    formats: HashMap<Look, Format>,
}

impl Pen {
    pub(super) fn new(cells: Worksheet) -> Self {
        Self { cells, formats: HashMap::new() }
    }

    /// Writes a cell, in the look of its column where it has none of its own.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn put(&mut self, row: u32, column: u16, cell: &Ready<'_>, look: Option<Look>) -> Result<()> {
        // Made once a sheet.
        let format = look.map(|look| &*self.formats.entry(look).or_insert_with(|| format(look)));
        let cells = &mut self.cells;
        match (cell, format) {
            (Ready::Blank, None) => {}
            (Ready::Blank, Some(format)) => {
                cells.write_blank(row, column, format)?;
            }
            (Ready::Text(text), None) => {
                cells.write_string(row, column, &**text)?;
            }
            (Ready::Text(text), Some(format)) => {
                cells.write_string_with_format(row, column, &**text, format)?;
            }
            (Ready::Number(number), None) => {
                cells.write_number(row, column, *number)?;
            }
            (Ready::Number(number), Some(format)) => {
                cells.write_number_with_format(row, column, *number, format)?;
            }
            (Ready::Day(day), None) => {
                cells.write_datetime(row, column, date(*day)?)?;
            }
            (Ready::Day(day), Some(format)) => {
                cells.write_datetime_with_format(row, column, date(*day)?, format)?;
            }
            (Ready::Formula(text, value), None) => {
                cells.write_formula(row, column, Formula::new(*text).set_result(*value))?;
            }
            (Ready::Formula(text, value), Some(format)) => {
                let formula = Formula::new(*text).set_result(*value);
                cells.write_formula_with_format(row, column, formula, format)?;
            }
        }
        Ok(())
    }
}

fn format(look: Look) -> Format {
    let format = look.style.format();
    let format = if look.is_quoted { format.set_quote_prefix() } else { format };
    match look.mark {
        Some(mark) => format.set_background_color(mark.colour()),
        None => format,
    }
}

fn date(day: Day) -> Result<ExcelDateTime> {
    let year = u16::try_from(day.year()).unwrap_or_default();
    Ok(ExcelDateTime::from_ymd(year, u8::from(day.date().month()), day.date().day())?)
}
