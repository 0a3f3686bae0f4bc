//! Whether a service runs on an SQLite file: what is copied elsewhere must not be written to meanwhile.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::service::upkeep::{Result, UpkeepError, at};
use crate::store::engine::is_sqlite;

/// The file of an SQLite address.
#[must_use]
pub fn file_of(url: &str) -> PathBuf {
    let file = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
    PathBuf::from(file.split('?').next().unwrap_or(file))
}

/// Says, as long as it is kept, that a service runs on the database of this address. PostgreSQL needs it not.
///
/// # Errors
/// When the file beside the database cannot be written, or its database is being moved.
pub fn serving(url: &str) -> Result<Option<File>> {
    if !is_sqlite(url) {
        return Ok(None);
    }
    let (file, path) = beside(&file_of(url))?;
    match file.try_lock_shared() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::Error(error)) => Err(at(&path)(error)),
        Err(TryLockError::WouldBlock) => Err(UpkeepError::Refused(
            "cette base est en cours de copie par «\u{a0}eapd migrate-engine\u{a0}»\u{a0}: attendez qu’elle soit finie".to_owned(),
        )),
    }
}

/// Makes sure, as long as it is kept, that no service runs on the database of this address.
///
/// # Errors
/// When one does.
pub fn not_served(url: &str) -> Result<File> {
    let (file, path) = beside(&file_of(url))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::Error(error)) => Err(at(&path)(error)),
        Err(TryLockError::WouldBlock) => Err(UpkeepError::Refused(
            "le service tourne sur la base de --from\u{a0}: arrêtez-le d’abord, ce qu’il enregistre pendant la copie n’y serait pas".to_owned(),
        )),
    }
}

/// A file of ours: locks on the database's own are SQLite's, and closing it would let go of them.
fn beside(database: &Path) -> Result<(File, PathBuf)> {
    let path = PathBuf::from(format!("{}-service", database.display()));
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
    Ok((file, path))
}
