//! Refusals that matter leave a trace (rule 13): who tried what, in a transaction of its own.
//!
//! A mistyped amount does not matter to anybody else; a filing outside the
//! window, or a decision by someone who may not take it, does.

use serde_json::json;

use crate::app::App;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::domain::role::Actor;
use crate::service::{Result, ServiceError};
use crate::store::StoreError;
use crate::store::journal::{self, Told};

/// Passes `outcome` on, once the journal has told a refusal that matters. The
/// refusal stands even where the journal cannot be written.
pub(crate) async fn told<T>(
    app: &App,
    actor: &Actor,
    action: &str,
    subject: impl std::fmt::Display + Send,
    outcome: Result<T>,
) -> Result<T> {
    if let Err(ServiceError::Refused(refusal)) = &outcome
        && matters(refusal)
        && let Err(error) = write(app, actor, action, &subject.to_string(), refusal).await
    {
        tracing::error!(%error, action, "a refusal was not journalled");
    }
    outcome
}

const fn matters(refusal: &Refusal) -> bool {
    matches!(refusal.because.kind(), RefusalKind::Closed | RefusalKind::Forbidden)
}

async fn write(
    app: &App,
    actor: &Actor,
    action: &str,
    subject: &str,
    refusal: &Refusal,
) -> std::result::Result<(), StoreError> {
    let mut tx = app.db.begin().await?;
    let action = format!("{action}.refused");
    let after = json!({"code": refusal.because.code(), "role": actor.role.code()}).to_string();
    let told = Told {
        at: app.now(),
        actor: &actor.person,
        action: &action,
        subject,
        before: None,
        after: Some(&after),
    };
    journal::append(&mut tx, told).await?;
    tx.commit().await
}
