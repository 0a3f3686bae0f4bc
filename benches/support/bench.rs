//! One run of the bench.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::chart::Chart;
use super::dataset::National;
use super::line::{Goal, Line};
use super::machine::Machine;
use super::{Error, Result};

/// How long the whole run may take, the preparation of its data included.
const LIMIT: Duration = Duration::from_mins(15);

/// What is asked of a run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Effective lines of the national data.
    pub lines: u32,
    /// Rounds of a contest; the shortest times that still tell something where 1.
    pub rounds: usize,
    /// The jobs to run; all where empty.
    pub only: Vec<String>,
    /// Replaces the tables and charts of `docs/`.
    pub document: bool,
}

impl Options {
    /// `[--quick] [--rounds N] [--document] [JOB…]`
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { lines: 1_000_000, rounds: 3, only: vec![], document: false };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--quick" => (options.lines, options.rounds) = (10_000, 1),
                "--document" => options.document = true,
                "--rounds" => options.rounds = rest.next().ok_or("--rounds N")?.parse()?,
                job if crate::jobs::ALL.iter().any(|(name, _)| *name == job) => {
                    options.only.push(job.to_owned());
                }
                other => {
                    let jobs: Vec<&str> = crate::jobs::ALL.iter().map(|(name, _)| *name).collect();
                    let usage = "usage: [--quick] [--rounds N] [--document] [JOB…]";
                    return Err(format!("{other}? {usage}; jobs: {}", jobs.join(", ")).into());
                }
            }
        }
        Ok(options)
    }

    /// Whether a job is to run.
    pub fn wants(&self, job: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == job)
    }

    /// Whether this is a short run, to see that everything still works.
    pub fn is_quick(&self) -> bool {
        self.rounds == 1
    }
}

/// One run: what the jobs are given, and where they leave their results.
#[derive(Debug)]
pub struct Bench {
    /// What is asked.
    pub options: Options,
    /// What runs it.
    pub machine: Machine,
    /// The data.
    pub national: National,
    /// The result.
    pub lines: Vec<Line>,
    /// How times grow.
    pub charts: Vec<Chart>,
    /// Files of this run; removed with it.
    scratch: tempfile::TempDir,
    ends: Instant,
}

impl Bench {
    /// Makes the data, if an earlier run has not.
    pub fn prepare(options: Options) -> Result<Self> {
        let ends = Instant::now() + LIMIT;
        let machine = Machine::look()?;
        println!("{machine}");
        let folder = root().join("var/bench");
        std::fs::create_dir_all(&folder)?;
        let national = National::prepare(&folder, options.lines)?;
        let scratch = tempfile::Builder::new().prefix("run-").tempdir_in(&folder)?;
        Ok(Self { options, machine, national, lines: vec![], charts: vec![], scratch, ends })
    }

    /// A folder of this run.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// How long the jobs may still take together.
    pub fn time_left(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }

    /// Refuses to begin what would take longer than what is left.
    pub fn has_time_for(&self, what: &str, seconds: u64) -> Result<()> {
        if self.time_left() >= Duration::from_secs(seconds) {
            return Ok(());
        }
        Err(format!("out of time: {what} takes {seconds} s").into())
    }

    /// Adds a line to the result.
    pub fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Adds a line that says why a job told nothing.
    pub fn failed(&mut self, job: &str, why: &str) {
        self.lines.push(Line::unmeasured(job, Goal::Shown, why));
    }
}

/// The folder of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The program that is measured.
pub fn eapd() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_eapd"))
}

/// A Python of the contenders.
pub fn python() -> Result<PathBuf> {
    let python = root().join(".venv-bench/bin/python");
    if python.is_file() { Ok(python) } else { Err(Error::from("no .venv-bench: run `make bench-tools`")) }
}
