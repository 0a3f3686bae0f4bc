//! The commands of PostgreSQL that copy and restore a whole database.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::service::upkeep::{Result, UpkeepError};

/// A program of PostgreSQL, as `backup.postgres_programs` says where, with the password where nobody sees it.
fn program(folder: &Path, name: &str, url: &str) -> Command {
    let path = if folder.as_os_str().is_empty() { Path::new(name).to_owned() } else { folder.join(name) };
    let (url, password) = without_password(url);
    let mut command = Command::new(path);
    command.arg(format!("--dbname={url}")).arg("--no-password").stdin(Stdio::null()).kill_on_drop(true);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

/// Copies the snapshot `snapshot` of the database at `url` into `file`.
pub(super) async fn dump(folder: &Path, url: &str, snapshot: &str, file: &Path) -> Result<()> {
    let mut command = program(folder, "pg_dump", url);
    command.args(["--format=custom", "--no-owner"]);
    command.arg(format!("--snapshot={snapshot}")).arg(joined("--file=", file));
    run(command, "pg_dump").await
}

/// Restores `file` into the empty database at `url`, all of it or nothing.
pub(super) async fn restore(folder: &Path, url: &str, file: &Path) -> Result<()> {
    let mut command = program(folder, "pg_restore", url);
    command.args(["--single-transaction", "--exit-on-error", "--no-owner"]).arg(file);
    run(command, "pg_restore").await
}

async fn run(mut command: Command, name: &str) -> Result<()> {
    let done = command.output().await.map_err(|error| {
        UpkeepError::Environment(format!(
            "{name}\u{a0}: {error}\u{a0}; installez postgresql-client, ou indiquez son dossier dans backup.postgres_programs"
        ))
    })?;
    if done.status.success() {
        return Ok(());
    }
    // What these programs say is shown to an operator, who reads French or English.
    let said = String::from_utf8_lossy(&done.stderr);
    Err(UpkeepError::Environment(format!("{name} a échoué\u{a0}: {}", said.trim())))
}

fn joined(option: &str, path: &Path) -> OsString {
    let mut joined = OsString::from(option);
    joined.push(path);
    joined
}

/// `postgres://user:password@host/…` without its password, and the password: arguments are seen by every user of a machine.
fn without_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let Some((user, host)) = authority.rsplit_once('@') else { return (url.to_owned(), None) };
    let Some((user, password)) = user.split_once(':') else { return (url.to_owned(), None) };
    // Forms write a blank as `+`, addresses do not.
    let password = password.replace('+', "%2B");
    let plain = form_urlencoded::parse(password.as_bytes()).next().map(|(password, _)| password.into_owned());
    (format!("{scheme}://{user}@{host}{rest}"), plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_an_address() {
        for (url, without, password) in [
            (
                "postgres://app:p%40ss+1@db:5432/eapd?sslmode=require",
                "postgres://app@db:5432/eapd?sslmode=require",
                Some("p@ss+1"),
            ),
            ("postgres://app@%2Frun%2Fpg/eapd", "postgres://app@%2Frun%2Fpg/eapd", None),
            ("postgres://db/eapd", "postgres://db/eapd", None),
        ] {
            assert_eq!(without_password(url), (without.to_owned(), password.map(str::to_owned)));
        }
    }
}
