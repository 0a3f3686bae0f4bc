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

/// A decision that a person took about one body, with when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Which body.
    pub siren: Siren,
    /// The decision.
    pub told: Expectation,
    /// When.
    pub at: Instant,
}

#[derive(FromRow)]
struct DecidedRow {
    siren: Siren,
    #[sqlx(flatten)]
    told: Row,
    decided_at: Instant,
}

impl From<Row> for Expectation {
    fn from(row: Row) -> Self {
        Self {
            expected: row.expected,
            origin: match row.origin.as_str() {
                "list" => Origin::List,
                "manager" => Origin::Manager,
                _ => Origin::Sgar,
            },
            reason: row.reason,
        }
    }
}

/// The last decisions of a campaign that no list took, the latest first.
pub async fn by_persons(tx: &mut Tx<'_>, campaign: CampaignYear, most: i64) -> Result<Vec<Decided>> {
    let rows: Vec<DecidedRow> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT siren, expected, origin, reason, decided_at FROM expected \
             WHERE campaign = $1 AND origin <> 'list' ORDER BY decided_at DESC, siren, revision DESC LIMIT $2",
        )
        .bind(campaign)
        .bind(most)
        .fetch_all(conn)
        .await
    })?;
    let decided = |row: DecidedRow| Decided { siren: row.siren, told: row.told.into(), at: row.decided_at };
    Ok(rows.into_iter().map(decided).collect())
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
    Ok(row.map(Expectation::from))
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
