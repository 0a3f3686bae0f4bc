//! What is on file: all that a verdict may look at.
//!
//! One [`Facts`] serves a whole batch. It holds histories, not states: every
//! filing, decision and past amount comes with its instant and counts only for
//! verdicts asked at or after it, so that a verdict for a past instant never
//! changes. The register is dated by civil days instead: what it says of
//! births, ends and mergers holds whenever it was learnt.

use std::collections::HashMap;

use crate::domain::call::CallCode;
use crate::domain::campaign::{Campaign, CampaignState, FilingDerogation};
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

use super::on_file::{AwaitingFiling, BodyYearOnFile, FilingVersion, PastAmount};

/// What is on file about some bodies, for some years and calls.
///
/// For a verdict on X the caller adds X, every body X descends from whatever
/// the distance, the descents between them, and for each required year of the
/// call the year itself and what those bodies have on file in it. More does no
/// harm; the order of the additions changes nothing, except between past
/// amounts recorded in the same second, of which the last added counts.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    bodies: HashMap<Siren, Body>,
    predecessors: HashMap<Siren, Vec<Descent>>,
    successors: HashMap<Siren, Vec<Descent>>,
    years: HashMap<FlowYear, YearOnFile>,
    files: HashMap<(Siren, FlowYear), BodyYearOnFile>,
    exemptions: HashMap<Siren, Vec<EligibilityDerogation>>,
}

/// A body of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its French name.
    pub name: String,
    /// Its first day; `None` when it has none on record: it has always been.
    /// A body made by a merger or a split needs it: without, no predecessor answers for it.
    pub exists_from: Option<Day>,
    /// Its last day, inclusive; `None` while it lasts.
    pub exists_until: Option<Day>,
}

/// One body handing on to another, by a merger or a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Descent {
    /// The body that hands on.
    pub predecessor: Siren,
    /// The body that takes over.
    pub successor: Siren,
    /// The first day of the new state of things.
    pub on: Day,
    /// How it came.
    pub kind: DescentKind,
}

/// How one body descends from another. Both hand on alike (rule 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DescentKind {
    /// Fusion: several bodies into one.
    Merger,
    /// Scission: one body into several.
    Split,
}

/// What is on file about a flow year, whoever declares.
#[derive(Debug, Clone, Default)]
pub struct YearOnFile {
    /// Its campaign, with its extensions and decisions.
    pub campaign: Option<Campaign>,
    /// When the first past amount of anyone for this year was recorded: from
    /// then on the year is known, and silence in it is silence.
    pub past_amounts_since: Option<Instant>,
}

/// The decision that makes one body eligible for one call (rule 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EligibilityDerogation {
    /// The call, and no other.
    pub call: CallCode,
    /// It acts from then on.
    pub decided_at: Instant,
    /// It acts no more from then on.
    pub revoked_at: Option<Instant>,
}

impl Facts {
    /// Nothing on file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a body of the register.
    pub fn add_body(&mut self, siren: Siren, body: Body) {
        self.bodies.insert(siren, body);
    }

    /// Adds a merger or a split; the same one twice is one.
    pub fn add_descent(&mut self, descent: Descent) {
        for (siren, descents) in
            [(descent.successor, &mut self.predecessors), (descent.predecessor, &mut self.successors)]
        {
            let of_siren = descents.entry(siren).or_default();
            if let Err(place) = of_siren.binary_search(&descent) {
                of_siren.insert(place, descent);
            }
        }
    }

    /// Says what is on file about a year. A year never said is an unknown one.
    pub fn set_year(&mut self, year: FlowYear, on_file: YearOnFile) {
        self.years.insert(year, on_file);
    }

    /// Adds a filed version.
    pub fn add_filing(&mut self, siren: Siren, year: FlowYear, filing: FilingVersion) {
        self.file_mut(siren, year).filings.push(filing);
    }

    /// Adds a past amount.
    pub fn add_past_amount(&mut self, siren: Siren, year: FlowYear, amount: PastAmount) {
        self.file_mut(siren, year).past_amounts.push(amount);
    }

