//! The command line: one file per command. Names and flags are English, help and output French.

pub mod context;
pub mod migrate;
pub mod output;
pub mod register;

use clap::{Parser, Subcommand};

use crate::cli::output::CliError;

/// The program and its commands.
#[derive(Debug, Parser)]
#[command(
    name = "eapd",
    version,
    about = "Télédéclaration de l’aide publique au développement des collectivités territoriales",
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Crée ou met à jour la base de données
    Migrate,
    /// Registre des collectivités
    #[command(subcommand)]
    Register(register::RegisterCommand),
}

/// Runs one command.
pub async fn run(cli: Cli) -> Result<(), CliError> {
    match cli.command {
        Command::Migrate => migrate::run().await,
        Command::Register(command) => register::run(command).await,
    }
}
