//! Identifiers and natures of submission of rows (ADR 18), and what goes on record with an edition.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom};
use std::path::Path;

use crate::domain::crs::{CrsId, CrsLine, Submission, ToldLine};
use crate::domain::year::FlowYear;
use crate::reports::crs::items::Item;
use crate::reports::crs::record::{Record, committed};
use crate::reports::{ReportError, Result};

/// What an edition tells of its lines, in a file of its own until it goes on record: there may be very many.
#[derive(Debug)]
pub struct Ledger {
    rows: csv::Writer<BufWriter<File>>,
}

type Row = (String, String, String, u32, u8, String, bool);

impl Ledger {
    /// An empty one, in a folder or in that of the system.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(folder: Option<&Path>) -> Result<Self> {
        let file = match folder {
            Some(folder) => tempfile::tempfile_in(folder)?,
            None => tempfile::tempfile()?,
        };
        let rows = csv::WriterBuilder::new().has_headers(false).from_writer(BufWriter::new(file));
        Ok(Self { rows })
    }

    fn push(&mut self, line: &CrsLine, id: CrsId, submission: Submission, digest: &str) -> Result<()> {
        let filed = &line.filed;
        let row = (
            filed.siren.as_str(),
            &*filed.line.reference,
            id.as_str(),
            filed.version,
            submission.code(),
            digest,
            !line.is_named,
        );
        Ok(self.rows.serialize(row)?)
    }

    /// What was told, in order.
    ///
    /// # Errors
    /// When it cannot be read back.
    pub fn lines(self) -> Result<impl Iterator<Item = Result<ToldLine>>> {
        let unread = |error: csv::IntoInnerError<_>| ReportError::Io(error.into_error());
        let file = self.rows.into_inner().map_err(unread)?.into_inner();
        let mut file = file.map_err(std::io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(BufReader::new(file));
        Ok(reader.into_deserialize::<Row>().map(|row| read(row?)))
    }
}

fn read((siren, reference, id, version, submission, digest, is_new_name): Row) -> Result<ToldLine> {
    let broken = || ReportError::Io(std::io::ErrorKind::InvalidData.into());
    Ok(ToldLine {
        siren: siren.parse().map_err(|_error| broken())?,
        reference,
        id: id.parse().map_err(|_error| broken())?,
        version,
        submission: Submission::from_code(i32::from(submission)).ok_or_else(broken)?,
        digest,
        is_new_name,
    })
}

/// Gives rows their identifier and nature of submission.
#[derive(Debug)]
pub struct Numbering {
    year: FlowYear,
    /// Whether every row is told as provisional.
    is_provisional: bool,
    /// The next number; none where identifiers are not given.
    next: Option<u32>,
    ledger: Option<Ledger>,
}

impl Numbering {
    /// A numbering; with a next number it gives identifiers and keeps what is told.
    ///
    /// # Errors
    /// When what is told cannot be kept.
    pub fn new(
        year: FlowYear,
        is_provisional: bool,
        next: Option<u32>,
        folder: Option<&Path>,
    ) -> Result<Self> {
        let ledger = next.map(|_given| Ledger::new(folder)).transpose()?;
        Ok(Self { year, is_provisional, next, ledger })
    }

    /// Completes the row of a line.
    ///
    /// # Errors
    /// [`ReportError::Numbers`] when the year has no identifier left; when what is told cannot be kept.
    pub fn tell(&mut self, line: &CrsLine, row: &mut Record<'_>, items: &[Item]) -> Result<()> {
        let id = match (line.known, self.next) {
            (Some(known), _) => Some(known),
            (None, Some(number)) if number < CrsId::FIRST_OF_GROUPS => {
                self.next = Some(number.saturating_add(1));
                CrsId::of(self.year, number)
            }
            (None, Some(_)) => return Err(ReportError::Numbers(self.year)),
            (None, None) => None,
        };
        let is_first = row.identify(&line.filed.line, id);
        if line.is_withdrawn {
            (row.commitment, row.disbursement) = Default::default();
        }
        let first =
            || if committed(&line.filed.line).is_some() { Submission::New } else { Submission::Derived };
        let needs_digest = line.told.is_some() || self.ledger.is_some();
        let digest = if needs_digest { row.digest(items)? } else { String::new() };
        let submission = match &line.told {
            Some(told) => told.again(&digest),
            None if is_first => first(),
            None => Submission::Payment,
        };
        row.submission = if self.is_provisional { Submission::Provisional } else { submission };
        if let (Some(ledger), Some(id)) = (&mut self.ledger, row.id) {
            ledger.push(line, id, submission, &digest)?;
        }
        Ok(())
    }

    /// What goes on record with the edition, where identifiers are given.
    #[must_use]
    pub fn end(self) -> Option<Ledger> {
        self.ledger
    }
}
