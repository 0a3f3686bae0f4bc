//! How the filings of a campaign come in, beside those of the campaign before.
//!
//! Two campaigns are compared by what is left: the same number of days before the last one, at the same time of the
//! day, each with its extensions. The windows of two years begin and end on different days, and most declare near the
//! end: the same calendar day would compare the middle of one with the end of another.

use std::collections::BTreeMap;

use crate::domain::campaign::Campaign;
use crate::domain::day::Day;
use crate::domain::follow_up::Row;
use crate::domain::instant::Instant;

/// Filings by day, added up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pace {
    /// One a day of the longer window, the earliest first.
    pub points: Vec<Point>,
}

/// So many days before the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Days left; 0 on the last day.
    pub left: i64,
    /// That day of this campaign, where its window has it.
    pub day: Option<Day>,
    /// Bodies that had filed by its end, where the day has come.
    pub filed: Option<u32>,
    /// The same of the campaign before, where there was one.
    pub before: Option<u32>,
}

/// Days left until the last one; negative after it.
#[must_use]
pub fn days_left(campaign: &Campaign, at: Instant) -> i64 {
    (campaign.closes_on(at).date() - at.day_in_paris().date()).whole_days()
}

/// The instant of the campaign before that has as much left as `at` has in this one.
#[must_use]
pub fn same_moment(campaign: &Campaign, before: &Campaign, at: Instant) -> Instant {
    let last = before.closes_on(at);
    let day = moved(last, days_left(campaign, at).saturating_neg());
    day.starts_at().plus_seconds(at.seconds_since(at.day_in_paris().starts_at()))
}

fn moved(day: Day, days: i64) -> Day {
    day.date().checked_add(time::Duration::days(days)).map_or(day, Day::new)
}

/// One campaign: its window with its extensions, and on which day each body filed first.
struct Curve {
    length: i64,
    last: Day,
    by_day: BTreeMap<Day, u32>,
}

impl Curve {
    fn of<'a>(campaign: &Campaign, rows: impl Iterator<Item = Row<'a>>, at: Instant) -> Self {
        let last = campaign.closes_on(at);
        let mut by_day: BTreeMap<Day, u32> = BTreeMap::new();
        for filed in rows.filter_map(|row| row.filed) {
            let count = by_day.entry(filed.first_on).or_default();
            *count = count.saturating_add(1);
        }
        let length = (last.date() - campaign.window.opens_on().date()).whole_days();
        Self { length, last, by_day }
    }

    /// The day with so many days left, and how many had filed by its end.
    fn at(&self, left: i64) -> Option<(Day, u32)> {
        let day = moved(self.last, left.saturating_neg());
        (left <= self.length).then(|| (day, self.by_day.range(..=day).map(|(_, count)| count).sum()))
    }
}

impl Pace {
    /// The pace of a campaign until `at`, beside the whole of the one before.
    #[must_use]
    pub fn of<'a, 'b>(
        (campaign, rows): (&Campaign, impl Iterator<Item = Row<'a>>),
        before: Option<(&Campaign, impl Iterator<Item = Row<'b>>)>,
        at: Instant,
    ) -> Self {
        let own = Curve::of(campaign, rows, at);
        let before = before.map(|(campaign, rows)| Curve::of(campaign, rows, at));
        let today = at.day_in_paris();
        let longest = before.as_ref().map_or(own.length, |before| before.length.max(own.length));
        let point = |left: i64| {
            let (day, filed) = own.at(left).unzip();
            let before = before.as_ref().map(|before| before.at(left).map_or(0, |(_, filed)| filed));
            Point { left, day, filed: filed.filter(|_| day.is_some_and(|day| day <= today)), before }
        };
        Self { points: (0..=longest).rev().map(point).collect() }
    }

    /// The highest point.
    #[must_use]
    pub fn highest(&self) -> u32 {
        self.points.iter().flat_map(|point| [point.filed, point.before]).flatten().max().unwrap_or(0)
    }
}
