//! Campaign N bears on flow year N-1 (rule 1): two types, so that they are never mixed up.

use std::fmt;
use std::str::FromStr;

use crate::domain::day::Day;

/// The first flow year for which the service holds code lists.
const FIRST: u16 = 2008;
/// A bound that keeps every computed day inside the calendar.
const LAST: u16 = 2199;

/// A calendar year of payments (exercice).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowYear(u16);

/// The year in which a campaign is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CampaignYear(u16);

/// A text or number that is not a year the service knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{text}\u{a0}» n’est pas une année entre {first} et {last}", first = FIRST.saturating_add(*.shift), last = LAST.saturating_add(*.shift))]
pub struct YearError {
    text: String,
    /// 0 for a flow year, 1 for a campaign.
    shift: u16,
}

impl FlowYear {
    /// A flow year from its number.
    ///
    /// # Errors
    /// Outside 2008 to 2199.
    pub fn new(year: u16) -> Result<Self, YearError> {
        if (FIRST..=LAST).contains(&year) {
            Ok(Self(year))
        } else {
            Err(YearError { text: year.to_string(), shift: 0 })
        }
    }

    /// The number of the year.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The campaign that collects this year.
    #[must_use]
    pub const fn campaign(self) -> CampaignYear {
        CampaignYear(self.0.saturating_add(1))
    }

    /// 1 January.
    #[must_use]
    pub fn first_day(self) -> Day {
        Day::first_of(self.0)
    }

    /// 31 December.
    #[must_use]
    pub fn last_day(self) -> Day {
        Day::last_of(self.0)
    }

    /// Whether `day` lies in the year.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        day.year() == i32::from(self.0)
    }
}

impl CampaignYear {
    /// A campaign year from its number.
    ///
    /// # Errors
    /// Outside 2009 to 2200.
    pub fn new(year: u16) -> Result<Self, YearError> {
        let error = || YearError { text: year.to_string(), shift: 1 };
        let flow_year = year.checked_sub(1).ok_or_else(error)?;
        FlowYear::new(flow_year).map(FlowYear::campaign).map_err(|_outside| error())
    }

    /// The number of the year.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The year on whose payments the campaign bears.
    #[must_use]
    pub const fn flow_year(self) -> FlowYear {
        FlowYear(self.0.saturating_sub(1))
    }
}

macro_rules! year_text {
    ($year:ident, $shift:literal) => {
        impl fmt::Display for $year {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $year {
            type Err = YearError;

            fn from_str(text: &str) -> Result<Self, YearError> {
                let error = || YearError { text: crate::domain::text::excerpt(text, 20), shift: $shift };
                let digits = text.trim();
                if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(error());
                }
                digits.parse().ok().and_then(|year| $year::new(year).ok()).ok_or_else(error)
            }
        }

        impl serde::Serialize for $year {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u16(self.0)
            }
        }
    };
}
year_text!(FlowYear, 0);
year_text!(CampaignYear, 1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_bears_on_the_year_before() {
        let campaign: CampaignYear = "2014".parse().unwrap();
        assert_eq!(campaign.flow_year().to_string(), "2013");
        assert_eq!(campaign.flow_year().campaign(), campaign);
    }

    #[test]
    fn refuses_what_is_not_a_year() {
        for text in ["14", "+2014", "2o14", "20140", "1999", ""] {
            assert!(text.parse::<FlowYear>().is_err(), "{text}");
        }
    }
}
