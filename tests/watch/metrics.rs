//! Metrics: scraped over HTTP, read by the parser of Prometheus, true of what was done, and nowhere the public is.

use std::collections::BTreeMap;

use eapd::domain::token::RoleName;

use super::program::{Program, ask, get, python};
use crate::api::world::{NOW, OWN, secret, world};
use crate::support::{Engine, TestApp};

/// The samples by their names with labels.
fn scraped(test: &TestApp, program: &Program) -> BTreeMap<String, String> {
    let answer = get(program.metrics.as_deref().unwrap(), "/metrics");
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    for never in [OWN, "@", "eapd_ESSAI", "Logiciel", "JAMAIS PUBLIC"] {
        assert!(!answer.body.contains(never), "{never}: {}", answer.body);
    }
    let file = test.instance.home().join("metrics.txt");
    std::fs::write(&file, &answer.body).unwrap();
    let read = python("metrics.py", &file);
    let sample = |line: &str| line.rsplit_once(' ').map(|(name, value)| (name.to_owned(), value.to_owned()));
    read.lines().map(|line| sample(line).unwrap()).collect()
}

async fn what_is_done_is_told(engine: Engine) {
    let test = TestApp::copy_of(&world(engine).await, NOW).await;
    let mut program = Program::start(&test.instance, "metrics_listen = \"127.0.0.1:0\"", "");
    let before = scraped(&test, &program);
    let body = "{\"signataire\": {\"nom\": \"Signataire fictif\", \"fonction\": \"maire\"}, \"neant\": true}";
    let file = |key: &str, year: u16| {
        let secret = secret(RoleName::Declarant);
        let request = format!(
            "POST /api/v1/declarations/{OWN}/{year}/depot HTTP/1.1\r\nHost: essai\r\nConnection: close\r\n\
             Authorization: Bearer {secret}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        ask(&program.address, &request)
    };
    let filed = file("essai-metriques-1", 2013);
    assert_eq!(filed.status, 201, "{filed:?}");
    let refused = file("essai-metriques-2", 2012);
    assert!((400..500).contains(&refused.status), "{refused:?}");
    let problem: serde_json::Value = serde_json::from_str(&refused.body).unwrap();
    let code = problem["code"].as_str().unwrap().to_owned();
    assert_eq!(program.get("/collectivites/219900107").status, 200);
    assert_eq!(program.get("/rien/de/tel").status, 404);

    let after = scraped(&test, &program);
    let value = |told: &BTreeMap<String, String>, name: &str| -> i64 {
        let value = told.get(name).unwrap_or_else(|| panic!("no {name} in {told:#?}"));
        value.parse().unwrap_or_else(|_| panic!("{name} {value}"))
    };
    let depot = "route=\"/api/v1/declarations/{siren}/{exercice}/depot\"";
    assert_eq!(
        value(&after, &format!("eapd_http_requests_total{{method=\"POST\",{depot},status=\"2xx\"}}")),
        1
    );
    assert_eq!(
        value(&after, &format!("eapd_http_requests_total{{method=\"POST\",{depot},status=\"4xx\"}}")),
        1
    );
    assert_eq!(value(&after, &format!("eapd_http_request_duration_seconds_count{{{depot}}}")), 2);
    assert_eq!(
        value(
            &after,
            "eapd_http_requests_total{method=\"GET\",route=\"/collectivites/{siren}\",status=\"2xx\"}"
        ),
        1
    );
    assert_eq!(value(&after, "eapd_http_requests_total{method=\"GET\",route=\"-\",status=\"4xx\"}"), 1);
    assert_eq!(value(&after, &format!("eapd_refusals_total{{code=\"{code}\"}}")), 1);
    let filings = "eapd_filings_total{flow_year=\"2013\"}";
    assert_eq!(value(&after, filings), value(&before, filings) + 1);
    assert!(value(&after, "eapd_journal_head{}") > value(&before, "eapd_journal_head{}"));
    assert_eq!(
        value(&after, "eapd_journal_head{}"),
        test.instance.must("SELECT MAX(seq) FROM journal;").trim().parse::<i64>().unwrap()
    );
    let waiting = "SELECT COUNT(*) FROM mail WHERE sent_at IS NULL AND given_up_at IS NULL;";
    let waits: i64 = test.instance.must(waiting).trim().parse().unwrap();
    assert!((0..=waits.max(2)).contains(&value(&after, "eapd_mail_waiting{}")));
    assert_eq!(value(&after, "eapd_database_up{}"), 1);
    assert_eq!(value(&after, "eapd_http_requests_in_flight{}"), 0);
    assert_eq!(value(&after, "eapd_schema_version{}"), value(&after, "eapd_schema_version_expected{}"));
    assert_eq!(value(&after, &format!("eapd_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))), 1);
    for job in ["reminders", "unfiled", "digest", "purge"] {
        assert!(value(&after, &format!("eapd_job_lag_seconds{{job=\"{job}\"}}")) >= 0);
        assert_eq!(value(&after, &format!("eapd_job_runs{{job=\"{job}\",outcome=\"failed\"}}")), 0);
    }
    let pool = match engine {
        Engine::Sqlite => "snapshots",
        Engine::Postgres => "primary",
    };
    assert!(value(&after, &format!("eapd_database_connections_max{{pool=\"{pool}\"}}")) >= 8);

    // Not where the public is, and nothing else where they are.
    assert_eq!(program.get("/metrics").status, 404);
    assert_eq!(get(program.metrics.as_deref().unwrap(), "/").status, 404);
    assert_eq!(get(program.metrics.as_deref().unwrap(), "/api/v1/campagnes").status, 404);
    program.terminate();
    assert!(program.ended(std::time::Duration::from_secs(30)).0);
}

#[tokio::test]
async fn what_is_done_is_told_on_sqlite() {
    what_is_done_is_told(Engine::Sqlite).await;
}

#[tokio::test]
async fn what_is_done_is_told_on_postgres() {
    what_is_done_is_told(Engine::Postgres).await;
}
