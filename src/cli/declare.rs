//! `eapd declare …`: lines from files, filings, managers' versions.

#![expect(clippy::doc_markdown, reason = "doc comments are the help that people read")]

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::app::App;
use crate::cli::context;
use crate::cli::files::{beside, keep, read};
use crate::cli::output::{CliError, complain, say};
use crate::domain::declaration::Receipt;
use crate::domain::field::RawLine;
use crate::domain::role::Actor;
use crate::domain::siren::Siren;
use crate::domain::year::{CampaignYear, FlowYear};
use crate::service::declaration::Signatory;
use crate::service::declaration::export::{Form, export};
use crate::service::declaration::file::{self, Content, Request};
use crate::service::declaration::import::{self, Mode};
use crate::service::declaration::{bulk, version};

/// What to do with a declaration.
#[derive(Debug, Subcommand)]
pub enum DeclareCommand {
    /// Importe des lignes (CSV ou XLSX) dans le brouillon d’une collectivité
    Import(Import),
    /// Exporte les lignes déposées, dans les colonnes de l’import
    Export {
        /// SIREN de la collectivité
        siren: Siren,
        /// Exercice (année des versements)
        #[arg(long)]
        flow_year: FlowYear,
        /// Fichier à écrire, .csv ou .xlsx
        #[arg(long)]
        out: PathBuf,
    },
    /// Dépose les déclarations reçues sur papier, toutes ou aucune
    Bulk {
        /// Fichier : siren;signataire_nom;signataire_fonction;piece;neant;… puis les colonnes des lignes
        file: PathBuf,
        /// Année de la campagne
        #[arg(long)]
        campaign: CampaignYear,
        /// Vérifie tout, n’enregistre rien
        #[arg(long)]
        dry_run: bool,
    },
    /// Rectifie une déclaration : toutes ses lignes, dans un fichier
    Rectify(Version),
    /// Annule une déclaration
    Annul(Version),
    /// Reprend une déclaration reçue hors délai ; sans fichier, un néant
    TakeOver(Version),
}

/// An import of lines.
#[derive(Debug, Args)]
pub struct Import {
    /// Fichier CSV ou XLSX
    file: PathBuf,
    /// SIREN de la collectivité
    #[arg(long)]
    siren: Siren,
    /// Année de la campagne
    #[arg(long)]
    campaign: CampaignYear,
    /// Ajoute les lignes au lieu de remplacer la liste
    #[arg(long)]
    add: bool,
    /// Dépose la déclaration après l’import
    #[arg(long, requires = "signatory", requires = "function", conflicts_with = "dry_run")]
    submit: bool,
    /// Nom de la personne qui signe
    #[arg(long)]
    signatory: Option<String>,
    /// Fonction de la personne qui signe
    #[arg(long)]
    function: Option<String>,
    /// Montre ce qui changerait, n’enregistre rien
    #[arg(long)]
    dry_run: bool,
}

/// A manager's version.
#[derive(Debug, Args)]
pub struct Version {
    /// SIREN de la collectivité
    siren: Siren,
    /// Exercice (année des versements)
    #[arg(long)]
    flow_year: FlowYear,
    /// Motif de la décision
    #[arg(long)]
    reason: String,
    /// Référence de la pièce qui la fonde
    #[arg(long)]
    piece: String,
    /// Fichier des lignes, CSV ou XLSX
    file: Option<PathBuf>,
}

