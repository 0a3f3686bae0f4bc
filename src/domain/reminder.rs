//! Reminders to the bodies that have not filed: four steps around the last day, as it is extended.

use std::fmt;
use std::str::FromStr;

use crate::domain::day::Day;

/// A step. Each has its day, and is the one to send until the day of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Thirty days before the last one.
    Month,
    /// Ten days before.
    TenDays,
    /// Two days before.
    TwoDays,
    /// The day after: it states the fact.
    After,
}

/// A text that names no step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est pas une étape de relance\u{a0}: J-30, J-10, J-2 ou J+1")]
pub struct StepError(String);

impl Step {
    /// Every step, the first one first.
    pub const ALL: [Self; 4] = [Self::Month, Self::TenDays, Self::TwoDays, Self::After];

    /// The word of the database, of addresses and of the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Month => "J-30",
            Self::TenDays => "J-10",
            Self::TwoDays => "J-2",
            Self::After => "J+1",
        }
    }

    /// The French words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Month => "30\u{a0}jours avant la fin",
            Self::TenDays => "10\u{a0}jours avant la fin",
            Self::TwoDays => "2\u{a0}jours avant la fin",
            Self::After => "le lendemain de la fin",
        }
    }

    /// Its day, for a last day.
    #[must_use]
    pub fn begins_on(self, closes_on: Day) -> Day {
        let days = match self {
            Self::Month => -30,
            Self::TenDays => -10,
            Self::TwoDays => -2,
            Self::After => 1,
        };
        closes_on.date().checked_add(time::Duration::days(days)).map_or(closes_on, Day::new)
    }

    /// The step to send on a day: the last one whose day has come. A machine that was off catches up, and
    /// nobody gets two at once.
    #[must_use]
    pub fn on(day: Day, closes_on: Day) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|step| step.begins_on(closes_on) <= day)
    }

    /// The steps that are still ahead of a day, each with its own.
    pub fn ahead(day: Day, closes_on: Day) -> impl Iterator<Item = (Self, Day)> {
        let days = Self::ALL.into_iter().map(move |step| (step, step.begins_on(closes_on)));
        days.filter(move |(_, begins_on)| *begins_on > day)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Step {
    type Err = StepError;

    fn from_str(text: &str) -> Result<Self, StepError> {
        let found = Self::ALL.into_iter().find(|step| step.code().eq_ignore_ascii_case(text.trim()));
        found.ok_or_else(|| StepError(crate::domain::text::excerpt(text, 20)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_step_is_sent_from_its_day_until_the_next_one() {
        let closes_on = day("2014-06-15");
        for (today, step) in [
            ("2014-05-15", None),
            ("2014-05-16", Some(Step::Month)),
            ("2014-06-04", Some(Step::Month)),
            ("2014-06-05", Some(Step::TenDays)),
            ("2014-06-12", Some(Step::TenDays)),
            ("2014-06-13", Some(Step::TwoDays)),
            ("2014-06-15", Some(Step::TwoDays)),
            ("2014-06-16", Some(Step::After)),
            ("2014-09-01", Some(Step::After)),
        ] {
            assert_eq!(Step::on(day(today), closes_on), step, "{today}");
        }
        // An extension plans again the steps that are still ahead of the new day.
        assert_eq!(Step::on(day("2014-06-16"), day("2014-06-30")), Some(Step::Month));
        let ahead: Vec<_> = Step::ahead(day("2014-06-20"), day("2014-06-30")).collect();
        assert_eq!(ahead, [(Step::TwoDays, day("2014-06-28")), (Step::After, day("2014-07-01"))]);
    }

    #[test]
    fn words_come_back() {
        for step in Step::ALL {
            assert_eq!(step.code().parse(), Ok(step));
        }
        assert_eq!("j-30".parse(), Ok(Step::Month));
        assert!("J-3".parse::<Step>().is_err());
    }
}
