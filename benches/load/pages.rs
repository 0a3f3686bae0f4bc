//! One browser: its cookie, the pages it opens, the forms it sends.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::support::Result;

/// A browser on a connection that stays open.
#[derive(Debug)]
pub struct Browser {
    address: SocketAddr,
    line: Option<TcpStream>,
    cookie: String,
    /// What the proxy before the service would say: everybody comes from another address.
    from: String,
}

/// An answer.
#[derive(Debug)]
pub struct Page {
    /// Status.
    pub status: u16,
    /// Where it sends the browser, or nothing.
    pub location: String,
    /// The page.
    pub text: String,
}

impl Page {
    /// What a hidden field holds, or one that is filled in before.
    pub fn field(&self, name: &str) -> Result<String> {
        let start = format!("name=\"{name}\"");
        let tag =
            self.text.split('<').find(|tag| tag.contains(&start)).ok_or_else(|| format!("no {name}"))?;
        let value = tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next());
        Ok(value.unwrap_or_default().replace("&#39;", "'").replace("&amp;", "&"))
    }

    /// Itself where it has this status.
    pub fn expect(self, status: u16) -> Result<Self> {
        if self.status == status {
            return Ok(self);
        }
        let lead = self.text.split("fr-text--lead\">").nth(1).and_then(|rest| rest.split('<').next());
        Err(format!("{} instead of {status}: {}", self.status, lead.unwrap_or_default()).into())
    }
}

impl Browser {
    /// A browser that comes from an address, with a session where there is one.
    pub fn new(address: SocketAddr, session: Option<&str>, from: String) -> Self {
        let cookie = session.map(|secret| format!("__Host-eapd-session={secret}")).unwrap_or_default();
        Self { address, line: None, cookie, from }
    }

    /// Opens a page.
    pub fn get(&mut self, path: &str) -> Result<Page> {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// Sends a form, as a page of the service does.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Length: {}\r\n",
            body.len()
        );
        self.send(&head, &body)
    }

    fn send(&mut self, head: &str, body: &str) -> Result<Page> {
        let (address, cookie, from) = (self.address, &self.cookie, &self.from);
        let request = format!(
            "{head}Host: {address}\r\nCookie: {cookie}\r\nX-Forwarded-For: {from}\r\nUser-Agent: Navigateur fictif\r\n\r\n{body}"
        );
        let answer = self.exchange(request.as_bytes());
        if answer.is_err() {
            self.line = None;
        }
        let (head, text) = answer?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or("no status")?;
        let value = |name: &str| {
            head.lines().find_map(|line| {
                let (found, value) = line.split_once(':')?;
                found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        if let Some(set) = value("set-cookie").filter(|set| set.starts_with("__Host-eapd-session=")) {
            set.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
        }
        Ok(Page { status, location: value("location").unwrap_or_default(), text })
    }

    fn exchange(&mut self, request: &[u8]) -> Result<(String, String)> {
        let stream = match &mut self.line {
            Some(stream) => stream,
            line => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_mins(1)))?;
                line.insert(stream)
            }
        };
        stream.write_all(request)?;
        let (mut answer, mut part) = (Vec::with_capacity(1 << 15), [0_u8; 1 << 14]);
        loop {
            let read = stream.read(&mut part)?;
            answer.extend_from_slice(part.get(..read).unwrap_or_default());
            if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).into_owned();
                let body = answer.get(end + 4..).unwrap_or_default();
                if whole(&head, body) {
                    return Ok((head, String::from_utf8_lossy(body).into_owned()));
                }
            }
            if read == 0 {
                return Err("the connection was closed".into());
            }
        }
    }
}

/// Whether all of a body is there: by its length, or by its last chunk.
fn whole(head: &str, body: &[u8]) -> bool {
    let head = head.to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    match length {
        Some(length) => body.len() >= length,
        None if head.contains("transfer-encoding: chunked") => body.ends_with(b"0\r\n\r\n"),
        None => true,
    }
}
