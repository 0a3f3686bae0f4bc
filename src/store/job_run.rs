//! Runs of the jobs that have a time: each is held by one process at a time, which says that it lives.

use sqlx::FromRow;

use crate::domain::instant::Instant;
use crate::domain::job::{Outcome, Run};
use crate::store::{Result, StoreError, Tx, execute, on};

#[derive(FromRow)]
struct Row {
    job: String,
    due_at: Instant,
    attempts: i32,
    instance: String,
    started_at: Instant,
    free_at: Instant,
    ended_at: Option<Instant>,
    outcome: Option<String>,
    told: String,
}

impl TryFrom<Row> for Run {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let inconsistent = || StoreError::Inconsistent { table: "job_run", detail: row.job.clone() };
        let outcome: Option<Outcome> =
            row.outcome.as_deref().map(|word| word.parse().map_err(|_unknown| inconsistent())).transpose()?;
        Ok(Self {
            attempts: u32::try_from(row.attempts).map_err(|_negative| inconsistent())?,
            end: row.ended_at.zip(outcome),
            job: row.job,
            due_at: row.due_at,
            instance: row.instance,
            started_at: row.started_at,
            free_at: row.free_at,
            told: row.told,
        })
    }
}

/// The run of each job that was due last, by job.
pub async fn latest(tx: &mut Tx<'_>) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT r.job, r.due_at, r.attempts, r.instance, r.started_at, r.free_at, r.ended_at, r.outcome, r.told \
             FROM job_run r WHERE r.due_at = (SELECT MAX(l.due_at) FROM job_run l WHERE l.job = r.job) ORDER BY r.job",
        )
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(Run::try_from).collect()
}

/// The last runs of a job, the one that was due last first.
pub async fn of_job(tx: &mut Tx<'_>, job: &str, most: i64) -> Result<Vec<Run>> {
    let rows: Vec<Row> = on!(tx, |conn| {
        sqlx::query_as(
            "SELECT job, due_at, attempts, instance, started_at, free_at, ended_at, outcome, told FROM job_run \
             WHERE job = $1 ORDER BY due_at DESC LIMIT $2",
        )
        .bind(job)
        .bind(most)
        .fetch_all(conn)
        .await
    })?;
    rows.into_iter().map(Run::try_from).collect()
}

/// Takes a run that nobody holds and that has no end, until an instant from which another may. Says how often it has
/// been taken; nothing where it is held or has ended.
pub async fn take(
    tx: &mut Tx<'_>,
    (job, due_at): (&str, Instant),
    by: &str,
    (at, until): (Instant, Instant),
) -> Result<Option<u32>> {
    let attempts: Option<i32> = on!(tx, |conn| {
        sqlx::query_scalar(
            "INSERT INTO job_run (job, due_at, attempts, instance, started_at, free_at) VALUES ($1, $2, 1, $3, $4, $5) \
             ON CONFLICT (job, due_at) DO UPDATE SET attempts = job_run.attempts + 1, instance = excluded.instance, \
             started_at = excluded.started_at, free_at = excluded.free_at \
             WHERE job_run.ended_at IS NULL AND job_run.free_at <= excluded.started_at \
             RETURNING attempts",
        )
        .bind(job)
        .bind(due_at)
        .bind(by)
        .bind(at)
        .bind(until)
        .fetch_optional(conn)
        .await
    })?;
    let count = |attempts| {
        u32::try_from(attempts)
            .map_err(|_negative| StoreError::Inconsistent { table: "job_run", detail: job.to_owned() })
    };
    attempts.map(count).transpose()
}

/// Whether a process holds an earlier run of a job.
pub async fn is_held_before(tx: &mut Tx<'_>, (job, due_at): (&str, Instant), at: Instant) -> Result<bool> {
    let held: i64 = on!(tx, |conn| {
        sqlx::query_scalar(
            "SELECT COUNT(*) FROM job_run WHERE job = $1 AND due_at < $2 AND ended_at IS NULL AND free_at > $3",
        )
        .bind(job)
        .bind(due_at)
        .bind(at)
        .fetch_one(conn)
        .await
    })?;
    Ok(held > 0)
}

/// Ends the earlier runs of a job that were never done: the next one is due. Says how many.
pub async fn supersede(tx: &mut Tx<'_>, (job, due_at): (&str, Instant), at: Instant) -> Result<u64> {
    Ok(execute!(
        tx,
        "UPDATE job_run SET ended_at = $3, outcome = 'superseded' WHERE job = $1 AND due_at < $2 AND ended_at IS NULL",
        job,
        due_at,
        at,
    )?)
}

/// Holds a run longer. Says whether it was still held by `by`.
pub async fn hold_on(
    tx: &mut Tx<'_>,
    (job, due_at): (&str, Instant),
    by: &str,
    until: Instant,
) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE job_run SET free_at = $4 WHERE job = $1 AND due_at = $2 AND instance = $3 AND ended_at IS NULL",
        job,
        due_at,
        by,
        until,
    )?;
    Ok(touched == 1)
}

/// Lets a run go that was not done: it is taken again from an instant on. Says whether it was still held by `by`.
pub async fn put_off(
    tx: &mut Tx<'_>,
    (job, due_at): (&str, Instant),
    by: &str,
    (until, why): (Instant, &str),
) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE job_run SET free_at = $4, told = $5 \
         WHERE job = $1 AND due_at = $2 AND instance = $3 AND ended_at IS NULL",
        job,
        due_at,
        by,
        until,
        why,
    )?;
    Ok(touched == 1)
}

/// Notes what became of a run. Says whether it was still held by `by`.
pub async fn end(
    tx: &mut Tx<'_>,
    (job, due_at): (&str, Instant),
    by: &str,
    at: Instant,
    (outcome, told): (Outcome, &str),
) -> Result<bool> {
    let touched = execute!(
        tx,
        "UPDATE job_run SET ended_at = $4, outcome = $5, told = $6 \
         WHERE job = $1 AND due_at = $2 AND instance = $3 AND ended_at IS NULL",
        job,
        due_at,
        by,
        at,
        outcome.code(),
        told,
    )?;
    Ok(touched == 1)
}

/// Forgets runs that ended before an instant, but the last of each job. Says how many.
pub async fn purge(tx: &mut Tx<'_>, before: Instant) -> Result<u64> {
    Ok(execute!(
        tx,
        "DELETE FROM job_run WHERE ended_at < $1 \
         AND due_at < (SELECT MAX(l.due_at) FROM job_run l WHERE l.job = job_run.job)",
        before,
    )?)
}
