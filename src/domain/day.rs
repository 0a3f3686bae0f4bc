//! Civil days, and the instants at which they begin in Paris (rule 2).

use std::fmt;
use std::str::FromStr;

use time::{Date, Month, PrimitiveDateTime, Time};
use time_tz::{PrimitiveDateTimeExt, timezones};

use crate::domain::figures::Figures;
use crate::domain::instant::Instant;

/// A civil day. Its bounds in time are those of Europe/Paris.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// Why a text is not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est pas une date\u{a0}: écrivez JJ/MM/AAAA ou AAAA-MM-JJ")]
pub struct DayError(String);

impl Day {
    /// A day from its calendar date.
    #[must_use]
    pub const fn new(date: Date) -> Self {
        Self(date)
    }

    /// The calendar date.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// The year of the day.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0.year()
    }

    /// 1 January of `year`.
    #[must_use]
    pub fn first_of(year: u16) -> Self {
        Self(Date::from_calendar_date(i32::from(year), Month::January, 1).unwrap_or(Date::MIN))
    }

    /// 31 December of `year`.
    #[must_use]
    pub fn last_of(year: u16) -> Self {
        Self(Date::from_calendar_date(i32::from(year), Month::December, 31).unwrap_or(Date::MAX))
    }

    /// `day` and `month` of `year`, or `None` where the calendar has no such day.
    #[must_use]
    pub fn of(year: u16, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        Date::from_calendar_date(i32::from(year), month, day).ok().map(Self)
    }

    /// The day after; the last day of the calendar is its own successor.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.next_day().unwrap_or(Date::MAX))
    }

    /// The day before; the first day of the calendar is its own predecessor.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.previous_day().unwrap_or(Date::MIN))
    }

    /// The instant at which the day begins in Paris: 00:00 local time, which
    /// exists once on every day since 1996, the days the clocks change too.
    #[must_use]
    pub fn starts_at(self) -> Instant {
        let midnight = PrimitiveDateTime::new(self.0, Time::MIDNIGHT);
        let local = midnight.assume_timezone(timezones::db::europe::PARIS);
        Instant::new(local.take_first().unwrap_or_else(|| midnight.assume_utc()))
    }

    /// The half-open end of the day: the instant at which the next one begins.
    #[must_use]
    pub fn ends_at(self) -> Instant {
        self.next().starts_at()
    }

    /// Form for machines and the database: `2014-06-15`.
    #[must_use]
    pub fn to_iso(self) -> String {
        self.iso().as_str().to_owned()
    }

    /// [`Self::to_iso`] without an allocation.
    #[must_use]
    pub fn iso(self) -> Figures<10> {
        let year = u64::from(self.0.year().unsigned_abs());
        let (month, day) = (u64::from(u8::from(self.0.month())), u64::from(self.0.day()));
        Figures::new().digits(day, 2).before(b'-').digits(month, 2).before(b'-').digits(year, 4)
    }

    /// Long French form: `15 juin 2014`, `1er avril 2014`.
    #[must_use]
    pub fn to_long(self) -> String {
        const MONTHS: [&str; 12] = [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ];
        let month =
            MONTHS.get(usize::from(u8::from(self.0.month())).saturating_sub(1)).copied().unwrap_or_default();
        let ordinal = if self.0.day() == 1 { "er" } else { "" };
        format!("{}{ordinal}\u{a0}{month}\u{a0}{}", self.0.day(), self.0.year())
    }
}

/// Short French form: `15/06/2014`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}/{:04}", self.0.day(), u8::from(self.0.month()), self.0.year())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_iso())
    }
}

/// Reads `AAAA-MM-JJ` or `JJ/MM/AAAA`, nothing shorter: a two-digit year or an
/// unpadded day has several readings in the files people send.
impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let error = || DayError(crate::domain::text::excerpt(text.trim(), 30));
        let text = text.trim();
        let (separator, year_first) = if text.contains('-') { ('-', true) } else { ('/', false) };
        let mut parts = text.split(separator);
        let parts = (parts.next(), parts.next(), parts.next(), parts.next());
        let (Some(first), Some(month), Some(last), None) = parts else { return Err(error()) };
        let (day, year) = if year_first { (last, first) } else { (first, last) };
        if day.len() != 2 || month.len() != 2 || year.len() != 4 {
            return Err(error());
        }
        let number = |part: &str| {
            Some(part).filter(|p| p.bytes().all(|b| b.is_ascii_digit())).and_then(|p| p.parse::<u16>().ok())
        };
        let small = |part: &str| number(part).and_then(|n| u8::try_from(n).ok());
        match (number(year), small(month), small(day)) {
            (Some(year), Some(month), Some(day)) => Self::of(year, month, day).ok_or_else(error),
            _ => Err(error()),
        }
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_iso())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn begins_at_midnight_in_paris() {
        assert_eq!(day("2014-04-15").starts_at().to_rfc3339(), "2014-04-14T22:00:00Z");
        assert_eq!(day("2014-01-15").starts_at().to_rfc3339(), "2014-01-14T23:00:00Z");
    }

    #[test]
    fn is_right_on_the_days_the_clocks_change() {
        let spring = day("2014-03-30");
        assert_eq!(spring.starts_at().to_rfc3339(), "2014-03-29T23:00:00Z");
        assert_eq!(spring.ends_at().to_rfc3339(), "2014-03-30T22:00:00Z", "23 hours long");
        let autumn = day("2014-10-26");
        assert_eq!(autumn.starts_at().to_rfc3339(), "2014-10-25T22:00:00Z");
        assert_eq!(autumn.ends_at().to_rfc3339(), "2014-10-26T23:00:00Z", "25 hours long");
    }

    #[test]
    fn reads_two_forms_only() {
        assert_eq!(day("15/06/2014"), day("2014-06-15"));
        for text in ["15/6/2014", "15/06/14", "2014/06/15", "31/02/2014", "15-06-2014", "", "+1/06/2014"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn speaks_french() {
        assert_eq!(day("2014-08-01").to_long(), "1er\u{a0}août\u{a0}2014");
        assert_eq!(day("2014-06-15").to_string(), "15/06/2014");
    }
}
