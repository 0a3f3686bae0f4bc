//! The one connection that writes the SQLite file, handed from one transaction to the next without a word to it.
//!
//! The driver runs it on a thread of its own. Its pool asks that thread after each use whether the connection
//! lives, in a task of its own, and nobody writes meanwhile. Here whoever waited longest has it at once. A transaction
//! that is dropped tells its ROLLBACK at once, so that other processes need not wait; the next one makes sure of it
//! before it begins, since what is told to a thread that already has much to do may be lost.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, TryStreamExt};
use sqlx::query::{Query, QueryAs};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Connection, Either, Executor, FromRow, Sqlite};
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
    kept: Arc<Mutex<Option<Kept>>>,
}

/// The connection between two transactions.
#[derive(Debug)]
struct Kept {
    connection: SqliteConnection,
    /// A transaction was given up: it may still be open.
    is_left_open: bool,
}

/// A write transaction, which has the file for itself. Dropped without [`Writing::commit`] it is rolled back.
#[derive(Debug)]
pub struct Writing {
    kept: OwnedMappedMutexGuard<Option<Kept>, Kept>,
    is_over: bool,
}

impl Writer {
    /// Opens the file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(options: SqliteConnectOptions) -> sqlx::Result<Self> {
        let connection = options.connect().await?;
        let kept = Arc::new(Mutex::new(Some(Kept { connection, is_left_open: false })));
        Ok(Self(Arc::new(Shared { options, kept })))
    }

    /// Begins to write, when those who came before are done.
    ///
    /// # Errors
    /// When they are not in time, or another process writes for too long, or after [`Writer::close`].
    pub async fn begin(&self) -> sqlx::Result<Writing> {
        let mut writing = self.turn().await?;
        match writing.tell("BEGIN IMMEDIATE").await {
            Err(sqlx::Error::WorkerCrashed) => {
                writing.reopen(&self.0.options).await?;
                writing.tell("BEGIN IMMEDIATE").await?;
            }
            begun => begun?,
        }
        Ok(writing)
    }

    /// The same, with the rows of what is asked first, by one trip: `first` begins with `BEGIN IMMEDIATE; `.
    ///
    /// # Errors
    /// Those of [`Writer::begin`], and of the question: nothing is begun then.
    pub(super) async fn begin_with<'q, R>(
        &self,
        first: impl Fn() -> QueryAs<'q, Sqlite, R, SqliteArguments>,
    ) -> sqlx::Result<(Writing, Vec<R>)>
    where
        R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin + 'q,
    {
        let mut writing = self.turn().await?;
        let rows = match first().fetch_all(&mut writing.kept.connection).await {
            Err(sqlx::Error::WorkerCrashed) => {
                writing.reopen(&self.0.options).await?;
                first().fetch_all(&mut writing.kept.connection).await?
            }
            rows => rows?,
        };
        Ok((writing, rows))
    }

    /// The connection, when those who came before are done.
    async fn turn(&self) -> sqlx::Result<Writing> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0.kept).lock_owned()).await;
        let turn = turn.map_err(|_elapsed| sqlx::Error::PoolTimedOut)?;
        let open =
            OwnedMutexGuard::try_map(turn, Option::as_mut).map_err(|_closed| sqlx::Error::PoolClosed)?;
        // From here on whoever goes away leaves a ROLLBACK behind.
        let mut writing = Writing { kept: open, is_over: false };
        if writing.kept.is_left_open {
            // Where nothing is open any more it is refused, which changes nothing.
            let _nothing_open = writing.tell("ROLLBACK").await;
            writing.kept.is_left_open = false;
        }
        Ok(writing)
    }

    /// Closes the file, when whoever writes is done.
    pub async fn close(&self) {
        if let Some(kept) = self.0.kept.lock().await.take() {
            // What was committed is durable already.
            let _closed = kept.connection.close().await;
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

    /// Writes and makes it durable, by one trip: `last` ends with `; COMMIT`. Gives the rows that each of its
    /// statements touched, but for the COMMIT.
    ///
    /// # Errors
    /// When SQLite refuses one of its `statements`: those behind it are not done, and nothing of it stays.
    pub(super) async fn commit_with(
        mut self,
        last: Query<'_, Sqlite, SqliteArguments>,
        statements: usize,
    ) -> sqlx::Result<Vec<u64>> {
        let mut touched = Vec::with_capacity(statements.saturating_add(1));
        let mut answers = self.kept.connection.fetch_many(last);
        while let Some(answer) = answers.try_next().await? {
            if let Either::Left(done) = answer {
                touched.push(done.rows_affected());
            }
        }
        drop(answers);
        // Answers that end before that of the COMMIT are those of a thread that is no more.
        if touched.pop().is_none() || touched.len() != statements {
            return Err(sqlx::Error::WorkerCrashed);
        }
        self.is_over = true;
        Ok(touched)
    }

    async fn reopen(&mut self, options: &SqliteConnectOptions) -> sqlx::Result<()> {
        self.kept.connection = options.connect().await?;
        Ok(())
    }

    async fn tell(&mut self, statement: &'static str) -> sqlx::Result<()> {
        sqlx::query(statement).execute(&mut self.kept.connection).await.map(drop)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.is_over {
            self.kept.is_left_open = true;
            let _told = self.tell("ROLLBACK").now_or_never();
        }
    }
}

impl Deref for Writing {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.kept.connection
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.kept.connection
    }
}
