//! A workbook whose bytes depend on what it says only.

use std::io::{Seek, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use sha2::{Digest, Sha256};

use crate::domain::instant::Instant;
use crate::reports::Result;
use crate::reports::xlsx::sheet::Sheet;

/// A workbook in constant memory.
pub struct Book {
    workbook: Workbook,
    digest: Sha256,
}

impl Book {
    /// Begins a workbook, dated by its data and never by the run. Rows wait in
    /// `temporary`, or in the folder of the system.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn new(title: &str, data_at: Instant, temporary: Option<&Path>) -> Result<Self> {
        let mut workbook = Workbook::new();
        if let Some(folder) = temporary {
            workbook.set_tempdir(folder)?;
        }
        let at = data_at.as_datetime();
        let created = ExcelDateTime::from_ymd(
            u16::try_from(at.year()).unwrap_or_default(),
            u8::from(at.month()),
            at.day(),
        )?
        .and_hms(u16::from(at.hour()), at.minute(), f64::from(at.second()))?;
        let properties =
            DocProperties::new().set_title(title).set_author("e-APD").set_creation_datetime(&created);
        workbook.set_properties(&properties);
        Ok(Self { workbook, digest: Sha256::new() })
    }

    /// A sheet of this workbook; it takes its place when it is pushed.
    ///
    /// # Errors
    /// When its temporary file cannot be written, or the name is not one of a sheet.
    pub fn sheet(&mut self, name: &str) -> Result<Sheet> {
        Sheet::new(self.workbook.new_worksheet_with_constant_memory()?, name)
    }

    /// Puts a sheet after those already there.
    pub fn push(&mut self, sheet: Sheet) {
        let (cells, digest) = sheet.end();
        self.digest.update(digest);
        self.workbook.push_worksheet(cells);
    }

    /// Writes the file and gives the SHA-256 of what it says.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(mut self, out: impl Write + Seek + Send) -> Result<String> {
        self.workbook.save_to_writer(out)?;
        Ok(hex::encode(self.digest.finalize()))
    }
}
