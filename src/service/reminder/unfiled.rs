//! Reminds agents of a draft that is not filed, two days before the last day: which version counts meanwhile.
//!
//! Due from 00:00 in Paris of the second day before the last one, until the end: a machine that was off catches up,
//! and nothing leaves once it is too late. Once an agent, a collectivity and an end: an end that is moved has its own.
//! What is queued tells that by its id, so that several instances, or several passes, queue it once.

use sha2::{Digest, Sha256};

use crate::app::App;
use crate::domain::campaign::{Campaign, FilingDerogation};
use crate::domain::instant::Instant;
use crate::domain::mail::{Message, Recipient};
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::service::Result;
use crate::store;
use crate::store::admission::Admission;

/// Mails of one transaction: those who file wait for no more.
const AT_ONCE: usize = 100;

/// A mail that is due.
struct Due {
    id: String,
    to: Recipient,
    message: Message,
}

/// Queues what is due now and was not queued before; says how many.
pub async fn remind_unfiled(app: &App) -> Result<usize> {
    let due = due(app, app.now()).await?;
    let mut queued = 0_usize;
    for some in due.chunks(AT_ONCE) {
        let mut tx = app.db.begin().await?;
        for Due { id, to, message } in some {
            if store::mail::queue_once(&mut tx, id, to, message, app.now()).await? {
                queued = queued.saturating_add(1);
            }
        }
        tx.commit().await?;
    }
    if queued > 0 {
        tracing::info!(queued, "unfiled drafts: mails queued");
        app.mail_queued.notify_one();
    }
    Ok(queued)
}

async fn due(app: &App, now: Instant) -> Result<Vec<Due>> {
    let mut tx = app.db.snapshot().await?;
    let mut due = vec![];
    for campaign in store::campaign::all(&mut tx).await? {
        let derogations = store::derogation::of_campaign(&mut tx, campaign.year).await?;
        let of = |siren: Option<Siren>| {
            let own = derogations.iter().filter(|(of, _derogation)| Some(*of) == siren);
            let own: Vec<_> = own.map(|(_siren, derogation)| *derogation).collect();
            ends_at(&campaign, &own, now).filter(|ends_at| begins_at(*ends_at) <= now)
        };
        // Nobody is near an end: no draft need be read.
        let mut sirens = derogations.iter().map(|(siren, _derogation)| Some(*siren)).chain([None]);
        if !sirens.any(|siren| of(siren).is_some()) {
            continue;
        }
        let flow_year = campaign.year.flow_year();
        for (siren, person) in store::draft::unfiled(&mut tx, flow_year).await? {
            let Some(ends_at) = of(Some(siren)) else { continue };
            let id = identifier((siren, flow_year), ends_at, &person);
            let message = Message::DraftUnfiled { siren, flow_year, ends_at };
            due.push(Due { id, to: Recipient::Person(person), message });
        }
    }
    if !due.is_empty() {
        let known = store::mail::ids_of_kind(&mut tx, Message::DRAFT_UNFILED).await?;
        due.retain(|due| !known.contains(&due.id));
    }
    Ok(due)
}

/// The end of the window for a collectivity, as it is known now; nothing where it cannot file.
pub(crate) fn end(found: &Admission, now: Instant) -> Option<Instant> {
    ends_at(found.campaign.as_ref()?, &found.derogations, now)
}

fn ends_at(campaign: &Campaign, derogations: &[FilingDerogation], now: Instant) -> Option<Instant> {
    if !campaign.takes_filings(now, derogations) {
        return None;
    }
    let running = derogations.iter().filter(|derogation| derogation.is_running(now));
    let last_day = running.map(|derogation| derogation.until).fold(campaign.closes_on(now), Ord::max);
    Some(last_day.ends_at())
}

/// When the mail is due: the second day before the last one begins, in Paris.
fn begins_at(ends_at: Instant) -> Instant {
    let last_day = ends_at.plus_seconds(-1).day_in_paris();
    last_day.previous().previous().starts_at()
}

/// What a mail is about, without saying who: its id stands in the logs and in Message-ID.
fn identifier((siren, year): (Siren, FlowYear), ends_at: Instant, person: &str) -> String {
    let subject = format!("{}/{siren}/{year}/{}/{person}", Message::DRAFT_UNFILED, ends_at.to_rfc3339());
    let mut id = hex::encode(Sha256::digest(subject.as_bytes()));
    id.truncate(32);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_due_two_civil_days_before_the_last_one() {
        for (ends_at, due) in [
            ("2014-06-16T00:00:00+02:00", "2014-06-13T00:00:00+02:00"),
            // The clocks change in between.
            ("2014-03-31T00:00:00+02:00", "2014-03-28T00:00:00+01:00"),
            ("2014-10-27T00:00:00+01:00", "2014-10-24T00:00:00+02:00"),
        ] {
            assert_eq!(begins_at(ends_at.parse().unwrap()), due.parse().unwrap());
        }
    }
}
