//! What one process takes on at once, and whether it still takes anything. More is answered at once that it is too much:
//! what waits in a queue is given up by who sent it, and done for nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Server;

/// How long one waits for a place among the reports: as long as people wait for a page.
const PATIENCE: Duration = Duration::from_secs(15);

/// What this process works on.
#[derive(Debug)]
pub struct Load {
    requests: Arc<Semaphore>,
    reports: Arc<Semaphore>,
    /// Anyone may ask for public reports: they never take all the places.
    public_reports: Arc<Semaphore>,
    stopping: AtomicBool,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held, never read")] Vec<OwnedSemaphorePermit>);

impl Load {
    /// Nothing yet, up to what `server` says.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        let semaphore = |places: usize| Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)));
        Self {
            requests: semaphore(server.max_requests),
            reports: semaphore(server.max_reports),
            public_reports: semaphore(server.max_reports.div_ceil(2)),
            stopping: AtomicBool::new(false),
        }
    }

    /// A place for a request, if there is one.
    #[must_use]
    pub fn request(&self) -> Option<Place> {
        Arc::clone(&self.requests).try_acquire_owned().ok().map(|permit| Place(vec![permit]))
    }

    /// A place to produce a report, if there is one in time.
    pub async fn report(&self, is_public: bool) -> Option<Place> {
        self.report_within(is_public, PATIENCE).await
    }

    async fn report_within(&self, is_public: bool, patience: Duration) -> Option<Place> {
        let mut rooms = vec![&self.reports];
        if is_public {
            rooms.insert(0, &self.public_reports);
        }
        let places = async {
            let mut permits = vec![];
            for room in rooms {
                permits.push(Arc::clone(room).acquire_owned().await.ok()?);
            }
            Some(Place(permits))
        };
        tokio::time::timeout(patience, places).await.ok().flatten()
    }

    /// From now on the process stops: others are to be asked.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether it stops.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn load(text: &str) -> Load {
        Load::of(&Config::from_toml(text).unwrap().server)
    }

    #[test]
    fn requests_beyond_the_most_have_no_place() {
        let load = load("[server]\nmax_requests = 2");
        let (first, second) = (load.request(), load.request());
        assert!(first.is_some() && second.is_some() && load.request().is_none());
        drop(first);
        assert!(load.request().is_some());
    }

    #[tokio::test]
    async fn public_reports_leave_places_to_the_others() {
        let load = load("[server]\nmax_reports = 2");
        let at_once = async |is_public| load.report_within(is_public, Duration::from_millis(5)).await;
        let public = at_once(true).await;
        assert!(public.is_some() && at_once(true).await.is_none(), "one of two at most");
        let manager = at_once(false).await;
        assert!(manager.is_some() && at_once(false).await.is_none());
        drop(public);
        assert!(at_once(true).await.is_some());
    }
}
