//! The same rows as a filing writes, in one bare transaction each: same tables, same guards, same
//! `synchronous=FULL`, one INSERT a table, every statement prepared once. No HTTP, no rules, no seals: the rows
//! are copied from a filing that the service made, so that both write the same.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::Connection;

use super::table::{Cell, Table, open};
use crate::support::Result;

/// What one filing writes, in the order of the service.
const TABLES: [(&str, &str); 6] = [
    (
        "person",
        "id = (SELECT f.signatory FROM filing f JOIN receipt r USING (flow_year, siren, version) WHERE r.number = $1)",
    ),
    (
        "line",
        "(flow_year, siren, version) = (SELECT flow_year, siren, version FROM receipt WHERE number = $1) ORDER BY position",
    ),
    (
        "filing",
        "(flow_year, siren, version) = (SELECT flow_year, siren, version FROM receipt WHERE number = $1)",
    ),
    ("journal", "hash = (SELECT journal_head FROM receipt WHERE number = $1)"),
    ("receipt", "number = $1"),
    ("idempotency", "receipt = $1"),
];

/// `rows TARGET SOURCE RECEIPT SIRENS SECONDS`: writes filings into TARGET, like the one of RECEIPT in SOURCE, for
/// the bodies that the file SIRENS lists, and tells how many in how long.
pub fn run(arguments: &[&str]) -> Result<()> {
    let [target, source, receipt, sirens, seconds] = arguments else {
        return Err("rows TARGET SOURCE RECEIPT SIRENS SECONDS".into());
    };
    let sirens: Vec<String> = std::fs::read_to_string(sirens)?.lines().map(str::to_owned).collect();
    let duration = Duration::from_millis(seconds.parse::<u64>()?.saturating_mul(1_000));
    // The service has a thread for SQLite and others for the rest; so has this.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (count, seconds) =
        runtime.block_on(write(Path::new(target), Path::new(source), receipt, &sirens, duration))?;
    println!("filings {count} seconds {seconds}");
    Ok(())
}

async fn write(
    target: &Path,
    source: &Path,
    receipt: &str,
    sirens: &[String],
    duration: Duration,
) -> Result<(u64, f64)> {
    let mut tables = vec![];
    let mut from = open(source).await?;
    for (name, condition) in TABLES {
        tables.push(Table::read(&mut from, name, &format!(" WHERE {condition}"), Some(receipt)).await?);
    }
    from.close().await?;
    let mut conn = open(target).await?;
    let (mut last, mut head): (i64, String) =
        sqlx::query_as("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
            .fetch_one(&mut conn)
            .await?;
    let mut versions: HashMap<&str, i64> = HashMap::new();
    for siren in sirens {
        let version: i64 = sqlx::query_scalar(
            "SELECT COALESCE(MAX(version), 0) FROM filing WHERE flow_year = $1 AND siren = $2",
        )
        .bind(tables.iter().find_map(|table| table.integer("flow_year")))
        .bind(siren)
        .fetch_one(&mut conn)
        .await?;
        versions.insert(siren, version);
    }
    let mut count = 0;
    let started = Instant::now();
    for siren in sirens.iter().cycle() {
        if started.elapsed() >= duration {
            break;
        }
        let version = versions.entry(siren).and_modify(|version| *version += 1).or_insert(1);
        last += 1;
        let hash = format!("{last:064x}");
        let ids = format!("BENCH{last:021}");
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        for table in &tables {
            table
                .insert(&mut tx, |column| match column {
                    "siren" => Some(Cell::Text(siren.clone())),
                    "version" => Some(Cell::Integer(*version)),
                    "id" | "signatory" | "number" | "receipt" | "key" => Some(Cell::Text(ids.clone())),
                    "seq" => Some(Cell::Integer(last)),
                    "previous" => Some(Cell::Text(head.clone())),
                    "hash" | "journal_head" => Some(Cell::Text(hash.clone())),
                    _ => None,
                })
                .await?;
        }
        tx.commit().await?;
        head = hash;
        count += 1;
    }
    let seconds = started.elapsed().as_secs_f64();
    conn.close().await?;
    Ok((count, seconds))
}
