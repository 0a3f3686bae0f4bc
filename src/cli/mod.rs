//! The command line: one file per command. Names and flags are English, help and output French.

pub mod backup;
pub mod call;
pub mod campaign;
pub mod context;
pub mod declare;
pub mod demo;
pub mod derogation;
pub mod doctor;
pub mod eligibility;
pub mod files;
pub mod journal;
pub mod lists;
mod logs;
pub mod mail;
pub mod migrate;
pub mod migrate_engine;
pub mod output;
pub mod register;
pub mod remind;
pub mod report;
pub mod serve;
pub mod token;
mod traces;
pub mod usage;
pub mod user;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::cli::output::CliError;

/// The program and its commands.
#[derive(Debug, Parser)]
#[command(
    name = "eapd",
    about = "Télédéclaration de l’aide publique au développement des collectivités territoriales"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Montre la version du programme
    Version,
    /// Crée ou met à jour la base de données
    Migrate,
    /// Copie une instance SQLite dans une base PostgreSQL vide, et prouve leur égalité
    MigrateEngine(migrate_engine::MigrateEngine),
    /// Sert l’API
    Serve,
    /// Sauvegarde l’instance, pendant qu’elle sert
    Backup(backup::Backup),
    /// Restaure une sauvegarde dans une base vide, et la vérifie
    Restore(backup::Restore),
    /// Examine toute l’installation et dit quoi corriger
    Doctor,
    /// Charge la démonstration (montants fictifs) dans une base neuve
    Demo(demo::Demo),
    /// Registre des collectivités
    #[command(subcommand)]
    Register(register::RegisterCommand),
    /// Campagnes annuelles
    #[command(subcommand)]
    Campaign(campaign::CampaignCommand),
    /// Dérogations de dépôt et d’éligibilité
    #[command(subcommand)]
    Derogation(derogation::DerogationCommand),
    /// Appels à projets
    #[command(subcommand)]
    Call(call::CallCommand),
    /// Déclarations : lignes, dépôts, versions du ministère
    #[command(subcommand)]
    Declare(declare::DeclareCommand),
    /// Montants d’avant le service
    #[command(subcommand)]
    History(lists::HistoryCommand),
    /// Collectivités attendues
    #[command(subcommand)]
    Expected(lists::ExpectedCommand),
    /// Contacts des collectivités
    #[command(subcommand)]
    Contacts(lists::ContactsCommand),
    /// Tables de codes
    #[command(subcommand)]
    Codelists(lists::CodelistsCommand),
    /// Éligibilité aux appels à projets
    Eligibility(eligibility::Question),
    /// Rapports : liste, production, publication, vérification
    Report(report::ReportCommand),
    /// Relance les collectivités attendues qui n’ont pas déposé
    Remind(remind::Remind),
    /// Journal
    #[command(subcommand)]
    Journal(journal::JournalCommand),
    /// Jetons de l’API
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Comptes des agents
    #[command(subcommand)]
    User(user::UserCommand),
    /// Courriels : liste, nouvel essai, envoi
    #[command(subcommand)]
    Mail(mail::MailCommand),
}

/// What the command line asks for.
pub enum Asked {
    /// To run a command.
    Command(Cli),
    /// To read this text.
    Help(String),
}

/// Reads a command line; help and complaints are in French.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Asked, CliError> {
    let parsed = usage::french(Cli::command()).try_get_matches_from(args);
    match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => Ok(Asked::Command(cli)),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            ) =>
        {
            Ok(Asked::Help(error.to_string()))
        }
        Err(error) => Err(CliError::Usage(usage::explain(&error))),
    }
}

/// Runs one command.
pub async fn run(cli: Cli) -> Result<(), CliError> {
    match cli.command {
        Command::Version => {
            output::say(env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Command::Migrate => migrate::run().await,
        Command::MigrateEngine(asked) => migrate_engine::run(asked).await,
        Command::Serve => serve::run().await,
        Command::Backup(asked) => backup::take(asked).await,
        Command::Restore(asked) => backup::put_back(asked).await,
        Command::Doctor => doctor::run().await,
        Command::Demo(asked) => demo::run(asked).await,
        Command::Register(command) => register::run(command).await,
        Command::Campaign(command) => campaign::run(command).await,
        Command::Derogation(command) => derogation::run(command).await,
        Command::Call(command) => call::run(command).await,
        Command::Declare(command) => declare::run(command).await,
        Command::History(command) => lists::run_history(command).await,
        Command::Expected(command) => lists::run_expected(command).await,
        Command::Contacts(command) => lists::run_contacts(command).await,
        Command::Codelists(command) => lists::run_codelists(&command),
        Command::Eligibility(question) => eligibility::run(question).await,
        Command::Report(command) => report::run(command).await,
        Command::Remind(asked) => remind::run(asked).await,
        Command::Journal(command) => journal::run(command).await,
        Command::Token(command) => token::run(command).await,
        Command::User(command) => user::run(command).await,
        Command::Mail(command) => mail::run(command).await,
    }
}
