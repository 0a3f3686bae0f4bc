//! `eapd derogation …`: decisions about one collectivity (rule 4).

use clap::Subcommand;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::domain::day::Day;
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::service::derogation;

/// What to decide.
#[derive(Debug, Subcommand)]
pub enum DerogationCommand {
    /// Rouvre le dépôt pour une collectivité jusqu’à un jour inclus
    Filing {
        /// SIREN de la collectivité
        siren: Siren,
        /// Année de la campagne
        #[arg(long)]
        campaign: CampaignYear,
        /// Dernier jour inclus
        #[arg(long)]
        until: Day,
        /// Motif de la décision
        #[arg(long)]
        reason: String,
    },
    /// Rend une collectivité éligible à un appel à projets
    Eligibility {
        /// SIREN de la collectivité
        siren: Siren,
        /// Code ou année de l’appel
        #[arg(long)]
        call: String,
        /// Motif de la décision
        #[arg(long)]
        reason: String,
    },
    /// Met fin à une dérogation
    Revoke {
        /// Numéro de la dérogation
        id: i32,
        /// Motif de la décision
        #[arg(long)]
        reason: String,
    },
}

/// Runs one of them.
pub async fn run(command: DerogationCommand) -> Result<(), CliError> {
    let (app, actor) = context::open().await?;
    match command {
        DerogationCommand::Filing { siren, campaign, until, reason } => {
            let id = derogation::grant_filing(&app, &actor, siren, campaign, until, &reason).await?;
            say(format_args!(
                "Dérogation de dépôt n°\u{a0}{id}\u{a0}: {siren} peut déposer jusqu’au {} inclus.",
                until.to_long()
            ));
        }
        DerogationCommand::Eligibility { siren, call, reason } => {
            let id = derogation::grant_eligibility(&app, &actor, siren, &call, &reason).await?;
            say(format_args!(
                "Dérogation d’éligibilité n°\u{a0}{id}\u{a0}: {siren} est éligible à l’appel {call}."
            ));
        }
        DerogationCommand::Revoke { id, reason } => {
            derogation::revoke(&app, &actor, id, &reason).await?;
            say(format_args!("Dérogation n°\u{a0}{id} révoquée."));
        }
    }
    Ok(())
}
