//! The sessions of a person: seen and ended by their owner.

use serde_json::json;

use crate::app::App;
use crate::domain::account::Secret;
use crate::service::Result;
use crate::service::account::{Current, tell};
use crate::store;
use crate::store::session::Session;

/// A session in the list of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSession {
    /// The session.
    pub session: Session,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// Ends the session of a cookie. One that is over already is no fault.
pub async fn sign_out(app: &App, cookie: &Secret) -> Result<()> {
    let Some(hash) = cookie.sha256() else { return Ok(()) };
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let Some(session) = store::session::by_secret(&mut tx, &hash).await? else { return Ok(()) };
    if store::session::end(&mut tx, &session.person, &session.id, now).await? {
        tell(&mut tx, now, &session.person, "session.end", &session.id, &json!({})).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The sessions that serve, the last seen first.
pub async fn sessions(app: &App, current: &Current) -> Result<Vec<ListedSession>> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let all = store::session::of_person(&mut tx, &current.actor.person).await?;
    tx.done();
    let listed = |session: Session| ListedSession { is_current: session.id == current.session.id, session };
    Ok(all.into_iter().filter(|session| session.serves(now)).map(listed).collect())
}

/// Ends one session of the person who asks; says whether it was there.
pub async fn end_session(app: &App, current: &Current, id: &str) -> Result<bool> {
    let (now, person) = (app.now(), &current.actor.person);
    let mut tx = app.db.begin().await?;
    let is_ended = store::session::end(&mut tx, person, id, now).await?;
    if is_ended {
        tell(&mut tx, now, person, "session.end", id, &json!({})).await?;
        tx.commit().await?;
    }
    Ok(is_ended)
}

/// Ends the other sessions of the person who asks; says how many.
pub async fn end_other_sessions(app: &App, current: &Current) -> Result<u64> {
    let (now, person) = (app.now(), &current.actor.person);
    let mut tx = app.db.begin().await?;
    let ended = store::session::end_others(&mut tx, person, Some(&current.session.id), now).await?;
    if ended > 0 {
        tell(&mut tx, now, person, "session.end_others", &current.session.id, &json!({"sessions": ended}))
            .await?;
        tx.commit().await?;
    }
    Ok(ended)
}
