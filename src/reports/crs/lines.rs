//! The CRS++ lines: one row a line with own resources, and one a line that an edition told and that counts no more.

use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::crs::CrsLine;
use crate::reports::crs::checks::Checked;
use crate::reports::crs::numbering::Numbering;
use crate::reports::crs::record::Record;
use crate::reports::crs::rows::Rows;
use crate::reports::crs::tally::Tally;
use crate::reports::crs::{CrsReport, CrsWritten, Identifiers, TITLE, sheets};
use crate::reports::resolved::Resolved;
use crate::reports::{Context, Format, Result, Status};

/// The file being written.
pub struct CrsLines<W: Write> {
    context: Context,
    rows: Rows<W>,
    numbering: Numbering,
    checked: Checked,
    tally: Tally,
}

impl<W: Write + Seek + Send> CrsLines<W> {
    /// Begins a file; what waits does so in `temporary`, or in the folder of the system.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        context: Context,
        identifiers: &Identifiers,
        format: Format,
        temporary: Option<&Path>,
        out: W,
    ) -> Result<Self> {
        let rows = Rows::begin(TITLE, &context, format, temporary, out)?;
        let is_provisional = context.status == Status::Provisional;
        let next = identifiers.next_activity;
        let numbering = Numbering::new(context.flow_year, is_provisional, next, temporary)?;
        Ok(Self { context, rows, numbering, checked: Checked::default(), tally: Tally::default() })
    }
}

impl<W: Write + Seek + Send> CrsReport for CrsLines<W> {
    fn line(&mut self, line: &CrsLine) -> Result<()> {
        let Some(resolved) = Resolved::new(&line.filed, &self.context)? else { return Ok(()) };
        if line.is_withdrawn {
            self.tally.withdrawn = self.tally.withdrawn.saturating_add(1);
        } else {
            self.tally.line(resolved.own)?;
            if resolved.own.is_zero() {
                return Ok(());
            }
        }
        let mut row = Record::of_line(&resolved, self.context.flow_year);
        self.numbering.tell(line, &mut row, self.rows.items)?;
        // What is taken back is told as it was.
        if !line.is_withdrawn {
            self.checked.run(&resolved, &row, line, &self.context);
        }
        self.tally.row(&row, self.context.unit)?;
        self.rows.row(&row, &self.context)
    }

    fn finish(self: Box<Self>) -> Result<CrsWritten> {
        let Self { context, rows, numbering, checked, tally } = *self;
        context.check_sealed(tally.lines, tally.own)?;
        Ok(CrsWritten { ledger: numbering.end(), ..sheets::end(rows, &checked, &tally, &context)? })
    }
}
