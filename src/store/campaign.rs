//! Campaigns and the decisions about them: only ever added to (rule 2).

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::domain::campaign::{Campaign, Extension};
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::window::Window;
use crate::domain::year::CampaignYear;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

/// A step that a person takes, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Arrêtée.
    Settled,
    /// Publiée.
    Published,
    /// Annulée.
    Cancelled,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::Published => "published",
            Self::Cancelled => "cancelled",
        }
    }
}

#[derive(FromRow)]
pub(super) struct Row {
    pub campaign: CampaignYear,
    pub opens_on: Day,
    pub closes_on: Day,
}

#[derive(FromRow)]
pub(super) struct ExtensionRow {
    pub campaign: CampaignYear,
    pub closes_on: Day,
    pub reason: String,
    pub decided_at: Instant,
}

#[derive(FromRow)]
pub(super) struct StepRow {
    pub campaign: CampaignYear,
    pub step: String,
    pub decided_at: Instant,
}

/// Every campaign, the first one first.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Campaign>> {
    let rows: Vec<Row> = on!(&mut *tx, |conn| {
        sqlx::query_as("SELECT campaign, opens_on, closes_on FROM campaign_window ORDER BY campaign")
            .fetch_all(conn)
            .await
    })?;
    let extensions: Vec<ExtensionRow> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT campaign, closes_on, reason, decided_at FROM extension ORDER BY campaign, revision",
        )
        .fetch_all(conn)
        .await
    })?;
    let steps: Vec<StepRow> = on!(&mut *tx, |conn| {
        sqlx::query_as("SELECT campaign, step, decided_at FROM campaign_step").fetch_all(conn).await
    })?;
    assemble(rows, extensions, steps)
}

/// The campaign of a year.
pub async fn find(tx: &mut Tx<'_>, year: CampaignYear) -> Result<Option<Campaign>> {
    let rows: Vec<Row> = on!(&mut *tx, |conn| {
        sqlx::query_as("SELECT campaign, opens_on, closes_on FROM campaign_window WHERE campaign = $1")
            .bind(year)
            .fetch_all(conn)
            .await
    })?;
    let extensions: Vec<ExtensionRow> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT campaign, closes_on, reason, decided_at FROM extension WHERE campaign = $1 ORDER BY revision",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?;
    let steps: Vec<StepRow> = on!(&mut *tx, |conn| {
        sqlx::query_as("SELECT campaign, step, decided_at FROM campaign_step WHERE campaign = $1")
            .bind(year)
            .fetch_all(conn)
            .await
    })?;
    Ok(assemble(rows, extensions, steps)?.pop())
}

/// A decision about a campaign, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Decision {
    /// `dates`, `extension`, or the word of a [`Step`].
    pub what: String,
    /// First day, of dates.
    pub opens_on: Option<Day>,
    /// Last day, of dates and extensions.
    pub closes_on: Option<Day>,
    /// Why; empty where nothing was said.
    pub reason: Option<String>,
    /// Random id of who decided.
    pub decided_by: String,
    /// When.
    pub decided_at: Instant,
}

/// Every decision about a campaign, in the order taken.
pub async fn decisions(tx: &mut Tx<'_>, year: CampaignYear) -> Result<Vec<Decision>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT 'dates' AS what, opens_on, closes_on, CAST(NULL AS TEXT) AS reason, decided_by, decided_at, \
             1 AS turn, revision FROM campaign_dates WHERE campaign = $1 \
             UNION ALL SELECT 'extension', NULL, closes_on, reason, decided_by, decided_at, 2, revision \
             FROM extension WHERE campaign = $1 \
             UNION ALL SELECT step, NULL, NULL, reason, decided_by, decided_at, 3, \
             CASE step WHEN 'published' THEN 2 ELSE 1 END FROM campaign_step WHERE campaign = $1 \
             ORDER BY decided_at, turn, revision",
        )
        .bind(year)
        .fetch_all(conn)
        .await
    })?)
}

/// The campaigns of these rows, the first one first.
pub(super) fn assemble(
    rows: Vec<Row>,
    extensions: Vec<ExtensionRow>,
    steps: Vec<StepRow>,
) -> Result<Vec<Campaign>> {
    let mut campaigns = BTreeMap::new();
    for row in rows {
        let window = Window::new(row.opens_on, row.closes_on).map_err(|error| StoreError::Inconsistent {
            table: "campaign_dates",
            detail: error.to_string(),
        })?;
        campaigns.insert(
            row.campaign,
            Campaign {
                year: row.campaign,
                window,
                extensions: vec![],
                settled_at: None,
                published_at: None,
                cancelled_at: None,
            },
        );
    }
    for row in extensions {
        if let Some(campaign) = campaigns.get_mut(&row.campaign) {
            let extension =
                Extension { closes_on: row.closes_on, reason: row.reason, decided_at: row.decided_at };
            campaign.extensions.push(extension);
        }
    }
    for row in steps {
        if let Some(campaign) = campaigns.get_mut(&row.campaign) {
            match row.step.as_str() {
                "settled" => campaign.settled_at = Some(row.decided_at),
                "published" => campaign.published_at = Some(row.decided_at),
                _ => campaign.cancelled_at = Some(row.decided_at),
            }
        }
    }
    Ok(campaigns.into_values().collect())
}

/// Creates a campaign with its window.
pub async fn create(
    tx: &mut Tx<'_>,
    year: CampaignYear,
    window: Window,
    by: &str,
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        &mut *tx,
        "INSERT INTO campaign (year, created_by, created_at) VALUES ($1, $2, $3)",
        year,
        by,
        at
    )?;
    expect_rows("campaign", 1, touched)?;
    plan(tx, year, window, by, at).await
}

/// Plans other days; refused by the database once the window has opened.
pub async fn plan(tx: &mut Tx<'_>, year: CampaignYear, window: Window, by: &str, at: Instant) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO campaign_dates (campaign, revision, opens_on, closes_on, opens_at, closes_at, decided_by, decided_at) \
         SELECT CAST($1 AS INTEGER), 1 + COALESCE(MAX(revision), 0), $2, $3, $4, $5, $6, $7 \
         FROM campaign_dates WHERE campaign = $1",
        year,
        window.opens_on(),
        window.closes_on(),
        window.opens_at(),
        window.closes_at(),
        by,
        at,
    )?;
    expect_rows("campaign_dates", 1, touched)
}

/// Records an extension.
pub async fn extend(
    tx: &mut Tx<'_>,
    year: CampaignYear,
    closes_on: Day,
    reason: &str,
    by: &str,
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO extension (campaign, revision, closes_on, closes_at, reason, decided_by, decided_at) \
         SELECT CAST($1 AS INTEGER), 1 + COALESCE(MAX(revision), 0), $2, $3, $4, $5, $6 \
         FROM extension WHERE campaign = $1",
        year,
        closes_on,
        closes_on.ends_at(),
        reason,
        by,
        at,
    )?;
    expect_rows("extension", 1, touched)
}

/// Records a step.
pub async fn take_step(
    tx: &mut Tx<'_>,
    year: CampaignYear,
    step: Step,
    reason: &str,
    by: &str,
    at: Instant,
) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO campaign_step (campaign, step, reason, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5)",
        year,
        step.word(),
        reason,
        by,
        at,
    )?;
    expect_rows("campaign_step", 1, touched)
}
