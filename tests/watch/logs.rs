//! Logs as JSON: an object a line, each line of a request with the number that its answer bears.

use serde_json::Value;

use super::program::{Program, ask};
use crate::api::world::{NOW, world};
use crate::support::{Engine, TestApp};

#[tokio::test]
async fn every_line_of_a_request_bears_its_number() {
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let mut program = Program::start(&test.instance, "", "[log]\nformat = \"json\"\n");
    let hostile = "GET /collectivites?q=%0d%0a%1b[31mfaux HTTP/1.1\r\nHost: essai\r\nConnection: close\r\n\
                   X-Request-Id: choisi-par-autrui\r\n\r\n";
    let page = ask(&program.address, hostile);
    let failed = program.get("/readyz");
    program.terminate();
    assert!(program.ended(std::time::Duration::from_secs(30)).0);
    let log = program.logged();
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    for answer in [&page, &failed] {
        let number = answer.header("x-request-id").unwrap();
        let own: Vec<&Value> = lines.iter().filter(|line| line["span"]["request.id"] == number).collect();
        let [line] = own[..] else { panic!("{number}: {own:?}\n{log}") };
        assert_eq!(line["message"], "request");
        assert_eq!(line["status"], answer.status);
        assert!(line["timestamp"].is_string() && line["level"] == "INFO" && line["method"] == "GET");
    }
    assert!(!log.contains("choisi-par-autrui") && !log.contains("faux") && !log.contains('\u{1b}'), "{log}");
}
