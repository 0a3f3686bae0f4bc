//! Who a cookie stands for, on each request.

use std::fmt;

use crate::app::App;
use crate::domain::account::{Email, Secret, session};
use crate::domain::attachment::State;
use crate::domain::instant::Instant;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::service::Result;
use crate::store;
use crate::store::session::Session;

/// Who asks. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq)]
pub struct Current {
    /// The session.
    pub session: Session,
    /// The person, with the role and the collectivities they act for today.
    pub actor: Actor,
    /// Name.
    pub name: String,
    /// Function.
    pub function: String,
    /// Address.
    pub email: Email,
    /// Collectivities that the agent acts for.
    pub attached: Vec<Siren>,
    /// Those asked for, without an answer yet.
    pub awaited: Vec<Awaited>,
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current")
            .field("actor", &self.actor)
            .field("awaited", &self.awaited)
            .finish_non_exhaustive()
    }
}

/// A collectivity asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// Id of the attachment.
    pub attachment: String,
    /// The collectivity.
    pub siren: Siren,
    /// When it was asked for.
    pub asked_at: Instant,
}

/// Who the cookie stands for now, if its session serves. The request is noted at most once a minute.
pub async fn current(app: &App, cookie: &Secret) -> Result<Option<Current>> {
    let Some(hash) = cookie.sha256() else { return Ok(None) };
    let now = app.now();
    let mut tx = app.db.read().await?;
    let session = store::session::by_secret(&mut tx, &hash).await?.filter(|session| session.serves(now));
    let Some(session) = session else {
        tx.done();
        return Ok(None);
    };
    let account = store::account::find(&mut tx, &session.person).await?;
    let attachments = store::attachment::of_person(&mut tx, &session.person).await?;
    tx.done();
    let Some(account) = account
        .filter(|account| account.confirmed_at.is_some() && account.disabled_at.is_none())
        // Whatever opened the session: without a second factor nobody has such a role.
        .filter(|account| !account.role.is_privileged() || account.second_factor_at.is_some())
    else {
        return Ok(None);
    };
    if session::is_to_note(session.seen_at, now)
        && let Err(error) = note(app, &session.id, now).await
    {
        // A page that can be read is not refused because a minute cannot be written.
        tracing::warn!(%error, "a request was not noted");
    }
    let in_state = |state: State| attachments.iter().filter(move |attachment| attachment.state() == state);
    let mut attached: Vec<Siren> = in_state(State::Attached).map(|attachment| attachment.siren).collect();
    attached.sort_unstable();
    let awaited = in_state(State::Awaited).map(|attachment| Awaited {
        attachment: attachment.id.clone(),
        siren: attachment.siren,
        asked_at: attachment.asked_at,
    });
    Ok(Some(Current {
        actor: Actor { person: account.person, role: account.role.acting_for(attached.clone()) },
        awaited: awaited.collect(),
        attached,
        session,
        name: account.name,
        function: account.function,
        email: account.email,
    }))
}

async fn note(app: &App, id: &str, now: Instant) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::session::seen(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(())
}
