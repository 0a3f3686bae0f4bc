//! One payment as an activity.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::domain::codes::RecipientKind;
use crate::domain::day::Day;
use crate::domain::field::Field;
use crate::domain::line::{Line, OnePercentLaw};
use crate::domain::publication::is_named;
use crate::domain::year::FlowYear;
use crate::reports::iati::identifier::activity_identifier;
use crate::reports::iati::{narrated, narrative, organisation_type, reporting_org};
use crate::reports::resolved::Resolved;
use crate::reports::xml::Xml;

/// The fields of the markers in the order of the IATI codes, with these codes.
const MARKERS: [(Field, &str); 8] = [
    (Field::MarkerGender, "1"),
    (Field::MarkerEnvironment, "2"),
    (Field::MarkerBiodiversity, "5"),
    (Field::MarkerMitigation, "6"),
    (Field::MarkerAdaptation, "7"),
    (Field::MarkerDesertification, "8"),
    (Field::MarkerInclusion, "11"),
    (Field::MarkerNutrition, "12"),
];
/// Purposes of the sector "humanitarian aid" (700: 720, 730 and 740) begin so; nothing else does.
const HUMANITARIAN: char = '7';
/// Types of aid that are technical cooperation by themselves: experts and other technical assistance.
const TECHNICAL: char = 'D';
/// 11: local government.
const COLLECTIVITY: &str = "11";

/// What every activity of a file shares.
#[derive(Debug, Clone)]
pub(super) struct Year {
    pub flow: FlowYear,
    /// The day of the data, which divides what happened from what is planned.
    pub today: Day,
    /// The instant of the data.
    pub updated: String,
}

/// Says the first day of the year where none was declared: the standard wants one.
const SUPPLIED: &str = "Début de l’exercice des versements, faute de date déclarée";

impl Year {
    pub(super) fn first(&self) -> Day {
        Day::first_of(self.flow.get())
    }

    pub(super) fn last(&self) -> Day {
        Day::last_of(self.flow.get())
    }

    /// The line as an activity; `text` is a place to build its description in.
    pub(super) fn activity<W: Write>(
        &self,
        xml: &mut Xml<W>,
        row: &Resolved<'_>,
        text: &mut String,
    ) -> io::Result<()> {
        let line = row.line();
        let is_humanitarian = line.purpose.as_str().starts_with(HUMANITARIAN);
        self.open(xml, is_humanitarian)?;
        xml.element("iati-identifier", &[], &activity_identifier(row.filed.siren, &line.reference))?;
        reporting_org(xml)?;
        let title = if line.title.trim().is_empty() { row.nature_name() } else { &line.title };
        narrated(xml, "title", &[], title)?;
        self.describe(row, text);
        narrated(xml, "description", &[("type", "1")], text)?;
        organisations(xml, row)?;
        self.dates(xml, line)?;
        recipient(xml, row)?;
        xml.empty("sector", &[("vocabulary", "1"), ("code", line.purpose.as_str())])?;
        for code in &line.sdg {
            let vocabulary = if code.contains('.') { "3" } else { "2" };
            xml.empty("tag", &[("vocabulary", vocabulary), ("code", code)])?;
        }
        for (field, code) in MARKERS {
            let Some(value) = line.markers.get(field) else { continue };
            let significance = value.to_string();
            xml.empty(
                "policy-marker",
                &[("vocabulary", "1"), ("code", code), ("significance", &significance)],
            )?;
        }
        xml.empty("collaboration-type", &[("code", &line.bi_multi.code().to_string())])?;
        defaults(xml, line)?;
        self.transaction(xml, row)?;
        crs(xml, line)?;
        xml.close("iati-activity")
    }

    pub(super) fn open<W: Write>(&self, xml: &mut Xml<W>, is_humanitarian: bool) -> io::Result<()> {
        xml.open(
            "iati-activity",
            &[
                ("xml:lang", "fr"),
                ("default-currency", "EUR"),
                ("last-updated-datetime", &self.updated),
                ("humanitarian", if is_humanitarian { "1" } else { "0" }),
            ],
        )
    }

    /// A sentence of public codes: what the collectivity describes is not public (rule 15).
    fn describe(&self, row: &Resolved<'_>, text: &mut String) {
        text.clear();
        let _written = write!(
            text,
            "Aide publique au développement versée en {} sur ressources propres. Nature de la dépense\u{a0}: {}. \
             Objet\u{a0}: {}. Canal\u{a0}: {}.",
            self.flow,
            row.nature_name(),
            row.purpose_name(),
            row.channel_name(),
        );
        let law = match row.line().one_percent_law {
            None => return,
            Some(OnePercentLaw::Water) => "eau et assainissement",
            Some(OnePercentLaw::Waste) => "déchets",
            Some(OnePercentLaw::Energy) => "énergie",
        };
        let _written = write!(text, " Dispositif du 1\u{a0}%\u{a0}: {law}.");
    }

    /// Status and dates. What lies after the day of the data is planned; what was not declared is not made up, but
    /// for the first day, which the standard requires.
    fn dates<W: Write>(&self, xml: &mut Xml<W>, line: &Line) -> io::Result<()> {
        let starts_later = line.starts_on.is_some_and(|day| day > self.today);
        let is_over = line.ends_on.is_some_and(|day| day <= self.today);
        let status = if starts_later {
            "1"
        } else if is_over {
            "4"
        } else {
            "2"
        };
        xml.empty("activity-status", &[("code", status)])?;
        let first = self.first();
        match line.starts_on {
            Some(day) => date(xml, if starts_later { "1" } else { "2" }, day)?,
            None => {
                let day = line.ends_on.map_or(first, |end| end.min(first));
                let day = day.iso();
                narrated(xml, "activity-date", &[("type", "2"), ("iso-date", day.as_str())], SUPPLIED)?;
            }
        }
        line.ends_on.map_or(Ok(()), |day| date(xml, if is_over { "4" } else { "3" }, day))
    }

