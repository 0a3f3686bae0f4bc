//! Lists whose eligibility is asked for: kept for a day, so that their answers are looked at and downloaded.

use std::fmt;

use sqlx::FromRow;

use crate::domain::call::CallCode;
use crate::domain::instant::Instant;
use crate::store::{Result, Tx, execute, expect_rows, on};

/// A list. `Debug` hides what it holds.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct AskedList {
    /// 130 random bits: part of an address.
    pub id: String,
    /// Random id of who asks.
    pub person: String,
    /// For which call.
    pub call: CallCode,
    /// The file, at most 10 MiB.
    pub content: Vec<u8>,
    /// When it was sent.
    pub kept_at: Instant,
}

impl fmt::Debug for AskedList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AskedList")
            .field("id", &self.id)
            .field("bytes", &self.content.len())
            .finish_non_exhaustive()
    }
}

/// Keeps a list.
pub async fn insert(tx: &mut Tx<'_>, list: &AskedList) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO asked_list (id, person, call, content, kept_at) VALUES ($1, $2, $3, $4, $5)",
        list.id.as_str(),
        list.person.as_str(),
        &list.call,
        list.content.as_slice(),
        list.kept_at,
    )?;
    expect_rows("asked_list", 1, touched)
}

/// A list by its id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<AskedList>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as("SELECT id, person, call, content, kept_at FROM asked_list WHERE id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })?)
}

/// Removes all lists of a person but the latest ones; says how many.
pub async fn keep_latest(tx: &mut Tx<'_>, person: &str, latest: i64) -> Result<u64> {
    Ok(execute!(
        tx,
        "DELETE FROM asked_list WHERE person = $1 AND id NOT IN \
         (SELECT id FROM asked_list WHERE person = $1 ORDER BY kept_at DESC, id DESC LIMIT $2)",
        person,
        latest,
    )?)
}

/// Removes what was kept before `at`; says how many.
pub async fn purge(tx: &mut Tx<'_>, at: Instant) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM asked_list WHERE kept_at <= $1", at)?)
}

/// Removes what a person sent.
pub async fn forget(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM asked_list WHERE person = $1", person)?)
}
