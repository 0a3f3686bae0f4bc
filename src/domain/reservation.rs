//! Filings « sous réserve »: made by an agent whose attachment is awaited (rules 9 and 16), and where a
//! filed version stands.
//!
//! Nothing waits for a job: a reservation that nobody answers is void once its time is over, whoever looks.

use crate::domain::instant::Instant;

/// Seconds that an answer may take: 30 days.
const ANSWERED_WITHIN: i64 = 30 * 86_400;

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The agent was accepted in time: the version counts.
    Accepted {
        /// When.
        at: Instant,
    },
    /// The agent was refused, or took the request back: the version never counts.
    Refused {
        /// When.
        at: Instant,
    },
}

/// What a filing of an agent who is not attached yet depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Random id of the attachment that is awaited.
    pub attachment: String,
    /// The last instant at which an answer can make the version count.
    pub until: Instant,
    /// What became of it, if it was answered in time.
    pub outcome: Option<Outcome>,
}

/// Where a reservation stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReservationState {
    /// It awaits an answer.
    Pending,
    /// It was lifted then.
    Lifted(Instant),
    /// It came to nothing then.
    Void(Instant),
}

/// Where a filed version stands: whether it counts, and since or until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the one that counts.
    InForce {
        /// Since when, where it was filed sous réserve.
        confirmed_at: Option<Instant>,
    },
    /// A later version counts.
    Superseded {
        /// When it had been confirmed, where it was filed sous réserve.
        confirmed_at: Option<Instant>,
    },
    /// It counts if the agent is attached by then.
    Reserved {
        /// The last instant for an answer.
        until: Instant,
    },
    /// It was filed sous réserve, and never counts.
    Void {
        /// Since when.
        since: Instant,
    },
}

/// The last instant at which an answer makes a version filed at `filed_at` count.
#[must_use]
pub fn answered_until(filed_at: Instant) -> Instant {
    filed_at.plus_seconds(ANSWERED_WITHIN)
}

impl Outcome {
    /// When it was decided.
    #[must_use]
    pub const fn at(self) -> Instant {
        match self {
            Self::Accepted { at } | Self::Refused { at } => at,
        }
    }
}

impl Reservation {
    /// Where it stands at `at`; what was decided later is not known then.
    #[must_use]
    pub fn state(&self, at: Instant) -> ReservationState {
        match self.outcome.filter(|outcome| outcome.at() <= at) {
            Some(Outcome::Accepted { at }) => ReservationState::Lifted(at),
            Some(Outcome::Refused { at }) => ReservationState::Void(at),
            None if at <= self.until => ReservationState::Pending,
            None => ReservationState::Void(self.until),
        }
    }

    /// Whether the version counts by now: what the database's own view of the effective versions asks too.
    #[must_use]
    pub const fn is_lifted(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Accepted { .. }))
    }
}

/// The version that counts: the highest that is not reserved, or no more (rule 3).
#[must_use]
pub fn effective<'r>(versions: impl IntoIterator<Item = (u32, Option<&'r Reservation>)>) -> Option<u32> {
    let counts = |(version, reserved): (u32, Option<&Reservation>)| {
        reserved.is_none_or(Reservation::is_lifted).then_some(version)
    };
    versions.into_iter().filter_map(counts).max()
}

impl Standing {
    /// Where a version stands, beside the one that counts.
    #[must_use]
    pub fn of(version: u32, reserved: Option<&Reservation>, effective: Option<u32>, now: Instant) -> Self {
        let confirmed_at = match reserved.map(|reservation| (reservation, reservation.state(now))) {
            Some((_, ReservationState::Void(since))) => return Self::Void { since },
            // One that a later version replaced already never counts, whatever is answered.
            Some((reservation, ReservationState::Pending)) if effective < Some(version) => {
                return Self::Reserved { until: reservation.until };
            }
            Some((_, ReservationState::Lifted(at))) => Some(at),
            Some((_, ReservationState::Pending)) | None => None,
        };
        if effective == Some(version) {
            Self::InForce { confirmed_at }
        } else {
            Self::Superseded { confirmed_at }
        }
    }

    /// Where a version stands that was just filed.
    #[must_use]
    pub fn just_filed(reserved: Option<&Reservation>) -> Self {
        match reserved {
            Some(reservation) => Self::Reserved { until: reservation.until },
            None => Self::InForce { confirmed_at: None },
        }
    }

