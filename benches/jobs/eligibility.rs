//! Eligibility of one SIREN at random over the whole register, of 5,000 at once, of 300 dossiers.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::Result;
use crate::support::bench::{Bench, python, root};
use crate::support::contest::{Contender, Figure, Sample, contest};
use crate::support::http::Client;
use crate::support::line::{Goal, Line, Unit};
use crate::support::process::{self, Server};
use crate::support::service::{Service, spread, told};
use crate::support::wrk::{self, Load, Seen};

/// The flow year that the call asked about requires: its campaign is published.
const YEAR: u16 = 2024;
const CALL: &str = "AAP-2025";
/// The instant that references answer for: that of the demonstration's clock.
const AT: &str = "2026-05-20T07:00:00Z";
const SAMPLE: usize = 1_000;

/// Adds the lines of eligibility.
pub fn run(bench: &mut Bench) -> Result<()> {
    let folder = tempfile::tempdir_in(bench.scratch())?;
    let service = Service::start(bench, folder.path())?;
    let sirens =
        told(&service.database, "SELECT siren FROM collectivity WHERE siren IS NOT NULL ORDER BY siren")?;
    one(bench, folder.path(), &service, &sirens)?;
    many(bench, &service, &sirens)?;
    service.server.stop().map(|_status| ())
}

fn one(bench: &mut Bench, folder: &Path, service: &Service, sirens: &[String]) -> Result<()> {
    let ours = paths(folder, "ours", sirens, |siren| format!("/api/v1/eligibilite/{siren}?appel={CALL}"))?;
    let theirs = paths(folder, "theirs", sirens, |siren| format!("/eligibilite/{siren}?exercice={YEAR}"))?;
    let as_documented =
        paths(folder, "documented", sirens, |siren| format!("/documented/{siren}?exercice={YEAR}"))?;
    let of_datasette = paths(folder, "datasette", sirens, |siren| {
        format!("/copy/eligibilite.json?siren={siren}&exercice={YEAR}&_shape=array")
    })?;
    let bare = bare(&service.database)?;
    let wrong = compare(service, bare.address, sirens)?;
    let load = Load { connections: 16, seconds: if bench.options.is_quick() { 1 } else { 2 } };
    bench.has_time_for("eligibility of one SIREN", 120)?;

    let (seen, workers) =
        (RefCell::new(Vec::<Seen>::new()), std::thread::available_parallelism()?.to_string());
    let asked = |address: SocketAddr, paths: PathBuf, token: Option<String>| {
        move || wrk::ask(address, &paths, token.as_deref(), load)
    };
    let us = asked(service.server.address, ours, Some(service.token.clone()));
    let us = Contender::new("e-APD", || {
        let saw = us()?;
        seen.borrow_mut().push(saw);
        Ok(Sample { value: saw.per_second(), ..Sample::default() })
    });
    let them = |name: &str, address: SocketAddr, paths: &Path| {
        let ask = asked(address, paths.to_path_buf(), None);
        Contender::new(name, move || Ok(Sample { value: ask()?.per_second(), ..Sample::default() }))
    };
    let mut contenders = vec![us, them("bare axum, one point query", bare.address, &theirs)];
    let database = service.database.to_string_lossy().into_owned();
    let pythons = [
        ("FastAPI, tuned", "fastapi_app.py", vec![workers.as_str()], &theirs),
        ("Datasette", "datasette_app.py", vec![], &of_datasette),
    ];
    let mut servers = vec![];
    for (name, script, more, paths) in &pythons {
        match python_server(script, &database, more) {
            Ok(server) => {
                contenders.push(them(name, server.address, paths));
                if *name == "FastAPI, tuned" {
                    contenders.push(them("FastAPI, as documented", server.address, &as_documented));
                }
                servers.push(server);
            }
            Err(error) => {
                bench.failed(&format!("eligibility of one SIREN beside {name}"), &error.to_string());
            }
        }
    }
    // Many short rounds: a ratio is that of the same seconds.
    let standings = contest(bench, bench.options.rounds.saturating_mul(3), contenders)?;
    drop(servers);

    let Some((first, others)) = standings.split_first() else { return Ok(()) };
    let note = format!(
        "Ours checks the token, follows mergers, derogations and windows, and writes its log; \
         who asks at the same time is answered by one trip to the engine. \
         Of {SAMPLE} SIREN the point query answers {wrong} otherwise, and wrongly."
    );
    for other in others {
        let goal = match other.name.as_str() {
            "FastAPI, as documented" => Goal::RatioAtLeast(8.0),
            "FastAPI, tuned" | "Datasette" => Goal::Shown,
            _ => Goal::RatioAtLeast(0.8),
        };
        let line = Line::beside("eligibility of one SIREN", Unit::PerSecond, first, other, goal);
        bench.add(line.with_note(note.clone()));
    }
    let latency = |of: fn(&Seen) -> f64| Figure::of(seen.borrow().iter().map(|saw| of(saw) / 1_000.0));
    let (median, tail) = (latency(|saw| saw.p50_us), latency(|saw| saw.p99_us));
    let full = "16 connections that never rest: the machine is full.";
    bench.add(
        Line::alone("eligibility of one SIREN, p50", Unit::Milliseconds, median, Goal::Shown).with_note(full),
    );
    bench.add(
        Line::alone("eligibility of one SIREN, p99", Unit::Milliseconds, tail, Goal::AtMost(5.0))
            .with_note(full),
    );
    Ok(())
}

