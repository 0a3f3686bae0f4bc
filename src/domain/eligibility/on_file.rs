//! What one body has on file for one flow year, and what of it counts when.

use crate::domain::campaign::FilingDerogation;
use crate::domain::day::Day;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;

/// An immutable version of a declaration, as far as eligibility needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingVersion {
    /// 1, 2, 3… in the order of filing.
    pub version: u32,
    /// What it states.
    pub kind: FilingKind,
    /// When it was filed: the instant that is told, whenever it began to count.
    pub filed_at: Instant,
    /// Since when it counts, where it was filed sous réserve.
    pub confirmed_at: Option<Instant>,
    /// The number of its receipt.
    pub receipt: Option<String>,
}

/// A yearly amount declared before this service was there (rule 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAmount {
    /// The amount, or `None` for nil.
    pub amount: Option<Euros>,
    /// Where it was found, in French.
    pub source: String,
    /// When it was recorded here.
    pub recorded_at: Instant,
}

/// A filing that waits for the attachment of its agent to the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwaitingFiling {
    /// When it was handed in.
    pub since: Instant,
    /// When the attachment was decided, either way.
    pub decided_at: Option<Instant>,
}

/// What one body has on file for one flow year.
#[derive(Debug, Clone, Default)]
pub(super) struct BodyYearOnFile {
    pub filings: Vec<FilingVersion>,
    pub past_amounts: Vec<PastAmount>,
    pub derogations: Vec<FilingDerogation>,
    pub awaiting: Vec<AwaitingFiling>,
}

impl BodyYearOnFile {
    /// The version that counts at `at`: the last one filed by then, and confirmed by then where that was needed.
    pub(super) fn effective(&self, at: Instant) -> Option<&FilingVersion> {
        let counts = |filing: &&FilingVersion| {
            filing.filed_at <= at && filing.confirmed_at.is_none_or(|confirmed_at| confirmed_at <= at)
        };
        let filed = self.filings.iter().filter(counts);
        filed.max_by_key(|filing| (filing.version, filing.filed_at))
    }

    /// The past amount that counts at `at`: the last one recorded by then.
    pub(super) fn past_amount(&self, at: Instant) -> Option<&PastAmount> {
        let recorded = self.past_amounts.iter().filter(|amount| amount.recorded_at <= at);
        recorded.max_by_key(|amount| amount.recorded_at)
    }

    /// Since when the oldest filing that waits at `at` has waited.
    pub(super) fn awaiting_since(&self, at: Instant) -> Option<Instant> {
        let waits = |filing: &&AwaitingFiling| {
            filing.since <= at && filing.decided_at.is_none_or(|decided_at| at < decided_at)
        };
        self.awaiting.iter().filter(waits).map(|filing| filing.since).min()
    }

    /// The last day granted by a derogation that runs at `at`.
    pub(super) fn running_derogation(&self, at: Instant) -> Option<Day> {
        let running = self.derogations.iter().filter(|derogation| derogation.is_running(at));
        running.map(|derogation| derogation.until).max()
    }

    /// When the last derogation granted before `at` ceased to run, if none runs.
    pub(super) fn ended_derogation(&self, at: Instant) -> Option<EndedDerogation> {
        if self.running_derogation(at).is_some() {
            return None;
        }
        let granted = self.derogations.iter().filter(|derogation| derogation.decided_at <= at);
        let end = |derogation: &FilingDerogation| match derogation.revoked_at {
            Some(revoked_at) if revoked_at < derogation.until.ends_at() => {
                (revoked_at, EndedDerogation::Revoked(revoked_at))
            }
            _ => (derogation.until.ends_at(), EndedDerogation::Lapsed(derogation.until)),
        };
        granted.map(end).max_by_key(|(ended_at, _)| *ended_at).map(|(_, ended)| ended)
    }
}

/// How a filing derogation ceased to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndedDerogation {
    /// Its last day passed.
    Lapsed(Day),
    /// It was revoked.
    Revoked(Instant),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn the_version_that_counts_is_the_last_by_then_in_any_order_of_addition() {
        let mut file = BodyYearOnFile::default();
        for (version, day) in [(2, 12), (1, 10), (3, 14)] {
            let filed_at = at(&format!("2014-05-{day}T08:00:00Z"));
            file.filings.push(FilingVersion {
                version,
                kind: FilingKind::Declared,
                filed_at,
                confirmed_at: (version == 3).then(|| at("2014-05-20T08:00:00Z")),
                receipt: None,
            });
        }
        let version = |text: &str| file.effective(at(text)).map(|filing| filing.version);
        assert_eq!(version("2014-05-10T07:59:59Z"), None);
        assert_eq!(version("2014-05-10T08:00:00Z"), Some(1));
        assert_eq!(version("2014-05-13T00:00:00Z"), Some(2));
        assert_eq!(version("2014-05-20T07:59:59Z"), Some(2), "the last one is not confirmed yet");
        assert_eq!(version("2014-05-20T08:00:00Z"), Some(3));
    }

    #[test]
    fn a_derogation_lapses_or_is_revoked() {
        let mut file = BodyYearOnFile::default();
        let until = "2014-07-10".parse().unwrap();
        let decided_at = at("2014-07-01T08:00:00Z");
        file.derogations.push(FilingDerogation { until, decided_at, revoked_at: None });
        assert_eq!(file.running_derogation(at("2014-07-10T21:59:59Z")), Some(until));
        assert_eq!(file.ended_derogation(at("2014-07-10T21:59:59Z")), None);
        assert_eq!(file.ended_derogation(at("2014-07-10T22:00:00Z")), Some(EndedDerogation::Lapsed(until)));
        let revoked_at = at("2014-07-05T08:00:00Z");
        file.derogations[0].revoked_at = Some(revoked_at);
        assert_eq!(file.ended_derogation(revoked_at), Some(EndedDerogation::Revoked(revoked_at)));
        assert_eq!(file.ended_derogation(at("2014-06-30T08:00:00Z")), None, "not granted yet");
    }
}
