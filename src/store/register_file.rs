//! Files about the register that wait between the look at what they change and their end, for a day.

use std::fmt;

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterFileKind {
    /// A CSV of decisions.
    Decisions,
    /// The archive of a millésime.
    Package,
}

impl RegisterFileKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Decisions => "decisions",
            Self::Package => "package",
        }
    }
}

/// A file that waits. `Debug` hides what it holds.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisterFile {
    /// 130 random bits: part of an address.
    pub id: String,
    /// Random id of who sent it.
    pub person: String,
    /// What it holds.
    pub kind: RegisterFileKind,
    /// The file, at most 10 MiB.
    pub content: Vec<u8>,
    /// When it was sent.
    pub kept_at: Instant,
}

impl fmt::Debug for RegisterFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisterFile")
            .field("kind", &self.kind)
            .field("bytes", &self.content.len())
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    person: String,
    kind: String,
    content: Vec<u8>,
    kept_at: Instant,
}

impl TryFrom<Row> for RegisterFile {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let kinds = [RegisterFileKind::Decisions, RegisterFileKind::Package];
        let kind = kinds.into_iter().find(|kind| kind.word() == row.kind);
        let kind = kind.ok_or(StoreError::Inconsistent { table: "register_file", detail: row.kind })?;
        Ok(Self { id: row.id, person: row.person, kind, content: row.content, kept_at: row.kept_at })
    }
}

/// Keeps a file.
pub async fn insert(tx: &mut Tx<'_>, file: &RegisterFile) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO register_file (id, person, kind, content, kept_at) VALUES ($1, $2, $3, $4, $5)",
        file.id.as_str(),
        file.person.as_str(),
        file.kind.word(),
        file.content.as_slice(),
        file.kept_at,
    )?;
    expect_rows("register_file", 1, touched)
}

/// A file by its id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<RegisterFile>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as("SELECT id, person, kind, content, kept_at FROM register_file WHERE id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })?;
    row.map(RegisterFile::try_from).transpose()
}

/// Removes a file: applied, or not wanted. Of two who apply it at once, the second finds it gone.
pub async fn remove(tx: &mut Tx<'_>, id: &str) -> Result<bool> {
    Ok(execute!(tx, "DELETE FROM register_file WHERE id = $1", id)? == 1)
}

/// Removes what was kept before `at`; says how many.
pub async fn purge(tx: &mut Tx<'_>, at: Instant) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM register_file WHERE kept_at <= $1", at)?)
}
