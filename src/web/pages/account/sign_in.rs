//! Sign in and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::app::App;
use crate::domain::account::Secret;
use crate::domain::campaign::CampaignState;
use crate::service::account::{self, Current, SignedIn};
use crate::service::campaign;
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::received::{FILE, LOST};
use crate::web::visitor::{
    SESSION, SPACE, STEP, Visitor, cookie, cookies, end_cookie, origin, see, set_cookie, way_on,
};

use super::{MailSent, mendable, step};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    pub(super) suite: String,
}

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignIn {
    layout: Layout,
    form: Form,
    /// Something was being done when the session ended, or before there was one.
    is_on_the_way: bool,
    /// It was a file, which is not kept.
    is_file_lost: bool,
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
    let form = Form::of(Typed::default().with("suite", asked.suite));
    page(&sign_in(frame.titled(TITLE), form))
}

/// Answers `POST /connexion`.
pub(in crate::web) async fn send(State(app): State<App>, frame: Frame, parts: Parts, typed: Typed) -> Answer {
    let from = origin(&app, &parts);
    match account::sign_in(&app, typed.get("courriel"), typed.raw("mot-de-passe"), &from).await {
        Ok(SignedIn::Opened(opened)) => {
            // A session of before ends with the cookie that is replaced.
            end_session_of(&app, &parts.headers).await?;
            let way = way_from(&app, &opened.secret, typed.get("suite")).await?;
            Ok((set_cookie(SESSION, opened.secret.reveal()), see(&way)).into_response())
        }
        Ok(SignedIn::Step(secret)) => {
            end_session_of(&app, &parts.headers).await?;
            let way = step::address(typed.get("suite"));
            Ok((cookies([set_cookie(STEP, secret.reveal()), end_cookie(SESSION)]), see(&way)).into_response())
        }
        Ok(SignedIn::Unconfirmed) => page(&MailSent {
            layout: frame.titled("Confirmez votre adresse"),
            address: typed.get("courriel").to_owned(),
            lead: "Votre adresse n’est pas encore confirmée. Un nouveau lien vient de vous être envoyé.",
        }),
        Err(error) => {
            let mut form = Form::of(typed.without_secrets());
            mendable(error, &mut form.faults, "courriel")?;
            let layout = frame.titled(TITLE).led_by("Erreur");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &sign_in(layout, form))
        }
    }
}

fn sign_in(layout: Layout, form: Form) -> SignIn {
    let on = form.value("suite");
    let (is_on_the_way, is_file_lost) = (!on.is_empty(), on.ends_with(&format!("?{FILE}={LOST}")));
    SignIn { layout, form, is_on_the_way, is_file_lost }
}

/// Answers `POST /deconnexion`.
pub(in crate::web) async fn leave(State(app): State<App>, headers: HeaderMap) -> Answer {
    end_session_of(&app, &headers).await?;
    Ok((end_cookie(SESSION), see("/")).into_response())
}

/// Where one goes who just signed in: to the page that was asked for, or to where one works.
pub(super) async fn way_from(app: &App, secret: &Secret, suite: &str) -> crate::service::Result<String> {
    match suite {
        "" => landing(app, secret).await,
        suite => Ok(way_on(suite).to_owned()),
    }
}

/// Where an agent goes who asked for no page: to the declaration, where there is only one to make.
async fn landing(app: &App, secret: &Secret) -> crate::service::Result<String> {
    let current = account::current(app, secret).await?;
    let campaigns = campaign::list(app).await?;
    let now = app.now();
    let mut open = campaigns.iter().filter(|campaign| campaign.state(now) == CampaignState::Open);
    Ok(match (current, open.next(), open.next()) {
        (Some(Current { attached, awaited, .. }), Some(campaign), None) if awaited.is_empty() => {
            match attached.as_slice() {
                [only] => format!("/espace/{only}/{}", campaign.year.flow_year()),
                _ => SPACE.to_owned(),
            }
        }
        _ => SPACE.to_owned(),
    })
}

pub(super) async fn end_session_of(app: &App, headers: &HeaderMap) -> crate::service::Result<()> {
    match cookie(headers, SESSION) {
        Some(secret) => account::sign_out(app, &Secret::new(secret)).await,
        None => Ok(()),
    }
}
