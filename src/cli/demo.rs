//! `eapd demo`: fills a new database with a demonstration, small or of national scale.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::cli::register::Bar;
use crate::config::Config;
use crate::domain::euros::Euros;
use crate::domain::register::Package;
use crate::domain::text::thousands;
use crate::service::demo::scale::{self, Figures, Outcome, Plan, Scale};
use crate::service::demo::{self, DemoError};
use crate::service::register::read_package;
use crate::service::token::perimeter;

/// Where the register comes from.
#[derive(Debug, Args)]
pub struct Demo {
    /// Dossier du paquet npm @etalab/decoupage-administratif
    #[arg(long, default_value = "node_modules/@etalab/decoupage-administratif")]
    register: PathBuf,
    /// Nombre de lignes en vigueur, de 1000 à 1000000 : dix exercices sur tout le registre
    #[arg(long, value_name = "N")]
    scale: Option<Scale>,
    /// Graine des tirages : la même donne la même base
    #[arg(long, requires = "scale", default_value_t = scale::SEED)]
    seed: u64,
}

/// Builds the demonstration, once.
pub async fn run(asked: Demo) -> Result<(), CliError> {
    let config = Config::load()?;
    let folder = asked.register;
    let package = tokio::task::spawn_blocking(move || read_package(&folder))
        .await
        .map_err(|error| CliError::Environment(error.to_string()))??;
    match asked.scale.map(|scale| scale.plan(asked.seed)) {
        None => small(config, &package).await?,
        Some(plan) => national(config, &package, plan).await?,
    }
    let (app, actor) = context::open().await?;
    say("Jetons de démonstration pour l’API, renouvelés à chaque lancement\u{a0}:");
    for made in demo::tokens::renew(&app, &actor).await? {
        let (role, on) = (made.token.role.code(), perimeter(&made.token.role));
        say(format_args!("  {role:<15} {on:<12} {}", made.secret));
    }
    say("Comptes de démonstration (agents fictifs), mots de passe renouvelés à chaque lancement\u{a0}:");
    for account in demo::accounts::renew(&app, &actor).await? {
        let state = if account.is_attached { "rattaché à" } else { "en attente de" };
        say(format_args!("  {:<40} {}  {state} {}", account.email, account.password, account.siren));
    }
    for member in demo::staff::renew(&app, &actor).await? {
        say(format_args!("  {:<40} {}  {}", member.email, member.password, member.role.label()));
    }
    say("Ces derniers demandent aussi un code\u{a0}: la page /demo/codes les montre.");
    Ok(())
}

async fn small(config: Config, package: &Package) -> Result<(), CliError> {
    if let Some(done) = demo::build(config, package).await? {
        say(format_args!(
            "Démonstration prête\u{a0}: {} collectivités au registre, {} participantes (montants fictifs).",
            done.bodies, done.participants
        ));
        say(format_args!(
            "Campagne ouverte\u{a0}: {} déclarations, {} néants, {} brouillons\u{a0}; {} montants antérieurs.",
            done.declared, done.nil, done.drafts, done.past_amounts
        ));
        return Ok(());
    }
    let (app, _actor) = context::open().await?;
    match scale::held(&app).await? {
        None => say("La démonstration est déjà en place."),
        Some(plan) => present(plan),
    }
    Ok(())
}

/// The demonstration at national scale, with a bar on a terminal.
async fn national(config: Config, package: &Package, plan: Plan) -> Result<(), CliError> {
    let bar = Bar::new();
    let outcome = scale::build(config, package, plan, &bar).await;
    bar.clear();
    match outcome? {
        Outcome::Built(figures) => say(told(&figures)),
        Outcome::Present(Some(present_plan)) if present_plan == plan => {
            say("La démonstration est déjà en place, à cette échelle.");
        }
        Outcome::Present(Some(other)) => {
            present(other);
            say(OTHER);
        }
        Outcome::Present(None) => {
            say(
                "Une autre démonstration est déjà en place, sans échelle\u{a0}: elle est laissée telle quelle.",
            );
            say(OTHER);
        }
    }
    Ok(())
}

const OTHER: &str = "Pour en changer, effacez-la (make clean-data), puis recommencez.";

fn present(plan: Plan) {
    say(format_args!(
        "Une démonstration à l’échelle de {} lignes (graine {}) est déjà en place\u{a0}: elle est laissée telle quelle.",
        thousands(plan.lines().into()),
        plan.seed()
    ));
}

/// A table of the flow years, and their whole.
fn told(figures: &Figures) -> String {
    let count = |count: usize| thousands(u64::try_from(count).unwrap_or_default());
    let mut text = format!(
        "Démonstration prête\u{a0}: {} collectivités au registre, montants fictifs.\n",
        count(figures.bodies)
    );
    let row = |cells: [String; 6]| {
        let [year, declarations, nil, versions, lines, own] = cells;
        format!("{year:>8} {declarations:>13} {nil:>8} {versions:>9} {lines:>10} {own:>24}\n")
    };
    let header = ["exercice", "déclarations", "néants", "versions", "lignes", "ressources propres"];
    text.push_str(&row(header.map(str::to_owned)));
    for year in &figures.years {
        text.push_str(&row([
            year.year.to_string(),
            count(year.declarations),
            count(year.nil),
            thousands(u64::try_from(year.versions).unwrap_or_default()),
            thousands(year.lines),
            year.own.to_string(),
        ]));
    }
    let own = Euros::checked_sum(figures.years.iter().map(|year| year.own));
    text.push_str(&row([
        "total".to_owned(),
        count(figures.years.iter().map(|year| year.declarations).sum()),
        count(figures.years.iter().map(|year| year.nil).sum()),
        thousands(
            u64::try_from(figures.years.iter().map(|year| year.versions).sum::<i64>()).unwrap_or_default(),
        ),
        thousands(figures.years.iter().map(|year| year.lines).sum()),
        own.map(|own| own.to_string()).unwrap_or_default(),
    ]));
    text.truncate(text.trim_end().len());
    text
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
