//! `eapd campaign …`: the decisions about a campaign (rule 2).

use clap::Subcommand;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::domain::campaign::{Campaign, CampaignState};
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::window::Window;
use crate::domain::year::CampaignYear;
use crate::service::campaign;

/// What to do with a campaign.
#[derive(Debug, Subcommand)]
pub enum CampaignCommand {
    /// Crée la campagne d’une année, et l’appel à projets AAP-ANNÉE
    Create {
        /// Année de la campagne (elle porte sur l’année d’avant)
        year: CampaignYear,
        /// Premier jour (AAAA-MM-JJ), par défaut le 15 avril
        #[arg(long)]
        opens: Option<Day>,
        /// Dernier jour inclus (AAAA-MM-JJ), par défaut le 15 juin
        #[arg(long)]
        closes: Option<Day>,
        /// Ne crée pas l’appel à projets
        #[arg(long)]
        no_call: bool,
    },
    /// Change les dates d’une campagne qui n’est pas encore ouverte
    Plan {
        /// Année de la campagne
        year: CampaignYear,
        /// Premier jour
        #[arg(long)]
        opens: Day,
        /// Dernier jour inclus
        #[arg(long)]
        closes: Day,
    },
    /// Recule la clôture pour tout le monde (prorogation)
    Extend {
        /// Année de la campagne
        year: CampaignYear,
        /// Nouveau dernier jour inclus
        #[arg(long)]
        until: Day,
        /// Motif de la décision
        #[arg(long)]
        reason: String,
    },
    /// Arrête une campagne échue
    Settle {
        /// Année de la campagne
        year: CampaignYear,
    },
    /// Publie une campagne arrêtée
    Publish {
        /// Année de la campagne
        year: CampaignYear,
    },
    /// Annule une campagne qui n’est pas encore ouverte
    Cancel {
        /// Année de la campagne
        year: CampaignYear,
        /// Motif de la décision
        #[arg(long)]
        reason: String,
    },
    /// Dit où en est une campagne
    Status {
        /// Année de la campagne
        year: CampaignYear,
    },
}

/// Runs one of them.
pub async fn run(command: CampaignCommand) -> Result<(), CliError> {
    let (app, actor) = context::open().await?;
    let campaign = match command {
        CampaignCommand::Create { year, opens, closes, no_call } => {
            let default = Window::default_for(year);
            let window = Window::new(
                opens.unwrap_or_else(|| default.opens_on()),
                closes.unwrap_or_else(|| default.closes_on()),
            );
            let window = window.map_err(|error| CliError::Refused(error.to_string()))?;
            campaign::create(&app, &actor, year, Some(window), !no_call).await?
        }
        CampaignCommand::Plan { year, opens, closes } => {
            let window = Window::new(opens, closes).map_err(|error| CliError::Refused(error.to_string()))?;
            campaign::plan(&app, &actor, year, window).await?
        }
        CampaignCommand::Extend { year, until, reason } => {
            campaign::extend(&app, &actor, year, until, &reason).await?
        }
        CampaignCommand::Settle { year } => {
            let standing = campaign::settle(&app, &actor, year).await?;
            say(format_args!("{} version(s) déposée(s) à l’arrêt.", standing.filings));
            standing.campaign
        }
        CampaignCommand::Publish { year } => campaign::publish(&app, &actor, year).await?,
        CampaignCommand::Cancel { year, reason } => campaign::cancel(&app, &actor, year, &reason).await?,
        CampaignCommand::Status { year } => {
            let standing = campaign::standing(&app, year).await?;
            say(format_args!("{} version(s) déposée(s).", standing.filings));
            standing.campaign
        }
    };
    say(describe(&campaign, app.now()));
    Ok(())
}

/// Where a campaign stands, in one French paragraph.
fn describe(campaign: &Campaign, at: Instant) -> String {
    let (year, state) = (campaign.year, campaign.state(at));
    let window = format!(
        "du {} au {} inclus (heure de Paris)",
        campaign.window.opens_on().to_long(),
        campaign.closes_on(at).to_long()
    );
    let extended = if campaign.extensions.is_empty() { "" } else { ", prorogée" };
    let label = state.label();
    let first = label.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let rest: String = label.chars().skip(1).collect();
    let note = match state {
        CampaignState::Open => "\u{a0}: les déclarations sont reçues",
        CampaignState::Over => "\u{a0}: elle peut être arrêtée",
        CampaignState::Settled => "\u{a0}: les rapports peuvent être arrêtés, elle peut être publiée",
        CampaignState::Planned | CampaignState::Published | CampaignState::Cancelled => "",
    };
    format!("Campagne {year} (exercice {}), {window}{extended}. {first}{rest}{note}.", year.flow_year())
}
