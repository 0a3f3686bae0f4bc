//! A line with the names of its codes in its flow year.

use crate::domain::codes::{AidType, Channel, Nature, Purpose, Recipient};
use crate::domain::collectivity::Collectivity;
use crate::domain::declaration::FiledLine;
use crate::domain::euros::Euros;
use crate::domain::line::Line;
use crate::reports::{Context, ReportError, Result};

/// A line, its body and its codes. A code that left the lists keeps its nearest name.
#[derive(Debug, Clone, Copy)]
pub struct Resolved<'a> {
    /// As filed.
    pub filed: &'a FiledLine,
    /// Who declares.
    pub body: &'a Collectivity,
    /// French name of its region of attachment.
    pub region_name: &'a str,
    /// Who benefits.
    pub recipient: Option<&'a Recipient>,
    /// What for.
    pub purpose: Option<&'a Purpose>,
    /// Through whom.
    pub channel: Option<&'a Channel>,
    /// What kind of expenditure.
    pub nature: Option<&'a Nature>,
    /// In which form.
    pub aid_type: Option<&'a AidType>,
    /// What counts.
    pub own: Euros,
}

impl<'a> Resolved<'a> {
    /// Resolves a line; `None` outside the scope of the report.
    ///
    /// # Errors
    /// [`ReportError::UnknownBody`] where the register has no such body.
    pub fn new(filed: &'a FiledLine, context: &'a Context) -> Result<Option<Self>> {
        let (codes, year) = (&*context.codes, context.flow_year.get());
        let body = context.bodies.get(&filed.siren).ok_or(ReportError::UnknownBody(filed.siren))?;
        if !context.scope.holds(&body.region, codes) {
            return Ok(None);
        }
        let line = &filed.line;
        Ok(Some(Self {
            filed,
            body,
            region_name: codes
                .regions()
                .nearest(&body.region, year)
                .map_or(body.region.as_str(), |row| &row.name_fr),
            recipient: codes.recipients().nearest(line.recipient.as_str(), year),
            purpose: codes.purposes().nearest(line.purpose.as_str(), year),
            channel: codes.channels().nearest(line.channel.as_str(), year),
            nature: codes.natures().nearest(line.nature.as_str(), year),
            aid_type: codes.aid_types().nearest(line.aid_type.as_str(), year),
            own: line.own_resources(),
        }))
    }

    /// The line.
    #[must_use]
    pub fn line(&self) -> &'a Line {
        &self.filed.line
    }

    /// French name of the recipient.
    #[must_use]
    pub fn recipient_name(&self) -> &'a str {
        self.recipient.map_or("", |row| &row.name_fr)
    }

    /// French name of the purpose.
    #[must_use]
    pub fn purpose_name(&self) -> &'a str {
        self.purpose.map_or("", |row| &row.name_fr)
    }

    /// French name of the channel.
    #[must_use]
    pub fn channel_name(&self) -> &'a str {
        self.channel.map_or("", |row| &row.name_fr)
    }

    /// French name of the nature.
    #[must_use]
    pub fn nature_name(&self) -> &'a str {
        self.nature.map_or("", |row| &row.name_fr)
    }

    /// French name of the type of aid.
    #[must_use]
    pub fn aid_type_name(&self) -> &'a str {
        self.aid_type.map_or("", |row| &row.name_fr)
    }
}
