//! A stop finishes what was accepted: every filing under way is answered and kept, then the program ends well.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use eapd::domain::role::Role;
use eapd::domain::siren::Siren;
use eapd::domain::token::Scope;
use eapd::service::{operator, token};

use super::program::{Program, answer, connect};
use crate::api::world::{NOW, world};
use crate::support::register::{Entry, register_in};
use crate::support::{Engine, TestApp};

/// Filings under way when it is told to stop.
const FILINGS: usize = 60;

/// A valid SIREN of département 99, that of foreign countries.
fn body(number: usize) -> Siren {
    let block = format!("2199{:04}", 4000 + number);
    (0..10_u8).find_map(|key| format!("{block}{key}").parse().ok()).unwrap()
}

async fn what_was_accepted_is_answered(engine: Engine) {
    let test = TestApp::copy_of(&world(engine).await, NOW).await;
    let bodies: Vec<Siren> = (0..FILINGS).map(body).collect();
    let entries: Vec<Entry> = bodies.iter().map(|siren| Entry::named(*siren, "Commune fictive")).collect();
    register_in(&test.app, &entries, &[], &[]).await;
    let operator = operator::identify(&test.app, "essai").await.unwrap();
    let new = token::NewToken {
        holder: "Logiciel fictif".to_owned(),
        role: Role::Declarant(bodies.clone()),
        scopes: vec![Scope::File],
        days: token::DAYS_DEFAULT,
    };
    let secret = token::create(&test.app, &operator, &new).await.unwrap().secret;
    let mut program = Program::start(&test.instance, "", "");
    let sent = "{\"signataire\": {\"nom\": \"Signataire fictif\", \"fonction\": \"maire\"}, \"neant\": true}";
    let (start, end) = sent.split_at(sent.len() / 2);
    let begin = |siren: &Siren| {
        let mut stream = connect(&program.address);
        let head = format!(
            "POST /api/v1/declarations/{siren}/2013/depot HTTP/1.1\r\nHost: essai\r\nAuthorization: Bearer {secret}\r\n\
             Idempotency-Key: arret-{siren}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Expect: 100-continue\r\n\r\n",
            sent.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // It says that it wants the body: the request is accepted.
        let mut told = [0; 25];
        std::io::Read::read_exact(&mut stream, &mut told).unwrap();
        assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(start.as_bytes()).unwrap();
        stream
    };
    let mut under_way: Vec<TcpStream> = bodies.iter().map(begin).collect();
    program.terminate();
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(&program.address).is_err(), "nobody else is let in");
    let mut numbers = vec![];
    for stream in &mut under_way {
        stream.write_all(end.as_bytes()).unwrap();
    }
    for stream in &mut under_way {
        let told = answer(stream);
        assert_eq!(told.status, 201, "{told:?}");
        let receipt: serde_json::Value = serde_json::from_str(&told.body).unwrap();
        numbers.push(receipt["numero"].as_str().unwrap().to_owned());
    }
    let (well, said) = program.ended(Duration::from_secs(30));
    assert!(well && said.contains("ont toutes été traitées"), "{said}");
    for number in numbers {
        let kept = test.instance.must(&format!("SELECT COUNT(*) FROM receipt WHERE number = '{number}';"));
        assert_eq!(kept.trim(), "1", "{number}");
    }
}

#[tokio::test]
async fn what_was_accepted_is_answered_on_sqlite() {
    what_was_accepted_is_answered(Engine::Sqlite).await;
}

#[tokio::test]
async fn what_was_accepted_is_answered_on_postgres() {
    what_was_accepted_is_answered(Engine::Postgres).await;
}

/// Who begins a request and never ends it does not keep the program from stopping.
#[tokio::test]
async fn a_stop_is_bounded() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let mut program =
        Program::start(&test.instance, "request_timeout_seconds = 2\nheader_timeout_seconds = 1", "");
    let mut silent = program.connect();
    silent.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").unwrap();
    let mut idle = program.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: essai\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    program.terminate();
    assert!(program.ended(Duration::from_secs(20)).0);
}
