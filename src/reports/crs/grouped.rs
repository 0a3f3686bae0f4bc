//! The CRS++ lines told together: one row a recipient, purpose, channel and type of aid, with identifiers of their own
//! and nature of submission 8.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::path::Path;

use crate::domain::crs::{CrsId, CrsLine, GroupKey, Submission};
use crate::domain::euros::Euros;
use crate::domain::line::{Line, Markers};
use crate::domain::siren::Siren;
use crate::domain::text::excerpt;
use crate::reports::crs::checks::Checked;
use crate::reports::crs::record::Record;
use crate::reports::crs::rows::Rows;
use crate::reports::crs::tally::Tally;
use crate::reports::crs::{CrsReport, CrsWritten, Identifiers, sheets};
use crate::reports::resolved::Resolved;
use crate::reports::{Context, Format, ReportError, Result, Status};

/// Title of the workbook.
const TITLE: &str =
    "Aide publique au développement des collectivités territoriales, notification CRS++ regroupée";
/// Characters of a title.
const LONGEST_TITLE: usize = 150;

/// What is gathered of a group.
#[derive(Debug)]
struct Group {
    bi_multi: u8,
    own: Euros,
    lines: u64,
    bodies: u64,
    /// Lines come by SIREN.
    last: Siren,
    keywords: &'static str,
}

/// The file being written: nothing until the last line is known.
pub struct CrsGroups<W: Write> {
    context: Context,
    rows: Rows<W>,
    identifiers: Identifiers,
    groups: BTreeMap<GroupKey, Group>,
    checked: Checked,
    tally: Tally,
}

impl<W: Write + Seek + Send> CrsGroups<W> {
    /// Begins a file; what waits does so in `temporary`, or in the folder of the system.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        context: Context,
        identifiers: Identifiers,
        format: Format,
        temporary: Option<&Path>,
        out: W,
    ) -> Result<Self> {
        let rows = Rows::begin(TITLE, &context, format, temporary, out)?;
        let (checked, tally) = (Checked::default(), Tally::default());
        Ok(Self { context, rows, identifiers, groups: BTreeMap::new(), checked, tally })
    }
}

fn key(line: &Line) -> GroupKey {
    GroupKey {
        recipient: line.recipient.as_str().to_owned(),
        purpose: line.purpose.as_str().to_owned(),
        channel: line.channel.as_str().to_owned(),
        aid_type: line.aid_type.as_str().to_owned(),
    }
}

impl Group {
    fn add(&mut self, siren: Siren, own: Euros, keywords: &str) -> Result<()> {
        self.own = self.own.checked_add(own).ok_or(ReportError::OutOfRange)?;
        self.lines = self.lines.saturating_add(1);
        if self.last != siren {
            self.bodies = self.bodies.saturating_add(1);
            self.last = siren;
        }
        if self.keywords != keywords {
            self.keywords = "";
        }
        Ok(())
    }
}

/// The row of a group.
fn record<'a>(key: &'a GroupKey, group: &Group, id: Option<CrsId>, context: &'a Context) -> Record<'a> {
    let (codes, year) = (&*context.codes, context.flow_year);
    let channel = codes.channels().nearest(&key.channel, year.get()).map_or("", |row| &row.name_fr);
    let purpose = codes.purposes().nearest(&key.purpose, year.get()).map_or("", |row| &row.name_fr);
    let recipient = codes.recipients().nearest(&key.recipient, year.get()).map_or("", |row| &row.name_fr);
    let plural = |count: u64| if count > 1 { "s" } else { "" };
    let (lines, bodies) = (group.lines, group.bodies);
    let is_provisional = context.status == Status::Provisional;
    Record {
        year,
        id,
        submission: if is_provisional { Submission::Provisional } else { Submission::Derived },
        project_number: format!("{year}-{}-{}-{}-{}", key.recipient, key.purpose, key.channel, key.aid_type),
        recipient: &key.recipient,
        channel_name: Cow::Borrowed(channel),
        channel: &key.channel,
        bi_multi: group.bi_multi,
        aid_type: &key.aid_type,
        title: Cow::Owned(excerpt(&format!("{recipient}\u{a0}: {purpose}"), LONGEST_TITLE)),
        purpose: &key.purpose,
        place: "",
        starts_on: None,
        ends_on: None,
        description: format!(
            "Coopération décentralisée, exercice {year}\u{a0}: {lines} versement{} de {bodies} collectivité{}",
            plural(lines),
            plural(bodies)
        ),
        markers: Markers::default(),
        sdg: String::new(),
        keywords: group.keywords,
        commitment: group.own,
        disbursement: group.own,
    }
}

impl<W: Write + Seek + Send> CrsReport for CrsGroups<W> {
    fn line(&mut self, line: &CrsLine) -> Result<()> {
        let Some(resolved) = Resolved::new(&line.filed, &self.context)? else { return Ok(()) };
        if line.is_withdrawn {
            return Ok(());
        }
        self.tally.line(resolved.own)?;
        if resolved.own.is_zero() {
            return Ok(());
        }
        let row = Record::of_line(&resolved, self.context.flow_year);
        self.checked.run(&resolved, &row, line, &self.context);
        let (siren, keywords) = (line.filed.siren, row.keywords);
        let group = self.groups.entry(key(resolved.line())).or_insert_with(|| Group {
            bi_multi: row.bi_multi,
            own: Euros::ZERO,
            lines: 0,
            bodies: 1,
            last: siren,
            keywords,
        });
        group.add(siren, resolved.own, keywords)
    }

    fn finish(self: Box<Self>) -> Result<CrsWritten> {
        let Self { context, mut rows, identifiers, groups, checked, mut tally } = *self;
        context.check_sealed(tally.lines, tally.own)?;
        let mut next = identifiers.next_group;
        let mut new_groups = Vec::new();
        for (key, group) in &groups {
            let id = match (identifiers.groups.get(key), next) {
                (Some(known), _) => Some(*known),
                (None, Some(number)) => {
                    next = Some(number.saturating_add(1));
                    let id = CrsId::of(context.flow_year, number);
                    let id = id.ok_or(ReportError::Numbers(context.flow_year))?;
                    new_groups.push((key.clone(), id));
                    Some(id)
                }
                (None, None) => None,
            };
            let row = record(key, group, id, &context);
            tally.row(&row, context.unit)?;
            rows.row(&row, &context)?;
        }
        Ok(CrsWritten { new_groups, ..sheets::end(rows, &checked, &tally, &context)? })
    }
}
