//! Removes what is too old by the configuration (rule 14), and what only told how something went.

use crate::app::App;
use crate::service::{Result, account, job};

/// Does it, and says in French what it did.
///
/// # Errors
/// When the database fails.
pub async fn run(app: &App) -> Result<String> {
    let done = account::purge(app, &job::actor(app).await?).await?;
    let old = job::forget(app).await?;
    Ok(format!(
        "{} compte(s), {} session(s), {} lien(s), {} courriel(s), {} contact(s), {} question(s), {} fichier(s), \
         {} trace(s) de tâches.",
        done.persons, done.sessions, done.links, done.mails, done.contacts, done.questions, done.uploads, old
    ))
}
