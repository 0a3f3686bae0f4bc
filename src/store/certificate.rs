//! Certificates and their revocations: only ever added to.

use sqlx::FromRow;

use crate::domain::call::CallCode;
use crate::domain::certificate::{Certificate, Revocation};
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

#[derive(FromRow)]
struct Row {
    number: String,
    siren: Siren,
    call: CallCode,
    rank: i32,
    facts: String,
    sha256: String,
    journal_head: String,
    issued_by: String,
    issued_at: Instant,
}

impl TryFrom<Row> for Certificate {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let rank = u32::try_from(row.rank).map_err(|error| StoreError::Inconsistent {
            table: "certificate",
            detail: format!("{}: {error}", row.number),
        })?;
        Ok(Self {
            rank,
            number: row.number,
            siren: row.siren,
            call: row.call,
            facts: row.facts,
            sha256: row.sha256,
            journal_head: row.journal_head,
            issued_by: row.issued_by,
            issued_at: row.issued_at,
        })
    }
}

#[derive(FromRow)]
struct RevocationRow {
    reason: String,
    decided_at: Instant,
}

/// Adds a certificate.
pub async fn insert(tx: &mut Tx<'_>, certificate: &Certificate) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO certificate (number, siren, call, rank, facts, sha256, journal_head, issued_by, issued_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        certificate.number.as_str(),
        certificate.siren,
        &certificate.call,
        i32::try_from(certificate.rank).unwrap_or(i32::MAX),
        certificate.facts.as_str(),
        certificate.sha256.as_str(),
        certificate.journal_head.as_str(),
        certificate.issued_by.as_str(),
        certificate.issued_at,
    )?;
    expect_rows("certificate", 1, touched)
}

/// The certificate of a number.
pub async fn find(tx: &mut Tx<'_>, number: &str) -> Result<Option<Certificate>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT number, siren, call, rank, facts, sha256, journal_head, issued_by, issued_at \
             FROM certificate WHERE number = $1",
        )
        .bind(number)
        .fetch_optional(conn)
        .await
    })?;
    row.map(Certificate::try_from).transpose()
}

/// Those on a body, the last one first.
pub async fn of_body(tx: &mut Tx<'_>, siren: Siren) -> Result<Vec<Certificate>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT number, siren, call, rank, facts, sha256, journal_head, issued_by, issued_at \
             FROM certificate WHERE siren = $1 ORDER BY issued_at DESC, call, rank DESC",
        )
        .bind(siren)
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(Certificate::try_from).collect()
}

/// Rank and instant of the last one on a body and a call; none before the first.
pub async fn last(tx: &mut Tx<'_>, siren: Siren, call: &CallCode) -> Result<Option<(u32, Instant)>> {
    let row: Option<(i32, Instant)> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT rank, issued_at FROM certificate WHERE siren = $1 AND call = $2 ORDER BY rank DESC LIMIT 1",
        )
        .bind(siren)
        .bind(call)
        .fetch_optional(conn)
        .await
    })?;
    Ok(row.map(|(rank, at)| (u32::try_from(rank).unwrap_or_default(), at)))
}

/// When the one that follows a certificate was issued.
pub async fn superseded_at(tx: &mut Tx<'_>, certificate: &Certificate) -> Result<Option<Instant>> {
    let next = certificate.rank.saturating_add(1);
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT issued_at FROM certificate WHERE siren = $1 AND call = $2 AND rank = $3")
            .bind(certificate.siren)
            .bind(&certificate.call)
            .bind(i32::try_from(next).unwrap_or(i32::MAX))
            .fetch_optional(conn)
            .await
    })?)
}

/// Ends a certificate from `at` on.
pub async fn revoke(tx: &mut Tx<'_>, number: &str, reason: &str, by: &str, at: Instant) -> Result<()> {
    let touched = execute!(
        tx,
        "INSERT INTO certificate_revocation (number, reason, decided_by, decided_at) VALUES ($1, $2, $3, $4)",
        number,
        reason,
        by,
        at,
    )?;
    expect_rows("certificate_revocation", 1, touched)
}

/// The end of a certificate, if somebody put one.
pub async fn revocation(tx: &mut Tx<'_>, number: &str) -> Result<Option<Revocation>> {
    let row: Option<RevocationRow> = on!(tx, |conn| {
        sqlx::query_as("SELECT reason, decided_at FROM certificate_revocation WHERE number = $1")
            .bind(number)
            .fetch_optional(conn)
            .await
    })?;
    Ok(row.map(|row| Revocation { reason: row.reason, decided_at: row.decided_at }))
}
