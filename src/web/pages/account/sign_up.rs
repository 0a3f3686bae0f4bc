//! Sign up: one form, the collectivity found by what is typed.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;

use crate::app::App;
use crate::domain::account::{Email, Identity};
use crate::domain::collectivity::Collectivity;
use crate::domain::siren::{Siren, parse_siren_or_siret};
use crate::domain::year::FlowYear;
use crate::service::account::{self, SignUp, Wanted};
use crate::service::register;
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Visitor, origin, see};

use super::mendable;

/// Bodies that are offered where a name has several.
const OFFERED: usize = 12;
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

/// A body among those of a name.
struct Offered {
    siren: String,
    told: String,
}

#[derive(Template)]
#[template(path = "account/mail_sent.html")]
struct MailSent {
    layout: Layout,
    address: String,
    lead: &'static str,
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
    let mut form = Form::of(typed.without("mot-de-passe"));
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
    let wanted = wanted(app, form, offered).await?;
    let Form { typed, faults } = form;
    let identity = match Identity::new(typed.get("nom"), typed.get("fonction")) {
        Ok(identity) => Some(identity),
        Err(errors) => {
            for error in errors {
                let message = error.to_string();
                let field = if message.contains("fonction") { "fonction" } else { "nom" };
                faults.add(field, message);
            }
            None
        }
    };
    let email = faults.take("courriel", typed.get("courriel").parse::<Email>());
    let message = Some(typed.get("message").to_owned()).filter(|message| !message.is_empty());
    let (Some(identity), Some(email), Some(siren)) = (identity, email, wanted) else { return Ok(None) };
    Ok(Some(SignUp { identity, email, wanted: Wanted::Registered(siren), message }))
}

/// The body that was meant: a SIREN, a choice among those offered, or a name that has one body only.
async fn wanted(
    app: &App,
    form: &mut Form,
    offered: &mut Vec<Offered>,
) -> Result<Option<Siren>, PageRefused> {
    let typed = form.value("collectivite").to_owned();
    let chosen = form.value("siren").parse::<Siren>().ok();
    if typed.is_empty() {
        form.faults.add("collectivite", "indiquez votre collectivité, par son nom ou son SIREN");
        return Ok(None);
    }
    if let Ok(siren) = parse_siren_or_siret(&typed) {
        if register::show(app, siren).await?.is_none() {
            form.faults.add(
                "collectivite",
                format!("le SIREN {siren} n’est pas au registre\u{a0}: vérifiez-le, ou cherchez par le nom"),
            );
            return Ok(None);
        }
        return Ok(Some(siren));
    }
    let year = FlowYear::new(u16::try_from(app.now().day_in_paris().year()).unwrap_or_default())
        .map_err(|error| PageRefused::internal(error.to_string()))?;
    let found = register::search(app, &typed, None, None, year, 1).await?;
    let of_that_name: Vec<&Collectivity> = found
        .bodies
        .iter()
        .filter(|body| body.siren.is_some() && body.exists_until.is_none())
        .take(OFFERED)
        .collect();
    let meant = of_that_name.iter().filter_map(|body| body.siren).find(|siren| Some(*siren) == chosen);
    match (meant, of_that_name.as_slice()) {
        (Some(siren), _) => Ok(Some(siren)),
        (None, [only]) if found.total == 1 => Ok(only.siren),
        (None, []) => {
            form.faults.add(
                "collectivite",
                "aucune collectivité ne porte ce nom\u{a0}: essayez avec moins de mots, ou avec le SIREN",
            );
            Ok(None)
        }
        (None, several) => {
            offered.extend(several.iter().filter_map(|body| {
                let siren = body.siren?.to_string();
                let place = body
                    .departement
                    .as_deref()
                    .map(|code| format!(", département {code}"))
                    .unwrap_or_default();
                Some(Offered {
                    told: format!("{}, {}{place}, SIREN {siren}", body.name, body.kind.label()),
                    siren,
                })
            }));
            form.faults.add(
                "siren",
                "plusieurs collectivités correspondent\u{a0}: choisissez la vôtre dans la liste",
            );
            Ok(None)
        }
    }
}