    /// Adds a filing derogation for the campaign of `year`.
    pub fn add_filing_derogation(&mut self, siren: Siren, year: FlowYear, derogation: FilingDerogation) {
        self.file_mut(siren, year).derogations.push(derogation);
    }

    /// Adds a filing that waited, or still does, for the attachment of its agent; once confirmed it is a
    /// [filing](Self::add_filing) as well.
    pub fn add_awaiting_filing(&mut self, siren: Siren, year: FlowYear, awaiting: AwaitingFiling) {
        self.file_mut(siren, year).awaiting.push(awaiting);
    }

    /// Adds an eligibility derogation.
    pub fn add_eligibility_derogation(&mut self, siren: Siren, derogation: EligibilityDerogation) {
        self.exemptions.entry(siren).or_default().push(derogation);
    }

    fn file_mut(&mut self, siren: Siren, year: FlowYear) -> &mut BodyYearOnFile {
        self.files.entry((siren, year)).or_default()
    }

    pub(super) fn body(&self, siren: Siren) -> Option<&Body> {
        self.bodies.get(&siren)
    }

    /// The descents that made `siren`, in a fixed order.
    pub(super) fn descents_to(&self, siren: Siren) -> &[Descent] {
        self.predecessors.get(&siren).map_or(&[], Vec::as_slice)
    }

    /// The descents that `siren` ended in, in a fixed order.
    pub(super) fn descents_from(&self, siren: Siren) -> &[Descent] {
        self.successors.get(&siren).map_or(&[], Vec::as_slice)
    }

    /// The campaign of `year`, with its state at `at`.
    pub(super) fn campaign(&self, year: FlowYear, at: Instant) -> Option<(&Campaign, CampaignState)> {
        let campaign = self.years.get(&year)?.campaign.as_ref()?;
        Some((campaign, campaign.state(at)))
    }

    /// Whether anyone had a past amount for `year` by `at`.
    pub(super) fn has_past_amounts(&self, year: FlowYear, at: Instant) -> bool {
        let since = self.years.get(&year).and_then(|on_file| on_file.past_amounts_since);
        since.is_some_and(|since| since <= at)
    }

    pub(super) fn file(&self, siren: Siren, year: FlowYear) -> Option<&BodyYearOnFile> {
        self.files.get(&(siren, year))
    }

    /// The eligibility derogation of `siren` for `call` in force at `at`, the latest one.
    pub(super) fn exemption(
        &self,
        siren: Siren,
        call: &CallCode,
        at: Instant,
    ) -> Option<&EligibilityDerogation> {
        let in_force = |derogation: &&EligibilityDerogation| {
            derogation.call == *call
                && derogation.decided_at <= at
                && derogation.revoked_at.is_none_or(|revoked_at| at < revoked_at)
        };
        let all = self.exemptions.get(&siren)?;
        all.iter().filter(in_force).max_by_key(|derogation| derogation.decided_at)
    }
}

impl Body {
    /// Whether it existed on at least one day of `year`.
    #[must_use]
    pub fn existed_in(&self, year: FlowYear) -> bool {
        !self.is_born_after(year) && !self.had_ended_before(year)
    }

    /// Whether its first day comes after `year`.
    #[must_use]
    pub fn is_born_after(&self, year: FlowYear) -> bool {
        self.exists_from.is_some_and(|from| year.last_day() < from)
    }

    /// Whether its last day comes before `year`.
    #[must_use]
    pub fn had_ended_before(&self, year: FlowYear) -> bool {
        self.exists_until.is_some_and(|until| until < year.first_day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_exists_in_a_year_on_one_day_at_least() {
        let year = FlowYear::new(2013).unwrap();
        let body = |from: &str, until: &str| Body {
            name: String::new(),
            exists_from: from.parse().ok(),
            exists_until: until.parse().ok(),
        };
        assert!(body("", "").existed_in(year), "without dates it has always been");
        assert!(body("2013-12-31", "").existed_in(year));
        assert!(!body("2014-01-01", "").existed_in(year));
        assert!(body("", "2013-01-01").existed_in(year));
        assert!(!body("", "2012-12-31").existed_in(year));
        assert!(body("2014-01-01", "").is_born_after(year));
        assert!(body("", "2012-12-31").had_ended_before(year));
    }
}
