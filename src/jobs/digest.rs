//! Writes down the head of the journal, in the folder of the data and in the row of the run, and mails it.

use crate::app::App;
use crate::service::{Result, journal};

/// Does it, and says in French what it did.
///
/// # Errors
/// When the folder cannot be written, or the database fails.
pub async fn run(app: &App) -> Result<String> {
    let head = journal::file_digest(app).await?;
    let mails = journal::mail_digest(app, &head).await?;
    Ok(format!("Entrée {}, empreinte {}, {mails} courriel(s).", head.seq, head.hash))
}
