//! How a report is written.

pub mod table;