    /// The payment of the year, from own resources.
    fn transaction<W: Write>(&self, xml: &mut Xml<W>, row: &Resolved<'_>) -> io::Result<()> {
        let line = row.line();
        let day = line.paid_on.unwrap_or_else(|| self.last()).iso();
        xml.open("transaction", &[])?;
        // 3: disbursement.
        xml.empty("transaction-type", &[("code", "3")])?;
        xml.empty("transaction-date", &[("iso-date", day.as_str())])?;
        let of = [("currency", "EUR"), ("value-date", day.as_str())];
        xml.element("value", &of, row.own.plain().as_str())?;
        narrated(xml, "provider-org", &[("type", COLLECTIVITY)], &row.body.name)?;
        if let Some(name) = named(line) {
            narrated(xml, "receiver-org", &[("type", channel_type(row))], name)?;
        }
        xml.close("transaction")
    }
}

/// Who received the money, where that is public and says something.
fn named(line: &Line) -> Option<&str> {
    line.organisation.as_deref().filter(|name| is_named(line) && !name.trim().is_empty())
}

fn channel_type(row: &Resolved<'_>) -> &'static str {
    let channel = row.line().channel.as_str();
    organisation_type(channel, row.channel.map_or(channel, |channel| channel.family.as_str()))
}

/// Who pays (role 1) and who implements (role 4): by name where it is public, else by the channel.
fn organisations<W: Write>(xml: &mut Xml<W>, row: &Resolved<'_>) -> io::Result<()> {
    narrated(xml, "participating-org", &[("role", "1"), ("type", COLLECTIVITY)], &row.body.name)?;
    let line = row.line();
    let of = [("role", "4"), ("type", channel_type(row)), ("crs-channel-code", line.channel.as_str())];
    narrated(xml, "participating-org", &of, named(line).unwrap_or_else(|| row.channel_name()))
}

fn date<W: Write>(xml: &mut Xml<W>, kind: &str, day: Day) -> io::Result<()> {
    xml.empty("activity-date", &[("type", kind), ("iso-date", day.iso().as_str())])
}

/// A country by its ISO code, a region or 998 by its DAC code.
fn recipient<W: Write>(xml: &mut Xml<W>, row: &Resolved<'_>) -> io::Result<()> {
    let country = row.recipient.filter(|recipient| recipient.kind == RecipientKind::Country);
    if let Some(iso2) = country.and_then(|country| country.iso2.as_deref()) {
        return xml.empty("recipient-country", &[("code", iso2)]);
    }
    xml.empty("recipient-region", &[("vocabulary", "1"), ("code", row.line().recipient.as_str())])
}

/// Flow 10 (ODA), finance 110 (grant), tied status 5 (untied), and the type of aid.
fn defaults<W: Write>(xml: &mut Xml<W>, line: &Line) -> io::Result<()> {
    xml.empty("default-flow-type", &[("code", "10")])?;
    xml.empty("default-finance-type", &[("code", "110")])?;
    xml.empty("default-aid-type", &[("vocabulary", "1"), ("code", line.aid_type.as_str())])?;
    xml.empty("default-tied-status", &[("code", "5")])
}

/// What only the CRS asks: technical cooperation where it is, and the channel.
fn crs<W: Write>(xml: &mut Xml<W>, line: &Line) -> io::Result<()> {
    xml.open("crs-add", &[])?;
    if line.aid_type.as_str().starts_with(TECHNICAL) {
        xml.empty("other-flags", &[("code", "1"), ("significance", "1")])?;
    }
    xml.element("channel-code", &[], line.channel.as_str())?;
    xml.close("crs-add")
}

/// An activity that says that nobody paid anything: the standard has no file without one.
pub(super) fn nothing<W: Write>(year: &Year, xml: &mut Xml<W>, identifier: &str) -> io::Result<()> {
    year.open(xml, false)?;
    xml.element("iati-identifier", &[], identifier)?;
    reporting_org(xml)?;
    let title = format!("Aucun versement déclaré pour l’exercice {}", year.flow);
    narrated(xml, "title", &[], &title)?;
    xml.open("description", &[("type", "1")])?;
    narrative(xml, "Aucune collectivité n’a déclaré de versement sur ressources propres pour cet exercice.")?;
    xml.close("description")?;
    let of = [("role", "1"), ("type", COLLECTIVITY)];
    narrated(xml, "participating-org", &of, "Collectivités territoriales françaises")?;
    xml.empty("activity-status", &[("code", "4")])?;
    date(xml, "2", year.first())?;
    date(xml, "4", year.last())?;
    xml.empty("recipient-region", &[("vocabulary", "1"), ("code", "998")])?;
    // 99810: sector not specified.
    xml.empty("sector", &[("vocabulary", "1"), ("code", "99810")])?;
    xml.close("iati-activity")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::CodeLists;

    #[test]
    fn markers_have_the_codes_of_the_list() {
        let lists = CodeLists::embedded().unwrap();
        for (field, code) in MARKERS {
            let header = field.header();
            let marker = lists.marker(header.trim_start_matches("marqueur_")).unwrap();
            assert_eq!(marker.iati_code.to_string(), code, "{header}");
        }
    }
}
