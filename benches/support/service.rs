//! The service as it is served, on a copy of the national data, with a token of a person of the ministry.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Result;
use super::bench::Bench;
use super::dataset::command;
use super::process::{self, Server};

/// The service, ready.
#[derive(Debug)]
pub struct Service {
    /// It.
    pub server: Server,
    /// Its database, which references read too.
    pub database: PathBuf,
    /// The secret of a token that may ask about every body.
    pub token: String,
}

impl Service {
    /// Starts it, with the log that it writes where nobody says otherwise.
    pub fn start(bench: &Bench, folder: &Path) -> Result<Self> {
        let database = bench.national.copy(folder)?;
        let token = [
            "token",
            "create",
            "--holder",
            "banc d’essai",
            "--role",
            "instructeur",
            "--scope",
            "eligibilite",
        ];
        let made = command(&database, &token).output()?;
        let said = String::from_utf8(made.stdout)?;
        let token = said.lines().find(|line| line.starts_with("eapd_"));
        let token = token.ok_or_else(|| String::from_utf8_lossy(&made.stderr).into_owned())?.to_owned();
        let address = process::free_address()?;
        let mut serve = command(&database, &["serve"]);
        serve.env("EAPD__SERVER__LISTEN", address.to_string()).env("EAPD_LOG", "info");
        let server = Server::start(&mut serve, address, "e-APD répond")?;
        Ok(Self { server, database, token })
    }
}

/// What a statement of SQL says of a database, a line a row.
pub fn told(database: &Path, sql: &str) -> Result<Vec<String>> {
    let output = Command::new("sqlite3").arg("-readonly").arg(database).arg(sql).output()?;
    if !output.status.success() {
        return Err(format!("sqlite3: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}

/// `count` of `all`, spread over it in an order that has nothing to do with its own.
pub fn spread<T: Clone>(all: &[T], count: usize) -> Vec<T> {
    // A prime larger than any register: every place is visited once before one comes again.
    const STEP: usize = 1_000_003;
    (0..count).filter_map(|turn| all.get((turn * STEP) % all.len().max(1)).cloned()).collect()
}
