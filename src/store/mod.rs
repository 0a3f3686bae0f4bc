//! All SQL, one file a noun; the seam between the two engines.
//!
//! Each statement is written once, with `$1` placeholders, on a [`Tx`]: a write
//! transaction or a read snapshot. What differs between SQLite and PostgreSQL
//! is in [`engine`]. Lookups return `Option`; a write says how many rows it
//! expects ([`expect_rows`]).

pub mod account;
pub mod admission;
pub mod asked_list;
pub mod attachment;
pub mod attempt;
pub mod call;
pub mod call_dossier;
pub mod campaign;
pub mod certificate;
mod codec;
pub mod contact;
pub mod crs;
pub mod derogation;
pub mod draft;
pub mod engine;
pub mod error;
pub mod expected;
pub mod facts;
pub mod figure;
pub mod filing;
pub mod follow_up;
pub mod idempotency;
pub mod inventory;
pub mod job_run;
pub mod journal;
pub mod kept;
pub mod line;
pub mod mail;
pub mod missing;
pub mod moving;
pub mod past_amount;
pub mod person;
pub mod public_title;
pub mod publication;
pub mod question;
mod readers;
pub mod register;
pub mod register_file;
pub mod release_order;
pub mod reminder;
pub mod replica;
pub mod report;
pub mod reservation;
pub mod second_factor;
pub mod session;
pub mod single_use;
pub mod stash;
pub mod summary;
pub mod together;
pub mod token;
pub mod upkeep;
pub mod upload;
mod writer;
pub mod writes;

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

/// A row read by the place of its columns, which are told once, and the statements that select them.
/// By name each column would be searched for in every row.
macro_rules! by_place {
    (
        struct $row:ident { $($table:ident.$column:ident: $type:ty,)+ }
        $(const $statement:ident = $from:literal;)+
    ) => {
        struct $row {
            $($column: $type,)+
        }

        $crate::store::by_place!(@select [$($table.$column)+] $($statement $from)+);
        $crate::store::by_place!(@read sqlx::sqlite::SqliteRow, $row, $($column)+);
        $crate::store::by_place!(@read sqlx::postgres::PgRow, $row, $($column)+);
    };
    (@select $columns:tt $($statement:ident $from:literal)+) => {
        $($crate::store::by_place!(@one $columns $statement $from);)+
    };
    (@one [$first:ident.$column:ident $($table:ident.$columns:ident)*] $statement:ident $from:literal) => {
        const $statement: &str = concat!(
            "SELECT ", stringify!($first), ".", stringify!($column),
            $(", ", stringify!($table), ".", stringify!($columns),)*
            " ", $from
        );
    };
    (@read $driver:ty, $row:ident, $($column:ident)+) => {
        impl sqlx::FromRow<'_, $driver> for $row {
            fn from_row(row: &$driver) -> sqlx::Result<Self> {
                let mut places = 0_usize..;
                let mut place = || places.next().unwrap_or_default();
                Ok(Self { $($column: sqlx::Row::try_get(row, place())?),+ })
            }
        }
    };
}
pub(crate) use by_place;

/// Refuses a write that touched another number of rows than it had to.
pub(crate) fn expect_rows(what: &'static str, expected: u64, touched: u64) -> Result<()> {
    if touched == expected { Ok(()) } else { Err(StoreError::Rows { what, expected, touched }) }
}
