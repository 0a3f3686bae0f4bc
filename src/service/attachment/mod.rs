//! Agents and the collectivities that they act for (rule 16).
//!
//! Who may answer a request: an agent attached already, the prefecture of the
//! region, the ministry, or the holder of a code sent to the collectivity. Whatever
//! the way in, every agent attached and the prefecture learn of it.

mod ask;
mod code;
mod decide;
mod detach;
mod list;

pub use ask::ask;
pub use code::{CodeSent, MaskedContact, contacts, send_code, use_code};
pub use decide::{Decision, attach, decide, withdraw};
pub use detach::detach;
pub use list::{Listed, awaited, mine, of_siren};

use crate::app::App;
use crate::domain::attachment::{Attachment, How, Step, StepKind};
use crate::domain::collectivity::HORS;
use crate::domain::instant::Instant;
use crate::domain::mail::{AwaitedFiling, Filings, Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::service::register::regions_read_by;
use crate::service::{Result, ServiceError, mail, this_year};
use crate::store::{self, Tx};

fn unknown() -> ServiceError {
    ServiceError::refused(Because::UnknownAttachment, "cette demande de rattachement n’existe pas")
}

fn forbidden() -> ServiceError {
    let message = "seul un agent déjà rattaché à la collectivité, la préfecture de sa région ou le ministère peut en décider";
    ServiceError::refused(Because::Forbidden, message)
}

/// The prefecture of a collectivity, or the ministry where no region follows it (rule 10).
pub(crate) async fn prefecture(tx: &mut Tx<'_>, app: &App, siren: Siren) -> Result<Recipient> {
    let body = store::register::find(tx, siren, this_year(app)?).await?;
    Ok(match body {
        Some(body) if body.region != HORS => {
            // A former region is followed by the one that holds it now (rule 10).
            let now = app.codes.regions().latest(&body.region).and_then(|region| region.successor.clone());
            Recipient::Region(now.map_or(body.region, |region| region.to_string()))
        }
        _ => Recipient::Ministry,
    })
}

/// Tells who may answer that an agent asks, or that a filing awaits the answer: those attached, and the prefecture.
pub(crate) async fn tell_who_may_answer(
    tx: &mut Tx<'_>,
    app: &App,
    asked: &Attachment,
    filed: Option<AwaitedFiling>,
) -> Result<()> {
    let message = Message::AttachmentAsked {
        attachment: asked.id.clone(),
        person: asked.person.clone(),
        siren: asked.siren,
        filed,
    };
    for peer in store::attachment::attached_persons(tx, asked.siren).await? {
        mail::queue(tx, app, &Recipient::Person(peer), &message).await?;
    }
    let prefecture = prefecture(tx, app, asked.siren).await?;
    mail::queue(tx, app, &prefecture, &message).await
}

/// Tells the agent that it is granted and what became of their filings, and everyone concerned that there is one more.
async fn announce(
    tx: &mut Tx<'_>,
    app: &App,
    granted: &Attachment,
    how: How,
    by: &str,
    filings: Filings,
) -> Result<()> {
    let Attachment { id, person, siren, .. } = granted;
    let accepted = Message::AttachmentAccepted { attachment: id.clone(), siren: *siren, how, filings };
    mail::queue(tx, app, &Recipient::Person(person.clone()), &accepted).await?;
    let announced = Message::AttachmentAnnounced {
        attachment: id.clone(),
        person: person.clone(),
        siren: *siren,
        how,
        by: by.to_owned(),
    };
    for peer in store::attachment::attached_persons(tx, *siren).await? {
        if peer != *person {
            mail::queue(tx, app, &Recipient::Person(peer), &announced).await?;
        }
    }
    let prefecture = prefecture(tx, app, *siren).await?;
    mail::queue(tx, app, &prefecture, &announced).await
}

/// By what right the actor decides about an agent of this collectivity, asked of the
/// database and not of the session: an agent detached meanwhile decides no more.
async fn right(tx: &mut Tx<'_>, app: &App, actor: &Actor, person: &str, siren: Siren) -> Result<How> {
    match &actor.role {
        Role::Operator => Ok(How::Operator),
        Role::Manager => Ok(How::Ministry),
        Role::Declarant(_) if actor.person != person => {
            let peers = store::attachment::attached_persons(tx, siren).await?;
            if peers.contains(&actor.person) { Ok(How::Peer) } else { Err(forbidden()) }
        }
        Role::Sgar(region) => {
            let body = store::register::find(tx, siren, this_year(app)?).await?;
            let followed = regions_read_by(&app.codes, region);
            match body {
                Some(body) if followed.contains(&body.region) => Ok(How::Sgar),
                _ => Err(forbidden()),
            }
        }
        _ => Err(forbidden()),
    }
}

/// Whether the agent of a request can sign in: who never confirmed an address is nobody yet.
async fn is_known(tx: &mut Tx<'_>, person: &str) -> Result<bool> {
    let account = store::account::find(tx, person).await?;
    Ok(account.is_some_and(|account| account.confirmed_at.is_some() && account.disabled_at.is_none()))
}

/// The attachment of an id, of an agent who can sign in or about whom something was decided.
async fn existing(tx: &mut Tx<'_>, id: &str) -> Result<Attachment> {
    let found = store::attachment::find(tx, id).await?.ok_or_else(unknown)?;
    if found.steps.is_empty() && !is_known(tx, &found.person).await? {
        return Err(unknown());
    }
    Ok(found)
}

/// The step, if it may follow the last one.
fn step(
    attachment: &Attachment,
    kind: StepKind,
    how: How,
    by: &str,
    (at, reason): (Instant, Option<String>),
) -> Result<Step> {
    if !kind.follows(attachment.state()) {
        let message =
            format!("ce rattachement est déjà {}\u{a0}: relisez la page", attachment.state().label());
        return Err(ServiceError::refused(Because::AttachmentAnswered, message));
    }
    let at = attachment.not_before_the_last(at);
    Ok(Step { kind, how, at, by: by.to_owned(), reason })
}

/// A reason as it may stay for ever: short, and without the name or the address of the agent (rule 14).
async fn reason(tx: &mut Tx<'_>, person: &str, reason: Option<&str>) -> Result<Option<String>> {
    let invalid = |fault: String| ServiceError::refused(Because::Invalid, fault);
    let Some(text) = crate::domain::attachment::text(reason).map_err(invalid)? else { return Ok(None) };
    if let Some(account) = store::account::find(tx, person).await?
        && crate::domain::attachment::names(&text, &[&account.name, account.email.as_str()])
    {
        let fault =
            "le motif reste au dossier\u{a0}: écrivez-le sans le nom ni l’adresse de l’agent".to_owned();
        return Err(invalid(fault));
    }
    Ok(Some(text))
}
