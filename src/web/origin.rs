//! Where a form may come from: our own pages.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;

use super::refusal::PageRefused;

/// Lets through what changes nothing, and what a page of ours sent.
///
/// `tower_http::csrf` also lets through what says nothing of where it comes from; a form of ours always does.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || is_ours(request.headers(), &app.config.server.public_url) {
        return next.run(request).await;
    }
    PageRefused::foreign().into_response()
}

/// Whether the browser says that one of our pages sent it: by `Sec-Fetch-Site`, or by an
/// `Origin` or a `Referer` of this host.
pub(super) fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    // Browsers of before 2020 tell the page instead.
    let Some(origin) = text(header::ORIGIN).or_else(|| text(header::REFERER)) else { return false };
    let authority =
        |url: &str| url.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
    let from = authority(origin);
    from.is_some() && (from == authority(public_url) || from.as_deref() == text(header::HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(sent: &[(&'static str, &'static str)]) -> bool {
        let header = |(name, value): &(&'static str, &'static str)| {
            (header::HeaderName::from_static(name), header::HeaderValue::from_static(value))
        };
        is_ours(&sent.iter().map(header).collect(), "https://eapd.example")
    }

    #[test]
    fn a_form_comes_from_our_own_pages() {
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("origin", "https://eapd.example")]));
        assert!(ours(&[("referer", "https://eapd.example/connexion")]));
        assert!(ours(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        for foreign in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none"), ("origin", "https://eapd.example")],
            &[("origin", "null"), ("referer", "https://eapd.example/"), ("host", "eapd.example")],
            &[("origin", "https://ailleurs.example"), ("host", "eapd.example")],
            &[("origin", "https://eapd.example.ailleurs.example")],
        ] {
            assert!(!ours(foreign), "{foreign:?}");
        }
    }
}
