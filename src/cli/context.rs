//! What every command starts with: the application, and who runs it.

use crate::app::App;
use crate::cli::output::CliError;
use crate::config::Config;
use crate::domain::role::{Actor, Role};
use crate::store::person;

/// Opens the application of this process's configuration, for the person at the keyboard.
///
/// # Errors
/// Says what cannot be used and how to mend it.
pub async fn open() -> Result<(App, Actor), CliError> {
    let app = App::open(Config::load()?).await?;
    let actor = operator(&app, &login()).await?;
    Ok((app, actor))
}

/// The operator of that login; only the first command of a new one writes.
///
/// # Errors
/// When the database fails.
pub async fn operator(app: &App, login: &str) -> Result<Actor, CliError> {
    let known = person::find_operator(&mut app.db.snapshot().await?, login).await?;
    let person = if let Some(person) = known {
        person
    } else {
        let mut tx = app.db.begin().await?;
        let person = person::operator(&mut tx, login, app.now(), &app.random).await?;
        tx.commit().await?;
        person
    };
    Ok(Actor { person, role: Role::Operator })
}

/// The name under which the operating system knows who runs the program.
fn login() -> String {
    let named = |key: &str| std::env::var(key).ok().filter(|login| !login.trim().is_empty());
    named("USER").or_else(|| named("LOGNAME")).unwrap_or_else(|| "exploitant".to_owned())
}
