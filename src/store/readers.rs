//! Connections for single reads of the SQLite file, handed out and back without a word to them.
//!
//! The driver runs each connection on a thread of its own: to ask it anything
//! costs two wake-ups, more than a point query does. The driver's pool asks
//! several times around each use: whether the connection is alive, to begin, to
//! roll back. Here a use is one statement, which is its own snapshot, and nothing else.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::store::figure::Pool;

/// How long one waits for a connection that others use.
const PATIENCE: Duration = Duration::from_secs(30);

/// Read-only connections, opened when they are first needed.
#[derive(Debug, Clone)]
pub struct Readers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: SqliteConnectOptions,
    /// How many there may be.
    most: usize,
    /// One a connection that may be used.
    permits: Arc<Semaphore>,
    /// Those that nobody uses; the last one used, whose pages are warm, is the next one.
    idle: Mutex<Vec<SqliteConnection>>,
}

/// A connection in use, until [`Reader::done`]. Dropped instead it is closed:
/// whoever was waiting for its answer went away, and it may still be at work.
#[derive(Debug)]
pub struct Reader {
    connection: SqliteConnection,
    home: Arc<Shared>,
    permit: OwnedSemaphorePermit,
}

impl Readers {
    /// At most `count` connections, none of them open yet.
    #[must_use]
    pub fn new(options: SqliteConnectOptions, count: usize) -> Self {
        Self(Arc::new(Shared {
            options,
            most: count,
            permits: Arc::new(Semaphore::new(count)),
            idle: Mutex::default(),
        }))
    }

    /// A connection, when one is free.
    ///
    /// # Errors
    /// When none is in time, or it cannot be opened, or after [`Readers::close`].
    pub async fn get(&self) -> sqlx::Result<Reader> {
        let home = Arc::clone(&self.0);
        let free = tokio::time::timeout(PATIENCE, Arc::clone(&home.permits).acquire_owned()).await;
        let permit = free.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let warm = home.idle().pop();
        let connection = match warm {
            Some(connection) => connection,
            None => home.options.connect().await?,
        };
        Ok(Reader { connection, home, permit })
    }

    /// How many are open, and used.
    #[must_use]
    pub fn pool(&self) -> Pool {
        let used = self.0.most.saturating_sub(self.0.permits.available_permits());
        let idle = self.0.idle().len();
        Pool { name: "readers", open: used.saturating_add(idle), idle, most: self.0.most }
    }

    /// Closes the connections that nobody uses; no more are handed out.
    pub async fn close(&self) {
        self.0.permits.close();
        let idle = std::mem::take(&mut *self.0.idle());
        for connection in idle {
            // One that fails to close was only read from: there is nothing to lose.
            let _closed = connection.close().await;
        }
    }
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    /// Gives the connection back: its statement has been answered whole.
    pub fn done(self) {
        let Self { connection, home, permit } = self;
        if !home.permits.is_closed() {
            home.idle().push(connection);
        }
        drop(permit);
    }
}

impl Deref for Reader {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
