//! Between the password and the session of whoever has a second factor, or must have one.
//!
//! The password alone opens no session: it gives a secret that serves for ten minutes to give a code, or to set up
//! an application where there is none yet. The session has a secret of its own; the first one is dead then.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{Purpose, Secret};
use crate::service::account::second_factor::{self, Enrolment, Printed, draw_key, prove, refused};
use crate::service::account::sign_in::open_session;
use crate::service::account::{
    Opened, Origin, dead_link, draw, hash_of, limits, live_link, tell, wrong_credentials,
};
use crate::service::{Result, ServiceError};
use crate::store::account::Account;
use crate::store::single_use::SingleUse;
use crate::store::{self, Tx};

/// What someone is asked for who gave the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Awaiting {
    /// A code.
    Code,
    /// To set an application up, and its first code.
    Enrolment(Enrolment),
}

/// Whether a session of this account needs more than the password: by its role, or because its owner wants so.
pub(super) const fn is_needed(account: &Account) -> bool {
    account.role.is_privileged() || account.second_factor_at.is_some()
}

/// What the password gives.
pub(super) async fn begin(tx: &mut Tx<'_>, app: &App, account: &Account) -> Result<Secret> {
    let (secret, now, person) = (draw(app), app.now(), account.person.as_str());
    if account.second_factor_at.is_none() {
        store::second_factor::prepare(tx, person, &draw_key(app)).await?;
    }
    let step = SingleUse::new(Purpose::Step, person, None, now);
    store::single_use::insert(tx, &step, &hash_of(&secret)?).await?;
    tell(tx, now, person, "session.step", "compte", &json!({})).await?;
    Ok(secret)
}

/// What is asked of who holds the secret of a step; nothing where it serves no more.
pub async fn awaiting(app: &App, secret: &Secret) -> Result<Option<Awaiting>> {
    let mut tx = app.db.read().await?;
    let account = match live_link(&mut tx, secret, Purpose::Step, app.now()).await {
        Ok((_hash, account)) => account,
        Err(ServiceError::Refused(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let factor = store::second_factor::find(&mut tx, &account.person).await?;
    tx.done();
    if account.second_factor_at.is_some() {
        return Ok(Some(Awaiting::Code));
    }
    let key = factor.and_then(|factor| factor.next_key);
    Ok(key.map(|key| Awaiting::Enrolment(Enrolment::of(key, account.email.as_str()))))
}

/// Opens the session by a code of the application, or by a printed one.
pub async fn pass(app: &App, secret: &Secret, typed: &str, origin: &Origin) -> Result<Opened> {
    let (hash, account) = counted(app, secret, origin).await?;
    let mut tx = app.db.begin().await?;
    // Held before what it guards, as where the password is looked at.
    tx.hold_attempts().await?;
    let person = account.person.as_str();
    let Some(proof) = prove(&mut tx, app, person, typed).await? else {
        drop(tx);
        return refused(app, person).await;
    };
    let opened = end(&mut tx, app, &hash, &account, origin).await?;
    let after = json!({"code": proof.code()});
    tell(&mut tx, app.now(), person, "session.open", &opened.session.id, &after).await?;
    tx.commit().await?;
    Ok(opened)
}

/// Sets the application up by its first code, and opens the session; gives the codes to print. Whoever has an
/// application gives a code of it instead.
pub async fn enrol(app: &App, secret: &Secret, typed: &str, origin: &Origin) -> Result<(Opened, Printed)> {
    let (hash, account) = counted(app, secret, origin).await?;
    let mut tx = app.db.begin().await?;
    // Held before what it guards, as where the password is looked at.
    tx.hold_attempts().await?;
    let person = account.person.as_str();
    let factor = store::second_factor::find(&mut tx, person).await?.filter(|factor| factor.key.is_none());
    let key = factor.and_then(|factor| factor.next_key).ok_or_else(dead_link)?;
    let Some(printed) = second_factor::confirm(&mut tx, app, person, &key, typed).await? else {
        drop(tx);
        return refused(app, person).await;
    };
    let opened = end(&mut tx, app, &hash, &account, origin).await?;
    tell(&mut tx, app.now(), person, "account.second_factor", person, &json!({})).await?;
    tell(&mut tx, app.now(), person, "session.open", &opened.session.id, &json!({"code": "application"}))
        .await?;
    tx.commit().await?;
    Ok((opened, printed))
}

/// Whose step it is; the try is counted before the code is looked at.
async fn counted(app: &App, secret: &Secret, origin: &Origin) -> Result<(String, Account)> {
    let mut tx = app.db.read().await?;
    let (hash, account) = live_link(&mut tx, secret, Purpose::Step, app.now()).await?;
    tx.done();
    limits::count_second(app, (&account.person, account.email.as_str()), &origin.address).await?;
    Ok((hash, account))
}

/// Uses the step up and opens the session.
async fn end(tx: &mut Tx<'_>, app: &App, hash: &str, account: &Account, origin: &Origin) -> Result<Opened> {
    let now = app.now();
    // What the password was compared with may have changed since.
    let is_same = store::account::find(tx, &account.person).await?.is_some_and(|now| {
        now.password == account.password && now.role == account.role && now.disabled_at.is_none()
    });
    if !is_same {
        return Err(wrong_credentials());
    }
    if !store::single_use::use_up(tx, hash, now).await? {
        return Err(dead_link());
    }
    limits::knew_second(tx, (&account.person, account.email.as_str()), &origin.address, now).await?;
    open_session(tx, app, account, origin).await
}
