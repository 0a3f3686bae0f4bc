//! Who calls: `Authorization: Bearer eapd_…`, checked before anything is read.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::service::token;

use super::access::{Access, Caller};
use super::problem::{ApiError, Fault};

/// Lets a request through to its route, or not.
pub(super) async fn guard(
    State((app, access)): State<(App, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    match admitted(&app, access, request.headers()).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller.clone());
            let mut response = next.run(request).await;
            response.extensions_mut().insert(caller);
            response
        }
        Err(refused) => refused.into_response(),
    }
}

async fn admitted(app: &App, access: Access, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let Some(secret) = bearer(headers)? else { return access.admit(None) };
    match token::recognise(app, secret).await? {
        Some(token) => access.admit(Some(token)),
        None => Err(refused("ce jeton est inconnu, expiré ou révoqué\u{a0}: demandez-en un autre")),
    }
}

/// The secret of the one `Authorization` header, if there is one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(refused("un seul en-tête Authorization est attendu"));
    }
    let (scheme, secret) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(unreadable)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(secret.trim())) } else { Err(unreadable()) }
}

fn unreadable() -> ApiError {
    refused("l’en-tête Authorization est illisible\u{a0}: envoyez «\u{a0}Bearer eapd_…\u{a0}»")
}

fn refused(detail: &str) -> ApiError {
    ApiError::new(Fault::TokenRefused, detail)
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| ApiError::internal("a route without guard"))
    }
}
