//! What watchers are told of the database, by one trip: how long the queues are, where the jobs and the journal stand.

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::store::{Db, Result, Tx, on};

/// A count and an instant of one thing.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Figure {
    /// Of what: the word of the statement.
    pub what: String,
    /// Of which one, where there are several: a flow year, a job.
    pub label: String,
    /// How many, or a number.
    pub counted: i64,
    /// The first or last instant, where there is one.
    pub at: Option<Instant>,
}

/// Every figure. Of mails and orders that wait, the first instant; of jobs, the last one.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Figure>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
            "SELECT 'mail' AS what, '' AS label, COUNT(*) AS counted, MIN(created_at) AS at FROM mail \
             WHERE sent_at IS NULL AND given_up_at IS NULL \
             UNION ALL SELECT 'mail_given_up', '', COUNT(*), MIN(given_up_at) FROM mail \
             WHERE given_up_at IS NOT NULL \
             UNION ALL SELECT 'release', '', COUNT(*), MIN(ordered_at) FROM release_order WHERE ended_at IS NULL \
             UNION ALL SELECT 'filing', CAST(flow_year AS TEXT), COUNT(*), NULL FROM filing GROUP BY flow_year \
             UNION ALL SELECT 'journal', '', COALESCE(MAX(seq), 0), NULL FROM journal \
             UNION ALL SELECT 'schema', '', COALESCE(MAX(version), 0), NULL FROM _sqlx_migrations WHERE success \
             UNION ALL SELECT 'job_due', job, COUNT(*), MAX(due_at) FROM job_run WHERE outcome = 'done' GROUP BY job \
             UNION ALL SELECT 'job_done', job, COUNT(*), MAX(ended_at) FROM job_run WHERE outcome = 'done' \
             GROUP BY job \
             UNION ALL SELECT 'job_failed', job, COUNT(*), MAX(ended_at) FROM job_run WHERE outcome = 'failed' \
             GROUP BY job \
             UNION ALL SELECT 'job_open', job, MAX(attempts), MAX(due_at) FROM job_run WHERE ended_at IS NULL \
             GROUP BY job \
             ORDER BY what, label",
        )
        .fetch_all(conn)
        .await
    })?)
}

/// Connections of one kind to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Which kind.
    pub name: &'static str,
    /// Those that are open.
    pub open: usize,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// How many there may be.
    pub most: usize,
}

impl Db {
    /// The connections of this process.
    #[must_use]
    pub fn pools(&self) -> Vec<Pool> {
        let many = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        match self {
            Self::Sqlite { snapshots, readers, .. } => vec![
                Pool {
                    name: "snapshots",
                    open: many(snapshots.size()),
                    idle: snapshots.num_idle(),
                    most: many(snapshots.options().get_max_connections()),
                },
                readers.pool(),
            ],
            Self::Postgres(pool) => vec![Pool {
                name: "primary",
                open: many(pool.size()),
                idle: pool.num_idle(),
                most: many(pool.options().get_max_connections()),
            }],
        }
    }
}
