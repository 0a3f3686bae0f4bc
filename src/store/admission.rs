//! All that a filing is admitted by, in one statement: under the lock of the one writer, each trip to the
//! database keeps the others waiting.

use sqlx::FromRow;

use crate::domain::campaign::{Campaign, FilingDerogation};
use crate::domain::day::Day;
use crate::domain::declaration::Filing;
use crate::domain::eligibility::Body;
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::journal::JournalHead;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::engine::OnSqlite;
use crate::store::idempotency::Answered;
use crate::store::{Db, Result, StoreError, Tx, campaign, on};

/// What is known of a body and of the campaign that it files in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admission {
    /// The campaign.
    pub campaign: Option<Campaign>,
    /// The body's own filing derogations in it, in the order decided.
    pub derogations: Vec<FilingDerogation>,
    /// The body, if the register holds it.
    pub body: Option<Body>,
    /// The version that counts, if anything was filed.
    pub last: Option<Last>,
    /// Whether the body has a draft of the flow year.
    pub has_draft: bool,
    /// What the key of the request was used for, if it was.
    pub answered: Option<Answered>,
    /// The end of the journal when this was read: on PostgreSQL others may have moved it since.
    pub journal: JournalHead,
}

/// The version that counts, as the journal tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// Its number.
    pub version: u32,
    /// What it states.
    pub kind: FilingKind,
    /// Its lines.
    pub line_count: u32,
    /// Their own resources.
    pub total_own: Euros,
}

impl From<&Filing> for Last {
    fn from(filing: &Filing) -> Self {
        let Filing { version, kind, line_count, total_own, .. } = *filing;
        Self { version, kind, line_count, total_own }
    }
}

/// One row of one of the parts; what it is decides which columns it fills.
#[derive(FromRow)]
struct Row {
    what: String,
    day: Option<Day>,
    last_day: Option<Day>,
    at: Option<Instant>,
    until: Option<Instant>,
    number: Option<i32>,
    count: Option<i32>,
    amount: Option<Euros>,
    word: Option<String>,
    text: Option<String>,
}

/// The statement, on a connection; on SQLite with what it begins.
macro_rules! asked {
    ($before:literal, $siren:expr, $year:expr, $key:expr) => {
        sqlx::query_as(concat!(
            $before,
            "SELECT 'window' AS what, opens_on AS day, closes_on AS last_day, CAST(NULL AS TIMESTAMPTZ) AS at, \
            CAST(NULL AS TIMESTAMPTZ) AS until, CAST(NULL AS INTEGER) AS number, CAST(NULL AS INTEGER) AS count, \
            CAST(NULL AS NUMERIC) AS amount, CAST(NULL AS TEXT) AS word, CAST(NULL AS TEXT) AS text \
            FROM campaign_window WHERE campaign = $1 \
            UNION ALL SELECT 'extension', closes_on, NULL, decided_at, NULL, revision, NULL, NULL, NULL, reason \
            FROM extension WHERE campaign = $1 \
            UNION ALL SELECT 'step', NULL, NULL, decided_at, NULL, NULL, NULL, NULL, step, NULL \
            FROM campaign_step WHERE campaign = $1 \
            UNION ALL SELECT 'derogation', NULL, d.until_on, d.decided_at, r.decided_at, d.id, NULL, NULL, NULL, NULL \
            FROM derogation d LEFT JOIN revocation r ON r.derogation = d.id \
            WHERE d.siren = $2 AND d.campaign = $1 \
            UNION ALL SELECT 'body', c.exists_from, c.exists_until, NULL, NULL, NULL, NULL, NULL, NULL, \
            (SELECT s.name FROM collectivity_state s WHERE s.collectivity = c.id \
            ORDER BY s.from_year DESC, s.revision DESC LIMIT 1) \
            FROM collectivity c WHERE c.id = $2 \
            UNION ALL SELECT 'filing', NULL, NULL, NULL, NULL, version, line_count, total_own, kind, NULL \
            FROM effective_filing WHERE flow_year = $3 AND siren = $2 \
            UNION ALL SELECT 'draft', NULL, NULL, NULL, NULL, revision, NULL, NULL, NULL, NULL \
            FROM draft WHERE flow_year = $3 AND siren = $2 \
            UNION ALL SELECT 'answered', NULL, NULL, NULL, NULL, NULL, NULL, NULL, receipt, request_sha256 \
            FROM idempotency WHERE scope = $4 AND key = $5 \
            UNION ALL SELECT 'journal', NULL, NULL, NULL, NULL, NULL, NULL, NULL, CAST(seq AS TEXT), hash \
            FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)"
        ))
        .bind($year.campaign())
        .bind($siren)
        .bind($year)
        .bind($key.map(|(scope, _)| scope))
        .bind($key.map(|(_, key)| key))
    };
}

