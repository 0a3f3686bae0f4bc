//! The load generator of writes: agents who file over HTTP, each on a connection that stays open.
//!
//! Threads that block, no library: they take little of the machine for themselves.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use super::Result;

/// Workers of an open loop: more than ever wait at once where the goal is met.
const WORKERS: usize = 128;

/// An agent: the body that it files for, and its token.
#[derive(Debug, Clone)]
pub struct Agent {
    /// SIREN.
    pub siren: String,
    /// Secret of its token.
    pub secret: String,
}

/// Agents who file the same lines, one after the other.
#[derive(Debug)]
pub struct Agents {
    address: SocketAddr,
    flow_year: u16,
    all: Vec<Agent>,
    body: String,
    next: AtomicUsize,
    kept: Mutex<Vec<Acknowledged>>,
}

/// A filing that was acknowledged.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    /// SIREN.
    pub siren: String,
    /// Number of the receipt.
    pub number: String,
}

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Seconds that the whole took.
    pub seconds: f64,
    /// Of each answer, in milliseconds, in order.
    pub milliseconds: Vec<f64>,
    /// Requests that had another answer than a receipt, each as told.
    pub errors: Vec<String>,
}

impl Seen {
    fn gather(seconds: f64, answers: Vec<std::result::Result<f64, String>>) -> Self {
        let mut seen = Self { seconds, ..Self::default() };
        for answer in answers {
            match answer {
                Ok(milliseconds) => seen.milliseconds.push(milliseconds),
                Err(error) => seen.errors.push(error),
            }
        }
        seen.milliseconds.sort_by(f64::total_cmp);
        seen
    }

    /// Filings a second.
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a count far below 2^52")]
    pub fn per_second(&self) -> f64 {
        self.milliseconds.len() as f64 / self.seconds
    }

    /// The latency that so many hundredths of the answers do not exceed.
    pub fn percentile(&self, hundredths: usize) -> f64 {
        let place = (self.milliseconds.len().saturating_sub(1) * hundredths).div_ceil(100);
        self.milliseconds.get(place).copied().unwrap_or(f64::NAN)
    }

    /// Refuses where one request had no receipt.
    pub fn without_error(self) -> Result<Self> {
        match self.errors.first() {
            None if !self.milliseconds.is_empty() => Ok(self),
            None => Err("no filing was acknowledged".into()),
            Some(first) => Err(format!("{} requests had no receipt: {first}", self.errors.len()).into()),
        }
    }
}

impl Agents {
    /// Agents who file `body` with the program at `address`.
    pub const fn new(address: SocketAddr, flow_year: u16, all: Vec<Agent>, body: String) -> Self {
        Self { address, flow_year, all, body, next: AtomicUsize::new(0), kept: Mutex::new(vec![]) }
    }

    /// Everything acknowledged so far.
    pub fn acknowledged(&self) -> Vec<Acknowledged> {
        self.kept.lock().map(|kept| kept.clone()).unwrap_or_default()
    }

    /// So many at a time, each asking again as soon as it is answered.
    pub fn closed_loop(&self, clients: usize, duration: Duration) -> Seen {
        let started = Instant::now();
        let answers = Mutex::new(vec![]);
        std::thread::scope(|scope| {
            for _client in 0..clients {
                scope.spawn(|| {
                    let mut line = Connection::default();
                    while started.elapsed() < duration {
                        let asked = Instant::now();
                        let answer = self.file(&mut line).map(|()| milliseconds(asked));
                        push(&answers, answer);
                    }
                });
            }
        });
        Seen::gather(started.elapsed().as_secs_f64(), taken(answers))
    }

    /// So many a second, whatever the answers: latencies count from when each was due.
    pub fn open_loop(&self, per_second: u32, duration: Duration) -> Result<Seen> {
        let count = u32::try_from(duration.as_secs())?.saturating_mul(per_second);
        let started = Instant::now();
        let (turn, answers) = (AtomicUsize::new(0), Mutex::new(vec![]));
        std::thread::scope(|scope| {
            for _worker in 0..WORKERS {
                scope.spawn(|| {
                    let mut line = Connection::default();
                    while let Some(rank) =
                        u32::try_from(turn.fetch_add(1, Ordering::Relaxed)).ok().filter(|rank| *rank < count)
                    {
                        let due = started + Duration::from_secs(1) * rank / per_second;
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        let answer = self.file(&mut line).map(|()| milliseconds(due));
                        push(&answers, answer);
                    }
                });
            }
        });
        Ok(Seen::gather(started.elapsed().as_secs_f64(), taken(answers)))
    }

