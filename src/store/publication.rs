//! Whether a body was expected in a campaign (rule 11): what may be said of its silence.

use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::{self, Result, Tx, on};

/// How many years back a declaration makes a body expected.
const YEARS_BACK: i32 = 5;

/// Whether the body was expected for a flow year: the last decision says so,
/// and without one it declared, or has past amounts, in one of the five years
/// before; as [`follow_up`](crate::store::follow_up) finds them all.
pub async fn was_expected(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<bool> {
    if let Some(decision) = store::expected::last(tx, year.campaign(), siren).await? {
        return Ok(decision.expected);
    }
    let last = i32::from(year.get()).saturating_sub(1);
    let years: Option<i64> = on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM effective_filing WHERE siren = $1 AND flow_year BETWEEN $2 AND $3 \
             AND kind <> 'annulled') + (SELECT COUNT(*) FROM past_amount WHERE siren = $1 \
             AND flow_year BETWEEN $2 AND $3)",
        )
        .bind(siren)
        .bind(last.saturating_sub(YEARS_BACK - 1))
        .bind(last)
        .fetch_one(conn)
        .await
    })?;
    Ok(years.unwrap_or_default() > 0)
}

/// Every body that was expected for a flow year, by SIREN: those of which [`was_expected`] says so.
pub async fn expected_of_year(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<Siren>> {
    let last = i32::from(year.get()).saturating_sub(1);
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT b.siren FROM (\
               SELECT siren FROM effective_filing WHERE flow_year BETWEEN $1 AND $2 AND kind <> 'annulled' \
               UNION SELECT siren FROM past_amount WHERE flow_year BETWEEN $1 AND $2 \
               UNION SELECT siren FROM expected WHERE campaign = $3) b \
             WHERE COALESCE((SELECT e.expected FROM expected e WHERE e.campaign = $3 AND e.siren = b.siren \
               ORDER BY e.revision DESC LIMIT 1), TRUE) \
             ORDER BY b.siren",
        )
        .bind(last.saturating_sub(YEARS_BACK - 1))
        .bind(last)
        .bind(year.campaign())
        .fetch_all(conn)
        .await
    })?)
}
