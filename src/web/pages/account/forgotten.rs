//! A forgotten password: an address, a link by mail, another password.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::app::App;
use crate::domain::account::{Email, Purpose, Secret};
use crate::service::account;
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::visitor::{origin, see};

use super::confirm::Link;
use super::{MailSent, mendable};

#[derive(Template)]
#[template(path = "account/forgotten.html")]
struct Forgotten {
    layout: Layout,
    form: Form,
}

#[derive(Template)]
#[template(path = "account/new_password.html")]
struct NewPassword {
    layout: Layout,
    form: Form,
    email: String,
}

const TITLE: &str = "Mot de passe oublié";
const NEW_TITLE: &str = "Choisir un nouveau mot de passe";

/// Answers `GET /mot-de-passe-oublie`.
pub(in crate::web) async fn show(frame: Frame) -> Answer {
    page(&Forgotten { layout: frame.titled(TITLE), form: Form::default() })
}

/// Answers `POST /mot-de-passe-oublie`: alike whether the address has an account or not.
pub(in crate::web) async fn send(State(app): State<App>, frame: Frame, parts: Parts, typed: Typed) -> Answer {
    let mut form = Form::of(typed);
    if let Some(email) = form.faults.take("courriel", form.typed.get("courriel").parse::<Email>()) {
        match account::forgotten(&app, &email, &origin(&app, &parts)).await {
            Ok(()) => {
                return page(&MailSent {
                    layout: frame.titled(TITLE),
                    address: email.as_str().to_owned(),
                    lead: "Si un compte a cette adresse, un lien pour choisir un nouveau mot de passe vient d’y être envoyé. Il sert une heure.",
                });
            }
            Err(error) => mendable(error, &mut form.faults, "courriel")?,
        }
    }
    page_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &Forgotten { layout: frame.titled(TITLE).led_by("Erreur"), form },
    )
}

/// Answers `GET /mot-de-passe-oublie/nouveau`.
pub(in crate::web) async fn choose(State(app): State<App>, frame: Frame, Query(link): Query<Link>) -> Answer {
    let known = account::peek(&app, &Secret::new(link.jeton.clone()), Purpose::Reset).await?;
    let form = Form::of(Typed::default().with("jeton", link.jeton));
    page(&NewPassword { layout: frame.titled(NEW_TITLE), form, email: known.email.as_str().to_owned() })
}

/// Answers `POST /mot-de-passe-oublie/nouveau`.
pub(in crate::web) async fn change(
    State(app): State<App>,
    frame: Frame,
    parts: Parts,
    typed: Typed,
) -> Answer {
    let secret = Secret::new(typed.get("jeton"));
    let known = account::peek(&app, &secret, Purpose::Reset).await?;
    match account::reset(&app, &secret, typed.raw("mot-de-passe"), &origin(&app, &parts)).await {
        Ok(()) => Ok(see("/connexion")),
        Err(error) => {
            let mut form = Form::of(typed.without_secrets());
            mendable(error, &mut form.faults, "mot-de-passe")?;
            let layout = frame.titled(NEW_TITLE).led_by("Erreur");
            let email = known.email.as_str().to_owned();
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &NewPassword { layout, form, email })
        }
    }
}
