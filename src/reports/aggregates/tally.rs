//! The exact sums, gathered line by line.

use std::collections::BTreeMap;

use crate::domain::euros::Euros;
use crate::reports::crs::record::Record;
use crate::reports::{ReportError, Result};

/// Bi/multi of contributions to the budgets of multilateral organisations.
const MULTILATERAL: u8 = 2;
/// First digits of the purposes that are humanitarian.
const HUMANITARIAN: [&str; 3] = ["720", "730", "740"];

/// The sums of a cell, in the order of [`super::MEASURES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Rows of the CRS++ lines.
    pub lines: u64,
    /// Exact sums.
    pub exact: [Euros; 4],
}

impl Sums {
    /// Adds others.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn add(&mut self, other: &Self) -> Result<()> {
        self.lines = self.lines.saturating_add(other.lines);
        for (sum, added) in self.exact.iter_mut().zip(other.exact) {
            *sum = sum.checked_add(added).ok_or(ReportError::OutOfRange)?;
        }
        Ok(())
    }

    fn of(row: &Record<'_>) -> Self {
        let part = |holds: bool| if holds { row.disbursement } else { Euros::ZERO };
        let is_humanitarian = HUMANITARIAN.iter().any(|beginning| row.purpose.starts_with(beginning));
        let exact = [row.disbursement, row.commitment, part(row.is_technical()), part(is_humanitarian)];
        Self { lines: 1, exact }
    }
}

/// The sums of both tables.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Effective lines in the scope, and their own resources.
    pub lines: (u64, Euros),
    /// Bilateral, by type of aid.
    pub bilateral: BTreeMap<String, Sums>,
    /// Multilateral, by type of aid.
    pub multilateral: BTreeMap<String, Sums>,
    /// Bilateral, by recipient.
    pub recipients: BTreeMap<String, Sums>,
    /// Every row.
    pub all: Sums,
}

impl Tally {
    /// Takes note of an effective line.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn line(&mut self, own: Euros) -> Result<()> {
        let (lines, sum) = self.lines;
        self.lines = (lines.saturating_add(1), sum.checked_add(own).ok_or(ReportError::OutOfRange)?);
        Ok(())
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`ReportError::OutOfRange`] when a sum leaves the range.
    pub fn row(&mut self, row: &Record<'_>) -> Result<()> {
        let sums = Sums::of(row);
        self.all.add(&sums)?;
        if row.bi_multi == MULTILATERAL {
            return self.multilateral.entry(row.aid_type.to_owned()).or_default().add(&sums);
        }
        self.bilateral.entry(row.aid_type.to_owned()).or_default().add(&sums)?;
        self.recipients.entry(row.recipient.to_owned()).or_default().add(&sums)
    }
}
