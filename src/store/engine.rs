//! What differs between the two engines: pools, transactions, migrations, locks.

use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::domain::instant::Instant;
use crate::domain::year::CampaignYear;
use crate::store::readers::{Reader, Readers};
use crate::store::writer::{Writer, Writing};
use crate::store::{Result, StoreError, on};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Snapshots of one SQLite file at once; its writer is alone.
const SQLITE_SNAPSHOTS: u32 = 8;
/// Single reads of one SQLite file at once.
const SQLITE_READERS: usize = 8;
/// Rows that SQLite reads ahead of who takes them: each change of threads costs more than a row.
const ROWS_AHEAD: usize = 256;
/// Connections of one process to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// First key of every advisory lock of the service; `migrations/postgres` has the same.
const LOCKS: i32 = 20_140_331;
/// Second key of the lock that orders the journal.
const JOURNAL_LOCK: i32 = 0;
/// Second key of the lock of those who write the register; campaigns have their year.
const REGISTER_LOCK: i32 = 1;
/// Second key of the lock of those who decide on attachments; calls have 2.
const ATTACHMENT_LOCK: i32 = 3;
/// Second key of the lock of those who count failures.
const ATTEMPT_LOCK: i32 = 4;
/// Second key of the lock of those who take mails to send.
const MAIL_LOCK: i32 = 5;
/// Second key of the lock of those who give identifiers of the CRS.
const CRS_LOCK: i32 = 6;
/// Second key of the lock of those who take runs of jobs.
const JOB_LOCK: i32 = 7;

/// The database, by the scheme of its URL.
#[derive(Debug, Clone)]
pub enum Db {
    /// One file: many readers, one writer.
    Sqlite {
        /// The only connection that writes.
        writer: Writer,
        /// Read-only connections, for snapshots.
        snapshots: SqlitePool,
        /// Read-only connections, for single statements.
        readers: Readers,
    },
    /// A PostgreSQL server, as the application role.
    Postgres(PgPool),
}

/// On what statements run: a write transaction, a read snapshot, or a connection
/// for one read. Dropped without [`Tx::commit`] nothing of it stays.
#[derive(Debug)]
pub enum Tx<'a> {
    /// On SQLite.
    Sqlite(OnSqlite<'a>),
    /// On PostgreSQL.
    Postgres(OnPostgres<'a>),
}

/// A connection to SQLite.
#[derive(Debug)]
pub enum OnSqlite<'a> {
    /// The one that writes, every statement in one transaction.
    Writing(Writing),
    /// Every statement in one snapshot.
    Snapshot(Transaction<'a, Sqlite>),
    /// Each statement its own snapshot.
    Reading(Reader),
}

/// A connection to PostgreSQL.
#[derive(Debug)]
pub enum OnPostgres<'a> {
    /// Every statement in one transaction.
    Begun(Transaction<'a, Postgres>),
    /// Each statement its own snapshot.
    Reading(PoolConnection<Postgres>),
}

impl Deref for OnSqlite<'_> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::Writing(connection) => connection,
            Self::Snapshot(connection) => connection,
            Self::Reading(connection) => connection,
        }
    }
}

impl DerefMut for OnSqlite<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Writing(connection) => connection,
            Self::Snapshot(connection) => connection,
            Self::Reading(connection) => connection,
        }
    }
}

impl Deref for OnPostgres<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Begun(connection) => connection,
            Self::Reading(connection) => connection,
        }
    }
}

impl DerefMut for OnPostgres<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Begun(connection) => connection,
            Self::Reading(connection) => connection,
        }
    }
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions> {
    Ok(SqliteConnectOptions::from_str(url)
        .map_err(unopened)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .row_buffer_size(ROWS_AHEAD)
        .disable_statement_logging())
}

pub(super) fn postgres_options(url: &str) -> Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url)
        .map_err(unopened)?
        // Compiling a plan takes longer than any statement of ours runs.
        .options([
            ("statement_timeout", "120s"),
            ("timezone", "UTC"),
            ("lock_timeout", "60s"),
            ("jit", "off"),
        ])
        .application_name("eapd")
        .disable_statement_logging())
}

