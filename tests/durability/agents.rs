//! Agents who file one version after another, over HTTP, until they are cut off.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
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

/// Agents who go on whatever happens: what is refused because of an outage is asked again with its key.
pub struct Enduring {
    acknowledged: Arc<Mutex<Vec<Acknowledged>>>,
    /// What refusals said, and how many came.
    refused: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Enduring {
    /// Each files for its body, with one program or, where that is gone, another.
    pub fn at_work(addresses: &[String], secrets: &[(Siren, String)], round: &str) -> Self {
        let (acknowledged, refused) = (Arc::new(Mutex::new(vec![])), Arc::new(Mutex::new(vec![])));
        let stop = Arc::new(AtomicBool::new(false));
        let work = |(rank, (siren, secret)): (usize, &(Siren, String))| {
            let (siren, secret, addresses) = (*siren, secret.clone(), addresses.to_vec());
            let (acknowledged, refused, stop) =
                (Arc::clone(&acknowledged), Arc::clone(&refused), Arc::clone(&stop));
            let round = round.to_owned();
            std::thread::spawn(move || {
                let mut turn = rank;
                for number in 0_u32.. {
                    let asked = asked(siren, &secret, &format!("{round}-{siren}-{number}"), number);
                    // It goes on until it has an answer: nothing is left unknown.
                    loop {
                        match exchange(&addresses[turn % addresses.len()], &asked) {
                            Some((201, _head, body)) => {
                                acknowledged.lock().unwrap().push(receipt(&asked, &body).unwrap());
                                break;
                            }
                            Some((503, head, body)) => {
                                assert!(head.to_ascii_lowercase().contains("\nretry-after: "), "{head}");
                                let problem: Value = serde_json::from_str(&body).unwrap();
                                assert_eq!(problem["title"], "Service indisponible", "{body}");
                                refused.lock().unwrap().push(problem["detail"].as_str().unwrap().to_owned());
                            }
                            Some((status, _head, body)) => panic!("{status} {body}"),
                            None => turn += 1,
                        }
                        std::thread::sleep(Duration::from_millis(50));
                    }
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                }
            })
        };
        let threads = secrets.iter().enumerate().map(work).collect();
        Self { acknowledged, refused, stop, threads }
    }

    /// Waits until so many more have a receipt.
    pub fn wait_for_more(&self, more: usize) {
        let (started, before) = (Instant::now(), self.acknowledged.lock().unwrap().len());
        while self.acknowledged.lock().unwrap().len() < before + more {
            assert!(started.elapsed() < Duration::from_mins(2), "nothing more is acknowledged");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until one is refused with these words.
    pub fn wait_for_refusal(&self, words: &str) {
        let started = Instant::now();
        while !self.refused.lock().unwrap().iter().any(|told| told.contains(words)) {
            assert!(
                started.elapsed() < Duration::from_mins(2),
                "nothing is refused so: {:?}",
                self.refused.lock()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Everything that was acknowledged, once the last one asked for has its answer.
    pub fn stopped(self) -> Vec<Acknowledged> {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        self.acknowledged.lock().unwrap().clone()
    }
}

/// The receipt; `None` where the connection was cut. A refusal is a failure of the test.
fn send(address: &str, asked: &Asked) -> Option<Acknowledged> {
    let (status, _head, body) = exchange(address, asked)?;
    // The database may be gone before the program is.
    if status >= 500 {
        return None;
    }
    assert_eq!(status, 201, "{body}");
    receipt(asked, &body)
}

/// Status, head and body of the answer; `None` where the connection was cut.
fn exchange(address: &str, asked: &Asked) -> Option<(u16, String, String)> {
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
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, head.to_owned(), body.to_owned()))
}

fn receipt(asked: &Asked, body: &str) -> Option<Acknowledged> {
    let receipt: Value = serde_json::from_str(body).ok()?;
    let text = |key: &str| receipt[key].as_str().unwrap_or_else(|| panic!("{key}: {receipt}")).to_owned();
    Some(Acknowledged {
        number: text("numero"),
        sha256: text("sha256"),
        version: receipt["version"].as_u64().unwrap(),
        asked: asked.clone(),
    })
}
