//! Drafts: the only mutable part of a declaration (rule 3).

use sqlx::FromRow;

use crate::domain::field::RawLine;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, execute, on};

/// The working copy of a collectivity for a flow year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Counts the saves: what a save is based on.
    pub revision: u32,
    /// The lines as typed.
    pub lines: Vec<RawLine>,
    /// Random id of the person who saved it last.
    pub updated_by: String,
    /// When it was last saved.
    pub updated_at: Instant,
}

#[derive(FromRow)]
struct Row {
    revision: i32,
    lines: String,
    updated_by: String,
    updated_at: Instant,
}

/// The draft of a collectivity, if it has one.
pub async fn find(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Option<Draft>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT revision, lines, updated_by, updated_at FROM draft WHERE flow_year = $1 AND siren = $2",
        )
        .bind(year)
        .bind(siren)
        .fetch_optional(conn)
        .await
    })?;
    let read = |row: Row| {
        let detail = |error: &dyn std::fmt::Display| StoreError::Inconsistent {
            table: "draft",
            detail: format!("{siren}/{year}: {error}"),
        };
        Ok(Draft {
            revision: u32::try_from(row.revision).map_err(|error| detail(&error))?,
            lines: serde_json::from_str(&row.lines).map_err(|error| detail(&error))?,
            updated_by: row.updated_by,
            updated_at: row.updated_at,
        })
    };
    row.map(read).transpose()
}

/// Saves a draft based on `based_on` (`None`: there was none) and gives its
/// new revision, or `None` when the draft was changed meanwhile.
pub async fn save(
    tx: &mut Tx<'_>,
    siren: Siren,
    year: FlowYear,
    based_on: Option<u32>,
    lines: &[RawLine],
    by: &str,
    at: Instant,
) -> Result<Option<u32>> {
    let json = serde_json::to_string(lines)
        .map_err(|error| StoreError::Inconsistent { table: "draft", detail: error.to_string() })?;
    let revision = based_on.unwrap_or(0).saturating_add(1);
    let touched = match based_on {
        None => execute!(
            tx,
            "INSERT INTO draft (flow_year, siren, revision, lines, updated_by, updated_at) \
             VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT (flow_year, siren) DO NOTHING",
            year,
            siren,
            json,
            by,
            at,
        )?,
        Some(based_on) => execute!(
            tx,
            "UPDATE draft SET revision = revision + 1, lines = $3, updated_by = $4, updated_at = $5 \
             WHERE flow_year = $1 AND siren = $2 AND revision = $6",
            year,
            siren,
            json,
            by,
            at,
            i64::from(based_on),
        )?,
    };
    Ok((touched == 1).then_some(revision))
}

/// Removes the draft if it is still at this revision: of two who file it at
/// once, the second finds that it is not.
pub async fn take(tx: &mut Tx<'_>, siren: Siren, year: FlowYear, revision: u32) -> Result<bool> {
    let touched = execute!(
        tx,
        "DELETE FROM draft WHERE flow_year = $1 AND siren = $2 AND revision = $3",
        year,
        siren,
        i64::from(revision),
    )?;
    Ok(touched == 1)
}

/// Removes the draft, if there is one: what is filed takes its place.
pub async fn remove(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<()> {
    execute!(tx, "DELETE FROM draft WHERE flow_year = $1 AND siren = $2", year, siren)?;
    Ok(())
}
