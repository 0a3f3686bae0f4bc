//! Runs the jobs that have a time. A tick only makes it look: what is due is computed from the clock, and the database
//! decides which process runs it.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::app::App;
use crate::domain::job::Job;
use crate::jobs::ticker::Ticker;
use crate::jobs::{backup, digest, purge, reminders, stopped, unfiled};
use crate::service::Result;
use crate::service::job::{self, Taken};

/// How often it says that it lives while it works; `domain::job::LEASE` is several of them.
const BEAT: Duration = Duration::from_secs(30);
/// A lease that was renewed longer ago is lost, or nearly.
const LEFT: Duration = Duration::from_secs(90);
/// A run that takes longer is broken off, and tried again.
const LONGEST: Duration = Duration::from_hours(1);

/// Runs what is due until `stop` says so.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let instance = app.random.identifier();
    let ticker = Ticker::start().await;
    loop {
        tokio::select! {
            () = stopped(&mut stop) => break,
            () = ticker.tick() => {}
        }
        look(&app, &instance, &mut stop).await;
    }
    ticker.stop().await;
}

/// Runs all that is due now and that no other process holds, one after the other; says how many it ran.
pub async fn look(app: &App, instance: &str, stop: &mut watch::Receiver<bool>) -> usize {
    let mut ran = 0_usize;
    for job in Job::ALL {
        if *stop.borrow() {
            break;
        }
        let outcome = match job::take(app, job, instance).await {
            Ok(Some(taken)) => {
                ran = ran.saturating_add(1);
                work(app, &taken, stop).await
            }
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::error!(job = job.code(), %error, "the run of a job could not be noted");
        }
    }
    ran
}

/// Works on a run, and says meanwhile that it lives.
async fn work(app: &App, taken: &Taken, stop: &mut watch::Receiver<bool>) -> Result<()> {
    let (code, attempt) = (taken.job.code(), taken.attempt);
    let mut working = tokio::spawn({
        let (app, job) = (app.clone(), taken.job);
        async move { timeout(LONGEST, execute(&app, job)).await }
    });
    let mut held = Instant::now();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.tick().await;
    let done = loop {
        tokio::select! {
            done = &mut working => break done,
            () = stopped(stop) => {
                working.abort();
                return job::give_back(app, taken).await;
            }
            _instant = beat.tick() => match job::hold_on(app, taken).await {
                Ok(true) => held = Instant::now(),
                Ok(false) => {
                    working.abort();
                    tracing::warn!(job = code, attempt, "another process took a job over");
                    return Ok(());
                }
                // The database may be back before the lease ends; then another process may hold the run.
                Err(error) if held.elapsed() < LEFT => {
                    tracing::warn!(job = code, attempt, %error, "the lease of a job could not be renewed");
                }
                Err(error) => {
                    working.abort();
                    return Err(error);
                }
            }
        }
    };
    let done = match done {
        Ok(Ok(done)) => done,
        Ok(Err(_elapsed)) => Err("plus d’une heure\u{a0}: interrompue".to_owned()),
        Err(error) => Err(format!("arrêt imprévu\u{a0}: {error}")),
    };
    match &done {
        Ok(_told) => tracing::info!(job = code, attempt, "job done"),
        Err(error) => tracing::error!(job = code, attempt, error, "job failed"),
    }
    job::finish(app, taken, done).await?;
    Ok(())
}

async fn execute(app: &App, job: Job) -> std::result::Result<String, String> {
    let done = match job {
        Job::Reminders => reminders::run(app).await,
        Job::Unfiled => unfiled::run(app).await,
        Job::Digest => digest::run(app).await,
        Job::Purge => purge::run(app).await,
        Job::Backup => return backup::run(app).await.map_err(|error| error.to_string()),
    };
    done.map_err(|error| error.to_string())
}
