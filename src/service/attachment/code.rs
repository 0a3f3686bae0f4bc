//! A code sent to the collectivity attaches its agent at once.

use serde_json::json;

use crate::app::App;
use crate::domain::account::session::CODE_TRIES;
use crate::domain::account::{AttachmentCode, Purpose, Secret};
use crate::domain::attachment::{Attachment, How, State};
use crate::domain::instant::Instant;
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::service::account::{count_code, tell};
use crate::service::attachment::decide::accept;
use crate::service::attachment::{forbidden, is_known};
use crate::service::{Result, ServiceError, mail, refusals};
use crate::store::single_use::SingleUse;
use crate::store::{self, Tx};

/// An address of a collectivity, as an agent who is not attached may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedContact {
    /// Random id.
    pub id: String,
    /// Enough of the address to recognise it.
    pub masked: String,
    /// Where it comes from.
    pub source: String,
}

/// A code on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSent {
    /// Enough of the address to recognise it.
    pub masked: String,
    /// The code serves no more from then on.
    pub expires_at: Instant,
}

/// The addresses to which a code can be sent, none that agents keep, for an agent who waits to be attached.
pub async fn contacts(app: &App, actor: &Actor, siren: Siren) -> Result<Vec<MaskedContact>> {
    let mut tx = app.db.read().await?;
    waiting(&mut tx, actor, siren).await?;
    let all = store::contact::taking_codes(&mut tx, siren).await?;
    tx.done();
    let masked = |contact: store::contact::Contact| MaskedContact {
        masked: contact.email.masked(),
        id: contact.id,
        source: contact.source,
    };
    Ok(all.into_iter().map(masked).collect())
}

/// Sends a code to an address of the collectivity; an earlier one serves no more.
pub async fn send_code(app: &App, actor: &Actor, siren: Siren, contact: &str) -> Result<CodeSent> {
    let outcome = send_once(app, actor, siren, contact).await;
    refusals::told(app, actor, "attachment.code", siren, outcome).await
}

async fn send_once(app: &App, actor: &Actor, siren: Siren, contact: &str) -> Result<CodeSent> {
    let (now, person) = (app.now(), actor.person.as_str());
    let mut tx = app.db.begin().await?;
    let asked = waiting(&mut tx, actor, siren).await?;
    let taking_codes = store::contact::taking_codes(&mut tx, siren).await?;
    let contact = taking_codes.into_iter().find(|known| known.id == contact).ok_or_else(|| {
        let message = "la collectivité n’a pas cette adresse\u{a0}: choisissez-en une de la liste";
        ServiceError::refused(Because::UnknownContact, message)
    })?;
    count_code(&mut tx, app, person, siren).await?;
    store::single_use::end_all(&mut tx, person, Purpose::Code, Some(siren), now).await?;
    let code = AttachmentCode::parse(&app.random.code()).map_err(|_error| wrong_code(0))?;
    let kept = SingleUse::new(Purpose::Code, person, Some(siren), now);
    store::single_use::insert(&mut tx, &kept, &hash(&code, person, siren)).await?;
    let message = Message::AttachmentCode {
        code: Secret::new(code.shown()),
        person: person.to_owned(),
        siren,
        expires_at: kept.expires_at,
    };
    mail::queue(&mut tx, app, &Recipient::Contact(contact.id.clone()), &message).await?;
    let after = json!({"siren": siren, "contact": contact.id});
    tell(&mut tx, now, person, "attachment.code", &asked.id, &after).await?;
    tx.commit().await?;
    Ok(CodeSent { masked: contact.email.masked(), expires_at: kept.expires_at })
}

/// Attaches the agent by the code; a few wrong ones and it is dead.
pub async fn use_code(app: &App, actor: &Actor, siren: Siren, typed: &str) -> Result<()> {
    let (now, person) = (app.now(), actor.person.as_str());
    let typed = AttachmentCode::parse(typed)
        .map_err(|error| ServiceError::refused(Because::WrongCode, error.to_string()))?;
    let mut tx = app.db.begin().await?;
    tx.hold_attachments().await?;
    let asked = waiting(&mut tx, actor, siren).await?;
    let hash = hash(&typed, person, siren);
    let found = store::single_use::find(&mut tx, &hash).await?;
    let serves = found.is_some_and(|code| code.serves(Purpose::Code, now) && code.tries < CODE_TRIES);
    if !serves || !store::single_use::use_up(&mut tx, &hash, now).await? {
        let tries = store::single_use::fail_code(&mut tx, person, siren, now).await?;
        tell(&mut tx, now, person, "attachment.code.refused", &asked.id, &json!({"siren": siren})).await?;
        tx.commit().await?;
        return Err(wrong_code(tries.map_or(0, |tries| CODE_TRIES.saturating_sub(tries))));
    }
    let answered = accept(&mut tx, app, &asked, How::Code, person).await?;
    answered.tell(&mut tx, person, now).await?;
    let after = json!({"siren": siren, "agent": person});
    tell(&mut tx, now, person, "attachment.accept", &asked.id, &after).await?;
    tx.commit().await?;
    Ok(())
}

fn hash(code: &AttachmentCode, person: &str, siren: Siren) -> String {
    code.bound_to(person, siren).sha256().unwrap_or_default()
}

fn wrong_code(left: i32) -> ServiceError {
    let message = match left {
        ..=0 => "ce code ne sert pas, ou plus\u{a0}: demandez-en un autre".to_owned(),
        1 => "ce code n’est pas le bon\u{a0}: il reste un essai".to_owned(),
        left => format!("ce code n’est pas le bon\u{a0}: il reste {left} essais"),
    };
    ServiceError::refused(Because::WrongCode, message)
}

/// What the actor asked for about this collectivity and nobody has answered.
async fn waiting(tx: &mut Tx<'_>, actor: &Actor, siren: Siren) -> Result<Attachment> {
    if !is_known(tx, &actor.person).await? {
        return Err(forbidden());
    }
    let asked = store::attachment::of_person(tx, &actor.person).await?;
    asked.into_iter().find(|asked| asked.siren == siren && asked.state() == State::Awaited).ok_or_else(|| {
        let message = "demandez d’abord votre rattachement à cette collectivité";
        ServiceError::refused(Because::UnknownAttachment, message)
    })
}
