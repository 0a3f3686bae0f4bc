//! What runs beside the requests: each job may run at any time, in several processes at once, and twice.

pub mod figures;
pub mod mail;
pub mod release;
pub mod reminder;

use tokio::sync::watch;

/// Ends when told to, or when nobody is left to tell.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _told = stop.wait_for(|stop| *stop).await.is_ok();
}
