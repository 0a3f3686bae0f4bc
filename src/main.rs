//! The `eapd` program: parse the command line, run, exit code.

use std::process::ExitCode;

use clap::Parser;
use eapd::cli::{self, Cli, output};

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(format_args!("Erreur\u{a0}: {error}"));
            error.exit_code()
        }
    }
}