/// Reads it for the declaration of a body on a flow year, and for a key in its scope, if the request has one.
pub async fn read(
    tx: &mut Tx<'_>,
    siren: Siren,
    year: FlowYear,
    key: Option<(&str, &str)>,
) -> Result<Admission> {
    let rows: Vec<Row> = on!(tx, |conn| asked!("", siren, year, key).fetch_all(conn).await)?;
    assemble(siren, year, rows)
}

/// Begins a write transaction that shares the lock of the campaign, and [reads](read) it there: on SQLite by one trip.
pub async fn begin(
    db: &Db,
    siren: Siren,
    year: FlowYear,
    key: Option<(&str, &str)>,
) -> Result<(Tx<'static>, Admission)> {
    if let Db::Sqlite { writer, .. } = db {
        let (writing, rows) = writer.begin_with(|| asked!("BEGIN IMMEDIATE; ", siren, year, key)).await?;
        return Ok((Tx::Sqlite(OnSqlite::Writing(writing)), assemble(siren, year, rows)?));
    }
    let mut tx = db.begin().await?;
    tx.share_campaign(year.campaign()).await?;
    let found = read(&mut tx, siren, year, key).await?;
    Ok((tx, found))
}

fn assemble(siren: Siren, year: FlowYear, mut rows: Vec<Row>) -> Result<Admission> {
    let broken = || StoreError::Inconsistent { table: "filing", detail: format!("{siren}/{year}") };
    // Extensions and derogations in the order decided.
    rows.sort_by_key(|row| row.number);
    let mut found = Admission::default();
    let (mut windows, mut extensions, mut steps) = (vec![], vec![], vec![]);
    for row in rows {
        match row.what.as_str() {
            "window" => {
                let (opens_on, closes_on) = row.day.zip(row.last_day).ok_or_else(broken)?;
                windows.push(campaign::Row { campaign: year.campaign(), opens_on, closes_on });
            }
            "extension" => {
                let (closes_on, decided_at) = row.day.zip(row.at).ok_or_else(broken)?;
                let reason = row.text.ok_or_else(broken)?;
                let campaign = year.campaign();
                extensions.push(campaign::ExtensionRow { campaign, closes_on, reason, decided_at });
            }
            "step" => {
                let (step, decided_at) = row.word.zip(row.at).ok_or_else(broken)?;
                steps.push(campaign::StepRow { campaign: year.campaign(), step, decided_at });
            }
            "derogation" => {
                let (until, decided_at) = row.last_day.zip(row.at).ok_or_else(broken)?;
                found.derogations.push(FilingDerogation { until, decided_at, revoked_at: row.until });
            }
            "body" => {
                let name = row.text.ok_or_else(broken)?;
                found.body = Some(Body { name, exists_from: row.day, exists_until: row.last_day });
            }
            "filing" => {
                let number = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
                found.last = Some(Last {
                    version: number(row.number).ok_or_else(broken)?,
                    kind: row.word.and_then(|word| super::codec::filing_kind(&word)).ok_or_else(broken)?,
                    line_count: number(row.count).ok_or_else(broken)?,
                    total_own: row.amount.ok_or_else(broken)?,
                });
            }
            "draft" => found.has_draft = true,
            "journal" => {
                let (seq, hash) = row.word.zip(row.text).ok_or_else(broken)?;
                found.journal = JournalHead { seq: seq.parse().map_err(|_error| broken())?, hash };
            }
            _ => {
                let (receipt, request_sha256) = row.word.zip(row.text).ok_or_else(broken)?;
                found.answered = Some(Answered { request_sha256, receipt });
            }
        }
    }
    found.campaign = campaign::assemble(windows, extensions, steps)?.pop();
    Ok(found)
}
