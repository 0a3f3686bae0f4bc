//! The sums and counts of a CRS++ file, exact, gathered row by row.

use std::collections::BTreeMap;

use crate::domain::crs::Submission;
use crate::domain::euros::Euros;
use crate::reports::crs::record::Record;
use crate::reports::{ReportError, Result, Unit};

/// Rows of one nature, and their sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Rows.
    pub rows: u64,
    /// Exact sum of the commitments.
    pub commitment: Euros,
    /// Exact sum of the disbursements.
    pub disbursement: Euros,
    /// What the cells of the commitments add up to, in the unit.
    pub shown_commitment: i64,
    /// What the cells of the disbursements add up to, in the unit.
    pub shown_disbursement: i64,
}

impl Total {
    /// Adds a row.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn add(&mut self, row: &Record<'_>, unit: Unit) -> Result<()> {
        let added = || {
            let shown = |sum: i64, exact| sum.checked_add(unit.shown(exact));
            Some(Self {
                rows: self.rows.saturating_add(1),
                commitment: self.commitment.checked_add(row.commitment)?,
                disbursement: self.disbursement.checked_add(row.disbursement)?,
                shown_commitment: shown(self.shown_commitment, row.commitment)?,
                shown_disbursement: shown(self.shown_disbursement, row.disbursement)?,
            })
        };
        *self = added().ok_or(ReportError::OutOfRange)?;
        Ok(())
    }
}

/// The sums of a file.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Effective lines in the scope, those left out included.
    pub lines: u64,
    /// Their own resources.
    pub own: Euros,
    /// Lines without own resources, left out (rule 6).
    pub left_out: u64,
    /// Lines told by the edition before that count no more.
    pub withdrawn: u64,
    /// Rows without an identifier.
    pub unnamed: u64,
    /// All rows.
    pub all: Total,
    /// Rows by nature of submission.
    pub natures: BTreeMap<Submission, Total>,
}

impl Tally {
    /// Takes note of an effective line.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn line(&mut self, own: Euros) -> Result<()> {
        self.lines = self.lines.saturating_add(1);
        self.own = self.own.checked_add(own).ok_or(ReportError::OutOfRange)?;
        if own.is_zero() {
            self.left_out = self.left_out.saturating_add(1);
        }
        Ok(())
    }

    /// Adds a row of the file.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn row(&mut self, row: &Record<'_>, unit: Unit) -> Result<()> {
        self.unnamed = self.unnamed.saturating_add(u64::from(row.id.is_none()));
        self.natures.entry(row.submission).or_default().add(row, unit)?;
        self.all.add(row, unit)
    }
}
