//! Which backups are kept: many of the last hours, fewer of the days before.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::instant::Instant;

/// How long backups are kept. The newest one always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// All of the last so many hours.
    pub all_hours: u32,
    /// Of each hour the last one, so many hours back.
    pub hourly_hours: u32,
    /// Of each day in Paris the last one, so many days back.
    pub daily_days: u32,
}

impl Keep {
    /// Those of `taken` that may go at `now`. What seems to come from the future stays: a clock was wrong, not a backup.
    #[must_use]
    pub fn beyond(self, taken: &[Instant], now: Instant) -> Vec<Instant> {
        let hours = |hours: u32| now.plus_seconds(i64::from(hours).saturating_mul(-3_600));
        let (all, hourly) = (hours(self.all_hours), hours(self.hourly_hours));
        let daily = now.plus_seconds(i64::from(self.daily_days).saturating_mul(-86_400));
        let (mut of_hour, mut of_day) = (BTreeMap::new(), BTreeMap::new());
        for at in taken {
            let hour = at.as_datetime().unix_timestamp().div_euclid(3_600);
            let last: &mut Instant = of_hour.entry(hour).or_insert(*at);
            *last = (*last).max(*at);
            let last: &mut Instant = of_day.entry(at.day_in_paris()).or_insert(*at);
            *last = (*last).max(*at);
        }
        let newest = taken.iter().max();
        let stays = |at: &Instant| {
            Some(at) == newest
                || *at >= all
                || (*at >= hourly && of_hour.values().any(|last| last == at))
                || (*at >= daily && of_day.values().any(|last| last == at))
        };
        taken.iter().filter(|at| !stays(at)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEEP: Keep = Keep { all_hours: 1, hourly_hours: 24, daily_days: 31 };

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn many_of_late_few_of_before() {
        let now = at("2014-05-20T12:00:00Z");
        // Every five minutes for sixty days, with each removal at its time.
        let mut taken: Vec<Instant> = vec![];
        for step in (0..=60 * 288).rev() {
            let now = now.plus_seconds(-300 * step);
            taken.push(now);
            let beyond = KEEP.beyond(&taken, now);
            taken.retain(|at| !beyond.contains(at));
        }
        let within = |seconds: i64| taken.iter().filter(|at| now.seconds_since(**at) <= seconds).count();
        assert_eq!(within(3_600), 13, "all of the last hour");
        assert_eq!(within(86_400), 13 + 23, "of each hour one");
        assert_eq!(taken.len(), 13 + 23 + 30, "of each day one, and nothing older");
        assert!(now.seconds_since(taken[0]) <= 31 * 86_400);
    }

    #[test]
    fn the_newest_stays_whatever_its_age_and_the_future_too() {
        let (old, older) = (at("2013-01-02T00:00:00Z"), at("2013-01-01T00:00:00Z"));
        assert_eq!(KEEP.beyond(&[older, old], at("2014-05-20T12:00:00Z")), [older]);
        let ahead = at("2030-01-01T00:00:00Z");
        assert_eq!(KEEP.beyond(&[old, ahead], at("2014-05-20T12:00:00Z")), [old]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        /// Whatever the clock does, something stays, and what stays once is not asked for again.
        #[test]
        fn something_always_stays(
            offsets in prop::collection::vec(-8_000_000_i64..8_000_000, 1..40),
            all_hours in 0_u32..48, hourly_hours in 0_u32..200, daily_days in 0_u32..90,
        ) {
            let now = at("2014-10-26T01:30:00Z");
            let taken: Vec<Instant> = offsets.iter().map(|offset| now.plus_seconds(*offset)).collect();
            let keep = Keep { all_hours, hourly_hours, daily_days };
            let beyond = keep.beyond(&taken, now);
            let left: Vec<Instant> = taken.iter().filter(|at| !beyond.contains(at)).copied().collect();
            prop_assert!(left.contains(taken.iter().max().unwrap()));
            prop_assert!(keep.beyond(&left, now).is_empty());
        }
    }
}
