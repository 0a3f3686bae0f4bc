//! Programs that the bench starts: watched, and ended with it.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::Result;

/// A server, ended when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

/// A port of the loopback that nobody listens on.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Server {
    /// Starts a program and waits until it says `ready` on its standard output
    /// (a part of a line is enough). Its standard input stays open as long as
    /// this value lives: a program that outlived the bench would see it end.
    pub fn start(command: &mut Command, address: SocketAddr, ready: &str) -> Result<Self> {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut server = Self { child, address };
        let output = server.child.stdout.take().ok_or("no standard output")?;
        let mut lines = BufReader::new(output);
        let mut line = String::new();
        loop {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                return Err(format!("{command:?} ended before it was ready").into());
            }
            if line.contains(ready) {
                break;
            }
        }
        // What it says later must not block it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Ok(server)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as an operator would, and waits.
    pub fn stop(mut self) -> Result<ExitStatus> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        if !told.success() {
            return Err("the server is gone already".into());
        }
        let limit = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > limit {
                return Err("the server does not end".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// What a program that ran to its end took.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Seconds from start to end.
    pub seconds: f64,
    /// Highest resident memory seen, KiB.
    pub peak_kib: u64,
    /// Its standard output.
    pub output: String,
}

/// Runs a program to its end, at most `limit`, watching its memory.
pub fn run(command: &mut Command, limit: Duration) -> Result<Ran> {
    let started = Instant::now();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (mut output, mut errors) = (child.stdout.take(), child.stderr.take());
    let reader = std::thread::spawn(move || read_all(output.as_mut()));
    let complaints = std::thread::spawn(move || read_all(errors.as_mut()));
    let mut peak_kib = 0;
    let status = loop {
        peak_kib = peak_kib.max(high_water_kib(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Err(format!("{command:?} took more than {limit:?}").into());
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let seconds = started.elapsed().as_secs_f64();
    let output = reader.join().unwrap_or_default();
    let complaints = complaints.join().unwrap_or_default();
    if !status.success() {
        return Err(format!("{command:?}: {status}: {complaints}").into());
    }
    Ok(Ran { seconds, peak_kib, output })
}

fn read_all(from: Option<&mut impl std::io::Read>) -> String {
    let mut text = String::new();
    if let Some(from) = from {
        // What cannot be read is not said.
        let _read = from.read_to_string(&mut text);
    }
    text
}

/// The highest resident memory of a process so far, KiB; `None` once it is gone.
pub fn high_water_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Ends this program when its standard input does: a reference never outlives the bench.
pub fn end_with_standard_input() {
    std::thread::spawn(|| {
        // Whatever happens to it, it is at its end.
        let _ended = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
}
