//! What a command prints, and the exit codes: 0 done, 1 refused, 2 wrong usage, 3 environment.

use std::fmt::Write;
use std::process::ExitCode;

use crate::app::StartError;
use crate::config::ConfigError;
use crate::service::ServiceError;
use crate::service::upkeep::UpkeepError;
use crate::store::StoreError;

/// Why a command did not do what it was asked; `Display` is for standard error.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A rule refuses, or a check found something.
    #[error("{0}")]
    Refused(String),
    /// The command was not called as it should.
    #[error("{0}")]
    Usage(String),
    /// A file, the database or the network fails.
    #[error("{0}")]
    Environment(String),
}

impl CliError {
    /// The exit code of the contract.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Environment(_) => 3,
        })
    }
}

impl From<ServiceError> for CliError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Store(error) => error.into(),
            failed @ ServiceError::Report(_) => Self::Environment(failed.to_string()),
            ServiceError::Lines(issues) => {
                let mut text = String::new();
                for issue in &issues {
                    let line = issue.line.saturating_add(1);
                    let _written = writeln!(
                        text,
                        "Ligne\u{a0}{line}. {} {} ({})",
                        issue.message,
                        issue.hint,
                        issue.rule.code()
                    );
                }
                Self::Refused(text)
            }
            refused @ (ServiceError::Refused(_) | ServiceError::File(_)) => {
                Self::Refused(refused.to_string())
            }
        }
    }
}

impl From<UpkeepError> for CliError {
    fn from(error: UpkeepError) -> Self {
        match error {
            UpkeepError::Refused(found) => Self::Refused(found),
            UpkeepError::Environment(failed) => Self::Environment(failed),
            UpkeepError::Store(error) => error.into(),
            UpkeepError::Service(error) => error.into(),
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::Environment(error.to_string())
    }
}

impl From<StartError> for CliError {
    fn from(error: StartError) -> Self {
        Self::Environment(error.to_string())
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::Environment(error.to_string())
    }
}

/// Prints a line on standard output. A reader that has seen enough (`| head`) is no error.
pub fn say(line: impl std::fmt::Display) {
    use std::io::Write as _;
    if let Err(error) = writeln!(std::io::stdout().lock(), "{line}")
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        complain(format_args!("sortie standard\u{a0}: {error}"));
    }
}

/// Prints a line on standard error.
#[expect(clippy::print_stderr, reason = "the one place where commands complain")]
pub fn complain(line: impl std::fmt::Display) {
    eprintln!("{line}");
}

/// Writes bytes on standard output.
pub fn print(bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    std::io::stdout().lock().write_all(bytes)
}
