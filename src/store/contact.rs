//! Addresses that the register or a file of contacts holds for a collectivity.

use sqlx::FromRow;

use crate::domain::account::Email;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// An address of a collectivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Random id, under which pages name it.
    pub id: String,
    /// The collectivity.
    pub siren: Siren,
    /// The address.
    pub email: Email,
    /// Where it comes from.
    pub source: String,
    /// When it was recorded.
    pub recorded_at: Instant,
}

#[derive(FromRow)]
struct Row {
    id: String,
    siren: Siren,
    email: String,
    source: String,
    recorded_at: Instant,
}

impl TryFrom<Row> for Contact {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let wrong =
            |error| StoreError::Inconsistent { table: "contact", detail: format!("{}: {error}", row.id) };
        let email = row.email.parse().map_err(wrong)?;
        Ok(Self { email, id: row.id, siren: row.siren, source: row.source, recorded_at: row.recorded_at })
    }
}

/// Records an address.
pub async fn insert(tx: &mut Tx<'_>, told: &Contact) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO contact (id, siren, email, source, recorded_at) VALUES ($1, $2, $3, $4, $5)",
        told.id.as_str(),
        told.siren,
        told.email.as_str(),
        told.source.as_str(),
        told.recorded_at,
    )?;
    expect_rows("contact", 1, touched)
}

/// Says where an address comes from now.
pub async fn set_source(tx: &mut Tx<'_>, id: &str, source: &str, at: Instant) -> Result<()> {
    let touched =
        execute!(tx, "UPDATE contact SET source = $2, recorded_at = $3 WHERE id = $1", id, source, at)?;
    expect_rows("contact", 1, touched)
}

/// The addresses of a collectivity, by address.
pub async fn of_siren(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Contact>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as("SELECT id, siren, email, source, recorded_at FROM contact WHERE siren = $1")
            .bind(siren)
            .fetch_all(conn)
            .await
    })?;
    let mut contacts = rows.into_iter().map(Contact::try_from).collect::<Result<Vec<_>>>()?;
    contacts.sort_by(|one, other| one.email.cmp(&other.email));
    Ok(contacts)
}

/// The address of an id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Contact>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as("SELECT id, siren, email, source, recorded_at FROM contact WHERE id = $1")
            .bind(id)
            .fetch_optional(conn)
            .await
    })?;
    row.map(Contact::try_from).transpose()
}

/// Removes an address.
pub async fn remove(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let touched = execute!(tx, "DELETE FROM contact WHERE id = $1", id)?;
    expect_rows("contact", 1, touched)
}
