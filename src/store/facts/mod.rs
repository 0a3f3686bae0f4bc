//! What is on file about bodies, for verdicts on eligibility (rule 9): lists of
//! any length, in one statement.

mod statement;
mod told;

use sqlx::FromRow;

use crate::domain::call::{Call, CallCode};
use crate::domain::day::Day;
use crate::domain::eligibility::{Body, Facts};
use crate::domain::siren::Siren;
use crate::store::{Result, Tx, on};

/// All that verdicts for a call may look at.
#[derive(Debug, Clone)]
pub struct OnFile {
    /// The call.
    pub call: Call,
    /// What is on file about the bodies and those they descend from, in the years of the call.
    pub facts: Facts,
}

/// What is on file about these bodies for a call, if there is such a call. One
/// statement: it needs no snapshot around it.
pub async fn load(tx: &mut Tx<'_>, call: &CallCode, sirens: &[Siren]) -> Result<Option<OnFile>> {
    let asked = serde_json::json!(sirens).to_string();
    let told: Option<String> = match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_scalar(statement::SQLITE).bind(asked).bind(call).fetch_one(&mut **tx).await?
        }
        Tx::Postgres(tx) => {
            sqlx::query_scalar(statement::POSTGRES).bind(asked).bind(call).fetch_one(&mut **tx).await?
        }
    };
    told.map_or(Ok(None), |told| told::read(&told))
}

#[derive(FromRow)]
struct BodyRow {
    name: String,
    exists_from: Option<Day>,
    exists_until: Option<Day>,
}

/// The register's row of one body, if it holds the SIREN.
pub async fn body(tx: &mut Tx<'_>, siren: Siren) -> Result<Option<Body>> {
    let row: Option<BodyRow> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT s.name, c.exists_from, c.exists_until FROM collectivity c \
             JOIN collectivity_state s ON s.collectivity = c.id WHERE c.siren = $1 \
             ORDER BY s.from_year DESC, s.revision DESC LIMIT 1",
        )
        .bind(siren)
        .fetch_optional(conn)
        .await
    })?;
    let body =
        |row: BodyRow| Body { name: row.name, exists_from: row.exists_from, exists_until: row.exists_until };
    Ok(row.map(body))
}

/// Whether one of `sirens` follows `ancestor`, by mergers or splits.
pub async fn descends_from(tx: &mut Tx<'_>, sirens: &[Siren], ancestor: Siren) -> Result<bool> {
    let heirs: Vec<String> = on!(tx, |conn| {
        sqlx::query_scalar("SELECT collectivity FROM lineage WHERE ancestor = $1")
            .bind(ancestor)
            .fetch_all(conn)
            .await
    })?;
    Ok(heirs.iter().any(|heir| sirens.iter().any(|siren| siren.as_str() == heir)))
}
