//! The second factor of accounts: the key shared with an application, and the codes that replace it once.

use sqlx::FromRow;

use crate::domain::account::Key;
use crate::domain::instant::Instant;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// What is kept of the application of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The key that opens the account.
    pub key: Option<Key>,
    /// The one that waits for a first code.
    pub next_key: Option<Key>,
    /// The last step whose code was taken.
    pub last_step: i64,
}

#[derive(FromRow)]
struct Row {
    key: Option<String>,
    next_key: Option<String>,
    last_step: i64,
}

/// What a person has, if anything.
pub async fn find(tx: &mut Tx<'_>, person: &str) -> Result<Option<SecondFactor>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as("SELECT key, next_key, last_step FROM second_factor WHERE person = $1")
            .bind(person)
            .fetch_optional(conn)
            .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let read = |text: Option<String>| {
        let unreadable = || StoreError::Inconsistent { table: "second_factor", detail: person.to_owned() };
        text.map(|text| Key::from_base32(&text).ok_or_else(unreadable)).transpose()
    };
    Ok(Some(SecondFactor { key: read(row.key)?, next_key: read(row.next_key)?, last_step: row.last_step }))
}

/// Keeps a key that waits for its first code, in place of one that waited before.
pub async fn prepare(tx: &mut Tx<'_>, person: &str, key: &Key) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO second_factor (person, next_key, last_step) VALUES ($1, $2, 0) \
         ON CONFLICT (person) DO UPDATE SET next_key = excluded.next_key",
        person,
        key.base32(),
    )?;
    expect_rows("second_factor", 1, touched)
}

/// The key that waited opens the account from now on, if it is still this one; says whether it was.
pub async fn confirm(tx: &mut Tx<'_>, person: &str, key: &Key, step: i64, at: Instant) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE second_factor SET key = next_key, next_key = NULL, confirmed_at = $4, last_step = $3 \
         WHERE person = $1 AND next_key = $2",
        person,
        key.base32(),
        step,
        at,
    )?;
    Ok(touched == 1)
}

/// Takes the code of a step; says whether none of it or of a later one was taken before, from any instance.
pub async fn take_step(tx: &mut Tx<'_>, person: &str, step: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE second_factor SET last_step = $2 WHERE person = $1 AND last_step < $2",
        person,
        step
    )?;
    Ok(touched == 1)
}

/// Keeps the hash of a code that replaces the application once.
pub async fn insert_code(tx: &mut Tx<'_>, person: &str, code_sha256: &str) -> Result<()> {
    let touched =
        execute!(tx, "INSERT INTO recovery_code (person, code_sha256) VALUES ($1, $2)", person, code_sha256)?;
    expect_rows("recovery_code", 1, touched)
}

/// Uses a code up; says whether it was there to use.
pub async fn use_code(tx: &mut Tx<'_>, person: &str, code_sha256: &str, at: Instant) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE recovery_code SET used_at = $3 WHERE person = $1 AND code_sha256 = $2 AND used_at IS NULL",
        person,
        code_sha256,
        at,
    )?;
    Ok(touched == 1)
}

/// How many codes a person has left.
pub async fn codes_left(tx: &mut Tx<'_>, person: &str) -> Result<i64> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT COUNT(*) FROM recovery_code WHERE person = $1 AND used_at IS NULL")
            .bind(person)
            .fetch_one(conn)
            .await
    })?)
}

/// Removes the codes of a person, used or not.
pub async fn forget_codes(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM recovery_code WHERE person = $1", person)?)
}

/// Removes all that a person has; says whether there was something.
pub async fn forget(tx: &mut Tx<'_>, person: &str) -> Result<bool> {
    forget_codes(tx, person).await?;
    Ok(execute!(tx, "DELETE FROM second_factor WHERE person = $1", person)? == 1)
}
