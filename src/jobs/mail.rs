//! Delivers mails while the service runs.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::app::App;
use crate::jobs::stopped;
use crate::service::mail::{Post, deliver};

/// The queue is looked at this often, for mails whose next try is due and those of other processes.
const INTERVAL: Duration = Duration::from_secs(30);
/// A mail is queued in a transaction: this is for it to be committed.
const COMMITTED: Duration = Duration::from_millis(250);

/// Delivers until `stop` says so, then ends after the mail that is leaving.
pub async fn run(app: App, post: Post, mut stop: watch::Receiver<bool>) {
    let stopping = stop.clone();
    while !*stopping.borrow() {
        if let Err(error) = deliver(&app, &post, || !*stopping.borrow()).await {
            tracing::error!(%error, "mails were not delivered");
        }
        let is_queued = tokio::select! {
            () = stopped(&mut stop) => return,
            () = app.mail_queued.notified() => true,
            () = sleep(INTERVAL) => false,
        };
        if is_queued {
            sleep(COMMITTED).await;
        }
    }
}
