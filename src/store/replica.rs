//! A standby of PostgreSQL that what is public, and reports, may be read from. What it gives may be a little old; where
//! it is away, behind, or no standby at all, the primary is read instead.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgPool, PgPoolOptions};

use crate::store::engine::{Db, OnPostgres, Tx, is_sqlite, postgres_options};
use crate::store::figure::Pool;
use crate::store::{Result, StoreError};

/// Connections of one process to the standby.
const CONNECTIONS: u32 = 16;
/// How long one waits for it before the primary is asked.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it is left alone once it was found away.
const PAUSE: Duration = Duration::from_secs(10);

/// How a read-only transaction begins, where every statement sees the same data.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Whether the server follows a primary, and has replayed what it received but the last thirty seconds of it. A server
/// that received nothing because nothing was written is not behind.
const FOLLOWS: &str = "SELECT pg_is_in_recovery() AND EXISTS (SELECT 1 FROM pg_stat_wal_receiver) \
     AND (pg_last_wal_receive_lsn() IS NOT DISTINCT FROM pg_last_wal_replay_lsn() \
          OR pg_last_xact_replay_timestamp() > now() - INTERVAL '30 seconds')";

/// The standby of `database.read_url`, if there is one.
#[derive(Debug, Default)]
pub struct Replica(Option<Followed>);

#[derive(Debug)]
struct Followed {
    pool: PgPool,
    /// Until when nobody asks it again.
    away_until: Mutex<Option<Instant>>,
}

/// Where a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// What every write goes to.
    Primary,
    /// A standby.
    Replica,
}

impl Replica {
    /// The standby at an address; none of its connections is opened yet, so that one that is away stops nobody.
    ///
    /// # Errors
    /// When the address is none of PostgreSQL.
    pub fn at(url: Option<&str>) -> Result<Self> {
        let Some(url) = url else { return Ok(Self::default()) };
        if is_sqlite(url) || !url.starts_with("postgres") {
            return Err(StoreError::Unusable("database.read_url doit commencer par postgres://".to_owned()));
        }
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(postgres_options(url)?);
        Ok(Self(Some(Followed { pool, away_until: Mutex::default() })))
    }

    /// A snapshot for what may be a little old: of the standby where it follows, else of `primary`.
    ///
    /// # Errors
    /// When neither answers.
    pub async fn snapshot(&self, primary: &Db) -> Result<(Tx<'static>, Origin)> {
        if let Some(followed) = self.0.as_ref().filter(|followed| !followed.is_away()) {
            match followed.snapshot().await {
                Ok(Some(tx)) => return Ok((tx, Origin::Replica)),
                Ok(None) => followed.is_lost("it does not follow its primary"),
                Err(error) => followed.is_lost(&error.to_string()),
            }
        }
        Ok((primary.snapshot().await?, Origin::Primary))
    }

    /// Notes that a read of it broke off.
    pub fn broke_off(&self) {
        if let Some(followed) = &self.0 {
            followed.is_lost("a read broke off");
        }
    }

    /// Its connections, and whether it is read from; nothing where there is no standby.
    #[must_use]
    pub fn figures(&self) -> Option<(Pool, bool)> {
        let followed = self.0.as_ref()?;
        let many = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        let (open, idle) = (many(followed.pool.size()), followed.pool.num_idle());
        Some((Pool { name: "replica", open, idle, most: many(CONNECTIONS) }, !followed.is_away()))
    }

    /// Closes its connections.
    pub async fn close(&self) {
        if let Some(followed) = &self.0 {
            followed.pool.close().await;
        }
    }
}

impl Followed {
    async fn snapshot(&self) -> std::result::Result<Option<Tx<'static>>, sqlx::Error> {
        let begin = async {
            let mut tx = self.pool.begin_with(BEGIN).await?;
            let follows: Option<bool> = sqlx::query_scalar(FOLLOWS).fetch_one(&mut *tx).await?;
            Ok(follows.unwrap_or_default().then_some(Tx::Postgres(OnPostgres::Begun(tx))))
        };
        // A machine that is gone does not even refuse.
        tokio::time::timeout(PATIENCE, begin).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    fn is_away(&self) -> bool {
        let until = *self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn is_lost(&self, why: &str) {
        tracing::warn!(why, "the replica is left alone for a while: the primary is read");
        let until = Instant::now().checked_add(PAUSE);
        *self.away_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}
