//! Files that wait between the preview of an import and its end, for a day.

use std::fmt;

use sqlx::FromRow;

use crate::domain::field::RawLine;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// A file that waits. `Debug` hides what it holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// 130 random bits: part of an address.
    pub id: String,
    /// Random id of who sent it.
    pub person: String,
    /// Whose declaration.
    pub siren: Siren,
    /// Of which payments.
    pub year: FlowYear,
    /// Whether its lines come after those there are, or replace them.
    pub adds: bool,
    /// The lines there were when it was sent.
    pub present: Vec<RawLine>,
    /// The file, at most 10 MiB.
    pub content: Vec<u8>,
    /// When it was sent.
    pub kept_at: Instant,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("id", &self.id)
            .field("bytes", &self.content.len())
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    person: String,
    siren: Siren,
    flow_year: FlowYear,
    mode: String,
    present: String,
    content: Vec<u8>,
    kept_at: Instant,
}

fn inconsistent(error: &serde_json::Error) -> StoreError {
    StoreError::Inconsistent { table: "upload", detail: error.to_string() }
}

/// Keeps a file.
pub async fn insert(tx: &mut Tx<'_>, upload: &Upload) -> Result<()> {
    let present = serde_json::to_string(&upload.present).map_err(|error| inconsistent(&error))?;
    let touched = execute!(
        tx,
        "INSERT INTO upload (id, person, siren, flow_year, mode, present, content, kept_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        upload.id.as_str(),
        upload.person.as_str(),
        upload.siren,
        upload.year,
        if upload.adds { "add" } else { "replace" },
        present,
        upload.content.as_slice(),
        upload.kept_at,
    )?;
    expect_rows("upload", 1, touched)
}

/// A file by its id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Upload>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, person, siren, flow_year, mode, present, content, kept_at FROM upload WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(conn)
        .await
    })?;
    let read = |row: Row| {
        Ok(Upload {
            present: serde_json::from_str(&row.present).map_err(|error| inconsistent(&error))?,
            id: row.id,
            person: row.person,
            siren: row.siren,
            year: row.flow_year,
            adds: row.mode == "add",
            content: row.content,
            kept_at: row.kept_at,
        })
    };
    row.map(read).transpose()
}

/// Removes a file: applied, or not wanted. Of two who apply it at once, the second finds it gone.
pub async fn remove(tx: &mut Tx<'_>, id: &str) -> Result<bool> {
    Ok(execute!(tx, "DELETE FROM upload WHERE id = $1", id)? == 1)
}

/// Removes all files of a person but the latest ones; says how many.
pub async fn keep_latest(tx: &mut Tx<'_>, person: &str, latest: i64) -> Result<u64> {
    Ok(execute!(
        tx,
        "DELETE FROM upload WHERE person = $1 AND id NOT IN \
         (SELECT id FROM upload WHERE person = $1 ORDER BY kept_at DESC, id DESC LIMIT $2)",
        person,
        latest,
    )?)
}

/// How many files wait.
pub async fn count(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM upload").fetch_one(conn).await)?)
}

/// Removes what was kept before `at`; says how many.
pub async fn purge(tx: &mut Tx<'_>, at: Instant) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM upload WHERE kept_at <= $1", at)?)
}

/// Removes what a person sent.
pub async fn forget(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM upload WHERE person = $1", person)?)
}
