//! What the log of the program holds, at its most talkative: nothing that opens an account or names a person.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::desk::{BASE, FIRST, NOW, OWN, PASSWORD, WATER, desk};
use crate::support::{Engine, TestApp};

const ADDRESS: &str = "nouvelle.inventee@commune.example";
const NEW: &str = "pluie citron tambour 48 lierre";
const WRONG: &str = "un-mot-de-passe-qui-n-est-pas-le-bon";
const SIGNATORY: &str = "Maire Imaginaire";

/// The program, as it is served, and someone who speaks to it.
struct Served {
    child: Child,
    address: String,
    cookies: Vec<(String, String)>,
}

impl Served {
    fn start(test: &TestApp, log: File) -> Self {
        let config = test.instance.home().join("serve.toml");
        let more = format!("[clock]\nat = {NOW:?}\n[server]\nlisten = \"127.0.0.1:0\"\n");
        std::fs::write(&config, test.instance.toml() + &more).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_eapd"))
            .arg("serve")
            .env("EAPD_CONFIG", config)
            .env("EAPD_LOG", "trace")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("it does not serve: {line}")).to_owned();
        Self { child, address, cookies: vec![] }
    }

    /// Asks, or sends a form as a page of ours does; gives the whole answer.
    fn ask(&mut self, path: &str, fields: Option<&[(&str, &str)]>) -> String {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let body = fields
            .map(|fields| form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish());
        let (method, body) = body.map_or(("GET", String::new()), |body| ("POST", body));
        let mut connection = TcpStream::connect(&self.address).unwrap();
        connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        write!(
            connection,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            cookies.join("; "),
            body.len()
        )
        .unwrap();
        let mut answer = vec![];
        connection.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        for line in answer.lines().take_while(|line| !line.is_empty()) {
            let Some((name, set)) = line.split_once(": ") else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    fn sends(&mut self, path: &str, fields: &[(&str, &str)], status: u16) -> String {
        let answer = self.ask(path, Some(fields));
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
        answer
    }

    /// Every cookie that it holds now.
    fn secrets(&self) -> Vec<String> {
        self.cookies.iter().map(|(_, value)| value.clone()).filter(|value| !value.is_empty()).collect()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// The secret of the link of the mail, which the job of the program put in its folder.
async fn secret(test: &TestApp) -> String {
    for _try in 0..100 {
        for entry in std::fs::read_dir(test.instance.home().join("courriels")).into_iter().flatten() {
            let mail = std::fs::read_to_string(entry.unwrap().path())
                .unwrap()
                .replace("=\r\n", "")
                .replace("=\n", "");
            if let Some((_, rest)) = mail.split_once("inscription/confirmation?jeton=") {
                return rest
                    .trim_start_matches("3D")
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .next()
                    .unwrap()
                    .to_owned();
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("no mail came");
}

fn value(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&start).unwrap_or_else(|| panic!("no {name}: {page}")).1;
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn nothing_secret_is_logged_from_sign_up_to_receipt() {
    let test = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let kept = test.instance.home().join("serve.log");
    let mut served = Served::start(&test, File::create(&kept).unwrap());
    let mut secrets = vec![];

    let form = [
        ("collectivite", OWN),
        ("nom", "Nouvelle Inventée"),
        ("fonction", "secrétaire de mairie"),
        ("courriel", ADDRESS),
        ("mot-de-passe", NEW),
    ];
    served.sends("/inscription", &form, 200);
    let secret = secret(&test).await;
    served.ask(&format!("/inscription/confirmation?jeton={secret}"), None);
    served.sends("/inscription/confirmation", &[("jeton", &secret), ("mot-de-passe", NEW)], 303);
    secrets.extend(served.secrets());
    served.sends("/deconnexion", &[], 303);
    served.sends("/connexion", &[("courriel", FIRST), ("mot-de-passe", WRONG)], 422);
    served.sends("/connexion", &[("courriel", FIRST), ("mot-de-passe", PASSWORD)], 303);
    secrets.extend(served.secrets());
    served.sends(&format!("{BASE}/lignes/nouvelle"), &WATER, 303);
    let page = served.ask(&format!("{BASE}/signature"), None);
    let (revision, key) = (value(&page, "revision"), value(&page, "cle"));
    let signature = [
        ("revision", revision.as_str()),
        ("cle", &key),
        ("nom", SIGNATORY),
        ("fonction", "maire"),
        ("atteste", "oui"),
    ];
    let receipt = served.sends(&format!("{BASE}/signature"), &signature, 303);
    assert!(receipt.contains(&format!("{BASE}/recepisses/")), "{receipt}");
    drop(served);

    let log = std::fs::read_to_string(&kept).unwrap();
    for route in
        ["/inscription", "/inscription/confirmation", "/connexion", "/espace/{siren}/{exercice}/signature"]
    {
        assert!(log.contains(&format!("route=\"{route}\"")), "{route} is not logged");
    }
    assert!(secrets.len() >= 2, "two sessions");
    let named = [
        PASSWORD,
        NEW,
        WRONG,
        ADDRESS,
        FIRST,
        SIGNATORY,
        "Nouvelle Inventée",
        "Agente Inventée",
        secret.as_str(),
    ];
    for told in named.into_iter().chain(secrets.iter().map(String::as_str)) {
        for written in [told.to_owned(), told.replace(' ', "+"), told.replace('@', "%40")] {
            if let Some(line) = log.lines().find(|line| line.contains(&written)) {
                panic!("{written}: {line}");
            }
        }
    }
}

/// Sends bytes as they are; what comes back does not matter.
fn throws(address: &str, bytes: &[u8]) {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    connection.write_all(bytes).unwrap();
    let _answer = connection.read_to_end(&mut vec![]);
}

/// A line of the log is the program's own: none begins where a request says so, and none moves a cursor.
#[tokio::test]
async fn a_request_writes_no_line_of_its_own() {
    const FORGED: &str = "2014-05-20T08:00:00.000000Z  INFO eapd: FAUSSE LIGNE";
    let test = TestApp::copy_of(&desk(Engine::Sqlite).await, NOW).await;
    let kept = test.instance.home().join("serve.log");
    let mut served = Served::start(&test, File::create(&kept).unwrap());
    let encoded = FORGED.replace(' ', "%20");
    for line_end in ["%0d%0a", "%0a", "%1b%5b2K%0d", "%e2%80%a8", "%c2%9b"] {
        served.ask(&format!("/rien{line_end}{encoded}"), None);
        served.ask(&format!("/recepisses?numero={line_end}{encoded}"), None);
        served.ask(&format!("/api/v1/collectivites/{line_end}{encoded}"), None);
    }
    for line_end in ["\r\n", "\n", "\u{1b}[2K\r", "\u{2028}"] {
        let hostile = format!("a{line_end}{FORGED}");
        served
            .ask("/connexion", Some(&[("courriel", &hostile), ("mot-de-passe", WRONG), ("suite", &hostile)]));
        served.ask("/connexion", Some(&[(&hostile, "x"), ("courriel", FIRST), ("mot-de-passe", &hostile)]));
    }
    let to = served.address.clone();
    for header in ["User-Agent", "X-Forwarded-For", "X-Request-Id", "Cookie", "Origin", "Content-Type"] {
        for hostile in ["\u{1b}[31m", "\r", "\u{9b}31m", "\u{2028}"] {
            let request = format!(
                "POST /connexion HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}: a{hostile}{FORGED}\r\nContent-Length: 0\r\n\r\n"
            );
            throws(&to, request.as_bytes());
        }
    }
    throws(&to, format!("GET /\u{1b}[31m{FORGED} HTTP/1.1\r\n\r\n").as_bytes());
    throws(&to, b"\x1b]0;titre\x07 / HTTP/1.1\r\n\r\n");
    drop(served);

    let log = std::fs::read_to_string(&kept).unwrap();
    assert!(log.lines().filter(|line| line.contains("status=")).count() > 20, "{log}");
    for line in log.lines() {
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{2028}'), "{}", line.escape_debug());
        assert!(!line.starts_with(FORGED), "{line}");
        assert!(line.starts_with("20") && line.get(10..11) == Some("T"), "begun by a request: {line}");
    }
}
