//! How a file that people send is read.
//!
//! Bytes become a [`table`] whatever their form (CSV in four encodings, XLSX),
//! found by content and never by name; [`columns`] matches the headers; one
//! module per kind of file makes typed rows of it. Every error of a file is
//! collected, with its line, its column and how to mend it; a file with an
//! error gives nothing else. Nothing here touches a database or a clock.

pub mod bulk;
pub mod catalogue;
pub mod columns;
pub mod contacts;
mod csv;
pub mod dossiers;
pub mod eligibility;
mod encoding;
pub mod error;
pub mod expected;
pub mod history;
mod kind;
pub mod limits;
pub mod lines;
pub mod preview;
mod read;
pub mod table;
mod xlsx;

#[cfg(test)]
mod tests;

pub use error::{CellError, FileError, Refused};
pub use limits::Limits;
pub use table::{Form, Table, read_table};
