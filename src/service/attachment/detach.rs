//! An agent acts for a collectivity no more; the data of the collectivity stays.

use serde_json::json;

use crate::app::App;
use crate::domain::attachment::{How, StepKind};
use crate::domain::mail::{Message, Recipient};
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::service::account::tell;
use crate::service::attachment::{existing, reason, right, step};
use crate::service::{Result, ServiceError, mail, refusals};
use crate::store;

/// Detaches an agent: oneself, or a colleague who left, or any as the prefecture
/// of the region or the ministry. The last agent cannot leave alone: nobody
/// would be left to answer who comes next.
pub async fn detach(app: &App, actor: &Actor, id: &str, why: Option<&str>) -> Result<()> {
    refusals::told(app, actor, "attachment.detach", id, detach_once(app, actor, id, why).await).await
}

async fn detach_once(app: &App, actor: &Actor, id: &str, why: Option<&str>) -> Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    tx.hold_attachments().await?;
    let attachment = existing(&mut tx, id).await?;
    let (person, siren) = (&attachment.person, attachment.siren);
    let how =
        if actor.person == *person { How::Own } else { right(&mut tx, app, actor, person, siren).await? };
    let why = reason(&mut tx, person, why).await?;
    let taken = step(&attachment, StepKind::Detached, how, &actor.person, (now, why.clone()))?;
    if how == How::Own && store::attachment::attached_persons(&mut tx, siren).await?.len() <= 1 {
        let message = "vous êtes le dernier agent de cette collectivité\u{a0}: faites d’abord rattacher un collègue, ou demandez à la préfecture de région de vous détacher";
        return Err(ServiceError::refused(Because::LastAgent, message));
    }
    store::attachment::add_step(&mut tx, id, &taken).await?;
    if how != How::Own {
        let message = Message::Detached { siren, how, reason: why };
        mail::queue(&mut tx, app, &Recipient::Person(person.clone()), &message).await?;
    }
    tell(&mut tx, now, &actor.person, "attachment.detach", id, &json!({"siren": siren, "agent": person}))
        .await?;
    tx.commit().await?;
    Ok(())
}
