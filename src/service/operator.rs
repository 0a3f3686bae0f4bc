//! Whoever runs the program on its machine, as a person with a random id (rule 14).

use crate::app::App;
use crate::domain::role::{Actor, Role};
use crate::service::Result;
use crate::store::journal::{self, Told};
use crate::store::person::{self, PersonKind};

/// The operator of this login name, made known at the first command.
pub async fn identify(app: &App, login: &str) -> Result<Actor> {
    let login = if login.trim().is_empty() { "exploitant" } else { login.trim() };
    let known = {
        let mut tx = app.db.snapshot().await?;
        person::operator(&mut tx, login).await?
    };
    let id = if let Some(id) = known {
        id
    } else {
        let (id, mut tx) = (app.random.identifier(), app.db.begin().await?);
        let now = app.now();
        // Two processes that start at once: the second one finds whom the first made known.
        tx.hold_journal().await?;
        if let Some(id) = person::operator(&mut tx, login).await? {
            return Ok(Actor { person: id, role: Role::Operator });
        }
        person::insert(&mut tx, &id, PersonKind::Operator, login, None, now).await?;
        // The journal knows the person by id alone.
        let told =
            Told { at: now, actor: &id, action: "person.create", subject: &id, before: None, after: None };
        journal::append(&mut tx, told).await?;
        tx.commit().await?;
        id
    };
    Ok(Actor { person: id, role: Role::Operator })
}
