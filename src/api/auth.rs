//! Who calls: `Authorization: Bearer eapd_…`, checked before anything is read.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::http::RoleTold;
use crate::service::eligibility::{About, Ahead};
use crate::service::token;

use super::access::{Access, Caller};
use super::problem::{ApiError, Fault};

/// What the guard of a route knows.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) app: App,
    pub(super) access: Access,
    /// What the address asks about, if it does: found by the trip that finds the token.
    pub(super) about: fn(&Uri) -> Option<About>,
}

/// Lets a request through to its route, or not.
pub(super) async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    match admitted(&guard, request.uri(), request.headers()).await {
        Ok((caller, ahead)) => {
            let role = RoleTold(caller.role());
            request.extensions_mut().insert(caller);
            if let Some(ahead) = ahead {
                request.extensions_mut().insert(ahead);
            }
            let mut response = next.run(request).await;
            response.extensions_mut().insert(role);
            response
        }
        Err(refused) => refused.into_response(),
    }
}

async fn admitted(
    guard: &Guard,
    address: &Uri,
    headers: &HeaderMap,
) -> Result<(Caller, Option<Ahead>), ApiError> {
    let Some(secret) = bearer(headers)? else { return Ok((guard.access.admit(None)?, None)) };
    match token::recognise(&guard.app, secret, (guard.about)(address)).await? {
        Some((token, ahead)) => Ok((guard.access.admit(Some(token))?, ahead)),
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
