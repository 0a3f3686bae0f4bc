//! A workbook whose bytes depend on what it says only.

use std::io::{Seek, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use sha2::{Digest, Sha256};

use crate::domain::instant::Instant;
use crate::reports::ods::{self, Grid};
use crate::reports::xlsx::sheet::Sheet;
use crate::reports::{Context, Result, Status};

/// A workbook in constant memory.
pub struct Book {
    workbook: Workbook,
    // Of an edition only: it costs as much as the texts of the cells are long.
    digest: Option<Sha256>,
    // What an OpenDocument is written from, with its title and date.
    grids: Option<Vec<Grid>>,
    about: (String, Instant),
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
        Ok(Self { workbook, digest: None, grids: None, about: (title.to_owned(), data_at) })
    }

    /// Begins the workbook of a report. That of an edition takes note of what it says, to be compared later.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn of_report(title: &str, context: &Context, temporary: Option<&Path>) -> Result<Self> {
        let digest = matches!(context.status, Status::Edition { .. }).then(Sha256::new);
        Ok(Self { digest, ..Self::new(title, context.data_at, temporary)? })
    }

    /// A sheet of this workbook; it takes its place when it is pushed.
    ///
    /// # Errors
    /// When its temporary file cannot be written, or the name is not one of a sheet.
    pub fn sheet(&mut self, name: &str) -> Result<Sheet> {
        let grid = self.grids.is_some().then(|| Grid::new(name));
        let cells = self.workbook.new_worksheet_with_constant_memory()?;
        Ok(Sheet::new(cells, name, self.digest.is_some())?.on(grid))
    }

    /// The same sheets as an OpenDocument instead, held in memory: for small books.
    #[must_use]
    pub fn as_open_document(self) -> Self {
        Self { grids: Some(vec![]), ..self }
    }

    /// Puts a sheet after those already there.
    pub fn push(&mut self, sheet: Sheet) {
        let (cells, said, grid) = sheet.end();
        if let (Some(grids), Some(grid)) = (&mut self.grids, grid) {
            grids.push(grid);
        }
        if let (Some(digest), Some(said)) = (&mut self.digest, said) {
            digest.update(said);
        }
        self.workbook.push_worksheet(cells);
    }

    /// Writes the file and gives the SHA-256 of what it says, hexadecimal, where it is an edition.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(mut self, out: impl Write + Seek + Send) -> Result<Option<String>> {
        let (title, data_at) = &self.about;
        match &self.grids {
            Some(grids) => ods::write(grids, title, *data_at, out)?,
            None => self.workbook.save_to_writer(out)?,
        }
        Ok(self.digest.map(|digest| hex::encode(digest.finalize())))
    }
}
