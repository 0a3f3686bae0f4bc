//! Runs of the jobs that have a time: taken by one process at a time, held while it works, ended once.

use crate::app::App;
use crate::domain::instant::Instant;
use crate::domain::job::{Due, Job, LEASE, Outcome, Run, pause, to_take};
use crate::domain::refusal::Because;
use crate::domain::role::{Actor, Role};
use crate::domain::text::excerpt;
use crate::service::{Result, ServiceError, operator, refusals};
use crate::store::{self, Db};

/// A run that so many tries did not bring to an end is given up; the next one is due anyway.
const MOST_ATTEMPTS: u32 = 10;
/// Characters kept of what a run says.
const LONGEST: usize = 400;
/// How long it is told what became of a run, seconds.
const KEPT: i64 = 90 * 86_400;
/// How long it is told what became of an ordered release, seconds.
const ORDERS_KEPT: i64 = 30 * 86_400;
/// Runs of each job on the page.
const SHOWN: i64 = 5;
/// Who acts where no person does, as a name of the machine's operators.
const LOGIN: &str = "tâches planifiées";

/// A run that this process holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The job.
    pub job: Job,
    /// When it was due.
    pub due_at: Instant,
    /// How often it has been taken, this time included.
    pub attempt: u32,
    by: String,
}

impl Taken {
    fn key(&self) -> (&'static str, Instant) {
        (self.job.code(), self.due_at)
    }
}

/// A job as the administrator sees it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which.
    pub job: Job,
    /// Its last runs, the one that was due last first.
    pub runs: Vec<Run>,
    /// When it is due: never where the configuration leaves it out.
    pub due: Option<Due>,
    /// When it is due next.
    pub next: Option<Instant>,
}

/// When a job is due in this instance; never where its configuration leaves it out.
#[must_use]
pub fn due(app: &App, job: Job) -> Option<Due> {
    job.due(app.config.backup.minutes(matches!(app.db, Db::Sqlite { .. })))
}

/// Takes the run of a job that is due, unless another process holds it or did it: nothing, then.
///
/// # Errors
/// When the database fails.
pub async fn take(app: &App, job: Job, by: &str) -> Result<Option<Taken>> {
    let now = app.now();
    let Some(due) = due(app, job) else { return Ok(None) };
    let latest = {
        let mut tx = app.db.read().await?;
        let latest = store::job_run::of_job(&mut tx, job.code(), 1).await?;
        tx.done();
        latest
    };
    let Some(due_at) = to_take(due, latest.first(), now) else { return Ok(None) };
    let key = (job.code(), due_at);
    let mut tx = app.db.begin().await?;
    tx.hold_jobs().await?;
    if store::job_run::is_held_before(&mut tx, key, now).await? {
        return Ok(None);
    }
    let Some(attempt) = store::job_run::take(&mut tx, key, by, (now, now.plus_seconds(LEASE))).await? else {
        return Ok(None);
    };
    store::job_run::supersede(&mut tx, key, now).await?;
    let taken = Taken { job, due_at, attempt, by: by.to_owned() };
    if attempt > MOST_ATTEMPTS {
        let told = "les programmes qui l’ont prise se sont tous arrêtés avant la fin";
        store::job_run::end(&mut tx, key, by, now, (Outcome::Failed, told)).await?;
        tx.commit().await?;
        tracing::error!(job = job.code(), due = %due_at.to_rfc3339(), "a job is given up");
        return Ok(None);
    }
    tx.commit().await?;
    Ok(Some(taken))
}

/// Says that this process lives and still works on a run. Gives whether it still holds it.
///
/// # Errors
/// When the database fails.
pub async fn hold_on(app: &App, taken: &Taken) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let until = app.now().plus_seconds(LEASE);
    let held = store::job_run::hold_on(&mut tx, taken.key(), &taken.by, until).await?;
    tx.commit().await?;
    Ok(held)
}

/// Notes that a run is done, or why not: then it is tried again after a pause that grows, until it is given up.
/// Gives whether this process still held it.
///
/// # Errors
/// When the database fails.
pub async fn finish(app: &App, taken: &Taken, done: std::result::Result<String, String>) -> Result<bool> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let held = match done {
        Ok(told) => {
            let told = excerpt(&told, LONGEST);
            store::job_run::end(&mut tx, taken.key(), &taken.by, now, (Outcome::Done, &told)).await?
        }
        Err(why) if taken.attempt >= MOST_ATTEMPTS => {
            let why = excerpt(&why, LONGEST);
            store::job_run::end(&mut tx, taken.key(), &taken.by, now, (Outcome::Failed, &why)).await?
        }
        Err(why) => {
            let (again, why) = (now.plus_seconds(pause(taken.attempt)), excerpt(&why, LONGEST));
            store::job_run::put_off(&mut tx, taken.key(), &taken.by, (again, &why)).await?
        }
    };
    tx.commit().await?;
    Ok(held)
}

/// Lets a run go unfinished: another process may take it at once.
///
/// # Errors
/// When the database fails.
pub async fn give_back(app: &App, taken: &Taken) -> Result<()> {
    let why = "interrompue par l’arrêt du programme";
    let mut tx = app.db.begin().await?;
    store::job_run::put_off(&mut tx, taken.key(), &taken.by, (app.now(), why)).await?;
    tx.commit().await?;
    Ok(())
}

/// Where every job stands, for an administrator.
///
/// # Errors
/// Refuses everybody else.
pub async fn standings(app: &App, actor: &Actor) -> Result<Vec<Standing>> {
    refusals::told(app, actor, "job.read", "taches", require_keeper(actor)).await?;
    let now = app.now();
    let mut tx = app.db.snapshot().await?;
    let mut all = vec![];
    for job in Job::ALL {
        let runs = store::job_run::of_job(&mut tx, job.code(), SHOWN).await?;
        let due = due(app, job);
        all.push(Standing { job, runs, due, next: due.map(|due| due.next(now)) });
    }
    tx.done();
    Ok(all)
}

fn require_keeper(actor: &Actor) -> Result<()> {
    match actor.role {
        Role::Administrator | Role::Operator => Ok(()),
        _ => Err(ServiceError::refused(Because::Forbidden, "les tâches reviennent aux administrateurs")),
    }
}

/// Who acts in a job.
///
/// # Errors
/// When the database fails.
pub async fn actor(app: &App) -> Result<Actor> {
    operator::identify(app, LOGIN).await
}

/// Forgets old runs and old orders of releases; says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget(app: &App) -> Result<u64> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let runs = store::job_run::purge(&mut tx, now.plus_seconds(-KEPT)).await?;
    let orders = store::release_order::purge(&mut tx, now.plus_seconds(-ORDERS_KEPT)).await?;
    tx.commit().await?;
    Ok(runs.saturating_add(orders))
}