    /// So many at the same instant, on connections that are open already.
    pub fn burst(&self, count: usize) -> Result<Seen> {
        let (answers, begun) = (Mutex::new(vec![]), Mutex::new(vec![]));
        let together = Barrier::new(count);
        std::thread::scope(|scope| {
            for _agent in 0..count {
                scope.spawn(|| {
                    let mut line = Connection::default();
                    let opened = line.open(self.address).map(drop);
                    together.wait();
                    let asked = Instant::now();
                    push(&begun, asked);
                    let filed = opened.and_then(|()| self.file(&mut line));
                    push(&answers, filed.map(|()| milliseconds(asked)));
                });
            }
        });
        let first = taken(begun).into_iter().min().ok_or("nobody asked")?;
        Ok(Seen::gather(first.elapsed().as_secs_f64(), taken(answers)))
    }

    fn file(&self, line: &mut Connection) -> std::result::Result<(), String> {
        let rank = self.next.fetch_add(1, Ordering::Relaxed);
        let agent = self.all.get(rank % self.all.len()).ok_or("no agents")?;
        let (address, body) = (self.address, &self.body);
        let request = format!(
            "POST /api/v1/declarations/{}/{}/depot HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
             Idempotency-Key: bench-{rank}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            agent.siren,
            self.flow_year,
            agent.secret,
            body.len()
        );
        let number = line.ask(address, request.as_bytes())?;
        let kept = Acknowledged { siren: agent.siren.clone(), number };
        self.kept.lock().map_err(|error| error.to_string())?.push(kept);
        Ok(())
    }
}

/// A connection that is kept open.
#[derive(Debug, Default)]
struct Connection(Option<TcpStream>);

impl Connection {
    fn open(&mut self, address: SocketAddr) -> std::result::Result<&mut TcpStream, String> {
        if self.0.is_none() {
            let stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
            let set = stream.set_nodelay(true);
            set.and_then(|()| stream.set_read_timeout(Some(Duration::from_secs(30))))
                .map_err(|error| error.to_string())?;
            self.0 = Some(stream);
        }
        self.0.as_mut().ok_or_else(|| "not connected".to_owned())
    }

    /// Sends a request and gives the number of the receipt.
    fn ask(&mut self, address: SocketAddr, request: &[u8]) -> std::result::Result<String, String> {
        let answer = self.exchange(address, request);
        if answer.is_err() {
            self.0 = None;
        }
        let answer = answer?;
        if !answer.starts_with("HTTP/1.1 201") {
            return Err(answer.chars().take(400).collect());
        }
        let number = answer.split_once("\"numero\":\"").and_then(|(_, rest)| rest.split_once('"'));
        Ok(number.ok_or("a receipt without number")?.0.to_owned())
    }

    fn exchange(&mut self, address: SocketAddr, request: &[u8]) -> std::result::Result<String, String> {
        let stream = self.open(address)?;
        stream.write_all(request).map_err(|error| error.to_string())?;
        let (mut answer, mut part) = (Vec::with_capacity(2_048), [0_u8; 4_096]);
        loop {
            let read = stream.read(&mut part).map_err(|error| error.to_string())?;
            answer.extend_from_slice(part.get(..read).unwrap_or_default());
            let text = String::from_utf8_lossy(&answer);
            let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| body.len() >= length(head));
            if whole {
                return Ok(text.into_owned());
            }
            if read == 0 {
                return Err("the connection was closed".to_owned());
            }
        }
    }
}

/// `Content-Length` of an answer.
fn length(head: &str) -> usize {
    let value = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    };
    head.lines().find_map(value).unwrap_or(0)
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

fn push<T>(list: &Mutex<Vec<T>>, value: T) {
    if let Ok(mut list) = list.lock() {
        list.push(value);
    }
}

fn taken<T>(list: Mutex<Vec<T>>) -> Vec<T> {
    list.into_inner().unwrap_or_default()
}
