//! The one connection that writes the SQLite file, handed from one transaction to the next without a word to it.
//!
//! The driver runs it on a thread of its own. Its pool asks that thread after each use whether the connection
//! lives, in a task of its own, and nobody writes meanwhile. Here whoever waited longest has it at once. The thread
//! does what it is told in the order told: what a dropped transaction left at work is followed by its ROLLBACK, and
//! that by the BEGIN of the next one.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

/// How long one waits for those who write before.
const PATIENCE: Duration = Duration::from_secs(30);

/// The writer of a file.
#[derive(Debug, Clone)]
pub struct Writer(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: SqliteConnectOptions,
    /// Without connection once it is closed.
    connection: Arc<Mutex<Option<SqliteConnection>>>,
}

/// A write transaction, which has the file for itself. Dropped without [`Writing::commit`] it is rolled back.
#[derive(Debug)]
pub struct Writing {
    connection: OwnedMappedMutexGuard<Option<SqliteConnection>, SqliteConnection>,
    is_over: bool,
}

impl Writer {
    /// Opens the file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(options: SqliteConnectOptions) -> sqlx::Result<Self> {
        let connection = Arc::new(Mutex::new(Some(options.connect().await?)));
        Ok(Self(Arc::new(Shared { options, connection })))
    }

    /// Begins to write, when those who came before are done.
    ///
    /// # Errors
    /// When they are not in time, or another process writes for too long, or after [`Writer::close`].
    pub async fn begin(&self) -> sqlx::Result<Writing> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0.connection).lock_owned()).await;
        let turn = turn.map_err(|_elapsed| sqlx::Error::PoolTimedOut)?;
        let open =
            OwnedMutexGuard::try_map(turn, Option::as_mut).map_err(|_closed| sqlx::Error::PoolClosed)?;
        // From here on whoever goes away leaves a ROLLBACK behind.
        let mut writing = Writing { connection: open, is_over: false };
        match writing.tell("BEGIN IMMEDIATE").await {
            Err(sqlx::Error::WorkerCrashed) => {
                *writing.connection = self.0.options.connect().await?;
                writing.tell("BEGIN IMMEDIATE").await?;
            }
            begun => begun?,
        }
        Ok(writing)
    }

    /// Closes the file, when whoever writes is done.
    pub async fn close(&self) {
        if let Some(connection) = self.0.connection.lock().await.take() {
            // What was committed is durable already.
            let _closed = connection.close().await;
        }
    }
}

impl Writing {
    /// Makes what was written durable.
    ///
    /// # Errors
    /// When SQLite refuses it: nothing of it stays.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        // A refused COMMIT leaves the transaction open, and so may one whose answer is not waited for.
        self.tell("COMMIT").await?;
        self.is_over = true;
        Ok(())
    }

    async fn tell(&mut self, statement: &'static str) -> sqlx::Result<()> {
        sqlx::query(statement).execute(&mut *self.connection).await.map(drop)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.is_over {
            // Told at once, since one command at most is before it; where nothing is open it does nothing.
            let _told = self.tell("ROLLBACK").now_or_never();
        }
    }
}

impl Deref for Writing {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
