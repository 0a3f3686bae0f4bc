//! An account made by whoever runs the service: its address is taken as confirmed.

use serde_json::json;

use crate::app::App;
use crate::domain::account::{AccountRole, Email, Identity};
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::service::account::{about_person, hashed, tell};
use crate::service::{Result, ServiceError};
use crate::store;

/// An account to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Name and function.
    pub identity: Identity,
    /// Address.
    pub email: Email,
    /// What the account is for.
    pub role: AccountRole,
}

/// Makes an account with its password; gives the random id of the person.
pub async fn create(app: &App, actor: &Actor, new: &NewAccount, password: &str) -> Result<String> {
    require_operator(actor)?;
    let about = about_person(new.identity.name(), &new.email);
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let hash = hashed(app, password, new.role.shortest_password(), &about).await?;
    let (now, person) = (app.now(), app.random.identifier());
    let mut tx = app.db.begin().await?;
    if store::account::by_email(&mut tx, &new.email).await?.is_some() {
        let message = "cette adresse a déjà un compte";
        return Err(ServiceError::refused(Because::AccountExists, message));
    }
    store::person::insert_agent(&mut tx, &person, (&new.email, &new.identity), now).await?;
    store::account::insert(&mut tx, &person, &hash, &new.role, now).await?;
    store::account::confirm(&mut tx, &person, now).await?;
    let after = json!({"role": new.role.acting_for(vec![]).code()});
    tell(&mut tx, now, &actor.person, "account.create", &person, &after).await?;
    tx.commit().await?;
    Ok(person)
}

/// Only whoever runs the program on its machine; people come by sign-up or invitation.
pub(in crate::service) fn require_operator(actor: &Actor) -> Result<()> {
    match actor.role {
        Role::Operator => Ok(()),
        _ => Err(ServiceError::refused(
            Because::Forbidden,
            "cette opération revient à l’exploitant du service",
        )),
    }
}
