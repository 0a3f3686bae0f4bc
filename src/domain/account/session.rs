//! For how long a session, a link or a code serves: computed from instants, never from a job.

use crate::domain::instant::Instant;

/// Seconds without a request after which a session ends.
pub const IDLE: i64 = 3_600;
/// Seconds after which a session ends whatever happens in it.
pub const LONGEST: i64 = 12 * 3_600;
/// A request is noted at most once in so many seconds, so that reading a page is not a write.
pub const NOTED_EVERY: i64 = 60;
/// Wrong tries after which an attachment code is dead.
pub const CODE_TRIES: i32 = 5;
/// Longest description of a browser that is kept, in characters.
const BROWSER: usize = 120;

/// What a secret sent by mail, or given for a password, serves for, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// To confirm an address.
    Confirm,
    /// To choose another password.
    Reset,
    /// To be attached to a collectivity.
    Code,
    /// To come in by invitation.
    Invite,
    /// To give the code that follows the password.
    Step,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [Self::Confirm, Self::Reset, Self::Code, Self::Invite, Self::Step];

    /// For how many seconds it serves.
    #[must_use]
    pub const fn lasts(self) -> i64 {
        match self {
            Self::Confirm => 24 * 3_600,
            Self::Reset => 3_600,
            Self::Code => 7 * 24 * 3_600,
            Self::Invite => 72 * 3_600,
            Self::Step => 600,
        }
    }
}

/// When a session is over at the latest, if nobody ends it before.
#[must_use]
pub fn ends_at(created_at: Instant, seen_at: Instant) -> Instant {
    seen_at.plus_seconds(IDLE).min(created_at.plus_seconds(LONGEST))
}

/// Whether a session serves at `now`.
#[must_use]
pub fn serves(created_at: Instant, seen_at: Instant, ended_at: Option<Instant>, now: Instant) -> bool {
    ended_at.is_none() && now < ends_at(created_at, seen_at)
}

/// Whether a request at `now` is to be noted.
#[must_use]
pub fn is_to_note(seen_at: Instant, now: Instant) -> bool {
    now.seconds_since(seen_at) >= NOTED_EVERY
}

/// What is kept of the description that a browser gives of itself: enough for its owner to recognise it.
#[must_use]
pub fn browser(user_agent: &str) -> String {
    let shown = crate::domain::text::excerpt(user_agent.trim(), BROWSER);
    if shown.is_empty() { "navigateur inconnu".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn an_hour_idle_and_twelve_at_most() {
        let start = at("2014-05-20T08:00:00Z");
        let serves = |seen: &str, now: &str| serves(start, at(seen), None, at(now));
        assert!(serves("2014-05-20T08:00:00Z", "2014-05-20T08:59:59Z"));
        assert!(!serves("2014-05-20T08:00:00Z", "2014-05-20T09:00:00Z"));
        assert!(serves("2014-05-20T19:30:00Z", "2014-05-20T19:59:59Z"));
        assert!(!serves("2014-05-20T19:59:59Z", "2014-05-20T20:00:00Z"));
        assert!(!super::serves(start, start, Some(start), start), "ended");
    }

    #[test]
    fn a_request_is_noted_once_a_minute() {
        let seen = at("2014-05-20T08:00:00Z");
        assert!(!is_to_note(seen, at("2014-05-20T08:00:59Z")));
        assert!(is_to_note(seen, at("2014-05-20T08:01:00Z")));
        const { assert!(NOTED_EVERY < IDLE) };
    }

    #[test]
    fn a_browser_is_one_short_line() {
        assert_eq!(browser(" Mozilla/5.0\u{1b}[31m "), "Mozilla/5.0\u{fffd}[31m");
        assert_eq!(browser(&"x".repeat(500)).chars().count(), 121);
        assert_eq!(browser(""), "navigateur inconnu");
    }
}
