//! A campaign and its states (rules 2 to 4).

mod acts;

pub use acts::Act;

use std::fmt;

use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::window::Window;
use crate::domain::year::CampaignYear;

/// A yearly collection, with every decision taken about it so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// The year in which it is held; it bears on the year before (rule 1).
    pub year: CampaignYear,
    /// The window as planned, before extensions.
    pub window: Window,
    /// Later closing days, in the order of decision.
    pub extensions: Vec<Extension>,
    /// When it was settled (arrêtée).
    pub settled_at: Option<Instant>,
    /// When it was published (publiée).
    pub published_at: Option<Instant>,
    /// When it was cancelled, before any filing.
    pub cancelled_at: Option<Instant>,
}

/// A later closing day for everyone (prorogation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The new last day, inclusive.
    pub closes_on: Day,
    /// Why, in French.
    pub reason: String,
    /// When it was decided: it acts from then on.
    pub decided_at: Instant,
}

/// Where a campaign stands. `Open` and `Over` follow from the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CampaignState {
    /// Préparée: its window has not begun.
    Planned,
    /// Ouverte: declarations are taken.
    Open,
    /// Échue: its window has ended.
    Over,
    /// Arrêtée: only the managers' versions remain possible.
    Settled,
    /// Publiée: amounts are public.
    Published,
    /// Annulée before any filing.
    Cancelled,
}

/// Permission for one collectivity to file outside the window (rule 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilingDerogation {
    /// Last day, inclusive.
    pub until: Day,
    /// It acts from then on.
    pub decided_at: Instant,
    /// It acts no more from then on.
    pub revoked_at: Option<Instant>,
}

impl FilingDerogation {
    /// Whether the derogation acts at `at`.
    #[must_use]
    pub fn is_running(&self, at: Instant) -> bool {
        self.decided_at <= at
            && at < self.until.ends_at()
            && self.revoked_at.is_none_or(|revoked| at < revoked)
    }
}

impl Campaign {
    /// The last day, with the extensions decided by `at`.
    #[must_use]
    pub fn closes_on(&self, at: Instant) -> Day {
        let decided = self.extensions.iter().filter(|extension| extension.decided_at <= at);
        decided.map(|extension| extension.closes_on).fold(self.window.closes_on(), Day::max)
    }

    /// The first instant after the window, with the extensions decided by `at`.
    #[must_use]
    pub fn closes_at(&self, at: Instant) -> Instant {
        self.closes_on(at).ends_at()
    }

    /// The state at `at`, from the decisions taken by then.
    ///
    /// Between an old end and the decision to extend it the campaign was over:
    /// what was refused then stays refused.
    #[must_use]
    pub fn state(&self, at: Instant) -> CampaignState {
        let taken = |decision: Option<Instant>| decision.is_some_and(|decided_at| decided_at <= at);
        if taken(self.cancelled_at) {
            CampaignState::Cancelled
        } else if taken(self.published_at) {
            CampaignState::Published
        } else if taken(self.settled_at) {
            CampaignState::Settled
        } else if at < self.window.opens_at() {
            CampaignState::Planned
        } else if at < self.closes_at(at) {
            CampaignState::Open
        } else {
            CampaignState::Over
        }
    }

    /// Whether a declarant may file at `at`, with the derogations of the collectivity.
    #[must_use]
    pub fn takes_filings(&self, at: Instant, derogations: &[FilingDerogation]) -> bool {
        match self.state(at) {
            CampaignState::Open => true,
            // A derogation reopens a window; it does not open one before its first day.
            CampaignState::Over => derogations.iter().any(|derogation| derogation.is_running(at)),
            CampaignState::Planned
            | CampaignState::Settled
            | CampaignState::Published
            | CampaignState::Cancelled => false,
        }
    }
}

impl CampaignState {
    /// The official French word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Planned => "préparée",
            Self::Open => "ouverte",
            Self::Over => "échue",
            Self::Settled => "arrêtée",
            Self::Published => "publiée",
            Self::Cancelled => "annulée",
        }
    }

    /// Contract form, without accents, for JSON and files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Planned => "preparee",
            Self::Open => "ouverte",
            Self::Over => "echue",
            Self::Settled => "arretee",
            Self::Published => "publiee",
            Self::Cancelled => "annulee",
        }
    }

    /// From settlement on, only managers' versions are possible and reports may be released.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Settled | Self::Published)
    }
}

impl fmt::Display for CampaignState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn campaign_2014() -> Campaign {
        let year = CampaignYear::new(2014).unwrap();
        Campaign {
            year,
            window: Window::default_for(year),
            extensions: vec![],
            settled_at: None,
            published_at: None,
            cancelled_at: None,
        }
    }

    #[test]
    fn open_and_over_follow_from_the_clock() {
        let campaign = campaign_2014();
        assert_eq!(campaign.state(at("2014-04-14T21:59:59Z")), CampaignState::Planned);
        assert_eq!(campaign.state(at("2014-04-14T22:00:00Z")), CampaignState::Open);
        assert_eq!(campaign.state(at("2014-06-15T21:59:59Z")), CampaignState::Open);
        assert_eq!(campaign.state(at("2014-06-15T22:00:00Z")), CampaignState::Over);
    }

    #[test]
    fn an_extension_acts_from_its_decision_and_never_before() {
        let mut campaign = campaign_2014();
        campaign.extensions.push(Extension {
            closes_on: "2014-06-30".parse().unwrap(),
            reason: "retards".to_owned(),
            decided_at: at("2014-06-17T08:00:00Z"),
        });
        assert_eq!(campaign.state(at("2014-06-16T12:00:00Z")), CampaignState::Over, "stays refused");
        assert_eq!(campaign.state(at("2014-06-17T08:00:00Z")), CampaignState::Open);
        assert_eq!(campaign.state(at("2014-06-30T21:59:59Z")), CampaignState::Open);
        assert_eq!(campaign.state(at("2014-06-30T22:00:00Z")), CampaignState::Over);
    }

    #[test]
    fn a_filing_derogation_reopens_for_one_until_settled() {
        let mut campaign = campaign_2014();
        let mut derogation = FilingDerogation {
            until: "2014-07-10".parse().unwrap(),
            decided_at: at("2014-07-01T08:00:00Z"),
            revoked_at: None,
        };
        let late = at("2014-07-05T08:00:00Z");
        assert!(!campaign.takes_filings(late, &[]));
        assert!(campaign.takes_filings(late, &[derogation]));
        assert!(!campaign.takes_filings(at("2014-07-10T22:00:00Z"), &[derogation]));
        derogation.revoked_at = Some(late);
        assert!(!campaign.takes_filings(late, &[derogation]));
        assert!(campaign.takes_filings(late.plus_seconds(-1), &[derogation]));
        derogation.revoked_at = None;
        campaign.settled_at = Some(late);
        assert!(!campaign.takes_filings(late, &[derogation]));
    }
}
