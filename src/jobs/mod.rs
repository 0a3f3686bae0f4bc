//! What runs beside the requests: each job may run at any time, in several processes at once, and twice.

pub mod backup;
pub mod digest;
pub mod figures;
pub mod mail;
pub mod purge;
pub mod release;
pub mod reminders;
pub mod schedule;
mod ticker;
pub mod unfiled;

use tokio::sync::watch;

/// Ends when told to, or when nobody is left to tell.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _told = stop.wait_for(|stop| *stop).await.is_ok();
}