/// Why a database cannot be opened, and how to mend it. It never repeats the URL, which may hold a password.
fn unopened(error: sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
    let what = match (&error, code.as_deref()) {
        // SQLite: CANTOPEN and NOTADB.
        (_, Some("14")) => {
            "le fichier de la base n’existe pas ou ne s’ouvre pas\u{a0}: vérifiez database.url, ou lancez d’abord «\u{a0}eapd migrate\u{a0}»"
        }
        (_, Some("26")) => {
            "le fichier de la base n’est pas une base SQLite\u{a0}: vérifiez le chemin de database.url"
        }
        // PostgreSQL: who, and which database.
        (_, Some("28P01" | "28000")) => {
            "le serveur de la base refuse ce rôle ou son mot de passe\u{a0}: vérifiez database.url"
        }
        (_, Some("3D000")) => {
            "cette base n’existe pas sur le serveur\u{a0}: vérifiez database.url, ou créez-la puis lancez «\u{a0}eapd migrate\u{a0}»"
        }
        (sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut, _) => {
            "le serveur de la base ne répond pas\u{a0}: vérifiez database.url, et que PostgreSQL est démarré"
        }
        (sqlx::Error::Configuration(_), _) => "database.url ne se lit pas\u{a0}: corrigez-la",
        _ => return error.into(),
    };
    StoreError::Unusable(format!("{what} ({error})"))
}

