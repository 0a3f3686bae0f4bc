//! Accounts, for whoever keeps them.

use crate::app::App;
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::service::{Result, ServiceError};
use crate::store;
use crate::store::account::Account;

/// Every account, the oldest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Account>> {
    require_keeper(actor)?;
    let mut tx = app.db.read().await?;
    let all = store::account::all(&mut tx).await?;
    tx.done();
    Ok(all)
}

/// The account of an id or of an address.
pub async fn find(app: &App, actor: &Actor, who: &str) -> Result<Account> {
    require_keeper(actor)?;
    let mut tx = app.db.read().await?;
    let found = match who.parse() {
        Ok(email) => store::account::by_email(&mut tx, &email).await?,
        Err(_no_address) => store::account::find(&mut tx, who).await?,
    };
    tx.done();
    found.ok_or_else(unknown)
}

pub(super) fn unknown() -> ServiceError {
    let message =
        "aucun compte n’a cet identifiant ou cette adresse\u{a0}: «\u{a0}eapd user list\u{a0}» les montre";
    ServiceError::refused(Because::UnknownPerson, message)
}

/// Refuses whoever does not keep accounts.
pub(super) fn require_keeper(actor: &Actor) -> Result<()> {
    match actor.role {
        Role::Administrator | Role::Operator => Ok(()),
        _ => Err(ServiceError::refused(Because::Forbidden, "les comptes reviennent aux administrateurs")),
    }
}
