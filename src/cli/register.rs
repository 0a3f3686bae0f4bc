//! `eapd register`: millésimes, decisions and mergers of the register, and what it knows of a body.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::context;
use crate::cli::output::{CliError, say};
use crate::domain::collectivity::CollectivityKind;
use crate::domain::day::Day;
use crate::domain::eligibility::DescentKind;
use crate::domain::register::{ALWAYS, Body, State, Summary};
use crate::domain::siren::Siren;
use crate::domain::text::thousands;
use crate::service::register::{
    self, InputError, Merger, Progress, Relative, Sheet, read_decisions, read_package,
};

/// What to do with the register.
#[derive(Debug, Subcommand)]
pub enum RegisterCommand {
    /// Importe un millésime du paquet npm @etalab/decoupage-administratif, ou un CSV de décisions
    Import {
        /// Dossier du paquet, ou fichier CSV
        path: PathBuf,
        /// Année du paquet, quand sa version ne la dit pas
        #[arg(long)]
        millesime: Option<u16>,
    },
    /// Enregistre une fusion
    Merge {
        /// SIREN de ceux qui disparaissent
        #[arg(required = true)]
        sirens: Vec<Siren>,
        /// SIREN de celui qui leur succède
        #[arg(long)]
        into: Siren,
        /// Premier jour du nouvel état, AAAA-MM-JJ ou JJ/MM/AAAA
        #[arg(long)]
        on: Day,
        /// Motif, par exemple l’arrêté
        #[arg(long)]
        reason: String,
        /// Celui qui succède existait déjà (sinon il naît ce jour-là)
        #[arg(long)]
        absorb: bool,
    },
    /// Montre ce que le registre sait d’un organisme
    Show {
        /// Son SIREN
        siren: Siren,
    },
}

/// Runs one of them.
pub async fn run(command: RegisterCommand) -> Result<(), CliError> {
    match command {
        RegisterCommand::Import { path, millesime } if path.is_dir() => import(path, millesime).await,
        RegisterCommand::Import { millesime: Some(_), .. } => {
            Err(CliError::Usage("--millesime ne vaut que pour un dossier du paquet".to_owned()))
        }
        RegisterCommand::Import { path, .. } => decide(&path).await,
        RegisterCommand::Merge { sirens, into, on, reason, absorb } => {
            let (app, actor) = context::open().await?;
            let merger = Merger { from: sirens, into, on, absorbs: absorb, reason };
            say(told(&register::merge(&app, &actor, &merger).await?));
            Ok(())
        }
        RegisterCommand::Show { siren } => {
            let (app, _) = context::open().await?;
            match register::show(&app, siren).await? {
                Some(sheet) => say(shown(&sheet)),
                None => return Err(CliError::Refused(format!("le SIREN {siren} n’est pas au registre"))),
            }
            Ok(())
        }
    }
}

async fn import(folder: PathBuf, given: Option<u16>) -> Result<(), CliError> {
    let (app, actor) = context::open().await?;
    let package = tokio::task::spawn_blocking(move || read_package(&folder))
        .await
        .map_err(|error| CliError::Environment(error.to_string()))??;
    let bar = Bar::new();
    let imported = register::import(&app, &actor, &package, given, &bar).await;
    bar.clear();
    let (millesime, summary) = imported?;
    let kinds: Vec<String> = summary
        .kinds
        .iter()
        .map(|(kind, count)| format!("{} {}", thousands(*count), plural(*kind, *count)))
        .collect();
    say(format_args!(
        "Millésime {millesime} (paquet {})\u{a0}: {} organismes, dont {}.",
        package.version,
        thousands(summary.bodies()),
        kinds.join(", ")
    ));
    if summary.incomplete > 0 {
        say(format_args!("À compléter (sans SIREN)\u{a0}: {}.", thousands(summary.incomplete)));
    }
    say(told(&summary));
    Ok(())
}

async fn decide(path: &Path) -> Result<(), CliError> {
    let file = read_decisions(path)?;
    let (app, actor) = context::open().await?;
    let bar = Bar::new();
    let decided = register::decide(&app, &actor, &file, &bar).await;
    bar.clear();
    say(told(&decided?));
    Ok(())
}

impl From<InputError> for CliError {
    fn from(error: InputError) -> Self {
        match error {
            InputError::File(text) => Self::Environment(text),
            InputError::Content(text) => Self::Refused(text),
        }
    }
}

