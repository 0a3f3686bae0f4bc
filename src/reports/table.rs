//! A table of texts as a file: the answers to a list, sent back in its order.

use crate::domain::spreadsheet::neutralise;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// Headers and rows of texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextTable {
    /// One header a column.
    pub headers: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<String>>,
}

impl TextTable {
    /// CSV for French spreadsheets: UTF-8 with BOM, `;`.
    pub fn to_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
        writer.write_record(&self.headers)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| neutralise(cell).into_owned()))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// A workbook of one sheet; its cells are texts, which are never formulas.
    pub fn to_xlsx(&self, sheet_name: &str) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let (bold, wrapped) = (Format::new().set_bold(), Format::new().set_text_wrap());
        let sheet = workbook.add_worksheet().set_name(sheet_name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, header) in (0_u16..).zip(&self.headers) {
            sheet.write_string_with_format(0, column, header, &bold)?;
            sheet.set_column_width(column, 24)?;
        }
        for (row, cells) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                sheet.write_string_with_format(row, column, cell, &wrapped)?;
            }
        }
        workbook.save_to_buffer()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let table = TextTable { headers: vec!["a".to_owned()], rows: vec![vec!["=1+1".to_owned()]] };
        assert_eq!(table.to_csv().unwrap(), b"\xef\xbb\xbfa\n'=1+1\n");
    }
}
