//! Identifiers and natures of submission of the CRS (ADR 18): what an edition tells of an activity, and what a later
//! one may say about it.

use std::fmt;
use std::str::FromStr;

use crate::domain::declaration::FiledLine;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

/// An identifier of the CRS: the year of the original commitment and a number of six digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrsId([u8; 10]);

/// A text that is not ten digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est pas un identifiant CRS à 10 chiffres")]
pub struct CrsIdError(String);

impl CrsId {
    /// The first number of groups: activities of one body have those below.
    pub const FIRST_OF_GROUPS: u32 = 900_000;
    /// No number is larger.
    pub const LAST: u32 = 999_999;

    /// The identifier of a number in a year; none above [`Self::LAST`].
    #[must_use]
    pub fn of(year: FlowYear, number: u32) -> Option<Self> {
        if number > Self::LAST {
            return None;
        }
        format!("{:04}{number:06}", year.get()).parse().ok()
    }

    /// The ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The constructor accepts ASCII digits only.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The year of the original commitment.
    #[must_use]
    pub fn year(&self) -> u16 {
        self.as_str().get(..4).and_then(|year| year.parse().ok()).unwrap_or_default()
    }

    /// The number in that year.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.as_str().get(4..).and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

impl FromStr for CrsId {
    type Err = CrsIdError;

    fn from_str(text: &str) -> Result<Self, CrsIdError> {
        let digits: Option<[u8; 10]> = text.as_bytes().try_into().ok();
        digits
            .filter(|digits| digits.iter().all(u8::is_ascii_digit))
            .map(Self)
            .ok_or_else(|| CrsIdError(crate::domain::text::excerpt(text, 20)))
    }
}

impl fmt::Display for CrsId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CrsId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Nature of submission: item 6 of a CRS line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Submission {
    /// A new activity, with its commitment.
    New,
    /// All fields again of what was told before.
    Revision,
    /// A payment on an activity told in an earlier year.
    Payment,
    /// Not final.
    Provisional,
    /// A new activity whose commitment is what was paid.
    Derived,
}

impl Submission {
    /// Every nature that is told, in the order of their codes.
    pub const ALL: [Self; 5] = [Self::New, Self::Revision, Self::Payment, Self::Provisional, Self::Derived];

    /// The code of the OECD's list.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::New => 1,
            Self::Revision => 2,
            Self::Payment => 3,
            Self::Provisional => 5,
            Self::Derived => 8,
        }
    }

    /// The French name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "Nouvelle activité",
            Self::Revision => "Révision",
            Self::Payment => "Versement sur une activité déjà notifiée",
            Self::Provisional => "Données provisoires",
            Self::Derived => "Nouvelle activité, engagement égal au versement",
        }
    }

    /// The nature of this code.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|nature| i32::from(nature.code()) == code)
    }
}

/// What an edition told of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its nature of submission.
    pub submission: Submission,
    /// SHA-256 of its values, hexadecimal.
    pub digest: String,
}

impl Told {
    /// What the next edition of the same year says of a line with these values.
    #[must_use]
    pub fn again(&self, digest: &str) -> Submission {
        if self.digest == digest { self.submission } else { Submission::Revision }
    }
}

/// A line on its way into the CRS, with what earlier editions said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrsLine {
    /// As filed.
    pub filed: FiledLine,
    /// The identifier it has; none before the first release that tells it.
    pub known: Option<CrsId>,
    /// Whether this SIREN and reference are on record under an identifier.
    pub is_named: bool,
    /// What the edition before told of it.
    pub told: Option<Told>,
    /// Told by the edition before, and no longer declared.
    pub is_withdrawn: bool,
}

/// What a new edition puts on record of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldLine {
    /// Whose.
    pub siren: Siren,
    /// Its key.
    pub reference: String,
    /// Its identifier.
    pub id: CrsId,
    /// The version that the values are of.
    pub version: u32,
    /// Its nature of submission.
    pub submission: Submission,
    /// SHA-256 of its values, hexadecimal.
    pub digest: String,
    /// Whether the SIREN and reference come on record with it.
    pub is_new_name: bool,
}

/// Payments told together: recipient, purpose, channel and type of aid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKey {
    /// Who benefits.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// Through whom.
    pub channel: String,
    /// In which form.
    pub aid_type: String,
}

/// How far the identifiers of a year are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// Names on record, of every year: it tells whether some came meanwhile.
    pub names: u64,
    /// Groups on record, of every year.
    pub groups: u64,
    /// The next number of an activity of the year.
    pub next_activity: u32,
    /// The next number of a group of the year.
    pub next_group: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_a_year_and_a_number() {
        let year = FlowYear::new(2016).unwrap();
        let id = CrsId::of(year, 42).unwrap();
        assert_eq!((id.as_str(), id.year(), id.number()), ("2016000042", 2016, 42));
        assert_eq!(CrsId::of(year, CrsId::LAST).unwrap().as_str(), "2016999999");
        assert_eq!(CrsId::of(year, CrsId::LAST + 1), None, "a year has no more");
        for wrong in ["", "201600004", "20160000421", "2016-00042", "２０１６０００"] {
            assert!(wrong.parse::<CrsId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_changed_once_stays_a_revision() {
        let told = |submission, digest: &str| Told { submission, digest: digest.to_owned() };
        assert_eq!(told(Submission::Derived, "a").again("a"), Submission::Derived);
        assert_eq!(told(Submission::Payment, "a").again("b"), Submission::Revision);
        assert_eq!(told(Submission::Revision, "b").again("b"), Submission::Revision);
    }
}
