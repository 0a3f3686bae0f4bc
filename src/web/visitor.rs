//! Who asks: the session behind the cookie, the way to sign in for who has none, and where a request comes from.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Response};
use cookie::{Cookie, SameSite};
use http_body_util::{BodyExt, Limited};

use crate::app::App;
use crate::domain::account::Secret;
use crate::http::RoleTold;
use crate::service::account::{self, Current, Origin, stash};

use super::form::Typed;
use super::layout::{ANYONE, Frame};
use super::refusal::PageRefused;

/// The cookie of a session. Its prefix keeps it to this host, over TLS.
pub(super) const SESSION: &str = "__Host-eapd-session";
/// The cookie of whoever gave the password and must still give a code.
pub(super) const STEP: &str = "__Host-eapd-etape";
/// The cookie of what was typed when the session had ended.
pub(super) const TYPED: &str = "__Host-eapd-saisie";

/// The space of an agent.
pub(super) const SPACE: &str = "/espace";

/// Who asks, if they signed in.
#[derive(Debug, Clone, Default)]
pub(super) struct Visitor(pub(super) Option<Arc<Current>>);

/// Someone who signed in. Who has no session is sent to sign in first.
#[derive(Debug, Clone)]
pub(super) struct Agent(pub(super) Arc<Current>);

/// A form sent by someone who signed in. What others sent is kept and shown again after they sign in.
#[derive(Debug, Clone)]
pub(super) struct Posted {
    /// Who sent it.
    pub(super) agent: Agent,
    /// What they typed.
    pub(super) typed: Typed,
}

/// Finds who asks, for the page and for the frame around it.
pub(super) async fn know(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let current = match cookie(request.headers(), SESSION) {
        Some(secret) => match account::current(&app, &Secret::new(secret)).await {
            Ok(current) => current.map(Arc::new),
            Err(error) => return PageRefused::from(error).into_response(),
        },
        None => None,
    };
    let frame = Frame::of(&app, request.uri(), current.as_deref());
    let role = current.as_ref().map_or(ANYONE, |current| current.actor.role.code());
    request.extensions_mut().insert(Visitor(current));
    request.extensions_mut().insert(frame.clone());
    let mut response = next.run(request).await;
    // For the page of a refusal, which is written outside.
    response.extensions_mut().insert(frame);
    response.extensions_mut().insert(RoleTold(role));
    response
}

/// The value of a cookie.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    sent.flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A cookie that scripts cannot read, that other sites cannot send, and that ends with the browser.
pub(super) fn set_cookie(name: &'static str, value: &str) -> [(header::HeaderName, HeaderValue); 1] {
    let cookie = Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax);
    header_of(&cookie.build())
}

/// Several cookies at once.
pub(super) fn cookies<const N: usize>(
    all: [[(header::HeaderName, HeaderValue); 1]; N],
) -> AppendHeaders<[(header::HeaderName, HeaderValue); N]> {
    AppendHeaders(all.map(|[one]| one))
}

/// The end of a cookie.
pub(super) fn end_cookie(name: &'static str) -> [(header::HeaderName, HeaderValue); 1] {
    let cookie = Cookie::build((name, "")).path("/").secure(true).http_only(true).same_site(SameSite::Lax);
    header_of(&cookie.max_age(cookie::time::Duration::ZERO).build())
}

fn header_of(cookie: &Cookie<'_>) -> [(header::HeaderName, HeaderValue); 1] {
    let value = HeaderValue::from_str(&cookie.to_string());
    [(header::SET_COOKIE, value.unwrap_or_else(|_never| HeaderValue::from_static("")))]
}

