//! The contenders in Python that write a file: `benches/python/README.md` tells what they say.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use super::Result;
use super::bench::{python, root};
use super::contest::{Output, Sample};
use super::process;

/// What a script says on its standard output.
#[derive(Debug, Clone, Deserialize)]
pub struct Said {
    /// Seconds of the work alone.
    pub seconds: f64,
    /// Seconds from the start of its process to the end of the work: what one who runs it waits for.
    pub whole_seconds: f64,
    /// Rows, read back.
    pub rows: u64,
    /// Sum of the amounts, read back.
    pub sum: String,
    /// Highest resident memory of its process, KiB.
    pub peak_kib: u64,
    /// Its library.
    pub version: String,
}

/// Lets one tool of a script make `out` from our CSV of the lines, in at most `limit`.
pub fn run(file: &str, tool: &str, (from, out): (&Path, &Path), limit: Duration) -> Result<Said> {
    let mut command = Command::new(python()?);
    command
        .arg(root().join("benches/python").join(file))
        .args([tool, "--limit", &limit.as_secs().to_string()])
        .args([from, out])
        .current_dir(root());
    let ran = process::run(&mut command, limit.saturating_add(Duration::from_secs(5)))?;
    Ok(serde_json::from_str(ran.output.trim())?)
}

impl Said {
    /// As a sample of a contest: the whole program, as ours is timed.
    pub fn sample(&self) -> Sample {
        let output = Output { rows: self.rows, sum: self.sum.clone() };
        Sample { value: self.whole_seconds, output: Some(output), peak_kib: Some(self.peak_kib) }
    }
}
