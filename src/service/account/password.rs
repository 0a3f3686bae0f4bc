//! A person who is signed in chooses another password.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{Password, Purpose};
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::service::account::{Current, about, hashed, limits, tell, wrong_credentials};
use crate::service::{Result, ServiceError, mail};
use crate::store;

/// Changes the password, knowing the old one: the other sessions end, links to
/// choose another one too, and a mail says so.
pub async fn change_password(app: &App, current: &Current, old: &str, new: &str) -> Result<()> {
    let person = &current.actor.person;
    limits::count_password(app, person).await?;
    let mut tx = app.db.read().await?;
    let account = store::account::find(&mut tx, person).await?.ok_or_else(wrong_credentials)?;
    let about = about(&mut tx, app, &account).await?;
    tx.done();
    if !app.passwords.verify(Password::typed(old), Some(account.password.clone())).await? {
        let mut tx = app.db.begin().await?;
        tell(&mut tx, app.now(), person, "account.password.refused", person, &json!({})).await?;
        tx.commit().await?;
        let message =
            "l’ancien mot de passe ne convient pas\u{a0}: tapez celui avec lequel vous vous êtes connecté";
        return Err(ServiceError::refused(Because::WrongCredentials, message));
    }
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let hash = hashed(app, new, account.role.shortest_password(), &about).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    limits::knew_password(&mut tx, person).await?;
    store::account::set_password(&mut tx, person, &hash, now).await?;
    let ended = store::session::end_others(&mut tx, person, Some(&current.session.id), now).await?;
    for purpose in [Purpose::Reset, Purpose::Step] {
        store::single_use::end_all(&mut tx, person, purpose, None, now).await?;
    }
    let to = Recipient::Person(person.clone());
    mail::queue(&mut tx, app, &to, &Message::PasswordChanged { at: now }).await?;
    tell(&mut tx, now, person, "account.password", person, &json!({"sessions": ended})).await?;
    tx.commit().await?;
    Ok(())
}
