//! A request is answered, or taken back.

use serde_json::json;

use crate::app::App;
use crate::domain::attachment::{Attachment, How, State, StepKind};
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::service::account::tell;
use crate::service::attachment::{announce, existing, forbidden, is_known, reason, right, step, unknown};
use crate::service::declaration::reserve::{self, Answered};
use crate::service::{Result, ServiceError, mail, refusals, registered, require_reason};
use crate::store::{self, Tx};

/// What is answered to an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// The agent acts for the collectivity from now on.
    Accept,
    /// The agent does not, for a reason.
    Refuse(&'a str),
}

/// Answers a request, as an agent attached, the prefecture of the region or the ministry.
pub async fn decide(app: &App, actor: &Actor, id: &str, decision: Decision<'_>) -> Result<()> {
    let action = match decision {
        Decision::Accept => "attachment.accept",
        Decision::Refuse(_) => "attachment.refuse",
    };
    refusals::told(app, actor, action, id, decide_once(app, actor, id, decision, action).await).await
}

async fn decide_once(app: &App, actor: &Actor, id: &str, decision: Decision<'_>, action: &str) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.hold_attachments().await?;
    let asked = existing(&mut tx, id).await?;
    let how = right(&mut tx, app, actor, &asked.person, asked.siren).await?;
    let answered = match decision {
        Decision::Accept => accept(&mut tx, app, &asked, how, &actor.person).await?,
        Decision::Refuse(why) => {
            let why = reason(&mut tx, &asked.person, Some(require_reason(why)?)).await?;
            let taken = step(&asked, StepKind::Refused, how, &actor.person, (now, why.clone()))?;
            store::attachment::add_step(&mut tx, id, &taken).await?;
            let answered =
                reserve::answer(&mut tx, &asked, StepKind::Refused, &actor.person, taken.at).await?;
            let refused = Message::AttachmentRefused {
                attachment: asked.id.clone(),
                siren: asked.siren,
                how,
                reason: why,
                filings: answered.filings(),
            };
            mail::queue(&mut tx, app, &Recipient::Person(asked.person.clone()), &refused).await?;
            answered
        }
    };
    answered.tell(&mut tx, &actor.person, now).await?;
    let after = json!({"siren": asked.siren, "agent": asked.person});
    tell(&mut tx, now, &actor.person, action, id, &after).await?;
    tx.commit().await?;
    Ok(())
}

/// Grants a request and what was filed sous réserve in its name, and tells whom it concerns. What is given back is
/// still to be journalled.
pub(super) async fn accept(
    tx: &mut Tx<'_>,
    app: &App,
    asked: &Attachment,
    how: How,
    by: &str,
) -> Result<Answered> {
    let taken = step(asked, StepKind::Accepted, how, by, (app.now(), None))?;
    store::attachment::add_step(tx, &asked.id, &taken).await?;
    let answered = reserve::answer(tx, asked, StepKind::Accepted, by, taken.at).await?;
    announce(tx, app, asked, how, by, answered.filings()).await?;
    Ok(answered)
}

/// Takes a request back, as who asked; what was filed in its name is void.
pub async fn withdraw(app: &App, actor: &Actor, id: &str) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.hold_attachments().await?;
    let asked = existing(&mut tx, id).await?;
    if asked.person != actor.person {
        return Err(unknown());
    }
    let taken = step(&asked, StepKind::Withdrawn, How::Own, &actor.person, (now, None))?;
    store::attachment::add_step(&mut tx, id, &taken).await?;
    let answered = reserve::answer(&mut tx, &asked, StepKind::Withdrawn, &actor.person, taken.at).await?;
    answered.tell(&mut tx, &actor.person, now).await?;
    tell(&mut tx, now, &actor.person, "attachment.withdraw", id, &json!({"siren": asked.siren})).await?;
    tx.commit().await?;
    Ok(())
}

/// Attaches an agent who may not have asked, as whoever runs the service; gives the id of the attachment.
pub async fn attach(app: &App, actor: &Actor, person: &str, siren: Siren) -> Result<String> {
    if actor.role != Role::Operator {
        return Err(forbidden());
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    registered(&mut tx, siren).await?;
    if !is_known(&mut tx, person).await? {
        let message = "cette personne n’a pas de compte, ou n’a pas confirmé son adresse";
        return Err(ServiceError::refused(Because::UnknownPerson, message));
    }
    tx.hold_attachments().await?;
    let asked = store::attachment::of_person(&mut tx, person).await?;
    let open = asked.into_iter().find(|asked| asked.siren == siren && asked.state().is_open());
    let asked = match open {
        Some(open) if open.state() == State::Attached => return Ok(open.id),
        Some(open) => open,
        None => {
            let id = app.random.identifier();
            store::attachment::insert(&mut tx, &id, (person, siren), None, now).await?;
            Attachment { id, person: person.to_owned(), siren, asked_at: now, message: None, steps: vec![] }
        }
    };
    let answered = accept(&mut tx, app, &asked, How::Operator, &actor.person).await?;
    answered.tell(&mut tx, &actor.person, now).await?;
    let after = json!({"siren": siren, "agent": person});
    tell(&mut tx, now, &actor.person, "attachment.accept", &asked.id, &after).await?;
    tx.commit().await?;
    Ok(asked.id)
}