/// Whether the URL names an embedded SQLite file.
#[must_use]
pub fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// The number of the last migration of this program, the same on both engines.
#[must_use]
pub fn last_migration() -> i64 {
    SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Creates or updates the schema and, the first time, writes what the instance is.
///
/// On PostgreSQL `owner_url` owns the tables and the role of `url` gets the
/// rights it needs, no more.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub async fn migrate(url: &str, owner_url: Option<&str>, demonstration: bool, now: Instant) -> Result<()> {
    const WRITE: &str = "INSERT INTO instance (id, demonstration, created_at) \
                         SELECT 1, $1, $2 WHERE NOT EXISTS (SELECT 1 FROM instance)";
    if is_sqlite(url) {
        let mut conn = sqlite_options(url)?.create_if_missing(true).connect().await.map_err(unopened)?;
        SQLITE_MIGRATIONS.run(&mut conn).await?;
        sqlx::query(WRITE).bind(demonstration).bind(now).execute(&mut conn).await?;
        conn.close().await?;
        return Ok(());
    }
    let owner_url = owner_url.ok_or_else(|| {
        StoreError::Unusable("database.owner_url manque\u{a0}: le rôle qui possède les tables".to_owned())
    })?;
    let app_role = postgres_options(url)?.get_username().to_owned();
    let mut conn = postgres_options(owner_url)?.connect().await.map_err(unopened)?;
    sqlx::query("SELECT set_config('eapd.app_role', $1, false)").bind(app_role).execute(&mut conn).await?;
    POSTGRES_MIGRATIONS.run(&mut conn).await?;
    sqlx::query(WRITE).bind(demonstration).bind(now).execute(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

fn uninitialised(error: &sqlx::Error) -> StoreError {
    StoreError::Unusable(format!(
        "base non initialisée\u{a0}: lancez d’abord «\u{a0}eapd migrate\u{a0}» ({error})"
    ))
}

impl Db {
    /// Opens the database; it must have been migrated.
    ///
    /// # Errors
    /// When it cannot be reached, or its schema is not the one of this program.
    pub async fn open(url: &str) -> Result<Self> {
        let db = if is_sqlite(url) {
            let options = sqlite_options(url)?;
            let writer = Writer::open(options.clone()).await.map_err(unopened)?;
            let reading = options.read_only(true);
            let snapshots = SqlitePoolOptions::new()
                .max_connections(SQLITE_SNAPSHOTS)
                .connect_with(reading.clone())
                .await
                .map_err(unopened)?;
            Self::Sqlite { writer, snapshots, readers: Readers::new(reading, SQLITE_READERS) }
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = PgPoolOptions::new()
                .max_connections(POSTGRES_CONNECTIONS)
                .acquire_timeout(Duration::from_secs(30))
                .connect_with(postgres_options(url)?)
                .await
                .map_err(unopened)?;
            Self::Postgres(pool)
        } else {
            return Err(StoreError::Unusable(
                "database.url doit commencer par sqlite:// ou postgres://".to_owned(),
            ));
        };
        Ok(db)
    }

    /// Begins a write transaction. On SQLite it has the file for itself.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Tx<'static>> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(OnSqlite::Writing(writer.begin().await?)),
            Self::Postgres(pool) => Tx::Postgres(OnPostgres::Begun(pool.begin().await?)),
        })
    }

    /// Begins a snapshot: every statement on it sees the same data.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<Tx<'static>> {
        Ok(match self {
            Self::Sqlite { snapshots, .. } => Tx::Sqlite(OnSqlite::Snapshot(snapshots.begin().await?)),
            Self::Postgres(pool) => Tx::Postgres(OnPostgres::Begun(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            )),
        })
    }

    /// A connection for one read, which is its own snapshot: it costs one trip to
    /// the engine instead of several. Say [`Tx::done`] after it.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn read(&self) -> Result<Tx<'static>> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(OnSqlite::Reading(readers.get().await?)),
            Self::Postgres(pool) => Tx::Postgres(OnPostgres::Reading(pool.acquire().await?)),
        })
    }

    /// Refuses a database that misses migrations of this program. One that has
    /// more is served: old and new programs run side by side during an upgrade.
    ///
    /// # Errors
    /// When migrations are missing, or the database was never migrated.
    pub async fn check_schema(&self) -> Result<()> {
        let last = last_migration();
        let mut tx = self.snapshot().await?;
        let applied: i64 = on!(&mut tx, |conn| {
            sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success")
                .fetch_one(conn)
                .await
        })
        .map_err(|error| uninitialised(&error))?;
        if applied >= last {
            return Ok(());
        }
        Err(StoreError::Unusable(format!(
            "la base en est à la version {applied} et le programme attend la {last}\u{a0}: lancez «\u{a0}eapd migrate\u{a0}»"
        )))
    }

    /// Whether the instance was initialised as a demonstration.
    ///
    /// # Errors
    /// When the database was never migrated.
    pub async fn is_demonstration(&self) -> Result<bool> {
        let mut tx = self.snapshot().await?;
        let found: Option<bool> = on!(&mut tx, |conn| {
            sqlx::query_scalar("SELECT demonstration FROM instance WHERE id = 1").fetch_optional(conn).await
        })
        .map_err(|error| uninitialised(&error))?;
        found.ok_or_else(|| {
            StoreError::Unusable("base non initialisée\u{a0}: lancez «\u{a0}eapd migrate\u{a0}»".to_owned())
        })
    }

    /// Closes every connection, once they are given back.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, snapshots, readers } => {
                readers.close().await;
                snapshots.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx<'_> {
    /// Makes the transaction durable.
    ///
    /// # Errors
    /// When the engine refuses it: nothing was written then.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(OnSqlite::Writing(writing)) => Ok(writing.commit().await?),
            Self::Sqlite(OnSqlite::Snapshot(tx)) => Ok(tx.commit().await?),
            Self::Postgres(OnPostgres::Begun(tx)) => Ok(tx.commit().await?),
            Self::Sqlite(OnSqlite::Reading(_)) | Self::Postgres(OnPostgres::Reading(_)) => {
                self.done();
                Ok(())
            }
        }
    }

    /// Ends a read that was answered whole: its connection is free at once.
    pub fn done(self) {
        if let Self::Sqlite(OnSqlite::Reading(reader)) = self {
            reader.done();
        }
    }

    /// Shares the lock of a campaign until the end of the transaction: several
    /// filings at once, never beside a decision. SQLite's writer is alone anyway.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn share_campaign(&mut self, year: CampaignYear) -> Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query("SELECT pg_advisory_xact_lock_shared($1, $2)")
                .bind(LOCKS)
                .bind(i32::from(year.get()))
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    /// Holds the lock of a campaign alone until the end of the transaction.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn hold_campaign(&mut self, year: CampaignYear) -> Result<()> {
        self.hold(i32::from(year.get())).await
    }

    /// Holds the register until the end of the transaction: two who write it at
    /// once would each rebuild the lineage without seeing the other's mergers.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn hold_register(&mut self) -> Result<()> {
        self.hold(REGISTER_LOCK).await
    }

    /// Holds the attachments until the end of the transaction: of two agents who leave at once, one stays the last.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn hold_attachments(&mut self) -> Result<()> {
        self.hold(ATTACHMENT_LOCK).await
    }

    /// Holds the counts of failures until the end of the transaction: a hundred tries at once count a hundred.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn hold_attempts(&mut self) -> Result<()> {
        self.hold(ATTEMPT_LOCK).await
    }

    /// Holds the queue of mails until the end of the transaction: two who take at once take two mails.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn hold_mail(&mut self) -> Result<()> {
        self.hold(MAIL_LOCK).await
    }

    /// Holds the identifiers of the CRS until the end of the transaction: two releases at once would give one twice.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn hold_crs(&mut self) -> Result<()> {
        self.hold(CRS_LOCK).await
    }

    /// Holds the runs of jobs until the end of the transaction: two that are due of one job do not begin at once.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn hold_jobs(&mut self) -> Result<()> {
        self.hold(JOB_LOCK).await
    }

    /// Holds the end of the journal until the end of the transaction: take it last.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub async fn hold_journal(&mut self) -> Result<()> {
        self.hold(JOURNAL_LOCK).await
    }

    /// Gives the statements of this transaction the time of a report: PostgreSQL counts what
    /// the reader takes between rows as time of the statement.
    ///
    /// # Errors
    /// When the engine refuses it.
    pub async fn take_time(&mut self) -> Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query("SET LOCAL statement_timeout = '30min'").execute(&mut **tx).await?;
        }
        Ok(())
    }

    async fn hold(&mut self, key: i32) -> Result<()> {
        if let Self::Postgres(tx) = self {
            sqlx::query("SELECT pg_advisory_xact_lock($1, $2)")
                .bind(LOCKS)
                .bind(key)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }
}