/// 5,000 SIREN and 300 dossiers in one call, in the answers' own order.
fn many(bench: &mut Bench, service: &Service, sirens: &[String]) -> Result<()> {
    let turns = if bench.options.is_quick() { 2 } else { 15 };
    let mut client = Client::connect(service.server.address, Some(&service.token))?;
    let asked = spread(sirens, 5_000);
    let dossiers: Vec<Value> = spread(sirens, 900)
        .chunks(3)
        .enumerate()
        .map(|(rank, members)| {
            let role = |place| if place == 0 { "chef_de_file" } else { "partenaire" };
            let members: Vec<Value> = members
                .iter()
                .enumerate()
                .map(|(place, siren)| json!({"role": role(place), "siren": siren}))
                .collect();
            json!({"dossier": format!("D{rank}"), "membres": members})
        })
        .collect();
    let questions = [
        (
            "eligibility of 5,000 SIREN at once",
            json!({"appel": CALL, "sirens": asked}),
            5_000,
            Goal::AtMost(100.0),
        ),
        (
            "eligibility of 300 dossiers of three",
            json!({"appel": CALL, "dossiers": dossiers}),
            300,
            Goal::Shown,
        ),
    ];
    for (what, question, expected, goal) in questions {
        let (mut times, mut bytes) = (vec![], 0);
        for _ in 0..turns {
            let answer = client.post("/api/v1/eligibilite", &question)?;
            let count = answer.json.get("reponses").and_then(Value::as_array).map_or(0, Vec::len);
            if count != expected {
                return Err(format!("{what}: {count} answers").into());
            }
            bytes = answer.bytes;
            times.push(answer.seconds * 1_000.0);
        }
        let note = format!("One client; the answer has {bytes} bytes of JSON.");
        bench.add(Line::alone(what, Unit::Milliseconds, Figure::of(times.into_iter()), goal).with_note(note));
    }
    Ok(())
}

/// Over a sample, where both say the same it is the same document; how many
/// answers of the point query are wrong, for want of what it does not look at.
fn compare(service: &Service, bare: SocketAddr, sirens: &[String]) -> Result<usize> {
    let mut ours = Client::connect(service.server.address, Some(&service.token))?;
    let mut theirs = Client::connect(bare, None)?;
    let mut wrong = 0;
    for siren in spread(sirens, SAMPLE) {
        let our = ours.get(&format!("/api/v1/eligibilite/{siren}?appel={CALL}&au={AT}"))?.json;
        let their = theirs.get(&format!("/eligibilite/{siren}?exercice={YEAR}"))?.json;
        if our.get("statut") != their.get("statut") || our.get("motif") != their.get("motif") {
            wrong += 1;
        } else if our != their {
            return Err(format!("{siren}: the documents differ: {our} {their}").into());
        }
    }
    Ok(wrong)
}

fn bare(database: &Path) -> Result<Server> {
    let address = process::free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["reference", "point-query"]).arg(database).args([
        &address.to_string(),
        &YEAR.to_string(),
        AT,
    ]);
    Server::start(&mut command, address, "ready")
}

fn python_server(script: &str, database: &str, more: &[&str]) -> Result<Server> {
    let address = process::free_address()?;
    let mut command = Command::new(python()?);
    command
        .arg(root().join("benches/python").join(script))
        .args([database, &address.port().to_string()])
        .args(more);
    Server::start(&mut command, address, "ready")
}

fn paths(folder: &Path, name: &str, sirens: &[String], path: impl Fn(&str) -> String) -> Result<PathBuf> {
    let file = folder.join(name);
    let lines: Vec<String> = sirens.iter().map(|siren| path(siren)).collect();
    std::fs::write(&file, lines.join("\n"))?;
    Ok(file)
}
