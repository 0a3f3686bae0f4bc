//! Who is expected to declare in a campaign, when a list or a person says so (rule 11).

use sqlx::FromRow;

pub use crate::domain::expected::ExpectedOrigin as Origin;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::store::{Result, Tx, execute, expect_rows, on};

/// A decision on one body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Expected, or taken off.
    pub expected: bool,
    /// Who says so.
    pub origin: Origin,
    /// Why, in French.
    pub reason: String,
}

#[derive(FromRow)]
struct Row {
    expected: bool,
    origin: String,
    reason: String,
}

/// The last decision on a body, if there is one.
pub async fn last(tx: &mut Tx<'_>, campaign: CampaignYear, siren: Siren) -> Result<Option<Expectation>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT expected, origin, reason FROM expected WHERE campaign = $1 AND siren = $2 \
             ORDER BY revision DESC LIMIT 1",
        )
        .bind(campaign)
        .bind(siren)
        .fetch_optional(conn)
        .await
    })?;
    Ok(row.map(|row| Expectation {
        expected: row.expected,
        origin: match row.origin.as_str() {
            "list" => Origin::List,
            "manager" => Origin::Manager,
            _ => Origin::Sgar,
        },
        reason: row.reason,
    }))
}

/// Records a decision on a body.
pub async fn decide(
    tx: &mut Tx<'_>,
    campaign: CampaignYear,
    siren: Siren,
    expectation: &Expectation,
    by: &str,
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO expected (campaign, siren, revision, expected, origin, reason, decided_by, decided_at) \
         SELECT CAST($1 AS INTEGER), $2, 1 + COALESCE(MAX(revision), 0), $3, $4, $5, $6, $7 \
         FROM expected WHERE campaign = $1 AND siren = $2",
        campaign,
        siren,
        expectation.expected,
        expectation.origin.code(),
        expectation.reason.as_str(),
        by,
        at,
    )?;
    expect_rows("expected", 1, touched)
}
