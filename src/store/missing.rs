//! Collectivities that the register does not hold, asked for by agents.

use sqlx::FromRow;

use crate::domain::collectivity::CollectivityKind;
use crate::domain::instant::Instant;
use crate::domain::missing::MissingCollectivity;
use crate::domain::siren::Siren;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// A request for a collectivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRequest {
    /// Random id.
    pub id: String,
    /// Random id of the agent who asks.
    pub person: String,
    /// What is asked for.
    pub told: MissingCollectivity,
    /// When.
    pub asked_at: Instant,
}

#[derive(FromRow)]
struct Row {
    id: String,
    person: String,
    name: String,
    kind: CollectivityKind,
    siren: Option<Siren>,
    departement: String,
    successor_of: String,
    message: Option<String>,
    asked_at: Instant,
}

impl TryFrom<Row> for MissingRequest {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let read = |text: &str| {
            let wrong = |error| StoreError::Inconsistent {
                table: "missing_collectivity",
                detail: format!("{}: {error}", row.id),
            };
            text.parse::<Siren>().map_err(wrong)
        };
        let successor_of = row.successor_of.split_whitespace().map(read).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            told: MissingCollectivity {
                name: row.name,
                kind: row.kind,
                siren: row.siren,
                departement: row.departement,
                successor_of,
                message: row.message,
            },
            id: row.id,
            person: row.person,
            asked_at: row.asked_at,
        })
    }
}

/// Keeps a request.
pub async fn insert(tx: &mut Tx<'_>, request: &MissingRequest) -> Result<()> {
    let MissingRequest { id, person, told, asked_at } = request;
    let successor_of = told.successor_of.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let touched = execute!(
        tx,
        "INSERT INTO missing_collectivity (id, person, name, kind, siren, departement, successor_of, message, asked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.as_str(),
        person.as_str(),
        told.name.as_str(),
        told.kind,
        told.siren,
        told.departement.as_str(),
        successor_of.as_str(),
        told.message.as_deref(),
        *asked_at,
    )?;
    expect_rows("missing_collectivity", 1, touched)
}

/// What nobody has answered, the oldest first.
pub async fn open(tx: &mut Tx<'_>) -> Result<Vec<MissingRequest>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, person, name, kind, siren, departement, successor_of, message, asked_at \
             FROM missing_collectivity WHERE answered_at IS NULL ORDER BY asked_at, id",
        )
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(MissingRequest::try_from).collect()
}

/// The request of an id, answered or not.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<MissingRequest>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, person, name, kind, siren, departement, successor_of, message, asked_at \
             FROM missing_collectivity WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(conn)
        .await
    })?;
    row.map(MissingRequest::try_from).transpose()
}

/// Closes a request that was open; says whether it was.
pub async fn answer(tx: &mut Tx<'_>, id: &str, by: &str, at: Instant) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE missing_collectivity SET answered_at = $3, answered_by = $2 WHERE id = $1 AND answered_at IS NULL",
        id,
        by,
        at,
    )?;
    Ok(touched == 1)
}

/// Forgets what a person wrote.
pub async fn forget_messages(tx: &mut Tx<'_>, person: &str) -> Result<u64> {
    Ok(execute!(
        tx,
        "UPDATE missing_collectivity SET message = NULL WHERE person = $1 AND message IS NOT NULL",
        person
    )?)
}
