//! Queues the mails about drafts that are not filed while the service runs.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::app::App;
use crate::jobs::stopped;
use crate::service::reminder::remind_unfiled;

/// What is due is looked for this often: it is due for days.
const INTERVAL: Duration = Duration::from_mins(5);

/// Looks for what is due until `stop` says so.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = remind_unfiled(&app).await {
            tracing::error!(%error, "mails about unfiled drafts were not queued");
        }
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = sleep(INTERVAL) => {}
        }
    }
}
