//! Released reports: stored once, with their bytes (rule 12).

use sqlx::FromRow;

use crate::domain::euros::Euros;
use crate::domain::instant::Instant;
use crate::domain::release::Release;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

#[derive(FromRow)]
struct Row {
    name: String,
    flow_year: FlowYear,
    format: String,
    edition: i32,
    sha256: String,
    content_sha256: String,
    line_count: i64,
    total_own: Euros,
    journal_head: String,
    released_by: String,
    released_at: Instant,
}

impl TryFrom<Row> for Release {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let inconsistent = |error: std::num::TryFromIntError| StoreError::Inconsistent {
            table: "report_release",
            detail: format!("{}/{}/{}: {error}", row.name, row.flow_year, row.edition),
        };
        Ok(Self {
            edition: u32::try_from(row.edition).map_err(inconsistent)?,
            line_count: u64::try_from(row.line_count).map_err(inconsistent)?,
            name: row.name,
            flow_year: row.flow_year,
            format: row.format,
            sha256: row.sha256,
            content_sha256: row.content_sha256,
            total_own: row.total_own,
            journal_head: row.journal_head,
            released_by: row.released_by,
            released_at: row.released_at,
        })
    }
}

/// Stores one file of an edition; the database refuses any edition but the next one.
pub async fn insert(tx: &mut Tx<'_>, release: &Release, bytes: &[u8]) -> Result<()> {
    let lines = i64::try_from(release.line_count).unwrap_or(i64::MAX);
    let touched = execute!(
        tx,
        "INSERT INTO report_release (name, flow_year, format, edition, bytes, sha256, content_sha256, \
         line_count, total_own, journal_head, released_by, released_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        release.name.as_str(),
        release.flow_year,
        release.format.as_str(),
        i64::from(release.edition),
        bytes,
        release.sha256.as_str(),
        release.content_sha256.as_str(),
        lines,
        release.total_own,
        release.journal_head.as_str(),
        release.released_by.as_str(),
        release.released_at,
    )?;
    expect_rows("report_release", 1, touched)
}

/// Every stored file, by report, flow year, edition and format.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Release>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT name, flow_year, format, edition, sha256, content_sha256, line_count, total_own, \
             journal_head, released_by, released_at FROM report_release \
             ORDER BY name, flow_year, edition, format",
        )
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(Release::try_from).collect()
}

/// The stored files of one report and flow year, by edition and format.
pub async fn of_year(tx: &mut Tx<'_>, name: &str, year: FlowYear) -> Result<Vec<Release>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT name, flow_year, format, edition, sha256, content_sha256, line_count, total_own, \
             journal_head, released_by, released_at FROM report_release \
             WHERE name = $1 AND flow_year = $2 ORDER BY edition, format",
        )
        .bind(name)
        .bind(year)
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(Release::try_from).collect()
}

/// The bytes of a stored file.
pub async fn bytes(tx: &mut Tx<'_>, release: &Release) -> Result<Option<Vec<u8>>> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT bytes FROM report_release \
             WHERE name = $1 AND flow_year = $2 AND format = $3 AND edition = $4",
        )
        .bind(release.name.as_str())
        .bind(release.flow_year)
        .bind(release.format.as_str())
        .bind(i64::from(release.edition))
        .fetch_optional(conn)
        .await
    })?)
}

/// How many bytes each stored file has, by report, flow year, format and edition.
pub async fn sizes(tx: &mut Tx<'_>) -> Result<Vec<(String, FlowYear, String, i32, i64)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT name, flow_year, format, edition, CAST(OCTET_LENGTH(bytes) AS BIGINT) AS bytes \
             FROM report_release ORDER BY name, flow_year, format, edition",
        )
        .fetch_all(conn)
        .await
    })?)
}
