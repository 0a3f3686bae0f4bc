//! From the start of the process until it says that it is ready, with the whole country in the file; size of the program.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Result;
use crate::support::bench::{Bench, eapd};
use crate::support::contest::{Contender, Figure, Sample, contest};
use crate::support::dataset::command;
use crate::support::line::{Goal, Line, Unit};
use crate::support::process::free_address;

/// Starts of a round.
const STARTS: usize = 5;

/// Starts the program again and again.
pub fn run(bench: &mut Bench) -> Result<()> {
    let home = bench.scratch().join("start");
    std::fs::create_dir_all(&home)?;
    let database = bench.national.copy(&home)?;
    let start = || -> Result<Sample> {
        let address = free_address()?;
        let mut command = command(&database, &["serve"]);
        command.env("EAPD__SERVER__LISTEN", address.to_string());
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let ready = until_ready(address, &mut child);
        let value = started.elapsed().as_secs_f64();
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        if told.is_err() {
            child.kill()?;
        }
        child.wait()?;
        ready?;
        Ok(Sample { value, ..Sample::default() })
    };
    let rounds = bench.options.rounds * STARTS;
    let standings = contest(bench, rounds, vec![Contender::new("start", start)])?;
    let figure = standings.first().ok_or("no start")?.figure();
    let what = format!("start to ready, {} lines in the file", bench.national.lines);
    bench.add(Line::alone(what, Unit::Seconds, figure, Goal::AtMost(0.3)));

    let stripped = home.join("eapd");
    let made = Command::new("strip").arg("-o").arg(&stripped).arg(eapd()).status()?;
    if !made.success() {
        return Err("strip failed".into());
    }
    let size = |file: &Path| -> Result<Figure> { Ok(Figure::one(mebibytes(std::fs::metadata(file)?.len()))) };
    bench.add(Line::alone("size of the program, stripped", Unit::MebiBytes, size(&stripped)?, Goal::Shown));
    bench.add(Line::alone("size of the program as built", Unit::MebiBytes, size(&eapd())?, Goal::Shown));
    Ok(())
}

/// Asks `/readyz` until it answers 200.
fn until_ready(address: SocketAddr, child: &mut Child) -> Result<()> {
    let limit = Instant::now() + Duration::from_secs(20);
    while Instant::now() < limit {
        if is_ready(address).unwrap_or(false) {
            return Ok(());
        }
        if let Some(status) = child.try_wait()? {
            return Err(format!("the program ended with {status}").into());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Err("the program is not ready after 20 s".into())
}

fn is_ready(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a size far below 2^52")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}
