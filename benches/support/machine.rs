//! What ran, and where: a figure without its machine says nothing.

use std::fmt;
use std::process::Command;

use super::Result;
use super::bench::root;

/// The machine and the commit.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Model of the processor.
    pub processor: String,
    /// Cores that the bench may use.
    pub cores: usize,
    /// Memory, GiB.
    pub memory_gib: u64,
    /// The kernel.
    pub system: String,
    /// The compiler.
    pub compiler: String,
    /// The commit, with a mark when the tree differs from it.
    pub commit: String,
}

impl Machine {
    /// Reads it off.
    pub fn look() -> Result<Self> {
        let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
        };
        let kib = field(&memory, "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        Ok(Self {
            processor: field(&cpus, "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism()?.get(),
            memory_gib: kib.unwrap_or_default() / (1 << 20),
            system: said("uname", &["-sr"]),
            compiler: said("rustc", &["--version"]),
            commit: said("git", &["describe", "--always", "--dirty", "--abbrev=9"]),
        })
    }
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, memory_gib, system, compiler, commit } = self;
        write!(f, "{processor}, {cores} cores, {memory_gib} GiB, {system}, {compiler}, commit {commit}")
    }
}
