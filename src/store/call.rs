//! Calls for projects: fixed once created (rule 9).

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::domain::call::{Call, CallCode, CallDates, GroupRule};
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::year::FlowYear;
use crate::store::{Result, StoreError, Tx, execute, expect_rows, on};

#[derive(FromRow)]
pub(super) struct Row {
    pub code: CallCode,
    pub title: String,
    pub opens_on: Option<Day>,
    pub closes_on: Option<Day>,
    pub examined_on: Option<Day>,
    pub group_rule: String,
    pub founding_text: String,
}

/// The words of the table, which are English.
const fn rule_word(rule: GroupRule) -> &'static str {
    match rule {
        GroupRule::All => "all",
        GroupRule::Lead => "lead",
    }
}

/// Every call, by code.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Call>> {
    let rows: Vec<Row> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT code, title, opens_on, closes_on, examined_on, group_rule, founding_text FROM call ORDER BY code",
        )
        .fetch_all(conn)
        .await
    })?;
    let years: Vec<(CallCode, FlowYear)> = on!(&mut *tx, |conn| {
        sqlx::query_as("SELECT call, flow_year FROM call_year ORDER BY call, flow_year").fetch_all(conn).await
    })?;
    let mut by_call: BTreeMap<CallCode, Vec<FlowYear>> = BTreeMap::new();
    for (call, year) in years {
        by_call.entry(call).or_default().push(year);
    }
    rows.into_iter().map(|row| read(by_call.remove(&row.code).unwrap_or_default(), row)).collect()
}

/// The call of a code.
pub async fn find(tx: &mut Tx<'_>, code: &CallCode) -> Result<Option<Call>> {
    let row: Option<Row> = on!(&mut *tx, |conn| {
        sqlx::query_as(
            "SELECT code, title, opens_on, closes_on, examined_on, group_rule, founding_text FROM call WHERE code = $1",
        )
        .bind(code)
        .fetch_optional(conn)
        .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let years: Vec<FlowYear> = on!(&mut *tx, |conn| {
        sqlx::query_scalar("SELECT flow_year FROM call_year WHERE call = $1 ORDER BY flow_year")
            .bind(code)
            .fetch_all(conn)
            .await
    })?;
    read(years, row).map(Some)
}

/// The call of a row and its years.
pub(super) fn read(years: Vec<FlowYear>, row: Row) -> Result<Call> {
    let rule = if row.group_rule == "lead" { GroupRule::Lead } else { GroupRule::All };
    let dates = CallDates { opens_on: row.opens_on, closes_on: row.closes_on, examined_on: row.examined_on };
    let detail = |error| StoreError::Inconsistent { table: "call", detail: format!("{error}") };
    Call::new(row.code, &row.title, dates, years, rule, &row.founding_text).map_err(detail)
}

/// Creates a call; its years go first and are sealed by it.
pub async fn create(tx: &mut Tx<'_>, call: &Call, by: &str, at: Instant) -> Result<()> {
    for year in call.required_years() {
        let touched = execute!(
            &mut *tx,
            "INSERT INTO call_year (call, flow_year) VALUES ($1, $2)",
            call.code(),
            *year
        )?;
        expect_rows("call_year", 1, touched)?;
    }
    let dates = call.dates();
    let touched = execute!(
        tx,
        "INSERT INTO call (code, title, opens_on, closes_on, examined_on, group_rule, founding_text, created_by, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        call.code(),
        call.title(),
        dates.opens_on,
        dates.closes_on,
        dates.examined_on,
        rule_word(call.group_rule()),
        call.founding_text(),
        by,
        at,
    )?;
    expect_rows("call", 1, touched)
}
