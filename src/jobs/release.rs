//! Works off the releases that managers order on the pages.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::app::App;
use crate::jobs::stopped;
use crate::service::report::work;

/// Orders are looked for this often: those of other processes, and of processes that died.
const INTERVAL: Duration = Duration::from_secs(15);

/// Works until `stop` says so: what is not finished then is given back, for another process or the next start.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = work(&app, &mut stop).await {
            tracing::error!(%error, "ordered releases were not worked off");
        }
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = app.release_ordered.notified() => {}
            () = sleep(INTERVAL) => {}
        }
    }
}
