//! `eapd report`: list, produce, release and verify reports (rule 12).

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::context;
use crate::cli::files::{beside, keep};
use crate::cli::output::{CliError, say};
use crate::domain::release::Release;
use crate::domain::year::FlowYear;
use crate::service::report::{self, Audience, Format, Released, ReportName, Request, Unit};

/// Reports: `list`, `release` and `verify`, or the name of the one to produce.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true
)]
pub struct ReportCommand {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    produce: Option<Produce>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Liste les rapports, leurs formats et leurs éditions publiées
    List,
    /// Publie une édition d’un rapport, une fois la campagne arrêtée
    Release(Whole),
    /// Vérifie les éditions publiées : octets stockés, et dernière édition recalculée
    Verify(Whole),
}

/// A report of a flow year, in every format.
#[derive(Debug, Args)]
struct Whole {
    /// Rapport : son nom, tel que `report list` le donne
    name: ReportName,
    /// Exercice : année des versements
    #[arg(long)]
    flow_year: FlowYear,
}

/// What to produce, and where.
#[derive(Debug, Args)]
struct Produce {
    /// Rapport à produire : son nom, tel que `report list` le donne
    name: ReportName,
    /// Exercice : année des versements
    #[arg(long)]
    flow_year: FlowYear,
    /// Format : xlsx, xml, csv
    #[arg(long)]
    format: Format,
    /// Code INSEE d’une région, ou HORS ; toutes sans cette option
    #[arg(long)]
    region: Option<String>,
    /// Unité des montants : 1 (euros) ou 1000 (milliers d’euros)
    #[arg(long, value_parser = unit)]
    unit: Option<Unit>,
    /// Édition publiée ; la dernière sans cette option
    #[arg(long)]
    edition: Option<u32>,
    /// Fichier à écrire
    #[arg(long)]
    out: PathBuf,
}

fn unit(text: &str) -> Result<Unit, String> {
    let factor = text.parse().ok().and_then(Unit::from_factor);
    factor.ok_or_else(|| "l’unité est 1 (euros) ou 1000 (milliers d’euros)".to_owned())
}

/// Runs `report`.
pub async fn run(command: ReportCommand) -> Result<(), CliError> {
    match (command.action, command.produce) {
        (Some(Action::List), _) => list().await,
        (Some(Action::Release(whole)), _) => release(&whole).await,
        (Some(Action::Verify(whole)), _) => verify(&whole).await,
        (None, Some(wanted)) => produce(wanted).await,
        (None, None) => Err(CliError::Usage(
            "dites quoi faire\u{a0}: list, release, verify, ou le nom d’un rapport".to_owned(),
        )),
    }
}

async fn list() -> Result<(), CliError> {
    let (app, _actor) = context::open().await?;
    for name in ReportName::ALL {
        let formats: Vec<&str> = name.formats().iter().map(|format| format.code()).collect();
        say(format_args!("{name}\u{a0}: {} ({})", name.title(), formats.join(", ")));
    }
    let editions = report::editions(&app).await?;
    if editions.is_empty() {
        say("Aucune édition publiée.");
    }
    for release in &editions {
        say(describe(release));
    }
    Ok(())
}

fn describe(release: &Release) -> String {
    format!(
        "{} {} édition {} {} du {}\u{a0}: {} ligne(s), {}, SHA-256 {}",
        release.name,
        release.flow_year,
        release.edition,
        release.format,
        release.released_at.day_in_paris().to_long(),
        release.line_count,
        release.total_own,
        release.sha256
    )
}

async fn release(whole: &Whole) -> Result<(), CliError> {
    let (app, actor) = context::open().await?;
    let bar = bar();
    let done = report::release(&app, &actor, whole.name, whole.flow_year, &|at, of| step(&bar, at, of)).await;
    bar.finish_and_clear();
    let (told, releases) = match done? {
        Released::Edition(releases) => ("Édition publiée.", releases),
        Released::Unchanged(releases) => {
            ("Rien n’a changé depuis la dernière édition, qui reste en vigueur.", releases)
        }
    };
    for release in &releases {
        say(describe(release));
    }
    say(told);
    Ok(())
}

async fn verify(whole: &Whole) -> Result<(), CliError> {
    let (app, _actor) = context::open().await?;
    let bar = bar();
    let checked = report::verify(&app, whole.name, whole.flow_year, &|at, of| step(&bar, at, of)).await;
    bar.finish_and_clear();
    let checked = checked?;
    for file in &checked {
        say(format_args!(
            "édition {} {}\u{a0}: {}",
            file.release.edition,
            file.release.format,
            file.finding.sentence()
        ));
    }
    match checked.iter().filter(|file| file.finding.is_wrong()).count() {
        0 => Ok(()),
        wrong => Err(CliError::Refused(format!("{wrong} fichier(s) à examiner"))),
    }
}

async fn produce(wanted: Produce) -> Result<(), CliError> {
    let (app, _actor) = context::open().await?;
    let request = Request {
        name: wanted.name,
        flow_year: wanted.flow_year,
        format: wanted.format,
        region: wanted.region,
        unit: wanted.unit,
        edition: wanted.edition,
        audience: Audience::Administration,
    };
    let file = beside(&wanted.out)?;
    let bar = bar();
    let produced = report::produce(&app, &request, file.as_file(), &|at, of| step(&bar, at, of)).await;
    bar.finish_and_clear();
    let produced = produced?;
    keep(file, &wanted.out)?;
    say(format_args!("{}\u{a0}: {} ligne(s).", wanted.out.display(), produced.rows));
    say(produced.status.sentence());
    Ok(())
}

/// A bar on a terminal; nothing elsewhere.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} lignes, reste {eta}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn step(bar: &ProgressBar, at: u64, of: u64) {
    bar.set_length(of);
    bar.set_position(at);
}
