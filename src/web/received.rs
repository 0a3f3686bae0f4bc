//! A form with a file: read as it comes, never more than is taken, whatever the browser says of it.

use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};

use crate::app::App;
use crate::service::declaration::upload;

use super::form::Typed;
use super::refusal::PageRefused;
use super::visitor::{Agent, sign_in_first};

/// How many times the largest body is read and forgotten, so that who sends too much gets an answer and not
/// a connection that breaks.
const FORGOTTEN: usize = 4;
/// Bytes of the fields that are no file.
const LARGEST_TEXT: usize = 1_048_576;
/// The field that holds the file.
pub(super) const FILE: &str = "fichier";
/// What an address says when a file was sent without a session.
pub(super) const LOST: &str = "perdu";

/// A file, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum File {
    /// No file was chosen, or it holds nothing.
    Empty,
    /// It is larger than what is taken.
    TooLarge,
    /// Its bytes. Neither its name nor its announced type is looked at.
    Bytes(Vec<u8>),
}

/// A form with a file, sent by someone who signed in. A file that others send is not kept: they are sent to
/// sign in, and told to choose it again.
#[derive(Debug, Clone)]
pub(super) struct PostedFile {
    /// Who sent it.
    pub(super) agent: Agent,
    /// The other fields.
    pub(super) typed: Typed,
    /// The file.
    pub(super) file: File,
}

impl FromRequest<App> for PostedFile {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let largest = app.config.server.max_body_bytes;
        let (mut parts, body) = request.into_parts();
        let body = Limited::new(body, largest.saturating_mul(FORGOTTEN));
        let Ok(agent) = Agent::from_request_parts(&mut parts, app).await else {
            forget(body).await;
            return Err(sign_in_first(&format!("{}?{FILE}={LOST}", parts.uri.path())));
        };
        let request = Request::from_parts(parts, Body::new(body));
        let unreadable = || PageRefused::unreadable_form().into_response();
        let mut form = Multipart::from_request(request, app).await.map_err(|_other| unreadable())?;
        let (mut typed, mut file) = (Typed::default(), File::Empty);
        let largest = upload::largest(app);
        loop {
            let field = match form.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => return Ok(Self { agent, typed, file }),
                Err(error) if is_too_large(&error) => {
                    return Ok(Self { agent, typed, file: File::TooLarge });
                }
                Err(_broken) => return Err(unreadable()),
            };
            let name = field.name().unwrap_or_default().to_owned();
            if name == FILE {
                file = read(field, largest).await.map_err(|Broken| unreadable())?;
                continue;
            }
            let bytes = match read(field, LARGEST_TEXT).await.map_err(|Broken| unreadable())? {
                File::Bytes(bytes) => bytes,
                File::Empty => continue,
                File::TooLarge => return Ok(Self { agent, typed, file: File::TooLarge }),
            };
            let text = String::from_utf8(bytes).map_err(|_binary| unreadable())?;
            typed = typed.with(&name, text);
        }
    }
}

/// The body ended before its end.
struct Broken;

/// Whether more was sent than is even forgotten.
fn is_too_large(error: &axum::extract::multipart::MultipartError) -> bool {
    error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE
}

/// A field, up to so many bytes; the rest is read and forgotten.
async fn read(mut field: Field<'_>, largest: usize) -> Result<File, Broken> {
    let mut bytes = Vec::new();
    let mut is_too_large = false;
    loop {
        match field.chunk().await {
            Ok(Some(_)) if is_too_large => {}
            Ok(Some(chunk)) => {
                is_too_large = bytes.len().saturating_add(chunk.len()) > largest;
                if is_too_large {
                    bytes = Vec::new();
                } else {
                    bytes.extend_from_slice(&chunk);
                }
            }
            Ok(None) if is_too_large => return Ok(File::TooLarge),
            Ok(None) if bytes.is_empty() => return Ok(File::Empty),
            Ok(None) => return Ok(File::Bytes(bytes)),
            Err(error) if self::is_too_large(&error) => return Ok(File::TooLarge),
            Err(_broken) => return Err(Broken),
        }
    }
}

/// Reads to the end what nobody keeps.
async fn forget(mut body: Limited<Body>) {
    while let Some(Ok(_frame)) = body.frame().await {}
}
