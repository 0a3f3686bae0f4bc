//! `eapd serve`: it says where it answers, finishes what it has accepted when
//! it is told to stop, and does not start on what it cannot serve.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use eapd::config::Profile;

use crate::support::template::instance;
use crate::support::{Engine, Instance};

fn serve(instance: &Instance, more: &str) -> Child {
    let config = instance.home().join("serve.toml");
    std::fs::write(&config, instance.toml() + "[server]\nlisten = \"127.0.0.1:0\"\n" + more).unwrap();
    Command::new(env!("CARGO_BIN_EXE_eapd"))
        .arg("serve")
        .env("EAPD_CONFIG", config)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The address that it prints.
fn address(line: &str) -> String {
    let after = line.split("http://").nth(1).unwrap_or_else(|| panic!("no address in {line}"));
    after.split('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn finishes_what_it_has_accepted() {
    let instance = instance(Engine::Sqlite, Profile::Production).await;
    let mut child = serve(&instance, "");
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let mut connection = TcpStream::connect(address(&line)).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // Half a request, then the order to stop, then the rest.
    connection.write_all(b"GET /healthz HTTP/1.1\r\nHost: essai\r\n\r\n").unwrap();
    let mut start = [0; 17];
    connection.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK\r\n");
    let mut late = TcpStream::connect(address(&line)).unwrap();
    late.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    late.write_all(b"POST /api/v1/eligibilite HTTP/1.1\r\nHost: essai\r\nContent-Type: application/json\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    std::thread::sleep(Duration::from_millis(300));
    late.write_all(b"Content-Length: 2\r\n\r\n{}").unwrap();
    let mut answer = String::new();
    late.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("EAPD-A020"), "{answer}");
    assert!(child.wait().unwrap().success());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("Arrêt"), "{rest}");
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.contains("route=\"/healthz\"") && log.contains("status=401"), "{log}");
}

#[tokio::test]
async fn does_not_start_on_what_it_cannot_serve() {
    let instance = instance(Engine::Sqlite, Profile::Production).await;
    let empty = instance.home().join("vide.db");
    std::fs::write(&empty, "").unwrap();
    let config = instance.home().join("serve.toml");
    for (toml, told) in [
        (instance.toml().replace("\"production\"", "\"demo\""), "production"),
        (format!("[database]\nurl = \"sqlite://{}\"\n", empty.display()), "eapd migrate"),
        (format!("[database]\nurl = \"sqlite://{}/rien.db\"\n", instance.home().display()), ""),
        (instance.toml() + "[server]\nlisten = \"203.0.113.1:9\"\n", "server.listen"),
        (instance.toml().replace("aide@eapd.example", ""), "about.support_email"),
    ] {
        std::fs::write(&config, toml).unwrap();
        let outcome = Command::new(env!("CARGO_BIN_EXE_eapd"))
            .arg("serve")
            .env("EAPD_CONFIG", &config)
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&outcome.stderr).into_owned();
        assert_eq!(outcome.status.code(), Some(3), "{complaint}");
        assert!(complaint.contains("Erreur\u{a0}:") && complaint.contains(told), "{told}: {complaint}");
    }
}
