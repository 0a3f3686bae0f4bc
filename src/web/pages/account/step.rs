//! Between the password and the session: the code of the application, or setting it up the first time.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::domain::account::Secret;
use crate::domain::refusal::Because;
use crate::service::ServiceError;
use crate::service::account::{self, Awaiting, Enrolment, Opened, Printed};
use crate::web::form::{Form, Typed};
use crate::web::layout::{Frame, Layout};
use crate::web::pages::{Answer, page, page_with};
use crate::web::qr::Qr;
use crate::web::visitor::{SESSION, STEP, cookie, cookies, end_cookie, origin, see, set_cookie};

use super::mendable;
use super::sign_in::{Asked, end_session_of, way_from};

#[derive(Template)]
#[template(path = "account/step_code.html")]
struct CodePage {
    layout: Layout,
    form: Form,
}

#[derive(Template)]
#[template(path = "account/step_enrol.html")]
struct EnrolPage {
    layout: Layout,
    form: Form,
    app: Application,
}

/// What someone sets an application up with.
pub(super) struct Application {
    pub(super) qr: Option<Qr>,
    pub(super) key: String,
    pub(super) base32: String,
}

/// The codes to print, once.
#[derive(Template)]
#[template(path = "account/printed.html")]
pub(super) struct PrintedPage {
    pub(super) layout: Layout,
    pub(super) codes: Vec<String>,
    pub(super) email: String,
    /// Where one goes on.
    pub(super) way: String,
}

const TITLE: &str = "Votre code de connexion";
const ENROL: &str = "Associer une application";

/// The address of the page, on the way to another one.
pub(super) fn address(suite: &str) -> String {
    match suite {
        "" => "/connexion/code".to_owned(),
        suite => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("suite", suite).finish();
            format!("/connexion/code?{query}")
        }
    }
}

impl Application {
    pub(super) fn of(enrolment: &Enrolment) -> Self {
        let Enrolment { key, address } = enrolment;
        Self { qr: Qr::of(address), key: key.shown(), base32: key.base32() }
    }
}

pub(super) fn shown(codes: &Printed) -> Vec<String> {
    codes.iter().map(account::RecoveryCode::shown).collect()
}

/// Answers `GET /connexion/code`.
pub(in crate::web) async fn show(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Answer {
    match step(&app, &headers).await? {
        Some((_secret, awaiting)) => {
            let form = Form::of(Typed::default().with("suite", asked.suite));
            asking(frame, form, &awaiting, StatusCode::OK)
        }
        None => Ok(see("/connexion")),
    }
}

/// Answers `POST /connexion/code`.
pub(in crate::web) async fn send(State(app): State<App>, frame: Frame, parts: Parts, typed: Typed) -> Answer {
    let Some((secret, awaiting)) = step(&app, &parts.headers).await? else { return Ok(see("/connexion")) };
    let (from, code) = (origin(&app, &parts), typed.raw("code-unique"));
    let done = match awaiting {
        Awaiting::Code => account::pass(&app, &secret, code, &from).await.map(|opened| (opened, None)),
        Awaiting::Enrolment(_) => {
            account::enrol(&app, &secret, code, &from).await.map(|(opened, codes)| (opened, Some(codes)))
        }
    };
    match done {
        Ok((opened, printed)) => {
            end_session_of(&app, &parts.headers).await?;
            let way = way_from(&app, &opened.secret, typed.get("suite")).await?;
            let Some(printed) = printed else { return Ok(entered(&opened, see(&way))) };
            let email = account::current(&app, &opened.secret).await?.map(|current| current.email);
            let shown = PrintedPage {
                layout: frame.titled("Vos codes de secours"),
                codes: shown(&printed),
                email: email.map(|email| email.as_str().to_owned()).unwrap_or_default(),
                way,
            };
            Ok(entered(&opened, page(&shown)?))
        }
        // It ended meanwhile.
        Err(ServiceError::Refused(refusal)) if refusal.because == Because::DeadLink => Ok(see("/connexion")),
        Err(error) => {
            let mut form = Form::of(typed.without_secrets());
            mendable(error, &mut form.faults, "code-unique")?;
            asking(frame, form, &awaiting, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// The session begins and the step ends.
fn entered(opened: &Opened, answer: Response) -> Response {
    (cookies([set_cookie(SESSION, opened.secret.reveal()), end_cookie(STEP)]), answer).into_response()
}

async fn step(app: &App, headers: &HeaderMap) -> crate::service::Result<Option<(Secret, Awaiting)>> {
    let Some(secret) = cookie(headers, STEP).map(Secret::new) else { return Ok(None) };
    let awaiting = account::awaiting(app, &secret).await?;
    Ok(awaiting.map(|awaiting| (secret, awaiting)))
}

fn asking(frame: Frame, form: Form, awaiting: &Awaiting, status: StatusCode) -> Answer {
    let layout = |title| {
        let layout = frame.titled(title);
        if form.faults.is_empty() { layout } else { layout.led_by("Erreur") }
    };
    match awaiting {
        Awaiting::Code => page_with(status, &CodePage { layout: layout(TITLE), form }),
        Awaiting::Enrolment(enrolment) => {
            let app = Application::of(enrolment);
            page_with(status, &EnrolPage { layout: layout(ENROL), form, app })
        }
    }
}