/// Runs one of them.
pub async fn run(command: DeclareCommand) -> Result<(), CliError> {
    let (app, actor) = context::open().await?;
    match command {
        DeclareCommand::Import(import) => run_import(&app, &actor, import).await,
        DeclareCommand::Export { siren, flow_year, out } => {
            let form = match out.extension().and_then(|extension| extension.to_str()) {
                Some("csv") => Form::Csv,
                Some("xlsx") => Form::Xlsx,
                _ => return Err(CliError::Usage("donnez un fichier en .csv ou en .xlsx".to_owned())),
            };
            let file = beside(&out)?;
            let count = export(&app, &actor, (siren, flow_year), form, file.as_file()).await?;
            keep(file, &out)?;
            say(format_args!("{}\u{a0}: {count} ligne(s).", out.display()));
            Ok(())
        }
        DeclareCommand::Bulk { file, campaign, dry_run } => {
            let done = bulk::file_all(&app, &actor, campaign, &read(&file)?, dry_run).await?;
            warn(&done.warnings);
            for receipt in &done.receipts {
                say(format_args!("{}\u{a0}: récépissé {}", receipt.siren, receipt.number));
            }
            let verb = if dry_run { "à déposer" } else { "déposée(s)" };
            say(format_args!("{} déclaration(s) {verb}, {} ligne(s).", done.declarations, done.lines));
            Ok(())
        }
        DeclareCommand::Rectify(asked) => {
            let lines = file_lines(asked.file.as_deref())?;
            decide(&app, &actor, asked, version::Decision::Rectify(lines)).await
        }
        DeclareCommand::Annul(asked) => {
            if asked.file.is_some() {
                return Err(CliError::Usage("une annulation n’a pas de fichier".to_owned()));
            }
            decide(&app, &actor, asked, version::Decision::Annul).await
        }
        DeclareCommand::TakeOver(asked) => {
            let lines = file_lines(asked.file.as_deref())?;
            decide(&app, &actor, asked, version::Decision::TakeOver(lines)).await
        }
    }
}

async fn run_import(app: &App, actor: &Actor, asked: Import) -> Result<(), CliError> {
    let (siren, year) = (asked.siren, asked.campaign.flow_year());
    let mode = if asked.add { Mode::Add } else { Mode::Replace };
    let bytes = read(&asked.file)?;
    let signatory =
        Signatory { name: asked.signatory.unwrap_or_default(), function: asked.function.unwrap_or_default() };
    if asked.submit {
        // A refusal leaves no draft behind.
        file::refuse_early(app, actor, (siren, year), &signatory, app.now()).await?;
    }
    let imported = import::import(app, actor, (siren, year), &bytes, mode, asked.dry_run).await?;
    warn(&imported.warnings);
    say(&imported.changes);
    let Some(revision) = imported.revision else {
        say(format_args!(
            "Essai à blanc\u{a0}: {} ligne(s) seraient au brouillon, rien n’a été enregistré.",
            imported.lines
        ));
        return Ok(());
    };
    say(format_args!("Brouillon de {siren} pour {year}\u{a0}: {} ligne(s).", imported.lines));
    if !asked.submit {
        return Ok(());
    }
    let request = Request {
        siren,
        flow_year: year,
        content: Content::Draft(revision),
        signatory,
        document: None,
        received_at: app.now(),
        idempotency: None,
    };
    tell(&file::file(app, actor, &request).await?);
    Ok(())
}

async fn decide(
    app: &App,
    actor: &Actor,
    asked: Version,
    decision: version::Decision,
) -> Result<(), CliError> {
    let Version { siren, flow_year, reason, piece, .. } = asked;
    tell(&version::decide(app, actor, siren, flow_year, &decision, &reason, &piece).await?);
    Ok(())
}

fn tell(receipt: &Receipt) {
    say(format_args!("Version {} déposée le {}.", receipt.version, receipt.issued_at));
    say(format_args!("Récépissé {}", receipt.number));
    say(format_args!("SHA-256 {}", receipt.sha256));
}

fn warn(warnings: &[impl std::fmt::Display]) {
    for warning in warnings {
        complain(format_args!("À vérifier\u{a0}: {warning}"));
    }
}

fn file_lines(path: Option<&Path>) -> Result<Vec<RawLine>, CliError> {
    let Some(path) = path else { return Ok(vec![]) };
    Ok(import::lines_of_file(&read(path)?)?)
}
