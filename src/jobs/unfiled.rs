//! Queues the mails about drafts that are not filed.

use crate::app::App;
use crate::config::Transport;
use crate::service::{Result, reminder};

/// Does it, and says in French what it did.
///
/// # Errors
/// When the database fails.
pub async fn run(app: &App) -> Result<String> {
    if app.config.mail.transport == Transport::None {
        return Ok("Rien\u{a0}: aucun envoi de courriels n’est réglé (mail.transport).".to_owned());
    }
    let queued = reminder::remind_unfiled(app).await?;
    Ok(format!("{queued} courriel(s)."))
}
