//! The body of a request, read whole, and the instant at which it was: the one that counts (rule 2).

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::domain::instant::Instant;

use super::json::Json;
use super::problem::{ApiError, Fault};

/// A body that announces JSON, and when the server had read it.
#[derive(Debug, Clone)]
pub struct Received {
    body: Bytes,
    /// When its last byte was read: the clock is asked once.
    pub at: Instant,
    /// SHA-256 of method, address and body, hexadecimal: what an idempotency key stands for.
    pub sha256: String,
}

impl FromRequest<App> for Received {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        require_json(request.headers())?;
        let limit = app.config.server.max_body_bytes;
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        if announced.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > limit) {
            return Err(too_large(limit));
        }
        let mut digest = Sha256::new();
        digest.update(format!("{} {}\n", request.method(), request.uri().path()));
        let body = Limited::new(request.into_body(), limit).collect().await;
        let body = body
            .map_err(|error| if error.is::<LengthLimitError>() { too_large(limit) } else { interrupted() })?;
        let at = app.now();
        let body = body.to_bytes();
        digest.update(&body);
        Ok(Self { body, at, sha256: hex::encode(digest.finalize()) })
    }
}

impl Received {
    /// The body as JSON, whose texts are those of the body: ask for it before anything else.
    ///
    /// # Errors
    /// When it is not readable, with the place.
    pub fn json(&self) -> Result<Json<'_>, ApiError> {
        serde_json::from_slice(&self.body).map_err(|error| unreadable(&error))
    }
}

fn require_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let announced =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (media, parameters) = announced.split_once(';').unwrap_or((announced, ""));
    let charset = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
    });
    let is_utf8 = charset.is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"));
    if media.trim().eq_ignore_ascii_case("application/json") && is_utf8 {
        return Ok(());
    }
    let detail = "envoyez du JSON en UTF-8, avec l’en-tête Content-Type: application/json";
    Err(ApiError::new(Fault::MediaType, detail))
}

fn too_large(limit: usize) -> ApiError {
    let detail = format!("l’envoi dépasse {} Kio\u{a0}: découpez-le", limit / 1024);
    ApiError::new(Fault::TooLarge, detail)
}

fn interrupted() -> ApiError {
    ApiError::new(Fault::Interrupted, "l’envoi s’est interrompu avant la fin\u{a0}: recommencez")
}

fn unreadable(error: &serde_json::Error) -> ApiError {
    let (line, column) = (error.line(), error.column());
    let what = match error.classify() {
        serde_json::error::Category::Eof => "il s’arrête avant la fin".to_owned(),
        // Our own words, without the place that the parser adds to them in English.
        serde_json::error::Category::Data => {
            let text = error.to_string();
            text.split(" at line ").next().unwrap_or_default().to_owned()
        }
        _ => "la syntaxe est fausse".to_owned(),
    };
    let detail = format!("le corps n’est pas du JSON lisible, ligne {line}, colonne {column}\u{a0}: {what}");
    ApiError::new(Fault::Syntax, detail)
}
