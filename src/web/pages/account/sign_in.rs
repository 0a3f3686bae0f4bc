//! Sign in and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::app::App;
use crate::domain::account::Secret;
use crate::service::account::{self, SignedIn};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::visitor::{SESSION, Visitor, cookie, end_cookie, origin, see, set_cookie, way_on};

use super::mendable;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    suite: String,
}

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignIn {
    layout: Layout,
    form: Form,
    /// Something was being done when the session ended, or before there was one.
    is_on_the_way: bool,
}

#[derive(Template)]
#[template(path = "account/mail_sent.html")]
struct MailSent {
    layout: Layout,
    address: String,
    lead: &'static str,
}

const TITLE: &str = "Se connecter";

/// Answers `GET /connexion`.
pub(in crate::web) async fn show(
    frame: Frame,
    Visitor(current): Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    if current.is_some() {
        return Ok(see(way_on(&asked.suite)));
    }
    let is_on_the_way = !asked.suite.is_empty();
    let form = Form::of(Typed::default().with("suite", asked.suite));
    page(&SignIn { layout: frame.titled(TITLE), form, is_on_the_way })
}

/// Answers `POST /connexion`.
pub(in crate::web) async fn send(State(app): State<App>, frame: Frame, parts: Parts, typed: Typed) -> Answer {
    let from = origin(&app, &parts);
    match account::sign_in(&app, typed.get("courriel"), typed.raw("mot-de-passe"), &from).await {
        Ok(SignedIn::Opened(opened)) => {
            // A session of before ends with the cookie that is replaced.
            end_session_of(&app, &parts.headers).await?;
            Ok((set_cookie(SESSION, opened.secret.reveal()), see(way_on(typed.get("suite")))).into_response())
        }
        Ok(SignedIn::Unconfirmed) => page(&MailSent {
            layout: frame.titled("Confirmez votre adresse"),
            address: typed.get("courriel").to_owned(),
            lead: "Votre adresse n’est pas encore confirmée. Un nouveau lien vient de vous être envoyé.",
        }),
        Err(error) => {
            let mut form = Form::of(typed.without("mot-de-passe"));
            mendable(error, &mut form.faults, "courriel")?;
            let is_on_the_way = !form.value("suite").is_empty();
            let layout = frame.titled(TITLE).led_by("Erreur");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &SignIn { layout, form, is_on_the_way })
        }
    }
}

/// Answers `POST /deconnexion`.
pub(in crate::web) async fn leave(State(app): State<App>, headers: HeaderMap) -> Answer {
    end_session_of(&app, &headers).await?;
    Ok((end_cookie(SESSION), see("/")).into_response())
}

async fn end_session_of(app: &App, headers: &HeaderMap) -> crate::service::Result<()> {
    match cookie(headers, SESSION) {
        Some(secret) => account::sign_out(app, &Secret::new(secret)).await,
        None => Ok(()),
    }
}
