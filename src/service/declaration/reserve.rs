//! Filings sous réserve: announced to who may answer, and answered with the attachment of their agent.

use serde_json::json;

use crate::app::App;
use crate::domain::attachment::{Attachment, StepKind};
use crate::domain::instant::Instant;
use crate::domain::mail::{AwaitedFiling, Filings};
use crate::domain::reservation::{Outcome, Reservation, answered_until};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::account::tell;
use crate::service::attachment::tell_who_may_answer;
use crate::service::{Result, ServiceError};
use crate::store::reservation::Unanswered;
use crate::store::{self, StoreError, Tx};

/// What a filing at `filed_at` awaits. Who may answer is told of the first one of the year.
pub(super) async fn announced(
    tx: &mut Tx<'_>,
    app: &App,
    attachment: &str,
    (siren, year): (Siren, FlowYear),
    filed_at: Instant,
) -> Result<Reservation> {
    let until = answered_until(filed_at);
    let before = store::reservation::of_declaration(tx, siren, year).await?;
    if before.iter().all(|(_, reservation)| reservation.attachment != attachment) {
        let asked = store::attachment::find(tx, attachment).await?.ok_or_else(|| {
            let detail = format!("{attachment} is gone");
            ServiceError::Store(StoreError::Inconsistent { table: "attachment", detail })
        })?;
        tell_who_may_answer(tx, app, &asked, Some(AwaitedFiling { flow_year: year, until })).await?;
    }
    Ok(Reservation { attachment: attachment.to_owned(), until, outcome: None })
}

/// What became of the filings that awaited an attachment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::service) struct Answered {
    is_accepted: bool,
    decided: Vec<Unanswered>,
    expired: Vec<Unanswered>,
}

/// Answers every filing that awaits `asked`, whose own answer at `at` is a step of the same transaction. One whose
/// time was over stays void. Accepted, what the agent prepared alone becomes the collectivity's, where nothing of
/// the collectivity's would be lost.
pub(in crate::service) async fn answer(
    tx: &mut Tx<'_>,
    asked: &Attachment,
    kind: StepKind,
    by: &str,
    at: Instant,
) -> Result<Answered> {
    let is_accepted = kind == StepKind::Accepted;
    let mut answered = Answered { is_accepted, ..Answered::default() };
    for filed in store::reservation::unanswered(tx, &asked.id).await? {
        // Where the clock that told the filing was a little ahead.
        let at = at.max(filed.filed_at);
        if at > filed.until {
            answered.expired.push(filed);
            continue;
        }
        let outcome = if is_accepted { Outcome::Accepted { at } } else { Outcome::Refused { at } };
        store::reservation::decide(tx, &filed, outcome, by).await?;
        answered.decided.push(filed);
    }
    if is_accepted {
        for year in store::draft::authored(tx, &asked.person, asked.siren).await? {
            let counts = store::filing::effective(tx, asked.siren, year).await?;
            if counts.is_none_or(|filing| filing.filed_by == asked.person) {
                store::draft::hand_over(tx, &asked.person, (asked.siren, year)).await?;
            }
        }
    }
    Ok(answered)
}

impl Answered {
    /// What the agent is told.
    pub(in crate::service) fn filings(&self) -> Filings {
        let years = |filed: &[Unanswered]| {
            let mut years: Vec<FlowYear> = filed.iter().map(|filed| filed.flow_year).collect();
            years.dedup();
            years
        };
        let (decided, mut void) = (years(&self.decided), years(&self.expired));
        if self.is_accepted {
            void.retain(|year| !decided.contains(year));
            return Filings { counted: decided, void };
        }
        void.extend(decided);
        void.sort_unstable();
        void.dedup();
        Filings { counted: vec![], void }
    }

    /// Adds it to the journal; call it last.
    pub(in crate::service) async fn tell(&self, tx: &mut Tx<'_>, by: &str, at: Instant) -> Result<()> {
        let action =
            if self.is_accepted { "declaration.reserve.accept" } else { "declaration.reserve.refuse" };
        for filed in &self.decided {
            let subject = format!("{}/{}", filed.siren, filed.flow_year);
            let after = json!({"version": filed.version, "date_depot": filed.filed_at});
            tell(tx, at, by, action, &subject, &after).await?;
        }
        Ok(())
    }
}
