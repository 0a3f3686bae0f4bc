//! How one body stands in one flow year, from its own file alone.

use crate::domain::campaign::CampaignState;
use crate::domain::day::Day;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

use super::facts::Facts;
use super::on_file::{EndedDerogation, FilingVersion, PastAmount};
use super::reason::Reason;
use super::verdict::YearState;

/// What was found on file about one body and one year.
#[derive(Debug, Clone, Copy)]
pub(super) enum Finding<'f> {
    /// The version that counts satisfies the year.
    Filed(&'f FilingVersion),
    /// A past amount satisfies it.
    PastAmount(&'f PastAmount),
    /// A filing awaits the attachment of its agent.
    Awaiting { since: Instant },
    /// The campaign has not opened or not ended; `until` is the last day to file.
    WindowNotOver { opens_on: Option<Day>, until: Day, void: Option<&'f FilingVersion> },
    /// A filing derogation runs.
    Derogation { until: Day, void: Option<&'f FilingVersion> },
    /// The time has passed.
    Missed { over: Option<OverCampaign>, void: Option<&'f FilingVersion>, ended: Option<EndedDerogation> },
    /// Neither campaign nor past amounts of anyone.
    YearUnknown { cancelled: bool },
    /// The body is not in the register.
    OutsideRegister,
}

/// A campaign whose window has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OverCampaign {
    pub closed_on: Day,
    /// From settlement on nothing can be filed, by derogation or not.
    pub settled: bool,
}

/// What satisfies the year by itself: a version that counts, or a past amount.
pub(super) fn satisfaction(siren: Siren, year: FlowYear, facts: &Facts, at: Instant) -> Option<Finding<'_>> {
    let file = facts.file(siren, year)?;
    let filed = file.effective(at).filter(|filing| filing.kind.satisfies());
    filed.map(Finding::Filed).or_else(|| file.past_amount(at).map(Finding::PastAmount))
}

/// The finding on a body of the register that existed in the year.
pub(super) fn judge(siren: Siren, year: FlowYear, facts: &Facts, at: Instant) -> Finding<'_> {
    if let Some(satisfied) = satisfaction(siren, year, facts, at) {
        return satisfied;
    }
    let file = facts.file(siren, year);
    if let Some(since) = file.and_then(|file| file.awaiting_since(at)) {
        return Finding::Awaiting { since };
    }
    let void = file.and_then(|file| file.effective(at));
    let campaign = facts.campaign(year, at).filter(|(_, state)| *state != CampaignState::Cancelled);
    let Some((campaign, state)) = campaign else {
        // A year of before the service is known as soon as anyone has a past amount in it.
        return if facts.has_past_amounts(year, at) {
            Finding::Missed { over: None, void, ended: None }
        } else {
            Finding::YearUnknown { cancelled: facts.campaign(year, at).is_some() }
        };
    };
    let closes_on = campaign.closes_on(at);
    let running = file.and_then(|file| file.running_derogation(at));
    match (state, running) {
        (CampaignState::Planned | CampaignState::Open, _) => Finding::WindowNotOver {
            opens_on: (state == CampaignState::Planned).then_some(campaign.window.opens_on()),
            until: running.map_or(closes_on, |until| until.max(closes_on)),
            void,
        },
        (CampaignState::Over, Some(until)) => Finding::Derogation { until, void },
        // Settlement ends every filing derogation (rules 2 and 4).
        _ => Finding::Missed {
            over: Some(OverCampaign { closed_on: closes_on, settled: state.is_settled() }),
            void,
            ended: file.and_then(|file| file.ended_derogation(at)),
        },
    }
}

impl<'f> Finding<'f> {
    /// How the year stands.
    pub(super) const fn state(self) -> YearState {
        match self {
            Self::Filed(_) | Self::PastAmount(_) => YearState::Satisfied,
            Self::Awaiting { .. } | Self::WindowNotOver { .. } | Self::Derogation { .. } => {
                YearState::Pending
            }
            Self::YearUnknown { .. } | Self::OutsideRegister => YearState::Unknown,
            Self::Missed { .. } => YearState::Missed,
        }
    }

    /// Why.
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::Filed(filing) => match filing.kind {
                FilingKind::Nil => Reason::DeclaredNil,
                FilingKind::Rectified => Reason::Rectified,
                _ => Reason::Declared,
            },
            Self::PastAmount(_) => Reason::PastAmount,
            Self::Awaiting { .. } => Reason::AwaitingAttachment,
            Self::WindowNotOver { .. } => Reason::WindowNotOver,
            Self::Derogation { .. } => Reason::FilingDerogation,
            Self::Missed { void, .. } => match void.map(|filing| filing.kind) {
                Some(FilingKind::Annulled) => Reason::Annulled,
                Some(FilingKind::TakenOver) => Reason::OutOfTime,
                _ => Reason::NotDeclared,
            },
            Self::YearUnknown { cancelled: true } => Reason::CampaignCancelled,
            Self::YearUnknown { cancelled: false } => Reason::YearUnknown,
            Self::OutsideRegister => Reason::OutsideRegister,
        }
    }

    /// The version that counts, whatever it states.
    pub(super) const fn filing(self) -> Option<&'f FilingVersion> {
        match self {
            Self::Filed(filing) => Some(filing),
            Self::WindowNotOver { void, .. } | Self::Derogation { void, .. } | Self::Missed { void, .. } => {
                void
            }
            _ => None,
        }
    }

    /// Where the past amount comes from.
    pub(super) fn source(self) -> Option<&'f str> {
        match self {
            Self::PastAmount(amount) => Some(&amount.source),
            _ => None,
        }
    }
}
