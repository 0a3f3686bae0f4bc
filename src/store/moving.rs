//! An SQLite database brought into PostgreSQL: every row as `COPY` writes it, which is what both are compared by.
//!
//! The owner turns the guards off inside the one transaction that fills the tables, so that nobody else ever
//! sees them off and what was filed keeps its instants; foreign keys and checks stay at work.

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteRow;
use sqlx::{Column, Row, ValueRef};

use crate::domain::euros::Euros;
use crate::store::inventory::{TABLES, Table};
use crate::store::{Db, Result, StoreError, Tx};

/// Bytes that are sent at once.
const CHUNK: usize = 1 << 20;

/// The rows of a table, in any order: how many, and the sum of their hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digested {
    /// Rows.
    pub rows: u64,
    sum: [u64; 4],
}

impl Digested {
    fn add(&mut self, row: &[u8]) {
        self.rows = self.rows.saturating_add(1);
        let hash = Sha256::digest(row);
        for (sum, part) in self.sum.iter_mut().zip(hash.chunks_exact(8)) {
            *sum = sum.wrapping_add(part.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)));
        }
    }
}

/// A table on both sides.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    /// Its name.
    pub table: &'static str,
    /// On SQLite.
    pub from: Digested,
    /// On PostgreSQL.
    pub to: Digested,
}

/// A column, as PostgreSQL has it.
#[derive(sqlx::FromRow)]
struct Target {
    name: String,
    kind: String,
}

/// Whether nothing was written into a migrated database yet.
pub async fn is_empty(tx: &mut Tx<'_>) -> Result<bool> {
    let counts = super::inventory::counts(tx).await?;
    Ok(counts.iter().all(|(table, rows)| *rows == 0 || *table == "instance"))
}

/// Fills the empty tables of `to`, whose role owns them, from a snapshot of SQLite, in one transaction.
/// `seen` is told each table.
///
/// # Errors
/// When a value does not fit, or a key is missing: nothing was written then.
pub async fn fill(from: &mut Tx<'_>, to: &Db, seen: impl Fn(&'static str)) -> Result<()> {
    let (Tx::Sqlite(from), Db::Postgres(pool)) = (from, to) else { return Err(other_engines()) };
    let mut to = pool.begin().await?;
    sqlx::query("SET LOCAL statement_timeout = 0").execute(&mut *to).await?;
    for table in &TABLES {
        sqlx::query(table.guards_off).execute(&mut *to).await?;
    }
    // What `eapd migrate` wrote of the new database; the old one tells what it is.
    sqlx::query("DELETE FROM instance").execute(&mut *to).await?;
    for table in &TABLES {
        seen(table.name);
        let columns = columns(&mut to, table).await?;
        let mut copy = to.copy_in_raw(table.copy_in).await?;
        let mut rows = sqlx::query(table.select).fetch(&mut **from);
        let mut bytes = Vec::with_capacity(CHUNK);
        while let Some(row) = rows.try_next().await? {
            write(table.name, &columns, &row, &mut bytes)?;
            bytes.push(b'\n');
            if bytes.len() >= CHUNK {
                copy.send(std::mem::take(&mut bytes)).await?;
            }
        }
        copy.send(bytes).await?;
        copy.finish().await?;
    }
    // Deferred keys are checked now: tables cannot be altered before that.
    sqlx::query("SET CONSTRAINTS ALL IMMEDIATE").execute(&mut *to).await?;
    for table in &TABLES {
        sqlx::query(table.guards_on).execute(&mut *to).await?;
    }
    to.commit().await?;
    Ok(())
}

