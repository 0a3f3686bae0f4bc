//! What is measured, a file a job.

mod eligibility;
mod filing;
mod following;
mod imports;
mod pages;
mod reports;
mod search;
mod start;
mod sums;

use crate::support::Result;
use crate::support::bench::Bench;

/// A job: adds lines and charts to the run.
pub type Job = fn(&mut Bench) -> Result<()>;

/// Every job, in the order of the run.
pub const ALL: &[(&str, Job)] = &[
    ("start", start::run),
    ("eligibility", eligibility::run),
    ("search", search::run),
    ("pages", pages::run),
    ("following", following::run),
    ("filing", filing::run),
    ("imports", imports::run),
    ("reports", reports::run),
    ("sums", sums::run),
];
