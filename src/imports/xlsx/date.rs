//! The days of a workbook: a count from 1900 or 1904, or ISO 8601 text.

use time::{Date, Duration};

use super::number;
use crate::domain::day::Day;

/// Why a cell shown as a date has no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoDay {
    /// It has an hour.
    Time,
    /// The calendar has no such day.
    Unknown,
}

/// The day with this number.
///
/// In the system of 1900 the day 60 is 29 February 1900, which never existed:
/// it is refused, and the days before it are counted from one day later.
pub(super) fn of_serial(serial: f64, from_1904: bool) -> Result<Day, NoDay> {
    let text = number::to_text(serial).ok_or(NoDay::Unknown)?;
    if text.contains('.') {
        return Err(NoDay::Time);
    }
    let days: i64 = text.parse().ok().ok_or(NoDay::Unknown)?;
    let (year, month, day) = match (from_1904, days) {
        (true, 0..) => (1904, 1, 1),
        (false, 1..=59) => (1899, 12, 31),
        (false, 61..) => (1899, 12, 30),
        (false, 0) => return Err(NoDay::Time),
        _ => return Err(NoDay::Unknown),
    };
    let origin = Day::of(year, month, day).ok_or(NoDay::Unknown)?.date();
    // A million days go beyond the year 4000; more would overflow the duration.
    let date: Option<Date> =
        Some(days).filter(|days| *days < 3_000_000).and_then(|days| origin.checked_add(Duration::days(days)));
    date.map(Day::new).ok_or(NoDay::Unknown)
}

/// The day of `2013-05-12` or `2013-05-12T00:00:00`.
pub(super) fn of_iso(text: &str) -> Result<Day, NoDay> {
    let (day, time) = text.trim().split_once('T').unwrap_or((text.trim(), ""));
    if !day.contains('-') {
        return Err(NoDay::Time);
    }
    if time.chars().any(|c| c.is_ascii_digit() && c != '0') {
        return Err(NoDay::Time);
    }
    day.parse().map_err(|_error| NoDay::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(serial: f64, from_1904: bool) -> String {
        of_serial(serial, from_1904).unwrap().to_iso()
    }

    #[test]
    fn counts_from_1900_and_from_1904() {
        assert_eq!(iso(41_275.0, false), "2013-01-01");
        assert_eq!(iso(41_639.0, false), "2013-12-31");
        assert_eq!(iso(39_813.0, true), "2013-01-01");
        assert_eq!(iso(0.0, true), "1904-01-01");
        assert_eq!(iso(1.0, false), "1900-01-01");
        assert_eq!(iso(59.0, false), "1900-02-28");
        assert_eq!(iso(61.0, false), "1900-03-01");
    }

    #[test]
    fn refuses_hours_and_days_that_never_were() {
        assert_eq!(of_serial(41_275.5, false), Err(NoDay::Time));
        assert_eq!(of_serial(0.0, false), Err(NoDay::Time));
        assert_eq!(of_serial(60.0, false), Err(NoDay::Unknown));
        assert_eq!(of_serial(-1.0, false), Err(NoDay::Unknown));
        assert_eq!(of_serial(1e300, false), Err(NoDay::Unknown));
        assert_eq!(of_serial(f64::NAN, true), Err(NoDay::Unknown));
    }

    #[test]
    fn reads_iso_text() {
        assert_eq!(of_iso("2013-05-12").unwrap().to_iso(), "2013-05-12");
        assert_eq!(of_iso("2013-05-12T00:00:00Z").unwrap().to_iso(), "2013-05-12");
        assert_eq!(of_iso("2013-05-12T14:30:00"), Err(NoDay::Time));
        assert_eq!(of_iso("14:30:00"), Err(NoDay::Time));
        assert_eq!(of_iso("2013-02-30"), Err(NoDay::Unknown));
    }
}
