//! Traces, sent to a collector of `OpenTelemetry` where one is configured. They leave beside the requests, from a queue
//! that is bounded: a collector that is down or slow loses traces, never a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::KeyValue;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;

use crate::cli::output::CliError;
use crate::config::Telemetry;

/// How long the collector has for a batch.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the end waits: for the batch that is under way, then for the last one.
const LAST_PATIENCE: Duration = Duration::from_secs(8);
/// What it may answer, bytes.
const LARGEST_ANSWER: usize = 64 * 1024;

/// What sends the traces, until [`Traces::end`].
#[derive(Debug)]
pub(super) struct Traces(SdkTracerProvider);

impl Traces {
    /// To the collector of the configuration, where there is one.
    pub(super) fn of(telemetry: &Telemetry) -> Result<Option<Self>, CliError> {
        let Some(address) = telemetry.collector() else { return Ok(None) };
        let collector = Collector {
            runtime: Handle::current(),
            client: Client::builder(TokioExecutor::new()).build_http(),
            is_lost: Arc::default(),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(collector)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{address}/v1/traces"))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| CliError::Environment(format!("telemetry.otlp_endpoint\u{a0}: {error}")))?;
        let resource = Resource::builder()
            .with_service_name("eapd")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Some(Self(provider)))
    }

    /// Where spans are told.
    pub(super) const fn provider(&self) -> &SdkTracerProvider {
        &self.0
    }

    /// Sends what is left, if the collector takes it in time.
    pub(super) async fn end(self) {
        let end = move || self.0.shutdown_with_timeout(LAST_PATIENCE);
        if let Ok(Err(error)) = tokio::task::spawn_blocking(end).await {
            tracing::warn!(%error, "the last traces may be lost");
        }
    }
}

/// The way to the collector: the exporter asks from a thread of its own, the answer comes on the program's runtime.
#[derive(Debug)]
struct Collector {
    runtime: Handle,
    client: Client<HttpConnector, Full<Bytes>>,
    /// So that the log tells once that traces are lost, not at each batch.
    is_lost: Arc<AtomicBool>,
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let send = async move {
            let (head, body) = client.request(request.map(Full::new)).await?.into_parts();
            let body = Limited::new(body, LARGEST_ANSWER).collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(head, body))
        };
        let sent = self.runtime.spawn(async { tokio::time::timeout(PATIENCE, send).await }).await;
        let answer = sent.map_err(HttpError::from).and_then(|sent| sent.map_err(HttpError::from)).flatten();
        let is_taken = answer.as_ref().is_ok_and(|answer| answer.status().is_success());
        match (self.is_lost.swap(!is_taken, Ordering::Relaxed), is_taken) {
            (false, false) => tracing::warn!("the collector of traces takes none: they are lost"),
            (true, true) => tracing::info!("the collector of traces takes them again"),
            _ => {}
        }
        answer
    }
}