/// Reads every row on both sides.
///
/// # Errors
/// When one of them cannot be read.
pub async fn compare(from: &mut Tx<'_>, to: &Db, seen: impl Fn(&'static str)) -> Result<Vec<Compared>> {
    let (Tx::Sqlite(from), Db::Postgres(pool)) = (from, to) else { return Err(other_engines()) };
    let mut to = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    sqlx::query("SET LOCAL statement_timeout = 0").execute(&mut *to).await?;
    sqlx::query("SET LOCAL datestyle = 'ISO'").execute(&mut *to).await?;
    let mut compared = Vec::with_capacity(TABLES.len());
    for table in &TABLES {
        seen(table.name);
        let columns = columns(&mut to, table).await?;
        let (mut here, mut there) = (Digested::default(), Digested::default());
        let mut rows = sqlx::query(table.select).fetch(&mut **from);
        let mut bytes = Vec::new();
        while let Some(row) = rows.try_next().await? {
            bytes.clear();
            write(table.name, &columns, &row, &mut bytes)?;
            here.add(&bytes);
        }
        drop(rows);
        let mut left = Vec::new();
        let mut parts = to.copy_out_raw(table.copy_out).await?;
        while let Some(part) = parts.try_next().await? {
            left.extend_from_slice(&part);
            while let Some(end) = left.iter().position(|byte| *byte == b'\n') {
                there.add(left.get(..end).unwrap_or_default());
                left.drain(..=end);
            }
        }
        drop(parts);
        compared.push(Compared { table: table.name, from: here, to: there });
    }
    to.rollback().await?;
    Ok(compared)
}

fn other_engines() -> StoreError {
    StoreError::Unusable("de sqlite:// vers postgres:// seulement".to_owned())
}

/// The columns that are written, in the order of `COPY`.
async fn columns(to: &mut sqlx::PgConnection, table: &Table) -> Result<Vec<Target>> {
    Ok(sqlx::query_as(
        "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS kind \
         FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 \
         AND is_generated = 'NEVER' ORDER BY ordinal_position",
    )
    .bind(table.name)
    .fetch_all(to)
    .await?)
}

/// A row in the text format of `COPY`, without the end of its line.
fn write(table: &'static str, columns: &[Target], row: &SqliteRow, out: &mut Vec<u8>) -> Result<()> {
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            out.push(b'\t');
        }
        let at = row.columns().iter().position(|found| found.name() == column.name);
        let odd = |detail: &str| StoreError::Inconsistent {
            table,
            detail: format!("{}\u{a0}: {detail}", column.name),
        };
        let at = at.ok_or_else(|| odd("colonne absente"))?;
        if row.try_get_raw(at)?.is_null() {
            out.extend_from_slice(b"\\N");
            continue;
        }
        match column.kind.as_str() {
            "boolean" => out.push(if row.try_get_unchecked::<i64, _>(at)? == 0 { b'f' } else { b't' }),
            "integer" | "bigint" | "smallint" => {
                out.extend_from_slice(row.try_get_unchecked::<i64, _>(at)?.to_string().as_bytes());
            }
            "numeric" => {
                let euros =
                    Euros::from_cents(row.try_get_unchecked(at)?).map_err(|error| odd(&error.to_string()))?;
                out.extend_from_slice(euros.to_plain().as_bytes());
            }
            "bytea" => {
                out.extend_from_slice(b"\\\\x");
                out.extend_from_slice(hex::encode(row.try_get_unchecked::<Vec<u8>, _>(at)?).as_bytes());
            }
            "timestamp with time zone" => {
                let text: String = row.try_get_unchecked(at)?;
                let text = text.strip_suffix('Z').ok_or_else(|| odd("instant sans Z"))?;
                out.extend_from_slice(text.replace('T', " ").as_bytes());
                out.extend_from_slice(b"+00");
            }
            "text" | "date" => escape(&row.try_get_unchecked::<String, _>(at)?, out),
            other => return Err(odd(&format!("type {other} inconnu"))),
        }
    }
    Ok(())
}

/// As `COPY TO` writes a text.
fn escape(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        let letter = match byte {
            b'\\' => b'\\',
            8 => b'b',
            9 => b't',
            10 => b'n',
            11 => b'v',
            12 => b'f',
            13 => b'r',
            plain => {
                out.push(plain);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
}
