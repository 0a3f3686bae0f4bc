//! A server of mails inside the test, that takes, refuses, hangs up or is slow, as it is told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use eapd::app::{App, Parts};
use eapd::config::{Config, Mail};
use eapd::service::mail::Post;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::support::TestApp;

/// How one mail is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Take,
    /// To the recipient.
    Recipient(&'static str),
    /// After the mail.
    Data(&'static str),
    /// The connection ends in the middle of the mail.
    HangUp,
    /// The mail is taken, and the answer never comes back.
    TakeAndHangUp,
    /// The mail is taken, and the answer comes too late.
    Silent,
    /// Nobody gets in.
    Greeting(&'static str),
}

/// A server, and what it took.
pub struct Sink {
    pub address: SocketAddr,
    taken: Arc<Mutex<Vec<Taken>>>,
    answers: Arc<Mutex<(VecDeque<Answer>, Answer)>>,
    listening: JoinHandle<()>,
}

/// A mail as it came.
#[derive(Debug, Clone)]
pub struct Taken {
    pub from: String,
    pub to: String,
    pub text: String,
}

impl Taken {
    /// A header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        found.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
    }

    /// The words, where they came as quoted-printable.
    pub fn body(&self) -> String {
        let (_head, body) = self.text.split_once("\r\n\r\n").unwrap();
        let joined = body.replace("=\r\n", "");
        let (mut bytes, mut rest) = (vec![], joined.as_bytes());
        while let Some((byte, next)) = rest.split_first() {
            let decoded = (*byte == b'=')
                .then(|| std::str::from_utf8(next.get(..2)?).ok())
                .flatten()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            bytes.push(decoded.unwrap_or(*byte));
            rest = if decoded.is_some() { &next[2..] } else { next };
        }
        String::from_utf8(bytes).unwrap()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Sink {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let taken = Arc::new(Mutex::new(vec![]));
        let answers = Arc::new(Mutex::new((VecDeque::new(), Answer::Take)));
        let (seen, told) = (Arc::clone(&taken), Arc::clone(&answers));
        let listening = tokio::spawn(async move {
            while let Ok((stream, _peer)) = listener.accept().await {
                let (seen, told) = (Arc::clone(&seen), Arc::clone(&told));
                tokio::spawn(async move { drop(talk(stream, &seen, &told).await) });
            }
        });
        Self { address, taken, answers, listening }
    }

    /// The next mails are answered so, then those after them are taken.
    pub fn answer(&self, next: &[Answer]) {
        *self.answers.lock().unwrap() = (next.iter().copied().collect(), Answer::Take);
    }

    /// Every mail is answered so from now on.
    pub fn always(&self, answer: Answer) {
        *self.answers.lock().unwrap() = (VecDeque::new(), answer);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

async fn talk(
    stream: TcpStream,
    taken: &Mutex<Vec<Taken>>,
    answers: &Mutex<(VecDeque<Answer>, Answer)>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let always = answers.lock().unwrap().1;
    let greeting = if let Answer::Greeting(text) = always { text } else { "220 sink.example" };
    write.write_all(format!("{greeting}\r\n").as_bytes()).await?;
    let (mut from, mut to, mut answer) = (String::new(), String::new(), Answer::Take);
    while let Some(line) = lines.next_line().await? {
        let reply = match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" | "HELO" => "250 sink.example",
            "MAIL" => {
                from = line;
                let mut answers = answers.lock().unwrap();
                answer = answers.0.pop_front().unwrap_or(answers.1);
                "250 2.1.0 ok"
            }
            "RCPT" => {
                to = line;
                if let Answer::Recipient(refusal) = answer { refusal } else { "250 2.1.5 ok" }
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    if answer == Answer::HangUp {
                        return Ok(());
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push_str("\r\n");
                }
                if let Answer::Data(refusal) = answer {
                    refusal
                } else {
                    taken.lock().unwrap().push(Taken { from: from.clone(), to: to.clone(), text });
                    if answer == Answer::TakeAndHangUp {
                        return Ok(());
                    }
                    if answer == Answer::Silent {
                        tokio::time::sleep(Duration::from_mins(1)).await;
                    }
                    "250 2.0.0 taken"
                }
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok",
        };
        write.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// The same application, with mails that go to a server of this address.
pub fn posting(test: &TestApp, address: SocketAddr) -> (App, Post) {
    let text = format!(
        "[server]\npublic_url = \"https://eapd.example\"\n[mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\n\
         port = {}\nsecurity = \"none\"\nfrom = \"ne-pas-repondre@eapd.example\"\n\
         ministry = \"ministere@eapd.example\"\n[mail.regions]\n\"84\" = \"sgar-84@eapd.example\"",
        address.port()
    );
    let told = Config::from_toml(&text).unwrap();
    let mut config = Config::clone(&test.app.config);
    config.mail = Mail::clone(&told.mail);
    config.server.public_url = told.server.public_url;
    let app = App::from(Parts { config: Arc::new(config), ..Parts::clone(&test.app) });
    let post = Post::of(&app.config).unwrap().unwrap();
    (app, post)
}
