//! The observations: gathered line by line, written at the end.

use std::collections::BTreeMap;
use std::io::Write;

use crate::domain::crs::CrsLine;
use crate::domain::euros::Euros;
use crate::reports::crs::record::Record;
use crate::reports::crs::{CrsReport, CrsWritten};
use crate::reports::resolved::Resolved;
use crate::reports::sdmx::components::{Component, components, recipient};
use crate::reports::sdmx::{DATAFLOW, ml};
use crate::reports::{Context, Format, ReportError, Result, Status, Written};

/// What differs in the keys of observations: recipient, purpose, channel, type of aid, flow.
type Key = [String; 5];

/// An observation ready to be written: a value for each component.
pub(super) struct Observation<'a> {
    key: &'a Key,
    value: Euros,
    year: &'a str,
    status: &'static str,
}

impl Observation<'_> {
    /// What a component holds.
    pub(super) fn of<'s>(&'s self, component: &'s Component, value: &'s mut String) -> &'s str {
        let [recipient, sector, channel, modality, flow] = self.key;
        match component.id.as_str() {
            "RECIPIENT" => recipient,
            "SECTOR" => sector,
            "CHANNEL" => channel,
            "MODALITY" => modality,
            "FLOW_TYPE" => flow,
            "TIME_PERIOD" => self.year,
            "OBS_STATUS" => self.status,
            "OBS_VALUE" => {
                value.clear();
                value.push_str(self.value.plain().as_str());
                value
            }
            _ => &component.constant,
        }
    }
}

/// The file being written: nothing until the last line is known.
pub struct Sdmx<W> {
    context: Context,
    format: Format,
    sums: BTreeMap<Key, Euros>,
    /// Effective lines in the scope, and their own resources.
    lines: (u64, Euros),
    out: W,
}

impl<W: Write + Send> Sdmx<W> {
    /// Begins a file.
    #[must_use]
    pub const fn begin(context: Context, format: Format, out: W) -> Self {
        Self { context, format, sums: BTreeMap::new(), lines: (0, Euros::ZERO), out }
    }
}

fn add(sums: &mut BTreeMap<Key, Euros>, key: [&str; 5], amount: Euros) -> Result<()> {
    if amount.is_zero() {
        return Ok(());
    }
    let sum = sums.entry(key.map(str::to_owned)).or_default();
    *sum = sum.checked_add(amount).ok_or(ReportError::OutOfRange)?;
    Ok(())
}

impl<W: Write + Send> CrsReport for Sdmx<W> {
    fn line(&mut self, line: &CrsLine) -> Result<()> {
        let Some(resolved) = Resolved::new(&line.filed, &self.context)? else { return Ok(()) };
        if line.is_withdrawn {
            return Ok(());
        }
        let (lines, sum) = self.lines;
        self.lines = (lines.saturating_add(1), sum.checked_add(resolved.own).ok_or(ReportError::OutOfRange)?);
        let mut row = Record::of_line(&resolved, self.context.flow_year);
        row.identify(&line.filed.line, line.known);
        let (paid, committed) = (row.disbursement, row.commitment);
        // Borne by others entirely: theirs to report (rule 6).
        if paid.is_zero() {
            return Ok(());
        }
        let area = recipient(row.recipient, &self.context.codes, self.context.flow_year.get())?;
        for (flow, amount) in [("D", paid), ("C", committed)] {
            add(&mut self.sums, [area, row.purpose, row.channel, row.aid_type, flow], amount)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<CrsWritten> {
        let Self { context, format, sums, lines, out, .. } = *self;
        context.check_sealed(lines.0, lines.1)?;
        let components = components()?;
        let year = context.flow_year.to_string();
        let status = if context.status == Status::Provisional { "P" } else { "A" };
        let observations =
            sums.iter().map(|(key, value)| Observation { key, value: *value, year: &year, status });
        if format == Format::Csv {
            csv(components, observations, out)?;
        } else {
            ml::write(components, observations, &context, out)?;
        }
        let rows = u64::try_from(sums.len()).unwrap_or(u64::MAX);
        let written = Written { content_sha256: None, rows, total_own: lines.1 };
        Ok(CrsWritten::unchecked(written))
    }
}

/// SDMX-CSV 2.0: as RFC 4180, without a mark, separated by commas.
fn csv<'o>(
    components: &[Component],
    observations: impl Iterator<Item = Observation<'o>>,
    out: impl Write,
) -> Result<()> {
    let (agency, id, version) = DATAFLOW;
    let structure = format!("{agency}:{id}({version})");
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let before = ["STRUCTURE", "STRUCTURE_ID", "ACTION"];
    csv.write_record(before.into_iter().chain(components.iter().map(|component| component.id.as_str())))?;
    let mut value = String::new();
    for observation in observations {
        // Information: what it does to what is there is for who loads it to say.
        for field in ["dataflow", &structure, "I"] {
            csv.write_field(field)?;
        }
        for component in components {
            csv.write_field(observation.of(component, &mut value))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}
