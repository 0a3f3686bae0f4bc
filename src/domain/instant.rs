//! Instants: UTC, to the second.

use std::fmt;
use std::str::FromStr;

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};
use time_tz::{OffsetDateTimeExt, timezones};

use crate::domain::day::Day;

/// A point in time, in UTC, truncated to the second, so that both engines,
/// every file and every page hold the same value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(OffsetDateTime);

/// Why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est pas un instant\u{a0}: écrivez par exemple 2014-06-15T23:59:59+02:00")]
pub struct InstantError(String);

impl Instant {
    /// Truncates `at` to the second, in UTC.
    #[must_use]
    pub fn new(at: OffsetDateTime) -> Self {
        let at = at.to_offset(UtcOffset::UTC);
        Self(at.replace_nanosecond(0).unwrap_or(at))
    }

    /// The same point in time for the `time` crate.
    #[must_use]
    pub const fn as_datetime(self) -> OffsetDateTime {
        self.0
    }

    /// `seconds` later (earlier when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.checked_add(time::Duration::seconds(seconds)).unwrap_or(self.0))
    }

    /// Whole seconds from `earlier` to `self`.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).whole_seconds()
    }

    /// The civil day in Paris.
    #[must_use]
    pub fn day_in_paris(self) -> Day {
        Day::new(self.in_paris().date())
    }

    /// Fixed-length form for the database, JSON and hashes: `2014-06-15T21:59:59Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let at = self.0;
        let (date, time) = (at.date(), at.time());
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }

    fn in_paris(self) -> OffsetDateTime {
        self.0.to_timezone(timezones::db::europe::PARIS)
    }

    /// In Paris, to the minute: `20 mai 2026 à 9 h 05`, with the spaces of French typography.
    #[must_use]
    pub fn to_minute(self) -> String {
        let local = self.in_paris();
        let (day, hour, minute) = (self.day_in_paris().to_long(), local.hour(), local.minute());
        format!("{day} à {hour}\u{a0}h\u{a0}{minute:02}")
    }
}

/// French form in Paris time: `15 juin 2014 à 23 h 59 min 59 s`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.in_paris();
        let day = self.day_in_paris().to_long();
        let (hour, minute, second) = (local.hour(), local.minute(), local.second());
        write!(f, "{day} à {hour:02}\u{a0}h\u{a0}{minute:02}\u{a0}min\u{a0}{second:02}\u{a0}s")
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        OffsetDateTime::parse(text.trim(), &Rfc3339)
            .map(Self::new)
            .map_err(|_error| InstantError(crate::domain::text::excerpt(text, 40)))
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_utc_seconds() {
        let at: Instant = "2014-06-15T23:59:59.987+02:00".parse().unwrap();
        assert_eq!(at.to_rfc3339(), "2014-06-15T21:59:59Z");
        assert_eq!(at.day_in_paris().to_iso(), "2014-06-15");
        assert_eq!(at.plus_seconds(1).day_in_paris().to_iso(), "2014-06-16");
    }

    #[test]
    fn shows_paris_time() {
        let at: Instant = "2014-06-15T21:59:59Z".parse().unwrap();
        assert_eq!(at.to_string().replace('\u{a0}', " "), "15 juin 2014 à 23 h 59 min 59 s");
        let at: Instant = "2014-05-20T07:05:59Z".parse().unwrap();
        assert_eq!(at.to_minute().replace('\u{a0}', " "), "20 mai 2014 à 9 h 05");
    }
}
