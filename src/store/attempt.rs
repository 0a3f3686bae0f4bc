//! Failures, by the hash of what they were tried on.

use crate::domain::account::Tries;
use crate::domain::instant::Instant;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// What was tried under a key.
pub async fn find(tx: &mut Tx<'_>, key_sha256: &str) -> Result<Option<Tries>> {
    let row: Option<(i32, Instant)> = on!(tx, |conn| {
        sqlx::query_as("SELECT failures, last_at FROM attempt WHERE key_sha256 = $1")
            .bind(key_sha256)
            .fetch_optional(conn)
            .await
    })?;
    let Some((failures, last_at)) = row else { return Ok(None) };
    let wrong =
        |_error| StoreError::Inconsistent { table: "attempt", detail: format!("{failures} failures") };
    Ok(Some(Tries { failures: u32::try_from(failures).map_err(wrong)?, last_at }))
}

/// Writes what was tried under a key.
pub async fn put(tx: &mut Tx<'_>, key_sha256: &str, tries: Tries) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO attempt (key_sha256, failures, last_at) VALUES ($1, $2, $3) \
         ON CONFLICT (key_sha256) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at",
        key_sha256,
        i32::try_from(tries.failures).unwrap_or(i32::MAX),
        tries.last_at,
    )?;
    expect_rows("attempt", 1, touched)
}

/// Forgets what was tried under a key.
pub async fn clear(tx: &mut Tx<'_>, key_sha256: &str) -> Result<()> {
    execute!(tx, "DELETE FROM attempt WHERE key_sha256 = $1", key_sha256)?;
    Ok(())
}

/// Removes failures from before `failed`, and what succeeded last before `known`; says how many.
pub async fn purge(tx: &mut Tx<'_>, failed: Instant, known: Instant) -> Result<u64> {
    Ok(execute!(
        tx,
        "DELETE FROM attempt WHERE last_at < $2 OR (failures > 0 AND last_at < $1)",
        failed,
        known
    )?)
}
