//! The address is confirmed: the link of the mail, and the password.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::app::App;
use crate::domain::account::{Purpose, Secret};
use crate::service::account;
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::visitor::{SESSION, origin, see, set_cookie};

use super::mendable;

/// The secret of the link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Link {
    pub(super) jeton: String,
}

#[derive(Template)]
#[template(path = "account/confirm.html")]
struct Confirm {
    layout: Layout,
    form: Form,
    email: String,
}

const TITLE: &str = "Confirmer votre adresse";

/// Answers `GET /inscription/confirmation`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Query(link): Query<Link>) -> Answer {
    let known = account::peek(&app, &Secret::new(link.jeton.clone()), Purpose::Confirm).await?;
    let form = Form::of(Typed::default().with("jeton", link.jeton));
    page(&Confirm { layout: frame.titled(TITLE), form, email: known.email.as_str().to_owned() })
}

/// Answers `POST /inscription/confirmation`.
pub(in crate::web) async fn send(State(app): State<App>, frame: Frame, parts: Parts, typed: Typed) -> Answer {
    let secret = Secret::new(typed.get("jeton"));
    let known = account::peek(&app, &secret, Purpose::Confirm).await?;
    match account::confirm(&app, &secret, typed.raw("mot-de-passe"), &origin(&app, &parts)).await {
        Ok(opened) => Ok((set_cookie(SESSION, opened.secret.reveal()), see("/espace")).into_response()),
        Err(error) => {
            let mut form = Form::of(typed.without_secrets());
            mendable(error, &mut form.faults, "mot-de-passe")?;
            let layout = frame.titled(TITLE).led_by("Erreur");
            let email = known.email.as_str().to_owned();
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &Confirm { layout, form, email })
        }
    }
}
