//! What surrounds the program fails while agents file: its database, its disk, one of its instances.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::agents::{Acknowledged, Enduring};
use super::checks;
use super::place::{Place, Program};
use crate::support::Engine;

/// Longer than a request waits for a connection.
const AWAY: Duration = Duration::from_secs(33);
/// Room of the small disk, MiB.
const ROOM: u64 = 48;

fn ledger(acknowledged: Vec<Acknowledged>) -> BTreeMap<String, Acknowledged> {
    acknowledged.into_iter().map(|one| (one.number.clone(), one)).collect()
}

/// A line as somebody typed it, sent while nothing answers behind.
fn sends_a_line(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let body = "cas=autre&titre=Puits+%C3%A0+Mopti+%3Cici%3E&montant_verse=3+200";
    let request = format!(
        "POST /espace/219901006/2013/lignes/nouvelle HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Cookie: __Host-eapd-session=ABCDEF\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Stopped fast and started after longer than anybody waits; then stopped in an instant and started at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_stops_and_starts_under_load() {
    let mut place = Place::prepared(Engine::Postgres).await;
    let program = place.serve();
    let agents = Enduring::at_work(std::slice::from_ref(&program.address), &place.secrets, "arret");
    agents.wait_for_more(50);
    place.stop_server("INT");
    let page = std::thread::spawn({
        let address = program.address.clone();
        move || sends_a_line(&address)
    });
    std::thread::sleep(AWAY);
    agents.wait_for_refusal("base de données ne répond pas");
    let page = page.join().unwrap();
    assert!(
        page.starts_with("HTTP/1.1 503") && page.to_ascii_lowercase().contains("\nretry-after: "),
        "{page}"
    );
    // What was typed is on the page, one press away from being sent again.
    for told in [
        "La base de données ne répond pas",
        "action=\"/espace/219901006/2013/lignes/nouvelle\"",
        "name=\"titre\" value=\"Puits à Mopti &#60;ici&#62;\"",
        "name=\"montant_verse\" value=\"3 200\"",
        "Envoyer de nouveau",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    place.restart_server();
    agents.wait_for_more(100);
    place.stop_server("QUIT");
    place.restart_server();
    agents.wait_for_more(100);
    let known = ledger(agents.stopped());
    program.kill();
    checks::hold(&place, &known).await;
}

/// Whether this machine lets a program have a disk of its own.
fn has_namespaces() -> bool {
    Command::new("unshare").args(namespaces()).arg("true").status().is_ok_and(|status| status.success())
}

fn namespaces() -> &'static [&'static str] {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout.trim_ascii() == b"0" { &["-m"] } else { &["-r", "-m"] }
}

/// The database on a small disk of memory: its writes fail as those of a full disk do. It is copied back at the end.
const SMALL_DISK: &str = "set -e; mount -t tmpfs -o size=\"$3\"m small \"$1\"; cp \"$2\"/eapd.db* \"$1\"; \
     \"$4\" serve & served=$!; trap 'kill -TERM $served' TERM; wait $served || wait $served; cp \"$1\"/eapd.db* \"$2\"";

fn fill(file: &Path) {
    let mut ballast = File::create(file).unwrap();
    for size in [1 << 20, 1 << 12] {
        while ballast.write_all(&vec![1_u8; size]).is_ok() {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_loses_nothing() {
    if !has_namespaces() {
        eapd::cli::output::say("skipped: this machine lets no program mount a disk of its own (unshare)");
        return;
    }
    let place = Place::prepared(Engine::Sqlite).await;
    let small = place.home().join("petit");
    std::fs::create_dir(&small).unwrap();
    let config = place.home().join("petit.toml");
    std::fs::write(&config, format!("{}[backup]\ninterval_minutes = 0\n", place.toml_in(&small))).unwrap();
    let mut command = Command::new("unshare");
    command.args(namespaces()).args(["sh", "-c", SMALL_DISK, "disque"]).args([&small, place.home()]);
    command.arg(ROOM.to_string()).arg(env!("CARGO_BIN_EXE_eapd")).env("EAPD_CONFIG", &config);
    let program = Program::begin(&mut command);
    let agents = Enduring::at_work(std::slice::from_ref(&program.address), &place.secrets, "plein");
    agents.wait_for_more(30);
    // The disk as the program sees it.
    let inside = Path::new("/proc").join(program.id().to_string()).join("root");
    let ballast = inside.join(small.strip_prefix("/").unwrap()).join("lest");
    fill(&ballast);
    agents.wait_for_refusal("disque du service est plein");
    // Nothing comes through, and nobody is told otherwise.
    std::thread::sleep(Duration::from_secs(1));
    std::fs::remove_file(&ballast).unwrap();
    agents.wait_for_more(100);
    let known = ledger(agents.stopped());
    program.stop();
    checks::hold(&place, &known).await;
}

/// Three instances on one database; one is killed while agents file, and they go on with the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_three_instances_one_is_killed() {
    let place = Place::prepared(Engine::Postgres).await;
    let first = place.serve();
    let (second, third) = (place.serve_beside(), place.serve_beside());
    let addresses = [&first, &second, &third].map(|program| program.address.clone());
    let agents = Enduring::at_work(&addresses, &place.secrets, "trois");
    agents.wait_for_more(60);
    second.kill();
    agents.wait_for_more(200);
    let known = ledger(agents.stopped());
    checks::hold(&place, &known).await;
    // Each due run came to its end, and once, whichever instance had it.
    let unfinished = "SELECT count(*) FROM job_run WHERE outcome IS DISTINCT FROM 'done'";
    let started = Instant::now();
    while place.sql(unfinished).trim() != "0" {
        // The lease of the killed one has to end.
        assert!(started.elapsed() < Duration::from_secs(170), "{}", place.sql("SELECT * FROM job_run"));
        std::thread::sleep(Duration::from_millis(200));
    }
    let runs = place.sql("SELECT count(*), count(DISTINCT job), max(attempts) <= 2 FROM job_run");
    assert_eq!(runs.trim(), "4|4|t");
    first.stop();
    third.stop();
}
