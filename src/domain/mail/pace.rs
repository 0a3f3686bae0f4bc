//! When a mail that could not be sent is tried again, and when it is no more.

use crate::domain::instant::Instant;

/// First wait, seconds; each one is twice the one before.
const FIRST: i64 = 60;
/// Longest wait, seconds.
const LONGEST: i64 = 4 * 3600;
/// Tries of one mail: over three days pass before the last.
pub const MOST_TRIES: i32 = 27;

/// When to try again after the try of this number, from 1; nothing after the last.
#[must_use]
pub fn next_try(tried: i32, now: Instant) -> Option<Instant> {
    if tried >= MOST_TRIES {
        return None;
    }
    let doublings = u32::try_from(tried.saturating_sub(1)).unwrap_or_default().min(16);
    let wait = FIRST.saturating_mul(2_i64.saturating_pow(doublings)).min(LONGEST);
    Some(now.plus_seconds(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_a_ceiling_and_end_after_three_days() {
        let start: Instant = "2014-05-20T08:00:00Z".parse().unwrap();
        let wait = |tried| next_try(tried, start).map(|at| at.seconds_since(start));
        assert_eq!([1, 2, 3, 8, 9, 26].map(wait), [60, 120, 240, 7680, 14_400, 14_400].map(Some));
        assert_eq!([MOST_TRIES, MOST_TRIES + 1, i32::MAX].map(wait), [None; 3]);
        let whole: i64 = (1..MOST_TRIES).filter_map(wait).sum();
        assert!((3..4).contains(&(whole / 86_400)), "{whole}");
    }
}
