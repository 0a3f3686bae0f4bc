//! The activities of a flow year as IATI, one a line with own resources.

use std::io::Write;

use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::reports::iati::activity::{Year, nothing};
use crate::reports::iati::{REPORTER, VERSION};
use crate::reports::resolved::Resolved;
use crate::reports::xml::Xml;
use crate::reports::{Context, LineReport, ReportError, Result, Written};

/// The file being written.
pub struct IatiActivities<W: Write> {
    context: Context,
    xml: Xml<W>,
    year: Year,
    /// Lines of the scope, those without own resources included.
    lines: u64,
    activities: u64,
    total_own: Euros,
    text: String,
}

impl<W: Write + Send> IatiActivities<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(context: Context, out: W) -> Result<Self> {
        let mut xml = Xml::begin(out)?;
        let updated = context.data_at.to_rfc3339();
        xml.open("iati-activities", &[("version", VERSION), ("generated-datetime", &updated)])?;
        let year = Year { flow: context.flow_year, today: context.data_at.day_in_paris(), updated };
        Ok(Self { context, xml, year, lines: 0, activities: 0, total_own: Euros::ZERO, text: String::new() })
    }
}

impl<W: Write + Send> LineReport for IatiActivities<W> {
    fn line(&mut self, line: &FiledLine) -> Result<()> {
        let Some(row) = Resolved::new(line, &self.context)? else { return Ok(()) };
        self.lines = self.lines.saturating_add(1);
        self.total_own = self.total_own.checked_add(row.own).ok_or(ReportError::OutOfRange)?;
        // Borne by others entirely: theirs to report (rule 6).
        if row.own.is_zero() {
            return Ok(());
        }
        self.activities = self.activities.saturating_add(1);
        Ok(self.year.activity(&mut self.xml, &row, &mut self.text)?)
    }

    fn finish(mut self: Box<Self>) -> Result<Written> {
        self.context.check_sealed(self.lines, self.total_own)?;
        if self.activities == 0 {
            let identifier = format!("{REPORTER}-NEANT-{}", self.year.flow);
            nothing(&self.year, &mut self.xml, &identifier)?;
        }
        self.xml.close("iati-activities")?;
        self.xml.end()?;
        Ok(Written { content_sha256: None, rows: self.activities, total_own: self.total_own })
    }
}
