//! What is measured, a file a job.

mod filing;
mod imports;
mod start;

use crate::support::Result;
use crate::support::bench::Bench;

/// A job: adds lines and charts to the run.
pub type Job = fn(&mut Bench) -> Result<()>;

/// Every job, in the order of the run.
pub const ALL: &[(&str, Job)] = &[
    // What is filed, taken in, and how soon the program is there.
    ("filing", filing::run),
    ("imports", imports::run),
    ("start", start::run),
];
