//! Orders to release a report: each is worked off by one process at a time, which holds it by a lease.

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::domain::release_order::{OrderEnd, ReleaseOrder};
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, execute, on};

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    flow_year: FlowYear,
    ordered_by: String,
    ordered_at: Instant,
    done: i64,
    total: i64,
    attempts: i32,
    ended_at: Option<Instant>,
    outcome: Option<String>,
    edition: Option<i32>,
    told: Option<String>,
}

impl TryFrom<Row> for ReleaseOrder {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let inconsistent = || StoreError::Inconsistent { table: "release_order", detail: row.id.clone() };
        let edition = || row.edition.and_then(|edition| u32::try_from(edition).ok()).ok_or_else(inconsistent);
        let end = match row.outcome.as_deref() {
            None => None,
            Some("released") => Some(OrderEnd::Released(edition()?)),
            Some("unchanged") => Some(OrderEnd::Unchanged(edition()?)),
            Some("refused") => Some(OrderEnd::Refused(row.told.clone().ok_or_else(inconsistent)?)),
            Some("failed") => Some(OrderEnd::Failed),
            Some(_) => return Err(inconsistent()),
        };
        let count = |value: i64| u64::try_from(value).map_err(|_negative| inconsistent());
        Ok(Self {
            done: count(row.done)?,
            total: count(row.total)?,
            attempts: u32::try_from(row.attempts).map_err(|_negative| inconsistent())?,
            end: row.ended_at.zip(end),
            id: row.id,
            name: row.name,
            flow_year: row.flow_year,
            ordered_by: row.ordered_by,
            ordered_at: row.ordered_at,
        })
    }
}

/// Gives an order, unless one for the same report and flow year waits already. Says whether it is new.
pub async fn insert(tx: &mut Tx<'_>, order: &ReleaseOrder) -> Result<bool> {
    let touched = execute!(
        tx,
        "INSERT INTO release_order (id, name, flow_year, ordered_by, ordered_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT DO NOTHING",
        order.id.as_str(),
        order.name.as_str(),
        order.flow_year,
        order.ordered_by.as_str(),
        order.ordered_at,
    )?;
    Ok(touched == 1)
}

/// An order by its id.
pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<ReleaseOrder>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, name, flow_year, ordered_by, ordered_at, done, total, attempts, ended_at, outcome, edition, \
             told FROM release_order WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(conn)
        .await
    })?;
    row.map(ReleaseOrder::try_from).transpose()
}

/// The orders of a flow year that wait or are worked off, by report.
pub async fn waiting(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<ReleaseOrder>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT id, name, flow_year, ordered_by, ordered_at, done, total, attempts, ended_at, outcome, edition, \
             told FROM release_order WHERE flow_year = $1 AND ended_at IS NULL ORDER BY name",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(ReleaseOrder::try_from).collect()
}

/// Takes the oldest order that nobody holds, until an instant from which another may.
pub async fn lease(tx: &mut Tx<'_>, by: &str, at: Instant, until: Instant) -> Result<Option<ReleaseOrder>> {
    let row: Option<Row> = on!(tx, |conn| {
        // Who waited for the same row finds it held: the condition stands outside too.
        sqlx::query_as(
            "UPDATE release_order SET leased_by = $1, leased_until = $3, attempts = attempts + 1, done = 0, total = 0 \
             WHERE id = (SELECT o.id FROM release_order o WHERE o.ended_at IS NULL \
                         AND (o.leased_until IS NULL OR o.leased_until <= $2) ORDER BY o.ordered_at, o.id LIMIT 1) \
               AND ended_at IS NULL AND (leased_until IS NULL OR leased_until <= $2) \
             RETURNING id, name, flow_year, ordered_by, ordered_at, done, total, attempts, ended_at, outcome, \
             edition, told",
        )
        .bind(by)
        .bind(at)
        .bind(until)
        .fetch_optional(conn)
        .await
    })?;
    row.map(ReleaseOrder::try_from).transpose()
}

/// Notes how far it is and holds it longer. Says whether it was still held by `by`.
pub async fn advance(
    tx: &mut Tx<'_>,
    (id, by): (&str, &str),
    (done, total): (u64, u64),
    until: Instant,
) -> Result<bool> {
    let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let touched = execute!(
        tx,
        "UPDATE release_order SET done = $3, total = $4, leased_until = $5 \
         WHERE id = $1 AND leased_by = $2 AND ended_at IS NULL",
        id,
        by,
        count(done),
        count(total),
        until,
    )?;
    Ok(touched == 1)
}

/// Lets it go unfinished: another may take it at once.
pub async fn give_back(tx: &mut Tx<'_>, id: &str, by: &str) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE release_order SET leased_by = NULL, leased_until = NULL, attempts = attempts - 1 \
         WHERE id = $1 AND leased_by = $2 AND ended_at IS NULL",
        id,
        by,
    )?;
    Ok(touched == 1)
}

/// Notes what became of it. Says whether it was still held by `by`.
pub async fn end(tx: &mut Tx<'_>, (id, by): (&str, &str), at: Instant, end: &OrderEnd) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE release_order SET ended_at = $3, outcome = $4, edition = $5, told = $6 \
         WHERE id = $1 AND leased_by = $2 AND ended_at IS NULL",
        id,
        by,
        at,
        end.code(),
        end.edition().map(i64::from),
        end.told(),
    )?;
    Ok(touched == 1)
}

/// Forgets orders that ended before an instant. Says how many.
pub async fn purge(tx: &mut Tx<'_>, before: Instant) -> Result<u64> {
    Ok(execute!(tx, "DELETE FROM release_order WHERE ended_at < $1", before)?)
}
