//! The program, serving, and someone who speaks to it byte by byte.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::api::world::NOW;
use crate::support::Instance;

pub struct Program {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    log: PathBuf,
    /// `127.0.0.1:PORT`.
    pub address: String,
    /// Where the metrics are, if anywhere.
    pub metrics: Option<String>,
}

/// An answer, as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.head.lines().filter_map(|line| line.split_once(": "));
        found.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The address of a line that says where something answers.
fn address(line: &str) -> String {
    let after = line.split("http://").nth(1).unwrap_or_else(|| panic!("it does not serve: {line}"));
    after.split('/').next().unwrap().to_owned()
}

impl Program {
    /// Starts it on a demonstration's instance, with more keys of `[server]` and more sections.
    pub fn start(instance: &Instance, server: &str, more: &str) -> Self {
        let config = instance.home().join("serve.toml");
        let toml = format!("[clock]\nat = {NOW:?}\n[server]\nlisten = \"127.0.0.1:0\"\n{server}\n{more}");
        std::fs::write(&config, instance.toml() + &toml).unwrap();
        let log = instance.home().join("serve.log");
        let mut child = Command::new(env!("CARGO_BIN_EXE_eapd"))
            .arg("serve")
            .env("EAPD_CONFIG", config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut next = || {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            assert!(!line.is_empty(), "it does not serve: {}", std::fs::read_to_string(&log).unwrap());
            line
        };
        let address_told = address(&next());
        let metrics = server.contains("metrics_listen").then(|| address(&next()));
        Self { child, stdout, log, address: address_told, metrics }
    }

    pub fn connect(&self) -> TcpStream {
        connect(&self.address)
    }

    /// Asks, on a connection of its own.
    pub fn get(&self, path: &str) -> Answer {
        get(&self.address, path)
    }

    /// What it has logged.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Tells it to stop.
    pub fn terminate(&self) {
        assert!(
            Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success()
        );
    }

    /// Waits for its end: whether it went well, and what it said.
    pub fn ended(&mut self, within: Duration) -> (bool, String) {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let mut rest = String::new();
                self.stdout.read_to_string(&mut rest).unwrap();
                return (status.success(), rest);
            }
            assert!(started.elapsed() < within, "it does not end: {}", self.logged());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

pub fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream
}

pub fn get(address: &str, path: &str) -> Answer {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: essai\r\nConnection: close\r\n\r\n"))
}

/// Sends a whole request that closes its connection.
pub fn ask(address: &str, request: &str) -> Answer {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).unwrap();
    answer(&mut stream)
}

/// What is answered until the connection is closed.
pub fn answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = vec![];
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Answer {
        status: status.unwrap_or_else(|| panic!("{head}")),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// Runs a script of `tests/watch/tools` with the Python of the project; gives what it prints.
pub fn python(script: &str, file: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(root.join(".venv/bin/python"))
        .arg(root.join("tests/watch/tools").join(script))
        .arg(file)
        .output()
        .expect("run `make test-tools`");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
