//! A forgotten password: a link by mail, then another password.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{Email, Purpose, Secret};
use crate::domain::mail::{Message, Recipient};
use crate::service::account::{
    NOBODY, Origin, about, confirm, dead_link, draw_link, hashed, is_invited, limits, live_link, tell,
};
use crate::service::{Result, mail};
use crate::store;

/// Sends a link to choose another password, if the address has an account; the answer is the same otherwise.
pub async fn forgotten(app: &App, email: &Email, origin: &Origin) -> Result<()> {
    limits::count_form(app, &origin.address).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let account = store::account::by_email(&mut tx, email).await?;
    // Who is invited comes in by the invitation alone.
    let account = account.filter(|account| account.disabled_at.is_none() && !is_invited(account));
    // A mail that is not sent is not counted: asking for nobody does not hold back who signs up later.
    if let Some(account) = &account
        && limits::count_mail(&mut tx, app, email.as_str()).await?
    {
        let (secret, expires_at) = draw_link(&mut tx, app, &account.person, Purpose::Reset).await?;
        let to = Recipient::Person(account.person.clone());
        mail::queue(&mut tx, app, &to, &Message::ResetPassword { secret, expires_at }).await?;
    }
    let person = account.map_or_else(|| NOBODY.to_owned(), |account| account.person);
    tell(&mut tx, now, &person, "account.forgotten", "compte", &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Chooses another password by the link of a mail. It serves once, ends every
/// session, confirms the address, and lets its owner sign in whatever others tried.
pub async fn reset(app: &App, secret: &Secret, new: &str, origin: &Origin) -> Result<()> {
    limits::count_form(app, &origin.address).await?;
    let mut tx = app.db.read().await?;
    let (link, account) = live_link(&mut tx, secret, Purpose::Reset, app.now()).await?;
    let about = about(&mut tx, app, &account).await?;
    tx.done();
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let hash = hashed(app, new, account.role.shortest_password(), &about).await?;
    let (now, person) = (app.now(), &account.person);
    let mut tx = app.db.begin().await?;
    if !store::single_use::use_up(&mut tx, &link, now).await? {
        return Err(dead_link());
    }
    store::account::set_password(&mut tx, person, &hash, now).await?;
    if account.confirmed_at.is_none() {
        confirm::confirmed(&mut tx, app, &account).await?;
    }
    store::single_use::end_all(&mut tx, person, Purpose::Step, None, now).await?;
    let ended = store::session::end_others(&mut tx, person, None, now).await?;
    limits::proved(&mut tx, account.email.as_str(), &origin.address, now).await?;
    let to = Recipient::Person(person.clone());
    mail::queue(&mut tx, app, &to, &Message::PasswordChanged { at: now }).await?;
    tell(&mut tx, now, person, "account.reset", person, &json!({"sessions": ended})).await?;
    tx.commit().await?;
    Ok(())
}
