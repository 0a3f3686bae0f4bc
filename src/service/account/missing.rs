//! “My collectivity is not in the list”: a request that reaches the ministry.

use serde_json::json;

use crate::app::App;
use crate::domain::attachment;
use crate::domain::mail::{Message, Recipient};
use crate::domain::missing::MissingCollectivity;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::service::account::tell;
use crate::service::refusals;
use crate::service::{Result, ServiceError, mail, require_manager};
use crate::store::missing::MissingRequest;
use crate::store::{self, Tx};

/// Requests of one person that may wait at once.
const MOST: usize = 5;

/// Asks for a collectivity that the register does not hold.
pub async fn missing(app: &App, actor: &Actor, told: &MissingCollectivity) -> Result<String> {
    if !matches!(actor.role, Role::Declarant(_)) {
        let message = "cette demande vient d’un agent de la collectivité";
        return Err(ServiceError::refused(Because::Forbidden, message));
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let id = keep(&mut tx, app, &actor.person, told).await?;
    let message = Message::CollectivityMissing { request: id.clone(), person: actor.person.clone() };
    mail::queue(&mut tx, app, &Recipient::Ministry, &message).await?;
    tell(&mut tx, now, &actor.person, "collectivity.missing", &id, &json!({"siren": told.siren})).await?;
    tx.commit().await?;
    Ok(id)
}

/// Keeps a request; the ministry is told by the caller.
pub(super) async fn keep(
    tx: &mut Tx<'_>,
    app: &App,
    person: &str,
    told: &MissingCollectivity,
) -> Result<String> {
    let told = told.clone().checked().map_err(|faults| {
        let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
        ServiceError::refused(Because::Invalid, text.join("\u{a0}; "))
    })?;
    let open = store::missing::open(tx).await?;
    let mut mine = open.iter().filter(|request| request.person == person);
    if let Some(same) = mine.clone().find(|request| request.told == told) {
        return Ok(same.id.clone());
    }
    if mine.nth(MOST.saturating_sub(1)).is_some() {
        let message = "cinq demandes attendent déjà la réponse du ministère";
        return Err(ServiceError::refused(Because::TooOften, message));
    }
    let id = app.random.identifier();
    let request = MissingRequest { id: id.clone(), person: person.to_owned(), told, asked_at: app.now() };
    store::missing::insert(tx, &request).await?;
    Ok(id)
}

/// What the ministry has not answered, the oldest first.
pub async fn missing_requests(app: &App, actor: &Actor) -> Result<Vec<MissingRequest>> {
    let outcome = require_manager(actor);
    refusals::told(app, actor, "collectivity.missing.read", "registre", outcome).await?;
    let mut tx = app.db.read().await?;
    let open = store::missing::open(&mut tx).await?;
    tx.done();
    Ok(open)
}

/// Closes a request: the collectivity was added, or is there under another name. The agent gets the answer by mail.
pub async fn answer_missing(app: &App, actor: &Actor, id: &str, answer: &str) -> Result<()> {
    let outcome = require_manager(actor);
    refusals::told(app, actor, "collectivity.missing.answer", id, outcome).await?;
    let answer = attachment::text(Some(answer))
        .map_err(|fault| ServiceError::refused(Because::Invalid, fault))?
        .ok_or_else(|| {
            let message = "écrivez la réponse que l’agent recevra par courriel";
            ServiceError::refused(Because::Invalid, message)
        })?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let asked = store::missing::find(&mut tx, id).await?;
    if let Some(asked) = asked {
        // An agent who was erased meanwhile has no address: the mail is given up as it is written.
        let message = Message::MissingAnswered { name: asked.told.name, answer };
        mail::queue(&mut tx, app, &Recipient::Person(asked.person), &message).await?;
    }
    if !store::missing::answer(&mut tx, id, &actor.person, now).await? {
        let message = "cette demande n’existe pas, ou a déjà sa réponse";
        return Err(ServiceError::refused(Because::UnknownRequest, message));
    }
    tell(&mut tx, now, &actor.person, "collectivity.missing.answer", id, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}
