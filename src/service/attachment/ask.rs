//! An agent asks to act for one more collectivity.

use serde_json::json;

use crate::app::App;
use crate::domain::attachment::{self, Attachment, State};
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::siren::Siren;
use crate::service::account::tell;
use crate::service::attachment::{forbidden, is_known, tell_who_may_answer};
use crate::service::{Result, ServiceError, refusals, registered};
use crate::store;

/// Requests of one agent that may wait at once.
const MOST: usize = 20;

/// Asks; gives the id of the attachment. Who may answer is told.
pub async fn ask(app: &App, actor: &Actor, siren: Siren, message: Option<&str>) -> Result<String> {
    let outcome = ask_once(app, actor, siren, message).await;
    refusals::told(app, actor, "attachment.ask", siren, outcome).await
}

async fn ask_once(app: &App, actor: &Actor, siren: Siren, message: Option<&str>) -> Result<String> {
    let message =
        attachment::text(message).map_err(|fault| ServiceError::refused(Because::Invalid, fault))?;
    let (now, person) = (app.now(), actor.person.as_str());
    let mut tx = app.db.begin().await?;
    if !matches!(actor.role, Role::Declarant(_)) || !is_known(&mut tx, person).await? {
        return Err(forbidden());
    }
    registered(&mut tx, siren).await?;
    tx.hold_attachments().await?;
    let asked = store::attachment::of_person(&mut tx, person).await?;
    if let Some(open) = asked.iter().find(|asked| asked.siren == siren && asked.state().is_open()) {
        let message = match open.state() {
            State::Attached => "vous êtes déjà rattaché à cette collectivité",
            _ => "vous avez déjà demandé ce rattachement\u{a0}: il attend une réponse",
        };
        return Err(ServiceError::refused(Because::AttachedAlready, message));
    }
    if asked.iter().filter(|asked| asked.state() == State::Awaited).count() >= MOST {
        let message = format!("{MOST} demandes de rattachement attendent déjà une réponse");
        return Err(ServiceError::refused(Because::TooOften, message));
    }
    let id = app.random.identifier();
    store::attachment::insert(&mut tx, &id, (person, siren), message.as_deref(), now).await?;
    let asked = Attachment { id, person: person.to_owned(), siren, asked_at: now, message, steps: vec![] };
    tell_who_may_answer(&mut tx, app, &asked, None).await?;
    tell(&mut tx, now, person, "attachment.ask", &asked.id, &json!({"siren": siren})).await?;
    tx.commit().await?;
    Ok(asked.id)
}
