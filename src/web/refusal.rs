//! Every refusal and its one way to a page: what happened, where, how to go on, under which number to ask for help.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use http_body_util::{BodyExt, Collected, Limited};

use crate::app::App;
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::http::{Cause, Codes, Failed, Surround, Voice};
use crate::service::ServiceError;

use super::form::Typed;
use super::layout::{Frame, Layout};
use super::origin;

/// How people are answered: our own files only, nothing inline, never in a frame.
pub(super) const VOICE: Voice = Voice {
    policy: "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    // An old browser says where a form comes from by its Origin alone, which "no-referrer" would hide.
    referrer: "same-origin",
    failed,
    complete,
};

/// A page that says why the one asked for is not there. The envelope writes it:
/// it knows the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRefused {
    status: StatusCode,
    title: &'static str,
    detail: String,
    /// For the log only.
    cause: Option<String>,
    /// For the metrics only: the code of the rule.
    code: Option<&'static str>,
    /// The form that could not be taken, to be sent again as it is.
    again: Option<Box<Again>>,
}

/// A form that an outage kept from being taken: nothing else keeps what was typed when no database answers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Again {
    address: String,
    fields: Vec<(String, String)>,
}

/// Longest form that is shown again, bytes.
const LONGEST_FORM: usize = 1 << 18;

/// Keeps the form of a request until it is answered: where the service is out of order, the page holds it, and one press
/// sends it again. Passwords are not kept, nor files, nor what no page of ours sent.
pub(super) async fn keep_typed(State(app): State<App>, request: Request, next: Next) -> Response {
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let is_form = request.method() == Method::POST
        && request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "application/x-www-form-urlencoded")
        && length.is_some_and(|length: usize| length <= LONGEST_FORM)
        && origin::is_ours(request.headers(), &app.config.server.public_url);
    if !is_form {
        return next.run(request).await;
    }
    let address = request.uri().path_and_query().map_or("/", PathAndQuery::as_str).to_owned();
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LONGEST_FORM).collect().await.map(Collected::to_bytes) else {
        return PageRefused::unreadable_form().into_response();
    };
    let typed = Typed::urlencoded(&body);
    let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if let Some(refused) = response.extensions_mut().get_mut::<PageRefused>()
        && refused.status == StatusCode::SERVICE_UNAVAILABLE
        && !typed.has_secrets()
    {
        refused.again = Some(Box::new(Again { address, fields: typed.into_fields() }));
    }
    response
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage<'p> {
    layout: Layout,
    detail: &'p str,
    reference: &'p str,
    is_ours: bool,
    again: Option<&'p Again>,
}

impl PageRefused {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, title, detail: detail.into(), cause: None, code: None, again: None }
    }

    /// No page has this address.
    pub(super) fn nothing_here() -> Self {
        let detail =
            "Il n’y a pas de page à cette adresse. Vérifiez-la, ou partez de l’accueil ou du plan du site.";
        Self::new(StatusCode::NOT_FOUND, "Page introuvable", detail)
    }

    /// The page does not take what was sent so.
    pub(super) fn method() -> Self {
        let detail =
            "Cette page ne peut pas être demandée de cette façon. Revenez en arrière et recommencez.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Demande impossible", detail)
    }

    /// What was sent is no form of ours.
    pub(super) fn unreadable_form() -> Self {
        let detail = "Ce qui a été envoyé n’est pas lisible. Revenez en arrière et recommencez.";
        Self::new(StatusCode::BAD_REQUEST, "Envoi illisible", detail)
    }

    /// The form was sent by a page of another site.
    pub(super) fn foreign() -> Self {
        let detail = "Cet envoi ne vient pas d’une page de ce site. Rien n’a été fait\u{a0}: revenez sur le site et recommencez.";
        Self::new(StatusCode::FORBIDDEN, "Envoi refusé", detail)
    }

    /// An agent of other collectivities: how to be attached to this one.
    pub(super) fn not_attached() -> Self {
        let detail = "Vous n’êtes pas rattaché à cette collectivité\u{a0}: vous ne pouvez pas voir ni faire sa déclaration. Demandez à l’être depuis «\u{a0}Mon espace\u{a0}», «\u{a0}Demander une autre collectivité\u{a0}»\u{a0}: vous pourrez aussitôt préparer et déposer sous réserve, en attendant qu’un agent déjà rattaché, la préfecture de région ou le ministère l’accepte.";
        Self::new(StatusCode::FORBIDDEN, "Rattachement nécessaire", detail)
    }

    /// A fault of the service.
    pub(super) fn internal(cause: impl Into<String>) -> Self {
        let detail = "Le service a rencontré une erreur. Rien n’a été enregistré\u{a0}: réessayez dans quelques minutes.";
        let refused = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Erreur du service", detail);
        Self { cause: Some(cause.into()), ..refused }
    }
}

