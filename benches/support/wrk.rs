//! The load generator of reads: `wrk`, which takes little of the machine for itself.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use super::Result;
use super::bench::root;
use super::process;

/// What `wrk` saw.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Seen {
    /// Answers.
    pub requests: u64,
    /// Microseconds that they took together.
    pub duration_us: u64,
    /// Answers other than 2xx and 3xx, and requests that had none.
    pub errors: u64,
    /// Median latency, microseconds.
    pub p50_us: f64,
    /// 99th percentile, microseconds.
    pub p99_us: f64,
}

impl Seen {
    /// Requests a second.
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub fn per_second(self) -> f64 {
        self.requests as f64 / (self.duration_us as f64 / 1_000_000.0)
    }
}

/// How hard to ask.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Connections, each with one request at a time.
    pub connections: u32,
    /// For how long.
    pub seconds: u32,
}

/// Asks for the paths of a file (one a line) at random, closed loop; any error refuses the whole.
pub fn ask(address: SocketAddr, paths: &Path, token: Option<&str>, load: Load) -> Result<Seen> {
    let mut command = Command::new("wrk");
    command
        .args(["--threads", "1", "--connections", &load.connections.to_string()])
        .args(["--duration", &format!("{}s", load.seconds), "--timeout", "5s", "--script"])
        .arg(root().join("benches/support/random_path.lua"))
        .args([&format!("http://{address}/"), "--"])
        .arg(paths)
        .arg(token.unwrap_or_default());
    let ran = process::run(&mut command, Duration::from_secs(u64::from(load.seconds) + 20))
        .map_err(|error| format!("{error} (is wrk installed? `make bench-tools`)"))?;
    let seen = ran.output.lines().find_map(|line| line.strip_prefix("seen "));
    let seen: Seen = serde_json::from_str(seen.ok_or("wrk said nothing")?)?;
    if seen.errors > 0 || seen.requests == 0 {
        return Err(format!("{} errors in {} requests", seen.errors, seen.requests).into());
    }
    Ok(seen)
}
