//! Sessions: kept under the hash of what their cookie holds.

use sqlx::FromRow;

use crate::domain::account::session;
use crate::domain::instant::Instant;
use crate::store::{Result, Tx, execute, expect_rows, on};

/// A session, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Random id, under which its owner ends it.
    pub id: String,
    /// Random id of its owner.
    pub person: String,
    /// What the browser said of itself.
    pub browser: String,
    /// When it began.
    pub created_at: Instant,
    /// The last request, to the minute.
    pub seen_at: Instant,
    /// When it was ended.
    pub ended_at: Option<Instant>,
}

impl Session {
    /// Whether it serves at `now`.
    #[must_use]
    pub fn serves(&self, now: Instant) -> bool {
        session::serves(self.created_at, self.seen_at, self.ended_at, now)
    }

    /// When it is over at the latest.
    #[must_use]
    pub fn ends_at(&self) -> Instant {
        session::ends_at(self.created_at, self.seen_at)
    }
}

/// Opens a session.
pub async fn insert(tx: &mut Tx<'_>, told: &Session, secret_sha256: &str) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO session (id, secret_sha256, person, browser, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6)",
        told.id.as_str(),
        secret_sha256,
        told.person.as_str(),
        told.browser.as_str(),
        told.created_at,
        told.seen_at,
    )?;
    expect_rows("session", 1, touched)
}

/// The session that a secret opens, ended or not.
pub async fn by_secret(tx: &mut Tx<'_>, secret_sha256: &str) -> Result<Option<Session>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, person, browser, created_at, seen_at, ended_at FROM session WHERE secret_sha256 = $1",
        )
        .bind(secret_sha256)
        .fetch_optional(conn)
        .await
    })?)
}

/// The sessions of a person that nobody ended, the last seen first; some may be over by themselves.
pub async fn of_person(tx: &mut Tx<'_>, person: &str) -> Result<Vec<Session>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, person, browser, created_at, seen_at, ended_at FROM session \
             WHERE person = $1 AND ended_at IS NULL ORDER BY seen_at DESC, id",
        )
        .bind(person)
        .fetch_all(conn)
        .await
    })?)
}

/// Notes a request; another instance may have noted a later one.
pub async fn seen(tx: &mut Tx<'_>, id: &str, at: Instant) -> Result<()> {
    execute!(
        tx,
        "UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2 AND ended_at IS NULL",
        id,
        at
    )?;
    Ok(())
}

/// Ends a session of a person, if it was not; says whether it did.
pub async fn end(tx: &mut Tx<'_>, person: &str, id: &str, at: Instant) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE session SET ended_at = $3 WHERE person = $1 AND id = $2 AND ended_at IS NULL",
        person,
        id,
        at,
    )?;
    Ok(touched == 1)
}

/// Ends the sessions of a person, but for the one of `kept`; says how many.
pub async fn end_others(tx: &mut Tx<'_>, person: &str, kept: Option<&str>, at: Instant) -> Result<u64> {
    Ok(execute!(
        tx,
        "UPDATE session SET ended_at = $3 WHERE person = $1 AND id <> $2 AND ended_at IS NULL",
        person,
        kept.unwrap_or_default(),
        at,
    )?)
}

/// Removes what was last seen before `at`; says how many.
pub async fn purge(tx: &mut Tx<'_>, at: Instant) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM session WHERE seen_at < $1", at)?)
}

/// Removes the sessions of a person.
pub async fn forget(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM session WHERE person = $1", person)?)
}
