//! `eapd backup`: a consistent copy while the service runs, with a manifest that says what it holds.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::app::App;
use crate::config::Config;
use crate::domain::instant::Instant;
use crate::service::upkeep::manifest::{self, Content, CopyOf, Manifest};
use crate::service::upkeep::{Result, UpkeepError, at, postgres};
use crate::store::{Db, upkeep};

/// What the folder of a backup begins with; what is left of one that was cut begins with a dot.
const PREFIX: &str = "eapd-";

/// A backup that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its folder.
    pub path: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// The folder of backups: `backup.dir`, or `sauvegardes` in the data folder.
#[must_use]
pub fn folder(config: &Config) -> PathBuf {
    if config.backup.dir.as_os_str().is_empty() {
        config.data.dir.join("sauvegardes")
    } else {
        config.backup.dir.clone()
    }
}

/// Copies the database into a new folder of `folder`, named after `now`, and removes the backups
/// beyond `backup.keep`. The folder has its name once all of it is on the disk.
///
/// # Errors
/// When a copy of this instant exists, or a file, a program or the database fails: nothing is left then.
pub async fn take(app: &App, folder: &Path, now: Instant) -> Result<Backup> {
    let name = format!("{PREFIX}{}", now.to_rfc3339().replace([':', '-'], ""));
    let path = folder.join(&name);
    if path.exists() {
        let message =
            format!("{} existe déjà\u{a0}: une sauvegarde a été prise à cette seconde", path.display());
        return Err(UpkeepError::Refused(message));
    }
    fs::create_dir_all(folder).map_err(at(folder))?;
    let partial =
        tempfile::Builder::new().prefix(&format!(".{name}-")).tempdir_in(folder).map_err(at(folder))?;
    let (engine, file, content) = copy(app, partial.path()).await?;
    let copied = partial.path().join(file);
    let (size, sha256) = hashed(copied.clone()).await?;
    let manifest = Manifest {
        version: manifest::VERSION,
        moteur: engine.to_owned(),
        programme: env!("CARGO_PKG_VERSION").to_owned(),
        prise_le: now.to_rfc3339(),
        contenu: content,
        copie: CopyOf { fichier: file.to_owned(), octets: size, sha256 },
    };
    let told = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| UpkeepError::Environment(format!("{}\u{a0}: {error}", manifest::FILE)))?;
    let note = partial.path().join(manifest::FILE);
    fs::write(&note, told).map_err(at(&note))?;
    for file in [&copied, &note] {
        synced(file)?;
    }
    synced(partial.path())?;
    fs::rename(partial.path(), &path).map_err(at(&path))?;
    // It has another name now: there is nothing left to remove.
    let _renamed = partial.keep();
    synced(folder)?;
    retain(folder, app.config.backup.keep)?;
    Ok(Backup { path, manifest })
}

/// The copy and what it holds: on SQLite read in the copy itself, on PostgreSQL in the snapshot that is dumped.
async fn copy(app: &App, folder: &Path) -> Result<(&'static str, &'static str, Content)> {
    if matches!(app.db, Db::Sqlite { .. }) {
        let file = folder.join("base.sqlite");
        upkeep::copy_sqlite(&app.db, &file).await?;
        let mut tx = upkeep::snapshot_of(&file).await?;
        return Ok(("sqlite", "base.sqlite", Content::of(&mut tx).await?));
    }
    let mut tx = app.db.snapshot().await?;
    let snapshot = upkeep::export_snapshot(&mut tx).await?.unwrap_or_default();
    let url = app.config.database.owner().unwrap_or(&app.config.database.url);
    let programs = &app.config.backup.postgres_programs;
    postgres::dump(programs, url, &snapshot, &folder.join("base.pgdump")).await?;
    tx.take_time().await?;
    Ok(("postgres", "base.pgdump", Content::of(&mut tx).await?))
}

pub(super) async fn hashed(path: PathBuf) -> Result<(u64, String)> {
    crate::service::apart(move || manifest::hash(&path)).await?
}

/// Waits until a file, or the names in a folder, are on the disk.
pub(super) fn synced(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
}

/// The backups of a folder, the oldest first.
///
/// # Errors
/// When the folder cannot be read; one that is not there holds none.
pub fn all(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries.map_err(at(folder))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(at(folder))?.path();
        let is_ours = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        if is_ours && path.join(manifest::FILE).is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Removes the oldest backups, but for `keep` of them.
fn retain(folder: &Path, keep: usize) -> Result<()> {
    let found = all(folder)?;
    let beyond = found.len().saturating_sub(keep);
    for path in found.iter().take(beyond) {
        fs::remove_dir_all(path).map_err(at(path))?;
    }
    Ok(())
}
