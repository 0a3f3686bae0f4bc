//! Filed versions and their receipts (rule 3): only ever inserted.

use futures_util::{StreamExt, TryStreamExt};
use sqlx::FromRow;

use crate::domain::declaration::{Filing, Receipt, Seal};
use crate::domain::euros::Euros;
use crate::domain::filing::FilingKind;
use crate::domain::instant::Instant;
use crate::domain::siren::Siren;
use crate::domain::year::FlowYear;
use crate::store::writes::Writes;
use crate::store::{Result, StoreError, Tx, by_place, on};

#[derive(FromRow)]
struct Row {
    flow_year: FlowYear,
    siren: Siren,
    version: i32,
    kind: FilingKind,
    filed_at: Instant,
    filed_by: String,
    signatory: Option<String>,
    reason: Option<String>,
    document: Option<String>,
    line_count: i32,
    total_paid: Euros,
    total_own: Euros,
}

impl TryFrom<Row> for Filing {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            siren: row.siren,
            flow_year: row.flow_year,
            version: count(row.version, row.siren)?,
            kind: row.kind,
            filed_at: row.filed_at,
            filed_by: row.filed_by,
            signatory: row.signatory,
            reason: row.reason,
            document: row.document,
            line_count: count(row.line_count, row.siren)?,
            total_paid: row.total_paid,
            total_own: row.total_own,
        })
    }
}

by_place! {
    struct SealRow {
        f.siren: Siren,
        f.version: i32,
        f.kind: FilingKind,
        f.filed_at: Instant,
        f.line_count: i32,
        f.total_paid: Euros,
        f.total_own: Euros,
    }
    const SEALS = "FROM effective_filing f WHERE f.flow_year = $1 ORDER BY f.siren";
}

impl TryFrom<SealRow> for Seal {
    type Error = StoreError;

    fn try_from(row: SealRow) -> Result<Self> {
        Ok(Self {
            version: count(row.version, row.siren)?,
            line_count: count(row.line_count, row.siren)?,
            siren: row.siren,
            kind: row.kind,
            filed_at: row.filed_at,
            total_paid: row.total_paid,
            total_own: row.total_own,
        })
    }
}

#[derive(FromRow)]
struct ReceiptRow {
    number: String,
    flow_year: FlowYear,
    siren: Siren,
    version: i32,
    sha256: String,
    journal_head: String,
    issued_at: Instant,
}

impl TryFrom<ReceiptRow> for Receipt {
    type Error = StoreError;

    fn try_from(row: ReceiptRow) -> Result<Self> {
        Ok(Self {
            version: count(row.version, row.siren)?,
            number: row.number,
            siren: row.siren,
            flow_year: row.flow_year,
            sha256: row.sha256,
            journal_head: row.journal_head,
            issued_at: row.issued_at,
        })
    }
}

fn count(value: i32, siren: Siren) -> Result<u32> {
    u32::try_from(value)
        .map_err(|error| StoreError::Inconsistent { table: "filing", detail: format!("{siren}: {error}") })
}

/// Inserts a version; its lines are inserted before, in the same transaction.
pub fn insert(writes: &mut Writes, filing: &Filing) {
    const COLUMNS: &str = "flow_year, siren, version, kind, filed_at, filed_by, signatory, reason, document, \
        line_count, total_paid, total_own";
    writes.into("filing", COLUMNS).row(|row| {
        row.bind(filing.flow_year)
            .bind(filing.siren)
            .bind(i64::from(filing.version))
            .bind(filing.kind)
            .bind(filing.filed_at)
            .text(&filing.filed_by)
            .some_text(filing.signatory.as_deref())
            .some_text(filing.reason.as_deref())
            .some_text(filing.document.as_deref())
            .bind(i64::from(filing.line_count))
            .bind(filing.total_paid)
            .bind(filing.total_own);
    });
}

/// Inserts the receipt of a version.
pub fn insert_receipt(writes: &mut Writes, receipt: &Receipt) {
    const COLUMNS: &str = "number, flow_year, siren, version, sha256, journal_head, issued_at";
    writes.into("receipt", COLUMNS).row(|row| {
        row.text(&receipt.number)
            .bind(receipt.flow_year)
            .bind(receipt.siren)
            .bind(i64::from(receipt.version))
            .text(&receipt.sha256)
            .text(&receipt.journal_head)
            .bind(receipt.issued_at);
    });
}

/// The version that counts, if anything was filed.
pub async fn effective(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Option<Filing>> {
    let row: Option<Row> = on!(tx, |conn| {
        sqlx::query_as("SELECT * FROM effective_filing WHERE flow_year = $1 AND siren = $2")
            .bind(year)
            .bind(siren)
            .fetch_optional(conn)
            .await
    })?;
    row.map(Filing::try_from).transpose()
}

/// Every version of a declaration, the first one first.
pub async fn versions(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Vec<Filing>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as("SELECT * FROM filing WHERE flow_year = $1 AND siren = $2 ORDER BY version")
            .bind(year)
            .bind(siren)
            .fetch_all(conn)
            .await
    })?;
    rows.into_iter().map(Filing::try_from).collect()
}

/// What the versions that count in a flow year seal, by SIREN.
pub async fn effective_of_year(tx: &mut Tx<'_>, year: FlowYear) -> Result<Vec<Seal>> {
    on!(tx, |conn| {
        sqlx::query_as::<_, SealRow>(SEALS).bind(year).fetch(conn).map(|row| Seal::try_from(row?)).boxed()
    })
    .try_collect()
    .await
}

/// Number of versions of any kind filed for a flow year.
pub async fn count_of_year(tx: &mut Tx<'_>, year: FlowYear) -> Result<i64> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT COUNT(*) FROM filing WHERE flow_year = $1")
            .bind(year)
            .fetch_one(conn)
            .await
    })?)
}

/// The receipt of a number.
pub async fn receipt(tx: &mut Tx<'_>, number: &str) -> Result<Option<Receipt>> {
    let row: Option<ReceiptRow> = on!(tx, |conn| {
        sqlx::query_as("SELECT * FROM receipt WHERE number = $1").bind(number).fetch_optional(conn).await
    })?;
    row.map(Receipt::try_from).transpose()
}

/// The receipts of every version of a declaration.
pub async fn receipts(tx: &mut Tx<'_>, siren: Siren, year: FlowYear) -> Result<Vec<Receipt>> {
    let rows: Vec<ReceiptRow> = on!(tx, |conn| {
        sqlx::query_as("SELECT * FROM receipt WHERE flow_year = $1 AND siren = $2 ORDER BY version")
            .bind(year)
            .bind(siren)
            .fetch_all(conn)
            .await
    })?;
    rows.into_iter().map(Receipt::try_from).collect()
}