    /// Every contract form.
    pub const CODES: [&'static str; 4] = ["en_vigueur", "remplacee", "sous_reserve", "sans_effet"];

    /// Whether it is the version that counts.
    #[must_use]
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::InForce { .. })
    }

    /// Contract form: stable, for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InForce { .. } => "en_vigueur",
            Self::Superseded { .. } => "remplacee",
            Self::Reserved { .. } => "sous_reserve",
            Self::Void { .. } => "sans_effet",
        }
    }

    /// A few French words, for a badge.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::InForce { .. } => "celle qui compte",
            Self::Superseded { .. } => "remplacée",
            Self::Reserved { .. } => "sous réserve",
            Self::Void { .. } => "sans effet",
        }
    }

    /// Whole French sentences on the version, which they call « elle »: for a receipt, a mail, a page.
    #[must_use]
    pub fn sentence(self) -> String {
        let confirmed = |at: Option<Instant>| {
            at.map(|at| format!(" Déposée {RESERVED}, elle a été confirmée le {at}.")).unwrap_or_default()
        };
        match self {
            Self::InForce { confirmed_at } => {
                format!("C’est la version qui compte aujourd’hui.{}", confirmed(confirmed_at))
            }
            Self::Superseded { confirmed_at } => {
                format!("Une version plus récente la remplace.{}", confirmed(confirmed_at))
            }
            Self::Reserved { until } => format!(
                "Elle est déposée {RESERVED}, en attente jusqu’au {until}. Si l’agent est rattaché d’ici là, \
                 elle comptera avec l’instant de son dépôt\u{a0}; sinon, elle restera sans effet. D’ici là, \
                 elle n’entre dans aucun total."
            ),
            Self::Void { since } => format!(
                "Déposée {RESERVED}, elle est sans effet depuis le {since}\u{a0}: l’agent n’a pas été \
                 rattaché dans les 30 jours."
            ),
        }
    }
}

/// What a filing of an agent who is not attached yet is, in French.
pub const RESERVED: &str = "sous réserve du rattachement de l’agent";

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn reservation(outcome: Option<Outcome>) -> Reservation {
        let until = answered_until(at("2014-06-15T21:30:00Z"));
        Reservation { attachment: "A1".to_owned(), until, outcome }
    }

    #[test]
    fn it_waits_for_thirty_days_to_the_second() {
        let waiting = reservation(None);
        assert_eq!(waiting.until, at("2014-07-15T21:30:00Z"));
        assert_eq!(waiting.state(waiting.until), ReservationState::Pending);
        assert_eq!(
            waiting.state(waiting.until.plus_seconds(1)),
            ReservationState::Void(at("2014-07-15T21:30:00Z"))
        );
    }

    #[test]
    fn what_was_decided_later_is_not_known_before() {
        let decided = at("2014-06-22T08:00:00Z");
        let lifted = reservation(Some(Outcome::Accepted { at: decided }));
        assert_eq!(lifted.state(decided.plus_seconds(-1)), ReservationState::Pending);
        assert_eq!(lifted.state(at("2020-01-01T00:00:00Z")), ReservationState::Lifted(decided));
        let refused = reservation(Some(Outcome::Refused { at: decided }));
        assert_eq!(refused.state(decided), ReservationState::Void(decided));
    }

    #[test]
    fn a_version_stands_beside_the_one_that_counts() {
        let now = at("2014-06-20T08:00:00Z");
        let (waiting, decided) = (reservation(None), at("2014-06-19T08:00:00Z"));
        let lifted = reservation(Some(Outcome::Accepted { at: decided }));
        let refused = reservation(Some(Outcome::Refused { at: decided }));
        assert_eq!(effective([(1, None), (2, Some(&waiting)), (3, Some(&refused))]), Some(1));
        assert_eq!(effective([(1, None), (2, Some(&lifted))]), Some(2));
        assert_eq!(effective([(1, Some(&waiting))]), None);
        let told = [
            (1, None, Some(1), "en_vigueur"),
            (1, None, Some(2), "remplacee"),
            (2, Some(&waiting), Some(1), "sous_reserve"),
            (1, Some(&waiting), None, "sous_reserve"),
            // A later version counts: no answer changes that.
            (1, Some(&waiting), Some(2), "remplacee"),
            (1, Some(&refused), Some(2), "sans_effet"),
            (2, Some(&lifted), Some(2), "en_vigueur"),
            (1, Some(&lifted), Some(2), "remplacee"),
        ];
        for (version, reserved, effective, code) in told {
            assert_eq!(Standing::of(version, reserved, effective, now).code(), code);
            assert!(Standing::CODES.contains(&code));
        }
        let confirmed = Standing::of(2, Some(&lifted), Some(2), now);
        assert!(confirmed.sentence().contains("confirmée le 19"), "{}", confirmed.sentence());
        assert!(confirmed.is_in_force());
        let later = waiting.until.plus_seconds(1);
        assert_eq!(Standing::of(1, Some(&waiting), None, later), Standing::Void { since: waiting.until });
        assert_eq!(Standing::just_filed(Some(&waiting)), Standing::Reserved { until: waiting.until });
    }
}
