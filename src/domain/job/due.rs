//! When a job is due: instants, from the civil time of Paris, whatever the machine believes.

use time::{PrimitiveDateTime, Time};
use time_tz::{OffsetResult, PrimitiveDateTimeExt, timezones};

use crate::domain::day::Day;
use crate::domain::instant::Instant;

/// When a job is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Once a civil day, at a time of the day in Paris.
    Daily {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
    /// Every so many minutes, counted from an instant that all processes know: 00:00 UTC of 1 January 1970.
    Every {
        /// At least one.
        minutes: u32,
    },
}

impl Due {
    /// The last due instant up to `now`, `now` included.
    #[must_use]
    pub fn last(self, now: Instant) -> Instant {
        match self {
            Self::Daily { hour, minute } => {
                let today = now.day_in_paris();
                let due = of_day(today, hour, minute);
                if due <= now { due } else { of_day(today.previous(), hour, minute) }
            }
            Self::Every { minutes } => {
                let step = i64::from(minutes.max(1)).saturating_mul(60);
                let over = now.as_datetime().unix_timestamp().rem_euclid(step);
                now.plus_seconds(over.saturating_neg())
            }
        }
    }

    /// The first due instant after `now`.
    #[must_use]
    pub fn next(self, now: Instant) -> Instant {
        match self {
            Self::Daily { hour, minute } => {
                let today = now.day_in_paris();
                let due = of_day(today, hour, minute);
                if due > now { due } else { of_day(today.next(), hour, minute) }
            }
            Self::Every { minutes } => {
                self.last(now).plus_seconds(i64::from(minutes.max(1)).saturating_mul(60))
            }
        }
    }

    /// In French: `chaque jour à 8 h 00`.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Daily { hour, minute } => format!("chaque jour à {hour}\u{a0}h\u{a0}{minute:02}"),
            Self::Every { minutes: 60 } => "chaque heure".to_owned(),
            Self::Every { minutes } => format!("toutes les {minutes}\u{a0}minutes"),
        }
    }
}

/// A time of a day in Paris. Where the clocks leave it out, the first instant after; where they repeat it, the first.
fn of_day(day: Day, hour: u8, minute: u8) -> Instant {
    let mut time = Time::from_hms(hour, minute, 0).unwrap_or(Time::MIDNIGHT);
    // They leave out one hour, between two whole ones: at most sixty minutes further there is a time again.
    for _minute in 0..=60 {
        let local = PrimitiveDateTime::new(day.date(), time);
        match local.assume_timezone(timezones::db::europe::PARIS) {
            OffsetResult::Some(at) | OffsetResult::Ambiguous(at, _) => return Instant::new(at),
            OffsetResult::None => time += time::Duration::minutes(1),
        }
    }
    day.starts_at()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn days_on_which_the_clocks_change() {
        let morning = Due::Daily { hour: 8, minute: 0 };
        for (now, last, next) in [
            ("2014-03-30T05:59:59Z", "2014-03-29T07:00:00Z", "2014-03-30T06:00:00Z"),
            ("2014-03-30T06:00:00Z", "2014-03-30T06:00:00Z", "2014-03-31T06:00:00Z"),
            ("2014-10-26T06:59:59Z", "2014-10-25T06:00:00Z", "2014-10-26T07:00:00Z"),
        ] {
            assert_eq!((morning.last(at(now)), morning.next(at(now))), (at(last), at(next)), "{now}");
        }
        // 02:30 did not exist on 30 March 2014 and came twice on 26 October.
        let night = Due::Daily { hour: 2, minute: 30 };
        assert_eq!(night.last(at("2014-03-30T12:00:00Z")), at("2014-03-30T01:00:00Z"));
        assert_eq!(night.last(at("2014-10-26T12:00:00Z")), at("2014-10-26T00:30:00Z"));
        assert_eq!(night.last(at("2014-10-26T01:30:00Z")), at("2014-10-26T00:30:00Z"), "once");
    }

    #[test]
    fn intervals_are_the_same_for_every_process() {
        let due = Due::Every { minutes: 5 };
        assert_eq!(due.last(at("2014-05-20T10:04:59Z")), at("2014-05-20T10:00:00Z"));
        assert_eq!(due.last(at("2014-05-20T10:05:00Z")), at("2014-05-20T10:05:00Z"));
        assert_eq!(due.next(at("2014-05-20T10:05:00Z")), at("2014-05-20T10:10:00Z"));
        assert_eq!(due.label(), "toutes les 5\u{a0}minutes");
    }

    fn any_due() -> impl Strategy<Value = Due> {
        prop_oneof![
            (0_u8..24, 0_u8..60).prop_map(|(hour, minute)| Due::Daily { hour, minute }),
            (1_u32..1_441).prop_map(|minutes| Due::Every { minutes }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        /// Of two looks, the later sees the same due instant or a later one; between two due instants lies none;
        /// and a civil day has exactly one, the days the clocks change too.
        #[test]
        fn due_instants_follow_each_other(
            due in any_due(),
            // 2000 to 2040; half of the cases within two days of a change of the clocks.
            near in prop::option::of((0_usize..6, -172_800_i64..172_800)),
            anywhere in 946_684_800_i64..2_208_988_800,
        ) {
            let changes = ["2014-03-30", "2014-10-26", "2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"];
            let now = match near {
                Some((change, seconds)) => at(&format!("{}T01:00:00Z", changes[change])).plus_seconds(seconds),
                None => at("1970-01-01T00:00:00Z").plus_seconds(anywhere),
            };
            let (last, next) = (due.last(now), due.next(now));
            prop_assert!(last <= now && now < next);
            prop_assert_eq!(due.last(last), last);
            prop_assert_eq!(due.next(last), next);
            prop_assert_eq!(due.last(next), next);
            prop_assert_eq!(due.last(next.plus_seconds(-1)), last);
            if let Due::Daily { .. } = due {
                prop_assert_eq!(next.day_in_paris(), last.day_in_paris().next());
            }
        }
    }
}
