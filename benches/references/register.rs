//! The rows of the register, from memory, in one bare transaction under the same guards.

use std::path::Path;
use std::time::Instant;

use sqlx::Connection;

use super::table::{Table, open};
use crate::support::Result;

/// In the order of the service. The millésime alone writes no mergers.
const TABLES: [&str; 4] = ["collectivity", "collectivity_state", "associated_region", "collectivity_word"];

/// `register TARGET SOURCE`: writes what SOURCE holds into the empty TARGET and tells the seconds.
pub fn run(arguments: &[&str]) -> Result<()> {
    let [target, source] = arguments else { return Err("register TARGET SOURCE".into()) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let seconds = runtime.block_on(write(Path::new(target), Path::new(source)))?;
    println!("{seconds}");
    Ok(())
}

async fn write(target: &Path, source: &Path) -> Result<f64> {
    let mut tables = vec![];
    let mut from = open(source).await?;
    for name in TABLES {
        tables.push(Table::read(&mut from, name, "", None).await?);
    }
    from.close().await?;
    let mut conn = open(target).await?;
    let started = Instant::now();
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
    for table in &tables {
        table.insert(&mut tx, |_column| None).await?;
    }
    tx.commit().await?;
    let seconds = started.elapsed().as_secs_f64();
    conn.close().await?;
    Ok(seconds)
}
