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
use crate::store::draft::Key as DraftKey;
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
    /// The version that counts, if one does.
    pub last: Option<Last>,
    /// The number of the highest version, whether it counts or not; 0 where nothing was filed.
    pub highest: u32,
    /// Whether there is a draft of the flow year, of whom it was asked about.
    pub has_draft: bool,
    /// What the key of the request was used for, if it was.
    pub answered: Option<Answered>,
    /// The end of the journal when this was read: on PostgreSQL others may have moved it since.
    pub journal: JournalHead,
    /// Whom a filing is told to by mail.
    pub told: Told,
}

/// Agents who can sign in, by random id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Those who act for the body, or for one that it became, in order.
    pub agents: Vec<String>,
    /// Whether who files has an account.
    pub filer_has_account: bool,
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
    ($before:literal, $of:expr, $key:expr, $by:expr) => {
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
            UNION ALL SELECT 'highest', NULL, NULL, NULL, NULL, MAX(version), NULL, NULL, NULL, NULL \
            FROM filing WHERE flow_year = $3 AND siren = $2 \
            UNION ALL SELECT 'draft', NULL, NULL, NULL, NULL, revision, NULL, NULL, NULL, NULL \
            FROM draft WHERE flow_year = $3 AND siren = $2 AND author = $6 \
            UNION ALL SELECT 'answered', NULL, NULL, NULL, NULL, NULL, NULL, NULL, receipt, request_sha256 \
            FROM idempotency WHERE scope = $4 AND key = $5 \
            UNION ALL SELECT 'journal', NULL, NULL, NULL, NULL, NULL, NULL, NULL, CAST(seq AS TEXT), hash \
            FROM journal WHERE seq = (SELECT MAX(seq) FROM journal) \
            UNION ALL SELECT 'agent', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, a.person FROM attachment a \
            JOIN account c ON c.person = a.person AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL \
            WHERE a.siren IN (SELECT CAST($2 AS TEXT) UNION ALL SELECT l.collectivity FROM lineage l \
            WHERE l.ancestor = $2) AND (SELECT s.step FROM attachment_step s WHERE s.attachment = a.id \
            ORDER BY s.revision DESC LIMIT 1) = 'accepted' \
            UNION ALL SELECT 'filer', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, c.person FROM account c \
            WHERE c.person = $7 AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL"
        ))
        .bind($of.year.campaign())
        .bind($of.siren)
        .bind($of.year)
        .bind($key.map(|(scope, _)| scope))
        .bind($key.map(|(_, key)| key))
        .bind(DraftKey::told($of.author))
        .bind($by)
    };
}

/// Reads it for the declaration of a body on a flow year, by whose draft is asked about, and for a key in its
/// scope, if the request has one.
pub async fn read(
    tx: &mut Tx<'_>,
    of: impl Into<DraftKey<'_>>,
    key: Option<(&str, &str)>,
) -> Result<Admission> {
    read_for(tx, of, key, None).await
}

/// [`read`], and whether the person of this id, who files, has an account.
pub async fn read_for(
    tx: &mut Tx<'_>,
    of: impl Into<DraftKey<'_>>,
    key: Option<(&str, &str)>,
    by: Option<&str>,
) -> Result<Admission> {
    let of = of.into();
    let rows: Vec<Row> = on!(tx, |conn| asked!("", of, key, by).fetch_all(conn).await)?;
    assemble(of.siren, of.year, rows)
}

/// Begins a write transaction that shares the lock of the campaign, and [reads](read_for) it there: on SQLite by one
/// trip.
pub async fn begin(
    db: &Db,
    of: impl Into<DraftKey<'_>>,
    key: Option<(&str, &str)>,
    by: Option<&str>,
) -> Result<(Tx<'static>, Admission)> {
    let of = of.into();
    if let Db::Sqlite { writer, .. } = db {
        let (writing, rows) = writer.begin_with(|| asked!("BEGIN IMMEDIATE; ", of, key, by)).await?;
        return Ok((Tx::Sqlite(OnSqlite::Writing(writing)), assemble(of.siren, of.year, rows)?));
    }
    let mut tx = db.begin().await?;
    tx.share_campaign(of.year.campaign()).await?;
    let found = read_for(&mut tx, of, key, by).await?;
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
            "highest" => {
                let highest = row.number.map(u32::try_from).transpose();
                found.highest = highest.map_err(|_error| broken())?.unwrap_or_default();
            }
            "draft" => found.has_draft = true,
            "agent" => found.told.agents.push(row.text.ok_or_else(broken)?),
            "filer" => found.told.filer_has_account = true,
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
    found.told.agents.sort_unstable();
    found.told.agents.dedup();
    Ok(found)
}
