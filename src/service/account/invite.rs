//! People who see or decide more than a declarant come by invitation.
//!
//! The account is there from then on, with a password that nobody knows. It is its owner's once the link of the mail
//! was followed and a password chosen; the second factor comes next, before any session.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{AccountRole, Password, Purpose, Secret};
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::service::account::list::{require_keeper, require_region, unknown};
use crate::service::account::{
    NewAccount, Origin, about, dead_link, draw_link, erase, hashed, is_invited, limits, live_link, step, tell,
};
use crate::service::{Result, ServiceError, mail, refusals};
use crate::store::account::Account;
use crate::store::{self, StoreError, Tx};

/// Invites a person: an account, and a link by mail to come in. Gives the random id of the person.
pub async fn invite(app: &App, actor: &Actor, new: &NewAccount) -> Result<String> {
    refusals::told(app, actor, "account.invite", "compte", require_keeper(actor)).await?;
    if !new.role.is_privileged() {
        let message =
            "un agent de collectivité n’est pas invité\u{a0}: il s’inscrit et demande son rattachement";
        return Err(ServiceError::refused(Because::Invalid, message));
    }
    require_region(app, &new.role)?;
    let drawn = Password::typed(&app.random.identifier());
    let drawn = drawn.ok_or_else(|| ServiceError::refused(Because::WeakPassword, "mot de passe vide"))?;
    let hash = app.passwords.hash(drawn, app.random.bytes()).await?;
    let (now, person) = (app.now(), app.random.identifier());
    let mut tx = app.db.begin().await?;
    let known = ServiceError::refused(Because::AccountExists, "cette adresse a déjà un compte");
    match store::person::insert_agent(&mut tx, &person, (&new.email, &new.identity), now).await {
        Err(StoreError::Exists) => return Err(known),
        done => done?,
    }
    store::account::insert(&mut tx, &person, &hash, &new.role, now).await?;
    send(&mut tx, app, &person, &new.role).await?;
    let after = json!({"role": new.role.name().code(), "region": new.role.region()});
    tell(&mut tx, now, &actor.person, "account.invite", &person, &after).await?;
    tx.commit().await?;
    Ok(person)
}

/// Sends another link; the one before serves no more.
pub async fn resend(app: &App, actor: &Actor, person: &str) -> Result<()> {
    refusals::told(app, actor, "account.invite.resend", person, require_keeper(actor)).await?;
    let mut tx = app.db.begin().await?;
    let account = invited(&mut tx, person).await?;
    send(&mut tx, app, person, &account.role).await?;
    tell(&mut tx, app.now(), &actor.person, "account.invite.resend", person, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes an invitation back: who was invited is forgotten, and may be invited anew.
pub async fn cancel(app: &App, actor: &Actor, person: &str) -> Result<()> {
    refusals::told(app, actor, "account.invite.cancel", person, require_keeper(actor)).await?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let account = invited(&mut tx, person).await?;
    erase::forget(&mut tx, actor, &account, now).await?;
    tell(&mut tx, now, &actor.person, "account.invite.cancel", person, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Accepts an invitation by its link, with a password of one's own: gives what leads to the second factor.
pub async fn accept(app: &App, secret: &Secret, password: &str, origin: &Origin) -> Result<Secret> {
    limits::count_form(app, &origin.address).await?;
    let mut tx = app.db.read().await?;
    let (link, account) = live_link(&mut tx, secret, Purpose::Invite, app.now()).await?;
    let about = about(&mut tx, app, &account).await?;
    tx.done();
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let hash = hashed(app, password, account.role.shortest_password(), &about).await?;
    let (now, person) = (app.now(), &account.person);
    let mut tx = app.db.begin().await?;
    // Accepted from elsewhere meanwhile, or taken back.
    if !store::single_use::use_up(&mut tx, &link, now).await? {
        return Err(dead_link());
    }
    let account = invited(&mut tx, person).await.map_err(|_other| dead_link())?;
    store::account::set_password(&mut tx, person, &hash, now).await?;
    store::account::confirm(&mut tx, person, now).await?;
    let step = step::begin(&mut tx, app, &account).await?;
    tell(&mut tx, now, person, "account.invite.accept", person, &json!({})).await?;
    tx.commit().await?;
    Ok(step)
}

async fn send(tx: &mut Tx<'_>, app: &App, person: &str, role: &AccountRole) -> Result<()> {
    let (secret, expires_at) = draw_link(tx, app, person, Purpose::Invite).await?;
    let message = Message::Invited { secret, expires_at, role: role.name() };
    mail::queue(tx, app, &Recipient::Person(person.to_owned()), &message).await
}

/// The account of an invitation that nobody accepted yet.
async fn invited(tx: &mut Tx<'_>, person: &str) -> Result<Account> {
    let account = store::account::find(tx, person).await?.ok_or_else(unknown)?;
    if is_invited(&account) && account.disabled_at.is_none() {
        return Ok(account);
    }
    let message = "cette invitation a déjà été acceptée, ou le compte est fermé";
    Err(ServiceError::refused(Because::StepTaken, message))
}
