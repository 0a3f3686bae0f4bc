//! Jobs that have a time: which there are, when each is due, and what became of a run.

mod due;

pub use due::Due;

use std::fmt;
use std::str::FromStr;

use crate::domain::instant::Instant;

/// A job. Each may run at any time, in several processes, and twice: it does what is to be done, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// Sends the step of the reminders whose day has come.
    Reminders,
    /// Reminds agents of a draft that nobody filed.
    Unfiled,
    /// Writes down the head of the journal, outside the database too.
    Digest,
    /// Removes what is too old by the configuration (rule 14).
    Purge,
    /// Copies the whole database, where the configuration says how often.
    Backup,
}

impl Job {
    /// Every job, in the order of the page.
    pub const ALL: [Self; 5] = [Self::Reminders, Self::Unfiled, Self::Digest, Self::Purge, Self::Backup];

    /// The word of the database, the logs and the metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reminders => "reminders",
            Self::Unfiled => "unfiled",
            Self::Digest => "digest",
            Self::Purge => "purge",
            Self::Backup => "backup",
        }
    }

    /// When it is due, with the minutes between two backups: 0 where none is taken, and nothing is due then. None lies
    /// in the hour that the clocks leave out or repeat.
    #[must_use]
    pub const fn due(self, backup_minutes: u32) -> Option<Due> {
        match self {
            Self::Reminders => Some(Due::Daily { hour: 8, minute: 0 }),
            Self::Unfiled => Some(Due::Every { minutes: 60 }),
            Self::Digest => Some(Due::Daily { hour: 0, minute: 10 }),
            Self::Purge => Some(Due::Daily { hour: 4, minute: 20 }),
            Self::Backup if backup_minutes == 0 => None,
            Self::Backup => Some(Due::Every { minutes: backup_minutes }),
        }
    }

    /// What it is called, in French.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reminders => "Relances des campagnes",
            Self::Unfiled => "Rappel des brouillons non déposés",
            Self::Digest => "Empreinte du journal",
            Self::Purge => "Effacement de ce qui est trop ancien",
            Self::Backup => "Sauvegarde",
        }
    }

    /// What it does, in French.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Reminders => {
                "Envoie l’étape de relance dont le jour est venu aux collectivités qui n’ont rien déposé."
            }
            Self::Unfiled => {
                "Prévient, deux jours avant la fin, les agents dont un brouillon attend d’être déposé."
            }
            Self::Digest => {
                "Note le numéro et l’empreinte de la dernière entrée du journal, hors de la base aussi."
            }
            Self::Purge => {
                "Efface sessions, liens, courriels, contacts et comptes au terme des durées de conservation."
            }
            Self::Backup => {
                "Copie toute la base dans le dossier des sauvegardes, et retire les copies devenues inutiles."
            }
        }
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that names no job: a newer version of the program may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("tâche inconnue")]
pub struct UnknownJob;

impl FromStr for Job {
    type Err = UnknownJob;

    fn from_str(text: &str) -> Result<Self, UnknownJob> {
        Self::ALL.into_iter().find(|job| job.code() == text).ok_or(UnknownJob)
    }
}

/// A run: a job at a due instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The word of the job.
    pub job: String,
    /// When it was due.
    pub due_at: Instant,
    /// How often a process took it.
    pub attempts: u32,
    /// Random id of the process that took it last.
    pub instance: String,
    /// When that was.
    pub started_at: Instant,
    /// From when on another process may take it, while it has no end.
    pub free_at: Instant,
    /// What became of it, and when.
    pub end: Option<(Instant, Outcome)>,
    /// What it did, or why its last try failed, in French.
    pub told: String,
}

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Tried as often as it may be.
    Failed,
    /// The next one was due before it was done.
    Superseded,
}

impl Outcome {
    /// The word of the database and the metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Superseded => "superseded",
        }
    }
}

/// A text that names no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("suite de tâche inconnue")]
pub struct UnknownOutcome;

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(text: &str) -> Result<Self, UnknownOutcome> {
        let all = [Self::Done, Self::Failed, Self::Superseded];
        all.into_iter().find(|outcome| outcome.code() == text).ok_or(UnknownOutcome)
    }
}

/// How long a process that says nothing still holds a run, seconds.
pub const LEASE: i64 = 120;

/// How long a run that failed waits for its next try: 1, 2, 4 … minutes, two hours at most.
#[must_use]
pub fn pause(attempts: u32) -> i64 {
    const LONGEST: i64 = 7_200;
    let doubled = 60_i64.checked_shl(attempts.saturating_sub(1).min(20));
    doubled.map_or(LONGEST, |pause| pause.min(LONGEST))
}

