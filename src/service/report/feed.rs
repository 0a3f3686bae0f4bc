//! The way of lines from the database to the thread that writes them.

use std::sync::mpsc::{Receiver as Returned, Sender as Returns};

use futures_util::{Stream, TryStreamExt};
use tokio::sync::mpsc;

use crate::reports::ReportError;
use crate::service::Result;
use crate::service::report::Progress;
use crate::store::StoreError;

/// Lines that pass to the writer at once, and how many such batches may wait.
const BATCH: usize = 256;
const WAITING: usize = 8;

/// The end that lines are put in. What is written comes back to it: a line costs less to free on the thread that
/// made it.
pub(super) struct Feed<'p, T> {
    send: mpsc::Sender<Vec<T>>,
    written: Returned<Vec<T>>,
    done: u64,
    total: u64,
    progress: Progress<'p>,
}

/// The end that lines are taken out of.
pub(super) struct Outlet<T> {
    batches: mpsc::Receiver<Vec<T>>,
    give_back: Returns<Vec<T>>,
}

/// A way for about `total` lines.
pub(super) fn feed<T>(total: u64, progress: Progress<'_>) -> (Feed<'_, T>, Outlet<T>) {
    let (send, batches) = mpsc::channel(WAITING);
    let (give_back, written) = std::sync::mpsc::channel();
    (Feed { send, written, done: 0, total, progress }, Outlet { batches, give_back })
}

impl<T: Send> Feed<'_, T> {
    /// Puts lines in, each as `complete` leaves it, until the writer has enough of them or the last one.
    pub(super) async fn put<S>(&mut self, mut lines: S, complete: impl Fn(&mut T) + Send) -> Result<()>
    where
        S: Stream<Item = std::result::Result<T, StoreError>> + Unpin + Send,
    {
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(mut line) = lines.try_next().await? {
            complete(&mut line);
            batch.push(line);
            if batch.len() == BATCH {
                self.done = self.done.saturating_add(u64::try_from(BATCH).unwrap_or_default());
                (self.progress)(self.done.min(self.total), self.total);
                let mut next = self.written.try_recv().unwrap_or_else(|_none| Vec::with_capacity(BATCH));
                next.clear();
                // A writer that is gone tells why itself.
                if self.send.send(std::mem::replace(&mut batch, next)).await.is_err() {
                    return Ok(());
                }
            }
        }
        let _ = self.send.send(batch).await;
        Ok(())
    }

    /// Says that nothing more comes: the writer ends its file.
    pub(super) fn end(self) {
        (self.progress)(self.total, self.total);
    }
}

impl<T> Outlet<T> {
    /// Hands every line to the report.
    pub(super) fn each(
        mut self,
        mut take: impl FnMut(&T) -> std::result::Result<(), ReportError>,
    ) -> std::result::Result<(), ReportError> {
        while let Some(batch) = self.batches.blocking_recv() {
            for line in &batch {
                take(line)?;
            }
            // Nobody fills it again after the last line.
            let _given = self.give_back.send(batch);
        }
        Ok(())
    }
}

/// The outcome of the thread that writes; one that panicked or was cancelled has none.
pub(super) async fn finished<T>(
    writer: tokio::task::JoinHandle<std::result::Result<T, ReportError>>,
) -> std::result::Result<T, ReportError> {
    writer.await.unwrap_or_else(|error| Err(ReportError::Io(std::io::Error::other(error))))
}
