//! Yearly amounts from before the service (rule 5): only ever added to.

use sqlx::FromRow;

use crate::domain::day::Day;
use crate::domain::declaration::PastAmount;
use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{Result, Tx, execute, expect_rows, on};

#[derive(FromRow)]
struct Row {
    siren: Siren,
    flow_year: FlowYear,
    nil: bool,
    amount: Euros,
    filed_on: Option<Day>,
    source: String,
}

impl From<Row> for PastAmount {
    fn from(row: Row) -> Self {
        Self {
            siren: row.siren,
            flow_year: row.flow_year,
            amount: (!row.nil).then_some(row.amount),
            filed_on: row.filed_on,
            source: row.source,
        }
    }
}

/// The amount that counts for a body and a year, if there is one.
pub async fn effective(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Option<PastAmount>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT siren, flow_year, nil, amount, filed_on, source FROM effective_past_amount \
             WHERE flow_year = $1 AND siren = $2",
        )
        .bind(year)
        .bind(siren)
        .fetch_optional(conn)
        .await
    })?;
    Ok(row.map(PastAmount::from))
}

/// The flow years of which a body has a past amount, in order.
pub async fn years_of(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<FlowYear>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT DISTINCT flow_year FROM past_amount WHERE siren = $1 ORDER BY flow_year")
            .bind(siren)
            .fetch_all(conn)
            .await
    })?)
}

/// Records an amount, as one more revision for its body and year.
pub async fn add(
    tx: &mut Tx<'_>,
    amount: &PastAmount,
    reason: Option<&str>,
    by: &str,
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO past_amount (flow_year, siren, revision, nil, amount, filed_on, source, reason, recorded_by, \
         recorded_at) SELECT CAST($1 AS INTEGER), $2, 1 + COALESCE(MAX(revision), 0), $3, $4, $5, $6, $7, $8, $9 \
         FROM past_amount WHERE flow_year = $1 AND siren = $2",
        amount.flow_year,
        amount.siren,
        amount.amount.is_none(),
        amount.amount.unwrap_or(Euros::ZERO),
        amount.filed_on,
        amount.source.as_str(),
        reason,
        by,
        at,
    )?;
    expect_rows("past_amount", 1, touched)
}
