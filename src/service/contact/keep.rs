//! What agents do with the contacts of their collectivity: add, correct, remove, confirm.
//!
//! The journal names a contact by its random id only. An address that is changed makes another contact, with another
//! id, that agents keep: what waits for the old address, a code among others, never goes to the new one.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{Email, Identity};
use crate::domain::contact::{Confirmation, MOST, Origin};
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::service::account::{require_operator, tell};
use crate::service::attachment::prefecture;
use crate::service::contact::{Contact, open_campaign, require_keeper, unknown};
use crate::service::{Result, ServiceError, mail, refusals};
use crate::store::{self, Tx};

/// Where a contact that an agent typed comes from.
const SOURCE: &str = "saisi par la collectivité";

/// A contact as an agent typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Name and function.
    pub identity: Identity,
    /// The address.
    pub email: Email,
}

/// Adds a contact.
pub async fn add(app: &App, actor: &Actor, siren: Siren, told: &Told) -> Result<()> {
    refusals::told(app, actor, "contact.add", siren, add_once(app, actor, siren, told).await).await
}

async fn add_once(app: &App, actor: &Actor, siren: Siren, told: &Told) -> Result<()> {
    let mut tx = opened(app, actor, siren).await?;
    let known = store::contact::of_siren(&mut tx, siren).await?;
    refuse_known(&known, &told.email)?;
    if known.len() >= MOST {
        let message = format!(
            "une collectivité a {MOST} contacts au plus\u{a0}: retirez d’abord celui qui ne sert plus"
        );
        return Err(ServiceError::refused(Because::TooManyContacts, message));
    }
    let added = kept(&mut tx, app, actor, (siren, told)).await?;
    let after = json!({"siren": siren, "origine": Origin::Kept.code()});
    tell(&mut tx, app.now(), &actor.person, "contact.add", &added, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Corrects a contact. With another address it is another contact, which agents keep.
pub async fn correct(app: &App, actor: &Actor, (siren, id): (Siren, &str), told: &Told) -> Result<()> {
    refusals::told(app, actor, "contact.correct", siren, correct_once(app, actor, (siren, id), told).await)
        .await
}

async fn correct_once(app: &App, actor: &Actor, (siren, id): (Siren, &str), told: &Told) -> Result<()> {
    let mut tx = opened(app, actor, siren).await?;
    let known = store::contact::of_siren(&mut tx, siren).await?;
    let contact = known.iter().find(|contact| contact.id == id).ok_or_else(unknown)?;
    let mut after = json!({"siren": siren, "origine": contact.origin.code()});
    if contact.email == told.email {
        let confirmed = confirmation(&mut tx, app, actor).await?;
        store::contact::correct(&mut tx, id, &told.identity, &confirmed).await?;
    } else {
        refuse_known(&known, &told.email)?;
        dropped(&mut tx, app, actor, contact, true).await?;
        after["remplace_par"] = kept(&mut tx, app, actor, (siren, told)).await?.into();
    }
    tell(&mut tx, app.now(), &actor.person, "contact.correct", id, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a contact; of an imported one the other agents and the prefecture learn.
pub async fn remove(app: &App, actor: &Actor, (siren, id): (Siren, &str)) -> Result<()> {
    refusals::told(app, actor, "contact.remove", siren, remove_once(app, actor, (siren, id)).await).await
}

async fn remove_once(app: &App, actor: &Actor, (siren, id): (Siren, &str)) -> Result<()> {
    let mut tx = opened(app, actor, siren).await?;
    let contact = store::contact::find(&mut tx, id).await?.filter(|contact| contact.siren == siren);
    let contact = contact.ok_or_else(unknown)?;
    dropped(&mut tx, app, actor, &contact, false).await?;
    let after = json!({"siren": siren, "origine": contact.origin.code()});
    tell(&mut tx, app.now(), &actor.person, "contact.remove", id, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Confirms the contacts that the agent saw, for the campaign that is open. Says how many.
pub async fn confirm(app: &App, actor: &Actor, siren: Siren, seen: &[String]) -> Result<usize> {
    refusals::told(app, actor, "contacts.confirm", siren, confirm_once(app, actor, siren, seen).await).await
}

async fn confirm_once(app: &App, actor: &Actor, siren: Siren, seen: &[String]) -> Result<usize> {
    let mut tx = opened(app, actor, siren).await?;
    let confirmed = confirmation(&mut tx, app, actor).await?;
    let Some(campaign) = confirmed.campaign else {
        let message = "aucune campagne n’est ouverte\u{a0}: les contacts se confirment pendant une campagne";
        return Err(ServiceError::refused(Because::WindowClosed, message));
    };
    let mut done = 0_usize;
    for id in seen {
        if store::contact::confirm(&mut tx, (siren, id), &confirmed).await? {
            done = done.saturating_add(1);
        }
    }
    if done == 0 {
        let message = "il n’y a aucun contact à confirmer\u{a0}: ajoutez-en un";
        return Err(ServiceError::refused(Because::NoContact, message));
    }
    let after = json!({"campagne": campaign, "contacts": done});
    tell(&mut tx, app.now(), &actor.person, "contacts.confirm", &siren.to_string(), &after).await?;
    tx.commit().await?;
    Ok(done)
}

/// Forgets an address wherever it is a contact, at the request of who reads it. Says in how many collectivities.
pub async fn forget(app: &App, actor: &Actor, email: &Email) -> Result<u64> {
    require_operator(actor)?;
    let mut tx = app.db.begin().await?;
    let gone = store::contact::forget(&mut tx, email).await?;
    if gone > 0 {
        store::mail::forget_contacts(&mut tx).await?;
        let after = json!({"contacts": gone});
        tell(&mut tx, app.now(), &actor.person, "contacts.forget", "contacts", &after).await?;
        tx.commit().await?;
    }
    Ok(gone)
}

/// A transaction of an agent who keeps the contacts, who nobody detaches meanwhile; two who write take turns.
async fn opened<'a>(app: &'a App, actor: &Actor, siren: Siren) -> Result<Tx<'a>> {
    let mut tx = app.db.begin().await?;
    tx.hold_attachments().await?;
    require_keeper(&mut tx, actor, siren).await?;
    Ok(tx)
}

async fn confirmation(tx: &mut Tx<'_>, app: &App, actor: &Actor) -> Result<Confirmation> {
    let at = app.now();
    Ok(Confirmation { at, by: actor.person.clone(), campaign: open_campaign(tx, at).await? })
}

fn refuse_known(known: &[Contact], email: &Email) -> Result<()> {
    if known.iter().any(|contact| contact.email == *email) {
        let message = "cette adresse est déjà celle d’un contact\u{a0}: corrigez-le dans la liste";
        return Err(ServiceError::refused(Because::ContactExists, message));
    }
    Ok(())
}

/// Records a contact that agents keep; gives its id.
async fn kept(tx: &mut Tx<'_>, app: &App, actor: &Actor, (siren, told): (Siren, &Told)) -> Result<String> {
    let contact = Contact {
        id: app.random.identifier(),
        siren,
        email: told.email.clone(),
        name: Some(told.identity.name().to_owned()),
        function: Some(told.identity.function().to_owned()),
        origin: Origin::Kept,
        source: SOURCE.to_owned(),
        recorded_at: app.now(),
        confirmed: Some(confirmation(tx, app, actor).await?),
    };
    store::contact::insert(tx, &contact).await?;
    Ok(contact.id)
}

/// Removes a contact with what waits for it. Those who act and the prefecture learn of an address that received codes.
async fn dropped(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    contact: &Contact,
    is_replaced: bool,
) -> Result<()> {
    store::contact::remove(tx, &contact.id).await?;
    store::mail::forget_contacts(tx).await?;
    if contact.origin != Origin::Imported {
        return Ok(());
    }
    let message = Message::ContactRemoved {
        siren: contact.siren,
        person: actor.person.clone(),
        masked: contact.email.masked(),
        is_replaced,
    };
    for peer in store::attachment::attached_persons(tx, contact.siren).await? {
        if peer != actor.person {
            mail::queue(tx, app, &Recipient::Person(peer), &message).await?;
        }
    }
    let prefecture = prefecture(tx, app, contact.siren).await?;
    mail::queue(tx, app, &prefecture, &message).await
}
