//! What makes the schedule look for what is due: `tokio-cron-scheduler`, in UTC, as a ticker alone.
//!
//! It keeps its next tick as an instant of the system's clock: where that clock is set back, it is silent until the clock
//! is there again. So a tick that is late on the monotonic clock is not waited for (ADR 21).

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_cron_scheduler::{Job, JobScheduler};

/// Every fifteen seconds of the minute.
const TICKS: &str = "*/15 * * * * *";
/// Two ticks that did not come.
const SILENT: Duration = Duration::from_secs(30);

/// Ticks while it lives.
pub(super) struct Ticker {
    ticked: Arc<Notify>,
    scheduler: Option<JobScheduler>,
    silent: Duration,
}

impl Ticker {
    /// Starts it. Where the scheduler cannot be had, ticks come at the pace at which they would be missed.
    pub(super) async fn start() -> Self {
        let ticked = Arc::new(Notify::new());
        let scheduler = match scheduled(&ticked).await {
            Ok(scheduler) => Some(scheduler),
            Err(error) => {
                tracing::error!(%error, "the scheduler did not start: the schedule looks every thirty seconds");
                None
            }
        };
        // The first look is at once.
        ticked.notify_one();
        Self { ticked, scheduler, silent: SILENT }
    }

    /// Ends with the next tick. Several that nobody waited for are one.
    pub(super) async fn tick(&self) {
        let _late = timeout(self.silent, self.ticked.notified()).await.is_err();
    }

    /// Stops it.
    pub(super) async fn stop(mut self) {
        if let Some(scheduler) = &mut self.scheduler
            && let Err(error) = scheduler.shutdown().await
        {
            tracing::warn!(%error, "the scheduler did not stop");
        }
    }
}

async fn scheduled(ticked: &Arc<Notify>) -> Result<JobScheduler, tokio_cron_scheduler::JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    let ticked = Arc::clone(ticked);
    scheduler.add(Job::new(TICKS, move |_job, _scheduler| ticked.notify_one())?).await?;
    scheduler.start().await?;
    Ok(scheduler)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its own ticks come: one of the fifteen seconds is enough, well before the silence would be noticed.
    #[tokio::test]
    async fn the_scheduler_ticks() {
        let ticker = Ticker::start().await;
        assert!(ticker.scheduler.is_some());
        ticker.tick().await;
        timeout(Duration::from_secs(20), ticker.ticked.notified()).await.expect("a tick of its own");
        ticker.stop().await;
    }

    /// A scheduler that says nothing, as after its clock was set back: ticks come all the same.
    #[tokio::test]
    async fn silence_is_a_tick() {
        let ticker =
            Ticker { ticked: Arc::new(Notify::new()), scheduler: None, silent: Duration::from_millis(5) };
        for _tick in 0..3 {
            ticker.tick().await;
        }
    }
}