/// A bar on a terminal, nothing elsewhere.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("Écriture {bar:40} {percent}\u{a0}%") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Takes it off the terminal.
    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn total(&self, rows: u64) {
        self.0.set_length(rows);
    }

    fn advance(&self, rows: u64) {
        self.0.inc(rows);
    }
}

/// What was done, then what deserves a look.
fn told(summary: &Summary) -> String {
    let mut text = if summary.is_unchanged() {
        "Rien de nouveau\u{a0}: le registre n’a pas changé.".to_owned()
    } else {
        format!(
            "Ajoutés\u{a0}: {}. Modifiés\u{a0}: {}. Disparus\u{a0}: {}. Inchangés\u{a0}: {}.",
            thousands(summary.created),
            thousands(summary.changed),
            thousands(summary.closed),
            thousands(summary.unchanged)
        )
    };
    for notice in &summary.notices {
        text.push_str("\nÀ voir\u{a0}: ");
        text.push_str(notice);
        text.push('.');
    }
    text
}

fn shown(Sheet { body, predecessors, successors }: &Sheet) -> String {
    let mut text = body.named();
    let mut line = |label: &str, value: &str| {
        // A string takes everything.
        let _ = write!(text, "\n{label}\u{a0}: {value}");
    };
    line("Existence", &existence(body));
    for state in latest_of_each_year(body) {
        line(&since(state.from_year), &described(state));
    }
    for association in &body.associations {
        let to = association.to_year.map(|to| format!(" jusqu’en {to}")).unwrap_or_default();
        let when = format!("{}{to}", since(association.from_year).to_lowercase());
        line("Région associée", &format!("{} ({when})", association.region));
    }
    for (label, relatives) in [("Succède à", predecessors), ("Lui succède", successors)] {
        for relative in relatives {
            line(label, &related(relative));
        }
    }
    if body.millesime > 0 {
        line("Dernier millésime", &body.millesime.to_string());
    }
    text
}

fn existence(body: &Body) -> String {
    let from =
        body.exists_from.map_or("début inconnu".to_owned(), |day| format!("depuis le {}", day.to_long()));
    body.exists_until.map_or(from.clone(), |day| format!("{from}, jusqu’au {}", day.to_long()))
}

/// The states that count: of each year the last one.
fn latest_of_each_year(body: &Body) -> impl Iterator<Item = &State> {
    let is_last = |state: &&State| body.at(state.from_year) == Some(*state);
    body.states.iter().filter(is_last)
}

fn since(year: u16) -> String {
    if year == ALWAYS { "Depuis toujours".to_owned() } else { format!("Depuis {year}") }
}

fn described(state: &State) -> String {
    let attributes = &state.attributes;
    let departement =
        attributes.departement.as_ref().map(|code| format!(", département {code}")).unwrap_or_default();
    let population = attributes
        .population
        .map(|count| format!(", {}\u{a0}habitants", thousands(u64::from(count))))
        .unwrap_or_default();
    format!(
        "{}, {}, code {}{departement}, région {}{population} ({})",
        attributes.name,
        attributes.kind,
        attributes.code,
        attributes.region,
        state.reason.told()
    )
}

fn related(relative: &Relative) -> String {
    let how = if relative.kind == DescentKind::Split { "scission" } else { "fusion" };
    format!("{} ({}), {how} du {}, {}", relative.name, relative.siren, relative.on.to_long(), relative.reason)
}

fn plural(kind: CollectivityKind, count: u64) -> &'static str {
    match (kind, count > 1) {
        (CollectivityKind::Region, true) => "régions",
        (CollectivityKind::Departement, true) => "départements",
        (CollectivityKind::Commune, true) => "communes",
        (CollectivityKind::Cc, true) => "communautés de communes",
        (CollectivityKind::Ca, true) => "communautés d’agglomération",
        (CollectivityKind::Cu, true) => "communautés urbaines",
        (CollectivityKind::Metropole, true) => "métropoles",
        (CollectivityKind::Ept, true) => "établissements publics territoriaux",
        (CollectivityKind::Syndicat, true) => "syndicats",
        (CollectivityKind::Ctu, true) => "collectivités territoriales uniques",
        (CollectivityKind::Com, true) => "collectivités d’outre-mer",
        (CollectivityKind::Other, true) => "autres groupements",
        (kind, false) => kind.label(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_when_nothing_changed() {
        let mut summary = Summary { unchanged: 12, ..Summary::default() };
        assert!(told(&summary).starts_with("Rien de nouveau"));
        summary.created = 1;
        summary.notices.push("regardez".to_owned());
        assert!(told(&summary).contains("Ajoutés") && told(&summary).ends_with("regardez."));
    }
}
