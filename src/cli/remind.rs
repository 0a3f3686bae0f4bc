//! `eapd remind`: sends a step of the reminders of a campaign, once.

use clap::Args;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::domain::reminder::Step;
use crate::domain::year::CampaignYear;
use crate::service::reminder;

/// Which step, to whom.
#[derive(Debug, Args)]
pub struct Remind {
    /// Année de la campagne
    campaign: CampaignYear,
    /// Étape : J-30, J-10, J-2 ou J+1
    step: Step,
    /// Une seule région, par son code INSEE, ou HORS
    #[arg(long)]
    region: Option<String>,
    /// Compte les destinataires et n’envoie rien
    #[arg(long)]
    dry_run: bool,
}

/// Sends it, or counts who would get it.
pub async fn run(asked: Remind) -> Result<(), CliError> {
    let Remind { campaign, step, region, dry_run } = asked;
    let (app, actor) = context::open().await?;
    let region = region.as_deref();
    if dry_run {
        let plan = reminder::plan(&app, &actor, campaign, Some(step), region).await?;
        say(format_args!(
            "{}, étape {step}\u{a0}: {} collectivité(s) à relancer, {} courriel(s), {} déjà relancée(s), {} à joindre autrement.",
            plan.territory,
            plan.targets.len(),
            plan.mails(),
            plan.reminded,
            plan.unreachable.len()
        ));
        say("Essai\u{a0}: rien n’a été envoyé.");
        return Ok(());
    }
    let done = reminder::launch(&app, &actor, campaign, step, (region, None)).await?;
    say(format_args!(
        "{} collectivité(s) relancée(s), {} courriel(s) en file d’envoi.",
        done.bodies, done.mails
    ));
    Ok(())
}
