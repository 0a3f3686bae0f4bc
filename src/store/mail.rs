//! Mails that wait to be sent.

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::domain::mail::{Message, Recipient};
use crate::store::{Result, Tx, execute, expect_rows, on};

/// A mail that waits.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Waiting {
    /// Random id.
    pub id: String,
    /// The word of its [kind](Message::kind).
    pub kind: String,
    /// The word of its [recipient](Recipient::told).
    pub to_kind: String,
    /// Who that is.
    pub to_id: String,
    /// JSON, which may hold the secret of a link.
    pub data: String,
    /// When it was queued.
    pub created_at: Instant,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Waiting({} to {} {})", self.kind, self.to_kind, self.to_id)
    }
}

/// Queues a mail.
pub async fn queue(tx: &mut Tx<'_>, id: &str, to: &Recipient, message: &Message, at: Instant) -> Result<()> {
    let (to_kind, to_id) = to.told();
    let touched = execute!(
        tx,
        "INSERT INTO mail (id, kind, to_kind, to_id, data, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        message.kind(),
        to_kind,
        to_id,
        message.data().to_string(),
        at,
    )?;
    expect_rows("mail", 1, touched)
}

/// Every mail that waits, the oldest first.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as("SELECT id, kind, to_kind, to_id, data, created_at FROM mail ORDER BY created_at, id")
            .fetch_all(conn)
            .await
    })?)
}

/// Removes those that wait for a person.
pub async fn forget(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM mail WHERE to_kind = 'person' AND to_id = $1", person)?)
}
