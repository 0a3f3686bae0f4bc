//! `eapd demo`: fills a new database with a demonstration.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::config::Config;
use crate::service::demo::{self, DemoError};
use crate::service::register::read_package;
use crate::service::token::perimeter;

/// Where the register comes from.
#[derive(Debug, Args)]
pub struct Demo {
    /// Dossier du paquet npm @etalab/decoupage-administratif
    #[arg(long, default_value = "node_modules/@etalab/decoupage-administratif")]
    register: PathBuf,
}

/// Builds the demonstration, once.
pub async fn run(asked: Demo) -> Result<(), CliError> {
    let config = Config::load()?;
    let package = tokio::task::spawn_blocking(move || read_package(&asked.register))
        .await
        .map_err(|error| CliError::Environment(error.to_string()))??;
    match demo::build(config, &package).await? {
        None => say("La démonstration est déjà en place."),
        Some(done) => {
            say(format_args!(
                "Démonstration prête\u{a0}: {} collectivités au registre, {} participantes (montants fictifs).",
                done.bodies, done.participants
            ));
            say(format_args!(
                "Campagne ouverte\u{a0}: {} déclarations, {} néants, {} brouillons\u{a0}; {} montants antérieurs.",
                done.declared, done.nil, done.drafts, done.past_amounts
            ));
        }
    }
    let (app, actor) = context::open().await?;
    say("Jetons de démonstration pour l’API, renouvelés à chaque lancement\u{a0}:");
    for made in demo::tokens::renew(&app, &actor).await? {
        let (role, on) = (made.token.role.code(), perimeter(&made.token.role));
        say(format_args!("  {role:<15} {on:<12} {}", made.secret));
    }
    Ok(())
}

impl From<DemoError> for CliError {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Start(error) => error.into(),
            DemoError::Service(error) => error.into(),
            DemoError::Store(error) => error.into(),
            DemoError::NotDemo | DemoError::Incomplete => Self::Refused(error.to_string()),
        }
    }
}
