//! The values of a CRS++ row, and the cell of an item.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::domain::crs::{CrsId, Submission};
use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::field::Field;
use crate::domain::line::{Line, Markers};
use crate::domain::year::FlowYear;
use crate::reports::crs::items::Item;
use crate::reports::resolved::Resolved;
use crate::reports::xlsx::Cell;
use crate::reports::{Result, Unit};

/// Characters of a description.
pub const LONGEST_DESCRIPTION: usize = 20_000;
/// First letter of the types of aid that are technical cooperation.
const TECHNICAL: char = 'D';

/// Nature of expenditure and the keyword that tells it.
const KEYWORDS: [(&str, &str); 3] =
    [("faceco", "#FACECO"), ("refugies", "#REFUGIES"), ("bourses", "#BOURSES")];

/// A row: a line, or several told together.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// Of which payments.
    pub year: FlowYear,
    /// Its identifier, where it has one.
    pub id: Option<CrsId>,
    /// Its nature of submission.
    pub submission: Submission,
    /// The identifier of its own that the donor gives.
    pub project_number: String,
    /// Who benefits.
    pub recipient: &'a str,
    /// Name of who received the money.
    pub channel_name: Cow<'a, str>,
    /// Through whom.
    pub channel: &'a str,
    /// 1, 2 or 3.
    pub bi_multi: u8,
    /// In which form.
    pub aid_type: &'a str,
    /// Title.
    pub title: Cow<'a, str>,
    /// What for.
    pub purpose: &'a str,
    /// Where precisely.
    pub place: &'a str,
    /// First day of the project.
    pub starts_on: Option<Day>,
    /// Last day of the project.
    pub ends_on: Option<Day>,
    /// Description, the body first.
    pub description: String,
    /// Policy markers.
    pub markers: Markers,
    /// Goals and targets.
    pub sdg: String,
    /// Keywords.
    pub keywords: &'static str,
    /// Committed.
    pub commitment: Euros,
    /// Paid from own resources.
    pub disbursement: Euros,
}

impl<'a> Record<'a> {
    /// The row of a line; its identifier and nature are for who numbers to say.
    #[must_use]
    pub fn of_line(row: &Resolved<'a>, year: FlowYear) -> Self {
        let line = row.line();
        Self {
            year,
            id: None,
            submission: Submission::Provisional,
            project_number: format!("{}-{}", row.filed.siren, line.reference),
            recipient: line.recipient.as_str(),
            channel_name: Cow::Borrowed(line.organisation.as_deref().unwrap_or(row.channel_name())),
            channel: line.channel.as_str(),
            bi_multi: line.bi_multi.code(),
            aid_type: line.aid_type.as_str(),
            title: Cow::Borrowed(&line.title),
            purpose: line.purpose.as_str(),
            place: line.place.as_deref().unwrap_or_default(),
            starts_on: line.starts_on,
            ends_on: line.ends_on,
            description: description(row),
            markers: line.markers,
            sdg: line.sdg.join(";"),
            keywords: keyword(line.nature.as_str()),
            commitment: Euros::ZERO,
            disbursement: row.own,
        }
    }

    /// Gives the row its identifier, and the commitment that is told with it, in the year that it begins with. Says
    /// whether this is that year.
    pub fn identify(&mut self, line: &Line, id: Option<CrsId>) -> bool {
        let is_first_year = id.is_none_or(|id| id.year() == self.year.get());
        self.id = id;
        self.commitment = match committed(line) {
            _ if !is_first_year => Euros::ZERO,
            Some(committed) => committed,
            None => self.disbursement,
        };
        is_first_year
    }

    /// Whether it is technical cooperation.
    #[must_use]
    pub fn is_technical(&self) -> bool {
        self.aid_type.starts_with(TECHNICAL)
    }

    /// 31 December of the year of the original commitment.
    fn committed_on(&self) -> Day {
        Day::last_of(self.id.map_or(self.year.get(), |id| id.year()))
    }

    /// SHA-256 of the values in exact euros, but for the identifier and the nature of submission.
    ///
    /// # Errors
    /// When the definition cannot be read.
    pub fn digest(&self, items: &[Item]) -> Result<String> {
        let mut digest = Sha256::new();
        for item in items.iter().filter(|item| !matches!(&*item.key, "identifiant" | "nature_notification")) {
            match item.cell(self, Unit::Euro) {
                Cell::Blank => {}
                Cell::Text(text) | Cell::Number(text) | Cell::Formula(_, text) => digest.update(text),
                Cell::Whole(value) => digest.update(value.to_string()),
                Cell::Euros(amount) => digest.update(amount.plain().as_str()),
                Cell::Day(day) => digest.update(day.iso().as_str()),
            }
            digest.update([0]);
        }
        Ok(hex::encode(digest.finalize()))
    }
}

