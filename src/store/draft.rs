//! Drafts: the only mutable part of a declaration (rule 3).

use sqlx::FromRow;

use crate::domain::field::RawLine;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, execute, on};

/// Whose working copy, for which flow year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key<'a> {
    /// The collectivity.
    pub siren: Siren,
    /// The year of the payments.
    pub year: FlowYear,
    /// Random id of the agent who waits to be attached and prepares it alone; the collectivity's own without.
    pub author: Option<&'a str>,
}

/// The collectivity's own.
impl From<(Siren, FlowYear)> for Key<'static> {
    fn from((siren, year): (Siren, FlowYear)) -> Self {
        Self { siren, year, author: None }
    }
}

impl<'a> Key<'a> {
    /// As the table tells it.
    pub(super) fn told(author: Option<&'a str>) -> &'a str {
        author.unwrap_or_default()
    }
}

/// A working copy for a flow year.
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

/// The draft, if there is one.
pub async fn find(tx: &mut Tx<'_>, key: impl Into<Key<'_>>) -> Result<Option<Draft>> {
    let Key { siren, year, author } = key.into();
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT revision, lines, updated_by, updated_at FROM draft \
             WHERE flow_year = $1 AND siren = $2 AND author = $3",
        )
        .bind(year)
        .bind(siren)
        .bind(Key::told(author))
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
    key: impl Into<Key<'_>>,
    based_on: Option<u32>,
    lines: &[RawLine],
    by: &str,
    at: Instant,
) -> Result<Option<u32>> {
    let Key { siren, year, author } = key.into();
    let json = serde_json::to_string(lines)
        .map_err(|error| StoreError::Inconsistent { table: "draft", detail: error.to_string() })?;
    let revision = based_on.unwrap_or(0).saturating_add(1);
    let touched = match based_on {
        None => execute!(
            tx,
            "INSERT INTO draft (flow_year, siren, revision, lines, updated_by, updated_at, author) \
             VALUES ($1, $2, 1, $3, $4, $5, $6) ON CONFLICT (flow_year, siren, author) DO NOTHING",
            year,
            siren,
            json,
            by,
            at,
            Key::told(author),
        )?,
        Some(based_on) => execute!(
            tx,
            "UPDATE draft SET revision = revision + 1, lines = $3, updated_by = $4, updated_at = $5 \
             WHERE flow_year = $1 AND siren = $2 AND revision = $6 AND author = $7",
            year,
            siren,
            json,
            by,
            at,
            i64::from(based_on),
            Key::told(author),
        )?,
    };
    Ok((touched == 1).then_some(revision))
}

/// Removes the draft if it is still at this revision: of two who file it at
/// once, the second finds that it is not.
pub async fn take(tx: &mut Tx<'_>, key: impl Into<Key<'_>>, revision: u32) -> Result<bool> {
    let Key { siren, year, author } = key.into();
    let touched = execute!(
        tx,
        "DELETE FROM draft WHERE flow_year = $1 AND siren = $2 AND revision = $3 AND author = $4",
        year,
        siren,
        i64::from(revision),
        Key::told(author),
    )?;
    Ok(touched == 1)
}

/// Removes the draft, if there is one: what is filed takes its place.
pub async fn remove(tx: &mut Tx<'_>, key: impl Into<Key<'_>>) -> Result<()> {
    let Key { siren, year, author } = key.into();
    execute!(
        tx,
        "DELETE FROM draft WHERE flow_year = $1 AND siren = $2 AND author = $3",
        year,
        siren,
        Key::told(author),
    )?;
    Ok(())
}

/// The flow years for which an agent prepared a draft of this collectivity alone.
pub async fn authored(tx: &mut Tx<'_>, author: &str, siren: Siren) -> Result<Vec<FlowYear>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT flow_year FROM draft WHERE author = $1 AND author <> '' AND siren = $2 ORDER BY flow_year",
        )
        .bind(author)
        .bind(siren)
        .fetch_all(conn)
        .await
    })?)
}

/// Makes the draft that an agent prepared alone the collectivity's, which has none.
pub async fn hand_over(tx: &mut Tx<'_>, author: &str, (siren, year): (Siren, FlowYear)) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE draft SET author = '' WHERE flow_year = $1 AND siren = $2 AND author = $3 AND NOT EXISTS \
         (SELECT 1 FROM draft d WHERE d.flow_year = $1 AND d.siren = $2 AND d.author = '')",
        year,
        siren,
        author,
    )?;
    Ok(touched == 1)
}

/// Removes what a person prepared alone, for any collectivity.
pub async fn forget(tx: &mut Tx<'_>, author: &str) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM draft WHERE author = $1 AND author <> ''", author)?)
}

/// Every draft of a flow year with each agent who acts for the body, or for one that it became, and can sign in:
/// what is not filed, and whom that concerns.
pub async fn unfiled(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<(Siren, String)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "WITH acting AS (SELECT a.siren, a.person FROM attachment a JOIN account c ON c.person = a.person \
             AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL \
             WHERE (SELECT s.step FROM attachment_step s WHERE s.attachment = a.id \
             ORDER BY s.revision DESC LIMIT 1) = 'accepted') \
             SELECT d.siren AS siren, acting.person AS person FROM draft d \
             JOIN acting ON acting.siren = d.siren WHERE d.flow_year = $1 AND d.author = '' \
             UNION SELECT d.siren, acting.person FROM draft d JOIN lineage l ON l.ancestor = d.siren \
             JOIN acting ON acting.siren = l.collectivity WHERE d.flow_year = $1 AND d.author = '' ORDER BY siren, person",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?)
}
