//! What surrounds every request: a reference, a time limit, a net under panics,
//! one line of log, the security headers, and the body of a problem.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::app::App;

use super::access::Caller;
use super::problem::{ApiError, Cause, Fault, Problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// On every response. The API answers data: nothing of it may run, be framed or be sniffed.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Surrounds a request. Whatever happens inside, its answer has a reference and the security headers.
pub async fn surround(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let reference = app.random.identifier();
    let (method, address) = (request.method().clone(), request.uri().path().to_owned());
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let limit = Duration::from_secs(app.config.server.request_timeout_seconds);
    let run = AssertUnwindSafe(next.run(request)).catch_unwind();
    let mut response = match tokio::time::timeout(limit, run).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => ApiError::internal(format!("panic: {}", told(&*panic))).into_response(),
        Err(_elapsed) => {
            let detail = "la demande a pris trop de temps\u{a0}: réessayez, avec la même clé d’idempotence s’il s’agit d’un dépôt";
            ApiError::new(Fault::TooSlow, detail).into_response()
        }
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = written(response, problem, &address, &reference);
    }
    seal(&mut response, &reference);
    let (status, milliseconds) = (response.status().as_u16(), started.elapsed().as_millis());
    let role = response.extensions().get::<Caller>().map_or("anonyme", Caller::role);
    if let Some(Cause(cause)) = response.extensions().get() {
        tracing::error!(request.id = reference, %method, route, status, cause, "request failed");
    }
    tracing::info!(request.id = reference, %method, route, status, milliseconds, role, "request");
    response
}

/// The body of a problem, now that its address and reference are known.
fn written(mut response: Response, problem: Problem, address: &str, reference: &str) -> Response {
    let problem = Problem {
        instance: crate::domain::text::excerpt(address, 300),
        reference: reference.to_owned(),
        ..problem
    };
    match serde_json::to_vec(&problem) {
        Ok(json) => {
            *response.body_mut() = Body::from(json);
            let media = HeaderValue::from_static("application/problem+json");
            response.headers_mut().insert(header::CONTENT_TYPE, media);
        }
        Err(_never) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

fn seal(response: &mut Response, reference: &str) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        // A route may be more lenient about caching, never about the rest.
        if name != header::CACHE_CONTROL || !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Ok(reference) = HeaderValue::from_str(reference) {
        headers.insert(REQUEST_ID, reference);
    }
}

fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
