//! Writes down the head of the journal, in the folder of the data and in the row of the run.

use crate::app::App;
use crate::service::{Result, journal};

/// Does it, and says in French what it did.
///
/// # Errors
/// When the folder cannot be written, or the database fails.
pub async fn run(app: &App) -> Result<String> {
    let head = journal::file_digest(app).await?;
    Ok(format!("Entrée {}, empreinte {}", head.seq, head.hash))
}
