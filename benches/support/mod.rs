//! What the jobs share.
//!
//! | file | what it gives |
//! |---|---|
//! | [`bench`] | [`bench::Bench`]: the options, the time left, the data, the lines of the result |
//! | [`contest`] | contenders that do the same work in turns, and their medians |
//! | [`line`] | a line of the result: ours, a reference, their ratio, what is to be reached |
//! | [`dataset`] | the national data, made once |
//! | [`process`] | programs that are started, watched, and ended with the bench |
//! | [`read_back`] | rows and sums of a report, read back from its file |
//! | [`script`] | the contenders in Python |
//! | [`service`], [`http`] | the service on a copy of the data, and one client of it |
//! | [`inside`] | the service inside the bench, for what a job prepares |
//! | [`wrk`] | the load generator of reads |
//! | [`agents`] | the load generator of writes |
//! | [`cluster`] | a PostgreSQL of the bench's own |
//! | [`machine`] | what ran, and where |
//! | [`report`], [`chart`] | the table and the charts |

#![expect(dead_code, reason = "the jobs that use it are on their way")]

pub mod agents;
pub mod bench;
pub mod chart;
pub mod cluster;
pub mod contest;
pub mod dataset;
pub mod http;
pub mod inside;
pub mod line;
pub mod machine;
pub mod process;
pub mod read_back;
pub mod report;
pub mod script;
pub mod service;
pub mod wrk;

/// Why something could not be measured.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// The result of a measure.
pub type Result<T> = std::result::Result<T, Error>;
