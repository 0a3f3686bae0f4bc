//! How filings come in: two lines, and the table that says the same.

use crate::domain::follow_up::{Pace, Point};
use crate::web::text;

/// The drawing, in its own units.
const WIDTH: i64 = 720;
const HEIGHT: u64 = 220;
const LEFT: i64 = 60;
const TOP: u64 = 20;
/// Days between two rows of the table and two marks of the axis.
const WEEK: i64 = 7;

/// The chart and its table.
pub(super) struct Chart {
    /// Points of the line of this campaign, as SVG takes them.
    pub(super) own: String,
    /// The same of the campaign before.
    pub(super) before: String,
    /// The marks of the horizontal axis: place and words.
    pub(super) marks: Vec<(i64, String)>,
    /// The marks of the vertical axis: place and words.
    pub(super) levels: Vec<(u64, String)>,
    /// One row a week, and today's.
    pub(super) rows: Vec<Row>,
    /// The last figures, in a sentence.
    pub(super) told: String,
}

/// A row of the table.
pub(super) struct Row {
    pub(super) left: String,
    pub(super) day: String,
    pub(super) filed: String,
    pub(super) before: String,
}

impl Chart {
    pub(super) fn of(pace: &Pace) -> Self {
        let longest = pace.points.first().map_or(1, |point| point.left).max(1);
        let highest = u64::from(pace.highest()).max(1);
        let x = |left: i64| LEFT + (longest - left) * WIDTH / longest;
        let y = |count: u32| TOP + HEIGHT - u64::from(count) * HEIGHT / highest;
        let line = |count: fn(&Point) -> Option<u32>| {
            let points = pace.points.iter().filter_map(|point| Some((point.left, count(point)?)));
            points.map(|(left, count)| format!("{},{}", x(left), y(count))).collect::<Vec<_>>().join(" ")
        };
        let today = pace.points.iter().rev().find(|point| point.filed.is_some());
        let is_told =
            |point: &&Point| point.left % WEEK == 0 || today.is_some_and(|today| today.left == point.left);
        let count =
            |count: Option<u32>| count.map_or_else(|| "–".to_owned(), |count| text::thousands(count.into()));
        let rows = pace.points.iter().filter(is_told).map(|point| Row {
            left: left(point.left),
            day: point.day.map(text::long_day).unwrap_or_default(),
            filed: count(point.filed),
            before: count(point.before),
        });
        let marks = pace.points.iter().filter(|point| point.left % (2 * WEEK) == 0);
        let told = today.map_or_else(
            || "La fenêtre n’est pas encore ouverte.".to_owned(),
            |point| {
                let filed =
                    text::count(count_of(point.filed), "collectivité a déposé", "collectivités ont déposé");
                let before = point.before.map(|before| {
                    format!(", contre {} à la fin du même jour un an avant", text::thousands(before.into()))
                });
                format!("{}\u{a0}: {filed}{}.", left(point.left), before.unwrap_or_default())
            },
        );
        Self {
            own: line(|point| point.filed),
            before: line(|point| point.before),
            marks: marks.map(|point| (x(point.left), mark(point.left))).collect(),
            levels: [0, highest / 2, highest]
                .into_iter()
                .map(|level| (TOP + HEIGHT - level * HEIGHT / highest, text::thousands(level)))
                .collect(),
            rows: rows.collect(),
            told,
        }
    }
}

fn count_of(count: Option<u32>) -> u64 {
    count.map_or(0, u64::from)
}

/// The same where there is little room.
fn mark(days: i64) -> String {
    if days == 0 { "fin".to_owned() } else { left(days) }
}

/// `J-26`, `dernier jour`.
fn left(left: i64) -> String {
    if left == 0 { "dernier jour".to_owned() } else { format!("J\u{2011}{left}") }
}
