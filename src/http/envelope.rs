//! A reference, a time limit, a net under panics, one line of log, the security
//! headers, and the body of a refusal, for any audience.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use tracing::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::app::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Seconds after which to ask again where the service is out of order.
const RETRY_AFTER: &str = "10";

/// Whether the program lives is answered even while it answers nothing else.
const ALWAYS: [&str; 1] = ["/healthz"];

/// On every response; each audience adds its content policy.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
];

/// How an audience is answered where the envelope answers.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    /// The content security policy of its answers.
    pub policy: &'static str,
    /// What its answers let browsers tell of where they come from.
    pub referrer: &'static str,
    /// The refusal of a request that did not end well.
    pub failed: fn(Failed) -> Response,
    /// Writes the body of a refusal, now that its address and reference are known.
    pub complete: fn(Response, &App, &Surround) -> Response,
}

/// Why a request had no answer of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// A panic, with its text for the log.
    Panic(String),
    /// It took longer than `server.request_timeout_seconds`.
    TooSlow,
    /// As many requests as `server.max_requests` are being answered.
    TooMany,
}

/// What the envelope knows of a request.
#[derive(Debug, Clone)]
pub struct Surround {
    /// Its number, to be told to the support.
    pub reference: String,
    /// Its path.
    pub address: String,
}

/// The internal cause of a refusal, for the log: an extension of the response.
#[derive(Debug, Clone)]
pub struct Cause(pub String);

/// The stable codes of the rules that refused, each once, for the metrics: an extension of the response.
#[derive(Debug, Clone)]
pub struct Codes(pub Vec<&'static str>);

/// The role of who asked, for the log: an extension of the response.
#[derive(Debug, Clone, Copy)]
pub struct RoleTold(pub &'static str);

/// Surrounds a request. Whatever happens inside, its answer has a reference and the security headers.
pub async fn surround(State((app, voice)): State<(App, Voice)>, request: Request, next: Next) -> Response {
    let surround = Surround { reference: app.random.identifier(), address: request.uri().path().to_owned() };
    // At the level of errors, so that these have it whatever `EAPD_LOG` leaves out.
    let span = tracing::error_span!("request", request.id = surround.reference);
    answered(&app, &voice, &surround, request, next).instrument(span).await
}

async fn answered(app: &App, voice: &Voice, surround: &Surround, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let _under_way = app.metrics.begins();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let limit = Duration::from_secs(app.config.server.request_timeout_seconds);
    let place = app.load.request();
    let mut response = if place.is_none() && !ALWAYS.contains(&route.as_str()) {
        (voice.failed)(Failed::TooMany)
    } else {
        let run = AssertUnwindSafe(next.run(request)).catch_unwind();
        match tokio::time::timeout(limit, run).await {
            Ok(Ok(response)) => response,
            Ok(Err(panic)) => (voice.failed)(Failed::Panic(told(&*panic))),
            Err(_elapsed) => (voice.failed)(Failed::TooSlow),
        }
    };
    drop(place);
    response = (voice.complete)(response, app, surround);
    seal(&mut response, voice, &surround.reference);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    app.metrics.answered(method.as_str(), &route, status, took);
    for code in response.extensions().get::<Codes>().into_iter().flat_map(|Codes(codes)| codes) {
        app.metrics.refused(code);
    }
    let span = tracing::Span::current();
    // For traces alone: the line of log below tells the same.
    span.set_attribute("http.request.method", method.to_string());
    span.set_attribute("http.route", route.clone());
    span.set_attribute("http.response.status_code", i64::from(status));
    let role = response.extensions().get::<RoleTold>().map_or("anonyme", |RoleTold(role)| role);
    if let Some(Cause(cause)) = response.extensions().get() {
        tracing::error!(%method, route, status, cause, "request failed");
    }
    tracing::info!(%method, route, status, milliseconds = took.as_millis(), role, "request");
    response
}

fn seal(response: &mut Response, voice: &Voice, reference: &str) {
    let is_outage = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        // A route may be more lenient about caching, never about the rest.
        if name != header::CACHE_CONTROL || !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    // An outage ends by itself: programs are told when to ask again, and that their key makes it once.
    if is_outage && !headers.contains_key(header::RETRY_AFTER) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(voice.policy));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(voice.referrer));
    if let Ok(reference) = HeaderValue::from_str(reference) {
        headers.insert(REQUEST_ID, reference);
    }
}

fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
