//! `eapd history import`, `eapd expected import`, `eapd contacts`, `eapd codelists check`: lists that the ministry keeps.

#![expect(clippy::doc_markdown, reason = "doc comments are the help that people read")]

use std::path::PathBuf;

use clap::Subcommand;

use crate::cli::context;
use crate::cli::files::read;
use crate::cli::output::{CliError, complain, say};
use crate::domain::account::{Email, EmailError};
use crate::domain::codes::{CHECKED_YEARS, CodeLists, check};
use crate::domain::year::CampaignYear;
use crate::service::{contact, expected, history};

/// Past amounts.
#[derive(Debug, Subcommand)]
pub enum HistoryCommand {
    /// Reprend les montants d’avant le service (CSV ou XLSX)
    Import {
        /// Fichier : siren;exercice;montant;neant;date_depot;source
        file: PathBuf,
    },
}

/// Expected bodies.
#[derive(Debug, Subcommand)]
pub enum ExpectedCommand {
    /// Ajoute une liste de collectivités attendues (CSV ou XLSX)
    Import {
        /// Fichier : siren;motif
        file: PathBuf,
        /// Année de la campagne
        #[arg(long)]
        campaign: CampaignYear,
    },
}

/// Contacts of collectivities.
#[derive(Debug, Subcommand)]
pub enum ContactsCommand {
    /// Enregistre des contacts de collectivités (CSV ou XLSX) ; ce qu’un agent a confirmé reste
    Import {
        /// Fichier : siren;courriel;source, et nom;fonction si on les connaît
        file: PathBuf,
        /// Vérifie tout et n’enregistre rien
        #[arg(long)]
        dry_run: bool,
    },
    /// Oublie une adresse, dans toutes les collectivités, à la demande de qui la lit
    Forget {
        /// Adresse
        email: String,
    },
}

/// Code lists.
#[derive(Debug, Subcommand)]
pub enum CodelistsCommand {
    /// Vérifie les tables de codes : clés, dates, parents, orphelins, ligne minimale de chaque nature
    Check,
}

/// Runs `history`.
pub async fn run_history(command: HistoryCommand) -> Result<(), CliError> {
    let HistoryCommand::Import { file } = command;
    let bytes = read(&file)?;
    let (app, actor) = context::open().await?;
    let done = history::import(&app, &actor, &bytes).await?;
    say(format_args!(
        "{} montant(s) ajouté(s), {} corrigé(s), {} déjà connu(s).",
        done.added, done.corrected, done.unchanged
    ));
    Ok(())
}

/// Runs `expected`.
pub async fn run_expected(command: ExpectedCommand) -> Result<(), CliError> {
    let ExpectedCommand::Import { file, campaign } = command;
    let bytes = read(&file)?;
    let (app, actor) = context::open().await?;
    let done = expected::import(&app, &actor, campaign, &bytes).await?;
    say(format_args!("{} collectivité(s) ajoutée(s), {} déjà attendue(s).", done.added, done.unchanged));
    Ok(())
}

/// Runs `contacts`.
pub async fn run_contacts(command: ContactsCommand) -> Result<(), CliError> {
    match command {
        ContactsCommand::Import { file, dry_run } => {
            let bytes = read(&file)?;
            let (app, actor) = context::open().await?;
            let done = contact::import(&app, &actor, &bytes, dry_run).await?;
            say(format_args!(
                "{} contact(s) ajouté(s), {} dont la source, le nom ou la fonction change, {} déjà connu(s).",
                done.added, done.updated, done.unchanged
            ));
            if dry_run {
                say("Essai\u{a0}: rien n’a été enregistré.");
            }
        }
        ContactsCommand::Forget { email } => {
            let email: Email =
                email.parse().map_err(|error: EmailError| CliError::Usage(error.to_string()))?;
            let (app, actor) = context::open().await?;
            let gone = contact::forget(&app, &actor, &email).await?;
            say(format_args!("Adresse oubliée\u{a0}: {gone} contact(s) retiré(s)."));
        }
    }
    Ok(())
}

/// Runs `codelists`: it needs no database.
pub fn run_codelists(command: &CodelistsCommand) -> Result<(), CliError> {
    let CodelistsCommand::Check = command;
    let lists = CodeLists::embedded().map_err(|faults| CliError::Refused(faults.to_string()))?;
    let faults = check(&lists);
    for fault in &faults {
        complain(fault);
    }
    if faults.is_empty() {
        let (first, last) = (CHECKED_YEARS.start(), CHECKED_YEARS.end());
        say(format_args!("Tables de codes en ordre, exercices {first} à {last}."));
        return Ok(());
    }
    Err(CliError::Refused(format!("{} anomalie(s) dans les tables de codes", faults.len())))
}