/// The one function from what a use case refuses to its page.
impl From<ServiceError> for PageRefused {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Refused(Refusal { because, message }) => {
                let (status, title) = heading(because.kind());
                let refused = Self::new(status, title, crate::domain::text::sentence(&message));
                Self { code: Some(because.code()), ..refused }
            }
            ServiceError::Lines(_) | ServiceError::File(_) => {
                let detail = crate::domain::text::sentence(&error.to_string());
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "À corriger", detail)
            }
            ServiceError::Store(ref cause) if error.is_outage() => {
                let detail = if cause.is_full() {
                    "Le disque du service est plein\u{a0}: rien de nouveau ne peut être enregistré pour l’instant. Ce qui a reçu un accusé est en sécurité\u{a0}: réessayez dans quelques minutes."
                } else {
                    "La base de données ne répond pas. Rien n’a été perdu\u{a0}: réessayez dans quelques minutes."
                };
                let refused = Self::new(StatusCode::SERVICE_UNAVAILABLE, "Service indisponible", detail);
                Self { cause: Some(cause.to_string()), ..refused }
            }
            ServiceError::Store(cause) => Self::internal(cause.to_string()),
            ServiceError::Report(cause) => Self::internal(cause.to_string()),
        }
    }
}

/// A template that cannot be written is a fault of the service.
impl From<askama::Error> for PageRefused {
    fn from(error: askama::Error) -> Self {
        Self::internal(error.to_string())
    }
}

const fn heading(kind: RefusalKind) -> (StatusCode, &'static str) {
    match kind {
        RefusalKind::NotFound => (StatusCode::NOT_FOUND, "Introuvable"),
        RefusalKind::Closed => (StatusCode::CONFLICT, "Ce n’est pas possible maintenant"),
        RefusalKind::Conflict => (StatusCode::CONFLICT, "Ce n’est pas possible en l’état"),
        RefusalKind::Stale => (StatusCode::CONFLICT, "Modifié entre-temps"),
        RefusalKind::Forbidden => (StatusCode::FORBIDDEN, "Accès refusé"),
        RefusalKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "À corriger"),
        RefusalKind::TooOften => (StatusCode::TOO_MANY_REQUESTS, "Trop d’essais"),
    }
}

impl IntoResponse for PageRefused {
    fn into_response(mut self) -> Response {
        let cause = self.cause.take();
        let mut response = self.status.into_response();
        if let Some(code) = self.code {
            response.extensions_mut().insert(Codes(vec![code]));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response.extensions_mut().insert(self);
        if let Some(cause) = cause {
            response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}

fn failed(why: Failed) -> Response {
    let refused = match why {
        Failed::Panic(text) => PageRefused::internal(format!("panic: {text}")),
        Failed::TooSlow => PageRefused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Service indisponible",
            "La page a mis trop de temps à répondre. Réessayez dans quelques minutes.",
        ),
        Failed::TooMany => PageRefused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Trop de demandes à la fois",
            "Le service répond déjà à autant de demandes qu’il le peut. Réessayez dans quelques secondes\u{a0}: ce que vous avez enregistré est conservé.",
        ),
    };
    refused.into_response()
}

fn complete(mut response: Response, app: &App, surround: &Surround) -> Response {
    let Some(refused) = response.extensions_mut().remove::<PageRefused>() else { return response };
    let frame = response.extensions_mut().remove::<Frame>().unwrap_or_else(|| {
        let address: Uri = surround.address.parse().unwrap_or_default();
        Frame::of(app, &address, None)
    });
    let page = RefusalPage {
        layout: frame.titled(refused.title),
        detail: &refused.detail,
        reference: &surround.reference,
        is_ours: refused.status.is_server_error(),
        again: refused.again.as_deref(),
    };
    match page.render() {
        Ok(html) => {
            *response.body_mut() = Body::from(html);
            let media = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, media);
        }
        Err(_never) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}
