//! The `eapd` program: parse the command line, run, exit code.

use std::process::ExitCode;

use eapd::cli::{self, Asked, output};

fn main() -> ExitCode {
    // Before there is any other thread.
    eapd::memory::take_small_pages();
    run()
}

#[tokio::main]
async fn run() -> ExitCode {
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
