//! `eapd migrate`: creates or updates the schema.

use crate::cli::output::{CliError, say};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Profile};
use crate::store::engine;

/// Migrates the database of the configuration.
pub async fn run() -> Result<(), CliError> {
    let config = Config::load()?;
    prepare_folder(&config)?;
    let demonstration = config.profile == Profile::Demo;
    engine::migrate(&config.database.url, config.database.owner(), demonstration, SystemClock.now()).await?;
    say("Base de données prête.");
    Ok(())
}

/// SQLite creates a file, never the folder around it.
pub fn prepare_folder(config: &Config) -> Result<(), CliError> {
    let Some(path) = config.database.url.strip_prefix("sqlite://") else { return Ok(()) };
    let path = std::path::Path::new(path.split('?').next().unwrap_or(path));
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::create_dir_all(folder)
            .map_err(|error| CliError::Environment(format!("{}\u{a0}: {error}", folder.display()))),
        None => Ok(()),
    }
}
