//! What was sent without a session, for an hour.

use std::fmt;

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::store::{Result, Tx, execute, expect_rows, on};

/// A body that was sent and not taken. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Stashed {
    /// Random id of who had the session that ended, where it is known.
    pub person: Option<String>,
    /// Where it was sent to.
    pub path: String,
    /// What was sent.
    pub body: Vec<u8>,
    /// When.
    pub kept_at: Instant,
}

impl fmt::Debug for Stashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stashed")
            .field("path", &self.path)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Keeps a body under the hash of a cookie.
pub async fn insert(tx: &mut Tx<'_>, cookie_sha256: &str, told: &Stashed) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO stash (cookie_sha256, person, path, body, kept_at) VALUES ($1, $2, $3, $4, $5)",
        cookie_sha256,
        told.person.as_deref(),
        told.path.as_str(),
        told.body.as_slice(),
        told.kept_at,
    )?;
    expect_rows("stash", 1, touched)
}

/// What a cookie keeps.
pub async fn find(tx: &mut Tx<'_>, cookie_sha256: &str) -> Result<Option<Stashed>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as("SELECT person, path, body, kept_at FROM stash WHERE cookie_sha256 = $1")
            .bind(cookie_sha256)
            .fetch_optional(conn)
            .await
    })?)
}

/// Removes what a cookie keeps.
pub async fn remove(tx: &mut Tx<'_>, cookie_sha256: &str) -> Result<()> {
    execute!(tx, "DELETE FROM stash WHERE cookie_sha256 = $1", cookie_sha256)?;
    Ok(())
}

/// How many bodies are kept.
pub async fn count(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM stash").fetch_one(conn).await)?)
}

/// Removes what was kept before `at`; says how many.
pub async fn purge(tx: &mut Tx<'_>, at: Instant) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM stash WHERE kept_at <= $1", at)?)
}

/// Removes what a person sent.
pub async fn forget(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM stash WHERE person = $1", person)?)
}
