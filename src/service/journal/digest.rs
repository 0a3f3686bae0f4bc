//! The digest of the journal: its number and head, kept outside the database, which whoever cuts or rewrites it cannot
//! reach (rule 13).

use std::io::Write;

use crate::app::App;
use crate::domain::journal::JournalHead;
use crate::service::{Result, ServiceError};
use crate::store;

/// Writes the head down in `data.dir/empreintes`, a file a day in Paris, as `eapd journal verify --anchor` reads it.
/// Twice a day, the later one stays.
/// An empty journal has none.
///
/// # Errors
/// When the folder cannot be written, or the database fails.
pub async fn file_digest(app: &App) -> Result<JournalHead> {
    let mut tx = app.db.read().await?;
    let head = store::journal::head(&mut tx).await?;
    tx.done();
    if head.seq == 0 {
        return Ok(head);
    }
    let folder = app.config.data.dir.join("empreintes");
    let path = folder.join(format!("{}.txt", app.now().day_in_paris().to_iso()));
    let line = format!("{} {}\n", head.seq, head.hash);
    let write = move || -> std::io::Result<()> {
        std::fs::create_dir_all(&folder)?;
        // Whole or not at all.
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        file.write_all(line.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    };
    let written = tokio::task::spawn_blocking(write).await.map_err(std::io::Error::other);
    written.and_then(|written| written).map_err(|error| ServiceError::Report(error.into()))?;
    tracing::info!(journal.seq = head.seq, journal.hash = head.hash, "digest of the journal");
    Ok(head)
}
