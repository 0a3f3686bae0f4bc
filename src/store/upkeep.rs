//! What keeping an installation up asks of an engine: consistent copies, and how it is set up.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use crate::domain::instant::Instant;
use crate::store::engine::OnSqlite;
use crate::store::{Db, Result, StoreError, Tx, on};

/// Tables that nothing is ever changed in or taken from; a test holds them equal to the schema.
pub const GUARDED: [&str; 24] = [
    "attachment",
    "attachment_step",
    "call",
    "call_year",
    "campaign",
    "campaign_dates",
    "campaign_step",
    "certificate",
    "certificate_revocation",
    "crs_activity",
    "crs_group",
    "crs_release_line",
    "derogation",
    "expected",
    "extension",
    "filing",
    "journal",
    "line",
    "past_amount",
    "public_title",
    "receipt",
    "report_release",
    "reservation",
    "revocation",
];

/// Writes a consistent copy of an SQLite database into a new file, while others write on.
///
/// # Errors
/// When the engine cannot, or the database is on PostgreSQL.
pub async fn copy_sqlite(db: &Db, file: &Path) -> Result<()> {
    let Db::Sqlite { snapshots, .. } = db else {
        return Err(StoreError::Unusable("pg_dump copie une base PostgreSQL".to_owned()));
    };
    let file = file.to_string_lossy().into_owned();
    let mut conn = snapshots.acquire().await?;
    sqlx::query("VACUUM INTO $1").bind(file).execute(&mut *conn).await?;
    Ok(())
}

/// A snapshot of a file that nobody writes: opening it changes nothing of it.
///
/// # Errors
/// When it is no SQLite database.
pub async fn snapshot_of(file: &Path) -> Result<Tx<'static>> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    Ok(Tx::Sqlite(OnSqlite::Snapshot(pool.begin().await?)))
}

/// Whether every page of an SQLite file can be read and agrees with the others; PostgreSQL checks its own.
pub async fn is_sound(tx: &mut Tx<'_>) -> Result<bool> {
    let Tx::Sqlite(conn) = tx else { return Ok(true) };
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut **conn).await?;
    Ok(found == "ok")
}

/// Takes everything out of the schema of a PostgreSQL database, as the role that owns it.
///
/// # Errors
/// When the role may not, or the database is on SQLite.
pub async fn empty_postgres(db: &Db) -> Result<()> {
    let Db::Postgres(pool) = db else {
        return Err(StoreError::Unusable("une base SQLite est un fichier".to_owned()));
    };
    sqlx::query(
        "DO $$ DECLARE found record; BEGIN \
         FOR found IN SELECT c.relname AS name, c.relkind AS kind FROM pg_class c \
           WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'v') \
           ORDER BY c.relkind DESC LOOP \
           EXECUTE format('DROP %s IF EXISTS %I CASCADE', \
             CASE found.kind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, found.name); \
         END LOOP; \
         FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p \
           WHERE p.pronamespace = current_schema()::regnamespace LOOP \
           EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', found.name); \
         END LOOP; END $$",
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A name by which `pg_dump` reads the very snapshot of this transaction; none on SQLite.
pub async fn export_snapshot(tx: &mut Tx<'_>) -> Result<Option<String>> {
    let Tx::Postgres(conn) = tx else { return Ok(None) };
    Ok(Some(sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut **conn).await?))
}

/// The names of the tables there are, in order, but the one that migrations are told in.
pub async fn tables(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(match tx {
        Tx::Sqlite(conn) => sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                 AND name <> '_sqlx_migrations' ORDER BY name",
        )
        .fetch_all(&mut **conn)
        .await?,
        Tx::Postgres(conn) => {
            sqlx::query_scalar(
                "SELECT CAST(c.relname AS TEXT) FROM pg_class c WHERE c.relkind = 'r' \
                 AND c.relnamespace = current_schema()::regnamespace AND c.relname <> '_sqlx_migrations' \
                 ORDER BY c.relname",
            )
            .fetch_all(&mut **conn)
            .await?
        }
    })
}

/// The tables that refuse every change of a row, by triggers that are at work.
pub async fn guarded(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(match tx {
        Tx::Sqlite(conn) => {
            sqlx::query_scalar(
                "SELECT u.tbl_name FROM sqlite_master u JOIN sqlite_master d \
                 ON d.type = 'trigger' AND d.name = u.tbl_name || '_no_delete' \
                 WHERE u.type = 'trigger' AND u.name IN (u.tbl_name || '_no_update', u.tbl_name || '_kept') \
                 ORDER BY u.tbl_name",
            )
            .fetch_all(&mut **conn)
            .await?
        }
        Tx::Postgres(conn) => {
            sqlx::query_scalar(
                "SELECT CAST(c.relname AS TEXT) FROM pg_class c \
                 WHERE c.relnamespace = current_schema()::regnamespace AND EXISTS (SELECT 1 FROM pg_trigger t \
                 WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') \
                 AND t.tgtype & 8 = 8 AND t.tgtype & 2 = 2) ORDER BY c.relname",
            )
            .fetch_all(&mut **conn)
            .await?
        }
    })
}

/// Tables that the role of this connection owns: on PostgreSQL the application's owns none. SQLite knows no roles.
pub async fn owned(tx: &mut Tx<'_>) -> Result<i64> {
    let Tx::Postgres(conn) = tx else { return Ok(0) };
    let owned = "SELECT COUNT(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner \
                 WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace \
                 AND (r.rolname = current_user OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))";
    Ok(sqlx::query_scalar(owned).fetch_one(&mut **conn).await?)
}

/// What time it is for the engine.
pub async fn now(tx: &mut Tx<'_>) -> Result<Instant> {
    Ok(match tx {
        Tx::Sqlite(conn) => {
            sqlx::query_scalar("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')").fetch_one(&mut **conn).await?
        }
        Tx::Postgres(conn) => {
            sqlx::query_scalar("SELECT date_trunc('second', clock_timestamp())")
                .fetch_one(&mut **conn)
                .await?
        }
    })
}

/// Bodies of the register.
pub async fn bodies(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(on!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM collectivity").fetch_one(conn).await)?)
}
