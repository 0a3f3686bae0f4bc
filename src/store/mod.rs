//! All SQL, one file a noun; the seam between the two engines.
//!
//! Each statement is written once, with `$1` placeholders, on a [`Tx`]: a write
//! transaction or a read snapshot. What differs between SQLite and PostgreSQL
//! is in [`engine`]. Lookups return `Option`; a write says how many rows it
//! expects ([`expect_rows`]).

pub mod call;
pub mod campaign;
mod codec;
pub mod derogation;
pub mod draft;
pub mod engine;
pub mod error;
pub mod expected;
pub mod facts;
pub mod filing;
pub mod follow_up;
pub mod idempotency;
pub mod journal;
pub mod line;
pub mod past_amount;
pub mod person;
pub mod publication;
mod readers;
pub mod register;
pub mod report;
pub mod together;
pub mod token;

pub use engine::{Db, Tx};
pub use error::StoreError;

/// The result of a statement.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Runs one expression on the connection of either engine.
macro_rules! on {
    ($tx:expr, |$conn:ident| $run:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $run
            }
            $crate::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $run
            }
        }
    };
}
pub(crate) use on;

/// Executes a write on either engine and gives the number of rows it touched.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::on!($tx, |conn| {
            sqlx::query($sql)$(.bind($bind))*.execute(conn).await.map(|done| done.rows_affected())
        })
    };
}
pub(crate) use execute;

/// Refuses a write that touched another number of rows than it had to.
pub(crate) fn expect_rows(what: &'static str, expected: u64, touched: u64) -> Result<()> {
    if touched == expected { Ok(()) } else { Err(StoreError::Rows { what, expected, touched }) }
}