/// What was committed, reduced in the proportion of own resources to what was paid (rule 6), rounded half away from
/// zero; none where it is not known.
#[must_use]
pub fn committed(line: &Line) -> Option<Euros> {
    let committed = line.amounts.committed.filter(|amount| !amount.is_zero())?;
    let [whole, own, paid] =
        [committed, line.own_resources(), line.amounts.paid].map(|amount| i128::from(amount.cents()));
    let reduced =
        whole.checked_mul(own)?.checked_mul(2)?.checked_add(paid)?.checked_div(paid.checked_mul(2)?)?;
    Euros::from_cents(i64::try_from(reduced).ok()?).ok()
}

/// The keyword of a nature of expenditure, if it has one.
fn keyword(nature: &str) -> &'static str {
    KEYWORDS.iter().find(|(code, _)| *code == nature).map_or("", |(_, keyword)| keyword)
}

/// Name and SIREN of the body, then what it says of the project, cut where the form ends.
fn description(row: &Resolved<'_>) -> String {
    let said = row.line().description.as_deref().unwrap_or(&row.line().title);
    let mut text = format!("{} (SIREN {})\u{a0}: {said}", row.body.name, row.filed.siren);
    if let Some((end, _)) = text.char_indices().nth(LONGEST_DESCRIPTION) {
        text.truncate(end);
    }
    text
}

/// How the cell of a row is found.
pub type Value = for<'r> fn(&'r Record<'_>, Unit) -> Cell<'r>;

fn text(text: &str) -> Cell<'_> {
    if text.is_empty() { Cell::Blank } else { Cell::Text(text) }
}

fn day<'r>(day: Option<Day>) -> Cell<'r> {
    day.map_or(Cell::Blank, Cell::Day)
}

const fn amount<'r>(exact: Euros, unit: Unit) -> Cell<'r> {
    match unit {
        Unit::Euro => Cell::Euros(exact),
        Unit::Thousand => Cell::Whole(exact.rounded_thousands()),
    }
}

fn marker<'r>(row: &Record<'_>, field: Field) -> Cell<'r> {
    row.markers.get(field).map_or(Cell::Blank, |value| Cell::Whole(i64::from(value)))
}

/// Codes of one digit, as texts: a spreadsheet leaves them alone.
fn digit<'r>(code: u8) -> Cell<'r> {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    DIGITS.get(usize::from(code)).map_or(Cell::Blank, |digit| Cell::Text(digit))
}

/// The cell of each item that is not always the same, by its key.
pub const VALUES: &[(&str, Value)] = &[
    ("annee", |row, _| Cell::Whole(i64::from(row.year.get()))),
    ("date_engagement", |row, _| Cell::Day(row.committed_on())),
    ("identifiant", |row, _| row.id.as_ref().map_or(Cell::Blank, |id| Cell::Text(id.as_str()))),
    ("numero_projet", |row, _| Cell::Text(&row.project_number)),
    ("nature_notification", |row, _| digit(row.submission.code())),
    ("beneficiaire", |row, _| Cell::Text(row.recipient)),
    ("canal_nom", |row, _| text(&row.channel_name)),
    ("canal", |row, _| Cell::Text(row.channel)),
    ("bi_multi", |row, _| digit(row.bi_multi)),
    ("type_aide", |row, _| Cell::Text(row.aid_type)),
    ("titre", |row, _| text(&row.title)),
    ("objet", |row, _| Cell::Text(row.purpose)),
    ("zone", |row, _| text(row.place)),
    ("debut", |row, _| day(row.starts_on)),
    ("fin", |row, _| day(row.ends_on)),
    ("description", |row, _| text(&row.description)),
    ("egalite", |row, _| marker(row, Field::MarkerGender)),
    ("environnement", |row, _| marker(row, Field::MarkerEnvironment)),
    ("cooperation_technique", |row, _| if row.is_technical() { Cell::Whole(1) } else { Cell::Blank }),
    ("biodiversite", |row, _| marker(row, Field::MarkerBiodiversity)),
    ("attenuation", |row, _| marker(row, Field::MarkerMitigation)),
    ("adaptation", |row, _| marker(row, Field::MarkerAdaptation)),
    ("desertification", |row, _| marker(row, Field::MarkerDesertification)),
    ("engagement", |row, unit| amount(row.commitment, unit)),
    ("versement", |row, unit| amount(row.disbursement, unit)),
    ("nutrition", |row, _| marker(row, Field::MarkerNutrition)),
    ("inclusion", |row, _| marker(row, Field::MarkerInclusion)),
    ("odd", |row, _| text(&row.sdg)),
    ("mots_cles", |row, _| text(row.keywords)),
];
