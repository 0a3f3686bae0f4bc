//! The mail that tells the expected bodies that a campaign was extended: their agents, and the contacts of those that
//! have not filed. Once an agent or a contact, a collectivity and a new end: what is queued says so by its id, so that
//! two managers, or two presses, queue it once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::domain::campaign::{Campaign, CampaignState};
use crate::domain::day::Day;
use crate::domain::expected::Progress;
use crate::domain::instant::Instant;
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::service::campaign::{existing, tell};
use crate::service::{Result, ServiceError, require_manager};
use crate::store::{self, Tx};

/// Mails of one transaction: those who file wait for no more.
const AT_ONCE: usize = 100;

/// Whom an announcement reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The last day that it announces.
    pub closes_on: Day,
    /// Bodies expected in the campaign.
    pub bodies: usize,
    /// Those without an agent and without a contact, whom it does not reach.
    pub unreached: usize,
    /// Mails that it sends.
    pub mails: usize,
    /// Mails that went out about this end before.
    pub sent: usize,
}

struct Due {
    id: String,
    to: Recipient,
    message: Message,
}

/// Whom the announcement of the last extension reaches.
pub async fn reach(app: &App, actor: &Actor, year: CampaignYear) -> Result<Reach> {
    require_manager(actor)?;
    let mut tx = app.db.snapshot().await?;
    Ok(due(&mut tx, year, app.now()).await?.0)
}

/// Queues the announcement of the last extension, for those who did not get it. Says how many mails.
pub async fn announce(app: &App, actor: &Actor, year: CampaignYear) -> Result<usize> {
    require_manager(actor)?;
    let (reach, due) = due(&mut app.db.snapshot().await?, year, app.now()).await?;
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
        let mut tx = app.db.begin().await?;
        let after = json!({"cloture": reach.closes_on, "courriels": queued});
        tell(&mut tx, actor, app.now(), "campaign.announce", year, &after).await?;
        tx.commit().await?;
        app.mail_queued.notify_one();
    }
    Ok(queued)
}

async fn due(tx: &mut Tx<'_>, year: CampaignYear, now: Instant) -> Result<(Reach, Vec<Due>)> {
    let campaign = existing(tx, year).await?;
    let closes_on = announced(&campaign, now)?;
    let flow_year = year.flow_year();
    let expected = store::follow_up::bodies(tx, flow_year, now).await?;
    let expected: BTreeMap<Siren, Progress> =
        expected.into_iter().map(|body| (body.siren, body.progress)).collect();
    let known = store::mail::ids_of_kind(tx, Message::CAMPAIGN_EXTENDED).await?;
    let known: BTreeSet<String> = known.into_iter().collect();
    let (mut due, mut reached, mut sent) = (vec![], BTreeSet::new(), 0_usize);
    for (siren, to) in store::reminder::recipients(tx).await? {
        let Some(progress) = expected.get(&siren) else { continue };
        reached.insert(siren);
        let is_agent = matches!(to, Recipient::Person(_));
        let id = identifier(siren, year, closes_on, to.told().1);
        if known.contains(&id) {
            sent = sent.saturating_add(1);
        } else if is_agent || matches!(progress, Progress::Draft | Progress::Nothing) {
            let message =
                Message::CampaignExtended { siren, flow_year, ends_at: closes_on.ends_at(), is_agent };
            due.push(Due { id, to, message });
        }
    }
    let bodies = expected.len();
    let unreached = bodies.saturating_sub(reached.len());
    Ok((Reach { closes_on, bodies, unreached, mails: due.len(), sent }, due))
}

/// The last day to announce: that of an extension, of a campaign that takes declarations.
fn announced(campaign: &Campaign, now: Instant) -> Result<Day> {
    let closes_on = campaign.closes_on(now);
    if campaign.extensions.is_empty() || campaign.state(now) != CampaignState::Open {
        let message = format!(
            "la campagne {} n’est pas ouverte par une prorogation\u{a0}: il n’y a rien à annoncer",
            campaign.year
        );
        return Err(ServiceError::refused(Because::NotLater, message));
    }
    Ok(closes_on)
}

/// What a mail is about, without saying who: its id stands in the logs and in Message-ID.
fn identifier(siren: Siren, year: CampaignYear, closes_on: Day, to: &str) -> String {
    let subject = format!("{}/{siren}/{year}/{}/{to}", Message::CAMPAIGN_EXTENDED, closes_on.to_iso());
    let mut id = hex::encode(Sha256::digest(subject.as_bytes()));
    id.truncate(32);
    id
}
