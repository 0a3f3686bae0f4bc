//! What a database holds, in figures that two copies of it share: every table, and what is in it.

use crate::domain::euros::Euros;
use crate::domain::year::FlowYear;
use crate::store::{Result, Tx, on};

/// The statements about one table, each literal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) count: &'static str,
    pub(super) select: &'static str,
    pub(super) copy_in: &'static str,
    pub(super) copy_out: &'static str,
    pub(super) guards_off: &'static str,
    pub(super) guards_on: &'static str,
}

macro_rules! tables {
    ($($name:literal)+) => {
        [$(Table {
            name: $name,
            count: concat!("SELECT COUNT(*) FROM ", $name),
            select: concat!("SELECT * FROM ", $name),
            copy_in: concat!("COPY ", $name, " FROM STDIN"),
            copy_out: concat!("COPY ", $name, " TO STDOUT"),
            guards_off: concat!("ALTER TABLE ", $name, " DISABLE TRIGGER USER"),
            guards_on: concat!("ALTER TABLE ", $name, " ENABLE TRIGGER USER"),
        }),+]
    };
}

/// Every table, those that others refer to first; a test holds it equal to the schema.
#[rustfmt::skip]
pub(super) static TABLES: [Table; 57] = tables! {
    "instance"
    "collectivity" "collectivity_state" "associated_region" "succession" "lineage" "collectivity_word"
    "person" "token" "idempotency"
    "campaign" "campaign_dates" "extension" "campaign_step"
    "call" "call_year" "derogation" "revocation" "expected"
    "draft" "filing" "line" "receipt" "past_amount"
    "journal" "report_release" "crs_activity" "crs_group" "crs_release_line"
    "account" "session" "single_use" "attachment" "attachment_step" "contact" "attempt" "stash"
    "missing_collectivity" "mail"
    "reservation" "reservation_outcome" "upload" "second_factor" "recovery_code" "reminder" "public_title"
    "asked_list" "call_dossier" "call_dossier_member" "certificate" "certificate_revocation"
    "register_file" "question" "question_message" "question_end" "release_order" "job_run"
};

/// The tables that this program knows and the database has: one of an older program may miss some.
pub async fn tables(tx: &mut Tx<'_>) -> Result<Vec<&'static str>> {
    let there = super::upkeep::tables(tx).await?;
    Ok(TABLES.iter().map(|table| table.name).filter(|name| there.iter().any(|table| table == name)).collect())
}

/// The rows of each table, by name.
pub async fn counts(tx: &mut Tx<'_>) -> Result<Vec<(&'static str, i64)>> {
    let there = tables(tx).await?;
    let mut counts = Vec::with_capacity(there.len());
    for table in TABLES.iter().filter(|table| there.contains(&table.name)) {
        let rows: i64 = on!(&mut *tx, |conn| sqlx::query_scalar(table.count).fetch_one(conn).await)?;
        counts.push((table.name, rows));
    }
    Ok(counts)
}

/// Own resources of the versions that count, summed from their lines, by flow year.
pub async fn own_resources(tx: &mut Tx<'_>) -> Result<Vec<(FlowYear, Euros)>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT l.flow_year, SUM(l.own_resources) FROM line l JOIN effective_filing f \
             ON f.flow_year = l.flow_year AND f.siren = l.siren AND f.version = l.version \
             GROUP BY l.flow_year ORDER BY l.flow_year",
        )
        .fetch_all(conn)
        .await
    })?)
}

/// The number of the last migration that was applied.
pub async fn migration(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(on!(tx, |conn| {
        sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success")
            .fetch_one(conn)
            .await
    })?)
}
