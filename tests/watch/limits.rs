//! Bounds: what is slow, large or too much is ended, and the others are served meanwhile.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::program::{Program, answer, ask};
use crate::api::world::{NOW, world};
use crate::support::{Engine, TestApp};

/// Whether the other side ended the connection without an answer, in time.
fn is_closed(stream: &mut TcpStream, within: Duration) -> bool {
    stream.set_read_timeout(Some(within)).unwrap();
    let mut rest = vec![];
    match stream.read_to_end(&mut rest) {
        Ok(_) => rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"),
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

#[tokio::test]
async fn slow_heads_and_too_many_connections_are_ended() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let program =
        Program::start(&test.instance, "header_timeout_seconds = 1\nmax_connections_per_address = 20", "");
    // Slow loris: heads that never end, byte by byte, on as many connections as there may be.
    let mut slow: Vec<TcpStream> = (0..20).map(|_| program.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: essai\r\nX-").unwrap();
    }
    assert!(is_closed(&mut program.connect(), Duration::from_secs(10)), "one more than there may be");
    let started = Instant::now();
    std::thread::sleep(Duration::from_millis(600));
    for stream in &mut slow {
        let _maybe_gone = stream.write_all(b"a");
    }
    for stream in &mut slow {
        assert!(is_closed(stream, Duration::from_secs(10)));
    }
    assert!(started.elapsed() < Duration::from_secs(10), "a byte now and then gives no more time");
    assert_eq!(program.get("/healthz").status, 200, "the address has its places again");
    // A connection that says nothing is ended too.
    assert!(is_closed(&mut program.connect(), Duration::from_secs(10)));
}

#[tokio::test]
async fn a_body_that_does_not_come_and_a_head_too_large_are_refused() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let program = Program::start(&test.instance, "request_timeout_seconds = 1", "");
    let mut stream = program.connect();
    let secret = crate::api::world::secret(eapd::domain::token::RoleName::Manager);
    let head = format!(
        "POST /api/v1/eligibilite HTTP/1.1\r\nHost: essai\r\nConnection: close\r\nAuthorization: Bearer {secret}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let told = answer(&mut stream);
    assert_eq!(told.status, 503, "{told:?}");
    assert!(told.body.contains("EAPD-A091") && told.header("retry-after").is_some(), "{told:?}");

    let large = "a".repeat(100_000);
    let mut stream = program.connect();
    let _maybe_closed = write!(stream, "GET / HTTP/1.1\r\nHost: essai\r\nX-A: {large}\r\n\r\n");
    let mut bytes = vec![];
    let _maybe_reset = stream.read_to_end(&mut bytes);
    assert!(bytes.is_empty() || bytes.starts_with(b"HTTP/1.1 431"), "{}", String::from_utf8_lossy(&bytes));
}

#[tokio::test]
async fn requests_beyond_the_most_are_told_to_come_back() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let program = Program::start(&test.instance, "max_requests = 2", "");
    let secret = crate::api::world::secret(eapd::domain::token::RoleName::Manager);
    let mut held: Vec<TcpStream> = (0..2).map(|_| program.connect()).collect();
    for stream in &mut held {
        let head = format!(
            "POST /api/v1/eligibilite HTTP/1.1\r\nHost: essai\r\nConnection: close\r\nAuthorization: Bearer {secret}\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        // It says that it wants the body: the request has its place.
        let mut told = [0; 25];
        stream.read_exact(&mut told).unwrap();
        assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
    }
    let (api, page) = (program.get("/api/v1/campagnes"), program.get("/"));
    assert_eq!((api.status, page.status), (503, 503), "{api:?}");
    assert!(api.body.contains("EAPD-A093") && api.header("retry-after").is_some(), "{api:?}");
    assert!(page.body.contains("Trop de demandes à la fois") && page.header("retry-after").is_some());
    assert!(page.header("content-security-policy").is_some() && page.header("x-request-id").is_some());
    assert_eq!(program.get("/healthz").status, 200, "that it lives is always answered");
    for mut stream in held {
        stream.write_all(b"{}").unwrap();
        assert_eq!(answer(&mut stream).status, 422);
    }
    assert_eq!(program.get("/api/v1/campagnes").status, 200);
}

#[tokio::test]
async fn no_trace_no_repository_no_other_protocol() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let program = Program::start(&test.instance, "", "");
    for method in ["TRACE", "CONNECT", "PROPFIND", "TRACK"] {
        for path in ["/", "/api/v1/campagnes", "/healthz", "/static/x"] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: essai\r\nX-Secret: rendu\r\nConnection: close\r\n\r\n"
            );
            let told = ask(&program.address, &request);
            assert!([400, 404, 405].contains(&told.status), "{method} {path}: {told:?}");
            assert!(!told.body.contains("rendu"), "{told:?}");
        }
    }
    for path in [
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/Cargo.toml",
        "/static/../Cargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/config/eapd.toml",
        "/debug",
        "/metrics",
    ] {
        assert_eq!(program.get(path).status, 404, "{path}");
    }
}
