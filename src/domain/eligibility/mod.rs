//! Eligibility for a call for projects (rule 9).
//!
//! [`decide`] is a total, pure function of a SIREN, a call, what is on file
//! and an instant. Per required year, for the body that had to declare it
//! (see `lineage`):
//!
//! - *satisfied*: the version that counts is declared, nil or rectified; or a
//!   past amount; or neither the body nor its predecessors existed;
//! - *pending*: a filing awaits the attachment of its agent; or the window is
//!   not over; or it is, the campaign is not settled, and a filing derogation runs;
//! - *missed*: the window is over; or the year has no campaign and someone
//!   else has a past amount in it, so that silence in it is silence;
//! - *unknown*: no campaign, or a cancelled one, and no past amount of anyone.
//!
//! The last version alone counts, literally: a version taken over on top of a
//! declaration leaves the year without a declaration filed in time, and a
//! rectified version on top of an annulled one restores it. Which of these a
//! manager may file is the concern of filing, not of eligibility.
//!
//! An eligibility derogation in force dominates everything, the register included.

mod facts;
mod finding;
mod group;
mod lineage;
mod on_file;
mod reason;
mod sentence;
mod verdict;

pub use facts::{Body, Descent, DescentKind, EligibilityDerogation, Facts, YearOnFile};
pub use group::{GroupError, GroupVerdict, Identity, Member, MemberRole, MemberVerdict, decide_group};
pub use on_file::{AwaitingFiling, FilingVersion, PastAmount};
pub use reason::Reason;
pub use verdict::{PredecessorYear, Status, Verdict, YearState, YearVerdict};

use std::collections::BTreeMap;

use crate::domain::call::Call;
use crate::domain::campaign::CampaignState;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;

use finding::Finding;
use lineage::{Standing, standing};

/// The verdict on `siren` for `call`, from what was on file at `at`.
#[must_use]
pub fn decide(siren: Siren, call: &Call, facts: &Facts, at: Instant) -> Verdict {
    let years: Vec<YearVerdict> =
        call.required_years().iter().map(|year| decide_year(siren, *year, facts, at)).collect();
    let in_register = facts.body(siren).is_some();
    let (status, reason, sentence) = match facts.exemption(siren, call.code(), at) {
        Some(derogation) => {
            let sentence = sentence::exempted(call, derogation.decided_at);
            (Status::Eligible, Reason::EligibilityDerogation, sentence)
        }
        None if in_register => decide_whole(call, &years, facts, at),
        None => (Status::Undetermined, Reason::OutsideRegister, sentence::unregistered(siren, call)),
    };
    Verdict {
        siren,
        call: call.code().clone(),
        status,
        reason,
        sentence,
        founding_text: call.founding_text().to_owned(),
        at,
        years,
    }
}

/// The gravest state decides: missed, then unknown, then pending.
fn decide_whole(call: &Call, years: &[YearVerdict], facts: &Facts, at: Instant) -> (Status, Reason, String) {
    let gravest = years.iter().map(|year| year.state).max().unwrap_or(YearState::Satisfied);
    let status = match gravest {
        YearState::Satisfied => Status::Eligible,
        YearState::Pending => Status::Pending,
        YearState::Unknown => Status::Undetermined,
        YearState::Missed => Status::Ineligible,
    };
    let deciding: Vec<&YearVerdict> = years.iter().filter(|year| year.state == gravest).collect();
    let reason = deciding.last().map_or(Reason::DidNotExist, |year| year.reason);
    (status, reason, sentence::of_verdict(call, status, &deciding, facts, at))
}

fn decide_year(siren: Siren, year: FlowYear, facts: &Facts, at: Instant) -> YearVerdict {
    let campaign = facts
        .campaign(year, at)
        .filter(|(_, state)| *state != CampaignState::Cancelled)
        .map(|(campaign, _)| campaign.year);
    let blank = YearVerdict {
        year,
        campaign,
        state: YearState::Satisfied,
        reason: Reason::DidNotExist,
        sentence: String::new(),
        of: siren,
        receipt: None,
        filed_at: None,
        source: None,
        predecessors: vec![],
    };
    match standing(siren, year, facts, at) {
        Standing::NotBorn { has_predecessors } => {
            YearVerdict { sentence: sentence::not_born(year, has_predecessors), ..blank }
        }
        Standing::Ended => YearVerdict { sentence: sentence::ended(siren, year, facts), ..blank },
        Standing::Own(finding) => {
            let subject = if matches!(finding, Finding::OutsideRegister) {
                sentence::named(siren, "")
            } else {
                sentence::SELF.to_owned()
            };
            YearVerdict {
                state: finding.state(),
                reason: finding.reason(),
                sentence: sentence::of_finding(&subject, year, finding),
                receipt: finding.filing().and_then(|filing| filing.receipt.clone()),
                filed_at: finding.filing().map(|filing| filing.filed_at),
                source: finding.source().map(str::to_owned),
                ..blank
            }
        }
        Standing::Inherited(answers) => inherit(blank, answers, facts),
    }
}

/// The year of a body not born yet: the gravest state of its predecessors.
fn inherit(blank: YearVerdict, answers: BTreeMap<Siren, Finding<'_>>, facts: &Facts) -> YearVerdict {
    let all: Vec<(PredecessorYear, Finding<'_>)> = answers
        .into_iter()
        .map(|(siren, finding)| {
            let predecessor = PredecessorYear {
                siren,
                name: facts.body(siren).map(|body| body.name.clone()).unwrap_or_default(),
                state: finding.state(),
                reason: finding.reason(),
                receipt: finding.filing().and_then(|filing| filing.receipt.clone()),
                filed_at: finding.filing().map(|filing| filing.filed_at),
                source: finding.source().map(str::to_owned),
            };
            (predecessor, finding)
        })
        .collect();
    let state = all.iter().map(|(predecessor, _)| predecessor.state).max().unwrap_or(YearState::Satisfied);
    let (deciding, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(predecessor, _)| predecessor.state == state);
    let Some((first, _)) = deciding.first() else { return blank };
    let reason = match state {
        YearState::Satisfied => Reason::PredecessorsDeclared,
        YearState::Missed => Reason::PredecessorNotDeclared,
        YearState::Pending | YearState::Unknown => first.reason,
    };
    let verdict = YearVerdict {
        state,
        reason,
        sentence: sentence::inherited(blank.year, &deciding),
        of: first.siren,
        receipt: first.receipt.clone(),
        filed_at: first.filed_at,
        source: first.source.clone(),
        ..blank
    };
    let mut predecessors: Vec<PredecessorYear> =
        deciding.into_iter().chain(others).map(|(predecessor, _)| predecessor).collect();
    predecessors.sort_unstable_by_key(|predecessor| predecessor.siren);
    YearVerdict { predecessors, ..verdict }
}
