//! Sign up: one form, the collectivity found by what is typed.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;

use crate::app::App;
use crate::domain::account::{Email, Identity};
use crate::service::account::{self, SignUp};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Visitor, origin, see};

use super::wanted::{self, Offered};
use super::{MailSent, mendable};

const TITLE: &str = "Créer un compte";

/// The collectivity that one comes from, where its page led here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    siren: String,
}

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct SignUpPage {
    layout: Layout,
    form: Form,
    /// Where a name has several bodies.
    offered: Vec<Offered>,
}

/// Answers `GET /inscription`.
pub(in crate::web) async fn show(
    frame: Frame,
    Visitor(current): Visitor,
    Query(asked): Query<Asked>,
) -> Answer {
    if current.is_some() {
        return Ok(see("/espace"));
    }
    let form = Form::of(Typed::default().with("collectivite", asked.siren));
    page(&SignUpPage { layout: frame.titled(TITLE), form, offered: vec![] })
}

/// Answers `POST /inscription`.
pub(in crate::web) async fn send(State(app): State<App>, frame: Frame, parts: Parts, typed: Typed) -> Answer {
    let password = typed.raw("mot-de-passe").to_owned();
    let mut form = Form::of(typed.without_secrets());
    if wanted::is_turned(&mut form) {
        return page(&SignUpPage { layout: frame.titled(TITLE), form, offered: vec![] });
    }
    let mut offered = vec![];
    let read = read(&app, &mut form, &mut offered).await?;
    if password.is_empty() {
        form.faults.add("mot-de-passe", "choisissez un mot de passe");
    }
    if let (Some(sign_up), true) = (read, form.faults.is_empty()) {
        match account::sign_up(&app, &sign_up, &password, &origin(&app, &parts)).await {
            Ok(()) => {
                return page(&MailSent {
                    layout: frame.titled("Confirmez votre adresse"),
                    address: sign_up.email.as_str().to_owned(),
                    lead: "Votre demande est enregistrée. Il reste à confirmer votre adresse.",
                });
            }
            Err(error) => mendable(error, &mut form.faults, "mot-de-passe")?,
        }
    }
    let layout = frame.titled(TITLE).led_by("Erreur");
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &SignUpPage { layout, form, offered })
}

/// What was typed as values, or every fault of it.
async fn read(app: &App, form: &mut Form, offered: &mut Vec<Offered>) -> Result<Option<SignUp>, PageRefused> {
    let (wanted, several) = wanted::read(app, form).await?;
    *offered = several;
    let Form { typed, faults } = form;
    let identity = match Identity::new(typed.get("nom"), typed.get("fonction")) {
        Ok(identity) => Some(identity),
        Err(errors) => {
            for error in errors {
                faults.add(error.field(), error.to_string());
            }
            None
        }
    };
    let email = faults.take("courriel", typed.get("courriel").parse::<Email>());
    let message = Some(typed.get("message").to_owned()).filter(|message| !message.is_empty());
    let (Some(identity), Some(email), Some(wanted)) = (identity, email, wanted) else { return Ok(None) };
    Ok(Some(SignUp { identity, email, wanted, message }))
}
