//! Inviting someone of the ministry, of a prefecture or of the observers.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use crate::app::App;
use crate::domain::account::{Email, Identity};
use crate::domain::refusal::Because;
use crate::domain::role::Role;
use crate::service::ServiceError;
use crate::service::account::{self, NewAccount};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::visitor::{Agent, Posted, see, typed_before};

use super::{ACCOUNTS, Roles, role};

#[derive(Template)]
#[template(path = "administration/invite.html")]
struct Invite {
    layout: Layout,
    form: Form,
    choices: Roles,
}

const PATH: &str = "/administration/comptes/invitation";
const TITLE: &str = "Inviter une personne";

/// Answers `GET /administration/comptes/invitation`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    agent: Agent,
    headers: HeaderMap,
) -> Answer {
    require_administrator(&agent)?;
    let typed = typed_before(&app, &agent, &headers, PATH).await?.unwrap_or_default();
    page(&invite(&app, frame, Form::of(typed)))
}

/// Answers `POST /administration/comptes/invitation`.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    Posted { agent, typed }: Posted,
) -> Answer {
    require_administrator(&agent)?;
    let mut form = Form::of(typed);
    if let Some(new) = read(&mut form) {
        match account::invite(&app, &agent.0.actor, &new).await {
            Ok(person) => return Ok(see(&format!("{}/{person}", ACCOUNTS.0))),
            Err(ServiceError::Refused(refusal)) if refusal.because == Because::AccountExists => {
                form.faults.add("courriel", &refusal.message);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let page = invite(&app, frame, form);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Invite { layout: page.layout.led_by("Erreur"), ..page })
}

fn read(form: &mut Form) -> Option<NewAccount> {
    let identity = match Identity::new(form.value("nom"), form.value("fonction")) {
        Ok(identity) => Some(identity),
        Err(errors) => {
            for error in errors {
                form.faults.add(error.field(), error.of_another());
            }
            None
        }
    };
    let email = form.value("courriel").parse::<Email>();
    let email = form.faults.take("courriel", email);
    let role = role(form);
    Some(NewAccount { identity: identity?, email: email?, role: role? })
}

fn invite(app: &App, frame: Frame, form: Form) -> Invite {
    let layout = frame.titled(TITLE).under(ACCOUNTS.0, ACCOUNTS.1);
    Invite { layout, form, choices: Roles::of(app) }
}

/// The use case refuses too; a form that cannot be sent is not shown.
fn require_administrator(agent: &Agent) -> Result<(), PageRefused> {
    match agent.0.actor.role {
        Role::Administrator => Ok(()),
        _ => {
            let message = "les comptes reviennent aux administrateurs";
            Err(ServiceError::refused(Because::Forbidden, message).into())
        }
    }
}
