//! What the operator sees of the queue, and tries again.

use serde_json::json;

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::role::Actor;
use crate::service::account::{require_operator, tell};
use crate::service::{Result, ServiceError};
use crate::store;
use crate::store::mail::Standing;

/// Where every mail stands, or those that were given up alone, the oldest first.
pub async fn standings(app: &App, actor: &Actor, only_given_up: bool) -> Result<Vec<Standing>> {
    require_operator(actor)?;
    let mut tx = app.db.read().await?;
    let all = store::mail::standings(&mut tx, only_given_up).await?;
    tx.done();
    Ok(all)
}

/// Makes a mail that was not sent due at once, with all its tries again.
pub async fn retry(app: &App, actor: &Actor, id: &str) -> Result<()> {
    require_operator(actor)?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    if !store::mail::retry(&mut tx, id, now).await? {
        let message = "ce courriel n’existe pas, est déjà parti, part en ce moment, ou son lien a expiré\u{a0}: «\u{a0}eapd mail list\u{a0}» les montre";
        return Err(ServiceError::refused(Because::UnknownRequest, message));
    }
    tell(&mut tx, now, &actor.person, "mail.retry", id, &json!({})).await?;
    tx.commit().await?;
    app.mail_queued.notify_one();
    Ok(())
}
