//! Keeps the figures of the dashboards and the summaries at hand: who looks at them first after a start, or after the
//! register changed, must not wait until a year is read. No figure waits for it: each look asks the journal itself.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::app::App;
use crate::jobs::stopped;
use crate::service::{follow_up, summary};

/// Between two looks. On the last evening more is filed meanwhile than is read one by one: not often, then.
const INTERVAL: Duration = Duration::from_mins(1);

/// Reads what is new until `stop` says so.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        let read = async {
            follow_up::refresh(&app).await?;
            summary::refresh(&app).await
        };
        let outcome = tokio::select! {
            () = stopped(&mut stop) => return,
            outcome = read => outcome,
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "the figures of the dashboards were not read");
        }
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = sleep(INTERVAL) => {}
        }
    }
}
