//! The `eapd` program: parse the command line, run, exit code.

use std::process::ExitCode;

use eapd::cli::{self, Asked, output};

#[tokio::main]
async fn main() -> ExitCode {
    let done = match cli::parse(std::env::args_os()) {
        Ok(Asked::Command(command)) => cli::run(command).await,
        Ok(Asked::Help(text)) => {
            output::print(text.as_bytes()).map_err(|error| output::CliError::Environment(error.to_string()))
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(format_args!("Erreur\u{a0}: {error}"));
            error.exit_code()
        }
    }
}
