//! The digest of the journal: its number and head, kept outside the database, which whoever cuts or rewrites it cannot
//! reach (rule 13).

use std::io::Write;

use crate::app::App;
use crate::config::Transport;
use crate::domain::account::AccountRole;
use crate::domain::journal::JournalHead;
use crate::domain::mail::{Message, Recipient};
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

/// Mails the head to each administrator, else to the ministry's mailbox: once a day in Paris, however often it is asked.
/// Says how many mails were queued.
///
/// # Errors
/// When the database fails.
pub async fn mail_digest(app: &App, head: &JournalHead) -> Result<usize> {
    if head.seq == 0 || app.config.mail.transport == Transport::None {
        return Ok(0);
    }
    let (now, mut tx) = (app.now(), app.db.begin().await?);
    let accounts = store::account::all(&mut tx).await?;
    let mut to: Vec<Recipient> = accounts
        .into_iter()
        .filter(|account| account.role == AccountRole::Administrator && account.disabled_at.is_none())
        .map(|account| Recipient::Person(account.person))
        .collect();
    if to.is_empty() && app.config.mail.ministry().is_some() {
        to.push(Recipient::Ministry);
    }
    let message = Message::JournalDigest { at: now, seq: head.seq, hash: head.hash.clone() };
    let mut queued = 0_usize;
    for to in &to {
        let id = format!("digest-{}-{}", now.day_in_paris().to_iso(), to.told().1);
        if store::mail::queue_once(&mut tx, &id, to, &message, now).await? {
            queued = queued.saturating_add(1);
        }
    }
    tx.commit().await?;
    app.mail_queued.notify_one();
    Ok(queued)
}
