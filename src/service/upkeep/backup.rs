//! `eapd backup`: a consistent copy while the service runs, with a manifest that says what it holds.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use age::x25519::Recipient;

use crate::app::App;
use crate::config::Config;
use crate::domain::copies::Keep;
use crate::domain::instant::Instant;
use crate::service::upkeep::manifest::{self, Content, CopyOf, Manifest};
use crate::service::upkeep::{Result, UpkeepError, at, encryption, postgres};
use crate::store::{Db, upkeep};

/// What the folder of a backup begins with; what is left of one that was cut begins with a dot.
const PREFIX: &str = "eapd-";
/// No backup takes that long, seconds.
const HALF_MADE: i64 = 86_400;

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

/// Copies the database into a new folder of `folder`, named after `now`, encrypted where `backup.recipients` has keys,
/// and removes the backups beyond `backup.keep`. The folder has its name once all of it is on the disk.
///
/// # Errors
/// When a copy of this instant exists, or a file, a program or the database fails: nothing is left then.
pub async fn take(app: &App, folder: &Path, now: Instant) -> Result<Backup> {
    let name = name(now);
    let keys = app.config.backup.keys().map_err(UpkeepError::Refused)?;
    let path = folder.join(&name);
    if path.exists() {
        let message =
            format!("{} existe déjà\u{a0}: une sauvegarde a été prise à cette seconde", path.display());
        return Err(UpkeepError::Refused(message));
    }
    fs::create_dir_all(folder).map_err(at(folder))?;
    let partial =
        tempfile::Builder::new().prefix(&format!(".{name}-")).tempdir_in(folder).map_err(at(folder))?;
    let (engine, file, content) = if keys.is_empty() {
        let (engine, file, content) = copy(app, partial.path()).await?;
        (engine, file.to_owned(), content)
    } else {
        encrypted(app, partial.path(), keys).await?
    };
    let copied = partial.path().join(&file);
    let (size, sha256) = hashed(copied.clone()).await?;
    let manifest = Manifest {
        version: manifest::VERSION,
        moteur: engine.to_owned(),
        programme: env!("CARGO_PKG_VERSION").to_owned(),
        prise_le: now.to_rfc3339(),
        contenu: content,
        copie: CopyOf { fichier: file, octets: size, sha256 },
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
    retain(folder, app.config.backup.keep, now)?;
    Ok(Backup { path, manifest })
}

fn name(taken: Instant) -> String {
    format!("{PREFIX}{}", taken.to_rfc3339().replace([':', '-'], ""))
}

/// When the backup of this folder was taken, by its name.
fn taken_at(path: &Path) -> Option<Instant> {
    let name = path.file_name()?.to_str()?.trim_start_matches('.').strip_prefix(PREFIX)?;
    // A folder in the making has more behind.
    let text = name.get(..16)?;
    let part = |range| text.get(range).unwrap_or_default();
    let date = format!("{}-{}-{}", part(0..4), part(4..6), part(6..8));
    format!("{date}T{}:{}:{}Z", part(9..11), part(11..13), part(13..15)).parse().ok()
}

/// The copy and what it holds, encrypted: as it is, it lies in the data folder meanwhile, not on the disk of the backups.
async fn encrypted(
    app: &App,
    folder: &Path,
    keys: Vec<Recipient>,
) -> Result<(&'static str, String, Content)> {
    let data = &app.config.data.dir;
    fs::create_dir_all(data).map_err(at(data))?;
    let plain = tempfile::Builder::new().prefix(".copie-").tempdir_in(data).map_err(at(data))?;
    let (engine, file, content) = copy(app, plain.path()).await?;
    let name = format!("{file}{}", encryption::SUFFIX);
    let (from, to) = (plain.path().join(file), folder.join(&name));
    crate::service::apart(move || encryption::encrypt(&from, &to, &keys)).await??;
    Ok((engine, name, content))
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

/// Removes what is beyond `keep`, and what processes left half-made that ended a day ago.
fn retain(folder: &Path, keep: Keep, now: Instant) -> Result<()> {
    let found: Vec<(Instant, PathBuf)> =
        all(folder)?.into_iter().filter_map(|path| Some((taken_at(&path)?, path))).collect();
    let taken: Vec<Instant> = found.iter().map(|(at, _path)| *at).collect();
    let beyond = keep.beyond(&taken, now);
    for (_at, path) in found.iter().filter(|(at, _path)| beyond.contains(at)) {
        fs::remove_dir_all(path).map_err(at(path))?;
    }
    let half_made = format!(".{PREFIX}");
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let is_half = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&half_made));
        if is_half && taken_at(&path).is_some_and(|taken| now.seconds_since(taken) > HALF_MADE) {
            fs::remove_dir_all(&path).map_err(at(&path))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_tells_when_it_was_taken() {
        let taken: Instant = "2014-05-20T08:07:06Z".parse().unwrap();
        assert_eq!(taken_at(Path::new("/copies").join(name(taken)).as_path()), Some(taken));
        assert_eq!(taken_at(Path::new(".eapd-20140520T080706Z-Xy12")), Some(taken));
        assert_eq!(taken_at(Path::new("eapd-ancienne")), None);
        assert_eq!(taken_at(Path::new("autre")), None);
    }
}
