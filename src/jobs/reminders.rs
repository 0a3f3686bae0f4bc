//! Sends the step of the reminders whose day has come, where the configuration lets it leave by itself.

use crate::app::App;
use crate::config::Transport;
use crate::service::{Result, job, reminder};

/// Does it, and says in French what it did.
///
/// # Errors
/// When the database fails.
pub async fn run(app: &App) -> Result<String> {
    if !app.config.reminders.automatic {
        return Ok(
            "Rien\u{a0}: reminders.automatic = false, chaque étape s’envoie depuis la page des relances."
                .to_owned(),
        );
    }
    if app.config.mail.transport == Transport::None {
        return Ok("Rien\u{a0}: aucun envoi de courriels n’est réglé (mail.transport).".to_owned());
    }
    let done = reminder::launch_due(app, &job::actor(app).await?).await?;
    Ok(format!("{} collectivité(s) relancée(s), {} courriel(s).", done.bodies, done.mails))
}
