//! `eapd token …`: tokens of the API.

use clap::Subcommand;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::domain::role::Role;
use crate::domain::siren::Siren;
use crate::domain::token::{RoleName, Scope};
use crate::service::token::{self, Listed, NewToken, perimeter};

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Crée un jeton ; son secret n’est montré qu’une fois
    Create {
        /// Qui le détient : une personne ou un logiciel
        #[arg(long)]
        holder: String,
        /// declarant, sgar, instructeur, gestionnaire, observateur ou administrateur
        #[arg(long)]
        role: RoleName,
        /// SIREN d’un déclarant (répétable)
        #[arg(long = "siren")]
        sirens: Vec<Siren>,
        /// Code INSEE de la région d’un SGAR
        #[arg(long)]
        region: Option<String>,
        /// Portée (répétable) : declarer, lire, eligibilite, rapports, suivre, administrer
        #[arg(long = "scope", required = true)]
        scopes: Vec<Scope>,
        /// Durée en jours
        #[arg(long, default_value_t = token::DAYS_DEFAULT)]
        days: u16,
    },
    /// Liste les jetons
    List,
    /// Révoque un jeton, tout de suite
    Revoke {
        /// Identifiant du jeton, comme « eapd token list » le donne
        id: String,
    },
}

/// Runs one of them.
pub async fn run(command: TokenCommand) -> Result<(), CliError> {
    match command {
        TokenCommand::Create { holder, role, sirens, region, scopes, days } => {
            let role = role_of(role, sirens, region)?;
            let (app, actor) = context::open().await?;
            let made = token::create(&app, &actor, &NewToken { holder, role, scopes, days }).await?;
            say(format_args!("Jeton {} créé, valable jusqu’au {}.", made.token.id, made.token.expires_at));
            say("Notez son secret maintenant, il ne sera plus montré\u{a0}:");
            say(made.secret);
        }
        TokenCommand::List => {
            let (app, actor) = context::open().await?;
            let listed = token::list(&app, &actor).await?;
            if listed.is_empty() {
                say("Aucun jeton.");
            }
            for token in &listed {
                say(describe(token, app.now()));
            }
        }
        TokenCommand::Revoke { id } => {
            let (app, actor) = context::open().await?;
            token::revoke(&app, &actor, &id).await?;
            say(format_args!("Jeton {id} révoqué."));
        }
    }
    Ok(())
}

fn role_of(role: RoleName, sirens: Vec<Siren>, region: Option<String>) -> Result<Role, CliError> {
    let usage = |text: &str| Err(CliError::Usage(text.to_owned()));
    match (role, sirens.is_empty(), region) {
        (RoleName::Declarant, false, None) => Ok(Role::Declarant(sirens)),
        (RoleName::Declarant, ..) => usage("un déclarant a un ou plusieurs --siren, et pas de --region"),
        (RoleName::Sgar, true, Some(region)) => Ok(Role::Sgar(region)),
        (RoleName::Sgar, ..) => usage("un SGAR a une --region, et pas de --siren"),
        (_, false, _) | (_, _, Some(_)) => usage("ce rôle n’a ni --siren ni --region"),
        (RoleName::Instructor, ..) => Ok(Role::Instructor),
        (RoleName::Manager, ..) => Ok(Role::Manager),
        (RoleName::Observer, ..) => Ok(Role::Observer),
        (RoleName::Administrator, ..) => Ok(Role::Administrator),
    }
}

fn describe(listed: &Listed, now: crate::domain::instant::Instant) -> String {
    let Listed { token, holder } = listed;
    let state = match token.revoked_at {
        Some(at) => format!("révoqué le {at}"),
        None if token.serves(now) => format!("valable jusqu’au {}", token.expires_at),
        None => format!("expiré le {}", token.expires_at),
    };
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.code()).collect();
    format!(
        "{}  {}  {} ({})  {}  {state}",
        token.id,
        holder.as_deref().unwrap_or("(effacé)"),
        token.role.code(),
        perimeter(&token.role),
        scopes.join(" ")
    )
}
