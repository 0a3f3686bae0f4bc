//! Who acts, and who waits.

use std::collections::HashMap;

use crate::app::App;
use crate::domain::attachment::{Attachment, State};
use crate::domain::collectivity::HORS;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::service::attachment::{forbidden, is_known, right};
use crate::service::register::regions_read_by;
use crate::service::{Result, this_year};
use crate::store::account::Account;
use crate::store::reservation::Unanswered;
use crate::store::{self, Tx};

/// An attachment, with who the agent is unless erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The attachment.
    pub attachment: Attachment,
    /// The agent.
    pub agent: Option<Account>,
    /// The name of the collectivity today.
    pub collectivity: Option<String>,
    /// What was filed sous réserve and awaits the answer.
    pub filings: Vec<Unanswered>,
}

/// Everything asked for about a collectivity, for its agents, its prefecture and
/// the ministry; the oldest first.
pub async fn of_siren(app: &App, actor: &Actor, siren: Siren) -> Result<Vec<Listed>> {
    let mut tx = app.db.read().await?;
    // A right over nobody in particular: the one of whoever may answer.
    right(&mut tx, app, actor, "", siren).await?;
    let found = store::attachment::of_siren(&mut tx, siren).await?;
    let listed = listed(&mut tx, app, found).await?;
    tx.done();
    Ok(listed)
}

/// Everything that the actor asked for, the oldest first.
pub async fn mine(app: &App, actor: &Actor) -> Result<Vec<Listed>> {
    let mut tx = app.db.read().await?;
    let found = store::attachment::of_person(&mut tx, &actor.person).await?;
    let listed = listed(&mut tx, app, found).await?;
    tx.done();
    Ok(listed)
}

/// What waits for an answer: all of it for the ministry, its region for a prefecture; the oldest first.
pub async fn awaited(app: &App, actor: &Actor) -> Result<Vec<Listed>> {
    let regions = match &actor.role {
        Role::Manager | Role::Operator => None,
        Role::Sgar(region) if region != HORS => Some(regions_read_by(&app.codes, region)),
        _ => return Err(forbidden()),
    };
    let mut tx = app.db.read().await?;
    let mut found = store::attachment::awaited(&mut tx).await?;
    if let Some(regions) = regions {
        let sirens: Vec<Siren> = found.iter().map(|asked| asked.siren).collect();
        let bodies = store::register::find_all(&mut tx, &sirens, this_year(app)?).await?;
        found.retain(|asked| bodies.get(&asked.siren).is_some_and(|body| regions.contains(&body.region)));
    }
    let listed = listed(&mut tx, app, found).await?;
    tx.done();
    Ok(listed)
}

async fn listed(tx: &mut Tx<'_>, app: &App, found: Vec<Attachment>) -> Result<Vec<Listed>> {
    let sirens: Vec<Siren> = found.iter().map(|attachment| attachment.siren).collect();
    let bodies = store::register::find_all(tx, &sirens, this_year(app)?).await?;
    let mut agents: HashMap<String, Option<Account>> = HashMap::new();
    let mut listed = Vec::with_capacity(found.len());
    for attachment in found {
        let agent = match agents.get(&attachment.person) {
            Some(agent) => agent.clone(),
            None => {
                let agent = store::account::find(tx, &attachment.person).await?;
                agents.insert(attachment.person.clone(), agent.clone());
                agent
            }
        };
        // Who never confirmed an address is nobody yet.
        if attachment.state() == State::Awaited && !is_known(tx, &attachment.person).await? {
            continue;
        }
        let collectivity = bodies.get(&attachment.siren).map(|body| body.name.clone());
        let mut filings = match attachment.state() {
            State::Awaited => store::reservation::unanswered(tx, &attachment.id).await?,
            _ => vec![],
        };
        filings.retain(|filed| app.now() <= filed.until);
        listed.push(Listed { attachment, agent, collectivity, filings });
    }
    Ok(listed)
}
