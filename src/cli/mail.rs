//! `eapd mail …`: mails that wait, that left, that failed.

use clap::Subcommand;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::service::mail::Standing;
use crate::service::mail::{self, Post};

/// What to do with mails.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Liste les courriels, sans leur contenu ni les adresses
    List {
        /// Seulement ceux que le service n’essaie plus d’envoyer
        #[arg(long)]
        failed: bool,
    },
    /// Remet un courriel en attente, à envoyer tout de suite
    Retry {
        /// Identifiant du courriel, comme « eapd mail list » le donne
        id: String,
    },
    /// Envoie une fois ce qui attend
    Send,
}

/// Runs one of them.
pub async fn run(command: MailCommand) -> Result<(), CliError> {
    let (app, actor) = context::open().await?;
    match command {
        MailCommand::List { failed } => {
            let all = mail::standings(&app, &actor, failed).await?;
            if all.is_empty() {
                say("Aucun courriel.");
            }
            for standing in &all {
                say(describe(standing));
            }
        }
        MailCommand::Retry { id } => {
            mail::retry(&app, &actor, &id).await?;
            say(format_args!("Courriel {id} remis en attente."));
        }
        MailCommand::Send => {
            let post = Post::of(&app.config).map_err(CliError::Environment)?.ok_or_else(|| {
                CliError::Refused(
                    "mail.transport = \"none\"\u{a0}: les courriels attendent, choisissez comment ils partent"
                        .to_owned(),
                )
            })?;
            let done = mail::deliver(&app, &post, || true).await?;
            say(format_args!(
                "{} courriel(s) envoyé(s), {} à réessayer, {} abandonné(s).",
                done.sent, done.put_off, done.given_up
            ));
        }
    }
    Ok(())
}

fn describe(standing: &Standing) -> String {
    let state = match (standing.sent_at, standing.given_up_at) {
        (Some(at), _) => format!("envoyé le {at}"),
        (None, Some(at)) => format!("abandonné le {at}"),
        (None, None) if standing.attempts == 0 => "en attente".to_owned(),
        (None, None) => format!("prochain essai le {}", standing.due_at),
    };
    let error = standing.last_error.as_deref().map(|error| format!("\u{a0}: {error}")).unwrap_or_default();
    let to = format!("{} {}", standing.to_kind, standing.to_id);
    let (id, kind, attempts) = (&standing.id, &standing.kind, standing.attempts);
    format!("{id}  {kind:<20}  {:<34}  {attempts} essai(s)  {state}{error}", to.trim())
}