/// Where a request comes from: the address that the outermost trusted proxy tells, and the browser.
pub(super) fn origin(app: &App, parts: &Parts) -> Origin {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let told = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> =
        told.flat_map(|value| value.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    let trusted = &app.config.server.trusted_proxies;
    // From the nearest hop on: the first one that nobody vouches for is where it comes from.
    let address = peer.map(|peer| {
        let mut way = std::iter::once(peer).chain(hops.into_iter().rev());
        way.find(|hop| !trusted.contains(hop)).unwrap_or(peer)
    });
    let browser = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Origin {
        address: address.map_or_else(|| "local".to_owned(), |address| address.to_string()),
        browser: crate::domain::account::session::browser(browser.unwrap_or_default()),
    }
}

/// An answer that sends the browser to another page of ours, by GET.
pub(super) fn see(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or_else(|_odd| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Where to go after signing in: a path of ours, or the space of the agent.
pub(super) fn way_on(asked: &str) -> &str {
    let is_ours = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains('\\')
        && asked.chars().all(|c| c.is_ascii_graphic());
    if is_ours { asked } else { SPACE }
}

/// Sends to sign in, then on to a path.
pub(super) fn sign_in_first(path: &str) -> Response {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("suite", path).finish();
    see(&format!("/connexion?{query}"))
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Agent {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Ok(Visitor(current)) = Visitor::from_request_parts(parts, state).await;
        let path = parts.uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
        current.map(Self).ok_or_else(|| sign_in_first(path))
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        match Agent::from_request_parts(&mut parts, app).await {
            Ok(agent) => {
                // What was typed before comes back no more once the form is sent.
                if let Some(secret) = cookie(&parts.headers, TYPED).map(Secret::new) {
                    let dropped = stash::drop(app, &agent.0, &secret, parts.uri.path()).await;
                    dropped.map_err(|error| PageRefused::from(error).into_response())?;
                }
                let typed = Typed::from_request(Request::from_parts(parts, body), app).await;
                Ok(Self { agent, typed: typed.map_err(IntoResponse::into_response)? })
            }
            Err(sign_in) if parts.method == Method::POST => {
                // Nothing typed is lost: it comes back on the same page after sign-in.
                let read = Limited::new(body, stash::LARGEST).collect().await;
                let Ok(body) = read.map(http_body_util::Collected::to_bytes) else { return Err(sign_in) };
                if Typed::urlencoded(&body).has_secrets() {
                    return Err(sign_in);
                }
                let ended = cookie(&parts.headers, SESSION).map(Secret::new);
                match stash::keep(app, parts.uri.path(), &body, ended.as_ref()).await {
                    Ok(secret) => Err((set_cookie(TYPED, secret.reveal()), sign_in).into_response()),
                    Err(error) => Err(PageRefused::from(error).into_response()),
                }
            }
            Err(sign_in) => Err(sign_in),
        }
    }
}

/// What was typed on this page before the session ended, if it was here; it is dropped when the form is sent.
pub(super) async fn typed_before(
    app: &App,
    agent: &Agent,
    headers: &HeaderMap,
    path: &str,
) -> Result<Option<Typed>, PageRefused> {
    let Some(secret) = cookie(headers, TYPED) else { return Ok(None) };
    let kept = stash::shown(app, &agent.0, &Secret::new(secret)).await?;
    Ok(kept.filter(|kept| kept.path == path).map(|kept| Typed::urlencoded(&kept.body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_to_our_pages_only() {
        for ours in ["/espace/219900107/2025", "/compte?x=1", "/"] {
            assert_eq!(way_on(ours), ours);
        }
        for others in
            ["", "https://ailleurs.example", "//ailleurs.example", "/\\ailleurs.example", "/a\nb", "espace"]
        {
            assert_eq!(way_on(others), "/espace", "{others}");
        }
    }

    #[test]
    fn a_cookie_stays_with_this_host() {
        let [(_, value)] = set_cookie(SESSION, "X");
        assert_eq!(value, "__Host-eapd-session=X; HttpOnly; SameSite=Lax; Secure; Path=/");
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("a=b; __Host-eapd-session=X"))]);
        assert_eq!(cookie(&headers, SESSION).as_deref(), Some("X"));
    }
}
