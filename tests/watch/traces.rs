//! Traces: sent to a collector that decodes them, and never in the way of a request.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message;

use super::program::Program;
use crate::api::world::{NOW, world};
use crate::support::{Engine, TestApp};

type Received = Arc<Mutex<Vec<ExportTraceServiceRequest>>>;

/// A collector: where it listens, and what it has received.
async fn collector() -> (String, Received) {
    let received = Received::default();
    let kept = Arc::clone(&received);
    let take = async move |headers: HeaderMap, body: Bytes| {
        if headers["content-type"] != "application/x-protobuf" {
            return StatusCode::UNSUPPORTED_MEDIA_TYPE;
        }
        let Ok(request) = ExportTraceServiceRequest::decode(body) else { return StatusCode::BAD_REQUEST };
        kept.lock().unwrap().push(request);
        StatusCode::OK
    };
    let router = Router::new().route("/v1/traces", post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, received)
}

fn text<'v>(attributes: &'v [KeyValue], key: &str) -> Option<&'v str> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

fn number(attributes: &[KeyValue], key: &str) -> Option<i64> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::IntValue(number) => Some(*number),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_request_is_a_span() {
    let (address, received) = collector().await;
    let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
    let more = format!("[telemetry]\notlp_endpoint = {address:?}\n");
    let mut program = Program::start(&test.instance, "", &more);
    let found = program.get("/collectivites/219900107?q=secret");
    let missing = program.get("/api/v1/collectivites/219900131");
    // What is left is sent before the program ends.
    program.terminate();
    let ended = move || (program.ended(Duration::from_secs(30)).0, program.logged());
    let (well, log) = tokio::task::spawn_blocking(ended).await.unwrap();
    assert!(well, "{log}");
    let received = received.lock().unwrap().clone();
    let resources: Vec<_> = received.iter().flat_map(|request| &request.resource_spans).collect();
    assert!(!resources.is_empty(), "nothing was sent: {log}");
    for resource in &resources {
        assert_eq!(text(&resource.resource.as_ref().unwrap().attributes, "service.name"), Some("eapd"));
    }
    let spans: Vec<_> =
        resources.iter().flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans).collect();
    for (answer, route) in [(&found, "/collectivites/{siren}"), (&missing, "/api/v1/collectivites/{siren}")] {
        let id = answer.header("x-request-id");
        let own: Vec<_> = spans.iter().filter(|span| text(&span.attributes, "request.id") == id).collect();
        let [span] = own[..] else { panic!("{id:?}: {spans:?}") };
        assert_eq!(text(&span.attributes, "http.route"), Some(route));
        assert_eq!(text(&span.attributes, "http.request.method"), Some("GET"));
        assert_eq!(number(&span.attributes, "http.response.status_code"), Some(i64::from(answer.status)));
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano);
    }
    let all = format!("{received:?}");
    assert!(!all.contains("219900107") && !all.contains("secret"), "{all}");
}

/// One that refuses connections, and one that takes them and says nothing: requests are answered as ever, and the
/// program ends in time.
#[tokio::test]
async fn a_lost_collector_is_in_nobodys_way() {
    let refusing = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    for address in [refusing, silent.local_addr().unwrap()] {
        let test = TestApp::copy_of(&world(Engine::Sqlite).await, NOW).await;
        let more = format!("[telemetry]\notlp_endpoint = \"http://{address}\"\n");
        let mut program = Program::start(&test.instance, "", &more);
        for _request in 0..50 {
            assert_eq!(program.get("/api/v1/campagnes").status, 200);
        }
        let stopping = Instant::now();
        program.terminate();
        assert!(program.ended(Duration::from_mins(1)).0);
        assert!(stopping.elapsed() < Duration::from_secs(30), "the end waits for the collector");
        let log = program.logged();
        assert_eq!(log.matches("the collector of traces takes none").count(), 1, "told, and once: {log}");
    }
}
