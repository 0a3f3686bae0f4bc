//! Coming in by invitation: the link of the mail, a password of one's own; the second factor comes next.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;

use crate::app::App;
use crate::domain::account::{Purpose, Secret};
use crate::service::account::{self, Peek};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::visitor::{SESSION, STEP, cookies, end_cookie, origin, see, set_cookie};

use super::confirm::Link;
use super::sign_in::end_session_of;
use super::{mendable, step};

#[derive(Template)]
#[template(path = "account/invitation.html")]
struct Invitation {
    layout: Layout,
    form: Form,
    who: Peek,
}

const TITLE: &str = "Activer votre compte";

/// Answers `GET /invitation`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Query(link): Query<Link>) -> Answer {
    let who = account::peek(&app, &Secret::new(link.jeton.clone()), Purpose::Invite).await?;
    let form = Form::of(Typed::default().with("jeton", link.jeton));
    page(&Invitation { layout: frame.titled(TITLE), form, who })
}

/// Answers `POST /invitation`.
pub(in crate::web) async fn send(State(app): State<App>, frame: Frame, parts: Parts, typed: Typed) -> Answer {
    let secret = Secret::new(typed.get("jeton"));
    let who = account::peek(&app, &secret, Purpose::Invite).await?;
    match account::accept(&app, &secret, typed.raw("mot-de-passe"), &origin(&app, &parts)).await {
        Ok(next) => {
            end_session_of(&app, &parts.headers).await?;
            let both = cookies([set_cookie(STEP, next.reveal()), end_cookie(SESSION)]);
            Ok((both, see(&step::address(""))).into_response())
        }
        Err(error) => {
            let mut form = Form::of(typed.without_secrets());
            mendable(error, &mut form.faults, "mot-de-passe")?;
            let layout = frame.titled(TITLE).led_by("Erreur");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &Invitation { layout, form, who })
        }
    }
}
