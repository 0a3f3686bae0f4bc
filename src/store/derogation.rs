//! Derogations and their revocations (rule 4): only ever added to.

use sqlx::FromRow;

use crate::domain::call::CallCode;
use crate::domain::campaign::FilingDerogation;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::CampaignYear;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// What a derogation allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// To file until a day, inclusive.
    Filing {
        /// In which campaign.
        campaign: CampaignYear,
        /// Last day.
        until: Day,
    },
    /// To be eligible for one call.
    Eligibility {
        /// For which call.
        call: CallCode,
    },
}

/// A derogation as decided, with its revocation when there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derogation {
    /// Its number.
    pub id: i32,
    /// For whom.
    pub siren: Siren,
    /// What it allows.
    pub scope: Scope,
    /// Why.
    pub reason: String,
    /// It acts from then on.
    pub decided_at: Instant,
    /// It acts no more from then on.
    pub revoked_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    id: i32,
    siren: Siren,
    campaign: Option<CampaignYear>,
    call: Option<CallCode>,
    until_on: Option<Day>,
    reason: String,
    decided_at: Instant,
    revoked_at: Option<Instant>,
}

impl TryFrom<Row> for Derogation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let scope = match (row.campaign, row.until_on, row.call) {
            (Some(campaign), Some(until), None) => Scope::Filing { campaign, until },
            (None, None, Some(call)) => Scope::Eligibility { call },
            _ => {
                let detail = format!("dérogation {}", row.id);
                return Err(StoreError::Inconsistent { table: "derogation", detail });
            }
        };
        Ok(Self {
            id: row.id,
            siren: row.siren,
            scope,
            reason: row.reason,
            decided_at: row.decided_at,
            revoked_at: row.revoked_at,
        })
    }
}

/// Records a derogation and gives its number.
pub async fn decide(
    tx: &mut Tx<'_>,
    siren: Siren,
    scope: &Scope,
    reason: &str,
    by: &str,
    at: Instant,
) -> Result<i32> {
    let (kind, campaign, call, until) = match scope {
        Scope::Filing { campaign, until } => ("filing", Some(*campaign), None, Some(*until)),
        Scope::Eligibility { call } => ("eligibility", None, Some(call), None),
    };
    let last: Option<i32> =
        on!(&mut *tx, |conn| sqlx::query_scalar("SELECT MAX(id) FROM derogation").fetch_one(conn).await)?;
    let id = last.unwrap_or(0).saturating_add(1);
    let touched = execute!(
        tx,
        "INSERT INTO derogation (id, kind, siren, campaign, call, until_on, until_at, reason, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        kind,
        siren,
        campaign,
        call,
        until,
        until.map(Day::ends_at),
        reason,
        by,
        at,
    )?;
    expect_rows("derogation", 1, touched)?;
    Ok(id)
}

/// Records a revocation.
pub async fn revoke(tx: &mut Tx<'_>, id: i32, reason: &str, by: &str, at: Instant) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO revocation (derogation, reason, decided_by, decided_at) VALUES ($1, $2, $3, $4)",
        id,
        reason,
        by,
        at,
    )?;
    expect_rows("revocation", 1, touched)
}

/// Every decision on a body, the last one first.
pub async fn of_body(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Derogation>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT d.id, d.siren, d.campaign, d.call, d.until_on, d.reason, d.decided_at, r.decided_at AS revoked_at \
             FROM derogation d LEFT JOIN revocation r ON r.derogation = d.id WHERE d.siren = $1 ORDER BY d.id DESC",
        )
        .bind(siren)
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(Derogation::try_from).collect()
}

/// The derogation of a number.
pub async fn find(tx: &mut Tx<'_>, id: i32) -> Result<Option<Derogation>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT d.id, d.siren, d.campaign, d.call, d.until_on, d.reason, d.decided_at, r.decided_at AS revoked_at \
             FROM derogation d LEFT JOIN revocation r ON r.derogation = d.id WHERE d.id = $1",
        )
        .bind(id)
        .fetch_optional(conn)
        .await
    })?;
    row.map(Derogation::try_from).transpose()
}

/// A derogation with who decided it, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The derogation.
    pub derogation: Derogation,
    /// Random id of who granted it.
    pub by: String,
    /// Why it was revoked, and by whom.
    pub revocation: Option<(String, String)>,
}

#[derive(FromRow)]
struct DecidedRow {
    #[sqlx(flatten)]
    row: Row,
    decided_by: String,
    revoked_why: Option<String>,
    revoked_by: Option<String>,
}

/// Every derogation of a campaign, of a call, or of the number, in the order decided: each is asked for alone.
pub async fn decided(
    tx: &mut Tx<'_>,
    campaign: Option<CampaignYear>,
    call: Option<&CallCode>,
    id: Option<i32>,
) -> Result<Vec<Decided>> {
    let rows: Vec<DecidedRow> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT d.id, d.siren, d.campaign, d.call, d.until_on, d.reason, d.decided_at, r.decided_at AS revoked_at, \
             d.decided_by, r.reason AS revoked_why, r.decided_by AS revoked_by \
             FROM derogation d LEFT JOIN revocation r ON r.derogation = d.id \
             WHERE d.campaign = $1 OR d.call = $2 OR d.id = $3 ORDER BY d.id",
        )
        .bind(campaign)
        .bind(call)
        .bind(id)
        .fetch_all(conn)
        .await
    })?;
    let read = |row: DecidedRow| {
        Ok(Decided {
            derogation: Derogation::try_from(row.row)?,
            by: row.decided_by,
            revocation: row.revoked_why.zip(row.revoked_by),
        })
    };
    rows.into_iter().map(read).collect()
}

/// Every filing derogation of a campaign with whom it is for, in the order decided.
pub async fn of_campaign(tx: &mut Tx<'_>, campaign: CampaignYear) -> Result<Vec<(Siren, FilingDerogation)>> {
    let rows: Vec<(Siren, Day, Instant, Option<Instant>)> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT d.siren, d.until_on, d.decided_at, r.decided_at FROM derogation d \
             LEFT JOIN revocation r ON r.derogation = d.id WHERE d.campaign = $1 AND d.kind = 'filing' ORDER BY d.id",
        )
        .bind(campaign)
        .fetch_all(conn)
        .await
    })?;
    let read =
        |(siren, until, decided_at, revoked_at)| (siren, FilingDerogation { until, decided_at, revoked_at });
    Ok(rows.into_iter().map(read).collect())
}