/// What is to be done about a job at an instant: nothing, or to take the run that was due last.
///
/// Of the runs that a machine which was off has missed, one is caught up: the last.
#[must_use]
pub fn to_take(due: Due, latest: Option<&Run>, now: Instant) -> Option<Instant> {
    let due = due.last(now);
    match latest {
        Some(run) if run.due_at == due => (run.end.is_none() && run.free_at <= now).then_some(due),
        // Taken by a process whose clock is a little ahead, or by ours before it was set back. Far ahead, that clock was
        // wrong, and what is due meanwhile is run.
        Some(run) if run.due_at > due && run.due_at.seconds_since(now) <= 86_400 => None,
        _ => Some(due),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn run(due_at: &str, free_at: &str, end: Option<Outcome>) -> Run {
        Run {
            job: "digest".to_owned(),
            due_at: at(due_at),
            attempts: 1,
            instance: "A".to_owned(),
            started_at: at(due_at),
            free_at: at(free_at),
            end: end.map(|outcome| (at(free_at), outcome)),
            told: String::new(),
        }
    }

    #[test]
    fn the_last_one_due_is_taken_once() {
        // 00:10 in Paris is 22:10 in UTC.
        let (due, now) = ("2014-05-19T22:10:00Z", at("2014-05-20T06:00:00Z"));
        let digest = Job::Digest.due(0).unwrap();
        let to_take = |latest: Option<Run>| to_take(digest, latest.as_ref(), now);
        assert_eq!(to_take(None), Some(at(due)));
        let before = "2014-05-11T22:10:00Z";
        assert_eq!(to_take(Some(run(before, before, Some(Outcome::Done)))), Some(at(due)), "a gap of days");
        assert_eq!(to_take(Some(run(due, due, Some(Outcome::Done)))), None);
        assert_eq!(to_take(Some(run(due, due, Some(Outcome::Failed)))), None);
        assert_eq!(to_take(Some(run(due, "2014-05-20T06:00:01Z", None))), None, "held");
        assert_eq!(to_take(Some(run(due, "2014-05-20T06:00:00Z", None))), Some(at(due)), "its process died");
        assert_eq!(to_take(Some(run("2014-05-20T22:10:00Z", due, None))), None, "the clock was set back");
        assert_eq!(
            to_take(Some(run("2015-05-20T22:10:00Z", due, None))),
            Some(at(due)),
            "it was a year ahead"
        );
    }

    #[test]
    fn pauses_grow_and_end() {
        assert_eq!([1, 2, 3, 7, 8, 9, 60].map(pause), [60, 120, 240, 3_840, 7_200, 7_200, 7_200]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        /// A clock that is set forth and back at will: no due instant is run twice, and none that is not due at all.
        /// Once it goes right again, the next ones are run.
        #[test]
        fn a_clock_that_jumps_makes_no_run_come_twice(
            jumps in prop::collection::vec(-90_000_i64..90_000, 1..60),
            minutes in 1_u32..1_441,
        ) {
            for due in [Due::Every { minutes }, Due::Daily { hour: 2, minute: 30 }] {
                // Around the night on which an hour comes twice in Paris.
                let start = at("2014-10-26T00:30:00Z");
                let mut runs: Vec<Run> = vec![];
                let (mut now, mut latest_seen) = (start, start);
                for jump in &jumps {
                    now = now.plus_seconds(*jump);
                    latest_seen = latest_seen.max(now);
                    let latest = runs.iter().max_by_key(|run| run.due_at);
                    if let Some(taken) = to_take(due, latest, now) {
                        prop_assert!(taken <= now && due.last(taken) == taken);
                        // The row of the database is one a due instant: what was done is not done again.
                        if runs.iter().all(|run| run.due_at != taken) {
                            let text = taken.to_rfc3339();
                            runs.push(run(&text, &text, Some(Outcome::Done)));
                        } else {
                            prop_assert!(latest.unwrap().due_at.seconds_since(now) > 86_400);
                        }
                    }
                }
                let later = due.next(latest_seen);
                let latest = runs.iter().max_by_key(|run| run.due_at);
                prop_assert_eq!(to_take(due, latest, later), Some(later));
            }
        }
    }

    #[test]
    fn words_come_back() {
        for job in Job::ALL {
            assert_eq!(job.code().parse(), Ok(job));
        }
        assert!("?".parse::<Job>().is_err() && "?".parse::<Outcome>().is_err());
        assert_eq!("superseded".parse(), Ok(Outcome::Superseded));
    }
}
