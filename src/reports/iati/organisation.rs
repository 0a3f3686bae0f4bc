//! The file of the organisation: what the collectivities paid in the year, by nature of expenditure.

use std::collections::BTreeMap;
use std::io::Write;

use crate::domain::day::Day;
use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::reports::iati::{REPORTER, VERSION, narrated, narrative, reporting_org};
use crate::reports::resolved::Resolved;
use crate::reports::xml::Xml;
use crate::reports::{Context, LineReport, ReportError, Result, Written};

/// The name of what the identifier stands for.
const NAME: &str = "Coopération décentralisée des collectivités territoriales françaises";

/// The file being written: nothing until the last line is known.
pub struct IatiOrganisation<W: Write> {
    context: Context,
    out: W,
    lines: u64,
    total_own: Euros,
    /// By nature: its French name and its sum.
    natures: BTreeMap<String, (String, Euros)>,
}

impl<W: Write + Send> IatiOrganisation<W> {
    /// Begins the file.
    #[must_use]
    pub fn begin(context: Context, out: W) -> Self {
        Self { context, out, lines: 0, total_own: Euros::ZERO, natures: BTreeMap::new() }
    }
}

impl<W: Write + Send> LineReport for IatiOrganisation<W> {
    fn line(&mut self, line: &FiledLine) -> Result<()> {
        let Some(row) = Resolved::new(line, &self.context)? else { return Ok(()) };
        self.lines = self.lines.saturating_add(1);
        self.total_own = self.total_own.checked_add(row.own).ok_or(ReportError::OutOfRange)?;
        let code = row.line().nature.as_str();
        if !self.natures.contains_key(code) {
            self.natures.insert(code.to_owned(), (row.nature_name().to_owned(), Euros::ZERO));
        }
        if let Some((_, sum)) = self.natures.get_mut(code) {
            *sum = sum.checked_add(row.own).ok_or(ReportError::OutOfRange)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Written> {
        let Self { context, out, lines, total_own, natures } = *self;
        context.check_sealed(lines, total_own)?;
        let year = context.flow_year.get();
        let (first, last) = (Day::first_of(year).iso(), Day::last_of(year).iso());
        let updated = context.data_at.to_rfc3339();
        let of_value = [("currency", "EUR"), ("value-date", last.as_str())];
        let mut xml = Xml::begin(out)?;
        xml.open("iati-organisations", &[("version", VERSION), ("generated-datetime", &updated)])?;
        let of = [("xml:lang", "fr"), ("default-currency", "EUR"), ("last-updated-datetime", &*updated)];
        xml.open("iati-organisation", &of)?;
        xml.element("organisation-identifier", &[], REPORTER)?;
        narrated(&mut xml, "name", &[], NAME)?;
        reporting_org(&mut xml)?;
        xml.open("total-expenditure", &[])?;
        xml.empty("period-start", &[("iso-date", first.as_str())])?;
        xml.empty("period-end", &[("iso-date", last.as_str())])?;
        xml.element("value", &of_value, total_own.plain().as_str())?;
        for (code, (name, sum)) in &natures {
            xml.open("expense-line", &[("ref", code)])?;
            xml.element("value", &of_value, sum.plain().as_str())?;
            narrative(&mut xml, name)?;
            xml.close("expense-line")?;
        }
        xml.close("total-expenditure")?;
        xml.close("iati-organisation")?;
        xml.close("iati-organisations")?;
        xml.end()?;
        Ok(Written { content_sha256: None, rows: lines, total_own })
    }
}
