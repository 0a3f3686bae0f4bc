//! The second factor of who is signed in: other printed codes, another application.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::app::App;
use crate::domain::account::Key;
use crate::domain::role::Role;
use crate::service::account::{self, Current, Printed};
use crate::web::form::Form;
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::refusal::PageRefused;
use crate::web::text;
use crate::web::visitor::{Agent, Posted, origin};

use super::mendable;
use super::step::{Application, PrintedPage, shown};

#[derive(Template)]
#[template(path = "account/factor.html")]
struct Factor {
    layout: Layout,
    form: Form,
    left: String,
}

#[derive(Template)]
#[template(path = "account/factor_change.html")]
struct Change {
    layout: Layout,
    form: Form,
    app: Application,
}

const PATH: &str = "/compte/double-authentification";
const TITLE: &str = "Double authentification";

/// Answers `GET /compte/double-authentification`.
pub(in crate::web) async fn show(State(app): State<App>, frame: Frame, Agent(current): Agent) -> Answer {
    page(&factor(&app, frame, &current, Form::default()).await?)
}

/// Answers `POST /compte/double-authentification`: other codes, or another application in two steps.
pub(in crate::web) async fn send(
    State(app): State<App>,
    frame: Frame,
    parts: Parts,
    Posted { agent: Agent(current), typed }: Posted,
) -> Answer {
    require_factor(&current)?;
    let (from, code) = (origin(&app, &parts), typed.raw("code-unique"));
    let refused = match typed.get("action") {
        "codes" => match account::renew_codes(&app, &current, code, &from).await {
            Ok(codes) => return printed(frame, &current, &codes),
            Err(error) => error,
        },
        "application" => match account::change_application(&app, &current, code, &from).await {
            Ok(enrolment) => {
                let change = Application::of(&enrolment);
                return page(&changing(frame, Form::default(), change));
            }
            Err(error) => error,
        },
        "confirmer" => {
            let key = typed.get("cle");
            match account::confirm_application(&app, &current, key, code, &from).await {
                Ok(codes) => return printed(frame, &current, &codes),
                Err(error) => {
                    let key = Key::from_base32(key).ok_or_else(PageRefused::unreadable_form)?;
                    let change = Application::of(&account::Enrolment::of(key, current.email.as_str()));
                    let mut form = Form::default();
                    mendable(error, &mut form.faults, "code-unique")?;
                    return page_with(StatusCode::UNPROCESSABLE_ENTITY, &changing(frame, form, change));
                }
            }
        }
        _ => return Err(PageRefused::unreadable_form()),
    };
    let mut form = Form::of(typed.without_secrets());
    mendable(refused, &mut form.faults, "code-unique")?;
    let page = factor(&app, frame, &current, form).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Factor { layout: page.layout.led_by("Erreur"), ..page })
}

async fn factor(app: &App, frame: Frame, current: &Current, form: Form) -> Result<Factor, PageRefused> {
    require_factor(current)?;
    let left = u64::try_from(account::codes_left(app, current).await?).unwrap_or_default();
    let left = text::count(left, "code de secours", "codes de secours");
    Ok(Factor { layout: frame.titled(TITLE).under("/compte", "Mon compte"), form, left })
}

/// An agent of a collectivity has none: there is nothing to see here.
fn require_factor(current: &Current) -> Result<(), PageRefused> {
    match current.actor.role {
        Role::Declarant(_) => Err(PageRefused::nothing_here()),
        _ => Ok(()),
    }
}

fn changing(frame: Frame, form: Form, app: Application) -> Change {
    let layout =
        frame.titled("Associer une autre application").under("/compte", "Mon compte").under(PATH, TITLE);
    let layout = if form.faults.is_empty() { layout } else { layout.led_by("Erreur") };
    Change { layout, form, app }
}

fn printed(frame: Frame, current: &Current, codes: &Printed) -> Answer {
    let layout = frame.titled("Vos codes de secours").under("/compte", "Mon compte").under(PATH, TITLE);
    let email = current.email.as_str().to_owned();
    page(&PrintedPage { layout, codes: shown(codes), email, way: PATH.to_owned() })
}
