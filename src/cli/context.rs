//! What every command starts with: the application, and who runs it.

use crate::app::App;
use crate::cli::output::CliError;
use crate::config::Config;
use crate::domain::role::{Actor, Role};
use crate::store::person::{self, PersonKind};

/// Opens the application of the configuration, acting as the operator.
pub async fn open() -> Result<(App, Actor), CliError> {
    let app = App::open(Config::load()?).await?;
    let actor = operator(&app).await?;
    Ok((app, actor))
}

/// The person who runs the program, by the name of their session.
pub async fn operator(app: &App) -> Result<Actor, CliError> {
    let login = std::env::var("USER").or_else(|_missing| std::env::var("LOGNAME")).unwrap_or_default();
    let login = if login.trim().is_empty() { "exploitant".to_owned() } else { login };
    let known = {
        let mut tx = app.db.snapshot().await?;
        person::operator(&mut tx, &login).await?
    };
    let id = if let Some(id) = known {
        id
    } else {
        let (id, mut tx) = (app.random.identifier(), app.db.begin().await?);
        person::insert(&mut tx, &id, PersonKind::Operator, &login, None, app.now()).await?;
        tx.commit().await?;
        id
    };
    Ok(Actor { person: id, role: Role::Operator })
}
