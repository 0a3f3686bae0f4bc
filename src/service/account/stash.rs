//! What was typed when the session had ended: kept for an hour, shown again
//! after sign-in, never submitted by itself.

use crate::app::App;
use crate::domain::account::Secret;
use crate::domain::refusal::Because;
use crate::service::account::{Current, draw, hash_of};
use crate::service::{Result, ServiceError};
use crate::store;
use crate::store::stash::Stashed;

/// Bytes of a body that are kept at most.
pub const LARGEST: usize = 64 * 1_024;
/// Seconds for which it is kept.
pub const KEPT_FOR: i64 = 3_600;
/// Bodies that are kept at once: they come from anybody.
const MOST: i64 = 1_000;
/// Longest address to which one was sent.
const LONGEST_PATH: usize = 500;

/// Keeps a body; gives what the cookie that finds it again holds. `ended` is the cookie of
/// the session that ended, where the browser still sends it: then only its owner sees the body again.
pub async fn keep(app: &App, path: &str, body: &[u8], ended: Option<&Secret>) -> Result<Secret> {
    if body.len() > LARGEST || path.len() > LONGEST_PATH {
        let message = "ce qui a été saisi est trop volumineux pour être gardé\u{a0}: copiez-le avant de vous reconnecter";
        return Err(ServiceError::refused(Because::NotKept, message));
    }
    let (now, cookie) = (app.now(), draw(app));
    let mut tx = app.db.begin().await?;
    store::stash::purge(&mut tx, now.plus_seconds(-KEPT_FOR)).await?;
    if store::stash::count(&mut tx).await? >= MOST {
        let message = "le service ne peut pas garder votre saisie pour l’instant\u{a0}: copiez-la avant de vous reconnecter";
        return Err(ServiceError::refused(Because::NotKept, message));
    }
    let person = match ended.and_then(Secret::sha256) {
        Some(hash) => store::session::by_secret(&mut tx, &hash).await?.map(|session| session.person),
        None => None,
    };
    let stashed = Stashed { person, path: path.to_owned(), body: body.to_vec(), kept_at: now };
    store::stash::insert(&mut tx, &hash_of(&cookie)?, &stashed).await?;
    tx.commit().await?;
    Ok(cookie)
}

/// What a cookie keeps for the person who is signed in now, if anything; it stays until dropped.
pub async fn shown(app: &App, current: &Current, cookie: &Secret) -> Result<Option<Stashed>> {
    let Some(hash) = cookie.sha256() else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let found = store::stash::find(&mut tx, &hash).await?;
    tx.done();
    let is_theirs = |stashed: &Stashed| {
        app.now().seconds_since(stashed.kept_at) < KEPT_FOR
            && stashed.person.as_ref().is_none_or(|person| *person == current.actor.person)
    };
    Ok(found.filter(is_theirs))
}

/// Forgets what a cookie keeps for a page: it was sent again.
pub async fn drop(app: &App, current: &Current, cookie: &Secret, path: &str) -> Result<()> {
    let Some(hash) = cookie.sha256() else { return Ok(()) };
    // Asked first: a browser shows its cookie with every form.
    if shown(app, current, cookie).await?.is_none_or(|kept| kept.path != path) {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    store::stash::remove(&mut tx, &hash).await?;
    tx.commit().await?;
    Ok(())
}
