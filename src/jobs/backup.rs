//! Takes a backup, where the configuration says how often.

use crate::app::App;
use crate::domain::text::thousands;
use crate::service::upkeep::{Result, backup};

/// Does it, and says in French what it did.
///
/// # Errors
/// When the folder cannot be written, a program is missing, or the database fails.
pub async fn run(app: &App) -> Result<String> {
    let taken = backup::take(app, &backup::folder(&app.config), app.now()).await?;
    let name = taken.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let size = thousands(taken.manifest.copie.octets);
    let how = if app.config.backup.recipients.is_empty() { "en clair" } else { "chiffrée" };
    Ok(format!("{name}, {size}\u{a0}octets, {how}, journal {}.", taken.manifest.contenu.journal.numero))
}
