//! One connection that asks and reads whole answers: for what `wrk` cannot say, the documents themselves.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Result;

/// A connection, kept open.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
    /// The line of each head that says who asks.
    shown: Option<String>,
}

/// A document and how long it took, from the first byte of the question to the last one of the answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The document.
    pub json: Value,
    /// Its length.
    pub bytes: usize,
    /// Seconds.
    pub seconds: f64,
}

impl Client {
    /// Connects, with the token that each request shows.
    pub fn connect(address: SocketAddr, token: Option<&str>) -> Result<Self> {
        Self::showing(address, token.map(|token| format!("Authorization: Bearer {token}")))
    }

    /// Connects, with the cookie that each request shows.
    pub fn with_cookie(address: SocketAddr, cookie: &str) -> Result<Self> {
        Self::showing(address, Some(format!("Cookie: {cookie}")))
    }

    fn showing(address: SocketAddr, shown: Option<String>) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), shown })
    }

    /// Asks for a document.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, None)
    }

    /// Sends one and reads another.
    pub fn post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        self.ask("POST", path, Some(body))
    }

    /// Asks for a page; gives how long it took, in seconds, and its length.
    pub fn page(&mut self, path: &str) -> Result<(f64, usize)> {
        let started = Instant::now();
        let mut head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n");
        if let Some(shown) = &self.shown {
            write!(head, "{shown}\r\n")?;
        }
        self.stream.get_mut().write_all((head + "\r\n").as_bytes())?;
        let page = self.answer().map_err(|error| format!("{path}: {error}"))?;
        Ok((started.elapsed().as_secs_f64(), page.len()))
    }

    /// Sends a form from a page of ours; gives how long the answer took, in seconds, and the address that follows.
    pub fn send(&mut self, path: &str, kind: &str, body: &str) -> Result<(f64, String)> {
        let mut head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n");
        if let Some(shown) = &self.shown {
            write!(head, "{shown}\r\n")?;
        }
        write!(head, "Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len())?;
        let started = Instant::now();
        self.stream.get_mut().write_all((head + body).as_bytes())?;
        let told = self.told()?;
        let seconds = started.elapsed().as_secs_f64();
        match told.location {
            Some(location) => Ok((seconds, location)),
            None => Err(format!("{path}: {}", told.fault()).into()),
        }
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        if let Some(shown) = &self.shown {
            write!(head, "{shown}\r\n")?;
        }
        let body = body.map(ToString::to_string).unwrap_or_default();
        if !body.is_empty() {
            write!(head, "Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())?;
        }
        let started = Instant::now();
        self.stream.get_mut().write_all((head + "\r\n" + &body).as_bytes())?;
        let answer = self.answer()?;
        let seconds = started.elapsed().as_secs_f64();
        Ok(Answer { json: serde_json::from_slice(&answer)?, bytes: answer.len(), seconds })
    }

    fn answer(&mut self) -> Result<Vec<u8>> {
        let told = self.told()?;
        if told.first.contains(" 200 ") { Ok(told.body) } else { Err(told.fault().into()) }
    }

    fn told(&mut self) -> Result<Told> {
        let (mut first, mut length, mut location) = (String::new(), 0, None);
        self.stream.read_line(&mut first)?;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            } else if name.eq_ignore_ascii_case("location") {
                location = Some(value.trim().to_owned());
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Told { first, location, body })
    }
}

/// An answer as it came.
struct Told {
    first: String,
    location: Option<String>,
    body: Vec<u8>,
}

impl Told {
    fn fault(&self) -> String {
        format!("{} {}", self.first.trim(), String::from_utf8_lossy(&self.body))
    }
}
