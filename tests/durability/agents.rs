//! Agents who file one version after another, over HTTP, until they are cut off.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use eapd::domain::siren::Siren;
use serde_json::{Value, json};

use super::place::Program;

/// A request, which may be sent again.
#[derive(Debug, Clone)]
pub struct Asked {
    pub siren: Siren,
    pub key: String,
    secret: String,
    body: String,
}

/// A request that was answered by a receipt.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    pub asked: Asked,
    pub number: String,
    pub sha256: String,
    pub version: u64,
}

/// Agents at work, one a thread.
pub struct Agents {
    acknowledged: Arc<Mutex<Vec<Acknowledged>>>,
    threads: Vec<JoinHandle<Asked>>,
}

impl Agents {
    /// Each files for its body until the program is gone.
    pub fn at_work(program: &Program, secrets: &[(Siren, String)], round: u32) -> Self {
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        let work = |(siren, secret): &(Siren, String)| {
            let (siren, secret, address) = (*siren, secret.clone(), program.address.clone());
            let acknowledged = Arc::clone(&acknowledged);
            std::thread::spawn(move || {
                for number in 0_u32.. {
                    let asked = asked(siren, &secret, &format!("essai-{round}-{siren}-{number}"), number);
                    match send(&address, &asked) {
                        Some(answer) => acknowledged.lock().unwrap().push(answer),
                        // Nobody knows whether it was filed, but the key.
                        None => return asked,
                    }
                }
                unreachable!("the numbers do not end");
            })
        };
        let threads = secrets.iter().map(work).collect();
        Self { acknowledged, threads }
    }

    /// Waits until one of them has a receipt.
    pub fn wait_for_one(&self) {
        let started = Instant::now();
        while self.acknowledged.lock().unwrap().is_empty() {
            assert!(started.elapsed() < Duration::from_mins(1), "nothing is acknowledged");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What was acknowledged, and the request of each that was not.
    pub fn stopped(self) -> (Vec<Acknowledged>, Vec<Asked>) {
        let cut = self.threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        let acknowledged = self.acknowledged.lock().unwrap().clone();
        (acknowledged, cut)
    }
}

/// Now and then a nil; else up to 40 lines whose sum is known.
fn asked(siren: Siren, secret: &str, key: &str, number: u32) -> Asked {
    let line = |place: u32| {
        json!({
            "reference": format!("L-{place}"), "titre": format!("Puits fictif {number}"), "pays": "MLI",
            "secteur": "14030", "canal": "22000", "nature": "projet",
            "montant_verse": format!("{}.{:02}", 1000 + place, number % 100),
        })
    };
    let signatory = json!({"nom": "Signataire fictif", "fonction": "maire"});
    let body = if number % 7 == 6 {
        json!({"signataire": signatory, "neant": true})
    } else {
        let lines: Vec<Value> = (1..=(number * 13) % 40 + 1).map(line).collect();
        json!({"signataire": signatory, "lignes": lines})
    };
    Asked { siren, key: key.to_owned(), secret: secret.to_owned(), body: body.to_string() }
}

/// Asks again, of a program that stays.
pub fn ask(program: &Program, asked: &Asked) -> Option<Acknowledged> {
    send(&program.address, asked)
}

/// The receipt; `None` where the connection was cut. A refusal is a failure of the test.
fn send(address: &str, asked: &Asked) -> Option<Acknowledged> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let Asked { siren, key, secret, body } = asked;
    let request = format!(
        "POST /api/v1/declarations/{siren}/2013/depot HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Authorization: Bearer {secret}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    // The database may be gone before the program is.
    if status.starts_with('5') {
        return None;
    }
    assert_eq!(status, "201", "{answer}");
    let receipt: Value = serde_json::from_str(body).ok()?;
    let text = |key: &str| receipt[key].as_str().unwrap_or_else(|| panic!("{key}: {receipt}")).to_owned();
    Some(Acknowledged {
        number: text("numero"),
        sha256: text("sha256"),
        version: receipt["version"].as_u64().unwrap(),
        asked: asked.clone(),
    })
}
