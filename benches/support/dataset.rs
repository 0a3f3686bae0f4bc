//! The national data: the demonstration grown to the whole country, made once and kept in `var/bench`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::Result;
use super::bench::{eapd, root};

/// What the data is made from: another content, other data.
const MADE_FROM: [&str; 4] =
    ["src/service/demo", "migrations/sqlite", "config/codelists", "package-lock.json"];

/// The national data.
#[derive(Debug, Clone)]
pub struct National {
    /// The file: never written to by a job (see [`National::copy`]).
    pub file: PathBuf,
    /// Effective lines of all flow years.
    pub lines: u32,
}

/// A flow year of the data and its effective lines, in per mille of all.
#[derive(Debug, Clone, Copy)]
pub struct Sized {
    /// The flow year.
    pub flow_year: u16,
    /// Per mille of the effective lines.
    pub share: u32,
}

/// The three flow years that growth is measured on: each ten times the one before.
pub const SIZES: [Sized; 3] = [
    Sized { flow_year: 2016, share: 5 },
    Sized { flow_year: 2021, share: 50 },
    Sized { flow_year: 2024, share: 500 },
];

impl National {
    /// Finds the data, or makes it.
    pub fn prepare(folder: &Path, lines: u32) -> Result<Self> {
        let file = folder.join(format!("national-{lines}-{}.db", fingerprint()?));
        let national = Self { file, lines };
        if national.file.is_file() {
            println!("data: {} (kept from an earlier run)", national.file.display());
            return Ok(national);
        }
        let started = Instant::now();
        let unfinished = tempfile::Builder::new().prefix("making-").tempdir_in(folder)?;
        let made = unfinished.path().join("national.db");
        run(&mut command(&made, &["migrate"]))?;
        run(&mut command(&made, &["demo", "--scale", &lines.to_string()]))?;
        // A checkpoint: what is copied later is one file.
        run(Command::new("sqlite3").arg(&made).arg("PRAGMA wal_checkpoint(TRUNCATE)"))?;
        std::fs::rename(&made, &national.file)?;
        let seconds = started.elapsed().as_secs_f64();
        println!("data: {} ({lines} lines, made in {seconds:.0} s)", national.file.display());
        Ok(national)
    }

    /// Effective lines of a flow year.
    pub fn lines_of(&self, size: Sized) -> u32 {
        self.lines / 1_000 * size.share
    }

    /// A copy that a job may write to.
    pub fn copy(&self, into: &Path) -> Result<PathBuf> {
        let copy = into.join("copy.db");
        std::fs::copy(&self.file, &copy)?;
        Ok(copy)
    }
}

/// The program on a database, with the configuration of a demonstration.
pub fn command(database: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(eapd());
    command
        .args(arguments)
        .current_dir(root())
        .env("EAPD_CONFIG", "config/demo.toml")
        .env("EAPD_LOG", "warn")
        .env("EAPD__DATABASE__URL", format!("sqlite://{}", database.display()));
    command
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn fingerprint() -> Result<String> {
    let mut hash = Sha256::new();
    let mut files = vec![];
    for part in MADE_FROM {
        collect(&root().join(part), &mut files)?;
    }
    files.sort();
    for file in files {
        hash.update(std::fs::read(&file)?);
    }
    Ok(hex::encode(hash.finalize()).chars().take(12).collect())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
