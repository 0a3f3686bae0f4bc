//! The mails of a demonstration: a file each, which may be lost at any time.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::app::App;
use crate::config::{Config, Profile, Transport};
use crate::domain::instant::Instant;
use crate::service::mail::write::Ready;

/// Most mails that are shown.
const MOST: usize = 100;

/// A mail of the folder.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// When it was queued.
    pub at: Instant,
    /// To which address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Name of the document that went with it, and its size in bytes.
    pub attached: Option<(String, u64)>,
}

/// Where they are.
pub(super) fn path(config: &Config) -> PathBuf {
    config.data.dir.join("courriels")
}

/// Keeps one: the same file at each try, whole or not at all.
pub(super) async fn put(folder: &Path, ready: &Ready) -> std::io::Result<()> {
    let folder = folder.to_owned();
    // In the order of the names is in the order of time.
    let name = format!("{}_{}.json", ready.created_at.to_rfc3339().replace(':', "-"), ready.id);
    let told = json!({
        "at": ready.created_at,
        "to": ready.to.as_str(),
        "message_id": ready.message_id,
        "subject": ready.letter.subject,
        "body": ready.letter.body,
        "attached": ready.attached.as_ref().map(|attached| &attached.name),
        "attached_size": ready.attached.as_ref().map(|attached| attached.bytes.len()),
    });
    let written = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        file.write_all(told.to_string().as_bytes())?;
        file.persist(folder.join(name)).map(drop).map_err(|error| error.error)
    });
    written.await.map_err(std::io::Error::other)?
}

/// The last mails of a demonstration, the newest first; nothing where there is no such folder.
pub async fn kept(app: &App) -> Option<Vec<Kept>> {
    let config = &app.config;
    if config.profile != Profile::Demo || config.mail.transport != Transport::Folder {
        return None;
    }
    let folder = path(config);
    tokio::task::spawn_blocking(move || list(&folder)).await.ok()
}

fn list(folder: &Path) -> Vec<Kept> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort_unstable();
    files.iter().rev().take(MOST).filter_map(|path| read(&std::fs::read(path).ok()?)).collect()
}

fn read(bytes: &[u8]) -> Option<Kept> {
    let told: Value = serde_json::from_slice(bytes).ok()?;
    let text = |key: &str| told[key].as_str().map(str::to_owned);
    Some(Kept {
        at: text("at")?.parse().ok()?,
        to: text("to")?,
        subject: text("subject")?,
        body: text("body")?,
        attached: text("attached").zip(told["attached_size"].as_u64()),
    })
}
